"""Functions that a check hands to a student's function: named, so that a case stays plain data."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.kit.graphs import GRAPHS


def double(x: np.ndarray) -> np.ndarray:
    """2 x, the slope of x**2."""
    return 2 * x


def three_squares(x: np.ndarray) -> np.ndarray:
    """3 x**2, the slope of x**3."""
    return 3 * x**2


def cosine(x: np.ndarray) -> np.ndarray:
    """cos x, the slope of the sine."""
    return np.cos(x)


def identity(x: np.ndarray) -> np.ndarray:
    """x itself, the same array: its slope is 1 everywhere."""
    return x


def square(x: np.ndarray) -> np.ndarray:
    """x**2, whose slope is 2 x."""
    return x**2


def cube(x: np.ndarray) -> np.ndarray:
    """x**3, whose slope is 3 x**2."""
    return x**3


def sine(x: np.ndarray) -> np.ndarray:
    """sin x, whose slope is the cosine."""
    return np.sin(x)


def exponential(x: np.ndarray) -> np.ndarray:
    """e**x, its own slope."""
    return np.exp(x)


def three_x_plus_one(x: np.ndarray) -> np.ndarray:
    """3 x + 1, whose slope is 3 everywhere."""
    return 3 * x + 1


def always_three(x: np.ndarray) -> np.ndarray:
    """3, whatever x is: the slope of 3 x + 1."""
    return 3 + 0 * x


def four_cubes(x: np.ndarray) -> np.ndarray:
    """4 x**3, the slope of x**4: a descent with too long steps runs off to infinity within a few of them."""
    with np.errstate(over="ignore"):
        return 4 * x**3


def shifted_square(x: np.ndarray) -> np.ndarray:
    """(x - 1.625)**2 + 0.5: one valley, nowhere below 0.5."""
    return (x - 1.625) ** 2 + 0.5


def two_valleys(x: np.ndarray) -> np.ndarray:
    """x**4 / 4 - x**2 + x / 4: a deep valley near -1.47, a higher one near 1.35, a hump between them."""
    return x**4 / 4 - x**2 + x / 4


def two_valleys_slope(x: np.ndarray) -> np.ndarray:
    """x**3 - 2 x + 1/4, the slope of `two_valleys`."""
    return x**3 - 2 * x + 0.25


def uneven_bowl_gradient(x: np.ndarray) -> np.ndarray:
    """(1 x_1, 2 x_2, 3 x_3, ...), the gradient of the bowl x_1**2 / 2 + 2 x_2**2 / 2 + 3 x_3**2 / 2 + ..."""
    return np.arange(1, np.size(x) + 1).reshape(np.shape(x)) * x


def softsign(x: np.ndarray) -> np.ndarray:
    """x / (1 + |x|), an activation between -1 and 1."""
    return x / (1 + np.abs(x))


# One number from an array of any shape, whole or complex numbers too; and slopes of such functions, right and wrong.


def sum_of_cubes(x: np.ndarray) -> np.ndarray:
    """The sum of all x**3; its gradient is `three_squares`."""
    return np.sum(np.asarray(x) ** 3)


def sum_of_squares(x: np.ndarray) -> np.ndarray:
    """The sum of all x**2; its gradient is `double`."""
    return np.sum(np.asarray(x) ** 2)


def root_of_squares(x: np.ndarray) -> np.ndarray:
    """sqrt(1 + the sum of all x**2); its gradient is `outward`."""
    return np.sqrt(1 + np.sum(np.asarray(x) ** 2))


def sum_of_sizes(x: np.ndarray) -> np.ndarray:
    """The sum of all |x|, with a kink where an x is 0."""
    return np.sum(np.abs(x))


def log_sum_exp(x: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of all e**x, for numbers of ordinary size."""
    return np.log(np.sum(np.exp(x)))


def sine_chain(x: np.ndarray) -> np.ndarray:
    """The sum of sin(x_k) * x_(k+1) in reading order, the last times the first; its gradient is `sine_chain_slope`."""
    flat = np.ravel(x)
    return np.sum(np.sin(flat) * np.roll(flat, -1))


def columns_weighted(x: np.ndarray) -> np.ndarray:
    """The sum of (k + 1) x**2, k the place along the last axis: what it is depends on the shape of x."""
    x = np.asarray(x)
    return np.sum(np.arange(1, x.shape[-1] + 1) * x**2)


def outward(x: np.ndarray) -> np.ndarray:
    """x / sqrt(1 + the sum of all x**2), the gradient of `root_of_squares`."""
    return np.asarray(x) / np.sqrt(1 + np.sum(np.asarray(x) ** 2))


def sine_chain_slope(x: np.ndarray) -> np.ndarray:
    """cos(x_k) * x_(k+1) + sin(x_(k-1)), the gradient of `sine_chain`: every entry stands in two terms."""
    flat = np.ravel(x)
    return np.reshape(np.cos(flat) * np.roll(flat, -1) + np.sin(np.roll(flat, 1)), np.shape(x))


def sine_chain_one_term(x: np.ndarray) -> np.ndarray:
    """cos(x_k) * x_(k+1): a wrong gradient of `sine_chain`, which forgets the other term that x_k stands in."""
    flat = np.ravel(x)
    return np.reshape(np.cos(flat) * np.roll(flat, -1), np.shape(x))


def clipped_three_squares(x: np.ndarray) -> np.ndarray:
    """3 x**2, but never above 6: a wrong gradient of `sum_of_cubes`, wrong only where x is large."""
    return np.minimum(3 * np.asarray(x) ** 2, 6)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        double,
        three_squares,
        cosine,
        identity,
        square,
        cube,
        sine,
        exponential,
        three_x_plus_one,
        always_three,
        four_cubes,
        shifted_square,
        two_valleys,
        two_valleys_slope,
        uneven_bowl_gradient,
        softsign,
        sum_of_cubes,
        sum_of_squares,
        root_of_squares,
        log_sum_exp,
        sine_chain,
        sum_of_sizes,
        columns_weighted,
        outward,
        sine_chain_slope,
        sine_chain_one_term,
        clipped_three_squares,
    )
} | GRAPHS
