"""The commands: `python3 -m autograder COMMAND`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from autograder import course
from autograder import lab as lab_settings

app = typer.Typer(
    help="A Jupyter course on differentiating a neural network, with auto-graded exercises.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Ends the command with one sentence on standard error."""
    err.print(sentence)
    raise typer.Exit(code)


def instructors_only(command: str) -> None:
    """Ends a command that needs the bank, where there is none."""
    if not (course.ROOT / "autograder" / "bank").is_dir():
        fail(f"`{command}` needs the exercises' answers, and this is a student's copy: ask your instructor.")


@app.command(context_settings=PASS_ON)
def lab(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="The folder to open.")] = course.LESSONS_DIR,
) -> None:
    """Opens JupyterLab on the lessons. Further options go to JupyterLab: `lab --no-browser --port 8899`."""
    if not folder.is_dir():
        fail(f"there is no folder {folder} to open")
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        *lab_settings.options(),
        *context.args,
    ]
    os.chdir(folder)
    _become(command)


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """Runs all tests. Options go to pytest: `test -k softmax`."""
    if not (course.ROOT / "autograder" / "tests").is_dir():
        fail("this is a student's copy: the tests are in the instructor's.")
    os.chdir(course.ROOT)
    _become([sys.executable, "-m", "pytest", *context.args])


def _become(command: list[str]) -> None:
    """Goes on as another program, so that signals and exit code are its own."""
    if os.name == "posix":
        os.execv(command[0], command)
    raise typer.Exit(subprocess.run(command, check=False).returncode)


@app.command()
def build(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Lessons by name; all if none is given.")
    ] = None,
) -> None:
    """Builds lessons/, data/reference/ and data/worked_example.json from solutions/ and the bank."""
    instructors_only("build")
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
    from autograder.kit.check import sheets
    from autograder.kit.check_files import check_file
    from autograder.kit.progress import journal

    if seed is not None and not fresh:
        fail("--seed chooses fresh cases: give --fresh too", 2)
    asked = _fresh_sheets(seed, quiet=as_json) if fresh else sheets()
    found = []
    for path in files:
        report = check_file(path, asked)
        found.append(report)
        for problem in report.problems:
            err.print(_shown(f"{path}: {problem}", err))
        if not fresh and course.LESSONS_DIR in path.resolve().parents:
            for each in report.reports:
                journal.keep_check(each, say=err.print)
        if not as_json:
            out.print(_shown(f"{path}", out), style="bold")
            for each in report.reports:
                out.print(_shown(each.text(), out))
    if as_json:
        print(json.dumps([row for report in found for row in report.to_json()], indent=1))
    if not all(report.passed for report in found):
        raise typer.Exit(1)


def _shown(text: str, console: Console) -> str:
    """A student's text with everything escaped that the console cannot print or would obey."""
    kept = (c if c.isprintable() or c in "\n\t\xa0" else repr(c)[1:-1] for c in text)
    return "".join(kept).encode(console.encoding, "backslashreplace").decode(console.encoding)


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


def _fresh_sheets(seed: int | None, quiet: bool) -> dict:
    if not (course.ROOT / "autograder" / "bank").is_dir():
        fail("fresh cases need the exercises' answers, and this is a student's copy: check without --fresh.")
    import numpy as np

    from autograder import bank
    from autograder.bank.grade import fresh_seed

    seed = fresh_seed() if seed is None else seed
    if not quiet:
        out.print(f"fresh cases, seed {seed}")
    return {name: each.sheet(np.random.default_rng(seed)) for name, each in bank.exercises().items()}


@app.command()
def release(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Writes what students get: lessons, data, the kit, requirements. No answers."""
    instructors_only("release")
    from autograder.build.release import NotEmptyError, write_release

    try:
        count = write_release(directory)
    except (NotEmptyError, OSError) as fault:
        fail(str(fault))
    out.print(f"{directory}: {count} files. Students start it with `python3 -m autograder lab`.")


@app.command(name="class")
def class_(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Makes a class folder for `grade` and nbgrader: the source notebooks and the configuration."""
    instructors_only("class")
    from autograder.build.release import NotEmptyError
    from autograder.grading.class_folder import make_class

    try:
        make_class(directory)
    except (NotEmptyError, OSError) as fault:
        fail(str(fault))
    out.print(
        f"{directory} is a class folder. What students hand in goes to {directory / 'submitted'}, then:"
    )
    out.print(f"  python3 -m autograder grade {directory}")
    out.print(f"  python3 -m autograder lab --folder {directory}    # formgrader, for the written questions")


@app.command()
def intake(
    directory: Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")],
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Archives of an LMS, folders, notebooks.")
    ],
    lesson: Annotated[str | None, typer.Option(help="The lesson, where nothing else tells.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Puts what students handed in into CLASS/submitted: from Canvas, Moodle, nbgrader's exchange, folders.

    Exit code 0 if everything was understood, 1 if something was not.
    """
    instructors_only("intake")
    from rich.progress import track

    from autograder.grading.intake.sources import SourceError
    from autograder.grading.intake.take_in import intake as take_in
    from autograder.grading.intake.take_in import tables

    try:
        if lesson is not None:
            course.lesson(lesson)
        report = take_in(
            directory, sources, lesson, dry_run, lambda items, what: track(items, what, console=err)
        )
    except (SourceError, ValueError) as fault:
        fail(str(fault), 2)
    for table in tables(report):
        out.print(table)
    new = sum(each.outcome.startswith("new") for each in report.taken)
    out.print(f"{new} new{' (nothing was written)' if dry_run else ''}, {len(report.taken)} in all.")
    if report.problems:
        fail(f"not understood: {len(report.problems)}, see the last table")


@app.command()
def export(
    directory: Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")],
    form: Annotated[
        str, typer.Option("--for", metavar="FORM", help="exercises (the default), canvas or moodle.")
    ] = "exercises",
    lesson: Annotated[str | None, typer.Option(help="This lesson only.")] = None,
    template: Annotated[
        Path | None, typer.Option(help="Canvas's exported gradebook, or Moodle's grading worksheet.")
    ] = None,
    db: Annotated[str | None, typer.Option(help="The gradebook's database URL.")] = None,
    to: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
) -> None:
    """Writes the grades as CSV: a column an exercise, or what Canvas and Moodle import.

    Exit code 0 if every student is in it, 1 if one is not in the template.
    """
    instructors_only("export")
    from autograder.grading.gradebook import export as exports
    from autograder.grading.gradebook.reading import GradebookError

    if form not in list(exports.Form):
        fail(f"there is no form {form!r}; there are: {', '.join(exports.Form)}", 2)
    path = to or directory / exports.FILE_NAMES[exports.Form(form)]
    url = db or f"sqlite:///{directory.resolve() / 'gradebook.db'}"
    try:
        made = exports.export(url, exports.Form(form), lesson, template)
        kept = exports.write(made, path)
    except (exports.ExportError, GradebookError, OSError) as fault:
        fail(str(fault))
    if kept:
        out.print(f"the file that was there is now {kept}")
    for remark in made.remarks:
        out.print(remark)
    out.print(f"{path}: {len(made.rows) - 1} rows")
    for student, why in made.missing:
        err.print(_shown(f"{student}: {why}", err))
    if made.missing:
        fail(f"students who are not in the file: {len(made.missing)}")


@app.command()
def book(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Writes the whole course as static pages that open without network or kernel, pictures included."""
    instructors_only("book")
    from rich.progress import track

    from autograder.build.notebook import BuildError
    from autograder.build.release import NotEmptyError
    from autograder.site.book import write_book

    try:
        pages = track(write_book(directory), "running the lessons", len(course.LESSONS) + 1, console=err)
        written = list(pages)
    except (NotEmptyError, BuildError, OSError) as fault:
        fail(str(fault))
    out.print(f"{len(written)} pages: open {directory / 'index.html'}")


@app.command()
def grade(
    directory: Annotated[Path | None, typer.Argument(metavar="CLASS", help="A class folder.")] = None,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given again.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given again.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The seed of the fresh cases, to repeat a run.")
    ] = None,
    per_student: Annotated[
        bool, typer.Option("--per-student", help="Other numbers for each student.")
    ] = False,
    regrade: Annotated[bool, typer.Option("--regrade", help="Also what is graded already.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Grade all anew, write nothing, show whose points would change and why."
        ),
    ] = False,
    db: Annotated[
        str | None, typer.Option(help="The gradebook's URL, PostgreSQL for one; CLASS/gradebook.db.")
    ] = None,
    scheduler: Annotated[str | None, typer.Option(help="The address of a running Dask scheduler.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Local processes; as many as there are cores.")
    ] = None,
    cell_seconds: Annotated[float, typer.Option(min=0.1, help="The longest that one cell may run.")] = 30,
    notebook_seconds: Annotated[
        float, typer.Option(min=1, help="The longest that one notebook may run.")
    ] = 180,
    no_sandbox: Annotated[
        bool,
        typer.Option("--no-sandbox", help="Without walls: submissions can read and change what you can."),
    ] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Only prove that every wall stands.")
    ] = False,
) -> None:
    """Grades CLASS/submitted/STUDENT/LESSON/ in a sandbox: gradebook, autograded notebooks, feedback pages."""
    instructors_only("grade")
    if sys.platform == "win32":
        fail(
            "`grade` needs Linux, or another system with fork; on Windows grade in WSL or with `nbgrader autograde`."
        )
    from autograder.grading.errors import GradeFault
    from autograder.grading.run.command import prove, run_grade
    from autograder.grading.run.grade import Options
    from autograder.grading.submission.session import Budget

    try:
        if self_test:
            prove(out)
        if directory is None:
            if self_test:
                return
            fail("which class? `grade CLASS` takes the folder that holds `source` and `submitted`", 2)
        options = Options(
            directory,
            db,
            lesson or [],
            student or [],
            seed,
            per_student,
            regrade or dry_run,
            dry_run,
            not no_sandbox,
            scheduler,
            workers,
            Budget(cell_seconds, notebook_seconds),
        )
        run_grade(options, out, err)
    except GradeFault as fault:
        fail(str(fault))


@app.command()
def demo(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Makes a sample class of a dozen students in three lessons, grades it, and prints the table."""
    instructors_only("demo")
    from autograder.build.release import NotEmptyError
    from autograder.grading.sample.demo import run_demo

    try:
        right = run_demo(directory, out, err)
    except (NotEmptyError, OSError) as fault:
        fail(str(fault))
    if not right:
        raise typer.Exit(1)


def main() -> None:
    """Runs the command line."""
    app(prog_name="python3 -m autograder")


if __name__ == "__main__":
    main()
