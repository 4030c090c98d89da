"""What students get: lessons, data, the kit, requirements. No bank, no solutions, no tests."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from autograder import course

# Paths in the project; a folder is taken with all that git would keep of it.
PARTS = (
    "LICENSE",
    "pyproject.toml",
    "requirements.txt",
    "data",
    "lessons",
    "autograder/__init__.py",
    "autograder/__main__.py",
    "autograder/cli.py",
    "autograder/course.py",
    "autograder/terminal.py",
    "autograder/kit",
    "autograder/lab",
    "autograder/start",
)
LEAVE_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.kept-*", "*.pyc", "start.md")

README = """\
# Differentiating a neural network

Start the lessons (needs Python 3.11 or newer):

    python3 -m autograder lab

Each lesson is a notebook. Write the functions, run the cell below each, and read what it says. `hint("softmax")`
gives the next hint for an exercise. nbgrader's Validate button tells whether the whole notebook passes.

Check a notebook, or a file with your functions, without opening JupyterLab:

    python3 -m autograder check lessons/04-softmax/04-softmax.ipynb

See the lessons, your points and what is next (in a notebook: `progress()`):

    python3 -m autograder progress

What is remembered for that lies in your home folder, not here: a new copy of the course knows it too.
"""


class NotEmptyError(Exception):
    """The folder to write into holds something already; the message says which."""


def new_folder(directory: Path) -> Path:
    """Makes a folder that does not exist, or is empty; refuses any other, so that nothing is overwritten."""
    if directory.exists() and not directory.is_dir():
        raise NotEmptyError(f"{directory} is a file: name a new folder")
    if directory.exists() and any(directory.iterdir()):
        raise NotEmptyError(
            f"{directory} is not empty: name a new folder, so that nothing in it is overwritten"
        )
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def copy_kit(directory: Path) -> None:
    """Puts what the notebooks need to run, without the lessons themselves, in the place of what `directory` holds."""
    new = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    _copy([part for part in PARTS if part != "lessons"], new)
    shutil.rmtree(directory, ignore_errors=True)
    new.rename(directory)


def _copy(parts: Sequence[str], directory: Path) -> None:
    for part in parts:
        source, target = course.ROOT / part, directory / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEAVE_OUT)
        else:
            shutil.copy2(source, target)


def write_release(directory: Path) -> int:
    """Writes the students' copy of the course into a new folder and returns how many files it has.

    The lessons must be as `build` made them: a notebook that somebody has worked in is a BuildError.
    """
    from autograder.build.notebook import BuildError, checked, fingerprint, read_notebook

    for lesson in course.LESSONS:
        if fingerprint(read_notebook(lesson.notebook)) != fingerprint(checked(lesson).student):
            raise BuildError(
                f"{lesson.notebook.relative_to(course.ROOT)} is not what build makes (somebody worked in it, or its "
                f"source changed): run `python3 -m autograder build`, which keeps a copy, and try again"
            )
    new_folder(directory)
    _copy(PARTS, directory)
    (directory / "README.md").write_text(README, encoding="utf-8")
    return sum(1 for path in directory.rglob("*") if path.is_file())
