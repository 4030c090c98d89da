"""Runs a function on the calls of a check and writes down what came of each: numbers, error, warnings, prints."""

import contextlib
import io
import linecache
import sysconfig
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import NotPlainError, Plain, decode, encode, identical, to_answer
from autograder.kit.time_limit import TimeLimitError, on_the_wall, processor_seconds, time_limit

MOST_PRINTED = 2000
MOST_WARNINGS = 20
# Files whose lines are no student's: this package's and Python's own.
NOT_STUDENTS = (str(Path(__file__).parents[1]), sysconfig.get_paths()["stdlib"])


@contextlib.contextmanager
def own_error_state() -> Iterator[None]:
    """NumPy's error state and warnings as the course has them, whatever a kernel has set."""
    with (
        warnings.catch_warnings(),
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


def run_calls(
    function: Callable[..., object],
    calls: Sequence[Any],
    seconds: float,
    interruptible: bool = True,
    seen: Callable[[list[Any]], None] = lambda _: None,
    wall: float | None = None,
) -> list[Outcome]:
    """Calls `function` once for each member of `calls`, a list of encoded arguments, within `seconds` in all.

    The seconds are the processor's, so that a busy machine costs nobody a point; behind them stands `wall`, seconds on
    the clock for a function that waits (if None: `on_the_wall`).
    Every call gets arguments of its own. Calls that the time did not reach are out of time, like the one during
    which it ran out. A KeyboardInterrupt goes through, for somebody sits there and waits; unless `interruptible` is
    false: then it is the function's own, and an error like others. `seen` gets the arguments of each call as they are
    after it, encoded: see `changed_places`.
    """
    outcomes: list[Outcome] = []
    returned: list[object] = []
    began, end = processor_seconds(), time.monotonic() + (on_the_wall(seconds) if wall is None else wall)
    for arguments in calls:
        left, waiting = seconds - (processor_seconds() - began), end - time.monotonic()
        if min(left, waiting) > 0:
            limit = time_limit(min(left, waiting), waiting)
            outcome, value = _run_call(function, arguments, limit, interruptible, seen)
            outcomes.append(outcome)
            returned.append(value)
        if min(left, waiting) <= 0 or outcome.ended is Ended.OUT_OF_TIME:
            done = sum(each.ended is not Ended.OUT_OF_TIME for each in outcomes)
            detail = f"{done} of {len(calls)} calls were done when the {seconds:g} seconds were over"
            late = [replace(each, detail=detail) for each in outcomes[done:]]
            missing = [Outcome(ended=Ended.OUT_OF_TIME, detail=detail)] * (len(calls) - len(outcomes))
            return outcomes[:done] + late + missing
    return [_overwritten(*pair) for pair in zip(outcomes, returned, strict=True)]


def _overwritten(outcome: Outcome, value: object) -> Outcome:
    """The outcome, with a mark if a later call has changed the very arrays that this one returned."""
    if outcome.has_numbers and type(value) is np.ndarray and not identical(outcome.value, to_answer(value)):
        return replace(outcome, overwritten=True)
    return outcome


def _run_call(
    function: Callable[..., object],
    arguments: Any,
    limit: time_limit,
    interruptible: bool,
    seen: Callable[[list[Any]], None],
) -> tuple[Outcome, object]:
    """What the call came to, and the very object that it returned."""
    args = decode(arguments)
    printed = io.StringIO()
    plain: Plain = None
    value: object = None
    ended, raised, detail = Ended.RETURNED, "", ""
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        try:
            with limit:
                value = function(*args)
                plain, ended, detail = _numbers(value)
        except TimeLimitError:
            ended = Ended.OUT_OF_TIME
        except BaseException as fault:  # a student's function may raise anything, SystemExit too
            if interruptible and isinstance(fault, KeyboardInterrupt):
                raise
            ended, raised, detail = how_it_failed(fault), type(fault).__name__, where_it_failed(fault)
    after = list(map(_encoded, args))
    seen(after)
    outcome = Outcome(
        value=plain,
        ended=ended,
        raised=raised,
        detail=detail,
        changed=changed_places(arguments, after),
        warned=tuple(dict.fromkeys(map(_warning_text, caught[:MOST_WARNINGS]))),
        printed=printed.getvalue()[:MOST_PRINTED],
    )
    return outcome, value


def _numbers(value: object) -> tuple[Plain, Ended, str]:
    """What was returned, in plain form; or that it is none, and why."""
    if value is None:
        return None, Ended.NOTHING, "it returned None: is the `return` missing?"
    try:
        return to_answer(value), Ended.RETURNED, ""
    except NotPlainError as refused:
        return None, Ended.NO_NUMBERS, str(refused)


def how_it_failed(fault: BaseException) -> Ended:
    """The end that an exception stands for. Of a student's own classes none stands for anything but itself."""
    if type(fault) is NotImplementedError:
        return Ended.UNWRITTEN
    if isinstance(fault, MemoryError) and type(fault).__module__.partition(".")[0] in ("builtins", "numpy"):
        return Ended.OUT_OF_MEMORY
    return Ended.RAISED


def _warning_text(warned: warnings.WarningMessage) -> str:
    try:
        return f"{warned.category.__name__}: {warned.message}"[:MOST_PRINTED]
    except Exception:  # the message may be an object of the student's own
        return warned.category.__name__


def _encoded(argument: object) -> Any:
    """An argument after a call, as JSON data; None for what is no plain data any more."""
    try:
        return encode(argument)
    except Exception:  # a list may hold anything now
        return None


def changed_places(arguments: Sequence[Any], after: Sequence[Any]) -> tuple[int, ...]:
    """The places of the arguments that differ, in any number, shape or dtype, from what was handed over.

    Both are encoded, and nothing is made of `after`: it may come from a process that ran a student's code.
    """
    pairs = enumerate(zip(arguments, after, strict=True))
    return tuple(place for place, (before, now) in pairs if _can_change(before) and _differs(before, now))


def _can_change(argument: Any) -> bool:
    """A number or a text cannot change; a used generator is no change."""
    return isinstance(argument, list) or (isinstance(argument, dict) and "rng" not in argument)


def _differs(before: Any, now: Any) -> bool:
    said = repr(now)
    return said != repr(before) and said != repr(encode(decode(before)))


def where_it_failed(raised: BaseException) -> str:
    """The exception in a line, and the line of the student's own code it came from."""
    with contextlib.suppress(Exception):
        text = f"{type(raised).__name__}: {raised}"[:MOST_PRINTED].strip().rstrip(":")
        if isinstance(raised, EOFError):
            text = "it called input(), and there is nobody to answer: use the arguments instead"
        frame = _last_of_students(raised.__traceback__)
        if frame and (line := _line(frame)):
            text += f", in line {frame.tb_lineno} of the code: `{line}`"
        return text
    return type(raised).__name__


def _last_of_students(trace: TracebackType | None) -> TracebackType | None:
    """The innermost frame of the student's own code. A recursion without an end has a thousand: no line is read."""
    found = None
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith(NOT_STUDENTS) and "site-packages" not in name:
            found = trace
        trace = trace.tb_next
    return found


def _line(trace: TracebackType) -> str:
    frame = trace.tb_frame
    return linecache.getline(frame.f_code.co_filename, trace.tb_lineno, frame.f_globals).strip()
