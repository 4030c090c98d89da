"""Every number that the text of lesson 03 quotes."""

from collections.abc import Callable

import numpy as np

from autograder.bank.lesson_03_activations.common import Array
from autograder.bank.lesson_03_activations.sigmoid import sigmoid
from autograder.bank.lesson_03_activations.sigmoid_derivative import sigmoid_derivative
from autograder.bank.lesson_03_activations.softplus import softplus
from autograder.bank.lesson_03_activations.tanh_derivative import tanh_derivative


def steps_to_fit(features: Callable[[Array], Array], rates: Array) -> tuple[int, float]:
    """The fewest steps in which a linear unit fits the lesson's target from these features, and at which rate."""
    first, second = (grid.ravel() for grid in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    target = np.tanh(first) - 0.5 * np.tanh(second)
    inputs = np.column_stack([features(first), features(second), np.ones(first.size)])
    found = []
    for rate in rates:
        weights = np.zeros(3)
        for step in range(121):
            error = inputs @ weights - target
            if np.mean(error**2) / 2 < 1e-6:
                found.append((step, float(rate)))
                break
            weights = weights - rate * inputs.T @ error / error.size
    return min(found)


def condition_number(features: Callable[[Array], Array]) -> float:
    """The largest curvature of that unit's loss, divided by the smallest."""
    first, second = (grid.ravel() for grid in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    inputs = np.column_stack([features(first), features(second), np.ones(first.size)])
    curvatures = np.linalg.eigvalsh(inputs.T @ inputs / first.size)
    return float(curvatures[-1] / curvatures[0])


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    rates = np.arange(1, 21) / 10
    hidden = np.array([2.731, 2.76, 4.004])
    published_values = np.array([0.938, 0.94, 0.98])
    published = published_values * (1 - published_values)
    computed = sigmoid_derivative(hidden)
    return {
        "sigmoid at 0": sigmoid(0.0),
        "sigmoid at 2": sigmoid(2.0),
        "sigmoid at -2": sigmoid(-2.0),
        "the largest float": np.finfo(float).max,
        "where exp overflows": np.log(np.finfo(float).max),
        "largest slope of the sigmoid": sigmoid_derivative(0.0),
        "largest slope of the tanh": tanh_derivative(0.0),
        "the largest sigmoid slope to the power 10": sigmoid_derivative(0.0) ** 10,
        "slope of the sigmoid at 5": sigmoid_derivative(5.0),
        "slope of the tanh at 5": tanh_derivative(5.0),
        "the slope at which a curve counts as flat": 0.01,
        "beyond this x the sigmoid's slope is below 0.01": 2 * np.arctanh(np.sqrt(1 - 4 * 0.01)),
        "beyond this x the tanh's slope is below 0.01": np.arctanh(np.sqrt(1 - 0.01)),
        "true slope of the sigmoid at 40": sigmoid(40.0) * sigmoid(-40.0),
        "rates tried": rates,
        "coefficient of the target": 0.5,
        "loss to reach": 1e-6,
        "steps and rate with tanh": steps_to_fit(np.tanh, rates),
        "steps and rate with tanh plus 1": steps_to_fit(lambda x: np.tanh(x) + 1, rates),
        "steps and rate with sigmoid of 2x": steps_to_fit(lambda x: sigmoid(2 * x), rates),
        "condition numbers: tanh, tanh plus 1, sigmoid of 2x": [
            condition_number(np.tanh),
            condition_number(lambda x: np.tanh(x) + 1),
            condition_number(lambda x: sigmoid(2 * x)),
        ],
        "the leaky ReLU's slope on the left": 0.01,
        "softplus at 0": softplus(0.0),
        "softplus at 5": softplus(5.0),
        "softplus at -40": softplus(-40.0),
        "central difference of ReLU at its kink": 0.5,
        "sums of the worked network's second hidden layer": hidden,
        "its sigmoid values": sigmoid(hidden),
        "its sigmoid values as published": published_values,
        "its slopes": computed,
        "its slopes as published": published,
        "the published slopes' excess in percent": 100 * (published / computed - 1),
        "slope of the sigmoid at -8": sigmoid_derivative(-8.0),
        "slope of the tanh at -8": tanh_derivative(-8.0),
        "slope of the softplus at -8": sigmoid(-8.0),
    }
