"""What the judge looks at: each call with its right answer and with what came of it, leaf by leaf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.kit.outcome import Outcome
from autograder.kit.plain import Plain, agree, decode, is_text, members, same_shape
from autograder.kit.sheet import Call, all_finite

Array = np.ndarray
Path = tuple[int, ...]

CLOSE = 1e-5


def near(one: Array, other: Array) -> bool:
    """Whether two arrays of one shape agree as closely as a check asks, measured by the larger numbers in them."""
    if np.shape(one) != np.shape(other):
        return False
    sizes = np.abs(np.concatenate([np.ravel(one), np.ravel(other)]))
    scale = float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
    return bool(np.allclose(one, other, rtol=CLOSE, atol=min(1e-6, CLOSE * scale), equal_nan=True))


@dataclass(frozen=True)
class Leaf:
    """One array of an answer: where it stands in the answer, the right numbers and those that came."""

    case: "Case"
    path: Path
    expected: Array
    given: Array
    yes_or_no: bool = False

    @property
    def same_shape(self) -> bool:
        """Whether the array has the shape that was asked for."""
        return self.expected.shape == self.given.shape

    @cached_property
    def wrong(self) -> bool:
        """Whether the numbers or the shape differ."""
        return not agree(self.expected, self.given)

    @cached_property
    def differs(self) -> Array:
        """Entry by entry, whether the numbers differ; only for arrays of the same shape."""
        single = self.given.dtype in (np.float32, np.complex64)
        tolerance = 1e-4 if single else CLOSE
        equal = np.isclose(self.given, self.expected, rtol=tolerance, atol=tolerance / 10, equal_nan=True)
        return np.asarray(~equal)


@dataclass(frozen=True)
class Case:
    """One call, where it stands in the sheet, and what came of it."""

    part: int
    call: Call
    got: Outcome
    right: bool
    parameters: tuple[str, ...] = ()

    @cached_property
    def arguments(self) -> list[Any]:
        """The call's arguments, decoded."""
        return list(decode(self.call.arguments))

    @property
    def comparable(self) -> bool:
        """Whether there are numbers, and right ones to hold against them."""
        return self.got.has_numbers and self.call.expected is not None and not is_text(self.call.expected)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...] | None:
        """The answer array by array, or None where it is put together otherwise than asked."""
        try:
            return tuple(self._leaves((), self.call.expected, self.got.value))
        except _OtherStructureError:
            return None

    def _leaves(self, path: Path, expected: Plain, given: Plain) -> Iterator[Leaf]:
        if type(expected) is not tuple:
            if type(given) is tuple:
                raise _OtherStructureError
            yield Leaf(self, path, _floats(expected), _floats(given), expected.dtype.kind == "b")
            return
        if type(given) is not tuple and np.ndim(given) == 0:
            raise _OtherStructureError
        parts = members(given)
        if len(parts) != len(expected):
            raise _OtherStructureError
        for place, (one, other) in enumerate(zip(expected, parts, strict=True)):
            yield from self._leaves((*path, place), one, other)


def _floats(array: Array) -> Array:
    """The array in floats: to booleans and whole numbers too a difference is a number."""
    return array.astype(float) if array.dtype.kind in "biu" else array


class _OtherStructureError(Exception):
    pass


@dataclass(frozen=True)
class Evidence:
    """The calls that returned wrong numbers, and those that came out right."""

    wrong: tuple[Case, ...]
    right: tuple[Case, ...] = ()

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The arrays that are wrong, of all wrong calls; none if one answer is put together otherwise."""
        if any(case.leaves is None for case in self.wrong):
            return ()
        return tuple(leaf for case in self.wrong for leaf in case.leaves or () if leaf.wrong)

    @cached_property
    def pairs(self) -> tuple[Leaf, ...]:
        """The wrong arrays, if all have the shapes that were asked for, and every number is finite; else none."""
        if all(leaf.same_shape and all_finite(leaf.given) for leaf in self.leaves):
            return self.leaves
        return ()

    @cached_property
    def expected(self) -> Array:
        """All numbers of the right arrays in one row."""
        return _joined([leaf.expected for leaf in self.pairs])

    @cached_property
    def given(self) -> Array:
        """All numbers of the wrong arrays in one row."""
        return _joined([leaf.given for leaf in self.pairs])

    @cached_property
    def only_numbers(self) -> bool:
        """Whether every wrong array is a single number."""
        return all(leaf.expected.ndim == 0 for leaf in self.leaves)

    @property
    def each(self) -> str:
        """What a sentence on the entries begins with: which arrays are meant, where others agree."""
        where = self.where
        what = "every entry" if not self.only_numbers else "the number"
        if not where:
            return what.capitalize()
        return f"{where} {what}"

    @cached_property
    def where(self) -> str:
        """Which of several returned things are wrong, where others are right: "`result[0]` agrees; in `result[1]`"."""
        every = {leaf.path for case in self.wrong for leaf in case.leaves or ()}
        wrong = {leaf.path for leaf in self.leaves}
        if wrong == every or not wrong:
            return ""
        first = sorted(every - wrong)
        good = _listed([place(path) for path in first])
        bad = _listed([place(path) for path in sorted(wrong)])
        return f"{good} {'agrees' if len(first) == 1 else 'agree'}; in {bad}"


def place(path: Path) -> str:
    """Where an array stands in what was returned, as code: `result[0][1]`."""
    return "`result" + "".join(f"[{index}]" for index in path) + "`"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _joined(arrays: Sequence[Array]) -> Array:
    if not arrays:
        return np.array([])
    joined = np.concatenate([np.ravel(array) for array in arrays])
    return joined.real.astype(float)


def shapes_agree(case: Case) -> bool:
    """Whether a call's answer has the nesting and the shapes that were asked for."""
    return case.comparable and same_shape(case.call.expected, case.got.value)
