"""The gradebook as a file: a table for the instructor, or what Canvas and Moodle import."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from autograder import course
from autograder.grading.errors import ExportError
from autograder.grading.gradebook.columns import column_of
from autograder.grading.gradebook.reading import Grades, Person, read_grades
from autograder.grading.gradebook.spreadsheet import harmless
from autograder.grading.intake.layouts import is_letter, student_id

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
ASSIGNMENT = re.compile(r"(?P<title>.+?) \((?P<id>\d+)\)")
PARTICIPANT = re.compile(r".*?(\d+)")


class Form(StrEnum):
    """What an export is for."""

    EXERCISES = "exercises"
    CANVAS = "canvas"
    MOODLE = "moodle"


FILE_NAMES = {Form.EXERCISES: "grades.csv", Form.CANVAS: "canvas.csv", Form.MOODLE: "moodle.csv"}


@dataclass
class Export:
    """A table to be written: its rows, the first being the header; who is not in it, and why; what else to know."""

    rows: list[list[str]]
    missing: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wishes:
    """How grades go to an LMS: whether those that wait for a person go too, whether they are scaled to the LMS's
    maximum, and which lesson goes to which column."""

    waiting: bool = False
    scale: bool = False
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A file that an LMS exported: its header, and its rows, each as long."""

    header: list[str]
    rows: list[list[str]]

    def column(self, *names: str) -> int | None:
        """The place of the first column with one of these names; None if there is none."""
        return next((place for place, name in enumerate(self.header) if name.strip() in names), None)


def export(
    url: str,
    form: Form,
    lesson: str | None = None,
    template: Path | None = None,
    wishes: Wishes = Wishes(),
) -> Export:
    """The grades in the gradebook at `url` in the form asked for; of one lesson only, if it is named.

    To an LMS goes what is final; what waits for a person is held back unless `wishes` say otherwise.

    Canvas's `template` is its exported gradebook, Moodle's is an assignment's grading worksheet: the rows are then
    theirs, and cells of students without a grade stay as they are. A GradebookError or ExportError says why not.
    """
    grades = read_grades(url, lesson)
    unknown = wishes.columns.keys() - grades.lessons.keys()
    if unknown:
        raise ExportError(f"--map: the gradebook has no {min(unknown)}; it has: {', '.join(grades.lessons)}")
    if template is None:
        forms = {Form.EXERCISES: _exercises, Form.CANVAS: _canvas, Form.MOODLE: _moodle}
        made = forms[form](grades, wishes)
    elif form is Form.EXERCISES:
        raise ExportError("a template is for Canvas or Moodle: say which, with --for")
    else:
        filled = _fill_canvas if form is Form.CANVAS else _fill_moodle
        made = filled(grades, read_template(template), wishes)
    waiting = sum(
        bool(each.waiting) for (_, name), each in grades.submissions.items() if name in grades.lessons
    )
    if waiting:
        held = form is not Form.EXERCISES and not wishes.waiting
        how = ": they are held back, --with-waiting sends them" if held else ""
        made.remarks.append(f"{waiting} submissions have a part that a person has still to grade{how}")
    return made


def write(made: Export, path: Path) -> Path | None:
    """Writes a table as CSV (UTF-8, commas). A different file of that name is kept beside it; its path is returned."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[harmless(cell) for cell in row] for row in made.rows])
    data = text.getvalue().encode("utf-8", "replace")
    kept = None
    if path.exists() or path.is_symlink():
        if not path.is_file():
            raise ExportError(f"{path} is no file that could be written")
        if path.read_bytes() == data:
            return None
        kept = course.spare(path)
        path.rename(kept)
    with open(path, "xb") as file:
        file.write(data)
    return kept


def _number(value: float) -> str:
    return f"{round(value, 4):.10g}"


def _exercises(grades: Grades, wishes: Wishes) -> Export:
    """A row a student: for each lesson points, the most, the state, hours late, and a column an exercise.

    What a person has still to grade is empty."""
    times = Counter(name for cells in grades.lessons.values() for name in cells)
    header = ["student", "last name", "first name", "email", "points", "of"]
    for lesson, cells in grades.lessons.items():
        header += [lesson, f"{lesson} of", f"{lesson} state", f"{lesson} hours late", f"{lesson} penalty"]
        header += [name if times[name] == 1 else f"{lesson} {name}" for name in cells]
    return Export([header, *(_exercises_of(grades, person) for person in grades.people)])


def _exercises_of(grades: Grades, person: Person) -> list[str]:
    points, row = 0.0, []
    for lesson, cells in grades.lessons.items():
        most = _number(grades.most(lesson))
        found = grades.submissions.get((person.id, lesson))
        if found is None:
            row += ["", most, "not handed in", "", "", *("" for _ in cells)]
            continue
        points += found.score
        state = "to grade by hand" if found.waiting else "graded" if found.points else "not graded"
        row += [_number(found.score), most, state, _number(found.late), _number(found.penalty)]
        known = found.points.keys() - set(found.waiting)
        row += [_number(found.points[name]) if name in known else "" for name in cells]
    of = sum(grades.most(lesson) for lesson in grades.lessons)
    return [person.id, person.last, person.first, person.email, _number(points), _number(of), *row]


def _scores(
    grades: Grades, person: Person, wishes: Wishes, most: Mapping[str, float | None] | None = None
) -> list[str]:
    """A student's points in each lesson; empty where there are none that go out. `most` are the LMS's maxima."""
    scores = []
    for lesson in grades.lessons:
        found = grades.submissions.get((person.id, lesson))
        if not found or not found.points or (found.waiting and not wishes.waiting):
            scores.append("")
            continue
        theirs, ours = (most or {}).get(lesson), grades.most(lesson)
        factor = theirs / ours if wishes.scale and theirs and ours else 1.0
        scores.append(_number(found.score * factor))
    return scores


def _canvas(grades: Grades, wishes: Wishes) -> Export:
    """Canvas's layout. It finds students by its own ID or by login; new columns become assignments."""
    most = [_number(grades.most(lesson)) for lesson in grades.lessons]
    rows = [[*CANVAS_COLUMNS, *grades.lessons], ["    Points Possible", "", "", "", "", *most]]
    for person in grades.people:
        rows.append([person.name, person.lms, "", person.id, "", *_scores(grades, person, wishes)])
    remark = "without --template Canvas makes a new assignment of each lesson, and knows students by SIS Login ID only"
    return Export(rows, remarks=[remark])


def _moodle(grades: Grades, wishes: Wishes) -> Export:
    """A file for Moodle's gradebook, Import, CSV: there each column is mapped by hand."""
    header = ["ID number", "First name", "Last name", "Email address", *grades.lessons]
    people = grades.people
    return Export([header, *([p.id, p.first, p.last, p.email, *_scores(grades, p, wishes)] for p in people)])


def read_template(path: Path) -> Template:
    """A CSV file that an LMS exported, separated by commas or semicolons. An ExportError says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except OSError as fault:
        raise ExportError(f"{path} cannot be read ({fault.strerror})") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ExportError(f"{path} is no CSV file in UTF-8 ({fault})") from fault
    if not rows:
        raise ExportError(f"{path} is empty")
    width = len(rows[0])
    return Template(rows[0], [[*row, *[""] * width][:width] for row in rows[1:] if any(row)])


def _fill_canvas(grades: Grades, template: Template, wishes: Wishes) -> Export:
    """Canvas's own gradebook: its columns that identify a student, and those of the lessons."""
    ident, section = template.column("ID"), template.column("Section")
    names = [
        place for each in ("Student", "LastName", "FirstName") if (place := template.column(each)) is not None
    ]
    if ident is None or section is None or not names:
        raise ExportError(
            "the template is no gradebook that Canvas exported: it needs Student, ID and Section"
        )
    found = {lesson: _canvas_column(template, lesson, wishes) for lesson in grades.lessons}
    columns = {lesson: place for lesson, (place, _) in found.items()}
    possible = next((row for row in template.rows if "Points Possible" in row[0]), None)
    theirs_most = {
        lesson: _plain_number(possible[place])
        for lesson, place in columns.items()
        if possible and place is not None
    }
    logins = [
        place for each in ("SIS User ID", "SIS Login ID") if (place := template.column(each)) is not None
    ]

    def keys(row: list[str]) -> Iterable[str]:
        yield from (row[place] for place in (ident, *logins))
        yield f"{canvas_name(''.join(row[place] for place in names))}_{row[ident]}"

    matched, missing = _matched(grades.people, [row for row in template.rows if row[ident]], keys)
    titles = [lesson if place is None else template.header[place] for lesson, place in columns.items()]
    made = Export([[*template.header[: section + 1], *titles]], missing)
    for row in template.rows:
        person = matched.get(id(row))
        scores = _scores(grades, person, wishes, theirs_most) if person else [""] * len(columns)
        if "Points Possible" in row[0]:
            most = [_number(grades.most(lesson)) for lesson in columns]
            scores = [
                each if place is None else "" for each, place in zip(most, columns.values(), strict=True)
            ]
        theirs = ["" if place is None else row[place] for place in columns.values()]
        new = [score or cell for score, cell in zip(scores, theirs, strict=True)]
        made.rows.append([*row[: section + 1], *new])
    made.remarks += [remark for _, remark in found.values() if remark]
    made.remarks += _canvas_remarks(grades, columns, theirs_most, wishes)
    return made


def canvas_name(sortable: str) -> str:
    """The form in which Canvas puts a student's sortable name ("Lovelace, Ada") before the files it hands out."""
    return "".join(c for c in sortable.lower() if is_letter(c))


def _canvas_column(template: Template, lesson: str, wishes: Wishes) -> tuple[int | None, str]:
    """The assignment for a lesson, and what there is to say of how it was found."""
    titles = {
        place: found["title"]
        for place, header in enumerate(template.header)
        if (found := ASSIGNMENT.fullmatch(header.strip()))
    }
    return column_of(template.header, titles, lesson, wishes.columns.get(lesson))


def _canvas_remarks(
    grades: Grades, columns: dict[str, int | None], most: dict[str, float | None], wishes: Wishes
) -> list[str]:
    remarks = []
    for lesson, place in columns.items():
        if place is None:
            remarks.append(
                f"the template has no column for {lesson}: Canvas will offer to make an assignment"
            )
        else:
            remarks += _other_maximum(lesson, grades.most(lesson), most.get(lesson), "Canvas", wishes)
    return remarks


def _fill_moodle(grades: Grades, template: Template, wishes: Wishes) -> Export:
    """Moodle's worksheet of one assignment, with the grades in it."""
    if len(grades.lessons) != 1:
        raise ExportError("a grading worksheet is of one assignment: say which lesson, with --lesson")
    [lesson] = grades.lessons
    ident, grade = template.column("Identifier"), template.column("Grade")
    if ident is None or grade is None:
        raise ExportError(
            "the template is no grading worksheet of Moodle's in English: it needs Identifier and Grade"
        )
    full, email = template.column("Full name"), template.column("Email address")
    other = [place for each in ("ID number", "Username") if (place := template.column(each)) is not None]

    def keys(row: list[str]) -> Iterable[str]:
        number = PARTICIPANT.fullmatch(row[ident])
        name = (student_id(row[full]) or "") if full is not None else "Participant"
        yield from (name, f"{name}_{number[1]}" if number else "", row[ident])
        yield from (row[place] for place in (email, *other) if place is not None)

    matched, missing = _matched(grades.people, template.rows, keys)
    column = template.column("Maximum grade", "Maximum Grade")
    most = _plain_number(template.rows[0][column]) if column is not None and template.rows else None
    made = Export([template.header], missing)
    for row in template.rows:
        person = matched.get(id(row))
        [score] = _scores(grades, person, wishes, {lesson: most}) if person else [""]
        made.rows.append([*row[:grade], score or row[grade], *row[grade + 1 :]])
    made.remarks += _other_maximum(lesson, grades.most(lesson), most, "Moodle", wishes)
    return made


def _other_maximum(lesson: str, ours: float, theirs: float | None, system: str, wishes: Wishes) -> list[str]:
    """What there is to say where an LMS has another maximum than the lesson."""
    if theirs is None or abs(theirs - ours) <= 0.005:
        return []
    scaled = "the points are scaled to it" if wishes.scale else "--scale scales the points to it"
    return [f"{lesson} has {_number(ours)} points here and {_number(theirs)} in {system}: {scaled}"]


def _plain_number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _matched(
    people: list[Person], rows: list[list[str]], keys: Callable[[list[str]], Iterable[str]]
) -> tuple[dict[int, Person], list[tuple[str, str]]]:
    """The student of each row, by the row's identity; and the students with no row of their own, and why."""
    index = defaultdict(set)
    for place, row in enumerate(rows):
        for key in keys(row):
            index[key.strip().casefold()].add(place)
    index.pop("", None)
    found: dict[int, list[Person]] = defaultdict(list)
    missing = []
    for person in people:
        own = {key.strip().casefold() for key in (person.id, person.lms, person.email) if key}
        places = set().union(*(index.get(key, set()) for key in own))
        if len(places) == 1:
            found[places.pop()].append(person)
        else:
            missing.append(
                (person.id, "several rows of the template fit" if places else "not in the template")
            )
    matched = {}
    for place, those in found.items():
        if len(those) == 1:
            matched[id(rows[place])] = those[0]
        else:
            missing += [(each.id, "another student fits the same row of the template") for each in those]
    return matched, missing
