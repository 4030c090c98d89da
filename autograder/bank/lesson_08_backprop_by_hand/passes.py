"""Lesson 08's two passes with every part to be exchanged, for the slips; and networks that bring out the rare ones."""

# The parts are lambdas over whatever stands at their place.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.bank.exercise import distinct
from autograder.bank.lesson_08_backprop_by_hand.common import (
    Array,
    Arrays,
    Gradients,
    case,
    sigmoid_of,
    softmax_of,
)

Part = Callable[..., Any]


def passes(
    x: Array,
    y: Array,
    weights: Arrays,
    biases: Arrays,
    sigmoid: Part = sigmoid_of,
    softmax: Part = softmax_of,
    relu: Part = lambda z: np.maximum(z, 0),
    out: Part = lambda p, y: p - y,
    slope: Part = lambda a, z: a * (1 - a),
    kink: Part = lambda z, a: z > 0,
    back: Part = lambda delta, W: delta @ W.T,
    gather: Part = lambda a, delta: np.atleast_2d(a).T @ np.atleast_2d(delta),
    pool: Part = lambda delta: np.sum(np.atleast_2d(delta), axis=0),
    share: Part = lambda p: 1 / (len(p) if np.ndim(p) == 2 else 1),
    came_in: Part = lambda x, z1, a1, z2, a2: [x, a1, a2],
) -> Gradients:
    """The reference, and with another part put in a misconception."""
    z1 = x @ weights[0] + biases[0]
    a1 = relu(z1)
    z2 = a1 @ weights[1] + biases[1]
    a2 = sigmoid(z2)
    p = softmax(a2 @ weights[2] + biases[2])
    delta3 = out(p, y) * share(p)
    delta2 = back(delta3, weights[2]) * slope(a2, z2)
    delta1 = back(delta2, weights[1]) * kink(z1, a1)
    deltas, inputs = [delta1, delta2, delta3], came_in(x, z1, a1, z2, a2)
    return [gather(a, d) for a, d in zip(inputs, deltas, strict=True)], [pool(d) for d in deltas]


def with_parts(**parts: Part) -> Part:
    """The answer with those parts in it."""
    return lambda x, y, weights, biases: passes(x, y, weights, biases, **parts)


def far_apart(rng: np.random.Generator) -> tuple:
    """A batch with one row of logits near 400 and the next near -400, of which no exponential has both in reach."""
    x, y, weights, biases = case(rng, 4, 2, 3, 3, 3)
    x[:, 0] = rng.permutation([2.0, -2.0, 2.0, -2.0])
    weights[0][:, 0], biases[0][0] = [1.0, 0.0], 1 / 128  # the first unit tells the rows apart
    weights[1][:, 0], biases[1][0] = [300.0, 0.0, 0.0], -200.0  # and so does the first of the second layer
    weights[2][0], biases[2] = 800.0, distinct(rng, 3, 0, 2) - 400
    return x, y, weights, biases


def at_the_kink(rng: np.random.Generator) -> tuple:
    """A sample with a unit of the first layer whose sum is exactly 0."""
    x, y, weights, biases = case(rng, 0, 2, 4, 3, 3)
    biases[0][1] = -(x @ weights[0][:, 1])
    biases[0][2] = 1 - x @ weights[0][:, 2]
    return x, y, weights, biases
