"""Lesson 01: downhill against the gradient, how long a step may be, and guessing instead (seeds 004 and 001).

A position is a number or a vector (n,); a gradient function takes a position and returns the same shape.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.kit.functions import (
    cosine,
    double,
    four_cubes,
    shifted_square,
    two_valleys,
    two_valleys_slope,
    uneven_bowl_gradient,
)
from autograder.kit.plain import Rng

Array = np.ndarray
Function = Callable[[Any], Any]
LESSON = "01-gradient-descent"


def rate(rng: np.random.Generator) -> np.float64:
    """A learning rate at which every descent of this lesson's checks settles."""
    return np.float64(rng.choice([0.0625, 0.125, 0.1875]))


def side(rng: np.random.Generator, low: float, high: float) -> np.float64:
    """A number between low and high in size, of either sign."""
    return number(rng, low, high) * rng.choice([-1.0, 1.0])


def counts(rng: np.random.Generator) -> int:
    """A few steps."""
    return int(rng.integers(3, 7))


def whole(rng: np.random.Generator, size: int) -> Array:
    """A vector of different whole numbers, none of them 0."""
    return rng.choice([-3, -2, -1, 1, 2, 3], size, replace=False)


# ------------------------------------------------------------------------------------------ slope_along


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "How much does the gradient point the same way as the direction? And must a longer arrow mean a steeper slope?",
        r"$\text{slope} = \dfrac{g_1 u_1 + \dots + g_n u_n}{\lVert u \rVert}$ with the length $\lVert u \rVert = \sqrt{u_1^2 + \dots + u_n^2}$",
        "`length = np.sqrt(np.sum(np.square(direction)))`",
    ),
)
def slope_along(gradient: Array, direction: Array) -> float:
    return np.dot(gradient, direction) / np.linalg.norm(direction)


@slope_along.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    advice = "Turn the direction into an arrow of length 1 first: a direction has no length of its own."
    yield Ask(
        "two weights",
        1.5,
        [(signed(rng, 2), signed(rng, 2)), (signed(rng, 2), signed(rng, 2))],
        advice=advice,
    )
    yield Ask("more weights", 1, [(signed(rng, 3), signed(rng, 3)), (signed(rng, 5), signed(rng, 5))])
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
    "The numbers are right, but `direction /= length` also changes the caller's array. Write `direction / length`, which makes a new one."
)
def shortens_the_callers_arrow(gradient: Array, direction: Array) -> float:
    direction /= np.linalg.norm(direction)
    return np.dot(gradient, direction)


# ---------------------------------------------------------------------------------------------- descend


def walks(rng: np.random.Generator) -> Iterator[Ask]:
    """The sub-checks of a walk of a given number of steps, down or up."""
    yield Ask(
        "one weight",
        1.5,
        [
            (double, side(rng, 1, 3), rate(rng), counts(rng)),
            (two_valleys_slope, side(rng, 0.5, 1.25), rate(rng), counts(rng)),
            (cosine, number(rng, -1, 1), rate(rng), 0),
        ],
    )
    yield Ask(
        "several weights",
        1.5,
        [
            (uneven_bowl_gradient, signed(rng, 2), rate(rng), counts(rng)),
            (uneven_bowl_gradient, signed(rng, 3), rate(rng), counts(rng)),
            (cosine, distinct(rng, 4, -1, 1), rate(rng), 1),
        ],
    )
    yield Ask(
        "a start in whole numbers",
        0.5,
        [(double, int(whole(rng, 1)[0]), rate(rng), 3), (uneven_bowl_gradient, whole(rng, 3), rate(rng), 4)],
        advice="The start may be whole numbers, but the positions after it are not: they need an array of floats.",
    )
    yield Ask(
        "leaves the start as it was",
        0.5,
        [(uneven_bowl_gradient, signed(rng, 3), rate(rng), counts(rng))],
        unchanged=True,
    )


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "Each step starts where the last one ended: ask for the gradient there, not where the walk began. Collect every position in a list.",
        r"$w_{k+1} = w_k - \eta \, \nabla L(w_k)$ for $k = 0, 1, \dots$, with `steps` steps and so `steps + 1` positions",
        "`positions = [np.array(start, dtype=float)]`",
    ),
)
def descend(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * gradient(positions[-1]))
    return np.array(positions)


@descend.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from walks(rng)


@descend.misconception(
    "This goes uphill: the gradient points where the loss rises. Take the step against it, with a minus."
)
def goes_uphill(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, -learning_rate, steps)


@descend.misconception(
    "The gradient was computed once, at the start, and used for every step. The slope changes on the way: ask for it anew at each position."
)
def gradient_of_the_start(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    slope = gradient(start)
    return np.array([start - k * learning_rate * slope for k in range(steps + 1)])


@descend.misconception(
    "The start is missing from the positions: with 3 steps there are 4 positions, and the first is the start."
)
def without_the_start(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps)[1:]


@descend.misconception(
    "One step is missing: `steps` counts the steps, so there is one position more than steps."
)
def one_step_short(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps - 1)


@descend.misconception(
    "One step too many was taken: `steps` counts the steps, and the start comes on top of them."
)
def one_step_too_many(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps + 1)


@descend.misconception(
    "Only the last position came back. Return all of them, the start first: the path is what shows how the walk went."
)
def only_the_last(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps)[-1]


@descend.misconception("The learning rate is not used: the step is the gradient times the learning rate.")
def forgets_the_rate(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, 1.0, steps)


@descend.misconception(
    "Every step has the same length here, the learning rate. The step is the rate times the gradient itself, so it shortens where the ground gets flat."
)
def steps_of_one_length(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(lambda w: gradient(w) / np.linalg.norm(gradient(w)), start, learning_rate, steps)


@descend.misconception("These are the gradients met on the way. The positions are asked for.")
def gradients_on_the_way(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return np.array([gradient(w) for w in descend(gradient, start, learning_rate, steps)])


@descend.misconception(
    "All rows are the same, the last position: `w -= ...` changes the one array that the list holds again and again, and the caller's start with it. Make a new array at each step."
)
def one_array_for_all(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    w, positions = start, [start]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        positions.append(w)
    return np.array(positions)


@descend.misconception(
    "The positions were cut to whole numbers, because the array took its type from a start in whole numbers. Make it an array of floats: dtype=float."
)
def whole_numbers_only(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = np.full((steps + 1, *np.shape(start)), start)
    for k in range(steps):
        positions[k + 1] = positions[k] - learning_rate * gradient(positions[k])
    return positions


@descend.misconception(
    "The numbers are right, but `start -= ...` also changes the caller's array. Begin with a copy of it."
)
def moves_the_callers_start(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    if np.ndim(start) == 0 or start.dtype != float:
        return descend(gradient, start, learning_rate, steps)
    positions = [start.copy()]
    for _ in range(steps):
        start -= learning_rate * gradient(start)
        positions.append(start.copy())
    return np.array(positions)


# ------------------------------------------------------------------------------------------------ climb


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "What must change in your descent, and what stays? One sign is enough.",
        r"$w_{k+1} = w_k + \eta \, \nabla L(w_k)$",
        "`positions = [np.array(start, dtype=float)]`, or no loop at all: which learning rate turns a descent round?",
    ),
)
def climb(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, -learning_rate, steps)


@climb.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one weight",
        1.5,
        [
            (cosine, number(rng, -1, 1), rate(rng), counts(rng)),
            (two_valleys_slope, side(rng, 0.5, 1.25), rate(rng), counts(rng)),
        ],
    )
    yield Ask(
        "several weights",
        1,
        [
            (cosine, distinct(rng, 3, -1, 1), rate(rng), counts(rng)),
            (uneven_bowl_gradient, signed(rng, 2), rate(rng), counts(rng)),
        ],
    )
    yield Ask(
        "leaves the start as it was", 0.5, [(cosine, signed(rng, 3), rate(rng), counts(rng))], unchanged=True
    )


@climb.misconception("This goes downhill. Uphill is with the gradient: plus the learning rate times it.")
def goes_downhill(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps)


@climb.misconception(
    "This is the descent with all positions mirrored. A climb starts at the same place and turns each step round, not each position."
)
def mirrored_descent(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return -descend(gradient, start, learning_rate, steps)


@climb.misconception("This is the descent read backwards. It ends at the start, and a climb begins there.")
def descent_backwards(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, steps)[::-1]


@climb.misconception(
    "The start is missing from the positions: the first of the steps + 1 rows is the start itself."
)
def climbs_without_the_start(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, learning_rate, steps)[1:]


@climb.misconception(
    "The gradient was computed once, at the start. Uphill too it must be asked for anew at each position."
)
def climbs_by_the_first_gradient(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return gradient_of_the_start(gradient, start, -learning_rate, steps)


@climb.misconception(
    "The sign is turned round twice, once at the gradient and once at the rate: minus times minus goes downhill after the first step."
)
def turns_round_after_one_step(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    first = climb(gradient, start, learning_rate, min(steps, 1))
    return np.concatenate([first, descend(gradient, first[-1], learning_rate, steps - 1)[1:]])


@climb.misconception("Only the last position came back. Return all of them, the start first.")
def only_the_top(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, learning_rate, steps)[-1]


@climb.misconception(
    "The numbers are right, but `start += ...` also changes the caller's array. Begin with a copy of it."
)
def climbs_with_the_callers_start(
    gradient: Function, start: Array, learning_rate: float, steps: int
) -> Array:
    return moves_the_callers_start(gradient, start, -learning_rate, steps)


# --------------------------------------------------------------------------------------- position_after


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Put the slope of the bowl into one step and factor out the position. Every step does the same thing to it.",
        r"$w_k = (1 - \eta c)^k \, w_0$",
        "`factor = 1 - learning_rate * curvature`",
    ),
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
        [bowl_walk(rng, 1.375, 1.75), (*bowl_walk(rng, 1.375, 1.75)[:3], 3)],
        advice="Past the bottom the position changes its sign at every step.",
    )
    yield Ask("too long: it runs away", 1, [bowl_walk(rng, 2.25, 2.75), (*bowl_walk(rng, 2.25, 2.75)[:3], 3)])


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


# ---------------------------------------------------------------------------------- largest_stable_rate


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The distance from the bottom is multiplied by the same factor at every step. How large may it be in size, sign left aside?",
        r"$\lvert 1 - \eta c \rvert < 1$, that is $-1 < 1 - \eta c < 1$. Solve the left half for $\eta$.",
        "`return ... / curvature`: what stands on top?",
    ),
)
def largest_stable_rate(curvature: float) -> float:
    return 2 / curvature


@largest_stable_rate.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    odd = (2 * rng.choice(np.arange(5, 40), 2, replace=False) + 1) / 8
    flat = rng.choice(np.array([1, 3, 5, 7]), 2, replace=False) / 8
    yield Ask("steep bowls", 1, [(np.float64(value),) for value in odd])
    yield Ask("flat bowls", 1, [(np.float64(value),) for value in flat])


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


# ---------------------------------------------------------------------------------------- descend_until


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "Three things end the walk: the ground is flat enough, the steps are used up, or the position is no finite number. Ask for the gradient first, then decide, then step. And remember that a comparison with nan is always False.",
        r"converged if $\lVert \nabla L(w) \rVert = \sqrt{g_1^2 + \dots + g_n^2} \le$ `tolerance` at the position returned; lost if `np.isfinite(position)` fails anywhere",
        "`for taken in range(max_steps + 1):`",
    ),
)
def descend_until(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position = np.array(start, dtype=float)
    for taken in range(max_steps):
        slope = gradient(position)
        if np.linalg.norm(slope) <= tolerance:
            return position, taken, True
        if not np.all(np.isfinite(position)):
            return position, taken, False
        position = position - learning_rate * slope
    return position, max_steps, bool(np.linalg.norm(gradient(position)) <= tolerance)


def level(rng: np.random.Generator, *shape: int) -> Array:
    """Entries of both signs, all between 2 and 3 in size: no norm of them can be taken for another."""
    size = int(np.prod(shape))
    return rng.choice(np.arange(16, 25), size, replace=False) / 8 * np.where(np.arange(size) % 2, -1.0, 1.0)


def a_walk_to(
    rng: np.random.Generator, start: Any, most: int | None = None, short: int = 0
) -> tuple[object, ...]:
    """Down the bowl of slope 2 w; the tolerance lies clear of every norm on the way, so rounding decides nothing.

    Without `most` there are just as many steps as it takes, less `short`.
    """
    learning_rate = np.float64(rng.choice([0.0625, 0.125]))
    factor = 1 - 2 * learning_rate
    until = int(rng.integers(8, 14))
    tolerance = np.float64(f"{np.linalg.norm(2 * np.asarray(start)) * factor**until / np.sqrt(factor):.3g}")
    return double, start, learning_rate, tolerance, until - short if most is None else most


@descend_until.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one weight",
        1,
        [
            a_walk_to(rng, number(rng, 1, 3), 200),
            a_walk_to(rng, -number(rng, 1, 3), 300),
            a_walk_to(rng, side(rng, 1, 3)),
            (double, number(rng, 0.125, 0.25), rate(rng), 0.75, 200),
        ],
    )
    yield Ask(
        "several weights: the norm of the gradient",
        1.5,
        [a_walk_to(rng, level(rng, 3), 300), a_walk_to(rng, level(rng, 4), 200)],
    )
    few = int(rng.integers(3, 6))
    yield Ask(
        "out of steps: not converged",
        1,
        [
            a_walk_to(rng, side(rng, 1, 3), few),
            a_walk_to(rng, level(rng, 3), few),
            a_walk_to(rng, side(rng, 1, 3), short=1),
        ],
    )
    yield Ask(
        "leaves the finite numbers: not converged",
        1,
        [
            (four_cubes, side(rng, 2, 3), np.float64(rng.choice([0.5, 0.625, 0.75])), 0.125, 500)
            for _ in range(2)
        ],
        properties=("ran_away",),
        exact=False,
    )
    yield Ask("leaves the start as it was", 0.5, [a_walk_to(rng, level(rng, 3), 200)], unchanged=True)


def walk_until(
    flat: Callable[[Array, Array], bool],
    gradient: Function,
    start: Array,
    learning_rate: float,
    max_steps: int,
) -> tuple[Array, int, bool]:
    """The walk with another idea of when the ground is flat enough; `flat` gets the gradient and the step."""
    position = np.array(start, dtype=float)
    for taken in range(max_steps):
        slope = gradient(position)
        if flat(slope, learning_rate * slope):
            return position, taken, True
        if not np.all(np.isfinite(position)):
            return position, taken, False
        position = position - learning_rate * slope
    slope = gradient(position)
    return position, max_steps, bool(flat(slope, learning_rate * slope))


@descend_until.misconception(
    "A negative slope is smaller than every tolerance, so this stops where the ground is still steep. Compare the gradient's size, its norm."
)
def signed_slope(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(lambda g, _: bool(np.all(g <= tolerance)), gradient, start, learning_rate, max_steps)


@descend_until.misconception(
    "The root is missing from the norm: this compares the sum of the squares with the tolerance, and stops too early."
)
def squared_norm(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(lambda g, _: bool(np.sum(g**2) <= tolerance), gradient, start, learning_rate, max_steps)


@descend_until.misconception(
    "This looks at each entry of the gradient by itself (or at the largest). The norm takes them together: the root of the sum of squares."
)
def largest_entry(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(
        lambda g, _: bool(np.max(np.abs(g)) <= tolerance), gradient, start, learning_rate, max_steps
    )


@descend_until.misconception(
    "This adds up the sizes of the gradient's entries. The norm is the root of the sum of their squares."
)
def sum_of_sizes(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(
        lambda g, _: bool(np.sum(np.abs(g)) <= tolerance), gradient, start, learning_rate, max_steps
    )


@descend_until.misconception(
    "This stops when the step gets short. A tiny learning rate makes every step short, on a steep slope too: look at the gradient itself."
)
def short_step(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(
        lambda _, step: bool(np.linalg.norm(step) <= tolerance), gradient, start, learning_rate, max_steps
    )


@descend_until.misconception(
    "nan > tolerance is False, like every comparison with nan: so the loop ended, and a run that left the finite numbers was reported as converged."
)
def nan_looks_flat(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken = np.array(start, dtype=float), 0
    while np.linalg.norm(gradient(position)) > tolerance and taken < max_steps:
        position, taken = position - learning_rate * gradient(position), taken + 1
    return position, taken, not np.linalg.norm(gradient(position)) > tolerance


@descend_until.misconception(
    "Once a position is inf or nan no step brings it back, and this goes on to the last step all the same. Stop at once: np.isfinite tells."
)
def never_gives_up(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position = np.array(start, dtype=float)
    for taken in range(max_steps):
        if np.linalg.norm(gradient(position)) <= tolerance:
            return position, taken, True
        position = position - learning_rate * gradient(position)
    return position, max_steps, False


@descend_until.misconception(
    "The end of the steps is not the bottom of the valley: where they run out on a slope, `converged` is False."
)
def always_converged(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken, _ = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    return position, taken, True


@descend_until.misconception(
    "One step is counted that was not taken: at a start that is flat already, the count is 0."
)
def counts_the_last_look(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken, converged = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    return position, taken + converged, converged


@descend_until.misconception(
    "One step too many: look at the gradient before the step, and do not step where the ground is flat already."
)
def steps_before_looking(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position = np.array(start, dtype=float)
    for taken in range(1, max_steps + 1):
        slope = gradient(position)
        position = position - learning_rate * slope
        if np.linalg.norm(slope) <= tolerance:
            return position, taken, True
        if not np.all(np.isfinite(position)):
            return position, taken, False
    return position, max_steps, False


@descend_until.misconception(
    "The numbers are right, but `start -= ...` also changes the caller's array. Begin with a copy of it."
)
def walks_off_with_the_start(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    result = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    if np.ndim(start):
        start[...] = result[0]
    return result


# ---------------------------------------------------------------------------------------- random_search


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Guess, look at the loss, and remember two things whenever it is lower than the lowest so far.",
        r"$w_{\text{best}} = \arg\min_k L(w_k)$ over guesses $w_k$ drawn evenly between `low` and `high`",
        "`guesses = rng.uniform(low, high, tries)`",
    ),
)
def random_search(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    guesses = rng.uniform(low, high, tries)
    losses = np.array([loss(w) for w in guesses])
    best = np.argmin(losses)
    return guesses[best], losses[best]


def seeded(rng: np.random.Generator) -> Rng:
    return Rng(int(rng.integers(2**31)))


@random_search.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def inside(tries: int) -> list[tuple[object, ...]]:
        return [
            (shifted_square, number(rng, -6, -3), number(rng, 4, 6), tries, seeded(rng)),
            (two_valleys, number(rng, -3, -2), number(rng, 2, 2.5), tries, seeded(rng)),
            (cosine, number(rng, 1.5, 2.25), number(rng, 4.75, 6), tries, seeded(rng)),
        ]

    best = ("best_guess",)
    yield Ask("the weight and its own loss", 1.5, [*inside(40), *inside(25)], properties=best, exact=False)
    yield Ask("the best of many guesses", 1.5, inside(1000), properties=best, exact=False)
    at_an_end = [
        (cosine, number(rng, -0.25, 0.25), number(rng, 1.75, 2.5), 1000, seeded(rng)),
        (shifted_square, number(rng, 3, 4), number(rng, 5, 7), 1000, seeded(rng)),
    ]
    yield Ask("never outside the range", 1, at_an_end, properties=best, exact=False)


@random_search.misconception("The two results are swapped: the weight comes first, then its loss.")
def swapped_pair(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, low, high, tries, rng)[::-1]


@random_search.misconception(
    "This returns the last guess. Keep the one with the lowest loss so far, whenever it came."
)
def last_guess(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = rng.uniform(low, high, tries)[-1]
    return w, loss(w)


@random_search.misconception(
    "This keeps the guess with the largest loss: the comparison is turned round, or it is argmax for argmin."
)
def worst_guess(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = max(rng.uniform(low, high, tries), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The loss is the best one, but the weight is that of the last guess. Whenever the loss improves, remember both."
)
def best_loss_of_another(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    guesses = rng.uniform(low, high, tries)
    return guesses[-1], min(loss(w) for w in guesses)


@random_search.misconception(
    "The first number is the index of the best guess. Look up the weight at that index."
)
def index_for_the_weight(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    losses = [loss(w) for w in rng.uniform(low, high, tries)]
    return float(np.argmin(losses)), min(losses)


@random_search.misconception(
    "All guesses lie between 0 and 1. Stretch and shift them to the range from low to high: rng.uniform(low, high)."
)
def between_zero_and_one(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, 0.0, 1.0, tries, rng)


@random_search.misconception(
    "The guesses run from 0 to high: the lower end is missing. rng.uniform takes both, low and high."
)
def forgets_the_lower_end(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, 0.0, high, tries, rng)


@random_search.misconception(
    "Only whole numbers were guessed. A weight may be any number in the range: rng.uniform, not rng.integers."
)
def whole_guesses(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.integers(int(low), int(high) + 1, tries).astype(float), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The guesses follow a bell curve, and some lie outside the range. Every number from low to high must be equally likely: rng.uniform."
)
def bell_shaped_guesses(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.normal((low + high) / 2, high - low, tries), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The lowest loss so far begins at 0, which a positive loss never beats. Begin with infinity, or with the first guess."
)
def begins_at_zero(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    best_w, best_loss = 0.0, 0.0
    for w in rng.uniform(low, high, tries):
        if loss(w) < best_loss:
            best_w, best_loss = w, loss(w)
    return best_w, best_loss


@random_search.misconception("This returns the smallest guess. The best one has the smallest loss.")
def smallest_weight(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.uniform(low, high, tries))
    return w, loss(w)


@random_search.misconception(
    "These are the points of a regular grid, ends included. Random search draws its guesses from `rng`."
)
def regular_grid(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(np.linspace(low, high, tries), key=loss)
    return w, loss(w)


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    walk = descend(double, 2.0, 0.1, 3)
    flat = np.sort(np.roots([1.0, 0.0, -2.0, 0.25]).real)
    neuron_factor = 1 - 0.2 * 1.5**2
    off = abs(position_after(1.5**2, -10 - 1.6, 0.2, 20))
    friend = np.array([100.0, 1.0])
    return {
        "walk by hand: rate": 0.1,
        "walk by hand: positions": walk,
        "walk by hand: slopes": double(walk),
        "walk by hand: moves": np.diff(walk),
        "coin: start and end of the climb": np.array([0.5, climb(coin_slope, 0.5, 0.01, 200)[-1]]),
        "creeping and jumping: rates": np.array([0.1, 0.9]),
        "creeping and jumping: factors": 1 - 2 * np.array([0.1, 0.9]),
        "creeping and jumping: start": -2.5,
        "creeping and jumping: ends": np.array([position_after(2.0, -2.5, each, 12) for each in (0.1, 0.9)]),
        "long valley: bound": largest_stable_rate(12.0),
        "long valley: a rate": 0.155,
        "long valley: its factor along the floor": position_after(1.0, 1.0, 0.155, 1),
        "rates to try": np.array([0.001, 0.01, 0.1]),
        "tolerance": 0.001,
        "the walk that runs away: rate": 0.5,
        "neuron: input, target, weight": np.array([1.5, 2.4, 2.4 / 1.5]),
        "neuron: curvature": 1.5**2,
        "neuron: bound": largest_stable_rate(1.5**2),
        "neuron: rate": 0.2,
        "neuron: factor": neuron_factor,
        "100 guesses: median distance": 10 * (1 - 0.5 ** (1 / 100)),
        "20 steps: distance": off,
        "guesses for that distance": np.log(0.5) / np.log1p(-2 * off / 20),
        "two valleys: flat places": flat,
        "two valleys: losses there": two_valleys(flat),
        "friend: rates": np.array([0.03, 0.0001, 0.015]),
        "friend: factors": 1 - np.outer([0.03, 0.0001, 0.015], friend),
        "friend: bound": largest_stable_rate(100.0),
        "friend: steps to halve": np.log(0.5) / np.log(0.985),
    }


def coin_slope(q: float) -> float:
    """The slope of 7 log q + 3 log(1 - q)."""
    return 7 / q - 3 / (1 - q)
