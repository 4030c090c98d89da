"""Numbers and sentences as all pictures write them."""

import itertools
import math
from collections.abc import Sequence


def number(value: float, digits: int = 4) -> str:
    """The value with that many decimals; a tiny or a huge one in powers of ten; words for what is no number."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "infinity" if value > 0 else "-infinity"
    if abs(value) >= 1e6 or 0 < abs(value) < 0.5 * 10.0**-digits:
        return f"{value:.1e}"
    return fixed(value, digits)


def fixed(value: float, digits: int) -> str:
    """The value with that many decimals, and never "-0.00"."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text


def short(value: float, digits: int = 4) -> str:
    """A student's number in few characters, whatever it is."""
    if not math.isfinite(value):
        return number(value).replace("infinity", "inf")
    if abs(value) >= 10_000:
        return f"{value:.0e}"
    return fixed(value, 1 if abs(value) >= 10 else digits)


def printable(text: str) -> str:
    """The text in one line, without what XML cannot hold: a student's message may hold anything."""
    line = " ".join(text.split())
    return "".join(sign if sign.isprintable() else "?" for sign in line)


def owned(name: str, most: int = 24) -> str:
    """What a student's function is called where there is little room."""
    return f"your {name}"[:most]


def verdict(what: str, guess: float, truth: float, digits: int) -> str:
    """Guess against truth in a sentence."""
    miss = guess - truth
    said = f"You guessed {guess:.{digits}f}; {what} is {truth:.4f}"
    if abs(miss) < 0.5 * 10.0**-digits + 1e-12:
        return f"{said}: right, as closely as the slider goes."
    return f"{said}: too {'large' if miss > 0 else 'small'} by {abs(miss):.4f}."


def counted(names: Sequence[str], values: Sequence[str]) -> str:
    """Names and values in turn, for alt text: "p1 0.10, p2 0.90"."""
    return ", ".join(itertools.chain(f"{name} {value}" for name, value in zip(names, values, strict=True)))
