"""The gradebook, as nbgrader keeps it, with one session for a whole class and one writer."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
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
from autograder.grading.gradebook.adjustments import Adjustments, apply, set_most
from autograder.grading.gradebook.due import DueDates
from autograder.grading.gradebook.late import LatePenalties
from autograder.grading.intake.roster import Member
from autograder.grading.settings import COURSE_ID, put_environment_on_path
from autograder.grading.submission.master import Master
from autograder.grading.submission.verdict import Verdict


class ClassGradebook:
    """A class's gradebook, open for writing. `commit` makes what was recorded last."""

    def __init__(self, url: str, config: Config | None = None, directory: Path | str = "CLASS") -> None:
        put_environment_on_path()
        # nbgrader 0.9 under SQLAlchemy 2 warns on every submission; nobody here can do anything about it.
        warnings.filterwarnings("ignore", category=SAWarning)
        self.url, self.directory = url, directory
        self.config = config or Config()
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

    def record(self, verdict: Verdict, timestamp: datetime | None, again: bool) -> SubmittedAssignment:
        """Records one verdict: points of the checks, and which answers wait for a person.

        Manual scores and comments that are there already stay. A cell with a manual score is to be looked at anew if
        its own points changed or something new was handed in; `again` says that the same files are graded again.
        """
        moment = {"timestamp": timestamp.isoformat()} if timestamp else {}
        with self._uncommitted():
            self.book.update_or_create_student(verdict.student)
            submission = self.book.update_or_create_submission(verdict.lesson, verdict.student, **moment)
        for notebook in submission.notebooks:
            for grade, name in self._named(Grade, notebook):
                before, grade.auto_score = grade.auto_score, self._points(verdict, name)
                if grade.manual_score is None:
                    grade.needs_manual_grade = grade.auto_score is None
                elif not again or before != grade.auto_score:
                    grade.needs_manual_grade = True
            for comment, name in self._named(Comment, notebook):
                comment.auto_comment = None if verdict.written.get(name) else "No response."
            notebook.late_submission_penalty = None
        self.book.db.flush()
        return submission

    @staticmethod
    def _points(verdict: Verdict, name: str) -> float | None:
        """A check's points; of a question for a person 0 if nothing was written, else None: it waits."""
        if name in verdict.earned:
            return verdict.earned[name]
        return None if verdict.written.get(name) else 0.0

    @contextmanager
    def _uncommitted(self) -> Iterator[None]:
        """nbgrader makes every single step last; here a whole batch is made last at once."""
        session = self.book.db
        lasting, session.commit = session.commit, session.flush
        try:
            yield
        finally:
            session.commit = lasting

    def adjust(
        self, assignment: Assignment, made: Adjustments, most: dict[str, float], student: str | None = None
    ) -> dict[str, float]:
        """Sets what the class's adjustments make of a lesson, for everybody or one: for `Adjustments.applied`."""
        for notebook in assignment.notebooks:
            set_most(notebook.grade_cells, assignment.name, made, most)
        self.book.db.flush()
        shares: dict[str, float] = {}
        for submission in assignment.submissions:
            if student in (None, submission.student.id):
                shares |= apply(submission, made, most)
        self.book.db.flush()
        return shares

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

    def _named(self, kind: type, notebook: SubmittedNotebook) -> list[tuple[Any, str]]:
        query = self.book.db.query(kind, BaseCell.name).join(BaseCell, BaseCell.id == kind.cell_id)  # type: ignore[attr-defined]
        return [(row, name) for row, name in query.filter(kind.notebook_id == notebook.id)]  # type: ignore[attr-defined]


def _newest_schema() -> str:
    """The version of nbgrader's tables, written into a new gradebook."""
    versions = Path(nbgrader.api.__file__).parent / "alembic"
    return str(ScriptDirectory(str(versions)).get_current_head())
