"""A notebook that may be a student's submission: of which lesson it is, and how much is answered in it."""

import functools
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import course
from autograder.grading.errors import MasterError, NotUnderstoodError
from autograder.grading.intake.layouts import Owner, named_lesson
from autograder.grading.intake.sources import Piece, read
from autograder.grading.submission.master import read_master
from autograder.grading.submission.recognise import cell_text, lesson_of

# A larger one is not looked into: as JSON it would take many times its size in memory.
LARGEST_NOTEBOOK = 50_000_000


@dataclass(frozen=True)
class Candidate:
    """A notebook. `sure` is whether it or its name says the lesson; `answers` is how many of its cells are answered."""

    piece: Piece
    owner: Owner
    lesson: str
    sure: bool
    note: str | None
    answers: int = 0

    @property
    def folder(self) -> tuple[str, ...]:
        """The folder it lies in, within what the student handed in."""
        return self.owner.inside[:-1]


def candidate(piece: Piece, owner: Owner, told: str | None, directory: Path) -> Candidate:
    """The lesson of a notebook: what its cells say, or else its folder or name or `told`.

    A NotUnderstoodError says that nothing tells, or that what tells contradicts itself.
    """
    cells, unreadable = cells_of(piece.path)
    seen = lesson_of(cells)
    by_name = named_lesson(owner.inside[-1])
    folder = owner.lesson or told
    if seen and told and seen != told:
        raise NotUnderstoodError(f"its cells are of {seen}, and you said {told}")
    if seen and owner.lesson and seen != owner.lesson:
        raise NotUnderstoodError(f"its cells are of {seen}, and it was handed in as {owner.lesson}")
    if seen:
        return Candidate(piece, owner, seen, True, None, answers(cells, seen, directory))
    if by_name and folder and by_name != folder:
        raise NotUnderstoodError(f"it is called {by_name} and was handed in as {folder}")
    lesson = folder or by_name
    what = f"it cannot be read ({unreadable})" if unreadable else "its cells show no lesson of the course"
    if lesson is None:
        raise NotUnderstoodError(f"{what}, and nothing else says which lesson it is: give --lesson")
    return Candidate(piece, owner, lesson, bool(unreadable) and by_name == lesson, what)


def best(candidates: list[Candidate]) -> list[Candidate]:
    """The one of several notebooks of a lesson that counts, by `report.RULES`; several where that does not say."""
    left = [each for each in candidates if each.sure] or candidates
    left = [each for each in left if each.answers] or left
    latest = max(each.owner.order for each in left)
    left = [each for each in left if each.owner.order == latest]
    most = max(each.answers for each in left)
    left = [each for each in left if each.answers == most]
    named = [each for each in left if each.owner.inside[-1] == f"{each.lesson}.ipynb"]
    left = named if len(named) == 1 else left
    return left[:1] if len(left) == 1 or _all_the_same(left) else left


def box(candidates: Iterable[Candidate]) -> str | None:
    """The lesson that an LMS's assignment is of: what most cells and names say; None where that is unclear."""
    votes: Counter[str] = Counter()
    for each in candidates:
        named = named_lesson(each.owner.inside[-1])
        votes.update(lesson for lesson in (each.lesson, named) if lesson)
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _all_the_same(candidates: list[Candidate]) -> bool:
    try:
        return len({read(each.piece.path) for each in candidates}) == 1
    except (OSError, ValueError):
        return False


def answers(cells: Any, lesson: str, directory: Path) -> int:
    """In how many places of a lesson's notebook something stands that is not the stub students got."""
    stubs, lessons_own = _released(lesson, directory)
    texts = {cell_text(cell).strip() for cell in cells if isinstance(cell, dict)}
    return min(len(stubs - texts), len(texts - lessons_own - {""}))


@functools.lru_cache(maxsize=64)
def _released(lesson: str, directory: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The stubs of a lesson, and all texts of its cells, as the class folder's source has them, or else the course."""
    try:
        master = read_master(directory, lesson)
        return frozenset(cell.source.strip() for cell in master.cells if cell.is_solution), master.texts
    except MasterError:
        cells = json.loads(course.lesson(lesson).notebook.read_text(encoding="utf-8"))["cells"]
    named = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    return (
        frozenset(cell_text(cell).strip() for cell in named),
        frozenset(cell_text(cell).strip() for cell in cells),
    )


def cells_of(path: Path) -> tuple[Any, str | None]:
    """A notebook's cells, or why they cannot be read."""
    try:
        data = read(path, LARGEST_NOTEBOOK)
        if not data.strip():
            return None, "it is empty"
        notebook = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except (json.JSONDecodeError, RecursionError):
        return None, "it is no JSON"
    except OSError as fault:
        return None, fault.strerror or str(fault)
    except ValueError as fault:
        return None, str(fault)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return None, "it has no cells"
    return notebook["cells"], None


def answers_in(folder: Path, lesson: str, directory: Path) -> int:
    """How many answers the notebook has that lies in a submission's folder; 0 where it cannot be read."""
    cells, unreadable = cells_of(folder / f"{lesson}.ipynb")
    return 0 if unreadable else answers(cells, lesson, directory)
