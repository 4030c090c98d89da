"""A mark in a lesson's source becomes the cells that nbgrader asks for."""

import subprocess
import sys

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import bank
from autograder.build.cells import announcement, check_cell, dressed

SOFTMAX = bank.exercises()["softmax"]


def made(above: str) -> list[NotebookNode]:
    cells = [new_markdown_cell(above), new_code_cell("def softmax(z): ..."), new_markdown_cell("an answer")]
    cells[1].metadata["exercise"] = "softmax"
    cells[2].metadata["written"] = 2
    return dressed(cells, {"softmax": SOFTMAX})


def test_the_check_follows_its_exercise() -> None:
    _, solution, check, _ = made("### Exercise 2: `softmax(z)`")
    assert solution.metadata.nbgrader["grade_id"] == "softmax"
    assert solution.metadata.nbgrader["solution"]
    assert not solution.metadata.nbgrader["grade"]
    assert not solution.metadata.nbgrader["locked"]
    assert check.source == check_cell("softmax")
    assert check.metadata.nbgrader["grade_id"] == "softmax_check"
    assert check.metadata.nbgrader["points"] == SOFTMAX.points
    assert check.metadata.nbgrader["locked"]


def test_nothing_of_the_mark_is_left() -> None:
    assert not any(
        {"exercise", "written"} & cell.metadata.keys() for cell in made("### Exercise 2: `softmax(z)`")
    )


def test_the_line_stands_under_the_heading_wherever_that_is() -> None:
    above = made("The end of the text.\n\n### Exercise 2: `softmax(z)`\n\nTurn logits into shares.")[0].source
    lines = above.split("\n")
    assert lines[2:6] == ["### Exercise 2: `softmax(z)`", "", announcement(SOFTMAX), ""]
    assert lines[6] == "Turn logits into shares."


def test_the_heading_of_another_exercise_is_left_alone() -> None:
    assert (
        made("### Exercise 2: `softmax_partial(p, i, j)`")[0].source
        == "### Exercise 2: `softmax_partial(p, i, j)`"
    )


def test_the_written_answer_is_graded_by_a_person() -> None:
    written = made("### Exercise 2: `softmax(z)`")[3].metadata.nbgrader
    assert written["grade"]
    assert written["solution"]
    assert written["points"] == 2


def test_an_exercise_that_the_bank_does_not_know_has_no_check() -> None:
    cell = new_code_cell("def softmaxx(z): ...")
    cell.metadata["exercise"] = "softmaxx"
    assert len(dressed([cell], {"softmax": SOFTMAX})) == 1


def test_the_first_cell_says_what_to_do_where_there_is_no_kit() -> None:
    cells = dressed([new_code_cell("import numpy as np\n\nfrom autograder.kit import check, hint")], {})
    text = cells[0].source
    assert text.startswith("import numpy as np\n\ntry:\n    from autograder.kit import check, hint\nexcept ")
    hidden = "import sys; sys.modules['autograder'] = None\n"
    done = subprocess.run([sys.executable, "-c", hidden + text], capture_output=True, text=True, check=False)
    assert "python3 -m autograder lab" in done.stderr
    assert "%pip install" in done.stderr
    assert "During handling" not in done.stderr
    exec(text, {})


def test_an_import_of_several_lines_stays_one() -> None:
    text = dressed([new_code_cell("from autograder.kit import (\n    check,\n    hint,\n)")], {})[0].source
    assert "try:\n    from autograder.kit import (\n        check,\n        hint,\n    )\nexcept " in text
    exec(text, {})


def test_an_import_further_down_is_the_readers_own() -> None:
    one, two = "from autograder.kit import check", "from autograder.kit import hint"
    cells = dressed([new_code_cell(one), new_code_cell(two)], {})
    assert cells[1].source == two
