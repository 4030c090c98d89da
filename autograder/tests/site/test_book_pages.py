"""The reading copy in a browser: wide and narrow, light and dark, by mouse and keyboard, on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from autograder.bench.serving import served
from autograder.tests.browser.axe import barriers

# Guesses and a boxed formula; tables and sliders; the longest formulas in a line, and the widest figures.
LESSONS = ("02-chain-rule", "04-softmax", "08-backprop-by-hand")
PAGES = ("index.html", *(f"{name}.html" for name in LESSONS))
# A desktop, a phone, and a desktop's page at 400 %.
WIDTHS = (1280, 390, 320)
SPILLING = """() => {
  const edge = document.documentElement.clientWidth, found = [];
  for (const element of document.querySelectorAll('body *')) {
    const box = element.parentElement.closest('.scroll, math');
    if (!box && element.getBoundingClientRect().right > edge + 1 && element.checkVisibility())
      found.push(`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 60)}`);
  }
  if (document.documentElement.scrollWidth > edge) found.push('the page scrolls sideways');
  return found;
}"""
CUT = """() => [...document.querySelectorAll('math[display="block"]')].filter(formula => {
  const box = formula.closest('.scroll');
  return formula.firstElementChild.getBoundingClientRect().width > box.clientWidth + 1 && box.tabIndex !== 0;
}).map(formula => formula.textContent)"""
SIDE_BY_SIDE = """() => [...document.querySelectorAll('.formula')].filter(
  box => box.children.length > 1 && box.scrollWidth > box.clientWidth + 1).map(box => box.textContent)"""
SCROLLING = """() => [...document.querySelectorAll('.scroll, pre')].filter(
  box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1
).map(box => [box.tabIndex, box.getAttribute('aria-label') || ''])"""


@pytest.fixture(scope="module")
def address(book: Path) -> Iterator[str]:
    with served(book) as where:
        yield where


class Reader:
    """A browser's window, and what went wrong in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.address = address
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked {url}")

    def open(self, name: str) -> Page:
        """Opens a page, its font and the pictures in sight loaded."""
        self.page.goto(f"{self.address}/{name}", wait_until="load")
        self.page.evaluate("document.fonts.ready")
        # ResizeObserver speaks with the next frame.
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self.page


@pytest.fixture
def reader(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    options = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    context = chromium.new_context(**options)
    reader = Reader(context, address)
    yield reader
    context.close()
    assert reader.complaints == []


def window(width: int, **options: object) -> dict[str, object]:
    return {"viewport": {"width": width, "height": 900}, **options}


@pytest.mark.parametrize("reader", [window(width) for width in WIDTHS], indirect=True, ids=map(str, WIDTHS))
def test_no_page_scrolls_sideways_and_nothing_is_cut(reader: Reader) -> None:
    for name in PAGES:
        page = reader.open(name)
        assert page.evaluate(SPILLING) == [], name
        assert page.evaluate(CUT) == [], name
        if page.viewport_size != {"width": 320, "height": 900}:
            assert page.evaluate(SIDE_BY_SIDE) == [], f"{name}: the second formula has room below the first"
        for stop, label in page.evaluate(SCROLLING):
            assert stop == 0, f"{name}: what scrolls is out of the keyboard's reach"
            assert label, name


@pytest.mark.parametrize(
    "reader",
    [window(1280, color_scheme="light"), window(390, color_scheme="dark")],
    indirect=True,
    ids=["wide and light", "narrow and dark"],
)
def test_axe_finds_nothing_serious(reader: Reader) -> None:
    for name in PAGES:
        page = reader.open(name)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        assert barriers(page, "html") == [], name


@pytest.mark.parametrize("reader", [window(1280, color_scheme="dark")], indirect=True)
def test_dark_and_light_by_the_system_and_by_the_button(reader: Reader) -> None:
    page = reader.open(PAGES[1])
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    button = page.get_by_role("button", name=re.compile("^Colours:"))
    button.click()
    expect(button).to_have_text("Colours: light")
    assert page.evaluate(colour) != dark
    reader.open(PAGES[2])
    expect(button).to_have_text("Colours: light")
    button.click()
    expect(button).to_have_text("Colours: dark")
    assert page.evaluate(colour) == dark


def test_formulas_stand_in_the_font_that_lies_beside_the_pages(reader: Reader) -> None:
    page = reader.open("02-chain-rule.html")
    loaded = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    assert page.evaluate(loaded) == ["Course Math"]
    box = page.evaluate(
        """() => { const box = document.querySelector('math [style*="border"]'), frame = box.getBoundingClientRect();
        const inner = [...box.children].map(child => child.getBoundingClientRect());
        return [Math.min(...inner.map(each => each.left)) - frame.left,
                frame.right - Math.max(...inner.map(each => each.right))]; }"""
    )
    assert all(room >= 5 for room in box), "the box's content touches its frame"


def test_a_button_shows_its_picture(reader: Reader) -> None:
    page = reader.open("04-softmax.html")
    figure = page.locator("figure.explorable").first
    image = figure.locator(".shown img")
    before = image.get_attribute("alt")
    button = figure.get_by_role("button", name="huge logits")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(image).not_to_have_attribute("alt", before or "")
    assert "1002.0" in (image.get_attribute("alt") or "")
    image.evaluate("image => image.decode()")
    assert "1002.0" in figure.locator(".shown table").text_content()


def test_what_is_to_be_guessed_is_held_back_until_reveal(reader: Reader) -> None:
    page = reader.open("02-chain-rule.html")
    figure = page.locator("figure.explorable").first
    table = figure.locator(".shown table")
    reveal = figure.get_by_role("button", name="Reveal")
    expect(table).to_contain_text("?")
    reveal.click()
    expect(table).not_to_contain_text("?")
    expect(reveal).to_be_disabled()
    figure.get_by_role("button", name="rate 0.05").click()
    expect(table).to_contain_text("?")
    expect(reveal).to_be_enabled()


def test_search_finds_sections_and_leads_there(reader: Reader) -> None:
    page = reader.open("index.html")
    field = page.get_by_role("searchbox", name="Search")
    results = page.get_by_role("region", name="Search results")
    field.fill("shift invariance")
    expect(results.get_by_role("status")).to_contain_text("section")
    field.fill("no such words anywhere")
    expect(results.get_by_role("status")).to_contain_text("Nothing has all of")
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    field.fill("shift invariance")
    expect(results.get_by_role("link").first).to_contain_text("A shift changes nothing")
    page.keyboard.press("Enter")
    expect(results.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/04-softmax.html#a-shift-changes-nothing")
    expect(page.locator("#a-shift-changes-nothing")).to_be_in_viewport()


def test_contents_stand_beside_the_text_or_fold_above_it(reader: Reader) -> None:
    page = reader.open("04-softmax.html")
    contents, text = page.get_by_role("navigation", name="In this lesson"), page.get_by_role("main")
    left, right = contents.bounding_box(), text.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] < right["x"]
    contents.get_by_role("link", name="Exercise 2: softmax").click()
    expect(page.get_by_role("heading", name="Exercise 2: softmax")).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 900})
    reader.open("04-softmax.html")
    expect(contents.get_by_role("link").first).to_be_hidden()
    contents.get_by_text("In this lesson").click()
    expect(contents.get_by_role("link").first).to_be_visible()


def test_on_paper_there_is_everything_but_the_buttons(reader: Reader, tmp_path: Path) -> None:
    page = reader.open("02-chain-rule.html")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("button", name="Reveal").first).to_be_hidden()
    expect(page.locator(".shown table").first).not_to_contain_text("?")
    for fold in page.locator("details.code").all():
        expect(fold.locator("pre")).to_be_visible()
    assert page.pdf(path=tmp_path / "page.pdf", format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("reader", [window(390, java_script_enabled=False)], indirect=True)
def test_without_scripts_everything_can_be_read(reader: Reader) -> None:
    reader.page.goto(f"{reader.address}/02-chain-rule.html")
    expect(reader.page.locator(".shown table").first).not_to_contain_text("?")
    expect(reader.page.get_by_role("searchbox")).to_be_hidden()
