"""The drawn graph without a browser: its numbers against mpmath, its controls, and broken functions."""

import itertools
import math
import re
import sys
import warnings
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.controls import Range
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.pictures import computation_graph
from autograder.tests.explore.truth import assert_alt_is_true


def graph_forward(x: float, y: float, z: float) -> Any:
    return x + y, (x + y) * z


def graph_backward(x: float, y: float, z: float) -> Any:
    return z, z, x + y, z


def graph_step(x: float, y: float, z: float, target: float, learning_rate: float) -> Any:
    pull = learning_rate * ((x + y) * z - target)
    return x - pull * z, y - pull * z, z - pull * (x + y)


def truth(panel: Panel) -> None:
    """Asserts that the alt text is true of the controls."""
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


def assert_drawn_well(panel: Panel) -> None:
    """Well-formed, nothing from outside; the text is large enough, inside, and nowhere on other text."""
    code = panel.picture.svg.render()
    root = ET.fromstring(code)
    assert re.findall(r"https?://[^\"]+", code) == ["http://www.w3.org/2000/svg"]
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert width <= 760
    boxes = []
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
        assert size >= 13
        length = len(text.text or "") * size * (0.58 if "font-weight" in text.attrib else 0.54)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]] * length
        assert 0 <= left <= left + length <= width, text.text
        assert size <= y <= height - 4, text.text
        boxes.append((left, left + length, y - 0.7 * size, y, text.text))
    for a, b in itertools.combinations(boxes, 2):
        apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
        assert apart, f"{a[4]!r} and {b[4]!r} overlap"


@pytest.mark.parametrize(
    "functions", [(), (graph_forward, graph_backward, graph_step)], ids=["alone", "yours"]
)
def test_every_control_and_every_preset(functions: tuple[Any, ...]) -> None:
    panel = explore.graph(*functions)
    start, first = dict(panel.values), panel.picture.alt
    truth(panel)
    for name, control in panel.controls.items():
        ends = [control.low, control.high] if isinstance(control, Range) else [True, False]
        for place in ends:
            panel.move(**{name: place})
            truth(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)
    for corner in itertools.product((-6, 6), (-6, 6), (-6, 6), (0, 0.25)):
        panel.move(**dict(zip(("x", "y", "z", "rate"), corner, strict=True)))
        truth(panel)
        assert_drawn_well(panel)
        assert "off the reference" not in panel.picture.alt
    for label in panel.presets:
        panel.press(label)
        truth(panel)
        assert_drawn_well(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


def test_the_finding_of_the_lesson() -> None:
    panel = explore.graph()
    panel.press("the example, rate 0.1")
    assert "from -12.00 to -4.76. The loss grows, from 2.0000 to 13.7288." in panel.picture.alt
    assert "has not settled" in panel.picture.alt
    panel.press("rate 0.05")
    assert "The loss falls, from 2.0000 to 1.7298." in panel.picture.alt
    assert "it converges" in panel.picture.alt
    panel.press("rate 0.2")
    assert "this run diverges" in panel.picture.alt
    panel.press("nothing moves")
    assert "nothing moves, though f is not the target" in panel.picture.alt
    panel.move(rate=0, z=1)
    assert "With the rate 0 nothing moves" in panel.picture.alt
    panel.move(x=-6, y=1, z=2, rate=0.1)
    assert "f is the target already" in panel.picture.alt
    panel.press("q is zero")
    assert "from 0.00 to -16.00" in panel.picture.alt


def test_a_guess_is_hidden_until_revealed() -> None:
    panel = explore.graph(graph_forward, graph_backward, graph_step, predict=True)
    truth(panel)
    assert_drawn_well(panel)
    assert "<td>?</td>" in panel.picture.html()
    assert "4.76" not in panel.picture.html() + panel.picture.svg.render()
    assert "graph_step" not in panel.picture.alt
    panel.move(guess=-4.8)
    assert "Your guess is -4.80. Then press Reveal." in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert_drawn_well(panel)
    assert "You guessed -4.8; f is -4.7600: right" in panel.picture.alt
    panel.move(guess=-11)
    assert "You guessed -11.0; f is -4.7600: too small by 6.2400." in panel.picture.alt
    panel.move(x=0)
    assert "Then press Reveal" in panel.picture.alt


def test_the_students_numbers_stand_beside_the_reference() -> None:
    def swapped(x: float, y: float, z: float) -> Any:
        return z, z, z, x + y

    def in_turn(x: float, y: float, z: float, target: float, learning_rate: float) -> Any:
        pull = learning_rate * ((x + y) * z - target)
        x, y = x - pull * z, y - pull * z
        return [x, y, z - pull * (x + y)]

    panel = explore.graph(graph_forward, swapped, in_turn)
    alt = panel.picture.alt
    assert "Your graph_forward agrees with the reference" in alt
    assert "Your swapped is off the reference: largest gap 7.0000, at df/dz." in alt
    assert "Your in_turn is off the reference: largest gap 0.3200, in z, after one step." in alt
    assert ">yours 3.00<" in panel.picture.svg.render()
    assert "your in_turn" in panel.picture.svg.render()


def test_an_uphill_student_leaves_the_plot_and_nothing_breaks() -> None:
    panel = explore.graph(None, None, lambda x, y, z, t, r: graph_step(x, y, z, t, -10 * r))
    truth(panel)
    assert_drawn_well(panel)


def raises(*_: Any) -> Any:
    raise ValueError("shapes (4,) and (3,) <&> \x00\ud800")


def not_written(*_: Any) -> Any:
    raise NotImplementedError


def endless(*_: Any) -> Any:
    while True:
        pass


def recurses(*given: Any) -> Any:
    return recurses(*given)


BROKEN: dict[str, tuple[Any, str]] = {
    "raises": (raises, r"Your raises raised ValueError: shapes \(4,\) and \(3,\)"),
    "not written": (not_written, "is not written yet: the picture shows the reference"),
    "quits": (lambda *_: sys.exit(3), "raised SystemExit: 3"),
    "endless": (endless, "was not done after 0.2 seconds"),
    "returns text": (lambda *_: "0.5", "gave no numbers: it returned a str"),
    "returns None": (lambda *_: None, "gave no numbers: it returned None"),
    "returns one number": (lambda *_: 1.5, "returned a single number"),
    "returns a tuple": (lambda *_: (np.zeros(3), 1.0), "returned a tuple of 2"),
    "is no function": (3.5, r"a value \(float\), not a function"),
    "takes other arguments": (lambda a: 0, "raised TypeError"),
    "recurses": (recurses, "raised RecursionError"),
}


@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    with warnings.catch_warnings(record=True) as caught:
        for place in range(3):
            panel = explore.graph(*[function if k == place else None for k in range(3)])
            for label in ("rate 0.05", "rate 0.2"):
                panel.press(label)
                assert re.search(sentence, panel.picture.alt)
                truth(panel)
                assert_drawn_well(panel)
    assert caught == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300, -123456.789, 0.0, 1e-300])
def test_any_number_can_be_drawn(value: float) -> None:
    panel = explore.graph(lambda *_: (value,) * 2, lambda *_: (value,) * 4, lambda *_: (value,) * 3)
    for label in panel.presets:
        panel.press(label)
        truth(panel)
        assert_drawn_well(panel)


def test_a_slow_step_does_not_hold_the_picture_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr(computation_graph, "LONGEST", 0.1)

    def slow(*given: float) -> Any:
        time.sleep(0.05)
        return graph_step(*given)

    started = time.monotonic()
    explore.graph(None, None, slow)
    assert time.monotonic() - started < 1


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


def test_the_html_survives_a_sanitizer() -> None:
    panel = explore.graph(raises, raises, raises)
    parser = Allowed()
    parser.feed(panel.picture.html())
    assert parser.taken == []
    assert panel.picture.bundle()["text/plain"] == panel.picture.alt
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert len(set(labels)) == len(labels)
