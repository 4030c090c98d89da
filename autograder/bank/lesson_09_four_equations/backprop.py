"""`backprop`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_09_four_equations.backprop_right import (
    backprop_by_z,
    backprop_float32,
    backprop_in_columns,
    backprop_in_lists,
    backprop_recursive,
    backprop_sample_by_sample,
    backprop_with_jacobians,
)
from autograder.bank.lesson_09_four_equations.common import LESSON, ONE_SAMPLE, Array, Gradients
from autograder.bank.lesson_09_four_equations.net_forward import (
    net_forward,
)
from autograder.bank.lesson_09_four_equations.networks import (
    activated,
    deltas_with,
    from_deltas,
    network,
    output_error,
    slope_of,
)


@exercise(
    LESSON,
    difficulty=3,
    minutes=25,
    hints=(
        "Forward first, and keep every layer's output. Then one loop over the layers from the last to the first, with one delta that moves on: take the two gradients, then step back.",
        r"$\Delta_L$ by the loss; $\partial L/\partial W_l = A_{l-1}^{\mathsf T}\Delta_l$, $\partial L/\partial b_l = \sum_s \Delta_l$; $\Delta_{l-1} = (\Delta_l W_l^{\mathsf T}) \odot f'(Z_{l-1})$. A single sample is a batch of one.",
        '`X, Y = np.atleast_2d(X), np.atleast_2d(Y)`, run `net_forward`, and let `inputs = [X, A_1, ..., A_(L-1)]`. Start with `delta = (A_L - Y) / len(X)`, for `"mse"` times the last slope. For `k` from the last layer to the first: `inputs[k].T @ delta` and `delta.sum(axis=0)` are its gradients; then, if `k > 0`, `delta = (delta @ weights[k].T) * activation_slope(inputs[k], activations[k - 1])`. Turn both lists round at the end.',
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


@backprop.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one layer: the output error",
        1,
        [network(rng, 4, (2, 3), ["sigmoid"]), network(rng, 3, (3, 2), ["tanh"])],
    )
    again = network(rng, 3, (2, 2, 2), ["tanh", "sigmoid"])
    yield Ask(
        "several layers, mean squared error",
        1,
        [
            network(rng, 3, (2, 4, 3), ["tanh", "sigmoid"]),
            network(rng, 4, (3, 4, 3, 2), ["relu", "tanh", "identity"]),
            network(rng, 1, (2, 3, 2), ["tanh", "sigmoid"]),
            network(rng, 3, (1, 2, 1), ["sigmoid", "tanh"]),
            again,
            (-again[0], *again[1:]),
            again,
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
            network(rng, None, (2, 1, 2), ["tanh", "identity"]),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [network(rng, 3, (2, 3, 2), ["tanh", "sigmoid"])],
        unchanged=True,
    )


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


@backprop.misconception("The biases are missing on the way forward: z is a @ W + b.")
def no_biases_forwards(X, Y, weights, biases, activations, loss):
    return backprop(X, Y, weights, [np.zeros_like(b) for b in biases], activations, loss)


@backprop.misconception(
    "With the mean squared error the last layer always got the sigmoid's slope, a (1 - a). It has an activation of its own."
)
def sigmoid_slope_at_the_end(*arguments: object) -> Gradients:
    def output(a: Array, Y: Array, activation: str, loss: str) -> Array:
        return (a - Y) / len(a) * (a * (1 - a) if loss == "mse" else 1)

    _, inputs, deltas = deltas_with(arguments, output)
    return from_deltas(inputs, deltas)


@backprop.misconception(
    "The weights' gradients use each layer's own result. What meets a weight is what came in: the result of the layer before."
)
def own_results(*arguments: object) -> Gradients:
    layers, _, deltas = deltas_with(arguments)
    return from_deltas([a for _, a in layers], deltas)


@backprop.misconception(
    "On the way back each layer was given the slope of the layer it came from. Going back to layer l, the slope is that of layer l."
)
def slope_of_the_next_activation(X, Y, weights, biases, activations, loss):
    names = list(activations)
    turn = iter(names[:0:-1])

    def back(delta: Array, W: Array, a: Array, _: str) -> Array:
        name = next(turn)
        return delta @ W.T * slope_of(a, "identity" if name == "softmax" else name)

    _, inputs, deltas = deltas_with((X, Y, weights, biases, activations, loss), back=back)
    return from_deltas(inputs, deltas)


def _sent_back(back: Callable[..., Array]) -> Callable[..., Gradients]:
    def wrong(*arguments: object) -> Gradients:
        _, inputs, deltas = deltas_with(arguments, back=lambda d, W, a, f: back(d, W) * slope_of(a, f))
        return from_deltas(inputs, deltas)

    return wrong


def _gathered(gather: Callable[..., Array]) -> Callable[..., Gradients]:
    def wrong(*arguments: object) -> Gradients:
        _, inputs, deltas = deltas_with(arguments)
        return [gather(a, d) for a, d in zip(inputs, deltas, strict=True)], from_deltas(inputs, deltas)[1]

    return wrong


families.back(backprop, _sent_back, without=("largest_way_only", "first_row_of_the_weights"))
families.gather(
    backprop,
    _gathered,
    without=(
        "inputs_squared",
        "largest_sample_only",
        "signs_of_the_inputs",
        "signs_of_the_deltas",
        "signs_of_the_inputs_lost",
    ),
)


@backprop.misconception(
    "These are the weights and biases minus their gradients, as after a step. Asked for are the gradients alone."
)
def parameters_after_a_step(
    X: Array, Y: Array, weights: Sequence, biases: Sequence, activations: Sequence, loss: str
) -> Gradients:
    _, inputs, deltas = deltas_with((X, Y, weights, biases, activations, loss))
    of_weights, of_biases = from_deltas(inputs, deltas)
    return (
        [W - g for W, g in zip(weights, of_weights, strict=True)],
        [b - g for b, g in zip(biases, of_biases, strict=True)],
    )


# Right answers in other words.


backprop.right_answers(
    backprop_by_z,
    backprop_sample_by_sample,
    backprop_with_jacobians,
    backprop_in_columns,
    backprop_in_lists,
    backprop_float32,
    backprop_recursive,
)
