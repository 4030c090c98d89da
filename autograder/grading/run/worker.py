"""What a worker does: one submission at a time, in a sandbox of its own that it keeps warm."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

from autograder import bank
from autograder.grading.errors import SandboxError
from autograder.grading.feedback import pages as feedback
from autograder.grading.sandbox.process import Sandbox
from autograder.grading.sandbox.self_test import require
from autograder.grading.submission.master import Master
from autograder.grading.submission.reading import Submission
from autograder.grading.submission.session import CRASHED, Budget
from autograder.grading.submission.verdict import Verdict, fresh_sheet, grade_submission

# How many times as long a clock on the wall waits for what it ended at work.
PATIENCE = 5
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


@dataclass(frozen=True)
class Ahead:
    """What is known before the first task of what will be asked: the lessons, and the seed if it is one for all."""

    lessons: tuple[str, ...] = ()
    seed: int | None = None


NOTHING = Ahead()


@dataclass(frozen=True)
class Product:
    """What one submission came to, ready to be written: its verdict without the cells, its notebook, its page."""

    verdict: Verdict
    notebook: bytes
    page: bytes


def keep(begun: Sandbox) -> None:
    """Takes a sandbox that was begun already as this worker's."""
    close()
    _kept.sandbox, _kept.proven = begun, False


def sandbox(walled: bool, proven: bool = False) -> Sandbox:
    """This worker's sandbox, started and proven when it is first asked for."""
    found: Sandbox | None = getattr(_kept, "sandbox", None)
    if found is None or found.walled != walled:
        found = Sandbox(walled)
        keep(found)
    if not _kept.proven:
        try:
            found.wait()
            if walled and not proven:
                require(found)
        except BaseException:
            close()
            raise
        _kept.proven = True
    return found


def close() -> None:
    """Ends this worker's sandbox."""
    found: Sandbox | None = getattr(_kept, "sandbox", None)
    _kept.sandbox = None
    if found:
        found.close()


def prepare(walled: bool, proven: bool = False, ahead: Ahead = NOTHING) -> None:
    """Starts the sandbox before the first submission comes, and proves its walls unless another worker does.

    While it warms up, questions are made `ahead`.
    """
    with _one_at_a_time:
        begun: Sandbox | None = getattr(_kept, "sandbox", None)
        if begun is None or begun.walled != walled:
            begun = Sandbox(walled)
            keep(begun)
        _make(ahead, begun)
        sandbox(walled, proven)


def _make(ahead: Ahead, begun: Sandbox) -> None:
    """Makes questions until the sandbox is warm. What cannot be made is told where a submission asks for it."""
    for lesson in ahead.lessons if ahead.seed is not None else ():
        with suppress(Exception):  # a folder may have the name of no lesson
            for each in bank.of_lesson(lesson):
                if begun.warm:
                    return
                fresh_sheet(each.name, ahead.seed)


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


def once_more(task: Task, worked: bool) -> Task:
    """The task for what a clock on the wall ended. What had worked until then, on a busy machine, gets far longer."""
    return replace(task, budget=replace(task.budget, patience=PATIENCE if worked else 1))


def make(task: Task) -> Product:
    """Grades one submission, and makes all that is written of it."""
    try:
        return product(task, work(task))
    except SandboxError:
        raise
    except Exception as fault:
        return product(
            task,
            lost(
                task, f"What came of it could not be written down, which is a defect: {type(fault).__name__}."
            ),
        )


def product(task: Task, verdict: Verdict) -> Product:
    """The notebook and the page of a verdict."""
    notebook = {"cells": verdict.cells, "metadata": task.master.metadata, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    page = feedback.page(verdict, task.master, verdict.cells)
    return Product(replace(verdict, cells=[]), text.encode(errors="replace"), page.encode(errors="replace"))


def lost(task: Task, note: str) -> Verdict:
    """The verdict on a submission whose grading itself was ended."""
    handed_in = task.submission
    empty = Submission(handed_in.student, handed_in.lesson, unreadable=note)
    verdict = grade_submission(None, task.master, empty, task.seed)  # type: ignore[arg-type]
    verdict.status = CRASHED
    return verdict
