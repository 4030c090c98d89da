"""The sandboxed grader as steps of nbgrader's own: for `nbgrader autograde` and formgrader's Autograde button.

`autograder.grading.settings` puts them into nbgrader's configuration, in place of the steps that run a student's
notebook in a kernel of the instructor's.
"""

import atexit
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

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
from autograder.grading.submission.reading import Submission, read_cells, read_submission
from autograder.grading.submission.session import GRADED, Budget

Resources = dict[str, Any]

# The sandbox is kept warm for the next submission, and ends with nbgrader's process.
atexit.register(worker.close)


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
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
        unreadable = read_submission(submitted, student, lesson).unreadable
        handed_in = Submission(student, lesson, cells, beside.files, beside.notes, unreadable)
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
        if os.path.lexists(submitted / inside) and (submitted / inside).resolve() != here / inside:
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
