"""What holds for all tests: one JupyterLab and one browser a process, no progress kept, the mutants counted."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from rich.console import Console
from rich.table import Table

from autograder import course
from autograder.kit.progress.journal import VARIABLE
from autograder.start.tools import find_tool
from autograder.tests.needs import require, summary

if TYPE_CHECKING:
    from autograder.bench.browser import Browser, Page, Server

os.environ[VARIABLE] = ""
# Two processes on two cores: threads of the linear algebra would only wait for each other.
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

# What `test --fast` leaves out: whole rooms, files and single tests that take more than some seconds.
SLOW = (
    *("/browser/", "/desk/", "/hostile/", "/hub/test_hub.py", "/site/"),
    *(f"/bank/test_{name}.py" for name in ("bank", "cases", "challenge", "mutants", "right_answers")),
    *(f"/build/test_{name}.py" for name in ("build", "gates", "notebooks", "release")),
    *("/explore/test_explore_batches.py", "/explore/test_every_explorable.py"),
    *(
        f"/grading/test_{name}"
        for name in (
            *(
                "as_in_a_kernel",
                "bad_day",
                "busy_machine",
                "class_folder",
                "grade.py",
                "gradebook_rows",
                "honest",
            ),
            *("nbgrader", "packages", "sandbox", "unpack"),
        )
    ),
    *("/kit/test_check_files.py", "/kit/test_judge_total.py"),
    *("/kit/test_progress.py", "/kit/test_progress_on_a_bad_day.py"),
    *("/start/test_bench.py", "/start/test_lab.py", "/start/test_start.py", "/start/test_start_faults.py"),
    *("/start/test_wheel.py", "test_bench_answers.py", "test_the_kit_holds_no_answers", "[mypy]"),
)

# A notebook of the tests' own, so that these explorables are moved in each way once.
OWN = """
import numpy as np
from autograder.kit import explore
def softmax(z):
    print("noise")
    return np.exp(z) / np.exp(z).sum()
def relu(x):
    raise ValueError("not today")
---
explore.softmax(softmax)
---
explore.activation("relu", relu)
---
explore.cross_entropy(predict=True)
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The browser, for tests that need it."""
    require("chromium", "the font DejaVu")
    from autograder.bench import browser as tools

    found = find_tool("chromium")
    assert found
    with tools.chromium(found) as running:
        yield running


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`test --fast` does not even read slow files, nor those that ask PyTorch, which is not there."""
    if config.getoption("markexpr") != "not slow" or collection_path.suffix != ".py":
        return None
    name = collection_path.as_posix()
    asks_torch = "\nimport torch\n" in collection_path.read_text(encoding="utf-8")
    return True if asks_torch or any(part in name for part in SLOW) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the slow tests, and puts their files first: a long file that starts last would keep one process alone."""
    for item in items:
        if " at 0x" in item.nodeid:  # another address in each process, and pytest-xdist runs nothing
            raise pytest.UsageError(f"{item.nodeid}: give the values a name that stays")
        if any(part in item.nodeid for part in SLOW):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, "/browser/" not in item.nodeid))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test says that it needs is there, or it does not run."""
    for mark in item.iter_markers("needs"):
        require(*mark.args)


@pytest.fixture(scope="session")
def lab(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """JupyterLab on a copy of the lessons; asks for the browser first, which may be missing."""
    from autograder.bench import browser as tools

    folder = tmp_path_factory.mktemp("lab")
    root = folder / "lessons"
    shutil.copytree(course.LESSONS_DIR, root)
    write_notebook(root / "own.ipynb", OWN)
    with tools.jupyterlab(root, folder / "private") as server:
        yield server


@pytest.fixture(scope="session")
def lab_page(lab: "Server", chromium: "Browser") -> Iterator["Page"]:
    """One page for many notebooks, one after the other: JupyterLab takes longer to load than most of them to run."""
    from autograder.bench import browser as tools

    with tools.lab_page(chromium, lab) as page:
        yield page


def write_notebook(path: Path, code: str) -> None:
    """A notebook with the cells that stand between the lines of dashes."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in code.split("---")]
    nbformat.write(notebook, path)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what tests lacked, and prints what became of the references' mutants."""
    skipped = terminalreporter.getreports("skipped")
    if said := summary([each.longrepr[2] for each in skipped if isinstance(each.longrepr, tuple)]):
        terminalreporter.write_sep("=", "not everything was tested")
        terminalreporter.write_line(said)
    _mutants(terminalreporter)


def _mutants(terminalreporter: Any) -> None:
    """In all, and with -v exercise by exercise."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = [value for report in reports for name, value in report.user_properties if name == "mutants"]
    if not rows:
        return
    terminalreporter.section("mutants of the references")
    if terminalreporter.config.get_verbosity() > 0:
        terminalreporter.write_line(_table(rows))
    tried, changing, survivors, left_out = (sum(row[place] for row in rows) for place in range(2, 6))
    share = survivors / changing if changing else 0
    terminalreporter.write_line(
        f"{len(rows)} exercises, {tried} mutants tried, {changing} change an answer; of these {survivors} "
        f"({share:.1%}) have full points. Not tried, over the most for one exercise: {left_out}."
    )


def _table(rows: list[list[Any]]) -> str:
    table = Table("lesson", "exercise")
    for name in ("tried", "change an answer", "pass", "not tried", "seconds"):
        table.add_column(name, justify="right")
    for row in sorted(rows):
        table.add_row(*map(str, row))
    console = Console(width=110)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip()


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """A class folder: as far as an intake looks at it."""
    folder = tmp_path / "class"
    (folder / "source").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("")
    return folder
