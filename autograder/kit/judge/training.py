"""Lesson 10: what a training must be like, whichever numbers the generator drew.

A training is judged from its own results: with a learning rate of 0 the weights that come back are the first ones,
and with one batch an epoch the steps can be played backwards.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.kit.judge import draws, held_out
from autograder.kit.judge.draws import DEAF, OWN_NUMBERS, TOLERANCE, hardly_moved, layers, misfit, parts_of
from autograder.kit.plain import Plain, agree

Array = np.ndarray

ACCURATE = 0.95
# In a training a start counts only where there are enough weights to see it by.
MANY, FAR_OFF = 100, 5.0


# train


class _TrainingRun:
    """A training's arguments and what came back, checked for its form: `fault` is the sentence, if any."""

    def __init__(self, arguments: Sequence[Any], value: Plain) -> None:
        self.X, self.Y, self.sizes, self.activations, self.rate, self.size, self.epochs, _ = arguments
        self.history = np.zeros(0)
        self.end = np.zeros(0)
        self.fault = self._read(value)

    @property
    def steps(self) -> int:
        """Steps an epoch."""
        return math.ceil(len(self.X) / self.size)

    def _read(self, value: Plain) -> str | None:
        parts = parts_of(value, 3)
        if parts is None:
            return "Three things must come back: the weights, the biases, and the loss history."
        weights, biases = layers(parts[0]), layers(parts[1])
        fault = misfit(self.sizes, weights, biases)
        if fault:
            return fault
        if type(parts[2]) is tuple or np.shape(parts[2]) != (self.epochs * self.steps,):
            return (
                "The loss history has one number for each step: the batches of an epoch, the short one too, "
                "times the epochs."
            )
        self.history = np.asarray(parts[2], dtype=float)
        self.end = np.concatenate([np.ravel(each) for each in [*weights, *biases]]).astype(float)
        if not np.all(np.isfinite(self.end)) or not np.all(np.isfinite(self.history)):
            return "Not every number is finite: the training has run away."
        return None

    def split(self, points: Array) -> tuple[list[Array], list[Array]]:
        """Rows of all parameters as weights and biases, each with a first axis for the rows."""
        shapes = list(zip(self.sizes, self.sizes[1:], strict=False))
        cuts = np.cumsum([a * b for a, b in shapes] + [b for _, b in shapes])[:-1]
        pieces = np.split(points, cuts, axis=1)
        weights = [piece.reshape(-1, *shape) for piece, shape in zip(pieces, shapes, strict=False)]
        return weights, [piece[:, None] for piece in pieces[len(shapes) :]]

    def scores(self, points: Array) -> Array:
        """The logarithms of the probabilities, shape (points, m, classes), for each row of parameters."""
        a = self.X[None]
        for W, b, name in zip(*self.split(points), self.activations, strict=True):
            a = a @ W + b
            if name != "softmax":
                a = {"tanh": np.tanh(a), "sigmoid": (1 + np.tanh(a / 2)) / 2, "relu": np.maximum(a, 0)}[name]
        a = a - a.max(axis=-1, keepdims=True)
        return a - np.log(np.exp(a).sum(axis=-1, keepdims=True))

    def row_losses(self, points: Array) -> Array:
        """The loss of every sample, shape (points, m)."""
        return -np.sum(self.Y * self.scores(points), axis=-1)

    def slopes(self, point: Array, h: float = 1e-5) -> Array:
        """How the mean loss answers to each parameter, measured by a small step to both sides."""
        around = np.concatenate([np.eye(point.size), -np.eye(point.size)]) * h + point
        up, down = np.split(self.row_losses(around).mean(axis=1), 2)
        return (up - down) / (2 * h)

    def before(self, point: Array) -> Array:
        """The parameters from which one step on all rows led to `point`."""
        found = point
        for _ in range(60):
            last, found = found, point + self.rate * self.slopes(found)
            if np.max(np.abs(found - last)) < 1e-7:
                break
        return found

    def start_fault(self, point: Array) -> str | None:
        """What is wrong with `point` as the weights and biases a training starts from."""
        weights, biases = self.split(point[None])
        if any(np.max(np.abs(W)) < 0.01 for W in weights):
            return (
                "The weights were all 0 at the start: initialise them at random, or all neurons stay alike."
            )
        # Each weight by the width that the scheme gives its layer: layer by layer, and all layers together.
        scaled = [np.ravel(W) * np.sqrt((W.shape[1] + W.shape[2]) / 2) for W in weights]
        for each in (*scaled, np.concatenate(scaled)):
            ratio = np.sqrt(np.mean(each**2))
            if each.size >= MANY and not abs(ratio - 1) < FAR_OFF / np.sqrt(2 * each.size):
                return 'The weights at the start are not spread as the scheme "xavier" says.'
        if any(np.max(np.abs(b)) > 0.01 for b in biases):
            return "The biases were not 0 at the start: only the weights are drawn at random."
        return None


def steps_can_be_played_backwards(arguments: Sequence[Any], value: Plain) -> str | None:
    """With one batch an epoch: undoing each step from the end gives the losses of the history."""
    run = _TrainingRun(arguments, value)
    if run.fault:
        return run.fault
    if not np.any(run.X) and "relu" in run.activations:
        return _moves_at_zero(run)
    point, after = run.end, run.row_losses(run.end[None]).mean()
    for told in run.history[::-1]:
        if np.max(np.abs(point)) > 50:
            return UNLIKE
        point = run.before(point)
        loss = run.row_losses(point[None]).mean()
        if abs(loss - told) > TOLERANCE:
            return LATE if abs(after - told) < TOLERANCE else UNLIKE
        after = loss
    return run.start_fault(point)


def _moves_at_zero(run: _TrainingRun) -> str | None:
    """What is wrong where all rows are 0: the first biases are 0, so every sum before a ReLU is, and stays."""
    _, biases = run.split(run.end[None])
    for b, name in zip(biases, run.activations, strict=True):
        if name == "relu" and np.max(np.abs(b)) > 1e-9:
            return AT_ZERO
    return None


AT_ZERO = (
    "All rows of X are 0 here and the biases start at 0, so every sum that goes into a ReLU is 0. There its slope is "
    "0 in this course, and no bias of that layer may move; one did. Which slope does the ReLU have at 0, and are the "
    "first biases 0?"
)
LATE = "The history tells the loss after each step. Asked for is the loss of the batch before the step."
UNLIKE = (
    "The weights, biases and losses do not belong together: every step must subtract learning_rate times the "
    "gradient of the batch's mean loss, for weights and biases, and the history tells the batch's mean loss "
    "before the step."
)


def every_row_counts(arguments: Sequence[Any], value: Plain) -> str | None:
    """With a learning rate of 0: each epoch's losses are those of all rows, in an order that changes."""
    run = _TrainingRun(arguments, value)
    if run.fault:
        return run.fault
    fault = run.start_fault(run.end)
    if fault:
        return fault
    rows = run.row_losses(run.end[None])[0]
    epochs = run.history.reshape(run.epochs, run.steps)
    left = len(rows) - (run.steps - 1) * run.size
    # The short batch may be any of an epoch's: batches may be taken in any order.
    sums = run.size * epochs.sum(axis=1, keepdims=True) - (run.size - left) * epochs
    if np.any(np.abs(sums / len(rows) - rows.mean()).min(axis=1) > TOLERANCE):
        return (
            "With a learning rate of 0 the losses of an epoch must add up to the loss over all rows, and they do not: "
            "each row once in every epoch, beside its own row of Y, and the mean over the rows of its batch."
        )
    if run.size == 1:
        return _orders(rows, epochs)
    if run.epochs > 1 and np.allclose(np.sort(epochs[0]), np.sort(epochs[1]), atol=TOLERANCE):
        return "Every epoch went through the same batches: shuffle anew in each epoch."
    plain = np.array([rows[start : start + run.size].mean() for start in range(0, len(rows), run.size)])
    if np.allclose(epochs[0], plain, atol=TOLERANCE):
        return "The rows were not shuffled: the losses are those of the rows in the order they came in."
    if run.epochs > 1 and np.allclose(epochs[0], epochs[1], atol=TOLERANCE):
        return "Every epoch went through the same batches: shuffle anew in each epoch."
    return None


def _orders(rows: Array, epochs: Array) -> str | None:
    """What is wrong with the orders of the rows, read from the losses of batches of one row."""
    gaps = np.diff(np.sort(rows))
    if gaps.size and np.min(gaps) < 10 * TOLERANCE:
        return None  # two rows cannot be told apart
    orders = [np.abs(epoch[:, None] - rows[None]).argmin(axis=1).tolist() for epoch in epochs]
    for before, now in zip([list(range(len(rows))), *orders[:-1]], orders, strict=True):
        place = {row: index for index, row in enumerate(before)}
        moved = [place[row] for row in now]
        if sorted(moved) == moved:
            return "An epoch took the rows in the order they came in, or in that of the epoch before: shuffle anew."
        fault = hardly_moved(moved)
        if fault:
            return fault
    return None


def learned(arguments: Sequence[Any], value: Plain) -> str | None:
    """At the end nearly every row is classified rightly, and the losses of the last epoch are far below the first's."""
    run = _TrainingRun(arguments, value)
    if run.fault:
        return run.fault
    epochs = run.history.reshape(run.epochs, run.steps)
    if not epochs[-1].mean() < 0.6 * epochs[0].mean():
        return "The loss does not fall as it should: in the last epoch it is not far below the first."
    right = run.scores(run.end[None])[0].argmax(axis=-1) == run.Y.argmax(axis=-1)
    if np.mean(right) < ACCURATE:
        return "The weights and biases that came back do not classify the rows they were trained on."
    return None


def generator_decides_the_start(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    if not agree(values[0], values[1]):
        return OWN_NUMBERS
    ends = [_TrainingRun(call, value).end for call, value in zip(calls, values, strict=True)]
    return DEAF if np.allclose(ends[0], ends[2], atol=1e-3) else None


PROPERTIES: dict[str, Callable[[Sequence[Any], Plain], str | None]] = {
    each.__name__: each
    for each in (
        draws.zero_layers,
        draws.layers_of_the_sizes,
        draws.spread_of_the_scheme,
        draws.a_full_shuffle,
        steps_can_be_played_backwards,
        every_row_counts,
        learned,
        held_out.is_a_network,
        held_out.knows_its_own_rows,
    )
}
TOGETHER: dict[str, Callable[[Sequence[Sequence[Any]], Sequence[Plain]], str | None]] = {
    each.__name__: each
    for each in (
        draws.generator_decides_the_weights,
        draws.generator_decides_the_order,
        generator_decides_the_start,
        draws.rows_move,
        held_out.reads_held_out_pictures,
    )
}
