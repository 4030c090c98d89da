"""Lesson 11: the chain rule as a program. A graph of small operations, and one walk back through it.

A graph is three lists: the operation of each node ("input" for those that are given), the nodes that each is computed
from, and the numbers of the inputs. `max` has the slope 1 with respect to its second input where both are equal, so
max(x, 0) has the slope 0 at 0, as ReLU has.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "local_derivatives",
    "topological_order",
    "graph_values",
    "graph_gradients",
    "unbroadcast",
    "value_gradients",
    "engine_backprop",
)
