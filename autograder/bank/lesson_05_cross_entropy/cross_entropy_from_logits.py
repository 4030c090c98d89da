"""`cross_entropy_from_logits`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise, one_hot
from autograder.bank.lesson_05_cross_entropy.common import (
    LESSON,
    ONE_SAMPLE,
    Array,
    huge_batch,
    logits,
    samples,
)
from autograder.bank.lesson_05_cross_entropy.cross_entropy import cross_entropy
from autograder.bank.lesson_05_cross_entropy.log_softmax import (
    log_softmax,
    log_softmax_adds_the_maximum_back,
    log_softmax_copies,
    log_softmax_float32,
    log_softmax_lists,
    log_softmax_logaddexp,
    log_softmax_loops,
)
from autograder.bank.promises import logits as any_logits
from autograder.bank.promises import one_hot_rows


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "You never need the probability itself, only its logarithm, and you have a function for that.",
        r"$L = -\dfrac{1}{m}\sum_{s}\sum_i y_{si}\,\log\operatorname{softmax}(z_s)_i$; for one sample $m = 1$",
        "`log_p = log_softmax(z)`, then `np.sum(y * log_p, axis=-1)` is minus the loss of each sample. Take the mean over the samples, and turn the sign.",
    ),
    promises={"z": any_logits("m? n"), "y": one_hot_rows("m? n")},
)
def cross_entropy_from_logits(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * log_softmax(z)) / samples(z)


def logits_and_labels(rng: np.random.Generator, m: int, n: int) -> tuple[Array, Array]:
    """Logits (m, n) and one-hot labels of the same shape."""
    return logits(rng, m, n), one_hot(rng, m, n)


@cross_entropy_from_logits.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1,
        [(distinct(rng, 3) + 0.25, one_hot(rng, 1, 3)[0]), (distinct(rng, 5), one_hot(rng, 1, 5)[0])],
    )
    yield Ask(
        "a batch: the mean over its samples",
        1.5,
        [logits_and_labels(rng, 4, 3), logits_and_labels(rng, 3, 3), logits_and_labels(rng, 1, 4)],
    )
    z, y = huge_batch(rng, 5)
    yield Ask(
        "logits of 1000, exactly",
        2,
        [(z[0], y[0]), (z, y)],
    )
    yield Ask("leaves its arguments as they were", 0.5, [logits_and_labels(rng, 2, 3)], unchanged=True)


@cross_entropy_from_logits.misconception(
    "The softmax was computed first and then the logarithm: a probability that underflows to 0 makes the loss infinite. Use log_softmax."
)
def loss_through_the_softmax(z: Array, y: Array) -> float:
    return cross_entropy(y, np.exp(log_softmax(z)))


@cross_entropy_from_logits.misconception(
    "The probabilities were clipped to avoid log(0). That hides the true loss: no sample can cost more than -log(1e-12), about 27.6. Use log_softmax."
)
def clipped_probabilities(z: Array, y: Array) -> float:
    return cross_entropy(y, np.clip(np.exp(log_softmax(z)), 1e-12, 1))


@cross_entropy_from_logits.misconception(
    "The probabilities were clipped to avoid log(0). That hides the true loss: no sample can cost more than -log(1e-15), about 34.5. Use log_softmax."
)
def clipped_more_finely(z: Array, y: Array) -> float:
    return cross_entropy(y, np.clip(np.exp(log_softmax(z)), 1e-15, 1))


@cross_entropy_from_logits.misconception(ONE_SAMPLE)
def loss_counts_classes(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * log_softmax(z)) / len(y)


@cross_entropy_from_logits.misconception(
    "This is the loss of each sample. The batch's loss is one number: their mean."
)
def loss_from_logits_for_each(z: Array, y: Array) -> Array:
    return -np.sum(np.asarray(y) * log_softmax(z), axis=-1)


@cross_entropy_from_logits.misconception(
    "This scores the class with the largest logit. The loss asks for the true class, where y is 1."
)
def loss_of_the_favourite(z: Array, y: Array) -> float:
    return -np.mean(np.max(log_softmax(z), axis=-1))


@cross_entropy_from_logits.misconception(
    "The logits were used as if they were probabilities: a softmax belongs in between."
)
def logits_as_probabilities(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * np.log(z)) / samples(z)


@cross_entropy_from_logits.misconception("This is the sum over the batch. The loss is the mean: divide by m.")
def loss_from_logits_summed(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * log_softmax(z))


@cross_entropy_from_logits.misconception(
    "The mean runs over all m times n entries. Divide by the m samples only."
)
def loss_from_logits_over_all(z: Array, y: Array) -> float:
    return -np.mean(np.asarray(y) * log_softmax(z))


@cross_entropy_from_logits.misconception("The minus sign in front is missing: a loss is never negative.")
def loss_from_logits_no_minus(z: Array, y: Array) -> float:
    return np.sum(np.asarray(y) * log_softmax(z)) / samples(z)


@cross_entropy_from_logits.misconception(
    "The logarithm of the sum is missing: the loss is not just the distance from the largest logit."
)
def distance_from_the_largest(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * (z - np.max(z, axis=-1, keepdims=True))) / samples(z)


@cross_entropy_from_logits.misconception(
    "The logarithm is to base 10. The course uses the natural one, np.log."
)
def loss_from_logits_base_ten(z: Array, y: Array) -> float:
    return cross_entropy_from_logits(z, y) / np.log(10)


families.softmax(
    cross_entropy_from_logits,
    lambda softmax: (
        lambda z, y: (
            -np.sum(np.where(np.asarray(y) == 0, 0.0, np.log(np.where(np.asarray(y) == 0, 1.0, softmax(z)))))
            / samples(z)
        )
    ),
    without=("largest_size_for_maximum", "mean_for_maximum"),
)
families.count(
    cross_entropy_from_logits,
    lambda count: lambda z, y: -np.sum(np.asarray(y) * log_softmax(z)) / count(z),
    without=("no_division_by_m", "divides_by_all_entries", "divides_a_single_sample"),
)


@cross_entropy_from_logits.misconception(
    "The logarithm was taken of the mean of the true classes' probabilities. The loss is the mean of the logarithms."
)
def loss_from_logits_log_of_the_mean(z: Array, y: Array) -> float:
    return -np.log(np.sum(np.asarray(y) * np.exp(log_softmax(z))) / samples(z))


@cross_entropy_from_logits.misconception(
    "The logarithm of a probability was cut off at -100. A sample can cost more: its loss is exact from the logits."
)
def loss_cut_off(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * np.maximum(log_softmax(z), -100)) / samples(z)


@cross_entropy_from_logits.misconception(
    "The maximum was taken away inside the exponential only. Take it from the true class's logit too, or add it back to the logarithm of the sum."
)
def loss_shifted_once(z: Array, y: Array) -> float:
    log_sum = np.log(np.sum(np.exp(z - np.max(z, axis=-1, keepdims=True)), axis=-1, keepdims=True))
    return -np.sum(np.asarray(y) * (z - log_sum)) / samples(z)


@cross_entropy_from_logits.misconception(
    "This is the logarithm of the sum alone. The true class's logit has to be taken away from it."
)
def only_the_logarithm_of_the_sum(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * (log_softmax(z) - z)) / samples(z)


@cross_entropy_from_logits.misconception(
    "This is the two-class loss of a sigmoid on each logit. With several classes one softmax stands under them all."
)
def sigmoids_loss(z: Array, y: Array) -> float:
    return np.sum(np.logaddexp(0, z) - np.asarray(y) * z) / samples(z)


@cross_entropy_from_logits.misconception(
    "This is minus the true class's logit alone. The logarithm of the sum over all classes belongs to it: log p = z - log of the sum."
)
def only_the_true_logit(z: Array, y: Array) -> float:
    return -np.sum(np.asarray(z) * y) / samples(z)


@cross_entropy_from_logits.misconception(
    "The logarithm of a sigmoid was taken, which knows of one logit only. With several classes the softmax divides by the sum over all of them."
)
def sigmoid_of_the_true_logit(z: Array, y: Array) -> float:
    return np.sum(np.logaddexp(0, -np.asarray(z)) * y) / samples(z)


# Right answers in other words.


def from_logits_own_log_softmax(z, y):
    return -np.sum(y * log_softmax_copies(z)) / (y.shape[0] if y.ndim == 2 else 1)


def from_logits_one_line(z, y):
    return np.mean(np.logaddexp.reduce(z, axis=-1) - np.sum(y * z, axis=-1))


def from_logits_loops(z, y):
    z, y = np.atleast_2d(z), np.atleast_2d(y)
    total = 0.0
    for s in range(len(z)):
        true = int(np.argmax(y[s]))
        total -= log_softmax_loops(z[s])[true]
    return total / len(z)


def from_logits_picked(z, y):
    return -log_softmax_adds_the_maximum_back(z)[y == 1].mean()


def from_logits_einsum(z, y):
    return -np.einsum("si,si->", np.atleast_2d(y), np.atleast_2d(log_softmax_logaddexp(z))) / np.sum(y)


def from_logits_float32(z, y):
    return -np.mean(np.sum(np.asarray(y, np.float32) * log_softmax_float32(z), axis=-1))


def from_logits_lists(z, y):
    z, y = np.atleast_2d(z).tolist(), np.atleast_2d(y).tolist()
    return sum(-log_softmax_lists(row)[label.index(1)] for row, label in zip(z, y, strict=True)) / len(z)


cross_entropy_from_logits.right_answers(
    from_logits_own_log_softmax,
    from_logits_one_line,
    from_logits_loops,
    from_logits_picked,
    from_logits_einsum,
    from_logits_float32,
    from_logits_lists,
)
