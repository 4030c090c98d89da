"""`weight_gradient`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array
from autograder.bank.promises import WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "One weight leads from a_i to z_j. What does its gradient depend on, at one sample? How do the samples of a batch come together?",
        r"$\dfrac{\partial L}{\partial W_{ij}} = \sum_s a_{si}\,\delta_{sj}$, in short $a^{\mathsf T}\delta$",
        "For one sample `np.outer(a, delta)`. For a batch the same products, added up over the samples, are `a.T @ delta`: rows from `a`, columns from `delta`. `np.ndim(a)` tells which it is.",
    ),
    promises={"a": reals("m? i", ZERO, WHOLE), "delta": reals("m? j", ZERO, WHOLE)},
)
def weight_gradient(a: Array, delta: Array) -> Array:
    return np.atleast_2d(a).T @ np.atleast_2d(delta)


@weight_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(signed(rng, 3), signed(rng, 3)), (signed(rng, 4), signed(rng, 2))])
    yield Ask(
        "a batch: the sum over the samples",
        1.5,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3)),
            (signed(rng, 4, 2), signed(rng, 4, 3)),
            (signed(rng, 1, 3), signed(rng, 1, 2)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were", 0.5, [(signed(rng, 2, 3), signed(rng, 2, 3))], unchanged=True
    )


@weight_gradient.misconception(
    "This is the transposed matrix. It must have the shape of W: a row for each a_i, a column for each delta_j."
)
def gradient_transposed(a: Array, delta: Array) -> Array:
    return weight_gradient(a, delta).T


@weight_gradient.misconception(
    "It was divided by the number of samples. The 1/m of the mean is in delta already, and must not come twice."
)
def gradient_divided_again(a: Array, delta: Array) -> Array:
    return weight_gradient(a, delta) / (len(a) if np.ndim(a) == 2 else 1)


@weight_gradient.misconception(
    "Products of entries with the same number only, a_i delta_i. Every a_i has a weight to every delta_j."
)
def entry_by_entry(a: Array, delta: Array) -> Array:
    return np.asarray(a) * delta


@weight_gradient.misconception(
    "For one sample this is a single number, the dot product. np.outer gives the table of all products a_i delta_j."
)
def dot_for_outer(a: Array, delta: Array) -> Array:
    return np.asarray(a).T @ delta


@weight_gradient.misconception(
    "There is a minus in front. The gradient points uphill; the minus belongs to the step."
)
def gradient_with_a_minus(a: Array, delta: Array) -> Array:
    return -weight_gradient(a, delta)


@weight_gradient.misconception(
    "There is one matrix for each sample here. Add them up: W is the same for all samples."
)
def a_matrix_for_each_sample(a: Array, delta: Array) -> Array:
    return np.asarray(a)[..., :, None] * np.asarray(delta)[..., None, :]


families.gather(weight_gradient, lambda gather: gather)


# Right answers in other words.


def gradient_cases(a, delta):
    return np.outer(a, delta) if a.ndim == 1 else a.T @ delta


def gradient_einsum(a, delta):
    return np.einsum("si,sj->ij", np.atleast_2d(a), np.atleast_2d(delta))


def gradient_sum_of_outers(a, delta):
    return sum(np.outer(x, d) for x, d in zip(np.atleast_2d(a), np.atleast_2d(delta), strict=True))


def gradient_loops(a, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return [
        [sum(a[s, i] * delta[s, j] for s in range(len(a))) for j in range(delta.shape[1])]
        for i in range(a.shape[1])
    ]


def gradient_reshaped(a, delta):
    a, delta = np.array(a).reshape(-1, np.shape(a)[-1]), np.array(delta).reshape(-1, np.shape(delta)[-1])
    return np.dot(a.T, delta)


def gradient_float32(a, delta):
    return gradient_cases(np.float32(a), np.float32(delta))


weight_gradient.right_answers(
    gradient_cases,
    gradient_einsum,
    gradient_sum_of_outers,
    gradient_loops,
    gradient_reshaped,
    gradient_float32,
)
