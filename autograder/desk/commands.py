"""The desk's commands: what an instructor reads and corrects after grading."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.terminal import commands, err, fail, out, shown

app = commands()
Folder = Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")]
Lessons = Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given again.")]
Students = Annotated[list[str] | None, typer.Option(help="Only this student; may be given again.")]
Db = Annotated[str | None, typer.Option(help="The gradebook's URL; CLASS/gradebook.db.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command()
def feedback(
    directory: Folder,
    lesson: Lessons = None,
    student: Students = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Writes the feedback pages anew, with the scores and comments that people gave. Runs no code."""
    from rich.progress import track

    from autograder.desk import feedback as pages

    try:
        made = pages.renew(
            ClassFolder(directory, db),
            lesson or [],
            student or [],
            dry_run,
            lambda items, what: track(items, what, console=err),
        )
    except GradeFault as fault:
        fail(str(fault))
    counts = ", ".join(f"{made.count(what)} {what}" for what in ("new", "changed", "the same"))
    out.print(f"{len(made.pages)} pages: {counts}{' (nothing was written)' if dry_run else ''}.")
    for problem in made.problems:
        err.print(shown(problem, err))
    if made.problems:
        fail(f"pages that could not be written: {len(made.problems)}, see above")


@app.command()
def due(
    directory: Folder,
    lesson: Annotated[str, typer.Argument(help="A lesson by name.")],
    when: Annotated[str, typer.Argument(metavar="WHEN", help="2026-12-01, '2026-12-01 23:59', or never.")],
    student: Annotated[
        list[str] | None, typer.Option(help="For this student alone, who has more time; may be given again.")
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Says when a lesson is due, for everybody or, with --student, for one. What lateness costs is set at once."""
    from autograder.desk import due as dates
    from autograder.grading.gradebook.due import moment

    group = ClassFolder(directory, db)
    try:
        at = None if when == "never" else moment(when)
        moved = dates.apply(group, lesson, dates.changed(group, lesson, student or [], at), dry_run)
    except (GradeFault, ValueError) as fault:
        fail(str(fault), 2)
    who = ", ".join(student) if student else "everybody"
    until = f"{at.astimezone():%A, %d %B %Y, %H:%M %Z}" if at else "never, or when it is for everybody"
    out.print(f"{lesson} is due for {shown(who, out)}: {until}{' (nothing was written)' if dry_run else ''}.")
    for each in moved:
        out.print(
            shown(f"  {each.student}: {each.before:g} -> {each.after:g}, {each.late:.1f} hours late", out)
        )
    if moved and not dry_run:
        out.print("`feedback` writes the pages anew.")
