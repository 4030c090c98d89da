"""`printed_loss`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, one_hot, probabilities
from autograder.bank.lesson_07_forward_pass.common import EXAMPLE, LESSON, Array
from autograder.bank.promises import one_hot_rows, shares


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Two things are unusual: the base of the logarithm, and that the outputs of the wrong classes have a term too. What would you write for a single yes-or-no output?",
        r"$-\sum_k \bigl[\,y_k \log_{10} o_k + (1 - y_k)\,\log_{10}(1 - o_k)\bigr]$",
        "`right = y * np.log10(o_out)` is the term of the true class, and `wrong = (1 - y) * np.log10(1 - o_out)` those of the others. Add up both over all outputs, and put a minus before the sum.",
    ),
    promises={"o_out": shares("n"), "y": one_hot_rows("n")},
    without=("one n",),
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


@printed_loss.misconception(
    "Only the first three classes have a term. Every class has one, however many there are."
)
def first_three_classes(o_out: Array, y: Array) -> float:
    return np.sum(_two_class(o_out, y)[:3])


@printed_loss.misconception(
    "The true class has the term of the wrong ones, and the wrong classes that of the true one. Where y is 1 it is log10(o), elsewhere log10(1 - o)."
)
def labels_swapped(o_out: Array, y: Array) -> float:
    return np.sum(_two_class(o_out, 1 - np.asarray(y)))


@printed_loss.misconception(
    "The wrong classes' terms have the natural logarithm, the true class's one the base 10. The printed loss has base 10 throughout."
)
def two_bases(o_out: Array, y: Array) -> float:
    o_out, y = np.asarray(o_out), np.asarray(y)
    return -np.sum(y * np.log10(o_out) + (1 - y) * np.log(1 - o_out))


@printed_loss.misconception(
    "The class with the largest output was taken for the true one. The true class is where y is 1."
)
def largest_output_for_the_label(o_out: Array, y: Array) -> float:
    return np.sum(_two_class(o_out, np.eye(len(o_out))[np.argmax(o_out)]))


@printed_loss.misconception(
    "The true class came in with the natural logarithm, the others with another base. The published figure has one base for all."
)
def natural_for_the_label(o_out: Array, y: Array) -> float:
    o, label = np.asarray(o_out), np.asarray(y)
    return -np.sum(label * np.log(o) + (1 - label) * np.log10(1 - o))


# Right answers in other words.


def loss_loop(o_out, y):
    loss = 0.0
    for o, t in zip(o_out, y, strict=True):
        loss -= math.log10(o) if t == 1 else math.log10(1 - o)
    return loss


def loss_vector(o_out, y):
    return -np.sum(y * np.log10(o_out) + (1 - y) * np.log10(1 - o_out))


def loss_natural_divided(o_out, y):
    return -(y @ np.log(o_out) + (1 - y) @ np.log(1 - o_out)) / np.log(10)


def loss_chosen(o_out, y):
    return -np.log10(np.where(np.asarray(y) == 1, o_out, 1 - np.asarray(o_out))).sum()


def loss_product(o_out, y):
    return float(-np.log10(np.prod(np.abs(1 - y - o_out))))


def loss_float32(o_out, y):
    return np.float32(loss_vector(np.float32(o_out), np.float32(y)))


printed_loss.right_answers(
    loss_loop,
    loss_vector,
    loss_natural_divided,
    loss_chosen,
    loss_product,
    loss_float32,
)
