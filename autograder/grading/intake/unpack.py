"""Unpacks archives that nobody has to trust: nothing outside the target, no links, no bombs."""

import gzip
import io
import re
import shutil
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.grading.errors import UnpackError

SUFFIXES = (".zip", ".tar.gz", ".tgz")
# What desktops, Python and Jupyter leave behind: nobody handed it in.
LITTER = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
CHUNK = 1 << 16
# A zip's table of contents and a tar's long names are read in one go; honest ones are far shorter.
LONGEST_READ = 8_000_000
DEEPEST = 30
LONGEST_NAME = 255
MOST_TOLD = 100


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold: files, bytes of one and of all, and times its own size (plus `spare` bytes)."""

    files: int = 20_000
    file_bytes: int = 100_000_000
    total_bytes: int = 4_000_000_000
    ratio: int = 100
    spare: int = 20_000_000


@dataclass
class Unpacked:
    """What came of an archive: bytes written, the files' paths below the target, and a sentence for each refused."""

    size: int = 0
    files: list[PurePosixPath] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, name: str, why: str) -> None:
        """Notes a refused entry; after the first hundred they are one entry more, not thousands."""
        if len(self.refused) < MOST_TOLD:
            self.refused.append((name, why))
        elif len(self.refused) == MOST_TOLD:
            self.refused.append(("...", "and further entries were refused"))


@dataclass(frozen=True)
class Packed:
    """One file in an archive: its name there, what is wrong with it if anything is, and how to open it."""

    name: str
    fault: str | None
    open: Callable[[], IO[bytes] | None]


def is_archive(name: str) -> bool:
    """Whether a file of this name is one that `unpack` is for."""
    return name.lower().endswith(SUFFIXES)


def is_litter(name: str) -> bool:
    """Whether a file or folder of this name is left over by a program and no part of what was handed in."""
    return name in LITTER or name.startswith(".")


def unpack(archive: Path, target: Path, limits: ArchiveLimits | None = None) -> Unpacked:
    """Unpacks a zip or tar.gz file into `target`, an empty folder; archives inside are left as they are.

    Single entries that are links, encrypted, too large or badly named are left out and told in `refused`. An
    UnpackError refuses the whole archive, and leaves nothing in `target`: one that is broken or empty, or has too
    many files, or unpacks to too much. What is counted is what comes out, whatever the archive says of itself.
    """
    limits = limits or ArchiveLimits()
    if any(target.iterdir()):
        raise ValueError(f"{target} is not empty")
    try:
        return _unpack(archive, target, limits)
    except Exception as fault:  # hostile bytes make the readers raise nearly anything
        for left in target.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if isinstance(fault, UnpackError):
            raise
        raise UnpackError(f"it is no archive that can be read ({_short(fault)})") from fault


class _Careful(io.FileIO):
    """A file that refuses to be read into memory by the gigabyte, which a lying header may ask for."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LONGEST_READ:
            raise UnpackError("its table of contents is far too long")
        return super().read(size) or b""


def _unpack(archive: Path, target: Path, limits: ArchiveLimits) -> Unpacked:
    packed = archive.stat().st_size
    if not packed:
        raise UnpackError("it is empty: a file of 0 bytes")
    most = min(limits.total_bytes, limits.ratio * packed + limits.spare)
    with _Careful(archive) as raw:
        start = raw.read(2)
        raw.seek(0)
        if start == b"\x1f\x8b":
            with tempfile.TemporaryFile() as plain:
                _gunzip(raw, plain, most)
                with _Careful(plain.fileno(), closefd=False) as tar:
                    return _write(_tar_entries(tar), target, limits, most)
        return _write(_zip_entries(raw, limits), target, limits, most)


def _gunzip(raw: IO[bytes], plain: IO[bytes], most: int) -> None:
    size = 0
    with gzip.GzipFile(fileobj=raw) as packed:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise UnpackError(_too_much(most))
            plain.write(chunk)
    plain.flush()
    plain.seek(0)


def _zip_entries(raw: IO[bytes], limits: ArchiveLimits) -> Iterator[Packed]:
    with zipfile.ZipFile(raw) as file:
        entries = file.infolist()
        if len(entries) > limits.files:
            raise UnpackError(f"it holds {len(entries)} files, and {limits.files} are the most")
        for each in entries:
            if each.is_dir():
                continue
            kind = stat.S_IFMT(each.external_attr >> 16)
            fault = None
            if kind not in (0, stat.S_IFREG):
                fault = "it is a link or a device, not a file"
            elif each.flag_bits & 1:
                fault = "it is encrypted"
            elif each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # zipfile unpacks the others a whole block at a time, however much comes out of it.
                fault = "it is packed in a way that is not read here"
            yield Packed(each.filename, fault, partial(file.open, each))


def _tar_entries(raw: IO[bytes]) -> Iterator[Packed]:
    with tarfile.open(fileobj=raw, mode="r:", errors="surrogateescape") as file:
        for each in file:
            if each.isdir():
                continue
            fault = None if each.isfile() else "it is a link or a device, not a file"
            yield Packed(each.name, fault, partial(file.extractfile, each))


def _write(entries: Iterator[Packed], target: Path, limits: ArchiveLimits, most: int) -> Unpacked:
    done = Unpacked()
    taken: set[str] = set()
    number = 0
    for number, entry in enumerate(entries, 1):
        if number > limits.files:
            raise UnpackError(f"it holds more than {limits.files} files")
        parts, fault = safe_parts(entry.name)
        if any(is_litter(part) for part in parts):
            continue
        path = PurePosixPath(*parts)
        key = unicodedata.normalize("NFC", str(path)).casefold()
        fault = fault or entry.fault
        if not fault and key in taken:
            fault = "its name stands twice in the archive, but for case"
        if not fault:
            taken.add(key)
            fault = _copy(entry, target / path, limits, done, most)
        if fault:
            done.refuse(entry.name, fault)
        else:
            done.files.append(path)
    if not number:
        raise UnpackError("it is empty: there are no files in it")
    return done


def _copy(entry: Packed, path: Path, limits: ArchiveLimits, done: Unpacked, most: int) -> str | None:
    """Writes one entry; the sentence says why it was left out. UnpackError where the whole archive is too much."""
    size = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as out:
            source = entry.open()
            while source and (chunk := source.read(CHUNK)):
                size += len(chunk)
                done.size += len(chunk)
                if done.size > most:
                    raise UnpackError(_too_much(most))
                if size > limits.file_bytes:
                    out.truncate(0)
                    break
                out.write(chunk)
    except UnpackError:
        raise
    except (FileExistsError, NotADirectoryError):
        return "one entry of the archive is a folder where this or another is a file"
    except Exception as fault:  # a broken entry is no reason to lose the others
        path.unlink(missing_ok=True)
        return f"it cannot be read ({_short(fault)})"
    if size > limits.file_bytes:
        path.unlink()
        return f"it is larger than {limits.file_bytes / 1e6:g} MB"
    return None


def safe_parts(name: str) -> tuple[list[str], str | None]:
    """The parts of an entry's name, fit for this file system, or what is wrong with it. Windows' names count too."""
    # What is no character on its own (bytes that were not UTF-8) or cannot be shown becomes an underscore.
    plain = "".join("_" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)
    parts = [part for part in re.split(r"[/\\]", plain) if part not in ("", ".")]
    if re.match(r"[/\\]|[A-Za-z]:", plain):
        return parts, "its name is an absolute path"
    if ".." in parts:
        return ["refused"], "its name leads out of the archive's folder"
    if not parts:
        return ["refused"], "it has no name"
    if len(parts) > DEEPEST or any(len(part.encode()) > LONGEST_NAME for part in parts):
        return ["refused"], "its name is too long"
    return parts, None


def _too_much(most: int) -> str:
    return f"it unpacks to more than {most / 1e6:.0f} MB, which is too much for its size"


def _short(fault: Exception) -> str:
    return (str(fault) or type(fault).__name__).splitlines()[0][:120]
