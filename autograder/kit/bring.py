"""`bring`: puts the student's own code of an earlier exercise into the notebook that they are in."""

import os
import time
from html import escape
from pathlib import Path

from autograder.kit.earlier import own_code
from autograder.kit.files import MARK
from autograder.kit.kernel import in_notebook, shell
from autograder.kit.sheets import lesson_points, sheet

_written: dict[str, float] = {}


def bring(exercise: str) -> None:
    """Writes your own passing code of an earlier exercise into a new cell below, with what it uses.

    The notebook then stands alone: it no longer needs the other one. Where there is no notebook the code is printed.
    What has not passed its check yet is not brought; a sentence says where it is asked. While a notebook is graded,
    validated or checked as a file, nothing is brought.
    """
    if os.environ.get("NBGRADER_EXECUTION") or os.environ.get(MARK):
        print("bring writes nothing while a notebook is checked as a whole.")
        return
    sheet(exercise)  # an error names the nearest where there is none of that name
    lesson, names = lesson_points(exercise)
    if in_notebook() and _is_here(exercise, lesson):
        print(
            f"Your {exercise} is in this notebook already, in the cell that begins with\n{_head(exercise, lesson)}\n"
            "If you have deleted that cell, save the notebook, or restart the kernel, and call bring again."
        )
        return
    code = own_code.passing(exercise)
    if not code:
        _say_where(exercise, lesson, list(names).index(exercise) + 1)
        return
    text = f"{_head(exercise, lesson)}\n{code}\n"
    if not in_notebook():
        print(text, end="")
        return
    running = shell()
    assert running is not None
    running.set_next_input(text.rstrip("\n"))
    _written[exercise] = time.time()
    print(f"Your {exercise} from lesson {lesson} is in the new cell below. Run that cell.")


def _head(exercise: str, lesson: str) -> str:
    return f"# {exercise}: my own, from lesson {lesson}"


def _is_here(exercise: str, lesson: str) -> bool:
    """Whether the code was written into this notebook before: it was saved with it, or has not been saved since."""
    path = _this_notebook()
    if path and any(text.startswith(_head(exercise, lesson)) for text in own_code.code_cells(path)):
        return True
    return exercise in _written and (path is None or path.stat().st_mtime <= _written[exercise])


def _this_notebook() -> Path | None:
    """The file of the notebook that runs, as Jupyter's server or VS Code tells its kernel; None where neither does."""
    told = os.environ.get("JPY_SESSION_NAME") or getattr(shell(), "user_ns", {}).get("__vsc_ipynb_file__")
    path = Path(str(told or ""))
    return path if path.suffix == ".ipynb" and path.is_file() else None


def _say_where(exercise: str, lesson: str, number: int) -> None:
    """That there is no passing code of an exercise, and where it is asked."""
    place = f"exercise {number} of lesson {lesson}"
    said = f"There is no {exercise} of yours that passes its check"
    if not in_notebook():
        print(f"{said}: it is {place}.")
        return
    from IPython.display import HTML, display

    name = f"{lesson}.ipynb"
    target = name if Path(name).is_file() else f"../{lesson}/{name}"
    display(HTML(f'<p>{escape(said)}: it is <a href="{escape(target)}">{place}</a>.</p>'))
