"""Lesson 10, right answers of many hands."""

import math

import numpy as np

# one_hot


def one_hot_loops(labels, classes):
    if np.ndim(labels) == 0:
        row = [0.0] * classes
        row[int(labels)] = 1.0
        return row
    return [one_hot_loops(label, classes) for label in labels]


def one_hot_compared(labels, classes):
    return np.asarray(labels)[..., None] == np.arange(classes)


def one_hot_placed(labels, classes):
    Y = np.zeros((np.size(labels), classes), dtype=np.float32)
    Y[np.arange(np.size(labels)), labels] = 1
    return Y[0] if np.ndim(labels) == 0 else Y


def one_hot_integers(labels, classes):
    return np.eye(classes, dtype=int)[np.asarray(labels)].tolist()


def one_hot_kronecker(labels, classes):
    return np.equal.outer(labels, range(classes)) * 1.0


# initialise


def initialise_uniform(sizes, rng, scheme):
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        reach = {"zeros": 0, "xavier": math.sqrt(6 / (n_in + n_out)), "he": math.sqrt(6 / n_in)}[scheme]
        weights.append(rng.uniform(-reach, reach, (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def initialise_scaled_afterwards(sizes, rng, scheme):
    weights, biases = [], []
    for k in range(1, len(sizes)):
        W = rng.standard_normal((sizes[k - 1], sizes[k]))
        if scheme == "zeros":
            W *= 0
        elif scheme == "xavier":
            W *= (2 / sum(sizes[k - 1 : k + 1])) ** 0.5
        else:
            W *= (2 / sizes[k - 1]) ** 0.5
        weights.append(W)
        biases.append(np.zeros((sizes[k],)))
    return (weights, biases)


def initialise_number_by_number(sizes, rng, scheme):
    weights, biases = [], []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        variance = {"zeros": 0.0, "xavier": 2 / (n_in + n_out), "he": 2 / n_in}[scheme]
        weights.append([[rng.normal() * math.sqrt(variance) for _ in range(n_out)] for _ in range(n_in)])
        biases.append([0.0] * n_out)
    return [weights, biases]


def initialise_float32(sizes, rng, scheme):
    pairs = [(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)]
    factor = {"zeros": lambda a, b: 0, "xavier": lambda a, b: 2 / (a + b), "he": lambda a, b: 2 / a}[scheme]
    weights = [
        rng.standard_normal(pair, dtype=np.float32) * np.float32(math.sqrt(factor(*pair))) for pair in pairs
    ]
    return tuple(weights), tuple(np.zeros(b, dtype=np.float32) for _, b in pairs)


def initialise_backwards(sizes, rng, scheme):
    """The last layer is drawn first, and its transpose."""
    weights, biases = [], []
    for n_in, n_out in reversed(list(zip(sizes[:-1], sizes[1:], strict=True))):
        n = {"zeros": math.inf, "xavier": (n_in + n_out) / 2, "he": n_in / 2}[scheme]
        weights.insert(0, (rng.normal(size=(n_out, n_in)) / np.sqrt(n)).T)
        biases.insert(0, np.zeros(n_out))
    return weights, biases


# activate


def activate_one_liners(z, name):
    z = np.asarray(z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    if name == "relu":
        return z * (z > 0)
    e = np.exp(z - z.max(axis=-1)[..., None])
    return e / e.sum(axis=-1)[..., None]


def activate_by_dictionary(z, name):
    functions = {
        "sigmoid": lambda x: np.exp(-np.logaddexp(0, -x)),
        "tanh": np.tanh,
        "relu": lambda x: np.where(x > 0, x, 0.0),
        "softmax": lambda x: np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True)),
    }
    return functions[name](np.asarray(z))


def activate_loops(z, name):
    if np.ndim(z) == 2:
        return [activate_loops(row, name) for row in z]
    if name == "softmax":
        powers = [math.exp(value - max(z)) for value in z]
        return [power / sum(powers) for power in powers]
    each = {"sigmoid": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh, "relu": lambda x: max(x, 0.0)}[
        name
    ]
    return [each(value) for value in z]


def activate_float32(z, name):
    return activate_by_dictionary(np.asarray(z, dtype=np.float32), name)


def activate_copies(z, name):
    a = np.array(z, dtype=float)
    if name == "relu":
        a[a < 0] = 0
        return a
    if name == "softmax":
        a -= a.max(axis=-1, keepdims=True)
        np.exp(a, out=a)
        a /= a.sum(axis=-1, keepdims=True)
        return a
    return 2 / (1 + np.exp(-2 * a)) - 1 if name == "tanh" else 0.5 + 0.5 * np.tanh(0.5 * a)


# predict_probabilities


def predict_recursive(X, weights, biases, activations):
    if len(weights) == 0:
        return X
    first = activate_one_liners(X @ weights[0] + biases[0], activations[0])
    return predict_recursive(first, weights[1:], biases[1:], activations[1:])


def predict_einsum(X, weights, biases, activations):
    a = X
    for k in range(len(weights)):
        a = activate_by_dictionary(np.einsum("...i,ij->...j", a, weights[k]) + biases[k], activations[k])
    return a


def predict_row_by_row(X, weights, biases, activations):
    if np.ndim(X) == 2:
        return [predict_row_by_row(x, weights, biases, activations) for x in X]
    a = list(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = [sum(a[i] * W[i][j] for i in range(len(a))) + b[j] for j in range(len(b))]
        a = activate_loops(z, name)
    return a


def predict_float32(X, weights, biases, activations):
    a = np.float32(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate_float32(a @ np.float32(W) + np.float32(b), name)
    return a


def predict_with_ones(X, weights, biases, activations):
    """The bias as one more row of weights, fed with 1."""
    a = np.atleast_2d(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate_copies(np.hstack([a, np.ones((len(a), 1))]) @ np.vstack([W, b]), name)
    return a[0] if np.ndim(X) == 1 else a


# accuracy


def accuracy_loops(X, Y, weights, biases, activations):
    P = np.atleast_2d(predict_recursive(X, weights, biases, activations))
    hits = 0
    for p, y in zip(P, np.atleast_2d(Y), strict=True):
        hits += list(p).index(max(p)) == list(y).index(1)
    return hits / len(P)


def accuracy_picked(X, Y, weights, biases, activations):
    P = predict_einsum(X, weights, biases, activations)
    return np.mean(np.sum(P * Y, axis=-1) == np.max(P, axis=-1))


def accuracy_from_logits(X, Y, weights, biases, activations):
    a = np.atleast_2d(predict_einsum(X, weights[:-1], biases[:-1], activations[:-1]))
    said = np.argmax(a @ weights[-1] + biases[-1], axis=1)
    true = np.nonzero(np.atleast_2d(Y))[1]
    return np.count_nonzero(said == true) / len(true)


def accuracy_float32(X, Y, weights, biases, activations):
    P = predict_float32(X, weights, biases, activations)
    return np.float32(np.mean(P.argmax(-1) == Y.argmax(-1), dtype=np.float32))


# train_step

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


# minibatches


def batches_popped(X, Y, batch_size, rng):
    left = list(rng.permutation(len(X)))
    batches = []
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        batches.append((X[rows], Y[rows]))
    return batches


def batches_shuffled_copies(X, Y, batch_size, rng):
    together = np.hstack([X, Y])
    rng.shuffle(together)
    X, Y = together[:, : X.shape[1]], together[:, X.shape[1] :]
    count = -(-len(X) // batch_size)
    return [
        (X[k * batch_size : (k + 1) * batch_size], Y[k * batch_size : (k + 1) * batch_size])
        for k in range(count)
    ]


def batches_sorted_by_luck(X, Y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    parts = np.split(order, range(batch_size, len(X), batch_size))
    return [(np.take(X, part, axis=0), np.take(Y, part, axis=0)) for part in parts]


def batches_of_lists(X, Y, batch_size, rng):
    pairs = [(x.tolist(), y.tolist()) for x, y in zip(X, Y, strict=True)]
    pairs = [pairs[k] for k in rng.choice(len(pairs), len(pairs), replace=False)]
    batches = []
    for start in range(0, len(pairs), batch_size):
        part = pairs[start : start + batch_size]
        batches.append(([x for x, _ in part], [y for _, y in part]))
    return tuple(batches)


def batches_float32(X, Y, batch_size, rng):
    return [(x.astype(np.float32), y.astype(int)) for x, y in batches_popped(X, Y, batch_size, rng)]


# train


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


RIGHT = {
    "one_hot": [one_hot_loops, one_hot_compared, one_hot_placed, one_hot_integers, one_hot_kronecker],
    "initialise": [
        initialise_uniform,
        initialise_scaled_afterwards,
        initialise_number_by_number,
        initialise_float32,
        initialise_backwards,
    ],
    "activate": [
        activate_one_liners,
        activate_by_dictionary,
        activate_loops,
        activate_float32,
        activate_copies,
    ],
    "predict_probabilities": [
        predict_recursive,
        predict_einsum,
        predict_row_by_row,
        predict_float32,
        predict_with_ones,
    ],
    "accuracy": [accuracy_loops, accuracy_picked, accuracy_from_logits, accuracy_float32],
    "train_step": [
        step_with_sums_kept,
        step_sample_by_sample,
        step_recursive,
        step_einsum_on_copies,
        step_float32,
    ],
    "minibatches": [
        batches_popped,
        batches_shuffled_copies,
        batches_sorted_by_luck,
        batches_of_lists,
        batches_float32,
    ],
    "train": [
        train_in_its_own_words,
        train_in_place,
        train_counting_steps,
        train_sample_by_sample,
        train_float32,
    ],
}
