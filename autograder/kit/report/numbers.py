"""Expected and returned numbers side by side, in one notation, with the entries that differ marked."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.kit.plain import Plain, is_text, members

MOST_ROWS, MOST_ENTRIES = 8, 8


@dataclass(frozen=True)
class Entry:
    """A number as text, and whether it differs from the one beside it."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """One row of an array: where it stands, the expected numbers and the returned ones. Either side may be missing."""

    label: str
    expected: tuple[Entry, ...] | None
    returned: tuple[Entry, ...] | None
    brackets: bool = True

    @property
    def differs(self) -> bool:
        """Whether any entry differs, or one side is missing."""
        return self.returned is None or self.expected is None or any(each.differs for each in self.returned)


def rows(expected: Plain | None, returned: Plain | None) -> list[Row]:
    """The rows of both, beside each other where they are put together alike, else one after the other."""
    if expected is not None and returned is not None:
        try:
            return list(_beside((), expected, returned))
        except _UnlikeError:
            pass
    left = [] if expected is None else list(_alone((), expected, "expected"))
    right = [] if returned is None else list(_alone((), returned, "returned"))
    return left + right


class _UnlikeError(Exception):
    pass


Path = tuple[int, ...]


def _beside(path: Path, expected: Plain, returned: Plain) -> Iterator[Row]:
    if type(expected) is tuple:
        parts = members(returned) if type(returned) is tuple or np.ndim(returned) else ()
        if len(parts) != len(expected):
            raise _UnlikeError
        for place, (one, other) in enumerate(zip(expected, parts, strict=True)):
            yield from _beside((*path, place), one, other)
        return
    if type(returned) is tuple or expected.shape != returned.shape or is_text(expected) != is_text(returned):
        raise _UnlikeError
    if is_text(expected):
        differs = str(expected) != str(returned)
        one, other = Entry(repr(str(expected)), differs), Entry(repr(str(returned)), differs)
        yield Row("", (one,), (other,), brackets=False)
        return
    for index in np.ndindex(expected.shape[:-1]):
        yield _row(path, index, np.atleast_1d(expected[index]), np.atleast_1d(returned[index]), expected.ndim)


def _row(path: Path, index: tuple[int, ...], one: np.ndarray, other: np.ndarray, ndim: int) -> Row:
    single = other.dtype in (np.float32, np.complex64)
    tolerance = (1e-4, 1e-4) if single else (1e-5, 1e-6)
    with np.errstate(all="ignore"):
        differs = ~np.isclose(other, one, rtol=tolerance[0], atol=tolerance[1], equal_nan=True)
    kept = _kept(len(one), differs)
    left, right = [], []
    before = -1
    for place in kept:
        if place > before + 1:
            left.append(Entry("..."))
            right.append(Entry("..."))
        before = place
        text, its = _texts(one[place], other[place], bool(differs[place]))
        left.append(Entry(text, bool(differs[place])))
        right.append(Entry(its, bool(differs[place])))
    if kept and before < len(one) - 1:
        left.append(Entry("..."))
        right.append(Entry("..."))
    return Row(_label(path, index), tuple(left), tuple(right), ndim > 0)


def _kept(size: int, differs: np.ndarray | None = None) -> list[int]:
    """The places to show of a row: all of a short one; of a long one its ends and the first that differ."""
    if size <= MOST_ENTRIES + 2:
        return list(range(size))
    wrong = [] if differs is None else np.flatnonzero(differs)[: MOST_ENTRIES // 2].tolist()
    ends = [*range(3), size - 1]
    return sorted({*ends, *wrong, *range(MOST_ENTRIES - len({*ends, *wrong}))})


def _texts(one: complex, other: complex, differs: bool) -> tuple[str, str]:
    """Both numbers in as many digits as show that they differ, if they do."""
    for digits in (6, 10, 17):
        texts = number(one, digits), number(other, digits)
        if not differs or texts[0] != texts[1]:
            break
    return texts


def number(value: object, digits: int = 6) -> str:
    """One number, in that many significant digits."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"{value.real:.{digits}g}{value.imag:+.{digits}g}j"
    text = f"{value:.{digits}g}"
    return "0" if text == "-0" else text


def _alone(path: Path, plain: Plain, side: str) -> Iterator[Row]:
    if type(plain) is tuple:
        for place, part in enumerate(plain):
            yield from _alone((*path, place), part, side)
        return
    if is_text(plain):
        told = (Entry(repr(str(plain))),)
        left, right = (told, None) if side == "expected" else (None, told)
        yield Row("", left, right, brackets=False)
        return
    for index in np.ndindex(plain.shape[:-1]):
        own = np.atleast_1d(plain[index])
        kept = _kept(len(own))
        entries = [Entry(number(own[place])) for place in kept]
        if len(kept) < len(own):
            entries.insert(-1, Entry("..."))
        made = tuple(entries)
        expected, returned = (made, None) if side == "expected" else (None, made)
        yield Row(_label(path, index), expected, returned, plain.ndim > 0)


def _label(path: Path, index: tuple[int, ...]) -> str:
    where = "result" + "".join(f"[{place}]" for place in path) if path else ""
    if not index:
        return where
    row = f"row {index[0] if len(index) == 1 else ', '.join(map(str, index))}"
    return f"{where} {row}".strip()


def chosen(every: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows to show and the rest: of many, those that differ come first; each part in its order."""
    if len(every) <= MOST_ROWS:
        return every, []
    wrong = [place for place, row in enumerate(every) if row.differs]
    right = [place for place, row in enumerate(every) if not row.differs]
    shown = set((wrong + right)[:MOST_ROWS])
    return [row for place, row in enumerate(every) if place in shown], [
        row for place, row in enumerate(every) if place not in shown
    ]


def line(entries: tuple[Entry, ...], brackets: bool, mark: str = "*") -> str:
    """Entries in one line of text; those that differ stand between marks."""
    inner = ", ".join(f"{mark}{each.text}{mark}" if each.differs else each.text for each in entries)
    return f"[{inner}]" if brackets else inner
