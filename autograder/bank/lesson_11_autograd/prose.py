"""Every number that the text of lesson 11 quotes."""

import numpy as np

from autograder.bank.lesson_08_backprop_by_hand.common import EXAMPLE
from autograder.bank.lesson_11_autograd.graph_gradients import graph_gradients
from autograder.bank.lesson_11_autograd.graph_values import graph_values
from autograder.bank.lesson_11_autograd.local_derivatives import local_derivatives

SIGMOID = (
    ["input", "input", "input", "mul", "exp", "add", "pow"],
    [[], [], [], [0, 1], [3], [4, 2], [5, 1]],
)
SOFTMAX_LOSS = (
    ["input"] * 4 + ["exp"] * 3 + ["add", "add", "pow", "mul", "log", "mul"],
    [[], [], [], [], [0], [1], [2], [4, 5], [7, 6], [8, 3], [4, 9], [10], [11, 3]],
)


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    steps = graph_values(*SIGMOID, [0.75, -1.0, 1.0])
    loss = graph_values(*SOFTMAX_LOSS, [1.0, 2.0, 0.5, -1.0])
    return {
        "base and exponent of the example, and one less": [2.0, 1.5, 0.5],
        "their power": 2.0**1.5,
        "its slopes": np.array(local_derivatives("pow", [np.array(2.0), np.array(1.5)])),
        "logarithm of the base": np.log(2.0),
        "values of the sigmoid's graph": steps,
        "its gradients": graph_gradients(*SIGMOID, steps, 6),
        "loss of the softmax's graph": loss[12],
        "its gradients with respect to the logits": graph_gradients(*SOFTMAX_LOSS, loss, 12)[:3],
        "logits": [1.0, 2.0, 0.5],
        "loss of lesson 8": EXAMPLE["computed"]["loss"],
        "first row of its last gradient": EXAMPLE["computed"]["grad_W_kl"][0],
    }
