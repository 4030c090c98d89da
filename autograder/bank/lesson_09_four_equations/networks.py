"""Networks for lesson 09: the two passes with a slip put in, and networks whose every gradient is worth a look."""

from collections.abc import Callable, Sequence

import numpy as np

from autograder.bank.exercise import distinct, numbers, one_hot
from autograder.bank.lesson_09_four_equations.common import Array, Gradients, Layers


def activated(z: Array, activation: str) -> Array:
    """The activation of that name; softmax along the last axis."""
    if activation == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if activation == "tanh":
        return np.tanh(z)
    if activation == "relu":
        return np.maximum(z, 0)
    if activation == "softmax":
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    if activation in ("identity", "linear"):
        return z
    raise ValueError(f"there is no activation {activation!r}")


def forward_with(
    step: Callable[[Array, Array, Array, str, int], tuple[Array, Array, Array]], arguments: tuple
) -> Layers:
    """A forward pass whose step gives (z, a, what goes into the next layer); for the slips."""
    X, weights, biases, activations = arguments
    layers, incoming = [], np.asarray(X)
    for place, (W, b, activation) in enumerate(zip(weights, biases, activations, strict=True)):
        z, a, incoming = step(incoming, W, b, activation, place)
        layers.append((z, a))
    return layers


def forward_pass(
    X: Array, weights: Sequence[Array], biases: Sequence[Array], activations: Sequence[str]
) -> Layers:
    """(z, a) of every layer."""

    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W + b
        a = activated(z, activation)
        return z, a, a

    return forward_with(step, (X, weights, biases, activations))


def slope_of(a: Array, activation: str) -> Array:
    """f'(z), written with a = f(z)."""
    if activation == "sigmoid":
        return a * (1 - a)
    if activation == "tanh":
        return 1 - a**2
    if activation == "relu":
        return np.where(a > 0, 1.0, 0.0)
    if activation in ("identity", "linear"):
        return np.ones_like(a)
    raise ValueError(f"there is no element-wise slope for {activation!r}")


def output_error(a: Array, Y: Array, activation: str, loss: str) -> Array:
    """The delta of the last layer, for a batch."""
    if loss == "cross_entropy" and activation in ("softmax", "sigmoid"):
        return (a - Y) / len(a)
    if loss == "mse" and activation == "softmax":
        upstream = (a - Y) / len(a)
        return a * (upstream - np.sum(upstream * a, axis=-1, keepdims=True))
    if loss == "mse":
        return (a - Y) / len(a) * slope_of(a, activation)
    raise ValueError(f"there is no output error for the loss {loss!r} after {activation!r}")


def deltas_with(
    arguments: tuple,
    output: Callable[..., Array] = output_error,
    back: Callable[..., Array] = lambda delta, W, a, activation: delta @ W.T * slope_of(a, activation),
) -> tuple[Layers, list[Array], list[Array]]:
    """(z, a) of every layer, what went into each, and each one's delta, with a slip put in; for the slips."""
    X, Y, weights, biases, activations, loss = arguments
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    layers = forward_pass(X, weights, biases, activations)
    inputs = [X, *(a for _, a in layers[:-1])]
    found = [output(layers[-1][1], Y, activations[-1], loss)]
    for place in range(len(weights) - 1, 0, -1):
        found.insert(0, back(found[0], weights[place], inputs[place], activations[place - 1]))
    return layers, inputs, found


def from_deltas(inputs: list[Array], deltas: list[Array]) -> Gradients:
    """The third and the fourth equation."""
    return [a.T @ d for a, d in zip(inputs, deltas, strict=True)], [np.sum(d, axis=0) for d in deltas]


def network(
    rng: np.random.Generator,
    m: int | None,
    sizes: Sequence[int],
    activations: list[str],
    loss: str = "mse",
) -> tuple:
    """The arguments of backprop, m None for a single sample: drawn until every gradient is worth a look.

    Near a ReLU's kink, deep in a sigmoid's flat ends or with a layer switched off, wrong answers can look right.
    """
    while True:
        X = numbers(rng, m or 1, sizes[0], low=-2, high=2)
        Y = numbers(rng, m or 1, sizes[-1], low=-1, high=1)
        if loss == "cross_entropy":
            Y = one_hot(rng, m or 1, sizes[-1])
        weights = [numbers(rng, *pair, low=-1.5, high=1.5) for pair in zip(sizes, sizes[1:], strict=False)]
        biases = [distinct(rng, size, -1, 1) for size in sizes[1:]]
        found = (X, Y, weights, biases, activations, loss)
        if worth_a_look(found):
            return (X, Y, *found[2:]) if m else (X[0], Y[0], *found[2:])


def worth_a_look(found: tuple) -> bool:
    """Whether no unit sits at a kink or in a flat end, and no layer's gradients are small."""
    activations = found[4]
    layers, inputs, deltas = deltas_with(found)
    for (z, _), activation in zip(layers, activations, strict=True):
        if activation == "relu" and (np.min(np.abs(z)) < 1 / 16 or not (z > 0).any() or not (z < 0).any()):
            return False
        if activation in ("sigmoid", "tanh", "softmax") and np.max(np.abs(z)) > 3.5:
            return False
    return all(
        np.max(np.abs(gradient)) > 0.02 for gradients in from_deltas(inputs, deltas) for gradient in gradients
    )
