"""Dask under the grader: a task a submission, local worker processes or a running cluster."""

import logging
import os
from collections.abc import Iterable, Iterator
from types import TracebackType

import dask
from dask.typing import Key
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from distributed.security import Security

from autograder.grading.errors import EngineError, SandboxError
from autograder.grading.run import worker
from autograder.grading.run.worker import Task
from autograder.grading.submission.verdict import Verdict

# Workers are processes begun anew. Of the messages to them, which hold whole submissions, few are remembered.
SETTINGS = {
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.worker.preload": ["autograder.grading.run.worker"],
    "distributed.admin.tick.limit": "60s",
    "distributed.admin.log-length": 10,
    "distributed.admin.low-level-log-length": 10,
}
# Tasks under way for each worker: enough that none waits, few enough that memory does not grow with the class.
AHEAD = 3


class Engine:
    """Worker processes that grade.

    `scheduler` is the address of a running Dask cluster whose workers have this course installed; without it `workers`
    processes are started here, as many as there are cores.
    """

    def __init__(self, scheduler: str | None = None, workers: int | None = None, walled: bool = True) -> None:
        self.walled = walled
        self._cluster = None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        dask.config.set(SETTINGS)
        try:
            if scheduler is None:
                self._cluster = LocalCluster(
                    n_workers=workers or cores(),
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=0,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                    # Keys for this run alone: no other user of the machine can send these workers anything.
                    security=Security.temporary(),
                )
            self.client = Client(self._cluster or scheduler, timeout=10)
        except (OSError, TimeoutError, ValueError) as fault:
            raise EngineError(f"no Dask scheduler answers at {scheduler}: {fault}") from None

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the cluster, and ends it if it is ours."""
        self.client.close()
        if self._cluster:
            self._cluster.close()

    def prepare(self) -> None:
        """Every worker starts its sandbox and proves its walls; an EngineError if one cannot."""
        names = list(self.client.scheduler_info(n_workers=-1)["workers"])
        if not names:
            raise EngineError(
                "the cluster has no workers: start some with `dask worker ADDRESS`, then try again"
            )
        started = [
            self.client.submit(worker.prepare, self.walled, workers=[name], pure=False) for name in names
        ]
        try:
            self.client.gather(started)
        except SandboxError as fault:
            raise EngineError(str(fault)) from None

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Verdict]]:
        """The verdicts, in the order in which they are done. A worker that is killed loses nothing: its task is
        given to another, and one that ended four workers is given up.
        """
        left = iter(tasks)
        doing: dict[Key, Task] = {}
        done = as_completed()
        most = AHEAD * max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))

        def fill() -> None:
            while len(doing) < most and (task := next(left, None)) is not None:
                future = self.client.submit(worker.work, task, pure=False)
                doing[future.key] = task
                done.add(future)

        fill()
        for future in done:
            task = doing.pop(future.key)
            yield task, _result(future, task)
            future.release()
            fill()


def _result(future: "Future[Verdict]", task: Task) -> Verdict:
    try:
        verdict: Verdict = future.result()
    except KilledWorker:
        return worker.lost(task, "Its grading ended four worker processes and was given up.")
    except SandboxError as fault:
        raise EngineError(str(fault)) from None
    return verdict


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
