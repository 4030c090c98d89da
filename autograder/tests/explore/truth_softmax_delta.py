"""What the alt text of the delta behind a softmax must say for given control values, computed apart, with mpmath."""

import re
from collections.abc import Mapping
from typing import Any

from mpmath import exp, log, mpf


def softmax_delta_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    found = re.match(
        r"Logits (.+?), true class (\d); probabilities (.+?); loss (\S+); deltas (.+?)[;.]( |$)", alt
    )
    assert found, alt
    scale = mpf(str(values["all logits times"]))
    logits = [mpf(str(values[f"logit z{i}"])) * scale for i in (1, 2, 3)]
    true = int(values["true class"]) - 1
    assert found[2] == values["true class"]
    total = sum(map(exp, logits))
    p = [exp(z) / total for z in logits]
    for said, z in zip(found[1].split(", "), logits, strict=True):
        assert abs(mpf(said) - z) < 1e-9
    for said, share in zip(re.findall(r"p\d (\S+?)(?:,|$)", found[3]), p, strict=True):
        assert abs(mpf(said) - share) < 6e-5, alt
    loss = log(total) - logits[true]
    assert abs(mpf(found[4]) - loss) < 6e-5 * max(1, loss / 1000), alt
    if hidden:
        assert found[5] == "hidden"
        assert "their sum" not in alt
        return
    for i, said in enumerate(re.findall(r"d\d (\S+?)(?:,|$)", found[5])):
        assert abs(mpf(said) - (p[i] - (i == true))) < 6e-5, alt
    assert "their sum 0.0000." in alt
