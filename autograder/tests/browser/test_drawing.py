"""What is drawn and dragged in a browser, without a kernel: the grid of `explore.digit`, and points of pictures."""

import contextlib
import json

import numpy as np
import pytest

from autograder.bench import browser as tools
from autograder.kit import explore
from autograder.kit.explore.parts.widget import HERE
from autograder.tests.browser.axe import barriers

PAGE = """<!doctype html><html lang="en"><title>Controls</title><style>%(css)s</style>
<main class="jp-OutputArea"><div id="here"></div><div id="picture">%(picture)s</div></main>
<script type="module">
%(js)s
const held = %(held)s;
const listeners = {};
window.model = {
  get: (name) => held[name],
  set: (name, value) => { held[name] = value; (listeners[`change:${name}`] ?? []).forEach((call) => call()); },
  save_changes: async () => {
    const made = await move(held.values);
    document.getElementById("picture").innerHTML = made.picture;
    window.model.set("grips", made.grips);
  },
  on: (name, call) => { (listeners[name] ??= []).push(call); },
  off: () => {},
};
render({ model: window.model, el: document.getElementById("here") });
</script></html>"""


@contextlib.contextmanager
def shown(chromium: tools.Browser, panel):
    """A page with the controls and the picture, drawn anew as a kernel would."""

    def move(values):
        panel.move(**values)
        return {"picture": panel.picture.html(), "grips": panel.grips()}

    held = {
        "title": panel.title,
        "controls": [control.spec() for control in panel.controls.values()],
        "presets": [preset.spec() for preset in panel.presets.values()],
        "values": dict(panel.values),
        "grips": panel.grips(),
        "said": "",
    }
    source = (HERE / "widget.js").read_text(encoding="utf-8").replace("export default", "const made =")
    css = (HERE / "widget.css").read_text(encoding="utf-8")
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.expose_function("move", move)
    picture = panel.picture.html()
    page.set_content(PAGE % {"css": css, "js": source, "held": json.dumps(held), "picture": picture})
    page.get_by_role("group", name="Presets").wait_for()
    yield page
    page.close()


@pytest.fixture
def page(chromium: tools.Browser):
    panel = explore.digit()
    panel.press("empty")
    with shown(chromium, panel) as page:
        yield page


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


# Points of pictures.


def values(page):
    return page.evaluate("model.get('values')")


def follows(page, panel, wanted):
    """Waits until sliders and picture have these values."""
    tools.until(lambda: {name: values(page)[name] for name in wanted} == wanted, f"{wanted}", 20)
    tools.until(lambda: {name: panel.values[name] for name in wanted} == wanted, f"{wanted} in Python", 20)
    alt = panel.picture.alt
    tools.until(lambda: page.locator("img").get_attribute("alt") == alt, alt, 20)


def middle(ring):
    box = ring.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_dragged_point_moves_its_sliders_in_their_steps_and_stays_inside(chromium):
    """In a narrow page, where the picture is drawn smaller than it is."""
    panel = explore.descent_map()
    with shown(chromium, panel) as page:
        page.add_style_tag(content="img { width: 360px; height: auto; }")
        ring = page.locator(".explore-grip")
        x, y = middle(ring)
        page.mouse.move(x, y)
        page.mouse.down()
        # A unit is 50 pixels of the picture, which is shown at half its size.
        for right, down, wanted in (
            (25, 25, {"u": -1.5, "v": 0}),
            (26, 0, {"u": -1.45, "v": 1}),
            (26.3, 0, {"u": -1.45, "v": 1}),
            (-40, -90, {"u": -3, "v": 2}),
            (190, 90, {"u": 3, "v": -2}),
            (75, 12.5, {"u": 0.5, "v": 0.5}),
        ):
            page.mouse.move(x + right, y + down)
            follows(page, panel, wanted)
        page.mouse.up()
        page.mouse.move(x, y)
        follows(page, panel, {"u": 0.5, "v": 0.5})
        assert page.get_by_role("slider", name="start u").input_value() == "0.5"
        tools.until(
            lambda: middle(ring) == pytest.approx((x + 75, y + 12.5), abs=1), "the ring moves along", 20
        )
        page.get_by_role("slider", name="start u").press("ArrowRight")
        tools.until(lambda: middle(ring)[0] == pytest.approx(x + 76.25, abs=0.3), "and with the slider", 20)


def test_a_finger_drags_a_number_up_and_down_and_the_page_stays(chromium):
    panel = explore.graph()
    with shown(chromium, panel) as page:
        ring = page.locator(".explore-grip").nth(1)
        x, y = middle(ring)
        session = page.context.new_cdp_session(page)
        for kind, up in (("touchStart", 0), ("touchMove", 8), ("touchMove", 17), ("touchEnd", 17)):
            points = [] if kind == "touchEnd" else [{"x": x + up, "y": y - up}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        follows(page, panel, {"x": -2, "y": 6, "z": -4})
        assert page.evaluate("scrollY") == 0
        assert (
            page.get_by_text("What has a ring in the picture can be dragged up and down, too.").count() == 1
        )
        assert barriers(page, "main") == []
