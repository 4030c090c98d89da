"""`output_delta`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, one_hot, probabilities
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array, softmax_of
from autograder.bank.promises import one_hot_rows, shares


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Two long factors, the slope of the loss and the Jacobian of the softmax, shrink to one short difference. Then: the loss of a batch is a mean.",
        r"$\delta_{sk} = \dfrac{1}{m}\,(p_{sk} - y_{sk})$, with $m = 1$ for a single sample",
        "`m = 1 if np.ndim(p) == 1 else len(p)`, then the difference of `p` and `y`, in this order, divided by `m`.",
    ),
    promises={"p": shares("m? n"), "y": one_hot_rows("m? n")},
    without=("one n",),
)
def output_delta(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return (np.asarray(p) - y) / m


@output_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    one = [(probabilities(rng, n), one_hot(rng, 1, n)[0]) for n in (3, 4)]
    yield Ask("one sample", 1, one)
    batch = [(probabilities(rng, m, n), one_hot(rng, m, n)) for m, n in ((4, 3), (3, 3), (1, 4))]
    yield Ask("a batch: the 1/m of the mean is in it", 1.5, batch)
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(probabilities(rng, 2, 3), one_hot(rng, 2, 3))],
        unchanged=True,
    )


@output_delta.misconception(
    "The 1/m is missing: the loss is the mean over the batch, so each sample's share in it is divided by m."
)
def delta_without_the_mean(p: Array, y: Array) -> Array:
    return np.asarray(p) - y


@output_delta.misconception(
    "The sign is turned round: it is p - y. The logit of the true class must get a negative slope."
)
def target_minus_output(p: Array, y: Array) -> Array:
    return -output_delta(p, y)


@output_delta.misconception(
    "Only the diagonal of the softmax's Jacobian was used, as in the published walk-through: the wrong classes then get no slope at all."
)
def keeps_the_diagonal_only(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return -np.asarray(y) * (1 - np.asarray(p)) / m


@output_delta.misconception("This is dL/dp = -y / p. It must still go through the softmax to become dL/dz.")
def slope_for_the_outputs(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return -np.asarray(y) / p / m


@output_delta.misconception(
    "A factor p (1 - p) stands there in addition. In p - y the slope of the activation is contained already."
)
def slope_once_more(p: Array, y: Array) -> Array:
    return output_delta(p, y) * p * (1 - np.asarray(p))


@output_delta.misconception(
    "It was divided by the number of all entries. The mean runs over the samples alone: 1/m."
)
def divides_by_all_entries(p: Array, y: Array) -> Array:
    return (np.asarray(p) - y) / np.size(p)


@output_delta.misconception("A single sample of shape (n,) was divided by its n classes. There m is 1.")
def classes_as_samples(p: Array, y: Array) -> Array:
    return (np.asarray(p) - y) / len(p)


@output_delta.misconception(
    "The rows were averaged into one. Every sample keeps a delta of its own; the adding up comes with the gradients."
)
def averages_the_rows(p: Array, y: Array) -> Array:
    return np.mean(np.atleast_2d(np.asarray(p) - y), axis=0)


@output_delta.misconception(
    "The slope of the sigmoid's loss for each output by itself stands here. The outputs of a softmax hang together: p - y."
)
def slope_of_each_by_itself(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return (np.asarray(p) - y) / (np.asarray(p) * (1 - np.asarray(p))) / m


@output_delta.misconception(
    "The entry of the true class is 0 here. Its slope is p - 1, or (p - 1) / m in a batch."
)
def wrong_classes_only(p: Array, y: Array) -> Array:
    return output_delta(p, y) * (1 - np.asarray(y))


@output_delta.misconception(
    "This is the size of p - y, without its sign. The logit of the true class must get a negative slope."
)
def sign_of_the_delta_lost(p: Array, y: Array) -> Array:
    return np.abs(output_delta(p, y))


@output_delta.misconception("The difference was squared. That is a loss; the delta is p - y itself.")
def difference_squared(p: Array, y: Array) -> Array:
    return output_delta(p, y) * (np.asarray(p) - y)


@output_delta.misconception(
    "This is -y log p, the loss itself, entry by entry. Its slope for the logits is p - y."
)
def loss_for_its_slope(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return -np.asarray(y) * np.log(p) / m


@output_delta.misconception("The softmax was taken once more. p is its result already.")
def softmax_once_more(p: Array, y: Array) -> Array:
    return output_delta(softmax_of(np.asarray(p)), y)


@output_delta.misconception(
    "This is p (1 - p), the slope of each output for its own logit, without the target. The delta is p - y."
)
def slope_without_the_target(p: Array, y: Array) -> Array:
    return output_delta(np.asarray(p) * (1 - np.asarray(p)), np.zeros_like(y))


# Right answers in other words.


def delta_ndim(p, y):
    return p - y if p.ndim == 1 else (p - y) / p.shape[0]


def delta_rows(p, y):
    rows = np.atleast_2d(p) - np.atleast_2d(y)
    return (rows / len(rows)).reshape(np.shape(p))


def delta_loops(p, y):
    if np.ndim(p) == 1:
        return [p[k] - y[k] for k in range(len(p))]
    return [[(p[s][k] - y[s][k]) / len(p) for k in range(len(p[0]))] for s in range(len(p))]


def delta_through_the_jacobian(p, y):
    if np.ndim(p) == 2:
        return np.array([delta_through_the_jacobian(a, b) for a, b in zip(p, y, strict=True)]) / len(p)
    return (-y / p) @ (np.diag(p) - np.outer(p, p))


def delta_float32(p, y):
    return delta_ndim(np.float32(p), np.float32(y))


def delta_on_a_copy(p, y):
    delta = p.copy()
    delta -= y
    return delta / (1 if p.ndim == 1 else len(p))


output_delta.right_answers(
    delta_ndim,
    delta_rows,
    delta_loops,
    delta_through_the_jacobian,
    delta_float32,
    delta_on_a_copy,
)
