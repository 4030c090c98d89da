"""How a call ended: an enum of its own, and the student's words beside it.

An exception that a student raises may have any name, one of ours too. So its name is data in `raised`, never a state.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.kit.plain import MOST_LETTERS, Plain, decode, encode, to_answer

DEEPEST = 64


class Ended(StrEnum):
    """How a call ended."""

    RETURNED = "returned"
    NOTHING = "returned nothing"
    NO_NUMBERS = "returned no numbers"
    UNWRITTEN = "unwritten"
    RAISED = "raised"
    OUT_OF_TIME = "out of time"
    OUT_OF_MEMORY = "out of memory"
    # What no process that runs a student's code may say of itself:
    CRASHED = "crashed"
    MISSING = "missing"
    TAMPERED = "tampered"


SAID_FROM_OUTSIDE = (Ended.CRASHED, Ended.MISSING, Ended.TAMPERED)


@dataclass(frozen=True)
class Outcome:
    """What one call came to. `value`, in plain form, is there exactly where it `ended` by returning numbers.

    `raised` is the name of the exception, in the student's words; `detail` a sentence for the student. `changed` are
    the places of the arguments that were not afterwards what they were before. `overwritten` says that a later call
    changed what this one had returned.
    """

    value: Plain = None
    ended: Ended = Ended.RETURNED
    raised: str = ""
    detail: str = ""
    changed: tuple[int, ...] = ()
    overwritten: bool = False
    warned: tuple[str, ...] = ()
    printed: str = ""

    @property
    def has_numbers(self) -> bool:
        """Whether the call returned numbers, right or wrong."""
        return self.ended is Ended.RETURNED

    def to_json(self) -> dict[str, Any]:
        """As plain JSON data; unset fields are left out."""
        data: dict[str, Any] = {}
        if self.has_numbers:
            data["value"] = encode(self.value)
        else:
            data["ended"] = self.ended.value
        for name in ("raised", "detail", "overwritten", "printed"):
            if getattr(self, name):
                data[name] = getattr(self, name)
        for name in ("changed", "warned"):
            if getattr(self, name):
                data[name] = list(getattr(self, name))
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Outcome":
        """The outcome that `to_json` wrote, or a ValueError.

        The data may come from a process that ran a student's code, so nothing in it is taken on trust.
        """
        kept = dict(data)
        for name, value in kept.items():
            if name != "value" and type(value) is not _FIELD_TYPES.get(name):
                raise ValueError(f"no outcome has such a {name!r}")
        if ("value" in kept) == ("ended" in kept):
            raise ValueError("an outcome has numbers, or an end without any")
        if "value" in kept:
            kept["value"] = _answer(kept["value"])
        else:
            kept["ended"] = Ended(kept["ended"])
            if kept["ended"] in (*SAID_FROM_OUTSIDE, Ended.RETURNED):
                raise ValueError("no process says this of itself")
        for name, kind in (("warned", str), ("changed", int)):
            kept[name] = tuple(kept.get(name, ()))
            if any(type(each) is not kind for each in kept[name]):
                raise ValueError(f"no outcome has such a {name!r}")
        return cls(**kept)


_FIELD_TYPES = {
    "ended": str,
    "raised": str,
    "detail": str,
    "changed": list,
    "overwritten": bool,
    "warned": list,
    "printed": str,
}


def _answer(data: Any, depth: int = 0) -> Plain:
    """The plain form that `encode` wrote; a ValueError before anything large is made of little data."""
    if type(data) is not dict or depth > DEEPEST:
        raise ValueError("no answer is written like this")
    if list(data) == ["text"]:
        if type(data["text"]) is not str or len(data["text"]) > MOST_LETTERS:
            raise ValueError("no answer holds such a text")
        return to_answer(data["text"])
    if type(data.get("tuple")) is list:
        return tuple(_answer(member, depth + 1) for member in data["tuple"])
    if "complex" in data:
        real, imaginary = (_answer(part, depth + 1) for part in data["complex"])
        if np.shape(real) != np.shape(imaginary):
            raise ValueError("a complex number has two parts")
    elif "array" not in data or np.dtype(str(data.get("dtype", "float64"))).kind not in "biuf":
        raise ValueError("no answer holds such numbers")
    return to_answer(decode(data))
