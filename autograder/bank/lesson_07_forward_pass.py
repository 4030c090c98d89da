"""Lesson 07: the forward pass of a whole network, and two published figures that it does not give (seeds 002, 003, 001).

Row vectors, batch first: z = a W + b, a sample is (n,), a batch (m, n).
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, numbers, one_hot, probabilities, signed
from autograder.kit.functions import cosine, softsign, three_squares
from autograder.kit.ledger import worked_example

Array = np.ndarray
Activation = Callable[[Array], Array]
Pairs = list[tuple[Array, Array]]
LESSON = "07-forward-pass"
OVERFLOW = "exp(1000) overflows. Take each row's largest logit away before exp, and never divide exp by exp."

EXAMPLE = worked_example()
WEIGHTS = list(EXAMPLE["weights"].values())
BIASES = list(EXAMPLE["biases"].values())


def network(rng: np.random.Generator, *sizes: int) -> tuple[list[Array], list[Array]]:
    """Weights and biases for layers of these sizes; no unit of the first layer comes to lie on the ReLU's kink."""
    weights = [numbers(rng, n, k, low=-1, high=1) for n, k in zip(sizes, sizes[1:], strict=False)]
    biases = [distinct(rng, k, -1, 1) for k in sizes[1:]]
    biases[0] = biases[0] + 1 / 128
    return weights, biases


# ----------------------------------------------------------------------------------------------- neuron


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Three steps in a row: weigh and add up, add the bias, bend. Which of them comes last?",
        r"$a = f\bigl(\sum_i w_i\,x_i + b\bigr)$",
        "`z = ` the products of `inputs` and `weights` added up, plus `bias`",
    ),
)
def neuron(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights) + bias)


@neuron.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "three inputs, activation x / (1 + |x|)",
        1.5,
        [(signed(rng, 3), signed(rng, 3), number(rng, 0.5, 2), softsign)],
    )
    yield Ask(
        "two and five inputs, other activations",
        1.5,
        [
            (signed(rng, 2), signed(rng, 2), number(rng, 0.5, 2), cosine),
            (signed(rng, 5) / 4, signed(rng, 5) / 4, number(rng, -1, -0.5), three_squares),
        ],
    )


@neuron.misconception(
    "The bias is missing. It is added to the weighted sum: a neuron can answer even to inputs of 0."
)
def forgets_the_bias(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights))


@neuron.misconception("The bias is added after the activation. It belongs inside: f(sum + b).")
def bias_after_the_activation(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights)) + bias


@neuron.misconception(
    "The bias is taken away, as if it were a threshold. Here it is added, and a threshold is a negative bias."
)
def bias_as_threshold(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights) - bias)


@neuron.misconception("This is the weighted sum z. The activation function is still to be applied to it.")
def forgets_the_activation(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return np.dot(inputs, weights) + bias


@neuron.misconception(
    "The activation is applied to every product, and then the sum is taken. First add up, then bend once."
)
def bends_before_adding(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return np.sum(activation(np.asarray(inputs) * weights)) + bias


@neuron.misconception(
    "The inputs were added up by themselves and the weights too. Each input is multiplied with its own weight."
)
def sums_before_multiplying(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.sum(inputs) * np.sum(weights) + bias)


@neuron.misconception("The bias is added to every product. It is added once, to the sum.")
def bias_for_every_input(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.sum(np.asarray(inputs) * weights + bias))


@neuron.misconception("These are the products one by one. They must be added up: a neuron has one output.")
def forgets_to_add_up(inputs: Array, weights: Array, bias: float, activation: Activation) -> Array:
    return activation(np.asarray(inputs) * weights + bias)


# ------------------------------------------------------------------------------------------------ dense


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Column j of W holds the weights of unit j. What does a row times a matrix do with the columns?",
        r"$z_j = \sum_i a_i\,W_{ij} + b_j$, in short $z = a\,W + b$",
        "the matrix product of `a` and `W`, in that order, is `a @ W`",
    ),
)
def dense(a: Array, W: Array, b: Array) -> Array:
    return a @ W + b


@dense.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1,
        [
            (distinct(rng, 3), signed(rng, 3, 3), distinct(rng, 3)),
            (distinct(rng, 4), signed(rng, 4, 2), distinct(rng, 2)),
        ],
    )
    yield Ask(
        "a batch",
        1.5,
        [
            (signed(rng, 3, 3), signed(rng, 3, 3), distinct(rng, 3)),
            (signed(rng, 4, 2), signed(rng, 2, 3), distinct(rng, 3)),
            (signed(rng, 1, 3), signed(rng, 3, 2), distinct(rng, 2)),
        ],
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(distinct(rng, 3), signed(rng, 3, 2), distinct(rng, 2))],
        unchanged=True,
    )


@dense.misconception("W stands on the left, as with column vectors. Our samples are rows: a @ W.")
def weights_on_the_left(a: Array, W: Array, b: Array) -> Array:
    return W @ a + b


@dense.misconception(
    "W was transposed. W[i, j] leads from input i to unit j, so a @ W is right as it stands."
)
def transposes_the_weights(a: Array, W: Array, b: Array) -> Array:
    return a @ W.T + b


@dense.misconception("The biases are missing: z = a W + b.")
def dense_without_bias(a: Array, W: Array, b: Array) -> Array:
    return a @ W


@dense.misconception("The biases are taken away. They are added.")
def subtracts_the_bias(a: Array, W: Array, b: Array) -> Array:
    return a @ W - b


@dense.misconception("The biases were added up to one number first. Each unit has its own bias.")
def one_bias_for_all(a: Array, W: Array, b: Array) -> Array:
    return a @ W + np.sum(b)


@dense.misconception(
    "The bias is added as a column, one for each sample. It belongs to the units: leave b as it is, shape (k,)."
)
def bias_as_a_column(a: Array, W: Array, b: Array) -> Array:
    return a @ W + np.asarray(b)[:, None]


@dense.misconception("An activation was applied. dense gives z, the number before it.")
def bends_too_early(a: Array, W: Array, b: Array) -> Array:
    return np.maximum(a @ W + b, 0)


@dense.misconception("The products were taken element by element and not added up over the inputs. Use @.")
def star_for_at(a: Array, W: Array, b: Array) -> Array:
    return np.asarray(a) * W + b


@dense.misconception(
    "The numbers are right, but `b += ...` writes the result into the caller's biases. Make a new array."
)
def into_the_biases(a: Array, W: Array, b: Array) -> Array:
    if np.ndim(a) == 2:
        return a @ W + b
    b += a @ W
    return b


# ---------------------------------------------------------------------------------------------- forward


@exercise(
    LESSON,
    difficulty=2,
    minutes=15,
    hints=(
        "Each layer does the same two things: a weighted sum of what the layer before gave, then its own activation.",
        r"$z_1 = xW_1 + b_1$, $a_1 = \max(z_1, 0)$; $z_2 = a_1W_2 + b_2$, $a_2 = \sigma(z_2)$; $z_3 = a_2W_3 + b_3$, $a_3 = \operatorname{softmax}(z_3)$, row by row",
        "`z1 = dense(x, weights[0], biases[0])`",
    ),
)
def forward(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    z1 = x @ weights[0] + biases[0]
    a1 = np.maximum(z1, 0)
    z2 = a1 @ weights[1] + biases[1]
    a2 = _sigmoid(z2)
    z3 = a2 @ weights[2] + biases[2]
    return [(z1, a1), (z2, a2), (z3, _softmax(z3))]


def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@forward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "the worked example's network",
        1.5,
        [(EXAMPLE["input"], WEIGHTS, BIASES), (distinct(rng, 3), WEIGHTS, BIASES)],
    )
    yield Ask(
        "layers of other sizes",
        1,
        [(signed(rng, 2), *network(rng, 2, 4, 3, 2)), (signed(rng, 4), *network(rng, 4, 5, 2, 3))],
    )
    yield Ask(
        "a batch",
        1.5,
        [
            (signed(rng, 3, 2), *network(rng, 2, 4, 3, 3)),
            (signed(rng, 1, 3), *network(rng, 3, 4, 3, 2)),
            (signed(rng, 3, 3), *network(rng, 3, 3, 3, 3)),
        ],
    )
    weights, biases = network(rng, 3, 4, 3, 3)
    large = [biases[0], np.array([1000, -1000, 0.5]), 1000 + distinct(rng, 3, 0, 2)]
    yield Ask("huge sums", 0.5, [(distinct(rng, 3), weights, large)], advice=OVERFLOW)
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(distinct(rng, 3), *network(rng, 3, 4, 3, 2))],
        unchanged=True,
    )


def _passes(
    x: Array,
    weights: Sequence[Array],
    biases: Sequence[Array],
    activations: Sequence[Activation],
) -> Pairs:
    pairs, a = [], x
    for W, b, f in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        a = f(z)
        pairs.append((z, a))
    return pairs


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


@forward.misconception(
    "The outputs are the logits divided by their sum. That is how the published 0.2698, 0.3223, 0.4078 came about; a softmax takes the exponential first."
)
def divides_without_exponential(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _sigmoid, lambda z: z / np.sum(z, axis=-1, keepdims=True)))


@forward.misconception("The biases are missing: every layer adds its own.")
def forward_without_biases(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, [0 * b for b in biases], (_relu, _sigmoid, _softmax))


@forward.misconception(
    "The first layer's activation is the ReLU; here it passes negative sums on as they are."
)
def first_layer_without_relu(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (lambda z: z, _sigmoid, _softmax))


@forward.misconception("The sigmoid stands in the first layer too. The first layer's activation is the ReLU.")
def sigmoid_in_the_first_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_sigmoid, _sigmoid, _softmax))


@forward.misconception(
    "The ReLU stands in the second layer too. The second layer's activation is the sigmoid."
)
def relu_in_the_second_layer(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _relu, _softmax))


@forward.misconception(
    "The output layer uses the sigmoid. Its activation is the softmax: the outputs share one whole."
)
def sigmoid_at_the_output(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, _sigmoid, _sigmoid))


@forward.misconception(
    "The softmax's sum runs over the whole batch. Each sample is a row with a sum of its own: axis=-1, keepdims=True."
)
def one_softmax_for_the_batch(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(
        x, weights, biases, (_relu, _sigmoid, lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))))
    )


@forward.misconception(
    "The softmax runs down the columns, over the samples. It must run along the classes: axis=-1."
)
def softmax_over_the_samples(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    def down(z: Array) -> Array:
        e = np.exp(z - np.max(z, axis=0))
        return e / np.sum(e, axis=0)

    return _passes(x, weights, biases, (_relu, _sigmoid, down))


@forward.misconception(
    "The pairs are turned round: first z, the sum, then a, what the activation makes of it."
)
def pairs_turned_round(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return [(a, z) for z, a in forward(x, weights, biases)]


@forward.misconception(
    "A layer was given the z of the layer before. What a layer passes on is a, after the activation."
)
def passes_z_on(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    z1 = x @ weights[0] + biases[0]
    z2 = z1 @ weights[1] + biases[1]
    z3 = z2 @ weights[2] + biases[2]
    return [(z1, _relu(z1)), (z2, _sigmoid(z2)), (z3, _softmax(z3))]


@forward.misconception(
    "z1 has lost its negative numbers: `a1 = z1` is the same array under a second name, and setting entries of a1 to 0 changed z1 too."
)
def one_array_two_names(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    (z1, a1), second, third = forward(x, weights, biases)
    return [(a1, a1), second, third]


@forward.misconception(
    "exp of a large sum overflows, and inf / inf is nan. Take each row's largest logit away first."
)
def softmax_overflows(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(
        x, weights, biases, (_relu, _sigmoid, lambda z: np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True))
    )


@forward.misconception(
    "The second layer's sigmoid, written exp(z) / (1 + exp(z)), is inf / inf = nan at large sums."
)
def sigmoid_overflows(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    return _passes(x, weights, biases, (_relu, lambda z: np.exp(z) / (1 + np.exp(z)), _softmax))


@forward.misconception(
    "Only what comes out of each layer is returned. The way back will need z too: return the pairs (z, a)."
)
def only_the_outputs(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> list[Array]:
    return [a for _, a in forward(x, weights, biases)]


@forward.misconception(
    "The numbers are right, but `z = b` and then `z += ...` writes into the caller's biases. Make a new array."
)
def forward_into_the_biases(x: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Pairs:
    pairs = forward(x, weights, biases)
    if np.ndim(x) == 1:
        for b, (z, _) in zip(biases, pairs, strict=True):
            b[:] = z
    return pairs


# ----------------------------------------------------------------------------------------- named_weight


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The names count from 1, and so does the first index: the weights that leave layer 1 are the first matrix.",
        r"$w_{lnd}$ is entry $(n, d)$ of the $l$-th matrix, with all three counted from 1",
        "`W = weights[layer - 1]`",
    ),
)
def named_weight(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer - 1][start - 1, end - 1]


@named_weight.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def layers(*sizes: int) -> list[Array]:
        count = sum(n * k for n, k in zip(sizes, sizes[1:], strict=False))
        flat = rng.permutation(count) / 8 + 1 / 16 - count / 16
        cuts = np.cumsum([n * k for n, k in zip(sizes, sizes[1:], strict=False)])[:-1]
        shapes = zip(sizes, sizes[1:], strict=False)
        return [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]

    weights = layers(2, 3, 2, 2)
    yield Ask(
        "the 2-3-2-2 network",
        1,
        [(weights, 1, 2, 3), (weights, 2, 3, 1), (weights, 3, 1, 2), (weights, 1, 1, 2)],
    )
    square = layers(3, 3, 3)
    yield Ask("another network", 1, [(square, 1, 2, 1), (square, 2, 1, 3), (layers(4, 2), 1, 3, 2)])


@named_weight.misconception("The two units are swapped: the start is the row, the end is the column.")
def swaps_start_and_end(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer - 1][end - 1, start - 1]


@named_weight.misconception("The name counts from 1, NumPy from 0: take 1 from each of the three.")
def all_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    return weights[layer][start, end]


@named_weight.misconception(
    "The layer was counted from 0, the units from 1. All three count from 1 in the name."
)
def layer_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer % len(weights)]
    return W[(start - 1) % len(W), (end - 1) % W.shape[1]]


@named_weight.misconception(
    "The units were counted from 0, the layer from 1. All three count from 1 in the name."
)
def units_from_zero(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 1]
    return W[start % len(W), end % W.shape[1]]


@named_weight.misconception("The layer is the one where the weight starts, not the one where it ends.")
def layer_of_the_end(weights: Sequence[Array], layer: int, start: int, end: int) -> float:
    W = weights[layer - 2]
    return W[(start - 1) % len(W), (end - 1) % W.shape[1]]


# ----------------------------------------------------------------------------------- mean_squared_error


@exercise(
    LESSON,
    difficulty=2,
    minutes=7,
    hints=(
        "Which number is m when there is one sample only? And does it depend on how many outputs there are?",
        r"$E = \dfrac{1}{2m} \sum_{s=1}^{m} \sum_{k} (\hat y_{sk} - y_{sk})^2$",
        "`m = 1 if np.ndim(y) == 1 else len(y)`",
    ),
)
def mean_squared_error(y: Array, y_hat: Array) -> float:
    m = len(y) if np.ndim(y) == 2 else 1
    return np.sum((np.asarray(y_hat) - y) ** 2) / (2 * m)


@mean_squared_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(signed(rng, 2), signed(rng, 2) / 2), (signed(rng, 3), signed(rng, 3) / 2)])
    yield Ask(
        "a batch: the sum over everything, divided by twice the number of samples",
        1.5,
        [
            (signed(rng, 4, 2), signed(rng, 4, 2) / 2),
            (signed(rng, 3, 3), signed(rng, 3, 3) / 2),
            (signed(rng, 1, 3), signed(rng, 1, 3) / 2),
        ],
    )
    yield Ask(
        "leaves its arguments as they were", 0.5, [(signed(rng, 2, 3), signed(rng, 2, 3) / 2)], unchanged=True
    )


@mean_squared_error.misconception("The factor 1/2 is missing. It is there so that the slope has no factor 2.")
def without_the_half(y: Array, y_hat: Array) -> float:
    return 2 * mean_squared_error(y, y_hat)


@mean_squared_error.misconception(
    "This is the mean over all numbers, halved. Divide by the number of samples m alone; the outputs of a sample are added up."
)
def mean_over_all_numbers(y: Array, y_hat: Array) -> float:
    return np.mean((np.asarray(y_hat) - y) ** 2) / 2


@mean_squared_error.misconception(
    "This is np.mean of the squares. Two things differ: the outputs of a sample are added up, and a factor 1/2 stands in front."
)
def plain_mean_of_squares(y: Array, y_hat: Array) -> float:
    return np.mean((np.asarray(y_hat) - y) ** 2)


@mean_squared_error.misconception("The sum is not divided by the number of samples m.")
def without_the_samples(y: Array, y_hat: Array) -> float:
    return np.sum((np.asarray(y_hat) - y) ** 2) / 2


@mean_squared_error.misconception(
    "In a single sample of shape (n,) the n outputs were counted as n samples. There m is 1."
)
def outputs_as_samples(y: Array, y_hat: Array) -> float:
    return np.sum((np.asarray(y_hat) - y) ** 2) / (2 * len(y))


@mean_squared_error.misconception("A root was taken. The loss is the sum of the squares itself.")
def takes_the_root(y: Array, y_hat: Array) -> float:
    return np.sqrt(mean_squared_error(y, y_hat))


@mean_squared_error.misconception("These are absolute differences. Square them.")
def absolute_differences(y: Array, y_hat: Array) -> float:
    m = len(y) if np.ndim(y) == 2 else 1
    return np.sum(np.abs(np.asarray(y_hat) - y)) / (2 * m)


@mean_squared_error.misconception(
    "The differences were added up before squaring, so that too much and too little cancel. Square each difference first."
)
def squares_the_sum(y: Array, y_hat: Array) -> float:
    m = len(y) if np.ndim(y) == 2 else 1
    return np.sum(np.asarray(y_hat) - y) ** 2 / (2 * m)


@mean_squared_error.misconception(
    "The numbers are right, but `y_hat -= y` changes the caller's array. Write `y_hat - y`."
)
def error_in_place(y: Array, y_hat: Array) -> float:
    y_hat -= y
    m = len(y) if np.ndim(y) == 2 else 1
    return np.sum(y_hat**2) / (2 * m)


# --------------------------------------------------------------------------------------- printed_output


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Add the three published outputs. What does the sum tell you about how they were made, and what about the logits?",
        "Each output is its logit's share of one whole, with no exponential anywhere. Try it on 1.8658 and the sum 6.9154.",
        "`o_in / ...`, where below the line stands one number made of all logits",
    ),
)
def printed_output(o_in: Array) -> Array:
    return np.asarray(o_in) / np.sum(o_in, axis=-1, keepdims=True)


@printed_output.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    published = np.array(EXAMPLE["printed"]["o_in"], dtype=float)
    yield Ask("the published logits, and others like them", 1, [(published,), (distinct(rng, 3, 1, 3),)])
    yield Ask(
        "two, four and five logits",
        1,
        [(distinct(rng, 2, 0.5, 3),), (distinct(rng, 4, 0.25, 3),), (distinct(rng, 5, 0.25, 4),)],
    )


@printed_output.misconception(
    "This is the true softmax. It is what should have been printed; the question is which formula gives what was."
)
def true_softmax(o_in: Array) -> Array:
    return _softmax(np.asarray(o_in))


@printed_output.misconception(
    "Each logit is divided by the largest one. Then the first output would be 0.66. Divide by something larger."
)
def divides_by_the_largest(o_in: Array) -> Array:
    return np.asarray(o_in) / np.max(o_in)


@printed_output.misconception("This is a softmax with powers of 10 or 2. No power of anything was taken.")
def softmax_with_powers_of_ten(o_in: Array) -> Array:
    return 10.0 ** np.asarray(o_in) / np.sum(10.0 ** np.asarray(o_in))


@printed_output.misconception("This is a softmax with powers of 10 or 2. No power of anything was taken.")
def softmax_with_powers_of_two(o_in: Array) -> Array:
    return 2.0 ** np.asarray(o_in) / np.sum(2.0 ** np.asarray(o_in))


@printed_output.misconception(
    "The logits are divided by their length, the root of the sum of squares. Then the outputs do not sum to 1, and the published ones do."
)
def divides_by_the_length(o_in: Array) -> Array:
    return np.asarray(o_in) / np.sqrt(np.sum(np.square(o_in)))


@printed_output.misconception("The logits were squared first. Try it without.")
def shares_of_the_squares(o_in: Array) -> Array:
    return np.square(o_in) / np.sum(np.square(o_in))


@printed_output.misconception(
    "The formula is right, but the result was rounded to the digits printed. Return the numbers as they are."
)
def rounds_to_four_digits(o_in: Array) -> Array:
    return np.round(np.asarray(o_in) / np.sum(o_in), 4)


@printed_output.misconception(
    "These are the published figures themselves. Return what your formula gives for the logits it is called with."
)
def the_figures_by_heart(o_in: Array) -> Array:
    return np.array([0.2698, 0.3223, 0.4078])


# ----------------------------------------------------------------------------------------- printed_loss


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Two things are unusual: the base of the logarithm, and that the outputs of the wrong classes have a term too. What would you write for a single yes-or-no output?",
        r"$-\sum_k \bigl[\,y_k \log_{10} o_k + (1 - y_k)\,\log_{10}(1 - o_k)\bigr]$",
        "`right = y * np.log10(o_out)`",
    ),
)
def printed_loss(o_out: Array, y: Array) -> float:
    o_out, y = np.asarray(o_out), np.asarray(y)
    return -np.mean(np.sum(y * np.log10(o_out) + (1 - y) * np.log10(1 - o_out), axis=-1))


@printed_loss.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    published = np.array(EXAMPLE["printed"]["o_out"], dtype=float)
    yield Ask(
        "the published outputs, and others like them",
        1.5,
        [(published, EXAMPLE["target"]), (probabilities(rng, 3), one_hot(rng, 1, 3)[0])],
    )
    yield Ask(
        "two, four and five classes",
        1.5,
        [(probabilities(rng, n), one_hot(rng, 1, n)[0]) for n in (2, 4, 5)],
    )


def _two_class(o_out: Array, y: Array) -> Array:
    o_out, y = np.asarray(o_out), np.asarray(y)
    return -(y * np.log10(o_out) + (1 - y) * np.log10(1 - o_out))


@printed_loss.misconception(
    "This is the formula with natural logarithms. For the published figure the base is 10."
)
def printed_loss_natural(o_out: Array, y: Array) -> float:
    return np.log(10) * np.sum(_two_class(o_out, y))


@printed_loss.misconception(
    "This is the formula with logarithms of base 2. For the published figure the base is 10."
)
def printed_loss_base_two(o_out: Array, y: Array) -> float:
    return np.sum(_two_class(o_out, y)) / np.log10(2)


@printed_loss.misconception(
    "This is the cross-entropy: right, but not what was printed. There the wrong classes have a term too, and the base is 10."
)
def true_cross_entropy(o_out: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * np.log(o_out))


@printed_loss.misconception(
    "The base is right, but only the true class has a term here. In the printed loss the wrong classes have one as well: log10(1 - o)."
)
def only_the_true_class(o_out: Array, y: Array) -> float:
    return -np.sum(np.asarray(y) * np.log10(o_out))


@printed_loss.misconception(
    "Only the wrong classes have a term here. The true class has one as well: log10(o)."
)
def only_the_wrong_classes(o_out: Array, y: Array) -> float:
    return -np.sum((1 - np.asarray(y)) * np.log10(1 - np.asarray(o_out)))


@printed_loss.misconception("The terms were averaged over the classes. They are added up.")
def averages_over_the_classes(o_out: Array, y: Array) -> float:
    return np.mean(_two_class(o_out, y))


@printed_loss.misconception(
    "The minus in front is missing: the logarithms are negative, the loss is positive."
)
def printed_loss_without_minus(o_out: Array, y: Array) -> float:
    return -np.sum(_two_class(o_out, y))


@printed_loss.misconception("For the wrong classes it is log10(1 - o), not log10(o).")
def logarithm_of_every_output(o_out: Array, y: Array) -> float:
    return -np.sum(np.log10(o_out))


@printed_loss.misconception("These are the terms one by one. Add them up to one number.")
def terms_one_by_one(o_out: Array, y: Array) -> Array:
    return _two_class(o_out, y)


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    computed, printed = EXAMPLE["computed"], EXAMPLE["printed"]
    x, first = EXAMPLE["input"], WEIGHTS[0][:, 0]
    h1, W2 = computed["h1_out"], WEIGHTS[1]
    published = {
        name: np.array(printed[name], dtype=float)
        for name in ("h2_in", "h2_out", "o_in", "o_out", "o_out_later_edition", "loss")
    }
    share = published["o_out"][0]
    y, y_hat = np.array([1.0, 0.0]), np.array([0.5, 0.25])
    return {
        "the input": x,
        "weights of the first neuron": first,
        "its products": first * x,
        "its sum": neuron(x, first, 1.0, lambda z: z),
        **{
            f"computed {name}": computed[name]
            for name in ("h1_out", "h2_in", "h2_out", "o_in", "o_out", "loss")
        },
        **{f"published {name}": value for name, value in published.items()},
        "the terms of the third sum of layer 2": h1 * W2[:, 2],
        "the weights in it": W2[:, 2],
        "largest over smallest": [
            np.max(published[name]) / np.min(published[name]) for name in ("o_in", "o_out")
        ],
        "the plain division of the published logits": printed_output(published["o_in"]),
        "sum of the published logits": np.sum(published["o_in"]),
        "cross-entropy of the published outputs": [-np.log(share), -np.log10(share)],
        "ln 10": np.log(10),
        "the pencil's squared error": [y_hat, (y_hat - y) ** 2, mean_squared_error(y, y_hat)],
    }
