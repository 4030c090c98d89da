"""`graph_values`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_11_autograd.common import (
    INPUT,
    LESSON,
    Array,
    Graph,
    Parents,
    computed,
    drawn_graph,
    sorted_nodes,
)
from autograder.bank.lesson_11_autograd.topological_order import topological_order

EVERY_OP = ["add", "mul", "pow", "exp", "log", "tanh", "max"]


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Put the inputs where they belong first. In which order can the others be computed, so that each finds its parents' values ready?",
        r"$v_k = \mathrm{op}_k(v_{j_1}, v_{j_2})$ with $j_1, j_2$ the parents of node $k$, node by node in the order of `topological_order`",
        '`values = [0.0] * len(ops)` and `left = iter(inputs)`. For `k` in `range(len(ops))` with `ops[k] == "input"`: `values[k] = next(left)`. Then for `k` in `topological_order(parents)`: take `given = [values[j] for j in parents[k]]`, and by `ops[k]` its sum, product, power and so on.',
    ),
)
def graph_values(ops: Sequence[str], parents: Sequence[Sequence[int]], inputs: Sequence[float]) -> Array:
    values = np.zeros(len(ops))
    left = iter(inputs)
    for k, op in enumerate(ops):
        if op == INPUT:
            values[k] = next(left)
    for k in topological_order(parents):
        if ops[k] != INPUT:
            values[k] = computed(ops[k], [values[j] for j in parents[k]])
    return values


def asked(graph: Graph) -> tuple[list[str], Parents, list[float]]:
    """The graph as the arguments of graph_values."""
    return graph.ops, graph.parents, [np.float64(each) for each in graph.inputs]


def turned(rng: np.random.Generator, graph: Graph) -> Graph:
    """The graph with its nodes backwards, and then in any order: never so that the numbers are an order."""
    while True:
        found, _ = graph.shuffled(rng)
        if any(j > k for k, row in enumerate(found.parents) for j in row):
            return found


def product_of_sum(x: float, y: float, z: float) -> Graph:
    """(x + y) z, lesson 2's graph."""
    return Graph([INPUT] * 3 + ["add", "mul"], [[], [], [], [0, 1], [3, 2]], [x, y, z])


@graph_values.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    x, y, z = (float(each) for each in distinct(rng, 3))
    whole = Graph(
        [INPUT, INPUT, "mul", "add", "max"],
        [[], [], [0, 1], [2, 0], [3, 1]],
        [int(v) for v in rng.integers(2, 9, 2)],
    )
    yield Ask(
        "sums and products",
        1,
        [
            asked(product_of_sum(x, y, z)),
            asked(drawn_graph(rng, 3, ["mul", "add", "mul", "add"])),
            (whole.ops, whole.parents, whole.inputs),
        ],
    )
    yield Ask(
        "all seven operations",
        1,
        [
            asked(drawn_graph(rng, 3, rng.permutation(EVERY_OP).tolist())),
            asked(drawn_graph(rng, 3, ["exp", "pow", "log", "tanh", "max", "mul"])),
            asked(drawn_graph(rng, 2, ["pow", "tanh", "max", "exp", "pow"])),
            (["input", "log"], [[], [0]], [np.float64(rng.integers(3, 9) / 4)]),
        ],
    )
    yield Ask(
        "nodes in any order",
        1,
        [
            asked(turned(rng, product_of_sum(x, y, z))),
            asked(turned(rng, drawn_graph(rng, 3, rng.permutation(EVERY_OP).tolist(), used_twice=True))),
            asked(turned(rng, drawn_graph(rng, 4, ["add", "pow", "mul", "exp", "max", "add"]))),
        ],
    )


def values_with(
    compute: Callable[..., float] = computed,
    order: Callable[[Parents], Sequence[int]] = sorted_nodes,
    place: Callable[[Sequence[float]], Sequence[float]] = list,
) -> Callable[..., Array]:
    """A walk forwards with a slip put in."""

    def wrong(ops: Sequence[str], parents: Parents, inputs: Sequence[float]) -> Array:
        values = np.zeros(len(ops))
        left = iter(place(inputs))
        for k, op in enumerate(ops):
            if op == INPUT:
                values[k] = next(left)
        for k in order(parents):
            if ops[k] != INPUT:
                values[k] = compute(ops[k], [values[j] for j in parents[k]])
        return values

    return wrong


def _instead(name: str, other: Callable[..., float]) -> Callable[..., float]:
    return lambda op, given: other(*given) if op == name else computed(op, given)


SLIPS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    ("as_the_numbers_go", "The nodes were computed in the order of their numbers. One of them came before its parents: take `topological_order(parents)`.",
     values_with(order=lambda parents: range(len(parents)))),
    ("from_the_back", "The nodes were computed from the back to the front. Forwards each node comes after its parents.",
     values_with(order=lambda parents: sorted_nodes(parents)[::-1])),
    ("inputs_from_behind", "The inputs were handed out from behind. The first number belongs to the input node with the lowest number.",
     values_with(place=lambda inputs: list(inputs)[::-1])),
    ("one_input_for_all", "Every input node got the first number. Each has its own.",
     values_with(place=lambda inputs: [inputs[0]] * len(inputs))),
    ("inputs_without_fractions", "The inputs lost their fractions: they were made whole numbers.",
     values_with(place=lambda inputs: [float(int(each)) for each in inputs])),
    ("inputs_sorted", "The inputs were sorted by size. They belong to the input nodes in the order in which they come.",
     values_with(place=sorted)),
    ("power_times", "At `pow` the two numbers were multiplied. It is the first to the power of the second.", values_with(_instead("pow", lambda a, b: a * b))),
    ("power_turned_round", "At `pow` base and exponent are exchanged: the first parent is the base.", values_with(_instead("pow", lambda a, b: np.abs(b) ** a))),
    ("power_is_a_square", "At `pow` everything was squared. The exponent is the second parent's value.", values_with(_instead("pow", lambda a, b: a**2))),
    ("max_with_zero", "At `max` the second parent was left out: it is the larger of the two, not of one and 0.", values_with(_instead("max", lambda a, b: max(a, 0.0)))),
    ("smaller_of_two", "At `max` the smaller one was taken.", values_with(_instead("max", min))),
    ("log_of_ten", "At `log` the logarithm has the base 10. Here, as everywhere in this course, log is the natural logarithm.", values_with(_instead("log", np.log10))),
    ("sigmoid_for_tanh", "At `tanh` stands the sigmoid.", values_with(_instead("tanh", lambda a: 1 / (1 + np.exp(-a))))),
    ("same_parent_twice", "The first parent was taken twice. An operation with two parents has both of them as its inputs.",
     values_with(lambda op, given: computed(op, [given[0]] * len(given)))),
    ("sums_everywhere", "Operations with two parents all became sums. Look at `ops[k]`.",
     values_with(lambda op, given: computed("add" if len(given) == 2 else op, given))),
)  # fmt: skip
for _name, _sentence, _wrong in SLIPS:
    _wrong.__name__ = _name
    graph_values.misconception(_sentence)(_wrong)


@graph_values.misconception("This is the last node's value alone. Every node's value is asked for.")
def only_the_last(ops: Sequence[str], parents: Parents, inputs: Sequence[float]) -> float:
    return graph_values(ops, parents, inputs)[-1]


@graph_values.misconception(
    "The values stand in the order in which they were computed. The value of node k belongs at place k."
)
def in_the_order_of_the_walk(ops: Sequence[str], parents: Parents, inputs: Sequence[float]) -> Array:
    return graph_values(ops, parents, inputs)[sorted_nodes(parents)]


@graph_values.misconception("The inputs are missing. They are nodes like the others, and have a value each.")
def without_inputs(ops: Sequence[str], parents: Parents, inputs: Sequence[float]) -> Array:
    return graph_values(ops, parents, inputs)[[op != INPUT for op in ops]]


# Right answers in other words.


def values_when_asked(ops, parents, inputs):
    """No order: a node asks its parents."""
    left = list(inputs)
    known = {k: left.pop(0) for k in range(len(ops)) if ops[k] == "input"}

    def value(k):
        if k not in known:
            a = value(parents[k][0])
            b = value(parents[k][-1])
            known[k] = {
                "add": lambda: a + b,
                "mul": lambda: a * b,
                "pow": lambda: a**b,
                "max": lambda: max(a, b),
                "exp": lambda: math.exp(a),
                "log": lambda: math.log(a),
                "tanh": lambda: math.tanh(a),
            }[ops[k]]()
        return known[k]

    return [value(k) for k in range(len(ops))]


def values_until_all_are_there(ops, parents, inputs):
    values = np.full(len(ops), np.nan)
    values[[op == "input" for op in ops]] = inputs
    while np.isnan(values).any():
        for k in range(len(ops)):
            given = [values[j] for j in parents[k]]
            if np.isnan(values[k]) and not np.isnan(given).any():
                values[k] = computed(ops[k], given)
    return values


def values_match(ops, parents, inputs):
    values, waiting = [0.0] * len(ops), iter(inputs)
    inner = [k for k, op in enumerate(ops) if op != "input" or values.__setitem__(k, next(waiting))]
    for k in sorted(inner, key=sorted_nodes(parents).index):
        match ops[k], [float(values[j]) for j in parents[k]]:
            case "add", given:
                values[k] = sum(given)
            case "mul", given:
                values[k] = math.prod(given)
            case "pow", [base, exponent]:
                values[k] = math.pow(base, exponent)
            case "max", given:
                values[k] = max(given)
            case name, [x]:
                values[k] = getattr(np, name)(x)
    return tuple(values)


def values_float32(ops, parents, inputs):
    return np.float32(values_when_asked(ops, parents, inputs))


graph_values.right_answers(values_when_asked, values_until_all_are_there, values_match, values_float32)
