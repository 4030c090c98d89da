"""`softmax_cross_entropy_delta`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise, one_hot
from autograder.bank.lesson_05_cross_entropy.common import (
    LESSON,
    ONE_SAMPLE,
    Array,
    huge_batch,
    samples,
)
from autograder.bank.lesson_05_cross_entropy.cross_entropy_from_logits import logits_and_labels
from autograder.bank.lesson_05_cross_entropy.log_softmax import (
    log_softmax,
    log_softmax_copies,
    log_softmax_float32,
    log_softmax_lists,
    log_softmax_logaddexp,
    log_softmax_loops,
    log_softmax_transposed,
)
from autograder.bank.lesson_05_cross_entropy.sigmoid_cross_entropy_delta import stable_sigmoid
from autograder.bank.promises import logits as any_logits
from autograder.bank.promises import one_hot_rows


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "You derived it twice above, with the same result. Neither a Jacobian nor a division is left in it.",
        r"$\delta = \dfrac{1}{m}\,\bigl(\operatorname{softmax}(z) - y\bigr)$; for one sample $m = 1$",
        "`p = np.exp(log_softmax(z))`, then `p - y`. For a batch divide by `z.shape[0]`, for a single sample by 1: ask `z.ndim`.",
    ),
    promises={"z": any_logits("m? n"), "y": one_hot_rows("m? n")},
)
def softmax_cross_entropy_delta(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / samples(z)


@softmax_cross_entropy_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    zero = ("rows_sum_to_zero",)
    yield Ask(
        "one sample",
        1,
        [(distinct(rng, 3) + 0.25, one_hot(rng, 1, 3)[0]), (distinct(rng, 5), one_hot(rng, 1, 5)[0])],
        properties=zero,
    )
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [logits_and_labels(rng, 4, 3), logits_and_labels(rng, 3, 3), logits_and_labels(rng, 2, 5)],
        properties=zero,
    )
    yield Ask("huge logits", 1, [huge_batch(rng, 5)])
    yield Ask("leaves its arguments as they were", 0.5, [logits_and_labels(rng, 2, 3)], unchanged=True)


@softmax_cross_entropy_delta.misconception(
    "The 1/m of the mean is missing: a delta is the gradient of the mean loss."
)
def softmax_delta_without_mean(z: Array, y: Array) -> Array:
    return np.exp(log_softmax(z)) - y


@softmax_cross_entropy_delta.misconception(
    "The sign is turned round: it is p - y. The true class must be pushed up, so its entry is negative."
)
def softmax_delta_turned_round(z: Array, y: Array) -> Array:
    return (y - np.exp(log_softmax(z))) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "Only the Jacobian's diagonal was used. Off the diagonal it says how the true class's probability falls when another logit grows: those entries count too."
)
def diagonal_delta(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    return -np.asarray(y) * (1 - p) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "The softmax is missing: the delta is softmax(z) - y, and z is still a logit."
)
def delta_without_softmax(z: Array, y: Array) -> Array:
    return (np.asarray(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "A slope p (1 - p) stands there as well. The softmax's Jacobian is inside p - y already."
)
def softmax_slope_too_often(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    return (p - y) * p * (1 - p) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "This divides by all m times n entries. The mean is over the m samples only."
)
def softmax_delta_divided_by_all(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / np.size(z)


@softmax_cross_entropy_delta.misconception(
    "This uses a sigmoid for each logit. With several classes the probabilities come from the softmax."
)
def sigmoids_for_softmax(z: Array, y: Array) -> Array:
    return (stable_sigmoid(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "exp(1000) overflows here, and inf / inf is nan. Take the probabilities from your stable log_softmax."
)
def softmax_delta_overflows(z: Array, y: Array) -> Array:
    e = np.exp(z)
    return (e / np.sum(e, axis=-1, keepdims=True) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(ONE_SAMPLE)
def softmax_delta_counts_classes(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / len(z)


@softmax_cross_entropy_delta.misconception(
    "The deltas were averaged over the batch. A delta has the shape of z: one row for each sample, and each carries its 1/m."
)
def averaged_over_the_batch(z: Array, y: Array) -> Array:
    return np.mean(np.exp(log_softmax(z)) - y, axis=0)


@softmax_cross_entropy_delta.misconception(
    "The logarithm of the softmax stands here. The delta is made of the probabilities themselves."
)
def logarithms_for_probabilities(z: Array, y: Array) -> Array:
    return (log_softmax(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "Multiplying -y / p by the Jacobian is right on paper, but -y / p is infinite or 0 / 0 where p underflows to 0. Cancel first, on paper."
)
def softmax_not_cancelled(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    upstream = -np.asarray(y) / p / samples(z)
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True))


families.softmax(
    softmax_cross_entropy_delta,
    lambda softmax: lambda z, y: (softmax(z) - y) / samples(z),
    without=("largest_size_for_maximum", "no_shift", "sigmoid_for_softmax"),
)
families.count(
    softmax_cross_entropy_delta,
    lambda count: lambda z, y: (np.exp(log_softmax(z)) - y) / count(z),
    without=("no_division_by_m", "divides_by_all_entries", "divides_a_single_sample"),
)


@softmax_cross_entropy_delta.misconception(
    "The class with the largest logit was taken for the true one. The true class is where y is 1."
)
def largest_for_the_label(z: Array, y: Array) -> Array:
    z = np.asarray(z)
    guessed = np.eye(z.shape[-1])[np.argmax(z, axis=-1)]
    return (np.exp(log_softmax(z)) - guessed) / samples(z)


# Right answers in other words.


def softmax_delta_shifted(z, y):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True) - y) / (len(z) if z.ndim > 1 else 1)


def softmax_delta_loops(z, y):
    z, y = np.asarray(z), np.asarray(y)
    if z.ndim == 2:
        return np.array([softmax_delta_loops(z[s], y[s]) / len(z) for s in range(len(z))])
    log_p = log_softmax_loops(z)
    return np.array([math.exp(log_p[j]) - y[j] for j in range(len(z))])


def softmax_delta_true_class_minus_one(z, y):
    delta = np.exp(log_softmax_logaddexp(z))
    delta[y == 1] -= 1
    return delta / np.sum(y)


def softmax_delta_matrix_product(z, y):
    """Through the Jacobian with p_i cancelled: the label times a matrix whose row i is p minus unit vector i."""
    if z.ndim == 2:
        return np.stack([softmax_delta_matrix_product(*pair) for pair in zip(z, y, strict=True)]) / len(z)
    p = np.exp(log_softmax_copies(z))
    return y @ (p[None, :] - np.eye(len(p)))


def softmax_delta_einsum(z, y):
    p = np.exp(log_softmax_transposed(z))
    return np.einsum("...i,...ij->...j", y, p[..., None, :] - np.eye(p.shape[-1])) / np.sum(y)


def softmax_delta_float32(z, y):
    m = np.float32(1 if np.ndim(z) == 1 else len(z))
    return (np.exp(log_softmax_float32(z)) - np.asarray(y, np.float32)) / m


def softmax_delta_lists(z, y):
    if np.ndim(z) == 1:
        return [math.exp(a) - b for a, b in zip(log_softmax_lists(z), np.asarray(y).tolist(), strict=True)]
    rows = [softmax_delta_lists(*pair) for pair in zip(z, y, strict=True)]
    return tuple([value / len(rows) for value in row] for row in rows)


softmax_cross_entropy_delta.right_answers(
    softmax_delta_shifted,
    softmax_delta_loops,
    softmax_delta_true_class_minus_one,
    softmax_delta_matrix_product,
    softmax_delta_einsum,
    softmax_delta_float32,
    softmax_delta_lists,
)
