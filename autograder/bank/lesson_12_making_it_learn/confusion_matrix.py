"""`confusion_matrix`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import LESSON, Array, Generator


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Each sample adds 1 to a single entry. Which row, and which column?",
        r"$C_{ij} = \sum_k [\,y_k = i\,]\,[\,\hat y_k = j\,]$, for $i$ and $j$ from $0$ to $c - 1$",
        "`C = np.zeros((classes, classes), dtype=int)`, then `for i, j in zip(labels, predicted): C[i, j] += 1`. (`C[labels, predicted] += 1` without the loop counts each pair once only; `np.add.at` counts all.)",
    ),
)
def confusion_matrix(labels: Array, predicted: Array, classes: int) -> Array:
    C = np.zeros((classes, classes), dtype=int)
    for i, j in zip(labels, predicted, strict=True):
        C[i, j] += 1
    return C


def answers(rng: Generator, m: int, classes: int, right: float = 0.5) -> tuple[Array, Array, int]:
    """Labels and what was said of them, more often one way than the other; each class occurs where m allows it."""
    labels = rng.permutation(np.arange(m) % classes)
    said = np.where(rng.random(m) < right, labels, (labels + 1 + (rng.random(m) < 0.3)) % classes)
    said[0] = (labels[0] + 1) % classes
    said[-3:] = said[0] if classes > 1 else 0
    labels[-3:] = labels[0]
    return labels, said, classes


@confusion_matrix.asks
def _(rng: Generator) -> Iterator[Ask]:
    first = answers(rng, 14, 3)
    yield Ask(
        "rows are the true classes, columns the predicted ones",
        1.5,
        [
            first,
            answers(rng, 18, 4),
            answers(rng, 12, 2),
            (first[0][::-1].copy(), first[1], 3),
            first,
        ],
    )
    labels, said, _ = answers(rng, 15, 3)
    yield Ask(
        "classes that never occur, and a batch of one",
        1,
        [
            (labels, said, 5),
            (*answers(rng, 9, 2)[:2], 4),
            (np.array([int(rng.integers(1, 4))]), np.array([0]), 4),
            (np.zeros(int(rng.integers(3, 9)), dtype=int), np.zeros(3, dtype=int), 1),
        ][:3]
        + [(np.zeros(4, dtype=int), np.zeros(4, dtype=int), 1)],
    )
    perfect = rng.integers(0, 3, 12)
    yield Ask(
        "nothing wrong, and everything wrong",
        0.5,
        [(perfect, perfect.copy(), 4), (perfect, (perfect + 1) % 3, 3)],
    )


@confusion_matrix.misconception(
    "Rows and columns are exchanged. Here the row is the true class, and the column what was predicted."
)
def columns_are_true(labels: Array, predicted: Array, classes: int) -> Array:
    return confusion_matrix(predicted, labels, classes)


@confusion_matrix.misconception(
    "`C[labels, predicted] += 1` adds 1 once to each entry, however often the pair comes. Use a loop, or `np.add.at`."
)
def counts_each_pair_once(labels: Array, predicted: Array, classes: int) -> Array:
    C = np.zeros((classes, classes), dtype=int)
    C[labels, predicted] += 1
    return C


@confusion_matrix.misconception(
    "The width comes from the largest class that occurs. A class that happens not to occur has its row and column too: use `classes`."
)
def width_of_the_largest_class(labels: Array, predicted: Array, classes: int) -> Array:
    return confusion_matrix(labels, predicted, int(max(np.max(labels), np.max(predicted))) + 1)


@confusion_matrix.misconception("Each row was divided by its sum: these are shares. Asked for are counts.")
def shares_for_counts(labels: Array, predicted: Array, classes: int) -> Array:
    C = confusion_matrix(labels, predicted, classes)
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)


@confusion_matrix.misconception("These are shares of all samples. Asked for are counts: do not divide by m.")
def shares_of_all(labels: Array, predicted: Array, classes: int) -> Array:
    return confusion_matrix(labels, predicted, classes) / len(labels)


@confusion_matrix.misconception(
    "Only what was right is counted, on the diagonal. The rest of the table shows what was taken for what."
)
def only_the_diagonal(labels: Array, predicted: Array, classes: int) -> Array:
    return np.diag(np.diag(confusion_matrix(labels, predicted, classes)))


@confusion_matrix.misconception("Only the mistakes are counted. What was right belongs on the diagonal.")
def only_the_mistakes(labels: Array, predicted: Array, classes: int) -> Array:
    return confusion_matrix(labels, predicted, classes) * (1 - np.eye(classes))


@confusion_matrix.misconception(
    "These are four numbers, or the right ones of each class alone. Asked for is a table with a row for each class."
)
def right_ones_of_each_class(labels: Array, predicted: Array, classes: int) -> Array:
    return np.diag(confusion_matrix(labels, predicted, classes))


@confusion_matrix.misconception(
    "The classes are counted from 1 here. Class 0 has the first row and the first column."
)
def classes_from_one(labels: Array, predicted: Array, classes: int) -> Array:
    return np.roll(confusion_matrix(labels, predicted, classes), (-1, -1), (0, 1))


@confusion_matrix.misconception("A pair was counted whichever way round it came: the table is not symmetric.")
def both_ways(labels: Array, predicted: Array, classes: int) -> Array:
    C = confusion_matrix(labels, predicted, classes)
    return C + C.T - np.diag(np.diag(C))


@confusion_matrix.misconception(
    "The whole row of the true class was raised, or the whole column. Each sample adds 1 to one entry."
)
def raises_the_row(labels: Array, predicted: Array, classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes)
    return np.repeat(counts[:, None], classes, axis=1)


@confusion_matrix.misconception("The last sample was left out.")
def last_sample_left_out(labels: Array, predicted: Array, classes: int) -> Array:
    return confusion_matrix(labels[:-1], predicted[:-1], classes)


@confusion_matrix.misconception(
    "This is the share of samples that are right, one number. Asked for is the table."
)
def accuracy_for_the_table(labels: Array, predicted: Array, classes: int) -> float:
    return float(np.mean(labels == predicted))


# Right answers in other words.


def confusion_added_at(labels, predicted, classes):
    C = np.zeros((classes, classes))
    np.add.at(C, (labels, predicted), 1)
    return C


def confusion_by_one_hot(labels, predicted, classes):
    return np.eye(classes)[labels].T @ np.eye(classes)[predicted]


def confusion_by_bincount(labels, predicted, classes):
    pairs = classes * np.asarray(labels) + np.asarray(predicted)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def confusion_by_masks(labels, predicted, classes):
    return [[int(np.sum((labels == i) & (predicted == j))) for j in range(classes)] for i in range(classes)]


def confusion_lists(labels, predicted, classes):
    table = [[0] * classes for _ in range(classes)]
    for k in range(len(labels)):
        table[int(labels[k])][int(predicted[k])] += 1
    return table


def confusion_float32(labels, predicted, classes):
    return confusion_by_one_hot(labels, predicted, classes).astype(np.float32)


confusion_matrix.right_answers(
    confusion_added_at,
    confusion_by_one_hot,
    confusion_by_bincount,
    confusion_by_masks,
    confusion_lists,
    confusion_float32,
)
