"""The reading copy: the whole course as static pages that open without network or kernel.

Each lesson is run with its answers, so that every figure and every slider's picture is there; then the answers are
taken out again, and what a check said of them. Formulas become MathML, which browsers draw by themselves.
"""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader import utils
from pygments.formatters import HtmlFormatter

from autograder import course
from autograder.build.gates import Draft
from autograder.build.notebook import BuildError, checked
from autograder.build.release import new_folder
from autograder.lab.markdown import markdown_to_html
from autograder.site.links import to_pages

WIDGET = "application/vnd.jupyter.widget-view+json"
SECONDS = 300
QUIET = ["--log-level=ERROR"]

STYLE = """
body { max-width: 50rem; margin: 0 auto; padding: 1rem; font: 17px/1.55 system-ui, sans-serif; color: #1d1d1f;
       background: #fff; }
nav { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid #ccc; }
footer nav { border: 0; border-top: 1px solid #ccc; margin-top: 3rem; }
a { color: #0b57a4; }
pre { overflow-x: auto; padding: .6rem .8rem; font-size: 14px; line-height: 1.45; background: #f5f5f3;
      border-radius: 4px; }
code { font-size: .92em; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 14px; margin: .5rem 0; display: block; overflow-x: auto; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #ddd; }
math { font-size: 1.12em; }
math[display="block"] { margin: 1rem 0; overflow: auto hidden; padding: .2rem 0; }
.anchor-link { display: none; }
.prompt { display: none; }
.output_stderr { display: none; }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<header>{navigation}</header>
<main>
{body}
</main>
<footer>{navigation}</footer>
</body>
</html>
"""


def write_book(directory: Path, lessons: tuple[course.Lesson, ...] = course.LESSONS) -> Iterator[Path]:
    """Writes the pages into a new folder and yields each file as it is done: the lessons, the index, the style."""
    new_folder(directory)
    style = STYLE + HtmlFormatter(style="friendly").get_style_defs(".highlight")
    (directory / "style.css").write_text(style, encoding="utf-8")
    for number, lesson in enumerate(lessons):
        page = PAGE.format(
            title=escape(lesson.title),
            navigation=navigation(lessons, number),
            body=lesson_body(checked(lesson)),
        )
        path = directory / f"{lesson.name}.html"
        path.write_text(to_pages(page), encoding="utf-8")
        yield path
    yield _notation(directory, lessons)
    items = "\n".join(f'<li><a href="{each.name}.html">{escape(each.title)}</a></li>' for each in lessons)
    notation = '<p><a href="notation.html">The letters, and what they stand for</a></p>'
    body = f"<h1>Differentiating a neural network</h1>\n<ol>\n{items}\n</ol>\n{notation}"
    first = f'<nav><span></span><a href="{lessons[0].name}.html">{escape(lessons[0].title)} &rarr;</a></nav>'
    path = directory / "index.html"
    path.write_text(
        PAGE.format(title="Differentiating a neural network", navigation=first, body=body), encoding="utf-8"
    )
    yield path


def _notation(directory: Path, lessons: tuple[course.Lesson, ...]) -> Path:
    """The page of notation, which every lesson links to."""
    links = f'<nav><a href="index.html">Index</a><a href="{lessons[0].name}.html">Lesson 1 &rarr;</a></nav>'
    body = markdown_to_html(course.NOTATION.read_text(encoding="utf-8"))
    path = (directory / course.NOTATION.name).with_suffix(".html")
    path.write_text(to_pages(PAGE.format(title="Notation", navigation=links, body=body)), encoding="utf-8")
    return path


def navigation(lessons: tuple[course.Lesson, ...], number: int) -> str:
    """Links to the lesson before, the index, and the lesson after."""

    def link(index: int, text: str) -> str:
        if not 0 <= index < len(lessons):
            return "<span></span>"
        return f'<a href="{lessons[index].name}.html">{text.format(escape(lessons[index].title))}</a>'

    before, after = link(number - 1, "&larr; {}"), link(number + 1, "{} &rarr;")
    return f'<nav>{before}<a href="index.html">Index</a>{after}</nav>'


def lesson_body(draft: Draft) -> str:
    """The lesson's text, stubs, figures and pictures as HTML."""
    exporter = HTMLExporter(template_name="basic")
    exporter.register_filter("markdown2html", markdown_to_html)
    body, _ = exporter.from_notebook_node(readable(draft))
    return str(body)


def readable(draft: Draft) -> NotebookNode:
    """The student's notebook with the outputs of a run of the right answers, and no trace of these answers."""
    solved = nbformat.from_dict(json.loads(json.dumps(draft.source)))
    for cell, student in zip(solved.cells, draft.student.cells, strict=True):
        if utils.is_grade(cell):
            cell.source = student.source  # without the hidden tests
    try:
        NotebookClient(solved, timeout=SECONDS, kernel_name="python3", extra_arguments=QUIET).execute()
    except CellExecutionError as fault:
        raise BuildError(f"{draft.lesson} does not run with its own answers: {fault}") from None
    shown = nbformat.from_dict(json.loads(json.dumps(draft.student)))
    for cell, run in zip(shown.cells, solved.cells, strict=True):
        # Whose points progress() shows is nobody's business here.
        if cell.cell_type == "code" and not utils.is_grade(cell) and "progress(" not in cell.source:
            cell.outputs = [_without_widget(output) for output in run.outputs]
    return shown


def _without_widget(output: Any) -> Any:
    """A control that needs a kernel is shown by the text that stands in for it."""
    if "data" in output:
        output.data.pop(WIDGET, None)
    return output
