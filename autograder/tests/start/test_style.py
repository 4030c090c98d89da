"""ruff and the type checker have nothing to say."""

import re
import subprocess
import sys

import pytest

from autograder import course


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "autograder"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_nothing_to_complain_about(command: tuple[str, ...]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=course.ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of the machine it was written on, no registry's host."""
    listed = subprocess.run(["git", "ls-files"], cwd=course.ROOT, capture_output=True, text=True, check=False)
    # The words are put together here, or this file would find itself.
    forbidden = re.compile(
        "|".join(["/work/" + "main", "\\.\\./" + "shared", "pypi\\." + "org", "pythonhosted" + "\\.org"])
    )
    for name in listed.stdout.split("\n"):
        path = course.ROOT / name
        if name and path.suffix in (".py", ".md", ".txt", ".toml", ".ipynb", ".js", ".css", ""):
            assert not forbidden.search(path.read_text(encoding="utf-8")), name
