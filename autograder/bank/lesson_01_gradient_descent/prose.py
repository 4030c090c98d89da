"""Every number that the text of lesson 01 quotes."""

import numpy as np

from autograder.bank.lesson_01_gradient_descent.climb import climb
from autograder.bank.lesson_01_gradient_descent.descend import descend
from autograder.bank.lesson_01_gradient_descent.largest_stable_rate import largest_stable_rate
from autograder.bank.lesson_01_gradient_descent.position_after import position_after
from autograder.kit.functions import double, two_valleys


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    walk = descend(double, 2.0, 0.1, 3)
    flat = np.sort(np.roots([1.0, 0.0, -2.0, 0.25]).real)
    neuron_factor = 1 - 0.2 * 1.5**2
    off = abs(position_after(1.5**2, -10 - 1.6, 0.2, 20))
    friend = np.array([100.0, 1.0])
    return {
        "walk by hand: rate": 0.1,
        "walk by hand: positions": walk,
        "walk by hand: slopes": double(walk),
        "walk by hand: moves": np.diff(walk),
        "coin: start and end of the climb": np.array([0.5, climb(coin_slope, 0.5, 0.01, 200)[-1]]),
        "creeping and jumping: rates": np.array([0.1, 0.9]),
        "creeping and jumping: factors": 1 - 2 * np.array([0.1, 0.9]),
        "creeping and jumping: start": -2.5,
        "creeping and jumping: ends": np.array([position_after(2.0, -2.5, each, 12) for each in (0.1, 0.9)]),
        "long valley: bound": largest_stable_rate(12.0),
        "long valley: a rate": 0.155,
        "long valley: its factor along the floor": position_after(1.0, 1.0, 0.155, 1),
        "long valley: best rate": 2 / (1 + 12),
        "long valley: factor at the best rate": (12 - 1) / (12 + 1),
        "condition number 100: factor at the best rate": (100 - 1) / (100 + 1),
        "its steps to halve the distance": np.log(0.5) / np.log(99 / 101),
        "rates to try": np.array([0.001, 0.01, 0.1]),
        "tolerance": 0.001,
        "the walk that runs away: rate": 0.5,
        "neuron: input, target, weight": np.array([1.5, 2.4, 2.4 / 1.5]),
        "neuron: curvature": 1.5**2,
        "neuron: bound": largest_stable_rate(1.5**2),
        "neuron: rate": 0.2,
        "neuron: factor": neuron_factor,
        "100 guesses: median distance": 10 * (1 - 0.5 ** (1 / 100)),
        "20 steps: distance": off,
        "guesses for that distance": np.log(0.5) / np.log1p(-2 * off / 20),
        "two valleys: flat places": flat,
        "two valleys: losses there": two_valleys(flat),
        "friend: rates": np.array([0.03, 0.0001, 0.015]),
        "friend: factors": 1 - np.outer([0.03, 0.0001, 0.015], friend),
        "friend: bound": largest_stable_rate(100.0),
        "friend: steps to halve": np.log(0.5) / np.log(0.985),
    }


def coin_slope(q: float) -> float:
    """The slope of 7 log q + 3 log(1 - q)."""
    return 7 / q - 3 / (1 - q)
