"""Which lessons there are, and where things lie."""

import itertools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def data_dir() -> Path:
    """Where the reference numbers and the digits lie: beside the package, or in it where only the kit is installed."""
    inside = Path(__file__).resolve().parent / "data"
    return inside if inside.is_dir() else ROOT / "data"


LESSONS_DIR = ROOT / "lessons"
SOLUTIONS_DIR = ROOT / "solutions"
REFERENCE_DIR = data_dir() / "reference"
# What the letters stand for; every lesson links to it.
NOTATION = LESSONS_DIR / "notation.md"
WORKED_EXAMPLE = data_dir() / "worked_example.json"

# What a student's progress is kept under, and what nbgrader calls the course. It stays as it is for as long as the
# course is this course.
KEY = "differentiating-a-neural-network"


@dataclass(frozen=True)
class Lesson:
    """One lesson: one nbgrader assignment with one notebook of the same name.

    `name` is the folder's and the notebook's name; lessons are ordered by it, so a lesson may build on
    those whose names sort before its own and on no other.
    """

    name: str
    title: str

    @property
    def source(self) -> Path:
        """The text notebook with the answers: the source of truth."""
        return SOLUTIONS_DIR / f"{self.name}.py"

    @property
    def notebook(self) -> Path:
        """The generated notebook that a student opens."""
        return LESSONS_DIR / self.name / f"{self.name}.ipynb"

    @property
    def reference(self) -> Path:
        """The fixed cases of the lesson's exercises, as data."""
        return REFERENCE_DIR / f"{self.name}.json"


LESSONS = (
    Lesson("01-gradient-descent", "Gradient descent, and how long a step may be"),
    Lesson("02-chain-rule", "The chain rule and the computational graph"),
    Lesson("03-activations", "Activation functions and their slopes"),
    Lesson("04-softmax", "Softmax and its Jacobian"),
    Lesson("05-cross-entropy", "Cross-entropy and the delta that falls out of it"),
    Lesson("06-numerical-gradient", "Numerical gradients, and how to check one you derived"),
    Lesson("07-forward-pass", "The forward pass of a whole network"),
    Lesson("08-backprop-by-hand", "Backpropagation by hand, and an audit"),
    Lesson("09-four-equations", "Backpropagation for any depth"),
    Lesson("10-training", "Training: the whole algorithm, on real digits"),
    Lesson("11-autograd", "Automatic differentiation: the engine in every framework"),
    Lesson("12-making-it-learn", "Making it learn: from a net that runs to one that generalises"),
)


def lesson(name: str) -> Lesson:
    """The lesson called `name`; a ValueError names the ones there are."""
    for each in LESSONS:
        if each.name == name:
            return each
    raise ValueError(f"there is no lesson {name!r}; there are: {', '.join(each.name for each in LESSONS)}")


def spare(path: Path) -> Path:
    """The first name beside `path` that is free, NAME.kept-1 and on: where a command puts what it would overwrite."""
    numbers = itertools.count(1)
    names = (path.with_name(f"{path.stem}.kept-{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists())
