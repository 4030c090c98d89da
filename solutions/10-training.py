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
# # 10. Training: the whole algorithm, on real digits
#
# You can compute a gradient. Now you use it, a few thousand times in a row. In this lesson you write a training program
# from an empty page, with NumPy alone, and let it learn to read handwritten digits. At the end it reads at least 95 of
# 100 digits that it has never seen.
#
# Three questions come up on the way:
#
# - **How many rows go into one step?** One, a few, or all: the loss falls along a jagged or a smooth curve.
# - **Where do the weights start?** Some starts get stuck, and one start never gets going at all.
# - **How well does it really do?** The loss on the rows it learned from is not the answer.
#
# You need the chain rule through a layer ([lesson 9](../09-four-equations/09-four-equations.ipynb)), and the softmax with
# the cross-entropy ([lesson 5](../05-cross-entropy/05-cross-entropy.ipynb)); what you need is recalled where it is used. The
# nine exercises take about 95 minutes, the whole lesson about two
# hours. Under each exercise stands a check. For help type, for example, `hint("train_step")` into a new cell: each call
# shows one more of three hints.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import (
    bring,
    check,
    draw_points,
    explore,
    hint,
    load_digits,
    load_points,
    progress,
    ready,
    show_figure,
)

# %% [markdown]
# ## Play first
#
# A small net learns to tell two clouds of points apart, 32 points in all. A **step** takes some of the rows, a **batch**, computes the
# mean loss over them and its gradient, and moves the weights a little downhill. The picture on the left shows the loss
# of each step's own batch: what you would see while the training runs. On the right is the loss over all 32 rows.
#
# One row a step. Does the loss on the left go down at every step, or sometimes up? Move the last slider to your guess
# and press Reveal. Then untick "Guess first" and try:
#
# 1. "all rows", "batches of 16", "single rows". Which curve is smooth? Where does each one end?
# 2. How many rows did each of the three have to compute? The table below the picture counts them.
# 3. "single rows, long steps", then "single rows, small steps". What does a smaller learning rate do to the jumps?

# %%
explore.batches(predict=True)

# %% [markdown]
# What you have seen has names:
#
# - **Batch training** takes all rows, or at least many, for each step. The error is the mean over them. One odd row
#   hardly moves a mean, so the curve comes down smoothly.
# - **Stochastic training** takes a single row, picked at random. The next row is another one and has another loss, so
#   the curve is jagged. It goes up about as often as down. And yet the loss over all rows comes down: each step is
#   wrong by itself, and the steps are right on average.
# - **Mini-batches** lie between the two: 16 rows, or 32. The steps are fairly sure, and cheap.
#
# Both ways end low. The price differs: with 32 rows, one step on all of them costs as much as 32 single ones.
#
# ## 1. Real data
#
# The digits are 1797 small pictures, written by 13 people. Each picture has 8 by 8 pixels from 0 (paper) to 1 (ink),
# laid out in one row of 64 numbers. They come from the UCI Machine Learning Repository (Alpaydin and Kaynak 1998,
# Optical Recognition of Handwritten Digits, CC BY 4.0); `data/digits.md` in the course folder tells more.

# %%
X_all, labels = load_digits()
print("pixels:", X_all.shape, " labels:", labels.shape, labels[:12])

fig, axes = plt.subplots(2, 10, figsize=(9, 2.2), layout="constrained")
for k, ax in enumerate(axes.flat):
    ax.imshow(X_all[k].reshape(8, 8), cmap="gray_r")
    ax.set_title(labels[k], fontsize=10)
    ax.axis("off")
alt = f"The first twenty digits, 8 by 8 grey pixels each. Their labels: {labels[:20].tolist()}."
show_figure(fig, alt)

# %% [markdown]
# The net will have ten outputs, one probability for each digit. So the target must have ten numbers too: probability 1
# for the right digit, 0 for the others. Such a row is called **one-hot**. For three classes, the labels 2, 0, 2 become
#
# $$Y = \begin{pmatrix} 0 & 0 & 1 \\ 1 & 0 & 0 \\ 0 & 0 & 1 \end{pmatrix}$$
#
# Class 1 has a column although it does not occur. Why not use the label itself as the target? Because 8 is not twice as
# much as 4: classes are names, not sizes.

# %% [markdown]
# ### Exercise 1: `one_hot(labels, classes)`
#
# Turn labels into one-hot rows. A single label gives a single row.
#
# Stuck? `hint("one_hot")` gives one hint at a time.

# %% exercise="one_hot"
def one_hot(labels, classes):
    """Turns labels into rows with a single 1.

    labels: shape (m,), whole numbers from 0 to classes - 1; or one whole number. m may be 1.
    classes: how many classes there are, 1 or more, also those that do not occur.
    Returns shape (m, classes), or (classes,) for one label, each entry 0 or 1.
    """
    ### BEGIN SOLUTION
    return np.eye(classes)[labels]
    ### END SOLUTION

# %%
# Run this once one_hot is written.
if ready(one_hot):
    Y_all = np.array(one_hot(labels, 10))
    print("targets:", Y_all.shape)
    print("rows of each digit:", Y_all.sum(axis=0).astype(int))

# %% [markdown]
# ## 2. Where the weights start
#
# Gradient descent improves weights. It needs some to begin with. Which?
#
# ### Zeros: nothing to tell the units apart
#
# Let a net have one hidden layer of tanh units, and let all weights and biases be 0. Follow one row $x$ through it,
# with pencil and paper:
#
# - Every hidden unit computes $z = 0$ and gives $a = \tanh 0 = 0$.
# - Every output gets the logit 0, so every class has the same probability.
# - On the way back, the gradient of the last weights is $a^{\mathsf T} \delta$, and $a$ is 0. So they **stay 0**.
# - The hidden delta is $\delta\, W^{\mathsf T}$ times the slope, and $W$ is 0. So the first weights **stay 0** as well.
#
# Only the last biases move. The net learns how frequent each class is, and never looks at its input.
#
# Another number does not help. Let all weights be 0.5. Then all hidden units get the same inputs through the same
# weights, so they give the same number. They get the same delta back, so they change by the same amount, and are the
# same after the step. A layer of a hundred equal units can do no more than one. This is a **symmetry**, and gradient
# descent never breaks it: it treats equals equally. Chance has to break it. So the weights are drawn at random.

# %% [markdown]
# ### How large?
#
# If the weights are too small, the signal shrinks from layer to layer until it no longer depends on the input. If they are
# too large, the signal stays large, but the tanh saturates: its slope is nearly 0 out there. On the way back every delta
# is multiplied by these slopes ([lesson 9](../09-four-equations/09-four-equations.ipynb)). So there are two things to look
# at, the signal and the slope. A hundred rows of random numbers go through ten layers of 100 tanh units, with weights of
# three sizes.

# %%
rng = np.random.default_rng(0)
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
told = []
for std, style in ((0.01, "o--"), (0.1, "s-"), (1.0, "^:")):
    a = rng.normal(0, 1, (100, 100))
    spread, slope = [a.std()], []
    for _ in range(10):
        a = np.tanh(a @ rng.normal(0, std, (100, 100)))
        spread.append(a.std())
        slope.append(np.mean(1 - a**2))
    left.semilogy(spread, style, label=f"weights of standard deviation {std}")
    right.plot(range(1, 11), slope, style, label=f"weights of standard deviation {std}")
    told.append(f"with {std} the signal is {spread[-1]:.1e} and the mean slope {slope[-1]:.2f}")
left.set(xlabel="layer", ylabel="standard deviation of the signal", title="The signal on its way")
right.set(xlabel="layer", ylabel="mean slope of the tanh", title="What a delta is multiplied by", ylim=(0, 1.05))
left.legend(loc="lower left", fontsize=8)
show_figure(fig, alt=f"Ten layers of tanh units, the signal and the mean slope. After ten layers: {'; '.join(told)}.")

# %% [markdown]
# With weights of 0.01 each layer passes on a tenth of what it got, and after ten layers one part in ten thousand million is
# left, $10^{-10}$: the slopes are fine, but there is nothing to learn from. With 1 the signal looks best of all, and that
# is the trap: the tanh is pushed to $+1$ or $-1$ nearly everywhere, and the slope is small in every layer. Between the two
# lies a size at which signal and slope both keep going. It can be computed.
#
# One unit adds up $z = a_1 w_1 + a_2 w_2 + \dots + a_n w_n$, where $n = n_{\text{in}}$ is the number of its inputs.
# The weights are drawn independently, with mean 0 and variance $\operatorname{Var}(w)$. The mean of $z$ is 0, and its
# variance is the mean of $z^2$. Square the sum: the mixed terms $a_1 w_1 a_2 w_2$ have mean 0, because $w_1$ and $w_2$
# are independent. What is left is
#
# $$\operatorname{Var}(z) = n_{\text{in}} \cdot \operatorname{Var}(w) \cdot \operatorname{mean}(a^2)$$
#
# So each layer multiplies the signal's mean square by $n_{\text{in}} \operatorname{Var}(w)$. For a signal that neither
# grows nor shrinks this factor must be 1. The three sizes in the figure, with $n_{\text{in}} = 100$: the root of the
# factor is $\sqrt{100} \cdot 0.01 = 0.1$, then $\sqrt{100} \cdot 0.1 = 1$, then $\sqrt{100} \cdot 1 = 10$.
#
# On the way back the deltas are added up over the $n_{\text{out}}$ outputs in the same manner, which asks for
# $n_{\text{out}} \operatorname{Var}(w) = 1$. Both can hold only if $n_{\text{in}} = n_{\text{out}}$. The **Xavier**
# scheme takes the middle:
#
# $$\operatorname{Var}(w) = \frac{2}{n_{\text{in}} + n_{\text{out}}}, \qquad \operatorname{std}(w) = \sqrt{\frac{2}{n_{\text{in}} + n_{\text{out}}}}$$
#
# A ReLU passes on only half of what comes, the positive half, and so halves the mean square. The **He** scheme makes up
# for that with a factor of 2, and looks at the way forward alone:
#
# $$\operatorname{std}(w) = \sqrt{\frac{2}{n_{\text{in}}}}$$
#
# For 64 inputs and 32 units Xavier gives $\sqrt{2/96} = 0.1443$, and He gives $\sqrt{2/64} = 0.1768$. You may draw
# the weights from a normal distribution or from a uniform one. A uniform one between $-r$ and $r$ has the standard
# deviation $r/\sqrt3$, so for Xavier $r = \sqrt{6/96} = 0.25$ here.
#
# The biases start at 0. They need no chance: the weights make the units different already.

# %% [markdown]
# ### Exercise 2: `initialise(sizes, rng, scheme)`
#
# `sizes` counts the units from layer to layer, the inputs first: `[64, 32, 10]` has 64 inputs, 32 hidden units and 10
# outputs. That makes **two** layers, each with its weights. `rng` is a NumPy generator, as `np.random.default_rng(7)` makes one: use its methods,
# such as `rng.normal` or `rng.uniform`, and no other source of chance. Then a run can be repeated.
#
# Your numbers need not be anybody else's. The check looks at shapes, at mean and standard deviation of each layer, and at
# whether the same generator gives the same weights again, and another one others.
#
# Stuck? `hint("initialise")`.

# %% exercise="initialise"
def initialise(sizes, rng, scheme):
    """Draws the first weights of a net, and sets its biases to 0.

    sizes: whole numbers, the units of each layer, the inputs first.
    rng: the NumPy generator to draw from, and nothing else.
    scheme: "zeros": all weights exactly 0,
        "xavier": mean 0, standard deviation sqrt(2 / (n_in + n_out)),
        "he": mean 0, standard deviation sqrt(2 / n_in); normal and uniform are both right.
        n_in and n_out are those of the layer itself. Every weight is drawn anew.
    Returns (weights, biases), two lists with one array a layer:
    W of shape (n_in, n_out), b of shape (n_out,).
    """
    ### BEGIN SOLUTION
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        variance = {"zeros": 0, "xavier": 2 / (n_in + n_out), "he": 2 / n_in}[scheme]
        std = np.sqrt(variance)
        weights.append(rng.normal(0, std, (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases
    ### END SOLUTION

# %% [markdown]
# **Use it.** The ten layers from above once more, with your weights: from layer to layer the tanh takes a little away,
# but the signal arrives.

# %%
# Run this once initialise is written.
if ready(initialise):
    drawn, _ = initialise([100] * 11, np.random.default_rng(1), "xavier")
    a = np.random.default_rng(2).normal(0, 1, (100, 100))
    for layer, W in enumerate(drawn, 1):
        a = np.tanh(a @ np.array(W))
        if layer in (1, 5, 10):
            print(f"after layer {layer:2d}: standard deviation {a.std():.3f}")

# %% [markdown]
# ## 3. Forward
#
# A layer computes $z = a W + b$ from what the layer before gave it, and then bends it: $a = f(z)$. In this lesson a
# layer's $f$ is given by its name:
#
# | name | formula | for |
# |---|---|---|
# | `"sigmoid"` | $1 / (1 + e^{-z})$ | hidden layers |
# | `"tanh"` | $\tanh z$ | hidden layers |
# | `"relu"` | $z$ above 0, else 0 | hidden layers |
# | `"softmax"` | $e^{z_i} / \sum_k e^{z_k}$, along each row | the last layer |
#
# The first three work on each number by itself. The softmax works on a row. Keep in mind that $e^{1000}$ is too large
# for a float, and that subtracting the row's largest number first changes nothing but this.

# %% [markdown]
# ### Exercise 3: `activate(z, name)`
#
# All four in one function. It takes a sample, shape `(n,)`, or a batch, shape `(m, n)`. The sums may be of any size: at
# $\pm 1000$ none of the four may give `nan`.
#
# You have written these before, in lessons 3 and 4. `bring("sigmoid")`, `bring("relu")` and `bring("softmax")`, each in a
# new cell above your function, put your own code, if it has passed its check there, into the next cell. Run those cells,
# and call the three in your function.
#
# Stuck? `hint("activate")`.

# %% exercise="activate"
def activate(z, name):
    """Applies the activation called `name`.

    z: shape (n,) or (m, n), the sums of a layer, of any size; m and n may be 1.
    name: "sigmoid", "tanh", "relu" or "softmax".
    Returns the layer's outputs, same shape, never nan; z stays as it was.
    The softmax runs along the last axis.
    """
    ### BEGIN SOLUTION
    if name == "sigmoid":
        return (1 + np.tanh(z / 2)) / 2
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(z, 0)
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
    ### END SOLUTION

# %% [markdown]
# ### Exercise 4: `predict_probabilities(X, weights, biases, activations)`
#
# Now all layers, one after the other. `weights`, `biases` and `activations` are lists of the same length, one entry for
# each layer. With `["tanh", "softmax"]` there is one hidden layer.
#
# Stuck? `hint("predict_probabilities")`.

# %% exercise="predict_probabilities"
def predict_probabilities(X, weights, biases, activations):
    """Sends rows through the net.

    X: shape (n,) or (m, n); m, the layers' sizes and their number may be 1.
    weights, biases: lists of arrays, W of shape (n_in, n_out), b of shape (n_out,).
    activations: list of names, one a layer, the last one "softmax".
    Returns the probabilities of the classes, shape (classes,) or (m, classes).
    The arguments stay as they were.
    """
    ### BEGIN SOLUTION
    a = X
    for W, b, name in zip(weights, biases, activations, strict=True):
        a = activate(a @ W + b, name)
    return a
    ### END SOLUTION

# %% [markdown]
# ### Is it right?
#
# The probabilities are an answer with doubts. When somebody wants *one* digit, the net names the most probable. The
# share of rows for which that is the right one is called the **accuracy**. It is what we care about. Why not train on
# it directly? Because it has no useful slope: nudge a weight a little, and mostly no row changes sides. The loss has a
# slope everywhere.

# %% [markdown]
# ### Exercise 5: `accuracy(X, Y, weights, biases, activations)`
#
# The share of rows whose most probable class is the true one, a number between 0 and 1.
#
# Stuck? `hint("accuracy")`.

# %% exercise="accuracy"
def accuracy(X, Y, weights, biases, activations):
    """The share of rows that the net classifies rightly.

    X: shape (n,) or (m, n). Y: one-hot, shape (classes,) or (m, classes). m may be 1.
    The net is given as in predict_probabilities. The arguments stay as they were.
    Returns one number from 0 to 1 (no unit); for a single sample 0 or 1.
    """
    ### BEGIN SOLUTION
    P = predict_probabilities(X, weights, biases, activations)
    return np.mean(np.argmax(P, axis=-1) == np.argmax(Y, axis=-1))
    ### END SOLUTION

# %% [markdown]
# **Use it.** How good is a net that has learned nothing? With ten digits, guessing is right about one time in ten.

# %%
# Run this once initialise, accuracy and one_hot are written.
if ready(initialise) and ready(accuracy) and ready(one_hot):
    for seed in range(3):
        net = initialise([64, 32, 10], np.random.default_rng(seed), "xavier")
        score = accuracy(X_all, Y_all, *net, ["tanh", "softmax"])
        print(f"untrained, seed {seed}: accuracy {score:.3f}")

# %% [markdown]
# ## 4. One step: the whole algorithm
#
# Here is gradient descent with backpropagation as one recipe, for a batch of $m$ rows. Layers are counted $l = 1,
# \dots, L$, and $a^{(0)} = X$. Shapes stand beside the formulas, with $n_l$ for the units of layer $l$.
#
# **(1) Forward.** For $l = 1, \dots, L$:
#
# $$z^{(l)} = a^{(l-1)} W^{(l)} + b^{(l)}, \qquad a^{(l)} = f_l(z^{(l)}) \qquad (m, n_l)$$
#
# The last output is $P = a^{(L)}$, and the loss is the mean cross-entropy $\mathcal{L} = -\frac{1}{m} \sum_i \sum_j
# Y_{ij} \log P_{ij}$. (For targets that are continuous numbers one would take the squared distance instead; nothing
# below changes but the first delta.)
#
# **(2) Backward.** A delta is $\partial \mathcal{L} / \partial z$, one number for each unit and row.
#
# 1. At the output, softmax and cross-entropy together give
#
# $$\delta^{(L)} = \frac{1}{m} (P - Y) \qquad (m, n_L)$$
#
# 2. From each layer to the one before, as far as there is a hidden one:
#
# $$\delta^{(l)} = \bigl(\delta^{(l+1)}\, (W^{(l+1)})^{\mathsf T}\bigr) \odot f_l'(z^{(l)}) \qquad (m, n_l)$$
#
# 3. The gradients of each layer:
#
# $$\frac{\partial \mathcal{L}}{\partial W^{(l)}} = (a^{(l-1)})^{\mathsf T}\, \delta^{(l)} \qquad (n_{l-1}, n_l), \qquad
# \frac{\partial \mathcal{L}}{\partial b^{(l)}} = \sum_{i=1}^{m} \delta^{(l)}_i \qquad (n_l,)$$
#
# **(3) Update**, with the learning rate $\eta$, all layers, weights and biases:
#
# $$W^{(l)} \leftarrow W^{(l)} - \eta\, \frac{\partial \mathcal{L}}{\partial W^{(l)}}, \qquad
# b^{(l)} \leftarrow b^{(l)} - \eta\, \frac{\partial \mathcal{L}}{\partial b^{(l)}}$$
#
# That is all of it. Two remarks make it short to write.
#
# **The slope from the output.** Step 2 wants $f'(z)$. You need not keep $z$: for all three hidden activations the slope
# follows from the output $a$, which you keep anyway.
#
# | activation | slope, written with $a = f(z)$ |
# |---|---|
# | sigmoid | $a\,(1 - a)$ |
# | tanh | $1 - a^2$ |
# | relu | 1 where $a > 0$, else 0 |
#
# Take the tanh: at $a = 0.8$ its slope is $1 - 0.64 = 0.36$, whatever $z$ was.
#
# **First all gradients, then the update.** Step 2 uses the weights of the way forward. If you have changed $W^{(l+1)}$
# already, you send the delta back through a net that never computed this loss.

# %% [markdown]
# ### Exercise 6: `train_step(X, Y, weights, biases, activations, learning_rate)`
#
# The recipe, once: steps (1), (2) and (3) for one batch. It must work for any number of layers, also without a hidden
# one. Return **new** lists, and leave the ones you were given as they are.
#
# This is the longest function of the lesson. Write it in three pieces, and print shapes while you go: every gradient
# has the shape of what it belongs to.
#
# Has your `backprop` of [lesson 9](../09-four-equations/09-four-equations.ipynb) passed its check? Then steps (1) and (2)
# are written: `bring("backprop")`, in a new cell above your function, puts it and your `net_forward`, which it uses, into
# the next cell. What is left to write is the loss and the update. To write the whole recipe once more, from memory, is a
# good test of yourself all the same.
#
# Stuck? `hint("train_step")`.

# %% exercise="train_step"
def train_step(X, Y, weights, biases, activations, learning_rate):
    """One step of gradient descent on one batch.

    X: shape (m, n), m may be 1. Y: one-hot, shape (m, classes).
    weights, biases: lists of arrays, W of shape (n_in, n_out), b of shape (n_out,).
    activations: names, one a layer, of any number; the hidden ones "sigmoid", "tanh" or "relu", the last one "softmax".
    Returns (new_weights, new_biases, loss): two new lists of the same shapes, and the mean
    cross-entropy of the batch (natural logarithm) before the step. No argument is changed.
    """
    ### BEGIN SOLUTION
    slopes = {
        "sigmoid": lambda a: a * (1 - a),
        "tanh": lambda a: 1 - a**2,
        "relu": lambda a: a > 0,
    }
    outputs = [X]
    for W, b, name in zip(weights, biases, activations, strict=True):
        outputs.append(activate(outputs[-1] @ W + b, name))
    P = outputs[-1]
    m = len(X)
    loss = -np.sum(Y * np.log(np.maximum(P, 1e-300))) / m

    delta = (P - Y) / m
    new_weights, new_biases = [], []
    for layer in reversed(range(len(weights))):
        new_weights.insert(0, weights[layer] - learning_rate * outputs[layer].T @ delta)
        new_biases.insert(0, biases[layer] - learning_rate * np.sum(delta, axis=0))
        if layer > 0:
            delta = (delta @ weights[layer].T) * slopes[activations[layer - 1]](outputs[layer])
    return new_weights, new_biases, loss
    ### END SOLUTION

# %% [markdown]
# **Use it** to see what zeros do. Four points, two classes, a hidden layer of three. The first start is all zeros, the
# second all 0.5, the third random. Look at the columns of the first weights: each column belongs to one hidden unit.

# %%
# Run this once initialise and train_step are written.
corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
classes = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])

if ready(initialise) and ready(train_step):
    shapes = [2, 3, 2]
    zeros = initialise(shapes, np.random.default_rng(0), "zeros")
    halves = ([np.full((2, 3), 0.5), np.full((3, 2), 0.5)], [np.zeros(3), np.zeros(2)])
    drawn = initialise(shapes, np.random.default_rng(0), "xavier")
    # Shifted a little: around the middle itself, equal weights would not even move.
    lopsided = corners + np.array([0.25, 0.5])
    for name, (W, b) in (("zeros", zeros), ("all 0.5", halves), ("random", drawn)):
        for _ in range(300):
            W, b, loss = train_step(lopsided, classes, W, b, ["tanh", "softmax"], 0.5)
        print(f"{name}: loss {loss:.4f} after 300 steps, first weights")
        print(np.array(W[0]).round(4) + 0.0)

# %% [markdown]
# The zeros have not moved, and the loss is still $\log 2 = 0.6931$: two classes, a coin toss. From 0.5 the weights do
# move, but all together: the three columns are equal to the last digit. The layer does no more than one unit could.
# Only the random start has three units to work with, and only there the loss comes far down.
#
# **Is the gradient right?** Do not trust it: measure. Nudge one weight by $h$ to both sides; the change of the loss per
# $2h$ must be the entry of the gradient. The step moved the weight by $-\eta$ times the gradient, so the gradient can
# be read off the step.

# %%
# Run this once initialise and train_step are written.
if ready(initialise) and ready(train_step):
    names, h = ["tanh", "softmax"], 1e-5
    W, b = initialise([2, 3, 2], np.random.default_rng(4), "xavier")
    moved, _, _ = train_step(corners, classes, W, b, names, 1.0)
    print("weight      measured   from the step")
    for i, j in ((0, 0), (1, 0), (1, 2)):
        loss = []
        for nudge in (h, -h):
            nudged = [np.array(each) for each in W]
            nudged[0][i, j] += nudge
            loss.append(train_step(corners, classes, nudged, b, names, 1.0)[2])
        measured, read_off = (loss[0] - loss[1]) / (2 * h), W[0][i][j] - moved[0][i][j]
        print(f"W1[{i}, {j}]  {measured:+.8f}   {read_off:+.8f}")

# %% [markdown]
# ## 5. Batches
#
# An **epoch** is one pass over all rows. At its start the rows are put into a new random order, and then cut into
# batches of $B$ rows. If $m$ is no multiple of $B$, the last batch is shorter. With 10 rows and $B = 4$ the batches
# have 4, 4 and 2 rows.
#
# Why shuffle? Rows often come sorted, all noughts first, then all ones. Then every batch would pull towards its own
# digit and none would speak for the whole. And why anew in each epoch? So that no two rows are always in one batch.
#
# Two things go wrong easily. Each row of $X$ must keep its own row of $Y$. And the last, short batch must not get lost.

# %% [markdown]
# ### Exercise 7: `minibatches(X, Y, batch_size, rng)`
#
# Shuffle the rows and cut them into batches. `batch_size` may also be 1, or larger than the number of rows: then there
# is one batch with all of them. Draw from `rng` alone, and leave `X` and `Y` as they are.
#
# Stuck? `hint("minibatches")`.

# %% exercise="minibatches"
def minibatches(X, Y, batch_size, rng):
    """Cuts the rows, in a new random order, into batches.

    X: shape (m, n). Y: shape (m, classes), row i belongs to row i of X. Both stay as they were.
    batch_size: rows a batch, 1 or more. rng: the NumPy generator to draw from, and nothing else;
    every order of the rows is equally likely.
    Returns a list of pairs (X_batch, Y_batch), of shapes (rows, n) and (rows, classes):
    batch_size rows each, in the last one what is left. Every row is in exactly one batch.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], Y[rows]))
    return batches
    ### END SOLUTION

# %% [markdown]
# **Use it.** How far is the gradient of a batch from that of all rows? The next cell draws many batches from the digits
# and compares the step that each would take with the step on all rows. An angle of 0 degrees is the same direction, 90
# degrees is no help at all.

# %%
# Run this once the functions so far are written.
if all(map(ready, (one_hot, initialise, train_step, minibatches))):
    names, draws = ["tanh", "softmax"], np.random.default_rng(3)
    W, b = initialise([64, 32, 10], draws, "xavier")

    def direction(X, Y):
        moved, _, _ = train_step(X, Y, W, b, names, 1.0)
        step = np.concatenate([np.ravel(old - new) for old, new in zip(W, moved, strict=True)])
        return step / np.linalg.norm(step)

    whole = direction(X_all, Y_all)
    for size in (1, 4, 16, 64, 256):
        batches = minibatches(X_all, Y_all, size, draws)[:-1][:50]  # without the short one
        cosines = [direction(X, Y) @ whole for X, Y in batches]
        angle = np.degrees(np.arccos(np.mean(cosines)))
        print(f"batches of {size:3d}: {angle:3.0f} degrees off on average")

# %% [markdown]
# A single row points mostly sideways, but a little in the right direction. Sixteen rows are much surer, at sixteen
# times the price. The price of an epoch is the same for all: it computes every row once. What the batch size decides is
# how many **steps** come out of it: many rough ones or a few good ones.

# %% [markdown]
# ### Exercise 8: `train(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng)`
#
# Put the parts together: start with the scheme `"xavier"`, then in each epoch cut the rows into new batches and take
# one step on each. Keep the loss of every step. For $m$ rows that makes $\lceil m / B \rceil$ losses an epoch, where
# $\lceil\ \rceil$ rounds up.
#
# The check cannot know your random numbers, so it looks at what must hold for any. With a learning rate of 0, for
# example, the losses of an epoch must add up to the loss over all rows. With one batch an epoch it plays your steps
# backwards from the weights you return.
#
# Stuck? `hint("train")`.

# %% exercise="train"
def train(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng):
    """Trains a net from random weights.

    X: shape (m, n). Y: one-hot, shape (m, classes).
    sizes: units of each layer, n first and classes last.
    activations: names, one a layer, the last one "softmax".
    learning_rate: the same for all steps. batch_size: rows a batch.
    epochs: passes over all rows, each in a new order.
    rng: the NumPy generator for the weights (scheme "xavier") and for the orders, and nothing else.
    Returns (weights, biases, loss_history): the lists after the last step, and one number
    for each step, in order: the batch's mean loss before the step. That makes epochs times
    ceil(m / batch_size) numbers.
    """
    ### BEGIN SOLUTION
    weights, biases = initialise(sizes, rng, "xavier")
    loss_history = []
    for _ in range(epochs):
        for X_batch, Y_batch in minibatches(X, Y, batch_size, rng):
            weights, biases, loss = train_step(
                X_batch, Y_batch, weights, biases, activations, learning_rate
            )
            loss_history.append(loss)
    return weights, biases, loss_history
    ### END SOLUTION

# %% [markdown]
# **Use it** on the sliders from the beginning, where your own training now runs. It starts from other weights, so its
# curve is another one, jagged or smooth for the same reasons. Press "all rows": it comes down to the same loss as the
# reference. This net has no hidden layer, and its loss has a single valley.

# %%
explore.batches(train)

# %% [markdown]
# **Watch it draw.** The sixty points of [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb) came with a network that
# had learned already. Now you train it: 2 inputs, 3 tanh units, 2 outputs. The same seed gives the same start and the same
# orders, so training for 1, 10, 40 and 120 epochs shows one and the same run at four moments.

# %%
# Run this once predict_probabilities, one_hot and train are written.
if ready(predict_probabilities) and ready(one_hot) and ready(train):
    points, point_labels = load_points()
    targets = np.array(one_hot(point_labels, 2))
    bends = ["tanh", "softmax"]
    fig, axes = plt.subplots(1, 4, figsize=(12, 3.4), layout="constrained", sharey=True)
    told = []
    for ax, epochs in zip(axes, (1, 10, 40, 120), strict=True):
        W, b, losses = train(points, targets, [2, 3, 2], bends, 0.3, 10, epochs, np.random.default_rng(1))

        def probability(places, W=W, b=b):
            return np.array(predict_probabilities(places, W, b, bends))[:, 1]

        draw_points(ax, probability)
        right = np.sum((probability(points) > 0.5) == point_labels)
        ax.set_title(f"epoch {epochs}: {right} of 60")
        told.append(f"after {epochs} epochs {right} of 60 are right")
    show_figure(fig, alt=f"The network's map of the plane at four moments of one training: {'; '.join(told)}. The border "
                "begins as a straight line, and bends more and more until it winds between the arches.")

# %% [markdown]
# First the border is nearly straight: small weights keep every tanh near 0, where it is a straight line itself. Then the
# weights grow, and the border bends. What you see is the walk of lesson 1, in all 17 directions at once.
#
# ## 6. Does the start decide?
#
# Not every loss has a single valley. Here are the four corners of a square, where opposite corners belong together:
# class 1 at $(-1, -1)$ and $(1, 1)$, class 2 at $(-1, 1)$ and $(1, -1)$. No straight line parts them. Two hidden
# units are just enough, if they draw the right two lines.
#
# The next cell trains the same net 30 times, with everything the same but the seed of the random start.

# %%
# Run this once train is written.
if ready(train):
    names = ["tanh", "softmax"]
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
    told = []
    for ax, hidden in zip(axes, (2, 8), strict=True):
        stuck = 0
        for seed in range(30):
            rng = np.random.default_rng(seed)
            losses = train(corners, classes, [2, hidden, 2], names, 0.5, 4, 300, rng)[2]
            is_stuck = losses[-1] > 0.2
            stuck += is_stuck
            style, color = ("--", "#D55E00") if is_stuck else ("-", "#0072B2")
            ax.plot(losses, style, color=color, linewidth=1)
        ax.axhline(np.log(2) / 2, color="black", linewidth=0.8, linestyle=":")
        ax.set(xlabel="step", title=f"{hidden} hidden units: {stuck} of 30 starts are stuck")
        told.append(f"{stuck} of 30 with {hidden} hidden units")
    axes[0].set_ylabel("loss")
    alt = f"Loss curves of 30 trainings. Stuck after 300 steps: {', '.join(told)}. "
    show_figure(fig, alt + "The stuck ones run flat just above ln(2) / 2 = 0.3466.")

# %% [markdown]
# With two hidden units some starts get stuck. The dotted line shows where: at $\frac{1}{2} \log 2 = 0.3466$. This
# number can be read. Two of the four corners are learned, at a loss of nearly 0. The other two look the same to the
# net, so it gives both classes $0.5$, and each of these corners costs $\log 2$. The mean over four corners is $\frac{0 +
# 0 + \log 2 + \log 2}{4} = 0.3466$. More steps do not help: after 20,000 of them the loss is still $0.3466$. All around,
# the ground is flat or rises, although a loss of nearly 0 exists elsewhere. Gradient descent only ever sees the ground
# under its feet, so **where it starts decides in which valley it ends**.
#
# What helps?
#
# - **Another start.** Draw again, and keep the best run.
# - **More units.** With eight there are many ways to get two right lines, and hardly a start that misses them all.
# - **A sensible scheme.** Zeros are the worst start of all: $\log 2 = 0.6931$ for ever, as you saw above.
# - **Noise.** The jumps of small batches can throw a training out of a shallow hollow. This one is too wide: change the
#   batch size in the cell above from 4 to 1, and count again.

# %% [markdown]
# ## 7. The capstone: your program reads digits
#
# A training program can learn its rows by heart. So some rows are kept away from it, and the accuracy is measured on
# these **held-out** rows. Here 1437 rows are for training and 360 are held out, chosen at random. The net has one
# hidden layer of 32 tanh units. That makes $64 \cdot 32 + 32 + 32 \cdot 10 + 10 = 2410$ parameters, each with a
# derivative of its own at every step.

# %%
SIZES, NAMES = [64, 32, 10], ["tanh", "softmax"]


def learn_digits(seed):
    """Splits the rows at random, trains on 1437 of them, and measures on the other 360."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X_all))
    seen, held_out = order[:1437], order[1437:]
    weights, biases, losses = train(
        X_all[seen], Y_all[seen], SIZES, NAMES,
        learning_rate=0.5, batch_size=32, epochs=40, rng=rng,
    )
    return weights, biases, losses, seen, held_out

# %%
# Run this once all eight functions are written.
digits_learned = all(map(ready, (one_hot, accuracy, train)))
if digits_learned:
    began = perf_counter()
    weights, biases, losses, seen, held_out = learn_digits(seed=1)
    took = perf_counter() - began
    on_seen = accuracy(X_all[seen], Y_all[seen], weights, biases, NAMES)
    on_held_out = accuracy(X_all[held_out], Y_all[held_out], weights, biases, NAMES)
    print(f"{len(losses)} steps in {took:.1f} seconds")
    print(f"accuracy on the rows it learned from: {on_seen:.4f}")
    print(f"accuracy on held-out rows:            {on_held_out:.4f}")

    smooth = np.convolve(losses, np.ones(45) / 45, mode="valid")
    fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    ax.semilogy(losses, color="#D55E00", linewidth=0.5, label="loss of each batch of 32")
    last = np.arange(44, len(losses))
    ax.semilogy(last, smooth, color="#0072B2", linewidth=2, label="mean over an epoch, 45 steps")
    ax.set(xlabel="step", ylabel="loss", title="Learning to read digits")
    ax.legend()
    alt = f"Loss of each batch over {len(losses)} steps, jagged; its mean over an epoch, smooth: "
    show_figure(fig, alt + f"it falls from {smooth[0]:.3f} to {smooth[-1]:.4f}.")

# %% [markdown]
# It began near $\log 10 = 2.3026$: ten classes, no idea. A second or so later it reads digits.
#
# Is that luck? Ten splits, with ten starts:

# %%
# Run this once all eight functions are written.
if digits_learned:
    scores = []
    for seed in range(10):
        W, b, _, _, rest = learn_digits(seed)
        scores.append(accuracy(X_all[rest], Y_all[rest], W, b, NAMES))
    print("held-out accuracy:", np.round(scores, 4))
    print(f"worst {min(scores):.4f}, mean {np.mean(scores):.4f}")

# %% [markdown]
# And the ones it gets wrong? Look at them: some would make a person hesitate.

# %%
# Run this once all eight functions are written.
if digits_learned:
    P = np.array(predict_probabilities(X_all[held_out], weights, biases, NAMES))
    wrong = np.flatnonzero(P.argmax(axis=1) != labels[held_out])[:8]
    fig, axes = plt.subplots(1, max(len(wrong), 2), figsize=(9, 1.9), layout="constrained")
    told = []
    for ax in axes:
        ax.axis("off")
    for ax, k in zip(axes, wrong, strict=False):
        true, said = labels[held_out[k]], P[k].argmax()
        ax.imshow(X_all[held_out[k]].reshape(8, 8), cmap="gray_r")
        ax.set_title(f"{true}, read as {said}\nat {P[k, said]:.0%}", fontsize=9)
        told.append(f"a {true} read as {said} at {P[k, said]:.0%}")
    show_figure(fig, alt=f"Held-out digits that the net gets wrong: {'; '.join(told)}.")

# %% [markdown]
# ### Draw one yourself
#
# **Use it** on your own hand. Draw a digit into the grid, with the mouse, a finger or the keyboard: large, from the upper
# edge to the lower one. The grid does what was done to the digits of the file: the pen blackens small dots, and a cell's ink is
# how many of its 4 by 4 dots are black. What reads it is `predict_probabilities` with *your* weights.
#
# 1. Press "empty" and draw a 7. Then draw one with a bar through its stem. Does it still read a 7?
# 2. Press "a 3 of the file" and move it sideways by two pixels. You still read a 3. Does your network? It has a weight for
#    each *place*, and the ink has left the places where it learned to look.
# 3. Press "empty" and draw no digit at all: a cross, a smile. The ten probabilities still sum to 1.

# %%
# Until your network has learned, the grid shows one that compares with the mean picture of each digit.
own_network = (weights, biases, NAMES) if digits_learned else None

# %%
explore.digit(predict_probabilities, own_network)

# %% [markdown]
# ### What the hidden units look for
#
# Each of the 32 hidden units has 64 weights, one for each pixel: a picture again. Ink on a purple pixel pushes the unit up,
# ink on an orange one pushes it down. Train from the same start for 0, 1, 5 and 40 epochs, and watch eight of the units.

# %%
# Run this once all eight functions are written.
if digits_learned:
    moments, told = (0, 1, 2, 5, 10, 20, 40), []
    fig, axes = plt.subplots(4, 8, figsize=(9, 4.9), layout="constrained")
    for epochs in moments:
        rng = np.random.default_rng(5)
        W, b, _ = train(X_all[seen], Y_all[seen], SIZES, NAMES, 0.5, 32, epochs, rng)
        scores, mean_losses = [], []
        for rows in (seen, held_out):
            P = np.array(predict_probabilities(X_all[rows], W, b, NAMES))
            scores.append(accuracy(X_all[rows], Y_all[rows], W, b, NAMES))
            mean_losses.append(-np.mean(np.log(np.sum(P * Y_all[rows], axis=1))))
        told.append((epochs, *mean_losses, *scores))
        if epochs in (0, 1, 5, 40):
            line = axes[(0, 1, 5, 40).index(epochs)]
            line[0].set_title(f"after {epochs} epochs", fontsize=9, loc="left")
            for unit, ax in enumerate(line):
                ax.imshow(np.array(W[0])[:, unit].reshape(8, 8), cmap="PuOr", vmin=-1, vmax=1)
                ax.axis("off")
    alt = "The weights of eight hidden units as pictures of 8 by 8 pixels, after 0, 1, 5 and 40 epochs: noise at first, "
    show_figure(fig, alt + "which grows into patches of strong weights in the middle; at the left edge it stays as it was.")

# %% [markdown]
# At the start there is noise. Then patches grow, strokes that the unit looks for and gaps where it wants none, and they get
# stronger from moment to moment. At the left edge the noise stays as it was: there is hardly ever any ink, and the gradient of
# a weight is its input times a delta. Where nothing comes in, nothing is learned.
#
# The cell has also measured how well the network does at each moment, on the rows it learns from and on the others.

# %%
# Run this once all eight functions are written.
if digits_learned:
    epochs, loss_seen, loss_held, score_seen, score_held = map(np.array, zip(*told, strict=True))
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
    left.semilogy(epochs, loss_seen, "o-", label="rows it learned from")
    left.semilogy(epochs, loss_held, "s--", color="#D55E00", label="held-out rows")
    right.plot(epochs, 1 - score_seen, "o-", label="rows it learned from")
    right.plot(epochs, 1 - score_held, "s--", color="#D55E00", label="held-out rows")
    left.set(xlabel="epoch", ylabel="mean loss", title="The loss")
    right.set(xlabel="epoch", ylabel="share of wrong answers", title="The mistakes", ylim=(0, 0.2))
    left.legend()
    alt = "; ".join(f"after {e} epochs {a:.3f} and {b:.3f}" for e, a, b in zip(epochs, loss_seen, loss_held, strict=True))
    show_figure(fig, alt=f"The mean loss on the rows it learned from and on held-out rows: {alt}. On the right the mistakes.")

# %% [markdown]
# At first the two curves fall together: what helps with one picture helps with the others. Then they part. On the rows it
# learned from the loss goes on down, for the network gets ever surer of pictures that it knows; on held-out rows it falls more and
# more slowly. The gap between the curves is what it has learned about *these* rows, and not about digits.

# %% [markdown]
# ### Batch sizes on real rows
#
# Three batch sizes, five epochs each, so each training computes the same number of rows. The curves show the loss of the
# batches, averaged over the last 200 rows or so. A single row needs a smaller learning rate, because its steps are so
# rough. One run is one throw of the dice, so each training is done five times, with other weights and other orders; the
# curves are those of the first.

# %%
# Run this once all eight functions are written.
if digits_learned:
    fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    told = []
    for size, rate, style in ((1, 0.05, ":"), (32, 0.5, "-"), (1437, 0.5, "--")):
        began, scores = perf_counter(), []
        for seed in range(5):
            rng = np.random.default_rng(seed)
            W, b, history = train(X_all[seen], Y_all[seen], SIZES, NAMES, rate, size, 5, rng)
            scores.append(accuracy(X_all[held_out], Y_all[held_out], W, b, NAMES))
            losses = losses if seed else history
        took = (perf_counter() - began) / 5
        width = max(1, 200 // size)
        mean = np.convolve(losses, np.ones(width) / width, mode="valid")
        rows = np.minimum((np.arange(len(mean)) + width) * size, 5 * 1437)
        name = f"batches of {size}, rate {rate}: {len(losses)} steps"
        ax.plot(rows, mean, style, label=name)
        told.append(f"{name}, {took:.2f} s, held-out accuracy from {min(scores):.3f} to {max(scores):.3f}, "
                    f"mean {np.mean(scores):.3f}")
        print(told[-1])
    ax.set(xlabel="rows computed", ylabel="loss", title="Five epochs, three batch sizes")
    ax.legend()
    show_figure(fig, alt=f"Loss against rows computed: {'; '.join(told)}.")

# %% [markdown]
# With all rows in each step, five epochs are just five steps: smooth, and far from done. Single rows and batches of 32
# come about equally far; between their means there is less than between two runs of the same kind. But the computer
# dislikes so many tiny matrices: single rows take many times longer. That is why nearly everybody trains on mini-batches.

# %% [markdown]
# ### Exercise 9: `challenge(X, Y, rng)`
#
# Now it gets harder, and you choose everything. You have a **hundred** pictures, ten of each digit, instead of 1437. And they
# are pale: the darkest pixel is 0.16, where it was 1. Return the weights and biases of a network that reads the other 1697
# pictures of the file, which you are not shown.
#
# - Any layers you like, with at most 8000 numbers in all, weights and biases together: one hidden layer of a hundred units
#   has 7510. All hidden ones are tanh, the last one is softmax.
# - The check trains your network on **ten splits**, with other pictures in each, and takes the mean of the ten held-out
#   accuracies. **The target is 0.86.** Grading does the same with ten other splits.
# - In each split the 64 pixels come in an order of their own, and the classes have other names. So no network can be
#   prepared beforehand. A layer does not mind: it has no idea which pixels are neighbours.
# - The check trains twelve times, two of them for its other parts. That may take 30 seconds in all; three are enough.
#
# The settings of the capstone (32 tanh units, rate 0.5, batches of 32, 40 epochs) come to 0.73. Settings that suit these
# pictures come to 0.89, and their mean of ten splits hardly strays, by 0.004. Whoever comes to 0.88 need not fear other splits.
#
# What could help? You have met it all in this lesson: more steps, smaller batches, another rate, a wider layer, another start
# (`"he"` is wider than `"xavier"`). Look at section 2 again: what do pale inputs do to the sums of the first layer, and to the
# gradient of its weights?
#
# The cell below the check measures on ten splits of your own, and tells the mean.
#
# Stuck? `hint("challenge")`.

# %% exercise="challenge"
def challenge(X, Y, rng):
    """Trains a network on a hundred pale pictures, to read others.

    X: shape (100, 64), the pixels, from 0 to 0.16. Y: one-hot, shape (100, 10). Both stay as they were.
    rng: the NumPy generator for the weights and for the orders.
    Returns (weights, biases): two lists with one array a layer, W of shape (n_in, n_out), the first n_in 64 and
    the last n_out 10, b of shape (n_out,), at most 8000 numbers in all. The hidden layers are tanh, the last one is
    softmax.
    """
    ### BEGIN SOLUTION
    weights, biases, _ = train(X, Y, [64, 32, 10], ["tanh", "softmax"], 0.5, 10, 60, rng)
    return weights, biases
    ### END SOLUTION

# %%
# Run this once challenge is written.
if digits_learned and ready(challenge):
    scores, own_scores = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        few = np.concatenate([rng.choice(np.flatnonzero(labels == each), 10, replace=False) for each in range(10)])
        rest = np.setdiff1d(np.arange(len(labels)), few)
        W, b = challenge(0.16 * X_all[few], Y_all[few], rng)
        names = ["tanh"] * (len(W) - 1) + ["softmax"]
        own_scores.append(accuracy(0.16 * X_all[few], Y_all[few], W, b, names))
        scores.append(accuracy(0.16 * X_all[rest], Y_all[rest], W, b, names))
    print(f"the hundred it learned from: mean {np.mean(own_scores):.4f}")
    print(f"the 1697 others:             mean {np.mean(scores):.4f}, worst {min(scores):.4f}")

# %% [markdown]
# ### A doubt worth keeping
#
# Held-out rows were chosen at random. So the same 13 hands wrote both parts, and the net knows their habits. Take the
# last 360 rows of the file instead: they come from a stretch of the file that the training never sees.

# %%
# Run this once all eight functions are written.
if digits_learned:
    rng = np.random.default_rng(1)
    W, b, _ = train(X_all[:1437], Y_all[:1437], SIZES, NAMES, 0.5, 32, 40, rng)
    score = accuracy(X_all[1437:], Y_all[1437:], W, b, NAMES)
    print(f"accuracy on the last 360 rows: {score:.4f}")

# %% [markdown]
# The same program, the same net, and clearly more mistakes. Neither number is wrong. They answer different questions:
# how well does it read these writers, and how well does it read rows unlike the ones it learned from? Before you
# believe an accuracy, ask what was held out, and how.
#
# ## What you can do now
#
# - Turn labels into one-hot rows, and scores into an accuracy.
# - Say why zeros never learn, compute how wide weights must be spread, and draw them.
# - Write the whole of gradient descent with backpropagation, for any number of layers: forward, deltas, gradients,
#   update.
# - Cut rows into mini-batches, and say why one loss curve is smooth and another jagged.
# - Train a net, see whether it is stuck, and measure it on rows it has never seen.
#
# The recipe inside a deep-learning library is the one you have written. What such a library adds is speed, many more kinds
# of layers, and one thing of principle: it derives the gradients by itself, from the way forward alone.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# A friend shows you three loss curves of the same net on the same rows. The first falls smoothly. The second is jagged,
# up and down at every step, but on the whole it falls. The third is perfectly flat at $\log 10$ from the first step on.
# Your friend wants to throw away the second and the third.
#
# Say for each of the three what was probably set, and why the curve looks as it does. What would you tell your friend
# to do about each?
#
# A good answer names the batch size and the start where they matter, gives the reason in terms of the gradient, and
# explains why jagged is not broken.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# The first was trained on all rows in each step, or on large batches. The mean over many rows hardly changes from batch to
# batch, so every step follows nearly the true gradient and the loss falls smoothly. It works; smaller batches would make more
# steps out of the same number of computed rows, and probably be faster.
#
# The second was trained on single rows or very small batches. The loss shown is that of the batch, and the next batch has
# other rows, easier or harder ones, so the curve jumps. The gradient of a batch is right on average, so the loss
# over all rows comes down. It is not broken: look at the mean over an epoch, and if it hovers at the end take a smaller
# learning rate or larger batches.
#
# The third started with all weights 0. Then the hidden outputs are 0, so the last weights get no gradient, and the last
# weights are 0, so no delta comes back to the first ones. Only the last biases move, and with ten classes about equally frequent
# the loss stays at log 10. Draw the weights at random (Xavier or He), so that the units differ. (A learning rate
# of 0 would give a flat curve too.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written a training program from an empty page, and it reads handwritten digits.

# %%
progress("10-training")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `10-training.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Herbert Robbins and Sutton Monro showed in 1951 that steps which are right on average are
# enough. The schemes are from Glorot and Bengio (2010; Xavier is Glorot's first name) and from He and others (2015). To read on:
# LeCun, Bottou, Orr and Mueller, *Efficient BackProp* (1998).
#
# **In a framework** the pieces are called `torch.nn.init.xavier_normal_`, `DataLoader(..., shuffle=True)` and
# `torch.optim.SGD`. One thing there you have not written: the gradients are found without formulas of your own
# (*automatic differentiation*).
#
# **Next:** [11. Automatic differentiation: the engine in every framework](../11-autograd/11-autograd.ipynb)
