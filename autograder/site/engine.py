"""Pyodide, the Python that runs in a browser: which files, whence, and that they are the official ones."""

import hashlib
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PINS = Path(__file__).parent / "pins" / "pyodide.json"
SECONDS = 60


class PyodideError(Exception):
    """A file of Pyodide's is missing or is not the official one; the message says which and what to do."""


def pins() -> dict[str, Any]:
    """The files of Pyodide that the site holds: `core` by name with its sha256, `info`, and `packages` of its lock."""
    return dict(json.loads(PINS.read_text(encoding="utf-8")))


def version() -> str:
    """Pyodide's version."""
    return str(pins()["info"]["version"])


def address() -> str:
    """The folder in which the official distribution serves this version."""
    return f"https://cdn.jsdelivr.net/pyodide/v{version()}/full/"


def files() -> dict[str, str]:
    """The sha256 of every file, by its name."""
    pinned = pins()
    packages = {entry["file_name"]: entry["sha256"] for entry in pinned["packages"].values()}
    return {**pinned["core"], **packages}


def fetch(target: Path, source: Path | None) -> Iterator[str]:
    """Puts every file into the folder `target` and yields its name once it was checked.

    From the folder `source`, or from the official distribution if there is none. An PyodideError says what is wrong.
    """
    if source is not None and not source.is_dir():
        raise PyodideError(f"there is no folder {source} with Pyodide's files")
    target.mkdir(parents=True, exist_ok=True)
    for name, wanted in files().items():
        if source is not None:
            _copy(source / name, target / name)
        else:
            _download(address() + name, target / name)
        found = hashlib.sha256((target / name).read_bytes()).hexdigest()
        if found != wanted:
            (target / name).unlink()
            raise PyodideError(_not_official(name, source))
        yield name


def _not_official(name: str, source: Path | None) -> str:
    whence = str(source) if source else address()
    other = ""
    lock = source / "pyodide-lock.json" if source else None
    if lock is not None and lock.is_file():
        try:
            there = json.loads(lock.read_text(encoding="utf-8"))["info"]["version"]
        except (ValueError, KeyError, TypeError, OSError):
            there = version()
        if there != version():
            other = f" That folder holds Pyodide {there}."
    return f"{name} from {whence} is not the file of Pyodide {version()} (its sha256 differs).{other} Get that version."


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as fault:
        raise PyodideError(
            f"{source.name} of Pyodide {version()} could not be read from {source.parent} ({fault.strerror})"
        ) from None


def _download(url: str, target: Path) -> None:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except (urllib.error.URLError, OSError) as fault:
        raise PyodideError(
            f"{url} could not be loaded ({getattr(fault, 'reason', fault)}): connect to the network, or give a folder "
            f"with the files of Pyodide {version()} as --pyodide FOLDER"
        ) from None


def lock(packages: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Pyodide's lock file with further packages: pages and notebooks read the same one."""
    pinned = pins()
    return {"info": pinned["info"], "packages": {**pinned["packages"], **packages}}
