"""`descend_until`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_01_gradient_descent.common import (
    LESSON,
    Array,
    Function,
    a_walk_to,
    exactly_flat,
    level,
    rate,
    side,
    walk_until,
)
from autograder.kit.functions import double, four_cubes, uneven_bowl_gradient


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "Three things end the walk: the ground is flat enough, the steps are used up, or the position is no finite number. Ask for the gradient first, then decide, then step. And remember that a comparison with nan is always False.",
        r"converged if $\lVert \nabla L(w) \rVert = \sqrt{g_1^2 + \dots + g_n^2} \le$ `tolerance` at the position returned; lost if `np.isfinite(position)` fails anywhere",
        "`for taken in range(max_steps + 1):` In it, in this order: if not `np.all(np.isfinite(position))`, return `position, taken, False`; take the gradient, and if its norm is at most `tolerance`, return `position, taken, True`; if `taken` is `max_steps`, return with `False`; else step.",
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
            (double, number(rng, 0.125, 0.25), rate(rng), 0.75, 0),
            (double, int(rng.integers(3, 6)), 0.125, 0.1, 200),
            *exactly_flat(rng),
            (double, 2.0**40 * side(rng, 1, 1), 0.25, 3.0, 200),
        ],
    )
    yield Ask(
        "several weights: the norm of the gradient",
        1.5,
        [
            a_walk_to(rng, level(rng, 3), 300),
            a_walk_to(rng, level(rng, 4), 200),
            a_walk_to(rng, np.array([2, -3, 5]), 200),
            a_walk_to(rng, level(rng, 1), 200),
            (double, np.array([3.0, -4.0]), 0.25, 2.5, 100),
            (uneven_bowl_gradient, level(rng, 2), 0.25, 0.3, 100),
        ],
    )
    few = int(rng.integers(3, 6))
    yield Ask(
        "out of steps: not converged",
        1,
        [
            a_walk_to(rng, side(rng, 1, 3), few),
            a_walk_to(rng, level(rng, 3), few),
            a_walk_to(rng, side(rng, 1, 3), short=1),
            (double, side(rng, 1, 3), rate(rng), 0.25, 0),
            (double, level(rng, 2), rate(rng), 0.25, 0),
            # Large numbers are not lost: a slow run away, cut short.
            (double, side(rng, 1, 3), 1.5, 0.125, 50),
        ],
    )
    yield Ask(
        "leaves the finite numbers: not converged",
        1,
        [
            (four_cubes, side(rng, 2, 3), np.float64(rng.choice([0.5, 0.625, 0.75])), 0.125, 500)
            for _ in range(2)
        ]
        + [(four_cubes, level(rng, 3) * [1, 1 / 16, 1 / 16], 0.625, 1e-4, 500)]
        # From 1 it would jump between 1 and -1 for ever: how near it begins decides how long it takes.
        + [(four_cubes, side(rng, 1, 1) * (1 + 0.5 ** int(rng.integers(1, 11))), 0.5, 0.125, 500)],
        properties=("ran_away",),
        exact=False,
    )
    yield Ask("leaves the start as it was", 0.5, [a_walk_to(rng, level(rng, 3), 200)], unchanged=True)


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
    "A gradient whose norm is exactly the tolerance is flat enough: at most means <=, and this goes on."
)
def below_the_tolerance(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(
        lambda g, _: bool(np.linalg.norm(g) < tolerance), gradient, start, learning_rate, max_steps
    )


@descend_until.misconception(
    "The positions were cut to whole numbers, because the array took its type from a start in whole numbers. Make it an array of floats: dtype=float."
)
def until_in_whole_numbers(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position = np.array(start)
    for taken in range(max_steps + 1):
        slope = gradient(position)
        if np.linalg.norm(slope) <= tolerance:
            return position, taken, True
        if taken == max_steps or not np.all(np.isfinite(position)):
            break
        position = (position - learning_rate * slope).astype(position.dtype)
    return position, taken, False


@descend_until.misconception(
    "A run whose numbers are large but finite was given up. It is lost once an entry is inf or nan, and not before."
)
def gives_up_far_out(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position = np.array(start, dtype=float)
    for taken in range(max_steps + 1):
        slope = gradient(position)
        if np.linalg.norm(slope) <= tolerance:
            return position, taken, True
        if taken == max_steps or np.any(np.abs(position) > 1e6):
            break
        position = position - learning_rate * slope
    return position, taken, False


@descend_until.misconception(
    "The last position was not looked at: where the ground is flat enough after exactly max_steps steps, `converged` is True."
)
def last_position_unseen(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken, converged = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    return position, taken, converged and taken < max_steps


@descend_until.misconception("One step more than max_steps was taken before this gave up.")
def one_step_beyond_the_most(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return descend_until(gradient, start, learning_rate, tolerance, max_steps + 1)


@descend_until.misconception("The last of the steps was not taken: max_steps steps are allowed.")
def one_step_below_the_most(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return descend_until(gradient, start, learning_rate, tolerance, max(max_steps - 1, 0))


@descend_until.misconception("The count stops one short of the steps that were taken to this position.")
def counts_one_too_few(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken, converged = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    return position, max(taken - 1, 0), converged


@descend_until.misconception(
    "`converged` is turned round: it is True where the ground is flat enough, and False where the walk had to stop before."
)
def converged_turned_round(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    position, taken, converged = descend_until(gradient, start, learning_rate, tolerance, max_steps)
    return position, taken, not converged


@descend_until.misconception(
    "The gradient's entries were averaged under the root. The norm is the root of the sum of their squares."
)
def root_mean_square(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return walk_until(
        lambda g, _: bool(np.sqrt(np.mean(np.square(g))) <= tolerance),
        gradient,
        start,
        learning_rate,
        max_steps,
    )


@descend_until.misconception("This went uphill: the step is against the gradient, with a minus.")
def uphill_until(
    gradient: Function, start: Array, learning_rate: float, tolerance: float, max_steps: int
) -> tuple[Array, int, bool]:
    return descend_until(gradient, start, -learning_rate, tolerance, max_steps)


# Right answers in other words.


def until_while(gradient, start, learning_rate, tolerance, max_steps):
    w, taken = np.array(start, dtype=float), 0
    while taken < max_steps and np.all(np.isfinite(w)) and not np.linalg.norm(gradient(w)) <= tolerance:
        w = w - learning_rate * gradient(w)
        taken += 1
    return w, taken, bool(np.linalg.norm(gradient(w)) <= tolerance)


def until_step_first(gradient, start, learning_rate, tolerance, max_steps):
    """Looks at the new position after each step; gives back the last finite one."""
    w = np.array(start, dtype=float)
    if math.sqrt(np.sum(np.square(gradient(w)))) <= tolerance:
        return w, 0, True
    for k in range(1, max_steps + 1):
        new = w - learning_rate * gradient(w)
        if not np.isfinite(new).all():
            return w, k - 1, False
        w = new
        if math.sqrt(np.sum(np.square(gradient(w)))) <= tolerance:
            return w, k, True
    return w, max_steps, False


def until_by_the_norm(gradient, start, learning_rate, tolerance, max_steps):
    """Gives up as soon as the norm is no finite number, and answers with a list."""
    w = np.array(start, dtype=float)
    for k in range(max_steps + 1):
        g = gradient(w)
        norm = np.sqrt(np.dot(np.ravel(g), np.ravel(g)))
        if norm <= tolerance:
            return [w.tolist(), k, True]
        if k == max_steps or not np.isfinite(norm):
            return [w.tolist(), k, False]
        w = w - learning_rate * g
    return None


def until_by_loops(gradient, start, learning_rate, tolerance, max_steps):
    w = [float(value) for value in np.atleast_1d(start)]
    taken, converged = 0, False
    while True:
        g = np.atleast_1d(gradient(np.array(w)))
        square = 0.0
        for value in g.tolist():
            square += value * value if abs(value) < 1e150 else math.inf
        if any(math.isnan(value) or math.isinf(value) for value in w):
            break
        if square <= tolerance**2:
            converged = True
            break
        if taken == max_steps:
            break
        w = [value - learning_rate * slope for value, slope in zip(w, g, strict=True)]
        taken += 1
    return (w if np.ndim(start) else w[0]), taken, int(converged)


def until_float32(gradient, start, learning_rate, tolerance, max_steps):
    w, k, done = until_while(gradient, np.float32(start), learning_rate, tolerance, max_steps)
    return np.float32(w), k, done


descend_until.right_answers(until_while, until_step_first, until_by_the_norm, until_by_loops, until_float32)
