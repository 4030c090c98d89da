"""Makes requirements.txt from pyproject.toml: `python3 -m autograder lock`.

uv finds versions that go together on Linux, macOS and Windows, for Python 3.11 and newer, and the hashes of all their
files. What is locked stays as it is where it still fits; `lock --upgrade` takes the newest.
"""

import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

from autograder.start.places import BIN, LOCK, ROOT, Stop
from autograder.start.sets import FOR

# PyTorch comes by pip (pyproject.toml says why), and what only its builds with CUDA need comes with it.
NOT_LOCKED = re.compile(r"(torch|triton|nvidia-.*|cuda-.*)==")
HEAD = """\
# Every package that the course installs, with its version and the hashes of its files; pip and uv read it.
# Made by `python3 -m autograder lock` from pyproject.toml: change that file, not this one.
"""


def write(upgrade: bool = False) -> tuple[int, int]:
    """Writes the lock. Returns how many entries it has, and how many of them are new or changed."""
    before = LOCK.read_text(encoding="utf-8") if LOCK.is_file() else ""
    with tempfile.TemporaryDirectory() as folder:
        text = _locked(Path(folder), "" if upgrade else before)
    LOCK.write_text(text, encoding="utf-8")
    old, new = (set(re.findall(r"^\S+==\S+", each, re.MULTILINE)) for each in (before, text))
    return len(new), len(new - old)


def _locked(folder: Path, before: str) -> str:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    whole = folder / "whole.txt"
    whole.write_text(before, encoding="utf-8")
    _compile(whole, list(extras), "--generate-hashes")
    pins = folder / "pins.txt"
    pins.write_text(
        "\n".join(re.findall(r"^\w\S*==\S+.*(?= \\)", whole.read_text(encoding="utf-8"), re.MULTILINE))
    )
    sets: dict[str, list[str]] = {}
    for extra in extras:
        part = folder / f"{extra}.txt"
        _compile(part, [extra], "--constraints", str(pins))
        for pin in re.findall(r"^\w\S*==[^\s;]+", part.read_text(encoding="utf-8"), re.MULTILINE):
            sets.setdefault(pin, []).append(extra)
    entries = re.split(r"\n(?=\w)", whole.read_text(encoding="utf-8").strip())
    kept = []
    for entry in entries:
        pin = re.match(r"\w\S*==[^\s;]+", entry)
        if pin and not NOT_LOCKED.match(entry):
            kept.append(f"{FOR}{' '.join(sorted(sets[pin[0]]))}\n{entry}\n")
    return HEAD + "\n" + "".join(kept)


def _compile(to: Path, extras: list[str], *options: str) -> None:
    uv = next((path for path in (BIN / "uv", BIN / "uv.exe") if path.is_file()), "uv")
    command = [
        str(uv),
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--quiet",
    ]
    command += [
        "--fork-strategy",
        "fewest",
        "--no-header",
        "--no-annotate",
        "--output-file",
        str(to),
        *options,
    ]
    command += [f"--extra={extra}" for extra in extras]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f"uv could not make the lock:\n{done.stderr.strip()}")
