"""The exercises with their answers: the instructor's side. Students get none of this."""

import importlib

from autograder import course
from autograder.bank.exercise import Exercise


def package_name(lesson: str) -> str:
    """The name of the bank's package of a lesson: a module an exercise, and `prose`."""
    return f"autograder.bank.lesson_{lesson.replace('-', '_')}"


def of_lesson(lesson: str) -> list[Exercise]:
    """A lesson's exercises, in the order in which its notebook asks them."""
    package = package_name(course.lesson(lesson).name)
    names = importlib.import_module(package).EXERCISES
    return [getattr(importlib.import_module(f"{package}.{name}"), name) for name in names]


def prose_numbers(lesson: str) -> dict[str, object]:
    """Every number that a lesson's text quotes, by what it is."""
    found: dict[str, object] = importlib.import_module(f"{package_name(lesson)}.prose").prose_numbers()
    return found


def exercises() -> dict[str, Exercise]:
    """Every exercise of the course by name, lesson by lesson. A name that stands twice is a ValueError."""
    found: dict[str, Exercise] = {}
    for lesson in course.LESSONS:
        for each in of_lesson(lesson.name):
            if each.name in found:
                raise ValueError(f"two exercises are called {each.name}")
            found[each.name] = each
    return found
