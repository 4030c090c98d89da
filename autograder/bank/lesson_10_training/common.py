"""What the exercises of lesson 10 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Sequence

import numpy as np

from autograder.kit.plain import Rng

Array = np.ndarray
Arrays = Sequence[np.ndarray]
Names = Sequence[str]
Generator = np.random.Generator
LESSON = "10-training"
IN_PLACE = "The numbers are right, but an argument was changed on the way. Compute into new arrays."


def seed(rng: Generator) -> Rng:
    """A generator for a student's function, with a seed of its own."""
    return Rng(int(rng.integers(1, 1_000_000)))


def targets(rng: Generator, m: int, classes: int) -> Array:
    """One-hot rows; every class occurs where m allows it, and the order is random."""
    return np.eye(classes)[rng.permutation(np.arange(m) % classes)]
