"""`softmax_backward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers, probabilities
from autograder.bank.lesson_04_softmax.common import LESSON, Array, batch
from autograder.bank.lesson_04_softmax.softmax import softmax
from autograder.bank.lesson_04_softmax.softmax_partial import jacobian_outer_of, partial_branches
from autograder.bank.promises import reals, shares


@exercise(
    LESSON,
    difficulty=3,
    minutes=12,
    hints=(
        "Write one entry of the product upstream times J as a sum, then put diag(p) - p p^T in for J: two sums come out, and one is simple.",
        r"$\dfrac{\partial L}{\partial z_j} = p_j\Bigl(g_j - \sum_i g_i\,p_i\Bigr)$ with the upstream gradient $g = \partial L/\partial p$",
        "`weighted = np.sum(upstream * p, axis=-1, keepdims=True)` is one number for each sample. Take it from `upstream`, and multiply what is left by `p`.",
    ),
    promises={"p": shares("m? n"), "upstream": reals("m? n")},
)
def softmax_backward(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True))


@softmax_backward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    zero = ("rows_sum_to_zero",)
    yield Ask(
        "one sample",
        1.5,
        [(probabilities(rng, 3), distinct(rng, 3)), (probabilities(rng, 5), distinct(rng, 5))],
        properties=zero,
    )
    yield Ask(
        "a batch, each row by itself",
        2,
        [
            (probabilities(rng, 4, 3), batch(rng, 4, 3)),
            (probabilities(rng, 3, 3), batch(rng, 3, 3)),
            (probabilities(rng, 1, 4), numbers(rng, 1, 4)),
        ],
        properties=zero,
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(probabilities(rng, 2, 3), batch(rng, 2, 3))],
        unchanged=True,
    )


@softmax_backward.misconception(
    "Only the Jacobian's diagonal was used. The entries off the diagonal carry the upstream gradient of the other classes over."
)
def diagonal_of_the_jacobian(p: Array, upstream: Array) -> Array:
    return p * (1 - p) * upstream


@softmax_backward.misconception(
    "The second term is missing: p times upstream is the part from diag(p) alone."
)
def forgets_the_second_term(p: Array, upstream: Array) -> Array:
    return p * upstream


@softmax_backward.misconception(
    "The upstream gradient was summed without weights. In the sum every g_i is weighted with its p_i."
)
def unweighted_sum(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "The plain mean was taken away. In the sum every g_i is weighted with its p_i."
)
def plain_mean(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.mean(upstream, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "The weighted sum runs over the whole batch. Each row has a sum of its own: axis=-1, keepdims=True."
)
def sum_over_everything(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p))


@softmax_backward.misconception(
    "The weighted sum runs down the columns (axis=0). The class axis is the last one: axis=-1, keepdims=True."
)
def sum_over_the_samples(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=0))


@softmax_backward.misconception("The sign is turned round: it is upstream minus its weighted sum.")
def backward_wrong_sign(p: Array, upstream: Array) -> Array:
    return p * (np.sum(upstream * p, axis=-1, keepdims=True) - upstream)


@softmax_backward.misconception(
    "The factor p in front is missing: each class passes on its gradient in proportion to its probability."
)
def forgets_the_factor(p: Array, upstream: Array) -> Array:
    return upstream - np.sum(upstream * p, axis=-1, keepdims=True)


@softmax_backward.misconception(
    "The row sums have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def backward_without_keepdims(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=-1))


@softmax_backward.misconception(
    "p is the softmax's output already. Here the softmax was applied to it once more, as softmax_jacobian(p) does."
)
def softmax_applied_twice(p: Array, upstream: Array) -> Array:
    q = softmax(p)
    return q * (upstream - np.sum(upstream * q, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "There is no division by the number of samples here: the 1/m of a mean is in the upstream gradient already."
)
def divides_by_the_samples(p: Array, upstream: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True)) / m


@softmax_backward.misconception(
    "p minus something is the rule for the softmax and the cross-entropy together. Here the softmax stands alone, and the upstream gradient may be anything."
)
def cross_entropy_shortcut(p: Array, upstream: Array) -> Array:
    return p - upstream


@softmax_backward.misconception(
    "The numbers are right, but `upstream *= ...` or `upstream -= ...` changes the caller's array. Compute into a new one."
)
def backward_in_place(p: Array, upstream: Array) -> Array:
    upstream -= np.sum(upstream * p, axis=-1, keepdims=True)
    return p * upstream


# Right answers in other words.


def backward_dot(p, upstream):
    return p * (upstream - (p * upstream).sum(axis=-1, keepdims=True))


def backward_with_the_jacobian(p, upstream):
    if p.ndim == 1:
        return upstream @ jacobian_outer_of(p)
    return np.stack([upstream[k] @ jacobian_outer_of(p[k]) for k in range(len(p))])


def backward_einsum(p, upstream):
    J = np.einsum("...i,ij->...ij", p, np.eye(p.shape[-1])) - np.einsum("...i,...j->...ij", p, p)
    return np.einsum("...i,...ij->...j", upstream, J)


def backward_loops(p, upstream):
    p, upstream = np.asarray(p), np.asarray(upstream)
    if p.ndim == 2:
        return np.array([backward_loops(p[k], upstream[k]) for k in range(p.shape[0])])
    result = np.zeros(p.shape)
    for j in range(p.size):
        for i in range(p.size):
            result[j] += upstream[i] * partial_branches(p, i, j)
    return result


def backward_lists(p, upstream):
    rows = zip(np.atleast_2d(p).tolist(), np.atleast_2d(upstream).tolist(), strict=True)
    out = []
    for row, gradient in rows:
        mean = sum(share * g for share, g in zip(row, gradient, strict=True))
        out.append([share * (g - mean) for share, g in zip(row, gradient, strict=True)])
    return out[0] if np.ndim(p) == 1 else out


def backward_float32(p, upstream):
    return backward_dot(np.asarray(p, np.float32), np.asarray(upstream, np.float32))


def backward_two_terms(p, upstream):
    passed = p.copy() * upstream
    return passed - p * np.einsum("...i->...", passed)[..., None]


softmax_backward.right_answers(
    backward_dot,
    backward_with_the_jacobian,
    backward_einsum,
    backward_loops,
    backward_lists,
    backward_float32,
    backward_two_terms,
)
