"""What a worker does: one submission at a time, in a sandbox of its own that it keeps warm."""

import contextlib
import signal
import threading
from dataclasses import dataclass

from autograder.grading.errors import SandboxError
from autograder.grading.sandbox.process import Sandbox
from autograder.grading.sandbox.self_test import require
from autograder.grading.submission.master import Master
from autograder.grading.submission.reading import Submission
from autograder.grading.submission.session import CRASHED, Budget
from autograder.grading.submission.verdict import Verdict, grade_submission

_kept = threading.local()
# Building a sheet of questions catches warnings and prints, which a process does only once at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Task:
    """All that a worker needs to know, wherever it is: it reads no file of the class."""

    master: Master
    submission: Submission
    seed: int
    budget: Budget
    walled: bool = True


def sandbox(walled: bool) -> Sandbox:
    """This worker's sandbox, started and proven when it is first asked for."""
    found: Sandbox | None = getattr(_kept, "sandbox", None)
    if found is None or found.walled != walled:
        close()
        found = Sandbox(walled)
        if walled:
            try:
                require(found)
            except BaseException:
                found.close()
                raise
        _kept.sandbox = found
    return found


def close() -> None:
    """Ends this worker's sandbox."""
    found: Sandbox | None = getattr(_kept, "sandbox", None)
    _kept.sandbox = None
    if found:
        found.close()


def prepare(walled: bool) -> None:
    """Starts and proves the sandbox before the first submission comes."""
    with _one_at_a_time:
        sandbox(walled)


def dask_setup(_: object) -> None:
    """Dask calls this in each local worker as it starts: Ctrl-C is for the command, which then ends the workers."""
    with contextlib.suppress(ValueError):  # a worker in a thread of somebody's process
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def work(task: Task) -> Verdict:
    """Grades one submission. A sandbox that is gone is started, and proven, once more."""
    with _one_at_a_time:
        for _ in range(2):
            mine = sandbox(task.walled)
            try:
                return grade_submission(mine, task.master, task.submission, task.seed, task.budget)
            except SandboxError:
                close()
            except Exception as fault:  # whatever one submission leads to, the others are graded
                return lost(
                    task, f"The grader itself failed on it, which is a defect: {type(fault).__name__}."
                )
    return lost(task, "Twice the sandbox itself ended while this was graded.")


def lost(task: Task, note: str) -> Verdict:
    """The verdict on a submission whose grading itself was ended."""
    handed_in = task.submission
    empty = Submission(handed_in.student, handed_in.lesson, unreadable=note)
    verdict = grade_submission(None, task.master, empty, task.seed)  # type: ignore[arg-type]
    verdict.status = CRASHED
    return verdict
