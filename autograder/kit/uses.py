"""Which of a student's own functions another one calls."""

from collections.abc import Callable, Collection, Iterator
from types import CodeType
from typing import Any


def used(function: Callable[..., object], names: Collection[str]) -> list[str]:
    """Those of `names` that a function uses, directly or through others of its module, as they are defined there."""
    found: dict[str, None] = {}
    scope: dict[str, Any] = getattr(function, "__globals__", {})
    waiting, seen = [function], set[int]()
    while waiting:
        each: Any = waiting.pop()
        code = getattr(each, "__code__", None)
        if (
            not isinstance(code, CodeType)
            or id(code) in seen
            or getattr(each, "__globals__", None) is not scope
        ):
            continue
        seen.add(id(code))
        for name in _names(code):
            other = scope.get(name)
            if callable(other) and other is not function:
                if name in names:
                    found[name] = None
                waiting.append(other)
    return list(found)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
