"""`check FILE...`: files of every sort, in a process that cannot take the checker down."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

RIGHT_RELU = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n"
RIGHT_TANH = "\n\ndef tanh_derivative(x):\n    return 1 - np.tanh(x) ** 2\n"


def check(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder.cli", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)


def rows(result: subprocess.CompletedProcess) -> dict[str | None, dict]:
    return {row["exercise"]: row for row in json.loads(result.stdout)}


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str, name: str = "answers.py") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("options", [(), ("--fresh",), ("--fresh", "--seed", "4")])
def test_right_answers_pass_with_exit_code_0(file, options: tuple) -> None:
    result = check(file(RIGHT_RELU), *options)
    assert result.returncode == 0, result.stderr
    assert "relu: 3 of 3 points" in result.stdout


def test_json_is_a_list_with_an_object_an_exercise(file) -> None:
    path = file(RIGHT_RELU + "\n\ndef softmax(z):\n    return z / z.sum(axis=-1, keepdims=True)\n")
    result = check(path, "--json")
    assert result.returncode == 1
    found = rows(result)
    assert set(found) == {"relu", "softmax"}
    wrong = found["softmax"]
    assert wrong["file"] == str(path)
    assert 0 <= wrong["earned"] < wrong["points"]
    missed = [each for each in wrong["sub_checks"] if not each["passed"]]
    assert {"name", "passed", "message", "misconception"} <= set(missed[0])
    assert missed[0]["misconception"] == "divides_without_exponential"
    assert "no softmax" in missed[0]["message"]
    assert found["relu"]["earned"] == found["relu"]["points"] == 3


def test_a_file_that_cannot_be_imported_is_reported_and_the_others_go_on(file) -> None:
    broken = file("def softmax(z):\n    return (\n", "broken.py")
    result = check(broken, file(RIGHT_RELU), "--json")
    assert result.returncode == 1
    found = rows(result)
    assert found["relu"]["earned"] == 3
    assert "SyntaxError in line 2" in found[None]["error"]
    assert "broken.py" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module\n", "ModuleNotFoundError"),
        ("raise SystemExit(0)\n", "SystemExit"),
        ("import os\nos._exit(0)\n", "the process ended"),
        ("x = 1\n", "no function"),
        ("input()\n", "input()"),
    ],
)
def test_what_does_not_run_is_said(file, text: str, said: str) -> None:
    result = check(file(text))
    assert result.returncode == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_files_that_are_none(file, tmp_path: Path) -> None:
    assert "there is no file" in check(tmp_path / "nothing.py").stderr
    assert "neither a .py nor an .ipynb" in check(file("x", "notes.txt")).stderr
    assert "cannot be read" in check(file("{", "broken.ipynb")).stderr
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    assert "cannot be read" in check(tmp_path / "latin.py").stderr


def test_a_function_that_ends_the_process_costs_no_other_its_points(file) -> None:
    text = RIGHT_RELU + RIGHT_TANH + "\n\ndef softplus(x):\n    import os\n    os.kill(os.getpid(), 11)\n"
    result = check(file(text), "--json")
    found = rows(result)
    assert found["relu"]["earned"] == 3
    assert found["tanh_derivative"]["earned"] == found["tanh_derivative"]["points"]
    assert found["softplus"]["earned"] == 0
    assert "softplus" in result.stderr


def test_an_endless_loop_is_ended_and_the_others_go_on(file) -> None:
    found = rows(check(file("def sigmoid(x):\n    while True:\n        pass\n" + RIGHT_RELU), "--json"))
    assert found["sigmoid"]["earned"] == 0
    assert "not done after" in found["sigmoid"]["sub_checks"][0]["message"]
    assert found["relu"]["earned"] == 3


def test_a_file_s_prints_do_not_spoil_the_json(file) -> None:
    text = "print('[')\n" + RIGHT_RELU.replace("    return", "    print('x')\n    return") + "\nprint('}')\n"
    assert rows(check(file(text), "--json"))["relu"]["earned"] == 3


def test_a_file_may_use_what_lies_beside_it_and_two_files_do_not_meet(file, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import numpy as np\ndef clip(x):\n    return np.maximum(x, 0)\n")
    first = file("from mine import clip\ndef relu(x):\n    return clip(x)\n", "first.py")
    second = file("def relu(x):\n    return clip(x)\n", "second.py")
    both = json.loads(check(first, second, "--json").stdout)
    assert [row["earned"] for row in both] == [3, 0]


def test_a_notebook_is_checked_cell_by_cell(tmp_path: Path) -> None:
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Mine"),
            new_code_cell("%matplotlib inline\nimport numpy as np\nfrom autograder.kit import check"),
            new_code_cell("def softmax(z:\n    pass"),
            new_code_cell("def relu(x):\n    return np.maximum(x, 0)\n\ncheck('relu', relu)"),
        ]
    )
    path = tmp_path / "mine.ipynb"
    nbformat.write(notebook, path)
    result = check(path, "--json")
    found = rows(result)
    assert found["relu"]["earned"] == 3
    assert "cell 3" in result.stderr


def test_bad_options_are_named(file) -> None:
    assert check(file(RIGHT_RELU), "--seed", "3").returncode == 2
    assert check().returncode == 2
    assert check(file(RIGHT_RELU), "--fresh", "--seed", "-1").returncode == 2


def test_fresh_cases_repeat_with_their_seed(file) -> None:
    path = file("def softmax(z):\n    return z\n")
    first, second = (check(path, "--fresh", "--seed", 8).stdout for _ in range(2))
    assert first == second != check(path, "--fresh", "--seed", 9).stdout
