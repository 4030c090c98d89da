"""The worked example's network as a drawing: units in columns with their numbers and colours, and the lines between."""

from collections.abc import Sequence

import numpy as np

from autograder.kit.explore.parts.colours import BLUE, CARD, EDGE, FAINT, TRACK, VERMILION, tint
from autograder.kit.explore.parts.svg import Pen, Svg

LEFTS = (20, 190, 380, 570)
WIDTHS = (90, 130, 130, 130)
TOP, STEP, HEIGHT = 84, 78, 48
HEADS = ("input", "layer 1: ReLU", "layer 2: sigmoid", "output: softmax")
# The number at which a unit of the column has its full colour.
FULL = (1.0, 4.0, 1.0, 1.0)


def columns(svg: Svg, values: Sequence[Sequence[float] | None]) -> None:
    """Headings and coloured boxes; a column without values stays grey."""
    for column, numbers in enumerate(values):
        svg.text(LEFTS[column] + WIDTHS[column] / 2, 68, HEADS[column], 13, "middle", bold=True)
        for row in range(3):
            left, top = corner(column, row)
            svg.rect(left, top, WIDTHS[column], HEIGHT, TRACK if numbers is None else CARD, Pen(EDGE))
            if numbers is not None:
                fill, depth = tint(float(numbers[row]) / FULL[column])
                svg.rect(left, top, WIDTHS[column], HEIGHT, fill, opacity=depth)


def corner(column: int, row: int) -> tuple[float, float]:
    """The upper left corner of a unit's box."""
    return LEFTS[column], TOP + STEP * row


def write(svg: Svg, column: int, row: int, lines: Sequence[str]) -> None:
    """One or two lines inside a unit's box, the first one bold, and a third below it."""
    left, top = corner(column, row)
    middle = left + WIDTHS[column] / 2
    if len(lines) == 1:
        svg.text(middle, top + 29, lines[0], 14, "middle", bold=True)
        return
    for line, (text, below) in enumerate(zip(lines, (20, 39, 62), strict=False)):
        svg.text(middle, top + below, text, 14 if line == 0 else 13, "middle", bold=line == 0)


def edges(svg: Svg, contributions: Sequence[np.ndarray]) -> None:
    """Lines from each unit to each of the next column, as thick as what they carry; dashed where it is negative."""
    for column, carried in enumerate(contributions):
        start = LEFTS[column] + WIDTHS[column]
        for i in range(3):
            for j in range(3):
                part = float(carried[i, j])
                size = min(abs(part) / 1.5, 1.0)
                colour = FAINT if size < 1e-9 else BLUE if part > 0 else VERMILION
                pen = Pen(colour, 0.8 + 3.2 * size, "6 5" if part < 0 else "", 0.75)
                ends = [TOP + STEP * row + HEIGHT / 2 for row in (i, j)]
                svg.line(start, ends[0], LEFTS[column + 1], ends[1], pen)
