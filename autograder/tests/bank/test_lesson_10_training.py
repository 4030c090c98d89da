"""Lesson 10: the references against mpmath at 50 digits, the complex step and PyTorch; the capstone on the digits.

The complex step runs on an mpmath net, written here apart from the references. The sigmoid, tanh and softmax are
analytic; the ReLU is asked away from its kink, where it is a straight line.
"""

import mpmath
import numpy as np
import pytest
import torch
from nbgrader import utils

from autograder import course
from autograder.bank.lesson_10_training.activate import activate
from autograder.bank.lesson_10_training.initialise import initialise
from autograder.bank.lesson_10_training.minibatches import minibatches
from autograder.bank.lesson_10_training.predict_probabilities import predict_probabilities
from autograder.bank.lesson_10_training.train import clouds, train
from autograder.bank.lesson_10_training.train_step import slope_of_output, train_step
from autograder.build.notebook import source_notebook
from autograder.kit.judge import draws, judge
from autograder.kit.judge import training as properties
from autograder.kit.plain import to_plain
from autograder.kit.run import run_calls

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")

NETS = {
    "no hidden layer": ((3, 4), ["softmax"]),
    "tanh": ((2, 5, 3), ["tanh", "softmax"]),
    "relu": ((3, 4, 2), ["relu", "softmax"]),
    "all four": ((2, 4, 3, 5, 3), ["sigmoid", "relu", "tanh", "softmax"]),
}


def drawn(sizes, names, m=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(0, 1, (m, sizes[0]))
    Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], m)]
    weights, biases = initialise(sizes, rng, "he")
    return X, Y, weights, [b + rng.normal(0, 0.5, b.shape) for b in biases], names


each_net = pytest.mark.parametrize("net", [drawn(*each) for each in NETS.values()], ids=NETS)


def exact_bend(z, name):
    if name == "softmax":
        powers = [mpmath.exp(value) for value in z]
        return [power / sum(powers) for power in powers]
    return [
        {
            "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
            "tanh": mpmath.tanh,
            "relu": lambda x: x if mpmath.re(x) > 0 else x * 0,
        }[name](value)
        for value in z
    ]


def exact_rows(X, weights, biases, names):
    """The probabilities, in 50 digits; weights and biases are nested lists of mpmath numbers."""
    rows = []
    for x in X:
        a = [mpmath.mpf(value) for value in x]
        for W, b, name in zip(weights, biases, names, strict=True):
            z = [sum(a[i] * W[i][j] for i in range(len(a))) + b[j] for j in range(len(b))]
            a = exact_bend(z, name)
        rows.append(a)
    return rows


def exact_loss(X, Y, weights, biases, names):
    P = exact_rows(X, weights, biases, names)
    return -sum(mpmath.log(p[y.argmax()]) for p, y in zip(P, Y, strict=True)) / len(Y)


def exact(arrays):
    return [
        mpmath.matrix(array.tolist()).tolist() if array.ndim == 2 else [mpmath.mpf(v) for v in array]
        for array in arrays
    ]


@each_net
def test_the_forward_pass_against_fifty_digits(net):
    X, Y, weights, biases, names = net
    rows = exact_rows(X, exact(weights), exact(biases), names)
    given = predict_probabilities(X, weights, biases, names)
    assert np.allclose(given, np.array(rows, dtype=float), rtol=1e-13, atol=0)
    loss = train_step(X, Y, weights, biases, names, 0.5)[2]
    assert loss == pytest.approx(float(exact_loss(X, Y, exact(weights), exact(biases), names)), rel=1e-13)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "softmax"])
@pytest.mark.parametrize("centre", [0, 30, -30, 1000, -1000])
def test_activations_against_fifty_digits_at_any_size(name, centre):
    z = centre + np.array([[0.25, -1.5, 3.0], [2.0, 2.125, -0.75]])
    true = np.array([[float(v) for v in exact_bend([mpmath.mpf(v) for v in row], name)] for row in z])
    assert np.allclose(activate(z, name), true, rtol=1e-12, atol=1e-16)


@each_net
def test_a_step_against_the_complex_step(net):
    """The step at learning rate 1 moves every parameter by its derivative."""
    X, Y, weights, biases, names = net
    moved, shifted, _ = train_step(X, Y, weights, biases, names, 1.0)
    W, b = exact(weights), exact(biases)
    for place, (old, new) in enumerate(zip([*weights, *biases], [*moved, *shifted], strict=True)):
        held = [*W, *b][place]
        for index in np.ndindex(old.shape):
            row = held[index[0]] if old.ndim == 2 else held
            kept = row[index[-1]]
            row[index[-1]] = mpmath.mpc(kept, STEP)
            slope = mpmath.im(exact_loss(X, Y, W, b, names)) / STEP
            row[index[-1]] = kept
            assert old[index] - new[index] == pytest.approx(float(slope), rel=1e-9, abs=1e-14)


@each_net
def test_a_step_against_autograd(net):
    X, Y, weights, biases, names = net
    parameters = [torch.tensor(each, requires_grad=True) for each in [*weights, *biases]]
    a = torch.tensor(X)
    layers = len(weights)
    for W, b, name in zip(parameters[:layers], parameters[layers:], names, strict=True):
        a = a @ W + b
        a = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "softmax": lambda z: z}[name](
            a
        )
    loss = torch.nn.functional.cross_entropy(a, torch.tensor(Y))
    loss.backward()
    moved, shifted, given = train_step(X, Y, weights, biases, names, 0.25)
    assert given == pytest.approx(loss.item(), rel=1e-12)
    for old, new, parameter in zip([*weights, *biases], [*moved, *shifted], parameters, strict=True):
        assert np.allclose(old - new, 0.25 * parameter.grad.numpy(), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_slopes_from_the_output_against_the_complex_step(name):
    z = np.array([-2.5, -0.25, 0.125, 1.75])
    slopes = [mpmath.im(exact_bend([mpmath.mpc(v, STEP)], name)[0]) / STEP for v in z]
    given = slope_of_output(activate(z, name), name)
    assert np.allclose(given, np.array(slopes, dtype=float), rtol=1e-12)


def test_first_weights_have_the_spread_they_should_have():
    for scheme, wanted in (("xavier", np.sqrt(2 / 700)), ("he", np.sqrt(2 / 300))):
        (W,), (b,) = initialise([300, 400], np.random.default_rng(1), scheme)
        assert W.std() == pytest.approx(wanted, rel=0.02)
        assert abs(W.mean()) < 0.02 * wanted
        assert not b.any()


def test_with_one_batch_an_epoch_training_is_gradient_descent_by_autograd():
    rng = np.random.default_rng(3)
    X, Y = clouds(rng, 12)
    start = initialise([2, 4, 3], np.random.default_rng(8), "xavier")
    parameters = [torch.tensor(each, requires_grad=True) for each in [*start[0], *start[1]]]
    told = []
    optimizer = torch.optim.SGD(parameters, lr=0.5)
    for _ in range(20):
        logits = torch.tanh(torch.tensor(X) @ parameters[0] + parameters[2]) @ parameters[1] + parameters[3]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(Y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        told.append(loss.item())
    weights, biases, history = train(
        X, Y, [2, 4, 3], ["tanh", "softmax"], 0.5, 12, 20, np.random.default_rng(8)
    )
    assert np.allclose(history, told, rtol=1e-10)
    for mine, theirs in zip([*weights, *biases], parameters, strict=True):
        assert np.allclose(mine, theirs.detach().numpy(), rtol=1e-8)


def test_what_the_text_says_of_stuck_starts():
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    Y = np.eye(2)[[0, 0, 1, 1]]

    def ends(hidden, epochs, seeds):
        runs = [(corners, Y, [2, hidden, 2], ["tanh", "softmax"], 0.5, 4, epochs) for _ in seeds]
        return [train(*run, np.random.default_rng(s))[2][-1] for run, s in zip(runs, seeds, strict=True)]

    few, many = ends(2, 300, range(30)), ends(8, 300, range(30))
    stuck = [seed for seed, loss in enumerate(few) if loss > 0.2]
    assert 0 < len(stuck) < 30
    assert max(many) < 0.2
    assert round(ends(2, 20_000, stuck[:1])[0], 4) == round(np.log(2) / 2, 4) == 0.3466


# The properties: what they let through and what not.


def played_back(value):
    X, Y = np.array([[0.5, -1.0], [1.25, 0.25], [-0.75, 1.0]]), np.eye(2)[[0, 1, 1]]
    arguments = (X, Y, [2, 3, 2], ["tanh", "softmax"], 0.25, 3, 5, None)
    run = train(*arguments[:-1], np.random.default_rng(4))
    return properties.steps_can_be_played_backwards(arguments, to_plain(value(*run)))


def test_playing_back_finds_a_wrong_loss_weight_or_bias():
    assert played_back(lambda W, b, losses: (W, b, losses)) is None
    assert played_back(lambda W, b, losses: (W, b, [*losses[:-1], losses[-1] + 1e-3]))
    assert played_back(lambda W, b, losses: (W, b, losses[::-1]))
    assert played_back(lambda W, b, losses: ([1.02 * W[0], W[1]], b, losses))
    assert played_back(lambda W, b, losses: (W, [b[0], b[1] + 0.02], losses))
    assert "each step" in played_back(lambda W, b, losses: (W, b, losses[1:]))
    assert "Not every number is finite" in played_back(lambda W, b, losses: (W, b, [np.nan] * 5))
    assert "Three things" in played_back(lambda W, b, losses: (W, b))


def test_initial_weights_are_refused_a_little_outside_and_kept_inside():
    def judged(factor, draw="normal"):
        rng = np.random.default_rng(5)
        std = factor * np.sqrt(2 / 48)
        reach = np.sqrt(3) * std
        W = rng.normal(0, std, (8, 40)) if draw == "normal" else rng.uniform(-reach, reach, (8, 40))
        return draws.spread_of_the_scheme(([8, 40], None, "xavier"), to_plain(([W], [np.zeros(40)])))

    assert judged(1) is None
    assert judged(1, "uniform") is None
    assert judged(0.7)
    assert judged(1.4)
    assert judged(0)


# The capstone, with the answers and the settings that stand in the notebook.


@pytest.fixture(scope="module")
def notebook():
    """The names that the solved notebook defines in its answers and in the cell that learns digits."""
    from autograder.kit import load_digits

    X_all, labels = load_digits()
    space = {"np": np, "X_all": X_all, "Y_all": np.eye(10)[labels]}
    for cell in source_notebook(course.lesson("10-training")).cells:
        if cell.cell_type == "code" and (utils.is_solution(cell) or "def learn_digits" in cell.source):
            exec(cell.source, space)
    return space


def test_ten_seeds_of_ten_read_at_least_95_percent_of_held_out_digits(notebook):
    scores = []
    for seed in range(10):
        weights, biases, losses, seen, held_out = notebook["learn_digits"](seed)
        assert sorted([*seen, *held_out]) == list(range(1797))
        rows = notebook["X_all"][held_out], notebook["Y_all"][held_out]
        scores.append(notebook["accuracy"](*rows, weights, biases, notebook["NAMES"]))
    print("held-out accuracy:", np.round(scores, 4))
    assert min(scores) >= 0.95


def test_a_function_that_makes_its_own_chance_is_told_so():
    def unseeded(sizes, rng, scheme):
        return initialise(sizes, np.random.default_rng(), scheme)

    def order_of_its_own(X, Y, batch_size, rng):
        return minibatches(X, Y, batch_size, np.random.default_rng())

    for exercise, function in ((initialise, unseeded), (minibatches, order_of_its_own)):
        sheet = exercise.sheet()
        report = judge(sheet, run_calls(function, sheet.calls, 5))
        assert report.earned == exercise.points - 0.5
        assert draws.OWN_NUMBERS in report.text()
