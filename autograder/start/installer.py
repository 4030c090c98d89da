"""Runs an installer, pip or uv: shows how far it is, keeps what it says, and tells what went wrong in one sentence."""

import errno
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO

from autograder.start.places import (
    LOG,
    PYTHON,
    ROOT,
    VENV,
    WINDOWS,
    Refused,
    Stop,
    Unreachable,
    sentence_of,
)
from autograder.start.sets import Package, installed, missing, normal
from autograder.start.steps import InstallStep

LOOK = 0.2  # seconds between two looks at how far it is
MOST_WORDS = 30  # lines of the installer's that are shown when it fails

# A person's own settings that would have it install elsewhere, or something else, or say nothing.
NOT_OURS = [
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_BREAK_SYSTEM_PACKAGES"),
    *(
        f"PIP_{name}"
        for name in (
            *("TARGET", "PREFIX", "ROOT", "PYTHON", "SRC", "EDITABLE", "REQUIREMENT", "REQUIRE_HASHES"),
            *("NO_DEPS", "DRY_RUN", "QUIET", "VERBOSE", "IGNORE_INSTALLED", "UPGRADE"),
        )
    ),
]
FULL = "no space left on device|os error 28|errno 28|enospc|disk quota exceeded|not enough space on the disk"
SOCKS = "dependencies for socks|socks support|pysocks"
AWAY = (
    r"\(from versions: none\)|newconnectionerror|connectionerror|failed to establish|connection refused"
    "|connection reset|connection broken|temporary failure in name resolution|name or service not known"
    "|getaddrinfo failed|error sending request|dns error|failed to fetch|network is unreachable|timed out"
    "|network connectivity is disabled|incompleteread|proxyerror|max retries exceeded"
)
HASH = "do not match the hashes|hash mismatch"
INSTALLING = re.compile("^(Installing collected packages|Prepared )", re.MULTILINE)
FETCHED = re.compile("^(Collecting |Requirement already)", re.MULTILINE)


def pip(*arguments: str) -> list[str]:
    """pip's command line."""
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]


def install(entries: Sequence[Package], uv: str | None, lock: BinaryIO) -> None:
    """Installs these packages and no others, each file against its hash."""
    listed = VENV / "install.txt"
    listed.write_text("\n".join(each.text for each in entries) + "\n", encoding="utf-8")
    how = ["--require-hashes", "--no-deps", "-r", str(listed)]
    command = [uv, "pip", "install", "--python", str(PYTHON), *how] if uv else pip(*how)
    count = f"{len(entries)} package{'' if len(entries) == 1 else 's'}"
    steps = [InstallStep(f"downloading {count}", len(entries))]

    def look(said: str) -> None:
        if len(steps) == 1 and INSTALLING.search(said):
            steps[0].end()
            steps.append(InstallStep(f"installing {count}", len(entries)))
        if len(steps) == 1:
            steps[0].show(len(FETCHED.findall(said)))
        else:
            steps[1].show(len(entries) - len(missing(entries)))

    run(command, lock, look, lambda done: steps[-1].end(done))
    there = installed()
    absent = [each.name for each in entries if normal(each.name) not in there]
    if absent:
        raise Refused(
            f"The installer says that it is done, but {absent[0]} is not in {VENV}: is pip configured to install "
            f"elsewhere (target, prefix or root)? See `{sys.executable} -m pip config list`, then start again."
        )


def run_step(what: str, command: Sequence[str], lock: BinaryIO) -> None:
    """Runs a command as one step."""
    step = InstallStep(what)
    run(command, lock, lambda said: step.show(0), step.end)


def run(
    command: Sequence[str], lock: BinaryIO, look: Callable[[str], None], end: Callable[[bool], None]
) -> None:
    """Runs it in the course's folder. What it says is logged, and shown if it fails; then its sentence is raised.

    `look` gets what it has said so far, five times a second, and `end` whether it did what it should. It inherits the
    lock: should this process be killed, .venv stays locked until the installer, too, is gone.
    """
    env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    env |= {"PYTHONUNBUFFERED": "1", "PIP_USER": "0"}
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=() if WINDOWS else (lock.fileno(),),
    )
    words = bytearray()
    full: list[OSError] = []
    reader = threading.Thread(target=_keep, args=(child.stdout, words, full), daemon=True)
    reader.start()
    done = False
    try:
        while reader.is_alive():
            reader.join(LOOK)
            look(_plain(words))
        done = child.wait() == 0 and not full
    except BaseException:
        child.terminate()
        child.wait()
        raise
    finally:
        end(done)
    if full:
        raise full[0]
    if not done:
        said = _plain(words)
        sys.stderr.write("\n".join(said.rstrip().split("\n")[-MOST_WORDS:]) + "\n")
        raise failure(child.returncode, said)


def _keep(source: BinaryIO, words: bytearray, full: list[OSError]) -> None:
    """Reads all that the installer says; a log that cannot be written is told, not lost."""
    try:
        with open(LOG, "ab", buffering=0) as log:
            while piece := os.read(source.fileno(), 65536):
                words += piece
                log.write(piece)
    except OSError as error:
        full.append(error)
    finally:
        source.close()


def _plain(words: bytearray) -> str:
    """Without colours."""
    return re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", bytes(words).decode("utf-8", "replace")).replace("\r", "\n")


def failure(code: int, said: str) -> Stop:
    """What went wrong, from the installer's words. Line breaks and frames must not hide what is looked for."""
    text = re.sub("[\\s\u2502]+", " ", said).lower()
    if re.search(FULL, text):
        return Stop(sentence_of(OSError(errno.ENOSPC, "")))
    if re.search(SOCKS, text):
        names = [name for name, value in os.environ.items() if value.lower().startswith("socks")]
        return Refused(
            f"pip cannot use a SOCKS proxy by itself ({', '.join(sorted(names)) or 'its configuration'} names one): "
            "name an HTTP proxy in HTTPS_PROXY instead, or install uv, which can; then start again."
        )
    if re.search(HASH, text):
        return Refused(
            "What the package index sent is not what requirements.txt pins (another hash): nothing of it was "
            f"installed. Start again; if it stays so, ask whoever runs that index. The installer's words: {LOG}"
        )
    if re.search(AWAY, text):
        return Unreachable(
            "The package index could not be reached: see that this computer is on the network (and of its "
            f"proxy, if it has one), then start again; the installer's own words are above and in {LOG}"
        )
    kind = Refused if code > 0 else Stop
    return kind(f"The installer failed (exit code {code}): see why above or in {LOG}, then start again.")
