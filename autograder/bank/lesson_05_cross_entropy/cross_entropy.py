"""`cross_entropy`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, one_hot, probabilities
from autograder.bank.lesson_05_cross_entropy.common import (
    LESSON,
    ONE_SAMPLE,
    Array,
    samples,
    unlikely,
    zero_safe_log,
)
from autograder.bank.promises import one_hot_rows
from autograder.bank.promises import shares as probability_rows


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "With one-hot labels only one probability of each row counts. Sum over the classes, then take the mean over the samples.",
        r"$L = -\dfrac{1}{m}\sum_{s=1}^{m}\sum_{i} y_{si}\log \hat y_{si}$, with $0\log 0 = 0$; for one sample $m = 1$",
        "`picked = np.sum(y * y_hat, axis=-1)` is the probability of the true class, one for each sample. Then the logarithm, the mean with `np.mean`, and a minus.",
    ),
    promises={"y": one_hot_rows("m? n"), "y_hat": probability_rows("m? n")},
    without=("one n",),
)
def cross_entropy(y: Array, y_hat: Array) -> float:
    return -np.sum(zero_safe_log(y, y_hat)) / samples(y)


def one_hot_and(rng: np.random.Generator, m: int, n: int) -> tuple[Array, Array]:
    """One-hot labels (m, n) and probabilities of the same shape."""
    return one_hot(rng, m, n), probabilities(rng, m, n)


@cross_entropy.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    (y,), p = one_hot(rng, 1, 3), probabilities(rng, 3)
    yield Ask("one sample", 1, [(y, p), (one_hot(rng, 1, 5)[0], probabilities(rng, 5))])
    yield Ask(
        "a batch: the mean over its samples",
        1.5,
        [one_hot_and(rng, 4, 3), one_hot_and(rng, 3, 3), one_hot_and(rng, 1, 4), unlikely(rng)],
    )
    labels, rows = one_hot_and(rng, 2, 3)
    sure = (np.vstack([labels, [[0.0, 1.0, 0.0]]]), np.vstack([rows, [[0.0, 1.0, 0.0]]]))
    share = rng.integers(8, 56) / 64
    undecided = (np.array([1.0, 0.0, 0.0]), np.array([share, 1 - share, 0.0]))
    yield Ask("sure and right: 0 log 0 is 0", 0.5, [sure, undecided])
    small = rng.integers(1, 9) * 1e-30
    doubtful = (np.array([0.0, 1.0, 0.0]), np.array([share, small, 1 - share]))
    wrong = (np.vstack([labels, [[1.0, 0.0, 0.0]]]), np.vstack([rows, [[0.0, share, 1 - share]]]))
    yield Ask("sure and wrong: nothing is clipped", 0.5, [doubtful, wrong])
    yield Ask("leaves its arguments as they were", 0.5, [one_hot_and(rng, 2, 3)], unchanged=True)


@cross_entropy.misconception(
    "The mean runs over all m times n entries. Sum over the classes first; the mean is over the m samples only."
)
def mean_over_everything(y: Array, y_hat: Array) -> float:
    return -np.mean(zero_safe_log(y, y_hat))


@cross_entropy.misconception(ONE_SAMPLE)
def counts_classes_as_samples(y: Array, y_hat: Array) -> float:
    return -np.sum(zero_safe_log(y, y_hat)) / len(y)


@cross_entropy.misconception(
    "The sum runs down the columns (axis=0) and the mean over the classes. The class axis is the last one: sum along axis=-1, then the mean over the samples."
)
def sums_down_the_columns(y: Array, y_hat: Array) -> float:
    return -np.mean(np.sum(zero_safe_log(y, y_hat), axis=0))


@cross_entropy.misconception(
    "This scores the class with the largest probability. The loss asks for the probability of the true class, where y is 1."
)
def scores_the_favourite(y: Array, y_hat: Array) -> float:
    return -np.mean(np.log(np.max(y_hat, axis=-1)))


@cross_entropy.misconception("This is the sum over the batch. The loss is the mean: divide by m.")
def batch_sum(y: Array, y_hat: Array) -> float:
    return -np.sum(zero_safe_log(y, y_hat))


@cross_entropy.misconception("The minus sign in front is missing: a loss is never negative.")
def cross_entropy_no_minus(y: Array, y_hat: Array) -> float:
    return -cross_entropy(y, y_hat)


@cross_entropy.misconception("The logarithm is to base 10. The course uses the natural one, np.log.")
def cross_entropy_base_ten(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, y_hat) / np.log(10)


@cross_entropy.misconception("The logarithm is to base 2. The course uses the natural one, np.log.")
def cross_entropy_base_two(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, y_hat) / np.log(2)


@cross_entropy.misconception(
    "This is the two-class formula used on every class. The terms (1 - y) log(1 - y_hat) do not belong here: only the true class's probability counts."
)
def two_class_formula(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return -np.sum(zero_safe_log(y, y_hat) + zero_safe_log(1 - y, 1 - y_hat)) / samples(y)


@cross_entropy.misconception(
    "Prediction and label are swapped: here the logarithm is taken of the label. It belongs to the prediction, y log(y_hat)."
)
def labels_in_the_logarithm(y: Array, y_hat: Array) -> float:
    return -np.sum(y_hat * np.log(y)) / samples(y)


@cross_entropy.misconception(
    "0 times log(0) came out as nan. Pick the true class's probability before you take the logarithm, or keep zeros out of the logarithm where the label is 0."
)
def nan_from_zero_log(y: Array, y_hat: Array) -> float:
    return -np.sum(y * np.log(y_hat)) / samples(y)


@cross_entropy.misconception("This is the loss of each sample. The batch's loss is one number: their mean.")
def a_loss_for_each_row(y: Array, y_hat: Array) -> Array:
    return -np.sum(zero_safe_log(y, y_hat), axis=-1)


@cross_entropy.misconception(
    "The logarithm is missing: this is minus the true class's probability, not minus its logarithm."
)
def forgets_the_log(y: Array, y_hat: Array) -> float:
    return -np.sum(np.asarray(y) * y_hat) / samples(y)


families.logarithm(
    cross_entropy,
    lambda log: (
        lambda y, y_hat: (
            -np.sum(np.where(np.asarray(y) == 0, 0.0, log(np.where(np.asarray(y) == 0, 1.0, y_hat))))
            / samples(y)
        )
    ),
    without=("logarithm_to_base_10", "logarithm_to_base_2", "probability_for_logarithm"),
)
families.count(
    cross_entropy,
    lambda count: lambda y, y_hat: -np.sum(zero_safe_log(y, y_hat)) / count(y),
    without=("no_division_by_m", "divides_by_all_entries", "divides_a_single_sample"),
)


@cross_entropy.misconception(
    "The probabilities were clipped before the logarithm. Then no sample can cost more than some bound; the loss of one that is sure and wrong is inf."
)
def probabilities_clipped(y: Array, y_hat: Array) -> float:
    return cross_entropy(y, np.clip(y_hat, 1e-12, 1))


@cross_entropy.misconception(
    "A sure and wrong prediction costs nothing here: its logarithm of 0 was taken to be 0. 0 log 0 counts as 0, but 1 log 0 is -inf, and the loss inf."
)
def sure_and_wrong_for_nothing(y: Array, y_hat: Array) -> float:
    y_hat = np.asarray(y_hat, float)
    return -np.sum(np.asarray(y) * np.log(np.where(y_hat > 0, y_hat, 1.0))) / samples(y)


@cross_entropy.misconception(
    "The logarithm was taken of the mean probability. The loss is the mean of the logarithms."
)
def log_of_the_mean_share(y: Array, y_hat: Array) -> float:
    return -np.log(np.sum(np.asarray(y) * y_hat) / samples(y))


@cross_entropy.misconception(
    "This is the squared error, summed over the classes. Cross-entropy takes the logarithm of the true class's probability."
)
def squared_error_of_the_shares(y: Array, y_hat: Array) -> float:
    return np.sum((np.asarray(y) - y_hat) ** 2) / samples(y)


@cross_entropy.misconception(
    "This is the entropy of the prediction, the same for every label. The logarithm is weighted with the label y."
)
def entropy_of_the_prediction(y: Array, y_hat: Array) -> float:
    return -np.sum(zero_safe_log(y_hat, y_hat)) / samples(y)


# Right answers in other words.


def cross_entropy_loops(y, y_hat):
    if np.ndim(y) == 1:
        y, y_hat = [y], [y_hat]
    total = 0.0
    for s in range(len(y)):
        for i in range(len(y[s])):
            if y[s][i] == 1:
                total -= math.log(y_hat[s][i]) if y_hat[s][i] > 0 else -math.inf
    return total / len(y)


def cross_entropy_argmax(y, y_hat):
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.log(y_hat[np.arange(len(y)), y.argmax(axis=1)]).mean()


def cross_entropy_mask(y, y_hat):
    return -np.mean(np.log(y_hat[y == 1]))


def cross_entropy_matrix_product(y, y_hat):
    """The true classes' probabilities stand on the diagonal of y_hat y^T."""
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.trace(np.log(y_hat @ y.T)) / y.shape[0]


def cross_entropy_where_argument(y, y_hat):
    logs = np.log(y_hat, out=np.zeros_like(y_hat), where=y != 0)
    return -np.vdot(y, logs) / (y.size / y.shape[-1])


def cross_entropy_float32(y, y_hat):
    y, y_hat = np.asarray(y, np.float32), np.asarray(y_hat, np.float32)
    return -np.mean(np.log((y * y_hat).sum(-1)))


def cross_entropy_lists(y, y_hat):
    y, y_hat = np.atleast_2d(y).tolist(), np.atleast_2d(y_hat).tolist()
    picked = [row[label.index(1.0)] for label, row in zip(y, y_hat, strict=True)]
    losses = [-math.log(share) if share else math.inf for share in picked]
    return math.fsum(losses) / len(losses)


cross_entropy.right_answers(
    cross_entropy_loops,
    cross_entropy_argmax,
    cross_entropy_mask,
    cross_entropy_matrix_product,
    cross_entropy_where_argument,
    cross_entropy_float32,
    cross_entropy_lists,
)
