"""`one_hot`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_10_training.common import LESSON, Array, Generator


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Each label picks one row of a table that you know. Which matrix has exactly one 1 in each row, in row 3 at place 3?",
        r"$Y_{ij} = 1$ if $j$ is the label of row $i$, else $0$; the rows of the identity matrix $I$, picked by the labels",
        "`identity = np.eye(classes)` has the row for each label at the label's place. Pick the rows by the labels: `identity[labels]`, which serves a single label too.",
    ),
)
def one_hot(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels]


@one_hot.asks
def _(rng: Generator) -> Iterator[Ask]:
    def some(m: int, most: int) -> Array:
        return np.array([most, *rng.integers(0, most + 1, m - 3), 1, 1])

    first, one = some(5, 3), np.array([int(rng.integers(1, 5))])
    every = rng.permutation(4)
    only = (np.zeros(3, dtype=int), 1)
    yield Ask(
        "as many rows as labels",
        1,
        [
            (first, 4),
            (some(7, 9), 10),
            (every, 4),
            (one, 5),
            only,
            (first[::-1].copy(), 4),
            (first, 6),
            (first, 4),
        ],
    )
    yield Ask("a class that does not occur", 0.5, [(some(4, 2), 5), (some(6, 3), 6)])
    yield Ask(
        "a single label",
        0.5,
        [(int(rng.integers(1, 9)), int(rng.integers(9, 16))), (2, 3), (0, int(rng.integers(2, 5))), (0, 1)],
    )


@one_hot.misconception("The classes are counted from 1 here. Label 0 belongs to the first column, Y[:, 0].")
def counts_from_one(labels: Array, classes: int) -> Array:
    return np.eye(classes)[np.asarray(labels) - 1]


@one_hot.misconception(
    "Each 1 stands one column too far to the right. Label k belongs to column k, counted from 0."
)
def one_column_too_far(labels: Array, classes: int) -> Array:
    return np.eye(classes)[(np.asarray(labels) + 1) % classes]


@one_hot.misconception("It is turned on its side: one row for each label, one column for each class.")
def one_hot_on_its_side(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels].T if np.ndim(labels) else np.eye(classes)[[labels]].T


@one_hot.misconception("The label itself stands where the 1 should. One-hot rows hold 0 and 1 only.")
def label_for_the_one(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels] * np.asarray(labels)[..., None]


@one_hot.misconception("Ones and zeros are swapped: the label's own place holds the 1, all others 0.")
def one_cold(labels: Array, classes: int) -> Array:
    return 1 - np.eye(classes)[labels]


@one_hot.misconception(
    "The width comes from the largest label. A class that happens not to occur needs its column too: use `classes`."
)
def width_of_the_largest(labels: Array, classes: int) -> Array:
    return np.eye(int(np.max(labels)) + 1)[labels]


@one_hot.misconception("The columns run backwards: class 0 belongs to the first column, not to the last.")
def columns_backwards(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels][..., ::-1]


@one_hot.misconception(
    "A single label has become a batch of one. One label in, one row out: shape (classes,)."
)
def always_a_batch(labels: Array, classes: int) -> Array:
    return np.eye(classes)[np.atleast_1d(labels)]


@one_hot.misconception("The other entries are -1 here. One-hot rows hold 0 and 1 only.")
def minus_one_for_zero(labels: Array, classes: int) -> Array:
    return 2 * np.eye(classes)[labels] - 1


@one_hot.misconception("All entries up to the label are 1. One-hot rows have a single 1, at the label.")
def ones_up_to_the_label(labels: Array, classes: int) -> Array:
    return np.tril(np.ones((classes, classes)))[labels]


@one_hot.misconception(
    "The rows of label 0 are empty. Label 0 is a class like the others, with its 1 in the first column."
)
def label_zero_empty(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels] * (np.asarray(labels) > 0)[..., None]


# Right answers in other words.


def one_hot_loops(labels, classes):
    if np.ndim(labels) == 0:
        row = [0.0] * classes
        row[int(labels)] = 1.0
        return row
    return [one_hot_loops(label, classes) for label in labels]


def one_hot_compared(labels, classes):
    return np.asarray(labels)[..., None] == np.arange(classes)


def one_hot_placed(labels, classes):
    Y = np.zeros((np.size(labels), classes), dtype=np.float32)
    Y[np.arange(np.size(labels)), labels] = 1
    return Y[0] if np.ndim(labels) == 0 else Y


def one_hot_integers(labels, classes):
    return np.eye(classes, dtype=int)[np.asarray(labels)].tolist()


def one_hot_kronecker(labels, classes):
    return np.equal.outer(labels, range(classes)) * 1.0


one_hot.right_answers(
    one_hot_loops,
    one_hot_compared,
    one_hot_placed,
    one_hot_integers,
    one_hot_kronecker,
)
