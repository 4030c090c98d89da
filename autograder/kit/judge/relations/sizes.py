"""Relations between the sizes and signs of the numbers: a factor, a constant, a sign, rounding, a bound."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.kit.judge.evidence import Array, Evidence, Leaf, near

FEW = 2


def _spread(evidence: Evidence) -> bool:
    """Whether there are numbers enough to speak of one factor: two that are not 0, in all wrong calls together."""
    return int(np.sum(evidence.expected != 0)) >= FEW


def _ratio(expected: Array, given: Array) -> float | None:
    """The one number that makes the given of the expected, if there is one other than 1."""
    expected, given = np.ravel(expected).real.astype(float), np.ravel(given).real.astype(float)
    if expected.size == 0 or not np.any(expected):
        return None
    largest = int(np.argmax(np.abs(expected)))
    factor = float(given[largest] / expected[largest])
    if not math.isfinite(factor) or factor == 0 or abs(factor - 1) < 1e-6:
        return None
    return factor if near(given, factor * expected) else None


def minus_everywhere(evidence: Evidence) -> str | None:
    """Every number has the other sign."""
    if evidence.pairs and np.any(evidence.expected) and near(evidence.given, -evidence.expected):
        return f"{evidence.each} has the right size and the opposite sign. Where could a minus come from, or get lost?"
    return None


_KNOWN = {
    math.log(10): ("ln 10", "Which logarithm is asked for?"),
    1 / math.log(10): ("1 / ln 10", "Is that a logarithm to base 10? The natural one is `np.log`."),
    math.log(2): ("ln 2", "Which logarithm is asked for?"),
    1 / math.log(2): ("1 / ln 2", "Is that a logarithm to base 2? The natural one is `np.log`."),
    -1 / math.log(10): ("-1 / ln 10", "Is that a logarithm to base 10, and a minus lost?"),
    -1 / math.log(2): ("-1 / ln 2", "Is that a logarithm to base 2, and a minus lost?"),
}


def another_logarithm(evidence: Evidence) -> str | None:
    """The factor is that of a logarithm to another base."""
    factor = _ratio(evidence.expected, evidence.given) if evidence.pairs else None
    for known, (text, asked) in _KNOWN.items():
        if factor is not None and abs(factor / known - 1) < 1e-5:
            return f"{evidence.each} is {text} times the expected one. {asked}"
    return None


def one_factor(evidence: Evidence) -> str | None:
    """Every number is the same multiple of the expected one, in all wrong calls."""
    factor = _ratio(evidence.expected, evidence.given) if evidence.pairs else None
    if factor is None or (not _spread(evidence) and not _simple(factor)):
        return None
    if abs(factor - 2) < 1e-5:
        return f"{evidence.each} is twice the expected one. Where could a factor of 2 come from?"
    if abs(factor - 0.5) < 1e-5:
        return f"{evidence.each} is half the expected one. Where could a factor of 1/2 come from?"
    return f"{evidence.each} is {_factor_text(factor)} times the expected one. Where could that factor come from?"


def _simple(factor: float) -> bool:
    """Whether one number alone may speak of this factor: others come about by chance too easily."""
    return any(abs(abs(factor) - plain) < 1e-6 for plain in (2, 3, 4, 1 / 2, 1 / 3, 1 / 4))


def _factor_text(factor: float) -> str:
    for below in range(2, 10):
        if abs(factor * below - round(factor * below)) < 1e-6 * below and round(factor * below):
            return f"{round(factor * below)}/{below}" if abs(factor) < 20 and factor % 1 else f"{factor:.6g}"
    return f"{factor:.5g}"


def _counts(leaf: Leaf) -> Iterator[tuple[str, float]]:
    """Numbers that belong to a call and could have become a factor, with their names."""
    arrays = [
        (name, each)
        for name, each in _named(leaf)
        if isinstance(each, np.ndarray) and each.ndim in (1, 2) and each.size
    ]
    for name, each in arrays[:1]:
        if each.ndim == 2:
            yield f"the number of rows of `{name}`", float(each.shape[0])
            yield f"the number of columns of `{name}`", float(each.shape[1])
            yield f"the number of all entries of `{name}`", float(each.size)
        else:
            yield f"the number of entries of `{name}`", float(each.shape[0])
    for name, each in arrays[1:]:
        yield f"the number of columns of `{name}`", float(each.shape[-1])
    if leaf.expected.ndim == 2:
        yield "the number of its own rows", float(leaf.expected.shape[0])
        yield "the number of its own columns", float(leaf.expected.shape[1])
    for name, each in _named(leaf):
        if isinstance(each, (float, int, np.floating)) and not isinstance(each, bool) and each not in (0, 1):
            yield f"`{name}`", float(each)


def _named(leaf: Leaf) -> Iterator[tuple[str, Any]]:
    names = leaf.case.parameters or tuple(f"argument {n}" for n in range(len(leaf.case.arguments)))
    yield from zip(names, leaf.case.arguments, strict=False)


def factor_of_the_call(evidence: Evidence) -> str | None:
    """Each wrong array is its expected one times a number of that call: how many rows there are, say."""
    if not evidence.pairs:
        return None
    found = [_ratio(leaf.expected, leaf.given) for leaf in evidence.pairs]
    factors = [factor for factor in found if factor is not None]
    if len(factors) < len(found):
        return None
    known = [dict(_counts(leaf)) for leaf in evidence.pairs]
    for name in known[0]:
        values = [each.get(name) for each in known]
        if any(value is None or value in (0, 1) for value in values):
            continue
        told = ", ".join(dict.fromkeys(f"{value:g}" for value in values if value is not None))
        pairs = list(zip(factors, values, strict=True))
        if all(abs(factor / value - 1) < 1e-5 for factor, value in pairs if value):
            return f"{evidence.each} is the expected one times {name} ({told}). Where should that number be divided out, or not come in?"
        if all(abs(factor * value - 1) < 1e-5 for factor, value in pairs if value):
            return f"{evidence.each} is the expected one divided by {name} ({told}). Is there a division too many, or a mean in place of a sum?"
    return _factor_from_call_to_call(evidence, factors)


def _factor_from_call_to_call(evidence: Evidence, factors: Sequence[float]) -> str | None:
    """All wrong numbers of a call have one factor, those of another call another one."""
    by_call: dict[int, list[float]] = {}
    for leaf, factor in zip(evidence.pairs, factors, strict=True):
        by_call.setdefault(id(leaf.case), []).append(factor)
    firsts = [row[0] for row in by_call.values()]
    if any(abs(each / row[0] - 1) > 1e-5 for row in by_call.values() for each in row):
        return None
    if len(set(np.round(firsts, 6))) < 2 or not _spread(evidence) or len(evidence.expected) <= len(firsts):
        return None
    told = ", ".join(f"{factor:.4g}" for factor in firsts[:4])
    what = "every number" if evidence.only_numbers else "every entry"
    what = f"{evidence.where} {what}" if evidence.where else what
    return f"In each call {what} is off by one and the same factor, but it is another one from call to call ({told}). What have they in common?"


def an_argument_as_factor(evidence: Evidence) -> str | None:
    """Entry by entry, the given numbers are the expected ones times an argument, or divided by it."""
    if not evidence.pairs:
        return None
    names = [dict(_named(leaf)) for leaf in evidence.pairs]
    for name in names[0]:
        values = [each.get(name) for each in names]
        if not all(isinstance(each, (np.ndarray, float)) for each in values) or _few(values):
            continue
        pairs = list(zip(evidence.pairs, values, strict=True))
        if all(_is_times(leaf.given, leaf.expected, value) for leaf, value in pairs):
            return f"{evidence.each} is the expected one times the argument `{name}`. Where does that factor come in?"
        if all(_is_times(leaf.expected, leaf.given, value) for leaf, value in pairs):
            return f"{evidence.each} should be yours times the argument `{name}`. Is that factor missing?"
    return None


def _few(values: Sequence[Any]) -> bool:
    """Whether these are too few different numbers to speak of a factor: one may fit by chance."""
    return len(np.unique(np.concatenate([np.ravel(each) for each in values]))) <= FEW


def _is_times(product: Array, one: Array, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.any(one)) and near(product, one * other)


def one_offset(evidence: Evidence) -> str | None:
    """Every number is off by the same constant."""
    if not evidence.pairs or len(evidence.expected) < FEW:
        return None
    gap = evidence.given - evidence.expected
    if np.ptp(gap) <= 1e-6 * max(1.0, float(np.max(np.abs(gap)))) and np.ptp(evidence.expected) > 0:
        return f"{evidence.each} is off by {gap[0]:+.5g}, the same everywhere. Which term is too much, or missing?"
    return None


def an_argument_too_much(evidence: Evidence) -> str | None:
    """The difference to the expected numbers is an argument of the call, once too often or once too few."""
    if not evidence.pairs:
        return None
    gaps = [leaf.given - leaf.expected for leaf in evidence.pairs]
    names = [dict(_named(leaf)) for leaf in evidence.pairs]
    for name in names[0]:
        for sign, word in ((1, "too large"), (-1, "too small")):
            if all(
                _is_number_array(each.get(name)) and _fits(sign * gap, each[name])
                for gap, each in zip(gaps, names, strict=True)
            ):
                return f"{evidence.each} is {word} by just the argument `{name}`. Which term is it in?"
    return None


def _is_number_array(value: object) -> bool:
    return isinstance(value, (float, np.floating, np.ndarray)) and bool(np.any(value))


def _fits(gap: Array, value: Any) -> bool:
    with np.errstate(all="ignore"):
        try:
            return near(np.asarray(gap, float), np.broadcast_to(np.asarray(value, float), np.shape(gap)))
        except ValueError:
            return False


def sign_lost(evidence: Evidence) -> str | None:
    """The sizes are right, and no number is below 0."""
    if not evidence.pairs or not np.any(evidence.expected < 0):
        return None
    if near(evidence.given, np.abs(evidence.expected)):
        return f"{evidence.each} has the right size, and none is negative: the signs are lost. Where does a minus disappear?"
    if near(np.abs(evidence.given), np.abs(evidence.expected)):
        wrong = int(np.sum(np.sign(evidence.given) != np.sign(evidence.expected)))
        return f"All sizes are right; {wrong} of {len(evidence.expected)} numbers have the wrong sign. What decides the sign?"
    return None


def whole_numbers(evidence: Evidence) -> str | None:
    """The fractions are cut off or rounded away."""
    if not evidence.pairs or np.all(evidence.expected == np.round(evidence.expected)):
        return None
    if np.array_equal(evidence.given, np.trunc(evidence.expected)):
        return "The numbers are the expected ones without their fractions. Was an array of whole numbers filled? `np.zeros_like` of whole numbers makes one."
    if np.array_equal(evidence.given, np.floor(evidence.expected)):
        return "The numbers are the expected ones rounded down to whole numbers. What rounds them?"
    return None


def rounded(evidence: Evidence) -> str | None:
    """The numbers are the expected ones to a few digits."""
    if not evidence.pairs:
        return None
    for digits in range(7):
        if np.allclose(evidence.given, np.round(evidence.expected, digits), rtol=0, atol=1e-9):
            if not np.any(evidence.given):
                return None
            return f"{evidence.each} is the expected one rounded to {digits} decimals. Return all digits; round only what you print."
    off = np.abs(evidence.given - evidence.expected)
    size = np.abs(evidence.expected)
    if not np.all(np.isfinite(size)):
        return None
    if np.any(size) and np.all(off <= 2e-3 * np.maximum(size, 1e-3 * np.max(size))):
        worst = float(np.max(off / np.maximum(size, 1e-3 * np.max(size))))
        digits = max(2, math.floor(-math.log10(worst)))
        return f"The numbers agree to about {digits} digits, and a check asks for 5. Is something added to be safe, rounded, or stopped too early?"
    return None


def all_zero(evidence: Evidence) -> str | None:
    """Nothing but zeros came back."""
    if evidence.pairs and not np.any(evidence.given):
        return (
            f"{evidence.each} is 0, and not all of the expected ones are. Is the result ever filled in?"
            if not evidence.only_numbers
            else f"{evidence.each} is 0, where it should not be. What makes it 0?"
        )
    return None


def always_the_same(evidence: Evidence) -> str | None:
    """All numbers that came back are one and the same."""
    if not evidence.pairs or len(evidence.given) < FEW or np.ptp(evidence.expected) == 0:
        return None
    if np.ptp(evidence.given) == 0:
        return f"{evidence.each} is {evidence.given[0]:.6g}, whatever the arguments are. Does the result depend on them?"
    return None


def bounded(evidence: Evidence) -> str | None:
    """The numbers are right up to a bound, and equal to it beyond."""
    if not evidence.pairs:
        return None
    for bound, side in ((float(np.max(evidence.given)), 1), (float(np.min(evidence.given)), -1)):
        beyond = side * evidence.expected > side * bound + 1e-9
        kept = np.where(beyond, bound, evidence.expected)
        if np.any(beyond) and np.any(~beyond & (evidence.expected != bound)) and near(evidence.given, kept):
            word = "above" if side > 0 else "below"
            return f"No number is {word} {bound:.6g}; the expected ones are, and the others agree. What holds them there?"
    low, high = float(np.min(evidence.given)), float(np.max(evidence.given))
    inside = (evidence.expected > low) & (evidence.expected < high)
    if np.any(inside) and near(evidence.given, np.clip(evidence.expected, low, high)):
        return f"No number is below {low:.6g} or above {high:.6g}; some of the expected ones are, and the others agree. What holds them there?"
    return None
