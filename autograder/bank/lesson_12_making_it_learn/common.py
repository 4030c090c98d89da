"""What the exercises of lesson 12 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Sequence

import numpy as np

from autograder.bank.exercise import signed
from autograder.kit.plain import Rng

Array = np.ndarray
Arrays = Sequence[np.ndarray]
Generator = np.random.Generator
LESSON = "12-making-it-learn"
IN_PLACE = "The numbers are right, but an argument was changed on the way. Compute into new arrays."
FIRST_ONLY = "Only the first array came back: does the return stand inside the loop?"


def seed(rng: Generator) -> Rng:
    """A generator for a student's function, with a seed of its own."""
    return Rng(int(rng.integers(1, 1_000_000)))


def arrays(rng: Generator, *shapes: tuple[int, ...]) -> list[Array]:
    """An array of each shape; no two entries of one are alike, none is near 0."""
    return [signed(rng, *shape) for shape in shapes]


def a_share(rng: Generator, low: int, high: int) -> np.float64:
    """A number of so many hundredths, from `low` to `high`."""
    return np.float64(rng.integers(low, high + 1) / 100)
