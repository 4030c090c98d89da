"""Every number that the text of lesson 07 quotes."""

import numpy as np

from autograder.bank.lesson_07_forward_pass.common import EXAMPLE, WEIGHTS
from autograder.bank.lesson_07_forward_pass.mean_squared_error import mean_squared_error
from autograder.bank.lesson_07_forward_pass.neuron import neuron
from autograder.bank.lesson_07_forward_pass.printed_output import printed_output


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    computed, printed = EXAMPLE["computed"], EXAMPLE["printed"]
    x, first = EXAMPLE["input"], WEIGHTS[0][:, 0]
    h1, W2 = computed["h1_out"], WEIGHTS[1]
    published = {
        name: np.array(printed[name], dtype=float)
        for name in ("h2_in", "h2_out", "o_in", "o_out", "o_out_later_edition", "loss")
    }
    share = published["o_out"][0]
    y, y_hat = np.array([1.0, 0.0]), np.array([0.5, 0.25])
    return {
        "the input": x,
        "weights of the first neuron": first,
        "its products": first * x,
        "its sum": neuron(x, first, 1.0, lambda z: z),
        **{
            f"computed {name}": computed[name]
            for name in ("h1_out", "h2_in", "h2_out", "o_in", "o_out", "loss")
        },
        **{f"published {name}": value for name, value in published.items()},
        "the terms of the third sum of layer 2": h1 * W2[:, 2],
        "the weights in it": W2[:, 2],
        "largest over smallest": [
            np.max(published[name]) / np.min(published[name]) for name in ("o_in", "o_out")
        ],
        "the plain division of the published logits": printed_output(published["o_in"]),
        "sum of the published logits": np.sum(published["o_in"]),
        "cross-entropy of the published outputs": [-np.log(share), -np.log10(share)],
        "ln 10": np.log(10),
        "the pencil's squared error": [y_hat, (y_hat - y) ** 2, mean_squared_error(y, y_hat)],
    }
