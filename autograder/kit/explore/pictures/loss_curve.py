"""`explore.cross_entropy`: the loss -log p and its gradient, against the probability given to the true class."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.controls import Choice, Preset, Range, guessing
from autograder.kit.explore.parts.panel import Panel, State, evenly, verdict
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import BLUE, PURPLE, VERMILION, YOURS, Pen, Svg, number

LEAST = 0.001
POINTS = 61
LEGEND_COLUMNS = 3
LOSS = Pen(BLUE, 5, opacity=0.6)
GRADIENT = Pen(VERMILION, 3, "9 6")
YOUR_LOSS = Pen(YOURS, 2.4, "1 6")
GUESS = Pen(PURPLE, 3, "2 7")
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

    def draw(state: State) -> Picture:
        ps = [*_grid(), state["p"]]
        calls = [(np.array([1.0, 0.0]), np.array([p, 1 - p])) for p in ps]
        answer = mine.ask(calls, ())
        return Drawing(state, ps, mine.name, answer).picture()

    return Panel(
        "the cross-entropy loss",
        [
            Range("p", "p, given to the true class", LEAST, 1, 0.001, 0.4, 3),
            Choice("log", "logarithm", LOGARITHMS, "natural"),
            *guessing(Range("guess", "your guess: the loss", 0, 7, 0.05, 1.0, 2, "predict"), predict),
        ],
        PRESETS,
        draw,
    ).show()


def _grid() -> list[float]:
    """Probabilities from LEAST to 1, closer together where the curve is steep."""
    return [LEAST ** (1 - part) for part in evenly(0, 1, POINTS)]


@dataclass(frozen=True)
class Drawing:
    """One picture: the controls' values, the probabilities drawn (the slider's last), the student's losses there."""

    state: State
    ps: list[float]
    name: str
    answer: Answer

    @property
    def hidden(self) -> bool:
        """Whether the loss is still to be guessed."""
        return bool(self.state["predict"] and not self.state["revealed"])

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

    def picture(self) -> Picture:
        """The drawing with its alt text and table."""
        sentences = self._sentences()
        entries = self._entries()
        below = 374 + 20 * math.ceil(len(entries) / LEGEND_COLUMNS)
        probe = Svg(720, 100)
        svg = Svg(720, below + 19 * len(probe.wrapped(20, sentences)))
        p, loss, gradient = self._here
        loss_text, gradient_text = ("?", "?") if self.hidden else (number(loss), number(gradient))
        log = "ln p" if self.unit == 1 else "log10 p"
        slope = "-1 / p" if self.unit == 1 else "-1 / (p ln 10)"
        svg.text(20, 28, f"p = {p:.3f}", 16, bold=True)
        svg.text(56, 56, f"loss = -{log} = {loss_text}", 14, bold=True)
        svg.text(420, 56, f"gradient = {slope} = {gradient_text}", 14, bold=True)
        self._loss_plot(svg)
        self._gradient_plot(svg)
        legend(svg, 56, 366, entries, LEGEND_COLUMNS, 215)
        svg.paragraphs(20, below, sentences)
        kind = LOGARITHMS[self.state["log"]]
        facts = f"p = {p:.3f}, loss {loss_text}, gradient {gradient_text}, logarithm {kind}."
        return Picture(svg, " ".join([facts, *sentences]), self._table(loss_text, gradient_text))

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
        if self.state["predict"]:
            level = self.state["guess"]
            axes.curve([(0, level), (1, level)], GUESS)
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
        if self.state["predict"]:
            entries.append(("your guess", GUESS))
        if self.answer.values is not None and not self.hidden:
            entries.append((f"your {self.name}"[:24], YOUR_LOSS))
        return entries

    def _sentences(self) -> list[str]:
        p, loss, _ = self._here
        if self.hidden:
            return [
                f"What does it cost to give the true class p = {p:.3f}? Your guess is "
                f"{self.state['guess']:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = []
        if self.state["predict"]:
            sentences.append(verdict("the loss", self.state["guess"], loss, 2, ("too small", "too large")))
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

    def _table(self, loss_text: str, gradient_text: str) -> list[list[str]]:
        rows = [
            ["quantity", f"at p = {self.state['p']:.3f}"],
            ["loss", loss_text],
            ["gradient", gradient_text],
        ]
        if self.answer.values is not None and not self.hidden:
            rows.append([f"your {self.name}", number(float(self.answer.values[-1]))])
        return rows
