"""The controls of a picture, as data: what they are called, what values they take. `widget.js` draws them.

A control may be `shown_while` a box is ticked. Such a control moves nothing in the picture but the guess: what was
revealed stays so. Moving any other hides it again.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The names of the box that switches guessing on, of the guess, and of whether the answer was shown since the last move.
GUESSING, GUESS, REVEALED = "predict", "guess", "revealed"


@dataclass(frozen=True)
class Range:
    """A slider with a number field, from `low` to `high` in steps of `step`, shown with `digits` decimals."""

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    digits: int = 2
    shown_while: str = ""

    def clean(self, value: object) -> float:
        """The nearest value the slider can take. Raises ValueError for what is no number."""
        try:
            given = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            given = math.nan
        if math.isnan(given):
            raise ValueError(f"{self.label} takes a number from {self.low:g} to {self.high:g}, not {value!r}")
        steps = round((min(max(given, self.low), self.high) - self.low) / self.step)
        return min(round(self.low + steps * self.step, self.digits), self.high) + 0.0

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {
            "kind": "range",
            "name": self.name,
            "label": self.label,
            "min": self.low,
            "max": self.high,
            "step": self.step,
            "digits": self.digits,
            "shown": self.shown_while,
        }

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return f"{self.label} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Choice:
    """One of several named options; `options` maps the value to its label."""

    name: str
    label: str
    options: Mapping[str, str]
    start: str
    shown_while: str = ""

    def clean(self, value: object) -> str:
        """The value itself. Raises ValueError for what is none of the options."""
        if isinstance(value, str) and value in self.options:
            return value
        raise ValueError(f"{self.label} is one of {', '.join(self.options)}, not {value!r}")

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        options = [[value, label] for value, label in self.options.items()]
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "options": options,
            "shown": self.shown_while,
        }

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return f"{self.label} ({' or '.join(self.options.values())})"


@dataclass(frozen=True)
class Check:
    """A box to tick. A reset leaves one that is `kept` as it is."""

    name: str
    label: str
    start: bool = False
    kept: bool = False
    shown_while: str = ""

    def clean(self, value: object) -> bool:
        """True or False."""
        return bool(value)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"kind": "check", "name": self.name, "label": self.label, "shown": self.shown_while}

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return self.label


@dataclass(frozen=True)
class Ink:
    """A square grid to draw on, `side` by `side` cells line by line, each with 0 to `most` of ink."""

    name: str
    label: str
    side: int
    most: int
    start: tuple[int, ...]
    shown_while: str = ""

    def clean(self, value: object) -> tuple[int, ...]:
        """The nearest whole numbers of ink. Raises ValueError for what is no such grid."""
        try:
            cells = [min(max(round(float(each)), 0), self.most) for each in value]  # type: ignore[attr-defined]
        except (TypeError, ValueError, OverflowError):
            cells = []
        if len(cells) != self.side**2:
            raise ValueError(f"{self.label} takes {self.side**2} numbers from 0 to {self.most}, line by line")
        return tuple(cells)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {
            "kind": "ink",
            "name": self.name,
            "label": self.label,
            "side": self.side,
            "most": self.most,
            "shown": self.shown_while,
        }

    def describe(self) -> str:
        """In words, where there is no kernel to draw on it."""
        return f"{self.label} ({self.side} by {self.side} cells)"


@dataclass(frozen=True)
class Reveal:
    """The button that shows what was to be guessed. Its value says whether it was pressed since the last move."""

    name: str = REVEALED
    label: str = "Reveal"
    start: bool = False
    shown_while: str = GUESSING

    def clean(self, value: object) -> bool:
        """True or False."""
        return bool(value)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"kind": "reveal", "name": self.name, "label": self.label, "shown": self.shown_while}

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return self.label


Control = Range | Choice | Check | Ink | Reveal


@dataclass(frozen=True)
class Preset:
    """A button that sets several controls at once."""

    label: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"label": self.label, "values": dict(self.values)}


def guessing(
    what: str, low: float, high: float, step: float, start: float, on: bool, digits: int = 2
) -> list[Control]:
    """The three controls of "predict, then reveal": the box that switches it `on`, the guess of `what`, the button."""
    guess = Range(GUESS, f"your guess: {what}", low, high, step, start, digits, GUESSING)
    return [Check(GUESSING, "Guess first, then reveal", on, kept=True), guess, Reveal()]
