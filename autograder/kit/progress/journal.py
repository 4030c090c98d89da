"""What a student has done, a line at a time, in a file on their own machine.

The file lies outside the course folder and is named after the course, so that moving, re-cloning or rebuilding
the course loses nothing. It is only ever appended to. A line is one write at the end of the file, which on a
local disk no other process can come between; a line that a crash cut short is closed by the next one, and
skipped and counted when the file is read.

A check that passed keeps the code that passed beside its points, where it is not the code kept before.

    AUTOGRADER_PROGRESS=DIR   another folder for it; a relative one is counted from the course folder
    AUTOGRADER_PROGRESS=      (empty) nothing is written down
"""

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import course
from autograder.kit.report.report import Report

VARIABLE = "AUTOGRADER_PROGRESS"
# A function with all it uses is some fifty lines. What is longer holds data, and the record is no place for it.
LONGEST_CODE = 50_000
APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Checked:
    """One check of an exercise. The points are those of that day: a course may change them later.

    `code` is the student's own that passed; "" where nothing new was to be kept, or an older course kept none.
    """

    time: str
    exercise: str
    earned: float
    points: float
    code: str = ""


@dataclass(frozen=True)
class Hinted:
    """One hint given, counted from 1."""

    time: str
    exercise: str
    hint: int


@dataclass(frozen=True)
class Journal:
    """What was read, oldest first, and how many lines could not be."""

    entries: tuple[Checked | Hinted, ...] = ()
    unreadable: int = 0


def switched_off() -> bool:
    """Whether nothing may be written: the variable is set and empty, or nbgrader grades or validates."""
    return os.environ.get(VARIABLE) == "" or bool(os.environ.get("NBGRADER_EXECUTION"))


def path() -> Path:
    """The file. An OSError where this account has no home to put it in."""
    name = f"{course.KEY}.jsonl"
    try:
        chosen = os.environ.get(VARIABLE)
        if chosen:
            return course.ROOT / Path(chosen).expanduser() / name
        return _data_home() / "autograder" / name
    except RuntimeError as fault:  # what pathlib says of an account without a home
        raise FileNotFoundError(errno.ENOENT, str(fault)) from None


def _data_home() -> Path:
    """Where programs keep a user's data on this system."""
    given = Path(os.environ.get("XDG_DATA_HOME", ""))
    if given.is_absolute():
        return given
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    if os.name == "nt" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    return Path.home() / ".local" / "share"


def keep_check(report: Report, say: Callable[[str], object] = print, code: str = "") -> None:
    """Writes down what a check found, with the code that passed if it is another than the one kept last."""
    new = {"code": code} if 0 < len(code) <= LONGEST_CODE and code != kept_code(report.exercise) else {}
    _keep(say, exercise=report.exercise, earned=report.earned, points=float(report.points), **new)


def kept_code(exercise: str) -> str:
    """The code of an exercise that passed last; "" where none is kept, or the record cannot be read."""
    if switched_off():
        return ""
    try:
        kept = [each for each in read().entries if isinstance(each, Checked) and each.exercise == exercise]
    except OSError:
        return ""
    return next((each.code for each in reversed(kept) if each.code), "")


def keep_hint(exercise: str, number: int) -> None:
    """Writes down that a hint was given."""
    _keep(print, exercise=exercise, hint=number)


_told: list[str] = []


def _keep(say: Callable[[str], object], **entry: Any) -> None:
    """Appends an entry. Where that cannot be, says so once, and never fails: the check goes on without it."""
    if switched_off():
        return
    try:
        _append({"time": datetime.now(UTC).isoformat(timespec="seconds"), **entry})
    except OSError as fault:
        if not _told:
            _told.append(reason(fault))
            say(f"Your progress could not be kept ({reason(fault)}). The check itself is not affected.")


def reason(fault: OSError) -> str:
    """What the system says went wrong, and where."""
    place = f"{fault.filename}: " if fault.filename else ""
    return f"{place}{fault.strerror or fault}"


def _append(entry: dict[str, Any]) -> None:
    place = path()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(entry).encode() + b"\n"
    file = os.open(place, APPEND, 0o600)
    try:
        if os.lseek(file, 0, os.SEEK_END) > 0:
            os.lseek(file, -1, os.SEEK_END)
            if os.read(file, 1) != b"\n":  # somebody was stopped half-way through a line
                line = b"\n" + line
        if os.write(file, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(place))
    finally:
        os.close(file)


def read() -> Journal:
    """Everything written down so far. An OSError where there is something that cannot be read."""
    place = path()
    if not place.exists():
        return Journal()
    if not place.is_file():  # a device may have no end
        raise OSError(errno.EINVAL, "not a regular file", str(place))
    lines = place.read_bytes().split(b"\n")
    found = [_parsed(line) for line in lines if line.strip()]
    entries = tuple(entry for entry in found if entry is not None)
    return Journal(entries, len(found) - len(entries))


def _parsed(line: bytes) -> Checked | Hinted | None:
    """The entry in a line, or None where there is none that makes sense."""
    try:
        data = json.loads(line)
        time, exercise = data["time"], data["exercise"]
        datetime.fromisoformat(time)
        if not isinstance(exercise, str):
            return None
        if "hint" in data:
            return Hinted(time, exercise, data["hint"]) if type(data["hint"]) is int else None
        earned, points = float(data["earned"]), float(data["points"])
        code = data.get("code", "")
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    if not (0 <= earned <= points < float("inf") and points):
        return None
    return Checked(time, exercise, earned, points, code if isinstance(code, str) else "")
