"""The site in another browser: a page fits and moves, a lesson is checked, and what was done is kept."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from autograder import course
from autograder.bench import lite
from autograder.bench.serving import served
from autograder.start.tools import find_tool
from autograder.tests.site.conftest import LESSON, solved_cells
from autograder.tests.site.firefox import Firefox, started

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
PROGRESS = """(async () => {
  const { contents } = window.jupyterapp.serviceManager, content = true, found = [];
  for (const { path } of (await contents.get("progress", { content })).content)
    found.push((await contents.get(path, { content })).content);
  return found; })()"""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site under a path of its own."""
    with served(site.parent) as where:
        yield f"{where}/{site.name}"


@pytest.fixture(scope="module")
def firefox(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The browser, which complains of nothing and asks nothing of other machines."""
    found = find_tool("Firefox")
    assert found
    with started(found, tmp_path_factory.mktemp("firefox")) as running:
        yield running
        ours = (address.rpartition("/")[0] + "/", "data:", "blob:")
        assert [each for each in running.requests if not each.startswith(ours)] == []
        assert running.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_fits_and_its_formulas_are_typeset(firefox: Firefox, address: str, width: int) -> None:
    firefox.resize(width)
    for name in ("index.html", f"{LESSON}.html"):
        firefox.goto(f"{address}/{name}")
        assert not firefox.evaluate(SIDEWAYS), name
    assert firefox.evaluate(TYPESET)


def test_a_slider_moves_its_picture(firefox: Firefox, address: str) -> None:
    firefox.goto(f"{address}/{LESSON}.html")
    firefox.evaluate(f"{SLIDER}.focus()")
    firefox.press("ArrowRight")
    firefox.wait_for(f"{PICTURE}.alt.startsWith('Logits 2.1')")
    assert firefox.evaluate(f"{PICTURE}.decode().then(() => {PICTURE}.naturalWidth)") > 0
    assert firefox.evaluate("document.querySelector('figure.explorable .status').textContent") == ""
    assert firefox.evaluate(f"{SLIDER}.matches(':focus-visible')"), "a ring shows what the keys move"


def test_a_lesson_is_checked_and_what_was_done_is_kept(firefox: Firefox, address: str) -> None:
    """The first exercise is written and checked; afterwards the page is loaded anew."""
    firefox.resize(1280)
    firefox.goto(f"{address}/work/lab/index.html?path={LESSON}.ipynb")
    firefox.wait_for(f"({lite.IDLE})()")
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
    firefox.wait_for(f"window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length >= {len(code)}")
    kept = firefox.evaluate(CELLS)
    assert kept[exercise]["source"] == answer
    assert kept[check]["outputs"] == report
    (journal,) = map(base64.b64decode, firefox.evaluate(PROGRESS))
    entry = json.loads(journal)
    assert (entry["exercise"], entry["earned"]) == ("shift_logits", 3)
