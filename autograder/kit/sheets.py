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
def _exercises(lesson: course.Lesson) -> dict[str, dict[str, Any]]:
    """What stands in a lesson's file, by name; nothing where there is no file."""
    if not lesson.reference.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(lesson.reference.read_bytes())["exercises"]
    return found


def _written() -> dict[str, dict[str, dict[str, Any]]]:
    """What stands in all files, by lesson and by name, in the lessons' order."""
    found = {lesson.name: _exercises(lesson) for lesson in course.LESSONS if _exercises(lesson)}
    if not found:
        raise FileNotFoundError(
            f"no reference numbers in {course.REFERENCE_DIR}: is the course folder complete?"
        )
    return found


@functools.cache
def _home(exercise: str) -> course.Lesson | None:
    """The lesson that an exercise belongs to. Only a file that has its name in it is taken apart: that takes time."""
    mark = f'"{exercise}"'.encode()
    for lesson in course.LESSONS:
        there = lesson.reference.exists() and mark in lesson.reference.read_bytes()
        if there and exercise in _exercises(lesson):
            return lesson
    return None


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
    lesson = _home(exercise)
    if lesson is None:
        raise UnknownExerciseError(f"there is no exercise {exercise!r}")
    return lesson.name, {name: float(each["points"]) for name, each in _exercises(lesson).items()}


@functools.cache
def sheet(exercise: str) -> Sheet:
    """The fixed cases of one exercise; an UnknownExerciseError names the nearest where there is none of that name."""
    lesson = _home(exercise)
    if lesson is None:
        raise UnknownExerciseError(f"there is no exercise {exercise!r}{did_you_mean(exercise, names())}")
    return Sheet.from_json(exercise, _exercises(lesson)[exercise])


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """ ": did you mean 'sigmoid'?", or where nothing is near, where the names stand."""
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f": did you mean {near[0]!r}?" if near else "; each check cell names its own"
