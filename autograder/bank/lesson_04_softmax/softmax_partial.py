"""`softmax_partial`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, probabilities
from autograder.bank.lesson_04_softmax.common import LESSON, Array
from autograder.bank.lesson_04_softmax.softmax import softmax_loops
from autograder.bank.promises import Rng, Sizes, drawn, shares


def index(rng: Rng, sizes: Sizes) -> int:
    """Which of the n classes, counted from 0."""
    return int(rng.integers(sizes["n"]))


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Differentiate the quotient twice: once with respect to the logit that stands in the numerator too, once to another one.",
        r"$\dfrac{\partial p_i}{\partial z_j} = \begin{cases} p_i\,(1-p_i) & i = j \\ -p_i\,p_j & i \ne j \end{cases}$",
        "`if i == j:` return `p[i] * (1 - p[i])`. In the other case both shares occur once, with a minus. Compare the indices, not the shares.",
    ),
    promises={"p": shares("n"), "i": drawn(index), "j": drawn(index)},
)
def softmax_partial(p: Array, i: int, j: int) -> float:
    return p[i] * ((i == j) - p[j])


@softmax_partial.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    p, q = probabilities(rng, 3), probabilities(rng, 4)
    i, j = (int(index) for index in rng.choice(4, 2, replace=False))
    share = rng.integers(6, 24) / 64
    even = np.array([share, 1 - 2 * share, share])
    yield Ask("the same index, i = j", 1, [(p, 0, 0), (p, 2, 2), (q, i, i), (even, 0, 0)], unchanged=True)
    pairs = [(p, 0, 1), (p, 2, 0), (q, i, j), (even, 0, 2)]
    yield Ask("two indices, i not equal to j", 1, pairs, unchanged=True)


@softmax_partial.misconception(
    "Both cases are treated like i = j. For another logit, p_i only falls: the derivative is -p_i p_j."
)
def always_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i])


@softmax_partial.misconception(
    "The off-diagonal terms are dropped (0). But raising z_j takes probability from every other class: the derivative is -p_i p_j."
)
def zero_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else 0.0


@softmax_partial.misconception(
    "The sign for i not equal to j is wrong: raising another logit takes probability away, so it is -p_i p_j."
)
def plus_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else p[i] * p[j]


@softmax_partial.misconception(
    "Both cases are treated like i not equal to j. For i = j the numerator depends on z_i too: p_i (1 - p_i)."
)
def always_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return -p[i] * p[j]


@softmax_partial.misconception(
    "For i = j the factor (1 - p_i) is missing: the denominator grows with z_i as well."
)
def forgets_the_denominator(p: Array, i: int, j: int) -> float:
    return p[i] if i == j else -p[i] * p[j]


@softmax_partial.misconception("This gives p_i (1 - p_j) in both cases. The 1 belongs to i = j alone.")
def one_in_both_cases(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[j])


@softmax_partial.misconception(
    "The two cases are swapped: p_i (1 - p_i) belongs to i = j, and -p_i p_j to i not equal to j."
)
def swapped_cases(p: Array, i: int, j: int) -> float:
    return -p[i] * p[j] if i == j else p[i] * (1 - p[i])


@softmax_partial.misconception(
    "For i not equal to j this gives -p_i p_i. The other class has its own probability: -p_i p_j."
)
def square_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else -p[i] * p[i]


@softmax_partial.misconception(
    "The classes are counted from 1 here. NumPy counts from 0, and so do i and j: class i is p[i], not p[i - 1]."
)
def counts_from_one(p: Array, i: int, j: int) -> float:
    return p[i - 1] * ((i == j) - p[j - 1])


@softmax_partial.misconception(
    "This is the slope of the logarithm of the share, [i = j] - p_j. The slope of the share itself has a factor p_i more."
)
def slope_of_the_logarithm(p: Array, i: int, j: int) -> float:
    return (i == j) - p[j]


@softmax_partial.misconception(
    "p holds the shares already. Here the softmax was applied to them once more before the formula."
)
def softmax_of_the_shares(p: Array, i: int, j: int) -> float:
    q = np.exp(p) / np.sum(np.exp(p))
    return q[i] * ((i == j) - q[j])


@softmax_partial.misconception(
    "For i = j this gives p_i (1 + p_i). Raising z_i raises the denominator too, which takes away: p_i (1 - p_i)."
)
def plus_on_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 + p[i]) if i == j else -p[i] * p[j]


@softmax_partial.misconception(
    "The shares were compared where the indices should be. Two classes may have the same share: ask i == j."
)
def compares_the_shares(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if p[i] == p[j] else -p[i] * p[j]


@softmax_partial.misconception(
    "For i not equal to j the two shares were added. They are multiplied: -p_i p_j."
)
def adds_the_shares(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else -(p[i] + p[j])


@softmax_partial.misconception(
    "For i not equal to j this gives -p_j p_j. Both classes have a share in it: -p_i p_j."
)
def squares_the_other_share(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else -(p[j] ** 2)


@softmax_partial.misconception("On the diagonal this is 1 - p_i. The factor p_i is missing: p_i (1 - p_i).")
def only_one_minus_the_share(p: Array, i: int, j: int) -> float:
    return 1 - p[i] if i == j else -p[i] * p[j]


# Right answers in other words.


def partial_branches(p, i, j):
    if i == j:
        return p[i] * (1 - p[i])
    return -p[i] * p[j]


def partial_of_the_matrix(p, i, j):
    return jacobian_outer_of(p)[i, j]


def partial_float32(p, i, j):
    p = np.asarray(p, dtype=np.float32)
    return p[i] * (np.float32(i == j) - p[j])


def partial_lists(p, i, j):
    p = list(p)
    others = sum(p[:i] + p[i + 1 :])
    return float(p[i] * others) if i == j else float(-p[i] * p[j])


def partial_by_central_difference(p, i, j):
    z, h = np.log(p), 1e-5
    up, down = z.copy(), z.copy()
    up[j] += h
    down[j] -= h
    return (softmax_loops(up)[i] - softmax_loops(down)[i]) / (2 * h)


def jacobian_outer_of(p):
    return np.diag(p) - np.outer(p, p)


softmax_partial.right_answers(
    partial_branches,
    partial_of_the_matrix,
    partial_float32,
    partial_lists,
    partial_by_central_difference,
)
