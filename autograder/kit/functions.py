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
    )
}
