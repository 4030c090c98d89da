"""What the exercises of lesson 04 share: names, sentences, and how their arguments are drawn."""

import numpy as np

from autograder.bank.exercise import distinct

Array = np.ndarray
LESSON = "04-softmax"


def batch(rng: np.random.Generator, m: int, n: int) -> Array:
    """A batch of rows with different maxima, minima and sums; from two rows on, one is all negative."""
    return np.array([distinct(rng, n) for _ in range(m)]) + 4 * (rng.permutation(m) - m // 2)[:, None]


def huge(rng: np.random.Generator, n: int) -> Array:
    """A sample of logits near 1000, close enough together that no probability vanishes."""
    return 1000 + distinct(rng, n, 0, 2)


def far_apart(rng: np.random.Generator) -> Array:
    """Rows spread over both thousands, the largest logit first, in the middle and last, and rows near either end."""
    wide = np.sort(distinct(rng, 3) + [-1000.0, 0.0, 1000.0])
    return np.array(
        [np.roll(wide, place) for place in range(3)] + [huge(rng, 3), distinct(rng, 3), -huge(rng, 3)]
    )


def tied(rng: np.random.Generator) -> Array:
    """Five logits, two of them equal, the largest well above the smallest."""
    low, high = distinct(rng, 2, -2, 0)
    return rng.permutation([low, low, high, 3.0, 7.5])
