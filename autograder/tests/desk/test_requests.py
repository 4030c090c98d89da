"""Regrade requests: a list with an outcome, logged, reversible, on the student's page."""

from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.class_folder import ClassFolder
from autograder.tests.desk.graded import LESSON, graded_class

ASK = (LESSON, "softmax", "--student", "ada", "--says", "Mine is <right>.")


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> ClassFolder:
    return graded_class(tmp_path_factory.mktemp("requests") / "class", {"ada": {}, "emil": {}})


def run(group: ClassFolder, *arguments: str, command: str = "requests", code: int = 0) -> str:
    done = CliRunner().invoke(app, [command, str(group.path), *arguments])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def score(group: ClassFolder) -> float:
    with Gradebook(group.url) as book:
        return float(book.find_submission(LESSON, "ada").score)


def page(group: ClassFolder, student: str = "ada") -> str:
    run(group, command="feedback")
    return group.page(student, LESSON).read_text()


def test_from_the_question_to_its_outcome_and_back(group: ClassFolder) -> None:
    before = score(group)
    assert "(nothing was written)" in run(group, *ASK, "--dry-run")
    assert run(group) == "0 requests, 0 open."
    assert "1. ada, softmax: Mine is <right>." in run(group, *ASK)
    assert "1. ada" in run(group, *ASK), "the same again is the same request"
    assert "1 requests, 1 open." in run(group)
    assert "looked at again: Mine is &lt;right&gt;. It waits for an answer." in page(group)
    assert "looked at again" not in page(group, "emil")

    grant = ("--decide", "1", "--outcome", "granted", "--score", "3", "--reason", "You are right.")
    told = run(group, *grant, "--dry-run")
    assert f"ada: {before:g} of 19 -> {before + 2:g} of 19" in told
    assert score(group) == before
    assert "1 open" in run(group)
    run(group, *grant)
    assert score(group) == before + 2
    assert "Mine is &lt;right&gt;. Granted: You are right." in page(group)
    assert "Changed by your instructor: softmax: 3 points for ada. You are right." in page(group)
    assert "request 1 is granted already" in run(group, *grant, code=2)

    run(group, "--reopen", "1", "--reason", "Too early.")
    assert score(group) == before
    assert "It waits for an answer." in page(group)
    run(group, "--decide", "1", "--outcome", "refused", "--reason", "See lesson 3.")
    assert "Refused: See lesson 3." in page(group)
    assert score(group) == before
    run(group, "--reopen", "1")
    run(group, "--decide", "1", "--outcome", "withdrawn", "--reason", "By mail.")
    assert "looked at again" not in page(group)
    assert "1 requests, 0 open." in run(group)
    assert len(group.requests.read_text().splitlines()) == 6


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((LESSON,), "which exercise?"),
        ((LESSON, "softmaks", "--student", "ada", "--says", "x"), "has no exercise 'softmaks'"),
        ((LESSON, "softmax", "--student", "bo", "--says", "x"), "no student 'bo'"),
        ((LESSON, "softmax", "--student", "ada"), "a request needs --student"),
        (("--decide", "77", "--outcome", "granted", "--reason", "x"), "no request 77"),
        (("--decide", "1", "--outcome", "maybe", "--reason", "x"), "no outcome 'maybe'"),
        (("--decide", "1", "--outcome", "granted"), "say why"),
        (
            ("--decide", "1", "--outcome", "refused", "--reason", "x", "--score", "1"),
            "goes with --outcome granted",
        ),
        (("--reopen", "77"), "no request 77"),
    ],
)
def test_what_does_not_fit_is_one_sentence(group: ClassFolder, arguments: tuple[str, ...], says: str) -> None:
    before = group.requests.read_text() if group.requests.exists() else ""
    assert says in run(group, *arguments, code=2)
    assert (group.requests.read_text() if group.requests.exists() else "") == before


def test_a_broken_line_is_told_and_one_cut_short_is_passed_over(group: ClassFolder, tmp_path: Path) -> None:
    other = ClassFolder(tmp_path)
    other.records.mkdir()
    other.requests.write_text('{"asked": {"numb')
    assert run(other) == "0 requests, 0 open."
    other.requests.write_text("{}\n")
    assert "line 1 is broken" in run(other, code=2)
