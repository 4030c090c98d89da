"""Lesson 12: what the parts of a split must be like, whichever numbers the generator drew."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.kit.judge.draws import DEAF, OWN_NUMBERS, parts_of
from autograder.kit.plain import Plain

Array = np.ndarray
NAMES = ("training", "validation", "test")


def three_parts(arguments: Sequence[Any], value: Plain) -> str | None:
    """Three index arrays of the sizes asked for, which hold every row once, and no stretch of neighbours."""
    m, shares, _ = arguments
    parts = parts_of(value, 3)
    if parts is None or any(type(part) is tuple or np.ndim(part) != 1 for part in parts):
        return "Three arrays of row numbers must come back: training, validation, test."
    if any(part.dtype.kind == "b" or np.any(part != np.rint(part.real)) for part in parts):
        return "Row numbers are whole numbers, from 0 to m - 1."
    for name, part, share in zip(NAMES, parts, shares, strict=True):
        if len(part) != round(share * m):
            return f"The {name} part has {len(part)} rows, and {round(share * m)} are its share of {m}."
    rows = np.concatenate([part.real for part in parts]).astype(int)
    if not np.array_equal(np.sort(rows), np.arange(m)):
        return "Every row, from 0 to m - 1, must be in exactly one part: here some are in none, or in two."
    for name, part in zip(NAMES, parts, strict=True):
        if len(part) > 4 and _neighbours(part.real.astype(int), m):
            return f"The {name} rows are a stretch of neighbours. Chance must decide which row goes where."
    return None


def _neighbours(part: Array, m: int) -> bool:
    """Whether the rows are one stretch, also one that goes round the end."""
    inside = np.isin(np.arange(m), part)
    return int(np.sum(inside != np.roll(inside, 1))) == 2


def no_row_keeps_its_part(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """Many calls with other generators: of the rows that all of them have, none is always in the same part."""
    least = min(call[0] for call in calls)
    where = np.zeros((len(calls), least), dtype=int)
    for place, value in enumerate(values):
        for number, part in enumerate(parts_of(value, 3) or ()):
            rows = np.asarray(part).real.astype(int)
            where[place, rows[rows < least]] = number
    stays = np.flatnonzero(np.all(where == where[0], axis=0))
    if stays.size:
        part = NAMES[where[0, stays[0]]]
        return f"In {len(calls)} calls with other generators row {stays[0]} was always a {part} row."
    return None


def generator_decides_the_parts(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    training = [np.sort(np.asarray(parts_of(value, 3)[0]).real) for value in values]  # type: ignore[index]
    if not np.array_equal(training[0], training[1]):
        return OWN_NUMBERS
    return DEAF if np.array_equal(training[0], training[2]) else None


PROPERTIES: dict[str, Callable[[Sequence[Any], Plain], str | None]] = {"three_parts": three_parts}
TOGETHER: dict[str, Callable[[Sequence[Sequence[Any]], Sequence[Plain]], str | None]] = {
    each.__name__: each for each in (no_row_keeps_its_part, generator_decides_the_parts)
}
