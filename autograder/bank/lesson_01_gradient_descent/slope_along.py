"""`slope_along`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_01_gradient_descent.common import LESSON, Array
from autograder.bank.promises import LARGE, TINY, WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "How much does the gradient point the same way as the direction? And must a longer arrow mean a steeper slope?",
        r"$\text{slope} = \dfrac{g_1 u_1 + \dots + g_n u_n}{\lVert u \rVert}$ with the length $\lVert u \rVert = \sqrt{u_1^2 + \dots + u_n^2}$",
        "`rise = np.sum(gradient * direction)` and `length = np.sqrt(np.sum(np.square(direction)))`. One of them is divided by the other.",
    ),
    promises={"gradient": reals("n", WHOLE, ZERO), "direction": reals("n", WHOLE, TINY, LARGE)},
)
def slope_along(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.linalg.norm(direction)


@slope_along.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "two weights",
        1.5,
        [(signed(rng, 2), signed(rng, 2)), (signed(rng, 2), signed(rng, 2))],
    )
    short, long = signed(rng, 3) / 2**30, signed(rng, 3) * 2**20
    yield Ask(
        "more weights",
        1,
        [
            (signed(rng, 3), signed(rng, 3)),
            (signed(rng, 5), signed(rng, 5)),
            (signed(rng, 3), short),
            (signed(rng, 3), long),
        ],
    )
    yield Ask("leaves its arguments as they were", 0.5, [(signed(rng, 3), signed(rng, 3))], unchanged=True)


@slope_along.misconception(
    "The direction's length is still in there: a direction written twice as long would look twice as steep. Divide by its length."
)
def forgets_the_length(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction)


@slope_along.misconception(
    "This divides by the squared length of the direction. Divide by the length itself, the root of the sum of squares."
)
def divides_by_the_square(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.dot(direction, direction)


@slope_along.misconception(
    "This divides by the gradient's length. The gradient's length is the steepness and must stay; divide by the direction's."
)
def divides_by_the_gradients_length(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.linalg.norm(gradient)


@slope_along.misconception(
    "This is the cosine of the angle between the two: both lengths are divided out. The gradient's length must stay."
)
def only_the_cosine(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / (np.linalg.norm(gradient) * np.linalg.norm(direction))


@slope_along.misconception(
    "The products must be added up: the slope along a direction is one number, `np.dot` or the sum of the products."
)
def forgets_the_sum(gradient: Array, direction: Array) -> Array:
    return np.asarray(gradient) * direction / np.linalg.norm(direction)


@slope_along.misconception(
    "The length of an arrow is the root of the sum of squares, not the sum of the entries' sizes."
)
def adds_the_sizes(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.sum(np.abs(direction))


@slope_along.misconception(
    "The sign is turned round: where the direction goes with the gradient the ground rises, and the slope is positive."
)
def slope_turned_round(gradient: Array, direction: Array) -> float:
    return -np.dot(gradient, direction) / np.linalg.norm(direction)


@slope_along.misconception(
    "The direction was shortened into an array of whole numbers, which cuts off what is behind the point. Divide into a new array of floats."
)
def unit_arrow_in_whole_numbers(gradient: Array, direction: Array) -> float:
    unit = np.zeros_like(direction)
    unit[:] = direction / np.linalg.norm(direction)
    return np.dot(gradient, unit)


@slope_along.misconception(
    "The length was taken of the first two entries alone. Every entry of the direction belongs to its length."
)
def length_of_two_entries(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.linalg.norm(direction[:2])


@slope_along.misconception(
    "A direction of any length is right as long as it is not 0. Here something was added to its length, or a least length was set, and a short arrow comes out too flat."
)
def least_length(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / (np.linalg.norm(direction) + 1e-8)


@slope_along.misconception(
    "This is the length of the gradient, the steepest slope there is. Along a direction only that part counts which points the same way."
)
def steepest_slope(gradient: Array, direction: Array) -> float:
    return float(np.linalg.norm(gradient))


@slope_along.misconception(
    "This multiplies by the direction's length. An arrow twice as long would look four times as steep: divide by it."
)
def times_the_length(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) * np.linalg.norm(direction)


@slope_along.misconception(
    "This divides by the mean of the squares under the root. The length is the root of their sum."
)
def root_of_the_mean_square(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.sqrt(np.mean(np.square(direction)))


@slope_along.misconception(
    "This divides by the direction's largest entry. Its length is the root of the sum of squares."
)
def divides_by_the_largest_entry(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.max(np.abs(direction))


# Right answers in other words.


def slope_loops(gradient, direction):
    total, square = 0.0, 0.0
    for g, u in zip(gradient, direction, strict=True):
        total += g * u
        square += u * u
    return total / math.sqrt(square)


def slope_of_the_unit_arrow(gradient, direction):
    unit = direction / np.linalg.norm(direction)
    return gradient @ unit


def slope_einsum(gradient, direction):
    return np.einsum("i,i->", gradient, direction) / np.einsum("i,i->", direction, direction) ** 0.5


def slope_by_the_angle(gradient, direction):
    """Length of the gradient times the cosine of the angle between the two."""
    cosine = np.dot(gradient, direction) / (np.linalg.norm(gradient) * np.linalg.norm(direction))
    return float(np.linalg.norm(gradient) * np.cos(np.arccos(cosine)))


def slope_float32(gradient, direction):
    g, u = np.float32(gradient), np.float32(direction)
    return np.sum(g * u) / np.sqrt(np.sum(u * u))


def slope_hypot(gradient, direction):
    return sum(np.asarray(gradient) * np.asarray(direction)).item() / math.hypot(*direction)


slope_along.right_answers(
    slope_loops,
    slope_of_the_unit_arrow,
    slope_einsum,
    slope_by_the_angle,
    slope_float32,
    slope_hypot,
)
