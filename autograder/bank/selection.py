"""Cases are chosen for what they tell apart: a drawn sheet is measured on answers that are known to be wrong.

Known are the exercise's slips, and what any hand does to a right answer: rounds it, drops its sign, cuts it off. A
sheet that one of them passes is drawn again.
"""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.kit.judge import judge
from autograder.kit.judge.verdict import is_right
from autograder.kit.plain import Plain, agree
from autograder.kit.sheet import Misconception, Sheet

Array = np.ndarray

# What may be done to every number of a right answer. Where it changes nothing in any draw (a loss has no sign to
# drop), it is no wrong answer.
DONE: dict[str, Callable[[Array], Array]] = {
    "rounded to 4 digits after the point": lambda x: np.round(x, 4),
    "rounded to 2 digits after the point": lambda x: np.round(x, 2),
    "without its sign": np.abs,
    "cut off below 0": lambda x: np.maximum(x, 0),
    "cut off above 3": lambda x: np.minimum(x, 3),
    "without its fraction": np.trunc,
    "in half precision": lambda x: x.astype(np.float16).astype(float),
}


def let_through(sheet: Sheet, done: Iterator[str] | frozenset[str] = frozenset()) -> list[str]:
    """The names of the known wrong answers that would have full points on this sheet."""
    slips = [each.name for each in sheet.misconceptions if _has_full_points(sheet, each)]
    return slips + [name for name in done if not changes(sheet, name)]


def _has_full_points(sheet: Sheet, slip: Misconception) -> bool:
    for check, row in zip(sheet.sub_checks, slip.answers, strict=True):
        if not all(is_right(sheet, call, got) for call, got in zip(check.calls, row, strict=True)):
            return False
    outcomes = [got for row in slip.answers for got in row]
    return judge(sheet, outcomes, show_numbers=False).passed


def changes(sheet: Sheet, name: str) -> bool:
    """Whether what is done to every right answer of a sheet makes one of them wrong."""
    calls = (call for check in sheet.sub_checks for call in check.calls)
    expected = [call.expected for call in calls if call.expected is not None]
    with np.errstate(all="ignore"):
        return any(not agree(each, _done(DONE[name], each)) for each in expected)


def _done(change: Callable[[Array], Array], plain: Plain) -> Plain:
    if type(plain) is tuple:
        return tuple(_done(change, each) for each in plain)
    return change(plain.astype(float)) if plain.dtype.kind in "fiub" else plain
