"""`descend`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.bank.lesson_01_gradient_descent.common import (
    LESSON,
    Array,
    Function,
    counts,
    rate,
    side,
    whole,
)
from autograder.bank.promises import NEGATIVE, WHOLE, ZERO, one_of, reals
from autograder.bank.promises import number as promised_number
from autograder.bank.promises import whole as promised_whole
from autograder.kit.functions import cosine, double, sine_chain_slope, two_valleys_slope, uneven_bowl_gradient


def walks(rng: np.random.Generator) -> Iterator[Ask]:
    """The sub-checks of a walk of a given number of steps, down or up."""
    yield Ask(
        "one weight",
        1.5,
        [
            (double, side(rng, 1, 3), rate(rng), counts(rng)),
            (two_valleys_slope, side(rng, 0.5, 1.25), rate(rng), counts(rng)),
            (cosine, number(rng, -1, 1), rate(rng), 0),
            (double, side(rng, 30, 60), rate(rng), counts(rng)),
        ],
    )
    yield Ask(
        "several weights",
        1.5,
        [
            (uneven_bowl_gradient, signed(rng, 2), rate(rng), counts(rng)),
            (uneven_bowl_gradient, signed(rng, 3), rate(rng), counts(rng)),
            (cosine, distinct(rng, 4, -1, 1), rate(rng), 1),
            (sine_chain_slope, signed(rng, 3), rate(rng), counts(rng)),
            (uneven_bowl_gradient, 16 * signed(rng, 3), rate(rng), counts(rng)),
        ],
    )
    yield Ask(
        "a start in whole numbers",
        0.5,
        [(double, int(whole(rng, 1)[0]), rate(rng), 3), (uneven_bowl_gradient, whole(rng, 3), rate(rng), 4)],
        battery=("whole",),
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
        "`positions = [np.array(start, dtype=float)]`, then in a loop over `range(steps)`: `w = positions[-1]`, and append what one step makes of `w`, a new array. At the end `np.array(positions)`.",
    ),
    promises={
        "gradient": one_of(double, cosine, uneven_bowl_gradient, sine_chain_slope),
        "start": reals("n", ZERO, WHOLE, NEGATIVE),
        "learning_rate": promised_number(0.0625, 0.1875),
        "steps": promised_whole(0, 5),
    },
)
def descend(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        positions.append(positions[-1] - learning_rate * gradient(positions[-1]))
    return np.array(positions)


def descend_entry_by_entry(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    """The walk that moves entry by entry, and asks for the gradient anew before each: wrong."""
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        w = positions[-1].copy()
        for index in np.ndindex(w.shape):
            w[index] -= learning_rate * np.asarray(gradient(w))[index]
        positions.append(w)
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
    "The entries were moved one after the other, each with a gradient at a position that is half moved already. All entries move at once, by one gradient."
)
def one_entry_after_the_other(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend_entry_by_entry(gradient, start, learning_rate, steps)


@descend.misconception(
    "The gradient was held within 5. However steep it is, the step is the learning rate times the gradient itself."
)
def gradient_held_within_five(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(lambda w: np.clip(gradient(w), -5, 5), start, learning_rate, steps)


@descend.misconception("At least one step was taken. With steps = 0 there is one position, the start.")
def at_least_one_step(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, learning_rate, max(steps, 1))


@descend.misconception(
    "Only the sign of the gradient is used: every entry moves by the learning rate. The step is the rate times the gradient itself."
)
def sign_of_the_gradient(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(lambda w: np.sign(gradient(w)), start, learning_rate, steps)


@descend.misconception("The learning rate shrinks from step to step here. It is the same at every step.")
def shrinking_rate(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = [np.array(start, dtype=float)]
    for k in range(steps):
        positions.append(positions[-1] - learning_rate / (k + 1) * gradient(positions[-1]))
    return np.array(positions)


@descend.misconception(
    "The steps lead on from the start each time: every position is the start less one step at the position before. A step begins where the last one ended."
)
def every_step_from_the_start(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        positions.append(positions[0] - learning_rate * gradient(positions[-1]))
    return np.array(positions)


@descend.misconception(
    "The gradient was divided by the learning rate. Multiply by it: a small rate makes small steps."
)
def divides_by_the_rate(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend(gradient, start, 1 / learning_rate, steps)


# Right answers in other words.


def descend_preallocated(gradient, start, learning_rate, steps):
    positions = np.empty((steps + 1, *np.shape(start)))
    positions[0] = start
    for k in range(steps):
        positions[k + 1] = positions[k] - learning_rate * gradient(positions[k])
    return positions


def descend_copies(gradient, start, learning_rate, steps):
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w.copy())
    return np.stack(path)


def descend_as_a_list(gradient, start, learning_rate, steps):
    path = [start]
    while len(path) <= steps:
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return path


def descend_tuples(gradient, start, learning_rate, steps):
    return tuple(np.asarray(w).tolist() for w in descend_as_a_list(gradient, start, learning_rate, steps))


def descend_recursive(gradient, start, learning_rate, steps):
    start = np.asarray(start, dtype=float)
    if steps == 0:
        return start[None]
    rest = descend_recursive(gradient, start - learning_rate * gradient(start), learning_rate, steps - 1)
    return np.concatenate([start[None], rest])


def descend_accumulate(gradient, start, learning_rate, steps):
    walk = itertools.accumulate(range(steps), lambda w, _: w - learning_rate * gradient(w), initial=start)
    return np.array(list(walk))


def descend_element_by_element(gradient, start, learning_rate, steps):
    if np.ndim(start) == 0:
        return descend_preallocated(gradient, start, learning_rate, steps)
    path = [[float(value) for value in start]]
    for _ in range(steps):
        slopes = gradient(np.array(path[-1]))
        path.append([path[-1][i] - learning_rate * slopes[i] for i in range(len(start))])
    return path


def descend_float32(gradient, start, learning_rate, steps):
    return descend_preallocated(gradient, np.float32(start), learning_rate, steps).astype(np.float32)


descend.right_answers(
    descend_preallocated,
    descend_copies,
    descend_as_a_list,
    descend_tuples,
    descend_recursive,
    descend_accumulate,
    descend_element_by_element,
    descend_float32,
)
