"""`check`: what a student calls under each exercise."""

import os
from collections.abc import Callable
from dataclasses import replace

from autograder.kit.earlier.standing_alone import standing_alone
from autograder.kit.judge import judge
from autograder.kit.kernel import in_notebook, shell, where_from
from autograder.kit.progress import journal
from autograder.kit.progress.overview import last_point, momentum
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls
from autograder.kit.sheets import names, sheet
from autograder.kit.uses import used


class NotYetRightError(AssertionError):
    """Raised while nbgrader validates a notebook, where only an error's message is shown."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check(exercise: str, function: Callable[..., object]) -> Report:
    """Runs `function` on the exercise's fixed cases and shows what is right and what slipped.

    Returns the report; in a notebook, as the last line of its cell, it shows itself and tells nbgrader the
    points. Outside a notebook the report is printed. What it found counts for `progress()`.
    """
    asked = sheet(exercise)
    if not callable(function):
        raise TypeError(f"check({exercise!r}, ...) needs the function {exercise} itself, without brackets")
    report = judge(asked, run_calls(function, asked.calls, asked.seconds))
    if report.written and not report.passed:
        report = replace(report, notes=tuple(_notes(exercise, function)))
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not report.passed:
        raise NotYetRightError(report.text())
    celebration = last_point(exercise) if report.passed else ""
    journal.keep_check(report, code=_own_code(exercise, function) if report.passed else "")
    report = replace(report, progress=momentum(exercise), celebration=celebration)
    if not in_notebook():
        print(report.text())
    return report


def _own_code(exercise: str, function: Callable[..., object]) -> str:
    """The code of a notebook's function, with what it uses, for `bring`; "" for a function from elsewhere."""
    names = getattr(shell(), "user_ns", {})
    return standing_alone(map(str, names.get("In", ())), exercise) if names.get(exercise) is function else ""


def _notes(exercise: str, function: Callable[..., object]) -> list[str]:
    """What is said of a failing function first: another to start with, and where this one is from."""
    notes = []
    for name in used(function, set(names()) - {exercise}):
        other = function.__globals__[name]
        if not passes(name, other):
            notes.append(f"It uses your `{name}`, which does not pass its own check: start there.")
            break
    origin = where_from(exercise, function)
    return [*notes, origin] if origin else notes


def passes(exercise: str, function: Callable[..., object]) -> bool:
    """Whether a function has full points on the exercise's fixed cases."""
    asked = sheet(exercise)
    return judge(asked, run_calls(function, asked.calls, asked.seconds)).passed


def ready(function: Callable[..., object]) -> bool:
    """Whether a student's function is written: it answers every fixed case of the exercise of its name, if wrongly.

    For cells that go on to use the function, so that "Run All" does not stop in an untouched notebook.
    """
    asked = sheet(function.__name__)
    return all(outcome.has_numbers for outcome in run_calls(function, asked.calls, asked.seconds))
