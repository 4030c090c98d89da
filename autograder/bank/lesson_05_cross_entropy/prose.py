"""Every number that the text of lesson 05 quotes."""

import numpy as np

from autograder.bank.lesson_05_cross_entropy.binary_cross_entropy import binary_cross_entropy
from autograder.bank.lesson_05_cross_entropy.cross_entropy import cross_entropy
from autograder.bank.lesson_05_cross_entropy.log_softmax import log_softmax
from autograder.bank.lesson_05_cross_entropy.sigmoid_cross_entropy_delta import (
    sigmoid_cross_entropy_delta,
    stable_sigmoid,
)
from autograder.bank.lesson_05_cross_entropy.softmax_cross_entropy_delta import softmax_cross_entropy_delta


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    labels, predicted = np.array([[1.0], [0.0], [1.0]]), np.array([[0.8], [0.3], [0.4]])
    second = np.array([0.0, 1.0, 0.0])
    rows = np.array([[0.2, 0.7, 0.1], [0.05, 0.7, 0.25], [0.7, 0.2, 0.1]])
    rain = np.array([[1.0]] * 7 + [[0.0]] * 3)
    z, start = np.array([2.0, 1.0, 0.0]), np.array([-6.0])
    y_hat = stable_sigmoid(start)
    delta = sigmoid_cross_entropy_delta(start, np.array([1.0]))
    return {
        "probabilities on the slider": np.array([0.8, 0.4, 0.2]),
        "probabilities of section 1": np.array([0.9, 0.5, 0.25, 0.1, 0.01]),
        "their losses": -np.log([0.9, 0.5, 0.25, 0.1, 0.01]),
        "squared error at 0.01": (1 - 0.01) ** 2,
        "what halving p costs": np.log(2),
        "probability of both samples": 0.5 * 0.1,
        "loss of both samples, their sum": -np.log(0.5 * 0.1),
        "loss of both samples, their mean": binary_cross_entropy(np.ones((2, 1)), np.array([[0.5], [0.1]])),
        "two-class predictions": predicted,
        "probability of what happened": np.where(labels == 1, predicted, 1 - predicted),
        "two-class losses": np.array(
            [binary_cross_entropy(*pair) for pair in zip(labels, predicted, strict=True)]
        ),
        "two-class mean loss": binary_cross_entropy(labels, predicted),
        "forecasts": np.array([0.7, 0.99]),
        "loss of the honest forecast": binary_cross_entropy(rain, np.full((10, 1), 0.7)),
        "loss of the boasting forecast": binary_cross_entropy(rain, np.full((10, 1), 0.99)),
        "the weather": [0.3, 0.7],
        "divergence of the boasting forecast": 0.3 * np.log(0.3 / 0.01) + 0.7 * np.log(0.7 / 0.99),
        "log 10": np.log(10),
        "base-10 loss at 0.5": -np.log10(0.5),
        "predictions for three classes": rows,
        "losses for three classes": np.array([cross_entropy(second, row) for row in rows]),
        "sigmoid of -6": y_hat,
        "delta of cross-entropy at -6, label 1": delta,
        "delta of the squared error at -6, label 1": delta * y_hat * (1 - y_hat),
        "clipped at": 1e-12,
        "largest loss after clipping": -np.log(1e-12),
        "smallest positive float": np.nextafter(0.0, 1.0),
        "rate of the walk": 0.5,
        "softmax of (2, 1, 0)": np.exp(log_softmax(z)),
        "delta of (2, 1, 0), second class": softmax_cross_entropy_delta(z, second),
    }
