"""Gradebooks for the tests of what leaves them, and a cluster to grade with."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.tests.grading.books import copied, fill


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with nothing in it, to be copied: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def url(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gradebook of two lessons and five students, to be read only."""
    url = copied(empty, tmp_path_factory.mktemp("book"))
    fill(url)
    return url


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and two workers as processes of their own: its address, and the three."""
    place = tmp_path / "scheduler.json"
    started = []
    with (tmp_path / "log").open("wb") as log:
        common = {"stdout": log, "stderr": log, "cwd": tmp_path, "start_new_session": True}
        scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
        started.append(
            subprocess.Popen(
                [*scheduler, "--port", "0", "--no-dashboard", "--scheduler-file", str(place)], **common
            )
        )
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(place)]
        worker += ["--nthreads", "1", "--no-dashboard", "--nworkers", "1"]
        started += [subprocess.Popen(worker, **common) for _ in range(2)]
        end = time.monotonic() + 60
        while not place.exists():
            assert time.monotonic() < end
            time.sleep(0.1)
        yield json.loads(place.read_text())["address"], started
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
