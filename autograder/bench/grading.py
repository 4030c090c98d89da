"""The grader's speed, side by side with stock nbgrader and Otter-Grader on the same submissions, and how it scales.

All take turns in one run, so that what else the machine does falls on all of them. Loops that never end are left out:
they cost the same seconds on every route.
"""

import importlib.metadata
import os
import platform
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from autograder import course
from autograder.bench import bars, curve, generated_class, otter, routes
from autograder.bench.curve import MEGABYTE, Point
from autograder.bench.measure import BenchError, Cost, sizes
from autograder.bench.routes import Scores, Timed, Workshop

STARTS = REPEATS = 3
SMALL = 100
SAMPLE = "03-activations,04-softmax,05-cross-entropy"

Route = Callable[[Workshop, Path, Path], Timed]


@contextmanager
def workshop(lessons: Sequence[str], seed: int, otter_python: str | None) -> Iterator[Workshop]:
    """A prepared workshop in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="autograder-bench-", ignore_cleanup_errors=True) as folder:
        shop = Workshop(Path(folder), lessons, seed, otter_python)
        shop.prepare()
        yield shop


def slices(students: int, few: int, rounds: int) -> list[tuple[list[int], list[int]]]:
    """The students of each round, as numbers: all of them, and the few that the slow routes grade too.

    The first of each round's students are the few.
    """
    mine = [list(range(students))[turn::rounds] for turn in range(rounds)]
    sizes = [len(range(few)[turn::rounds]) for turn in range(rounds)]
    return [(numbers, numbers[:size]) for numbers, size in zip(mine, sizes, strict=True)]


def compare(
    shop: Workshop, slow: Sequence[Route], quick: Sequence[Route], turns: list[tuple[list[int], list[int]]]
) -> list[Timed]:
    """Grades round by round, each round beginning with another route."""
    found = []
    for turn, (numbers, few) in enumerate(turns):
        folder = shop.folder / f"round-{turn}"
        generated_class.hand_in(folder / "all", shop.lessons, numbers)
        generated_class.hand_in(folder / "few", shop.lessons, few)
        asked = [(route, "few") for route in slow if few] + [(route, "all") for route in quick if numbers]
        first = turn % max(len(asked), 1)
        for route, size in asked[first:] + asked[:first]:
            found.append(route(shop, folder / size / "submitted", folder / route.__name__))
    return found


def together(graded: Sequence[Timed]) -> list[Timed]:
    """The rounds of each route as one: costs added, scores side by side."""
    found: dict[str, Timed] = {}
    for each in graded:
        so_far = found.setdefault(each.route, Timed(each.route, defaultdict(Cost), {}))
        for lesson, cost in each.costs.items():
            so_far.costs[lesson] += cost
        so_far.scores.update(each.scores)
    return list(found.values())


def agreement(one: Scores, other: Scores) -> tuple[list[tuple[str, str]], int]:
    """The submissions with different scores among those that both have, and how many both have."""
    both = sorted(one.keys() & other.keys())
    return [key for key in both if abs(one[key] - other[key]) > 1e-9], len(both)


def comparison(graded: Sequence[Timed]) -> Table:
    """The routes' figures, as text that is Markdown too. The first route is what the others are compared with."""
    made = Table(box=box.MARKDOWN)
    for heading in (
        "route",
        "submissions",
        "a minute",
        "ms each",
        "CPU s each",
        "most MB",
        "faster than stock",
        "equal scores",
    ):
        made.add_column(heading, justify="left" if heading == "route" else "right", no_wrap=True)
    for each in graded:
        count = len(each.scores)
        different, both = agreement(graded[0].scores, each.scores)
        made.add_row(
            each.route,
            str(count),
            f"{60 * count / each.cost.wall:.1f}",
            f"{1000 * each.cost.wall / count:.0f}",
            f"{each.cost.cpu / count:.2f}",
            f"{each.cost.peak / MEGABYTE:.0f}",
            "" if each is graded[0] else f"{faster(graded[0], each):.1f} times",
            "" if each is graded[0] else f"{both - len(different)} of {both}",
        )
    return made


def faster(slow: Timed, quick: Timed) -> float:
    """How many times as many submissions a minute the quicker route grades."""
    return (slow.cost.wall / len(slow.scores)) / (quick.cost.wall / len(quick.scores))


def by_lesson(graded: Sequence[Timed]) -> Table:
    """Milliseconds a submission, lesson by lesson, of the routes that grade lesson by lesson."""
    made = Table(box=box.MARKDOWN)
    made.add_column("ms each", no_wrap=True)
    slow = [each for each in graded if "all" not in each.costs]
    for each in slow:
        made.add_column(each.route, justify="right", no_wrap=True)
    for lesson in slow[0].costs if slow else ():
        counts = [sum(key[1] == lesson for key in each.scores) for each in slow]
        times = [each.costs[lesson].wall for each in slow]
        made.add_row(lesson, *(f"{1000 * wall / n:.0f}" for wall, n in zip(times, counts, strict=True)))
    return made


@dataclass(frozen=True)
class Start:
    """A class of one, in seconds: until the first verdict stands in its page, and both whole commands."""

    first: float
    ours: float
    stock: float

    @property
    def sentence(self) -> str:
        """The first verdict, as a part of what stock takes."""
        return (
            f"The first verdict comes after {self.first / self.stock:.2f} of the time that stock nbgrader takes for "
            f"one submission ({self.first:.2f} s of {self.stock:.2f} s); the whole command takes "
            f"{self.ours / self.stock:.2f} of it."
        )


def class_of_one(shop: Workshop) -> Start:
    """One submission of one lesson, graded by stock and by ours in turns; of each the middle of a few runs."""
    alone = replace(shop, lessons=shop.lessons[:1])
    firsts, ours, stock = [], [], []
    for turn in range(STARTS):
        folder = shop.folder / f"one-{turn}"
        generated_class.hand_in(folder, alone.lessons, [turn])
        stock.append(routes.stock(alone, folder / "submitted", folder / "stock").cost.wall)
        graded = routes.ours(alone, folder / "submitted", folder / "ours")
        ours.append(graded.cost.wall)
        firsts.append(graded.first)
    return Start(median(firsts), median(ours), median(stock))


def middle(costs: Sequence[Cost]) -> Cost:
    """The one of the middle, by the wall's time."""
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def measure_scale(shop: Workshop, counts: Sequence[int]) -> Iterator[Point]:
    """Our grader alone at these numbers of submissions; a small class several times, of which the middle counts."""
    for count in counts:
        costs = []
        for turn in range(REPEATS if count <= SMALL else 1):
            folder = shop.folder / f"class-of-{count}-{turn}"
            generated_class.hand_in(folder, shop.lessons, range(count), most=count)
            graded = routes.ours(shop, folder / "submitted", folder / "ours")
            if len(graded.scores) != count:
                raise BenchError(f"of {count} submissions only {len(graded.scores)} were graded")
            costs.append(graded.cost)
        yield Point(count, middle(costs))


def times_faster(stock: Timed, point: Point) -> float:
    """How many times faster than stock a class was graded: milliseconds a submission, start and all."""
    return 1000 * stock.cost.wall / len(stock.scores) / point.milliseconds


def scale_table(points: Sequence[Point], stock: Timed) -> Table:
    """The scaling curve in numbers, each size against stock in the same run; the ratios are to their column's first."""
    made = Table(box=box.MARKDOWN)
    headings = (
        "submissions",
        "ms each",
        "faster than stock",
        "at least",
        "ms one more",
        "ratio",
        "CPU s each",
        "most MB",
        "90% MB",
        "ratio",
    )
    for heading in headings:
        made.add_column(heading, justify="right", no_wrap=True)
    more = curve.further(points)
    for point, step, step_ratio, memory in zip(
        points,
        ["", *(f"{value:.0f}" for value in more)],
        ["", *(f"{value:.2f}" for value in curve.ratios(more))],
        curve.ratios([point.megabytes for point in points]),
        strict=True,
    ):
        made.add_row(
            *(str(point.submissions), f"{point.milliseconds:.0f}"),
            *(f"{times_faster(stock, point):.1f} times", str(bars.least(point.submissions) or "")),
            *(step, step_ratio),
            f"{point.cost.cpu / point.submissions:.2f}",
            *(f"{point.cost.peak / MEGABYTE:.0f}", f"{point.megabytes:.0f}", f"{memory:.2f}"),
        )
    return made


def misses(graded: Sequence[Timed]) -> list[str]:
    """What the comparison shows and must not: another score, or too little gained over stock nbgrader."""
    found = []
    first = graded[0]
    for each in graded[1:]:
        for student, lesson in agreement(first.scores, each.scores)[0]:
            key = student, lesson
            found.append(
                f"{student} in {lesson} has {first.scores[key]:g} from {first.route}, "
                f"{each.scores[key]:g} from {each.route}"
            )
        if (first.route, each.route) == (routes.STOCK, routes.OURS):
            found += bars.too_slow(len(each.scores), faster(first, each))
    return found


def run(
    console: Console, shop: Workshop, turns: list, scale: Sequence[int], picture: Path | None, with_ours: bool
) -> list[str]:
    """Measures and prints everything; returns what misses its bar."""
    slow: list[Route] = [routes.stock, *([routes.with_otter] if shop.otter_python else [])]
    graded = together(compare(shop, slow, [routes.ours] if with_ours else [], turns))
    graded.sort(key=lambda each: routes.ORDER.index(each.route))
    console.print(comparison(graded))
    console.print(by_lesson(graded))
    missed = misses(graded)
    if with_ours:
        start = class_of_one(shop)
        console.print(start.sentence)
        missed += bars.too_late(start.first, start.stock)
        missed += run_scale(console, shop, graded[0], scale, picture)
        for bar in bars.not_measured(
            [*scale, *(len(each.scores) for each in graded if each.route == routes.OURS)]
        ):
            console.print(f"not measured: {bar}")
    return missed


def run_scale(
    console: Console, shop: Workshop, stock: Timed, scale: Sequence[int], picture: Path | None
) -> list[str]:
    """The same for the curve alone."""
    points = list(measure_scale(shop, scale))
    if not points:
        return []
    console.print(scale_table(points, stock))
    if picture:
        curve.draw(points, picture)
        console.print(f"The curve is in {picture}.")
    slow = [bars.too_slow(point.submissions, times_faster(stock, point)) for point in points]
    return [*(sentence for each in slow for sentence in each), *curve.misses(points)]


def where_it_ran(seed: int) -> str:
    """The versions, cores and load under which the figures were made."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("nbgrader", "numpy")]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, load {load}; Python {platform.python_version()}, {', '.join(versions)}, "
        f"otter-grader {otter.VERSION}; seed {seed}"
    )


def main(
    students: Annotated[int, typer.Option(min=1, help="Students that our grader grades.")] = 60,
    few: Annotated[int, typer.Option(min=1, help="How many of them the slow routes grade too.")] = 12,
    rounds: Annotated[int, typer.Option(min=1, help="In how many turns.")] = 2,
    lessons: Annotated[str, typer.Option(help="Lessons by name, with commas between them.")] = SAMPLE,
    scale: Annotated[str, typer.Option(help="Sizes of the curve; empty for none.")] = "60,300,1000,10000",
    picture: Annotated[Path | None, typer.Option("--curve", help="A new .svg or .png for the curve.")] = None,
    otter_python: Annotated[
        str | None, typer.Option("--otter", help="A Python that has Otter-Grader.")
    ] = None,
    with_otter: Annotated[
        bool, typer.Option("--otter-too/--no-otter", help="Otter-Grader beside them.")
    ] = True,
    with_ours: Annotated[bool, typer.Option("--ours/--no-ours", help="This project's own grader.")] = True,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all cases.")] = 1,
) -> None:
    """Measures the grading of a generated class; exit code 1 if a bar is missed, 2 if it cannot be measured."""
    console = Console(width=140, highlight=False)
    try:
        names = [course.lesson(name.strip()).name for name in lessons.split(",")]
        counts = sizes("--scale", scale)
        if picture:
            curve.refuse_to_overwrite(picture)
        python = otter.find_python(otter_python, otter.cache_folder()) if with_otter else None
        if with_ours:
            routes.need_grade()
        before = where_it_ran(seed)
        with workshop(names, seed, python) as shop:
            missed = run(
                console, shop, slices(students, min(few, students), rounds), counts, picture, with_ours
            )
    except (BenchError, ValueError) as fault:
        console.print(str(fault), markup=False)
        raise typer.Exit(2) from None
    console.print(f"Before: {before}")
    for miss in missed:
        console.print(f"missed: {miss}", markup=False)
    if missed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
