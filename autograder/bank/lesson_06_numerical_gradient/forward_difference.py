"""`forward_difference`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_06_numerical_gradient.common import LESSON, Array, Function, wide_step
from autograder.bank.promises import WHOLE, drawn, one_of
from autograder.bank.promises import number as a_number
from autograder.kit.functions import cosine, root_of_squares, sum_of_sizes, three_squares


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "A slope is a rise over a run. You know the function's value at two places: which are they, and how far apart?",
        r"$f'(x) \approx \dfrac{f(x+h) - f(x)}{h}$",
        "`rise = f(x + h) - f(x)`. The run is `h`: divide the one by the other, and mind the brackets.",
    ),
    promises={
        "f": one_of(cosine, root_of_squares, three_squares),
        "x": a_number(-2.5, 2.5, WHOLE),
        "h": drawn(wide_step),
    },
)
def forward_difference(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x)) / h


@forward_difference.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a wide step, h = 0.5",
        1.5,
        [(cosine, number(rng, 0.5, 2.5), 0.5), (root_of_squares, number(rng, -1.5, -0.5), 0.5)],
    )
    yield Ask(
        "a shorter step, h = 0.125",
        1.5,
        [
            (three_squares, number(rng, 0.5, 2), 0.125),
            (cosine, number(rng, -2.5, -0.5), 0.125),
            # Across a kink: only with just this step is the slope 1/2.
            (sum_of_sizes, np.float64(-(2.0**-36)), 2.0**-34),
        ],
    )


@forward_difference.misconception(
    "The two values are added. A slope is a rise, so the values are subtracted: f(x + h) minus f(x)."
)
def adds_the_values(f: Function, x: float, h: float) -> Array:
    return (f(x + h) + f(x)) / h


@forward_difference.misconception(
    "The step to the right was 2 h, and the run was taken to be h. They must be the same."
)
def rises_over_two_steps(f: Function, x: float, h: float) -> Array:
    return (f(x + 2 * h) - f(x)) / h


@forward_difference.misconception(
    "The rise was divided by the place x + h. The run is how far apart the two places are: h."
)
def divides_by_the_place(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x)) / (x + h)


@forward_difference.misconception("This is the rise alone. Divide it by the run h to get a slope.")
def forgets_the_run(f: Function, x: float, h: float) -> Array:
    return f(x + h) - f(x)


@forward_difference.misconception(
    "This steps backward, from x - h to x. The forward difference goes from x to x + h."
)
def steps_backward(f: Function, x: float, h: float) -> Array:
    return (f(x) - f(x - h)) / h


@forward_difference.misconception(
    "This is the central difference, which steps to both sides. It comes next; here the step goes forward only."
)
def steps_both_ways(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x - h)) / (2 * h)


@forward_difference.misconception(
    "Brackets are missing: `f(x + h) - f(x) / h` divides only the second value. The whole rise is divided by h."
)
def divides_one_value(f: Function, x: float, h: float) -> Array:
    return f(x + h) - f(x) / h


@forward_difference.misconception("The rise is divided by 2 h, but the two places are only h apart.")
def runs_too_far(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x)) / (2 * h)


@forward_difference.misconception(
    "The sign is turned round: the value at x + h comes first, minus the value at x."
)
def falls_instead_of_rises(f: Function, x: float, h: float) -> Array:
    return (f(x) - f(x + h)) / h


@forward_difference.misconception(
    "h is added to the value, not to x: f(x) + h - f(x) is h whatever f is, and the slope comes out as 1."
)
def steps_outside(f: Function, x: float, h: float) -> Array:
    return (f(x) + h - f(x)) / h


@forward_difference.misconception("A step of its own was taken, whatever h is. Use the h that comes.")
def own_step(f: Function, x: float, h: float) -> Array:
    return (f(x + 1e-5) - f(x)) / 1e-5


@forward_difference.misconception("The second value was taken at h. It belongs at x.")
def value_at_the_step(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(h)) / h


@forward_difference.misconception(
    "This is a slope from three values, better than what is asked. The forward difference has two: at x and at x + h."
)
def three_values(f: Function, x: float, h: float) -> Array:
    return (4 * f(x + h) - 3 * f(x) - f(x + 2 * h)) / (2 * h)


@forward_difference.misconception("x was made a whole number. What stands behind the point belongs to it.")
def whole_place(f: Function, x: float, h: float) -> Array:
    return (f(int(x) + h) - f(int(x))) / h


# Right answers in other words.


def forward_in_steps(f, x, h):
    here = f(x)
    there = f(x + h)
    rise = there - here
    return rise / h


def forward_as_float(f, x, h):
    return float((f(x + h) - f(x)) / h)


def forward_float32(f, x, h):
    return np.float32((f(x + h) - f(x)) / h)


def forward_of_an_array(f, x, h):
    values = [f(place) for place in (x, x + h)]
    return np.diff(values)[0] / h


def forward_any_shape(f, x, h):
    """Written like a gradient: a number is an array without axes."""
    x = np.array(x, dtype=float)
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        moved = x.copy()
        moved[k] += h
        slopes[k] = (f(moved) - f(x)) / h
    return slopes


forward_difference.right_answers(
    forward_in_steps,
    forward_as_float,
    forward_float32,
    forward_of_an_array,
    forward_any_shape,
)
