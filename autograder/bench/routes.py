"""The three routes that grade a class: stock nbgrader, Otter-Grader, and this project's own grader."""

import os
import shutil
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from autograder import cli, course
from autograder.bench import otter
from autograder.bench.measure import BenchError, Cost, measured
from autograder.grading.class_folder import make_class

STOCK, OTTER, OURS = ORDER = ("stock nbgrader", "Otter-Grader", "ours")

# Points by student and lesson.
Scores = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Timed:
    """What a route did with a class: its cost lesson by lesson, and the scores.

    A route that grades all lessons in one command has its cost under the name "all", and `first`, the
    seconds until the first submission was done.
    """

    route: str
    costs: dict[str, Cost]
    scores: Scores
    first: float = 0.0

    @property
    def cost(self) -> Cost:
        """The cost of all lessons, one after the other."""
        return sum(self.costs.values(), Cost())


@dataclass(frozen=True)
class Workshop:
    """A folder to work in, with what the routes need once: a class folder, Otter's archives; the seed of all cases."""

    folder: Path
    lessons: Sequence[str]
    seed: int
    otter_python: str | None = None
    archives: dict[str, Path] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What every nbgrader and grader process of ours gets."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        root = os.pathsep.join(filter(None, [str(course.ROOT), os.environ.get("PYTHONPATH")]))
        seed = {"AUTOGRADER_SEED": str(self.seed), "AUTOGRADER_PROGRESS": ""}
        return {"PATH": path, "PYTHONPATH": root, **seed}

    def prepare(self) -> None:
        """Makes the class folders that are copied for every round, and Otter's archives. Not part of any cost."""
        make_class(self.folder / "ours")
        shutil.copytree(self.folder / "ours", self.folder / "stock")
        for lesson in self.lessons:
            nbgrader(self, self.folder / "stock", "generate_assignment", lesson)
            if self.otter_python:
                folder = self.folder / "otter" / lesson
                self.archives[lesson] = otter.archive(lesson, self.otter_python, folder)


def nbgrader(shop: Workshop, folder: Path, *arguments: str) -> Cost:
    """The cost of a stock nbgrader command in a class folder, with all of nbgrader's own steps."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return measured(command, folder, {**shop.environment, "AUTOGRADER_STOCK": "1"})[0]


def stock(shop: Workshop, submitted: Path, folder: Path) -> Timed:
    """`nbgrader autograde`, lesson by lesson, in a new class folder with these submissions."""
    shutil.copytree(shop.folder / "stock", folder)
    shutil.copytree(submitted, folder / "submitted")
    costs = {lesson: nbgrader(shop, folder, "autograde", lesson) for lesson in shop.lessons}
    return Timed(STOCK, costs, recorded(folder))


def need_grade() -> None:
    """Raises BenchError while this project has no command `grade`."""
    if "grade" not in cli.ROOMS["grading"]:
        raise BenchError(
            "there is no command `grade` yet, so our own grader cannot be measured: use --no-ours"
        )


def ours(shop: Workshop, submitted: Path, folder: Path) -> Timed:
    """This project's `grade`, all lessons in one command, in a new class folder with these submissions."""
    if "grade" not in cli.ROOMS["grading"]:
        raise BenchError(
            "there is no command `grade` yet, so our own grader cannot be measured: use --no-ours"
        )
    shutil.copytree(shop.folder / "ours", folder)
    shutil.copytree(submitted, folder / "submitted")
    command = [sys.executable, "-m", "autograder.cli", "grade", str(folder), "--seed", str(shop.seed)]
    began = time.time()
    cost, _ = measured(command, folder, shop.environment)
    first = min(page.stat().st_mtime for page in folder.glob("feedback/*/*/*.html")) - began
    return Timed(OURS, {"all": cost}, recorded(folder), first)


def with_otter(shop: Workshop, submitted: Path, folder: Path) -> Timed:
    """Otter-Grader without containers, in one process for all submissions of a lesson: its fastest local way."""
    assert shop.otter_python
    costs: dict[str, Cost] = {}
    scores: Scores = {}
    for lesson in shop.lessons:
        handed_in = sorted(submitted.glob(f"*/{lesson}/{lesson}.ipynb"))
        notebooks = []
        for path in handed_in:
            copy = folder / path.relative_to(submitted)
            copy.parent.mkdir(parents=True)
            nbformat.write(otter.notebook(nbformat.read(path, as_version=4), lesson), copy)
            notebooks.append(copy)
        cost, given = otter.grade(notebooks, shop.archives[lesson], shop.otter_python, folder)
        costs[lesson] = cost
        scores |= {(path.parts[-3], lesson): score for path, score in zip(handed_in, given, strict=True)}
    return Timed(OTTER, costs, scores)


def recorded(folder: Path) -> Scores:
    """Every submission's points from checks, as a class folder's gradebook has them."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            for assignment in book.assignments:
                for each in book.assignment_submissions(assignment.name):
                    found[each.student.id, assignment.name] = float(each.code_score)
    return found
