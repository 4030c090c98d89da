"""`shift_logits`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_04_softmax.common import LESSON, Array, batch, far_apart
from autograder.bank.promises import logits


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Which number, taken from every logit of a row, makes the largest one 0?",
        r"$z_{i} - \max_k z_{k}$ for every $i$, with a maximum of its own for every row",
        "`largest = np.max(z, axis=-1, keepdims=True)` keeps the axis, so that each row meets its own maximum in `z - largest`.",
    ),
    promises={"z": logits("m? n")},
)
def shift_logits(z: Array) -> Array:
    return z - np.max(z, axis=-1, keepdims=True)


@shift_logits.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(distinct(rng, 3) + 1.0,), (distinct(rng, 5) - 4.0,)])
    yield Ask(
        "a batch: every row its own maximum",
        1.5,
        [
            (batch(rng, 4, 3),),
            (batch(rng, 1, 4),),
            (batch(rng, 3, 3),),
            (far_apart(rng),),
            (batch(rng, 7, 6),),
        ],
    )
    yield Ask("leaves its argument as it was", 0.5, [(batch(rng, 2, 3),)], unchanged=True)


@shift_logits.misconception(
    "One maximum was taken for the whole batch. Each sample is a row and needs its own: axis=-1, keepdims=True."
)
def one_maximum_for_all(z: Array) -> Array:
    return z - np.max(z)


@shift_logits.misconception(
    "The maximum runs down the columns, over the samples. It must run along the classes, the last axis: axis=-1."
)
def maximum_over_the_batch(z: Array) -> Array:
    return z - np.max(z, axis=0)


@shift_logits.misconception(
    "The smallest logit was taken away. Then the others can still be huge: take the largest."
)
def takes_the_minimum(z: Array) -> Array:
    return z - np.min(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The mean was taken away. A large logit can still be far above it: take the largest."
)
def takes_the_mean(z: Array) -> Array:
    return z - np.mean(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The logit that is largest in size, sign aside, was taken away. Logits that are all negative then stay far below 0, and their exponentials can all vanish: take the largest logit itself."
)
def takes_the_largest_size(z: Array) -> Array:
    return z - np.max(np.abs(z), axis=-1, keepdims=True)


@shift_logits.misconception(
    "The subtraction is turned round, maximum minus logit: the order is reversed, and the exponents are positive again. Subtract the maximum from the logits."
)
def subtracts_from_the_maximum(z: Array) -> Array:
    return np.max(z, axis=-1, keepdims=True) - z


@shift_logits.misconception(
    "This is the maximum itself. Subtract it from every logit of its row and return the whole row."
)
def returns_the_maximum(z: Array) -> Array:
    return np.max(z, axis=-1)


@shift_logits.misconception(
    "Dividing by the maximum changes the differences between logits, and so the softmax. Subtract it."
)
def divides_by_the_maximum(z: Array) -> Array:
    return z / np.max(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The row maxima have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def forgets_keepdims(z: Array) -> Array:
    return z - np.max(z, axis=-1)


@shift_logits.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def shifts_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    return z


@shift_logits.misconception(
    "The first logit of each row was taken away. Where another one is larger, a positive exponent is left: take the largest."
)
def takes_the_first(z: Array) -> Array:
    return z - np.asarray(z)[..., :1]


@shift_logits.misconception(
    "The place of the largest logit was taken away (argmax), not the logit that stands there."
)
def takes_the_place(z: Array) -> Array:
    return z - np.argmax(z, axis=-1)[..., None]


@shift_logits.misconception("The maximum was added. Subtract it: then the largest logit becomes 0.")
def adds_the_maximum(z: Array) -> Array:
    return z + np.max(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The median was taken away. Logits above it stay positive, and can be huge: take the largest."
)
def takes_the_median(z: Array) -> Array:
    return z - np.median(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The maximum was rounded before it was taken away. The largest logit then misses 0 by a little: subtract it as it is."
)
def takes_a_rounded_maximum(z: Array) -> Array:
    return z - np.ceil(np.max(z, axis=-1, keepdims=True))


# Right answers in other words.


def shift_loops(z):
    z = np.array(z, dtype=float)
    if z.ndim == 1:
        largest = z[0]
        for value in z:
            if value > largest:
                largest = value
        return np.array([value - largest for value in z])
    for i in range(z.shape[0]):
        z[i] = shift_loops(z[i])
    return z


def shift_lists(z):
    z = np.asarray(z).tolist()
    if isinstance(z[0], list):
        return [[value - max(row) for value in row] for row in z]
    return tuple(value - max(z) for value in z)


def shift_copies(z):
    shifted = z.copy()
    shifted -= shifted.max(axis=-1, keepdims=True)
    return shifted


def shift_transposed(z):
    return (np.transpose(z) - np.max(z, axis=-1)).T


def shift_new_axis(z):
    return z - np.sort(z, axis=-1)[..., -1][..., None]


def shift_float32(z):
    z = np.asarray(z, dtype=np.float32)
    return z - z.max(-1, keepdims=True)


shift_logits.right_answers(
    shift_loops,
    shift_lists,
    shift_copies,
    shift_transposed,
    shift_new_axis,
    shift_float32,
)
