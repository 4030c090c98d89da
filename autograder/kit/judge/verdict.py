"""From what a function returned to points and reasons.

The judge sees outcomes only, never the function: so it can sit in another process than the code it judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from autograder.kit.judge import memory, slips, words
from autograder.kit.judge.evidence import Case
from autograder.kit.judge.properties import PROPERTIES, TOGETHER
from autograder.kit.judge.relations import Seen, describe, recognise, which_calls_fail
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import agree, is_text
from autograder.kit.report.data import Result, Shown
from autograder.kit.report.report import Report
from autograder.kit.run import own_error_state
from autograder.kit.sheet import Call, Misconception, Sheet, SubCheck, all_finite


@dataclass(frozen=True)
class _Reason:
    """Why a sub-check failed: the sentence, the name of the slip or of the relation, the call to show."""

    sentence: str
    misconception: str | None = None
    relation: str | None = None
    case: Case | None = None


def judge(sheet: Sheet, outcomes: Sequence[Outcome], show_numbers: bool = True) -> Report:
    """The report on the outcomes of `sheet.calls`, in that order.

    Without `show_numbers` the report names what failed and the slip it looks like, but neither the call nor
    the expected numbers: that is what a student may see of a hidden case.
    """
    wanted = len(sheet.calls)
    if len(outcomes) != wanted:
        raise ValueError(f"{sheet.exercise} has {wanted} calls, and {len(outcomes)} outcomes came back")
    if all(outcome.ended is Ended.UNWRITTEN for outcome in outcomes):
        return _unwritten(sheet)
    with own_error_state():
        judged = _Judged(sheet, outcomes, show_numbers)
        results = tuple(judged.result(index) for index in range(len(sheet.sub_checks)))
    return Report(
        exercise=sheet.exercise,
        signature=sheet.signature,
        points=sheet.points,
        results=results,
        advice=words.advice(outcomes, show_numbers),
        printed=next((outcome.printed for outcome in outcomes if outcome.printed), "")
        if show_numbers
        else "",
        hints=sheet.hints,
    )


def _unwritten(sheet: Sheet) -> Report:
    sentence = f"{sheet.exercise} is not written yet: replace `raise NotImplementedError()` by your own code."
    results = tuple(
        Result(each.name, each.points, passed=False, sentence=sentence) for each in sheet.sub_checks
    )
    return Report(sheet.exercise, sheet.signature, sheet.points, results, written=False, hints=sheet.hints)


def is_right(sheet: Sheet, call: Call, got: Outcome) -> bool:
    """Whether a call came out right, whatever it did to its arguments."""
    got = _as_number(sheet, got)
    if not got.has_numbers or got.overwritten:
        return False
    if call.expected is not None and not agree(call.expected, got.value):
        return False
    return _broken_property(call, got) is None


def _as_number(sheet: Sheet, got: Outcome) -> Outcome:
    """The outcome, with an array of one entry as that number where the exercise asks for numbers only.

    A text is no answer where numbers are asked for, nor are numbers where a text is.
    """
    if got.has_numbers and is_text(got.value) != sheet.wants_text:
        detail = words.NO_TEXT if sheet.wants_text else words.TEXT
        return replace(got, value=None, ended=Ended.NO_NUMBERS, detail=detail)
    if sheet.wants_numbers and type(got.value) is np.ndarray and got.value.size == 1 and got.value.ndim:
        return replace(got, value=got.value.reshape(()))
    return got


def _broken_property(call: Call, got: Outcome) -> tuple[str, str] | None:
    """The name of a property that the answer should have, and how it has it not."""
    if not got.has_numbers or not call.properties:
        return None
    arguments = call.for_properties
    found = ((name, PROPERTIES[name](arguments, got.value)) for name in call.properties)
    return next(((name, sentence) for name, sentence in found if sentence), None)


class _Judged:
    """All calls of a sheet with what came of them, and what explains it."""

    def __init__(self, sheet: Sheet, outcomes: Sequence[Outcome], show_numbers: bool) -> None:
        self.sheet, self.show_numbers = sheet, show_numbers
        left = iter(outcomes)
        self.parts = [
            [self._case(index, call, next(left)) for call in check.calls]
            for index, check in enumerate(sheet.sub_checks)
        ]
        self.cases = [case for row in self.parts for case in row]
        self.wrong = [case for case in self.cases if not case.right]
        self.right = [case for case in self.cases if case.right]
        self.slip = slips.slip_of_all(sheet, self.parts) if self.wrong else None
        self.kept = memory.seen(self.cases) if self.wrong and not self.slip else None

    def _case(self, index: int, call: Call, got: Outcome) -> Case:
        got = _as_number(self.sheet, got)
        return Case(index, call, got, is_right(self.sheet, call, got), self.sheet.parameters)

    def _seen(self, wrong: Sequence[Case]) -> Seen | None:
        """The relation that holds in all of these calls that returned numbers; None where there are none."""
        numbers = [case for case in wrong if case.comparable and not case.got.overwritten]
        numbers = [case for case in numbers if not self._agrees(case)]
        return recognise(numbers, self.right) if numbers else None

    def _agrees(self, case: Case) -> bool:
        return agree(case.call.expected, case.got.value)

    def result(self, index: int) -> Result:
        """One sub-check's result."""
        check = self.sheet.sub_checks[index]
        reason = self._reason(index)
        if reason is None:
            return Result(check.name, check.points, passed=True)
        case = reason.case if self.show_numbers else None
        # The sentences of known slips are the bank's own; what was seen in answers may tell of the arguments.
        told = self.show_numbers or reason.misconception
        return Result(
            name=check.name,
            points=check.points,
            passed=False,
            sentence=reason.sentence if told else words.without_numbers(reason.sentence),
            misconception=reason.misconception,
            relation=reason.relation,
            shown=None if case is None else Shown.of(self.sheet, case.call, case.got),
        )

    def _reason(self, index: int) -> _Reason | None:
        check, row = self.sheet.sub_checks[index], self.parts[index]
        wrong = [case for case in row if not case.right]
        changed = [case for case in self.cases if case.got.changed] if check.unchanged else []
        if changed:
            return self._changed(changed)
        if not wrong:
            return self._together(index)
        slip = self._slip(index)
        if slip:
            return slip
        others = any(not case.right for case in self.cases if case.part != index)
        if check.unchanged and others and all(case.got.has_numbers for case in wrong):
            return _Reason(words.NUMBERS_FIRST, case=wrong[0])
        return self._numbers(check, wrong)

    def _changed(self, changed: Sequence[Case]) -> _Reason:
        known = None if self.wrong else slips.changing_slip(self.sheet, self.parts)
        if known:
            return _Reason(known.sentence, misconception=known.name)
        return _Reason(words.argument_changed(self.cases, not self.wrong), relation="argument_changed")

    def _together(self, index: int) -> _Reason | None:
        check, row = self.sheet.sub_checks[index], self.parts[index]
        calls = [call.for_properties for call in check.calls]
        for name in check.together:
            sentence = TOGETHER[name](calls, [case.got.value for case in row])
            if sentence:
                known = self._known(self.slip or slips.slip_of_answers(self.sheet, self.parts, index), row[0])
                return known or _Reason(sentence, relation=name)
        return None

    @cached_property
    def _slip_of_failing(self) -> Misconception | None:
        return slips.slip_of_failing(self.sheet, self.parts)

    def _slip_of_part(self, index: int) -> Misconception | None:
        return slips.slip_of_part(self.sheet, self.parts, index)

    def _known(self, slip: Misconception | None, case: Case) -> _Reason | None:
        return _Reason(slip.sentence, misconception=slip.name, case=case) if slip else None

    def _slip(self, index: int) -> _Reason | None:
        wrong = [case for case in self.parts[index] if not case.right]
        if self.slip:
            return self._known(self.slip, wrong[0])
        if self.kept and not wrong[0].got.overwritten and wrong[0].got.has_numbers:
            return _Reason(self.kept.sentence, relation=self.kept.name, case=wrong[0])
        known = self._slip_of_failing
        if known:
            return self._known(known, wrong[0])
        known = self._slip_of_part(index)
        if known:
            sentence = f"What came back in this part fits one slip. {known.sentence}"
            return _Reason(sentence, misconception=known.name, case=wrong[0])
        return None

    def _numbers(self, check: SubCheck, wrong: Sequence[Case]) -> _Reason:
        first = wrong[0]
        if first.got.overwritten:
            return _Reason(words.OVERWRITTEN, relation="one_array_for_all", case=first)
        if not first.got.has_numbers:
            sentence, name = words.how_it_ended(first.got, self.show_numbers, self._time())
            sentence = words.NO_TEXT_CAME if self.sheet.wants_text and name == "no_numbers" else sentence
            return _Reason(self._where(sentence), relation=name, case=first)
        if self.sheet.wants_text:
            return _Reason(self._where(words.ANOTHER_TEXT), relation="another_text", case=first)
        if first.call.expected is None or self._agrees(first):
            broken = _broken_property(first.call, first.got)
            if broken:
                return _Reason(broken[1], relation=broken[0], case=first)
        finite = all_finite(first.got.value)
        numbers = [case for case in wrong if case.comparable and all_finite(case.got.value) == finite]
        seen = self._seen(numbers)
        if seen:
            rest = any(case.comparable and all_finite(case.got.value) != finite for case in wrong)
            more = " Other calls of this part have inf or nan in the result." if rest and finite else ""
            return _Reason(self._where(seen.sentence + more), relation=seen.name, case=first)
        apart = which_calls_fail(self.wrong, self.right)
        if apart:
            return _Reason(f"{apart} {describe(numbers, self.right)}", relation="some_calls", case=first)
        broken = _broken_property(first.call, first.got)
        if broken:
            return _Reason(broken[1], relation=broken[0], case=first)
        idle = next(filter(None, (memory.without_effect(case, self.cases) for case in numbers)), None)
        if idle:
            return _Reason(idle, relation="argument_without_effect", case=first)
        return _Reason(describe(numbers, self.right), case=first)

    def _time(self) -> str:
        """How far the calls came before their time was up, as far as that can be told."""
        done = sum(case.got.ended is not Ended.OUT_OF_TIME for case in self.cases)
        if not done:
            return f"It was not done when its {self.sheet.seconds:g} seconds were over."
        return (
            f"{done} of {len(self.cases)} calls were done when the {self.sheet.seconds:g} seconds were over."
        )

    def _where(self, sentence: str) -> str:
        """The sentence, and which calls fail, if something plain sets them apart."""
        apart = which_calls_fail(self.wrong, self.right)
        return f"{sentence} {apart}" if apart else sentence
