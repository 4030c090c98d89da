"""Points changed afterwards: dropped, full for all, a score for one; with a reason, kept by `grade`, reversible."""

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
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.sample.sample_class import STUDENTS, submission

LESSON = "04-softmax"
pytestmark = pytest.mark.needs("bubblewrap")
# What the checks give: softmax 4, shift_logits 3, ... of 17 and 2 for the written question; see test_nbgrader.
EARNED = {"ada": 17, "emil": 9, "hana": 15.5}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adjust") / "class"
    make_class(folder)
    draft = checked(course.lesson(LESSON))
    for student in (each for each in STUDENTS if each.name in EARNED):
        place = folder / "submitted" / student.name / LESSON
        place.mkdir(parents=True)
        nbformat.write(submission(student, draft), place / f"{LESSON}.ipynb")
    command = [sys.executable, "-m", "autograder.cli", "grade", str(folder), "--seed", "1"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["adjust", str(folder), *arguments])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def scores(folder: Path) -> dict[str, tuple[float, float]]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        return {each.student.id: (each.score, each.max_score) for each in book.assignment_submissions(LESSON)}


def test_every_kind_and_back_again(folder: Path) -> None:
    plain = {student: (score, 19.0) for student, score in EARNED.items()}
    assert scores(folder) == plain

    told = run(folder, LESSON, "softmax", "--full", "--reason", "The text was unclear.", "--dry-run")
    assert "1. softmax: full points for everybody who handed in. The text was unclear." in told
    assert "nothing was written" in told
    assert scores(folder) == plain
    assert run(folder) == "Nothing was adjusted."

    told = run(folder, LESSON, "softmax", "--full", "--reason", "The text was unclear.")
    emil = scores(folder)["emil"][0]
    assert emil > EARNED["emil"]
    assert f"emil: 9 of 19 -> {emil:g} of 19" in told
    assert scores(folder)["ada"] == (17, 19)

    run(folder, LESSON, "softmax_jacobian", "--drop", "--reason", "It was not taught.")
    dropped = scores(folder)
    most = dropped["ada"][1]
    assert most < 19
    assert dropped["ada"] == (17 - (19 - most), most), "what a dropped exercise gave does not count either"
    run(folder, LESSON, "softmax", "--score", "1", "--student", "ada", "--reason", "Copied.")
    assert scores(folder)["ada"][0] == dropped["ada"][0] - 3

    before = scores(folder)
    command = [sys.executable, "-m", "autograder.cli", "grade", str(folder), "--seed", "9", "--regrade"]
    subprocess.run(command, check=True, capture_output=True)
    assert scores(folder) == before, "a regrade keeps what was adjusted"
    page = (folder / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "Changed by your instructor: softmax: 1 points for ada. Copied." in page
    assert "Changed by your instructor: softmax_jacobian: does not count. It was not taught." in page
    assert f"{before['ada'][0]:g} of {most:g} points" in page

    listed = run(folder)
    assert [f"{number}. " in listed for number in (1, 2, 3)] == [True] * 3
    for number in (2, 3, 1):
        run(folder, "--undo", str(number), "--reason", "After all.")
    assert scores(folder) == plain
    assert "taken back. After all." in run(folder)
    done = CliRunner().invoke(app, ["feedback", str(folder)])
    assert done.exit_code == 0, done.output
    assert "Changed by" not in (folder / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()


def test_what_people_gave_beside_it_stays(folder: Path) -> None:
    def grade(book: Gradebook) -> object:
        return book.find_grade("softmax_check", LESSON, LESSON, "emil")

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        grade(book).extra_credit = 0.5  # type: ignore[attr-defined]
        book.db.commit()
    before = scores(folder)["emil"][0]
    run(folder, LESSON, "softmax", "--full", "--reason", "x")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        assert grade(book).score == 4.5  # type: ignore[attr-defined]
        grade(book).manual_score = 3  # type: ignore[attr-defined]
        book.db.commit()
    number = run(folder).rsplit(". ", 5)[0][-1]
    run(folder, LESSON, "softmax", "--full", "--reason", "y")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        assert grade(book).score == 4.5, "a person's score counts as the base"  # type: ignore[attr-defined]
        grade(book).manual_score = None  # type: ignore[attr-defined]
        book.db.commit()
    assert number
    for each in ("5", "4"):
        run(folder, "--undo", each, "--reason", "z")
    assert scores(folder)["emil"][0] == before


@pytest.mark.parametrize("moment", ["before it", "after it"])
def test_a_power_cut_at_the_gradebooks_commit_counts_nothing_twice(
    folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command again finishes what was broken off, and so does taking it back."""
    lasting = ClassGradebook.commit

    def cut(book: ClassGradebook) -> None:
        if moment == "after it":
            lasting(book)
        raise KeyboardInterrupt

    def cut_off(*arguments: str) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(ClassGradebook, "commit", cut)
            CliRunner().invoke(app, ["adjust", str(folder), *arguments])

    before, count = scores(folder), run(folder).count("Cut off.")
    full = (LESSON, "softmax", "--full", "--reason", f"Cut off. {moment}")
    cut_off(*full)
    assert (scores(folder) == before) == (moment == "before it")
    for _ in range(2):
        told = run(folder, *full)
        assert scores(folder)["emil"][0] == before["emil"][0] + 4
        assert scores(folder)["ada"] == before["ada"]
    assert run(folder).count("Cut off.") == count + 1
    number = told.partition(".")[0]
    with (folder / "grading" / "adjustments.jsonl").open("a") as log:
        log.write('{"adjusted": {"number": 9')
    cut_off("--undo", number, "--reason", "After all.")
    for _ in range(2):
        run(folder, "--undo", number, "--reason", "After all.")
        assert scores(folder) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([LESSON, "softmax", "--drop"], "say why, with --reason"),
        ([LESSON, "softmaks", "--drop", "--reason", "x"], "has no exercise 'softmaks'; it has: shift_logits"),
        (["99-other", "softmax", "--drop", "--reason", "x"], "there is no"),
        ([LESSON, "softmax", "--reason", "x"], "say one of --drop, --full and --score"),
        ([LESSON, "softmax", "--score", "5", "--student", "ada", "--reason", "x"], "between 0 and 4 points"),
        ([LESSON, "softmax", "--score", "1", "--reason", "x"], "for one student"),
        ([LESSON, "softmax", "--drop", "--student", "ada", "--reason", "x"], "is for everybody"),
        ([LESSON, "softmax", "--score", "1", "--student", "bo", "--reason", "x"], "no student 'bo'"),
        (["--undo", "77"], "no adjustment 77 that holds"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    folder: Path, arguments: list[str], says: str
) -> None:
    before = scores(folder)
    assert says in run(folder, *arguments, code=2)
    assert scores(folder) == before
