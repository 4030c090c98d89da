"""What explorables say of a student's function, each in its own way; `test_every_explorable` has what all share."""

import math
import sys
import time
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.bank import exercises
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.tests.explore.explorables import assert_drawn_well, truth


def test_any_number_can_be_drawn_in_the_jacobian() -> None:
    for value in (math.nan, math.inf, -1e300, -123456.789, 1e-12):
        panel = explore.softmax(None, lambda z, v=value: np.full((4, 4), v))
        assert_drawn_well(panel)


def test_prints_and_warnings_stay_out_of_the_cell_and_a_warning_is_named(capfd: Any) -> None:
    def sigmoid(x: Any) -> Any:
        print("noise")
        print("noise", file=sys.stderr)
        return 1 / (1 + np.exp(-1000 * x))

    with warnings.catch_warnings(record=True) as caught:
        panel = explore.activation("sigmoid", sigmoid)
        panel.move(x=2)
    out, err = capfd.readouterr()
    assert "noise" not in out + err
    assert caught == []
    assert "Your sigmoid warned: overflow encountered in exp." in panel.picture.alt


def test_a_naive_softmax_fails_where_exp_overflows_and_the_reference_does_not() -> None:
    panel = explore.softmax(lambda z: np.exp(z) / np.exp(z).sum())
    assert "largest gap 0.0000" in panel.picture.alt
    panel.press("exp just overflows")
    assert "The formula exp(z) / sum breaks here" in panel.picture.alt
    assert "Your <lambda>" not in panel.picture.alt
    assert "Your softmax gives nan in p1" in panel.picture.alt
    truth(panel)


def test_the_students_numbers_stand_beside_the_reference() -> None:
    panel = explore.activation("sigmoid", lambda x: x, lambda x: 0 * x + 2)
    panel.move(x=8)
    assert "Your sigmoid is off the reference: largest gap 8.0003, at x = -8.00." in panel.picture.alt
    assert "Your sigmoid_derivative is off the reference: largest gap 1.9997" in panel.picture.alt
    assert '<th scope="row">your sigmoid</th><td>8.0000</td>' in panel.picture.html()


def test_other_logarithms_are_recognised() -> None:
    natural = explore.cross_entropy(lambda y, q: -np.log(y @ q))
    assert "agrees with the reference" in natural.picture.alt
    natural.move(log="base 10")
    assert "takes the natural logarithm" in natural.picture.alt
    common = explore.cross_entropy(lambda y, q: -np.log10(y @ q))
    assert "looks like the base-10 logarithm" in common.picture.alt


def test_a_stub_that_another_function_calls_is_named() -> None:
    def softmax(z: Any) -> Any:
        raise NotImplementedError

    def softmax_jacobian(z: Any) -> Any:
        return np.outer(softmax(z), softmax(z))

    panel = explore.softmax(softmax, softmax_jacobian)
    assert "Your softmax is not written yet" in panel.picture.alt
    assert "Your softmax_jacobian calls softmax, which is not written yet" in panel.picture.alt


def test_the_courses_own_overflow_is_no_fault_of_the_students() -> None:
    """The slope of the two valleys overflows in a walk that runs away; the student's function only calls it."""
    right = exercises()["descend"].reference
    panel = explore.descent(right)
    for rate in (0.8, 1.0, 1.2):
        for start in (-3.0, -2.0, 3.0):
            panel.move(land="two valleys", rate=rate, u=start, steps=60)
            assert "warned" not in panel.picture.alt
            assert "agrees with the reference" in panel.picture.alt
            truth(panel)


def test_the_students_own_warning_is_told_all_the_same() -> None:
    def descend(gradient: Any, start: Any, learning_rate: float, steps: int) -> Any:
        np.log(np.zeros(1))
        return exercises()["descend"].reference(gradient, start, learning_rate, steps)

    assert "Your descend warned: divide by zero" in explore.descent(descend).picture.alt


def test_a_slow_function_is_tried_again_and_then_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting may take long; a loop that never ends must not hold up every move."""
    monkeypatch.setattr(student, "TIME_LIMIT", 0.05)
    asked = []

    def sigmoid(x: np.ndarray) -> Any:
        asked.append(float(x[-1]))
        while x[-1] > 1:
            pass
        return 1 / (1 + np.exp(-x))

    panel = explore.activation("sigmoid", sigmoid)
    panel.move(x=2)
    assert "does a loop never end? The picture" in panel.picture.alt
    panel.move(x=0.5)
    assert "agrees with the reference" in panel.picture.alt
    panel.move(x=2)
    panel.move(x=3)
    assert "Mend it and run the cell again" in panel.picture.alt
    panel.move(x=0)
    assert asked == [1, 2, 0.5, 2, 3]


def test_one_that_waits_is_not_blamed_for_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student, "WAIT", 0.1)

    def sigmoid(x: Any) -> Any:
        while True:
            time.sleep(0.01)

    panel = explore.activation("sigmoid", sigmoid)
    assert "it waits for something, or the machine is busy" in panel.picture.alt
    assert "loop" not in panel.picture.alt
