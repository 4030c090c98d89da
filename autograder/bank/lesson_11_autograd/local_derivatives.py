"""`local_derivatives`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number

Array = np.ndarray


@exercise(
    "11-autograd",
    difficulty=1,
    minutes=10,
    hints=(
        "An operation with two inputs has two derivatives: hold one input still and move the other. Which of the seven can you say from lessons 2 and 3?",
        r"$a + b$: $1, 1$. $ab$: $b, a$. $a^b$: $b\,a^{b-1}$ and $a^b \log a$. $e^a$: $e^a$. $\log a$: $1/a$. $\tanh a$: $1 - \tanh^2 a$. $\max(a, b)$: 1 for the larger one, 0 for the other",
        '`a, *rest = [np.asarray(each, dtype=float) for each in inputs]`, then one `if op == "add": return [np.ones(a.shape), np.ones(a.shape)]` for each operation; with two inputs `b = rest[0]`. For `"max"`: `first = np.where(a > b, 1.0, 0.0)`, and the second is `1 - first`.',
    ),
)
def local_derivatives(op: str, inputs: Sequence[Array]) -> list[Array]:
    a, *rest = [np.asarray(each, dtype=float) for each in inputs]
    if op == "exp":
        return [np.exp(a)]
    if op == "log":
        return [1 / a]
    if op == "tanh":
        return [1 - np.tanh(a) ** 2]
    b = rest[0]
    if op == "add":
        return [np.ones(a.shape), np.ones(b.shape)]
    if op == "mul":
        return [b, a]
    if op == "pow":
        return [b * a ** (b - 1), exponent_slope(a, b)]
    if op == "max":
        first = np.where(a > b, 1.0, 0.0)
        return [first, 1 - first]
    raise ValueError(f"there is no operation {op!r}")


def exponent_slope(a: Array, b: Array) -> Array:
    """a**b log a where a is above 0; elsewhere there is none, and 0 stands for it."""
    return np.where(a > 0, a**b * np.log(np.where(a > 0, a, 1.0)), 0.0)


def positive(rng: np.random.Generator, *shape: int) -> Array:
    """Different numbers between 1/4 and 3, none of them 1."""
    kept = np.setdiff1d(np.arange(2, 25), [8])
    return rng.choice(kept, int(np.prod(shape)), replace=False).reshape(shape)[()] / 8


def pair(rng: np.random.Generator) -> list[Any]:
    """Two different numbers of any sign."""
    return [np.float64(each) for each in distinct(rng, 2)]


@local_derivatives.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    low, high = sorted(pair(rng))
    flat, table = distinct(rng, 8), distinct(rng, 12)
    yield Ask(
        "add and mul",
        0.5,
        [
            ("add", pair(rng)),
            ("mul", [np.float64(1.375), np.float64(-2.25) - number(rng, 0, 1)]),
            ("mul", pair(rng)),
            ("mul", [int(rng.integers(2, 9)), -int(rng.integers(2, 9))]),
        ],
    )
    yield Ask(
        "pow",
        1,
        [
            ("pow", [positive(rng), np.float64(rng.choice([-1.5, 1.5, 2.5]))]),
            ("pow", [positive(rng), np.float64(-rng.integers(1, 4))]),
            ("pow", [np.float64(rng.integers(2, 7) / 8), np.float64(rng.choice([1.5, 2.5]))]),
            ("pow", [-positive(rng), np.float64(rng.choice([2.0, 3.0]))]),
            ("pow", [int(rng.integers(2, 5)), int(rng.integers(2, 4))]),
            ("pow", [np.float64(0.0), np.float64(rng.integers(2, 5))]),
        ],
    )
    yield Ask(
        "exp, log and tanh",
        1,
        [
            ("exp", [number(rng, 0.25, 2)]),
            ("exp", [-number(rng, 0.25, 2)]),
            ("log", [positive(rng)]),
            ("log", [int(rng.integers(2, 9))]),
            ("tanh", [number(rng, 0.25, 1.5)]),
            ("tanh", [-number(rng, 0.25, 1.5)]),
        ],
    )
    larger = [[low, high], [high, low], [np.float64(0.0), np.float64(0.0)], [low, low], pair(rng), pair(rng)]
    yield Ask("max", 0.5, [("max", larger[place]) for place in rng.permutation(len(larger))])
    yield Ask(
        "arrays, entry by entry",
        1,
        [
            ("add", [flat[:4], flat[4:]]),
            ("mul", [table[:6].reshape(2, 3), table[6:].reshape(2, 3)]),
            ("pow", [positive(rng, 2, 2), distinct(rng, 4).reshape(2, 2)]),
            ("exp", [distinct(rng, 3, -2, 2)]),
            ("log", [positive(rng, 3, 1)]),
            ("tanh", [distinct(rng, 4, -2, 2)]),
            ("max", [np.append(flat[:4], 0.5), np.append(flat[4:], 0.5)]),
            ("mul", [np.array([2, -3, 4]), rng.integers(2, 9, 3)]),
        ],
    )


def _other(name: str, changed: Callable[..., list]) -> Callable[..., list]:
    """The right answer, but for one operation."""

    def wrong(op: str, inputs: Sequence[Array]) -> list:
        if op != name:
            return local_derivatives(op, inputs)
        return changed(*(np.asarray(each, float) for each in inputs))

    return wrong


def _ones(a: Array) -> Array:
    return np.ones(np.shape(a))


SLIPS: tuple[tuple[str, str, str, Callable[..., list]], ...] = (
    ("mul_own_factor", "mul", "The derivatives of a product are the other way round: with respect to a it is b, with respect to b it is a.", lambda a, b: [a, b]),
    ("mul_like_a_sum", "mul", "At a product the derivative is the other factor. 1 and 1 belong to the sum.", lambda a, b: [_ones(a), _ones(b)]),
    ("add_passes_values", "add", "The derivatives of a sum are 1 and 1. Here its inputs came back.", lambda a, b: [a, b]),
    ("add_shares_out", "add", "A sum does not share out its gradient: when a grows by a little, a + b grows by just as much. Both derivatives are 1.", lambda a, b: [_ones(a) / 2, _ones(b) / 2]),
    ("pow_exponent_kept", "pow", "The new exponent is b - 1: the derivative of a^b with respect to a is b times a^(b-1).", lambda a, b: [b * a**b, exponent_slope(a, b)]),
    ("pow_factor_lost", "pow", "The exponent comes down as a factor: b times a^(b-1).", lambda a, b: [a ** (b - 1), exponent_slope(a, b)]),
    ("pow_without_logarithm", "pow", "With respect to the exponent the derivative of a^b is a^b times log a: the logarithm is missing.", lambda a, b: [b * a ** (b - 1), np.where(a > 0, a**b, 0.0)]),
    ("pow_logarithm_of_b", "pow", "With respect to the exponent it is a^b times log a, the logarithm of the base.", lambda a, b: [b * a ** (b - 1), np.where(a > 0, a**b * np.log(np.abs(b)), 0.0)]),
    ("pow_exponent_is_no_input", "pow", "The exponent is an input like the base, and has a derivative of its own: a^b log a. Here it came back as 0.", lambda a, b: [b * a ** (b - 1), 0 * b]),
    ("pow_turned_round", "pow", "The two derivatives of a^b are exchanged: first with respect to the base a, then to the exponent b.", lambda a, b: [exponent_slope(a, b), b * a ** (b - 1)]),
    ("exp_like_a_power", "exp", "e^a is its own derivative. The rule with the exponent minus 1 is for a^b with respect to a.", lambda a: [a * np.exp(a - 1)]),
    ("exp_one", "exp", "The derivative of e^a is e^a again, not 1.", lambda a: [_ones(a)]),
    ("log_base_ten", "log", "log is the natural logarithm here; its derivative is 1/a.", lambda a: [1 / (a * np.log(10))]),
    ("log_itself", "log", "This is the logarithm itself. Its derivative is 1/a.", lambda a: [np.log(a)]),
    ("log_minus", "log", "The derivative of the logarithm is 1/a. Minus 1/a^2 is the derivative of 1/a.", lambda a: [-1 / a**2]),
    ("tanh_at_the_result", "tanh", "1 - a^2 with the input a: the square is of the result, 1 - tanh(a)^2.", lambda a: [1 - a**2]),
    ("tanh_without_square", "tanh", "The derivative of tanh is 1 - tanh(a)^2: the square is missing.", lambda a: [1 - np.tanh(a)]),
    ("tanh_like_the_sigmoid", "tanh", "t (1 - t) belongs to the sigmoid. With t = tanh(a) the derivative is 1 - t^2.", lambda a: [np.tanh(a) * (1 - np.tanh(a))]),
    ("max_turned_round", "max", "The derivative is 1 for the larger input and 0 for the smaller: here they are exchanged.", lambda a, b: [np.where(a > b, 0.0, 1.0), np.where(a > b, 1.0, 0.0)]),
    ("max_one_for_both", "max", "Only the larger input decides the result. The derivative with respect to the smaller is 0.", lambda a, b: [_ones(a), _ones(b)]),
    ("max_its_value", "max", "Here the larger value itself came back. Its derivative is 1, and that of the smaller is 0.", lambda a, b: [np.where(a > b, a, 0.0), np.where(a > b, 0.0, b)]),
    ("max_tie_to_the_first", "max", "Where both inputs are equal the second has the 1: so max(x, 0) has the slope 0 at x = 0, as ReLU has.", lambda a, b: [np.where(a >= b, 1.0, 0.0), np.where(a >= b, 0.0, 1.0)]),
    ("max_tie_for_both", "max", "Where both inputs are equal both got a 1: that would count the gradient twice. The second has it alone.", lambda a, b: [np.where(a >= b, 1.0, 0.0), np.where(b >= a, 1.0, 0.0)]),
    ("max_tie_for_none", "max", "Where both inputs are equal nobody got the gradient. The second has it.", lambda a, b: [np.where(a > b, 1.0, 0.0), np.where(b > a, 1.0, 0.0)]),
    ("max_tie_halved", "max", "Where both inputs are equal this gives a half to each. Some libraries do; here the second has the 1, so that ReLU has the slope 0 at 0.", lambda a, b: [np.where(a == b, 0.5, np.where(a > b, 1.0, 0.0)), np.where(a == b, 0.5, np.where(b > a, 1.0, 0.0))]),
)  # fmt: skip
for _name, _op, _sentence, _changed in SLIPS:
    _wrong = _other(_op, _changed)
    _wrong.__name__ = _name
    local_derivatives.misconception(_sentence)(_wrong)


@local_derivatives.misconception(
    "For arrays the derivatives were added up. Each entry has a derivative of its own: the shape is that of the inputs."
)
def adds_up_the_entries(op: str, inputs: Sequence[Array]) -> list:
    return [np.sum(each) for each in local_derivatives(op, inputs)]


@local_derivatives.misconception(
    "With arrays a sum gave the single number 1. The derivatives have the shape of the inputs: a 1 for each entry."
)
def single_ones(op: str, inputs: Sequence[Array]) -> list:
    return [1.0, 1.0] if op == "add" else local_derivatives(op, inputs)


# Right answers in other words.


def derivatives_table(op, inputs):
    table = {
        "add": (lambda a, b: a * 0 + 1.0, lambda a, b: b * 0 + 1.0),
        "mul": (lambda a, b: b, lambda a, b: a),
        "pow": (
            lambda a, b: b * np.power(a, b - 1),
            lambda a, b: np.power(a, b) * np.log(np.where(a > 0, a, 1)) * (a > 0),
        ),
        "exp": (np.exp,),
        "log": (np.reciprocal,),
        "tanh": (lambda a: 1 / np.cosh(a) ** 2,),
        "max": (lambda a, b: (a > b).astype(float), lambda a, b: (a <= b).astype(float)),
    }
    inputs = [np.array(each, dtype=float) for each in inputs]
    return tuple(slope(*inputs) for slope in table[op])


def derivatives_by_entries(op, inputs):
    """One entry at a time, with Python's own functions."""

    def one(*x):
        a, b = x[0], x[-1]
        if op == "add":
            return 1.0, 1.0
        if op == "mul":
            return b, a
        if op == "pow":
            return b * a ** (b - 1), a**b * math.log(a) if a > 0 else 0.0
        if op == "max":
            return (1.0, 0.0) if a > b else (0.0, 1.0)
        return ({"exp": math.exp, "log": lambda v: 1 / v, "tanh": lambda v: 1 - math.tanh(v) ** 2}[op](a),)

    if np.ndim(inputs[0]) == 0:
        return one(*map(float, inputs))
    rows = [one(*map(float, entries)) for entries in zip(*map(np.ravel, inputs), strict=True)]
    return [np.reshape(column, np.shape(inputs[0])) for column in zip(*rows, strict=True)]


def derivatives_match(op, inputs):
    x = [np.asarray(each) * 1.0 for each in inputs]
    match op:
        case "add":
            return np.ones((2, *x[0].shape))
        case "mul":
            return x[::-1]
        case "pow":
            a, b = x
            with np.errstate(all="ignore"):
                return [b * a ** (b - 1), np.nan_to_num(np.where(a > 0, a**b * np.log(a), 0))]
        case "max":
            return [np.heaviside(x[0] - x[1], 0), 1 - np.heaviside(x[0] - x[1], 0)]
        case "exp":
            return [np.exp(x[0])]
        case "log":
            return [x[0] ** -1]
        case "tanh":
            e = np.exp(2 * x[0])
            return [4 * e / (e + 1) ** 2]


def derivatives_float32(op, inputs):
    return [np.float32(each) for each in derivatives_table(op, inputs)]


local_derivatives.right_answers(
    derivatives_table, derivatives_by_entries, derivatives_match, derivatives_float32
)
