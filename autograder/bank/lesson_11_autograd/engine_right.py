"""Engines written otherwise: closures, counted uses, dual numbers. Right answers, as students write them, without types."""

# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

import numpy as np


def summed_to(gradient, shape):
    """The gradient summed over the axes that were stretched."""
    padded = (1,) * (np.ndim(gradient) - len(shape)) + tuple(shape)
    axes = tuple(axis for axis, size in enumerate(padded) if size == 1)
    return np.sum(gradient, axis=axes).reshape(shape)


class Node:
    """A value with a function that hands its gradient on: every operation brings its own."""

    __array_ufunc__ = None

    def __init__(self, data, parents=()):
        self.data = np.array(data, dtype=float)
        self.parents = parents  # pairs (parent, a function of the gradient)
        self.grad = np.zeros_like(self.data)

    @staticmethod
    def of(value):
        return value if isinstance(value, Node) else Node(value)

    def __add__(self, other):
        other = Node.of(other)
        return Node(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        other = Node.of(other)
        return Node(
            self.data * other.data, [(self, lambda g: g * other.data), (other, lambda g: g * self.data)]
        )

    def __pow__(self, other):
        other = Node.of(other)
        a, b = self.data, other.data
        logs = np.log(np.where(a > 0, a, 1.0))
        return Node(
            a**b, [(self, lambda g: g * b * a ** (b - 1)), (other, lambda g: g * (a > 0) * a**b * logs)]
        )

    def __matmul__(self, other):
        other = Node.of(other)
        return Node(
            self.data @ other.data,
            [(self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g)],
        )

    def max(self, other):
        other = Node.of(other)
        larger = self.data > other.data
        return Node(
            np.where(larger, self.data, other.data),
            [(self, lambda g: g * larger), (other, lambda g: g * ~larger)],
        )

    def exp(self):
        e = np.exp(self.data)
        return Node(e, [(self, lambda g: g * e)])

    def log(self):
        return Node(np.log(self.data), [(self, lambda g: g / self.data)])

    def tanh(self):
        t = np.tanh(self.data)
        return Node(t, [(self, lambda g: g * (1 - t * t))])

    def sum(self):
        return Node(self.data.sum(), [(self, lambda g: np.full(self.data.shape, g))])

    __radd__ = __add__
    __rmul__ = __mul__

    def __rpow__(self, other):
        return Node.of(other) ** self

    def __rmatmul__(self, other):
        return Node.of(other) @ self

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Node.of(other)

    def __rsub__(self, other):
        return Node.of(other) + -self

    def __truediv__(self, other):
        return self * Node.of(other) ** -1

    def __rtruediv__(self, other):
        return Node.of(other) * self**-1

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.data)
        for node in order[::-1]:
            for parent, slope in node.parents:
                parent.grad += summed_to(slope(node.grad), parent.data.shape)


def value_gradients_closures(build, inputs):
    nodes = [Node(each) for each in inputs]
    end = build(*nodes)
    end.backward()
    return float(end.data), [node.grad for node in nodes]


def value_gradients_counting(build, inputs):
    """The same operations; a node's turn comes when all that use it are done."""
    nodes = [Node(each) for each in inputs]
    end = build(*nodes)
    turns, waiting = [], [end]
    uses = {}
    seen = {end}
    while waiting:  # who uses whom
        node = waiting.pop()
        for parent, _ in node.parents:
            uses[parent] = uses.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    free = [end]
    while free:  # a node is free when all that use it are done
        node = free.pop()
        turns.append(node)
        for parent, _ in node.parents:
            uses[parent] -= 1
            if not uses[parent]:
                free.append(parent)
    grads = {end: np.ones(())}
    for node in turns:
        for parent, slope in node.parents:
            grads[parent] = grads.get(parent, 0) + summed_to(slope(grads[node]), parent.data.shape)
    return [end.data, tuple(np.asarray(grads.get(node, np.zeros(node.data.shape))) for node in nodes)]


class Dual:
    """A number or array with its slope in one direction, carried forwards."""

    __array_ufunc__ = None

    def __init__(self, data, slope=0.0):
        self.data = np.asarray(data, dtype=float)
        self.slope = np.broadcast_to(np.asarray(slope, dtype=float), self.data.shape)

    @staticmethod
    def of(value):
        return value if isinstance(value, Dual) else Dual(value)

    def __add__(self, other):
        other = Dual.of(other)
        return Dual(self.data + other.data, self.slope + other.slope)

    def __sub__(self, other):
        other = Dual.of(other)
        return Dual(self.data - other.data, self.slope - other.slope)

    def __rsub__(self, other):
        return Dual.of(other) - self

    def __neg__(self):
        return Dual(-self.data, -self.slope)

    def __mul__(self, other):
        other = Dual.of(other)
        return Dual(self.data * other.data, self.slope * other.data + self.data * other.slope)

    def __truediv__(self, other):
        other = Dual.of(other)
        ratio = self.data / other.data
        return Dual(ratio, (self.slope - ratio * other.slope) / other.data)

    def __rtruediv__(self, other):
        return Dual.of(other) / self

    def __pow__(self, other):
        other = Dual.of(other)
        a, b = self.data, other.data
        logs = np.log(np.where(a > 0, a, 1))
        return Dual(a**b, b * a ** (b - 1) * self.slope + a**b * logs * other.slope)

    def __rpow__(self, other):
        return Dual.of(other) ** self

    def __matmul__(self, other):
        other = Dual.of(other)
        return Dual(self.data @ other.data, self.slope @ other.data + self.data @ other.slope)

    def exp(self):
        return Dual(np.exp(self.data), np.exp(self.data) * self.slope)

    def log(self):
        return Dual(np.log(self.data), self.slope / self.data)

    def tanh(self):
        return Dual(np.tanh(self.data), self.slope / np.cosh(self.data) ** 2)

    def max(self, other):
        other = Dual.of(other)
        larger = self.data > other.data
        return Dual(np.where(larger, self.data, other.data), np.where(larger, self.slope, other.slope))

    def sum(self):
        return Dual(self.data.sum(), self.slope.sum())

    __radd__ = __add__
    __rmul__ = __mul__


def value_gradients_forwards(build, inputs):
    """One walk forwards for each entry: no graph at all."""
    gradients = [np.zeros(np.shape(each)) for each in inputs]
    for gradient, place in zip(gradients, range(len(inputs)), strict=True):
        for index in np.ndindex(gradient.shape):
            direction = np.zeros(gradient.shape)
            direction[index] = 1
            duals = [Dual(each, direction if k == place else 0.0) for k, each in enumerate(inputs)]
            gradient[index] = build(*duals).slope
    return build(*map(Dual, inputs)).data, gradients


def value_gradients_float32(build, inputs):
    value, gradients = value_gradients_closures(build, inputs)
    return np.float32(value), [np.float32(each) for each in gradients]
