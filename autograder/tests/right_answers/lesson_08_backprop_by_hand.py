"""Right answers to lesson 08, as different hands write them."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np


def delta_ndim(p, y):
    return p - y if p.ndim == 1 else (p - y) / p.shape[0]


def delta_rows(p, y):
    rows = np.atleast_2d(p) - np.atleast_2d(y)
    return (rows / len(rows)).reshape(np.shape(p))


def delta_loops(p, y):
    if np.ndim(p) == 1:
        return [p[k] - y[k] for k in range(len(p))]
    return [[(p[s][k] - y[s][k]) / len(p) for k in range(len(p[0]))] for s in range(len(p))]


def delta_through_the_jacobian(p, y):
    if np.ndim(p) == 2:
        return np.array([delta_through_the_jacobian(a, b) for a, b in zip(p, y, strict=True)]) / len(p)
    return (-y / p) @ (np.diag(p) - np.outer(p, p))


def delta_float32(p, y):
    return delta_ndim(np.float32(p), np.float32(y))


def delta_on_a_copy(p, y):
    delta = p.copy()
    delta -= y
    return delta / (1 if p.ndim == 1 else len(p))


def hidden_at(delta, W, derivative):
    return np.matmul(delta, np.transpose(W)) * derivative


def hidden_einsum(delta, W, derivative):
    return np.einsum("...l,kl->...k", delta, W) * derivative


def hidden_columns(delta, W, derivative):
    return (W @ delta.T).T * derivative


def hidden_loops(delta, W, derivative):
    rows, slopes = np.atleast_2d(delta), np.atleast_2d(derivative)
    out = np.zeros(slopes.shape)
    for s in range(len(rows)):
        for k in range(W.shape[0]):
            for j in range(W.shape[1]):
                out[s, k] += rows[s, j] * W[k, j] * slopes[s, k]
    return out.reshape(np.shape(derivative))


def hidden_float32(delta, W, derivative):
    return (np.float32(delta) @ np.float32(W).T) * np.float32(derivative)


def hidden_lists(delta, W, derivative):
    delta, W, derivative = np.asarray(delta), np.asarray(W), np.asarray(derivative)
    return np.multiply(np.dot(delta, W.T), derivative).tolist()


def gradient_cases(a, delta):
    return np.outer(a, delta) if a.ndim == 1 else a.T @ delta


def gradient_einsum(a, delta):
    return np.einsum("si,sj->ij", np.atleast_2d(a), np.atleast_2d(delta))


def gradient_sum_of_outers(a, delta):
    return sum(np.outer(x, d) for x, d in zip(np.atleast_2d(a), np.atleast_2d(delta), strict=True))


def gradient_loops(a, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return [
        [sum(a[s, i] * delta[s, j] for s in range(len(a))) for j in range(delta.shape[1])]
        for i in range(a.shape[1])
    ]


def gradient_reshaped(a, delta):
    a, delta = np.array(a).reshape(-1, np.shape(a)[-1]), np.array(delta).reshape(-1, np.shape(delta)[-1])
    return np.dot(a.T, delta)


def gradient_float32(a, delta):
    return gradient_cases(np.float32(a), np.float32(delta))


def bias_cases(delta):
    return delta.sum(axis=0) if delta.ndim == 2 else delta.copy()


def bias_reshaped(delta):
    return np.reshape(delta, (-1, np.shape(delta)[-1])).sum(0)


def bias_ones(delta):
    rows = np.atleast_2d(delta)
    return np.ones(len(rows)) @ rows


def bias_loop(delta):
    if np.ndim(delta) == 1:
        return list(delta)
    return [sum(delta[s][j] for s in range(len(delta))) for j in range(len(delta[0]))]


def bias_float32(delta):
    return bias_cases(np.asarray(delta, np.float32))


def bias_the_argument_itself(delta):
    return delta if np.ndim(delta) == 1 else np.sum(delta, 0)


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


def update_loop(parameters, gradients, learning_rate):
    new = []
    for k in range(len(parameters)):
        new.append(parameters[k] - learning_rate * gradients[k])
    return new


def update_tuple(parameters, gradients, learning_rate):
    return tuple(p + (-learning_rate) * g for p, g in zip(parameters, gradients, strict=True))


def update_on_copies(parameters, gradients, learning_rate):
    new = [np.array(p) for p in parameters]
    for p, g in zip(new, gradients, strict=True):
        p -= learning_rate * g
    return new


def update_lists(parameters, gradients, learning_rate):
    return [
        (np.asarray(p) - learning_rate * np.asarray(g)).tolist()
        for p, g in zip(parameters, gradients, strict=True)
    ]


def update_map(parameters, gradients, learning_rate):
    return list(map(lambda p, g: np.subtract(p, np.multiply(learning_rate, g)), parameters, gradients))


def update_float32(parameters, gradients, learning_rate):
    return [
        np.float32(p) - np.float32(learning_rate) * np.float32(g)
        for p, g in zip(parameters, gradients, strict=True)
    ]


def slips_by_text(printed, computed):
    """As a person would: write the number with the same digits and look whether the same text comes out."""
    if isinstance(printed, str):
        return f"{computed:.{len(printed.split('.')[1])}f}" != printed
    return [slips_by_text(p, c) for p, c in zip(printed, computed, strict=True)]


def slips_by_half_a_unit(printed, computed):
    texts = np.array(printed)
    digits = np.vectorize(lambda text: len(text.partition(".")[2]))(texts)
    return np.abs(texts.astype(float) - computed) > 0.5 * 10.0**-digits


def slips_by_round(printed, computed):
    out = np.zeros(np.shape(computed), dtype=bool)
    for place in np.ndindex(out.shape):
        figure = printed
        for k in place:
            figure = figure[k]
        out[place] = round(float(computed[place]), len(figure) - figure.index(".") - 1) != float(figure)
    return out


def slips_by_decimals(printed, computed):
    def one(figure, value):
        return Decimal(float(value)).quantize(Decimal(figure), rounding=ROUND_HALF_EVEN) != Decimal(figure)

    return np.array(np.vectorize(one)(printed, computed))


def slips_as_numbers(printed, computed):
    return np.asarray(slips_by_half_a_unit(printed, computed), dtype=int).tolist()


def slips_numpy_round(printed, computed):
    if isinstance(printed[0], list):
        return np.array([slips_numpy_round(p, c) for p, c in zip(printed, computed, strict=True)])
    pairs = zip(printed, computed, strict=True)
    return np.array([np.round(c, len(str(p).split(".")[1])) != float(p) for p, c in pairs])


def slips_float32(printed, computed):
    texts = np.array(printed)
    digits = np.vectorize(lambda text: len(text.split(".")[1]))(texts)
    return np.abs(texts.astype(np.float32) - np.float32(computed)) > np.float32(0.5) * 10.0**-digits


RIGHT = {
    "output_delta": [
        delta_ndim,
        delta_rows,
        delta_loops,
        delta_through_the_jacobian,
        delta_float32,
        delta_on_a_copy,
    ],
    "hidden_delta": [
        hidden_at,
        hidden_einsum,
        hidden_columns,
        hidden_loops,
        hidden_float32,
        hidden_lists,
    ],
    "weight_gradient": [
        gradient_cases,
        gradient_einsum,
        gradient_sum_of_outers,
        gradient_loops,
        gradient_reshaped,
        gradient_float32,
    ],
    "bias_gradient": [
        bias_cases,
        bias_reshaped,
        bias_ones,
        bias_loop,
        bias_float32,
        bias_the_argument_itself,
    ],
    "backward": [
        backward_line_by_line,
        backward_loop,
        backward_tuples,
        backward_lists,
        backward_float32,
        backward_sample_by_sample,
    ],
    "update": [
        update_loop,
        update_tuple,
        update_on_copies,
        update_lists,
        update_map,
        update_float32,
    ],
    "slips": [
        slips_by_text,
        slips_by_half_a_unit,
        slips_by_round,
        slips_by_decimals,
        slips_as_numbers,
        slips_numpy_round,
        slips_float32,
    ],
}
