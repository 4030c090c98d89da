"""`explore.cross_entropy`: the loss -log p and its gradient, against the probability given to the true class."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, evenly, legend
from autograder.kit.explore.parts.colours import BLUE, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict

LEAST = 0.001
POINTS = 61
LEGEND_COLUMNS = 3
LOSS = Pen(BLUE, 5, opacity=0.6)
GRADIENT = Pen(VERMILION, 3, "9 6")
YOUR_LOSS = Pen(YOURS, 2.4, "1 6")
GUESSED = Pen(PURPLE, 3, "2 7")
LOGARITHMS = {"natural": "natural (ln)", "base 10": "base 10 (log10)"}
PRESETS = (
    Preset("sure and right", {"p": 0.99}),
    Preset("coin toss", {"p": 0.5}),
    Preset("one in ten", {"p": 0.1}),
    Preset("sure and wrong", {"p": 0.001}),
)


def cross_entropy(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows the loss of one sample and its gradient against the probability p given to the true class.

    `function` is your cross_entropy(y, y_hat); it may be left out. It is asked for two classes, the first one
    true: y = [1, 0], y_hat = [p, 1 - p]. `predict=True` starts with the loss hidden: guess it, then reveal.
    """
    mine = Student(function, "cross_entropy")

    def drawn(state: State) -> Drawing:
        ps = [*_grid(), state["p"]]
        calls = [(np.array([1.0, 0.0]), np.array([p, 1 - p])) for p in ps]
        return LossCurve(state, ps, mine.name, mine.ask(calls, ()))

    return Panel(
        "the cross-entropy loss",
        [
            Range("p", "p, given to the true class", LEAST, 1, 0.001, 0.4, 3),
            Choice("log", "logarithm", LOGARITHMS, "natural"),
            *guessing("the loss", 0, 7, 0.05, 1.0, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def _grid() -> list[float]:
    """Probabilities from LEAST to 1, closer together where the curve is steep."""
    return [LEAST ** (1 - part) for part in evenly(0, 1, POINTS)]


@dataclass(frozen=True)
class LossCurve(Drawing):
    """The probabilities drawn (the slider's last), and the student's losses there."""

    state: State
    ps: list[float]
    name: str
    answer: Answer

    @property
    def unit(self) -> float:
        """What a natural logarithm is divided by: 1, or ln 10."""
        return 1.0 if self.state["log"] == "natural" else math.log(10)

    @property
    def _losses(self) -> list[float]:
        return [-math.log(p) / self.unit for p in self.ps]

    @property
    def _here(self) -> tuple[float, float, float]:
        p = self.state["p"]
        return p, -math.log(p) / self.unit + 0.0, -1 / (p * self.unit)

    @property
    def bottom(self) -> float:
        """Below the legend."""
        return 374 + 20 * math.ceil(len(self._entries()) / LEGEND_COLUMNS)

    def draw(self, svg: Svg) -> None:
        """The loss on the left, its gradient on the right, with their numbers above."""
        log = "ln p" if self.unit == 1 else "log10 p"
        slope = "-1 / p" if self.unit == 1 else "-1 / (p ln 10)"
        loss, gradient = self._texts
        svg.text(20, 28, f"p = {self.state['p']:.3f}", 16, bold=True)
        svg.text(56, 56, f"loss = -{log} = {loss}", 14, bold=True)
        svg.text(420, 56, f"gradient = {slope} = {gradient}", 14, bold=True)
        self._loss_plot(svg)
        self._gradient_plot(svg)
        legend(svg, 56, 366, self._entries(), LEGEND_COLUMNS, 215)

    def facts(self) -> str:
        """Loss and gradient at p."""
        loss, gradient = self._texts
        kind = LOGARITHMS[self.state["log"]]
        return f"p = {self.state['p']:.3f}, loss {loss}, gradient {gradient}, logarithm {kind}."

    @property
    def _texts(self) -> tuple[str, str]:
        _, loss, gradient = self._here
        return ("?", "?") if self.hidden else (number(loss), number(gradient))

    def _loss_plot(self, svg: Svg) -> None:
        axes = Axes(svg, "loss", Box(56, 70, 290, 232), (0, 1), (0, 7.5))
        axes.frame([0, 0.25, 0.5, 0.75, 1], range(8), (2, 0))
        svg.text(201, 338, "p, given to the true class", 13, "middle")
        p, loss, _ = self._here
        axes.upright(p, Pen(YOURS, 1, "2 4"))
        if not self.hidden:
            axes.curve(self._points(self._losses), LOSS)
            if self.answer.values is not None:
                axes.curve(self._points(self.answer.values.tolist()), YOUR_LOSS)
            svg.dot(axes.px(p), axes.py(loss), BLUE)
        if self.state[GUESSING]:
            level = self.state[GUESS]
            axes.curve([(0, level), (1, level)], GUESSED)
            svg.dot(axes.px(p), axes.py(level), PURPLE, 5)

    def _gradient_plot(self, svg: Svg) -> None:
        axes = Axes(svg, "gradient", Box(420, 70, 276, 232), (0, 1), (-25, 0))
        axes.frame([0, 0.25, 0.5, 0.75, 1], range(-25, 1, 5), (2, 0))
        svg.text(558, 338, "p, given to the true class", 13, "middle")
        p, _, gradient = self._here
        axes.upright(p, Pen(YOURS, 1, "2 4"))
        if self.hidden:
            return
        axes.curve(self._points([-1 / (p * self.unit) for p in self.ps]), GRADIENT)
        if axes.shows(gradient):
            svg.dot(axes.px(p), axes.py(gradient), VERMILION)
        else:
            beside = axes.px(max(p, 0.05)) + 14  # clear of the curve, which leaves the box at 0.04
            svg.text(beside, axes.box.bottom - 12, f"far below: {number(gradient)}", 13)

    def _points(self, values: list[float]) -> list[tuple[float, float]]:
        return list(zip(self.ps[:-1], values[:-1], strict=True))

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [] if self.hidden else [("loss", LOSS), ("gradient", GRADIENT)]
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        if self.answer.values is not None and not self.hidden:
            entries.append((owned(self.name), YOUR_LOSS))
        return entries

    def sentences(self) -> list[str]:
        """What the loss is, and how near the student's function is."""
        p, loss, _ = self._here
        if self.hidden:
            return [
                f"What does it cost to give the true class p = {p:.3f}? Your guess is "
                f"{self.state[GUESS]:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = []
        if self.state[GUESSING]:
            sentences.append(verdict("the loss", self.state[GUESS], loss, 2))
        if self.unit != 1:
            sentences.append(
                "Base 10 divides loss and gradient by ln 10 = 2.3026: a smaller unit, the same lowest point."
            )
        sentences += self.answer.sentences
        if self.answer.values is not None:
            sentences.append(self._compared(self.answer.values))
        return sentences

    def _compared(self, given: np.ndarray) -> str:
        shown, natural = np.array(self._losses), -np.log(self.ps)
        if self.unit != 1 and np.allclose(given, natural):
            return f"Your {self.name} takes the natural logarithm: 2.3026 times the base-10 values."
        if self.unit == 1 and np.allclose(given, natural / math.log(10)):
            return f"Your {self.name} looks like the base-10 logarithm: it is 2.3026 times too small."
        return compared(self.name, given, shown, [f"at p = {p:.3f}" for p in self.ps])

    def table(self) -> list[list[str]]:
        """Loss and gradient at p, and the student's loss."""
        loss, gradient = self._texts
        rows = [
            ["quantity", f"at p = {self.state['p']:.3f}"],
            ["loss", loss],
            ["gradient", gradient],
        ]
        if self.answer.values is not None and not self.hidden:
            rows.append([f"your {self.name}", number(float(self.answer.values[-1]))])
        return rows
