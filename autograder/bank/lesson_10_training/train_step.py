"""`train_step`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_10_training.activate import activate
from autograder.bank.lesson_10_training.common import LESSON, Array, Arrays, Generator, Names, targets
from autograder.bank.lesson_10_training.predict_probabilities import network, predict_probabilities
from autograder.bank.lesson_10_training.train_step_right import (
    step_einsum_on_copies,
    step_float32,
    step_recursive,
    step_sample_by_sample,
    step_with_sums_kept,
)


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    hints=(
        "Keep the output of every layer on the way forward, X as the first. On the way back you need the outputs twice: once for the gradient, once for the slope.",
        r"$\delta = (p - Y)/m$ at the end; then per layer, from the last: $\dfrac{\partial L}{\partial W} = a_{\text{in}}^{\mathsf T}\,\delta$, $\dfrac{\partial L}{\partial b} = \sum_i \delta_i$, and $\delta \leftarrow (\delta\, W^{\mathsf T}) \odot f'$ with the old $W$",
        "Forwards: `outputs = [X]`, and append `activate(outputs[-1] @ W + b, name)` for each layer. Then `delta = (outputs[-1] - Y) / len(X)`, and for `k` from the last layer to the first: the gradients `outputs[k].T @ delta` and `delta.sum(axis=0)`; if `k > 0`, `delta = (delta @ weights[k].T) * slope`, with the slope of layer `k - 1` from `outputs[k]`. Only then make the new lists.",
    ),
)
def train_step(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple[list[Array], list[Array], float]:
    outputs = [X]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate(outputs[-1] @ W + b, name))
    m = len(X)
    loss = -np.sum(Y * np.log(np.maximum(outputs[-1], 1e-300))) / m
    delta = (outputs[-1] - Y) / m
    new_weights, new_biases = list(weights), list(biases)
    for layer in reversed(range(len(weights))):
        new_weights[layer] = weights[layer] - learning_rate * outputs[layer].T @ delta
        new_biases[layer] = biases[layer] - learning_rate * np.sum(delta, axis=0)
        if layer > 0:
            delta = (delta @ weights[layer].T) * slope_of_output(outputs[layer], activations[layer - 1])
    return new_weights, new_biases, float(loss)


def slope_of_output(a: Array, name: str) -> Array:
    """The slope of an activation, from its output alone."""
    return {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": (a > 0) * 1.0}[name]


def step_with(
    X: Array,
    Y: Array,
    weights: Arrays,
    biases: Arrays,
    activations: Names,
    learning_rate: float,
    slope: Callable[[Array, str], Array] = slope_of_output,
    share: Callable[[int], float] = lambda m: 1 / m,
) -> tuple[list[Array], list[Array], float]:
    """For slips: a step with another slope, or with another factor than 1/m in the delta."""
    outputs = [X]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate(outputs[-1] @ W + b, name))
    m = len(Y)
    loss = -np.sum(Y * np.log(np.maximum(outputs[-1], 1e-300))) / m
    delta = (outputs[-1] - Y) * share(m)
    new_weights, new_biases = list(weights), list(biases)
    for layer in reversed(range(len(weights))):
        new_weights[layer] = weights[layer] - learning_rate * outputs[layer].T @ delta
        new_biases[layer] = biases[layer] - learning_rate * delta.sum(axis=0)
        if layer:
            delta = (delta @ weights[layer].T) * slope(outputs[layer], activations[layer - 1])
    return new_weights, new_biases, float(loss)


def step_case(rng: Generator, m: int, sizes: Sequence[int], hidden: Names, rate: float) -> tuple:
    X, weights, biases, names = network(rng, m, sizes, hidden)
    return X, targets(rng, m, sizes[-1]), weights, biases, names, np.float64(rate)


def nearly_lost(rng: Generator) -> tuple:
    """A batch with a row whose class the net gives hardly a ten-thousandth: its loss is about 9."""
    X, Y, weights, biases, names, rate = step_case(rng, 3, (2, 3), [], 0.5)
    logits = X @ weights[-1]
    true = int(np.argmax(Y[0]))
    biases[-1] = np.full(3, 0.0)
    biases[-1][true] = np.max(np.delete(logits[0], true)) - logits[0, true] - 8.75
    return X, Y, weights, biases, names, rate


@train_step.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "no hidden layer",
        1,
        [
            step_case(rng, 4, (3, 2), [], 0.5),
            step_case(rng, 5, (2, 3), [], 1.5),
            step_case(rng, 1, (1, 3), [], 0.5),
            nearly_lost(rng),
        ],
    )
    thin = step_case(rng, 3, (2, 1, 2), ["tanh"], 0.5)
    yield Ask(
        "one hidden layer",
        2,
        [
            thin,
            (-thin[0], *thin[1:]),
            thin,
            step_case(rng, 5, (2, 4, 3), ["tanh"], 0.5),
            step_case(rng, 4, (3, 5, 2), ["relu"], 0.25),
            step_case(rng, 3, (2, 3, 3), ["sigmoid"], 2.0),
        ],
    )
    yield Ask(
        "two hidden layers, and a batch of one",
        1.5,
        [
            step_case(rng, 4, (3, 4, 2, 3), ["sigmoid", "tanh"], 1.5),
            step_case(rng, 1, (2, 3, 4, 2), ["tanh", "sigmoid"], 0.5),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [step_case(rng, 3, (2, 3, 2), ["tanh"], 0.5)],
        unchanged=True,
    )


@train_step.misconception(
    "The step goes uphill. Subtract learning_rate times the gradient, so that the loss falls."
)
def steps_uphill(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(X, Y, weights, biases, activations, -learning_rate)


@train_step.misconception(
    "The 1/m is missing in the delta: this is the gradient of the sum over the batch, m times too large. The loss is a mean."
)
def sums_over_the_batch(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(X, Y, weights, biases, activations, learning_rate, share=lambda m: 1.0)


@train_step.misconception(
    "The division by m was done twice. The delta carries the 1/m already, and the gradients inherit it."
)
def divides_twice(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(X, Y, weights, biases, activations, learning_rate, share=lambda m: 1 / m**2)


@train_step.misconception(
    "The weights are right, but the biases have not moved. They have a gradient of their own: the column sums of delta."
)
def biases_stay(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, _, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    return moved, list(biases), loss


@train_step.misconception(
    "The biases got the mean of delta over the rows. The 1/m is in delta already: the gradient is the sum."
)
def mean_for_the_biases(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    return moved, [b + (s - b) / len(X) for b, s in zip(biases, shifted, strict=True)], loss


@train_step.misconception(
    "On the way back the hidden layer's slope is missing: delta W^T must be multiplied by f' element by element."
)
def forgets_the_slope(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(X, Y, weights, biases, activations, learning_rate, slope=lambda a, name: np.ones_like(a))


@train_step.misconception(
    "The slope a (1 - a) was used for every activation. It belongs to the sigmoid; the tanh has 1 - a^2, the ReLU 1 or 0."
)
def sigmoid_slope_everywhere(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(X, Y, weights, biases, activations, learning_rate, slope=lambda a, name: a * (1 - a))


@train_step.misconception(
    "The slope was computed from the output as if it were the input: sigmoid(a)(1 - sigmoid(a)), or 1 - tanh(a)^2. From the output a it is a (1 - a), or 1 - a^2."
)
def bends_a_second_time(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return step_with(
        X, Y, weights, biases, activations, learning_rate,
        slope=lambda a, name: slope_of_output(activate(a, name), name),
    )  # fmt: skip


@train_step.misconception(
    "The slope of the next layer was used where each layer needs its own: layer l's delta is multiplied by the slope of layer l."
)
def slope_of_the_neighbour(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    names = list(activations[:-1])
    shifted = [*names[1:], "sigmoid" if names[-1:] != ["sigmoid"] else "tanh"] if names else []
    of = dict(zip(range(len(names)), shifted, strict=True))
    outputs = [np.asarray(X)]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate(outputs[-1] @ W + b, name))
    wrong = iter([of[layer] for layer in reversed(range(len(names)))])
    return step_with(
        X, Y, weights, biases, activations, learning_rate, slope=lambda a, _: slope_of_output(a, next(wrong))
    )


@train_step.misconception(
    "The delta went back through weights that had already been updated. Use the weights of the way forward, and update afterwards."
)
def through_the_new_weights(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    outputs = [np.asarray(X)]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate(outputs[-1] @ W + b, name))
    loss = -np.sum(Y * np.log(outputs[-1])) / len(Y)
    delta = (outputs[-1] - Y) / len(Y)
    new_weights, new_biases = list(weights), list(biases)
    for layer in reversed(range(len(weights))):
        new_weights[layer] = weights[layer] - learning_rate * outputs[layer].T @ delta
        new_biases[layer] = biases[layer] - learning_rate * delta.sum(axis=0)
        if layer:
            delta = (delta @ new_weights[layer].T) * slope_of_output(outputs[layer], activations[layer - 1])
    return new_weights, new_biases, float(loss)


@train_step.misconception(
    "The output's delta was multiplied by p (1 - p) once more. With softmax and cross-entropy together it is (p - Y)/m, and nothing else."
)
def output_slope_again(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    P = predict_probabilities(X, weights, biases, activations)
    _, _, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    # The same as targets that make p - Y what it is times p (1 - p).
    return *step_with(X, P - (P - Y) * P * (1 - P), weights, biases, activations, learning_rate)[:2], loss


@train_step.misconception(
    "This is the loss after the step. Asked for is the loss of the batch before it, which the way forward gives anyway."
)
def loss_after_the_step(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, _ = step_with(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, step_with(X, Y, moved, shifted, activations, learning_rate)[2]


@train_step.misconception("The loss is the sum over the batch. Divide by the number of rows: it is a mean.")
def loss_as_a_sum(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, loss * len(X)


@train_step.misconception(
    "The loss was averaged over rows and classes. It is one number for each row, and the mean over the rows."
)
def loss_over_the_classes(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, loss / np.shape(Y)[-1]


@train_step.misconception(
    "These are the gradients. Asked for are the new weights and biases, after the step."
)
def returns_gradients(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, 1.0)
    old, new = [*weights, *biases], [*moved, *shifted]
    gradients = [a - b for a, b in zip(old, new, strict=True)]
    return gradients[: len(weights)], gradients[len(weights) :], loss


@train_step.misconception(
    "Only the last layer has moved. The hidden layers have gradients too: send delta back to them."
)
def only_the_last_layer(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    return [*weights[:-1], moved[-1]], [*biases[:-1], shifted[-1]], loss


@train_step.misconception(
    "The numbers are right, but `W -= ...` changes the caller's arrays. Write `W - ...`, which makes new ones."
)
def steps_in_place(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = step_with(X, Y, weights, biases, activations, learning_rate)
    for old, new in zip([*weights, *biases], [*moved, *shifted], strict=True):
        old[...] = new
    return moved, shifted, loss


train_step.right_answers(
    step_with_sums_kept,
    step_sample_by_sample,
    step_recursive,
    step_einsum_on_copies,
    step_float32,
)
