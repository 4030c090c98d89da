"""`due CLASS LESSON WHEN`: due dates and extensions, and what being late costs those who are graded already."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import MissingEntry

from autograder import course
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.due import DueDates, handed_in_at, read_due, write_due
from autograder.grading.gradebook.late import LatePenalties
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.intake.origins import Origins


@dataclass(frozen=True)
class Moved:
    """A student's score in a lesson before and after a due date was set, and by how many hours they are late."""

    student: str
    before: float
    after: float
    late: float


def changed(group: ClassFolder, lesson: str, students: list[str], due: datetime | None) -> DueDates:
    """The class's due dates with one set, for everybody or those named, or taken away where `due` is None."""
    course.lesson(lesson)
    dates = read_due(group.path)
    everybody: list[str | None] = [None]
    for student in students or everybody:
        _change(dates, lesson, student, due)
    return dates


def _change(dates: DueDates, lesson: str, student: str | None, due: datetime | None) -> None:
    if student is None and due is not None:
        dates.lessons[lesson] = due
    elif student is None:
        dates.lessons.pop(lesson, None)
        dates.students = {key: when for key, when in dates.students.items() if key[0] != lesson}
    elif lesson not in dates.lessons:
        raise GradeFault(f"{lesson} is due at no time yet: say when for everybody first, without --student")
    elif due is not None:
        dates.students[lesson, student] = due
    else:
        dates.students.pop((lesson, student), None)


def apply(group: ClassFolder, lesson: str, dates: DueDates, dry_run: bool) -> list[Moved]:
    """Writes the due dates, and sets what lateness costs in the gradebook; whose score changes. No code runs."""
    late = LatePenalties(group.config(), group.path)
    if dry_run:
        return _penalties(group, lesson, dates, late, dry_run)
    with group.held():
        write_due(group.path, dates)
        return _penalties(group, lesson, dates, late, dry_run)


def _penalties(
    group: ClassFolder, lesson: str, dates: DueDates, late: LatePenalties, dry_run: bool
) -> list[Moved]:
    if group.db is None and not group.gradebook.exists():
        return []
    book = ClassGradebook(group.url, group.config())
    try:
        moved = _apply(book, group, lesson, dates, late)
        if dry_run:
            book.book.db.rollback()
        else:
            book.commit()
    finally:
        book.close()
    return moved


def _apply(
    book: ClassGradebook, group: ClassFolder, lesson: str, dates: DueDates, late: LatePenalties
) -> list[Moved]:
    try:
        assignment = book.book.find_assignment(lesson)
    except MissingEntry:
        return []
    due = dates.lessons.get(lesson)
    assignment.duedate = due.astimezone(UTC).replace(tzinfo=None) if due else None
    origins, moved = Origins(group.path), []
    for submission in assignment.submissions:
        student = submission.student.id
        before = _score(submission)
        folder = group.handed_in(student, lesson)
        submission.timestamp = handed_in_at(folder, origins.of.get((student, lesson)), dates) or (
            submission.timestamp if not folder.exists() else None
        )
        if due is None:
            submission.extension = None
        book.time(submission, dates, late)
        after, hours = _score(submission), submission.total_seconds_late / 3600
        if abs(after - before) > 1e-9:
            moved.append(Moved(student, before, after, hours))
    return moved


def _score(submission: object) -> float:
    return sum(
        notebook.score - (notebook.late_submission_penalty or 0)
        for notebook in submission.notebooks  # type: ignore[attr-defined]
    )
