"""Right answers to `train_step` in other words: written as students write, without types."""

# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math

import numpy as np

from autograder.bank.lesson_10_training.activate import (
    activate_by_dictionary,
    activate_copies,
    activate_one_liners,
)

SLOPES = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: (1 - a) * (1 + a), "relu": np.sign}


def step_with_sums_kept(X, Y, weights, biases, activations, learning_rate):
    """Slopes from the sums z, gradients first, updates afterwards."""
    a, kept = X, []
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        kept.append((a, z))
        a = activate_copies(z, name)
    loss = np.mean(-np.log(a[Y == 1]))
    delta, gradients = (a - Y) / X.shape[0], []
    for k in range(len(weights))[::-1]:
        a, z = kept[k]
        gradients.insert(0, (np.dot(a.T, delta), np.sum(delta, 0)))
        if k > 0:
            sums = kept[k - 1][1]
            slope = {
                "sigmoid": np.exp(-sums) / (1 + np.exp(-sums)) ** 2,
                "tanh": 1 / np.cosh(sums) ** 2,
                "relu": np.heaviside(sums, 0),
            }[activations[k - 1]]
            delta = np.dot(delta, weights[k].T) * slope
    weights = [W - learning_rate * g for W, (g, _) in zip(weights, gradients, strict=True)]
    biases = [b - learning_rate * g for b, (_, g) in zip(biases, gradients, strict=True)]
    return weights, biases, loss


def step_sample_by_sample(X, Y, weights, biases, activations, learning_rate):
    m = len(X)
    dW = [np.zeros(W.shape) for W in weights]
    db = [np.zeros(b.shape) for b in biases]
    loss = 0.0
    for x, y in zip(X, Y, strict=True):
        outputs = [x]
        for W, b, name in zip(weights, biases, activations, strict=True):
            outputs.append(activate_one_liners(outputs[-1] @ W + b, name))
        loss -= math.log(outputs[-1] @ y) / m
        delta = outputs[-1] - y
        for k in range(len(weights) - 1, -1, -1):
            dW[k] += np.outer(outputs[k], delta) / m
            db[k] += delta / m
            if k:
                delta = weights[k] @ delta * SLOPES[activations[k - 1]](outputs[k])
    new_weights = tuple(W - learning_rate * g for W, g in zip(weights, dW, strict=True))
    return new_weights, tuple(b - learning_rate * g for b, g in zip(biases, db, strict=True)), loss


def step_recursive(X, Y, weights, biases, activations, learning_rate):
    """Goes down to the last layer and comes back with the gradient of the input."""
    m, changed = len(X), []

    def down(a, k):
        if k == len(weights):
            return (a - Y) / m, -np.sum(Y * np.log(a)) / m
        out = activate_by_dictionary(a @ weights[k] + biases[k], activations[k])
        back, loss = down(out, k + 1)
        delta = back if k == len(weights) - 1 else back * SLOPES[activations[k]](out)
        changed.append((weights[k] - learning_rate * a.T @ delta, biases[k] - learning_rate * delta.sum(0)))
        return delta @ weights[k].T, loss

    _, loss = down(X, 0)
    new_weights, new_biases = zip(*changed[::-1], strict=True)
    return list(new_weights), list(new_biases), loss


def step_einsum_on_copies(X, Y, weights, biases, activations, learning_rate):
    weights, biases = [W.copy() for W in weights], [b.copy() for b in biases]
    outputs = [X]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate_copies(outputs[-1] @ W + b, name))
    delta = (outputs[-1] - Y) / len(Y)
    loss = np.sum(np.where(Y > 0, -np.log(outputs[-1]), 0)) / len(Y)
    for k in reversed(range(len(weights))):
        back = np.einsum("mj,ij->mi", delta, weights[k])
        weights[k] -= learning_rate * np.einsum("mi,mj->ij", outputs[k], delta)
        biases[k] -= learning_rate * np.einsum("mj->j", delta)
        if k:
            delta = back * SLOPES[activations[k - 1]](outputs[k])
    return [W.tolist() for W in weights], [b.tolist() for b in biases], float(loss)


def step_float32(X, Y, weights, biases, activations, learning_rate):
    single = [np.asarray(W, dtype=np.float32) for W in weights], [np.float32(b) for b in biases]
    results = step_with_sums_kept(
        np.float32(X), np.float32(Y), *single, activations, np.float32(learning_rate)
    )
    return [np.float32(W) for W in results[0]], [np.float32(b) for b in results[1]], np.float32(results[2])
