"""Every number that the text of lesson 06 quotes."""

import numpy as np

from autograder.bank.lesson_06_numerical_gradient.common import Array, Function
from autograder.bank.lesson_06_numerical_gradient.forward_difference import forward_difference
from autograder.bank.lesson_06_numerical_gradient.numerical_gradient import numerical_gradient
from autograder.bank.lesson_06_numerical_gradient.relative_error import relative_error


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes, by what it is."""

    def cube(x: Array) -> Array:
        return np.asarray(x) ** 3

    def central(f: Function, x: float, h: float) -> Array:
        return numerical_gradient(lambda point: np.sum(f(point)), np.array([x]), h)[0]

    u = np.spacing(1.0) / 2
    value, bend, third = 8.0, 12.0, 6.0  # of x**3 at 2, and its second and third derivative there
    places = 2 * 12.0  # x f' at 2: by so much the rounding of x enters the value
    best_central = np.cbrt(3 * u * (value + places) / third)
    best_forward = np.sqrt(2 * u * (2 * value + places) / bend)
    central_error = best_central**2 * third / 6 + u * (value + places) / best_central
    forward_error = best_forward * bend / 2 + u * (2 * value + places) / best_forward
    loss, slope, too_short, good = 2.3, 0.05, 1e-13, 1e-5
    claims = np.array([1000, 0.0001])
    measured = np.array([1000.1, 0.0002])
    return {
        "steps of the text": np.array([0.1, 0.01, 0.001, 0.0001, 1e-5, 1e-6, 1e-17, 1e-20]),
        "places beside 2": np.array([2.1, 1.9]),
        "x**3 at 2.1 and 1.9": cube(np.array([2.1, 1.9])),
        "its rise from 2, and from 1.9": np.array([2.1**3 - 8, 2.1**3 - 1.9**3]),
        "the run from 1.9 to 2.1": 0.2,
        "forward differences at h = 0.1 and 0.01": np.array(
            [forward_difference(cube, 2, h) for h in (0.1, 0.01)]
        ),
        "central differences at h = 0.1 and 0.01": np.array([central(cube, 2, h) for h in (0.1, 0.01)]),
        "gradients by hand": claims,
        "gradients by number": measured,
        "their distances": np.abs(claims - measured),
        "their relative errors": relative_error(claims, measured),
        "error of a gradient 4 times too large": relative_error(4.0, 1.0),
        "bounds of the rule of thumb": np.array([1e-7, 1e-2]),
        "beside the kink": 0.00002,
        "two steps from there": np.array([0.00002 + 0.0001, 0.00002 - 0.0001, 0.0002]),
        "slope across the kink": central(lambda x: np.maximum(x, 0), 0.00002, 0.0001),
        "its relative error": relative_error(1.0, central(lambda x: np.maximum(x, 0), 0.00002, 0.0001)),
        "unit of rounding": u,
        "best central step": best_central,
        "its error": central_error,
        "best forward step": best_forward,
        "the forward error": forward_error,
        "how much worse": forward_error / central_error,
        "rise at 1e-5": (2 + 1e-5) ** 3 - (2 - 1e-5) ** 3,
        "its condition number": 16 / ((2 + 1e-5) ** 3 - (2 - 1e-5) ** 3),
        "the colleague's loss and slope": np.array([loss, slope]),
        "what her check reports": 0.04,
        "rounding at her step, absolute and relative": np.array([1, 1 / slope]) * u * loss / too_short,
        "rounding at 1e-5, absolute and relative": np.array([1, 1 / slope]) * u * loss / good,
    }
