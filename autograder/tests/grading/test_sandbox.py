"""The sandbox: every wall stands here, the self-test sees it when one does not, and the command says what is what."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import course
from autograder.grading.errors import GoneError, GradeFault, SandboxError, TamperedError
from autograder.grading.run.command import prove
from autograder.grading.sandbox import process as sandbox_module
from autograder.grading.sandbox import self_test as self_test_module
from autograder.grading.sandbox.inside.walls import MIB, Limits
from autograder.grading.sandbox.process import Sandbox, bubblewrap
from autograder.grading.sandbox.self_test import Wall, require, self_test

pytestmark = pytest.mark.needs("bubblewrap")


@pytest.fixture(scope="module")
def walled() -> Iterator[Sandbox]:
    """One sandbox for all."""
    with Sandbox() as made:
        yield made


def run(sandbox: Sandbox, source: str, limits: Limits | None = None) -> dict[str, Any]:
    """What came of one cell in a submission of its own; `text` is what it printed."""
    with sandbox.submission(limits or Limits()) as cell:
        answer = cell.ask({"run": source, "seconds": 20}, 25)
    return answer | {"text": "".join(piece.get("text", "") for piece in answer["outputs"])}


def test_every_wall_stands(walled: Sandbox) -> None:
    assert [wall for wall in self_test(walled) if not wall.stands] == []


HARMLESS = {
    *("no network", "no bank", "no solutions", "no reference numbers", "no file of this machine's users"),
    *("no other process can be seen", "no other process can be ended"),
    *("no memory outside of processes", "no socket but this machine's own"),
}


def test_without_walls_they_do_not_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what harms nothing is tried here: the rest would write into this machine's own folders."""
    tries = tuple((name, line) for name, line in self_test_module.REFUSED if name in HARMLESS)
    monkeypatch.setattr(self_test_module, "REFUSED", tries)
    for name in (
        "_only_so_many_processes",
        "_nothing_stays",
        "_all_memory_together",
        "_ends_in_time",
        "_all_processor_time",
    ):
        monkeypatch.setattr(self_test_module, name, lambda *_: Wall("left out", True))
    with Sandbox(walled=False) as made:
        with pytest.raises(SandboxError, match="without walls"):
            self_test(made)
        made.walled = True  # pretended, for what is tried here does no harm
        assert {wall.name for wall in self_test(made) if not wall.stands} == HARMLESS
        with pytest.raises(SandboxError, match="no bank"):
            require(made)


def with_more(*words: str) -> Any:
    """The bubblewrap command with some words before the last."""

    def made() -> list[str]:
        command = bubblewrap()
        return [*command[:-5], *words, *command[-5:]]

    return made


TAKEN_AWAY = {
    "the course is shown": (
        with_more("--ro-bind", str(course.ROOT), str(course.ROOT)),
        {"no bank", "no solutions"},
    ),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_a_wall_taken_away_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """`grade` would refuse, and `grade --self-test` says which."""
    command, missing = TAKEN_AWAY[name]
    monkeypatch.setattr(sandbox_module, "bubblewrap", command)
    with Sandbox() as made:
        fallen = {wall.name for wall in self_test(made) if not wall.stands}
    assert fallen >= missing


@pytest.mark.parametrize(
    ("wall", "line"),
    [("no network", "pass"), ("no more memory than the limit", "pass"), ("no new namespaces", "pass")],
)
def test_the_command_fails_where_a_wall_fails(monkeypatch: pytest.MonkeyPatch, wall: str, line: str) -> None:
    import io

    from rich.console import Console

    changed = tuple((name, line if name == wall else source) for name, source in self_test_module.REFUSED)
    monkeypatch.setattr(self_test_module, "REFUSED", changed)
    out = io.StringIO()
    with pytest.raises(GradeFault, match="1 of .* walls do not stand"):
        prove(Console(file=out, width=150))
    assert f"{wall} " in out.getvalue()
    assert "NO" in out.getvalue()


def test_nothing_of_one_is_seen_by_the_next(walled: Sandbox) -> None:
    """Modules, files, environment, limits, signals: each begins with the warm process as it was."""
    change = (
        "import numpy as np, os, signal, sys, builtins\nnp.pi = 3\nbuiltins.mine = 1\nos.environ['MINE'] = '1'\n"
        "open('mine', 'w').close()\nsys.modules['mine'] = sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "mine = 1\n"
        "import socket\nkept = socket.socket(socket.AF_UNIX)\nkept.bind('\\0mine')\nkept.listen()"
    )
    look = (
        "import numpy as np, os, signal, sys, builtins, socket\n"
        "print(np.pi > 3, hasattr(builtins, 'mine'), 'MINE' in os.environ, os.path.exists('mine'),"
        " 'mine' in sys.modules,"
        " signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, 'mine' in globals())\n"
        "socket.socket(socket.AF_UNIX).connect('\\0mine')"
    )
    assert run(walled, change)["failed"] is None
    found = run(walled, look)
    assert found["text"].split() == ["True", *["False"] * 6]
    assert found["failed"] == "ConnectionRefusedError"


def test_the_process_has_no_more_than_it_needs(walled: Sandbox) -> None:
    """The channel, the empty standard streams and the three files of its own event loop are open.

    No capability, no group, nothing to see in /proc.
    """
    found = run(
        walled,
        "import os\nopen_files = []\nfor number in range(4096):\n    try:\n        os.fstat(number)\n"
        "        open_files.append(number)\n    except OSError:\n        pass\n"
        "print(open_files, os.listdir('/proc'), os.getgroups() if os.getuid() else 'root', os.getpid(), os.getppid())",
    )
    groups = "[]" if os.geteuid() == 0 else found["text"].split("] ")[2] + "]"
    assert found["text"].startswith("[0, 1, 2, 3, 4, 5, 95] [] ")
    assert os.geteuid() != 0 or groups in found["text"]
    assert found["text"].endswith(" 1 0\n")


REFUSED_CALLS = {
    "vsock": "socket.socket(40, socket.SOCK_STREAM)",
    "internet": "socket.socket()",
    "packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "ciphers": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "memfd": "os.memfd_create('x')",
    "shared memory": "mmap.mmap(-1, 4096)",
    "shared zeroes": "mmap.mmap(open('/dev/zero', 'r+b').fileno(), 4096)",
    "another user": "os.setuid(0)",
    "a session of its own": "os.setsid()",
    "chroot": "os.chroot('/tmp')",
    "a device": "os.mknod('zero', 0o600 | 0o020000, os.makedev(1, 5))",
    "the clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "a better priority": "os.nice(-5)",
    "more files": "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))",
}


@pytest.mark.parametrize("name", REFUSED_CALLS)
def test_refused(walled: Sandbox, name: str) -> None:
    found = run(walled, f"import mmap, os, resource, socket, time\n{REFUSED_CALLS[name]}")
    assert found["failed"] in ("PermissionError", "OSError", "ValueError"), found


def test_what_is_still_possible(walled: Sandbox) -> None:
    """Threads, programs, pools, memory-mapped files and sockets within the process: honest code uses them."""
    source = (
        "import asyncio, concurrent.futures, multiprocessing, subprocess\nimport numpy as np\n"
        "print(subprocess.run(['echo', 'program'], capture_output=True, text=True).stdout.strip())\n"
        "with concurrent.futures.ThreadPoolExecutor() as pool:\n    print(sum(pool.map(abs, [-1, 2])))\n"
        "with multiprocessing.Pool(2) as pool:\n    print(sum(pool.map(abs, [-3, 4])))\n"
        "asyncio.new_event_loop().close()\n"
        "kept = np.memmap('numbers', dtype=float, shape=3, mode='w+')\nkept[:] = 1\nkept.flush()\nprint(kept.sum())"
    )
    assert run(walled, source)["text"].split() == ["program", "3", "7", "3.0"]


def test_a_signal_to_its_own_group_stays_there(walled: Sandbox) -> None:
    """As an ordinary user the warm process has the same user: only the group keeps them apart."""
    warm = walled._process.pid
    run(
        walled,
        "import os, signal\nfor name in (9, 15, 19):\n    for number in (0, -1):\n"
        "        try:\n            os.kill(number, name)\n        except OSError:\n            pass",
    )
    assert run(walled, "print(1)")["text"] == "1\n"
    assert walled._process.poll() is None
    assert walled._process.pid == warm


def test_a_shell_command_runs(walled: Sandbox) -> None:
    found = run(walled, "!echo here > there\nprint(open('there').read())")
    assert (found["failed"], found["text"].strip()) == (None, "here")


def test_all_that_it_started_ends_with_it(walled: Sandbox) -> None:
    mark = f"mark{os.getpid()}"
    source = (
        "import subprocess\n"
        f"subprocess.Popen(['sh', '-c', 'trap \"\" TERM; sleep 3600; : {mark}'], process_group=0)\n"
    )
    before = processes(mark)
    with walled.submission(Limits()) as cell:
        cell.ask({"run": source, "seconds": 5}, 8)
        end = time.monotonic() + 30
        while processes(mark) == before and time.monotonic() < end:
            time.sleep(0.01)  # its arguments show a moment after it began
        assert processes(mark) > before
    assert processes(mark) == 0


def processes(mark: str) -> int:
    """How many processes have the mark among their arguments."""
    found = 0
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            found += folder.name.isdigit() and mark.encode() in (folder / "cmdline").read_bytes()
    return found


HIDDEN = {
    "small programs": "import subprocess, sys, time\n"
    "program = \"import time; kept = b'1' * (60 << 20); time.sleep(60)\"\n"
    "kept = [subprocess.Popen([sys.executable, '-I', '-S', '-c', program]) for _ in range(20)]\ntime.sleep(15)",
    "copies": "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        kept = b'1' * (100 << 20)\n"
    "        time.sleep(60)\ntime.sleep(15)",
    "freed in between": "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        while True:\n"
    "            kept = b'1' * (200 << 20)\n            time.sleep(0.2)\ntime.sleep(15)",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_memory_of_many_processes_is_added_up(walled: Sandbox, name: str) -> None:
    with walled.submission(Limits(memory=512 * MIB)) as cell:
        with pytest.raises(GoneError):
            cell.ask({"run": HIDDEN[name], "seconds": 20}, 25)
        assert cell.end()["ended"] == "memory"


def test_a_warm_process_that_ends_is_noticed() -> None:
    made = Sandbox()
    made.wait()
    made._process.kill()
    made._process.wait()
    time.sleep(1)  # the kernel ends what is inside a moment after its parent
    with (
        pytest.raises(SandboxError, match="is gone"),
        made.submission(Limits()) as cell,
        contextlib.suppress(GoneError),
    ):
        cell.ask({"run": "1", "seconds": 1}, 3)
    made.close()


def test_a_reader_that_never_reads_ends_in_time(walled: Sandbox) -> None:
    """The question is larger than every buffer, and the submission's process does not take it."""
    stop = "import threading, time\nthreading.Timer(0.2, lambda: __import__('ctypes').PyDLL(None).sleep(60)).start()"
    with walled.submission(Limits()) as cell:
        cell.ask({"run": stop, "seconds": 5}, 8)
        time.sleep(0.5)
        started = time.monotonic()
        with pytest.raises((sandbox_module.channel.LateError, TamperedError, GoneError)):  # type: ignore[attr-defined]
            cell.ask({"run": "x" * 10_000_000, "seconds": 1}, 2)
        assert time.monotonic() - started < 4
    assert run(walled, "print(1)")["text"] == "1\n"


# ---------------------------------------------------------------------------------------------- the command itself


def grade(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command `grade`."""
    environment = os.environ | {"PYTHONPATH": str(course.ROOT)} | ({"PATH": path} if path is not None else {})
    command = [sys.executable, "-m", "autograder.cli", "grade", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


@pytest.fixture(scope="module")
def small_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class folder with one untouched notebook."""
    import nbformat

    from autograder.build.notebook import checked

    directory = tmp_path_factory.mktemp("small") / "class"
    draft = checked(course.lesson("04-softmax"))
    for folder, notebook in (("source", draft.source), ("submitted/ada", draft.student)):
        (directory / folder / "04-softmax").mkdir(parents=True)
        nbformat.write(notebook, directory / folder / "04-softmax" / "04-softmax.ipynb")
    return directory


def test_without_bubblewrap_the_command_refuses(small_class: Path, tmp_path: Path) -> None:
    for arguments in ((str(small_class),), ("--self-test",)):
        result = grade(*arguments, path=str(tmp_path))
        assert result.returncode != 0
        assert "bubblewrap is not installed" in result.stderr
        assert "--no-sandbox" in result.stderr
        assert "Traceback" not in result.stdout + result.stderr
    assert not (small_class / "autograded").exists()


def test_no_sandbox_works_and_says_so(small_class: Path, tmp_path: Path) -> None:
    result = grade(str(small_class), "--no-sandbox", "--workers", "1", path=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "WITHOUT WALLS" in result.stderr
    assert (small_class / "autograded" / "ada" / "04-softmax" / "04-softmax.ipynb").exists()


def test_as_another_user_the_walls_stand_too() -> None:
    """Where root runs the tests: an ordinary user has a user namespace in root's place."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become another user, with setpriv")
    python = Path(sys.executable)
    if not all(each.stat().st_mode & 0o001 for path in (python, python.resolve()) for each in path.parents):
        pytest.skip("another user cannot read this Python")
    with readable_copy() as root:
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), "HOME": str(root / "home")}
        command = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", sys.executable]
        command += ["-m", "autograder.cli", "grade", "--self-test"]
        result = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=root, check=False, timeout=120
        )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "walls stand." in result.stdout


@contextlib.contextmanager
def readable_copy() -> Iterator[Path]:
    """The course where every user can read it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        ignored = shutil.ignore_patterns("tests", "__pycache__", ".venv", ".git")
        shutil.copytree(course.ROOT, root, ignore=ignored)
        (root / "home").mkdir()
        os.chown(root / "home", 1000, 1000)
        Path(folder).chmod(0o755)
        yield root
