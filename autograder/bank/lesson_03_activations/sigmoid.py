"""`sigmoid`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_03_activations.common import LESSON, Array, elementwise
from autograder.bank.promises import HUGE, LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Try your function at x = -1000. Which exponential overflows there, and could it have a negative exponent instead?",
        r"$\sigma(x) = \dfrac{1}{1+e^{-x}} = \dfrac{e^{x}}{1+e^{x}}$. The first form is safe for $x \ge 0$, the second for $x < 0$.",
        "`e = np.exp(-np.abs(x))` is never above 1. For `x >= 0` the sigmoid is `1 / (1 + e)`, else `e / (1 + e)`; `np.where` chooses.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, HUGE, WHOLE, NEGATIVE)},
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
    "The results were put into an array of whole numbers, because it took its type from x. What is behind the point is cut off: make it an array of floats."
)
def sigmoid_in_whole_numbers(x: Array) -> Array:
    result = np.zeros_like(x)
    result[...] = sigmoid(x)
    return result


@sigmoid.misconception(
    "This is the beginning of the sigmoid's power series, 1/2 + x/4 - x**3/48. It is close near 0 alone."
)
def power_series(x: Array) -> Array:
    return 0.5 + np.asarray(x) / 4 - np.asarray(x, dtype=float) ** 3 / 48


@sigmoid.misconception(
    "This is the beginning of the sigmoid's power series, held between 0 and 1. It is close near 0 alone."
)
def power_series_held(x: Array) -> Array:
    return np.clip(power_series(x), 0, 1)


@sigmoid.misconception("This is a step from 0 to 1 at x = 0. The sigmoid goes from 0 to 1 smoothly.")
def step_function(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@sigmoid.misconception("Beyond some size of x the sigmoid was taken to be 0 or 1. It only comes close.")
def cut_at_five(x: Array) -> Array:
    return np.where(np.abs(x) > 5, np.asarray(x) > 0, sigmoid(x)).astype(float)


@sigmoid.misconception(
    "x was held within some size before the exponential, far too near: the curve gets flat there."
)
def held_within_five(x: Array) -> Array:
    return sigmoid(np.clip(x, -5, 5))


@sigmoid.misconception("The base of the power is 2 here. The sigmoid's is e: np.exp.")
def base_two(x: Array) -> Array:
    return sigmoid(np.asarray(x) * np.log(2))


@sigmoid.misconception("This is twice as steep: sigmoid(2 x). The exponent is -x.")
def twice_as_steep(x: Array) -> Array:
    return sigmoid(2 * np.asarray(x))


@sigmoid.misconception("There is a minus in the denominator: it is 1 / (1 + exp(-x)).")
def minus_in_the_denominator(x: Array) -> Array:
    return 1 / (1 - np.exp(-x))


@sigmoid.misconception("The 1 in the denominator is missing: 1 / exp(-x) is exp(x).")
def no_one_in_the_denominator(x: Array) -> Array:
    return np.exp(x)


@sigmoid.misconception("x / (1 + |x|), moved and squeezed, has the sigmoid's ends but not its bend.")
def softsign_for_sigmoid(x: Array) -> Array:
    return (np.asarray(x) / (1 + np.abs(x)) + 1) / 2


@sigmoid.misconception(
    "This is exp(x) over the sum of all exponentials, the softmax. The sigmoid takes each element for itself."
)
def softmax_for_sigmoid(x: Array) -> Array:
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


@sigmoid.misconception(
    "For large x this is 0, and the sigmoid comes close to 1 there. Was a nan replaced? It comes from infinity divided by infinity."
)
def nan_made_zero(x: Array) -> Array:
    return np.where(np.asarray(x) > 709.78, 0.0, sigmoid(x))


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
