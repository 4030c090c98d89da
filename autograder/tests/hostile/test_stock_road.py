"""`nbgrader autograde` under attack: it grades in our sandbox, and there each gets what is due, too."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import course
from autograder.build.notebook import checked
from autograder.tests.grading.stock import points
from autograder.tests.hostile import channel, clumsy, forging, harming, leaking, outside  # noqa: F401
from autograder.tests.hostile.ground import SECRET, SECRETS, listening, make_class, not_to_change
from autograder.tests.hostile.paper import ALL, FULL, LESSON, Hostile, Paper
from autograder.tests.needs import require

HONEST = "aa-ada"
CHOSEN = (
    *("the-check-is-no-check-any-more", "points-in-the-outputs", "checks-deleted"),
    *("an-answer-too-many", "forged-and-gone", "everything-overwritten", "the-notebook-is-a-link"),
    *("network", "an-endless-answer", "a-fork-bomb", "everyone-killed", "two-hundred-megabytes-on-a-line"),
    *("by-shape", "by-what-later-cells-show"),
)


def a_file_that_is_a_link(paper: Paper) -> None:
    """nbgrader copies the files beside a notebook to where feedback is made of them."""
    (paper.folder / "notes.txt").symlink_to(paper.places["secret"])
    (paper.folder / "data.txt").write_text("a file as it should be")


def files_that_never_open(paper: Paper) -> None:
    """Copied as they are, the first three end in an error, the last two never."""
    (paper.folder / "loop.txt").symlink_to("loop.txt")
    (paper.folder / "nowhere.txt").symlink_to("/nowhere/at/all")
    (paper.folder / "up").symlink_to("..")
    os.mkfifo(paper.folder / "pipe.txt")
    (paper.folder / "zeros.txt").symlink_to("/dev/zero")


def the_notebook_is_a_loop(paper: Paper) -> None:
    """A link to itself, where the notebook should be."""
    paper.path.symlink_to(paper.path.name)
    paper.saved = True


def a_cell_is_no_cell(paper: Paper) -> None:
    """Our reader leaves it out; nbformat's ends in an error."""
    paper.cells.append("no cell")  # type: ignore[arg-type]


ATTACKS = [
    *(each for each in ALL if each.name in CHOSEN),
    Hostile(21, "a-file-that-is-a-link", a_file_that_is_a_link, True, "graded", FULL, ""),
    Hostile(21, "files-that-never-open", files_that_never_open, True, "graded", FULL, ""),
    Hostile(
        21,
        "the-notebook-is-a-loop",
        the_notebook_is_a_loop,
        False,
        "unreadable",
        0,
        "a link to another place",
    ),
    Hostile(21, "a-cell-is-no-cell", a_cell_is_no_cell, True, "graded", FULL, ""),
]


@dataclass
class Graded:
    """The class after `nbgrader autograde`, what there was before, who called the port, the points of each student."""

    directory: Path
    said: str
    before: dict[str, str]
    after: dict[str, str]
    connections: list[Any]
    points: dict[str, float]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """One class folder, graded by nbgrader's own command."""
    require("bubblewrap")
    base = tmp_path_factory.mktemp("stock")
    draft = checked(course.lesson(LESSON))
    folder = make_class(base / "class", draft)
    for each in (folder / "submitted").iterdir():
        if each.name != HONEST:
            shutil.rmtree(each)
    (base / "secret.txt").write_text(SECRET)
    connections: list[Any] = []
    with listening(connections) as port:
        places = {"class": folder, "course": course.ROOT, "secret": base / "secret.txt", "root": Path("/")}
        places |= {"canary": base / "canary", "port": Path(str(port))}
        places |= {"honest": folder / "submitted" / HONEST / LESSON}
        for attack in ATTACKS:
            attack.hand_in(json.loads(nbformat.writes(draft.student)), folder / "submitted", places)
        nbgrader(folder, "generate_assignment")
        before = not_to_change(base, folder)
        said = nbgrader(folder, "autograde")
        after = not_to_change(base, folder)
    found: dict[str, float] = {}
    for (student, _, cell), (score, _) in points(f"sqlite:///{folder / 'gradebook.db'}").items():
        found[student] = found.get(student, 0) + ((score or 0) if cell.endswith("_check") else 0)
    yield Graded(folder, said, before, after, connections, found)
    shutil.rmtree(base, ignore_errors=True)


def nbgrader(folder: Path, command: str) -> str:
    """What nbgrader's own command says, in the class folder."""
    environment = os.environ | {"PYTHONPATH": str(course.ROOT)}
    words = [sys.executable, "-m", "nbgrader", command, LESSON]
    done = subprocess.run(words, cwd=folder, capture_output=True, env=environment, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, said[-3000:]
    return said


def text_of(graded: Graded, student: str) -> str:
    return (graded.directory / "autograded" / student / LESSON / f"{LESSON}.ipynb").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("each", ATTACKS, ids=lambda each: each.name)
def test_it_gets_what_is_due(graded: Graded, each: Hostile) -> None:
    assert graded.points[each.student] == each.points
    kept = text_of(graded, each.student)
    assert each.status == "graded" or f"The grader's note: {each.status}." in kept
    assert each.says in kept + graded.said


def test_an_honest_classmate_has_full_points(graded: Graded) -> None:
    assert graded.points[HONEST] == FULL
    assert len(graded.points) == 1 + len(ATTACKS)


def test_nothing_ends_in_a_traceback(graded: Graded) -> None:
    assert "There was an error processing" not in graded.said
    assert "Traceback" not in graded.said


def test_nothing_outside_changed_and_nobody_was_reached(graded: Graded) -> None:
    assert graded.before == graded.after
    assert graded.connections == []
    assert "went through" not in text_of(graded, "h19-network")


def test_no_secret_and_no_hidden_number_gets_out(graded: Graded) -> None:
    kept = [path for path in (graded.directory / "autograded").rglob("*") if not path.is_dir()]
    assert len(kept) > len(ATTACKS)
    for path in kept:
        told = path.read_bytes().decode(errors="replace")
        assert not [secret for secret in SECRETS if secret in told], path
        assert not leaking.LEAKED.findall(told), path
        assert path.stat().st_size < 3_000_000, path
    assert {path.name for path in kept if path.suffix != ".ipynb"} == {"data.txt"}
