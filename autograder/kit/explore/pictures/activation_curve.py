"""`explore.activation`: an activation function, its slope and the tangent at x; where it saturates; yours over it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, evenly, legend
from autograder.kit.explore.parts.colours import BLUE, GREEN, PURPLE, SHADE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict

# Where the slope is smaller than this in size, less than a hundredth of the gradient gets through.
SATURATED_BELOW = 0.01
POINTS = 201
LEGEND_COLUMNS = 3

VALUE = Pen(BLUE, 5, opacity=0.6)
SLOPE = Pen(VERMILION, 3, "9 6", opacity=0.85)
TANGENT = Pen(GREEN, 2)
GUESSED = Pen(PURPLE, 4, "2 7")
YOUR_VALUE = Pen(YOURS, 2.4, "1 6")
YOUR_SLOPE = Pen(YOURS, 1.4, "6 4")


@dataclass(frozen=True)
class Window:
    """What a picture shows: x from -reach to reach, y from low to high, and the presets worth seeing."""

    reach: float
    low: float
    high: float
    xstep: float
    ystep: float
    presets: tuple[tuple[str, float], ...]


WINDOWS = {
    "sigmoid": Window(
        8, -0.25, 1.25, 2, 0.25, (("saturated left", -7), ("the middle", 0), ("saturated right", 7))
    ),
    "tanh": Window(
        5, -1.25, 1.25, 1, 0.5, (("saturated left", -4), ("the middle", 0), ("saturated right", 4))
    ),
    "softplus": Window(6, -1, 6.5, 1, 1, (("saturated left", -5.5), ("the middle", 0), ("far right", 5.5))),
    "relu": Window(6, -1, 6.5, 1, 1, (("dead: left of 0", -3), ("the kink", 0), ("right of 0", 3))),
}
SLOPE_NAMES = {"tanh": "tanh_derivative", "softplus": "sigmoid"}


@dataclass(frozen=True)
class Curve:
    """The reference over the window: values and slopes at `xs`, the last of which is the slider's x."""

    xs: list[float]
    values: list[float]
    slopes: list[float]


def activation(
    name: str,
    function: Callable[..., object] | None = None,
    derivative: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Shows an activation function, its slope and its tangent at x, with your own function drawn over it.

    `name` is "sigmoid", "tanh", "softplus" or "relu". `function` and `derivative` are yours, both may be left
    out. `predict=True` starts with the slope hidden: guess it first, then reveal.
    """
    if not isinstance(name, str) or name not in WINDOWS:
        raise ValueError(f"there is no activation {name!r}; there are: {', '.join(WINDOWS)}")
    window = WINDOWS[name]
    mine = Student(function, "tanh_from_sigmoid" if name == "tanh" else name)
    my_slope = Student(derivative, SLOPE_NAMES.get(name, f"{name}_derivative"))

    def drawn(state: State) -> Drawing:
        curve = _reference(name, window, state)
        points = np.array(curve.xs)
        answers = [
            student.ask([(points.copy(),)], points.shape) if student.given else Answer()
            for student in (mine, my_slope)
        ]
        return ActivationCurve(state, name, window, curve, (mine.name, my_slope.name), answers)

    return Panel(
        f"the {name} function",
        [
            Range("x", "x", -window.reach, window.reach, 0.05, 1.0),
            *guessing("the slope at x", -1, 2, 0.05, 0.5, predict),
        ],
        [Preset(label, {"x": x}) for label, x in window.presets],
        drawn,
    ).show()


def _reference(name: str, window: Window, state: State) -> Curve:
    """The curve and its slope over the window and at the slider's x, number by number."""
    xs = [*evenly(-window.reach, window.reach, POINTS), state["x"]]
    values, slopes = [], []
    for x in xs:
        tail = math.exp(-abs(x))
        share = 1 / (1 + tail) if x >= 0 else tail / (1 + tail)
        if name == "sigmoid":
            value, slope = share, share * (1 - share)
        elif name == "tanh":
            value, slope = math.tanh(x), 1 - math.tanh(x) ** 2
        elif name == "softplus":
            value, slope = max(x, 0.0) + math.log1p(tail), share
        else:
            value, slope = max(x, 0.0), float(x > 0)
        values.append(value)
        slopes.append(slope)
    return Curve(xs, values, slopes)


@dataclass(frozen=True)
class ActivationCurve(Drawing):
    """The reference, and what the student's two functions answered."""

    state: State
    name: str
    window: Window
    curve: Curve
    names: tuple[str, str]
    answers: list[Answer]

    @property
    def bottom(self) -> float:
        """Below the legend."""
        return 400 + 20 * math.ceil(len(self._entries()) / LEGEND_COLUMNS)

    def draw(self, svg: Svg) -> None:
        """The curve, its slope and tangent, with their numbers above."""
        x, value = self.curve.xs[-1], self.curve.values[-1]
        svg.text(20, 28, f"{self.name}({x:.2f}) = {number(value)}", 16, bold=True)
        svg.text(700, 28, f"slope at x = {x:.2f}: {self._slope_text}", 16, "end", bold=True)
        self._plot(svg)
        legend(svg, 56, 386, self._entries(), LEGEND_COLUMNS, 215)

    def facts(self) -> str:
        """The value and the slope at x."""
        x, value = self.curve.xs[-1], self.curve.values[-1]
        return f"x = {x:.2f}, {self.name} {number(value)}, slope {self._slope_text}."

    @property
    def _slope_text(self) -> str:
        return "?" if self.hidden else number(self.curve.slopes[-1])

    def _plot(self, svg: Svg) -> None:
        reach, low, high = self.window.reach, self.window.low, self.window.high
        axes = Axes(svg, "plot", Box(56, 44, 640, 284), (-reach, reach), (low, high))
        if not self.hidden:
            self._shade_saturated(axes)
        whole = range(round(-reach / self.window.xstep), round(reach / self.window.xstep) + 1)
        first, last = math.ceil(low / self.window.ystep), math.floor(high / self.window.ystep)
        axes.frame(
            [self.window.xstep * place for place in whole],
            [self.window.ystep * place for place in range(first, last + 1)],
            (0, 0 if self.window.ystep == 1 else 2 if self.window.ystep == 0.25 else 1),
        )
        svg.text(376, 362, "x", 13, "middle")
        x, value, slope = self.curve.xs[-1], self.curve.values[-1], self.curve.slopes[-1]
        axes.upright(x, Pen(YOURS, 1, "2 4"))
        axes.curve(self._points(self.curve.values), VALUE)
        if not self.hidden:
            axes.curve(self._points(self.curve.slopes), SLOPE)
            axes.curve(_tangent(x, value, slope, reach), TANGENT)
        if self.state[GUESSING]:
            axes.curve(_tangent(x, value, self.state[GUESS], reach), GUESSED)
        for answer, pen in zip(self.answers, (YOUR_VALUE, YOUR_SLOPE), strict=True):
            if answer.values is not None and not (self.hidden and pen is YOUR_SLOPE):
                axes.curve(self._points(answer.values[0].tolist()), pen)
        axes.svg.dot(axes.px(x), axes.py(value), BLUE)
        axes.grip(x, value, "x")
        if not self.hidden:
            axes.svg.dot(axes.px(x), axes.py(slope), VERMILION, 5)

    def _points(self, values: list[float]) -> list[tuple[float, float]]:
        return list(zip(self.curve.xs[:-1], values[:-1], strict=True))

    def _shade_saturated(self, axes: Axes) -> None:
        xs, slopes = self.curve.xs[:-1], self.curve.slopes[:-1]
        flat = [abs(slope) < SATURATED_BELOW for slope in slopes]
        start = None
        for place, is_flat in enumerate([*flat, False]):
            if is_flat and start is None:
                start = place
            elif not is_flat and start is not None:
                axes.shade(xs[start], xs[place - 1], SHADE)
                start = None

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [(f"{self.name}(x)", VALUE)]
        if not self.hidden:
            entries += [("its slope", SLOPE), ("tangent at x", TANGENT)]
            entries += [(f"grey: |slope| under {SATURATED_BELOW:g}", Pen(SHADE, 14))]
        if self.state[GUESSING]:
            entries.append(("tangent you guessed", GUESSED))
        pens = (YOUR_VALUE, YOUR_SLOPE)
        for answer, name, pen in zip(self.answers, self.names, pens, strict=True):
            if answer.values is not None and not (self.hidden and pen is YOUR_SLOPE):
                entries.append((owned(name), pen))
        return entries

    def sentences(self) -> list[str]:
        """What the slope means here, and how near the student's functions are."""
        x, slope = self.curve.xs[-1], self.curve.slopes[-1]
        sentences = []
        if self.hidden:
            sentences.append(
                f"What is the slope at x = {x:.2f}? Your guess is {self.state[GUESS]:.2f}. "
                "Turn the dotted line until it touches the curve, then press Reveal."
            )
        elif self.state[GUESSING]:
            sentences.append(verdict("the slope", self.state[GUESS], slope, 2))
        if not self.hidden:
            if self.name == "relu" and x == 0:
                sentences.append("At the kink there is no one tangent; this course takes the slope 0 there.")
            elif abs(slope) < SATURATED_BELOW:
                sentences.append("Saturated here: hardly any gradient gets through.")
        for answer, name, truth in zip(
            self.answers, self.names, (self.curve.values, self.curve.slopes), strict=True
        ):
            if self.hidden and truth is self.curve.slopes:
                continue
            sentences += answer.sentences
            if answer.values is not None:
                places = [f"at x = {at:.2f}" for at in self.curve.xs]
                sentences.append(compared(name, answer.values[0], np.array(truth), places))
        return sentences

    def table(self) -> list[list[str]]:
        """Value and slope at x, and the student's."""
        x, value = self.curve.xs[-1], self.curve.values[-1]
        rows = [["quantity", f"at x = {x:.2f}"], [self.name, number(value)], ["slope", self._slope_text]]
        for answer, name, kind in zip(self.answers, self.names, ("value", "slope"), strict=True):
            if answer.values is not None and not (self.hidden and kind == "slope"):
                rows.append([f"your {name}", number(float(answer.values[0][-1]))])
        return rows


def _tangent(x: float, value: float, slope: float, reach: float) -> list[tuple[float, float]]:
    """The line of that slope through (x, value), across the window."""
    return [(end, value + slope * (end - x)) for end in (-reach, reach)]
