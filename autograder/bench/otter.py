"""The same assignments for Otter-Grader: its test files, its autograder archives, its notebooks.

Otter stands in an environment of its own. What it grades is equal: the same cells, the same number of checks, the
same points; each check asks the function the bank's fixed cases. Its test cases use the kit's `run_calls` and
`judge`, so that partial points agree too, and leave out what only names slips.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import bank, course
from autograder.bench.measure import BenchError, Cost, measured
from autograder.kit.sheet import Sheet
from autograder.start import sets

VERSION = "7.0.0"
LOOP = Path(__file__).with_name("otter_loop.py")

# As `otter assign` writes test files whose cases raise exceptions.
TEST_HEAD = """\
import functools
import json

from otter.test_files import test_case

from autograder.kit.judge import judge
from autograder.kit.sheet import Sheet
from autograder.kit.run import run_calls

OK_FORMAT = False

name = {name!r}
points = None

SHEET = Sheet.from_json(name, json.loads({sheet!r}))


@functools.cache
def results(function):
    return judge(SHEET, run_calls(function, SHEET.calls, SHEET.seconds), show_numbers=False).results
"""
TEST_CASE = """

@test_case(name={title!r}, points={points!r}, hidden=False)
def case_{index}({name}):
    result = results({name})[{index}]
    assert result.passed, result.sentence
"""
FIRST_CELL = 'import otter\ngrader = otter.Notebook("{lesson}.ipynb")'


def _json(sheet: Sheet) -> str:
    return json.dumps(replace(sheet, misconceptions=()).to_json())


def test_file(sheet: Sheet) -> str:
    """The Otter test file of an exercise: a case for every sub-check, with its points."""
    head = TEST_HEAD.format(name=sheet.exercise, sheet=_json(sheet))
    cases = [
        TEST_CASE.format(title=each.name, points=each.points, name=sheet.exercise, index=index)
        for index, each in enumerate(sheet.sub_checks)
    ]
    return head + "".join(cases)


def notebook(handed_in: NotebookNode, lesson: str) -> NotebookNode:
    """The submission as Otter's students have it: `grader.check` where ours has `check`, and Otter's first cell."""
    made = nbformat.from_dict(json.loads(json.dumps(handed_in)))
    for cell in made.cells:
        about = cell.metadata.pop("nbgrader", {})
        if cell.cell_type == "code" and about.get("grade") and not about.get("solution"):
            cell.source = f'grader.check("{about["grade_id"].removesuffix("_check")}")'
    made.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL.format(lesson=lesson), id="otter-first"))
    return made


def environment() -> dict[str, str]:
    """What Otter's processes need on top: the kit, and no record of progress."""
    return {"PYTHONPATH": str(course.ROOT), "AUTOGRADER_PROGRESS": ""}


def archive(lesson: str, python: str, folder: Path) -> Path:
    """Makes the lesson's autograder archive in a new folder with `otter generate`; returns its path."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for each in bank.of_lesson(lesson):
        (tests / f"{each.name}.py").write_text(test_file(each.sheet()), encoding="utf-8")
    made = folder / "autograder.zip"
    measured([python, "-m", "otter", "generate", "-t", str(tests), "-o", str(made)], folder, environment())
    return made


def grade(notebooks: Sequence[Path], made: Path, python: str, folder: Path) -> tuple[Cost, list[float]]:
    """Grades notebooks one after the other without containers; returns the cost and the scores in their order."""
    command = [python, str(LOOP), str(made), *map(str, notebooks)]
    cost, said = measured(command, folder, environment())
    return cost, [float(score) for score in json.loads(said.strip().splitlines()[-1])]


def find_python(given: str | None, cache: Path) -> str:
    """The Python that has Otter-Grader: the given one, or that of an environment made in the cache folder.

    Raises BenchError if the given one has no Otter, or the environment cannot be made.
    """
    if given:
        if not shutil.which(given):
            raise BenchError(f"there is no Python {given}")
        if subprocess.run([given, "-c", "import otter.api"], capture_output=True, check=False).returncode:
            raise BenchError(f"{given} cannot import otter: name a Python that has otter-grader[grading]")
        return given
    place = home(cache)
    python = place / "bin" / "python"
    if not (place / "complete").exists():
        cache.mkdir(parents=True, exist_ok=True)
        pins = [f"{each.name}=={each.version}" for each in sets.needed("student")]
        measured([sys.executable, "-m", "venv", "--clear", str(place)], cache)
        pip = [str(python), "-m", "pip", "install", "-q", f"otter-grader[grading]=={VERSION}", *pins]
        measured(pip, cache, {"PYTHONPATH": ""})
        (place / "complete").touch()
    return str(python)


def home(cache: Path) -> Path:
    """The folder of Otter's environment in the cache folder, of this version and this Python's."""
    return cache / f"otter-{VERSION}-python-{sys.version_info.major}.{sys.version_info.minor}"


def cache_folder() -> Path:
    """Where the bench keeps Otter's environment: a folder of the user's, outside the project."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "autograder-bench"
