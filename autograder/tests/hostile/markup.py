"""Row 23: text that a browser would run, in every place that ends on a page, and text that breaks what shows it."""

import os
import shutil

from autograder.tests.hostile.paper import LESSON, RIGHT, Paper, attack

EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVa&#115;cript:alert(1))",
    "[x](java\tscript:alert(1))",
    "<javascript:alert(1)>",
    "![x](x \"' onerror=alert(1) x='\")",
    "[x]: javascript:alert(1)\n\n[x]",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\mmlToken{mtext}[href='javascript:alert(1)']{x}$",
    r"$\require{html}\style{x:expression(alert(1))}{x}$",
    "$<img src=x onerror=alert(1)>$",
    "$$\n</script><script>alert(1)</script>\n$$",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "```\n<script>alert(1)</script>\n```\n<script>alert(1)</script>",
    "````text\njavascript:\n```\n<script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<details open ontoggle=alert(1)>",
)


@attack(23, right=True)
def in_markdown_and_raw_cells(paper: Paper) -> None:
    for text in EVIL:
        paper.text(text)
        paper.text(text + " javascript:", "raw")
        paper.cells[-1]["metadata"] = {"raw_mimetype": "text/html", "format": "text/html"}
    paper.cell("written_question")["source"] = "\n\n".join(EVIL)


@attack(23, right=True)
def in_outputs(paper: Paper) -> None:
    """As HTML, as markdown, as LaTeX, as pictures, as script, printed, and as an error."""
    kinds = (
        "text/html",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "text/plain",
    )
    kinds += ("application/javascript", "application/vnd.jupyter.widget-view+json", "application/json")
    paper.last(
        f"from IPython.display import display\nevil = {EVIL!r}\n"
        "for text in evil:\n    print(text)\n"
        f"for kind in {kinds!r}:\n"
        "    display({kind: '\"' + \"'\" + '>' + ' '.join(evil), 'text/plain': evil[0]}, raw=True)"
    )
    for text in EVIL:
        paper.last(f"raise type({text!r}, (Exception,), {{}})({text!r})")


@attack(23, right=True, points=13)
def in_an_answer(paper: Paper) -> None:
    """The code, its docstring, its error, its warning, its print: all of it stands on the feedback page."""
    paper.answer(
        "softmax_backward",
        f"evil = {EVIL!r}\nimport warnings\n"
        "def softmax_backward(p, upstream):\n"
        '    """<script>alert(1)</script> <img src=x onerror=alert(1)>"""\n'
        "    print(*evil)\n    warnings.warn(evil[0], type(evil[1], (UserWarning,), {}))\n"
        "    raise type(evil[1], (Exception,), {'__str__': lambda self: evil[0]})\n"
        "raise type(evil[1], (Exception,), {})(evil[0])",
    )


@attack(23, right=True, says="<script>")
def in_file_names(paper: Paper) -> None:
    for number, text in enumerate(
        (*EVIL, "[/red]", "[link=javascript:alert(1)]x", "\x1b[2J\x1b]0;x\x07", "=1+1")
    ):
        name = f"{number}{text.replace('/', '|').replace(chr(10), ' ')}"
        (paper.folder / name).symlink_to("nowhere")
        paper.file(f"{name}.txt", "x")
    os.symlink("nowhere", os.fsencode(paper.folder) + b"/\xff\xfe.txt")
    with open(os.fsencode(paper.folder) + b"/\xff\xff.txt", "wb") as file:
        file.write(b"x")


@attack(23, right=True)
def half_characters(paper: Paper) -> None:
    """Lone surrogates: text that no file can hold."""
    paper.last("print('\\ud800')")
    paper.last("raise ValueError('\\udfff')")
    paper.last(
        "from IPython.display import display\ndisplay({'text/plain': '\\ud800', 'text/html': '\\udc00'}, raw=True)"
    )
    paper.text("\ud800 a lone half")
    paper.answer("softmax", RIGHT["softmax"] + "  # \ud800")


@attack(23, right=True)
def controls_and_nulls(paper: Paper) -> None:
    paper.last("print('\\0\\x1b[31m\\x07\\x08\\u202e\\ufeff\\uffff')")
    paper.text("\0 \x1b[2J \u202e")


def _renamed(paper: Paper, name: str) -> None:
    """The student's folder gets another name, as if a download had named it."""
    folder = paper.folder.parent.with_name(name) / LESSON
    folder.mkdir(parents=True)
    shutil.rmtree(paper.folder.parent)
    paper.folder = folder


@attack(23, right=True)
def a_students_name(paper: Paper) -> None:
    """Whoever grades makes the folders; but they may be made from names that students chose."""
    _renamed(paper, "h23-<script>alert(1)<|script>")


@attack(23, right=True)
def a_name_in_brackets(paper: Paper) -> None:
    _renamed(paper, "h23-[red][link=javascript:alert(1)]")
