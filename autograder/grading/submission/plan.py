"""From a submission's cells and the master's to one notebook to grade, and the steps that grade it."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.submission.master import Master, MasterCell
from autograder.grading.submission.reading import Cell


@dataclass
class Graded:
    """One cell of the notebook to grade. `master` is set where it is one of the master's named cells."""

    kind: str
    source: str
    master: MasterCell | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def exercise(self) -> str | None:
        """The exercise this cell asks for, if it is a check."""
        return self.master.exercise if self.master else None


@dataclass(frozen=True)
class Step:
    """Run a cell, or ask for an exercise: `place` is the cell's index in the notebook to grade."""

    place: int
    exercise: str | None = None


def combine(master: Master, cells: list[Cell], notes: list[str]) -> list[Graded]:
    """The submission's cells in their order, with every named cell of the master's in it exactly once.

    A locked cell has the master's text. A cell that is missing is put where it belongs. What was odd goes into `notes`.
    """
    claimed = _claims(master, cells, notes)
    graded = [_graded(cell, claimed.get(place)) for place, cell in enumerate(cells)]
    before: MasterCell | None = None
    for named in (cell for cell in master.cells if cell.grade_id):
        if all(cell.master is not named for cell in graded):
            place = next(
                (i + 1 for i, cell in enumerate(graded) if before and cell.master is before), len(graded)
            )
            graded.insert(place, Graded(named.kind, named.source, named))
            notes.append(f"The cell {named.grade_id!r} was missing; the grader put it back.")
        before = named
    return graded


def _graded(cell: Cell, named: MasterCell | None) -> Graded:
    if named is None:
        return Graded(cell.kind, cell.source, pictures=cell.pictures)
    source = named.source if named.is_locked else cell.source
    return Graded(named.kind, source, named, pictures=cell.pictures)


def _claims(master: Master, cells: list[Cell], notes: list[str]) -> dict[int, MasterCell]:
    """Which cell of the submission is which of the master's: by its grade id, else by what stands in it."""
    named = {cell.grade_id: cell for cell in master.cells if cell.grade_id}
    claimed: dict[int, MasterCell] = {}
    for grade_id, cell in named.items():
        places = [place for place, each in enumerate(cells) if each.grade_id == grade_id]
        if len(places) > 1:
            notes.append(f"The cell {grade_id!r} is there {len(places)} times; the last one counts.")
        if places:
            claimed[places[-1]] = cell
    invented = {each.grade_id for each in cells if each.grade_id and each.grade_id not in named}
    if invented:
        notes.append(
            f"{len(invented)} of its cells have grade ids that the lesson does not have; they count for nothing."
        )
    for cell in named.values():
        if cell not in claimed.values():
            place = next(_alike(master, cell, cells, claimed), None)
            if place is not None:
                claimed[place] = cell
                notes.append(
                    f"The cell {cell.grade_id!r} had lost its name; it was found by what stands in it."
                )
    return claimed


def _alike(
    master: Master, named: MasterCell, cells: list[Cell], claimed: dict[int, MasterCell]
) -> Iterator[int]:
    """Where a cell that lost its name may be, best first."""
    free = [place for place, cell in enumerate(cells) if place not in claimed]
    for place in free:
        if named.is_locked and cells[place].source.strip() == named.source.strip():
            yield place
    wanted = _defined(named.source)
    for place in free:
        if named.is_solution and wanted and wanted & _defined(cells[place].source):
            yield place
    index = master.cells.index(named)
    text_before = master.cells[index - 1].source.strip() if index else None
    for place in free:
        if named.kind == "markdown" and place and cells[place - 1].source.strip() == text_before:
            yield place


@functools.lru_cache(maxsize=256)
def _defined(source: str) -> frozenset[str]:
    """The functions that a cell defines."""
    try:
        return frozenset(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def steps(graded: list[Graded], needed: set[int]) -> list[Step]:
    """What to do, in order: run the cells in `needed`; ask each exercise after its check and its answer."""
    after: dict[int, list[Step]] = {}
    for place, cell in enumerate(graded):
        if cell.exercise:
            last = max(place, _answer_place(graded, cell.exercise, place))
            after.setdefault(last, []).append(Step(place, cell.exercise))
    made: list[Step] = []
    for place, cell in enumerate(graded):
        if cell.kind == "code" and not cell.exercise and place in needed:
            made.append(Step(place))
        made += after.get(place, [])
    return made


def _answer_place(graded: list[Graded], exercise: str, default: int) -> int:
    """Where the solution cell stands that defines the exercise's function."""
    for place, cell in enumerate(graded):
        if cell.master and cell.master.is_solution and exercise in _defined(cell.master.source):
            return place
    return default
