"""The thread through the lessons: every link leads somewhere, every lesson leads on to the next."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import course

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
each_lesson = pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)


def notebook(lesson: course.Lesson) -> NotebookNode:
    return nbformat.read(lesson.notebook, as_version=4)


def links(text: str, folder: Path) -> Iterator[Path]:
    """The files that a text links to."""
    for target in LINK.findall(re.sub(r"\$[^$]*\$|`[^`]*`", " ", text)):
        assert "://" not in target, f"{target}: a lesson must read well without a network"
        yield (folder / target.partition("#")[0]).resolve()


def linked(lesson: course.Lesson) -> set[Path]:
    texts = [cell.source for cell in notebook(lesson).cells if cell.cell_type == "markdown"]
    return set(links("\n".join(texts), lesson.notebook.parent))


@each_lesson
def test_every_link_leads_to_a_file_and_one_to_the_notation(lesson: course.Lesson) -> None:
    assert [path for path in linked(lesson) if not path.exists()] == []
    assert course.NOTATION in linked(lesson)


def test_the_notation_links_to_files() -> None:
    text = course.NOTATION.read_text(encoding="utf-8")
    assert all(path.exists() for path in links(text, course.NOTATION.parent))


def test_each_lesson_leads_to_the_next() -> None:
    for lesson, following in zip(course.LESSONS, course.LESSONS[1:], strict=False):
        last = notebook(lesson).cells[-1]
        assert following.notebook in set(links(last.source, lesson.notebook.parent)), lesson.name
        assert following.title in last.source


@each_lesson
def test_after_the_last_question_come_the_points_and_how_to_hand_in(lesson: course.Lesson) -> None:
    cells = notebook(lesson).cells
    last = max(k for k, cell in enumerate(cells) if "nbgrader" in cell.metadata)
    heading, points, farewell = cells[last + 1 :]
    assert heading.source.startswith("## Before you go on")
    assert points.source == f'progress("{lesson.name}")'
    assert f"`{lesson.name}.ipynb`" in farewell.source
