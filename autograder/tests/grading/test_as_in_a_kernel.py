"""What runs in the kernel that students use runs in the sandbox, with the same result.

Each kind below is a cell, or what stands at the top of an answer, and an expression that is 1 only if it ran through.
Every answer of a notebook is multiplied by one of them, so a kind that does not run costs its points.
"""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import bank, course
from autograder.build.notebook import checked
from autograder.grading.class_folder import make_class
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.grading.sandbox.inside.walls import Limits
from autograder.grading.sandbox.process import Sandbox
from autograder.tests.grading.stock import done, points, stock_api

LESSON = "03-activations"
EXERCISES = tuple(exercise.name for exercise in bank.of_lesson(LESSON))
pytestmark = pytest.mark.needs("bubblewrap")


@dataclass(frozen=True)
class Kind:
    """Cells of a student's own, one after the other, and what is 1 after them."""

    name: str
    cells: tuple[str, ...]
    one: str

    def __str__(self) -> str:
        return self.name


def kind(name: str, *cells: str, one: str = "ONE") -> Kind:
    return Kind(name, cells, one)


KINDS = (
    kind("matplotlib inline", "%matplotlib inline\nONE = 1"),
    kind("figures close after their cell", "plt.figure()", "ONE = 1 - len(plt.get_fignums())"),
    kind("matplotlib alone", "%matplotlib\nONE = 1"),
    kind("matplotlib agg", "%matplotlib agg\nONE = 1"),
    kind("pylab", "%pylab inline --no-import-all\nONE = int(round(np.cos(0)))"),
    kind("a sharper picture", "%config InlineBackend.figure_format = 'retina'\nONE = 1"),
    kind("the backend by its name", "import matplotlib\nmatplotlib.use('agg')\nONE = 1"),
    kind(
        "a picture shown", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nONE = len([plt])"
    ),
    kind("cd", "%cd -q /tmp\nimport os\nONE = int(os.getcwd() == '/tmp')"),
    kind("cd and back", "import os\nhere = os.getcwd()\n%cd /tmp\n%cd -\nONE = int(os.getcwd() == here)"),
    kind("pushd", "import os\n%pushd /tmp\n%popd\nONE = 1"),
    kind("bookmark", "%bookmark here\n%cd /tmp\n%cd -b here\nONE = 1"),
    kind("store", "kept = 1\n%store kept\ndel kept\n%store -r kept\nONE = kept"),
    kind("a file written and run", "%%writefile helper_a.py\nHERE = 1", "%run helper_a.py\nONE = HERE"),
    kind(
        "a file written and imported",
        "%%writefile helper_b.py\nHERE = 1",
        "import helper_b\nONE = helper_b.HERE",
    ),
    kind(
        "a file loaded", "%%writefile helper_c.py\nHERE = 1", "exec(open('helper_c.py').read())\nONE = HERE"
    ),
    kind("reloaded by itself", "%load_ext autoreload\n%autoreload 2\nONE = 1"),
    kind("a shell's output", "words = !echo 1\nONE = int(words[0])"),
    kind("a shell's exit code", "!exit 1", "ONE = _exit_code"),
    kind("a shell's output by its magic", "words = %sx echo 1\nONE = int(words[0])"),
    kind("bash", "%%bash --out words\necho 1", "ONE = int(words)"),
    kind("sh", "%%sh\ntrue", "ONE = 1"),
    kind("another Python", "%%python --out words\nprint(1)", "ONE = int(words)"),
    kind("a script", "%%script python3 --out words\nprint(1)", "ONE = int(words)"),
    kind("the last value", "1", "ONE = _"),
    kind("the value of a cell by its number", "1", "ONE = Out[len(In) - 2]"),
    kind("the history of inputs", "marker = 'x'", "ONE = sum('marker' in text for text in In[-2:-1])"),
    kind("time of a cell", "%%time\nONE = 1"),
    kind("time of a line", "%time ONE = 1"),
    kind("timeit with its result", "took = %timeit -o -q -n 1 -r 1 pass\nONE = took.loops"),
    kind("captured output", "%%capture shown\nprint(1)", "ONE = int(shown.stdout)"),
    kind("an environment variable", "%env HOMEWORK=1\nimport os\nONE = int(os.environ['HOMEWORK'])"),
    kind("precision", "%precision 3\nONE = 1"),
    kind("the way of errors", "%xmode Plain\nONE = 1"),
    kind("an alias of a magic", "%alias_magic clock time", "%clock ONE = 1"),
    kind("a macro", "ONE = 1\n%macro -q again 1\nONE = ONE"),
    kind("a profile", "%prun -q ONE = 1"),
    kind("what there is", "%who\n%whos\nnames = %who_ls\nONE = int('np' in names)"),
    kind("help", "np.exp?\n?np.log\nnp.sin??", "ONE = 1"),
    kind("awaited", "import asyncio\nONE = await asyncio.sleep(0, 1)"),
    kind("a task", "import asyncio\ntask = asyncio.create_task(asyncio.sleep(0, 1))", "ONE = await task"),
    kind("the running loop", "import asyncio\nONE = int(asyncio.get_running_loop().is_running())"),
    kind("every expression shown", "get_ipython().ast_node_interactivity = 'all'\nONE = 1"),
    kind(
        "a hook before each cell",
        "seen = []\nget_ipython().events.register('pre_run_cell', seen.append)",
        "ONE = len(seen)",
    ),
    kind(
        "a form of its own for arrays",
        "shown = []\n"
        "form = get_ipython().display_formatter.formatters['text/plain']\n"
        "form.for_type(set, lambda value, printer, cycle: shown.append(1))",
        "{1}",
        "ONE = len(shown)",
    ),
    kind(
        "a magic of their own",
        "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef one(line):\n    return 1",
        "ONE = %one",
    ),
    kind(
        "a shown thing renewed",
        "from IPython.display import HTML, clear_output, display\nshown = display(HTML('a'), display_id=True)",
        "shown.update(HTML('b'))\nclear_output()\nONE = 1",
    ),
    kind("html", "%%html\n<b>bold</b>", "ONE = 1"),
    kind(
        "a slider",
        "from ipywidgets import IntSlider, interact\ninteract(lambda x: None, x=IntSlider(1))",
        "ONE = IntSlider(1).value",
    ),
    kind(
        "who asks what it runs in",
        "ONE = int(type(get_ipython()).__mro__[1].__name__ != 'object' and hasattr(get_ipython(), 'kernel'))",
    ),
    kind("a document test", "import doctest\nONE = 1 + doctest.testmod().failed"),
    kind(
        "standard output as a file",
        "import sys\nsys.stdout.flush()\nONE = int(sys.stdout.encoding.lower() == 'utf-8')",
    ),
    kind("at the top of the answer's cell", one="%matplotlib inline"),
    kind("time at the top of the answer's cell", one="%%time"),
)
# Each notebook takes as many kinds as the lesson has exercises.
BATCHES = [KINDS[start : start + len(EXERCISES)] for start in range(0, len(KINDS), len(EXERCISES))]


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def place(notebook: dict[str, Any], name: str) -> int:
    return next(
        i
        for i, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def depends(notebook: dict[str, Any], exercise: str, on: Kind) -> None:
    """Makes the answer to an exercise wrong unless what stands in `on` ran."""
    where = place(notebook, exercise)
    cell = notebook["cells"][where]
    source = "".join(cell["source"])
    if not on.cells:
        cell["source"] = f"{on.one}\n{source}"
        return
    first, number = f"ONE_{exercise}", f"ONE_{exercise} = {on.one}"
    cell["source"] = (
        f"{number}\n{source}\n"
        f"def {exercise}(*arguments, by={first}, answer={exercise}):\n"
        "    return by * np.asarray(answer(*arguments))"
    )
    notebook["cells"][where:where] = [code("ONE = 0"), *map(code, on.cells)]


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """The answers and checks after the cell of imports: the pictures between them take most of a lesson's time."""
    notebook = submission(STUDENTS[0], checked(course.lesson(LESSON)))
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    notebook.cells = [cell for cell in notebook.cells if cell is first or "nbgrader" in cell.metadata]
    return json.loads(nbformat.writes(notebook))


@pytest.fixture(scope="module")
def earned(solved: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """The points of each batch's exercises, here and on stock's road."""
    ours, stock = (tmp_path_factory.mktemp(name) / "class" for name in ("ours", "stock"))
    for folder in (ours, stock):
        make_class(folder)
    for number, batch in enumerate(BATCHES):
        notebook = copy.deepcopy(solved)
        for exercise, each in zip(EXERCISES, batch, strict=False):
            depends(notebook, exercise, each)
        for folder in (ours, stock):
            hand_in(folder, f"batch{number}", notebook)
    notebook = copy.deepcopy(solved)
    depends(notebook, EXERCISES[0], kind("wrong", "%no_such_magic\nONE = 1"))
    hand_in(ours, "wrong", notebook)
    command = [sys.executable, "-m", "autograder.cli", "grade", str(ours), "--seed", "5"]
    subprocess.run(command, check=True, capture_output=True)
    with stock_api(stock, seed=5) as api:
        done("generating", api.generate_assignment(LESSON))
        done("autograding", api.autograde(LESSON, "*"))
    return {"ours": _points(ours), "stock": _points(stock)}


def hand_in(folder: Path, student: str, notebook: dict[str, Any]) -> None:
    path = folder / "submitted" / student / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook))


def _points(folder: Path) -> dict[str, float]:
    found = points(f"sqlite:///{folder / 'gradebook.db'}")
    return {f"{student} {cell}": score or 0.0 for (student, _, cell), (score, _) in found.items()}


each_kind = pytest.mark.parametrize("number", range(len(KINDS)), ids=map(str, KINDS))


def asked(number: int) -> tuple[str, float]:
    """The cell that depends on a kind, and its points."""
    exercise = bank.exercises()[EXERCISES[number % len(EXERCISES)]]
    return f"batch{number // len(EXERCISES)} {exercise.name}_check", exercise.points


@each_kind
def test_it_has_full_points(earned: dict[str, dict[str, float]], number: int) -> None:
    cell, most = asked(number)
    assert earned["ours"][cell] == most


@each_kind
def test_stock_nbgrader_gives_the_same(earned: dict[str, dict[str, float]], number: int) -> None:
    cell, most = asked(number)
    # Where stock gives nothing and ours all, ours is right: `%prun -q ONE = 1` sets ONE in a kernel, and on stock's
    # road it stayed 0. (Why is not known.)
    ours, stock = earned["ours"][cell], earned["stock"][cell]
    assert ours == stock or (stock == 0 and ours == most)


def test_a_kind_that_does_not_run_costs_points(earned: dict[str, dict[str, float]]) -> None:
    """Else the tests above could not fail."""
    assert earned["ours"][f"wrong {EXERCISES[0]}_check"] == 0


WINDOWS = (
    "%matplotlib tk",
    "%matplotlib qt",
    "%matplotlib notebook",
    "import matplotlib\nmatplotlib.use('TkAgg')",
    "import matplotlib.pyplot as plt\nplt.switch_backend('QtAgg')",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as found:
        yield found


@pytest.mark.parametrize("asked", WINDOWS)
def test_a_window_that_opens_on_the_students_machine_costs_nothing_here(sandbox: Sandbox, asked: str) -> None:
    """Stock nbgrader on a machine without a screen loses the cell: here the picture is inline instead."""
    with sandbox.submission(Limits()) as cell:
        answer = cell.ask({"run": f"{asked}\nprint('went on')", "seconds": 30}, 40)
    assert answer["failed"] is None
    assert any("went on" in each.get("text", "") for each in answer["outputs"])


def test_a_backend_that_does_not_exist_is_an_error(sandbox: Sandbox) -> None:
    with sandbox.submission(Limits()) as cell:
        answer = cell.ask({"run": "import matplotlib\nmatplotlib.use('no such')", "seconds": 30}, 40)
    assert answer["failed"] == "ValueError"
