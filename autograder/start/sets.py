"""Which packages a command needs: the sets, and the lock that pins every one of them.

pyproject.toml is the home of what is asked for: the kit's own needs, and an extra for each set. requirements.txt is
made from it (`python3 -m autograder lock`): all packages, those that packages need included, each with its version,
the hashes of its files, the systems it is for, and the sets it belongs to:

    # for: instructor student test
    numpy==2.4.6 \\
        --hash=sha256:...
"""

import os
import platform
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.start.places import LOCK, ROOT, Stop, read, site_packages

# The set that a command needs. What is not named here needs the instructor's.
SETS = {
    "student": ("lab", "check", "progress", "setup"),
    "site": ("site",),
    "hub": ("hub",),
    "fast": (),  # `test --fast`
    "test": ("test",),
    "lock": ("lock",),
}
OTHERS = "instructor"
# What has a set inside it, beside the set itself.
HOLDS = {
    "instructor": ("student",),
    "site": ("instructor", "student"),
    "hub": ("instructor", "student"),
    "fast": ("hub", "site", "instructor", "student"),
    "test": ("fast", "hub", "site", "instructor", "student"),
}
# GB that .venv takes with the set in it; the tests' with the plain CPU build of PyTorch.
SPACE = {"student": 0.6, "instructor": 0.8, "site": 0.9, "hub": 0.9, "fast": 1.1, "test": 1.9, "lock": 0.3}

FOR = "# for: "
CLASS_FILE = "nbgrader_config.py"


@dataclass(frozen=True)
class Package:
    """An entry of the lock: `text` is what the installer reads."""

    name: str
    version: str
    marker: str
    sets: tuple[str, ...]
    text: str


def wanted_by(args: Sequence[str]) -> str:
    """The set that a command line needs. Help needs the smallest; a class folder in JupyterLab the instructor's."""
    if not args or args[0].startswith("-") or "--help" in args:
        return "student"
    if args[0] == "setup" and len(args) > 1 and args[1] in (*SETS, OTHERS):
        return args[1]
    if args[0] == "lab" and _opens_a_class(args):
        return OTHERS
    if args[0] == "test" and "--fast" in args:
        return "fast"
    return next((name for name, commands in SETS.items() if args[0] in commands), OTHERS)


def _opens_a_class(args: Sequence[str]) -> bool:
    for place, argument in enumerate(args):
        name, equals, folder = argument.partition("=")
        if name == "--folder":
            folder = folder if equals else "".join(args[place + 1 : place + 2])
            return is_class_folder(Path(folder))
    return False


def is_class_folder(folder: Path) -> bool:
    """Whether it is an instructor's: `class` has put nbgrader's configuration there, as the course's root has it."""
    return (folder / CLASS_FILE).is_file()


def packages(lock: str) -> list[Package]:
    """The entries of the lock's text."""
    found = []
    sets: tuple[str, ...] = ()
    for block in re.split(r"\n(?=# for: )", lock):
        first, _, text = block.partition("\n")
        if not first.startswith(FOR):
            continue
        sets = tuple(first.removeprefix(FOR).split())
        head = text.partition("\n")[0].rstrip("\\ ")
        pin, _, marker = head.partition(";")
        name, _, version = pin.strip().partition("==")
        found.append(Package(name, version, marker.strip(), sets, text.strip("\n")))
    return found


def needed(name: str) -> list[Package]:
    """What the set needs on this machine."""
    if not LOCK.is_file():
        raise Stop(f"{ROOT} has no {LOCK.name}: it is not a whole copy of the course; get it again.")
    entries = packages(read(LOCK).decode("utf-8"))
    return [each for each in entries if name in each.sets and applies(each.marker)]


def missing(entries: Sequence[Package]) -> list[Package]:
    """Those that are not installed in this version."""
    there = installed()
    return [each for each in entries if there.get(normal(each.name)) != each.version]


def installed() -> dict[str, str]:
    """Name and version of what is installed in .venv."""
    try:
        names = os.listdir(site_packages())
    except OSError:
        return {}
    pairs = (name.removesuffix(".dist-info").partition("-") for name in names if name.endswith(".dist-info"))
    return {normal(name): version for name, _, version in pairs}


def normal(name: str) -> str:
    """A package's name as all spell it alike."""
    return re.sub(r"[-_.]+", "-", name).lower()


_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
_CLAUSE = re.compile(r"(\w+) *(==|!=|<=|>=|<|>) *'([^']*)'")


def applies(marker: str) -> bool:
    """Whether an entry is for this system: `sys_platform == 'win32' and python_full_version < '3.12'` and the like."""
    if not marker:
        return True

    def one(clause: re.Match[str]) -> str:
        name, sign, value = clause.groups()
        here = _here()[name]
        if "version" in name:
            return str(_COMPARE[sign](_numbers(here), _numbers(value)))
        return str(_COMPARE[sign](here, value))

    text = _CLAUSE.sub(one, marker)
    if not set(re.findall(r"\w+|[^\s()]", text)) <= {"True", "False", "and", "or", "not"}:
        raise Stop(f"{LOCK.name} has a condition that cannot be read: {marker}")
    return bool(eval(text, {"__builtins__": {}}))


def _here() -> dict[str, str]:
    return {
        "python_version": ".".join(map(str, sys.version_info[:2])),
        "python_full_version": ".".join(map(str, sys.version_info[:3])),
        "sys_platform": sys.platform,
        "os_name": os.name,
        "platform_system": platform.system(),
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "implementation_name": sys.implementation.name,
    }


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return (*parts, *[0] * (3 - len(parts)))
