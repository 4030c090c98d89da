"""From what a function returned to points and reasons.

The judge sees outcomes only, never the function: so it can sit in another process than the code it judges.
"""

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.kit.plain import (
    Plain,
    agree,
    code_text,
    decode,
    encode,
    number_text,
    same_shape,
    shape_text,
    to_plain,
)
from autograder.kit.properties import PROPERTIES, TOGETHER
from autograder.kit.report import Report, Result
from autograder.kit.run import Outcome


@dataclass(frozen=True)
class Call:
    """One call of a sub-check: encoded arguments, the right answer, and properties the answer must have.

    `expected` is None where the exact answer is the student's choice; the properties then decide alone.
    """

    arguments: Any
    expected: Plain = None
    properties: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubCheck:
    """A few calls that test one thing. All must be right to earn `points`.

    With `unchanged` no call of the exercise, this sub-check's or another's, may change an argument. `advice` is
    said where the sub-check fails and no misconception explains it. `together` names properties of all its answers
    side by side.
    """

    name: str
    points: float
    calls: tuple[Call, ...]
    unchanged: bool = False
    advice: str = ""
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misconception:
    """A known slip: its name, what a teacher says of it, and what it answers to each call of each sub-check."""

    name: str
    sentence: str
    answers: tuple[tuple[Outcome, ...], ...]


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


def _answer(outcome: Outcome) -> dict[str, Any]:
    kept = outcome.to_json()
    return {name: kept[name] for name in ("value", "error", "mutated") if name in kept}


def _sub_check_to_json(check: SubCheck) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": check.name,
        "points": check.points,
        "calls": [
            {"arguments": call.arguments}
            | ({} if call.expected is None else {"expected": encode(call.expected)})
            | ({"properties": list(call.properties)} if call.properties else {})
            for call in check.calls
        ],
    }
    if check.unchanged:
        data["unchanged"] = True
    if check.advice:
        data["advice"] = check.advice
    if check.together:
        data["together"] = list(check.together)
    return data


def _sub_check_from_json(data: dict[str, Any]) -> SubCheck:
    calls = tuple(
        Call(
            each["arguments"],
            to_plain(decode(each["expected"])) if "expected" in each else None,
            tuple(each.get("properties", ())),
        )
        for each in data["calls"]
    )
    return SubCheck(
        data["name"],
        data["points"],
        calls,
        data.get("unchanged", False),
        data.get("advice", ""),
        tuple(data.get("together", ())),
    )


def judge(sheet: Sheet, outcomes: Sequence[Outcome], show_numbers: bool = True) -> Report:
    """The report on the outcomes of `sheet.calls`, in that order.

    Without `show_numbers` the report names what failed and the slip it looks like, but neither the call nor
    the expected numbers: that is what a student may see of a hidden case.
    """
    wanted = len(sheet.calls)
    if len(outcomes) != wanted:
        raise ValueError(f"{sheet.exercise} has {wanted} calls, and {len(outcomes)} outcomes came back")
    rows, start = [], 0
    for check in sheet.sub_checks:
        rows.append(tuple(outcomes[start : start + len(check.calls)]))
        start += len(check.calls)
    if all(outcome.error == "NotImplementedError" for outcome in outcomes):
        return _unwritten(sheet)
    slip = _slip(sheet, rows)
    results = tuple(_judge_sub_check(sheet, index, rows, slip, show_numbers) for index in range(len(rows)))
    return Report(
        exercise=sheet.exercise,
        signature=sheet.signature,
        points=sheet.points,
        results=results,
        advice=_advice(outcomes, show_numbers),
        printed=next((outcome.printed for outcome in outcomes if outcome.printed), "")
        if show_numbers
        else "",
    )


def _unwritten(sheet: Sheet) -> Report:
    sentence = f"{sheet.exercise} is not written yet: replace `raise NotImplementedError()` by your own code."
    results = tuple(
        Result(each.name, each.points, passed=False, sentence=sentence) for each in sheet.sub_checks
    )
    return Report(sheet.exercise, sheet.signature, sheet.points, results, written=False)


def _slip(sheet: Sheet, rows: Sequence[Sequence[Outcome]]) -> Misconception | None:
    """The misconception that gives the same outcome to every call, if there is one."""
    for each in sheet.misconceptions:
        if all(
            _same(a, b)
            for ours, row in zip(each.answers, rows, strict=True)
            for a, b in zip(ours, row, strict=True)
        ):
            return each
    return None  # fmt: skip


def _slip_of(sheet: Sheet, index: int, row: Sequence[Outcome]) -> Misconception | None:
    """The misconception that gives the same outcomes to this sub-check, and numbers in at least one."""
    for each in sheet.misconceptions:
        ours = each.answers[index]
        if any(got.error is None for got in ours) and all(map(_same, ours, row)):
            return each
    return None


def _same(known: Outcome, got: Outcome) -> bool:
    if known.error is not None or got.error is not None:
        return known.error == got.error
    return agree(known.value, got.value) and known.mutated == got.mutated


def _is_right(call: Call, got: Outcome) -> bool:
    if got.error is not None:
        return False
    if call.expected is not None and not agree(call.expected, got.value):
        return False
    return _broken_property(call, got) is None


def _is_expected(call: Call, got: Outcome) -> bool:
    """Whether the outcome is the one right answer; where the answer is the student's choice there is none."""
    return call.expected is not None and not got.mutated and _is_right(call, got)


def _broken_property(call: Call, got: Outcome) -> str | None:
    if got.error is not None or not call.properties:
        return None
    arguments = decode(call.arguments)
    sentences = (PROPERTIES[name](arguments, got.value) for name in call.properties)
    return next((sentence for sentence in sentences if sentence), None)


def _asked_of(sheet: Sheet, index: int, rows: Sequence[Sequence[Outcome]]) -> list[tuple[Call, Outcome]]:
    """A sub-check's calls with what came of them; with `unchanged`, every call that changed an argument too."""
    own = list(zip(sheet.sub_checks[index].calls, rows[index], strict=True))
    if not sheet.sub_checks[index].unchanged:
        return own
    every = (zip(each.calls, row, strict=True) for each, row in zip(sheet.sub_checks, rows, strict=True))
    return own + [(call, got) for pairs in every for call, got in pairs if got.mutated]


def _judge_sub_check(
    sheet: Sheet,
    index: int,
    rows: Sequence[Sequence[Outcome]],
    slip: Misconception | None,
    show_numbers: bool,
) -> Result:
    check, row = sheet.sub_checks[index], rows[index]
    for call, got in _asked_of(sheet, index, rows):
        if not (check.unchanged and got.mutated) and _is_right(call, got):
            continue
        known = slip or _slip_of(sheet, index, row)
        sentence = known.sentence if known else _reason(check, call, got)
        if not show_numbers:
            return Result(check.name, check.points, False, sentence, known.name if known else None)
        return Result(
            name=check.name,
            points=check.points,
            passed=False,
            sentence=sentence,
            misconception=known.name if known else None,
            call=f"{sheet.exercise}({', '.join(map(code_text, decode(call.arguments)))})",
            expected="" if call.expected is None else number_text(call.expected),
            given=f"an error: {got.detail}" if got.error else number_text(got.value),
            shapes=_shapes(call, got),
        )
    apart = _broken_together(check, row)
    if apart:
        known = slip or _slip_of(sheet, index, row)
        return Result(
            check.name, check.points, False, known.sentence if known else apart, known.name if known else None
        )
    return Result(check.name, check.points, passed=True)


def _broken_together(check: SubCheck, row: Sequence[Outcome]) -> str | None:
    calls = [decode(call.arguments) for call in check.calls]
    sentences = (TOGETHER[name](calls, [got.value for got in row]) for name in check.together)
    return next((sentence for sentence in sentences if sentence), None)


def _shapes(call: Call, got: Outcome) -> str:
    if got.error is not None or call.expected is None or same_shape(call.expected, got.value):
        return ""
    return f"expected {shape_text(call.expected)}, returned {shape_text(got.value)}"


def _reason(check: SubCheck, call: Call, got: Outcome) -> str:
    """Why a call is not right, where no misconception explains it."""
    if got.error == "NotImplementedError":
        return "This case is not written yet."
    if got.error is not None:
        return _why_it_ended(got.error)
    if check.unchanged and got.mutated:
        return (
            "After the call an argument is not what it was before: "
            "work on a copy, and avoid `x -= ...` on an argument."
        )
    if _shapes(call, got):
        return f"The shape differs: {_shapes(call, got)}."
    return _broken_property(call, got) or check.advice or "The numbers differ."


_ENDED = {
    "NotPlainError": "The call did not return numbers.",
    "TimeLimitError": "It was not done when its time was up: does a loop never end?",
    "MemoryError": "It asked for more memory than there is.",
    "_ArrayMemoryError": "It asked for more memory than there is.",
    "Crashed": "The whole process ended while it was running.",
    "Missing": "When the check ran there was no function of this name: is it spelled as asked, and did its cell run?",
    "Tampered": "Something in the notebook tampered with the grader, so nothing of it counts.",
}


def _why_it_ended(error: str) -> str:
    """A sentence on an error. Of a student's own exception not even the name is told: it may be anything."""
    known = _ENDED.get(error)
    if known:
        return known
    builtin = getattr(builtins, error, None)
    if isinstance(builtin, type) and issubclass(builtin, BaseException):
        return f"The call did not return numbers, it raised {error}."
    return "The call did not return numbers, it raised an error."


def _advice(outcomes: Sequence[Outcome], show_numbers: bool) -> tuple[str, ...]:
    """A sentence a warning. A warning's words, and the name of its class, may be the student's and tell
    what the arguments were: without `show_numbers` neither is repeated.
    """
    warned = dict.fromkeys(text for outcome in outcomes for text in outcome.warned)
    said = dict.fromkeys(_who_warned(text, show_numbers) for text in warned)
    return tuple(f"{who}. That costs no points; see whether another form does without." for who in said)


def _who_warned(text: str, show_numbers: bool) -> str:
    kind = text.partition(":")[0]
    numpys = kind in ("RuntimeWarning", "ComplexWarning", "RankWarning", "VisibleDeprecationWarning")
    who = "NumPy warned" if numpys else "The function warned"
    if show_numbers:
        return f"{who} ({text})"
    return f"{who} ({kind})" if numpys else who
