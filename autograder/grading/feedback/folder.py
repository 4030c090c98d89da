"""The folder that a feedback page lies in, as nbgrader's `release_feedback` wants it."""

import secrets
from pathlib import Path

from autograder.grading.class_folder import ClassFolder
from autograder.grading.submission.beside import SECRET, TIMESTAMP, small, write_whole


def put(directory: Path, student: str, lesson: str, page: str) -> Path:
    """Writes a page into the class folder's `feedback/STUDENT/LESSON`; its path."""
    path = ClassFolder(directory).page(student, lesson)
    write_whole(path, page)
    complete(directory, student, lesson)
    return path


def complete(directory: Path, student: str, lesson: str) -> None:
    """Puts beside a page what nbgrader's `release_feedback` asks for.

    That is the time and the secret of what was handed in, from `submitted`. nbgrader stops for the whole class
    at the first student who has none; who handed in otherwise than through its exchange gets a secret that nobody
    knows, so that nobody can fetch their page there.
    """
    folder = ClassFolder(directory).page(student, lesson).parent
    handed_in = ClassFolder(directory).handed_in(student, lesson)
    time, secret = (small(handed_in / name) for name in (TIMESTAMP, SECRET))
    write_whole(folder / TIMESTAMP, time or b"")
    if secret or not (folder / SECRET).is_file():
        write_whole(folder / SECRET, secret or secrets.token_hex(64))
