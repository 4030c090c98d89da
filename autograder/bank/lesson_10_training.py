"""Lesson 10: initial weights, mini-batches, and the whole algorithm, on real handwritten digits (seeds 000, 001, 003).

Rows are samples. The net ends in a softmax and its loss is the mean cross-entropy. A right answer draws its own
random numbers, so initialise, minibatches and train are judged by properties.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers, signed
from autograder.kit.plain import Rng

Array = np.ndarray
Arrays = Sequence[np.ndarray]
Names = Sequence[str]
Generator = np.random.Generator
LESSON = "10-training"
OVERFLOW = "exp(1000) overflows. Subtract each row's largest logit before the exponential."
IN_PLACE = "The numbers are right, but an argument was changed on the way. Compute into new arrays."


def seed(rng: Generator) -> Rng:
    """A generator for a student's function, with a seed of its own."""
    return Rng(int(rng.integers(1, 1_000_000)))


def targets(rng: Generator, m: int, classes: int) -> Array:
    """One-hot rows; every class occurs where m allows it, and the order is random."""
    return np.eye(classes)[rng.permutation(np.arange(m) % classes)]


# ------------------------------------------------------------------------------------------------ one_hot


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Each label picks one row of a table that you know. Which matrix has exactly one 1 in each row, in row 3 at place 3?",
        r"$Y_{ij} = 1$ if $j$ is the label of row $i$, else $0$; the rows of the identity matrix $I$, picked by the labels",
        "`identity = np.eye(classes)`",
    ),
)
def one_hot(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels]


@one_hot.asks
def _(rng: Generator) -> Iterator[Ask]:
    def some(m: int, most: int) -> Array:
        return np.array([most, *rng.integers(0, most + 1, m - 3), 1, 1])

    yield Ask("as many rows as labels", 1, [(some(5, 3), 4), (some(7, 9), 10)])
    yield Ask("a class that does not occur", 0.5, [(some(4, 2), 5), (some(6, 3), 6)])
    yield Ask("a single label", 0.5, [(int(rng.integers(1, 9)), int(rng.integers(9, 16))), (2, 3)])


@one_hot.misconception("The classes are counted from 1 here. Label 0 belongs to the first column, Y[:, 0].")
def counts_from_one(labels: Array, classes: int) -> Array:
    return np.eye(classes)[np.asarray(labels) - 1]


@one_hot.misconception("It is turned on its side: one row for each label, one column for each class.")
def one_hot_on_its_side(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels].T if np.ndim(labels) else np.eye(classes)[[labels]].T


@one_hot.misconception("The label itself stands where the 1 should. One-hot rows hold 0 and 1 only.")
def label_for_the_one(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels] * np.asarray(labels)[..., None]


@one_hot.misconception("Ones and zeros are swapped: the label's own place holds the 1, all others 0.")
def one_cold(labels: Array, classes: int) -> Array:
    return 1 - np.eye(classes)[labels]


@one_hot.misconception(
    "The width comes from the largest label. A class that happens not to occur needs its column too: use `classes`."
)
def width_of_the_largest(labels: Array, classes: int) -> Array:
    return np.eye(int(np.max(labels)) + 1)[labels]


@one_hot.misconception("The columns run backwards: class 0 belongs to the first column, not to the last.")
def columns_backwards(labels: Array, classes: int) -> Array:
    return np.eye(classes)[labels][..., ::-1]


@one_hot.misconception(
    "A single label has become a batch of one. One label in, one row out: shape (classes,)."
)
def always_a_batch(labels: Array, classes: int) -> Array:
    return np.eye(classes)[np.atleast_1d(labels)]


# --------------------------------------------------------------------------------------------- initialise


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Walk along neighbouring sizes: (sizes[0], sizes[1]), then (sizes[1], sizes[2]), and so on. Each pair makes one W and one b.",
        r"$\operatorname{std}(W) = \sqrt{2/(n_{\text{in}} + n_{\text{out}})}$ for xavier, $\sqrt{2/n_{\text{in}}}$ for he; all biases $0$",
        "`for n_in, n_out in zip(sizes[:-1], sizes[1:]):`",
    ),
)
def initialise(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple[list[Array], list[Array]]:
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        weights.append(rng.normal(0, _std(n_in, n_out, scheme), (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def _std(n_in: int, n_out: int, scheme: str) -> float:
    return {"zeros": 0.0, "xavier": math.sqrt(2 / (n_in + n_out)), "he": math.sqrt(2 / n_in)}[scheme]


def _drawn(
    sizes: Sequence[int],
    rng: Generator,
    scheme: str,
    std: Callable[[int, int, str], float] = _std,
    draw: Callable[[Generator, float, tuple[int, int]], Array] = lambda rng, s, shape: rng.normal(
        0, s, shape
    ),
) -> tuple[list[Array], list[Array]]:
    """For slips: weights drawn with another standard deviation or in another way, and biases of 0."""
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    weights = [draw(rng, std(a, b, scheme), (a, b)) for a, b in pairs]
    return weights, [np.zeros(b) for _, b in pairs]


@initialise.asks
def _(rng: Generator) -> Iterator[Ask]:
    a, b = (int(n) for n in rng.choice(np.arange(2, 13), 2, replace=False))
    yield Ask(
        '"zeros", and the shapes',
        0.5,
        [([a, b, 3], seed(rng), "zeros"), ([b, a], seed(rng), "zeros")],
        properties=("zero_layers",),
        exact=False,
    )
    spread = ("spread_of_the_scheme",)
    # Enough weights to measure a spread by, and hardly two sheets the same.
    n_in, more = int(rng.integers(16, 25)), int(rng.integers(0, 5))
    n_out = 800 // n_in + more
    yield Ask('"xavier"', 1.5, [([n_in, n_out], seed(rng), "xavier")], properties=spread, exact=False)
    yield Ask('"he"', 1.5, [([n_in, n_out, 4], seed(rng), "he")], properties=spread, exact=False)
    one, other = seed(rng), seed(rng)
    few = [int(rng.integers(3, 7)), int(rng.integers(7, 10)), 2]
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(few, one, "xavier"), (few, one, "xavier"), (few, other, "he")],
        exact=False,
        properties=("layers_of_the_sizes",),
        together=("generator_decides_the_weights",),
    )


@initialise.misconception(
    "All weights are 0 whatever the scheme. Then all hidden neurons are alike for ever: draw the weights at random."
)
def zeros_always(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, "zeros")


@initialise.misconception(
    "The shapes are turned round. W has the shape (n_in, n_out), one row for each input."
)
def shapes_turned_round(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    weights, biases = _drawn(sizes, rng, scheme)
    return [W.T for W in weights], biases


@initialise.misconception(
    "The weights are right, and the biases were drawn at random too. Biases start at 0."
)
def random_biases(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    weights, biases = _drawn(sizes, rng, scheme)
    return weights, [rng.normal(0, 0.1, b.shape) for b in biases]


@initialise.misconception(
    'The two schemes are swapped: "xavier" has n_in + n_out below the root, "he" has n_in alone.'
)
def schemes_swapped(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, {"xavier": "he", "he": "xavier"}.get(scheme, scheme))


@initialise.misconception(
    "The variance was handed over where the generator wants the standard deviation: the square root is missing."
)
def variance_for_deviation(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, lambda a, b, s: _std(a, b, s) ** 2)


@initialise.misconception(
    "The weights have standard deviation 1. They must be scaled down, the more the wider the layer is."
)
def not_scaled(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, lambda a, b, s: float(s != "zeros"))


@initialise.misconception(
    "The 2 is missing below the root: for xavier it is sqrt(2 / (n_in + n_out)), for he sqrt(2 / n_in)."
)
def forgets_the_two(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, lambda a, b, s: _std(a, b, s) / math.sqrt(2))


@initialise.misconception(
    "For he the standard deviation was made from n_out. What is added up in a neuron are its n_in inputs."
)
def outputs_for_inputs(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, lambda a, b, s: _std(b, a, s))


@initialise.misconception(
    "This is 1 / sqrt(n_in), which some books call xavier. Here xavier is sqrt(2 / (n_in + n_out)), as the docstring says."
)
def xavier_of_the_inputs(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, lambda a, b, s: 1 / math.sqrt(a) if s == "xavier" else _std(a, b, s))


@initialise.misconception(
    "Uniform numbers between -s and s have the standard deviation s / sqrt(3). For the deviation s draw between -sqrt(3) s and sqrt(3) s."
)
def uniform_too_narrow(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, rng, scheme, draw=lambda rng, s, shape: rng.uniform(-s, s, shape))


@initialise.misconception(
    "A generator with a fixed seed is made inside, so every call gives the same weights. Draw from the rng that is handed in."
)
def own_generator(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return _drawn(sizes, np.random.default_rng(0), scheme)


# ----------------------------------------------------------------------------------------------- activate


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Four cases, one `if` each. Three of them work number by number; the softmax works along the last axis.",
        r"$\sigma(z) = \dfrac{1}{1 + e^{-z}}$, $\tanh z$, $\max(z, 0)$, and $\dfrac{e^{z_i}}{\sum_k e^{z_k}}$ after subtracting the row's largest $z$",
        '`if name == "sigmoid":`',
    ),
)
def activate(z: Array, name: str) -> Array:
    z = np.asarray(z)
    if name == "softmax":
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    if name == "sigmoid":
        return (1 + np.tanh(z / 2)) / 2
    return np.tanh(z) if name == "tanh" else np.maximum(z, 0)


def far_rows(rng: Generator, m: int, n: int) -> Array:
    """Rows of logits around thousands, each row around another."""
    centres = rng.permutation(np.array([1000.0, -1000.0, 2000.0]))[:m, None]
    return centres + np.array([distinct(rng, n, -2, 2) for _ in range(m)])


@activate.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask("sigmoid", 0.5, [(signed(rng, 4), "sigmoid"), (signed(rng, 2, 3), "sigmoid")])
    yield Ask("tanh", 0.5, [(signed(rng, 4), "tanh"), (signed(rng, 3, 2), "tanh")])
    yield Ask("relu", 0.5, [(signed(rng, 5), "relu"), (signed(rng, 2, 3), "relu")])
    yield Ask(
        "softmax",
        1,
        [(distinct(rng, 3), "softmax"), (signed(rng, 2, 3), "softmax"), (signed(rng, 3, 3), "softmax")],
    )
    yield Ask(
        "softmax of huge logits",
        0.5,
        [(far_rows(rng, 2, 3), "softmax"), (far_rows(rng, 3, 4), "softmax")],
        advice=OVERFLOW,
        unchanged=True,
    )


@activate.misconception("exp(1000) overflows, and inf / inf is nan. Subtract each row's largest logit first.")
def activate_overflows(z: Array, name: str) -> Array:
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True) if name == "softmax" else activate(z, name)


@activate.misconception(
    "The softmax was taken over the whole batch: all its numbers sum to 1. Each row is one sample and sums to 1."
)
def activate_whole_batch(z: Array, name: str) -> Array:
    return activate(np.ravel(z), name).reshape(np.shape(z))


@activate.misconception(
    "The softmax runs down the columns (axis=0). The class axis is the last one: axis=-1, keepdims=True."
)
def activate_down_the_columns(z: Array, name: str) -> Array:
    return activate(np.transpose(z), name).T


@activate.misconception("The softmax is the sigmoid here. It must divide by the sum over the row.")
def sigmoid_for_softmax(z: Array, name: str) -> Array:
    return activate(z, "sigmoid" if name == "softmax" else name)


@activate.misconception("This is the sigmoid whatever the name says. Each name has its own function.")
def always_sigmoid(z: Array, name: str) -> Array:
    return activate(z, "sigmoid")


@activate.misconception("The sign in the sigmoid's exponent is wrong: it is exp(-z), so that it rises.")
def sigmoid_falls(z: Array, name: str) -> Array:
    return activate(-z if name == "sigmoid" else z, name)


@activate.misconception(
    "This tanh is 2 sigmoid(z) - 1, which is too flat. The argument is doubled as well: 2 sigmoid(2 z) - 1."
)
def tanh_too_flat(z: Array, name: str) -> Array:
    return activate(z / 2 if name == "tanh" else z, name)


@activate.misconception("The ReLU gives |z| here. Below 0 it is 0.")
def absolute_for_relu(z: Array, name: str) -> Array:
    return np.abs(z) if name == "relu" else activate(z, name)


@activate.misconception("The ReLU is 1 above 0 here: that is its slope. The function itself is z there.")
def step_for_relu(z: Array, name: str) -> Array:
    return (np.asarray(z) > 0) * 1.0 if name == "relu" else activate(z, name)


@activate.misconception("The exponentials of the softmax are not yet divided by their row's sum.")
def forgets_the_row_sum(z: Array, name: str) -> Array:
    return np.exp(z - np.max(z, axis=-1, keepdims=True)) if name == "softmax" else activate(z, name)


@activate.misconception(IN_PLACE)
def shifts_in_place(z: Array, name: str) -> Array:
    if name == "softmax":
        z -= np.max(z, axis=-1, keepdims=True)
    return activate(z, name)


# ---------------------------------------------------------------------------------- predict_probabilities


@exercise(
    LESSON,
    difficulty=1,
    minutes=7,
    hints=(
        "One variable is enough: what comes out of a layer is what goes into the next. It starts as X.",
        r"$a^{(0)} = X$, then $a^{(l)} = f_l\bigl(a^{(l-1)} W^{(l)} + b^{(l)}\bigr)$ for each layer",
        "`for W, b, name in zip(weights, biases, activations):`",
    ),
)
def predict_probabilities(X: Array, weights: Arrays, biases: Arrays, activations: Names) -> Array:
    a = np.asarray(X)
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate(a @ W + b, name)
    return a


def network(rng: Generator, m: int, sizes: Sequence[int], hidden: Names) -> tuple:
    """(X, weights, biases, activations): no sum of a hidden neuron at a kink, ReLU neurons on and off."""
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
    yield Ask("a single sample, and a net without a hidden layer", 1, [(X[0], *rest), (x, *others)])


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


# ----------------------------------------------------------------------------------------------- accuracy


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The net's answer is the class with the largest probability. Where does the one-hot row have its largest number?",
        r"$\dfrac{1}{m}\sum_i [\,\arg\max_j P_{ij} = \arg\max_j Y_{ij}\,]$, where a true bracket counts 1, a false one 0",
        "`P = predict_probabilities(X, weights, biases, activations)`",
    ),
)
def accuracy(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return float(np.mean(np.argmax(P, axis=-1) == np.argmax(Y, axis=-1)))


def judged(rng: Generator, m: int, right: int, sizes: Sequence[int], below: float = 0) -> tuple:
    """A net, and targets of which it gets exactly `right` of `m` right, and with any other activation does not.

    Without a hidden layer the logits may be put `below` 0, all of them.
    """
    hidden = ["tanh"] * (len(sizes) - 2)
    while True:
        X, weights, biases, names = network(rng, m, sizes, hidden)
        biases[-1] = biases[-1] - below
        P = predict_probabilities(X, weights, biases, names)
        top, said = np.sort(P, axis=-1), np.argmax(P, axis=-1)
        wrong = (said + rng.integers(1, sizes[-1], m)) % sizes[-1]
        place = rng.permutation(m)
        least = np.argmin(top[:, -1])  # the net is right where it is least sure
        place[[least, np.argmin(place)]] = place[[np.argmin(place), least]]
        true = np.where(place < right, said, wrong)
        others = [_said_with(X, weights, biases, bend) for bend in OTHER_BENDS if hidden]
        if (
            (top[least, -1] < 0.47 or sizes[-1] == 2)
            and np.min(top[:, -1] - top[:, -2]) > 0.02
            and len(set(said.tolist())) > 1
            and all(np.sum(other == true) != right for other in others)
        ):
            return X, np.eye(sizes[-1])[true], weights, biases, names


OTHER_BENDS: tuple[Callable[[Array], Array], ...] = (
    lambda z: z,
    lambda z: -np.tanh(z),
    lambda z: np.maximum(z, 0),
    lambda z: (1 + np.tanh(z / 2)) / 2,
)


def _said_with(X: Array, weights: Arrays, biases: Arrays, bend: Callable[[Array], Array]) -> Array:
    """The classes that the net names if its hidden layer bends in another way."""
    return np.argmax(bend(X @ weights[0] + biases[0]) @ weights[1] + biases[1], axis=-1)


@accuracy.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "the share of rows that are right",
        1,
        [judged(rng, 5, 3, (3, 4, 4)), judged(rng, 8, 6, (3, 4, 3)), judged(rng, 6, 4, (2, 3), below=12)],
    )
    yield Ask(
        "two classes, and few rows right",
        0.5,
        [judged(rng, 7, 2, (2, 3, 2)), judged(rng, 10, 3, (3, 4, 3))],
    )
    yes, no = judged(rng, 3, 3, (3, 3, 4)), judged(rng, 3, 1, (3, 3, 4))
    wrong = int(np.argmin([accuracy(x, y, *no[2:]) for x, y in zip(no[0], no[1], strict=True)]))
    yield Ask(
        "a single sample: 1 or 0",
        0.5,
        [(yes[0][1], yes[1][1], *yes[2:]), (no[0][wrong], no[1][wrong], *no[2:])],
        unchanged=True,
    )


@accuracy.misconception("This is the share of rows that are wrong. The accuracy is the share that is right.")
def error_rate(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return 1 - accuracy(X, Y, weights, biases, activations)


@accuracy.misconception("This counts the right rows. Divide by the number of rows: the accuracy is a share.")
def counts_the_right(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return accuracy(X, Y, weights, biases, activations) * np.atleast_2d(X).shape[0]


@accuracy.misconception("This is in percent. A share is asked for, a number between 0 and 1.")
def in_percent(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return 100 * accuracy(X, Y, weights, biases, activations)


@accuracy.misconception(
    "This is the mean probability of the true class. The accuracy asks only which class is the largest."
)
def mean_of_the_true(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    return np.mean(np.sum(Y * predict_probabilities(X, weights, biases, activations), axis=-1))


@accuracy.misconception(
    "Every number of the table was compared, the zeros too. Compare one class for each row: argmax along the last axis."
)
def compares_every_number(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean((P.max(axis=-1, keepdims=True) == P) == (Y == 1))


@accuracy.misconception("argmax ran down the columns. The class axis is the last one: axis=-1.")
def argmax_of_the_columns(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.argmax(P, axis=0) == np.argmax(Y, axis=0))


@accuracy.misconception("argmin finds the class that the net believes in least. Use argmax.")
def least_likely(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.argmin(P, axis=-1) == np.argmax(Y, axis=-1))


@accuracy.misconception(
    "A row counts only where the true class has more than half. The largest probability decides, even if it is 0.4."
)
def needs_a_majority(X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names) -> float:
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.sum(Y * P, axis=-1) > 0.5)


# --------------------------------------------------------------------------------------------- train_step


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    hints=(
        "Keep the output of every layer on the way forward, X as the first. On the way back you need the outputs twice: once for the gradient, once for the slope.",
        r"$\delta = (p - Y)/m$ at the end; then per layer, from the last: $\dfrac{\partial L}{\partial W} = a_{\text{in}}^{\mathsf T}\,\delta$, $\dfrac{\partial L}{\partial b} = \sum_i \delta_i$, and $\delta \leftarrow (\delta\, W^{\mathsf T}) \odot f'$ with the old $W$",
        "`outputs = [X]`",
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


def _step(
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


@train_step.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "no hidden layer",
        1,
        [step_case(rng, 4, (3, 2), [], 0.5), step_case(rng, 5, (2, 3), [], 1.5)],
    )
    yield Ask(
        "one hidden layer",
        2,
        [
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
    return _step(X, Y, weights, biases, activations, -learning_rate)


@train_step.misconception(
    "The 1/m is missing in the delta: this is the gradient of the sum over the batch, m times too large. The loss is a mean."
)
def sums_over_the_batch(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return _step(X, Y, weights, biases, activations, learning_rate, share=lambda m: 1.0)


@train_step.misconception(
    "The division by m was done twice. The delta carries the 1/m already, and the gradients inherit it."
)
def divides_twice(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return _step(X, Y, weights, biases, activations, learning_rate, share=lambda m: 1 / m**2)


@train_step.misconception(
    "The weights are right, but the biases have not moved. They have a gradient of their own: the column sums of delta."
)
def biases_stay(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, _, loss = _step(X, Y, weights, biases, activations, learning_rate)
    return moved, list(biases), loss


@train_step.misconception(
    "The biases got the mean of delta over the rows. The 1/m is in delta already: the gradient is the sum."
)
def mean_for_the_biases(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, learning_rate)
    return moved, [b + (s - b) / len(X) for b, s in zip(biases, shifted, strict=True)], loss


@train_step.misconception(
    "On the way back the hidden layer's slope is missing: delta W^T must be multiplied by f' element by element."
)
def forgets_the_slope(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return _step(X, Y, weights, biases, activations, learning_rate, slope=lambda a, name: np.ones_like(a))


@train_step.misconception(
    "The slope a (1 - a) was used for every activation. It belongs to the sigmoid; the tanh has 1 - a^2, the ReLU 1 or 0."
)
def sigmoid_slope_everywhere(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return _step(X, Y, weights, biases, activations, learning_rate, slope=lambda a, name: a * (1 - a))


@train_step.misconception(
    "The slope was computed from the output as if it were the input: sigmoid(a)(1 - sigmoid(a)), or 1 - tanh(a)^2. From the output a it is a (1 - a), or 1 - a^2."
)
def bends_a_second_time(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    return _step(
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
    return _step(
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
    _, _, loss = _step(X, Y, weights, biases, activations, learning_rate)
    # The same as targets that make p - Y what it is times p (1 - p).
    return *_step(X, P - (P - Y) * P * (1 - P), weights, biases, activations, learning_rate)[:2], loss


@train_step.misconception(
    "This is the loss after the step. Asked for is the loss of the batch before it, which the way forward gives anyway."
)
def loss_after_the_step(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, _ = _step(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, _step(X, Y, moved, shifted, activations, learning_rate)[2]


@train_step.misconception("The loss is the sum over the batch. Divide by the number of rows: it is a mean.")
def loss_as_a_sum(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, loss * len(X)


@train_step.misconception(
    "The loss was averaged over rows and classes. It is one number for each row, and the mean over the rows."
)
def loss_over_the_classes(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, learning_rate)
    return moved, shifted, loss / np.shape(Y)[-1]


@train_step.misconception(
    "These are the gradients. Asked for are the new weights and biases, after the step."
)
def returns_gradients(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, 1.0)
    old, new = [*weights, *biases], [*moved, *shifted]
    gradients = [a - b for a, b in zip(old, new, strict=True)]
    return gradients[: len(weights)], gradients[len(weights) :], loss


@train_step.misconception(
    "Only the last layer has moved. The hidden layers have gradients too: send delta back to them."
)
def only_the_last_layer(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, learning_rate)
    return [*weights[:-1], moved[-1]], [*biases[:-1], shifted[-1]], loss


@train_step.misconception(
    "The numbers are right, but `W -= ...` changes the caller's arrays. Write `W - ...`, which makes new ones."
)
def steps_in_place(
    X: Array, Y: Array, weights: Arrays, biases: Arrays, activations: Names, learning_rate: float
) -> tuple:
    moved, shifted, loss = _step(X, Y, weights, biases, activations, learning_rate)
    for old, new in zip([*weights, *biases], [*moved, *shifted], strict=True):
        old[...] = new
    return moved, shifted, loss


# -------------------------------------------------------------------------------------------- minibatches


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Do not shuffle X and Y: shuffle the row numbers once, and pick the rows of both by the same numbers.",
        r"a permutation $\pi$ of $0 \dots m-1$; batch $k$ holds the rows $\pi_{kB} \dots \pi_{(k+1)B-1}$ of X and of Y, as far as there are any",
        "`order = rng.permutation(len(X))`",
    ),
)
def minibatches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list[tuple[Array, Array]]:
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], Y[rows]))
    return batches


def _cut(X: Array, Y: Array, size: int, order: Array, order_of_Y: Array | None = None) -> list:
    """For slips: the rows in that order, in batches; Y in an order of its own where one is given."""
    other = order if order_of_Y is None else order_of_Y
    return [(X[order[k : k + size]], Y[other[k : k + size]]) for k in range(0, len(order), size)]


def table(rng: Generator, m: int, n: int, classes: int) -> tuple[Array, Array]:
    """Rows that all differ, and targets."""
    return distinct(rng, m * n, -10, 10).reshape(m, n), targets(rng, m, classes)


@minibatches.asks
def _(rng: Generator) -> Iterator[Ask]:
    whole = ("a_full_shuffle",)
    for name, calls in {
        "batches of one size": [(*table(rng, 20, 2, 3), 5, seed(rng))],
        "a short batch at the end": [(*table(rng, 22, 1, 2), 5, seed(rng))],
        "single rows, and one batch of all": [
            (*table(rng, 18, 1, 2), 1, seed(rng)),
            (*table(rng, 19, 1, 2), 19, seed(rng)),
            (*table(rng, 17, 1, 2), 64, seed(rng)),
        ],
    }.items():
        yield Ask(name, 1, calls, properties=whole, exact=False)
    X, Y = table(rng, 20, 1, 2)
    yield Ask(
        "leaves X and Y as they were",
        0.5,
        [(X, Y, 6, seed(rng))],
        properties=whole,
        exact=False,
        unchanged=True,
    )
    one, other = seed(rng), seed(rng)
    X, Y = table(rng, 20, 1, 2)
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(X, Y, 7, one), (X, Y, 7, one), (X - 20, Y, 7, other)],
        properties=whole,
        exact=False,
        together=("generator_decides_the_order",),
    )


@minibatches.misconception(
    "X and Y were shuffled each in an order of its own, so most rows stand beside the wrong target. Use one order for both."
)
def two_orders(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return _cut(X, Y, batch_size, rng.permutation(len(X)), rng.permutation(len(X)))


@minibatches.misconception("X was shuffled and Y was not. Pick the rows of both by the same order.")
def leaves_Y_in_order(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return _cut(X, Y, batch_size, rng.permutation(len(X)), np.arange(len(X)))


@minibatches.misconception(
    "The last, shorter batch is dropped, and its rows are never learned from. Let the last batch be short."
)
def drops_the_short_batch(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    batches = minibatches(X, Y, batch_size, rng)
    return [batch for batch in batches if len(batch[0]) == batch_size]


@minibatches.misconception("The rows are cut up in the order they had. Shuffle them first.")
def does_not_shuffle(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return _cut(X, Y, batch_size, np.arange(len(X)))


@minibatches.misconception(
    "Rows are drawn with replacement: some come twice, others never. A permutation has each row exactly once."
)
def draws_with_replacement(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return _cut(X, Y, batch_size, rng.integers(0, len(X), len(X)))


@minibatches.misconception(
    "The batches come in a random order, but each holds the same neighbours every time. Shuffle the rows, then cut."
)
def shuffles_the_batches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    batches = _cut(X, Y, batch_size, np.arange(len(X)))
    return [
        batches[k]
        for k in [*rng.permutation(len(X) // batch_size), *range(len(X) // batch_size, len(batches))]
    ]


@minibatches.misconception(
    "batch_size was taken for the number of batches. It is the number of rows in each."
)
def so_many_batches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    parts = np.array_split(rng.permutation(len(X)), min(batch_size, len(X)))
    return [(X[part], Y[part]) for part in parts]


@minibatches.misconception(
    "The rows that are left over became a longer last batch. They make a shorter batch of their own."
)
def a_long_last_batch(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    order = rng.permutation(len(X))
    cuts = np.arange(1, len(X) // batch_size) * batch_size
    return [(X[part], Y[part]) for part in np.split(order, cuts)]


@minibatches.misconception("Only the first batch came back: the return stands inside the loop.")
def returns_the_first(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return minibatches(X, Y, batch_size, rng)[:1]


@minibatches.misconception(
    "A generator with a fixed seed is made inside, so every epoch gets the same order. Draw from the rng that is handed in."
)
def same_order_every_time(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return minibatches(X, Y, batch_size, np.random.default_rng(0))


@minibatches.misconception(
    "The batches are right, but the caller's X and Y have been shuffled with them. Shuffle row numbers instead of the rows."
)
def shuffles_in_place(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    order = rng.permutation(len(X))
    X[:], Y[:] = X[order], Y[order]
    return _cut(X.copy(), Y.copy(), batch_size, np.arange(len(X)))


# -------------------------------------------------------------------------------------------------- train


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "All the parts are written: initialise once, then two loops, one over the epochs and one over the batches of an epoch.",
        r"for each epoch: for each batch: $(W, b, L) \leftarrow$ `train_step`, and append $L$ to the history",
        '`weights, biases = initialise(sizes, rng, "xavier")`',
    ),
    seconds=20.0,
)
def train(
    X: Array,
    Y: Array,
    sizes: Sequence[int],
    activations: Names,
    learning_rate: float,
    batch_size: int,
    epochs: int,
    rng: Generator,
) -> tuple[list[Array], list[Array], list[float]]:
    weights, biases = initialise(sizes, rng, "xavier")
    history = []
    for _ in range(epochs):
        for x, y in minibatches(X, Y, batch_size, rng):
            weights, biases, loss = train_step(x, y, weights, biases, activations, learning_rate)
            history.append(loss)
    return weights, biases, history


def _trained(
    arguments: tuple,
    step: Callable[..., tuple] = _step,
    cut: Callable[..., list] = lambda X, Y, size, rng: _cut(X, Y, size, rng.permutation(len(X))),
    scheme: str = "xavier",
    anew: bool = False,
) -> tuple[list[Array], list[Array], list[float]]:
    """For slips: a training with another step, other batches, or other first weights, also `anew` in every epoch."""
    X, Y, sizes, activations, learning_rate, batch_size, epochs, rng = arguments
    weights, biases = _drawn(sizes, rng, scheme)
    history = []
    for _ in range(epochs):
        if anew:
            weights, biases = _drawn(sizes, rng, scheme)
        for x, y in cut(X, Y, batch_size, rng):
            weights, biases, loss = step(x, y, weights, biases, activations, learning_rate)
            history.append(loss)
    return weights, biases, history


def clouds(rng: Generator, m: int) -> tuple[Array, Array]:
    """Three clouds of points, a class each, which straight lines can part: no start gets stuck on them."""
    cloud = rng.permutation(np.arange(m) % 3)
    centres = np.array([[-1.5, -1.0], [1.5, -1.0], [0.0, 1.5]])
    return centres[cloud] + numbers(rng, m, 2, low=-0.75, high=0.75), np.eye(3)[cloud]


@train.asks
def _(rng: Generator) -> Iterator[Ask]:
    X, Y = table_of_numbers(rng, 6, 2, 3)
    others, targets_too = table_of_numbers(rng, 5, 3, 2)
    yield Ask(
        "one batch of all rows: the losses belong to the steps",
        1.5,
        [
            (X / 2, Y, [2, 3, 3], ["tanh", "softmax"], np.float64(0.125), 6, 5, seed(rng)),
            (others / 2, targets_too, [3, 4, 2], ["sigmoid", "softmax"], np.float64(0.25), 8, 6, seed(rng)),
        ],
        properties=("steps_can_be_played_backwards",),
        exact=False,
    )
    small = (np.float64(0), 5, 2)
    yield Ask(
        "every row once in an epoch, in a new order",
        1,
        [
            (*table_of_numbers(rng, 23, 2, 3), [2, 30, 3], ["tanh", "softmax"], *small, seed(rng)),
            (*table_of_numbers(rng, 25, 2, 2), [2, 2], ["softmax"], *small, seed(rng)),
        ],
        properties=("every_row_counts",),
        exact=False,
    )
    yield Ask(
        "learns to tell three clouds apart, in small batches",
        1.5,
        [(*clouds(rng, 34), [2, 6, 3], ["tanh", "softmax"], np.float64(0.5), 8, 16, seed(rng))],
        properties=("learned",),
        exact=False,
    )
    yield Ask(
        "leaves X and Y as they were",
        0.5,
        [(*table_of_numbers(rng, 21, 2, 3), [2, 3], ["softmax"], *small, seed(rng))],
        properties=("every_row_counts",),
        exact=False,
        unchanged=True,
    )
    one, other = seed(rng), seed(rng)
    X, Y = table_of_numbers(rng, 18, 2, 3)
    same = (X, Y, [2, 4, 3], ["tanh", "softmax"], np.float64(0))
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(*same, 5, 2, one), (*same, 5, 2, one), (*same, 4, 2, other)],
        properties=("every_row_counts",),
        exact=False,
        together=("generator_decides_the_start",),
    )


def table_of_numbers(rng: Generator, m: int, n: int, classes: int) -> tuple[Array, Array]:
    """Rows that all differ and are of size about 1, and targets."""
    return distinct(rng, m * n, -6, 6).reshape(m, n) / 2, targets(rng, m, classes)


Run = tuple[list[Array], list[Array], list[float]]


@train.misconception(
    "The training goes uphill: the loss grows. Every step subtracts learning_rate times the gradient."
)
def trains_uphill(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return _step(X, Y, weights, biases, names, -rate)

    return _trained(arguments, step=step)


@train.misconception("X is shuffled and Y is not, so the net is shown wrong targets. One order for both.")
def trains_on_wrong_targets(*arguments: Any) -> Run:
    return _trained(
        arguments, cut=lambda X, Y, size, rng: _cut(X, Y, size, rng.permutation(len(X)), np.arange(len(X)))
    )


@train.misconception("The last, shorter batch of every epoch is dropped. Its rows must be learned from too.")
def trains_without_the_rest(*arguments: Any) -> Run:
    def cut(X: Array, Y: Array, size: int, rng: Generator) -> list:
        size = min(size, len(X))
        return _cut(X, Y, size, rng.permutation(len(X)))[: len(X) // size]

    return _trained(arguments, cut=cut)


@train.misconception("The rows go by in the order they came in. Shuffle them anew in every epoch.")
def trains_in_plain_order(*arguments: Any) -> Run:
    return _trained(arguments, cut=lambda X, Y, size, rng: _cut(X, Y, size, np.arange(len(X))))


@train.misconception(
    "The batches were made once, before the loop, so every epoch has the same ones. Call minibatches in each epoch."
)
def shuffles_only_once(*arguments: Any) -> Run:
    kept: list = []

    def cut(X: Array, Y: Array, size: int, rng: Generator) -> list:
        kept.extend([] if kept else _cut(X, Y, size, rng.permutation(len(X))))
        return kept

    return _trained(arguments, cut=cut)


@train.misconception(
    "Rows are drawn with replacement: in an epoch some come twice and others never. Each row once."
)
def trains_with_replacement(*arguments: Any) -> Run:
    return _trained(arguments, cut=lambda X, Y, size, rng: _cut(X, Y, size, rng.integers(0, len(X), len(X))))


@train.misconception("The biases never move: they are still 0 at the end. They have gradients too.")
def trains_weights_alone(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, _, loss = _step(X, Y, weights, biases, names, rate)
        return moved, biases, loss

    return _trained(arguments, step=step)


@train.misconception(
    'All weights start at 0, so all hidden neurons stay alike and nothing is learned. Start with the scheme "xavier".'
)
def starts_from_zeros(*arguments: Any) -> Run:
    return _trained(arguments, scheme="zeros")


@train.misconception(
    "The 1/m is missing: each step is as many times too long as the batch has rows. The gradient is that of the mean loss."
)
def trains_on_sums(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return _step(X, Y, weights, biases, names, rate, share=lambda m: 1.0)

    return _trained(arguments, step=step)


@train.misconception("The hidden layers' slope is missing on the way back, so their gradients are wrong.")
def trains_without_slopes(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return _step(X, Y, weights, biases, names, rate, slope=lambda a, name: np.ones_like(a))

    return _trained(arguments, step=step)


@train.misconception(
    "The weights that come back are the first ones: what train_step returns is not kept. Write `weights, biases, loss = train_step(...)`."
)
def forgets_what_it_learned(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        return weights, biases, _step(X, Y, weights, biases, names, rate)[2]

    return _trained(arguments, step=step)


@train.misconception(
    "Every epoch starts from new random weights, so what was learned is thrown away. Initialise once, before the loops."
)
def starts_anew_each_epoch(*arguments: Any) -> Run:
    return _trained(arguments, anew=True)


@train.misconception(
    "The history has one number for each epoch. Asked for is one for each step: append inside the inner loop."
)
def one_loss_an_epoch(*arguments: Any) -> Run:
    weights, biases, history = _trained(arguments)
    X, size, epochs = arguments[0], arguments[5], arguments[6]
    return weights, biases, np.reshape(history, (epochs, math.ceil(len(X) / size))).mean(axis=1).tolist()


@train.misconception(
    "The history tells the loss after each step. Asked for is the batch's loss before it, which train_step returns."
)
def history_after_the_steps(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, _ = _step(X, Y, weights, biases, names, rate)
        return moved, shifted, _step(X, Y, moved, shifted, names, rate)[2]

    return _trained(arguments, step=step)


@train.misconception(
    "The history holds the sum of the losses of each batch. Divide by its rows: a short batch would look better than it is."
)
def history_of_sums(*arguments: Any) -> Run:
    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, loss = _step(X, Y, weights, biases, names, rate)
        return moved, shifted, loss * len(X)

    return _trained(arguments, step=step)


@train.misconception("The short batch was divided by batch_size. Its mean is over the rows it has.")
def divides_by_the_batch_size(*arguments: Any) -> Run:
    size = arguments[5]

    def step(X: Array, Y: Array, weights: Arrays, biases: Arrays, names: Names, rate: float) -> tuple:
        moved, shifted, loss = _step(X, Y, weights, biases, names, rate, share=lambda m: 1 / size)
        return moved, shifted, loss * len(X) / size

    return _trained(arguments, step=step)


@train.misconception("The training stops after one epoch: the return stands inside the loop.")
def a_single_epoch(*arguments: Any) -> Run:
    return _trained((*arguments[:6], 1, arguments[7]))


@train.misconception(
    "A generator with a fixed seed is made inside, so every training starts alike. Use the rng that is handed in."
)
def trains_with_its_own_generator(*arguments: Any) -> Run:
    return _trained((*arguments[:7], np.random.default_rng(0)))


@train.misconception(
    "The training is right, but the caller's X has been changed (scaled or shuffled in place). Work on new arrays."
)
def shuffles_the_callers_rows(*arguments: Any) -> Run:
    X, Y, *_, rng = arguments
    results = _trained(arguments)
    order = rng.permutation(len(X))
    X[:], Y[:] = X[order], Y[order]
    return results


# --------------------------------------------------------------------------------- the numbers of the text


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    return {
        "standard deviations of the figure": [0.01, 0.1, 1.0],
        "roots of their factors with 100 inputs": [math.sqrt(100) * std for std in (0.01, 0.1, 1.0)],
        "xavier from 64 to 32": _std(64, 32, "xavier"),
        "he from 64": _std(64, 32, "he"),
        "reach of the uniform weights": math.sqrt(3) * _std(64, 32, "xavier"),
        "common value of the equal weights, and an undecided probability": 0.5,
        "loss of a coin toss": math.log(2),
        "two of four corners undecided": math.log(2) / 2,
        "version of the digits' licence": 4.0,
        "loss of ten equal classes": math.log(10),
        "an output of the tanh, its square, its slope": [
            0.8,
            0.8**2,
            float(slope_of_output(np.array(0.8), "tanh")),
        ],
    }
