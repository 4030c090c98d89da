"""`explore.digit`: the picture is what was drawn, moved; the network is the student's own where it is one."""

import numpy as np
import pytest

from autograder.bank.lesson_10_training.predict_probabilities import predict_probabilities
from autograder.kit import explore, load_digits
from autograder.kit.explore.pictures.drawn_digit import MEANS, pixels_of

NAMES = ["tanh", "softmax"]


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(2)
    return [rng.normal(0, 0.2, (64, 5)), rng.normal(0, 2, (5, 10))], [np.zeros(5), rng.normal(0, 1, 10)]


def test_a_row_of_the_file_is_shown_as_it_is_and_moved_as_it_says():
    panel = explore.digit()
    panel.press("a 7 of the file")
    row = load_digits()[0][7].reshape(8, 8)
    assert np.array_equal(pixels_of(panel.values), row.ravel())
    panel.move(right=2, down=-1)
    moved = pixels_of(panel.values).reshape(8, 8)
    assert np.array_equal(moved[:7, 2:], row[1:, :6])
    assert not moved[7].any()
    assert not moved[:, :2].any()


@pytest.mark.parametrize("form", [list, tuple])
def test_the_students_own_network_reads(network, form):
    weights, biases = network
    panel = explore.digit(predict_probabilities, (form(weights), form(biases), NAMES))
    p = predict_probabilities(pixels_of(panel.values), weights, biases, NAMES)
    assert f"Probabilities of your network: 0: {p[0]:.4f}" in panel.picture.alt
    assert f"read as {p.argmax()}." in panel.picture.alt
    assert "Your predict_probabilities agrees with the reference" in panel.picture.alt


def test_one_layer_as_an_array_is_a_network_too():
    panel = explore.digit(None, ([np.zeros((64, 10))], [np.zeros(10)], ["softmax"]))
    assert "Probabilities of your network: 0: 0.1000" in panel.picture.alt


@pytest.mark.parametrize(
    "own",
    [
        ([np.zeros((64, 5))], [np.zeros(5)], ["softmax"]),
        ([np.zeros((64, 10))], [np.zeros(10)], ["relu"]),
        ([np.zeros((64, 10))], [np.zeros(10)], ["tanh", "softmax"]),
        ([np.zeros((10, 64))], [np.zeros(10)], ["softmax"]),
        (3.0, None, "softmax"),
        ([["a"]], [[]], []),
        ([np.full((64, 10), np.nan)], [np.zeros(10)], ["softmax"]),
        7,
    ],
)
def test_what_is_no_network_is_said_and_the_mean_pictures_read(own):
    panel = explore.digit(predict_probabilities, own)
    assert "are no network from 64 pixels to ten digits" in panel.picture.alt
    assert f"Probabilities of {MEANS}" in panel.picture.alt


def test_the_grid_takes_what_a_browser_sends_and_refuses_what_is_none():
    panel = explore.digit()
    panel.widget.values = {**panel.widget.values, "ink": [0.4] * 63 + [99]}
    assert panel.values["ink"] == (0,) * 63 + (16,)
    for wrong in (3, [1, 2], ["a"] * 64, [np.nan] * 64, None):
        with pytest.raises(ValueError, match="takes 64 numbers from 0 to 16"):
            panel.move(ink=wrong)


def test_the_mean_pictures_read_nine_of_ten():
    from autograder.kit.explore.pictures.drawn_digit import of_the_means

    pixels, labels = load_digits()
    right = [
        of_the_means().probabilities(x).argmax() == label for x, label in zip(pixels, labels, strict=True)
    ]
    assert np.mean(right) > 0.9
