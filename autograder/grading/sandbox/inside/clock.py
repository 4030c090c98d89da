"""Ends a student's code when it has used its time on the processor: what else a machine does costs it nothing."""

import signal
from types import FrameType

from autograder.kit.time_limit import TimeLimitError

# A bare `except:` in a loop swallows the error. So it is raised again after so many more seconds.
AGAIN = 1.0


class processor_limit:
    """`with processor_limit(5):` ends the block with TimeLimitError after 5 seconds of this process's processor time.

    `rang` says whether it did.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = max(seconds, 0.001)
        self._running = self.rang = False

    def __enter__(self) -> "processor_limit":
        self._before = signal.signal(signal.SIGPROF, self._ring)
        signal.setitimer(signal.ITIMER_PROF, self._seconds, AGAIN)
        self._running = True
        return self

    def __exit__(self, *_: object) -> None:
        self._running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before or signal.SIG_DFL)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        leaving = frame is not None and frame.f_code is processor_limit.__exit__.__code__
        if self._running and not leaving:
            self.rang = True
            raise TimeLimitError
