"""The commands of the build: `build`, `release`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder import course
from autograder.terminal import commands, err, fail, out

app = commands()


@app.command()
def build(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Lessons by name; all if none is given.")
    ] = None,
) -> None:
    """Builds lessons/, data/reference/ and data/worked_example.json from solutions/ and the bank."""
    from autograder.bank import worked_example
    from autograder.build import notebook as builder

    try:
        chosen = [course.lesson(name) for name in lessons] if lessons else list(course.LESSONS)
    except ValueError as fault:
        fail(str(fault), 2)
    worked_example.write()
    failed = False
    for lesson in chosen:
        try:
            kept = builder.build(lesson)
        except builder.BuildError as fault:
            err.print(str(fault))
            failed = True
            continue
        out.print(f"built {lesson.notebook.relative_to(course.ROOT)}")
        if kept:
            out.print(f"  somebody had worked in it: that copy is now {kept.relative_to(course.ROOT)}")
    if failed:
        raise typer.Exit(1)


@app.command()
def release(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Writes what students get: lessons, data, the kit, requirements. No answers."""
    from autograder.build.notebook import BuildError
    from autograder.build.release import NotEmptyError, write_release

    try:
        count = write_release(directory)
    except (NotEmptyError, BuildError, OSError) as fault:
        fail(str(fault))
    out.print(f"{directory}: {count} files. Students start it with `python3 -m autograder lab`.")
