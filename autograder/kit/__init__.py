"""What a notebook imports: `check`, `hint`, `ready`, `progress`, `show_figure`, the package `explore`. No answers."""

from autograder.kit.check import check, hint, ready
from autograder.kit.figure import show_figure
from autograder.kit.progress import progress

# `explore` is imported when it is asked for: grading needs no pictures.
__all__ = ["check", "explore", "hint", "progress", "ready", "show_figure"]
