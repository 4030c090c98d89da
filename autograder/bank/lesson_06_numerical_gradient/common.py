"""What the exercises of lesson 06 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Function = Callable[..., Array]
LESSON = "06-numerical-gradient"
TINY = 1e-20


def whole(rng: np.random.Generator, *shape: int) -> Array:
    """Whole numbers as integers, from -4 to 4, none of them 0, no two neighbours alike."""
    size = int(np.prod(shape))
    return rng.permutation(np.array([-4, -3, -2, -1, 1, 2, 3, 4]))[:size].reshape(shape)


def wide_step(rng: np.random.Generator, _: dict[str, int]) -> np.float64:
    """A step so wide that the way of measuring shows."""
    return np.float64(rng.choice([0.125, 0.25, 0.5]))
