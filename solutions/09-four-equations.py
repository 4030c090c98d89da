# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 9. Four equations for any network
#
# A network may have two layers or two hundred. The gradient of its loss always comes from the same four equations.
# In this lesson you derive them, first unit by unit on a small network, then layer by layer for any depth. Then you write
# them as one function, `backprop`.
#
# You will
#
# - follow the deltas of single units and the slopes of single weights through a small network,
# - put the same formulas into four lines of matrices, with their shapes,
# - write the forward pass and backpropagation for any depth, and test them,
# - measure what a gradient costs,
# - see why the gradient can die out, or blow up, on its way through a deep network.
#
# You need the chain rule, the activation functions and the delta of softmax with cross-entropy
# ([lesson 5](../05-cross-entropy/05-cross-entropy.ipynb)), and matrix products in NumPy. The seven exercises take about 70 minutes, the whole lesson about two hours. Under each
# exercise stands a check: run it as often as you like. For help type `hint` with the exercise's name into a new cell,
# for example `hint("backprop")`. Each call shows one more of three hints.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import bring, check, explore, hint, progress, ready, show_figure

# %% [markdown]
# ## Play first
#
# The **delta** of a unit is the slope of the loss with respect to the unit's sum $z$: how much the loss answers when that
# sum moves a little. Here is a network of up to 30 layers, 16 units each, with random weights. In its last layer delta
# has the size 1. The picture shows its size in every layer before that, as a power of ten.
#
# Guess before you look. Set the number of layers, the activation and the size $s$ of the weights. What power of ten
# is delta in layer 1? Then press Reveal. Try
#
# 1. sigmoid with 5 layers, then with 30,
# 2. ReLU with $s = 1$, then with $s = 1.4$,
# 3. no activation at all, with $s = 2$.

# %%
explore.delta_sizes(predict=True)

# %% [markdown]
# A gradient that small teaches a layer nothing. One that large throws it off the map. At the end of the lesson you
# will know which numbers decide it, and your own function will draw this picture.
#
# ## A network with a name for everything
#
# This is the 2-3-2-2 network of [lesson 7](../07-forward-pass/07-forward-pass.ipynb), in the names used there. Its stages
# are called 1, 2, 3 and $c$; stage 1 is the inputs, so stage $l + 1$ is our layer $l$. To recall:
#
# - $\mathrm{net}_{ln}$ is the sum in unit $n$ of stage $l$, and $\mathrm{out}_{ln} = \sigma(\mathrm{net}_{ln})$ is
#   what the unit gives. Stage 1 only passes on the inputs, without a sigmoid.
# - $w_{lnd}$ is the weight on the line from unit $n$ of stage $l$ to unit $d$ of the next stage. It stands in $W_l$. So
#   $w_{311}$ leads from the first unit of stage 3 to the first output.
# - $b_{ln}$ is the bias of unit $n$ in stage $l$.

# %%
STAGES = ("1", "2", "3", "c")
SIZES = (2, 3, 2, 2)


def draw_network(bold, title, labels, alt):
    """The network, the lines in `bold` drawn strong; (stage, start, end) is a line, from 0."""
    fig, ax = plt.subplots(figsize=(8.4, 3.7), layout="constrained")
    neurons = [(k, n) for k in range(4) for n in range(SIZES[k])]
    place = {(k, n): (2.4 * k, (SIZES[k] - 1) / 2 - n) for k, n in neurons}
    lines = [(k, n, d) for k, n in neurons if k < 3 for d in range(SIZES[k + 1])]
    for k, start, end in lines:
        (x0, y0), (x1, y1) = place[k, start], place[k + 1, end]
        color, width = ("#d55e00", 3) if (k, start, end) in bold else ("#bbbbbb", 1)
        ax.plot([x0, x1], [y0, y1], color=color, linewidth=width, zorder=1)
        if (k, start, end) in labels:
            part = labels[k, start, end]
            spot = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
            name = f"$w_{{{STAGES[k]}{start + 1}{end + 1}}}$"
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            ax.text(*spot, name, ha="center", va="center", fontsize=12, bbox=box, zorder=3)
    for k, n in neurons:
        ax.scatter(*place[k, n], s=1150, color="white", edgecolor="#0072b2", linewidth=2, zorder=2)
        label = f"out\n{STAGES[k]}{n + 1}"
        ax.text(*place[k, n], label, ha="center", va="center", fontsize=9, zorder=3)
    for k in range(4):
        ax.text(2.4 * k, 1.55, f"stage {STAGES[k]}", ha="center", fontsize=11)
    ax.set(xlim=(-0.6, 7.8), ylim=(-1.5, 1.85), title=title)
    ax.axis("off")
    show_figure(fig, alt)


draw_network(
    [(2, 0, 0)],
    "Two inputs, then layers of 3, 2 and 2 units",
    dict.fromkeys([(0, 0, 0), (0, 1, 2), (1, 0, 0), (1, 2, 1), (2, 0, 0), (2, 1, 1)], 0.5),
    "A network of 2, 3, 2 and 2 units, every unit joined to every unit of the next stage. "
    "Marked: the weight w_311, from out_31 in stage 3 to out_c1 in stage c.",
)

# %% [markdown]
# Written out, one line for each unit, the last layer computes
#
# $$\mathrm{net}_{c1} = w_{311}\,\mathrm{out}_{31} + w_{321}\,\mathrm{out}_{32} + b_{c1}, \qquad
# \mathrm{net}_{c2} = w_{312}\,\mathrm{out}_{31} + w_{322}\,\mathrm{out}_{32} + b_{c2}$$
#
# These are two columns of one table, $W_3$, with **a row for each unit that sends and a column for each that receives**:
#
# $$W_3 = \begin{pmatrix} w_{311} & w_{312} \\ w_{321} & w_{322} \end{pmatrix}, \qquad
# (\mathrm{net}_{c1}, \mathrm{net}_{c2}) = (\mathrm{out}_{31}, \mathrm{out}_{32})\,W_3 + (b_{c1}, b_{c2})$$
#
# $W_1$ has the shape `(2, 3)`, and $W_2$ has `(3, 2)`. With $m$ samples the rows lie under each other and become a table
# themselves, shape `(m, 2)`; nothing else changes.
#
# Here is the network with numbers, and one sample.

# %%
W1 = np.array([[0.5, -1.0, 1.5], [1.0, 0.5, -0.5]])
W2 = np.array([[1.0, -0.5], [0.5, 1.5], [-1.0, 2.0]])
W3 = np.array([[1.5, -1.0], [-0.5, 1.0]])
b2, b3, bc = np.array([0.25, 0.0, -0.5]), np.array([0.0, 0.25]), np.array([0.25, -0.25])
x, y = np.array([0.5, -1.0]), np.array([1.0, 0.0])

net2 = x @ W1 + b2
out2 = 1 / (1 + np.exp(-net2))
net3 = out2 @ W2 + b3
out3 = 1 / (1 + np.exp(-net3))
netc = out3 @ W3 + bc
outc = 1 / (1 + np.exp(-netc))
for name, net, out in (("2", net2, out2), ("3", net3, out3), ("c", netc, outc)):
    print(f"stage {name}: net {net.round(4)}, out {out.round(4)}")
print("loss", round(np.sum((outc - y) ** 2) / 2, 4))

# %% [markdown]
# The outputs are $0.6241$ and $0.5381$, the targets $y_1 = 1$ and $y_2 = 0$. The loss is half the squared distance; for
# a batch of $m$ samples it is the mean of that:
#
# $$E = \frac{1}{2m} \sum_{\text{samples}} \Bigl[(\mathrm{out}_{c1} - y_1)^2 + (\mathrm{out}_{c2} - y_2)^2\Bigr]$$
#
# We want the slope of $E$ with respect to each of the 16 weights and 7 biases. We go from the back to the front.
#
# ## The delta of an output unit
#
# The delta of unit $n$ in stage $l$ is the slope of the loss with respect to its sum:
#
# $$\delta_{ln} = \frac{\partial E}{\partial\,\mathrm{net}_{ln}}$$
#
# (Many books call it the *error* of the unit. Two functions below, `weight_error` and `neuron_error`, have their names from
# there.)
#
# Start at output 1. How does $E$ answer to $\mathrm{net}_{c1}$, in one of the $m$ samples? There are two steps on the
# way, so there are two factors:
#
# $$\delta_{c1} = \frac{\partial E}{\partial\,\mathrm{out}_{c1}} \cdot
# \frac{\partial\,\mathrm{out}_{c1}}{\partial\,\mathrm{net}_{c1}}$$
#
# **The first factor.** Of the whole sum $E$, one term contains this output. Its square brings down a 2, which cancels
# the 2 below:
#
# $$\frac{\partial E}{\partial\,\mathrm{out}_{c1}} = \frac{1}{2m} \cdot 2\,(\mathrm{out}_{c1} - y_1)
# = \frac{1}{m}\,(\mathrm{out}_{c1} - y_1)$$
#
# **The second factor** is the slope of the sigmoid, which can be written with the output alone:
#
# $$\frac{\partial\,\mathrm{out}_{c1}}{\partial\,\mathrm{net}_{c1}} = \mathrm{out}_{c1}\,(1 - \mathrm{out}_{c1})$$
#
# Multiply. With our numbers and $m = 1$:
# $\delta_{c1} = (0.6241 - 1) \cdot 0.6241 \cdot (1 - 0.6241) = -0.0882$. The delta is negative: a larger sum would make
# the loss smaller.

# %% [markdown]
# ### Exercise 1: `sigmoid_mse_delta(a, y)`
#
# Return the deltas of all output units at once. `a` holds the outputs of the sigmoid, `y` the targets: one sample of
# shape `(n,)`, or a batch of shape `(m, n)` with one sample in each row. For one sample $m$ is 1. The loss is the $E$
# from above, so every delta carries the $1/m$.
#
# Stuck? `hint("sigmoid_mse_delta")` gives one hint at a time.

# %% exercise="sigmoid_mse_delta"
def sigmoid_mse_delta(a, y):
    """The deltas dE/dnet of sigmoid outputs; E is 1/(2m) times the sum of squares.

    a: shape (n,) or (m, n), the outputs, after the sigmoid, from 0 to 1. y: same shape, the targets.
    m and n may be 1; both arguments stay as they were. Returns the same shape, with the 1/m.
    """
    ### BEGIN SOLUTION
    a = np.asarray(a)
    m = a.shape[0] if a.ndim == 2 else 1
    return (a - y) * a * (1 - a) / m
    ### END SOLUTION

# %% [markdown]
# **Use it.** The deltas of both outputs, and beside them the slopes measured by a small step of each sum to both sides.

# %%
# Run this once sigmoid_mse_delta is written.
def half_squares(sums):
    """The loss of the sample, from the sums of the last layer."""
    return np.sum((1 / (1 + np.exp(-sums)) - y) ** 2) / 2


nudges = 1e-5 * np.eye(2)
measured = [(half_squares(netc + e) - half_squares(netc - e)) / 2e-5 for e in nudges]
if ready(sigmoid_mse_delta):
    delta_c = np.array(sigmoid_mse_delta(outc, y))
    print("formula: ", delta_c.round(6))
    print("measured:", np.round(measured, 6))

# %% [markdown]
# ## The slope of one weight
#
# The weight $w_{311}$ stands in one sum only:
#
# $$\mathrm{net}_{c1} = w_{311}\,\mathrm{out}_{31} + w_{321}\,\mathrm{out}_{32} + b_{c1}$$
#
# Move it a little, and $\mathrm{net}_{c1}$ moves $\mathrm{out}_{31}$ times as much. How $E$ answers to
# $\mathrm{net}_{c1}$ we know already, that is $\delta_{c1}$. So
#
# $$\frac{\partial E}{\partial w_{311}} = \frac{\partial\,\mathrm{net}_{c1}}{\partial w_{311}} \cdot
# \frac{\partial E}{\partial\,\mathrm{net}_{c1}} = \mathrm{out}_{31}\,\delta_{c1}$$
#
# In words: **what came in through the weight, times the delta of the unit it leads to.** That holds for every weight
# of the network, since every weight stands in one sum only:
#
# $$\frac{\partial E}{\partial w_{lnd}} = \mathrm{out}_{ln}\,\delta_{(l+1)d}$$
#
# The bias $b_{c1}$ stands in the same sum with the factor 1. So its slope is $\delta_{c1}$ itself.
#
# **All weights of a layer.** For $W_3$ that is a table, with its rows and columns as in $W_3$:
#
# $$\frac{\partial E}{\partial W_3} = \begin{pmatrix}
# \mathrm{out}_{31}\,\delta_{c1} & \mathrm{out}_{31}\,\delta_{c2} \\
# \mathrm{out}_{32}\,\delta_{c1} & \mathrm{out}_{32}\,\delta_{c2}
# \end{pmatrix}$$
#
# **A batch.** A weight is the same number in all $m$ samples. When it moves, it moves $\mathrm{net}_{c1}$ in every
# sample, and the chain rule adds up all these ways. So the tables of the $m$ samples are added. They are not averaged:
# the $1/m$ is inside the deltas already.

# %% [markdown]
# ### Exercise 2: `weight_error(out, delta)`
#
# Return the slope of the loss with respect to one weight, or to a whole table of weights. What comes in decides:
#
# - two numbers, as $\mathrm{out}_{31}$ and $\delta_{c1}$: return the number $\partial E / \partial w_{311}$,
# - two rows of one sample, shapes `(n_in,)` and `(n_out,)`: return the table, shape `(n_in, n_out)`,
# - a batch, shapes `(m, n_in)` and `(m, n_out)`: return the sum of the samples' tables, shape `(n_in, n_out)`.
#
# Stuck? `hint("weight_error")`.

# %% exercise="weight_error"
def weight_error(out, delta):
    """The slope dE/dw of weights from units with outputs `out` to units with the deltas `delta`.

    out: a number, or shape (n_in,), or shape (m, n_in) for a batch; m, n_in and n_out may be 1.
    delta: a number, or shape (n_out,), or shape (m, n_out); it carries the 1/m. Both stay as they were.
    Returns a number for two numbers, else shape (n_in, n_out), summed over the batch.
    """
    ### BEGIN SOLUTION
    if np.ndim(out) == 0:
        return out * delta
    return np.atleast_2d(out).T @ np.atleast_2d(delta)
    ### END SOLUTION

# %% [markdown]
# **Use it.** The four slopes of $W_3$. Which of the four weights should change most?

# %%
# Run this once the first two exercises are written.
if ready(sigmoid_mse_delta) and ready(weight_error):
    print("dE/dw311:", round(float(weight_error(out3[0], delta_c[0])), 6))
    print("dE/dW3:\n", np.array(weight_error(out3, delta_c)).round(6))

# %% [markdown]
# ## The delta of a hidden unit
#
# For $W_2$ the same formula needs $\delta_{31}$ and $\delta_{32}$, the deltas of the units in stage 3. No target
# belongs to these units. But what they give goes on to units whose deltas we know.
#
# Follow $\mathrm{net}_{31}$ forwards. It makes $\mathrm{out}_{31}$, and that goes into **both** sums of the last layer.
# Two ways lead to the loss, and the chain rule adds them up:
#
# $$\frac{\partial E}{\partial\,\mathrm{out}_{31}} =
# \frac{\partial\,\mathrm{net}_{c1}}{\partial\,\mathrm{out}_{31}} \cdot \frac{\partial E}{\partial\,\mathrm{net}_{c1}} +
# \frac{\partial\,\mathrm{net}_{c2}}{\partial\,\mathrm{out}_{31}} \cdot \frac{\partial E}{\partial\,\mathrm{net}_{c2}}$$
#
# In $\mathrm{net}_{c1}$ the factor beside $\mathrm{out}_{31}$ is $w_{311}$, in $\mathrm{net}_{c2}$ it is $w_{312}$:
#
# $$\frac{\partial E}{\partial\,\mathrm{out}_{31}} = w_{311}\,\delta_{c1} + w_{312}\,\delta_{c2}$$
#
# This is the slope with respect to the unit's output. One step is left, from the output back to the sum. It has
# the slope of the unit's own sigmoid. What is it, written with $\mathrm{out}_{31}$?
#
# Put together, in words: **the delta of a unit is its own slope, times the sum of the next layer's deltas, each
# weighted with the weight that leads there.** This holds for every hidden unit, whatever lies behind: once the deltas of
# the next layer are known, nothing else of it is needed.

# %% [markdown]
# ### Exercise 3: `neuron_error(out, weights, deltas)`
#
# Return the delta of one sigmoid unit in one sample. `out` is what the unit gives. `weights` are the weights on the lines
# that start at the unit, and `deltas` are the deltas of the units where they end, in the same order.
#
# Stuck? `hint("neuron_error")`.

# %% exercise="neuron_error"
def neuron_error(out, weights, deltas):
    """The delta dE/dnet of one hidden sigmoid unit, in one sample.

    out: a number, the unit's output, after the sigmoid.
    weights: shape (k,), its weights to the k units of the next layer; k may be 1.
    deltas: shape (k,), the deltas of those units. Both stay as they were. Returns one number.
    """
    ### BEGIN SOLUTION
    return out * (1 - out) * np.sum(np.asarray(weights) * deltas)
    ### END SOLUTION

# %% [markdown]
# **Use it.** Go back through the whole network, unit by unit, down to the slope along $w_{111}$. This weight lies three
# layers before the loss. Four ways lead from it to the end.

# %%
on_a_way = {
    (0, 0, 0): 0.5,
    (1, 0, 0): 0.5, (1, 0, 1): 0.5,
    (2, 0, 0): 0.5, (2, 0, 1): 0.25, (2, 1, 0): 0.25, (2, 1, 1): 0.5,
}
draw_network(
    on_a_way,
    "The four ways from $w_{111}$ to the outputs",
    on_a_way,
    "The same network. Marked are the four ways from w_111 to the outputs: through out_21, then "
    "out_31 or out_32, then out_c1 or out_c2.",
)

# %%
# Run this once the first three exercises are written.
if ready(sigmoid_mse_delta) and ready(weight_error) and ready(neuron_error):
    delta_3 = np.array([neuron_error(out3[n], W3[n], delta_c) for n in range(2)])
    delta_2 = np.array([neuron_error(out2[n], W2[n], delta_3) for n in range(3)])
    for name, errors in (("c", delta_c), ("3", delta_3), ("2", delta_2)):
        print(f"deltas in stage {name}:", errors.round(6))
    print("dE/dw111, from the deltas:", round(float(weight_error(x[0], delta_2[0])), 8))

    ways = 0.0
    for n, first in ((0, "out31"), (1, "out32")):
        for k, second in ((0, "outc1"), (1, "outc2")):
            on_the_way = np.array([out2[0], out3[n], outc[k]])
            slopes = np.prod(on_the_way * (1 - on_the_way))
            way = x[0] * W2[0, n] * W3[n, k] * slopes * (outc[k] - y[k])
            ways += way
            print(f"  the way through {first} and {second}: {way:+.8f}")
    print("the four ways added up:   ", round(ways, 8))

# %% [markdown]
# Both numbers are $-0.00901$, but they were not made with the same work. A weight of layer 1 leads to one unit there. From
# it a way may go through either unit of layer 2 and either of layer 3: $2 \cdot 2 = 4$ ways. With every layer more the
# list gets longer. In a network of ten layers of 100 units the choice comes nine times, in layers 2 to 10: $100^9$ ways.
# The deltas need only one number for each unit, and every delta is used again by all that come before it. That is the idea
# of backpropagation: **each sum is made once.**
#
# ## From units to layers: four equations
#
# Now for any number of layers $L$, any widths, any activations, and a batch of $m$ samples. Layer $l$ has $n_l$ units;
# the input counts as layer 0, with $n_0$ entries. The loss need not be the squared error any more, so it gets a letter of its own, $\mathcal{L}$. Each sample is
# a row. Capital letters are tables with $m$ rows:
#
# $$Z_l = A_{l-1} W_l + b_l, \qquad A_l = f_l(Z_l), \qquad A_0 = X$$
#
# | symbol | shape | what it is |
# |---|---|---|
# | $A_{l-1}$ | `(m, n_{l-1})` | what goes into layer $l$ |
# | $W_l$ | `(n_{l-1}, n_l)` | its weights: row = sender, column = receiver |
# | $b_l$ | `(n_l,)` | its biases, added to every row |
# | $Z_l$, $A_l$ | `(m, n_l)` | its sums ("net") and what it gives ("out") |
# | $\Delta_l$ | `(m, n_l)` | its deltas: entry $(s, j)$ is $\partial \mathcal{L} / \partial Z_l[s, j]$, at sample $s$, unit $j$ |
#
# The sign $\odot$ means: multiply entry by entry.
#
# **Equation 1, the last layer.** Two factors, as for the output units: how the loss answers to the results, and the
# activation's slope. All of shape `(m, n_L)`:
#
# $$\Delta_L = \frac{\partial \mathcal{L}}{\partial A_L} \odot f_L'(Z_L)$$
#
# For the mean squared error the first factor is $(A_L - Y)/m$. A softmax is not applied entry by entry, so there the
# Jacobian stands in the place of $f'$. With cross-entropy the two cancel to $\Delta_L = (A_L - Y)/m$, as you derived in
# lesson 5.
#
# **Equation 2, one layer back.** For one unit $i$ of layer $l$ and one sample $s$ you have found: its own slope, times the
# weighted sum over the units $j$ of the next layer.
#
# $$\Delta_l[s, i] = f_l'(Z_l[s, i]) \sum_j \Delta_{l+1}[s, j]\; W_{l+1}[i, j]$$
#
# The sum runs over the second index of both. A matrix product runs over the second index of the first and the first
# index of the second. So the weights must be transposed, $W_{l+1}[i, j] = W_{l+1}^{\mathsf T}[j, i]$:
#
# $$\Delta_l = \bigl(\Delta_{l+1}\, W_{l+1}^{\mathsf T}\bigr) \odot f_l'(Z_l)$$
#
# Check it with the shapes: `(m, n_{l+1})` times `(n_{l+1}, n_l)` gives `(m, n_l)`, the shape of $Z_l$.
#
# **Equation 3, the weights.** What came in, times the delta, added up over the samples:
#
# $$\frac{\partial \mathcal{L}}{\partial W_l[i, j]} = \sum_s A_{l-1}[s, i]\; \Delta_l[s, j]$$
#
# The sum runs over the first index of both, so here the first one must be transposed:
#
# $$\frac{\partial \mathcal{L}}{\partial W_l} = A_{l-1}^{\mathsf T}\, \Delta_l$$
#
# In shapes: `(n_{l-1}, m)` times `(m, n_l)` gives `(n_{l-1}, n_l)`, the shape of $W_l$.
#
# **Equation 4, the biases.** A bias is added to every row with the factor 1:
#
# $$\frac{\partial \mathcal{L}}{\partial b_l[j]} = \sum_s \Delta_l[s, j]$$
#
# In shapes: the rows of `(m, n_l)` added up give `(n_l,)`, the shape of $b_l$.
#
# | | the four equations | the same for one weight or unit |
# |---|---|---|
# | 1 | $\Delta_L = \dfrac{\partial \mathcal{L}}{\partial A_L} \odot f_L'(Z_L)$ | $\delta_{c1} = \frac1m(\mathrm{out}_{c1} - y_1)\;\mathrm{out}_{c1}(1 - \mathrm{out}_{c1})$ |
# | 2 | $\Delta_l = (\Delta_{l+1} W_{l+1}^{\mathsf T}) \odot f_l'(Z_l)$ | $\delta_{31} = \mathrm{out}_{31}(1 - \mathrm{out}_{31})\,(w_{311}\delta_{c1} + w_{312}\delta_{c2})$ |
# | 3 | $\dfrac{\partial \mathcal{L}}{\partial W_l} = A_{l-1}^{\mathsf T} \Delta_l$ | $\partial E / \partial w_{311} = \mathrm{out}_{31}\,\delta_{c1}$, added over the samples |
# | 4 | $\dfrac{\partial \mathcal{L}}{\partial b_l} = \sum_s \Delta_l$ | $\partial E / \partial b_{c1} = \delta_{c1}$, added over the samples |
#
# Nothing in them says how many layers there are.
#
# ## The algorithm
#
# One step of learning has three phases.
#
# 1. **Forward.** For $l = 1, 2, \dots, L$: compute $Z_l$ and $A_l$, and keep them.
# 2. **Backward.** Equation 1 gives $\Delta_L$. Then for $l = L, L-1, \dots, 1$: equations 3 and 4 give the gradients of
#    layer $l$, and equation 2 gives the deltas of the layer before.
# 3. **Update.** Only now, with all gradients ready, $W_l \leftarrow W_l - \eta\; \partial \mathcal{L} / \partial W_l$ and
#    $b_l \leftarrow b_l - \eta\; \partial \mathcal{L} / \partial b_l$, with the learning rate $\eta$.
#
# ### Phase 1: forward
#
# The layers may have different activations, so each comes with a name. What the way back will ask for must be kept: the
# result of **every** layer, not of the last alone.

# %% [markdown]
# ### Exercise 4: `net_forward(X, weights, biases, activations)`
#
# The forward pass for any depth. `weights`, `biases` and `activations` are lists with one entry for each layer. An
# activation is a name: `"identity"` (which is $f(z) = z$), `"sigmoid"`, `"tanh"`, `"relu"` or `"softmax"`. The softmax
# takes each row by itself. Sums may be of any size: at $\pm 1000$ none of the five may give `nan`.
#
# Return a list with a pair $(Z_l, A_l)$ for each layer, from the first to the last. A single sample, `X` of shape
# `(n_0,)`, gives pairs of shape `(n_l,)`.
#
# Three of the activations you have written before. `bring("sigmoid")`, `bring("relu")` and `bring("softmax")`, each in a
# new cell above your function, put your own code of lessons 3 and 4, if it has passed its check there, into the next
# cell. Run those cells, and call the three in your function.
#
# Stuck? `hint("net_forward")`.

# %% exercise="net_forward"
def net_forward(X, weights, biases, activations):
    """The sums and the results of every layer; right for sums of any size, never nan.

    X: shape (m, n_0), or (n_0,) for one sample; m and any layer's size may be 1.
    weights, biases: lists with an entry for each layer, of shape (n_in, n_out) and (n_out,).
    activations: list of names, each "identity", "sigmoid", "tanh", "relu" or "softmax".
    Returns [(z, a), ...], a pair for each layer, first layer first; each array has the shape
    (m, n_out), or (n_out,) for one sample, and z is the sum before the activation.
    The arguments stay as they were.
    """
    ### BEGIN SOLUTION
    layers, a = [], np.asarray(X)
    for W, b, activation in zip(weights, biases, activations, strict=True):
        z = a @ W + b
        if activation == "sigmoid":
            a = 0.5 * (1 + np.tanh(z / 2))
        elif activation == "tanh":
            a = np.tanh(z)
        elif activation == "relu":
            a = np.maximum(z, 0)
        elif activation == "softmax":
            e = np.exp(z - np.max(z, axis=-1, keepdims=True))
            a = e / np.sum(e, axis=-1, keepdims=True)
        else:
            a = z
        layers.append((z, a))
    return layers
    ### END SOLUTION

# %% [markdown]
# **Use it.** The 2-3-2-2 network is now one call.

# %%
# Run this once net_forward is written.
if ready(net_forward):
    named = np.array(net_forward(x, [W1, W2, W3], [b2, b3, bc], ["sigmoid"] * 3)[-1][1])
    print("outputs:", named.round(4), "and unit by unit:", outc.round(4))

# %% [markdown]
# ### Phase 2 needs the slopes
#
# Equations 1 and 2 ask for $f'(Z)$. For all our activations the slope can be written with the result $a = f(z)$, which
# the forward pass has kept. You know $\sigma' = a\,(1 - a)$ and, from lesson 3, the slope of tanh. For ReLU the
# result tells whether $z$ was positive. At 0 itself we take the slope 0.

# %% [markdown]
# ### Exercise 5: `activation_slope(a, activation)`
#
# Return $f'(z)$, entry by entry, from the result $a = f(z)$.
#
# Stuck? `hint("activation_slope")`.

# %% exercise="activation_slope"
def activation_slope(a, activation):
    """The slope f'(z) of an activation, from its result a = f(z).

    a: an array of any shape, the results, also whole numbers; it stays as it was.
    activation: "identity", "sigmoid", "tanh" or "relu". Returns the slopes, same shape; for "relu"
    1 wherever a is above 0, however little, and 0 elsewhere.
    """
    ### BEGIN SOLUTION
    a = np.asarray(a)
    if activation == "sigmoid":
        return a * (1 - a)
    if activation == "tanh":
        return 1 - a**2
    if activation == "relu":
        return np.where(a > 0, 1.0, 0.0)
    return np.ones(a.shape)
    ### END SOLUTION

# %% [markdown]
# **Use it.** How large can a slope be? Remember the answer for the sigmoid; it will explain the picture at the top.

# %%
# Run this once activation_slope is written.
if ready(activation_slope):
    z = np.linspace(-6, 6, 241)
    results = {"sigmoid": 1 / (1 + np.exp(-z)), "tanh": np.tanh(z), "relu": np.maximum(z, 0)}
    fig, ax = plt.subplots(figsize=(6.5, 3), layout="constrained")
    largest = []
    for (name, a), style in zip(results.items(), ("-", "--", ":"), strict=True):
        slopes = np.array(activation_slope(a, name))
        largest.append(f"{name} {slopes.max():.4f}")
        ax.plot(z, slopes, style, label=f"{name}, at most {slopes.max():.4g}")
    ax.set(xlabel="$z$", ylabel="slope", title="The slopes of three activations")
    ax.legend()
    alt = f"The slopes of three activations against z. Their largest values: {', '.join(largest)}."
    show_figure(fig, alt)

# %% [markdown]
# ### Phases 1 and 2 together
#
# Everything is there now. A few things to settle with pencil and paper before you write:
#
# - Which $A$ goes with which $\Delta$ in equation 3? What is $A_{l-1}$ in the first layer?
# - In what order do the gradients come out of the loop, and in what order are they wanted?
# - Which layers need equation 2, and which does not?
# - A single sample is a batch of one row. What shapes do its gradients have?

# %% [markdown]
# ### Exercise 6: `backprop(X, Y, weights, biases, activations, loss)`
#
# The gradients of the loss for all weights and biases, for a batch and any depth. Two losses:
#
# - `"mse"`: $\frac{1}{2m}$ times the sum of all $(A_L - Y)^2$. The last activation is then one of `"identity"`,
#   `"sigmoid"`, `"tanh"`, `"relu"`.
# - `"cross_entropy"`: $-\frac1m$ times the sum of all $Y \log A_L$. The last activation is then `"softmax"`, and it stands
#   nowhere else.
#
# You may call `net_forward` and `activation_slope`.
#
# Stuck? `hint("backprop")`.

# %% exercise="backprop"
def backprop(X, Y, weights, biases, activations, loss):
    """The gradients of the mean loss, by the four equations.

    X: shape (m, n_0), or (n_0,) for one sample; m, any layer's size and their number may be 1.
    Y: shape (m, n_L), or (n_L,), the targets; one-hot for "cross_entropy".
    weights, biases, activations: lists with an entry for each layer, as for net_forward.
    loss: "mse", or "cross_entropy" (then the last activation is "softmax").
    Returns (weight_gradients, bias_gradients), two lists, first layer first; each entry has the
    shape of its weights, (n_in, n_out), or of its biases, (n_out,). The arguments stay as they were.
    """
    ### BEGIN SOLUTION
    X, Y = np.atleast_2d(X), np.atleast_2d(Y)
    results = [a for _, a in net_forward(X, weights, biases, activations)]
    inputs = [X, *results[:-1]]
    delta = (results[-1] - Y) / len(X)
    if loss == "mse":
        delta = delta * activation_slope(results[-1], activations[-1])
    weight_gradients, bias_gradients = [], []
    for k in reversed(range(len(weights))):
        weight_gradients.insert(0, inputs[k].T @ delta)
        bias_gradients.insert(0, np.sum(delta, axis=0))
        if k > 0:
            slope = activation_slope(inputs[k], activations[k - 1])
            delta = (delta @ np.transpose(weights[k])) * slope
    return weight_gradients, bias_gradients
    ### END SOLUTION

# %% [markdown]
# **Use it: against unit by unit.** The slope along $w_{111}$ once more, now out of two lists of arrays.

# %%
# Run this once backprop is written.
if ready(backprop):
    gradients, bias_slopes = backprop(x, y, [W1, W2, W3], [b2, b3, bc], ["sigmoid"] * 3, "mse")
    for k in range(3):
        print(f"dE/dW{k + 1}:\n{np.array(gradients[k]).round(6)}")

# %% [markdown]
# **Use it: against the definition.** A gradient can be tested without a single formula of this lesson. Move **all**
# parameters at once a little in some direction $d$, forwards and backwards. The loss must change at the rate
# $\sum g\,d$: each parameter's slope times its share in the move, added up. Here is a network with four layers and three
# kinds of activations, and five random directions. A single wrong entry would show.

# %%
def random_network(rng, sizes):
    """Weights and biases for layers of those sizes."""
    depth = len(sizes) - 1
    weights = [rng.normal(size=sizes[k : k + 2]) / np.sqrt(sizes[k]) for k in range(depth)]
    return weights, [0.1 * rng.normal(size=n) for n in sizes[1:]]


def cross_entropy_of(X, Y, weights, biases, activations):
    """The mean loss of a network that ends with a softmax."""
    p = np.array(net_forward(X, weights, biases, activations)[-1][1])
    return -np.sum(Y * np.log(p)) / len(X)


# Run this once net_forward and backprop are written.
if ready(net_forward) and ready(backprop):
    rng = np.random.default_rng(9)
    kinds = ["tanh", "sigmoid", "tanh", "softmax"]
    weights, biases = random_network(rng, [4, 6, 5, 4, 3])
    X, Y = rng.normal(size=(10, 4)), np.eye(3)[rng.integers(0, 3, 10)]
    gW, gb = backprop(X, Y, weights, biases, kinds, "cross_entropy")
    print(f"{sum(array.size for array in weights + biases)} parameters")
    for _ in range(5):
        dW = [rng.normal(size=W.shape) for W in weights]
        db = [rng.normal(size=b.shape) for b in biases]
        rate = sum(np.sum(np.array(g) * d) for g, d in zip([*gW, *gb], dW + db, strict=True))
        losses = []
        for step in (1e-5, -1e-5):
            moved_W = [W + step * d for W, d in zip(weights, dW, strict=True)]
            moved_b = [b + step * d for b, d in zip(biases, db, strict=True)]
            losses.append(cross_entropy_of(X, Y, moved_W, moved_b, kinds))
        print(f"by backprop {rate:+.8f}, measured {(losses[0] - losses[1]) / 2e-5:+.8f}")

# %% [markdown]
# **Use it: all three phases.** Four points that no straight line can separate: the class is 1 if exactly one of the two
# inputs is 1. Two layers of six tanh units learn it. Mind the order in the loop: first all the gradients, then all the
# updates. An update between would let equation 2 go back through weights that the forward pass has never seen.

# %%
# Run this once net_forward and backprop are written.
if ready(net_forward) and ready(backprop):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    Y = np.eye(2)[[0, 1, 1, 0]]
    kinds, rate, losses = ["tanh", "tanh", "softmax"], 0.5, []
    weights, biases = random_network(np.random.default_rng(1), [2, 6, 6, 2])
    for _ in range(200):
        losses.append(cross_entropy_of(X, Y, weights, biases, kinds))
        dW, db = backprop(X, Y, weights, biases, kinds, "cross_entropy")
        weights = [W - rate * np.array(g) for W, g in zip(weights, dW, strict=True)]
        biases = [b - rate * np.array(g) for b, g in zip(biases, db, strict=True)]
    p = np.array(net_forward(X, weights, biases, kinds)[-1][1])
    print("probability of class 1 for the four points:", p[:, 1].round(3))

    fig, ax = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    ax.plot(losses)
    ax.set(xlabel="step", ylabel="loss", title="Three layers learn \"exactly one of the two\"")
    show_figure(
        fig,
        alt=f"The loss against the step. It starts at {losses[0]:.3f}, is {losses[50]:.3f} "
        f"after 50 steps and {losses[-1]:.3f} at the end.",
    )

# %% [markdown]
# Where such a run starts decides where it ends: the random first weights choose the valley that the descent rolls into.
# With other first weights it may be slower, or stop in a poorer place.
#
# ## What a gradient costs
#
# Count multiplications in layer $l$. Forward there is one matrix product, $A_{l-1} W_l$, with
# $m \cdot n_{l-1} \cdot n_l$ multiplications. Backward there are two, in equations 2 and 3, with just as many each. Forward and
# backward together: **about three times a forward pass, however many parameters there are.**
#
# Measuring slopes by small steps takes two forward passes **for each parameter**. With a million parameters that is two
# million forward passes against three. This is why backpropagation exists.

# %%
# Run this once net_forward and backprop are written.
def seconds(work):
    """The time of one run, in the quickest of three rounds. A round is long enough for a clock that ticks slowly."""
    times = []
    for _ in range(3):
        runs, start = 0, perf_counter()
        while runs == 0 or perf_counter() - start < 0.01:
            work()
            runs += 1
        times.append((perf_counter() - start) / runs)
    return min(times)


def costs(width):
    """Of a network that is so wide: parameters, and the seconds for a loss and for backprop."""
    rng, kinds = np.random.default_rng(width), ["tanh", "tanh", "softmax"]
    weights, biases = random_network(rng, [width, width, width, 4])
    X, Y = rng.normal(size=(64, width)), np.eye(4)[rng.integers(0, 4, 64)]
    return (
        sum(array.size for array in weights + biases),
        seconds(lambda: cross_entropy_of(X, Y, weights, biases, kinds)),
        seconds(lambda: backprop(X, Y, weights, biases, kinds, "cross_entropy")),
    )


if ready(net_forward) and ready(backprop):
    counts, back = [], []
    for width in (4, 8, 16, 32, 64, 128):
        count, one, both = costs(width)
        counts.append(count)
        back.append(both / one)
        print(f"{count:6} parameters: a loss takes {one * 1e6:6.0f} microseconds,",
              f"backprop {back[-1]:4.1f} losses, small steps {2 * count * one:7.3f} seconds")
        if both > 0.1:
            break

    fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    ax.loglog(counts, back, "o-", label="backprop, measured")
    ax.loglog(counts, [2 * count for count in counts], "s--", label="small steps: 2 for each parameter")
    ax.set(xlabel="number of parameters", ylabel="loss evaluations", title="What a gradient costs")
    ax.legend()
    show_figure(
        fig,
        alt="The cost of a gradient in loss evaluations against the number of parameters, both axes "
        f"logarithmic. Backprop: {', '.join(f'{b:.1f}' for b in back)}, nearly flat. Small steps: two for "
        f"each parameter, from {2 * counts[0]} to {2 * counts[-1]}.",
    )

# %% [markdown]
# The loss and backprop are timed; the small steps are reckoned, two losses for each parameter.
#
# The measured factor is not exactly three. The activations and the logarithms are computed only forward, which makes it
# smaller; small tables, where starting NumPy's functions takes longer than the products, blur it. But it stays small,
# while the other grows with the network.
#
# What backprop pays for its speed is memory: the results of all layers must be kept until the way back has used them.
#
# ## Why delta vanishes, or explodes
#
# Put equation 2 into itself. From the last layer to layer 1 delta is multiplied by a table and by slopes, again and again:
#
# $$\Delta_{L-1} = (\Delta_L W_L^{\mathsf T}) \odot f', \quad
# \Delta_{L-2} = \bigl((\Delta_L W_L^{\mathsf T}) \odot f'\bigr) W_{L-1}^{\mathsf T} \odot f', \quad \dots$$
#
# So its size is a **product with a factor for each layer**. If the factors are below 1, it shrinks with every layer; if
# they are above 1, it grows. In the picture at the top the weights are random, and of such a size that with $s = 1$ a
# table alone keeps the size of a row, on the average. So $s$ is the table's factor, and the slopes give another.
#
# - **Sigmoid.** A slope is $0.25$ at most. With $s = 1$ a layer multiplies delta by at most about $0.25$. Over 29
#   layers that is $0.25^{29} = 3.5 \cdot 10^{-18}$; the picture says $9.4 \cdot 10^{-19}$. Delta **vanishes**.
# - **Tanh.** Its slope is 1 at $z = 0$ and less elsewhere. Near zero little is lost.
# - **ReLU.** The slopes are 0 and 1, and about half are 0. Half the squares are lost, so the size shrinks by
#   $\sqrt{1/2} = 0.7071$ in each layer. Weights larger by $\sqrt 2$, $s = 1.4$, make up for it.
# - **No activation.** The slope is 1, and the factor is $s$. With $s = 2$ and 29 layers $2^{29}$ is more than 500
#   million: delta **explodes**.
#
# Now your own function draws the picture. It is asked for the gradients of one sample, because there the gradient of a
# bias **is** delta: equation 4 has only one row to add. Find the $s$ at which sigmoid neither vanishes nor explodes. Is
# there one in the slider's range?

# %%
explore.delta_sizes(backprop)

# %% [markdown]
# ## The same with columns
#
# Many books write a sample as a column and the weights in front of it: $z = W a + b$. There $W$ has a row for each unit
# that **receives**, shape `(n_out, n_in)`. It is our formula on its side. Transpose both sides of $z = a W + b$; a
# transposed product swaps its factors, $(a W)^{\mathsf T} = W^{\mathsf T} a^{\mathsf T}$:
#
# $$z^{\mathsf T} = W^{\mathsf T} a^{\mathsf T} + b^{\mathsf T}$$
#
# So each matrix of theirs is the transpose of ours. Do the same to the four equations, and you have those of such a book.
# There a batch has a sample in each **column**, and $\delta^l = \Delta_l^{\mathsf T}$ has the shape `(n_l, m)`:
#
# | | rows, as in this course | columns |
# |---|---|---|
# | forward | $Z_l = A_{l-1} W_l + b_l$ | $z^l = W^l a^{l-1} + b^l$ |
# | 1 | $\Delta_L = \partial \mathcal{L} / \partial A_L \odot f'(Z_L)$ | $\delta^L = \partial \mathcal{L} / \partial a^L \odot f'(z^L)$ |
# | 2 | $\Delta_l = (\Delta_{l+1} W_{l+1}^{\mathsf T}) \odot f'(Z_l)$ | $\delta^l = \bigl((W^{l+1})^{\mathsf T} \delta^{l+1}\bigr) \odot f'(z^l)$ |
# | 3 | $\partial \mathcal{L} / \partial W_l = A_{l-1}^{\mathsf T} \Delta_l$ | $\partial \mathcal{L} / \partial W^l = \delta^l (a^{l-1})^{\mathsf T}$ |
# | 4 | $\partial \mathcal{L} / \partial b_l = \sum \Delta_l$ over the rows | $\partial \mathcal{L} / \partial b^l = \sum \delta^l$ over the columns |

# %% [markdown]
# ### Exercise 7: `to_column_convention(weights, biases)`
#
# Turn a network of this course into one for $z = W a + b$. A bias must become a column of shape `(n_out, 1)`: only then does
# `+` add it to every column of a batch.
#
# Stuck? `hint("to_column_convention")`.

# %% exercise="to_column_convention"
def to_column_convention(weights, biases):
    """The same network for columns: z = W @ a + b, with a of shape (n_in, 1) or (n_in, m).

    weights, biases: lists with an entry for each layer, of shape (n_in, n_out) and (n_out,), sizes
    of 1 too; they stay as they were.
    Returns (column_weights, column_biases), two new lists in the same order, entries of shape
    (n_out, n_in) and (n_out, 1).
    """
    ### BEGIN SOLUTION
    column_weights = [np.transpose(W).copy() for W in weights]
    column_biases = [np.reshape(b, (-1, 1)) for b in biases]
    return column_weights, column_biases
    ### END SOLUTION

# %% [markdown]
# **Use it.** The 2-3-2-2 network in columns gives the same outputs, and so do three samples side by side.

# %%
# Run this once to_column_convention is written.
if ready(to_column_convention):
    column_weights, column_biases = to_column_convention([W1, W2, W3], [b2, b3, bc])
    a = np.column_stack([x, [0.0, 0.0], [1.0, 1.0]])
    for W, b in zip(column_weights, column_biases, strict=True):
        a = 1 / (1 + np.exp(-(np.array(W) @ a + np.array(b))))
    print("outputs, a column for each sample:\n", a.round(4))
    print("the first one, in rows:", outc.round(4))

# %% [markdown]
# ## What you can do now
#
# - Derive the delta of an output unit and of a hidden unit, and the slope along a single weight, with the chain rule.
# - Write the four equations with their shapes, and say why one product transposes the weights and another the inputs.
# - Compute the gradient of a network of any depth, and test it without trusting it.
# - Say what a gradient costs: about three forward passes, instead of two for each parameter.
# - Tell from the slopes and the weights whether delta will vanish or explode.
# - Read books that write columns.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# 1. A network has 20 layers of sigmoid units. Its last layers learn, its first ones hardly change. Which of the four
#    equations makes it so, and by which factors? Name two changes to the network that help, and say for each which of the
#    factors it changes.
# 2. Somebody proposes to go from the front to the back: take one weight, and carry the slopes of all later sums with respect
#    to that weight forwards to the loss. The chain rule allows it. What does it cost for a network with a million
#    weights, compared with backpropagation, and why can the way back share work that the way forwards cannot?
#
# A good answer has a few sentences for each part and names the quantities it speaks of.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. (1 point) Equation 2. Each layer back multiplies delta by the transposed weights and by the slopes $a(1 - a)$, which
#    are at most a quarter. With weights of ordinary size each layer makes delta about four times smaller or worse, and after
#    19 layers next to nothing is left; equations 3 and 4 hand that on to the gradients. Two of: ReLU or tanh instead of
#    the sigmoid (slope up to 1); larger first weights, fitted to the activation (the table's factor); fewer layers
#    (fewer factors). Keeping the sums near 0, where the slope is largest, counts as well.
# 2. (1 point) One weight needs about one pass through the network, so a million weights need a million passes, against
#    one pass forward and one back that costs about two. The loss is one number. On the way back each unit has one
#    delta, the slope of that one number, and all weights before it use the same delta. On the way forwards the slopes
#    belong to one weight, so another weight must start again.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written backpropagation once for all networks of this kind, and know what its product of factors does to a
# deep one.

# %%
progress("09-four-equations")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `09-four-equations.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** The four equations are told in chapter 2 of Michael Nielsen's *Neural Networks and Deep
# Learning* (2015). Sepp Hochreiter described the vanishing gradient in 1991; to read on: Glorot and Bengio,
# *Understanding the difficulty of training deep feedforward neural networks* (2010).
#
# **In a framework** the list of layers is `torch.nn.Sequential`, and nobody writes the way back: it is derived from the
# way forward, operation by operation.
#
# You can compute any gradient. The next lesson uses it a few thousand times in a row.
#
# **Next:** [10. Training: the whole algorithm, on real digits](../10-training/10-training.ipynb)
