"""`neuron_error`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank import families
from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_09_four_equations.common import LESSON, Array, errors, outputs
from autograder.bank.lesson_09_four_equations.networks import activated


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "On how many ways does this unit reach the loss? Each way goes over one weight to one unit of the next layer.",
        r"$\delta_{ln} = \mathrm{out}_{ln}\,(1 - \mathrm{out}_{ln}) \sum_{d} w_{lnd}\,\delta_{(l+1)d}$",
        "`from_behind = np.sum(np.asarray(weights) * deltas)`. Then the unit's own slope, `out * (1 - out)`, times that.",
    ),
)
def neuron_error(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.dot(weights, deltas)


def neuron_and_followers(rng: np.random.Generator, count: int) -> tuple[Array, Array, Array]:
    """An output, the weights to `count` units of the next layer, and their errors; the sum is not small."""
    while True:
        out, weights, deltas = outputs(rng, 1)[0], signed(rng, count), errors(rng, count)
        if abs(weights @ deltas) > 0.5 and abs(weights.sum() * deltas.sum()) > 0.5:
            return out, weights, deltas


def several(rng: np.random.Generator) -> list[tuple]:
    """Two and four units behind it; the first call with another argument new each time, and once more."""
    first = neuron_and_followers(rng, 2)
    out, weights, deltas = first
    new, four = neuron_and_followers(rng, 2), neuron_and_followers(rng, 4)
    # Nothing is negative here: a slip in the sum must not look like one in the signs.
    positive = (four[0], np.abs(four[1]), np.abs(four[2]))
    return [first, (new[0], weights, deltas), (out, new[1], deltas), positive, first]


@neuron_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one unit behind it", 1, [neuron_and_followers(rng, 1), neuron_and_followers(rng, 1)])
    yield Ask("several units behind it", 1.5, several(rng))
    yield Ask("leaves its arguments as they were", 0.5, [neuron_and_followers(rng, 3)], unchanged=True)


@neuron_error.misconception(
    "The unit's own slope is missing. The sum of what comes back belongs to its output; to get to its sum net, multiply by out (1 - out)."
)
def sum_without_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return np.dot(weights, deltas)


@neuron_error.misconception("The slope is out (1 - out), not out alone.")
def output_for_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return out * np.dot(weights, deltas)


@neuron_error.misconception(
    "The sigmoid was applied once more. out is its result already, so the slope is out (1 - out)."
)
def sigmoid_of_out(out: Array, weights: Array, deltas: Array) -> Array:
    s = activated(out, "sigmoid")
    return s * (1 - s) * np.dot(weights, deltas)


@neuron_error.misconception(
    "The weights and the errors were added up apart from each other. Multiply first, each weight with the error it leads to, then add."
)
def sums_multiplied(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.sum(weights) * np.sum(deltas)


@neuron_error.misconception("The weights are missing: each error comes back through its weight.")
def errors_without_weights(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.sum(deltas)


@neuron_error.misconception("This is the mean over the ways. The chain rule adds them up.")
def mean_of_the_ways(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.mean(np.asarray(weights) * deltas)


@neuron_error.misconception(
    "The ways were not added up: there is one number for each. The error of a unit is one number, their sum."
)
def a_number_for_each_way(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.asarray(weights) * deltas


@neuron_error.misconception(
    "The sign is turned round: nothing on the way back changes the sign but the weights."
)
def error_turned_round(out: Array, weights: Array, deltas: Array) -> Array:
    return -neuron_error(out, weights, deltas)


families.slope(
    neuron_error,
    lambda slope: lambda out, weights, deltas: slope(out) * np.dot(weights, deltas),
    without=("no_slope", "slope_just_s", "slope_of_the_result", "slope_turned_round"),
)


@neuron_error.misconception(
    "The 1 was left outside the product: out times 1, minus out times the sum. The slope is out (1 - out), in brackets."
)
def without_brackets(out: Array, weights: Array, deltas: Array) -> Array:
    return out - out * np.dot(weights, deltas)


@neuron_error.misconception("The slope was added to the sum of the ways. The chain rule multiplies by it.")
def adds_the_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) + np.dot(weights, deltas)


@neuron_error.misconception("The sum of the ways was divided by the slope. The chain rule multiplies by it.")
def divides_by_the_slope(out: Array, weights: Array, deltas: Array) -> Array:
    return np.dot(weights, deltas) / (out * (1 - out))


@neuron_error.misconception("Only the first way back counts here. Add up all of them.")
def first_way_only(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * weights[0] * deltas[0]


@neuron_error.misconception("The last way back is left out. Add up all of them.")
def last_way_left_out(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.dot(weights[:-1], deltas[:-1])


@neuron_error.misconception(
    "The weights lost their signs. A negative weight turns the sign of what comes back."
)
def weights_without_signs(out: Array, weights: Array, deltas: Array) -> Array:
    return out * (1 - out) * np.dot(np.abs(weights), deltas)


# Right answers in other words.


def error_loop(out, weights, deltas):
    total = 0.0
    for weight, delta in zip(weights, deltas, strict=True):
        total += weight * delta
    return total * out * (1 - out)


def error_dot(out, weights, deltas):
    return (out - out**2) * (np.asarray(weights) @ np.asarray(deltas))


def error_math(out, weights, deltas):
    return math.fsum(w * d * (1 - out) * out for w, d in zip(weights, deltas, strict=True))


def error_einsum_float32(out, weights, deltas):
    out = np.float32(out)
    return np.einsum("k,k->", np.float32(weights), np.float32(deltas)) * out * (1 - out)


def error_as_0d_array(out, weights, deltas):
    return np.array(np.inner(weights, deltas) * out * (1 - out))


neuron_error.right_answers(
    error_loop,
    error_dot,
    error_math,
    error_einsum_float32,
    error_as_0d_array,
)
