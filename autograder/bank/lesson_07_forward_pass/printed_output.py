"""`printed_output`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_07_forward_pass.common import EXAMPLE, LESSON, Array
from autograder.bank.lesson_07_forward_pass.forward import _softmax_again, softmax_of
from autograder.bank.promises import positive


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Add the three published outputs. What does the sum tell you about how they were made, and what about the logits?",
        "Each output is its logit's share of one whole, with no exponential anywhere. Try it on 1.8658 and the sum 6.9154.",
        "`np.asarray(o_in) / np.sum(o_in)` gives 0.2698 for the first logit. No exponential, no rounding.",
    ),
    promises={"o_in": positive("n")},
    without=("one n",),
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
    return softmax_of(np.asarray(o_in))


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


@printed_output.misconception(
    "A logarithm was taken of the logits before the shares. The published outputs are shares of the logits as they are."
)
def shares_of_logarithms(o_in: Array) -> Array:
    o = np.log1p(o_in)
    return o / np.sum(o)


@printed_output.misconception("This is the sigmoid of each logit by itself. The published outputs sum to 1.")
def sigmoid_of_each(o_in: Array) -> Array:
    return 1 / (1 + np.exp(-np.asarray(o_in)))


# Right answers in other words.


def output_list(o_in):
    total = sum(o_in)
    return [z / total for z in o_in]


def output_method(o_in):
    return o_in / o_in.sum()


def output_last_axis(o_in):
    o_in = np.asarray(o_in)
    return o_in / o_in.sum(axis=-1, keepdims=True)


def output_float32(o_in):
    o_in = np.asarray(o_in, np.float32)
    return np.divide(o_in, np.add.reduce(o_in))


def output_softmax_of_logarithms(o_in):
    """A softmax takes the exponential; of the logarithms it is the plain division."""
    return _softmax_again(np.log(o_in))


printed_output.right_answers(
    output_list,
    output_method,
    output_last_axis,
    output_float32,
    output_softmax_of_logarithms,
)
