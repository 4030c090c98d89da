"""The sheets that the bank's tests ask: the fixed cases and some draws, each drawn once a process.

`AUTOGRADER_DRAWS=50` asks so many draws of every exercise.
"""

import functools
import os

import numpy as np

from autograder.bank.exercise import Exercise
from autograder.kit.sheet import Sheet

DRAWS = int(os.environ.get("AUTOGRADER_DRAWS", "2"))
# A sheet of these takes seconds, for it trains networks.
SLOW = {"challenge"}


def seeds_of(exercise: Exercise) -> tuple[int | None, ...]:
    """None stands for the fixed cases."""
    return (None, *range(min(DRAWS, 2) if exercise.name in SLOW else DRAWS))


@functools.cache
def sheet_of(exercise: Exercise, seed: int | None) -> Sheet:
    """An exercise's sheet from a seed."""
    return exercise.sheet(None if seed is None else np.random.default_rng(seed))
