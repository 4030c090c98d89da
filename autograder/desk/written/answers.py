"""A lesson's written questions with everybody's answers, like ones together, and what has been given for them."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import object_session

from autograder.desk.settle import assignment_of, opened
from autograder.desk.written.alike import groups
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.run.renew import kept_notebooks
from autograder.grading.submission.master import read_master

# A manual score and comment, as the gradebook has them.
Pair = tuple[float | None, str]


@dataclass(frozen=True)
class WrittenAnswer:
    """One student's answer; `digest` tells it from another that is handed in later. `given` is what people gave it."""

    student: str
    text: str
    digest: str
    given: Pair = (None, "")


@dataclass
class Question:
    """A written question: its cell's name, what it is worth, and the answers in groups of like ones."""

    cell: str
    points: float
    groups: list[list[WrittenAnswer]] = field(default_factory=list)

    @property
    def alike(self) -> list[list[WrittenAnswer]]:
        """The groups of more than one."""
        return [group for group in self.groups if len(group) > 1]

    @property
    def alone(self) -> list[WrittenAnswer]:
        """The answers that are like no other."""
        return [group[0] for group in self.groups if len(group) == 1]

    @property
    def answers(self) -> dict[str, WrittenAnswer]:
        """The answers by student."""
        return {each.student: each for group in self.groups for each in group}


def questions(group: ClassFolder, lesson: str) -> list[Question]:
    """The written questions of a lesson, with every answer that somebody wrote. A GradeFault says what is missing."""
    cells = [
        cell
        for cell in read_master(group.path, lesson).cells
        if cell.points and cell.is_solution and not cell.exercise
    ]
    if not cells:
        raise GradeFault(f"{lesson} has no written question")
    students = [student for student, _ in kept_notebooks(group.path, [lesson], [])]
    if not students:
        raise GradeFault(f"nothing of {lesson} is graded in {group.path}: `grade` comes first")
    with opened(group) as book:
        rows = rows_of(assignment_of(book, lesson), [str(cell.grade_id) for cell in cells])
        given = {key: pair_of(*each) for key, each in rows.items()}
    texts = {student: _texts(group, student, lesson) for student in students}
    found = []
    for cell in cells:
        name = str(cell.grade_id)
        answers = [
            WrittenAnswer(student, text, digest(text), given.get((student, name), (None, "")))
            for student in students
            if (text := texts[student].get(name, "")).strip() not in ("", cell.source.strip())
        ]
        places = groups([each.text for each in answers])
        found.append(Question(name, cell.points, [[answers[i] for i in each] for each in places]))
    return found


def digest(text: str) -> str:
    """A short hash of an answer."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def rows_of(assignment: Any, cells: list[str]) -> dict[tuple[str, str], tuple[Any, Any]]:
    """The gradebook's grade and comment of every answer in these cells, by student and cell."""
    session = object_session(assignment)
    assert session
    found: dict[tuple[str, str], dict[type, Any]] = {}
    for kind in (Grade, Comment):
        rows = (
            session.query(kind, BaseCell.name, SubmittedAssignment.student_id)
            .join(BaseCell, BaseCell.id == kind.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .filter(SubmittedAssignment.assignment_id == assignment.id, BaseCell.name.in_(cells))
        )
        for row, name, student in rows:
            found.setdefault((student, name), {})[kind] = row
    return {key: (each[Grade], each[Comment]) for key, each in found.items() if len(each) == 2}


def pair_of(grade: Any, comment: Any) -> Pair:
    """What people gave, of a grade and a comment."""
    return grade.manual_score, comment.manual_comment or ""


def _texts(group: ClassFolder, student: str, lesson: str) -> dict[str, str]:
    path = group.graded(student, lesson)
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {
            str(cell["metadata"]["nbgrader"]["grade_id"]): "".join(cell["source"])
            for cell in cells
            if cell["metadata"].get("nbgrader")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise GradeFault(
            f"{path} cannot be read ({type(fault).__name__}): `grade --student {student} --lesson {lesson} --regrade` "
            "writes it anew"
        ) from None
