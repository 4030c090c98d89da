"""`report CLASS`: the class's figures as a page that opens without network, and as CSV."""

import base64
import csv
import io
import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import jinja2
import numpy as np
from markupsafe import Markup, escape

from autograder.desk.before_after import MovedPoints, moved
from autograder.desk.statistics import (
    FEWEST,
    LOW,
    ClassFigures,
    figures,
    tell_nobody_apart,
    to_say,
)
from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.reading import read_grades
from autograder.grading.gradebook.spreadsheet import harmless
from autograder.grading.run.files import GradingJournal
from autograder.grading.submission.beside import write_whole

# With more students than this the picture of all is drawn without their names, which stand in the CSV.
MOST_ROWS = 120
BINS = 10


def write_report(group: ClassFolder) -> tuple[Path, Path, ClassFigures]:
    """Writes CLASS/report/report.html and report.csv; their paths, and the figures. A GradebookError says why not."""
    grades, journal = read_grades(group.url), GradingJournal(group.path)
    found = figures(grades, journal.entries.values())
    changes = moved(grades, journal, read_adjustments(group.path))
    folder = group.path / "report"
    page, table = folder / "report.html", folder / "report.csv"
    write_whole(table, as_csv(found, changes))
    write_whole(page, as_page(group, found, table.name, changes))
    return page, table, found


def as_csv(found: ClassFigures, changes: Sequence[MovedPoints] = ()) -> str:
    """A row an exercise, a part or a slip: what it is, how many, and its figures; two rows for what changed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["lesson", "exercise", "what", "name", "students", "of", "facility", "discrimination"])
    for each in found.exercises:
        head = [each.lesson, each.name]
        numbers = _pair(each.facility, each.discrimination)
        writer.writerow([*head, "exercise", "", each.written, each.handed_in, *numbers])
        for part in each.parts:
            passed = round(part.facility * each.handed_in)
            row = [passed, each.handed_in, *_pair(part.facility, part.discrimination)]
            writer.writerow([*head, "part", harmless(part.name), *row])
        for slip in each.slips:
            writer.writerow(
                [*head, "sentence", harmless(slip.sentence), len(slip.students), each.written, "", ""]
            )
    for (who, lesson, name), share in sorted(found.shares.items()):
        writer.writerow([lesson, name, "student", harmless(who), "", "", f"{share:.4g}", ""])
    most = {(each.lesson, each.name): each.most for each in found.exercises}
    for change in changes:
        head = [change.lesson, change.exercise]
        for what, mean in (("before", change.before), ("after", change.after)):
            facility = f"{mean / most[head[0], head[1]]:.4g}" if (head[0], head[1]) in most else ""
            writer.writerow(
                [*head, what, harmless(change.cause), len(change.students), change.of, facility, ""]
            )
    return text.getvalue()


def _pair(facility: float, discrimination: float | None) -> list[str]:
    return [f"{facility:.4g}", "" if discrimination is None else f"{discrimination:.4g}"]


def as_page(group: ClassFolder, found: ClassFigures, table: str, changes: Sequence[MovedPoints] = ()) -> str:
    """The page."""
    text = Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    environment.filters["code"] = _code
    template = environment.from_string(text)
    return template.render(
        figures=found,
        fewest=FEWEST,
        low=LOW,
        csv=table,
        said=to_say(found),
        changes=changes,
        apart=tell_nobody_apart(found),
        examples=_examples(group, found),
        histograms={lesson: _histogram(list(found.totals[lesson].values())) for lesson in found.lessons},
        heat=_heat(found),
    )


def _code(sentence: str) -> Markup:
    """A sentence in which what stands between backticks is code."""
    pieces = sentence.split("`")
    made = (
        Markup("<code>{}</code>").format(each) if place % 2 else escape(each)
        for place, each in enumerate(pieces)
    )
    return Markup("").join(made)


def _examples(group: ClassFolder, found: ClassFigures) -> dict[tuple[str, str], str]:
    """For each sentence what one student wrote, without the name: the shortest of the first few."""
    made: dict[tuple[str, str], str] = {}
    known: dict[tuple[str, str], dict[str, str]] = {}
    for each in found.exercises:
        for slip in each.slips:
            answers = []
            for who in slip.students[:3]:
                if (who, each.lesson) not in known:
                    known[who, each.lesson] = _answers(group.graded(who, each.lesson))
                answers.append(known[who, each.lesson].get(each.name, ""))
            made[each.name, slip.sentence] = min(filter(None, answers), key=len, default="")[:2000]
    return made


def _answers(path: Path) -> dict[str, str]:
    """What stands in the cells of a graded notebook, by grade id."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in cells
            if cell["metadata"].get("nbgrader")
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _histogram(totals: list[float]) -> str:
    """How many students have how many points, as a picture with the numbers in words."""
    counts, edges = np.histogram(totals, bins=BINS, range=(0, max([*totals, 1.0])))
    most = max(int(counts.max()), 1)
    bars = "".join(
        f'<rect class="bar" x="{40 * i + 4}" y="{104 - 80 * n / most:.1f}" width="32" height="{80 * n / most:.1f}"/>'
        f'<text x="{40 * i + 20}" y="{100 - 80 * n / most:.1f}" text-anchor="middle">{n or ""}</text>'
        f'<text x="{40 * i + 4}" y="120">{edges[i]:.3g}</text>'
        for i, n in enumerate(counts.tolist())
    )
    told = "; ".join(
        f"{n} from {edges[i]:.3g} to {edges[i + 1]:.3g}" for i, n in enumerate(counts.tolist()) if n
    )
    label = escape(f"Points of {len(totals)} students: {told}")
    return f'<svg role="img" aria-label="{label}" viewBox="0 0 404 124" width="404" height="124">{bars}</svg>'


def _heat(found: ClassFigures) -> str:
    """Everybody's share of the points in every exercise: a table, or a picture of a large class."""
    columns = [(each.lesson, each.name) for each in found.exercises]
    if len(found.students) > MOST_ROWS:
        return _heat_picture(found, columns)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for _, name in columns)
    rows = []
    for who in found.students:
        cells = "".join(_heat_cell(found.shares.get((who, *column))) for column in columns)
        rows.append(f'<tr><th scope="row">{escape(who)}</th>{cells}</tr>')
    return (
        f'<div class="wide"><table class="heat"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _heat_cell(share: float | None) -> str:
    if share is None:
        return "<td></td>"
    red, green, blue = _colour(share)
    ink = "#000" if share > 0.45 else "#fff"
    return f'<td style="background:rgb({red},{green},{blue});color:{ink}">{100 * share:.0f}</td>'


def _colour(share: float) -> tuple[int, int, int]:
    """From dark blue to light yellow, which also those tell apart who see no red or green."""
    dark, light = np.array([38, 52, 105]), np.array([253, 231, 150])
    red, green, blue = (dark + (light - dark) * min(max(share, 0.0), 1.0)).round().astype(int).tolist()
    return red, green, blue


def _heat_picture(found: ClassFigures, columns: list[tuple[str, str]]) -> str:
    pixels = np.full((len(found.students), len(columns), 3), 200, dtype=np.uint8)
    for i, who in enumerate(found.students):
        for j, column in enumerate(columns):
            share = found.shares.get((who, *column))
            if share is not None:
                pixels[i, j] = _colour(share)
    data = base64.b64encode(_png(pixels)).decode()
    told = (
        f"{len(found.students)} students in rows, {len(columns)} exercises in columns; "
        "dark is no points, light is all"
    )
    size = f'width="{12 * len(columns)}" height="{2 * len(found.students)}"'
    return (
        f"<p>{told}, grey was not handed in. Every number stands in the CSV.</p>"
        f'<img class="heat" alt="{told}" {size} src="data:image/png;base64,{data}">'
    )


def _png(pixels: np.ndarray) -> bytes:
    """An RGB picture as PNG: https://www.w3.org/TR/png-3/."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
