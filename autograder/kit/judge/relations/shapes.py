"""Relations between answers of different shapes: summed or not, one row too many, broadcast, put together otherwise."""

from collections.abc import Callable

import numpy as np

from autograder.kit.judge.evidence import Array, Evidence, Leaf, near, place
from autograder.kit.plain import Plain, members, shape_text


def summed(evidence: Evidence) -> str | None:
    """What came back is a sum, a mean or one row of what was asked for; or has not been summed."""
    if not evidence.leaves or all(leaf.same_shape for leaf in evidence.leaves):
        return None
    for text, function in _REDUCED.items():
        if all(_is(function, leaf.expected, leaf.given) for leaf in evidence.leaves):
            return f"What came back is {text} of what is asked for. Is one step too much?"
    for text, function in _REDUCED.items():
        if all(_is(function, leaf.given, leaf.expected) for leaf in evidence.leaves):
            return f"What is asked for is {text} of what came back. Is the last step missing?"
    return None


_REDUCED: dict[str, Callable[[Array], Array]] = {
    "the sum": lambda x: np.sum(x),
    "the mean": lambda x: np.mean(x),
    "the sum over the rows": lambda x: np.sum(x, axis=0),
    "the mean over the rows": lambda x: np.mean(x, axis=0),
    "the sum of each row": lambda x: np.sum(x, axis=-1),
    "the mean of each row": lambda x: np.mean(x, axis=-1),
    "the largest number": lambda x: np.max(x),
    "the largest number of each row": lambda x: np.max(x, axis=-1),
    "minus the sum": lambda x: -np.sum(x),
    "the sum of the diagonal": lambda x: np.trace(x),
    "the diagonal": lambda x: np.diagonal(x),
    "the first entry": lambda x: np.ravel(x)[0],
    "the last entry": lambda x: np.ravel(x)[-1],
    "the first row": lambda x: x[0],
    "the last row": lambda x: x[-1],
    "the first column": lambda x: x[:, 0],
}


def _is(function: Callable[[Array], Array], of: Array, made: Array) -> bool:
    if np.ndim(of) == 0 or np.size(of) < 2 or np.ndim(made) >= np.ndim(of) or np.ptp(of) == 0:
        return False  # where all entries are one number it is their mean, their first and their largest
    with np.errstate(all="ignore"):
        try:
            return near(np.asarray(function(of)), made)
        except (ValueError, IndexError):
            return False


def broadcast(evidence: Evidence) -> str | None:
    """A column and a row were combined into a table."""
    leaves = evidence.leaves
    if not leaves or not all(_grown(leaf) for leaf in leaves):
        return None
    first = leaves[0]
    return (
        f"Asked for was shape {first.expected.shape}, returned shape {first.given.shape}: every number met every other. "
        "A shape (m,) and a shape (m, 1) make a table of shape (m, m). Which of the two is it where?"
    )


def _grown(leaf: Leaf) -> bool:
    m = max(leaf.expected.shape, default=1)
    return m > 1 and leaf.given.shape == (m, m) and leaf.expected.size == m


def rows_missing_or_too_many(evidence: Evidence) -> str | None:
    """The answer is right but for its length."""
    leaves = evidence.leaves
    if not leaves or not all(_lengths(leaf) for leaf in leaves):
        return None
    for sentence, function in _LENGTHS:
        if all(function(leaf.expected, leaf.given) for leaf in leaves):
            return sentence
    first = leaves[0]
    e, g = len(first.expected), len(first.given)
    return (
        f"{e} entries are asked for along the first axis, and {g} came back. Which are missing, or too many?"
    )


def _lengths(leaf: Leaf) -> bool:
    one, other = leaf.expected, leaf.given
    return one.ndim == other.ndim > 0 and one.shape[1:] == other.shape[1:] and len(one) != len(other)


def _starts(long: Array, short: Array) -> bool:
    return len(short) > 0 and len(long) > len(short) and near(long[: len(short)], short)


def _ends(long: Array, short: Array) -> bool:
    return len(short) > 0 and len(long) > len(short) and near(long[-len(short) :], short)


_LENGTHS: tuple[tuple[str, Callable[[Array, Array], bool]], ...] = (
    (
        "What came back is right as far as it goes, but it ends too early. How many are asked for, with the first?",
        _starts,
    ),
    ("What came back is right but for its beginning, which is missing. Does the start belong to it?", _ends),
    (
        "It begins rightly and then goes on too long. How many are asked for?",
        lambda e, g: _starts(g, e),
    ),
    (
        "It ends rightly, but something stands before it that was not asked for. What comes first?",
        lambda e, g: _ends(g, e),
    ),
)


def other_parts(evidence: Evidence) -> str | None | tuple[str, str]:
    """Another number of things came back, or they are put together otherwise."""
    odd = [case for case in evidence.wrong if case.leaves is None]
    if not odd:
        return None
    expected, given = odd[0].call.expected, odd[0].got.value
    if all(near(_in_a_row(case.call.expected), _in_a_row(case.got.value)) for case in evidence.wrong):
        return "right_numbers_in_another_form", (
            "The numbers are right, and put together otherwise than asked. "
            f"Asked for: {shape_text(expected)}. Returned: {shape_text(given)}."
        )
    if type(expected) is not tuple:
        return f"One array is asked for, {shape_text(expected)}, and what came back is in parts that do not make one: {shape_text(given)}."
    if type(given) is not tuple and np.ndim(given) == 0:
        return f"{len(expected)} things are asked for, and a single number came back. What else belongs to the answer?"
    parts = members(given)
    if len(parts) != len(expected):
        return (
            f"{len(expected)} things are asked for, and {len(parts)} came back. What is missing, or too much?"
        )
    for index, (one, part) in enumerate(zip(expected, parts, strict=True)):
        if type(one) is tuple and (type(part) is not tuple and len(np.shape(part)) == 0 or len(members(part)) != len(one)):  # fmt: skip
            count = 1 if type(part) is not tuple and np.ndim(part) == 0 else len(members(part))
            return f"{place((index,))} should hold {len(one)} things and holds {count}. Are the parts grouped as asked?"
    return f"The parts are put together otherwise: asked for {shape_text(expected)}; returned {shape_text(given)}."


def _in_a_row(plain: Plain) -> Array:
    """All numbers of an answer, one after the other, however it is put together."""
    if type(plain) is not tuple:
        return np.ravel(plain).astype(complex)
    return np.concatenate([np.zeros(0, dtype=complex), *map(_in_a_row, plain)])


def another_shape(evidence: Evidence) -> str | None:
    """The shape differs, and nothing plainer was recognised."""
    odd = [leaf for leaf in evidence.leaves if not leaf.same_shape]
    if not odd:
        return None
    first = odd[0]
    where = f"{place(first.path)}: " if first.path else ""
    return f"{where}The shape differs: expected {shape_text(first.expected)}, returned {shape_text(first.given)}."
