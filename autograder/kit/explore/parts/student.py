"""Asks a student's function for numbers and never fails: what is wrong comes back as a sentence."""

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.kit.explore.parts.quietly import quietly, theirs
from autograder.kit.explore.parts.words import number, printable
from autograder.kit.plain import NotPlainError, Plain, close, to_plain
from autograder.kit.processor_limit import WaitedError, run_within
from autograder.kit.time_limit import TimeLimitError

# Seconds of the processor that a student's function may take for one picture, and seconds on the wall.
TIME_LIMIT, WAIT = 1.0, 30.0
# So often a function is tried that was never done in time.
TRIES = 2
LONGEST_MESSAGE = 140


class WrongFormError(ValueError):
    """Numbers came back, but not those asked for; the message goes on where "Your softmax" ends."""


@dataclass(frozen=True)
class Answer:
    """Numbers of the shape asked for, or None; and sentences about what is wrong or what the function warned of.

    Numbers in single precision stay so, as far as the student gave them: they are compared as such.
    """

    values: np.ndarray | None = None
    sentences: tuple[str, ...] = ()

    def without_sentences(self) -> "Answer":
        """The same numbers, and nothing said of them; an answer without numbers stays as it is."""
        return self if self.values is None else replace(self, sentences=())


class Student:
    """A student's function, or None where there is none. `exercise` is the name the course gives it."""

    def __init__(self, function: object, exercise: str) -> None:
        self.function = function
        self.name = _name_of(function) or exercise
        self._late, self._gave_up = 0, ""

    @property
    def given(self) -> bool:
        """Whether there is a function to ask."""
        return self.function is not None

    def ask(
        self,
        calls: Iterable[tuple[Any, ...]],
        shape: tuple[int, ...],
        read: Callable[[Plain], Plain] = lambda plain: plain,
    ) -> Answer:
        """The answers to all calls, each of that shape, stacked; every call gets arguments of its own.

        `read` takes the array asked for out of an answer in plain form; it raises WrongFormError if it is not there.
        """
        if not self.given:
            return Answer()
        if not callable(self.function):
            kind = type(self.function).__name__
            return self._reference_only(f"What you passed as {self.name} is a value ({kind}), not a function")
        if self._gave_up:
            return self._reference_only(self._gave_up)
        with quietly() as caught:
            answer = self._run(calls, shape, read)
        warned = theirs(caught)
        if answer.values is not None and warned:
            said = f"{_shortened(f'Your {self.name} warned: {_message_of(warned[0].message)}')}."
            return replace(answer, sentences=(*answer.sentences, said))
        return answer

    def _run(
        self, calls: Iterable[tuple[Any, ...]], shape: tuple[int, ...], read: Callable[[Plain], Plain]
    ) -> Answer:
        function: Any = self.function
        try:
            found = run_within(lambda: [read(to_plain(function(*call))) for call in calls], TIME_LIMIT, WAIT)
            self._late = 0
            return Answer(_numbers(found, shape))
        except NotImplementedError as raised:
            return Answer(
                None, (f"{self._unwritten(raised)} not written yet: the picture shows the reference.",)
            )
        except NotPlainError as refused:
            return self._reference_only(f"Your {self.name} gave no numbers: {_message_of(refused)}")
        except WrongFormError as wrong:
            return self._reference_only(f"Your {self.name} {_message_of(wrong)}")
        except TimeLimitError as late:
            return self._out_of_time(isinstance(late, WaitedError))
        except KeyboardInterrupt:
            self._gave_up = f"You stopped your {self.name}. Run the cell again to try it again"
            return self._reference_only(self._gave_up)
        except BaseException as raised:  # a student's function may raise anything, SystemExit too
            detail = _shortened(f"{type(raised).__name__}: {_message_of(raised)}".rstrip(": "))
            return self._reference_only(f"Your {self.name} raised {detail}")

    def _out_of_time(self, waited: bool) -> Answer:
        """One late answer may be this setting's alone. After another one the function is not asked again."""
        if waited:
            return self._reference_only(
                f"Your {self.name} was not back after {WAIT:g} seconds, though it computed for less than "
                f"{TIME_LIMIT:g}: it waits for something, or the machine is busy"
            )
        limit = f"{TIME_LIMIT:g} second" + ("" if TIME_LIMIT == 1 else "s")
        said = f"Your {self.name} was not done after {limit}: does a loop never end?"
        self._late += 1
        if self._late >= TRIES:
            self._gave_up = f"{said} Mend it and run the cell again"
        return self._reference_only(self._gave_up or said)

    def _unwritten(self, raised: NotImplementedError) -> str:
        """Whose stub it is: this function's, or that of another one it calls."""
        frames = traceback.extract_tb(raised.__traceback__)
        theirs = [
            frame for frame in frames if frame.filename not in (__file__, run_within.__code__.co_filename)
        ]
        stub = theirs[-1].name if theirs else self.name
        if len(theirs) < 2 or not stub.isidentifier() or stub == self.name or stub.startswith("__"):
            return f"Your {self.name} is"
        return f"Your {self.name} calls {stub[:40]}, which is"

    def _reference_only(self, sentence: str) -> Answer:
        end = "" if sentence.endswith(("?", "!", ".")) else "."
        return Answer(None, (f"{sentence}{end} The picture shows the reference.",))


def _numbers(answers: Sequence[Plain], shape: tuple[int, ...]) -> np.ndarray:
    """The answers stacked; a complex number without an imaginary part is a number like others, as in a check."""
    for answer in answers:
        if type(answer) is tuple:
            raise WrongFormError(f"returned a tuple of {len(answer)}, one array was asked for")
        if answer.shape != shape:
            raise WrongFormError(
                f"returned {_shape_words(answer.shape)}, {_shape_words(shape)} was asked for"
            )
        if answer.dtype.kind == "c" and np.any(answer.imag):
            raise WrongFormError("returned complex numbers")
    single = any(answer.dtype in (np.float32, np.complex64) for answer in answers)
    real = [answer.real if answer.dtype.kind == "c" else answer for answer in answers]
    with np.errstate(all="ignore"):
        return np.array(real, dtype=np.float32 if single else np.float64).reshape(len(real), *shape)


def off(given: Any, truth: Any) -> np.ndarray:
    """Where numbers given differ from the true ones by more than a check lets pass."""
    return ~close(np.asarray(truth, dtype=float), np.asarray(given))


def compared(name: str, given: np.ndarray, truth: np.ndarray, places: Sequence[str]) -> str:
    """How far the numbers given are from the true ones, and where they are furthest, in a sentence.

    They agree where a check would let them pass: its tolerance is the one in `kit.plain`.
    """
    given, truth = np.ravel(given), np.ravel(truth)
    wrong = off(given, truth)
    with np.errstate(all="ignore"):
        gaps = np.abs(given - truth)
    bad = ~np.isfinite(gaps)
    nonsense = ""
    if bad.any():
        first = int(np.argmax(bad))
        value = number(float(given[first]))
        if bad.all():
            return f"Your {name} gives no finite number anywhere: {value} {places[first]}."
        nonsense = f"Your {name} gives {value} {places[first]}. Elsewhere "
    start = nonsense + (f"your {name}" if nonsense else f"Your {name}")
    if not np.any(wrong & ~bad):
        return f"{start} agrees with the reference: largest gap {number(float(gaps[~bad].max()))}."
    worst = int(np.argmax(np.where(wrong & ~bad, gaps, -1.0)))
    return f"{start} is off the reference: largest gap {number(float(gaps[worst]))}, {places[worst]}."


def _name_of(function: object) -> str:
    """The function's own name where it has a plain one."""
    try:
        name = getattr(function, "__name__", "")
    except Exception:
        return ""
    return name[:40] if isinstance(name, str) and name.isidentifier() else ""


def _message_of(raised: object) -> str:
    """An exception's message; even asking for it may fail."""
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
