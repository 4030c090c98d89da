"""Packages that an instructor allows: installed once beside the sandbox, visible in it, and read-only there.

They are named in CLASS/packages.txt, a requirement a line as pip reads them; `grade --with NAME` adds one. The folder
they lie in is told to the workers by the environment; on another machine whoever starts a worker there says it.
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault

# Where the folder is told.
VARIABLE = "AUTOGRADER_PACKAGES"
WHOLE = ".whole"


def allow(
    directory: Path, more: list[str], say: Callable[[str], None] = lambda sentence: None
) -> Path | None:
    """Makes the class's packages visible in sandboxes started from now on; the folder they lie in, if there are any.

    `more` are added to the class's. What is not installed yet is, at the versions that go with the course's own; a
    GradeFault says what could not be. `say` is told before that begins, for it may take a while.
    """
    group = ClassFolder(directory)
    known = _lines(group.packages)
    wanted = [*known, *(each for each in more if each not in known)]
    if not wanted:
        return _tell(None)
    place = group.records / "packages" / _key(wanted)
    if not (place / WHOLE).exists():
        say(f"Installing {', '.join(wanted)} for the sandbox...")
        _install(wanted, place)
    if len(wanted) > len(known):
        group.packages.write_text("".join(f"{each}\n" for each in wanted), encoding="utf-8")
        say(f"{', '.join(wanted[len(known) :])} now stands in {group.packages}: it is allowed from now on.")
    return _tell(place)


def _tell(place: Path | None) -> Path | None:
    if place is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(place.resolve())
    return place


def allowed() -> Path | None:
    """The folder of allowed packages, as the environment tells it; a GradeFault where there is no such folder."""
    told = os.environ.get(VARIABLE)
    if not told:
        return None
    if not Path(told, WHOLE).is_file():
        raise GradeFault(
            f"{VARIABLE} names {told}, where no packages are: run `grade` on the class there once"
        )
    return Path(told)


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    plain = (line.partition(" #")[0].strip() for line in text.splitlines())
    return [line for line in plain if line and not line.startswith("#")]


def _key(wanted: list[str]) -> str:
    """A name for these packages with this Python and these versions of the course's own."""
    text = "\n".join([sys.version, *sorted(wanted), *_own()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _own() -> list[str]:
    """What is installed with the course, name and version: what notebooks have already stays as it is."""
    found = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    return sorted(f"{name}=={version}" for name, version in found.items() if name and name != "autograder")


def _install(wanted: list[str], place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent) as work:
        constraints, target = Path(work, "constraints.txt"), Path(work, "packages")
        constraints.write_text("\n".join(_own()) + "\n", encoding="utf-8")
        command = [*_installer(), "--target", str(target), "--constraint", str(constraints), *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
            why = next((line for line in reversed(said) if "error" in line.lower()), said[-1] if said else "")
            raise GradeFault(
                f"{', '.join(wanted)} could not be installed for the sandbox ({why}); nothing was graded"
            )
        (target / WHOLE).write_text("\n".join(wanted), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        target.rename(place)


def _installer() -> list[str]:
    # Not `find_spec`, which would make setuptools, which nbgrader imports, give up its own distutils.
    if any(line.startswith("pip==") for line in _own()):
        quiet = ["--no-input", "--disable-pip-version-check", "--quiet"]
        return [sys.executable, "-m", "pip", "install", *quiet]
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", sys.executable, "--quiet"]
    raise GradeFault("there is neither pip nor uv to install packages with: `python -m ensurepip` brings pip")
