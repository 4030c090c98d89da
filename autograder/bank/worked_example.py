"""The worked example as a ledger: every number of one training step, exactly, and the published figures beside them.

`build` writes the ledger to data/worked_example.json. `exact_step` has the network and its numbers, in decimals,
`published_figures` what was printed of it and the slips.
"""

import json
from decimal import Decimal, localcontext
from typing import Any

from autograder import course
from autograder.bank.exact_step import (
    BIASES,
    INPUT,
    LEARNING_RATE,
    TARGET,
    WEIGHTS,
    Parameters,
    computed,
    cross_entropy,
    decimals,
    forward,
    moved,
    start,
)
from autograder.bank.published_figures import PRINTED, decimals_of_printed, errata

PATH = course.WORKED_EXAMPLE
PRECISION = 50
DIGITS = 12

WHAT = (
    "One training step of a 3-3-3-3 network (ReLU, sigmoid, softmax; z = a W + b with row vectors, so W[i][j] leads "
    "from input i to output j; natural logarithm). 'computed' is computed from the weights with 50 digits; 'printed' "
    "holds the figures as they were published, as text, so that the digits they were printed with are kept."
)


def compute() -> dict[str, Any]:
    """The whole ledger, as plain JSON data."""
    with localcontext() as context:
        context.prec = PRECISION
        ledger = {
            "what": WHAT,
            "input": INPUT,
            "target": TARGET,
            "learning_rate": LEARNING_RATE,
            "weights": WEIGHTS,
            "biases": BIASES,
        }
        ledger = _plain({name: value if name == "what" else _read(value) for name, value in ledger.items()})
        return ledger | {
            "computed": _plain(computed()),
            "after_the_step": _plain(after_the_step()),
            "printed": PRINTED,
            "errata": _plain(errata()),
        }


def after_the_step() -> dict[str, Any]:
    """The network after one step of each kind: its logits, its probabilities and its loss."""
    x, y, rate = decimals(INPUT), decimals(TARGET), Decimal(LEARNING_RATE)
    before, right, printed = start(), computed(), decimals_of_printed()
    new_weights = [right[f"new_{name}"] for name in WEIGHTS]
    new_biases = [right[f"new_{name}"] for name in BIASES]
    by_printed_gradients = [
        moved(W, printed[f"grad_{name}"], rate) for name, W in zip(WEIGHTS, before.weights, strict=True)
    ]
    steps = {
        "no step": before,
        "true gradient, weights only": Parameters(new_weights, before.biases),
        "true gradient, weights and biases": Parameters(new_weights, new_biases),
        "printed gradient": Parameters(by_printed_gradients, before.biases),
        "printed new weights": Parameters([printed[f"new_{name}"] for name in WEIGHTS], before.biases),
    }
    return {
        name: {
            "o_in": (values := forward(x, parameters))["o_in"],
            "o_out": values["o_out"],
            "loss": cross_entropy(values["o_out"], y),
        }
        for name, parameters in steps.items()
    }


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _read(each) for name, each in value.items()}
    return decimals(value)


def _plain(value: Any) -> Any:
    """Decimals as floats of twelve digits; the rest as it is."""
    if isinstance(value, Decimal):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def text() -> str:
    """The ledger as it is written to its file."""
    return json.dumps(compute(), indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    """Writes the ledger."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text(), encoding="utf-8")
