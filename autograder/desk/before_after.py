"""What changed in points after a lesson was first graded, and by what: a grading again, or an adjustment."""

from collections import defaultdict
from dataclasses import dataclass

from autograder.grading.gradebook.adjustments import Adjustments
from autograder.grading.gradebook.reading import Grades
from autograder.grading.run.files import GradingJournal

AGAIN = "graded again"


@dataclass(frozen=True)
class MovedPoints:
    """An exercise whose points changed: by what, from what to what on average, and for whom: name, before, after."""

    lesson: str
    exercise: str
    cause: str
    of: int
    before: float
    after: float
    students: tuple[tuple[str, float, float], ...]


def moved(grades: Grades, journal: GradingJournal, adjustments: Adjustments) -> list[MovedPoints]:
    """What changed, by lesson, exercise and cause. The averages are over all whose points that cause could change."""
    found: dict[tuple[str, str, str], list[tuple[str, float, float]]] = defaultdict(list)
    for (student, lesson), old in journal.before.items():
        new = journal.entries[student, lesson]
        for name, points in new.earned.items():
            key = lesson, name.removesuffix("_check"), AGAIN
            found[key].append((student, old.earned.get(name, 0.0), points))
    for (student, lesson), submission in grades.submissions.items():
        for exercise, points in submission.points.items():
            made = adjustments.of(lesson, exercise, student)
            if made is not None:
                before = (points or 0.0) - submission.adjusted.get(exercise, 0.0)
                found[lesson, exercise, f"{made.number}. {made.sentence}"].append(
                    (student, before, points or 0.0)
                )
    return [_moved(key, rows) for key, rows in sorted(found.items()) if any(_differ(row) for row in rows)]


def _moved(key: tuple[str, str, str], rows: list[tuple[str, float, float]]) -> MovedPoints:
    before = sum(row[1] for row in rows) / len(rows)
    after = sum(row[2] for row in rows) / len(rows)
    changed = tuple(row for row in sorted(rows) if _differ(row))
    return MovedPoints(*key, len(rows), before, after, changed)


def _differ(row: tuple[str, float, float]) -> bool:
    return abs(row[1] - row[2]) > 1e-9
