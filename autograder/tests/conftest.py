"""What holds for all tests: nothing they check is kept as progress, and the mutants are counted at the end."""

import os
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder.kit.journal import VARIABLE

os.environ[VARIABLE] = ""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints what became of the references' mutants: in all, and with -v exercise by exercise."""
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
