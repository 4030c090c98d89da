"""`cross_entropy_gradient`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, one_hot, probabilities
from autograder.bank.lesson_05_cross_entropy.common import (
    LESSON,
    ONE_SAMPLE,
    Array,
    nearly_impossible,
    samples,
    unlikely,
)
from autograder.bank.lesson_05_cross_entropy.cross_entropy import one_hot_and
from autograder.bank.promises import one_hot_rows
from autograder.bank.promises import shares as probability_rows


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Differentiate -y log(y_hat) with respect to y_hat, entry by entry. What is left where y is 0?",
        r"$\dfrac{\partial L}{\partial \hat y_{si}} = -\dfrac{1}{m}\,\dfrac{y_{si}}{\hat y_{si}}$; for one sample $m = 1$",
        "`m = y.shape[0] if y.ndim == 2 else 1` counts the samples; then `-y / y_hat`, divided by `m`.",
    ),
    promises={"y": one_hot_rows("m? n"), "y_hat": probability_rows("m? n")},
)
def cross_entropy_gradient(y: Array, y_hat: Array) -> Array:
    # A term with label 0 is 0 whatever y_hat is, 0 log 0 included: so is its slope.
    return -np.asarray(y) / np.where(np.asarray(y) == 0, 1.0, y_hat) / samples(y)


@cross_entropy_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1,
        [(one_hot(rng, 1, 3)[0], probabilities(rng, 3)), (one_hot(rng, 1, 4)[0], probabilities(rng, 4))],
    )
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [
            one_hot_and(rng, 4, 3),
            one_hot_and(rng, 2, 5),
            one_hot_and(rng, 3, 3),
            unlikely(rng),
            nearly_impossible(rng),
        ],
    )
    yield Ask("leaves its arguments as they were", 0.5, [one_hot_and(rng, 2, 3)], unchanged=True)


@cross_entropy_gradient.misconception(
    "The 1/m of the mean is missing: the loss is a mean over the batch, and so is its gradient."
)
def gradient_without_mean(y: Array, y_hat: Array) -> Array:
    return -np.asarray(y) / y_hat


@cross_entropy_gradient.misconception(
    "This is y_hat - y, the gradient at the logits. With respect to the probabilities it is -y / y_hat."
)
def gradient_at_the_logits(y: Array, y_hat: Array) -> Array:
    return (np.asarray(y_hat) - y) / samples(y)


@cross_entropy_gradient.misconception(
    "The sign is wrong: a larger probability for the true class makes the loss smaller, so the entry is negative."
)
def gradient_wrong_sign(y: Array, y_hat: Array) -> Array:
    return np.asarray(y) / y_hat / samples(y)


@cross_entropy_gradient.misconception(
    "This is the slope of the two-class formula, used on every class. With one-hot labels the entry is 0 where y is 0."
)
def two_class_gradient(y: Array, y_hat: Array) -> Array:
    y, y_hat = np.asarray(y, float), np.asarray(y_hat, float)
    return (-y / y_hat + (1 - y) / (1 - y_hat)) / samples(y)


@cross_entropy_gradient.misconception(
    "The mean runs over all m times n entries. Divide by the m samples only."
)
def gradient_divided_by_all(y: Array, y_hat: Array) -> Array:
    return -np.asarray(y) / y_hat / np.size(y)


@cross_entropy_gradient.misconception(ONE_SAMPLE)
def gradient_counts_classes(y: Array, y_hat: Array) -> Array:
    return -np.asarray(y) / y_hat / len(y)


@cross_entropy_gradient.misconception(
    "The fraction is upside down: the derivative of log(y_hat) is 1 / y_hat, so y_hat stands below."
)
def gradient_upside_down(y: Array, y_hat: Array) -> Array:
    return -np.asarray(y) * y_hat / samples(y)


@cross_entropy_gradient.misconception(
    "This is the slope of a logarithm to base 10. The course's logarithm is the natural one, whose slope is 1 / y_hat without a factor."
)
def gradient_base_ten(y: Array, y_hat: Array) -> Array:
    return cross_entropy_gradient(y, y_hat) / np.log(10)


@cross_entropy_gradient.misconception(
    "The label is missing: -1 / y_hat stands in every entry, also where y is 0."
)
def forgets_the_label(y: Array, y_hat: Array) -> Array:
    return -1 / np.asarray(y_hat) / samples(y)


@cross_entropy_gradient.misconception("This is -y log(y_hat), the loss itself. Its slope is -y / y_hat.")
def loss_not_gradient(y: Array, y_hat: Array) -> Array:
    return -np.asarray(y) * np.log(y_hat) / samples(y)


families.count(
    cross_entropy_gradient,
    lambda count: lambda y, y_hat: -np.asarray(y) / np.where(np.asarray(y) == 0, 1.0, y_hat) / count(y),
    without=("no_division_by_m", "divides_by_all_entries", "divides_a_single_sample"),
)


# Right answers in other words.


def gradient_loops(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.ndim == 2:
        return np.array([gradient_loops(y[s], y_hat[s]) / len(y) for s in range(len(y))])
    gradient = np.zeros(len(y))
    for i in range(len(y)):
        gradient[i] = -y[i] / y_hat[i]
    return gradient


def gradient_picked(y, y_hat):
    gradient = np.zeros(y.shape)
    gradient[y == 1] = -1 / y_hat[y == 1]
    return gradient / (y.shape[0] if y.ndim == 2 else 1)


def gradient_einsum(y, y_hat):
    return np.einsum("...i,...i->...i", -y, 1 / y_hat) / np.sum(y)


def gradient_copies(y, y_hat):
    gradient = y.copy()
    gradient /= -y_hat
    gradient /= max(1, y.size // y.shape[-1])
    return gradient


def gradient_float32(y, y_hat):
    y, y_hat = np.asarray(y, np.float32), np.asarray(y_hat, np.float32)
    return -y / (y_hat * np.float32(len(np.atleast_2d(y))))


def gradient_lists(y, y_hat):
    if np.ndim(y) == 2:
        m = len(y)
        return [tuple(value / m for value in gradient_lists(*pair)) for pair in zip(y, y_hat, strict=True)]
    return [-label / q for label, q in zip(np.asarray(y).tolist(), np.asarray(y_hat).tolist(), strict=True)]


cross_entropy_gradient.right_answers(
    gradient_loops,
    gradient_picked,
    gradient_einsum,
    gradient_copies,
    gradient_float32,
    gradient_lists,
)
