"""What a reading page asks of Python: panels and their pictures, and a reader's own functions. Runs in its worker."""

import contextlib
import io
import json
import linecache
import os
from html import escape
from typing import Any

import numpy as np

from autograder.kit import check, explore
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.run import where_it_failed
from autograder.kit.time_limit import TimeLimitError, time_limit

SECONDS = 5.0
# A page keeps no progress: that is the notebooks' business.
os.environ["AUTOGRADER_PROGRESS"] = ""
Panel.show = lambda self: self  # type: ignore[method-assign]  # the page shows it

_space: dict[str, Any] = {"np": np, "numpy": np, "__name__": "__main__"}
_panels: dict[str, Panel] = {}


def make(key: str, call: str, names: str, values: str) -> str:
    """Makes a panel and sets its controls. Those of the functions `names` that the reader wrote are drawn, too."""
    wanted = json.loads(names)
    own = [_space.get(name) for name in wanted]
    while own and own[-1] is None:
        own.pop()
    _panels[key] = eval(call, {"explore": explore, "own": own})
    return move(key, values)


def move(key: str, values: str) -> str:
    """Sets a panel's controls; gives its picture, what can be dragged, and what the controls now say."""
    panel = _panels[key]
    panel.move(**json.loads(values))
    return json.dumps({"html": panel.picture.html(), "values": dict(panel.values), "grips": panel.grips()})


def define(exercise: str, source: str) -> str:
    """Runs what the reader wrote and checks the exercise's function: a report in HTML, and whether there is one now."""
    name = f"<your {exercise}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    _space.pop(exercise, None)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            with time_limit(SECONDS):
                exec(compile(source, name, "exec"), _space)
            if not callable(_space.get(exercise)):
                return _said(f"There is no function {exercise} in it.")
            report = check(exercise, _space[exercise])
        except TimeLimitError:
            return _said(f"It was not done after {SECONDS:g} seconds: does a loop never end?")
        except BaseException as raised:
            return _said(where_it_failed(raised))
    if not report.written:
        del _space[exercise]
    return json.dumps({"html": report.html(), "passed": report.passed, "written": report.written})


def _said(sentence: str) -> str:
    return json.dumps({"html": f"<p>{escape(sentence)}</p>", "passed": False, "written": False})
