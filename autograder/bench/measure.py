"""What a command costs: seconds on the wall, seconds of processor, and the most memory it and its children had."""

import contextlib
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

# How often the memory is looked at, in seconds. A look takes about 25 ms of a core.
LOOK_EVERY = 0.5
LOG_END = 3000


class BenchError(Exception):
    """Something could not be measured; the message says what and why."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, seconds of processor with all children, and memory of all processes together, in bytes.

    `peak` is the largest that was seen: chance decides a part of it, the larger the longer the run. `high` is
    exceeded in a tenth of the looks alone, so runs of different lengths can be compared by it.
    """

    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    high: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """The cost of one after the other."""
        return Cost(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.peak, other.peak),
            max(self.high, other.high),
        )


def sizes(option: str, text: str) -> list[int]:
    """The sizes that an option names, smallest first; a BenchError if they are no whole numbers above 0."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and int(part) for part in parts):
        raise BenchError(f"{option} takes whole numbers with commas between them, such as 20,100: not {text}")
    return sorted({int(part) for part in parts})


def measured(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> tuple[Cost, str]:
    """Runs a command in a folder, with more environment variables; returns its cost and what it printed.

    Raises BenchError with the end of what it printed if it fails. The processor's seconds are those of every
    process that was waited for, as the system counts them, or where that is more what was seen last of all that lived:
    a sandbox is ended and not waited for.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        before, began = _processor_seconds(), time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        with _looking_at(process.pid) as (seen, used):
            code = process.wait()
            wall = time.monotonic() - began
        cpu = max(_processor_seconds() - before, *used)
        cost = Cost(wall, cpu, max(seen), sorted(seen)[int(0.9 * len(seen))])
        log.seek(0)
        said = log.read()
    if code:
        raise BenchError(f"{' '.join(command)} ended with code {code}:\n{said[-LOG_END:]}")
    return cost, said


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def _looking_at(pid: int) -> Iterator[tuple[list[int], list[float]]]:
    """Two lists that grow while the block runs: a process's bytes and its processor seconds, with all its children."""
    seen, used, done = [0], [0.0], threading.Event()

    def look() -> None:
        while not done.wait(LOOK_EVERY):
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(pid)
                living = [process, *process.children(recursive=True)]
                seen.append(sum(map(_memory, living)))
                used.append(sum(map(_used, living)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen, used
    finally:
        done.set()
        thread.join()


def _memory(process: psutil.Process) -> int:
    """The process's memory, with its share of what it has in common with others: a fork's pages count once."""
    with contextlib.suppress(psutil.Error):
        used = process.memory_full_info()
        return getattr(used, "pss", used.uss)
    return 0


def _used(process: psutil.Process) -> float:
    """The processor's seconds of a process and of those of its children that it waited for."""
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0
