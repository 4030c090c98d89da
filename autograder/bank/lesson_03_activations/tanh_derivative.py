"""`tanh_derivative`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_03_activations.common import LESSON, Array, elementwise
from autograder.bank.lesson_03_activations.sigmoid import sigmoid_masks
from autograder.bank.lesson_03_activations.sigmoid_derivative import sigmoid_derivative
from autograder.bank.promises import HUGE, LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Like the sigmoid's, this slope can be written with the function's own value.",
        r"$\tanh'(x) = 1 - \tanh^2(x)$",
        "`t = np.tanh(x)`, and the slope is `1 - t**2`: 1 at x = 0, and nearly 0 far out.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, HUGE, WHOLE, NEGATIVE)},
)
def tanh_derivative(x: Array) -> Array:
    return 1 - np.tanh(x) ** 2


@tanh_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@tanh_derivative.misconception(
    "Here x itself stands where tanh(x) should: 1 - x**2 is the slope only if x is already the tanh's output."
)
def takes_x_for_the_tanh(x: Array) -> Array:
    return 1 - x**2


@tanh_derivative.misconception(
    "The square is missing: it is 1 - tanh(x)**2. The slope must be the same at x and -x."
)
def forgets_the_square(x: Array) -> Array:
    return 1 - np.tanh(x)


@tanh_derivative.misconception(
    "The square belongs to the result, not to the argument: tanh^2(x) means tanh(x) * tanh(x)."
)
def squares_the_argument(x: Array) -> Array:
    return 1 - np.tanh(x**2)


@tanh_derivative.misconception(
    "The bracket is in the wrong place: (1 - t)**2 squares the whole difference. It is 1 - t**2."
)
def squares_the_difference(x: Array) -> Array:
    return (1 - np.tanh(x)) ** 2


@tanh_derivative.misconception("t (1 - t) is the sigmoid's rule. For the tanh the slope is 1 - t**2.")
def sigmoid_rule(x: Array) -> Array:
    return np.tanh(x) * (1 - np.tanh(x))


@tanh_derivative.misconception("This is the tanh's value, not its slope.")
def tanh_value_instead(x: Array) -> Array:
    return np.tanh(x)


@tanh_derivative.misconception(
    "A factor 2 is missing: tanh(x) = 2 sigmoid(2x) - 1, and the chain rule brings a second 2 from the 2x inside."
)
def forgets_the_inner_factor(x: Array) -> Array:
    return 2 * sigmoid_derivative(2 * x)


@tanh_derivative.misconception(
    "The sign is wrong: it is 1 - t**2. The tanh rises everywhere, so no slope is negative."
)
def tanh_wrong_sign(x: Array) -> Array:
    return np.tanh(x) ** 2 - 1


@tanh_derivative.misconception(
    "The results were put into an array of whole numbers, because it took its type from x. What is behind the point is cut off: make it an array of floats."
)
def tanh_derivative_in_whole_numbers(x: Array) -> Array:
    result = np.zeros_like(x)
    result[...] = tanh_derivative(x)
    return result


@tanh_derivative.misconception(
    "The sign before the square is wrong: it is 1 - t**2. Far out the tanh gets flat."
)
def one_plus_the_square(x: Array) -> Array:
    return 1 + np.tanh(x) ** 2


@tanh_derivative.misconception(
    "This is the slope of the tangent, 1 + tan(x)**2. The tanh's has a minus, and the h."
)
def slope_of_the_tangent(x: Array) -> Array:
    return 1 + np.tan(x) ** 2


@tanh_derivative.misconception("This is the square alone. The slope is what is missing from it to 1.")
def square_alone(x: Array) -> Array:
    return np.tanh(x) ** 2


@tanh_derivative.misconception("This is 1 / cosh(x). The slope is its square: 1 / cosh(x)**2.")
def cosh_not_squared(x: Array) -> Array:
    return np.exp(-np.logaddexp(x, -np.asarray(x))) * 2


@tanh_derivative.misconception("This is the sigmoid's slope, s (1 - s). The tanh's is 1 - tanh(x)**2.")
def slope_of_the_sigmoid(x: Array) -> Array:
    return sigmoid_derivative(x)


@tanh_derivative.misconception("The tanh was applied twice: t is tanh(x), and the slope 1 - t**2.")
def tanh_twice(x: Array) -> Array:
    return 1 - np.tanh(np.tanh(x)) ** 2


@tanh_derivative.misconception("This is -2 t, the slope of 1 - t**2 by t. The tanh's own slope is 1 - t**2.")
def power_differentiated(x: Array) -> Array:
    return -2 * np.tanh(x)


@tanh_derivative.misconception(
    "The 4 of the chain rule went in without the 2x: it is 4 s (1 - s) with s = sigmoid(2x)."
)
def four_at_the_wrong_place(x: Array) -> Array:
    return 4 * sigmoid_derivative(x)


@tanh_derivative.misconception(
    "The slope of sigmoid(2x) is here without its factors 2 and 2: 4 s (1 - s) with s = sigmoid(2x)."
)
def no_factors(x: Array) -> Array:
    return sigmoid_derivative(2 * np.asarray(x))


@tanh_derivative.misconception("Beyond some size of x the slope was taken to be 0. It only comes close.")
def flat_beyond_three(x: Array) -> Array:
    return np.where(np.abs(x) > 3, 0.0, tanh_derivative(x))


@tanh_derivative.misconception("This is 1 - t**3. The slope is 1 - t**2.")
def third_power(x: Array) -> Array:
    return 1 - np.tanh(x) ** 3


# Right answers in other words.


# ---------------------------------------------------------------------------------------- tanh_derivative
def tanh_derivative_loops(x):
    x = np.asarray(x)
    result = np.zeros(x.size)
    for k in range(x.size):
        result[k] = 1 - math.tanh(x.flat[k]) ** 2
    return result.reshape(x.shape)


def tanh_derivative_float32(x):
    t = np.tanh(np.asarray(x, dtype="float32"))
    return 1 - t * t


def tanh_derivative_two_factors(x):
    t = np.tanh(x)
    return ((1 - t) * (1 + t)).tolist()


def tanh_derivative_through_the_sigmoid(x):
    s = sigmoid_masks(2 * x)
    return 4 * s * (1 - s)


def tanh_derivative_hyperbolic_cosine(x):
    """Overflows far out, warns, and is right all the same."""
    return 1 / np.cosh(x) ** 2


tanh_derivative.right_answers(
    tanh_derivative_loops,
    tanh_derivative_float32,
    tanh_derivative_two_factors,
    tanh_derivative_through_the_sigmoid,
    tanh_derivative_hyperbolic_cosine,
)
