"""`position_after`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_01_gradient_descent.common import LESSON, side
from autograder.bank.lesson_01_gradient_descent.descend import descend_preallocated
from autograder.bank.promises import TINY, WHOLE, ZERO, whole
from autograder.bank.promises import number as promised_number


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Put the slope of the bowl into one step and factor out the position. Every step does the same thing to it.",
        r"$w_k = (1 - \eta c)^k \, w_0$",
        "`factor = 1 - learning_rate * curvature`, and after `steps` steps the start has been multiplied by it that often: a power, `factor**steps`.",
    ),
    promises={
        "curvature": promised_number(0.5, 3),
        "start": promised_number(-3, 3, ZERO, WHOLE, TINY),
        "learning_rate": promised_number(0.0625, 0.25),
        "steps": whole(0, 6),
    },
)
def position_after(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature) ** steps


def bowl_walk(rng: np.random.Generator, low: float, high: float) -> tuple[float, float, float, int]:
    """A bowl and a walk in it whose rate times curvature lies between low and high, away from 1 and 2."""
    curvature = number(rng, 1.25, 3.5)
    share = np.float64(rng.choice(np.arange(round(low * 16), round(high * 16) + 1)) / 16)
    return curvature, side(rng, 1, 3), share / curvature, int(rng.integers(3, 6))


@position_after.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("short steps: it creeps", 1, [bowl_walk(rng, 0.25, 0.5), bowl_walk(rng, 0.25, 0.5)])
    yield Ask(
        "long steps: it changes sides",
        1,
        [
            bowl_walk(rng, 1.375, 1.75),
            (*bowl_walk(rng, 1.375, 1.75)[:3], 3),
            (*bowl_walk(rng, 1.375, 1.75)[:3], 4),
        ],
    )
    yield Ask(
        "too long: it runs away",
        1,
        [
            bowl_walk(rng, 2.25, 2.75),
            (*bowl_walk(rng, 2.25, 2.75)[:3], 3),
            (*bowl_walk(rng, 2.25, 2.75)[:3], 4),
        ],
    )


@position_after.misconception(
    "The curvature is missing from the factor: the slope is curvature times position, so a step multiplies by 1 - rate * curvature."
)
def forgets_the_curvature(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate) ** steps


@position_after.misconception(
    "The factor was multiplied by the number of steps. It is applied once at each step, so it is raised to that power."
)
def multiplies_by_the_steps(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature) * steps


@position_after.misconception(
    "This takes the slope at the start for every step. The slope shrinks with the position: each step multiplies, it does not subtract the same."
)
def subtracts_the_same(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - steps * learning_rate * curvature)


@position_after.misconception(
    "The sign in the factor is wrong: downhill it is 1 minus rate times curvature. With a plus you climb out of the bowl."
)
def plus_in_the_factor(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 + learning_rate * curvature) ** steps


@position_after.misconception(
    "The start is missing: this is the factor after all steps, to be multiplied by the start."
)
def forgets_the_start(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return (1 - learning_rate * curvature) ** steps


@position_after.misconception(
    "The sign got lost: with a long step the position lands on the other side of the bottom. Only the distance is always positive."
)
def distance_instead(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * abs(1 - learning_rate * curvature) ** steps


@position_after.misconception(
    "This is the limit of endlessly small steps, exp(-rate * curvature * steps). Real steps multiply by 1 - rate * curvature each."
)
def endlessly_small_steps(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * np.exp(-learning_rate * curvature * steps)


@position_after.misconception(
    "One factor too many: after `steps` steps the position was multiplied `steps` times."
)
def one_factor_too_many(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature) ** (steps + 1)


@position_after.misconception(
    "The slope of curvature * w**2 / 2 is curvature * w. The 2 of the square is cancelled by the 1/2 in front."
)
def slope_twice_as_steep(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - 2 * learning_rate * curvature) ** steps


@position_after.misconception(
    "The sign of the factor was kept once, whatever the number of steps. Each step turns it round: after an even number the position is on the side of the start."
)
def sign_turned_once(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    factor = 1 - learning_rate * curvature
    return np.sign(factor) * start * abs(factor) ** steps if factor else 0.0


@position_after.misconception(
    "One factor is missing: after `steps` steps the position was multiplied `steps` times."
)
def one_factor_too_few(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature) ** max(steps - 1, 0)


@position_after.misconception(
    "The slope was taken to be the curvature alone, the same everywhere. It is curvature times position."
)
def slope_without_the_position(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start - learning_rate * curvature * steps


@position_after.misconception(
    "The slope was taken to be half the curvature times the position. The slope of curvature * w**2 / 2 is curvature * w: the power brings down a 2."
)
def half_the_slope(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature / 2) ** steps


@position_after.misconception(
    "The start went into the power too. Each step multiplies the position by the factor; the start is there once."
)
def start_in_the_power(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return (start * (1 - learning_rate * curvature)) ** steps


@position_after.misconception(
    "The 1 is missing from the factor: a step leaves 1 - rate * curvature of the position."
)
def forgets_the_one(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (learning_rate * curvature) ** steps


@position_after.misconception(
    "This is rate * curvature - 1 to that power: the sign of the factor is turned round, so after an odd number of steps the position is on the wrong side."
)
def factor_turned_round(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (learning_rate * curvature - 1) ** steps


@position_after.misconception(
    "This is the loss at that position, curvature * w**2 / 2. The position itself is asked for."
)
def loss_there(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return curvature * position_after(curvature, start, learning_rate, steps) ** 2 / 2


@position_after.misconception(
    "The power is steps - 1, one too low: after `steps` steps the position was multiplied `steps` times, and after 0 steps not at all."
)
def power_one_too_low(curvature: float, start: float, learning_rate: float, steps: int) -> float:
    return start * (1 - learning_rate * curvature) ** (steps - 1)


# Right answers in other words.


def position_by_walking(curvature, start, learning_rate, steps):
    w = start
    for _ in range(steps):
        w = w - learning_rate * curvature * w
    return w


def position_by_descent(curvature, start, learning_rate, steps):
    return descend_preallocated(lambda w: curvature * w, start, learning_rate, steps)[-1]


def position_by_np_power(curvature, start, learning_rate, steps):
    return float(np.power(1 - curvature * learning_rate, steps)) * start


def position_by_sign_and_size(curvature, start, learning_rate, steps):
    factor = 1 - learning_rate * curvature
    sign = -1 if factor < 0 and steps % 2 else 1
    return sign * start * math.exp(steps * math.log(abs(factor)))


def position_float32(curvature, start, learning_rate, steps):
    one = np.float32(1)
    return np.float32(start) * (one - np.float32(learning_rate) * np.float32(curvature)) ** steps


position_after.right_answers(
    position_by_walking,
    position_by_descent,
    position_by_np_power,
    position_by_sign_and_size,
    position_float32,
)
