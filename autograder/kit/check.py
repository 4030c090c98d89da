"""`check` and `hint`: what a student calls under each exercise."""

import contextlib
import functools
import json
import os
import sys
from collections.abc import Callable

from autograder import course
from autograder.kit.judge import judge
from autograder.kit.progress import journal
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls
from autograder.kit.sheet import Sheet


class UnknownExerciseError(ValueError):
    """There is no exercise of that name."""


class NotYetRightError(AssertionError):
    """Raised while nbgrader validates a notebook, where only an error's message is shown."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@functools.cache
def lesson_sheets() -> dict[str, dict[str, Sheet]]:
    """The fixed cases of every exercise, by lesson and by name, in the lessons' order; read from data/reference."""
    found = {}
    for lesson in course.LESSONS:
        if lesson.reference.exists():
            data = json.loads(lesson.reference.read_text(encoding="utf-8"))
            found[lesson.name] = {
                name: Sheet.from_json(name, sheet) for name, sheet in data["exercises"].items()
            }
    if not found:
        raise FileNotFoundError(
            f"no reference numbers in {course.REFERENCE_DIR}: is the course folder complete?"
        )
    return found


def sheets() -> dict[str, Sheet]:
    """The fixed cases of every exercise, by its name."""
    return {name: sheet for lesson in lesson_sheets().values() for name, sheet in lesson.items()}


def sheet(exercise: str) -> Sheet:
    """The fixed cases of one exercise."""
    try:
        return sheets()[exercise]
    except KeyError:
        raise UnknownExerciseError(
            f"there is no exercise {exercise!r}; there are: {', '.join(sheets())}"
        ) from None


def check(exercise: str, function: Callable[..., object]) -> Report:
    """Runs `function` on the exercise's fixed cases and shows what is right and what slipped.

    Returns the report; in a notebook, as the last line of its cell, it shows itself and tells nbgrader the
    points. Outside a notebook the report is printed. What it found counts for `progress()`.
    """
    asked = sheet(exercise)
    if not callable(function):
        raise TypeError(f"check({exercise!r}, ...) needs the function {exercise} itself, without brackets")
    report = judge(asked, run_calls(function, asked.calls, asked.seconds))
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not report.passed:
        raise NotYetRightError(report.text())
    if not in_notebook():
        print(report.text())
    journal.keep_check(report)
    return report


def ready(function: Callable[..., object]) -> bool:
    """Whether a student's function is written: it answers every fixed case of the exercise of its name, if wrongly.

    For cells that go on to use the function, so that "Run All" does not stop in an untouched notebook.
    """
    asked = sheet(function.__name__)
    return all(outcome.has_numbers for outcome in run_calls(function, asked.calls, asked.seconds))


def in_notebook() -> bool:
    """Whether this process is a Jupyter kernel. One that has not loaded IPython is none, and need not load it."""
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


_hints_given: dict[str, int] = {}


def hint(exercise: str) -> None:
    """Shows the next hint for an exercise and says how many are left; after the last it starts again.

    Which one is next is remembered from one day to the next.
    """
    hints = sheet(exercise).hints
    index = _given(exercise) % len(hints)
    _hints_given[exercise] = index + 1
    journal.keep_hint(exercise, index + 1)
    left = len(hints) - index - 1
    rest = f"{left} left" if left else "that was the last; asking again starts over"
    head = f"Hint {index + 1} of {len(hints)} for {exercise} ({rest})"
    if in_notebook():
        from IPython.display import Markdown, display

        display(Markdown(f"**{head}**\n\n{hints[index]}"))
    else:
        print(f"{head}\n{hints[index]}")


def _given(exercise: str) -> int:
    """The number of the hint given last, here or, if this kernel gave none yet, in an earlier one."""
    if exercise not in _hints_given and not journal.switched_off():
        with contextlib.suppress(OSError):
            earlier = [e for e in journal.read().entries if isinstance(e, journal.Hinted)]
            return next((e.hint for e in reversed(earlier) if e.exercise == exercise), 0)
    return _hints_given.get(exercise, 0)
