"""`predict_probabilities`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, numbers, signed
from autograder.bank.lesson_10_training.activate import (
    activate,
    activate_by_dictionary,
    activate_copies,
    activate_float32,
    activate_loops,
    activate_one_liners,
)
from autograder.bank.lesson_10_training.common import LESSON, Array, Arrays, Generator, Names


@exercise(
    LESSON,
    difficulty=1,
    minutes=7,
    hints=(
        "One variable is enough: what comes out of a layer is what goes into the next. It starts as X.",
        r"$a^{(0)} = X$, then $a^{(l)} = f_l\bigl(a^{(l-1)} W^{(l)} + b^{(l)}\bigr)$ for each layer",
        "`a = X`, then `for W, b, name in zip(weights, biases, activations):` and in it `a = activate(a @ W + b, name)`. After the loop `a` is the answer.",
    ),
)
def predict_probabilities(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    a = np.asarray(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate(a @ W + b, name)
    return a


def network(rng: Generator, m: int, sizes: Sequence[int], hidden: Names) -> tuple:
    """(X, weights, biases, activations): no sum of a hidden unit at a kink, ReLU units on and off."""
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    while True:
        X = numbers(rng, m, sizes[0], low=-2, high=2)
        weights = [numbers(rng, *pair, low=-1.5, high=1.5) for pair in pairs]
        biases = [signed(rng, n) / 2 for _, n in pairs]
        if _is_lively(X, weights, biases, hidden):
            return X, weights, biases, [*hidden, "softmax"]


def _is_lively(X: Array, weights: Arrays, biases: Arrays, hidden: Names) -> bool:
    a = X
    for W, b, name in zip(weights, biases, hidden, strict=False):
        z = a @ W + b
        on = (z > 0).mean()
        if np.min(np.abs(z)) < 0.05 or np.max(np.abs(z)) > 5 or (name == "relu" and not 0.2 < on < 0.8):
            return False
        a = activate(z, name)
    p = activate(a @ weights[-1] + biases[-1], "softmax")
    return bool(np.min(p) > 0.005 and np.max(np.abs(a @ weights[-1])) > 0.1)


@predict_probabilities.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "one hidden layer",
        1,
        [network(rng, 4, (3, 2, 4), ["tanh"]), network(rng, 3, (2, 5, 3), ["relu"])],
        unchanged=True,
    )
    yield Ask(
        "several hidden layers, each with its own activation",
        1,
        [
            network(rng, 3, (2, 4, 3, 2), ["relu", "sigmoid"]),
            network(rng, 2, (3, 3, 3, 3), ["sigmoid", "tanh"]),
        ],
    )
    X, *rest = network(rng, 1, (4, 3, 2), ["sigmoid"])
    x, *others = network(rng, 1, (3, 2), [])
    thin, row = network(rng, 3, (2, 1, 2), ["tanh"]), network(rng, 1, (1, 2, 3), ["relu"])
    yield Ask(
        "a single sample, and a net without a hidden layer",
        1,
        [(X[0], *rest), (x, *others), (x[0], *others), thin, row, (X[0], *rest)],
    )


@predict_probabilities.misconception(
    "The biases are left out. Every layer computes the sum of its weighted inputs plus b."
)
def predicts_without_biases(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return predict_probabilities(X, weights, [np.zeros_like(b) for b in biases], activations)


@predict_probabilities.misconception(
    "The last layer's softmax is missing: these are logits. Each layer has its activation, the last one too."
)
def returns_logits(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    a = predict_probabilities(X, weights[:-1], biases[:-1], activations[:-1])
    return a @ weights[-1] + biases[-1]


@predict_probabilities.misconception(
    "The hidden layers have no activation, so the layers melt into a single one. Bend after every layer."
)
def only_the_last_bends(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    a = X
    for W, b in zip(weights, biases, strict=True):
        a = a @ W + b
    return activate(a, activations[-1])


@predict_probabilities.misconception("The softmax was used in every layer. It belongs to the last one only.")
def softmax_everywhere(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return predict_probabilities(X, weights, biases, ["softmax"] * len(weights))


@predict_probabilities.misconception(
    "All hidden layers got the first layer's activation. Each layer has its own: activations[l]."
)
def first_name_everywhere(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    hidden = [activations[0]] * (len(weights) - 1)
    return predict_probabilities(X, weights, biases, [*hidden, activations[-1]])


@predict_probabilities.misconception(
    "The bias was added after the activation. It belongs inside: f(a W + b)."
)
def bias_outside(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    a = X
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate(a @ W, name) + b
    return a


@predict_probabilities.misconception(
    "The bias is taken away as if it were a threshold. It is added: a W + b."
)
def subtracts_the_bias(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return predict_probabilities(X, weights, [-b for b in biases], activations)


@predict_probabilities.misconception(
    "The class with the largest probability came back. Here all the probabilities are asked for."
)
def returns_the_class(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return predict_probabilities(X, weights, biases, activations).argmax(axis=-1)


@predict_probabilities.misconception("The softmax was applied a second time, to its own probabilities.")
def softmax_twice(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return activate(predict_probabilities(X, weights, biases, activations), "softmax")


@predict_probabilities.misconception("The biases came in reversed. Unit k has bias b[k].")
def biases_reversed(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    return predict_probabilities(X, weights, [b[::-1] for b in biases], activations)


for _place, _which in ((0, "first"), (-1, "last")):

    def _without_one_bias(
        X: Array, weights: Arrays, biases: Arrays, activations: Names, place: int = _place
    ) -> Array:
        kept = list(biases)
        kept[place] = np.zeros_like(kept[place])
        return predict_probabilities(X, weights, kept, activations)

    _without_one_bias.__name__ = f"{_which}_bias_left_out"
    predict_probabilities.misconception(f"The biases of the {_which} layer are left out.")(_without_one_bias)


def _with(name: str, other: Callable[[Array], Array]) -> Callable[..., Array]:
    def wrong(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
        a = X
        for W, b, each in zip(weights, biases, activations, strict=True):
            a = other(a @ W + b) if each == name else activate(a @ W + b, each)
        return a

    return wrong


families.softmax(
    predict_probabilities,
    lambda softmax: _with("softmax", softmax),
    without=(
        "no_exponential",
        "one_maximum_for_all_rows",
        "largest_size_for_maximum",
        "mean_for_maximum",
        "no_shift",
    ),
)


# Right answers in other words.


def predict_recursive(X, weights, biases, activations):
    if len(weights) == 0:
        return X
    first = activate_one_liners(X @ weights[0] + biases[0], activations[0])
    return predict_recursive(first, weights[1:], biases[1:], activations[1:])


def predict_einsum(X, weights, biases, activations):
    a = X
    for k in range(len(weights)):
        a = activate_by_dictionary(np.einsum("...i,ij->...j", a, weights[k]) + biases[k], activations[k])
    return a


def predict_row_by_row(X, weights, biases, activations):
    if np.ndim(X) == 2:
        return [predict_row_by_row(x, weights, biases, activations) for x in X]
    a = list(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        z = [sum(a[i] * W[i][j] for i in range(len(a))) + b[j] for j in range(len(b))]
        a = activate_loops(z, name)
    return a


def predict_float32(X, weights, biases, activations):
    a = np.float32(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate_float32(a @ np.float32(W) + np.float32(b), name)
    return a


def predict_with_ones(X, weights, biases, activations):
    """The bias as one more row of weights, fed with 1."""
    a = np.atleast_2d(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate_copies(np.hstack([a, np.ones((len(a), 1))]) @ np.vstack([W, b]), name)
    return a[0] if np.ndim(X) == 1 else a


predict_probabilities.right_answers(
    predict_recursive,
    predict_einsum,
    predict_row_by_row,
    predict_float32,
    predict_with_ones,
)
