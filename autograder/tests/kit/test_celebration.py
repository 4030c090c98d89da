"""When a lesson's last point is earned, the report celebrates: quietly, once, and for everybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import bank
from autograder.kit import check
from autograder.kit.progress import journal
from autograder.kit.report.report import Report
from autograder.kit.sheets import lesson_points
from autograder.tests.kit.recorded import new_kernel

EXERCISES = bank.exercises()
LESSON = [each.name for each in bank.of_lesson("04-softmax")]
SENTENCE = "Lesson 04-softmax is complete: all 17 points of its exercises are yours."


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All of the lesson is complete but the softmax."""
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    new_kernel()
    points = lesson_points("softmax")[1]
    for name in LESSON:
        if name != "softmax":
            journal._append(
                {
                    "time": "2030-01-01T00:00:00+00:00",
                    "exercise": name,
                    "earned": points[name],
                    "points": points[name],
                }
            )
    yield
    new_kernel()


def right(name: str = "softmax") -> Report:
    return check(name, EXERCISES[name].reference)


def wrong(name: str = "softmax") -> Report:
    return check(name, EXERCISES[name].slips["one_sum_for_all"][1])


def test_the_last_point_is_celebrated_once(record: None) -> None:
    assert right("softmax_partial").celebration == ""
    assert wrong().celebration == ""
    assert right().celebration == SENTENCE
    assert wrong().celebration == right().celebration == right("softmax_partial").celebration == ""


def test_where_nothing_is_kept_there_is_none(record: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in ((journal.VARIABLE, ""), ("NBGRADER_EXECUTION", "autograde")):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)
            assert right().celebration == ""


def test_it_is_words_first_and_moves_only_for_those_who_want_motion(record: None) -> None:
    report = right()
    html = report.html()
    assert html.count(SENTENCE) == 1
    assert SENTENCE in report.text()
    assert '<span aria-hidden="true"><i ' in html, "the dots are no words"
    style = html[html.index("<style>") : html.index("</style>")]
    still, _, moving = style.partition("@media (prefers-reduced-motion:no-preference){")
    assert "animation" not in still
    assert "infinite" not in moving
    assert "<script" not in html
    assert "color:#" not in still.replace("solid var(--jp-success-color1,#388e3c)", ""), "the theme's colours"
    assert "<style>" not in right().html()
