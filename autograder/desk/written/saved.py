"""The file that the page saves, read and checked before anything is done with it."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.desk.written.answers import Question
from autograder.grading.errors import GradeFault

KIND = "written answers"


@dataclass(frozen=True)
class Mark:
    """What one answer is given: the points, the comment, and the numbers of the rubric's items."""

    student: str
    cell: str
    digest: str
    items: list[int]
    words: str
    points: float
    comment: str


@dataclass(frozen=True)
class Saved:
    """A file of the page's: the rubric by cell, and a mark for each answer that was decided."""

    rubric: dict[str, list[dict[str, Any]]]
    marks: list[Mark]


def read_saved(path: Path, lesson: str, asked: list[Question]) -> Saved:
    """Reads a file; a GradeFault says what is wrong with it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["kind"] != KIND:
            raise ValueError
        if data["lesson"] != lesson:
            raise GradeFault(f"{path} is of {data['lesson']}, and not of {lesson}")
        most = {each.cell: each.points for each in asked}
        strangers = sorted(set(data["questions"]) - set(most))
        if strangers:
            raise GradeFault(f"{path}: {lesson} has no written question {strangers[0]!r}")
        rubric, marks = {}, []
        for cell, question in data["questions"].items():
            rubric[cell] = [_item(each) for each in question["rubric"]]
            for student, row in question["answers"].items():
                marks.append(_mark(student, cell, row, rubric[cell], most[cell]))
    except OSError as fault:
        raise GradeFault(f"{path} cannot be read: {fault.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise GradeFault(f"{path} is not what the page of `written` saves: save it again there") from None
    return Saved(rubric, marks)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    points = float(row["points"])
    if not math.isfinite(points):
        raise ValueError
    return {"text": str(row["text"]), "points": points}


def _mark(student: str, cell: str, row: dict[str, Any], rubric: list[dict[str, Any]], most: float) -> Mark:
    items = [int(each) for each in row["items"]]
    if any(each < 0 for each in items):
        raise ValueError
    chosen = [rubric[each] for each in items]
    points = min(max(sum(each["points"] for each in chosen), 0.0), most)
    words = str(row["words"])
    lines = [f"{each['text']} ({each['points']:+g})" for each in chosen]
    comment = "\n".join([*lines, *([words] if words.strip() else [])])
    return Mark(student, cell, str(row["digest"]), items, words, points, comment)
