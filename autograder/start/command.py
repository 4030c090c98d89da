"""The way through a start: what is not there gets installed, then the course's command line takes over."""

import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from typing import BinaryIO, NoReturn

from autograder.start import venv
from autograder.start.installer import install, pip, run_step
from autograder.start.places import (
    BIN,
    LOCK,
    LOG,
    PYTHON,
    ROOT,
    VENV,
    WINDOWS,
    Refused,
    Stop,
    Unreachable,
    read,
    say,
    sentence_of,
)
from autograder.start.sets import HOLDS, SPACE, installed, missing, needed, wanted_by

PAUSE = 3  # seconds before a second try, twice that before a third


def main(args: Sequence[str]) -> NoReturn:
    """Sees that what the command needs is installed, then becomes the command."""
    try:
        want = wanted_by(args)
        if not ready(want):
            prepare(want)
    except (Stop, OSError) as error:
        say(error if isinstance(error, Stop) else sentence_of(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped before the installation was complete; the next start does it again.")
        sys.exit(130)
    hand_over(args)


def ready(want: str) -> bool:
    """Whether the set is installed as the lock has it now."""
    return read(VENV / f".autograder-{want}") == fingerprint() != b"" and venv.whole()


def fingerprint() -> bytes:
    """All that decides what is installed."""
    import hashlib

    if not LOCK.is_file():
        raise Stop(f"{ROOT} has no {LOCK.name}: it is not a whole copy of the course; get it again.")
    return hashlib.sha256(read(venv.WHOLE) + read(LOCK)).hexdigest().encode()


def prepare(want: str) -> None:
    """Makes or completes .venv, alone: of two starts at once the second waits and finds it done."""
    with venv.claim() as lock:
        venv.wait_for(lock)
        if ready(want):
            return
        check_room(want)
        LOG.write_bytes(b"")
        began = time.monotonic()
        uv = shutil.which("uv")
        for pause in (PAUSE, 2 * PAUSE, None):
            try:
                complete(want, uv, lock)
                break
            except Unreachable:
                if pause is None:
                    raise
            say(f"The package index did not answer; trying again in {pause} s.")
            time.sleep(pause)
            if venv.has_ensurepip():
                uv = None  # pip may be configured for a mirror that uv does not know of
        say(f"Ready after {time.monotonic() - began:.0f} s.")


def check_room(want: str) -> None:
    """Refuses before anything is installed where the disk is too full for it."""
    need = SPACE[want]
    if venv.whole():
        need -= max([0.0, *(SPACE[name] for name in SPACE if (VENV / f".autograder-{name}").exists())])
    free = shutil.disk_usage(VENV).free / 1e9
    if free < need:
        raise Stop(
            f"The disk is too full: the installation needs about {need:.1f} GB and {ROOT} has {free:.1f} GB free; "
            "make room and start again."
        )


def complete(want: str, uv: str | None, lock: BinaryIO) -> None:
    """Makes .venv if it is not whole, and installs what the set lacks."""
    say(f"Installing what `{want}` needs into {VENV}, with {'uv' if uv else 'pip'}.")
    if not venv.whole():
        command = venv.command_to_make(uv)
        venv.empty()
        run_step(f"making .venv with Python {sys.version.split()[0]}", command, lock)
        venv.WHOLE.write_bytes(venv.birth())
    made = read(venv.WHOLE)
    venv.WHOLE.unlink()
    try:
        venv.add_course()
        lacking = missing(needed(want))
        if lacking:
            install(lacking, uv, lock)
        if want == "test":
            install_torch(lock)
    except Refused:
        venv.WHOLE.write_bytes(made)
        raise
    venv.WHOLE.write_bytes(made)
    for name in (want, *HOLDS.get(want, ())):
        (VENV / f".autograder-{name}").write_bytes(fingerprint())


def install_torch(lock: BinaryIO) -> None:
    """Installs PyTorch: the one package without a hash, since which file is right depends on the machine.

    By pip, whatever the tool: its configuration may name an index, or a folder, of builds without CUDA.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for pin in project["optional-dependencies"]["test"]:
        name, _, version = pin.partition("==")
        if name == "torch" and installed().get(name, "").partition("+")[0] != version:
            run_step(f"installing PyTorch {version}", pip(pin), lock)


def hand_over(args: Sequence[str]) -> NoReturn:
    """The same process goes on as autograder.cli in .venv, in the caller's folder.

    -P keeps the caller's folder off sys.path: a student's own random.py must not take the place of Python's.
    """
    command = [str(PYTHON), "-P", "-m", "autograder.cli", *args]
    env = surroundings()
    if WINDOWS:
        sys.exit(subprocess.call(command, env=env))
    os.execve(PYTHON, command, env)


def surroundings() -> dict[str, str]:
    """The environment in which .venv's packages are used, and no others.

    PATH is for nbgrader, which calls alembic by its bare name. Packages on PYTHONPATH were made for another Python: the
    installer does not see them, so nothing else may. JUPYTER_PATH has .venv come first: a kernel called python3 that
    somebody installed elsewhere has no course in it.
    """
    env = dict(os.environ, VIRTUAL_ENV=str(VENV))
    env["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    shared = str(VENV / "share" / "jupyter")
    env["JUPYTER_PATH"] = os.pathsep.join(filter(None, [shared, os.environ.get("JUPYTER_PATH")]))
    for name in ("PYTHONHOME", "PYTHONPATH"):
        env.pop(name, None)
    return env
