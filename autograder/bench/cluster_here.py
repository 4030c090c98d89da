"""A real Dask cluster on this machine: a scheduler and worker processes, each as if it had a machine of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autograder import course
from autograder.bench.measure import LOG_END, BenchError
from autograder.grading.run.cluster import Cluster

START_SECONDS = 180
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class ClusterHere:
    """The cluster's processes, in a folder of their own; `engine` grades with all workers that have joined."""

    folder: Path
    log: IO[bytes]
    engine: Cluster = field(init=False)
    workers: int = 0
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    def begin(self) -> None:
        """Starts the scheduler, which listens on this machine alone."""
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        end = time.monotonic() + START_SECONDS
        while (address := self._address()) is None:
            if time.monotonic() > end or self.started[0].poll() is not None:
                raise BenchError(f"the Dask scheduler did not start: {self._said()}")
            time.sleep(0.05)
        self.engine = Cluster(address)

    def grow(self, workers: int) -> None:
        """Starts workers until there are so many, and waits for the last one."""
        while self.workers < workers:
            name = f"worker-{self.workers}"
            self._start(
                *("dask_worker", "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--name", name),
                *("--memory-limit", "0", "--local-directory", str(self.folder / name)),
            )
            self.workers += 1
        try:
            self.engine.client.wait_for_workers(workers, timeout=START_SECONDS)
        except TimeoutError:
            raise BenchError(
                f"{workers} workers did not start within {START_SECONDS} seconds: {self._said()}"
            ) from None

    def end(self) -> None:
        """Ends every process that was started here; a worker's sandbox ends with it."""
        if hasattr(self, "engine"):
            self.engine.close()
        for process in reversed(self.started):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, program: str, *arguments: str) -> None:
        paths = [str(course.ROOT), os.environ.get("PYTHONPATH", "")]
        command = [sys.executable, "-P", "-m", f"distributed.cli.{program}", "--no-dashboard"]
        self.started.append(
            subprocess.Popen(
                [*command, "--scheduler-file", str(self._file), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                cwd=self.folder,
                env=os.environ
                | ONE_THREAD
                | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "TMPDIR": str(self.folder)},
                start_new_session=True,
            )
        )

    def _address(self) -> str | None:
        """Where the scheduler listens; None while it has not written that, or not all of it."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])
        return None

    def _said(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-LOG_END:]


@contextmanager
def cluster_here(folder: Path) -> Iterator[ClusterHere]:
    """A cluster without workers, in a new folder; its processes end with the block."""
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        made = ClusterHere(folder, log)
        try:
            made.begin()
            yield made
        finally:
            made.end()
