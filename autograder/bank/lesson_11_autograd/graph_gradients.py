"""`graph_gradients`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

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
from autograder.bank.lesson_11_autograd.graph_values import EVERY_OP, product_of_sum, turned
from autograder.bank.lesson_11_autograd.local_derivatives import local_derivatives
from autograder.bank.lesson_11_autograd.topological_order import topological_order

Plus = Callable[[float, float], float]


@exercise(
    LESSON,
    difficulty=3,
    minutes=18,
    hints=(
        "Give every node a gradient of 0, and the output a 1. Then go through the nodes from the back to the front: what does each hand on to its parents?",
        r"$g_j \mathrel{+}= g_k \cdot \dfrac{\partial v_k}{\partial v_j}$ for every parent $j$ of node $k$, when $g_k$ is complete: the nodes in topological order, backwards",
        "`gradients = [0.0] * len(ops)` and `gradients[output] = 1.0`. For `k` in `reversed(topological_order(parents))`, if `ops[k]` is no input: `slopes = local_derivatives(ops[k], [values[j] for j in parents[k]])`, and for each parent `j` with its `slope`: `gradients[j] += gradients[k] * slope`.",
    ),
)
def graph_gradients(
    ops: Sequence[str], parents: Sequence[Sequence[int]], values: Sequence[float], output: int
) -> Array:
    gradients = np.zeros(len(ops))
    gradients[output] = 1.0
    for k in reversed(topological_order(parents)):
        if ops[k] != INPUT:
            slopes = local_derivatives(ops[k], [values[j] for j in parents[k]])
            for j, slope in zip(parents[k], slopes, strict=True):
                gradients[j] += gradients[k] * slope
    return gradients


def asked(graph: Graph, output: int | None = None) -> tuple[list[str], Parents, Array, int]:
    """The graph as the arguments of graph_gradients; the output is the last node, or another."""
    last = len(graph.ops) - 1 if output is None else output
    return graph.ops, graph.parents, graph.values, last


def turned_with_output(rng: np.random.Generator, graph: Graph) -> tuple[list[str], Parents, Array, int]:
    """The graph with its nodes in any order, and its last node as the output."""
    while True:
        found, place = graph.shuffled(rng)
        if any(j > k for k, row in enumerate(found.parents) for j in row):
            return asked(found, int(place[-1]))


def doubled(rng: np.random.Generator) -> Graph:
    """((x x) + x)**2 by products: every stage goes into the next one twice."""
    x = float(rng.choice(np.setdiff1d(np.arange(3, 15), [8]))) / 8
    return Graph([INPUT, "mul", "add", "mul"], [[], [0, 0], [1, 0], [2, 2]], [x])


def long_and_short(rng: np.random.Generator) -> Graph:
    """x goes into the last node itself, and into what stands three steps before it."""
    x, y = (float(each) / 2 for each in distinct(rng, 2, 0.5, 3))
    parents = [[], [], [0, 1], [2, 0], [3], [4, 2], [5, 0]]
    return Graph([INPUT, INPUT, "mul", "add", "tanh", "mul", "mul"], parents, [x, y])


def both_sides(rng: np.random.Generator) -> Graph:
    """A power of a small base, and two maxima with it: once it is the smaller one, once the larger."""
    base, exponent = float(rng.integers(3, 7)) / 8, float(rng.choice([0.5, 1.5, 2.5]))
    high, low = float(rng.integers(10, 20)) / 8, -float(rng.integers(2, 9)) / 8
    parents = [[], [], [], [], [0, 1], [4, 2], [4, 3], [5, 6]]
    return Graph([INPUT] * 4 + ["pow", "max", "max", "mul"], parents, [base, exponent, high, low])


def level(rng: np.random.Generator) -> Graph:
    """The larger of two equal numbers, squared, and a maximum the other way round."""
    low, x = (float(each) for each in np.sort(distinct(rng, 2, 0.5, 3)))
    return Graph([INPUT] * 3 + ["max", "max", "mul"], [[], [], [], [0, 1], [1, 2], [3, 4]], [x, x, low])


@graph_gradients.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    chain = drawn_graph(rng, 1, ["tanh", "exp", "tanh"])
    yield Ask(
        "a chain, and the graph of lesson 2",
        1,
        [
            asked(chain),
            asked(product_of_sum(*map(float, distinct(rng, 3)))),
            asked(drawn_graph(rng, 3, ["mul", "exp", "pow", "max"])),
            asked(both_sides(rng)),
            asked(level(rng)),
        ],
    )
    yield Ask(
        "a node that goes into several others",
        1.5,
        [
            asked(doubled(rng)),
            asked(long_and_short(rng)),
            asked(drawn_graph(rng, 2, ["mul", "add", "mul", "tanh"], used_twice=True)),
            asked(drawn_graph(rng, 3, rng.permutation(EVERY_OP).tolist(), used_twice=True)),
        ],
    )
    wide = drawn_graph(rng, 3, ["mul", "add", "exp", "tanh", "mul"], used_twice=True)
    yield Ask(
        "nodes in any order, any node as the output",
        1.5,
        [
            turned_with_output(rng, long_and_short(rng)),
            turned_with_output(rng, drawn_graph(rng, 3, ["pow", "mul", "log", "max", "add"])),
            asked(wide, 4),
            asked(wide, 5),
            asked(turned(rng, wide), 1),
            turned_with_output(rng, wide),
        ],
    )


def from_the_parents(values: Array, k: int, row: Sequence[int]) -> list:
    """What the slopes of node k are taken at: its parents' values."""
    return [values[j] for j in row]


def gradients_with(
    add: Plus = lambda old, new: old + new,
    order: Callable[[Parents], Sequence[int]] = sorted_nodes,
    local: Callable[..., Sequence[float]] = local_derivatives,
    start: Callable[[Array, int], float] = lambda values, output: 1.0,
    upstream: Callable[[float], float] = lambda gradient: gradient,
    given: Callable[[Array, int, Sequence[int]], list] = from_the_parents,
) -> Callable[..., Array]:
    """A walk back with a slip put in."""

    def wrong(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
        gradients = np.zeros(len(ops))
        gradients[output] = start(values, output)
        for k in reversed(order(parents)):
            if ops[k] != INPUT:
                slopes = local(ops[k], given(values, k, parents[k]))
                for j, slope in zip(parents[k], slopes, strict=False):
                    gradients[j] = add(gradients[j], upstream(gradients[k]) * slope)
        return gradients

    return wrong


def _exchanged(op: str, given: Sequence[float]) -> Sequence[float]:
    slopes = list(local_derivatives(op, given))
    return slopes[::-1] if op == "mul" else slopes


def _values_for_slopes(op: str, given: Sequence[float]) -> list[float]:
    return [computed(op, given)] * len(given)


SLIPS: tuple[tuple[str, str, Callable[..., Array]], ...] = (
    ("overwrites", "A node that goes into several others lost all contributions but one: `=` overwrites what is there already. Add up: `+=`.",
     gradients_with(add=lambda old, new: new)),
    ("keeps_the_first", "A node that goes into several others kept the first contribution alone. All of them are added up.",
     gradients_with(add=lambda old, new: old or new)),
    ("largest_contribution", "Of several contributions only the largest was kept. The chain rule adds them up.",
     gradients_with(add=lambda old, new: new if abs(new) > abs(old) else old)),
    ("contributions_multiplied", "Several contributions were multiplied. Along one way the slopes are multiplied, over several ways they are added up.",
     gradients_with(add=lambda old, new: old * new if old else new)),
    ("in_the_order_of_numbers", "The nodes were visited from the highest number to the lowest. Go through `topological_order(parents)` backwards: a node may hand on its gradient only when it is complete.",
     gradients_with(order=lambda parents: range(len(parents)))),
    ("forwards_for_backwards", "The nodes were visited from the front to the back. Then a node hands on its gradient before it has one.",
     gradients_with(order=lambda parents: sorted_nodes(parents)[::-1])),
    ("starts_with_the_value", "The way back was started with the output's value. It starts with 1: the derivative of the output with respect to itself.",
     gradients_with(start=lambda values, output: values[output])),
    ("upstream_left_out", "The upstream gradient is missing: each node handed on its local derivatives alone. Multiply them by the node's own gradient.",
     gradients_with(upstream=lambda gradient: 1.0 if gradient else 0.0)),
    ("factors_exchanged", "At a product each parent got its own value as the slope. It is the other factor.", gradients_with(local=_exchanged)),
    ("values_for_slopes", "Where a local derivative belongs stands the node's value.", gradients_with(local=_values_for_slopes)),
    ("gradient_to_the_first", "Only the first parent of each node got a gradient.", gradients_with(local=lambda op, given: list(local_derivatives(op, given))[:1])),
    ("shared_out_among_parents", "Each node shared its gradient out among its parents, half and half. Every parent gets the whole, times its own slope.",
     gradients_with(local=lambda op, given: [slope / len(given) for slope in local_derivatives(op, given)])),
    ("upstream_squared", "The upstream gradient came in twice.", gradients_with(upstream=lambda gradient: gradient * abs(gradient))),
    ("slopes_at_the_result", "The local derivatives were taken at the node's own value. They belong to its inputs: the parents' values.",
     gradients_with(given=lambda values, k, row: [max(values[k], 1e-3)] + [values[j] for j in row[1:]])),
)  # fmt: skip
for _name, _sentence, _wrong in SLIPS:
    _wrong.__name__ = _name
    graph_gradients.misconception(_sentence)(_wrong)


@graph_gradients.misconception(
    "The way back began at the last node. It begins at `output`; what the output does not depend on has the gradient 0."
)
def from_the_last_node(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
    return graph_gradients(ops, parents, values, len(ops) - 1)


@graph_gradients.misconception(
    "A node handed on its gradient each time it grew, and with it what it had handed on already. Visit each node once, when its gradient is complete."
)
def hands_on_again(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
    gradients = np.zeros(len(ops))

    def hand(node: int, contribution: float) -> None:
        gradients[node] += contribution
        if ops[node] != INPUT:
            slopes = local_derivatives(ops[node], [values[j] for j in parents[node]])
            for j, slope in zip(parents[node], slopes, strict=True):
                hand(j, gradients[node] * slope)

    hand(output, 1.0)
    return gradients


@graph_gradients.misconception(
    "The output's own gradient is missing: the derivative of the output with respect to itself is 1."
)
def output_without_its_one(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
    gradients = graph_gradients(ops, parents, values, output)
    gradients[output] = 0.0
    return gradients


@graph_gradients.misconception("Only the inputs' gradients came back. Every node has one.")
def inputs_alone(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
    return graph_gradients(ops, parents, values, output)[[op == INPUT for op in ops]]


@graph_gradients.misconception(
    "Every node got a 1 to start with. Only the output has it; the others begin with 0."
)
def ones_everywhere(ops: Sequence[str], parents: Parents, values: Array, output: int) -> Array:
    gradients = np.ones(len(ops))
    for k in reversed(sorted_nodes(parents)):
        if ops[k] != INPUT:
            slopes = local_derivatives(ops[k], [values[j] for j in parents[k]])
            for j, slope in zip(parents[k], slopes, strict=True):
                gradients[j] += gradients[k] * slope
    return gradients


# Right answers in other words.


def gradients_by_all_ways(ops, parents, values, output):
    """The sum over all ways from the output, each a product of slopes."""
    gradients = [0.0] * len(ops)

    def go(node, product):
        gradients[node] += product
        if ops[node] != "input":
            slopes = local_derivatives(ops[node], [values[j] for j in parents[node]])
            for j, slope in zip(parents[node], slopes, strict=True):
                go(j, product * float(slope))

    go(output, 1.0)
    return gradients


def gradients_when_asked(ops, parents, values, output):
    """Each node asks those that it goes into."""
    found = {output: 1.0}

    def gradient(j):
        if j not in found:
            found[j] = 0.0
            total = 0.0
            for k in range(len(ops)):
                for place, parent in enumerate(parents[k]):
                    if parent == j:
                        slopes = local_derivatives(ops[k], [values[i] for i in parents[k]])
                        total += gradient(k) * slopes[place]
            found[j] = total
        return found[j]

    return np.array([gradient(j) for j in range(len(ops))], dtype=float)


def gradients_forwards(ops, parents, values, output):
    """For each node the slopes of all others with respect to it, forwards."""
    found = []
    for start in range(len(ops)):
        slope_of = np.zeros(len(ops))
        for k in sorted_nodes(parents):
            if k == start:
                slope_of[k] = 1
            elif ops[k] != "input":
                slopes = local_derivatives(ops[k], [values[j] for j in parents[k]])
                slope_of[k] = sum(s * slope_of[j] for s, j in zip(slopes, parents[k], strict=True))
        found.append(slope_of[output])
    return tuple(found)


def gradients_by_equations(ops, parents, values, output):
    """All slopes in one table, and one system of linear equations."""
    n = len(ops)
    table = np.zeros((n, n))
    for k in range(n):
        if ops[k] != "input":
            for j, slope in zip(
                parents[k], local_derivatives(ops[k], [values[i] for i in parents[k]]), strict=True
            ):
                table[k, j] += slope
    return np.linalg.solve(np.eye(n) - table.T, np.eye(n)[output])


def gradients_float32(ops, parents, values, output):
    return np.float32(gradients_by_equations(ops, parents, values, output))


graph_gradients.right_answers(
    gradients_by_all_ways,
    gradients_when_asked,
    gradients_forwards,
    gradients_by_equations,
    gradients_float32,
)
