"""A report as HTML, for JupyterLab and for a feedback page: colours follow the theme, and no meaning hangs on them."""

from html import escape

from autograder.kit.report import celebration
from autograder.kit.report.data import Findings, Result, Shown, points_text
from autograder.kit.report.numbers import Entry, Row, chosen, rows

CODE = "white-space:nowrap;text-align:left;font-family:var(--jp-code-font-family, monospace)"
CELL = "text-align:left;vertical-align:top"
# The second column never grows beyond the page: what is long scrolls by itself.
GRID = "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 12px;margin:4px 0"


def of(report: Findings) -> str:
    """The whole report. It is announced to a screen reader, without taking the focus."""
    state = "var(--jp-success-color1, #388e3c)" if report.passed else "var(--jp-warn-color1, #c25a00)"
    head = f"<b><code>{escape(report.exercise)}</code>: {report.earned:g} of {points_text(report.points)}</b>"
    parts = [head, *(f"<div>{inline(note)}</div>" for note in report.notes)]
    if report.written:
        parts.append(_results(report.results))
    else:
        parts.append(f"<div>{inline(report.results[0].sentence)}</div>")
    parts += [f'<div style="margin-top:4px">Advice: {inline(advice)}</div>' for advice in report.advice]
    if report.printed:
        parts.append(f"<div>It printed:</div><pre>{escape(report.printed.rstrip())}</pre>")
    if report.hints and not report.passed:
        parts.append(_hints(report.hints))
    if report.progress:
        parts.append(f'<div style="margin-top:4px"><small>{inline(report.progress)}</small></div>')
    if report.celebration:
        parts.append(celebration.html(report.celebration))
    return (
        f'<div role="status" aria-live="polite" style="border-left:4px solid {state};padding:2px 0 2px 10px">'
        f"{''.join(parts)}</div>"
    )


def _results(results: tuple[Result, ...]) -> str:
    lines, told = [], set[str]()
    for result in results:
        mark, word = ("&#10003;", "passed") if result.passed else ("&#10007;", "missed")
        cell = f"{escape(result.name)} <small>({points_text(result.points)})</small>"
        if not result.passed and result.sentence not in told:
            cell += f"<div>{inline(result.sentence)}</div>"
            if not told and result.shown:
                cell += _shown(result.shown, result.sentence)
            told.add(result.sentence)
        lines.append(
            f'<div style="white-space:nowrap">{mark} {word}</div><div style="min-width:0">{cell}</div>'
        )
    return f'<div style="{GRID}">{"".join(lines)}</div>'


def _shown(shown: Shown, sentence: str) -> str:
    code = "\n".join([*shown.helpers, shown.call])
    parts = [f'<pre style="overflow-x:auto;margin:4px 0">{escape(code)}</pre>']
    if shown.expected is not None or shown.returned is not None:
        parts.append(_numbers(rows(shown.expected, shown.returned)))
    if shown.error:
        parts.append(f"<div>It ended in an error: {inline(shown.error)}</div>")
    if shown.shapes and shown.shapes not in sentence:
        parts.append(f"<div>{escape(shown.shapes)}</div>")
    return "".join(parts)


def _numbers(every: list[Row]) -> str:
    first, rest = chosen(every)
    made = _table(first)
    if rest:
        more = sum(row.differs for row in rest)
        made += (
            f"<details><summary>{len(rest)} more rows, {more} of which differ</summary>"
            f"{_table(rest, head=False)}</details>"
        )
    return f'<div style="overflow-x:auto">{made}</div>'


def _table(lines: list[Row], head: bool = True) -> str:
    labels = any(row.label for row in lines)
    sides = [
        name for name in ("expected", "returned") if any(getattr(row, name) is not None for row in lines)
    ]
    top = "".join(f'<th scope="col" style="{CELL}">{name}</th>' for name in sides)
    body = ""
    for row in lines:
        body += "<tr>"
        if labels:
            body += (
                f'<th scope="row" style="{CELL};font-weight:normal"><small>{escape(row.label)}</small></th>'
            )
        for side in sides:
            body += f'<td style="{CODE}">{_entries(getattr(row, side), row.brackets, side)}</td>'
        body += "</tr>"
    first = f"<thead><tr>{'<td></td>' if labels else ''}{top}</tr></thead>" if head else ""
    return f'<table style="margin:2px 0">{first}<tbody>{body}</tbody></table>'


def _entries(entries: tuple[Entry, ...] | None, brackets: bool, side: str) -> str:
    if entries is None:
        return ""
    texts = [
        _marked(each.text) if each.differs and side == "returned" else escape(each.text) for each in entries
    ]
    inner = ", ".join(texts)
    return f"[{inner}]" if brackets else inner


def _marked(text: str) -> str:
    """An entry that differs: bold, underlined and in another colour, so that no one sign is all there is."""
    return f'<mark title="differs"><b><u>{escape(text)}</u></b></mark>'


def _hints(hints: tuple[str, ...]) -> str:
    """The hints, each folded into the one before it: to open one is to ask for it."""
    made = ""
    for number, text in reversed(list(enumerate(hints, 1))):
        made = (
            f"<details><summary>Hint {number} of {len(hints)}</summary>"
            f'<div style="margin:2px 0 2px 12px">{inline(text)}</div>{made}</details>'
        )
    return f'<div style="margin-top:4px">{made}</div>'


def inline(text: str) -> str:
    """A sentence as HTML: what stands between backticks becomes code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
