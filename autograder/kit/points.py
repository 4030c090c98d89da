"""Sixty points in the plane, in two classes, and a small network that has learned to tell them apart.

They return from lesson to lesson: the loss along one of the network's weights, what its bends can draw, its
probabilities, its deltas, its training.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

HALF = 30
# Trained with the course's own functions: 2 inputs, 3 tanh units, 2 outputs behind a softmax. Rounded.
WEIGHTS = (
    ((0.87, 3.28, 1.11), (-0.89, 1.79, -0.79)),
    ((-2.95, 2.97), (2.81, -2.39), (-2.21, 2.57)),
)
BIASES = ((-1.13, -0.2, 1.46), (-0.12, 0.12))

BLUE, ORANGE = "#0072b2", "#d55e00"
EDGE = 3.0


def load_points() -> tuple[np.ndarray, np.ndarray]:
    """The points, shape (60, 2), and their labels, shape (60,): 0 for the first thirty, 1 for the others.

    Each class lies along an arch; the arches reach into each other, so that no straight line parts them.
    """
    k = np.arange(HALF)
    along = np.pi * (k + 0.5) / HALF
    # Nobody draws a perfect arch. No generator is asked, so that the points are the same for ever.
    off = 0.18 * np.column_stack([np.sin(2.4 * k * k + 1), np.cos(1.7 * k * k)])
    arch = np.column_stack([np.cos(along) - 0.5, np.sin(along) - 0.25])
    first, second = arch + off, -arch + off[:, ::-1] * [1, -1]
    return (1.5 * np.concatenate([first, second])).round(2), np.repeat([0, 1], HALF)


def points_network() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The trained network's weights, shapes (2, 3) and (3, 2), and its biases, shapes (3,) and (2,).

    Layer 1 is tanh, layer 2 softmax. Every call gives new arrays.
    """
    return [np.array(W) for W in WEIGHTS], [np.array(b) for b in BIASES]


def draw_points(axes: Any, probability: Callable[[np.ndarray], np.ndarray] | None = None) -> None:
    """Draws the points into matplotlib's `axes`, and below them a map of what a network says.

    probability: a function; it takes places, shape (m, 2), and returns the probability of class 1 at each, shape
    (m,). Without it there are the points alone.
    """
    X, labels = load_points()
    if probability is not None:
        line = np.linspace(-EDGE, EDGE, 91)
        across, up = np.meshgrid(line, line)
        places = np.column_stack([across.ravel(), up.ravel()])
        map_ = np.reshape(np.asarray(probability(places), dtype=float), across.shape)
        axes.contourf(across, up, map_, levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.55)
        axes.contour(across, up, map_, levels=[0.5], colors="black", linewidths=1.2)
    for label, color, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        here = X[labels == label]
        axes.plot(here[:, 0], here[:, 1], marker, color=color, markeredgecolor="white", markersize=6)
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
