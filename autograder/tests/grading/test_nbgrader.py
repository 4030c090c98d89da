"""The roads through nbgrader: every score of the sample class, feedback, export, formgrader, Validate."""

import csv
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.validator import Validator
from rich.console import Console

from autograder import course
from autograder.build import notebook as build
from autograder.grading.class_folder import make_class
from autograder.grading.sample.demo import run_demo
from autograder.grading.sample.sample_class import LESSONS, STUDENTS, submission
from autograder.grading.settings import put_environment_on_path
from autograder.tests.grading.stock import done, points, stock_api

# Points in the cells that grade themselves, in lessons 03, 04 and 05.
MOST = {"03-activations": 30, "04-softmax": 17, "05-cross-entropy": 28}
TABLE = {
    "ada": (30, 17, 28),
    "bruno": (30, 17, 28),
    # sigmoid 4, its slope 4, relu 3, its slope 3; shift_logits 3, softmax 4; three times 4
    "chen": (14, 7, 12),
    # 1.5 for huge arguments in each of sigmoid, its slope, tanh and softplus; 1 in softmax and its Jacobian;
    # 1.5 in log_softmax, 2 in the loss and 1 in the delta that build on it
    "dara": (24, 15, 23.5),
    # softplus; softmax and the Jacobian built on it; cross_entropy
    "emil": (26, 9, 24),
    "fatima": (26, 9, 24),
    # one sample is right without the mean: 1 of 3, 1 of 4, 1 of 5
    "goran": (30, 17, 19),
    # 0.5 for the argument in relu; in shift_logits and both that build on it; in log_softmax and both
    "hana": (29.5, 15.5, 26.5),
    "ivan": (30, 17, 28),
    "jun": (0, 0, 0),
    # tanh_derivative, softmax_backward, cross_entropy lost whole
    "kofi": (26, 13, 24),
    # relu_derivative, softmax_partial, cross_entropy_gradient lost whole
    "lena": (27, 15, 25),
}


in_the_sandbox = pytest.mark.needs("bubblewrap")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, bool]:
    """The graded sample class: its folder, what the demo printed, and whether it found every score right."""
    folder = tmp_path_factory.mktemp("sample") / "class"
    record = Console(record=True, width=160, file=open(os.devnull, "w"))  # noqa: SIM115
    right = run_demo(folder, record, Console(stderr=True))
    return folder, record.export_text(), right


def gradebook_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'gradebook.db'}"


def gradebook(folder: Path) -> Gradebook:
    return Gradebook(gradebook_url(folder))


def test_the_demo_finds_every_score_right(sample: tuple[Path, str, bool]) -> None:
    _, printed, right = sample
    assert right, printed
    for student in STUDENTS:
        assert re.search(rf"│ {student.name} ", printed)


def test_the_table_is_right_line_by_line(sample: tuple[Path, str, bool]) -> None:
    folder, printed, _ = sample
    with gradebook(folder) as book:
        for student in STUDENTS:
            points = tuple(book.find_submission(lesson, student.name).score for lesson in MOST)
            assert points == TABLE[student.name], student.name
            line = next(line for line in printed.splitlines() if line.startswith(f"│ {student.name} "))
            cells = [cell.strip() for cell in line.strip("│").split("│")]
            assert tuple(map(float, cells[2:5])) == points


def test_a_solved_notebook_has_100_percent_and_an_untouched_one_exactly_0(
    sample: tuple[Path, str, bool],
) -> None:
    folder, _, _ = sample
    with gradebook(folder) as book:
        for lesson, most in MOST.items():
            solved = book.find_submission(lesson, "ada")
            assert (solved.code_score, solved.max_code_score) == (most, most)
            assert solved.needs_manual_grade
            written = book.find_grade("written_question", lesson, lesson, "ada")
            written.manual_score = written.max_score
            book.db.commit()
            assert book.find_submission(lesson, "ada").score == solved.max_score == most + 2
            untouched = book.find_submission(lesson, "jun")
            assert untouched.score == 0
            assert not untouched.needs_manual_grade


def test_feedback_says_the_sentence_and_no_hidden_number(sample: tuple[Path, str, bool]) -> None:
    folder, _, _ = sample
    page = (folder / "feedback" / "emil" / "04-softmax" / "04-softmax.html").read_text(encoding="utf-8")
    assert "Without the exponential it is no softmax" in page
    shown = re.sub(r"<[^>]+>", " ", page)
    assert "expected [" not in shown
    assert "returned [" not in shown


def test_export_writes_every_grade(sample: tuple[Path, str, bool]) -> None:
    folder, _, _ = sample
    nbgrader(folder, "export")
    with open(folder / "grades.csv", encoding="utf-8") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    assert len(rows) == len(STUDENTS) * len(MOST)
    assert float(rows["emil", "04-softmax"]["score"]) == TABLE["emil"][1]


def nbgrader(folder: Path, *arguments: str) -> str:
    put_environment_on_path()
    result = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


@in_the_sandbox
def test_the_command_line_road_on_a_fresh_class_folder(tmp_path: Path) -> None:
    """What an instructor types, in a folder that `class` made, on a machine where no gradebook exists yet."""
    folder = tmp_path / "class"
    command = [sys.executable, "-m", "autograder.cli", "class", str(folder)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    nbgrader(folder, "generate_assignment", "04-softmax")
    released = nbformat.read(folder / "release" / "04-softmax" / "04-softmax.ipynb", as_version=4)
    ours = nbformat.read(course.lesson("04-softmax").notebook, as_version=4)
    assert released.cells == ours.cells, "a lesson is exactly what nbgrader's generate_assignment makes"
    handed_in = folder / "submitted" / "ada" / "04-softmax"
    handed_in.mkdir(parents=True)
    draft = build.checked(course.lesson("04-softmax"))
    solved = submission(STUDENTS[0], draft)
    solved.cells = [
        c for c in solved.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "softmax_check"
    ]
    solved.cells.append(nbformat.v4.new_code_cell("import autograder.bank"))
    nbformat.write(solved, handed_in / "04-softmax.ipynb")
    nbgrader(folder, "autograde", "04-softmax")
    kept = nbformat.read(folder / "autograded" / "ada" / "04-softmax" / "04-softmax.ipynb", as_version=4)
    assert kept.cells[-1].outputs[0].ename == "ModuleNotFoundError", (
        "nbgrader's own command grades in the sandbox"
    )
    nbgrader(folder, "generate_feedback", "04-softmax")
    assert (folder / "feedback" / "ada" / "04-softmax" / "04-softmax.html").exists()
    with gradebook(folder) as book:
        assert book.find_submission("04-softmax", "ada").score == MOST["04-softmax"], (
            "a deleted check is put back"
        )


ALSO = ("jun", "emil", "hana", "kofi")


def hand_in(folder: Path, lesson: course.Lesson, names: tuple[str, ...]) -> None:
    draft = build.checked(lesson)
    for student in (student for student in STUDENTS if student.name in names):
        place = folder / "submitted" / student.name / lesson.name
        place.mkdir(parents=True)
        nbformat.write(submission(student, draft), place / f"{lesson.name}.ipynb")


@in_the_sandbox
@pytest.mark.timeout(3600)
def test_grade_and_stock_nbgrader_give_the_same_points(tmp_path: Path) -> None:
    """Every lesson solved, one untouched, with slips and with a syntax error too, cell by cell, from the same seed.

    Here every lesson is untouched too.
    """
    by_stock, by_us = tmp_path / "stock", tmp_path / "ours"
    make_class(by_stock)
    for lesson in course.LESSONS:
        hand_in(by_stock, lesson, ("ada", *(ALSO if lesson.name == "04-softmax" else ())))
    shutil.copytree(by_stock, by_us)
    for lesson in course.LESSONS:
        if lesson.name != "04-softmax":
            hand_in(by_us, lesson, ("jun",))
    with stock_api(by_stock, seed=5) as api:
        for lesson in course.LESSONS:
            done("generating", api.generate_assignment(lesson.name))
            done("autograding", api.autograde(lesson.name, "*"))
    command = [sys.executable, "-m", "autograder.cli", "grade", str(by_us), "--seed", "5"]
    subprocess.run(command, check=True, capture_output=True)
    stock, ours = points(gradebook_url(by_stock)), points(gradebook_url(by_us))
    assert {which: ours[which] for which in stock} == stock
    with gradebook(by_us) as book:
        for lesson in course.LESSONS:
            solved = book.find_submission(lesson.name, "ada")
            assert solved.code_score == solved.max_code_score > 10
            assert book.find_submission(lesson.name, "jun").score == 0


@pytest.fixture(scope="module")
def server(
    sample: tuple[Path, str, bool], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """A Jupyter server on the class folder, as `lab --folder` opens it: its address and token."""
    token, home = secrets.token_hex(8), tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "autograder.cli", "lab", "--folder", str(sample[0])),
        *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--IdentityProvider.token={token}",
    ]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with open(home / "log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield f"http://127.0.0.1:{port}", token
        finally:
            process.terminate()
            process.wait(30)


def get(server: tuple[str, str], path: str, data: bytes | None = None) -> object:
    address, token = server
    request = urllib.request.Request(f"{address}/{path}", data, {"Authorization": f"token {token}"})
    for _ in range(120):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise TimeoutError(f"no answer from {address}/{path}")


def test_formgrader_shows_the_class(server: tuple[str, str]) -> None:
    assignments = {each["name"]: each for each in get(server, "formgrader/api/assignments")}  # type: ignore[attr-defined]
    for lesson, most in MOST.items():
        assert assignments[lesson]["num_submissions"] == len(STUDENTS)
        assert assignments[lesson]["max_code_score"] == most
    handed_in = {each["student"]: each for each in get(server, "formgrader/api/submissions/05-cross-entropy")}  # type: ignore[attr-defined]
    assert handed_in["goran"]["score"] == TABLE["goran"][2]
    assert handed_in["goran"]["needs_manual_grade"]


@in_the_sandbox
def test_formgraders_autograde_button_grades_in_the_sandbox(
    server: tuple[str, str], sample: tuple[Path, str, bool]
) -> None:
    place = sample[0] / "submitted" / "zoe" / "04-softmax"
    place.mkdir(parents=True)
    notebook = submission(STUDENTS[0], build.checked(course.lesson("04-softmax")))
    notebook.cells.append(nbformat.v4.new_code_cell("import autograder.bank"))
    nbformat.write(notebook, place / "04-softmax.ipynb")
    told = get(server, "formgrader/api/submission/04-softmax/zoe/autograde", b"")
    assert told["success"], told
    kept = nbformat.read(sample[0] / "autograded" / "zoe" / "04-softmax" / "04-softmax.ipynb", as_version=4)
    assert kept.cells[-1].outputs[0].ename == "ModuleNotFoundError"
    with gradebook(sample[0]) as book:
        assert book.find_submission("04-softmax", "zoe").score == MOST["04-softmax"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_validate_says_what_it_should(lesson: course.Lesson, tmp_path: Path) -> None:
    """What JupyterLab's Validate button runs."""
    draft = build.checked(lesson)
    validator = Validator()
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(submission(STUDENTS[0], draft), path)
    assert validator.validate(str(path)) == {}
    nbformat.write(draft.student, path)
    *failed, written = validator.validate(str(path))["failed"]
    assert written["error"] == "You did not provide a response."
    assert len(failed) == len(draft.exercises)
    for each in failed:
        assert len(each["source"].splitlines()) == 1
        assert "is not written yet" in each["error"]
        assert "Traceback" not in each["error"]


def test_validate_tells_the_slip(tmp_path: Path) -> None:
    lesson = course.lesson("04-softmax")
    emil = next(student for student in STUDENTS if student.name == "emil")
    path = tmp_path / "04-softmax.ipynb"
    nbformat.write(submission(emil, build.checked(lesson)), path)
    failed = Validator().validate(str(path))["failed"]
    assert any("Without the exponential it is no softmax" in each["error"] for each in failed)
