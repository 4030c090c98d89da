"""What `check` and `hint` say around a verdict: what to mend first, which cell, what is next, which name was meant."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import bank, course
from autograder.kit import check, hint, sheets
from autograder.kit.progress import journal
from autograder.kit.sheets import UnknownExerciseError, names, sheet
from autograder.kit.uses import used


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of the test's own."""
    monkeypatch.setenv(journal.VARIABLE, str(tmp_path / "progress.jsonl"))
    return tmp_path


def shift_logits(z: np.ndarray) -> np.ndarray:
    return z - np.max(z)


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(shift_logits(z))
    return e / np.sum(e, axis=-1, keepdims=True)


def test_the_function_to_mend_first_is_named() -> None:
    report = check("softmax", softmax)
    assert not report.passed
    assert report.notes == ("It uses your `shift_logits`, which does not pass its own check: start there.",)
    assert report.notes[0].replace("`", "") in report.html().replace("<code>", "").replace("</code>", "")


def test_which_functions_another_uses_is_told_through_helpers_and_inner_functions() -> None:
    scope: dict = {}
    text = """
def sigmoid(x): return x
def helper(x): return sigmoid(x)
def outer(x):
    return [helper(each) for each in x]
"""
    exec(text, scope)
    assert used(scope["outer"], {"sigmoid", "relu", "outer"}) == ["sigmoid"]
    assert used(np.exp, {"sigmoid"}) == []


@pytest.mark.parametrize(
    "call", [lambda: check("sigmod", abs), lambda: hint("sigmod")], ids=["check", "hint"]
)
def test_a_misspelt_exercise_is_met_with_the_nearest(call) -> None:
    with pytest.raises(UnknownExerciseError, match="did you mean 'sigmoid'") as raised:
        call()
    assert raised.value._render_traceback_() == [str(raised.value)]
    assert len(str(raised.value)) < 100


def test_a_name_like_no_other_is_met_without_a_list() -> None:
    with pytest.raises(UnknownExerciseError) as raised:
        sheet("qqqqqq")
    assert len(str(raised.value)) < 100


def test_one_line_tells_what_is_done_in_the_lesson_and_what_is_next(kept: Path) -> None:
    right = lambda z: z - np.max(z, axis=-1, keepdims=True)  # noqa: E731
    report = check("shift_logits", right)
    assert report.progress == "1 of 5 exercises of lesson 04-softmax complete; next: `softmax`."
    assert report.progress.replace("`", "") in report.text().replace("`", "")


def test_no_line_where_nothing_is_kept() -> None:
    assert check("shift_logits", shift_logits).progress == ""


def test_hints_fold_out_one_in_the_other_in_the_report_and_none_is_spent(kept: Path) -> None:
    html = check("softmax", softmax).html()
    assert html.count("<details><summary>Hint") == 3
    assert html.index("Hint 1 of 3") < html.index("Hint 2 of 3") < html.index("Hint 3 of 3")
    assert all(not isinstance(entry, journal.Hinted) for entry in journal.read().entries)


@pytest.mark.parametrize("road", ["validate", "autograde"])
def test_no_hint_is_spent_while_nbgrader_runs(
    kept: Path, road: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", road)
    hint("relu")
    assert capsys.readouterr().out == ""
    assert not journal.read().entries


def test_the_report_is_told_to_who_does_not_see_it() -> None:
    assert 'role="status" aria-live="polite"' in check("softmax", softmax).html()


KERNEL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.colors = "NoColor"
def run(text):
    print("=== cell")
    shell.run_cell(text, store_history=True)
run("import numpy as np\\nfrom autograder.kit import check, hint")
run("check('softmax', softmax)")
run("def softmax(z):\\n    return z")
run("report = check('softmax', softmax)")
run("def softmax(z):\\n    return np.exp(z")
run("report = check('softmax', softmax)")
run("something_else")
"""


def test_in_a_shell_the_cell_is_told_and_a_name_that_is_gone_after_a_restart() -> None:
    environment = {**os.environ, journal.VARIABLE: ""}
    done = subprocess.run(
        [sys.executable, "-c", KERNEL],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=120,
    )
    _, _, missing, _, first, _, second, other = done.stdout.split("=== cell")
    assert "NameError" in missing
    assert (
        "softmax is not defined in this kernel. After a restart, run the cells from the first one on"
        in missing
    )
    assert "This `softmax` is from cell [3]." in first
    assert "Cell [5] defines it again, but that definition did not come through" in second
    assert "NameError" in other
    assert "After a restart" not in other


def test_the_course_s_own_error_state_holds_whatever_a_kernel_has_set() -> None:
    from autograder.bank.grade import grade

    before = np.seterr(all="raise")
    try:
        report = grade("softmax", right_softmax, seed=3)
    finally:
        np.seterr(**before)
    assert report.passed, report.text()


def right_softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def test_names_are_in_the_lessons_order() -> None:
    assert list(names()) == [each.name for lesson in course.LESSONS for each in bank.of_lesson(lesson.name)]


def test_a_check_reads_no_other_lessons_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    real = json.loads
    monkeypatch.setattr(json, "loads", lambda text: taken.append(real(text)["lesson"]) or real(text))
    for cached in (sheets._exercises, sheets._home, sheets.sheet):
        cached.cache_clear()
    check("one_hot", lambda labels, classes: np.eye(classes)[labels])
    assert taken == ["10-training"]
