"""Stock nbgrader on a class folder: its own steps, a kernel a submission, no sandbox."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.grading.settings import STOCK_VARIABLE, configure


@contextmanager
def stock_api(directory: Path, seed: int) -> Iterator[NbGraderAPI]:
    """nbgrader's own interface on a class folder, grading as it does by itself, with fresh cases from `seed`."""
    warnings.filterwarnings("ignore", category=SAWarning)
    before = dict(os.environ)
    os.environ.update({STOCK_VARIABLE: "1", "AUTOGRADER_SEED": str(seed)})
    try:
        config = Config()
        configure(config)
        config.CourseDirectory.root = str(directory.resolve())
        api = NbGraderAPI(config=config)
        api.log.setLevel(logging.CRITICAL)
        yield api
    finally:
        os.environ.clear()
        os.environ.update(before)


def done(step: str, result: dict) -> None:
    """Fails if a step of nbgrader's failed."""
    assert result["success"], f"{step} failed:\n{result.get('error') or ''}{result.get('log') or ''}"


def points(url: str) -> dict[tuple[str, str, str], tuple[float | None, bool]]:
    """Every grade in a gradebook: points, and whether it waits for a person, by student, lesson and cell."""
    with Gradebook(url) as book:
        return {
            (graded.student.id, graded.assignment.name, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
            )
            for assignment in book.assignments
            for graded in book.assignment_submissions(assignment.name)
            for notebook in graded.notebooks
            for grade in notebook.grades
        }
