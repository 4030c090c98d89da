"""Functions that a check hands to a student's function: named, so that a case stays plain data."""

import numpy as np


def double(x: np.ndarray) -> np.ndarray:
    """2 x, the slope of x**2."""
    return 2 * x


def three_squares(x: np.ndarray) -> np.ndarray:
    """3 x**2, the slope of x**3."""
    return 3 * x**2


def cosine(x: np.ndarray) -> np.ndarray:
    """cos x, the slope of the sine."""
    return np.cos(x)


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


# One number from an array of any shape, whole or complex numbers too; and slopes of such functions, right and wrong.


def sum_of_cubes(x: np.ndarray) -> np.ndarray:
    """The sum of all x**3; its gradient is `three_squares`."""
    return np.sum(np.asarray(x) ** 3)


def root_of_squares(x: np.ndarray) -> np.ndarray:
    """sqrt(1 + the sum of all x**2); its gradient is `outward`."""
    return np.sqrt(1 + np.sum(np.asarray(x) ** 2))


def log_sum_exp(x: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of all e**x, for numbers of ordinary size."""
    return np.log(np.sum(np.exp(x)))


def sine_chain(x: np.ndarray) -> np.ndarray:
    """The sum of sin(x_k) * x_(k+1) in reading order, the last times the first; its gradient is `sine_chain_slope`."""
    flat = np.ravel(x)
    return np.sum(np.sin(flat) * np.roll(flat, -1))


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


FUNCTIONS = {
    function.__name__: function
    for function in (
        double,
        three_squares,
        cosine,
        square,
        cube,
        sine,
        exponential,
        three_x_plus_one,
        always_three,
        sum_of_cubes,
        root_of_squares,
        log_sum_exp,
        sine_chain,
        outward,
        sine_chain_slope,
        sine_chain_one_term,
        clipped_three_squares,
    )
}
