"""`sigmoid_derivative`: the reference, what is asked, the known slips, and right answers in other words."""

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
)
from autograder.bank.promises import HUGE, LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "You do not need exp() again: the slope of the sigmoid can be written with the sigmoid's own value.",
        r"$\sigma'(x) = \sigma(x)\,\bigl(1-\sigma(x)\bigr)$",
        "`s = sigmoid(x)`, and the slope is `s` times what is missing from `s` to 1.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, HUGE, WHOLE, NEGATIVE)},
)
def sigmoid_derivative(x: Array) -> Array:
    s = sigmoid(x)
    return s * (1 - s)


@sigmoid_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@sigmoid_derivative.misconception(
    "Here x itself stands where sigmoid(x) should: x (1 - x) is the slope only if x is already the sigmoid's output."
)
def takes_x_for_the_output(x: Array) -> Array:
    return x * (1 - x)


@sigmoid_derivative.misconception(
    "The second factor holds x itself. Both factors are made of the sigmoid's value: s and 1 - s."
)
def x_in_the_second_factor(x: Array) -> Array:
    return sigmoid(x) * (1 - x)


@sigmoid_derivative.misconception(
    "This is the slope of the outer function 1/u alone. The chain rule multiplies it by the slope of the inner one, u = 1 + exp(-x)."
)
def outer_slope_only(x: Array) -> Array:
    return -(sigmoid(x) ** 2)


@sigmoid_derivative.misconception(
    "This is the sigmoid's value. Its slope has one more factor, 1 - sigmoid(x)."
)
def value_instead(x: Array) -> Array:
    return sigmoid(x)


@sigmoid_derivative.misconception(
    "The sign is wrong. The minus from the inner derivative of -x and the minus from the power -1 cancel, and a rising curve has a positive slope."
)
def wrong_sign(x: Array) -> Array:
    return -sigmoid(x) * (1 - sigmoid(x))


@sigmoid_derivative.misconception("1 - s**2 is the slope of the tanh. For the sigmoid it is s (1 - s).")
def tanh_rule(x: Array) -> Array:
    return 1 - sigmoid(x) ** 2


@sigmoid_derivative.misconception("The factor is 1 - s, not 1 + s: the slope must vanish where s reaches 1.")
def plus_for_minus(x: Array) -> Array:
    return sigmoid(x) * (1 + sigmoid(x))


@sigmoid_derivative.misconception(
    "This is right on paper, but at x = -1000 it divides infinity by infinity and gives nan. Written with the sigmoid's value, s (1 - s), it cannot overflow."
)
def quotient_of_infinities(x: Array) -> Array:
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@sigmoid_derivative.misconception(
    "The results were put into an array of whole numbers, because it took its type from x. What is behind the point is cut off: make it an array of floats."
)
def sigmoid_derivative_in_whole_numbers(x: Array) -> Array:
    result = np.zeros_like(x)
    result[...] = sigmoid_derivative(x)
    return result


@sigmoid_derivative.misconception(
    "`@` multiplies tables row by column. Here every element stands for itself: `*`."
)
def sigmoid_derivative_of_tables(x: Array) -> Array:
    s = sigmoid(x)
    return s @ (1 - s) if np.ndim(s) == 2 and len(s) == len(s[0]) else s * (1 - s)


@sigmoid_derivative.misconception("This is the tanh's slope, 1 - tanh(x)**2.")
def slope_of_the_tanh(x: Array) -> Array:
    return 1 - np.tanh(x) ** 2


@sigmoid_derivative.misconception("This is s squared. The slope is s (1 - s).")
def s_squared(x: Array) -> Array:
    return sigmoid(x) ** 2


@sigmoid_derivative.misconception("This is 1 - s. The factor s is missing: the slope is s (1 - s).")
def one_minus_s(x: Array) -> Array:
    return 1 - sigmoid(x)


@sigmoid_derivative.misconception("The second factor is squared: the slope is s (1 - s).")
def second_factor_squared(x: Array) -> Array:
    return sigmoid(x) * (1 - sigmoid(x)) ** 2


@sigmoid_derivative.misconception("The first factor is squared: the slope is s (1 - s).")
def first_factor_squared(x: Array) -> Array:
    return sigmoid(x) ** 2 * (1 - sigmoid(x))


@sigmoid_derivative.misconception(
    "The sigmoid was applied twice: s is the sigmoid of x, and the slope s (1 - s)."
)
def sigmoid_twice(x: Array) -> Array:
    return sigmoid(sigmoid(x)) * (1 - sigmoid(sigmoid(x)))


@sigmoid_derivative.misconception("Beyond some size of x the slope was taken to be 0. It only comes close.")
def flat_beyond_five(x: Array) -> Array:
    return np.where(np.abs(x) > 5, 0.0, sigmoid_derivative(x))


@sigmoid_derivative.misconception(
    "The exponential alone stands here, without the denominator: it is exp(-x) / (1 + exp(-x))**2."
)
def exponential_alone(x: Array) -> Array:
    return np.exp(-x)


# Right answers in other words.


# ------------------------------------------------------------------------------------- sigmoid_derivative
def sigmoid_derivative_one_at_a_time(x):
    x = np.asarray(x)
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        s = float(sigmoid_one_at_a_time(x[index]))
        result[index] = s * (1 - s)
    return result


def sigmoid_derivative_float32(x):
    s = sigmoid_float32(x)
    return s - s * s


def sigmoid_derivative_symmetric(x):
    return sigmoid_masks(x) * sigmoid_masks(-np.asarray(x))


def sigmoid_derivative_from_one_exponential(x):
    e = np.exp(-np.abs(x))
    return (e / (1 + e) ** 2).tolist()


def sigmoid_derivative_hyperbolic(x):
    x = np.array(x, dtype=float)
    x /= 2
    return (1 - np.tanh(x) ** 2) / 4


sigmoid_derivative.right_answers(
    sigmoid_derivative_one_at_a_time,
    sigmoid_derivative_float32,
    sigmoid_derivative_symmetric,
    sigmoid_derivative_from_one_exponential,
    sigmoid_derivative_hyperbolic,
)
