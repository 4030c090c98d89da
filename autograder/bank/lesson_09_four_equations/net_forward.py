"""`net_forward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_09_four_equations.common import LESSON, Array, Layers
from autograder.bank.lesson_09_four_equations.networks import activated, forward_with, network


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "One loop over the layers. What goes into a layer is what came out of the one before; into the first goes X.",
        r"$A_0 = X$, and for $l = 1, \dots, L$: $Z_l = A_{l-1} W_l + b_l$, $A_l = f_l(Z_l)$",
        "`a, layers = X, []`, then `for W, b, activation in zip(weights, biases, activations):` make `z = a @ W + b`, then `a` by its name, and append `(z, a)`. A safe sigmoid is `0.5 * (1 + np.tanh(z / 2))`; for the softmax take `np.max(z, axis=-1, keepdims=True)` away first.",
    ),
)
def net_forward(
    X: Array, weights: Sequence[Array], biases: Sequence[Array], activations: Sequence[str]
) -> Layers:
    layers, a = [], np.asarray(X)
    for W, b, activation in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        a = activated(z, activation)
        layers.append((z, a))
    return layers


def only_forward(network: tuple) -> tuple:
    """The arguments of net_forward out of those of backprop."""
    X, _, weights, biases, activations, _ = network
    return X, weights, biases, activations


def far_sums(rng: np.random.Generator) -> list[tuple]:
    """Layers whose sums are near 1000, near -1000 and near 0, and some near 7; rows of logits far apart."""
    X = np.array([[800.0], [-800.0], [0.0], [7.0]])
    layer = [np.array([[1.0, -1.0, 1.0]])], [distinct(rng, 3)]
    every = [(X, *layer, [name]) for name in ("sigmoid", "tanh", "relu", "identity", "softmax")]
    return [*every, (X[1], *layer, ["softmax"]), (X[:1], *layer, ["sigmoid"])]


def far_logits(rng: np.random.Generator) -> tuple:
    """One softmax layer with logits of size 1000 and differences of a few."""
    X = np.array([[500.0], [-250.0], [375.0]])
    return X, [np.array([[2.0, 2.0, 2.0]])], [distinct(rng, 3)], ["softmax"]


@net_forward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one layer",
        0.5,
        [only_forward(network(rng, 3, (2, 4), [name])) for name in ("sigmoid", "relu")],
    )
    again = only_forward(network(rng, 3, (2, 2, 2), ["sigmoid", "tanh"]))
    yield Ask(
        "several layers, each with its own activation",
        1,
        [
            only_forward(network(rng, 3, (2, 4, 3), ["tanh", "sigmoid"])),
            only_forward(network(rng, 2, (3, 2, 4, 2), ["relu", "tanh", "identity"])),
            only_forward(network(rng, 1, (2, 1, 3), ["tanh", "sigmoid"])),
            only_forward(network(rng, 3, (1, 2, 1), ["sigmoid", "identity"])),
            again,
            (-again[0], *again[1:]),
            again,
        ],
    )
    yield Ask(
        "softmax at the end, for a batch",
        1,
        [only_forward(network(rng, 4, (2, 3, 3), ["tanh", "softmax"], "cross_entropy"))],
    )
    yield Ask(
        "one sample", 0.5, [only_forward(network(rng, None, (3, 4, 2), ["tanh", "softmax"], "cross_entropy"))]
    )
    yield Ask("sums near 1000", 0.5, [far_logits(rng), *far_sums(rng)])
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [only_forward(network(rng, 2, (2, 3, 2), ["relu", "sigmoid"]))],
        unchanged=True,
    )


@net_forward.misconception("The biases are missing: z is a @ W + b.")
def forgets_the_biases(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    return net_forward(X, weights, [np.zeros_like(b) for b in biases], activations)


@net_forward.misconception(
    "The sums z were handed on to the next layer. What goes on is the activation's result, a = f(z)."
)
def hands_on_the_sums(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W + b
        return z, activated(z, activation), z

    return forward_with(step, (X, weights, biases, activations))


@net_forward.misconception(
    "The activation of the first layer was used in every layer. Each layer has its own: activations[l]."
)
def first_activation_everywhere(
    X: Array, weights: Sequence, biases: Sequence, activations: Sequence
) -> Layers:
    return net_forward(X, weights, biases, [activations[0]] * len(weights))


@net_forward.misconception("The last layer's activation is missing: its a must be f(z) too.")
def last_layer_bare(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    return net_forward(X, weights, biases, [*list(activations)[:-1], "identity"])


@net_forward.misconception(
    "The softmax runs down the columns, over the samples. It runs along each row, over the classes: axis=-1."
)
def softmax_over_the_samples(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W + b
        a = activated(z.T, activation).T
        return z, a, a

    return forward_with(step, (X, weights, biases, activations))


@net_forward.misconception(
    "The softmax divides by the sum over the whole batch. Each row is divided by its own sum: axis=-1, keepdims=True."
)
def softmax_over_everything(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W + b
        a = activated(z.reshape(-1), activation).reshape(z.shape)
        return z, a, a

    return forward_with(step, (X, weights, biases, activations))


@net_forward.misconception(
    "Here an exponential overflowed: the logits went into it unshifted. Each row's maximum taken away changes no probability."
)
def forward_overflows(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W + b
        e = np.exp(z)
        a = e / np.sum(e, axis=-1, keepdims=True) if activation == "softmax" else activated(z, activation)
        return z, a, a

    return forward_with(step, (X, weights, biases, activations))


@net_forward.misconception("The pairs are the wrong way round: each is (z, a), the sum first.")
def pairs_turned_round(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> list:
    return [(a, z) for z, a in net_forward(X, weights, biases, activations)]


@net_forward.misconception(
    "Only the last layer came back. The way back needs every layer's (z, a): keep them in a list."
)
def only_the_last_layer(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> tuple:
    return net_forward(X, weights, biases, activations)[-1]


@net_forward.misconception(
    "The list starts with the input. It has one pair for each layer that has weights, and the input has none."
)
def counts_the_input_as_a_layer(
    X: Array, weights: Sequence, biases: Sequence, activations: Sequence
) -> Layers:
    return [(X, X), *net_forward(X, weights, biases, activations)]


def _with(name: str, other: Callable[[Array], Array]) -> Callable[..., Layers]:
    def wrong(X: Array, weights: Sequence, biases: Sequence, activations: Sequence) -> Layers:
        def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
            z = incoming @ W + b
            a = other(z) if activation == name else activated(z, activation)
            return z, a, a

        return forward_with(step, (X, weights, biases, activations))

    return wrong


families.softmax(
    net_forward,
    lambda softmax: _with("softmax", softmax),
    without=(
        "no_exponential",
        "softmax_down_the_columns",
        "no_shift",
        "sigmoid_for_softmax",
        "softmax_of_minus_z",
    ),
)
families.sigmoid(net_forward, lambda sigmoid: _with("sigmoid", sigmoid), without=("step_for_sigmoid",))
for _slip, _sentence, _relu in (
    ("relu_cut_off_at_6", "The ReLU was cut off at 6. It has no upper end.", lambda z: np.clip(z, 0, 6)),
    ("leaky_relu", "Below 0 the ReLU still lets a hundredth through. It gives 0 there.", lambda z: np.where(z > 0, z, 0.01 * z)),
    ("absolute_for_relu", "The ReLU turned negative sums positive. It gives 0 there.", np.abs),
):  # fmt: skip
    _wrong = _with("relu", _relu)
    _wrong.__name__ = _slip
    net_forward.misconception(_sentence)(_wrong)


@net_forward.misconception(
    "The biases were added after the activation. They belong into the sum: z = a @ W + b, and then a = f(z)."
)
def biases_after_the_activation(
    X: Array, weights: Sequence, biases: Sequence, activations: Sequence
) -> Layers:
    def step(incoming: Array, W: Array, b: Array, activation: str, _: int) -> tuple[Array, Array, Array]:
        z = incoming @ W
        a = activated(z, activation) + b
        return z, a, a

    return forward_with(step, (X, weights, biases, activations))


# Right answers in other words.


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
            "sigmoid": lambda v: 0.5 + math.tanh(v / 2) / 2,
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


net_forward.right_answers(
    forward_table,
    forward_element_by_element,
    forward_lists_of_lists,
    forward_float32,
    forward_extended_inputs,
    forward_recursive,
)
