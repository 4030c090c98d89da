"""`activate`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_10_training.common import IN_PLACE, LESSON, Array, Generator


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Four cases, one `if` each. Three of them work number by number; the softmax works along the last axis.",
        r"$\sigma(z) = \dfrac{1}{1 + e^{-z}}$, $\tanh z$, $\max(z, 0)$, and $\dfrac{e^{z_i}}{\sum_k e^{z_k}}$ after subtracting the row's largest $z$",
        '`if name == "sigmoid": return (1 + np.tanh(z / 2)) / 2`, which cannot overflow. For the softmax `e = np.exp(z - np.max(z, axis=-1, keepdims=True))`, divided by its sums along the same axis, with `keepdims=True`.',
    ),
)
def activate(z: Array, name: str) -> Array:
    z = np.asarray(z)
    if name == "softmax":
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    if name == "sigmoid":
        return (1 + np.tanh(z / 2)) / 2
    return np.tanh(z) if name == "tanh" else np.maximum(z, 0)


def far_rows(rng: Generator, m: int, n: int) -> Array:
    """Rows of logits around thousands, each row around another."""
    centres = rng.permutation(np.array([1000.0, -1000.0, 2000.0]))[:m, None]
    return centres + np.array([distinct(rng, n, -2, 2) for _ in range(m)])


def of_every_shape(rng: Generator, name: str) -> list[tuple[Array, str]]:
    """A sample, a batch, a batch of one, one unit; then the first once more."""
    first = signed(rng, 4)
    shapes = [signed(rng, *shape) for shape in ((2, 3), (1, 3), (3, 1), (1,))]
    return [(z, name) for z in (first, *shapes, first[::-1].copy(), first)]


@activate.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "sigmoid",
        0.5,
        [*of_every_shape(rng, "sigmoid"), (far_rows(rng, 3, 2), "sigmoid"), (8 * signed(rng, 4), "sigmoid")],
    )
    yield Ask("tanh", 0.5, [*of_every_shape(rng, "tanh"), (far_rows(rng, 3, 2), "tanh")])
    yield Ask(
        "relu",
        0.5,
        [
            *of_every_shape(rng, "relu"),
            (far_rows(rng, 3, 2), "relu"),
            (np.append(8 * signed(rng, 3), 0), "relu"),
        ],
    )
    yield Ask(
        "softmax",
        1,
        [(distinct(rng, 3), "softmax"), *of_every_shape(rng, "softmax"), (signed(rng, 3, 3), "softmax")],
    )
    yield Ask(
        "softmax of huge logits",
        0.5,
        [
            (far_rows(rng, 2, 3), "softmax"),
            (far_rows(rng, 3, 4), "softmax"),
            (far_rows(rng, 3, 3)[0], "softmax"),
        ],
        unchanged=True,
    )


@activate.misconception("exp(1000) overflows, and inf / inf is nan. Subtract each row's largest logit first.")
def activate_overflows(z: Array, name: str) -> Array:
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True) if name == "softmax" else activate(z, name)


@activate.misconception(
    "The softmax was taken over the whole batch: all its numbers sum to 1. Each row is one sample and sums to 1."
)
def activate_whole_batch(z: Array, name: str) -> Array:
    return activate(np.ravel(z), name).reshape(np.shape(z))


@activate.misconception(
    "The softmax runs down the columns (axis=0). The class axis is the last one: axis=-1, keepdims=True."
)
def activate_down_the_columns(z: Array, name: str) -> Array:
    return activate(np.transpose(z), name).T


@activate.misconception("The softmax is the sigmoid here. It must divide by the sum over the row.")
def sigmoid_for_softmax(z: Array, name: str) -> Array:
    return activate(z, "sigmoid" if name == "softmax" else name)


@activate.misconception("This is the sigmoid whatever the name says. Each name has its own function.")
def always_sigmoid(z: Array, name: str) -> Array:
    return activate(z, "sigmoid")


@activate.misconception("This is the tanh whatever the name says. Each name has its own function.")
def always_tanh(z: Array, name: str) -> Array:
    return activate(z, "tanh")


@activate.misconception("The sign in the sigmoid's exponent is wrong: it is exp(-z), so that it rises.")
def sigmoid_falls(z: Array, name: str) -> Array:
    return activate(-z if name == "sigmoid" else z, name)


@activate.misconception(
    "This tanh is 2 sigmoid(z) - 1, which is too flat. The argument is doubled as well: 2 sigmoid(2 z) - 1."
)
def tanh_too_flat(z: Array, name: str) -> Array:
    return activate(z / 2 if name == "tanh" else z, name)


@activate.misconception("The ReLU gives |z| here. Below 0 it is 0.")
def absolute_for_relu(z: Array, name: str) -> Array:
    return np.abs(z) if name == "relu" else activate(z, name)


@activate.misconception("The ReLU is 1 above 0 here: that is its slope. The function itself is z there.")
def step_for_relu(z: Array, name: str) -> Array:
    return (np.asarray(z) > 0) * 1.0 if name == "relu" else activate(z, name)


@activate.misconception("The exponentials of the softmax are not yet divided by their row's sum.")
def forgets_the_row_sum(z: Array, name: str) -> Array:
    return np.exp(z - np.max(z, axis=-1, keepdims=True)) if name == "softmax" else activate(z, name)


@activate.misconception(IN_PLACE)
def shifts_in_place(z: Array, name: str) -> Array:
    if name == "softmax":
        z -= np.max(z, axis=-1, keepdims=True)
    return activate(z, name)


@activate.misconception(
    "The logits were cut off at -500 and 500. The softmax minds differences alone, however large the logits are."
)
def logits_cut_off(z: Array, name: str) -> Array:
    return activate(np.clip(z, -500, 500), name)


@activate.misconception(
    "Here exp(z) overflowed, and inf / inf is nan. The sigmoid as 1 / (1 + exp(-z)), or np.tanh, stays finite."
)
def exponential_overflows(z: Array, name: str) -> Array:
    z = np.asarray(z)
    if name == "sigmoid":
        return np.exp(z) / (1 + np.exp(z))
    if name == "tanh":
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return activate(z, name)


@activate.misconception("The ReLU was cut off at 6. It has no upper end.")
def relu_cut_off(z: Array, name: str) -> Array:
    return np.clip(z, 0, 6) if name == "relu" else activate(z, name)


@activate.misconception("Below 0 the ReLU still lets a hundredth through. It gives 0 there.")
def leaky_relu(z: Array, name: str) -> Array:
    return np.where(np.asarray(z) > 0, z, 0.01 * np.asarray(z)) if name == "relu" else activate(z, name)


@activate.misconception(
    "Beyond -5 and 5 the sigmoid stays as it is there. It comes closer and closer to 0 and 1."
)
def sigmoid_cut_off(z: Array, name: str) -> Array:
    return activate(np.clip(z, -5, 5), name) if name == "sigmoid" else activate(z, name)


@activate.misconception("This is the sigmoid's slope, s (1 - s). Here the value s is asked for.")
def slope_for_the_sigmoid(z: Array, name: str) -> Array:
    s = activate(z, "sigmoid")
    return s * (1 - s) if name == "sigmoid" else activate(z, name)


# Right answers in other words.


def activate_one_liners(z, name):
    z = np.asarray(z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.sign(z) * (1 - np.exp(-2 * np.abs(z))) / (1 + np.exp(-2 * np.abs(z)))
    if name == "relu":
        return z * (z > 0)
    e = np.exp(z - z.max(axis=-1)[..., None])
    return e / e.sum(axis=-1)[..., None]


def activate_by_dictionary(z, name):
    functions = {
        "sigmoid": lambda x: np.exp(-np.logaddexp(0, -x)),
        "tanh": np.tanh,
        "relu": lambda x: np.where(x > 0, x, 0.0),
        "softmax": lambda x: np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True)),
    }
    return functions[name](np.asarray(z))


def activate_loops(z, name):
    if np.ndim(z) == 2:
        return [activate_loops(row, name) for row in z]
    if name == "softmax":
        powers = [math.exp(value - max(z)) for value in z]
        return [power / sum(powers) for power in powers]
    each = {
        "sigmoid": lambda x: 0.5 + math.tanh(x / 2) / 2,
        "tanh": math.tanh,
        "relu": lambda x: max(x, 0.0),
    }[name]
    return [each(value) for value in z]


def activate_float32(z, name):
    return activate_by_dictionary(np.asarray(z, dtype=np.float32), name)


def activate_copies(z, name):
    a = np.array(z, dtype=float)
    if name == "relu":
        a[a < 0] = 0
        return a
    if name == "softmax":
        a -= a.max(axis=-1, keepdims=True)
        np.exp(a, out=a)
        a /= a.sum(axis=-1, keepdims=True)
        return a
    return 2 / (1 + np.exp(-2 * a)) - 1 if name == "tanh" else 0.5 + 0.5 * np.tanh(0.5 * a)


activate.right_answers(
    activate_one_liners,
    activate_by_dictionary,
    activate_loops,
    activate_float32,
    activate_copies,
)
