"""Lesson 05: cross-entropy for two and for many classes, its gradient, and the two deltas (seed 000).

Labels are one-hot rows; a batch of two-class labels is a column (m, 1). A loss is the mean over the batch, and
a gradient is that of the mean loss, so it carries the 1/m.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, one_hot, probabilities, signed

Array = np.ndarray
LESSON = "05-cross-entropy"
ONE_SAMPLE = "A single sample has shape (n,), and there len(y) is n, the number of classes. Its m is 1."
IN_PLACE = "The numbers are right, but the caller's array is changed on the way. Compute a new array instead of writing into an argument."
ZERO_LOG = "Where a label is 0 its term is 0, even if the predicted probability is 0 too: 0 log 0 counts as 0 here, not as nan."
OVERFLOW = "exp(1000) overflows. Subtract each row's largest logit before the exponential."


def samples(z: Array) -> int:
    """m: the rows of a batch, or 1 for one sample."""
    return np.shape(z)[0] if np.ndim(z) == 2 else 1


def zero_safe_log(weight: Array, x: Array) -> Array:
    """weight * log(x), and 0 wherever the weight is 0."""
    weight, x = np.broadcast_arrays(np.asarray(weight, float), np.asarray(x, float))
    return weight * np.log(np.where(weight == 0, 1.0, x))


def two_class(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Labels 0 and 1, both among them, and probabilities that differ: two columns (m, 1)."""
    y = rng.permutation(np.arange(m) % 2)[:, None].astype(float)
    return y, rng.choice(np.setdiff1d(np.arange(4, 61), [32]), m, replace=False)[:, None] / 64


def logits(rng: np.random.Generator, m: int, n: int) -> Array:
    """A batch of logits whose rows have different maxima and sums."""
    return np.array([distinct(rng, n) for _ in range(m)]) + 2 * rng.permutation(m)[:, None]


def huge_batch(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Logits of size 1000: rows near 1000, over both signs, near -1000; one-hot labels off the maximum."""
    near, across, below = distinct(rng, 3, 0, 2), distinct(rng, 3), distinct(rng, 3, 0, 2)
    z = np.array([1000 + near, [1000.0, -1000.0, 0.0] + across, below - 1000])[:m]
    return z, np.eye(3)[np.argsort(z, axis=1)[:, 1]]


# -------------------------------------------------------------------------------------- binary_cross_entropy


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Only one of the two terms counts for each sample: which, if y is 1, and which, if y is 0?",
        r"$L = -\dfrac{1}{m}\sum_{s=1}^{m} \bigl[y_s \log \hat y_s + (1-y_s)\log(1-\hat y_s)\bigr]$, with $0\log 0 = 0$",
        "`picked = np.where(y == 1, y_hat, 1 - y_hat)`",
    ),
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
    yield Ask("a batch: the mean over its samples", 1.5, [two_class(rng, 5), two_class(rng, 2)])
    y, y_hat = two_class(rng, 3)
    sure = (np.vstack([y, [[1.0]], [[0.0]]]), np.vstack([y_hat, [[1.0]], [[0.0]]]))
    yield Ask("sure and right: 0 log 0 is 0", 1, [sure], advice=ZERO_LOG)
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


# --------------------------------------------------------------------------------------------- cross_entropy


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "With one-hot labels only one probability of each row counts. Sum over the classes, then take the mean over the samples.",
        r"$L = -\dfrac{1}{m}\sum_{s=1}^{m}\sum_{i} y_{si}\log \hat y_{si}$, with $0\log 0 = 0$; for one sample $m = 1$",
        "`picked = np.sum(y * y_hat, axis=-1)`",
    ),
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
        [one_hot_and(rng, 4, 3), one_hot_and(rng, 3, 3), one_hot_and(rng, 1, 4)],
    )
    labels, rows = one_hot_and(rng, 2, 3)
    sure = (np.vstack([labels, [[0.0, 1.0, 0.0]]]), np.vstack([rows, [[0.0, 1.0, 0.0]]]))
    yield Ask("sure and right: 0 log 0 is 0", 1, [sure], advice=ZERO_LOG)
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


# ------------------------------------------------------------------------------------ cross_entropy_gradient


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Differentiate -y log(y_hat) with respect to y_hat, entry by entry. What is left where y is 0?",
        r"$\dfrac{\partial L}{\partial \hat y_{si}} = -\dfrac{1}{m}\,\dfrac{y_{si}}{\hat y_{si}}$; for one sample $m = 1$",
        "`m = y.shape[0] if y.ndim == 2 else 1`",
    ),
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
        [one_hot_and(rng, 4, 3), one_hot_and(rng, 2, 5), one_hot_and(rng, 3, 3)],
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


# ------------------------------------------------------------------------------- sigmoid_cross_entropy_delta


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Do not multiply two slopes in code. What was left of them on paper, once everything had cancelled?",
        r"$\delta = \dfrac{1}{m}\,\bigl(\sigma(z) - y\bigr)$; for one sample $m = 1$",
        "`y_hat = np.exp(-np.logaddexp(0, -z))`, a sigmoid that cannot overflow",
    ),
)
def sigmoid_cross_entropy_delta(z: Array, y: Array) -> Array:
    return (stable_sigmoid(z) - y) / samples(z)


def stable_sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def column_and_labels(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Logits (m, 1) of both signs, and labels (m, 1)."""
    return signed(rng, m, 1), two_class(rng, m)[0]


@sigmoid_cross_entropy_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    one, zero = np.array([1.0]), np.array([0.0])
    yield Ask("one sample", 1, [(signed(rng, 1), one), (signed(rng, 1), zero)])
    yield Ask(
        "a batch: with the 1/m of the mean", 1.5, [column_and_labels(rng, 4), column_and_labels(rng, 3)]
    )
    z, y = column_and_labels(rng, 3)
    far = (
        np.vstack([z, [[1000.0]], [[-1000.0]], [[1000.0]], [[-1000.0]]]),
        np.vstack([y, [[0.0]], [[1.0]], [[1.0]], [[0.0]]]),
    )
    yield Ask(
        "huge logits",
        1,
        [far],
        advice="At logits of 1000 the delta is finite, between -1/m and 1/m: use a stable sigmoid, and let the slopes cancel on paper.",
    )
    yield Ask("leaves its arguments as they were", 0.5, [column_and_labels(rng, 3)], unchanged=True)


@sigmoid_cross_entropy_delta.misconception(
    "The 1/m of the mean is missing: a delta is the gradient of the mean loss."
)
def delta_without_mean(z: Array, y: Array) -> Array:
    return stable_sigmoid(z) - y


@sigmoid_cross_entropy_delta.misconception(
    "The sigmoid's slope stands there once too often. It cancels against the 1 / (y_hat (1 - y_hat)) of the loss; with it this is the delta of the squared error."
)
def slope_once_too_often(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (s - y) * s * (1 - s) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The sign is turned round: it is y_hat - y. A prediction above the label must be pushed down."
)
def delta_turned_round(z: Array, y: Array) -> Array:
    return (y - stable_sigmoid(z)) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The sigmoid is missing: the delta is sigmoid(z) - y, and z is still a logit."
)
def delta_without_sigmoid(z: Array, y: Array) -> Array:
    return (np.asarray(z) - y) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "This is the slope with respect to y_hat. The delta is the slope with respect to z: the sigmoid's own slope y_hat (1 - y_hat) is missing, and nearly everything cancels."
)
def gradient_at_the_output(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (-y / s + (1 - y) / (1 - s)) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "The two slopes are right on paper, but at logits of 1000 one is 0 and the other is not finite, and their product is nan. Cancel them first, on paper."
)
def not_cancelled(z: Array, y: Array) -> Array:
    s = stable_sigmoid(z)
    return (-y / s + (1 - y) / (1 - s)) * s * (1 - s) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "exp(1000) overflows to inf here, and inf / inf is nan. Write the sigmoid so that no large number is raised."
)
def sigmoid_overflows(z: Array, y: Array) -> Array:
    e = np.exp(z)
    return (e / (1 + e) - y) / samples(z)


@sigmoid_cross_entropy_delta.misconception(
    "This is one number, the mean of all deltas. A delta has the shape of z: one entry for each sample."
)
def mean_of_the_deltas(z: Array, y: Array) -> float:
    return np.mean(stable_sigmoid(z) - y)


@sigmoid_cross_entropy_delta.misconception(
    "Logit and label have changed places: the arguments are (z, y), in this order."
)
def label_and_logit_swapped(z: Array, y: Array) -> Array:
    return (stable_sigmoid(y) - z) / samples(z)


# ----------------------------------------------------------------------------------------------- log_softmax


@exercise(
    LESSON,
    difficulty=3,
    minutes=10,
    hints=(
        "Taking the logarithm of a probability that has underflowed to 0 is too late. The division must become a subtraction before anything is computed.",
        r"$\log p_i = z_i - \max z - \log \sum_k e^{z_k - \max z}$",
        "`shifted = z - np.max(z, axis=-1, keepdims=True)`",
    ),
)
def log_softmax(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@log_softmax.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(distinct(rng, 3) + 0.25,), (distinct(rng, 5),)])
    yield Ask(
        "a batch, each row by itself", 1, [(logits(rng, 4, 3),), (logits(rng, 1, 4),), (logits(rng, 3, 3),)]
    )
    yield Ask(
        "huge logits", 1.5, [(huge_batch(rng, 3)[0],), (-1000 + distinct(rng, 3, 0, 2),)], advice=OVERFLOW
    )
    yield Ask("leaves its argument as it was", 0.5, [(logits(rng, 2, 3),)], unchanged=True)


@log_softmax.misconception(
    "The softmax was computed first and then the logarithm. A probability that underflows to 0 has the logarithm -inf: stay with the logits."
)
def log_of_the_softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return np.log(e / np.sum(e, axis=-1, keepdims=True))


@log_softmax.misconception(
    "exp(1000) overflows to inf inside the sum. Subtract each row's largest logit first, in both places."
)
def log_sum_exp_overflows(z: Array) -> Array:
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


@log_softmax.misconception(
    "These are the probabilities. Their logarithm is asked for, and it is never positive."
)
def probabilities_instead(z: Array) -> Array:
    return np.exp(log_softmax(z))


@log_softmax.misconception("The logarithm of the sum is missing: the shifted logits are only the numerator.")
def forgets_the_sum(z: Array) -> Array:
    return z - np.max(z, axis=-1, keepdims=True)


@log_softmax.misconception("The logarithm around the sum is missing: log(a / b) is log a minus log b.")
def forgets_the_logarithm(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.sum(np.exp(shifted), axis=-1, keepdims=True)


@log_softmax.misconception(
    "The maximum was subtracted inside the exponential only. Shift both places, or add it back outside the logarithm."
)
def shifts_one_place_only(z: Array) -> Array:
    return z - np.log(np.sum(np.exp(z - np.max(z, axis=-1, keepdims=True)), axis=-1, keepdims=True))


@log_softmax.misconception("The sum runs over the whole batch. Each row has its own: axis=-1, keepdims=True.")
def one_sum_for_the_batch(z: Array) -> Array:
    shifted = z - np.max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))


@log_softmax.misconception("This logarithm is to base 10. The course uses the natural one, np.log.")
def log_softmax_base_ten(z: Array) -> Array:
    return log_softmax(z) / np.log(10)


@log_softmax.misconception(
    "The row maxima have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def log_softmax_without_keepdims(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1))


@log_softmax.misconception(IN_PLACE)
def log_softmax_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


# --------------------------------------------------------------------------------- cross_entropy_from_logits


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "You never need the probability itself, only its logarithm, and you have a function for that.",
        r"$L = -\dfrac{1}{m}\sum_{s}\sum_i y_{si}\,\log\operatorname{softmax}(z_s)_i$; for one sample $m = 1$",
        "`log_p = log_softmax(z)`",
    ),
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
    z, y = huge_batch(rng, 3)
    yield Ask(
        "logits of 1000, exactly",
        2,
        [(z[0], y[0]), (z, y)],
        advice="At logits of 1000 the loss is finite and can be large. Neither inf nor a clipped value: work with log_softmax.",
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


# ------------------------------------------------------------------------------- softmax_cross_entropy_delta


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "You derived it twice above, with the same result. Neither a Jacobian nor a division is left in it.",
        r"$\delta = \dfrac{1}{m}\,\bigl(\operatorname{softmax}(z) - y\bigr)$; for one sample $m = 1$",
        "`p = np.exp(log_softmax(z))`",
    ),
)
def softmax_cross_entropy_delta(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / samples(z)


@softmax_cross_entropy_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    zero = ("rows_sum_to_zero",)
    yield Ask(
        "one sample",
        1,
        [(distinct(rng, 3) + 0.25, one_hot(rng, 1, 3)[0]), (distinct(rng, 5), one_hot(rng, 1, 5)[0])],
        properties=zero,
    )
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [logits_and_labels(rng, 4, 3), logits_and_labels(rng, 3, 3), logits_and_labels(rng, 2, 5)],
        properties=zero,
    )
    yield Ask("huge logits", 1, [huge_batch(rng, 3)], advice=OVERFLOW)
    yield Ask("leaves its arguments as they were", 0.5, [logits_and_labels(rng, 2, 3)], unchanged=True)


@softmax_cross_entropy_delta.misconception(
    "The 1/m of the mean is missing: a delta is the gradient of the mean loss."
)
def softmax_delta_without_mean(z: Array, y: Array) -> Array:
    return np.exp(log_softmax(z)) - y


@softmax_cross_entropy_delta.misconception(
    "The sign is turned round: it is p - y. The true class must be pushed up, so its entry is negative."
)
def softmax_delta_turned_round(z: Array, y: Array) -> Array:
    return (y - np.exp(log_softmax(z))) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "Only the Jacobian's diagonal was used. Off the diagonal it says how the true class's probability falls when another logit grows: those entries count too."
)
def diagonal_delta(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    return -np.asarray(y) * (1 - p) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "The softmax is missing: the delta is softmax(z) - y, and z is still a logit."
)
def delta_without_softmax(z: Array, y: Array) -> Array:
    return (np.asarray(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "A slope p (1 - p) stands there as well. The softmax's Jacobian is inside p - y already."
)
def softmax_slope_too_often(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    return (p - y) * p * (1 - p) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "This divides by all m times n entries. The mean is over the m samples only."
)
def softmax_delta_divided_by_all(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / np.size(z)


@softmax_cross_entropy_delta.misconception(
    "This uses a sigmoid for each logit. With several classes the probabilities come from the softmax."
)
def sigmoids_for_softmax(z: Array, y: Array) -> Array:
    return (stable_sigmoid(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "exp(1000) overflows here, and inf / inf is nan. Take the probabilities from your stable log_softmax."
)
def softmax_delta_overflows(z: Array, y: Array) -> Array:
    e = np.exp(z)
    return (e / np.sum(e, axis=-1, keepdims=True) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(ONE_SAMPLE)
def softmax_delta_counts_classes(z: Array, y: Array) -> Array:
    return (np.exp(log_softmax(z)) - y) / len(z)


@softmax_cross_entropy_delta.misconception(
    "The deltas were averaged over the batch. A delta has the shape of z: one row for each sample, and each carries its 1/m."
)
def averaged_over_the_batch(z: Array, y: Array) -> Array:
    return np.mean(np.exp(log_softmax(z)) - y, axis=0)


@softmax_cross_entropy_delta.misconception(
    "The logarithm of the softmax stands here. The delta is made of the probabilities themselves."
)
def logarithms_for_probabilities(z: Array, y: Array) -> Array:
    return (log_softmax(z) - y) / samples(z)


@softmax_cross_entropy_delta.misconception(
    "Multiplying -y / p by the Jacobian is right on paper, but -y / p is infinite or 0 / 0 where p underflows to 0. Cancel first, on paper."
)
def softmax_not_cancelled(z: Array, y: Array) -> Array:
    p = np.exp(log_softmax(z))
    upstream = -np.asarray(y) / p / samples(z)
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True))


# ------------------------------------------------------------------------------------------------ the text


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    labels, predicted = np.array([[1.0], [0.0], [1.0]]), np.array([[0.8], [0.3], [0.4]])
    second = np.array([0.0, 1.0, 0.0])
    rows = np.array([[0.2, 0.7, 0.1], [0.05, 0.7, 0.25], [0.7, 0.2, 0.1]])
    rain = np.array([[1.0]] * 7 + [[0.0]] * 3)
    z, start = np.array([2.0, 1.0, 0.0]), np.array([-6.0])
    y_hat = stable_sigmoid(start)
    delta = sigmoid_cross_entropy_delta(start, np.array([1.0]))
    return {
        "probabilities on the slider": np.array([0.8, 0.4, 0.2]),
        "probabilities of section 1": np.array([0.9, 0.5, 0.25, 0.1, 0.01]),
        "their losses": -np.log([0.9, 0.5, 0.25, 0.1, 0.01]),
        "squared error at 0.01": (1 - 0.01) ** 2,
        "what halving p costs": np.log(2),
        "probability of both samples": 0.5 * 0.1,
        "loss of both samples, their sum": -np.log(0.5 * 0.1),
        "loss of both samples, their mean": binary_cross_entropy(np.ones((2, 1)), np.array([[0.5], [0.1]])),
        "two-class predictions": predicted,
        "probability of what happened": np.where(labels == 1, predicted, 1 - predicted),
        "two-class losses": np.array(
            [binary_cross_entropy(*pair) for pair in zip(labels, predicted, strict=True)]
        ),
        "two-class mean loss": binary_cross_entropy(labels, predicted),
        "forecasts": np.array([0.7, 0.99]),
        "loss of the honest forecast": binary_cross_entropy(rain, np.full((10, 1), 0.7)),
        "loss of the boasting forecast": binary_cross_entropy(rain, np.full((10, 1), 0.99)),
        "log 10": np.log(10),
        "base-10 loss at 0.5": -np.log10(0.5),
        "minus the base-10 loss at 0.5": np.log10(0.5),
        "the base-10 loss read as a natural one": np.exp(np.log10(0.5)),
        "predictions for three classes": rows,
        "losses for three classes": np.array([cross_entropy(second, row) for row in rows]),
        "sigmoid of -6": y_hat,
        "delta of cross-entropy at -6, label 1": delta,
        "delta of the squared error at -6, label 1": delta * y_hat * (1 - y_hat),
        "clipped at": 1e-12,
        "largest loss after clipping": -np.log(1e-12),
        "smallest positive float": np.nextafter(0.0, 1.0),
        "rate of the walk": 0.5,
        "softmax of (2, 1, 0)": np.exp(log_softmax(z)),
        "delta of (2, 1, 0), second class": softmax_cross_entropy_delta(z, second),
    }
