"""The master copy of a lesson in a class folder: it decides what is asked and what it is worth."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import bank
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import MasterError

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class MasterCell:
    """One cell as students got it. `exercise` is what a check cell asks; None for every other cell."""

    kind: str
    source: str
    metadata: dict[str, Any]
    exercise: str | None = None

    @property
    def grade_id(self) -> str | None:
        """nbgrader's name of the cell, if it has one."""
        return self.metadata.get("nbgrader", {}).get("grade_id")

    @property
    def is_solution(self) -> bool:
        """Whether students write in it."""
        return bool(self.metadata.get("nbgrader", {}).get("solution"))

    @property
    def is_locked(self) -> bool:
        """Whether the master's text counts, whatever a submission did to its own."""
        return bool(self.metadata.get("nbgrader", {}).get("locked"))

    @property
    def points(self) -> float:
        """What the cell is worth."""
        return float(self.metadata.get("nbgrader", {}).get("points", 0))


@dataclass(frozen=True)
class Master:
    """A lesson's cells as students got them, and the notebook's metadata."""

    lesson: str
    cells: tuple[MasterCell, ...]
    metadata: dict[str, Any]

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """The texts of all cells."""
        return frozenset(cell.source.strip() for cell in self.cells)

    @property
    def checks(self) -> list[MasterCell]:
        """The cells that the grader answers for."""
        return [cell for cell in self.cells if cell.exercise]


def read_master(directory: Path, lesson: str) -> Master:
    """The master copy of `lesson` in the class folder; a MasterError if there is none, or none of the bank's."""
    import nbformat  # a worker gets its masters ready made, and starts sooner without

    path = ClassFolder(directory).master(lesson)
    if not path.is_file():
        raise MasterError(
            f"there is no {path}: `python3 -m autograder class DIR` makes a class folder with all lessons"
        )
    try:
        source = nbformat.read(path, as_version=4)
    except Exception as fault:
        raise MasterError(f"{path} cannot be read: {type(fault).__name__}: {fault}") from None
    return master(lesson, source)


def master(lesson: str, source: "NotebookNode") -> Master:
    """The master copy of a lesson's source notebook; nbgrader's steps take out answers and hidden tests."""
    from nbgrader import utils

    from autograder.build.notebook import student_notebook

    asked = {
        cell.metadata.nbgrader.grade_id: _exercise(lesson, cell)
        for cell in source.cells
        if utils.is_grade(cell) and cell.cell_type == "code" and not utils.is_solution(cell)
    }
    released = student_notebook(source)
    cells = tuple(
        MasterCell(
            cell.cell_type,
            cell.source,
            _plain(cell.metadata),
            asked.get(cell.metadata.get("nbgrader", {}).get("grade_id")),
        )
        for cell in released.cells
    )
    return Master(lesson, cells, _plain(released.metadata))


def _plain(node: Any) -> Any:
    return {name: _plain(value) for name, value in node.items()} if isinstance(node, dict) else node


def _exercise(lesson: str, cell: "NotebookNode") -> str:
    """The exercise that a check cell asks for: the first argument of its `grade` or `check`."""
    try:
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        calls = []
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in ("grade", "check") and call.args:
            name = getattr(call.args[0], "value", None)
            if name in bank.exercises():
                return str(name)
    raise MasterError(
        f"{lesson}: the graded cell {cell.metadata.nbgrader.grade_id!r} of the class folder's source calls neither "
        "`check` nor `grade` with an exercise of the bank, so the sandboxed grader cannot judge it"
    )
