"""Which lesson a notebook belongs to, judged by its cells: whatever a student called the file."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from autograder import bank, course

DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)
# The lesson must show this many times as many of its exercises as any other.
CLEARLY = 2


def lesson_of(cells: Any) -> str | None:
    """The name of the lesson that the cells of a notebook belong to; None if there is none, or no clear one.

    `cells` is the list as it stands in the file's JSON; whatever is wrong with it, nothing is raised. A lesson's
    exercises show by the grade ids of nbgrader's cells and by the functions that are defined, each counted once.
    """
    known = _lesson_of_sign()
    signs = {known[sign] for sign in _signs(cells) if sign in known}
    found = Counter(lesson for lesson, _ in signs).most_common(2)
    if not found or (len(found) == 2 and found[0][1] < CLEARLY * found[1][1]):
        return None
    return found[0][0]


@cache
def _lesson_of_sign() -> dict[str, tuple[str, str]]:
    """Lesson and exercise by what shows it: its own name, and its check cell's. `written_question` is not among
    them: every lesson has one."""
    found = {}
    for lesson in course.LESSONS:
        for exercise in bank.of_lesson(lesson.name):
            found[exercise.name] = found[f"{exercise.name}_check"] = (lesson.name, exercise.name)
    return found


def _signs(cells: Any) -> Iterator[str]:
    for cell in cells if isinstance(cells, list) else []:
        if not isinstance(cell, dict):
            continue
        metadata = cell.get("metadata")
        ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = ours.get("grade_id") if isinstance(ours, dict) else None
        if isinstance(grade_id, str):
            yield grade_id
        if cell.get("cell_type") == "code":
            yield from DEFINITION.findall(cell_text(cell))


def cell_text(cell: dict[str, Any]) -> str:
    """A cell's source, which the format allows to be one string or a list of lines."""
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
