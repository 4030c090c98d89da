"""The class as a table: points by student and lesson, and the status of everything that was not simply graded."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.spreadsheet import harmless
from autograder.grading.run.files import GradingJournal
from autograder.grading.run.grade import Change
from autograder.grading.submission.beside import write_whole
from autograder.grading.submission.sanitise import shown
from autograder.grading.submission.session import GRADED, NOT_GRADED, NOT_SUBMITTED

MOST_ROWS = 40


@dataclass(frozen=True)
class StudentRow:
    """One student in one lesson."""

    student: str
    lesson: str
    status: str
    points: float = 0.0
    seed: int | None = None
    notes: str = ""


def rows(
    journal: GradingJournal,
    students: set[str],
    lessons: list[str],
    failed: dict[tuple[str, str], str] | None = None,
) -> list[StudentRow]:
    """Every student in every lesson, those who handed in nothing too; `failed` says why nothing was kept of some."""
    found = []
    for student in sorted(students):
        for lesson in lessons:
            entry = journal.entries.get((student, lesson))
            if (student, lesson) in (failed or {}):
                found.append(StudentRow(student, lesson, NOT_GRADED, notes=(failed or {})[student, lesson]))
            elif entry is None:
                found.append(StudentRow(student, lesson, NOT_SUBMITTED))
            else:
                points = sum(entry.earned.values())
                found.append(
                    StudentRow(student, lesson, entry.status, points, entry.seed, " ".join(entry.notes))
                )
    return found


def write_csv(directory: Path, found: list[StudentRow]) -> Path:
    """The whole table as CLASS/grading/class.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "lesson", "status", "points of the checks", "seed", "notes"])
    for row in found:
        writer.writerow(
            [
                harmless(shown(row.student)),
                row.lesson,
                row.status,
                f"{row.points:g}",
                row.seed,
                harmless(shown(row.notes)),
            ]
        )
    path = ClassFolder(directory).table
    write_whole(path, text.getvalue())
    return path


def class_table(found: list[StudentRow], lessons: list[str]) -> Table | None:
    """Points by student and lesson; None for a class too large for a screen."""
    students = list(dict.fromkeys(row.student for row in found))
    if len(students) > MOST_ROWS:
        return None
    table = Table(title="Points of the checks", title_justify="left")
    table.add_column("student")
    for lesson in lessons:
        table.add_column(lesson, justify="right", overflow="fold")
    cells = {(row.student, row.lesson): row for row in found}
    for student in students:
        table.add_row(shown(student), *(_cell(cells[student, lesson]) for lesson in lessons))
    return table


def _cell(row: StudentRow) -> str:
    if row.status in (NOT_SUBMITTED, NOT_GRADED):
        return row.status
    return f"{row.points:g}" if row.status == GRADED else f"{row.points:g} ({row.status})"


def odd_table(found: list[StudentRow]) -> Table | None:
    """Every submission that was not simply graded, with the reason; None if there is none."""
    odd = [row for row in found if row.status not in (GRADED, NOT_SUBMITTED)]
    if not odd:
        return None
    table = Table(title="Not simply graded", title_justify="left")
    for name in ("student", "lesson", "status", "points", "why"):
        table.add_column(name, overflow="fold")
    for row in odd[:MOST_ROWS]:
        table.add_row(shown(row.student), row.lesson, row.status, f"{row.points:g}", shown(row.notes))
    if len(odd) > MOST_ROWS:
        table.add_row("...", f"{len(odd) - MOST_ROWS} more", "", "", "in grading/class.csv")
    return table


def counts(found: list[StudentRow]) -> str:
    """How many submissions have which status."""
    return ", ".join(
        f"{count} {status}" for status, count in Counter(row.status for row in found).most_common()
    )


def change_table(changes: list[Change]) -> Table:
    """Whose points change, and why."""
    table = Table(title="Changes", title_justify="left", show_lines=True)
    for name in ("student", "lesson", "before", "after", "why"):
        table.add_column(name, overflow="fold")
    for change in changes:
        before = "none" if change.before is None else f"{change.before:g}"
        table.add_row(
            shown(change.student),
            change.lesson,
            before,
            f"{change.after:g}",
            "\n".join(map(shown, change.why)),
        )
    return table
