"""The page that `lab` opens: where to go on, how it works, and the lessons with the student's progress."""

import hashlib
from pathlib import Path

from autograder import course
from autograder.kit.progress import journal
from autograder.kit.progress.overview import Bar, Overview, overview

NAME = "start.md"
# The first line tells the page from what somebody else wrote, or changed in it: by the sum of all that follows.
MARK = "<!-- `lab` writes this page anew at every start: {digest} -->\n"

HOW = """\
## How it works, in 30 seconds

1. Click a lesson below. Shift+Enter runs a cell and goes to the next one.
2. Move the sliders, read, and write a function where `raise NotImplementedError()` stands.
3. Run your cell, then the check under it. It says what is right and which slip a wrong answer looks like. Run it as
   often as you like.
4. Stuck? Type `hint("softmax")`, with the name of the exercise, into a new cell. Each call shows one more hint.

JupyterLab saves the notebooks, and your points are kept for the next time.
"""

END = """\
This page was written when `lab` started; `progress()` in a notebook shows how far you are now. More is on the
[students' page](README.md), and what the letters stand for on the page [Notation](notation.md).
"""


def text(seen: Overview) -> str:
    """The page in Markdown."""
    parts = ["# Differentiating a neural network", _onwards(seen), HOW.rstrip(), _lessons(seen), END.rstrip()]
    return "\n\n".join(parts) + "\n"


def _onwards(seen: Overview) -> str:
    """The link to go on with, and how much is done."""
    total = seen.total
    if seen.next is None:
        return f"**Everything is complete:** {total.points:g} of {total.points:g} points."
    title = course.lesson(seen.next.lesson).title
    lesson = f"[{seen.next.lesson}]({_place(seen.next.lesson)})"
    if not any(each.checks or each.hints for each in total.standings):
        return f"**Begin here:** lesson {lesson}, {title}."
    names = [each.exercise for each in total.standings if each.lesson == seen.next.lesson]
    number = names.index(seen.next.exercise) + 1
    return (
        f"**Continue where you were:** lesson {lesson}, {title}. Next is exercise {number}, `{seen.next.exercise}`.\n\n"
        f"{seen.sentences[0]}"
    )


def _lessons(seen: Overview) -> str:
    rows = [_row(bar) for bar in seen.bars]
    return "\n".join(
        ["## The lessons", "", "| lesson | exercises complete | points |", "|---|---|---|", *rows]
    )


def _row(bar: Bar) -> str:
    complete = f"{bar.complete} of {len(bar.standings)}"
    state = " &#10003;" if bar.complete == len(bar.standings) else ""
    return f"| [{bar.name}]({_place(bar.name)}): {bar.title} | {complete}{state} | {bar.earned:g} of {bar.points:g} |"


def _place(lesson: str) -> str:
    return f"{lesson}/{lesson}.ipynb"


def write(folder: Path) -> str:
    """Writes the page into the lessons' folder and returns its name; "" where it cannot be written.

    What stands there and is not as this wrote it is kept beside it, as start.kept-1.md.
    """
    path = folder / NAME
    try:
        page = text(overview(_kept()))
        if path.exists() and not _is_ours(path):
            path.rename(course.spare(path))
        path.write_text(_marked(page), encoding="utf-8")
    except OSError:
        return ""
    return NAME


def _kept() -> journal.Journal:
    """What is remembered; nothing where that cannot be read."""
    try:
        return journal.read()
    except OSError:
        return journal.Journal()


def _marked(page: str) -> str:
    return MARK.format(digest=hashlib.sha256(page.encode()).hexdigest()) + page


def _is_ours(path: Path) -> bool:
    try:
        found = path.read_text(encoding="utf-8")
    except ValueError:
        return False
    return found == _marked(found.partition("\n")[2])
