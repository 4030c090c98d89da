"""Lesson 01: the references against mpmath at 50 digits, the complex step, and PyTorch: autograd and its SGD.

A walk is the same loop whoever writes it; what is independent here is the arithmetic (50 digits), the gradient
(autograd's) and the optimiser (torch.optim.SGD).
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_01_gradient_descent.climb import climb
from autograder.bank.lesson_01_gradient_descent.descend import descend
from autograder.bank.lesson_01_gradient_descent.descend_until import descend_until
from autograder.bank.lesson_01_gradient_descent.largest_stable_rate import largest_stable_rate
from autograder.bank.lesson_01_gradient_descent.position_after import position_after
from autograder.bank.lesson_01_gradient_descent.random_search import random_search
from autograder.bank.lesson_01_gradient_descent.slope_along import slope_along
from autograder.kit.functions import (
    cosine,
    double,
    four_cubes,
    shifted_square,
    two_valleys,
    two_valleys_slope,
    uneven_bowl_gradient,
)

mpmath.mp.dps = 50


# Each loss is a sum over its weights: the term of weight x, the k-th from 0, for any kind of number.
LOSSES = {
    "square": (double, lambda x, k, sin: x**2, [1.5, -0.75]),
    "fourth power": (four_cubes, lambda x, k, sin: x**4, [0.5, -0.625]),
    "sine": (cosine, lambda x, k, sin: sin(x), [0.25, 2.0, -1.0]),
    "two valleys": (two_valleys_slope, lambda x, k, sin: x**4 / 4 - x**2 + x / 4, [1.25, -0.5, 2.0]),
    "uneven bowl": (uneven_bowl_gradient, lambda x, k, sin: (k + 1) * x**2 / 2, [3.0, -2.0, 1.0, 0.5]),
}
each_loss = pytest.mark.parametrize(("gradient", "term", "start"), LOSSES.values(), ids=LOSSES)


def torch_loss(term, t):
    return sum(term(t[k], k, torch.sin) for k in range(len(t)))


@each_loss
def test_the_gradients_handed_to_students_are_gradients(gradient, term, start):
    """By autograd, and by the complex step at 50 digits (all these losses are analytic)."""
    t = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    torch_loss(term, t).backward()
    step = mpmath.mpf("1e-40")
    complex_step = [float(term(mpmath.mpc(x, step), k, mpmath.sin).imag / step) for k, x in enumerate(start)]
    for independent in (t.grad.numpy(), complex_step):
        np.testing.assert_allclose(gradient(np.array(start)), independent, rtol=1e-14)


@each_loss
def test_the_walks_are_those_of_pytorchs_optimiser(gradient, term, start):
    for walk, maximize in ((descend, False), (climb, True)):
        t = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.SGD([t], lr=0.0625, maximize=maximize)
        expected = [t.detach().numpy().copy()]
        for _ in range(5):
            optimiser.zero_grad()
            torch_loss(term, t).backward()
            optimiser.step()
            expected.append(t.detach().numpy().copy())
        np.testing.assert_allclose(walk(gradient, np.array(start), 0.0625, 5), expected, rtol=1e-12)


def test_a_walk_has_a_row_for_each_position_and_leaves_its_start_alone():
    start = np.array([1, 2])
    assert descend(double, start, 0.25, 3).shape == (4, 2)
    assert descend(double, 3, 0.25, 0).tolist() == [3.0]
    assert descend(double, 3, 0.25, 2).tolist() == [3.0, 1.5, 0.75]
    assert start.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("g", "u"), [([3, 4], [6, 8]), ([0.5, -2, 1], [1e-8, 1, -3]), ([1e-5, 1e5], [1, -1e-3])]
)
def test_slope_along_is_the_derivative_of_the_loss_walked_that_way(g, u):
    """Of L(w) = sum_i g_i sin(w_i) at 0, whose gradient is g: by 50 digits' complex step, and by autograd."""
    length = mpmath.sqrt(mpmath.fsum(mpmath.mpf(x) ** 2 for x in u))
    t = mpmath.mpc(0, mpmath.mpf("1e-30"))
    along = mpmath.fsum(gi * mpmath.sin(t * ui / length) for gi, ui in zip(g, u, strict=True))
    ours = slope_along(np.array(g, float), np.array(u, float))
    np.testing.assert_allclose(ours, float(along.imag / t.imag), rtol=1e-13)
    direction = torch.tensor(u, dtype=torch.float64)
    s = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    (torch.tensor(g, dtype=torch.float64) * torch.sin(s * direction / direction.norm())).sum().backward()
    np.testing.assert_allclose(ours, s.grad.item(), rtol=1e-13)


@pytest.mark.parametrize(("c", "rate"), [(2.0, 0.1), (2.0, 0.9), (0.5, 4.5), (12.0, 1 / 6), (1e-6, 1.0)])
def test_position_after_is_where_50_digits_walk_to(c, rate):
    w = mpmath.mpf(-2.5)
    for _ in range(40):
        w -= mpmath.mpf(rate) * mpmath.mpf(c) * w
    np.testing.assert_allclose(position_after(c, -2.5, rate, 40), float(w), rtol=1e-12)
    np.testing.assert_allclose(descend(lambda w: c * w, -2.5, rate, 40)[-1], float(w), rtol=1e-11)


@pytest.mark.parametrize("c", [1e-3, 0.5, 2.0, 12.0, 1e4])
def test_just_below_the_bound_a_walk_settles_and_just_above_it_runs_away(c):
    bound = largest_stable_rate(c)
    assert abs(descend(lambda w: c * w, 1.0, 0.99 * bound, 2000)[-1]) < 1e-10
    assert abs(descend(lambda w: c * w, 1.0, 1.01 * bound, 2000)[-1]) > 1e10


def test_descend_until_stops_at_the_first_flat_place():
    start = np.array([2.0, -3.0])
    path = descend(uneven_bowl_gradient, start, 0.125, 200)
    norms = [mpmath.norm(mpmath.matrix(uneven_bowl_gradient(w).tolist())) for w in path]
    first = next(k for k, norm in enumerate(norms) if norm <= 0.01)
    position, taken, converged = descend_until(uneven_bowl_gradient, start, 0.125, 0.01, 200)
    assert (taken, converged) == (first, True)
    np.testing.assert_array_equal(position, path[first])
    assert descend_until(uneven_bowl_gradient, start, 0.125, 0.01, first)[1:] == (first, True)
    assert descend_until(uneven_bowl_gradient, start, 0.125, 0.01, first - 1)[1:] == (first - 1, False)
    assert descend_until(double, 0.0, 0.1, 0.01, 0)[1:] == (0, True)


@pytest.mark.parametrize("start", [np.float64(2), np.array([2.0, 0.0])])
def test_descend_until_notices_that_it_runs_away(start):
    position, taken, converged = descend_until(four_cubes, start, 0.5, 0.001, 1000)
    assert not converged
    assert taken == 6
    assert not np.all(np.isfinite(position))


@pytest.mark.parametrize(
    ("loss", "low", "high"), [(two_valleys, -3, 2), (shifted_square, 3, 6), (cosine, 0, 2)]
)
def test_random_search_finds_what_a_fine_grid_finds(loss, low, high):
    lowest = loss(np.linspace(low, high, 100_001)).min()
    w, its_loss = random_search(loss, low, high, 20_000, np.random.default_rng(3))
    assert low <= w <= high
    assert its_loss == loss(w)
    assert lowest <= its_loss < lowest + 0.01


def test_random_guesses_come_as_near_as_probability_says():
    """The median distance of the best of n guesses in a range of length 20 is 10 (1 - 2**(-1/n))."""
    rng = np.random.default_rng(4)
    gaps = [random_search(lambda w: abs(w - 1.625), -10, 10, 100, rng)[1] for _ in range(2000)]
    assert np.median(gaps) == pytest.approx(10 * (1 - 0.5 ** (1 / 100)), rel=0.1)
