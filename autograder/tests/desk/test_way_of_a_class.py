"""The whole way of a class with nbgrader's own commands: roster, release, fetch, submit, collect, grade, a person's
score and comment, adjust, feedback, release_feedback, fetch_feedback; two students, one exchange."""

import multiprocessing
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp

from autograder import cli, course
from autograder.build.notebook import checked
from autograder.grading.class_folder import make_class
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.grading.settings import COURSE_ID, put_environment_on_path

LESSON = "04-softmax"
NAMES = ("ada", "emil")
ROSTER = "id,name,email\nada,Ada Lovelace,ada@example.org\nemil,Emil Post,emil@example.org\nzoe,Zoe Doe,z@example.org\n"
COMMENT = "Well put: $e^{z} / 2$, and 1 < 2."

pytestmark = pytest.mark.needs("bubblewrap")


def in_a_process(act: Callable[[], object], where: Path) -> str:
    """Does something in a copy of this process, which has nbgrader loaded; what it printed. It ends with code 0."""
    log = where / ".said"

    def child() -> None:
        os.chdir(where)
        file = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
            stream.flush()
            os.dup2(file, descriptor)
        sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
        os.environ["COLUMNS"] = "80"
        act()

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    said = log.read_text()
    log.unlink()
    assert process.exitcode == 0, said
    return said


class Desk:
    """An instructor's and the students' folders around one exchange."""

    def __init__(self, root: Path) -> None:
        put_environment_on_path()
        self.root, self.folder, self.exchange = root, root / "class", root / "exchange"
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)

    def nbgrader(self, where: Path, *arguments: str, who: str | None = None) -> str:
        """One of nbgrader's commands, in a folder, as a student or the instructor."""
        where.mkdir(exist_ok=True)
        options = [f"--Exchange.root={self.exchange}", f"--CourseDirectory.course_id={COURSE_ID}"]
        if who:
            options += [f"--CourseDirectory.student_id={who}", f"--Exchange.cache={where / 'cache'}"]

        def act() -> None:
            for kind in NbGraderApp._walk_mro():
                kind._instance = None
            NbGraderApp.launch_instance([*arguments, *options])

        return in_a_process(act, where)

    def ours(self, *arguments: str) -> str:
        """One of the course's commands."""
        return in_a_process(lambda: cli.app([*arguments], prog_name="autograder"), self.root)

    def by_hand(self, student: str, score: float, comment: str) -> None:
        """What formgrader writes when a person scores the written question."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as book:
            grade = book.find_grade("written_question", LESSON, LESSON, student)
            grade.manual_score, grade.needs_manual_grade = score, False
            book.find_comment("written_question", LESSON, LESSON, student).manual_comment = comment
            book.db.commit()

    def fetched(self, student: str) -> list[str]:
        """The feedback pages that a student has fetched."""
        self.nbgrader(self.root / student, "fetch_feedback", LESSON, who=student)
        return [path.read_text() for path in (self.root / student / LESSON / "feedback").rglob("*.html")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two students have fetched, solved and submitted a lesson."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    make_class(desk.folder)
    (desk.root / "people.csv").write_text(ROSTER)
    assert "3 new" in desk.ours("roster", str(desk.folder), str(desk.root / "people.csv"))
    desk.nbgrader(desk.folder, "generate_assignment", LESSON)
    desk.nbgrader(desk.folder, "release_assignment", LESSON)
    draft = checked(course.lesson(LESSON))
    for student in (each for each in STUDENTS if each.name in NAMES):
        home = desk.root / student.name
        desk.nbgrader(home, "fetch_assignment", LESSON, who=student.name)
        notebook = submission(student, draft)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "written_question":
                cell.source = "It is $\\sum_i p_i = 1$, <b>not</b> more; it costs 3$ and 4$."
        nbformat.write(notebook, home / LESSON / f"{LESSON}.ipynb")
        desk.nbgrader(home, "submit", LESSON, who=student.name)
    return desk


def test_collected_graded_scored_and_fetched(desk: Desk) -> None:
    desk.nbgrader(desk.folder, "collect", LESSON)
    told = desk.ours("grade", str(desk.folder), "--seed", "5")
    assert re.search(r"zoe .*not submitted", told)
    page = (desk.folder / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "2 points wait for a person" in page
    desk.by_hand("ada", 1.5, COMMENT)
    unclear = (LESSON, "softmax", "--full", "--reason", "The text was unclear.")
    assert "emil: 9 of 19 -> 13 of 19" in desk.ours("adjust", str(desk.folder), *unclear)
    assert "2 changed, 0 the same" in desk.ours("feedback", str(desk.folder))
    desk.nbgrader(desk.folder, "release_feedback", LESSON)
    [page] = desk.fetched("ada")
    assert "<b>18.5 of 19 points</b>" in page
    assert "wait for a person" not in page
    assert "Well put: <math" in page
    assert "1 &lt; 2" in page
    [page] = desk.fetched("emil")
    assert "2 points wait for a person" in page
    assert "Without the exponential it is no softmax" in page
    assert "Well put" not in page
    assert "<b>13 of 19 points</b>" in page
    assert "full points for everybody who handed in. The text was unclear." in page


def test_a_page_is_offline_shows_formulas_and_runs_nothing(desk: Desk) -> None:
    for page in desk.fetched("ada"):
        assert "<math" in page
        assert "$\\sum" not in page
        assert "it costs 3$ and 4$" in page
        assert "b&gt;not" in page
        assert "<b>not" not in page
        assert not re.search(r"<script|<link|<img|https?://(?!www\.w3\.org/1998/Math)", page)


def test_nbgraders_own_command_and_button_write_our_page(desk: Desk) -> None:
    path = desk.folder / "feedback" / "ada" / LESSON / f"{LESSON}.html"
    before = path.read_text()
    desk.nbgrader(desk.folder, "generate_feedback", LESSON, "--force")
    assert path.read_text() == before
    desk.nbgrader(desk.folder, "release_feedback", LESSON)
    assert desk.fetched("ada") == [before]


def test_feedback_runs_no_code_and_changes_no_grade(desk: Desk) -> None:
    book = desk.folder / "gradebook.db"
    kept = {path: path.stat().st_mtime_ns for path in desk.folder.glob("autograded/*/*/*")}
    before = book.read_bytes()
    assert "2 the same" in desk.ours("feedback", str(desk.folder))
    assert book.read_bytes() == before
    assert {path: path.stat().st_mtime_ns for path in desk.folder.glob("autograded/*/*/*")} == kept


def test_the_same_after_intake_of_the_exchange(desk: Desk, tmp_path: Path) -> None:
    """`intake` keeps the secret that a page is fetched by; who handed in elsewhere does not stop the others."""
    other = Desk(tmp_path)
    make_class(other.folder)
    inbound = desk.exchange / COURSE_ID / "inbound"
    other.ours("intake", str(other.folder), str(inbound))
    by_canvas = tmp_path / "canvas"
    by_canvas.mkdir()
    (by_canvas / f"lovelaceada_12_34_{LESSON}.ipynb").write_bytes(course.lesson(LESSON).notebook.read_bytes())
    other.ours("intake", str(other.folder), str(by_canvas))
    other.ours("grade", str(other.folder), "--seed", "5")
    other.by_hand("emil", 1.0, "Taken in by intake.")
    other.ours("feedback", str(other.folder), "--student", "emil")
    other.exchange = desk.exchange
    other.nbgrader(other.folder, "release_feedback", LESSON)
    [page] = desk.fetched("emil")
    assert "Taken in by intake." in page
