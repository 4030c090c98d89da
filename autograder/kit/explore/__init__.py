"""Pictures to play with, one call each: `explore.softmax()`, or `explore.softmax(softmax)` with your own function.

Python computes and draws; the browser only holds the controls. `panel.py` ties them together.
"""

from autograder.kit.explore.pictures.activation_curve import activation
from autograder.kit.explore.pictures.backward_network import backprop
from autograder.kit.explore.pictures.batch_losses import batches
from autograder.kit.explore.pictures.computation_graph import graph
from autograder.kit.explore.pictures.decayed_fit import weight_decay
from autograder.kit.explore.pictures.delta_bars import delta
from autograder.kit.explore.pictures.delta_sizes import delta_sizes
from autograder.kit.explore.pictures.descent_path import descent, descent_map
from autograder.kit.explore.pictures.drawn_digit import digit
from autograder.kit.explore.pictures.forward_network import forward_pass
from autograder.kit.explore.pictures.graph_walk import autograd
from autograder.kit.explore.pictures.loss_curve import cross_entropy
from autograder.kit.explore.pictures.softmax_bars import softmax
from autograder.kit.explore.pictures.step_size import step_size
from autograder.kit.explore.pictures.valley_walks import valley

__all__ = [
    "activation",
    "autograd",
    "backprop",
    "batches",
    "cross_entropy",
    "delta",
    "delta_sizes",
    "descent",
    "descent_map",
    "digit",
    "forward_pass",
    "graph",
    "softmax",
    "step_size",
    "valley",
    "weight_decay",
]
