"""`accuracy`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_10_training.common import LESSON, Array, Arrays, Generator, Names
from autograder.bank.lesson_10_training.predict_probabilities import (
    network,
    predict_einsum,
    predict_float32,
    predict_probabilities,
    predict_recursive,
)


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The net's answer is the class with the largest probability. Where does the one-hot row have its largest number?",
        r"$\dfrac{1}{m}\sum_i [\,\arg\max_j P_{ij} = \arg\max_j Y_{ij}\,]$, where a true bracket counts 1, a false one 0",
        "`P = predict_probabilities(X, weights, biases, activations)`. Compare `np.argmax(P, axis=-1)` with the same of `Y`, and take the mean of what is True.",
    ),
)
def accuracy(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(np.mean(np.argmax(P, axis=-1) == np.argmax(Y, axis=-1)))


def judged(rng: Generator, m: int, right: int, sizes: Sequence[int], below: float = 0) -> tuple:
    """A net, and targets of which it gets exactly `right` of `m` right, and with any other activation does not.

    Without a hidden layer the logits may be put `below` 0, all of them.
    """
    hidden = ["tanh"] * (len(sizes) - 2)
    while True:
        X, weights, biases, names = network(rng, m, sizes, hidden)
        biases[-1] = biases[-1] - below
        P = predict_probabilities(X, weights, biases, names)
        top, said = np.sort(P, axis=-1), np.argmax(P, axis=-1)
        wrong = (said + rng.integers(1, sizes[-1], m)) % sizes[-1]
        place = rng.permutation(m)
        least = np.argmin(top[:, -1])  # the net is right where it is least sure
        place[[least, np.argmin(place)]] = place[[np.argmin(place), least]]
        true = np.where(place < right, said, wrong)
        others = [_said_with(X, weights, biases, bend) for bend in OTHER_BENDS if hidden]
        if (
            (top[least, -1] < 0.47 or sizes[-1] == 2)
            and np.min(top[:, -1] - top[:, -2]) > 0.02
            and len(set(said.tolist())) > 1
            and all(np.sum(other == true) != right for other in others)
        ):
            return X, np.eye(sizes[-1])[true], weights, biases, names


OTHER_BENDS: tuple[Callable[[Array], Array], ...] = (
    lambda z: z,
    lambda z: -np.tanh(z),
    lambda z: np.maximum(z, 0),
    lambda z: (1 + np.tanh(z / 2)) / 2,
)


def _said_with(X: Array, weights: Arrays, biases: Arrays, bend: Callable[[Array], Array]) -> Array:
    """The classes that the net names if its hidden layer bends in another way."""
    return np.argmax(bend(X @ weights[0] + biases[0]) @ weights[1] + biases[1], axis=-1)


@accuracy.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "the share of rows that are right",
        1,
        [
            judged(rng, 5, int(rng.integers(2, 5)), (3, 4, 4)),
            judged(rng, 8, int(rng.integers(5, 8)), (3, 4, 3)),
            judged(rng, 6, int(rng.integers(4, 6)), (2, 3), below=12),
        ],
    )
    yield Ask(
        "two classes, and few rows right",
        0.5,
        [
            judged(rng, 7, int(rng.integers(2, 4)), (2, 3, 2)),
            # Not 3: 2 / 2 and 3 / 3, 2 / 6 and 3 / 9 are the same, and a wrong divisor would look like a constant.
            judged(rng, 10, int(rng.choice([2, 4])), (3, 4, 3)),
        ],
    )
    yes, no = judged(rng, 3, 3, (3, 3, 4)), judged(rng, 3, 1, (3, 3, 4))
    wrong = int(np.argmin([accuracy(x, y, *no[2:]) for x, y in zip(no[0], no[1], strict=True)]))
    one = [
        (yes[0][1], yes[1][1], *yes[2:]),
        (no[0][wrong], no[1][wrong], *no[2:]),
        (yes[0][:1], yes[1][:1], *yes[2:]),
        (no[0][wrong : wrong + 1], no[1][wrong : wrong + 1], *no[2:]),
    ]
    in_any_order = [one[place] for place in rng.permutation(len(one))]
    yield Ask("a single sample, or a batch of one: 1 or 0", 0.5, in_any_order, unchanged=True)


@accuracy.misconception("This is the share of rows that are wrong. The accuracy is the share that is right.")
def error_rate(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return 1 - accuracy(X, Y, weights, biases, activations)


@accuracy.misconception("This counts the right rows. Divide by the number of rows: the accuracy is a share.")
def counts_the_right(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return accuracy(X, Y, weights, biases, activations) * np.atleast_2d(X).shape[0]


@accuracy.misconception("This is in percent. A share is asked for, a number between 0 and 1.")
def in_percent(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return 100 * accuracy(X, Y, weights, biases, activations)


@accuracy.misconception(
    "This is the mean probability of the true class. The accuracy asks only which class is the largest."
)
def mean_of_the_true(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return np.mean(np.sum(Y * predict_probabilities(X, weights, biases, activations), axis=-1))


@accuracy.misconception(
    "Every number of the table was compared, the zeros too. Compare one class for each row: argmax along the last axis."
)
def compares_every_number(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean((P.max(axis=-1, keepdims=True) == P) == (Y == 1))


@accuracy.misconception(
    "Every number of the table was held against one half and compared with Y. That counts numbers, most of them zeros; accuracy counts rows: argmax along the last axis."
)
def compares_with_one_half(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(np.mean((P > 0.5) == (np.asarray(Y) > 0.5)))


@accuracy.misconception("argmax ran down the columns. The class axis is the last one: axis=-1.")
def argmax_of_the_columns(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.argmax(P, axis=0) == np.argmax(Y, axis=0))


@accuracy.misconception("argmin finds the class that the net believes in least. Use argmax.")
def least_likely(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.argmin(P, axis=-1) == np.argmax(Y, axis=-1))


@accuracy.misconception(
    "A row counts only where the true class has more than half. The largest probability decides, even if it is 0.4."
)
def needs_a_majority(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.sum(Y * P, axis=-1) > 0.5)


@accuracy.misconception(
    "A row counted as right if its class has more than 1 / classes. It is right if no other class has more."
)
def more_than_its_share(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(np.mean(np.sum(P * Y, axis=-1) > 1 / np.shape(Y)[-1]))


@accuracy.misconception(
    "The answers were compared with the class of the first row of Y. Each row has a class of its own."
)
def class_of_the_first_row(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(np.mean(np.argmax(P, axis=-1) == np.argmax(np.atleast_2d(Y)[0])))


@accuracy.misconception(
    "This is 1 minus the mean squared error of the probabilities. The accuracy counts rows: the share that is right."
)
def one_minus_the_squared_error(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names
) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(1 - np.mean((P - Y) ** 2))


# Right answers in other words.


def accuracy_loops(X, Y, weights, biases, activations):
    P = np.atleast_2d(predict_recursive(X, weights, biases, activations))
    hits = 0
    for p, y in zip(P, np.atleast_2d(Y), strict=True):
        hits += list(p).index(max(p)) == list(y).index(1)
    return hits / len(P)


def accuracy_picked(X, Y, weights, biases, activations):
    P = predict_einsum(X, weights, biases, activations)
    return np.mean(np.sum(P * Y, axis=-1) == np.max(P, axis=-1))


def accuracy_from_logits(X, Y, weights, biases, activations):
    a = np.atleast_2d(predict_einsum(X, weights[:-1], biases[:-1], activations[:-1]))
    said = np.argmax(a @ weights[-1] + biases[-1], axis=1)
    true = np.nonzero(np.atleast_2d(Y))[1]
    return np.count_nonzero(said == true) / len(true)


def accuracy_float32(X, Y, weights, biases, activations):
    P = predict_float32(X, weights, biases, activations)
    return np.float32(np.mean(P.argmax(-1) == Y.argmax(-1), dtype=np.float32))


accuracy.right_answers(
    accuracy_loops,
    accuracy_picked,
    accuracy_from_logits,
    accuracy_float32,
)
