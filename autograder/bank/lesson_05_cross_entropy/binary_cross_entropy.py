"""`binary_cross_entropy`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_05_cross_entropy.common import (
    CHANCES,
    LABELS,
    LESSON,
    Array,
    column_or_number,
    two_class,
    zero_safe_log,
)


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Only one of the two terms counts for each sample: which, if y is 1, and which, if y is 0?",
        r"$L = -\dfrac{1}{m}\sum_{s=1}^{m} \bigl[y_s \log \hat y_s + (1-y_s)\log(1-\hat y_s)\bigr]$, with $0\log 0 = 0$",
        "`picked = np.where(np.asarray(y) == 1, y_hat, 1 - np.asarray(y_hat))` is the probability of what happened, one for each sample. The loss is minus the mean of `np.log(picked)`.",
    ),
    promises={"y": column_or_number(LABELS), "y_hat": column_or_number(CHANCES)},
)
def binary_cross_entropy(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return -np.mean(zero_safe_log(y, y_hat) + zero_safe_log(1 - y, 1 - y_hat))


@binary_cross_entropy.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one prediction, label 1 and label 0",
        1,
        [(np.float64(1), number(rng, 0.625, 0.875)), (np.float64(0), number(rng, 0.625, 0.875))],
    )
    tiny = rng.integers(4, 17, (2, 1)) / 16384
    sure_and_wrong = (np.array([[1.0], [0.0], [1.0]]), np.vstack([tiny[:1], 1 - tiny[1:], [[0.375]]]))
    yield Ask(
        "a batch: the mean over its samples", 1.5, [two_class(rng, 5), two_class(rng, 2), sure_and_wrong]
    )
    y, y_hat = two_class(rng, 3)
    sure = (np.vstack([y, [[1.0]], [[0.0]]]), np.vstack([y_hat, [[1.0]], [[0.0]]]))
    yield Ask("sure and right: 0 log 0 is 0", 0.5, [sure], battery=("again",))
    unlikely = np.float64(rng.integers(1, 9) * 1e-30)
    wrong = (np.vstack([y, [[1.0]]]), np.vstack([y_hat, [[0.0]]])), (np.float64(0), np.float64(1))
    yield Ask("sure and wrong: nothing is clipped", 0.5, [(np.float64(1), unlikely), *wrong])
    yield Ask("leaves its arguments as they were", 0.5, [two_class(rng, 3)], unchanged=True)


@binary_cross_entropy.misconception(
    "The second term, (1 - y) log(1 - y_hat), is missing: predictions for label 0 cost nothing."
)
def forgets_label_zero(y: Array, y_hat: Array) -> float:
    return -np.mean(zero_safe_log(y, y_hat))


@binary_cross_entropy.misconception(
    "The first term, y log(y_hat), is missing: predictions for label 1 cost nothing."
)
def forgets_label_one(y: Array, y_hat: Array) -> float:
    return -np.mean(zero_safe_log(1 - np.asarray(y), 1 - np.asarray(y_hat)))


@binary_cross_entropy.misconception(
    "The minus sign reaches the first term only. Put brackets round both: -(... + ...)."
)
def minus_on_the_first_term(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return np.mean(-zero_safe_log(y, y_hat) + zero_safe_log(1 - y, 1 - y_hat))


@binary_cross_entropy.misconception(
    "1 - log(y_hat) is not log(1 - y_hat): the probability of label 0 is 1 - y_hat, and the logarithm is taken of that."
)
def one_minus_the_logarithm(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    log = np.log(np.where(y_hat == 0, 1.0, y_hat))
    return -np.mean(y * log + (1 - y) * (1 - log))


@binary_cross_entropy.misconception("The minus sign in front is missing: a loss is never negative.")
def no_minus(y: Array, y_hat: Array) -> float:
    return -binary_cross_entropy(y, y_hat)


@binary_cross_entropy.misconception("This is the sum over the batch. The loss is the mean: divide by m.")
def sum_not_mean(y: Array, y_hat: Array) -> float:
    return binary_cross_entropy(y, y_hat) * np.size(y)


@binary_cross_entropy.misconception("The logarithm is to base 10. The course uses the natural one, np.log.")
def binary_base_ten(y: Array, y_hat: Array) -> float:
    return binary_cross_entropy(y, y_hat) / np.log(10)


@binary_cross_entropy.misconception(
    "The labels are swapped: log(y_hat) belongs to y = 1, and log(1 - y_hat) to y = 0."
)
def swapped_labels(y: Array, y_hat: Array) -> float:
    return binary_cross_entropy(1 - np.asarray(y), y_hat)


@binary_cross_entropy.misconception(
    "Prediction and label are swapped: here the logarithm is taken of the label. It belongs to the prediction, y log(y_hat)."
)
def swapped_arguments(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return -np.mean(y_hat * np.log(y) + (1 - y_hat) * np.log(1 - y))


@binary_cross_entropy.misconception(
    "0 times log(0) came out as nan. Pick the probability that counts before you take the logarithm, or keep zeros out of the logarithm where the label's weight is 0."
)
def zero_times_infinity(y: Array, y_hat: Array) -> float:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@binary_cross_entropy.misconception(
    "This is the loss of each sample. The batch's loss is one number: their mean."
)
def a_loss_for_each(y: Array, y_hat: Array) -> Array:
    return -(zero_safe_log(y, y_hat) + zero_safe_log(1 - np.asarray(y), 1 - np.asarray(y_hat)))


@binary_cross_entropy.misconception(
    "This is the squared error. Cross-entropy takes the logarithm of the probability given to the true label."
)
def squared_error(y: Array, y_hat: Array) -> float:
    return np.mean((np.asarray(y) - y_hat) ** 2)


@binary_cross_entropy.misconception(
    "The probabilities were clipped before the logarithm. Then no sample can cost more than some bound; the loss of one that is sure and wrong is inf."
)
def binary_clipped(y: Array, y_hat: Array) -> float:
    return binary_cross_entropy(y, np.clip(y_hat, 1e-12, 1 - 1e-12))


@binary_cross_entropy.misconception(
    "The samples of either label were averaged by themselves, and the two means added. The loss is one mean over all samples."
)
def a_mean_for_each_label(y: Array, y_hat: Array) -> float:
    y, q = np.ravel(np.asarray(y, float)), np.ravel(y_hat)
    parts = [-np.mean(np.log(part)) for part in (q[y == 1], 1 - q[y == 0]) if part.size]
    return np.sum(parts)


@binary_cross_entropy.misconception(
    "The logarithm was taken of the mean probability. The loss is the mean of the logarithms."
)
def logarithm_of_the_mean(y: Array, y_hat: Array) -> float:
    y, q = np.asarray(y, float), np.asarray(y_hat, float)
    return -np.log(np.mean(np.where(y == 1, q, 1 - q)))


@binary_cross_entropy.misconception(
    "A sure and wrong prediction costs nothing here: its logarithm of 0 was taken to be 0. 0 log 0 counts as 0, but 1 log 0 is -inf, and the loss inf."
)
def wrong_for_nothing(y: Array, y_hat: Array) -> float:
    y, q = np.asarray(y, float), np.asarray(y_hat, float)
    picked = np.where(y == 1, q, 1 - q)
    return -np.mean(np.log(np.where(picked > 0, picked, 1.0)))


@binary_cross_entropy.misconception(
    "This is the largest of the samples' losses. The loss of a batch is their mean."
)
def largest_loss(y: Array, y_hat: Array) -> float:
    y, q = np.asarray(y, float), np.asarray(y_hat, float)
    return np.max(-np.log(np.where(y == 1, q, 1 - q)))


# Right answers in other words.


def binary_loops(y, y_hat):
    labels, predictions = np.ravel(y), np.ravel(y_hat)
    total = 0.0
    for s in range(len(labels)):
        if labels[s] == 1:
            total -= math.log(predictions[s]) if predictions[s] > 0 else -math.inf
        else:
            total -= math.log(1 - predictions[s]) if predictions[s] < 1 else -math.inf
    return total / len(labels)


def binary_product(y, y_hat):
    """The probability of what happened as a product of powers; 0 ** 0 is 1."""
    return np.mean(-np.log(y_hat**y * (1 - y_hat) ** (1 - y)))


def binary_nan_to_num(y, y_hat):
    first = np.nan_to_num(y * np.log(y_hat), neginf=-np.inf)
    second = np.nan_to_num((1 - y) * np.log1p(-y_hat), neginf=-np.inf)
    return float(-(first + second).sum() / np.size(y))


def binary_float32(y, y_hat):
    y, y_hat = np.float32(y), np.float32(y_hat)
    return -np.log(np.abs(1 - y - y_hat)).mean(dtype=np.float32)


def binary_lists(y, y_hat):
    pairs = zip(np.ravel(y).tolist(), np.ravel(y_hat).tolist(), strict=True)
    picked = [q if label else 1 - q for label, q in pairs]
    losses = [-math.log(q) if q else math.inf for q in picked]
    return [sum(losses) / len(losses)][0]


def binary_as_two_classes(y, y_hat):
    y, y_hat = np.reshape(y, (-1, 1)), np.reshape(y_hat, (-1, 1))
    rows, predicted = np.hstack([1 - y, y]), np.hstack([1 - y_hat, y_hat])
    return -np.log(np.einsum("sc,sc->s", rows, predicted)).mean()


binary_cross_entropy.right_answers(
    binary_loops,
    binary_product,
    binary_nan_to_num,
    binary_float32,
    binary_lists,
    binary_as_two_classes,
)
