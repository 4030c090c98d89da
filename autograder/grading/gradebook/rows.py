"""Many verdicts written into nbgrader's tables at once: a few statements a batch, where its own API takes one a row.

The rows are those that `nbgrader.api.Gradebook` would write, cell by cell: a test compares them.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from autograder.grading.submission.verdict import Given, Verdict

STUDENT, SUBMISSION, NOTEBOOK = Student.__table__, SubmittedAssignment.__table__, SubmittedNotebook.__table__
GRADE, COMMENT, CELL = Grade.__table__, Comment.__table__, BaseCell.__table__
# The kinds of cells that a person or a check gives points to, and those that a comment is written to.
GRADED, COMMENTED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")


@dataclass(frozen=True)
class ToRecord:
    """A verdict, when its submission was handed in, and whether the very same files are graded again.

    Where the class folder has due dates for the lesson it is `dated`, and `extension` is the student's own.
    """

    verdict: Verdict
    timestamp: datetime | None = None
    again: bool = False
    dated: bool = False
    extension: timedelta | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Student and lesson."""
        return self.verdict.student, self.verdict.lesson


@dataclass(frozen=True)
class LessonRows:
    """A lesson's own rows: the assignment's id, when it is due, and by notebook the names of its cells by their ids."""

    id: str
    due: datetime | None
    graded: dict[str, dict[str, str]]
    commented: dict[str, dict[str, str]]


def lesson_rows(session: Session, lesson: str) -> LessonRows:
    """The rows of a lesson that is in the gradebook."""
    id, due = session.execute(
        select(Assignment.id, Assignment.duedate).where(Assignment.name == lesson)
    ).one()
    found = session.execute(
        select(Notebook.id, CELL.c.id, CELL.c.name, CELL.c.type)
        .select_from(Notebook)
        .outerjoin(CELL, CELL.c.notebook_id == Notebook.id)
        .where(Notebook.assignment_id == id)
    )
    graded: dict[str, dict[str, str]] = {}
    commented: dict[str, dict[str, str]] = {}
    for notebook, cell, name, kind in found:
        for names, kinds in ((graded, GRADED), (commented, COMMENTED)):
            of_notebook = names.setdefault(notebook, {})
            if kind in kinds:
                of_notebook[cell] = name
    return LessonRows(id, due, graded, commented)


def record(
    session: Session, lesson: Callable[[str], LessonRows], wanted: Sequence[ToRecord]
) -> dict[tuple[str, str], Given]:
    """Records the verdicts: points of the checks, and which answers wait for a person.

    Manual scores and comments that are there already stay. A cell with a manual score is to be looked at anew if its
    own points changed or something new was handed in.
    """
    _add_students(session, {each.verdict.student for each in wanted})
    have = _submissions(session, lesson, wanted)
    new: list[ToRecord] = []
    old: list[ToRecord] = []
    for each in wanted:
        (old if each.key in have else new).append(each)
    given = {
        each.key: Given(late=_late(lesson(each.verdict.lesson), each.timestamp, each.extension))
        for each in new
    }
    _insert(session, lesson, new)
    return given | _update(session, lesson, old, have)


def _add_students(session: Session, students: set[str]) -> None:
    known = set(session.scalars(select(STUDENT.c.id).where(STUDENT.c.id.in_(students))))
    _execute(session, insert(STUDENT), [{"id": student} for student in sorted(students - known)])


def _execute(session: Session, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(statement, rows)


def _submissions(
    session: Session, lesson: Callable[[str], LessonRows], wanted: Sequence[ToRecord]
) -> dict[tuple[str, str], Any]:
    """The rows of those that are there already."""
    names = {lesson(each.verdict.lesson).id: each.verdict.lesson for each in wanted}
    found = session.execute(
        select(
            *(SUBMISSION.c[name] for name in ("id", "student_id", "assignment_id", "timestamp", "extension"))
        )
        .where(SUBMISSION.c.student_id.in_({each.verdict.student for each in wanted}))
        .where(SUBMISSION.c.assignment_id.in_(names))
    )
    return {(row.student_id, names[row.assignment_id]): row for row in found}


def _late(lesson: LessonRows, timestamp: datetime | None, extension: timedelta | None) -> bool:
    if timestamp is None or lesson.due is None:
        return False
    return timestamp > lesson.due + (extension or timedelta())


def _insert(session: Session, lesson: Callable[[str], LessonRows], new: Sequence[ToRecord]) -> None:
    """Submissions that the gradebook does not have."""
    rows: dict[Table, list[dict[str, Any]]] = {SUBMISSION: [], NOTEBOOK: [], GRADE: [], COMMENT: []}
    for each in new:
        verdict, plan = each.verdict, lesson(each.verdict.lesson)
        submission = {"id": new_uuid(), "assignment_id": plan.id, "student_id": verdict.student}
        rows[SUBMISSION].append(submission | {"timestamp": each.timestamp, "extension": each.extension})
        for notebook in plan.graded:
            mine = new_uuid()
            rows[NOTEBOOK].append(
                {"id": mine, "assignment_id": submission["id"], "notebook_id": notebook, "flagged": False}
            )
            for cell, name in plan.graded[notebook].items():
                points = verdict.score(name)
                row = {"id": new_uuid(), "cell_id": cell, "notebook_id": mine, "auto_score": points}
                rows[GRADE].append(row | {"needs_manual_grade": points is None})
            for cell, name in plan.commented[notebook].items():
                row = {"id": new_uuid(), "cell_id": cell, "notebook_id": mine}
                rows[COMMENT].append(row | {"auto_comment": verdict.comment(name)})
    for table, those in rows.items():
        _execute(session, insert(table), those)


def _update(
    session: Session,
    lesson: Callable[[str], LessonRows],
    old: Sequence[ToRecord],
    have: dict[tuple[str, str], Any],
) -> dict[tuple[str, str], Given]:
    """Submissions that the gradebook has; tells what people gave them."""
    if not old:
        return {}
    of = {have[each.key].id: each for each in old}
    given = {}
    for each in of.values():
        row = have[each.key]
        plan, timestamp = lesson(each.verdict.lesson), each.timestamp or row.timestamp
        extension = each.extension if each.dated else row.extension
        given[each.key] = Given(late=_late(plan, timestamp, extension))
    handed_in = [{"key": key, "at": each.timestamp} for key, each in of.items() if each.timestamp]
    _execute(session, _change(SUBMISSION, timestamp="at"), handed_in)
    more_time = [{"key": key, "more": each.extension} for key, each in of.items() if each.dated]
    _execute(session, _change(SUBMISSION, extension="more"), more_time)
    no_penalty = update(NOTEBOOK).where(NOTEBOOK.c.assignment_id.in_(of)).values(late_submission_penalty=None)
    session.connection().execute(no_penalty)
    _update_grades(session, of, given)
    _update_comments(session, of, given)
    return given


def _change(table: Table, **columns: str) -> Any:
    """An update of these columns, to the parameters named, of the row whose id is the parameter `key`."""
    named: dict[str, Any] = {column: bindparam(parameter) for column, parameter in columns.items()}
    return update(table).where(table.c.id == bindparam("key")).values(**named)


def _of(session: Session, table: Table, of: dict[str, ToRecord], *columns: str) -> Any:
    """Rows of a table for these submissions: the submission's id, the row's, the cell's name, then the columns."""
    return session.execute(
        select(NOTEBOOK.c.assignment_id, table.c.id, CELL.c.name, *(table.c[name] for name in columns))
        .select_from(table)
        .join(NOTEBOOK, NOTEBOOK.c.id == table.c.notebook_id)
        .join(CELL, CELL.c.id == table.c.cell_id)
        .where(NOTEBOOK.c.assignment_id.in_(of))
    )


def _update_grades(session: Session, of: dict[str, ToRecord], given: dict[tuple[str, str], Given]) -> None:
    changed = []
    columns = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
    for submission, key, name, before, manual, extra, waits in _of(session, GRADE, of, *columns):
        each = of[submission]
        points = each.verdict.score(name)
        if manual is None:
            waits = points is None
        elif not each.again or before != points:
            waits = True
        changed.append({"key": key, "points": points, "waits": waits})
        score = points if manual is None else manual
        given[each.key].scores[name] = None if score is None else score + (extra or 0)
    _execute(session, _change(GRADE, auto_score="points", needs_manual_grade="waits"), changed)


def _update_comments(session: Session, of: dict[str, ToRecord], given: dict[tuple[str, str], Given]) -> None:
    changed = defaultdict(list)
    for submission, key, name, manual in _of(session, COMMENT, of, "manual_comment"):
        each = of[submission]
        auto = each.verdict.comment(name)
        changed["all"].append({"key": key, "auto": auto})
        given[each.key].comments[name] = manual or auto or ""
    _execute(session, _change(COMMENT, auto_comment="auto"), changed["all"])
