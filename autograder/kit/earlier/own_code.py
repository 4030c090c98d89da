"""A student's own code of an exercise: out of their notebook of its lesson, or out of the record of progress."""

import contextlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import course
from autograder.kit.check import passes
from autograder.kit.earlier.standing_alone import standing_alone
from autograder.kit.progress import journal
from autograder.kit.sheets import lesson_points
from autograder.kit.time_limit import TimeLimitError, time_limit

# What the code outside of the function may take: its imports and its constants.
SECONDS = 20.0


def passing(exercise: str) -> str:
    """The code of an exercise that passes its check and stands alone; "" where there is none."""
    tried = set[str]()
    for code in _candidates(exercise):
        if code and code not in tried and _passes(exercise, code):
            return code
        tried.add(code)
    return ""


def _candidates(exercise: str) -> Iterator[str]:
    """What may be it: what stands in the notebook now, and what passed on the day of a check."""
    lesson = course.lesson(lesson_points(exercise)[0])
    for path in notebooks(lesson):
        yield written_in(path, exercise)
        yield standing_alone(code_cells(path), exercise)
    yield journal.kept_code(exercise)


def written_in(path: Path, exercise: str) -> str:
    """The code of an exercise as a notebook has it at its check, or a Python file; "" where there is none."""
    return standing_alone(_up_to_check(code_cells(path), exercise), exercise)


def notebooks(lesson: course.Lesson) -> list[Path]:
    """Where the student's notebook of a lesson may lie, seen from the notebook that runs now and from the course."""
    name = f"{lesson.name}.ipynb"
    places = [Path(name), Path("..", lesson.name, name), lesson.notebook]
    return list(dict.fromkeys(path.resolve() for path in places if path.is_file()))


def code_cells(path: Path) -> list[str]:
    """The texts of a notebook's code cells, a Python file's as one; none where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".py":
            return [text]
        cells = json.loads(text)["cells"]
        return ["".join(each["source"]) for each in cells if each["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _up_to_check(cells: Sequence[str], exercise: str) -> list[str]:
    """The cells up to the exercise's check, where the function is as it was checked."""
    check = re.compile(rf"^check\(\s*[\"']{exercise}[\"']", re.MULTILINE)
    last = next((place for place, text in enumerate(cells) if check.search(text)), len(cells))
    return list(cells[:last])


def _passes(exercise: str, code: str) -> bool:
    space = {"__name__": "__main__"}
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), time_limit(SECONDS):
            exec(compile(code, f"<your {exercise}>", "exec"), space)
    except (Exception, SystemExit, TimeLimitError):  # whatever stands in somebody's notebook
        return False
    function = space.get(exercise)
    return callable(function) and passes(exercise, function)
