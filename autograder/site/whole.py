"""The whole course as a static site: pages to read with live pictures, and the lessons in a JupyterLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from autograder import course
from autograder.build.release import new_folder
from autograder.kit import explore
from autograder.kit.explore.parts.panel import Panel
from autograder.site.book import Landing, write_pages
from autograder.site.keeping import write_worker
from autograder.site.lite import write_lite
from autograder.site.pictures import Pictures

LIVE = Path(__file__).with_name("live")
PARTS = course.ROOT / "autograder" / "kit" / "explore" / "parts"
WORK = "work"
# What the slider on the first page goes through.
LOGITS = [step / 2 - 5 for step in range(21)]


def write_site(
    directory: Path, pyodide: Path | None, lessons: tuple[course.Lesson, ...] = course.LESSONS
) -> Iterator[str]:
    """Writes the site into a new folder and says what it is at.

    Pyodide's files come from the folder `pyodide`, or from the official distribution if there is none. They come
    first: what is wrong with them shows before the lessons are run.
    """
    new_folder(directory)
    yield from write_lite(directory / WORK, pyodide)
    weight = sum(path.stat().st_size for path in (directory / WORK / "pyodide").iterdir())
    landing = Landing(round(weight / 1e6), tuple(frames(Pictures(directory / "pictures"))))
    for page in write_pages(directory, lessons, landing):
        yield page.name
    shutil.copytree(LIVE, directory, dirs_exist_ok=True)
    for name in ("widget.js", "widget.css"):
        shutil.copy2(PARTS / name, directory / name)
    write_worker(directory)


def steps(lessons: tuple[course.Lesson, ...] = course.LESSONS) -> int:
    """How many things `write_site` says."""
    from autograder.site import engine

    return len(engine.files()) + len(lessons) + 4


def frames(pictures: Pictures) -> Iterator[str]:
    """The softmax's picture for each of the logits: what moves before any Python is there."""
    shown = Panel.show
    try:
        Panel.show = lambda self: self  # type: ignore[method-assign]
        panel = explore.softmax()
    finally:
        Panel.show = shown  # type: ignore[method-assign]
    for logit in LOGITS:
        panel.move(z2=logit)
        yield pictures.filed(panel.picture.html().partition("<table>")[0])
