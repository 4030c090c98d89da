"""Slips that every teacher knows, written once: an exercise says how its answer is made of the part that slips.

    families.softmax(softmax_jacobian, lambda softmax: lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z)))

Each of a family's slips becomes a misconception of the exercise. Where one changes no answer (the wrong axis in an
exercise that knows single samples only), `without` leaves it out; a test finds those that should be.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Exercise

Array = np.ndarray
Part = Callable[..., Any]
# A slip: its name, the sentence, and the part that slips.
Slip = tuple[str, str, Part]


def add(
    exercise: Exercise, family: Sequence[Slip], using: Callable[[Part], Part], without: Sequence[str] = ()
) -> None:
    """Registers a family's slips: `using(part)` is the whole answer with that part in it."""
    names = {name for name, _, _ in family}
    if unknown := set(without) - names:
        raise ValueError(f"{exercise.name}: no slip of this family is called {sorted(unknown)[0]!r}")
    for name, sentence, part in family:
        if name not in without and name not in exercise.slips:
            wrong = using(part)
            wrong.__name__ = name
            exercise.slips[name] = (sentence, wrong)


# ------------------------------------------------------------------------------------------ the softmax


def _shares(e: Array) -> Array:
    return e / np.sum(e, axis=-1, keepdims=True)


def _shifted(z: Array) -> Array:
    return z - np.max(z, axis=-1, keepdims=True)


SOFTMAX: Sequence[Slip] = (
    ("one_sum_for_all_rows", "One sum was taken over the whole batch. Each row has its own: axis=-1, keepdims=True.",
     lambda z: np.exp(_shifted(z)) / np.sum(np.exp(_shifted(z)))),
    ("sum_down_the_columns", "The sum runs down the columns, over the samples. The classes lie along the last axis: axis=-1.",
     lambda z: np.exp(_shifted(z)) / np.sum(np.exp(_shifted(z)), axis=0)),
    ("softmax_down_the_columns", "The softmax was taken down the columns, over the samples. The classes lie along the last axis: axis=-1.",
     lambda z: np.exp(z - np.max(z, axis=0)) / np.sum(np.exp(z - np.max(z, axis=0)), axis=0)),
    ("one_maximum_for_all_rows", "One maximum was taken away from the whole batch. A row far below it has only exponentials of 0 left, and 0 / 0 is nan: each row has its own maximum.",
     lambda z: _shares(np.exp(z - np.max(z)))),
    ("largest_size_for_maximum", "The logit that is largest in size was taken away, sign aside. For a negative row that is far below: take the largest logit itself.",
     lambda z: _shares(np.exp(z - np.max(np.abs(z), axis=-1, keepdims=True)))),
    ("mean_for_maximum", "The mean was taken away before the exponential. A logit far above the mean still overflows: take the maximum.",
     lambda z: _shares(np.exp(z - np.mean(z, axis=-1, keepdims=True)))),
    ("no_shift", "Here an exponential overflowed: the logits went into it unshifted. Each row's maximum taken away changes no probability.",
     lambda z: _shares(np.exp(z))),
    ("no_exponential", "The logits were divided by their sum, without the exponential.", lambda z: _shares(z)),
    ("no_division", "The exponentials were not divided by their sum.", lambda z: np.exp(_shifted(z))),
    ("sigmoid_for_softmax", "This is the sigmoid of each logit by itself. The softmax divides by the sum over the classes.",
     lambda z: np.exp(-np.logaddexp(0, -np.asarray(z)))),
    ("softmax_of_minus_z", "The signs in the exponent are turned round: the largest logit gets the smallest share.",
     lambda z: _shares(np.exp(-_shifted(z) - np.max(-_shifted(z), axis=-1, keepdims=True)))),
)  # fmt: skip


def softmax(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The softmax's slips; `using(softmax)` makes the answer of a softmax(z)."""
    add(exercise, SOFTMAX, using, without)


# ------------------------------------------------------------------------------------------ the sigmoid


def _sigmoid(z: Array) -> Array:
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


SIGMOID: Sequence[Slip] = (
    ("sign_in_the_exponent", "The sign in the sigmoid's exponent is turned round: it is 1 / (1 + exp(-z)).",
     lambda z: _sigmoid(-np.asarray(z))),
    ("sigmoid_overflows", "Here an exponential overflowed, and inf / inf is nan. exp(-|z|) is never above 1.",
     lambda z: np.exp(z) / (1 + np.exp(z))),
    ("tanh_for_sigmoid", "This is the tanh, between -1 and 1. The sigmoid is 1 / (1 + exp(-z)), between 0 and 1.",
     lambda z: np.tanh(z)),
    ("no_one_in_the_denominator", "The 1 in the denominator is missing: it is 1 / (1 + exp(-z)).", lambda z: np.exp(z)),
    ("step_for_sigmoid", "This is a step from 0 to 1. The sigmoid goes from 0 to 1 smoothly.",
     lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0)),
    ("sigmoid_clipped", "Beyond some size of z the sigmoid was taken to be 0 or 1. It only comes close.",
     lambda z: np.where(np.abs(z) > 5, np.asarray(z) > 0, _sigmoid(z)).astype(float)),
)  # fmt: skip


def sigmoid(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The sigmoid's slips; `using(sigmoid)` makes the answer of a sigmoid(z)."""
    add(exercise, SIGMOID, using, without)


SLOPE: Sequence[Slip] = (
    ("slope_one_minus_s", "The slope was taken to be 1 - s. The sigmoid's is s (1 - s).", lambda a: 1 - a),
    ("slope_s_squared", "The slope was taken to be s squared. The sigmoid's is s (1 - s).", lambda a: a**2),
    ("slope_of_the_tanh", "This is the slope of the tanh, 1 - a squared. The sigmoid's is a (1 - a).", lambda a: 1 - a**2),
    ("slope_just_s", "The factor (1 - s) is missing: the slope is s (1 - s).", lambda a: a),
    ("slope_plus", "The slope is s (1 - s), with a minus: not s (1 + s).", lambda a: a * (1 + a)),
    ("slope_turned_round", "The slope is s (1 - s): here it is s (s - 1), never above 0.", lambda a: a * (a - 1)),
    ("slope_of_the_result", "The slope was taken at a, as if a were still to go through the sigmoid. a is its result: a (1 - a).",
     lambda a: _sigmoid(a) * (1 - _sigmoid(a))),
    ("no_slope", "The slope of the sigmoid is missing: the chain rule multiplies by it.", lambda a: np.ones_like(a)),
)  # fmt: skip


def slope(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips in the sigmoid's slope; `using(slope)` makes the answer of a slope(a), a the sigmoid's result."""
    add(exercise, SLOPE, using, without)


# --------------------------------------------------------------------------------------------- the loss


LOGARITHM: Sequence[Slip] = (
    ("logarithm_to_base_10", "This is a logarithm to base 10. The loss is in nats: `np.log`.", np.log10),
    ("logarithm_to_base_2", "This is a logarithm to base 2, a loss in bits. Here it is in nats: `np.log`.", np.log2),
    ("small_number_in_the_logarithm", "A small number was added inside the logarithm. It shifts every loss a little, and a sure and wrong prediction gets a finite one.",
     lambda p: np.log(p + 1e-3)),
    ("probability_for_logarithm", "The probability stands where its logarithm should.", lambda p: np.asarray(p, dtype=float)),
    ("one_minus_for_logarithm", "1 - p stands where -log p should. They agree only near p = 1.", lambda p: np.asarray(p) - 1.0),
)  # fmt: skip


def logarithm(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips in the loss's logarithm; `using(log)` makes the answer of a log(p)."""
    add(exercise, LOGARITHM, using, without)


MEAN: Sequence[Slip] = (
    ("sum_for_mean", "This is the sum over the samples. The loss is their mean: the 1/m is missing.", lambda per_sample, classes: np.sum(per_sample)),
    ("mean_over_all_entries", "This divides by samples times classes. The mean is over the samples alone.", lambda per_sample, classes: np.mean(per_sample) / classes),
    ("first_sample_only", "This is the loss of the first sample alone.", lambda per_sample, classes: np.ravel(per_sample)[0]),
    ("minus_lost", "The minus is lost: the logarithm of a probability is negative, the loss is not.", lambda per_sample, classes: -np.mean(per_sample)),
    ("half_the_loss", "There is a factor 1/2 too many. It belongs to the squared error.", lambda per_sample, classes: np.mean(per_sample) / 2),
    ("twice_the_loss", "There is a factor 2 too many.", lambda per_sample, classes: 2 * np.mean(per_sample)),
)  # fmt: skip


def mean(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips in the mean over a batch; `using(mean)` makes the answer of a mean(losses of the samples, classes)."""
    add(exercise, MEAN, using, without)


# -------------------------------------------------------------------------------------------- the batch


COUNT: Sequence[Slip] = (
    ("no_division_by_m", "The 1/m is missing: the loss is a mean over the batch.", lambda a: 1),
    ("divides_by_the_columns", "This divides by the number of columns. m is the number of samples, the rows.", lambda a: np.shape(a)[-1]),
    ("divides_by_all_entries", "This divides by samples times columns. m is the number of samples, the rows.", lambda a: np.size(a)),
    ("divides_twice", "The 1/m came in twice.", lambda a: (len(a) if np.ndim(a) == 2 else 1) ** 2),
    ("divides_a_single_sample", "For a single sample m is 1. Here its entries were counted: the length of a row is no number of samples.",
     lambda a: len(np.atleast_1d(a))),
    ("divides_by_two_m", "There is a factor 1/2 too many: this divides by 2m.", lambda a: 2 * (len(a) if np.ndim(a) == 2 else 1)),
    ("counts_one_row_too_few", "This divides by m - 1. The mean divides by m.", lambda a: max(len(a) - 1, 1) if np.ndim(a) == 2 else 1),
)  # fmt: skip


def count(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips in the number of samples; `using(count)` makes the answer of a count(array), 1 for a sample, else m."""
    add(exercise, COUNT, using, without)


# --------------------------------------------------------------------------------------------- the loop


def _walk_appending_one(step: Part, start: Any, steps: int) -> Array:
    w = np.array(start, dtype=float)
    positions = [w]
    for _ in range(steps):
        w[...] = step(w.copy())
        positions.append(w)
    return np.array(positions)


def _walk(step: Part, start: Any, steps: int) -> Array:
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        positions.append(np.asarray(step(positions[-1].copy()), dtype=float))
    return np.array(positions)


WALK: Sequence[Slip] = (
    ("one_array_appended_again", "Every position is the last one: the same array was appended again and again, and each step changed it. Append a copy, or make a new array in each step.",
     _walk_appending_one),
    ("start_left_out", "The start is missing: it is the first of the positions.", lambda step, start, steps: _walk(step, start, steps)[1:]),
    ("one_step_too_few", "The last step is missing: the start is no step.", lambda step, start, steps: _walk(step, start, max(steps - 1, 0))),
    ("one_step_too_many", "There is one step too many.", lambda step, start, steps: _walk(step, start, steps + 1)),
    ("only_the_end", "This is the last position alone. Every position is asked for, the start first.", lambda step, start, steps: _walk(step, start, steps)[-1]),
    ("always_from_the_start", "Every step was taken at the start. Each step begins where the last one ended.",
     lambda step, start, steps: np.array([np.array(start, dtype=float), *[np.asarray(step(np.array(start, dtype=float)), dtype=float)] * steps])),
)  # fmt: skip


def walk(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips of a walk; `using(walk)` makes the answer of a walk(step, start, steps) that returns all positions."""
    add(exercise, WALK, using, without)


# ------------------------------------------------------------------------------------- the way back


def _by_first_unit(delta: Array, W: Array) -> Array:
    return np.multiply.outer(np.asarray(delta)[..., 0], np.asarray(W)[:, 0])


BACK: Sequence[Slip] = (
    ("forgets_to_transpose", "The weights were not transposed. Forwards a W sums over the rows; backwards the sum runs over the columns: delta @ W.T.",
     lambda delta, W: delta @ W),
    ("diagonal_of_the_weights", "The sum over the next layer is missing: each unit got only the one weight with its own number, W[0, 0], W[1, 1], ... Every unit reaches all units of the next layer.",
     lambda delta, W: delta * np.diag(W)),
    ("diagonal_as_far_as_it_goes", "The sum over the next layer is missing: each unit got only the one weight with its own number, W[0, 0], W[1, 1], ... Every unit reaches all units of the next layer.",
     lambda delta, W: np.asarray(delta)[..., : min(np.shape(W))] * np.diag(W)),
    ("reshaped_for_transposed", "The weights were read in another order, as `reshape` gives them. It keeps the order of the numbers; the transposed matrix, W.T, has rows and columns exchanged.",
     lambda delta, W: delta @ np.reshape(W, np.shape(W)[::-1])),
    ("signs_of_the_weights_lost", "The weights came in without their signs. A negative weight turns the sign of what comes back through it.",
     lambda delta, W: delta @ np.abs(W).T),
    ("last_unit_left_out", "The last unit of the next layer is left out of the sum.",
     lambda delta, W: np.asarray(delta)[..., :-1] @ np.asarray(W)[:, :-1].T),
    ("first_unit_only", "Only what comes back from the first unit of the next layer is here. All of its units belong into the sum.",
     _by_first_unit),
    ("first_row_of_the_weights", "Every unit got what belongs to the first: the first row of the weights served for all. Unit k has row k.",
     lambda delta, W: np.repeat((np.asarray(delta) @ np.asarray(W)[0])[..., None], len(W), axis=-1)),
    ("adds_before_weighing", "The deltas were added up before weighing. Each delta of the next layer is multiplied with its own weight.",
     lambda delta, W: np.sum(delta, axis=-1, keepdims=True) * np.sum(W, axis=1)),
    ("back_without_weights", "The weights are missing: each delta of the next layer comes back through its weight.",
     lambda delta, W: np.sum(delta, axis=-1, keepdims=True) * np.ones(len(W))),
    ("largest_way_only", "Only the largest of the ways back is here. The chain rule adds all of them up.",
     lambda delta, W: np.max(np.asarray(delta)[..., None, :] * W, axis=-1)),
)  # fmt: skip


def back(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips on the way back; `using(back)` makes the answer of a back(delta, W), which is delta @ W.T."""
    add(exercise, BACK, using, without)


def _products(a: Array, delta: Array) -> Array:
    return np.atleast_2d(a)[:, :, None] * np.atleast_2d(delta)[:, None, :]


GATHER: Sequence[Slip] = (
    ("adds_up_first", "Activations and deltas were added up over the batch first, and then multiplied. Multiply sample by sample, then add up.",
     lambda a, delta: np.outer(np.sum(np.atleast_2d(a), axis=0), np.sum(np.atleast_2d(delta), axis=0))),
    ("first_sample_only", "Only the first sample counts here. The gradient of a batch is the sum over all of them.",
     lambda a, delta: _products(a, delta)[0]),
    ("last_sample_only", "Only the last sample counts here. The gradient of a batch is the sum over all of them.",
     lambda a, delta: _products(a, delta)[-1]),
    ("last_sample_left_out", "The last sample is left out of the sum.", lambda a, delta: np.sum(_products(a, delta)[:-1], axis=0)),
    ("reshaped_for_transposed_inputs", "What comes in was read in another order, as `reshape` gives it. It keeps the order of the numbers; the transposed matrix, a.T, has rows and columns exchanged.",
     lambda a, delta: np.reshape(a, np.shape(np.atleast_2d(a))[::-1]) @ np.atleast_2d(delta)),
    ("largest_sample_only", "Of the samples' products only the largest is here. The gradient of a batch is their sum.",
     lambda a, delta: np.max(_products(a, delta), axis=0)),
    ("signs_of_the_inputs", "Only the signs of what comes in were used. Its size counts too: a weight's gradient is what comes in times the delta.",
     lambda a, delta: np.sign(np.atleast_2d(a)).T @ np.atleast_2d(delta)),
    ("signs_of_the_deltas", "Only the signs of the deltas were used. Their size counts too.",
     lambda a, delta: np.atleast_2d(a).T @ np.sign(np.atleast_2d(delta))),
    ("signs_of_the_inputs_lost", "What comes in lost its sign.", lambda a, delta: np.abs(np.atleast_2d(a)).T @ np.atleast_2d(delta)),
    ("inputs_squared", "The inputs came in squared. A weight's gradient is what comes in times the delta.",
     lambda a, delta: np.atleast_2d(a).T ** 2 @ np.atleast_2d(delta)),
    ("inputs_left_out", "What comes in is missing: every row is the bias gradient. A weight's gradient is what comes in times the delta.",
     lambda a, delta: np.ones_like(np.atleast_2d(a), dtype=float).T @ np.atleast_2d(delta)),
)  # fmt: skip


def gather(exercise: Exercise, using: Callable[[Part], Part], without: Sequence[str] = ()) -> None:
    """The slips in a layer's weight gradient; `using(gather)` makes the answer of a gather(a, delta), a.T @ delta."""
    add(exercise, GATHER, using, without)


ALL = {"softmax": SOFTMAX, "sigmoid": SIGMOID, "slope": SLOPE, "logarithm": LOGARITHM, "mean": MEAN, "count": COUNT, "walk": WALK, "back": BACK, "gather": GATHER}  # fmt: skip
