"""Gradebooks for the tests of what leaves them."""

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.tests.grading.books import copied, fill


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with nothing in it, to be copied: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def url(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gradebook of two lessons and five students, to be read only."""
    url = copied(empty, tmp_path_factory.mktemp("book"))
    fill(url)
    return url
