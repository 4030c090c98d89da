"""Progress: what a student has done is kept and told as it is. `test_progress_on_a_bad_day` has what goes wrong."""

import os
import re
import shutil
import subprocess
import sys
import time
from base64 import b64decode
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder import bank, course
from autograder.kit import check, hint, progress
from autograder.kit.progress import journal
from autograder.kit.progress.picture import picture
from autograder.kit.sheets import lesson_sheets, sheets
from autograder.tests.kit.recorded import EXERCISES, NAME, lines, new_kernel, right, row, seen, wrong

# ------------------------------------------------------------------------------------------ what is kept


def test_each_check_writes_one_line(file: Path) -> None:
    right("softmax")
    earned = wrong("softmax", "one_sum_for_all")
    first, second = lines(file)
    assert first.keys() == {"time", "exercise", "earned", "points"}
    assert (first["exercise"], first["earned"], first["points"]) == ("softmax", 4, 4)
    assert 0 < earned == second["earned"] < 4
    assert abs(time.time() - journal.datetime.fromisoformat(first["time"]).timestamp()) < 60  # type: ignore[attr-defined]


def test_the_best_counts_and_the_last_is_told(file: Path) -> None:
    right("softmax")
    earned = wrong("softmax", "one_sum_for_all")
    assert row("softmax") == {
        "exercise": "softmax", "best": "4", "last": f"{earned:g}", "of": "4", "checks": "2", "hints read": "0",
    }  # fmt: skip
    assert seen().total.earned == 4


def test_hints_are_remembered_and_say_how_many_are_left(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = []
    for _ in range(5):
        hint("softmax_jacobian")
        new_kernel()
        heads.append(capsys.readouterr().out.splitlines()[0])
    assert heads == [
        "Hint 1 of 3 for softmax_jacobian (2 left)",
        "Hint 2 of 3 for softmax_jacobian (1 left)",
        "Hint 3 of 3 for softmax_jacobian (that was the last)",
        "Hint 3 of 3 for softmax_jacobian (that was the last)",
        "Hint 3 of 3 for softmax_jacobian (that was the last)",
    ]
    hint("softmax_jacobian")
    assert len(capsys.readouterr().out.splitlines()) == 4, "those given before stay in sight"
    assert row("softmax_jacobian")["hints read"] == "3"
    hint("softmax")
    assert "Hint 1 of 3" in capsys.readouterr().out


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(journal.VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if sys.platform.startswith("linux"):
        assert journal.path() == tmp_path / ".local" / "share" / "autograder" / NAME
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/not/allowed")
    assert journal.path().is_relative_to(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert journal.path() == tmp_path / "data" / "autograder" / NAME
    monkeypatch.setenv(journal.VARIABLE, "~/mine")
    assert journal.path() == tmp_path / "mine" / NAME
    monkeypatch.setenv(journal.VARIABLE, "beside/it")
    assert journal.path() == course.ROOT / "beside" / "it" / NAME


def test_it_is_nobody_elses_business(file: Path) -> None:
    right("relu")
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0


def test_a_check_is_hardly_slower_for_it(file: Path) -> None:
    report = check("relu", EXERCISES["relu"].reference)
    took = []
    for _ in range(200):
        start = time.perf_counter()
        journal.keep_check(report)
        took.append(time.perf_counter() - start)
    assert sorted(took)[100] < 0.003


# ------------------------------------------------------------------------------------- what is not kept


@pytest.mark.parametrize("mode", ["autograde", "validate"])
def test_nothing_is_kept_while_nbgrader_runs_the_notebook(
    file: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint("softmax")
    monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    before = file.read_bytes()
    right("softmax")
    hint("softmax")
    assert file.read_bytes() == before


def test_it_can_be_switched_off(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(journal.VARIABLE, "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    right("softmax")
    hint("softmax")
    assert list(tmp_path.iterdir()) == []


def test_check_file_keeps_the_students_own_lessons_only(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from autograder.cli import app

    own, other = tmp_path / "lessons", tmp_path / "downloads"
    for folder in (own, other):
        folder.mkdir()
        (folder / "a.py").write_text("import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n")
    monkeypatch.setattr(course, "LESSONS_DIR", own)
    assert CliRunner().invoke(app, ["check", str(other / "a.py")]).exit_code == 0
    assert CliRunner().invoke(app, ["check", "--fresh", str(own / "a.py")]).exit_code == 0
    assert not file.exists()
    assert CliRunner().invoke(app, ["check", str(own / "a.py")]).exit_code == 0
    assert [line["exercise"] for line in lines(file)] == ["relu"]


# ----------------------------------------------------------------------------------------- what is shown


def test_next_is_looked_for_in_the_lesson_worked_on(file: Path) -> None:
    def following() -> tuple[str, str]:
        found = seen().next
        assert found is not None
        return found.lesson, found.exercise

    names = {lesson: list(found) for lesson, found in lesson_sheets().items()}
    first = next(iter(names))
    assert following() == (first, names[first][0])
    right("softmax")
    assert following() == ("04-softmax", "shift_logits")
    for name in names["04-softmax"]:
        right(name)
    assert following() == ("05-cross-entropy", names["05-cross-entropy"][0])
    hint("relu")
    assert following() == ("03-activations", "sigmoid")


def test_when_all_is_complete_it_says_so(file: Path) -> None:
    for name in sheets():
        right(name)
    whole = seen()
    assert whole.next is None
    assert whole.total.earned == whole.total.points == sum(each.points for each in EXERCISES.values())
    assert "Everything is complete." in picture(whole).alt


def drawn(text: str) -> list[float]:
    """The widths of the blue rectangles of an SVG, and of the grey ones they lie in."""
    return [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"[^>]*fill="#0072B2"', text)]


def test_the_picture_its_alt_text_and_its_table_say_the_same(file: Path) -> None:
    right("softmax")
    right("relu")
    partly = wrong("softplus", next(iter(EXERCISES["softplus"].slips)))
    hint("relu")
    html = picture(seen()).html()
    alt = unescape(re.search(r'alt="([^"]*)"', html).group(1))
    earned = {"03-activations": 3 + partly, "04-softmax": 4.0}
    points = {name: sum(e.points for e in bank.of_lesson(name)) for name in lesson_sheets()}
    total = f"{sum(earned.values()):g} of {sum(points.values()):g} points"
    assert f"Your progress: {total}, 2 of {len(EXERCISES)} exercises complete." in alt
    rows = [re.findall(r">([^<]+)</t[hd]>", line) for line in html.split("<tr>")[2:]]
    assert [cells[0] for cells in rows] == [*points, "all"]
    for name, *cells in rows[:-1]:
        assert f"{name} {earned.get(name, 0):g} of {points[name]:g}" in alt
        complete = {"03-activations": "1", "04-softmax": "1"}.get(name, "0")
        hints = "1" if name == "03-activations" else "0"
        many = len(bank.of_lesson(name))
        assert cells == [f"{earned.get(name, 0):g}", f"{points[name]:g}", f"{complete} of {many}", hints]
    assert "Next: sigmoid in lesson 03-activations, not checked yet." in alt
    code = b64decode(re.search(r"base64,([^\"]+)", html).group(1)).decode()
    widths = [3 / points["03-activations"], 4 / points["04-softmax"]]
    if partly:
        widths.insert(0, partly / points["03-activations"])
    assert drawn(code) == pytest.approx([680 * share for share in widths], abs=3)


def test_a_lessons_picture_has_a_bar_for_each_exercise(file: Path) -> None:
    earned = wrong("softmax", "one_sum_for_all")
    alt = picture(seen("04-softmax")).alt
    assert f"softmax {earned:g} of 4, softmax_partial 0 of 2" in alt
    assert "Next: shift_logits in lesson 04-softmax" in alt
    assert drawn(picture(seen("04-softmax")).svg.render()) == pytest.approx([678 * earned / 4], abs=1)
    with pytest.raises(ValueError, match="there is no lesson 'softmax'; there are: .*04-softmax"):
        progress("softmax")


def test_in_a_notebook_it_is_a_picture(file: Path) -> None:
    source = (
        "from autograder.kit import check, progress\nimport numpy as np\n"
        "check('relu', lambda x: np.maximum(x, 0))\nprogress()"
    )
    notebook = new_notebook(cells=[new_code_cell(source)])
    done = NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = [o for o in done.cells[0].outputs if o.output_type == "display_data"]
    assert re.search(r'alt="Your progress: 3 of \d+ points', output.data["text/html"])
    assert output.data["text/plain"].startswith("Your progress: 3 of")
    assert [line["exercise"] for line in lines(file)] == ["relu"]
    nbformat.validate(done)


# --------------------------------------------------------------------------------- the students' own copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from autograder.build.release import write_release

    target = tmp_path_factory.mktemp("students") / "course"
    write_release(target)
    return target


def in_copy(copy: Path, code: str, home: Path) -> str:
    """Runs code with the students' copy of the course, and no other, as a student with that home."""
    guard = f"import autograder; assert autograder.__file__.startswith({str(copy)!r})\n"
    result = subprocess.run(
        [sys.executable, "-c", guard + code],
        capture_output=True, text=True, cwd=copy, check=False,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "HOME": str(home)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


WORK = """
import numpy as np
from autograder.kit import check, hint
check("relu", lambda x: np.maximum(x, 0))
hint("softmax")
"""
SHOW = "import sys; sys.argv[1:] = ['progress']; from autograder.cli import main; main()"


@pytest.mark.skipif(os.name != "posix", reason="sets a home folder by its variable")
def test_a_new_copy_of_the_course_knows_what_was_done_in_the_old(copy: Path, tmp_path: Path) -> None:
    assert not (copy / "autograder" / "bank").exists()
    home = tmp_path / "home"
    home.mkdir()
    in_copy(copy, WORK, home)
    moved = tmp_path / "elsewhere" / "again"
    shutil.copytree(copy, moved)
    shutil.rmtree(moved / "lessons")
    total = sum(exercise.points for exercise in EXERCISES.values())
    for place in (copy, moved):
        shown = in_copy(place, SHOW, home)
        assert f"Your progress: 3 of {total:g} points, 1 of {len(EXERCISES)} exercises complete." in shown
        assert "Next: shift_logits in lesson 04-softmax, not checked yet." in shown
    assert "Hint 2 of 3" in in_copy(moved, "from autograder.kit import hint; hint('softmax')", home)
    assert not list(copy.rglob("*.jsonl"))
