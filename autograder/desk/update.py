"""`update CLASS LESSON`: a changed, new or removed exercise reaches the gradebook of a class that is under way.

nbgrader itself refuses: "Cannot add or remove cells for notebook because there are submissions associated with it".
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Comment, Grade, MissingEntry
from nbgrader.preprocessors import LockCells

from autograder import course
from autograder.build.notebook import checked
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.submission.master import master


@dataclass
class Updated:
    """What changes: sentences by cell, the copies that were kept, and how many submissions are to be graded anew."""

    changes: list[str] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    submissions: int = 0


def update(group: ClassFolder, lesson: str, from_course: bool, dry_run: bool) -> Updated:
    """Brings a lesson's cells and points from the class's source into its gradebook.

    With `from_course` the class's source is first made that of the course as it is now. The source and the gradebook's
    file before are kept. A GradeFault says what stands in the way; then nothing is changed.
    """
    place = group.master(lesson)
    if not place.is_file() and not from_course:
        raise GradeFault(f"there is no {place}: give --from-course to take the lesson from the course")
    source = checked(course.lesson(lesson)).source if from_course else nbformat.read(place, as_version=4)
    master(lesson, source)  # says so where it cannot be graded
    made = Updated()
    if dry_run:
        _in_book(group, lesson, source, made, dry_run)
        return made
    with group.held():
        found = Updated()
        _in_book(group, lesson, source, found, True)
        before = place.read_text(encoding="utf-8").rstrip("\n") if place.is_file() else None
        if from_course and before not in (None, nbformat.writes(source)):
            made.kept.append(_kept(place, group.path / "source_before" / lesson / place.name))
        if from_course:
            place.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(source, place)
        if found.changes and group.db is None:
            made.kept.append(
                _kept(group.gradebook, group.records / "gradebook_before" / group.gradebook.name)
            )
        _in_book(group, lesson, source, made, dry_run)
    return made


def _kept(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    place = course.spare(target)
    shutil.copy2(path, place)
    return place


def _in_book(group: ClassFolder, lesson: str, source: NotebookNode, made: Updated, dry_run: bool) -> None:
    if group.db is None and not group.gradebook.exists():
        return
    book = ClassGradebook(group.url, group.config())
    try:
        try:
            notebook = book.book.find_notebook(lesson, lesson)
        except MissingEntry:  # `grade` puts it there
            return
        made.submissions = len(notebook.submissions)
        dropped = read_adjustments(group.path).dropped(lesson)
        _sync(book.book, lesson, notebook, source, dropped, made)
        if dry_run:
            book.book.db.rollback()
        else:
            book.book.db.commit()
    finally:
        book.close()


def _sync(
    book: Any, lesson: str, notebook: Any, source: NotebookNode, dropped: set[str], made: Updated
) -> None:
    """Makes the notebook's cells in the gradebook those of the source; for every submission a grade and a comment."""
    locked, _ = LockCells().preprocess(nbformat.from_dict(source), {})
    wanted = {cell.metadata.nbgrader.grade_id: cell for cell in locked.cells if _is_named(cell)}
    session, commit = book.db, book.db.commit
    session.commit = session.flush  # nbgrader makes every step last; here all are made last at once
    try:
        for cell in [*notebook.grade_cells, *notebook.solution_cells, *notebook.source_cells]:
            if cell.name not in wanted:
                _remove(session, cell, made)
        session.flush()
        session.expire(notebook)
        for name, cell in wanted.items():
            _put(book, lesson, name, cell, 0.0 if name.removesuffix("_check") in dropped else None, made)
        session.expire(notebook)
        for submitted in notebook.submissions:
            session.add_all(_rows(notebook, submitted))
        session.flush()
    finally:
        session.commit = commit


def _is_named(cell: NotebookNode) -> bool:
    return bool(utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell))


def _remove(session: Any, cell: Any, made: Updated) -> None:
    grades = session.query(Grade).filter(Grade.cell_id == cell.id).all()
    by_hand = [grade for grade in grades if grade.manual_score is not None]
    if by_hand:
        raise GradeFault(
            f"{cell.name}: {len(by_hand)} students have a score by hand for it, and the source does not have it any "
            "more: restore the source, and drop it with `adjust CLASS LESSON EXERCISE --drop`"
        )
    for row in [*grades, *session.query(Comment).filter(Comment.cell_id == cell.id).all()]:
        session.delete(row)
    if hasattr(cell, "max_score"):
        made.changes.append(f"{cell.name}: removed, with its {cell.max_score:g} points")
    session.delete(cell)


def _put(book: Any, lesson: str, name: str, cell: NotebookNode, points: float | None, made: Updated) -> None:
    about = cell.metadata.nbgrader
    if utils.is_grade(cell):
        points = float(about["points"]) if points is None else points
        try:
            before = book.find_grade_cell(name, lesson, lesson).max_score
            told = f"{name}: {before:g} points before, {points:g} now" if before != points else ""
        except MissingEntry:
            told = f"{name}: new, {points:g} points"
        made.changes += [told] if told else []
        book.update_or_create_grade_cell(name, lesson, lesson, max_score=points, cell_type=cell.cell_type)
    if utils.is_solution(cell):
        book.update_or_create_solution_cell(name, lesson, lesson)
    kept = {"cell_type": cell.cell_type, "locked": utils.is_locked(cell), "source": cell.source}
    try:
        old = book.find_source_cell(name, lesson, lesson)
        if old.source.strip() != cell.source.strip():
            made.changes.append(f"{name}: its text changed")
    except MissingEntry:
        pass
    book.update_or_create_source_cell(name, lesson, lesson, checksum=about.get("checksum"), **kept)


def _rows(notebook: Any, submitted: Any) -> Iterator[Any]:
    """The grades and comments that a submission lacks."""
    have = {grade.cell_id for grade in submitted.grades}
    for cell in notebook.grade_cells:
        if cell.id not in have:
            yield Grade(
                cell_id=cell.id, notebook_id=submitted.id, needs_manual_grade=cell.cell_type == "markdown"
            )
    have = {comment.cell_id for comment in submitted.comments}
    for cell in notebook.solution_cells:
        if cell.id not in have:
            yield Comment(cell_id=cell.id, notebook_id=submitted.id)
