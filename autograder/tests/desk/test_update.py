"""A changed exercise in a running class: points, a new one, a removed one; nbgrader itself only refuses."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder import course
from autograder.build.notebook import checked
from autograder.cli import app
from autograder.grading.class_folder import make_class
from autograder.grading.sample.sample_class import STUDENTS, submission

LESSON = "04-softmax"
pytestmark = pytest.mark.needs("bubblewrap")
PARTIAL = ("softmax_partial", "softmax_partial_check")


def run(*arguments: str, code: int = 0) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def update(folder: Path, *options: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["update", str(folder), LESSON, *options])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def score(folder: Path) -> tuple[float, float]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        found = book.find_submission(LESSON, "ada")
        return found.score, found.max_score


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class whose source had one exercise less and another with 9 points, with a graded submission."""
    folder = tmp_path / "class"
    make_class(folder)
    place = folder / "source" / LESSON / f"{LESSON}.ipynb"
    source = nbformat.read(place, as_version=4)
    named = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in source.cells}
    source.cells = [cell for cell in source.cells if cell not in [named[name] for name in PARTIAL]]
    named["softmax_check"].metadata.nbgrader.points = 9
    nbformat.write(source, place)
    (folder / "submitted" / "ada" / LESSON).mkdir(parents=True)
    solved = submission(STUDENTS[0], checked(course.lesson(LESSON)))
    nbformat.write(solved, folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb")
    run("autograder.cli", "grade", str(folder))
    return folder


def test_the_way_of_a_changed_exercise_there_and_back(folder: Path) -> None:
    assert score(folder) == (20, 22)
    old = (folder / "source" / LESSON / f"{LESSON}.ipynb").read_text()

    told = update(folder, "--from-course", "--dry-run")
    assert "softmax_partial_check: new, 2 points" in told
    assert "softmax_check: 9 points before, 4 now" in told
    assert (folder / "source" / LESSON / f"{LESSON}.ipynb").read_text() == old
    assert score(folder) == (20, 22)

    assert "2 changes" in update(folder, "--from-course")
    [kept] = (folder / "source_before" / LESSON).iterdir()
    assert kept.read_text() == old
    assert len(list((folder / "grading" / "gradebook_before").iterdir())) == 1
    run("autograder.cli", "grade", str(folder), "--regrade")
    assert score(folder) == (17, 19)
    assert "0 changes" in update(folder)

    (folder / "source" / LESSON / f"{LESSON}.ipynb").write_text(old)
    refused = run("autograder.cli", "grade", str(folder), "--regrade", code=1)
    assert f"`python3 -m autograder update {folder} {LESSON}`" in refused
    told = update(folder)
    assert "softmax_partial_check: removed, with its 2 points" in told
    run("autograder.cli", "grade", str(folder), "--regrade")
    assert score(folder) == (20, 22)
    nbgrader = [sys.executable, "-m", "nbgrader", "generate_assignment", LESSON, "--force"]
    done = subprocess.run(nbgrader, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_removed_exercise_that_a_person_scored_is_not_lost(folder: Path) -> None:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        book.find_grade("softmax_jacobian_check", LESSON, LESSON, "ada").manual_score = 1
        book.db.commit()
    place = folder / "source" / LESSON / f"{LESSON}.ipynb"
    source = nbformat.read(place, as_version=4)
    gone = ("softmax_jacobian", "softmax_jacobian_check")
    source.cells = [c for c in source.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    nbformat.write(source, place)
    before = score(folder)
    assert "1 students have a score by hand" in update(folder, code=2)
    assert score(folder) == before
