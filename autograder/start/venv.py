""".venv: whose it is, whether it is whole, making it."""

import os
import shutil
import subprocess
import sys
from typing import BinaryIO

from autograder.start.places import PYTHON, ROOT, VENV, WINDOWS, Stop, read, say, site_packages

if not WINDOWS:
    import fcntl

OURS = VENV / ".autograder"
WHOLE = VENV / ".autograder-whole"


def claim() -> BinaryIO:
    """The opened file that says .venv is ours. Somebody else's .venv is left alone."""
    if VENV.is_dir():
        names = os.listdir(VENV)
        if names and OURS.name not in names:
            raise Stop(
                f"{VENV} was not made by this command and is left as it is: move it away or delete it, then "
                "start again."
            )
    else:
        os.mkdir(VENV)
    return open(OURS, "ab")


def wait_for(lock: BinaryIO) -> None:
    """Locks .venv for as long as the file is open; waits while another start has it."""
    if WINDOWS:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"Another start is installing into {VENV}; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks


def whole() -> bool:
    """Whether .venv was made to the end, in this place, and its Python still runs and is the same."""
    made = read(WHOLE)
    return bool(made) and made == birth()


def birth() -> bytes:
    """Where .venv lies and which Python runs in it; nothing if none does."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        version = subprocess.check_output([PYTHON, "-I", "-S", "-c", ask], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return b""
    return os.fsencode(ROOT) + b"\n" + version


def empty() -> None:
    """Takes out what is in .venv, but for the file that is locked."""
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != OURS:
            path.unlink()


def command_to_make(uv: str | None) -> list[str]:
    """What makes .venv: uv where it is, else Python's own venv."""
    if not uv and not has_ensurepip():
        raise Stop(
            f"{sys.executable} has no module ensurepip, which making .venv needs: install it (on Debian and "
            "Ubuntu: apt install python3-venv) and start again."
        )
    python = getattr(sys, "_base_executable", None) or sys.executable  # ours may be the one just removed
    if uv:
        return [uv, "venv", "--seed", "--allow-existing", "--python", python, str(VENV)]
    return [python, "-m", "venv", str(VENV)]


def has_ensurepip() -> bool:
    """Whether Python's own venv can put pip into what it makes; Debian's Python has that in a package of its own."""
    try:
        import ensurepip
        import venv
    except ImportError:
        return False
    return bool(ensurepip and venv)


def add_course() -> None:
    """Has .venv's Python find the course: last on its path, and spelt so that every locale reads it alike."""
    line = f"import sys; sys.path.append({ascii(str(ROOT))})\n"
    (site_packages() / "autograder.pth").write_text(line, encoding="ascii")
