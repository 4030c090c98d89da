"""`softmax`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_04_softmax.common import LESSON, Array, batch, far_apart, huge, tied
from autograder.bank.lesson_04_softmax.shift_logits import shift_copies, shift_logits
from autograder.bank.promises import logits


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "You have written the first step already: shift the logits, then nothing can overflow.",
        r"$p_i = \dfrac{e^{z_i - \max z}}{\sum_k e^{z_k - \max z}}$",
        "`e = np.exp(shift_logits(z))`, then divide by the sum of each row, `np.sum(e, axis=-1, keepdims=True)`; without `keepdims` the sums would meet the wrong entries.",
    ),
    promises={"z": logits("m? n")},
)
def softmax(z: Array) -> Array:
    e = np.exp(shift_logits(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    ones = ("rows_sum_to_one",)
    samples = [(distinct(rng, 3) + 0.25,), (distinct(rng, 5),), (tied(rng),)]
    yield Ask("one sample", 1, samples, properties=ones)
    yield Ask(
        "a batch, each row by itself",
        1.5,
        [(batch(rng, 4, 3),), (batch(rng, 1, 4),), (batch(rng, 3, 3),), (batch(rng, 7, 6),)],
        properties=ones,
    )
    yield Ask("huge logits", 1, [(huge(rng, 4),), (-huge(rng, 3),), (far_apart(rng),)])
    yield Ask("leaves its argument as it was", 0.5, [(batch(rng, 2, 3),)], unchanged=True)


@softmax.misconception(
    "This divides the logits by their sum. Without the exponential it is no softmax: it can even be negative."
)
def divides_without_exponential(z: Array) -> Array:
    return z / np.sum(z, axis=-1, keepdims=True)


@softmax.misconception(
    "The shifted logits are divided by their sum, without the exponential. The rows do sum to 1, but the order is turned round: the largest logit gets 0."
)
def shifted_without_exponential(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


@softmax.misconception(
    "The denominator is the exponential of the sum. It must be the sum of the exponentials: first np.exp, then np.sum."
)
def exponential_of_the_sum(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(shifted) / np.exp(np.sum(shifted, axis=-1, keepdims=True))


ONE_SUM = "The exponentials are divided by the sum over the whole batch, so all rows together sum to 1. Each row must: axis=-1, keepdims=True."
SUM_DOWN = "The sum runs down the columns, over the samples (axis=0). The class axis is the last one: axis=-1, keepdims=True."


@softmax.misconception(ONE_SUM)
def one_sum_for_all(z: Array) -> Array:
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@softmax.misconception(ONE_SUM)
def one_sum_for_shifted_rows(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e)


@softmax.misconception(SUM_DOWN)
def sums_over_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


@softmax.misconception(SUM_DOWN)
def sums_shifted_rows_over_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=0)


@softmax.misconception(
    "exp(1000) overflows to inf, and inf / inf is nan. Subtract each row's largest logit first: the probabilities do not change."
)
def overflows_to_nan(z: Array) -> Array:
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "One maximum for the whole batch is not enough: a row far below it underflows to 0 / 0. Each row needs its own maximum."
)
def one_maximum_for_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "The logits are doubled somewhere: this is softmax(2 z), which is too sure of itself. Its rows sum to 1 all the same."
)
def doubles_the_logits(z: Array) -> Array:
    e = np.exp(2 * (z - np.max(z, axis=-1, keepdims=True)))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception("The sign in the exponent is wrong: the smallest logit gets the largest probability.")
def negates_the_logits(z: Array) -> Array:
    e = np.exp(np.min(z, axis=-1, keepdims=True) - z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "This is the sigmoid of each logit by itself. The softmax divides by the sum over all classes, so that they share one whole."
)
def sigmoid_of_each(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


@softmax.misconception(
    "These are the exponentials of the shifted logits. The last step is missing: divide them by their sum, so that each row sums to 1."
)
def forgets_to_divide(z: Array) -> Array:
    return np.exp(z - np.max(z, axis=-1, keepdims=True))


@softmax.misconception(
    "The row sums have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def sum_without_keepdims(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


@softmax.misconception(
    "This is the logarithm of the softmax. Here the probabilities themselves are asked for."
)
def logarithm_instead(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@softmax.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def softmax_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "This puts all the weight on the largest logit. The softmax leaves a share to every class."
)
def all_or_nothing(z: Array) -> Array:
    return (np.asarray(z) == np.max(z, axis=-1, keepdims=True)).astype(float)


@softmax.misconception(
    "The logits went into the exponential after everything beyond some size was cut off. Logits of 1000 and 1001 then look the same: take each row's maximum away instead."
)
def logits_cut_off(z: Array) -> Array:
    e = np.exp(np.clip(z, -500, 500))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "The logits were divided by each row's largest. A shift changes no share, a division changes all: subtract the largest."
)
def divides_by_the_largest_logit(z: Array) -> Array:
    e = np.exp(z / np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception("These are shares of powers of 2. The softmax takes powers of e: np.exp.")
def powers_of_two(z: Array) -> Array:
    e = 2.0 ** (z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "The logits were halved somewhere: this is softmax(z / 2), less sure of itself than asked."
)
def halves_the_logits(z: Array) -> Array:
    e = np.exp((z - np.max(z, axis=-1, keepdims=True)) / 2)
    return e / np.sum(e, axis=-1, keepdims=True)


# Right answers in other words.


def softmax_loops(z):
    z = np.asarray(z)
    if z.ndim == 2:
        return np.array([softmax_loops(row) for row in z])
    largest = max(z)
    total = 0.0
    for value in z:
        total += math.exp(value - largest)
    p = np.zeros(len(z))
    for i in range(len(z)):
        p[i] = math.exp(z[i] - largest) / total
    return p


def softmax_lists(z):
    rows = np.atleast_2d(z).tolist()
    exponentials = [[math.exp(value - max(row)) for value in row] for row in rows]
    p = [[e / sum(row) for e in row] for row in exponentials]
    return p[0] if np.ndim(z) == 1 else p


def softmax_float32(z):
    z = np.asarray(z, dtype=np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_float32_inside(z):
    return softmax_float32(z).astype(float)


def softmax_by_logarithms(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_of_differences(z):
    """1 / sum_k exp(z_k - z_i): no maximum at all. An infinite sum means a share of 0."""
    z = np.asarray(z)
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


def softmax_einsum(z):
    e = np.exp(shift_copies(z))
    return np.einsum("...i,...->...i", e, 1 / np.einsum("...i->...", e))


def softmax_transposed(z):
    z = np.transpose(z)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).T


softmax.right_answers(
    softmax_loops,
    softmax_lists,
    softmax_float32,
    softmax_float32_inside,
    softmax_by_logarithms,
    softmax_of_differences,
    softmax_einsum,
    softmax_transposed,
)
