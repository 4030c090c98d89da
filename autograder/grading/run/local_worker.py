"""One of the processes of `Local`: grades what comes through its socket until that is closed.

python -m autograder.grading.run.local_worker FD walled|open
"""

import os
import queue
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any


def main() -> None:
    """Answers ("prepare" or "start", walled) with None, and ("make", task) with its product."""
    connection = Connection(int(sys.argv[1]))
    wanted: queue.Queue[tuple[str, Any]] = queue.Queue()
    # Tasks are read while another is graded: nobody waits for whom.
    threading.Thread(target=_read, args=(connection, wanted), daemon=True).start()
    from autograder.grading.errors import EngineError, SandboxError
    from autograder.grading.run import worker

    while True:
        what, with_what = wanted.get()
        try:
            connection.send(_do(worker, what, with_what))
        except SandboxError as fault:
            connection.send(EngineError(str(fault)))


def _do(worker: Any, what: str, with_what: Any) -> Any:
    if what == "make":
        return worker.make(with_what)
    return (worker.prepare if what == "prepare" else worker.start)(with_what)


def _read(connection: Connection, wanted: "queue.Queue[tuple[str, Any]]") -> None:
    try:
        while True:
            wanted.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # the grader is gone; the sandbox goes with this process


if __name__ == "__main__":
    main()
