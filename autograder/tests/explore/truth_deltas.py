"""What the picture of delta's sizes must say for given control values: complex steps, no way back at all."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.kit.explore.pictures.delta_sizes import INPUT, OUTPUT_ERROR, WEIGHTS, WIDTH

STEP = 1e-100


def delta_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    depth, name = int(values["number of layers"]), str(values["activation"])
    name = {"ReLU": "relu", "none (identity)": "identity"}.get(name, name)
    spread = float(values["s, size of the weights"])
    found = re.match(r"(\d+) layers, activation .+?, s = (\S+)\. Size of delta from .+?: (.+?)\. ", alt)
    assert found, alt
    assert int(found[1]) == depth
    assert found[2] == f"{spread:.1f}"
    if hidden:
        assert found[3] == "hidden"
        assert "on the average" not in alt
        return
    sizes = exact_sizes(depth, name, spread)
    np.testing.assert_allclose([float(said) for said in found[3].split(", ")], sizes, rtol=5.1e-3)
    factor = re.search(r"multiplies delta by (\S+) on the average", alt)
    assert factor, alt
    assert abs(float(factor[1]) - sizes[0] ** (1 / (depth - 1))) < 1e-4
    power = re.search(r"the power of ten in layer 1 is (-?[\d.]+?):", alt)
    if power:
        assert abs(float(power[1]) - np.log10(sizes[0])) < 1e-4


def exact_sizes(depth: int, name: str, spread: float) -> list[float]:
    """The size of dL/db of each layer: an imaginary step on every bias, and the loss's imaginary part.

    ReLU is no analytic function; away from its kink its real part decides, as it does here. Near the output
    the loss is (z - y)^2 / 2 with z - y = the output error, so its imaginary part is that error times z's.
    """
    sizes = []
    for stepped in range(depth):
        z = np.repeat(INPUT, WIDTH, axis=0).astype(complex)
        for layer in range(depth):
            z = z @ WEIGHTS[layer] * spread / np.sqrt(WIDTH)
            if layer == stepped:
                z = z + 1j * STEP * np.eye(WIDTH)
            if layer < depth - 1:
                z = _applied(z, name)
        slopes = z.imag @ OUTPUT_ERROR[0] / STEP
        sizes.append(float(np.sqrt(np.mean(slopes**2))))
    return sizes


def _applied(z: np.ndarray, name: str) -> np.ndarray:
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    return np.where(z.real > 0, z, 0) if name == "relu" else z
