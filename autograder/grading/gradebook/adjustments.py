"""What an instructor changed about the points of an exercise afterwards: each with a reason, in a log, reversible.

The gradebook's `extra_credit` carries it, beside the points that the check or a person gave, which stay what they are.
What a person put there themselves is kept apart from what stands there because of the log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.ledger import Ledger, now


class Kind(StrEnum):
    """What an adjustment does: an exercise counts for nobody, everybody has its points, or one has these points."""

    DROP = "drop"
    FULL = "full"
    SCORE = "score"


@dataclass(frozen=True)
class Adjustment:
    """One adjustment. `exercise` is the graded cell's exercise; `student` is empty where it is for everybody."""

    number: int
    kind: Kind
    lesson: str
    exercise: str
    reason: str
    when: str
    student: str = ""
    points: float | None = None

    @property
    def sentence(self) -> str:
        """What it does, for a person."""
        done = {
            Kind.DROP: "does not count",
            Kind.FULL: "full points for everybody who handed in",
            Kind.SCORE: f"{self.points or 0:g} points for {self.student}",
        }[self.kind]
        return f"{self.exercise}: {done}. {self.reason}"

    def target(self, base: float, most: float) -> float:
        """The points that an exercise has with it, where a check or a person gave `base` of `most`."""
        if self.kind is Kind.SCORE:
            return float(self.points or 0)
        return most if self.kind is Kind.FULL else 0.0


@dataclass
class Adjustments:
    """The adjustments of a class, and which were taken back.

    `ours` is what older versions logged of each grade's extra points; now the gradebook has it: see `shares`.
    """

    ledger: Ledger
    all: list[Adjustment] = field(default_factory=list)
    undone: dict[int, str] = field(default_factory=dict)
    ours: dict[str, float] = field(default_factory=dict)

    @property
    def holding(self) -> list[Adjustment]:
        """Those that were not taken back, in their order."""
        return [each for each in self.all if each.number not in self.undone]

    def of(self, lesson: str, exercise: str, student: str) -> Adjustment | None:
        """The one that decides a student's points in an exercise: one for the student before one for all, the last."""
        fitting = [
            each
            for each in self.holding
            if (each.lesson, each.exercise) == (lesson, exercise) and each.student in ("", student)
        ]
        dropped = [each for each in fitting if each.kind is Kind.DROP]
        own = [each for each in fitting if each.student]
        return next(iter(reversed(dropped or own or fitting)), None)

    def dropped(self, lesson: str) -> set[str]:
        """The exercises of a lesson that do not count."""
        return {each.exercise for each in self.holding if each.lesson == lesson and each.kind is Kind.DROP}

    def add(self, made: Adjustment) -> None:
        """Puts one more into the log."""
        self.all.append(made)
        self.ledger.add({"adjusted": asdict(made)})

    def undo(self, number: int, reason: str) -> None:
        """Takes one back; it stays in the log."""
        self.undone[number] = reason
        self.ledger.add({"undone": number, "reason": reason, "when": now()})

    def take(self, row: dict[str, Any]) -> None:
        """Takes a line of the log."""
        if "adjusted" in row:
            self.all.append(Adjustment(**(row["adjusted"] | {"kind": Kind(row["adjusted"]["kind"])})))
        elif "undone" in row:
            self.undone[int(row["undone"])] = str(row["reason"])
        else:
            self.ours |= row["applied"]


def read_adjustments(directory: Path) -> Adjustments:
    """The adjustments of a class; a GradeFault says which line of the log is broken."""
    found = Adjustments(Ledger(ClassFolder(directory).adjustments))
    found.ledger.read(found.take)
    return found


def apply(
    submission: Any, adjustments: Adjustments, most: dict[str, float], before: dict[str, float]
) -> dict[str, float]:
    """Sets a submission's extra points by the adjustments; what of each grade is theirs, by its id.

    `most` is by exercise what the class's source gives for it, `before` what was theirs. The caller makes it last.
    """
    lesson, student = submission.assignment.name, submission.student.id
    shares = {}
    for grade in grades_of(submission):
        exercise = grade.name.removesuffix("_check")
        key = f"{student}/{lesson}/{exercise}"
        ours = before.get(grade.id, adjustments.ours.get(key, 0.0))
        own = (grade.extra_credit or 0.0) - ours
        base = grade.manual_score if grade.manual_score is not None else grade.auto_score or 0.0
        made = adjustments.of(lesson, exercise, student)
        share = 0.0
        if made is not None:
            share = made.target(base, most.get(exercise, grade.max_score)) - base
            share -= 0.0 if made.kind is Kind.FULL else own
        if abs(own + share - (grade.extra_credit or 0.0)) > 1e-9:
            grade.extra_credit = own + share or None
        if share != ours:
            shares[grade.id] = share
    return shares


def grades_of(submission: Any) -> Iterator[Any]:
    """The grades of a submission in the gradebook."""
    for notebook in submission.notebooks:
        yield from notebook.grades


def set_most(cells: Iterable[Any], lesson: str, adjustments: Adjustments, most: dict[str, float]) -> None:
    """Sets what each graded cell of a lesson is worth in the gradebook: nothing where it was dropped."""
    dropped = adjustments.dropped(lesson)
    for cell in cells:
        exercise = cell.name.removesuffix("_check")
        if exercise in most:
            wanted = 0.0 if exercise in dropped else most[exercise]
            if cell.max_score != wanted:
                cell.max_score = wanted
