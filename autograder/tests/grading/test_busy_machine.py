"""A busy machine costs nobody a point: right submissions, graded beside eight processes that never pause."""

import contextlib
import functools
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder import bank, course
from autograder.bench.generated_class import pool
from autograder.build.notebook import checked
from autograder.grading.class_folder import CONFIG, ClassFolder
from autograder.grading.run.worker import Task, once_more
from autograder.grading.sample.sample_class import SampleStudent, submission
from autograder.grading.sandbox.process import Sandbox
from autograder.grading.submission import session
from autograder.grading.submission.master import master
from autograder.grading.submission.reading import Submission, read_cells
from autograder.grading.submission.session import Budget
from autograder.grading.submission.verdict import Verdict, grade_submission
from autograder.tests.grading.stock import points

LESSON = "04-softmax"
STUDENTS, BUSY, CORES = 16, 8, 2
# A cell may use half a second of the processor here. Every fourth student's use most of that, and two answers a second
# of their five: on a share of a core that takes longer than a clock on the wall would allow.
CELL_SECONDS = "0.5"
SPEND = (
    "import time\nbusy_until = time.process_time() + {}\nwhile time.process_time() < busy_until:\n    pass\n"
)
THINKS = "def softmax_partial(p, i, j):\n    think()\n    return p[i] * ((i == j) - p[j])"
ONCE = "def think(left=[1]):\n    while left:\n        left.clear()\n{}"


def answers(number: int) -> dict[str, str]:
    """Right answers of many hands; what is slow among them is right all the same."""
    draw = random.Random(number)
    code = {each.name: draw.choice(pool(each).right) for each in bank.of_lesson(LESSON)}
    if number % 4 == 0:
        code["softmax"] = SPEND.format(0.3) + code["softmax"]
    if number in (1, 2):
        spend = "".join(f"        {line}\n" for line in SPEND.format(1).splitlines())
        code["softmax_partial"] = ONCE.format(spend) + THINKS
    return code


@pytest.fixture
def right_class(tmp_path: Path) -> Path:
    """A class folder in which everything that was handed in is right."""
    folder, draft = tmp_path / "class", checked(course.lesson(LESSON))
    source = ClassFolder(folder).master(LESSON)
    source.parent.mkdir(parents=True)
    nbformat.write(draft.source, source)
    shutil.copy(course.ROOT / CONFIG, folder)
    for number in range(STUDENTS):
        who = SampleStudent(f"student-{number:02}", "right", answers(number))
        place = folder / "submitted" / who.name / LESSON
        place.mkdir(parents=True)
        nbformat.write(submission(who, draft), place / f"{LESSON}.ipynb")
    return folder


@contextlib.contextmanager
def busy_machine() -> Iterator[functools.partial[None]]:
    """Eight processes that never pause on at most two cores; yields what puts another process on the same ones."""
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    there = functools.partial(os.sched_setaffinity, 0, cores)
    started: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(BUSY):
            command = [sys.executable, "-S", "-c", "while True: pass"]
            started.append(subprocess.Popen(command, preexec_fn=there))
        yield there
        assert all(each.poll() is None for each in started)
    finally:
        for each in started:
            each.kill()
            each.wait()


@pytest.mark.needs("bubblewrap")
@pytest.mark.timeout(1800)
def test_right_submissions_beside_busy_processes_lose_nothing(right_class: Path) -> None:
    """The walls are proven meanwhile, too: a self-test that a slow machine fails would end the command."""
    command = [sys.executable, "-m", "autograder.cli", "grade", str(right_class), "--seed", "7"]
    command += ["--workers", str(CORES), "--cell-seconds", CELL_SECONDS]
    with busy_machine() as there:
        done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=there)
    assert done.returncode == 0, done.stdout + done.stderr
    journal = ClassFolder(right_class).journal.read_text(encoding="utf-8").splitlines()
    graded = [entry for entry in map(json.loads, journal) if entry["kind"] == "graded"]
    assert [(each["student"], each["status"], each["notes"]) for each in graded if each["notes"]] == []
    assert {each["status"] for each in graded} == {"graded"}
    full = {f"{each.name}_check": each.points for each in bank.of_lesson(LESSON)}
    found = {
        where: score for where, (score, _) in points(ClassFolder(right_class).url).items() if where[2] in full
    }
    assert len(found) == STUDENTS * len(full)
    assert {where: score for where, score in found.items() if score != full[where[2]]} == {}


@pytest.mark.needs("bubblewrap")
def test_what_was_at_work_when_the_clock_ended_it_gets_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that gives an answer a moment, and then nothing for a while. What only waits gets no longer."""
    monkeypatch.setattr(session, "on_the_wall", lambda seconds: 3 if seconds < 30 else 60)
    draft = checked(course.lesson(LESSON))
    task = Task(master(LESSON, draft.source), Submission("ada", LESSON), 7, Budget(cell_seconds=5))
    with Sandbox() as sandbox:

        def graded(spent: float, worked: bool) -> Verdict:
            code = {"softmax": SPEND.format(spent) + "time.sleep(3.5)\n" + answers(3)["softmax"]}
            notebook = nbformat.writes(submission(SampleStudent("ada", "right", code), draft))
            handed_in = Submission("ada", LESSON, read_cells(notebook.encode(), []))
            budget = once_more(task, worked).budget
            return grade_submission(sandbox, task.master, handed_in, task.seed, budget)

        found = {
            "worked": graded(0.7, False),
            "only waited": graded(0, False),
            "once more": graded(0.7, True),
        }
    assert {case: (each.status, each.waited, each.worked) for case, each in found.items()} == {
        "worked": ("timed out", True, True),
        "only waited": ("timed out", True, False),
        "once more": ("graded", False, False),
    }
    assert found["once more"].points == sum(each.points for each in bank.of_lesson(LESSON))
