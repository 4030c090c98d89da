"""`compose_derivative`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.bank.lesson_02_chain_rule.common import LESSON, Array, Function
from autograder.bank.promises import WHOLE, ZERO, one_of, reals
from autograder.kit.functions import (
    always_three,
    cosine,
    cube,
    double,
    exponential,
    identity,
    sine,
    square,
    three_squares,
    three_x_plus_one,
)


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Two slopes are multiplied. Where does the outer function stand when the inner one is at x?",
        r"$\dfrac{dy}{dx} = f'\bigl(g(x)\bigr)\; g'(x)$",
        "`u = inner(x)`, then the outer slope there, `outer_derivative(u)`, times the inner slope `inner_derivative(x)`.",
    ),
    promises={
        "outer_derivative": one_of(cosine, three_squares, double),
        "inner": one_of(identity, square, sine),
        "inner_derivative": one_of(double, cosine, three_squares),
        "x": reals("...", WHOLE, ZERO),
    },
)
def compose_derivative(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) * inner_derivative(x)


@compose_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    sine_of_square = (cosine, square, double)
    cube_of_sine = (three_squares, sine, cosine)
    exponential_of_line = (exponential, three_x_plus_one, always_three)
    yield Ask(
        "a number x",
        2,
        [
            (*sine_of_square, number(rng, 1.625, 1.875)),
            (*cube_of_sine, -number(rng, 0.75, 1.25)),
            (*exponential_of_line, -number(rng, 0.375, 0.75)),
        ],
    )
    yield Ask(
        "an array x, element by element",
        1.5,
        [
            (*sine_of_square, distinct(rng, 4, 0.625, 1.125)),
            (double, cube, three_squares, signed(rng, 2, 3) / 2),
        ],
    )
    yield Ask(
        "leaves its argument as it was", 0.5, [(*cube_of_sine, distinct(rng, 3, 0.5, 1.25))], unchanged=True
    )


@compose_derivative.misconception(
    "The outer derivative was taken at x. The outer function stands at u = g(x), so its slope is wanted there: f'(g(x))."
)
def outer_at_x(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    return outer_derivative(x) * inner_derivative(x)


@compose_derivative.misconception(
    "The inner derivative is missing. When x moves by a little, u moves g'(x) times as much, and only then comes f'."
)
def forgets_the_inner_derivative(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x))


@compose_derivative.misconception(
    "This is f'(g'(x)). The outer derivative is taken at the inner value g(x), and the result is then multiplied by g'(x)."
)
def outer_at_the_inner_slope(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner_derivative(x))


@compose_derivative.misconception(
    "The two slopes were added. One stretch after another multiplies: twice, then three times, is six times."
)
def adds_the_slopes(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) + inner_derivative(x)


@compose_derivative.misconception(
    "Both derivatives were taken at g(x). The inner function stands at x, so its slope is g'(x)."
)
def inner_slope_at_u(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    u = inner(x)
    return outer_derivative(u) * inner_derivative(u)


@compose_derivative.misconception(
    "The outer slope was multiplied by the inner value g(x). The factor is the inner slope g'(x)."
)
def times_the_inner_value(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) * inner(x)


@compose_derivative.misconception(
    "The fraction is upside down: dy/du times du/dx, so the inner slope is a factor and no divisor."
)
def divides_by_the_inner_slope(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) / inner_derivative(x)


@compose_derivative.misconception(
    "The roles are swapped: this is the inner derivative at the outer derivative's value."
)
def swapped_roles(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    return inner_derivative(outer_derivative(x))


@compose_derivative.misconception(
    "For an array x this sums over its elements (`@` or np.dot). Each element has a derivative of its own: use `*`."
)
def sums_over_the_elements(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return np.sum(outer_derivative(inner(x)) * inner_derivative(x))


@compose_derivative.misconception(
    "The numbers are right, but the caller's array was overwritten on the way (`x *= ...`, `x[:] = ...`, `out=x`). Compute into a new one."
)
def overwrites_x(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    answer = outer_derivative(inner(x)) * inner_derivative(x)
    if np.ndim(x):
        x[...] = answer
    return answer


@compose_derivative.misconception("The inner slope is squared. It is one factor.")
def inner_slope_squared(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) * inner_derivative(x) ** 2


@compose_derivative.misconception(
    "The slopes were kept as whole numbers, because x has whole numbers. Make the result with floats."
)
def whole_slopes(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    slopes = np.asarray(outer_derivative(inner(x)) * inner_derivative(x))
    return slopes.astype(np.asarray(x).dtype) if np.ndim(x) else slopes


# Right answers in other words.


def compose_in_steps(outer_derivative, inner, inner_derivative, x):
    u = inner(x)
    dy_du = outer_derivative(u)
    du_dx = inner_derivative(x)
    return dy_du * du_dx


def compose_loops(outer_derivative, inner, inner_derivative, x):
    if np.ndim(x) == 0:
        return float(outer_derivative(inner(x)) * inner_derivative(x))
    return [compose_loops(outer_derivative, inner, inner_derivative, each) for each in x]


def compose_flat(outer_derivative, inner, inner_derivative, x):
    x = np.asarray(x, dtype=float)
    slopes = [outer_derivative(inner(each)) * inner_derivative(each) for each in x.ravel()]
    return np.array(slopes).reshape(x.shape)


def compose_float32(outer_derivative, inner, inner_derivative, x):
    x = np.asarray(x, dtype=np.float32)
    return np.multiply(outer_derivative(inner(x)), inner_derivative(x)).astype(np.float32)


def compose_vectorize(outer_derivative, inner, inner_derivative, x):
    return np.vectorize(lambda each: inner_derivative(each) * outer_derivative(inner(each)))(x)


def compose_copies(outer_derivative, inner, inner_derivative, x):
    slope = np.array(inner_derivative(x), dtype=float)
    slope *= outer_derivative(inner(np.copy(x)))
    return slope


compose_derivative.right_answers(
    compose_in_steps,
    compose_loops,
    compose_flat,
    compose_float32,
    compose_vectorize,
    compose_copies,
)
