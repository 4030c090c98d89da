"""The two descents to play with: controls, presets, sentences against 50 digits, and every kind of broken function."""

import io
import math
import re
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_01_gradient_descent.climb import climb
from autograder.bank.lesson_01_gradient_descent.descend import descend
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.pictures.descent_path import CURVES, MAPS
from autograder.tests.explore.test_explore import Allowed, assert_drawn_well, places, raises
from autograder.tests.explore.test_explore_students import BROKEN
from autograder.tests.explore.truth import assert_alt_is_true


def truth(panel: Panel) -> None:
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


def on(land: str) -> Callable[..., Panel]:
    return explore.descent if land in CURVES else explore.descent_map


both = pytest.mark.parametrize("make", [explore.descent, explore.descent_map])


@pytest.mark.parametrize("land", [*CURVES, *MAPS])
def test_every_control_over_its_ends_and_its_middle(land: str) -> None:
    panel = on(land)(descend)
    for name, control in panel.controls.items():
        for place in places(control):
            panel.move(land=land)
            panel.move(**{name: place})
            truth(panel)
            assert_drawn_well(panel)
            if not panel.values["predict"] and name != "land":
                assert "agrees with the reference" in panel.picture.alt
        panel.reset()
        panel.move(predict=False)


@both
def test_every_preset_and_reset(make: Callable[..., Panel]) -> None:
    panel = make()
    start, first = dict(panel.values), panel.picture.alt
    for label, preset in panel.presets.items():
        panel.press(label)
        assert all(panel.values[name] == value for name, value in preset.values.items())
        truth(panel)
        assert_drawn_well(panel)
    assert panel.values == start
    assert panel.picture.alt == first


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rate": 0.1}, "0.20: below 1"),
        ({"rate": 0.5}, "exactly 1"),
        ({"rate": 0.9}, "1.80: between 1 and 2"),
        ({"rate": 1.0}, "exactly 2, so it jumps to and fro for ever"),
        ({"rate": 1.05}, "2.10: above 2"),
        ({"u": 0}, "The start is flat"),
        ({"land": "long valley", "rate": 0.17}, "2.04: above 2"),
        ({"land": "long valley", "rate": 0.17, "v": 0}, "0.17: below 1"),
        ({"land": "two valleys", "u": 0.1, "steps": 60}, "deep valley, near w = -1.47"),
        ({"land": "two valleys", "u": 0.15, "steps": 60}, "higher valley, near w = 1.35"),
        ({"land": "two valleys", "u": -3, "rate": 1.2, "steps": 60}, "left the picture for good"),
        ({"land": "two valleys", "steps": 0}, "has not settled"),
        ({"land": "two valleys", "u": 0.15, "steps": 0}, "top of the hump"),
    ],
)
def test_what_the_picture_says_of_the_walk(values: dict[str, Any], said: str) -> None:
    panel = on(values.get("land", "bowl"))()
    panel.move(**values)
    assert said in panel.picture.alt
    truth(panel)
    assert_drawn_well(panel)


def test_the_end_is_hidden_until_revealed_and_again_after_the_next_move() -> None:
    panel = explore.descent(descend, predict=True)
    assert "press Reveal" in panel.picture.alt
    assert "-0.1718" not in panel.picture.html()
    assert "-0.1718" not in panel.picture.svg.render()
    panel.move(guess=0.3)
    panel.press("Reveal")
    assert "You guessed 0.30; w at the end is -0.1718: too large by 0.4718." in panel.picture.alt
    truth(panel)
    assert_drawn_well(panel)
    panel.move(rate=0.2)
    assert "press Reveal" in panel.picture.alt


def test_a_guess_about_a_walk_that_runs_away() -> None:
    panel = explore.descent(predict=True)
    panel.move(land="two valleys", u=-3, rate=1.2, steps=60)
    panel.press("Reveal")
    assert "You guessed 0.00; w has run away: nan." in panel.picture.alt


@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
@both
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    make: Callable[..., Panel], function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not callable(function):
        sentence = r"a value \(float\), not a function"
    if "0.2 seconds" in sentence:
        monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as caught:
        panel = make((lambda a: 0) if "TypeError" in sentence else function)
        for label in panel.presets:
            started = time.monotonic()
            panel.press(label)
            assert re.search(sentence, panel.picture.alt)
            assert time.monotonic() - started < 2
            truth(panel)
            assert_drawn_well(panel)
    assert err.getvalue() == ""
    assert caught == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -7.5, 0.0, 1e-300])
@both
def test_any_number_can_be_drawn(make: Callable[..., Panel], value: float) -> None:
    panel = make(lambda g, s, r, n: np.full((n + 1, *np.shape(s)), value))
    for label in panel.presets:
        panel.press(label)
        truth(panel)
        assert_drawn_well(panel)
    said = "nan" if math.isnan(value) else "infinity" if math.isinf(value) else "largest gap"
    assert said in panel.picture.alt


def test_the_students_walk_stands_beside_the_reference() -> None:
    panel = explore.descent(climb.reference)
    panel.move(rate=0.25, steps=2, u=-1)
    assert "Your climb is off the reference: largest gap 2.0000, after step 2." in panel.picture.alt
    assert '<th scope="row">2</th><td>-0.2500</td><td>0.0625</td><td>-2.2500</td>' in panel.picture.html()
    assert '<th scope="col">your v</th>' in explore.descent_map(climb.reference).picture.html()


def test_a_walk_without_its_start_is_told_its_shape() -> None:
    panel = explore.descent(lambda g, s, r, n: descend(g, s, r, n)[1:])
    assert "returned an array of shape (12,), an array of shape (13,) was asked for" in panel.picture.alt


def test_a_function_may_change_its_start_and_the_picture_stays_right() -> None:
    def spoils(gradient: Any, start: Any, learning_rate: float, steps: int) -> Any:
        path = descend(gradient, start, learning_rate, steps)
        start *= 0
        return path

    panel = explore.descent_map(spoils)
    panel.press("zigzag")
    truth(panel)
    assert "agrees with the reference" in panel.picture.alt


@both
def test_every_control_and_button_has_a_name_of_its_own(make: Callable[..., Panel]) -> None:
    panel = make()
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert len(set(labels)) == len(labels)


@both
def test_the_html_survives_a_sanitizer(make: Callable[..., Panel]) -> None:
    parser = Allowed()
    parser.feed(make(raises).picture.html())
    assert parser.taken == []
