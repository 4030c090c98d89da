"""`sigmoid_mse_delta`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_09_four_equations.common import LESSON, ONE_SAMPLE, Array, outputs, samples
from autograder.bank.lesson_09_four_equations.networks import activated
from autograder.bank.promises import chances


@exercise(
    LESSON,
    difficulty=1,
    minutes=7,
    hints=(
        "Two factors: how the loss answers to the unit's output, and how the output answers to the unit's sum. You have both above.",
        r"$\delta = \dfrac{1}{m}\,(a - y) \odot a \odot (1 - a)$; for one sample $m = 1$",
        "`m = a.shape[0] if a.ndim == 2 else 1`. Then three factors, entry by entry: `a - y`, `a`, and `1 - a`; divided by `m`.",
    ),
    promises={"a": chances("m? n"), "y": chances("m? n", 0, 1)},
)
def sigmoid_mse_delta(a: Array, y: Array) -> Array:
    a = np.asarray(a)
    return (a - y) * a * (1 - a) / samples(a)


def outputs_and_targets(rng: np.random.Generator, *shape: int) -> tuple[Array, Array]:
    """Outputs of a sigmoid layer, and targets 0, 1 and between."""
    return outputs(rng, *shape), rng.integers(0, 5, shape) / 4 + 0.0


@sigmoid_mse_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [outputs_and_targets(rng, 3), outputs_and_targets(rng, 2)])
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [
            outputs_and_targets(rng, 4, 2),
            outputs_and_targets(rng, 3, 5),
            outputs_and_targets(rng, 3, 3),
            outputs_and_targets(rng, 1, 3),
            outputs_and_targets(rng, 1, 4),
            outputs_and_targets(rng, 3, 1),
        ],
    )
    yield Ask("leaves its arguments as they were", 0.5, [outputs_and_targets(rng, 3, 2)], unchanged=True)


@sigmoid_mse_delta.misconception(
    "The slope of the sigmoid is missing. a - y is how the loss answers to the output; to get to the unit's sum z, multiply by a (1 - a)."
)
def no_slope(a: Array, y: Array) -> Array:
    return (np.asarray(a) - y) / samples(a)


@sigmoid_mse_delta.misconception(
    "The sigmoid was applied once more. a is its output already, so its slope is a (1 - a)."
)
def sigmoid_of_the_output(a: Array, y: Array) -> Array:
    s = activated(np.asarray(a), "sigmoid")
    return (a - y) * s * (1 - s) / samples(a)


@sigmoid_mse_delta.misconception("The 1/m of the mean is missing: a delta is the slope of the mean loss.")
def delta_without_mean(a: Array, y: Array) -> Array:
    return (np.asarray(a) - y) * a * (1 - np.asarray(a))


@sigmoid_mse_delta.misconception(
    "This divides by all m times n entries. The loss of this course is 1/(2m) times the sum of squares: divide by the m samples only."
)
def divided_by_all(a: Array, y: Array) -> Array:
    return delta_without_mean(a, y) / np.size(a)


@sigmoid_mse_delta.misconception(
    "The sign is turned round: the derivative of (a - y)^2 / 2 with respect to a is a - y."
)
def turned_round(a: Array, y: Array) -> Array:
    return -sigmoid_mse_delta(a, y)


@sigmoid_mse_delta.misconception(
    "There is a factor 2 too much: the loss has 1/(2m) in front, and the 2 of the square cancels that 2."
)
def factor_two(a: Array, y: Array) -> Array:
    return 2 * sigmoid_mse_delta(a, y)


@sigmoid_mse_delta.misconception(ONE_SAMPLE)
def counts_the_outputs(a: Array, y: Array) -> Array:
    return delta_without_mean(a, y) / len(a)


@sigmoid_mse_delta.misconception(
    "The deltas were added up over the batch. A delta keeps one row for each sample; the sum comes later, in the gradients."
)
def summed_over_the_batch(a: Array, y: Array) -> Array:
    return np.sum(np.atleast_2d(sigmoid_mse_delta(a, y)), axis=0)


@sigmoid_mse_delta.misconception(
    "The slope was taken at the target, y (1 - y). It belongs to the output, a (1 - a)."
)
def slope_at_the_target(a: Array, y: Array) -> Array:
    y = np.asarray(y)
    return (np.asarray(a) - y) * y * (1 - y) / samples(a)


families.slope(
    sigmoid_mse_delta,
    lambda slope: lambda a, y: (np.asarray(a) - y) * slope(np.asarray(a)) / samples(a),
    without=("no_slope", "slope_of_the_result", "slope_turned_round"),
)


@sigmoid_mse_delta.misconception(
    "The difference came in squared. That is the loss; its slope has the difference itself."
)
def difference_squared(a: Array, y: Array) -> Array:
    return (np.asarray(a) - y) * sigmoid_mse_delta(a, y)


@sigmoid_mse_delta.misconception(
    "The difference a - y is missing: this is the slope of the sigmoid alone, over m."
)
def slope_alone(a: Array, y: Array) -> Array:
    return np.asarray(a) * (1 - np.asarray(a)) / samples(a)


@sigmoid_mse_delta.misconception(
    "A batch of one row was divided by its columns. m is the number of samples, the rows: 1 here."
)
def batch_of_one_by_its_columns(a: Array, y: Array) -> Array:
    m = np.size(a) if np.ndim(a) == 2 and len(a) == 1 else samples(a)
    return sigmoid_mse_delta(a, y) * samples(a) / m


# Right answers in other words.


def delta_loops(a, y):
    a, y = np.asarray(a), np.asarray(y)
    if a.ndim == 1:
        return np.array([(a[k] - y[k]) * a[k] * (1 - a[k]) for k in range(len(a))])
    m, n = a.shape
    delta = np.zeros((m, n))
    for s in range(m):
        for k in range(n):
            delta[s, k] = (a[s, k] - y[s, k]) * a[s, k] * (1 - a[s, k]) / m
    return delta


def delta_lists(a, y):
    rows, targets = np.atleast_2d(a).tolist(), np.atleast_2d(y).tolist()
    found = [
        [(p - t) * (p - p * p) / len(rows) for p, t in zip(row, target, strict=True)]
        for row, target in zip(rows, targets, strict=True)
    ]
    return found if np.ndim(a) == 2 else found[0]


def delta_float32(a, y):
    a, y = np.float32(a), np.float32(y)
    return (a - y) * (a - a**2) / np.float32(len(a) if a.ndim > 1 else 1)


def delta_through_the_sum(a, y):
    z = np.log(a) - np.log1p(-np.asarray(a))
    slope = 1 / (2 + np.exp(z) + np.exp(-z))
    return slope * (a - y) / np.atleast_2d(a).shape[0]


def delta_copies(a, y):
    delta = a.copy()
    delta -= y
    delta *= a
    delta *= 1 - a
    if delta.ndim == 2:
        delta /= len(delta)
    return delta


sigmoid_mse_delta.right_answers(
    delta_loops,
    delta_lists,
    delta_float32,
    delta_through_the_sum,
    delta_copies,
)
