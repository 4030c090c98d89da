"""What the explorables make of a student's function: broken ones get a sentence, right and wrong ones their numbers."""

import io
import math
import re
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any

import numpy as np
import pytest

from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.test_explore import assert_drawn_well, every_explorable, raises, truth

# Broken functions of a student, and what the picture says of them.


def not_written(*_: Any) -> Any:
    raise NotImplementedError


def quits(*_: Any) -> Any:
    sys.exit(3)


def endless(*_: Any) -> Any:
    while True: pass  # noqa: E701  # fmt: skip


def swallows_and_goes_on(*_: Any) -> Any:
    while True:
        with suppress(Exception):
            math.sqrt(-1)


def interrupted(*_: Any) -> Any:
    raise KeyboardInterrupt


class Hostile:
    """An object whose every answer is an error."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("no")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no")


class BadMessageError(Exception):
    """An exception that cannot be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def raises_badly(*_: Any) -> Any:
    raise BadMessageError


BROKEN: dict[str, tuple[Any, str]] = {
    "raises": (raises, r"Your raises raised ValueError: shapes \(4,\) and \(3,\) not aligned"),
    "not written": (not_written, "is not written yet: the picture shows the reference"),
    "quits": (quits, "raised SystemExit: 3"),
    "raises what cannot be printed": (raises_badly, "raised BadMessageError. The picture"),
    "endless in one line": (endless, "was not done after 0.2 seconds: does a loop never end"),
    "endless with except": (swallows_and_goes_on, "was not done after 0.2 seconds"),
    "interrupted": (interrupted, "You stopped your interrupted"),
    "returns text": (lambda *_: "0.5", "gave no numbers: it returned a str"),
    "returns None": (lambda *_: None, "gave no numbers: it returned None"),
    "returns a wrong shape": (lambda *_: np.zeros((7, 3)), r"returned an array of shape \(7, 3\)"),
    "returns a tuple": (lambda *_: (np.zeros(3), 1.0), "returned a tuple of 2"),
    "returns a hostile object": (lambda *_: Hostile(), "gave no numbers"),
    "is no function": (3.5, r"a value \(float\), not a function"),
    "takes other arguments": (lambda a, b, c, d: 0, "raised TypeError"),
    "recurses": (lambda *z: BROKEN["recurses"][0](*z), "raised RecursionError"),
}


@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
@every_explorable
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    make: Callable[..., Panel], function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as caught:
        panel = make(function)
        assert re.search(sentence, panel.picture.alt)
        truth(panel)
        for label in panel.presets:
            started = time.monotonic()
            panel.press(label)
            assert re.search(sentence, panel.picture.alt)
            assert time.monotonic() - started < 2
            truth(panel)
            assert_drawn_well(panel)
    assert err.getvalue() == ""
    assert caught == []
    assert len(out.getvalue().splitlines()) == 1  # what a panel prints outside a notebook


@every_explorable
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -7.5, 0.0, 1e-300])
def test_any_number_can_be_drawn(make: Callable[..., Panel], value: float) -> None:
    shape = {"softmax": (4,), "the cross-entropy loss": ()}

    def constant(*arguments: Any) -> Any:
        return np.full(shape.get(panel_title, np.shape(arguments[0])), value)

    panel_title = make().title
    panel = make(constant)
    for label in panel.presets:
        panel.press(label)
        truth(panel)
        assert_drawn_well(panel)
    said = "nan" if math.isnan(value) else "infinity" if math.isinf(value) else "largest gap"
    assert said in panel.picture.alt


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


def test_a_function_may_change_its_argument_and_the_picture_stays_right() -> None:
    def spoils(z: Any) -> Any:
        z[:] = 0
        return z

    panel = explore.softmax(spoils)
    truth(panel)
