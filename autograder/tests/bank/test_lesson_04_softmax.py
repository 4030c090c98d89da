"""Lesson 04: the references against mpmath at 50 digits, the complex step, and PyTorch's autograd.

The complex step runs on mpmath's softmax, written here without a maximum: 50 digits do not overflow at 1000.
The maximum is no analytic function, and a shift changes no softmax, so nothing is lost by leaving it out.
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_04_softmax.shift_logits import shift_logits
from autograder.bank.lesson_04_softmax.softmax import softmax
from autograder.bank.lesson_04_softmax.softmax_backward import softmax_backward
from autograder.bank.lesson_04_softmax.softmax_jacobian import softmax_jacobian
from autograder.bank.lesson_04_softmax.softmax_partial import softmax_partial

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")

LOGITS = {
    "ordinary": [1.0, 2.0, -1.0],
    "two classes": [0.25, -1.5],
    "one class": [3.0],
    "equal": [0.5, 0.5, 0.5, 0.5],
    "near 1000": [1000.0, 1001.5, 999.25],
    "near -1000": [-1000.0, -1001.5, -1002.25],
    "far apart": [-400.0, 0.0, 300.0],
}
each_kind = pytest.mark.parametrize("z", [np.array(z) for z in LOGITS.values()], ids=LOGITS)


def exact_softmax(z):
    exponentials = [mpmath.exp(value) for value in z]
    total = mpmath.fsum(exponentials)
    return [e / total for e in exponentials]


def complex_step_jacobian(z):
    """Entry (i, j) is the imaginary part of p_i after an imaginary step along z_j, over the step."""
    columns = []
    for j in range(len(z)):
        stepped = [mpmath.mpc(value, STEP if k == j else 0) for k, value in enumerate(z)]
        columns.append([float(p.imag / STEP) for p in exact_softmax(stepped)])
    return np.array(columns).T


def autograd_jacobian(z):
    return torch.autograd.functional.jacobian(lambda t: torch.softmax(t, -1), torch.tensor(z)).numpy()


def close(given, exact):
    """To thirteen digits; what is below the smallest float may be 0."""
    np.testing.assert_allclose(given, exact, rtol=1e-13, atol=1e-300)


@each_kind
def test_softmax_is_exact_at_every_size(z):
    p = softmax(z)
    close(p, [float(share) for share in exact_softmax(z)])
    assert abs(p.sum() - 1) < 1e-15


@each_kind
def test_shifting_puts_the_largest_at_zero_and_keeps_every_difference(z):
    shifted = shift_logits(z)
    assert shifted.max() == 0
    np.testing.assert_array_equal(np.subtract.outer(shifted, shifted), np.subtract.outer(z, z))
    close(softmax(shifted), softmax(z))


def test_a_batch_is_its_rows():
    z = np.array([LOGITS["ordinary"], LOGITS["near 1000"], LOGITS["near -1000"], LOGITS["far apart"]])
    for k, row in enumerate(z):
        np.testing.assert_array_equal(shift_logits(z)[k], shift_logits(row))
        np.testing.assert_array_equal(softmax(z)[k], softmax(row))


@each_kind
def test_jacobian_against_complex_step_and_autograd(z):
    J = softmax_jacobian(z)
    for independent in (complex_step_jacobian(z), autograd_jacobian(z)):
        np.testing.assert_allclose(J, independent, rtol=1e-12, atol=1e-15)


@each_kind
def test_partial_against_complex_step_and_autograd(z):
    p, n = softmax(z), len(z)
    ours = [[softmax_partial(p, i, j) for j in range(n)] for i in range(n)]
    for independent in (complex_step_jacobian(z), autograd_jacobian(z)):
        np.testing.assert_allclose(ours, independent, rtol=1e-12, atol=1e-15)


@each_kind
def test_backward_against_complex_step_and_autograd(z):
    """Of L = g . softmax(z), whose upstream gradient is g: no two entries alike, both signs."""
    g = np.linspace(-1.25, 2.0, len(z)) ** 3
    t = torch.tensor(z, requires_grad=True)
    (torch.softmax(t, -1) * torch.tensor(g)).sum().backward()
    complex_step = []
    for j in range(len(z)):
        stepped = [mpmath.mpc(value, STEP if k == j else 0) for k, value in enumerate(z)]
        loss = mpmath.fsum(share * weight for share, weight in zip(exact_softmax(stepped), g, strict=True))
        complex_step.append(float(loss.imag / STEP))
    ours = softmax_backward(softmax(z), g)
    np.testing.assert_allclose(ours, complex_step, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ours, t.grad.numpy(), rtol=1e-12, atol=1e-14)


def test_backward_of_a_batch_against_autograd():
    z = np.array([LOGITS["ordinary"], LOGITS["near 1000"], LOGITS["near -1000"]])
    g = np.array([[0.5, -2.0, 1.0], [3.0, 0.25, -1.0], [-0.75, 1.5, 4.0]])
    t = torch.tensor(z, requires_grad=True)
    torch.softmax(t, -1).backward(torch.tensor(g))
    np.testing.assert_allclose(softmax_backward(softmax(z), g), t.grad.numpy(), rtol=1e-12, atol=1e-14)
