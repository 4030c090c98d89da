"""`pip install .`: the kit alone, with its numbers, in an environment that has nothing else of the course."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from autograder import course

FUNCTION = """
import numpy as np
def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""

# `python -m autograder`, where a finder of an editable installation cannot bring in what the wheel does not have.
AS_A_MODULE = """
import runpy, sys
sys.meta_path[:] = [each for each in sys.meta_path if "editable" not in repr(each).lower()]
runpy.run_module("autograder", run_name="__main__")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from a copy of what git has, without the network."""
    copy = tmp_path_factory.mktemp("copy")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=course.ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        if (
            name.startswith(("autograder/", "data/"))
            and (course.ROOT / name).is_file()
            or name == "pyproject.toml"
        ):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((course.ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        ".",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        "out",
    ]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (copy / "out").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, to stand on the path in the place of the course."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the wheel's content first on its path, so that it and not the checkout is imported."""
    env = os.environ | {"PYTHONPATH": str(installed), "AUTOGRADER_PROGRESS": ""}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_holds_the_kit_and_its_numbers_and_nothing_of_the_instructors(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {Path(name).parts[1] for name in names if name.startswith("autograder/")} == {
        *("__init__.py", "__main__.py", "cli.py", "course.py", "terminal.py"),
        *("kit", "data"),
    }
    for lesson in course.LESSONS:
        assert f"autograder/data/reference/{lesson.name}.json" in names
    assert {"autograder/data/digits.csv.gz", "autograder/kit/explore/parts/widget.js"} <= names


def test_no_part_of_the_kit_is_forgotten() -> None:
    project = tomllib.loads((course.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = {name for name in project["tool"]["setuptools"]["packages"] if name.startswith("autograder.kit")}
    folders = {
        path.parent.relative_to(course.ROOT) for path in (course.ROOT / "autograder" / "kit").rglob("*.py")
    }
    assert listed == {".".join(folder.parts) for folder in folders}


def test_a_notebooks_check_and_pictures_work_with_it(installed: Path, tmp_path: Path) -> None:
    code = FUNCTION + (
        "from autograder import course\n"
        "from autograder.kit import check, explore, load_digits\n"
        f"assert course.REFERENCE_DIR.is_relative_to({str(installed)!r}), course.REFERENCE_DIR\n"
        "print(check('softmax', softmax)); print(load_digits()[0].shape); explore.softmax(softmax)\n"
    )
    done = run(installed, tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    assert "(1797, 64)" in done.stdout
    assert "passed" in done.stdout


def test_check_file_works_with_it(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FUNCTION)
    done = run(installed, tmp_path, "-P", "-c", AS_A_MODULE, "check", "mine.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "softmax" in done.stdout


def test_what_is_the_instructors_is_said_to_be(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-P", "-c", AS_A_MODULE, "grade", "CLASS")
    assert done.returncode == 1
    assert "ask your instructor" in done.stderr
    assert "Traceback" not in done.stderr
