"""The fixed cases of the exercises, as `build` wrote them into data/reference."""

import difflib
import functools
import json
from collections.abc import Iterable
from typing import Any

from autograder import course
from autograder.kit.sheet import Sheet


class UnknownExerciseError(ValueError):
    """There is no exercise of that name. In a notebook its one sentence is all that is shown."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@functools.cache
def _written() -> dict[str, dict[str, dict[str, Any]]]:
    """What stands in the files, by lesson and by name, in the lessons' order."""
    found = {
        lesson.name: json.loads(lesson.reference.read_text(encoding="utf-8"))["exercises"]
        for lesson in course.LESSONS
        if lesson.reference.exists()
    }
    if not found:
        raise FileNotFoundError(
            f"no reference numbers in {course.REFERENCE_DIR}: is the course folder complete?"
        )
    return found


@functools.cache
def lesson_sheets() -> dict[str, dict[str, Sheet]]:
    """The fixed cases of every exercise, by lesson and by name, in the lessons' order."""
    return {lesson: {name: sheet(name) for name in exercises} for lesson, exercises in _written().items()}


def outlines() -> dict[str, dict[str, tuple[float, int]]]:
    """The points of every exercise and how many hints it has, by lesson and by name: what needs no case decoded."""
    return {
        lesson: {name: (float(each["points"]), len(each["hints"])) for name, each in exercises.items()}
        for lesson, exercises in _written().items()
    }


def sheets() -> dict[str, Sheet]:
    """The fixed cases of every exercise, by its name."""
    return {name: sheet for lesson in lesson_sheets().values() for name, sheet in lesson.items()}


def names() -> list[str]:
    """Every exercise's name, in the lessons' order."""
    return [name for lesson in _written().values() for name in lesson]


def lesson_points(exercise: str) -> tuple[str, dict[str, float]]:
    """The lesson that an exercise belongs to, and the points of all of that lesson's exercises, in its order."""
    for lesson, exercises in _written().items():
        if exercise in exercises:
            return lesson, {name: float(each["points"]) for name, each in exercises.items()}
    raise UnknownExerciseError(f"there is no exercise {exercise!r}")


@functools.cache
def sheet(exercise: str) -> Sheet:
    """The fixed cases of one exercise; an UnknownExerciseError names the nearest where there is none of that name."""
    for lesson in _written().values():
        if exercise in lesson:
            return Sheet.from_json(exercise, lesson[exercise])
    raise UnknownExerciseError(f"there is no exercise {exercise!r}{did_you_mean(exercise, names())}")


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """ ": did you mean 'sigmoid'?", or where nothing is near, where the names stand."""
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f": did you mean {near[0]!r}?" if near else "; each check cell names its own"
