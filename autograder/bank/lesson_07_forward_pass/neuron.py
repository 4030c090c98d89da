"""`neuron`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number, signed
from autograder.bank.lesson_07_forward_pass.common import LESSON, Activation, Array
from autograder.bank.promises import WHOLE, ZERO, one_of, reals
from autograder.bank.promises import number as any_number
from autograder.kit.functions import cosine, softsign, three_squares


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Three steps in a row: weigh and add up, add the bias, bend. Which of them comes last?",
        r"$a = f\bigl(\sum_i w_i\,x_i + b\bigr)$",
        "`z = np.sum(np.asarray(inputs) * weights) + bias`, and at the end call the function you were given: `activation(z)`.",
    ),
    promises={
        "inputs": reals("n", WHOLE),
        "weights": reals("n", ZERO),
        "bias": any_number(0.5, 2),
        "activation": one_of(softsign, cosine, three_squares),
    },
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
    "The bias is missing. It is added to the weighted sum: a unit can answer even to inputs of 0."
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


@neuron.misconception("The sum was multiplied by the bias. The bias is added.")
def times_the_bias(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights) * bias)


@neuron.misconception(
    "The sigmoid was applied, whatever function was handed over. Call the one that comes as `activation`."
)
def always_the_sigmoid(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return 0.5 * (1 + np.tanh((np.dot(inputs, weights) + bias) / 2))


@neuron.misconception("The activation was applied twice. The sum goes through it once.")
def bends_twice(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(activation(np.dot(inputs, weights) + bias))


@neuron.misconception(
    "Inputs and weights were all added up. Each input is multiplied with its own weight, and then the products are added."
)
def adds_instead_of_weighing(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.sum(inputs) + np.sum(weights) + bias)


@neuron.misconception(
    "The size of the sum went into the activation, without its sign. A negative sum stays negative."
)
def size_of_the_sum(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.abs(np.dot(inputs, weights) + bias))


@neuron.misconception(
    "Inputs and weights were sorted before they were multiplied. Each input belongs to the weight in its own place."
)
def sorted_first(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(np.sort(inputs), np.sort(weights)) + bias)


@neuron.misconception("The mean of the products was taken. A unit adds them up.")
def mean_of_the_products(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.mean(np.asarray(inputs) * weights) + bias)


@neuron.misconception("The weights were read backwards. The first weight belongs to the first input.")
def weights_backwards(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, np.asarray(weights)[::-1]) + bias)


@neuron.misconception("The bias was added twice.")
def bias_twice(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.dot(inputs, weights) + 2 * bias)


@neuron.misconception("The first input is left out of the sum. In Python the first has the index 0.")
def first_input_left_out(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return activation(np.sum(inputs[1:] * weights[1:]) + bias)


@neuron.misconception("The activation was applied to the inputs. It comes last: it bends the sum.")
def bends_the_inputs(inputs: Array, weights: Array, bias: float, activation: Activation) -> float:
    return np.dot([activation(each) for each in inputs], weights) + bias


# Right answers in other words.


def neuron_loop(inputs, weights, bias, activation):
    z = bias
    for k in range(len(inputs)):
        z = z + inputs[k] * weights[k]
    return activation(z)


def neuron_at(inputs, weights, bias, activation):
    return activation(inputs @ weights + bias)


def neuron_einsum(inputs, weights, bias, activation):
    return activation(np.einsum("i,i->", inputs, weights) + bias)


def neuron_float32(inputs, weights, bias, activation):
    z = np.sum(np.asarray(inputs, np.float32) * np.asarray(weights, np.float32)) + np.float32(bias)
    return np.float32(activation(z))


def neuron_lists(inputs, weights, bias, activation):
    pairs = zip(np.asarray(inputs).tolist(), np.asarray(weights).tolist(), strict=True)
    return float(activation(np.float64(sum(x * w for x, w in pairs) + bias)))


def neuron_extended(inputs, weights, bias, activation):
    """The bias as one more weight, whose input is 1."""
    return activation(np.dot(np.append(inputs, 1.0), np.append(weights, bias)))


neuron.right_answers(
    neuron_loop,
    neuron_at,
    neuron_einsum,
    neuron_float32,
    neuron_lists,
    neuron_extended,
)
