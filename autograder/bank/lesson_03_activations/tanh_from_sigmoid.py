"""`tanh_from_sigmoid`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_03_activations.common import LESSON, Array, elementwise
from autograder.bank.lesson_03_activations.sigmoid import (
    sigmoid,
    sigmoid_float32,
    sigmoid_masks,
    sigmoid_one_at_a_time,
    sigmoid_through_logarithms,
)
from autograder.bank.promises import HUGE, LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The tanh runs from -1 to 1 and is twice as steep for its height. What must happen to the sigmoid's input, and what to its output?",
        r"$\tanh(x) = 2\,\sigma(2x) - 1$",
        "`s = sigmoid(2 * np.asarray(x))` runs from 0 to 1. Stretch it to the double height, and move it down by 1.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, HUGE, WHOLE, NEGATIVE)},
)
def tanh_from_sigmoid(x: Array) -> Array:
    return 2 * sigmoid(2 * np.asarray(x)) - 1


@tanh_from_sigmoid.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@tanh_from_sigmoid.misconception(
    "The 2 inside is missing: 2 sigmoid(x) - 1 has the right height but is stretched to twice the width."
)
def not_squeezed(x: Array) -> Array:
    return 2 * sigmoid(x) - 1


@tanh_from_sigmoid.misconception(
    "The 2 inside went the wrong way: sigmoid(x / 2) is wider than the sigmoid, and the tanh is narrower."
)
def widened(x: Array) -> Array:
    return 2 * sigmoid(x / 2) - 1


@tanh_from_sigmoid.misconception("The shift is missing: 2 sigmoid(2x) runs from 0 to 2. Take 1 away.")
def not_shifted(x: Array) -> Array:
    return 2 * sigmoid(2 * x)


@tanh_from_sigmoid.misconception(
    "The 2 in front is missing: sigmoid(2x) - 1 runs from -1 to 0, half the height of the tanh."
)
def not_stretched(x: Array) -> Array:
    return sigmoid(2 * x) - 1


@tanh_from_sigmoid.misconception(
    "This is centred but only half as high: sigmoid(2x) - 1/2 runs from -1/2 to 1/2. Multiply by 2."
)
def centred_only(x: Array) -> Array:
    return sigmoid(2 * x) - 0.5


@tanh_from_sigmoid.misconception(
    "The order is off: 2 (sigmoid(2x) - 1) runs from -2 to 0. Double first, then take 1 away."
)
def shifted_before_doubling(x: Array) -> Array:
    return 2 * (sigmoid(2 * x) - 1)


@tanh_from_sigmoid.misconception(
    "This is -tanh(x): the height is right, but the curve falls where it should rise. Look at the signs."
)
def upside_down(x: Array) -> Array:
    return 1 - 2 * sigmoid(2 * x)


@tanh_from_sigmoid.misconception(
    "The quotient (exp(x) - exp(-x)) / (exp(x) + exp(-x)) is infinity by infinity at 1000, so nan. Build on your stable sigmoid instead."
)
def quotient_of_exponentials(x: Array) -> Array:
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@tanh_from_sigmoid.misconception(
    "The results were put into an array of whole numbers, because it took its type from x. What is behind the point is cut off: make it an array of floats."
)
def tanh_from_sigmoid_in_whole_numbers(x: Array) -> Array:
    result = np.zeros_like(x)
    result[...] = tanh_from_sigmoid(x)
    return result


@tanh_from_sigmoid.misconception(
    "This is sigmoid(2x): it runs from 0 to 1. Stretch it to twice the height, and take 1 away."
)
def squeezed_only(x: Array) -> Array:
    return sigmoid(2 * np.asarray(x))


@tanh_from_sigmoid.misconception("The 1 was added: 2 sigmoid(2x) + 1 runs from 1 to 3. Take it away.")
def shifted_up(x: Array) -> Array:
    return 2 * sigmoid(2 * np.asarray(x)) + 1


@tanh_from_sigmoid.misconception(
    "This is the sigmoid itself. The tanh is twice as high, squeezed, and centred at 0."
)
def sigmoid_itself(x: Array) -> Array:
    return sigmoid(x)


@tanh_from_sigmoid.misconception("The sigmoid's result was squared. The tanh is 2 sigmoid(2x) - 1.")
def squared_sigmoid(x: Array) -> Array:
    return 2 * sigmoid(x) ** 2 - 1


@tanh_from_sigmoid.misconception("The 4 belongs to the slope. The tanh is 2 sigmoid(2x) - 1.")
def four_inside(x: Array) -> Array:
    return 2 * sigmoid(4 * np.asarray(x)) - 1


@tanh_from_sigmoid.misconception(
    "exp(2x) overflows for large x, and inf / inf is nan. Build on your stable sigmoid instead."
)
def quotient_overflows_on_the_right(x: Array) -> Array:
    e = np.exp(2 * np.asarray(x))
    return (e - 1) / (e + 1)


@tanh_from_sigmoid.misconception(
    "exp(-2x) overflows for x far below 0, and inf / inf is nan. Build on your stable sigmoid instead."
)
def quotient_overflows_on_the_left(x: Array) -> Array:
    e = np.exp(-2 * np.asarray(x))
    return (1 - e) / (1 + e)


@tanh_from_sigmoid.misconception(
    "The 1 was taken away inside: 2 sigmoid(2x - 1). It is taken away from the result: 2 sigmoid(2x) - 1."
)
def one_taken_away_inside(x: Array) -> Array:
    return 2 * sigmoid(2 * np.asarray(x) - 1)


# Right answers in other words.


# -------------------------------------------------------------------------------------- tanh_from_sigmoid
def tanh_loops(x):
    x = np.asarray(x)
    return np.array([2 * float(sigmoid_one_at_a_time(2 * v)) - 1 for v in x.ravel()]).reshape(x.shape)


def tanh_float32(x):
    return 2 * sigmoid_float32(2 * x) - 1


def tanh_as_a_difference(x):
    return sigmoid_masks(2 * x) - sigmoid_masks(-2 * x)


def tanh_lists(x):
    x = np.asarray(x).tolist()
    return np.tanh(x).tolist()


def tanh_from_the_left(x):
    x = np.array(x, copy=True)
    x *= -2
    return 1 - 2 * sigmoid_through_logarithms(x)


tanh_from_sigmoid.right_answers(
    tanh_loops,
    tanh_float32,
    tanh_as_a_difference,
    tanh_lists,
    tanh_from_the_left,
)
