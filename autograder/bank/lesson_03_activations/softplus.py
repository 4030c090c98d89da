"""`softplus`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_03_activations.common import LESSON, Array, elementwise
from autograder.bank.lesson_03_activations.sigmoid import sigmoid
from autograder.bank.promises import HUGE, LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "For large x the 1 in log(1 + exp(x)) hardly matters, so the result should be close to x. What is left when you take x out of the logarithm?",
        r"$\operatorname{softplus}(x) = \log(1 + e^{x}) = \max(x, 0) + \log\bigl(1 + e^{-|x|}\bigr)$",
        "`rest = np.log1p(np.exp(-np.abs(x)))` is the second part, safe everywhere. Before it comes `np.maximum(x, 0)`: x on the right, nothing on the left.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, HUGE, WHOLE, NEGATIVE)},
)
def softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@softplus.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    left = np.array([-10.25, -11.5, -12.75]) - rng.integers(0, 3) / 16
    for ask in elementwise(rng):
        # So far to the left that little is left, and not so far that it is nothing.
        yield replace(ask, calls=[*ask.calls, (left,)]) if "tiny" in ask.battery else ask


@softplus.misconception(
    "log(1 + exp(x)) is infinite as soon as exp(x) overflows, near x = 710. The true value there is x: take max(x, 0) out of the logarithm."
)
def overflows_to_inf(x: Array) -> Array:
    return np.log(1 + np.exp(x))


@softplus.misconception("The sign in the exponent is wrong: log(1 + exp(-x)) falls where the softplus rises.")
def mirrored(x: Array) -> Array:
    return np.maximum(-np.asarray(x), 0) + np.log1p(np.exp(-np.abs(x)))


@softplus.misconception(
    "This is ReLU. The softplus is its smooth version: near 0 it lies above, by log 2 at x = 0."
)
def relu_instead(x: Array) -> Array:
    return np.maximum(x, 0)


@softplus.misconception("This logarithm is to base 10. The course, and NumPy's np.log, use the natural one.")
def base_ten(x: Array) -> Array:
    return softplus(x) / np.log(10)


@softplus.misconception(
    "The 1 is counted twice: np.log1p(y) is log(1 + y) already, so np.log1p(1 + exp(x)) is log(2 + exp(x))."
)
def one_twice(x: Array) -> Array:
    return np.log1p(1 + np.exp(x))


@softplus.misconception(
    "x + log(1 + exp(-x)) only moves the overflow to the other side: at x = -1000 it is -1000 + inf. Take out max(x, 0), and -|x| stays in the exponent."
)
def overflows_on_the_left(x: Array) -> Array:
    return x + np.log1p(np.exp(-x))


@softplus.misconception(
    "log(1 + exp(-|x|)) is only the small rest, at most log 2. What was taken out of the logarithm must come back: add max(x, 0)."
)
def forgets_what_it_took_out(x: Array) -> Array:
    return np.log1p(np.exp(-np.abs(x)))


@softplus.misconception("This is the sigmoid, which is the softplus's slope. Here the value is asked for.")
def derivative_instead(x: Array) -> Array:
    return sigmoid(x)


@softplus.misconception("The 1 is missing: log(exp(x)) is just x.")
def forgets_the_one(x: Array) -> Array:
    return np.log(np.exp(x))


@softplus.misconception(
    "The results were put into an array of whole numbers, because it took its type from x. What is behind the point is cut off: make it an array of floats."
)
def softplus_in_whole_numbers(x: Array) -> Array:
    result = np.zeros_like(x)
    result[...] = softplus(x)
    return result


@softplus.misconception(
    "For large x the softplus comes close to x, but beyond some x it was taken to be x itself too early."
)
def x_beyond_six(x: Array) -> Array:
    return np.where(np.asarray(x) > 6, x, softplus(np.minimum(x, 6)))


@softplus.misconception(
    "For x far below 0 the softplus comes close to 0, but it was taken to be 0 too early."
)
def zero_below_minus_five(x: Array) -> Array:
    return np.where(np.asarray(x) < -5, 0.0, softplus(x))


@softplus.misconception(
    "For x below -10 the softplus was taken to be 0. It only comes close: at -11 it is some 0.00002."
)
def zero_below_minus_ten(x: Array) -> Array:
    return np.where(np.asarray(x) < -10, 0.0, softplus(x))


@softplus.misconception(
    "x was held within some size before the exponential. For large x the softplus is close to x, without a limit."
)
def held_within(x: Array) -> Array:
    return np.log1p(np.exp(np.clip(x, -500, 500)))


@softplus.misconception(
    "The logarithm was taken of a sum over several elements. Every element stands for itself."
)
def sum_in_the_logarithm(x: Array) -> Array:
    return np.log1p(np.sum(np.exp(x - np.max(x)))) + np.max(x)


@softplus.misconception("This logarithm is to base 2. The course, and NumPy's np.log, use the natural one.")
def log_to_base_two(x: Array) -> Array:
    return softplus(x) / np.log(2)


@softplus.misconception(
    "|x| was taken out of the logarithm where max(x, 0) belongs: left of 0 nothing comes out."
)
def size_taken_out(x: Array) -> Array:
    return np.abs(x) + np.log1p(np.exp(-np.abs(x)))


@softplus.misconception(
    "x was taken out of the logarithm on the left too. There nothing comes out: max(x, 0)."
)
def x_taken_out(x: Array) -> Array:
    return np.asarray(x) + np.log1p(np.exp(-np.abs(x)))


@softplus.misconception(
    "The sign of the rest is wrong: max(x, 0) plus log(1 + exp(-|x|)). The softplus lies above the ReLU."
)
def rest_taken_away(x: Array) -> Array:
    return np.maximum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@softplus.misconception("This is the logarithm of the sigmoid, which is -softplus(-x). Look at both signs.")
def log_sigmoid(x: Array) -> Array:
    return -np.logaddexp(0, -np.asarray(x))


@softplus.misconception("The logarithm is missing: this is 1 + exp(x).")
def no_logarithm(x: Array) -> Array:
    return 1 + np.exp(x)


@softplus.misconception("This is log(1 + |x|). The softplus is log(1 + exp(x)).")
def no_exponential(x: Array) -> Array:
    return np.log1p(np.abs(x))


@softplus.misconception(
    "min(x, 0) stands where max(x, 0) belongs: what comes out of the logarithm is x on the right, and nothing on the left."
)
def smaller_taken_out(x: Array) -> Array:
    return np.minimum(x, 0) + np.log1p(np.exp(-np.abs(x)))


# Right answers in other words.


# ----------------------------------------------------------------------------------------------- softplus
def softplus_one_at_a_time(x):
    x = np.asarray(x)
    values = [v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v)) for v in x.ravel()]
    return np.array(values).reshape(x.shape)


def softplus_library(x):
    return np.logaddexp(0, x)


def softplus_float32(x):
    x = np.asarray(x, np.float32)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_lists(x):
    x = np.array(x)
    return (np.where(x > 0, x, 0) + np.log(1 + np.exp(-np.abs(x)))).tolist()


def softplus_half_the_sum(x):
    """(x + |x|) / 2 is the larger of x and 0."""
    size = np.abs(x)
    return (x + size) / 2 + np.log1p(np.exp(-size))


def softplus_replaced(x):
    """The plain formula, with x put where it overflowed; it warns."""
    plain = np.log1p(np.exp(x))
    return np.where(np.isinf(plain), x, plain)


softplus.right_answers(
    softplus_one_at_a_time,
    softplus_library,
    softplus_float32,
    softplus_lists,
    softplus_half_the_sum,
    softplus_replaced,
)
