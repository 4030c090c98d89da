"""What an exercise promises of its arguments, as data: their shapes, their values, and how they are drawn.

    promises={"z": logits("m? n")}                               a sample (n,) or a batch (m, n) of any size
    promises={"x": reals("...", ZERO, TINY)}                     any shape; with a 0 among them, and tiny ones
    promises={"p": shares("m? n"), "upstream": reals("m? n")}    equal letters are equal sizes

A shape is a row of letters, one an axis; `m?` is an axis that may be missing, `...` any shape at all, "" a number.
From this `batteries` draws the cases that every promise of its kind deserves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.kit.functions import FUNCTIONS

Rng = np.random.Generator
Shape = tuple[int, ...]
Sizes = dict[str, int]

# What may be promised of values, beyond numbers of ordinary size and both signs.
ZERO = "zero"  # some are exactly 0
TINY = "tiny"  # some are below a thousandth
LARGE = "large"  # some are between 10 and 50
HUGE = "huge"  # near 1000 and near -1000
APART = "apart"  # one row near 1000, another near -1000
WHOLE = "whole"  # whole numbers, of a whole-number dtype
NEGATIVE = "negative"  # all below 0
VALUES = (ZERO, TINY, LARGE, HUGE, APART, WHOLE, NEGATIVE)


@dataclass(frozen=True)
class Promise:
    """What may come as one argument: its shape in letters, how it is drawn, and what else its values may be."""

    shape: str | None
    draw: Callable[[Rng, Shape, Sizes], Any]
    values: tuple[str, ...] = ()

    @property
    def axes(self) -> list[str]:
        """The letters of its axes."""
        return (self.shape or "").split()


def reals(shape: str, *values: str) -> Promise:
    """Numbers of both signs, multiples of 1/8 between -3 and 3, all different where they are few."""
    return Promise(shape, lambda rng, shape, sizes: _different(rng, shape), _known(values))


def positive(shape: str, *values: str) -> Promise:
    """Numbers above 0, between 1/8 and 3."""
    return Promise(shape, lambda rng, shape, sizes: np.abs(_different(rng, shape)) + 0.0625, _known(values))


def logits(shape: str, *values: str) -> Promise:
    """Numbers of any size: near 1000, near -1000, rows far apart."""
    return reals(shape, HUGE, APART, LARGE, *values)


def shares(shape: str) -> Promise:
    """Probabilities above 0; each row sums to 1."""
    return Promise(shape, lambda rng, shape, sizes: _shares(rng, shape))


def chances(shape: str, low: float = 0.05, high: float = 0.95) -> Promise:
    """Numbers between `low` and `high`, each for itself: the results of sigmoids."""
    return Promise(shape, lambda rng, shape, sizes: _steps(rng, shape, low, high))


def one_hot_rows(shape: str) -> Promise:
    """Rows with a single 1."""
    return Promise(shape, lambda rng, shape, sizes: _one_hot(rng, shape))


def bits(shape: str) -> Promise:
    """0.0 and 1.0."""
    return Promise(shape, lambda rng, shape, sizes: np.asarray(rng.integers(0, 2, shape), dtype=float)[()])


def number(low: float = -3, high: float = 3, *values: str) -> Promise:
    """One number between `low` and `high`."""
    return Promise("", lambda rng, shape, sizes: np.float64(_steps(rng, (), low, high)), _known(values))


def whole(low: int, high: int) -> Promise:
    """One whole number from `low` to `high`; both ends are asked."""
    return Promise("", lambda rng, shape, sizes: int(rng.integers(low, high + 1)), (f"={low}", f"={high}"))


def one_of(*options: Any) -> Promise:
    """One of these: texts, functions of `kit.functions`; each of them is asked."""
    if any(callable(each) and FUNCTIONS.get(each.__name__) is not each for each in options):
        raise ValueError(
            "a function that is handed over stands in kit.functions, or no case can be written down"
        )
    numbered = tuple(f"#{place}" for place in range(len(options)))
    return Promise("", lambda rng, shape, sizes: options[int(rng.integers(len(options)))], numbered)


def drawn(draw: Callable[[Rng, Sizes], Any]) -> Promise:
    """Whatever `draw(rng, sizes)` makes of the sizes of the other arguments' axes.

    They come as {"m": 4, "n": 3}; for a single sample m is 0.
    """
    return Promise(None, lambda rng, shape, sizes: draw(rng, sizes))


def _known(values: Sequence[str]) -> tuple[str, ...]:
    for each in values:
        if each not in VALUES:
            raise ValueError(f"{each!r} is nothing that can be promised; there are: {', '.join(VALUES)}")
    return tuple(values)


def _different(rng: Rng, shape: Shape) -> Any:
    size = int(np.prod(shape))
    if size > 40:
        return rng.integers(-24, 25, shape) / 8
    sizes = rng.choice(np.arange(1, 25), size, replace=size > 24) / 8
    signs = rng.permutation(np.where(np.arange(size) % 2, -1.0, 1.0))
    return (sizes * signs).reshape(shape)[()]


def _steps(rng: Rng, shape: Shape, low: float, high: float) -> Any:
    steps = max(1, round((high - low) * 64))
    return np.asarray(low + (high - low) * rng.integers(0, steps + 1, shape) / steps)[()]


def _shares(rng: Rng, shape: Shape) -> Any:
    weights = rng.integers(1, 30, shape).astype(float)
    return weights / weights.sum(axis=-1, keepdims=True)


def _one_hot(rng: Rng, shape: Shape) -> Any:
    *batch, classes = shape
    places = rng.permutation(np.arange(int(np.prod(batch, dtype=int))) + int(rng.integers(classes))) % classes
    return np.eye(classes)[places].reshape(shape)
