"""Everything that lies in a source: a folder, an archive, archives in either, a single notebook."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.grading.errors import SourceError, UnpackError
from autograder.grading.intake.layouts import Layout, layout_of, of_folders
from autograder.grading.intake.unpack import ArchiveLimits, is_archive, is_litter, unpack

LIMITS = ArchiveLimits()
# A student's own archive, inside the one of the class.
INNER_LIMITS = ArchiveLimits(files=2_000, file_bytes=100_000_000, total_bytes=500_000_000)
# What all archives of one source may hold together; their bytes are LIMITS' own.
MOST_FILES = 100_000
# Folders that a class is wrapped in; nobody's name.
WRAPPERS = {"inbound", "submitted", "submissions"}


@dataclass(frozen=True)
class Piece:
    """One file of a source: where it lies now, and its path in the source, an archive being a folder.

    `packed` is whether it came out of an archive within the source, which a student made.
    """

    path: Path
    parts: tuple[str, ...]
    packed: bool = False

    def __str__(self) -> str:
        return "/".join(self.parts)


@dataclass
class Contents:
    """What a source holds, what was refused in it, each with the reason, and how much came out of archives."""

    pieces: list[Piece] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unpacked_files: int = 0
    unpacked_bytes: int = 0


def open_source(source: Path, work: Path, track: Callable[[list[Piece]], Iterable[Piece]] = iter) -> Contents:
    """Every file of a source. Archives are unpacked into new folders in `work`, those inside once more.

    `track` is given the files outside of inner archives and passes them on, for a progress bar.
    A SourceError says that there is nothing to be had: no such file, no archive, or a refused one.
    """
    found = Contents()
    if source.is_dir():
        found.pieces += _walk(source, (), found)
    elif not source.is_file():
        raise SourceError("there is no such file or folder")
    elif is_archive(source.name):
        try:
            found.pieces += _unpacked(source, (), work, found, LIMITS)
        except UnpackError as fault:
            raise SourceError(str(fault)) from fault
    elif source.name.lower().endswith(".ipynb"):
        found.pieces.append(Piece(source, (source.name,)))
    else:
        raise SourceError("it is no folder, no .zip, .tar.gz or .tgz archive, and no notebook")
    found.pieces = [inner for piece in track(found.pieces) for inner in _opened(piece, work, found)]
    return found


def arranged(source: Path, pieces: list[Piece]) -> tuple[Layout, list[Piece]]:
    """The layout of a source, and its files with the folders left off that wrap the whole of it."""
    while True:
        names = sorted({piece.parts[0] for piece in pieces})
        layout = layout_of(names)
        wrapper = _wrapper(source, names, pieces) if layout is of_folders else None
        if wrapper is None:
            return layout, pieces
        pieces = [
            Piece(piece.path, piece.parts[1:], piece.packed) for piece in pieces if piece.parts[0] == wrapper
        ]


def _wrapper(source: Path, names: list[str], pieces: list[Piece]) -> str | None:
    """The outermost folder that is nobody's, if there is one: nbgrader's `inbound`, or the only folder there."""
    folders = {piece.parts[0] for piece in pieces if len(piece.parts) > 1 and not is_archive(piece.parts[0])}
    if "inbound" in folders:
        return "inbound"
    if len(names) != 1 or not folders:
        return None
    [only] = names
    own_name = source.is_file() and source.name.startswith(f"{only}.")
    return only if only in WRAPPERS or own_name else None


def _walk(folder: Path, inside: tuple[str, ...], found: Contents) -> Iterator[Piece]:
    """The files of a folder and of those in it. Links are refused: they may lead anywhere."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as fault:
        found.refused.append(("/".join(inside) or str(folder), f"it cannot be read ({fault.strerror})"))
        return
    for entry in entries:
        parts = (*inside, entry.name)
        if is_litter(entry.name):
            continue
        if entry.is_symlink():
            found.refused.append(("/".join(parts), "it is a link: hand in the file itself"))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), parts, found)
        elif entry.is_file(follow_symlinks=False):
            yield Piece(Path(entry.path), parts)
        else:
            found.refused.append(("/".join(parts), "it is no file: a device or a pipe"))


def _opened(piece: Piece, work: Path, found: Contents) -> Iterator[Piece]:
    """The files of an archive within the source, or the file itself if it is none."""
    if not is_archive(piece.parts[-1]):
        yield piece
        return
    limits = replace(
        INNER_LIMITS,
        files=min(INNER_LIMITS.files, MOST_FILES - found.unpacked_files),
        total_bytes=min(INNER_LIMITS.total_bytes, LIMITS.total_bytes - found.unpacked_bytes),
    )
    try:
        inner = list(_unpacked(piece.path, piece.parts, work, found, limits))
    except UnpackError as fault:
        found.refused.append((str(piece), str(fault)))
        return
    for each in inner:
        if is_archive(each.parts[-1]):
            found.refused.append((str(each), "it is an archive inside an archive inside an archive"))
        else:
            yield each


def _unpacked(
    archive: Path, parts: tuple[str, ...], work: Path, found: Contents, limits: ArchiveLimits
) -> Iterator[Piece]:
    target = Path(tempfile.mkdtemp(dir=work))
    done = unpack(archive, target, limits)
    found.unpacked_files += len(done.files)
    found.unpacked_bytes += done.size
    found.refused += [("/".join((*parts, name)), why) for name, why in done.refused]
    for path in done.files:
        yield Piece(target / path, (*parts, *path.parts), packed=bool(parts))


def read(path: Path, most: int = LIMITS.file_bytes) -> bytes:
    """A plain file's bytes; a ValueError says why not. Nothing is followed, in case it became a link meanwhile."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise ValueError("it is no plain file")
        if about.st_size > most:
            raise ValueError(f"it is larger than {most / 1e6:g} MB")
        return file.read(most + 1)[:most]
