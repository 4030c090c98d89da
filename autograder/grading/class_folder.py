"""A class folder: where nbgrader keeps a course's source, release, submitted, autograded and feedback folders."""

import shutil
from pathlib import Path

import nbformat

from autograder import course
from autograder.build.notebook import checked
from autograder.build.release import new_folder


def make_class(directory: Path) -> None:
    """Makes a new class folder: the source notebooks with answers and hidden tests, and nbgrader_config.py."""
    new_folder(directory)
    for lesson in course.LESSONS:
        folder = directory / "source" / lesson.name
        folder.mkdir(parents=True)
        nbformat.write(checked(lesson).source, folder / f"{lesson.name}.ipynb")
    shutil.copy2(course.ROOT / "nbgrader_config.py", directory / "nbgrader_config.py")
