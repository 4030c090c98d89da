"""Lesson 03: the activation functions and their slopes (seed 000, first half; seed 002 for ReLU).

Every function works element by element, on a number or an array of any shape.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "sigmoid",
    "sigmoid_derivative",
    "tanh_from_sigmoid",
    "tanh_derivative",
    "softplus",
    "relu",
    "relu_derivative",
    "elementwise_jacobian",
)
