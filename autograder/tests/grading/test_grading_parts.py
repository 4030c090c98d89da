"""Parts of the grader that need no sandbox: what is run, what is matched, what is made harmless."""

import contextlib
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from autograder import bank, course
from autograder.build import notebook as build
from autograder.grading.errors import MasterError, UnreadableError
from autograder.grading.run import worker
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.grading.submission import sanitise, session
from autograder.grading.submission.master import Master, master
from autograder.grading.submission.needs import binds, needed, uses
from autograder.grading.submission.plan import combine, steps
from autograder.grading.submission.reading import Cell, Submission, read_cells
from autograder.grading.submission.verdict import grade_submission, kept, seed_of
from autograder.kit.run import run_calls
from autograder.kit.uses import used_in

LESSON = course.lesson("04-softmax")


@pytest.fixture(scope="module")
def softmax() -> Master:
    return master(LESSON.name, build.checked(LESSON).source)


@pytest.fixture(scope="module")
def solved() -> list[Cell]:
    notebook = submission(STUDENTS[0], build.checked(LESSON))
    return read_cells(nbformat.writes(notebook).encode(), [])


def asked(found: Master, cells: list[Cell]) -> tuple[list[str], list[str]]:
    """The exercises in the order they are asked, each after the text of the cells that run before it."""
    notes: list[str] = []
    graded = combine(found, cells, notes)
    plan = steps(graded, set(range(len(graded))))
    return [step.exercise or graded[step.place].source for step in plan], notes


def test_every_check_is_asked_once_and_after_its_answer(softmax: Master, solved: list[Cell]) -> None:
    order, notes = asked(softmax, solved)
    assert notes == []
    for cell in softmax.checks:
        assert order.count(cell.exercise) == 1
        answer = next(i for i, each in enumerate(order) if f"def {cell.exercise}(" in each)
        assert answer < order.index(cell.exercise)


@pytest.mark.parametrize("lose", ["checks", "names", "order", "copies"])
def test_however_cells_are_lost_or_moved_every_check_is_asked_after_its_answer(
    softmax: Master, solved: list[Cell], lose: str
) -> None:
    checks = {cell.grade_id for cell in softmax.checks}
    if lose == "checks":
        cells = [cell for cell in solved if cell.grade_id not in checks]
    elif lose == "names":
        cells = [Cell(cell.kind, cell.source) for cell in solved]
    elif lose == "order":  # the checks first
        cells = sorted(solved, key=lambda cell: cell.grade_id not in checks)
    else:
        cells = [cell for cell in solved for _ in range(2)]
    order, _ = asked(softmax, cells)
    for cell in softmax.checks:
        assert order.count(cell.exercise) == 1
        assert any(f"def {cell.exercise}(" in each for each in order[: order.index(cell.exercise)])


def test_only_what_an_answer_depends_on_runs(softmax: Master, solved: list[Cell]) -> None:
    graded = combine(softmax, solved, [])
    ran = [graded[place].source for place in needed(graded, softmax)]
    assert any("import numpy" in source for source in ran)
    assert not any("plt.subplots" in source or "explore." in source for source in ran)
    assert len(ran) == 1 + len(softmax.checks)


def test_a_lessons_own_cell_runs_where_a_student_uses_its_name(softmax: Master, solved: list[Cell]) -> None:
    cells = [
        Cell("code", "def softmax(z):\n    return naive_softmax(z)", "softmax")
        if cell.grade_id == "softmax"
        else cell
        for cell in solved
    ]
    graded = combine(softmax, cells, [])
    assert any("def naive_softmax" in graded[place].source for place in needed(graded, softmax))


def test_a_cell_that_may_use_any_name_makes_all_run(softmax: Master, solved: list[Cell]) -> None:
    graded = combine(softmax, [*solved, Cell("code", "eval('naive_softmax')")], [])
    code = [place for place, cell in enumerate(graded) if cell.kind == "code" and not cell.exercise]
    assert needed(graded, softmax) == set(code)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = f(y)", {"x", "f", "y"}),
        ("def g(a):\n    b = a + c\n    return b", {"g", "c"}),
        ("class A:\n    def m(self):\n        return lambda q: q + r", {"A", "r"}),
        ("[w for w in v]", {"v"}),
        ("%matplotlib inline", None),
        ("eval(1", set()),
        ("def f(x)\n    return naive_softmax(x)", set()),
        ("%time f(x)\nreturn (", set()),
        ("!ls", None),
        ("await f(x)", {"f", "x"}),
    ],
)
def test_uses(source: str, names: set[str] | None) -> None:
    found = uses(source)
    assert found == names if names is None else found is not None and names <= found
    if found:
        assert not found & {"a", "b", "self", "q"}


def test_a_cell_that_is_no_python_makes_nothing_run(softmax: Master, solved: list[Cell]) -> None:
    """It only shows its error, so no picture of the lesson's is drawn for it."""
    broken = combine(softmax, [*solved, Cell("code", "def mine(x)\n    eval('naive_softmax')")], [])
    assert needed(broken, softmax) == {*needed(broken[:-1], softmax), len(broken) - 1}


def test_binds() -> None:
    source = "import numpy as np\na, (b, *c) = 1, (2, 3)\nd['k'] = np.ones(2)\ne.f = 1\ng.append(1)\nfor h in c: pass"
    assert binds(source, {"np"}) == {"np", "a", "b", "c", "d", "e", "g", "h"}


def test_a_photo_in_the_written_answer_is_kept_and_only_a_photo(softmax: Master) -> None:
    metadata = {"nbgrader": {"grade_id": "written_question"}}
    photos = {
        "sum.png": {"image/png": "aGVsbG8="},
        "x.svg": {"image/svg+xml": "PHN2Zz4="},
        'a" onerror="x': {"image/png": "aGVsbG8="},
        "odd.png": {"image/png": '"><script>'},
        "none": 1,
    }
    cell = {
        "cell_type": "markdown",
        "source": "![](attachment:sum.png)",
        "metadata": metadata,
        "attachments": photos,
    }
    read = read_cells(json.dumps({"nbformat": 4, "cells": [cell]}).encode(), [])
    graded = next(each for each in combine(softmax, read, []) if each.master and each.pictures)
    made = kept(0, graded, softmax)
    assert made["attachments"] == {"sum.png": {"image/png": "aGVsbG8="}}
    assert made["metadata"]["nbgrader"]["points"] == 2


def test_a_graded_cell_that_asks_nothing_of_the_bank_is_refused(softmax: Master) -> None:
    source = build.checked(LESSON).source
    changed = nbformat.from_dict(source)
    check = next(
        cell for cell in changed.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax_check"
    )
    kept, check.source = check.source, "assert softmax(0) == 1"
    try:
        with pytest.raises(MasterError, match="softmax_check"):
            master(LESSON.name, changed)
    finally:
        check.source = kept


@given(some.binary(max_size=300))
def test_whatever_a_file_is_it_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        read_cells(data, [])


JUNK = some.recursive(
    some.none() | some.booleans() | some.floats() | some.text(max_size=5),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["cell_type", "source", "metadata", "nbgrader", "grade_id"]), inner
        )
    ),
    max_leaves=12,
)


@given(some.lists(JUNK, max_size=4))
def test_whatever_a_cell_is_the_masters_are_all_asked(softmax: Master, cells: list[object]) -> None:
    read = read_cells(json.dumps({"nbformat": 4, "cells": cells}).encode(), [])
    order, _ = asked(softmax, read)
    assert {cell.exercise for cell in softmax.checks} <= set(order)


@pytest.mark.parametrize("text", ["a < b and $x<y$", "`a <= b`", "> quoted", "no tags & entities"])
def test_plain_markdown_reads_as_before(text: str) -> None:
    assert sanitise.markdown(text).replace("< ", "<") == text.replace("< ", "<")


@pytest.mark.parametrize(
    "text",
    [
        r"$\href{javascript:alert(1)}{x}$",
        r"$\&#104;ref{x}{y}$",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:alert(1))",
    ],
)
def test_a_link_that_runs_something_is_shown_as_text(text: str) -> None:
    assert sanitise.markdown(text).startswith("```")
    assert (
        sanitise.outputs([{"output_type": "display_data", "data": {"text/html": text}, "metadata": {}}])[0][
            "data"
        ]
        == {}
    )


@given(some.text(alphabet="<>/scriptimg onerror=\"' `\n", max_size=60))
def test_no_tag_of_a_students_markdown_is_left(text: str) -> None:
    left = sanitise.markdown(text)
    if not left.startswith("```"):
        assert not any(left[i] == "<" and left[i + 1].isalpha() for i in range(len(left) - 1))


def test_html_that_a_student_shows_keeps_its_table_and_loses_what_acts() -> None:
    html = "<table onclick='x()'><tr><td>1</td></tr></table><script>x()</script><img src=x onerror=x()><svg/onload=x()>"
    data = {"text/html": html, "application/javascript": "x()", "image/svg+xml": "<svg/>", "text/plain": "1"}
    (shown,) = sanitise.outputs([{"output_type": "display_data", "data": data, "metadata": {}}])
    assert shown["data"].keys() == {"text/html", "text/plain"}
    assert "<td>1</td>" in shown["data"]["text/html"]
    for bad in ("onclick", "<script", "<img", "<svg", "onerror"):
        assert bad not in shown["data"]["text/html"]


def test_a_students_seed_comes_again_and_differs_from_the_others() -> None:
    assert seed_of(7, "ada", False) == seed_of(7, "chen", False) == 7
    assert seed_of(7, "ada", True) == seed_of(7, "ada", True) != seed_of(7, "chen", True)
    assert seed_of(8, "ada", True) != seed_of(7, "ada", True)


def test_feedback_names_the_function_to_mend_first(
    softmax: Master, solved: list[Cell], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: object, graded: list[Any], plan: object, sheets: dict[str, Any], *more: object) -> session.Run:
        names: dict[str, Any] = {"np": np}
        for cell in graded:
            if cell.master and cell.master.is_solution and cell.kind == "code":
                exec(cell.source, names)
        found = {name: run_calls(names[name], sheet.calls, sheet.seconds) for name, sheet in sheets.items()}
        return session.Run(outcomes=dict(found))

    monkeypatch.setattr(session, "run", run)
    for wrong in (False, True):
        cells = [
            replace(cell, source="def shift_logits(z):\n    return z - np.max(z)")
            if wrong and cell.source.startswith("def shift_logits")
            else cell
            for cell in solved
        ]
        verdict = grade_submission(None, softmax, Submission("s", LESSON.name, cells=cells), 5)  # type: ignore[arg-type]
        told = {report["exercise"]: report["notes"] for report in verdict.reports.values()}
        note = "It uses your `shift_logits`, which does not pass its own check: start there."
        assert told.pop("softmax") == ([note] if wrong else [])
        said = "".join(str(cell) for cell in verdict.cells)
        assert ("does not pass its own check: start there" in said) == wrong
        assert told["shift_logits"] == told["softmax_backward"] == []


def test_what_a_function_uses_is_read_from_its_text() -> None:
    cells = [
        "def one(x):\n    return x",
        "def helper(x):\n    return [one(each) for each in x]",
        "def two(x):\n    def inner():\n        return helper(x)\n    return inner()",
        "def three(one):\n    return one(2)",
        "this is no Python",
        "def four(x):\n    return two(x) + four(x - 1)",
    ]
    found = used_in(cells, ["one", "two", "three", "four", "five"])
    assert found == {"one": [], "two": ["one"], "three": [], "four": ["two", "one"]}


def test_a_folder_that_is_no_lesson_stops_no_worker_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are made ahead for what lies in `submitted`, whatever the folders are called."""
    made: list[str] = []
    monkeypatch.setattr(worker, "fresh_sheet", lambda exercise, seed: made.append(exercise))
    cold, warm = SimpleNamespace(warm=False), SimpleNamespace(warm=True)
    worker._make(worker.Ahead(("homework", "04-softmax"), 7), cold)  # type: ignore[arg-type]
    assert made == [each.name for each in bank.of_lesson("04-softmax")]
    worker._make(worker.Ahead(("04-softmax",), 7), warm)  # type: ignore[arg-type]
    worker._make(worker.Ahead(("04-softmax",), None), cold)  # type: ignore[arg-type]
    assert len(made) == len(bank.of_lesson("04-softmax"))
