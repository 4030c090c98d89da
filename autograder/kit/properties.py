"""Properties an answer must have whatever its numbers: named, so that a case stays plain data.

Each takes the call's arguments and the answer in plain form, and returns the sentence that says how the answer
breaks the property, or None where it holds.
"""

from collections.abc import Callable, Sequence

import numpy as np

from autograder.kit.plain import Plain, number_text

Property = Callable[[Sequence[object], Plain], str | None]

# Loose enough for single precision, far tighter than any slip.
TOLERANCE = 1e-4


def _row_sums(value: Plain) -> np.ndarray | None:
    return None if type(value) is tuple or np.ndim(value) == 0 else np.asarray(value).sum(axis=-1)


def rows_sum_to_one(_: Sequence[object], value: Plain) -> str | None:
    """Each row is a share of one whole."""
    sums = _row_sums(value)
    if sums is None or np.allclose(sums, 1, atol=TOLERANCE):
        return None
    return f"Each row of probabilities must sum to 1; yours sum to {number_text(sums)}."


def rows_sum_to_zero(_: Sequence[object], value: Plain) -> str | None:
    """Adding one number to all logits changes no probability, so the slopes along a row cancel."""
    sums = _row_sums(value)
    if sums is None or np.allclose(sums, 0, atol=TOLERANCE):
        return None
    return f"Each row must sum to 0: adding one number to all logits changes nothing. Yours sum to {number_text(sums)}."


def symmetric(_: Sequence[object], value: Plain) -> str | None:
    """The matrix equals its transpose."""
    if type(value) is tuple or np.ndim(value) != 2 or np.shape(value)[0] != np.shape(value)[1]:
        return None
    return (
        None if np.allclose(value, np.transpose(value), atol=TOLERANCE) else "The matrix must be symmetric."
    )


def not_negative(_: Sequence[object], value: Plain) -> str | None:
    """No number is below zero."""
    if type(value) is tuple or not np.any(np.asarray(value).real < -TOLERANCE):
        return None
    return "No number in the answer may be negative."


PROPERTIES: dict[str, Property] = {
    each.__name__: each for each in (rows_sum_to_one, rows_sum_to_zero, symmetric, not_negative)
}
