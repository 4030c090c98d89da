"""What a notebook imports, `explore` included, which is a package of its own. It holds no answers."""

from autograder.kit.bring import bring
from autograder.kit.check import check, ready
from autograder.kit.clinic import load_runs
from autograder.kit.digits import load_digits
from autograder.kit.figure import show_figure
from autograder.kit.hint import hint
from autograder.kit.kernel import explain_missing_names
from autograder.kit.ledger import worked_example
from autograder.kit.points import draw_points, load_points, points_network
from autograder.kit.progress.command import progress
from autograder.kit.sheets import names

explain_missing_names(names)

# `explore` is imported when it is asked for: grading needs no pictures.
__all__ = [
    "bring",
    "check",
    "draw_points",
    "explore",
    "hint",
    "load_digits",
    "load_points",
    "load_runs",
    "points_network",
    "progress",
    "ready",
    "show_figure",
    "worked_example",
]
