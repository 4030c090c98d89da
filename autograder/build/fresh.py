"""The gate of fresh answers: no part of an exercise has the same right answers whatever is drawn.

A student sees the fixed cases and may write their answers down, one for each call in turn. A part whose answers never
change would give its points for that.
"""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Exercise
from autograder.kit.plain import agree
from autograder.kit.sheet import Call, Sheet

SEEDS = 10


def stale_answers(exercises: dict[str, Exercise]) -> Iterator[str]:
    """A sentence for every part whose right answers are the same under ten seeds."""
    for name, exercise in exercises.items():
        for part in stale_parts(lambda seed, asked=exercise: fresh(asked, seed)):  # type: ignore[misc]
            yield (
                f"{name}: the right answers of {part!r} are the same under {SEEDS} seeds, so they can be written down: "
                "draw what they depend on, or the order of the calls"
            )


def fresh(exercise: Exercise, seed: int) -> Sheet:
    """Questions and key, without what the slips answer: that is the most of the time."""
    return exercise.drawn(np.random.default_rng(seed), slips=False)


def stale_parts(sheet: Callable[[int], Sheet]) -> list[str]:
    """The names of the parts whose right answers are equal under ten seeds, call by call.

    Where the answer is the student's choice there is none to compare. A further sheet is asked for only while a part is
    left: nearly always the second shows that there is none.
    """
    left = {check.name: check.calls for check in sheet(0).sub_checks if check.calls[0].expected is not None}
    for seed in range(1, SEEDS):
        if left:
            others = {check.name: check.calls for check in sheet(seed).sub_checks}
            left = {name: calls for name, calls in left.items() if _same(calls, others[name])}
    return list(left)


def _same(some: tuple[Call, ...], others: tuple[Call, ...]) -> bool:
    return len(some) == len(others) and all(
        one.expected is not None and other.expected is not None and agree(one.expected, other.expected)
        for one, other in zip(some, others, strict=True)
    )
