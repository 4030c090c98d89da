"""`explore.step_size` without a browser: every control and preset, true numbers, every kind of broken function."""

import io
import math
import re
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_06_numerical_gradient.complex_step import complex_step
from autograder.bank.lesson_06_numerical_gradient.forward_difference import (
    forward_difference,
    steps_both_ways,
)
from autograder.bank.lesson_06_numerical_gradient.numerical_gradient import (
    adds_the_two_losses,
    numerical_gradient,
    one_sided,
)
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.test_explore import Allowed, assert_drawn_well, places
from autograder.tests.explore.test_explore_students import BROKEN
from autograder.tests.explore.truth import assert_alt_is_true

OWN = (forward_difference.reference, numerical_gradient.reference, complex_step.reference)


def assert_true(panel: Panel) -> None:
    """Asserts that the picture's alt text is true of the panel's controls."""
    labelled = {control.label: panel.values[name] for name, control in panel.controls.items()}
    assert_alt_is_true(panel.title, labelled, panel.picture.alt, bool(panel.values["revealed"]))


def test_every_control_and_every_preset() -> None:
    panel = explore.step_size(*OWN)
    start, first = dict(panel.values), panel.picture.alt
    for curve in panel.controls["curve"].options:  # type: ignore[union-attr]
        for k in np.arange(-20, 0.1, 0.75):
            panel.move(curve=curve, k=float(k))
            assert_true(panel)
        assert_drawn_well(panel)
    for name, control in panel.controls.items():
        for place in places(control):
            panel.move(**{name: place})
            assert_true(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)
    for label, preset in panel.presets.items():
        panel.press(label)
        assert all(panel.values[name] == value for name, value in preset.values.items())
        assert_true(panel)
        assert_drawn_well(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


def test_the_best_step_is_near_the_one_that_theory_gives() -> None:
    panel = explore.step_size()
    for curve, value, third in [
        ("sine", math.sin(1), math.cos(1)),
        ("power", math.e, math.e),
        ("cube", 8, 6),
        ("tall", 1000, math.cos(1)),
    ]:
        panel.move(curve=curve)
        found = re.search(r"near log10 of h = (\S+) \(forward\) and (\S+) \(central\)", panel.picture.alt)
        assert found
        assert abs(float(found[2]) - math.log10((3 * 2**-53 * value / third) ** (1 / 3))) < 1
        assert float(found[1]) < float(found[2]) - 1


def test_a_guess_is_hidden_until_revealed_and_again_after_the_next_move() -> None:
    panel = explore.step_size(*OWN, predict=True)
    assert_true(panel)
    assert "press Reveal" in panel.picture.alt
    assert panel.picture.html().count("<td>?</td>") == 3
    assert "Your guess is -15.00" in panel.picture.alt
    assert "agrees" not in panel.picture.alt
    panel.press("Reveal")
    assert re.search(
        r"You guessed -15\.00; log10 of central's best h is about -5\.\d\d: too small by \d\.\d\d\.",
        panel.picture.alt,
    )
    assert_drawn_well(panel)
    panel.move(guess=-5.25)
    assert "right, within half a power of ten" in panel.picture.alt
    panel.move(k=-8)
    assert "press Reveal" in panel.picture.alt


def test_the_sentence_fits_the_side_of_the_v() -> None:
    panel = explore.step_size()
    for k, words in [(-1, "bend"), (-4, "bend"), (-10, "rounding rules"), (-17, "x + h is x")]:
        panel.move(k=k)
        assert words in panel.picture.alt


def test_the_students_functions_are_compared_where_rounding_plays_no_part() -> None:
    assert explore.step_size(*OWN).picture.alt.count("agrees with the reference for h from 10^-2 to 1") == 3
    swapped = explore.step_size(steps_both_ways_of_a_number, one_sided_of_the_bank)
    assert swapped.picture.alt.count("is off the reference for h from 10^-2 to 1") == 2
    published = explore.step_size(None, adding)
    assert "adds the two values where it must subtract them" in published.picture.alt
    published.press("as published")
    assert_drawn_well(published)
    breaks = explore.step_size(lambda f, x, h: (f(x + h) - f(x)) / h if h > 1e-9 else math.nan)
    assert "Your forward_difference gives nan at h = 10^-20.00." in breaks.picture.alt


def steps_both_ways_of_a_number(f: Any, x: Any, h: Any) -> Any:
    return steps_both_ways(f, x, h)


def one_sided_of_the_bank(f: Any, x: Any, h: Any) -> Any:
    return one_sided(f, x, h)


def adding(f: Any, x: Any, h: Any) -> Any:
    return adds_the_two_losses(f, x, h)


@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    function: Any, sentence: str, position: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    given: list[Any] = list(OWN)
    given[position] = function
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as caught:
        panel = explore.step_size(*given)
        for label in ("as published", "shortest", "Reset"):
            assert re.search(sentence, panel.picture.alt)
            assert_true(panel)
            started = time.monotonic()
            panel.press(label)
            assert time.monotonic() - started < 2
            assert_drawn_well(panel)
    assert err.getvalue() == ""
    assert caught == []
    assert len(out.getvalue().splitlines()) == 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -7.5, 0.0, 1e-300])
def test_any_number_can_be_drawn(value: float) -> None:
    panel = explore.step_size(
        lambda *_: value, lambda f, x, h: np.full(x.shape, value), lambda f, x, h: np.full(x.shape, value)
    )
    for label in panel.presets:
        panel.press(label)
        assert_true(panel)
        assert_drawn_well(panel)
    said = "nan" if math.isnan(value) else "infinity" if math.isinf(value) else "largest gap"
    assert said in panel.picture.alt


def test_controls_and_html_are_as_elsewhere() -> None:
    panel = explore.step_size(BROKEN["raises"][0])
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert all(labels)
    assert len(set(labels)) == len(labels)
    parser = Allowed()
    parser.feed(panel.picture.html())
    assert parser.taken == []
    assert "live while the notebook runs" in panel.widget_bundle()["text/plain"]
