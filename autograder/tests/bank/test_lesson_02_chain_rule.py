"""Lesson 02: the references against mpmath at 50 digits, the complex step, and PyTorch's autograd.

Every function here is analytic, so the complex step is exact to all digits.
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_02_chain_rule.chain import chain
from autograder.bank.lesson_02_chain_rule.compose_derivative import compose_derivative
from autograder.bank.lesson_02_chain_rule.graph_backward import graph_backward
from autograder.bank.lesson_02_chain_rule.graph_forward import graph_forward
from autograder.bank.lesson_02_chain_rule.graph_step import graph_step
from autograder.bank.lesson_02_chain_rule.neuron_gradient import neuron_gradient
from autograder.bank.lesson_02_chain_rule.prose import path_of_losses
from autograder.bank.lesson_02_chain_rule.two_paths import two_paths
from autograder.kit.functions import (
    always_three,
    cosine,
    cube,
    double,
    exponential,
    sine,
    square,
    three_squares,
    three_x_plus_one,
)

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")

POINTS = [(-2.0, 5.0, -4.0), (0.625, -1.375, 2.25), (3.5, 1.125, -0.75), (1.5, -1.5, 2.0), (2.0, 1.0, 0.0)]
each_point = pytest.mark.parametrize("point", POINTS, ids=str)

COMPOSED = {
    "sin(x**2)": (cosine, square, double, lambda m, x: m.sin(x**2)),
    "sin(x)**3": (three_squares, sine, cosine, lambda m, x: m.sin(x) ** 3),
    "exp(3 x + 1)": (exponential, three_x_plus_one, always_three, lambda m, x: m.exp(3 * x + 1)),
    "(x**3)**2": (double, cube, three_squares, lambda m, x: (x**3) ** 2),
}


def complex_step(function, point):
    """The derivative of `function` with respect to each number of `point`; one row for each output."""
    columns = []
    for j in range(len(point)):
        stepped = [mpmath.mpc(value, STEP if k == j else 0) for k, value in enumerate(point)]
        columns.append([float(mpmath.im(out) / STEP) for out in function(*stepped)])
    return np.array(columns).T


def autograd(function, point):
    """The same from PyTorch."""
    given = tuple(torch.tensor(value, dtype=torch.float64) for value in point)
    rows = torch.autograd.functional.jacobian(lambda *v: torch.stack(tuple(function(*v))), given)
    return torch.stack(rows, dim=-1).numpy()


def both(mp_function, torch_function, point):
    return complex_step(mp_function, point), autograd(torch_function, point)


def close(given, exact):
    np.testing.assert_allclose(given, exact, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize(("outer", "inner", "slope", "whole"), COMPOSED.values(), ids=COMPOSED)
@pytest.mark.parametrize("x", [-1.25, 0.5, 1.875])
def test_compose_derivative(outer, inner, slope, whole, x):
    ours = compose_derivative(outer, inner, slope, np.float64(x))
    for exact in both(lambda v: [whole(mpmath, v)], lambda v: [whole(torch, v)], [x]):
        np.testing.assert_allclose(ours, exact[0, 0], rtol=1e-12)


@pytest.mark.parametrize(
    "point", [(0.5, 2.0, -0.25), (-1.5, 0.75, 0.5), (3.0, -2.5, 1.0), (40.0, -1.0, 2.0)], ids=str
)
def test_neuron_gradient(point):
    for exact in both(
        lambda w, x, b: [1 / (1 + mpmath.exp(-(w * x + b)))],
        lambda w, x, b: [torch.sigmoid(w * x + b)],
        point,
    ):
        np.testing.assert_allclose(neuron_gradient(*map(np.float64, point)), exact[0], rtol=1e-12)


@pytest.mark.parametrize("far", [800.0, -800.0, 1e6])
def test_a_saturated_neuron_has_no_gradient_and_overflows_nowhere(far):
    with np.errstate(all="raise", under="ignore"):
        assert max(map(abs, neuron_gradient(np.float64(far), np.float64(1.0), np.float64(2.0)))) < 1e-300


@each_point
def test_two_paths(point):
    def f(x, y):
        return [(x + y) * (x * y)]

    for exact in both(f, f, point[:2]):
        close(two_paths(*point[:2]), exact[0])


@each_point
def test_chain_joins_the_jacobians_of_two_functions(point):
    """inner: three numbers to two, outer: two numbers to three."""

    def inner(m):
        return lambda x, y, z: [x * y + z, m.sin(x - z)]

    def outer(m):
        return lambda u, v: [u * v, m.exp(v), u**2 - v]

    middle = [float(each) for each in inner(mpmath)(*point)]
    joined = chain(complex_step(outer(mpmath), middle), complex_step(inner(mpmath), point))
    for exact in both(
        lambda *v: outer(mpmath)(*inner(mpmath)(*v)), lambda *v: outer(torch)(*inner(torch)(*v)), point
    ):
        np.testing.assert_allclose(joined, exact, rtol=1e-11, atol=1e-13)


@each_point
def test_the_graph_forwards_and_backwards(point):
    x, y, z = point
    q, f = graph_forward(*point)
    assert (q, f) == (x + y, float((mpmath.mpf(x) + y) * z))
    *inputs, by_q = graph_backward(*point)
    for exact in both(lambda x, y, z: [(x + y) * z], lambda x, y, z: [(x + y) * z], point):
        np.testing.assert_allclose(inputs, exact[0], rtol=1e-13, atol=1e-14)
    for exact in both(lambda q, z: [q * z], lambda q, z: [q * z], (q, z)):
        np.testing.assert_allclose(by_q, exact[0, 0], rtol=1e-13, atol=1e-14)


@each_point
@pytest.mark.parametrize(("target", "rate"), [(-10.0, 0.1), (3.5, 0.0625)])
def test_a_step_goes_down_the_loss(point, target, rate):
    def loss(x, y, z):
        return [((x + y) * z - target) ** 2 / 2]

    ours = graph_step(*point, target, rate)
    for exact in both(loss, loss, point):
        np.testing.assert_allclose(ours, np.array(point) - rate * exact[0], rtol=1e-13, atol=1e-14)


def exact_losses(rate, factor, steps):
    x, y, z = map(mpmath.mpf, (-2, 5, -4))
    rate, values, losses = mpmath.mpf(rate), [], []
    for _ in range(steps + 1):
        f = (x + y) * z
        values.append(f)
        losses.append(factor * (f + 10) ** 2)
        slope = 2 * factor * (f + 10)
        x, y, z = x - rate * slope * z, y - rate * slope * z, z - rate * slope * (x + y)
    return values, losses


def test_the_finding_rate_one_tenth_overshoots_and_one_twentieth_arrives():
    half = mpmath.mpf(1) / 2
    values, losses = exact_losses("0.1", half, 1)
    assert [float(each) for each in (*values, *losses)] == [-12.0, -4.76, 2.0, 13.7288]
    ours = path_of_losses(0.1, 300)
    np.testing.assert_allclose(ours[:2], [(-12, 2), (-4.76, 13.7288)], rtol=1e-14)
    assert max(loss for _, loss in ours[-20:]) > 5
    _, exact = exact_losses("0.05", half, 40)
    assert max(exact[16:]) < 1e-3
    np.testing.assert_allclose([loss for _, loss in path_of_losses(0.05, 40)], np.float64(exact), rtol=1e-6)


def test_the_finding_without_the_half_the_same_rate_diverges():
    ours = path_of_losses(0.1, 12, half=False)
    values, losses = exact_losses("0.1", 1, 6)
    np.testing.assert_allclose([f for f, _ in ours[:7]], np.float64(values), rtol=1e-9)
    np.testing.assert_allclose([loss for _, loss in ours[:7]], np.float64(losses), rtol=1e-9)
    assert np.isnan(ours[-1][0])
    # The 2 that is left over acts as a rate twice as large.
    assert [f for f, _ in path_of_losses(0.2, 7)] == pytest.approx([f for f, _ in ours[:8]], rel=1e-9)


def test_no_point_with_the_target_value_is_stable_at_rate_one_tenth():
    """On the surface q z = -10 the smallest 2 z**2 + q**2 is 20 sqrt 2, so the bound on the rate is 0.0707."""
    z = np.geomspace(0.05, 50, 20001)
    least = np.min(2 * z**2 + (10 / z) ** 2)
    assert least == pytest.approx(20 * np.sqrt(2), rel=1e-6)
    assert 2 / least == pytest.approx(0.0707, abs=5e-5)
    for rate, settles in ((0.07, True), (0.072, False)):
        assert (max(loss for _, loss in path_of_losses(rate, 5000)[-50:]) < 1e-6) == settles
