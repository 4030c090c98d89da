"""`with_weight_decay`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import (
    FIRST_ONLY,
    IN_PLACE,
    LESSON,
    Array,
    Arrays,
    Generator,
    a_share,
    arrays,
)
from autograder.bank.promises import drawn, number


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "What is the slope of a sum of squares with respect to one of the weights in it? That much is added to each entry of the gradient.",
        r"$\dfrac{\partial}{\partial W}\Bigl(L + \dfrac{\lambda}{2} \sum W^2\Bigr) = \dfrac{\partial L}{\partial W} + \lambda W$ for a weight matrix; for a bias $\dfrac{\partial L}{\partial b}$ as it is",
        "`for W, g in zip(weights, gradients):` collect the new array `g + strength * W` where `W.ndim == 2`, and otherwise a copy of `g`.",
    ),
    promises={
        "weights": drawn(lambda rng, sizes: arrays(rng, (2, 3), (3,), (3, 1), (1,))),
        "gradients": drawn(lambda rng, sizes: arrays(rng, (2, 3), (3,), (3, 1), (1,))),
        "strength": number(0.03125, 0.5),
    },
)
def with_weight_decay(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return [g + strength * W if np.ndim(W) == 2 else 1.0 * g for W, g in zip(weights, gradients, strict=True)]


def decayed(
    weights: Arrays, gradients: Arrays, added: Callable[[Array, Array], Array], biases: bool = False
) -> list[Array]:
    """For slips: something else added to the gradients of the weights, and perhaps of the biases."""
    pairs = zip(weights, gradients, strict=True)
    return [added(np.asarray(W), g) if biases or np.ndim(W) == 2 else 1.0 * g for W, g in pairs]


@with_weight_decay.asks
def _(rng: Generator) -> Iterator[Ask]:
    def of(*shapes: tuple[int, ...]) -> tuple[list[Array], list[Array], np.float64]:
        return arrays(rng, *shapes), arrays(rng, *shapes), a_share(rng, 3, 70)

    yield Ask(
        "weights", 1.5, [of((2, 3), (3, 4)), of((3, 3)), of((1, 4), (4, 1), (1, 1)), of((4, 2), (2, 2))]
    )
    yield Ask(
        "biases stay",
        1,
        [of((2, 3), (3, 2), (3,), (2,)), of((3, 3), (3,), (3, 1), (1,)), of((2,), (2, 2)), of((1, 1), (1,))],
    )


@with_weight_decay.misconception(
    "The biases decay too. They only shift a layer, and do not make it wind: their gradients stay."
)
def decays_biases_too(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + strength * W, biases=True)


@with_weight_decay.misconception(
    "The slope of W squared is 2 W, and the 1/2 in front takes the 2 away: strength times W is added, not twice that."
)
def forgets_the_half(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + 2 * strength * W)


@with_weight_decay.misconception(
    "The 1/2 is here twice. The slope of strength / 2 times W squared is strength times W."
)
def half_too_many(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + strength / 2 * W)


@with_weight_decay.misconception(
    "The decay was taken away. A step goes against the gradient: so that the weight shrinks, it is added to the gradient."
)
def decay_taken_away(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g - strength * W)


@with_weight_decay.misconception("The strength is missing: the whole weight was added to its gradient.")
def without_the_strength(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + W)


@with_weight_decay.misconception(
    "This pulls every weight by the same amount, its sign aside: that is the slope of |W|. The slope of W squared grows with W."
)
def sign_of_the_weight(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + strength * np.sign(W))


@with_weight_decay.misconception(
    "The squares themselves were added. A gradient needs their slope, which is W and keeps its sign."
)
def adds_the_squares(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: g + strength / 2 * W**2)


@with_weight_decay.misconception(
    "One number, the sum over all squares, was added to every entry. The slope with respect to one weight knows that weight alone."
)
def adds_the_penalty(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    penalty = strength / 2 * sum(np.sum(np.square(W)) for W in weights if np.ndim(W) == 2)
    return decayed(weights, gradients, lambda W, g: g + penalty)


@with_weight_decay.misconception("This is the decay alone. The gradient of the loss itself belongs to it.")
def decay_alone(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: strength * W)


@with_weight_decay.misconception("The gradients came back as they were: nothing decays.")
def nothing_decays(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return [np.array(g) for g in gradients]


@with_weight_decay.misconception(
    "The gradients were shrunk. It is the weights that shrink: strength times W is added to the gradient."
)
def shrinks_the_gradients(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return decayed(weights, gradients, lambda W, g: (1 - strength) * g)


@with_weight_decay.misconception(
    "These are the weights with their gradients taken away, a step. Asked for are the new gradients."
)
def steps_at_once(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return [W - g for W, g in zip(weights, with_weight_decay(weights, gradients, strength), strict=True)]


@with_weight_decay.misconception(FIRST_ONLY)
def first_gradient_only(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    return with_weight_decay(weights, gradients, strength)[:1]


@with_weight_decay.misconception(IN_PLACE)
def decays_in_place(weights: Arrays, gradients: Arrays, strength: float) -> list[Array]:
    for W, g in zip(weights, gradients, strict=True):
        if np.ndim(W) == 2:
            g += strength * W
    return [np.array(g) for g in gradients]


# Right answers in other words.


def decay_loop(weights, gradients, strength):
    new = []
    for k in range(len(weights)):
        if weights[k].ndim == 1:
            new.append(gradients[k].copy())
        else:
            new.append(gradients[k] + strength * weights[k])
    return new


def decay_by_factor(weights, gradients, strength):
    """A factor that is 0 for biases."""
    return tuple(g + strength * (W.ndim - 1) * W for W, g in zip(weights, gradients, strict=True))


def decay_on_copies(weights, gradients, strength):
    new = [np.array(g) for g in gradients]
    for W, g in zip(weights, new, strict=True):
        g += strength * W if len(W.shape) > 1 else 0
    return new


def decay_of_lists(weights, gradients, strength):
    new = []
    for W, g in zip(weights, gradients, strict=True):
        W, g = W.tolist(), g.tolist()
        if isinstance(W[0], list):
            g = [[s + strength * w for w, s in zip(a, b, strict=True)] for a, b in zip(W, g, strict=True)]
        new.append(g)
    return new


def decay_float32(weights, gradients, strength):
    return [np.float32(g) for g in decay_loop(weights, gradients, strength)]


with_weight_decay.right_answers(
    decay_loop,
    decay_by_factor,
    decay_on_copies,
    decay_of_lists,
    decay_float32,
)
