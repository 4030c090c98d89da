"""The reading copy: every lesson, every picture, formulas drawn by the browser itself, no answer, no network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader import utils

from autograder import course
from autograder.build import notebook as build
from autograder.build.release import NotEmptyError
from autograder.lab.markdown import markdown_to_html
from autograder.site.book import write_book
from autograder.site.links import to_pages


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book") / "course"
    assert len(list(write_book(folder))) == len(course.LESSONS) + 2  # the notation and the index
    return folder


def pages(book: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in book.glob("*.html")}


def test_there_is_a_page_for_each_lesson_and_an_index(book: Path) -> None:
    lessons = (f"{lesson.name}.html" for lesson in course.LESSONS)
    assert set(pages(book)) == {"index.html", "notation.html", *lessons}
    index = pages(book)["index.html"]
    assert re.findall(r'<li><a href="([^"]+)"', index) == [f"{lesson.name}.html" for lesson in course.LESSONS]


def test_previous_and_next_lead_through_the_course(book: Path) -> None:
    names = [f"{lesson.name}.html" for lesson in course.LESSONS]
    seen, page = [], re.search(r'<nav>.*?href="([^"]+)"', pages(book)["index.html"], re.DOTALL).group(1)
    while page:
        seen.append(page)
        following = re.search(r'href="([^"]+)">[^<]*&rarr;', pages(book)[page])
        page = following.group(1) if following else None
    assert seen == names
    assert f'href="{names[0]}">&larr;' in pages(book)[names[1]]


def test_nothing_comes_from_elsewhere(book: Path) -> None:
    for name, text in pages(book).items():
        for kind, target in re.findall(r'\b(src|href)="([^"]*)"', text):
            assert target.startswith(("data:image/", "#")) or (book / target).exists(), (
                f"{name}: {kind} {target[:80]}"
            )
        assert "<script" not in text
        assert "@import" not in text
    assert "url(" not in (book / "style.css").read_text(encoding="utf-8")


def test_every_formula_is_drawn(book: Path) -> None:
    for lesson in course.LESSONS:
        text = pages(book)[f"{lesson.name}.html"]
        prose = re.sub(r"<(pre|code)\b.*?</\1>|<math.*?</math>|<img[^>]*>", " ", text, flags=re.DOTALL)
        assert text.count("<math") > 20
        assert "$" not in re.sub(r"<[^>]+>", " ", prose)
        assert not re.search(r"\\[a-z]{2,}", re.sub(r"<[^>]+>", " ", prose))
        assert "\\" not in "".join(re.findall(r"<mi>([^<]*)</mi>", text)), "a command that was not understood"


def test_pictures_are_there_and_answers_are_not(book: Path) -> None:
    for lesson in course.LESSONS:
        text = pages(book)[f"{lesson.name}.html"]
        draft = build.checked(lesson)
        calls = sum(
            cell.source.count("explore.") + cell.source.count("show_figure(")
            for cell in draft.student.cells
            if cell.cell_type == "code" and not utils.is_solution(cell)
        )
        assert len(re.findall(r'<img alt="[^"]{20,}"', text)) >= calls
        assert text.count("NotImplementedError") >= len(draft.exercises)
        assert "YOUR ANSWER HERE" in text
        assert "autograder.bank" not in text
        for cell in draft.source.cells:
            if utils.is_solution(cell) and cell.cell_type == "markdown":
                answer = [line for line in cell.source.splitlines() if "SOLUTION" not in line]
                assert not any(line.strip() in text for line in answer if len(line.strip()) > 40)


def test_a_formula_becomes_mathml_and_code_stays_code() -> None:
    html = markdown_to_html(
        "The slope $s(1-s)$ and `$x`:\n\n$$J_{ij} = \\frac{\\partial p_i}{\\partial z_j}$$"
    )
    assert html.count("<math") == 2
    assert 'display="block"' in html
    assert "<code>$x</code>" in html


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
