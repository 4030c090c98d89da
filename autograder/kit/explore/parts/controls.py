"""The controls of a picture, as data: what they are called, what values they take. `widget.js` draws them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# In words, where a control is shown only while the student guesses.
GUESSING = "predict"


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

    def clean(self, value: object) -> str:
        """The value itself. Raises ValueError for what is none of the options."""
        if isinstance(value, str) and value in self.options:
            return value
        raise ValueError(f"{self.label} is one of {', '.join(self.options)}, not {value!r}")

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        options = [[value, label] for value, label in self.options.items()]
        return {"kind": "choice", "name": self.name, "label": self.label, "options": options, "shown": ""}

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return f"{self.label} ({' or '.join(self.options.values())})"


@dataclass(frozen=True)
class Check:
    """A box to tick."""

    name: str
    label: str
    start: bool = False

    def clean(self, value: object) -> bool:
        """True or False."""
        return bool(value)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"kind": "check", "name": self.name, "label": self.label, "shown": ""}

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return self.label


@dataclass(frozen=True)
class Reveal:
    """The button that shows what was to be guessed. Its value says whether it was pressed since the last move."""

    name: str = "revealed"
    label: str = "Reveal"
    start: bool = False

    def clean(self, value: object) -> bool:
        """True or False."""
        return bool(value)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"kind": "reveal", "name": self.name, "label": self.label, "shown": GUESSING}

    def describe(self) -> str:
        """In words, where there is no kernel to move it."""
        return "Reveal"


Control = Range | Choice | Check | Reveal


@dataclass(frozen=True)
class Preset:
    """A button that sets several controls at once."""

    label: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        return {"label": self.label, "values": dict(self.values)}


def guessing(guess: Range, start: bool) -> list[Control]:
    """The three controls of "predict, then reveal": the box that switches it on, the guess, the button."""
    return [Check(GUESSING, "Guess first, then reveal", start), guess, Reveal()]
