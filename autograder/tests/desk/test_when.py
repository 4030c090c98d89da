"""Due dates, extensions, the time of handing in from Canvas and Moodle, and nbgrader's late-submission plugins."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.build.notebook import checked
from autograder.grading.class_folder import make_class
from autograder.grading.errors import RosterError
from autograder.grading.gradebook.due import WhenError, moment, read_due
from autograder.grading.intake.worksheet import read_worksheet
from autograder.grading.sample.sample_class import STUDENTS, submission

LESSON = "04-softmax"
PLUGIN = """
from nbgrader.plugins import BasePlugin

class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1 + total_seconds_late // 3600
"""


def command(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TZ": "UTC", "COLUMNS": "80"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def use_plugin(folder: Path, name: str = "late_plugin.Hourly") -> None:
    config = folder / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nget_config().AssignLatePenalties.plugin_class = {name!r}\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in Moodle at noon, one of whom Canvas says LATE, one of whom it says nothing; graded, due at no time."""
    root = tmp_path_factory.mktemp("when")
    folder = root / "class"
    make_class(folder)
    (folder / "late_plugin.py").write_text(PLUGIN)
    use_plugin(folder)
    solved = nbformat.writes(submission(STUDENTS[0], checked(course.lesson(LESSON))))
    for name in ("adal_1_10", "bobb_LATE_2_11"):
        (root / "canvas").mkdir(exist_ok=True)
        (root / "canvas" / f"{name}_{LESSON}.ipynb").write_text(solved)
    place = root / "moodle" / "Cy Young_7_assignsubmission_file_"
    place.mkdir(parents=True)
    (place / "x.ipynb").write_text(solved)
    sheet = root / "grades.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Grade,Last modified (submission)\n"
        'Participant 7,Cy Young,cy@x.edu,,"Tuesday, 1 December 2026, 12:00 PM"\n'
    )
    before = os.environ.get("TZ")
    command("intake", str(folder), str(root / "canvas"), str(root / "moodle"), str(sheet))
    assert os.environ.get("TZ") == before
    command("grade", str(folder), "--seed", "1")
    return folder


@pytest.fixture
def utc() -> Iterator[None]:
    """This machine's clock is that of UTC, until the end of a test."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    os.environ.pop("TZ")
    os.environ |= {"TZ": before} if before is not None else {}
    time.tzset()


def scores(folder: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        return {
            each.student.id: each.score - sum(n.late_submission_penalty or 0 for n in each.notebooks)
            for each in book.assignment_submissions(LESSON)
        }


@pytest.mark.needs("bubblewrap")
def test_what_lateness_costs_follows_the_due_date_without_running_code(folder: Path) -> None:
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("autograded/*/*/*.ipynb")}
    assert scores(folder) == {"adal_1": 17, "bobb_2": 17, "Cy_Young": 17}
    told = command("due", str(folder), LESSON, "2026-12-01 09:30", "--dry-run")
    assert "Cy_Young: 17 -> 14, 2.5 hours late" in told
    assert "bobb_2: 17 -> 16, 0.0 hours late" in told
    assert scores(folder)["Cy_Young"] == 17
    assert not (folder / "due.csv").exists()
    assert "Cy_Young: 17 -> 14" in command("due", str(folder), LESSON, "2026-12-01 09:30")
    assert scores(folder) == {"adal_1": 17, "bobb_2": 16, "Cy_Young": 14}
    told = command("due", str(folder), LESSON, "2026-12-01 11:30", "--student", "Cy_Young")
    assert "Cy_Young: 14 -> 16" in told
    command("due", str(folder), LESSON, "2026-12-02", "--student", "Cy_Young")
    assert scores(folder) == {"adal_1": 17, "bobb_2": 16, "Cy_Young": 17}
    assert {path: path.stat().st_mtime_ns for path in folder.glob("autograded/*/*/*.ipynb")} == kept
    command("grade", str(folder), "--seed", "1", "--regrade")
    assert scores(folder) == {"adal_1": 17, "bobb_2": 16, "Cy_Young": 17}
    command("feedback", str(folder))
    assert "after 1 for lateness" in (folder / "feedback" / "bobb_2" / LESSON / f"{LESSON}.html").read_text()
    command("export", str(folder))
    line = next(
        line for line in (folder / "grades.csv").read_text().splitlines() if line.startswith("bobb_2")
    )
    assert ",16," in line
    command("due", str(folder), LESSON, "never")
    assert scores(folder) == {"adal_1": 17, "bobb_2": 17, "Cy_Young": 17}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "ModuleNotFoundError"),
        ("1 +", "SyntaxError"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("class Hourly: pass", "TraitError"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_stops_before_anything_is_written(
    text: str | None, says: str, tmp_path: Path
) -> None:
    from autograder.grading.class_folder import ClassFolder
    from autograder.grading.errors import GradeFault
    from autograder.grading.run.grade import Grading, Options

    name = f"late_{abs(hash(says))}"
    make_class(tmp_path / "class")
    use_plugin(tmp_path / "class", f"{name}.Hourly")
    if text is not None:
        (tmp_path / "class" / f"{name}.py").write_text(text)
    (tmp_path / "class" / "submitted").mkdir()
    with pytest.raises(GradeFault, match="cannot be loaded") as raised, Grading(Options(tmp_path / "class")):
        pass
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not ClassFolder(tmp_path / "class").gradebook.exists()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-12-01", (2026, 12, 1, 23, 59)),
        ("2026-12-01 09:30", (2026, 12, 1, 9, 30)),
        ("2026-12-01T09:30+02:00", (2026, 12, 1, 7, 30)),
    ],
)
def test_times_as_people_write_them(text: str, hour: tuple[int, ...], utc: None) -> None:
    assert moment(text).replace(second=0) == datetime(*hour, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("text", ["", "tomorrow", "1.12.2026", "2026-13-01"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(WhenError, match="write 2026-12-01"):
        moment(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lesson,who\n", "line 1"),
        ("lesson,student,due\n04-softmax,,soon\n", "line 2"),
        ("lesson,student,due\n04-softmax,ada,2026-12-01\n", "not for the others"),
    ],
)
def test_a_broken_file_of_due_dates_is_told_with_its_line(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "due.csv").write_text(text)
    with pytest.raises(WhenError, match=says):
        read_due(tmp_path)


def test_a_worksheet_in_another_language_is_told(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("Identifier,Full name,Last modified (submission)\nTeilnehmer 7,Ada,heute\n")
    with pytest.raises(RosterError, match=r"line 2: 'heute' is no date"):
        read_worksheet(path)
