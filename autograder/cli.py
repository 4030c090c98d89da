"""The commands: `python3 -m autograder COMMAND`.

A student's are here. Each room of the instructor's side has its own in a module `commands`, which is loaded when one of
them is called; a student's copy has none of these rooms, and says so.
"""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from autograder import course
from autograder.terminal import err, fail, out, shown

# Which room has which commands, in the order in which an instructor needs them.
ROOMS = {
    "build": ("build", "release"),
    "site": ("book", "site"),
    "grading": ("class", "demo", "roster", "intake", "grade", "export"),
    "desk": ("due", "written", "feedback", "adjust", "requests", "report", "similar", "update"),
    "hub": ("hub",),
}
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


class Commands(typer.core.TyperGroup):
    """The student's commands, and those of every room that is there."""

    def list_commands(self, context: typer.Context) -> list[str]:  # type: ignore[override]
        """The names, the student's first."""
        rooms = [name for room, names in ROOMS.items() if _is_there(room) for name in names]
        return [*super().list_commands(context), *rooms]

    def get_command(self, context: typer.Context, name: str) -> Any:  # type: ignore[override]
        """The command of that name, from its room if it has one."""
        room = next((room for room, names in ROOMS.items() if name in names), None)
        if room is None:
            return super().get_command(context, name)
        if not _is_there(room):
            fail(f"`{name}` needs the exercises' answers, and this is a student's copy: ask your instructor.")
        made = typer.main.get_group(import_module(f"autograder.{room}.commands").app)
        return made.commands[name]


def _is_there(room: str) -> bool:
    return (course.ROOT / "autograder" / room / "commands.py").is_file()


app = typer.Typer(
    cls=Commands,
    help="A Jupyter course on differentiating a neural network, with auto-graded exercises.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command(context_settings=PASS_ON)
def lab(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="The folder to open.")] = course.LESSONS_DIR,
) -> None:
    """Opens JupyterLab on the lessons. Further options go to JupyterLab: `lab --no-browser --port 8899`."""
    from autograder import lab as jupyterlab
    from autograder.start.sets import is_class_folder

    if not folder.is_dir():
        fail(f"there is no folder {folder} to open")
    classroom = is_class_folder(folder)
    start = ""
    if folder.resolve() == course.LESSONS_DIR.resolve() and not classroom:
        from autograder.kit.progress import start_page

        start = start_page.write(folder)
    opening = jupyterlab.opening(folder.resolve(), context.args, not classroom, start)
    for sentence in opening.said:
        err.print(sentence)
    os.environ.update(opening.environment)
    os.chdir(folder)
    _become(opening.command)


@app.command()
def setup(
    which: Annotated[
        str, typer.Argument(metavar="SET", help="student, instructor or test: for whom.")
    ] = "student",
) -> None:
    """Installs and starts nothing: for VS Code, or for a Jupyter of your own."""
    if which not in ("student", "instructor", "test"):
        fail(f"there is nothing to set up for {which!r}; there is: student, instructor, test", 2)
    out.print(SET_UP.format(root=course.ROOT, python=sys.executable, venv=sys.prefix))


SET_UP = """\
Everything is in {venv}.

VS Code: open the folder {root}, open a lesson, choose Select Kernel, Python Environments, and this one:
  {python}
A Jupyter of your own: run this once, and choose the kernel "Neural network course" in each lesson:
  {python} -m ipykernel install --user --name neural-network-course --display-name "Neural network course"
JupyterLab as the course sets it up: python3 -m autograder lab"""


@app.command(context_settings=PASS_ON)
def test(
    context: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Without the slow rooms and files.")] = False,
) -> None:
    """Runs all tests. Options go to pytest: `test -k softmax`."""
    from autograder.start import tools

    if not (course.ROOT / "autograder" / "tests").is_dir():
        fail("this is a student's copy: the tests are in the instructor's.")
    if not fast and not any(option in context.args for option in ("-h", "--co", "--collect-only")):
        tools.install_missing(err.print)
    os.chdir(course.ROOT)
    chosen = ["-m", "not slow"] if fast else []
    _become([sys.executable, "-m", "pytest", *chosen, *context.args])


@app.command(hidden=True)
def lock(
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest of everything.")] = False,
) -> None:
    """Makes requirements.txt anew from pyproject.toml: every package's version, and the hashes of its files."""
    from autograder.start import lock as maker
    from autograder.start.places import LOCK, Stop

    try:
        entries, changed = maker.write(upgrade)
    except (Stop, OSError) as fault:
        fail(str(fault))
    out.print(f"{LOCK.name}: {entries} packages, {changed} of them new or in another version")


def _become(command: list[str]) -> None:
    """Goes on as another program, so that signals and exit code are its own."""
    if os.name == "posix":
        os.execv(command[0], command)
    raise typer.Exit(subprocess.run(command, check=False).returncode)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Python files or notebooks.")],
    fresh: Annotated[bool, typer.Option("--fresh", help="Fresh cases instead of the fixed ones.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed of the fresh cases.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list with an object for each exercise.")] = False,
) -> None:
    """Checks every exercise whose function a file defines.

    Exit code 0 if everything has full points, 1 if something lost points or could not be run. A notebook in
    lessons/ is the student's own and counts for `progress`; any other file may be anybody's and does not.
    """
    from autograder.kit.earlier.own_code import written_in
    from autograder.kit.files import check_file
    from autograder.kit.progress import journal
    from autograder.kit.sheets import sheets

    if seed is not None and not fresh:
        fail("--seed chooses fresh cases: give --fresh too", 2)
    asked = _fresh_sheets(files, seed, quiet=as_json) if fresh else sheets()
    found = []
    for path in files:
        report = check_file(path, asked)
        found.append(report)
        for problem in report.problems:
            err.print(shown(f"{path}: {problem}", err))
        if not fresh and course.LESSONS_DIR in path.resolve().parents:
            for each in report.reports:
                code = written_in(path, each.exercise) if each.passed else ""
                journal.keep_check(each, say=err.print, code=code)
        if not as_json:
            out.print(shown(f"{path}", out), style="bold")
            for each in report.reports:
                out.print(shown(each.text(), out))
    if as_json:
        print(json.dumps([row for report in found for row in report.to_json()], indent=1))
    if not all(report.passed for report in found):
        raise typer.Exit(1)


@app.command()
def progress(
    lesson: Annotated[str | None, typer.Argument(help="A lesson by name, for its exercises.")] = None,
) -> None:
    """Shows the lessons, the points earned and what is next."""
    from autograder.kit.progress import journal
    from autograder.kit.progress.command import show
    from autograder.kit.progress.overview import overview

    try:
        show(overview(journal.read(), lesson), out)
    except ValueError as fault:
        fail(str(fault), 2)
    except OSError as fault:
        fail(f"your progress could not be read ({journal.reason(fault)})")


def _fresh_sheets(files: list[Path], seed: int | None, quiet: bool) -> dict:
    """Fresh cases of what the files may define: drawing those of the whole course takes half a minute."""
    if not (course.ROOT / "autograder" / "bank").is_dir():
        fail("fresh cases need the exercises' answers, and this is a student's copy: check without --fresh.")
    import numpy as np

    from autograder import bank
    from autograder.bank.grade import fresh_seed

    seed = fresh_seed() if seed is None else seed
    if not quiet:
        out.print(f"fresh cases, seed {seed}")
    text = b""
    for path in files:
        with suppress(OSError):  # what cannot be read is said where it is checked
            text += path.read_bytes()
    named = set(re.findall(rb"\w+", text))
    hidden = named & {b"exec", b"eval", b"globals", b"setattr", b"run"} or re.search(rb"import\s*\*", text)
    return {
        name: each.sheet(np.random.default_rng(seed))
        for name, each in bank.exercises().items()
        if hidden or name.encode() in named
    }


def main() -> None:
    """Runs the command line."""
    app(prog_name="python3 -m autograder")


if __name__ == "__main__":
    main()
