"""`bring`: a student's own passing code comes into the next cell, whole, once, and nothing else does."""

import ast
import importlib
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder import course
from autograder.kit import bring, check
from autograder.kit.earlier import own_code
from autograder.kit.earlier.standing_alone import standing_alone
from autograder.kit.progress import journal
from autograder.kit.sheets import lesson_sheets, names
from autograder.tests.kit.recorded import NAME, new_kernel

RELU = "import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)"
SOFTMAX = [
    "try:\n    from autograder.kit import check, hint\nexcept ModuleNotFoundError:\n    raise",
    "import matplotlib.pyplot as plt\nimport numpy as np\nfrom math import pi, tau",
    "%matplotlib inline\nAXIS = -1\nz = np.array([1.0, 2.0])",
    "this cell is no Python",
    "def shifted(z):\n    # the largest becomes 0\n    return z - np.max(z, axis=AXIS, keepdims=True)",
    "def softmax(z):\n    return z",
    "def softmax(z):\n    e = np.exp(shifted(z))\n    return e / np.sum(e, axis=AXIS, keepdims=True)\nprint(z)",
]
HEAD = "# softmax: my own, from lesson 04-softmax\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the record is kept; the notebook that runs lies in a lesson's folder beside other lessons' folders."""
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    here = tmp_path / "lessons" / "07-forward-pass"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    new_kernel()
    yield tmp_path / "kept" / NAME
    new_kernel()


def write(path: Path, cells: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)


def brought(exercise: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    bring(exercise)
    return capsys.readouterr().out


# ------------------------------------------------------------------------------- what stands alone


def test_what_a_function_uses_comes_along_and_nothing_else() -> None:
    assert standing_alone(SOFTMAX, "softmax") == (
        "import numpy as np\nAXIS = -1\n\n\n"
        "def shifted(z):\n    # the largest becomes 0\n    return z - np.max(z, axis=AXIS, keepdims=True)\n\n\n"
        "def softmax(z):\n    e = np.exp(shifted(z))\n    return e / np.sum(e, axis=AXIS, keepdims=True)"
    )


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        (["from numpy import *", "def f(x):\n    return exp(x)"], ()),
        (["a = 1", "a = 2", "def f(x):\n    return x + a - 1"], ("a = 1",)),
        (["a = 1", "a += 0", "def f(x):\n    return x + a"], ()),
        (["t = {}", "t['a'] = 1", "u = 1", "def f(x):\n    return x + t['a']"], ("u = 1",)),
        (["a = 1\nb = a\na = 9", "def f(x):\n    return x + b"], ("a = 9",)),
        (["from math import sin as s, cos", "def f(x):\n    return s(x) + x"], ("cos",)),
        (["def g(x):\n    return f(x - 1)", "def f(x):\n    return 1 if x < 1 else g(x)"], ()),
        (["class C:\n    k = 1", "def f(x):\n    return [x * C.k for _ in range(2)][0]"], ()),
        (["import functools", "@functools.cache\ndef f(x):\n    return x"], ()),
        (["y = 1", "f = lambda x: x + y"], ()),
        (["n = 0\nfor k in range(3):\n    n = n + k", "def f(x):\n    return x + n"], ()),
        (["def f(x):\n    def h():\n        return K + x\n    return h()", "K = 2"], ()),
    ],
)  # fmt: skip
def test_it_runs_alone_and_answers_as_in_its_notebook(cells: list[str], left_out: tuple[str, ...]) -> None:
    there: dict[str, Any] = {}
    for cell in cells:
        exec(cell, there)
    code, alone = standing_alone(cells, "f"), {}
    exec(code, alone)
    assert alone["f"](1.0) == there["f"](1.0)
    assert not [text for text in left_out if re.search(rf"\b{re.escape(text)}", code)]


def test_where_nothing_defines_it_there_is_nothing() -> None:
    assert standing_alone(["x = 1", "softmax(x)", "def other():\n    softmax = 1"], "softmax") == ""


def test_every_exercise_of_the_course_stands_alone() -> None:
    """Taken out of its solved lesson, each passes its check again, with nothing of the kit."""
    for lesson in course.LESSONS:
        cells = [cell.source for cell in jupytext.read(lesson.source).cells if cell.cell_type == "code"]
        for name in lesson_sheets()[lesson.name]:
            code = standing_alone(cells, name)
            assert own_code._passes(name, code), name
            assert "autograder" not in code


# ------------------------------------------------------------------------- from where it is brought


def test_it_comes_from_the_notebook_where_it_passes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("../04-softmax/04-softmax.ipynb"), [*SOFTMAX, 'check("softmax", softmax)'])
    assert brought("softmax", capsys) == HEAD + standing_alone(SOFTMAX, "softmax") + "\n"


def test_the_code_at_its_check_counts_not_an_experiment_after_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [*SOFTMAX, 'check("softmax", softmax)', "def softmax(z):\n    return 0"]
    write(Path("04-softmax.ipynb"), cells)  # beside it, as in the browser
    assert "return 0" not in brought("softmax", capsys)


def test_what_does_not_pass_is_not_brought_and_no_answer_is_given(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for last in (
        "def softmax(z):\n    return z",
        "def softmax(z):\n    raise NotImplementedError()",
        "1 / 0",
    ):
        write(Path("../04-softmax/04-softmax.ipynb"), [*SOFTMAX[:-1], last])
        said = brought("softmax", capsys)
        assert (
            said
            == "There is no softmax of yours that passes its check: it is exercise 2 of lesson 04-softmax.\n"
        )
    Path("../04-softmax/04-softmax.ipynb").write_text("{")
    assert "no softmax of yours" in brought("softmax", capsys)


def test_a_name_that_no_exercise_has(file: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'softmax'"):
        bring("softmaxx")


def test_nothing_comes_while_a_notebook_is_checked_as_a_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Path("../04-softmax/04-softmax.ipynb"), SOFTMAX)
    for variable in ("NBGRADER_EXECUTION", "AUTOGRADER_CHECK"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, "validate")
            assert (
                brought("softmax", capsys) == "bring writes nothing while a notebook is checked as a whole.\n"
            )
    assert brought("softmax", capsys).startswith(HEAD)


# ------------------------------------------------------------------------------ the store of progress


def test_an_old_record_and_a_new_one_are_both_understood(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from autograder.bank import exercises

    check("relu", exercises()["relu"].reference)
    old = json.loads(file.read_text())
    assert "code" not in old, "a function from elsewhere is not the student's own"
    report = check("relu", exercises()["relu"].reference)
    journal.keep_check(report, code=RELU)
    journal.keep_check(report, code=RELU)
    journal.keep_check(report, code="x" * (journal.LONGEST_CODE + 1))
    with open(file, "a") as out:
        out.write(json.dumps(old | {"code": 7}) + "\n")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row.get("code") for row in rows] == [None, None, RELU, None, None, 7]
    codes = [each.code for each in journal.read().entries if isinstance(each, journal.Checked)]
    assert codes == ["", "", RELU, "", "", ""]
    assert journal.read().unreadable == 0
    assert brought("relu", capsys).endswith(f"\n{RELU}\n")


def test_check_file_keeps_the_code_of_the_students_own_lessons(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from autograder.cli import app

    monkeypatch.setattr(course, "LESSONS_DIR", tmp_path / "lessons")
    own = tmp_path / "lessons" / "a.py"
    own.write_text(RELU + "\nprint(relu(1))\n")
    assert CliRunner().invoke(app, ["check", str(own)]).exit_code == 0
    assert journal.kept_code("relu") == standing_alone([RELU], "relu")


# --------------------------------------------------------------------------------------- in a notebook


def test_in_a_notebook_it_is_written_into_the_next_cell(file: Path, tmp_path: Path) -> None:
    """From the record alone: no notebook of that lesson is there."""
    told: list[list[dict[str, Any]]] = []
    cells = ["from autograder.kit import bring, check", *RELU.split("\n", 1), 'check("relu", relu)']
    cells += ['bring("relu")', 'bring("relu")', 'bring("sigmoid")']
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(
        notebook, timeout=60, kernel_name="python3",
        on_cell_executed=lambda execute_reply, **_: told.append(execute_reply["content"].get("payload", [])),
        resources={"metadata": {"path": str(tmp_path / "lessons" / "07-forward-pass")}},
    ).execute()  # fmt: skip
    code = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)"
    assert json.loads(file.read_text())["code"] == code
    assert [len(each) for each in told] == [0, 0, 0, 0, 1, 0, 0]
    (written,) = told[4]
    assert (written["source"], written["replace"]) == ("set_next_input", False)
    assert written["text"] == f"# relu: my own, from lesson 03-activations\n{code}"
    first, again, other = notebook.cells[-3:]
    assert "in the new cell below" in first.outputs[0].text
    assert "is in this notebook already" in again.outputs[0].text
    link = '<a href="../03-activations/03-activations.ipynb">exercise 1 of lesson 03-activations</a>'
    assert link in other.outputs[0].data["text/html"]


def test_it_is_written_once_and_again_when_its_cell_is_gone(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notebook's file tells, when it was saved after the call; a new kernel asks it too."""
    module = importlib.import_module("autograder.kit.bring")
    written: list[str] = []
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr(module, "shell", lambda: SimpleNamespace(set_next_input=written.append, user_ns={}))
    monkeypatch.setattr(module, "_written", {})
    write(Path("../04-softmax/04-softmax.ipynb"), SOFTMAX)
    this = Path("07-forward-pass.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(this.resolve()))

    def saved(*cells: str) -> None:
        write(this, ['bring("softmax")', *cells])
        os.utime(this, (time.time() + 5,) * 2)

    write(this, ["1"])
    bring("softmax")
    bring("softmax")
    assert len(written) == 1, "not saved since"
    saved(written[0])
    module._written.clear()
    bring("softmax")
    assert len(written) == 1, "a new kernel finds it in the file"
    assert "is in this notebook already" in capsys.readouterr().out
    saved()
    bring("softmax")
    assert len(written) == 2, "the student deleted it"
    assert written[0] == written[1] == HEAD + standing_alone(SOFTMAX, "softmax")


# --------------------------------------------------------------------------------------- in the lessons

CALL = re.compile(r'`bring\("(\w+)"\)`')


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_brings_only_what_an_earlier_one_asked_for(lesson: course.Lesson) -> None:
    """And none of its own cells would take the place of what was brought."""
    notebook = nbformat.read(lesson.notebook, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    offered = set(CALL.findall(text))
    home = {name: other for other, sheets in lesson_sheets().items() for name in sheets}
    assert all(home[name] < lesson.name for name in offered)
    imported = re.search(r"\bbring\b", code[0])
    assert bool(imported) == bool(offered)
    bound = {
        node.id for cell in code for node in ast.walk(ast.parse(cell))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }  # fmt: skip
    assert not bound & offered
    assert not [cell for cell in code if "bring(" in cell], "the student calls it, not the lesson"


def test_it_is_offered_where_earlier_code_is_needed_again() -> None:
    offered = {
        lesson.name[:2]: set(CALL.findall(lesson.notebook.read_text().replace('\\"', '"')))
        for lesson in course.LESSONS
    }
    assert offered["05"] == {"sigmoid"}
    assert offered["08"] == {"forward"}
    assert offered["07"] == offered["09"] == {"relu", "sigmoid", "softmax"}
    assert offered["10"] == {"relu", "sigmoid", "softmax", "backprop"}
    assert set().union(*offered.values()) <= set(names())
