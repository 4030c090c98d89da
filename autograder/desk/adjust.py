"""`adjust CLASS`: an exercise dropped, full points for everybody, a score for one; and taking that back."""

from collections.abc import Callable
from dataclasses import dataclass

from nbgrader.api import MissingEntry

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook import adjustments as log
from autograder.grading.gradebook.adjustments import Adjustment, Adjustments, Kind, read_adjustments
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


def proposed(
    group: ClassFolder,
    kind: Kind,
    lesson: str,
    exercise: str,
    reason: str,
    student: str,
    points: float | None,
) -> Adjustment:
    """An adjustment that fits the class; a GradeFault says what does not."""
    if not reason.strip():
        raise GradeFault("say why, with --reason: it stands in the log and on the students' pages")
    known = most_of(group, lesson)
    if exercise not in known:
        raise GradeFault(f"{lesson} has no exercise {exercise!r}; it has: {', '.join(known)}")
    if kind is Kind.SCORE and (points is None or not student):
        raise GradeFault("a score is for one student: --score POINTS --student STUDENT")
    if kind is not Kind.SCORE and student:
        raise GradeFault(f"--{kind} is for everybody; for one student give --score POINTS --student STUDENT")
    if points is not None and not 0 <= points <= known[exercise]:
        raise GradeFault(f"{exercise} has between 0 and {known[exercise]:g} points, and not {points:g}")
    number = max((each.number for each in read_adjustments(group.path).all), default=0) + 1
    return Adjustment(number, kind, lesson, exercise, reason.strip(), log.now(), student, points)


def most_of(group: ClassFolder, lesson: str) -> dict[str, float]:
    """What each exercise of a lesson is worth in the class's source."""
    cells = read_master(group.path, lesson).cells
    return {str(cell.grade_id).removesuffix("_check"): cell.points for cell in cells if cell.points}


def adjust(group: ClassFolder, made: Adjustment, dry_run: bool) -> list[Effect]:
    """Puts an adjustment into log and gradebook; whose points change. With `dry_run` it only says so."""
    known = read_adjustments(group.path)
    if made.student and made.student not in _students(group):
        raise GradeFault(f"the gradebook has no student {made.student!r}")

    def write() -> None:
        known.add(made)

    def try_out() -> None:
        known.all.append(made)

    return _change(group, made.lesson, known, try_out if dry_run else write, dry_run)


def undo(group: ClassFolder, number: int, reason: str, dry_run: bool) -> tuple[Adjustment, list[Effect]]:
    """Takes an adjustment back; which it was, and whose points change."""
    known = read_adjustments(group.path)
    made = next((each for each in known.holding if each.number == number), None)
    if made is None:
        there = ", ".join(str(each.number) for each in known.holding) or "none"
        raise GradeFault(f"there is no adjustment {number} that holds; there are: {there}")

    def write() -> None:
        known.undo(number, reason)

    def try_out() -> None:
        known.undone[number] = reason

    return made, _change(group, made.lesson, known, try_out if dry_run else write, dry_run)


def _students(group: ClassFolder) -> set[str]:
    _need(group)
    book = ClassGradebook(group.url, group.config())
    try:
        return book.students()
    finally:
        book.close()


def _need(group: ClassFolder) -> None:
    if group.db is None and not group.gradebook.exists():
        raise GradeFault(f"there is no gradebook {group.gradebook}: grade something first")


def _change(
    group: ClassFolder, lesson: str, known: Adjustments, change: Callable[[], None], dry_run: bool
) -> list[Effect]:
    _need(group)
    if dry_run:
        return _in_book(group, lesson, known, change, dry_run)
    with group.held():
        return _in_book(group, lesson, known, change, dry_run)


def _in_book(
    group: ClassFolder, lesson: str, known: Adjustments, change: Callable[[], None], dry_run: bool
) -> list[Effect]:
    late, dates, most = (
        LatePenalties(group.config(), group.path),
        read_due(group.path),
        most_of(group, lesson),
    )
    book = ClassGradebook(group.url, group.config())
    try:
        try:
            assignment = book.book.find_assignment(lesson)
        except MissingEntry:
            raise GradeFault(f"the gradebook has no {lesson}: grade it first") from None
        before = {each.student.id: (_score(each), assignment.max_score) for each in assignment.submissions}
        change()
        shares = book.adjust(assignment, known, most)
        for submission in assignment.submissions:
            book.time(submission, dates, late)
        book.book.db.flush()
        book.book.db.expire_all()
        effects = [
            Effect(each.student.id, *_pair(before[each.student.id], (_score(each), assignment.max_score)))
            for each in sorted(assignment.submissions, key=lambda each: each.student.id)
        ]
        if dry_run:
            book.book.db.rollback()
        else:
            book.commit()
            known.applied(shares)
    finally:
        book.close()
    return [each for each in effects if (each.before, each.most_before) != (each.after, each.most_after)]


def _pair(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float, float, float]:
    return before[0], after[0], before[1], after[1]


def _score(submission: object) -> float:
    return sum(
        notebook.score - (notebook.late_submission_penalty or 0)
        for notebook in submission.notebooks  # type: ignore[attr-defined]
    )
