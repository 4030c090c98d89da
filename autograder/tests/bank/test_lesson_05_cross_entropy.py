"""Lesson 05: the references against mpmath at 50 digits, the complex step, and PyTorch's autograd.

The complex step runs on mpmath's losses, written here without a maximum: 50 digits do not overflow at 1000. All of
them are analytic where they are asked, so no central differences are needed.
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_05_cross_entropy.binary_cross_entropy import binary_cross_entropy
from autograder.bank.lesson_05_cross_entropy.cross_entropy import cross_entropy
from autograder.bank.lesson_05_cross_entropy.cross_entropy_from_logits import cross_entropy_from_logits
from autograder.bank.lesson_05_cross_entropy.cross_entropy_gradient import cross_entropy_gradient
from autograder.bank.lesson_05_cross_entropy.log_softmax import log_softmax
from autograder.bank.lesson_05_cross_entropy.sigmoid_cross_entropy_delta import sigmoid_cross_entropy_delta
from autograder.bank.lesson_05_cross_entropy.softmax_cross_entropy_delta import softmax_cross_entropy_delta

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")

# Logits of two samples, with the true classes.
LOGITS = {
    "ordinary": ([[1.0, 2.0, -1.0], [0.25, -1.5, 3.0]], [1, 0]),
    "equal": ([[0.5, 0.5, 0.5, 0.5], [-2.0, -2.0, -2.0, -2.0]], [3, 0]),
    "near 1000": ([[1000.0, 1001.5, 999.25], [1002.0, 1000.0, 1000.0]], [0, 1]),
    "near -1000": ([[-1000.0, -1001.5, -1002.25], [-1000.0, -1003.0, -1001.0]], [2, 0]),
    "far apart": ([[1000.0, -1000.0, 0.0], [-700.0, 40.0, 0.0]], [1, 0]),
}
each_kind = pytest.mark.parametrize(
    ("z", "y"), [(np.array(z), np.eye(len(z[0]))[true]) for z, true in LOGITS.values()], ids=LOGITS
)
PROBABILITIES = np.array([[0.2, 0.7, 0.1], [0.01, 0.5, 0.49], [1e-9, 0.25, 0.75 - 1e-9], [0.6, 0.1, 0.3]])
LABELS = np.eye(3)[[1, 0, 0, 2]]
COLUMN = np.array([[0.5], [-3.0], [30.0], [37.0], [1000.0], [-1000.0], [1000.0], [-1000.0]])
COLUMN_LABELS = np.array([[1.0], [1.0], [0.0], [0.0], [0.0], [1.0], [1.0], [0.0]])


def exact_log_softmax(z):
    log_sum = mpmath.log(mpmath.fsum(mpmath.exp(value) for value in z))
    return [value - log_sum for value in z]


def exact_loss(y, logarithms):
    """The mean over the rows of minus the true class's logarithm."""
    terms = [label * log for row, logs in zip(y, logarithms, strict=True)
             for label, log in zip(row, logs, strict=True) if label]  # fmt: skip
    return -mpmath.fsum(terms) / len(y)


def exact_cross_entropy(p, y):
    return exact_loss(y, [[mpmath.log(value) if value else 0 for value in row] for row in p])


def from_logits(z, y):
    return exact_loss(y, [exact_log_softmax(row) for row in z])


def sigmoid_cross_entropy(z, y):
    """y log(1 + e^-z) + (1 - y) log(1 + e^z)."""
    terms = [label * mpmath.log(1 + mpmath.exp(-value)) + (1 - label) * mpmath.log(1 + mpmath.exp(value))
             for (value,), (label,) in zip(z, y, strict=True)]  # fmt: skip
    return mpmath.fsum(terms) / len(y)


def complex_step(loss, x, y):
    gradient = np.zeros(x.shape)
    for s, i in np.ndindex(*x.shape):
        stepped = [[mpmath.mpc(value) for value in row] for row in x.tolist()]
        stepped[s][i] += mpmath.mpc(0, STEP)
        gradient[s, i] = float(mpmath.mpc(loss(stepped, y.tolist())).imag / STEP)
    return gradient


def autograd(loss, x, y):
    """PyTorch's gradient of `loss(x, y)`, a tensor with one number."""
    x = torch.tensor(x, requires_grad=True)
    loss(x, torch.tensor(y)).backward()
    return x.grad.numpy()


def close(given, exact, atol=1e-300):
    np.testing.assert_allclose(np.asarray(given, float), np.array(exact, float), rtol=1e-13, atol=atol)


@each_kind
def test_log_softmax_is_exact_at_every_size(z, y):
    # Near 0 a difference of logits cannot be better than the rounding of 1.
    close(log_softmax(z), [exact_log_softmax(row) for row in z.tolist()], atol=1e-15)


@each_kind
def test_loss_from_logits_is_exact_at_every_size(z, y):
    close(cross_entropy_from_logits(z, y), from_logits(z.tolist(), y.tolist()), atol=1e-15)
    close(cross_entropy_from_logits(z[0], y[0]), from_logits(z[:1].tolist(), y[:1]), atol=1e-15)


def test_losses_from_probabilities_are_exact():
    close(cross_entropy(LABELS, PROBABILITIES), exact_cross_entropy(PROBABILITIES.tolist(), LABELS))
    q = PROBABILITIES[:, :1]
    y = np.array([[1.0], [0.0], [1.0], [0.0]])
    rows, labels = [[1 - mpmath.mpf(v), mpmath.mpf(v)] for v in q[:, 0].tolist()], np.hstack([1 - y, y])
    close(binary_cross_entropy(y, q), exact_cross_entropy(rows, labels))
    close(binary_cross_entropy(y, q), cross_entropy(labels, np.hstack([1 - q, q])))


def test_sure_and_right_costs_nothing_and_sure_and_wrong_everything():
    with np.errstate(all="raise"):
        assert binary_cross_entropy(np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])) == 0
        assert cross_entropy(np.eye(3), np.eye(3)) == 0
        np.testing.assert_array_equal(cross_entropy_gradient(np.eye(3), np.eye(3)), -np.eye(3) / 3)
    with np.errstate(divide="ignore"):
        assert binary_cross_entropy(np.float64(0), np.float64(1)) == np.inf
        assert cross_entropy(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == np.inf


def test_gradient_against_complex_step_and_autograd():
    ours = cross_entropy_gradient(LABELS, PROBABILITIES)
    close(ours, complex_step(exact_cross_entropy, PROBABILITIES, LABELS))
    close(ours, autograd(lambda p, y: -(y * torch.log(p)).sum() / len(p), PROBABILITIES, LABELS))


def test_sigmoid_delta_against_complex_step_and_autograd():
    ours = sigmoid_cross_entropy_delta(COLUMN, COLUMN_LABELS)
    torchs = torch.nn.functional.binary_cross_entropy_with_logits
    for independent in (
        complex_step(sigmoid_cross_entropy, COLUMN, COLUMN_LABELS),
        autograd(torchs, COLUMN, COLUMN_LABELS),
    ):
        close(ours, independent, atol=1e-16)


@each_kind
def test_softmax_delta_against_complex_step_and_autograd(z, y):
    ours = softmax_cross_entropy_delta(z, y)
    for independent in (
        complex_step(from_logits, z, y),
        autograd(torch.nn.functional.cross_entropy, z, y),
    ):
        close(ours, independent, atol=1e-15)


def test_a_delta_of_one_sample_has_no_mean_to_share():
    z, y = np.array([2.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0])
    assert np.array_equal(softmax_cross_entropy_delta(z, y), softmax_cross_entropy_delta(z[None], y[None])[0])
    assert np.array_equal(cross_entropy_gradient(y, z), cross_entropy_gradient(y[None], z[None])[0])
    one, column = np.array([0.5]), np.array([[0.5]])
    label = np.array([1.0])
    assert sigmoid_cross_entropy_delta(one, label) == sigmoid_cross_entropy_delta(column, label[None])[0]


def test_two_classes_are_the_binary_case():
    """A sigmoid is the softmax of (0, z), so the binary delta is the second column."""
    rows, labels = np.hstack([0 * COLUMN, COLUMN]), np.hstack([1 - COLUMN_LABELS, COLUMN_LABELS])
    both = softmax_cross_entropy_delta(rows, labels)
    close(both[:, 1:], sigmoid_cross_entropy_delta(COLUMN, COLUMN_LABELS), atol=1e-16)
