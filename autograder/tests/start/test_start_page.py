"""The page that `lab` opens: it is true, it overwrites nothing, and nothing in the course changes for it."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli, course, lab
from autograder.kit.progress import journal, start_page
from autograder.kit.progress.overview import overview
from autograder.kit.sheets import lesson_points, lesson_sheets

LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(autouse=True)
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path / "kept" / f"{course.KEY}.jsonl"


def passed(record: Path, *names: str) -> None:
    record.parent.mkdir(exist_ok=True)
    with open(record, "a") as out:
        for name in names:
            points = lesson_points(name)[1][name]
            row = {"time": "2030-01-01T00:00:00+00:00", "exercise": name, "earned": points, "points": points}
            out.write(json.dumps(row) + "\n")


def page() -> str:
    return start_page.text(overview(journal.read()))


def test_a_beginner_is_sent_to_the_first_lesson() -> None:
    first = course.LESSONS[0]
    assert f"**Begin here:** lesson [{first.name}]({first.name}/{first.name}.ipynb), {first.title}." in page()
    assert "Continue" not in page()


def test_who_comes_back_goes_on_where_they_were(record: Path) -> None:
    passed(record, "sigmoid", "shift_logits")
    shown = page()
    assert "**Continue where you were:** lesson [04-softmax](04-softmax/04-softmax.ipynb)" in shown
    assert "Next is exercise 2, `softmax`." in shown
    total = sum(sheet.points for sheets in lesson_sheets().values() for sheet in sheets.values())
    assert f"of {total:g} points, 2 of " in shown
    points = lesson_points("softmax")[1]
    row = f"| [04-softmax](04-softmax/04-softmax.ipynb): Softmax and its Jacobian | 1 of {len(points)} |"
    assert f"{row} {points['shift_logits']:g} of {sum(points.values()):g} |" in shown


def test_when_all_is_done_it_says_so(record: Path) -> None:
    passed(record, *(name for sheets in lesson_sheets().values() for name in sheets))
    assert "**Everything is complete:**" in page()
    assert page().count("&#10003;") == len(course.LESSONS)


def test_every_link_leads_to_a_file() -> None:
    targets = LINK.findall(page())
    assert len(targets) > len(course.LESSONS)
    assert [target for target in targets if not (course.LESSONS_DIR / target).is_file()] == []


def test_it_is_written_anew_and_what_a_student_wrote_in_it_is_kept(record: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    folder.mkdir()
    path = folder / start_page.NAME
    assert start_page.write(folder) == start_page.NAME
    first = path.read_text()
    passed(record, "softmax")
    start_page.write(folder)
    assert path.read_text() != first
    assert [each.name for each in folder.iterdir()] == [start_page.NAME]
    mine = [path.read_text() + "\nAsk about the temperature.\n", "# My plan\n"]
    for text in mine:
        path.write_text(text)
        start_page.write(folder)
    assert [(folder / f"start.kept-{k}.md").read_text() for k in (1, 2)] == mine
    assert "Continue" in path.read_text()
    assert len(list(folder.iterdir())) == 3


def test_where_it_cannot_be_written_jupyterlab_opens_without_it(record: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    assert start_page.write(tmp_path / "a file") == ""
    record.parent.mkdir()
    record.mkdir()  # a record that cannot be read
    assert start_page.write(tmp_path) == start_page.NAME
    assert "Begin here" in (tmp_path / start_page.NAME).read_text()


def test_git_does_not_see_it() -> None:
    names = ["lessons/start.md", "lessons/start.kept-1.md"]
    found = subprocess.run(
        ["git", "check-ignore", *names], cwd=course.ROOT, capture_output=True, text=True, check=False
    )
    assert found.stdout.split() == names


def test_lab_opens_it_on_the_lessons_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons, other, classroom = (tmp_path / name for name in ("lessons", "other", "class"))
    for folder in (lessons, other, classroom):
        folder.mkdir()
    (classroom / "nbgrader_config.py").write_text("")
    monkeypatch.setattr(course, "LESSONS_DIR", lessons)
    commands: list[list[str]] = []
    monkeypatch.setattr(cli, "_become", commands.append)
    monkeypatch.setattr(cli.os, "chdir", lambda folder: None)
    monkeypatch.setattr(cli.os, "environ", dict(cli.os.environ))
    for folder in (lessons, other, classroom):
        assert CliRunner().invoke(cli.app, ["lab", "--folder", str(folder), "--no-browser"]).exit_code == 0
    option = f"--LabApp.default_url=/lab/tree/{start_page.NAME}"
    assert [option in command for command in commands] == [True, False, False]
    assert commands[0].index(option) < commands[0].index("--no-browser"), "a person's own options come last"
    assert [folder for folder in (lessons, other, classroom) if (folder / start_page.NAME).exists()] == [
        lessons
    ]
    assert lab.options() == [each for each in lab.options() if "default_url" not in each]
