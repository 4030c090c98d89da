"""Hostile and clumsy submissions, graded once beside honest classmates: each gets what is due, nothing else changes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.build.notebook import checked
from autograder.grading.settings import COURSE_ID
from autograder.tests.hostile import channel, clumsy, forging, harming, leaking, markup, outside  # noqa: F401
from autograder.tests.hostile.ground import HONEST, SECRET, SECRETS, listening, make_class, not_to_change
from autograder.tests.hostile.paper import ALL, LESSON, MARK, Hostile
from autograder.tests.needs import require

# A picture that a page would load from somewhere.
OUTSIDE = re.compile(r"<img[^>]*src=(?![\"']?data:)[^>]*")


@dataclass
class Graded:
    """The class after grading, and what was there before."""

    directory: Path
    said: str
    code: int
    entries: dict[str, dict[str, Any]]
    alone: dict[str, dict[str, Any]]
    outside_before: dict[str, str]
    outside_after: dict[str, str]
    connections: list[Any]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """One class of all of them, graded by the command; and the honest ones graded alone, with the same seed."""
    require("bubblewrap")
    base = tmp_path_factory.mktemp("hostile")
    draft = checked(course.lesson(LESSON))
    alone, together = make_class(base / "alone", draft), make_class(base / "class", draft)
    (base / "secret.txt").write_text(SECRET)
    connections: list[Any] = []
    with listening(connections) as port:
        places = {"class": together, "course": course.ROOT, "secret": base / "secret.txt", "root": Path("/")}
        places |= {"canary": base / "canary", "port": Path(str(port))}
        places |= {"honest": together / "submitted" / "aa-ada" / LESSON}
        released = json.loads(nbformat.writes(draft.student))
        for each in ALL:
            each.hand_in(released, together / "submitted", places)
        before = not_to_change(base, together)
        result = grade(together, "--cell-seconds", "2", "--notebook-seconds", "14")
        after = not_to_change(base, together)
    honest = grade(alone, "--cell-seconds", "2", "--notebook-seconds", "14")
    assert honest.returncode == 0, honest.stderr
    said = result.stdout + result.stderr
    yield Graded(
        together, said, result.returncode, journal(together), journal(alone), before, after, connections
    )
    shutil.rmtree(base, ignore_errors=True)


def grade(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command, as an instructor runs it."""
    command = [sys.executable, "-m", "autograder.cli", "grade", str(directory), "--seed", "7", *options]
    environment = os.environ | {"PYTHONPATH": str(course.ROOT), "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=environment, timeout=600, check=False
    )


def journal(directory: Path) -> dict[str, dict[str, Any]]:
    """What the journal says of every student."""
    path = directory / "grading" / "journal.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {row["student"]: row for row in rows if row["kind"] == "graded"}


def entry_of(graded: Graded, each: Hostile) -> dict[str, Any]:
    """The journal's entry of a submission, whatever its folder was named."""
    if each.name == "a-students-name":
        return graded.entries["h23-<script>alert(1)<|script>"]
    if each.name == "a-name-in-brackets":
        return graded.entries["h23-[red][link=javascript:alert(1)]"]
    assert each.student in graded.entries, f"it was not graded: {graded.said[-3000:]}"
    return graded.entries[each.student]


@pytest.mark.parametrize("each", ALL, ids=lambda each: f"row-{each.row:02}-{each.name}")
def test_it_gets_what_is_due(graded: Graded, each: Hostile) -> None:
    entry = entry_of(graded, each)
    assert (entry["status"], sum(entry["earned"].values())) == (each.status, each.points), entry
    assert each.says in " ".join(entry["notes"]), entry["notes"]
    assert each.status == "graded" or entry["notes"], "a status without a sentence"


def test_the_command_comes_to_its_end(graded: Graded) -> None:
    assert graded.code == 0, graded.said[-3000:]
    assert "Traceback" not in graded.said
    assert len(graded.entries) == len(ALL) + len(HONEST)


@pytest.mark.parametrize("student", HONEST)
def test_classmates_have_their_own_points(graded: Graded, student: str) -> None:
    here, alone = graded.entries[student], graded.alone[student]
    assert (here["status"], here["earned"], here["notes"]) == ("graded", alone["earned"], [])
    assert sum(here["earned"].values()) == HONEST[student]


def test_the_gradebook_says_the_same(graded: Graded) -> None:
    with Gradebook(f"sqlite:///{graded.directory / 'gradebook.db'}", COURSE_ID) as book:
        assert {student.id for student in book.students} == set(graded.entries)
        for student, entry in graded.entries.items():
            grades = {
                grade.name: grade.auto_score
                for grade in book.find_submission_notebook(LESSON, LESSON, student).grades
            }
            assert entry["earned"].items() <= grades.items(), student


def test_nothing_outside_changed(graded: Graded) -> None:
    changed = {
        path
        for path in graded.outside_before.keys() | graded.outside_after.keys()
        if graded.outside_before.get(path) != graded.outside_after.get(path)
    }
    assert not changed


def test_nobody_reached_the_network(graded: Graded) -> None:
    assert graded.connections == []
    assert "went through" not in text_of(graded, "h19-network")


def test_no_process_is_left(graded: Graded) -> None:
    left = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                said = (folder / "comm").read_text() + (folder / "cmdline").read_text(errors="replace")
            except OSError:
                continue
            if MARK in said:
                left.append(said)
    assert left == []


def made(graded: Graded) -> Iterator[Path]:
    """Every file that grading made."""
    for name in ("autograded", "feedback", "grading"):
        yield from (path for path in (graded.directory / name).rglob("*") if path.is_file())
    yield graded.directory / "gradebook.db"


def test_no_secret_is_told(graded: Graded) -> None:
    for path in made(graded):
        assert not path.is_symlink()
        told = path.read_bytes().decode(errors="replace")
        assert not [secret for secret in SECRETS if secret in told], path


def test_no_hidden_number_gets_out(graded: Graded) -> None:
    for path in made(graded):
        if path.suffix != ".db":
            assert not leaking.LEAKED.findall(path.read_text(encoding="utf-8", errors="replace")), path


def test_what_a_cell_shows_is_what_it_shows_without_a_hidden_case(graded: Graded) -> None:
    assert "calls so far: 0" in text_of(graded, "h33-shown-again-without-a-question")


def test_nothing_that_knows_answers_is_behind_the_walls(graded: Graded) -> None:
    cell = json.loads(text_of(graded, "h06-the-kits-own-answers"))["cells"][0]
    shown = "".join(output["text"] for output in cell["outputs"])
    assert "run.py" in shown
    for name in ("judge", "training", "softmax_bars", "files", "report"):
        assert name not in shown


def test_what_is_kept_is_small(graded: Graded) -> None:
    for path in made(graded):
        if path.suffix in (".ipynb", ".html"):
            assert path.stat().st_size < 3_000_000, path
    assert "cut the rest" in text_of(graded, "h18-two-hundred-megabytes-on-a-line")


def text_of(graded: Graded, student: str) -> str:
    """A graded notebook."""
    return (graded.directory / "autograded" / student / LESSON / f"{LESSON}.ipynb").read_text(
        encoding="utf-8"
    )


def test_every_graded_notebook_is_one(graded: Graded) -> None:
    for path in sorted((graded.directory / "autograded").glob(f"*/*/{LESSON}.ipynb")):
        nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.parametrize(
    ("student", "forbidden"),
    [
        ("h15-files-in-memory", "memfd went through"),
        ("h15-memory-that-nobody-holds", "hidden pages"),
        ("h21-files-that-are-links", SECRET),
    ],
)
def test_the_wall_stood(graded: Graded, student: str, forbidden: str) -> None:
    assert forbidden not in text_of(graded, student)


def test_nothing_could_be_written(graded: Graded) -> None:
    cell = json.loads(text_of(graded, "h20-everything-overwritten"))["cells"][0]
    assert "".join(output["text"] for output in cell["outputs"]) == "[]\n", cell["outputs"]


class Runs(HTMLParser):
    """Collects what of a page a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.kept: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "style", "base", "meta", "link"):
            self.kept = tag
            self.found.append(f"<{tag} {attributes}>")
        for name, value in attributes:
            sly = "".join((value or "").split()).lower()
            if (
                name.startswith("on")
                or sly.startswith(("javascript:", "vbscript:", "data:text"))
                or name == "srcdoc"
            ):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.kept in ("script", "style"):
            self.found.append(data)
        self.kept = None


def runs(page: str) -> list[str]:
    """What of the page a browser would run, and what MathJax would make run of its text."""
    parser = Runs()
    parser.feed(page)
    return parser.found


MARKUP = [each for each in ALL if each.row == 23]


@pytest.fixture(scope="module")
def stock_pages(graded: Graded) -> dict[str, dict[str, str]]:
    """Pages that nbgrader's own templates make of the graded notebooks: feedback and formgrader; of one honest too."""
    import nbgrader.server_extensions.formgrader as formgrader
    from nbconvert import HTMLExporter
    from nbgrader.preprocessors import GetGrades
    from traitlets.config import Config

    templates = Path(formgrader.__file__).parent / "templates"
    pages: dict[str, dict[str, str]] = {"feedback": {}, "formgrade": {}}
    for kind, kept in pages.items():
        exporter = HTMLExporter(
            template_name=kind,
            extra_template_basedirs=[str(templates)],
            extra_template_paths=[
                str(templates.parent / "static" / "node_modules" / "bootstrap" / "dist" / "css")
            ],
            config=Config(HTMLExporter={"preprocessors": [GetGrades] if kind == "feedback" else []}),
        )
        for student in ("zz-zoe", *(entry_of(graded, each)["student"] for each in MARKUP)):
            path = graded.directory / "autograded" / student / LESSON / f"{LESSON}.ipynb"
            names = {"assignment": LESSON, "notebook": LESSON, "student": student}
            resources = {"nbgrader": names | {"db_url": f"sqlite:///{graded.directory / 'gradebook.db'}"}}
            shown = {
                "assignment_id": LESSON,
                "notebook_id": LESSON,
                "student": "s",
                "base_url": "",
                "index": 0,
            }
            shown |= {
                "total": 1,
                "submission_id": "1",
                "last_name": "",
                "first_name": "",
                "notebook_path": "",
            }
            kept[student] = exporter.from_filename(str(path), resources=resources | shown)[0]
    return pages


@pytest.mark.parametrize("each", MARKUP, ids=lambda each: each.name)
@pytest.mark.parametrize("kind", ["feedback", "formgrade"])
def test_stock_pages_run_nothing_of_a_student(
    graded: Graded, stock_pages: dict[str, dict[str, str]], kind: str, each: Hostile
) -> None:
    """The page runs what an honest student's page runs, and not a thing more."""
    page = stock_pages[kind][entry_of(graded, each)["student"]]
    assert len(page) > 10_000
    assert set(runs(page)) <= set(runs(stock_pages[kind]["zz-zoe"]))


def test_our_feedback_pages_run_nothing(graded: Graded) -> None:
    honest = (graded.directory / "feedback" / "zz-zoe" / LESSON / f"{LESSON}.html").read_text()
    pages = sorted((graded.directory / "feedback").rglob("*.html"))
    assert len(pages) == len(graded.entries)
    for path in pages:
        assert set(runs(path.read_text(encoding="utf-8"))) <= set(runs(honest)), path


def test_no_page_loads_a_picture_from_elsewhere(stock_pages: dict[str, dict[str, str]]) -> None:
    for pages in stock_pages.values():
        found = re.findall(OUTSIDE, pages["h23-pictures-that-are-not-inside"])
        assert found == re.findall(OUTSIDE, pages["zz-zoe"])
        assert "data:image/png;base64,AAAA" in pages["h23-pictures-that-are-not-inside"]


def test_the_detector_detects() -> None:
    assert len(runs("<p onclick=x><script>y</script><a href=' java\nscript:1'>")) == 4
    assert runs("<p>&lt;script&gt; <b>onclick=x</b></p>") == []
