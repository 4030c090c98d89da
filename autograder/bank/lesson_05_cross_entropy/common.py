"""What the exercises of lesson 05 share: names, sentences, and how their arguments are drawn."""

import numpy as np

from autograder.bank.exercise import distinct
from autograder.bank.promises import HUGE, LARGE, Promise, bits, chances, reals

Array = np.ndarray
LESSON = "05-cross-entropy"
ONE_SAMPLE = "A single sample has shape (n,), and there len(y) is n, the number of classes. Its m is 1."
IN_PLACE = "The numbers are right, but the caller's array is changed on the way. Compute a new array instead of writing into an argument."


def samples(z: Array) -> int:
    """m: the rows of a batch, or 1 for one sample."""
    return np.shape(z)[0] if np.ndim(z) == 2 else 1


def zero_safe_log(weight: Array, x: Array) -> Array:
    """weight * log(x), and 0 wherever the weight is 0."""
    weight, x = np.broadcast_arrays(np.asarray(weight, float), np.asarray(x, float))
    return weight * np.log(np.where(weight == 0, 1.0, x))


def two_class(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Labels 0 and 1, both among them, and probabilities that differ: two columns (m, 1)."""
    y = rng.permutation(np.arange(m) % 2)[:, None].astype(float)
    return y, rng.choice(np.setdiff1d(np.arange(4, 61), [32]), m, replace=False)[:, None] / 64


def logits(rng: np.random.Generator, m: int, n: int) -> Array:
    """A batch of logits whose rows have different maxima and sums."""
    return np.array([distinct(rng, n) for _ in range(m)]) + 2 * rng.permutation(m)[:, None]


def huge_batch(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """`m` rows of size 1000, one-hot labels off the maximum.

    In order: near 1000, spread over both signs, near -1000, spread with the largest in the middle, and last.
    """
    wide = np.sort(distinct(rng, 3) + [-1000.0, 0.0, 1000.0])
    rows = [
        1000 + distinct(rng, 3, 0, 2),
        wide[[2, 0, 1]],
        -1000 + distinct(rng, 3, 0, 2),
        wide[[0, 2, 1]],
        wide,
    ]
    z = np.array(rows[:m])
    return z, np.eye(3)[np.argsort(z, axis=1)[:, 1]]


def unlikely(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two one-hot rows, and probabilities that give the first true class between 1/4096 and 1/1024."""
    tiny, share = rng.integers(4, 17) / 16384, rng.integers(20, 40) / 64
    y_hat = np.array([[tiny, share - tiny, 1 - share], [share, 1 - share - tiny, tiny]])
    return np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), y_hat


def nearly_impossible(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two one-hot rows, and probabilities that give both true classes next to nothing: some 1e-13, some 1e-18."""
    less = 2.0 ** -int(rng.integers(42, 46)), 2.0 ** -int(rng.integers(57, 61))
    return np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1 - less[0], less[0]], [less[1], 1 - less[1]]])


def column(of: Promise, *values: str) -> Promise:
    """One unit's numbers: (1,) for a sample, a column (m, 1) for a batch."""
    return Promise("m?", lambda rng, shape, sizes: of.draw(rng, (*shape, 1), sizes), values)


def column_or_number(of: Promise) -> Promise:
    """One number for a sample, a column (m, 1) for a batch."""
    return Promise("m?", lambda rng, shape, sizes: of.draw(rng, (*shape, 1) if shape else (), sizes))


LABELS, CHANCES = bits(""), chances("")
LOGITS = column(reals(""), HUGE, LARGE)
