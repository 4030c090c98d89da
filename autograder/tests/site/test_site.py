"""The site on a disk: what is in it, what is not, and what it names."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from typer.testing import CliRunner

from autograder import bank, course
from autograder.build.notebook import checked
from autograder.cli import app
from autograder.site import wheels
from autograder.site.lesson_page import lesson_page, own_call
from autograder.site.lite import notebook
from autograder.site.pictures import Pictures
from autograder.tests.site.conftest import LESSON


def contents(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, those in its wheels too."""
    for path in sorted(site.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(site).as_posix()
        yield name, path.read_bytes()
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as archive:
                for inside in archive.namelist():
                    yield f"{name}/{inside}", archive.read(inside)


def test_nothing_of_the_answers_is_in_any_file(site: Path) -> None:
    answers = {}
    for lesson in course.LESSONS:
        for cell in checked(lesson).source.cells:
            _, found, rest = cell.source.partition("BEGIN SOLUTION")
            lines = [line.strip() for line in rest.partition("### END SOLUTION")[0].splitlines()]
            # Lines that stand for themselves: "return z" may stand anywhere.
            long = [line for line in lines if len(line) > 40 and found]
            answers |= {line.encode(): lesson.name for line in long}
    assert len(answers) > 100
    for name, content in contents(site):
        assert "/bank/" not in f"/{name}", name
        assert "/solutions/" not in f"/{name}", name
        assert b"BEGIN SOLUTION" not in content, name
        assert b"autograder.bank" not in content or name.endswith(".py"), name
        # An exercise's third hint is its answer's first line.
        if "/data/reference/" in name:
            continue
        content = re.sub(rb'<template class="hint">.*?</template>', b"", content, flags=re.DOTALL)
        for line, lesson in answers.items():
            assert line not in content, f"{name} has a line of {lesson}'s answers: {line.decode()}"


def test_one_lock_names_every_package_and_every_file_is_there(site: Path) -> None:
    folder = site / "work" / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    for entry in lock["packages"].values():
        assert (folder / entry["file_name"]).is_file()
        assert {wheels.canonical(name) for name in entry["depends"]} <= lock["packages"].keys()
    wanted = {entry["file_name"] for entry in lock["packages"].values()}
    there = {path.name for path in folder.iterdir()} - {"pyodide-lock.json"}
    assert there - wanted == {"pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"}


def test_the_lessons_lie_side_by_side_and_find_each_other(site: Path) -> None:
    files = site / "work" / "files"
    assert {path.name for path in files.iterdir()} == {
        *(f"{lesson.name}.ipynb" for lesson in course.LESSONS),
        course.NOTATION.name,
    }
    for path in files.iterdir():
        cells = nbformat.read(path, 4).cells if path.suffix == ".ipynb" else []
        texts = [cell.source for cell in cells if cell.cell_type == "markdown"] or [path.read_text("utf-8")]
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", "\n".join(texts)):
            assert (files / target).is_file(), f"{path.name}: {target}"


def test_a_notebook_differs_from_the_desktops_in_its_kernel_and_its_links_alone() -> None:
    for lesson in course.LESSONS:
        here, there = notebook(lesson), checked(lesson).student
        assert [cell.cell_type for cell in here.cells] == [cell.cell_type for cell in there.cells]
        assert [c.source for c in here.cells if c.cell_type == "code"] == [
            c.source for c in there.cells if c.cell_type == "code"
        ]


def test_what_is_printed_in_pieces_is_one_block(tmp_path: Path) -> None:
    """A long cell's lines come one by one; on a page they stand together, as in JupyterLab."""
    printed = [new_output("stream", name="stdout", text=f"line {k}\n") for k in (1, 2)]
    figure = new_output("display_data", {"text/plain": "a figure"})
    cell = new_code_cell("train()", outputs=[*printed, figure, *printed])
    page = lesson_page(new_notebook(cells=[cell]), Pictures(tmp_path)).body
    blocks = re.findall(r"<pre class=.output[^>]*>([^<]*)</pre>", page)
    assert blocks == ["line 1\nline 2", "a figure", "line 1\nline 2"]


def test_every_page_leads_to_the_lesson_and_every_lesson_is_on_the_first_page(site: Path) -> None:
    # A workspace of its own: else JupyterLab opens every lesson that was ever opened, each with a Python.
    link = f'href="work/lab/index.html?workspace={LESSON}&amp;path={LESSON}.ipynb"'
    first = (site / "index.html").read_text(encoding="utf-8")
    assert link in first
    page = (site / f"{LESSON}.html").read_text(encoding="utf-8")
    assert link in page
    assert page.count('class="exercise"') == len(bank.of_lesson(LESSON))
    assert re.search(r"loads about \d+ MB", first)


def test_the_same_wheel_is_made_twice(tmp_path: Path) -> None:
    made = [wheels.write(tmp_path, "autograder", "0.1.0", wheels.course_files(), []) for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("call", "made", "names"),
    [
        ("explore.softmax()", "explore.softmax(*own)", []),
        ("explore.softmax(softmax)", "explore.softmax(*own)", ["softmax"]),
        ('explore.activation("tanh", a, b)', "explore.activation('tanh', *own)", ["a", "b"]),
        ("explore.graph(predict=True)", "explore.graph(*own, predict=True)", []),
    ],
)
def test_a_page_calls_an_explorable_with_the_readers_functions(
    call: str, made: str, names: list[str]
) -> None:
    assert own_call(call) == (made, names)


@pytest.mark.parametrize(
    ("directory", "folder", "sentence"),
    [
        ("full", ".", "not empty"),
        ("new", "nowhere", "there is no folder"),
        ("new", ".", "could not be read from"),
    ],
)
def test_bad_input_gets_a_sentence(tmp_path: Path, directory: str, folder: str, sentence: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    arguments = ["site", str(tmp_path / directory), "--pyodide", str(tmp_path / folder)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert isinstance(result.exception, SystemExit)
