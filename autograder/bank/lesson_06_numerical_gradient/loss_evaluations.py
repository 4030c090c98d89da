"""`loss_evaluations`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_06_numerical_gradient.common import LESSON
from autograder.bank.promises import whole as whole_number


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "How often does your `numerical_gradient` call f for one entry of x? And if every sample has a loss of its own?",
        r"$2 \cdot n_{\text{parameters}} \cdot n_{\text{samples}}$",
        "`per_sample = 2 * parameters`: one value above and one below for each parameter. Every sample needs as many again: times `samples`.",
    ),
    promises={"parameters": whole_number(1, 40), "samples": whole_number(1, 9)},
)
def loss_evaluations(parameters: int, samples: int) -> int:
    return 2 * parameters * samples


@loss_evaluations.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "one sample",
        1,
        [
            (int(rng.integers(5, 40)), 1),
            (1000 * int(rng.integers(50, 100)), 1),
            (int(rng.integers(3, 9)) * 10**9, 1),
        ],
    )
    yield Ask(
        "several samples",
        1,
        [
            (int(rng.integers(5, 20)), int(rng.integers(3, 9))),
            (int(rng.integers(20, 40)), int(rng.integers(30, 60))),
        ],
    )


@loss_evaluations.misconception(
    "This counts one evaluation for each parameter. The central difference needs two: above and below."
)
def one_for_each_parameter(parameters: int, samples: int) -> int:
    return parameters * samples


@loss_evaluations.misconception(
    "This is the count of the forward difference: one for each parameter and one at the point itself. The central difference needs two for each parameter and none at the point."
)
def counts_the_forward_difference(parameters: int, samples: int) -> int:
    return (parameters + 1) * samples


@loss_evaluations.misconception(
    "The samples are not counted. Every sample has a gradient of its own here, and each costs as much as the first."
)
def forgets_the_samples(parameters: int, samples: int) -> int:
    return 2 * parameters


@loss_evaluations.misconception(
    "The samples are added. The whole work is done anew for each of them: multiply."
)
def adds_the_samples(parameters: int, samples: int) -> int:
    return 2 * parameters + samples


@loss_evaluations.misconception(
    "This counts a third value, at the point itself. The central difference never uses it."
)
def counts_the_point_too(parameters: int, samples: int) -> int:
    return (2 * parameters + 1) * samples


@loss_evaluations.misconception(
    "This counts pairs of parameters. Each parameter is moved alone, so the cost grows with their number, not with its square."
)
def every_pair(parameters: int, samples: int) -> int:
    return 2 * parameters**2 * samples


@loss_evaluations.misconception(
    "The count ran over: beyond 2**31 a number of 32 bits starts again from below."
)
def counts_in_32_bits(parameters: int, samples: int) -> int:
    return (2 * parameters * samples + 2**31) % 2**32 - 2**31


# Right answers in other words.


def evaluations_doubled(parameters, samples):
    per_sample = parameters + parameters
    return per_sample * samples


def evaluations_float(parameters, samples):
    return float(samples) * 2.0 * parameters


def evaluations_product(parameters, samples):
    return np.prod([2, parameters, samples])


def evaluations_counted(parameters, samples):
    total = 0
    for _ in range(samples):
        total += len(range(parameters)) * 2
    return total


loss_evaluations.right_answers(
    evaluations_doubled,
    evaluations_float,
    evaluations_product,
    evaluations_counted,
)
