"""The drawn graph without a browser: its numbers, and every step of a student's."""

import itertools
from typing import Any

import pytest

from autograder.kit import explore
from autograder.kit.explore.pictures import computation_graph
from autograder.tests.explore.explorables import assert_drawn_well, truth


def graph_forward(x: float, y: float, z: float) -> Any:
    return x + y, (x + y) * z


def graph_backward(x: float, y: float, z: float) -> Any:
    return z, z, x + y, z


def graph_step(x: float, y: float, z: float, target: float, learning_rate: float) -> Any:
    pull = learning_rate * ((x + y) * z - target)
    return x - pull * z, y - pull * z, z - pull * (x + y)


def test_the_finding_of_the_lesson() -> None:
    panel = explore.graph()
    panel.press("the example, rate 0.1")
    assert "from -12.00 to -4.76. The loss grows, from 2.0000 to 13.7288." in panel.picture.alt
    assert "has not settled" in panel.picture.alt
    panel.press("rate 0.05")
    assert "The loss falls, from 2.0000 to 1.7298." in panel.picture.alt
    assert "it converges" in panel.picture.alt
    panel.press("rate 0.2")
    assert "this run diverges" in panel.picture.alt
    panel.press("nothing moves")
    assert "nothing moves, though f is not the target" in panel.picture.alt
    panel.move(rate=0, z=1)
    assert "With the rate 0 nothing moves" in panel.picture.alt
    panel.move(x=-6, y=1, z=2, rate=0.1)
    assert "f is the target already" in panel.picture.alt
    panel.press("q is zero")
    assert "from 0.00 to -16.00" in panel.picture.alt


def test_a_guess_is_hidden_until_revealed() -> None:
    panel = explore.graph(graph_forward, graph_backward, graph_step, predict=True)
    truth(panel)
    assert_drawn_well(panel)
    assert "<td>?</td>" in panel.picture.html()
    assert "4.76" not in panel.picture.html() + panel.picture.svg.render()
    assert "graph_step" not in panel.picture.alt
    panel.move(guess=-4.8)
    assert "Your guess is -4.80. Then press Reveal." in panel.picture.alt
    panel.press("Reveal")
    truth(panel)
    assert_drawn_well(panel)
    assert "You guessed -4.8; f is -4.7600: right" in panel.picture.alt
    panel.move(guess=-11)
    assert "You guessed -11.0; f is -4.7600: too small by 6.2400." in panel.picture.alt
    panel.move(x=0)
    assert "Then press Reveal" in panel.picture.alt


def test_the_students_numbers_stand_beside_the_reference() -> None:
    def swapped(x: float, y: float, z: float) -> Any:
        return z, z, z, x + y

    def in_turn(x: float, y: float, z: float, target: float, learning_rate: float) -> Any:
        pull = learning_rate * ((x + y) * z - target)
        x, y = x - pull * z, y - pull * z
        return [x, y, z - pull * (x + y)]

    panel = explore.graph(graph_forward, swapped, in_turn)
    alt = panel.picture.alt
    assert "Your graph_forward agrees with the reference" in alt
    assert "Your swapped is off the reference: largest gap 7.0000, at df/dz." in alt
    assert "Your in_turn is off the reference: largest gap 0.3200, in z, after one step." in alt
    assert ">yours 3.00<" in panel.picture.svg.render()
    assert "your in_turn" in panel.picture.svg.render()


def test_an_uphill_student_leaves_the_plot_and_nothing_breaks() -> None:
    panel = explore.graph(None, None, lambda x, y, z, t, r: graph_step(x, y, z, t, -10 * r))
    truth(panel)
    assert_drawn_well(panel)


def from_call(number: int, answer: Any) -> Any:
    """A graph_step that is right until its call of that number, from which on it gives `answer(*arguments)`."""
    calls = []

    def step(*given: Any) -> Any:
        calls.append(given)
        return answer(*given) if len(calls) >= number else graph_step(*given)

    return step


def stands_still(x: float, y: float, z: float, *_: float) -> Any:
    return x, y, z


def test_every_step_is_compared_and_not_the_first_alone() -> None:
    for number in (1, 2, 7, 20):
        alt = explore.graph(None, None, from_call(number, stands_still)).picture.alt
        after = "one step" if number == 1 else f"{number} steps"
        assert "Your step is off the reference" in alt
        assert f"after {after}." in alt
    right = explore.graph(None, None, graph_step)
    assert "Your graph_step agrees with the reference in all of its 20 steps" in right.picture.alt


def test_one_that_fails_on_the_way_is_told_where() -> None:
    alt = explore.graph(None, None, from_call(5, lambda *_: 1 / 0)).picture.alt
    assert "After 4 of 20 steps: Your step raised ZeroDivisionError" in alt
    assert "agrees with the reference in all of its 4 steps" in alt


def test_one_that_takes_long_is_not_said_to_agree_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computation_graph, "LONGEST", -1.0)
    alt = explore.graph(None, None, graph_step).picture.alt
    assert "Your graph_step takes long: only 1 of its 20 steps are drawn here." in alt
    assert "agrees with the reference in all of its 1 steps" in alt


def test_the_corners_of_the_sliders() -> None:
    panel = explore.graph(graph_forward, graph_backward, graph_step)
    for corner in itertools.product((-6, 6), (-6, 6), (-6, 6), (0, 0.25)):
        panel.move(**dict(zip(("x", "y", "z", "rate"), corner, strict=True)))
        truth(panel)
        assert_drawn_well(panel)
        assert "off the reference" not in panel.picture.alt
