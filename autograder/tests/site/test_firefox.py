"""The site in another browser: a page fits and moves, a lesson is checked, and what was done is kept."""

import base64
import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from autograder import course
from autograder.bench import lite
from autograder.bench.browser import until
from autograder.bench.serving import served
from autograder.start.tools import find_tool
from autograder.tests.site.conftest import KEPT, LESSON, solved_cells
from autograder.tests.site.firefox import PATIENCE, Firefox, started

pytestmark = pytest.mark.needs("Firefox", "the font DejaVu")

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# In the course's own font; every formula has its parts, and every fraction that is to be seen one above the other.
TYPESET = """document.fonts.ready.then(() => {
  const box = part => part.getBoundingClientRect();
  const parts = { mfrac: 2, msub: 2, msup: 2, msubsup: 3, munder: 2, mover: 2, munderover: 3 };
  const whole = Object.entries(parts).every(([name, count]) =>
    [...document.querySelectorAll(name)].every(each => each.children.length === count));
  const fractions = [...document.querySelectorAll("mfrac")].filter(each => box(each).height);
  const fonts = [...document.fonts].filter(each => each.family.includes("Course Math"));
  return whole && fonts.some(each => each.status === "loaded") && fractions.length > 0
    && fractions.every(({ children: [top, bottom] }) => box(top).bottom <= box(bottom).top);
})"""
SLIDER = "document.querySelector(\"figure.explorable [aria-label='logit z1']\")"
PICTURE = 'document.querySelector("figure.explorable .shown img")'
CELLS = f"({lite.CELLS})()"
OPEN = "window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length > 1"
PROGRESS = """(async () => {
  const { contents } = window.jupyterapp.serviceManager, content = true, found = [];
  for (const { path } of (await contents.get("progress", { content })).content)
    found.push((await contents.get(path, { content })).content);
  return found; })()"""


@dataclass
class Served:
    """The site under a path of its own, until it is stopped; `folder` is for what the browser keeps and downloads."""

    address: str
    stop: Callable[[], None]
    folder: Path


@pytest.fixture(scope="module")
def server(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with contextlib.ExitStack() as running:
        where = running.enter_context(served(site.parent))
        yield Served(f"{where}/{site.name}", running.close, tmp_path_factory.mktemp("firefox"))


@pytest.fixture(scope="module")
def address(server: Served) -> str:
    return server.address


@pytest.fixture(scope="module")
def firefox(server: Served) -> Iterator[Firefox]:
    """The browser, which complains of nothing and asks nothing of other machines."""
    found = find_tool("Firefox")
    assert found
    with started(found, server.folder) as running:
        yield running
        ours = (server.address.rpartition("/")[0] + "/", "data:", "blob:")
        assert [each for each in running.requests if not each.startswith(ours)] == []
        assert running.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_fits_and_its_formulas_are_typeset(firefox: Firefox, address: str, width: int) -> None:
    firefox.resize(width)
    for name in ("index.html", f"{LESSON}.html"):
        firefox.goto(f"{address}/{name}")
        assert not firefox.evaluate(SIDEWAYS), name
    assert firefox.evaluate(TYPESET)


def move_slider(firefox: Firefox, address: str) -> None:
    """Opens the page and moves a slider by a key: Python draws another picture, and it is shown."""
    firefox.goto(f"{address}/{LESSON}.html")
    firefox.evaluate(f"{SLIDER}.focus()")
    firefox.press("ArrowRight")
    firefox.wait_for(f"{PICTURE}.alt.startsWith('Logits 2.1')")
    assert firefox.evaluate(f"{PICTURE}.decode().then(() => {PICTURE}.naturalWidth)") > 0
    assert firefox.evaluate("document.querySelector('figure.explorable .status').textContent") == ""


def test_a_slider_moves_its_picture(firefox: Firefox, address: str) -> None:
    move_slider(firefox, address)
    assert firefox.evaluate(f"{SLIDER}.matches(':focus-visible')"), "a ring shows what the keys move"


def test_a_page_and_its_pictures_are_dark_or_light(firefox: Firefox, address: str) -> None:
    firefox.goto(f"{address}/{LESSON}.html")
    for theme in ("dark", "light"):
        firefox.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        for selector in ("h1", "figure.explorable .shown img"):
            until(
                functools.partial(looks, firefox, selector, theme),
                f"{selector} is {theme}",
                PATIENCE,
                pause=0.2,
            )


def looks(firefox: Firefox, selector: str, theme: str) -> bool:
    """Whether an element is dark, or light. A picture that comes into sight is drawn a moment later."""
    return (firefox.brightness(selector) < 128) == (theme == "dark")


@pytest.fixture(scope="module")
def lesson(firefox: Firefox, address: str) -> str:
    """A lesson is open, and its Python runs. Its address."""
    firefox.resize(1280)
    firefox.goto(f"{address}/work/lab/index.html?workspace={LESSON}&path={LESSON}.ipynb")
    firefox.wait_for(f"({lite.IDLE})()")
    return f"{address}/work/lab/index.html?workspace={LESSON}"


def test_a_lesson_is_checked_and_what_was_done_is_kept(firefox: Firefox, lesson: str) -> None:
    """The first exercise is written and checked; afterwards the page is loaded anew."""
    code = [index for index, cell in enumerate(firefox.evaluate(CELLS)) if cell["cell_type"] == "code"]
    sources = solved_cells(course.lesson(LESSON), whole=True)
    imports, exercise, check = (
        next(place for place, source in zip(code, sources, strict=True) if part in source)
        for part in ("from autograder.kit import", "def shift_logits(", 'check("shift_logits"')
    )
    answer = sources[code.index(exercise)]
    firefox.evaluate(lite.SOURCE, [imports, "import numpy as np\nfrom autograder.kit import check"])
    firefox.evaluate(lite.SOURCE, [exercise, answer])
    for index in (imports, exercise, check):
        firefox.evaluate(lite.RUN, index)
    report = firefox.evaluate(CELLS)[check]["outputs"]
    assert "3 of 3 points" in "".join(map(lite.in_words, report))
    firefox.evaluate("window.jupyterapp.commands.execute('docmanager:save').then(() => null)")
    firefox.reload()
    firefox.wait_for(OPEN)
    kept = firefox.evaluate(CELLS)
    assert kept[exercise]["source"] == answer
    assert kept[check]["outputs"] == report
    (journal,) = map(base64.b64decode, firefox.evaluate(PROGRESS))
    entry = json.loads(journal)
    assert (entry["exercise"], entry["earned"]) == ("shift_logits", 3)


def test_a_notebook_is_downloaded_as_it_is_now(firefox: Firefox, lesson: str, server: Served) -> None:
    firefox.wait_for(OPEN)
    firefox.evaluate(lite.SOURCE, [0, "Mine."])
    firefox.evaluate("window.jupyterapp.commands.execute('docmanager:save').then(() => null)")
    firefox.evaluate("void window.jupyterapp.commands.execute('docmanager:download')")
    path = server.folder / f"{LESSON}.ipynb"
    until(lambda: path.is_file() and path.stat().st_size > 0, f"{path.name} is downloaded", PATIENCE)
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"] == "Mine."


def test_a_second_visit_needs_no_network(firefox: Firefox, lesson: str, server: Served, site: Path) -> None:
    """The page, its Python and the lesson come from what the browser has kept: no server answers any more."""
    engine = len(list((site / "work" / "pyodide").iterdir()))
    firefox.wait_for(f"({KEPT})().then(count => count === {engine})")
    server.stop()
    move_slider(firefox, server.address)
    firefox.goto(lesson)
    firefox.wait_for("document.querySelectorAll('.jp-Notebook .jp-Cell').length > 1")
    # Whoever asks for what only a server has, such as a list of changed files, is told that there is none.
    firefox.complaints[:] = [each for each in firefox.complaints if "NetworkError" not in each]
