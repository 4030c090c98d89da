"""`two_paths`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_02_chain_rule.common import LESSON, between
from autograder.bank.promises import WHOLE, ZERO
from autograder.bank.promises import number as a_number


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "x reaches f along two paths: through u and through v. Multiply along each path, then add the two.",
        r"$\dfrac{\partial f}{\partial x} = \dfrac{\partial f}{\partial u}\dfrac{\partial u}{\partial x} + \dfrac{\partial f}{\partial v}\dfrac{\partial v}{\partial x}$, with $\dfrac{\partial f}{\partial u} = v$ and $\dfrac{\partial f}{\partial v} = u$",
        "`u, v = x + y, x * y`. For x: through u comes `v * 1`, through v comes `u * y`; add them. For y the same with its own local slopes.",
    ),
    promises={"x": a_number(-3, 3, ZERO, WHOLE), "y": a_number(-3, 3, ZERO, WHOLE)},
)
def two_paths(x: float, y: float) -> tuple[float, float]:
    u, v = x + y, x * y
    return v + u * y, v + u * x


def two_sizes(rng: np.random.Generator, same_sign: bool) -> tuple[np.float64, np.float64]:
    """Two numbers of different sizes, of the same or of different signs."""
    a, b = distinct(rng, 2, 0.5, 3)
    sign = rng.choice([-1, 1])
    return np.float64(sign * a), np.float64(sign * b if same_sign else -sign * b)


@two_paths.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("x and y of one sign", 1.5, [two_sizes(rng, True), two_sizes(rng, True)])
    yield Ask("x and y of different signs", 1, [two_sizes(rng, False), two_sizes(rng, False)])
    a, b, c = (between(rng) for _ in range(3))
    yield Ask(
        "where u or v is zero",
        0.5,
        [(a, -a), (np.float64(0.0), b), (c, np.float64(0.0))],
    )


@two_paths.misconception(
    "Only the path through u is there. x and y reach f through v = x y as well: add that path."
)
def only_through_u(x: float, y: float) -> tuple[float, float]:
    return x * y, x * y


@two_paths.misconception(
    "Only the path through v is there. It looks as if a second contribution overwrote the first: add them (`+=`, not `=`)."
)
def only_through_v(x: float, y: float) -> tuple[float, float]:
    return (x + y) * y, (x + y) * x


@two_paths.misconception("The two paths were multiplied. Multiply along a path; between paths, add.")
def multiplies_the_paths(x: float, y: float) -> tuple[float, float]:
    return x * y * (x + y) * y, x * y * (x + y) * x


@two_paths.misconception(
    "The mean of the two paths was taken. Both happen in full: their sum is the derivative."
)
def mean_of_the_paths(x: float, y: float) -> tuple[float, float]:
    return (x * y + (x + y) * y) / 2, (x * y + (x + y) * x) / 2


@two_paths.misconception(
    "Through v, the local derivatives are swapped: v = x y, so dv/dx is y and dv/dy is x. (Or the two answers are in the wrong order.)"
)
def swaps_the_local_slopes(x: float, y: float) -> tuple[float, float]:
    return x * y + (x + y) * x, x * y + (x + y) * y


@two_paths.misconception("df/du and df/dv are swapped: in the product f = u v, df/du is v, the other factor.")
def swaps_u_and_v(x: float, y: float) -> tuple[float, float]:
    u, v = x + y, x * y
    return u + v * y, u + v * x


@two_paths.misconception("The second path was subtracted. Paths are added.")
def subtracts_the_paths(x: float, y: float) -> tuple[float, float]:
    return x * y - (x + y) * y, x * y - (x + y) * x


@two_paths.misconception(
    "The derivative of the product was taken as the product of the derivatives, u' v'. The product rule has two terms: u' v + u v'."
)
def product_of_derivatives(x: float, y: float) -> tuple[float, float]:
    return y, x


@two_paths.misconception(
    "The factors df/du = v and df/dv = u are missing: only the local derivatives of u and v were added."
)
def adds_the_local_slopes(x: float, y: float) -> tuple[float, float]:
    return 1 + y, 1 + x


# Right answers in other words.


def paths_by_nodes(x, y):
    u, v = x + y, x * y
    df_du, df_dv = v, u
    return df_du * 1 + df_dv * y, df_du * 1 + df_dv * x


def paths_expanded(x, y):
    return 2 * x * y + y**2, 2 * x * y + x**2


def paths_accumulated(x, y):
    df_dx = df_dy = 0.0
    u, v = x + y, x * y
    df_dx += v
    df_dy += v
    df_dx += u * y
    df_dy += u * x
    return [float(df_dx), float(df_dy)]


def paths_matrices(x, y):
    outer = np.array([[x * y, x + y]])
    inner = np.array([[1.0, 1.0], [y, x]])
    return (outer @ inner)[0]


def paths_float32(x, y):
    x, y = np.float32(x), np.float32(y)
    return y * (2 * x + y), x * (x + 2 * y)


two_paths.right_answers(
    paths_by_nodes,
    paths_expanded,
    paths_accumulated,
    paths_matrices,
    paths_float32,
)
