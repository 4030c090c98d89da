"""`neuron_gradient`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_02_chain_rule.common import LESSON, Array
from autograder.bank.promises import WHOLE, ZERO
from autograder.bank.promises import number as a_number


def stable_sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def sigmoid_slope(z: Array) -> Array:
    """The sigmoid's derivative at z."""
    return stable_sigmoid(z) * stable_sigmoid(-np.asarray(z))


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The three answers have one factor in common: the slope of the sigmoid at z. The other factor is the derivative of w x + b.",
        r"with $z = wx + b$: $\;\dfrac{\partial a}{\partial w} = \sigma'(z)\,x,\quad \dfrac{\partial a}{\partial x} = \sigma'(z)\,w,\quad \dfrac{\partial a}{\partial b} = \sigma'(z)$",
        "`e = np.exp(-np.abs(w * x + b))` and `slope = e / (1 + e) ** 2`: the slope is symmetric, so the sign of z does not matter to it. Return it times x, times w, and times 1.",
    ),
    promises={
        "w": a_number(-3, 3, ZERO, WHOLE),
        "x": a_number(-3, 3, ZERO, WHOLE),
        "b": a_number(-3, 3, ZERO, WHOLE),
    },
)
def neuron_gradient(w: float, x: float, b: float) -> tuple[float, float, float]:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope


def neuron(rng: np.random.Generator, positive: bool) -> tuple[np.float64, np.float64, np.float64]:
    """w, x, b, of three different sizes, whose z lies between 1/4 and 3 in size, of the sign asked for."""
    while True:
        w, x, b = signed(rng, 3)
        z = w * x + b
        if 0.25 < abs(z) < 3 and (z > 0) == positive:
            return w, x, b


@neuron_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("z below zero", 1.5, [neuron(rng, False), neuron(rng, False)])
    yield Ask("z above zero", 1.5, [neuron(rng, True), neuron(rng, True)])
    two, half = signed(rng, 2)
    far = np.float64(800 + 8 * rng.integers(0, 25))
    yield Ask(
        "z far out, where the sigmoid is flat",
        1,
        [
            (far, np.float64(1.0), np.float64(2.0)),
            (-far, np.float64(1.0), np.float64(2.0)),
            neuron(rng, True),
            # Between: the slope is small there, and a large x or w shows it.
            (np.float64(1 / 128), np.float64(128 * rng.integers(11, 15)), np.float64(0.0)),
            (np.float64(-128 * rng.integers(11, 15)), np.float64(1 / 128), np.float64(0.0)),
            (two, half, -two * half),
        ],
    )


Triple = tuple[float, float, float]


@neuron_gradient.misconception(
    "The sigmoid's slope is missing: these are the derivatives of z = w x + b alone."
)
def stops_at_z(w: float, x: float, b: float) -> Triple:
    return x, w, 1.0


@neuron_gradient.misconception("The inner derivatives are missing: dz/dw = x and dz/dx = w. Only dz/db is 1.")
def same_slope_three_times(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope, slope, slope


@neuron_gradient.misconception(
    "w and x are swapped: in the product w x, the derivative with respect to w is x, and the one with respect to x is w."
)
def swaps_w_and_x(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * w, slope * x, slope


@neuron_gradient.misconception(
    "The outer factor is the sigmoid's value. The chain rule wants its slope, sigmoid(z) (1 - sigmoid(z))."
)
def value_for_slope(w: float, x: float, b: float) -> Triple:
    a = stable_sigmoid(w * x + b)
    return a * x, a * w, a


@neuron_gradient.misconception(
    "The slope was written as z (1 - z). It is a (1 - a), with a = sigmoid(z), the value that comes out."
)
def slope_from_z(w: float, x: float, b: float) -> Triple:
    z = w * x + b
    slope = z * (1 - z)
    return slope * x, slope * w, slope


@neuron_gradient.misconception("The sigmoid was applied twice: its slope is wanted at z, not at sigmoid(z).")
def slope_at_the_output(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(stable_sigmoid(w * x + b))
    return slope * x, slope * w, slope


@neuron_gradient.misconception("b is left out of z. The slope is taken at z = w x + b.")
def forgets_b_in_z(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x)
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "d/db was set to 1. That is dz/db; the sigmoid still comes after it, so the slope remains as a factor."
)
def one_for_b(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, 1.0


@neuron_gradient.misconception("d/db was multiplied by b. b stands in z by itself, so dz/db = 1.")
def times_b(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope * b


@neuron_gradient.misconception("This is the slope of tanh, 1 - a^2. The sigmoid's is a (1 - a).")
def slope_of_tanh(w: float, x: float, b: float) -> Triple:
    slope = 1 - stable_sigmoid(w * x + b) ** 2
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "The sign is wrong: the sigmoid rises everywhere, its slope is a (1 - a), never negative."
)
def falling_sigmoid(w: float, x: float, b: float) -> Triple:
    slope = -sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "Right on paper, but for z far from 0 an exponential overflows to inf, and inf / inf is nan. Use exp(-|z|): the slope is the same for z and -z."
)
def neuron_overflows(w: float, x: float, b: float) -> Triple:
    e = np.exp(w * x + b)
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "At z = 0 the slope was taken to be 0. The sigmoid is steepest there: its slope is 1/4."
)
def flat_at_zero(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b) if w * x + b else 0.0
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "Beyond some size of z the slope was taken to be 0. It is small there, not 0, and a large x or w shows it."
)
def flat_far_out(w: float, x: float, b: float) -> Triple:
    z = w * x + b
    slope = sigmoid_slope(z) if abs(z) < 10 else 0.0
    return slope * x, slope * w, slope


# Right answers in other words.


def neuron_exp_minus_abs(w, x, b):
    e = np.exp(-np.abs(w * x + b))
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


def neuron_naive(w, x, b):
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    delta = a * (1 - a)
    return (delta * x, delta * w, delta)


def neuron_branches(w, x, b):
    z = w * x + b
    a = 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))
    return [a * (1 - a) * each for each in (x, w, 1.0)]


def neuron_tanh(w, x, b):
    t = np.tanh((w * x + b) / 2)
    return (1 - t**2) / 4 * np.array([x, w, 1.0])


def neuron_float32(w, x, b):
    w, x, b = np.float32(w), np.float32(x), np.float32(b)
    e = np.exp(-np.abs(w * x + b))
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


def neuron_logarithm(w, x, b):
    z = w * x + b
    slope = np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))
    return np.array([slope * x, slope * w, slope]).tolist()


def neuron_complex_step(w, x, b):
    h = 1e-30

    def a(w, x, b):
        z = w * x + b
        return 1 / (1 + np.exp(-z)) if z.real > 0 else np.exp(z) / (1 + np.exp(z))

    return a(w + 1j * h, x, b).imag / h, a(w, x + 1j * h, b).imag / h, a(w, x, b + 1j * h).imag / h


neuron_gradient.right_answers(
    neuron_exp_minus_abs,
    neuron_naive,
    neuron_branches,
    neuron_tanh,
    neuron_float32,
    neuron_logarithm,
    neuron_complex_step,
)
