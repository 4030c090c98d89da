"""`challenge`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_10_training.common import LESSON, Array, Arrays, Generator, seed
from autograder.bank.lesson_10_training.initialise import drawn_weights, initialise
from autograder.bank.lesson_10_training.minibatches import cut_into, minibatches
from autograder.bank.lesson_10_training.train import train
from autograder.bank.lesson_10_training.train_step import step_with, train_step
from autograder.kit.judge.held_out import split

# What the lesson's capstone sets: sizes, activations, learning rate, batch size, epochs.
PLAIN = ([64, 32, 10], ["tanh", "softmax"], 0.5, 32, 40)
SPLITS = 10
Net = tuple[Arrays, Arrays]


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "First run `train` with the settings of the capstone, and look at the loss: it is still far up when the training ends. What would bring it down further, and is there time for that?",
        r"The darkest pixel is $0.16$, so the sums of the first layer and its gradient are about six times smaller than the rate was chosen for. More steps make up for it (an epoch has $\lceil 100/B \rceil$), or wider first weights, or inputs made larger: $(c\,x)\,W = x\,(c\,W)$.",
        'Smaller batches and more epochs: `weights, biases, losses = train(X, Y, [64, 32, 10], ["tanh", "softmax"], 0.5, 10, epochs, rng)` makes ten steps an epoch instead of four. Try 20, 40 and 60 epochs, and return the weights and the biases alone.',
    ),
    seconds=30.0,
)
def challenge(X: Array, Y: Array, rng: Generator) -> Net:
    weights, biases, _ = train(X, Y, [64, 32, 10], ["tanh", "softmax"], 0.5, 10, 60, rng)
    return weights, biases


@challenge.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield _ask(rng, "knows the pictures that it learned from", 0.5, 1, ("knows_its_own_rows",))
    yield _ask(
        rng,
        "reads 86 of 100 held-out pictures, a mean over ten splits",
        3,
        SPLITS,
        ("is_a_network",),
        ("reads_held_out_pictures",),
    )
    yield _ask(rng, "leaves X and Y as they were", 0.5, 1, ("is_a_network",), unchanged=True)


def _ask(
    rng: Generator,
    name: str,
    points: float,
    count: int,
    properties: tuple[str, ...],
    together: tuple[str, ...] = (),
    unchanged: bool = False,
) -> Ask:
    numbers = [int(number) for number in rng.integers(1, 2**40, count)]
    calls = [(split(number).X, split(number).Y, seed(rng)) for number in numbers]
    return Ask(name, points, calls, unchanged, properties, exact=False, together=together, told=numbers)


def _small(X: Array, Y: Array, rng: Generator, epochs: int = 12, scheme: str = "xavier") -> Net:
    """For slips: a small network, trained for a moment; its numbers are short, so that the sheet is."""
    weights, biases = drawn_weights([X.shape[1], 4, 10], rng, scheme)
    for _ in range(epochs):
        for x, y in minibatches(X, Y, 25, rng):
            weights, biases, _ = step_with(x, y, weights, biases, ["tanh", "softmax"], 0.5)
    return _short(weights, biases)


def _short(weights: Arrays, biases: Arrays) -> Net:
    return [W.round(2) for W in weights], [b.round(2) for b in biases]


@challenge.misconception(
    "These are the settings of the lesson's own run. On a hundred pale pictures they come to about 73 of 100 held-out ones: change them."
)
def the_plain_run(X: Array, Y: Array, rng: Generator) -> Net:
    return train(X, Y, *PLAIN, rng)[:2]


@challenge.misconception(
    "Three things came back, as `train` gives them. Return the weights and the biases, without the loss history."
)
def returns_the_history_too(X: Array, Y: Array, rng: Generator) -> Any:
    return (*_small(X, Y, rng, epochs=1), [0.0] * 4)


@challenge.misconception("These are first weights, which have learned nothing yet. Train them on X and Y.")
def nothing_learned(X: Array, Y: Array, rng: Generator) -> Net:
    return _short(*initialise([64, 4, 10], rng, "xavier"))


@challenge.misconception(
    "The first weights were all 0, so the network says the same of every picture. Draw them at random."
)
def started_from_zeros(X: Array, Y: Array, rng: Generator) -> Net:
    return _small(X, Y, rng, scheme="zeros")


@challenge.misconception("One epoch is far too little: a hundred pictures make only a few steps.")
def a_single_epoch(X: Array, Y: Array, rng: Generator) -> Net:
    return _small(X, Y, rng, epochs=1)


@challenge.misconception(
    "X was shuffled and Y was not, so the network learned wrong classes. One order for both."
)
def classes_shuffled(X: Array, Y: Array, rng: Generator) -> Net:
    order = rng.permutation(len(X))
    return _small(X[order], Y, rng)


@challenge.misconception(
    "The network was trained on larger pixels and handed in as it is. It will be asked about the pale ones: multiply the first weights by the same factor."
)
def factor_not_handed_in(X: Array, Y: Array, rng: Generator) -> Net:
    return _small(X / 0.16, Y, rng)


@challenge.misconception(
    "Only the first few rows of X were learned from. Every row belongs into every epoch."
)
def the_first_batch_only(X: Array, Y: Array, rng: Generator) -> Net:
    return _small(X[:10], Y[:10], rng)


@challenge.misconception("The shapes are turned round: W has a row for each input, the shape (n_in, n_out).")
def tables_turned_round(X: Array, Y: Array, rng: Generator) -> Net:
    weights, biases = _small(X, Y, rng, epochs=1)
    return [W.T for W in weights], biases


@challenge.misconception(
    "The training is right, but the caller's X was changed (made larger in place, say). Work on a new array."
)
def changes_the_callers_rows(X: Array, Y: Array, rng: Generator) -> Net:
    weights, biases = larger_pixels(X, Y, rng)
    X /= 0.16
    return _short(weights, biases)


# Right answers in other words.


def larger_pixels(X, Y, rng):
    """Trains on pixels from 0 to 1 with the lesson's own settings, and puts the factor into the first weights."""
    weights, biases, _ = train(X / 0.16, Y, *PLAIN, rng)
    return [weights[0] / 0.16, *weights[1:]], biases


def trained(X, Y, sizes, rng, scheme, rate, batch_size, epochs):
    """A training with another start, as a student writes it who wants one."""
    weights, biases = initialise(sizes, rng, scheme)
    names = ["tanh"] * (len(sizes) - 2) + ["softmax"]
    for _ in range(epochs):
        for x, y in minibatches(X, Y, batch_size, rng):
            weights, biases, _ = train_step(x, y, weights, biases, names, rate)
    return weights, biases


def wider_start_and_layer(X, Y, rng):
    return trained(X, Y, [64, 64, 10], rng, "he", 0.5, 8, 50)


def longer_steps(X, Y, rng):
    return trained(X, Y, [64, 32, 10], rng, "xavier", 1.0, 25, 140)


def two_hidden_layers(X, Y, rng):
    weights, biases = trained(X * 6.25, Y, [64, 32, 24, 10], rng, "xavier", 0.3, 10, 20)
    return (weights[0] * 6.25, *weights[1:]), tuple(biases)


def no_hidden_layer(X, Y, rng):
    (W,), (b,) = trained(X * 6.25, Y, [64, 10], rng, "xavier", 0.5, 10, 30)
    return [(W * 6.25).tolist()], [np.float32(b)]


def all_in_one(X, Y, rng):
    """No function of the lesson's: two layers, written out."""
    W, V = rng.normal(0, 0.4, (64, 40)), rng.normal(0, 0.2, (40, 10))
    b, c = np.zeros(40), np.zeros(10)
    for _ in range(60):
        for x, y in cut_into(X, Y, 10, rng.permutation(len(X))):
            a = np.tanh(x @ W + b)
            e = np.exp(a @ V + c)
            delta = (e / e.sum(axis=1, keepdims=True) - y) / len(x)
            back = delta @ V.T * (1 - a * a)
            V, c = V - 0.5 * a.T @ delta, c - 0.5 * delta.sum(0)
            W, b = W - 0.5 * x.T @ back, b - 0.5 * back.sum(0)
    return [W, V], [b, c]


challenge.right_answers(
    larger_pixels,
    wider_start_and_layer,
    longer_steps,
    two_hidden_layers,
    no_hidden_layer,
    all_in_one,
)
