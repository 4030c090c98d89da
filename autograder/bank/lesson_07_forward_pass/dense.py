"""`dense`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_07_forward_pass.common import LESSON, Array
from autograder.bank.promises import WHOLE, reals


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Column j of W holds the weights of unit j. What does a row times a matrix do with the columns?",
        r"$z_j = \sum_i a_i\,W_{ij} + b_j$, in short $z = a\,W + b$",
        "The matrix product of `a` and `W`, in that order, is `a @ W`. NumPy adds `b` to each row of a batch by itself: `+ b`.",
    ),
    promises={"a": reals("m? n", WHOLE), "W": reals("n k"), "b": reals("k")},
)
def dense(a: Array, W: Array, b: Array) -> Array:
    return a @ W + b


@dense.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1,
        [
            (distinct(rng, 3), signed(rng, 3, 3), distinct(rng, 3)),
            (distinct(rng, 4), signed(rng, 4, 2), distinct(rng, 2)),
        ],
    )
    yield Ask(
        "a batch",
        1.5,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3), distinct(rng, 3)),
            (signed(rng, 4, 2), signed(rng, 2, 3), distinct(rng, 3)),
            (signed(rng, 1, 3), signed(rng, 3, 2), distinct(rng, 2)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(distinct(rng, 3), signed(rng, 3, 2), distinct(rng, 2))],
        unchanged=True,
    )


@dense.misconception("W stands on the left, as with column vectors. Our samples are rows: a @ W.")
def weights_on_the_left(a: Array, W: Array, b: Array) -> Array:
    return W @ a + b


@dense.misconception(
    "W was transposed. W[i, j] leads from input i to unit j, so a @ W is right as it stands."
)
def transposes_the_weights(a: Array, W: Array, b: Array) -> Array:
    return a @ W.T + b


@dense.misconception("The biases are missing: z = a W + b.")
def dense_without_bias(a: Array, W: Array, b: Array) -> Array:
    return a @ W


@dense.misconception("The biases are taken away. They are added.")
def subtracts_the_bias(a: Array, W: Array, b: Array) -> Array:
    return a @ W - b


@dense.misconception("The biases were added up to one number first. Each unit has its own bias.")
def one_bias_for_all(a: Array, W: Array, b: Array) -> Array:
    return a @ W + np.sum(b)


@dense.misconception(
    "The bias is added as a column, one for each sample. It belongs to the units: leave b as it is, shape (k,)."
)
def bias_as_a_column(a: Array, W: Array, b: Array) -> Array:
    return a @ W + np.asarray(b)[:, None]


@dense.misconception("An activation was applied. dense gives z, the number before it.")
def bends_too_early(a: Array, W: Array, b: Array) -> Array:
    return np.maximum(a @ W + b, 0)


@dense.misconception("The products were taken element by element and not added up over the inputs. Use @.")
def star_for_at(a: Array, W: Array, b: Array) -> Array:
    return np.asarray(a) * W + b


@dense.misconception(
    "The numbers are right, but `b += ...` writes the result into the caller's biases. Make a new array."
)
def into_the_biases(a: Array, W: Array, b: Array) -> Array:
    if np.ndim(a) == 2:
        return a @ W + b
    b += a @ W
    return b


@dense.misconception(
    "A single sample was multiplied from the right, W @ a, where W is square. Our samples are rows, also a single one: a @ W."
)
def sample_on_the_right(a: Array, W: Array, b: Array) -> Array:
    W = np.asarray(W)
    return (W @ a if np.ndim(a) == 1 and W.shape[0] == W.shape[1] else a @ W) + b


# Right answers in other words.


def dense_loops(a, W, b):
    rows = np.atleast_2d(a)
    z = np.zeros((len(rows), len(b)))
    for s in range(len(rows)):
        for j in range(W.shape[1]):
            z[s, j] = b[j]
            for i in range(W.shape[0]):
                z[s, j] += rows[s, i] * W[i, j]
    return z[0] if np.ndim(a) == 1 else z


def dense_einsum(a, W, b):
    return np.einsum("...i,ij->...j", a, W) + b


def dense_dot(a, W, b):
    return np.add(np.dot(np.array(a), W), b)


def dense_columns(a, W, b):
    return (W.T @ a.T).T + b


def dense_lists(a, W, b):
    a, W, b = np.asarray(a), np.asarray(W), np.asarray(b)
    return (np.matmul(a, W) + b).tolist()


def dense_float32(a, W, b):
    return np.float32(a) @ np.float32(W) + np.float32(b)


dense.right_answers(
    dense_loops,
    dense_einsum,
    dense_dot,
    dense_columns,
    dense_lists,
    dense_float32,
)
