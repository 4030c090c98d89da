"""The process a student's file runs in. It knows questions, not answers.

    python -m autograder.kit.runner

One line of JSON comes in: {"file": path, "questions": {exercise: {"calls": [...], "seconds": s}}}. One line of
JSON goes out for each thing learnt, as soon as it is known, so that what was finished survives a crash:
{"problem": sentence} for a cell or file that failed, {"exercise": name} when one is started, and
{"exercise": name, "outcomes": [...], "uses": [...]} when it is done, or {"exercise": name, "missing": true};
{"exercise": name, "note": sentence} for one that is defined again later; {"done": true} at the end.

In a notebook a function is asked where its check cell stands, as it is then: so does the grader. What has no check
cell, and what a Python file defines, is asked at the end.

The instructor's modules cannot be imported here, so that no file answers with the references by chance or by
one line of code. That is no sandbox: whoever reads files from the disk finds them.
"""

import contextlib
import json
import linecache
import os
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy.random  # noqa: F401 - NumPy loads it late, and a file may have a random.py of its own beside it

from autograder import course
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import shape_text
from autograder.kit.run import run_calls, where_it_failed
from autograder.kit.time_limit import time_limit
from autograder.kit.uses import used

IMPORT_SECONDS = 60.0
# What one outcome may take in the channel. The longest right answers are a hundredth of it.
MOST_CHARACTERS = 200_000

# The pictures know answers, as the instructor's modules do.
OPEN_TO_FILES = re.compile(r"autograder\.(course|kit(?!\.explore\b))(\.|$)")
# Cell magics whose body is Python run in the notebook's own namespace. (%%timeit keeps no names.)
PYTHON_MAGICS = ("time", "capture", "prun", "debug", "snakeviz", "pyinstrument")


def main() -> None:
    """Reads the request, loads the file, runs every exercise it defines."""
    request = json.loads(sys.stdin.readline())
    say = _private_channel()
    path = Path(request["file"])
    _hide_answers()
    asking = _Asking(request["questions"], say)
    namespace, problems = load(path, asking)
    for problem in problems:
        say({"problem": problem})
    asking.the_rest(namespace)
    say({"done": True})
    os._exit(0)  # threads that the file started do not keep us


class _Asking:
    """Asks the file's functions, each once."""

    def __init__(self, questions: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
        self.questions, self.say = questions, say
        self.asked: dict[str, object] = {}

    def at(self, name: str, namespace: dict[str, Any]) -> None:
        """Asks a function where its check cell stands."""
        if name not in self.questions or name in self.asked:
            return
        if callable(namespace.get(name)):
            self._ask(name, namespace)
        else:
            self.asked[name] = None
            self.say({"exercise": name, "missing": True})

    def the_rest(self, namespace: dict[str, Any]) -> None:
        """Asks the functions that have no check cell, and says which have been replaced since they were asked."""
        for name in self.questions:
            now = namespace.get(name)
            if name not in self.asked:
                if callable(now):
                    self._ask(name, namespace)
            elif now is not self.asked[name] and name in namespace:
                before = "was not there yet" if self.asked[name] is None else "was another"
                note = f"{name} is defined again after its check cell, where it {before}. What it was there counts."
                self.say({"exercise": name, "note": note})

    def _ask(self, name: str, namespace: dict[str, Any]) -> None:
        function = self.asked[name] = namespace[name]
        question = self.questions[name]
        self.say({"exercise": name})
        outcomes = run_calls(function, question["calls"], question["seconds"], interruptible=False)
        sent = list(map(_to_send, outcomes))
        self.say({"exercise": name, "outcomes": sent, "uses": used(function, set(self.questions) - {name})})


def _to_send(outcome: Outcome) -> dict[str, Any]:
    data = outcome.to_json()
    if len(json.dumps(data)) <= MOST_CHARACTERS:
        return data
    detail = f"it returned far more numbers than asked for: {shape_text(outcome.value)}"[:1000]
    return Outcome(ended=Ended.NO_NUMBERS, detail=detail).to_json()


class _NoAnswers(MetaPathFinder):
    """Stands first in sys.meta_path and refuses what only instructors have."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.startswith("autograder.") and not OPEN_TO_FILES.match(name):
            raise ImportError(f"{name} is the instructor's and cannot be used here", name=name)


def _hide_answers() -> None:
    """Makes the instructor's modules unavailable.

    The lessons' own solutions call `grade` from the bank in their hidden tests: they get one that does nothing. So do
    calls of `explore`: nobody looks.
    """
    sys.meta_path.insert(0, _NoAnswers())
    bank, grade = ModuleType("autograder.bank"), ModuleType("autograder.bank.grade")
    vars(bank).update(__path__=[], grade=grade)
    vars(grade).update(grade=lambda *args, **kwargs: None)
    explore = ModuleType("autograder.kit.explore")
    vars(explore).update(__path__=[], __getattr__=_shows_nothing)
    sys.modules.update({each.__name__: each for each in (bank, grade, explore)})
    if course.SOLUTIONS_DIR.is_dir():  # elsewhere the root may be site-packages, with all the others
        sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != course.ROOT]


def _shows_nothing(name: str) -> Callable[..., None]:
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: None


def _private_channel() -> Callable[[dict[str, Any]], None]:
    """Keeps the way out for us: the file's prints go nowhere, and it finds nothing to read."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    return say


class _NoShell:
    """Stands in for IPython's shell: magics like `%matplotlib inline` do nothing here, nor does `display`."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def load(path: Path, asking: "_Asking | None" = None) -> tuple[dict[str, Any], list[str]]:
    """The names that a .py or .ipynb file defines, and a sentence for every part of it that failed.

    A notebook's cells run one after the other; a cell that fails does not stop the next. What reading takes is
    imported before the file's folder is on sys.path: a json.py there is for the file, not for us.
    """
    module = ModuleType("submission")
    sys.modules["submission"] = module  # dataclasses look their module up
    namespace = vars(module)
    namespace["__file__"] = str(path)
    if path.suffix == ".ipynb":
        namespace["get_ipython"] = _NoShell
        namespace["display"] = _NoShell().display
    problems = []
    try:
        parts = list(_parts(path))
    except Exception as fault:
        return namespace, [f"it cannot be read: {type(fault).__name__}: {fault}"]
    sys.path.insert(0, str(path.resolve().parent))
    for label, text, checked, locked in parts:
        if locked and checked and asking:  # a check cell as it was handed out: the question is all it holds
            asking.at(checked, namespace)
            continue
        linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
        try:
            with time_limit(IMPORT_SECONDS):
                exec(compile(text, label, "exec"), namespace)
        except BaseException as raised:  # a file may raise anything, SystemExit too
            problems.append(f"{label}: {_syntax(raised) or where_it_failed(raised)}")
        if checked and asking:
            asking.at(checked, namespace)
    return namespace, problems


def _parts(path: Path) -> Iterator[tuple[str, str, str | None, bool]]:
    """The file's code in parts that stand or fall alone, each with a name for messages.

    With each comes the exercise that it checks, if it is a check cell, and whether it is one that nbgrader locks.
    """
    if path.suffix != ".ipynb":
        with tokenize.open(path) as file:
            yield path.name, file.read(), None, False
        return
    import nbformat
    from IPython.core.inputtransformer2 import TransformerManager

    notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
    transform = TransformerManager().transform_cell
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            text = _without_cell_magics(cell.source)
            with contextlib.suppress(SyntaxError):  # it is told when the cell's turn comes
                text = transform(text)
            yield f"{path.name}, cell {number}", text, *_checked(cell)


CHECK = re.compile(r"""^check\(\s*["'](\w+)["']\s*,""", re.MULTILINE)


def _checked(cell: Any) -> tuple[str | None, bool]:
    """The exercise whose check cell this is, if it is one; and whether nbgrader's metadata say so."""
    marks = cell.metadata.get("nbgrader") or {}
    grade_id = str(marks.get("grade_id", "")) if isinstance(marks, dict) else ""
    if grade_id.endswith("_check") and marks.get("grade") and marks.get("locked"):
        return grade_id.removesuffix("_check"), True
    found = CHECK.search(cell.source)
    return (found[1], False) if found else (None, False)


def _without_cell_magics(text: str) -> str:
    """The cell's Python: its body if it begins with a magic such as %%time, nothing if with one like %%bash.

    The magic's line stays as a comment, so that the other lines keep their numbers.
    """
    head: list[str] = []
    lines = text.lstrip("\n").split("\n")
    while lines and lines[0].startswith("%%"):
        name, *options = lines[0][2:].split() or [""]
        if name not in PYTHON_MAGICS:
            return ""
        kept = [option for option in options if name == "capture" and option.isidentifier()]
        head.append(f"{kept[0]} = get_ipython()" if kept else "#")  # %%capture out: a later cell may show it
        lines = lines[1:]
    return "\n".join(head + lines)


def _syntax(raised: BaseException) -> str | None:
    if not isinstance(raised, SyntaxError):
        return None
    return f"{type(raised).__name__} in line {raised.lineno}: {raised.msg}"


if __name__ == "__main__":
    main()
