"""The process a student's file runs in. It knows questions, not answers.

    python -m autograder.kit.runner

One line of JSON comes in: {"file": path, "questions": {exercise: {"calls": [...], "seconds": s}}}. One line of
JSON goes out for each thing learnt, as soon as it is known, so that what was finished survives a crash:
{"problem": sentence} for a cell or file that failed, {"exercise": name} when one is started, and
{"exercise": name, "outcomes": [...]} when it is done; {"done": true} at the end.
"""

import json
import linecache
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.kit.run import run_calls, time_limit, where_it_failed

IMPORT_SECONDS = 60.0


def main() -> None:
    """Reads the request, loads the file, runs every exercise it defines."""
    request = json.loads(sys.stdin.readline())
    say = _private_channel()
    path = Path(request["file"])
    namespace, problems = load(path)
    for problem in problems:
        say({"problem": problem})
    for name, question in request["questions"].items():
        function = namespace.get(name)
        if not callable(function):
            continue
        say({"exercise": name})
        outcomes = run_calls(function, question["calls"], question["seconds"])
        say({"exercise": name, "outcomes": [outcome.to_json() for outcome in outcomes]})
    say({"done": True})
    os._exit(0)  # threads that the file started do not keep us


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
    """Stands in for IPython's shell: magics like `%matplotlib inline` do nothing here."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def load(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The names that a .py or .ipynb file defines, and a sentence for every part of it that failed.

    A notebook's cells run one after the other; a cell that fails does not stop the next.
    """
    sys.path.insert(0, str(path.resolve().parent))
    namespace: dict[str, Any] = {"__name__": "submission", "__file__": str(path)}
    if path.suffix == ".ipynb":
        namespace["get_ipython"] = _NoShell
    problems = []
    try:
        parts = _parts(path)
    except Exception as fault:
        return namespace, [f"it cannot be read: {type(fault).__name__}: {fault}"]
    for label, text in parts:
        linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
        try:
            with time_limit(IMPORT_SECONDS):
                exec(compile(text, label, "exec"), namespace)
        except BaseException as raised:  # a file may raise anything, SystemExit too
            problems.append(f"{label}: {_syntax(raised) or where_it_failed(raised)}")
    return namespace, problems


def _parts(path: Path) -> list[tuple[str, str]]:
    """The file's code in parts that stand or fall alone, each with a name for messages."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [(path.name, text)]
    import nbformat
    from IPython.core.inputtransformer2 import TransformerManager

    notebook = nbformat.reads(text, as_version=4)
    transform = TransformerManager().transform_cell
    return [
        (f"{path.name}, cell {number}", transform(cell.source))
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
    ]


def _syntax(raised: BaseException) -> str | None:
    if not isinstance(raised, SyntaxError):
        return None
    return f"{type(raised).__name__} in line {raised.lineno}: {raised.msg}"


if __name__ == "__main__":
    main()
