"""The commands of a class: `class`, `demo`, `intake`, `grade`, `export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import course
from autograder.grading.errors import ExportError, GradebookError, GradeFault, SourceError
from autograder.terminal import commands, err, fail, out, shown

app = commands()


@app.command(name="class")
def class_(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    course_id: Annotated[
        str | None, typer.Option(help="The class's name in an exchange that several share.")
    ] = None,
) -> None:
    """Makes a class folder for `grade` and nbgrader: the source notebooks and the configuration."""
    from autograder.build.release import NotEmptyError
    from autograder.grading.class_folder import ClassFolder, make_class

    try:
        make_class(directory, course_id)
    except (NotEmptyError, SourceError, OSError) as fault:
        fail(str(fault))
    out.print(
        f"{directory} is a class folder. What students hand in goes to {ClassFolder(directory).submitted}, then:"
    )
    out.print(f"  python3 -m autograder grade {directory}")
    out.print(f"  python3 -m autograder lab --folder {directory}    # formgrader, for the written questions")


@app.command()
def demo(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")]) -> None:
    """Makes a sample class of a dozen students in three lessons, grades it, and prints the table."""
    from autograder.build.release import NotEmptyError
    from autograder.grading.sample.demo import run_demo

    try:
        right = run_demo(directory, out, err)
    except (NotEmptyError, OSError) as fault:
        fail(str(fault))
    if not right:
        raise typer.Exit(1)


@app.command()
def intake(
    directory: Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")],
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Archives of an LMS, folders, notebooks.")
    ],
    lesson: Annotated[str | None, typer.Option(help="The lesson, where nothing else tells.")] = None,
    who: Annotated[
        list[str] | None,
        typer.Option("--as", metavar="NAME=STUDENT", help="Whose a name in a source is; may be given again."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Puts what students handed in into CLASS/submitted: from Canvas, Moodle, nbgrader's exchange, folders.

    Exit code 0 if everything was understood, 1 if something was not.
    """
    from rich.progress import track

    from autograder.grading.intake.report import RULES, tables
    from autograder.grading.intake.take_in import intake as take_in

    try:
        if lesson is not None:
            course.lesson(lesson)
        report = take_in(
            directory,
            sources,
            lesson,
            dry_run,
            lambda items, what: track(items, what, console=err),
            dict(_pair(each, "--as NAME=STUDENT") for each in who or []),
        )
    except (GradeFault, ValueError) as fault:
        fail(str(fault), 2)
    for table in tables(report):
        out.print(table)
    if report.decided:
        out.print(RULES)
    new = sum(each.outcome.startswith("new") for each in report.taken)
    out.print(f"{new} new{' (nothing was written)' if dry_run else ''}, {len(report.taken)} in all.")
    if report.problems:
        fail(f"not taken in: {len(report.problems)}, see the last table")


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        fail(f"{text!r} is not of the form {form}", 2)
    return name, value


@app.command()
def roster(
    directory: Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")],
    lists: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="Canvas's exported gradebook, Moodle's participants, a CSV file."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    db: Annotated[str | None, typer.Option(help="The gradebook's database URL.")] = None,
) -> None:
    """Puts who is in the class into CLASS/roster.csv and the gradebook, from lists that an LMS exports.

    Without a list it reads CLASS/roster.csv, which may be written by hand: id,name,email,canvas,moodle.
    """
    from autograder.grading.class_folder import ClassFolder
    from autograder.grading.gradebook.writing import ClassGradebook
    from autograder.grading.intake.origins import Origins
    from autograder.grading.intake.people import as_known
    from autograder.grading.intake.roster import members_of, merged, read_roster, read_table, write_roster

    try:
        group = ClassFolder(directory, db)
        if not group.is_one:
            fail(
                f"{directory} is no class folder: make one with `python3 -m autograder class {directory}`", 2
            )
        people = read_roster(directory)
        for path in lists or []:
            listed = as_known((member for _, member in members_of(read_table(path))), Origins(directory))
            people, new, filled = merged(people, listed)
            out.print(f"{path}: {new} new, {filled} of whom more is known now")
        if not people:
            fail(f"there is no {group.roster}: give a list that Canvas or Moodle exported, or write it", 2)
        if not dry_run:
            write_roster(directory, people)
            book = ClassGradebook(group.url, group.config())
            book.add_people(people)
            book.close()
    except GradeFault as fault:
        fail(str(fault))
    out.print(f"{group.roster}: {len(people)} people{' (nothing was written)' if dry_run else ''}")


Chosen = Annotated[list[str] | None, typer.Option(help="Only this one; may be given again.")]
Seed = Annotated[int | None, typer.Option(min=0, help="The seed of the fresh cases, to repeat a run.")]
PerStudent = Annotated[bool, typer.Option("--per-student", help="Other numbers for each student.")]
Regrade = Annotated[bool, typer.Option("--regrade", help="Also what is graded already.")]
TryOut = Annotated[
    bool,
    typer.Option("--dry-run", help="Grade all anew, write nothing, show whose points would change and why."),
]
Db = Annotated[str | None, typer.Option(help="The gradebook's URL, PostgreSQL for one; CLASS/gradebook.db.")]
Scheduler = Annotated[str | None, typer.Option(help="The address of a running Dask scheduler.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Local processes; as many as there are cores.")]
CellSeconds = Annotated[float, typer.Option(min=0.1, help="The longest that one cell may run.")]
NotebookSeconds = Annotated[float, typer.Option(min=1, help="The longest that one notebook may run.")]
Packages = Annotated[
    list[str] | None,
    typer.Option(
        "--with", metavar="PACKAGE", help="A package that notebooks may import; may be given again."
    ),
]
NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Without walls: submissions can read and change what you can.")
]
SelfTest = Annotated[bool, typer.Option("--self-test", help="Only prove that every wall stands.")]


@app.command()
def grade(
    directory: Annotated[Path | None, typer.Argument(metavar="CLASS", help="A class folder.")] = None,
    lesson: Chosen = None,
    student: Chosen = None,
    seed: Seed = None,
    per_student: PerStudent = False,
    regrade: Regrade = False,
    dry_run: TryOut = False,
    db: Db = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
    cell_seconds: CellSeconds = 30,
    notebook_seconds: NotebookSeconds = 180,
    packages: Packages = None,
    no_sandbox: NoSandbox = False,
    self_test: SelfTest = False,
) -> None:
    """Grades CLASS/submitted/STUDENT/LESSON/ in a sandbox: gradebook, autograded notebooks, feedback pages."""
    if sys.platform == "win32":
        fail(
            "`grade` needs Linux, or another system with fork; on Windows grade in WSL or with `nbgrader autograde`."
        )
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
            packages or [],
        )
        run_grade(options, out, err)
    except GradeFault as fault:
        fail(str(fault))


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
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="LESSON=COLUMN", help="Which column of Canvas's a lesson goes to."),
    ] = None,
    scale: Annotated[bool, typer.Option("--scale", help="Scale to the maximum that the LMS has.")] = False,
    with_waiting: Annotated[
        bool, typer.Option("--with-waiting", help="Send also what a person has still to grade.")
    ] = False,
    db: Annotated[str | None, typer.Option(help="The gradebook's database URL.")] = None,
    to: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
) -> None:
    """Writes the grades as CSV: a column an exercise, or what Canvas and Moodle import.

    Exit code 0 if every student is in it, 1 if one is not in the template.
    """
    from autograder.grading.class_folder import ClassFolder
    from autograder.grading.gradebook import export as exports

    if form not in list(exports.Form):
        fail(f"there is no form {form!r}; there are: {', '.join(exports.Form)}", 2)
    path = to or directory / exports.FILE_NAMES[exports.Form(form)]
    url = ClassFolder(directory, db).url
    try:
        chosen = dict(_pair(each, "--map LESSON=COLUMN") for each in columns or [])
        wishes = exports.Wishes(with_waiting, scale, chosen)
        made = exports.export(url, exports.Form(form), lesson, template, wishes)
        kept = exports.write(made, path)
    except (ExportError, GradebookError, OSError) as fault:
        fail(str(fault))
    if kept:
        out.print(f"the file that was there is now {kept}")
    for remark in made.remarks:
        out.print(remark)
    out.print(f"{path}: {len(made.rows) - 1} rows")
    for student, why in made.missing:
        err.print(shown(f"{student}: {why}", err))
    if made.missing:
        fail(f"students who are not in the file: {len(made.missing)}")
