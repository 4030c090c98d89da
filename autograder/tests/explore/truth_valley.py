"""What the alt text of `explore.valley` must say, computed apart from the kit, weight by weight."""

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

Ends = dict[str, tuple[list[float], float]]


@cache
def ends(u: float, v: float, rate: float, beta: float, adam: float, steps: int) -> Ends:
    """Where each walk ends, and its loss there; each weight by itself, by the formulas of the papers."""
    found: Ends = {}
    for name in ("descent", "momentum", "Adam"):
        place = []
        for start, curvature in ((u, 1), (v, 100)):
            w = start
            velocity = mean = square = 0.0
            for t in range(1, steps + 1):
                g = curvature * w
                if name == "Adam":
                    mean = 0.9 * mean + 0.1 * g
                    square = 0.999 * square + 0.001 * g**2
                    size = math.sqrt(square / (1 - 0.999**t)) + 1e-8
                    w -= adam * mean / (1 - 0.9**t) / size
                else:
                    velocity = g + (beta * velocity if name == "momentum" else 0)
                    w -= rate * velocity
            place.append(w)
        found[name] = place, (place[0] ** 2 + 100 * place[1] ** 2) / 2
    return found


def near(said: str, true: Any) -> None:
    """To four decimals, or to the two digits of a power of ten; what a float rounds away on a long walk is no fault."""
    room = 6e-5 * max(1, abs(true) / 1000)
    assert abs(float(said) - true) <= max(room, 0.06 * abs(true) if "e" in said else 0), (said, true)


def valley_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    found = re.match(
        r"(\d+) steps? from \(u, v\) = \((\S+), (\S+)\), curvatures 1 and 100\. Rate (\S+), beta (\S+), Adam's rate "
        r"(\S+): (descent to .+? loss \S+); (momentum to .+? loss \S+); (Adam to .+? loss \S+)\.( |$)",
        alt,
    )
    assert found, alt
    steps, u, v = int(values["steps"]), values["start u"], values["start v"]
    rate, beta, adam = (
        values["rate of descent and momentum"],
        values["momentum's beta"],
        values["Adam's rate"],
    )
    assert found.groups()[:6] == (
        str(steps), f"{u + 0.0:.2f}", f"{v + 0.0:.2f}", f"{rate:.4f}", f"{beta:.2f}", f"{adam:.2f}"
    )  # fmt: skip
    true = ends(u, v, rate, beta, adam, steps)
    for text, name in zip(found.groups()[6:9], true, strict=True):
        if hidden and name != "descent":
            assert text == f"{name} to ?, loss ?"
            continue
        said = re.fullmatch(rf"{name} to \((\S+), (\S+)\), loss (\S+)", text)
        assert said, text
        place, loss = true[name]
        for number, exact in zip(said.groups(), (*place, loss), strict=True):
            near(number, exact)
    if not hidden:
        sentence = re.search(
            r"times the curvature is (\S+)\. .+? it (runs|comes|never) .+? (\S+): it (\w+)", alt
        )
        assert sentence, alt
        product, most = rate * 100, 2 * (1 + beta)
        assert abs(float(sentence[1]) - product) <= 0.005
        for verb, limit in ((sentence[2], 2.0), (sentence[4], most)):
            assert verb == (
                "never" if abs(product - limit) < 1e-9 else "runs" if product > limit else "comes"
            )
        assert sentence[3] == f"{float(most):.2f}"
