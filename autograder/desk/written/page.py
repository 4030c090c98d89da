"""The page of a lesson's written answers: one file, offline, which saves what was given as another."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.desk.written.answers import Question, questions
from autograder.desk.written.log import WrittenLog, read_log
from autograder.desk.written.saved import KIND
from autograder.grading.class_folder import ClassFolder
from autograder.grading.feedback import formulas
from autograder.grading.submission.beside import write_whole

HERE = Path(__file__).parent


def write_page(group: ClassFolder, lesson: str) -> tuple[Path, int, int]:
    """Writes CLASS/written/LESSON.html; its path, how many answers it has, and how many of them wait."""
    asked = questions(group, lesson)
    path = group.path / "written" / f"{lesson}.html"
    write_whole(path, as_page(lesson, asked, read_log(group.path, lesson)))
    answers = [answer for question in asked for answer in question.answers.values()]
    return path, len(answers), sum(answer.given[0] is None for answer in answers)


def as_page(lesson: str, asked: list[Question], log: WrittenLog) -> str:
    """The page. Only its own script runs in it, whatever stands in an answer."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    environment.filters["formulas"] = formulas.shown
    template = environment.from_string((HERE / "page.html.j2").read_text(encoding="utf-8"))
    data = json.dumps(_state(lesson, asked, log), ensure_ascii=False).replace("<", "\\u003c")
    return template.render(
        lesson=lesson,
        questions=asked,
        elsewhere={
            (student, question.cell): answer.given[0]
            for question in asked
            for student, answer in question.answers.items()
            if answer.given[0] is not None and not log.is_ours(student, question.cell, answer.given)
        },
        script=Markup(script),
        data=Markup(data),
        allowed="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _state(lesson: str, asked: list[Question], log: WrittenLog) -> dict[str, Any]:
    """What the page begins with: what was given before with its rubric, or a rubric of all and nothing."""
    made: dict[str, Any] = {"kind": KIND, "lesson": lesson, "questions": {}}
    for question in asked:
        answers = {}
        for student, answer in question.answers.items():
            row = log.given.get((student, question.cell), {"items": [], "words": ""})
            answers[student] = {"digest": answer.digest, "items": row["items"], "words": row["words"]}
        rubric = [{"text": "Right", "points": question.points}, {"text": "Not answered", "points": 0}]
        made["questions"][question.cell] = {
            "points": question.points,
            "rubric": log.rubric.get(question.cell, rubric),
            "answers": answers,
        }
    return made
