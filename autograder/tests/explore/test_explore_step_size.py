"""`explore.step_size` without a browser: what it says at which step, and of whose slopes."""

import math
import re
from typing import Any

import numpy as np

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
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.explorables import assert_drawn_well, truth

OWN = (forward_difference.reference, numerical_gradient.reference, complex_step.reference)


def test_every_curve_at_every_step() -> None:
    panel = explore.step_size(*OWN)
    for curve in panel.controls["curve"].options:  # type: ignore[union-attr]
        for k in np.arange(-20, 0.1, 0.75):
            panel.move(curve=curve, k=float(k))
            truth(panel)
        assert_drawn_well(panel)


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
    truth(panel)
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
    for k, words in [
        (-1, "bend"),
        (-4, "bend"),
        (-10, "grows about tenfold"),
        (-15.5, "nothing is left of it"),
        (-17, "x + h is x"),
    ]:
        panel.move(k=k)
        assert words in panel.picture.alt


def test_where_it_says_tenfold_the_error_grows_like_that() -> None:
    """On the average over half a power of ten: single steps are lucky or not."""
    panel = explore.step_size()
    for curve in panel.controls["curve"].options:  # type: ignore[union-attr]
        for k in np.arange(-20, 0.1, 0.25):
            panel.move(curve=curve, k=float(k))
            if "tenfold" in panel.picture.alt:
                grown = central_errors(panel, k - 1) / central_errors(panel, k)
                assert 2 < grown < 50, (curve, k, grown)


def central_errors(panel: Panel, k: float) -> float:
    """The central difference's error around h = 10^k: the mean of its logarithm over a whole power of ten."""
    errors = []
    for near in np.arange(max(k - 0.5, -20), k + 0.51, 0.25):
        panel.move(k=float(near))
        found = re.search(r"central (\S+),", panel.picture.alt)
        assert found
        errors.append(max(float(found[1]), 1e-17))
    return float(np.exp(np.mean(np.log(errors))))


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
