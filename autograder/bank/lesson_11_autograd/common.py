"""What the exercises of lesson 11 share: names, the operations, and how graphs are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.bank.lesson_11_autograd.local_derivatives import local_derivatives

Array = np.ndarray
Parents = list[list[int]]
LESSON = "11-autograd"
INPUT = "input"
TWO = ("add", "mul", "pow", "max")
ONE = ("exp", "log", "tanh")


def computed(op: str, given: Sequence[Any]) -> Any:
    """The value of one operation; numbers, or arrays that fit each other."""
    if op == "add":
        return given[0] + given[1]
    if op == "mul":
        return given[0] * given[1]
    if op == "pow":
        return given[0] ** given[1]
    if op == "max":
        return np.maximum(given[0], given[1])
    if op == "exp":
        return np.exp(given[0])
    if op == "log":
        return np.log(given[0])
    if op == "tanh":
        return np.tanh(given[0])
    raise ValueError(f"there is no operation {op!r}")


def sorted_nodes(parents: Sequence[Sequence[int]]) -> list[int]:
    """The nodes, each after all that it is computed from."""
    order: list[int] = []
    while len(order) < len(parents):
        order += [k for k in range(len(parents)) if k not in order and set(parents[k]) <= set(order)]
    return order


@dataclass
class Graph:
    """A graph with its inputs, node by node; `values` follow from them."""

    ops: list[str]
    parents: Parents
    inputs: list[float]

    @property
    def values(self) -> Array:
        """Every node's value."""
        found = np.zeros(len(self.ops))
        left = iter(self.inputs)
        for k, op in enumerate(self.ops):
            if op == INPUT:
                found[k] = next(left)
        for k in sorted_nodes(self.parents):
            if self.ops[k] != INPUT:
                found[k] = computed(self.ops[k], [found[j] for j in self.parents[k]])
        return found

    def slopes(self, output: int) -> Array:
        """d output / d node for every node."""
        values, found = self.values, np.zeros(len(self.ops))
        found[output] = 1.0
        for k in reversed(sorted_nodes(self.parents)):
            if self.ops[k] != INPUT:
                local = local_derivatives(self.ops[k], [values[j] for j in self.parents[k]])
                for j, slope in zip(self.parents[k], local, strict=True):
                    found[j] += found[k] * slope
        return found

    def shuffled(self, rng: np.random.Generator) -> tuple["Graph", Array]:
        """The same graph with its nodes in another order, and where each node stands now."""
        place = rng.permutation(len(self.ops))
        back = np.argsort(place)
        ops = [self.ops[k] for k in back]
        parents = [[int(place[j]) for j in self.parents[k]] for k in back]
        values = self.values
        return Graph(ops, parents, [float(values[k]) for k in back if self.ops[k] == INPUT]), place


def drawn_graph(rng: np.random.Generator, inputs: int, ops: Sequence[str], used_twice: bool = False) -> Graph:
    """A graph with these operations in this order, every number and slope of ordinary size.

    With `used_twice` some node goes into two others that both reach the last one.
    """
    while True:
        found = _attempt(rng, inputs, ops)
        if found is None or (used_twice and not _has_fan_out(found)):
            continue
        slopes = np.abs(found.slopes(len(found.ops) - 1))
        if np.all(slopes > 0.02) and np.all(slopes < 60) and len(set(np.round(slopes, 3))) > len(slopes) // 2:
            return found


def _attempt(rng: np.random.Generator, inputs: int, ops: Sequence[str]) -> Graph | None:
    values = [float(each) for each in _inputs(rng, inputs)]
    graph = Graph([INPUT] * inputs, [[] for _ in range(inputs)], values[:])
    for op in ops:
        for _ in range(30):
            last = len(values) - 1
            others = rng.permutation(last)[:1].tolist() if op in TWO else []
            chosen = [int(j) for j in rng.permutation([last, *others])]
            given = [values[j] for j in chosen]
            if _fits(op, given) and abs(made := float(computed(op, given))) < 8:
                break
        else:
            return None
        graph.ops.append(op)
        graph.parents.append(chosen)
        values.append(made)
    return graph


def _inputs(rng: np.random.Generator, count: int) -> Array:
    """Different multiples of 1/8 between 1/4 and 2.5 in size, the first above 0."""
    sizes = rng.choice(np.setdiff1d(np.arange(2, 21), [8]), count, replace=False) / 8
    return sizes * np.where((np.arange(count) % 2) & (rng.random(count) < 0.7), -1.0, 1.0)


def _fits(op: str, given: Sequence[float]) -> bool:
    """Whether the operation is defined there, and no kink near."""
    if op == "log":
        return given[0] > 0.25
    if op == "pow":
        return given[0] > 0.25 and abs(given[1]) < 2.5 and abs(np.log(given[0])) > 0.1
    if op == "max":
        return abs(given[0] - given[1]) > 0.125
    if op == "exp":
        return given[0] < 2
    return op != "tanh" or abs(given[0]) < 2


def _has_fan_out(graph: Graph) -> bool:
    used = [j for row in graph.parents for j in row]
    return any(used.count(j) > 1 for j in range(len(graph.ops)))
