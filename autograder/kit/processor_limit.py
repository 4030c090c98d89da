"""Ends Python code that has used up its share of the processor, in whatever thread it runs.

`time_limit` works in the main thread, and looks at the processor's time only when a clock on the wall rings. Sliders
move beside it. Here a second thread looks on: what it counts is the processor time
of the thread that calls. Nothing is traced, so the code runs as fast as ever.
"""

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from autograder.kit.time_limit import TimeLimitError, time_limit

# A bare `except:` in a loop swallows the error. So it is raised again, after as many seconds and this often.
AGAIN = 1.0
MOST = 20
# The shortest time between two looks at a thread that may be waiting, in seconds.
LOOK = 0.05

Result = TypeVar("Result")


class WaitedError(TimeLimitError):
    """The time on the wall was up, and the processor time was not."""


def run_within(call: Callable[[], Result], seconds: float, wall: float) -> Result:
    """What `call()` returns, if it takes at most `seconds` of processor time and `wall` seconds on the wall.

    Raises TimeLimitError where the processor time was used up, WaitedError where the time on the wall was. One long
    call into C ends when it returns; in the main thread waiting (`time.sleep`) ends at once. Python in a
    browser has one thread, which nobody disturbs: there the seconds on the wall are what it used.
    """
    if sys.platform == "emscripten":
        with time_limit(seconds):
            return call()
    watch = _Watch(seconds, wall)
    try:
        try:
            watch.start()
            with time_limit(wall):
                return call()
        finally:
            watch.stop()
    except TimeLimitError:
        watch.stop()  # once more: the error may have come between two lines of the first
        raise (TimeLimitError if watch.used_up else WaitedError) from None


class _Watch:
    """Looks on from a thread of its own, and raises TimeLimitError in the one that made it."""

    def __init__(self, seconds: float, wall: float) -> None:
        self.used_up = False
        self._seconds, self._wall = seconds, wall
        self._watched = threading.get_ident()
        self._clock = _clock_of(self._watched)
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._look_on, name="processor limit", daemon=True)

    def start(self) -> None:
        """From now on the time counts."""
        self._began, self._used = time.monotonic(), self._clock()
        self._thread.start()

    def stop(self) -> None:
        """After this nothing is raised any more."""
        with self._lock:
            self._done.set()
            _raise_in(self._watched, None)

    def _look_on(self) -> None:
        for again in range(MOST):
            if not self._wait(again * AGAIN):
                return
            with self._lock:
                if self._done.is_set():
                    return
                _raise_in(self._watched, TimeLimitError)

    def _wait(self, more: float) -> bool:
        """Waits until one of the two times is up, and so many seconds more; False if all was done before."""
        # A thread cannot use more of the processor than there is time, so nobody need look sooner.
        left, wall = self._seconds + more, self._wall + more
        while not self._done.wait(max(min(left, wall), LOOK)):
            left = self._seconds + more - (self._clock() - self._used)
            wall = self._wall + more - (time.monotonic() - self._began)
            if left <= 0 or wall <= 0:
                self.used_up = left <= 0
                return True
        return False


def _clock_of(thread: int) -> Callable[[], float]:
    """The processor time of that thread; of all threads together where the system tells no more."""
    clock_of_thread: Any = getattr(time, "pthread_getcpuclockid", None)
    if clock_of_thread is None:
        return time.process_time
    number = clock_of_thread(thread)
    return lambda: time.clock_gettime(number)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Has that thread raise the error before its next step; None takes back what was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )
