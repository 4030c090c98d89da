"""`to_column_convention`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_09_four_equations.common import LESSON, Array, Gradients


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Transpose the whole of z = a W + b, and see what becomes of each of its three parts.",
        r"$z^{\mathsf T} = W^{\mathsf T} a^{\mathsf T} + b^{\mathsf T}$: the weights are transposed, and a bias $(n,)$ becomes a column $(n, 1)$",
        "`column_weights = [np.transpose(W) for W in weights]`, and each bias becomes a column with `np.reshape(b, (-1, 1))`; `b.T` changes nothing in an array with one axis.",
    ),
)
def to_column_convention(weights: Sequence[Array], biases: Sequence[Array]) -> Gradients:
    return [np.transpose(W).copy() for W in weights], [np.reshape(b, (-1, 1)) for b in biases]


def parameters(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases of a network with those sizes."""
    weights = [signed(rng, *pair) for pair in zip(sizes, sizes[1:], strict=False)]
    return weights, [signed(rng, size) for size in sizes[1:]]


@to_column_convention.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one layer",
        0.5,
        [
            parameters(rng, 3, 1),
            parameters(rng, 1, 2),
            parameters(rng, 1, 1),
            parameters(rng, 3, 2),
            parameters(rng, 2, 4),
        ],
    )
    yield Ask(
        "several layers", 1, [parameters(rng, 2, 1, 3), parameters(rng, 2, 3, 2, 2), parameters(rng, 3, 3, 3)]
    )
    yield Ask("leaves its arguments as they were", 0.5, [parameters(rng, 2, 3)], unchanged=True)


@to_column_convention.misconception(
    "The biases are still flat, shape (n,). A column has shape (n, 1): only then is it added to every column of a batch."
)
def flat_biases(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.transpose(W) for W in weights], [np.array(b) for b in biases]


@to_column_convention.misconception("The biases became rows of shape (1, n). A column has shape (n, 1).")
def biases_as_rows(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.transpose(W) for W in weights], [np.reshape(b, (1, -1)) for b in biases]


@to_column_convention.misconception(
    "reshape keeps the numbers in reading order, so rows do not become columns. Transpose instead."
)
def reshaped_for_transposed(weights: Sequence, biases: Sequence) -> Gradients:
    turned = [np.reshape(W, np.shape(W)[::-1]) for W in weights]
    return turned, to_column_convention(weights, biases)[1]


@to_column_convention.misconception(
    "The weights were not transposed: in W a + b, row j belongs to unit j that receives."
)
def weights_as_they_were(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.array(W) for W in weights], to_column_convention(weights, biases)[1]


@to_column_convention.misconception(
    "The layers were put in reverse order. Each matrix is transposed where it stands; the signal still runs from first to last."
)
def layers_reversed(weights: Sequence, biases: Sequence) -> Gradients:
    column_weights, column_biases = to_column_convention(weights, biases)
    return column_weights[::-1], column_biases[::-1]


@to_column_convention.misconception("The two lists are swapped: weights first, then biases.")
def column_biases_first(weights: Sequence, biases: Sequence) -> Gradients:
    column_weights, column_biases = to_column_convention(weights, biases)
    return column_biases, column_weights


@to_column_convention.misconception(
    "The bias of a single neuron lost its axes. It is a column of one row, shape (1, 1)."
)
def single_bias_squeezed(weights: Sequence, biases: Sequence) -> Gradients:
    columns, stood = to_column_convention(weights, biases)
    return columns, [np.squeeze(b) if np.size(b) == 1 else b for b in stood]


# Right answers in other words.


def columns_by_t(weights, biases):
    return [W.T for W in weights], [b[:, None] for b in biases]


def columns_loops(weights, biases):
    tables, columns = [], []
    for W, b in zip(weights, biases, strict=True):
        n_in, n_out = W.shape
        table = np.zeros((n_out, n_in))
        for i in range(n_in):
            for j in range(n_out):
                table[j, i] = W[i, j]
        tables.append(table)
        columns.append(np.array([[value] for value in b]))
    return tables, columns


def columns_lists(weights, biases):
    tables = [[list(column) for column in zip(*W.tolist(), strict=True)] for W in weights]
    return tables, [[[value] for value in b.tolist()] for b in biases]


def columns_atleast_2d(weights, biases):
    return tuple(np.einsum("ij->ji", W) for W in weights), tuple(np.atleast_2d(b).T for b in biases)


def columns_float32(weights, biases):
    return [np.float32(W).swapaxes(0, 1) for W in weights], [np.float32(b).reshape(-1, 1) for b in biases]


to_column_convention.right_answers(
    columns_by_t,
    columns_loops,
    columns_lists,
    columns_atleast_2d,
    columns_float32,
)
