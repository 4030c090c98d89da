"""`chain`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_02_chain_rule.common import LESSON, Array
from autograder.bank.promises import WHOLE, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Entry (i, j) is a sum over all intermediate variables. Which product of two matrices has such entries?",
        r"$J_{ij} = \sum_k \dfrac{\partial f_i}{\partial u_k}\,\dfrac{\partial u_k}{\partial x_j}$",
        "The shapes decide: `(k, m)` and `(m, n)` give `(k, n)` only in this order: `outer_jacobian @ inner_jacobian`.",
    ),
    promises={"outer_jacobian": reals("k l", WHOLE), "inner_jacobian": reals("l n")},
)
def chain(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.asarray(outer_jacobian) @ np.asarray(inner_jacobian)


def jacobians(rng: np.random.Generator, k: int, m: int, n: int) -> tuple[Array, Array]:
    """Two matrices of entries that are all different within each, (k, m) and (m, n)."""
    return distinct(rng, k * m).reshape(k, m), distinct(rng, m * n).reshape(m, n)


@chain.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("three intermediate variables", 1, [jacobians(rng, 2, 3, 4), jacobians(rng, 4, 3, 2)])
    yield Ask("square ones, where the order shows", 1, [jacobians(rng, 2, 2, 2), jacobians(rng, 3, 3, 3)])
    yield Ask(
        "one output, or one input",
        0.5,
        [jacobians(rng, 1, 4, 3), jacobians(rng, 3, 2, 1), jacobians(rng, 3, 1, 2)],
    )
    yield Ask("leaves its arguments as they were", 0.5, [jacobians(rng, 2, 2, 2)], unchanged=True)


@chain.misconception(
    "The order is turned round: the outer function's Jacobian stands on the left, outer @ inner. Matrices do not commute."
)
def turned_round(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return inner_jacobian @ outer_jacobian


@chain.misconception("`*` multiplies entry by entry. The sum over the paths is the matrix product, `@`.")
def entry_by_entry(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian * inner_jacobian


@chain.misconception("The result is transposed: outputs are the rows and inputs are the columns.")
def transposed_result(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return (outer_jacobian @ inner_jacobian).T


@chain.misconception(
    "The inner Jacobian is transposed, which sums over the wrong index: its rows are the intermediate variables already."
)
def transposes_the_inner(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian @ inner_jacobian.T


@chain.misconception(
    "The outer Jacobian is transposed, which sums over the wrong index: its columns are the intermediate variables already."
)
def transposes_the_outer(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian.T @ inner_jacobian


@chain.misconception(
    "Only the path through the first intermediate variable is counted. Sum over all of them."
)
def first_path_only(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.outer(outer_jacobian[:, 0], inner_jacobian[0])


@chain.misconception(
    "Only the path through the last intermediate variable is left: each one overwrote the one before. Add them up (`+=`)."
)
def last_path_only(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.outer(outer_jacobian[:, -1], inner_jacobian[-1])


@chain.misconception("The paths were averaged. Every path counts in full: sum them.")
def mean_over_the_paths(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian @ inner_jacobian / len(inner_jacobian)


@chain.misconception("The Jacobians were added. Along a path the derivatives are multiplied.")
def adds_the_jacobians(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian + inner_jacobian


@chain.misconception("The path through the last intermediate variable is left out. Sum over all of them.")
def last_path_left_out(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.asarray(outer_jacobian)[:, :-1] @ np.asarray(inner_jacobian)[:-1]


# Right answers in other words.


def chain_loops(outer_jacobian, inner_jacobian):
    outer, inner = np.asarray(outer_jacobian), np.asarray(inner_jacobian)
    J = np.zeros((outer.shape[0], inner.shape[1]))
    for i in range(outer.shape[0]):
        for j in range(inner.shape[1]):
            for k in range(outer.shape[1]):
                J[i, j] += outer[i, k] * inner[k, j]
    return J


def chain_einsum(outer_jacobian, inner_jacobian):
    return np.einsum("ik,kj->ij", outer_jacobian, inner_jacobian)


def chain_lists(outer_jacobian, inner_jacobian):
    outer, inner = outer_jacobian.tolist(), inner_jacobian.tolist()
    columns = list(zip(*inner, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in outer]


def chain_paths(outer_jacobian, inner_jacobian):
    paths = range(len(inner_jacobian))
    return sum(np.outer(outer_jacobian[:, k], inner_jacobian[k]) for k in paths)


def chain_float32(outer_jacobian, inner_jacobian):
    return np.float32(outer_jacobian) @ np.float32(inner_jacobian)


def chain_transposed(outer_jacobian, inner_jacobian):
    return np.dot(inner_jacobian.T, outer_jacobian.T).T


chain.right_answers(
    chain_loops,
    chain_einsum,
    chain_lists,
    chain_paths,
    chain_float32,
    chain_transposed,
)
