"""Lesson 09: backpropagation for any depth (seed 000), and its per-weight form on a 2-3-2-2 network (seed 003).

Rows are samples: z = a @ W + b with W of shape (n_in, n_out) and b of shape (n_out,). The loss is the mean over
the batch, a delta is dL/dz and carries the 1/m. The mean squared error is 1/(2m) times the sum of squares.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers, one_hot, signed
from autograder.kit.explore.delta_sizes import INPUT, OUTPUT_ERROR, WEIGHTS, WIDTH

Array = np.ndarray
Layers = list[tuple[Array, Array]]
Gradients = tuple[list[Array], list[Array]]
LESSON = "09-four-equations"
OVERFLOW = "exp(1000) overflows. Subtract each row's largest logit before the exponential."
ONE_SAMPLE = (
    "A single sample has shape (n,), and there len() counts its entries, not the samples. Its m is 1."
)


def samples(a: Array) -> int:
    """m: the rows of a batch, or 1 for one sample."""
    return np.shape(a)[0] if np.ndim(a) == 2 else 1


def outputs(rng: np.random.Generator, *shape: int) -> Array:
    """What sigmoid neurons may put out: multiples of 1/64 between 1/8 and 7/8, all different, none 1/2."""
    kept = np.setdiff1d(np.arange(8, 57), [32])
    return rng.choice(kept, int(np.prod(shape)), replace=False).reshape(shape) / 64


def errors(rng: np.random.Generator, *shape: int) -> Array:
    """Deltas of both signs, none of size 1."""
    size = int(np.prod(shape))
    sizes = rng.choice(np.setdiff1d(np.arange(2, 25), [8]), size, replace=False) / 8
    return (sizes * rng.permutation(np.where(np.arange(size) % 2, -1.0, 1.0))).reshape(shape)


# ---------------------------------------------------------------------------------------- sigmoid_mse_delta


@exercise(
    LESSON,
    difficulty=1,
    minutes=7,
    hints=(
        "Two factors: how the loss answers to the neuron's output, and how the output answers to the neuron's sum. You have both above.",
        r"$\delta = \dfrac{1}{m}\,(a - y) \odot a \odot (1 - a)$; for one sample $m = 1$",
        "`m = a.shape[0] if a.ndim == 2 else 1`",
    ),
)
def sigmoid_mse_delta(a: Array, y: Array) -> Array:
    a = np.asarray(a)
    return (a - y) * a * (1 - a) / samples(a)


def outputs_and_targets(rng: np.random.Generator, *shape: int) -> tuple[Array, Array]:
    """Outputs of a sigmoid layer, and targets 0, 1 and between."""
    return outputs(rng, *shape), rng.integers(0, 5, shape) / 4 + 0.0


@sigmoid_mse_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [outputs_and_targets(rng, 3), outputs_and_targets(rng, 2)])
    yield Ask(
        "a batch: with the 1/m of the mean",
        1.5,
        [
            outputs_and_targets(rng, 4, 2),
            outputs_and_targets(rng, 3, 5),
            outputs_and_targets(rng, 3, 3),
        ],
    )
    yield Ask("leaves its arguments as they were", 0.5, [outputs_and_targets(rng, 3, 2)], unchanged=True)


@sigmoid_mse_delta.misconception(
    "The slope of the sigmoid is missing. a - y is how the loss answers to the output; to get to the neuron's sum z, multiply by a (1 - a)."
)
def no_slope(a: Array, y: Array) -> Array:
    return (np.asarray(a) - y) / samples(a)


@sigmoid_mse_delta.misconception(
    "The sigmoid was applied once more. a is its output already, so its slope is a (1 - a)."
)
def sigmoid_of_the_output(a: Array, y: Array) -> Array:
    s = activated(np.asarray(a), "sigmoid")
    return (a - y) * s * (1 - s) / samples(a)


@sigmoid_mse_delta.misconception("The 1/m of the mean is missing: a delta is the slope of the mean loss.")
def delta_without_mean(a: Array, y: Array) -> Array:
    return (np.asarray(a) - y) * a * (1 - np.asarray(a))


@sigmoid_mse_delta.misconception(
    "This divides by all m times n entries. The loss of this course is 1/(2m) times the sum of squares: divide by the m samples only."
)
def divided_by_all(a: Array, y: Array) -> Array:
    return delta_without_mean(a, y) / np.size(a)


@sigmoid_mse_delta.misconception(
    "The sign is turned round: the derivative of (a - y)^2 / 2 with respect to a is a - y."
)
def turned_round(a: Array, y: Array) -> Array:
    return -sigmoid_mse_delta(a, y)


@sigmoid_mse_delta.misconception(
    "There is a factor 2 too much: the loss has 1/(2m) in front, and the 2 of the square cancels that 2."
)
def factor_two(a: Array, y: Array) -> Array:
    return 2 * sigmoid_mse_delta(a, y)


@sigmoid_mse_delta.misconception(ONE_SAMPLE)
def counts_the_outputs(a: Array, y: Array) -> Array:
    return delta_without_mean(a, y) / len(a)


@sigmoid_mse_delta.misconception(
    "The deltas were added up over the batch. A delta keeps one row for each sample; the sum comes later, in the gradients."
)
def summed_over_the_batch(a: Array, y: Array) -> Array:
    return np.sum(np.atleast_2d(sigmoid_mse_delta(a, y)), axis=0)


@sigmoid_mse_delta.misconception(
    "The slope was taken at the target, y (1 - y). It belongs to the output, a (1 - a)."
)
def slope_at_the_target(a: Array, y: Array) -> Array:
    y = np.asarray(y)
    return (np.asarray(a) - y) * y * (1 - y) / samples(a)


# ---------------------------------------------------------------------------------------------- weight_error


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Start with two numbers. Then: which entry of `out` and which entry of `delta` meet in row i, column j of the table?",
        r"$\dfrac{\partial E}{\partial w_{ij}} = \sum_s \mathrm{out}_{si}\,\delta_{sj}$, the sum over the samples $s$. For a batch that is a matrix product, for one sample the sum has one term.",
        "`if np.ndim(out) == 0: return out * delta`",
    ),
)
def weight_error(out: Array, delta: Array) -> Array:
    out, delta = np.asarray(out), np.asarray(delta)
    if out.ndim == 2:
        return out.T @ delta
    return np.multiply.outer(out, delta)


@weight_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    first, second = outputs(rng, 2)
    d1, d2 = errors(rng, 2)
    yield Ask("one weight", 1, [(first, d1), (second, d2)])
    yield Ask(
        "all weights between two layers, one sample",
        1,
        [
            (outputs(rng, 3), errors(rng, 2)),
            (outputs(rng, 2), errors(rng, 4)),
            (outputs(rng, 3), errors(rng, 3)),
        ],
    )
    yield Ask(
        "a batch: summed over its samples",
        1.5,
        [
            (outputs(rng, 4, 3), errors(rng, 4, 2)),
            (outputs(rng, 3, 3), errors(rng, 3, 3)),
            (outputs(rng, 2, 1), errors(rng, 2, 3)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were", 0.5, [(outputs(rng, 2, 3), errors(rng, 2, 2))], unchanged=True
    )


@weight_error.misconception(
    "The sending neuron's slope, out (1 - out), does not belong here. On the way from the weight to the loss the signal passes the receiving neuron only, and its slope is inside delta."
)
def slope_of_the_sender(out: Array, delta: Array) -> Array:
    out = np.asarray(out)
    return weight_error(out * (1 - out), delta)


@weight_error.misconception(
    "This has a minus sign. The slope of the loss is out times delta; the minus belongs to the update, w - rate * slope."
)
def the_update_not_the_slope(out: Array, delta: Array) -> Array:
    return -weight_error(out, delta)


@weight_error.misconception(
    "The table lies on its side. Row i belongs to the neuron that sends, column j to the one that receives: shape (n_in, n_out), like the weights."
)
def table_on_its_side(out: Array, delta: Array) -> Array:
    return np.transpose(weight_error(out, delta))


@weight_error.misconception(
    "This is divided by m once more. The deltas carry the 1/m already, so add the samples up."
)
def mean_once_more(out: Array, delta: Array) -> Array:
    return weight_error(out, delta) / samples(out)


@weight_error.misconception(
    "Only neurons at the same place were multiplied. Every neuron of the one layer meets every neuron of the next: a table of shape (n_in, n_out)."
)
def same_places_only(out: Array, delta: Array) -> Array:
    return out * delta


@weight_error.misconception(
    "There is a table for each sample. A weight is the same for all samples, so add their tables up."
)
def a_table_for_each_sample(out: Array, delta: Array) -> Array:
    return np.asarray(out)[..., :, None] * np.asarray(delta)[..., None, :] if np.ndim(out) else out * delta


@weight_error.misconception(
    "The sender's output is missing: this is the slope of the bias. A weight's slope is delta times what came in through that weight."
)
def delta_alone(out: Array, delta: Array) -> Array:
    return weight_error(np.ones(np.shape(out)), delta)


@weight_error.misconception(
    "For one weight the answer is one number; this is a table of one row and one column."
)
def always_a_table(out: Array, delta: Array) -> Array:
    return np.atleast_2d(out).T @ np.atleast_2d(delta)


# ---------------------------------------------------------------------------------------------- neuron_error


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "On how many ways does this neuron reach the loss? Each way goes over one weight to one neuron of the next layer.",
        r"$\delta_{ln} = \mathrm{out}_{ln}\,(1 - \mathrm{out}_{ln}) \sum_{d} w_{lnd}\,\delta_{(l+1)d}$",
        "`from_behind = np.sum(weights * deltas)`",
    ),
)
def neuron_error(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.dot(weights, deltas)


def neuron_and_followers(rng: np.random.Generator, count: int) -> tuple[Array, Array, Array]:
    """An output, the weights to `count` neurons of the next layer, and their errors; the sum is not small."""
    while True:
        out, weights, deltas = outputs(rng, 1)[0], signed(rng, count), errors(rng, count)
        if abs(weights @ deltas) > 0.5 and abs(weights.sum() * deltas.sum()) > 0.5:
            return out, weights, deltas


@neuron_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one neuron behind it", 1, [neuron_and_followers(rng, 1), neuron_and_followers(rng, 1)])
    yield Ask("several neurons behind it", 1.5, [neuron_and_followers(rng, 2), neuron_and_followers(rng, 4)])
    yield Ask("leaves its arguments as they were", 0.5, [neuron_and_followers(rng, 3)], unchanged=True)


@neuron_error.misconception(
    "The neuron's own slope is missing. The sum of what comes back belongs to its output; to get to its sum net, multiply by out (1 - out)."
)
def sum_without_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return np.dot(weights, deltas)


@neuron_error.misconception("The slope is out (1 - out), not out alone.")
def output_for_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return out * np.dot(weights, deltas)


@neuron_error.misconception(
    "The sigmoid was applied once more. out is its result already, so the slope is out (1 - out)."
)
def sigmoid_of_out(out: Array, weights: Array, deltas: Array) -> Array:
    s = activated(out, "sigmoid")
    return s * (1 - s) * np.dot(weights, deltas)


@neuron_error.misconception(
    "The weights and the errors were added up apart from each other. Multiply first, each weight with the error it leads to, then add."
)
def sums_multiplied(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.sum(weights) * np.sum(deltas)


@neuron_error.misconception("The weights are missing: each error comes back through its weight.")
def errors_without_weights(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.sum(deltas)


@neuron_error.misconception("This is the mean over the ways. The chain rule adds them up.")
def mean_of_the_ways(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.mean(np.asarray(weights) * deltas)


@neuron_error.misconception(
    "The ways were not added up: there is one number for each. The error of a neuron is one number, their sum."
)
def a_number_for_each_way(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.asarray(weights) * deltas


@neuron_error.misconception(
    "The sign is turned round: nothing on the way back changes the sign but the weights."
)
def error_turned_round(out: Array, weights: Array, deltas: Array) -> Array:
    return -neuron_error(out, weights, deltas)


# ----------------------------------------------------------------------------------------------- net_forward


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


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "One loop over the layers. What goes into a layer is what came out of the one before; into the first goes X.",
        r"$A_0 = X$, and for $l = 1, \dots, L$: $Z_l = A_{l-1} W_l + b_l$, $A_l = f_l(Z_l)$",
        "`for W, b, activation in zip(weights, biases, activations):`",
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
    yield Ask(
        "several layers, each with its own activation",
        1,
        [
            only_forward(network(rng, 3, (2, 4, 3), ["tanh", "sigmoid"])),
            only_forward(network(rng, 2, (3, 2, 4, 2), ["relu", "tanh", "identity"])),
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
    yield Ask("logits near 1000", 0.5, [far_logits(rng)], advice=OVERFLOW)
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [only_forward(network(rng, 2, (2, 3, 2), ["relu", "sigmoid"]))],
        unchanged=True,
    )


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


@net_forward.misconception(OVERFLOW)
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


# ------------------------------------------------------------------------------------------ activation_slope


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


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "The function is given a, not z. Which of the four slopes can be said with a alone?",
        r"sigmoid: $a(1-a)$; tanh: $1-a^2$; ReLU: 1 where $a > 0$ and 0 elsewhere; identity: 1",
        '`if activation == "sigmoid": return a * (1 - a)`',
    ),
)
def activation_slope(a: Array, activation: str) -> Array:
    return slope_of(np.asarray(a, float), activation)


def relu_outputs(rng: np.random.Generator, *shape: int) -> Array:
    """Positive numbers and zeros, both among them."""
    size = int(np.prod(shape))
    values = rng.permutation(np.where(np.arange(size) % 2, 0.0, rng.integers(2, 25, size) / 8))
    return values.reshape(shape)


@activation_slope.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    tanh_outputs = 2 * outputs(rng, 2, 3) - 1
    yield Ask("sigmoid", 1, [(outputs(rng, 4), "sigmoid"), (outputs(rng, 2, 3), "sigmoid")])
    yield Ask("tanh", 1, [(tanh_outputs, "tanh"), (2 * outputs(rng, 3) - 1, "tanh")])
    yield Ask(
        "ReLU and identity",
        1,
        [
            (np.append(relu_outputs(rng, 5), 0.125), "relu"),
            (relu_outputs(rng, 2, 3), "relu"),
            (signed(rng, 2, 2), "identity"),
        ],
    )


@activation_slope.misconception(
    "The activation was applied to a once more. a = f(z) is its result already: sigmoid's slope is a (1 - a), tanh's is 1 - a^2."
)
def applied_once_more(a: Array, activation: str) -> Array:
    return slope_of(activated(np.asarray(a, float), activation), activation)


@activation_slope.misconception("a (1 - a) is the slope of the sigmoid alone. Each activation has its own.")
def sigmoids_slope_everywhere(a: Array, activation: str) -> Array:
    return a * (1 - np.asarray(a))


@activation_slope.misconception("The slope of tanh is 1 - a^2: the square is missing.")
def tanh_without_the_square(a: Array, activation: str) -> Array:
    return 1 - np.asarray(a) if activation == "tanh" else activation_slope(a, activation)


@activation_slope.misconception(
    "This is ReLU's value, not its slope. The slope is 1 where a is positive and 0 where it is 0."
)
def relu_itself(a: Array, activation: str) -> Array:
    return np.maximum(a, 0) if activation == "relu" else activation_slope(a, activation)


@activation_slope.misconception(
    "ReLU's slope is 1 only where a is positive. Where a is 0 the neuron is switched off, and its slope is 0."
)
def relu_always_on(a: Array, activation: str) -> Array:
    return np.ones(np.shape(a)) if activation == "relu" else activation_slope(a, activation)


@activation_slope.misconception("The identity f(z) = z has the slope 1 everywhere, not its own value.")
def identity_itself(a: Array, activation: str) -> Array:
    return np.asarray(a) if activation == "identity" else activation_slope(a, activation)


@activation_slope.misconception(
    "The identity f(z) = z has the slope 1. A slope of 0 would stop every gradient there."
)
def identity_flat(a: Array, activation: str) -> Array:
    return np.zeros(np.shape(a)) if activation == "identity" else activation_slope(a, activation)


# -------------------------------------------------------------------------------------------------- backprop


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


@exercise(
    LESSON,
    difficulty=3,
    minutes=25,
    hints=(
        "Forward first, and keep every layer's output. Then one loop over the layers from the last to the first, with one delta that moves on: take the two gradients, then step back.",
        r"$\Delta_L$ by the loss; $\partial L/\partial W_l = A_{l-1}^{\mathsf T}\Delta_l$, $\partial L/\partial b_l = \sum_s \Delta_l$; $\Delta_{l-1} = (\Delta_l W_l^{\mathsf T}) \odot f'(Z_{l-1})$. A single sample is a batch of one.",
        "`X, Y = np.atleast_2d(X), np.atleast_2d(Y)`",
    ),
)
def backprop(
    X: Array,
    Y: Array,
    weights: Sequence[Array],
    biases: Sequence[Array],
    activations: Sequence[str],
    loss: str,
) -> Gradients:
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    results = [a for _, a in net_forward(X, weights, biases, activations)]
    inputs = [X, *results[:-1]]
    delta = output_error(results[-1], Y, activations[-1], loss)
    weight_gradients: list[Array] = []
    bias_gradients: list[Array] = []
    for place in reversed(range(len(weights))):
        weight_gradients.insert(0, inputs[place].T @ delta)
        bias_gradients.insert(0, np.sum(delta, axis=0))
        if place > 0:
            delta = (delta @ np.asarray(weights[place]).T) * slope_of(inputs[place], activations[place - 1])
    return weight_gradients, bias_gradients


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
    _, _, weights, biases, activations, _ = found
    layers = net_forward(found[0], weights, biases, activations)
    for (z, _), activation in zip(layers, activations, strict=True):
        if activation == "relu" and (np.min(np.abs(z)) < 1 / 16 or not (z > 0).any() or not (z < 0).any()):
            return False
        if activation in ("sigmoid", "tanh", "softmax") and np.max(np.abs(z)) > 3.5:
            return False
    return all(np.max(np.abs(gradient)) > 0.02 for gradients in backprop(*found) for gradient in gradients)


@backprop.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one layer: the output error",
        1,
        [network(rng, 4, (2, 3), ["sigmoid"]), network(rng, 3, (3, 2), ["tanh"])],
    )
    yield Ask(
        "several layers, mean squared error",
        1,
        [
            network(rng, 3, (2, 4, 3), ["tanh", "sigmoid"]),
            network(rng, 4, (3, 4, 3, 2), ["relu", "tanh", "identity"]),
        ],
    )
    yield Ask(
        "softmax with cross-entropy",
        1,
        [
            network(rng, 4, (3, 2), ["softmax"], "cross_entropy"),
            network(rng, 3, (2, 4, 3), ["sigmoid", "softmax"], "cross_entropy"),
        ],
    )
    yield Ask(
        "five layers, all equally wide",
        1,
        [network(rng, 3, (3, 3, 3, 3, 3, 3), ["tanh", "sigmoid", "relu", "tanh", "identity"])],
    )
    yield Ask(
        "one sample",
        0.5,
        [
            network(rng, None, (3, 4, 2), ["tanh", "sigmoid"]),
            network(rng, None, (3, 2, 4), ["sigmoid", "softmax"], "cross_entropy"),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [network(rng, 3, (2, 3, 2), ["tanh", "sigmoid"])],
        unchanged=True,
    )


def deltas_with(
    arguments: tuple,
    output: Callable[..., Array] = output_error,
    back: Callable[..., Array] = lambda delta, W, a, activation: delta @ W.T * slope_of(a, activation),
) -> tuple[Layers, list[Array], list[Array]]:
    """(z, a) of every layer, what went into each, and each one's delta, with a slip put in; for the slips."""
    X, Y, weights, biases, activations, loss = arguments
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    layers = net_forward(X, weights, biases, activations)
    inputs = [X, *(a for _, a in layers[:-1])]
    found = [output(layers[-1][1], Y, activations[-1], loss)]
    for place in range(len(weights) - 1, 0, -1):
        found.insert(0, back(found[0], weights[place], inputs[place], activations[place - 1]))
    return layers, inputs, found


def from_deltas(inputs: list[Array], deltas: list[Array]) -> Gradients:
    """The third and the fourth equation."""
    return [a.T @ d for a, d in zip(inputs, deltas, strict=True)], [np.sum(d, axis=0) for d in deltas]


@backprop.misconception(
    "The 1/m of the mean is missing: put it into the delta of the last layer, and it stays in."
)
def gradients_without_mean(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, lambda a, *more: output_error(a, *more) * len(a))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "Every layer divides by m again. The delta of the last layer carries the 1/m, and it is handed on inside the deltas."
)
def mean_in_every_layer(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, back=lambda d, W, a, f: d @ W.T * slope_of(a, f) / len(a))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The slopes are missing on the way back: after the product with the transposed weights, multiply by the activation's slope."
)
def back_without_slope(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, back=lambda d, W, a, f: d @ W.T)
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "With the mean squared error the last layer's delta needs the slope of its activation too. Only softmax with cross-entropy (and identity) leave a bare difference."
)
def output_without_slope(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, lambda a, Y, f, loss: (a - Y) / len(a))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The softmax's slope stands there once more. With cross-entropy it has cancelled: the delta is (p - y) / m."
)
def softmax_slope_once_more(*arguments: object) -> Gradients:
    def output(a: Array, Y: Array, activation: str, loss: str) -> Array:
        extra = a * (1 - a) if loss == "cross_entropy" else 1
        return output_error(a, Y, activation, loss) * extra

    _, inputs, deltas = deltas_with(arguments, output)
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The sigmoid's slope a (1 - a) was used in every layer. Each layer has its own activation, and its own slope."
)
def sigmoid_slope_everywhere(*arguments: object) -> Gradients:
    def output(a: Array, Y: Array, activation: str, loss: str) -> Array:
        return (a - Y) / len(a) * (a * (1 - a) if loss == "mse" else 1)

    _, inputs, deltas = deltas_with(arguments, output, lambda d, W, a, f: d @ W.T * a * (1 - a))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The slope was taken at a instead of z: the activation was applied once too often. Write the slope with a, or take it at z."
)
def slope_at_the_result(*arguments: object) -> Gradients:
    def slope(a: Array, activation: str) -> Array:
        return slope_of(activated(a, activation), activation)

    def output(a: Array, Y: Array, activation: str, loss: str) -> Array:
        return (a - Y) / len(a) * (slope(a, activation) if loss == "mse" else 1)

    _, inputs, deltas = deltas_with(arguments, output, lambda d, W, a, f: d @ W.T * slope(a, f))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The weights were not transposed on the way back: going back, row j of the table leads from neuron j of the later layer. It is delta @ W.T."
)
def weights_not_transposed(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, back=lambda d, W, a, f: d @ W * slope_of(a, f))
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The weights' gradient was made with the sums z of the layer before. What came in through the weights is its result a."
)
def sums_for_results(*arguments: object) -> Gradients:
    layers, inputs, deltas = deltas_with(arguments)
    return from_deltas([inputs[0], *(z for z, _ in layers[:-1])], deltas)


@backprop.misconception(
    "The bias gradients are means over the batch. The deltas carry the 1/m already: add the rows up."
)
def bias_means(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments)
    return from_deltas(inputs, deltas)[0], [np.mean(d, axis=0) for d in deltas]


@backprop.misconception(
    "The bias gradients still have a row for each sample. Add the rows up: a bias has shape (n,), and so has its gradient."
)
def bias_rows(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments)
    return from_deltas(inputs, deltas)[0], deltas


@backprop.misconception(
    "The gradients are listed from the last layer to the first. Turn the lists round: entry l belongs to weights[l]."
)
def last_layer_first(*arguments: object) -> Gradients:
    weight_gradients, bias_gradients = backprop(*arguments)
    return weight_gradients[::-1], bias_gradients[::-1]


@backprop.misconception("The two lists are swapped: the weights' gradients come first, then the biases'.")
def biases_first(*arguments: object) -> Gradients:
    weight_gradients, bias_gradients = backprop(*arguments)
    return bias_gradients, weight_gradients


@backprop.misconception(
    "The weights' gradients lie on their side: A.T @ delta has the shape (n_in, n_out) of the weights, delta.T @ A has not."
)
def gradients_on_their_side(*arguments: object) -> Gradients:
    weight_gradients, bias_gradients = backprop(*arguments)
    return [gradient.T for gradient in weight_gradients], bias_gradients


@backprop.misconception(
    "The sign is turned round: the output's delta starts with a - y. The minus belongs to the update."
)
def gradients_turned_round(*arguments: object) -> Gradients:
    weight_gradients, bias_gradients = backprop(*arguments)
    return [-gradient for gradient in weight_gradients], [-gradient for gradient in bias_gradients]


@backprop.misconception(
    "There is a factor 2 too much with the mean squared error: its 1/(2m) cancels the 2 of the square."
)
def two_of_the_square(*arguments: object) -> Gradients:
    factor = 2 if arguments[-1] == "mse" else 1
    weight_gradients, bias_gradients = backprop(*arguments)
    return [factor * gradient for gradient in weight_gradients], [factor * g for g in bias_gradients]


@backprop.misconception(
    "The mean runs over all m times n entries of the output. Divide by the m samples only."
)
def divided_by_all_outputs(*arguments: object) -> Gradients:
    _, inputs, deltas = deltas_with(arguments, lambda a, *more: output_error(a, *more) * len(a) / np.size(a))
    return from_deltas(inputs, deltas)


@backprop.misconception(ONE_SAMPLE)
def inputs_counted_as_samples(*arguments: object) -> Gradients:
    m = len(arguments[0])
    _, inputs, deltas = deltas_with(arguments, lambda a, *more: output_error(a, *more) * len(a) / m)
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The numbers are right, but an argument was changed on the way: `delta -= y` or `a *= ...` write into the caller's arrays. Compute new ones."
)
def changes_its_targets(
    X: Array, Y: Array, weights: Sequence, biases: Sequence, activations: Sequence, loss: str
) -> Gradients:
    found = backprop(X, Y, weights, biases, activations, loss)
    Y[...] = 0
    return found


# ---------------------------------------------------------------------------------------- to_column_convention


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Transpose the whole of z = a W + b, and see what becomes of each of its three parts.",
        r"$z^{\mathsf T} = W^{\mathsf T} a^{\mathsf T} + b^{\mathsf T}$: the weights are transposed, and a bias $(n,)$ becomes a column $(n, 1)$",
        "`column_weights = [np.transpose(W) for W in weights]`",
    ),
)
def to_column_convention(weights: Sequence[Array], biases: Sequence[Array]) -> Gradients:
    return [np.transpose(W).copy() for W in weights], [np.reshape(b, (-1, 1)) for b in biases]


def parameters(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases of a network with those sizes."""
    weights = [signed(rng, *pair) for pair in zip(sizes, sizes[1:], strict=False)]
    return weights, [signed(rng, size) for size in sizes[1:]]


@to_column_convention.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one layer", 0.5, [parameters(rng, 3, 2), parameters(rng, 2, 4)])
    yield Ask("several layers", 1, [parameters(rng, 2, 3, 2, 2), parameters(rng, 3, 3, 3)])
    yield Ask("leaves its arguments as they were", 0.5, [parameters(rng, 2, 3)], unchanged=True)


@to_column_convention.misconception(
    "The biases are still flat, shape (n,). A column has shape (n, 1): only then is it added to every column of a batch."
)
def flat_biases(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.transpose(W) for W in weights], [np.array(b) for b in biases]


@to_column_convention.misconception("The biases became rows of shape (1, n). A column has shape (n, 1).")
def biases_as_rows(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.transpose(W) for W in weights], [np.reshape(b, (1, -1)) for b in biases]


@to_column_convention.misconception(
    "reshape keeps the numbers in reading order, so rows do not become columns. Transpose instead."
)
def reshaped_for_transposed(weights: Sequence, biases: Sequence) -> Gradients:
    turned = [np.reshape(W, np.shape(W)[::-1]) for W in weights]
    return turned, to_column_convention(weights, biases)[1]


@to_column_convention.misconception(
    "The weights were not transposed: in W a + b, row j belongs to neuron j that receives."
)
def weights_as_they_were(weights: Sequence, biases: Sequence) -> Gradients:
    return [np.array(W) for W in weights], to_column_convention(weights, biases)[1]


@to_column_convention.misconception(
    "The layers were put in reverse order. Each matrix is transposed where it stands; the signal still runs from first to last."
)
def layers_reversed(weights: Sequence, biases: Sequence) -> Gradients:
    column_weights, column_biases = to_column_convention(weights, biases)
    return column_weights[::-1], column_biases[::-1]


@to_column_convention.misconception("The two lists are swapped: weights first, then biases.")
def column_biases_first(weights: Sequence, biases: Sequence) -> Gradients:
    column_weights, column_biases = to_column_convention(weights, biases)
    return column_biases, column_weights


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    x, y = np.array([0.5, -1.0]), np.array([1.0, 0.0])
    weights = [
        np.array([[0.5, -1.0, 1.5], [1.0, 0.5, -0.5]]),
        np.array([[1.0, -0.5], [0.5, 1.5], [-1.0, 2.0]]),
        np.array([[1.5, -1.0], [-0.5, 1.0]]),
    ]
    biases = [np.array([0.25, 0.0, -0.5]), np.array([0.0, 0.25]), np.array([0.25, -0.25])]
    sigmoids = ["sigmoid"] * 3
    results = net_forward(x, weights, biases, sigmoids)[-1][1]
    return {
        "outputs of the nine neurons' network": results,
        "errors of its output neurons": sigmoid_mse_delta(results, y),
        "its slope for w111": backprop(x, y, weights, biases, sigmoids, "mse")[0][0][0, 0],
        "largest slope of the sigmoid": 0.25,
        "29 layers of it": 0.25**29,
        "delta in layer 1 of 30 sigmoid layers": first_delta(30, "sigmoid", 1.0),
        "what half the squares leave": np.sqrt(0.5),
        "s that makes up for it": np.sqrt(2),
    }


def first_delta(depth: int, activation: str, spread: float) -> float:
    """The size of delta in layer 1 in the lesson's picture, by backprop."""
    weights = [table * spread / np.sqrt(WIDTH) for table in WEIGHTS[:depth]]
    biases = [np.zeros(WIDTH) for _ in weights]
    activations = [activation] * (depth - 1) + ["identity"]
    Y = net_forward(INPUT, weights, biases, activations)[-1][1] - OUTPUT_ERROR
    return np.sqrt(np.mean(backprop(INPUT, Y, weights, biases, activations, "mse")[1][0] ** 2))
