"""`activation_slope`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_09_four_equations.common import LESSON, Array, outputs
from autograder.bank.lesson_09_four_equations.networks import activated, slope_of


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "The function is given a, not z. Which of the four slopes can be said with a alone?",
        r"sigmoid: $a(1-a)$; tanh: $1-a^2$; ReLU: 1 where $a > 0$ and 0 elsewhere; identity: 1",
        '`if activation == "sigmoid": return a * (1 - a)`, for tanh `1 - a**2`, for ReLU `np.where(a > 0, 1.0, 0.0)`, and for the identity ones of the shape of `a`: `np.ones(np.shape(a))`.',
    ),
)
def activation_slope(a: Array, activation: str) -> Array:
    return slope_of(np.asarray(a, float), activation)


def relu_outputs(rng: np.random.Generator, *shape: int) -> Array:
    """Positive numbers and zeros, both among them."""
    size = int(np.prod(shape))
    values = rng.permutation(np.where(np.arange(size) % 2, 0.0, rng.integers(2, 25, size) / 8))
    return values.reshape(shape)


def near_the_ends(rng: np.random.Generator) -> Array:
    """Results of a saturated tanh, two near -1 and two near 1; moved halfway to 1 they are a sigmoid's."""
    near = 1 - rng.choice(np.arange(1, 6), 4, replace=False) / 128
    return rng.permutation(near * [1, -1, 1, -1])


@activation_slope.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    tanh_outputs = 2 * outputs(rng, 2, 3) - 1
    cube, whole = outputs(rng, 2, 3, 2), np.zeros(int(rng.integers(2, 6)), dtype=int)
    yield Ask(
        "sigmoid",
        1,
        [
            (cube, "sigmoid"),
            (outputs(rng, 1, 3), "sigmoid"),
            (near_the_ends(rng) / 2 + 0.5, "sigmoid"),
            (outputs(rng, 2, 3), "sigmoid"),
        ],
    )
    yield Ask(
        "tanh",
        1,
        [
            (2 * cube - 1, "tanh"),
            (-whole, "tanh"),
            (2 * outputs(rng, 3, 1) - 1, "tanh"),
            (tanh_outputs, "tanh"),
            (near_the_ends(rng), "tanh"),
        ],
    )
    yield Ask(
        "ReLU and identity",
        1,
        [
            (np.append(relu_outputs(rng, 5), 0.125), "relu"),
            (relu_outputs(rng, 2, 3), "relu"),
            (signed(rng, 2, 2), "identity"),
            (signed(rng, 2, 3, 2), "identity"),
            (relu_outputs(rng, 2, 3, 2), "relu"),
            (np.array([1e-9, 0.0, 1000.0, 0.5e-3]) * rng.integers(1, 9), "relu"),
            (rng.integers(0, 3, 5), "relu"),
            (rng.integers(1, 9, (1, 3)), "identity"),
        ],
    )


@activation_slope.misconception(
    "The activation was applied to a once more. a = f(z) is its result already: sigmoid's slope is a (1 - a), tanh's is 1 - a^2."
)
def applied_once_more(a: Array, activation: str) -> Array:
    return slope_of(activated(np.asarray(a, float), activation), activation)


@activation_slope.misconception("a (1 - a) is the slope of the sigmoid alone. Each activation has its own.")
def sigmoids_slope_everywhere(a: Array, activation: str) -> Array:
    return a * (1 - np.asarray(a))


@activation_slope.misconception("The slope of tanh is 1 - a^2: the square is missing.")
def tanh_without_the_square(a: Array, activation: str) -> Array:
    return 1 - np.asarray(a) if activation == "tanh" else activation_slope(a, activation)


@activation_slope.misconception(
    "This is ReLU's value, not its slope. The slope is 1 where a is positive and 0 where it is 0."
)
def relu_itself(a: Array, activation: str) -> Array:
    return np.maximum(a, 0) if activation == "relu" else activation_slope(a, activation)


@activation_slope.misconception(
    "ReLU's slope is 1 only where a is positive. Where a is 0 the unit is switched off, and its slope is 0."
)
def relu_always_on(a: Array, activation: str) -> Array:
    return np.ones(np.shape(a)) if activation == "relu" else activation_slope(a, activation)


@activation_slope.misconception("The identity f(z) = z has the slope 1 everywhere, not its own value.")
def identity_itself(a: Array, activation: str) -> Array:
    return np.asarray(a) if activation == "identity" else activation_slope(a, activation)


@activation_slope.misconception(
    "The identity f(z) = z has the slope 1. A slope of 0 would stop every gradient there."
)
def identity_flat(a: Array, activation: str) -> Array:
    return np.zeros(np.shape(a)) if activation == "identity" else activation_slope(a, activation)


for _family_name, _sentence, _slope in families.SLOPE:
    if _family_name in (
        "slope_s_squared",
        "slope_one_minus_s",
        "slope_just_s",
        "slope_plus",
        "slope_turned_round",
    ):

        def _wrong(a: Array, activation: str, slope: Callable[..., Array] = _slope) -> Array:
            return slope(np.asarray(a)) if activation == "sigmoid" else activation_slope(a, activation)

        _wrong.__name__ = _family_name
        activation_slope.misconception(_sentence)(_wrong)


@activation_slope.misconception("The slope of the tanh is 1 - a^2, with a minus: not 1 + a^2.")
def tanh_plus(a: Array, activation: str) -> Array:
    return 1 + np.asarray(a) ** 2 if activation == "tanh" else activation_slope(a, activation)


@activation_slope.misconception("The slope of the tanh is 1 - a^2: here it is its negative.")
def tanh_turned_round(a: Array, activation: str) -> Array:
    return np.asarray(a) ** 2 - 1 if activation == "tanh" else activation_slope(a, activation)


@activation_slope.misconception("1 - a^2 is the slope of the tanh alone. Each activation has its own.")
def tanhs_slope_everywhere(a: Array, activation: str) -> Array:
    return 1 - np.asarray(a) ** 2


@activation_slope.misconception(
    "The slopes of sigmoid and tanh are exchanged: a (1 - a) is the sigmoid's, 1 - a^2 the tanh's."
)
def sigmoid_and_tanh_exchanged(a: Array, activation: str) -> Array:
    return activation_slope(a, {"sigmoid": "tanh", "tanh": "sigmoid"}.get(activation, activation))


@activation_slope.misconception(
    "The ReLU's slope came out below 1 where its result is small. It is 1 for every a above 0, however small."
)
def relu_slope_above_a_threshold(a: Array, activation: str) -> Array:
    return (
        np.where(np.asarray(a) > 0.01, 1.0, 0.0) if activation == "relu" else activation_slope(a, activation)
    )


FLAT = "Close to an end of its range the slope came out as 0. It is small there, and 0 only at the very end."


@activation_slope.misconception(FLAT)
def tanh_flat_near_the_ends(a: Array, activation: str) -> Array:
    return np.where((activation == "tanh") & (np.abs(a) > 0.9), 0.0, activation_slope(a, activation))


@activation_slope.misconception(FLAT)
def sigmoid_flat_near_the_ends(a: Array, activation: str) -> Array:
    near = np.abs(2 * np.asarray(a) - 1) > 0.9
    return np.where((activation == "sigmoid") & near, 0.0, activation_slope(a, activation))


# Right answers in other words.


def slope_by_where(a, activation):
    a = np.array(a, dtype=float)
    return {
        "sigmoid": a - a * a,
        "tanh": (1 + a) * (1 - a),
        "relu": (a > 0).astype(float),
        "identity": a * 0 + 1,
    }[activation]


def slope_elements(a, activation):
    def one(v):
        if activation == "sigmoid":
            return v * (1 - v)
        if activation == "tanh":
            return 1 - v * v
        return 1.0 if activation == "identity" or v > 0 else 0.0

    a = np.asarray(a)
    return np.array([one(v) for v in a.ravel()]).reshape(a.shape).tolist()


def slope_booleans(a, activation):
    if activation == "relu":
        return a > 0
    if activation == "identity":
        return np.ones(a.shape, dtype=int)
    return a * (1 - a) if activation == "sigmoid" else 1 - np.square(a)


def slope_through_the_sum(a, activation):
    if activation == "sigmoid":
        z = np.log(a / (1 - a))
        return np.exp(-z) / (1 + np.exp(-z)) ** 2
    if activation == "tanh":
        return 1 / np.cosh(np.arctanh(a)) ** 2
    return np.heaviside(a, 0) if activation == "relu" else np.ones_like(a)


def slope_in_single(a, activation):
    return slope_by_where(a, activation).astype(np.float32)


activation_slope.right_answers(
    slope_by_where,
    slope_elements,
    slope_booleans,
    slope_through_the_sum,
    slope_in_single,
)
