"""Lesson 04, right answers of many hands."""

import math

import numpy as np

# shift_logits


def shift_loops(z):
    z = np.array(z, dtype=float)
    if z.ndim == 1:
        largest = z[0]
        for value in z:
            if value > largest:
                largest = value
        return np.array([value - largest for value in z])
    for i in range(z.shape[0]):
        z[i] = shift_loops(z[i])
    return z


def shift_lists(z):
    z = np.asarray(z).tolist()
    if isinstance(z[0], list):
        return [[value - max(row) for value in row] for row in z]
    return tuple(value - max(z) for value in z)


def shift_copies(z):
    shifted = z.copy()
    shifted -= shifted.max(axis=-1, keepdims=True)
    return shifted


def shift_transposed(z):
    return (np.transpose(z) - np.max(z, axis=-1)).T


def shift_new_axis(z):
    return z - np.sort(z, axis=-1)[..., -1][..., None]


def shift_float32(z):
    z = np.asarray(z, dtype=np.float32)
    return z - z.max(-1, keepdims=True)


# softmax


def softmax_loops(z):
    z = np.asarray(z)
    if z.ndim == 2:
        return np.array([softmax_loops(row) for row in z])
    largest = max(z)
    total = 0.0
    for value in z:
        total += math.exp(value - largest)
    p = np.zeros(len(z))
    for i in range(len(z)):
        p[i] = math.exp(z[i] - largest) / total
    return p


def softmax_lists(z):
    rows = np.atleast_2d(z).tolist()
    exponentials = [[math.exp(value - max(row)) for value in row] for row in rows]
    p = [[e / sum(row) for e in row] for row in exponentials]
    return p[0] if np.ndim(z) == 1 else p


def softmax_float32(z):
    z = np.asarray(z, dtype=np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_float32_inside(z):
    return softmax_float32(z).astype(float)


def softmax_by_logarithms(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_of_differences(z):
    """1 / sum_k exp(z_k - z_i): no maximum at all. An infinite sum means a share of 0."""
    z = np.asarray(z)
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


def softmax_einsum(z):
    e = np.exp(shift_copies(z))
    return np.einsum("...i,...->...i", e, 1 / np.einsum("...i->...", e))


def softmax_transposed(z):
    z = np.transpose(z)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).T


# softmax_partial


def partial_branches(p, i, j):
    if i == j:
        return p[i] * (1 - p[i])
    return -p[i] * p[j]


def partial_of_the_matrix(p, i, j):
    return jacobian_outer_of(p)[i, j]


def partial_float32(p, i, j):
    p = np.asarray(p, dtype=np.float32)
    return p[i] * (np.float32(i == j) - p[j])


def partial_lists(p, i, j):
    p = list(p)
    others = sum(p[:i] + p[i + 1 :])
    return float(p[i] * others) if i == j else float(-p[i] * p[j])


def partial_by_central_difference(p, i, j):
    z, h = np.log(p), 1e-5
    up, down = z.copy(), z.copy()
    up[j] += h
    down[j] -= h
    return (softmax_loops(up)[i] - softmax_loops(down)[i]) / (2 * h)


# softmax_jacobian


def jacobian_outer_of(p):
    return np.diag(p) - np.outer(p, p)


def jacobian_outer(z):
    return jacobian_outer_of(softmax_loops(z))


def jacobian_loops(z):
    p = softmax_loops(z)
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            J[i, j] = partial_branches(p, i, j)
    return J


def jacobian_lists(z):
    p = softmax_lists(z)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]


def jacobian_broadcast(z):
    p = softmax_einsum(z)
    return p[:, None] * (np.eye(len(p)) - p)


def jacobian_columns(z):
    p = softmax_einsum(z).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T


def jacobian_einsum(z):
    p = softmax_transposed(z)
    return np.einsum("i,ij->ij", p, np.eye(len(p))) - np.einsum("i,j->ij", p, p)


def jacobian_float32(z):
    p = softmax_float32(z)
    return np.diag(p) - np.outer(p, p)


# softmax_backward


def backward_dot(p, upstream):
    return p * (upstream - (p * upstream).sum(axis=-1, keepdims=True))


def backward_with_the_jacobian(p, upstream):
    if p.ndim == 1:
        return upstream @ jacobian_outer_of(p)
    return np.stack([upstream[k] @ jacobian_outer_of(p[k]) for k in range(len(p))])


def backward_einsum(p, upstream):
    J = np.einsum("...i,ij->...ij", p, np.eye(p.shape[-1])) - np.einsum("...i,...j->...ij", p, p)
    return np.einsum("...i,...ij->...j", upstream, J)


def backward_loops(p, upstream):
    p, upstream = np.asarray(p), np.asarray(upstream)
    if p.ndim == 2:
        return np.array([backward_loops(p[k], upstream[k]) for k in range(p.shape[0])])
    result = np.zeros(p.shape)
    for j in range(p.size):
        for i in range(p.size):
            result[j] += upstream[i] * partial_branches(p, i, j)
    return result


def backward_lists(p, upstream):
    rows = zip(np.atleast_2d(p).tolist(), np.atleast_2d(upstream).tolist(), strict=True)
    out = []
    for shares, gradient in rows:
        mean = sum(share * g for share, g in zip(shares, gradient, strict=True))
        out.append([share * (g - mean) for share, g in zip(shares, gradient, strict=True)])
    return out[0] if np.ndim(p) == 1 else out


def backward_float32(p, upstream):
    return backward_dot(np.asarray(p, np.float32), np.asarray(upstream, np.float32))


def backward_two_terms(p, upstream):
    passed = p.copy() * upstream
    return passed - p * np.einsum("...i->...", passed)[..., None]


RIGHT = {
    "shift_logits": [shift_loops, shift_lists, shift_copies, shift_transposed, shift_new_axis, shift_float32],
    "softmax": [
        softmax_loops,
        softmax_lists,
        softmax_float32,
        softmax_float32_inside,
        softmax_by_logarithms,
        softmax_of_differences,
        softmax_einsum,
        softmax_transposed,
    ],
    "softmax_partial": [
        partial_branches,
        partial_of_the_matrix,
        partial_float32,
        partial_lists,
        partial_by_central_difference,
    ],
    "softmax_jacobian": [
        jacobian_outer,
        jacobian_loops,
        jacobian_lists,
        jacobian_broadcast,
        jacobian_columns,
        jacobian_einsum,
        jacobian_float32,
    ],
    "softmax_backward": [
        backward_dot,
        backward_with_the_jacobian,
        backward_einsum,
        backward_loops,
        backward_lists,
        backward_float32,
        backward_two_terms,
    ],
}
