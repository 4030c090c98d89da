"""Where the numbers differ: which parts, rows, columns or entries, and what these have in common."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.kit.judge.evidence import Array, Evidence, Leaf, near, place


def not_finite(evidence: Evidence) -> str | None:
    """There is inf or nan where the expected numbers are finite."""
    found = [leaf for leaf in evidence.leaves if leaf.same_shape and np.any(_odd(leaf))]
    if not found:
        return None
    leaf = found[0]
    odd = _odd(leaf)
    kinds = [
        name for name, test in (("inf", np.isposinf), ("-inf", np.isneginf), ("nan", np.isnan))
        if np.any(test(leaf.given.real[odd] if odd.ndim else leaf.given.real))
    ]  # fmt: skip
    what = " and ".join(kinds)
    where = f"{place(leaf.path)} has {what} in it" if leaf.path else f"The result has {what} in it"
    if leaf.expected.ndim == 0:
        where = f"{place(leaf.path)} is {what}" if leaf.path else f"The result is {what}"
    elif np.all(odd):
        where += ", everywhere"
    elif leaf.expected.ndim == 2 and len(leaf.expected) > 1:
        where += f", in {_rows(np.flatnonzero(np.any(odd, axis=-1)))}"
    warned = [text.partition(": ")[2] for text in leaf.case.got.warned if text.startswith("RuntimeWarning: ")]
    on_the_way = f" NumPy warned on the way: {'; '.join(warned[:2])}." if warned else ""
    return f"{where}, where the expected numbers are finite.{on_the_way} Which operation makes it?"


def _odd(leaf: Leaf) -> Array:
    return np.asarray(np.isfinite(leaf.expected) & ~np.isfinite(leaf.given))


def another_verdict(evidence: Evidence) -> str | None:
    """Only a True or False is wrong."""
    leaves = evidence.leaves
    if not leaves or not all(
        leaf.yes_or_no and leaf.expected.shape == leaf.given.shape == () for leaf in leaves
    ):
        return None
    first = leaves[0]
    where = place(first.path) if first.path else "The result"
    rest = ", and the rest of the answer agrees" if first.path else ""
    given = {0.0: "False", 1.0: "True"}.get(float(first.given.real), f"{float(first.given.real):.6g}")
    return f"{where} should be {bool(first.expected)} and is {given}{rest}. What decides it?"


def finite_for_infinite(evidence: Evidence) -> str | None:
    """Numbers came back where inf is the right answer."""
    found = [
        leaf
        for leaf in evidence.leaves
        if leaf.same_shape and np.any(np.isinf(leaf.expected) & np.isfinite(leaf.given))
    ]
    if not found or len(found) != len(evidence.leaves):
        return None
    leaf = found[0]
    value = np.ravel(leaf.given)[np.flatnonzero(np.isinf(leaf.expected))[0]]
    return f"The right answer is {np.ravel(leaf.expected)[np.flatnonzero(np.isinf(leaf.expected))[0]]} here, and {value:.6g} came back. What keeps it from getting so large?"


def _rows(places: Array, what: str = "row") -> str:
    numbers = [str(each) for each in places]
    if len(numbers) == 1:
        return f"{what} {numbers[0]}"
    if len(numbers) > 4:
        return f"{len(numbers)} {what}s"
    return f"{what}s {', '.join(numbers[:-1])} and {numbers[-1]}"


def off_the_diagonal(evidence: Evidence) -> str | None:
    """A square table is right on its diagonal and wrong beside it, or the other way round."""
    pairs = [leaf for leaf in evidence.pairs if leaf.expected.ndim == 2]
    if not pairs or len(pairs) != len(evidence.pairs) or any(len(set(leaf.expected.shape)) > 1 for leaf in pairs):  # fmt: skip
        return None
    if any(len(leaf.expected) < 2 for leaf in pairs):
        return None
    on = [leaf.differs[np.eye(len(leaf.expected), dtype=bool)] for leaf in pairs]
    off = [leaf.differs[~np.eye(len(leaf.expected), dtype=bool)] for leaf in pairs]
    if not np.any(np.concatenate(on)):
        return "The diagonal is right; what stands beside it is not. What belongs to two different indices?"
    if not np.any(np.concatenate(off)):
        return (
            "Everything beside the diagonal is right; the diagonal is not. What belongs to two equal indices?"
        )
    return None


def some_rows(evidence: Evidence) -> str | None:
    """Only the last row, only the first, all but the first ... in every wrong array."""
    pairs = [leaf for leaf in evidence.pairs if leaf.expected.ndim > 0 and len(leaf.expected) > 1]
    if not pairs or len(pairs) != len(evidence.pairs):
        return None
    wrong = [np.flatnonzero(leaf.differs.reshape(len(leaf.differs), -1).any(axis=1)) for leaf in pairs]
    what = "row" if any(leaf.expected.ndim > 1 for leaf in pairs) else "entry"
    last = all(rows.tolist() == [len(leaf.expected) - 1] for rows, leaf in zip(wrong, pairs, strict=True))
    first = all(rows.tolist() == [0] for rows in wrong)
    if last:
        return f"Everything is right but for the last {what}. What is different about the last?"
    if first:
        return f"Everything is right but for the first {what}. What is different about the first?"
    if all(rows.tolist() == list(range(1, len(leaf.expected))) for rows, leaf in zip(wrong, pairs, strict=True)):  # fmt: skip
        return f"The first {what} is right, and every one after it is not. What changes after the first?"
    begins = {int(rows[0]) for rows in wrong if len(rows)}
    ends = all(rows.tolist() == list(range(int(rows[0]), len(leaf.expected))) for rows, leaf in zip(wrong, pairs, strict=True) if len(rows))  # fmt: skip
    if len(begins) == 1 and ends and 0 not in begins:
        (begin,) = begins
        return f"The first {begin} {what[:-1] + 'ies' if what == 'entry' else what + 's'} are right, and none of those after them. What changes there?"
    return None


def some_columns(evidence: Evidence) -> str | None:
    """Only some columns are wrong, the same in every wrong array."""
    pairs = [leaf for leaf in evidence.pairs if leaf.expected.ndim == 2 and leaf.expected.shape[1] > 1]
    if not pairs or len(pairs) != len(evidence.pairs):
        return None
    wrong = [np.flatnonzero(leaf.differs.any(axis=0)) for leaf in pairs]
    if all(columns.tolist() == [leaf.expected.shape[1] - 1] for columns, leaf in zip(wrong, pairs, strict=True)):  # fmt: skip
        return "Everything is right but for the last column. What is different about the last?"
    if all(columns.tolist() == [0] for columns in wrong):
        return "Everything is right but for the first column. What is different about the first?"
    return None


def rows_off_by_one_number_each(evidence: Evidence) -> str | None:
    """In every row all entries are off by one number, another in each row; or by one factor."""
    pairs = [leaf for leaf in evidence.pairs if leaf.expected.ndim == 2 and leaf.expected.shape[1] > 1]
    if not pairs or len(pairs) != len(evidence.pairs) or all(len(leaf.expected) < 2 for leaf in pairs):
        return None
    gaps = [(leaf.given - leaf.expected).real for leaf in pairs]
    if all(near(gap, np.broadcast_to(gap[:, :1], gap.shape)) for gap in gaps):
        return "In each row all entries are off by one and the same number, and each row has its own. What is taken away, or added, along the rows?"
    if all(near(gap, np.broadcast_to(gap[:1], gap.shape)) for gap in gaps):
        return "In each column all entries are off by one and the same number. What is taken away, or added, down the columns?"
    for axis, word in ((1, "row"), (0, "column")):
        if all(_one_factor_each(leaf, axis) for leaf in pairs):
            other = "along the rows" if axis else "down the columns"
            return f"In each {word} all entries are off by one and the same factor, and each {word} has its own. What is divided by, or multiplied with, {other}?"
    return None


def _one_factor_each(leaf: Leaf, axis: int) -> bool:
    expected, given = (np.moveaxis(each.real, axis, -1) for each in (leaf.expected, leaf.given))
    for one, other in zip(expected, given, strict=True):
        top = int(np.argmax(np.abs(one)))
        if one[top] == 0 or not near(other, other[top] / one[top] * one):
            return False
    return bool(np.any(np.abs(expected) > 0))


def same_in_every_row(evidence: Evidence) -> str | None:
    """Every row is the same, where the rows should differ."""
    pairs = evidence.pairs
    if pairs and all(_alike(leaf, 0) for leaf in pairs):
        return (
            "Every row is the same, and the expected rows differ. Which sum or index should be the row's own?"
        )
    if pairs and all(_alike(leaf, 1) for leaf in pairs):
        return "In each row all entries are the same, and the expected ones differ. Which index is missing?"
    return None


def _alike(leaf: Leaf, axis: int) -> bool:
    if leaf.expected.ndim != 2 or leaf.expected.shape[axis] < 2:
        return False
    first = np.take(leaf.given, [0], axis=axis)
    own = np.take(leaf.expected, [0], axis=axis)
    return near(leaf.given, np.broadcast_to(first, leaf.given.shape)) and not near(
        leaf.expected, np.broadcast_to(own, leaf.expected.shape)
    )


def where_an_argument_is(evidence: Evidence) -> str | None:
    """The wrong entries are those where an argument of the same shape is negative, large, or 0."""
    if not evidence.pairs or evidence.only_numbers:
        return None
    candidates = [set(_conditions(leaf)) for leaf in evidence.pairs]
    common = set.intersection(*candidates)
    for text in _CONDITIONS:
        for each in sorted(common):
            if each.endswith(f" {text}"):
                return f"Just the entries where {each} are wrong; all others agree. What happens there?"
    return None


_CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "is 0": lambda x: x == 0,
    "is negative": lambda x: x < 0,
    "is positive": lambda x: x > 0,
    "is not negative": lambda x: x >= 0,
    "is not positive": lambda x: x <= 0,
    "is not 0": lambda x: x != 0,
    "is above 1": lambda x: x > 1,
    "is beyond 3 in size": lambda x: np.abs(x) > 3,
    "is beyond 5 in size": lambda x: np.abs(x) > 5,
    "is beyond 6 in size": lambda x: np.abs(x) > 6,
    "is beyond 10 in size": lambda x: np.abs(x) > 10,
    "is beyond 30 in size": lambda x: np.abs(x) > 30,
    "is beyond 100 in size": lambda x: np.abs(x) > 100,
    "is below 1/100 in size": lambda x: np.abs(x) < 0.01,
}


def _conditions(leaf: Leaf) -> Iterator[str]:
    for name, value in zip(leaf.case.parameters, leaf.case.arguments, strict=False):
        if isinstance(value, np.ndarray) and value.shape == leaf.expected.shape and value.dtype.kind in "fi":
            for text, condition in _CONDITIONS.items():
                mask = condition(value)
                if np.any(mask) and not np.all(mask) and np.array_equal(mask, leaf.differs):
                    yield f"`{name}` {text}"


def right_up_to_a_part(evidence: Evidence) -> str | None:
    """Of several things that came back, some are right: which, and which is the first that is not."""
    if not evidence.leaves or not evidence.where:
        return None
    good, _, bad = evidence.where.partition("; in ")
    firsts = {min(leaf.path for leaf in case.leaves or () if leaf.wrong) for case in evidence.wrong}
    if len(firsts) > 1:
        return f"{good} in every call of this part. Of {bad} each is wrong in some call. What goes into them that does not go into the others?"
    return f"{good}; {place(min(firsts))} does not. What goes into it that does not go into the others?"


def which_entries(evidence: Evidence) -> str | None:
    """How many entries differ, which, by how much, and whether their signs are right."""
    leaves = [leaf for leaf in evidence.leaves if leaf.same_shape]
    if not leaves or len(leaves) != len(evidence.leaves):
        return None
    leaf = leaves[0]
    if leaf.expected.ndim == 0:
        return _one_number(leaf)
    wrong, size = int(np.sum(leaf.differs)), leaf.expected.size
    where = f" of {place(leaf.path)}" if leaf.path else ""
    if wrong == size:
        said = f"All {size} entries{where} differ"
    elif leaf.expected.ndim == 2 and len(rows := np.flatnonzero(leaf.differs.any(axis=1))) < len(leaf.expected):  # fmt: skip
        said = f"{wrong} of {size} entries{where} differ, all in {_rows(rows)}"
    elif leaf.expected.ndim == 2 and len(columns := np.flatnonzero(leaf.differs.any(axis=0))) < leaf.expected.shape[1]:  # fmt: skip
        said = f"{wrong} of {size} entries{where} differ, all in {_rows(columns, 'column')}"
    elif leaf.expected.ndim == 1:
        said = f"{wrong} of {size} entries{where} differ: number {', '.join(map(str, np.flatnonzero(leaf.differs)[:6]))}, counted from 0"
    else:
        said = f"{wrong} of {size} entries{where} differ"
    return f"{said}. {_signs(leaf)}"


def _one_number(leaf: Leaf) -> str:
    expected, given = float(leaf.expected.real), float(leaf.given.real)
    what = place(leaf.path) if leaf.path else "The number"
    if expected * given < 0:
        return f"{what} has the wrong sign, and not the right size either. Is the difference in a term, or in a factor?"
    if np.isfinite(given) and given and expected:
        word = "too large" if abs(given) > abs(expected) else "too small"
        return f"{what} is {word}, {given / expected:.6g} times the expected one. Is a term missing, or a factor?"
    return f"{what} is {given:.6g}, and {expected:.6g} is expected."


def _signs(leaf: Leaf) -> str:
    with np.errstate(all="ignore"):
        expected, given = np.ravel(leaf.expected.real), np.ravel(leaf.given.real)
        flipped = int(np.sum(np.sign(expected) * np.sign(given) < 0))
        larger = np.abs(given) > np.abs(expected)
    wrong = np.ravel(leaf.differs)
    signs = (
        f"{flipped} {'has' if flipped == 1 else 'have'} the wrong sign."
        if flipped
        else "All signs are right."
    )
    if np.all(larger[wrong]):
        return f"{signs} Each of them is too large in size. What could be missing, or too much?"
    if not np.any(larger[wrong]):
        return f"{signs} Each of them is too small in size. What could be missing, or too much?"
    return f"{signs} Some are too large in size, some too small. Follow one entry by hand: which numbers go into it?"
