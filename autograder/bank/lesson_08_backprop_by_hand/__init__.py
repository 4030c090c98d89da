"""Lesson 08: backpropagation through ReLU, sigmoid and softmax by hand, and the audit of published figures (seed 002).

Row vectors, batch first. A delta is dL/dz of the mean loss, so it carries the 1/m, and the gradients are plain sums.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "output_delta",
    "hidden_delta",
    "weight_gradient",
    "bias_gradient",
    "backward",
    "update",
    "slips",
)
