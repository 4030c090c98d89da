"""What holds for every explorable: its controls, its guess, its HTML, and what it makes of a student's functions."""

import io
import math
import re
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

from autograder import course
from autograder.kit import explore
from autograder.kit.explore.parts import student
from autograder.kit.explore.parts.controls import Check, Range, Reveal
from autograder.tests.explore.broken import BROKEN, raises
from autograder.tests.explore.explorables import (
    EXPLORABLES,
    Allowed,
    Explorable,
    assert_drawn_well,
    every_explorable,
    every_function,
    places,
    truth,
    what_is_said_of,
)


def test_none_is_missing() -> None:
    made = {name for name in EXPLORABLES if name not in ("sigmoid", "tanh", "softplus", "relu")}
    assert made | {"activation"} == set(explore.__all__)
    table = (course.ROOT / "autograder" / "README.md").read_text(encoding="utf-8").split("| `explore.` |")[1]
    assert sorted(re.findall(r"^\| `(\w+)` \| \d\d \|", table, re.MULTILINE)) == explore.__all__
    assert len(explore.__all__) >= 16


# Controls.


@every_explorable
def test_every_control_from_end_to_end(each: Explorable) -> None:
    panel = each.make()
    truth(panel)
    for name, control in panel.controls.items():
        for place in places(control):
            panel.move(**{name: place})
            truth(panel)
            assert_drawn_well(panel)
        panel.reset()
        panel.move(predict=False)


@every_explorable
def test_every_preset_and_reset(each: Explorable) -> None:
    panel = each.make()
    start, first = dict(panel.values), panel.picture.alt
    for label, preset in panel.presets.items():
        panel.press(label)
        for name, value in preset.values.items():
            assert panel.values[name] == value
        truth(panel)
        assert_drawn_well(panel)
    panel.reset()
    assert panel.values == start
    assert panel.picture.alt == first


@every_explorable
def test_every_control_has_a_name_of_its_own(each: Explorable) -> None:
    panel = each.make()
    labels = [control.label for control in panel.controls.values()] + list(panel.presets)
    assert all(labels)
    assert len(set(labels)) == len(labels)
    for control in panel.controls.values():
        assert control.label in control.describe()
    assert isinstance(panel.controls["predict"], Check)
    assert isinstance(panel.controls["revealed"], Reveal)


@every_explorable
def test_values_read_as_they_are_meant(each: Explorable) -> None:
    for control in each.make().controls.values():
        if isinstance(control, Range):
            count = round((control.high - control.low) / control.step)
            for place in range(0, count + 1, max(1, count // 400)):
                value = control.clean(control.low + place * control.step)
                assert float(f"{value:.{control.digits}f}") == value
                assert math.copysign(1, value) == 1 or value != 0


# Guess first, then reveal.


@every_explorable
def test_a_guess_is_hidden_until_revealed_and_again_after_the_next_move(each: Explorable) -> None:
    panel = each.make(predict=True)
    truth(panel)
    assert "press Reveal" in panel.picture.alt
    assert "<td>?</td>" in panel.picture.html()
    assert_drawn_well(panel)
    guess = panel.controls["guess"]
    assert isinstance(guess, Range)
    panel.move(guess=guess.high)
    assert f"Your guess is {guess.high:.{guess.digits}f}" in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert "You guessed" in panel.picture.alt
    assert_drawn_well(panel)
    panel.move(guess=guess.low)
    assert "You guessed" in panel.picture.alt, "another guess hides nothing"
    moved = next(control for control in panel.controls.values() if isinstance(control, Range))
    panel.move(**{moved.name: moved.low if panel.values[moved.name] != moved.low else moved.high})
    assert "press Reveal" in panel.picture.alt
    truth(panel)
    panel.press("Reveal")
    panel.reset()
    assert panel.values["predict"], "a reset goes on guessing"
    assert "press Reveal" in panel.picture.alt


@every_explorable
def test_a_guess_says_nothing_of_the_students_own_numbers(each: Explorable) -> None:
    """Of what is guessed, that is: the third function's in the graph, the slope of an activation, the output layer."""
    name = next(name for name, found in EXPLORABLES.items() if found is each)
    place = {"graph": 2, "autograd": 1, "sigmoid": 1, "tanh": 1, "softplus": 1, "relu": 1}.get(name, 0)
    function = each.constant(0.123456)[place]
    if name == "forward_pass":
        function = lambda *_: np.array([[[0.5] * 3] * 2] * 2 + [[[0.123456] * 3] * 2])  # noqa: E731
    panel = each.with_one(place, function, predict=True)
    assert "0.12" not in panel.picture.html() + panel.picture.svg.render()
    panel.press("Reveal")
    truth(panel)


# What is shown.


@every_explorable
def test_the_html_survives_a_sanitizer_and_describes_itself(each: Explorable) -> None:
    panel = each.make(raises)
    assert Allowed(panel.picture.html()).taken == []
    assert "http" not in panel.picture.html()
    assert panel.picture.bundle()["text/plain"] == panel.picture.alt


@every_explorable
def test_the_numbers_are_folded_and_every_column_has_a_head(each: Explorable) -> None:
    panel = each.make()
    assert "<details><summary>The picture's numbers</summary><table>" in panel.picture.html()
    head, *rows = panel.picture.table
    assert all(head)
    assert {len(row) for row in rows} == {len(head)}


@every_explorable
def test_where_no_kernel_runs_it_says_what_to_do(each: Explorable) -> None:
    panel = each.make()
    bundle = panel.widget_bundle()
    assert bundle["text/plain"].startswith(f"Run this cell to move the sliders of {panel.title}: ")
    assert bundle["text/html"].startswith("<p>Run this cell to move the sliders")
    assert "application/vnd.jupyter.widget-view+json" in bundle


@every_explorable
def test_every_colour_has_another_one_in_the_dark(each: Explorable) -> None:
    """No colour is drawn that a dark page does not change."""
    from autograder.kit.explore.parts.colours import DARK

    panel = each.make(*each.constant(-7.5), predict=True)
    for reveal in (False, True):
        panel.move(revealed=reveal)
        code = re.sub(r"<style>.*</style>", "", panel.picture.svg.render())
        drawn = set(re.findall(r'(?:fill|stroke)="([^"]+)"', code))
        assert drawn - {"none"} <= DARK.keys()


# Right functions.


@every_function
def test_a_right_function_is_called_right_at_every_preset(each: Explorable, place: int) -> None:
    for function in each.right(place):
        panel = each.with_one(place, function)
        for label in panel.presets:
            panel.press(label)
            truth(panel)
            alt = panel.picture.alt
            if "float32" in function.__name__ and "may not be enough here" in alt:
                assert label == "too large weights"
                continue
            assert_called_right(alt, str(function))


def assert_called_right(alt: str, which: str) -> None:
    said = re.findall(r"(?:Your|your) [^.]*", alt)
    assert not any(word in alt for word in ("off the reference", "warned", "raised", "returned")), (
        which,
        alt,
    )
    assert (
        "agrees with the reference" in alt
        or "takes the natural logarithm" in alt
        or any("starts from random weights" in each for each in said)
    ), (which, alt)


def cast(value: Any, change: Any) -> Any:
    """The answer with every array and number of it changed."""
    if isinstance(value, (tuple, list)):
        return type(value)(cast(member, change) for member in value)
    return change(np.asarray(value))


@pytest.mark.parametrize(
    "change",
    [lambda array: array.astype(np.float32), lambda array: array.astype(complex)],
    ids=["single precision", "complex without imaginary part"],
)
@every_function
def test_a_number_is_what_it_is_in_a_check(each: Explorable, place: int, change: Any) -> None:
    right = each.right(place)[0]
    panel = each.with_one(place, lambda *given: cast(right(*given), change))
    for label in panel.presets:
        panel.press(label)
        assert_called_right(panel.picture.alt, label)


@every_function
def test_one_wrong_number_is_enough_to_be_off(each: Explorable, place: int) -> None:
    """An explorable says "agrees" of what it has compared: of every number that came back, and of every call."""
    if each is EXPLORABLES["batches"]:
        pytest.skip("what a training comes to is not compared: it starts from random weights of its own")
    right = each.right(place)[0]
    for part in (0.0, 0.3, 0.5, 0.8, 1.0):
        # Deltas may be as small as 1e-20, and are compared as such; elsewhere that is rounding.
        least = 0.0 if each is EXPLORABLES["delta_sizes"] else 0.01
        panel = each.with_one(
            place, lambda *given, part=part, least=least: spoilt(right(*given), part, least)
        )
        for label in panel.presets:
            panel.press(label)
            assert "agrees with the reference" not in panel.picture.alt, (part, label, panel.picture.alt)


def spoilt(value: Any, part: float, least: float) -> Any:
    """The answer with one number changed by a hundredth of the largest in its array, or of `least`."""
    arrays: list[np.ndarray] = []

    def copied(array: np.ndarray) -> np.ndarray:
        arrays.append(np.array(array, dtype=float))
        return arrays[-1]

    found = cast(value, copied)
    chosen = arrays[round(part * (len(arrays) - 1))]
    place = np.unravel_index(round(part * (chosen.size - 1)), chosen.shape)
    with np.errstate(all="ignore"):
        chosen[place] += 0.01 * max(np.max(np.abs(chosen)), least)
    return found


@every_explorable
def test_a_function_may_change_its_arguments_and_the_picture_stays_right(each: Explorable) -> None:
    def spoils(given: Any) -> None:
        for argument in given:
            if isinstance(argument, np.ndarray) and argument.ndim:
                argument[...] = 7
            elif isinstance(argument, list):
                spoils(argument)

    for place in range(len(each.exercises)):
        right = each.right(place)[0]

        def answers_and_spoils(*given: Any, right: Any = right) -> Any:
            found = right(*given)
            spoils(given)
            return found

        panel = each.with_one(place, answers_and_spoils)
        for label in panel.presets:
            panel.press(label)
            truth(panel)
            assert_called_right(panel.picture.alt, label)


# Wrong and broken functions.


@pytest.mark.parametrize(("function", "sentence"), BROKEN.values(), ids=BROKEN.keys())
@every_function
def test_a_broken_function_gives_a_sentence_and_the_next_move_works(
    each: Explorable, place: int, function: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Short for what never ends, and so long for what does that no busy machine makes it late.
    monkeypatch.setattr(student, "TIME_LIMIT", 0.2 if "not done after" in sentence else 60.0)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as caught:
        panel = each.with_one(place, function)
        for label in panel.presets:
            assert re.search(sentence, panel.picture.alt), panel.picture.alt
            truth(panel)
            assert_drawn_well(panel)
            panel.press(label)
    assert err.getvalue() == ""
    assert caught == []
    assert len(out.getvalue().splitlines()) == 1  # what a panel prints outside a notebook


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -7.5, 0.0, 1e-300])
@every_explorable
def test_any_number_can_be_drawn(each: Explorable, value: float) -> None:
    panel = each.make(*each.constant(value), predict=True)
    for label in panel.presets:
        panel.press(label)
        assert_drawn_well(panel)
        panel.press("Reveal")
        truth(panel)
        assert_drawn_well(panel)
    if each is EXPLORABLES["batches"]:
        assert ("no finite numbers" in panel.picture.alt) is not math.isfinite(value)
    else:
        assert what_is_said_of(value) in panel.picture.alt
