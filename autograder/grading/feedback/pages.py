"""A student's feedback page: what each answer earned and why, never a hidden case's numbers. No script, no link."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from nbgrader.api import BaseCell, Comment, Gradebook, GradeCell, SubmittedAssignment
from nbgrader.api import Grade as GradeRow

from autograder.grading.feedback import formulas
from autograder.grading.gradebook.adjustments import Adjustments, Kind
from autograder.grading.submission.master import Master
from autograder.grading.submission.verdict import Verdict


@dataclass
class Part:
    """One graded cell on the page. `score` is None where a person has still to give it; `report` is our own HTML.

    `words` is whether the answer is text, with formulas, and no code.
    """

    name: str
    points: float
    score: float | None = None
    answer: str = ""
    words: bool = False
    report: str = ""
    comment: str = ""
    errors: list[str] = field(default_factory=list)
    exercise: str = ""
    adjusted: str = ""


@functools.cache
def _template() -> jinja2.Template:
    text = Path(__file__).with_name("feedback.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    environment.filters["formulas"] = formulas.shown
    return environment.from_string(text)


def page(
    verdict: Verdict,
    master: Master,
    book: Gradebook,
    submission: SubmittedAssignment,
    adjustments: Adjustments | None = None,
) -> str:
    """The page for a submission that is in the gradebook, with scores and comments that people gave.

    What an instructor adjusted stands there with the reason; an exercise that was dropped is worth nothing.
    """
    rows = _rows(book, submission)
    cells = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in verdict.cells
        if cell["metadata"].get("nbgrader")
    }
    parts = [
        _part(cell.grade_id, cell.exercise, cell.points, cells, rows) for cell in master.cells if cell.points
    ]
    for part in parts:
        made = adjustments and adjustments.of(verdict.lesson, part.exercise, verdict.student)
        if made:
            part.adjusted = made.sentence
            part.points = 0.0 if made.kind is Kind.DROP else part.points
    penalty = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
    return _template().render(
        lesson=verdict.lesson,
        student=verdict.student,
        status=verdict.status,
        notes=verdict.notes,
        parts=parts,
        most=sum(part.points for part in parts),
        score=sum(part.score or 0 for part in parts) - penalty,
        penalty=penalty,
        waiting=sum(part.points for part in parts if part.score is None),
    )


def _rows(book: Gradebook, submission: SubmittedAssignment) -> dict[str, tuple[float | None, str]]:
    """Score and comment by the cell's grade id; a comment stands at the cell that was written in."""
    found: dict[str, tuple[float | None, str]] = {}
    for notebook in submission.notebooks:
        scores = book.db.query(GradeRow, GradeCell.name).join(GradeCell, GradeCell.id == GradeRow.cell_id)
        for grade, name in scores.filter(GradeRow.notebook_id == notebook.id):
            given = grade.manual_score if grade.manual_score is not None else grade.auto_score
            found[name] = (given if given is None else given + (grade.extra_credit or 0), "")
        comments = book.db.query(Comment.manual_comment, Comment.auto_comment, BaseCell.name)
        comments = comments.join(BaseCell, BaseCell.id == Comment.cell_id)
        for manual, auto, name in comments.filter(Comment.notebook_id == notebook.id):
            found[name] = (found.get(name, (None, ""))[0], manual or auto or "")
    return found


def _part(
    grade_id: str | None,
    exercise: str | None,
    points: float,
    cells: dict[str, dict[str, Any]],
    rows: dict[str, tuple[float | None, str]],
) -> Part:
    name = str(grade_id)
    answer = cells.get(exercise or name, {})
    shown = cells.get(name, {})
    reports = [output["data"]["text/html"] for output in shown.get("outputs", []) if "data" in output]
    errors = [output["evalue"] for output in answer.get("outputs", []) if output["output_type"] == "error"]
    score, comment = rows.get(name, (None, ""))
    return Part(
        name=exercise or name.replace("_", " "),
        points=points,
        score=score,
        answer=answer.get("source", ""),
        words=answer.get("cell_type") == "markdown",
        report="\n".join(reports),
        comment=comment or rows.get(exercise or "", (None, ""))[1],
        errors=errors,
        exercise=name.removesuffix("_check"),
    )
