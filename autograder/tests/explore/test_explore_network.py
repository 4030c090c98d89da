"""The explorables of lessons 07 and 08: what is particular to the two."""

from autograder.bank.lesson_07_forward_pass.forward import forward
from autograder.bank.lesson_08_backprop_by_hand.backward import backward
from autograder.kit import explore
from autograder.tests.explore.explorables import assert_drawn_well, truth

RIGHT = {"forward_pass": forward.reference, "backprop": backward.reference}


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


def test_another_nesting_is_said_in_words() -> None:
    panel = explore.forward_pass(lambda *given: [a for _, a in forward(*given)])
    assert "returned an array of shape (3, 3), an array of shape (3, 2, 3) was asked for" in panel.picture.alt
    panel = explore.backprop(lambda *given: backward(*given)[0])
    assert "returned an array of shape (3, 3, 3)" in panel.picture.alt
    panel = explore.backprop(lambda *given: backward(*given)[::-1])
    assert "must return two lists: three gradients of the weights, three of the biases" in panel.picture.alt
    assert_drawn_well(panel)


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
