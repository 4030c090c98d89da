"""Moving an explorable in a browser as a student does, and asserting after each move that its numbers are true."""

import pytest

from autograder.bench import browser as tools
from autograder.tests.explore.truth import GUESS_FIRST, assert_alt_is_true

# Seconds after which a picture that has not followed never will: no machine is so busy.
PATIENCE = 60
# Between two looks at it: each takes processor time that the picture needs.
PAUSE = 0.1


def settle(shown: tools.Explorable, revealed: bool = False) -> None:
    """Waits until the picture's numbers are those of the controls; fails with the difference."""

    def true() -> bool:
        try:
            assert_alt_is_true(shown.title, shown.values(), shown.alt, revealed)
        except AssertionError:
            return False
        return True

    try:
        tools.until(true, "the picture follows the controls", PATIENCE, PAUSE)
    except AssertionError:
        assert_alt_is_true(shown.title, shown.values(), shown.alt, revealed)
        raise


def changes(shown: tools.Explorable, before: str, revealed: bool = False) -> None:
    """Waits until the picture says something else, and that it is true."""
    tools.until(lambda: shown.alt != before, f"the picture changes from {before!r}", PATIENCE, PAUSE)
    settle(shown, revealed)


def move_every_slider(shown: tools.Explorable) -> None:
    """Each slider by keyboard; the first, for all are of one make, to both ends, by mouse and by typing too."""
    first, *others = shown.sliders()
    by_keyboard(shown, first, both_ends=True)
    for label in others:
        by_keyboard(shown, label)
    by_mouse(shown, first)
    by_typing(shown, first)


def by_keyboard(shown: tools.Explorable, label: str, both_ends: bool = False) -> None:
    """To one end and a step back, then to the other; a letter does nothing in JupyterLab."""
    slider, cells = shown.slider(label), shown.notebook.cells()
    low, high, step = (float(slider.get_attribute(name) or "nan") for name in ("min", "max", "step"))
    slider.focus()
    keys = (("Home", low), ("ArrowRight", low + step), ("End", high), ("ArrowDown", high - step))
    for key, wanted in keys if both_ends else keys[:2]:
        before, value = shown.alt, float(slider.input_value())
        shown.notebook.page.keyboard.press(key)
        assert float(slider.input_value()) == pytest.approx(wanted), f"{key} moves the slider {label!r}"
        # Each key by itself: `Home` and a step may lead back to where the slider was.
        if value != pytest.approx(wanted):
            changes(shown, before)
    shown.notebook.page.keyboard.press("b")
    assert shown.notebook.cells() == cells, "`b` in a slider inserted a cell"


def by_mouse(shown: tools.Explorable, label: str) -> None:
    """A click on the slider's bar."""
    before, slider = shown.alt, shown.slider(label)
    box = slider.bounding_box()
    assert box is not None
    slider.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    changes(shown, before)


def by_typing(shown: tools.Explorable, label: str) -> None:
    """The lowest value, typed, with a letter that is ignored."""
    before, field, cells = shown.alt, shown.field(label), shown.notebook.cells()
    lowest = shown.slider(label).get_attribute("min") or ""
    field.fill(lowest)
    for key in ("b", "Enter"):
        shown.notebook.page.keyboard.press(key)
    changes(shown, before)
    assert float(field.input_value()) == float(lowest)
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


def drag_point(shown: tools.Explorable, label: str) -> None:
    """Drags the picture's point to the right; the slider of that name and the picture follow."""
    before, value = shown.alt, float(shown.slider(label).input_value())
    ring = shown.cell.locator(".explore-grip")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = shown.notebook.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 40, y, steps=8)
    mouse.up()
    changes(shown, before)
    assert float(shown.slider(label).input_value()) > value


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
