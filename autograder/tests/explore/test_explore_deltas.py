"""The picture of delta's sizes without a browser: its numbers, a student's own backprop, wrong ones."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.kit import explore
from autograder.tests.explore.explorables import assert_drawn_well, truth
from autograder.tests.explore.truth_deltas import exact_sizes

REFERENCE = backprop.reference


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


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda W, b: (np.zeros(3), 1.0), "returned .+; two lists of 8 arrays were asked for"),
        (lambda W, b: np.zeros((7, 3)), r"returned shape \(7, 3\); two lists of 8 arrays were asked for"),
        (lambda W, b: (W, [each[None] for each in b]), r"a bias gradient of layer 1 with shape \(1, 16\)"),
        (lambda W, b: (b, W), r"a weight gradient of layer 1 with shape \(16,\)"),
        (lambda W, b: (W[:7], b[:7]), "two lists of 8 arrays were asked for"),
    ],
)
def test_another_form_is_said_in_words(change: Any, sentence: str) -> None:
    panel = explore.delta_sizes(lambda *given: change(*REFERENCE(*given)))
    assert re.search(f"Your backprop .*{sentence}", panel.picture.alt), panel.picture.alt
    assert_drawn_well(panel)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda W, b: ([0 * each for each in W], b), "layer 8: the bias gradients are right in every layer"),
        (
            lambda W, b: (W, [-each for each in b]),
            "layer 8: delta has the right size, 1.00e+00, and other numbers",
        ),
        (lambda W, b: (W, [each * 1j for each in b]), "returned complex numbers"),
        (
            lambda W, b: (W, [b[0][::-1], *b[1:]]),
            "layer 1: delta has the right size, 2.36e-05, and other numbers",
        ),
        (lambda W, b: ([-W[0], *W[1:]], b), "first in layer 1: the bias gradients are right"),
    ],
)
def test_right_sizes_are_not_enough(change: Any, sentence: str) -> None:
    alt = explore.delta_sizes(lambda *given: change(*REFERENCE(*given))).picture.alt
    assert sentence in alt, alt
    assert "agrees" not in alt
