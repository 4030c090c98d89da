"""Right answers to `backward` in other words: written as students write, without types."""

# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import numpy as np

from autograder.bank.lesson_08_backprop_by_hand.bias_gradient import bias_cases
from autograder.bank.lesson_08_backprop_by_hand.output_delta import delta_ndim
from autograder.bank.lesson_08_backprop_by_hand.weight_gradient import gradient_cases


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def backward_line_by_line(x, y, weights, biases):
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    z1 = np.dot(x, W1) + b1
    a1 = np.where(z1 > 0, z1, 0)
    a2 = 0.5 * (1 + np.tanh((np.dot(a1, W2) + b2) / 2))
    p = _softmax(np.dot(a2, W3) + b3)
    d3 = delta_ndim(p, y)
    d2 = np.dot(d3, W3.T) * a2 * (1 - a2)
    d1 = np.dot(d2, W2.T) * (z1 > 0)
    return (
        [gradient_cases(x, d1), gradient_cases(a1, d2), gradient_cases(a2, d3)],
        [bias_cases(d1), bias_cases(d2), bias_cases(d3)],
    )


def backward_loop(x, y, weights, biases):
    """Any number of rows as a batch, from the last layer to the first."""
    outs, a = [np.atleast_2d(x)], np.atleast_2d(x)
    for k in range(3):
        z = a @ weights[k] + biases[k]
        a = (lambda z: z * (z > 0), lambda z: np.exp(-np.logaddexp(0, -z)), _softmax)[k](z)
        outs.append(a)
    delta = (outs[3] - np.atleast_2d(y)) / len(outs[0])
    dW, db = [], []
    for k in (2, 1, 0):
        dW.insert(0, outs[k].T @ delta)
        db.insert(0, delta.sum(axis=0))
        slope = outs[2] * (1 - outs[2]) if k == 2 else (outs[1] > 0).astype(float)
        if k:
            delta = (delta @ weights[k].T) * slope
    return dW, db


def backward_tuples(x, y, weights, biases):
    dW, db = backward_loop(x, y, weights, biases)
    return tuple(dW), tuple(db)


def backward_lists(x, y, weights, biases):
    dW, db = backward_loop(x, y, weights, biases)
    return [[each.tolist() for each in dW], [each.tolist() for each in db]]


def backward_float32(x, y, weights, biases):
    return backward_line_by_line(
        np.float32(x), np.float32(y), [np.float32(W) for W in weights], [np.float32(b) for b in biases]
    )


def backward_sample_by_sample(x, y, weights, biases):
    """The mean of the samples' gradients is the gradient of the mean."""
    if np.ndim(x) == 1:
        return backward_line_by_line(x, y, weights, biases)
    each = [backward_line_by_line(a, b, weights, biases) for a, b in zip(x, y, strict=True)]
    return tuple([np.mean([one[part][k] for one in each], axis=0) for k in range(3)] for part in (0, 1))
