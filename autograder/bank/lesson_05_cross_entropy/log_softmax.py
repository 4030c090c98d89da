"""`log_softmax`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_05_cross_entropy.common import (
    IN_PLACE,
    LESSON,
    Array,
    huge_batch,
    logits,
)
from autograder.bank.promises import logits as any_logits


@exercise(
    LESSON,
    difficulty=3,
    minutes=10,
    hints=(
        "Taking the logarithm of a probability that has underflowed to 0 is too late. The division must become a subtraction before anything is computed.",
        r"$\log p_i = z_i - \max z - \log \sum_k e^{z_k - \max z}$",
        "`shifted = z - np.max(z, axis=-1, keepdims=True)`. From it take the logarithm of the row's sum of `np.exp(shifted)`, with `keepdims=True` there too.",
    ),
    promises={"z": any_logits("m? n")},
)
def log_softmax(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@log_softmax.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(distinct(rng, 3) + 0.25,), (distinct(rng, 5),)])
    yield Ask(
        "a batch, each row by itself", 1, [(logits(rng, 4, 3),), (logits(rng, 1, 4),), (logits(rng, 3, 3),)]
    )
    yield Ask("huge logits", 1.5, [(huge_batch(rng, 5)[0],), (-1000 + distinct(rng, 3, 0, 2),)])
    yield Ask("leaves its argument as it was", 0.5, [(logits(rng, 2, 3),)], unchanged=True)


@log_softmax.misconception(
    "The softmax was computed first and then the logarithm. A probability that underflows to 0 has the logarithm -inf: stay with the logits."
)
def log_of_the_softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return np.log(e / np.sum(e, axis=-1, keepdims=True))


@log_softmax.misconception(
    "exp(1000) overflows to inf inside the sum. Subtract each row's largest logit first, in both places."
)
def log_sum_exp_overflows(z: Array) -> Array:
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


@log_softmax.misconception(
    "These are the probabilities. Their logarithm is asked for, and it is never positive."
)
def probabilities_instead(z: Array) -> Array:
    return np.exp(log_softmax(z))


@log_softmax.misconception("The logarithm of the sum is missing: the shifted logits are only the numerator.")
def forgets_the_sum(z: Array) -> Array:
    return z - np.max(z, axis=-1, keepdims=True)


@log_softmax.misconception("The logarithm around the sum is missing: log(a / b) is log a minus log b.")
def forgets_the_logarithm(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.sum(np.exp(shifted), axis=-1, keepdims=True)


@log_softmax.misconception(
    "The maximum was subtracted inside the exponential only. Shift both places, or add it back outside the logarithm."
)
def shifts_one_place_only(z: Array) -> Array:
    return z - np.log(np.sum(np.exp(z - np.max(z, axis=-1, keepdims=True)), axis=-1, keepdims=True))


@log_softmax.misconception("The sum runs over the whole batch. Each row has its own: axis=-1, keepdims=True.")
def one_sum_for_the_batch(z: Array) -> Array:
    shifted = z - np.max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))


@log_softmax.misconception("This logarithm is to base 10. The course uses the natural one, np.log.")
def log_softmax_base_ten(z: Array) -> Array:
    return log_softmax(z) / np.log(10)


@log_softmax.misconception(
    "The row maxima have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def log_softmax_without_keepdims(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1))


@log_softmax.misconception(IN_PLACE)
def log_softmax_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


families.softmax(log_softmax, lambda softmax: lambda z: np.log(softmax(z)))


# Right answers in other words.


def log_softmax_loops(z):
    z = np.asarray(z)
    if z.ndim == 2:
        return np.array([log_softmax_loops(row) for row in z])
    largest = max(z)
    total = 0.0
    for value in z:
        total += math.exp(value - largest)
    return np.array([z[i] - largest - math.log(total) for i in range(len(z))])


def log_softmax_logaddexp(z):
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


def log_softmax_copies(z):
    shifted = z.copy()
    shifted -= shifted.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def log_softmax_adds_the_maximum_back(z):
    c = np.max(z, axis=-1)[..., None]
    return z - (c + np.log(np.sum(np.exp(z - c), axis=-1))[..., None])


def log_softmax_transposed(z):
    columns = np.transpose(z) - np.max(z, axis=-1)
    return (columns - np.log(np.exp(columns).sum(axis=0))).T


def log_softmax_float32(z):
    z = np.asarray(z, np.float32)
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def log_softmax_lists(z):
    z = np.asarray(z).tolist()
    if isinstance(z[0], list):
        return [log_softmax_lists(row) for row in z]
    total = math.log(math.fsum(math.exp(value - max(z)) for value in z))
    return tuple(value - max(z) - total for value in z)


def log_softmax_matrix(z):
    """-log of the sum over k of e^(z_k - z_i), each sum with its own maximum taken out."""
    differences = np.expand_dims(z, -2) - np.expand_dims(z, -1)
    c = differences.max(axis=-1)
    return -(c + np.log(np.exp(differences - c[..., None]).sum(axis=-1)))


log_softmax.right_answers(
    log_softmax_loops,
    log_softmax_logaddexp,
    log_softmax_copies,
    log_softmax_adds_the_maximum_back,
    log_softmax_transposed,
    log_softmax_float32,
    log_softmax_lists,
    log_softmax_matrix,
)
