"""Which calls fail: what all of them have, and none of those that come out right."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.kit.judge.evidence import Case

# What a single failing call may be told by; anything else sets it apart by chance too easily.
STRONG = (" axes 0", " axes 1", " axes 2", " axes 3", " one row", " one column", " whole", " beyond 100", " beyond 30",
          " tiny", " zero", " not positive")  # fmt: skip


def which_calls_fail(wrong: Sequence[Case], right: Sequence[Case]) -> str | None:
    """What sets the failing calls apart from those that come out right, or None where nothing plain does."""
    if not wrong or not right:
        return None
    bad = [dict(_features(case)) for case in wrong]
    good = [dict(_features(case)) for case in right]
    for name in bad[0]:
        if len(wrong) == 1 and not name.endswith(STRONG):
            continue
        if all(name in each for each in bad) and not any(name in each for each in good):
            return f"Only calls {bad[0][name]} fail; the others come out right."
    return None


def _features(case: Case) -> Iterator[tuple[str, str]]:
    """What can be said of a call, plainest first: a name, and words that follow "calls"."""
    arguments = list(zip(case.parameters, case.arguments, strict=False))
    for name, value in arguments:
        if isinstance(value, np.ndarray):
            yield from _of_array(name, value)
        elif isinstance(value, str):
            yield f"{name} {value}", f'with {name} = "{value}"'
        elif isinstance(value, (int, float, np.floating)) and not isinstance(value, bool):
            yield from _of_number(name, float(value))
        elif isinstance(value, list):
            yield from _of_list(name, value)


def _of_array(name: str, value: np.ndarray) -> Iterator[tuple[str, str]]:
    shape = value.shape
    axes = (
        "in which `{}` is a number",
        "in which `{}` has one axis",
        "in which `{}` has two axes",
        "in which `{}` has three axes",
    )
    if value.ndim < len(axes):
        yield f"{name} axes {value.ndim}", axes[value.ndim].format(name)
    if value.ndim == 2 and shape[0] == 1:
        yield f"{name} one row", f"with a single row in `{name}` (shape {shape})"
    if value.ndim == 2 and shape[0] > 1:
        yield f"{name} more rows", f"with more than one row in `{name}`"
    if value.ndim and shape[-1] == 1:
        yield f"{name} one column", f"with a single column in `{name}`"
    if value.dtype.kind in "iu":
        yield f"{name} whole", f"with whole numbers in `{name}` (dtype {value.dtype})"
    if not value.size or value.dtype.kind not in "fiu":
        return
    largest = float(np.max(np.abs(value)))
    for bound in (100, 30, 10, 6):
        if largest > bound:
            yield f"{name} beyond {bound}", f"with numbers beyond {bound} in `{name}`"
    if largest < 1e-2:
        yield f"{name} tiny", f"with numbers below 1/100 in `{name}`"
    if np.any(value < 0):
        yield f"{name} negative", f"with negative numbers in `{name}`"
    if np.all(value <= 0):
        yield f"{name} not positive", f"with no positive number in `{name}`"
    if np.any(value == 0):
        yield f"{name} zero", f"with a 0 in `{name}`"
    if value.ndim == 2 and shape[0] == shape[1]:
        yield f"{name} square", f"with as many rows as columns in `{name}`"
    if value.ndim == 2 and shape[0] != shape[1]:
        yield f"{name} not square", f"with different numbers of rows and columns in `{name}`"


def _of_number(name: str, value: float) -> Iterator[tuple[str, str]]:
    if value == 0:
        yield f"{name} zero", f"with {name} = 0"
    if value == 1:
        yield f"{name} one", f"with {name} = 1"
    if value < 0:
        yield f"{name} negative", f"with {name} below 0"
    if value > 0:
        yield f"{name} positive", f"with {name} above 0"
    for bound in (100, 10):
        if abs(value) > bound:
            yield f"{name} beyond {bound}", f"with {name} beyond {bound}"
    if 0 < abs(value) < 1e-2:
        yield f"{name} tiny", f"with {name} below 1/100 in size"


def _of_list(name: str, value: list[Any]) -> Iterator[tuple[str, str]]:
    count = len(value)
    yield f"{name} has {count}", f"with {count} {'entry' if count == 1 else 'entries'} in `{name}`"
    for least in (2, 3, 4):
        if count >= least:
            yield f"{name} at least {least}", f"with {least} or more entries in `{name}`"
    for text in sorted({each for each in value if isinstance(each, str)}):
        yield f"{name} {text}", f'with "{text}" in `{name}`'
    widths = [each.shape[-1] for each in value if isinstance(each, np.ndarray)]
    if 1 in widths:
        yield f"{name} one wide", f"with a layer of one neuron in `{name}`"
