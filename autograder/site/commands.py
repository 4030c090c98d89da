"""The commands of the course as pages: `book` and `site`."""

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


@app.command()
def site(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    pyodide: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A folder with Pyodide's files; else they are downloaded."),
    ] = None,
) -> None:
    """Writes the course as a static site that any web server can serve: pages with live pictures, and the lessons in
    a JupyterLite, with nothing to install."""
    from rich.progress import BarColumn, Progress, TextColumn

    from autograder.build.notebook import BuildError
    from autograder.build.release import NotEmptyError
    from autograder.site.engine import PyodideError
    from autograder.site.lite import LiteError
    from autograder.site.whole import steps, write_site

    try:
        with Progress(TextColumn("{task.description}"), BarColumn(), console=err) as shown:
            task = shown.add_task("", total=steps())
            for what in write_site(directory, pyodide):
                shown.update(task, advance=1, description=what)
    except (NotEmptyError, BuildError, PyodideError, LiteError, OSError) as fault:
        fail(str(fault))
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6
    out.print(f"{directory}: {size:.0f} MB, for any web server. Look at it here:")
    out.print(f"  python3 -m http.server --directory {directory}    # then open http://localhost:8000")
