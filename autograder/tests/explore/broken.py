"""Broken functions of a student, and what a picture says of each."""

import math
import sys
from contextlib import suppress
from typing import Any

import numpy as np


def raises(*_: Any) -> Any:
    raise ValueError("shapes (4,) and (3,) not aligned <&> \x00\ud800")


def not_written(*_: Any) -> Any:
    raise NotImplementedError


class Stub:
    """An object that can be called, and whose call is not written yet."""

    def __call__(self, *_: Any) -> Any:
        raise NotImplementedError


def quits(*_: Any) -> Any:
    sys.exit(3)


def endless(*_: Any) -> Any:
    while True: pass  # noqa: E701  # fmt: skip


def swallows_and_goes_on(*_: Any) -> Any:
    while True:
        with suppress(Exception):
            math.sqrt(-1)


def interrupted(*_: Any) -> Any:
    raise KeyboardInterrupt


class Hostile:
    """An object whose every answer is an error."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("no")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no")


class BadMessageError(Exception):
    """An exception that cannot be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def raises_badly(*_: Any) -> Any:
    raise BadMessageError


def recurses(*given: Any) -> Any:
    return recurses(*given)


BROKEN: dict[str, tuple[Any, str]] = {
    "raises": (raises, r"Your raises raised ValueError: shapes \(4,\) and \(3,\) not aligned"),
    "not written": (not_written, "Your not_written is not written yet: the picture shows the reference"),
    "an object, not written": (Stub(), r"Your \w+ is not written yet"),
    "quits": (quits, "raised SystemExit: 3"),
    "raises what cannot be printed": (raises_badly, "raised BadMessageError. The picture"),
    "endless in one line": (endless, "was not done after 0.2 seconds: does a loop never end"),
    "endless with except": (swallows_and_goes_on, "was not done after 0.2 seconds"),
    "interrupted": (interrupted, "You stopped your interrupted"),
    "returns text": (lambda *_: "0.5", "gave no numbers: it returned a str"),
    "returns None": (
        lambda *_: None,
        r"gave no numbers: it returned None: is the `return` missing\? The picture",
    ),
    "returns a wrong shape": (
        lambda *_: np.zeros((7, 3)),
        r"returned an array of shape \(7, 3\)|returned shape \(7, 3\)|must return three things",
    ),
    "returns a tuple": (
        lambda *_: (np.zeros(3), 1.0),
        "returned a tuple of 2|must return|two lists of",
    ),
    "returns a hostile object": (lambda *_: Hostile(), "gave no numbers"),
    "is no function": (3.5, r"a value \(float\), not a function"),
    "takes other arguments": (lambda a, b, c, d, e, f, g: 0, "raised TypeError"),
    "recurses": (recurses, "raised RecursionError"),
}
