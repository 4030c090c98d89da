"""What `explore.step_size`'s alt text must say for given control values, computed apart from the kit, with mpmath."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from mpmath import mpf

# The function, and the x it is looked at.
CURVES: dict[str, tuple[Callable[[Any], Any], int]] = {
    "sin x at x = 1": (mpmath.sin, 1),
    "e^x at x = 1": (mpmath.exp, 1),
    "x^3 at x = 2": (lambda x: x**3, 2),
    "1000 + sin x at x = 1": (lambda x: 1000 + mpmath.sin(x), 1),
}
NAMES = {"sine": 0, "power": 1, "cube": 2, "tall": 3}


def step_size_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """The errors told are those of 60 digits, give or take what rounding in double precision can do."""
    found = re.match(
        r"(.+), h = 10\^(\S+) = (\S+); relative errors: forward (\S+), central (\S+), complex step (\S+)\.( |$)",
        alt,
    )
    assert found, alt
    k = values["log10 of h"]
    assert found[1] == list(CURVES)[NAMES[values["function"]]]
    assert found[2] == f"{k:.2f}"
    assert abs(float(found[3]) - 10.0**k) <= 0.05 * 10.0**k
    if hidden:
        assert found.group(4, 5, 6) == ("?", "?", "?")
        assert "Smallest errors" not in alt
        return
    with mpmath.workdps(60):
        f, x = CURVES[found[1]]
        h, slope = mpf(10.0**k), mpmath.diff(f, x)
        noise = 4 * mpf(2) ** -53 * (abs(f(x)) + abs(x * slope)) / h / abs(slope)
        exact = [
            ((f(x + h) - f(x)) / h, noise),
            ((f(x + h) - f(x - h)) / (2 * h), noise),
            (mpmath.im(f(mpmath.mpc(x, h))) / h, mpf(2) ** -50),
        ]
        for said, (value, allowed) in zip(found.group(4, 5, 6), exact, strict=True):
            error = abs(value - slope) / abs(slope)
            assert abs(mpf(said) - error) <= allowed + error / 15, (alt, float(error))
