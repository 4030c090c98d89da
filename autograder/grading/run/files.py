"""What grading leaves in the class folder beside the gradebook: autograded notebooks, feedback pages, the journal."""

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.submission.beside import OF_EXCHANGE, small, write_whole
from autograder.grading.submission.master import Master
from autograder.grading.submission.verdict import Verdict

READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True)
class HandedIn:
    """A folder of the class's `submitted`: whose, for which lesson, and a fingerprint of what lies in it."""

    student: str
    lesson: str
    folder: Path
    digest: str

    @property
    def key(self) -> tuple[str, str]:
        """Student and lesson."""
        return self.student, self.lesson


def handed_in(directory: Path, lessons: list[str], students: list[str]) -> Iterator[HandedIn]:
    """Every submission in the class folder, in order; only those of `lessons` and `students` where any are named."""
    root = ClassFolder(directory).submitted
    for student in sorted(os.listdir(root)) if root.is_dir() else []:
        if student.startswith(".") or (students and student not in students) or not (root / student).is_dir():
            continue
        if student != student.encode(errors="replace").decode():
            raise GradeFault(
                f"{root} has a folder whose name is no UTF-8 ({student!r}): give it another name"
            )
        for lesson in sorted(os.listdir(root / student)):
            folder = root / student / lesson
            is_one = folder.is_dir() or folder.is_symlink()  # a link is refused later, with a sentence
            if not lesson.startswith(".") and (not lessons or lesson in lessons) and is_one:
                yield HandedIn(student, lesson, folder, fingerprint(folder))


def fingerprint(folder: Path) -> str:
    """A hash over the names and contents of the files in a folder; no link is followed."""
    found = hashlib.sha256()
    if folder.is_symlink():
        return hashlib.sha256(os.fsencode(os.readlink(folder))).hexdigest()[:32]
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(root, name)
            found.update(f"{path.relative_to(folder)}\0".encode(errors="replace"))
            # What cannot be read now is named when it is graded.
            with contextlib.suppress(OSError):
                info = path.lstat()
                found.update(f"{info.st_mode}\0{info.st_size}\0".encode())
                if stat.S_ISREG(info.st_mode) and info.st_size < 1 << 26:
                    found.update(path.read_bytes())
    return found.hexdigest()[:32]


def write_autograded(
    directory: Path, verdict: Verdict, master: Master, files: dict[str, bytes], folder: Path
) -> str:
    """The graded notebook, and beside it the other files handed in, as nbgrader keeps them: read-only.

    Returns the notebook's hash, by which it is known later that nothing else wrote it.
    """
    place = ClassFolder(directory).graded(verdict.student, verdict.lesson)
    target = place.parent
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)
    notebook = {"cells": verdict.cells, "metadata": master.metadata, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    write_whole(place, text, READ_ONLY)
    for name, data in files.items():
        with contextlib.suppress(OSError):  # a name too long for its spare, or one that the notebook took
            write_whole(target / name, data, READ_ONLY)
    for name in OF_EXCHANGE:
        stamp = small(folder / name)
        if stamp is not None:
            write_whole(target / name, stamp, READ_ONLY)
    return digest(text.encode(errors="replace"))


def digest(data: bytes) -> str:
    """A short hash."""
    return hashlib.sha256(data).hexdigest()[:32]


@dataclass
class Record:
    """What the journal keeps of one graded submission.

    `missed` are, by exercise, the sub-checks lost, with reasons; `kept` is the graded notebook's hash.
    """

    run: str
    student: str
    lesson: str
    digest: str
    seed: int
    status: str
    notes: list[str]
    earned: dict[str, float]
    missed: dict[str, list[str]] = field(default_factory=dict)
    kept: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Student and lesson."""
        return self.student, self.lesson


@dataclass
class RunInfo:
    """One run of the grader: its seed, and whether it came to its end."""

    run: str
    seed: int
    per_student: bool
    regrade: bool
    finished: bool = False


class GradingJournal:
    """The record of runs and of graded submissions, a line of JSON each, in CLASS/grading/journal.jsonl.

    A line is written once its submission is in the gradebook: what a power cut took is graded again, to the same
    points.
    """

    def __init__(self, directory: Path) -> None:
        self.path = ClassFolder(directory).journal
        self.entries: dict[tuple[str, str], Record] = {}
        self.last: RunInfo | None = None
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        self._cut_short = bool(text) and not text.endswith("\n")
        for line in text.splitlines():
            try:
                self._take(json.loads(line))
            except (ValueError, TypeError, KeyError):  # a line cut short by a power cut
                continue

    def _take(self, data: dict[str, Any]) -> None:
        if data.pop("kind") == "run":
            self.last = RunInfo(**data)
        else:
            entry = Record(**data)
            self.entries[entry.key] = entry

    def begin(self, run: RunInfo) -> None:
        """A run begins, or ends where it is `finished`."""
        self.last = run
        self._write([{"kind": "run"} | asdict(run)])

    def add(self, entries: list[Record]) -> None:
        """Submissions that are in the gradebook."""
        self.entries |= {entry.key: entry for entry in entries}
        self._write([{"kind": "graded"} | asdict(entry) for entry in entries])

    def _write(self, rows: list[dict[str, Any]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" if self._cut_short else "")
            self._cut_short = False
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())
