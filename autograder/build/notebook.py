"""From `solutions/*.py` and the bank to `lessons/` and `data/reference/`."""

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from autograder import bank, course
from autograder.build.cells import dressed
from autograder.build.gates import CASE_GATES, SOURCE_GATES, STUDENT_GATES, Draft, Gate, faults
from autograder.kit.judge.slips import BEYOND
from autograder.kit.plain import encode

# The order in which nbgrader's own generate_assignment applies them.
STUDENT_STEPS = (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, ClearHiddenTests, ComputeChecksums)
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# By its ending `nbconvert --to script` knows what kind of file to write.
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
}
DIGITS = 12


class BuildError(Exception):
    """A lesson that must not be built; the message lists what is wrong with it."""


def source_notebook(lesson: course.Lesson) -> NotebookNode:
    """The lesson's notebook with answers and hidden tests, as an instructor's nbgrader `source` folder holds it."""
    if not lesson.source.exists():
        raise BuildError(f"{lesson.name}: there is no {lesson.source.relative_to(course.ROOT)}")
    notebook = jupytext.read(lesson.source)
    notebook.cells = dressed(notebook.cells, {each.name: each for each in bank.of_lesson(lesson.name)})
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    taken: set[str] = set()
    for cell in notebook.cells:
        cell.id = _cell_id(cell, taken)
    return notebook


def _cell_id(cell: NotebookNode, taken: set[str]) -> str:
    """An id that stays when other cells change, so that a rebuilt notebook differs only where its text does."""
    name = (
        cell.metadata.get("nbgrader", {}).get("grade_id")
        or hashlib.sha1(cell.source.encode()).hexdigest()[:8]
    )
    while name in taken:
        name += "x"
    taken.add(name)
    return name[:64]


def student_notebook(source: NotebookNode) -> NotebookNode:
    """The notebook a student gets: nbgrader's own steps clear the answers and the hidden tests."""
    notebook = nbformat.from_dict(json.loads(json.dumps(source)))
    resources: dict[str, Any] = {}
    for step in STUDENT_STEPS:
        notebook, resources = step().preprocess(notebook, resources)
    CheckCellMetadata().preprocess(notebook, resources)
    notebook.metadata["course"] = {"sources": fingerprint(notebook)}
    return notebook


def fingerprint(notebook: NotebookNode) -> str:
    """A hash of the cells' kinds and texts: tells whether a person has changed a generated notebook."""
    text = json.dumps([[cell.cell_type, cell.source] for cell in notebook.cells])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def first_draft(lesson: course.Lesson) -> Draft:
    """The lesson as its author wrote it, with what the gates need to know of the bank."""
    source = source_notebook(lesson)
    exercises = {each.name: each for each in bank.of_lesson(lesson.name)}
    later = {each.name for each in bank.exercises().values() if each.lesson > lesson.name}
    return Draft(lesson.name, source, source, exercises, frozenset(later - set(exercises)))


def passed(first: Draft, also: tuple[Gate, ...] = ()) -> Draft:
    """The draft with the student's notebook, if every gate lets it pass; else a BuildError with every fault."""
    found = faults(first, (*SOURCE_GATES, *also))
    made = first
    if not found:
        made = replace(first, student=student_notebook(first.source))
        found = faults(made, STUDENT_GATES)
    if found:
        lines = "\n".join(f"  - {fault}" for fault in found)
        raise BuildError(f"solutions/{first.lesson}.py cannot be built:\n{lines}")
    return made


def checked(lesson: course.Lesson) -> Draft:
    """The lesson's draft, past the gates that look at its notebooks."""
    return passed(first_draft(lesson))


def reference_data(lesson: course.Lesson) -> dict[str, Any]:
    """What a student's check reads: the fixed cases of each exercise, and the numbers the text quotes."""
    return {
        "lesson": lesson.name,
        "exercises": {each.name: _rounded(each.sheet().to_json()) for each in bank.of_lesson(lesson.name)},
        "prose": {name: _rounded(encode(value)) for name, value in bank.prose_numbers(lesson.name).items()},
    }


def _rounded(data: Any) -> Any:
    """Floats to 12 digits: the last ones differ between processors."""
    if isinstance(data, float):
        return float(f"{data:.{DIGITS}g}")
    if isinstance(data, dict):
        return {name: _rounded(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_rounded(value) for value in data]
    return data


def same(one: Any, other: Any) -> bool:
    """Equal data, numbers to nine digits: the last ones differ between processors.

    So do numbers beyond all others, which a slip comes to that divides by what rounding left of 0.
    """
    if isinstance(one, float) and isinstance(other, (int, float)):
        if min(abs(one), abs(other)) > BEYOND:
            return (one > 0) == (other > 0) and math.isinf(one) == math.isinf(other)
        return (math.isnan(one) and math.isnan(other)) or math.isclose(
            one, other, rel_tol=1e-9, abs_tol=1e-12
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _written(path: Path) -> Any:
    """What the file holds; nothing where there is none, or one that cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def read_notebook(path: Path) -> NotebookNode:
    """A notebook from a file, in the current format."""
    return nbformat.read(path, as_version=4)


def write_notebook(notebook: NotebookNode, path: Path) -> Path | None:
    """Writes a generated notebook. One that a person has worked in is kept beside it; its new path is returned."""
    kept = None
    if path.exists() and _worked_in(path):
        kept = course.spare(path)
        path.rename(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return kept


def _worked_in(path: Path) -> bool:
    try:
        notebook = read_notebook(path)
    except Exception:  # whatever it is, it was not written by build
        return True
    return notebook.metadata.get("course", {}).get("sources") != fingerprint(notebook)


def build(lesson: course.Lesson) -> Path | None:
    """Builds one lesson: its notebook and its reference numbers. Returns where a student's own copy was kept."""
    made = passed(first_draft(lesson), CASE_GATES)
    data = reference_data(lesson)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    lesson.reference.parent.mkdir(parents=True, exist_ok=True)
    if not same(json.loads(text), _written(lesson.reference)):
        lesson.reference.write_text(text, encoding="utf-8")
    return write_notebook(made.student, lesson.notebook)
