"""Right answers to `backprop` in other words: written as students write, without types."""

# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import numpy as np

from autograder.bank.lesson_09_four_equations.activation_slope import slope_by_where
from autograder.bank.lesson_09_four_equations.net_forward import (
    FUNCTIONS,
    forward_table,
    logistic,
)


def backprop_by_z(X, Y, weights, biases, activations, loss):
    """Keeps the sums and takes the slopes there."""
    slopes = {
        "sigmoid": lambda z: logistic(z) * logistic(-z),
        "tanh": lambda z: 1 - np.tanh(z) ** 2,
        "relu": lambda z: z > 0,
        "identity": np.ones_like,
        "softmax": None,
    }
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    layers = forward_table(X, weights, biases, activations)
    dW, db = [None] * len(weights), [None] * len(weights)
    delta = (layers[-1][1] - Y) / X.shape[0]
    if loss == "mse":
        delta = delta * slopes[activations[-1]](layers[-1][0])
    for k in range(len(weights) - 1, -1, -1):
        before = layers[k - 1][1] if k else X
        dW[k], db[k] = before.T @ delta, delta.sum(axis=0)
        if k:
            delta = delta @ weights[k].T * slopes[activations[k - 1]](layers[k - 1][0])
    return dW, db


def backprop_sample_by_sample(X, Y, weights, biases, activations, loss):
    """A sample at a time, the gradients added up and divided at the end."""
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    dW, db = [np.zeros(W.shape) for W in weights], [np.zeros(b.shape) for b in biases]
    for x, y in zip(X, Y, strict=True):
        results = [x, *(a for _, a in forward_table(x, weights, biases, activations))]
        delta = results[-1] - y
        if loss == "mse":
            delta = delta * slope_by_where(results[-1], activations[-1])
        for k in reversed(range(len(weights))):
            dW[k] += np.outer(results[k], delta)
            db[k] += delta
            if k > 0:
                delta = weights[k] @ delta * slope_by_where(results[k], activations[k - 1])
    return [g / len(X) for g in dW], [g / len(X) for g in db]


def backprop_with_jacobians(X, Y, weights, biases, activations, loss):
    """Through every activation by its whole Jacobian, softmax and cross-entropy not cancelled."""
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    results = [X, *(a for _, a in forward_table(X, weights, biases, activations))]
    upstream = (results[-1] - Y) / len(X) if loss == "mse" else -Y / results[-1] / len(X)
    dW, db = [], []
    for k in range(len(weights), 0, -1):
        a, name = results[k], activations[k - 1]
        if name == "softmax":
            jacobians = np.einsum("si,ij->sij", a, np.eye(a.shape[1])) - np.einsum("si,sj->sij", a, a)
        else:
            jacobians = np.einsum("si,ij->sij", slope_by_where(a, name), np.eye(a.shape[1]))
        delta = np.einsum("si,sij->sj", upstream, jacobians)
        dW.append(np.einsum("si,sj->ij", results[k - 1], delta))
        db.append(np.einsum("sj->j", delta))
        upstream = np.einsum("sj,ij->si", delta, weights[k - 1])
    return dW[::-1], db[::-1]


def backprop_in_columns(X, Y, weights, biases, activations, loss):
    """In the other convention, turned back at the end."""
    a, Y = np.atleast_2d(X).T, np.atleast_2d(Y).T
    tables = [np.transpose(W) for W in weights]
    results = [a]
    for W, b, name in zip(tables, biases, activations, strict=True):
        a = FUNCTIONS[name]((W @ a + b[:, None]).T).T
        results.append(a)
    delta = (a - Y) / Y.shape[1]
    if loss == "mse":
        delta = delta * slope_by_where(a, activations[-1])
    dW, db = [], []
    for k in range(len(tables) - 1, -1, -1):
        dW.insert(0, (delta @ results[k].T).T)
        db.insert(0, delta.sum(axis=1))
        if k:
            delta = (tables[k].T @ delta) * slope_by_where(results[k], activations[k - 1])
    return tuple(dW), tuple(db)


def backprop_in_lists(*arguments):
    dW, db = backprop_sample_by_sample(*arguments)
    return [[g.tolist() for g in dW], [g.tolist() for g in db]]


def backprop_float32(X, Y, weights, biases, activations, loss):
    single = [[np.float32(W) for W in weights], [np.float32(b) for b in biases]]
    return backprop_by_z(np.float32(X), np.float32(Y), *single, activations, loss)


def backprop_recursive(X, Y, weights, biases, activations, loss):
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)

    def layer(k, a):
        """dL/da of what goes into layer k; fills in the gradients on the way back."""
        if k == len(weights):
            return (a - Y) / len(Y)
        result = FUNCTIONS[activations[k]](a @ weights[k] + biases[k])
        delta = layer(k + 1, result)
        if activations[k] != "softmax":
            delta = delta * slope_by_where(result, activations[k])
        gradients[k] = (a.T @ delta, delta.sum(0))
        return delta @ weights[k].T

    gradients = {}
    layer(0, X)
    return [gradients[k][0] for k in range(len(weights))], [gradients[k][1] for k in range(len(weights))]
