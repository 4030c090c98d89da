"""Reads what a student handed in: nothing in it is trusted, no link is followed, and what is odd is said."""

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.errors import UnreadableError
from autograder.grading.submission.beside import OF_EXCHANGE
from autograder.grading.submission.recognise import lesson_of

MOST_NOTEBOOK_BYTES = 64 * 1024 * 1024
MOST_FILE_BYTES = 4 * 1024 * 1024
MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 200
MOST_CELLS = 2000
# Characters of a cell, and of all cells together.
MOST_SOURCE, MOST_SOURCES = 200_000, 1_000_000
# Pictures in a written answer: which, how they are named and written, and their characters together.
PICTURES = ("image/png", "image/jpeg", "image/gif")
PICTURE_NAME = re.compile(r"[\w .()-]{1,100}")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MOST_PICTURES = 8_000_000
SKIPPED = (".ipynb_checkpoints", "__pycache__", "__MACOSX", ".git")


@dataclass(frozen=True)
class Cell:
    """A cell of a submission: its kind, its text, the grade id it claims, and pictures put into its text.

    `pictures` are, by name, the kind and the base64 text of each, as in the notebook's file.
    """

    kind: str
    source: str
    grade_id: str | None = None
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Submission:
    """What one student handed in for one lesson. `notes` are sentences on what was odd about it."""

    student: str
    lesson: str
    cells: list[Cell] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unreadable: str | None = None


def read_submission(folder: Path, student: str, lesson: str) -> Submission:
    """What lies in `folder`, a student's folder for a lesson."""
    found = Submission(student, lesson)
    try:
        regular = _regular_files(folder, found)
        name = _notebook(folder, regular, lesson, found)
        found.cells = read_cells(_bytes(folder / name, MOST_NOTEBOOK_BYTES), found.notes)
        _refuse_another_lesson(found)
        _take_files(folder, [each for each in regular if not each.endswith(".ipynb")], found)
    except UnreadableError as reason:
        found.unreadable = str(reason)
    except OSError as fault:
        found.unreadable = f"the files cannot be read: {fault.strerror}"
    except Exception as fault:  # whatever one submission leads to, the others are read
        found.unreadable = f"the files cannot be read: {type(fault).__name__}"
    return found


def _regular_files(folder: Path, found: Submission) -> list[str]:
    """The names of all regular files, relative to the folder. Links and devices are refused, and that is said."""
    if folder.is_symlink() or folder.parent.is_symlink():
        raise UnreadableError("the folder handed in is a link to another place: hand in the files themselves")
    names: list[str] = []

    def refused(fault: OSError) -> None:
        place = Path(fault.filename or folder)
        if place == folder:
            raise UnreadableError(f"its folder cannot be listed: {fault.strerror}")
        found.notes.append(f"{_name(str(place.relative_to(folder)))} was left out: {fault.strerror}.")

    for root, folders, files in os.walk(folder, onerror=refused, followlinks=False):
        folders[:] = sorted(each for each in folders if each not in SKIPPED)
        for each in [*folders, *files]:
            path = Path(root, each)
            relative = str(path.relative_to(folder))
            try:
                mode = path.lstat().st_mode
            except OSError as fault:
                found.notes.append(f"{_name(relative)} was left out: {fault.strerror}.")
                continue
            if stat.S_ISREG(mode):
                names.append(relative)
            elif not stat.S_ISDIR(mode):
                what = "a link to another place" if stat.S_ISLNK(mode) else "no regular file"
                found.notes.append(f"{_name(relative)} is {what} and was refused: hand in the file itself.")
        if len(names) > 10 * MOST_FILES:
            raise UnreadableError(f"it holds more than {10 * MOST_FILES:,} files")
    return names


def _name(text: str) -> str:
    """A file's name, for a message."""
    return repr(text[:80])


def _notebook(folder: Path, names: list[str], lesson: str, found: Submission) -> str:
    """The notebook to grade: the one of the lesson's name, or the one whose cells are the lesson's."""
    notebooks = sorted(name for name in names if name.endswith(".ipynb"))
    if f"{lesson}.ipynb" in notebooks:
        return f"{lesson}.ipynb"
    if not notebooks:
        refused = f" {' '.join(found.notes)}" if found.notes else ""
        raise UnreadableError(f"there is no notebook in what was handed in.{refused}")
    fits = [name for name in notebooks if _claims(folder / name) == lesson]
    chosen = fits if fits else notebooks
    if len(chosen) > 1:
        listed = ", ".join(_name(name) for name in chosen[:5])
        raise UnreadableError(
            f"several notebooks could be meant ({listed}): name the right one {lesson}.ipynb"
        )
    found.notes.append(f"The notebook is named {_name(chosen[0])}; it was taken for {lesson}.ipynb.")
    return chosen[0]


def _refuse_another_lesson(found: Submission) -> None:
    """A notebook of another lesson, whatever its file is called, is not graded as this one."""
    cells = [
        {"cell_type": cell.kind, "source": cell.source, "metadata": {"nbgrader": {"grade_id": cell.grade_id}}}
        for cell in found.cells
    ]
    other = lesson_of(cells)
    if other not in (None, found.lesson):
        raise UnreadableError(
            f"this is the notebook of {other}, handed in for {found.lesson}: hand in the one of {found.lesson}"
        )


def _claims(path: Path) -> str | None:
    try:
        return lesson_of(json.loads(_bytes(path, MOST_NOTEBOOK_BYTES)).get("cells"))
    except (UnreadableError, OSError, ValueError, AttributeError, RecursionError):
        return None


def _bytes(path: Path, most: int) -> bytes:
    """A regular file's content, at most `most` bytes; a link that took its place meanwhile is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableError(f"{_name(path.name)} is no regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(
            f"{_name(path.name)} is larger than {most // 2**20} MB: clear its outputs and save it"
        )
    return data


def read_cells(data: bytes, notes: list[str]) -> list[Cell]:
    """The cells of a notebook file; an UnreadableError says why it is none. What is odd goes into `notes`."""
    notebook = _parsed(data)
    version = notebook.get("nbformat")
    if version != 4:
        told = f"format {version}" if isinstance(version, int) else "no format that is known"
        raise UnreadableError(
            f"the notebook has {told}, and format 4 is graded: open it in JupyterLab and save it there"
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("the file has no list of cells: it is no notebook")
    if len(cells) > MOST_CELLS:
        raise UnreadableError(f"it has {len(cells):,} cells, and {MOST_CELLS:,} are the most that are graded")
    read = [_cell(cell) for cell in cells]
    _limit_pictures(read, notes)
    if sum(len(cell.source) for cell in read if cell) > MOST_SOURCES:
        raise UnreadableError(
            f"its cells hold more than {MOST_SOURCES:,} characters: put data into a file beside it"
        )
    if None in read:
        notes.append(f"{read.count(None)} of its cells are damaged and were left out.")
    return [cell for cell in read if cell]


def _limit_pictures(cells: list[Cell | None], notes: list[str]) -> None:
    """Leaves out pictures from where they are too large together."""
    left, left_out = MOST_PICTURES, 0
    for cell in filter(None, cells):
        for name, kinds in list(cell.pictures.items()):
            left -= sum(map(len, kinds.values()))
            if left < 0:
                del cell.pictures[name]
                left_out += 1
    if left_out:
        notes.append(f"{left_out} of its pictures were left out: together they are too large.")


def _parsed(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise UnreadableError("the notebook's file is empty: was it saved before it was handed in?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UnreadableError(f"the file is not UTF-8 text (byte {fault.start})") from None
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise UnreadableError("the file is nested deeper than any notebook") from None
    except ValueError as fault:
        place = (
            f"line {fault.lineno}: {fault.msg}"
            if isinstance(fault, json.JSONDecodeError)
            else str(fault)[:200]
        )
        raise UnreadableError(f"the file is no notebook: its JSON is broken, {place}") from None
    if not isinstance(notebook, dict):
        raise UnreadableError("the file is JSON, but no notebook")
    return notebook


def _cell(data: Any) -> Cell | None:
    if not isinstance(data, dict) or data.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = data.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MOST_SOURCE:
        return None
    metadata = data.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    claimed = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    # Half a character cannot be written to a file again.
    source = source.encode("utf-8", "replace").decode("utf-8")
    pictures = _pictures(data.get("attachments")) if data["cell_type"] == "markdown" else {}
    return Cell(data["cell_type"], source, claimed if isinstance(claimed, str) else None, pictures)


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The photos that a student put into a written answer; only what is a picture's base64 text, and not too large."""
    kept: dict[str, dict[str, str]] = {}
    left = MOST_PICTURES
    for name, kinds in attachments.items() if isinstance(attachments, dict) else []:
        for kind, text in kinds.items() if isinstance(kinds, dict) else []:
            if kind not in PICTURES or not isinstance(text, str) or len(text) > left:
                continue
            if PICTURE_NAME.fullmatch(name) and BASE64.fullmatch(text):
                kept[name] = {kind: text}
                left -= len(text)
    return kept


def _take_files(folder: Path, names: list[str], found: Submission) -> None:
    """The other files, which the notebook may read, as far as they fit."""
    left = MOST_BYTES
    for name in names:
        path = folder / name
        if name in OF_EXCHANGE:
            continue
        try:
            size = path.lstat().st_size
            data = b"" if size > MOST_FILE_BYTES else _bytes(path, MOST_FILE_BYTES)
        except (OSError, UnreadableError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else fault
            found.notes.append(f"{_name(name)} was left out: {why}.")
            continue
        if size > min(left, MOST_FILE_BYTES) or len(found.files) >= MOST_FILES:
            found.notes.append(
                f"{_name(name)} was left out: the files beside a notebook are too many or too large."
            )
            continue
        found.files[name] = data
        left -= size
