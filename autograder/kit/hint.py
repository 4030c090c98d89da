"""`hint`: one hint after the other; those that were given stay in sight."""

import contextlib
import os

from autograder.kit.kernel import in_notebook
from autograder.kit.progress import journal
from autograder.kit.sheets import sheet

_given: dict[str, int] = {}


def hint(exercise: str) -> None:
    """Shows the next hint for an exercise, under those given before, and says how many are left.

    How many were given is remembered from one day to the next. While nbgrader runs a notebook none is spent.
    """
    hints = sheet(exercise).hints
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    count = min(_so_far(exercise) + 1, len(hints))
    _given[exercise] = count
    journal.keep_hint(exercise, count)
    left = len(hints) - count
    head = f"Hint {count} of {len(hints)} for {exercise} ({f'{left} left' if left else 'that was the last'})"
    if in_notebook():
        from IPython.display import Markdown, display

        lines = [f"{number}. {text}" for number, text in enumerate(hints[:count], 1)]
        display(Markdown(f"**{head}**\n\n" + "\n".join(lines)))
    else:
        print("\n".join([head, *(f"  {number}. {text}" for number, text in enumerate(hints[:count], 1))]))


def _so_far(exercise: str) -> int:
    """How many hints were given, here or, if this kernel gave none yet, in an earlier one."""
    if exercise not in _given and not journal.switched_off():
        with contextlib.suppress(OSError):
            earlier = [e for e in journal.read().entries if isinstance(e, journal.Hinted)]
            return max((max(e.hint, 0) for e in earlier if e.exercise == exercise), default=0)
    return _given.get(exercise, 0)
