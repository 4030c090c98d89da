"""The bench of answers: what it counts, and that it takes any file of that form."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.bench import answers

RIGHT = "import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n"
WRONG = "import numpy as np\ndef relu(x):\n    return np.minimum(x, 0)\n"
ONLY_BELOW_A_MILLION = "import numpy as np\ndef relu(x):\n    return np.maximum(x, 0) + (np.abs(x) > 1e250)\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.json"
    rows = [
        {"exercise": "relu", "kind": kind, "label": label, "source": source}
        for kind, label, source in [
            ("right", "maximum", RIGHT),
            ("wrong", "minimum", WRONG),
            ("wrong", "far out", ONLY_BELOW_A_MILLION),
            ("right", "does not run", "relu = ("),
        ]
    ]
    path.write_text(json.dumps(rows))
    return path


def test_what_passes_and_what_loses_is_counted(file: Path) -> None:
    found = answers.judge_all(answers.read([file]), seeds=1, workers=1, console=Console(quiet=True))
    assert [(each.passed, each.lost) for each in found] == [(2, 0), (0, 2), (2, 0), (0, 1)]
    assert found[1].told
    assert "SyntaxError" in found[3].fault


def test_the_command_prints_the_table_and_lists_the_offenders(file: Path) -> None:
    import typer

    app = typer.Typer()
    app.command()(answers.main)
    run = CliRunner().invoke(app, [str(file), "--seeds", "0", "--list", "passed", "--workers", "1"])
    assert run.exit_code == 0, run.output
    assert "relu: wrong: far out   passes 1, loses 0" in run.output
    assert "1 (50%)" in run.output
    assert max(map(len, run.output.split("pass: ")[1].splitlines())) <= 80


def test_a_file_of_another_form_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"exercise": "relu"}]')
    with pytest.raises(ValueError, match=r"x\.json is no file of answers"):
        answers.read([tmp_path / "x.json"])
