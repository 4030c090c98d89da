"""Three of the explorables' pictures as one would draw them with matplotlib, for `interact`: what to be faster than."""

import matplotlib.pyplot as plt
import numpy as np


def softmax(z1: float, z2: float, z3: float, z4: float, shift: float) -> None:
    """Four logits: the probabilities as bars, the Jacobian as a heatmap with its numbers."""
    z = np.array([z1, z2, z3, z4]) + shift
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    jacobian = np.diag(p) - np.outer(p, p)
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
    left.barh([f"z{i + 1} + c = {value:.1f}" for i, value in enumerate(z)], p)
    left.set(xlim=(0, 1), title="p = softmax(z + c)")
    left.invert_yaxis()
    for i, value in enumerate(p):
        left.text(min(value, 0.75), i, f"p{i + 1} = {value:.4f}", va="center")
    right.imshow(jacobian, cmap="PuOr_r", vmin=-0.25, vmax=0.25)
    right.set(title="Jacobian", xticks=range(4), yticks=range(4))
    for i in range(4):
        for j in range(4):
            right.text(j, i, f"{jacobian[i, j]:.4f}", ha="center", va="center")
    plt.show()


def activation(x: float) -> None:
    """The sigmoid, its slope, and the tangent at x."""
    xs = np.linspace(-8, 8, 201)
    values = 1 / (1 + np.exp(-xs))
    value = 1 / (1 + np.exp(-x))
    slope = value * (1 - value)
    _, axes = plt.subplots(figsize=(8, 4))
    axes.plot(xs, values, label="sigmoid(x)")
    axes.plot(xs, values * (1 - values), "--", label="its slope")
    axes.plot([-8, 8], [value + slope * (end - x) for end in (-8, 8)], label="tangent at x")
    axes.plot([x, x], [value, slope], "o")
    axes.fill_between(xs, -0.25, 1.25, where=values * (1 - values) < 0.01, alpha=0.2)
    axes.set(xlim=(-8, 8), ylim=(-0.25, 1.25), title=f"sigmoid({x:.2f}) = {value:.4f}, slope {slope:.4f}")
    axes.grid()
    axes.legend()
    plt.show()


def cross_entropy(p: float) -> None:
    """The loss of one sample against the probability of its true class, with the tangent."""
    ps = np.geomspace(0.001, 1, 161)
    loss, gradient = -np.log(p), -1 / p
    _, axes = plt.subplots(figsize=(8, 4))
    axes.plot(ps, -np.log(ps), label="loss -ln p")
    axes.plot(ps, loss + gradient * (ps - p), "--", label="tangent at p")
    axes.plot(p, loss, "o")
    axes.set(xlim=(0, 1), ylim=(0, 7), title=f"p = {p:.3f}, loss {loss:.4f}, gradient {gradient:.4f}")
    axes.grid()
    axes.legend()
    plt.show()
