"""What the exercises of lesson 08 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import distinct, numbers, one_hot, signed
from autograder.kit.ledger import worked_example

Array = np.ndarray
Arrays = Sequence[Array]
Gradients = tuple[list[Array], list[Array]]
LESSON = "08-backprop-by-hand"
EXAMPLE = worked_example()
WEIGHTS = list(EXAMPLE["weights"].values())
BIASES = list(EXAMPLE["biases"].values())


def sigmoid_of(z: Array) -> Array:
    """The sigmoid, whose exponential never overflows."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softmax_of(z: Array) -> Array:
    """The softmax of each row."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def network(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases for layers of these sizes; no unit of the first layer comes to lie on the ReLU's kink."""
    weights = [numbers(rng, n, k, low=-1, high=1) for n, k in zip(sizes, sizes[1:], strict=False)]
    biases = [distinct(rng, k, -1, 1) for k in sizes[1:]]
    biases[0] = biases[0] + 1 / 128
    return weights, biases


def case(rng: np.random.Generator, m: int, *sizes: int) -> tuple[Any, ...]:
    """Arguments for `backward`: m samples, or one sample of shape (n,) where m is 0."""
    x, y = signed(rng, max(m, 1), sizes[0]), one_hot(rng, max(m, 1), sizes[-1])
    weights, biases = network(rng, *sizes)
    return (x, y, weights, biases) if m else (x[0], y[0], weights, biases)
