"""The cells that nobody writes by hand: the check under an exercise, the line above it, nbgrader's metadata.

A lesson's source marks its cells in few words, and `dressed` makes of them what nbgrader asks for:

    # %% exercise="softmax"           the cell with the stub and its answer; the check cell follows by itself
    # %% [markdown] written=2         the answer to the written question, and its points

The first cell's import of the kit gets a sentence for whoever opens the lesson where the kit is not.
"""

import re
from textwrap import indent

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.bank.exercise import Exercise

WRITTEN = "written_question"
IMPORT = re.compile(r"^from autograder\.kit import (?:\([^)]*\)|[^(\n]+)$", re.MULTILINE)
NO_KIT = """\
try:
{0}
except ModuleNotFoundError as fault:
    raise ModuleNotFoundError(
        f"{{fault}}. Start the lesson with `python3 -m autograder lab`, or choose the kernel of .venv. "
        "In Colab or Kaggle run `%pip install` with the kit's wheel (autograder-*.whl) in a cell above."
    ) from None"""


def check_cell(exercise: str) -> str:
    """The text of an exercise's check cell in the notebook with answers."""
    return (
        f'check("{exercise}", {exercise})\n'
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.bank.grade import grade\n\n"
        f'grade("{exercise}", {exercise})\n'
        "### END HIDDEN TESTS"
    )


def announcement(exercise: Exercise) -> str:
    """The line that stands above an exercise."""
    points = f"{exercise.points:g} point{'' if exercise.points == 1 else 's'}"
    return f"*Difficulty {exercise.difficulty} of 3, about {exercise.minutes} minutes, {points}.*"


def dressed(cells: list[NotebookNode], exercises: dict[str, Exercise]) -> list[NotebookNode]:
    """The cells of a lesson's source as nbgrader wants them, with check cells and announcements.

    A cell of an exercise that the bank does not know stays as it is: the gates say so.
    """
    made: list[NotebookNode] = []
    _excuse(cells)
    for cell in cells:
        made.append(cell)
        name = cell.metadata.pop("exercise", None)
        points = cell.metadata.pop("written", None)
        if name is not None:
            cell.metadata["nbgrader"] = _metadata(name, solution=True)
            if name in exercises:
                _announce(made[-2] if len(made) > 1 else None, exercises[name])
                made.append(_check(exercises[name]))
        if points is not None:
            cell.metadata["nbgrader"] = _metadata(WRITTEN, solution=True, points=points)
    return made


def _excuse(cells: list[NotebookNode]) -> None:
    """Has the lesson's first import of the kit say what to do where there is no kit."""
    for cell in cells:
        if cell.cell_type == "code" and IMPORT.search(cell.source):
            cell.source = IMPORT.sub(
                lambda line: NO_KIT.format(indent(line[0], "    ")), cell.source, count=1
            )
            return


def _check(exercise: Exercise) -> NotebookNode:
    cell = new_code_cell(check_cell(exercise.name))
    cell.metadata["nbgrader"] = _metadata(f"{exercise.name}_check", points=exercise.points)
    return cell


def _announce(above: NotebookNode | None, exercise: Exercise) -> None:
    if above is not None and above.cell_type == "markdown":
        heading = re.compile(rf"^### Exercise \d+: `{exercise.name}\(.*\)`$", re.MULTILINE)
        above.source = heading.sub(rf"\g<0>\n\n{announcement(exercise)}", above.source, count=1)


def _metadata(grade_id: str, solution: bool = False, points: float | None = None) -> dict[str, object]:
    """nbgrader's metadata of a cell: graded where it has points, locked where students write nothing."""
    graded = {} if points is None else {"points": int(points) if float(points).is_integer() else points}
    return {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        **graded,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
