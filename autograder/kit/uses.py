"""Which of a student's own functions another one calls."""

import symtable
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any

from autograder.kit.report.report import Report


def mend_first(report: Report, every: Sequence[Report], uses: Mapping[str, Iterable[str]]) -> Report:
    """The report of a function that failed, with a note on one that it uses and that fails too."""
    if report.passed or not report.written:
        return report
    failing = {each.exercise for each in every if not each.passed} - {report.exercise}
    for name in uses.get(report.exercise, ()):
        if name in failing:
            note = f"It uses your `{name}`, which does not pass its own check: start there."
            return replace(report, notes=(note, *report.notes))
    return report


def used_in(sources: Iterable[str], names: Collection[str]) -> dict[str, list[str]]:
    """For each of `names` that some source defines as a function: those of the others that it uses, as it is written.

    Directly or through other functions of these sources; of several definitions the last one counts. Nothing is run.
    """
    mentions: dict[str, list[str]] = {}
    for source in sources:
        try:
            table = symtable.symtable(source, "cell", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        mentions |= {each.get_name(): list(_mentioned(each)) for each in table.get_children()}
    return {name: _reached(name, mentions, names) for name in names if name in mentions}


def _mentioned(table: symtable.SymbolTable) -> Iterator[str]:
    """The names from outside that a function takes, and those inside it."""
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
    for each in table.get_children():
        yield from _mentioned(each)


def _reached(start: str, mentions: Mapping[str, list[str]], names: Collection[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting, seen = [start], {start}
    while waiting:
        for name in mentions[waiting.pop(0)]:
            if name in mentions and name not in seen:
                seen.add(name)
                waiting.append(name)
                if name in names:
                    found[name] = None
    return list(found)


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
