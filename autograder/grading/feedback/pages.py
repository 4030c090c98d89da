"""A student's feedback page: what each answer earned and why, never a hidden case's numbers. No script, no link."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

from autograder.grading.feedback import formulas
from autograder.grading.gradebook.adjustments import Adjustments, Kind
from autograder.grading.gradebook.regrade_requests import Requests
from autograder.grading.submission.master import Master, MasterCell
from autograder.grading.submission.sanitise import shown
from autograder.grading.submission.verdict import Given, Verdict


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
    requests: list[str] = field(default_factory=list)


@functools.cache
def _template() -> jinja2.Template:
    text = Path(__file__).with_name("feedback.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    environment.filters["formulas"] = formulas.shown
    return environment.from_string(text)


def page(
    verdict: Verdict,
    master: Master,
    cells: list[dict[str, Any]],
    given: Given | None = None,
    adjustments: Adjustments | None = None,
    requests: Requests | None = None,
) -> str:
    """A submission's page; `cells` is its graded notebook, `given` what the gradebook has beyond the verdict.

    What an instructor adjusted stands there with the reason; an exercise that was dropped is worth nothing. What the
    student asked to have looked at again stands there with the outcome.
    """
    given = given or Given()
    named = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells if cell["metadata"].get("nbgrader")
    }
    parts = [_part(verdict, cell, named, given) for cell in master.cells if cell.points]
    for part in parts:
        made = adjustments and adjustments.of(verdict.lesson, part.exercise, verdict.student)
        if made:
            part.adjusted = made.sentence
            part.points = 0.0 if made.kind is Kind.DROP else part.points
        part.requests = requests.said(verdict.lesson, part.exercise, verdict.student) if requests else []
    return _template().render(
        lesson=verdict.lesson,
        student=shown(verdict.student),
        status=verdict.status,
        notes=[shown(note) for note in verdict.notes],
        parts=parts,
        most=sum(part.points for part in parts),
        score=sum(part.score or 0 for part in parts) - given.penalty,
        penalty=given.penalty,
        waiting=sum(part.points for part in parts if part.score is None),
    )


def _part(verdict: Verdict, cell: MasterCell, cells: dict[str, dict[str, Any]], given: Given) -> Part:
    name = str(cell.grade_id)
    written = cell.exercise or name
    answer, check = cells.get(written, {}), cells.get(name, {})
    reports = [output["data"]["text/html"] for output in check.get("outputs", []) if "data" in output]
    errors = [output["evalue"] for output in answer.get("outputs", []) if output["output_type"] == "error"]
    said = {each: verdict.comment(each) for each in verdict.written} | given.comments
    return Part(
        name=cell.exercise or name.replace("_", " "),
        points=cell.points,
        score=given.scores.get(name, verdict.score(name)),
        answer=answer.get("source", ""),
        words=answer.get("cell_type") == "markdown",
        report="\n".join(reports),
        comment=said.get(name) or said.get(written) or "",
        errors=errors,
        exercise=name.removesuffix("_check"),
    )
