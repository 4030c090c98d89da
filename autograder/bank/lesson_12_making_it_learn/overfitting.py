"""A net that learns 200 digits by heart, thirty wrong labels too; with more and more weight decay. What it records."""

import functools

import numpy as np

from autograder.bank.lesson_12_making_it_learn.runs import Rows, gradients, mean_loss, outputs
from autograder.bank.lesson_12_making_it_learn.split import split
from autograder.bank.lesson_12_making_it_learn.with_weight_decay import with_weight_decay
from autograder.kit.digits import load_digits

Array = np.ndarray
STRENGTHS = (0.0, 0.001, 0.003, 0.01, 0.02, 0.04)
SIZES = (64, 32, 10)
WRONG, EPOCHS, RATE = 30, 400, 0.5


@functools.cache
def rows() -> tuple[Rows, Array, Array]:
    """The training and validation rows, and those of the test with their targets. As the notebook draws them."""
    X, labels = load_digits()
    rng = np.random.default_rng(12)
    m = len(X)
    training, validation, test = split.reference(m, (200 / m, 400 / m, (m - 600) / m), rng)
    Y = np.eye(10)[labels]
    noisy = np.array(labels)
    noisy[training[:WRONG]] = (labels[training[:WRONG]] + rng.integers(1, 10, WRONG)) % 10
    return Rows(X[training], np.eye(10)[noisy[training]], X[validation], Y[validation]), X[test], Y[test]


def first_parameters() -> list[Array]:
    """The weights that every training here starts from, and biases of 0."""
    rng = np.random.default_rng(1)
    n, h, k = SIZES
    W, V = (rng.normal(0, np.sqrt(2 / (a + b)), (a, b)) for a, b in ((n, h), (h, k)))
    return [W, V, np.zeros(h), np.zeros(k)]


@functools.cache
def trained(strength: float, epochs: int = EPOCHS) -> tuple[Array, Array, list[Array]]:
    """The training and the validation loss before each epoch and after the last, and the parameters at the end."""
    drawn, _, _ = rows()
    parameters, losses, checked = first_parameters(), [], []
    for epoch in range(epochs + 1):
        losses.append(float(mean_loss(drawn.X, drawn.Y, parameters)))
        checked.append(float(mean_loss(drawn.validation_X, drawn.validation_Y, parameters)))
        if epoch < epochs:
            slopes = with_weight_decay.reference(
                parameters, gradients(drawn.X, drawn.Y, parameters), strength
            )
            parameters = [p - RATE * slope for p, slope in zip(parameters, slopes, strict=True)]
    return np.array(losses), np.array(checked), parameters


def share_right(X: Array, Y: Array, parameters: list[Array]) -> float:
    """The share of rows whose most probable class is the true one."""
    return float(np.mean(outputs(X, parameters)[1].argmax(axis=-1) == Y.argmax(axis=-1)))
