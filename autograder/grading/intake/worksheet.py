"""Moodle's grading worksheet of an assignment: who each number is, and when they handed in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.grading.errors import RosterError
from autograder.grading.intake.roster import CsvTable, read_table

PARTICIPANT = re.compile(r"\D*(\d+)\s*")
# Moodle's date in English: "Tuesday, 30 January 2024, 11:59 PM".
FORMS = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%A, %B %d, %Y, %I:%M %p", "%d %B %Y, %I:%M %p")
NOTHING = ("", "-")


@dataclass(frozen=True)
class Participant:
    """One row: the name, the email, the id number, and when it was handed in, if it was."""

    name: str
    email: str = ""
    id: str = ""
    time: datetime | None = None


def is_worksheet(table: CsvTable) -> bool:
    """Whether a table is such a worksheet."""
    return table.column("identifier") is not None and table.column("full name", "grade") is not None


def read_worksheet(path: Path) -> dict[str, Participant]:
    """The rows of a worksheet by their number; a RosterError says what is wrong.

    Moodle writes times as the clock of whoever downloads the file shows them; they are read as this machine's.
    """
    table = read_table(path)
    if not is_worksheet(table):
        raise RosterError(
            f"{path}, line 1: it is no grading worksheet of Moodle's in English: it needs Identifier and Full name"
        )
    ident, name = table.column("identifier"), table.column("full name")
    email, number = table.column("email address"), table.column("id number", "username")
    time = table.column("last modified (submission)")
    found = {}
    for line, row in table.rows:
        participant = PARTICIPANT.fullmatch(table.cell(row, ident))
        if participant is None:
            raise RosterError(
                f"{path}, line {line}: {table.cell(row, ident)!r} is no number of a participant"
            )
        found[participant[1]] = Participant(
            table.cell(row, name),
            table.cell(row, email),
            table.cell(row, number),
            _time(table.cell(row, time), f"{path}, line {line}"),
        )
    return found


def _time(text: str, where: str) -> datetime | None:
    if text in NOTHING:
        return None
    plain = " ".join(text.replace("\u202f", " ").split())
    for form in FORMS:
        try:
            return datetime.strptime(plain, form).astimezone(UTC)
        except ValueError:
            continue
    raise RosterError(
        f"{where}: {text!r} is no date in Moodle's English form: set Moodle's language to English"
    )
