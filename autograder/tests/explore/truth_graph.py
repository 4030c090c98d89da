"""What the drawn graph's alt text must say for given control values, computed apart from the kit, with mpmath."""

import re
from collections.abc import Mapping
from typing import Any

from mpmath import mpf


def graph_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    x, y, z, rate = (mpf(str(values[label])) for label in ("x", "y", "z", "learning rate"))
    edges = {"x": x, "y": y, "z": z, "q": x + y, "f": (x + y) * z}
    slopes = {"x": z, "y": z, "z": x + y, "q": z, "f": mpf(1)}
    for name in edges:
        value = re.search(rf"above the edges: .*?\b{name} (-?[\d.]+)", alt)
        slope = re.search(rf"df/d{name} (-?[\d.]+)[,.]", alt)
        assert value, alt
        assert slope, alt
        assert _near(value[1], edges[name]), alt
        assert _near(slope[1], slopes[name]), alt
    if hidden:
        assert "f goes from" not in alt
        assert "The loss at each step" not in alt
        return
    run = _exact_run(x, y, z, rate)
    step = re.search(r"f goes from (\S+) to (\S+)\. ", alt)
    listed = re.search(r"The loss at each step from 0 on: (.+?)\. ", alt)
    assert step, alt
    assert listed, alt
    assert _near(step[1], run[0][0])
    assert _near(step[2], run[1][0])
    # A run that jumps about forgets its first digits; the first five steps do not.
    for said, (_, true) in zip(listed[1].split(", ")[:5], run, strict=False):
        assert said == "infinity" or _near(said, true), alt
    if "it converges" in alt:
        assert max(loss for _, loss in run[-3:]) < 1e-3
    if "this run diverges" in alt:
        assert len(run) < 21 or run[-1][1] > 1e100


def _near(said: str, true: Any) -> bool:
    """Whether the number said is the true one, rounded to the digits that were said."""
    digits, _, power = said.rstrip(".").partition("e")
    step = mpf(10) ** (int(power or 0) - len(digits.partition(".")[2]))
    return bool(abs(mpf(said.rstrip(".")) - true) <= step * mpf("0.5001") + abs(true) * mpf("1e-9"))


def _exact_run(x: Any, y: Any, z: Any, rate: Any) -> list[tuple[Any, Any]]:
    """f and the loss at the start and after each of 20 steps, without rounding that matters."""
    run = []
    for _ in range(21):
        f = (x + y) * z
        run.append((f, (f + 10) ** 2 / 2))
        if abs(f) > mpf(10) ** 200:
            break
        pull = rate * (f + 10)
        x, y, z = x - pull * z, y - pull * z, z - pull * (x + y)
    return run
