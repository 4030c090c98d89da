"""Every number that the text of lesson 04 quotes."""

import numpy as np

from autograder.bank.lesson_04_softmax.softmax import softmax
from autograder.bank.lesson_04_softmax.softmax_partial import softmax_partial


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    z = np.array([1.0, 2.0, -1.0])
    p = softmax(z)
    return {
        "the example's logits": z,
        "its logits divided by their sum": z / np.sum(z),
        "its exponentials": np.exp(z),
        "sum of its exponentials": np.sum(np.exp(z)),
        "its shares": p,
        "share of class 2 over share of class 1": p[1] / p[0],
        "slopes of its shares along the second logit": [softmax_partial(p, i, 1) for i in range(3)],
        "step of the prediction": 0.1,
    }
