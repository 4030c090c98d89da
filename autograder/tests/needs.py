"""What tests need beyond pip: where it is missing they are skipped, and under CI they fail. One rule for all of it."""

import os

import pytest

from autograder.start.tools import find_tool, how_to_get

WORD = "needs "


def require(*names: str) -> None:
    """Ends the running test unless all of these tools are there."""
    missing = [name for name in names if find_tool(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(
            f"under CI nothing is skipped, and {', '.join(missing)} is missing: {how_to_get(missing)}"
        )
    if missing:
        pytest.skip(WORD + ", ".join(missing))


def summary(reasons: list[str]) -> str:
    """One line about the tests that were skipped for want of a tool; nothing if none was."""
    lists = [
        reason.partition(WORD)[2].split(", ")
        for reason in reasons
        if reason.partition(": ")[2].startswith(WORD)
    ]
    if not lists:
        return ""
    names = sorted({name for each in lists for name in each})
    tests = "1 test was" if len(lists) == 1 else f"{len(lists)} tests were"
    return f"{tests} skipped for want of {', '.join(names)}. To run them, too: {how_to_get(names)}"
