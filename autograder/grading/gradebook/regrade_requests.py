"""What students asked to have looked at again, and what came of it: a log in the class folder, reversible."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.ledger import Ledger, now


class RequestOutcome(StrEnum):
    """What came of a request."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Request:
    """One request: who asks, about which exercise, and what they say."""

    number: int
    lesson: str
    exercise: str
    student: str
    says: str
    when: str


@dataclass(frozen=True)
class Decision:
    """What came of a request and why; `adjustment` is the number of the one that gives the points, if there is one."""

    outcome: RequestOutcome
    reason: str
    when: str
    adjustment: int | None = None


@dataclass
class Requests:
    """The requests of a class, in the order in which they came, and the decisions that hold, by number."""

    ledger: Ledger
    all: list[Request] = field(default_factory=list)
    decided: dict[int, Decision] = field(default_factory=dict)

    def take(self, row: dict[str, Any]) -> None:
        """Takes a line of the log."""
        if "asked" in row:
            self.all.append(Request(**row["asked"]))
        elif "decided" in row:
            made = row["decision"]
            self.decided[int(row["decided"])] = Decision(
                **(made | {"outcome": RequestOutcome(made["outcome"])})
            )
        else:
            self.decided.pop(int(row["opened"]), None)

    def ask(self, made: Request) -> None:
        """Puts one more into the log."""
        self.ledger.add({"asked": asdict(made)})
        self.all.append(made)

    def decide(self, number: int, made: Decision) -> None:
        """Puts an outcome into the log."""
        self.ledger.add({"decided": number, "decision": asdict(made)})
        self.decided[number] = made

    def reopen(self, number: int, reason: str) -> None:
        """Takes an outcome back; it stays in the log."""
        self.ledger.add({"opened": number, "reason": reason, "when": now()})
        self.decided.pop(number, None)

    def said(self, lesson: str, exercise: str, student: str) -> list[str]:
        """What a student's page says of their requests: one sentence or two for each that was not withdrawn."""
        found = []
        for each in self.all:
            made = self.decided.get(each.number)
            mine = (each.lesson, each.exercise, each.student) == (lesson, exercise, student)
            if mine and (made is None or made.outcome is not RequestOutcome.WITHDRAWN):
                came = f"{made.outcome.capitalize()}: {made.reason}" if made else "It waits for an answer."
                found.append(f"You asked to have this looked at again: {each.says} {came}")
        return found


def read_requests(directory: Path) -> Requests:
    """The requests of a class; a GradeFault says which line of the log is broken."""
    found = Requests(Ledger(ClassFolder(directory).requests))
    found.ledger.read(found.take)
    return found
