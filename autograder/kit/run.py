"""Runs a function on the calls of a check and writes down what came of each: numbers, error, warnings, prints."""

import contextlib
import io
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.kit.plain import NotPlainError, Plain, decode, encode, to_plain
from autograder.kit.time_limit import TimeLimitError, time_limit

MOST_PRINTED = 2000
MOST_WARNINGS = 20
DEEPEST = 64
# Files whose lines are no student's: this package's and Python's own.
NOT_STUDENTS = (str(Path(__file__).parents[1]), sysconfig.get_paths()["stdlib"])


@dataclass(frozen=True)
class Outcome:
    """What one call came to. Exactly one of `value` and `error` is set.

    `value` is in plain form. `error` is the exception's type name, `detail` a sentence for the student.
    `mutated` says that an argument was not afterwards what it was before.
    """

    value: Plain = None
    error: str | None = None
    detail: str = ""
    mutated: bool = False
    warned: tuple[str, ...] = ()
    printed: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON data; unset fields are left out."""
        data: dict[str, Any] = {}
        if self.error is None:
            data["value"] = encode(self.value)
        else:
            data["error"] = self.error
        for name in ("detail", "mutated", "printed"):
            if getattr(self, name):
                data[name] = getattr(self, name)
        if self.warned:
            data["warned"] = list(self.warned)
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
        if ("value" in kept) == bool(kept.get("error")):
            raise ValueError("an outcome has a value or an error")
        if "value" in kept:
            kept["value"] = _answer(kept["value"])
        kept["warned"] = tuple(kept.get("warned", ()))
        if any(type(text) is not str for text in kept["warned"]):
            raise ValueError("a warning is a text")
        return cls(**kept)


_FIELD_TYPES = {"error": str, "detail": str, "mutated": bool, "warned": list, "printed": str}


def _answer(data: Any, depth: int = 0) -> Plain:
    """The plain form that `encode` wrote; a ValueError before anything large is made of little data."""
    if type(data) is not dict or depth > DEEPEST:
        raise ValueError("no answer is written like this")
    if type(data.get("tuple")) is list:
        return tuple(_answer(member, depth + 1) for member in data["tuple"])
    if "complex" in data:
        real, imaginary = (_answer(part, depth + 1) for part in data["complex"])
        if np.shape(real) != np.shape(imaginary):
            raise ValueError("a complex number has two parts")
    elif "array" not in data or np.dtype(str(data.get("dtype", "float64"))).kind not in "biuf":
        raise ValueError("no answer holds such numbers")
    return to_plain(decode(data))


def run_calls(
    function: Callable[..., object], calls: Sequence[Any], seconds: float, interruptible: bool = True
) -> list[Outcome]:
    """Calls `function` once for each member of `calls`, a list of encoded arguments, within `seconds` in all.

    Every call gets arguments of its own. Calls that the time did not reach come back with the error
    "TimeLimitError", like the one during which it ran out. A KeyboardInterrupt goes through, for somebody sits
    there and waits; unless `interruptible` is false: then it is the function's own, and an error like others.
    """
    outcomes = []
    end = time.monotonic() + seconds
    for arguments in calls:
        left = end - time.monotonic()
        if left <= 0:
            outcomes.append(_out_of_time(seconds))
        else:
            outcomes.append(_run_call(function, arguments, left, seconds, interruptible))
    return outcomes


def _out_of_time(seconds: float) -> Outcome:
    return Outcome(
        error="TimeLimitError",
        detail=f"it was not done after {seconds:g} seconds: does a loop never end?",
    )


def _run_call(
    function: Callable[..., object], arguments: Any, left: float, seconds: float, interruptible: bool
) -> Outcome:
    args = decode(arguments)
    printed = io.StringIO()
    value: Plain = None
    error, detail = None, ""
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        try:
            with time_limit(left):
                value = to_plain(function(*args))
        except NotPlainError as refused:
            error, detail = "NotPlainError", str(refused)
        except TimeLimitError:
            return _out_of_time(seconds)
        except BaseException as raised:  # a student's function may raise anything, SystemExit too
            if interruptible and isinstance(raised, KeyboardInterrupt):
                raise
            error, detail = type(raised).__name__, where_it_failed(raised)
    return Outcome(
        value=value,
        error=error,
        detail=detail,
        mutated=_changed(arguments, args),
        warned=tuple(dict.fromkeys(map(_warning_text, caught[:MOST_WARNINGS]))),
        printed=printed.getvalue()[:MOST_PRINTED],
    )


def _warning_text(warned: warnings.WarningMessage) -> str:
    try:
        return f"{warned.category.__name__}: {warned.message}"[:MOST_PRINTED]
    except Exception:  # the message may be an object of the student's own
        return warned.category.__name__


def _changed(arguments: Any, args: Any) -> bool:
    """Whether the arguments differ, in any number, shape or dtype, from what was handed over."""
    try:
        return repr(encode(args)) != repr(encode(decode(arguments)))  # a used generator is no change
    except (TypeError, ValueError):
        return True


def where_it_failed(raised: BaseException) -> str:
    """The exception in a line, and the line of the student's own code it came from."""
    with contextlib.suppress(Exception):
        text = f"{type(raised).__name__}: {raised}"[:MOST_PRINTED].strip().rstrip(":")
        if isinstance(raised, EOFError):
            text = "it called input(), and there is nobody to answer: use the arguments instead"
        frames = [
            frame
            for frame in traceback.extract_tb(raised.__traceback__)
            if not frame.filename.startswith(NOT_STUDENTS) and "site-packages" not in frame.filename
        ]
        if frames and frames[-1].line:
            text += f", in line {frames[-1].lineno} of the code: `{frames[-1].line}`"
        return text
    return type(raised).__name__
