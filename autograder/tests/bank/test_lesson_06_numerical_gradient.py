"""Lesson 06: the references against mpmath at 50 digits, and gradients against PyTorch's autograd.

A difference at a wide step is compared with the same difference of mpmath's function: that is what the exercise
asks for. Towards the true gradient it is compared by its order, h or h**2, and the complex step to all digits.
"""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import torch
from mpmath import mpf

from autograder.bank.lesson_06_numerical_gradient.complex_step import complex_step
from autograder.bank.lesson_06_numerical_gradient.forward_difference import forward_difference
from autograder.bank.lesson_06_numerical_gradient.gradient_check import gradient_check
from autograder.bank.lesson_06_numerical_gradient.loss_evaluations import loss_evaluations
from autograder.bank.lesson_06_numerical_gradient.numerical_gradient import (
    as_published,
    integers_throughout,
    numerical_gradient,
)
from autograder.bank.lesson_06_numerical_gradient.prose import prose_numbers
from autograder.bank.lesson_06_numerical_gradient.relative_error import relative_error
from autograder.kit import functions

mpmath.mp.dps = 50


def chain(sin, flat):
    return sum(sin(a) * b for a, b in zip(flat, [*flat[1:], flat[0]], strict=True))


# Name: mpmath's version of a list, PyTorch's version of a tensor.
LOSSES = {
    "sum_of_cubes": (lambda v: sum(a**3 for a in v), lambda t: (t**3).sum()),
    "root_of_squares": (lambda v: mpmath.sqrt(1 + sum(a**2 for a in v)), lambda t: (1 + (t**2).sum()).sqrt()),
    "log_sum_exp": (
        lambda v: mpmath.log(sum(mpmath.exp(a) for a in v)),
        lambda t: torch.logsumexp(t.ravel(), 0),
    ),
    "sine_chain": (lambda v: chain(mpmath.sin, v), lambda t: chain(torch.sin, list(t.ravel()))),
}
POINTS = {
    "vector": np.array([0.7, -1.3, 2.1, 0.4]),
    "row": np.array([[1.25, -0.5, 0.3]]),
    "matrix": np.array([[0.5, -1.0, 1.5], [2.0, -0.25, 0.75]]),
    "three axes": np.linspace(-1.1, 1.9, 12).reshape(2, 3, 2),
    "whole numbers": np.array([[3, -1], [-2, 1]]),
}
each_loss = pytest.mark.parametrize("name", LOSSES)
each_point = pytest.mark.parametrize("x", POINTS.values(), ids=POINTS)


def exact(name, x, slope):
    """`slope(value of f after moving one entry by a step)` for every entry, in mpmath."""
    flat = [mpf(float(value)) for value in x.ravel()]
    found = []
    for k in range(len(flat)):

        def moved(step, k=k):
            return LOSSES[name][0]([a + step if i == k else a for i, a in enumerate(flat)])

        found.append(float(slope(moved)))
    return np.array(found).reshape(x.shape)


def true_gradient(name, x):
    step = mpmath.mpc(0, mpf("1e-30"))
    return exact(name, x, lambda f: f(step).imag / step.imag)


def autograd(name, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    LOSSES[name][1](t).backward()
    return t.grad.numpy()


@each_loss
@each_point
def test_central_differences_against_mpmath_and_their_order(name, x):
    f, before = getattr(functions, name), x.copy()
    for h in (0.5, 0.125):
        ours = numerical_gradient(f, x, h)
        np.testing.assert_allclose(
            ours, exact(name, x, lambda g, h=h: (g(mpf(h)) - g(mpf(-h))) / (2 * h)), rtol=1e-12, atol=1e-13
        )
    np.testing.assert_array_equal(x, before)
    assert x.dtype == before.dtype
    true = autograd(name, x)
    coarse, fine = (np.abs(numerical_gradient(f, x, h) - true).max() for h in (2e-2, 1e-2))
    assert 3.9 < coarse / fine < 4.1, "half the step, a quarter of the error"
    np.testing.assert_allclose(numerical_gradient(f, x, 1e-5), true, rtol=1e-7, atol=1e-8)


@each_loss
@each_point
def test_complex_step_against_mpmath_and_autograd(name, x):
    ours = complex_step(getattr(functions, name), x, 1e-20)
    for independent in (true_gradient(name, x), autograd(name, x)):
        np.testing.assert_allclose(ours, independent, rtol=1e-13, atol=1e-14)
    wide = complex_step(getattr(functions, name), x, 0.5)
    sideways = exact(name, x, lambda f: f(mpmath.mpc(0, 0.5)).imag / mpf("0.5"))
    np.testing.assert_allclose(wide, sideways, rtol=1e-12, atol=1e-13)


@each_loss
def test_forward_difference_against_mpmath_and_its_order(name):
    f, x = getattr(functions, name), 1.375
    if name == "log_sum_exp":
        f = functions.cosine  # of one number, log_sum_exp is that number
    value = mpmath.cos if f is functions.cosine else lambda a: LOSSES[name][0]([a])
    for h in (0.5, 0.125, 2e-3):
        assert forward_difference(f, x, h) == pytest.approx(
            float((value(mpf(x) + h) - value(mpf(x))) / h), rel=1e-12
        )
    true = float(mpmath.diff(value, x))
    coarse, fine = (abs(forward_difference(f, x, h) - true) for h in (2e-3, 1e-3))
    assert 1.9 < coarse / fine < 2.1, "half the step, half the error"


def test_the_named_gradients_are_right_or_wrong_as_they_say():
    x = POINTS["matrix"]
    for loss, gradient, right in [
        ("sum_of_cubes", functions.three_squares, True),
        ("root_of_squares", functions.outward, True),
        ("sine_chain", functions.sine_chain_slope, True),
        ("sine_chain", functions.sine_chain_one_term, False),
        ("sum_of_cubes", functions.clipped_three_squares, False),
        ("sum_of_cubes", functions.double, False),
    ]:
        assert np.allclose(gradient(x), autograd(loss, x)) is right
        ok, index, error = gradient_check(getattr(functions, loss), gradient, x, 1e-5, 1e-6)
        assert ok is right
        gaps = relative_error(gradient(x), autograd(loss, x))
        if not right:
            assert gaps[index] == gaps.max() == pytest.approx(error, rel=1e-5)


def test_relative_error_against_fractions():
    rng = np.random.default_rng(6)
    a, b = rng.integers(-40, 41, (2, 50)) / 8
    a[:3], b[:3] = [0, 0, 2], [0, 3, -2]
    ours = relative_error(a, b)
    for given, p, q in zip(ours, map(Fraction, a), map(Fraction, b), strict=True):
        true = Fraction(0) if p == q else abs(p - q) / max(abs(p), abs(q))
        assert given == pytest.approx(float(true), rel=1e-15)
    assert ours[:3].tolist() == [0, 1, 2]
    assert relative_error(3.0, 2.0) == relative_error(2.0, 3.0) == 1 / 3


def test_the_count_is_what_the_reference_does():
    calls = []
    for samples in (1, 3):
        calls.clear()
        for _ in range(samples):
            numerical_gradient(lambda x: calls.append(1) or np.sum(x), np.ones((4, 5)), 0.1)
        assert len(calls) == loss_evaluations(20, samples)
    assert loss_evaluations(1_000_000, 1) == 2_000_000


def test_the_published_function_fails_as_the_lesson_tells():
    def squares(x):
        return np.sum(x**2)

    wrong = as_published
    np.testing.assert_allclose(wrong(squares, np.array([3.0, 1.0, 2.0]), 1e-4), 14 / 1e-4, rtol=1e-8)
    mended = integers_throughout(squares, np.array([3, 1, 2]), 1e-4)
    np.testing.assert_allclose(mended, [25000, 5000, 15000], atol=1)


def test_the_best_steps_of_the_text_are_minima():
    told = prose_numbers()
    u = mpf(2) ** -53
    for name, error_name, error in [
        ("best central step", "its error", lambda h: h**2 + (8 + 24) * u / h),
        ("best forward step", "the forward error", lambda h: 6 * h + (2 * 8 + 24) * u / h),
    ]:
        best = mpf(float(told[name]))
        assert error(best) < min(error(best * mpf("0.9999")), error(best * mpf("1.0001")))
        assert float(told[error_name]) == pytest.approx(float(error(best)), rel=1e-12)
