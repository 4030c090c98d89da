"""Lesson 02: the chain rule, in one variable and in several, and the graph f = (x + y) z (seeds 001 and 004).

A Jacobian has a row for each output and a column for each input: J[i, j] = d output_i / d input_j.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "compose_derivative",
    "neuron_gradient",
    "two_paths",
    "chain",
    "graph_forward",
    "graph_backward",
    "graph_step",
)
