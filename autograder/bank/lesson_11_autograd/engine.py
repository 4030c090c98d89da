"""The engine: values that remember what they were computed from, and the walk back; with places to put a slip in."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from autograder.bank.lesson_11_autograd.common import INPUT, Array, computed
from autograder.bank.lesson_11_autograd.local_derivatives import local_derivatives
from autograder.bank.lesson_11_autograd.unbroadcast import unbroadcast

Build = Callable[..., Any]


class Value:
    """A number or an array that remembers the operation that made it, and the values that went in."""

    __array_ufunc__ = None  # an array on the left leaves the operation to the value

    def __init__(self, data: Any, op: str = INPUT, parents: tuple["Value", ...] = ()) -> None:
        self.data: Array = np.asarray(data, dtype=float)
        self.op, self.parents = op, parents
        self.grad: Array = np.zeros(self.data.shape)

    @classmethod
    def made(cls, op: str, *given: Any) -> Self:
        """The value of an operation; plain numbers and arrays become values."""
        parents = tuple(each if isinstance(each, Value) else cls(each) for each in given)
        return cls(result_of(op, [each.data for each in parents]), op, parents)

    def __add__(self, other: Any) -> Self:
        return self.made("add", self, other)

    def __radd__(self, other: Any) -> Self:
        return self.made("add", other, self)

    def __mul__(self, other: Any) -> Self:
        return self.made("mul", self, other)

    def __rmul__(self, other: Any) -> Self:
        return self.made("mul", other, self)

    def __pow__(self, other: Any) -> Self:
        return self.made("pow", self, other)

    def __rpow__(self, other: Any) -> Self:
        return self.made("pow", other, self)

    def __matmul__(self, other: Any) -> Self:
        return self.made("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Self:
        return self.made("matmul", other, self)

    def __neg__(self) -> Self:
        return self * -1

    def __sub__(self, other: Any) -> Self:
        return self + -1 * self.made("add", other, 0)

    def __rsub__(self, other: Any) -> Self:
        return other + self * -1

    def __truediv__(self, other: Any) -> Self:
        return self * self.made("pow", other, -1)

    def __rtruediv__(self, other: Any) -> Self:
        return other * self**-1

    def exp(self) -> Self:
        """e to the power of this."""
        return self.made("exp", self)

    def log(self) -> Self:
        """The natural logarithm."""
        return self.made("log", self)

    def tanh(self) -> Self:
        """The hyperbolic tangent."""
        return self.made("tanh", self)

    def max(self, other: Any) -> Self:
        """The larger of this and the other, entry by entry."""
        return self.made("max", self, other)

    def sum(self) -> Self:
        """One number: the sum of all entries."""
        return self.made("sum", self)


def result_of(op: str, given: Sequence[Array]) -> Array:
    """The value of an operation on arrays."""
    if op == "matmul":
        return given[0] @ given[1]
    if op == "sum":
        return np.sum(given[0])
    return np.asarray(computed(op, given))


def shares(node: Value) -> list[Array]:
    """What a node hands on to each of its parents, still of the node's own shape where they were stretched."""
    given = [parent.data for parent in node.parents]
    if node.op == INPUT:
        return []
    if node.op == "matmul":
        return [node.grad @ given[1].T, given[0].T @ node.grad]
    if node.op == "sum":
        return [node.grad * np.ones(given[0].shape)]
    return [node.grad * slope for slope in local_derivatives(node.op, given)]


def ordered(end: Value) -> list[Value]:
    """The values that `end` is computed from, each after its parents, `end` last."""
    order: list[Value] = []
    seen: set[int] = set()
    stack = [(end, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


def walk_back(end: Value) -> None:
    """Gives every value its gradient: d end / d value."""
    end.grad = np.ones(end.data.shape)
    for node in reversed(ordered(end)):
        for parent, share in zip(node.parents, shares(node), strict=True):
            parent.grad = parent.grad + unbroadcast(share, parent.data.shape)


def gradients_with(
    value: Any = Value,
    order: Callable[[Value], Sequence[Value]] = ordered,
    share: Callable[[Value], Sequence[Array]] = shares,
    add: Callable[[Array, Array], Array] = lambda old, new: old + new,
    back: Callable[[Array, tuple[int, ...]], Array] = unbroadcast,
    start: Callable[[Value], Array] = lambda end: np.ones(end.data.shape),
) -> Callable[[Build, Sequence[Any]], tuple[Any, list[Any]]]:
    """value_gradients with a slip put in."""

    def wrong(build: Build, inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
        values = [value(each) for each in inputs]
        end = build(*values)
        end.grad = start(end)
        for node in reversed(order(end)):
            for parent, part in zip(node.parents, share(node), strict=False):
                parent.grad = add(parent.grad, back(part, parent.data.shape))
        return float(end.data), [each.grad for each in values]

    return wrong
