"""What grades submissions: processes of this machine, or a Dask cluster."""

import os
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Protocol

from autograder.grading.run.worker import NOTHING, Ahead, Product, Task


class Engine(Protocol):
    """Workers that grade."""

    def __enter__(self) -> "Engine":
        """As a block that ends them."""

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends them."""

    def prepare(self, ahead: Ahead = NOTHING) -> None:
        """Starts the sandboxes and proves their walls; an EngineError where one does not stand.

        `ahead` is what can be made before the first task comes.
        """

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
        """What came of the tasks, in the order in which they are done.

        A worker that is killed loses nothing: its task is given to another, and one that ended four workers is given
        up.
        """

    def close(self) -> None:
        """Ends the workers that are ours."""


def open_engine(scheduler: str | None = None, workers: int | None = None, walled: bool = True) -> Engine:
    """Workers of the Dask cluster whose scheduler has this address, or as many processes here as there are cores."""
    if scheduler is None:
        from autograder.grading.run.local import Local

        return Local(workers or cores(), walled)
    from autograder.grading.run.cluster import Cluster

    return Cluster(scheduler, walled)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
