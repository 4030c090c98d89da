"""How the bank stands against mutants of its references: which change an answer, and which still pass."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, Exercise
from autograder.kit.judge.verdict import is_right
from autograder.kit.outcome import Outcome
from autograder.kit.run import run_calls
from autograder.kit.sheet import Sheet, SubCheck
from autograder.tests.bank.mutator import Function, Mutant, mutants
from autograder.tests.bank.valid_inputs import INPUTS

# Each of these must find a mutant out by itself: the fixed cases, and what a grader might draw.
JUDGED: tuple[int | None, ...] = (None, *range(2))
# Where all of them pass a mutant, these inputs decide whether it is one, or only another way to write the same.
PROBES = range(1_000_000, 1_000_012)
DRAWN = 60
SECONDS = 2.0
# Every mutant is tried up to this number; beyond it an even choice, the same in every run. The table says so.
MOST = 80
# Of an exercise that trains for seconds, fewer.
MOST_OF_SLOW, SLOW = 30, 5.0


@dataclass(frozen=True)
class Count:
    """What became of an exercise's mutants. Those that change no answer are not held against the bank."""

    exercise: str
    tried: int
    same: tuple[str, ...]
    survivors: tuple[str, ...]
    left_out: int
    seconds: float

    @property
    def changing(self) -> int:
        """How many give another answer to some valid input."""
        return self.tried - len(self.same)


def sheet_calls(exercise: Exercise, seed: int | None) -> list[Sheet]:
    """Each call of a sheet as a sheet of its own, in order, so that the first wrong one ends the matter."""
    rng = exercise.fixed_rng() if seed is None else np.random.default_rng(seed)
    return [single(exercise, ask, arguments) for ask in exercise.asked(rng) for arguments in ask.calls]


def probe_calls(exercise: Exercise) -> Iterator[list[Sheet]]:
    """Inputs that judge no student: fresh sheets, and what `valid_inputs` draws."""
    for seed in PROBES:
        yield sheet_calls(exercise, seed)
    if exercise.name in INPUTS:
        rng = np.random.default_rng(PROBES.start)
        drawn = Ask("any valid input", 1, [INPUTS[exercise.name](rng) for _ in range(DRAWN)])
        yield [single(exercise, drawn, arguments) for arguments in drawn.calls]


def single(exercise: Exercise, ask: Ask, arguments: tuple[Any, ...]) -> Sheet:
    """One call. Misconceptions are left out: they explain lost points and take none."""
    call = exercise._call(arguments, ask)
    return Sheet(exercise.name, "", SECONDS, (), (SubCheck(ask.name, 1, (call,), ask.unchanged),), ())


@np.errstate(all="ignore")
def passes(function: Function, sheets: Sequence[Sheet]) -> bool:
    """Whether every call comes out right, and leaves its arguments where that is asked."""
    return all(_passes(sheet, run_calls(function, sheet.calls, SECONDS)[0]) for sheet in sheets)


def _passes(sheet: Sheet, got: Outcome) -> bool:
    (check,) = sheet.sub_checks
    return is_right(sheet, check.calls[0], got) and not (check.unchanged and got.changed)


def chosen(found: Sequence[Mutant], seconds: float = 0.0) -> list[Mutant]:
    """All, or the most there may be of them, evenly spaced; `seconds` are the exercise's."""
    most = MOST_OF_SLOW if seconds > SLOW else MOST
    if len(found) <= most:
        return list(found)
    return [found[place * len(found) // most] for place in range(most)]


def count(exercise: Exercise) -> Count:
    """Tries the exercise's mutants.

    One that fails a judged sheet changes an answer, for a sheet's calls are valid inputs. It survives if it
    passes another judged sheet. One that passes them all survives if a probe tells it from the reference.
    """
    start = time.monotonic()
    judged = [sheet_calls(exercise, seed) for seed in JUDGED]
    probes = list(probe_calls(exercise))
    found = list(mutants(exercise.reference))
    tried = chosen(found, exercise.seconds)
    same, survivors = [], []
    for mutant in tried:
        passed = [
            seed for seed, sheets in zip(JUDGED, judged, strict=True) if passes(mutant.function, sheets)
        ]
        if len(passed) == len(JUDGED) and all(passes(mutant.function, sheets) for sheets in probes):
            same.append(mutant.what)
        elif passed:
            where = ["the fixed cases" if seed is None else f"seed {seed}" for seed in passed]
            survivors.append(f"{mutant.what}   passes {', '.join(where)}")
    return Count(
        exercise.name,
        len(tried),
        tuple(same),
        tuple(survivors),
        len(found) - len(tried),
        time.monotonic() - start,
    )
