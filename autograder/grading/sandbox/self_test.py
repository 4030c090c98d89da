"""Proves on this machine that each wall of the sandbox stands: tries to get through it, from inside."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder import course
from autograder.grading.errors import GoneError, SandboxError
from autograder.grading.sandbox.inside.channel import LateError
from autograder.grading.sandbox.inside.walls import MIB, Limits
from autograder.grading.sandbox.process import Sandbox, SubmissionProcess


@dataclass(frozen=True)
class Wall:
    """One wall: what it keeps, whether it stood, and what was seen if not."""

    name: str
    stands: bool
    seen: str = ""


# How long an answer is waited for, in seconds: no wall depends on how fast the machine is.
PATIENCE = 90

# A line of Python that must end in an error behind the wall; {port} and the like are places of this machine.
REFUSED = (
    ("no network", "import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)"),
    ("a root that cannot be written", "open('/usr/self-test', 'w')"),
    ("the course cannot be written", "open({kit!r} + '/self-test', 'w')"),
    ("no bank", "import autograder.bank"),
    ("no solutions", "import os\nos.listdir({solutions!r})"),
    ("no reference numbers", "import os\nos.listdir({reference!r})"),
    (
        "no socket but this machine's own",
        "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    ),
    ("no memory outside of processes", "import mmap\nmmap.mmap(-1, 4096)"),
    ("no session of its own, so only its share of the processors", "import os\nos.setsid()"),
    (
        "no other process can be seen",
        "import os\nassert [name for name in os.listdir('/proc') if name.isdigit()]",
    ),
    ("no other process can be ended", "import os\nos.kill({grader}, 0)"),
    ("no terminal", "import os\nos.openpty()"),
    ("no file of this machine's users", "open({secret!r}).read()"),
    ("no new namespaces", "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0"),
    ("no mounts", "import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0"),
    ("no more memory than the limit", "bytearray({too_much})"),
    ("no more open files than the limit", "kept = [open('/dev/null') for _ in range(200)]"),
    (
        "no larger file than the limit",
        "with open('/tmp/large', 'wb') as file:\n    file.write(bytes({large}))",
    ),
    ("no more in /tmp than the limit", "{fill}"),
)
FILL = "for n in range(8):\n    with open(f'/tmp/{n}', 'wb') as file:\n        file.write(bytes(12 << 20))"


def self_test(sandbox: Sandbox) -> list[Wall]:
    """Tries every wall of a running sandbox. What does not stand is tried again: a machine may have been busy."""
    if not sandbox.walled:
        raise SandboxError("a sandbox without walls is not tried: what the walls keep out would happen")
    walls = _every_wall(sandbox)
    if all(wall.stands for wall in walls):
        return walls
    return [
        again if not first.stands else first for first, again in zip(walls, _every_wall(sandbox), strict=True)
    ]


def _every_wall(sandbox: Sandbox) -> list[Wall]:
    limits = Limits(memory=256 * MIB, processes=24)
    home = Path.home() if os.access(Path.home(), os.W_OK) else Path(tempfile.gettempdir())
    with (
        tempfile.NamedTemporaryFile("w", dir=home, prefix=".autograder-self-test-") as secret,
        # Somebody listens on this machine: behind the wall there is another loopback, with nobody.
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        secret.write("a secret")
        secret.flush()
        walls = _all_refused(sandbox, limits, _places(secret.name, listening.getsockname()[1], limits))
    walls.append(_only_so_many_processes(sandbox, limits))
    walls.append(_nothing_stays(sandbox, limits))
    walls.append(_all_memory_together(sandbox, limits))
    walls.append(_ends_in_time(sandbox, limits))
    walls.append(_all_processor_time(sandbox, limits))
    return walls


def require(sandbox: Sandbox) -> None:
    """Raises a SandboxError that names every wall that does not stand."""
    fallen = [wall for wall in self_test(sandbox) if not wall.stands]
    if fallen:
        told = "; ".join(f"{wall.name} ({wall.seen})" for wall in fallen)
        raise SandboxError(f"these walls of the sandbox do not stand on this machine: {told}")


def _places(secret: str, port: int, limits: Limits) -> dict[str, str | int]:
    return {
        "kit": str(course.ROOT / "autograder" / "kit"),
        "solutions": str(course.SOLUTIONS_DIR),
        "reference": str(course.REFERENCE_DIR),
        "grader": os.getpid(),
        "secret": secret,
        "port": port,
        "too_much": 4 * limits.memory,
        "large": 2 * limits.file_bytes,
        "fill": FILL,
    }


def _all_refused(sandbox: Sandbox, limits: Limits, places: dict[str, str | int]) -> list[Wall]:
    """All lines of REFUSED, one after the other in one submission."""
    walls: list[Wall] = []
    try:
        with sandbox.submission(limits) as cell:
            for name, line in REFUSED:
                failed = _run(cell, line.format(**places))
                walls.append(Wall(name, failed is not None, "" if failed else "it went through"))
    except (GoneError, LateError) as fault:
        told = f"the process did not answer: {type(fault).__name__}"
        walls += [Wall(name, False, told) for name, _ in REFUSED[len(walls) :]]
    return walls


def _try(sandbox: Sandbox, limits: Limits, name: str, look: Callable[[SubmissionProcess], str]) -> Wall:
    """A wall stands if `look`, in a fresh submission, has nothing to say."""
    try:
        with sandbox.submission(limits) as cell:
            seen = look(cell)
    except (GoneError, LateError) as fault:
        seen = f"the process did not answer: {type(fault).__name__}"
    return Wall(name, not seen, seen)


def _run(cell: SubmissionProcess, source: str, seconds: float = PATIENCE) -> str | None:
    """Runs a cell; the name of the error that ended it."""
    failed = cell.ask({"run": source, "seconds": seconds, "wall": seconds}, seconds + 5)["failed"]
    return None if failed is None else str(failed)


def _only_so_many_processes(sandbox: Sandbox, limits: Limits) -> Wall:
    source = "import subprocess\nkept = [subprocess.Popen(['sleep', '60']) for _ in range(200)]"

    def look(cell: SubmissionProcess) -> str:
        return "" if _run(cell, source) else "it went through"

    return _try(sandbox, limits, "no more processes than the limit", look)


def _nothing_stays(sandbox: Sandbox, limits: Limits) -> Wall:
    """What one submission writes and starts is gone when the next begins."""
    mark = "import os\nopen('/tmp/mark', 'w').close()\nopen('/dev/shm/mark', 'w').close()\n"
    orphan = "if os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(60)\n    os._exit(0)"
    found = "import os\nassert not os.path.exists('/tmp/mark') and not os.path.exists('/dev/shm/mark')"
    left = _try(sandbox, limits, "", lambda cell: _run(cell, mark + orphan) or "")
    if not left.stands:
        return Wall("nothing stays of a submission", False, left.seen)
    return _try(sandbox, limits, "nothing stays of a submission", lambda cell: _run(cell, found) or "")


def _all_memory_together(sandbox: Sandbox, limits: Limits) -> Wall:
    """Several processes, each below the limit, are ended when together they are above it."""
    piece = limits.memory * 3 // 4
    source = (
        f"import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        kept = bytearray({piece})\n"
        f"        kept[::4096] = bytes([1]) * len(kept[::4096])\n        time.sleep(600)\ntime.sleep(600)"
    )
    name = "no more memory for all processes together"
    with sandbox.submission(limits) as cell:
        with contextlib.suppress(GoneError, LateError):
            _run(cell, source)
        how = cell.end()["ended"]
    return Wall(name, how == "memory", "" if how == "memory" else f"ended {how}")


def _ends_in_time(sandbox: Sandbox, limits: Limits) -> Wall:
    """A loop that no signal of its own process interrupts is ended from outside."""
    deaf = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"

    def look(cell: SubmissionProcess) -> str:
        _run(cell, deaf)
        try:
            cell.ask({"run": "while True:\n    pass", "seconds": 0.02, "wall": 0.02}, 0.1)
        except LateError:
            return "" if cell.end()["ended"] == "ended" else "it was gone before"
        return "it ended by itself"

    return _try(sandbox, limits, "an end from outside", look)


def _all_processor_time(sandbox: Sandbox, limits: Limits) -> Wall:
    """Processes that together use more time on the processors than they may are ended."""
    source = "import os\nfor _ in range(3):\n    if os.fork() == 0:\n        while True:\n            pass\nos.wait()"

    def look(cell: SubmissionProcess) -> str:
        cell.allow(0.1)
        with contextlib.suppress(GoneError, LateError):
            _run(cell, source)
        how = cell.end()["ended"]
        return "" if how == "time" else f"ended {how}"

    return _try(sandbox, limits, "no more processor time for all processes together", look)
