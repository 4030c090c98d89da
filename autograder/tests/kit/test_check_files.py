"""`check FILE...`: files of every sort, in a process that cannot take the checker down."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.kit.files import check_file
from autograder.kit.sheets import sheets

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


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("def relu(x):\n    return x", {"relu"}),
        ("relu = softmax = None", {"relu", "softmax"}),
        ("def my_relu(x):\n    return x", set()),
        ("globals()['re' + 'lu'] = abs", {"relu", "softmax"}),
        ("from mine import *", {"relu", "softmax"}),
    ],
)
def test_fresh_cases_are_drawn_of_what_a_file_may_define(
    file, text: str, drawn: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder import bank, cli

    few = {name: bank.exercises()[name] for name in ("relu", "softmax")}
    monkeypatch.setattr(bank, "exercises", lambda: few)
    assert set(cli._fresh_sheets([file(text)], 4, quiet=True)) == drawn


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
    assert "seconds were over" in found["sigmoid"]["sub_checks"][0]["message"]
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


def notebook(path: Path, *cells: str) -> Path:
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    return path


def test_files_as_editors_and_systems_write_them(file, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise ValueError('mine')\n")
    (tmp_path / "nbformat.py").write_text("raise ValueError('mine')\n")
    latin = tmp_path / "latin.py"
    latin.write_bytes(b"# coding: latin-1\n# caf\xe9\n" + RIGHT_RELU.encode())
    later = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    later += "@dataclass\nclass Box:\n    a: float = 0.0\n" + RIGHT_RELU
    book = notebook(tmp_path / "book.ipynb", "%%time\n%%capture out\n" + RIGHT_RELU, "%%bash\nls(", "out.show()",
                    RIGHT_TANH.replace("    return", "    display(x)\n    return"), "display(1)")  # fmt: skip
    book.write_bytes(b"\xef\xbb\xbf" + book.read_bytes())
    long = RIGHT_RELU.replace("(x, 0)", "(x, 0).astype(np.longdouble)")
    result = check(file("\ufeff" + RIGHT_RELU), latin, file(later, "later.py"), file(long, "long.py"), book)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("relu: 3 of 3 points") == 5


def test_a_file_cannot_answer_with_the_bank(file) -> None:
    text = "import sys\nfrom autograder.bank.grade import grade\ngrade('relu', None)\n"
    text += "def relu(x):\n    for name in [n for n in sys.modules if 'bank' in n]:\n        del sys.modules[name]\n"
    text += "    from autograder import bank\n    return bank.exercises()['relu'].reference(x)\n"
    result = check(file(text), "--fresh", "--json")
    assert result.stderr == ""
    assert rows(result)["relu"]["earned"] == 0
    assert "the instructor's" in result.stdout


@pytest.mark.parametrize("forget", [False, True])
def test_a_file_cannot_answer_with_a_picture(file, forget: bool) -> None:
    """What draws the sigmoid knows it. A file may ask for the picture; of what draws it nothing can be imported."""
    text = "import sys\nimport numpy as np\nfrom autograder.kit import explore\n"
    text += "def relu(x):\n    return np.maximum(x, 0)\nexplore.activation('relu', relu)\n"
    text += "def sigmoid(x):\n"
    if forget:
        text += "    for name in [n for n in sys.modules if 'explore' in n]:\n        del sys.modules[name]\n"
    text += "    from autograder.kit.explore.pictures.activation_curve import WINDOWS, _reference\n"
    text += (
        "    value = lambda each: _reference('sigmoid', WINDOWS['sigmoid'], {'x': float(each)}).values[-1]\n"
    )
    text += "    return np.vectorize(value, otypes=[float])(x)\n"
    result = check(file(text), "--fresh", "--json")
    assert result.stderr == ""
    assert rows(result)["relu"]["earned"] == 3
    assert rows(result)["sigmoid"]["earned"] == 0


SAY = """
import json, os
def say(*lines):
    for number in range(3, 8):
        for line in lines:
            try:
                os.write(number, line if isinstance(line, bytes) else json.dumps(line).encode() + b"\\n")
            except OSError:
                pass
"""


def test_nothing_a_process_says_raises_or_costs_other_files(file) -> None:
    forged = [{}, {"value": {"array": ["a"], "dtype": "S4000000000"}}, {"error": ["x"]}, {"error": "E", "detail": 5},
              {"value": {"array": 10**400}}, {"value": {"array": 1.0}, "warned": [5]}]  # fmt: skip
    said = [{"exercise": []}] + [
        {"exercise": "relu", "outcomes": [one] * n} for one in forged for n in range(1, 12)
    ]
    liar = file(f"{SAY}say(b'[' * 200_000 + b'\\n', *{said!r})\nos._exit(0)\n", "liar.py")
    odd = "def relu(x):\n    print('\\x1b[2J')\n    raise ValueError('\\ud800')\n"
    odd += "def sigmoid(x):\n    raise KeyboardInterrupt\n"
    result = check(liar, file(odd, "odd.py"), file(RIGHT_RELU))
    assert "Traceback" not in result.stderr
    assert "wrote into the channel" in result.stderr
    assert "odd.py" not in result.stderr
    assert "\\ud800" in result.stdout
    assert "KeyboardInterrupt" in result.stdout
    assert "\x1b" not in result.stdout
    assert "relu: 3 of 3 points" in result.stdout


FLOOD = (
    "def relu(x):\n    while True:\n        try:\n            while True:\n                say(b'{}\\n')\n"
)
FLOOD += "        except BaseException:\n            pass\n"
LEAVES = "import time\ndef relu(x):\n    if not os.fork():\n        os.setsid()\n        time.sleep(60)\n"
LEAVES += "        os._exit(0)\n    return x * (x > 0)\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("text", "earned"), [(FLOOD, 0), (LEAVES, 3)], ids=["flood", "leaves"])
def test_a_process_that_will_not_end_is_left_in_time(file, text: str, earned: float) -> None:
    start = time.monotonic()
    found = check_file(file(SAY + text), {"relu": sheets()["relu"]})
    assert time.monotonic() - start < 12
    assert [report.earned for report in found.reports] == [earned]


# ------------------------------------------------------------------------- a notebook, each check in its place

RIGHT_SOFTMAX = "def softmax(z):\n    e = np.exp(shifted(z))\n    return e / e.sum(axis=-1, keepdims=True)"
SHIFTED = "def shifted(z):\n    return z - np.max(z, axis=-1, keepdims=True)"


def notebook_of(tmp_path: Path, *cells: str) -> Path:
    """A notebook with these cells; one that begins with "check(" is locked, as a lesson's check cells are."""
    made = [new_code_cell("import numpy as np\nfrom autograder.kit import check")]
    for text in cells:
        made.append(new_code_cell(text))
        if text.startswith("check("):
            name = text.partition('"')[2].partition('"')[0]
            made[-1].metadata["nbgrader"] = {"grade_id": f"{name}_check", "grade": True, "locked": True}
    path = tmp_path / "mine.ipynb"
    nbformat.write(new_notebook(cells=made), path)
    return path


@pytest.mark.parametrize("locked", [True, False], ids=["as handed out", "typed by hand"])
def test_a_helper_that_a_later_cell_defines_does_not_help(tmp_path: Path, locked: bool) -> None:
    asked = 'check("softmax", softmax)' if locked else '# mine\ncheck("softmax", softmax)'
    (report,) = check_file(notebook_of(tmp_path, RIGHT_SOFTMAX, asked, SHIFTED), sheets()).reports
    assert report.earned == 0
    assert "NameError" in report.text()


def test_what_is_defined_after_the_check_does_not_count_and_is_said(tmp_path: Path) -> None:
    spoilt = "def softmax(z):\n    return z"
    cells = (SHIFTED, RIGHT_SOFTMAX, 'check("softmax", softmax)', spoilt)
    (report,) = check_file(notebook_of(tmp_path, *cells), sheets()).reports
    assert report.passed
    assert "defined again after its check cell" in report.text()


def test_a_function_that_is_not_there_when_its_check_comes_has_no_points(tmp_path: Path) -> None:
    cells = ('check("softmax", softmax)', SHIFTED, RIGHT_SOFTMAX)
    (report,) = check_file(notebook_of(tmp_path, *cells), sheets()).reports
    assert report.earned == 0
    assert "there was no function of this name" in report.text()
    assert "was not there yet" in report.text()


def test_a_name_that_is_overwritten_by_a_number_later_still_has_its_line(tmp_path: Path) -> None:
    cells = (SHIFTED, RIGHT_SOFTMAX, 'check("softmax", softmax)', "softmax = softmax(np.zeros(3))")
    (report,) = check_file(notebook_of(tmp_path, *cells), sheets()).reports
    assert report.passed


def test_the_function_to_mend_first_is_named(tmp_path: Path) -> None:
    wrong = "def shift_logits(z):\n    return z - np.min(z, axis=-1, keepdims=True)"
    user = (
        "def softmax(z):\n    e = np.exp(shift_logits(z) * 1.5)\n    return e / e.sum(axis=-1, keepdims=True)"
    )
    _, report = check_file(notebook_of(tmp_path, wrong, user), sheets()).reports
    assert report.exercise == "softmax"
    assert report.notes == ("It uses your `shift_logits`, which does not pass its own check: start there.",)


@pytest.mark.parametrize(
    "name", ["TimeLimitError", "Tampered", "Crashed", "Missing", "MemoryError_", "NotPlainError"]
)
def test_a_student_s_own_exception_is_an_exception_like_others_whatever_its_name(file, name: str) -> None:
    path = file(f"class {name}(Exception):\n    pass\n\n\ndef relu(x):\n    raise {name}('mine')\n")
    (report,) = check_file(path, sheets()).reports
    assert {result.relation for result in report.results} == {"raised_an_error"}
    assert "it raised an error" in report.text()
    assert "mine" in report.text()
