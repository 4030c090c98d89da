"""A step of the installation as a person wants to see it: what, how far, how many seconds."""

import os
import shutil
import sys
import time

BAR = 24


class InstallStep:
    """A line on standard error. In a terminal it moves; elsewhere it is written once, when the step is done."""

    def __init__(self, what: str, total: int = 0) -> None:
        self.what, self.total = what, total
        self._began = time.monotonic()
        self._moves = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.show(0)

    def end(self, done: bool = True) -> None:
        """The step is over; `done` says whether it came to its end."""
        self._write(f"{self.what}: {self.seconds:.0f} s{'' if done else ', not done'}", "\n")

    @property
    def seconds(self) -> float:
        """Since the step began."""
        return time.monotonic() - self._began

    def show(self, done: int) -> None:
        """Shows how many of `total` are done."""
        if not self._moves:
            return
        bar = ""
        if self.total:
            done = min(done, self.total)
            full = BAR * done // self.total
            bar = f" [{'#' * full}{'.' * (BAR - full)}] {done} of {self.total},"
        self._write(f"{self.what}{bar} {self.seconds:.0f} s", "")

    def _write(self, text: str, end: str) -> None:
        line = f"autograder: {text}"
        if self._moves:
            width = shutil.get_terminal_size().columns - 1
            line = "\r" + line[:width].ljust(width)
        sys.stderr.write(line.rstrip() + end if end else line)
        sys.stderr.flush()
