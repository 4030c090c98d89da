"""The command `requests`."""

from typing import TYPE_CHECKING, Annotated

import typer

from autograder.desk.options import Db, DryRun, Folder
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.terminal import fail, out, shown

if TYPE_CHECKING:
    from autograder.desk.settle import Effect
    from autograder.grading.gradebook.regrade_requests import Requests


def requests(
    directory: Folder,
    lesson: Annotated[str | None, typer.Argument(help="A lesson by name.")] = None,
    exercise: Annotated[str | None, typer.Argument(help="An exercise of it.")] = None,
    student: Annotated[str, typer.Option(help="Who asks.")] = "",
    says: Annotated[str, typer.Option(help="What they say.")] = "",
    decide: Annotated[int | None, typer.Option(help="The number of the request to decide.")] = None,
    outcome: Annotated[str, typer.Option(help="granted, refused or withdrawn.")] = "",
    score: Annotated[float | None, typer.Option(help="The points that the exercise has then.")] = None,
    reason: Annotated[str, typer.Option(help="Why. It stands on the student's page.")] = "",
    reopen: Annotated[int | None, typer.Option(help="Take back the outcome of this number.")] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """What students ask to have looked at again: a list with an outcome. With an exercise it adds one.

    With --score an outcome gives points, as `adjust` does, and --reopen takes them back.
    """
    from autograder.desk.requests import decide as log
    from autograder.grading.gradebook.regrade_requests import read_requests

    group, unwritten = ClassFolder(directory, db), " (nothing was written)" if dry_run else ""
    try:
        if decide is not None:
            made, effects = log.decide(group, decide, outcome, reason, score, dry_run)
            out.print(
                shown(f"{made.number}. {made.student}, {made.exercise}: {outcome}. {reason}{unwritten}", out)
            )
        elif reopen is not None:
            made, effects = log.reopen(group, reopen, reason, dry_run)
            out.print(shown(f"{made.number}. {made.student}, {made.exercise}: open again{unwritten}", out))
        elif lesson is not None and exercise is not None:
            made, effects = log.ask(group, lesson, exercise, student, says, dry_run), []
            out.print(shown(f"{made.number}. {student}, {exercise}: {made.says}{unwritten}", out))
        elif lesson is not None:
            fail("which exercise? `requests CLASS LESSON EXERCISE --student STUDENT --says TEXT`", 2)
        else:
            _list(read_requests(directory))
            return
    except GradeFault as fault:
        fail(str(fault), 2)
    _tell(effects)
    if not dry_run:
        out.print("`feedback` writes the pages anew.")


def _tell(effects: "list[Effect]") -> None:
    for each in effects:
        out.print(shown(f"  {each}", out))


def _list(made: "Requests") -> None:
    """What is open first."""
    for each in sorted(made.all, key=lambda each: each.number in made.decided):
        came = made.decided.get(each.number)
        ended = f"{came.outcome}. {came.reason}" if came else "open"
        out.print(
            shown(f"{each.number}. {each.when[:10]}, {each.student}, {each.lesson}, {each.exercise}", out)
        )
        out.print(shown(f"   {each.says}", out))
        out.print(shown(f"   {ended}", out))
    waiting = sum(each.number not in made.decided for each in made.all)
    out.print(f"{len(made.all)} requests, {waiting} open.")
