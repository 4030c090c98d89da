"""The command `grade`: broken off and begun again, graded again, by hand too, in PostgreSQL, on a cluster that dies."""

import contextlib
import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.build import notebook as build
from autograder.grading.class_folder import make_class
from autograder.grading.errors import EngineError
from autograder.grading.run.cluster import Cluster
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.tests.grading import postgres
from autograder.tests.grading.stock import points

in_the_sandbox = pytest.mark.needs("bubblewrap")

LESSON = "04-softmax"
POINTS = {"ada": 17, "chen": 7, "dara": 15, "emil": 9, "fatima": 9, "hana": 15.5, "jun": 0, "kofi": 13}
QUICK = ("ada", "chen", "dara", "emil", "fatima", "hana", "jun", "kofi")


@pytest.fixture(scope="module")
def notebooks() -> dict[str, nbformat.NotebookNode]:
    """What each sample student hands in for the softmax lesson, without the one whose loops never end."""
    draft = build.checked(course.lesson(LESSON))
    return {student.name: submission(student, draft) for student in STUDENTS if student.name in QUICK}


@pytest.fixture(scope="module")
def master_class(
    notebooks: dict[str, nbformat.NotebookNode], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A class folder with those submissions, not graded."""
    folder = tmp_path_factory.mktemp("master") / "class"
    make_class(folder)
    for name, notebook in notebooks.items():
        hand_in(folder, name, notebook)
    return folder


@pytest.fixture
def folder(master_class: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(master_class, tmp_path / "class"))


def hand_in(folder: Path, student: str, notebook: nbformat.NotebookNode) -> Path:
    place = folder / "submitted" / student / LESSON
    place.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place / f"{LESSON}.ipynb")
    return place


def command(folder: Path, *options: str) -> list[str]:
    few = [] if "--scheduler" in options else ["--workers", "1"]
    return [sys.executable, "-m", "autograder.cli", "grade", str(folder), *few, *options]


def grade(folder: Path, *options: str, code: int = 0) -> str:
    done = subprocess.run(command(folder, *options), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'gradebook.db'}"


def totals(where: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for (student, _, cell), (score, _) in points(where).items():
        found[student] = found.get(student, 0) + (score or 0 if cell.endswith("_check") else 0)
    return found


def journal(folder: Path) -> list[dict]:
    path = folder / "grading" / "journal.jsonl"
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError):  # a line that was cut short
            found.append(json.loads(line))
    return found


def graded(folder: Path) -> int:
    return sum(line["kind"] == "graded" for line in journal(folder))


@in_the_sandbox
def test_a_class_is_graded_and_everything_of_nbgraders_is_there(folder: Path) -> None:
    said = grade(folder, "--seed", "7")
    assert totals(url(folder)) == POINTS
    assert "8 graded" in said
    for name in POINTS:
        kept = nbformat.read(folder / "autograded" / name / LESSON / f"{LESSON}.ipynb", as_version=4)
        nbformat.validate(kept)
        page = (folder / "feedback" / name / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
        assert f"{POINTS[name]:g} of 19 points" in page
    with (folder / "grading" / "class.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {name: float(row["points of the checks"]) for name, row in rows.items()} == POINTS
    assert "All 8 submissions are graded" in grade(folder)


@in_the_sandbox
def test_feedback_says_the_sentence_and_no_number_of_a_hidden_case(folder: Path) -> None:
    grade(folder, "--student", "emil")
    page = (folder / "feedback" / "emil" / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "Without the exponential it is no softmax" in page
    text = re.sub(r"<[^>]+>", " ", page)
    assert "expected" not in text
    assert "returned [" not in text


@in_the_sandbox
def test_what_is_broken_off_goes_on_to_the_same_gradebook(folder: Path, tmp_path: Path) -> None:
    """Killed without warning in the middle, twice, then let go on: as if it had not been interrupted."""
    for copy in range(6):
        for name in QUICK:
            shutil.copytree(folder / "submitted" / name, folder / "submitted" / f"{name}-{copy}")
    unbroken = Path(shutil.copytree(folder, tmp_path / "unbroken"))
    grade(unbroken, "--seed", "7")
    for _ in range(2):
        process = subprocess.Popen(
            command(folder, "--seed", "7"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        have = len(journal(folder))
        end = time.monotonic() + 120
        while process.poll() is None and len(journal(folder)) < have + 3 and time.monotonic() < end:
            time.sleep(0.02)
        process.kill()
        process.wait()
    assert 0 < graded(folder) < 56, "it was broken off in the middle"
    path = folder / "grading" / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-9])  # the last line cut short, as by a power cut
    assert "seed 7" in grade(folder)
    assert points(url(folder)) == points(url(unbroken))
    assert graded(folder) in (56, 57), "none is recorded twice but the one that was cut"
    for kept in (unbroken / "autograded").rglob("*.ipynb"):
        assert kept.read_text() == (folder / kept.relative_to(unbroken)).read_text()


@in_the_sandbox
def test_ctrl_c_keeps_what_was_graded_and_says_how_to_go_on(folder: Path) -> None:
    for copy in range(4):
        for name in QUICK:
            shutil.copytree(folder / "submitted" / name, folder / "submitted" / f"{name}-{copy}")
    process = subprocess.Popen(
        command(folder, "--seed", "7"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    end = time.monotonic() + 120
    while not graded(folder) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.strip().endswith("the same command goes on from there.")
    assert "Traceback" not in said
    assert 0 < graded(folder) < 40
    grade(folder)
    assert graded(folder) == 40
    assert len(totals(url(folder))) == 40


@in_the_sandbox
def test_what_people_gave_survives_a_regrade(folder: Path) -> None:
    grade(folder, "--student", "ada", "--seed", "7")
    with Gradebook(url(folder)) as book:
        written = book.find_grade("written_question", LESSON, LESSON, "ada")
        assert written.needs_manual_grade
        written.manual_score, written.needs_manual_grade = 1.5, False
        book.find_comment("written_question", LESSON, LESSON, "ada").manual_comment = "Well said."
        book.db.commit()
    assert "No points change." in grade(folder, "--student", "ada", "--regrade")
    with Gradebook(url(folder)) as book:
        assert book.find_submission(LESSON, "ada").score == 17 + 1.5
        assert not book.find_grade("written_question", LESSON, LESSON, "ada").needs_manual_grade
        assert book.find_comment("written_question", LESSON, LESSON, "ada").comment == "Well said."
    page = (folder / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "Well said." in page
    assert "18.5 of 19" in page


@in_the_sandbox
def test_a_dry_run_says_whose_points_change_and_why_and_writes_nothing(
    folder: Path, notebooks: dict[str, nbformat.NotebookNode]
) -> None:
    grade(folder, "--seed", "7")
    hand_in(folder, "ada", notebooks["emil"])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    said = grade(folder, "--dry-run")
    assert "Nothing was written" in said
    assert re.search(r"│ ada +│ 04-softmax +│ 17 +│ 9 +│", said), said
    assert "Without the exponential" in said.replace("\n", " ")
    assert "│ chen" not in said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    said = grade(folder)
    assert "1 submissions to grade, 7 graded before" in said
    assert totals(url(folder)) == POINTS | {"ada": 9}


@in_the_sandbox
def test_per_student_numbers_differ_and_come_again(folder: Path) -> None:
    grade(folder, "--per-student", "--seed", "7")
    seeds = {line["student"]: line["seed"] for line in journal(folder) if line["kind"] == "graded"}
    assert len(set(seeds.values())) == len(POINTS)
    assert totals(url(folder)) == POINTS
    grade(folder, "--per-student", "--seed", "7", "--regrade")
    again = {line["student"]: line["seed"] for line in journal(folder) if line["kind"] == "graded"}
    assert again == seeds


@in_the_sandbox
def test_who_handed_in_nothing_is_told(folder: Path) -> None:
    grade(folder, "--student", "ada")
    with Gradebook(url(folder)) as book:
        book.add_student("zoe")
    said = grade(folder)
    assert re.search(r"│ zoe +│ +not submitted │", said), said


@in_the_sandbox
def test_late_penalties_are_nbgraders(folder: Path, tmp_path: Path) -> None:
    (folder / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Late(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return 2 if total_seconds_late else None\n"
    )
    config = folder / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + f"\nimport sys\nsys.path.insert(0, {str(folder)!r})\n"
        + "get_config().AssignLatePenalties.plugin_class = 'late.Late'\n"
    )
    grade(folder, "--student", "jun")
    with Gradebook(url(folder)) as book:
        book.find_assignment(LESSON).duedate = datetime(2026, 1, 1)
        book.db.commit()
    (folder / "submitted" / "ada" / LESSON / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    grade(folder, "--student", "ada")
    with Gradebook(url(folder)) as book:
        assert book.find_submission(LESSON, "ada").notebooks[0].late_submission_penalty == 2
    page = (folder / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "15 of 19" in page


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--db", "postgresql://nobody@127.0.0.1:1/none"], "cannot be opened"),
        (["--scheduler", "tcp://127.0.0.1:1"], "no Dask scheduler answers"),
        (["--student", "nobody"], "nothing that was asked for"),
    ],
)
@in_the_sandbox
def test_what_cannot_be_is_said_in_a_sentence(folder: Path, options: list[str], sentence: str) -> None:
    said = grade(folder, *options, code=1)
    assert sentence in said
    assert "Traceback" not in said


def test_a_folder_that_is_no_class(tmp_path: Path) -> None:
    assert "there is no folder" in grade(tmp_path / "nowhere", code=1)


@pytest.mark.needs("bubblewrap", "PostgreSQL")
def test_postgresql(folder: Path) -> None:
    with postgres.server() as where:
        grade(folder, "--db", where, "--seed", "7")
        found = where.replace("postgresql://", "postgresql+psycopg://")
        assert totals(found) == POINTS
        assert not (folder / "gradebook.db").exists()
        assert "All 8 submissions are graded" in grade(folder, "--db", where)


@in_the_sandbox
def test_workers_killed_at_random_lose_nothing(
    folder: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    """Worker processes of a real cluster are killed while they grade; their nannies start others."""
    address, (_, *workers) = cluster
    for copy in range(5):
        for name in QUICK:
            shutil.copytree(folder / "submitted" / name, folder / "submitted" / f"{name}-{copy}")
    process = subprocess.Popen(
        command(folder, "--scheduler", address, "--seed", "7"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    chance, killed = random.Random(1), 0
    while process.poll() is None and killed < 4:
        time.sleep(0.2)
        if len(journal(folder)) < 2 + 5 * killed:
            continue
        grading = [
            child
            for worker in workers
            for child in psutil.Process(worker.pid).children()
            if "spawn_main" in " ".join(child.cmdline())
        ]
        if grading:
            chance.choice(grading).kill()
            killed += 1
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert killed >= 1
    assert totals(url(folder)) == {
        name: score
        for each, score in POINTS.items()
        for name in [each, *(f"{each}-{copy}" for copy in range(5))]
    }
    recorded = [line["student"] for line in journal(folder) if line["kind"] == "graded"]
    assert sorted(recorded) == sorted(set(recorded)), "no submission is recorded twice"
    assert all(line["status"] == "graded" for line in journal(folder) if line["kind"] == "graded")


@in_the_sandbox
def test_a_scheduler_that_is_gone_loses_nothing(
    folder: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, (scheduler, *_) = cluster
    for copy in range(15):
        shutil.copytree(folder / "submitted" / QUICK[0], folder / "submitted" / f"{QUICK[0]}-{copy}")
    process = subprocess.Popen(
        command(folder, "--scheduler", address, "--seed", "7"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    while process.poll() is None and not graded(folder):
        time.sleep(0.1)
    os.killpg(scheduler.pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=300)
    before = [line["student"] for line in journal(folder) if line["kind"] == "graded"]
    if len(before) < 15 + len(POINTS):  # else it was done before the scheduler was gone
        assert process.returncode == 1
        assert b"is gone. What was graded is kept" in said.replace(b"\n", b" ")
        assert b"Traceback" not in said
    grade(folder, "--seed", "7")
    recorded = [line["student"] for line in journal(folder) if line["kind"] == "graded"]
    assert sorted(recorded) == sorted([*POINTS, *(f"{QUICK[0]}-{copy}" for copy in range(15))])
    assert totals(url(folder)) == POINTS | {f"{QUICK[0]}-{copy}": POINTS[QUICK[0]] for copy in range(15)}


def test_a_scheduler_that_ends_while_workers_start_is_said(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, (scheduler, *workers) = cluster
    with Cluster(address, walled=False) as engine:
        engine.client.wait_for_workers(len(workers), timeout=60)
        for each in workers:
            os.killpg(each.pid, signal.SIGSTOP)  # none of them answers
        threading.Timer(0.5, os.killpg, (scheduler.pid, signal.SIGKILL)).start()
        with pytest.raises(EngineError, match="is gone. What was graded is kept"):
            engine.prepare()
