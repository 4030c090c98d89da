"""Workers on this machine: plain processes, a pair of sockets each. No port is open: nobody else can send them work."""

import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from autograder import course
from autograder.grading.errors import EngineError
from autograder.grading.run import worker
from autograder.grading.run.worker import NOTHING, Ahead, Product, Task

# Tasks given to a worker: one that it grades, one that waits.
AHEAD = 2
# A task that ended so many workers is given up.
MOST_ENDED = 4


class Local:
    """`workers` processes that grade, and end with this one."""

    def __init__(self, workers: int, walled: bool = True) -> None:
        self.walled = walled
        self._proven = False
        self._workers = [_Worker(walled) for _ in range(workers)]

    def __enter__(self) -> "Local":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers."""
        for each in self._workers:
            each.close()

    def prepare(self, ahead: Ahead = NOTHING) -> None:
        """The walls are the same for all on one machine: one proves them, the others only start."""
        for place, each in enumerate(self._workers):
            each.send("prepare", (self.walled, place > 0, ahead))
        with contextlib.suppress(EOFError, OSError):
            self._workers[0].answer()
            self._proven = True
        if not self._proven:
            raise EngineError("the first worker process ended while it started")

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
        """See `Engine.grade`."""
        left = iter(tasks)
        again: deque[tuple[Task, int]] = deque()
        while True:
            for place in range(len(self._workers)):
                self._fill(place, left, again)
            busy = {
                each.connection: place
                for place, each in enumerate(self._workers)
                if each.doing or each.starting
            }
            if not any(each.doing for each in self._workers):
                return
            for connection in wait(list(busy)):
                place = busy[connection]  # type: ignore[index]
                yield from self._take(place, again)

    def _fill(self, place: int, left: Iterator[Task], again: deque[tuple[Task, int]]) -> None:
        each = self._workers[place]
        while len(each.doing) < AHEAD:
            if again:
                task, ended = again.popleft()
            else:
                found = next(left, None)
                if found is None:
                    return
                task, ended = found, 0
            each.doing.append((task, ended))
            with contextlib.suppress(OSError):  # it has ended, which is seen when it is read from
                each.send("make", task)

    def _take(self, place: int, again: deque[tuple[Task, int]]) -> Iterator[tuple[Task, Product]]:
        """What a worker has to say; one that has ended is begun anew, and its tasks are given out again."""
        each = self._workers[place]
        try:
            answer = each.answer()
        except (EOFError, OSError):
            each.close()
            self._workers[place] = _Worker(self.walled)
            self._workers[place].send("prepare", (self.walled, True))
            for number, (task, ended) in enumerate(each.doing):
                if number == 0 and ended + 1 >= MOST_ENDED:
                    note = f"Its grading ended {MOST_ENDED} worker processes and was given up."
                    yield task, worker.product(task, worker.lost(task, note))
                else:
                    again.append((task, ended + (number == 0)))
            return
        if answer is not None:
            task, _ = each.doing.popleft()
            yield task, answer


class _Worker:
    """One process, and what it was given and has not yet answered."""

    def __init__(self, walled: bool) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "autograder.grading.run.local_worker", str(theirs.fileno())]
        paths = [str(course.ROOT), os.environ.get("PYTHONPATH", "")]
        one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self._process = subprocess.Popen(
            [*command, "walled" if walled else "open"],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=os.environ | one_thread | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
            start_new_session=True,  # Ctrl-C is for the command, which then ends its workers
        )
        theirs.close()
        self.connection = Connection(ours.detach())
        self.doing: deque[tuple[Task, int]] = deque()
        self.starting = 0

    def send(self, what: str, with_what: Any) -> None:
        """Asks it for something."""
        self.starting += what != "make"
        self.connection.send((what, with_what))

    def answer(self) -> Product | None:
        """What it answers, None where it only started; an EngineError for a wall that does not stand."""
        answer = self.connection.recv()
        if isinstance(answer, EngineError):
            raise answer
        if answer is None:
            self.starting -= 1
        return answer

    def close(self) -> None:
        """Ends it; its sandbox ends with it."""
        self.connection.close()
        self._process.kill()
        self._process.wait()
