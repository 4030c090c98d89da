"""Feedback as the archives that Canvas and Moodle import: each page under the name of what the student handed in."""

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder import course
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.intake.origins import Origin, Origins
from autograder.grading.run.renew import Page

# The earliest time that a zip can tell: the same pages make the same archive.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass
class Archive:
    """An archive that was written, how many pages it holds, where one of that name is now, and who is not in it."""

    path: Path
    pages: int = 0
    kept: Path | None = None
    missing: list[tuple[str, str]] = field(default_factory=list)


def write_archive(group: ClassFolder, system: str, lesson: str, pages: list[Page], path: Path) -> Archive:
    """Writes the pages of one lesson as an archive for "canvas" or "moodle".

    A student goes back to where they came from: whoever was not taken in from that system's archive is `missing`.
    """
    if system not in NAMES:
        raise GradeFault(f"there is no form {system!r} of feedback; there are: {', '.join(NAMES)}")
    origins = Origins(group.path)
    made = Archive(path)
    entries: dict[str, bytes] = {}
    for page in pages:
        origin = origins.of.get((page.student, lesson))
        if origin is None or origin.system != system:
            made.missing.append(
                (page.student, f"was not taken in from {system.capitalize()}'s archive of {lesson}")
            )
        else:
            entries[NAMES[system](origin, lesson)] = page.path.read_bytes()
    made.pages = len(entries)
    if not entries:
        return made
    spare = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(spare, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in sorted(entries.items()):
            file.writestr(zipfile.ZipInfo(name, NO_TIME), data, zipfile.ZIP_DEFLATED)
    if path.exists() and path.read_bytes() != spare.read_bytes():
        made.kept = course.spare(path)
        path.rename(made.kept)
    spare.replace(path)
    return made


def _for_canvas(origin: Origin, lesson: str) -> str:
    """Canvas finds the student and the upload by the two numbers in the name that it gave: they stay."""
    stem = re.sub(r"\.[^.]*$", "", origin.outer)
    return f"{stem}.html"


def _for_moodle(origin: Origin, lesson: str) -> str:
    """Moodle reads the number and the kind up to the last underscore; the rest is the file's name."""
    head, name = f"{origin.name}_{origin.number}_assignsubmission_file_", f"{lesson}-feedback.html"
    return str(PurePosixPath(head) / name) if origin.folder else f"{head}{name}"


NAMES = {"canvas": _for_canvas, "moodle": _for_moodle}
