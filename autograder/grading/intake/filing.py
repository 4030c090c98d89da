"""Puts a submission into a class folder. What was there before is kept."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.grading.class_folder import ClassFolder
from autograder.grading.intake.sources import Piece, read
from autograder.grading.intake.unpack import safe_parts
from autograder.grading.submission.beside import OF_EXCHANGE, SECRET, TIMESTAMP


@dataclass(frozen=True)
class Handed:
    """A submission: whose, of which lesson, the notebook, the files beside it by their path.

    `time` and `secret` are those of nbgrader's exchange.
    """

    student: str
    lesson: str
    notebook: Piece
    others: dict[PurePosixPath, Piece]
    time: str | None
    notes: tuple[str, ...] = ()
    secret: bytes | None = None


def place(handed: Handed, directory: Path, dry_run: bool = False) -> str:
    """Puts a submission into `directory/submitted/STUDENT/LESSON` and says in a few words what became of it.

    The same content again changes nothing, and neither does one with an earlier time than what is there. What was
    there otherwise moves to `submitted_before/STUDENT/LESSON/TIME`. An OSError or ValueError says what cannot be
    read or written; then nothing has changed.
    """
    group = ClassFolder(directory)
    submitted = group.submitted
    target = group.handed_in(handed.student, handed.lesson)
    _refuse_odd(submitted, target)
    with tempfile.TemporaryDirectory(
        prefix=".incoming-", dir=None if dry_run else _made(submitted)
    ) as around:
        new = Path(around) / handed.lesson
        _write(handed, new)
        old = _content(target)
        if old is not None and old == _content(new):
            for name in OF_EXCHANGE:
                if (new / name).exists() and not (target / name).exists() and not dry_run:
                    (new / name).rename(target / name)
            return "already there"
        if old is not None and _newer(target, new):
            return "not taken: what is there is newer"
        kept = _spare(group.submitted_before / handed.student / handed.lesson) if old is not None else None
        if not dry_run:
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                target.rename(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            new.rename(target)
    return f"new; the one before is in {kept.relative_to(directory)}" if kept else "new"


def keep_aside(handed: Handed, directory: Path, why: str, dry_run: bool = False) -> str:
    """Keeps in `submitted_before` what does not count, and says so; nothing where it is there already, or counts."""
    group = ClassFolder(directory)
    submitted, kept = group.submitted, group.submitted_before / handed.student / handed.lesson
    _refuse_odd(submitted, submitted / handed.student / handed.lesson)
    with tempfile.TemporaryDirectory(
        prefix=".incoming-", dir=None if dry_run else _made(submitted)
    ) as around:
        new = Path(around) / handed.lesson
        _write(handed, new)
        content = _content(new)
        if content == _content(submitted / handed.student / handed.lesson):
            return ""
        for old in sorted(kept.iterdir()) if kept.is_dir() else []:
            if _content(old) == content:
                return f"kept aside before, in {old.relative_to(directory)}: {why}"
        place = _spare(kept)
        if not dry_run:
            kept.mkdir(parents=True, exist_ok=True)
            new.rename(place)
    return f"kept aside in {place.relative_to(directory)}: {why}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _refuse_odd(submitted: Path, target: Path) -> None:
    """A ValueError where the place is no folder, or another student's but for case."""
    for place in (submitted, target.parent, target):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise ValueError(f"{place} is no folder")
    twins = [path.name for path in submitted.iterdir()] if submitted.is_dir() else []
    for name in twins:
        if name != target.parent.name and name.casefold() == target.parent.name.casefold():
            raise ValueError(f"there is a student {name} already")


def _write(handed: Handed, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{handed.lesson}.ipynb").write_bytes(read(handed.notebook.path))
    for path, piece in handed.others.items():
        parts, fault = safe_parts(str(path))
        if fault:
            raise ValueError(f"{piece}: {fault}")
        place = folder.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "xb") as file:
            file.write(read(piece.path))
    if handed.time:
        (folder / TIMESTAMP).write_text(handed.time, encoding="utf-8")
    if handed.secret:
        (folder / SECRET).write_bytes(handed.secret)


def _content(folder: Path) -> dict[str, bytes] | None:
    """The files of a submission, but for the exchange's own; None if there is no such folder."""
    if not folder.is_dir():
        return None
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in files if path.name not in OF_EXCHANGE
    }


def _newer(there: Path, new: Path) -> bool:
    from nbgrader.utils import parse_utc

    try:
        times = [
            parse_utc((folder / TIMESTAMP).read_text(encoding="utf-8").strip()) for folder in (there, new)
        ]
    except (OSError, ValueError, OverflowError):
        return False
    return times[0] > times[1]


def _spare(folder: Path) -> Path:
    """A name for the earlier submission that no other has, with the time it was put away."""
    now = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S")
    return next(place for place in _numbered(folder, now) if not place.exists())


def _numbered(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    number = 2
    while True:
        yield folder / f"{name}_{number}"
        number += 1
