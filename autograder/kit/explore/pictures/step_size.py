"""`explore.step_size`: the error of three numerical slopes against the step h, on logarithmic axes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.colours import BLUE, GREEN, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned

# Steps are 10**k; k goes from LEAST to 0 in quarters.
LEAST, QUARTER = -20.0, 0.25
EXPONENTS = [LEAST + QUARTER * place for place in range(81)]
# Errors are drawn between these powers of ten; an error of exactly 0 lies on the lower edge.
LOWEST, HIGHEST = -17.0, 3.0
# From here on rounding plays no part, and a student's numbers can be told from the reference's.
WIDE = -2.0
NAMES = ("forward", "central", "complex step")
PENS = (Pen(VERMILION, 3, "9 6"), Pen(BLUE, 4, opacity=0.6), Pen(GREEN, 3, "2 6"))
YOUR_PENS = (Pen(YOURS, 1.6, "7 4"), Pen(YOURS, 1.6), Pen(YOURS, 1.6, "1 4"))
GUESSED = Pen(PURPLE, 3, "2 7")


@dataclass(frozen=True)
class KnownFunction:
    """A function of one number, real or complex, the place x, and its slope there."""

    label: str
    function: Callable[[Any], Any]
    x: float
    slope: float


CURVES: Mapping[str, KnownFunction] = {
    "sine": KnownFunction("sin x at x = 1", np.sin, 1.0, math.cos(1)),
    "power": KnownFunction("e^x at x = 1", np.exp, 1.0, math.e),
    "cube": KnownFunction("x^3 at x = 2", lambda x: x**3, 2.0, 12.0),
    "tall": KnownFunction("1000 + sin x at x = 1", lambda x: 1000 + np.sin(x), 1.0, math.cos(1)),
}
PRESETS = (
    Preset("as published", {"k": -4}),
    Preset("near forward's best", {"k": -8}),
    Preset("near central's best", {"k": -5.25}),
    Preset("mostly rounding", {"k": -14}),
    Preset("x + h is x", {"k": -17}),
    Preset("shortest", {"k": -20}),
)


def step_size(
    forward_difference: Callable[..., object] | None = None,
    numerical_gradient: Callable[..., object] | None = None,
    complex_step: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Shows how far three numerical slopes are from the true one, for steps h from 1e-20 to 1.

    The functions are yours; each may be left out. The first is asked for the slope at a number, the others for
    the gradient at an array of shape (1,). `predict=True` starts with the errors hidden: guess the step that
    suits the central difference best, then reveal.
    """
    mine = (
        Student(forward_difference, "forward_difference"),
        Student(numerical_gradient, "numerical_gradient"),
        Student(complex_step, "complex_step"),
    )

    def drawn(state: State) -> Drawing:
        curve = CURVES[state["curve"]]
        steps = [np.float64(10.0**k) for k in EXPONENTS]

        def whole(x: Any) -> Any:
            return np.sum(curve.function(x))

        answers = (
            mine[0].ask([(curve.function, np.float64(curve.x), h) for h in steps], ()),
            mine[1].ask([(whole, np.array([curve.x]), h) for h in steps], (1,)),
            mine[2].ask([(whole, np.array([curve.x]), h) for h in steps], (1,)),
        )
        return StepSize(state, curve, tuple(student.name for student in mine), answers)

    return Panel(
        "the step h",
        [
            Range("k", "log10 of h", LEAST, 0, QUARTER, -1, 2),
            Choice("curve", "function", {name: curve.label for name, curve in CURVES.items()}, "sine"),
            *guessing("log10 of central's best h", LEAST, 0, QUARTER, -15, predict),
        ],
        PRESETS,
        drawn,
    ).show()


@dataclass(frozen=True)
class StepSize(Drawing):
    """The function looked at, and the student's slopes for every step."""

    state: State
    curve: KnownFunction
    names: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def _place(self) -> int:
        return EXPONENTS.index(self.state["k"])

    @cached_property
    def _slopes(self) -> tuple[np.ndarray, ...]:
        f, x, h = self.curve.function, self.curve.x, 10.0 ** np.array(EXPONENTS)
        above, below = f(x + h), f(x - h)
        return (above - f(x)) / h, (above - below) / (2 * h), np.imag(f(x + 1j * h)) / h

    @cached_property
    def _errors(self) -> tuple[np.ndarray, ...]:
        return tuple(self._error(slopes) for slopes in self._slopes)

    def _error(self, slopes: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.abs(slopes - self.curve.slope) / abs(self.curve.slope)

    def _best(self, which: int) -> int:
        """Where the error stays smallest over half a decade to both sides: one lucky step does not count."""
        errors = self._errors[which]
        worst_around = [errors[max(i - 2, 0) : i + 3].max() for i in range(len(errors))]
        return int(np.argmin(worst_around))

    @property
    def bottom(self) -> float:
        """Below the legend."""
        return 422 + 20 * ((len(self._entries()) + 2) // 3)

    def draw(self, svg: Svg) -> None:
        """The errors against h."""
        svg.text(20, 28, f"{self.curve.label}, step h = {self._step_text()}", 16, bold=True)
        svg.text(20, 52, "log10 of the relative error", 13)
        self._plot(svg)
        svg.text(380, 382, "log10 of h", 13, "middle")
        legend(svg, 56, 406, self._entries(), 3, 215)

    def _plot(self, svg: Svg) -> None:
        axes = Axes(svg, "errors", Box(56, 64, 644, 284), (LEAST, 0), (LOWEST, HIGHEST))
        axes.frame(range(-20, 1, 2), range(-16, 3, 2), (0, 0))
        k = self.state["k"]
        axes.upright(k, Pen(YOURS, 1, "2 4"))
        if not self.hidden:
            for errors, pen in zip(self._errors, PENS, strict=True):
                axes.curve(self._points(errors), pen)
            for answer, pen in zip(self.answers, YOUR_PENS, strict=True):
                if answer.values is not None:
                    axes.curve(self._points(self._error(answer.values.ravel())), pen)
            for errors, pen in zip(self._errors, PENS, strict=True):
                svg.dot(axes.px(k), axes.py(_power(errors[self._place])), pen.colour, 5)
        if self.state[GUESSING]:
            axes.upright(self.state[GUESS], GUESSED)

    def _points(self, errors: np.ndarray) -> list[tuple[float, float]]:
        return [(k, _power(error)) for k, error in zip(EXPONENTS, errors, strict=True)]

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [] if self.hidden else list(zip(NAMES, PENS, strict=True))
        if not self.hidden:
            for name, answer, pen in zip(self.names, self.answers, YOUR_PENS, strict=True):
                if answer.values is not None:
                    entries.append((owned(name), pen))
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        return entries

    def sentences(self) -> list[str]:
        """What rules the error here, and how near the student's functions are."""
        best = EXPONENTS[self._best(1)]
        if self.hidden:
            return [
                "Which step gives the central difference its smallest error? Your guess is "
                f"{self.state[GUESS]:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = [self._verdict(best)] if self.state[GUESSING] else []
        sentences.append(self._why(best))
        for which, answer in enumerate(self.answers):
            sentences += answer.sentences
            if answer.values is not None:
                sentences.append(self._compared(which, answer.values.ravel()))
        return sentences

    def _verdict(self, best: float) -> str:
        guess = self.state[GUESS]
        said = f"You guessed {guess:.2f}; log10 of central's best h is about {best:.2f}"
        if abs(guess - best) <= 0.5:
            return f"{said}: right, within half a power of ten."
        return f"{said}: too {'small' if guess < best else 'large'} by {abs(guess - best):.2f}."

    def _why(self, best: float) -> str:
        k, x = self.state["k"], self.curve.x
        if x + 10.0**k == x and x - 10.0**k == x:
            return (
                "x + h is x on this machine: both differences are 0, their error is 100 %. "
                "The complex step does not care."
            )
        if k > best + 0.5:
            return (
                "Here the bend of the curve rules: with a tenth of h, the forward error falls to about a tenth, "
                "the central error to about a hundredth, until rounding takes over."
            )
        if k < best - 0.5 and self._rounding(k - 1) > 0.1:
            return (
                "Here rounding rules the central difference, and a little further on nothing is left of it. "
                "The complex step subtracts nothing."
            )
        if k < best - 0.5:
            return (
                "Here rounding rules the central difference: with a tenth of h its error grows about tenfold. "
                "The complex step subtracts nothing."
            )
        return f"This is about the best the central difference can do: near h = 10^{best:.2f}."

    def _rounding(self, k: float) -> float:
        """The relative error that rounding makes in a difference with h = 10**k, roughly."""
        f, x, slope = self.curve.function(self.curve.x), self.curve.x, self.curve.slope
        return 2.0**-53 * (abs(f / slope) + abs(x)) / 10.0**k

    def _compared(self, which: int, given: np.ndarray) -> str:
        wide = np.array(EXPONENTS) >= WIDE
        h, x, f = 10.0 ** np.array(EXPONENTS), self.curve.x, self.curve.function
        if which == 1 and np.allclose(given, (f(x + h) + f(x - h)) / (2 * h)):
            return (
                f"Your {self.names[1]} adds the two values where it must subtract them: it is about f(x) / h."
            )
        bad = ~np.isfinite(given)
        if bad.any() and not bad[wide].any():
            first = int(np.argmax(bad))
            return f"Your {self.names[which]} gives {number(float(given[first]))} at h = 10^{EXPONENTS[first]:.2f}."
        places = [f"at h = 10^{k:.2f}" for k in EXPONENTS if k >= WIDE]
        said = compared(self.names[which], given[wide], self._slopes[which][wide], places)
        return said.replace("the reference:", f"the reference for h from 10^{WIDE:.0f} to 1:")

    def _step_text(self) -> str:
        k = self.state["k"]
        return f"10^{k:.2f} = {10.0**k:.1e}"

    def facts(self) -> str:
        """The errors at h, and where they are smallest."""
        errors = ", ".join(f"{name} {text}" for name, text in zip(NAMES, self._texts(), strict=True))
        bests = f"Smallest errors near log10 of h = {EXPONENTS[self._best(0)]:.2f} (forward) and "
        bests += f"{EXPONENTS[self._best(1)]:.2f} (central)."
        facts = f"{self.curve.label}, h = {self._step_text()}; relative errors: {errors}."
        return facts if self.hidden else f"{facts} {bests}"

    def _texts(self) -> list[str]:
        if self.hidden:
            return ["?"] * len(NAMES)
        return [_error_text(float(errors[self._place])) for errors in self._errors]

    def table(self) -> list[list[str]]:
        """The error of each method at h."""
        rows = [["method", f"relative error at h = 10^{self.state['k']:.2f}"]]
        rows += [[name, text] for name, text in zip(NAMES, self._texts(), strict=True)]
        if not self.hidden:
            for name, answer in zip(self.names, self.answers, strict=True):
                if answer.values is not None:
                    error = self._error(answer.values.ravel())[self._place]
                    rows.append([f"your {name}", _error_text(float(error))])
        return rows


def _power(error: float) -> float:
    """The power of ten at which an error is drawn; one of 0 on the lower edge, nan for what is no number."""
    if not math.isfinite(error):
        return math.nan
    return max(math.log10(error), LOWEST) if error > 0 else LOWEST


def _error_text(error: float) -> str:
    """An error in two digits."""
    return f"{error:.1e}" if math.isfinite(error) and error > 0 else number(error, 0)
