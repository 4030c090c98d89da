"""What the exercises of lesson 01 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.bank.exercise import number

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
