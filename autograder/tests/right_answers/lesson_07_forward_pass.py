"""Right answers to lesson 07, as different hands write them."""

import math

import numpy as np


def neuron_loop(inputs, weights, bias, activation):
    z = bias
    for k in range(len(inputs)):
        z = z + inputs[k] * weights[k]
    return activation(z)


def neuron_at(inputs, weights, bias, activation):
    return activation(inputs @ weights + bias)


def neuron_einsum(inputs, weights, bias, activation):
    return activation(np.einsum("i,i->", inputs, weights) + bias)


def neuron_float32(inputs, weights, bias, activation):
    z = np.sum(np.asarray(inputs, np.float32) * np.asarray(weights, np.float32)) + np.float32(bias)
    return np.float32(activation(z))


def neuron_lists(inputs, weights, bias, activation):
    pairs = zip(np.asarray(inputs).tolist(), np.asarray(weights).tolist(), strict=True)
    return float(activation(np.float64(sum(x * w for x, w in pairs) + bias)))


def neuron_extended(inputs, weights, bias, activation):
    """The bias as one more weight, whose input is 1."""
    return activation(np.dot(np.append(inputs, 1.0), np.append(weights, bias)))


def dense_loops(a, W, b):
    rows = np.atleast_2d(a)
    z = np.zeros((len(rows), len(b)))
    for s in range(len(rows)):
        for j in range(W.shape[1]):
            z[s, j] = b[j]
            for i in range(W.shape[0]):
                z[s, j] += rows[s, i] * W[i, j]
    return z[0] if np.ndim(a) == 1 else z


def dense_einsum(a, W, b):
    return np.einsum("...i,ij->...j", a, W) + b


def dense_dot(a, W, b):
    return np.add(np.dot(np.array(a), W), b)


def dense_columns(a, W, b):
    return (W.T @ a.T).T + b


def dense_lists(a, W, b):
    a, W, b = np.asarray(a), np.asarray(W), np.asarray(b)
    return (np.matmul(a, W) + b).tolist()


def dense_float32(a, W, b):
    return np.float32(a) @ np.float32(W) + np.float32(b)


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward_line_by_line(x, weights, biases):
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    z1 = np.dot(x, W1) + b1
    a1 = z1 * (z1 > 0)
    z2 = np.dot(a1, W2) + b2
    a2 = _sigmoid(z2)
    z3 = np.dot(a2, W3) + b3
    return [(z1, a1), (z2, a2), (z3, _softmax(z3))]


def forward_loop(x, weights, biases):
    layers, a = [], x
    functions = (lambda z: np.maximum(0, z), _sigmoid, _softmax)
    for k in range(3):
        z = a @ weights[k] + biases[k]
        a = functions[k](z)
        layers.append([z, a])
    return layers


def forward_float32(x, weights, biases):
    return forward_loop(
        np.asarray(x, np.float32), [W.astype(np.float32) for W in weights], [np.float32(b) for b in biases]
    )


def forward_lists(x, weights, biases):
    return tuple((z.tolist(), a.tolist()) for z, a in forward_loop(x, weights, biases))


def forward_numbers(x, weights, biases):
    """Number by number, without matrix products."""
    if np.ndim(x) == 2:
        rows = [forward_numbers(row, weights, biases) for row in x]
        return [tuple(np.array([row[k][part] for row in rows]) for part in (0, 1)) for k in range(3)]
    layers, a = [], list(x)
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = [sum(a[i] * W[i][j] for i in range(len(a))) + b[j] for j in range(len(b))]
        if k == 0:
            a = [max(0.0, float(value)) for value in z]
        elif k == 1:
            a = [1 / (1 + math.exp(-v)) if v > 0 else math.exp(max(v, -700)) / (1 + math.exp(v)) for v in z]
        else:
            e = [math.exp(value - max(z)) for value in z]
            a = [value / sum(e) for value in e]
        layers.append((z, a))
    return layers


def forward_einsum(x, weights, biases):
    z1 = np.einsum("...i,ij->...j", x, weights[0]) + biases[0]
    a1 = np.where(z1 > 0, z1, 0)
    z2 = np.einsum("...i,ij->...j", a1, weights[1]) + biases[1]
    a2 = np.exp(-np.logaddexp(0, -z2))
    z3 = np.einsum("...i,ij->...j", a2, weights[2]) + biases[2]
    a3 = np.exp(z3 - np.logaddexp.reduce(z3, axis=-1, keepdims=True))
    return [(z1, a1), (z2, a2), (z3, a3)]


def weight_indexed(weights, layer, start, end):
    return weights[layer - 1][start - 1][end - 1]


def weight_flat(weights, layer, start, end):
    W = np.asarray(weights[layer - 1])
    return W.ravel()[(start - 1) * W.shape[1] + end - 1]


def weight_by_a_unit_input(weights, layer, start, end):
    W = weights[layer - 1]
    return float((np.eye(W.shape[0])[start - 1] @ W)[end - 1])


def weight_float32(weights, layer, start, end):
    return np.float32(weights[layer - 1][start - 1, end - 1])


def weight_by_name(weights, layer, start, end):
    table = {
        (k + 1, i + 1, j + 1): W[i, j]
        for k, W in enumerate(weights)
        for i in range(W.shape[0])
        for j in range(W.shape[1])
    }
    return table[layer, start, end]


def error_by_rows(y, y_hat):
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return np.mean(np.sum((y - y_hat) ** 2, axis=-1)) / 2


def error_loops(y, y_hat):
    rows, guesses = np.atleast_2d(y), np.atleast_2d(y_hat)
    total = 0
    for row, guess in zip(rows, guesses, strict=True):
        for k in range(len(row)):
            total += (row[k] - guess[k]) ** 2
    return total / (2 * len(rows))


def error_norm(y, y_hat):
    return np.linalg.norm(y_hat - y) ** 2 / 2 / (1 if y.ndim == 1 else y.shape[0])


def error_float32(y, y_hat):
    return np.float32(error_by_rows(np.float32(y), np.float32(y_hat)))


def error_dot(y, y_hat):
    d = (np.array(y) - np.array(y_hat)).ravel()
    return float(d @ d) / (2 * (len(y) if np.ndim(y) > 1 else 1))


def output_list(o_in):
    total = sum(o_in)
    return [z / total for z in o_in]


def output_method(o_in):
    return o_in / o_in.sum()


def output_last_axis(o_in):
    o_in = np.asarray(o_in)
    return o_in / o_in.sum(axis=-1, keepdims=True)


def output_float32(o_in):
    o_in = np.asarray(o_in, np.float32)
    return np.divide(o_in, np.add.reduce(o_in))


def output_softmax_of_logarithms(o_in):
    """A softmax takes the exponential; of the logarithms it is the plain division."""
    return _softmax(np.log(o_in))


def loss_loop(o_out, y):
    loss = 0.0
    for o, t in zip(o_out, y, strict=True):
        loss -= math.log10(o) if t == 1 else math.log10(1 - o)
    return loss


def loss_vector(o_out, y):
    return -np.sum(y * np.log10(o_out) + (1 - y) * np.log10(1 - o_out))


def loss_natural_divided(o_out, y):
    return -(y @ np.log(o_out) + (1 - y) @ np.log(1 - o_out)) / np.log(10)


def loss_chosen(o_out, y):
    return -np.log10(np.where(np.asarray(y) == 1, o_out, 1 - np.asarray(o_out))).sum()


def loss_product(o_out, y):
    return float(-np.log10(np.prod(np.abs(1 - y - o_out))))


def loss_float32(o_out, y):
    return np.float32(loss_vector(np.float32(o_out), np.float32(y)))


RIGHT = {
    "neuron": [neuron_loop, neuron_at, neuron_einsum, neuron_float32, neuron_lists, neuron_extended],
    "dense": [dense_loops, dense_einsum, dense_dot, dense_columns, dense_lists, dense_float32],
    "forward": [
        forward_line_by_line,
        forward_loop,
        forward_float32,
        forward_lists,
        forward_numbers,
        forward_einsum,
    ],
    "named_weight": [weight_indexed, weight_flat, weight_by_a_unit_input, weight_float32, weight_by_name],
    "mean_squared_error": [error_by_rows, error_loops, error_norm, error_float32, error_dot],
    "printed_output": [
        output_list,
        output_method,
        output_last_axis,
        output_float32,
        output_softmax_of_logarithms,
    ],
    "printed_loss": [
        loss_loop,
        loss_vector,
        loss_natural_divided,
        loss_chosen,
        loss_product,
        loss_float32,
    ],
}
