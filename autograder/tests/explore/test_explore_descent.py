"""The two descents to play with: controls, presets, and sentences against 50 digits."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.bank.lesson_01_gradient_descent.climb import climb
from autograder.bank.lesson_01_gradient_descent.descend import descend
from autograder.kit import explore
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.pictures.descent_path import CURVES, MAPS
from autograder.tests.explore.explorables import assert_drawn_well, places, truth


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


def test_the_students_walk_stands_beside_the_reference() -> None:
    panel = explore.descent(climb.reference)
    panel.move(rate=0.25, steps=2, u=-1)
    assert "Your climb is off the reference: largest gap 2.0000, after step 2." in panel.picture.alt
    assert '<th scope="row">2</th><td>-0.2500</td><td>0.0625</td><td>-2.2500</td>' in panel.picture.html()
    assert '<th scope="col">your v</th>' in explore.descent_map(climb.reference).picture.html()


def test_a_walk_without_its_start_is_told_its_shape() -> None:
    panel = explore.descent(lambda g, s, r, n: descend(g, s, r, n)[1:])
    assert "returned an array of shape (12,), an array of shape (13,) was asked for" in panel.picture.alt
