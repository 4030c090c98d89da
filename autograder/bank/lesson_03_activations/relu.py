"""`relu`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number, signed
from autograder.bank.lesson_03_activations.common import LESSON, Array, every_size, extremes
from autograder.bank.promises import LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=3,
    hints=(
        "Keep what is positive; put 0 for the rest.",
        r"$\operatorname{relu}(x) = \max(x, 0)$, element by element",
        "`np.maximum(a, b)` takes the larger of two numbers, element by element, into a new array. Here `a` is `x`, and `b` is the number 0.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, WHOLE, NEGATIVE)},
)
def relu(x: Array) -> Array:
    return np.maximum(x, 0)


@relu.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one number of each sign", 1, [(number(rng, 1.5, 3),), (number(rng, -3, -1.5),)])
    yield Ask(
        "arrays, in their own shape",
        1.5,
        [
            (np.append(signed(rng, 3), [0.5, 3.5]),),
            (np.vstack([signed(rng, 3), [0, 2.5, -4]]),),
            (np.append(every_size(rng), extremes(rng)),),
        ],
    )
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)


@relu.misconception(
    "`x[x < 0] = 0` writes into the caller's array, and a single number has no elements to write into. Make a new array that holds the larger of x and 0."
)
def writes_into_its_argument(x: Array) -> Array:
    x[x < 0] = 0
    return x


@relu.misconception(
    "Arrays work, but a single number has no elements to write into: `x[x < 0] = 0` needs an array. np.maximum takes both."
)
def needs_an_array(x: Array) -> Array:
    x = x.copy()
    x[x < 0] = 0
    return x


@relu.misconception(
    "np.max(x, 0) is the largest number along axis 0. np.maximum(x, 0) compares each element with 0."
)
def max_for_maximum(x: Array) -> Array:
    return np.max(x, 0)


@relu.misconception("This is the absolute value: a negative number must become 0, not positive.")
def absolute_value(x: Array) -> Array:
    return np.abs(x)


@relu.misconception("This is ReLU's slope (1 or 0). The value keeps the positive numbers as they are.")
def mask_instead(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@relu.misconception(
    "This is the leaky variant: negative numbers still come through, made small. ReLU cuts them to 0."
)
def leaky(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, x, 0.01 * np.asarray(x))


@relu.misconception(
    "This keeps the negative side. ReLU keeps the positive one: it is the maximum, not the minimum."
)
def wrong_side(x: Array) -> Array:
    return np.minimum(x, 0)


@relu.misconception("This stops at 1. ReLU has no upper limit.")
def capped_at_one(x: Array) -> Array:
    return np.clip(x, 0, 1)


@relu.misconception(
    "`max(x, 0)` and `if x > 0` ask one question of a whole array, which has an answer for each element. np.maximum works element by element."
)
def pythons_max(x: Array) -> Array:
    return max(x, 0)


@relu.misconception(
    "This is the softplus, the smooth version. ReLU has a kink, and is exactly 0 on the left."
)
def softplus_for_relu(x: Array) -> Array:
    return np.logaddexp(0, x)


@relu.misconception(
    "This is x times sigmoid(x), the swish. ReLU is exactly 0 on the left, and x on the right."
)
def swish(x: Array) -> Array:
    return np.asarray(x) * np.exp(-np.logaddexp(0, -np.asarray(x)))


@relu.misconception("This is the exponential linear unit: exp(x) - 1 on the left. ReLU is 0 there.")
def exponential_left(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, x, np.expm1(np.minimum(x, 0)))


@relu.misconception("This stops at 6. ReLU has no upper limit.")
def capped_at_six(x: Array) -> Array:
    return np.clip(x, 0, 6)


@relu.misconception("This keeps what is above 1 only. ReLU keeps everything above 0.")
def kept_above_one(x: Array) -> Array:
    return np.where(np.asarray(x) > 1, x, 0.0)


@relu.misconception("This is the larger of x and 1. ReLU is the larger of x and 0.")
def floor_of_one(x: Array) -> Array:
    return np.maximum(x, 1)


@relu.misconception("This is the sigmoid. ReLU is the larger of x and 0.")
def sigmoid_for_relu(x: Array) -> Array:
    return np.exp(-np.logaddexp(0, -np.asarray(x)))


# Right answers in other words.


# --------------------------------------------------------------------------------------------------- relu
def relu_loops(x):
    x = np.asarray(x)
    return np.array([v if v > 0 else 0.0 for v in x.ravel()]).reshape(x.shape)


def relu_mask(x):
    return x * (x > 0)


def relu_half_the_sum(x):
    return (np.abs(x) + x) / 2


def relu_float32_lists(x):
    return np.clip(np.asarray(x, dtype=np.float32), 0, None).tolist()


def relu_copies(x):
    x = np.array(x, dtype=float)
    x[x < 0] = 0
    return x


relu.right_answers(
    relu_loops,
    relu_mask,
    relu_half_the_sum,
    relu_float32_lists,
    relu_copies,
)
