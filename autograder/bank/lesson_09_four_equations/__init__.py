"""Lesson 09: backpropagation for any depth (seed 000), and its per-weight form on a 2-3-2-2 network (seed 003).

Rows are samples: z = a @ W + b with W of shape (n_in, n_out) and b of shape (n_out,). The loss is the mean over
the batch, a delta is dL/dz and carries the 1/m. The mean squared error is 1/(2m) times the sum of squares.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "sigmoid_mse_delta",
    "weight_error",
    "neuron_error",
    "net_forward",
    "activation_slope",
    "backprop",
    "to_column_convention",
)
