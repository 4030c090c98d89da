"""Judging is total: whatever plain data comes back, there is a report, and it can be shown."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograder import bank
from autograder.bank.exercise import Exercise
from autograder.kit.judge import judge
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import Plain, is_text, members, to_answer
from autograder.kit.report.report import Report
from autograder.kit.sheet import Sheet
from autograder.tests.bank.sheets import sheet_of

STRANGE: Sequence[Any] = (
    *(
        0.0,
        1.0,
        -1.0,
        1e308,
        -1e308,
        5e-324,
        np.nan,
        np.inf,
        -np.inf,
        True,
        2**60,
        1j,
        complex(np.nan, np.inf),
    ),
    *(np.array([]), np.zeros((0, 3)), np.zeros((3, 0, 2)), np.full((2, 3), np.nan), np.full(4, np.inf)),
    *(np.zeros((1, 1, 1, 1)), np.arange(400.0), np.ones((5, 5), dtype=bool), np.array([1, 2], dtype=np.int8)),
    *(np.float32(0.5), np.array([np.inf], dtype=np.float32), np.array([np.nan + 1j])),
    *(
        (),
        ((), ()),
        (1.0,),
        (1.0, (2.0, (3.0,))),
        (np.zeros(0), np.zeros((2, 0))),
        (1.0, np.arange(3.0), True),
    ),
)
# An answer may be one text, whether or not a text was asked for.
TEXTS = ("", "healthy", "0.5", "<b>\x1b[31m", "x" * 500)


def twisted(right: Plain, rng: np.random.Generator) -> Any:
    """Something near the right answer: a member gone, doubled, of another shape, type or value."""
    if type(right) is tuple:
        parts = list(right)
        place = int(rng.integers(len(parts))) if parts else 0
        way = int(rng.integers(5))
        if not parts or way == 0:
            return (*parts, 1.0)
        if way == 1:
            return tuple(parts[:place] + parts[place + 1 :])
        if way == 2:
            return tuple(parts[::-1])
        changed = STRANGE[int(rng.integers(len(STRANGE)))] if way == 3 else twisted(parts[place], rng)
        return (*parts[:place], changed, *parts[place + 1 :])
    if is_text(right):
        return (*TEXTS, str(right).upper(), 0.0, np.zeros((2, 2)))[int(rng.integers(len(TEXTS) + 3))]
    array = np.asarray(0.0 if right is None else right)
    ways = (
        lambda: array[None],
        lambda: array.ravel(),
        lambda: np.stack([array, array]),
        lambda: (array, array),
        lambda: array.astype(complex) * 1j,
        lambda: array > 0,
        lambda: array.astype(np.float32),
        lambda: np.where(np.ones(array.shape, dtype=bool), np.nan, array),
        lambda: array * 1e300 * 1e300,
        lambda: array[..., :0] if array.ndim else np.zeros(0),
        lambda: tuple(array) if array.ndim else (array, (array, ())),
        lambda: np.transpose(array),
    )
    with np.errstate(all="ignore"):
        return ways[int(rng.integers(len(ways)))]()


def answers(asked: Sheet, rng: np.random.Generator) -> list[Outcome]:
    """An outcome for every call: strange things, or things near the right answers, some without numbers."""
    expected = [call.expected for each in asked.sub_checks for call in each.calls]
    strange = (*STRANGE, *TEXTS)
    same = strange[int(rng.integers(len(strange)))] if rng.random() < 0.5 else None
    found = []
    for right in expected:
        value = same
        if value is None:
            value = twisted(right, rng) if rng.random() < 0.7 else strange[int(rng.integers(len(strange)))]
        if rng.random() < 0.1:
            ended = rng.choice([each for each in Ended if each is not Ended.RETURNED])
            found.append(Outcome(ended=Ended(ended), raised="A\x1b[31m<b>", detail="x" * 50))
        else:
            found.append(Outcome(to_answer(value), changed=tuple(range(int(rng.integers(3))))))
    return found


def shown(report: Report) -> None:
    """The report in every form."""
    assert 0 <= report.earned <= report.points
    assert json.dumps(report.to_json(), allow_nan=False)
    assert report.text()
    assert report.html()


@pytest.mark.parametrize("exercise", bank.exercises().values(), ids=lambda each: each.name)
def test_every_answer_has_a_report(exercise: Exercise) -> None:
    asked, rng = sheet_of(exercise, 0), np.random.default_rng(0)
    for value in (*STRANGE, *TEXTS):
        shown(judge(asked, [Outcome(to_answer(value))] * len(asked.calls), show_numbers=False))
    for number in range(6):
        shown(judge(asked, answers(asked, rng), show_numbers=number % 2 == 0))


def test_members_are_those_of_an_answer() -> None:
    assert len(members(to_answer((1.0, (2.0, 3.0), [])))) == 3
