"""What a notebook imports: `check`, `hint`, `explore` and `show_figure`. It holds questions and no answers."""

from autograder.kit import explore
from autograder.kit.check import check, hint
from autograder.kit.figure import show_figure

__all__ = ["check", "explore", "hint", "show_figure"]
