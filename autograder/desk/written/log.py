"""What was given for written answers by the page's file: the rubric, and for each answer what was before and after."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.desk.written.answers import Pair
from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.ledger import Ledger


@dataclass
class WrittenLog:
    """The log of one lesson: the last rubric by cell, and by student and cell the last row."""

    ledger: Ledger
    lesson: str
    rubric: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    given: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def take(self, row: dict[str, Any]) -> None:
        """Takes a line of the log."""
        if row["lesson"] == self.lesson:
            self.rubric |= row["rubric"]
            self.given |= {(each["student"], each["cell"]): each for each in row["given"]}

    def is_ours(self, student: str, cell: str, pair: Pair) -> bool:
        """Whether this score and comment came from here, or were told to give way; what a power cut broke off is."""
        row = self.given.get((student, cell))
        return row is not None and pair in (_pair(row["before"]), _pair(row["after"]))


def _pair(row: list[Any]) -> Pair:
    return (None if row[0] is None else float(row[0])), str(row[1])


def read_log(directory: Path, lesson: str) -> WrittenLog:
    """The log of a lesson's written answers; a GradeFault says which line is broken."""
    found = WrittenLog(Ledger(ClassFolder(directory).written), lesson)
    found.ledger.read(found.take)
    return found
