"""Lesson 02, right answers of many hands."""

import math

import numpy as np

# compose_derivative


def compose_in_steps(outer_derivative, inner, inner_derivative, x):
    u = inner(x)
    dy_du = outer_derivative(u)
    du_dx = inner_derivative(x)
    return dy_du * du_dx


def compose_loops(outer_derivative, inner, inner_derivative, x):
    if np.ndim(x) == 0:
        return float(outer_derivative(inner(x)) * inner_derivative(x))
    return [compose_loops(outer_derivative, inner, inner_derivative, each) for each in x]


def compose_flat(outer_derivative, inner, inner_derivative, x):
    x = np.asarray(x, dtype=float)
    slopes = [outer_derivative(inner(each)) * inner_derivative(each) for each in x.ravel()]
    return np.array(slopes).reshape(x.shape)


def compose_float32(outer_derivative, inner, inner_derivative, x):
    x = np.asarray(x, dtype=np.float32)
    return np.multiply(outer_derivative(inner(x)), inner_derivative(x)).astype(np.float32)


def compose_vectorize(outer_derivative, inner, inner_derivative, x):
    return np.vectorize(lambda each: inner_derivative(each) * outer_derivative(inner(each)))(x)


def compose_copies(outer_derivative, inner, inner_derivative, x):
    slope = np.array(inner_derivative(x), dtype=float)
    slope *= outer_derivative(inner(np.copy(x)))
    return slope


# neuron_gradient


def neuron_exp_minus_abs(w, x, b):
    e = np.exp(-np.abs(w * x + b))
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


def neuron_naive(w, x, b):
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    delta = a * (1 - a)
    return (delta * x, delta * w, delta)


def neuron_branches(w, x, b):
    z = w * x + b
    a = 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))
    return [a * (1 - a) * each for each in (x, w, 1.0)]


def neuron_tanh(w, x, b):
    t = np.tanh((w * x + b) / 2)
    return (1 - t**2) / 4 * np.array([x, w, 1.0])


def neuron_float32(w, x, b):
    w, x, b = np.float32(w), np.float32(x), np.float32(b)
    e = np.exp(-np.abs(w * x + b))
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


def neuron_logarithm(w, x, b):
    z = w * x + b
    slope = np.exp(-np.logaddexp(0, z) - np.logaddexp(0, -z))
    return np.array([slope * x, slope * w, slope]).tolist()


def neuron_complex_step(w, x, b):
    h = 1e-30

    def a(w, x, b):
        z = w * x + b
        return 1 / (1 + np.exp(-z)) if z.real > 0 else np.exp(z) / (1 + np.exp(z))

    return a(w + 1j * h, x, b).imag / h, a(w, x + 1j * h, b).imag / h, a(w, x, b + 1j * h).imag / h


# two_paths


def paths_by_nodes(x, y):
    u, v = x + y, x * y
    df_du, df_dv = v, u
    return df_du * 1 + df_dv * y, df_du * 1 + df_dv * x


def paths_expanded(x, y):
    return 2 * x * y + y**2, 2 * x * y + x**2


def paths_accumulated(x, y):
    df_dx = df_dy = 0.0
    u, v = x + y, x * y
    df_dx += v
    df_dy += v
    df_dx += u * y
    df_dy += u * x
    return [float(df_dx), float(df_dy)]


def paths_matrices(x, y):
    outer = np.array([[x * y, x + y]])
    inner = np.array([[1.0, 1.0], [y, x]])
    return (outer @ inner)[0]


def paths_float32(x, y):
    x, y = np.float32(x), np.float32(y)
    return y * (2 * x + y), x * (x + 2 * y)


# chain


def chain_loops(outer_jacobian, inner_jacobian):
    outer, inner = np.asarray(outer_jacobian), np.asarray(inner_jacobian)
    J = np.zeros((outer.shape[0], inner.shape[1]))
    for i in range(outer.shape[0]):
        for j in range(inner.shape[1]):
            for k in range(outer.shape[1]):
                J[i, j] += outer[i, k] * inner[k, j]
    return J


def chain_einsum(outer_jacobian, inner_jacobian):
    return np.einsum("ik,kj->ij", outer_jacobian, inner_jacobian)


def chain_lists(outer_jacobian, inner_jacobian):
    outer, inner = outer_jacobian.tolist(), inner_jacobian.tolist()
    columns = list(zip(*inner, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in outer]


def chain_paths(outer_jacobian, inner_jacobian):
    paths = range(len(inner_jacobian))
    return sum(np.outer(outer_jacobian[:, k], inner_jacobian[k]) for k in paths)


def chain_float32(outer_jacobian, inner_jacobian):
    return np.float32(outer_jacobian) @ np.float32(inner_jacobian)


def chain_transposed(outer_jacobian, inner_jacobian):
    return np.dot(inner_jacobian.T, outer_jacobian.T).T


# graph_forward


def forward_nodes(x, y, z):
    q = x + y
    f = q * z
    return q, f


def forward_list(x, y, z):
    return [float(x + y), float((x + y) * z)]


def forward_expanded(x, y, z):
    return y + x, x * z + y * z


def forward_array(x, y, z):
    return np.array([1.0, z]) * np.sum([x, y])


def forward_float32(x, y, z):
    q = np.float32(x) + np.float32(y)
    return q, q * np.float32(z)


# graph_backward


def backward_nodes(x, y, z):
    q = x + y
    df_dq, df_dz = z, q
    df_dx, df_dy = df_dq * 1, df_dq * 1
    return df_dx, df_dy, df_dz, df_dq


def backward_list(x, y, z):
    return [float(z)] * 2 + [float(x + y), float(z)]


def backward_array(x, y, z):
    return np.array([z, z, y + x, z])


def backward_central(x, y, z):
    def f(x, y, z):
        return (x + y) * z

    return (
        (f(x + 1, y, z) - f(x - 1, y, z)) / 2,
        (f(x, y + 1, z) - f(x, y - 1, z)) / 2,
        (f(x, y, z + 1) - f(x, y, z - 1)) / 2,
        ((x + y + 1) * z - (x + y - 1) * z) / 2,
    )


def backward_float32(x, y, z):
    return tuple(np.float32(each) for each in (z, z, x + y, z))


def backward_matrices(x, y, z):
    outer = np.array([[z, x + y]])
    inner = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return np.append(outer @ inner, z)


# graph_step


def step_nodes(x, y, z, target, learning_rate):
    q = x + y
    f = q * z
    dL_df = f - target
    dL_dq, dL_dz = dL_df * z, dL_df * q
    return x - learning_rate * dL_dq, y - learning_rate * dL_dq, z - learning_rate * dL_dz


def step_vector(x, y, z, target, learning_rate):
    error = (x + y) * z - target
    return np.array([x, y, z]) - learning_rate * error * np.array([z, z, x + y])


def step_list(x, y, z, target, learning_rate):
    pull = learning_rate * (target - (x + y) * z)
    return [float(x + pull * z), float(y + pull * z), float(z + pull * (x + y))]


def step_last_first(x, y, z, target, learning_rate):
    pull = learning_rate * ((x + y) * z - target)
    new_z = z - pull * (x + y)
    x -= pull * z
    y -= pull * z
    return x, y, new_z


def step_float32(x, y, z, target, learning_rate):
    x, y, z, target, learning_rate = np.array([x, y, z, target, learning_rate], dtype=np.float32)
    pull = learning_rate * ((x + y) * z - target)
    return x - pull * z, y - pull * z, z - pull * (x + y)


RIGHT = {
    "compose_derivative": [
        compose_in_steps,
        compose_loops,
        compose_flat,
        compose_float32,
        compose_vectorize,
        compose_copies,
    ],
    "neuron_gradient": [
        neuron_exp_minus_abs,
        neuron_naive,
        neuron_branches,
        neuron_tanh,
        neuron_float32,
        neuron_logarithm,
        neuron_complex_step,
    ],
    "two_paths": [paths_by_nodes, paths_expanded, paths_accumulated, paths_matrices, paths_float32],
    "chain": [chain_loops, chain_einsum, chain_lists, chain_paths, chain_float32, chain_transposed],
    "graph_forward": [forward_nodes, forward_list, forward_expanded, forward_array, forward_float32],
    "graph_backward": [
        backward_nodes,
        backward_list,
        backward_array,
        backward_central,
        backward_float32,
        backward_matrices,
    ],
    "graph_step": [step_nodes, step_vector, step_list, step_last_first, step_float32],
}
