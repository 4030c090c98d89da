"""`feedback CLASS`: pages written anew, and the archives in which they go back to Canvas and Moodle."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.run.renew import Page, Renewal, kept_notebooks

Track = Callable[[list[Any], str], Iterable[Any]]


@dataclass
class Renewed:
    """The pages of a run, and a sentence for each that could not be written."""

    pages: list[Page] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many pages came to this: "new", "changed" or "the same"."""
        return sum(page.outcome == outcome for page in self.pages)


def renew(
    group: ClassFolder,
    lessons: list[str],
    students: list[str],
    dry_run: bool = False,
    track: Track = lambda items, what: items,
) -> Renewed:
    """Writes the feedback pages of a class anew, with what people scored and said meanwhile; no code runs.

    Empty lists mean all. A GradeFault says that there is nothing that was graded.
    """
    wanted = list(kept_notebooks(group.path, lessons, students))
    if not wanted:
        raise GradeFault(f"nothing that was asked for is graded in {group.path}: `grade` comes first")
    found = Renewed()
    book = ClassGradebook(group.url)
    try:
        renewal = Renewal(group.path, book)
        for student, lesson in track(wanted, "writing pages"):
            try:
                found.pages.append(renewal.write(student, lesson, dry_run))
            except GradeFault as fault:
                found.problems.append(str(fault))
    finally:
        book.close()
    return found
