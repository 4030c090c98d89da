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
# # 7. The forward pass of a whole network
#
# A neural network is many small, equal parts, wired one after the other. In this lesson you build one from a single
# part up, until it turns three numbers into three probabilities. Then you use it on a worked example that has been
# published and copied many times, and find out that two of its figures cannot be right.
#
# Such a part is called a **neuron**, or a **unit**; both words mean the same. The function you write first is called
# `neuron`; after it the course says unit.
#
# In this lesson you write
#
# - one unit, and a whole layer of units as one matrix product,
# - the forward pass of a network with three layers: ReLU, sigmoid, softmax,
# - the squared error, for networks that predict numbers rather than classes,
# - the two formulas that give the published figures, and you say what is wrong with them.
#
# You need matrix products, the sigmoid and the ReLU ([lesson 3](../03-activations/03-activations.ipynb)), and the softmax
# ([lesson 4](../04-softmax/04-softmax.ipynb)). The seven exercises take about 55 minutes, the whole
# lesson about 90. Under each exercise stands a check: run it as often as you like. For help type `hint` with the
# exercise's name into a new cell, for example `hint("dense")`. Each call shows one more of three hints.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import bring, check, explore, hint, progress, ready, show_figure, worked_example

# %% [markdown]
# ## Play first
#
# Here is the network of this lesson. Three inputs stand on the left. Each box is a **unit**. It shows the number that
# it passes on, in a colour that gets deeper as the number grows. A line is as thick as what it carries; dashed means
# negative.
#
# 1. Raise one input. Which units change?
# 2. Make the inputs so negative that a unit of layer 1 goes to 0. Go on. What happens to the outputs then?
# 3. Make the inputs as large as you can. Can you make the first output the largest?

# %%
explore.forward_pass()

# %% [markdown]
# ## One unit
#
# A unit has some inputs $x_1, \dots, x_n$. To each belongs a **weight** $w_1, \dots, w_n$, and the unit has one
# more number of its own, the **bias** $b$. It does two things. First it weighs the inputs and adds up:
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b = \sum_{i=1}^{n} w_i\,x_i + b$$
#
# Then it bends the sum with an **activation function** $f$:
#
# $$a = f(z)$$
#
# Four things decide about $a$: the inputs, the weights, the bias and the function. The inputs are given, and the
# function is chosen when the network is built. So only the weights and the bias are left to be learned.
#
# Why the bias? Without it, inputs of 0 always give $z = 0$, whatever the weights are. With a negative bias the unit
# has a threshold: the weighted inputs must first make up for it. Why the bend? Without it a network of many layers
# would still be one matrix product, and could do no more than one layer can.
#
# **Pencil first.** Take $x = (0.1, 0.2, 0.7)$, $w = (0.1, 0.3, 0.4)$ and $b = 1$. You should find $z = 0.01 + 0.06 + 0.28 + 1 = 1.35$.

# %% [markdown]
# ### Exercise 1: `neuron(inputs, weights, bias, activation)`
#
# Return what one unit gives for one sample. The fourth argument is a function: call it once, with the sum.
#
# Stuck? `hint("neuron")` gives one hint at a time.

# %% exercise="neuron"
def neuron(inputs, weights, bias, activation):
    """The output of one unit for one sample.

    inputs: shape (n,). weights: shape (n,). bias: one number. activation: a function of one number.
    n may be 1; inputs and weights stay as they were.
    Returns one number, the activation of the weighted sum plus the bias.
    """
    ### BEGIN SOLUTION
    z = np.dot(inputs, weights) + bias
    return activation(z)
    ### END SOLUTION

# %% [markdown]
# **Use it.** One unit with one input, and what weight and bias do to its curve.

# %%
# Run this once neuron is written.
def squash(z):
    return 1 / (1 + np.exp(-z))


if ready(neuron):
    xs = np.linspace(-6, 6, 121)
    fig, ax = plt.subplots(figsize=(6.5, 3), layout="constrained")
    at_zero = []
    for w, b, style in ((1.0, 0.0, "-"), (3.0, 0.0, "--"), (1.0, -3.0, ":"), (-1.0, 0.0, "-.")):
        weight = np.array([w])
        curve = [neuron(np.array([x]), weight, b, squash) for x in xs]
        ax.plot(xs, curve, style, label=f"w = {w}, b = {b}")
        at_zero.append(f"w = {w}, b = {b}: {float(curve[60]):.4f}")
    ax.set(xlabel="input x", ylabel="output a", title="A sigmoid unit with one input")
    ax.legend()
    show_figure(
        fig,
        alt="Four curves of a sigmoid unit. The weight sets the steepness and the direction, "
        f"the bias shifts the curve. Outputs at x = 0: {'; '.join(at_zero)}.",
    )

# %% [markdown]
# ## A layer is a matrix product
#
# Now let $k$ units look at the same $n$ inputs. Each has weights of its own. Write them into a table $W$ of shape
# `(n, k)`: column $j$ holds the weights of unit $j$, so **$W_{ij}$ leads from input $i$ to unit $j$**. The sum of
# unit $j$ is
#
# $$z_j = \sum_{i=1}^{n} a_i\,W_{ij} + b_j$$
#
# Here $a$, shape `(n,)`, stands for whatever comes in: the inputs of the network, or what the layer before gave. This
# is the rule for a row times a matrix. All units at once:
#
# $$z = a\,W + b, \qquad \underset{(k,)}{z} = \underset{(n,)}{a}\;\underset{(n,\,k)}{W} + \underset{(k,)}{b}$$
#
# A **batch** of $m$ samples is a table too, with one sample in each row, shape `(m, n)`. The same formula works as it
# stands: each row of $aW$ belongs to one sample, and $b$ is added to each row.
#
# Some books write $Wa + b$ with columns instead. Their $W$ is the transpose of ours. Both are right; mixing them is not.

# %% [markdown]
# ### Exercise 2: `dense(a, W, b)`
#
# Return $z$ for one sample or for a batch. No activation here: it comes later.
#
# Stuck? `hint("dense")`.

# %% exercise="dense"
def dense(a, W, b):
    """The weighted sums of one layer.

    a: shape (n,) or (m, n), what comes in. W: shape (n, k). b: shape (k,). m, n and k may be 1.
    Returns z = a W + b, shape (k,) or (m, k); the arguments stay as they were.
    """
    ### BEGIN SOLUTION
    return a @ W + b
    ### END SOLUTION

# %% [markdown]
# **Use it.** A layer must give the same numbers as its units one by one. `worked_example()` reads the numbers of the
# network above: its input, weights and biases, and much more that we need later.

# %%
# Run this once neuron and dense are written.
example = worked_example()
x = example["input"]
W_ij, W_jk, W_kl = example["weights"].values()
b_j, b_k, b_l = example["biases"].values()
print("x =", x, "\nW_ij =\n", W_ij, "\nb_j =", b_j)

if ready(neuron) and ready(dense):
    one_by_one = [neuron(x, W_ij[:, j], b_j[j], lambda z: z) for j in range(3)]
    print("\nunit by unit:    ", np.array(one_by_one).round(6))
    print("as a layer:      ", np.array(dense(x, W_ij, b_j)).round(6))

# %% [markdown]
# ## Three layers
#
# A network is one layer after another. What a layer gives, $a$, is what the next one takes. Ours has three layers:
#
# | layer | sum | activation | shape for one sample |
# |---|---|---|---|
# | 1 | $z_1 = x\,W_1 + b_1$ | ReLU: $a_1 = \max(z_1, 0)$ | $x$: `(n,)`, $z_1, a_1$: `(n1,)` |
# | 2 | $z_2 = a_1 W_2 + b_2$ | sigmoid: $a_2 = \sigma(z_2)$ | $z_2, a_2$: `(n2,)` |
# | 3 | $z_3 = a_2 W_3 + b_3$ | softmax: $a_3 = \operatorname{softmax}(z_3)$ | $z_3, a_3$: `(n3,)` |
#
# In the worked example the three matrices are called $W_{ij}$, $W_{jk}$ and $W_{kl}$, and all sizes are 3. ReLU and
# sigmoid work on each number by itself. The softmax ties the numbers of a sample together:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$
#
# The last $a$, with one number for each class, is what the network says. It is often written $p$ or $\hat y$.
#
# Going back through the network, in the next lesson, needs every $z$ and every $a$ once more. So the forward pass
# returns them all.
#
# ### The formulas, word for word, break
#
# You have met this before: word for word, the softmax divides infinity by infinity as soon as a logit is large. In a
# network nobody asks you first how large your logits become.

# %%
with np.errstate(all="ignore"):
    for logits in (np.array([1.0, 2.0, 3.0]), np.array([1001.0, 1002.0, 1003.0])):
        print(logits, "->", (np.exp(logits) / np.sum(np.exp(logits))).round(4))
    print("sigmoid(1000) as exp(z) / (1 + exp(z)):", np.exp(1000.0) / (1 + np.exp(1000.0)))

# %% [markdown]
# The way out: only differences between logits count, so take each row's largest logit away before `np.exp`. And write
# the sigmoid so that no infinity is divided by another.

# %% [markdown]
# ### Exercise 3: `forward(x, weights, biases)`
#
# Return a list of three pairs, `[(z1, a1), (z2, a2), (z3, a3)]`, for one sample or for a batch. `weights` and `biases`
# are lists of three arrays. The layers may have any sizes. In a batch the softmax belongs to each row by itself. The sums
# may be of any size: near 1000 and near $-1000$ neither the sigmoid nor the softmax may give `nan`.
#
# You may use your `dense`, and you may write helper functions inside the cell's function. The three activations you have
# written before: `bring("relu")`, `bring("sigmoid")` and `bring("softmax")`, each in a new cell above your function, put
# your own code of lessons 3 and 4, if it has passed its check there, into the next cell. Run those cells, and call the
# three in your function. Whatever you have not passed yet, you write here.
#
# Stuck? `hint("forward")`.

# %% exercise="forward"
def forward(x, weights, biases):
    """The forward pass: a ReLU layer, a sigmoid layer, a softmax layer.

    x: shape (n,) or (m, n), a sample or a batch; m and any layer's size may be 1.
    weights: list of three arrays, shapes (n, n1), (n1, n2), (n2, n3).
    biases: list of three arrays, shapes (n1,), (n2,), (n3,).
    Returns [(z1, a1), (z2, a2), (z3, a3)]: for each layer the sums before the activation and
    the values after it, each of shape (units,) or (m, units).
    Right for sums of any size, also for rows far apart; the arguments stay as they were, and
    every z is the sum before its activation.
    """
    ### BEGIN SOLUTION
    z1 = dense(x, weights[0], biases[0])
    a1 = np.maximum(z1, 0)
    z2 = dense(a1, weights[1], biases[1])
    small = np.exp(-np.abs(z2))
    a2 = np.where(z2 >= 0, 1, small) / (1 + small)
    z3 = dense(a2, weights[2], biases[2])
    powers = np.exp(z3 - np.max(z3, axis=-1, keepdims=True))
    a3 = powers / np.sum(powers, axis=-1, keepdims=True)
    return [(z1, a1), (z2, a2), (z3, a3)]
    ### END SOLUTION

# %% [markdown]
# **Use it.** First on the picture, where your own network now computes beside the reference.

# %%
explore.forward_pass(forward)

# %% [markdown]
# Then on the worked example, number by number.

# %%
# Run this once forward is written.
if ready(forward):
    names = ("layer 1, ReLU", "layer 2, sigmoid", "layer 3, softmax")
    for name, (z, a) in zip(names, forward(x, [W_ij, W_jk, W_kl], [b_j, b_k, b_l])):
        print(f"{name:17} z = {np.array(z).round(6)}  a = {np.array(a).round(6)}")

# %% [markdown]
# Layer 1 gives $(1.35, 1.27, 1.8)$: all sums are positive, so the ReLU changes nothing here. Layer 2 has the sums
# $(2.731, 2.76, 4.004)$ and gives $(0.93883, 0.94048, 0.98208)$. The logits are $(1.86707, 2.23028, 2.82304)$, and
# the network says
#
# $$p = (0.19845,\; 0.28536,\; 0.51620)$$
#
# The true class is the first one, $y = (1, 0, 0)$. The network holds it for the least likely. It has not learned
# anything yet, so that is no surprise. The loss is the cross-entropy: $L = -\log 0.19845 = 1.61723$.
#
# ## The same in other words: a network with names
#
# Many texts write no matrices. They give every number a name of its own. Here is a network with 2 inputs, layers of 3
# and 2 sigmoid units, and 2 outputs, in the names that one such text uses. It counts differently from this course: its
# stage 1 is the inputs, which compute nothing. So **its stage $l + 1$ is our layer $l$**.
#
# - $out_{ln}$ is what unit $n$ of stage $l$ gives, and $net_{ln}$ is the sum that comes into it; in our letters $a$ and
#   $z$. Both count from 1.
# - The inputs are stage 1, and nothing is done to them: $out_{11} = net_{11} = i_1$ and $out_{12} = net_{12} = i_2$.
# - $w_{lnd}$ leads **from** unit $n$ of stage $l$ **to** unit $d$ of the next stage. So it stands in the matrix that leads
#   into our layer $l$, which is $W_l$: at least the weights have the same number in both.
# - $b_{ln}$ is the bias of unit $n$ of stage $l$.
# - The last stage, the outputs, is called $c$ instead of 4.

# %%
layers = [["out11", "out12"], ["out21", "out22", "out23"], ["out31", "out32"], ["outc1", "outc2"]]
heads = ["stage 1: inputs", "stage 2: layer 1", "stage 3: layer 2", "stage c: outputs"]
marked = {(0, 1, 2): "w123", (2, 0, 0): "w311"}
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")


def place(k, row):
    return 2.4 * k, 1.2 * ((len(layers[k]) - 1) / 2 - row)


for k in range(3):
    for n in range(len(layers[k])):
        for d in range(len(layers[k + 1])):
            (x0, y0), (x1, y1) = place(k, n), place(k + 1, d)
            name = marked.get((k, n, d))
            color, width = ("#d55e00", 2.5) if name else ("#999999", 0.8)
            ax.plot([x0, x1], [y0, y1], color=color, linewidth=width, zorder=1)
            if name:
                middle = ((x0 + x1) / 2, (y0 + y1) / 2 + 0.1)
                ax.text(*middle, name, color="#a34700", fontsize=11, weight="bold")
for k, names in enumerate(layers):
    ax.text(2.4 * k, 1.85, heads[k], ha="center", fontsize=10)
    for row, name in enumerate(names):
        ax.scatter(*place(k, row), s=1500, color="white", edgecolor="#0072b2", zorder=2)
        ax.text(*place(k, row), name, ha="center", va="center", fontsize=9, zorder=3)
ax.set(xlim=(-0.7, 7.9), ylim=(-1.8, 2.1))
ax.axis("off")
show_figure(
    fig,
    alt="A network drawn as circles: 2 inputs, 3 units, 2 units, 2 outputs, each joined to all "
    "units of the next stage. Marked are w123, from unit 2 of stage 1 to unit 3 of stage 2, and "
    "w311, from unit 1 of stage 3 to output 1.",
)

# %% [markdown]
# Written out, the first layer of sums is
#
# $$net_{21} = w_{111}\,out_{11} + w_{121}\,out_{12} + b_{21}$$
#
# $$net_{22} = w_{112}\,out_{11} + w_{122}\,out_{12} + b_{22}$$
#
# $$net_{23} = w_{113}\,out_{11} + w_{123}\,out_{12} + b_{23}$$
#
# and then $out_{2n} = \sigma(net_{2n})$. The next stages go the same way, for example
#
# $$net_{32} = w_{212}\,out_{21} + w_{222}\,out_{22} + w_{232}\,out_{23} + b_{32}$$
#
# $$net_{c1} = w_{311}\,out_{31} + w_{321}\,out_{32} + b_{c1}$$
#
# Look at the middle figure of the three: it counts the units that are summed over. The last figure stays the same
# along a line. Put the weights of the first layer into a table whose rows are the starts and whose columns are the ends:
#
# $$W_1 = \begin{pmatrix} w_{111} & w_{112} & w_{113} \\ w_{121} & w_{122} & w_{123} \end{pmatrix}$$
#
# Then the three lines are one: $net_2 = out_1 W_1 + b_2$. It is the `dense` you have written.

# %% [markdown]
# ### Exercise 4: `named_weight(weights, layer, start, end)`
#
# Find a weight by its name. `weights` is the list of matrices $[W_1, W_2, \dots]$, of any length. For $w_{123}$ the call
# is `named_weight(weights, 1, 2, 3)`: matrix $W_1$, from unit 2 to unit 3. Names count from 1, Python does not.
#
# Stuck? `hint("named_weight")`.

# %% exercise="named_weight"
def named_weight(weights, layer, start, end):
    """The weight w with three figures: in W_layer, from unit `start` to unit `end`.

    weights: list of arrays W_1, W_2, ...; rows are the units where the weights start, columns the
    units where they end. They stay as they were.
    layer, start, end: whole numbers that count from 1. Returns one number.
    """
    ### BEGIN SOLUTION
    W = weights[layer - 1]
    return W[start - 1, end - 1]
    ### END SOLUTION

# %% [markdown]
# **Use it.** The whole 2-3-2-2 network twice: by names, number by number, and by three matrix products. The weights
# are made up for the purpose: 2·3 + 3·2 + 2·2 = 16 of them.

# %%
# Run this once dense and named_weight are written.
if ready(dense) and ready(named_weight):
    sizes = (2, 3, 2, 2)
    rng = np.random.default_rng(7)
    matrices = [rng.integers(-8, 9, (n, k)) / 8 for n, k in zip(sizes, sizes[1:])]
    shifts = [rng.integers(-4, 5, k) / 8 for k in sizes[1:]]
    inputs = np.array([0.5, -1.0])

    out = {(1, 1): inputs[0], (1, 2): inputs[1]}
    for layer in (1, 2, 3):
        for d in range(1, sizes[layer] + 1):
            net = shifts[layer - 1][d - 1]
            for n in range(1, sizes[layer - 1] + 1):
                net += named_weight(matrices, layer, n, d) * out[layer, n]
            out[layer + 1, d] = squash(net)
    print("by names:   ", np.array([out[4, 1], out[4, 2]]).round(6))

    a = inputs
    for W, b in zip(matrices, shifts):
        a = squash(np.array(dense(a, W, b)))
    print("by matrices:", a.round(6))

# %% [markdown]
# ## When the target is a number: the squared error
#
# A network with sigmoid or plain outputs may have to meet **numbers**, not classes. Then the loss is the squared
# distance between target $y$ and output $\hat y$. For $m$ samples with $n$ outputs each, both of shape `(m, n)`:
#
# $$E = \frac{1}{2m} \sum_{s=1}^{m} \sum_{k=1}^{n} (\hat y_{sk} - y_{sk})^2$$
#
# - Squares, so that too much and too little do not cancel, and a large miss counts more than two small ones.
# - $1/m$, the mean over the samples, so that the loss does not grow with the size of the batch.
# - $\tfrac12$, because the square's slope has a factor 2, and the two go away together:
#   $\dfrac{\partial E}{\partial \hat y_{sk}} = \dfrac{1}{m}(\hat y_{sk} - y_{sk})$.
#
# The outputs of one sample are **added up**, not averaged. So the loss is divided by the number of samples alone.
#
# **Pencil first.** One sample, $y = (1, 0)$ and $\hat y = (0.5, 0.25)$: the squares are $0.25$ and $0.0625$, and
# $E = 0.15625$.

# %% [markdown]
# ### Exercise 5: `mean_squared_error(y, y_hat)`
#
# Return $E$ for one sample, shape `(n,)`, where $m = 1$, or for a batch, shape `(m, n)`.
#
# Stuck? `hint("mean_squared_error")`.

# %% exercise="mean_squared_error"
def mean_squared_error(y, y_hat):
    """The squared error, 1 / (2 m) times the sum of the squared differences.

    y: shape (n,), one sample with n outputs, or (m, n), a batch of m samples; the targets. m and n
    may be 1, the numbers may be whole ones. y_hat: same shape, the outputs. Both stay as they were.
    Returns one number; m is 1 for a single sample.
    """
    ### BEGIN SOLUTION
    m = 1 if np.ndim(y) == 1 else len(y)
    return np.sum(np.subtract(y_hat, y) ** 2) / (2 * m)
    ### END SOLUTION

# %% [markdown]
# **Use it.** The two losses on the worked example's outputs, if the share of the true class were another one. For
# classes, the cross-entropy is the better teacher: the squared error never says more than "wrong by at most 1".

# %%
# Run this once mean_squared_error is written.
if ready(mean_squared_error):
    target = np.array([1.0, 0.0, 0.0])
    for share in (0.9, 0.5, 0.1, 0.001):
        p = np.array([share, (1 - share) / 2, (1 - share) / 2])
        squared = float(mean_squared_error(target, p))
        print(f"true class at {share:5}: squared error {squared:.4f}, cross-entropy {-np.log(share):.4f}")

# %% [markdown]
# ## Two published figures
#
# The worked example of this lesson is the one of *Back-Propagation is very simple. Who made it Complicated?*, an article
# by Prakash Jay on Medium. It has been recommended and retold many times, in Chinese, Vietnamese and Portuguese too. It is
# a good idea, well laid out: one sample, all numbers on the table, nothing left to faith. Many people have learned from it.
# Here we compute along.
#
# | | published | your `forward` |
# |---|---|---|
# | sums of layer 2 | 2.73, 2.76, 4.001 | 2.731, 2.76, 4.004 |
# | layer 2 | 0.938, 0.94, 0.98 | 0.93883, 0.94048, 0.98208 |
# | logits | 1.8658, 2.2292, 2.8204 | 1.86707, 2.23028, 2.82304 |
# | outputs | 0.2698, 0.3223, 0.4078 | 0.19845, 0.28536, 0.51620 |
# | loss | 0.965 | 1.61723 |
#
# The first three rows differ by little. The third sum, $1.8 \cdot 0.8 + 1.27 \cdot 0.7 + 1.35 \cdot 0.5 + 1$, is
# $1.44 + 0.889 + 0.675 + 1 = 4.004$ and not 4.001. The logits were computed from numbers that had been rounded to two
# or three digits before. Small things.
#
# The last two rows are another matter. The outputs are not close, and neither is the loss. There must be another
# formula behind them. Find it.
#
# Two clues for the outputs: they sum to 1, up to the last digit. And they are much closer to each other than a softmax
# would make them: what ratio does the largest have to the smallest? Where have you seen that ratio before?

# %%
fig, axes = plt.subplots(1, 2, figsize=(8.5, 2.8), layout="constrained")
for ax, name, title in ((axes[0], "o_in", "logits"), (axes[1], "o_out", "outputs")):
    printed = [float(text) for text in example["printed"][name]]
    places = np.arange(3)
    for bars in (
        ax.bar(places - 0.2, printed, 0.38, label="published", color="#ee7733"),
        ax.bar(places + 0.2, example["computed"][name], 0.38, label="true", color="#4477aa"),
    ):
        ax.bar_label(bars, fmt="%.4g", padding=2, fontsize=8)
    ax.set(xticks=places, xticklabels=["class 1", "class 2", "class 3"], title=title)
    ax.margins(y=0.25)
axes[0].legend(loc="upper left")
show_figure(
    fig,
    alt="Logits and outputs, published beside true. The logits agree: published 1.8658, 2.2292, "
    "2.8204. The outputs do not: published 0.2698, 0.3223, 0.4078, true "
    f"{', '.join(f'{value:.4f}' for value in example['computed']['o_out'])}.",
)

# %% [markdown]
# ### Exercise 6: `printed_output(o_in)`
#
# Write the formula that gives the **published** outputs when it gets the published logits. It is wrong as a softmax,
# and right as an explanation. Do not round. It must work for any number of classes.
#
# Stuck? `hint("printed_output")`.

# %% exercise="printed_output"
def printed_output(o_in):
    """The outputs by the formula that gives the published figures.

    o_in: shape (n,), the logits of one sample, all positive; n is 2 or more, and o_in stays as it
    was. Returns shape (n,);
    for (1.8658, 2.2292, 2.8204) what was published as 0.2698, 0.3223, 0.4078, with all its digits.
    """
    ### BEGIN SOLUTION
    return np.asarray(o_in) / np.sum(o_in)
    ### END SOLUTION

# %% [markdown]
# **Use it.** Is it a softmax by another name? Put the same logits in once more, with 1 added to each, and then with 3
# taken away. A softmax does not care about a shift.

# %%
# Run this once printed_output is written.
if ready(printed_output):
    logits = np.array([1.8658, 2.2292, 2.8204])
    for shift in (0, 1, -3):
        powers = np.exp(logits + shift)
        given = np.array(printed_output(logits + shift))
        true = powers / powers.sum()
        print(f"shift {shift:2}: printed formula {given.round(4)}, softmax {true.round(4)}")

# %% [markdown]
# With the logits as they are, the formula gives $(0.26980, 0.32235, 0.40784)$. Printed with four digits, and the
# second one cut off instead of rounded, these are the published figures.
#
# It works only because all three logits are positive. With logits of both signs, such as $(1, 2, -1)$, the formula gives
# "probabilities" below 0 or above 1. If all are negative, as in the last line above, the numbers look sensible, and their
# order is reversed: the smallest logit gets the largest share. At a sum of 0 there is nothing at all. That is what the
# exponential is there for.
#
# A later edition of the walk-through prints $0.19858$, $0.28559$, $0.51583$ instead. That is the true softmax of the
# published logits. The small rest against $0.19845$, $0.28536$, $0.51620$ is the early rounding.
#
# ## The published loss
#
# Published is $0.965$. The cross-entropy of the published outputs would be $-\log 0.2698 = 1.31007$, and with a base-10
# logarithm $-\log_{10} 0.2698 = 0.56896$. Both are something else. So there is more in it than one logarithm.
#
# Recall the loss for a **single** output $o$ that answers yes or no, with $y = 1$ for yes and $y = 0$ for no:
#
# $$-\bigl[\,y \log o + (1 - y) \log(1 - o)\,\bigr]$$
#
# For $y = 1$ the second term goes away, for $y = 0$ the first. It is made for one sigmoid output. What if somebody took
# it for each of three softmax outputs, and added up? And which base must the logarithm have?

# %% [markdown]
# ### Exercise 7: `printed_loss(o_out, y)`
#
# Write the formula that gives the **published** loss when it gets the published outputs and $y = (1, 0, 0)$. Try out
# in a cell of your own what you suspect. It must work for any class and any number of classes.
#
# Stuck? `hint("printed_loss")`.

# %% exercise="printed_loss"
def printed_loss(o_out, y):
    """The loss by the formula that gives the published figure.

    o_out: shape (n,), the outputs of one sample, each between 0 and 1, the ends excluded.
    y: shape (n,), one-hot; n is 2 or more. Both stay as they were. Returns one number; for (0.2698, 0.3223, 0.4078) and (1, 0, 0) what was published as 0.965,
    with all its digits.
    """
    ### BEGIN SOLUTION
    o, y = np.asarray(o_out), np.asarray(y)
    return -np.sum(y * np.log10(o) + (1 - y) * np.log10(1 - o))
    ### END SOLUTION

# %% [markdown]
# **Use it.** Undo the three slips one after the other, and watch the loss go from the published to the true number.

# %%
# Run this once forward and printed_loss are written.
if ready(forward) and ready(printed_loss):
    y = example["target"]
    published = np.array([float(text) for text in example["printed"]["o_out"]])
    p = np.array(forward(x, [W_ij, W_jk, W_kl], [b_j, b_k, b_l])[2][1])
    print(f"as published:                          {float(printed_loss(published, y)):.5f}")
    print(f"with the natural logarithm:            {float(printed_loss(published, y)) * np.log(10):.5f}")
    print(f"and the loss made for a softmax:       {-np.sum(y * np.log(published)):.5f}")
    print(f"and the softmax with its exponentials: {-np.sum(y * np.log(p)):.5f}")

# %% [markdown]
# Three slips in one number:
#
# 1. **The base.** A base-10 logarithm is the natural one divided by $\log 10 = 2.30259$. By itself that is harmless: it
#    is another unit. But the derivative $-1/p$ that is used later belongs to the natural logarithm.
# 2. **The formula.** The yes-or-no loss was summed over three softmax outputs. But the three outputs are no three
#    separate answers: they share one whole. The share of the true class says all that is to be said.
# 3. **The outputs.** They were the ones without exponentials.
#
# With all three undone, $0.965$ becomes $1.61723$. None of this can be seen by looking at the figure: it is a
# sensible-looking loss. You see it by computing along.
#
# The figure lives on. In public code, $0.965$ for the outputs $0.2698$, $0.3223$, $0.4078$ stands as the value that a
# unit test expects of a cross-entropy. In another project the same test is there, commented out. A third expects
# $1.31007$, the natural logarithm's loss of those outputs: somebody there had computed along.
#
# ## What you can do now
#
# - Write a unit and a layer, and say which way $W_{ij}$ leads.
# - Run a whole network forwards, for a sample and a batch, without overflow.
# - Read a network in names, $w_{lnd}$, and in matrices, and go from one to the other.
# - Compute the squared error, and say where its $\tfrac12$ and its $1/m$ come from.
# - Find the formula behind a wrong figure, and say what the slip was.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# A friend says: "The outputs 0.2698, 0.3223, 0.4078 are positive, sum to 1, and the largest logit has the largest share.
# So dividing by the sum is as good as a softmax."
#
# Answer in a few sentences. A good answer grants what is true in it, names two inputs or properties for which the
# division fails, with numbers, and says what the exponential does about each.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# For these logits all of that is true, because all three are positive. (1 point for two failures with numbers, 1 point
# for what the exponential does.)
#
# 1. With a negative logit the division gives negative "probabilities": $(1, 2, -1)$ has the sum 2 and becomes
#    $(\tfrac12, 1, -\tfrac12)$. With the sum 0, as for $(1, -1, 0)$, it divides by 0. The exponential is positive for
#    every logit, so the shares are positive and the sum is never 0.
# 2. It is not shift invariant: $(1, 2)$ gives $\tfrac13, \tfrac23$, and $(101, 102)$ gives nearly one half each. For
#    the softmax only differences count, because $e^{z + c} = e^c e^z$ and $e^c$ cancels.
# 3. (Also good.) If all logits are negative, as $(-1, -2)$, the larger logit gets the smaller share. And there is no
#    simple slope: with the softmax the cross-entropy has the delta $p - y$, with the division it has not.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written a network, from one unit to three layers, and found the formulas behind two wrong figures.

# %%
progress("07-forward-pass")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `07-forward-pass.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Warren McCulloch and Walter Pitts described a unit with a threshold in 1943, Frank Rosenblatt
# gave it weights that learn in 1958. To read on: Michael Nielsen, *Neural Networks and Deep Learning*, chapter 1 (2015).
#
# **In a framework** your `dense` is `torch.nn.Linear(n, k)`. It keeps $W$ the other way round, with shape `(k, n)`.
#
# The network answers, and is wrong. The next lesson says which way to turn each of its 36 numbers.
#
# **Next:** [8. Backpropagation by hand, and an audit](../08-backprop-by-hand/08-backprop-by-hand.ipynb)
