"""A reading page with Python in it: pictures move, exercises answer, and nothing comes from another machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Locator, Page, expect

from autograder.bench.serving import served
from autograder.tests.browser.axe import barriers
from autograder.tests.site.conftest import LESSON

# Python starts slowly on a machine that has other things to do.
PATIENCE = 120_000
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHIFT = "def shift_logits(z):\n    return z - np.max(z, axis=-1, keepdims=True)\n"
SOFTMAX = (
    "def softmax(z):\n    e = np.exp(shift_logits(z))\n    return e / np.sum(e, axis=-1, keepdims=True)\n"
)


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site under a path of its own, as on GitHub's pages."""
    with served(site.parent) as where:
        yield f"{where}/{site.name}"


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The lesson's page, open from test to test: Python is started once."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    complaints: list[str] = []
    origin = address.rpartition("/")[0]
    context.on(
        "request",
        lambda r: None if r.url.startswith((origin, "data:", "blob:")) else complaints.append(r.url),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/{LESSON}.html")
    yield page
    expect.set_options(timeout=5_000)
    context.close()
    assert complaints == []


def explorable(page: Page, number: int) -> Locator:
    return page.locator("figure.explorable").nth(number)


def check_it(page: Page, exercise: str, source: str) -> Locator:
    """Types a function into its place on the page and has it checked."""
    place = page.locator(f'.exercise[data-exercise="{exercise}"]')
    opener = place.get_by_role("button", name="Write it here")
    if opener.count():
        opener.click()
    place.get_by_label(f"Your {exercise}").fill(source)
    button = place.get_by_role("button", name="Check it")
    button.click()
    expect(button).to_be_enabled()
    return place.locator(".result")


def test_pictures_stand_there_before_any_python(page: Page) -> None:
    image = explorable(page, 0).locator(".shown img")
    expect(image).to_have_attribute("src", re.compile(r"^pictures/"))
    expect(explorable(page, 0).get_by_role("slider").first).to_be_visible()


def test_a_slider_moves_its_picture(page: Page) -> None:
    figure = explorable(page, 0)
    figure.get_by_role("slider", name="logit z1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    image = figure.locator(".shown img")
    expect(image).to_have_attribute("alt", re.compile(r"^Logits 2\.[1-9]"))
    figure.get_by_role("button", name="huge logits").click()
    expect(image).to_have_attribute("alt", re.compile("1002.0"))
    expect(figure.get_by_role("spinbutton", name="c, added to every logit, typed")).to_have_value("1000")
    expect(figure.locator(".status")).to_be_empty()


def test_a_finger_moves_it_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    figure = explorable(page, 0)
    slider = figure.get_by_role("slider", name="logit z3", exact=True)
    slider.scroll_into_view_if_needed()
    before = figure.locator(".shown img").get_attribute("alt") or ""
    bar = slider.bounding_box()
    assert bar
    page.touchscreen.tap(bar["x"] + 0.8 * bar["width"], bar["y"] + bar["height"] / 2)
    expect(figure.locator(".shown img")).not_to_have_attribute("alt", before)
    assert not page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_function_is_checked_and_drawn_beside_the_reference(page: Page) -> None:
    expect(check_it(page, "shift_logits", SHIFT)).to_contain_text("3 of 3 points")
    wrong = check_it(page, "softmax", SOFTMAX.replace(", axis=-1, keepdims=True)", ")"))
    expect(wrong).to_contain_text("1 of 4 points")
    expect(wrong).to_contain_text("axis=-1")
    expect(wrong.get_by_text("Hint 1 of 3")).to_be_visible()
    assert wrong.locator("details math").count() > 0, "the hints' formulas are drawn"
    expect(check_it(page, "softmax", SOFTMAX)).to_contain_text("4 of 4 points")
    image = explorable(page, 1).locator(".shown img")
    expect(image).to_have_attribute("alt", re.compile("Your softmax agrees with the reference"))


def test_a_loop_without_end_ends(page: Page) -> None:
    loop = "def softmax(z):\n    while True:\n        pass\n"
    expect(check_it(page, "softmax", loop)).to_contain_text("It was not done when")
    expect(check_it(page, "softmax", "while True: pass")).to_contain_text("does a loop never end?")
    expect(check_it(page, "softmax", SOFTMAX)).to_contain_text("4 of 4 points")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def softmax(z)\n    return z", "SyntaxError"),
        ("def sofmax(z):\n    return z", "There is no function softmax"),
        ("def softmax(z):\n    return y", "NameError"),
        ("def softmax(z):\n    raise NotImplementedError()", "not written yet"),
        ("import sys\nsys.exit()", "SystemExit"),
    ],
)
def test_a_slip_gets_a_sentence(page: Page, source: str, sentence: str) -> None:
    expect(check_it(page, "softmax", source)).to_contain_text(sentence)


def test_what_was_written_is_there_again(page: Page) -> None:
    check_it(page, "softmax", SOFTMAX)
    page.reload()
    field = page.get_by_label("Your softmax", exact=True)
    expect(field).to_have_value(SOFTMAX)
    page.locator('.exercise[data-exercise="softmax"]').get_by_role("button", name="Start over").click()
    expect(field).to_have_value(re.compile("NotImplementedError"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_and_nothing_spills(
    page: Page, address: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name in ("index.html", f"{LESSON}.html"):
        page.goto(f"{address}/{name}")
        assert not page.evaluate(SIDEWAYS), name
        assert barriers(page, "html") == [], name


def test_the_first_page_has_a_slider_that_moves_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    image = page.locator("#taste .shown img")
    before = image.get_attribute("alt") or ""
    slider = page.get_by_role("slider", name="Move the logit of class 2")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert image.get_attribute("alt") != before
    assert slider.get_attribute("aria-valuetext") == image.get_attribute("alt")


def test_without_webassembly_the_page_can_still_be_read(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    page.goto(f"{address}/{LESSON}.html")
    figure = explorable(page, 0)
    figure.get_by_role("button", name="huge logits").click()
    expect(figure.locator(".status")).to_contain_text("this browser cannot run Python")
    expect(figure.locator(".shown img")).to_be_visible()
    context.close()
