"""Valid inputs that no check has a hand in: what tells a mutant from another way to write the same.

Were they drawn by the checks' own generators alone, an input that no check thinks of would never be missed. A
line is an exercise's name and how to draw its arguments. An exercise without a line has its fresh sheets alone;
so has one whose answer is the student's choice, for which there is nothing to compare with.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.kit.functions import double

Rng = np.random.Generator
Array = np.ndarray


def numbers(rng: Rng, *shape: int) -> Array:
    """Numbers of both signs and of every size between a thousandth and a thousand."""
    return rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-3, 3, shape)


def number(rng: Rng) -> np.float64:
    return np.float64(numbers(rng, 1)[0])


def small(rng: Rng, *shape: int) -> Array:
    """Numbers whose products and powers stay readable."""
    return rng.normal(0, 2, shape)


def logits(rng: Rng, *shape: int) -> Array:
    """Rows near and far from each other and from 0, with logits that are close or far apart."""
    heights = rng.choice([0.0, 0.0, 1000.0, -1000.0], (*shape[:-1], 1))
    return rng.normal(0, rng.choice([1.0, 5.0, 500.0]), shape) + heights


def shares(rng: Rng, *shape: int) -> Array:
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1])


def labels(rng: Rng, m: int, n: int) -> Array:
    return np.eye(n)[rng.integers(0, n, m)]


def size(rng: Rng) -> tuple[int, int]:
    return int(rng.integers(1, 5)), int(rng.integers(2, 6))


def sure(rng: Rng, y: Array) -> tuple[Array, Array]:
    """Labels and shares; some samples are predicted right with certainty."""
    certain = rng.random((len(y), 1)) < 0.4
    return y, np.where(certain, y, shares(rng, *y.shape))


def two_classes(rng: Rng) -> tuple[Array, Array]:
    y = rng.integers(0, 2, (size(rng)[0], 1)).astype(float)
    return y, np.where(rng.random(y.shape) < 0.3, y, rng.uniform(0.01, 0.99, y.shape))


def batch(rng: Rng) -> tuple[Array]:
    return (logits(rng, *size(rng)),)


def labelled_logits(rng: Rng) -> tuple[Array, Array]:
    m, n = size(rng)
    return logits(rng, m, n), labels(rng, m, n)


def labelled_column(rng: Rng) -> tuple[Array, Array]:
    m, _ = size(rng)
    return numbers(rng, m, 1), rng.integers(0, 2, (m, 1)).astype(float)


def matrices(rng: Rng) -> tuple[Array, Array]:
    k, m, n = rng.integers(1, 5, 3)
    return small(rng, k, m), small(rng, m, n)


def share_and_indices(rng: Rng) -> tuple[Array, int, int]:
    _, n = size(rng)
    return shares(rng, n), int(rng.integers(n)), int(rng.integers(n))


def elementwise(rng: Rng) -> tuple[Array]:
    return (np.append(numbers(rng, *size(rng)[:1]), rng.uniform(-3, 3, 3)),)


def floats(count: int) -> Callable[[Rng], tuple[np.float64, ...]]:
    """Numbers one by one."""
    return lambda rng: tuple(np.float64(value) for value in small(rng, count))


def bowl_walk(rng: Rng) -> tuple[object, ...]:
    """Down x**2, with a limit near the number of steps that the tolerance takes."""
    start, rate = small(rng, 3), np.float64(rng.choice([0.0625, 0.125, 0.25]))
    steps = int(rng.integers(2, 12))
    tolerance = np.linalg.norm(2 * start) * (1 - 2 * rate) ** (steps - 0.5)
    return double, start, rate, tolerance, steps + int(rng.integers(-2, 3))


INPUTS: dict[str, Callable[[Rng], tuple[Any, ...]]] = {
    "slope_along": lambda rng: (small(rng, 4), small(rng, 4)),
    "descend_until": bowl_walk,
    "neuron_gradient": floats(3),
    "two_paths": floats(2),
    "chain": matrices,
    "graph_forward": floats(3),
    "graph_backward": floats(3),
    "graph_step": floats(5),
    "sigmoid": elementwise,
    "sigmoid_derivative": elementwise,
    "tanh_from_sigmoid": elementwise,
    "tanh_derivative": elementwise,
    "softplus": elementwise,
    "relu": elementwise,
    "relu_derivative": lambda rng: (np.append(elementwise(rng)[0], 0.0),),
    "shift_logits": batch,
    "softmax": batch,
    "softmax_partial": share_and_indices,
    "softmax_jacobian": lambda rng: (logits(rng, size(rng)[1]),),
    "softmax_backward": lambda rng: (shares(rng, 3, 4), small(rng, 3, 4)),
    "binary_cross_entropy": two_classes,
    "cross_entropy": lambda rng: sure(rng, labels(rng, *size(rng))),
    # Shares of exactly 0 are left out: the formula -y / y_hat is right, and gives nan there.
    "cross_entropy_gradient": lambda rng: (labels(rng, 3, 4), shares(rng, 3, 4)),
    "sigmoid_cross_entropy_delta": labelled_column,
    "log_softmax": batch,
    "cross_entropy_from_logits": labelled_logits,
    "softmax_cross_entropy_delta": labelled_logits,
}
