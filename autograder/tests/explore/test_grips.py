"""Points to drag: each stands where its sliders say, and goes as far as the pointer."""

import json

import pytest

from autograder.kit.explore.parts.controls import Range
from autograder.kit.explore.parts.grips import Grip
from autograder.kit.explore.parts.panel import Panel
from autograder.site.stills import stills
from autograder.tests.explore.explorables import EXPLORABLES

HELD = ("descent", "descent_map", "graph", "relu", "sigmoid", "softplus", "tanh", "valley")


def grips_of(name: str, **values: float) -> list[Grip]:
    panel = EXPLORABLES[name].make()
    panel.move(**values)
    return panel.picture.svg.grips


def test_which_pictures_have_some() -> None:
    assert sorted(name for name in EXPLORABLES if grips_of(name)) == list(HELD)


@pytest.mark.parametrize("name", HELD)
def test_what_follows_is_a_slider_and_every_place_of_it_can_be_dragged_to(name: str) -> None:
    panel = EXPLORABLES[name].make()
    assert panel.widget.grips == panel.grips()
    for number, grip in enumerate(panel.picture.svg.grips):
        assert 0 <= grip.x <= panel.picture.svg.width
        assert 0 <= grip.y <= panel.picture.svg.height
        for pull in grip.pulls:
            slider = panel.controls[pull.slider]
            assert isinstance(slider, Range)
            # A step is a fraction of the picture's pixels, and the whole range fits into it.
            assert slider.high - slider.low <= 700 * abs(pull.per_pixel)
            low, high = (grips_of(name, **{pull.slider: end})[number] for end in (slider.low, slider.high))
            if name == "graph":  # a number stays where it is; upwards it grows
                assert (low.x, low.y) == (high.x, high.y)
                assert pull.axis == "y"
                assert pull.per_pixel < 0
            else:
                way = (high.x - low.x) if pull.axis == "x" else (high.y - low.y)
                assert way * pull.per_pixel == pytest.approx(slider.high - slider.low)


def test_a_point_above_the_picture_is_held_at_its_edge() -> None:
    """At w = -3 the loss of the two valleys is 10.5, and the axis ends at 6."""
    [grip] = grips_of("descent", u=-3)
    panel = EXPLORABLES["descent"].make()
    panel.move(land="two valleys", u=-3)
    [held] = panel.picture.svg.grips
    assert (held.x, held.y) == (grip.x, 70)


def test_a_new_picture_tells_the_browser_where_its_points_are() -> None:
    panel = EXPLORABLES["sigmoid"].make()
    before = panel.widget.grips
    panel.widget.values = {**panel.values, "x": -2.0}
    assert panel.widget.grips == panel.grips() != before


def test_a_page_of_the_site_is_told_the_same_before_and_after_a_move(monkeypatch: pytest.MonkeyPatch) -> None:
    # What runs in a page changes both of these for good.
    monkeypatch.setattr(Panel, "show", Panel.show)
    monkeypatch.setenv("AUTOGRADER_PROGRESS", "")
    from autograder.site.in_browser import in_page

    panel = EXPLORABLES["descent"].make()
    start = panel.grips()
    assert stills(panel)["start"]["grips"] == start
    panel.move(u=1.5)
    made = json.loads(in_page.make("0", "explore.descent(*own)", "[]", json.dumps(dict(panel.values))))
    assert made["grips"] == panel.grips()
    assert made["values"]["u"] == 1.5
