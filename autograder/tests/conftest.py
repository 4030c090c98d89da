"""One JupyterLab and one browser for all tests of a process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from autograder import course

if TYPE_CHECKING:
    from autograder.tests.browser import Browser, Server

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
    """The browser. Where there is none the test is skipped; in CI it fails."""
    if not os.environ.get("CI"):
        pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from autograder.tests import browser as tools

    found = tools.find_chromium()
    if found is None:
        assert not os.environ.get("CI"), "CI needs a browser: install chromium"
        pytest.skip(f"no browser: none of {', '.join(tools.CHROMIUM_NAMES)} is on the PATH")
    with tools.chromium(found) as running:
        yield running


@pytest.fixture(scope="session")
def lab(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """JupyterLab on a copy of the lessons; asks for the browser first, which may be missing."""
    from autograder.tests import browser as tools

    folder = tmp_path_factory.mktemp("lab")
    root = folder / "lessons"
    shutil.copytree(course.LESSONS_DIR, root)
    write_notebook(root / "own.ipynb", OWN)
    with tools.jupyterlab(root, folder / "private") as server:
        yield server


def write_notebook(path: Path, code: str) -> None:
    """A notebook with the cells that stand between the lines of dashes."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in code.split("---")]
    nbformat.write(notebook, path)
