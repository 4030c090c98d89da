"""What being late costs: nbgrader's late-submission plugin, the class's own or the default one, which takes nothing."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.grading.errors import GradeFault


class LatePenalties:
    """The class's plugin, loaded before anything is written. A GradeFault says that it cannot be."""

    def __init__(self, config: Config, directory: Path | None = None) -> None:
        if directory is not None and str(directory.resolve()) not in sys.path:
            sys.path.append(str(directory.resolve()))  # a plugin's file lies beside nbgrader_config.py
        named = config.AssignLatePenalties.get("plugin_class", "nbgrader's own")
        try:
            if isinstance(named, str) and "." in named and " " not in named:
                import_module(named.rpartition(".")[0])  # says more of what is wrong than a trait does
            step = AssignLatePenalties(config=config)
            step.init_plugin()
        except Exception as fault:  # whatever the plugin's file or a wrong name leads to
            raise GradeFault(
                f"the late-submission plugin {named!r} of nbgrader_config.py cannot be loaded "
                f"({_first_line(fault)}): put its file beside nbgrader_config.py, or correct its name; "
                "nothing was written"
            ) from None
        self.plugin: Any = step.plugin_inst

    def of(self, student: str, lesson: str, score: float, seconds: float) -> float | None:
        """What is taken of a score for so many seconds, between nothing and all of it; None for no penalty."""
        if seconds <= 0:
            return None
        try:
            penalty = self.plugin.late_submission_penalty(student, score, seconds)
            return None if penalty is None else min(max(float(penalty), 0.0), score)
        except Exception as fault:
            raise GradeFault(
                f"{student}, {lesson}: the late-submission plugin {type(self.plugin).__name__} failed "
                f"({_first_line(fault)}): correct it, then run the command again"
            ) from None


def _first_line(fault: Exception) -> str:
    return f"{type(fault).__name__}: {str(fault).strip().splitlines()[0] if str(fault).strip() else ''}"
