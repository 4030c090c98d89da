"""nbgrader's settings for this course."""

import os
import sys
from pathlib import Path
from typing import Any

from autograder import course

COURSE_ID = course.KEY
# A cell's seconds. A check ends a looping function by itself after a few; this is for the other cells.
CELL_SECONDS = 90


# With this variable set to 1 nbgrader grades as it does by itself: a student's code runs in a kernel without walls.
STOCK_VARIABLE = "AUTOGRADER_STOCK"
STEPS = "autograder.grading.nbgrader_steps"
SAVE = ("SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")


def configure(config: Any, course_id: str = COURSE_ID) -> None:
    """Sets what this course needs in nbgrader's configuration object `config`.

    `course_id` is what tells the class's part of an exchange from those of others.

    `nbgrader autograde` and formgrader then grade in the sandbox, and `nbgrader generate_feedback` writes the course's
    own pages, unless the environment has AUTOGRADER_STOCK=1.
    """
    put_environment_on_path()
    config.CourseDirectory.course_id = course_id
    config.Execute.timeout = CELL_SECONDS
    # As nbgrader has it, and without the kernel's warning about a connection that never leaves this machine.
    config.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
    if os.environ.get(STOCK_VARIABLE) != "1":
        config.GenerateFeedback.exporter_class = f"{STEPS}.FeedbackPage"
        config.Autograde.exporter_class = f"{STEPS}.HandedInNotebook"
        config.Autograde.sanitize_preprocessors = [f"{STEPS}.RestoreCells"]
        saving = [f"nbgrader.preprocessors.{step}" for step in SAVE]
        config.Autograde.autograde_preprocessors = [f"{STEPS}.SandboxedExecute", *saving]
    # A test cell that a student deleted is put back, so that its points are not lost.
    config.OverwriteCells.add_missing_cells = True


def put_environment_on_path() -> None:
    """Puts this Python's own folder first on PATH: nbgrader calls `alembic` there by its bare name."""
    folder = str(Path(sys.executable).parent)
    parts = os.environ.get("PATH", "").split(os.pathsep)
    if parts[0] != folder:
        os.environ["PATH"] = os.pathsep.join([folder, *parts])
