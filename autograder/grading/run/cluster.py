"""Dask under the grader, for many machines: a task a submission."""

import logging
import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType

import dask
from dask.typing import Key
from distributed import Client, Future, KilledWorker, as_completed
from distributed.client import CancelledError, ClosedClientError
from distributed.comm import CommClosedError

from autograder.grading.errors import EngineError, SandboxError
from autograder.grading.run import worker
from autograder.grading.run.worker import NOTHING, Ahead, Product, Task

# Of the messages, which hold whole submissions, few are remembered.
SETTINGS = {
    "distributed.admin.tick.limit": "60s",
    "distributed.admin.log-length": 10,
    "distributed.admin.low-level-log-length": 10,
}
# Tasks under way for each worker: enough that none waits, few enough that memory does not grow with the class.
AHEAD = 3
# How often the workers are counted, in seconds.
LOOK_EVERY = 5.0


class Cluster:
    """The workers of a running Dask cluster, which have this course installed; `scheduler` is its address."""

    def __init__(self, scheduler: str, walled: bool = True) -> None:
        self.walled, self.scheduler = walled, scheduler
        for name in ("distributed", "distributed.client"):  # each has a level of its own, which Dask sets
            logging.getLogger(name).setLevel(logging.CRITICAL)
        dask.config.set(SETTINGS)
        try:
            self.client = Client(scheduler, timeout=10)
        except (OSError, TimeoutError, ValueError) as fault:
            raise EngineError(f"no Dask scheduler answers at {scheduler}: {fault}") from None

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the cluster."""
        self.client.close()

    def prepare(self, ahead: Ahead = NOTHING) -> None:
        """Every worker starts its sandbox and proves its walls; an EngineError if one cannot.

        What a worker leaves undone that goes away meanwhile, another does: there is nothing to wait for.
        """
        names = list(self.client.scheduler_info(n_workers=-1)["workers"])
        if not names:
            raise EngineError(
                "the cluster has no workers: start some with `dask worker ADDRESS`, then try again"
            )
        try:
            with self._told_if_gone():
                self.client.gather([self._start(name, ahead) for name in names])
        except SandboxError as fault:
            raise EngineError(str(fault)) from None
        except KilledWorker:
            raise EngineError(
                "four of the cluster's worker processes ended while a sandbox was started: their logs say why"
            ) from None

    def _start(self, name: str, ahead: Ahead) -> "Future[None]":
        return self.client.submit(
            worker.prepare, self.walled, ahead=ahead, workers=[name], allow_other_workers=True, pure=False
        )

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
        """The verdicts, in the order in which they are done. A worker that is killed loses nothing: its task is
        given to another, and one that ended four workers is given up. One that comes later gets its share.

        An EngineError where the scheduler is gone: what it was given is graded by the next run.
        """
        with self._told_if_gone():
            yield from self._grade(tasks)

    @contextmanager
    def _told_if_gone(self) -> Iterator[None]:
        try:
            yield
        except (CancelledError, CommClosedError, ClosedClientError):
            raise EngineError(
                f"the Dask scheduler at {self.scheduler} is gone. What was graded is kept: "
                "once a scheduler runs, the same command goes on"
            ) from None

    def _grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
        left = iter(tasks)
        doing: dict[Key, Task] = {}
        done = as_completed()
        most, looked = 0, -math.inf

        def fill() -> None:
            nonlocal most, looked
            if time.monotonic() - looked > LOOK_EVERY:
                most = AHEAD * max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))
                looked = time.monotonic()
            while len(doing) < most and (task := next(left, None)) is not None:
                future = self.client.submit(worker.make, task, pure=False)
                doing[future.key] = task
                done.add(future)

        fill()
        for future in done:
            task = doing.pop(future.key)
            yield task, _result(future, task)
            future.release()
            fill()


def _result(future: "Future[Product]", task: Task) -> Product:
    try:
        made: Product = future.result()
    except KilledWorker:
        return worker.product(
            task, worker.lost(task, "Its grading ended four worker processes and was given up.")
        )
    except SandboxError as fault:
        raise EngineError(str(fault)) from None
    return made
