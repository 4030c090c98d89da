"""The bench for many machines: a real cluster, small and asleep; and what its figures say."""

from pathlib import Path

import pytest
import typer
from rich.console import Console
from rich.progress import Progress
from typer.testing import CliRunner

from autograder import bank
from autograder.bench import machines, routes
from autograder.bench.machines import OneClass, Wanted

LESSON = "04-softmax"


def test_one_and_two_sleeping_workers_give_a_table_and_every_submission_is_recorded(tmp_path: Path) -> None:
    wanted = Wanted([LESSON], real=0, submissions=1, sleeping=[1, 2], each=3, seconds=0.01)
    with Progress(disable=True) as bar:
        bar.add_task("", total=wanted.total)
        runs = list(machines.measure(tmp_path, wanted, bar))
    assert [(run.workers, run.submissions) for run in runs] == [(1, 3), (2, 6)]
    most = sum(each.points for each in bank.of_lesson(LESSON))
    for run in runs:
        folder = tmp_path / f"naps-{run.workers}"
        names = [f"student-{number:04}" for number in range(run.submissions + 1)]
        assert routes.recorded(folder) == {(name, LESSON): most for name in names}
        assert len(list(folder.glob("feedback/*/*/*.html"))) == len(names)
    console = Console(width=120)
    with console.capture() as said:
        console.print(machines.table(runs))
    lines = said.get().strip().splitlines()
    assert lines[1].startswith("|---")
    assert [line.split("|")[1].strip() for line in lines] == ["workers", "-" * 9, "1", "2"]


def run(
    workers: int, rate: float, milliseconds: float, busy: float = 0.5, nap: float | None = 0.3
) -> OneClass:
    """100 submissions at so many a second, of which each takes the writer so many milliseconds."""
    return OneClass(workers, nap, 100, 100 / rate, 100 * milliseconds / 1000, busy)


def test_where_the_writer_saturates_is_said() -> None:
    seen = [run(1, 3, 10), run(16, 48, 10), run(32, 92, 10), run(64, 95, 10)]
    assert machines.saturation(seen) == (
        "The writer saturates at about 100 submissions a second: from 32 workers on the writer is what limits."
    )
    assert machines.saturation(seen[:2]) == (
        "The writer saturates at about 100 submissions a second, as many as 34 such workers grade; "
        "it does not limit the 16 that were measured."
    )
    full = [run(1, 3, 10), run(16, 40, 10, busy=0.95), run(32, 40, 10, busy=1)]
    assert machines.saturation(full).endswith("From 16 workers on this machine's cores do.")


def test_a_writer_that_limits_four_sandboxes_is_a_miss() -> None:
    assert machines.misses([run(4, 20, 10, nap=None), run(32, 95, 10)]) == []
    (miss,) = machines.misses([run(4, 95, 10, nap=None)])
    assert miss.startswith("the writer works 95% of the time with 4 workers")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--workers", "1,some"], "--workers takes whole numbers"),
        (["--workers", "65"], "65 workers are too many for one machine"),
        (["--workers", ""], "nothing is to be measured"),
        (["--seconds", "-1"], "--seconds takes a number above 0"),
        (["--seconds", "nan"], "--seconds takes a number above 0"),
        (["--lessons", "04"], "there is no lesson '04'"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(options: list[str], sentence: str) -> None:
    app = typer.Typer()
    app.command()(machines.main)
    result = CliRunner().invoke(app, ["--real", "0", *options])
    assert result.exit_code == 2
    assert sentence in result.output
