"""JupyterHub's proxy: a program for Node.js, installed with npm into .venv at first use.

npm/ says which version, and npm/package-lock.json has the hashes of all its files.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.hub.folder import HubError

WANTED = Path(__file__).parent / "npm"
FILES = ("package.json", "package-lock.json")
NODE = "install Node.js 18 or newer with npm (on Debian and Ubuntu: apt install npm), and start again"


def place() -> Path:
    """Where it is installed."""
    return Path(sys.prefix) / "hub-proxy"


def command() -> list[str]:
    """The program's command line."""
    program = place() / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    return [shutil.which("node") or "node", str(program)]


def is_there() -> bool:
    """Whether it is installed in the version that is wanted."""
    there = place()
    return all(
        (there / name).is_file() and (there / name).read_bytes() == (WANTED / name).read_bytes()
        for name in FILES
    )


def install(say: Callable[[str], None]) -> None:
    """Installs it where it is missing; a HubError says in one sentence what is in the way."""
    if shutil.which("node") is None:
        raise HubError(f"JupyterHub's proxy runs in Node.js, which is not on the PATH: {NODE}")
    if is_there():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise HubError(f"JupyterHub's proxy is installed with npm, which is not on the PATH: {NODE}")
    say("Installing JupyterHub's proxy with npm, once.")
    with tempfile.TemporaryDirectory(dir=sys.prefix, prefix="hub-proxy-") as name:
        new = Path(name)
        for file in FILES:
            shutil.copy(WANTED / file, new)
        options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run([npm, "ci", *options], cwd=new, capture_output=True, text=True, check=False)
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise HubError(f"npm could not install JupyterHub's proxy: {' '.join(words[-3:])}")
        shutil.rmtree(place(), ignore_errors=True)
        new.rename(place())
        new.mkdir()
