"""Right answers written differently get full points, on the fixed cases and on fresh ones."""

import numpy as np
import pytest

from autograder import bank
from autograder.bank.exercise import Exercise
from autograder.kit.judge import judge
from autograder.kit.run import run_calls
from autograder.tests.bank.sheets import seeds_of, sheet_of

EXERCISES = bank.exercises()


def right_answers() -> list:
    return [
        pytest.param(exercise, function, id=f"{exercise.name}-{function.__name__}")
        for exercise in EXERCISES.values()
        for function in exercise.right
    ]


@pytest.mark.parametrize(("exercise", "function"), right_answers())
def test_a_right_answer_has_full_points(exercise: Exercise, function: object) -> None:
    for seed in seeds_of(exercise):
        sheet = sheet_of(exercise, seed)
        report = judge(sheet, run_calls(function, sheet.calls, sheet.seconds))
        assert report.passed, f"seed {seed}\n{report.text()}"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_exercise_has_several_right_answers(exercise: Exercise) -> None:
    assert len(set(exercise.right)) >= 4


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_form_of_an_answer_does_not_matter(exercise: Exercise) -> None:
    """Lists, tuples, single precision, read-only arrays and 0-d arrays are right where the numbers are."""

    def as_lists(value: object) -> object:
        if isinstance(value, (tuple, list)):
            return [as_lists(member) for member in value]
        return np.asarray(value).tolist()

    def in_single(value: object) -> object:
        if isinstance(value, (tuple, list)):
            return tuple(in_single(member) for member in value)
        value = np.asarray(value)
        return value.astype(np.float32) if value.dtype.kind == "f" else value

    def read_only(value: object) -> object:
        if isinstance(value, (tuple, list)):
            return tuple(read_only(member) for member in value)
        frozen = np.array(value)
        frozen.setflags(write=False)
        return frozen

    sheet = sheet_of(exercise, 0)
    for form in (as_lists, in_single, read_only):
        function = lambda *args, form=form: form(exercise.reference(*args))  # noqa: E731
        report = judge(sheet, run_calls(function, sheet.calls, sheet.seconds))
        assert report.passed, f"{form.__name__}\n{report.text()}"
