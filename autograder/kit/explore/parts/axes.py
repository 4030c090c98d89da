"""A plot's frame inside a picture: from numbers to pixels, ticks, curves that stay inside."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.kit.explore.parts.colours import FAINT, INK
from autograder.kit.explore.parts.grips import Grip, Pull
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import fixed


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.top + self.height


class Axes:
    """A plot of `x` (low, high) against `y` (low, high) inside `box`; `name` must be unique in the picture."""

    def __init__(self, svg: Svg, name: str, box: Box, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.svg, self.name, self.box, self.x, self.y = svg, name, box, x, y
        svg.clip(name, box.left, box.top, box.width, box.height)

    def px(self, x: float) -> float:
        """The pixel of a number on the x axis."""
        low, high = self.x
        return self.box.left + (x - low) / (high - low) * self.box.width

    def py(self, y: float) -> float:
        """The pixel of a number on the y axis, at most two heights outside the box."""
        low, high = self.y
        part = (y - low) / (high - low)
        return self.box.bottom - min(max(part, -2.0), 3.0) * self.box.height

    def shows(self, y: float) -> bool:
        """Whether that number lies within the y axis."""
        return self.y[0] <= y <= self.y[1]

    def shade(self, low: float, high: float, colour: str) -> None:
        """A vertical band from x = low to x = high."""
        left, right = self.px(low), self.px(high)
        self.svg.rect(left, self.box.top, right - left, self.box.height, colour)

    def frame(self, xticks: Sequence[float], yticks: Sequence[float], digits: tuple[int, int]) -> None:
        """Grid lines with their numbers; `digits` are the decimals of the x and of the y ticks."""
        box = self.box
        for x in xticks:
            self.svg.line(self.px(x), box.top, self.px(x), box.bottom, Pen(FAINT))
            self.svg.text(self.px(x), box.bottom + 17, fixed(x, digits[0]), 13, "middle")
        for y in yticks:
            strong = y == 0
            self.svg.line(box.left, self.py(y), box.right, self.py(y), Pen(INK if strong else FAINT))
            self.svg.text(box.left - 6, self.py(y) + 4, fixed(y, digits[1]), 13, "end")

    def curve(self, points: Iterable[tuple[float, float]], pen: Pen) -> None:
        """A line through the points; broken where a value is no finite number."""
        run: list[tuple[float, float]] = []
        for x, y in [*points, (0.0, math.nan)]:
            if math.isfinite(y):
                run.append((self.px(x), self.py(y)))
                continue
            if len(run) > 1:
                self.svg.polyline(run, pen, self.name)
            run = []

    def grip(self, x: float, y: float, across: str, up: str = "") -> None:
        """Makes the dot at (x, y) one to drag; the sliders of those names follow it. It stays inside the box."""
        box = self.box
        pulls = [Pull(across, "x", (self.x[1] - self.x[0]) / box.width)]
        pulls += [Pull(up, "y", (self.y[0] - self.y[1]) / box.height)] if up else []
        inside = min(max(self.py(y), box.top), box.bottom)
        self.svg.grips.append(Grip(self.px(x), inside, tuple(pulls)))

    def upright(self, x: float, pen: Pen) -> None:
        """A vertical line at x over the whole height."""
        self.svg.line(self.px(x), self.box.top, self.px(x), self.box.bottom, pen)


def legend(
    svg: Svg, x: float, y: float, entries: Sequence[tuple[str, Pen]], columns: int, step: float
) -> None:
    """Samples of lines with their names, `columns` in a row, each `step` pixels wide."""
    for place, (name, pen) in enumerate(entries):
        row, column = divmod(place, columns)
        left, base = x + column * step, y + 20 * row
        inset = pen.width / 2  # a round end reaches that far beyond the line's own
        svg.line(left + inset, base - 4, left + 30 - inset, base - 4, pen)
        svg.text(left + 38, base, name)


def evenly(low: float, high: float, count: int) -> list[float]:
    """`count` numbers from low to high, both included."""
    return [low + (high - low) * place / (count - 1) for place in range(count)]
