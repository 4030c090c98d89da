"""`climb`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.bank.lesson_01_gradient_descent.common import LESSON, Array, Function, counts, rate, side
from autograder.bank.lesson_01_gradient_descent.descend import (
    descend,
    descend_copies,
    descend_element_by_element,
    descend_float32,
    descend_tuples,
    gradient_of_the_start,
    moves_the_callers_start,
)
from autograder.kit.functions import cosine, two_valleys_slope, uneven_bowl_gradient


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "What must change in your descent, and what stays? One sign is enough.",
        r"$w_{k+1} = w_k + \eta \, \nabla L(w_k)$",
        "As `descend`, with `w + learning_rate * gradient(w)`. Or no loop at all: call `descend` with a function that returns `-gradient(w)`.",
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


# Right answers in other words.


def climb_in_its_own_words(gradient, start, learning_rate, steps):
    w = np.array(start, dtype=float)
    path = [w]
    for _ in range(steps):
        w = w + learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


def climb_by_the_other_slope(gradient, start, learning_rate, steps):
    return descend_copies(lambda w: -gradient(w), start, learning_rate, steps)


def climb_by_a_negative_rate(gradient, start, learning_rate, steps):
    return descend_tuples(gradient, start, -learning_rate, steps)


def climb_element_by_element(gradient, start, learning_rate, steps):
    return descend_element_by_element(gradient, start, -learning_rate, steps)


def climb_float32(gradient, start, learning_rate, steps):
    return descend_float32(gradient, start, -learning_rate, steps)


climb.right_answers(
    climb_in_its_own_words,
    climb_by_the_other_slope,
    climb_by_a_negative_rate,
    climb_element_by_element,
    climb_float32,
)
