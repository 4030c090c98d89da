"""Feedback pages written anew from what grading left: gradebook, graded notebooks and journal. No code runs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.feedback import folder, pages
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.regrade_requests import read_requests
from autograder.grading.run.files import GradingJournal, digest
from autograder.grading.submission import sanitise
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.session import GRADED
from autograder.grading.submission.verdict import NOTE_ID, Verdict

if TYPE_CHECKING:
    from autograder.grading.gradebook.writing import ClassGradebook


@dataclass(frozen=True)
class Page:
    """One student's page in one lesson: where it lies, and whether it is "new", "changed" or "the same"."""

    student: str
    lesson: str
    path: Path
    outcome: str


def kept_notebooks(directory: Path, lessons: list[str], students: list[str]) -> Iterator[tuple[str, str]]:
    """Student and lesson of every graded notebook in the class folder; only those that are named, if any are."""
    for path in sorted(ClassFolder(directory).autograded.glob("*/*")):
        student, lesson = path.parent.name, path.name
        asked = (not lessons or lesson in lessons) and (not students or student in students)
        if asked and (path / f"{lesson}.ipynb").is_file():
            yield student, lesson


class Renewal:
    """Writes pages anew for one class, with the scores and comments that people gave meanwhile."""

    def __init__(self, directory: Path, book: "ClassGradebook") -> None:
        self.directory, self.book = directory, book
        self.journal = GradingJournal(directory)
        self.adjustments, self.requests = read_adjustments(directory), read_requests(directory)
        self.masters: dict[str, Master] = {}

    def write(self, student: str, lesson: str, dry_run: bool = False) -> Page:
        """Writes a student's page in a lesson; with `dry_run` only says what would become of it."""
        path = ClassFolder(self.directory).page(student, lesson)
        text = self.text(student, lesson)
        before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
        outcome = "new" if before is None else "the same" if before == text else "changed"
        if not dry_run:
            folder.put(self.directory, student, lesson, text)
        return Page(student, lesson, path, outcome)

    def text(self, student: str, lesson: str) -> str:
        """The page. A GradeFault says what is missing."""
        from nbgrader.api import MissingEntry

        if lesson not in self.masters:
            self.masters[lesson] = read_master(self.directory, lesson)
        try:
            submission = self.book.book.find_submission(lesson, student)
        except MissingEntry:
            raise GradeFault(
                f"{student}, {lesson}: there is a graded notebook, and the gradebook knows nothing of it: "
                "run `grade` again, or give the gradebook's --db"
            ) from None
        verdict = self.verdict(student, lesson)
        given = self.book.given(submission)
        decided = self.adjustments, self.requests
        return pages.page(verdict, self.masters[lesson], verdict.cells, given, *decided)

    def verdict(self, student: str, lesson: str) -> Verdict:
        """What grading found, as far as it was kept.

        A notebook that another program graded, in a kernel with the student's code, is made harmless once more.
        """
        entry = self.journal.entries.get((student, lesson))
        cells = self._cells(student, lesson, entry.kept if entry else "")
        if entry is None:
            return Verdict(student, lesson, GRADED, 0, cells=cells)
        return Verdict(student, lesson, entry.status, entry.seed, entry.notes, entry.earned, cells=cells)

    def _cells(self, student: str, lesson: str, ours: str) -> list[dict[str, Any]]:
        path = ClassFolder(self.directory).graded(student, lesson)
        try:
            data = path.read_bytes()
            cells = [cell for cell in json.loads(data)["cells"] if cell.get("id") != NOTE_ID]
            return cells if digest(data) == ours else [_clean(cell) for cell in cells]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise GradeFault(
                f"{path} cannot be read ({type(fault).__name__}): `grade --student {student} --lesson {lesson} "
                "--regrade` writes it anew"
            ) from None


def _clean(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"]
    made = cell | {"source": source if isinstance(source, str) else "".join(source)}
    if "outputs" in cell:
        made["outputs"] = sanitise.outputs([_joined(output) for output in cell["outputs"]])
    return made


def _joined(output: dict[str, Any]) -> dict[str, Any]:
    """An output whose texts are strings: other programs write lists of lines."""
    if "data" not in output:
        return output
    data = {mime: "".join(text) if isinstance(text, list) else text for mime, text in output["data"].items()}
    return output | {"data": data}
