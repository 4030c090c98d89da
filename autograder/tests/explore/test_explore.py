"""Controls and panels: values that cannot be, what the browser gets and sends, plain Python."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest

from autograder.kit import explore
from autograder.tests.explore.explorables import assert_drawn_well, truth


def test_everything_at_once_still_fits() -> None:
    wrong = np.cos
    panels = [
        explore.activation("sigmoid", wrong, wrong, predict=True),
        explore.softmax(wrong, lambda z: np.outer(z, z), predict=True),
        explore.cross_entropy(lambda y, q: float(q @ q), predict=True),
        explore.delta(lambda z, y: z + y, predict=True),
    ]
    for panel in panels:
        for label in panel.presets:
            panel.press(label)
            assert_drawn_well(panel)
            panel.press("Reveal")
            truth(panel)
            assert_drawn_well(panel)


def test_a_right_guess_is_called_right() -> None:
    panel = explore.activation("relu", predict=True)
    panel.move(x=2, guess=1)
    panel.press("Reveal")
    assert "You guessed 1.00; the slope is 1.0000: right" in panel.picture.alt


# Controls.


def test_values_that_cannot_be_are_refused_or_brought_inside() -> None:
    panel = explore.cross_entropy()
    panel.move(p=-3)
    assert panel.values["p"] == 0.001
    panel.move(p=1e9)
    assert panel.values["p"] == 1
    for wrong in ({"p": "x"}, {"p": math.nan}, {"p": None}, {"log": "base 3"}, {"q": 1}):
        with pytest.raises(ValueError, match=r"p|log|q"):
            panel.move(**wrong)
        assert panel.values["p"] == 1
    with pytest.raises(ValueError, match="no button"):
        panel.press("nothing")
    with pytest.raises(ValueError, match="there are: sigmoid, tanh, softplus, relu"):
        explore.activation("gelu")


# How it is shown.


class Handle:
    """Stands for IPython's display handle."""

    def __init__(self) -> None:
        self.shown: list[dict[str, str]] = []

    def update(self, bundle: dict[str, str], raw: bool) -> None:
        """Keeps what was shown."""
        assert raw
        self.shown.append(bundle)


def test_what_the_browser_sends_draws_once_and_what_python_sets_reaches_the_browser() -> None:
    panel = explore.activation("sigmoid")
    panel._handle = handle = Handle()
    panel.widget.values = {**panel.values, "x": -8}
    assert [bundle["text/plain"][:9] for bundle in handle.shown] == ["x = -8.00"]
    panel.move(x=2.0000001)
    assert panel.widget.values["x"] == 2
    assert len(handle.shown) == 2
    panel.press("the middle")
    assert panel.widget.values == panel.values
    assert panel.widget.said == panel.picture.alt, "what is read aloud"
    assert len(handle.shown) == 3


def test_the_browser_gets_all_it_needs_and_nothing_from_the_net() -> None:
    widget = explore.softmax().widget
    assert [spec["label"] for spec in widget.controls][:2] == ["logit z1", "logit z2"]
    assert widget.presets[-1]["label"] == "Reset"
    for code in (widget._esm, widget._css):
        assert "http" not in code
        assert not re.search(r"\bimport\b", code)


def test_plain_python_draws_without_a_notebook_and_imports_little() -> None:
    code = (
        "import sys\n"
        "from autograder.kit import explore\n"
        "assert not {'matplotlib', 'anywidget', 'ipywidgets'} & sys.modules.keys()\n"
        "explore.softmax(); explore.cross_entropy(); explore.activation('relu').move(x=-1)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count("\n") == 3
    assert "softmax: Logits 2.0, 1.0, 0.0, -1.0" in done.stdout
