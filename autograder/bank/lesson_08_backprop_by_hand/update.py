"""`update`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_08_backprop_by_hand.common import LESSON, Array, Arrays
from autograder.bank.promises import drawn, number


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The same short rule for each array in the list. Which way is downhill?",
        r"$\theta_{\text{new}} = \theta - \eta\,\dfrac{\partial L}{\partial \theta}$ for each parameter $\theta$",
        "`for p, g in zip(parameters, gradients):` make the new array `p - learning_rate * g` and collect it in a new list. `p -= ...` would change the caller's array.",
    ),
    promises={
        "parameters": drawn(lambda rng, sizes: [signed(rng, 2, 3), signed(rng, 3)]),
        "gradients": drawn(lambda rng, sizes: [signed(rng, 2, 3), signed(rng, 3)]),
        "learning_rate": number(0.0625, 0.375),
    },
)
def update(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def lists(*shapes: tuple[int, ...]) -> tuple[list[Array], list[Array], np.float64]:
        return (
            [signed(rng, *s) for s in shapes],
            [signed(rng, *s) for s in shapes],
            np.float64(rng.integers(11, 75) / 100),
        )

    one, slopes, rate = lists((2, 3))
    yield Ask("three matrices of different shapes", 1, [lists((2, 3), (3, 4), (4, 2)), lists((3, 3), (3, 3))])
    others = [(one, slopes, rate), lists((1, 1), (1,))]
    yield Ask("biases", 0.5, [lists((3,), (2,), (4,)), *others])
    yield Ask("leaves its arguments as they were", 0.5, [lists((2, 3), (3,))], unchanged=True)


@update.misconception("The step goes uphill: the gradient is taken away, not added.")
def uphill(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p + learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The learning rate is missing: the whole gradient was taken away.")
def without_the_rate(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("This is the step alone. Take it away from the parameters.")
def only_the_step(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [learning_rate * g for g in gradients]


@update.misconception("Only the signs of the gradients were used. A steep slope makes a long step.")
def step_by_sign(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.sign(g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("Every parameter was moved by the mean of its gradient. Each entry moves by its own.")
def step_by_the_mean(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.mean(g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("Only the first array moved: does the return stand inside the loop?")
def first_only(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [parameters[0] - learning_rate * gradients[0], *(np.array(p) for p in parameters[1:])]


@update.misconception("Nothing moved: the parameters came back as they were.")
def nothing_moved(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [np.array(p) for p in parameters]


@update.misconception("The last array came back as it was. Every array moves.")
def all_but_the_last(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [*update(parameters, gradients, learning_rate)[:-1], np.array(parameters[-1])]


@update.misconception("Only the first array came back: does the return stand inside the loop?")
def first_came_back(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return update(parameters, gradients, learning_rate)[:1]


@update.misconception("This is the step alone, with its minus. Add it to the parameters.")
def only_the_step_downhill(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [-learning_rate * g for g in gradients]


@update.misconception("The step is twice as long as it should be.")
def step_twice(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - 2 * learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The gradients lost their signs. Where a slope is negative, downhill is the other way.")
def signs_of_the_gradients_lost(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.abs(g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The gradients were cut off at -1 and 1 before the step. Take them as they are.")
def gradients_cut_off(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * np.clip(g, -1, 1) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The learning rate was squared. The step is learning_rate times the gradient.")
def rate_squared(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate**2 * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception(
    "The step has the length 1 - learning_rate times the gradient. It is learning_rate times it."
)
def one_minus_the_rate(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - (1 - learning_rate) * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The step is half as long as it should be.")
def half_a_step(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * g / 2 for p, g in zip(parameters, gradients, strict=True)]


@update.misconception(
    "The step was multiplied by the parameter. It is learning_rate times the gradient, wherever the parameter stands."
)
def step_times_the_parameter(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - p * learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The gradient was divided by the learning rate. The step is their product.")
def divides_by_the_rate(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - g / learning_rate for p, g in zip(parameters, gradients, strict=True)]


@update.misconception(
    "The whole difference was multiplied by the learning rate. It belongs to the gradient alone."
)
def rate_times_all(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [learning_rate * (p - g) for p, g in zip(parameters, gradients, strict=True)]


@update.misconception("The order of the difference is turned round: this is the step minus the parameters.")
def step_minus_parameters(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [learning_rate * g - p for p, g in zip(parameters, gradients, strict=True)]


@update.misconception(
    "The gradient was scaled to length 1 before the step. A steep slope makes a long step: take it as it is."
)
def gradient_of_length_one(parameters: Arrays, gradients: Arrays, learning_rate: float) -> list[Array]:
    return [p - learning_rate * g / np.linalg.norm(g) for p, g in zip(parameters, gradients, strict=True)]


# Right answers in other words.


def update_loop(parameters, gradients, learning_rate):
    new = []
    for k in range(len(parameters)):
        new.append(parameters[k] - learning_rate * gradients[k])
    return new


def update_tuple(parameters, gradients, learning_rate):
    return tuple(p + (-learning_rate) * g for p, g in zip(parameters, gradients, strict=True))


def update_on_copies(parameters, gradients, learning_rate):
    new = [np.array(p) for p in parameters]
    for p, g in zip(new, gradients, strict=True):
        p -= learning_rate * g
    return new


def update_lists(parameters, gradients, learning_rate):
    return [
        (np.asarray(p) - learning_rate * np.asarray(g)).tolist()
        for p, g in zip(parameters, gradients, strict=True)
    ]


def update_map(parameters, gradients, learning_rate):
    return list(map(lambda p, g: np.subtract(p, np.multiply(learning_rate, g)), parameters, gradients))


def update_float32(parameters, gradients, learning_rate):
    return [
        np.float32(p) - np.float32(learning_rate) * np.float32(g)
        for p, g in zip(parameters, gradients, strict=True)
    ]


update.right_answers(
    update_loop,
    update_tuple,
    update_on_copies,
    update_lists,
    update_map,
    update_float32,
)
