"""Relations in which the right numbers stand in the wrong places."""

from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np

from autograder.kit.judge.evidence import Array, Evidence, Leaf, near
from autograder.kit.plain import Plain, agree, members

MOST_ORDERED = 6


def transposed(evidence: Evidence) -> str | None:
    """Rows and columns are exchanged."""
    leaves = evidence.leaves
    if leaves and all(leaf.expected.ndim == 2 and near(leaf.expected.T, leaf.given) for leaf in leaves):
        which = evidence.where
        return (
            f"{which} rows and columns are exchanged: " if which else "Rows and columns are exchanged: "
        ) + "the transpose is right. Which index belongs to the rows?"
    return None


def another_order_of_parts(evidence: Evidence) -> str | None:
    """The things that came back are the right ones, in another order."""
    orders = {_order(case.call.expected, case.got.value) for case in evidence.wrong}
    if len(orders) != 1 or None in orders:
        return None
    (order,) = orders
    assert order is not None
    if list(order) == list(range(len(order)))[::-1] and len(order) > 2:
        return f"The {len(order)} things that came back are the right ones, in reverse order. In which order are they asked for?"
    moved = ", ".join(f"`result[{place}]` is what `result[{goes}]` should be" for place, goes in enumerate(order) if place != goes)  # fmt: skip
    return f"The things that came back are the right ones in another order: {moved}. In which order are they asked for?"


def _order(expected: Plain, given: Plain) -> tuple[int, ...] | None:
    """Which expected part each given part is; None where they are in order, or no order fits."""
    if type(expected) is not tuple or (type(given) is not tuple and np.ndim(given) == 0):
        return None
    parts = members(given)
    count = len(expected)
    if len(parts) != count or not 2 <= count <= MOST_ORDERED:
        return None
    fits = [[agree(one, part) for one in expected] for part in parts]
    if all(fits[place][place] for place in range(count)):
        return None
    for order in permutations(range(count)):
        if all(fits[place][goes] for place, goes in enumerate(order)):
            return order
    return None


def _reordered(evidence: Evidence, function: Callable[[Array], Array]) -> bool:
    return bool(evidence.pairs) and all(
        leaf.expected.ndim > 0 and near(function(leaf.expected), leaf.given) for leaf in evidence.pairs
    )


ORDERS: Sequence[tuple[str, Callable[[Array], Array]]] = (
    ("The rows are the right ones in reverse order.", lambda x: x[::-1]),
    ("The entries of each row are the right ones in reverse order.", lambda x: x[..., ::-1]),
    ("Everything is in its place but one further on: the last comes first.", lambda x: np.roll(x, 1, axis=0)),
    ("Everything is in its place but one too early: the first comes last.", lambda x: np.roll(x, -1, axis=0)),
    ("In each row the entries stand one place further on.", lambda x: np.roll(x, 1, axis=-1)),
    ("In each row the entries stand one place too early.", lambda x: np.roll(x, -1, axis=-1)),
    ("The numbers are the right ones, sorted.", lambda x: np.sort(x, axis=-1)),
    ("The numbers are the right ones, sorted downwards.", lambda x: np.sort(x, axis=-1)[..., ::-1]),
)


def another_order(evidence: Evidence) -> str | None:
    """Inside each array the right numbers stand in other places."""
    for sentence, function in ORDERS:
        if _reordered(evidence, function):
            return f"{sentence} What sets the order?"
    if evidence.pairs and all(_shuffled(leaf) for leaf in evidence.pairs):
        return "These are the right numbers, in other places. What sets their order?"
    return None


def _shuffled(leaf: Leaf) -> bool:
    return leaf.expected.size > 1 and near(np.sort(np.ravel(leaf.expected)), np.sort(np.ravel(leaf.given)))


def read_in_another_order(evidence: Evidence) -> str | None:
    """The numbers are in the right order, put into another shape."""
    leaves = evidence.leaves
    if leaves and all(
        leaf.expected.size == leaf.given.size > 1
        and leaf.expected.shape != leaf.given.shape
        and near(np.ravel(leaf.expected), np.ravel(leaf.given))
        for leaf in leaves
    ):
        first = leaves[0]
        return (
            f"The numbers are right and the shape is not: asked for {first.expected.shape}, returned "
            f"{first.given.shape}. Which step loses or adds an axis?"
        )
    return None
