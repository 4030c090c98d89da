"""Many machines: what a Dask cluster grades in a second, and from how many workers on the one writer is what limits.

All workers run on this machine. First a few with a sandbox each; then many whose students' code is replaced by a nap.
What the main process does is the same with both: it reads, sends, and writes gradebook, journal, notebooks and pages.
"""

import math
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder import course
from autograder.bench import asleep, generated_class, routes
from autograder.bench.cluster_here import ClusterHere, cluster_here
from autograder.bench.measure import BenchError, sizes
from autograder.grading.class_folder import make_class
from autograder.grading.errors import GradeFault, SandboxError
from autograder.grading.run.grade import Grading, Options
from autograder.grading.sandbox.process import bubblewrap

SAMPLE = "03-activations,04-softmax,05-cross-entropy"
SEED = 1
# A share of the time that counts as all of it.
FULL = 0.9
# Each worker is a process of about 150 MB.
MOST_WORKERS = 64


@dataclass(frozen=True)
class Wanted:
    """What is measured: `real` workers with sandboxes on one class; then naps, so many submissions for each worker."""

    lessons: Sequence[str]
    real: int
    submissions: int
    sleeping: Sequence[int]
    each: int
    seconds: float

    @property
    def total(self) -> int:
        """All submissions that will be graded."""
        return (self.submissions if self.real else 0) + self.each * sum(self.sleeping)


@dataclass(frozen=True)
class OneClass:
    """One class on so many workers: seconds on the wall, the main process's seconds of processor, and what share of
    all cores was busy, whoever was busy on them. `nap` is None where students' code ran.
    """

    workers: int
    nap: float | None
    submissions: int
    wall: float
    writer: float
    busy: float

    @property
    def rate(self) -> float:
        """Submissions a second."""
        return self.submissions / self.wall

    @property
    def share(self) -> float:
        """The share of the time in which the writer works."""
        return self.writer / self.wall

    @property
    def most(self) -> float:
        """Submissions a second at which the writer would have no time left."""
        return self.submissions / self.writer


@dataclass(frozen=True)
class Classes:
    """Makes classes in a folder. Each has its lessons in the gradebook and one student graded, so that the start of a
    class, which a large one has once, is in no figure.
    """

    folder: Path
    lessons: Sequence[str]
    bar: Progress

    @property
    def _begun(self) -> Path:
        return self.folder / "begun"

    def grade(self, cluster: ClusterHere, submissions: int, nap: float | None) -> OneClass:
        """A new class, graded; a BenchError if anything of it is not in the gradebook afterwards."""
        if not self._begun.exists():
            make_class(self._begun)
            generated_class.hand_in(self._begun, self.lessons, [0])
            self._measured(self._begun, cluster, nap)
        folder = self.folder / f"{cluster.folder.name}-{cluster.workers}"
        shutil.copytree(self._begun, folder)
        students = range(1, 1 + math.ceil(submissions / len(self.lessons)))
        generated_class.hand_in(folder, self.lessons, students, most=submissions)
        run = self._measured(folder, cluster, nap)
        recorded = len(routes.recorded(folder)) - len(self.lessons)
        if (run.submissions, recorded) != (submissions, submissions):
            raise BenchError(
                f"of {submissions} submissions {run.submissions} were graded, {recorded} recorded"
            )
        return run

    def _measured(self, folder: Path, cluster: ClusterHere, nap: float | None) -> OneClass:
        what = "with sandboxes" if nap is None else "asleep"
        task = self.bar.task_ids[0]
        self.bar.update(task, description=f"{_counted(cluster.workers)} {what}")
        with Grading(Options(folder, seed=SEED)) as grading:
            psutil.cpu_percent()
            began, used, graded = time.monotonic(), time.process_time(), 0
            for _ in grading.go(cluster.engine):
                graded += 1
                self.bar.advance(task)
            wall, writer = time.monotonic() - began, time.process_time() - used
            return OneClass(cluster.workers, nap, graded, wall, writer, psutil.cpu_percent() / 100)


def measure(folder: Path, wanted: Wanted, bar: Progress) -> Iterator[OneClass]:
    """Measures in a folder; each run comes when it is done. The bar's one task counts the submissions."""
    classes = Classes(folder, wanted.lessons, bar)
    if wanted.real:
        with cluster_here(folder / "sandboxes") as cluster:
            cluster.grow(wanted.real)
            cluster.engine.prepare()
            yield classes.grade(cluster, wanted.submissions, None)
    with cluster_here(folder / "naps") as cluster:
        for workers in wanted.sleeping:
            bar.update(bar.task_ids[0], description=f"{_counted(workers)} to start")
            cluster.grow(workers)
            cluster.engine.client.run(asleep.fall_asleep, wanted.seconds, wanted.lessons, SEED)
            yield classes.grade(cluster, workers * wanted.each, wanted.seconds)


def table(runs: Sequence[OneClass]) -> Table:
    """The figures, as text that is Markdown too."""
    made = Table(box=box.MARKDOWN)
    headings = ("workers", "student's process", "submissions", "a second", "the writer works", "cores busy")
    for heading in headings:
        made.add_column(heading, justify="left" if "student" in heading else "right", no_wrap=True)
    for run in runs:
        made.add_row(
            str(run.workers),
            "in a sandbox" if run.nap is None else f"asleep, {run.nap:g} s",
            *(str(run.submissions), f"{run.rate:.1f}", f"{run.share:.0%}", f"{run.busy:.0%}"),
        )
    return made


def saturation(naps: Sequence[OneClass]) -> str:
    """At how many submissions a second the writer has no time left, and from how many workers on that is so."""
    fastest = max(naps, key=lambda run: run.rate)
    head = f"The writer saturates at about {fastest.most:.0f} submissions a second"
    limited = [run.workers for run in naps if run.share >= FULL]
    if limited:
        return f"{head}: from {_counted(min(limited))} on the writer is what limits."
    one = naps[0].rate / naps[0].workers
    told = (
        f"{head}, as many as {math.ceil(fastest.most / one)} such workers grade; it does not limit the "
        f"{naps[-1].workers} that were measured."
    )
    crowded = [run.workers for run in naps if run.busy >= FULL]
    return f"{told} From {_counted(min(crowded))} on this machine's cores do." if crowded else told


def _counted(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def misses(runs: Sequence[OneClass]) -> list[str]:
    """A writer that limits workers with sandboxes, of which there are few."""
    return [
        f"the writer works {run.share:.0%} of the time with {run.workers} workers in sandboxes: it is what limits"
        for run in runs
        if run.nap is None and run.share >= FULL
    ]


def understood(wanted: Wanted) -> None:
    """Raises BenchError for what cannot be measured."""
    most = max([wanted.real, *wanted.sleeping])
    if most > MOST_WORKERS:
        raise BenchError(f"{most} workers are too many for one machine: at most {MOST_WORKERS}")
    if not wanted.total:
        raise BenchError("nothing is to be measured: --workers names no number, and --real is 0")
    if not 0 < wanted.seconds < math.inf:
        raise BenchError(f"--seconds takes a number above 0: not {wanted.seconds:g}")
    try:
        if wanted.real:
            bubblewrap()
    except SandboxError:
        raise BenchError(
            "bubblewrap is not here, so no worker has a sandbox: --real 0 measures naps"
        ) from None


def main(
    workers: Annotated[str, typer.Option(help="How many sleep; empty for none.")] = "1,2,4,8,16,32",
    each: Annotated[int, typer.Option(min=1, help="Submissions for each that sleeps.")] = 20,
    seconds: Annotated[float, typer.Option(help="How long one sleeps for a submission.")] = 0.3,
    real: Annotated[int, typer.Option(min=0, help="Workers with a sandbox each.")] = 4,
    submissions: Annotated[int, typer.Option(min=1, help="Submissions for those together.")] = 200,
    lessons: Annotated[str, typer.Option(help="Lessons by name, with commas between them.")] = SAMPLE,
) -> None:
    """Measures a Dask cluster on this machine; exit code 1 if the writer limits, 2 if it cannot be measured."""
    console = Console(width=120, highlight=False)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    try:
        names = [course.lesson(name.strip()).name for name in lessons.split(",")]
        wanted = Wanted(names, real, submissions, sizes("--workers", workers), each, seconds)
        understood(wanted)
        with (
            tempfile.TemporaryDirectory(prefix="autograder-bench-", ignore_cleanup_errors=True) as folder,
            Progress(*columns, console=Console(stderr=True), refresh_per_second=2) as bar,
        ):
            bar.add_task("the workers start", total=wanted.total + len(names))
            runs = list(measure(Path(folder), wanted, bar))
    except (BenchError, GradeFault, ValueError) as fault:
        console.print(str(fault), markup=False)
        raise typer.Exit(2) from None
    console.print(table(runs))
    naps = [run for run in runs if run.nap is not None]
    if naps:
        console.print(saturation(naps))
    missed = misses(runs)
    for miss in missed:
        console.print(f"missed: {miss}", markup=False)
    if missed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
