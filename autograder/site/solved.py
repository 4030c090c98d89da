"""A lesson run with its answers, and then without them: what a reader sees, every picture included."""

import json
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbgrader import utils

from autograder.build.gates import Draft
from autograder.build.notebook import BuildError
from autograder.kit.progress.journal import VARIABLE

SECONDS = 300
QUIET = ["--log-level=ERROR"]
# Runs before the lesson. What is checked here is nobody's work, so no progress is kept of it.
FIRST = f"""
import os
os.environ["{VARIABLE}"] = ""
from autograder.site.stills import show_stills
show_stills()
"""


def readable(draft: Draft) -> NotebookNode:
    """The student's notebook with the outputs of a run of the right answers, and no trace of these answers."""
    solved = _copy(draft.source)
    for cell, student in zip(solved.cells, draft.student.cells, strict=True):
        if utils.is_grade(cell):
            cell.source = student.source  # without the hidden tests
    solved.cells.insert(0, nbformat.v4.new_code_cell(FIRST))
    try:
        NotebookClient(solved, timeout=SECONDS, kernel_name="python3", extra_arguments=QUIET).execute()
    except CellExecutionError as fault:
        raise BuildError(f"{draft.lesson} does not run with its own answers: {fault}") from None
    shown = _copy(draft.student)
    for cell, run in zip(shown.cells, solved.cells[1:], strict=True):
        # Whose points progress() shows is nobody's business here.
        if cell.cell_type == "code" and not utils.is_grade(cell) and "progress(" not in cell.source:
            cell.outputs = run.outputs
    return shown


def _copy(notebook: NotebookNode) -> Any:
    return nbformat.from_dict(json.loads(json.dumps(notebook)))
