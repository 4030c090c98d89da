"""`weight_error`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_09_four_equations.common import LESSON, Array, errors, outputs, samples


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Start with two numbers. Then: which entry of `out` and which entry of `delta` meet in row i, column j of the table?",
        r"$\dfrac{\partial E}{\partial w_{ij}} = \sum_s \mathrm{out}_{si}\,\delta_{sj}$, the sum over the samples $s$. For a batch that is a matrix product, for one sample the sum has one term.",
        "`if np.ndim(out) == 0: return out * delta`. Else make batches of both, `np.atleast_2d(out)` and `np.atleast_2d(delta)`, and take the product of the first one's transpose, `.T`, with the second.",
    ),
)
def weight_error(out: Array, delta: Array) -> Array:
    out, delta = np.asarray(out), np.asarray(delta)
    if out.ndim == 2:
        return out.T @ delta
    return np.multiply.outer(out, delta)


@weight_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    first, second = outputs(rng, 2)
    d1, d2 = errors(rng, 2)
    yield Ask("one weight", 1, [(first, d1), (second, d2)])
    yield Ask(
        "all weights between two layers, one sample",
        1,
        [
            (outputs(rng, 3), errors(rng, 2)),
            (outputs(rng, 2), errors(rng, 4)),
            (outputs(rng, 3), errors(rng, 3)),
            (outputs(rng, 1), errors(rng, 2)),
            (outputs(rng, 3), errors(rng, 1)),
        ],
    )
    yield Ask(
        "a batch: summed over its samples",
        1.5,
        [
            (outputs(rng, 4, 3), errors(rng, 4, 2)),
            (outputs(rng, 3, 3), errors(rng, 3, 3)),
            (outputs(rng, 2, 1), errors(rng, 2, 3)),
            (outputs(rng, 1, 3), errors(rng, 1, 2)),
            (outputs(rng, 3, 2), errors(rng, 3, 1)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were", 0.5, [(outputs(rng, 2, 3), errors(rng, 2, 2))], unchanged=True
    )


@weight_error.misconception(
    "The sending unit's slope, out (1 - out), does not belong here. On the way from the weight to the loss the signal passes the receiving unit only, and its slope is inside delta."
)
def slope_of_the_sender(out: Array, delta: Array) -> Array:
    out = np.asarray(out)
    return weight_error(out * (1 - out), delta)


@weight_error.misconception(
    "This has a minus sign. The slope of the loss is out times delta; the minus belongs to the update, w - rate * slope."
)
def the_update_not_the_slope(out: Array, delta: Array) -> Array:
    return -weight_error(out, delta)


@weight_error.misconception(
    "The table lies on its side. Row i belongs to the unit that sends, column j to the one that receives: shape (n_in, n_out), like the weights."
)
def table_on_its_side(out: Array, delta: Array) -> Array:
    return np.transpose(weight_error(out, delta))


@weight_error.misconception(
    "This is divided by m once more. The deltas carry the 1/m already, so add the samples up."
)
def mean_once_more(out: Array, delta: Array) -> Array:
    return weight_error(out, delta) / samples(out)


@weight_error.misconception(
    "Only units at the same place were multiplied. Every unit of the one layer meets every unit of the next: a table of shape (n_in, n_out)."
)
def same_places_only(out: Array, delta: Array) -> Array:
    return out * delta


@weight_error.misconception(
    "There is a table for each sample. A weight is the same for all samples, so add their tables up."
)
def a_table_for_each_sample(out: Array, delta: Array) -> Array:
    return np.asarray(out)[..., :, None] * np.asarray(delta)[..., None, :] if np.ndim(out) else out * delta


@weight_error.misconception(
    "The sender's output is missing: this is the slope of the bias. A weight's slope is delta times what came in through that weight."
)
def delta_alone(out: Array, delta: Array) -> Array:
    return weight_error(np.ones(np.shape(out)), delta)


@weight_error.misconception(
    "For one weight the answer is one number; this is a table of one row and one column."
)
def always_a_table(out: Array, delta: Array) -> Array:
    return np.atleast_2d(out).T @ np.atleast_2d(delta)


def _of_numbers_too(gather: Callable[..., Array]) -> Callable[..., Array]:
    return lambda out, delta: gather(out, delta) if np.ndim(out) else out * delta


families.gather(
    weight_error,
    _of_numbers_too,
    without=("inputs_left_out", "signs_of_the_inputs", "signs_of_the_inputs_lost"),
)


# Right answers in other words.


def slope_loops(out, delta):
    if np.ndim(out) == 0:
        return out * delta
    out, delta = np.atleast_2d(out), np.atleast_2d(delta)
    table = np.zeros((out.shape[1], delta.shape[1]))
    for s in range(len(out)):
        for i in range(out.shape[1]):
            for j in range(delta.shape[1]):
                table[i, j] += out[s, i] * delta[s, j]
    return table


def slope_einsum(out, delta):
    letters = ("", "", "i", "j", "si", "sj")
    first, second = letters[2 * np.ndim(out)], letters[2 * np.ndim(out) + 1]
    return np.einsum(f"{first},{second}->{(first + second).replace('s', '')}", out, delta)


def slope_three_cases(out, delta):
    if np.ndim(out) == 0:
        return float(out * delta)
    if np.ndim(out) == 1:
        return np.outer(out, delta)
    return np.dot(np.transpose(out), delta)


def slope_squeezed(out, delta):
    table = np.atleast_2d(out).T @ np.atleast_2d(delta)
    return table[0, 0] if np.ndim(out) == 0 else table


def slope_outer_products_added(out, delta):
    if np.ndim(out) < 2:
        return (np.asarray(out)[..., None] * delta) if np.ndim(out) else out * delta
    return sum(np.outer(a, d) for a, d in zip(out, delta, strict=True)).tolist()


def slope_float32(out, delta):
    return slope_squeezed(np.float32(out), np.float32(delta))


weight_error.right_answers(
    slope_loops,
    slope_einsum,
    slope_three_cases,
    slope_squeezed,
    slope_outer_products_added,
    slope_float32,
)
