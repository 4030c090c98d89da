"""What a class knows, in numbers: facility and discrimination of every exercise and part, slips, who stopped.

Facility is the mean share of the points that those who handed in have. Discrimination is Pearson's correlation of an
exercise's points with the points of the lesson's other exercises ("corrected item-total correlation": Crocker and
Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 14); a part counts as passed or not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from autograder import bank
from autograder.grading.gradebook.reading import Grades
from autograder.grading.run.files import Record

# Of fewer answers a correlation says nothing.
FEWEST = 5
# Below this a question hardly tells those who know from those who do not.
LOW = 0.1
NOT_WRITTEN = "not written"


@dataclass(frozen=True)
class Slip:
    """A sentence that students were told of an exercise, by how many, and one of them."""

    sentence: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class PartFigures:
    """One part of a check: the share who passed, and how it goes with the rest of the lesson; None if unknown."""

    name: str
    facility: float
    discrimination: float | None


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise: who handed it in and wrote it, the mean share of its points, parts, slips (the commonest first)."""

    lesson: str
    name: str
    most: float
    handed_in: int
    written: int
    facility: float
    discrimination: float | None
    parts: tuple[PartFigures, ...] = ()
    slips: tuple[Slip, ...] = ()


@dataclass
class ClassFigures:
    """A class: lessons, exercises, each student's share of the points by lesson and exercise, and who needs a word."""

    students: list[str]
    exercises: list[ExerciseFigures] = field(default_factory=list)
    shares: dict[tuple[str, str, str], float] = field(default_factory=dict)
    totals: dict[str, dict[str, float]] = field(default_factory=dict)
    never: list[str] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    stuck: dict[str, list[str]] = field(default_factory=dict)

    @property
    def lessons(self) -> list[str]:
        """The lessons that were handed in, in order."""
        return sorted(self.totals)


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None of fewer than FEWEST pairs, or where one of them is the same for everybody."""
    a, b = np.asarray(first, float), np.asarray(second, float)
    if len(a) < FEWEST:
        return None
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return None if size < 1e-12 else float(a @ b) / size


def figures(grades: Grades, records: Iterable[Record]) -> ClassFigures:
    """The figures of a class from what its gradebook and the grader's journal hold."""
    found = ClassFigures([person.id for person in grades.people])
    told = {record.key: record for record in records}
    for lesson, cells in grades.lessons.items():
        handed_in = [who for who in found.students if (who, lesson) in grades.submissions]
        if not handed_in:
            continue
        points = {who: grades.submissions[who, lesson].points for who in handed_in}
        found.totals[lesson] = {who: sum(points[who].get(name) or 0.0 for name in cells) for who in handed_in}
        for name, most in cells.items():
            waits = any(name in grades.submissions[who, lesson].waiting for who in handed_in)
            if most <= 0 or waits:  # who wrote nothing has 0 already, and would stand for all
                continue
            for who in handed_in:
                found.shares[who, lesson, name] = (points[who].get(name) or 0.0) / most
            found.exercises.append(
                _exercise(lesson, name, most, handed_in, points, found.totals[lesson], told)
            )
    _who_needs_a_word(found, grades)
    return found


def _exercise(
    lesson: str,
    name: str,
    most: float,
    students: list[str],
    points: dict[str, dict[str, float]],
    totals: dict[str, float],
    told: dict[tuple[str, str], Record],
) -> ExerciseFigures:
    own = [points[who].get(name) or 0.0 for who in students]
    rest = [totals[who] - mine for who, mine in zip(students, own, strict=True)]
    missed = {who: _missed(told.get((who, lesson)), name) for who in students}
    unwritten = [who for who in students if any(NOT_WRITTEN in text for _, text in missed[who])]
    graded = [who for who in students if (who, lesson) in told]
    return ExerciseFigures(
        lesson,
        name,
        most,
        len(students),
        len(students) - len(unwritten),
        float(np.mean(own)) / most,
        correlation(own, rest),
        tuple(_parts(name, graded, missed, dict(zip(students, rest, strict=True)))),
        tuple(_slips(missed, unwritten)),
    )


def _missed(record: Record | None, exercise: str) -> list[tuple[str, str]]:
    """The parts that a student lost in an exercise, each with the first line of what was said."""
    lost = record.missed.get(f"{exercise}_check", []) if record else []
    names = _part_names(exercise)
    found = []
    for text in lost:
        part = next((name for name in names if text.startswith(f"{name}: ")), text.partition(": ")[0])
        found.append((part, text[len(part) + 2 :].partition("\n")[0].strip()))
    return found


@cache
def _part_names(exercise: str) -> tuple[str, ...]:
    known = bank.exercises().get(exercise)
    return tuple(part.name for part in known.sheet().sub_checks) if known else ()


def _parts(
    exercise: str, students: list[str], missed: dict[str, list[tuple[str, str]]], rest: dict[str, float]
) -> Iterable[PartFigures]:
    for name in _part_names(exercise) if students else ():
        passed = [float(name not in {part for part, _ in missed[who]}) for who in students]
        yield PartFigures(name, float(np.mean(passed)), correlation(passed, [rest[who] for who in students]))


def _slips(missed: dict[str, list[tuple[str, str]]], unwritten: list[str]) -> list[Slip]:
    who_had: dict[str, list[str]] = defaultdict(list)
    for who, lost in missed.items():
        for sentence in dict.fromkeys(text for _, text in lost if text):
            if who not in unwritten:
                who_had[sentence].append(who)
    counted = Counter({sentence: len(students) for sentence, students in who_had.items()})
    return [Slip(sentence, tuple(who_had[sentence])) for sentence, _ in counted.most_common()]


def _who_needs_a_word(found: ClassFigures, grades: Grades) -> None:
    """Who never handed in; who stopped, and after which lesson; who has less than half in the last two handed in."""
    lessons = found.lessons
    for who in found.students:
        mine = [lesson for lesson in lessons if who in found.totals[lesson]]
        if not mine:
            found.never.append(who)
            continue
        if lessons.index(mine[-1]) < len(lessons) - 1:
            found.stopped[who] = mine[-1]
        low = [lesson for lesson in mine[-2:] if found.totals[lesson][who] < grades.most(lesson) / 2]
        if len(low) == len(mine[-2:]):
            found.stuck[who] = low


def to_say(found: ClassFigures, share: float = 0.2) -> list[tuple[ExerciseFigures, Slip]]:
    """What to say in the next lecture: the sentences that at least this share of those who wrote an exercise needed."""
    told = [
        (each, slip)
        for each in found.exercises
        for slip in each.slips
        if len(slip.students) >= 2 and len(slip.students) >= share * max(each.written, 1)
    ]
    frequent: Callable[[tuple[ExerciseFigures, Slip]], float] = lambda pair: -len(pair[1].students)  # noqa: E731
    return sorted(told, key=frequent)


def tell_nobody_apart(found: ClassFigures) -> list[tuple[ExerciseFigures, PartFigures]]:
    """Parts for whoever writes exercises: passed by all or none, or unrelated to the rest of the lesson."""
    return [
        (each, part)
        for each in found.exercises
        for part in each.parts
        if each.handed_in >= FEWEST
        and (part.facility in (0.0, 1.0) or (part.discrimination is not None and part.discrimination < LOW))
    ]
