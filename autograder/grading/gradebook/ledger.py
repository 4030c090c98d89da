"""A log of what people decided about a class: a line of JSON each, on the disk before what it says is done.

So what a power cut broke off is in the log, and the same command again finishes it.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.grading.errors import GradeFault


@dataclass(frozen=True)
class Ledger:
    """The log at `path`, which need not be there yet."""

    path: Path

    def read(self, take: Callable[[dict[str, Any]], None]) -> None:
        """Hands every line to `take`; a GradeFault says which line is broken.

        A last line that a power cut left without its end was never acted on, and is passed over.
        """
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                take(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError) as fault:
                why = f"{self.path}, line {number} is broken ({type(fault).__name__}): restore the file"
                raise GradeFault(why) from None

    def add(self, row: dict[str, Any]) -> None:
        """Adds a line; it is on the disk afterwards."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = self.path.read_bytes() if self.path.exists() else b""
        with self.path.open("r+b" if data else "wb") as file:
            file.seek(data.rfind(b"\n") + 1)
            file.truncate()
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def now() -> str:
    """The time as a log has it."""
    return datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
