"""The sentences on calls that ended without numbers, on changed arguments, and on warnings."""

import builtins
import re
from collections.abc import Sequence

from autograder.kit.judge.evidence import Case
from autograder.kit.outcome import Ended, Outcome

# A sentence for each end without numbers, and the name of what was seen.
_ENDED = {
    Ended.UNWRITTEN: ("This case is not written yet.", None),
    Ended.NO_NUMBERS: ("The call did not return numbers.", "no_numbers"),
    Ended.OUT_OF_MEMORY: ("It asked for more memory than there is.", "out_of_memory"),
    Ended.CRASHED: ("The whole process ended while it was running.", "crashed"),
    Ended.MISSING: (
        "When the check ran there was no function of this name: is it spelled as asked, and did its cell run?",
        "missing",
    ),
    Ended.TAMPERED: ("Something in the notebook tampered with the grader, so nothing of it counts.", None),
}


def how_it_ended(outcome: Outcome, show_numbers: bool, time: str) -> tuple[str, str | None]:
    """The sentence on a call that returned no numbers, and the name of what was seen; `time` is that on its time.

    Of a student's own exception not even the name is told of a hidden case: it may be anything.
    """
    if outcome.ended in _ENDED:
        return _ENDED[outcome.ended]
    if outcome.ended is Ended.NOTHING:
        if outcome.printed.strip():
            return (
                "The call printed something and returned None. A check reads what is returned: `return` it.",
                "printed_not_returned",
            )
        return "The call returned None. Is the `return` missing?", "returned_nothing"
    if outcome.ended is Ended.OUT_OF_TIME:
        return time, "out_of_time"
    builtin = getattr(builtins, outcome.raised, None)
    if isinstance(builtin, type) and issubclass(builtin, BaseException):
        text = outcome.detail.partition(": ")[2] if show_numbers else ""
        said = f": {text}" if text else ""
        return f"The call did not return numbers, it raised {outcome.raised}{said}.", "raised_an_error"
    return "The call did not return numbers, it raised an error.", "raised_an_error"


def argument_changed(cases: Sequence[Case], numbers_right: bool) -> str:
    """What is said where arguments were not afterwards what they were before: that, and no more."""
    changed = [case for case in cases if case.got.changed]
    names = dict.fromkeys(
        f"`{case.parameters[place]}`" if place < len(case.parameters) else f"number {place + 1}"
        for case in changed
        for place in case.got.changed
    )
    several = len(names) > 1
    which = f"the argument{'s' if several else ''} {' and '.join(names)}"
    right = "The numbers are right. But in" if numbers_right else "In"
    was = "were not afterwards what they were" if several else "was not afterwards what it was"
    return (
        f"{right} {len(changed)} of {len(cases)} calls {which} {was} before, and who called may still need it. "
        "Which line writes into it? (`a -= b` changes the array itself, `a = a - b` makes a new one.)"
    )


TEXT = "it returned a str; return a number or a NumPy array"
NO_TEXT = "it returned no text; return a name, in quotes"
NO_TEXT_CAME = "The call did not return a text. Return one of the names, in quotes."
ANOTHER_TEXT = "Another name is asked for in this call."
NUMBERS_FIRST = "No argument was changed. These points count once the numbers of this call are right."
OVERWRITTEN = (
    "A later call changed the array that this one had returned: both returned the same array. "
    "Make a new one in every call."
)


def advice(outcomes: Sequence[Outcome], show_numbers: bool) -> tuple[str, ...]:
    """A sentence a warning. A warning's words, and the name of its class, may be the student's and tell
    what the arguments were: without `show_numbers` neither is repeated.
    """
    warned = dict.fromkeys(text for outcome in outcomes for text in outcome.warned)
    said = dict.fromkeys(_who_warned(text, show_numbers) for text in warned)
    return tuple(f"{who}. That costs no points; see whether another form does without." for who in said)


def _who_warned(text: str, show_numbers: bool) -> str:
    kind = text.partition(":")[0]
    numpys = kind in (
        "RuntimeWarning",
        "ComplexWarning",
        "RankWarning",
        "VisibleDeprecationWarning",
        "PendingDeprecationWarning",
    )
    who = "NumPy warned" if numpys else "The function warned"
    if show_numbers:
        return f"{who} ({text})"
    return f"{who} ({kind})" if numpys else who


# What may stand in a sentence on a hidden case: code, and how many calls did something. No other number is told, for
# answers can be made so that numbers seen in them are the hidden ones; but a factor of 2 or the like says nothing.
_TOLD = re.compile(r"`[^`]*`|\d+ of \d+ calls")
_SHAPE = re.compile(r"\((?:\s*\d+\s*,)+\s*\d*\s*\)")
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?:/\d+)?j?(?![\w])"
)
_SMALL = ("0", "1", "2", "3", "1/2", "-1")
MOST_SMALL = 2


def without_numbers(sentence: str) -> str:
    """A sentence on what was seen in answers, without the numbers that were seen."""
    kept = _TOLD.findall(sentence)
    pieces = [_SHAPE.sub("(...)", piece) for piece in _TOLD.split(sentence)]
    numbers = [number for piece in pieces for number in _NUMBER.findall(piece)]
    if len(numbers) > MOST_SMALL or any(number not in _SMALL for number in numbers):
        pieces = [_NUMBER.sub("...", piece) for piece in pieces]
    return "".join(part for pair in zip(pieces, [*kept, ""], strict=True) for part in pair)
