"""What the exercises of lesson 02 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Callable

import numpy as np

from autograder.bank.exercise import number

Array = np.ndarray
Function = Callable[[Array], Array]
LESSON = "02-chain-rule"
START, TARGET = (-2.0, 5.0, -4.0), -10.0


def between(rng: np.random.Generator, low: float = 0.5, high: float = 3) -> np.float64:
    """A multiple of 1/8 between `low` and `high` in size, of either sign."""
    return np.float64(number(rng, low, high) * rng.choice([-1, 1]))
