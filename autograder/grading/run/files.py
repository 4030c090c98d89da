"""What grading leaves in the class folder beside the gradebook: autograded notebooks, feedback pages, the journal."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.feedback.folder import put
from autograder.grading.run.worker import Product
from autograder.grading.submission.beside import OF_EXCHANGE, small, write_whole

MOST_REASON = 2000
MOST_HASHED = 1 << 26
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


# Folders of programs, not of students.
HIDDEN = (".ipynb_checkpoints", ".git", ".svn", ".Trash")


@dataclass
class Listing:
    """What lies in `submitted`: the submissions, in order; of whom nothing can be seen, and why; what is odd."""

    found: list[HandedIn] = field(default_factory=list)
    unseen: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)


def handed_in(directory: Path, lessons: list[str], students: list[str]) -> Listing:
    """Every submission in the class folder; only those of `lessons` and `students` where any are named.

    What cannot be listed is its owner's matter alone: the others are found.
    """
    root, listing = ClassFolder(directory).submitted, Listing()
    try:
        names = sorted(os.listdir(root)) if root.is_dir() else []
    except OSError as fault:
        raise GradeFault(f"{root} cannot be listed: {fault.strerror}") from None
    for student in names:
        if student in HIDDEN or (students and student not in students):
            continue
        try:
            _list_one(root, student, lessons, listing)
        except OSError as fault:
            listing.unseen[student] = f"Its folder cannot be listed: {fault.strerror}."
    return listing


def _list_one(root: Path, student: str, lessons: list[str], listing: Listing) -> None:
    """One student's submissions; an OSError where the folder cannot be listed."""
    if not stat.S_ISDIR((root / student).stat().st_mode):
        return
    name = student.encode(errors="replace").decode()
    if name != student or student.startswith("."):
        why = "is no UTF-8" if name != student else "begins with a dot, as those of hidden folders do"
        listing.odd.append(f"{root} has a folder {student!r} whose name {why}: give it another name")
        return
    for lesson in sorted(os.listdir(root / student)):
        folder = root / student / lesson
        if lesson.startswith(".") or (lessons and lesson not in lessons):
            continue
        mode = folder.lstat().st_mode
        if stat.S_ISDIR(mode) or stat.S_ISLNK(mode):  # a link is refused later, with a sentence
            listing.found.append(HandedIn(student, lesson, folder, fingerprint(folder)))


def fingerprint(folder: Path) -> str:
    """A hash over the names and contents of the files in a folder; no link is followed, nothing is raised."""
    found = hashlib.sha256()
    # What cannot be read now is named when it is graded.
    with contextlib.suppress(OSError):
        if folder.is_symlink():
            return hashlib.sha256(os.fsencode(os.readlink(folder))).hexdigest()[:32]
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(root, name)
            found.update(f"{path.relative_to(folder)}\0".encode(errors="replace"))
            with contextlib.suppress(OSError):
                info = path.lstat()
                found.update(f"{info.st_mode}\0{info.st_size}\0".encode())
                if stat.S_ISREG(info.st_mode) and info.st_size < MOST_HASHED:
                    found.update(path.read_bytes())
    return found.hexdigest()[:32]


# What a name of a student's leads to, and nothing else is wrong.
ODD_NAME = (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.EINVAL)
# What is wrong with the whole class folder, not with one submission's files.
EVERYBODYS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)


def write_graded(group: ClassFolder, place: HandedIn, product: Product, files: dict[str, bytes]) -> None:
    """The graded notebook, and beside it the other files handed in, as nbgrader keeps them: read-only; and the page."""
    notebook = group.graded(place.student, place.lesson)
    target = notebook.parent
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)
    write_whole(notebook, product.notebook, READ_ONLY)
    for name, data in files.items():
        try:
            write_whole(target / name, data, READ_ONLY)
        except OSError as fault:  # a name too long for its spare, or one that the notebook took
            if fault.errno not in ODD_NAME:
                raise
    for name in OF_EXCHANGE:
        stamp = small(place.folder / name)
        if stamp is not None:
            write_whole(target / name, stamp, READ_ONLY)
    put(group.path, place.student, place.lesson, product.page.decode())


def digest(data: bytes) -> str:
    """A short hash, by which it is known later that nothing else wrote a notebook."""
    return hashlib.sha256(data).hexdigest()[:32]


def need_to_write(group: ClassFolder) -> None:
    """Raises a GradeFault where nothing could be written of what grading leaves."""
    for folder in (group.autograded, group.feedback, group.records):
        there = folder.exists()
        try:
            write_whole(folder / ".try", b"")
            (folder / ".try").unlink()
            if not there:
                folder.rmdir()
        except OSError as fault:
            raise cannot_write(fault, folder) from None


def cannot_write(fault: OSError, path: Path | None = None) -> GradeFault:
    """The sentence on a class folder that cannot be written."""
    where = path or fault.filename or "the class folder"
    return GradeFault(
        f"{where} cannot be written ({fault.strerror}): put that right, then the same command goes on; "
        "nothing that was graded before is lost"
    )


def missed(report: dict[str, Any]) -> list[str]:
    """The sub-checks that were lost, with the reasons, as much of each as a line holds."""
    lost = [each for each in report["sub_checks"] if not each["passed"]]
    return [f"{each['name']}: {each['message']}"[:MOST_REASON] for each in lost]


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
    points. `before` has what an earlier run said of the very same files, where they were graded again.
    """

    def __init__(self, directory: Path) -> None:
        self.path = ClassFolder(directory).journal
        self.entries: dict[tuple[str, str], Record] = {}
        self.before: dict[tuple[str, str], Record] = {}
        self.last: RunInfo | None = None
        text = self.path.read_text(encoding="utf-8", errors="replace") if self.path.exists() else ""
        self._cut_short = bool(text) and not text.endswith("\n")
        for line in text.splitlines():
            try:
                self._take(json.loads(line))
            except (
                ValueError,
                TypeError,
                KeyError,
                AttributeError,
                RecursionError,
            ):  # cut short by a power cut
                continue

    def _take(self, data: dict[str, Any]) -> None:
        if data.pop("kind") == "run":
            self.last = RunInfo(**data)
        else:
            self._put(Record(**data))

    def _put(self, entry: Record) -> None:
        old = self.entries.get(entry.key)
        if old is not None and old.digest != entry.digest:
            self.before.pop(entry.key, None)
        elif old is not None and old.run != entry.run:
            self.before[entry.key] = old
        self.entries[entry.key] = entry

    def begin(self, run: RunInfo) -> None:
        """A run begins, or ends where it is `finished`."""
        self.last = run
        self._write([{"kind": "run"} | asdict(run)])

    def add(self, entries: list[Record]) -> None:
        """Submissions that are in the gradebook."""
        for entry in entries:
            self._put(entry)
        self._write([{"kind": "graded"} | asdict(entry) for entry in entries])

    def _write(self, rows: list[dict[str, Any]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" if self._cut_short else "")
            self._cut_short = False
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())
