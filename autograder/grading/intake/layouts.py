"""Whose file is it, and of which lesson? Told from the names that Canvas, Moodle, nbgrader and people give."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder import course
from autograder.grading.errors import NotUnderstoodError
from autograder.grading.intake.unpack import SUFFIXES

LONGEST_ID = 120


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, and what else the names around it say.

    `student` is as the source writes it; `number` is a person's own in Canvas, and in Moodle another for every
    assignment. `inside` is the path within what the student handed in, `outer` the outermost name in the source.
    `time` is nbgrader's, as text. Of two notebooks of a lesson the one with the greater `order` is the later.
    """

    student: str
    inside: tuple[str, ...]
    lesson: str | None = None
    number: str | None = None
    time: str | None = None
    order: tuple[int, ...] = ()
    late: bool = False
    system: str = ""
    outer: str = ""

    @property
    def label(self) -> str:
        """The name with the number, if there is one."""
        return f"{self.student}_{self.number}" if self.number else self.student


EXCHANGE = re.compile(
    r"(?P<who>.+?)\+(?P<lesson>[^+]+)"
    r"\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [^+]+)?)(?:\+(?P<random>[\w=-]*))?",
    re.DOTALL,
)
MOODLE = re.compile(
    r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<name>.*))?", re.DOTALL
)
CANVAS = re.compile(
    r"(?P<who>(?!LATE_)[^\s+]+?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?:(?P<file>\d+)_(?P<name>.+)|(?P<kind>text|link)\.html)",
    re.DOTALL,
)
CANVAS_ANONYMOUS = re.compile(
    r"(?:(?P<late>LATE)_)?(?P<who>anon)_(?P<user>[A-Za-z0-9]+)_(?:(?P<file>\d+)_(?P<name>.+)|(?P<kind>text|link)\.html)",
    re.DOTALL,
)
# Canvas counts up the name of a file that a student hands in again.
AGAIN = re.compile(r"-(\d+)(?=\.[^.]*$)")


def of_exchange(parts: Sequence[str]) -> Owner:
    """A file in the `inbound` folder of nbgrader's exchange."""
    found = _matched(EXCHANGE, parts[0], "a folder of nbgrader's exchange (STUDENT+LESSON+TIME)")
    lesson = named_lesson(found["lesson"])
    if lesson is None:
        raise NotUnderstoodError(f"there is no lesson {found['lesson']!r}")
    return Owner(found["who"], tuple(parts[1:]), lesson, time=found["time"], system="exchange")


def of_moodle(parts: Sequence[str]) -> Owner:
    """A file in the archive that Moodle's "Download all submissions" makes, with folders or without."""
    found = _matched(MOODLE, parts[0], "a name that Moodle gives (NAME_NUMBER_assignsubmission_...)")
    if found["kind"] != "file":
        raise NotUnderstoodError("it was typed into Moodle: no notebook was handed in")
    name = (found["name"],) if found["name"] else ()
    inside = (*name, *parts[1:])
    return Owner(found["who"], inside, number=found["number"], system="moodle", outer=parts[0])


def of_canvas(parts: Sequence[str]) -> Owner:
    """A file in the archive that Canvas's "Download Submissions" makes."""
    anonymous = CANVAS_ANONYMOUS.fullmatch(parts[0])
    found = anonymous or _matched(CANVAS, parts[0], "a name that Canvas gives (NAME_NUMBER_NUMBER_FILE)")
    if found["kind"]:
        raise NotUnderstoodError("it was typed into Canvas: no notebook was handed in")
    again = AGAIN.search(found["name"])
    return Owner(
        found["who"],
        (found["name"], *parts[1:]),
        number=found["user"],
        system="canvas",
        outer=parts[0],
        order=(int(found["file"]), int(again[1]) if again else 0),
        late=bool(found["late"]),
    )


def of_folders(parts: Sequence[str]) -> Owner:
    """STUDENT/LESSON/file, STUDENT/file, LESSON/STUDENT/file, LESSON/STUDENT.ipynb, or STUDENT_LESSON.ipynb.

    An archive in place of a folder is a folder; so is STUDENT_LESSON/file.
    """
    head, inside = _stem(parts[0]), tuple(parts[1:])
    pair = _student_and_lesson(head)
    if not inside:
        if pair is None:
            raise NotUnderstoodError(
                "nothing says whose it is: call it STUDENT_LESSON.ipynb, or put it into STUDENT/LESSON"
            )
        return Owner(pair[0], (parts[0],), pair[1])
    if named_lesson(head) == _plain(head):
        if len(inside) == 1 and named_lesson(inside[0]):
            return of_folders(inside)
        return Owner(_stem(inside[0]), inside[1:] or inside, _plain(head))
    if pair:
        return Owner(pair[0], inside, pair[1])
    lessons = [lesson for part in inside[:-1] if (lesson := named_lesson(part))]
    return Owner(head, inside, lessons[-1] if lessons else None)


def _student_and_lesson(stem: str) -> tuple[str, str] | None:
    """Both parts of a name such as `ada_04-softmax` or `04 softmax ada`."""
    for lesson in course.LESSONS:
        name = lesson.name.replace("-", "[-_ ]")
        found = re.fullmatch(rf"(.+?)[-_ +]+{name}|{name}[-_ +]+(.+)", stem, re.IGNORECASE | re.DOTALL)
        if found:
            return found[1] or found[2], lesson.name
    return None


Layout = Callable[[Sequence[str]], Owner]
SYSTEMS: tuple[tuple[Layout, tuple[re.Pattern[str], ...]], ...] = (
    (of_exchange, (EXCHANGE,)),
    (of_moodle, (MOODLE,)),
    (of_canvas, (CANVAS, CANVAS_ANONYMOUS)),
)


def layout_of(names: Sequence[str]) -> Layout:
    """The layout that most of a source's outermost names follow; folders of students and lessons if none.

    One layout holds for the whole source, so that no student can pass for another by a file's name.
    """
    for layout, patterns in SYSTEMS:
        fitting = sum(any(each.fullmatch(name) for each in patterns) for name in names)
        if 2 * fitting > len(names):
            return layout
    return of_folders


def named_lesson(text: str) -> str | None:
    """The lesson whose name stands in a file's or folder's name, however it is separated; None if there is none."""
    plain = f"-{_plain(text)}-"
    found = [lesson.name for lesson in course.LESSONS if f"-{lesson.name}-" in plain]
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def student_id(name: str) -> str | None:
    """A student's name as a folder and nbgrader can have it; None if nothing fit is left, or it is too long."""
    parts = "".join(
        c if is_letter(c) or c in ".@-" else " " for c in unicodedata.normalize("NFC", name)
    ).split()
    plain = "_".join(parts).lstrip(".-_").rstrip("._")
    return plain if plain and len(plain.encode()) <= LONGEST_ID else None


def is_letter(character: str) -> bool:
    """Whether it is part of a word in some script: a letter, a digit, an accent of its own, an underscore."""
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


def _stem(name: str) -> str:
    """A file's name without what says that it is a notebook or an archive."""
    for suffix in (*SUFFIXES, ".ipynb"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def _matched(pattern: re.Pattern[str], text: str, what: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise NotUnderstoodError(f"unlike most here it has not {what}")
    return found
