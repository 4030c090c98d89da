"""What a page shows besides the lessons' way: saved and exported, in the dark, on a small screen, validated."""

import base64
import io
import re
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from autograder import course
from autograder.bench import browser as tools
from autograder.build import notebook as build
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.kit import explore
from autograder.tests.browser.axe import barriers
from autograder.tests.conftest import write_notebook
from autograder.tests.explore import moves

LESSON = course.lesson("04-softmax")
TO_SAVE = """
from autograder.kit import explore
panel = explore.softmax()
panel.press("one winner")
"""
# What ipywidgets puts in the place of controls without a kernel.
DEAD_WIDGET = re.compile("Loading widget|model not found", re.IGNORECASE)
PROGRESS = """
import os
os.environ["AUTOGRADER_PROGRESS"] = {folder!r}
from autograder.kit import check, progress
---
def sigmoid(x):
    return 0
check("sigmoid", sigmoid)
---
progress()
---
progress("03-activations")
"""


def test_every_kind_of_explorable_in_one_notebook(lab: tools.Server, lab_page: tools.Page) -> None:
    with tools.opened_in(lab_page, lab, "own.ipynb") as notebook:
        notebook.run_all()
        shown = notebook.explorables()
        assert len(shown) == 3
        for explorable in shown:
            moves.drag(explorable, explorable.sliders()[0])
            if "relu" in explorable.title:
                moves.drag_point(explorable, "x")
            moves.press_every_button(explorable)
            moves.guess_and_reveal(explorable)
        assert "Your relu raised ValueError: not today" in shown[1].alt
        said = [shown.title for shown in shown]
        assert said == ["softmax", "the relu function", "the cross-entropy loss"]
        assert notebook.page.get_by_text("noise", exact=True).count() == 0
        moves.assert_quiet(notebook)


def handed_in(name: str, path: Path) -> None:
    """Writes the lesson as a sample student handed it in."""
    student = next(student for student in STUDENTS if student.name == name)
    nbformat.write(submission(student, build.checked(LESSON)), path)


def test_reports_pictures_and_controls_have_no_barriers_in_either_theme(
    lab: tools.Server, lab_page: tools.Page
) -> None:
    """On a lesson with right and wrong answers, so that both kinds of report are there."""
    handed_in("emil", lab.root / "emil.ipynb")
    with tools.opened_in(lab_page, lab, "emil.ipynb") as notebook:
        notebook.run_all()
        notebook.explorables()
        reports = notebook.page.locator(".jp-OutputArea-output").filter(has_text="points")
        assert reports.filter(has_text="passed").count() > 0
        assert reports.filter(has_text="Without the exponential it is no softmax").count() > 0
        assert barriers(notebook.page) == []
        with notebook.theme(tools.DARK):
            assert barriers(notebook.page) == []
        reset = notebook.explorables()[0].button("Reset")
        reset.evaluate("button => { button.textContent = ''; }")
        assert "button-name" in barriers(notebook.page)[0], "the scan finds what is wrong"


def test_progress_has_no_barriers_in_either_theme(
    lab: tools.Server, lab_page: tools.Page, tmp_path: Path
) -> None:
    write_notebook(lab.root / "progress.ipynb", PROGRESS.format(folder=str(tmp_path)))
    with tools.opened_in(lab_page, lab, "progress.ipynb") as notebook:
        notebook.run_all()
        moves.assert_quiet(notebook)
        alts = [image.get_attribute("alt") or "" for image in notebook.page.locator("img[alt]").all()]
        assert [alt.partition(":")[0] for alt in alts if alt.startswith("Your progress")] == [
            "Your progress",
            "Your progress in lesson 03-activations",
        ]
        assert barriers(notebook.page) == []
        with notebook.theme(tools.DARK):
            assert barriers(notebook.page) == []


def test_on_a_small_laptop_the_smallest_text_can_be_read(lab: tools.Server, chromium: tools.Browser) -> None:
    with tools.opened(chromium, lab, "own.ipynb", width=1100) as notebook:
        assert notebook.page.locator(".jp-DirListing").is_visible(), "the file browser is open"
        notebook.run_all()
        for explorable in notebook.explorables():
            image = explorable.cell.locator(".jp-OutputArea-output img")
            scale = image.evaluate("image => image.clientWidth / image.naturalWidth")
            code = base64.b64decode((image.get_attribute("src") or "").partition(",")[2]).decode()
            smallest = min(map(float, re.findall(r'font-size="([\d.]+)"', code)))
            assert smallest * scale > 11.5
            overflow = explorable.cell.locator(".explore-controls").evaluate(
                "root => root.scrollWidth - root.clientWidth"
            )
            assert overflow <= 0


def test_a_picture_is_drawn_in_the_pages_colours(lab: tools.Server, chromium: tools.Browser) -> None:
    """Its card is as light or dark as the theme, whatever the system asks for; on paper it is light."""
    with tools.opened(chromium, lab, "own.ipynb") as notebook:
        notebook.run_all()
        image = notebook.explorables()[0].cell.locator("img.explore-picture")
        for system in ("light", "dark"):
            notebook.page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
            assert brightness(image) > 240
            with notebook.theme(tools.DARK):
                assert brightness(image) < 60
                notebook.page.emulate_media(media="print")
                assert scheme(image) == "light only"
                notebook.page.emulate_media(media="screen")


def until_still(page: tools.Page) -> None:
    """Waits until the notebook's pictures stay where they are."""
    where = "() => [...document.querySelectorAll('.explore-frame')].map(f => f.getBoundingClientRect().width).join()"
    seen = [""]

    def still() -> bool:
        seen.append(page.evaluate(where))
        page.wait_for_timeout(300)
        return seen[-1] == seen[-2]

    tools.until(still, "the page keeps its shape", 60)


def scheme(image: tools.Locator) -> str:
    """Which colours the page asks the picture for."""
    return str(image.evaluate("image => getComputedStyle(image).colorScheme"))


def brightness(image: tools.Locator) -> float:
    """Of the picture's card, 0 to 255, from a screenshot of a corner where nothing is drawn."""
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box
    clip = {"x": box["x"] + 4, "y": box["y"] + 8, "width": 4, "height": 4}
    seen = Image.open(io.BytesIO(image.page.screenshot(clip=clip)))  # type: ignore[arg-type]
    return float(np.mean(np.asarray(seen.convert("L"))))


def test_escape_leaves_a_control_for_the_cell(lab: tools.Server, lab_page: tools.Page) -> None:
    with tools.opened_in(lab_page, lab, "own.ipynb") as notebook:
        notebook.run_all()
        shown = notebook.explorables()[0]
        cells = notebook.cells()
        for control in (shown.slider("logit z1"), shown.field("logit z1"), shown.button("Reset")):
            control.focus()
            notebook.page.keyboard.press("Escape")
            assert notebook.page.evaluate("document.activeElement.closest('.explore-controls')") is None
        notebook.page.keyboard.press("b")
        tools.until(lambda: notebook.cells() == cells + 1, "Jupyter's own keys work again: b adds a cell", 60)


# anywidget's clock for loading a widget's file is over at once, as on a machine that is very busy.
LATE = "const timeout = AbortSignal.timeout; AbortSignal.timeout = () => timeout.call(AbortSignal, 0);"


def test_a_new_picture_is_told_and_its_numbers_stay_open(lab: tools.Server, chromium: tools.Browser) -> None:
    """Even where every widget was late."""
    late: list[str] = []
    with (
        tools.lab_page(chromium, lab, script=LATE) as page,
        tools.opened_in(page, lab, "own.ipynb") as notebook,
    ):
        page.on("pageerror", lambda error: late.append(str(error)))
        notebook.run_all()
        shown = notebook.explorables()[0]
        said, numbers = shown.cell.locator("[role=status]"), shown.cell.locator("details")
        assert said.inner_text() == "", "nothing before the first move"
        numbers.locator("summary").click()
        shown.button("huge logits").click()
        tools.until(lambda: "Logits 1002.0" in said.inner_text(), "the new picture is told", 60)
        assert said.inner_text() == " ".join(shown.alt.split())
        tools.until(lambda: numbers.locator("tbody").is_visible(), "the numbers are open again", 60)
        assert sum("Failed to initialize model" in error for error in late) == 3


@pytest.mark.parametrize("width", [390, 800])
def test_on_a_narrow_page_nothing_is_cut_and_print_can_be_read(
    width: int, lab: tools.Server, chromium: tools.Browser
) -> None:
    """At 800 with the file browser open, which is what 200 % make of a large screen; at 390 without."""
    with tools.opened(chromium, lab, "own.ipynb") as notebook:
        notebook.run_all()
        if width == 390:
            notebook.command("application:toggle-left-area")
            tools.until(lambda: not notebook.page.locator(".jp-DirListing").is_visible(), "it closes", 60)
        notebook.page.set_viewport_size({"width": width, "height": 900})
        until_still(notebook.page)
        for explorable in notebook.explorables():
            controls = explorable.cell.locator(".explore-controls")
            assert controls.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
            for field in controls.locator("input[type=number]").all():
                assert field.evaluate("field => field.scrollWidth <= field.clientWidth")
            frame = explorable.cell.locator(".explore-frame")
            assert frame.evaluate("frame => frame.getBoundingClientRect().right") <= width
            assert frame.locator("img").evaluate("image => image.clientWidth / image.naturalWidth") > 0.75
            if frame.evaluate("frame => frame.scrollWidth > frame.clientWidth"):
                assert frame.get_attribute("tabindex") == "0", "the arrow keys move it, too"
        assert barriers(notebook.page) == []


def test_the_validate_button(lab: tools.Server, lab_page: tools.Page) -> None:
    handed_in("ada", lab.root / "solved.ipynb")
    assert validated(lab_page, lab, "solved.ipynb") == "Success! Your notebook passes all the tests."
    said = validated(lab_page, lab, str(LESSON.notebook.relative_to(course.LESSONS_DIR)))
    exercises = build.checked(LESSON).exercises
    assert said.count("The following cell failed:") == len(exercises) + 1
    for name in exercises:
        assert f'check("{name}", {name})' in said
        assert f"{name} is not written yet: replace `raise NotImplementedError()` by your own code." in said
    assert "You did not provide a response." in said, "the written question"
    assert "Traceback" not in said


def validated(page: tools.Page, lab: tools.Server, path: str) -> str:
    """What JupyterLab says when Validate is pressed."""
    with tools.opened_in(page, lab, path) as notebook:
        notebook.page.locator(".validate-button").first.click()
        dialog = notebook.page.locator(".jp-Dialog-content").filter(has_text="Validation Results")
        dialog.wait_for(timeout=120 * tools.SECOND)
        moves.assert_quiet(notebook)
        said = dialog.locator(".jp-Dialog-body").inner_text().strip()
        dialog.locator(".jp-mod-accept").click()
        return said


def test_a_saved_notebook_shows_the_last_picture_without_a_kernel(
    lab: tools.Server, chromium: tools.Browser
) -> None:
    saved = lab.root / "saved.ipynb"
    write_notebook(saved, TO_SAVE)
    with tools.opened(chromium, lab, "saved.ipynb") as notebook:
        notebook.run_all()
        shown = notebook.explorables()[0]
        before = shown.alt
        shown.button("huge logits").click()
        moves.changes(shown, before)
        last = shown.alt
        notebook.command("docmanager:save")
        tools.until(lambda: "Logits 1002.0" in saved.read_text(), "the notebook is saved")
    written = nbformat.read(saved, 4)
    assert "widgets" not in written.metadata, "the state of widgets makes an exported page load their manager"
    pictures = [
        output.data["text/html"]
        for output in written.cells[0].outputs
        if "<img" in output.data.get("text/html", "")
    ]
    assert len(pictures) == 1
    assert last.replace("'", "&#x27;") in pictures[0]
    assert "<summary>The picture's numbers</summary>" in pictures[0]
    with tools.opened(chromium, lab, "saved.ipynb") as notebook:
        assert_picture_and_table(notebook.page, last)
        sentence = notebook.page.get_by_text("Run this cell to move the sliders of softmax")
        sentence.wait_for()
        notebook.page.wait_for_timeout(500)
        assert sentence.is_visible()
        assert notebook.page.get_by_text(DEAD_WIDGET).count() == 0
        moves.assert_quiet(notebook)


def assert_picture_and_table(page: tools.Page, alt: str) -> None:
    """The picture is there and drawn, and beside it the table with its numbers."""
    image = page.locator(".jp-OutputArea-output img").first
    image.wait_for()
    assert image.get_attribute("alt") == alt
    assert image.evaluate("image => image.complete && image.naturalWidth") == 720
    table = page.locator("details", has_text="The picture's numbers").first
    assert not table.locator("tbody").is_visible(), "folded"
    table.locator("summary").click()
    assert table.locator("tbody").is_visible()
    assert table.locator("tbody tr").count() == 4


def test_an_exported_page_asks_nothing_of_any_machine_and_shows_pictures_and_formulas(
    lab: tools.Server, chromium: tools.Browser, tmp_path: Path
) -> None:
    """What File, Save and Export Notebook As, HTML gives, opened where nothing answers."""
    notebook = nbformat.read(LESSON.notebook, 4)
    explored = next(cell for cell in notebook.cells if "explore." in cell.source)
    own = nbformat.v4.new_markdown_cell(r"The slope $s(1-s)$, and one that nobody can draw: $\frac$")
    notebook.cells = [own, *notebook.cells]
    panel = explore.softmax()
    explored.outputs = [
        nbformat.v4.new_output("display_data", data=panel.widget_bundle()),
        nbformat.v4.new_output("display_data", data=panel.picture.bundle()),
    ]
    nbformat.write(notebook, lab.root / "export.ipynb")
    address = f"{lab.address}/nbconvert/html/export.ipynb?token={lab.token}"
    with urllib.request.urlopen(address, timeout=120) as answer:
        (tmp_path / "export.html").write_bytes(answer.read())
    page, asked = chromium.contexts[0].new_page() if chromium.contexts else chromium.new_page(), []
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort()
    )
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "export.html").as_uri())
    assert_picture_and_table(page, panel.picture.alt)
    assert page.get_by_text("Run this cell to move the sliders of softmax").is_visible()
    assert page.locator("math").count() > 50
    assert page.locator("code", has_text=r"\frac").count() == 1
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()
