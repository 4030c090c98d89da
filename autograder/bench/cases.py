"""How well drawn cases tell known wrong answers from right ones, before and after a draw is chosen.

    python -m autograder.bench.cases [--seeds N] [--only NAME]

Of each exercise so many sheets are drawn. A wrong answer that a first draw lets pass is why it is drawn again; none may
be left after that.
"""

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from autograder import bank
from autograder.bank.selection import let_through

FIRST_SEED = 40_000


@dataclass(frozen=True)
class Chosen:
    """What so many draws of an exercise let pass at first, and what is left after the draw is chosen."""

    exercise: str
    lesson: str
    known: int
    draws: int
    at_first: Counter[str]
    left: Counter[str]


def measured(name: str, draws: int) -> Chosen:
    """One exercise through so many seeds."""
    exercise = bank.exercises()[name]
    at_first: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + draws):
        first = let_through(exercise.drawn(np.random.default_rng(seed)), exercise.told_apart)
        at_first.update(first)
        if first:
            left.update(let_through(exercise.sheet(np.random.default_rng(seed)), exercise.told_apart))
    known = len(exercise.slips) + len(exercise.told_apart)
    return Chosen(name, exercise.lesson, known, draws, at_first, left)


def measure_all(names: Sequence[str], draws: int, workers: int, console: Console) -> list[Chosen]:
    """Every exercise, in processes of their own, with a progress bar; in the lessons' order."""
    with ProcessPoolExecutor(workers) as pool, Progress(console=console, transient=True) as progress:
        task = progress.add_task("drawing", total=len(names))
        waiting = [pool.submit(measured, name, draws) for name in names]
        for _ in as_completed(waiting):
            progress.advance(task)
    return [each.result() for each in waiting]


def table(found: Sequence[Chosen]) -> Table:
    """Lesson by lesson: the known wrong answers, the draws, those that let one pass, and what is left."""
    made = Table(box=box.SIMPLE, pad_edge=False)
    made.add_column("lesson")
    for name in ("exercises", "known wrong", "draws", "let pass at first", "left"):
        made.add_column(name, justify="right")
    lessons: dict[str, list[Chosen]] = {}
    for each in found:
        lessons.setdefault(each.lesson[:2], []).append(each)
    for lesson, mine in [*lessons.items(), ("all", list(found))]:
        numbers = (
            len(mine),
            sum(each.known for each in mine),
            sum(each.draws for each in mine),
            sum(each.at_first.total() for each in mine),
            sum(each.left.total() for each in mine),
        )
        made.add_row(lesson, *map(str, numbers))
    return made


def main(
    seeds: Annotated[int, typer.Option(min=1, help="Draws of each exercise.")] = 50,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    only: Annotated[
        list[str] | None, typer.Option(help="An exercise or a lesson; again for another.")
    ] = None,
) -> None:
    """Draws cases and prints which known wrong answers they let pass. Exit code 1 if one is left."""
    console = Console(width=80, highlight=False)
    every = bank.exercises()
    names = [name for name, each in every.items() if not only or name in only or each.lesson in only]
    if not names:
        raise SystemExit("cases: there is no exercise and no lesson of that name")
    found = measure_all(names, seeds, workers, Console(stderr=True))
    console.print(table(found))
    for each in found:
        for name, count in (each.left or each.at_first).items():
            word = "LEFT" if each.left else "at first"
            console.print(f"{word}: {each.exercise}: {name}, {count} of {each.draws} draws", markup=False)
    if any(each.left for each in found):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
