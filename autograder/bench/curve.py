"""How the grader's cost grows with the class: measured at several sizes, and drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from matplotlib.figure import Figure

from autograder.bench.measure import BenchError, Cost

MOST_GROWTH = 1.2
MEGABYTE = 1e6


@dataclass(frozen=True)
class Point:
    """A class of `submissions` and what it cost."""

    submissions: int
    cost: Cost

    @property
    def milliseconds(self) -> float:
        """The wall's time a submission, in milliseconds, start and all."""
        return 1000 * self.cost.wall / self.submissions

    @property
    def megabytes(self) -> float:
        """The memory of all processes that is exceeded in a tenth of the run alone, in MB."""
        return self.cost.high / MEGABYTE


def further(points: Sequence[Point]) -> list[float]:
    """What one more submission takes between each size and the next, in milliseconds: no start is in it."""
    return [
        1000 * (more.cost.wall - less.cost.wall) / (more.submissions - less.submissions)
        for less, more in pairwise(points)
    ]


def ratios(figures: Sequence[float]) -> list[float]:
    """How many times the first figure each is; nan where the first is not above 0, lost in other work."""
    return [figure / figures[0] if figures[0] > 0 else math.nan for figure in figures]


def misses(points: Sequence[Point]) -> list[str]:
    """What grows by more than it may."""
    figures = {
        "the time of a submission": [point.milliseconds for point in points],
        "the time of one more submission": further(points),
        "the memory": [point.megabytes for point in points],
    }
    found = []
    for what, values in figures.items():
        most = max(ratios(values), default=1.0)
        if math.isnan(most):
            found.append(f"{what} could not be told: the machine had too much other work")
        elif most > MOST_GROWTH:
            found.append(f"{what} grows to {most:.2f} times what it is at first; it may to {MOST_GROWTH}")
    return found


def refuse_to_overwrite(path: Path) -> None:
    """Raises BenchError if the picture's file is there already or could not be written."""
    if path.exists():
        raise BenchError(f"{path} is there already: move it away, or name another file for the curve")
    if path.suffix not in (".svg", ".png"):
        raise BenchError(f"the curve is drawn as .svg or .png, and {path.name} is neither")
    if not path.parent.is_dir():
        raise BenchError(f"there is no folder {path.parent} for the curve")


def draw(points: Sequence[Point], path: Path) -> None:
    """Draws time and memory over the number of submissions into a new file, .svg or .png."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    at = [point.submissions for point in points]
    left.plot(
        at,
        [point.milliseconds for point in points],
        "o-",
        color="#0072B2",
        label="a submission, start and all",
    )
    left.plot(at[1:], further(points), "s--", color="#D55E00", label="one more submission")
    right.plot(at, [point.megabytes for point in points], "o-", color="#0072B2", label="all processes")
    left.set(title="Time of one submission", ylabel="milliseconds")
    right.set(title="Memory, nine tenths of the time below", ylabel="MB")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xticks(at, [str(count) for count in at])
        axes.minorticks_off()
        axes.set(xlabel="submissions in the class")
        axes.set_ylim(0, 1.15 * axes.get_ylim()[1])
        axes.grid(color="#D0D0D0")
        axes.legend(frameon=False)
    figure.savefig(path)
