"""The sandboxed grader as steps of nbgrader's own: for `nbgrader autograde` and formgrader's Autograde button.

`autograder.grading.settings` puts them into nbgrader's configuration, in place of the steps that run a student's
notebook in a kernel of the instructor's.
"""

import atexit
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import base
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files

from autograder.bank.grade import fresh_seed
from autograder.grading.errors import MasterError
from autograder.grading.feedback.folder import complete
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.run import worker
from autograder.grading.run.renew import Renewal
from autograder.grading.sandbox.packages import allow
from autograder.grading.submission import verdict
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.plan import combine
from autograder.grading.submission.reading import Cell, Submission, read_cells, read_submission
from autograder.grading.submission.session import GRADED, Budget

Resources = dict[str, Any]

# The sandbox is kept warm for the next submission, and ends with nbgrader's process.
atexit.register(worker.close)


def files_that_open(path: str, exclude: list[str] | None = None) -> list[str]:
    """nbgrader's list of the files to copy, without links that lead nowhere or in a circle, pipes and devices.

    Copied, each would end its submission in a traceback, or never end.
    """
    return [each for each in find_all_files(path, exclude) if os.path.isfile(each)]


# nbgrader has no setting for what it copies.
base.find_all_files = files_that_open


class HandedInNotebook(NotebookExporter):
    """Reads a submitted notebook as the grader does; what cannot be read has no cells, and is graded all the same."""

    def from_filename(self, filename: str, resources: Resources | None = None, **kwargs: Any) -> Any:
        """The notebook after nbgrader's steps; one that these steps wrote themselves is read by nbconvert."""
        assert resources is not None
        assert self.parent is not None
        student, lesson = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        folders = self.parent.coursedir
        submitted = Path(folders.format_path(folders.submitted_directory, student, lesson))
        if Path(filename).parent != submitted:
            return super().from_filename(filename, resources, **kwargs)
        handed_in = read_submission(submitted, student, lesson)
        resources["nbgrader"]["readable"] = handed_in.unreadable is None
        cells = [_as_written(cell) for cell in handed_in.cells]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        node = nbformat.from_dict(notebook)
        return self.from_notebook_node(node, resources, **kwargs)  # type: ignore[no-untyped-call]


def _as_written(cell: Cell) -> dict[str, Any]:
    """A cell as it stands in a notebook's file, without outputs."""
    claimed = {"nbgrader": {"grade_id": cell.grade_id}} if cell.grade_id is not None else {}
    written: dict[str, Any] = {"cell_type": cell.kind, "metadata": claimed, "source": cell.source}
    if cell.kind == "code":
        written |= {"execution_count": None, "outputs": []}
    if cell.pictures:
        written["attachments"] = cell.pictures
    return written


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts every cell of the master's into a submitted notebook exactly once, and clears what it claims of itself."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook with the master's cells, as nbgrader's later steps need it."""
        master = _master(self, resources)
        notes: list[str] = []
        graded = combine(master, read_cells(nbformat.writes(nb).encode(), notes), notes)
        for note in notes if resources["nbgrader"].get("readable", True) else []:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        nb.cells = [
            nbformat.from_dict(verdict.kept(place, cell, master)) for place, cell in enumerate(graded)
        ]
        nb.metadata = nbformat.from_dict(master.metadata)
        nb.nbformat, nb.nbformat_minor = 4, 5
        return nb, resources


class SandboxedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades in the sandbox, and writes points and reasons where nbgrader reads them."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook with its outputs and the checks' points."""
        student, lesson = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        master = _master(self, resources)
        folders = _converter(self).coursedir
        submitted = Path(folders.format_path(folders.submitted_directory, student, lesson))
        copied = Path(folders.format_path(folders.autograded_directory, student, lesson))
        forget_what_links_led_to(submitted, copied)
        beside = read_submission(copied, student, lesson)
        cells = read_cells(nbformat.writes(nb).encode(), beside.notes)
        as_handed_in = read_submission(submitted, student, lesson)
        notes = list(dict.fromkeys([*as_handed_in.notes, *beside.notes]))
        handed_in = Submission(student, lesson, cells, beside.files, notes, as_handed_in.unreadable)
        allow(Path(_converter(self).coursedir.root), [], self.log.warning)
        task = worker.Task(master, handed_in, fresh_seed(), Budget())
        found = worker.work(task)
        if found.waited:
            found = worker.work(worker.once_more(task, found.worked))
        if found.status != GRADED:
            self.log.warning("%s, %s: %s. %s", student, lesson, found.status, " ".join(found.notes))
        nb.cells = [nbformat.from_dict(cell) for cell in found.cells]
        return nb, resources


def forget_what_links_led_to(submitted: Path, autograded: Path) -> None:
    """Removes copies of files that lie elsewhere: nbgrader copies what is beside a notebook, and follows links.

    Left where it is, such a file would go back to the student with the feedback, whoever may read it.
    """
    student, lesson = submitted.parts[-2:]
    here = submitted.parents[1].resolve() / student / lesson
    for copy in [each for each in autograded.rglob("*") if each.is_file()]:
        inside = copy.relative_to(autograded)
        if os.path.lexists(submitted / inside) and os.path.realpath(submitted / inside) != str(here / inside):
            copy.unlink()


def _converter(step: NbGraderPreprocessor) -> Any:
    """nbgrader's converter that this step works for."""
    return step.parent.parent


def _master(step: NbGraderPreprocessor, resources: Resources) -> Master:
    return read_master(Path(_converter(step).coursedir.root), resources["nbgrader"]["assignment"])


class FeedbackPage(HTMLExporter):
    """Our own feedback page, for `nbgrader generate_feedback` and formgrader's button: nbgrader's loads a script."""

    renewal: Renewal | None = None

    def from_filename(self, filename: str, resources: Resources | None = None, **kwargs: Any) -> Any:
        """The page of one graded notebook; nbgrader's own for an assignment that is none of the course's."""
        assert resources is not None
        assert self.parent is not None
        about = resources["nbgrader"]
        directory = Path(self.parent.coursedir.root)
        try:
            read_master(directory, about["assignment"])
        except MasterError:
            return super().from_filename(filename, resources, **kwargs)
        if self.renewal is None:
            self.renewal = Renewal(directory, ClassGradebook(about["db_url"]))
            atexit.register(self.renewal.book.close)
        complete(directory, about["student"], about["assignment"])
        page = self.renewal.text(about["student"], about["assignment"])
        return page, resources | {"output_extension": ".html", "outputs": {}}
