"""Lesson 05: cross-entropy for two and for many classes, its gradient, and the two deltas (seed 000).

Labels are one-hot rows; a batch of two-class labels is a column (m, 1). A loss is the mean over the batch, and
a gradient is that of the mean loss, so it carries the 1/m.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "binary_cross_entropy",
    "cross_entropy",
    "cross_entropy_gradient",
    "sigmoid_cross_entropy_delta",
    "log_softmax",
    "cross_entropy_from_logits",
    "softmax_cross_entropy_delta",
)
