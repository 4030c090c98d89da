"""`value_gradients`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_11_autograd.common import INPUT, LESSON, Array
from autograder.bank.lesson_11_autograd.engine import (
    Build,
    Value,
    gradients_with,
    shares,
    walk_back,
)
from autograder.bank.lesson_11_autograd.engine_right import (
    value_gradients_closures,
    value_gradients_counting,
    value_gradients_float32,
    value_gradients_forwards,
)
from autograder.bank.lesson_11_autograd.local_derivatives import positive
from autograder.bank.lesson_11_autograd.unbroadcast import unbroadcast
from autograder.kit import graphs


@exercise(
    LESSON,
    difficulty=3,
    minutes=35,
    seconds=8.0,
    hints=(
        "An operator makes a new Value: its data from the operation, and, to remember, the operation's name and the Values that went in. A plain number that meets a Value becomes one first. The way back is `graph_gradients` once more, with Values for node numbers.",
        r"Each node hands on $g \cdot \partial v / \partial v_j$, summed to the parent's shape. For a matrix product $C = AB$: $g B^{\mathsf T}$ to $A$ and $A^{\mathsf T} g$ to $B$. For a sum: $g$ to every entry. $a - b = a + (-1)\,b$ and $a / b = a \cdot b^{-1}$",
        'One function makes all nodes: `def made(op, *given)` turns each of `given` into a Value if it is none, computes the data, and returns `Value(data, op, parents)`. Then `__add__` is `return made("add", self, other)`, `__radd__` is `return made("add", other, self)`, and so on. `value_gradients` wraps the inputs, calls `build(*values)`, orders the nodes with a `visit` as in exercise 2, sets the end\'s `grad` to 1, and goes back: `parent.grad = parent.grad + unbroadcast(share, parent.data.shape)`.',
    ),
)
def value_gradients(build: Build, inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
    values = [Value(each) for each in inputs]
    end = build(*values)
    walk_back(end)
    return float(end.data), [each.grad for each in values]


def some(rng: np.random.Generator, count: int, low: float = -2, high: float = 2) -> list[Any]:
    """Different numbers, one by one."""
    return [np.float64(each) for each in distinct(rng, count, low, high)]


def graphs_of_numbers(rng: np.random.Generator) -> Iterator[Ask]:
    """Every operation on numbers, one by one and together."""
    two = [np.float64(each) for each in positive(rng, 2)]
    yield Ask(
        "+ and *, with numbers on both sides",
        1,
        [
            (graphs.product_of_sum, some(rng, 3)),
            (graphs.constants_on_both_sides, some(rng, 2)),
            (graphs.only_the_first, some(rng, 2)),
            (graphs.itself, some(rng, 1)),
            (graphs.constants_on_both_sides, [int(each) for each in rng.integers(2, 9, 2)]),
        ],
    )
    yield Ask(
        "-, / and **, with numbers on both sides",
        1,
        [
            (graphs.differences, some(rng, 2)),
            (graphs.quotients, two),
            (graphs.powers, [-two[0], two[1]]),
            (graphs.powers_of_values, two[::-1]),
            (graphs.powers_of_values, [np.float64(rng.integers(2, 7) / 8), two[1]]),
            (graphs.powers, [int(rng.integers(2, 4)), int(rng.integers(2, 4))]),
        ],
    )
    yield Ask(
        "exp, log, tanh and max",
        1,
        [
            (graphs.curves, some(rng, 2)),
            (graphs.larger_ones, [np.float64(1.5), np.float64(-0.75) + rng.integers(-4, 5) / 8]),
            (graphs.larger_ones, [-np.float64(rng.integers(4, 9) / 8), np.float64(1.25)]),
            (graphs.cut_off_at_zero, [np.float64(0.0)]),
            (graphs.sigmoid_of_neuron, some(rng, 3)),
            (graphs.loss_of_softmax, some(rng, 3)),
        ],
    )
    yield Ask(
        "values that go into several others",
        1.5,
        [
            (graphs.square_and_itself, some(rng, 1, 0.5, 5)),
            (graphs.doubled_again, some(rng, 1, 0.25, 1)),
            (graphs.crossing_ways, some(rng, 2)),
            (graphs.long_way_first, some(rng, 1, -1.5, 1.5)),
            (graphs.product_of_sum, some(rng, 3)),
        ],
    )


def graphs_of_arrays(rng: np.random.Generator) -> Iterator[Ask]:
    """Sums and products of arrays, some of shapes that are broadcast."""
    X, W = signed(rng, 4, 2), signed(rng, 2, 3) / 2
    yield Ask(
        "arrays, and broadcasting",
        1.5,
        [
            (graphs.sum_of_products, [signed(rng, 3), signed(rng, 3)]),
            (graphs.sum_of_products, [signed(rng, 2, 3), signed(rng, 3)]),
            (graphs.squares_of_differences, [signed(rng, 2, 1), signed(rng, 3)]),
            (graphs.squares_of_differences, [np.float64(rng.integers(5, 20) / 8), signed(rng, 2, 3)]),
            (graphs.sums_and_larger_ones, [signed(rng, 4), signed(rng, 3, 1)]),
            (graphs.curves_of_arrays, [signed(rng, 3, 3) / 2, signed(rng, 1, 3) / 2]),
            (graphs.sum_twice, [signed(rng, 2, 2), signed(rng, 2)]),
            (graphs.layer_of_tanh, [X, W, signed(rng, 3) / 2]),
            (graphs.two_layers, [signed(rng, 2, 3), signed(rng, 3, 2) / 2, signed(rng, 2, 1)]),
            (graphs.layer_of_tanh, [X[:1], W, signed(rng, 3) / 2]),
            (graphs.sum_of_products, [rng.integers(1, 9, 3), rng.integers(1, 9, (2, 1))]),
        ],
    )


@value_gradients.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from graphs_of_numbers(rng)
    yield from graphs_of_arrays(rng)


class TurnsDifferencesRound(Value):
    """number - value came out as value - number."""

    def __rsub__(self, other):
        return self - other


class TurnsQuotientsRound(Value):
    """number / value came out as value / number."""

    def __rtruediv__(self, other):
        return self / other


class TurnsPowersRound(Value):
    """number ** value came out as value ** number."""

    def __rpow__(self, other):
        return self**other


class LosesTheMinus(Value):
    """a - b became a + b."""

    def __sub__(self, other):
        return self + other


class HalvesItsSelf(Value):
    """The larger of a value and 0, whatever the other is."""

    def max(self, other):
        return self.made("max", self, 0)


class TakesTheMean(Value):
    """The mean for the sum."""

    def sum(self):
        return self.made("sum", self) * (1 / self.data.size)


class ForgetsTheLogarithm(Value):
    """A logarithm that breaks the chain."""

    def log(self):
        return type(self)(np.log(self.data))


class KeepsConstants(Value):
    """The exponent of a power is a plain number, and never a value."""

    def __pow__(self, other):
        return self.made("pow", self, other.data if isinstance(other, Value) else other)


def _without_upstream(node: Value) -> Sequence[Array]:
    kept, node.grad = node.grad, np.ones(node.data.shape)
    parts = shares(node)
    node.grad = kept
    return parts


def _only_first(node: Value) -> Sequence[Array]:
    return shares(node)[:1]


def _of(op: str, part: Callable[[Value], list[Array]]) -> Callable[[Value], Sequence[Array]]:
    return lambda node: part(node) if node.op == op else shares(node)


def _across(end: Value) -> list[Value]:
    """Row by row from the end: a node may come before all that use it are done."""
    order, waiting = [end], [end]
    while waiting:
        node = waiting.pop(0)
        new = [each for each in dict.fromkeys(node.parents) if each not in order]
        order += new
        waiting += new
    return order[::-1]


def _deep_first(end: Value) -> list[Value]:
    """Put down on the way in, not on the way out."""
    order: list[Value] = []

    def visit(node: Value) -> None:
        if node not in order:
            order.append(node)
            for parent in node.parents:
                visit(parent)

    visit(end)
    return order[::-1]


def _first_copy(gradient: Array, shape: tuple[int, ...]) -> Array:
    while np.ndim(gradient) > len(shape):
        gradient = gradient[0]
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = np.take(gradient, [0], axis)
    return gradient


def _mean_of_copies(gradient: Array, shape: tuple[int, ...]) -> Array:
    return unbroadcast(gradient, shape) * (np.prod(shape) / np.size(gradient))


SLIPS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("overwrites", "A value that goes into several others lost all contributions but one: `=` overwrites what is there. Add up: `+=`.", gradients_with(add=lambda old, new: new)),
    ("first_contribution_only", "A value that goes into several others kept the first contribution alone. All of them are added up.", gradients_with(add=lambda old, new: old if np.any(old) else new)),
    ("row_by_row_from_the_end", "A value handed on its gradient before all that use it had given theirs. The way back goes through a topological order.", gradients_with(order=_across)),
    ("on_the_way_in", "The nodes were put down before their parents, on the way in. Visit the parents first, then append: only then is the list a topological order.", gradients_with(order=_deep_first)),
    ("starts_with_the_value", "The way back was started with the end's value. It starts with 1.", gradients_with(start=lambda end: end.data)),
    ("upstream_left_out", "The upstream gradient is missing: each node handed on its local derivatives alone.", gradients_with(share=_without_upstream)),
    ("factors_exchanged", "At a product each factor got its own value as the slope. It is the other one.", gradients_with(share=_of("mul", lambda node: [node.grad * parent.data for parent in node.parents]))),
    ("only_the_left", "Only what stands on the left of an operator got a gradient. The right one needs its own.", gradients_with(share=_only_first)),
    ("number_minus_value", "`3 - value` gave `value - 3`. Python calls `__rsub__` with the sides exchanged: it must return the other minus self.", gradients_with(TurnsDifferencesRound)),
    ("number_over_value", "`3 / value` gave `value / 3`. Python calls `__rtruediv__` with the sides exchanged: it must return the other over self.", gradients_with(TurnsQuotientsRound)),
    ("number_to_a_value", "`2 ** value` gave `value ** 2`. Python calls `__rpow__` with the sides exchanged: the other is the base.", gradients_with(TurnsPowersRound)),
    ("minus_lost", "A difference of two values came out as their sum.", gradients_with(LosesTheMinus)),
    ("max_with_zero", "`max` took the larger of the value and 0. Its other side may be any number or value.", gradients_with(HalvesItsSelf)),
    ("mean_for_sum", "`sum` gave the mean. It is the sum of all entries.", gradients_with(TakesTheMean)),
    ("chain_broken_at_log", "The logarithm made a value without parents: there the way back ends, and all before it has the gradient 0.", gradients_with(ForgetsTheLogarithm)),
    ("exponents_are_constants", "An exponent that is a Value has a gradient as well: a**b times log a.", gradients_with(KeepsConstants)),
    ("log_for_exp_slope", "The slope of exp at a is e^a, its own result. Here it is 1.", gradients_with(share=_of("exp", lambda node: [node.grad]))),
    ("tanh_slope_at_the_input", "The slope of tanh is 1 - t^2 with the result t, not with the input.", gradients_with(share=_of("tanh", lambda node: [node.grad * (1 - node.parents[0].data ** 2)]))),
    ("tie_to_the_value", "Where both sides of `max` are equal the second one gets the gradient: max(x, 0) has the slope 0 at x = 0.", gradients_with(share=_of("max", lambda node: [node.grad * (node.parents[0].data >= node.parents[1].data), node.grad * (node.parents[0].data < node.parents[1].data)]))),
    ("copies_not_summed", "Where a small array was stretched only the first copy's gradient came back. Sum over the stretched axes: `unbroadcast`.", gradients_with(back=_first_copy)),
    ("copies_averaged", "Where a small array was stretched the mean of the copies' gradients came back. They are added up.", gradients_with(back=_mean_of_copies)),
)  # fmt: skip
for _name, _sentence, _wrong in SLIPS:
    _wrong.__name__ = _name
    value_gradients.misconception(_sentence)(_wrong)


@value_gradients.misconception(
    "The gradients of a stretched array have the shape it was stretched to. Each must have the shape of its own value: `unbroadcast`."
)
def stretched_gradients(build: Build, inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
    return gradients_with(back=lambda gradient, shape: gradient)(build, inputs)


@value_gradients.misconception("The gradients came back without the value: two things are asked for.")
def gradients_alone(build: Build, inputs: Sequence[Any]) -> list[Any]:
    return value_gradients(build, inputs)[1]


@value_gradients.misconception(
    "The two things are exchanged: first the value of what was built, then the list of gradients."
)
def gradients_first(build: Build, inputs: Sequence[Any]) -> tuple[list[Any], Any]:
    value, gradients = value_gradients(build, inputs)
    return gradients, value


@value_gradients.misconception(
    "Whatever was handed on before came along again: a node handed on its gradient each time it grew. Once per node, when its gradient is complete."
)
def hands_on_again(build: Build, inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
    values = [Value(each) for each in inputs]
    end = build(*values)

    def hand(node: Value, contribution: Array) -> None:
        node.grad = node.grad + contribution
        for parent, part in zip(node.parents, shares(node), strict=True):
            hand(parent, unbroadcast(part, parent.data.shape))

    hand(end, np.ones(end.data.shape))
    return float(end.data), [each.grad for each in values]


# Right answers in other words.


def value_gradients_all_ways(build, inputs):
    """Every way from the end to an input by itself, each with its own product."""
    values = [Value(each) for each in inputs]
    end = build(*values)
    totals = {id(each): np.zeros(each.data.shape) for each in values}

    def go(node, gradient):
        if id(node) in totals:
            totals[id(node)] = totals[id(node)] + gradient
        if node.op != INPUT:
            node.grad = gradient
            for parent, part in zip(node.parents, shares(node), strict=True):
                go(parent, unbroadcast(part, parent.data.shape))

    go(end, np.ones(()))
    return end.data, [totals[id(each)] for each in values]


value_gradients.right_answers(
    value_gradients_closures,
    value_gradients_counting,
    value_gradients_forwards,
    value_gradients_all_ways,
    value_gradients_float32,
)
