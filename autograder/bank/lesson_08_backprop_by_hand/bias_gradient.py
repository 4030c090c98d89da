"""`bias_gradient`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array
from autograder.bank.promises import WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "A bias is a weight whose input is always 1. Put that into the gradient of a weight.",
        r"$\dfrac{\partial L}{\partial b_{j}} = \sum_s \delta_{sj}$; for one sample it is $\delta_j$",
        "`np.sum(delta, axis=0)` for a batch, since the samples lie along axis 0; for one sample `delta` itself. With `np.atleast_2d(delta)` one line serves both.",
    ),
    promises={"delta": reals("m? j", ZERO, WHOLE)},
)
def bias_gradient(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta), axis=0)


@bias_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a batch: the sum over the samples",
        1,
        [(signed(rng, 3, 3),), (signed(rng, 4, 2),), (signed(rng, 1, 3),)],
    )
    yield Ask("one sample, and a batch after it", 0.5, [(signed(rng, 3),), (signed(rng, 2, 4),)])
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 2, 3),)], unchanged=True)


@bias_gradient.misconception(
    "The biases are not updated here, as in the published walk-through. Their gradient is the delta, and costs nothing more."
)
def biases_never_move(delta: Array) -> Array:
    return np.zeros(np.shape(delta)[-1])


@bias_gradient.misconception(
    "This is the mean over the batch. The 1/m is in delta already, so the sum is right."
)
def mean_of_the_deltas(delta: Array) -> Array:
    return np.mean(np.atleast_2d(delta), axis=0)


@bias_gradient.misconception(
    "The sum runs over the units. Each unit has a bias of its own: add up over the samples, axis 0."
)
def sum_over_the_units(delta: Array) -> Array:
    return np.sum(delta, axis=-1)


@bias_gradient.misconception("Everything was added up to one number. Each unit has a bias of its own.")
def one_number_for_all(delta: Array) -> Array:
    return np.sum(delta)


@bias_gradient.misconception(
    "The deltas of a batch are still there one by one. All samples share the bias, so add them up."
)
def forgets_the_sum(delta: Array) -> Array:
    return np.asarray(delta) + 0.0


@bias_gradient.misconception(
    "There is a minus in front. The gradient points uphill; the minus belongs to the step."
)
def bias_with_a_minus(delta: Array) -> Array:
    return -bias_gradient(delta)


@bias_gradient.misconception(
    "The shape is (1, n). The biases have shape (n,), and so must their gradient: no keepdims here."
)
def keeps_a_row(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta), axis=0, keepdims=True)


@bias_gradient.misconception("The deltas were added up without their signs.")
def sizes_added_up(delta: Array) -> Array:
    return np.sum(np.abs(np.atleast_2d(delta)), axis=0)


@bias_gradient.misconception("The last sample is left out of the sum.")
def last_sample_left_out(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta)[:-1], axis=0)


@bias_gradient.misconception("The first sample is left out of the sum.")
def first_sample_left_out(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta)[1:], axis=0)


@bias_gradient.misconception("The deltas were squared before they were added up.")
def squares_added_up(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta) ** 2, axis=0)


@bias_gradient.misconception("The deltas of a unit were multiplied over the samples, not added up.")
def multiplied_over_the_batch(delta: Array) -> Array:
    return np.prod(np.atleast_2d(delta), axis=0)


@bias_gradient.misconception(
    "A delta of one unit came back as a single number. The gradient keeps its axis: shape (1,), as the biases have it."
)
def squeezed(delta: Array) -> Array:
    return np.squeeze(np.sum(np.atleast_2d(delta), axis=0))


# Right answers in other words.


def bias_cases(delta):
    return delta.sum(axis=0) if delta.ndim == 2 else delta.copy()


def bias_reshaped(delta):
    return np.reshape(delta, (-1, np.shape(delta)[-1])).sum(0)


def bias_ones(delta):
    rows = np.atleast_2d(delta)
    return np.ones(len(rows)) @ rows


def bias_loop(delta):
    if np.ndim(delta) == 1:
        return list(delta)
    return [sum(delta[s][j] for s in range(len(delta))) for j in range(len(delta[0]))]


def bias_float32(delta):
    return bias_cases(np.asarray(delta, np.float32))


def bias_the_argument_itself(delta):
    return delta if np.ndim(delta) == 1 else np.sum(delta, 0)


bias_gradient.right_answers(
    bias_cases,
    bias_reshaped,
    bias_ones,
    bias_loop,
    bias_float32,
    bias_the_argument_itself,
)
