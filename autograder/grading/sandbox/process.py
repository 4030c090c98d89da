"""A sandbox: bubblewrap around a warm process, which makes a walled-in copy of itself for every submission."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import course
from autograder.grading.errors import GoneError, SandboxError, TamperedError
from autograder.grading.sandbox import packages as allowed_packages
from autograder.grading.sandbox.inside import channel
from autograder.grading.sandbox.inside.walls import SCRATCH, Limits

KIT = (
    *("__init__", "digits", "figure", "functions", "graphs", "ledger", "outcome"),
    *("plain", "points", "run", "time_limit"),
)
# What is visible inside of the course: of the kit what calls a student's function and what a notebook's own cells use,
# and the numbers that are no answers. The judge and the pictures know answers: they are not there.
VISIBLE = (
    "autograder/__init__.py",
    "autograder/course.py",
    *(f"autograder/kit/{name}.py" for name in KIT),
    "autograder/grading/__init__.py",
    "autograder/grading/sandbox/__init__.py",
    "autograder/grading/sandbox/inside",
    "data/digits.csv.gz",
    "data/worked_example.json",
)
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/alternatives",
)
START_SECONDS = 60
# The longest message an honest submission sends, in bytes.
MOST_BYTES = 24 * 1024 * 1024


class Sandbox:
    """One warm process behind walls, for one submission after the other.

    With `walled` false there are no walls but time and memory: `--no-sandbox`. It warms up while its maker does other
    things: see `wait`.
    """

    def __init__(self, walled: bool = True) -> None:
        self.walled = walled
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "autograder.grading.sandbox.inside", str(theirs.fileno())]
        # Started by root, a submission becomes a user that no one else is; elsewhere the namespace is enough.
        uid = 2_000_000 + os.getpid() if walled and os.geteuid() == 0 else 0
        command += ["walled" if walled else "open", str(uid)]
        environment = _environment(self._folder.name)
        packages = allowed_packages.allowed()
        command += [str(packages)] if packages else []
        if walled:
            command = bubblewrap() + command
        self._log = Path(self._folder.name, "log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[theirs.fileno()],
                cwd=self._folder.name,
                env=environment,
                start_new_session=True,
            )
        theirs.close()
        self._control = ours
        self._waited_for = False

    @property
    def warm(self) -> bool:
        """Whether nobody has to wait for it any more."""
        return self._waited_for or channel.pending(self._control)

    def wait(self) -> None:
        """Waits until it is warm; a SandboxError with what it said where it does not start."""
        if self._waited_for:
            return
        try:
            channel.receive(self._control, 1000, START_SECONDS)
            self._waited_for = True
        except (channel.ClosedChannelError, channel.LateError, channel.BrokenChannelError):
            self.close()
            raise SandboxError(f"the sandbox did not start: {self._said()}") from None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the warm process and all that it started."""
        self._control.close()
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, 9)
        self._process.wait()

    def _said(self) -> str:
        with contextlib.suppress(OSError):
            text = self._log.read_text(errors="replace").strip()[-1000:]
            return text or "it said nothing"
        return "it said nothing"

    @contextlib.contextmanager
    def submission(self, limits: Limits) -> Iterator["SubmissionProcess"]:
        """A fresh process for one submission; whatever it started is gone at the end."""
        self.wait()
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [b"o"], [theirs.fileno()])
            channel.send(self._control, asdict(limits))
        except (OSError, channel.ClosedChannelError):
            ours.close()
            raise SandboxError(f"the sandbox is gone: {self._said()}") from None
        finally:
            theirs.close()
        cell = SubmissionProcess(ours, self._control)
        try:
            yield cell
        finally:
            cell.end()


class SubmissionProcess:
    """The grader's end of the channel to one submission's process."""

    def __init__(self, connection: socket.socket, control: socket.socket) -> None:
        self._connection = connection
        self._control = control
        self.how: dict[str, Any] | None = None

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one message.

        Raises LateError after `seconds`, GoneError if the process ended, TamperedError if anything came but one
        answer to this question.
        """
        name = secrets.token_hex(8)
        if channel.pending(self._connection):
            self._unasked()
        try:
            self._connection.settimeout(seconds)
            channel.send(self._connection, message | {"id": name})
            answer = channel.receive(self._connection, MOST_BYTES, seconds)
        except channel.ClosedChannelError:
            raise GoneError from None
        except channel.BrokenChannelError as fault:
            raise TamperedError(str(fault)) from None
        if answer.pop("id", None) != name:
            raise TamperedError("an answer to no question")
        return answer

    def allow(self, seconds: float) -> None:
        """From now on all processes of the submission together may use so many seconds of processor, or are ended."""
        with contextlib.suppress(OSError):
            self._control.send(b"t%08d" % min(max(int(100 * seconds), 1), 99_999_999))

    def _unasked(self) -> None:
        """What waits before a question is asked: the process's end, or something that nobody asked for."""
        if self._connection.recv(1, socket.MSG_PEEK):
            raise TamperedError("an answer that nobody asked for")
        raise GoneError

    def end(self) -> dict[str, Any]:
        """Ends the process and everything it started; tells how it ended: see `autograder.grading.sandbox.inside`."""
        if self.how is None:
            self._connection.close()
            try:
                with contextlib.suppress(OSError):
                    self._control.send(b"k")
                self.how = channel.receive(self._control, 10_000, 30)
            except (channel.ClosedChannelError, channel.LateError, channel.BrokenChannelError):
                raise SandboxError("the sandbox is gone") from None
        return self.how


def _environment(folder: str) -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    kept = {"PATH": programs, "LANG": "C.UTF-8", "TZ": "UTC"}
    one_thread = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    kept |= dict.fromkeys(one_thread, "1")
    kept |= {"HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": folder, "IPYTHONDIR": f"{folder}/ipython"}
    kept |= {"PYTHONPATH": str(course.ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    return kept | {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "AUTOGRADER_PROGRESS": ""}


def bubblewrap() -> list[str]:
    """The command that puts the walls around the warm process, up to that process's own command.

    The folder of allowed packages is visible too.

    Raises SandboxError where bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "bubblewrap is not installed (`bwrap`, on Debian and Ubuntu the package bubblewrap), or this is no Linux; "
            "`--no-sandbox` grades without walls: then a submission can read and change what you can"
        )
    command = [
        program,
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    command += ["--die-with-parent", "--hostname", "sandbox", "--cap-drop", "ALL"]
    for capability in ("CAP_SYS_ADMIN", "CAP_SETPCAP"):
        command += ["--cap-add", capability]
    if os.geteuid() == 0:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL"]
    else:
        command += ["--unshare-user"]
    for path in SYSTEM:
        if Path(path).is_symlink():
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind-try", path, path]
    prefixes = [prefix for prefix in dict.fromkeys((sys.base_prefix, sys.prefix)) if prefix != "/usr"]
    packages = allowed_packages.allowed()
    shown = [
        *prefixes,
        *(str(course.ROOT / name) for name in VISIBLE),
        *([str(packages)] if packages else []),
    ]
    for folder in sorted(
        {str(parent) for path in (*shown, *SYSTEM) for parent in Path(path).parents} - {"/", "/usr"}
    ):
        command += ["--perms", "0755", "--dir", folder]
    for path in shown:
        command += ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--dir", "/tmp", "--tmpfs", SCRATCH]
    for name in ("HOME", "TMPDIR", "MPLCONFIGDIR"):
        command += ["--setenv", name, SCRATCH]
    command += ["--setenv", "IPYTHONDIR", f"{SCRATCH}/ipython", "--chdir", SCRATCH]
    return command + ["--remount-ro", "/dev", "--remount-ro", "/", "--"]
