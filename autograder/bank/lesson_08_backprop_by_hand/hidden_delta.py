"""`hidden_delta`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise, numbers, signed
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array
from autograder.bank.promises import WHOLE, ZERO, positive, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Unit k of the lower layer reaches every unit l of the next one. Add up all these ways; which index of W is summed over?",
        r"$\delta_{k} = f'(z_k) \sum_l \delta^{\text{next}}_{l}\,W_{kl}$, in short $(\delta^{\text{next}}\,W^{\mathsf T}) \odot f'(z)$",
        "`back = delta @ W.T` is the sum over the next layer, of shape (k,) or (m, k). Multiply it entry by entry by `derivative`; nothing else.",
    ),
    promises={
        "delta": reals("m? l", ZERO, WHOLE),
        "W": reals("k l", ZERO, WHOLE),
        "derivative": positive("m? k", ZERO),
    },
)
def hidden_delta(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * derivative


@hidden_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1.5,
        [
            (signed(rng, 3), signed(rng, 3, 3), distinct(rng, 3, 0.125, 1)),
            (signed(rng, 2), signed(rng, 4, 2), distinct(rng, 4, 0.125, 1)),
        ],
    )
    yield Ask(
        "a batch",
        2,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3), numbers(rng, 3, 3, low=0.125, high=1)),
            (signed(rng, 4, 2), signed(rng, 3, 2), numbers(rng, 4, 3, low=0.125, high=1)),
            (signed(rng, 1, 3), signed(rng, 2, 3), numbers(rng, 1, 2, low=0.125, high=1)),
            (signed(rng, 3, 2), signed(rng, 4, 2), rng.permutation(np.arange(12) % 2 == 0).reshape(3, 4)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(signed(rng, 2, 3), signed(rng, 3, 3), numbers(rng, 2, 3, low=0.125, high=1))],
        unchanged=True,
    )


@hidden_delta.misconception(
    "The slope of the activation is missing. delta @ W.T is dL/da; times f'(z) it becomes dL/dz."
)
def forgets_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return delta @ W.T


@hidden_delta.misconception(
    "The slope was multiplied in before the sum. It belongs to the lower layer, so it comes after: (delta @ W.T) * derivative."
)
def slope_before_the_sum(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta * derivative) @ W.T


@hidden_delta.misconception(
    "`derivative` holds the slopes f'(z) already. Here s (1 - s) was applied to them once more."
)
def slope_of_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * derivative * (1 - np.asarray(derivative))


@hidden_delta.misconception(
    "It was divided by the number of samples. The 1/m of the mean is in delta already, and must not come twice."
)
def divides_once_more(delta: Array, W: Array, derivative: Array) -> Array:
    m = len(delta) if np.ndim(delta) == 2 else 1
    return (delta @ W.T) * derivative / m


@hidden_delta.misconception("The slope is added. The chain rule multiplies.")
def adds_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return delta @ W.T + derivative


@hidden_delta.misconception(
    "The slopes served as switches: where one is not 0, it was taken to be 1. Multiply by the slope itself."
)
def slope_as_a_switch(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * (np.asarray(derivative) != 0)


@hidden_delta.misconception("The slope came in squared. The chain rule multiplies by it once.")
def slope_squared(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * np.asarray(derivative) * derivative


@hidden_delta.misconception("The slope was divided by. The chain rule multiplies by it.")
def divides_by_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) / derivative


@hidden_delta.misconception(
    "Every row was multiplied by the slopes of the first sample. Each sample has slopes of its own, row by row."
)
def slopes_of_the_first_sample(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * np.atleast_2d(derivative)[0]


@hidden_delta.misconception(
    "The mean of the slopes served for all. Each unit of each sample has a slope of its own."
)
def mean_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * np.mean(derivative)


families.back(
    hidden_delta,
    lambda back: lambda delta, W, derivative: back(np.asarray(delta), np.asarray(W)) * derivative,
)


@hidden_delta.misconception(
    "Each unit hears of one unit of the next layer only, the one with its own number. All ways are added up: delta @ W.T."
)
def own_number_only(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ (W * np.eye(*W.shape)).T) * derivative


# Right answers in other words.


def hidden_at(delta, W, derivative):
    return np.matmul(delta, np.transpose(W)) * derivative


def hidden_einsum(delta, W, derivative):
    return np.einsum("...l,kl->...k", delta, W) * derivative


def hidden_columns(delta, W, derivative):
    return (W @ delta.T).T * derivative


def hidden_loops(delta, W, derivative):
    rows, slopes = np.atleast_2d(delta), np.atleast_2d(derivative)
    out = np.zeros(slopes.shape)
    for s in range(len(rows)):
        for k in range(W.shape[0]):
            for j in range(W.shape[1]):
                out[s, k] += rows[s, j] * W[k, j] * slopes[s, k]
    return out.reshape(np.shape(derivative))


def hidden_float32(delta, W, derivative):
    return (np.float32(delta) @ np.float32(W).T) * np.float32(derivative)


def hidden_lists(delta, W, derivative):
    delta, W, derivative = np.asarray(delta), np.asarray(W), np.asarray(derivative)
    return np.multiply(np.dot(delta, W.T), derivative).tolist()


hidden_delta.right_answers(
    hidden_at,
    hidden_einsum,
    hidden_columns,
    hidden_loops,
    hidden_float32,
    hidden_lists,
)
