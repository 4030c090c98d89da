"""`momentum_step`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import (
    IN_PLACE,
    LESSON,
    Array,
    Arrays,
    Generator,
    a_share,
    arrays,
)
from autograder.bank.promises import drawn, number

SHAPES = ((2, 3), (3,))
Pair = tuple[list[Array], list[Array]]


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Two lines for each parameter: first the new velocity from the old one and the gradient, then the step with the new velocity.",
        r"$v \leftarrow \beta v + g$, then $\theta \leftarrow \theta - \eta\, v$ with the new $v$",
        "Make two empty lists. `for p, g, v in zip(parameters, gradients, velocity):` compute `new_v = beta * v + g`, and collect `new_v` and `p - learning_rate * new_v`. Return both lists, the parameters first.",
    ),
    promises={
        "parameters": drawn(lambda rng, sizes: arrays(rng, *SHAPES)),
        "gradients": drawn(lambda rng, sizes: arrays(rng, *SHAPES)),
        "velocity": drawn(lambda rng, sizes: arrays(rng, *SHAPES)),
        "learning_rate": number(0.0625, 0.375),
        "beta": number(0.25, 0.9375),
    },
)
def momentum_step(
    parameters: Arrays, gradients: Arrays, velocity: Arrays, learning_rate: float, beta: float
) -> Pair:
    new_velocity = [beta * v + g for v, g in zip(velocity, gradients, strict=True)]
    moved = [p - learning_rate * v for p, v in zip(parameters, new_velocity, strict=True)]
    return moved, new_velocity


@momentum_step.asks
def _(rng: Generator) -> Iterator[Ask]:
    def of(*shapes: tuple[int, ...], still: bool = False, beta: float | None = None) -> tuple:
        velocity = [np.zeros(shape) for shape in shapes] if still else arrays(rng, *shapes)
        return (
            arrays(rng, *shapes),
            arrays(rng, *shapes),
            velocity,
            a_share(rng, 3, 70),
            a_share(rng, 20, 95) if beta is None else np.float64(beta),
        )

    yield Ask(
        "a step that is under way", 2, [of((2, 3), (3,)), of((3, 3), (3, 2), (3,), (2,)), of((1, 1), (1,))]
    )
    yield Ask(
        "the first step, and no momentum at all",
        1,
        [of((2, 3), (3,), still=True), of((4,), still=True), of((2, 2), (2,), beta=0.0)],
    )


def step(
    parameters: Arrays,
    gradients: Arrays,
    velocity: Arrays,
    new: Callable[[Array, Array], Array],
    moved: Callable[[Array, Array, Array, Array], Array],
) -> Pair:
    """For slips: another velocity, from (v, g), and another step, from (p, new v, v, g)."""
    velocities = [new(np.asarray(v), g) for v, g in zip(velocity, gradients, strict=True)]
    parts = zip(parameters, velocities, velocity, gradients, strict=True)
    return [moved(np.asarray(p), n, v, g) for p, n, v, g in parts], velocities


@momentum_step.misconception(
    "The step was taken with the old velocity. First the velocity takes in the gradient, then the parameters move with it."
)
def old_velocity(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + g, lambda p, n, v, g: p - learning_rate * v)


@momentum_step.misconception(
    "The gradient came in with the factor 1 - beta: that is a mean, as Adam has it. Here the gradient is added whole."
)
def mean_for_sum(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + (1 - beta) * g, lambda p, n, v, g: p - learning_rate * n)


@momentum_step.misconception(
    "The parameters moved with the velocity, uphill. The velocity sums up gradients: it is taken away."
)
def moves_uphill(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + g, lambda p, n, v, g: p + learning_rate * n)


@momentum_step.misconception(
    "The gradient was taken away from the velocity, and the velocity from the parameters: two minus signs lead uphill."
)
def two_minus_signs(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v - g, lambda p, n, v, g: p - learning_rate * n)


@momentum_step.misconception(
    "The learning rate is in the velocity already, with its minus. Some books do it so; asked for is v = beta v + g, and the rate in the step."
)
def rate_in_the_velocity(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v - learning_rate * g, lambda p, n, v, g: p + n)


@momentum_step.misconception(
    "The learning rate came into the velocity with the gradient. It belongs to the step alone."
)
def rate_at_the_gradient(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + learning_rate * g, lambda p, n, v, g: p - n)


@momentum_step.misconception("The learning rate is missing in the step.")
def without_the_rate(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + g, lambda p, n, v, g: p - n)


@momentum_step.misconception(
    "The old velocity came in whole. Without beta it never fades, and the ball never comes to rest."
)
def velocity_never_fades(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: v + g, lambda p, n, v, g: p - learning_rate * n)


@momentum_step.misconception("beta belongs to the old velocity. Here it multiplies the gradient.")
def beta_at_the_gradient(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: v + beta * g, lambda p, n, v, g: p - learning_rate * n)


@momentum_step.misconception(
    "beta multiplies the gradient too. It makes the old velocity fade, and nothing else."
)
def beta_at_both(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * (v + g), lambda p, n, v, g: p - learning_rate * n)


@momentum_step.misconception(
    "This is plain descent: the velocity has no part in the step. It moves with the velocity, not with the gradient."
)
def plain_descent(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + g, lambda p, n, v, g: p - learning_rate * g)


@momentum_step.misconception(
    "This is Nesterov's form, which looks one step ahead. Asked for is the plain one: the step is the rate times the new velocity."
)
def nesterov(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return step(p, g, v, lambda v, g: beta * v + g, lambda p, n, v, g: p - learning_rate * (g + beta * n))


@momentum_step.misconception(
    "The velocity came back as it was, so the next step begins without what this one has learned."
)
def velocity_not_kept(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    return momentum_step(p, g, v, learning_rate, beta)[0], [np.array(each) for each in v]


@momentum_step.misconception("The two lists came back in the other order: the parameters are first.")
def velocity_first(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> tuple:
    return momentum_step(p, g, v, learning_rate, beta)[::-1]


@momentum_step.misconception("Only the parameters came back. The next step needs the new velocity too.")
def parameters_only(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> list[Array]:
    return momentum_step(p, g, v, learning_rate, beta)[0]


@momentum_step.misconception(IN_PLACE)
def velocity_in_place(p: Arrays, g: Arrays, v: Arrays, learning_rate: float, beta: float) -> Pair:
    moved, velocity = momentum_step(p, g, v, learning_rate, beta)
    for old, new in zip([*p, *v], [*moved, *velocity], strict=True):
        old[...] = new
    return moved, velocity


# Right answers in other words.


def momentum_loop(parameters, gradients, velocity, learning_rate, beta):
    moved, velocities = [], []
    for p, g, v in zip(parameters, gradients, velocity, strict=True):
        v = beta * v + g
        moved.append(p - learning_rate * v)
        velocities.append(v)
    return moved, velocities


def momentum_on_copies(parameters, gradients, velocity, learning_rate, beta):
    parameters, velocity = [p.copy() for p in parameters], [v.copy() for v in velocity]
    for k in range(len(parameters)):
        velocity[k] *= beta
        velocity[k] += gradients[k]
        parameters[k] -= learning_rate * velocity[k]
    return parameters, velocity


def momentum_written_out(parameters, gradients, velocity, learning_rate, beta):
    """The plain step, and the old velocity on top."""
    moved = [
        p - learning_rate * g - learning_rate * beta * v
        for p, g, v in zip(parameters, gradients, velocity, strict=True)
    ]
    return [moved, [g + v * beta for g, v in zip(gradients, velocity, strict=True)]]


def momentum_lists(parameters, gradients, velocity, learning_rate, beta):
    moved, velocities = momentum_loop(parameters, gradients, velocity, learning_rate, beta)
    return tuple(p.tolist() for p in moved), tuple(v.tolist() for v in velocities)


def momentum_float32(parameters, gradients, velocity, learning_rate, beta):
    moved, velocities = momentum_loop(parameters, gradients, velocity, learning_rate, beta)
    return [np.float32(p) for p in moved], [np.float32(v) for v in velocities]


momentum_step.right_answers(
    momentum_loop,
    momentum_on_copies,
    momentum_written_out,
    momentum_lists,
    momentum_float32,
)
