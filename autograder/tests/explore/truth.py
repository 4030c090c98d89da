"""What an explorable's alt text must say for given control values, computed apart from the kit, with mpmath."""

import re
from collections.abc import Mapping
from typing import Any

from mpmath import exp, log, mpf
from mpmath import tanh as mp_tanh

from autograder.tests.explore.truth_autograd import autograd_alt_is_true
from autograder.tests.explore.truth_batches import batches_alt_is_true
from autograder.tests.explore.truth_decay import decay_alt_is_true
from autograder.tests.explore.truth_deltas import delta_alt_is_true
from autograder.tests.explore.truth_digit import digit_alt_is_true
from autograder.tests.explore.truth_graph import graph_alt_is_true
from autograder.tests.explore.truth_network import backward_alt_is_true, forward_alt_is_true
from autograder.tests.explore.truth_softmax_delta import softmax_delta_alt_is_true
from autograder.tests.explore.truth_step_size import step_size_alt_is_true
from autograder.tests.explore.truth_valley import valley_alt_is_true

# Alt text rounds to four decimals.
ROUNDED = 6e-5
GUESS_FIRST = "Guess first, then reveal"


def assert_alt_is_true(title: str, values: Mapping[str, Any], alt: str, revealed: bool = False) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    hidden = bool(values[GUESS_FIRST]) and not revealed
    if title == "batches":
        batches_alt_is_true(values, alt, hidden)
        return
    if title == "a drawn digit":
        digit_alt_is_true(values, alt, hidden)
        return
    if title == "softmax":
        _softmax(values, alt, hidden)
    elif title == "the delta behind a softmax":
        softmax_delta_alt_is_true(values, alt, hidden)
    elif title == "the cross-entropy loss":
        _cross_entropy(values, alt, hidden)
    elif title == "the forward pass":
        forward_alt_is_true(values, alt, hidden)
    elif title == "backpropagation":
        backward_alt_is_true(values, alt, hidden)
    elif title == "the step h":
        step_size_alt_is_true(values, alt, hidden)
    elif title == "the graph of f = (x + y) z":
        graph_alt_is_true(values, alt, hidden)
    elif title == "a graph, node by node":
        autograd_alt_is_true(values, alt, hidden)
    elif title.startswith("a descent"):
        _descent(values, alt, hidden)
    elif title == "three ways down a valley":
        valley_alt_is_true(values, alt, hidden)
    elif title == "weight decay":
        decay_alt_is_true(values, alt, hidden)
    elif title == "the size of delta":
        delta_alt_is_true(values, alt, hidden)
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


def _descent(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """The walk with 50 digits, on formulas differentiated here."""
    found = re.match(
        r"Landscape ([a-z ]+), loss = .+?\. Learning rate (\S+), (\d+) steps?: "
        r"from (?:w|\(u, v\)) = (\(.+?\)|\S+) to (\(.+?\)|\S+), loss (\S+)\.( |$)",
        alt,
    )
    assert found, alt
    land, steps = values["landscape"], int(values["steps"])
    assert found[1] == land
    assert found[2] == f"{values['learning rate']:.3f}"
    assert int(found[3]) == steps
    w = [mpf(str(values["start u" if "start u" in values else "start w"]))]
    weights = {"bowl": [2], "round bowl": [1, 1], "long valley": [1, 12], "two valleys": None}[land]
    if weights and len(weights) == 2:
        w.append(mpf(str(values["start v"])))
    for said, true in zip(found[4].strip("()").split(", "), w, strict=True):
        _near(said, true)
    if hidden:
        assert (found[5], found[6]) == ("?", "?")
        return
    rate = mpf(str(values["learning rate"]))
    for _ in range(steps):
        if abs(w[0]) > mpf(10) ** 150:
            assert not abs(float(found[5])) < 1e100
            return
        slopes = (
            [c * x for c, x in zip(weights, w, strict=True)]
            if weights
            else [w[0] ** 3 - 2 * w[0] + mpf(1) / 4]
        )
        w = [x - rate * slope for x, slope in zip(w, slopes, strict=True)]
    for said, true in zip(found[5].strip("()").split(", "), w, strict=True):
        _roughly(said, true)
    exact = (
        sum(c * x**2 / 2 for c, x in zip(weights, w, strict=True))
        if weights
        else w[0] ** 4 / 4 - w[0] ** 2 + w[0] / 4
    )
    _roughly(found[6], exact)


def _roughly(said: str, true: Any) -> None:
    """To four decimals, or to the two digits of a power of ten."""
    power = 0.06 * abs(true) if "e" in said else 0
    assert abs(mpf(said.replace("infinity", "inf")) - true) <= max(
        ROUNDED * max(1, abs(true) / 1000), power
    ), (said, true)
