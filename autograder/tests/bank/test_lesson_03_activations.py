"""Lesson 03: the references against mpmath at 50 digits, the complex step, and PyTorch's autograd.

The complex step runs on the plain formulas in mpmath, which do not overflow at 1000. ReLU is not analytic: its
slope is checked by central differences of ReLU in mpmath, away from the kink.
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_03_activations.elementwise_jacobian import elementwise_jacobian
from autograder.bank.lesson_03_activations.prose import prose_numbers
from autograder.bank.lesson_03_activations.relu import relu
from autograder.bank.lesson_03_activations.relu_derivative import relu_derivative
from autograder.bank.lesson_03_activations.sigmoid import sigmoid
from autograder.bank.lesson_03_activations.sigmoid_derivative import sigmoid_derivative
from autograder.bank.lesson_03_activations.softplus import softplus
from autograder.bank.lesson_03_activations.tanh_derivative import tanh_derivative
from autograder.bank.lesson_03_activations.tanh_from_sigmoid import tanh_from_sigmoid

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")
POINTS = np.array([-1000, -745.2, -709, -88.8, -37, -8, -1.5, -1e-9, 0, 1e-9, 0.25, 3, 20, 40, 710, 1000.0])


def exact_sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def exact_softplus(x):
    return mpmath.log1p(mpmath.exp(x))


def exact_relu(x):
    return max(x, mpmath.mpf(0))


VALUES = {
    "sigmoid": (sigmoid, exact_sigmoid),
    "tanh": (tanh_from_sigmoid, mpmath.tanh),
    "softplus": (softplus, exact_softplus),
    "relu": (relu, exact_relu),
}
SLOPES = {
    "sigmoid": (sigmoid_derivative, exact_sigmoid, torch.sigmoid),
    "tanh": (tanh_derivative, mpmath.tanh, torch.tanh),
    "softplus": (sigmoid, exact_softplus, torch.nn.functional.softplus),
    "relu": (relu_derivative, exact_relu, torch.relu),
}


def measured(f, x):
    """The slope of f at x: the complex step, and for ReLU the central difference."""
    x = mpmath.mpf(x)
    with mpmath.workdps(1000):  # the complex step needs the digits that 1 + exp(1000) hides
        if f is exact_relu:
            h = mpmath.mpf("1e-20")
            return float((f(x + h) - f(x - h)) / (2 * h))
        return float(f(mpmath.mpc(x, STEP)).imag / STEP)


@pytest.mark.parametrize(("ours", "exact"), VALUES.values(), ids=VALUES)
def test_values_at_every_size(ours, exact):
    expected = [float(exact(mpmath.mpf(x))) for x in POINTS]
    rtol = 0 if ours is tanh_from_sigmoid else 1e-14  # 2 s - 1 cancels near 0
    np.testing.assert_allclose(ours(POINTS), expected, rtol=rtol, atol=3e-16)


@pytest.mark.parametrize("ours", [sigmoid, softplus])
def test_small_values_keep_their_digits(ours):
    exact = exact_sigmoid if ours is sigmoid else exact_softplus
    expected = [float(exact(mpmath.mpf(x))) for x in (-700, -88.8, -37)]
    np.testing.assert_allclose(ours(np.array([-700, -88.8, -37])), expected, rtol=1e-13)


@pytest.mark.parametrize(("ours", "exact", "torchs"), SLOPES.values(), ids=SLOPES)
def test_slopes_against_measurement_and_autograd(ours, exact, torchs):
    points = POINTS[np.abs(POINTS) > 1e-6] if exact is exact_relu else POINTS
    expected = [measured(exact, x) for x in points]
    np.testing.assert_allclose(ours(points), expected, rtol=1e-12, atol=3e-16)

    t = torch.tensor(points, requires_grad=True)
    torchs(t).sum().backward()
    # Beyond 20 PyTorch's softplus is the line y = x, whose slope is off by 2e-9 at most.
    np.testing.assert_allclose(
        ours(points), t.grad.numpy(), rtol=1e-12, atol=3e-9 if ours is sigmoid else 3e-16
    )


def test_at_the_kink_the_slope_is_pytorchs():
    t = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    torch.relu(t).backward()
    assert relu_derivative(0.0) == t.grad.item() == 0


@pytest.mark.parametrize("name", SLOPES)
def test_jacobian_against_measurement_and_autograd(name):
    derivative, exact, torchs = SLOPES[name]
    x = np.array([-2.5, 0.75, 1.5, -0.25])
    J = elementwise_jacobian(derivative, x)
    np.testing.assert_allclose(J, np.diag([measured(exact, value) for value in x]), rtol=1e-13)
    np.testing.assert_allclose(
        J, torch.autograd.functional.jacobian(torchs, torch.tensor(x)).numpy(), rtol=1e-13
    )


def test_where_the_curves_turn_flat():
    said = prose_numbers()
    for name, exact in (("sigmoid", exact_sigmoid), ("tanh", mpmath.tanh)):
        edge = said[f"beyond this x the {name}'s slope is below 0.01"]
        assert measured(exact, edge) == pytest.approx(0.01, rel=1e-12)


def test_the_published_slopes_are_those_of_rounded_values():
    said = prose_numbers()
    np.testing.assert_allclose(said["its slopes as published"], [0.058156, 0.0564, 0.0196], rtol=1e-12)
    true = [measured(exact_sigmoid, x) for x in said["sums of the worked network's second hidden layer"]]  # type: ignore[attr-defined]
    np.testing.assert_allclose(said["its slopes"], true, rtol=1e-12)


def test_steps_to_fit_are_what_the_text_says():
    """Read off the eigenvalues instead: each mode of the loss shrinks by (1 - rate * eigenvalue) a step."""
    said = prose_numbers()
    first, second = (grid.ravel() for grid in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    target = np.tanh(first) - 0.5 * np.tanh(second)
    for name, lift, half in (("tanh", 0, 1), ("tanh plus 1", 1, 1), ("sigmoid of 2x", 1, 0.5)):
        inputs = np.column_stack(
            [half * (np.tanh(first) + lift), half * (np.tanh(second) + lift), np.ones(81)]
        )
        eigenvalues, modes = np.linalg.eigh(inputs.T @ inputs / 81)
        best = np.linalg.lstsq(inputs, target, rcond=None)[0]
        steps, rate = said[f"steps and rate with {name}"]

        def loss(step, rate, eigenvalues=eigenvalues, start=modes.T @ best):
            return np.sum(eigenvalues * ((1 - rate * eigenvalues) ** step * start) ** 2) / 2

        assert loss(steps, rate) < 1e-6 <= loss(steps - 1, rate)
        assert all(loss(steps - 1, other) >= 1e-6 for other in np.arange(1, 21) / 10)
