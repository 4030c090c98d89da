"""Three of the explorables' pictures drawn with matplotlib, for `interact`: the same bars, curves and numbers."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes


def softmax(z1: float, z2: float, z3: float, z4: float, shift: float) -> None:
    """Four logits: the probabilities as bars, the Jacobian as a heatmap with its numbers and row sums."""
    z = np.array([z1, z2, z3, z4]) + shift
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    jacobian = np.diag(p) - np.outer(p, p)
    _, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
    left.barh(range(4), np.ones(4), color="#F4F4F4", height=0.6)
    left.barh(range(4), p, color="#0072B2", height=0.6)
    left.set(xlim=(0, 1.7), title="p = softmax(z + c)", xticks=[])
    left.set_yticks(range(4), [f"z{i + 1} + c =\n{value:.1f}" for i, value in enumerate(z)])
    left.invert_yaxis()
    left.spines[:].set_visible(False)
    for i, value in enumerate(p):
        left.text(1.05, i, f"p{i + 1} = {value:.4f}", va="center", weight="bold")
    right.imshow(np.sign(jacobian) * (np.abs(jacobian) * 4) ** 0.6, cmap="PuOr_r", vmin=-1, vmax=1)
    right.set_title("Jacobian: how p_i answers to z_j", pad=20)
    right.set_xticks(range(5), ["z1", "z2", "z3", "z4", "row sum"])
    right.set_yticks(range(4), ["p1", "p2", "p3", "p4"])
    right.set(xlim=(-0.5, 4.5))
    right.xaxis.tick_top()
    for i in range(4):
        right.text(4, i, f"{abs(jacobian[i].sum()):.4f}", ha="center", va="center", weight="bold", size=8)
        for j in range(4):
            right.text(j, i, f"{jacobian[i, j]:.4f}", ha="center", va="center", size=8)
    plt.show()


def activation(x: float) -> None:
    """The sigmoid, its slope, the tangent at x, and where it saturates."""
    xs = np.linspace(-8, 8, 201)
    values = 1 / (1 + np.exp(-xs))
    slopes = values * (1 - values)
    value = 1 / (1 + np.exp(-x))
    slope = value * (1 - value)
    _, axes = plt.subplots(figsize=(7.2, 4.2))
    axes.fill_between(xs, -0.25, 1.25, where=slopes < 0.01, color="#E4E4E4", label="grey: |slope| under 0.01")
    axes.plot(xs, values, color="#0072B2", linewidth=4, alpha=0.6, label="sigmoid(x)")
    axes.plot(xs, slopes, "--", color="#D55E00", linewidth=2.5, alpha=0.85, label="its slope")
    axes.plot([-8, 8], [value + slope * (end - x) for end in (-8, 8)], color="#009E73", label="tangent at x")
    axes.axvline(x, linestyle=":", color="black", linewidth=1)
    axes.plot([x], [value], "o", color="#0072B2")
    axes.plot([x], [slope], "o", color="#D55E00")
    axes.set(xlim=(-8, 8), ylim=(-0.25, 1.25), xlabel="x", xticks=range(-8, 9, 2))
    axes.set_yticks(np.arange(-0.25, 1.26, 0.25))
    _headed(axes, f"sigmoid({x:.2f}) = {value:.4f}", f"slope at x = {x:.2f}: {slope:.4f}")


def cross_entropy(p: float) -> None:
    """The loss of one sample against the probability of its true class, with its gradient and tangent."""
    ps = np.geomspace(0.001, 1, 161)
    loss, gradient = -np.log(p), -1 / p
    _, axes = plt.subplots(figsize=(7.2, 4.2))
    axes.plot(ps, -np.log(ps), color="#0072B2", linewidth=4, alpha=0.6, label="loss -ln p")
    axes.plot(ps, -1 / ps, "--", color="#D55E00", linewidth=2.5, alpha=0.85, label="gradient -1 / p")
    axes.plot(ps, loss + gradient * (ps - p), color="#009E73", label="tangent at p")
    axes.axvline(p, linestyle=":", color="black", linewidth=1)
    axes.plot([p], [loss], "o", color="#0072B2")
    axes.plot([p], [gradient], "o", color="#D55E00")
    axes.set(xlim=(0, 1), ylim=(-8, 8), xlabel="p", xticks=np.arange(0, 1.01, 0.1), yticks=range(-8, 9, 2))
    _headed(axes, f"loss at p = {p:.3f}: {loss:.4f}", f"gradient: {gradient:.4f}")


def _headed(axes: Axes, left: str, right: str) -> None:
    """Shows the picture with a heading at either end, a grid and a legend below."""
    axes.set_title(left, loc="left", weight="bold")
    axes.set_title(right, loc="right", weight="bold")
    axes.grid(color="#D0D0D0")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3, frameon=False)
    plt.show()
