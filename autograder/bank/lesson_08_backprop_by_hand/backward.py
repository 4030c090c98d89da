"""`backward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, distinct, exercise, one_hot, signed
from autograder.bank.lesson_08_backprop_by_hand.backward_right import (
    backward_float32,
    backward_line_by_line,
    backward_lists,
    backward_loop,
    backward_sample_by_sample,
    backward_tuples,
)
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
from autograder.bank.lesson_08_backprop_by_hand.passes import Part, at_the_kink, far_apart, passes, with_parts


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
    return passes(x, y, weights, biases)


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
    sizes = [(2, 4, 3, 2), (4, 5, 2, 3), (1, 2, 3, 2), (3, 1, 1, 3)]
    samples = [case(rng, 0, *each) for each in sizes]
    yield Ask("one sample, layers of other sizes", 1.5, [*samples, at_the_kink(rng), samples[0]])
    batches = [case(rng, 4, 2, 4, 3, 3), case(rng, 1, 3, 4, 3, 2), case(rng, 3, 3, 3, 3, 3)]
    thin = [case(rng, 3, 2, 1, 2, 2), case(rng, 1, 1, 3, 1, 2)]
    x, y, weights, biases = batches[0]
    again = (-8 * x, y[::-1].copy(), weights, biases)
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
    wrong = with_parts(**parts)
    wrong.__name__ = name
    backward.misconception(sentence)(wrong)


slip(
    "The 1/m is missing: the loss is the mean over the batch.", "backward_without_the_mean", share=lambda p: 1
)
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
slip(
    "The ReLU's slope was taken to be 1 where z1 is exactly 0. There it is 0.",
    "relu_slope_one_at_zero",
    kink=lambda z, a: z >= 0,
)
slip(
    "The ReLU's slope was taken to be 1/2 where z1 is exactly 0. There it is 0.",
    "relu_slope_half_at_zero",
    kink=lambda z, a: np.heaviside(z, 0.5),
)
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
slip(
    "The bias gradients have the shape (1, n). They must have the shape (n,), as the biases have it.",
    "bias_gradients_keep_a_row",
    pool=lambda delta: np.sum(np.atleast_2d(delta), axis=0, keepdims=True),
)
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


slip(
    "The softmax was taken over the samples. The classes lie along the last axis, and each row is one softmax.",
    "softmax_over_the_batch",
    softmax=lambda z: softmax_of(np.atleast_2d(z).T).T.reshape(np.shape(z)),
)
slip("The logits were taken for the outputs, without the softmax.", "no_softmax", softmax=lambda z: z)
slip(
    "The output delta was squared. It is p - y itself.",
    "squared_output_delta",
    out=lambda p, y: (p - y) ** 2,
)
slip(
    "Units of the first layer that are off still let a hundredth through, forwards. The ReLU gives 0 there.",
    "leaky_relu_forwards",
    relu=lambda z: np.where(z > 0, z, 0.01 * z),
)
slip(
    "The first layer's outputs were cut off at 6. The ReLU has no upper end.",
    "relu_cut_off_at_6",
    relu=lambda z: np.clip(z, 0, 6),
)


def without_bias(place: int) -> Part:
    """The answer of a way forward that leaves one layer's biases out."""

    def wrong(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
        return passes(x, y, weights, [b * (k != place) for k, b in enumerate(biases)])

    wrong.__name__ = f"no_biases_in_layer_{place + 1}"
    return wrong


for _place in range(3):
    backward.misconception(f"On the way forward the biases of layer {_place + 1} are missing.")(
        without_bias(_place)
    )


@backward.misconception("The biases are missing on the way forward: z = a W + b in each layer.")
def no_biases_forwards(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return passes(x, y, weights, [np.zeros_like(b) for b in biases])


@backward.misconception(
    "Each layer divides by m again. The 1/m is in the output delta, and is handed on inside the deltas."
)
def mean_in_every_layer(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    m = len(x) if np.ndim(x) == 2 else 1
    return passes(x, y, weights, biases, back=lambda delta, W: delta @ W.T / m)


@backward.misconception(
    "Every gradient was divided by m once more. The 1/m is in the output delta, and is handed on inside the deltas."
)
def gradients_divided_again(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    m = len(x) if np.ndim(x) == 2 else 1
    W_gradients, b_gradients = passes(x, y, weights, biases)
    return [each / m for each in W_gradients], [each / m for each in b_gradients]


@backward.misconception(
    "The gradients are in the order in which they were found, from the last layer on. Return them in the order of the weights."
)
def last_layer_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    W_gradients, b_gradients = passes(x, y, weights, biases)
    return W_gradients[::-1], b_gradients[::-1]


@backward.misconception("The two lists are swapped: first the weights' gradients, then the biases'.")
def biases_first(x: Array, y: Array, weights: Arrays, biases: Arrays) -> Gradients:
    return passes(x, y, weights, biases)[::-1]


@backward.misconception(
    "The gradients came in pairs, layer by layer. Two lists are asked for: first those of the weights, then those of the biases."
)
def pairs_by_layer(x: Array, y: Array, weights: Arrays, biases: Arrays) -> list:
    return list(zip(*passes(x, y, weights, biases), strict=True))


families.softmax(
    backward,
    lambda softmax: with_parts(softmax=softmax),
    without=("no_exponential", "mean_for_maximum"),
)
families.sigmoid(backward, lambda sigmoid: with_parts(sigmoid=sigmoid))
families.slope(
    backward,
    lambda slope: with_parts(slope=lambda a, z: slope(a)),
    without=("slope_plus", "slope_turned_round"),
)
families.back(
    backward,
    lambda back: with_parts(back=back),
    without=(
        "back_without_weights",
        "largest_way_only",
        "first_row_of_the_weights",
        "signs_of_the_weights_lost",
    ),
)
families.gather(
    backward,
    lambda gather: with_parts(gather=gather),
    without=(
        "inputs_squared",
        "largest_sample_only",
        "signs_of_the_inputs",
        "signs_of_the_deltas",
        "signs_of_the_inputs_lost",
    ),
)


# Right answers in other words.


backward.right_answers(
    backward_line_by_line,
    backward_loop,
    backward_tuples,
    backward_lists,
    backward_float32,
    backward_sample_by_sample,
)
