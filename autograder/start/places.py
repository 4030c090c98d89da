"""Where things lie, and how it is said that something is wrong."""

import errno
import os
import sys
import tempfile
from pathlib import Path

WINDOWS = os.name == "nt"
ROOT = Path(os.path.realpath(__file__)).parents[2]
LOCK = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
LOG = VENV / "install.log"


class Stop(Exception):
    """One sentence: what is wrong, where, and what to do."""


class Refused(Stop):
    """The installer gave up in good order: it changed nothing, or took it back."""


class Unreachable(Refused):
    """The package index did not answer: trying again may help."""


def site_packages() -> Path:
    """Where .venv's packages lie."""
    if WINDOWS:
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def say(sentence: object) -> None:
    """A line on standard error: standard output belongs to the command that is started."""
    print(f"autograder: {sentence}", file=sys.stderr, flush=True)


def sentence_of(error: OSError) -> str:
    """What went wrong with a file or folder, and what to do."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return (
            f"The disk is full: make room in {ROOT} or in the temporary folder {tempfile.gettempdir()}, and "
            "start again."
        )
    where = error.filename or VENV
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} cannot be written: put the course in a folder of your own and start again."
    return f"{where}: {error.strerror}; put that right, or delete {VENV}, and start again."


def read(path: Path) -> bytes:
    """The file's content; nothing where there is no file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
