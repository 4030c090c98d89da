"""Who is in a class: `roster.csv` in the class folder, and the lists of people that Canvas and Moodle export."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import RosterError
from autograder.grading.intake.layouts import is_letter, student_id

# What LMSs and people call the columns, in lower case.
NAMES = {
    "id": ("id", "student", "student id", "sis login id", "id number", "username"),
    "name": ("name", "full name", "student name"),
    "email": ("email", "email address", "e-mail"),
    "canvas": ("canvas", "canvas id", "canvas number"),
    "moodle": ("moodle", "moodle id", "moodle number", "identifier"),
}
FIRST, LAST = ("first name", "firstname", "first"), ("last name", "lastname", "surname", "last")


@dataclass(frozen=True)
class Member:
    """One person: the id that folders and gradebook have, the name, the email, and the numbers of Canvas and Moodle."""

    id: str
    name: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""

    @property
    def last(self) -> str:
        """The last name: what stands before a comma, or the last word."""
        before, comma, _ = self.name.partition(",")
        return (before if comma else self.name.rpartition(" ")[2]).strip()

    @property
    def first(self) -> str:
        """The first names."""
        _, comma, after = self.name.partition(",")
        return (after if comma else self.name.rpartition(" ")[0]).strip()

    @property
    def plain_names(self) -> set[str]:
        """The name as letters alone, in every order that an LMS may write its words in."""
        words = [each for each in re.split(r"[\s,]+", self.name.casefold()) if each]
        turned = (words[place:] + words[:place] for place in range(len(words)))
        return {"".join(c for c in "".join(each) if is_letter(c) and c != "_") for each in turned}


@dataclass(frozen=True)
class CsvTable:
    """A CSV file: its path, its header in lower case, and its rows with the number of their line."""

    path: Path
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def column(self, *names: str) -> int | None:
        """The place of the first column with one of these names; None if there is none."""
        return next((place for place, name in enumerate(self.header) if name in names), None)

    def cell(self, row: list[str], place: int | None) -> str:
        """What stands in a row, without blanks around it; nothing where there is no such column."""
        return row[place].strip() if place is not None and place < len(row) else ""


def read_table(path: Path) -> CsvTable:
    """A CSV file in UTF-8, separated by commas, semicolons or tabs; a RosterError says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [(reader.line_num, row) for row in reader]
    except OSError as fault:
        raise RosterError(f"{path} cannot be read ({fault.strerror})") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise RosterError(f"{path} is no CSV file in UTF-8 ({fault}): save it as CSV UTF-8") from fault
    if not rows:
        raise RosterError(f"{path} is empty")
    header = [cell.strip().casefold() for cell in rows[0][1]]
    return CsvTable(
        path, header, [(line, row) for line, row in rows[1:] if any(cell.strip() for cell in row)]
    )


def read_roster(directory: Path) -> list[Member]:
    """The people in the class folder's roster.csv; none where there is no such file."""
    path = ClassFolder(directory).roster
    if not path.exists():
        return []
    members = []
    seen: dict[tuple[str, str], int] = {}
    for line, member in members_of(read_table(path)):
        for what in ("id", "email", "canvas", "moodle"):
            value = getattr(member, what).casefold()
            if value and (what, value) in seen:
                raise RosterError(
                    f"{path}, line {line}: the {what} {getattr(member, what)!r} is in line {seen[what, value]} too: "
                    "a person is one line"
                )
            seen[what, value] = line
        members.append(member)
    return members


def members_of(table: CsvTable) -> Iterator[tuple[int, Member]]:
    """The people of a list, ours or an LMS's, each with its line. Whoever has no id gets one of what else is known."""
    canvas = (
        table.column("sis user id", "sis login id", "section") is not None and table.column("id") is not None
    )
    places = {what: table.column(*names) for what, names in NAMES.items()}
    if canvas:  # Canvas calls its own number ID, and its students' names Student
        places |= {
            "id": table.column("sis login id"),
            "name": table.column("student"),
            "canvas": table.column("id"),
        }
    first, last = table.column(*FIRST), table.column(*LAST)
    if all(place is None for place in (*places.values(), first, last)):
        raise RosterError(
            f"{table.path}, line 1: no column is called id, name, email, canvas or moodle: "
            "a roster's first line is `id,name,email,canvas,moodle`"
        )
    for line, row in table.rows:
        found = {what: table.cell(row, place) for what, place in places.items()}
        parts = [table.cell(row, last), table.cell(row, first)]
        found["name"] = found["name"] or ", ".join(part for part in parts if part)
        if canvas and ("points possible" in row[0].casefold() or found["name"] == "Student, Test"):
            continue
        if canvas and not found["canvas"]:
            continue
        found["moodle"] = re.sub(r"\D", "", found["moodle"]) if found["moodle"] else ""
        made = student_id(found["id"] or found["email"].partition("@")[0] or found["name"])
        if made is None:
            raise RosterError(
                f"{table.path}, line {line}: nothing in it can be a student's id: fill in the column id"
            )
        yield line, Member(**(found | {"id": made}))


def merged(roster: list[Member], more: Iterable[Member]) -> tuple[list[Member], int, int]:
    """A roster with further people in it; how many are new, and of how many something more is known.

    A person is known by the number of Canvas, then by email, then by the id, then by a name that only one has. What
    stands in the roster stays.
    """
    people, new, filled = list(roster), 0, 0
    for each in more:
        place = _known(people, each)
        if place is None:
            people.append(each)
            new += 1
            continue
        old = people[place]
        now = replace(old, **{f.name: getattr(old, f.name) or getattr(each, f.name) for f in fields(Member)})
        filled += now != old
        people[place] = now
    return people, new, filled


def _known(people: list[Member], each: Member) -> int | None:
    for what in ("canvas", "email", "id"):
        value = getattr(each, what).casefold()
        same = [place for place, old in enumerate(people) if value and getattr(old, what).casefold() == value]
        if same:
            return same[0]
    named = [place for place, old in enumerate(people) if old.plain_names & each.plain_names - {""}]
    if len(named) != 1:
        return None
    old = people[named[0]]
    apart = any(
        getattr(old, what)
        and getattr(each, what)
        and getattr(old, what).casefold() != getattr(each, what).casefold()
        for what in ("canvas", "email")
    )
    return None if apart else named[0]


def write_roster(directory: Path, people: list[Member]) -> Path:
    """Writes roster.csv. Two people with one id is a RosterError."""
    twice = [name for name, times in Counter(each.id.casefold() for each in people).items() if times > 1]
    if twice:
        raise RosterError(
            f"several people would have the id {twice[0]}: give them ids of their own in the files"
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Member))
    writer.writerows([each.id, each.name, each.email, each.canvas, each.moodle] for each in people)
    path = ClassFolder(directory).roster
    path.write_text(text.getvalue(), encoding="utf-8")
    return path
