"""`train`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers
from autograder.bank.lesson_10_training.common import LESSON, Array, Arrays, Generator, Names, seed, targets
from autograder.bank.lesson_10_training.initialise import drawn_weights, initialise
from autograder.bank.lesson_10_training.minibatches import cut_into, minibatches
from autograder.bank.lesson_10_training.train_right import (
    train_counting_steps,
    train_float32,
    train_in_its_own_words,
    train_in_place,
    train_sample_by_sample,
)
from autograder.bank.lesson_10_training.train_step import slope_of_output, step_with, train_step


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "All the parts are written: initialise once, then two loops, one over the epochs and one over the batches of an epoch.",
        r"for each epoch: for each batch: $(W, b, L) \leftarrow$ `train_step`, and append $L$ to the history",
        '`weights, biases = initialise(sizes, rng, "xavier")`, then for each epoch `for X_batch, Y_batch in minibatches(X, Y, batch_size, rng):` and in it `weights, biases, loss = train_step(...)`, with the batch, and `loss` appended to the history.',
    ),
    seconds=20.0,
)
def train(
    X: Array,
    Y: Array,
    sizes: Sequence[int],
    activations: Names,
    learning_rate: float,
    batch_size: int,
    epochs: int,
    rng: Generator,
) -> tuple[list[Array], list[Array], list[float]]:
    weights, biases = initialise(sizes, rng, "xavier")
    history = []
    for _ in range(epochs):
        for x, y in minibatches(X, Y, batch_size, rng):
            weights, biases, loss = train_step(x, y, weights, biases, activations, learning_rate)
            history.append(loss)
    return weights, biases, history


def _trained(
    arguments: tuple,
    step: Callable[..., tuple] = step_with,
    cut: Callable[..., list] = lambda X, Y, size, rng: cut_into(X, Y, size, rng.permutation(len(X))),
    scheme: str = "xavier",
    anew: bool = False,
) -> tuple[list[Array], list[Array], list[float]]:
    """For slips: a training with another step, other batches, or other first weights, also `anew` in every epoch."""
    X, Y, sizes, activations, learning_rate, batch_size, epochs, rng = arguments
    weights, biases = drawn_weights(sizes, rng, scheme)
    history = []
    for _ in range(epochs):
        if anew:
            weights, biases = drawn_weights(sizes, rng, scheme)
        for x, y in cut(X, Y, batch_size, rng):
            weights, biases, loss = step(x, y, weights, biases, activations, learning_rate)
            history.append(loss)
    return weights, biases, history


def clouds(rng: Generator, m: int) -> tuple[Array, Array]:
    """Three clouds of points, a class each, which straight lines can part: no start gets stuck on them."""
    cloud = rng.permutation(np.arange(m) % 3)
    centres = np.array([[-1.5, -1.0], [1.5, -1.0], [0.0, 1.5]])
    return centres[cloud] + numbers(rng, m, 2, low=-0.75, high=0.75), np.eye(3)[cloud]


def one_batch_of_all_rows(rng: Generator) -> Iterator[Ask]:
    """Where every step takes all rows, the steps can be played backwards from the last weights."""
    X, Y = table_of_numbers(rng, 6, 2, 3)
    others, targets_too = table_of_numbers(rng, 5, 3, 2)
    yield Ask(
        "one batch of all rows: the losses belong to the steps",
        1.5,
        [
            (X / 2, Y, [2, 3, 3], ["tanh", "softmax"], np.float64(0.125), 6, 5, seed(rng)),
            (others / 2, targets_too, [3, 4, 2], ["sigmoid", "softmax"], np.float64(0.25), 8, 6, seed(rng)),
            (
                np.zeros((5, 2)),
                Y[[0, 0, 1, 1, 1]],
                [2, 4, 3],
                ["relu", "softmax"],
                np.float64(0.25),
                5,
                3,
                seed(rng),
            ),
        ],
        properties=("steps_can_be_played_backwards",),
        exact=False,
    )


@train.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield from one_batch_of_all_rows(rng)
    small = (np.float64(0), 5, 2)
    yield Ask(
        "every row once in an epoch, in a new order",
        1,
        [
            (
                *table_of_numbers(rng, 23, 2, 3),
                [2, 60, 15, 3],
                ["tanh", "tanh", "softmax"],
                *small,
                seed(rng),
            ),
            (*table_of_numbers(rng, 20, 2, 2), [2, 2], ["softmax"], np.float64(0), 1, 3, seed(rng)),
            (*table_of_numbers(rng, 25, 2, 2), [2, 2], ["softmax"], *small, seed(rng)),
        ],
        properties=("every_row_counts",),
        exact=False,
    )
    yield Ask(
        "learns to tell three clouds apart, in small batches",
        1.5,
        [(*clouds(rng, 34), [2, 6, 3], ["tanh", "softmax"], np.float64(0.5), 8, 16, seed(rng))],
        properties=("learned",),
        exact=False,
    )
    yield Ask(
        "leaves X and Y as they were",
        0.5,
        [(*table_of_numbers(rng, 21, 2, 3), [2, 3], ["softmax"], *small, seed(rng))],
        properties=("every_row_counts",),
        exact=False,
        unchanged=True,
    )
    one, other = seed(rng), seed(rng)
    X, Y = table_of_numbers(rng, 18, 2, 3)
    same = (X, Y, [2, 4, 3], ["tanh", "softmax"], np.float64(0))
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(*same, 5, 2, one), (*same, 5, 2, one), (*same, 4, 2, other)],
        properties=("every_row_counts",),
        exact=False,
        together=("generator_decides_the_start",),
    )


def table_of_numbers(rng: Generator, m: int, n: int, classes: int) -> tuple[Array, Array]:
    """Rows that all differ and are of size about 1, and targets."""
    return distinct(rng, m * n, -6, 6).reshape(m, n) / 2, targets(rng, m, classes)


Run = tuple[list[Array], list[Array], list[float]]


@train.misconception(
    "The training goes uphill: the loss grows. Every step subtracts learning_rate times the gradient."
)
def trains_uphill(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return step_with(X, Y, weights, biases, names, -rate)

    return _trained(arguments, step=step)


@train.misconception("X is shuffled and Y is not, so the net is shown wrong targets. One order for both.")
def trains_on_wrong_targets(*arguments: Any) -> Run:
    return _trained(
        arguments,
        cut=lambda X, Y, size, rng: cut_into(X, Y, size, rng.permutation(len(X)), np.arange(len(X))),
    )


@train.misconception("The last, shorter batch of every epoch is dropped. Its rows must be learned from too.")
def trains_without_the_rest(*arguments: Any) -> Run:
    def cut(X: Array, Y: Array, size: int, rng: Generator) -> list:
        size = min(size, len(X))
        return cut_into(X, Y, size, rng.permutation(len(X)))[: len(X) // size]

    return _trained(arguments, cut=cut)


@train.misconception("The rows go by in the order they came in. Shuffle them anew in every epoch.")
def trains_in_plain_order(*arguments: Any) -> Run:
    return _trained(arguments, cut=lambda X, Y, size, rng: cut_into(X, Y, size, np.arange(len(X))))


@train.misconception(
    "The batches were made once, before the loop, so every epoch has the same ones. Call minibatches in each epoch."
)
def shuffles_only_once(*arguments: Any) -> Run:
    kept: list = []

    def cut(X: Array, Y: Array, size: int, rng: Generator) -> list:
        kept.extend([] if kept else cut_into(X, Y, size, rng.permutation(len(X))))
        return kept

    return _trained(arguments, cut=cut)


@train.misconception(
    "Rows are drawn with replacement: in an epoch some come twice and others never. Each row once."
)
def trains_with_replacement(*arguments: Any) -> Run:
    return _trained(
        arguments, cut=lambda X, Y, size, rng: cut_into(X, Y, size, rng.integers(0, len(X), len(X)))
    )


@train.misconception("The biases never move: they are still 0 at the end. They have gradients too.")
def trains_weights_alone(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, _, loss = step_with(X, Y, weights, biases, names, rate)
        return moved, biases, loss

    return _trained(arguments, step=step)


@train.misconception(
    'All weights start at 0, so all hidden units stay alike and nothing is learned. Start with the scheme "xavier".'
)
def starts_from_zeros(*arguments: Any) -> Run:
    return _trained(arguments, scheme="zeros")


@train.misconception(
    "The 1/m is missing: each step is as many times too long as the batch has rows. The gradient is that of the mean loss."
)
def trains_on_sums(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return step_with(X, Y, weights, biases, names, rate, share=lambda m: 1.0)

    return _trained(arguments, step=step)


@train.misconception("The hidden layers' slope is missing on the way back, so their gradients are wrong.")
def trains_without_slopes(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return step_with(X, Y, weights, biases, names, rate, slope=lambda a, name: np.ones_like(a))

    return _trained(arguments, step=step)


@train.misconception(
    "The ReLU's slope at 0 was taken to be 1. In this course it is 0 there: `(a > 0) * 1.0`, not `a >= 0`."
)
def trains_with_a_slope_at_zero(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        def slope(a: Array, name: str) -> Array:
            return (a >= 0) * 1.0 if name == "relu" else slope_of_output(a, name)

        return step_with(X, Y, weights, biases, names, rate, slope=slope)

    return _trained(arguments, step=step)


@train.misconception(
    "The weights that come back are the first ones: what train_step returns is not kept. Write `weights, biases, loss = train_step(...)`."
)
def forgets_what_it_learned(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return weights, biases, step_with(X, Y, weights, biases, names, rate)[2]

    return _trained(arguments, step=step)


@train.misconception(
    "Every epoch starts from new random weights, so what was learned is thrown away. Initialise once, before the loops."
)
def starts_anew_each_epoch(*arguments: Any) -> Run:
    return _trained(arguments, anew=True)


@train.misconception(
    "The history has one number for each epoch. Asked for is one for each step: append inside the inner loop."
)
def one_loss_an_epoch(*arguments: Any) -> Run:
    weights, biases, history = _trained(arguments)
    X, size, epochs = arguments[0], arguments[5], arguments[6]
    return weights, biases, np.reshape(history, (epochs, math.ceil(len(X) / size))).mean(axis=1).tolist()


@train.misconception(
    "The history tells the loss after each step. Asked for is the batch's loss before it, which train_step returns."
)
def history_after_the_steps(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, _ = step_with(X, Y, weights, biases, names, rate)
        return moved, shifted, step_with(X, Y, moved, shifted, names, rate)[2]

    return _trained(arguments, step=step)


@train.misconception(
    "The history holds the sum of the losses of each batch. Divide by its rows: a short batch would look better than it is."
)
def history_of_sums(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, loss = step_with(X, Y, weights, biases, names, rate)
        return moved, shifted, loss * len(X)

    return _trained(arguments, step=step)


@train.misconception("The short batch was divided by batch_size. Its mean is over the rows it has.")
def divides_by_the_batch_size(*arguments: Any) -> Run:
    size = arguments[5]

    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, loss = step_with(X, Y, weights, biases, names, rate, share=lambda m: 1 / size)
        return moved, shifted, loss * len(X) / size

    return _trained(arguments, step=step)


@train.misconception("The training stops after one epoch: the return stands inside the loop.")
def a_single_epoch(*arguments: Any) -> Run:
    return _trained((*arguments[:6], 1, arguments[7]))


@train.misconception(
    "A generator with a fixed seed is made inside, so every training starts alike. Use the rng that is handed in."
)
def trains_with_its_own_generator(*arguments: Any) -> Run:
    return _trained((*arguments[:7], np.random.default_rng(0)))


@train.misconception(
    "The training is right, but the caller's X has been changed (scaled or shuffled in place). Work on new arrays."
)
def shuffles_the_callers_rows(*arguments: Any) -> Run:
    X, Y, *_, rng = arguments
    results = _trained(arguments)
    order = rng.permutation(len(X))
    X[:], Y[:] = X[order], Y[order]
    return results


train.right_answers(
    train_in_its_own_words,
    train_in_place,
    train_counting_steps,
    train_sample_by_sample,
    train_float32,
)
