"""A gradebook of two lessons and five students, made once and copied, for the tests of what leaves it."""

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import Gradebook

from autograder import bank
from autograder.grading.gradebook.export import Export, Wishes, write
from autograder.grading.settings import put_environment_on_path

SOFTMAX, ACTIVATIONS = "04-softmax", "03-activations"
# nbgrader calls `alembic` when it makes a gradebook.
put_environment_on_path()
DUE = datetime(2024, 1, 31, 12)
# Also what waits for a person.
ALL = Wishes(waiting=True)
# As Canvas exports its gradebook.
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,04 Softmax (4711),Homework 3: 03-activations (4712),Other (1),Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,19.00,100.00,5,(read only)
"Lovelace, Ada",12345,,ada@example.org,S1,,,3,88
"O'Brien, Bob",222,Bob_O_Brien,,S1,5,6,,
"=evil()",777,,,S1,,,,
"Nine, N",999,,login9,S1,9,N/A,,
"Student, Test",5,,,S1,,,,
"""


def hand_in(book: Gradebook, lesson: str, student: str, points: dict[str, float], hours: float = 0) -> None:
    """A submission with these points in these exercises and nothing in the others; the written question waits."""
    book.add_submission(lesson, student, timestamp=DUE + timedelta(hours=hours))
    for exercise in bank.of_lesson(lesson):
        grade = book.find_grade(f"{exercise.name}_check", lesson, lesson, student)
        grade.auto_score, grade.needs_manual_grade = points.get(exercise.name, 0.0), False
    written = book.find_grade("written_question", lesson, lesson, student)
    if "written_question" in points:
        written.manual_score, written.needs_manual_grade = points["written_question"], False
    book.db.commit()


def copied(empty: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copy(empty, folder / 'gradebook.db')}"


def fill(url: str) -> None:
    """Two lessons, and five students with names and numbers of every kind."""
    with Gradebook(url) as book:
        for lesson in (SOFTMAX, ACTIVATIONS):
            book.add_assignment(lesson, duedate=DUE)
            book.add_notebook(lesson, lesson)
            for exercise in bank.of_lesson(lesson):
                book.add_solution_cell(exercise.name, lesson, lesson)
                name = f"{exercise.name}_check"
                book.add_grade_cell(name, lesson, lesson, max_score=exercise.points, cell_type="code")
            book.add_grade_cell("written_question", lesson, lesson, max_score=2, cell_type="markdown")
            book.add_solution_cell("written_question", lesson, lesson)
        book.add_student("lovelaceada_12345", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        book.add_student("Bob_O_Brien", first_name="Bob")
        book.add_student("evil", last_name='=HYPERLINK("http://evil")', first_name="+1", lms_user_id="777")
        book.add_student("idle")
        book.add_student("login9", lms_user_id="999")
        hand_in(
            book, SOFTMAX, "lovelaceada_12345", {"softmax": 4, "shift_logits": 1.25, "written_question": 2}
        )
        hand_in(book, ACTIVATIONS, "lovelaceada_12345", {"sigmoid": 1 / 3}, hours=36)
        hand_in(book, SOFTMAX, "Bob_O_Brien", {"softmax": 3})
        hand_in(book, SOFTMAX, "evil", {})
        hand_in(book, SOFTMAX, "login9", {"softmax": 2.5, "written_question": 1})
        book.find_submission_notebook(SOFTMAX, SOFTMAX, "login9").late_submission_penalty = 1.5
        book.find_submission_notebook(SOFTMAX, SOFTMAX, "Bob_O_Brien").late_submission_penalty = 100
        book.db.commit()


def dicts(made: Export) -> list[dict[str, str]]:
    return [dict(zip(made.rows[0], row, strict=True)) for row in made.rows[1:]]


def written(made: Export, path: Path) -> list[list[str]]:
    write(made, path)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def template(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
