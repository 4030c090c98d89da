"""The reading copy: the whole course as static pages that open without network or kernel.

Each lesson is run with its answers, so that every figure and every picture is there; then the answers are taken out
again, and what a check said of them. Formulas become MathML, drawn in a font that lies beside the pages.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import course
from autograder.build.gates import Draft
from autograder.build.notebook import checked
from autograder.build.release import new_folder
from autograder.site.lesson_page import LessonPage, lesson_page, text_page
from autograder.site.links import to_pages
from autograder.site.pictures import Pictures
from autograder.site.solved import readable
from autograder.site.templates import render

COURSE = "Differentiating a neural network"
ASSETS = Path(__file__).with_name("assets")


@dataclass(frozen=True)
class LessonEntry:
    """What the first page says of a lesson."""

    name: str
    title: str
    about: str
    exercises: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class Landing:
    """What the first page of a site with Python says besides: its weight in megabytes, and a slider's pictures."""

    megabytes: int
    frames: tuple[str, ...]


def write_book(directory: Path, lessons: tuple[course.Lesson, ...] = course.LESSONS) -> Iterator[Path]:
    """Writes the pages into a new folder and yields each page: the lessons, the notation, the first."""
    new_folder(directory)
    yield from write_pages(directory, lessons)


def write_pages(
    directory: Path, lessons: tuple[course.Lesson, ...], landing: Landing | None = None
) -> Iterator[Path]:
    """Writes the pages into a folder. With a landing they are a site's, with Python at hand."""
    live = landing is not None
    shutil.copytree(ASSETS, directory, dirs_exist_ok=True)
    pictures = Pictures(directory / "pictures")
    entries, found = [], []
    for number, lesson in enumerate(lessons):
        draft = checked(lesson)
        hints = {name: each.hints for name, each in draft.exercises.items()}
        page = lesson_page(readable(draft), pictures, hints if live else None)
        around = lessons[number - 1] if number else None, (*lessons, None)[number + 1]
        yield _write(
            directory / f"{lesson.name}.html", lesson.title, page, around, lesson.name if live else ""
        )
        entries.append(_entry(lesson, page, draft))
        found += [
            [f"{lesson.name}.html#{section.anchor}", section.title, lesson.title, section.text]
            for section in page.sections
        ]
    notation = text_page(course.NOTATION.read_text(encoding="utf-8"))
    yield _write(_page_of(directory, course.NOTATION), "Notation", notation, (None, lessons[0]))
    # A page opened from a disk may load a script, but may not fetch data.
    index = f"window.courseIndex = {json.dumps(found, ensure_ascii=False)};\n"
    (directory / "search-index.js").write_text(index, encoding="utf-8")
    first = LessonPage(
        render(
            "index.html.j2",
            course=COURSE,
            lessons=entries,
            notation=_page_of(directory, course.NOTATION).name,
            landing=landing,
        )
    )
    yield _write(directory / "index.html", COURSE, first, (None, lessons[0]), "index" if live else "")


def _write(
    path: Path,
    title: str,
    page: LessonPage,
    around: tuple[course.Lesson | None, course.Lesson | None],
    live: str = "",
) -> Path:
    """Writes a page; `live` is the lesson's name where its pictures move."""
    text = render(
        "page.html.j2",
        course=COURSE,
        title=title,
        body=page.body,
        sections=[section for section in page.sections if 2 <= section.level <= 3],
        before=around[0],
        after=around[1],
        live=live,
    )
    path.write_text(to_pages(text) + "\n", encoding="utf-8")
    return path


def _page_of(directory: Path, text: Path) -> Path:
    return (directory / text.name).with_suffix(".html")


def _entry(lesson: course.Lesson, page: LessonPage, draft: Draft) -> LessonEntry:
    """The lesson's title, the words it begins with, and its exercises."""
    about = page.body.partition("<p>")[2].partition("</p>")[0]
    minutes = sum(exercise.minutes for exercise in draft.exercises.values())
    return LessonEntry(lesson.name, lesson.title, about, tuple(draft.exercises), minutes)
