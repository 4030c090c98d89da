"""Lesson 09, right answers of many hands."""

import math

import numpy as np

# sigmoid_mse_delta


def delta_loops(a, y):
    a, y = np.asarray(a), np.asarray(y)
    if a.ndim == 1:
        return np.array([(a[k] - y[k]) * a[k] * (1 - a[k]) for k in range(len(a))])
    m, n = a.shape
    delta = np.zeros((m, n))
    for s in range(m):
        for k in range(n):
            delta[s, k] = (a[s, k] - y[s, k]) * a[s, k] * (1 - a[s, k]) / m
    return delta


def delta_lists(a, y):
    rows, targets = np.atleast_2d(a).tolist(), np.atleast_2d(y).tolist()
    found = [
        [(p - t) * (p - p * p) / len(rows) for p, t in zip(row, target, strict=True)]
        for row, target in zip(rows, targets, strict=True)
    ]
    return found if np.ndim(a) == 2 else found[0]


def delta_float32(a, y):
    a, y = np.float32(a), np.float32(y)
    return (a - y) * (a - a**2) / np.float32(len(a) if a.ndim > 1 else 1)


def delta_through_the_sum(a, y):
    z = np.log(a) - np.log1p(-np.asarray(a))
    slope = 1 / (2 + np.exp(z) + np.exp(-z))
    return slope * (a - y) / np.atleast_2d(a).shape[0]


def delta_copies(a, y):
    delta = a.copy()
    delta -= y
    delta *= a
    delta *= 1 - a
    if delta.ndim == 2:
        delta /= len(delta)
    return delta


# weight_error


def slope_loops(out, delta):
    if np.ndim(out) == 0:
        return out * delta
    out, delta = np.atleast_2d(out), np.atleast_2d(delta)
    table = np.zeros((out.shape[1], delta.shape[1]))
    for s in range(len(out)):
        for i in range(out.shape[1]):
            for j in range(delta.shape[1]):
                table[i, j] += out[s, i] * delta[s, j]
    return table


def slope_einsum(out, delta):
    letters = ("", "", "i", "j", "si", "sj")
    first, second = letters[2 * np.ndim(out)], letters[2 * np.ndim(out) + 1]
    return np.einsum(f"{first},{second}->{(first + second).replace('s', '')}", out, delta)


def slope_three_cases(out, delta):
    if np.ndim(out) == 0:
        return float(out * delta)
    if np.ndim(out) == 1:
        return np.outer(out, delta)
    return np.dot(np.transpose(out), delta)


def slope_squeezed(out, delta):
    table = np.atleast_2d(out).T @ np.atleast_2d(delta)
    return table[0, 0] if np.ndim(out) == 0 else table


def slope_outer_products_added(out, delta):
    if np.ndim(out) < 2:
        return (np.asarray(out)[..., None] * delta) if np.ndim(out) else out * delta
    return sum(np.outer(a, d) for a, d in zip(out, delta, strict=True)).tolist()


def slope_float32(out, delta):
    return slope_squeezed(np.float32(out), np.float32(delta))


# neuron_error


def error_loop(out, weights, deltas):
    total = 0.0
    for weight, delta in zip(weights, deltas, strict=True):
        total += weight * delta
    return total * out * (1 - out)


def error_dot(out, weights, deltas):
    return (out - out**2) * (np.asarray(weights) @ np.asarray(deltas))


def error_math(out, weights, deltas):
    return math.fsum(w * d * (1 - out) * out for w, d in zip(weights, deltas, strict=True))


def error_einsum_float32(out, weights, deltas):
    out = np.float32(out)
    return np.einsum("k,k->", np.float32(weights), np.float32(deltas)) * out * (1 - out)


def error_as_0d_array(out, weights, deltas):
    return np.array(np.inner(weights, deltas) * out * (1 - out))


# net_forward


def logistic(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def stable_softmax(z):
    e = np.exp((z.T - z.max(axis=-1)).T)
    return (e.T / e.sum(axis=-1)).T


FUNCTIONS = {
    "identity": lambda z: z,
    "linear": lambda z: z,
    "sigmoid": logistic,
    "tanh": np.tanh,
    "relu": lambda z: z * (z > 0),
    "softmax": stable_softmax,
}


def forward_table(X, weights, biases, activations):
    layers = []
    for k in range(len(weights)):
        z = (X if k == 0 else layers[-1][1]) @ weights[k] + biases[k]
        layers.append((z, FUNCTIONS[activations[k]](z)))
    return layers


def forward_element_by_element(X, weights, biases, activations):
    def one(values, activation):
        if activation == "softmax":
            e = [math.exp(v - max(values)) for v in values]
            return [v / sum(e) for v in e]
        f = {
            "identity": lambda v: v,
            "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
            "tanh": math.tanh,
            "relu": lambda v: max(v, 0.0),
        }[activation]
        return [f(v) for v in values]

    rows, layers = np.atleast_2d(X).tolist(), []
    for W, b, activation in zip(weights, biases, activations, strict=True):
        n_in, n_out = W.shape
        z = [[sum(row[i] * W[i, j] for i in range(n_in)) + b[j] for j in range(n_out)] for row in rows]
        rows = [one(values, activation) for values in z]
        layers.append((z, rows) if np.ndim(X) == 2 else (z[0], rows[0]))
    return layers


def forward_lists_of_lists(X, weights, biases, activations):
    return [[z.tolist(), a.tolist()] for z, a in forward_table(X, weights, biases, activations)]


def forward_float32(X, weights, biases, activations):
    weights = [np.float32(W) for W in weights]
    return forward_table(np.float32(X), weights, [np.float32(b) for b in biases], activations)


def forward_extended_inputs(X, weights, biases, activations):
    """The bias as one more row of the weights, beside an input that is always 1."""
    a, layers = np.atleast_2d(X), []
    for W, b, activation in zip(weights, biases, activations, strict=True):
        z = np.hstack([a, np.ones((len(a), 1))]) @ np.vstack([W, b])
        a = FUNCTIONS[activation](z)
        layers.append((z, a))
    return layers if np.ndim(X) == 2 else [(z[0], a[0]) for z, a in layers]


def forward_recursive(X, weights, biases, activations):
    if len(weights) == 0:
        return []
    z = np.einsum("...i,ij->...j", X, weights[0]) + biases[0]
    a = FUNCTIONS[activations[0]](z)
    return [(z, a), *forward_recursive(a, weights[1:], biases[1:], activations[1:])]


# activation_slope


def slope_by_where(a, activation):
    a = np.array(a, dtype=float)
    return {
        "sigmoid": a - a * a,
        "tanh": (1 + a) * (1 - a),
        "relu": (a > 0).astype(float),
        "identity": a * 0 + 1,
    }[activation]


def slope_elements(a, activation):
    def one(v):
        if activation == "sigmoid":
            return v * (1 - v)
        if activation == "tanh":
            return 1 - v * v
        return 1.0 if activation == "identity" or v > 0 else 0.0

    a = np.asarray(a)
    return np.array([one(v) for v in a.ravel()]).reshape(a.shape).tolist()


def slope_booleans(a, activation):
    if activation == "relu":
        return a > 0
    if activation == "identity":
        return np.ones(a.shape, dtype=int)
    return a * (1 - a) if activation == "sigmoid" else 1 - np.square(a)


def slope_through_the_sum(a, activation):
    if activation == "sigmoid":
        z = np.log(a / (1 - a))
        return np.exp(-z) / (1 + np.exp(-z)) ** 2
    if activation == "tanh":
        return 1 / np.cosh(np.arctanh(a)) ** 2
    return np.heaviside(a, 0) if activation == "relu" else np.ones_like(a)


def slope_in_single(a, activation):
    return slope_by_where(a, activation).astype(np.float32)


# backprop


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


# to_column_convention


def columns_by_t(weights, biases):
    return [W.T for W in weights], [b[:, None] for b in biases]


def columns_loops(weights, biases):
    tables, columns = [], []
    for W, b in zip(weights, biases, strict=True):
        n_in, n_out = W.shape
        table = np.zeros((n_out, n_in))
        for i in range(n_in):
            for j in range(n_out):
                table[j, i] = W[i, j]
        tables.append(table)
        columns.append(np.array([[value] for value in b]))
    return tables, columns


def columns_lists(weights, biases):
    tables = [[list(column) for column in zip(*W.tolist(), strict=True)] for W in weights]
    return tables, [[[value] for value in b.tolist()] for b in biases]


def columns_atleast_2d(weights, biases):
    return tuple(np.einsum("ij->ji", W) for W in weights), tuple(np.atleast_2d(b).T for b in biases)


def columns_float32(weights, biases):
    return [np.float32(W).swapaxes(0, 1) for W in weights], [np.float32(b).reshape(-1, 1) for b in biases]


RIGHT = {
    "sigmoid_mse_delta": [delta_loops, delta_lists, delta_float32, delta_through_the_sum, delta_copies],
    "weight_error": [
        slope_loops,
        slope_einsum,
        slope_three_cases,
        slope_squeezed,
        slope_outer_products_added,
        slope_float32,
    ],
    "neuron_error": [error_loop, error_dot, error_math, error_einsum_float32, error_as_0d_array],
    "net_forward": [
        forward_table,
        forward_element_by_element,
        forward_lists_of_lists,
        forward_float32,
        forward_extended_inputs,
        forward_recursive,
    ],
    "activation_slope": [
        slope_by_where,
        slope_elements,
        slope_booleans,
        slope_through_the_sum,
        slope_in_single,
    ],
    "backprop": [
        backprop_by_z,
        backprop_sample_by_sample,
        backprop_with_jacobians,
        backprop_in_columns,
        backprop_in_lists,
        backprop_float32,
        backprop_recursive,
    ],
    "to_column_convention": [
        columns_by_t,
        columns_loops,
        columns_lists,
        columns_atleast_2d,
        columns_float32,
    ],
}
