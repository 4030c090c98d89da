"""Checks every exercise whose function a file defines; the file runs in a process of its own."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.kit.judge import judge
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.report.report import Report
from autograder.kit.runner import IMPORT_SECONDS
from autograder.kit.sheet import Sheet
from autograder.kit.time_limit import on_the_wall
from autograder.kit.uses import mend_first

# What a process may take beyond the seconds of its exercises, before it is ended.
GRACE_SECONDS = 10.0
# What a process may say before it is ended: a file with every exercise says a hundred lines.
MOST_MESSAGES = 5_000
MOST_BYTES = 200_000_000
MOST_PROBLEMS = 100
# Marks a process's environment, and that of all it starts.
MARK = "AUTOGRADER_CHECK"


@dataclass
class FileReport:
    """What came of one file: a report for each exercise it defines, and what could not be run."""

    path: Path
    reports: list[Report] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the file ran and every exercise in it has full points."""
        return not self.problems and bool(self.reports) and all(report.passed for report in self.reports)

    def to_json(self) -> list[dict[str, Any]]:
        """One object an exercise; one with the exercise null for what could not be run."""
        rows = [{"file": str(self.path)} | report.to_json() for report in self.reports]
        return rows + [
            {
                "file": str(self.path),
                "exercise": None,
                "points": 0,
                "earned": 0,
                "sub_checks": [],
                "error": problem,
            }
            for problem in self.problems
        ]


def check_file(path: Path, sheets: Mapping[str, Sheet]) -> FileReport:
    """Runs the file's functions on the sheets' calls in another process, and judges what came back.

    Whatever the file is or its process says, a report comes of it: other files wait to be checked.
    """
    found = FileReport(path)
    try:
        _check(path, sheets, found)
    except Exception as fault:
        found.problems.append(f"it could not be checked: {type(fault).__name__}: {str(fault)[:500]}")
    return found


def _check(path: Path, sheets: Mapping[str, Sheet], found: FileReport) -> None:
    if not path.is_file():
        found.problems.append(f"there is no file {path}")
        return
    if path.suffix not in (".py", ".ipynb"):
        found.problems.append("it is neither a .py nor an .ipynb file")
        return
    left = dict(sheets)
    uses: dict[str, list[str]] = {}
    while left:
        run = _run(path, left)
        new = [problem for problem in run.problems if problem not in found.problems]
        found.problems += new
        uses |= run.uses
        for name, outcomes in run.finished.items():
            _judge(left[name], outcomes, run.notes.get(name, ()), found)
        if run.lost is None:
            break
        # The function that took the process down loses its points; those after it get a process of their own.
        found.problems.append(f"the process ended, or was ended, while {run.lost} was running")
        ended = Outcome(ended=Ended.CRASHED, detail="the process ended, or was ended, during this function")
        found.reports.append(judge(left[run.lost], [ended] * len(left[run.lost].calls)))
        done = {*run.finished, run.lost}
        left = {name: sheet for name, sheet in left.items() if name not in done}
    if not found.reports and not found.problems:
        found.problems.append("it defines no function that an exercise asks for")
    order = list(sheets)
    found.reports.sort(key=lambda report: order.index(report.exercise))
    found.reports = [mend_first(report, found.reports, uses) for report in found.reports]


def _judge(sheet: Sheet, outcomes: list[Outcome], notes: Sequence[str], found: FileReport) -> None:
    try:
        found.reports.append(replace(judge(sheet, outcomes), notes=tuple(notes)))
    except Exception as fault:
        found.problems.append(f"{sheet.exercise} could not be judged: {type(fault).__name__}")


@dataclass
class _FileRun:
    """What one process came to: outcomes, problems, and the exercise during which it ended, if it did."""

    finished: dict[str, list[Outcome]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    uses: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    lost: str | None = None


def _run(path: Path, sheets: Mapping[str, Sheet]) -> _FileRun:
    questions = {name: {"calls": each.calls, "seconds": each.seconds} for name, each in sheets.items()}
    request = json.dumps({"file": str(path.resolve()), "questions": questions})
    run, done = _FileRun(), False
    for message in _messages(request, sheets):
        try:
            if len(run.problems) >= MOST_PROBLEMS:
                break
            if "problem" in message:
                run.problems.append(str(message["problem"])[:5000])
            elif "outcomes" in message:
                outcomes = [Outcome.from_json(each) for each in message["outcomes"]]
                if len(outcomes) == len(sheets[message["exercise"]].calls):
                    run.finished[message["exercise"]] = outcomes
                    run.uses[message["exercise"]] = [str(name) for name in message.get("uses", ())][:100]
                    run.lost = None
            elif message.get("missing") is True:
                wanted = len(sheets[message["exercise"]].calls)
                run.finished[message["exercise"]] = [Outcome(ended=Ended.MISSING)] * wanted
            elif "note" in message and message["exercise"] in sheets:
                run.notes.setdefault(message["exercise"], []).append(str(message["note"])[:500])
            elif message.get("exercise") in sheets:
                run.lost = message["exercise"]
            if message.get("done") is True:
                done = True
                break
        except Exception:  # whatever a forged message leads to
            run.problems.append("it wrote into the channel between the checker and its process")
    if not done and run.lost is None:
        run.problems.append(
            "the process ended before the file was done: does it call exit, crash, or never end?"
        )
    return run


def _messages(request: str, sheets: Mapping[str, Sheet]) -> Iterator[dict[str, Any]]:
    """What the process says, line by line, until it ends or its time is up, or nobody listens any more.

    Only the first start of an exercise gives time: one who says it again and again gets no more.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "autograder.kit.runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "MPLBACKEND": "agg", MARK: folder},
            start_new_session=True,
        )
        lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=_feed, args=(process, request, lines), daemon=True).start()
        end = time.monotonic() + IMPORT_SECONDS + GRACE_SECONDS
        started, finished = set[str](), set[str]()
        try:
            while (left := end - time.monotonic()) > 0 and (line := lines.get(timeout=left)) is not None:
                message = _parsed(line)
                name = message.get("exercise")
                if isinstance(name, str) and name in sheets and name not in started:
                    started.add(name)
                    end = time.monotonic() + on_the_wall(sheets[name].seconds) + GRACE_SECONDS
                if (
                    "outcomes" in message and name in started - finished
                ):  # the cells after it have their own time
                    finished.add(name)
                    end = max(end, time.monotonic() + IMPORT_SECONDS + GRACE_SECONDS)
                yield message
        except queue.Empty:
            pass
        finally:
            _end(process, folder)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _feed(process: subprocess.Popen[bytes], request: str, lines: "queue.Queue[bytes | None]") -> None:
    """Asks, and reads on until the end or until more was said than any honest process says."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(request.encode() + b"\n")
        process.stdin.close()
        left = MOST_BYTES
        for _ in range(MOST_MESSAGES):
            line = process.stdout.readline(left)
            left -= len(line)
            if not line.endswith(b"\n"):
                break
            lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[bytes], folder: str) -> None:
    """Ends the process, everything in its session, and what left the session but still carries its mark."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    mark = f"{MARK}={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):  # none where there is no /proc
        with contextlib.suppress(OSError):
            if mark in entry.read_bytes().split(b"\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)
