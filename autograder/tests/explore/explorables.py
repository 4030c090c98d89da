"""Every explorable with what the tests need of it: how to make it, right functions, functions that give one number."""

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from autograder.bank import exercises
from autograder.kit import explore
from autograder.kit.explore.parts.controls import Choice, Control, Ink, Range
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.truth import assert_alt_is_true

Function = Callable[..., Any]


@dataclass(frozen=True)
class Explorable:
    """`make` takes the student's functions, those of `exercises`; `constant` gives functions of one number."""

    make: Callable[..., Panel]
    exercises: tuple[str, ...]
    constant: Callable[[float], tuple[Function, ...]]

    def right(self, place: int) -> list[Function]:
        """The bank's right functions for that place: the reference, and others in other words."""
        found = exercises()[self.exercises[place]]
        return [found.reference, *found.right]

    def with_one(self, place: int, function: Any, **options: Any) -> Panel:
        """The panel with one function, the others left out."""
        return self.make(*[function if k == place else None for k in range(len(self.exercises))], **options)


def like_the_input(value: float) -> tuple[Function, ...]:
    return (lambda x: np.full(np.shape(x), value),) * 2


def same_shape_twice(value: float) -> tuple[Function, ...]:
    return lambda z: np.full(4, value), lambda z: np.full((4, 4), value)


def activation(name: str, *functions: str) -> Explorable:
    return Explorable(
        lambda *given, **options: explore.activation(name, *given, **options), functions, like_the_input
    )


EXPLORABLES = {
    "sigmoid": activation("sigmoid", "sigmoid", "sigmoid_derivative"),
    "tanh": activation("tanh", "tanh_from_sigmoid", "tanh_derivative"),
    "softplus": activation("softplus", "softplus", "sigmoid"),
    "relu": activation("relu", "relu", "relu_derivative"),
    "softmax": Explorable(explore.softmax, ("softmax", "softmax_jacobian"), same_shape_twice),
    "cross_entropy": Explorable(explore.cross_entropy, ("cross_entropy",), lambda v: (lambda y, q: v,)),
    "delta": Explorable(
        explore.delta, ("softmax_cross_entropy_delta",), lambda v: (lambda z, y: np.full(3, v),)
    ),
    "descent": Explorable(
        explore.descent, ("descend",), lambda v: (lambda g, s, r, n: np.full((n + 1, *np.shape(s)), v),)
    ),
    "descent_map": Explorable(
        explore.descent_map, ("descend",), lambda v: (lambda g, s, r, n: np.full((n + 1, *np.shape(s)), v),)
    ),
    "graph": Explorable(
        explore.graph,
        ("graph_forward", "graph_backward", "graph_step"),
        lambda v: (lambda *_: (v,) * 2, lambda *_: (v,) * 4, lambda *_: (v,) * 3),
    ),
    "autograd": Explorable(
        explore.autograd,
        ("graph_values", "graph_gradients"),
        lambda v: (lambda ops, *_: np.full(len(ops), v),) * 2,
    ),
    "step_size": Explorable(
        explore.step_size,
        ("forward_difference", "numerical_gradient", "complex_step"),
        lambda v: (lambda *_: v, lambda f, x, h: np.full(x.shape, v), lambda f, x, h: np.full(x.shape, v)),
    ),
    "forward_pass": Explorable(
        explore.forward_pass, ("forward",), lambda v: (lambda *_: np.full((3, 2, 3), v),)
    ),
    "backprop": Explorable(
        explore.backprop, ("backward",), lambda v: (lambda *_: (np.full((3, 3, 3), v), np.full((3, 3), v)),)
    ),
    "delta_sizes": Explorable(
        explore.delta_sizes,
        ("backprop",),
        lambda v: (
            lambda X, Y, weights, *_: (
                [np.full((16, 16), v) for _ in weights],
                [np.full(16, v) for _ in weights],
            ),
        ),
    ),
    "batches": Explorable(explore.batches, ("train",), lambda v: (lambda *_: ([], [], np.full(64, v)),)),
}
EXPLORABLES["digit"] = Explorable(
    explore.digit, ("predict_probabilities",), lambda v: (lambda *_: np.full(10, v),)
)
EXPLORABLES["valley"] = Explorable(
    explore.valley,
    ("momentum_step", "adam_step"),
    lambda v: (lambda *_: ([np.full(2, v)],) * 2, lambda *_: ([np.full(2, v)],) * 3),
)
EXPLORABLES["weight_decay"] = Explorable(
    explore.weight_decay, ("with_weight_decay",), lambda v: (lambda *_: [np.full((9, 1), v), np.full(1, v)],)
)
every_explorable = pytest.mark.parametrize("each", EXPLORABLES.values(), ids=EXPLORABLES.keys())
every_function = pytest.mark.parametrize(
    ("each", "place"),
    [
        pytest.param(each, place, id=f"{name}-{place + 1}")
        for name, each in EXPLORABLES.items()
        for place in range(len(each.exercises))
    ],
)


def truth(panel: Panel) -> None:
    """Asserts that the picture's alt text is true of the panel's controls."""
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


def places(control: Control, parts: int = 16) -> list[Any]:
    """Both ends of a control, and places between."""
    if isinstance(control, Range):
        return [control.low + (control.high - control.low) * part / parts for part in range(parts + 1)]
    if isinstance(control, Ink):
        cells = control.side**2
        return [
            (0,) * cells,
            (control.most,) * cells,
            tuple(place % (control.most + 1) for place in range(cells)),
        ]
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


class Allowed(HTMLParser):
    """Collects what JupyterLab's sanitizer would take away."""

    KEPT = frozenset({"div", "img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "p"})
    ATTRIBUTES = frozenset({"alt", "class", "src", "width", "height", "scope", "style"})

    def __init__(self, code: str) -> None:
        super().__init__()
        self.taken: list[str] = []
        self.feed(code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes elements and attributes that are not on the list."""
        self.taken += (
            [tag] if tag not in self.KEPT else [name for name, _ in attrs if name not in self.ATTRIBUTES]
        )


def what_is_said_of(value: float) -> str:
    """What stands in the picture of a function that gives nothing but this number."""
    return "nan" if math.isnan(value) else "infinity" if math.isinf(value) else "off the reference"
