"""What hostile submissions are graded on: honest classmates, a port that listens, a secret, what may not change."""

import hashlib
import json
import os
import shutil
import socket
import stat
import threading
from pathlib import Path
from typing import Any

import nbformat

from autograder import course
from autograder.tests.hostile.paper import FULL, LESSON, RIGHT, Paper

HONEST = {"aa-ada": FULL, "h12-honest": FULL, "h20-half": 7, "zz-zoe": FULL, "zz-untouched": 0}
SECRET = "what nobody may read"
# Of a file on this machine, of the bank, of a system's file.
SECRETS = (SECRET, "takes_the_largest_size", "root:x:0:0")


def make_class(directory: Path, draft: Any) -> Path:
    """A class folder with one lesson and the honest students' work."""
    (directory / "source" / LESSON).mkdir(parents=True)
    nbformat.write(draft.source, directory / "source" / LESSON / f"{LESSON}.ipynb")
    shutil.copy(course.ROOT / "nbgrader_config.py", directory)
    answers = {"h20-half": ("shift_logits", "softmax"), "zz-untouched": ()}
    for student in HONEST:
        folder = directory / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        paper = Paper(json.loads(nbformat.writes(draft.student)), folder, {})
        paper.answers({name: RIGHT[name] for name in answers.get(student, RIGHT)})
        paper.save()
    return directory


class listening:
    """A port of this machine that notes whoever connects or sends to it."""

    def __init__(self, connections: list[Any]) -> None:
        self.connections = connections

    def __enter__(self) -> int:
        self.stream = socket.create_server(("127.0.0.1", 0))
        self.port = self.stream.getsockname()[1]
        self.datagrams = socket.socket(type=socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._note, args=(self.stream.accept,), daemon=True).start()
        threading.Thread(target=self._note, args=(lambda: self.datagrams.recvfrom(10),), daemon=True).start()
        return self.port

    def _note(self, wait: Any) -> None:
        try:
            while True:
                self.connections.append(wait())
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self.datagrams.close()


def not_to_change(base: Path, directory: Path) -> dict[str, str]:
    """Every file that no grading may change: the class's source, its submissions, its settings; the course."""
    roots = (
        directory / "source",
        directory / "submitted",
        course.LESSONS_DIR,
        course.SOLUTIONS_DIR,
        course.ROOT / "data",
    )
    walked = [each for root in (*roots, course.ROOT / "autograder") for each in os.walk(root)]
    paths = [Path(root, name) for root, folders, names in walked for name in [*folders, *names]]
    paths += [directory / "nbgrader_config.py", base / "secret.txt", base / "canary"]
    return {str(path): state(path) for path in paths if "__pycache__" not in path.parts}


def state(path: Path) -> str:
    """What a file is and holds."""
    try:
        mode = path.lstat().st_mode
        held = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else ""
    except OSError as fault:
        return type(fault).__name__
    return f"{mode:o} {held}"
