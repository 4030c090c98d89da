"""What a check found, as data. Text for a terminal and HTML for JupyterLab are made of it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.kit.functions import FUNCTIONS
from autograder.kit.outcome import Outcome
from autograder.kit.plain import Plain, code_text, decode, shape_text
from autograder.kit.sheet import Call, Sheet


@dataclass(frozen=True)
class Shown:
    """The first call that failed: as code, what its helpers are, and what was expected and returned."""

    call: str
    helpers: tuple[str, ...] = ()
    expected: Plain | None = None
    returned: Plain | None = None
    error: str = ""

    @classmethod
    def of(cls, sheet: Sheet, call: Call, got: Outcome) -> "Shown":
        """What there is to show of a call."""
        return cls(
            call=f"{sheet.exercise}({', '.join(map(_code, call.arguments))})",
            helpers=tuple(_helpers(call.arguments)),
            expected=call.expected,
            returned=got.value if got.has_numbers else None,
            error=got.detail or got.ended.value if not got.has_numbers else "",
        )

    @property
    def shapes(self) -> str:
        """Both shapes, where they are not the same."""
        if self.expected is None or self.returned is None:
            return ""
        expected, returned = shape_text(self.expected), shape_text(self.returned)
        if expected == returned or _same_parts(self.expected, self.returned):
            return ""
        return f"expected {expected}, returned {returned}"


def _same_parts(expected: Plain, returned: Plain) -> bool:
    """Whether the two have the same shapes, one of them perhaps as one array of equal parts."""
    if type(expected) is tuple:
        if type(returned) is not tuple and np.ndim(returned) == 0:
            return False
        return len(expected) == len(returned) and all(map(_same_parts, expected, returned))
    return type(returned) is not tuple and np.shape(expected) == np.shape(returned)


def _code(data: Any) -> str:
    """An encoded argument as code that can be copied and run."""
    if isinstance(data, dict) and "rng" in data:
        return f"np.random.default_rng({data['rng']})"
    if isinstance(data, list):
        return f"[{', '.join(map(_code, data))}]"
    return code_text(decode(data))


def _helpers(data: Any) -> list[str]:
    """A line of code for each function among the arguments: where it is from, and what it is."""
    if isinstance(data, list):
        return list(dict.fromkeys(line for each in data for line in _helpers(each)))
    if isinstance(data, dict) and "function" in data:
        name = data["function"]
        what = (FUNCTIONS[name].__doc__ or "").strip().partition("\n")[0].rstrip(".")
        return [f"from autograder.kit.functions import {name}  # {what}"]
    return []


@dataclass(frozen=True)
class Result:
    """One sub-check: passed or not, and if not, why.

    `misconception` is the name of a known slip, `relation` that of what was recognised in the numbers, or None.
    """

    name: str
    points: float
    passed: bool
    sentence: str = ""
    misconception: str | None = None
    relation: str | None = None
    shown: Shown | None = None


@dataclass(frozen=True)
class Findings:
    """What a check of one exercise found.

    `notes` are said first (another function is to be mended before, say), `progress` last. `celebration` is the
    sentence for the last point of a lesson, "" for any other.
    """

    exercise: str
    signature: str
    points: float
    results: tuple[Result, ...]
    advice: tuple[str, ...] = ()
    printed: str = ""
    written: bool = field(default=True)
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    progress: str = ""
    celebration: str = ""

    @property
    def earned(self) -> float:
        """The points earned, between 0 and `points`."""
        return round(float(sum(result.points for result in self.results if result.passed)), 6)

    @property
    def passed(self) -> bool:
        """Whether every sub-check passed."""
        return all(result.passed for result in self.results)


def points_text(points: float) -> str:
    """Points in words: "1 point", "2.5 points"."""
    return f"{points:g} point{'' if points == 1 else 's'}"
