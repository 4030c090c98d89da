"""The gradebook, as nbgrader keeps it, with one session for a whole class and one writer."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbgrader.api
from alembic.script import ScriptDirectory
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import LockCells, SaveCells
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.grading.errors import GradebookError
from autograder.grading.gradebook import rows
from autograder.grading.gradebook.adjustments import Adjustments, apply, grades_of, set_most
from autograder.grading.gradebook.due import DueDates
from autograder.grading.gradebook.late import LatePenalties
from autograder.grading.gradebook.rows import LessonRows, ToRecord
from autograder.grading.gradebook.shares import read_shares, write_shares
from autograder.grading.intake.roster import Member
from autograder.grading.settings import COURSE_ID, put_environment_on_path
from autograder.grading.submission.master import Master
from autograder.grading.submission.verdict import Given


class ClassGradebook:
    """A class's gradebook, open for writing. `commit` makes what was recorded last."""

    def __init__(self, url: str, config: Config | None = None, directory: Path | str = "CLASS") -> None:
        put_environment_on_path()
        # nbgrader 0.9 under SQLAlchemy 2 warns on every submission; nobody here can do anything about it.
        warnings.filterwarnings("ignore", category=SAWarning)
        self.url, self.directory = url, directory
        self.config = config or Config()
        self._lessons: dict[str, LessonRows] = {}
        # nbgrader starts a whole process to ask this; the answer is in its own files.
        nbgrader.api.get_alembic_version = _newest_schema
        try:
            self.book = Gradebook(url, self.config.CourseDirectory.get("course_id", COURSE_ID))
        except Exception as fault:
            raise GradebookError(
                f"the gradebook {url} cannot be opened: {str(fault).splitlines()[0]}"
            ) from None

    def close(self) -> None:
        """Closes the connection."""
        self.book.close()

    def leave_thread(self) -> None:
        """Gives back what belongs to the thread that opened it, so that another may use it."""
        self.book.db.commit()
        self.book.db.remove()

    def commit(self) -> None:
        """Makes what was recorded last, and forgets the loaded rows, so that memory does not grow."""
        self.book.db.commit()
        self.book.db.expunge_all()

    def add_lesson(
        self, lesson: str, source: NotebookNode, master: Master, dropped_exercises: Iterable[str] = ()
    ) -> None:
        """Puts a lesson with its cells and points into a gradebook that does not have it."""
        try:
            notebook = self.book.find_notebook(lesson, lesson)
        except MissingEntry:
            self.book.update_or_create_assignment(lesson)
            resources: dict[str, Any] = {
                "nbgrader": {"assignment": lesson, "notebook": lesson, "db_url": self.url}
            }
            locked, resources = LockCells().preprocess(source, resources)
            SaveCells(config=self.config).preprocess(locked, resources)
            return
        have = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
        dropped = {f"{name}_check" for name in dropped_exercises}
        wanted = {
            str(cell.grade_id): 0.0 if cell.grade_id in dropped else cell.points for cell in master.checks
        }
        if not wanted.items() <= have.items():
            raise GradebookError(
                f"{lesson}: the gradebook's checks and points are not those of the class folder's source/{lesson}: "
                f"`python3 -m autograder update {self.directory} {lesson}` brings the change in, or restore the source"
            )

    def adjust(
        self, assignment: Assignment, made: Adjustments, most: dict[str, float], student: str | None = None
    ) -> dict[str, float]:
        """Sets what the class's adjustments make of a lesson, for everybody or one; what to give `keep_shares`."""
        for notebook in assignment.notebooks:
            set_most(notebook.grade_cells, assignment.name, made, most)
        self.book.db.flush()
        chosen = [each for each in assignment.submissions if student in (None, each.student.id)]
        shares: dict[str, float] = {}
        for submission in chosen:
            before = read_shares(self.book.db, [grade.id for grade in grades_of(submission)])
            shares |= apply(submission, made, most, before)
        self.book.db.flush()
        return shares

    def keep_shares(self, shares: dict[str, float]) -> None:
        """Remembers what of the extra points is the adjustments', in the transaction that changes them."""
        write_shares(self.book.db, shares)

    def time(self, submission: SubmittedAssignment, dates: DueDates, late: LatePenalties) -> None:
        """Sets what being late costs a submission, by the class's due dates where it has any for the lesson."""
        lesson, student = submission.assignment.name, submission.student.id
        if lesson in dates.lessons:
            submission.assignment.duedate = dates.lessons[lesson].replace(tzinfo=None)
            submission.extension = dates.extension(lesson, student)
        self.book.db.flush()
        seconds = submission.total_seconds_late
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = None
            if seconds > 0:
                self.book.db.refresh(notebook)  # its score is the database's sum
                notebook.late_submission_penalty = late.of(student, lesson, notebook.score, seconds)
        self.book.db.flush()

    @contextmanager
    def _uncommitted(self) -> Iterator[None]:
        """nbgrader makes every single step last; here a whole batch is made last at once."""
        session = self.book.db
        lasting, session.commit = session.commit, session.flush
        try:
            yield
        finally:
            session.commit = lasting

    def scores(self) -> dict[tuple[str, str], dict[str, float | None]]:
        """The points of every check that are recorded, by student and lesson, then by the cell's grade id."""
        rows = (
            self.book.db.query(
                SubmittedAssignment.student_id, Assignment.name, BaseCell.name, Grade.auto_score
            )
            .select_from(Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        )
        found: dict[tuple[str, str], dict[str, float | None]] = {}
        for student, lesson, cell, score in rows:
            found.setdefault((student, lesson), {})[cell] = score
        return found

    def record(self, wanted: Sequence[ToRecord]) -> dict[tuple[str, str], Given]:
        """Records many verdicts, in a transaction that `commit` makes last: see `rows.record`. Tells what the gradebook
        has beyond a verdict, by student and lesson.
        """
        return rows.record(self.book.db, self._lesson, wanted)

    def _lesson(self, name: str) -> LessonRows:
        if name not in self._lessons:
            self._lessons[name] = rows.lesson_rows(self.book.db, name)
        return self._lessons[name]

    def forget(self) -> None:
        """Takes back what was recorded since the last `commit`."""
        self.book.db.rollback()
        self.book.db.expunge_all()

    def given(self, submission: SubmittedAssignment) -> Given:
        """What the gradebook has for a submission, with what people gave."""
        found = Given()
        for notebook in submission.notebooks:
            found.penalty += notebook.late_submission_penalty or 0.0
            for row, name in self._named(Grade, notebook):
                score = row.auto_score if row.manual_score is None else row.manual_score
                found.scores[name] = None if score is None else score + (row.extra_credit or 0)
            for row, name in self._named(Comment, notebook):
                found.comments[name] = row.manual_comment or row.auto_comment or ""
        return found

    def _named(self, kind: type, notebook: SubmittedNotebook) -> list[tuple[Any, str]]:
        query = self.book.db.query(kind, BaseCell.name).join(BaseCell, BaseCell.id == kind.cell_id)  # type: ignore[attr-defined]
        return [(row, name) for row, name in query.filter(kind.notebook_id == notebook.id)]  # type: ignore[attr-defined]

    def set_due(self, dates: DueDates) -> None:
        """Takes the lessons' due dates over from the class folder's."""
        for assignment in self.book.assignments:
            if assignment.name in dates.lessons:
                assignment.duedate = dates.lessons[assignment.name].replace(tzinfo=None)
        self.commit()

    def add_people(self, people: Iterable[Member]) -> None:
        """Puts everybody of the roster into the gradebook, with names, email and Canvas's number."""
        with self._uncommitted():
            for each in people:
                known = {"last_name": each.last, "first_name": each.first, "email": each.email}
                given = {name: value for name, value in known.items() if value}
                if each.canvas:
                    given["lms_user_id"] = each.canvas
                self.book.update_or_create_student(each.id, **given)
        self.commit()

    def students(self) -> set[str]:
        """Every student the gradebook knows."""
        return {student.id for student in self.book.students}


def _newest_schema() -> str:
    """The version of nbgrader's tables, written into a new gradebook."""
    versions = Path(nbgrader.api.__file__).parent / "alembic"
    return str(ScriptDirectory(str(versions)).get_current_head())
