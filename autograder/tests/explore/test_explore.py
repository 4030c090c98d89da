"""The explorables without a browser: every control, every preset, every kind of broken function."""

import itertools
import math
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from autograder.kit import explore
from autograder.kit.explore.parts.controls import Check, Choice, Control, Range, Reveal
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.truth import assert_alt_is_true

MAKERS: dict[str, Callable[..., Panel]] = {
    **{
        name: lambda *given, _name=name, **how: explore.activation(_name, *given, **how)
        for name in ("sigmoid", "tanh", "softplus", "relu")
    },
    "softmax": explore.softmax,
    "cross_entropy": explore.cross_entropy,
    "delta": explore.delta,
}
every_explorable = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def truth(panel: Panel) -> None:
    """Asserts that the picture's alt text is true of the panel's controls."""
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


def places(control: Control) -> list[Any]:
    """Both ends of a control, and fifteen places between."""
    if isinstance(control, Range):
        return [control.low + (control.high - control.low) * part / 16 for part in range(17)]
    return list(control.options) if isinstance(control, Choice) else [True, False]


def text_width(content: str, size: float, bold: bool) -> float:
    """A generous estimate of a line's width in pixels."""
    return len(content) * size * (0.58 if bold else 0.54)


def assert_drawn_well(panel: Panel) -> None:
    """The picture is well-formed, refers to nothing outside, its text is large enough, inside, and not overlapping."""
    code = panel.picture.svg.render()
    root = ET.fromstring(code)
    assert re.findall(r"https?://[^\"]+", code) == ["http://www.w3.org/2000/svg"]
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert width <= 760
    boxes = []
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
        assert size >= 13
        length = text_width(text.text or "", size, "font-weight" in text.attrib)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]] * length
        assert left >= 0, text.text
        assert left + length <= width, text.text
        assert size <= y <= height - 4, text.text
        boxes.append((left, left + length, y - 0.7 * size, y, text.text))
    for a, b in itertools.combinations(boxes, 2):
        apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
        assert apart, f"{a[4]!r} and {b[4]!r} overlap"


@every_explorable
def test_every_control_from_end_to_end(make: Callable[..., Panel]) -> None:
    panel = make()
    truth(panel)
    for name, control in panel.controls.items():
        for place in places(control):
            panel.move(**{name: place})
            truth(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)


@every_explorable
def test_every_preset_and_reset(make: Callable[..., Panel]) -> None:
    panel = make()
    start, first = dict(panel.values), panel.picture.alt
    for label, preset in panel.presets.items():
        panel.press(label)
        for name, value in preset.values.items():
            assert panel.values[name] == value
        truth(panel)
        assert_drawn_well(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


@every_explorable
def test_a_guess_is_hidden_until_revealed_and_again_after_the_next_move(make: Callable[..., Panel]) -> None:
    panel = make(predict=True)
    truth(panel)
    assert "press Reveal" in panel.picture.alt
    assert "<td>?</td>" in panel.picture.html()
    panel.move(guess=0.3)
    assert "Your guess is 0.30" in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert re.search(
        r"You guessed 0\.30; .+ is -?\d\.\d{4}: too (small|large) by \d\.\d{4}\.", panel.picture.alt
    )
    assert_drawn_well(panel)
    moved = next(name for name, control in panel.controls.items() if isinstance(control, Range))
    panel.move(**{moved: panel.controls[moved].low})  # type: ignore[union-attr]
    assert "press Reveal" in panel.picture.alt
    truth(panel)


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


@every_explorable
def test_a_guess_says_nothing_of_the_students_own_slope_or_probabilities(make: Callable[..., Panel]) -> None:
    panel = make(lambda *_: 0.123456, predict=True)
    assert "0.1235" not in panel.picture.html()


# Controls.


@every_explorable
def test_every_control_has_a_name_of_its_own(make: Callable[..., Panel]) -> None:
    panel = make()
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert all(labels)
    assert len(set(labels)) == len(labels)
    for control in panel.controls.values():
        assert control.label in control.describe()
    assert isinstance(panel.controls["predict"], Check)
    assert isinstance(panel.controls["revealed"], Reveal)


@every_explorable
def test_values_read_as_they_are_meant(make: Callable[..., Panel]) -> None:
    for control in make().controls.values():
        if isinstance(control, Range):
            count = round((control.high - control.low) / control.step)
            for place in range(0, count + 1, max(1, count // 400)):
                value = control.clean(control.low + place * control.step)
                assert float(f"{value:.{control.digits}f}") == value
                assert math.copysign(1, value) == 1 or value != 0


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


def raises(*_: Any) -> Any:
    raise ValueError("shapes (4,) and (3,) not aligned <&> \x00\ud800")


class Allowed(HTMLParser):
    """Collects what JupyterLab's sanitizer would take away."""

    KEPT = frozenset({"div", "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"})

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes elements and attributes that are not on the list."""
        kept = {"alt", "src", "width", "height", "scope"}
        self.taken += [tag] if tag not in self.KEPT else [name for name, _ in attrs if name not in kept]


@every_explorable
def test_the_html_survives_a_sanitizer_and_describes_itself(make: Callable[..., Panel]) -> None:
    panel = make(raises)
    parser = Allowed()
    parser.feed(panel.picture.html())
    assert parser.taken == []
    assert "http" not in panel.picture.html()
    assert panel.picture.bundle()["text/plain"] == panel.picture.alt


@every_explorable
def test_the_controls_say_what_they_are_where_no_kernel_runs(make: Callable[..., Panel]) -> None:
    bundle = make().widget_bundle()
    assert "live while the notebook runs" in bundle["text/plain"]
    assert bundle["text/html"].startswith("<p>Controls for")
    assert "application/vnd.jupyter.widget-view+json" in bundle


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
    assert len(handle.shown) == 3


def test_the_browser_gets_all_it_needs_and_nothing_from_the_net() -> None:
    widget = explore.softmax().widget
    assert [spec["label"] for spec in widget.controls][:2] == ["logit z1", "logit z2"]
    assert widget.presets[-1]["label"] == "Reset"
    for code in (widget._esm, widget._css):
        assert "http" not in code
        assert "import" not in code


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


def test_a_move_is_quick() -> None:
    panel = explore.softmax(lambda z: np.exp(z) / np.exp(z).sum(), lambda z: np.zeros((4, 4)))
    started = time.perf_counter()
    for step in range(100):
        panel.move(z1=step / 10)
    assert (time.perf_counter() - started) / 100 < 0.05
