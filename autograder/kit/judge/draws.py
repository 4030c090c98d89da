"""Lesson 10: what first weights and mini-batches must be like, whichever numbers the generator drew."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.kit.plain import Plain, agree, members

Array = np.ndarray

# Single precision keeps a number to about six digits; any slip moves it by more.
TOLERANCE = 3e-5
# The measured standard deviation of drawn weights strays from the true one by chance; once in 100,000 times
# by more than so many of its own standard deviations.
STRAYS = 4.5


def parts_of(value: Plain, count: int) -> Sequence[Any] | None:
    """The answer's `count` parts, or None where it has not so many."""
    if type(value) is not tuple and np.ndim(value) == 0:
        return None
    parts = members(value)
    return parts if len(parts) == count else None


def layers(part: Plain) -> list[Any]:
    """A list of arrays, one a layer, whichever plain form it took."""
    return [] if type(part) is not tuple and np.ndim(part) == 0 else list(members(part))


def misfit(sizes: Sequence[int], weights: list[Any], biases: list[Any]) -> str | None:
    """How the arrays do not fit the layers' sizes."""
    count = len(sizes) - 1
    if len(weights) != count or len(biases) != count:
        made = f"{len(sizes)} sizes make {count} layer{'s' if count > 1 else ''}"
        if len(weights) == len(biases) == count + 1:
            return f"{made} of weights and biases: there is no layer before the inputs."
        return (
            f"{made}: so many arrays of weights are asked for first, then so many of biases. Here {len(weights)} "
            f"and {len(biases)} stand in these places."
        )
    for n_in, n_out, W, b in zip(sizes, sizes[1:], weights, biases, strict=False):
        if type(W) is tuple or np.shape(W) != (n_in, n_out):
            return "Between n_in and n_out neurons W has the shape (n_in, n_out): one row for each input."
        if type(b) is tuple or np.shape(b) != (n_out,):
            return "A layer of n_out neurons has biases of shape (n_out,)."
    return None


# initialise


def zero_layers(arguments: Sequence[Any], value: Plain) -> str | None:
    """Every weight and bias is exactly zero."""
    parts = parts_of(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(layers, parts)
    return misfit(arguments[0], weights, biases) or (
        'With the scheme "zeros" every weight and every bias is exactly 0.'
        if any(np.any(each) for each in [*weights, *biases])
        else None
    )


def layers_of_the_sizes(arguments: Sequence[Any], value: Plain) -> str | None:
    """Weights and biases of the shapes that the sizes ask for, not all zero."""
    parts = parts_of(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(layers, parts)
    fault = misfit(arguments[0], weights, biases) or _same_draws(weights)
    if fault or all(np.all(np.isfinite(W)) and np.any(W) for W in weights):
        return fault
    return "The weights are drawn at random, and not all of them are 0."


def spread_of_the_scheme(arguments: Sequence[Any], value: Plain) -> str | None:
    """Weights with mean 0 and the scheme's standard deviation, all different; biases exactly 0."""
    sizes, _, scheme = arguments
    parts = parts_of(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights, then the list of biases."
    weights, biases = map(layers, parts)
    wrong = misfit(sizes, weights, biases)
    if wrong:
        return wrong
    if any(np.any(b) for b in biases):
        return "Biases start at exactly 0: only the weights are drawn."
    for n_in, n_out, W in zip(sizes, sizes[1:], weights, strict=False):
        wanted = math.sqrt(2 / (n_in + n_out) if scheme == "xavier" else 2 / n_in)
        wrong = _misspread(np.asarray(W, dtype=float), wanted, scheme)
        if wrong:
            return wrong
    return _same_draws(weights)


def _same_draws(weights: list[Any]) -> str | None:
    """Whether a layer begins with the numbers of another, but for the scale."""
    rows = [np.ravel(np.asarray(W, dtype=float)) for W in weights]
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            count = min(one.size, other.size, 8)
            first, second = one[:count], other[:count]
            if count < 4 or not np.any(first) or not np.any(second):
                continue
            if np.allclose(
                first * np.linalg.norm(second), second * np.linalg.norm(first), rtol=1e-3, atol=1e-9
            ):
                return (
                    "Two layers begin with the same draws, but for their scale. Every weight is drawn anew."
                )
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
    first, other = (np.ravel(layers(parts_of(values[k], 2)[0])[0]) for k in (0, 2))  # type: ignore[index]
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
    pairs = [parts_of(batch, 2) for batch in batches]
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
    fault = hardly_moved(flat)
    if fault:
        return fault
    if len(order) > 1 and all(max(rows) - min(rows) == len(rows) - 1 for rows in order) and len(order[0]) > 1:
        return "Each batch holds rows that were neighbours before: shuffle the rows, not just the batches."
    return None


def hardly_moved(order: list[int]) -> str | None:
    """Whether an order of the rows is too near to the first, as one in ten millions of random ones is."""
    m = len(order)
    if m < 16:
        return None
    rows = np.array(order)
    if np.sum(rows == np.arange(m)) >= 10:
        return f"Of {m} rows {np.sum(rows == np.arange(m))} are where they were: every order must be equally likely."
    steps = np.diff(rows)
    if np.sum(steps == 1) >= 10 or np.sum(steps == -1) >= 10:
        return "Most rows stand beside the same neighbours as before: every order must be equally likely."
    return None


def rows_move(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """Many calls with other generators: no row stays at its place, and no batch holds the same rows, in all of them."""
    found = []
    for call, value in zip(calls, values, strict=True):
        found.append([_rows_of(call[0], np.asarray(parts_of(pair, 2)[0])) for pair in members(value)])  # type: ignore[index]
    flat = np.array([sum(each, []) for each in found])
    stays = np.flatnonzero(np.all(flat == flat[0], axis=0))
    if stays.size:
        return f"In {len(flat)} calls with other generators place {stays[0]}, counted from 0, always held the same row."
    classes = [np.argmax(call[1], axis=-1)[rows] for call, rows in zip(calls, flat, strict=True)]
    marks = {
        "of the first half": flat < flat.shape[1] // 2,
        "with an even number": flat % 2,
        "of one class": np.array(classes),
    }
    for which, mark in marks.items():
        if np.all(mark == mark[0]):
            return (
                f"In all calls the rows {which} came at the same places: every order must be equally likely."
            )
    kept = set.intersection(*({frozenset(rows) for rows in each} for each in found))
    if any(1 < len(rows) < flat.shape[1] for rows in kept):
        return "In all calls some batch holds the same rows: shuffle the rows, then cut."
    return None


def generator_decides_the_order(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    orders = [
        sum((_rows_of(call[0], np.asarray(parts_of(pair, 2)[0])) for pair in members(value)), [])  # type: ignore[index]
        for call, value in zip(calls, values, strict=True)
    ]
    if orders[0] != orders[1]:
        return OWN_NUMBERS
    return DEAF if orders[0] == orders[2] else None
