"""Lesson 07: the references against mpmath at 50 digits, PyTorch, and the published figures."""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_07_forward_pass.common import BIASES, EXAMPLE, WEIGHTS
from autograder.bank.lesson_07_forward_pass.dense import dense
from autograder.bank.lesson_07_forward_pass.forward import forward
from autograder.bank.lesson_07_forward_pass.mean_squared_error import mean_squared_error
from autograder.bank.lesson_07_forward_pass.named_weight import named_weight
from autograder.bank.lesson_07_forward_pass.neuron import neuron
from autograder.bank.lesson_07_forward_pass.printed_loss import printed_loss
from autograder.bank.lesson_07_forward_pass.printed_output import printed_output

mpmath.mp.dps = 50
RNG = np.random.default_rng(70)


def exact_forward(x, weights, biases):
    """Number by number, the softmax without taking a maximum away: 50 digits do not overflow."""
    a, layers = [mpmath.mpf(float(value)) for value in x], []
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = [mpmath.fsum([a[i] * float(W[i, j]) for i in range(len(a))]) + float(b[j]) for j in range(len(b))]
        if k == 0:
            a = [max(value, mpmath.mpf(0)) for value in z]
        elif k == 1:
            a = [1 / (1 + mpmath.exp(-value)) for value in z]
        else:
            powers = [mpmath.exp(value) for value in z]
            a = [power / mpmath.fsum(powers) for power in powers]
        layers.append((z, a))
    return layers


def network(*sizes):
    return (
        [RNG.normal(size=(n, k)) for n, k in zip(sizes, sizes[1:], strict=False)],
        [RNG.normal(size=k) for k in sizes[1:]],
    )


NETWORKS = {
    "the worked example": (EXAMPLE["input"], WEIGHTS, BIASES),
    "other sizes": (RNG.normal(size=4), *network(4, 6, 5, 2)),
    "large logits": (RNG.normal(size=3), *(part for part in network(3, 4, 3, 3))),
    "saturated": (1000 * RNG.normal(size=3), *network(3, 4, 3, 3)),
}
NETWORKS["large logits"][2][2][:] += 1000


@pytest.mark.parametrize("case", NETWORKS.values(), ids=NETWORKS)
def test_forward_against_mpmath(case):
    for (z, a), (exact_z, exact_a) in zip(forward(*case), exact_forward(*case), strict=True):
        np.testing.assert_allclose(z, np.array(exact_z, dtype=float), rtol=1e-12)
        np.testing.assert_allclose(a, np.array(exact_a, dtype=float), rtol=1e-9, atol=1e-300)


def test_a_batch_is_its_rows_and_torch_agrees():
    x = RNG.normal(size=(5, 4))
    weights, biases = network(4, 3, 6, 2)
    batch = forward(x, weights, biases)
    for s in range(5):
        for (z, a), (z_one, a_one) in zip(batch, forward(x[s], weights, biases), strict=True):
            np.testing.assert_allclose(z[s], z_one, rtol=1e-13)
            np.testing.assert_allclose(a[s], a_one, rtol=1e-13)
    tensors = [
        torch.nn.functional.linear(torch.tensor(x), torch.tensor(weights[0].T), torch.tensor(biases[0]))
    ]
    hidden = torch.sigmoid(torch.relu(tensors[0]) @ torch.tensor(weights[1]) + torch.tensor(biases[1]))
    out = torch.softmax(hidden @ torch.tensor(weights[2]) + torch.tensor(biases[2]), -1)
    np.testing.assert_allclose(batch[2][1], out.numpy(), rtol=1e-12)
    np.testing.assert_allclose(dense(x, weights[0], biases[0]), tensors[0].numpy(), rtol=1e-12)


def test_forward_gives_the_ledgers_numbers():
    (_, h1), (h2_in, h2), (o_in, o) = forward(EXAMPLE["input"], WEIGHTS, BIASES)
    for name, value in {"h1_out": h1, "h2_in": h2_in, "h2_out": h2, "o_in": o_in, "o_out": o}.items():
        np.testing.assert_allclose(value, EXAMPLE["computed"][name], rtol=1e-11)


def test_a_neuron_is_a_column_of_a_layer():
    x, (weights, biases) = RNG.normal(size=4), network(4, 3)
    for j in range(3):
        assert neuron(x, weights[0][:, j], biases[0][j], np.tanh) == pytest.approx(
            np.tanh(dense(x, weights[0], biases[0]))[j], rel=1e-13
        )


def test_names_give_the_same_sums_as_matrices():
    """The 2-3-2-2 network, its sums written out as in the names: net_22 = w_112 out_11 + w_122 out_12 + b_22."""
    weights, biases = network(2, 3, 2, 2)
    out1 = RNG.normal(size=2)
    net22 = named_weight(weights, 1, 1, 2) * out1[0] + named_weight(weights, 1, 2, 2) * out1[1] + biases[0][1]
    assert net22 == pytest.approx(dense(out1, weights[0], biases[0])[1], rel=1e-13)
    out3 = RNG.normal(size=2)
    net_c1 = (
        named_weight(weights, 3, 1, 1) * out3[0] + named_weight(weights, 3, 2, 1) * out3[1] + biases[2][0]
    )
    assert net_c1 == pytest.approx(dense(out3, weights[2], biases[2])[0], rel=1e-13)


def test_squared_error_against_mpmath_and_torch():
    y, y_hat = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 3))
    exact = mpmath.fsum(
        [(mpmath.mpf(a) - mpmath.mpf(b)) ** 2 for a, b in zip(y.flat, y_hat.flat, strict=True)]
    )
    assert mean_squared_error(y, y_hat) == pytest.approx(float(exact / 10), rel=1e-13)
    by_torch = torch.nn.functional.mse_loss(torch.tensor(y_hat), torch.tensor(y), reduction="sum") / 10
    assert mean_squared_error(y, y_hat) == pytest.approx(by_torch.item(), rel=1e-13)
    assert mean_squared_error(y[0], y_hat[0]) == pytest.approx(
        mean_squared_error(y[:1], y_hat[:1]), rel=1e-13
    )


def test_the_printed_formulas_give_the_published_figures():
    """The outputs to within the last digit, which was cut off once; the loss rounded."""
    o_in, o_out = (np.array(EXAMPLE["printed"][name], dtype=float) for name in ("o_in", "o_out"))
    assert np.abs(printed_output(o_in) - o_out).max() < 1e-4
    assert f"{printed_loss(o_out, EXAMPLE['target']):.3f}" == EXAMPLE["printed"]["loss"]
    exact = (
        -mpmath.log10(mpmath.mpf("0.2698"))
        - mpmath.log10(mpmath.mpf("0.6777"))
        - mpmath.log10(mpmath.mpf("0.5922"))
    )
    assert printed_loss(o_out, EXAMPLE["target"]) == pytest.approx(float(exact), rel=1e-13)
