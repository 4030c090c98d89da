"""The reading copy: every lesson, every picture, formulas drawn by the browser itself, no answer, no network."""

import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbgrader import utils

from autograder import course
from autograder.build import notebook as build
from autograder.build.release import NotEmptyError
from autograder.site.book import write_book
from autograder.site.links import to_pages
from autograder.site.make_font import signs


@functools.cache
def pages(book: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in book.glob("*.html")}


@functools.cache
def soup(book: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup(pages(book)[name], "html.parser")


def ids(book: Path, name: str) -> set[str]:
    return {element["id"] for element in soup(book, name).find_all(id=True)}


def test_there_is_a_page_for_each_lesson_and_an_index(book: Path) -> None:
    lessons = (f"{lesson.name}.html" for lesson in course.LESSONS)
    assert set(pages(book)) == {"index.html", "notation.html", *lessons}
    index = soup(book, "index.html")
    links = [link["href"] for link in index.select("ol.lessons h2 a")]
    assert links == [f"{lesson.name}.html" for lesson in course.LESSONS]


def test_the_first_page_names_every_exercise(book: Path) -> None:
    index = soup(book, "index.html")
    named = [name.get_text() for name in index.select(".facts code")]
    assert named == [name for lesson in course.LESSONS for name in build.checked(lesson).exercises]


def test_previous_and_next_lead_through_the_course(book: Path) -> None:
    names = [f"{lesson.name}.html" for lesson in course.LESSONS]
    for way, expected in (("next", names), ("prev", names[-2::-1])):
        seen, page = [], "index.html" if way == "next" else names[-1]
        while link := soup(book, page).find("a", rel=way):
            page = link["href"]
            seen.append(page)
        assert seen == expected


def test_nothing_comes_from_elsewhere_and_every_link_leads_somewhere(book: Path) -> None:
    for name, text in pages(book).items():
        anchors = ids(book, name)
        for kind, target in re.findall(r'\b(src|href)="([^"]*)"', text):
            path, _, anchor = target.partition("#")
            assert target == "data:," or not path or (book / path).is_file(), f"{name}: {kind} {target[:80]}"
            assert not anchor or anchor in (ids(book, path) if path else anchors), f"{name}: {target}"
        assert "@import" not in text
    style = (book / "book.css").read_text(encoding="utf-8")
    assert all((book / target).is_file() for target in re.findall(r'url\("([^"]+)"\)', style))
    assert "://" not in style + (book / "book.js").read_text(encoding="utf-8")


def test_every_formula_is_drawn(book: Path) -> None:
    for lesson in course.LESSONS:
        text = pages(book)[f"{lesson.name}.html"]
        prose = re.sub(r"<(pre|code)\b.*?</\1>|<math.*?</math>|<img[^>]*>", " ", text, flags=re.DOTALL)
        assert text.count("<math") > 20
        assert "$" not in re.sub(r"<[^>]+>", " ", prose)
        assert not re.search(r"\\[a-z]{2,}", re.sub(r"<[^>]+>", " ", prose))
        assert "\\" not in "".join(re.findall(r"<mi[^>]*>([^<]*)</mi>", text)), (
            "a command that was not understood"
        )


def test_the_font_has_every_sign_of_every_formula(book: Path) -> None:
    kept = {chr(sign) for sign in signs()}
    for name, text in pages(book).items():
        for formula in re.findall(r"<math.*?</math>", text, re.DOTALL):
            missing = set(BeautifulSoup(formula, "html.parser").get_text()) - kept - {"\n"}
            assert not missing, f"{name}: make the font anew with {missing}, see make_font.py"
    assert (book / "stix-two-math.OFL.txt").is_file()


def test_pictures_are_there_and_answers_are_not(book: Path) -> None:
    for lesson in course.LESSONS:
        text = pages(book)[f"{lesson.name}.html"]
        draft = build.checked(lesson)
        calls = sum(
            cell.source.count("explore.") + cell.source.count("show_figure(")
            for cell in draft.student.cells
            if cell.cell_type == "code" and not utils.is_solution(cell)
        )
        assert len(re.findall(r'<img [^>]*alt="[^"]{20,}"', text)) >= calls
        assert "data:image" not in text
        assert text.count("NotImplementedError") >= len(draft.exercises)
        assert "YOUR ANSWER HERE" in text
        assert "autograder.bank" not in text
        for cell in draft.source.cells:
            if utils.is_solution(cell) and cell.cell_type == "markdown":
                answer = [line for line in cell.source.splitlines() if "SOLUTION" not in line]
                assert not any(line.strip() in text for line in answer if len(line.strip()) > 40)


def test_no_answer_in_code_stands_on_a_page(book: Path) -> None:
    for lesson in course.LESSONS:
        page = soup(book, f"{lesson.name}.html")
        shown = " ".join(page.get_text().split())
        for source, student in zip(
            build.checked(lesson).source.cells, build.checked(lesson).student.cells, strict=True
        ):
            if not utils.is_solution(source) or source.cell_type != "code":
                continue
            answer = source.source.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]
            assert " ".join(answer.split()) not in shown
            assert " ".join(student.source.split()) in shown


def test_every_explorable_has_a_picture_for_each_of_its_buttons(book: Path) -> None:
    for lesson in course.LESSONS:
        page = soup(book, f"{lesson.name}.html")
        for figure in page.select("figure.explorable"):
            buttons = [button["data-picture"] for button in figure.select("button[data-picture]")]
            pictures = [each["data-picture"] for each in figure.select("template[data-picture]")]
            assert buttons == pictures
            if figure.select_one("button.reveal"):
                assert len(figure.select("template[data-guess]")) == len(pictures)
                first = figure.select_one(".shown img")["alt"]
                held_back = figure.find("template", attrs={"data-guess": "0"}).find("img")["alt"]
                assert first != held_back, "on paper what is to be guessed stands there"


def test_the_caller_has_no_progress_of_it(book: Path) -> None:
    assert list((book.parent / "progress").iterdir()) == []


def test_code_that_only_draws_is_folded_away(book: Path) -> None:
    for name in pages(book):
        for block in soup(book, name).select("pre.code"):
            draws = "show_figure(" in block.get_text() and "def " not in block.get_text().split("\n")[0]
            if draws and block.get_text().count("\n") > 15:
                assert block.find_parent("details"), f"{name}: {block.get_text()[:80]}"


def test_words_stand_left_and_numbers_right(book: Path) -> None:
    page = soup(book, "04-softmax.html")
    cells = page.select("table td, table th")
    assert {cell.get_text() for cell in cells if "number" in (cell.get("class") or [])} >= {"-1.0"}
    assert not [cell for cell in cells if cell.get("style") and "right" in cell["style"]]
    assert not [heading for heading in page.select("th") if not heading.get_text(strip=True)]


def test_the_search_index_leads_to_headings_and_holds_their_text(book: Path) -> None:
    text = (book / "search-index.js").read_text(encoding="utf-8")
    found = json.loads(text.removeprefix("window.courseIndex = ").rstrip().removesuffix(";"))
    assert len(found) > 100
    for address, title, _, _ in found:
        page, anchor = address.split("#")
        heading = soup(book, page).find(id=anchor)
        assert heading
        assert title.split()[0] in heading.get_text(" ")
    [shift] = [text for address, _, _, text in found if address.endswith("#a-shift-changes-nothing")]
    assert "shift invariance" in shift
    assert "Exercise 1" not in shift


def test_it_overwrites_nothing(book: Path) -> None:
    with pytest.raises(NotEmptyError):
        next(write_book(book))
    command = [sys.executable, "-m", "autograder.cli", "book", str(book)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "not empty" in result.stderr


def test_links_between_lessons_lead_to_pages() -> None:
    html = (
        '<a href="../02-chain-rule/02-chain-rule.ipynb#Why">2</a> <a href="../notation.md">n</a> '
        '<a href="01-gradient-descent/01-gradient-descent.ipynb">1</a> <a href="style.css">s</a>'
    )
    assert re.findall(r'href="([^"]+)"', to_pages(html)) == [
        "02-chain-rule.html#Why",
        "notation.html",
        "01-gradient-descent.html",
        "style.css",
    ]
