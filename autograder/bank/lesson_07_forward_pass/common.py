"""What the exercises of lesson 07 share: names, sentences, and how their arguments are drawn."""

from collections.abc import Callable

import numpy as np

from autograder.bank.exercise import distinct, numbers
from autograder.kit.ledger import worked_example

Array = np.ndarray
Activation = Callable[[Array], Array]
Pairs = list[tuple[Array, Array]]
LESSON = "07-forward-pass"
EXAMPLE = worked_example()
WEIGHTS = list(EXAMPLE["weights"].values())
BIASES = list(EXAMPLE["biases"].values())


def network(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases for layers of these sizes; no unit of the first layer comes to lie on the ReLU's kink."""
    weights = [numbers(rng, n, k, low=-1, high=1) for n, k in zip(sizes, sizes[1:], strict=False)]
    biases = [distinct(rng, k, -1, 1) for k in sizes[1:]]
    biases[0] = biases[0] + 1 / 128
    return weights, biases
