"""`sigmoid_cross_entropy_delta`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_05_cross_entropy.common import (
    LABELS,
    LESSON,
    LOGITS,
    Array,
    column,
    samples,
    two_class,
)


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Do not multiply two slopes in code. What was left of them on paper, once everything had cancelled?",
        r"$\delta = \dfrac{1}{m}\,\bigl(\sigma(z) - y\bigr)$; for one sample $m = 1$",
        "`y_hat = np.exp(-np.logaddexp(0, -z))` is a sigmoid that cannot overflow. Then `y_hat - y`, divided by the number of rows, `z.shape[0]`, if `z` has two axes.",
    ),
    promises={"z": LOGITS, "y": column(LABELS)},
)
def sigmoid_cross_entropy_delta(z: Array, y: Array) -> Array:
    return (stable_sigmoid(z) - y) / samples(z)


def stable_sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def column_and_labels(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Logits (m, 1) of both signs, and labels (m, 1)."""
    return signed(rng, m, 1), two_class(rng, m)[0]


@sigmoid_cross_entropy_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    one, zero = np.array([1.0]), np.array([0.0])
    yield Ask("one sample", 1, [(signed(rng, 1), one), (signed(rng, 1), zero)])
    steep = (
        distinct(rng, 3, 0, 2)[:, None] * np.array([[1.0], [-1.0], [1.0]]) + np.array([[6.0], [-6.0], [0.0]]),
        np.array([[0.0], [1.0], [1.0]]),
    )
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [column_and_labels(rng, 4), column_and_labels(rng, 3), steep],
    )
    z, y = column_and_labels(rng, 3)
    far = (
        np.vstack([z, [[1000.0]], [[-1000.0]], [[1000.0]], [[-1000.0]]]),
        np.vstack([y, [[0.0]], [[1.0]], [[1.0]], [[0.0]]]),
    )
    yield Ask(
        "huge logits",
        1,
        [far],
    )
    yield Ask("leaves its arguments as they were", 0.5, [column_and_labels(rng, 3)], unchanged=True)


@sigmoid_cross_entropy_delta.misconception(
    "The 1/m of the mean is missing: a delta is the gradient of the mean loss."
)
def delta_without_mean(z: Array, y: Array) -> Array:
    return stable_sigmoid(z) - y


@sigmoid_cross_entropy_delta.misconception(
    "The sigmoid's slope stands there once too often. It cancels against the 1 / (y_hat (1 - y_hat)) of the loss; with it this is the delta of the squared error."
)
def slope_once_too_often(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (s - y) * s * (1 - s) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The sign is turned round: it is y_hat - y. A prediction above the label must be pushed down."
)
def delta_turned_round(z: Array, y: Array) -> Array:
    return (y - stable_sigmoid(z)) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The sigmoid is missing: the delta is sigmoid(z) - y, and z is still a logit."
)
def delta_without_sigmoid(z: Array, y: Array) -> Array:
    return (np.asarray(z) - y) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "This is the slope with respect to y_hat. The delta is the slope with respect to z: the sigmoid's own slope y_hat (1 - y_hat) is missing, and nearly everything cancels."
)
def gradient_at_the_output(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (-y / s + (1 - y) / (1 - s)) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The two slopes are right on paper, but at logits of 1000 one is 0 and the other is not finite, and their product is nan. Cancel them first, on paper."
)
def not_cancelled(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (-y / s + (1 - y) / (1 - s)) * s * (1 - s) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "exp(1000) overflows to inf here, and inf / inf is nan. Write the sigmoid so that no large number is raised."
)
def sigmoid_overflows(z: Array, y: Array) -> Array:
    e = np.exp(z)
    return (e / (1 + e) - y) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "This is one number, the mean of all deltas. A delta has the shape of z: one entry for each sample."
)
def mean_of_the_deltas(z: Array, y: Array) -> float:
    return np.mean(stable_sigmoid(z) - y)


@sigmoid_cross_entropy_delta.misconception(
    "Logit and label have changed places: the arguments are (z, y), in this order."
)
def label_and_logit_swapped(z: Array, y: Array) -> Array:
    return (stable_sigmoid(y) - z) / samples(z)


families.sigmoid(
    sigmoid_cross_entropy_delta,
    lambda sigmoid: lambda z, y: (sigmoid(z) - y) / samples(z),
    without=("sigmoid_overflows",),
)
families.count(
    sigmoid_cross_entropy_delta,
    lambda count: lambda z, y: (stable_sigmoid(z) - y) / count(z),
    without=(
        "no_division_by_m",
        "divides_by_all_entries",
        "divides_by_the_columns",
        "divides_a_single_sample",
    ),
)


@sigmoid_cross_entropy_delta.misconception(
    "This is the sigmoid of 2 z: (1 + tanh z) / 2. The sigmoid of z takes the tanh of z / 2."
)
def sigmoid_of_twice_z(z: Array, y: Array) -> Array:
    return (stable_sigmoid(2 * np.asarray(z)) - y) / samples(z)


# Right answers in other words.


def sigmoid_delta_plain(z, y):
    """1 / (1 + inf) is 0, as it should be: it only warns."""
    return (1 / (1 + np.exp(-z)) - y) / z.shape[0] ** (z.ndim - 1)


def sigmoid_delta_tanh(z, y):
    return ((1 + np.tanh(z / 2)) / 2 - y) / len(z)


def sigmoid_delta_masks(z, y):
    y_hat = np.empty_like(z)
    up = z >= 0
    y_hat[up] = 1 / (1 + np.exp(-z[up]))
    y_hat[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return (y_hat - y) / np.size(z)


def sigmoid_delta_loops(z, y):
    delta = np.zeros_like(z)
    for s in range(len(z)):
        value = float(z[s].item())
        e = math.exp(-abs(value))
        y_hat = 1 / (1 + e) if value >= 0 else e / (1 + e)
        delta[s] = (y_hat - y[s]) / len(z)
    return delta


def sigmoid_delta_through_the_logarithm(z, y):
    """1 - y, minus e^-z / (1 + e^-z)."""
    return ((1 - y) - np.exp(-z - np.logaddexp(0, -z))) / len(z)


def sigmoid_delta_float32(z, y):
    z, y = np.asarray(z, np.float32), np.asarray(y, np.float32)
    return (np.exp(-np.logaddexp(np.float32(0), -z)) - y) / np.float32(len(z))


def sigmoid_delta_lists(z, y):
    delta = (1 / (1 + np.exp(-np.clip(z, -500, 500))) - np.asarray(y)) / len(z)
    return delta.tolist()


def sigmoid_delta_as_two_classes(z, y):
    rows = np.hstack([np.zeros((len(z), 1)), np.reshape(z, (-1, 1))])
    e = np.exp(rows - rows.max(axis=1, keepdims=True))
    return (e[:, 1] / e.sum(axis=1)).reshape(z.shape) / len(z) - y / len(z)


sigmoid_cross_entropy_delta.right_answers(
    sigmoid_delta_plain,
    sigmoid_delta_tanh,
    sigmoid_delta_masks,
    sigmoid_delta_loops,
    sigmoid_delta_through_the_logarithm,
    sigmoid_delta_float32,
    sigmoid_delta_lists,
    sigmoid_delta_as_two_classes,
)
