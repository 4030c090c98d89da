"""`topological_order`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise

Parents = list[list[int]]


@exercise(
    "11-autograd",
    difficulty=2,
    minutes=12,
    hints=(
        "Which nodes may come first? And once they stand there, which may come next? Or ask the other way: before you put down a node, put down all it is computed from.",
        "A node may be put down as soon as all of its parents are there, and must not be put down twice.",
        "`order = []`, and a function `visit(node)`: if `node` is in `order` already, return; else `visit` each of `parents[node]`, then `order.append(node)`. Call it for every node of `range(len(parents))`.",
    ),
)
def topological_order(parents: Sequence[Sequence[int]]) -> list[int]:
    order: list[int] = []
    placed = [False] * len(parents)
    for start in range(len(parents)):
        put_after_its_parents(start, parents, order, placed)
    return order


def put_after_its_parents(
    node: int, parents: Sequence[Sequence[int]], order: list[int], placed: list[bool]
) -> None:
    """Appends the node, all that it is computed from before it."""
    if placed[node]:
        return
    placed[node] = True
    for parent in parents[node]:
        put_after_its_parents(parent, parents, order, placed)
    order.append(node)


def renumbered(rng: np.random.Generator, parents: Parents, away_from_order: bool = True) -> Parents:
    """The same graph with other numbers; with `away_from_order` neither 0, 1, 2, ... nor its reverse is an order."""
    while True:
        place = [int(each) for each in rng.permutation(len(parents))]
        found: Parents = [[] for _ in parents]
        for node, row in enumerate(parents):
            found[place[node]] = [place[j] for j in row]
        upwards = any(j > k for k, row in enumerate(found) for j in row)
        downwards = any(j < k for k, row in enumerate(found) for j in row)
        if not away_from_order or (upwards and downwards):
            return found


def detour(rng: np.random.Generator) -> Parents:
    """A node that is reached by one step and by many: those of the long way must stand before it."""
    length = int(rng.integers(3, 6))
    chain = [[], *([k] for k in range(length))]
    return [*chain, [0, length], [length + 1, 1]]


def layered(rng: np.random.Generator) -> Parents:
    """Three inputs, then nodes of two earlier ones."""
    found: Parents = [[], [], []]
    for node in range(3, 11):
        found.append([int(each) for each in rng.choice(node, 2, replace=False)])
    return found


@topological_order.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    rule = ("parents_first",)
    length = int(rng.integers(5, 9))
    chain = [[], *([k] for k in range(length))]
    backwards = [[k + 1] for k in range(length)] + [[]]
    product = [[], [], [], [0, 1], [3, 2]]
    squares = [[], [0, 0], [1, 1], [2, 0]]
    for name, points, graphs in (
        ("a chain", 1, [renumbered(rng, chain), backwards, renumbered(rng, chain)]),
        ("two ways to one node", 1, [renumbered(rng, detour(rng)), renumbered(rng, detour(rng)), renumbered(rng, squares)]),
        ("whole graphs", 1, [renumbered(rng, product), renumbered(rng, layered(rng)), renumbered(rng, layered(rng)), renumbered(rng, [*product, [], []]),
            [*renumbered(rng, layered(rng)), [2, 7]], renumbered(rng, layered(rng))]),
    ):  # fmt: skip
        yield Ask(name, points, [(each,) for each in graphs], properties=rule, exact=False)


@topological_order.misconception(
    "The nodes stand in the order of their numbers. A number says nothing about what is computed from what."
)
def as_numbered(parents: Parents) -> list[int]:
    return list(range(len(parents)))


@topological_order.misconception(
    "The order is turned round: each node stands before what it is computed from. That is the order of the way back."
)
def turned_round(parents: Parents) -> list[int]:
    return topological_order(parents)[::-1]


@topological_order.misconception(
    "The node was put down before its parents. Visit the parents first, then append the node."
)
def node_before_its_parents(parents: Parents) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            order.append(node)
            for parent in parents[node]:
                visit(parent)

    for node in range(len(parents)):
        visit(node)
    return order


@topological_order.misconception(
    "Nodes stand there more than once. A node that several others are computed from is put down once."
)
def again_and_again(parents: Parents) -> list[int]:
    def above(node: int) -> list[int]:
        return [each for parent in parents[node] for each in above(parent)] + [node]

    return [each for node in range(len(parents)) for each in above(node)]


@topological_order.misconception(
    "Only the last number's node and what it is computed from are there. Every node belongs into the order, also those that lead elsewhere."
)
def from_the_last_number(parents: Parents) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(len(parents) - 1)
    return order


@topological_order.misconception(
    "The nodes were sorted by how many parents they have. A node with one parent may stand far behind one with two."
)
def by_the_number_of_parents(parents: Parents) -> list[int]:
    return sorted(range(len(parents)), key=lambda node: len(parents[node]))


def _steps(parents: Parents, choose: object) -> list[int]:
    found: dict[int, int] = {}

    def steps(node: int) -> int:
        if node not in found:
            found[node] = 1 + choose(map(steps, parents[node])) if parents[node] else 0
        return found[node]

    return sorted(range(len(parents)), key=steps)


@topological_order.misconception(
    "The nodes were sorted by their shortest way from an input. It was put down when one of its parents was there, and must wait for all of them."
)
def by_the_shortest_way(parents: Parents) -> list[int]:
    return _steps(parents, min)


@topological_order.misconception("Each node waits for its first parent alone. It must wait for all of them.")
def first_parent_only(parents: Parents) -> list[int]:
    return topological_order([row[:1] for row in parents])


@topological_order.misconception(
    "The inputs are missing. They are nodes like the others, and come before what is computed from them."
)
def without_the_inputs(parents: Parents) -> list[int]:
    return [node for node in topological_order(parents) if parents[node]]


@topological_order.misconception(
    "Here stands for each node its place in the order. Asked are the node numbers, in their order."
)
def places_of_the_nodes(parents: Parents) -> list[int]:
    return [topological_order(parents).index(node) for node in range(len(parents))]


@topological_order.misconception("The nodes are counted from 1 here. They are numbered from 0.")
def counted_from_one(parents: Parents) -> list[int]:
    return [node + 1 for node in topological_order(parents)]


# Right answers in other words.


def order_by_waiting(parents):
    """Whoever waits for nobody goes next."""
    waiting = {node: set(row) for node, row in enumerate(parents)}
    order = []
    while waiting:
        free = [node for node in waiting if not waiting[node]]
        order += free
        for node in free:
            del waiting[node]
        for row in waiting.values():
            row.difference_update(free)
    return order


def order_by_counting(parents):
    """Counts the parents that are missing; parents that stand twice count twice."""
    children = [[] for _ in parents]
    missing = [len(row) for row in parents]
    for node, row in enumerate(parents):
        for parent in row:
            children[parent].append(node)
    ready = [node for node in range(len(parents)) if missing[node] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in children[node]:
            missing[child] -= 1
            if missing[child] == 0:
                ready.append(child)
    return np.array(order)


def order_by_depth(parents):
    """Sorted by the longest way from an input."""
    return tuple(_steps(parents, max))


def order_on_a_stack(parents):
    order, state = [], {}
    for start in reversed(range(len(parents))):
        stack = [start]
        while stack:
            node = stack[-1]
            if state.get(node) == "open":
                if node not in order:
                    order.append(node)
                stack.pop()
            else:
                state[node] = "open"
                stack.extend(parent for parent in parents[node] if parent not in state)
    return [float(node) for node in order]


def order_by_swapping(parents):
    """Every node is put behind its last parent, until nothing moves."""
    order = list(range(len(parents)))[::-1]
    moved = True
    while moved:
        moved = False
        for node in range(len(parents)):
            last = max([order.index(parent) for parent in parents[node]], default=-1)
            if order.index(node) < last:
                order.remove(node)
                order.insert(last, node)
                moved = True
    return order


topological_order.right_answers(
    order_by_waiting, order_by_counting, order_by_depth, order_on_a_stack, order_by_swapping
)
