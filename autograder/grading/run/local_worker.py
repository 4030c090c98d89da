"""One of the processes of `Local`: grades what comes through its socket until that is closed.

python -m autograder.grading.run.local_worker FD walled|open
"""

import contextlib
import os
import queue
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any


def main() -> None:
    """Answers ("prepare", the arguments of `worker.prepare`) with None, and ("make", task) with its product."""
    connection = Connection(int(sys.argv[1]))
    wanted: queue.Queue[tuple[str, Any]] = queue.Queue()
    # Tasks are read while another is graded: nobody waits for whom.
    threading.Thread(target=_read, args=(connection, wanted), daemon=True).start()
    from autograder.grading.errors import EngineError, SandboxError
    from autograder.grading.sandbox.process import Sandbox

    begun = None
    # Where it cannot start, it is tried again when it is asked for, and then what is wrong is answered.
    with contextlib.suppress(SandboxError):
        begun = Sandbox(sys.argv[2] == "walled")  # it warms up while this process imports what judges
    from autograder.grading.run import worker

    if begun:
        worker.keep(begun)
    while True:
        what, with_what = wanted.get()
        try:
            connection.send(_do(worker, what, with_what))
        except SandboxError as fault:
            connection.send(EngineError(str(fault)))


def _do(worker: Any, what: str, with_what: Any) -> Any:
    return worker.make(with_what) if what == "make" else worker.prepare(*with_what)


def _read(connection: Connection, wanted: "queue.Queue[tuple[str, Any]]") -> None:
    try:
        while True:
            wanted.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # the grader is gone; the sandbox goes with this process


if __name__ == "__main__":
    main()
