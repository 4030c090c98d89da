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
    descend_entry_by_entry,
    descend_float32,
    descend_tuples,
    gradient_of_the_start,
)
from autograder.bank.promises import NEGATIVE, WHOLE, ZERO, one_of, reals, whole
from autograder.bank.promises import number as promised_number
from autograder.kit.functions import cosine, double, sine_chain_slope, two_valleys_slope, uneven_bowl_gradient


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "What must change in your descent, and what stays? One sign is enough.",
        r"$w_{k+1} = w_k + \eta \, \nabla L(w_k)$",
        "As `descend`, with `w + learning_rate * gradient(w)`. Or no loop at all: call `descend` with a function that returns `-gradient(w)`.",
    ),
    promises={
        "gradient": one_of(double, cosine, uneven_bowl_gradient, sine_chain_slope),
        "start": reals("n", ZERO, WHOLE, NEGATIVE),
        "learning_rate": promised_number(0.0625, 0.1875),
        "steps": whole(0, 5),
    },
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
            (cosine, number(rng, -1, 1), rate(rng), 0),
            (double, int(side(rng, 2, 2)), rate(rng), 3),
            (double, side(rng, 30, 60), rate(rng), counts(rng)),
        ],
    )
    yield Ask(
        "several weights",
        1,
        [
            (cosine, distinct(rng, 3, -1, 1), rate(rng), counts(rng)),
            (uneven_bowl_gradient, signed(rng, 2), rate(rng), counts(rng)),
            (sine_chain_slope, signed(rng, 3), rate(rng), counts(rng)),
            (uneven_bowl_gradient, 16 * signed(rng, 3), rate(rng), counts(rng)),
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
    "The entries were moved one after the other, each with a gradient at a position that is half moved already. All entries move at once, by one gradient."
)
def climbs_entry_by_entry(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return descend_entry_by_entry(gradient, start, -learning_rate, steps)


@climb.misconception(
    "The gradient was held within 5. However steep it is, the step is the learning rate times the gradient itself."
)
def climb_held_within_five(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(lambda w: np.clip(gradient(w), -5, 5), start, learning_rate, steps)


@climb.misconception("At least one step was taken. With steps = 0 there is one position, the start.")
def climbs_at_least_once(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, learning_rate, max(steps, 1))


@climb.misconception(
    "The positions were cut to whole numbers, because the array took its type from a start in whole numbers. Make it an array of floats: dtype=float."
)
def climbs_in_whole_numbers(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    positions = np.full((steps + 1, *np.shape(start)), start)
    for k in range(steps):
        positions[k + 1] = positions[k] + learning_rate * gradient(positions[k])
    return positions


@climb.misconception("The last step is missing: with 3 steps there are 4 positions, the start among them.")
def climbs_one_step_short(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, learning_rate, max(steps - 1, 0))


@climb.misconception("One step too many was taken: the start is no step.")
def climbs_one_step_more(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, learning_rate, steps + 1)


@climb.misconception("The learning rate is not used: the step is the gradient times the learning rate.")
def climbs_without_the_rate(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(gradient, start, 1.0, steps)


@climb.misconception(
    "Only the sign of the gradient is used: every entry moves by the learning rate. The step is the rate times the gradient itself."
)
def climbs_by_the_sign(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(lambda w: np.sign(gradient(w)), start, learning_rate, steps)


@climb.misconception(
    "Only the size of the gradient is used, so every entry grows. Where the slope is negative, uphill is the other way."
)
def climbs_by_the_size(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return climb(lambda w: np.abs(gradient(w)), start, learning_rate, steps)


@climb.misconception("These are the gradients met on the way. The positions are asked for.")
def gradients_on_the_way_up(gradient: Function, start: Array, learning_rate: float, steps: int) -> Array:
    return np.array([gradient(w) for w in climb(gradient, start, learning_rate, steps)])


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
