"""Pairs that share more than the task explains are found, renamed too; what many wrote or the lesson gives is not."""

import random
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import bank
from autograder.bench.generated_class import pool
from autograder.cli import app
from autograder.desk.similar.fingerprints import fingerprints
from autograder.desk.similar.page import as_page
from autograder.desk.similar.pairs import compared
from autograder.tests.desk.graded import LESSON, graded_class

# Odd ways of one's own, which no other would come to.
ODD = {
    "softmax": """
def softmax(z):
    table = [list(map(float, line)) for line in np.atleast_2d(z)]
    answer = []
    for line in table:
        top = sorted(line)[-1]   # the biggest of the line
        powers = list(map(lambda entry: 2.718281828459045 ** (entry - top), line))
        answer.append([power / sum(powers) for power in powers])
    return np.array(answer).reshape(np.shape(z))
""",
    "softmax_jacobian": """
def softmax_jacobian(z):
    p = softmax(z)
    made = np.zeros((len(p), len(p)))
    for row, column in np.ndindex(*made.shape):
        made[row, column] = p[row] * ((row == column) * 1.0 - p[column])
    return made
""",
}


def renamed(text: str) -> str:
    names = {
        "table": "rows_in",
        "line": "r",
        "answer": "res",
        "top": "biggest",
        "powers": "es",
        "power": "e",
        "made": "J",
    }
    words = re.compile(r"\b(" + "|".join(names) + r")\b")
    return "\n".join(
        words.sub(lambda m: names[m[0]], each).partition("   #")[0] for each in text.splitlines()
    )


def honest(number: int) -> dict[str, dict[str, str]]:
    """Students who each wrote one of a few usual answers to each exercise: one as often as another."""
    draw = random.Random(5)
    usual = {each.name: (*pool(each).right[:3], *pool(each).slips[:1]) for each in bank.of_lesson(LESSON)}
    order = {name: draw.sample(range(number), number) for name in usual}
    return {
        f"s{i:03}": {name: texts[order[name][i] % len(texts)] for name, texts in usual.items()}
        for i in range(number)
    }


@pytest.mark.parametrize("change", [str, renamed])
def test_a_pair_is_found_among_sixty_and_nobody_else_is_told(change: type[str]) -> None:
    answers = honest(60)
    assert compared(LESSON, answers, set()).pairs == []
    answers["s010"] |= ODD
    answers["s042"] |= {name: change(text) for name, text in ODD.items()}
    [pair] = compared(LESSON, answers, set()).pairs
    assert (pair.first, pair.second) == ("s010", "s042")
    assert pair.share > 0.5


def test_what_many_wrote_or_the_lesson_gives_is_not_told() -> None:
    answers = honest(60)
    for who in list(answers)[:8]:
        answers[who] |= ODD
    assert compared(LESSON, answers, set()).pairs == []
    few = {who: written | ODD if who in ("s001", "s002") else written for who, written in honest(60).items()}
    assert len(compared(LESSON, few, set()).pairs) == 1
    assert compared(LESSON, few, fingerprints(ODD.values())).pairs == []


def test_nothing_and_what_is_no_python_are_compared_too() -> None:
    assert compared(LESSON, {}, set()).pairs == []
    assert compared(LESSON, {"a": {"x": ""}, "b": {"x": "def ((( 'open \\n \x00 é"}}, set()).pairs == []


def test_the_command_and_its_page(tmp_path: Path) -> None:
    answers = {f"s{i}": {"softmax": f"def softmax(z):\n    return z * {i}"} for i in range(8)}
    odd = {name: f"{text}# <script>alert(1)</script>" for name, text in ODD.items()}
    group = graded_class(tmp_path / "class", answers | {"s8": odd, "s9": odd})
    done = CliRunner().invoke(app, ["similar", str(group.path)])
    assert done.exit_code == 0, done.output
    assert f"{LESSON}: s8 and s9, weight" in done.output
    assert "never a verdict" in done.output
    page = (group.path / "similar" / "similar.html").read_text()
    assert "never a verdict" in page
    assert page.count("<details>") == 1
    assert page.count("<mark>") >= 4
    assert not re.search(r"<script|<link|<img|https?:", page)
    nothing = CliRunner().invoke(app, ["similar", str(group.path), "--lesson", "05-cross-entropy"])
    assert nothing.exit_code == 1
    assert "`grade` comes first" in nothing.output
    assert "No two share more" in as_page([], 0, 3)
