"""The picture of delta's sizes without a browser: its numbers, a student's own backprop, broken ones."""

import math
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.controls import Choice, Range
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.test_explore import assert_drawn_well
from autograder.tests.explore.test_explore_students import BROKEN
from autograder.tests.explore.truth import assert_alt_is_true
from autograder.tests.explore.truth_deltas import exact_sizes

REFERENCE = backprop.reference


def truth(panel: Panel) -> None:
    labelled = {
        control.label: control.options[panel.values[name]]
        if isinstance(control, Choice)
        else panel.values[name]
        for name, control in panel.controls.items()
    }
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


@pytest.mark.parametrize("function", [None, REFERENCE], ids=["none", "right"])
def test_every_control_over_its_ends_and_its_middle(function: Any) -> None:
    panel = explore.delta_sizes(function)
    for name, control in panel.controls.items():
        places: list[Any] = [True, False]
        if isinstance(control, Range):
            places = [control.low, (control.low + control.high) / 2, control.high]
        elif isinstance(control, Choice):
            places = list(control.options)
        for place in places:
            panel.move(**{name: place})
            truth(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)


def test_every_preset_and_reset() -> None:
    panel = explore.delta_sizes(REFERENCE)
    start, first = dict(panel.values), panel.picture.alt
    for label, preset in panel.presets.items():
        panel.press(label)
        assert {name: panel.values[name] for name in preset.values} == dict(preset.values)
        truth(panel)
        assert_drawn_well(panel)
        assert "Your backprop agrees with the reference in every layer." in panel.picture.alt
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "identity"])
def test_no_setting_kills_delta_or_leaves_the_axis_that_is_guessed_on(name: str) -> None:
    for depth in (2, 9, 30):
        for spread in (0.5, 1, 2):
            powers = np.log10(exact_sizes(depth, name, spread))
            assert np.all(powers > -30)
            assert np.all(powers < 10)


def test_a_guess_is_hidden_until_revealed_and_again_after_the_next_move() -> None:
    panel = explore.delta_sizes(REFERENCE, predict=True)
    truth(panel)
    assert "press Reveal" in panel.picture.alt
    assert "<td>?</td>" in panel.picture.html()
    assert "2.36e-05" not in panel.picture.html()
    hidden = panel.picture.svg.render()
    panel.move(guess=-3)
    assert "Your guess is -3.00" in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert re.search(r"You guessed -3\.00; .+ is -4\.6\d\d\d: too large by 1\.6\d\d\d\.", panel.picture.alt)
    assert_drawn_well(panel)
    panel.move(layers=9)
    assert "press Reveal" in panel.picture.alt
    panel.reset()
    assert panel.picture.svg.render() == hidden


def test_the_axis_gives_nothing_away_while_it_is_to_be_guessed() -> None:
    panel = explore.delta_sizes(predict=True)
    pictures = set()
    for spread in (0.5, 1.0, 2.0):
        panel.move(spread=spread)
        pictures.add(re.sub(r"s = \d\.\d", "", panel.picture.svg.render()))
    assert len(pictures) == 1


def slips(change: Callable[..., np.ndarray]) -> Callable[..., Any]:
    """A backprop whose step back is `change(delta, W, a)`; sigmoid layers, identity at the end."""

    def backprop(X: Any, Y: Any, weights: Any, biases: Any, activations: Any, loss: str) -> Any:
        results = [X]
        for W in weights[:-1]:
            results.append(1 / (1 + np.exp(-results[-1] @ W)))
        deltas = [results[-1] @ weights[-1] - Y]
        for W, a in zip(weights[:0:-1], results[:0:-1], strict=True):
            deltas.insert(0, change(deltas[0], W, a))
        return [a.T @ d for a, d in zip(results, deltas, strict=True)], [d.sum(axis=0) for d in deltas]

    return backprop


def test_a_slip_on_the_way_back_is_found_where_it_starts() -> None:
    panel = explore.delta_sizes(slips(lambda delta, W, a: delta @ W.T))
    assert "off the reference, on the way back first in layer 7:" in panel.picture.alt
    assert "instead of 2.38e-01" in panel.picture.alt
    right = explore.delta_sizes(slips(lambda delta, W, a: delta @ W.T * a * (1 - a)))
    assert "agrees with the reference" in right.picture.alt
    truth(panel)


@pytest.mark.parametrize("value", [math.nan, math.inf, 0.0, 1e300, -7.5])
def test_any_number_can_be_drawn(value: float) -> None:
    panel = explore.delta_sizes(slips(lambda delta, W, a: np.full_like(delta, value)))
    for label in panel.presets:
        if label == "Reset" or "sigmoid" in label:
            panel.press(label)
        truth(panel)
        assert_drawn_well(panel)
    said = (
        "gives nan" if math.isnan(value) else "gives infinity" if math.isinf(value) else "off the reference"
    )
    assert said in panel.picture.alt


WRONG_FORMS = {
    "returns a tuple": (lambda *_: (np.zeros(3), 1.0), "gave no numbers: it returned"),
    "returns a wrong shape": (lambda *_: np.zeros((7, 3)), "gave no numbers: it returned"),
    "bias rows": (
        lambda X, Y, weights, biases, *_: (weights, [b[None] for b in biases]),
        r"the bias gradient of layer 1 has shape \(1, 16\), shape \(16,\) was asked for",
    ),
    "biases first": (lambda X, Y, weights, biases, *_: (biases, weights), r"layer 1 has shape \(16, 16\)"),
}


@pytest.mark.parametrize(("function", "sentence"), [*({**BROKEN, **WRONG_FORMS}).values()])
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "takes other arguments" in BROKEN and function is BROKEN["takes other arguments"][0]:
        sentence = "raised TypeError"
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    panel = explore.delta_sizes(function)
    assert re.search(sentence, panel.picture.alt), panel.picture.alt
    for label in panel.presets:
        panel.press(label)
        assert re.search(sentence, panel.picture.alt)
        truth(panel)
        assert_drawn_well(panel)


def test_a_function_may_change_its_arguments_and_the_picture_stays_right() -> None:
    def spoils(X: Any, Y: Any, weights: Any, biases: Any, *more: Any) -> Any:
        found = REFERENCE(X, Y, weights, biases, *more)
        for array in (X, Y, *weights, *biases):
            array[...] = 7
        return found

    panel = explore.delta_sizes(spoils)
    panel.move(layers=30)
    truth(panel)
    assert "agrees with the reference" in panel.picture.alt


def test_a_move_is_quick() -> None:
    panel = explore.delta_sizes(REFERENCE)
    started = time.perf_counter()
    for depth in range(2, 31):
        panel.move(layers=depth)
    assert (time.perf_counter() - started) / 29 < 0.05
