"""What the exercises of lesson 03 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, number, numbers, signed

Array = np.ndarray
LESSON = "03-activations"


def extremes(rng: np.random.Generator) -> Array:
    """Arguments at which a naive exponential overflows, and ordinary ones beside them."""
    far, farther = 700 + 8 * rng.integers(1, 40), 1000 + 125 * rng.integers(1, 800)
    return np.concatenate([[-1000.0, 1000.0, -far, far, farther, -farther], signed(rng, 2)])


def every_size(rng: np.random.Generator) -> Array:
    """0, and numbers of both signs from very small ones to those where the curves have gone flat."""
    sizes = np.array([0.125, *(numbers(rng, 5) + [3.5, 6.5, 10.0, 16.0, 33.0]), 6 + rng.integers(1, 7) / 8])
    return np.concatenate([[0.0], sizes, -sizes - 0.125])


def elementwise(rng: np.random.Generator) -> Iterator[Ask]:
    """The sub-checks that every stable elementwise function gets."""
    yield Ask("one number", 1, [(number(rng, 0.5, 3),), (number(rng, -3, -0.5),)])
    yield Ask(
        "arrays, in their own shape",
        1,
        [(signed(rng, 5),), (signed(rng, 2, 3),), (signed(rng, 3, 3),), (every_size(rng),)],
        battery=("large", "tiny"),
    )
    yield Ask("huge arguments of both signs", 1.5, [(extremes(rng),)])
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)
