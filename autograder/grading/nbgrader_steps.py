"""The sandboxed grader as steps of nbgrader's own: for `nbgrader autograde` and formgrader's Autograde button.

`autograder.grading.settings` puts them into nbgrader's configuration, in place of the steps that run a student's
notebook in a kernel of the instructor's.
"""

import atexit
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.bank.grade import fresh_seed
from autograder.grading.run import worker
from autograder.grading.submission import verdict
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.plan import combine
from autograder.grading.submission.reading import Submission, read_cells, read_submission
from autograder.grading.submission.session import GRADED

Resources = dict[str, Any]

# The sandbox is kept warm for the next submission, and ends with nbgrader's process.
atexit.register(worker.close)


class RestoreCells(NbGraderPreprocessor):
    """Puts every cell of the master's into a submitted notebook exactly once, and clears what it claims of itself."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook with the master's cells, as nbgrader's later steps need it."""
        master = _master(self, resources)
        notes: list[str] = []
        graded = combine(master, read_cells(nbformat.writes(nb).encode(), notes), notes)
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        nb.cells = [
            nbformat.from_dict(verdict.kept(place, cell, master)) for place, cell in enumerate(graded)
        ]
        nb.metadata = nbformat.from_dict(master.metadata)
        nb.nbformat, nb.nbformat_minor = 4, 5
        return nb, resources


class SandboxedExecute(NbGraderPreprocessor):
    """Grades in the sandbox, and writes points and reasons where nbgrader reads them."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook with its outputs and the checks' points."""
        student, lesson = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
        master = _master(self, resources)
        folder = Path(_converter(self)._format_source(lesson, student))
        beside = read_submission(folder, student, lesson)
        cells = read_cells(nbformat.writes(nb).encode(), beside.notes)
        handed_in = Submission(student, lesson, cells, beside.files, beside.notes)
        task = worker.Task(master, handed_in, fresh_seed(), verdict.Budget())
        found = worker.work(task)
        if found.status != GRADED:
            self.log.warning("%s, %s: %s. %s", student, lesson, found.status, " ".join(found.notes))
        nb.cells = [nbformat.from_dict(cell) for cell in found.cells]
        return nb, resources


def _converter(step: NbGraderPreprocessor) -> Any:
    """nbgrader's converter that this step works for."""
    return step.parent.parent


def _master(step: NbGraderPreprocessor, resources: Resources) -> Master:
    return read_master(Path(_converter(step).coursedir.root), resources["nbgrader"]["assignment"])
