"""The explorables of lessons 07 and 08: every control, every preset, broken functions; alt text true by mpmath."""

import io
import math
import re
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

from autograder.bank.lesson_07_forward_pass.forward import forward
from autograder.bank.lesson_08_backprop_by_hand.backward import backward
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.controls import Check, Range, Reveal
from autograder.kit.explore.parts.panel import Panel
from autograder.tests.explore.test_explore import Allowed, assert_drawn_well, places, raises
from autograder.tests.explore.test_explore_students import BROKEN
from autograder.tests.explore.truth_network import backward_alt_is_true, forward_alt_is_true

MAKERS: dict[str, Callable[..., Panel]] = {"forward_pass": explore.forward_pass, "backprop": explore.backprop}
RIGHT = {"forward_pass": forward.reference, "backprop": backward.reference}
every_explorable = pytest.mark.parametrize("name", MAKERS)


def truth(panel: Panel) -> None:
    """Asserts that the picture's alt text is true of the panel's controls."""
    values = {control.label: panel.values[name] for name, control in panel.controls.items()}
    hidden = panel.values["predict"] and not panel.values["revealed"]
    is_true = forward_alt_is_true if panel.title == "the forward pass" else backward_alt_is_true
    is_true(values, panel.picture.alt, hidden)


@every_explorable
def test_every_control_over_its_ends_and_its_middle(name: str) -> None:
    panel = MAKERS[name](RIGHT[name])
    truth(panel)
    for key, control in panel.controls.items():
        for place in places(control):
            panel.move(**{key: place})
            truth(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)


def test_every_step_backwards_is_drawn_well() -> None:
    for function in (
        None,
        RIGHT["backprop"],
        lambda *given: tuple([-g for g in part] for part in backward(*given)),
    ):
        panel = explore.backprop(function)
        for stage in range(7):
            panel.move(stage=stage)
            truth(panel)
            assert_drawn_well(panel)


@every_explorable
def test_every_preset_and_reset(name: str) -> None:
    panel = MAKERS[name]()
    start, first = dict(panel.values), panel.picture.alt
    for label, preset in panel.presets.items():
        panel.press(label)
        for key, value in preset.values.items():
            assert panel.values[key] == value
        truth(panel)
        assert_drawn_well(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


def test_the_presets_do_what_they_say() -> None:
    panel = explore.forward_pass()
    for label, off in (
        ("all units of layer 1 off", "units 1, 2, 3"),
        ("one unit of layer 1 on", "units 1, 3"),
    ):
        panel.press(label)
        assert f"Off in layer 1, because the sum is not positive: {off}." in panel.picture.alt
    panel.press("large inputs")
    assert "above 0.99" in panel.picture.alt
    back = explore.backprop()
    back.press("the step of the example")
    assert "weights and biases 1.58041; true gradient, weights only 1.59024; published gradient 1.61371" in (
        back.picture.alt
    )
    back.press("a long step, published")
    assert "loss after the step 1.66131" in back.picture.alt


@every_explorable
def test_a_guess_is_hidden_until_revealed_and_again_after_the_next_move(name: str) -> None:
    panel = MAKERS[name](predict=True)
    truth(panel)
    assert "press Reveal" in panel.picture.alt
    assert "<td>?</td>" in panel.picture.html()
    panel.move(guess=0.3)
    assert "Your guess is 0.30" in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert re.search(
        r"You guessed 0\.30; .+ is \d\.\d{4}: too (small|large) by \d\.\d{4}\.", panel.picture.alt
    )
    assert_drawn_well(panel)
    moved = next(key for key, control in panel.controls.items() if isinstance(control, Range))
    panel.move(**{moved: panel.controls[moved].high})  # type: ignore[union-attr]
    assert "press Reveal" in panel.picture.alt
    truth(panel)


# "returns a tuple" and the like are worded by what each of the two asks for.
SHARED = {kind: case for kind, case in BROKEN.items() if kind != "returns a tuple"}


@pytest.mark.parametrize(("function", "sentence"), SHARED.values(), ids=SHARED.keys())
@every_explorable
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    name: str, function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2)
    out, err = io.StringIO(), io.StringIO()
    if "lambda" in getattr(function, "__name__", "") and "raised TypeError" in sentence:
        function = lambda a, b, c, d, e: 0  # noqa: E731
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as caught:
        panel = MAKERS[name](function)
        assert re.search(sentence, panel.picture.alt)
        truth(panel)
        for label in panel.presets:
            panel.press(label)
            assert re.search(sentence, panel.picture.alt)
            truth(panel)
            assert_drawn_well(panel)
    assert err.getvalue() == ""
    assert caught == []


def test_another_nesting_is_said_in_words() -> None:
    panel = explore.forward_pass(lambda *given: [a for _, a in forward(*given)])
    assert "returned an array of shape (3, 3), an array of shape (3, 2, 3) was asked for" in panel.picture.alt
    panel = explore.backprop(lambda *given: backward(*given)[0])
    assert "returned an array of shape (3, 3, 3)" in panel.picture.alt
    panel = explore.backprop(lambda *given: backward(*given)[::-1])
    assert "must return two lists: three gradients of the weights, three of the biases" in panel.picture.alt
    assert_drawn_well(panel)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -7.5, 0.0, 1e-300])
def test_any_number_can_be_drawn(value: float) -> None:
    panels = [
        explore.forward_pass(lambda *_: np.full((3, 2, 3), value)),
        explore.backprop(lambda *_: (np.full((3, 3, 3), value), np.full((3, 3), value))),
    ]
    said = "nan" if math.isnan(value) else "infinity" if math.isinf(value) else "largest gap"
    for panel in panels:
        for label in panel.presets:
            panel.press(label)
            truth(panel)
            assert_drawn_well(panel)
        assert said in panel.picture.alt


def test_the_students_numbers_stand_beside_the_reference() -> None:
    panel = explore.forward_pass(lambda *given: [(z, a / 2) for z, a in forward(*given)])
    assert "Your <lambda>" not in panel.picture.alt
    assert (
        "Your forward is off the reference: largest gap 0.9000, in a of layer 1, unit 3." in panel.picture.alt
    )
    assert "yours 0.0992" in panel.picture.svg.render()
    right = explore.backprop(RIGHT["backprop"])
    assert "Your backward agrees with the reference" in right.picture.alt
    lame = explore.backprop(lambda *given: (backward(*given)[0], [0 * g for g in backward(*given)[1]]))
    assert "agrees for the weights; its bias gradients are all 0" in lame.picture.alt


def test_a_function_may_change_its_arguments_and_the_picture_stays_right() -> None:
    def spoils(x: Any, *rest: Any) -> Any:
        x[:] = 0
        for part in rest:
            for each in part:
                each *= 0
        raise ValueError

    for name in MAKERS:
        panel = MAKERS[name](spoils)
        panel.press("Reset")
        truth(panel)


@every_explorable
def test_controls_have_names_of_their_own_and_the_html_survives(name: str) -> None:
    panel = MAKERS[name](raises)
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert isinstance(panel.controls["predict"], Check)
    assert isinstance(panel.controls["revealed"], Reveal)
    parser = Allowed()
    parser.feed(panel.picture.html())
    assert parser.taken == []
    assert "live while the notebook runs" in panel.widget_bundle()["text/plain"]
