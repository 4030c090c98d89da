"""Lesson 10's challenge: pictures to learn from, and the pictures on which what came back is judged.

A split is made from a number. Where a student's code runs, the number is not known: what it gets is the first part of
the split alone. The order of the pixels and the names of the classes are mixed up, in each split anew, so nothing that
was learned beforehand fits, and the file of digits does not show which pictures will be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.kit.digits import MOST_INK, load_digits
from autograder.kit.judge.draws import layers, parts_of
from autograder.kit.plain import Plain

Array = np.ndarray

CLASSES, EACH = 10, 10
# Pale pictures: the darkest pixel is 0.16, where a digit of the lesson has 1.
INK = 0.01
# The share of held-out pictures that must be read, a mean over ten splits. Of forty times ten splits the lesson's own
# settings came to 0.73 (0.77 at best), the bank's right answers to 0.89 (0.878 at worst): luck decides for neither.
TARGET = 0.86
# The share of its own hundred pictures that a training which has come to an end reads.
OWN_ROWS = 0.85
# So many numbers a network may have; what carries an answer to the judge is not made for many more.
MOST_NUMBERS = 8000


@dataclass(frozen=True)
class Split:
    """X of shape (100, 64) and Y of shape (100, 10) to learn from; the rows and classes of all other pictures."""

    X: Array
    Y: Array
    other_rows: Array
    other_classes: Array


@lru_cache(maxsize=64)
def split(number: int) -> Split:
    """Ten pictures of each digit, in random order, and all the others; not to be written to."""
    rng = np.random.default_rng(number)
    pixels, labels = load_digits()
    pale = np.rint(pixels * MOST_INK)[:, rng.permutation(pixels.shape[1])] * INK
    classes = rng.permutation(CLASSES)[labels]
    of_each = [rng.choice(np.flatnonzero(classes == each), EACH, replace=False) for each in range(CLASSES)]
    chosen = rng.permutation(np.concatenate(of_each))
    others = np.setdiff1d(np.arange(len(labels)), chosen)
    return Split(pale[chosen].round(2), np.eye(CLASSES)[classes[chosen]], pale[others], classes[others])


def network_fault(value: Plain, inputs: int) -> str | None:
    """What is wrong with weights and biases as a network from `inputs` numbers to ten classes."""
    parts = parts_of(value, 2)
    if parts is None:
        return "Two things must come back: the list of weights and the list of biases, one array a layer."
    weights, biases = map(layers, parts)
    if not weights or len(weights) != len(biases):
        return "A network has as many arrays of biases as of weights, one a layer, and at least one layer."
    coming = inputs
    for W, b in zip(weights, biases, strict=True):
        if type(W) is tuple or type(b) is tuple or np.ndim(W) != 2 or np.ndim(b) != 1:
            return "Each W is a table of shape (n_in, n_out), each b a row of shape (n_out,)."
        if len(W) != coming or np.shape(b) != (W.shape[1],):
            return (
                "The layers do not fit: W has a row for each output of the layer before (64 inputs first), b a number "
                "for each column of W."
            )
        coming = W.shape[1]
        if W.dtype.kind == "c" or b.dtype.kind == "c" or not (np.isfinite(W).all() and np.isfinite(b).all()):
            return "Not every weight and bias is a finite number: the training has run away."
    count = sum(np.size(each) for each in [*weights, *biases])
    if count > MOST_NUMBERS:
        return f"The network has {count} numbers, and {MOST_NUMBERS} are allowed: make its layers smaller."
    return None if coming == CLASSES else "The last layer must have ten outputs, one for each class."


def read_as(value: Plain, rows: Array) -> Array:
    """The class that a network names for each row; its hidden layers are tanh."""
    weights, biases = map(layers, value)
    a = rows
    with np.errstate(all="ignore"):
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            a = np.tanh(a @ W + b)
        logits = a @ weights[-1] + biases[-1]
    return np.where(np.isfinite(logits).all(axis=-1), logits.argmax(axis=-1), -1)


def is_a_network(arguments: Sequence[Any], value: Plain) -> str | None:
    """Weights and biases that fit each other, the inputs and the classes."""
    return network_fault(value, np.shape(arguments[0])[1])


def knows_its_own_rows(arguments: Sequence[Any], value: Plain) -> str | None:
    """The network reads nearly all of the very pictures it was trained on."""
    X, Y = arguments[:2]
    fault = is_a_network(arguments, value)
    if fault or np.mean(read_as(value, X) == Y.argmax(axis=1)) >= OWN_ROWS:
        return fault
    return "The network does not read the pictures that it was given to learn from: " + TRY


TRY = (
    "the training has not come far enough. These pictures are pale, so what comes into the first layer is small. Which "
    "settings make up for that?"
)


def reads_held_out_pictures(calls: Sequence[Sequence[Any]], values: Sequence[Plain]) -> str | None:
    """The mean over the splits, each judged on the pictures that its call did not show."""
    own, others = [], []
    for (X, Y, _, number), value in zip(calls, values, strict=True):
        each = split(number)
        own.append(np.mean(read_as(value, X) == Y.argmax(axis=1)))
        others.append(np.mean(read_as(value, each.other_rows) == each.other_classes))
    if np.mean(others) >= TARGET:
        return None
    told = (
        f"Of 100 held-out pictures your networks read {100 * np.mean(others):.1f}, a mean over the splits. "
    )
    if np.mean(own) < 0.95:
        return told + "They do not even know the pictures they learned from: " + TRY
    return (
        told
        + "They know their own pictures, and others too little: other first weights, smaller steps, or more?"
    )
