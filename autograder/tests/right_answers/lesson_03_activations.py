"""Lesson 03, as different students would write it."""

import math

import numpy as np

# ------------------------------------------------------------------------------------------------ sigmoid


def sigmoid_one_at_a_time(x):
    """Loops over the elements with the math module, and puts the shape back."""
    x = np.asarray(x)
    values = []
    for value in x.ravel():
        if value >= 0:
            values.append(1 / (1 + math.exp(-value)))
        else:
            values.append(math.exp(value) / (1 + math.exp(value)))
    return np.array(values).reshape(x.shape)


def sigmoid_float32(x):
    x = np.asarray(x, dtype=np.float32)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid_lists(x):
    return (0.5 * (1 + np.tanh(0.5 * np.asarray(x)))).tolist()


def sigmoid_masks(x):
    """Fills a new array, each side with the form that is safe there."""
    x = np.array(x, dtype=float)
    result = np.empty_like(x)
    left = x < 0
    result[~left] = 1 / (1 + np.exp(-x[~left]))
    result[left] = np.exp(x[left]) / (1 + np.exp(x[left]))
    return result


def sigmoid_through_logarithms(x):
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_clipped(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def sigmoid_naive(x):
    """Overflows on the left, warns, and is right all the same: 1 / inf is 0."""
    return 1 / (1 + np.exp(-x))


# ------------------------------------------------------------------------------------- sigmoid_derivative


def sigmoid_derivative_one_at_a_time(x):
    x = np.asarray(x)
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        s = float(sigmoid_one_at_a_time(x[index]))
        result[index] = s * (1 - s)
    return result


def sigmoid_derivative_float32(x):
    s = sigmoid_float32(x)
    return s - s * s


def sigmoid_derivative_symmetric(x):
    return sigmoid_masks(x) * sigmoid_masks(-np.asarray(x))


def sigmoid_derivative_from_one_exponential(x):
    e = np.exp(-np.abs(x))
    return (e / (1 + e) ** 2).tolist()


def sigmoid_derivative_hyperbolic(x):
    x = np.copy(x)
    x /= 2
    return (1 - np.tanh(x) ** 2) / 4


# -------------------------------------------------------------------------------------- tanh_from_sigmoid


def tanh_loops(x):
    x = np.asarray(x)
    return np.array([2 * float(sigmoid_one_at_a_time(2 * v)) - 1 for v in x.ravel()]).reshape(x.shape)


def tanh_float32(x):
    return 2 * sigmoid_float32(2 * x) - 1


def tanh_as_a_difference(x):
    return sigmoid_masks(2 * x) - sigmoid_masks(-2 * x)


def tanh_lists(x):
    x = np.asarray(x).tolist()
    return np.tanh(x).tolist()


def tanh_from_the_left(x):
    x = np.array(x, copy=True)
    x *= -2
    return 1 - 2 * sigmoid_through_logarithms(x)


# ---------------------------------------------------------------------------------------- tanh_derivative


def tanh_derivative_loops(x):
    x = np.asarray(x)
    result = np.zeros(x.size)
    for k in range(x.size):
        result[k] = 1 - math.tanh(x.flat[k]) ** 2
    return result.reshape(x.shape)


def tanh_derivative_float32(x):
    t = np.tanh(np.asarray(x, dtype="float32"))
    return 1 - t * t


def tanh_derivative_two_factors(x):
    t = np.tanh(x)
    return ((1 - t) * (1 + t)).tolist()


def tanh_derivative_through_the_sigmoid(x):
    s = sigmoid_masks(2 * x)
    return 4 * s * (1 - s)


def tanh_derivative_hyperbolic_cosine(x):
    """Overflows far out, warns, and is right all the same."""
    return 1 / np.cosh(x) ** 2


# ----------------------------------------------------------------------------------------------- softplus


def softplus_one_at_a_time(x):
    x = np.asarray(x)
    values = [v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v)) for v in x.ravel()]
    return np.array(values).reshape(x.shape)


def softplus_library(x):
    return np.logaddexp(0, x)


def softplus_float32(x):
    x = np.asarray(x, np.float32)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_lists(x):
    x = np.array(x)
    return (np.where(x > 0, x, 0) + np.log(1 + np.exp(-np.abs(x)))).tolist()


def softplus_half_the_sum(x):
    """(x + |x|) / 2 is the larger of x and 0."""
    size = np.abs(x)
    return (x + size) / 2 + np.log1p(np.exp(-size))


def softplus_replaced(x):
    """The plain formula, with x put where it overflowed; it warns."""
    plain = np.log1p(np.exp(x))
    return np.where(np.isinf(plain), x, plain)


# --------------------------------------------------------------------------------------------------- relu


def relu_loops(x):
    x = np.asarray(x)
    return np.array([v if v > 0 else 0.0 for v in x.ravel()]).reshape(x.shape)


def relu_mask(x):
    return x * (x > 0)


def relu_half_the_sum(x):
    return (np.abs(x) + x) / 2


def relu_float32_lists(x):
    return np.clip(np.asarray(x, dtype=np.float32), 0, None).tolist()


def relu_copies(x):
    x = np.array(x, dtype=float)
    x[x < 0] = 0
    return x


# ---------------------------------------------------------------------------------------- relu_derivative


def relu_derivative_loops(x):
    x = np.asarray(x)
    return np.array([1 if v > 0 else 0 for v in x.ravel()]).reshape(x.shape)


def relu_derivative_booleans(x):
    return x > 0


def relu_derivative_heaviside(x):
    return np.heaviside(x, 0).astype(np.float32)


def relu_derivative_lists(x):
    return np.where(np.asarray(x) <= 0, 0, 1).tolist()


def relu_derivative_copies(x):
    slopes = np.array(x, copy=True, dtype=float)
    slopes[slopes > 0] = 1
    slopes[slopes <= 0] = 0
    return slopes


# ----------------------------------------------------------------------------------- elementwise_jacobian


def jacobian_loops(derivative, x):
    K = len(x)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                J[i, j] = derivative(x[i])
    return J


def jacobian_identity(derivative, x):
    return np.eye(len(x)) * derivative(x)


def jacobian_einsum(derivative, x):
    return np.einsum("i,ij->ij", derivative(x), np.eye(np.size(x)))


def jacobian_float32_lists(derivative, x):
    slopes = np.asarray(derivative(np.asarray(x, dtype=np.float32)))
    return [[slope if i == j else 0 for j in range(len(x))] for i, slope in enumerate(slopes.tolist())]


def jacobian_filled(derivative, x):
    slopes = derivative(x.copy())
    J = np.zeros(2 * slopes.shape, dtype=np.float32)
    np.fill_diagonal(J, slopes)
    return J


RIGHT = {
    "sigmoid": [
        sigmoid_one_at_a_time,
        sigmoid_float32,
        sigmoid_lists,
        sigmoid_masks,
        sigmoid_through_logarithms,
        sigmoid_clipped,
        sigmoid_naive,
    ],
    "sigmoid_derivative": [
        sigmoid_derivative_one_at_a_time,
        sigmoid_derivative_float32,
        sigmoid_derivative_symmetric,
        sigmoid_derivative_from_one_exponential,
        sigmoid_derivative_hyperbolic,
    ],
    "tanh_from_sigmoid": [tanh_loops, tanh_float32, tanh_as_a_difference, tanh_lists, tanh_from_the_left],
    "tanh_derivative": [
        tanh_derivative_loops,
        tanh_derivative_float32,
        tanh_derivative_two_factors,
        tanh_derivative_through_the_sigmoid,
        tanh_derivative_hyperbolic_cosine,
    ],
    "softplus": [
        softplus_one_at_a_time,
        softplus_library,
        softplus_float32,
        softplus_lists,
        softplus_half_the_sum,
        softplus_replaced,
    ],
    "relu": [relu_loops, relu_mask, relu_half_the_sum, relu_float32_lists, relu_copies],
    "relu_derivative": [
        relu_derivative_loops,
        relu_derivative_booleans,
        relu_derivative_heaviside,
        relu_derivative_lists,
        relu_derivative_copies,
    ],
    "elementwise_jacobian": [
        jacobian_loops,
        jacobian_identity,
        jacobian_einsum,
        jacobian_float32_lists,
        jacobian_filled,
    ],
}
