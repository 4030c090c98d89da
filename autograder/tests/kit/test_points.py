"""The points in the plane, and the small network that returns from lesson to lesson."""

import hashlib

import numpy as np

from autograder.kit import load_points, points_network


def says(X, weights, biases):
    """The probability of class 1: a tanh layer, a softmax of two."""
    z = np.tanh(X @ weights[0] + biases[0]) @ weights[1] + biases[1]
    return 1 / (1 + np.exp(z[:, 0] - z[:, 1]))


def test_the_points_are_the_same_on_every_machine():
    X, labels = load_points()
    assert X.shape == (60, 2)
    assert labels.tolist() == [0] * 30 + [1] * 30
    hundredths = np.rint(X * 100).astype("<i8")
    assert hashlib.sha256(hundredths.tobytes()).hexdigest()[:16] == "9eb13b57f48241dc"


def test_no_straight_line_parts_them():
    """A line that parts them would make this loss as small as one likes; descent on it ends far above 0."""
    X, labels = load_points()
    A, w = np.column_stack([X, np.ones(60)]), np.zeros(3)
    for _ in range(5000):
        w -= 0.5 * A.T @ (1 / (1 + np.exp(-A @ w)) - labels) / 60
    wrong = np.mean((A @ w > 0) != labels)
    assert 0.1 < wrong < 0.2


def test_the_network_has_learned_them_all():
    X, labels = load_points()
    assert np.array_equal(says(X, *points_network()) > 0.5, labels == 1)


def test_every_call_gives_new_arrays():
    weights, biases = points_network()
    weights[0][0, 0] = biases[0][0] = 99
    assert points_network()[0][0][0, 0] != 99
    assert points_network()[1][0][0] != 99
