"""Pictures to play with, one call each: `explore.softmax()`, or `explore.softmax(softmax)` with your own function.

Python computes and draws; the browser only holds the controls. `panel.py` ties them together.
"""

from autograder.kit.explore.activation_curve import activation
from autograder.kit.explore.backward_network import backprop
from autograder.kit.explore.batch_losses import batches
from autograder.kit.explore.computation_graph import graph
from autograder.kit.explore.delta_bars import delta
from autograder.kit.explore.delta_sizes import delta_sizes
from autograder.kit.explore.descent_path import descent, descent_map
from autograder.kit.explore.forward_network import forward_pass
from autograder.kit.explore.loss_curve import cross_entropy
from autograder.kit.explore.softmax_bars import softmax
from autograder.kit.explore.step_size import step_size

__all__ = [
    "activation",
    "backprop",
    "batches",
    "cross_entropy",
    "delta",
    "delta_sizes",
    "descent",
    "descent_map",
    "forward_pass",
    "graph",
    "softmax",
    "step_size",
]
