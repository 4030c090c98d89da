"""`engine_backprop`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.bank.lesson_09_four_equations.backprop_right import backprop_with_jacobians
from autograder.bank.lesson_09_four_equations.common import ONE_SAMPLE, Gradients
from autograder.bank.lesson_09_four_equations.networks import forward_pass, network
from autograder.bank.lesson_11_autograd.common import LESSON, Array
from autograder.bank.lesson_11_autograd.engine import Value
from autograder.bank.lesson_11_autograd.engine_right import (
    value_gradients_closures,
    value_gradients_counting,
)
from autograder.bank.lesson_11_autograd.value_gradients import value_gradients

Network = tuple[Any, ...]


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    seconds=8.0,
    hints=(
        "Write the way forward only, from the weights to the one number that is the loss, with Values. Which function of yours then knows the gradients?",
        r"$\sigma(z) = (1 + e^{-z})^{-1}$, ReLU is $\max(z, 0)$, the softmax is $e^{z}$ divided by its row sums, and a row sum is a product with a column of ones. Then $\frac{1}{2m} \sum (a - y)^2$, or $-\frac{1}{m} \sum y \log a$",
        "`X, Y = np.atleast_2d(X), np.atleast_2d(Y)` and `depth = len(weights)`. Inside, `def mean_loss(*parameters):` starts with `a = Value(X)`; for each `k` in `range(depth)`: `z = a @ parameters[k] + parameters[depth + k]`, and `a` from `z` by `activations[k]`; at the end it returns the loss. Then `_, gradients = value_gradients(mean_loss, [*weights, *biases])`, and the first `depth` of them are the weights'.",
    ),
)
def engine_backprop(
    X: Array,
    Y: Array,
    weights: Sequence[Array],
    biases: Sequence[Array],
    activations: Sequence[str],
    loss: str,
) -> Gradients:
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    depth = len(weights)

    def mean_loss(*parameters: Value) -> Value:
        a = Value(X)
        for k in range(depth):
            a = activated(a @ parameters[k] + parameters[depth + k], activations[k])
        return loss_of(a, Y, loss)

    _, gradients = value_gradients(mean_loss, [*weights, *biases])
    return gradients[:depth], gradients[depth:]


def activated(z: Value, activation: str) -> Value:
    """The activation of that name, out of small gates."""
    if activation == "sigmoid":
        return 1 / (1 + (-z).exp())
    if activation == "tanh":
        return z.tanh()
    if activation == "relu":
        return z.max(0)
    if activation == "softmax":
        e = z.exp()
        return e / (e @ np.ones((z.data.shape[1], 1)))
    return z


def loss_of(a: Value, Y: Array, loss: str) -> Value:
    """The mean loss over the rows."""
    if loss == "mse":
        return ((a - Y) ** 2).sum() / (2 * len(Y))
    return -(a.log() * Y).sum() / len(Y)


def far_off(rng: np.random.Generator) -> Network:
    """A layer whose targets lie far below its outputs: gradients well above 3."""
    X, Y, *rest = network(rng, 3, (2, 2), ["identity"])
    return X, Y - 12, *rest


@engine_backprop.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one layer",
        1,
        [
            network(rng, 4, (2, 3), ["sigmoid"]),
            network(rng, 3, (3, 2), ["tanh"]),
            network(rng, 4, (3, 3), ["softmax"], "cross_entropy"),
            far_off(rng),
        ],
    )
    yield Ask(
        "several layers, mean squared error",
        1,
        [
            network(rng, 3, (2, 4, 3), ["tanh", "sigmoid"]),
            network(rng, 4, (3, 4, 3, 2), ["relu", "tanh", "identity"]),
            network(rng, 3, (1, 2, 1), ["sigmoid", "tanh"]),
            network(rng, 3, (2, 3, 3), ["tanh", "softmax"]),
            network(rng, 1, (2, 3, 2), ["tanh", "sigmoid"]),
        ],
    )
    yield Ask(
        "softmax with cross-entropy",
        1,
        [
            network(rng, 3, (2, 4, 3), ["sigmoid", "softmax"], "cross_entropy"),
            network(rng, 3, (3, 3, 3, 3), ["relu", "sigmoid", "softmax"], "cross_entropy"),
        ],
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


def engine_with(
    activate: Callable[[Value, str], Value] = activated,
    lost: Callable[[Value, Array, str], Value] = loss_of,
    layer: Callable[[Value, Value, Value], Value] = lambda a, W, b: a @ W + b,
    last: bool = True,
    gradients_of: Callable[..., Any] = value_gradients,
) -> Callable[..., Gradients]:
    """The way forward with a slip put in, or by another engine."""

    def wrong(*arguments: Any) -> Gradients:
        X, Y, weights, biases, activations, loss = arguments
        X, Y = np.atleast_2d(X), np.atleast_2d(Y)
        depth = len(weights)

        def mean_loss(*parameters: Any) -> Any:
            a: Any = X
            for k in range(depth):
                z = layer(a, parameters[k], parameters[depth + k])
                a = activate(z, activations[k]) if last or k < depth - 1 else z
            return lost(a, Y, loss)

        _, gradients = gradients_of(mean_loss, [*weights, *biases])
        return list(gradients[:depth]), list(gradients[depth:])

    return wrong


def _instead(name: str, other: Callable[[Value], Value]) -> Callable[[Value, str], Value]:
    return lambda z, activation: other(z) if activation == name else activated(z, activation)


def _times(factor: Callable[[Value, Array, str], float]) -> Callable[[Value, Array, str], Value]:
    return lambda a, Y, loss: loss_of(a, Y, loss) * factor(a, Y, loss)


def _softmax_over_all(z: Value) -> Value:
    e = z.exp()
    return e / e.sum()


def _softmax_down_the_columns(z: Value) -> Value:
    e = z.exp()
    return e / (np.ones((1, z.data.shape[0])) @ e)


def _softmax_with_constant_sums(z: Value) -> Value:
    return z.exp() / np.sum(np.exp(z.data), axis=1, keepdims=True)


SLIPS: tuple[tuple[str, str, Callable[..., Gradients]], ...] = (
    ("sum_for_mean", "The 1/m of the mean is missing: the loss is the mean over the rows.", engine_with(lost=_times(lambda a, Y, loss: len(Y)))),
    ("mean_over_all_entries", "The loss was divided by all m times n entries of the output. Divide by the m rows.", engine_with(lost=_times(lambda a, Y, loss: 1 / Y.shape[1]))),
    ("half_forgotten", "With the mean squared error the 1/2 is missing: it is 1/(2m) times the sum of squares.", engine_with(lost=_times(lambda a, Y, loss: 2 if loss == "mse" else 1))),
    ("half_of_the_cross_entropy", "The cross-entropy was divided by 2m. The 1/2 belongs to the squared error.", engine_with(lost=_times(lambda a, Y, loss: 1 if loss == "mse" else 0.5))),
    ("minus_of_the_cross_entropy", "The minus of the cross-entropy is lost, and its gradients point the other way.", engine_with(lost=_times(lambda a, Y, loss: 1 if loss == "mse" else -1))),
    ("difference_not_squared", "With the mean squared error the difference was not squared.", engine_with(lost=lambda a, Y, loss: (a - Y).sum() / (2 * len(Y)) if loss == "mse" else loss_of(a, Y, loss))),
    ("whole_loss_of_both_classes", "The cross-entropy has a term with 1 - y as well. That one belongs to a single sigmoid; after a softmax it is -y log p alone.", engine_with(lost=lambda a, Y, loss: loss_of(a, Y, loss) if loss == "mse" else loss_of(a, Y, loss) - ((1 - a).log() * (1 - Y)).sum() / len(Y))),
    ("biases_left_out", "The biases are not in the sums: z is a @ W + b. Their gradients are all 0.", engine_with(layer=lambda a, W, b: a @ W + b * 0)),
    ("last_activation_left_out", "The last layer's activation is missing: the loss was taken of its sums.", engine_with(lost=lambda a, Y, loss: loss_of(a, Y, loss) if loss == "mse" else loss_of(activated(a, "softmax"), Y, loss), last=False)),
    ("tanh_for_sigmoid", "Where the sigmoid is asked for stands the tanh.", engine_with(_instead("sigmoid", lambda z: z.tanh()))),
    ("sigmoid_without_minus", "The sigmoid is 1 / (1 + e^(-z)): the minus in the exponent is missing.", engine_with(_instead("sigmoid", lambda z: 1 / (1 + z.exp())))),
    ("sigmoid_for_every_activation", "Every layer but a softmax got the sigmoid. Look at `activations[k]`.", engine_with(lambda z, name: activated(z, "softmax" if name == "softmax" else "sigmoid"))),
    ("relu_left_out", "The ReLU is missing: it is max(z, 0).", engine_with(_instead("relu", lambda z: z))),
    ("relu_cuts_above", "ReLU is max(z, 0). Here what is above 0 was cut off.", engine_with(_instead("relu", lambda z: -((-z).max(0))))),
    ("softmax_over_all_rows", "The softmax was divided by the sum over the whole batch. Each row is divided by its own sum.", engine_with(_instead("softmax", _softmax_over_all))),
    ("softmax_down_the_columns", "The softmax was divided by the sums of the columns. Each row is divided by its own sum.", engine_with(_instead("softmax", _softmax_down_the_columns))),
    ("softmax_with_constant_sums", "The softmax's row sums were computed beside the graph, with plain numbers: then no gradient goes through them. They depend on z, so they must be Values.", engine_with(_instead("softmax", _softmax_with_constant_sums))),
    ("softmax_without_sums", "The softmax is not divided by its row sums.", engine_with(_instead("softmax", lambda z: z.exp()))),
    ("sigmoids_for_softmax", "A sigmoid on each output is no softmax: the outputs of a row must sum to 1.", engine_with(_instead("softmax", lambda z: activated(z, "sigmoid")))),
)  # fmt: skip
for _name, _sentence, _wrong in SLIPS:
    _wrong.__name__ = _name
    engine_backprop.misconception(_sentence)(_wrong)


@engine_backprop.misconception(ONE_SAMPLE)
def inputs_counted_as_samples(*arguments: Any) -> Gradients:
    X, m = arguments[0], len(np.atleast_2d(arguments[0]))
    weights, biases = engine_backprop(*arguments)
    return [g * m / len(X) for g in weights], [g * m / len(X) for g in biases]


@engine_backprop.misconception("The two lists are exchanged: the weights' gradients first, then the biases'.")
def biases_first(*arguments: Any) -> tuple[list[Array], list[Array]]:
    return engine_backprop(*arguments)[::-1]


@engine_backprop.misconception(
    "All gradients stand in one list. Two lists are asked for: the weights' and the biases'."
)
def one_long_list(*arguments: Any) -> list[Array]:
    weights, biases = engine_backprop(*arguments)
    return [*weights, *biases]


@engine_backprop.misconception(
    "The layers stand in reverse order. The first gradient belongs to the first layer's weights."
)
def layers_reversed(*arguments: Any) -> Gradients:
    weights, biases = engine_backprop(*arguments)
    return weights[::-1], biases[::-1]


@engine_backprop.misconception(
    "The delta of softmax and cross-entropy, p - y, was used with the squared error too. Let the engine find the slope: write the loss that is asked for."
)
def cross_entropys_delta(X, Y, weights, biases, activations, loss):
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    if loss == "mse":  # a loss whose slope at the sums is (a - y) / m
        z, a = forward_pass(X, weights, biases, activations)[-1]
        return backprop(X, z - (a - Y), weights, biases, [*activations[:-1], "identity"], "mse")
    return engine_backprop(X, Y, weights, biases, activations, loss)


# Right answers in other words.


def by_the_four_equations(X, Y, weights, biases, activations, loss):
    return backprop(X, Y, weights, biases, activations, loss)


def by_small_steps(X, Y, weights, biases, activations, loss):
    """Central differences; no engine at all."""
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    parameters = [np.array(each, dtype=float) for each in (*weights, *biases)]

    def mean_loss():
        a = forward_pass(X, parameters[: len(weights)], parameters[len(weights) :], activations)[-1][1]
        return np.sum((a - Y) ** 2) / 2 / len(X) if loss == "mse" else -np.sum(Y * np.log(a)) / len(X)

    gradients = [np.zeros(each.shape) for each in parameters]
    for values, slopes in zip(parameters, gradients, strict=True):
        for k in np.ndindex(values.shape):
            kept = values[k]
            values[k] = kept + 1e-5
            above = mean_loss()
            values[k] = kept - 1e-5
            slopes[k] = (above - mean_loss()) / 2e-5
            values[k] = kept
    return gradients[: len(weights)], gradients[len(weights) :]


def by_an_engine_of_closures(*arguments):
    return engine_with(gradients_of=value_gradients_closures)(*arguments)


def by_an_engine_that_counts(*arguments):
    return engine_with(gradients_of=value_gradients_counting)(*arguments)


def by_jacobians_float32(*arguments):
    return tuple([np.float32(each) for each in part] for part in backprop_with_jacobians(*arguments))


engine_backprop.right_answers(
    by_the_four_equations,
    by_small_steps,
    by_an_engine_of_closures,
    by_an_engine_that_counts,
    by_jacobians_float32,
)
