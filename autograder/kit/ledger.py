"""The worked example of lessons 07 and 08, read from the data: its numbers, and the figures published for it."""

import json
from typing import Any

import numpy as np

from autograder import course

PATH = course.WORKED_EXAMPLE


def worked_example() -> dict[str, Any]:
    """The ledger of the worked example, made anew at every call; lists of numbers are arrays.

    `input`, `target`, `learning_rate`, `weights`, `biases` are what it starts from, `computed` is every number of
    the step, `after_the_step` the loss after each kind of step, `printed` the published figures, as text, and
    `errata` what is wrong with them.
    """
    return {name: _with_arrays(value) for name, value in json.loads(PATH.read_text(encoding="utf-8")).items()}


def _with_arrays(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _with_arrays(value) for name, value in data.items() if name != "places"}
    if isinstance(data, list) and _numbers(data):
        return np.array(data, dtype=float)
    return [_with_arrays(each) for each in data] if isinstance(data, list) else data


def _numbers(data: list[Any]) -> bool:
    return bool(data) and all(
        _numbers(each) if isinstance(each, list) else isinstance(each, (int, float)) for each in data
    )
