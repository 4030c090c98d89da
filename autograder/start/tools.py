"""What the tests need and pip cannot give: browsers, sandbox, database, a font to draw with, Node.js for a proxy.

`test` installs what is missing where it may: as root, or with a sudo that asks nothing, on Debian and Ubuntu. Elsewhere
the tests that need it are skipped, and one line at their end says so.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path("/usr/share/fonts")
POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Tool:
    """Something that is there or not: `package` brings it on Debian, `find` tells where it lies."""

    name: str
    package: str
    find: Callable[[], str | None]


def _first(*names: str) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


def _chromium() -> str | None:
    return _first("chromium", "chromium-browser", "google-chrome")


def _firefox() -> str | None:
    """Not the one in Ubuntu's snap: it may not see the folders that tests give it."""
    return _first("firefox-esr") or (None if Path("/snap/bin/firefox").exists() else _first("firefox"))


def _bubblewrap() -> str | None:
    """The program, if it may do here what it is for: some systems forbid it to make namespaces."""
    program = _first("bwrap")
    if program is None:
        return None
    trial = [program, "--unshare-all", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if done.returncode == 0 else None


def _postgres() -> str | None:
    return _first("initdb") or next(map(str, sorted(POSTGRES.glob("*/bin/initdb"), reverse=True)), None)


def _node() -> str | None:
    """Node.js, where npm is beside it: JupyterHub's proxy is installed with the one and runs in the other."""
    return _first("node") if _first("npm") else None


def _font() -> str | None:
    """A font for the browser, which has none of its own. (macOS and Windows have fonts.)"""
    if os.name == "nt" or Path("/System/Library/Fonts").is_dir():
        return "the system's"
    return next(map(str, FONTS.rglob("DejaVuSans.ttf")), None) if FONTS.is_dir() else None


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("chromium", "chromium", _chromium),
        Tool("Firefox", "firefox-esr", _firefox),
        Tool("bubblewrap", "bubblewrap", _bubblewrap),
        Tool("PostgreSQL", "postgresql", _postgres),
        Tool("Node.js", "npm", _node),
        Tool("the font DejaVu", "fonts-dejavu-core", _font),
    )
}


@cache
def find_tool(name: str) -> str | None:
    """Where it lies, or None where it is missing."""
    return TOOLS[name].find()


def missing(names: Iterable[str] = TOOLS) -> list[str]:
    """Those that are not there."""
    return [name for name in names if find_tool(name) is None]


def install_missing(say: Callable[[str], None]) -> None:
    """Installs what is missing, if that can be done without asking; says so first. What fails is told by the tests."""
    packages = [TOOLS[name].package for name in missing()]
    before = _may_install()
    if not packages or before is None:
        return
    say(f"The tests need {' '.join(packages)}: installing with apt-get, which may take a minute.")
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    # One by one, for apt-get installs all that it is told or nothing, and Ubuntu has no firefox-esr.
    for told in (["update"], *(["install", "--no-install-recommends", package] for package in packages)):
        command = [*apt, *told]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            say("\n".join((done.stdout + done.stderr).rstrip().split("\n")[-20:]))
            say(
                f"apt-get {told[0]} failed (exit code {done.returncode}): what it should bring is not tested."
            )
    find_tool.cache_clear()


def _may_install() -> list[str] | None:
    """What stands before apt-get: nothing for root, sudo where it asks nothing; None where neither will do."""
    if shutil.which("apt-get") is None:
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asks = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asks.returncode == 0 else None


def how_to_get(names: Iterable[str]) -> str:
    """What a person does to get them: a command where there is one."""
    packages = " ".join(TOOLS[name].package for name in names)
    if shutil.which("apt-get"):
        return f"sudo apt-get install {packages}"
    if shutil.which("brew"):
        return f"install {packages} (brew has those that run on macOS)"
    return f"install {packages} with your system's package manager"
