"""Plain data: what may be handed to a student's function, what may come back, and when two answers agree.

Nothing here calls a method of a value it was given unless the value's type is exactly one of Python's numbers,
list, tuple, its own iterators, or NumPy's own arrays and scalars. An object that claims to equal everything is
refused, not asked. What a generator yields is collected, so the code of its function runs here.
"""

import re
import types
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from autograder.kit.functions import FUNCTIONS

# An answer in plain form: one array (a number is a 0-d array), or a tuple of plain forms; or one text, a 0-d array too.
Plain = Any

RTOL, ATOL = 1e-5, 1e-6
# Single precision keeps about seven digits, and a difference of large numbers fewer.
RTOL_SINGLE, ATOL_SINGLE = 1e-4, 1e-4

MOST_NUMBERS = 10_000_000
MOST_YIELDED = 100_000
MOST_LETTERS = 200

# What is as good as a list: it gives its members one after the other.
ITERATORS: tuple[type, ...] = (
    types.GeneratorType, range, map, filter, zip, enumerate, reversed, islice, type({}.keys()), type({}.values()),
    type(iter([0])), type(iter((0,))), type(reversed([0])), type(iter(np.zeros(1))),
)  # fmt: skip


@dataclass(frozen=True)
class Rng:
    """Stands in a call's arguments for `np.random.default_rng(seed)`, which each run gets anew."""

    seed: int


class NotPlainError(TypeError):
    """The value is no number, array, or list of them; the message says what it is, for a student."""


def to_plain(value: object) -> Plain:
    """The plain form of what a function returned.

    Numbers and arrays (any numeric dtype, bool too) become arrays of that dtype, long doubles of double
    precision; a list or tuple becomes one array where its members have one shape, else a tuple of plain forms; so
    does what a generator yields. Raises NotPlainError for anything else.
    """
    kind = type(value)
    if kind in ITERATORS:
        value = _collected(value)  # type: ignore[arg-type]
        kind = list
    if value is None:
        raise NotPlainError("it returned None: is the `return` missing?")
    if kind in (bool, int, float, complex):
        try:
            return np.array(value if kind is not int else float(value))  # type: ignore[arg-type]
        except OverflowError:
            raise NotPlainError("it returned a whole number too large for a float") from None
    if kind in (np.ndarray, np.matrix) or (issubclass(kind, np.generic) and kind.__module__ == "numpy"):
        return _plain_array(np.asarray(value))
    for base in (list, tuple):
        if issubclass(kind, base):  # a namedtuple too; what it says of itself is not asked
            return _plain_sequence(base, value)
    raise NotPlainError(f"it returned {_article(kind.__name__)}; return a number or a NumPy array")


def to_answer(value: object) -> Plain:
    """The plain form of what a function returned, a text too: whether one was asked for, the judge knows."""
    if issubclass(type(value), str):
        return np.array(str.__str__(value)[:MOST_LETTERS])
    if is_text(value):
        return np.array(str(value)[:MOST_LETTERS])
    return to_plain(value)


def is_text(plain: Plain) -> bool:
    """Whether an answer is one text."""
    return type(plain) is np.ndarray and plain.ndim == 0 and plain.dtype.kind == "U"


def _plain_array(array: np.ndarray) -> Plain:
    if array.size > MOST_NUMBERS:
        raise NotPlainError(f"it returned an array of {array.size:,} numbers, far more than asked for")
    if array.dtype == object:
        return to_plain(array.tolist()) if array.ndim else to_plain(array.item())
    if array.dtype.kind not in "biufc":
        raise NotPlainError(f"it returned an array of {array.dtype}, which holds no numbers")
    if array.dtype.char in "gG":  # no number of JSON holds a long double
        with np.errstate(all="ignore"):
            return array.astype(np.float64 if array.dtype.char == "g" else np.complex128)
    return np.array(array, copy=True)


def _collected(iterator: Iterable[object]) -> list[object]:
    """What it yields, as a list."""
    members = list(islice(iterator, MOST_YIELDED + 1))
    if len(members) > MOST_YIELDED:
        raise NotPlainError(f"it yielded more than {MOST_YIELDED:,} values, and there was no end to see")
    return members


def _plain_sequence(base: Any, value: object) -> Plain:
    """The plain form of a list or tuple, read by the methods of `base` and not by the value's own."""
    length = base.__len__(value)
    if length > MOST_NUMBERS:
        raise NotPlainError(f"it returned a list of {length:,} members, far more than asked for")
    members = tuple(to_plain(member) for member in base.__iter__(value))
    if all(type(member) is np.ndarray for member in members) and len({m.shape for m in members}) <= 1:
        return np.array(members)
    return members


def structured(value: object) -> Plain:
    """The plain form of a right answer, with its tuples, and its lists of arrays, kept as tuples."""
    if isinstance(value, tuple) or (
        isinstance(value, list) and any(isinstance(member, (tuple, list, np.ndarray)) for member in value)
    ):
        return tuple(map(structured, value))
    return to_answer(value)


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def members(plain: Plain) -> tuple[Plain, ...]:
    """A plain form as a sequence: a tuple as it is, an array row by row."""
    return plain if type(plain) is tuple else tuple(plain)


def same_shape(expected: Plain, given: Plain) -> bool:
    """Whether two plain forms have the same nesting and the same array shapes."""
    if type(expected) is tuple:
        if type(given) is not tuple and np.ndim(given) == 0:
            return False
        pairs = members(given)
        return len(expected) == len(pairs) and all(map(same_shape, expected, pairs))
    return type(given) is not tuple and np.shape(expected) == np.shape(given)


def agree(expected: Plain, given: Plain) -> bool:
    """Whether two plain forms are the same numbers, within rounding.

    Shapes must be equal. Results in single precision get the tolerance single precision needs. A nan agrees
    with a nan, an infinity with the same infinity.
    """
    if not same_shape(expected, given):
        return False
    if type(expected) is tuple:
        return all(map(agree, expected, members(given)))
    if is_text(expected) or is_text(given):
        return is_text(expected) and is_text(given) and str(expected) == str(given)
    if given.dtype.kind == "c" and np.asarray(expected).dtype.kind != "c" and np.any(given.imag):
        return False
    return bool(np.all(close(expected, given)))


def close(expected: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Which numbers of two arrays of one shape are the same, within rounding; see `agree`."""
    single = given.dtype in (np.float32, np.complex64)
    rtol, atol = (RTOL_SINGLE, ATOL_SINGLE) if single else (RTOL, ATOL)
    if given.dtype.kind == "b":
        given = given.astype(float)
    expected = np.asarray(expected, dtype=np.result_type(expected, 1.0))
    with np.errstate(all="ignore"):  # what np.isclose does, in a quarter of its time
        near = (np.abs(given - expected) <= atol + rtol * np.abs(expected)) & np.isfinite(expected)
        alike: np.ndarray = near | (given == expected) | (np.isnan(given) & np.isnan(expected))
        return alike


def identical(one: Plain, other: Plain) -> bool:
    """Whether two plain forms are the same to the last digit."""
    if type(one) is tuple or type(other) is tuple:
        return type(one) is type(other) and len(one) == len(other) and all(map(identical, one, other))
    if is_text(one) or is_text(other):
        return agree(one, other)
    return bool(one.shape == other.shape and np.array_equal(one, other, equal_nan=True))


def shape_text(plain: Plain) -> str:
    """A plain form's shape in words, for a message."""
    if type(plain) is tuple:
        return f"{len(plain)} parts: " + "; ".join(map(_part_text, plain))
    if is_text(plain):
        return "a text"
    return "a single number" if np.ndim(plain) == 0 else f"shape {np.shape(plain)}"


def _part_text(plain: Plain) -> str:
    if type(plain) is tuple:
        return "(" + ", ".join(map(_part_text, plain)) + ")"
    return "a number" if np.ndim(plain) == 0 else str(np.shape(plain))


def number_text(plain: Plain) -> str:
    """A plain form's numbers in about six digits, for a sentence; long arrays are shortened."""
    if type(plain) is tuple:
        return "(" + ", ".join(number_text(member) for member in plain) + ")"
    with np.printoptions(precision=6, threshold=60, edgeitems=3, linewidth=88):
        return np.array2string(plain, separator=", ")


def encode(value: object) -> Any:
    """A call's argument, or an answer, as JSON data. `decode` is its inverse."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, np.ndarray):
        if is_text(value):
            return {"text": str(value)}
        if value.dtype.kind == "c":
            return {"complex": [encode(value.real), encode(value.imag)]}
        kept = {"array": value.tolist()}
        if value.size == 0:
            kept["shape"] = list(value.shape)
        if value.dtype != np.float64:
            kept["dtype"] = str(value.dtype)
        return kept
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value)
    if isinstance(value, Rng):
        return {"rng": value.seed}
    if isinstance(value, np.random.Generator):
        return {"rng": "used"}
    if isinstance(value, tuple):
        return {"tuple": [encode(member) for member in value]}
    if isinstance(value, list):
        return [encode(member) for member in value]
    if isinstance(value, dict):
        return {"dict": {str(name): encode(member) for name, member in value.items()}}
    name = getattr(value, "__name__", "")
    if callable(value) and FUNCTIONS.get(name) is value:
        return {"function": name}
    raise TypeError(f"a {type(value).__name__} cannot be an argument of a check: {value!r}")


def decode(data: Any) -> Any:
    """The value that `encode` wrote, made anew at every call. A real number comes back as a NumPy float."""
    if isinstance(data, list):
        return [decode(member) for member in data]
    if isinstance(data, float):
        return np.float64(data)
    if not isinstance(data, dict):
        return data
    if "dict" in data:
        return {name: decode(member) for name, member in data["dict"].items()}
    if "array" in data:
        array = np.array(data["array"], dtype=data.get("dtype", "float64"))
        return array.reshape(data["shape"]) if "shape" in data else array
    if "complex" in data:
        real, imaginary = map(decode, data["complex"])
        return real + 1j * imaginary
    if "tuple" in data:
        return tuple(decode(member) for member in data["tuple"])
    if "text" in data:
        return np.array(data["text"])
    if "rng" in data:
        return np.random.default_rng(data["rng"])
    return FUNCTIONS[data["function"]]


def code_text(value: object) -> str:
    """An argument as a student would type it, in one line: `np.array([1.0, 2.0])`."""
    if isinstance(value, np.ndarray):
        if value.size > 60:
            return f"<an array of shape {value.shape}>"
        kind = "" if value.dtype.kind in "fb" or value.dtype == np.int64 else f", dtype={value.dtype}"
        return f"np.array({_with_np(value.tolist())}{kind})"
    if isinstance(value, np.generic):
        return _with_np(value.item())
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {code_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(code_text, value))
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, float):
        return _with_np(value)
    return getattr(value, "__name__", repr(value))


def _with_np(value: object) -> str:
    """The repr of numbers, with NumPy's names for what Python has none for."""
    return re.sub(r"\b(nan|inf)\b", r"np.\1", repr(value))
