"""What an exercise asks, with its key: calls, sub-checks, known slips, and how they are written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.kit.outcome import Outcome
from autograder.kit.plain import Plain, agree, decode, encode, is_text, to_answer


@dataclass(frozen=True)
class Call:
    """One call of a sub-check: encoded arguments, the right answer, and properties the answer must have.

    `expected` is None where the exact answer is the student's choice; the properties then decide alone. `told` is what
    the judge alone learns of the call, one argument more for the properties.
    """

    arguments: Any
    expected: Plain = None
    properties: tuple[str, ...] = ()
    told: int | None = None

    @property
    def for_properties(self) -> list[Any]:
        """The arguments, made anew, and what the judge alone learns."""
        return [*decode(self.arguments), *([] if self.told is None else [self.told])]


@dataclass(frozen=True)
class SubCheck:
    """A few calls that test one thing. All must be right to earn `points`.

    With `unchanged` no call of the exercise, this sub-check's or another's, may change an argument. `together` names
    properties of all its answers side by side.
    """

    name: str
    points: float
    calls: tuple[Call, ...]
    unchanged: bool = False
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misconception:
    """A known slip: its name, what a teacher says of it, and what it answers to each call of each sub-check."""

    name: str
    sentence: str
    answers: Sequence[tuple[Outcome, ...]]


@dataclass(frozen=True)
class Sheet:
    """An exercise's questions with their key: what a check asks, expects and has to say."""

    exercise: str
    signature: str
    seconds: float
    hints: tuple[str, ...]
    sub_checks: tuple[SubCheck, ...]
    misconceptions: tuple[Misconception, ...]

    @property
    def points(self) -> float:
        """What a wholly right answer earns."""
        return sum(each.points for each in self.sub_checks)

    @property
    def calls(self) -> list[Any]:
        """The encoded arguments of every call, in order: all that a process running student code may see."""
        return [call.arguments for each in self.sub_checks for call in each.calls]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's arguments, from its signature."""
        inner = self.signature.partition("(")[2].rpartition(")")[0]
        return tuple(re.findall(r"(?:^|, )(\w+)(?=:|,|$|=)", _without_brackets(inner)))

    @cached_property
    def wants_numbers(self) -> bool:
        """Whether every call asks for one number: then an array of one entry is that number."""
        expected = [call.expected for each in self.sub_checks for call in each.calls]
        return all(type(each) is np.ndarray and each.ndim == 0 and not is_text(each) for each in expected)

    @cached_property
    def wants_text(self) -> bool:
        """Whether the answers are texts: names, and not numbers."""
        return all(is_text(call.expected) for each in self.sub_checks for call in each.calls)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON data. A misconception's answer that equals the right one is written as null."""
        return {
            "signature": self.signature,
            "points": self.points,
            "seconds": self.seconds,
            "hints": list(self.hints),
            "sub_checks": [_sub_check_to_json(each) for each in self.sub_checks],
            "misconceptions": [
                {
                    "name": each.name,
                    "sentence": each.sentence,
                    "answers": [
                        [None if _is_expected(call, got) else _answer(got)
                         for call, got in zip(check.calls, row, strict=True)]
                        for check, row in zip(self.sub_checks, each.answers, strict=True)
                    ],
                }
                for each in self.misconceptions
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, exercise: str, data: dict[str, Any]) -> "Sheet":
        """The sheet that `to_json` wrote."""
        checks = tuple(_sub_check_from_json(each) for each in data["sub_checks"])
        return cls(
            exercise=exercise,
            signature=data["signature"],
            seconds=data["seconds"],
            hints=tuple(data["hints"]),
            sub_checks=checks,
            misconceptions=tuple(
                Misconception(
                    each["name"],
                    each["sentence"],
                    tuple(
                        tuple(
                            Outcome(value=call.expected) if answer is None else Outcome.from_json(answer)
                            for call, answer in zip(check.calls, row, strict=True)
                        )
                        for check, row in zip(checks, each["answers"], strict=True)
                    ),
                )
                for each in data["misconceptions"]
            ),
        )


def _without_brackets(text: str) -> str:
    """The text without what stands in square brackets: `a: list[int], b` becomes `a: list, b`."""
    while (shorter := re.sub(r"\[[^\[\]]*\]", "", text)) != text:
        text = shorter
    return text


def _is_expected(call: Call, got: Outcome) -> bool:
    """Whether the outcome is the one right answer; where the answer is the student's choice there is none."""
    return (
        call.expected is not None
        and got.has_numbers
        and not (got.changed or got.overwritten)
        and agree(call.expected, got.value)
    )


def _answer(outcome: Outcome) -> dict[str, Any]:
    kept = outcome.to_json()
    names = ("value", "ended", "raised", "detail", "changed", "overwritten")
    return {name: kept[name] for name in names if name in kept} | (
        {"warned": kept["warned"]} if "warned" in kept and not all_finite(outcome.value) else {}
    )


def all_finite(plain: Plain) -> bool:
    """Whether every number of a plain form is finite; where there is none, True."""
    if plain is None or is_text(plain):
        return True
    if type(plain) is tuple:
        return all(map(all_finite, plain))
    return bool(np.all(np.isfinite(plain)))


def _sub_check_to_json(check: SubCheck) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": check.name,
        "points": check.points,
        "calls": [
            {"arguments": call.arguments}
            | ({} if call.expected is None else {"expected": encode(call.expected)})
            | ({"properties": list(call.properties)} if call.properties else {})
            | ({} if call.told is None else {"told": call.told})
            for call in check.calls
        ],
    }
    if check.unchanged:
        data["unchanged"] = True
    if check.together:
        data["together"] = list(check.together)
    return data


def expected_from(data: Any) -> Plain:
    """The right answer that `encode` wrote, its tuples kept as tuples."""
    if "tuple" in data:
        return tuple(map(expected_from, data["tuple"]))
    return to_answer(decode(data))


def _sub_check_from_json(data: dict[str, Any]) -> SubCheck:
    calls = tuple(
        Call(
            each["arguments"],
            expected_from(each["expected"]) if "expected" in each else None,
            tuple(each.get("properties", ())),
            each.get("told"),
        )
        for each in data["calls"]
    )
    return SubCheck(
        data["name"], data["points"], calls, data.get("unchanged", False), tuple(data.get("together", ()))
    )
