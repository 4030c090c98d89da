"""How the grader's cost grows with the class: measured at several sizes, and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from autograder.bench.measure import BenchError, Cost

MOST_GROWTH = 1.2
MEGABYTE = 1e6


@dataclass(frozen=True)
class Point:
    """A class of `submissions`, what it cost, and the seconds that a class of one takes."""

    submissions: int
    cost: Cost
    start: float

    @property
    def milliseconds(self) -> float:
        """The wall's time a submission, in milliseconds, start and all."""
        return 1000 * self.cost.wall / self.submissions

    @property
    def further(self) -> float:
        """What each submission after the first takes, in milliseconds: the time without the start."""
        return 1000 * (self.cost.wall - self.start) / max(self.submissions - 1, 1)

    @property
    def megabytes(self) -> float:
        """The most memory at once, of all processes, in MB."""
        return self.cost.peak / MEGABYTE


def growth(points: Sequence[Point], name: str) -> list[float]:
    """How many times the first point's value each point has; `name` is one of Point's figures."""
    first = getattr(points[0], name)
    return [getattr(point, name) / first for point in points]


def misses(points: Sequence[Point]) -> list[str]:
    """What grows by more than it may."""
    figures = {"further": "the time of a further submission", "megabytes": "the memory"}
    found = []
    for name, what in figures.items():
        most = max(growth(points, name))
        if most > MOST_GROWTH:
            found.append(f"{what} grows to {most:.2f} times that of {points[0].submissions} submissions")
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
    left.plot(at, [point.milliseconds for point in points], "o-", color="#0072B2", label="with the start")
    left.plot(at, [point.further for point in points], "s--", color="#D55E00", label="without it")
    right.plot(at, [point.megabytes for point in points], "o-", color="#0072B2", label="all processes")
    left.set(title="Time of one submission", ylabel="milliseconds")
    right.set(title="Most memory at once", ylabel="MB")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xticks(at, [str(count) for count in at])
        axes.minorticks_off()
        axes.set(xlabel="submissions in the class")
        axes.set_ylim(bottom=0)
        axes.grid(color="#D0D0D0")
        axes.legend(frameon=False)
    figure.savefig(path)
