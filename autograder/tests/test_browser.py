"""Every lesson in a real JupyterLab and a real browser: it runs, its sliders move, nothing leaves the machine."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.tests.explorable_truth import GUESS_FIRST, assert_alt_is_true

if not os.environ.get("CI"):  # in CI a missing Playwright is an error, like a missing browser
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from autograder.tests import browser as tools

LESSONS = Path(__file__).parents[2] / "lessons"
NOTEBOOKS = sorted(path.relative_to(LESSONS) for path in LESSONS.glob("*/*.ipynb"))
CHROMIUM = tools.find_chromium()

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason=f"no browser: none of {', '.join(tools.CHROMIUM_NAMES)} is on the PATH",
)

# A notebook of this test's own, so that every explorable is moved even where a lesson shows it only once.
OWN = """
import numpy as np
from autograder.kit import explore
def softmax(z):
    print("noise")
    return np.exp(z) / np.exp(z).sum()
def relu(x):
    raise ValueError("not today")
---
explore.softmax(softmax)
---
explore.activation("relu", relu)
---
explore.cross_entropy(predict=True)
"""


@pytest.fixture(scope="session")
def lab(chromium: tools.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tools.Server]:
    """JupyterLab on a copy of the lessons; asks for the browser first, which may be missing."""
    folder = tmp_path_factory.mktemp("lab")
    root = folder / "lessons"
    shutil.copytree(LESSONS, root)
    own = nbformat.v4.new_notebook()
    own.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    own.cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in OWN.split("---")]
    nbformat.write(own, root / "own.ipynb")
    with tools.jupyterlab(root, folder / "private") as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[tools.Browser]:
    """The browser; where CI has none, the tests fail."""
    assert CHROMIUM is not None, "CI needs a browser: install chromium"
    with tools.chromium(CHROMIUM) as running:
        yield running


def settle(shown: tools.Explorable, revealed: bool = False) -> None:
    """Waits until the picture's numbers are those of the controls; fails with the difference."""

    def true() -> bool:
        try:
            assert_alt_is_true(shown.title, shown.values(), shown.alt, revealed)
        except AssertionError:
            return False
        return True

    try:
        tools.until(true, "the picture follows the controls", 5)
    except AssertionError:
        assert_alt_is_true(shown.title, shown.values(), shown.alt, revealed)
        raise


def changes(shown: tools.Explorable, before: str, revealed: bool = False) -> None:
    """Waits until the picture says something else, and that it is true."""
    tools.until(lambda: shown.alt != before, f"the picture changes from {before!r}", 5)
    settle(shown, revealed)


def move_every_slider(shown: tools.Explorable) -> None:
    """Each slider by keyboard, by mouse and by typing; letters and arrows stay in it."""
    cells = shown.notebook.cells()
    for label in shown.sliders():
        slider, field = shown.slider(label), shown.field(label)
        slider.focus()
        for keys in (["Home", "ArrowRight"], ["End", "ArrowDown"]):
            before = shown.alt
            for key in keys:
                slider.press(key)
            changes(shown, before)
        slider.press("b")
        assert shown.notebook.cells() == cells, "`b` in a slider inserted a cell"
        before = shown.alt
        box = slider.bounding_box()
        assert box is not None
        slider.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
        changes(shown, before)
        before, typed = shown.alt, slider.get_attribute("min") or ""
        field.fill(typed)
        field.press("b")
        field.press("Enter")
        changes(shown, before)
        assert float(field.input_value()) == float(typed)
        assert shown.notebook.cells() == cells, "`b` in a number field inserted a cell"


def drag(shown: tools.Explorable, label: str) -> None:
    """Drags a slider with the mouse, in many small steps; where it stops, the picture is true."""
    box = shown.slider(label).bounding_box()
    assert box is not None
    mouse, middle = shown.notebook.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.3, middle)
    mouse.down()
    for part in range(30, 81):
        mouse.move(box["x"] + box["width"] * part / 100, middle)
    mouse.up()
    settle(shown)


def press_every_button(shown: tools.Explorable) -> None:
    """Every preset by the keyboard, and the reset."""
    for button in shown.cell.get_by_role("group", name="Presets").get_by_role("button").all():
        button.press("Enter")
        settle(shown)


def guess_and_reveal(shown: tools.Explorable) -> None:
    """Switches to guessing, reveals, and moves on."""
    box = shown.cell.get_by_role("checkbox", name=GUESS_FIRST)
    if not box.is_checked():
        box.press("Space")
    settle(shown)
    before = shown.alt
    shown.button("Reveal").press("Enter")
    changes(shown, before, revealed=True)
    assert "You guessed" in shown.alt
    first = shown.sliders()[0]
    before = shown.alt
    shown.slider(first).press("ArrowRight")
    changes(shown, before)
    assert "You guessed" not in shown.alt


def assert_quiet(notebook: tools.Notebook) -> None:
    """No errors in page, console or outputs, and nothing asked of another machine."""
    assert notebook.errors() == []
    assert notebook.complaints == []
    assert notebook.strangers == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_lesson_runs_and_its_sliders_move(path: Path, lab: tools.Server, chromium: tools.Browser) -> None:
    with tools.opened(chromium, lab, str(path)) as notebook:
        notebook.run_all()
        assert_quiet(notebook)
        shown = notebook.explorables()
        assert shown, "a lesson has something to play with"
        for explorable in shown:
            settle(explorable, revealed=False)
            move_every_slider(explorable)
            press_every_button(explorable)
        guess_and_reveal(shown[0])
        assert_quiet(notebook)


def test_every_kind_of_explorable_in_one_notebook(lab: tools.Server, chromium: tools.Browser) -> None:
    with tools.opened(chromium, lab, "own.ipynb") as notebook:
        notebook.run_all()
        shown = notebook.explorables()
        assert len(shown) == 3
        for explorable in shown:
            move_every_slider(explorable)
            drag(explorable, explorable.sliders()[0])
            press_every_button(explorable)
            guess_and_reveal(explorable)
        assert "Your relu raised ValueError: not today" in shown[1].alt
        said = [shown.title for shown in shown]
        assert said == ["softmax", "the relu function", "the cross-entropy loss"]
        assert notebook.page.get_by_text("noise", exact=True).count() == 0
        assert_quiet(notebook)


def test_a_saved_notebook_shows_the_last_picture_without_a_kernel(
    lab: tools.Server, chromium: tools.Browser
) -> None:
    with tools.opened(chromium, lab, "own.ipynb") as notebook:
        notebook.run_all()
        shown = notebook.explorables()[0]
        before = shown.alt
        shown.button("huge logits").click()
        changes(shown, before)
        last = shown.alt
        notebook.page.keyboard.press("Control+s")
        saved = lab.root / "own.ipynb"
        tools.until(lambda: "Logits 1002.0" in saved.read_text(), "the notebook is saved")
    outputs = nbformat.read(saved, 4).cells[1].outputs
    pictures = [output.data["text/html"] for output in outputs if "<img" in output.data.get("text/html", "")]
    assert len(pictures) == 1
    assert last.replace("'", "&#x27;") in pictures[0]
    with tools.opened(chromium, lab, "own.ipynb") as notebook:
        image = notebook.page.locator(".jp-OutputArea-output img").first
        image.wait_for()
        assert image.get_attribute("alt") == last
        assert image.evaluate("image => image.complete && image.naturalWidth") == 720
        assert notebook.strangers == []
