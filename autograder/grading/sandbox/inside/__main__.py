"""The warm process of a sandbox: loads what notebooks import, then makes a copy of itself for every submission.

    python -m autograder.grading.sandbox.inside FD WALLED UID [PACKAGES]

FD is a socket to the grader. The byte "o" comes in with the submission's own channel beside it, then the limits as a
message; a child of this process, walled in, serves that channel. The byte "k" ends it; "t" and eight digits say how
many hundredths of a second of processor its processes may use from then on. When it is gone, {"ended": how, ...} goes
out.
"""

import contextlib
import dataclasses
import gc
import os
import select
import signal
import site
import socket
import sys
import time
from typing import Any

from autograder.grading.sandbox.inside import channel
from autograder.grading.sandbox.inside.walls import Limits, limit, own_processes, shut_in

# How often memory and processor time of a submission's processes are added up.
WATCH_SECONDS = 0.1
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Warms up, says so, and serves until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    walled, uid = sys.argv[2] == "walled", int(sys.argv[3]) or None
    if len(sys.argv) > 4:
        site.addsitedir(sys.argv[4])  # packages that the instructor allows, after the course's own
    shell = warm_up()
    warm_bytes = _pages("self")[0] * PAGE
    gc.collect()
    gc.freeze()
    channel.send(control, {"ready": True})
    while True:
        try:
            (connection, message) = _next(control)
        except (channel.ClosedChannelError, OSError):
            return
        keeper = os.fork()
        if keeper == 0:
            _keep(control, connection, Limits(**message), walled, uid, warm_bytes, shell)
            os._exit(0)
        connection.close()
        os.waitpid(keeper, 0)


def warm_up() -> Any:
    """Imports what a notebook imports, makes its shell, and puts quiet stand-ins for what only people look at."""
    import numpy.linalg
    import numpy.random  # noqa: F401

    from autograder.grading.sandbox.inside.quiet import quieten, without_windows

    quieten()  # before anything imports the kit
    from autograder.grading.sandbox.inside import student  # noqa: F401
    from autograder.grading.sandbox.inside.shell import Shell

    shell = Shell.instance()
    # The kernel's own backend looks for the shell when it is loaded.
    import matplotlib.pyplot  # noqa: F401

    without_windows()
    shell.warm("import numpy as np\nnp.array([1.0]) @ np.array([1.0])")
    return shell


def _next(control: socket.socket) -> tuple[socket.socket, dict[str, Any]]:
    """The next submission's channel and limits. A "k" that comes when nothing runs any more is late."""
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not command:
            raise channel.ClosedChannelError
        if command == b"o":
            return socket.socket(fileno=descriptors[0]), channel.receive(control)


def _keep(
    control: socket.socket,
    connection: socket.socket,
    limits: Limits,
    walled: bool,
    uid: int | None,
    warm_bytes: int,
    shell: Any,
) -> None:
    """Starts the submission's process, watches it, and reports how it ended."""
    if walled:
        own_processes()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _begin(connection, limits, walled, uid, warm_bytes, shell)
    connection.close()
    how, used = _watch(control, child, limits, walled)
    usage = os.wait4(child, 0)
    if not walled:
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(usage[1])
    cpu = max(used, usage[2].ru_utime + usage[2].ru_stime)
    told = {"ended": how, "code": status, "seconds": time.monotonic() - started, "cpu": cpu}
    channel.send(control, told | {"peak": usage[2].ru_maxrss * 1024})


def _begin(
    connection: socket.socket, limits: Limits, walled: bool, uid: int | None, warm_bytes: int, shell: Any
) -> None:
    """Becomes the student's process: only its own channel is left open, then the walls go up."""
    from autograder.grading.sandbox.inside import student

    code = 1
    try:
        mine = os.dup2(connection.fileno(), limits.open_files - 1)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.closerange(3, mine)
        os.closerange(mine + 1, 4096)
        if walled:
            os.setpgid(0, 0)  # or a signal to its own group would reach the warm process
            shut_in(limits, warm_bytes, uid)
            os.chdir("/tmp")
            os.environ.update(HOME="/tmp", TMPDIR="/tmp")
        else:
            os.setsid()
            limit(dataclasses.replace(limits, processes=1 << 20), warm_bytes)
        sys.path.append("")  # a file handed in beside the notebook can be imported, and shadows nothing
        student.serve(socket.socket(fileno=mine), shell)
        code = 0
    finally:
        os._exit(code)


def _watch(control: socket.socket, child: int, limits: Limits, walled: bool) -> tuple[str, float]:
    """Waits until the child ends. Ends it when the grader says so, or when its processes use too much memory or time.

    Tells how it ended, and the processor time that was seen.
    """
    own = {os.getpid(), os.getppid(), 1}
    base = _pages("self")[1] * PAGE
    watched: Any = os.pidfd_open(child)
    until = limits.cpu_seconds
    while True:
        ready, _, _ = select.select([watched, control], [], [], WATCH_SECONDS)
        if watched in ready:
            return "by itself", 0.0
        used = _seconds(own) if walled else 0.0
        if control in ready:
            if control.recv(1) != b"t":  # "k", or the grader is gone
                how = "ended"
            else:
                allowed = int(control.recv(8, socket.MSG_WAITALL) or b"0") / 100
                until = min(used + allowed, limits.cpu_seconds)
                continue
        elif walled and _memory(own, base) > limits.memory * 1.25:
            how = "memory"
        elif used > until:
            how = "time"
        else:
            continue
        os.kill(child, signal.SIGKILL)
        return how, used


def _seconds(own: set[int]) -> float:
    """The processor time of the submission's processes, with that of their children that have ended."""
    ticks = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in own:
            with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat") as file:
                ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:15]))
    return ticks / TICKS


def _memory(own: set[int], base: int) -> int:
    """The bytes that all processes of the submission hold, less what the first had from the warm process.

    A copy's share of the warm pages counts once more with every copy: a fresh program, which shares nothing, cannot
    be told from one.
    """
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in own:
            with contextlib.suppress(OSError, ValueError, IndexError):
                total += _pages(name)[1] * PAGE
    return total - base


def _pages(process: str) -> tuple[int, int]:
    """A process's address space and what of it is in memory, in pages."""
    with open(f"/proc/{process}/statm") as file:
        size, resident, *_ = file.read().split()
    return int(size), int(resident)


if __name__ == "__main__":
    main()
