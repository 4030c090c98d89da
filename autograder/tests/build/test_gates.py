"""Each gate stops the defect it is there for, and lets a sound lesson through."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import course
from autograder.bank.ask import Ask
from autograder.build.gates import CASE_GATES, SOURCE_GATES, STUDENT_GATES, faults
from autograder.build.notebook import BuildError, checked, first_draft, passed

LESSON = course.lesson("04-softmax")
SOUND = first_draft(LESSON)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def spoiled(change: Callable[[NotebookNode], None]) -> str:
    """What is said after a change to the notebook with answers."""
    source = nbformat.from_dict(json.loads(json.dumps(SOUND.source)))
    change(source)
    with pytest.raises(BuildError) as stopped:
        passed(replace(SOUND, source=source, student=source), CASE_GATES)
    return str(stopped.value)


def edit(name: str, old: str, new: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        target = cell(notebook, name)
        assert old in target.source
        target.source = target.source.replace(old, new)

    return change


def meta(name: str, **values: object) -> Callable[[NotebookNode], None]:
    return lambda notebook: cell(notebook, name).metadata.nbgrader.update(values)


def insert(text: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells.insert(2, new_code_cell(text))


def remove(name: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells.remove(cell(notebook, name))


def no_markers(notebook: NotebookNode) -> None:
    target = cell(notebook, "softmax")
    target.source = "\n".join(line for line in target.source.splitlines() if "SOLUTION" not in line)


def no_written_markers(notebook: NotebookNode) -> None:
    target = cell(notebook, "written_question")
    target.source = "an answer that would be cleared whole"


def no_announcement(notebook: NotebookNode) -> None:
    index = notebook.cells.index(cell(notebook, "softmax")) - 1
    notebook.cells[index].source = "### Exercise 2"


def no_explorable(notebook: NotebookNode) -> None:
    for each in notebook.cells:
        each.source = each.source.replace("explore.", "skip.")


def test_sound_lessons_pass() -> None:
    for lesson in course.LESSONS:
        assert checked(lesson).lesson == lesson.name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_markers, "needs one BEGIN SOLUTION"),
        (no_written_markers, "needs one BEGIN SOLUTION"),
        (insert("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), "outside a solution cell"),
        (edit("softmax", "def softmax(z)", "def softmax(logits)"), "does not match its solution"),
        (edit("softmax", "def softmax(z)", "def soft_max(z)"), "does not match its solution"),
        (edit("softmax", "### BEGIN", "e = 1\n    ### BEGIN"), "something stands outside the markers"),
        (edit("softmax", '    """', '    "no docstring".lower()\n    """'), "has no docstring"),
        (meta("softmax_check", grade_id="softmax"), "stands 2 times"),
        (lambda n: cell(n, "softmax_check").metadata.nbgrader.pop("solution"), "not valid"),
        (remove("softmax"), "the bank has"),
        (remove("written_question"), "one written question"),
        (meta("written_question", points=0), "one written question"),
        (no_announcement, "there is no heading"),
        (no_announcement, 'hint("softmax")'),
        (no_explorable, "no explorable"),
        (insert("from autograder.bank import exercises"), "imports autograder.bank"),
        (insert("import torch"), "imports torch"),
        (insert("cross_entropy(1, 2)"), "a later lesson teaches"),
        (lambda notebook: notebook.metadata.pop("kernelspec"), "kernelspec"),
    ],
)  # fmt: skip
def test_a_defect_is_stopped(change: Callable[[NotebookNode], None], said: str) -> None:
    assert said in spoiled(change)


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    x = check('softmax', softmax)\nexcept Exception:\n    pass",
        "import contextlib\nwith contextlib.suppress(Exception):\n    check('softmax', softmax)",
        "from contextlib import suppress\nwith suppress(Exception):\n    check('softmax', softmax)",
    ],
)
def test_a_graded_cell_that_swallows_exceptions_is_stopped(text: str) -> None:
    change = lambda notebook: cell(notebook, "softmax_check").update(source=text)  # noqa: E731
    assert "swallows exceptions" in spoiled(change)


def test_outputs_are_stopped() -> None:
    student = nbformat.from_dict(json.loads(json.dumps(checked(LESSON).student)))
    next(c for c in student.cells if c.cell_type == "code").execution_count = 1
    assert "the notebook has outputs" in faults(replace(SOUND, student=student), STUDENT_GATES)


def test_every_fault_is_told() -> None:
    def two(notebook: NotebookNode) -> None:
        remove("written_question")(notebook)
        no_markers(notebook)

    said = spoiled(two)
    assert "one written question" in said
    assert "needs one BEGIN SOLUTION" in said
    assert "solutions/04-softmax.py" in said


@pytest.mark.parametrize(
    "third", ["`p = softmax(z)`", "The matrix has two parts; one stands on the diagonal, one everywhere."]
)
def test_a_last_hint_that_tells_too_little_is_stopped(third: str) -> None:
    exercise = SOUND.exercises["softmax_jacobian"]
    weak = replace(exercise, hints=(*exercise.hints[:2], third))
    found = faults(replace(SOUND, exercises={**SOUND.exercises, weak.name: weak}), SOURCE_GATES)
    assert found == [
        "the third hint for softmax_jacobian must say how the code begins and what is left to do"
    ]


def test_a_promise_that_no_case_asks_is_refused() -> None:
    said = spoiled(edit("softmax", "Returns probabilities", "1 or more samples. Returns probabilities"))
    assert "softmax: its docstring says '1 or more', and no case asks for it" in said
    said = spoiled(edit("softmax_backward", "p: shape", "p: also of whole numbers, shape"))
    assert "softmax_backward: its docstring says 'also of whole', and no case asks for it" in said


def test_a_part_whose_answers_never_change_is_refused() -> None:
    """Other arguments under every seed, and always the same answers: those of a sign, say."""
    exercise = SOUND.exercises["shift_logits"]
    before = exercise._asks
    assert before

    def asks(rng: np.random.Generator) -> Iterator[Ask]:
        yield from before(rng)
        yield Ask("one number", 1, [(np.array([rng.uniform(-9, 9)]),)])

    said = faults(replace(SOUND, exercises={"shift_logits": replace(exercise, _asks=asks)}), CASE_GATES[-1:])
    assert len(said) == 1
    assert "shift_logits: the right answers of 'one number' are the same under 10 seeds" in said[0]
