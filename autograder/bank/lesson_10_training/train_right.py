"""Right answers to `train` in other words: written as students write, without types."""

# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math

import numpy as np

from autograder.bank.lesson_10_training.activate import activate_copies
from autograder.bank.lesson_10_training.initialise import (
    initialise_backwards,
    initialise_float32,
    initialise_scaled_afterwards,
    initialise_uniform,
)
from autograder.bank.lesson_10_training.minibatches import (
    batches_popped,
    batches_shuffled_copies,
    batches_sorted_by_luck,
)
from autograder.bank.lesson_10_training.train_step_right import (
    SLOPES,
    step_einsum_on_copies,
    step_float32,
    step_recursive,
    step_sample_by_sample,
)


def train_in_its_own_words(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    weights, biases = initialise_uniform(sizes, rng, "xavier")
    history = np.empty(0)
    for _ in range(epochs):
        for x, y in batches_sorted_by_luck(X, Y, batch_size, rng):
            weights, biases, loss = step_recursive(x, y, weights, biases, activations, learning_rate)
            history = np.append(history, loss)
    return weights, biases, history


def train_in_place(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    """All in one function, arrays updated where they stand."""
    weights, biases = initialise_scaled_afterwards(sizes, rng, "xavier")
    history, m = [], len(X)
    for _ in range(epochs):
        order = rng.permutation(m)
        for start in range(0, m, batch_size):
            rows = order[start : start + batch_size]
            outputs = [X[rows]]
            for W, b, name in zip(weights, biases, activations, strict=True):
                outputs.append(activate_copies(outputs[-1] @ W + b, name))
            history.append(-np.log((outputs[-1] * Y[rows]).sum(axis=1)).mean())
            delta = (outputs[-1] - Y[rows]) / len(rows)
            for k in range(len(weights) - 1, -1, -1):
                back = delta @ weights[k].T
                weights[k] -= learning_rate * outputs[k].T @ delta
                biases[k] -= learning_rate * delta.sum(axis=0)
                if k:
                    delta = back * SLOPES[activations[k - 1]](outputs[k])
    return weights, biases, history


def train_counting_steps(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    weights, biases = initialise_float32(sizes, rng, "xavier")
    history, waiting = [], []
    for _ in range(epochs * math.ceil(len(X) / batch_size)):
        waiting = waiting or batches_popped(X, Y, batch_size, rng)
        x, y = waiting.pop()
        weights, biases, loss = step_einsum_on_copies(
            x, y, [np.array(W, float) for W in weights], [np.array(b, float) for b in biases],
            activations, learning_rate,
        )  # fmt: skip
        history.append(loss)
    return [weights, biases, history]


def train_sample_by_sample(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    weights, biases = initialise_backwards(sizes, rng, "xavier")
    history = []
    for _ in range(epochs):
        for x, y in batches_shuffled_copies(X, Y, batch_size, rng):
            weights, biases, loss = step_sample_by_sample(x, y, weights, biases, activations, learning_rate)
            history += [loss]
    return weights, biases, history


def train_float32(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    weights, biases = initialise_float32(sizes, rng, "xavier")
    history = []
    for _ in range(epochs):
        for x, y in batches_popped(X, Y, batch_size, rng):
            weights, biases, loss = step_float32(x, y, weights, biases, activations, learning_rate)
            history.append(loss)
    return weights, biases, np.array(history, dtype=np.float32)
