"""Every number that the text of lesson 09 quotes."""

import numpy as np

from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.bank.lesson_09_four_equations.net_forward import net_forward
from autograder.bank.lesson_09_four_equations.sigmoid_mse_delta import sigmoid_mse_delta
from autograder.kit.explore.pictures.delta_sizes import INPUT, OUTPUT_ERROR, WEIGHTS, WIDTH


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    x, y = np.array([0.5, -1.0]), np.array([1.0, 0.0])
    weights = [
        np.array([[0.5, -1.0, 1.5], [1.0, 0.5, -0.5]]),
        np.array([[1.0, -0.5], [0.5, 1.5], [-1.0, 2.0]]),
        np.array([[1.5, -1.0], [-0.5, 1.0]]),
    ]
    biases = [np.array([0.25, 0.0, -0.5]), np.array([0.0, 0.25]), np.array([0.25, -0.25])]
    sigmoids = ["sigmoid"] * 3
    results = net_forward(x, weights, biases, sigmoids)[-1][1]
    return {
        "outputs of the nine units' network": results,
        "errors of its output units": sigmoid_mse_delta(results, y),
        "its slope for w111": backprop(x, y, weights, biases, sigmoids, "mse")[0][0][0, 0],
        "largest slope of the sigmoid": 0.25,
        "29 layers of it": 0.25**29,
        "delta in layer 1 of 30 sigmoid layers": first_delta(30, "sigmoid", 1.0),
        "what half the squares leave": np.sqrt(0.5),
        "s that makes up for it": np.sqrt(2),
    }


def first_delta(depth: int, activation: str, spread: float) -> float:
    """The size of delta in layer 1 in the lesson's picture, by backprop."""
    weights = [table * spread / np.sqrt(WIDTH) for table in WEIGHTS[:depth]]
    biases = [np.zeros(WIDTH) for _ in weights]
    activations = [activation] * (depth - 1) + ["identity"]
    Y = net_forward(INPUT, weights, biases, activations)[-1][1] - OUTPUT_ERROR
    return np.sqrt(np.mean(backprop(INPUT, Y, weights, biases, activations, "mse")[1][0] ** 2))
