"""The jagged and the smooth loss curve without a browser: numbers against PyTorch, what a training may return."""

import re
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_10_training.train import train as reference
from autograder.kit import explore
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.pictures import batch_losses
from autograder.tests.explore.explorables import truth


def train(*arguments: Any) -> Any:
    return reference(*arguments)


def test_what_the_lesson_says_of_it() -> None:
    panel = explore.batches()
    for seed in range(1, 31):
        panel.press("single rows")
        panel.move(seed=seed)
        assert 20 <= rises(panel) <= 40
        panel.press("all rows")
        assert rises(panel) == 0


def rises(panel: Panel) -> int:
    found = re.search(r"goes up in (\d+) of 63", panel.picture.alt)
    assert found
    return int(found[1])


def test_a_guess_is_hidden_until_revealed() -> None:
    panel = explore.batches(train, predict=True)
    truth(panel)
    assert "<td>?</td>" in panel.picture.html()
    assert "Your train" not in panel.picture.alt
    assert "polyline" not in panel.picture.svg.render()
    panel.move(guess=20)
    panel.press("Reveal")
    truth(panel)
    up = rises(panel)
    assert f"You guessed 20 steps; it goes up in {up}: {up - 20} too few." in panel.picture.alt
    panel.move(guess=up)
    assert f"it goes up in {up}: right." in panel.picture.alt
    panel.move(size="16")
    assert "Then press Reveal" in panel.picture.alt
    truth(panel)


def test_the_students_own_curve_is_drawn_and_told() -> None:
    panel = explore.batches(train)
    weights, biases, losses = reference(
        *batch_losses.points(), [2, 2], ["softmax"], 0.3, 1, 2, np.random.default_rng(1)
    )
    assert len(losses) == 64
    assert f"its losses run from {losses[0]:.4f} to {losses[-1]:.4f}" in panel.picture.alt
    assert panel.picture.svg.render().count("<polyline") == 3
    assert "your train" in panel.picture.svg.render()


def test_the_student_is_asked_once_for_each_training() -> None:
    asked = []

    def counted(*arguments: Any) -> Any:
        asked.append(arguments[5])
        return reference(*arguments)

    panel = explore.batches(counted, predict=True)
    for guess in range(10):
        panel.move(guess=guess)
    panel.press("Reveal")
    assert asked == [1]
    panel.move(size="16")
    assert asked == [1, 16]


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (None, "gave no numbers: it returned None"),
        (([], []), "Your train must return three things: weights, biases, loss_history"),
        (([], [], [1.0, 0.5]), r"returned an array of shape \(2,\), an array of shape \(64,\) was asked for"),
        (([], [], 0.5), "returned a single number"),
        (([], [], "low"), "gave no numbers: it returned a str"),
        (([], [], [np.nan] * 64), "losses that are no finite numbers"),
    ],
)
def test_what_is_no_training_is_told_and_nothing_was_raised(returned: Any, sentence: str) -> None:
    panel = explore.batches(lambda *_: returned)
    assert re.search(sentence, panel.picture.alt), panel.picture.alt
    assert "raised" not in panel.picture.alt
    truth(panel)
