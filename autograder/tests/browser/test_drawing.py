"""The grid of `explore.digit` in a browser, without a kernel: pen, finger and keys make the ink that Python gets."""

import json

import numpy as np
import pytest

from autograder.bench import browser as tools
from autograder.kit import explore
from autograder.kit.explore.parts.widget import HERE
from autograder.tests.browser.axe import barriers

PAGE = """<!doctype html><html lang="en"><title>A grid</title><style>%(css)s</style><main id="here"></main>
<script type="module">
%(js)s
const held = %(held)s;
const listeners = {};
window.model = {
  get: (name) => held[name],
  set: (name, value) => { held[name] = value; (listeners[`change:${name}`] ?? []).forEach((call) => call()); },
  save_changes: () => {},
  on: (name, call) => { (listeners[name] ??= []).push(call); },
  off: () => {},
};
render({ model: window.model, el: document.getElementById("here") });
</script></html>"""


@pytest.fixture
def page(chromium: tools.Browser):
    panel = explore.digit()
    panel.press("empty")
    held = {
        "title": panel.title,
        "controls": [control.spec() for control in panel.controls.values()],
        "presets": [preset.spec() for preset in panel.presets.values()],
        "values": dict(panel.values),
        "said": "",
    }
    source = (HERE / "widget.js").read_text(encoding="utf-8").replace("export default", "const made =")
    css = (HERE / "widget.css").read_text(encoding="utf-8")
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.set_content(PAGE % {"css": css, "js": source, "held": json.dumps(held)})
    page.get_by_role("grid").wait_for()
    yield page
    page.close()


def ink(page):
    return np.reshape(page.evaluate("model.get('values').ink"), (8, 8))


def cell(page, line, column):
    return page.get_by_role("gridcell").nth(8 * line + column)


def test_a_stroke_with_the_mouse_inks_what_it_crosses(page):
    box = page.get_by_role("grid").bounding_box()
    assert box["x"] + box["width"] <= 390
    x = box["x"] + box["width"] * 3.5 / 8
    page.mouse.move(x, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] - 20, steps=4)
    page.mouse.up()
    page.mouse.move(box["x"] + 4, box["y"] + 4)  # no button is down: nothing is drawn
    drawn = ink(page)
    assert np.all(drawn[1:7, 3] >= 12)
    assert not drawn[:, [0, 1, 5, 6, 7]].any()
    assert drawn.max() <= 16


def test_a_finger_draws_and_a_button_wipes(page):
    box = page.get_by_role("grid").bounding_box()
    for kind in ("pointerdown", "pointermove"):
        page.get_by_role("grid").evaluate(
            "(grid, [kind, x, y]) => { grid.setPointerCapture = () => {}; grid.hasPointerCapture = () => true;"
            "const at = {pointerType: 'touch', pointerId: 5, clientX: x, clientY: y};"
            "grid.dispatchEvent(new PointerEvent(kind, at)); }",
            [kind, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
    assert ink(page)[3:5, 3:5].sum() >= 8
    page.get_by_role("button", name="empty", exact=True).click()
    assert not ink(page).any()


def test_it_is_drawn_on_with_the_keyboard_alone(page):
    cell(page, 0, 0).focus()
    for key in ("ArrowDown", "ArrowRight", "Space", "ArrowLeft", "ArrowLeft", "Space", "Space"):
        page.keyboard.press(key)
    expected = np.zeros((8, 8), int)
    expected[1, 1], expected[1, 0] = 8, 16
    assert np.array_equal(ink(page), expected)
    assert cell(page, 1, 0).get_attribute("aria-label") == "line 2, column 1: 16 of 16"
    page.keyboard.press("Space")
    assert ink(page)[1, 0] == 0
    assert page.locator('[role="gridcell"][tabindex="0"]').count() == 1


def test_what_a_button_showed_can_be_drawn_on(page):
    page.get_by_role("button", name="a 3 of the file", exact=True).click()
    before = ink(page)
    cell(page, 0, 0).click()
    after = ink(page)
    assert after[0, 0] > 8
    assert np.array_equal(after[2:], before[2:])


def test_axe_finds_no_barrier_in_it(page):
    assert barriers(page, "main") == []
