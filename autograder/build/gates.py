"""What a lesson must be before it is built: each gate answers a way such notebooks have gone wrong elsewhere.

A gate takes a `Draft` and yields a sentence for every fault it finds; no sentence means the lesson may pass.
"""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator, ValidationError

from autograder.bank.exercise import Exercise
from autograder.build.cells import announcement
from autograder.build.fresh import stale_answers
from autograder.build.kept import broken_promises

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
CODE_IN_TEXT = re.compile(r"`[^`]+`")
SHORTEST_LAST_HINT = 60
ALLOWED_IMPORTS = {"numpy", "matplotlib", "autograder.kit", "math", "time"}


@dataclass(frozen=True)
class Draft:
    """A lesson on its way: its name, the notebook with answers, the one without, its exercises, and what is taught
    later. While the first gates look there is no student's notebook yet, and `student` is the one with answers."""

    lesson: str
    source: NotebookNode
    student: NotebookNode
    exercises: dict[str, Exercise]
    later: frozenset[str]


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "a cell without grade_id")


def _code(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _graded(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if utils.is_grade(cell) and not utils.is_solution(cell))


def metadata_is_valid(draft: Draft) -> Iterator[str]:
    """nbgrader accepts each cell's metadata, and no grade id stands twice."""
    ids = Counter(_name(cell) for cell in draft.source.cells if "nbgrader" in cell.metadata)
    for name, count in ids.items():
        if count > 1:
            yield f"the grade id {name!r} stands {count} times: give each cell its own"
    validator = MetadataValidator()
    for cell in draft.source.cells:
        try:
            validator.validate_cell(cell)
        except (ValidationError, KeyError) as fault:
            yield f"the nbgrader metadata of {_name(cell)} is not valid: {fault}"


def solutions_have_markers(draft: Draft) -> Iterator[str]:
    """Without markers nbgrader would clear a whole cell, its `def` line too, or leave the answer standing."""
    for cell in draft.source.cells:
        if not utils.is_solution(cell):
            if BEGIN in cell.source or END in cell.source:
                yield f"a solution stands outside a solution cell: {cell.source.splitlines()[0]!r}"
            continue
        if not _in_turn(cell.source) or (cell.source.count(BEGIN) > 1 and "class " not in cell.source):
            yield f"the solution cell {_name(cell)} needs one {BEGIN} and one {END}"


def _in_turn(source: str) -> bool:
    """Whether every beginning has its end."""
    marks = re.findall(f"{BEGIN}|{END}", source)
    return bool(marks) and marks == [BEGIN, END] * (len(marks) // 2)


def graded_cells_let_errors_through(draft: Draft) -> Iterator[str]:
    """A graded cell that catches exceptions would give full points to whatever raises."""
    for cell in _graded(draft.source):
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            swallows = isinstance(node, (ast.Try, ast.TryStar)) or (
                isinstance(node, ast.Name) and node.id == "suppress"
            )
            if swallows or (isinstance(node, ast.Attribute) and node.attr == "suppress"):
                yield f"the graded cell {_name(cell)} swallows exceptions: take the try or suppress out"
                break


def stubs_match_the_bank(draft: Draft) -> Iterator[str]:
    """The stub a student gets has the bank's name and arguments, a docstring, and raises NotImplementedError."""
    for cell in draft.student.cells:
        if not utils.is_solution(cell) or cell.cell_type != "code":
            continue
        exercise = draft.exercises.get(_name(cell))
        if exercise is None:
            yield f"the solution cell {_name(cell)} belongs to no exercise of the bank"
            continue
        *before, last = ast.parse(cell.source).body
        if not isinstance(last, ast.FunctionDef) or not all(
            isinstance(each, ast.ClassDef) for each in before
        ):
            yield f"the stub {_name(cell)} must hold one function, after the classes it needs, and nothing else"
            continue
        wanted = list(inspect.signature(exercise.reference).parameters)
        yield from _stub_faults(last, exercise.name, wanted)


def _stub_faults(function: ast.FunctionDef, name: str, wanted: list[str]) -> Iterator[str]:
    given = [argument.arg for argument in function.args.args]
    if function.name != name or given != wanted:
        yield (
            f"the stub {function.name}({', '.join(given)}) does not match its solution, "
            f"{name}({', '.join(wanted)})"
        )
    if not ast.get_docstring(function):
        yield f"the stub {name} has no docstring: say shapes and units"
    rest = [node for node in function.body if not _is_docstring(node)]
    if len(rest) != 1 or ast.unparse(rest[0]) != "raise NotImplementedError()":
        yield f"the stub {name} must only raise NotImplementedError: something stands outside the markers"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def every_exercise_is_there(draft: Draft) -> Iterator[str]:
    """Every exercise of the bank stands once, in the bank's order."""
    order = [_name(c) for c in draft.source.cells if utils.is_solution(c) and c.cell_type == "code"]
    if order != list(draft.exercises):
        yield f"the notebook has the exercises {order}, the bank has {list(draft.exercises)}"


def exercises_are_announced(draft: Draft) -> Iterator[str]:
    """Above each exercise stands its difficulty, time and points, and where the hints are."""
    before = {_name(b): a for a, b in pairwise(draft.source.cells) if utils.is_solution(b)}
    for name, exercise in draft.exercises.items():
        text = before[name].source if name in before else ""
        if announcement(exercise) not in text:
            yield f"above {name} there is no heading `### Exercise N: `{name}(...)``, under which its line would stand"
        if f'hint("{name}")' not in text:
            yield f'above {name} nothing says that hint("{name}") gives a hint'


def hints_climb(draft: Draft) -> Iterator[str]:
    """The third hint tells more than the second: code that the first two do not have, in a sentence or more."""
    for name, exercise in draft.exercises.items():
        first, second, third = exercise.hints
        code = set(CODE_IN_TEXT.findall(third)) - set(CODE_IN_TEXT.findall(first + second))
        if not code or len(third) < SHORTEST_LAST_HINT:
            yield f"the third hint for {name} must say how the code begins and what is left to do"


def one_written_question(draft: Draft) -> Iterator[str]:
    """Each lesson has one question that a person grades."""
    written = [c for c in draft.source.cells if c.cell_type == "markdown" and utils.is_grade(c)]
    if len(written) != 1 or not written[0].metadata.nbgrader.get("points"):
        yield f"there must be one written question with points, and there are {len(written)}"


def nothing_from_elsewhere(draft: Draft) -> Iterator[str]:
    """A notebook imports the kit and plain libraries, and needs nothing that a later lesson teaches."""
    for cell in _code(draft.student):
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            for module in _imported(node):
                if module not in ALLOWED_IMPORTS and module.split(".")[0] not in ALLOWED_IMPORTS:
                    yield f"a cell imports {module}: a lesson may import {', '.join(sorted(ALLOWED_IMPORTS))}"
            if isinstance(node, ast.Name) and node.id in draft.later:
                yield f"a cell uses {node.id}, which a later lesson teaches"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def it_opens_as_it_should(draft: Draft) -> Iterator[str]:
    """A kernelspec, or JupyterLab asks for one; and no outputs, or students see somebody's run."""
    if draft.student.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the notebook has no kernelspec python3"
    if any(cell.outputs or cell.execution_count for cell in _code(draft.student)):
        yield "the notebook has outputs"
    if not any(re.search(r"\bexplore\.\w+\(", cell.source) for cell in _code(draft.student)):
        yield "the notebook has no explorable: call explore at least once"


Gate = Callable[[Draft], Iterator[str]]


def promises_are_asked(draft: Draft) -> Iterator[str]:
    """What a docstring promises of the arguments, some case asks: else wrong answers have full points."""
    yield from broken_promises(draft.source, draft.exercises)


def answers_change_with_the_seed(draft: Draft) -> Iterator[str]:
    """No part has the same right answers under every seed: they could be written down."""
    yield from stale_answers(draft.exercises)


# What must hold before nbgrader can clear the answers, and what is looked at afterwards.
SOURCE_GATES: tuple[Gate, ...] = (
    metadata_is_valid,
    solutions_have_markers,
    graded_cells_let_errors_through,
    every_exercise_is_there,
    exercises_are_announced,
    hints_climb,
    one_written_question,
)
STUDENT_GATES: tuple[Gate, ...] = (stubs_match_the_bank, nothing_from_elsewhere, it_opens_as_it_should)
# What `build` looks at too, for it draws the fixed cases anyway. (A class folder is made without.)
CASE_GATES: tuple[Gate, ...] = (promises_are_asked, answers_change_with_the_seed)


def faults(draft: Draft, gates: tuple[Gate, ...]) -> list[str]:
    """What each of the gates finds wrong with a lesson."""
    return [fault for gate in gates for fault in gate(draft)]
