"""A lesson's notebook as the body of a page: text, code, pictures; what stands in it, for contents and search."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import zip_longest
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode
from nbgrader import utils
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.lab.markdown import MathMLRenderer, markdown_to_html
from autograder.lab.mathml import breakable, side_by_side
from autograder.site.pictures import Pictures
from autograder.site.stills import MIME
from autograder.site.templates import render

# A cell that draws a figure and is longer than this is folded away under it.
LONGEST_OPEN = 10
NUMBER = re.compile(r"[-+\u2212]?[\d.,]+(e[-+]?\d+)?%?|nan|-?inf(inity)?", re.IGNORECASE)
ARGUMENTS = re.compile(r"^(Exercise \d+: \w+)\(.*\)$")
TAG = re.compile(r"<[^>]+>")


@dataclass
class Section:
    """A heading with the text below it, down to the next one."""

    anchor: str
    level: int
    title: str
    text: str = ""


@dataclass
class LessonPage:
    """The body of a lesson's page and the sections in it."""

    body: str
    sections: list[Section] = field(default_factory=list)


class _Renderer(MathMLRenderer):
    """Markdown for a page of ours: headings that can be linked to, formulas that scroll by themselves."""

    def __init__(self, sections: list[Section]) -> None:
        super().__init__(escape=False)
        self.sections = sections

    def heading(self, text: str, level: int, **_: Any) -> str:
        """A heading, its anchor made of its words, and a new section."""
        title = plain(text)
        base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
        taken = {section.anchor for section in self.sections}
        anchor = next(name for name in (base, *(f"{base}-{n}" for n in range(2, 99))) if name not in taken)
        self.sections.append(Section(anchor, level, ARGUMENTS.sub(r"\1", title)))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def inline_math(self, body: str) -> str:
        """A formula within a line; a long one may go on in the next."""
        return breakable(body)

    def block_math(self, body: str) -> str:
        """Formulas on a line of their own, below each other where the page is narrow; a long one scrolls."""
        return f'<div class="formula scroll" data-name="Formula">{" ".join(side_by_side(body))}</div>\n'


def lesson_page(
    notebook: NotebookNode, pictures: Pictures, hints: Mapping[str, Sequence[str]] | None = None
) -> LessonPage:
    """The page of a notebook that `solved.readable` made; its pictures go to `pictures`.

    With hints, by exercise, the page is a live one, with Python at hand: its pictures have controls, and its exercises
    can be written in place.
    """
    sections: list[Section] = []
    markdown = MarkdownWithMath(renderer=_Renderer(sections))
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            seen = len(sections)
            html = str(markdown.render(cell.source))
            _file_text(html, sections, seen)
            parts.append(html)
        elif cell.source.strip():
            parts.append(_code_cell(cell, pictures, hints))
    return LessonPage(_tables("\n".join(parts)), sections)


def text_page(markdown: str) -> LessonPage:
    """The page of a text in Markdown."""
    sections: list[Section] = []
    html = str(MarkdownWithMath(renderer=_Renderer(sections)).render(markdown))
    _file_text(html, sections, 0)
    return LessonPage(_tables(html), sections)


def plain(html: str) -> str:
    """The words of a piece of HTML, in one line."""
    return " ".join(unescape(TAG.sub(" ", html.replace("><", ">\u2060<"))).replace("\u2060", "").split())


def _file_text(html: str, sections: list[Section], seen: int) -> None:
    """Adds a cell's text to the sections it belongs to: the open one, then those that it starts itself."""
    pieces = re.split(r"<h[1-6] id=[^>]*>.*?</h[1-6]>", html, flags=re.DOTALL)
    for place, piece in enumerate(pieces, start=seen - 1):
        if 0 <= place < len(sections):
            sections[place].text = f"{sections[place].text} {plain(piece)}".strip()


def _code_cell(cell: NotebookNode, pictures: Pictures, hints: Mapping[str, Sequence[str]] | None) -> str:
    live = hints is not None
    outputs = [_output(output, cell.source.strip(), pictures, live) for output in _joined(cell)]
    stills = [output.data[MIME] for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    lines = cell.source.count("\n") + 1
    return render(
        "cell.html.j2",
        code=code_html(cell.source),
        source=cell.source,
        live=live,
        hints=[markdown_to_html(hint) for hint in (hints or {}).get(name, ())],
        call=cell.source.strip(),
        lines=lines,
        outputs=[output for output in outputs if output],
        explorable=bool(stills),
        stub=name if utils.is_solution(cell) else "",
        check=utils.is_grade(cell),
        folded=lines > LONGEST_OPEN and any("<img" in output for output in outputs),
    )


def _joined(cell: NotebookNode) -> list[NotebookNode]:
    """A cell's outputs; what was printed in several pieces, one after the other, is one, as in JupyterLab."""
    joined: list[NotebookNode] = []
    for output in cell.get("outputs", []):
        before = joined[-1] if joined else None
        if before and output.output_type == before.output_type == "stream" and output.name == before.name:
            joined[-1] = NotebookNode(before, text=before.text + output.text)
        else:
            joined.append(output)
    return joined


def code_html(source: str) -> str:
    """Python in colours that follow the page's."""
    return str(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))).rstrip()


def _output(output: NotebookNode, call: str, pictures: Pictures, live: bool) -> str:
    """One output as HTML; what a person would not see is nothing."""
    if output.output_type == "stream":
        return "" if output.name == "stderr" else _printed(output.text)
    data = output.get("data", {})
    if MIME in data:
        return _explorable(data[MIME], call, pictures, live)
    if "text/html" in data:
        return pictures.filed(data["text/html"])
    return _printed(data["text/plain"]) if "text/plain" in data else ""


def _printed(text: str) -> str:
    return (
        f'<pre class="output scroll" data-name="Output">{escape(text.rstrip())}</pre>' if text.strip() else ""
    )


def _explorable(stills: dict[str, Any], call: str, pictures: Pictures, live: bool) -> str:
    shown = [
        {
            "label": still["label"],
            "html": _tables(pictures.filed(still["html"])),
            "guess": _tables(pictures.filed(still["guess"])) if "guess" in still else "",
        }
        for still in stills["pictures"]
    ]
    made, names = own_call(call)
    return render(
        "explorable.html.j2",
        title=stills["title"],
        controls=stills["controls"],
        call=call,
        pictures=shown,
        live={"call": made, "names": names, "start": stills["start"]} if live else None,
    )


def own_call(call: str) -> tuple[str, list[str]]:
    """A notebook's call of an explorable without the functions it hands over, and their names.

    `explore.activation("tanh", tanh, slope)` becomes `explore.activation("tanh", *own)` and `["tanh", "slope"]`.
    """
    [statement] = ast.parse(call).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    asked = statement.value
    names = [argument.id for argument in asked.args if isinstance(argument, ast.Name)]
    kept = [argument for argument in asked.args if not isinstance(argument, ast.Name)]
    asked.args = [*kept, ast.Starred(ast.Name("own"))]
    return ast.unparse(asked), names


def _align(column: list[Any]) -> None:
    """A column of numbers goes to the right, its heading too."""
    words = [cell.get_text(strip=True) for cell in column]
    numbers = sum(bool(NUMBER.fullmatch(each)) for each in words)
    if numbers and 2 * numbers >= len([each for each in words[1:] if each]):
        for cell in column:
            cell["class"] = "number"


def _tables(html: str) -> str:
    """Tables that scroll by themselves, numbers to the right and words to the left, no heading without words."""
    if "<table" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        for cell in table.find_all("th"):
            if not cell.get_text(strip=True):
                cell.name = "td"
                cell.attrs.clear()
        if table.find_parent(class_="scroll"):
            continue
        for column in zip_longest(*(row.find_all(["td", "th"]) for row in table.find_all("tr"))):
            _align([cell for cell in column if cell is not None])
        caption = table.find("caption")
        name = caption.get_text(strip=True) if caption else "Table"
        table.wrap(soup.new_tag("div", attrs={"class": "scroll", "data-name": name}))
    return str(soup)
