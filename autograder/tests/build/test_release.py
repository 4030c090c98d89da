"""What students get: enough to learn and to check, and no answer."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import bank, course
from autograder.build import release


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("release") / "for students"
    command = [sys.executable, "-m", "autograder.cli", "release", str(target)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return target


def in_release(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs a command of the students' copy, and of no other."""
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); import autograder; "
        f"assert autograder.__file__.startswith({str(folder)!r}); "
        "from autograder.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, cwd=folder, check=False,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "HOME": str(folder.parent)},
    )  # fmt: skip


def test_it_holds_lessons_data_kit_and_requirements(folder: Path) -> None:
    there = {path.relative_to(folder).parts[0] for path in folder.iterdir()}
    assert there == {
        "LICENSE",
        "README.md",
        "autograder",
        "data",
        "lessons",
        "pyproject.toml",
        "requirements.txt",
    }
    inside = {path.name for path in (folder / "autograder").iterdir()}
    assert inside == {
        "__init__.py",
        "__main__.py",
        "cli.py",
        "course.py",
        "terminal.py",
        "kit",
        "lab",
        "start",
    }
    for lesson in course.LESSONS:
        assert (folder / "lessons" / lesson.name / f"{lesson.name}.ipynb").exists()


def test_it_holds_no_answer(folder: Path) -> None:
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".py", ".ipynb", ".json", ".md", ".txt", ".toml")
    }
    for path, text in texts.items():
        assert "BEGIN SOLUTION" not in text, path
        assert "BEGIN HIDDEN" not in text, path
        if path.suffix == ".py":
            for exercise in bank.exercises().values():
                parameters = list(inspect.signature(exercise.reference).parameters)
                assert f"def {exercise.name}({parameters[0]}" not in text, path
    assert not any("bank" in path.parts or "solutions" in path.parts for path in texts)


def test_a_student_can_check_there(folder: Path, tmp_path: Path) -> None:
    answers = tmp_path / "mine.py"
    answers.write_text("import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n")
    result = in_release(folder, "check", str(answers))
    assert result.returncode == 0, result.stderr
    assert "relu: 3 of 3 points" in result.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("build",),
        ("release", "x"),
        ("class", "x"),
        ("demo", "x"),
        ("book", "x"),
        ("check", "--fresh", "x.py"),
        ("test",),
    ],
)
def test_what_needs_answers_says_so(folder: Path, command: tuple[str, ...]) -> None:
    result = in_release(folder, *command)
    assert result.returncode == 1
    assert "student's copy" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "x").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(release.NotEmptyError, match="not empty"):
        release.write_release(tmp_path)
    with pytest.raises(release.NotEmptyError, match="is a file"):
        release.write_release(tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"
