"""Explorables' pictures drawn with matplotlib, for `interact`: the same panels, curves, numbers, and the same table."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from autograder.kit import worked_example

BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
EXAMPLE = worked_example()
# Where the boxes of the network stand, in pixels.
LEFTS, WIDTHS, TOPS = (20, 190, 380, 570), (90, 130, 130, 130), (84, 162, 240)
# Lines of equal loss on the map.
LEVELS = (0.25, 1, 2.5, 5, 9, 14, 20)


def softmax(z1: float, z2: float, z3: float, z4: float, shift: float) -> None:
    """Four logits: the probabilities as bars, the Jacobian as a heatmap with its numbers and row sums."""
    z = np.array([z1, z2, z3, z4]) + shift
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    jacobian = np.diag(p) - np.outer(p, p)
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
    left.barh(range(4), np.ones(4), color="#F4F4F4", height=0.6)
    left.barh(range(4), p, color=BLUE, height=0.6)
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
    naive = np.exp(z) / np.exp(z).sum()
    rows = [
        [i + 1, f"{z[i]:.1f}", *(f"{v:.4f}" for v in (p[i], naive[i], *jacobian[i], 0))] for i in range(4)
    ]
    slopes = (f"dp/dz{j + 1}" for j in range(4))
    _show(figure, [["class", "z + c", "p", "exp(z) / sum", *slopes, "row sum"], *rows])


def activation(x: float) -> None:
    """The sigmoid, its slope, the tangent at x, and where it saturates."""
    xs = np.linspace(-8, 8, 201)
    values = 1 / (1 + np.exp(-xs))
    slopes = values * (1 - values)
    value = 1 / (1 + np.exp(-x))
    slope = value * (1 - value)
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    axes.fill_between(xs, -0.25, 1.25, where=slopes < 0.01, color="#E4E4E4", label="grey: |slope| under 0.01")
    axes.plot(xs, values, color=BLUE, linewidth=4, alpha=0.6, label="sigmoid(x)")
    axes.plot(xs, slopes, "--", color=VERMILION, linewidth=2.5, alpha=0.85, label="its slope")
    axes.plot([-8, 8], [value + slope * (end - x) for end in (-8, 8)], color=GREEN, label="tangent at x")
    axes.set_title(f"sigmoid({x:.2f}) = {value:.4f}", loc="left", weight="bold")
    axes.set_title(f"slope at x = {x:.2f}: {slope:.4f}", loc="right", weight="bold")
    _frame(axes, (-8, 8), (-0.25, 1.25), np.arange(-8, 9, 2), np.arange(-0.25, 1.26, 0.25), "x")
    _mark(axes, x, value, BLUE)
    axes.plot([x], [slope], "o", color=VERMILION)
    _legend(figure, 3)
    _show(figure, [["quantity", f"at x = {x:.2f}"], ["sigmoid", f"{value:.4f}"], ["slope", f"{slope:.4f}"]])


def cross_entropy(p: float) -> None:
    """The loss of one sample against the probability of its true class, and beside it the gradient."""
    ps = np.geomspace(0.001, 1, 161)
    loss, gradient = -math.log(p), -1 / p
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.7))
    left.plot(ps, -np.log(ps), color=BLUE, linewidth=4, alpha=0.6, label="loss")
    right.plot(ps, -1 / ps, "--", color=VERMILION, linewidth=2.5, alpha=0.85, label="gradient")
    figure.suptitle(f"p = {p:.3f}", x=0.05, ha="left", weight="bold")
    left.set_title(f"loss = -ln p = {loss:.4f}", loc="left", weight="bold")
    right.set_title(f"gradient = -1 / p = {gradient:.4f}", loc="left", weight="bold")
    quarters = np.arange(0, 1.01, 0.25)
    _frame(left, (0, 1), (0, 7.5), quarters, np.arange(8), "p, given to the true class")
    _frame(right, (0, 1), (-25, 0), quarters, np.arange(-25, 1, 5), "p, given to the true class")
    _mark(left, p, loss, BLUE)
    _mark(right, p, gradient, VERMILION)
    if gradient < -25:
        right.text(max(p, 0.05) + 0.05, -24, f"far below: {gradient:.4f}")
    _legend(figure, 2)
    _show(figure, [["quantity", f"at p = {p:.3f}"], ["loss", f"{loss:.4f}"], ["gradient", f"{gradient:.4f}"]])


def delta(z1: float, z2: float, z3: float, scale: float) -> None:
    """Three logits, class 2 true: the probabilities as bars, and beside them the deltas as bars from 0."""
    z = np.array([z1, z2, z3]) * scale
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    d = p - np.eye(3)[1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9))
    left.barh(range(3), np.ones(3), color="#F4F4F4", height=0.6)
    left.barh(range(3), p, color=BLUE, height=0.6)
    left.barh(1, 1, color="none", height=0.6, edgecolor=GREEN, linestyle="--", linewidth=2.5)
    left.set(xlim=(0, 1.8), title="p = softmax(z)", xticks=[])
    left.set_yticks(range(3), [f"z{i + 1} = {z[i]:.1f}" + "\ntrue class" * (i == 1) for i in range(3)])
    right.barh(range(3), 2 * np.ones(3), left=-1, color="#F4F4F4", height=0.6)
    right.barh(range(3), d, color=[VERMILION if each > 0 else BLUE for each in d], height=0.6)
    right.axvline(0, color="black", linewidth=1)
    right.set(xlim=(-1, 1.7), title="delta = p - y", xticks=[-1, 0, 1], yticks=[])
    right.xaxis.tick_top()
    for axes in (left, right):
        axes.invert_yaxis()
        axes.spines[:].set_visible(False)
    for i in range(3):
        left.text(1.05, i - 0.15, f"p{i + 1} = {p[i]:.4f}", va="center", weight="bold")
        left.text(1.05, i + 0.2, f"y{i + 1} = {int(i == 1)}", va="center")
        right.text(1.1, i, f"{d[i]:.4f}", va="center", weight="bold")
    figure.text(0.05, 0, f"loss = -ln p2 = {-math.log(p[1]):.4f}", weight="bold")
    figure.text(0.6, 0, f"sum of the deltas = {abs(d.sum()):.4f}", weight="bold")
    rows = [
        [i + 1, f"{z[i]:.1f}", f"{p[i]:.4f}", int(i == 1), f"{d[i]:.4f}", f"{d[i]:.4f}"] for i in range(3)
    ]
    _show(figure, [["class", "z", "p", "y", "delta p - y", "through the Jacobian"], *rows])


def descent(rate: float, steps: int, w: float) -> None:
    """A walk down the bowl w squared: the path on the curve, and beside it the loss after each step."""
    path = np.array([w * (1 - 2 * rate) ** k for k in range(steps + 1)])
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.9))
    grid = np.linspace(-3, 3, 121)
    left.plot(grid, grid**2, color=BLUE, linewidth=3, alpha=0.5)
    left.plot(path, path**2, "o-", color=VERMILION, markeredgecolor="white", label="the path")
    left.plot([w], [w**2], "o", color="black", markersize=9)
    left.set_title("loss = w^2", loc="left", weight="bold")
    _frame(left, (-3, 3), (0, 9.5), np.arange(-3, 4), np.arange(0, 9, 2), "w")
    _walked(figure, right, path**2, 9.5, 2)
    figure.suptitle(f"from w = {w:.4f} to {path[-1]:.4f}", x=0.05, ha="left", weight="bold")
    figure.text(0.05, -0.1, f"Learning rate times the curvature, 2, is {2 * rate:.2f}.")
    shown = [0, 1, 2, 3, steps // 2, steps]
    _show(figure, [["step", "w", "loss"], *([k, f"{path[k]:.4f}", f"{path[k] ** 2:.4f}"] for k in shown)])


def descent_map(rate: float, steps: int, u: float, v: float) -> None:
    """A walk down the round bowl: the path on a map with lines of equal loss, and beside it the losses."""
    path = np.array([[u, v]]) * (1 - rate) ** np.arange(steps + 1)[:, None]
    losses = (path**2).sum(axis=1) / 2
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.9))
    turns = np.linspace(0, 2 * math.pi, 73)
    for level in LEVELS:
        left.plot(
            np.sqrt(2 * level) * np.cos(turns), np.sqrt(2 * level) * np.sin(turns), color=BLUE, linewidth=1
        )
    left.plot(path[:, 0], path[:, 1], "o-", color=VERMILION, markeredgecolor="white", label="the path")
    left.plot([u], [v], "o", color="black", markersize=9)
    left.set_title("loss = (u^2 + v^2) / 2", loc="left", weight="bold")
    left.set(ylabel="v", aspect="equal")
    _frame(left, (-3, 3), (-2.4, 2.4), np.arange(-3, 4), np.arange(-2, 3), "u (thin lines: equal loss)")
    _walked(figure, right, losses, 20, 5)
    end = f"({path[-1, 0]:.4f}, {path[-1, 1]:.4f})"
    figure.suptitle(f"from (u, v) = ({u:.4f}, {v:.4f}) to {end}", x=0.05, ha="left", weight="bold")
    figure.text(0.05, -0.1, f"Learning rate times the largest curvature on its way, 1, is {rate:.2f}.")
    shown = [0, 1, 2, 3, steps // 2, steps]
    rows = [[k, *(f"{value:.4f}" for value in (*path[k], losses[k]))] for k in shown]
    _show(figure, [["step", "u", "v", "loss"], *rows])


def forward_pass(x1: float, x2: float, x3: float) -> None:
    """The worked example's network: units as coloured boxes with their numbers, lines as thick as what they carry."""
    outs, sums = [np.array([x1, x2, x3])], []
    weights, biases = (list(EXAMPLE[part].values()) for part in ("weights", "biases"))
    for layer in range(3):
        z = outs[-1] @ weights[layer] + biases[layer]
        powers = np.exp(z - z.max())
        outs.append((np.maximum(z, 0), 1 / (1 + np.exp(-z)), powers / powers.sum())[layer])
        sums.append(z)
    figure, axes = plt.subplots(figsize=(7.2, 3.8))
    axes.set(xlim=(0, 720), ylim=(376, 0))
    axes.axis("off")
    for column, head in enumerate(("input", "layer 1: ReLU", "layer 2: sigmoid", "output: softmax")):
        axes.text(LEFTS[column] + WIDTHS[column] / 2, 68, head, ha="center", weight="bold")
        for row in range(3):
            out = outs[column][row]
            _unit(axes, column, row, out, sums[column - 1][row])
            if column < 3:
                _lines(axes, column, row, out * weights[column][row])
    axes.text(20, 30, "From the inputs to the probabilities", weight="bold")
    axes.text(700, 30, f"loss = -ln p1 = {-math.log(outs[3][0]):.4f}", ha="right", weight="bold")
    axes.text(20, 348, "In each unit: what it gives, and below it z, the sum before the activation.")
    rows = [
        [f"layer {layer + 1}, unit {j + 1}", f"{sums[layer][j]:.4f}", f"{outs[layer + 1][j]:.4f}"]
        for layer in range(3)
        for j in range(3)
    ]
    _show(figure, [["unit", "z", "a"], *rows])


def _unit(axes: Axes, column: int, row: int, out: float, z: float) -> None:
    """A box of the network, with what the unit gives and the sum before its activation."""
    left, top, width = LEFTS[column], TOPS[row], WIDTHS[column]
    shade = plt.get_cmap("Blues" if out >= 0 else "Oranges")(min(abs(out), 1) / 2)
    axes.add_patch(Rectangle((left, top), width, 48, facecolor=shade, edgecolor="grey"))
    said = f"{'xaap'[column]}{row + 1} = {out:.{4 if column else 2}f}"
    axes.text(left + width / 2, top + (20 if column else 29), said, ha="center", weight="bold")
    if column:
        axes.text(left + width / 2, top + 39, f"z{row + 1} = {z:.4f}", ha="center")


def _lines(axes: Axes, column: int, row: int, carried: np.ndarray) -> None:
    """From a unit to those of the next column; dashed where what it carries is negative."""
    for to, part in enumerate(carried):
        width, style = 0.8 + 3.2 * min(abs(part) / 1.5, 1), "--" if part < 0 else "-"
        ends = [LEFTS[column] + WIDTHS[column], LEFTS[column + 1]], [TOPS[row] + 24, TOPS[to] + 24]
        axes.plot(*ends, style, color=VERMILION if part < 0 else BLUE, linewidth=width, alpha=0.75)


def _walked(figure: Figure, axes: Axes, losses: np.ndarray, top: float, tick: int) -> None:
    """The loss after each step of a walk, and the legend below both plots."""
    last = max(len(losses) - 1, 4)
    axes.plot(range(len(losses)), losses, "o-", color=VERMILION, markeredgecolor="white")
    axes.set_title(f"loss after {len(losses) - 1} steps: {losses[-1]:.4f}", loc="left", weight="bold")
    stride = next(each for each in (1, 2, 5, 10, 20) if last / each <= 6)
    _frame(axes, (0, last), (0, top), np.arange(0, last + 1, stride), np.arange(0, top, tick), "step")
    _legend(figure, 1)


def _frame(
    axes: Axes,
    x: tuple[float, float],
    y: tuple[float, float],
    xticks: np.ndarray,
    yticks: np.ndarray,
    label: str,
) -> None:
    """A plot's limits, ticks and grid."""
    axes.set(xlim=x, ylim=y, xlabel=label, xticks=xticks, yticks=yticks)
    axes.grid(color="#D0D0D0")
    axes.spines[:].set_visible(False)


def _mark(axes: Axes, x: float, y: float, colour: str) -> None:
    """Where the slider stands: an upright line and a dot."""
    axes.axvline(x, linestyle=":", color="black", linewidth=1)
    axes.plot([x], [y], "o", color=colour)


def _legend(figure: Figure, columns: int) -> None:
    figure.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=columns, frameon=False)


def _show(figure: Figure, rows: Sequence[Sequence[object]]) -> None:
    """The picture, and below it the table of its numbers."""
    figure.subplots_adjust(wspace=0.3)
    plt.show()
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    display(HTML(f"<table><caption>The picture's numbers</caption>{body}</table>"))
