"""`progress()`: what a student calls to see how far they are."""

from typing import TYPE_CHECKING

from autograder.kit.kernel import in_notebook
from autograder.kit.progress import journal
from autograder.kit.progress.overview import Overview, overview

if TYPE_CHECKING:
    from rich.console import Console


def progress(lesson: str | None = None) -> None:
    """Shows the lessons, the points earned and what is next; with a lesson's name, the exercises of that lesson.

    The points are the best that each `check` has found. A written question's points come from a person and
    are not among them.
    """
    try:
        kept = journal.read()
    except OSError as fault:
        print(f"Your progress could not be read ({journal.reason(fault)}).")
        return
    seen = overview(kept, lesson)
    if in_notebook():
        from IPython.display import display

        from autograder.kit.progress.picture import picture

        display(picture(seen).bundle(), raw=True)
        return
    from rich.console import Console as Terminal

    show(seen, Terminal(soft_wrap=True, highlight=False, markup=False))


def show(seen: Overview, console: "Console") -> None:
    """Prints the table and the sentences under it."""
    console.print(seen.table())
    for sentence in seen.sentences:
        console.print(sentence)
