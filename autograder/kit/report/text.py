"""A report as text for a terminal."""

import textwrap

from autograder.kit.report.data import Findings, Result, points_text
from autograder.kit.report.numbers import Row, chosen, line, rows

WIDTH = 78


def of(report: Findings) -> str:
    """The report in lines; the numbers are told for the first sub-check that failed."""
    lines = [f"{report.exercise}: {report.earned:g} of {points_text(report.points)}"]
    lines += [f"  {note}" for note in report.notes]
    if not report.written:
        return "\n".join([*lines, f"  {report.results[0].sentence}"])
    told: set[str] = set()
    for result in report.results:
        lines.append(f"  {'ok  ' if result.passed else 'MISS'}  {result.name}")
        if result.passed or result.sentence in told:
            continue
        told_now = result.sentence if told else message(result)
        told.add(result.sentence)
        lines += [textwrap.indent(each, "        ") for each in told_now.splitlines()]
    lines += [f"  Advice: {advice}" for advice in report.advice]
    if report.printed:
        lines += ["  It printed:", textwrap.indent(report.printed.rstrip(), "    ")]
    if report.progress:
        lines.append(f"  {report.progress}")
    if report.celebration:
        lines.append(f"  {report.celebration}")
    return "\n".join(lines)


def message(result: Result) -> str:
    """The reason in plain text: the sentence, the call, what was expected and what came."""
    lines = [result.sentence, *(shown_lines(result) if result.shown else [])]
    return "\n".join(line for line in lines if line)


def shown_lines(result: Result) -> list[str]:
    """The call, and expected and returned beside each other; the entries that differ stand between asterisks."""
    shown = result.shown
    assert shown is not None
    lines = [*shown.helpers, shown.call]
    if shown.expected is not None or shown.returned is not None:
        first, rest = chosen(rows(shown.expected, shown.returned))
        for row in first:
            lines += _row_lines(row)
        if rest:
            more = sum(row.differs for row in rest)
            lines.append(f"... and {len(rest)} rows more, {more} of which differ")
    if shown.error:
        lines.append(f"returned  an error: {shown.error}")
    if shown.shapes and shown.shapes not in result.sentence:
        lines.append(shown.shapes)
    return lines


def _row_lines(row: Row) -> list[str]:
    expected = None if row.expected is None else f"expected  {line(row.expected, row.brackets, '')}"
    returned = None if row.returned is None else f"returned  {line(row.returned, row.brackets)}"
    head = f"{row.label}: " if row.label else ""
    if expected and returned and len(head) + len(expected) + len(returned) + 3 <= WIDTH:
        return [f"{head}{expected}   {returned}"]
    lines = [each for each in (expected, returned) if each]
    return [f"{head}{each}" for each in lines]
