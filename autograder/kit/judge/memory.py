"""What shows that a function keeps something from call to call: seen in the order of the calls, whatever the exercise.

A function of its arguments alone cannot do any of these; so what is said of it here holds of no other mistake.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.kit.judge.evidence import Case
from autograder.kit.judge.relations import Seen
from autograder.kit.plain import Plain, agree, members

REMEMBERED = (
    "The same call gave one result the first time and another one later. So the result depends on more than the "
    "arguments: does the function write to a name outside itself or to a default argument, or draw at random?"
)
ADDED_UP = (
    "Each result is the one of the call before, plus what this call should give: something is added up from call to "
    "call. Which name outlives the call? A name outside the function does, and so does a default argument."
)
APPENDED = (
    "The right result comes last, and before it stand the results of earlier calls. Which list outlives the call? "
    "A list outside the function does, and so does a default argument such as `found=[]`."
)
EARLIER = (
    "Other arguments came in, and the result is that of an earlier call. What is kept from call to call, and by what "
    "is it looked up?"
)


def seen(cases: Sequence[Case]) -> Seen | None:
    """How the calls, in their order, show that something is kept; None where they do not."""
    known = [case for case in cases if case.comparable]
    if all(case.right for case in known):
        return None
    for name, sentence, holds in KINDS:
        if holds(known):
            return Seen(name, sentence)
    return None


def _remembered(known: Sequence[Case]) -> bool:
    """The same arguments, and different numbers."""
    first: dict[str, Case] = {}
    for case in known:
        before = first.setdefault(_key(case), case)
        if before is not case and not agree(before.got.value, case.got.value):
            return True
    return False


def _key(case: Case) -> str:
    return repr(case.call.arguments)


def _added_up(known: Sequence[Case]) -> bool:
    """Every wrong result is the right one, and that of the last call with a result of its shape on top."""
    return _each_wrong(known, _plus)


def _appended(known: Sequence[Case]) -> bool:
    """Every wrong result is that of the call before, and the right one behind it."""
    return _each_wrong(known, _behind)


def _each_wrong(known: Sequence[Case], made: Callable[[Plain, Plain, Plain], bool]) -> bool:
    """Whether every wrong result is `made` of that of an earlier call and of the right one; there are two or more."""
    found = 0
    for place, case in enumerate(known):
        if case.right:
            continue
        earlier = (before.got.value for before in reversed(known[:place]))
        if not any(made(before, case.call.expected, case.got.value) for before in earlier):
            return False
        found += 1
    return found >= 2


def _plus(before: Plain, expected: Plain, given: Plain) -> bool:
    if any(type(each) is tuple for each in (before, expected, given)):
        return False
    if not np.shape(before) == np.shape(expected) == np.shape(given) or not np.any(before):
        return False
    return agree(np.asarray(before, dtype=float) + expected, given)


def _behind(before: Plain, expected: Plain, given: Plain) -> bool:
    parts = list(_parts(given))
    head, tail = list(_parts(before)), list(_parts(expected))
    return bool(head) and len(parts) == len(head) + len(tail) and all(map(agree, [*head, *tail], parts))


def _parts(value: Plain) -> Iterator[Plain]:
    if type(value) is tuple or np.ndim(value):
        yield from members(value)


def _earlier(known: Sequence[Case]) -> bool:
    """Every wrong result is, to the last digit, the right one of an earlier call, once where no number is shared."""
    far = False
    for place, case in enumerate(known):
        if case.right:
            continue
        value = case.got.value
        taken = [one for one in known[:place] if one.right and _identical(one.got.value, value)]
        if not taken or not _telling(value):
            return False
        # Where two calls share an array, a function may hang on that alone, and keep nothing.
        far = far or any(not _share(one, case) for one in taken)
    return far


def _share(one: Case, other: Case) -> bool:
    pairs = list(zip(one.arguments, other.arguments, strict=True))
    arrays = [pair for pair in pairs if isinstance(pair[0], (np.ndarray, list))]
    return any(
        _same(*pair) for pair in arrays or pairs if not isinstance(pair[0], str) and not callable(pair[0])
    )


def without_effect(case: Case, cases: Sequence[Case]) -> str | None:
    """What can be said where a call differs from another in some arguments only, and its result does not differ."""
    for other in cases:
        if not other.comparable or agree(other.call.expected, case.call.expected):
            continue
        pairs = zip(case.parameters, case.arguments, other.arguments, strict=False)
        names = [f"`{name}`" for name, one, two in pairs if not _same(one, two)]
        if 0 < len(names) < len(case.arguments) and _identical(other.got.value, case.got.value):
            several = len(names) > 1
            return (
                f"In two calls only {' and '.join(names)} {'were' if several else 'was'} different, and the result "
                f"was the same both times. Where {'do they' if several else 'does it'} go into it? Or is the result "
                "of one call kept for the other?"
            )
    return None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return bool(one is other or one == other)


def _telling(value: Plain) -> bool:
    """Whether an equal result is no chance: it has a number in it that no one picks."""
    if type(value) is tuple:
        return any(map(_telling, value))
    return bool(np.any(np.isfinite(value) & (np.asarray(value) != np.round(value)))) and value.size > 0


def _identical(one: Plain, other: Plain) -> bool:
    if type(one) is tuple or type(other) is tuple:
        return type(one) is type(other) and len(one) == len(other) and all(map(_identical, one, other))
    return np.array_equal(one, other)


KINDS: Sequence[tuple[str, str, Callable[[Sequence[Case]], bool]]] = (
    ("appended_to_earlier", APPENDED, _appended),
    ("added_to_earlier", ADDED_UP, _added_up),
    ("remembered", REMEMBERED, _remembered),
    ("result_of_earlier", EARLIER, _earlier),
)
