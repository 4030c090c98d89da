"""When a lesson is due, for all and for one: CLASS/due.csv, a line each, times in UTC."""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.intake.origins import Origin
from autograder.grading.intake.roster import read_table
from autograder.grading.submission.beside import TIMESTAMP, small, write_whole

HEADER = ("lesson", "student", "due")


class WhenError(GradeFault):
    """A time cannot be read; the message says which, and how to write one."""


def moment(text: str) -> datetime:
    """A time as people write it, in UTC: a date alone means its end, a time without a zone this machine's clock."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WhenError(
            f"{text!r} is no time: write 2026-12-01, 2026-12-01 23:59, or 2026-12-01 23:59+01:00"
        ) from None
    if len(text.strip()) <= 10:
        found = datetime.combine(found.date(), time(23, 59, 59))
    return found.astimezone(UTC)


@dataclass
class DueDates:
    """Due dates by lesson, and by lesson and student where one has more time or less."""

    lessons: dict[str, datetime] = field(default_factory=dict)
    students: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def extension(self, lesson: str, student: str) -> timedelta | None:
        """How much more time a student has than the others; None where it is the same."""
        own, everybody = self.students.get((lesson, student)), self.lessons.get(lesson)
        return own - everybody if own and everybody else None


def read_due(directory: Path) -> DueDates:
    """The due dates of a class; a GradeFault says which line is wrong."""
    found = DueDates()
    path = ClassFolder(directory).due
    if not path.exists():
        return found
    table = read_table(path)
    if tuple(table.header[:3]) != HEADER:
        raise WhenError(f"{path}, line 1: it must be {','.join(HEADER)}")
    for line, row in table.rows:
        lesson, student, when = (table.cell(row, place) for place in range(3))
        try:
            due = moment(when)
        except WhenError as fault:
            raise WhenError(f"{path}, line {line}: {fault}") from None
        if student:
            found.students[lesson, student] = due
        else:
            found.lessons[lesson] = due
    without = sorted({lesson for lesson, _ in found.students} - found.lessons.keys())
    if without:
        raise WhenError(
            f"{path}: {without[0]} is due for a student and not for the others: give it a line of its own"
        )
    return found


def write_due(directory: Path, dates: DueDates) -> Path:
    """Writes CLASS/due.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for lesson, due in sorted(dates.lessons.items()):
        writer.writerow([lesson, "", _written(due)])
        own = sorted((student, when) for (each, student), when in dates.students.items() if each == lesson)
        writer.writerows([lesson, student, _written(when)] for student, when in own)
    path = ClassFolder(directory).due
    write_whole(path, text.getvalue())
    return path


def _written(due: datetime) -> str:
    return due.astimezone(UTC).isoformat(sep=" ", timespec="seconds")


def handed_in_at(folder: Path, record: Origin | None, dates: DueDates) -> datetime | None:
    """When a submission was handed in, in UTC without a zone as nbgrader keeps it; None where nothing tells.

    nbgrader's timestamp.txt tells. Canvas only says that it was late, not how late: it counts as one second.
    """
    known = read_timestamp(folder)
    if known or record is None or not record.late:
        return known
    due = dates.students.get((record.lesson, record.student)) or dates.lessons.get(record.lesson)
    return (due + timedelta(seconds=1)).replace(tzinfo=None) if due else None


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, from nbgrader's timestamp.txt; None where it says nothing."""
    from nbgrader.utils import parse_utc

    data = small(folder / TIMESTAMP)
    text = data.decode("utf-8", "replace").strip()[:200] if data else ""
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError, TypeError):
        return None
