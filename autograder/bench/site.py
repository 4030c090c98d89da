"""The course in a browser tab: what it weighs, and how long it takes against its peers, all in one run.

`python -m autograder.bench.site DIR`, with a DIR that the command `site` wrote. Each visit is a new browser context.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, BrowserContext, Page
from rich.console import Console

from autograder.bench import browser as tools
from autograder.bench import lite, sliders
from autograder.bench.serving import served
from autograder.start.tools import find_tool, how_to_get

LESSON, EXERCISE = "04-softmax", "shift_logits"
ANSWER = f"""def {EXERCISE}(z):
    return z - np.max(z, axis=-1, keepdims=True)
check("{EXERCISE}", {EXERCISE})"""
# The lesson on whose page an explorable stands.
PICTURES = {"descent": "01-gradient-descent", "softmax": LESSON, "forward_pass": "07-forward-pass"}
ROUNDS = 3
MOST_MEGABYTES, MOST_OF_BARE, MOST_OF_LITE, MOST_OF_LAB = 45, 1.5, 0.4, 0.5
# Of the kernel's start, what is the course's.
OURS = ("autograder", "anywidget")
PAGE_WATCH = sliders.WATCH.replace(
    sliders.AREA, "document.querySelectorAll('figure.explorable')[index].querySelector('.shown')"
)


def bare_lite(site: Path, directory: Path) -> None:
    """The same JupyterLite and Python without the course: no kit, no script of ours, nothing kept."""
    shutil.copytree(site / "work", directory)
    settings = directory / "jupyter-lite.json"
    made = json.loads(settings.read_text(encoding="utf-8"))
    [plugin] = [
        each for each in made["jupyter-config-data"]["litePluginSettings"].values() if "pyodideUrl" in each
    ]
    options = plugin["loadPyodideOptions"]
    options["packages"] = [name for name in options["packages"] if name not in OURS]
    options["env"] = {"HOME": options["env"]["HOME"]}
    settings.write_text(json.dumps(made), encoding="utf-8")
    page = directory / "lab" / "index.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace('<script src="course.js"></script>', ""), "utf-8"
    )
    cells = [nbformat.v4.new_code_cell("1 + 1")]
    empty = nbformat.v4.new_notebook(cells=cells)
    empty.metadata["kernelspec"] = {"name": "python", "display_name": "Python", "language": "python"}
    nbformat.write(empty, directory / "files" / f"{LESSON}.ipynb")


@contextlib.contextmanager
def visit(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(lite.PATIENCE)
    try:
        yield context
    finally:
        context.close()


def first_cell(context: BrowserContext, address: str) -> float:
    """Seconds from the address to the result of a notebook's first cell."""
    began = time.monotonic()
    with lite.opened(context, address) as lesson:
        lesson.open(f"{LESSON}.ipynb")
        first = next(index for index, cell in enumerate(lesson.cells()) if cell["cell_type"] == "code")
        lesson.write(first, "1 + 1")
        assert lesson.run(first) == "2"
        return time.monotonic() - began


def first_check(context: BrowserContext, address: str) -> None:
    """Runs a lesson's first cell, writes an exercise below it, and has it checked."""
    with lite.opened(context, address) as lesson:
        lesson.open(f"{LESSON}.ipynb")
        first, second, *_ = [i for i, cell in enumerate(lesson.cells()) if cell["cell_type"] == "code"]
        lesson.run(first)
        lesson.write(second, ANSWER)
        assert "3 of 3 points" in lesson.run(second)


def first_picture(page: Page, address: str) -> float:
    """Seconds from a page's address to its first picture that Python has drawn."""
    began = time.monotonic()
    page.goto(f"{address}/{LESSON}.html")
    page.evaluate(PAGE_WATCH, 0)
    page.locator("figure.explorable").first.get_by_role("button").first.click()
    page.wait_for_function("window.benched.count > 0")
    return time.monotonic() - began


def page_slider(page: Page, address: str, name: str) -> sliders.Contender:
    """The waits for a picture on its lesson's page."""
    page.goto(f"{address}/{PICTURES[name]}.html")
    captions = page.locator("figure.explorable").all_inner_texts()
    index = next(place for place, text in enumerate(captions) if f"explore.{name}(" in text)
    slider = page.locator("figure.explorable").nth(index).get_by_role("slider").first
    slider.focus()
    page.evaluate(PAGE_WATCH, index)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.benched.count > 0")
    found = sliders.Contender(name, "page", "")
    for _ in range(sliders.TURNS):
        sliders.press_slider(slider, PAGE_WATCH, index, found)
    return found


def lab_sliders() -> dict[str, sliders.Contender]:
    """The waits for the same pictures in JupyterLab."""
    found = {name: sliders.Contender(name, "lab", f"explore.{name}()") for name in PICTURES}
    with sliders.notebook_with([sliders.SETUP, *(each.code for each in found.values())]) as notebook:
        for _ in range(sliders.TURNS):
            for index, each in enumerate(found.values(), start=1):
                sliders.press(notebook.page, index, each)
    return found


def weigh(browser: Browser, site: Path) -> Iterator[tuple[str, float, float]]:
    """Megabytes to the first passed check, and of the engine on a second visit."""
    sent: list[tuple[str, int]] = []
    with served(site.parent, sent=sent) as where, visit(browser) as context:
        address = f"{where}/{site.name}"
        first_check(context, address)
        yield "MB, cold, to the first passed check", _megabytes(sent), MOST_MEGABYTES
        sent.clear()
        first_check(context, address)
        engine = [each for each in sent if "/pyodide/" in each[0]]
        yield "MB of the engine, second visit", _megabytes(engine), 0


def _megabytes(sent: list[tuple[str, int]]) -> float:
    return sum(size for _, size in sent) / 1e6


def race(browser: Browser, site: Path, bare: Path) -> Iterator[tuple[str, float, float]]:
    """The ratios of the starts, each the shortest of some rounds in turns."""
    seconds: dict[str, list[float]] = {"lite": [], "bare": [], "page": []}
    with served(site.parent) as where, served(bare.parent) as elsewhere:
        address = f"{where}/{site.name}"
        for _ in range(ROUNDS):
            with visit(browser) as context:
                seconds["bare"].append(first_cell(context, elsewhere))
            with visit(browser) as context:
                seconds["lite"].append(first_cell(context, address))
            with visit(browser) as context:
                seconds["page"].append(first_picture(context.new_page(), address))
        best = {name: min(each) for name, each in seconds.items()}
        yield "JupyterLite's first cell, of a bare one's", best["lite"] / best["bare"], MOST_OF_BARE
        yield "a page's first live picture, of that", best["page"] / best["lite"], MOST_OF_LITE


def page_sliders(browser: Browser, site: Path) -> dict[str, sliders.Contender]:
    """The waits for the pictures on their lessons' pages."""
    with served(site.parent) as where, visit(browser) as context:
        return {name: page_slider(context.new_page(), f"{where}/{site.name}", name) for name in PICTURES}


def moves(pages: dict[str, sliders.Contender]) -> Iterator[tuple[str, float, float]]:
    """A move on a page against the same in JupyterLab, whose browser is one of its own."""
    for name, lab in lab_sliders().items():
        yield f"a move of {name} on a page, of JupyterLab's", pages[name].middle / lab.middle, MOST_OF_LAB


def main() -> int:
    """Prints a line for each figure; 1 if one misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, metavar="DIR", help="what the command `site` wrote")
    site = parser.parse_args().site.resolve()
    executable = find_tool("chromium")
    if executable is None:
        sys.exit(f"the bench needs a browser: {how_to_get(['chromium'])}")
    if not (site / "work" / "pyodide").is_dir():
        sys.exit(f"{site} is no site: python3 -m autograder site DIR writes one")
    console = Console(width=120)
    console.print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    found: list[bool] = []

    def tell(measures: Iterator[tuple[str, float, float]]) -> None:
        for what, figure, most in measures:
            found.append(figure > most)
            console.print(f"{what}: {figure:.2f} (at most {most}){'  MISSED' if figure > most else ''}")

    with tempfile.TemporaryDirectory() as scratch, tools.chromium(executable) as browser:
        bare = Path(scratch) / "served" / "work"
        bare_lite(site, bare)
        tell(weigh(browser, site))
        tell(race(browser, site, bare))
        pages = page_sliders(browser, site)
    tell(moves(pages))
    return int(any(found))


if __name__ == "__main__":
    sys.exit(main())
