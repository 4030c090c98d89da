"""`mean_squared_error`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_07_forward_pass.common import LESSON, Array
from autograder.bank.promises import WHOLE, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=7,
    hints=(
        "Which number is m when there is one sample only? And does it depend on how many outputs there are?",
        r"$E = \dfrac{1}{2m} \sum_{s=1}^{m} \sum_{k} (\hat y_{sk} - y_{sk})^2$",
        "`m = 1 if np.ndim(y) == 1 else len(y)`, then the sum of all `(y_hat - y) ** 2`, divided by `2 * m`. Both factors stand below the line: mind the brackets.",
    ),
    promises={"y": reals("m? n", WHOLE), "y_hat": reals("m? n")},
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


@mean_squared_error.misconception(
    "The squares of the two were subtracted. Subtract first, then square the difference."
)
def difference_of_the_squares(y: Array, y_hat: Array) -> float:
    m = len(y) if np.ndim(y) == 2 else 1
    return np.sum(np.asarray(y_hat) ** 2 - np.asarray(y) ** 2) / (2 * m)


@mean_squared_error.misconception(
    "Target and output were added before the squares. It is their distance that counts, y_hat - y."
)
def adds_for_subtracts(y: Array, y_hat: Array) -> float:
    return mean_squared_error(y, -np.asarray(y_hat))


# Right answers in other words.


def error_by_rows(y, y_hat):
    y, y_hat = np.atleast_2d(y), np.atleast_2d(y_hat)
    return np.mean(np.sum((y - y_hat) ** 2, axis=-1)) / 2


def error_loops(y, y_hat):
    rows, guesses = np.atleast_2d(y), np.atleast_2d(y_hat)
    total = 0
    for row, guess in zip(rows, guesses, strict=True):
        for k in range(len(row)):
            total += (row[k] - guess[k]) ** 2
    return total / (2 * len(rows))


def error_norm(y, y_hat):
    return np.linalg.norm(y_hat - y) ** 2 / 2 / (1 if y.ndim == 1 else y.shape[0])


def error_float32(y, y_hat):
    return np.float32(error_by_rows(np.float32(y), np.float32(y_hat)))


def error_dot(y, y_hat):
    d = (np.array(y) - np.array(y_hat)).ravel()
    return float(d @ d) / (2 * (len(y) if np.ndim(y) > 1 else 1))


mean_squared_error.right_answers(
    error_by_rows,
    error_loops,
    error_norm,
    error_float32,
    error_dot,
)
