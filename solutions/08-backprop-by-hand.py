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
# # 8. Backpropagation by hand, and an audit
#
# You know how a network computes forwards. Now it must learn: for each of its weights and biases we want to know which
# way to turn it, and how much that helps. Backpropagation answers this for all of them in one walk from the loss back to
# the input. You do it by hand once, for a network that is small enough to see every number.
#
# In this lesson you write
#
# - the delta of the output layer, and the rule that carries a delta one layer back,
# - the gradients of weights and biases, and the whole backward pass,
# - the step that makes the network better,
# - a function that tells a wrong figure from a rounded one. With it you check a published walk-through, figure by figure.
#
# You need the chain rule ([lesson 2](../02-chain-rule/02-chain-rule.ipynb)), matrix products, and the network of ReLU,
# sigmoid and softmax ([lesson 7](../07-forward-pass/07-forward-pass.ipynb)). The seven exercises take about
# 70 minutes, the whole lesson about two hours. Under each exercise stands a check: run it as often as you like. For help
# type `hint` with the exercise's name into a new cell, for example `hint("output_delta")`. Each call shows one more of
# three hints.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import (
    bring,
    check,
    draw_points,
    explore,
    hint,
    load_points,
    points_network,
    progress,
    ready,
    show_figure,
    worked_example,
)

# %% [markdown]
# ## Play first
#
# Move the slider "step backwards" from 0 to 6 and watch the picture fill up from right to left. Under the network stand
# the numbers of each step, twice: as they are, and as they were once published. The published ones come later; for now
# look at the network.
#
# 1. Which appears first in a layer, the delta or the gradient of its weights?
# 2. How do the sizes of the deltas change from layer to layer?
# 3. Below is the loss after one step. At which learning rate does it come close to 0?

# %%
explore.backprop()

# %% [markdown]
# ## Where we start
#
# One sample goes in: $x = (0.1, 0.2, 0.7)$. It belongs to class 1: $y = (1, 0, 0)$. The network has three layers of three
# units, with the weights $W_{ij}$, $W_{jk}$, $W_{kl}$, and every bias is 1. The next cell reads its numbers, with all that
# the forward pass gives: `h1_in` is the sum that goes into layer 1, `h1_out` what comes out of it, and so on; `o_in` are
# the logits, `o_out` the outputs $p$.

# %%
example = worked_example()
x, y, rate = example["input"], example["target"], example["learning_rate"]
W_ij, W_jk, W_kl = weights = list(example["weights"].values())
b_j, b_k, b_l = biases = list(example["biases"].values())
true = example["computed"]

for name in ("h1_in", "h1_out", "h2_in", "h2_out", "o_in", "o_out"):
    print(f"{name:7}", true[name].round(5))
print("loss   ", round(true["loss"], 5))

# %% [markdown]
# The loss is the cross-entropy with the natural logarithm, $L = -\sum_i y_i \log p_i$. Here that is
# $-\log 0.19845 = 1.61723$. We want $L$ to become smaller. So we need its slope with
# respect to each of 27 weights and 9 biases.
#
# ## One number for each unit: the delta
#
# A weight can touch the loss in one way only: it changes the sum $z$ of the unit it leads to, and this sum changes the
# rest. So first find out how the loss answers to each sum. This slope is called the **delta** of the unit:
#
# $$\delta = \frac{\partial L}{\partial z}$$
#
# A layer of $k$ units has a $\delta$ of shape `(k,)`, or `(m, k)` for a batch. Everything else follows from the deltas
# with one multiplication each. And the deltas of one layer follow from those of the next. So we start at the end.
#
# ### The output layer
#
# Two things lie between the logits $z$ and the loss: the softmax gives $p$, and the logarithm gives $L$. The chain rule
# multiplies their slopes. First the slope of the loss with respect to the outputs:
#
# $$\frac{\partial L}{\partial p_i} = -\frac{y_i}{p_i}$$
#
# Only the true class has $y_i = 1$. Here this is $(-5.03913, 0, 0)$. Then the softmax. Every output depends on
# **every** logit, so its slopes are a table, the Jacobian:
#
# $$\frac{\partial p_i}{\partial z_j} = p_i\,([i = j] - p_j)$$
#
# where $[i = j]$ is 1 if $i = j$ and 0 if not. Add up over all outputs that logit $j$ moves:
#
# $$\frac{\partial L}{\partial z_j} = \sum_i \frac{\partial L}{\partial p_i}\,\frac{\partial p_i}{\partial z_j}
# = -\sum_i \frac{y_i}{p_i}\; p_i\,([i = j] - p_j)$$
#
# $p_i$ cancels:
#
# $$\frac{\partial L}{\partial z_j} = -\sum_i y_i\,([i = j] - p_j) = -\sum_i y_i\,[i = j] + p_j \sum_i y_i$$
#
# Now finish it. In the first sum only one $i$ is left. And what is $\sum_i y_i$ for one-hot $y$? You get a difference
# of two numbers.
#
# For a batch of $m$ samples the loss is the **mean** of the samples' losses. So each sample counts for $1/m$ of it, and
# so does its delta. In this course the delta carries that $1/m$; nothing after it divides again.

# %% [markdown]
# ### Exercise 1: `output_delta(p, y)`
#
# Return the delta of the output layer, for one sample or for a batch.
#
# Stuck? `hint("output_delta")` gives one hint at a time.

# %% exercise="output_delta"
def output_delta(p, y):
    """The slope of the mean cross-entropy with respect to the logits of a softmax.

    p: shape (n,), one sample, or (m, n), a batch; the outputs of the softmax, above 0. m may be 1.
    y: same shape, one-hot. Both stay as they were.
    Returns dL/dz, same shape; with the 1/m of the mean over the batch (m is 1 for a single sample).
    """
    ### BEGIN SOLUTION
    m = 1 if np.ndim(p) == 1 else len(p)
    return np.subtract(p, y) / m
    ### END SOLUTION

# %% [markdown]
# **Use it.** The long way through the whole Jacobian against your short one. The third line takes the Jacobian's diagonal
# only: then the logits of the wrong classes have no slope at all.

# %%
# Run this once output_delta is written.
J = true["softmax_jacobian"]
print("through the Jacobian:      ", (true["dE_do_out"] @ J).round(5))
if ready(output_delta):
    print("your output_delta:         ", np.array(output_delta(true["o_out"], y)).round(5))
print("with the diagonal only:    ", (true["dE_do_out"] * np.diag(J)).round(5) + 0.0)

# %% [markdown]
# The output delta is $(-0.80155, 0.28536, 0.51620)$. Read it: the logit of class 1 should go up, since its slope is
# negative, the other two should go down. The three numbers sum to 0.
#
# ### One layer back
#
# Take a layer whose units give $a_k = f(z_k)$, and the next layer with the sums
# $z^{\text{next}}_l = \sum_k a_k W_{kl} + b_l$. We know the deltas $\delta^{\text{next}}_l$ of the next layer and want
# $\delta_k$.
#
# If $a_k$ moves, **all** sums $z^{\text{next}}_l$ of the next layer move, each by $W_{kl}$ times as much. The chain rule
# adds up all these ways:
#
# $$\frac{\partial L}{\partial a_k} = \sum_l \frac{\partial L}{\partial z^{\text{next}}_l}\,
# \frac{\partial z^{\text{next}}_l}{\partial a_k} = \sum_l \delta^{\text{next}}_l\,W_{kl}$$
#
# And $a_k$ moves with its own $z_k$ by the slope of the activation:
#
# $$\delta_k = \frac{\partial L}{\partial z_k} = \frac{\partial L}{\partial a_k}\,f'(z_k)$$
#
# Forwards, $a W$ sums over the first index of $W$. Here the sum runs over the second. In terms of matrices that is the
# transposed one: $\delta^{\text{next}} W^{\mathsf T}$, shape `(m, l)` times `(l, k)`.
#
# The slopes of our two hidden layers are
#
# $$\sigma'(z) = a\,(1 - a), \qquad \operatorname{relu}'(z) = 1 \text{ if } z > 0, \text{ else } 0$$
#
# **Pencil first.** Unit 1 of layer 2: $-0.80155 \cdot 0.1 + 0.28536 \cdot 0.4 + 0.51620 \cdot 0.8 = 0.44694$. Its slope is
# $0.93883 \cdot (1 - 0.93883) = 0.05743$. So its delta is $0.02567$.

# %% [markdown]
# ### Exercise 2: `hidden_delta(delta, W, derivative)`
#
# Carry a delta one layer back. `derivative` is an array that holds the slopes $f'(z)$ already. Nothing is divided by
# $m$ here: the $1/m$ is in `delta`.
#
# Stuck? `hint("hidden_delta")`.

# %% exercise="hidden_delta"
def hidden_delta(delta, W, derivative):
    """The delta of a layer from the delta of the next one.

    delta: shape (l,) or (m, l), of the next layer. W: shape (k, l), from this layer to the next.
    derivative: shape (k,) or (m, k), the numbers f'(z) of this layer; True and False count as 1 and 0.
    m, k and l may be 1; the arguments stay as they were.
    Returns dL/dz of this layer, shape (k,) or (m, k).
    """
    ### BEGIN SOLUTION
    return np.dot(delta, np.transpose(W)) * derivative
    ### END SOLUTION

# %% [markdown]
# **Use it.** All the way back. The third line measures the second one: it moves the sum of one unit of layer 2 by a
# little, and looks at the loss.

# %%
# Run this once output_delta and hidden_delta are written.
def loss_from_layer_2(z2):
    logits = 1 / (1 + np.exp(-z2)) @ W_kl + b_l
    return np.log(np.sum(np.exp(logits))) - logits[0]


if ready(output_delta) and ready(hidden_delta):
    delta_o = np.array(output_delta(true["o_out"], y))
    delta_2 = np.array(hidden_delta(delta_o, W_kl, true["h2_out"] * (1 - true["h2_out"])))
    delta_1 = np.array(hidden_delta(delta_2, W_jk, true["h1_in"] > 0))
    print("output: ", delta_o.round(5))
    print("layer 2:", delta_2.round(5))
    little = 1e-5 * np.eye(3)
    z2 = true["h2_in"]
    measured = [(loss_from_layer_2(z2 + d) - loss_from_layer_2(z2 - d)) / 2e-5 for d in little]
    print("measured", np.array(measured).round(5))
    print("layer 1:", delta_1.round(5))

# %% [markdown]
# The deltas of the hidden layers, $(0.02567, 0.00350, 0.00213)$ in layer 2 and $(0.00725, 0.01094, 0.01850)$ in layer 1,
# are much smaller than those of the outputs. The step down is at the sigmoids. They are nearly saturated: their slopes are
# only $0.0574$, $0.0560$ and $0.0176$. From layer 2 to layer 1 hardly anything is lost, because ReLU's slopes are 1: the
# deltas are shared out differently, and their length goes from $0.0260$ to $0.0227$. All of them are positive: this
# network would like all its hidden sums to go down.

# %% [markdown]
# **Use it on many samples.** One sample has one delta for each unit. Here are sixty samples, the points of
# [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb), and their network with three hidden tanh units. Each picture
# belongs to one hidden unit, and each point shows that unit's delta for this sample: a large ring where the loss answers
# much to the unit's sum. Black rings want the sum to go up, red ones down.

# %%
# Run this once output_delta and hidden_delta are written.
if ready(output_delta) and ready(hidden_delta):
    X, labels = load_points()
    (W_1, W_2), (b_1, b_2) = points_network()
    a_1 = np.tanh(X @ W_1 + b_1)
    p = np.exp(a_1 @ W_2 + b_2)
    p = p / p.sum(axis=1, keepdims=True)
    deltas = np.array(hidden_delta(output_delta(p, np.eye(2)[labels]), W_2, 1 - a_1**2))
    fig, axes = plt.subplots(1, 3, figsize=(9.6, 3.5), layout="constrained", sharey=True)
    told = []
    for k, ax in enumerate(axes):
        draw_points(ax)
        size = np.abs(deltas[:, k])
        colors = np.where(deltas[:, k] < 0, "black", "#cc3311")
        ax.scatter(X[:, 0], X[:, 1], s=250000 * size, facecolors="none", edgecolors=colors)
        ax.plot([-3, 3], [-(W_1[0, k] * x1 + b_1[k]) / W_1[1, k] for x1 in (-3, 3)], "--", color="0.4")
        ax.set_title(f"hidden unit {k + 1}")
        told.append(f"unit {k + 1}: {np.sum(np.sort(size)[-10:]) / np.sum(size):.0%}")
    print("share of the ten largest deltas of sixty:", ", ".join(told))
    show_figure(fig, alt="The sixty points three times, with rings as large as the delta of each hidden unit, and a dashed "
                f"line where the unit's sum is 0. Share of the ten largest deltas: {', '.join(told)}.")

# %% [markdown]
# Each unit hears of other points: of those near its own dashed line, where its tanh has a slope, and of those that the
# network gets least right. Far from the line the unit is saturated, and whatever the outputs say does not reach it.
#
# ## From deltas to gradients
#
# Now the weights. $W_{ij}$ occurs in one sum only, $z_j = \sum_i a_i W_{ij} + b_j$, and there it stands beside $a_i$:
#
# $$\frac{\partial L}{\partial W_{ij}} = \frac{\partial L}{\partial z_j}\,\frac{\partial z_j}{\partial W_{ij}}
# = \delta_j\,a_i$$
#
# In words: **what comes in, times the delta where it goes.** For all $i$ and $j$ this is the table of all products, with
# the shape of $W$. A batch has such a table for each sample $s$. All samples use the same $W$, so the tables are added up:
#
# $$\frac{\partial L}{\partial W_{ij}} = \sum_s a_{si}\,\delta_{sj}$$
#
# Which matrix product sums over the **first** index of both factors?

# %% [markdown]
# ### Exercise 3: `weight_gradient(a, delta)`
#
# Return the gradient of a weight matrix, for one sample or for a batch. It has the shape of $W$ in both cases.
#
# Stuck? `hint("weight_gradient")`.

# %% exercise="weight_gradient"
def weight_gradient(a, delta):
    """The gradient of the weights of one layer.

    a: shape (i,) or (m, i), what comes into the layer. m, i and j may be 1.
    delta: shape (j,) or (m, j), dL/dz of the layer; in a batch it carries the 1/m.
    Both stay as they were. Returns dL/dW, shape (i, j), summed over the batch.
    """
    ### BEGIN SOLUTION
    if np.ndim(a) == 1:
        return np.outer(a, delta)
    return np.transpose(a) @ delta
    ### END SOLUTION

# %% [markdown]
# A bias $b_j$ stands in $z_j$ too, with the factor 1: it is a weight whose input is always 1. So
# $\partial L / \partial b_j$ needs no new idea.

# %% [markdown]
# ### Exercise 4: `bias_gradient(delta)`
#
# Return the gradient of a layer's biases, for one sample or for a batch. Its shape is that of $b$, `(j,)`, in both cases.
#
# Stuck? `hint("bias_gradient")`.

# %% exercise="bias_gradient"
def bias_gradient(delta):
    """The gradient of the biases of one layer.

    delta: shape (j,) or (m, j), dL/dz of the layer; in a batch it carries the 1/m. m and j may be 1.
    It stays as it was. Returns dL/db, shape (j,), summed over the batch.
    """
    ### BEGIN SOLUTION
    return np.sum(np.atleast_2d(delta), axis=0)
    ### END SOLUTION

# %% [markdown]
# **Use it.** The gradients of the output layer. Each row belongs to one unit of layer 2, each column to one output. The
# signs of a column are those of its delta, because all $a$ of layer 2 are positive.

# %%
# Run this once weight_gradient and bias_gradient are written.
if ready(weight_gradient) and ready(bias_gradient):
    print("dL/dW_kl =\n", np.array(weight_gradient(true["h2_out"], true["delta_output"])).round(5))
    print("dL/db_l  =", np.array(bias_gradient(true["delta_output"])).round(5))

# %% [markdown]
# ## The whole way
#
# Now put it together. Forwards first, because the way back needs what the layers gave:
#
# | forwards | backwards |
# |---|---|
# | $z_1 = xW_1 + b_1$, $a_1 = \max(z_1, 0)$ | $\delta_3$ from $a_3$ and $y$ |
# | $z_2 = a_1W_2 + b_2$, $a_2 = \sigma(z_2)$ | $\delta_2$ from $\delta_3$, $W_3$ and $a_2$ |
# | $z_3 = a_2W_3 + b_3$, $a_3 = \operatorname{softmax}(z_3)$ | $\delta_1$ from $\delta_2$, $W_2$ and $z_1$ |
#
# Each layer then has its two gradients. For the weights you need what came **into** the layer: $x$ for the first, $a_1$
# for the second, $a_2$ for the third.
#
# What does it cost? Each matrix is used once forwards, and twice backwards: for the delta and for the gradient. So all
# 36 slopes together cost about as much as three forward passes. Measuring each slope by itself, with two evaluations of
# the loss, would cost 72.

# %% [markdown]
# ### Exercise 5: `backward(x, y, weights, biases)`
#
# Return two lists of three arrays each, in the order of the layers: the gradients of the weights, and those of the biases.
# The network is ReLU, sigmoid, softmax, with layers of any size. It must work for one sample and for a batch.
#
# The way back needs the forward pass first. You wrote it in [lesson 7](../07-forward-pass/07-forward-pass.ipynb): type
# `bring("forward")` into a new cell above your function, and your own code, if it has passed its check there, comes into
# the next cell. Run that cell, and call `forward` in your function. Or write the forward pass anew, inside the function.
# It must be right for large sums: take each row's largest logit away before `np.exp`, and divide no infinity by another
# in the sigmoid. Then your four functions from above are of use.
#
# Stuck? `hint("backward")`.

# %% exercise="backward"
def backward(x, y, weights, biases):
    """The gradients of the mean cross-entropy for all parameters of a ReLU / sigmoid / softmax network.

    x: shape (n,) or (m, n). y: shape (n3,) or (m, n3), one-hot. m and any layer's size may be 1.
    weights: list of three arrays, shapes (n, n1), (n1, n2), (n2, n3).
    biases: list of three arrays, shapes (n1,), (n2,), (n3,).
    Returns (weight_gradients, bias_gradients): two lists of three arrays, with the shapes of
    weights and of biases. The derivative of the ReLU at 0 is 0. Right for sums of any size, never
    nan; the arguments stay as they were.
    """
    ### BEGIN SOLUTION
    z1 = np.dot(x, weights[0]) + biases[0]
    a1 = np.maximum(z1, 0)
    z2 = a1 @ weights[1] + biases[1]
    small = np.exp(-np.abs(z2))
    a2 = np.where(z2 >= 0, 1, small) / (1 + small)
    z3 = a2 @ weights[2] + biases[2]
    powers = np.exp(z3 - np.max(z3, axis=-1, keepdims=True))
    a3 = powers / np.sum(powers, axis=-1, keepdims=True)

    delta3 = output_delta(a3, y)
    delta2 = hidden_delta(delta3, weights[2], a2 * (1 - a2))
    delta1 = hidden_delta(delta2, weights[1], z1 > 0)
    inputs, deltas = [x, a1, a2], [delta1, delta2, delta3]
    weight_gradients = [weight_gradient(a, delta) for a, delta in zip(inputs, deltas)]
    return weight_gradients, [bias_gradient(delta) for delta in deltas]
    ### END SOLUTION

# %% [markdown]
# **Use it.** Your own gradient in the picture from the beginning: its numbers stand beside the true ones, and its loss
# curve is drawn in black dots.

# %%
explore.backprop(backward)

# %% [markdown]
# ## The step
#
# The gradient points to where the loss grows fastest. So go the other way, by a small part $\eta$ of it, the **learning
# rate**. For every parameter $\theta$:
#
# $$\theta_{\text{new}} = \theta - \eta\,\frac{\partial L}{\partial \theta}$$
#
# ### Exercise 6: `update(parameters, gradients, learning_rate)`
#
# Return the new parameters as a new list. It is called once for the weights and once for the biases. The old ones must
# stay as they are, or you could not compare.
#
# Stuck? `hint("update")`.

# %% exercise="update"
def update(parameters, gradients, learning_rate):
    """One step of gradient descent.

    parameters: list of arrays of floats, one or more.
    gradients: list of arrays of the same shapes. learning_rate: one number.
    Returns the list of the new arrays, of floats; the arguments stay as they were.
    """
    ### BEGIN SOLUTION
    return [p - learning_rate * np.asarray(g) for p, g in zip(parameters, gradients)]
    ### END SOLUTION

# %% [markdown]
# **Use it.** One step with the rate $0.01$, and then many. For the loss we need no forward pass of its own: for one sample
# the bias gradient of the output layer is $p - y$, so your `backward` also tells $p$.

# %%
# Run this once backward and update are written.
def outputs(weights, biases):
    return np.array(backward(x, y, weights, biases)[1][2]) + y


def loss_of(weights, biases):
    return float(-np.log(np.sum(y * outputs(weights, biases))))


if ready(backward) and ready(update):
    dW, db = backward(x, y, weights, biases)
    only_weights = update(weights, dW, rate)
    print(f"before the step:    {loss_of(weights, biases):.5f}")
    print(f"weights only:       {loss_of(only_weights, biases):.5f}")
    print(f"weights and biases: {loss_of(only_weights, update(biases, db, rate)):.5f}")

    W, b, history = weights, biases, []
    for _ in range(301):
        history.append(loss_of(W, b))
        dW, db = backward(x, y, W, b)
        W, b = update(W, dW, rate), update(b, db, rate)
    fig, ax = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    ax.plot(history)
    ax.set(xlabel="step", ylabel="loss", title="One sample, learning rate 0.01", ylim=(0, 1.7))
    show_figure(
        fig,
        alt=f"The loss against the step: {history[0]:.4f} at the start, "
        f"{history[100]:.4f} after 100 steps, {history[300]:.4f} after 300.",
    )

# %% [markdown]
# One step takes the loss from $1.61723$ to $1.59024$ if only the weights move, and to $1.58041$ if the biases move too.
# Their gradients are the deltas, so they cost nothing more, and here they bring a good quarter of the gain.
#
# ## The audit
#
# The network of this lesson, and its weights, come from the article of
# [lesson 7](../07-forward-pass/07-forward-pass.ipynb), *Back-Propagation is very simple. Who made it Complicated?* by
# Prakash Jay. It prints every number of this one step. That is its great merit: what is printed can be checked. You now
# have functions to check it with.
#
# When is a printed figure wrong? Not when it differs from the exact number: any printed figure is rounded. $0.94$ is a
# correct way to print $0.94048$. But $0.938$ is not a correct way to print $0.93883$, because with three digits that is
# $0.939$. So a figure is right if it is the computed number **rounded to the digits it was printed with**.
#
# For that, the figures must be text. As a number, $0.2040$ is the same as $0.204$, but the last 0 is a promise: it says
# that the fourth digit is known. The data keep the figures as text, `"0.2040"`.

# %%
for name in ("h2_in", "h2_out", "do_out_do_in", "loss"):
    print(f"{name:13} printed {example['printed'][name]}, computed {np.round(true[name], 5)}")

# %% [markdown]
# ### Exercise 7: `slips(printed, computed)`
#
# `printed` is a list of figures as text, or a list of such lists. `computed` is an array of the same shape with the exact
# numbers. Return an array of that shape which holds `True` where the printed figure is **not** the computed number rounded
# to the digits printed, and `False` where it is. Each figure has digits of its own. You need not care about numbers that
# lie exactly half-way.
#
# Stuck? `hint("slips")`.

# %% exercise="slips"
def slips(printed, computed):
    """Where a printed figure is not the computed number rounded to the digits it was printed with.

    printed: list of k texts such as "-0.2040" or "12.5", or list of r lists of k texts; each has a
    decimal point and one digit or more behind it, and the sign counts.
    computed: array of shape (k,) or (r, k), of any size. Both stay as they were.
    Returns an array of bool of the same shape, True at a slip.
    """
    ### BEGIN SOLUTION
    texts = np.array(printed)
    digits = np.array([len(str(text).partition(".")[2]) for text in texts.ravel()]).reshape(texts.shape)
    return np.abs(texts.astype(float) - computed) > 0.5 * 10.0**-digits
    ### END SOLUTION

# %% [markdown]
# **Use it.** All published figures against the true ones.

# %%
# Run this once slips is written.
if ready(slips):
    wrong = figures = 0
    for name, printed in example["printed"].items():
        if name == "loss":
            printed = [printed]
        computed = np.reshape(true[name.removesuffix("_later_edition")], np.shape(printed))
        found = np.array(slips(printed, computed))
        wrong, figures = wrong + found.sum(), figures + found.size
        print(f"{name:20} {found.sum()} of {found.size} are slips")
    print(f"{'together':20} {wrong} of {figures}")

# %% [markdown]
# Nearly all: 81 of 85. That says less than it seems. In a chain of computations one slip makes all that follows wrong,
# even where every later step is done with care. To find the **slips themselves**, put the published figures in on the
# right-hand side of each formula and see whether the published ones come out on the left.
#
# Let us go through it in the order of the computation. Some figures were cut off instead of rounded, so the cells print
# numbers beside numbers, and you judge.
#
# ### 1. The delta of the output layer
#
# The walk-through multiplies two rows of three numbers. For the first it prints $-3.70644$, $-1.4755$, $-1.6886$, for the
# second $0.15911$, $0.2040$, $0.3685$.

# %%
said = {name: np.array(figures, float) for name, figures in example["printed"].items()}
o = said["o_out"]
later = said["o_out_later_edition"]
by_formula = np.array([-1 / o[0], -1 / (1 - o[1]), -1 / (1 - o[2])])
print("dE/do printed:                 ", said["dE_do_out"])
print("  -1/o1, -1/(1-o2), -1/(1-o3): ", by_formula.round(5))
print("  true, -y/p:                  ", (-y / true["o_out"]).round(5) + 0.0)
print("do/din printed:                ", said["do_out_do_in"])
print("  p1(1-p1), p2(1-p2), p3(1-p3):", (later * (1 - later)).round(5))
print("  p3(1-p2):                    ", (later[2] * (1 - later[1])).round(5))

# %% [markdown]
# - **The outputs.** $-1/0.2698$ is $-3.70645$: the row starts from outputs that were made without exponentials,
#   $0.2698$, $0.3223$, $0.4078$. They are the logits divided by their sum, no softmax. The loss printed for them,
#   $0.965$, is $-(\log_{10} 0.2698 + \log_{10}(1 - 0.3223) + \log_{10}(1 - 0.4078)) = 0.96545$. That is the loss of
#   three separate yes-or-no outputs, with a base-10 logarithm.
# - **The loss's slope** belongs to that loss as well, now with the natural logarithm. And it has a slip in the sign: the
#   slope of $-\log(1 - o)$ is $+1/(1 - o)$, so the second and third number would be positive. For a softmax with
#   cross-entropy they are 0.
# - **The softmax's slope.** Only the diagonal of the Jacobian is there. The off-diagonal terms are dropped, and it is they
#   that tell the wrong classes to go down. The third number is not even on the diagonal: $0.3685$ is $p_3 (1 - p_2)$,
#   where $p_3 (1 - p_3)$ gives $0.24975$. These $p$ are those of a later edition, which are a true softmax. So the two rows belong
#   to two different outputs. (The first number, $0.15911$, should be $0.15915$.)
#
# ### 2. The gradient of the output layer's weights

# %%
# Run this once weight_gradient and slips are written.
if ready(weight_gradient) and ready(slips):
    product = said["dE_do_out"] * said["do_out_do_in"]
    by_rows = np.array(weight_gradient(said["h2_out"], product))
    twice = product * np.array([1, said["do_out_do_in"][1], 1])
    by_twice = np.array(weight_gradient(said["h2_out"], twice))
    print("product of the two rows:", product.round(5))
    print("gradient by your function from it:\n", by_rows.round(5))
    print("the same, with 0.2040 twice in column 2:\n", by_twice.round(5))
    print("printed:\n", said["grad_W_kl"])
    print("true:\n", true["grad_W_kl"].round(5))

# %% [markdown]
# Columns 1 and 3 follow from the printed rows. In column 2 the slope $0.2040$ was multiplied in twice: where
# $-1.4755$ belonged, $-0.301$ was used, and $-1.4755 \cdot 0.2040$ is $-0.301$ already.
#
# ### 3. The new weights
#
# Your own `update` with the **printed** gradient must give the printed weights. Where does it not?

# %%
# Run this once update and slips are written.
if ready(update) and ready(slips):
    printed_gradients = [said[f"grad_{name}"] for name in example["weights"]]
    for name, new in zip(example["weights"], update(weights, printed_gradients, rate)):
        found = np.array(slips(example["printed"][f"new_{name}"], np.array(new)), dtype=bool)
        print(f"new_{name}: {found.sum()} of 9 do not follow from the printed gradient")
        for i, j in np.argwhere(found):
            figure = example["printed"][f"new_{name}"][i][j]
            print(f"   row {i + 1}, column {j + 1}: printed {figure}, should be {new[i][j]:.7f}")

# %% [markdown]
# Five slips of the decimal point. Four times in $W_{kl}$ a 0 too many came in after the point, as in $0.9006098$ for
# $0.906098$; the step is then a tenth of what it should be. Once, in $W_{jk}$, a 0 was lost: $0.803813$ for $0.8003813$, ten times
# the step. In $W_{ij}$ all nine are right, by the printed gradient.
#
# ### 4. One layer back
#
# For the slopes of layer 2 the walk-through prints $0.058156$, $0.0564$, $0.0196$. That is $h(1 - h)$ for the rounded
# $0.938$, $0.94$, $0.98$. The true slopes are $0.05743$, $0.05598$, $0.01759$: the third is off by 11 per cent, because $1 - h$ is
# small and takes the whole rounding of $h$. So do not round before you subtract.
#
# Then the sum over the next layer. Your `hidden_delta` does it with the whole matrix. Give it a matrix in which only the
# diagonal is left, and it does what the walk-through did.

# %%
# Run this once hidden_delta is written.
if ready(hidden_delta):
    ones = np.ones(3)
    product = said["dE_do_out"] * said["do_out_do_in"]
    delta = said["dE_dh2_out"] * said["dh2_out_dh2_in"]
    diagonal = np.diag(np.diag(W_jk))
    print("layer 2, dE/dh2_out printed:      ", said["dE_dh2_out"])
    print("  by your function, from its rows:", np.array(hidden_delta(product, W_kl, ones)).round(5))
    print("  true:                           ", true["dE_dh2_out"].round(5))
    print("layer 1, dE/dh1_out printed:      ", said["dE_dh1_out"])
    print("  with the whole W_jk:            ", np.array(hidden_delta(delta, W_jk, ones)).round(5))
    print("  with its diagonal only:         ", np.array(hidden_delta(delta, diagonal, ones)).round(5))
    print("  true:                           ", true["dE_dh1_out"].round(5))

# %% [markdown]
# - **Layer 2.** The printed $-0.8903$, $-0.74218$, $-1.0810$ do not follow from the printed factors, which give
#   $-0.67717$, $-0.51207$, $-0.91509$. We have found no formula that gives them. (Some of the products are printed too: $1.4755 \cdot 0.2040
#   \cdot 0.4$ is $0.1204$, printed is $0.2383$.)
# - **Layer 1.** The sum is missing. $-0.01035$ is the first delta times $W_{jk}$'s entry in row 1, column 1, and nothing else;
#   for the second unit it is row 2, column 2, and so on. Each unit hears of one unit of the next layer only, the one with
#   its own number.
#
# From there on, the printed gradients and weights follow from the printed factors. And one thing is missing altogether:
# the **biases** are never updated.
#
# The slips live on. A university's example program that names the article as its source has the loss summed over three
# yes-or-no outputs, with a base-10 logarithm; the lost sign in its slope; and the softmax's slope by the diagonal alone. A
# library in another language has the lost sign as well, and above it a comment: do not use this, not sure it works.
#
# ### What it does to the step
#
# Put it side by side. All 27 printed gradients are negative, so every weight grows, and with them all logits, those of
# the wrong classes too. The true gradient of $W_{kl}$ is negative in one column and positive in two; in the two other
# layers it is positive throughout.

# %%
steps = dict(example["after_the_step"])
before = steps.pop("no step")
gains = [before["loss"] - step["loss"] for step in steps.values()]
colors, hatches = ["#4477aa", "#228833", "#ee7733", "#cc3311"], ["", "//", "..", "xx"]

fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
for k, (kind, step) in enumerate(steps.items()):
    style = {"color": colors[k], "hatch": hatches[k], "edgecolor": "white"}
    left.bar(np.arange(3) + 0.2 * (k - 1.5), step["o_in"] - before["o_in"], 0.19, **style)
    bar = right.barh(kind, gains[k], **style)
    right.bar_label(bar, fmt="%.5f", padding=3, fontsize=9)
left.axhline(0, color="black", linewidth=0.8)
left.set(xticks=range(3), xticklabels=["class 1 (true)", "class 2", "class 3"])
left.set_title("How far the step moves each logit")
right.set_title("How much the loss falls")
right.invert_yaxis()
right.margins(x=0.25)
show_figure(
    fig,
    alt="Left: how far each kind of step moves the three logits. The true gradient raises class 1 "
    "and lowers the others; the printed one raises all three. Right: how much the loss falls: "
    + ", ".join(f"{kind} {gain:.5f}" for kind, gain in zip(steps, gains)) + ".",
)

# %% [markdown]
# | the step | loss after it |
# |---|---|
# | none | 1.61723 |
# | the printed new weights | 1.61622 |
# | the printed gradient, without the slips of the decimal point | 1.61371 |
# | the true gradient, weights only | 1.59024 |
# | the true gradient, weights and biases | 1.58041 |
#
# The printed step lowers the true loss as well, but by $0.00101$ in place of $0.03683$: about a 36th. How can a step that
# is so wrong help at all? Its direction still has something in common with the right one: the first column of $W_{kl}$, the
# largest part of the gradient, has the right sign. That is why such slips go unnoticed. **A falling loss does not prove
# that a gradient is right.** Move the rate up in the picture and the difference shows: the true step goes on to a loss of
# almost 0, the published one never gets below $1.43$, and at the rate 5 it ends above where it began.

# %%
explore.backprop(backward, predict=True)

# %% [markdown]
# ### The whole list
#
# The data hold each slip with the formula that gives the published figure. This is what an audit should leave behind:
# what is printed, what is true, and how to see it.

# %%
def lines(text, width=92):
    """The text, broken between words."""
    broken = [""]
    for word in text.split():
        if len(broken[-1]) + len(word) > width:
            broken.append("")
        broken[-1] += f"{word} "
    return "\n    ".join(broken)


for number, erratum in enumerate(example["errata"], 1):
    print(f"{number:2}. {erratum['figure']}\n    {lines(erratum['slip'])}")
    if erratum["formula"]:
        print(f"      = {lines(erratum['formula'])}")

# %% [markdown]
# Nobody who writes out 85 numbers by hand is safe from such slips. The remedy is not more care but a second way to the
# same number: measure a slope, let a program compute along, ask whether a row must sum to 0. You have done all three here.
#
# ## What you can do now
#
# - Derive the delta of a softmax output with cross-entropy, and say what is lost if only the diagonal is used.
# - Carry a delta one layer back, and say why the sum over the next layer is needed.
# - Turn deltas into gradients of weights and biases, for a sample and a batch.
# - Write the backward pass of a whole network, and take a step with it.
# - Tell a wrong figure from a rounded one, and trace it to the formula it came from.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# Choose one of these slips: only the diagonal of the softmax's Jacobian; the missing sum over the next layer; biases that
# are never updated.
#
# 1. Say with a formula what the gradient lacks, and which part of the network learns wrongly or not at all.
# 2. Somebody trains with this slip, and the loss falls. Name a check, with the numbers you would compare, that finds it.
#
# A good answer has two or three sentences for each part.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1 point for each part. For example:
#
# **Diagonal only.** 1. The delta becomes $-y_j (1 - p_j)$ in place of $p_j - y_j$. For the true class both are the same;
# for the wrong classes it is 0 in place of $p_j$. So the logits of the wrong classes are never pushed down by this
# sample, and the hidden layers do not hear of them. 2. The entries of the output delta must sum to 0, here
# $-0.80155 + 0.28536 + 0.51620$; with the slip the sum is $-0.80155$. Or measure: move one bias of a wrong class by
# $10^{-5}$ both ways and compare the loss's slope with $p_j$.
#
# **Missing sum.** 1. $\delta_k = f'(z_k)\,\delta^{\text{next}}_k W_{kk}$ in place of
# $f'(z_k) \sum_l \delta^{\text{next}}_l W_{kl}$: each hidden unit
# hears of one unit of the next layer only. The output layer still learns rightly, the layers below go a wrong way.
# (And it makes sense only if both layers have the same size.) 2. Measure the slope along one weight of the first layer and
# compare it with the gradient's entry; or build a network with layers of different sizes, where the slip cannot even run.
#
# **No bias updates.** 1. $\partial L/\partial b = \delta$ is not zero, but is treated as 0; the thresholds stay where they
# were at the start. 2. Compare the biases before and after the step: they must differ by $\eta\,\delta$. Here the loss
# after the step is $1.59024$ where $1.58041$ is due.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written backpropagation for a whole network, taken a step with it, and audited a published one.

# %%
progress("08-backprop-by-hand")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `08-backprop-by-hand.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Paul Werbos described it in 1974. David Rumelhart, Geoffrey Hinton and Ronald
# Williams made it known in 1986 (*Nature* 323, page 533): four pages, and readable now.
#
# **In a framework** your `backward` is `loss.backward()`, and your `update` is `optimizer.step()`.
#
# Three layers with names of their own were a start. The next lesson does it for any number of them.
#
# **Next:** [9. Backpropagation for any depth](../09-four-equations/09-four-equations.ipynb)
