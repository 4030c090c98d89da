"""What the alt text of `explore.digit` must say, computed apart from the kit, with mpmath."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from mpmath import exp, mpf

from autograder.kit import load_digits


@cache
def means() -> tuple[tuple[float, ...], ...]:
    """The mean picture of each digit."""
    pixels, labels = load_digits()
    rows = list(zip(pixels.tolist(), labels.tolist(), strict=True))
    of_each = [[row for row, label in rows if label == digit] for digit in range(10)]
    return tuple(tuple(sum(column) / len(some) for column in zip(*some, strict=True)) for some in of_each)


def probabilities(ink: list[list[int]], right: int, down: int) -> list[Any]:
    """Of each digit, by how near its mean picture is to the moved one."""

    def at(line: int, column: int) -> float:
        line, column = line - down, column - right
        return ink[line][column] / 16 if 0 <= line < 8 and 0 <= column < 8 else 0.0

    x = [at(line, column) for line in range(8) for column in range(8)]
    near = [-sum((mpf(a) - mpf(b)) ** 2 for a, b in zip(x, mean, strict=True)) for mean in means()]
    powers = [exp(each) for each in near]
    return [power / sum(powers) for power in powers]


def digit_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    found = re.match(
        r"Ink line by line: (.+?); moved to the right by (\S+), down by (\S+)\. Probabilities of (.+?): (0: .+?); "
        r"read as (\w+)\.( |$)",
        alt,
    )
    assert found, alt
    ink = [list(map(int, line.split())) for line in found[1].split(" / ")]
    assert [len(line) for line in ink] == [8] * 8
    if "the picture, to draw on" in values:  # a browser's test reads sliders, not the grid
        assert [each for line in ink for each in line] == list(values["the picture, to draw on"])
    right, down = int(values["moved to the right by"]), int(values["moved down by"])
    assert (found[2], found[3]) == (str(right), str(down))
    told = [part.split(": ") for part in found[5].split(", ")]
    assert [name for name, _ in told] == [str(digit) for digit in range(10)]
    if hidden:
        assert {text for _, text in told} == {"?"}
        assert found[6] == "hidden"
        assert f"Your guess is {values['your guess: the digit that is read']:.0f}. Then press Reveal." in alt
        return
    said = [float(text) for _, text in told]
    assert abs(sum(said) - 1) < 1e-3
    assert said[int(found[6])] == max(said)
    if found[4] == "the network of the mean pictures":
        true = probabilities(ink, right, down)
        assert all(abs(one - other) <= 6e-5 for one, other in zip(said, true, strict=True))
