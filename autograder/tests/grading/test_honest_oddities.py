"""Honest notebooks as other editors and habits make them: a right answer has full points however it came about."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from autograder import course
from autograder.build import notebook as build
from autograder.grading.class_folder import make_class
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.tests.grading.stock import points

pytestmark = pytest.mark.needs("bubblewrap")

LESSON = "04-softmax"
Notebook = dict[str, Any]
ODD: dict[str, Callable[[Notebook], None]] = {}


def odd(change: Callable[[Notebook], None]) -> Callable[[Notebook], None]:
    ODD[change.__name__] = change
    return change


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def place(notebook: Notebook, name: str) -> int:
    return next(
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def softmax(notebook: Notebook, source: str) -> None:
    notebook["cells"][place(notebook, "softmax")]["source"] = source


@odd
def untouched_by_any_editor(notebook: Notebook) -> None:
    pass


@odd
def cells_of_another_editor(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    notebook["metadata"]["colab"] = {"provenance": []}
    for cell in notebook["cells"]:
        cell.pop("id", None)
        cell["metadata"]["id"] = "x1"
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


@odd
def an_editor_that_dropped_all_metadata(notebook: Notebook) -> None:
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {}


@odd
def a_format_that_does_not_exist_yet(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 9


@odd
def a_helper_in_a_cell_of_its_own(notebook: Notebook) -> None:
    softmax(notebook, "def softmax(z):\n    e = _exp(z) * ONE\n    return e / e.sum(axis=-1, keepdims=True)")
    helper = "def _exp(z):\n    return np.exp(z - np.max(z, axis=-1, keepdims=True))\nONE = 1.0"
    notebook["cells"].insert(place(notebook, "softmax"), code(helper))


@odd
def an_object_that_can_be_called(notebook: Notebook) -> None:
    softmax(
        notebook,
        "class Softmax:\n    def __call__(self, z):\n        e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n"
        "        return e / e.sum(axis=-1, keepdims=True)\nsoftmax = Softmax()",
    )


@odd
def a_recursion(notebook: Notebook) -> None:
    softmax(
        notebook,
        "def softmax(z):\n    z = np.asarray(z)\n    if z.ndim > 1:\n"
        "        return np.stack([softmax(row) for row in z])\n"
        "    e = np.exp(z - z.max())\n    return e / e.sum()",
    )


@odd
def names_imported_otherwise(notebook: Notebook) -> None:
    softmax(
        notebook,
        "import numpy as numbers\nfrom numpy import exp, max as largest\n"
        "def softmax(z):\n    e = exp(z - largest(z, axis=-1, keepdims=True))\n"
        "    return e / numbers.sum(e, axis=-1, keepdims=True)",
    )


@odd
def prints_logs_and_warnings(notebook: Notebook) -> None:
    softmax(
        notebook,
        "import logging, sys, warnings\nlogging.basicConfig(level=logging.DEBUG)\n"
        "def softmax(z):\n    logging.warning('called')\n    warnings.warn('mine')\n"
        "    print('here', file=sys.stderr)\n"
        "    e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n    return e / np.sum(e, axis=-1, keepdims=True)",
    )


@odd
def magics(notebook: Notebook) -> None:
    cell = notebook["cells"][place(notebook, "softmax")]
    cell["source"] = "%%time\n" + "".join(cell["source"])
    notebook["cells"].insert(1, code("%matplotlib inline\n!echo hello\n%load_ext autoreload"))


@odd
def own_pictures(notebook: Notebook) -> None:
    source = "import matplotlib.pyplot as plt\nplt.plot(softmax(np.arange(5.0)))\nplt.show()"
    notebook["cells"].append(code(source))


@odd
def cells_that_fail_before(notebook: Notebook) -> None:
    notebook["cells"][3:3] = [code("this is not Python"), code("1 / 0"), code("input()")]


@odd
def a_million_lines_printed(notebook: Notebook) -> None:
    notebook["cells"].append(code("for i in range(10**6): print(i)"))


@odd
def awaits_threads_and_processes(notebook: Notebook) -> None:
    notebook["cells"].insert(
        3,
        code(
            "import asyncio, multiprocessing, threading\nawait asyncio.sleep(0.01)\n"
            "thread = threading.Thread(target=print)\nthread.start()\nthread.join()\n"
            "with multiprocessing.Pool(2) as pool:\n    pool.map(abs, [-1, 2])"
        ),
    )


@odd
def calls_of_the_kit_in_own_cells(notebook: Notebook) -> None:
    own = "check('softmax', softmax)\nhint('softmax')\nexplore.softmax(softmax)\nprogress()\nready(softmax)"
    notebook["cells"].append(code(own))


@odd
def a_bring_left_standing(notebook: Notebook) -> None:
    notebook["cells"].insert(2, code('from autograder.kit import bring\nbring("sigmoid")\nbring("softmax")'))
    notebook["cells"].append(code("# sigmoid: my own\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))"))


@odd
def an_earlier_try_above(notebook: Notebook) -> None:
    notebook["cells"].insert(place(notebook, "softmax"), code("def softmax(z):\n    return z"))


@odd
def numpy_that_raises_and_prints_shorter(notebook: Notebook) -> None:
    notebook["cells"].insert(2, code("np.seterr(all='raise')\nnp.set_printoptions(precision=2)"))


@odd
def another_order(notebook: Notebook) -> None:
    last = [notebook["cells"][place(notebook, name)] for name in ("softmax_partial", "softmax_partial_check")]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in last] + last


@pytest.fixture(scope="module")
def earned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The points of every odd notebook, graded in one go."""
    folder = tmp_path_factory.mktemp("odd") / "class"
    make_class(folder)
    solved = json.loads(nbformat.writes(submission(STUDENTS[0], build.checked(course.lesson(LESSON)))))
    for name, change in ODD.items():
        notebook = copy.deepcopy(solved)
        change(notebook)
        path = folder / "submitted" / name / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    command = [sys.executable, "-m", "autograder.cli", "grade", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found: dict[str, float] = {}
    for (student, _, cell), (score, _) in points(f"sqlite:///{folder / 'gradebook.db'}").items():
        found[student] = found.get(student, 0) + (score or 0 if cell.endswith("_check") else 0)
    return found


@pytest.mark.parametrize("name", ODD)
def test_it_has_full_points(earned: dict[str, float], name: str) -> None:
    assert earned[name] == 17
