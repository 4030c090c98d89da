"""Which known slip explains what came back, and how much of it."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

import numpy as np

from autograder.kit.judge.evidence import Case
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import Plain, agree, is_text
from autograder.kit.sheet import Misconception, Sheet, all_finite

Parts = Sequence[Sequence[Case]]

# Where a slip divides by what rounding left of 0 there comes a number beyond this, another one on each processor.
BEYOND = 1e12


def slip_of_all(sheet: Sheet, parts: Parts) -> Misconception | None:
    """The slip that gives the outcome of every call, right ones too, and wrong numbers to at least one.

    A slip that only changes an argument, and has all numbers right, is no explanation of wrong numbers.
    """
    for each in sheet.misconceptions:
        if not all(same(ours, case.got) for ours, case in _pairs(each, parts)):
            continue
        pairs = list(_pairs(each, parts))
        if any(ours.changed and not case.got.changed for ours, case in pairs):
            continue  # whoever changed nothing is not told that they did
        if any(not case.right and _tells(ours, case.got) for ours, case in pairs):
            return each
    return None


def slip_of_part(sheet: Sheet, parts: Parts, index: int) -> Misconception | None:
    """The slip that gives this part's outcomes, where what the other failing parts say does not contradict it.

    It does contradict if it ended in other numbers there. Where the numbers ran out (an error, inf, nan), a
    second slip may have hidden the first.
    """
    failing = [row for row in parts if any(not case.right for case in row)]
    for each in sheet.misconceptions:
        mine = list(_of_part(each, parts, index))
        wrong = [(ours, case) for ours, case in mine if not case.right]
        if not all(same(ours, case.got) for ours, case in mine) or not any(
            ours.has_numbers and all_finite(ours.value) for ours, _ in wrong
        ):
            continue
        pairs = list(_pairs(each, parts))
        others = [(ours, case) for ours, case in pairs if case.part != index and not case.right]
        hidden = all(same(ours, case.got) or not _has_finite(case.got) for ours, case in others)
        if len(failing) > 1 and hidden:
            rest = [(ours, case) for ours, case in pairs if case.part != index and case.right]
            if all(same(ours, case.got) for ours, case in rest):
                return each
    return None


def slip_of_failing(sheet: Sheet, parts: Parts) -> Misconception | None:
    """The slip that gives every wrong outcome, though some calls come out right where the slip would fail.

    The wrong outcomes must have more numbers in them than there are such calls: a few may be equal by chance.
    """
    failing = [index for index, row in enumerate(parts) if any(not case.right for case in row)]
    for each in sheet.misconceptions:
        wrong = (pair for index in failing for pair in _of_part(each, parts, index) if not pair[1].right)
        alike = [ours for ours, case in takewhile(lambda pair: same(pair[0], pair[1].got), wrong)]
        told = [_count(ours) for ours in alike if ours.has_numbers and all_finite(ours.value)]
        if len(told) < 2 or len(alike) < sum(not case.right for row in parts for case in row):
            continue
        against = sum(not same(ours, case.got) for ours, case in _pairs(each, parts) if case.right)
        if sum(told) > against:
            return each
    return None


def _count(outcome: Outcome) -> int:
    """How many numbers an outcome has."""
    value = outcome.value
    return sum(
        np.size(each) for each in (value if type(value) is tuple else (value,)) if type(each) is not tuple
    )


def slip_of_answers(sheet: Sheet, parts: Parts, index: int) -> Misconception | None:
    """The slip that gives all numbers of a part, where each is right by itself and they are wrong side by side."""
    for each in sheet.misconceptions:
        pairs = _of_part(each, parts, index)
        if all(ours.has_numbers and same(ours, case.got) for ours, case in pairs):
            return each
    return None


def changing_slip(sheet: Sheet, parts: Parts) -> Misconception | None:
    """The slip that changes the same arguments in the same calls, and has all numbers right, as they are here."""
    for each in sheet.misconceptions:
        pairs = _pairs(each, parts)
        if all(ours.changed == case.got.changed and same(ours, case.got) for ours, case in pairs):
            return each
    return None


def _pairs(slip: Misconception, parts: Parts) -> Iterator[tuple[Outcome, Case]]:
    for ours, row in zip(slip.answers, parts, strict=True):
        yield from zip(ours, row, strict=True)


def _of_part(slip: Misconception, parts: Parts, index: int) -> Iterator[tuple[Outcome, Case]]:
    yield from zip(slip.answers[index], parts[index], strict=True)


def same(known: Outcome, got: Outcome) -> bool:
    """Whether two outcomes are alike: the same numbers, or the same end."""
    if not (known.has_numbers and got.has_numbers):
        return known.ended is got.ended and known.raised == got.raised and _words(known) == _words(got)
    if known.overwritten != got.overwritten:
        return False
    if agree(known.value, got.value):
        return True
    return _beyond(known.value) and agree(_bounded(known.value), _bounded(got.value))


def _beyond(value: Plain) -> bool:
    if type(value) is tuple:
        return any(map(_beyond, value))
    if is_text(value):
        return False
    return bool(np.any(np.abs(value) > BEYOND))


def _bounded(value: Plain) -> Plain:
    if type(value) is tuple:
        return tuple(map(_bounded, value))
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return value
    return np.where(np.isfinite(value), np.clip(value, -BEYOND, BEYOND), value)


def _words(outcome: Outcome) -> str:
    """What an exception said, without the line of code it came from."""
    return outcome.detail.partition(", in line ")[0] if outcome.ended is Ended.RAISED else ""


def _tells(known: Outcome, got: Outcome) -> bool:
    """Whether an equal outcome tells anything: a nan may come from anywhere, unless NumPy warned of the same."""
    if not known.has_numbers:
        return known.ended is Ended.RAISED
    return all_finite(known.value) or _kinds(known) <= _kinds(got)


def _kinds(outcome: Outcome) -> set[str]:
    words = " ".join(outcome.warned)
    return {kind for kind in ("overflow", "divide by zero", "invalid value") if kind in words}


def _has_finite(outcome: Outcome) -> bool:
    if not outcome.has_numbers or is_text(outcome.value):
        return outcome.has_numbers
    values = outcome.value if type(outcome.value) is tuple else (outcome.value,)
    return all(type(each) is tuple or bool(np.all(np.isfinite(each))) for each in values)
