"""`relu_derivative`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_03_activations.common import LESSON, Array, every_size
from autograder.bank.promises import LARGE, NEGATIVE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "On the right of 0 the curve is the line y = x, on the left it is flat. At 0 there is a kink, and this course fixes the slope there.",
        r"$\operatorname{relu}'(x) = 1$ for $x > 0$, and $0$ for $x \le 0$",
        "`positive = np.asarray(x) > 0` is True just where the slope is 1. Make numbers of it: `np.where(positive, 1.0, 0.0)`.",
    ),
    promises={"x": reals("...", ZERO, TINY, LARGE, WHOLE, NEGATIVE)},
)
def relu_derivative(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@relu_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("numbers of each sign", 0.5, [(each,) for each in signed(rng, 4)])
    small = np.append(rng.integers(1, 8, 2) / 1024, 1e-9)
    yield Ask(
        "arrays, in their own shape",
        1,
        [(signed(rng, 5),), (signed(rng, 2, 3),), (np.concatenate([every_size(rng)[1:], small, -small]),)],
    )
    yield Ask(
        "slope 0 at the kink",
        1,
        [(rng.permutation([0.0, *signed(rng, 4)]),), (np.float64(0.0),)],
    )
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)


@relu_derivative.misconception("At x = 0 the slope is 0 in this course: compare with `>`, not with `>=`.")
def one_at_zero(x: Array) -> Array:
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


@relu_derivative.misconception(
    "At x = 0 this gives 1/2. Both 0 and 1/2 have their friends; this course takes 0."
)
def half_at_zero(x: Array) -> Array:
    return np.heaviside(x, 0.5)


@relu_derivative.misconception(
    "This is ReLU's value. Its slope is 1 where the value grows, and 0 where it is flat."
)
def relu_value_instead(x: Array) -> Array:
    return np.maximum(x, 0)


@relu_derivative.misconception(
    "This is the slope of the leaky variant. ReLU is flat on the left, so its slope there is exactly 0."
)
def leaky_slope(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.01)


@relu_derivative.misconception("On the left the curve is flat, so its slope is 0 there, not -1.")
def sign_instead(x: Array) -> Array:
    return np.sign(x)


@relu_derivative.misconception("The sides are swapped: the slope is 1 on the right of 0 and 0 on the left.")
def swapped_sides(x: Array) -> Array:
    return np.where(np.asarray(x) < 0, 1.0, 0.0)


@relu_derivative.misconception(
    "This divides relu(x) by x, which is 0 / 0 = nan at the kink. Compare instead of dividing."
)
def divides_by_x(x: Array) -> Array:
    return np.maximum(x, 0) / x


@relu_derivative.misconception(
    "An `if` cannot decide for a whole array at once. The comparison x > 0 gives an answer for each element: use that."
)
def decides_once_for_all(x: Array) -> Array:
    if x > 0:
        return 1.0
    return 0.0


@relu_derivative.misconception(
    "`x[x > 0] = 1` writes into the caller's array, and a single number has no elements to write into. Make a new array."
)
def writes_the_slopes_into_x(x: Array) -> Array:
    x[x > 0] = 1
    x[x <= 0] = 0
    return x


@relu_derivative.misconception(
    "Small positive numbers got the slope 0. It is 1 for every x above 0, however small."
)
def above_a_thousandth(x: Array) -> Array:
    return np.where(np.asarray(x) > 1e-3, 1.0, 0.0)


@relu_derivative.misconception("The slope is 1 from x = 1 on here. It is 1 for every x above 0.")
def from_one_on(x: Array) -> Array:
    return np.where(np.asarray(x) >= 1, 1.0, 0.0)


@relu_derivative.misconception("This is the sigmoid's slope. ReLU's is 1 or 0.")
def sigmoids_slope(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2


@relu_derivative.misconception(
    "This is the sigmoid, the slope of the softplus. ReLU's slope jumps from 0 to 1."
)
def softplus_slope(x: Array) -> Array:
    return np.exp(-np.logaddexp(0, -np.asarray(x)))


@relu_derivative.misconception("The slope is 1 for both signs here. On the left ReLU is flat: 0.")
def one_on_both_sides(x: Array) -> Array:
    return np.where(np.asarray(x) != 0, 1.0, 0.0)


@relu_derivative.misconception("The slope is 1 everywhere here. On the left ReLU is flat: 0.")
def one_everywhere(x: Array) -> Array:
    return np.ones_like(x, dtype=float)


@relu_derivative.misconception(
    "On the left this is -1, and 1 at 0. ReLU is flat on the left, and at 0 the course takes 0."
)
def minus_one_on_the_left(x: Array) -> Array:
    return np.where(np.asarray(x) >= 0, 1.0, -1.0)


@relu_derivative.misconception("The slope is 0 beyond some x here. ReLU goes on rising.")
def flat_beyond_six(x: Array) -> Array:
    return np.where((np.asarray(x) > 0) & (np.asarray(x) < 6), 1.0, 0.0)


@relu_derivative.misconception("Wherever ReLU is flat this is -1. A flat curve has the slope 0.")
def minus_one_where_it_is_flat(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, -1.0)


# Right answers in other words.


# ---------------------------------------------------------------------------------------- relu_derivative
def relu_derivative_loops(x):
    x = np.asarray(x)
    return np.array([1 if v > 0 else 0 for v in x.ravel()]).reshape(x.shape)


def relu_derivative_booleans(x):
    return x > 0


def relu_derivative_heaviside(x):
    return np.heaviside(x, 0).astype(np.float32)


def relu_derivative_lists(x):
    return np.where(np.asarray(x) <= 0, 0, 1).tolist()


def relu_derivative_copies(x):
    slopes = np.array(x, copy=True, dtype=float)
    slopes[slopes > 0] = 1
    slopes[slopes <= 0] = 0
    return slopes


relu_derivative.right_answers(
    relu_derivative_loops,
    relu_derivative_booleans,
    relu_derivative_heaviside,
    relu_derivative_lists,
    relu_derivative_copies,
)
