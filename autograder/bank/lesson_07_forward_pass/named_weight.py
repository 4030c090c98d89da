"""`named_weight`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_07_forward_pass.common import LESSON, Array
from autograder.bank.promises import drawn, whole


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The names count from 1, Python from 0. The first figure is the number of the matrix.",
        r"$w_{lnd}$ is entry $(n, d)$ of the $l$-th matrix, with all three counted from 1",
        "`W = weights[layer - 1]`, and in it row `start` and column `end`, each less 1.",
    ),
    promises={
        "weights": drawn(lambda rng, sizes: [signed(rng, 3, 3) for _ in range(3)]),
        "layer": whole(1, 3),
        "start": whole(1, 3),
        "end": whole(1, 3),
    },
)
def named_weight(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer - 1][start - 1, end - 1]


@named_weight.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def layers(*sizes: int) -> list[Array]:
        count = sum(n * k for n, k in zip(sizes, sizes[1:], strict=False))
        flat = rng.permutation(count) / 8 + 1 / 16 - count / 16
        cuts = np.cumsum([n * k for n, k in zip(sizes, sizes[1:], strict=False)])[:-1]
        shapes = zip(sizes, sizes[1:], strict=False)
        return [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]

    weights = layers(2, 3, 2, 2)
    yield Ask(
        "the 2-3-2-2 network",
        1,
        [(weights, 1, 2, 3), (weights, 2, 3, 1), (weights, 3, 1, 2), (weights, 1, 1, 2)],
    )
    square = layers(3, 3, 3)
    yield Ask("another network", 1, [(square, 1, 2, 1), (square, 2, 1, 3), (layers(4, 2), 1, 3, 2)])


@named_weight.misconception("The two units are swapped: the start is the row, the end is the column.")
def swaps_start_and_end(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer - 1][end - 1, start - 1]


@named_weight.misconception("The name counts from 1, NumPy from 0: take 1 from each of the three.")
def all_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer][start, end]


@named_weight.misconception(
    "The layer was counted from 0, the units from 1. All three count from 1 in the name."
)
def layer_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer % len(weights)]
    return W[(start - 1) % len(W), (end - 1) % W.shape[1]]


@named_weight.misconception(
    "The units were counted from 0, the layer from 1. All three count from 1 in the name."
)
def units_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 1]
    return W[start % len(W), end % W.shape[1]]


@named_weight.misconception("The layer is the one where the weight starts, not the one where it ends.")
def layer_of_the_end(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 2]
    return W[(start - 1) % len(W), (end - 1) % W.shape[1]]


@named_weight.misconception(
    "The end was counted from 0, the start from 1. All three count from 1 in the name."
)
def end_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 1]
    return W[start - 1, end % W.shape[1]]


@named_weight.misconception(
    "The start was counted from 0, the end from 1. All three count from 1 in the name."
)
def start_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 1]
    return W[start % W.shape[0], end - 1]


@named_weight.misconception(
    "The matrix was read as one long row, and a row of it was taken to be as long as the matrix has rows. It is as long as there are columns: `W[start - 1, end - 1]` needs no counting."
)
def rows_of_the_wrong_length(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = np.asarray(weights[layer - 1])
    return W.ravel()[((start - 1) * W.shape[0] + end - 1) % W.size]


@named_weight.misconception(
    "The matrix was read column by column. A row is the start: `W[start - 1, end - 1]`."
)
def column_by_column(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = np.asarray(weights[layer - 1])
    return W.ravel(order="F")[((start - 1) * W.shape[1] + end - 1) % W.size]


# Right answers in other words.


def weight_indexed(weights, layer, start, end):
    return weights[layer - 1][start - 1][end - 1]


def weight_flat(weights, layer, start, end):
    W = np.asarray(weights[layer - 1])
    return W.ravel()[(start - 1) * W.shape[1] + end - 1]


def weight_by_a_unit_input(weights, layer, start, end):
    W = weights[layer - 1]
    return float((np.eye(W.shape[0])[start - 1] @ W)[end - 1])


def weight_float32(weights, layer, start, end):
    return np.float32(weights[layer - 1][start - 1, end - 1])


def weight_by_name(weights, layer, start, end):
    table = {
        (k + 1, i + 1, j + 1): W[i, j]
        for k, W in enumerate(weights)
        for i in range(W.shape[0])
        for j in range(W.shape[1])
    }
    return table[layer, start, end]


named_weight.right_answers(
    weight_indexed,
    weight_flat,
    weight_by_a_unit_input,
    weight_float32,
    weight_by_name,
)
