"""The rows written at once are those that nbgrader's own API writes one by one, cell by cell."""

import itertools
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import BaseCell, Comment, Grade, Gradebook
from sqlalchemy import inspect

from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.gradebook.rows import ToRecord
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.settings import COURSE_ID
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.verdict import Verdict
from autograder.tests.grading import postgres

LESSONS = ("04-softmax", "05-cross-entropy")
TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rows") / "class"
    make_class(made)
    return made


def by_the_api(book: Gradebook, each: ToRecord) -> None:
    """One verdict as nbgrader's own API records it."""
    verdict = each.verdict
    moment = {"timestamp": each.timestamp.isoformat()} if each.timestamp else {}
    book.update_or_create_student(verdict.student)
    submission = book.update_or_create_submission(verdict.lesson, verdict.student, **moment)
    for notebook in submission.notebooks:
        for kind in (Grade, Comment):
            named = book.db.query(kind, BaseCell.name).join(BaseCell, BaseCell.id == kind.cell_id)
            for row, name in named.filter(kind.notebook_id == notebook.id):
                record(row, verdict, name, each.again)
        notebook.late_submission_penalty = None
    book.db.commit()


def record(row: Any, verdict: Verdict, name: str, again: bool) -> None:
    written = verdict.written.get(name)
    if isinstance(row, Comment):
        row.auto_comment = None if written else "No response."
        return
    before, row.auto_score = row.auto_score, verdict.earned.get(name, None if written else 0.0)
    if row.manual_score is None:
        row.needs_manual_grade = row.auto_score is None
    elif not again or before != row.auto_score:
        row.needs_manual_grade = True


def verdicts(masters: dict[str, Master], turn: int) -> list[ToRecord]:
    """Verdicts of many kinds; some students come in one turn only."""
    found = []
    numbers = itertools.count()
    for lesson, master in masters.items():
        for student in ("ada", "ben", "cy" if turn else "dee", "émile"):
            number = next(numbers)
            solutions = [str(cell.grade_id) for cell in master.cells if cell.is_solution]
            verdict = Verdict(student, lesson, "graded", 1)
            verdict.earned = {
                str(cell.grade_id): (number + place + turn) % 3 / 2
                for place, cell in enumerate(master.checks)
            }
            verdict.written = {name: (number + place + turn) % 2 == 0 for place, name in enumerate(solutions)}
            moment = datetime(2026, 3, 1 + number, 12, 30, 15) if (number + turn) % 3 else None
            found.append(ToRecord(verdict, moment, again=number % 2 == 0))
    return found


def by_hand(book: Gradebook) -> None:
    """What a person gives in formgrader, and an extension."""
    for grade in (
        book.db.query(Grade).join(BaseCell).filter(BaseCell.name.in_(("softmax_check", "written_question")))
    ):
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.25, 0.5, False
    for comment in book.db.query(Comment).join(BaseCell).filter(BaseCell.name == "softmax"):
        comment.manual_comment = "well done"
    for notebook in book.find_submission("04-softmax", "ada").notebooks:
        notebook.late_submission_penalty = 2.0
    book.db.commit()


def contents(book: Gradebook) -> dict[str, list[tuple[str, ...]]]:
    """Every row of the tables, with names in place of the ids that are drawn."""
    found: dict[str, list[tuple[str, ...]]] = {}
    names: dict[str, str] = {}
    with book.engine.connect() as connection:
        for table in ("assignment", "notebook", "base_cell"):
            for row in connection.exec_driver_sql(f"select id, name from {table}"):
                names[row[0]] = f"{table} {row[1]}"
        for table in TABLES:
            columns = [column["name"] for column in inspect(book.engine).get_columns(table)]
            rows = connection.exec_driver_sql(f"select {', '.join(columns)} from {table}").all()
            if table in ("submitted_assignment", "submitted_notebook"):
                for row in rows:
                    kept = dict(zip(columns, row, strict=True))
                    of = kept.get("notebook_id"), kept["assignment_id"], kept.get("student_id")
                    names[kept["id"]] = " ".join(names.get(str(each), str(each)) for each in of)
            drawn = {"id"} if table != "student" else set()
            found[table] = sorted(
                tuple(
                    f"{name}={names.get(str(value), value)}"
                    for name, value in zip(columns, row, strict=True)
                    if name not in drawn
                )
                for row in rows
            )
    return found


def test_the_rows_are_nbgraders(folder: Path, tmp_path: Path) -> None:
    compare(folder, [f"sqlite:///{tmp_path / name}.db" for name in ("ours", "theirs")])


@pytest.mark.needs("PostgreSQL")
def test_the_rows_are_nbgraders_in_postgresql(folder: Path) -> None:
    with postgres.server() as ours, postgres.server() as theirs:
        compare(folder, [ClassFolder(folder, url).url for url in (ours, theirs)])


def compare(folder: Path, urls: list[str]) -> None:
    masters = {lesson: read_master(folder, lesson) for lesson in LESSONS}
    books = [ClassGradebook(url) for url in urls]
    for book, (lesson, master) in itertools.product(books, masters.items()):
        book.add_lesson(lesson, nbformat.read(ClassFolder(folder).master(lesson), as_version=4), master)
    ours, theirs = books
    for turn in range(3):
        wanted = verdicts(masters, turn)
        ours.record(wanted)
        ours.commit()
        for each in wanted:
            by_the_api(theirs.book, each)
        assert contents(ours.book) == contents(theirs.book)
        for book in books:
            by_hand(book.book)
    assert len(contents(ours.book)["grade"]) > 50
    for book in books:
        book.close()


def test_nbgraders_own_api_reads_them(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "class"))
    master = read_master(copy, LESSONS[0])
    book = ClassGradebook(ClassFolder(copy).url)
    book.add_lesson(LESSONS[0], nbformat.read(ClassFolder(copy).master(LESSONS[0]), as_version=4), master)
    verdict = Verdict("ada", LESSONS[0], "graded", 1)
    verdict.earned = {str(cell.grade_id): cell.points for cell in master.checks}
    book.record([ToRecord(verdict)])
    book.commit()
    book.close()
    with Gradebook(ClassFolder(copy).url, COURSE_ID) as read:
        submission = read.find_submission(LESSONS[0], "ada")
        assert submission.code_score == sum(cell.points for cell in master.checks)
        assert not submission.needs_manual_grade
