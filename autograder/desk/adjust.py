"""`adjust CLASS`: an exercise dropped, full points for everybody, a score for one; and taking that back."""

from collections.abc import Callable
from dataclasses import replace

from autograder.desk.settle import Effect, most_of, opened, settle
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.adjustments import Adjustment, Adjustments, Kind, read_adjustments
from autograder.grading.gradebook.ledger import now


def proposed(
    group: ClassFolder,
    kind: Kind,
    lesson: str,
    exercise: str,
    reason: str,
    student: str,
    points: float | None,
) -> Adjustment:
    """An adjustment that fits the class; a GradeFault says what does not.

    The one that decides already, if it says the same: what was broken off is finished, not done twice.
    """
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
    log = read_adjustments(group.path)
    number = max((each.number for each in log.all), default=0) + 1
    made = Adjustment(number, kind, lesson, exercise, reason.strip(), now(), student, points)
    there = log.of(lesson, exercise, student)
    same = there is not None and replace(there, number=made.number, when=made.when) == made
    return there if there is not None and same else made


def adjust(group: ClassFolder, made: Adjustment, dry_run: bool) -> list[Effect]:
    """Puts an adjustment into log and gradebook; whose points change. With `dry_run` it only says so."""
    known = read_adjustments(group.path)
    if made.student and made.student not in _students(group):
        raise GradeFault(f"the gradebook has no student {made.student!r}")

    def write() -> None:
        if made not in known.all:
            known.add(made)

    def try_out() -> None:
        known.all.append(made)

    return _change(group, made.lesson, known, try_out if dry_run else write, dry_run)


def undo(group: ClassFolder, number: int, reason: str, dry_run: bool) -> tuple[Adjustment, list[Effect]]:
    """Takes an adjustment back; which it was, and whose points change. Once more finishes what was broken off."""
    known = read_adjustments(group.path)
    made = next((each for each in known.all if each.number == number), None)
    if made is None:
        there = ", ".join(str(each.number) for each in known.holding) or "none"
        raise GradeFault(f"there is no adjustment {number} that holds; there are: {there}")

    def write() -> None:
        if number not in known.undone:
            known.undo(number, reason)

    def try_out() -> None:
        known.undone[number] = reason

    return made, _change(group, made.lesson, known, try_out if dry_run else write, dry_run)


def _students(group: ClassFolder) -> set[str]:
    with opened(group) as book:
        return book.students()


def _change(
    group: ClassFolder, lesson: str, known: Adjustments, change: Callable[[], None], dry_run: bool
) -> list[Effect]:
    if dry_run:
        return settle(group, lesson, known, lambda _: change(), dry_run)
    with group.held():
        return settle(group, lesson, known, lambda _: change(), dry_run)
