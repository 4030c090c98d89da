"""`largest_stable_rate`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_01_gradient_descent.common import LESSON
from autograder.bank.promises import LARGE, TINY, positive


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The distance from the bottom is multiplied by the same factor at every step. How large may it be in size, sign left aside?",
        r"$\lvert 1 - \eta c \rvert < 1$, that is $-1 < 1 - \eta c < 1$. Solve the left half for $\eta$.",
        "From `-1 < 1 - rate * curvature` follows `rate * curvature < 2`. Divide by the curvature.",
    ),
    promises={"curvature": positive("", TINY, LARGE)},
)
def largest_stable_rate(curvature: float) -> float:
    return 2 / curvature


@largest_stable_rate.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    odd = (2 * rng.choice(np.arange(5, 40), 2, replace=False) + 1) / 8
    flat = (2 * rng.choice(np.arange(16), 2, replace=False) + 1) / 32
    yield Ask(
        "steep bowls", 1, [*((np.float64(value),) for value in odd), (int(rng.integers(3, 20)),), (1e4,)]
    )
    yield Ask("flat bowls", 1, [*((np.float64(value),) for value in flat), (1e-3,)])


@largest_stable_rate.misconception(
    "1 / curvature is the rate that reaches the bottom in a single step. Descent still converges beyond it, jumping from side to side."
)
def the_single_jump(curvature: float) -> float:
    return 1 / curvature


@largest_stable_rate.misconception(
    "This grows with the curvature. The steeper the bowl curves, the shorter the steps must be."
)
def grows_with_the_curvature(curvature: float) -> float:
    return 2 * curvature


@largest_stable_rate.misconception(
    "This is half of the rate that jumps to the bottom in one step: from |1 - rate * curvature| < 1 the 2 stands on top."
)
def two_at_the_bottom(curvature: float) -> float:
    return 1 / (2 * curvature)


@largest_stable_rate.misconception(
    "The curvature is squared here. In 1 - rate * curvature it stands to the first power."
)
def curvature_squared(curvature: float) -> float:
    return 2 / curvature**2


@largest_stable_rate.misconception(
    "There is a square root too much: |1 - rate * curvature| < 1 is solved without one."
)
def takes_a_root(curvature: float) -> float:
    return np.sqrt(2 / curvature)


@largest_stable_rate.misconception(
    "The curvature was taken away. It is a factor beside the rate: divide by it."
)
def subtracts_the_curvature(curvature: float) -> float:
    return 2 - curvature


@largest_stable_rate.misconception(
    "The sign is wrong: the bound on the rate is positive. Multiplying an inequality by -1 turns it round."
)
def bound_below_zero(curvature: float) -> float:
    return -2 / curvature


@largest_stable_rate.misconception(
    "This is a whole-number division: what is behind the point was cut off. Divide with a single /."
)
def whole_number_division(curvature: float) -> float:
    return 2 // curvature


@largest_stable_rate.misconception(
    "The result was held at 1 or below. In a flat bowl much longer steps still converge."
)
def held_below_one(curvature: float) -> float:
    return min(2 / curvature, 1.0)


@largest_stable_rate.misconception(
    "This is 4 over the curvature. From -1 < 1 - rate * curvature follows rate * curvature < 2."
)
def four_over_the_curvature(curvature: float) -> float:
    return 4 / curvature


@largest_stable_rate.misconception(
    "This is the root of the curvature at the bottom. It stands there to the first power."
)
def root_of_the_curvature(curvature: float) -> float:
    return 2 / np.sqrt(curvature)


@largest_stable_rate.misconception(
    "This is half the curvature. The steeper the bowl curves, the shorter the steps must be."
)
def half_the_curvature(curvature: float) -> float:
    return curvature / 2


@largest_stable_rate.misconception(
    "The 1 was added to the curvature. It stands beside the product: |1 - rate * curvature| < 1."
)
def one_more_at_the_bottom(curvature: float) -> float:
    return 2 / (1 + curvature)


# Right answers in other words.


def rate_two_over(curvature):
    return 2.0 / float(curvature)


def rate_power(curvature):
    return 2 * np.asarray(curvature) ** -1.0


def rate_float32(curvature):
    return np.float32(2) / np.float32(curvature)


def rate_by_bisection(curvature):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if abs(1 - middle * curvature) < 1 else (low, middle)
    return low


largest_stable_rate.right_answers(
    rate_two_over,
    rate_power,
    rate_float32,
    rate_by_bisection,
)
