"""Lesson 09: the references against mpmath at 50 digits, the complex step, and PyTorch's autograd.

The complex step runs on a forward pass written here element by element, with mpmath's numbers. ReLU is no
analytic function: there the real part decides, away from the kink. Networks are drawn at random, one to six
layers deep, none of them with a ReLU near its kink.
"""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_09_four_equations.activation_slope import activation_slope
from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.bank.lesson_09_four_equations.net_forward import net_forward
from autograder.bank.lesson_09_four_equations.neuron_error import neuron_error
from autograder.bank.lesson_09_four_equations.sigmoid_mse_delta import sigmoid_mse_delta
from autograder.bank.lesson_09_four_equations.to_column_convention import to_column_convention
from autograder.bank.lesson_09_four_equations.weight_error import weight_error

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")
ELEMENTWISE = ("sigmoid", "tanh", "relu", "identity")
TORCH = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "identity": lambda z: z,
    "softmax": lambda z: torch.softmax(z, -1),
}


def exact(z, name):
    """The activation of a row of mpmath numbers, real or complex."""
    if name == "softmax":
        powers = [mpmath.exp(v) for v in z]
        return [power / mpmath.fsum(powers) for power in powers]
    return [
        {
            "sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)),
            "tanh": mpmath.tanh,
            "relu": lambda v: v if mpmath.re(v) > 0 else mpmath.mpf(0),
            "identity": lambda v: v,
        }[name](v)
        for v in z
    ]


def exact_forward(x, weights, biases, activations):
    """Every layer's (z, a) of one sample, element by element."""
    layers, a = [], [mpmath.mpmathify(v) for v in x]
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = [mpmath.fsum(a[i] * W[i, j] for i in range(W.rows)) + b[j] for j in range(W.cols)]
        a = exact(z, name)
        layers.append((z, a))
    return layers


def exact_loss(X, Y, weights, biases, activations, loss):
    total = mpmath.mpf(0)
    for x, y in zip(X, Y, strict=True):
        a = exact_forward(x, weights, biases, activations)[-1][1]
        if loss == "mse":
            total += mpmath.fsum((p - t) ** 2 for p, t in zip(a, y.tolist(), strict=True)) / 2
        else:
            total -= mpmath.fsum(t * mpmath.log(p) for p, t in zip(a, y.tolist(), strict=True))
    return total / len(X)


def random_network(seed, last, loss):
    """A batch and a network of random depth and widths; `last` is its last activation."""
    rng = np.random.default_rng(seed)
    depth = 1 + seed % 6
    sizes = rng.integers(1 + (last == "softmax"), 5, depth + 1)
    activations = [*rng.choice(ELEMENTWISE, depth - 1).tolist(), last]
    m = int(rng.integers(1, 5))
    while True:
        weights = [rng.normal(size=(n, k)) for n, k in zip(sizes, sizes[1:], strict=False)]
        biases = [rng.normal(size=k) for k in sizes[1:]]
        X, Y = rng.normal(size=(m, sizes[0])), rng.normal(size=(m, sizes[-1]))
        if loss == "cross_entropy":
            Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], m)]
        if all(np.min(np.abs(z)) > 1e-3 for z, _ in net_forward(X, weights, biases, activations)):
            return X, Y, weights, biases, activations, loss


NETWORKS = [
    *(random_network(seed, ELEMENTWISE[seed % 4], "mse") for seed in range(12)),
    *(random_network(seed, "softmax", "cross_entropy") for seed in range(12, 20)),
]
each_network = pytest.mark.parametrize(
    "network", NETWORKS, ids=lambda network: f"{'-'.join(network[4])}-{len(network[0])}"
)


def as_exact(weights, biases):
    return [mpmath.matrix(W.tolist()) for W in weights], [mpmath.matrix(b.tolist()) for b in biases]


def torch_gradients(X, Y, weights, biases, activations, loss):
    tables = [torch.tensor(W, requires_grad=True) for W in weights]
    rows = [torch.tensor(b, requires_grad=True) for b in biases]
    a, Y = torch.tensor(X), torch.tensor(Y)
    for k, name in enumerate(activations):
        z = a @ tables[k] + rows[k]
        a = TORCH[name](z)
    if loss == "mse":
        value = torch.nn.functional.mse_loss(a, Y, reduction="sum") / (2 * len(Y))
    else:
        value = torch.nn.functional.cross_entropy(z, Y)
    value.backward()
    return [t.grad.numpy() for t in tables], [t.grad.numpy() for t in rows]


def test_the_networks_are_of_many_depths():
    assert {len(network[2]) for network in NETWORKS} >= {1, 2, 3, 4, 5, 6}
    assert {name for network in NETWORKS for name in network[4]} == set(TORCH)


@each_network
def test_forward_against_mpmath(network):
    X, _, weights, biases, activations, _ = network
    tables, rows = as_exact(weights, biases)
    layers = net_forward(X, weights, biases, activations)
    for s, x in enumerate(X):
        single = net_forward(x, weights, biases, activations)
        for k, (z, a) in enumerate(exact_forward(x.tolist(), tables, rows, activations)):
            for ours, true in (
                (layers[k][0][s], z),
                (layers[k][1][s], a),
                (single[k][0], z),
                (single[k][1], a),
            ):
                np.testing.assert_allclose(ours, [float(v) for v in true], rtol=1e-11, atol=1e-13)


@each_network
def test_backprop_against_the_complex_step(network):
    X, Y, weights, biases, activations, loss = network
    tables, rows = as_exact(weights, biases)
    ours = backprop(*network)
    for k in range(len(weights)):
        for index in np.ndindex(weights[k].shape):
            kept = tables[k][index]
            tables[k][index] = mpmath.mpc(kept, STEP)
            slope = exact_loss(X.tolist(), Y, tables, rows, activations, loss).imag / STEP
            tables[k][index] = kept
            assert abs(ours[0][k][index] - slope) <= 1e-11 * (1 + abs(slope))
        for j in range(len(biases[k])):
            kept = rows[k][j]
            rows[k][j] = mpmath.mpc(kept, STEP)
            slope = exact_loss(X.tolist(), Y, tables, rows, activations, loss).imag / STEP
            rows[k][j] = kept
            assert abs(ours[1][k][j] - slope) <= 1e-11 * (1 + abs(slope))


@each_network
def test_backprop_against_autograd(network):
    for ours, theirs in zip(backprop(*network), torch_gradients(*network), strict=True):
        for a, b in zip(ours, theirs, strict=True):
            assert a.shape == b.shape
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-13)


def test_a_single_sample_is_a_batch_of_one():
    for network in NETWORKS[::3]:
        X, Y, *rest = network
        for one, batch in zip(backprop(X[0], Y[0], *rest), backprop(X[:1], Y[:1], *rest), strict=True):
            for a, b in zip(one, batch, strict=True):
                np.testing.assert_array_equal(a, b)


def test_output_error_against_complex_step_and_autograd():
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(4, 3)), rng.uniform(size=(4, 3))
    t = torch.tensor(z, requires_grad=True)
    (((torch.sigmoid(t) - torch.tensor(y)) ** 2).sum() / 8).backward()
    ours = sigmoid_mse_delta(1 / (1 + np.exp(-z)), y)
    np.testing.assert_allclose(ours, t.grad.numpy(), rtol=1e-12)
    for index in np.ndindex(z.shape):
        (a,) = exact([mpmath.mpc(z[index], STEP)], "sigmoid")
        slope = ((a - y[index]) ** 2 / 8).imag / STEP
        assert abs(ours[index] - slope) < 1e-14


def test_a_neurons_error_and_a_weights_slope_against_complex_step_and_autograd():
    """One hidden neuron between an input of 0.75 and three sigmoid outputs."""
    w, b, behind, y = 0.5, -0.25, [1.5, -2.0, 0.75], [1.0, 0.0, 0.5]

    def loss(weight, shift):
        out = exact([weight * 0.75 + shift], "sigmoid")[0]
        ends = exact([out * v for v in behind], "sigmoid")
        return mpmath.fsum((a - t) ** 2 for a, t in zip(ends, y, strict=True)) / 2

    out = 1 / (1 + np.exp(-(w * 0.75 + b)))
    deltas = sigmoid_mse_delta(1 / (1 + np.exp(-out * np.array(behind))), np.array(y))
    error = neuron_error(out, np.array(behind), deltas)
    assert abs(error - loss(mpmath.mpf(w), mpmath.mpc(b, STEP)).imag / STEP) < 1e-15
    slope = weight_error(0.75, error)
    assert abs(slope - loss(mpmath.mpc(w, STEP), mpmath.mpf(b)).imag / STEP) < 1e-15
    t, shift = (
        torch.tensor(w, dtype=float, requires_grad=True),
        torch.tensor(b, dtype=float, requires_grad=True),
    )
    ends = torch.sigmoid(torch.sigmoid(t * 0.75 + shift) * torch.tensor(behind, dtype=float))
    (((ends - torch.tensor(y, dtype=float)) ** 2).sum() / 2).backward()
    assert abs(slope - t.grad.item()) < 1e-15
    assert abs(error - shift.grad.item()) < 1e-15


def test_a_table_of_slopes_is_the_third_equation():
    rng = np.random.default_rng(4)
    out, delta = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    W = torch.zeros(3, 2, dtype=float, requires_grad=True)
    (torch.tensor(out) @ W).backward(torch.tensor(delta))
    np.testing.assert_allclose(weight_error(out, delta), W.grad.numpy(), rtol=1e-13)
    one_by_one = [[weight_error(out[0, i], delta[0, j]) for j in range(2)] for i in range(3)]
    np.testing.assert_array_equal(weight_error(out[0], delta[0]), one_by_one)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_against_complex_step_and_autograd(name):
    z = np.array([-3.0, -0.5, 0.25, 2.0])
    t = torch.tensor(z, requires_grad=True)
    a = TORCH[name](t)
    a.sum().backward()
    ours = activation_slope(a.detach().numpy(), name)
    np.testing.assert_allclose(ours, t.grad.numpy(), rtol=1e-12)
    stepped = exact([mpmath.mpc(v, STEP) for v in z], name)
    np.testing.assert_allclose(ours, [float(mpmath.im(v) / STEP) for v in stepped], rtol=1e-12)


def test_relus_slope_at_zero_is_zero():
    assert activation_slope(np.zeros(2), "relu").tolist() == [0, 0]


def test_huge_logits():
    ((z, a),) = net_forward(
        np.array([[500.0]]), [np.array([[2.0, 2.0]])], [np.array([0.0, 1.0])], ["softmax"]
    )
    assert z.tolist() == [[1000, 1001]]
    np.testing.assert_allclose(
        a, [[float(v) for v in exact([mpmath.mpf(1000), mpmath.mpf(1001)], "softmax")]]
    )


@each_network
def test_the_column_convention_computes_the_same(network):
    X, _, weights, biases, activations, _ = network
    tables, columns = to_column_convention(weights, biases)
    a = X.T
    for W, b, (z, after) in zip(tables, columns, net_forward(X, weights, biases, activations), strict=True):
        np.testing.assert_allclose(W @ a + b, z.T, rtol=1e-12, atol=1e-14)
        a = after.T
