"""What a notebook imports: `check`, `hint`, `ready`, `explore` and `show_figure`. It holds no answers."""

from autograder.kit import explore
from autograder.kit.check import check, hint, ready
from autograder.kit.figure import show_figure

__all__ = ["check", "explore", "hint", "ready", "show_figure"]
