"""A record of progress of its own for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.kit.progress import journal
from autograder.tests.kit.recorded import NAME, new_kernel


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the record is kept, as a kernel finds it that has just started."""
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    new_kernel()
    yield tmp_path / "kept" / NAME
    new_kernel()
