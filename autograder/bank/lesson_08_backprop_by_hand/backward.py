"""`backward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, one_hot, signed
from autograder.bank.lesson_08_backprop_by_hand.bias_gradient import bias_cases
from autograder.bank.lesson_08_backprop_by_hand.common import (
    BIASES,
    EXAMPLE,
    LESSON,
    WEIGHTS,
    Array,
    Arrays,
    Gradients,
    case,
)
from autograder.bank.lesson_08_backprop_by_hand.output_delta import delta_ndim
from autograder.bank.lesson_08_backprop_by_hand.weight_gradient import gradient_cases


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    hints=(
        "Forwards first, and keep every a. Then from the last layer to the first: a delta, its two gradients, the next delta.",
        r"$\delta_3 = (p - y)/m$; $\delta_2 = (\delta_3 W_3^{\mathsf T}) \odot a_2(1 - a_2)$; $\delta_1 = (\delta_2 W_2^{\mathsf T}) \odot [z_1 > 0]$; the inputs that belong to them are $a_2$, $a_1$, $x$",
        "Forwards keep `z1, a1, a2, a3`. Then `d3 = output_delta(a3, y)`, `d2 = hidden_delta(d3, weights[2], a2 * (1 - a2))` and `d1 = hidden_delta(d2, weights[1], z1 > 0)`. The gradients: `weight_gradient(x, d1)`, `weight_gradient(a1, d2)`, `weight_gradient(a2, d3)`, and `bias_gradient` of each delta. Return two lists, layer 1 first.",
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
    yield Ask("huge sums", 0.5, [(x, y, weights, large_logits), (x, y, weights, saturated)])
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


# Right answers in other words.


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def backward_line_by_line(x, y, weights, biases):
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    z1 = np.dot(x, W1) + b1
    a1 = np.where(z1 > 0, z1, 0)
    a2 = 0.5 * (1 + np.tanh((np.dot(a1, W2) + b2) / 2))
    p = _softmax(np.dot(a2, W3) + b3)
    d3 = delta_ndim(p, y)
    d2 = np.dot(d3, W3.T) * a2 * (1 - a2)
    d1 = np.dot(d2, W2.T) * (z1 > 0)
    return (
        [gradient_cases(x, d1), gradient_cases(a1, d2), gradient_cases(a2, d3)],
        [bias_cases(d1), bias_cases(d2), bias_cases(d3)],
    )


def backward_loop(x, y, weights, biases):
    """Any number of rows as a batch, from the last layer to the first."""
    outs, a = [np.atleast_2d(x)], np.atleast_2d(x)
    for k in range(3):
        z = a @ weights[k] + biases[k]
        a = (lambda z: z * (z > 0), lambda z: np.exp(-np.logaddexp(0, -z)), _softmax)[k](z)
        outs.append(a)
    delta = (outs[3] - np.atleast_2d(y)) / len(outs[0])
    dW, db = [], []
    for k in (2, 1, 0):
        dW.insert(0, outs[k].T @ delta)
        db.insert(0, delta.sum(axis=0))
        slope = outs[2] * (1 - outs[2]) if k == 2 else (outs[1] > 0).astype(float)
        if k:
            delta = (delta @ weights[k].T) * slope
    return dW, db


def backward_tuples(x, y, weights, biases):
    dW, db = backward_loop(x, y, weights, biases)
    return tuple(dW), tuple(db)


def backward_lists(x, y, weights, biases):
    dW, db = backward_loop(x, y, weights, biases)
    return [[each.tolist() for each in dW], [each.tolist() for each in db]]


def backward_float32(x, y, weights, biases):
    return backward_line_by_line(
        np.float32(x), np.float32(y), [np.float32(W) for W in weights], [np.float32(b) for b in biases]
    )


def backward_sample_by_sample(x, y, weights, biases):
    """The mean of the samples' gradients is the gradient of the mean."""
    if np.ndim(x) == 1:
        return backward_line_by_line(x, y, weights, biases)
    each = [backward_line_by_line(a, b, weights, biases) for a, b in zip(x, y, strict=True)]
    return tuple([np.mean([one[part][k] for one in each], axis=0) for k in range(3)] for part in (0, 1))


backward.right_answers(
    backward_line_by_line,
    backward_loop,
    backward_tuples,
    backward_lists,
    backward_float32,
    backward_sample_by_sample,
)
