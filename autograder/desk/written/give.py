"""`written CLASS LESSON --apply FILE`: what was given on the page, into nbgrader's gradebook."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.desk.settle import Effect, settle
from autograder.desk.written.answers import Pair, Question, pair_of, questions, rows_of
from autograder.desk.written.log import WrittenLog, read_log
from autograder.desk.written.saved import Mark, Saved, read_saved
from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.ledger import now


@dataclass
class GivenMarks:
    """What came of a file: how many answers it decides, whose points change, and sentences on what was not given."""

    decided: int = 0
    new: int = 0
    effects: list[Effect] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def give(group: ClassFolder, lesson: str, path: Path, replace: bool, dry_run: bool) -> GivenMarks:
    """Gives what a saved file says; a GradeFault where it cannot be used at all, and then nothing is given.

    What a person gave elsewhere, in formgrader say, stays unless `replace`; an answer that changed since is not given.
    """
    asked = questions(group, lesson)
    saved = read_saved(path, lesson, asked)
    if dry_run:
        return _give(group, lesson, asked, saved, replace, dry_run)
    with group.held():
        return _give(group, lesson, asked, saved, replace, dry_run)


def _give(
    group: ClassFolder, lesson: str, asked: list[Question], saved: Saved, replace: bool, dry_run: bool
) -> GivenMarks:
    made, log = GivenMarks(len(saved.marks)), read_log(group.path, lesson)
    digests = {
        (student, question.cell): answer.digest
        for question in asked
        for student, answer in question.answers.items()
    }

    def change(assignment: Any) -> None:
        rows = rows_of(assignment, list(saved.rubric))
        chosen = []
        for mark in saved.marks:
            key = mark.student, mark.cell
            why = _why_not(mark, digests.get(key), key in rows)
            if not why and not replace and not _may(log, mark, pair_of(*rows[key])):
                there = _told(pair_of(*rows[key]))
                why = f"a person gave {there} elsewhere, which stays; --replace gives {mark.points:g}"
            if why:
                made.kept.append(f"{mark.student}: {why}")
            elif pair_of(*rows[key]) != (mark.points, mark.comment) or rows[key][0].needs_manual_grade:
                chosen.append((mark, *rows[key]))
        made.new = len(chosen)
        if chosen and not dry_run:
            log.ledger.add(_row(lesson, saved, chosen))
        for mark, grade, comment in chosen:
            grade.manual_score, grade.needs_manual_grade = mark.points, False
            comment.manual_comment = mark.comment or None

    made.effects = settle(group, lesson, read_adjustments(group.path), change, dry_run)
    return made


def _why_not(mark: Mark, digest: str | None, is_there: bool) -> str:
    if digest is None or not is_there:
        return "has no answer to this question"
    if digest != mark.digest:
        return "the answer changed since the page was made: make it anew"
    return ""


def _may(log: WrittenLog, mark: Mark, pair: Pair) -> bool:
    """Whether nobody gave anything yet, or what is there came from here, or is the same."""
    return pair in ((None, ""), (mark.points, mark.comment)) or log.is_ours(mark.student, mark.cell, pair)


def _told(pair: Pair) -> str:
    score, comment = pair
    return "a comment" if score is None else f"{score:g} points" + (" and a comment" if comment else "")


def _row(lesson: str, saved: Saved, chosen: list[tuple[Mark, Any, Any]]) -> dict[str, Any]:
    given = []
    for mark, grade, comment in chosen:
        row = {"student": mark.student, "cell": mark.cell, "items": mark.items, "words": mark.words}
        given.append(row | {"before": pair_of(grade, comment), "after": (mark.points, mark.comment)})
    return {"lesson": lesson, "when": now(), "rubric": saved.rubric, "given": given}
