"""A bad day: one submission's trouble is its own, and what is wrong with the whole folder is one sentence."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.errors import GradebookError, GradeFault
from autograder.grading.gradebook import rows, writing
from autograder.grading.run import class_table, files, worker
from autograder.grading.run.grade import Grading, Options
from autograder.grading.run.worker import Product, Task
from autograder.grading.submission import beside, reading
from autograder.grading.submission.verdict import grade_submission

LESSON = "04-softmax"
STUDENTS = ("ada", "ben", "cy")


@pytest.fixture(scope="module")
def class_of_three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three") / "class"
    make_class(folder)
    for student in STUDENTS:
        place = folder / "submitted" / student / LESSON
        place.mkdir(parents=True)
        shutil.copy(folder / "source" / LESSON / f"{LESSON}.ipynb", place)
    return folder


@pytest.fixture
def folder(class_of_three: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(class_of_three, tmp_path / "class"))


class AtOnce:
    """An engine without a sandbox: nothing of a notebook is run, and nobody earns a point."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
        for task in tasks:
            yield task, made(task)


def made(task: Task) -> Product:
    handed_in = task.submission
    note = handed_in.unreadable or "not run"
    empty = reading.Submission(handed_in.student, handed_in.lesson, unreadable=note)
    return worker.product(task, grade_submission(None, task.master, empty, task.seed))  # type: ignore[arg-type]


def grade(folder: Path, engine: Any = None) -> Grading:
    with Grading(Options(folder, seed=1)) as grading:
        list(grading.go(engine or AtOnce()))
    return grading


def status(grading: Grading) -> dict[str, str]:
    """Each student's status and note, as the class table has them."""
    failed = grading.failed | {(student, LESSON): why for student, why in grading.unseen.items()}
    found = class_table.rows(grading.journal, set(STUDENTS), [LESSON], failed)
    return {row.student: f"{row.status}: {row.notes}" for row in found}


def pages(folder: Path) -> set[str]:
    return {path.parts[-3] for path in (folder / "feedback").rglob("*.html")}


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, place: Path) -> None:
    """Makes a function of `os` refuse one path, as it does for somebody who may not read it."""
    allowed = getattr(os, name)

    def maybe(path: Any = ".", *rest: Any, **more: Any) -> Any:
        if Path(path) == place:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return allowed(path, *rest, **more)

    monkeypatch.setattr(os, name, maybe)


# --------------------------------------------------------------------------------------- one submission's own matter


def test_a_students_folder_that_cannot_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "listdir", folder / "submitted" / "ada")
    grading = grade(folder)
    assert status(grading)["ada"] == "not graded: Its folder cannot be listed: Permission denied."
    assert pages(folder) == {"ben", "cy"}


def test_a_lessons_folder_that_cannot_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "scandir", folder / "submitted" / "ada" / LESSON)
    grading = grade(folder)
    assert status(grading)["ada"] == "unreadable: Its folder cannot be listed: Permission denied."
    assert pages(folder) == set(STUDENTS)


@pytest.mark.parametrize(
    "fault", [RuntimeError("x"), RecursionError(), MemoryError(), OSError(errno.EIO, "I/O error")]
)
def test_whatever_reading_leads_to(folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    allowed = reading.read_cells

    def fails_for_ada(data: bytes, notes: list[str]) -> Any:
        if b"ada was here" in data:
            raise fault
        return allowed(data, notes)

    path = folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace("softmax", "softmax ada was here", 1))
    monkeypatch.setattr(reading, "read_cells", fails_for_ada)
    grading = grade(folder)
    assert status(grading)["ada"].startswith("unreadable: The files cannot be read: ")
    assert pages(folder) == set(STUDENTS)


def test_a_place_that_cannot_be_written(folder: Path) -> None:
    (folder / "autograded").mkdir()
    (folder / "autograded" / "ada").write_text("a file where a folder belongs")
    grading = grade(folder)
    assert status(grading)["ada"].startswith("not graded: What came of it could not be written: ")
    assert pages(folder) == {"ben", "cy"}
    (folder / "autograded" / "ada").unlink()
    assert status(grade(folder))["ada"].startswith("unreadable")
    assert pages(folder) == set(STUDENTS)


def test_a_row_that_the_gradebook_refuses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = rows._insert

    def refuses_ada(session: Any, lesson: Any, new: Any) -> None:
        allowed(session, lesson, new)
        if any(each.verdict.student == "ada" for each in new):
            raise ValueError("no such row")

    monkeypatch.setattr(rows, "_insert", refuses_ada)
    grading = grade(folder)
    assert status(grading)["ada"].startswith("not graded: What came of it could not be written: ValueError")
    monkeypatch.setattr(rows, "_insert", allowed)
    with writing.ClassGradebook(ClassFolder(folder).url).book as book:
        assert {each.student.id for each in book.assignment_submissions(LESSON)} == {"ben", "cy"}
    assert status(grade(folder))["ada"].startswith("unreadable")


def test_names_that_are_none(folder: Path) -> None:
    for name in (b"..name", b"\xff\xfe", b"a\x1b[31mred"):
        shutil.copytree(folder / "submitted" / "ada", folder / "submitted" / os.fsdecode(name))
    grading = grade(folder)
    assert [("..name" in each, "dot" in each) for each in grading.odd if "..name" in each] == [(True, True)]
    assert sum("no UTF-8" in each for each in grading.odd) == 1
    assert pages(folder) == {*STUDENTS, "a\x1b[31mred"}
    rows_found = class_table.rows(grading.journal, {"a\x1b[31mred"}, [LESSON])
    assert b"\x1b" not in class_table.write_csv(folder, rows_found).read_bytes()
    assert "\x1b" not in (folder / "feedback" / "a\x1b[31mred" / LESSON / f"{LESSON}.html").read_text()


# ------------------------------------------------------------------------------------------------- everybody's matter


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = beside.write_whole

    def full(path: Path, *rest: Any) -> None:
        if path.suffix == ".ipynb" and "ben" in path.parts:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        allowed(path, *rest)

    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(GradeFault, match=r"cannot be written \(No space left on device\): put that right"):
        grade(folder)
    monkeypatch.setattr(files, "write_whole", allowed)
    grade(folder)
    assert pages(folder) == set(STUDENTS)


def test_a_class_folder_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, *_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(files, "write_whole", refused)
    with pytest.raises(GradeFault, match="autograded cannot be written \\(Read-only file system\\)"):
        Grading(Options(folder, seed=1))


def test_a_gradebook_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(AtOnce):
        """The gradebook becomes read-only after it was opened."""

        def __init__(self, grading: Grading) -> None:
            self.grading = grading

        def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
            book = self.grading._opening.result()
            assert book

            @event.listens_for(book.book.engine, "checkout")
            def read_only(connection: sqlite3.Connection, *_: Any) -> None:
                connection.execute("PRAGMA query_only = 1")

            yield from super().grade(tasks)

    with (
        pytest.raises(
            GradebookError, match="the gradebook cannot be written .*readonly.*the same command goes on"
        ),
        Grading(Options(folder, seed=1)) as grading,
    ):
        list(grading.go(Late(grading)))  # type: ignore[arg-type]
    grade(folder)
    with writing.ClassGradebook(ClassFolder(folder).url).book as book:
        assert {each.student.id for each in book.assignment_submissions(LESSON)} == set(STUDENTS)
    assert pages(folder) == set(STUDENTS)


def test_a_journal_of_garbage(folder: Path) -> None:
    grade(folder)
    with (folder / "grading" / "journal.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\n[]\n{}\n3\n" + b"[" * 50_000)
    grade(folder)


# --------------------------------------------------------------------------------------------------- once more, alone


def test_what_waited_too_long_is_graded_again_alone(folder: Path) -> None:
    asked: list[list[str]] = []
    patience: list[int] = []

    class Busy(AtOnce):
        """A machine on which ada's waited at first."""

        def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Product]]:
            asked.append([])
            for task in tasks:
                asked[-1].append(task.submission.student)
                product = made(task)
                product.verdict.waited = product.verdict.worked = asked == [["ada"]]
                patience.append(task.budget.patience)
                yield task, product

    grading = grade(folder, Busy())
    assert asked == [["ada", "ben", "cy"], ["ada"]]
    assert patience == [1, 1, 1, worker.PATIENCE], "what had worked until then gets longer"
    assert pages(folder) == set(STUDENTS)
    assert not grading.failed
