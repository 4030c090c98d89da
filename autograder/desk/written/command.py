"""The command `written`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.desk.options import Db, DryRun, Folder
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.terminal import err, fail, out, shown


def written(
    directory: Folder,
    lesson: Annotated[str, typer.Argument(help="A lesson by name.")],
    apply: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Give what was saved on the page.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where a person gave something else.")
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Writes a page with all answers to a lesson's written question, to give points on; --apply gives them.

    Exit code 1 if something that was saved could not be given.
    """
    from autograder.desk.written.give import give
    from autograder.desk.written.page import write_page

    group = ClassFolder(directory, db)
    try:
        if apply is None:
            path, answers, waiting = write_page(group, lesson)
            out.print(f"{path}: {answers} answers, {waiting} wait. Open it, give points, save, then:")
            out.print(f"  python3 -m autograder written {directory} {lesson} --apply SAVED_FILE")
            return
        made = give(group, lesson, apply, replace, dry_run)
    except (GradeFault, OSError) as fault:
        fail(str(fault), 2)
    for each in made.effects:
        out.print(shown(f"  {each}", out))
    unwritten = " (nothing was written)" if dry_run else ""
    out.print(f"{made.decided} answers in the file, {made.new} new or changed{unwritten}.")
    for sentence in made.kept:
        err.print(shown(sentence, err))
    if made.effects and not dry_run:
        out.print("`feedback` writes the pages anew.")
    if made.kept:
        fail(f"not given: {len(made.kept)}")
