"""What the exercises of lesson 01 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.bank.exercise import number
from autograder.kit.functions import double

Array = np.ndarray
Function = Callable[[Any], Any]
LESSON = "01-gradient-descent"


def rate(rng: np.random.Generator) -> np.float64:
    """A learning rate at which every descent of this lesson's checks settles."""
    return np.float64(rng.choice([0.0625, 0.125, 0.1875]))


def side(rng: np.random.Generator, low: float, high: float) -> np.float64:
    """A number between low and high in size, of either sign."""
    return number(rng, low, high) * rng.choice([-1.0, 1.0])


def counts(rng: np.random.Generator) -> int:
    """A few steps."""
    return int(rng.integers(3, 7))


def whole(rng: np.random.Generator, size: int) -> Array:
    """A vector of different whole numbers, none of them 0."""
    return rng.choice([-3, -2, -1, 1, 2, 3], size, replace=False)


def level(rng: np.random.Generator, *shape: int) -> Array:
    """Entries of both signs, all between 2 and 3 in size: no norm of them can be taken for another."""
    size = int(np.prod(shape))
    return rng.choice(np.arange(16, 25), size, replace=False) / 8 * np.where(np.arange(size) % 2, -1.0, 1.0)


def a_walk_to(
    rng: np.random.Generator, start: Any, most: int | None = None, short: int = 0
) -> tuple[object, ...]:
    """Down the bowl of slope 2 w; the tolerance lies clear of every norm on the way, so rounding decides nothing.

    Without `most` there are just as many steps as it takes, less `short`.
    """
    learning_rate = np.float64(rng.choice([0.0625, 0.125]))
    factor = 1 - 2 * learning_rate
    until = int(rng.integers(8, 14))
    tolerance = np.float64(f"{np.linalg.norm(2 * np.asarray(start)) * factor**until / np.sqrt(factor):.3g}")
    return double, start, learning_rate, tolerance, until - short if most is None else most


def exactly_flat(rng: np.random.Generator) -> list[tuple[object, ...]]:
    """Walks whose slope becomes exactly the tolerance, a power of 2: at the start, after some steps, with the last."""
    start, halvings = side(rng, 1, 1), int(rng.integers(2, 6))
    return [
        (double, start, 0.25, 2.0, 50),
        (double, start, 0.25, 2.0 ** (1 - halvings), 50),
        (double, start, 0.25, 2.0 ** (1 - halvings), halvings),
    ]


def walk_until(
    flat: Callable[[Array, Array], bool],
    gradient: Function,
    start: Array,
    learning_rate: float,
    max_steps: int,
) -> tuple[Array, int, bool]:
    """The walk with another idea of when the ground is flat enough; `flat` gets the gradient and the step."""
    position = np.array(start, dtype=float)
    for taken in range(max_steps):
        slope = gradient(position)
        if flat(slope, learning_rate * slope):
            return position, taken, True
        if not np.all(np.isfinite(position)):
            return position, taken, False
        position = position - learning_rate * slope
    slope = gradient(position)
    return position, max_steps, bool(flat(slope, learning_rate * slope))
