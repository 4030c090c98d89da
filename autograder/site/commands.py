"""The commands of the course as pages: `book`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder import course
from autograder.terminal import commands, err, fail, out

app = commands()


@app.command()
def book(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Writes the whole course as static pages that open without network or kernel, pictures included."""
    from rich.progress import track

    from autograder.build.notebook import BuildError
    from autograder.build.release import NotEmptyError
    from autograder.site.book import write_book

    try:
        pages = track(write_book(directory), "running the lessons", len(course.LESSONS) + 2, console=err)
        written = list(pages)
    except (NotEmptyError, BuildError, OSError) as fault:
        fail(str(fault))
    out.print(f"{len(written)} pages: open {directory / 'index.html'}")
