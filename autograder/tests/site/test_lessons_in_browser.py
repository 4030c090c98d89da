"""A lesson in the browser as a learner works on it: to all points, kept over a restart, downloaded and graded."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, expect

from autograder import bank, course
from autograder.bench import lite
from autograder.bench.browser import CHROMIUM_FLAGS, until
from autograder.bench.serving import served
from autograder.start.tools import find_tool
from autograder.tests.site.conftest import KEPT, LESSON, solved_cells

NAME = f"{LESSON}.ipynb"
POINTS = sum(each.points for each in bank.of_lesson(LESSON))


@dataclass
class Worked:
    """What came of a first sitting: the cells as they were at its end, the file that was downloaded, and the site.

    `asked` is what was asked of the site, in order.
    """

    cells: list[dict[str, Any]]
    path: Path
    address: str
    asked: list[str]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return [output for cell in self.cells for output in cell.get("outputs", [])]


@contextlib.contextmanager
def sitting(chromium: Browser, profile: Path, address: str) -> Iterator[lite.OpenLesson]:
    """The browser, started with what it remembers, and the lesson in it."""
    context = chromium.browser_type.launch_persistent_context(
        str(profile),
        executable_path=find_tool("chromium"),
        args=list(CHROMIUM_FLAGS),
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
    )
    try:
        with lite.opened(context, address) as lesson:
            lesson.open(NAME)
            yield lesson
            assert lesson.strangers == [], "asked of other machines"
    finally:
        context.close()


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser remembers."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def worked(chromium: Browser, profile: Path, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """A first sitting: every exercise is written, everything is run, saved and downloaded; the browser is closed.

    The site has a path of its own, as on GitHub's pages. The sitting ends when the browser has kept what it needs.
    """
    asked: list[str] = []
    with served(site.parent, asked) as where, sitting(chromium, profile, f"{where}/{site.name}") as lesson:
        solve(lesson, course.lesson(LESSON))
        lesson.save()
        path = lesson.download(tmp_path_factory.mktemp("downloaded"))
        engine = len(list((site / "work" / "pyodide").iterdir()))
        until(lambda: lesson.page.evaluate(KEPT) == engine, "the engine is kept", 120)
        return Worked(lesson.cells(), path, lesson.address, asked)


@pytest.fixture(scope="module")
def again(worked: Worked, chromium: Browser, profile: Path) -> Iterator[lite.OpenLesson]:
    """A second sitting: the browser was closed and is started anew, and no server answers any more."""
    with sitting(chromium, profile, worked.address) as lesson:
        yield lesson


def solve(lesson: lite.OpenLesson, which: course.Lesson) -> None:
    """Writes every answer into the open notebook and runs it."""
    for index, source in zip(code_cells(lesson), solved_cells(which, whole=True), strict=True):
        if not lesson.cells()[index]["metadata"].get("nbgrader", {}).get("locked"):
            lesson.write(index, source)
    lesson.run_all()


def points(cells: list[dict[str, Any]]) -> list[float]:
    """What the checks among the outputs say: all of it without an error."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    earned = re.findall(r"</code>: ([\d.]+) of ([\d.]+) point", "\n".join(map(lite.in_words, outputs)))
    return [float(each) for each, _ in earned]


def code_cells(lesson: lite.OpenLesson) -> list[int]:
    return [index for index, cell in enumerate(lesson.cells()) if cell["cell_type"] == "code"]


def said(lesson: lite.OpenLesson, source: str) -> str:
    """What a cell with this code shows."""
    first = code_cells(lesson)[0]
    lesson.write(first, source)
    return lesson.run(first)


def test_a_solved_lesson_has_all_its_points(worked: Worked) -> None:
    assert points(worked.cells) == [each.points for each in bank.of_lesson(LESSON)]
    assert "font cache" not in "\n".join(map(lite.in_words, worked.outputs))


def test_what_is_for_later_is_loaded_once_python_runs(worked: Worked, site: Path) -> None:
    [kit] = (site / "work" / "pyodide").glob("autograder-*.whl")
    places = [worked.asked.index(f"/{each.relative_to(site.parent)}") for each in (kit, site / "index.html")]
    assert places == sorted(places)


@pytest.mark.needs("bubblewrap")
def test_what_was_downloaded_is_taken_in_and_graded_the_same(worked: Worked, tmp_path: Path) -> None:
    from nbgrader.api import Gradebook
    from typer.testing import CliRunner

    from autograder.cli import app

    assert worked.path.name == NAME
    group = tmp_path / "class"
    incoming = tmp_path / "incoming" / "ada"
    incoming.mkdir(parents=True)
    shutil.copy2(worked.path, incoming / NAME)
    for arguments in (
        ["class", str(group)],
        ["intake", str(group), str(incoming.parent)],
        ["grade", str(group)],
    ):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception}"
    with Gradebook(f"sqlite:///{group / 'gradebook.db'}") as book:
        assert book.find_submission(LESSON, "ada").score == POINTS


def test_the_work_is_there_after_the_browser_was_closed(again: lite.OpenLesson, worked: Worked) -> None:
    assert [cell["source"] for cell in again.cells()] == [cell["source"] for cell in worked.cells]


def test_what_is_opened_again_has_no_dead_controls(again: lite.OpenLesson) -> None:
    expect(again.page.get_by_text("Loading widget")).to_have_count(0)
    assert "widget-view" not in json.dumps([cell.get("outputs") for cell in again.cells()])
    sentence = again.page.get_by_text("Run this cell to move the sliders of softmax").first
    expect(sentence).to_be_attached()


def test_progress_is_kept(again: lite.OpenLesson) -> None:
    shown = said(again, "from autograder.kit import check, explore, progress\nprogress()")
    assert f"{LESSON} {POINTS:g} of {POINTS:g}" in shown


def test_a_slider_moves_its_picture(again: lite.OpenLesson) -> None:
    said(again, "explore.softmax()")
    image = again.page.locator(".jp-OutputArea-output img").first
    before = image.get_attribute("alt") or ""
    again.page.get_by_role("slider", name="logit z1", exact=True).first.focus()
    again.page.keyboard.press("ArrowRight")
    expect(image).not_to_have_attribute("alt", before)


def test_loops_without_end_end(again: lite.OpenLesson) -> None:
    endless = "def softmax(z):\n    while True: pass\n"
    assert "It was not done when" in said(again, endless + "print(check('softmax', softmax).text())")
    assert said(again, "import autograder.in_browser as limits\nlimits.CELL_SECONDS = 1.0") == ""
    assert "KeyboardInterrupt" in said(again, "while True: pass")
    assert "KeyboardInterrupt" in said(again, "try:\n    while True: pass\nexcept Exception: pass")
    assert said(again, "print(1 + 1)").strip() == "2"
    said(again, "limits.CELL_SECONDS = 60.0")


def test_nothing_can_be_installed_and_that_is_said(again: lite.OpenLesson) -> None:
    assert "Nothing can be installed" in said(again, "%pip install torch")


def test_in_validates_place_stands_what_to_do_instead(again: lite.OpenLesson) -> None:
    assert again.page.get_by_role("button", name="Validate").count() == 0
    again.page.get_by_role("button", name="Check and hand in").click()
    dialog = again.page.get_by_role("dialog")
    expect(dialog).to_contain_text("File, Download")
    again.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


# Under Node.js nearly all of them run (test_node.py), at a third of the price. With
# AUTOGRADER_TEST_EVERY_LESSON=1 in the environment all are driven here, those of long trainings too.
BESIDE: tuple[str, ...] = ("01-gradient-descent", "09-four-equations")
if os.environ.get("AUTOGRADER_TEST_EVERY_LESSON"):
    BESIDE = tuple(each.name for each in course.LESSONS if each.name != LESSON)


@pytest.mark.parametrize("which", [course.lesson(name) for name in BESIDE], ids=BESIDE)
def test_another_lesson_beside_it_has_all_its_points_too(
    again: lite.OpenLesson, which: course.Lesson
) -> None:
    with again.beside(f"{which.name}.ipynb"):
        solve(again, which)
        assert points(again.cells()) == [each.points for each in bank.of_lesson(which.name)]


def test_own_code_of_an_earlier_lesson_is_brought_into_a_cell(again: lite.OpenLesson) -> None:
    with again.beside("05-cross-entropy.ipynb"):
        below = code_cells(again)[0] + 1
        assert "is in the new cell below" in said(again, "from autograder.kit import bring\nbring('softmax')")
        assert again.cells()[below]["source"].startswith(f"# softmax: my own, from lesson {LESSON}\n")
        assert again.run(below) == ""


def test_pages_and_their_python_need_no_network_either(again: lite.OpenLesson, worked: Worked) -> None:
    page = again.page.context.new_page()
    page.goto(f"{worked.address}/{LESSON}.html")
    figure = page.locator("figure.explorable").first
    image = figure.locator(".shown img")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    figure.get_by_role("button", name="huge logits").click()
    expect(image).to_have_attribute("alt", re.compile("1002.0"), timeout=lite.PATIENCE)
    page.close()


FULL = """() => { for (const name of ['put', 'add'])
  IDBObjectStore.prototype[name] = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"""


def test_what_the_browser_cannot_keep_is_offered_as_a_file(again: lite.OpenLesson, tmp_path: Path) -> None:
    again.page.evaluate(FULL)
    again.write(code_cells(again)[0], "2 + 2 == 4")
    again.page.evaluate("() => { window.jupyterapp.commands.execute('docmanager:save'); }")
    with again.page.expect_download() as download:
        again.page.get_by_role("link", name=f"Download {NAME}").click()
    download.value.save_as(tmp_path / NAME)
    assert "2 + 2 == 4" in (tmp_path / NAME).read_text(encoding="utf-8")
