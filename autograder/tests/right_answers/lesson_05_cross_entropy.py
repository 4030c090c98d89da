"""Lesson 05, right answers of many hands."""

import math

import numpy as np

# binary_cross_entropy


def binary_loops(y, y_hat):
    labels, predictions = np.ravel(y), np.ravel(y_hat)
    total = 0.0
    for s in range(len(labels)):
        if labels[s] == 1:
            total -= math.log(predictions[s])
        else:
            total -= math.log(1 - predictions[s])
    return total / len(labels)


def binary_clipped(y, y_hat):
    safe = np.clip(y_hat, 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))


def binary_small_number_added(y, y_hat):
    return -(y * np.log(y_hat + 1e-9) + (1 - y) * np.log(1 - y_hat + 1e-9)).mean()


def binary_product(y, y_hat):
    """The probability of what happened as a product of powers; 0 ** 0 is 1."""
    return np.mean(-np.log(y_hat**y * (1 - y_hat) ** (1 - y)))


def binary_nan_to_num(y, y_hat):
    first = np.nan_to_num(y * np.log(y_hat))
    second = np.nan_to_num((1 - y) * np.log1p(-y_hat))
    return float(-(first + second).sum() / np.size(y))


def binary_float32(y, y_hat):
    y, y_hat = np.float32(y), np.float32(y_hat)
    return -np.log(np.abs(1 - y - y_hat)).mean(dtype=np.float32)


def binary_lists(y, y_hat):
    pairs = zip(np.ravel(y).tolist(), np.ravel(y_hat).tolist(), strict=True)
    losses = [-math.log(q if label else 1 - q) for label, q in pairs]
    return [sum(losses) / len(losses)][0]


def binary_as_two_classes(y, y_hat):
    y, y_hat = np.reshape(y, (-1, 1)), np.reshape(y_hat, (-1, 1))
    rows, predicted = np.hstack([1 - y, y]), np.hstack([1 - y_hat, y_hat])
    return -np.log(np.einsum("sc,sc->s", rows, predicted)).mean()


# cross_entropy


def cross_entropy_loops(y, y_hat):
    if np.ndim(y) == 1:
        y, y_hat = [y], [y_hat]
    total = 0.0
    for s in range(len(y)):
        for i in range(len(y[s])):
            if y[s][i] == 1:
                total += -math.log(y_hat[s][i])
    return total / len(y)


def cross_entropy_argmax(y, y_hat):
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.log(y_hat[np.arange(len(y)), y.argmax(axis=1)]).mean()


def cross_entropy_mask(y, y_hat):
    return -np.mean(np.log(y_hat[y == 1]))


def cross_entropy_clipped(y, y_hat):
    return np.mean(-np.sum(y * np.log(np.maximum(y_hat, 1e-15)), axis=-1))


def cross_entropy_matrix_product(y, y_hat):
    """The true classes' probabilities stand on the diagonal of y_hat y^T."""
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return -np.trace(np.log(np.maximum(y_hat @ y.T, 1e-300))) / y.shape[0]


def cross_entropy_where_argument(y, y_hat):
    logs = np.log(y_hat, out=np.zeros_like(y_hat), where=y != 0)
    return -np.vdot(y, logs) / (y.size / y.shape[-1])


def cross_entropy_float32(y, y_hat):
    y, y_hat = np.asarray(y, np.float32), np.asarray(y_hat, np.float32)
    return -np.mean(np.log((y * y_hat).sum(-1)))


def cross_entropy_lists(y, y_hat):
    y, y_hat = np.atleast_2d(y).tolist(), np.atleast_2d(y_hat).tolist()
    losses = [-math.log(row[label.index(1.0)]) for label, row in zip(y, y_hat, strict=True)]
    return math.fsum(losses) / len(losses)


# cross_entropy_gradient


def gradient_loops(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.ndim == 2:
        return np.array([gradient_loops(y[s], y_hat[s]) / len(y) for s in range(len(y))])
    gradient = np.zeros(len(y))
    for i in range(len(y)):
        gradient[i] = -y[i] / y_hat[i]
    return gradient


def gradient_picked(y, y_hat):
    gradient = np.zeros(y.shape)
    gradient[y == 1] = -1 / y_hat[y == 1]
    return gradient / (y.shape[0] if y.ndim == 2 else 1)


def gradient_einsum(y, y_hat):
    return np.einsum("...i,...i->...i", -y, 1 / y_hat) / np.sum(y)


def gradient_copies(y, y_hat):
    gradient = y.copy()
    gradient /= -y_hat
    gradient /= max(1, y.size // y.shape[-1])
    return gradient


def gradient_float32(y, y_hat):
    y, y_hat = np.asarray(y, np.float32), np.asarray(y_hat, np.float32)
    return -y / (y_hat * np.float32(len(np.atleast_2d(y))))


def gradient_lists(y, y_hat):
    if np.ndim(y) == 2:
        m = len(y)
        return [tuple(value / m for value in gradient_lists(*pair)) for pair in zip(y, y_hat, strict=True)]
    return [-label / q for label, q in zip(np.asarray(y).tolist(), np.asarray(y_hat).tolist(), strict=True)]


# sigmoid_cross_entropy_delta


def sigmoid_delta_plain(z, y):
    """1 / (1 + inf) is 0, as it should be: it only warns."""
    return (1 / (1 + np.exp(-z)) - y) / z.shape[0] ** (z.ndim - 1)


def sigmoid_delta_tanh(z, y):
    return ((1 + np.tanh(z / 2)) / 2 - y) / len(z)


def sigmoid_delta_masks(z, y):
    y_hat = np.empty_like(z)
    up = z >= 0
    y_hat[up] = 1 / (1 + np.exp(-z[up]))
    y_hat[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return (y_hat - y) / np.size(z)


def sigmoid_delta_loops(z, y):
    delta = np.zeros_like(z)
    for s in range(len(z)):
        value = float(z[s].item())
        e = math.exp(-abs(value))
        y_hat = 1 / (1 + e) if value >= 0 else e / (1 + e)
        delta[s] = (y_hat - y[s]) / len(z)
    return delta


def sigmoid_delta_through_the_logarithm(z, y):
    """1 - y, minus e^-z / (1 + e^-z)."""
    return ((1 - y) - np.exp(-z - np.logaddexp(0, -z))) / len(z)


def sigmoid_delta_float32(z, y):
    z, y = np.asarray(z, np.float32), np.asarray(y, np.float32)
    return (np.exp(-np.logaddexp(np.float32(0), -z)) - y) / np.float32(len(z))


def sigmoid_delta_lists(z, y):
    delta = (1 / (1 + np.exp(-np.clip(z, -500, 500))) - np.asarray(y)) / len(z)
    return delta.tolist()


def sigmoid_delta_as_two_classes(z, y):
    rows = np.hstack([np.zeros((len(z), 1)), np.reshape(z, (-1, 1))])
    e = np.exp(rows - rows.max(axis=1, keepdims=True))
    return (e[:, 1] / e.sum(axis=1)).reshape(z.shape) / len(z) - y / len(z)


# log_softmax


def log_softmax_loops(z):
    z = np.asarray(z)
    if z.ndim == 2:
        return np.array([log_softmax_loops(row) for row in z])
    largest = max(z)
    total = 0.0
    for value in z:
        total += math.exp(value - largest)
    return np.array([z[i] - largest - math.log(total) for i in range(len(z))])


def log_softmax_logaddexp(z):
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


def log_softmax_copies(z):
    shifted = z.copy()
    shifted -= shifted.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def log_softmax_adds_the_maximum_back(z):
    c = np.max(z, axis=-1)[..., None]
    return z - (c + np.log(np.sum(np.exp(z - c), axis=-1))[..., None])


def log_softmax_transposed(z):
    columns = np.transpose(z) - np.max(z, axis=-1)
    return (columns - np.log(np.exp(columns).sum(axis=0))).T


def log_softmax_float32(z):
    z = np.asarray(z, np.float32)
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def log_softmax_lists(z):
    z = np.asarray(z).tolist()
    if isinstance(z[0], list):
        return [log_softmax_lists(row) for row in z]
    total = math.log(math.fsum(math.exp(value - max(z)) for value in z))
    return tuple(value - max(z) - total for value in z)


def log_softmax_matrix(z):
    """-log of the sum over k of e^(z_k - z_i), each sum with its own maximum taken out."""
    differences = np.expand_dims(z, -2) - np.expand_dims(z, -1)
    c = differences.max(axis=-1)
    return -(c + np.log(np.exp(differences - c[..., None]).sum(axis=-1)))


# cross_entropy_from_logits


def from_logits_own_log_softmax(z, y):
    return -np.sum(y * log_softmax_copies(z)) / (y.shape[0] if y.ndim == 2 else 1)


def from_logits_one_line(z, y):
    return np.mean(np.logaddexp.reduce(z, axis=-1) - np.sum(y * z, axis=-1))


def from_logits_loops(z, y):
    z, y = np.atleast_2d(z), np.atleast_2d(y)
    total = 0.0
    for s in range(len(z)):
        true = int(np.argmax(y[s]))
        total -= log_softmax_loops(z[s])[true]
    return total / len(z)


def from_logits_picked(z, y):
    return -log_softmax_adds_the_maximum_back(z)[y == 1].mean()


def from_logits_einsum(z, y):
    return -np.einsum("si,si->", np.atleast_2d(y), np.atleast_2d(log_softmax_logaddexp(z))) / np.sum(y)


def from_logits_float32(z, y):
    return -np.mean(np.sum(np.asarray(y, np.float32) * log_softmax_float32(z), axis=-1))


def from_logits_lists(z, y):
    z, y = np.atleast_2d(z).tolist(), np.atleast_2d(y).tolist()
    return sum(-log_softmax_lists(row)[label.index(1)] for row, label in zip(z, y, strict=True)) / len(z)


# softmax_cross_entropy_delta


def softmax_delta_shifted(z, y):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True) - y) / (len(z) if z.ndim > 1 else 1)


def softmax_delta_loops(z, y):
    z, y = np.asarray(z), np.asarray(y)
    if z.ndim == 2:
        return np.array([softmax_delta_loops(z[s], y[s]) / len(z) for s in range(len(z))])
    log_p = log_softmax_loops(z)
    return np.array([math.exp(log_p[j]) - y[j] for j in range(len(z))])


def softmax_delta_true_class_minus_one(z, y):
    delta = np.exp(log_softmax_logaddexp(z))
    delta[y == 1] -= 1
    return delta / np.sum(y)


def softmax_delta_matrix_product(z, y):
    """Through the Jacobian with p_i cancelled: the label times a matrix whose row i is p minus unit vector i."""
    if z.ndim == 2:
        return np.stack([softmax_delta_matrix_product(*pair) for pair in zip(z, y, strict=True)]) / len(z)
    p = np.exp(log_softmax_copies(z))
    return y @ (p[None, :] - np.eye(len(p)))


def softmax_delta_einsum(z, y):
    p = np.exp(log_softmax_transposed(z))
    return np.einsum("...i,...ij->...j", y, p[..., None, :] - np.eye(p.shape[-1])) / np.sum(y)


def softmax_delta_float32(z, y):
    m = np.float32(1 if np.ndim(z) == 1 else len(z))
    return (np.exp(log_softmax_float32(z)) - np.asarray(y, np.float32)) / m


def softmax_delta_lists(z, y):
    if np.ndim(z) == 1:
        return [math.exp(a) - b for a, b in zip(log_softmax_lists(z), np.asarray(y).tolist(), strict=True)]
    rows = [softmax_delta_lists(*pair) for pair in zip(z, y, strict=True)]
    return tuple([value / len(rows) for value in row] for row in rows)


RIGHT = {
    "binary_cross_entropy": [
        binary_loops,
        binary_clipped,
        binary_small_number_added,
        binary_product,
        binary_nan_to_num,
        binary_float32,
        binary_lists,
        binary_as_two_classes,
    ],
    "cross_entropy": [
        cross_entropy_loops,
        cross_entropy_argmax,
        cross_entropy_mask,
        cross_entropy_clipped,
        cross_entropy_matrix_product,
        cross_entropy_where_argument,
        cross_entropy_float32,
        cross_entropy_lists,
    ],
    "cross_entropy_gradient": [
        gradient_loops,
        gradient_picked,
        gradient_einsum,
        gradient_copies,
        gradient_float32,
        gradient_lists,
    ],
    "sigmoid_cross_entropy_delta": [
        sigmoid_delta_plain,
        sigmoid_delta_tanh,
        sigmoid_delta_masks,
        sigmoid_delta_loops,
        sigmoid_delta_through_the_logarithm,
        sigmoid_delta_float32,
        sigmoid_delta_lists,
        sigmoid_delta_as_two_classes,
    ],
    "log_softmax": [
        log_softmax_loops,
        log_softmax_logaddexp,
        log_softmax_copies,
        log_softmax_adds_the_maximum_back,
        log_softmax_transposed,
        log_softmax_float32,
        log_softmax_lists,
        log_softmax_matrix,
    ],
    "cross_entropy_from_logits": [
        from_logits_own_log_softmax,
        from_logits_one_line,
        from_logits_loops,
        from_logits_picked,
        from_logits_einsum,
        from_logits_float32,
        from_logits_lists,
    ],
    "softmax_cross_entropy_delta": [
        softmax_delta_shifted,
        softmax_delta_loops,
        softmax_delta_true_class_minus_one,
        softmax_delta_matrix_product,
        softmax_delta_einsum,
        softmax_delta_float32,
        softmax_delta_lists,
    ],
}
