"""The exercises with their answers: the instructor's side. Students get none of this."""

import importlib

from autograder import course
from autograder.bank.exercise import Exercise


def module_name(lesson: str) -> str:
    """The name of the bank module of a lesson."""
    return f"autograder.bank.lesson_{lesson.replace('-', '_')}"


def of_lesson(lesson: str) -> list[Exercise]:
    """A lesson's exercises, in the order in which its bank module defines them."""
    module = importlib.import_module(module_name(course.lesson(lesson).name))
    return [each for each in vars(module).values() if isinstance(each, Exercise) and each.lesson == lesson]


def exercises() -> dict[str, Exercise]:
    """Every exercise of the course by name, lesson by lesson. A name that stands twice is a ValueError."""
    found: dict[str, Exercise] = {}
    for lesson in course.LESSONS:
        for each in of_lesson(lesson.name):
            if each.name in found:
                raise ValueError(f"two exercises are called {each.name}")
            found[each.name] = each
    return found
