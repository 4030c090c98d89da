"""What the alt text of `explore.forward_pass` and `explore.backprop` must say, computed apart from the kit."""

import re
from collections.abc import Mapping
from typing import Any

import mpmath
import numpy as np

from autograder.kit import worked_example

EXAMPLE = worked_example()
GRADIENTS = {"W": list(EXAMPLE["weights"]), "b": list(EXAMPLE["biases"])}


def exact(x: list[float], rate: float = 0, direction: str = "both") -> list[list[Any]]:
    """What each layer gives in mpmath, after a step of that rate from the worked example's weights."""
    a, outs = [mpmath.mpf(str(value)) for value in x], []
    for layer, (W, b) in enumerate(zip(EXAMPLE["weights"].values(), EXAMPLE["biases"].values(), strict=True)):
        source = EXAMPLE["printed" if direction == "printed" else "computed"]
        dW = np.array(source[f"grad_{GRADIENTS['W'][layer]}"], float)
        db = EXAMPLE["computed"][f"grad_{GRADIENTS['b'][layer]}"] if direction == "both" else np.zeros(3)
        W, b = W - rate * dW, b - rate * db
        z = [mpmath.fsum([a[i] * W[i, j] for i in range(3)]) + b[j] for j in range(3)]
        if layer == 0:
            a = [max(value, mpmath.mpf(0)) for value in z]
        elif layer == 1:
            a = [1 / (1 + mpmath.exp(-value)) for value in z]
        else:
            a = [mpmath.exp(value) / mpmath.fsum(map(mpmath.exp, z)) for value in z]
        outs.append(a)
    return outs


def near(said: str, true: Any, digits: int) -> None:
    assert abs(float(said) - float(true)) <= 0.51 * 10.0**-digits + 0.06 * abs(float(true)) * ("e" in said)


def forward_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """The forward pass: what each layer gives, and the loss."""
    x = [values[f"input x{place}"] for place in (1, 2, 3)]
    found = re.match(
        r"Inputs (.+?); layer 1 gives (.+?); layer 2 gives (.+?); outputs (.+?); loss (\S+)\.", alt
    )
    assert found, alt
    assert found[1] == ", ".join(f"{value:.2f}" for value in x)
    outs = exact(x)
    for text, layer in zip(found.groups()[1:4], outs, strict=True):
        if text == "hidden":
            assert hidden
            continue
        for said, true in zip(text.split(", "), layer, strict=True):
            near(said, true, 4)
    if hidden:
        assert found[4] == "hidden"
        assert found[5] == "?"
    else:
        near(found[5], -mpmath.log(outs[2][0]), 4)


def backward_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """The way back: true and published numbers of a step, and the loss after it."""
    found = re.search(
        r"true (.+?); published (.+?)\. Learning rate (\S+), (.+?): loss after the step (\S+)\.(?: |$)", alt
    )
    assert found, alt
    stage = int(values["step backwards"])
    name = ("o_out", "delta_output", "grad_W_kl", "delta_h2", "grad_W_jk", "delta_h1", "grad_W_ij")[stage]
    for said, true in zip(re.split(r", | / ", found[1]), np.ravel(EXAMPLE["computed"][name]), strict=True):
        near(said, true, 5)
    if stage % 2 == 0:
        assert re.split(r", | / ", found[2]) == list(np.ravel(EXAMPLE["printed"][name]))
    assert found[3] == f"{values['learning rate']:.2f}"
    if hidden:
        assert found[5] == "?"
    else:
        near(
            found[5],
            -mpmath.log(
                exact(list(EXAMPLE["input"]), values["learning rate"], values["step along the"])[2][0]
            ),
            5,
        )
