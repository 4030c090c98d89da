"""Grading in a student's kernel, with fresh cases: what the hidden tests of a lesson call."""

import os
import secrets
from collections.abc import Callable

import numpy as np

from autograder import bank
from autograder.kit.judge import judge
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls

SEED_VARIABLE = "AUTOGRADER_SEED"


def fresh_seed() -> int:
    """The seed in the environment variable AUTOGRADER_SEED, or a new one that nobody can foresee."""
    return int(os.environ.get(SEED_VARIABLE) or secrets.randbits(32))


def grade(exercise: str, function: Callable[..., object], seed: int | None = None) -> Report:
    """Runs `function` on fresh cases and returns the report, which nbgrader reads the points from.

    The report names what failed and the slip it looks like, never the numbers of a hidden case.
    """
    asked = bank.exercises()[exercise]
    sheet = asked.sheet(np.random.default_rng(fresh_seed() if seed is None else seed))
    return judge(sheet, run_calls(function, sheet.calls, sheet.seconds), show_numbers=False)
