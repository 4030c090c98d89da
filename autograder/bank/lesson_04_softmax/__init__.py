"""Lesson 04: the softmax, its Jacobian, and the product with it (seed 000).

The class axis is the last one: a sample is (n,), a batch (m, n).
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "shift_logits",
    "softmax",
    "softmax_partial",
    "softmax_jacobian",
    "softmax_backward",
)
