"""`graph_backward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_02_chain_rule.common import LESSON, between
from autograder.bank.lesson_02_chain_rule.graph_forward import EXAMPLE, three_numbers
from autograder.bank.promises import WHOLE, ZERO
from autograder.bank.promises import number as a_number


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Start at f with 1 and go from right to left. At each node: what came from the right, times the node's own derivative.",
        r"$\dfrac{\partial f}{\partial q} = z,\quad \dfrac{\partial f}{\partial z} = q,\quad \dfrac{\partial f}{\partial x} = \dfrac{\partial f}{\partial q}\cdot\dfrac{\partial q}{\partial x},\quad \dfrac{\partial f}{\partial y} = \dfrac{\partial f}{\partial q}\cdot\dfrac{\partial q}{\partial y}$",
        "`df_dq, df_dz = z, x + y`: each factor gets the other one. The sum hands on what it gets, so `df_dx` and `df_dy` are both `df_dq * 1`. Mind the order in which you return the four.",
    ),
    promises={
        "x": a_number(-3, 3, ZERO, WHOLE),
        "y": a_number(-3, 3, ZERO, WHOLE),
        "z": a_number(-3, 3, ZERO, WHOLE),
    },
)
def graph_backward(x: float, y: float, z: float) -> tuple[float, float, float, float]:
    return z, z, x + y, z


Four = tuple[float, float, float, float]


@graph_backward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("the graph of the lesson, and another", 1.5, [EXAMPLE, three_numbers(rng)])
    yield Ask("more numbers of both signs", 1.5, [three_numbers(rng), three_numbers(rng)])
    a, z = between(rng), between(rng)
    x, y, _ = three_numbers(rng)
    yield Ask(
        "where a factor is zero",
        1,
        [(a, -a, z), (x, y, np.float64(0.0))],
    )


@graph_backward.misconception(
    "At the product the derivatives are swapped: df/dz is q, and df/dq is z. Each factor's derivative is the other factor."
)
def swaps_the_factors(x: float, y: float, z: float) -> Four:
    return x + y, x + y, z, x + y


@graph_backward.misconception(
    "df/dx and df/dy are only the local derivatives dq/dx = dq/dy = 1. Multiply them by what comes from the right, df/dq."
)
def local_slopes_only(x: float, y: float, z: float) -> Four:
    return 1.0, 1.0, x + y, z


@graph_backward.misconception(
    "The gradient was split between x and y. A sum node passes it on in full to each: both dq/dx and dq/dy are 1."
)
def splits_at_the_sum(x: float, y: float, z: float) -> Four:
    return z / 2, z / 2, x + y, z


@graph_backward.misconception(
    "The gradient was shared out in proportion to x and y. A sum node does not care how large they are: both dq/dx and dq/dy are 1."
)
def shares_by_size(x: float, y: float, z: float) -> Four:
    return z * x / (x + y), z * y / (x + y), x + y, z


@graph_backward.misconception(
    "dq/dx was taken as x and dq/dy as y. Those are the values on the edges; the derivative of x + y is 1 for each."
)
def values_for_slopes(x: float, y: float, z: float) -> Four:
    return z * x, z * y, x + y, z


@graph_backward.misconception("The answers are in another order: df/dx, df/dy, df/dz, and df/dq last.")
def q_first(x: float, y: float, z: float) -> Four:
    return z, z, z, x + y


@graph_backward.misconception("df/dq is missing: four numbers are wanted, df/dq is the last one.")
def forgets_q(x: float, y: float, z: float) -> tuple[float, float, float]:
    return z, z, x + y


@graph_backward.misconception("The backward pass was started with f. It starts with df/df = 1.")
def starts_with_f(x: float, y: float, z: float) -> Four:
    q = x + y
    f = q * z
    return f * z, f * z, f * q, f * z


@graph_backward.misconception(
    "df/dz was computed as f / z, and df/dq as f / q. That is right until one of them is 0: the derivative of a product is simply the other factor."
)
def divides_by_the_factor(x: float, y: float, z: float) -> Four:
    q = x + y
    f = np.float64(q * z)
    return f / q, f / q, f / z, f / q


@graph_backward.misconception(
    "Here q = z + y was used. That is a slip of the pen in the text behind the example: the node adds x and y."
)
def the_misprint_backwards(x: float, y: float, z: float) -> Four:
    return z, z, z + y, z


@graph_backward.misconception("df/dz was taken as 1, as at a sum. At the product it is the other factor, q.")
def product_like_a_sum(x: float, y: float, z: float) -> Four:
    return z, z, 1.0, z


@graph_backward.misconception(
    "The value of f stands where its derivatives are due. Start at f with 1 and multiply by local derivatives."
)
def values_everywhere(x: float, y: float, z: float) -> Four:
    f = (x + y) * z
    return f, f, f, f


# Right answers in other words.


def backward_nodes(x, y, z):
    q = x + y
    df_dq, df_dz = z, q
    df_dx, df_dy = df_dq * 1, df_dq * 1
    return df_dx, df_dy, df_dz, df_dq


def backward_list(x, y, z):
    return [float(z)] * 2 + [float(x + y), float(z)]


def backward_array(x, y, z):
    return np.array([z, z, y + x, z])


def backward_central(x, y, z):
    def f(x, y, z):
        return (x + y) * z

    return (
        (f(x + 1, y, z) - f(x - 1, y, z)) / 2,
        (f(x, y + 1, z) - f(x, y - 1, z)) / 2,
        (f(x, y, z + 1) - f(x, y, z - 1)) / 2,
        ((x + y + 1) * z - (x + y - 1) * z) / 2,
    )


def backward_float32(x, y, z):
    return tuple(np.float32(each) for each in (z, z, x + y, z))


def backward_matrices(x, y, z):
    outer = np.array([[z, x + y]])
    inner = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return np.append(outer @ inner, z)


graph_backward.right_answers(
    backward_nodes,
    backward_list,
    backward_array,
    backward_central,
    backward_float32,
    backward_matrices,
)
