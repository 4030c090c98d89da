"""Lesson 08: every derivative against the complex step at 50 digits and PyTorch's autograd; the rounding in decimals.

The ReLU is no analytic function: the complex step decides by the real part, and no unit lies on its kink.
"""

from decimal import ROUND_HALF_EVEN, Decimal

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_08_backprop_by_hand.backward import backward
from autograder.bank.lesson_08_backprop_by_hand.bias_gradient import bias_gradient
from autograder.bank.lesson_08_backprop_by_hand.common import BIASES, EXAMPLE, WEIGHTS
from autograder.bank.lesson_08_backprop_by_hand.hidden_delta import hidden_delta
from autograder.bank.lesson_08_backprop_by_hand.output_delta import output_delta
from autograder.bank.lesson_08_backprop_by_hand.slips import slips
from autograder.bank.lesson_08_backprop_by_hand.update import update
from autograder.bank.lesson_08_backprop_by_hand.weight_gradient import weight_gradient

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")
RNG = np.random.default_rng(80)


def exact_loss(x, y, parameters):
    """The mean cross-entropy in mpmath. `parameters` are W1, b1, W2, b2, W3, b3 as nested lists."""
    losses = []
    for sample, target in zip(np.atleast_2d(x), np.atleast_2d(y), strict=True):
        a = [mpmath.mpf(float(value)) for value in sample]
        for k in range(3):
            W, b = parameters[2 * k], parameters[2 * k + 1]
            z = [mpmath.fsum([a[i] * W[i][j] for i in range(len(a))]) + b[j] for j in range(len(b))]
            if k == 0:
                a = [value if mpmath.re(value) > 0 else mpmath.mpf(0) for value in z]
            elif k == 1:
                a = [1 / (1 + mpmath.exp(-value)) for value in z]
        total = mpmath.log(mpmath.fsum([mpmath.exp(value) for value in z]))
        losses.append(mpmath.fsum([float(t) * (total - value) for t, value in zip(target, z, strict=True)]))
    return mpmath.fsum(losses) / len(losses)


def by_complex_step(x, y, weights, biases):
    parameters = [each.tolist() for pair in zip(weights, biases, strict=True) for each in pair]
    parameters = [_exact(each) for each in parameters]
    gradients = []
    for each in parameters:
        rows = each if isinstance(each[0], list) else [each]
        gradient = []
        for row in rows:
            gradient.append([])
            for j, value in enumerate(row):
                row[j] = value + mpmath.mpc(0, STEP)
                gradient[-1].append(float(exact_loss(x, y, parameters).imag / STEP))
                row[j] = value
        gradients.append(np.array(gradient if isinstance(each[0], list) else gradient[0]))
    return gradients[::2], gradients[1::2]


def _exact(nested):
    return [_exact(each) for each in nested] if isinstance(nested, list) else mpmath.mpf(nested)


def by_autograd(x, y, weights, biases):
    W, b = ([torch.tensor(each, requires_grad=True) for each in part] for part in (weights, biases))
    hidden = torch.sigmoid(torch.relu(torch.tensor(x) @ W[0] + b[0]) @ W[1] + b[1])
    loss = -(torch.tensor(y) * torch.log_softmax(hidden @ W[2] + b[2], -1)).sum(-1).mean()
    loss.backward()
    return [each.grad.numpy() for each in W], [each.grad.numpy() for each in b]


def case(m, *sizes):
    weights = [RNG.normal(size=(n, k)) for n, k in zip(sizes, sizes[1:], strict=False)]
    biases = [RNG.normal(size=k) for k in sizes[1:]]
    x, y = RNG.normal(size=(max(m, 1), sizes[0])), np.eye(sizes[-1])[RNG.integers(0, sizes[-1], max(m, 1))]
    return (x, y, weights, biases) if m else (x[0], y[0], weights, biases)


CASES = {
    "the worked example": (EXAMPLE["input"], EXAMPLE["target"], WEIGHTS, BIASES),
    "a sample": case(0, 2, 4, 3, 2),
    "a batch": case(4, 3, 5, 2, 3),
    "a batch of one": case(1, 2, 3, 2, 4),
    "large logits": case(2, 2, 3, 2, 3),
}
CASES["large logits"][3][2][:] += 1000


@pytest.mark.parametrize("given", CASES.values(), ids=CASES)
def test_backward_against_complex_step_and_autograd(given):
    ours = backward(*given)
    for independent in (by_complex_step(*given), by_autograd(*given)):
        for part, other in zip(ours, independent, strict=True):
            for gradient, exact in zip(part, other, strict=True):
                assert gradient.shape == exact.shape
                np.testing.assert_allclose(gradient, exact, rtol=1e-9, atol=1e-13)


def test_the_parts_against_autograd():
    """A layer and its softmax alone, in a batch, with nothing square."""
    a, W, b = RNG.normal(size=(4, 5)), RNG.normal(size=(5, 3)), RNG.normal(size=3)
    y = np.eye(3)[[0, 2, 2, 1]]
    z0 = torch.tensor(a, requires_grad=True)
    t_W, t_b = torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)
    hidden = torch.tanh(z0)
    z = hidden @ t_W + t_b
    z.retain_grad()
    torch.nn.functional.cross_entropy(z, torch.tensor(y)).backward()
    delta = output_delta(torch.softmax(z, -1).detach().numpy(), y)
    np.testing.assert_allclose(delta, z.grad.numpy(), rtol=1e-12)
    np.testing.assert_allclose(weight_gradient(np.tanh(a), delta), t_W.grad.numpy(), rtol=1e-12)
    np.testing.assert_allclose(bias_gradient(delta), t_b.grad.numpy(), rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(hidden_delta(delta, W, 1 - np.tanh(a) ** 2), z0.grad.numpy(), rtol=1e-12)


def test_a_sample_is_a_batch_of_one():
    x, y, weights, biases = CASES["a sample"]
    for one, row in zip(
        backward(x, y, weights, biases), backward(x[None], y[None], weights, biases), strict=True
    ):
        for a, b in zip(one, row, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-14)


def test_backward_and_update_give_the_ledgers_numbers():
    gradients = backward(*CASES["the worked example"])
    for names, before, part in (
        (EXAMPLE["weights"], WEIGHTS, gradients[0]),
        (EXAMPLE["biases"], BIASES, gradients[1]),
    ):
        for name, gradient, new in zip(names, part, update(before, part, 0.01), strict=True):
            np.testing.assert_allclose(gradient, EXAMPLE["computed"][f"grad_{name}"], rtol=1e-10)
            np.testing.assert_allclose(new, EXAMPLE["computed"][f"new_{name}"], rtol=1e-10)


def test_slips_against_the_decimal_modules_rounding():
    for _ in range(2000):
        places, value = int(RNG.integers(1, 7)), float(RNG.normal() * 10 ** float(RNG.integers(-2, 3)))
        step = Decimal(1).scaleb(-places)
        figure = Decimal(value).quantize(step, rounding=ROUND_HALF_EVEN) + int(RNG.integers(-1, 2)) * step
        wrong = Decimal(value).quantize(step, rounding=ROUND_HALF_EVEN) != figure
        assert slips([f"{figure:f}"], np.array([value])).tolist() == [wrong]


def test_slips_takes_whatever_form_the_figures_come_in():
    for printed in ("0.2040", 0.204, np.float64(0.204), "-1.5", 2.0):
        assert not slips(printed, float(printed))
        assert slips(printed, float(printed) + 0.1)
    assert slips("0.2040", 0.2041)
    assert not slips("0.204", 0.2041)
    np.testing.assert_array_equal(slips(np.array([[0.5, 0.25]]), [[0.54, 0.26]]), [[False, True]])
    assert slips(["1.0"], [np.nan]).all()


def test_slips_finds_the_entries_that_do_not_follow_from_the_printed_gradients():
    printed = EXAMPLE["printed"]
    gradients = [np.array(printed[f"grad_{name}"], float) for name in EXAMPLE["weights"]]
    new = update(WEIGHTS, gradients, 0.01)
    found = {
        name: np.argwhere(slips(printed[f"new_{name}"], W)).tolist()
        for name, W in zip(EXAMPLE["weights"], new, strict=True)
    }
    assert found == {"W_ij": [], "W_jk": [[2, 2]], "W_kl": [[1, 0], [1, 2], [2, 0], [2, 2]]}
