"""`softmax_jacobian`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_04_softmax.common import LESSON, Array, far_apart, huge, tied
from autograder.bank.lesson_04_softmax.softmax import (
    softmax,
    softmax_einsum,
    softmax_float32,
    softmax_lists,
    softmax_loops,
    softmax_transposed,
)
from autograder.bank.lesson_04_softmax.softmax_partial import jacobian_outer_of, partial_branches
from autograder.bank.promises import logits


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Put the two cases of `softmax_partial` into one matrix: which part stands on the diagonal only, and which everywhere?",
        r"$J = \operatorname{diag}(p) - p\,p^{\mathsf T}$ with $p = \operatorname{softmax}(z)$, so $J_{ij} = p_i\,([i = j] - p_j)$",
        "`p = softmax(z)`, then `np.diag(p)` for the part on the diagonal, and `np.outer(p, p)` for the part that stands everywhere. Which sign has the second?",
    ),
    promises={"z": logits("n")},
)
def softmax_jacobian(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    holds = ("rows_sum_to_zero", "symmetric")
    yield Ask("three classes", 1.5, [(distinct(rng, 3),), (distinct(rng, 3) + 1.0,)], properties=holds)
    others = [(distinct(rng, 2, -1, 1),), (distinct(rng, 5),), (tied(rng),)]
    yield Ask("two and five classes", 1, others, properties=holds)
    wide = [(row,) for row in far_apart(rng)[:3]]
    yield Ask("huge logits", 1, [(huge(rng, 3),), *wide])
    # Above 0, or subtracting the maximum in place might change nothing.
    yield Ask("leaves its argument as it was", 0.5, [(distinct(rng, 4, 1, 3),)], unchanged=True)


@softmax_jacobian.misconception(
    "Only the diagonal is there. Every output depends on every logit: the entries off the diagonal are -p_i p_j."
)
def diagonal_only(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p * (1 - p))


@softmax_jacobian.misconception(
    "The term - p p^T is missing: diag(p) alone has rows that sum to p, not to 0."
)
def forgets_the_outer_product(z: Array) -> Array:
    return np.diag(softmax(z))


@softmax_jacobian.misconception(
    "The sign is turned round: it is diag(p) - p p^T. Raising z_i must raise p_i."
)
def turned_round(z: Array) -> Array:
    p = softmax(z)
    return np.outer(p, p) - np.diag(p)


@softmax_jacobian.misconception(
    "The two terms are added. Off the diagonal the entries are negative: diag(p) minus p p^T."
)
def adds_the_terms(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) + np.outer(p, p)


@softmax_jacobian.misconception(
    "The formula is filled with the logits z. It needs the probabilities: p = softmax(z) first."
)
def forgets_the_softmax(z: Array) -> Array:
    return np.diag(z) - np.outer(z, z)


@softmax_jacobian.misconception(
    "These are the diagonal entries p_i (1 - p_i) as a vector. The Jacobian is an n by n matrix."
)
def a_vector_of_slopes(z: Array) -> Array:
    p = softmax(z)
    return p * (1 - p)


@softmax_jacobian.misconception(
    "p p^T has become a single number: for an array of shape (n,) `.T` changes nothing, and `p @ p.T` is the dot product. The matrix of all products p_i p_j is np.outer(p, p)."
)
def dot_product_for_outer(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - p @ p.T


@softmax_jacobian.misconception(
    "The identity stands where diag(p) should: on the diagonal it must be p_i - p_i p_i, not 1 - p_i p_i."
)
def identity_for_the_diagonal(z: Array) -> Array:
    p = softmax(z)
    return np.eye(len(p)) - np.outer(p, p)


@softmax_jacobian.misconception(
    "Every row holds the same products p_j p_j off the diagonal, because NumPy multiplied element by element. Row i needs p_i times p_j: np.outer(p, p), or p as a column, p[:, None]."
)
def squares_instead_of_outer(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - p * p


@softmax_jacobian.misconception("Every entry is p_i (1 - p_j). The 1 belongs on the diagonal alone.")
def one_everywhere(z: Array) -> Array:
    p = softmax(z)
    return np.outer(p, 1 - p)


@softmax_jacobian.misconception(
    "exp(1000) overflows here, and inf / inf is nan. Use your stable softmax for the probabilities."
)
def jacobian_overflows(z: Array) -> Array:
    e = np.exp(z)
    p = e / np.sum(e)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def jacobian_in_place(z: Array) -> Array:
    z -= np.max(z)
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.misconception(
    "The logits went into the exponential after everything beyond some size was cut off. Logits of 1000 and 1001 then look the same: take each row's maximum away instead."
)
def logits_cut_off(z: Array) -> Array:
    e = np.exp(np.clip(z, -500, 500))
    p = e / np.sum(e)
    return np.diag(p) - np.outer(p, p)


# Right answers in other words.


def jacobian_outer(z):
    return jacobian_outer_of(softmax_loops(z))


def jacobian_loops(z):
    p = softmax_loops(z)
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            J[i, j] = partial_branches(p, i, j)
    return J


def jacobian_lists(z):
    p = softmax_lists(z)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]


def jacobian_broadcast(z):
    p = softmax_einsum(z)
    return p[:, None] * (np.eye(len(p)) - p)


def jacobian_columns(z):
    p = softmax_einsum(z).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T


def jacobian_einsum(z):
    p = softmax_transposed(z)
    return np.einsum("i,ij->ij", p, np.eye(len(p))) - np.einsum("i,j->ij", p, p)


def jacobian_float32(z):
    p = softmax_float32(z)
    return np.diag(p) - np.outer(p, p)


softmax_jacobian.right_answers(
    jacobian_outer,
    jacobian_loops,
    jacobian_lists,
    jacobian_broadcast,
    jacobian_columns,
    jacobian_einsum,
    jacobian_float32,
)
