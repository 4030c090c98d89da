# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11. The engine: the chain rule as a program
#
# You have written the way back of a network by hand, layer by layer. Nobody who works with a framework does that. There
# you write the way forward only, and the gradients come by themselves. In this lesson you build the engine that does
# it. It is surprisingly small: seven small operations with their slopes, an order, and one loop.
#
# You will
#
# - take a formula apart into small operations, and write the slopes of each,
# - put the nodes of a graph into an order, and walk it forwards and backwards,
# - see why gradients are added up, with `+=`,
# - let Python write the graph down while it computes, for numbers and then for arrays,
# - get the gradients of a whole network without one formula for the way back, and train it on digits.
#
# You need the chain rule over several paths ([lesson 2](../02-chain-rule/02-chain-rule.ipynb)), the sigmoid and the softmax,
# and matrix products. What lessons 8 to 10 did by hand comes back here for comparison. The seven exercises take about
# two hours, the whole lesson about three. Under each exercise stands a check: run it as often as you like. For help type `hint` with the
# exercise's name into a new cell, for example `hint("graph_gradients")`. Each call shows one more of three hints.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import (
    check,
    explore,
    hint,
    load_digits,
    progress,
    ready,
    show_figure,
    worked_example,
)

# %% [markdown]
# ## Play first
#
# This is the graph of lesson 2, $f = (x + y)\,z$. Move the slider "step" from 0 to the end. First the values appear, above
# the nodes, from left to right. Then the walk turns round, and below each node appears its **gradient**: the derivative of
# $f$ with respect to that node. A dotted frame means: more may still arrive.
#
# Choose "x x + x" and the others as well, and ask of each node, like somebody who has to write a program for **any** graph:
#
# 1. What must a sum node know to hand its gradient on? What must a product node know?
# 2. A node into which nothing more will come is *complete*. Who has to be done before?
# 3. In "x x + x", how many parts does the gradient of $x$ have?

# %%
explore.autograd()

# %% [markdown]
# A sum hands on what it gets, to both. A product needs the two values that went in. And nobody can hand on anything before
# all nodes behind it are done. That is all the engine has to know. Let us build it.
#
# ## 1. Small operations, with their slopes
#
# Every formula of this course is made of very few operations. Here are seven. An operation with the inputs $a$ and $b$ has
# two slopes, one with respect to each; hold one input still, and move the other. These are its **local derivatives**: local,
# because they need nothing but the operation's own inputs.
#
# | name | value | slope with respect to $a$ | with respect to $b$ |
# |---|---|---|---|
# | `"add"` | $a + b$ | $1$ | $1$ |
# | `"mul"` | $a\,b$ | $b$ | $a$ |
# | `"pow"` | $a^b$ | $b\,a^{b-1}$ | ? |
# | `"exp"` | $e^a$ | ? | |
# | `"log"` | $\log a$ | ? | |
# | `"tanh"` | $\tanh a$ | ? | |
# | `"max"` | $\max(a, b)$ | 1 or 0 | 1 or 0 |
#
# Subtraction and division are not in the table. They need no row of their own: $a - b = a + (-1)\,b$, and
# $a / b = a\,b^{-1}$. Nor does ReLU: it is $\max(a, 0)$.
#
# Two rows need a word.
#
# **`pow` with respect to the exponent.** Write $a^b = e^{b \log a}$ and use the chain rule: the slope is $a^b \log a$. At $a = 2$,
# $b = 1.5$ the value is $2.8284$, the slope with respect to $a$ is $1.5 \cdot 2^{0.5} = 2.1213$, and with respect to $b$ it is
# $2.8284 \cdot 0.6931 = 1.9605$. For $a \le 0$ there is no such slope, since $\log a$ is not defined. Nearly always the exponent is
# a fixed number there, and nobody asks. We agree on 0.
#
# **`max` with two equal inputs** has a kink, and no slope at all. Some choice must be made. We give the 1 to the second
# input. Then $\max(a, 0)$ has the slope 0 at $a = 0$, as ReLU has everywhere in this course.

# %% [markdown]
# ### Exercise 1: `local_derivatives(op, inputs)`
#
# Return the slopes of one operation, in a list: one slope for each of its inputs. The inputs are one or two numbers, or
# arrays of one shape; for arrays work entry by entry.
#
# Stuck? `hint("local_derivatives")` gives one hint at a time.


# %% exercise="local_derivatives"
def local_derivatives(op, inputs):
    """The derivatives of one operation with respect to each of its inputs.

    op: "add", "mul", "pow", "exp", "log", "tanh" or "max".
    inputs: a list of one or two numbers, or of one or two arrays of the same shape; whole numbers too.
    Returns a list with as many derivatives, each of the shape of the inputs. With respect to an
    exponent whose base is not above 0 it is 0. For two equal inputs of "max" the second has the 1.
    """
    ### BEGIN SOLUTION
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
        log_of_base = np.log(np.where(a > 0, a, 1.0))
        return [b * a ** (b - 1), np.where(a > 0, a**b * log_of_base, 0.0)]
    first = np.where(a > b, 1.0, 0.0)
    return [first, 1 - first]
    ### END SOLUTION


# %% [markdown]
# **Use it.** Each slope beside one that is measured by a small step to both sides, as in
# [lesson 6](../06-numerical-gradient/06-numerical-gradient.ipynb).

# %%
OPERATIONS = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "pow": lambda a, b: a**b,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "max": np.maximum,
}

# Run this once local_derivatives is written.
if ready(local_derivatives):
    for op, inputs in (
        ("add", [2.0, 1.5]),
        ("mul", [2.0, 1.5]),
        ("pow", [2.0, 1.5]),
        ("max", [2.0, 1.5]),
        ("exp", [0.5]),
        ("log", [0.5]),
        ("tanh", [0.5]),
    ):
        slopes = [float(slope) for slope in local_derivatives(op, inputs)]
        measured = []
        for k in range(len(inputs)):
            above, below = list(inputs), list(inputs)
            above[k] += 1e-5
            below[k] -= 1e-5
            measured.append((OPERATIONS[op](*above) - OPERATIONS[op](*below)) / 2e-5)
        print(f"{op:>4}{tuple(inputs)}: {np.round(slopes, 6)}, measured {np.round(measured, 6)}")

# %% [markdown]
# ## 2. A graph is a list
#
# A **graph** here is a set of numbered **nodes**. Each is an input, or one operation on other nodes. The nodes that it is
# computed from are called its **parents**. To write a graph down, two lists are enough: what each node is, and who its
# parents are. For $f = (x + y)\,z$:
#
# | node | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | what it holds | $x$ | $y$ | $z$ | $x + y$ | $f$ |
# | `ops` | `"input"` | `"input"` | `"input"` | `"add"` | `"mul"` |
# | `parents` | `[]` | `[]` | `[]` | `[0, 1]` | `[3, 2]` |
#
# A constant is a node as well: an input that nobody moves.
#
# In this table each node has a larger number than its parents. That need not be so. The same graph may be numbered in any
# way, and then "in the order of the numbers" means nothing. What we need is a **topological order**: a list of all nodes in
# which each stands **after** all of its parents. Mostly there are several. For the graph above 0, 1, 3, 2, 4 is one, and so is
# 2, 1, 0, 3, 4.
#
# Two ways to find one:
#
# - **Who is ready?** Put down all nodes whose parents stand there already. Do it again, until all are there.
# - **Parents first.** To put down a node, put down each of its parents first, in the same way, and then the node itself. Skip
#   whoever stands there already.

# %% [markdown]
# ### Exercise 2: `topological_order(parents)`
#
# Return the numbers of all nodes, each after all of its parents. Any such order is right. There is one always: no node of
# our graphs is computed from itself, not even by a detour.
#
# Stuck? `hint("topological_order")`.


# %% exercise="topological_order"
def topological_order(parents):
    """The nodes of a graph in an order in which each can be computed.

    parents: a list with an entry for each node, numbered from 0: the list of the nodes that it is
    computed from, empty for an input. The same node may stand in it twice, as for x * x.
    Returns a list of all node numbers, each once, each after all of its parents.
    """
    ### BEGIN SOLUTION
    order = []

    def visit(node):
        if node not in order:
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    for node in range(len(parents)):
        visit(node)
    return order
    ### END SOLUTION


# %% [markdown]
# ## 3. Forwards
#
# With an order the way forward is one loop: each node finds its parents' values ready.
#
# ### Exercise 3: `graph_values(ops, parents, inputs)`
#
# Return the value of every node: the value of node $k$ at place $k$. `inputs` holds one number for each input node, in the
# order of their node numbers.
#
# Stuck? `hint("graph_values")`.


# %% exercise="graph_values"
def graph_values(ops, parents, inputs):
    """Every node's value.

    ops: a list of names, one a node: "input", or one of the seven operations.
    parents: a list of lists, one a node; for "pow" the base stands first. The nodes are numbered from 0, in any order.
    inputs: numbers, one for each node whose name is "input", in the order of the node numbers.
    Returns shape (nodes,): the value of node k at place k.
    """
    ### BEGIN SOLUTION
    values = np.zeros(len(ops))
    left = iter(inputs)
    for k in range(len(ops)):
        if ops[k] == "input":
            values[k] = next(left)
    for k in topological_order(parents):
        given = [values[j] for j in parents[k]]
        if ops[k] == "add":
            values[k] = given[0] + given[1]
        elif ops[k] == "mul":
            values[k] = given[0] * given[1]
        elif ops[k] == "pow":
            values[k] = given[0] ** given[1]
        elif ops[k] == "max":
            values[k] = max(given)
        elif ops[k] != "input":
            values[k] = {"exp": np.exp, "log": np.log, "tanh": np.tanh}[ops[k]](given[0])
    return values
    ### END SOLUTION


# %% [markdown]
# **Use it: a sigmoid out of small operations.** $\sigma(x) = (1 + e^{-x})^{-1}$ takes four of them: a product with $-1$, an
# exponential, a sum with $1$, a power with the exponent $-1$.

# %%
SIGMOID = {
    "ops": ["input", "input", "input", "mul", "exp", "add", "pow"],
    "parents": [[], [], [], [0, 1], [3], [4, 2], [5, 1]],
}
NAMES = ["x", "-1", "1", "-x", "e^(-x)", "1 + e^(-x)", "sigmoid"]

# Run this once graph_values is written.
if ready(graph_values):
    sigmoid_values = np.array(graph_values(SIGMOID["ops"], SIGMOID["parents"], [0.75, -1.0, 1.0]))
    for name, value in zip(NAMES, sigmoid_values, strict=True):
        print(f"{name:>11} {value:8.4f}")

# %% [markdown]
# ## 4. Backwards, and why the gradients are added up
#
# Give every node a **gradient**: the derivative of the output with respect to that node. For the output itself it is 1. We
# know it from there on backwards. A node with the gradient $g$ hands to each of its parents
#
# $$g \cdot \text{(its slope with respect to that parent)}.$$
#
# That is the chain rule along one arrow. For the sigmoid at $x = 0.75$ the way back reads, from below:
#
# | node | value | slope with respect to the parent in question | gradient |
# |---|---|---|---|
# | $-x$ | $-0.75$ | of $(-1)\,x$: $-1$ | $0.4724 \cdot (-0.4613) = -0.2179$ |
# | $e^{-x}$ | $0.4724$ | of $e^{-x}$: $0.4724$ | $-0.4613$ |
# | $1 + e^{-x}$ | $1.4724$ | of the sum: $1$ | $-1.4724^{-2} = -0.4613$ |
# | $\sigma$ | $0.6792$ | of the power: $-1.4724^{-2}$ | $1$ |
#
# One more step gives $x$ the gradient $(-1) \cdot (-0.2179) = 0.2179$. In lesson 2 you computed it with the formula
# $\sigma\,(1 - \sigma)$. Nobody has told the graph that formula.
#
# **Fan-out.** A node may go into several others, or into one of them twice. Take $f = x \cdot x + x$. Three arrows leave $x$,
# so three ways lead to $f$, and the chain rule adds over the ways. At $x = 3$: the product hands $3$ to $x$ through its first factor,
# $3$ through its second, and the sum hands over $1$. Together $7$, and indeed $f' = 2x + 1 = 7$. Whoever writes `=` for `+=`
# gets one of the three.
#
# **And that is why the order matters.** A node may hand on its gradient only when it is complete: when all that it goes into
# have given their part. Backwards through a topological order each node comes after all those that use it. So every node is
# visited once, with its gradient complete, and each arrow is walked once, however many ways there are.

# %% [markdown]
# ### Exercise 4: `graph_gradients(ops, parents, values, output)`
#
# Return the derivative of the node `output` with respect to every node: that of node $k$ at place $k$. A node that the
# output does not depend on has the gradient 0.
#
# Stuck? `hint("graph_gradients")`.


# %% exercise="graph_gradients"
def graph_gradients(ops, parents, values, output):
    """The derivative of one node with respect to every node.

    ops, parents: the graph, as for graph_values; the nodes are numbered in any order.
    values: shape (nodes,), every node's value.
    output: the number of a node, any of them.
    Returns shape (nodes,): d value[output] / d value[k] at place k. At the output itself that is 1,
    and 0 where the output does not depend on node k.
    """
    ### BEGIN SOLUTION
    gradients = np.zeros(len(ops))
    gradients[output] = 1.0
    for k in reversed(topological_order(parents)):
        if ops[k] != "input":
            given = [values[j] for j in parents[k]]
            for j, slope in zip(parents[k], local_derivatives(ops[k], given), strict=True):
                gradients[j] += gradients[k] * slope
    return gradients
    ### END SOLUTION


# %% [markdown]
# **Use it: what you derived by hand falls out.** First the graph of lesson 2 at $x = -2$, $y = 5$, $z = -4$. You know the
# answer: $-4$, $-4$ and $3$. Then the sigmoid.

# %%
# Run this once the first four exercises are written.
engine_runs = all(map(ready, (local_derivatives, topological_order, graph_values, graph_gradients)))
if engine_runs:
    ops, parents = ["input", "input", "input", "add", "mul"], [[], [], [], [0, 1], [3, 2]]
    values = graph_values(ops, parents, [-2.0, 5.0, -4.0])
    print("(x + y) z: values   ", np.array(values))
    print("           gradients", np.array(graph_gradients(ops, parents, values, 4)))
    slopes = np.array(graph_gradients(SIGMOID["ops"], SIGMOID["parents"], sigmoid_values, 6))
    a = sigmoid_values[6]
    print(f"sigmoid:   d/dx {slopes[0]:.6f}, a (1 - a) = {a * (1 - a):.6f}")

# %% [markdown]
# Now your own functions walk the graphs from the beginning, node by node. Tick "Guess first": can you say the
# gradient of $x$ before the walk is through?

# %%
explore.autograd(graph_values, graph_gradients)

# %% [markdown]
# Now the softmax with its cross-entropy. In [lesson 5](../05-cross-entropy/05-cross-entropy.ipynb) it took two
# derivations until the delta was $p - y$. Here it is a graph of small operations: three exponentials, two sums, a power, a
# product, a logarithm, a minus. The logits are $1$, $2$ and $0.5$; the first class is the true one.

# %%
SOFTMAX_LOSS = {
    "ops": ["input"] * 4 + ["exp"] * 3 + ["add", "add", "pow", "mul", "log", "mul"],
    "parents": [[], [], [], [], [0], [1], [2], [4, 5], [7, 6], [8, 3], [4, 9], [10], [11, 3]],
}

# Run this once the first four exercises are written.
if engine_runs:
    logits = np.array([1.0, 2.0, 0.5])
    ops, parents = SOFTMAX_LOSS["ops"], SOFTMAX_LOSS["parents"]
    values = graph_values(ops, parents, [*logits, -1.0])
    gradients = graph_gradients(ops, parents, values, 12)
    p = np.exp(logits) / np.sum(np.exp(logits))
    print(f"loss {values[12]:.4f}")
    print("by the engine:", np.round(gradients[:3], 6))
    print("p - y:        ", np.round(p - np.array([1.0, 0.0, 0.0]), 6))

# %% [markdown]
# The loss is $1.4644$, and the gradient $(-0.7688, 0.6285, 0.1402)$: the same numbers to the last digit, without a Jacobian and
# without an idea.
#
# ## 5. Let Python write the graph
#
# Nobody wants to number nodes by hand. Python can do it while it computes. If an object stands at a `+`, Python calls the
# object's method `__add__`; at a `*` it calls `__mul__`. So we make objects that compute **and remember**: what operation made
# them, and from which objects.


# %%
class Number:
    """A number that remembers what it was computed from. It knows + and * only."""

    def __init__(self, data, op="input", parents=()):
        self.data, self.op, self.parents = data, op, parents

    def __add__(self, other):
        return Number(self.data + other.data, "add", (self, other))

    def __mul__(self, other):
        return Number(self.data * other.data, "mul", (self, other))


x, y, z = Number(-2.0), Number(5.0), Number(-4.0)
f = (x + y) * z
print("f is", f.data, "and was made by", f.op)
print("its parents are", [parent.data for parent in f.parents])
print("and the first of them was made by", f.parents[0].op)

# %% [markdown]
# The line `f = (x + y) * z` looks as if it only computed. But `f` holds the whole graph. Starting from it one can find all
# nodes, number them, and call your functions:


# %%
# Run this once the first four exercises are written.
def lists_of(end):
    """The nodes behind `end`, and the graph as lists."""
    nodes = [end]
    for node in nodes:  # the list grows while we walk through it
        nodes += [parent for parent in node.parents if parent not in nodes]
    places = [[nodes.index(parent) for parent in node.parents] for node in nodes]
    return nodes, [node.op for node in nodes], places, [node.data for node in nodes]


if engine_runs:
    nodes, ops, parents, values = lists_of(f)
    print("ops      ", ops)
    print("parents  ", parents)
    print("values   ", values)
    print("gradients", np.array(graph_gradients(ops, parents, values, 0)))

# %% [markdown]
# Here the output is node 0, and the inputs come last. Your functions do not mind.
#
# `Number` is not done. `x * 2` fails, because `2` has no `data`. `2 * x` fails in another way: Python asks the `2` first, which
# does not know what to do, and then calls `x.__rmul__(2)`, the *reflected* method, which is missing. You will write all that in
# exercise 6, and for arrays at once. For arrays one thing is still to be understood.
#
# ## 6. What broadcasting does to a gradient
#
# A layer computes $Z = XW + b$, where $XW$ has the shape `(m, n)` and $b$ has the shape `(n,)`. NumPy **stretches** $b$: it adds
# the same row to each of the $m$ rows. That is fan-out again! Each entry of $b$ goes into $m$ entries of $Z$. So its gradient
# is the sum of $m$ gradients: sum over the axis that was stretched. (This is the fourth equation of
# [lesson 9](../09-four-equations/09-four-equations.ipynb): $\sum \Delta$ over the rows.)
#
# NumPy stretches in two ways, and both at once if need be:
#
# - Axes that are missing **in front** are added: `(3,)` against `(2, 3)` counts as `(1, 3)`.
# - An axis of length **1** is copied to the length of the other: `(2, 1)` against `(2, 3)` becomes `(2, 3)`.
#
# On the way back both become sums, and what comes out has the shape of the small array again.

# %%
x, y = np.array([[1.0], [2.0]]), np.array([10.0, 20.0, 30.0])
print("shapes", x.shape, "and", y.shape, "make", (x * y).shape)
print(x * y)

# %% [markdown]
# ### Exercise 5: `unbroadcast(gradient, shape)`
#
# An array of shape `shape` was stretched to the shape of `gradient`. Return its gradient: summed over every axis that
# broadcasting stretched, and of the shape `shape`.
#
# Stuck? `hint("unbroadcast")`.


# %% exercise="unbroadcast"
def unbroadcast(gradient, shape):
    """The gradient of an array that broadcasting has stretched.

    gradient: an array of the stretched shape, up to three axes.
    shape: a tuple, the shape before; () for a number. It may be that nothing was stretched.
    Returns an array of that shape, or a number: the gradients of all copies added up. The gradient stays as it was.
    """
    ### BEGIN SOLUTION
    while np.ndim(gradient) > len(shape):
        gradient = np.sum(gradient, axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
    return gradient
    ### END SOLUTION


# %% [markdown]
# **Use it.** In $\sum x\,y$ with the arrays from above each entry of $x$ meets all three of $y$: its slope is
# $10 + 20 + 30 = 60$.

# %%
# Run this once unbroadcast is written.
if ready(unbroadcast):
    upstream = np.ones((2, 3))
    print("gradient of x:", np.array(unbroadcast(upstream * y, x.shape)).tolist())
    print("gradient of y:", np.array(unbroadcast(upstream * x, y.shape)).tolist())

# %% [markdown]
# ## 7. The engine
#
# Now `Value`: a `Number` that knows everything, and holds a number or an array. These are what it must understand; `v` and `w` are
# Values, and where `w` stands there may be a plain number or a NumPy array instead.
#
# | written | operation | methods of `Value` |
# |---|---|---|
# | `v + w`, `2 + v` | `add` | `__add__`, `__radd__` |
# | `v * w`, `2 * v` | `mul` | `__mul__`, `__rmul__` |
# | `v ** w`, `2 ** v` | `pow` | `__pow__`, `__rpow__` |
# | `-v`, `v - w`, `2 - v` | `v * -1`, and sums with that | `__neg__`, `__sub__`, `__rsub__` |
# | `v / w`, `2 / v` | `w ** -1`, and products with that | `__truediv__`, `__rtruediv__` |
# | `v @ w` | the product of two matrices, two axes each | `__matmul__`, `__rmatmul__` |
# | `v.exp()`, `v.log()`, `v.tanh()` | `exp`, `log`, `tanh` | `exp`, `log`, `tanh` |
# | `v.max(w)` | `max`, entry by entry, `v` first | `max` |
# | `v.sum()` | the sum of all entries: one number | `sum` |
#
# Two operations are new, because no entry-by-entry slope describes them. What do they hand back, if $G$ is the gradient
# that arrives?
#
# - **The sum.** Every entry went into it with the slope 1. So every entry gets $G$, which is one number here.
# - **The matrix product** $C = AB$. You know it from lesson 9: $A$ gets $G B^{\mathsf T}$, and $B$ gets $A^{\mathsf T} G$.
#
# All others hand on $G$ times the local derivative, entry by entry, and `unbroadcast` brings it to the parent's shape.
# Your `local_derivatives` takes arrays, so it can do its work here as it is, if it is made of NumPy's functions.
#
# `__init__` is given, and so is the line that keeps NumPy from interfering in `array * value`. Everything else is yours.
# In the class, replace the `raise` by the body of `__add__`, and write the other methods below it.

# %% [markdown]
# ### Exercise 6: `value_gradients(build, inputs)`
#
# Write `Value`, and the function that uses it: make a Value of each input, call `build(*values)`, which computes with them
# and returns a Value that holds one number, and find the gradients.
#
# `build` is any function that keeps to the table above, for example `lambda x, y, z: (x + y) * z`. It may use a Value as
# often as it likes, or not at all.
#
# Stuck? `hint("value_gradients")`.


# %% exercise="value_gradients"
class Value:
    """A number or an array that remembers the operation that made it, and its parents."""

    __array_ufunc__ = None  # `array * value` is left to Value.__rmul__

    def __init__(self, data, op="input", parents=()):
        self.data = np.asarray(data, dtype=float)
        self.op, self.parents = op, parents
        self.grad = np.zeros(self.data.shape)

    def __add__(self, other):
        ### BEGIN SOLUTION
        return Value.made("add", self, other)

    def __radd__(self, other):
        return Value.made("add", other, self)

    def __mul__(self, other):
        return Value.made("mul", self, other)

    def __rmul__(self, other):
        return Value.made("mul", other, self)

    def __pow__(self, other):
        return Value.made("pow", self, other)

    def __rpow__(self, other):
        return Value.made("pow", other, self)

    def __matmul__(self, other):
        return Value.made("matmul", self, other)

    def __rmatmul__(self, other):
        return Value.made("matmul", other, self)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Value.of(other)

    def __rsub__(self, other):
        return other + -self

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    def exp(self):
        return Value.made("exp", self)

    def log(self):
        return Value.made("log", self)

    def tanh(self):
        return Value.made("tanh", self)

    def max(self, other):
        return Value.made("max", self, other)

    def sum(self):
        return Value.made("sum", self)

    FORWARD = {
        "add": np.add,
        "mul": np.multiply,
        "pow": np.power,
        "max": np.maximum,
        "exp": np.exp,
        "log": np.log,
        "tanh": np.tanh,
        "matmul": np.matmul,
        "sum": np.sum,
    }

    @staticmethod
    def of(thing):
        return thing if isinstance(thing, Value) else Value(thing)

    @staticmethod
    def made(op, *given):
        parents = tuple(Value.of(each) for each in given)
        return Value(Value.FORWARD[op](*[parent.data for parent in parents]), op, parents)

    def shares(self):
        """What this node hands on to each of its parents."""
        given = [parent.data for parent in self.parents]
        if self.op == "input":
            return []
        if self.op == "matmul":
            return [self.grad @ given[1].T, given[0].T @ self.grad]
        if self.op == "sum":
            return [self.grad * np.ones(given[0].shape)]
        return [self.grad * slope for slope in local_derivatives(self.op, given)]

    def backward(self):
        """Gives every node behind this one its gradient."""
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = np.ones(self.data.shape)
        for node in reversed(order):
            for parent, share in zip(node.parents, node.shares(), strict=True):
                parent.grad = parent.grad + unbroadcast(share, parent.data.shape)
        ### END SOLUTION


def value_gradients(build, inputs):
    """The value of what `build` computes, and its derivatives with respect to every input.

    build: a function of as many Values as there are inputs; it returns a Value that holds one number.
    inputs: a list of numbers and arrays, whole numbers too; up to two axes. They stay as they were.
    Returns (value, gradients): a number, and a list with a gradient of each input's shape. An input
    that was not used has the gradient 0.
    """
    ### BEGIN SOLUTION
    values = [Value(each) for each in inputs]
    end = build(*values)
    end.backward()
    return end.data, [each.grad for each in values]
    ### END SOLUTION


# %% [markdown]
# **Use it: any formula.** Write down what you like, and let [lesson 6](../06-numerical-gradient/06-numerical-gradient.ipynb) be
# the judge: each slope is measured beside it. Measuring uses your Values as well, but only their values.


# %%
# Run this once value_gradients is written.
def measured(build, inputs, h=1e-5):
    """The slopes of a formula of numbers, by small steps to both sides."""
    slopes = []
    for k in range(len(inputs)):
        above, below = [[*inputs[:k], inputs[k] + step, *inputs[k + 1 :]] for step in (h, -h)]
        slopes.append((value_gradients(build, above)[0] - value_gradients(build, below)[0]) / (2 * h))
    return np.array(slopes)


FORMULAS = {
    "(x + y) z": lambda x, y, z: (x + y) * z,
    "x x + x": lambda x, y, z: x * x + x,
    "tanh(x / y) / z**2": lambda x, y, z: (x / y).tanh() / z**2,
    "log(1 + e**x) max(y, z)": lambda x, y, z: (1 + x.exp()).log() * y.max(z),
}
if ready(value_gradients):
    for name, build in FORMULAS.items():
        value, slopes = value_gradients(build, [-2.0, 5.0, -4.0])
        print(
            f"{name:>24} = {float(value):9.4f}, slopes {np.array(slopes).round(5)},",
            f"measured {measured(build, [-2.0, 5.0, -4.0]).round(5)}",
        )

# %% [markdown]
# ## 8. A network, forwards only
#
# With the engine a network is its way forward, and nothing else. The activations are small graphs, too:
#
# - the sigmoid is `1 / (1 + (-z).exp())`, ReLU is `z.max(0)`,
# - the softmax of a batch is `e / (e @ ones)` with `e = z.exp()`, where `ones` is a column of ones, shape `(n, 1)`. The product sums each
#   row, and the division stretches the sums over the row again. The sums depend on $z$, so they must be Values as well.
#
# The losses are those of the lessons before: the squared error $\frac{1}{2m} \sum (a - y)^2$, and the cross-entropy
# $-\frac{1}{m} \sum y \log p$, the sums over all entries of the batch.
#
# (For large logits $e^z$ overflows. As in [lesson 4](../04-softmax/04-softmax.ipynb) one would subtract each row's
# largest logit, as a plain number. Here the sums are of ordinary size.)

# %% [markdown]
# ### Exercise 7: `engine_backprop(X, Y, weights, biases, activations, loss)`
#
# The same function as `backprop` of lesson 9, by the engine: write the way forward to the loss, and let `value_gradients`
# find the rest. One thing that `backprop` could not do comes free: a softmax with the squared error.
#
# Stuck? `hint("engine_backprop")`.


# %% exercise="engine_backprop"
def engine_backprop(X, Y, weights, biases, activations, loss):
    """The gradients of a network's mean loss, by the engine.

    X, Y: one sample, shapes (n_0,) and (n_L,), or a batch, (m, n_0) and (m, n_L).
    weights, biases: lists with an entry for each layer, shapes (n_in, n_out) and (n_out,).
    activations: a name for each layer: "sigmoid", "tanh", "relu", "identity", and "softmax" for the last.
    loss: "mse", 1/(2m) times the sum of squares, or "cross_entropy" after a softmax, with one-hot Y.
    Sums are of ordinary size. The arguments stay as they were.
    Returns (weight_gradients, bias_gradients): two lists in the order of the layers.
    """
    ### BEGIN SOLUTION
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    depth = len(weights)

    def mean_loss(*parameters):
        a = Value(X)
        for k in range(depth):
            z = a @ parameters[k] + parameters[depth + k]
            if activations[k] == "sigmoid":
                a = 1 / (1 + (-z).exp())
            elif activations[k] == "tanh":
                a = z.tanh()
            elif activations[k] == "relu":
                a = z.max(0)
            elif activations[k] == "softmax":
                e = z.exp()
                a = e / (e @ np.ones((Y.shape[1], 1)))
            else:
                a = z
        if loss == "mse":
            return ((a - Y) ** 2).sum() / (2 * len(Y))
        return -(a.log() * Y).sum() / len(Y)

    _, gradients = value_gradients(mean_loss, [*weights, *biases])
    return gradients[:depth], gradients[depth:]
    ### END SOLUTION


# %% [markdown]
# **Use it: the 36 slopes of [lesson 8](../08-backprop-by-hand/08-backprop-by-hand.ipynb).** The network of ReLU, sigmoid
# and softmax, with its 27 weights and 9 biases. There each of them was computed by hand, and checked to many digits. The loss
# was $1.61723$, and the first row of the last weights' gradient was $-0.75252$, $0.26790$, $0.48462$.

# %%
# Run this once engine_backprop is written.
example = worked_example()
W, b = list(example["weights"].values()), list(example["biases"].values())
if ready(engine_backprop):
    by_weights, by_biases = engine_backprop(
        example["input"], example["target"], W, b, ["relu", "sigmoid", "softmax"], "cross_entropy"
    )
    gaps = []
    for name, gradient in zip(
        [*example["weights"], *example["biases"]], [*by_weights, *by_biases], strict=True
    ):
        true = example["computed"][f"grad_{name}"]
        gaps.append(np.max(np.abs(np.array(gradient) - true)))
        print(f"{name}: {np.size(gradient)} slopes, largest gap to lesson 8: {gaps[-1]:.1e}")
    print("gradient of the last weights:\n", np.array(by_weights[-1]).round(5))

# %% [markdown]
# **Use it: the digits of [lesson 10](../10-training/10-training.ipynb).** The same rows, the same net with 32 tanh units, batches
# of 32 rows, eight epochs. Every gradient comes from your engine.

# %%
# Run this once engine_backprop is written.
X_all, labels = load_digits()
Y_all, kinds = np.eye(10)[labels], ["tanh", "softmax"]


def probabilities(X, weights, biases):
    """The net forwards, in plain NumPy."""
    logits = np.tanh(X @ weights[0] + biases[0]) @ weights[1] + biases[1]
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


if ready(engine_backprop):
    rng = np.random.default_rng(1)
    order = rng.permutation(len(X_all))
    seen, held_out = order[:1437], order[1437:]
    weights = [rng.normal(size=shape) * np.sqrt(2 / sum(shape)) for shape in ((64, 32), (32, 10))]
    biases, losses = [np.zeros(32), np.zeros(10)], []
    for _ in range(8):
        rows = rng.permutation(seen)
        for start in range(0, len(rows), 32):
            batch = rows[start : start + 32]
            p = probabilities(X_all[batch], weights, biases)
            losses.append(-np.mean(np.log(p[np.arange(len(batch)), labels[batch]])))
            dW, db = engine_backprop(X_all[batch], Y_all[batch], weights, biases, kinds, "cross_entropy")
            weights = [w - 0.5 * np.array(g) for w, g in zip(weights, dW, strict=True)]
            biases = [b - 0.5 * np.array(g) for b, g in zip(biases, db, strict=True)]
    right = probabilities(X_all[held_out], weights, biases).argmax(axis=1) == labels[held_out]
    print(f"{len(losses)} steps, accuracy on 360 held-out rows: {np.mean(right):.4f}")

    fig, ax = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    ax.semilogy(losses, linewidth=0.7)
    ax.set(xlabel="step", ylabel="loss of the batch", title="Digits, with gradients from the engine")
    show_figure(
        fig,
        alt=f"The loss of each batch over {len(losses)} steps, jagged. It falls from {losses[0]:.3f} "
        f"to about {np.mean(losses[-45:]):.3f}.",
    )

# %% [markdown]
# Nowhere in this run stands a formula for a delta. Change the way forward, a third layer, another loss, and the gradients
# follow. That is why people dare to build networks of a hundred layers and a dozen sorts.
#
# **What it costs.** Each node is visited once forwards and once backwards, and backwards costs about twice as much: the
# count of lesson 9 again, about three times a forward pass, whatever the graph. The price is memory: all values in between must be kept
# until the way back has used them.
#
# Walking **backwards** is right here because one number, the loss, has millions of inputs. (A function with one input and
# a million outputs would be differentiated forwards. Both are called *automatic differentiation*, and backpropagation is its
# *reverse mode*.) It is no measuring by small steps, and no algebra on formulas: slopes of small operations, exact to
# rounding, multiplied along the ways and added over them.
#
# ## What you can do now
#
# - Take a formula apart into small operations, and give the slopes of each.
# - Put a graph into an order, walk it forwards and backwards, and say why gradients are added up.
# - Say what broadcasting does to a gradient.
# - Write an engine that differentiates whatever is written with its values, and test it.
# - Read the code of any framework's engine: it is this one, with more operations.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# 1. A friend's engine gives right gradients for `(x + y) * z` and for a network where every layer feeds the next one. For
#    `x * x` it gives half of what it should, and for a network whose first layer also feeds the third it is wrong in the first
#    layer only. What is the slip, most likely? Why did the first two tests not show it? Give the smallest test that does.
# 2. Somebody leaves out the topological order: each node hands on its gradient as soon as something arrives, by recursion from
#    the output, and adds up with `+=`. Say what goes wrong if a node hands on its **whole** gradient each time. If instead
#    it hands on only what has just arrived, the numbers are right: why, and what does it cost in a graph in which each of
#    thirty stages uses the one before twice?
#
# A good answer has a few sentences for each part, and an example with numbers.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. (1 point) It writes `parent.grad = ...` where `+=` belongs. In the first two graphs every node goes into one other
#    only, so there is one contribution and nothing to lose. With `x * x` two arrows leave x, and one contribution of two is
#    kept; a first layer that feeds two layers loses one of its contributions. The smallest test is `x * x`, or `x + x`,
#    whose slope must be 2: the engine gives 1.
# 2. (1 point) A node that two others use gets its gradient in two parts. Handing on the whole sum at the second arrival sends
#    the first part on twice. With x -> y = 2 x, f = y + y: y gets 1 and hands 2 to x, then holds 2 and hands 4: x has 6 instead of 4.
#    Handing on only the new part is right, for it walks every way from the output by itself, and the sum over the ways
#    is the chain rule. But the ways double with each stage: after thirty stages there are about 2 to the 30th,
#    a billion. In topological order each arrow is walked once, sixty in all.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written the engine itself. Whatever you can compute forwards, you can now differentiate.

# %%
progress("11-autograd")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `11-autograd.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Seppo Linnainmaa described the reverse mode in his master's thesis in 1970, and Andreas Griewank and
# Andrea Walther wrote the book on it, *Evaluating Derivatives* (2008). To read on: Baydin and others, *Automatic differentiation in machine
# learning: a survey* (2018), and Andrej Karpathy's *micrograd*, an engine for numbers in a hundred lines.
#
# **In a framework** this is `torch.autograd`. A tensor made with `requires_grad=True` is your Value, `loss.backward()` is your walk
# back, and `x.grad` holds the result. There `grad` is added to, also from one `backward()` to the next: that is the `+=` you know, and
# the reason why every training loop calls `optimizer.zero_grad()`.
#
# **Next:** [12. Making it learn: from a net that runs to one that generalises](../12-making-it-learn/12-making-it-learn.ipynb)
