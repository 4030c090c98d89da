"""A Jupyter course on differentiating a neural network, with auto-graded exercises."""
