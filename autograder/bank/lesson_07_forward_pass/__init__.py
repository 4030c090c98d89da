"""Lesson 07: the forward pass of a whole network, and two published figures that it does not give (seeds 002, 003, 001).

Row vectors, batch first: z = a W + b, a sample is (n,), a batch (m, n).
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "neuron",
    "dense",
    "forward",
    "named_weight",
    "mean_squared_error",
    "printed_output",
    "printed_loss",
)
