"""Keeps what a student's function prints and warns of out of the cell."""

import contextlib
import io
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

# A warning that comes from one of these files is none of the student's.
OURS = str(Path(__file__).parents[2])

# One at a time: JupyterLab moves sliders in a thread beside the one that runs cells.
_one_at_a_time = threading.RLock()


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
def quietly() -> Iterator[list[warnings.WarningMessage]]:
    """Keeps what the block prints out of the cell, and collects its warnings; `theirs` picks the student's."""
    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Muted(before[0]), _Muted(before[1])
        try:
            with np.errstate(all="warn", under="ignore"):
                yield caught
        finally:
            sys.stdout, sys.stderr = before


def theirs(caught: list[warnings.WarningMessage]) -> list[warnings.WarningMessage]:
    """The warnings that the student's own lines gave, not functions of the course that were handed to them."""
    return [each for each in caught if not each.filename.startswith(OURS)]
