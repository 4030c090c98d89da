"""What a notebook imports: `check`, `hint`, `ready`, `show_figure`, `worked_example`, and the package `explore`.

It holds no answers.
"""

from autograder.kit.check import check, hint, ready
from autograder.kit.figure import show_figure
from autograder.kit.ledger import worked_example

# `explore` is imported when it is asked for: grading needs no pictures.
__all__ = ["check", "explore", "hint", "ready", "show_figure", "worked_example"]
