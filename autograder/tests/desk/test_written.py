"""Written answers on one page: like ones together, given to all who share them, and into nbgrader's gradebook."""

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.desk.written.alike import groups
from autograder.grading.class_folder import ClassFolder
from autograder.tests.desk.graded import LESSON, graded_class

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

    from autograder.bench.browser import Browser

CELL = "written_question"
SUM = "The rows of the Jacobian sum to zero because the probabilities sum to one."
ANSWERS = {
    "ada": SUM,
    "ben": SUM.replace("Jacobian", "Jacobian matrix"),
    "cy": "the rows of the Jacobian sum to zero, because probabilities sum to one",
    "dee": "Adding a constant to all logits changes nothing. </script><script>alert(1)</script> $e^{z}$",
    "emil": "I do not know.",
    "fay": "",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = {student: {CELL: text} if text else {} for student, text in ANSWERS.items()}
    return graded_class(tmp_path_factory.mktemp("written") / "class", answers).path


@pytest.fixture
def group(made: Path, tmp_path: Path) -> ClassFolder:
    return ClassFolder(shutil.copytree(made, tmp_path / "class"))


def run(group: ClassFolder, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["written", str(group.path), LESSON, *arguments])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def state(group: ClassFolder) -> dict[str, Any]:
    """What the page begins with."""
    run(group)
    page = (group.path / "written" / f"{LESSON}.html").read_text()
    [data] = re.findall(r'<script type="application/json" id="state">(.*?)</script>', page)
    return dict(json.loads(data))


def saved(group: ClassFolder, items: dict[str, list[int]], **changed: object) -> Path:
    """A file as the page saves it, with these items ticked."""
    made = state(group)
    question = made["questions"][CELL]
    question["rubric"].append({"text": "Names the sum", "points": 1.5})
    question["answers"] = {who: question["answers"][who] | {"items": those} for who, those in items.items()}
    path = group.path / "saved.json"
    path.write_text(json.dumps(made | changed))
    return path


def given(group: ClassFolder) -> dict[str, tuple[float | None, str | None, bool]]:
    found = {}
    with Gradebook(group.url) as book:
        for student in ANSWERS:
            grade = book.find_grade(CELL, LESSON, LESSON, student)
            comment = book.find_comment(CELL, LESSON, LESSON, student)
            found[student] = grade.manual_score, comment.manual_comment, grade.needs_manual_grade
    return found


def by_hand(group: ClassFolder, student: str, score: float) -> None:
    with Gradebook(group.url) as book:
        grade = book.find_grade(CELL, LESSON, LESSON, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def test_like_answers_stand_together() -> None:
    texts = list(ANSWERS.values())[:5]
    assert groups(texts) == [[0, 1, 2], [3], [4]]
    assert groups([]) == []
    assert groups(["same"] * 3) == [[0, 1, 2]]


def test_what_is_given_stands_in_the_gradebook_and_on_the_page(group: ClassFolder) -> None:
    before = given(group)
    path = saved(group, {"ada": [2], "ben": [2], "dee": [0, 2], "emil": [1]})
    told = run(group, "--apply", str(path), "--dry-run")
    assert "ada: 5 of 19 -> 6.5 of 19" in told
    assert "4 answers in the file, 4 new or changed (nothing was written)" in told
    assert given(group) == before
    run(group, "--apply", str(path))
    after = given(group)
    assert after["ada"] == (1.5, "Names the sum (+1.5)", False)
    assert after["dee"][0] == 2, "never more than the question is worth"
    assert after["emil"] == (0, "Not answered (+0)", False)
    assert after["cy"] == before["cy"] == (None, None, True)
    assert "0 new or changed" in run(group, "--apply", str(path)), "the same again changes nothing"

    begun = state(group)["questions"][CELL]
    assert [each["text"] for each in begun["rubric"]] == ["Right", "Not answered", "Names the sum"]
    assert begun["answers"]["dee"]["items"] == [0, 2], "the next page goes on from here"
    assert begun["answers"]["cy"]["items"] == []
    assert "fay" not in begun["answers"]
    done = CliRunner().invoke(app, ["feedback", str(group.path), "--student", "ada"])
    assert done.exit_code == 0, done.output
    assert "Names the sum (+1.5)" in group.page("ada", LESSON).read_text()


def test_what_a_person_gave_elsewhere_stays(group: ClassFolder) -> None:
    path = saved(group, {"ada": [2], "ben": [2]})
    by_hand(group, "ada", 1)
    told = run(group, "--apply", str(path), code=1)
    assert "ada: a person gave 1 points elsewhere, which stays" in told
    assert (given(group)["ada"][0], given(group)["ben"][0]) == (1, 1.5)
    run(group, "--apply", str(path), "--replace")
    assert given(group)["ada"][0] == 1.5
    kept = [json.loads(line) for line in group.written.read_text().splitlines()]
    assert kept[-1]["given"][0]["before"] == [1, ""], "what it replaced is in the log"
    by_hand(group, "ben", 0.5)
    assert "ben: a person gave 0.5 points and a comment" in run(group, "--apply", str(path), code=1)
    run(group, "--apply", str(saved(group, {"ada": [0]})))
    assert given(group)["ada"][0] == 2, "what came from here may change"


def test_an_answer_that_changed_since_is_not_given(group: ClassFolder) -> None:
    path = saved(group, {"ada": [2], "ben": [2]})
    notebook = group.graded("ada", LESSON)
    notebook.write_text(notebook.read_text().replace("sum to zero", "vanish"))
    assert "ada: the answer changed since the page was made" in run(group, "--apply", str(path), code=1)
    assert (given(group)["ada"][0], given(group)["ben"][0]) == (None, 1.5)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"lesson": "05-cross-entropy"}, "is of 05-cross-entropy"),
        ({"kind": "x"}, "is not what the page of `written` saves"),
        ({"questions": {"other": {}}}, "no written question 'other'"),
        (
            {"questions": {CELL: {"rubric": [{"text": "x", "points": "nan"}], "answers": {}}}},
            "is not what the page",
        ),
        ({"questions": {CELL: {"rubric": [], "answers": {"ada": {"items": [0]}}}}}, "is not what the page"),
    ],
)
def test_a_file_that_does_not_fit_is_one_sentence(
    group: ClassFolder, changed: dict[str, Any], says: str
) -> None:
    before = given(group)
    assert says in run(group, "--apply", str(saved(group, {}, **changed)), code=2)
    assert given(group) == before


def test_the_page_by_keyboard_in_a_browser(group: ClassFolder, chromium: "Browser", tmp_path: Path) -> None:
    """Ticks for a whole group and for one, changes what an item is worth, saves; the file gives the points."""
    run(group)
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def leave(dialog: "Dialog") -> None:
        """The page asks before what is not saved is left; nothing in an answer may ask anything."""
        complaints.extend([dialog.message] if dialog.type != "beforeunload" else [])
        dialog.accept()

    page.on("dialog", leave)
    page.goto((group.path / "written" / f"{LESSON}.html").as_uri())
    assert page.locator("h3").all_text_contents() == ["3 alike", "Like no other: 2"]
    assert page.locator("math").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("Shift+Digit1")
    page.get_by_label("points").first.fill("1.5")
    page.get_by_label("points").first.blur()
    page.locator("article").nth(2).focus()
    page.keyboard.press("j")
    page.keyboard.press("Shift+Digit2")  # it has nobody beside it
    page.keyboard.press("c")
    page.keyboard.type("See lesson 3.")
    page.keyboard.press("Escape")
    assert "1 open, not saved yet" in page.locator("#said").inner_text()
    # One more has an answer, and the page is made anew: what was ticked and not saved is still there.
    notebook = group.graded("fay", LESSON)
    cells = json.loads(notebook.read_text())
    [cell] = [each for each in cells["cells"] if each["metadata"].get("nbgrader", {}).get("grade_id") == CELL]
    cell["source"] = "Late, and of my own."
    notebook.write_text(json.dumps(cells))
    run(group)
    page.reload()
    assert page.locator("article").count() == 6
    assert "2 open, not saved yet" in page.locator("#said").inner_text()
    with page.expect_download() as download:
        page.keyboard.press("s")
    path = tmp_path / "from the browser.json"
    download.value.save_as(path)
    page.close()
    assert complaints == []
    run(group, "--apply", str(path))
    found = given(group)
    assert [found[who][0] for who in ("ada", "ben", "cy")] == [1.5] * 3
    alone = {who: found[who] for who in ("dee", "emil")}
    assert sorted(str(each[0]) for each in alone.values()) == ["0.0", "None"]
    assert "Not answered (+0)\nSee lesson 3." in [each[1] for each in alone.values()]
