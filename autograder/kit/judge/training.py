"""Lesson 10: what initial weights, mini-batches and a training must be like, whichever numbers the generator drew.

A training is judged from its own results: with a learning rate of 0 the weights that come back are the first ones,
and with one batch an epoch the steps can be played backwards.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.kit.plain import Plain, agree, members

Array = np.ndarray

# Single precision keeps a loss to about six digits; any slip moves it by more.
TOLERANCE = 3e-5
# The measured standard deviation of drawn weights strays from the true one by chance; once in 100,000 times
# by more than so many of its own standard deviations.
STRAYS = 4.5
ACCURATE = 0.95
# In a training only a start that is far off counts, and only where there are enough weights to see it by.
MANY, FAR_OFF = 50, 2.5


def _parts(value: Plain, count: int) -> Sequence[Any] | None:
    """The answer's `count` parts, or None where it has not so many."""
    if type(value) is not tuple and np.ndim(value) == 0:
        return None
    parts = members(value)
    return parts if len(parts) == count else None


def _layers(part: Plain) -> list[Any]:
    """A list of arrays, one a layer, whichever plain form it took."""
    return [] if type(part) is not tuple and np.ndim(part) == 0 else list(members(part))


def _misfit(sizes: Sequence[int], weights: list[Any], biases: list[Any]) -> str | None:
    """How the arrays do not fit the layers' sizes."""
    count = len(sizes) - 1
    if len(weights) != count or len(biases) != count:
        return f"{len(sizes)} sizes make {count} layers of weights and biases: there is no layer before the inputs."
    for n_in, n_out, W, b in zip(sizes, sizes[1:], weights, biases, strict=False):
        if type(W) is tuple or np.shape(W) != (n_in, n_out):
            return "Between n_in and n_out neurons W has the shape (n_in, n_out): one row for each input."
        if type(b) is tuple or np.shape(b) != (n_out,):
            return "A layer of n_out neurons has biases of shape (n_out,)."
    return None


# initialise


def zero_layers(arguments: Sequence[Any], value: Plain) -> str | None:
    """Every weight and bias is exactly zero."""
    parts = _parts(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(_layers, parts)
    return _misfit(arguments[0], weights, biases) or (
        'With the scheme "zeros" every weight and every bias is exactly 0.'
        if any(np.any(each) for each in [*weights, *biases])
        else None
    )


def layers_of_the_sizes(arguments: Sequence[Any], value: Plain) -> str | None:
    """Weights and biases of the shapes that the sizes ask for, not all zero."""
    parts = _parts(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(_layers, parts)
    fault = _misfit(arguments[0], weights, biases)
    if fault or all(np.all(np.isfinite(W)) and np.any(W) for W in weights):
        return fault
    return "The weights are drawn at random, and not all of them are 0."


def spread_of_the_scheme(arguments: Sequence[Any], value: Plain) -> str | None:
    """Weights with mean 0 and the scheme's standard deviation, all different; biases exactly 0."""
    sizes, _, scheme = arguments
    parts = _parts(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(_layers, parts)
    wrong = _misfit(sizes, weights, biases)
    if wrong:
        return wrong
    if any(np.any(b) for b in biases):
        return "Biases start at exactly 0: only the weights are drawn."
    for n_in, n_out, W in zip(sizes, sizes[1:], weights, strict=False):
        wanted = math.sqrt(2 / (n_in + n_out) if scheme == "xavier" else 2 / n_in)
        wrong = _misspread(np.asarray(W, dtype=float), wanted, scheme)
        if wrong:
            return wrong
    return None


def _misspread(W: Array, wanted: float, scheme: str) -> str | None:
    if not np.all(np.isfinite(W)) or not np.any(W):
        return f'With the scheme "{scheme}" the weights are drawn at random, and none of them is 0.'
    if len(np.unique(W)) < 0.9 * W.size:
        return "Each weight is drawn for itself: here many are equal."
    if abs(np.mean(W)) > STRAYS / math.sqrt(W.size) * np.sqrt(np.mean(W**2)):
        return "The mean of the weights must be 0: as many negative ones as positive ones."
    ratio = np.sqrt(np.mean(W**2)) / wanted
    if abs(ratio - 1) > STRAYS / math.sqrt(2 * W.size):
        return (
            f'The weights of a layer are spread {ratio:.2f} times as widely as the scheme "{scheme}" says. '
            "Its standard deviation stands in the docstring."
        )
    return None


def generator_decides_the_weights(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    if not agree(values[0], values[1]):
        return OWN_NUMBERS
    first, other = (np.ravel(_layers(_parts(values[k], 2)[0])[0]) for k in (0, 2))  # type: ignore[index]
    # The schemes differ in nothing but the scale.
    same = np.allclose(first * np.std(other), other * np.std(first), rtol=1e-3, atol=1e-6)
    return DEAF if same else None


OWN_NUMBERS = (
    "Two calls with the same generator gave different numbers. "
    "Draw from the rng that is handed in, and from no other."
)
DEAF = "Another generator gave the very same draw. Draw from the rng that is handed in, and make none of your own."


# minibatches


def _rows_of(X: Array, batch: Array) -> list[int]:
    """Which row of X each row of the batch is; -1 for none."""
    gaps = np.abs(batch[:, None, :] - X[None]).max(axis=-1)
    return np.where(gaps.min(axis=1) < TOLERANCE, gaps.argmin(axis=1), -1).tolist()


def a_full_shuffle(arguments: Sequence[Any], value: Plain) -> str | None:
    """Batches of the size asked for, which hold every row of X once, beside its own row of Y, in a new order."""
    X, Y, size, _ = arguments
    batches = [] if type(value) is not tuple and np.ndim(value) == 0 else list(members(value))
    wanted = [min(size, len(X) - start) for start in range(0, len(X), size)]
    pairs = [_parts(batch, 2) for batch in batches]
    if not pairs or any(pair is None for pair in pairs):
        return "A list of pairs must come back: (rows of X, rows of Y) for each batch."
    for x, y in pairs:  # type: ignore[misc]
        if any(type(each) is tuple or np.ndim(each) != 2 for each in (x, y)) or len(x) != len(y):
            return "In each pair stand rows of X, shape (b, n), and as many rows of Y, shape (b, classes)."
        if np.shape(x)[1] != np.shape(X)[1] or np.shape(y)[1] != np.shape(Y)[1]:
            return "In each pair the rows of X come first, then their rows of Y; a row keeps its length."
    sizes = [len(pair[0]) for pair in pairs]  # type: ignore[index]
    if sizes != wanted:
        return _missized(sizes, wanted, len(X))
    order = [_rows_of(X, np.asarray(pair[0])) for pair in pairs]  # type: ignore[index]
    if sorted(sum(order, [])) != list(range(len(X))):
        return "Every row of X must be in exactly one batch: here some rows come twice and others never."
    if any(
        not np.allclose(Y[rows], pair[1], atol=TOLERANCE)  # type: ignore[index]
        for rows, pair in zip(order, pairs, strict=True)
    ):
        return (
            "Some rows of X stand beside the wrong rows of Y: one and the same order must be used for both."
        )
    return _too_tidy(order)


def _missized(sizes: list[int], wanted: list[int], m: int) -> str:
    if sum(sizes) < m and sizes == wanted[:-1]:
        return "The last batch is missing. It is shorter than the others, and its rows count too."
    if 0 in sizes:
        return "One of the batches is empty."
    return "Each batch has batch_size rows, and only the last one may have fewer: what is left."


def _too_tidy(order: list[list[int]]) -> str | None:
    flat = sum(order, [])
    if flat == sorted(flat):
        return "The rows come in the order they had: shuffle them first."
    if len(order) > 1 and all(max(rows) - min(rows) == len(rows) - 1 for rows in order) and len(order[0]) > 1:
        return "Each batch holds rows that were neighbours before: shuffle the rows, not just the batches."
    return None


def generator_decides_the_order(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    orders = [
        sum((_rows_of(call[0], np.asarray(_parts(pair, 2)[0])) for pair in members(value)), [])  # type: ignore[index]
        for call, value in zip(calls, values, strict=True)
    ]
    if orders[0] != orders[1]:
        return OWN_NUMBERS
    return DEAF if orders[0] == orders[2] else None


# train


class _Run:
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
        parts = _parts(value, 3)
        if parts is None:
            return "Three things must come back: the weights, the biases, and the loss history."
        weights, biases = _layers(parts[0]), _layers(parts[1])
        fault = _misfit(self.sizes, weights, biases)
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
        for W in weights:
            _, n_in, n_out = W.shape
            ratio = np.sqrt(np.mean(W**2) * (n_in + n_out) / 2)
            if W.size >= MANY and not 1 / FAR_OFF < ratio < FAR_OFF:
                return 'The weights at the start are not spread as the scheme "xavier" says.'
        if any(np.max(np.abs(b)) > 0.01 for b in biases):
            return "The biases were not 0 at the start: only the weights are drawn at random."
        return None


def steps_can_be_played_backwards(arguments: Sequence[Any], value: Plain) -> str | None:
    """With one batch an epoch: undoing each step from the end gives the losses of the history."""
    run = _Run(arguments, value)
    if run.fault:
        return run.fault
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


LATE = "The history tells the loss after each step. Asked for is the loss of the batch before the step."
UNLIKE = (
    "The weights, biases and losses do not belong together: every step must subtract learning_rate times the "
    "gradient of the batch's mean loss, for weights and biases, and the history tells the batch's mean loss "
    "before the step."
)


def every_row_counts(arguments: Sequence[Any], value: Plain) -> str | None:
    """With a learning rate of 0: each epoch's losses are those of all rows, in an order that changes."""
    run = _Run(arguments, value)
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
    plain = np.array([rows[start : start + run.size].mean() for start in range(0, len(rows), run.size)])
    if np.allclose(epochs[0], plain, atol=TOLERANCE):
        return "The rows were not shuffled: the losses are those of the rows in the order they came in."
    if run.epochs > 1 and np.allclose(epochs[0], epochs[1], atol=TOLERANCE):
        return "Every epoch went through the same batches: shuffle anew in each epoch."
    return None


def learned(arguments: Sequence[Any], value: Plain) -> str | None:
    """At the end nearly every row is classified rightly, and the losses of the last epoch are far below the first's."""
    run = _Run(arguments, value)
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
    ends = [_Run(call, value).end for call, value in zip(calls, values, strict=True)]
    return DEAF if np.allclose(ends[0], ends[2], atol=1e-3) else None


PROPERTIES: dict[str, Callable[[Sequence[Any], Plain], str | None]] = {
    each.__name__: each
    for each in (
        zero_layers,
        layers_of_the_sizes,
        spread_of_the_scheme,
        a_full_shuffle,
        steps_can_be_played_backwards,
        every_row_counts,
        learned,
    )
}
TOGETHER: dict[str, Callable[[Sequence[Sequence[Any]], Sequence[Plain]], str | None]] = {
    each.__name__: each
    for each in (generator_decides_the_weights, generator_decides_the_order, generator_decides_the_start)
}
