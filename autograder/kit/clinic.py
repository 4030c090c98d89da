"""What the trainings of lesson 12 have recorded, read from the data: the clinic's runs, and the overfitting net's."""

import json
from typing import Any

import numpy as np

from autograder import course
from autograder.kit.plain import decode

LESSON = "12-making-it-learn"


def recorded(name: str) -> Any:
    """One entry of what the lesson's data holds besides the cases of the checks, made anew at every call."""
    data = json.loads(course.lesson(LESSON).reference.read_text(encoding="utf-8"))
    return decode(data["prose"][name])


def load_runs() -> dict[str, dict[str, np.ndarray]]:
    """The records of seven trainings on the digits: "healthy", and "A" to "F", each with another fault.

    A record is a dictionary of arrays; lesson 12 says what each of them holds.
    """
    runs: dict[str, dict[str, np.ndarray]] = recorded("the clinic's runs")
    return runs
