"""`sigmoid`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_03_activations.common import LESSON, Array, elementwise


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Try your function at x = -1000. Which exponential overflows there, and could it have a negative exponent instead?",
        r"$\sigma(x) = \dfrac{1}{1+e^{-x}} = \dfrac{e^{x}}{1+e^{x}}$. The first form is safe for $x \ge 0$, the second for $x < 0$.",
        "`e = np.exp(-np.abs(x))` is never above 1. For `x >= 0` the sigmoid is `1 / (1 + e)`, else `e / (1 + e)`; `np.where` chooses.",
    ),
)
def sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))


@sigmoid.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@sigmoid.misconception(
    "This is sigmoid(-x): the curve falls where it should rise. Look at the sign in the exponent, and at which form belongs to which sign of x."
)
def missing_minus(x: Array) -> Array:
    return 1 / (1 + np.exp(x))


@sigmoid.misconception(
    "Division comes before addition: `1 / 1 + np.exp(-x)` is 1 + exp(-x). Put the denominator in brackets."
)
def missing_brackets(x: Array) -> Array:
    return 1 / 1 + np.exp(-x)


@sigmoid.misconception(
    "This is infinity divided by infinity for large x: exp(x) / (1 + exp(x)) is right on paper, but exp(1000) overflows to inf and the result is nan."
)
def overflows_to_nan(x: Array) -> Array:
    return np.exp(x) / (1 + np.exp(x))


@sigmoid.misconception(
    "1 / (1 + exp(-|x|)) is right for x >= 0 only. On the left the sigmoid is below 1/2, and the numerator is exp(-|x|) instead of 1."
)
def forgets_the_left_side(x: Array) -> Array:
    return 1 / (1 + np.exp(-np.abs(x)))


@sigmoid.misconception(
    "This is the tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1: squeeze and shift it."
)
def tanh_instead(x: Array) -> Array:
    return np.tanh(x)


@sigmoid.misconception("This is the slope of the sigmoid, s (1 - s), not its value.")
def slope_instead(x: Array) -> Array:
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


@sigmoid.misconception(
    "This is the straight-line approximation (the hard sigmoid). It is close near 0 and wrong elsewhere."
)
def hard_sigmoid(x: Array) -> Array:
    return np.clip(np.asarray(x) / 4 + 0.5, 0, 1)


@sigmoid.misconception(
    "math.exp takes one number only. np.exp takes a whole array and works on each of its elements."
)
def one_number_only(x: Array) -> float:
    return 1 / (1 + math.exp(-x))


@sigmoid.misconception(
    "An `if` cannot decide for a whole array at once. np.where chooses element by element."
)
def branches_on_an_array(x: Array) -> Array:
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


@sigmoid.misconception(
    "The numbers are right, but the caller's array was overwritten: `x *= -1` and `out=x` work in place. Compute into a new array."
)
def overwrites_its_argument(x: Array) -> Array:
    if np.ndim(x) == 0:
        return 1 / (1 + np.exp(-x))
    x *= -1
    return 1 / (1 + np.exp(x))


# Right answers in other words.


# ------------------------------------------------------------------------------------------------ sigmoid
def sigmoid_one_at_a_time(x):
    """Loops over the elements with the math module, and puts the shape back."""
    x = np.asarray(x)
    values = []
    for value in x.ravel():
        if value >= 0:
            values.append(1 / (1 + math.exp(-value)))
        else:
            values.append(math.exp(value) / (1 + math.exp(value)))
    return np.array(values).reshape(x.shape)


def sigmoid_float32(x):
    x = np.asarray(x, dtype=np.float32)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid_lists(x):
    return (0.5 * (1 + np.tanh(0.5 * np.asarray(x)))).tolist()


def sigmoid_masks(x):
    """Fills a new array, each side with the form that is safe there."""
    x = np.array(x, dtype=float)
    result = np.empty_like(x)
    left = x < 0
    result[~left] = 1 / (1 + np.exp(-x[~left]))
    result[left] = np.exp(x[left]) / (1 + np.exp(x[left]))
    return result


def sigmoid_through_logarithms(x):
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_clipped(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def sigmoid_naive(x):
    """Overflows on the left, warns, and is right all the same: 1 / inf is 0."""
    return 1 / (1 + np.exp(-x))


sigmoid.right_answers(
    sigmoid_one_at_a_time,
    sigmoid_float32,
    sigmoid_lists,
    sigmoid_masks,
    sigmoid_through_logarithms,
    sigmoid_clipped,
    sigmoid_naive,
)
