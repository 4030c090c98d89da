"""The command `grade`: what it says, shows and refuses."""

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.grading.errors import GradeFault
from autograder.grading.run import class_table
from autograder.grading.run.engine import Engine, cores, open_engine
from autograder.grading.run.files import cannot_write
from autograder.grading.run.grade import Grading, Options
from autograder.grading.run.worker import Ahead
from autograder.grading.sandbox.packages import allow
from autograder.grading.sandbox.process import Sandbox, bubblewrap
from autograder.grading.sandbox.self_test import self_test
from autograder.terminal import shown


class RateColumn(ProgressColumn):
    """Submissions a minute."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed * 60:,.0f} a minute" if task.speed else "")


def prove(out: Console) -> None:
    """`grade --self-test`: tries every wall and prints what came of it; a GradeFault if one does not stand."""
    with Sandbox() as sandbox:
        walls = self_test(sandbox)
    table = Table(title="The sandbox's walls on this machine", title_justify="left")
    for name in ("wall", "stands", "seen"):
        table.add_column(name)
    for wall in walls:
        table.add_row(wall.name, "yes" if wall.stands else "NO", wall.seen)
    out.print(table)
    fallen = [wall.name for wall in walls if not wall.stands]
    if fallen:
        raise GradeFault(f"{len(fallen)} of {len(walls)} walls do not stand: nothing should be graded here")
    out.print(f"All {len(walls)} walls stand.")


def run_grade(options: Options, out: Console, err: Console) -> None:
    """Grades a class folder and prints the tables."""
    if not options.folder.submitted.is_dir():
        raise GradeFault(
            f"there is no folder {options.folder.submitted}: put STUDENT/LESSON/LESSON.ipynb there"
        )
    if not options.walled:
        err.print(
            "WITHOUT WALLS, as asked by --no-sandbox: what is graded now can read and change what you can."
        )
    try:
        if options.dry_run:
            _grade(options, out, err)
        else:
            with options.folder.held():
                _grade(options, out, err)
    except OSError as fault:
        raise cannot_write(fault) from None
    except KeyboardInterrupt:
        err.print("Stopped. What was graded is kept; the same command goes on from there.")
        sys.stdout.flush()
        os._exit(130)  # worker processes are not waited for


def _grade(options: Options, out: Console, err: Console) -> None:
    allow(options.directory, options.packages, err.print)
    grading = Grading(options)
    if not grading.handed_in and not grading.unseen and not grading.odd:
        raise GradeFault(f"nothing that was asked for lies in {options.folder.submitted}")
    if options.walled and options.scheduler is None:
        bubblewrap()  # says what is missing before anything is written
    with ExitStack() as stack:
        engine = _early_engine(options, grading, stack) if grading.likely else None
        stack.enter_context(grading)
        for sentence in grading.odd:
            err.print(shown(sentence, err))
        done = len(grading.handed_in) - len(grading.todo)
        if grading.todo:
            engine = engine or _early_engine(options, grading, stack)
            out.print(
                f"{len(grading.todo)} submissions to grade, {done} graded before; seed {grading.run.seed}."
            )
            _watch(grading, engine.result(), err)
        else:
            out.print(f"All {done} submissions are graded; `--regrade` grades them again.")
        _tell(grading, out)
    if grading.odd or grading.unseen or grading.failed:
        raise GradeFault("Not everything was understood: see above.")


def _early_engine(options: Options, grading: Grading, stack: ExitStack) -> "Future[Engine]":
    """Workers that start, and prove their sandboxes, while this process reads the master copies and the gradebook."""
    submissions = max(len(grading.likely), len(grading.todo))
    lessons = tuple(dict.fromkeys(each.lesson for each in grading.likely))
    ahead = Ahead(lessons, None if grading.run.per_student else grading.run.seed)

    def start() -> Engine:
        workers = options.workers or min(cores(), submissions)
        engine = open_engine(options.scheduler, workers, options.walled)
        stack.callback(engine.close)
        engine.prepare(ahead)
        return engine

    return ThreadPoolExecutor(1).submit(start)


def _watch(grading: Grading, engine: Engine, err: Console) -> None:
    """Grades, with a progress bar: students done, rate, time left."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, speed_estimate_period=20) as progress:
        task = progress.add_task("grading", total=len(grading.todo))
        for verdict in grading.go(engine):
            progress.update(task, advance=1, description=shown(f"{verdict.student}, {verdict.lesson}", err))


def _tell(grading: Grading, out: Console) -> None:
    options = grading.options
    changed = [change for change in grading.changes if change.before is not None or options.dry_run]
    if changed:
        out.print(class_table.change_table(changed))
    elif grading.run.regrade and grading.todo:
        out.print("No points change.")
    if options.dry_run:
        out.print("Nothing was written: --dry-run.")
        return
    assert grading.book
    lessons = sorted({each.lesson for each in grading.handed_in if each.lesson in grading.masters})
    students = {each.student for each in grading.handed_in} | set(grading.unseen)
    students |= set() if options.students else grading.book.students()
    failed = grading.failed | {
        (student, lesson): why for student, why in grading.unseen.items() for lesson in lessons
    }
    rows = class_table.rows(grading.journal, students, lessons, failed)
    for table in (class_table.class_table(rows, lessons), class_table.odd_table(rows)):
        if table:
            out.print(table)
    path = class_table.write_csv(options.directory, rows)
    out.print(f"{class_table.counts(rows)}. The table with every note: {path}")
    where = options.folder.url if options.db else options.folder.gradebook
    seed = f" Cases: seed {grading.run.seed}." if grading.todo else ""
    out.print(f"Gradebook: {where}.{seed}")
