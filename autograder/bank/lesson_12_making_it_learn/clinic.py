"""The seven runs on real digits that the lesson shows: a healthy one, and the six of the clinic under their letters."""

import functools

import numpy as np

from autograder.bank.lesson_12_making_it_learn.runs import (
    FROZEN,
    HEALTHY,
    MISSING,
    RATE,
    SATURATED,
    SHUFFLED,
    ZERO,
    Rows,
    Run,
    record,
)
from autograder.kit.digits import load_digits

LETTERS = {
    HEALTHY: HEALTHY,
    "A": MISSING,
    "B": ZERO,
    "C": SHUFFLED,
    "D": SATURATED,
    "E": RATE,
    "F": FROZEN,
}
ROWS, HIDDEN, BATCH, EPOCHS = 240, 16, 24, 10
RATES = {RATE: 12.0, SHUFFLED: 1.0}


@functools.cache
def recorded() -> dict[str, Run]:
    """Each run by its letter."""
    X, labels = load_digits()
    Y, order = np.eye(10)[labels], np.random.default_rng(6).permutation(len(X))
    seen, held = order[:ROWS], order[ROWS : 2 * ROWS]
    rows = Rows(X[seen], Y[seen], X[held], Y[held])
    return {
        letter: record(rows, HIDDEN, fault, np.random.default_rng(5), EPOCHS, BATCH, RATES.get(fault, 0.5))
        for letter, fault in LETTERS.items()
    }
