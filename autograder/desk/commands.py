"""The desk's commands: what an instructor reads and corrects after grading."""

from typing import TYPE_CHECKING, Annotated

import typer

from autograder.desk.options import Db, DryRun, Folder, Lessons, Students
from autograder.desk.requests.command import requests
from autograder.desk.similar.command import similar
from autograder.desk.written.command import written
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.terminal import commands, err, fail, out, shown

if TYPE_CHECKING:
    from autograder.grading.gradebook.adjustments import Adjustments
    from autograder.grading.run.renew import Page

app = commands()
HOW = {
    "canvas": "In Canvas's gradebook, in the assignment's menu: Re-Upload Submissions.",
    "moodle": "In Moodle, among the assignment's submissions: Upload multiple feedback files in a zip.",
}
for each in (requests, written, similar):
    app.command()(each)


@app.command()
def feedback(
    directory: Folder,
    lesson: Lessons = None,
    student: Students = None,
    form: Annotated[
        str | None,
        typer.Option("--for", metavar="SYSTEM", help="An archive for canvas or moodle, of one lesson."),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Writes the feedback pages anew, with the scores and comments that people gave. Runs no code.

    With --for an archive of them too, that Canvas or Moodle imports. Exit code 1 if a page is missing.
    """
    from rich.progress import track

    from autograder.desk import feedback as pages

    if form is not None and len(lesson or []) != 1:
        fail(f"an archive for {form} is of one lesson: say which, with --lesson", 2)
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
    missing = 0
    if form is not None and lesson and not dry_run:
        missing = _archive(ClassFolder(directory, db), form, lesson[0], made.pages)
    if made.problems or missing:
        fail(f"pages that could not be written, or are not in the archive: {len(made.problems) + missing}")


def _archive(group: ClassFolder, form: str, lesson: str, pages: "list[Page]") -> int:
    """Writes the archive of one lesson's pages; how many are not in it."""
    from autograder.desk.archives import write_archive

    try:
        made = write_archive(group, form, lesson, pages, group.path / f"feedback-{form}-{lesson}.zip")
    except (GradeFault, OSError) as fault:
        fail(str(fault), 2)
    if made.kept:
        out.print(f"the archive that was there is now {made.kept}")
    if made.pages:
        out.print(f"{made.path}: {made.pages} pages. {HOW[form]}")
    for student, why in made.missing:
        err.print(shown(f"{student}: {why}", err))
    return len(made.missing)


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


@app.command()
def adjust(
    directory: Folder,
    lesson: Annotated[str | None, typer.Argument(help="A lesson by name.")] = None,
    exercise: Annotated[str | None, typer.Argument(help="An exercise of it.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="It does not count, for anybody.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Everybody who handed in has its points.")] = False,
    score: Annotated[float | None, typer.Option(help="These points, for --student.")] = None,
    student: Annotated[str, typer.Option(help="Whose score it is.")] = "",
    reason: Annotated[str, typer.Option(help="Why. It stands on the students' pages.")] = "",
    take_back: Annotated[
        int | None, typer.Option("--undo", help="Take back the adjustment of this number.")
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Changes points afterwards, with a reason and reversibly; runs no code. Without an exercise it lists what was.

    What checks and people gave stays in the gradebook; `grade` keeps an adjustment, also for who hands in later.
    """
    from autograder.desk import adjust as changes
    from autograder.grading.gradebook.adjustments import Kind, read_adjustments

    group = ClassFolder(directory, db)
    chosen = [kind for kind, is_asked in zip(Kind, (drop, full, score is not None), strict=True) if is_asked]
    try:
        if take_back is not None:
            made, effects = changes.undo(group, take_back, reason, dry_run)
            out.print(shown(f"taken back: {made.number}. {made.sentence}", out))
        elif lesson is None or exercise is None:
            _list_adjustments(read_adjustments(directory))
            return
        elif len(chosen) != 1:
            fail("say one of --drop, --full and --score POINTS", 2)
        else:
            made = changes.proposed(group, chosen[0], lesson, exercise, reason, student, score)
            effects = changes.adjust(group, made, dry_run)
            out.print(shown(f"{made.number}. {made.sentence}", out))
    except GradeFault as fault:
        fail(str(fault), 2)
    for each in effects:
        out.print(shown(f"  {each}", out))
    out.print(f"{len(effects)} students change{' (nothing was written)' if dry_run else ''}.")
    if effects and not dry_run:
        out.print("`feedback` writes the pages anew.")


def _list_adjustments(made: "Adjustments") -> None:
    for each in made.all:
        back = f" (taken back. {made.undone[each.number]})" if each.number in made.undone else ""
        out.print(shown(f"{each.number}. {each.when}, {each.lesson}, {each.sentence}{back}", out))
    if not made.all:
        out.print("Nothing was adjusted.")


@app.command()
def report(directory: Folder, db: Db = None) -> None:
    """Writes what the class knows: a page that opens without network, and the figures as CSV."""
    from autograder.desk.report import write_report
    from autograder.desk.statistics import to_say

    try:
        page, table, found = write_report(ClassFolder(directory, db))
    except (GradeFault, OSError) as fault:
        fail(str(fault))
    for each, slip in to_say(found)[:5]:
        told = f"{len(slip.students)} of {each.written} in {each.name}: {slip.sentence}"
        out.print(shown(told, out))
    out.print(f"{page}, and the figures: {table}")


@app.command()
def update(
    directory: Folder,
    lesson: Annotated[str, typer.Argument(help="A lesson by name.")],
    from_course: Annotated[
        bool,
        typer.Option("--from-course", help="First make the class's source that of the course as it is now."),
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Brings a changed, new or removed exercise of the class's source into the gradebook of a running class."""
    from autograder.desk.update import update as bring_in

    try:
        made = bring_in(ClassFolder(directory, db), lesson, from_course, dry_run)
    except (GradeFault, ValueError, OSError) as fault:
        fail(str(fault), 2)
    for change in made.changes:
        out.print(shown(change, out))
    for path in made.kept:
        out.print(f"what was there before is now {path}")
    out.print(f"{len(made.changes)} changes{' (nothing was written)' if dry_run else ''}.")
    if made.changes and made.submissions and not dry_run:
        out.print(f"{made.submissions} submissions are to be graded anew: ")
        out.print(f"  python3 -m autograder grade {directory} --lesson {lesson} --regrade")
