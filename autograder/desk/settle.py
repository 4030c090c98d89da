"""Points changed in a gradebook without running code: the change, then adjustments and lateness, and who has what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nbgrader.api import MissingEntry

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.adjustments import Adjustments
from autograder.grading.gradebook.due import read_due
from autograder.grading.gradebook.late import LatePenalties
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.submission.master import read_master


@dataclass(frozen=True)
class Effect:
    """A student's points in a lesson, and the most there is, before and after."""

    student: str
    before: float
    after: float
    most_before: float
    most_after: float

    def __str__(self) -> str:
        return f"{self.student}: {self.before:g} of {self.most_before:g} -> {self.after:g} of {self.most_after:g}"


def most_of(group: ClassFolder, lesson: str) -> dict[str, float]:
    """What each exercise of a lesson is worth in the class's source."""
    cells = read_master(group.path, lesson).cells
    return {str(cell.grade_id).removesuffix("_check"): cell.points for cell in cells if cell.points}


@contextmanager
def opened(group: ClassFolder) -> Iterator[ClassGradebook]:
    """The class's gradebook; a GradeFault where there is none."""
    if group.db is None and not group.gradebook.exists():
        raise GradeFault(f"there is no gradebook {group.gradebook}: grade something first")
    book = ClassGradebook(group.url, group.config())
    try:
        yield book
    finally:
        book.close()


def assignment_of(book: ClassGradebook, lesson: str) -> Any:
    """A lesson in the gradebook; a GradeFault where it is not there."""
    try:
        return book.book.find_assignment(lesson)
    except MissingEntry:
        raise GradeFault(f"the gradebook has no {lesson}: grade it first") from None


def settle(
    group: ClassFolder, lesson: str, known: Adjustments, change: Callable[[Any], None], dry_run: bool
) -> list[Effect]:
    """Does `change` to a lesson of the gradebook, all or nothing, and tells whose points differ then.

    With `dry_run` nothing lasts of what it does to the gradebook.
    """
    late, dates, most = (
        LatePenalties(group.config(), group.path),
        read_due(group.path),
        most_of(group, lesson),
    )
    with opened(group) as book:
        assignment = assignment_of(book, lesson)
        before = {each.student.id: (_score(each), assignment.max_score) for each in assignment.submissions}
        change(assignment)
        shares = book.adjust(assignment, known, most)
        for submission in assignment.submissions:
            book.time(submission, dates, late)
        book.book.db.flush()
        book.book.db.expire_all()
        effects = []
        for each in sorted(assignment.submissions, key=lambda each: each.student.id):
            score, full = before[each.student.id]
            effects.append(Effect(each.student.id, score, _score(each), full, assignment.max_score))
        if dry_run:
            book.book.db.rollback()
        else:
            book.keep_shares(shares)
            book.commit()
    return [each for each in effects if (each.before, each.most_before) != (each.after, each.most_after)]


def _score(submission: Any) -> float:
    return float(
        sum(notebook.score - (notebook.late_submission_penalty or 0) for notebook in submission.notebooks)
    )
