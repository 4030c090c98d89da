"""The gate of promises: what a stub's docstring says of its arguments, some case asks.

A rule is a phrase of the docstrings and what the fixed cases must hold for it. A promise that nothing asks is how
wrong answers get full points.
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from nbformat import NotebookNode

from autograder.bank.exercise import Exercise
from autograder.kit.plain import decode
from autograder.kit.sheet import Sheet

Test = Callable[[Sheet, list[Any]], bool]
HUGE = 700.0
SAMPLE_OR_BATCH = r"\(\w+,\),? (one sample[^.]*, )?or \(m, "


def _arrays(values: Any) -> Iterator[np.ndarray]:
    """Every number and array among the arguments, also those in lists."""
    if isinstance(values, dict):
        yield from _arrays(list(values.values()))
    elif isinstance(values, (list, tuple)):
        for each in values:
            yield from _arrays(each)
    elif isinstance(values, (np.ndarray, np.generic, int, float)) and not isinstance(values, bool):
        array = np.asarray(values)
        if array.dtype.kind in "fiu":
            yield array


def _some(test: Callable[[np.ndarray], bool]) -> Test:
    return lambda sheet, arguments: any(map(test, _arrays(arguments)))


def _every_shape(sheet: Sheet, arguments: list[Any]) -> bool:
    axes = {array.ndim for array in _arrays(arguments)}
    return {1, 2, 3} <= axes


def _batch_of_one(array: np.ndarray) -> bool:
    return array.ndim == 2 and array.shape[0] == 1


def _huge(array: np.ndarray) -> bool:
    return bool(array.size) and bool(np.max(np.abs(array)) > HUGE)


def _whole(number: int) -> Callable[[np.ndarray], bool]:
    return lambda array: array.ndim == 0 and array.dtype.kind in "iu" and int(array) == number


# A phrase, what some call must hold for it in words, and the test of that.
RULES: tuple[tuple[str, str, Test], ...] = (
    (r"any shape", "an array with three axes, one with two, one with one", _every_shape),
    (r"a number or an array", "a single number", _some(lambda array: array.ndim == 0)),
    (SAMPLE_OR_BATCH, "a single sample, an array with one axis", _some(lambda array: array.ndim == 1)),
    (SAMPLE_OR_BATCH, "a batch of one, an array with a single row", _some(_batch_of_one)),
    (r"[Aa]ny (size|float)", f"a number beyond {HUGE:g}", _some(_huge)),
    (r"0 or more", "a whole number that is 0", _some(_whole(0))),
    (r"1 or more", "a whole number that is 1", _some(_whole(1))),
    (r"also (of |a )?whole|whole (numbers|ones) too|may be whole ones|of integers",
     "an argument of whole numbers, of an integer dtype", _some(lambda array: array.dtype.kind in "iu")),
    (r"[Dd]oes not change|(stays?|is left) as (it|they) (was|were)|[Nn]o argument is changed|is not changed",
     "a sub-check on arguments that stay", lambda sheet, arguments: any(each.unchanged for each in sheet.sub_checks)),
)  # fmt: skip


def unasked(docstring: str, sheet: Sheet) -> Iterator[str]:
    """What the docstring promises and no call of the sheet asks, in words."""
    text = " ".join(docstring.split())
    arguments = [decode(call) for call in sheet.calls]
    for phrase, needed, test in RULES:
        found = re.search(phrase, text)
        if found and not test(sheet, arguments):
            yield f"its docstring says {found[0]!r}, and no case asks for it: there must be {needed}"


def docstrings(notebook: NotebookNode) -> dict[str, str]:
    """The docstring of every function at a code cell's left margin, by its name."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # a magic, say; other gates look at that
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = ast.get_docstring(node) or ""
    return found


def broken_promises(source: NotebookNode, exercises: dict[str, Exercise]) -> Iterator[str]:
    """A sentence for every promise of a lesson's stubs that no fixed case of its exercises asks."""
    written = docstrings(source)
    for name, exercise in exercises.items():
        for what in unasked(written.get(name, ""), exercise.sheet()):
            yield f"{name}: {what}"
