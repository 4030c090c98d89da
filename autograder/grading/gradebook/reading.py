"""What a gradebook holds, read in a few queries and never written to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from autograder import bank
from autograder.grading.errors import GradebookError
from autograder.grading.gradebook.shares import read_shares


@dataclass(frozen=True)
class Person:
    """A student, as the gradebook knows one; `lms` is the number an LMS has for them, and may be empty."""

    id: str
    last: str
    first: str
    email: str
    lms: str

    @property
    def name(self) -> str:
        """Last name, first name, as Canvas sorts them; the id where the gradebook has no name."""
        return ", ".join(part for part in (self.last, self.first) if part) or self.id


@dataclass
class GradedSubmission:
    """One student's points in one lesson, by exercise; what waits for a person; the penalty; hours late.

    `adjusted` is what of the points is there because of an adjustment.
    """

    points: dict[str, float] = field(default_factory=dict)
    adjusted: dict[str, float] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    penalty: float = 0.0
    late: float = 0.0

    @property
    def score(self) -> float:
        """The points in all, less the penalty for being late, never below 0."""
        return max(0.0, sum(self.points.values()) - self.penalty)


@dataclass
class Grades:
    """A class: its people, the most points by lesson and exercise, and the submissions by student and lesson."""

    people: list[Person]
    lessons: dict[str, dict[str, float]]
    submissions: dict[tuple[str, str], GradedSubmission]

    def most(self, lesson: str) -> float:
        """The points that can be had in a lesson."""
        return sum(self.lessons[lesson].values())


def read_grades(url: str, lesson: str | None = None) -> Grades:
    """The grades in the gradebook at a database URL; of one lesson only, if it is named.

    A GradebookError says that there is none, or that it does not have the lesson.
    """
    try:
        place = make_url(url)
        if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
            raise GradebookError(f"there is no gradebook {place.database}: grade something first")
        with Session(create_engine(place)) as session:
            found = Grades(_people(session), _lessons(session), _submissions(session))
            _add_points(session, found)
    except ArgumentError as fault:
        raise GradebookError(f"{url!r} is no database URL, as sqlite:///gradebook.db is one") from fault
    except SQLAlchemyError as fault:
        where = place.render_as_string(hide_password=True)
        why = str(getattr(fault, "orig", None) or fault).splitlines()[0]
        raise GradebookError(f"{where} cannot be read as a gradebook ({why})") from fault
    except ImportError as fault:
        raise GradebookError(f"the driver of this database is not installed ({fault})") from fault
    if lesson is not None:
        if lesson not in found.lessons:
            raise GradebookError(
                f"the gradebook has no {lesson}; it has: {', '.join(found.lessons) or 'nothing'}"
            )
        found.lessons = {lesson: found.lessons[lesson]}
    return found


def _people(session: Session) -> list[Person]:
    columns = (Student.id, Student.last_name, Student.first_name, Student.email, Student.lms_user_id)
    people = [Person(*(value or "" for value in row)) for row in session.execute(select(*columns))]
    return sorted(people, key=lambda person: (person.name.casefold(), person.id))


def _lessons(session: Session) -> dict[str, dict[str, float]]:
    """The most points by assignment and exercise, both in the course's order."""
    found: dict[str, dict[str, float]] = {
        name: {} for (name,) in session.execute(select(Assignment.name).order_by(Assignment.name))
    }
    for kind in (GradeCell, TaskCell):
        rows = session.execute(
            select(Assignment.name, Notebook.name, kind.name, kind.max_score)
            .select_from(kind)
            .join(Notebook, kind.notebook_id == Notebook.id)
            .join(Assignment, Notebook.assignment_id == Assignment.id)
        )
        for assignment, notebook, cell, most in rows:
            found[assignment][_exercise(assignment, notebook, cell)] = most
    return {name: dict(sorted(cells.items(), key=_place(name))) for name, cells in found.items()}


def _place(lesson: str) -> Callable[[tuple[str, float]], tuple[int, str]]:
    try:
        names = [exercise.name for exercise in bank.of_lesson(lesson)]
    except ValueError:  # an assignment that is none of the course's
        names = []
    return lambda item: (names.index(item[0]) if item[0] in names else len(names), item[0])


def _exercise(assignment: str, notebook: str, cell: str) -> str:
    """An exercise's name for its check cell's; the cell's own otherwise. A further notebook's name stands before."""
    name = cell.removesuffix("_check")
    return name if notebook == assignment else f"{notebook} {name}"


def _submissions(session: Session) -> dict[tuple[str, str], GradedSubmission]:
    rows = session.execute(
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        ).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    return {(who, lesson): GradedSubmission(late=_hours_late(*times)) for who, lesson, *times in rows}


def _hours_late(handed_in: datetime | None, extension: timedelta | None, due: datetime | None) -> float:
    if handed_in is None or due is None:
        return 0.0
    return max(0.0, (handed_in - due - (extension or timedelta())).total_seconds() / 3600)


def _add_points(session: Session, found: Grades) -> None:
    notebooks = (
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            Notebook.name,
            SubmittedNotebook.late_submission_penalty,
            SubmittedNotebook.id,
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
    )
    of_notebook = {}
    for who, lesson, notebook, penalty, key in session.execute(notebooks):
        of_notebook[key] = (lesson, notebook, found.submissions[who, lesson])
        found.submissions[who, lesson].penalty += penalty or 0.0
    shares = read_shares(session)
    grades = select(Grade.id, Grade.notebook_id, BaseCell.name, Grade.score, Grade.needs_manual_grade)
    for grade, key, cell, score, by_hand in session.execute(
        grades.join(BaseCell, Grade.cell_id == BaseCell.id)
    ):
        lesson, notebook, submission = of_notebook[key]
        name = _exercise(lesson, notebook, cell)
        submission.points[name] = score
        if grade in shares:
            submission.adjusted[name] = shares[grade]
        if by_hand:
            submission.waiting.append(name)
