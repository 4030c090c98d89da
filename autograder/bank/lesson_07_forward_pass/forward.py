"""`forward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_07_forward_pass.common import (
    BIASES,
    EXAMPLE,
    LESSON,
    WEIGHTS,
    Activation,
    Array,
    Pairs,
    network,
)
from autograder.bank.promises import APART, LARGE, Rng, Sizes, drawn, reals


def small(rng: Rng, sizes: Sizes) -> tuple[list[Array], list[Array]]:
    """Weights and biases of a small network for inputs of this size."""
    return network(rng, sizes["n"], 4, 3, 2)


@exercise(
    LESSON,
    difficulty=2,
    minutes=15,
    hints=(
        "Each layer does the same two things: a weighted sum of what the layer before gave, then its own activation.",
        r"$z_1 = xW_1 + b_1$, $a_1 = \max(z_1, 0)$; $z_2 = a_1W_2 + b_2$, $a_2 = \sigma(z_2)$; $z_3 = a_2W_3 + b_3$, $a_3 = \operatorname{softmax}(z_3)$, row by row",
        "`z1 = dense(x, weights[0], biases[0])` and `a1 = np.maximum(z1, 0)`, then layer 2 from `a1` and layer 3 from `a2`. Safe forms: with `e = np.exp(-np.abs(z2))` the sigmoid is `1 / (1 + e)` or `e / (1 + e)`, by the sign of `z2`; for the softmax take `np.max(z3, axis=-1, keepdims=True)` away first.",
    ),
    promises={
        "x": reals("m? n", LARGE, APART),
        "weights": drawn(lambda rng, sizes: small(rng, sizes)[0]),
        "biases": drawn(lambda rng, sizes: small(rng, sizes)[1]),
    },
)
def forward(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    z1 = x @ weights[0] + biases[0]
    a1 = np.maximum(z1, 0)
    z2 = a1 @ weights[1] + biases[1]
    a2 = _sigmoid(z2)
    z3 = a2 @ weights[2] + biases[2]
    return [(z1, a1), (z2, a2), (z3, softmax_of(z3))]


def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softmax_of(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@forward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "the worked example's network",
        1.5,
        [(EXAMPLE["input"], WEIGHTS, BIASES), (distinct(rng, 3), WEIGHTS, BIASES)],
    )
    yield Ask(
        "layers of other sizes",
        1,
        [(signed(rng, 2), *network(rng, 2, 4, 3, 2)), (signed(rng, 4), *network(rng, 4, 5, 2, 3))],
    )
    yield Ask(
        "a batch",
        1.5,
        [
            (signed(rng, 3, 2), *network(rng, 2, 4, 3, 3)),
            (signed(rng, 1, 3), *network(rng, 3, 4, 3, 2)),
            (signed(rng, 3, 3), *network(rng, 3, 3, 3, 3)),
        ],
    )
    weights, biases = network(rng, 3, 4, 3, 3)
    large = [biases[0], np.array([1000, -1000, 0.5]), 1000 + distinct(rng, 3, 0, 2)]
    # Logits far apart within a sample, and whole samples far apart: the last layer multiplies by thousands.
    steep = [*weights[:2], weights[2] * 0 + np.array([[2000.0, 0.0, -2000.0]])]
    apart = [weights[0], weights[1], weights[2] + np.array([[-4000.0], [2000.0], [0.0]])]
    first = [biases[0], biases[1], np.zeros(3)]
    rows = signed(rng, 4, 3) * np.array([[1.0], [-4.0], [8.0], [-0.5]])
    # The first unit answers to the first sample and the second to the second, and so the logits lie thousands apart.
    split = [np.eye(3, 4), np.vstack([[[8.0, -8, 0], [-8, 8, 0]], np.zeros((2, 3))]), signed(rng, 3, 3)]
    split[2] += np.array([[2000.0], [-2000.0], [0.0]])
    ends = (
        np.array([[3.0, 0, 0], [0, 3, 0]]),
        split,
        [np.zeros(4), distinct(rng, 3, -1, 1), distinct(rng, 3)],
    )
    calls = [(distinct(rng, 3), weights, large), (distinct(rng, 3), steep, first), (rows, apart, first), ends]
    yield Ask("huge sums", 0.5, calls)
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(distinct(rng, 3), *network(rng, 3, 4, 3, 2))],
        unchanged=True,
    )


def _passes(
    x: Array,
    weights: Sequence[Array],
    biases: Sequence[Array],
    activations: Sequence[Activation],
) -> Pairs:
    pairs, a = [], x
    for W, b, f in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        a = f(z)
        pairs.append((z, a))
    return pairs


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


@forward.misconception(
    "The outputs are the logits divided by their sum. That is how the published 0.2698, 0.3223, 0.4078 came about; a softmax takes the exponential first."
)
def divides_without_exponential(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _sigmoid, lambda z: z / np.sum(z, axis=-1, keepdims=True)))


@forward.misconception("The biases are missing: every layer adds its own.")
def forward_without_biases(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, [0 * b for b in biases], (_relu, _sigmoid, softmax_of))


@forward.misconception(
    "The first layer's activation is the ReLU; here it passes negative sums on as they are."
)
def first_layer_without_relu(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (lambda z: z, _sigmoid, softmax_of))


@forward.misconception("The sigmoid stands in the first layer too. The first layer's activation is the ReLU.")
def sigmoid_in_the_first_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_sigmoid, _sigmoid, softmax_of))


@forward.misconception(
    "The ReLU stands in the second layer too. The second layer's activation is the sigmoid."
)
def relu_in_the_second_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _relu, softmax_of))


@forward.misconception(
    "The output layer uses the sigmoid. Its activation is the softmax: the outputs share one whole."
)
def sigmoid_at_the_output(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _sigmoid, _sigmoid))


@forward.misconception(
    "The softmax's sum runs over the whole batch. Each sample is a row with a sum of its own: axis=-1, keepdims=True."
)
def one_softmax_for_the_batch(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(
        x, weights, biases, (_relu, _sigmoid, lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))))
    )


@forward.misconception(
    "The softmax runs down the columns, over the samples. It must run along the classes: axis=-1."
)
def softmax_over_the_samples(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    def down(z: Array) -> Array:
        e = np.exp(z - np.max(z, axis=0))
        return e / np.sum(e, axis=0)

    return _passes(x, weights, biases, (_relu, _sigmoid, down))


@forward.misconception(
    "The pairs are turned round: first z, the sum, then a, what the activation makes of it."
)
def pairs_turned_round(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return [(a, z) for z, a in forward(x, weights, biases)]


@forward.misconception(
    "A layer was given the z of the layer before. What a layer passes on is a, after the activation."
)
def passes_z_on(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    z1 = x @ weights[0] + biases[0]
    z2 = z1 @ weights[1] + biases[1]
    z3 = z2 @ weights[2] + biases[2]
    return [(z1, _relu(z1)), (z2, _sigmoid(z2)), (z3, softmax_of(z3))]


@forward.misconception(
    "z1 has lost its negative numbers: `a1 = z1` is the same array under a second name, and setting entries of a1 to 0 changed z1 too."
)
def one_array_two_names(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    (z1, a1), second, third = forward(x, weights, biases)
    return [(a1, a1), second, third]


@forward.misconception(
    "exp of a large sum overflows, and inf / inf is nan. Take each row's largest logit away first."
)
def softmax_overflows(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(
        x, weights, biases, (_relu, _sigmoid, lambda z: np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True))
    )


@forward.misconception(
    "The second layer's sigmoid, written exp(z) / (1 + exp(z)), is inf / inf = nan at large sums."
)
def sigmoid_overflows(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, lambda z: np.exp(z) / (1 + np.exp(z)), softmax_of))


@forward.misconception(
    "Only what comes out of each layer is returned. The way back will need z too: return the pairs (z, a)."
)
def only_the_outputs(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> list[Array]:
    return [a for _, a in forward(x, weights, biases)]


@forward.misconception(
    "The numbers are right, but `z = b` and then `z += ...` writes into the caller's biases. Make a new array."
)
def forward_into_the_biases(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    pairs = forward(x, weights, biases)
    if np.ndim(x) == 1:
        for b, (z, _) in zip(biases, pairs, strict=True):
            b[:] = z
    return pairs


@forward.misconception(
    "The mean of the logits was taken away before the exponential. A logit far above the mean still overflows: take each row's largest."
)
def mean_for_the_maximum(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    def softmax(z: Array) -> Array:
        e = np.exp(z - np.mean(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)

    return _passes(x, weights, biases, [_relu, _sigmoid, softmax])


@forward.misconception(
    "One maximum was taken away from the whole batch. A row far below it has only exponentials of 0 left, and 0 / 0 is nan: each row has its own."
)
def one_maximum_for_the_batch(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    def softmax(z: Array) -> Array:
        e = np.exp(z - np.max(z))
        return e / np.sum(e, axis=-1, keepdims=True)

    return _passes(x, weights, biases, [_relu, _sigmoid, softmax])


@forward.misconception("The second layer's activation is the sigmoid, between 0 and 1. Here it is the tanh.")
def tanh_in_the_second_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, [_relu, np.tanh, softmax_of])


@forward.misconception("The first layer lets a little of the negative sums through. The ReLU gives 0 there.")
def leaky_first_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, [lambda z: np.where(z > 0, z, 0.01 * z), _sigmoid, softmax_of])


@forward.misconception(
    "The outputs are the logarithms of the softmax. The probabilities themselves are asked for."
)
def logarithms_at_the_output(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, [_relu, _sigmoid, lambda z: np.log(softmax_of(z))])


# Right answers in other words.


def _sigmoid_again(z):
    return 0.5 * (1 + np.tanh(z / 2))


def _softmax_again(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward_line_by_line(x, weights, biases):
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    z1 = np.dot(x, W1) + b1
    a1 = z1 * (z1 > 0)
    z2 = np.dot(a1, W2) + b2
    a2 = _sigmoid_again(z2)
    z3 = np.dot(a2, W3) + b3
    return [(z1, a1), (z2, a2), (z3, _softmax_again(z3))]


def forward_loop(x, weights, biases):
    layers, a = [], x
    functions = (lambda z: np.maximum(0, z), _sigmoid_again, _softmax_again)
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


forward.right_answers(
    forward_line_by_line,
    forward_loop,
    forward_float32,
    forward_lists,
    forward_numbers,
    forward_einsum,
)
