"""Every number that the text of lesson 02 quotes."""

# A number is an array without axes here.
# mypy: disable-error-code="arg-type"

import numpy as np

from autograder.bank.lesson_02_chain_rule.common import START, TARGET
from autograder.bank.lesson_02_chain_rule.compose_derivative import compose_derivative
from autograder.bank.lesson_02_chain_rule.graph_backward import graph_backward
from autograder.bank.lesson_02_chain_rule.graph_forward import EXAMPLE, graph_forward
from autograder.bank.lesson_02_chain_rule.graph_step import graph_step
from autograder.bank.lesson_02_chain_rule.neuron_gradient import (
    neuron_gradient,
    sigmoid_slope,
    stable_sigmoid,
)
from autograder.bank.lesson_02_chain_rule.two_paths import two_paths
from autograder.kit.functions import always_three, cosine, double, square, three_x_plus_one


def path_of_losses(learning_rate: float, steps: int, half: bool = True) -> list[tuple[float, float]]:
    """f and the loss along a run from the lesson's start, the start first; the loss with its factor 1/2 or without."""
    x, y, z = EXAMPLE
    target = np.float64(TARGET)
    path = []
    with np.errstate(all="ignore"):
        for _ in range(steps + 1):
            f = graph_forward(x, y, z)[1]
            path.append((float(f), float((f - target) * (f - target) / (2 if half else 1))))
            x, y, z = graph_step(x, y, z, target, learning_rate * (1 if half else 2))
    return path


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    x = np.float64(1.7)
    w, x_in, b = 0.5, 2.0, -0.25
    gentle, hasty, bare = path_of_losses(0.05, 40), path_of_losses(0.1, 1), path_of_losses(0.1, 4, half=False)
    settled = next(k for k in range(40) if max(loss for _, loss in gentle[k:]) < 0.001)
    new = np.array(graph_step(*START, TARGET, 0.1))
    slopes = np.array(graph_backward(*START)[:3])
    size = np.sum(slopes**2)
    gentle_start = graph_step(*START, TARGET, 0.05)
    least = 20 * np.sqrt(2)
    error, new_error = hasty[0][0] - TARGET, hasty[1][0] - TARGET
    return {
        "x of section 1": x,
        "inner slope": double(x),
        "u of section 1": square(x),
        "outer slope": cosine(square(x)),
        "slope of the whole": compose_derivative(cosine, square, double, x),
        "pencil example": compose_derivative(double, three_x_plus_one, always_three, 2),
        "w, x, b of the neuron": np.array([w, x_in, b]),
        "its z": w * x_in + b,
        "its output": stable_sigmoid(w * x_in + b),
        "its slope": sigmoid_slope(w * x_in + b),
        "its gradient": np.array(neuron_gradient(w, x_in, b)),
        "nudge": 0.01,
        "through u and through v": np.array([6 * 0.01, 3 * 0.01, 5 * 0.03]),
        "both": 6 * 0.01 + 5 * 0.03,
        "u and v after the nudge": np.array([5.01, 6.03]),
        "f after the nudge": 5.01 * 6.03,
        "change of f": 5.01 * 6.03 - 30,
        "the product of the two": 0.01 * 0.03,
        "two_paths(2, 3)": np.array(two_paths(2, 3)),
        "rates": np.array([0.1, 0.05, 0.2]),
        "new x, y, z": new,
        "their changes": new - np.array(START),
        "f before and after": np.array([f for f, _ in hasty]),
        "loss before and after": np.array([loss for _, loss in hasty]),
        "errors before and after": np.array([error, new_error]),
        "first step from which rate 0.05 stays below": settled,
        "below": 0.001,
        "S at the start": size,
        "forecast factor": 1 - 0.1 * size,
        "true factor": new_error / error,
        "eta S at 0.05": 0.05 * size,
        "its forecast factor": 1 - 0.05 * size,
        "error after a step with 0.05": gentle[1][0] - TARGET,
        "eta S after it": 0.05 * np.sum(np.square(graph_backward(*gentle_start)[:3])),
        "S after a step with 0.05": np.sum(np.square(graph_backward(*gentle_start)[:3])),
        "smallest S on the target": least,
        "largest rate that can settle": 2 / least,
        "f without the half": np.array([f for f, _ in bare]),
    }
