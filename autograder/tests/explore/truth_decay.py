"""What the alt text of `explore.weight_decay` must say, computed apart from the kit: by eigenvalues, without a step."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from autograder.kit.explore.pictures.decayed_fit import points


def inputs(x: np.ndarray) -> np.ndarray:
    """The nine waves and a 1."""
    waves = [np.sqrt(2) / k * np.cos(k * np.pi * (x + 1) / 2) for k in range(1, 10)]
    return np.array([*waves, np.ones(len(x))]).T


@cache
def fitted(strength: float, steps: int, seed: int) -> tuple[float, float, float]:
    """Both losses and the size of the weights: the way to the lowest point shrinks by its own factor in each axis."""
    x, y, x_val, y_val = points(seed)
    A = inputs(x)
    curvatures, axes = np.linalg.eigh(2 * A.T @ A / len(x) + np.diag([strength] * 9 + [0.0]))
    # In a flat axis the way is the slope times the sum of the factors, which needs no lowest point.
    slope = axes.T @ (2 * A.T @ y / len(x))
    factors = 1 - 0.4 * curvatures
    w = axes @ (0.4 * slope * np.sum(factors[:, None] ** np.arange(steps), axis=1))
    losses = [float(np.mean((inputs(at) @ w - value) ** 2)) for at, value in ((x, y), (x_val, y_val))]
    return losses[0], losses[1], float(np.linalg.norm(w[:9]))


def decay_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    found = re.match(
        r"Strength (\S+), (\d+) steps, points of seed (\d): training loss (\S+), validation loss (\S+), "
        r"size of the weights (\S+)\.( |$)",
        alt,
    )
    assert found, alt
    strength, steps = values["strength of the decay"], int(values["steps"])
    seed = int(values["which points (seed)"])
    assert found.groups()[:3] == (f"{strength:.2f}", str(steps), str(seed))
    if hidden:
        assert found.groups()[3:6] == ("?", "?", "?")
        return
    true = fitted(strength, steps, seed)
    assert all(abs(float(said) - each) <= 6e-5 for said, each in zip(found.groups()[3:6], true, strict=True))
    plain = re.search(
        r"Without decay the validation loss ends at (\S+), with weights of the size (\S+)\.", alt
    )
    assert bool(plain) == bool(strength), alt
    if plain:
        _, checked, size = fitted(0.0, steps, seed)
        assert abs(float(plain[1]) - checked) <= 6e-5
        assert abs(float(plain[2]) - size) <= 6e-5
