"""A class folder is new, lies in no other, and has its own id in an exchange."""

from pathlib import Path

import pytest
from nbgrader.api import Course, Gradebook

from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.errors import SourceError
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.settings import COURSE_ID


@pytest.mark.parametrize(("told", "known"), [(None, COURSE_ID), ("dnn-2026.b", "dnn-2026.b")])
def test_its_id_in_an_exchange(told: str | None, known: str, tmp_path: Path) -> None:
    make_class(tmp_path / "class", told)
    group = ClassFolder(tmp_path / "class")
    assert group.config().CourseDirectory.course_id == known
    ClassGradebook(group.url, group.config()).close()
    with Gradebook(group.url, known) as book:
        assert [course.id for course in book.db.query(Course)] == [known]


@pytest.mark.parametrize("course_id", ["", "a b", "../x", "a+b", "a'b", "-x"])
def test_what_cannot_be_an_id_is_one_sentence(course_id: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be a course's id"):
        make_class(tmp_path / "class", course_id)
    assert not (tmp_path / "class").exists()


def test_no_class_in_a_class(group: Path) -> None:
    with pytest.raises(SourceError, match="is a class folder already"):
        make_class(group / "submitted" / "inner")
    assert not (group / "submitted").exists()
