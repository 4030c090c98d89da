"""Lesson 08: backpropagation through ReLU, sigmoid and softmax by hand, and the audit of published figures (seed 002).

Row vectors, batch first. A delta is dL/dz of the mean loss, so it carries the 1/m, and the gradients are plain sums.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, numbers, one_hot, probabilities, signed
from autograder.kit.ledger import worked_example

Array = np.ndarray
Arrays = Sequence[Array]
Gradients = tuple[list[Array], list[Array]]
LESSON = "08-backprop-by-hand"
OVERFLOW = "exp(1000) overflows. Take each row's largest logit away before exp, and never divide exp by exp."
IN_PLACE = "The numbers are right, but `-=` or `*=` changes the caller's array. Compute into a new one."

EXAMPLE = worked_example()
WEIGHTS = list(EXAMPLE["weights"].values())
BIASES = list(EXAMPLE["biases"].values())


def network(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases for layers of these sizes; no unit of the first layer comes to lie on the ReLU's kink."""
    weights = [numbers(rng, n, k, low=-1, high=1) for n, k in zip(sizes, sizes[1:], strict=False)]
    biases = [distinct(rng, k, -1, 1) for k in sizes[1:]]
    biases[0] = biases[0] + 1 / 128
    return weights, biases


def case(rng: np.random.Generator, m: int, *sizes: int) -> tuple[Any, ...]:
    """Arguments for `backward`: m samples, or one sample of shape (n,) where m is 0."""
    x, y = signed(rng, max(m, 1), sizes[0]), one_hot(rng, max(m, 1), sizes[-1])
    weights, biases = network(rng, *sizes)
    return (x, y, weights, biases) if m else (x[0], y[0], weights, biases)


# ----------------------------------------------------------------------------------------- output_delta


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Two long factors, the slope of the loss and the Jacobian of the softmax, shrink to one short difference. Then: the loss of a batch is a mean.",
        r"$\delta_{sk} = \dfrac{1}{m}\,(p_{sk} - y_{sk})$, with $m = 1$ for a single sample",
        "`m = 1 if np.ndim(p) == 1 else len(p)`",
    ),
)
def output_delta(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return (np.asarray(p) - y) / m


@output_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    one = [(probabilities(rng, n), one_hot(rng, 1, n)[0]) for n in (3, 4)]
    yield Ask("one sample", 1, one)
    batch = [(probabilities(rng, m, n), one_hot(rng, m, n)) for m, n in ((4, 3), (3, 3), (1, 4))]
    yield Ask("a batch: the 1/m of the mean is in it", 1.5, batch)
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(probabilities(rng, 2, 3), one_hot(rng, 2, 3))],
        unchanged=True,
    )


@output_delta.misconception(
    "The 1/m is missing: the loss is the mean over the batch, so each sample's share in it is divided by m."
)
def delta_without_the_mean(p: Array, y: Array) -> Array:
    return np.asarray(p) - y


@output_delta.misconception(
    "The sign is turned round: it is p - y. The logit of the true class must get a negative slope."
)
def target_minus_output(p: Array, y: Array) -> Array:
    return -output_delta(p, y)


@output_delta.misconception(
    "Only the diagonal of the softmax's Jacobian was used, as in the published walk-through: the wrong classes then get no slope at all."
)
def keeps_the_diagonal_only(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return -np.asarray(y) * (1 - np.asarray(p)) / m


@output_delta.misconception("This is dL/dp = -y / p. It must still go through the softmax to become dL/dz.")
def slope_for_the_outputs(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return -np.asarray(y) / p / m


@output_delta.misconception(
    "A factor p (1 - p) stands there in addition. In p - y the slope of the activation is contained already."
)
def slope_once_more(p: Array, y: Array) -> Array:
    return output_delta(p, y) * p * (1 - np.asarray(p))


@output_delta.misconception(
    "It was divided by the number of all entries. The mean runs over the samples alone: 1/m."
)
def divides_by_all_entries(p: Array, y: Array) -> Array:
    return (np.asarray(p) - y) / np.size(p)


@output_delta.misconception("A single sample of shape (n,) was divided by its n classes. There m is 1.")
def classes_as_samples(p: Array, y: Array) -> Array:
    return (np.asarray(p) - y) / len(p)


@output_delta.misconception(
    "The rows were averaged into one. Every sample keeps a delta of its own; the adding up comes with the gradients."
)
def averages_the_rows(p: Array, y: Array) -> Array:
    return np.mean(np.atleast_2d(np.asarray(p) - y), axis=0)


@output_delta.misconception(IN_PLACE)
def delta_in_place(p: Array, y: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    p -= y
    return p / m


# ----------------------------------------------------------------------------------------- hidden_delta


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Unit k of the lower layer reaches every unit l of the next one. Add up all these ways; which index of W is summed over?",
        r"$\delta_{k} = f'(z_k) \sum_l \delta^{\text{next}}_{l}\,W_{kl}$, in short $(\delta^{\text{next}}\,W^{\mathsf T}) \odot f'(z)$",
        "`back = delta @ W.T` is the sum; one factor is still missing",
    ),
)
def hidden_delta(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * derivative


@hidden_delta.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1.5,
        [
            (signed(rng, 3), signed(rng, 3, 3), distinct(rng, 3, 0.125, 1)),
            (signed(rng, 2), signed(rng, 4, 2), distinct(rng, 4, 0.125, 1)),
        ],
    )
    yield Ask(
        "a batch",
        2,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3), numbers(rng, 3, 3, low=0.125, high=1)),
            (signed(rng, 4, 2), signed(rng, 3, 2), numbers(rng, 4, 3, low=0.125, high=1)),
            (signed(rng, 1, 3), signed(rng, 2, 3), numbers(rng, 1, 2, low=0.125, high=1)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(signed(rng, 2, 3), signed(rng, 3, 3), numbers(rng, 2, 3, low=0.125, high=1))],
        unchanged=True,
    )


@hidden_delta.misconception(
    "The sum over the next layer is missing: each unit got only the one weight with its own number, W[0, 0], W[1, 1], ... This is the published slip. Every unit reaches all units of the next layer."
)
def diagonal_of_the_weights(delta: Array, W: Array, derivative: Array) -> Array:
    return delta * np.diag(W) * derivative


@hidden_delta.misconception(
    "The weights were not transposed. Forwards a W sums over the rows; backwards the sum runs over the columns: delta @ W.T."
)
def forgets_to_transpose(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W) * derivative


@hidden_delta.misconception(
    "The slope of the activation is missing. delta @ W.T is dL/da; times f'(z) it becomes dL/dz."
)
def forgets_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return delta @ W.T


@hidden_delta.misconception(
    "The slope was multiplied in before the sum. It belongs to the lower layer, so it comes after: (delta @ W.T) * derivative."
)
def slope_before_the_sum(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta * derivative) @ W.T


@hidden_delta.misconception(
    "`derivative` holds the slopes f'(z) already. Here s (1 - s) was applied to them once more."
)
def slope_of_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return (delta @ W.T) * derivative * (1 - np.asarray(derivative))


@hidden_delta.misconception(
    "It was divided by the number of samples. The 1/m of the mean is in delta already, and must not come twice."
)
def divides_once_more(delta: Array, W: Array, derivative: Array) -> Array:
    m = len(delta) if np.ndim(delta) == 2 else 1
    return (delta @ W.T) * derivative / m


@hidden_delta.misconception(
    "The deltas were added up before weighing. Each delta of the next layer is multiplied with its own weight."
)
def adds_before_weighing(delta: Array, W: Array, derivative: Array) -> Array:
    return np.sum(delta, axis=-1, keepdims=True) * np.sum(W, axis=1) * derivative


@hidden_delta.misconception("The slope is added. The chain rule multiplies.")
def adds_the_slope(delta: Array, W: Array, derivative: Array) -> Array:
    return delta @ W.T + derivative


@hidden_delta.misconception(IN_PLACE)
def hidden_in_place(delta: Array, W: Array, derivative: Array) -> Array:
    derivative *= delta @ W.T
    return derivative


# -------------------------------------------------------------------------------------- weight_gradient


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "One weight leads from a_i to z_j. What does its gradient depend on, at one sample? How do the samples of a batch come together?",
        r"$\dfrac{\partial L}{\partial W_{ij}} = \sum_s a_{si}\,\delta_{sj}$, in short $a^{\mathsf T}\delta$",
        "`np.outer` does it for one sample; for a batch the sum over the samples is a matrix product with a transposed factor",
    ),
)
def weight_gradient(a: Array, delta: Array) -> Array:
    return np.atleast_2d(a).T @ np.atleast_2d(delta)


@weight_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(signed(rng, 3), signed(rng, 3)), (signed(rng, 4), signed(rng, 2))])
    yield Ask(
        "a batch: the sum over the samples",
        1.5,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3)),
            (signed(rng, 4, 2), signed(rng, 4, 3)),
            (signed(rng, 1, 3), signed(rng, 1, 2)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were", 0.5, [(signed(rng, 2, 3), signed(rng, 2, 3))], unchanged=True
    )


@weight_gradient.misconception(
    "This is the transposed matrix. It must have the shape of W: a row for each a_i, a column for each delta_j."
)
def gradient_transposed(a: Array, delta: Array) -> Array:
    return weight_gradient(a, delta).T


@weight_gradient.misconception(
    "It was divided by the number of samples. The 1/m of the mean is in delta already, and must not come twice."
)
def gradient_divided_again(a: Array, delta: Array) -> Array:
    return weight_gradient(a, delta) / (len(a) if np.ndim(a) == 2 else 1)


@weight_gradient.misconception(
    "Activations and deltas were added up over the batch first, and then multiplied. Multiply sample by sample, then add up."
)
def adds_up_first(a: Array, delta: Array) -> Array:
    return np.outer(np.sum(np.atleast_2d(a), axis=0), np.sum(np.atleast_2d(delta), axis=0))


@weight_gradient.misconception(
    "Only the first sample counts here. The gradient of a batch is the sum over all of them."
)
def first_sample_only(a: Array, delta: Array) -> Array:
    return np.outer(np.atleast_2d(a)[0], np.atleast_2d(delta)[0])


@weight_gradient.misconception(
    "Products of entries with the same number only, a_i delta_i. Every a_i has a weight to every delta_j."
)
def entry_by_entry(a: Array, delta: Array) -> Array:
    return np.asarray(a) * delta


@weight_gradient.misconception(
    "For one sample this is a single number, the dot product. np.outer gives the table of all products a_i delta_j."
)
def dot_for_outer(a: Array, delta: Array) -> Array:
    return np.asarray(a).T @ delta


@weight_gradient.misconception(
    "There is a minus in front. The gradient points uphill; the minus belongs to the step."
)
def gradient_with_a_minus(a: Array, delta: Array) -> Array:
    return -weight_gradient(a, delta)


@weight_gradient.misconception(
    "There is one matrix for each sample here. Add them up: W is the same for all samples."
)
def a_matrix_for_each_sample(a: Array, delta: Array) -> Array:
    return np.asarray(a)[..., :, None] * np.asarray(delta)[..., None, :]


@weight_gradient.misconception(IN_PLACE)
def gradient_in_place(a: Array, delta: Array) -> Array:
    result = weight_gradient(a, delta)
    a *= 0
    return result


# ---------------------------------------------------------------------------------------- bias_gradient


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "A bias is a weight whose input is always 1. Put that into the gradient of a weight.",
        r"$\dfrac{\partial L}{\partial b_{j}} = \sum_s \delta_{sj}$; for one sample it is $\delta_j$",
        "`np.sum` along the axis of the samples, if there is one",
    ),
)
def bias_gradient(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta), axis=0)


@bias_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a batch: the sum over the samples",
        1,
        [(signed(rng, 3, 3),), (signed(rng, 4, 2),), (signed(rng, 1, 3),)],
    )
    yield Ask("one sample, and a batch after it", 0.5, [(signed(rng, 3),), (signed(rng, 2, 4),)])
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 2, 3),)], unchanged=True)


@bias_gradient.misconception(
    "The biases are not updated here, as in the published walk-through. Their gradient is the delta, and costs nothing more."
)
def biases_never_move(delta: Array) -> Array:
    return np.zeros(np.shape(delta)[-1])


@bias_gradient.misconception(
    "This is the mean over the batch. The 1/m is in delta already, so the sum is right."
)
def mean_of_the_deltas(delta: Array) -> Array:
    return np.mean(np.atleast_2d(delta), axis=0)


@bias_gradient.misconception(
    "The sum runs over the units. Each unit has a bias of its own: add up over the samples, axis 0."
)
def sum_over_the_units(delta: Array) -> Array:
    return np.sum(delta, axis=-1)


@bias_gradient.misconception("Everything was added up to one number. Each unit has a bias of its own.")
def one_number_for_all(delta: Array) -> Array:
    return np.sum(delta)


@bias_gradient.misconception(
    "The deltas of a batch are still there one by one. All samples share the bias, so add them up."
)
def forgets_the_sum(delta: Array) -> Array:
    return np.asarray(delta) + 0.0


@bias_gradient.misconception(
    "There is a minus in front. The gradient points uphill; the minus belongs to the step."
)
def bias_with_a_minus(delta: Array) -> Array:
    return -bias_gradient(delta)


@bias_gradient.misconception(
    "The shape is (1, n). The biases have shape (n,), and so must their gradient: no keepdims here."
)
def keeps_a_row(delta: Array) -> Array:
    return np.sum(np.atleast_2d(delta), axis=0, keepdims=True)


# --------------------------------------------------------------------------------------------- backward


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    hints=(
        "Forwards first, and keep every a. Then from the last layer to the first: a delta, its two gradients, the next delta.",
        r"$\delta_3 = (p - y)/m$; $\delta_2 = (\delta_3 W_3^{\mathsf T}) \odot a_2(1 - a_2)$; $\delta_1 = (\delta_2 W_2^{\mathsf T}) \odot [z_1 > 0]$; the inputs that belong to them are $a_2$, $a_1$, $x$",
        "`z1 = x @ weights[0] + biases[0]`",
    ),
)
def backward(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases)


def _backward(x: Array, y: Array, weights: Arrays, biases: Arrays, **slip: bool) -> Gradients:
    """The reference, and with a slip switched on a misconception."""

    def has(name: str) -> bool:
        return slip.get(name, False)

    z1 = x @ weights[0] + biases[0]
    a1 = np.maximum(z1, 0)
    z2 = a1 @ weights[1] + biases[1]
    e = np.exp(-np.abs(z2))
    a2 = np.exp(z2) / (1 + np.exp(z2)) if has("sigmoid_overflows") else np.where(z2 >= 0, 1, e) / (1 + e)
    z3 = a2 @ weights[2] + biases[2]
    e = np.exp(z3 if has("softmax_overflows") else z3 - np.max(z3, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    if has("plain_division"):
        p = z3 / np.sum(z3, axis=-1, keepdims=True)
    m = len(p) if np.ndim(p) == 2 and not has("no_mean") else 1
    delta3 = (p - y) / m
    if has("diagonal"):
        delta3 = -y * (1 - p) / m
    slope2 = 1.0 if has("no_sigmoid_slope") else z2 * (1 - z2) if has("slope_of_z") else a2 * (1 - a2)
    delta2 = (delta3 @ weights[2].T) * slope2
    slope1 = 1.0 if has("no_relu_slope") else z1 > 0
    delta1 = (delta2 @ weights[1].T) * slope1
    deltas, inputs = [delta1, delta2, delta3], [x, z1, z2] if has("z_for_a") else [x, a1, a2]
    W_gradients = [np.atleast_2d(a).T @ np.atleast_2d(d) for a, d in zip(inputs, deltas, strict=True)]
    return W_gradients, [np.sum(np.atleast_2d(d), axis=0) for d in deltas]


@backward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "the worked example's network",
        1.5,
        [
            (EXAMPLE["input"], EXAMPLE["target"], WEIGHTS, BIASES),
            (signed(rng, 3), one_hot(rng, 1, 3)[0], WEIGHTS, BIASES),
        ],
    )
    yield Ask("one sample, layers of other sizes", 1.5, [case(rng, 0, 2, 4, 3, 2), case(rng, 0, 4, 5, 2, 3)])
    yield Ask("a batch", 2, [case(rng, 4, 2, 4, 3, 3), case(rng, 1, 3, 4, 3, 2), case(rng, 3, 3, 3, 3, 3)])
    x, y, weights, biases = case(rng, 0, 3, 4, 3, 3)
    large_logits = [*biases[:2], 1000 + distinct(rng, 3, 0, 2)]
    saturated = [biases[0], np.array([1000, -1000, 0.5]), biases[2]]
    yield Ask("huge sums", 0.5, [(x, y, weights, large_logits), (x, y, weights, saturated)], advice=OVERFLOW)
    yield Ask("leaves its arguments as they were", 0.5, [case(rng, 0, 3, 4, 3, 2)], unchanged=True)


@backward.misconception("The 1/m is missing: the loss is the mean over the batch.")
def backward_without_the_mean(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, no_mean=True)


@backward.misconception(
    "The output delta keeps only the diagonal of the softmax's Jacobian, as in the published walk-through. The wrong classes then never learn; it must be p - y."
)
def backward_by_the_diagonal(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, diagonal=True)


@backward.misconception(
    "The outputs are the logits divided by their sum, as in the published walk-through. Take the softmax."
)
def backward_by_plain_division(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, plain_division=True)


@backward.misconception(
    "The slope of the ReLU is missing in the first layer's delta: units that were off, z1 at most 0, must get 0."
)
def backward_without_relu_slope(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, no_relu_slope=True)


@backward.misconception("The slope of the sigmoid, a2 (1 - a2), is missing in the second layer's delta.")
def backward_without_sigmoid_slope(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, no_sigmoid_slope=True)


@backward.misconception(
    "The slope of the sigmoid was computed from z2. It is a2 (1 - a2), with the sigmoid's output."
)
def backward_with_the_slope_of_z(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, slope_of_z=True)


@backward.misconception(
    "The weight gradients use z, the sums. What meets a weight is a, what the layer before gave out."
)
def backward_with_z_for_a(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, z_for_a=True)


@backward.misconception(
    "The bias gradients are all 0: the biases would never be updated, as in the published walk-through."
)
def backward_leaves_the_biases(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return W_gradients, [0 * each for each in b_gradients]


@backward.misconception("All gradients have the wrong sign: the output delta is p - y, not y - p.")
def backward_turned_round(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return [-each for each in W_gradients], [-each for each in b_gradients]


@backward.misconception(
    "The gradients are in the order in which they were found, from the last layer on. Return them in the order of the weights."
)
def last_layer_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return W_gradients[::-1], b_gradients[::-1]


@backward.misconception("The two lists are swapped: first the weights' gradients, then the biases'.")
def biases_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases)[::-1]


@backward.misconception("The weight gradients are transposed. Each must have the shape of its W.")
def backward_transposed(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return [each.T for each in W_gradients], b_gradients


@backward.misconception("The softmax overflows at large logits: take each row's largest one away before exp.")
def backward_softmax_overflows(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, softmax_overflows=True)


@backward.misconception("The sigmoid, written exp(z) / (1 + exp(z)), is inf / inf = nan at large sums.")
def backward_sigmoid_overflows(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases, sigmoid_overflows=True)


@backward.misconception(
    "The numbers are right, but the step was taken as well: the caller's weights have changed. Only return the gradients."
)
def takes_the_step_too(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    for W, gradient in zip(weights, W_gradients, strict=True):
        W -= 0.01 * gradient
    return W_gradients, b_gradients


# ----------------------------------------------------------------------------------------------- update


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The same short rule for each array in the list. Which way is downhill?",
        r"$\theta_{\text{new}} = \theta - \eta\,\dfrac{\partial L}{\partial \theta}$ for each parameter $\theta$",
        "`for parameter, gradient in zip(parameters, gradients):`",
    ),
)
def update(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def lists(*shapes: tuple[int, ...]) -> tuple[list[Array], list[Array], np.float64]:
        return [signed(rng, *s) for s in shapes], [signed(rng, *s) for s in shapes], number(rng, 0.125, 0.75)

    yield Ask("three matrices of different shapes", 1, [lists((2, 3), (3, 4), (4, 2)), lists((3, 3), (3, 3))])
    yield Ask("biases", 0.5, [lists((3,), (2,), (4,))])
    yield Ask("leaves its arguments as they were", 0.5, [lists((2, 3), (3,))], unchanged=True)


@update.misconception("The step goes uphill: the gradient is taken away, not added.")
def uphill(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p + learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The learning rate is missing: the whole gradient was taken away.")
def without_the_rate(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("This is the step alone. Take it away from the parameters.")
def only_the_step(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [learning_rate * g for g in gradients]


@update.misconception("Only the signs of the gradients were used. A steep slope makes a long step.")
def step_by_sign(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.sign(g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("Every parameter was moved by the mean of its gradient. Each entry moves by its own.")
def step_by_the_mean(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.mean(g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("Only the first array moved: does the return stand inside the loop?")
def first_only(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [parameters[0] - learning_rate * gradients[0], *(np.array(p) for p in parameters[1:])]


@update.misconception(
    "The numbers are right, but `p -= ...` changes the caller's parameters. Make new arrays, so that the old ones can be compared."
)
def update_in_place(parameters: Arrays, gradients: Arrays, learning_rate: float) -> Arrays:
    for p, g in zip(parameters, gradients, strict=True):
        p -= learning_rate * g
    return parameters


# ------------------------------------------------------------------------------------------------ slips


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "How far from the true number can a correctly rounded figure be, if its last digit is the d-th after the point?",
        r"A figure printed with $d$ digits after the point is right if $|\,\text{printed} - \text{computed}\,| \le \tfrac12 \cdot 10^{-d}$; $d$ is the length of what stands after the point",
        '`digits = len(str(figure).split(".")[1])` for a single figure',
    ),
)
def slips(printed: Any, computed: Any) -> Any:
    if isinstance(printed, (list, tuple, np.ndarray)) and np.ndim(printed):
        return np.array([slips(p, c) for p, c in zip(printed, computed, strict=True)], dtype=bool)
    return _is_a_slip(str(printed), float(np.asarray(computed).item()))


def _is_a_slip(figure: str, value: float) -> bool:
    if not math.isfinite(value):
        return True
    said = Decimal(figure)
    half = Decimal(5).scaleb(min(int(said.as_tuple().exponent), 0) - 1)
    return abs(said - Decimal(repr(value))) > half


# How far the true number lies above the figure printed, in units of its last digit, and the sign of both:
# rightly rounded up; cut off where it should be rounded up; a wrong last digit; right; right and negative.
KINDS = ((-0.3, 1), (0.75, 1), (1.3, -1), (0.25, 1), (-0.2, -1))


def figures(rng: np.random.Generator, count: int, last: bool = True) -> tuple[list[str], list[float]]:
    """Figures as printed, with two to four digits, and the true numbers; of every kind at least one from five on.

    Without `last` all end in a 0, which is a digit too.
    """
    pairs = []
    for k in range(count):
        places, (offset, sign) = 2 + k % 3, KINDS[k % len(KINDS)]
        digits = 10 * int(rng.integers(10 ** (places - 2), 10 ** (places - 1)))
        digits += int(rng.integers(1, 10)) if last else 0
        unit = sign * 10.0**-places
        pairs.append((f"{digits * unit:.{places}f}", (digits + offset + rng.integers(-6, 7) / 64) * unit))
    printed, computed = zip(*[pairs[k] for k in rng.permutation(count)], strict=True)
    return list(printed), list(computed)


def table(pairs: tuple[list[str], list[float]], columns: int) -> tuple[list[list[str]], Array]:
    """The same as rows."""
    printed, computed = pairs
    rows = [printed[k : k + columns] for k in range(0, len(printed), columns)]
    return rows, np.array(computed).reshape(-1, columns)


@slips.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    five, seven = figures(rng, 5), figures(rng, 7)
    yield Ask("a row of figures", 1.5, [(five[0], np.array(five[1])), (seven[0], np.array(seven[1]))])
    yield Ask("a table of figures", 1.5, [table(figures(rng, 10), 2), table(figures(rng, 9), 3)])
    zeros = figures(rng, 6, last=False)
    yield Ask("figures that end in 0", 1, [(zeros[0], np.array(zeros[1]))])


def _each(printed: Any, computed: Any, differs: Any) -> Any:
    if isinstance(printed, list):
        return np.array([_each(p, c, differs) for p, c in zip(printed, computed, strict=True)])
    return bool(differs(printed, float(computed)))


def _places(figure: str) -> int:
    return len(figure.split(".")[1])


@slips.misconception(
    "The figures were compared with the exact numbers. A printed figure may differ by its rounding: up to half a unit of its last digit."
)
def compares_exactly(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 1e-9)


@slips.misconception(
    "The computed numbers were cut off, not rounded. A figure printed with d digits is rounded to the nearest."
)
def cuts_off(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(math.trunc(c * 10 ** _places(p)) - float(p) * 10 ** _places(p)) > 1e-3

    return _each(printed, computed, differs)


@slips.misconception("The answer is turned round: True marks a slip, False a figure that is right.")
def marks_the_right_ones(printed: Any, computed: Any) -> Any:
    return ~slips(printed, computed)


@slips.misconception(
    "Every number was rounded to four digits. Each figure has digits of its own: count those after its point."
)
def always_four_digits(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(round(c, 4) - float(p)) > 1e-9)


@slips.misconception(
    "All figures were rounded to the digits of the first. Count the digits for each by itself."
)
def digits_of_the_first(printed: Any, computed: Any) -> Any:
    first = printed
    while isinstance(first, list):
        first = first[0]
    return _each(printed, computed, lambda p, c: abs(round(c, _places(first)) - float(p)) > 1e-9)


@slips.misconception(
    "A whole unit of the last digit was allowed. Rounding moves a number by half a unit at most."
)
def allows_a_whole_unit(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 10.0 ** -_places(p))


@slips.misconception("One per cent was allowed. The digits printed say how exact a figure claims to be.")
def allows_one_per_cent(printed: Any, computed: Any) -> Any:
    return _each(printed, computed, lambda p, c: abs(float(p) - c) > 0.01 * abs(c))


@slips.misconception(
    "A 0 at the end was lost when the figure became a number: 0.2040 promises four digits, 0.204 only three. Count the digits in the text."
)
def loses_the_last_zero(printed: Any, computed: Any) -> Any:
    def differs(p: str, c: float) -> bool:
        return abs(round(c, _places(str(float(p)))) - float(p)) > 1e-9

    return _each(printed, computed, differs)


@slips.misconception("The signs were dropped. A figure printed with the wrong sign is a slip.")
def ignores_the_sign(printed: Any, computed: Any) -> Any:
    return slips(printed, np.abs(computed))


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    computed, printed = EXAMPLE["computed"], EXAMPLE["printed"]
    said = {name: np.array(figures_, dtype=float) for name, figures_ in printed.items()}
    o, later = said["o_out"], said["o_out_later_edition"]
    product = said["dE_do_out"] * said["do_out_do_in"]
    after = {name: step["loss"] for name, step in EXAMPLE["after_the_step"].items()}
    by_printed = update(
        WEIGHTS, [said[f"grad_{name}"] for name in EXAMPLE["weights"]], EXAMPLE["learning_rate"]
    )
    names = (
        "o_out",
        "dE_do_out",
        "dE_dh2_out",
        "dh2_out_dh2_in",
        "h2_out",
        "delta_output",
        "delta_h2",
        "delta_h1",
    )
    shown = (
        "o_out",
        "loss",
        "dE_do_out",
        "do_out_do_in",
        "h2_out",
        "dh2_out_dh2_in",
        "dE_dh2_out",
        "dE_dh1_out",
    )
    return {
        "the input": EXAMPLE["input"],
        "the learning rate": EXAMPLE["learning_rate"],
        "the loss": computed["loss"],
        **{f"computed {name}": computed[name] for name in names},
        **{f"published {name}": said[name] for name in shown},
        "weights from unit 1 of layer 2": WEIGHTS[2][0],
        "0.94048 as printed": said["h2_out"][1],
        "0.93883 with three digits": round(float(computed["h2_out"][0]), 3),
        "losses after the step": list(after.values()),
        "the loss by the yes-or-no formula": -np.log10(o[0]) - np.log10(1 - o[1]) - np.log10(1 - o[2]),
        "its slope": -1 / o[0],
        "diagonal by the later edition": later * (1 - later),
        "the third entry": later[2] * (1 - later[1]),
        "the published factors multiplied": product,
        "the sums of the published factors": hidden_delta(product, WEIGHTS[2], np.ones(3)),
        "one of the products, as it is and as printed": [1.4755 * 0.2040 * 0.4, 0.2383],
        "slips of the decimal point, printed and as they should be": [
            [said["new_W_kl"][2, 2], by_printed[2][2, 2]],
            [said["new_W_jk"][2, 2], by_printed[1][2, 2]],
        ],
        "gains": [after["no step"] - loss for loss in after.values()],
        "least loss along the published gradient": _least_loss(
            [said[f"grad_{name}"] for name in EXAMPLE["weights"]]
        ),
    }


def _least_loss(gradients: Arrays) -> float:
    """The least loss that one step along these weight gradients can reach, to the rate's second digit."""
    x, y = EXAMPLE["input"], EXAMPLE["target"]
    outputs = [
        backward(x, y, update(WEIGHTS, gradients, rate / 100), BIASES)[1][2] + y for rate in range(501)
    ]
    return min(float(-np.log(y @ p)) for p in outputs)
