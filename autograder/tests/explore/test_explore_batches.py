"""The jagged and the smooth loss curve without a browser: numbers against PyTorch, controls, broken functions."""

import re
import sys
import time
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_10_training.train import train as reference
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.controls import Choice, Range
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.pictures import batch_losses
from autograder.tests.explore.test_explore import Allowed, assert_drawn_well
from autograder.tests.explore.truth import assert_alt_is_true


def train(*arguments: Any) -> Any:
    return reference(*arguments)


def truth(panel: Panel) -> None:
    """Asserts that the alt text is true of the controls, and the picture legible."""
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))
    assert_drawn_well(panel)


@pytest.mark.parametrize("function", [None, train], ids=["alone", "yours"])
def test_every_control_and_every_preset(function: Any) -> None:
    panel = explore.batches(function)
    start, first = dict(panel.values), panel.picture.alt
    truth(panel)
    for name, control in panel.controls.items():
        places: list[Any] = [True, False]
        if isinstance(control, Range):
            places = [control.low, (control.low + control.high) / 2, control.high]
        elif isinstance(control, Choice):
            places = list(control.options)
        for place in places:
            panel.move(**{name: place})
            truth(panel)
        panel.reset()
        panel.move(predict=False)
    for label in panel.presets:
        panel.press(label)
        truth(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


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


def raises(*_: Any) -> Any:
    raise ValueError("shapes (4,) and (3,) <&> \x00\ud800")


def not_written(*_: Any) -> Any:
    raise NotImplementedError


def endless(*_: Any) -> Any:
    while True:
        pass


BROKEN: dict[str, tuple[Any, str]] = {
    "raises": (raises, r"Your raises raised ValueError: shapes \(4,\) and \(3,\)"),
    "not written": (not_written, "is not written yet: the picture shows the reference"),
    "quits": (lambda *_: sys.exit(3), "raised SystemExit: 3"),
    "endless": (endless, "was not done after 0.2 seconds"),
    "returns None": (lambda *_: None, "it must return three things"),
    "returns weights alone": (lambda *_: ([], []), "it must return three things"),
    "one loss an epoch": (lambda *_: ([], [], [1.0, 0.5]), r"returned an array of shape \(2,\)"),
    "one loss": (lambda *_: ([], [], 0.5), "returned a single number"),
    "losses in words": (lambda *_: ([], [], "low"), "gave no numbers: it returned a str"),
    "not finite": (lambda *_: ([], [], [np.nan] * 64), "losses that are no finite numbers"),
    "is no function": (3.5, r"a value \(float\), not a function"),
    "takes other arguments": (lambda a: 0, "raised TypeError"),
}


@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    with warnings.catch_warnings(record=True) as caught:
        panel = explore.batches(function)
        for label in ("batches of 16", "all rows"):
            panel.press(label)
            assert re.search(sentence, panel.picture.alt), panel.picture.alt
            truth(panel)
    assert caught == []
    assert capfd.readouterr().err == ""


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


def test_a_move_is_quick() -> None:
    panel = explore.batches(train)
    started = time.perf_counter()
    for seed in range(2, 22):
        panel.move(seed=seed)
    assert (time.perf_counter() - started) / 20 < 0.1


def test_the_html_survives_a_sanitizer() -> None:
    panel = explore.batches(raises)
    parser = Allowed()
    parser.feed(panel.picture.html())
    assert parser.taken == []
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert len(set(labels)) == len(labels)
