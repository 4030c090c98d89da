"""A class folder knows where everything of a class lies, and lets one grading in at a time."""

from pathlib import Path

import pytest

from autograder import course
from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.errors import BusyError, GradebookError, GradeFault
from autograder.grading.gradebook.reading import read_grades
from autograder.grading.run.grade import Grading, Options


@pytest.mark.parametrize("kind", ["postgres", "postgresql"])
def test_a_url_of_postgresql_is_taken_by_either_name(kind: str) -> None:
    url = ClassFolder(Path("class"), f"{kind}://teacher@host/grades").url
    assert url == "postgresql+psycopg://teacher@host/grades"


def test_a_url_that_is_complete_stays_as_it_is(tmp_path: Path) -> None:
    assert ClassFolder(tmp_path, "postgresql+psycopg://host/x").url == "postgresql+psycopg://host/x"
    assert ClassFolder(tmp_path).url == f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_what_is_read_takes_the_address_that_is_written_to(tmp_path: Path) -> None:
    """`export --db postgres://` was told "is no database URL" where `grade` took it."""
    with pytest.raises(GradebookError) as refused:
        read_grades(ClassFolder(tmp_path, "postgres://nobody@127.0.0.1:1/none").url)
    assert "cannot be read as a gradebook" in str(refused.value)


def test_a_second_grading_is_refused_with_a_sentence(tmp_path: Path) -> None:
    first, second = ClassFolder(tmp_path), ClassFolder(tmp_path)
    with first.held(), pytest.raises(BusyError, match="another `grade` is at work"), second.held():
        pass
    with ClassFolder(tmp_path).held():
        pass


def test_every_refusal_of_a_class_is_of_one_kind() -> None:
    assert issubclass(BusyError, GradeFault)
    assert issubclass(GradebookError, GradeFault)


def test_a_made_class_is_one_and_has_every_master(tmp_path: Path) -> None:
    folder = ClassFolder(tmp_path / "class")
    assert not folder.is_one
    make_class(folder.path)
    assert folder.is_one
    assert all(folder.master(lesson.name).is_file() for lesson in course.LESSONS)
    assert folder.config().CourseDirectory.course_id == course.KEY


def test_the_seed_of_the_environment_counts_for_grade_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", "77")
    assert Grading(Options(tmp_path)).run.seed == 77
    assert Grading(Options(tmp_path, seed=5)).run.seed == 5
    monkeypatch.delenv("AUTOGRADER_SEED")
    assert Grading(Options(tmp_path)).run.seed != Grading(Options(tmp_path)).run.seed


def test_the_name_that_keeps_what_was_there_is_free(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    assert course.spare(path).name == "grades.kept-1.csv"
    course.spare(path).touch()
    assert course.spare(path).name == "grades.kept-2.csv"
