"""A package that the instructor allows is there when a notebook is graded, read-only, and no other is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.build.notebook import checked
from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.errors import GradeFault
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.grading.sandbox import packages
from autograder.grading.sandbox.inside.walls import Limits
from autograder.grading.sandbox.process import Sandbox

LESSON = "04-softmax"


@pytest.fixture(autouse=True)
def no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(packages.VARIABLE, raising=False)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A package in a wheel, which pip installs without a network."""
    path = tmp_path / "allowed_by_us-1.0-py3-none-any.whl"
    about = "allowed_by_us-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("allowed_by_us.py", "def one():\n    return 1.0\n")
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: allowed-by-us\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return path


def ask(source: str) -> dict[str, object]:
    with Sandbox() as sandbox, sandbox.submission(Limits()) as cell:
        return cell.ask({"run": source, "seconds": 20}, 30)


@pytest.mark.needs("bubblewrap")
def test_it_can_be_imported_in_the_sandbox_and_not_written_to(group: Path, wheel: Path) -> None:
    source = "import allowed_by_us\nallowed_by_us.one()"
    assert ask(source)["failed"] == "ModuleNotFoundError"
    said: list[str] = []
    place = packages.allow(group, [str(wheel)], said.append)
    assert place
    assert ask(source)["failed"] is None
    assert ask("import allowed_by_us\nopen(allowed_by_us.__file__, 'a')")["failed"] in (
        "OSError",
        "PermissionError",
    )
    assert ClassFolder(group).packages.read_text() == f"{wheel}\n"
    assert len(said) == 2
    assert packages.allow(group, []) == place, "installed once"
    assert packages.allow(group, [str(wheel)], said.append) == place
    assert len(said) == 2


@pytest.mark.needs("bubblewrap")
def test_grade_takes_it_by_name_and_remembers_it(tmp_path: Path, wheel: Path) -> None:
    folder = tmp_path / "class"
    make_class(folder)
    notebook = submission(STUDENTS[0], checked(course.lesson(LESSON)))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax":
            cell.source = f"import allowed_by_us\n{cell.source}"
    (folder / "submitted" / "ada" / LESSON).mkdir(parents=True)
    nbformat.write(notebook, folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb")

    def points(*options: str) -> float:
        command = [sys.executable, "-m", "autograder.cli", "grade", str(folder), "--regrade", *options]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        line = (folder / "grading" / "class.csv").read_text().splitlines()[1]
        return float(line.split(",")[3])

    assert points() < 17
    assert points("--with", str(wheel)) == 17
    assert points() == 17


def test_what_cannot_be_installed_is_one_sentence_and_not_remembered(group: Path, tmp_path: Path) -> None:
    with pytest.raises(GradeFault, match="could not be installed for the sandbox") as raised:
        packages.allow(group, [str(tmp_path / "not_there-1.0-py3-none-any.whl")])
    assert "\n" not in str(raised.value)
    assert not ClassFolder(group).packages.exists()
    assert packages.VARIABLE not in os.environ
    assert list((group / "grading" / "packages").iterdir()) == []


def test_a_folder_that_is_told_and_not_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(packages.VARIABLE, str(tmp_path))
    with pytest.raises(GradeFault, match="where no packages are"):
        packages.allowed()
