"""Asks a student's function for numbers and never fails: what is wrong comes back as a sentence."""

import contextlib
import io
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from autograder.kit.explore.parts.svg import number, printable
from autograder.kit.plain import NotPlainError, to_plain

# Seconds a student's function may take for one picture.
TIME_LIMIT = 1.0
LONGEST_MESSAGE = 140
# A gap smaller than this is rounding, in single precision too.
ROUNDING = 1e-6

# One at a time: JupyterLab moves sliders in a thread beside the one that runs cells.
_one_at_a_time = threading.RLock()


class TooSlowError(BaseException):
    """Raised inside a student's function when its time is up; `except Exception` does not catch it."""


@dataclass(frozen=True)
class Answer:
    """Numbers of the shape asked for, or None; and sentences about what is wrong or what the function warned of."""

    values: np.ndarray | None = None
    sentences: tuple[str, ...] = ()


class Student:
    """A student's function, or None where there is none. `exercise` is the name the course gives it."""

    def __init__(self, function: object, exercise: str) -> None:
        self.function = function
        self.name = _name_of(function) or exercise
        self._gave_up = ""

    @property
    def given(self) -> bool:
        """Whether there is a function to ask."""
        return self.function is not None

    def ask(self, calls: list[tuple[Any, ...]], shape: tuple[int, ...]) -> Answer:
        """The answers to all calls, each of that shape, stacked; every call gets arguments of its own."""
        if not self.given:
            return Answer()
        if not callable(self.function):
            kind = type(self.function).__name__
            return self._reference_only(f"What you passed as {self.name} is a value ({kind}), not a function")
        if self._gave_up:
            return self._reference_only(self._gave_up)
        with _quietly() as warned, np.errstate(all="warn", under="ignore"):
            answer = self._run(calls, shape)
        if answer.values is not None and warned:
            text = _shortened(f"Your {self.name} warned: {warned[0].message}")
            return Answer(answer.values, (*answer.sentences, f"{text}."))
        return answer

    def _run(self, calls: list[tuple[Any, ...]], shape: tuple[int, ...]) -> Answer:
        try:
            with _time_limit(TIME_LIMIT):
                return self._judged([to_plain(self.function(*call)) for call in calls], shape)  # type: ignore[operator]
        except NotImplementedError as raised:
            return Answer(
                None, (f"{self._unwritten(raised)} not written yet: the picture shows the reference.",)
            )
        except NotPlainError as refused:
            return self._reference_only(f"Your {self.name} gave no numbers: {_message_of(refused)}")
        except TooSlowError:
            limit = f"{TIME_LIMIT:g} second" + ("" if TIME_LIMIT == 1 else "s")
            self._gave_up = (
                f"Your {self.name} was not done after {limit}: does a loop never end? "
                "Mend it and run the cell again"
            )
        except KeyboardInterrupt:
            self._gave_up = f"You stopped your {self.name}. Run the cell again to try it again"
        except BaseException as raised:  # a student's function may raise anything, SystemExit too
            detail = _shortened(f"{type(raised).__name__}: {_message_of(raised)}".rstrip(": "))
            return self._reference_only(f"Your {self.name} raised {detail}")
        return self._reference_only(self._gave_up)

    def _unwritten(self, raised: NotImplementedError) -> str:
        """Whose stub it is: this function's, or that of another one it calls."""
        stub = traceback.extract_tb(raised.__traceback__)[-1].name
        if not stub.isidentifier() or stub in (self.name, "_run"):
            return f"Your {self.name} is"
        return f"Your {self.name} calls {stub[:40]}, which is"

    def _judged(self, answers: list[Any], shape: tuple[int, ...]) -> Answer:
        for answer in answers:
            if type(answer) is tuple:
                return self._reference_only(
                    f"Your {self.name} returned a tuple of {len(answer)}, one array was asked for"
                )
            if answer.shape != shape:
                return self._reference_only(
                    f"Your {self.name} returned {_shape_words(answer.shape)}, {_shape_words(shape)} was asked for"
                )
            if answer.dtype.kind == "c":
                return self._reference_only(f"Your {self.name} returned complex numbers")
        return Answer(np.array(answers, dtype=np.float64))

    def _reference_only(self, sentence: str) -> Answer:
        return Answer(None, (f"{sentence}. The picture shows the reference.",))


def compared(name: str, given: np.ndarray, truth: np.ndarray, places: Sequence[str]) -> str:
    """How far the numbers given are from the true ones, and where they are furthest, in a sentence."""
    gaps = np.abs(given - truth).ravel()
    bad = ~np.isfinite(gaps)
    nonsense = ""
    if bad.any():
        first = int(np.argmax(bad))
        value = number(float(given.flat[first]))
        if bad.all():
            return f"Your {name} gives no finite number anywhere: {value} {places[first]}."
        nonsense = f"Your {name} gives {value} {places[first]}. Elsewhere "
    worst = int(np.argmax(np.where(bad, -1.0, gaps)))
    gap = number(float(gaps[worst]))
    start = nonsense + (f"your {name}" if nonsense else f"Your {name}")
    if gaps[worst] < ROUNDING:
        return f"{start} agrees with the reference: largest gap {gap}."
    return f"{start} is off the reference: largest gap {gap}, {places[worst]}."


def _name_of(function: object) -> str:
    """The function's own name where it has a plain one."""
    try:
        name = getattr(function, "__name__", "")
    except Exception:
        return ""
    return name[:40] if isinstance(name, str) and name.isidentifier() else ""


def _message_of(raised: BaseException) -> str:
    """The exception's message; even asking for it may fail."""
    try:
        return printable(str(raised))
    except Exception:
        return ""


def _shortened(text: str) -> str:
    """In one line, and not longer than the picture has room for."""
    line = printable(text).rstrip(".")
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 3] + "..."


def _shape_words(shape: tuple[int, ...]) -> str:
    return "a single number" if shape == () else f"an array of shape {shape}"


class _Muted(io.TextIOBase):
    """Standard output without what one thread prints."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._thread = stream, threading.get_ident()

    def write(self, text: str) -> int:
        """Passes on what other threads print."""
        if threading.get_ident() == self._thread or self._stream is None:
            return len(text)
        return int(self._stream.write(text) or 0)

    def flush(self) -> None:
        """Passes it on."""
        if self._stream is not None:
            self._stream.flush()


@contextlib.contextmanager
def _quietly() -> Iterator[list[warnings.WarningMessage]]:
    """Keeps what the block prints out of the cell, and collects its warnings."""
    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Muted(before[0]), _Muted(before[1])
        try:
            yield caught
        finally:
            sys.stdout, sys.stderr = before


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Ends Python code in the block with TooSlowError once it took `seconds`.

    A signal would do this only in the main thread, and sliders move outside it. Where a debugger or a
    coverage tool already traces, there is no limit.
    """
    if sys.gettrace() is not None:
        yield
        return
    end = time.monotonic() + seconds

    def trace(frame: FrameType, *_: object) -> Callable[..., Any] | None:
        if time.monotonic() > end:
            raise TooSlowError
        if "site-packages" in frame.f_code.co_filename:
            return None
        # `while True: pass` in one line never comes to a new line.
        frame.f_trace_opcodes = True
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)
