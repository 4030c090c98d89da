"""`backward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.bank import families
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
    sigmoid_of,
    softmax_of,
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


Part = Callable[..., Any]


def _backward(
    x: Array,
    y: Array,
    weights: Arrays,
    biases: Arrays,
    sigmoid: Part = sigmoid_of,
    softmax: Part = softmax_of,
    relu: Part = lambda z: np.maximum(z, 0),
    out: Part = lambda p, y: p - y,
    slope: Part = lambda a, z: a * (1 - a),
    kink: Part = lambda z, a: z > 0,
    back: Part = lambda delta, W: delta @ W.T,
    gather: Part = lambda a, delta: np.atleast_2d(a).T @ np.atleast_2d(delta),
    pool: Part = lambda delta: np.sum(np.atleast_2d(delta), axis=0),
    share: Part = lambda p: 1 / (len(p) if np.ndim(p) == 2 else 1),
    came_in: Part = lambda x, z1, a1, z2, a2: [x, a1, a2],
) -> Gradients:
    """The reference, and with another part put in a misconception."""
    z1 = x @ weights[0] + biases[0]
    a1 = relu(z1)
    z2 = a1 @ weights[1] + biases[1]
    a2 = sigmoid(z2)
    p = softmax(a2 @ weights[2] + biases[2])
    delta3 = out(p, y) * share(p)
    delta2 = back(delta3, weights[2]) * slope(a2, z2)
    delta1 = back(delta2, weights[1]) * kink(z1, a1)
    deltas, inputs = [delta1, delta2, delta3], came_in(x, z1, a1, z2, a2)
    return [gather(a, d) for a, d in zip(inputs, deltas, strict=True)], [pool(d) for d in deltas]


def far_apart(rng: np.random.Generator) -> tuple:
    """A batch with one row of logits near 400 and the next near -400, of which no exponential has both in reach."""
    x, y, weights, biases = case(rng, 4, 2, 3, 3, 3)
    x[:, 0] = rng.permutation([2.0, -2.0, 2.0, -2.0])
    weights[0][:, 0], biases[0][0] = [1.0, 0.0], 1 / 128  # the first unit tells the rows apart
    weights[1][:, 0], biases[1][0] = [300.0, 0.0, 0.0], -200.0  # and so does the first of the second layer
    weights[2][0], biases[2] = 800.0, distinct(rng, 3, 0, 2) - 400
    return x, y, weights, biases


def at_the_kink(rng: np.random.Generator) -> tuple:
    """A sample with a unit of the first layer whose sum is exactly 0."""
    x, y, weights, biases = case(rng, 0, 2, 4, 3, 3)
    biases[0][1] = -(x @ weights[0][:, 1])
    biases[0][2] = 1 - x @ weights[0][:, 2]
    return x, y, weights, biases


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
    sizes = [(2, 4, 3, 2), (4, 5, 2, 3), (1, 2, 3, 2), (3, 1, 2, 3), (2, 3, 1, 2), (2, 3, 2, 1)]
    samples = [case(rng, 0, *each) for each in sizes]
    yield Ask("one sample, layers of other sizes", 1.5, [*samples, at_the_kink(rng), samples[0]])
    batches = [case(rng, 4, 2, 4, 3, 3), case(rng, 1, 3, 4, 3, 2), case(rng, 3, 3, 3, 3, 3)]
    thin = [case(rng, 3, 2, 1, 2, 2), case(rng, 3, 2, 3, 1, 2), case(rng, 1, 1, 2, 2, 2)]
    x, y, weights, biases = batches[0]
    again = (-x, y[::-1].copy(), weights, biases)
    yield Ask("a batch", 2, [*batches, *thin, again, batches[0]])
    x, y, weights, biases = case(rng, 0, 3, 4, 3, 3)
    large_logits = [*biases[:2], 1000 + distinct(rng, 3, 0, 2)]
    low_logits = [*biases[:2], -1000 + distinct(rng, 3, 0, 2)]
    saturated = [biases[0], np.array([1000, -1000, 0.5]), biases[2]]
    nearly_saturated = [biases[0], np.array([7, -7, 6.5]), biases[2]]
    huge = [(x, y, weights, each) for each in (large_logits, saturated, low_logits, nearly_saturated)]
    yield Ask("huge sums", 0.5, [*huge, far_apart(rng)])
    yield Ask("leaves its arguments as they were", 0.5, [case(rng, 0, 3, 4, 3, 2)], unchanged=True)


def slip(sentence: str, name: str, **parts: Part) -> None:
    """Registers the answer with other parts as a misconception."""

    def wrong(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
        return _backward(x, y, weights, biases, **parts)

    wrong.__name__ = name
    backward.misconception(sentence)(wrong)


slip("The 1/m is missing: the loss is the mean over the batch.", "backward_without_the_mean", share=lambda p: 1)
slip(
    "For a single sample m is 1. Here its classes were counted: the length of a row is no number of samples.",
    "classes_counted",
    share=lambda p: 1 / len(p),
)
slip(
    "The mean was taken over samples and classes. It runs over the samples alone: 1/m.",
    "mean_over_all_entries",
    share=lambda p: 1 / np.size(p),
)
slip(
    "The output delta keeps only the diagonal of the softmax's Jacobian, as in the published walk-through. The wrong classes then never learn; it must be p - y.",
    "backward_by_the_diagonal",
    out=lambda p, y: -y * (1 - p),
)
slip(
    "The output delta has a factor p (1 - p) in addition. In p - y the slope of the softmax is contained already.",
    "output_slope_again",
    out=lambda p, y: (p - y) * p * (1 - p),
)
slip(
    "The output delta is that of the squared error, sent back through the softmax. With the cross-entropy it is p - y.",
    "squared_error_through_the_softmax",
    out=lambda p, y: p * ((p - y) - np.sum((p - y) * p, axis=-1, keepdims=True)),
)
slip(
    "The output delta is -y / p, the slope for the outputs. It must still go through the softmax: p - y.",
    "slope_for_the_outputs",
    out=lambda p, y: -y / p,
)
slip(
    "The outputs are the logits divided by their sum, as in the published walk-through. Take the softmax.",
    "backward_by_plain_division",
    softmax=lambda z: z / np.sum(z, axis=-1, keepdims=True),
)
slip(
    "The slope of the ReLU is missing in the first layer's delta: units that were off, z1 at most 0, must get 0.",
    "backward_without_relu_slope",
    kink=lambda z, a: 1.0,
)
slip("The ReLU's slope was taken to be 1 where z1 is exactly 0. There it is 0.", "relu_slope_one_at_zero", kink=lambda z, a: z >= 0)
slip("The ReLU's slope was taken to be 1/2 where z1 is exactly 0. There it is 0.", "relu_slope_half_at_zero", kink=lambda z, a: np.heaviside(z, 0.5))
slip(
    "The first layer's delta was multiplied by a1, the ReLU's result. Its slope is 1 where z1 is above 0, else 0.",
    "relu_itself_for_its_slope",
    kink=lambda z, a: a,
)
slip(
    "The first layer's delta got the sigmoid's slope, a1 (1 - a1). Its activation is the ReLU: 1 where z1 is above 0, else 0.",
    "sigmoid_slope_in_both_layers",
    kink=lambda z, a: a * (1 - a),
)
slip(
    "The second layer's delta got the ReLU's slope. Its activation is the sigmoid: a2 (1 - a2).",
    "relu_slope_in_both_layers",
    slope=lambda a, z: z > 0,
)
slip(
    "The slopes are exchanged: the first layer is the ReLU's, the second the sigmoid's.",
    "slopes_exchanged",
    slope=lambda a, z: z > 0,
    kink=lambda z, a: a * (1 - a),
)
slip(
    "Both hidden layers lost their slopes: delta @ W.T is dL/da, and times f'(z) it becomes dL/dz.",
    "backward_without_slopes",
    slope=lambda a, z: 1.0,
    kink=lambda z, a: 1.0,
)
slip(
    "The slope of the sigmoid was computed from z2. It is a2 (1 - a2), with the sigmoid's output.",
    "backward_with_the_slope_of_z",
    slope=lambda a, z: z * (1 - z),
)
slip(
    "The weight gradients use z, the sums. What meets a weight is a, what the layer before gave out.",
    "backward_with_z_for_a",
    came_in=lambda x, z1, a1, z2, a2: [x, z1, z2],
)
slip(
    "The first layer gave out its sums as they are, negative ones too. It is a ReLU: below 0 it gives 0.",
    "no_relu_forwards",
    relu=lambda z: z,
)
slip(
    "The ReLU is missing forwards and its slope backwards: the first layer is computed as if it had no activation.",
    "no_relu_at_all",
    relu=lambda z: z,
    kink=lambda z, a: 1.0,
)
slip(
    "The second layer is computed as a tanh, with its slope. It is a sigmoid.",
    "tanh_layer",
    sigmoid=np.tanh,
    slope=lambda a, z: 1 - a**2,
)
slip(
    "The second layer is computed as a ReLU, with its slope. It is a sigmoid.",
    "two_relu_layers",
    sigmoid=lambda z: np.maximum(z, 0),
    slope=lambda a, z: z > 0,
)
slip(
    "The first layer is computed as a sigmoid, with its slope. It is a ReLU.",
    "two_sigmoid_layers",
    relu=sigmoid_of,
    kink=lambda z, a: a * (1 - a),
)
slip(
    "The bias gradients are all 0: the biases would never be updated, as in the published walk-through.",
    "backward_leaves_the_biases",
    pool=lambda delta: 0 * np.sum(np.atleast_2d(delta), axis=0),
)
slip(
    "The bias gradients are means over the batch. The 1/m is in the deltas already, so the sum is right.",
    "bias_means",
    pool=lambda delta: np.mean(np.atleast_2d(delta), axis=0),
)
slip(
    "The bias gradients of a batch still have a row for each sample. All samples share the biases, so add the rows up.",
    "bias_rows",
    pool=lambda delta: delta,
)
slip("The bias gradients have the shape (1, n). They must have the shape (n,), as the biases have it.", "bias_gradients_keep_a_row", pool=lambda delta: np.sum(np.atleast_2d(delta), axis=0, keepdims=True))
slip(
    "The gradients of a layer of one unit lost an axis. Each must have the shape of its W, or of its b.",
    "squeezed_gradients",
    gather=lambda a, delta: np.squeeze(np.atleast_2d(a).T @ np.atleast_2d(delta)),
    pool=lambda delta: np.squeeze(np.sum(np.atleast_2d(delta), axis=0)),
)
slip(
    "All gradients have the wrong sign: the output delta is p - y, not y - p.",
    "backward_turned_round",
    out=lambda p, y: y - p,
)
slip(
    "The weight gradients are transposed. Each must have the shape of its W.",
    "backward_transposed",
    gather=lambda a, delta: np.atleast_2d(delta).T @ np.atleast_2d(a),
)


@backward.misconception(
    "The biases are missing on the way forward: z = a W + b in each layer."
)
def no_biases_forwards(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, [np.zeros_like(b) for b in biases])


@backward.misconception(
    "Each layer divides by m again. The 1/m is in the output delta, and is handed on inside the deltas."
)
def mean_in_every_layer(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    m = len(x) if np.ndim(x) == 2 else 1
    return _backward(x, y, weights, biases, back=lambda delta, W: delta @ W.T / m)


@backward.misconception(
    "Every gradient was divided by m once more. The 1/m is in the output delta, and is handed on inside the deltas."
)
def gradients_divided_again(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    m = len(x) if np.ndim(x) == 2 else 1
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return [each / m for each in W_gradients], [each / m for each in b_gradients]


@backward.misconception(
    "The gradients are in the order in which they were found, from the last layer on. Return them in the order of the weights."
)
def last_layer_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = _backward(x, y, weights, biases)
    return W_gradients[::-1], b_gradients[::-1]


@backward.misconception("The two lists are swapped: first the weights' gradients, then the biases'.")
def biases_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return _backward(x, y, weights, biases)[::-1]


@backward.misconception(
    "The gradients came in pairs, layer by layer. Two lists are asked for: first those of the weights, then those of the biases."
)
def pairs_by_layer(x: Array, y: Array, weights: Arrays, biases: Arrays) -> list:
    return list(zip(*_backward(x, y, weights, biases), strict=True))


families.softmax(backward, lambda softmax: lambda *given: _backward(*given, softmax=softmax), without=("no_exponential", "mean_for_maximum"))
families.sigmoid(backward, lambda sigmoid: lambda *given: _backward(*given, sigmoid=sigmoid))
families.slope(backward, lambda slope: lambda *given: _backward(*given, slope=lambda a, z: slope(a)))
families.back(backward, lambda back: lambda *given: _backward(*given, back=back), without=("back_without_weights",))
families.gather(backward, lambda gather: lambda *given: _backward(*given, gather=gather))


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
