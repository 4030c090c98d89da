"""`graph_step`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_02_chain_rule.common import LESSON, TARGET
from autograder.bank.lesson_02_chain_rule.graph_forward import EXAMPLE, three_numbers
from autograder.bank.lesson_02_chain_rule.neuron_gradient import Triple
from autograder.bank.promises import WHOLE, ZERO
from autograder.bank.promises import number as a_number


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The loss is one more node at the right end of the graph. What is its slope with respect to f? Everything behind it is multiplied by that.",
        r"$\dfrac{\partial L}{\partial x} = (f - t)\,\dfrac{\partial f}{\partial x}$ and so on; then $x \leftarrow x - \eta\,\dfrac{\partial L}{\partial x}$, all three with the old values",
        "`error = (x + y) * z - target`. Then `x - learning_rate * error * z`, the same for y, and for z the factor is `x + y`, with the old x and y.",
    ),
    promises={
        "x": a_number(-3, 3, ZERO, WHOLE),
        "y": a_number(-3, 3, ZERO, WHOLE),
        "z": a_number(-3, 3, ZERO, WHOLE),
        "target": a_number(-3, 3, ZERO, WHOLE),
        "learning_rate": a_number(0.0625, 0.5),
    },
)
def graph_step(x: float, y: float, z: float, target: float, learning_rate: float) -> Triple:
    q = x + y
    scaled = learning_rate * (q * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * q


def with_target(rng: np.random.Generator, above: bool) -> tuple[np.float64, ...]:
    """x, y, z, a target above or below f, and a rate."""
    x, y, z = three_numbers(rng)
    gap = number(rng, 1, 3)
    target = np.float64((x + y) * z + (gap if above else -gap))
    if abs(target) < 0.5:
        return with_target(rng, above)
    return x, y, z, target, np.float64(rng.choice([0.0625, 0.125, 0.25]))


@graph_step.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    example = (*EXAMPLE, np.float64(TARGET), np.float64(0.1))
    yield Ask("a target above f", 2, [example, with_target(rng, True), with_target(rng, True)])
    x, y, z = three_numbers(rng)
    near = (x, y, z, np.float64((x + y) * z + 0.0625), np.float64(0.25))
    yield Ask("a target below f", 2, [with_target(rng, False), with_target(rng, False)])
    yield Ask(
        "at the target nothing moves",
        1,
        [(x, y, z, np.float64((x + y) * z), np.float64(0.125)), with_target(rng, True), near],
    )


Step = tuple[float, float, float]


def stepped(x: float, y: float, z: float, scaled: float) -> Step:
    """x, y, z minus `scaled` times the gradient of f."""
    return x - scaled * z, y - scaled * z, z - scaled * (x + y)


@graph_step.misconception(
    "The step is twice too long: this is the loss (f - target)^2 without the factor 1/2. The 1/2 is there to cancel the 2."
)
def without_the_half(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, 2 * learning_rate * ((x + y) * z - target))


@graph_step.misconception(
    "The factor (f - target) is missing: this is a step down on f itself. The loss is one more link of the chain."
)
def descends_on_f(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate)


@graph_step.misconception(
    "The step goes uphill. It is minus the gradient, and the error is f - target in this order."
)
def uphill(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, -learning_rate * ((x + y) * z - target))


@graph_step.misconception(
    "z was stepped with the new x and y. All three slopes belong to the old point: compute them first, then move everything."
)
def one_after_the_other(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    x, y = x - scaled * z, y - scaled * z
    return x, y, z - scaled * (x + y)


@graph_step.misconception(
    "The whole pass was run again between the three updates. All three slopes belong to the old point: compute them first, then move everything."
)
def three_passes(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    x = x - learning_rate * ((x + y) * z - target) * z
    y = y - learning_rate * ((x + y) * z - target) * z
    return x, y, z - learning_rate * ((x + y) * z - target) * (x + y)


@graph_step.misconception(
    "The slopes of f were multiplied by the loss (f - target)^2 / 2. The chain rule wants the loss's slope, f - target."
)
def loss_for_its_slope(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target) ** 2 / 2)


@graph_step.misconception("Only x was moved. y and z are updated in the same way.")
def moves_x_only(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target))[0], y, z


@graph_step.misconception("z was moved with the slope z. df/dz is the other factor of the product, q.")
def same_slope_for_z(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * z


@graph_step.misconception(
    "These are the slopes of the loss. The new x, y and z are wanted: the old ones minus rate times slope."
)
def slopes_not_positions(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    error = (x + y) * z - target
    return error * z, error * z, error * (x + y)


@graph_step.misconception(
    "These are the changes of x, y and z. The new values are wanted: add the changes to the old ones."
)
def changes_not_positions(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    return -scaled * z, -scaled * z, -scaled * (x + y)


@graph_step.misconception("The learning rate is missing: the whole gradient was subtracted.")
def forgets_the_rate(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, (x + y) * z - target)


@graph_step.misconception("The error is f - target. Here the two were added.")
def adds_the_target(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z + target))


@graph_step.misconception(
    "Here q = z + y was used. That is a slip of the pen in the text behind the example: the node adds x and y."
)
def steps_with_the_misprint(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    q = z + y
    scaled = learning_rate * (q * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * q


@graph_step.misconception(
    "The step is half as long as asked. The slope of (f - target)^2 / 2 is f - target: the 1/2 goes with the 2 of the square."
)
def half_a_step(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target) / 2)


@graph_step.misconception("The rate was 0.1, whatever was asked. Use the learning_rate that comes.")
def always_a_tenth(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, 0.1 * ((x + y) * z - target))


@graph_step.misconception(
    "Only the sign of the error counts here. The step is in proportion to the error f - target itself."
)
def sign_of_the_error(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * np.sign((x + y) * z - target))


@graph_step.misconception(
    "The slopes of f were multiplied by (f - target)^2. The chain rule wants the loss's slope there, f - target."
)
def square_for_the_slope(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target) ** 2)


# Right answers in other words.


def step_nodes(x, y, z, target, learning_rate):
    q = x + y
    f = q * z
    dL_df = f - target
    dL_dq, dL_dz = dL_df * z, dL_df * q
    return x - learning_rate * dL_dq, y - learning_rate * dL_dq, z - learning_rate * dL_dz


def step_vector(x, y, z, target, learning_rate):
    error = (x + y) * z - target
    return np.array([x, y, z]) - learning_rate * error * np.array([z, z, x + y])


def step_list(x, y, z, target, learning_rate):
    pull = learning_rate * (target - (x + y) * z)
    return [float(x + pull * z), float(y + pull * z), float(z + pull * (x + y))]


def step_last_first(x, y, z, target, learning_rate):
    pull = learning_rate * ((x + y) * z - target)
    new_z = z - pull * (x + y)
    x -= pull * z
    y -= pull * z
    return x, y, new_z


def step_float32(x, y, z, target, learning_rate):
    x, y, z, target, learning_rate = np.array([x, y, z, target, learning_rate], dtype=np.float32)
    pull = learning_rate * ((x + y) * z - target)
    return x - pull * z, y - pull * z, z - pull * (x + y)


graph_step.right_answers(
    step_nodes,
    step_vector,
    step_list,
    step_last_first,
    step_float32,
)
