"""`slips`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "How far from the true number can a correctly rounded figure be, if its last digit is the d-th after the point?",
        r"A figure printed with $d$ digits after the point is right if $|\,\text{printed} - \text{computed}\,| \le \tfrac12 \cdot 10^{-d}$; $d$ is the length of what stands after the point",
        '`digits = len(figure.split(".")[1])` for a single figure, and it is a slip if `abs(float(figure) - computed) > 0.5 * 10.0**-digits`. Go through all figures with `np.ndindex(np.shape(computed))`, and keep the shape.',
    ),
)
def slips(printed: Any, computed: Any) -> Any:
    if isinstance(printed, (list, tuple, np.ndarray)) and np.ndim(printed):
        return np.array([slips(p, c) for p, c in zip(printed, computed, strict=True)], dtype=bool)
    return _is_a_slip(str(printed), float(np.asarray(computed).item()))


def _is_a_slip(figure: str, value: float) -> bool:
    if not math.isfinite(value):
        return True
    said = Decimal(figure)
    half = Decimal(5).scaleb(min(int(said.as_tuple().exponent), 0) - 1)
    return abs(said - Decimal(repr(value))) > half


# How far the true number lies above the figure printed, in units of its last digit, and the sign of both:
# rightly rounded up; cut off where it should be rounded up; a wrong last digit; right; right and negative.
KINDS = ((-0.3, 1), (0.75, 1), (1.3, -1), (0.25, 1), (-0.2, -1))


def figures(rng: np.random.Generator, count: int, last: bool = True) -> tuple[list[str], list[float]]:
    """Figures as printed, with two to four digits, and the true numbers; of every kind at least one from five on.

    Without `last` all end in a 0, which is a digit too.
    """
    pairs = []
    for k in range(count):
        places, (offset, sign) = 2 + k % 3, KINDS[k % len(KINDS)]
        digits = 10 * int(rng.integers(10 ** (places - 2), 10 ** (places - 1)))
        digits += int(rng.integers(1, 10)) if last else 0
        unit = sign * 10.0**-places
        pairs.append((f"{digits * unit:.{places}f}", (digits + offset + rng.integers(-6, 7) / 64) * unit))
    printed, computed = zip(*[pairs[k] for k in rng.permutation(count)], strict=True)
    return list(printed), list(computed)


# Digits of a figure from ... to, places behind the point, how far the true number lies above it, its sign, and
# whether the sign was printed wrong. No figure has more than six digits: single precision can tell it.
WIDE = (
    (7001, 9999, 1, 0.25, 1, False),
    (10011, 99989, 2, -0.75, 1, False),
    (1011, 9989, 2, 1.3, -1, False),
    (10011, 99989, 3, -0.2, -1, False),
    (10011, 99989, 4, 0.75, 1, False),
    (101, 989, 5, 0.25, 1, False),
    (101, 989, 5, 1.3, 1, False),
    (11, 98, 7, -0.3, -1, False),
    (11, 98, 6, 0.75, 1, False),
    (2, 9, 1, -0.3, 1, False),
    (100, 100, 1, -0.3, 1, False),
    (1011, 9989, 2, 0.25, 1, True),
    (201, 989, 3, -0.2, 1, True),
)


def of_any_size(rng: np.random.Generator) -> tuple[list[str], list[float]]:
    """Figures from below a thousandth to nearly a thousand, with one to seven digits behind the point.

    Two of them are exact, and the zero at the end of one of these is its only sign of how exact it claims to be.
    """
    pairs = [(figure := f"{rng.integers(11, 90) / 100:.{places}f}", float(figure)) for places in (2, 3)]
    for low, high, places, offset, sign, wrong_sign in WIDE:
        digits = int(rng.integers(low, high + 1))
        unit = sign * 10.0**-places
        figure = f"{(-1 if wrong_sign else 1) * digits * unit:.{places}f}"
        pairs.append((figure, (digits + offset + rng.integers(-6, 7) / 64) * unit))
    printed, computed = zip(*[pairs[k] for k in rng.permutation(len(pairs))], strict=True)
    return list(printed), list(computed)


def table(pairs: tuple[list[str], list[float]], columns: int) -> tuple[list[list[str]], Array]:
    """The same as rows."""
    printed, computed = pairs
    rows = [printed[k : k + columns] for k in range(0, len(printed), columns)]
    return rows, np.array(computed).reshape(-1, columns)


@slips.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    five, seven = figures(rng, 5), figures(rng, 7)
    row, other = of_any_size(rng), of_any_size(rng)
    rows = [(each[0], np.array(each[1])) for each in (five, seven, row, other, five)]
    yield Ask("a row of figures", 1.5, [*rows, (five[0][:1], np.array(five[1][:1]))])
    tables = [table(figures(rng, 10), 2), table(figures(rng, 9), 3), table(of_any_size(rng), 5)]
    yield Ask("a table of figures", 1.5, [*tables, table(figures(rng, 5), 5), table(figures(rng, 5), 1)])
    zeros = figures(rng, 6, last=False)
    yield Ask("figures that end in 0", 1, [(zeros[0], np.array(zeros[1]))])


def _each(printed: Any, computed: Any, differs: Any) -> Any:
    if isinstance(printed, list):
        return np.array([_each(p, c, differs) for p, c in zip(printed, computed, strict=True)])
    return bool(differs(printed, float(computed)))


def _places(figure: str) -> int:
    return len(figure.split(".")[1])


@slips.misconception(
    "The figures were compared with numbers of more digits than were printed. A printed figure may differ by its rounding: up to half a unit of its last digit."
)
def compares_exactly(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 1e-9)


@slips.misconception(
    "The computed numbers were cut off, not rounded. A figure printed with d digits is rounded to the nearest."
)
def cuts_off(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(math.trunc(c * 10 ** _places(p)) - float(p) * 10 ** _places(p)) > 1e-3

    return _each(printed, computed, differs)


@slips.misconception("The answer is turned round: True marks a slip, False a figure that is right.")
def marks_the_right_ones(printed: Any, computed: Any) -> Any:
    return ~slips(printed, computed)


@slips.misconception(
    "Every number was rounded to four digits. Each figure has digits of its own: count those after its point."
)
def always_four_digits(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(round(c, 4) - float(p)) > 1e-9)


@slips.misconception(
    "All figures were rounded to the digits of the first. Count the digits for each by itself."
)
def digits_of_the_first(printed: Any, computed: Any) -> Any:
    first = printed
    while isinstance(first, list):
        first = first[0]
    return _each(printed, computed, lambda p, c: abs(round(c, _places(first)) - float(p)) > 1e-9)


@slips.misconception(
    "A whole unit of the last digit was allowed. Rounding moves a number by half a unit at most."
)
def allows_a_whole_unit(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 10.0 ** -_places(p))


@slips.misconception("One per cent was allowed. The digits printed say how exact a figure claims to be.")
def allows_one_per_cent(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 0.01 * abs(c))


@slips.misconception(
    "A 0 at the end was lost when the figure became a number: 0.2040 promises four digits, 0.204 only three. Count the digits in the text."
)
def loses_the_last_zero(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(round(c, _places(str(float(p)))) - float(p)) > 1e-9

    return _each(printed, computed, differs)


@slips.misconception("The signs were dropped. A figure printed with the wrong sign is a slip.")
def ignores_the_sign(printed: Any, computed: Any) -> Any:
    return slips(printed, np.abs(computed))


@slips.misconception(
    "The signs of both were dropped before they were compared. A figure printed with the wrong sign is a slip."
)
def compares_without_signs(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(abs(float(p)) - abs(c)) > 0.5 * 10.0 ** -_places(p))


def _allowing(allowed: Any) -> Any:
    return lambda printed, computed: _each(printed, computed, lambda p, c: abs(float(p) - c) > allowed(p, c))


def _significant(figure: str) -> int:
    return len(figure.replace("-", "").replace(".", "").lstrip("0"))


for _name, _allowed, _sentence in (
    ("allows_one_per_mille", lambda p, c: 1e-3 * abs(c), "One per mille was allowed. The digits printed say how exact a figure claims to be."),
    ("relative_tolerance", lambda p, c: 0.5 * 10.0 ** -_places(p) * abs(c), "The half unit was multiplied by the size of the number. Half a unit of the last digit is the same for large numbers and for small ones."),
    ("wider_for_large_numbers", lambda p, c: 0.5 * 10.0 ** -_places(p) * max(1, abs(c)), "For numbers above 1 more than half a unit was allowed. Half a unit of the last digit is the same for large numbers and for small ones."),
    ("significant_digits", lambda p, c: 0.5 * 10.0 ** -_significant(p), "The digits were counted from the first that is not 0. What counts are those after the point."),
    ("all_characters_but_two", lambda p, c: 0.5 * 10.0 ** (2 - len(p.lstrip("-"))), "All characters but two were counted as digits, as if one always stood before the point. Count those after it: 12.5 has one."),
    ("sign_counted_as_a_digit", lambda p, c: 0.5 * 10.0 ** (2 - len(p)), "All characters but two were counted as digits, the minus too, as if one always stood before the point. Count those after it."),
    ("allows_five_units", lambda p, c: 5 * 10.0 ** -_places(p), "Five units of the last digit were allowed. Rounding moves a number by half a unit at most."),
    ("always_half_of_four_digits", lambda p, c: 0.5e-4, "The same 0.00005 was allowed for every figure. Each has digits of its own: count those after its point."),
    ("always_a_hundredth", lambda p, c: 0.01, "The same hundredth was allowed for every figure. Each has digits of its own: count those after its point."),
    ("always_half_a_hundredth", lambda p, c: 0.005, "The same 0.005 was allowed for every figure. Each has digits of its own: count those after its point."),
    ("always_a_thousandth", lambda p, c: 0.001, "The same thousandth was allowed for every figure. Each has digits of its own: count those after its point."),
):  # fmt: skip
    _wrong = _allowing(_allowed)
    _wrong.__name__ = _name
    slips.misconception(_sentence)(_wrong)


@slips.misconception(
    "Only figures that are printed too large were marked. One that is too small is a slip as well."
)
def too_large_only(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: float(p) - c > 0.5 * 10.0 ** -_places(p))


@slips.misconception(
    "Only figures that are printed too small were marked. One that is too large is a slip as well."
)
def too_small_only(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: c - float(p) > 0.5 * 10.0 ** -_places(p))


@slips.misconception(
    "The rounded number was compared as the text that Python writes for it, and that drops zeros at the end: 0.2040 becomes 0.204. Compare numbers, or write both with the same digits."
)
def compares_short_texts(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: str(round(c, _places(p))) != p)


@slips.misconception(
    "As many significant digits were kept as the figure has. What counts are the digits after the point."
)
def rounds_to_significant_digits(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: float(f"{c:.{_significant(p)}g}") != float(p))


@slips.misconception("Nothing was found: every figure is called right.")
def finds_nothing(printed: Any, computed: Any) -> Any:
    return np.zeros(np.shape(computed), dtype=bool)


@slips.misconception("Every figure is called a slip.")
def finds_all(printed: Any, computed: Any) -> Any:
    return np.ones(np.shape(computed), dtype=bool)


@slips.misconception("The texts were compared with the numbers as Python writes them, unrounded.")
def compares_with_all_digits(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: p != str(c))


@slips.misconception("The numbers were rounded up. A figure printed with d digits is rounded to the nearest.")
def rounds_up(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(math.ceil(c * 10 ** _places(p)) - float(p) * 10 ** _places(p)) > 1e-3

    return _each(printed, computed, differs)


@slips.misconception(
    "The numbers were rounded down. A figure printed with d digits is rounded to the nearest."
)
def rounds_down(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(math.floor(c * 10 ** _places(p)) - float(p) * 10 ** _places(p)) > 1e-3

    return _each(printed, computed, differs)


def _digits_for_all(pick: Any) -> Any:
    def wrong(printed: Any, computed: Any) -> Any:
        digits = pick(_places(str(figure)) for figure in np.ravel(printed))
        return _each(printed, computed, lambda p, c: abs(float(p) - c) > 0.5 * 10.0**-digits)

    return wrong


for _name, _pick, _sentence in (
    ("fewest_digits_for_all", min, "All figures were measured by the fewest digits among them. Count the digits for each by itself."),
    ("most_digits_for_all", max, "All figures were measured by the most digits among them. Count the digits for each by itself."),
):  # fmt: skip
    _wrong = _digits_for_all(_pick)
    _wrong.__name__ = _name
    slips.misconception(_sentence)(_wrong)


@slips.misconception(
    "These are the differences themselves. Asked for is True where a figure is a slip, and False where it is not."
)
def differences_themselves(printed: Any, computed: Any) -> Any:
    return np.array(printed, dtype=float) - computed


@slips.misconception(
    "The number of digits was taken for all digits of the number, as the format `.4g` does. It counts those behind the point."
)
def all_digits_counted(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: float(f"{c:.{_places(p)}g}") != float(p))


# Right answers in other words.


def slips_by_text(printed, computed):
    """As a person would: write the number with the same digits and look whether the same text comes out."""
    if isinstance(printed, str):
        return f"{computed:.{len(printed.split('.')[1])}f}" != printed
    return [slips_by_text(p, c) for p, c in zip(printed, computed, strict=True)]


def slips_by_half_a_unit(printed, computed):
    texts = np.array(printed)
    digits = np.vectorize(lambda text: len(text.partition(".")[2]))(texts)
    return np.abs(texts.astype(float) - computed) > 0.5 * 10.0**-digits


def slips_by_round(printed, computed):
    out = np.zeros(np.shape(computed), dtype=bool)
    for place in np.ndindex(out.shape):
        figure = printed
        for k in place:
            figure = figure[k]
        out[place] = round(float(computed[place]), len(figure) - figure.index(".") - 1) != float(figure)
    return out


def slips_by_decimals(printed, computed):
    def one(figure, value):
        return Decimal(float(value)).quantize(Decimal(figure), rounding=ROUND_HALF_EVEN) != Decimal(figure)

    return np.array(np.vectorize(one)(printed, computed))


def slips_as_numbers(printed, computed):
    return np.asarray(slips_by_half_a_unit(printed, computed), dtype=int).tolist()


def slips_numpy_round(printed, computed):
    if isinstance(printed[0], list):
        return np.array([slips_numpy_round(p, c) for p, c in zip(printed, computed, strict=True)])
    pairs = zip(printed, computed, strict=True)
    return np.array([np.round(c, len(str(p).split(".")[1])) != float(p) for p, c in pairs])


def slips_float32(printed, computed):
    texts = np.array(printed)
    digits = np.vectorize(lambda text: len(text.split(".")[1]))(texts)
    return np.abs(texts.astype(np.float32) - np.float32(computed)) > np.float32(0.5) * 10.0**-digits


slips.right_answers(
    slips_by_text,
    slips_by_half_a_unit,
    slips_by_round,
    slips_by_decimals,
    slips_as_numbers,
    slips_numpy_round,
    slips_float32,
)
