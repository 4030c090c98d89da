"""Every decimal number in a lesson's text stands in its ledger, to the digits printed."""

import json
import math
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

import nbformat
import pytest

from autograder import course

# 0.7311, -4.76, 1e-4, 2.5e-10: a decimal point or an exponent makes a number worth checking.
NUMBER = re.compile(r"(?<![\w.])-?(?:\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)(?![\w.]*\d)")
LATEX_POWER = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:\\cdot|\\times)\s*10\^\{?(-?\d+)\}?")
NOT_PROSE = re.compile(r"^#+ [^\n]*$|\]\([^)]*\)|<!--.*?-->", re.MULTILINE | re.DOTALL)


def printed_numbers(markdown: str) -> Iterator[str]:
    """The numbers with a decimal point or an exponent in a text, as written, thousands separators removed."""
    text = NOT_PROSE.sub(" ", markdown)
    for mantissa, exponent in LATEX_POWER.findall(text):
        yield f"{mantissa}e{exponent}"
    text = LATEX_POWER.sub(" ", text).replace("{,}", "").replace("\u2212", "-")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    yield from NUMBER.findall(text)


def values(data: object) -> Iterator[float]:
    """Every number in a piece of JSON data."""
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        yield float(data)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name != "dtype":
                yield from values(value)
    elif isinstance(data, list):
        for value in data:
            yield from values(value)


def stands_in(printed: str, ledger: list[float]) -> bool:
    """Whether a ledger's value, rounded to the digits printed, is the printed number."""
    number = Decimal(printed)
    step = Decimal(1).scaleb(number.as_tuple().exponent)
    finite = [Decimal(repr(value)) for value in ledger if math.isfinite(value)]
    with localcontext(prec=700):
        return any(
            (sign * value).quantize(step, rounding=rounding) == number
            for value in finite
            for sign in (1, -1)
            for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP)
        )


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)
def test_every_decimal_stands_in_the_ledger(lesson: course.Lesson) -> None:
    data = json.loads(lesson.reference.read_text(encoding="utf-8"))
    ledger = list(values(data["prose"]))
    notebook = nbformat.read(lesson.notebook, as_version=4)
    printed = [n for c in notebook.cells if c.cell_type == "markdown" for n in printed_numbers(c.source)]
    assert len(printed) >= 10, "the pattern finds next to nothing: does it still read the text?"
    missing = [number for number in printed if not stands_in(number, ledger)]
    assert missing == []


def test_the_pattern_finds_numbers_and_leaves_words_alone() -> None:
    text = (
        "from $0.7311$ to -4.76, 1e-4, $2.5 \\cdot 10^{-3}$, 1,234.5; not 3 of 4, not v1.2.3, [a](b/0.5.png)."
    )
    assert sorted(printed_numbers(text)) == sorted(["0.7311", "-4.76", "1e-4", "2.5e-3", "1234.5"])


def test_a_heading_hides_itself_alone() -> None:
    assert list(printed_numbers("## 1.5 A heading\n0.25")) == ["0.25"]


def test_rounding_is_told_from_another_number() -> None:
    assert stands_in("0.73", [0.731058])
    assert stands_in("0.7311", [0.731058])
    assert not stands_in("0.7310", [0.731058])
    assert not stands_in("0.74", [0.731058])
    assert not stands_in("0.5", [float("nan"), float("inf")])
