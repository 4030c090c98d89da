"""What an explorable's alt text must say for given control values, computed apart from the kit, with mpmath."""

import re
from collections.abc import Mapping
from typing import Any

from mpmath import exp, log, mpf
from mpmath import tanh as mp_tanh

from autograder.tests.explorable_truth_graph import graph_alt_is_true

# Alt text rounds to four decimals.
ROUNDED = 6e-5
GUESS_FIRST = "Guess first, then reveal"


def assert_alt_is_true(title: str, values: Mapping[str, Any], alt: str, revealed: bool = False) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    hidden = bool(values[GUESS_FIRST]) and not revealed
    if title == "softmax":
        _softmax(values, alt, hidden)
    elif title == "the cross-entropy loss":
        _cross_entropy(values, alt, hidden)
    elif title == "the graph of f = (x + y) z":
        graph_alt_is_true(values, alt, hidden)
    else:
        _activation(title.split()[1], values, alt, hidden)
    if hidden:
        guess = next(value for label, value in values.items() if label.startswith("your guess"))
        assert f"Your guess is {guess:.2f}" in alt


def _near(said: str, true: Any) -> None:
    assert abs(mpf(said.replace("infinity", "inf")) - true) <= ROUNDED * max(1, abs(true) / 1000), (
        said,
        true,
    )


def _activation(name: str, values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    found = re.match(r"x = (\S+), (\w+) (\S+), slope (\S+)\.( |$)", alt)
    assert found, alt
    x = mpf(str(values["x"]))
    share = 1 / (1 + exp(-x))
    value, slope = {
        "sigmoid": (share, share * (1 - share)),
        "tanh": (mp_tanh(x), 1 - mp_tanh(x) ** 2),
        "softplus": (log(1 + exp(x)), share),
        "relu": (max(x, mpf(0)), mpf(1 if x > 0 else 0)),
    }[name]
    assert found[2] == name
    assert found[1] == f"{values['x']:.2f}"
    _near(found[3], value)
    if hidden:
        assert found[4] == "?"
    else:
        _near(found[4], slope)


def _softmax(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    found = re.match(r"Logits (.+?) \(c = (\S+) included\); probabilities (.+?)[;.]( |$)", alt)
    assert found, alt
    shift = values["c, added to every logit"]
    logits = [values[f"logit z{i}"] for i in (1, 2, 3, 4)]
    assert found[2] == f"{shift:.0f}"
    for said, z in zip(found[1].split(", "), logits, strict=True):
        _near(said, mpf(str(z)) + shift)
    if hidden:
        assert found[3] == "hidden"
        return
    powers = [exp(mpf(str(z))) for z in logits]
    p = [power / sum(powers) for power in powers]
    for said, true in zip(re.findall(r"p\d (\S+)", found[3]), p, strict=True):
        _near(said.rstrip(","), true)
    more = re.search(r"diagonal (.+?); its row sums (.+?)\.( |$)", alt)
    assert more, alt
    for said, true in zip(more[1].split(", "), p, strict=True):
        _near(said, true * (1 - true))
    assert more[2] == "0.0000, 0.0000, 0.0000, 0.0000"


def _cross_entropy(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    found = re.match(r"p = (\S+), loss (\S+), gradient (\S+), logarithm (\w+)", alt)
    assert found, alt
    p = values["p, given to the true class"]
    assert found[1] == f"{p:.3f}"
    assert found[4] == values["logarithm"].split()[0]
    unit = log(10) if values["logarithm"] == "base 10" else mpf(1)
    if hidden:
        assert found[2] == found[3] == "?"
    else:
        _near(found[2], -log(mpf(str(p))) / unit)
        _near(found[3], -1 / (mpf(str(p)) * unit))
