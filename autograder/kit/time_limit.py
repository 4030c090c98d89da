"""Ends a student's code when its time is up, on every system that Python runs on.

There are four ways, and `way()` says which is taken:

- "signal": the operating system's alarm clock. It ends waiting, too (`time.sleep`). Windows has none.
- "thread": a second thread waits and then has Python act as if a signal had come. It ends loops in Python; one long
  call into C ends when it returns.
- "browser": Python in a browser has neither; there the interpreter itself looks at the clock.
- "none": outside the main thread the caller's own limits apply.

The environment variable AUTOGRADER_TIME_LIMIT set to one of these names takes that way: so what Windows does is tested
on Linux.
"""

import _thread
import math
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any, Protocol

VARIABLE = "AUTOGRADER_TIME_LIMIT"
# A bare `except:` in a loop swallows the error. So it is raised again, this many seconds later and this often. The same
# clock looks again where the time on the wall is up and that of the processor is not.
AGAIN = 1.0
MOST = 1000


class TimeLimitError(BaseException):
    """Raised inside a student's code when its time is up. No `except Exception` of theirs catches it."""


def way() -> str:
    """How time is limited in the calling thread: "signal", "thread", "browser" or "none"."""
    if threading.current_thread() is not threading.main_thread():
        return "none"
    if sys.platform == "emscripten":
        return "browser"
    wanted = os.environ.get(VARIABLE)
    if wanted in _CLOCKS and wanted != "browser":
        return wanted
    return "signal" if hasattr(signal, "setitimer") else "thread"


def processor_seconds() -> float:
    """The processor time of this thread, from any beginning; in a browser, which does not tell it, the clock's."""
    return time.monotonic() if sys.platform == "emscripten" else time.thread_time()


def on_the_wall(seconds: float) -> float:
    """How long something may take that may use so many seconds of processor: a busy machine gives it a share only."""
    return 2 * seconds + 4


class time_limit:
    """`with time_limit(5):` ends the block with TimeLimitError after 5 seconds.

    With `wall`, they are seconds of the processor, counted for this thread; a block that does not use them, because it
    waits or the machine is busy with other things, ends after `wall` seconds on the clock. Then the end comes up to a
    second late.

    Limits may be nested. The error is raised by a signal's handler, which knows where the block ends: it is never
    raised before the block has begun or after it was left.
    """

    def __init__(self, seconds: float, wall: float | None = None) -> None:
        self._clock: _Clock = _CLOCKS[way()](max(seconds, 0.001))
        self._seconds, self._wall = seconds, seconds if wall is None else wall
        self._running = False

    def __enter__(self) -> None:
        self._began, self._used = time.monotonic(), processor_seconds()
        if self._clock.number is not None:
            self._before = signal.signal(self._clock.number, self._ring)
        self._clock.start()
        self._running = True

    def __exit__(self, *_: object) -> None:
        self._running = False
        self._clock.stop()
        if self._clock.number is not None:
            signal.signal(self._clock.number, signal.SIG_DFL if self._before is None else self._before)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        leaving = frame is not None and frame.f_code is time_limit.__exit__.__code__
        if self._running and not leaving and self._clock.due and not self._has_time():
            raise TimeLimitError
        if not self._clock.due and callable(self._before):
            self._before(number, frame)  # an outer limit's time is up

    def _has_time(self) -> bool:
        """Whether neither clock is up: less than a twentieth missing counts as up, or it would be a second more."""
        used, passed = processor_seconds() - self._used, time.monotonic() - self._began
        return used < 0.95 * self._seconds and passed < 0.95 * self._wall


class _Clock(Protocol):
    """Sends the signal `number` when the time is up and again after it, from `start` to `stop`."""

    number: int | None

    @property
    def due(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class _Alarm:
    """The operating system's. A process has one: it is given back with the time it had left."""

    number = getattr(signal, "SIGALRM", None)
    due = True

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def start(self) -> None:
        self._began = time.monotonic()
        self._left, self._interval = signal.setitimer(signal.ITIMER_REAL, self._seconds, AGAIN)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self._left:
            left = max(self._left - (time.monotonic() - self._began), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, self._interval)


class _Waiter:
    """A thread that waits. It sends no real signal, only has Python call the handler of one that nobody uses."""

    number = getattr(signal, "SIGBREAK", None) or getattr(signal, "SIGUSR2", None)

    def __init__(self, seconds: float) -> None:
        self._seconds = min(seconds, threading.TIMEOUT_MAX)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="time limit", daemon=True)
        self.due = False

    def start(self) -> None:
        self._thread.start()

    def _watch(self) -> None:
        seconds = self._seconds
        for _ in range(MOST):
            if self._done.wait(seconds):
                return
            self.due = True
            _thread.interrupt_main(self.number or signal.SIGINT)
            seconds = AGAIN

    def stop(self) -> None:
        self._done.set()
        self._thread.join()


class _InBrowser:
    """The page's clock. It is one for all, as the operating system's is."""

    number = getattr(signal, "SIGALRM", None)
    due = True

    def __init__(self, seconds: float) -> None:
        from autograder.kit.browser_clock import clock

        self._clock = clock()
        self._seconds = seconds

    def start(self) -> None:
        self._end = time.monotonic() + self._clock.left()
        self._clock.ring(self._seconds)

    def stop(self) -> None:
        left = self._end - time.monotonic()
        self._clock.ring(max(left, 0.001) if math.isfinite(left) else 0)


class _NoClock:
    number = None
    due = False

    def __init__(self, seconds: float) -> None:
        pass

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


_CLOCKS: dict[str, Any] = {"signal": _Alarm, "thread": _Waiter, "browser": _InBrowser, "none": _NoClock}
