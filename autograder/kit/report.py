"""What a check found, as text for a terminal, HTML for JupyterLab, and data for a program."""

import textwrap
from dataclasses import dataclass, field
from html import escape
from typing import Any


@dataclass(frozen=True)
class Result:
    """One sub-check: passed or not, and if not, why. Texts that do not apply are empty."""

    name: str
    points: float
    passed: bool
    sentence: str = ""
    misconception: str | None = None
    call: str = ""
    expected: str = ""
    given: str = ""
    shapes: str = ""

    @property
    def message(self) -> str:
        """The reason in plain text: the sentence, the call, what was expected and what came."""
        lines = [self.sentence]
        lines += [self.call] if self.call else []
        lines += [f"expected {_hang(self.expected, 9)}"] if self.expected else []
        lines += [f"returned {_hang(self.given, 9)}"] if self.given else []
        lines += [self.shapes] if self.shapes and self.shapes not in self.sentence else []
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Report:
    """What a check of one exercise found.

    In a notebook it shows itself as HTML, and its plain form is the points earned as a bare number, because
    that is where nbgrader reads a partial score from.
    """

    exercise: str
    signature: str
    points: float
    results: tuple[Result, ...]
    advice: tuple[str, ...] = ()
    printed: str = ""
    written: bool = field(default=True)

    @property
    def earned(self) -> float:
        """The points earned, between 0 and `points`."""
        return round(float(sum(result.points for result in self.results if result.passed)), 6)

    @property
    def passed(self) -> bool:
        """Whether every sub-check passed."""
        return all(result.passed for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """The report as data: exercise, points, earned, advice, and the sub-checks."""
        return {
            "exercise": self.exercise,
            "points": self.points,
            "earned": self.earned,
            "sub_checks": [
                {
                    "name": result.name,
                    "points": result.points,
                    "passed": result.passed,
                    "message": result.message,
                    "misconception": result.misconception,
                }
                for result in self.results
            ],
            "advice": list(self.advice),
        }

    def text(self) -> str:
        """The report for a terminal. The numbers are told for the first sub-check that failed."""
        lines = [f"{self.exercise}: {self.earned:g} of {_points(self.points)}"]
        if not self.written:
            return "\n".join([*lines, f"  {self.results[0].sentence}"])
        told: set[str] = set()
        for result in self.results:
            lines.append(f"  {'ok  ' if result.passed else 'MISS'}  {result.name}")
            if result.passed or result.sentence in told:
                continue
            message = result.sentence if told else result.message
            told.add(result.sentence)
            lines += [textwrap.indent(line, "        ") for line in message.splitlines()]
        lines += [f"  Advice: {advice}" for advice in self.advice]
        if self.printed:
            lines += ["  It printed:", textwrap.indent(self.printed.rstrip(), "    ")]
        return "\n".join(lines)

    def html(self) -> str:
        """The report for JupyterLab: colours follow the theme, and no meaning hangs on them alone."""
        state = "var(--jp-success-color1, #388e3c)" if self.passed else "var(--jp-warn-color1, #c25a00)"
        head = f"<b><code>{escape(self.exercise)}</code>: {self.earned:g} of {_points(self.points)}</b>"
        parts = [head]
        if not self.written:
            parts.append(f"<div>{_inline(self.results[0].sentence)}</div>")
        else:
            parts.append(_html_results(self.results))
        parts += [f'<div style="margin-top:4px">Advice: {_inline(advice)}</div>' for advice in self.advice]
        if self.printed:
            parts.append(f"<div>It printed:</div><pre>{escape(self.printed.rstrip())}</pre>")
        return f'<div style="border-left:4px solid {state};padding:2px 0 2px 10px">{"".join(parts)}</div>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": str(float(self.earned))}


def _html_results(results: tuple[Result, ...]) -> str:
    rows, told = [], set[str]()
    for result in results:
        mark, word = ("&#10003;", "passed") if result.passed else ("&#10007;", "missed")
        cell = f"{escape(result.name)} <small>({_points(result.points)})</small>"
        if not result.passed and result.sentence not in told:
            cell += f"<div>{_inline(result.sentence)}</div>"
            if not told:
                cell += _html_numbers(result)
            told.add(result.sentence)
        rows.append(
            f'<tr><td style="vertical-align:top;text-align:left" title="{word}">{mark} {word}</td>'
            f'<td style="text-align:left">{cell}</td></tr>'
        )
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _html_numbers(result: Result) -> str:
    lines = []
    if result.call:
        lines.append(result.call)
    if result.expected:
        lines.append(f"expected {_hang(result.expected, 9)}")
    if result.given:
        lines.append(f"returned {_hang(result.given, 9)}")
    if result.shapes and result.shapes not in result.sentence:
        lines.append(result.shapes)
    if not lines:
        return ""
    return f'<pre style="white-space:pre-wrap;margin:4px 0">{escape(chr(10).join(lines))}</pre>'


def _inline(text: str) -> str:
    """A sentence as HTML: what stands between backticks becomes code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))


def _hang(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"
