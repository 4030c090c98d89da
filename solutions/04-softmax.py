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
# # 4. Softmax and its Jacobian
#
# A network that names what it sees ends with one number for each class. The softmax turns these numbers into
# probabilities. To train the network you must send a gradient back through it, so you need its derivative. Every
# probability depends on every number, so the derivative is a matrix.
#
# In this lesson you write
#
# - the softmax, in a form that does not break at large numbers,
# - its partial derivatives and its Jacobian matrix,
# - the product with that matrix, without ever building the matrix.
#
# You need the derivative of $e^x$, the quotient rule, and NumPy arrays. The five exercises take about 45 minutes,
# the whole lesson about 75. Under each exercise stands a check: run it as often as you like. For help type `hint` with
# the exercise's name into a new cell, for example `hint("softmax")`. Each call shows one more of three hints. The letters
# are the same in all lessons: see [the page of notation](../notation.md).
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next.

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import (
    check,
    draw_points,
    explore,
    hint,
    load_points,
    points_network,
    progress,
    ready,
    show_figure,
)

# %% [markdown]
# ## Play first
#
# The numbers that go into the softmax are called **logits**: $z_1$ for class 1, $z_2$ for class 2, and so on. They may
# be any numbers, negative ones too. What comes out are probabilities, $p_1, p_2, \dots$, drawn as bars.
#
# Try three things. The table of colours on the right comes later in the lesson.
#
# 1. Raise one logit. What happens to its own bar, and what to all the others?
# 2. Add a constant $c$ to all logits. What happens?
# 3. Can you make a bar negative?

# %%
explore.softmax()

# %% [markdown]
# ## From logits to shares of a whole
#
# We want $n$ probabilities from $n$ logits. Three things must hold: none is negative, together they make 1, and a
# larger logit gets a larger probability.
#
# A first idea is to divide each logit by the sum of all. For $z = (1, 2, -1)$ the sum is 2, which gives
# $(0.5, 1, -0.5)$. A probability of $-0.5$ makes no sense. So make the numbers positive first. Squares would be positive,
# but they lose the order: $-1$ would count as much as 1. The exponential keeps it, because $e^x$ is positive everywhere
# and always rises:
#
# $$p_i = \frac{e^{z_i}}{S}, \qquad S = \sum_{k=1}^{n} e^{z_k}$$
#
# Other functions are positive and rise as well. Why just this one? Because a layer before it **adds**: each unit that
# speaks for class 1 adds something to $z_1$. With the exponential, adding to a logit multiplies the probability:
# $e^{z + 1} = e \cdot e^z$. One more in a logit makes its class $e$ times as likely against every other, wherever it
# stood before. Read backwards, a difference of two logits is the logarithm of how much likelier one class is than the
# other, $z_i - z_k = \log (p_i / p_k)$: the **log-odds**. That is where the name logit comes from.
#
# Here $z$ has shape `(n,)`, $p$ has shape `(n,)`, and $S$ is one number, the whole. Each $p_i$ is the share that
# class $i$ has of it.

# %%
z = np.array([1.0, 2.0, -1.0])
e = np.exp(z)
p = e / np.sum(e)

fig, axes = plt.subplots(1, 3, figsize=(9, 2.6), layout="constrained")
for ax, values, title in (
    (axes[0], z, "logits $z_i$"),
    (axes[1], e, "exponentials $e^{z_i}$"),
    (axes[2], p, "shares $p_i$"),
):
    bars = ax.bar(["class 1", "class 2", "class 3"], values, color=["#4477aa", "#ee7733", "#228833"])
    ax.bar_label(bars, fmt="%.4g", padding=2)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.margins(y=0.2)
    ax.set_title(title)
alt = f"Three bar charts. Logits {z}; their exponentials {e.round(3)}; their shares of the sum {p.round(4)}."
show_figure(fig, alt)

# %% [markdown]
# In numbers: the exponentials are $2.718$, $7.389$ and $0.368$, their sum is $S = 10.475$, and the shares are
# $0.2595$, $0.7054$ and $0.0351$. The negative logit has a small positive share. The order is kept.
#
# Check the log-odds on them. Divide one share by another, and $S$ cancels:
#
# $$\frac{p_i}{p_k} = \frac{e^{z_i}/S}{e^{z_k}/S} = e^{z_i - z_k}$$
#
# The logit of class 2 is larger by 1 than that of class 1, so its share is $e^1 = 2.718$ times as large. Only the
# **difference** of two logits counts. Keep that in mind: it will help us soon.
#
# ## The formula, word for word, breaks
#
# Here is the formula as code, for one sample. It is right for small logits. Now give it logits near 1000, and near
# $-1000$.

# %%
def naive_softmax(z):
    e = np.exp(z)
    return e / np.sum(e)


with np.errstate(all="ignore"):
    for z in ([1.0, 2.0, -1.0], [1001.0, 1002.0, 999.0], [-999.0, -998.0, -1001.0]):
        print(f"{z}: exponentials {np.exp(z).round(3)}, shares {naive_softmax(z).round(4)}")

# %% [markdown]
# The differences between the logits are the same in all three lines, so the shares should be the same.
#
# - In the second line every exponential is too large for a float: $e^{710}$ is already more than a float64 can hold,
#   and becomes `inf`. Then `inf / inf` is `nan`, not a number.
# - In the third line every exponential is too small, and becomes 0. Then `0 / 0` is `nan` as well.
#
# One `nan` in a gradient makes every weight it reaches a `nan`, for good. This must not happen.
#
# ## A shift changes nothing
#
# Add the same number $c$ to every logit, and write out the formula:
#
# $$p_i(z + c) = \frac{e^{z_i + c}}{\sum_k e^{z_k + c}}$$
#
# An exponent that is a sum is a product of exponentials, $e^{z_i + c} = e^{z_i} e^{c}$:
#
# $$p_i(z + c) = \frac{e^{z_i}\, e^{c}}{\sum_k e^{z_k}\, e^{c}}$$
#
# $e^c$ does not depend on $k$, so it can be taken out of the sum:
#
# $$p_i(z + c) = \frac{e^{c}\, e^{z_i}}{e^{c} \sum_k e^{z_k}}$$
#
# It cancels:
#
# $$p_i(z + c) = \frac{e^{z_i}}{\sum_k e^{z_k}} = p_i(z)$$
#
# This is called **shift invariance**. We may choose $c$ freely, so choose it well: make the largest logit exactly 0.
# Then
#
# - every exponent is 0 or less, so every exponential is at most 1 and nothing overflows,
# - one exponential is $e^0 = 1$, so the sum is between 1 and $n$ and we never divide by 0.
#
# A logit far below the largest may still become 0 after `np.exp`. That is no harm: its true share is too small to
# count.

# %% [markdown]
# ### Exercise 1: `shift_logits(z)`
#
# Shift the logits so that the largest of each sample is 0.
#
# The function takes one sample, shape `(n,)`, or a batch, shape `(m, n)`: $m$ samples, one in each row. In both cases
# the classes lie along the **last** axis. Each row is a sample of its own and has its own maximum.
#
# Stuck? `hint("shift_logits")` gives one hint at a time.

# %% exercise="shift_logits"
def shift_logits(z):
    """Shifts the logits of each sample so that its largest is 0; all differences in a row stay.

    z: shape (n,) or (m, n), logits (no unit) of any size; m and n may be 1.
    Returns the shifted logits, same shape; z stays as it was.
    """
    ### BEGIN SOLUTION
    return z - np.max(z, axis=-1, keepdims=True)
    ### END SOLUTION

# %% [markdown]
# **Use it.** After the shift, the three inputs from above are one and the same.

# %%
# Run this once shift_logits is written.
if ready(shift_logits):
    print(shift_logits(np.array([[1.0, 2.0, -1.0], [1001.0, 1002.0, 999.0], [-999.0, -998.0, -1001.0]])))

# %% [markdown]
# ### Exercise 2: `softmax(z)`
#
# Write the softmax so that it is right at every size of logit, for one sample and for a batch.
#
# In a batch each row becomes probabilities by itself: there are $m$ sums, one for each row, and each row of the result
# sums to 1. Mind the shapes when you divide an array of shape `(m, n)` by $m$ sums: each sum must meet its own row.
#
# Stuck? `hint("softmax")`.

# %% exercise="softmax"
def softmax(z):
    """Turns the logits of each sample into probabilities.

    z: shape (n,) or (m, n), logits (no unit) of any size; m and n may be 1,
    and one row of a batch may be far from another. z stays as it was.
    Returns probabilities from 0 to 1, same shape, never nan; each row sums to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(shift_logits(z))
    return e / np.sum(e, axis=-1, keepdims=True)
    ### END SOLUTION

# %% [markdown]
# **Use it.** First on the sliders, where your own function now draws beside the reference.

# %%
explore.softmax(softmax)

# %% [markdown]
# Then on a batch. The second row is the first one shifted, the third is the first times 2, the last the first
# divided by 4. A shift changes nothing. A factor does: it stretches the differences, so the softmax becomes surer of
# itself, or less sure. The number $T$ in $\operatorname{softmax}(z / T)$ is called the **temperature**. The third row
# has $T = \tfrac12$, the last $T = 4$. Language models are run with such a $T$: near 0 they nearly always take the
# likeliest word, and with a large $T$ they take rare words more often.

# %%
# Run this once softmax is written.
if ready(softmax):
    first = np.array([1.0, 2.0, -1.0])
    batch = np.array([first, first + 1000, first * 2, first / 4])
    shares = np.array(softmax(batch))
    for k in range(len(batch)):
        print(f"logits {batch[k]}: shares {shares[k].round(4)}, sum {np.sum(shares[k]):.4f}")
    print("class with the largest share:", np.argmax(shares, axis=-1) + 1)

# %% [markdown]
# A temperature can be seen. Here is the network of [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb) and its sixty
# points. Its last layer gives two logits for each place in the plane; your softmax makes the probabilities, at three
# temperatures. The black border, where both classes are equally likely, does not move: a factor keeps the order of the
# logits. What changes is how sure the network is beside it.

# %%
# Run this once softmax is written.
if ready(softmax):
    (W1, W2), (b1, b2) = points_network()
    X, labels = load_points()
    fig, axes = plt.subplots(1, 3, figsize=(9.6, 3.5), layout="constrained", sharey=True)
    told = []
    for ax, T in zip(axes, (0.25, 1.0, 4.0)):
        def probability(places, T=T):
            logits = np.tanh(places @ W1 + b1) @ W2 + b2
            return np.array(softmax(logits / T))[:, 1]

        draw_points(ax, probability)
        sure = np.mean(np.maximum(probability(X), 1 - probability(X)))
        ax.set_title(f"T = {T:g}: {sure:.2f} sure on average")
        told.append(f"at temperature {T:g} the mean probability of the likelier class is {sure:.2f}")
    show_figure(fig, alt=f"Three maps of one network, with the same border: {'; '.join(told)}.")

# %% [markdown]
# With only two classes you have met the softmax before. Give them the logits $x$ and $0$:
#
# $$p_1 = \frac{e^x}{e^x + e^0} = \frac{1}{1 + e^{-x}} = \sigma(x)$$
#
# The second step divides top and bottom by $e^x$. So the sigmoid is the softmax of two classes, and the softmax is the
# sigmoid for many.
#
# ## How does a share change when a logit changes?
#
# Take $z = (1, 2, -1)$ again, and move $z_2$ alone. The figure shows all three shares, and the slope of each at
# $z_2 = 2$, measured by a small step to both sides.

# %%
def shares_at(z2):
    return naive_softmax(np.array([1.0, z2, -1.0]))


path = np.linspace(-3, 7, 201)
shares = np.array([shares_at(z2) for z2 in path])
slopes = (shares_at(2 + 1e-5) - shares_at(2 - 1e-5)) / 2e-5

fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
near = np.array([0.8, 3.2])
for i, (color, style) in enumerate([("#4477aa", "--"), ("#ee7733", "-"), ("#228833", ":")]):
    ax.plot(path, shares[:, i], style, color=color, label=f"$p_{i + 1}$, slope {slopes[i]:+.4f}")
    ax.plot(near, shares_at(2)[i] + slopes[i] * (near - 2), color="black", linewidth=1)
    ax.plot(2, shares_at(2)[i], "o", color=color)
ax.set(xlabel="$z_2$", ylabel="share", title="Three shares, with their tangents at $z_2 = 2$")
ax.legend()
show_figure(
    fig,
    alt="The shares of three classes against the logit of class 2. Share 2 rises from near 0 to near 1, "
    f"shares 1 and 3 fall towards 0. At z_2 = 2 the slopes are {slopes.round(4)}.",
)

# %% [markdown]
# One slope is positive and two are negative. Class 2 takes its share from the others, and takes more from class 1,
# which has more to give. The slopes are $-0.1830$, $0.2078$ and $-0.0248$. Add them up:
# the sum is 0. Where do these numbers come from?
#
# ### What we want, in symbols
#
# The **partial derivative** $\dfrac{\partial p_i}{\partial z_j}$ is the slope of the share of class $i$ when logit $j$
# alone moves. We use $p_i = e^{z_i} / S$ with $S = \sum_k e^{z_k}$, and the quotient rule:
#
# $$\frac{\partial}{\partial z_j}\frac{u}{S}
# = \frac{\dfrac{\partial u}{\partial z_j}\,S - u\,\dfrac{\partial S}{\partial z_j}}{S^2},
# \qquad u = e^{z_i}$$
#
# **The denominator.** Of the terms of $S$ only one contains $z_j$, and that is $e^{z_j}$. So for every $j$
#
# $$\frac{\partial S}{\partial z_j} = e^{z_j}$$
#
# **The numerator.** $u = e^{z_i}$ contains $z_j$ only if $j$ is $i$. So there are two cases:
#
# $$\frac{\partial u}{\partial z_j} = \begin{cases} e^{z_i} & \text{if } i = j \\ 0 & \text{if } i \ne j \end{cases}$$
#
# ### The first case, $i = j$
#
# Put both into the quotient rule, with $j = i$:
#
# $$\frac{\partial p_i}{\partial z_i} = \frac{e^{z_i}\,S - e^{z_i}\,e^{z_i}}{S^2}$$
#
# Take $e^{z_i}$ out of the numerator:
#
# $$\frac{\partial p_i}{\partial z_i} = \frac{e^{z_i}\,(S - e^{z_i})}{S^2}$$
#
# Share out the two factors $S$ below:
#
# $$\frac{\partial p_i}{\partial z_i} = \frac{e^{z_i}}{S} \cdot \frac{S - e^{z_i}}{S}$$
#
# The first factor is $p_i$. The second is $1 - e^{z_i}/S$:
#
# $$\frac{\partial p_i}{\partial z_i} = p_i\,(1 - p_i)$$
#
# This is the slope of the sigmoid, $\sigma\,(1 - \sigma)$, once more.
#
# ### The second case, $i \ne j$
#
# Now the numerator's derivative is 0:
#
# $$\frac{\partial p_i}{\partial z_j} = \frac{0 \cdot S - e^{z_i}\,e^{z_j}}{S^2}$$
#
# The last step is yours. Share out the two factors $S$ as above, and write both factors as shares.

# %% [markdown]
# ### Exercise 3: `softmax_partial(p, i, j)`
#
# Return the one number $\partial p_i / \partial z_j$. The function is given the shares $p$, not the logits: as you
# have seen, the shares are all it needs. Here `i` and `j` are NumPy's indices, which count from 0: class 1 is `p[0]`.
#
# Stuck? `hint("softmax_partial")`.

# %% exercise="softmax_partial"
def softmax_partial(p, i, j):
    """The derivative of share i with respect to logit j.

    p: shape (n,), the probabilities softmax(z), some of which may be equal; it is not changed.
    i, j: whole numbers from 0 to n - 1. Returns one number, dp_i / dz_j.
    """
    ### BEGIN SOLUTION
    if i == j:
        return p[i] * (1 - p[i])
    return -p[i] * p[j]
    ### END SOLUTION

# %% [markdown]
# **Use it.** Your formula against the slopes that were measured in the figure. Class 2 has the index 1.

# %%
# Run this once softmax_partial is written.
if ready(softmax_partial):
    p = shares_at(2.0)
    print("measured:", slopes.round(6))
    print("formula: ", np.array([softmax_partial(p, i, 1) for i in range(3)]).round(6))

# %% [markdown]
# ## All partial derivatives at once: the Jacobian
#
# There are $n$ shares and $n$ logits, so there are $n \cdot n$ partial derivatives. Written as a table they are the
# **Jacobian** $J$, shape `(n, n)`. Row $i$ belongs to the share $p_i$, column $j$ to the logit $z_j$:
#
# $$J_{ij} = \frac{\partial p_i}{\partial z_j}$$
#
# For three classes, with both cases put in:
#
# $$J = \begin{pmatrix}
# p_1(1-p_1) & -p_1 p_2 & -p_1 p_3 \\
# -p_2 p_1 & p_2(1-p_2) & -p_2 p_3 \\
# -p_3 p_1 & -p_3 p_2 & p_3(1-p_3)
# \end{pmatrix}$$
#
# Multiply out the diagonal, $p_i (1 - p_i) = p_i - p_i p_i$. Now every entry has a term $-p_i p_j$, and the diagonal
# has one term more. So the table is a difference of two simple ones:
#
# $$J = \begin{pmatrix} p_1 & 0 & 0 \\ 0 & p_2 & 0 \\ 0 & 0 & p_3 \end{pmatrix}
# - \begin{pmatrix}
# p_1 p_1 & p_1 p_2 & p_1 p_3 \\
# p_2 p_1 & p_2 p_2 & p_2 p_3 \\
# p_3 p_1 & p_3 p_2 & p_3 p_3
# \end{pmatrix}$$
#
# The first is called $\operatorname{diag}(p)$. The second is the multiplication table of $p$ with itself. As a matrix
# product it is $p\,p^{\mathsf T}$: $p$ as a column, shape `(n, 1)`, times $p$ as a row, shape `(1, n)`. Together:
#
# $$J = \operatorname{diag}(p) - p\,p^{\mathsf T}$$
#
# Both cases fit in one line. Write $[i = j]$ for the number that is 1 if $i = j$ and 0 if not:
#
# $$J_{ij} = p_i\,([i = j] - p_j)$$
#
# (Many books write $\delta_{ij}$ for this number. In this course $\delta$ is kept for something else, from lesson 5 on.)
#
# **Pencil first.** For $p = (\tfrac12, \tfrac14, \tfrac14)$, the softmax of $z = (\log 2, 0, 0)$, work out the nine
# numbers. You should find
#
# $$J = \frac{1}{16}\begin{pmatrix} 4 & -2 & -2 \\ -2 & 3 & -1 \\ -2 & -1 & 3 \end{pmatrix}$$

# %% [markdown]
# ### Exercise 4: `softmax_jacobian(z)`
#
# Return the whole matrix, for the logits of one sample. Two loops with `softmax_partial` are a right answer. So is one
# line of NumPy, but mind that an array of shape `(n,)` is neither a column nor a row.
#
# Stuck? `hint("softmax_jacobian")`.

# %% exercise="softmax_jacobian"
def softmax_jacobian(z):
    """The Jacobian of the softmax at z: entry (i, j) is dp_i / dz_j.

    z: shape (n,), the logits (no unit) of one sample, of any size; n may be 1.
    z stays as it was. Returns shape (n, n), never nan.
    """
    ### BEGIN SOLUTION
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION

# %% [markdown]
# **Use it.** Your matrix beside the bars. Look for three things: which entries are positive, what the matrix looks
# like when one share is close to 1, and what each row sums to.

# %%
explore.softmax(softmax, softmax_jacobian)

# %% [markdown]
# ## What the matrix says
#
# **It is symmetric.** $p_i p_j = p_j p_i$, so $J_{ij} = J_{ji}$. For two classes $i \ne j$, raising logit $j$ costs share $i$ as
# much as raising logit $i$ costs share $j$.
#
# **Every row sums to zero.** Add up row $i$ over all columns $j$. From $\operatorname{diag}(p)$ comes one $p_i$, from
# $p\,p^{\mathsf T}$ comes $p_i p_j$ for every $j$:
#
# $$\sum_j J_{ij} = p_i - \sum_j p_i\,p_j = p_i - p_i \sum_j p_j = p_i - p_i \cdot 1 = 0$$
#
# You could have known it without the formula. The row sum $\sum_j \partial p_i / \partial z_j$ is the slope of $p_i$
# when **all** logits rise together at the same speed. But that is a shift, and a shift changes nothing.
#
# **Every column sums to zero,** and for a reason of its own: the shares always make 1 together, so when logit $j$
# moves, what one share gains the others lose.
#
# **It predicts.** If the logits move by a little, $d$ with shape `(n,)`, the shares move by about $J d$. For a shift,
# $d = (c, c, c)$, that is $c$ times the row sums: nothing.

# %%
# Run this once softmax_jacobian is written.
if ready(softmax) and ready(softmax_jacobian):
    z = np.array([1.0, 2.0, -1.0])
    J = np.array(softmax_jacobian(z))
    print("J =\n", J.round(4), "\nsymmetric:", np.allclose(J, J.T))
    print("row sums:   ", J.sum(axis=1).round(12) + 0.0)
    print("column sums:", J.sum(axis=0).round(12) + 0.0)
    for d in ([0.0, 0.1, 0.0], [0.1, 0.1, 0.1]):
        moved = np.array(softmax(z + np.array(d))) - np.array(softmax(z))
        print(f"\nlogits move by {d}\n  predicted {(J @ d).round(4) + 0.0}")
        print(f"  true      {moved.round(4) + 0.0}")

# %% [markdown]
# The step of $0.1$ is not very small, so the prediction $J d$ is close but not exact: the curve bends away from its
# tangent.
#
# ## Sending a gradient back
#
# In a network the softmax does not stand alone. Behind it comes a loss $L$, one number, computed from the shares. When
# we go backwards, the loss hands us its slope with respect to every share:
#
# $$g_i = \frac{\partial L}{\partial p_i}, \qquad g \text{ of shape } (n,)$$
#
# This is the **upstream gradient**. We want the slopes with respect to the logits, $\partial L / \partial z_j$.
#
# A logit $z_j$ moves **every** share, and each share moves the loss. The chain rule adds up all these ways:
#
# $$\frac{\partial L}{\partial z_j} = \sum_i \frac{\partial L}{\partial p_i}\,\frac{\partial p_i}{\partial z_j}
# = \sum_i g_i\,J_{ij}$$
#
# That is a row times a matrix, $g J$: shape `(1, n)` times `(n, n)`. It is called the **vector-Jacobian product**, and
# it is all that training ever needs of the Jacobian.
#
# For $n$ classes the matrix has $n^2$ entries. With 50,000 classes, as a language model may have, that is
# 2,500,000,000 numbers, or 20 gigabytes, for each sample. But we know what is in it. Put in
# $J_{ij} = p_i\,([i = j] - p_j)$:
#
# $$\frac{\partial L}{\partial z_j} = \sum_i g_i\,p_i\,([i = j] - p_j)$$
#
# Multiply out, which gives two sums:
#
# $$\frac{\partial L}{\partial z_j} = \sum_i g_i\,p_i\,[i = j] \; - \; \sum_i g_i\,p_i\,p_j$$
#
# Both become simpler. Take a pencil.
#
# - In the first sum, for which $i$ is $[i = j]$ not 0? How many terms are left?
# - In the second sum, which factor does not depend on $i$? Take it out. Does what remains depend on $j$?
#
# Test what you find on $p = (\tfrac12, \tfrac14, \tfrac14)$ and $g = (1, 2, 4)$. With the matrix from above,
# $gJ = (-\tfrac12, 0, \tfrac12)$. Your formula must give the same, with no matrix.

# %% [markdown]
# ### Exercise 5: `softmax_backward(p, upstream)`
#
# Return $\partial L / \partial z$ from the shares $p$ and the upstream gradient $g$, without building the Jacobian.
#
# It takes one sample, both arguments of shape `(n,)`, or a batch, both of shape `(m, n)`. In a batch no row
# knows of the others: each has its own shares and its own upstream gradient.
#
# Stuck? `hint("softmax_backward")`.

# %% exercise="softmax_backward"
def softmax_backward(p, upstream):
    """The upstream gradient times the Jacobian of the softmax, without building the Jacobian.

    p: shape (n,) or (m, n), the probabilities softmax(z), 0 and 1 too; m and n may be 1.
    upstream: same shape, dL/dp, numbers of any sign. Both stay as they were.
    Returns dL/dz, same shape.
    """
    ### BEGIN SOLUTION
    weighted = np.sum(upstream * p, axis=-1, keepdims=True)
    return p * (upstream - weighted)
    ### END SOLUTION

# %% [markdown]
# **Read what you have written.** In the first sum only $i = j$ is left. In the second, $p_j$ comes out, and the
# rest is one number for the whole sample, the mean of $g$ weighted with the shares:
#
# $$\frac{\partial L}{\partial z_j} = g_j\,p_j - p_j \sum_i g_i\,p_i = p_j\,(g_j - \bar g),
# \qquad \bar g = \sum_i g_i\,p_i$$
#
# A logit is moved by how far its own $g_j$ lies from that mean, and in proportion to its share. If all $g_j$ are
# equal, nothing moves: only differences count, here too. And because the rows of $J$ sum to zero, so does the result.
#
# ## What it costs
#
# With the matrix you multiply $n^2$ times to build $J$ and $n^2$ times to use it. Your function multiplies $2n$ times.
# Measure the difference.

# %%
# Run this once softmax_jacobian and softmax_backward are written. It takes a few seconds.
def microseconds(product, z, g):
    """The time of one run, in the quickest of three rounds. A round is long enough for a clock that ticks slowly."""
    times = []
    for _ in range(3):
        runs, start = 0, perf_counter()
        while runs == 0 or perf_counter() - start < 0.01:
            product(z, g)
            runs += 1
        times.append((perf_counter() - start) / runs)
    return min(times) * 1e6


def product_with_matrix(z, g):
    return g @ np.array(softmax_jacobian(z))


def product_without(z, g):
    return softmax_backward(softmax(z), g)


if ready(softmax) and ready(softmax_jacobian) and ready(softmax_backward):
    rng = np.random.default_rng(4)
    sizes, with_matrix, without = [], [], []
    for n in (16, 64, 256, 1024, 2048):
        z, g = rng.normal(size=n), rng.normal(size=n)
        sizes.append(n)
        with_matrix.append(microseconds(product_with_matrix, z, g))
        without.append(microseconds(product_without, z, g))
        print(f"n = {n:4}, with a matrix of {n * n * 8:10,} bytes: {with_matrix[-1]:8.0f} microseconds,",
              f"without: {without[-1]:3.0f}")
        if with_matrix[-1] > 300_000:
            break

    fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    ax.loglog(sizes, with_matrix, "s--", color="#ee7733", label="with the matrix")
    ax.loglog(sizes, without, "o-", color="#4477aa", label="without it")
    ax.set(xlabel="number of classes n", ylabel="microseconds", title="One vector-Jacobian product")
    ax.legend()
    show_figure(
        fig,
        alt="Time of one vector-Jacobian product against the number of classes, both axes logarithmic. "
        f"At n = {sizes[-1]}: {with_matrix[-1]:.0f} microseconds with the matrix, {without[-1]:.0f} without.",
    )

# %% [markdown]
# For few classes both times are short, and not far apart: most of what you measure there is Python starting NumPy's
# functions, of which the way with the matrix needs some more. From a few hundred classes on the matrix shows its price:
# twice the classes need four times the memory, and roughly four times the time. Without the matrix, the time grows little
# in this range.
#
# **Use it.** With `softmax` and `softmax_backward` you can already train something: the logits themselves. Let the
# target be class 3, $y = (0, 0, 1)$, and the loss half the squared distance, $L = \tfrac12 \sum_i (p_i - y_i)^2$. Its
# slope is the upstream gradient, $g_i = p_i - y_i$. Then step against the gradient, again and again.
#
# One run starts undecided, $z = (0, 0, 0)$. The other starts sure, and wrong: $z = (6, 0, 0)$.

# %%
# Run this once softmax and softmax_backward are written.
if ready(softmax) and ready(softmax_backward):
    target = np.array([0.0, 0.0, 1.0])
    fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    half_way = []
    for start, style in (([0.0, 0.0, 0.0], "-"), ([6.0, 0.0, 0.0], "--")):
        z, history = np.array(start), []
        for _ in range(401):
            p = np.array(softmax(z))
            history.append(p[2])
            z = z - np.array(softmax_backward(p, p - target))
        half_way.append(int(np.argmax(np.array(history) > 0.5)))
        ax.plot(history, style, label=f"start at z = {start}")
        print(f"z = {start}: share {history[0]:.4f} at the start, over one half at step {half_way[-1]};",
              f"sum of the logits {sum(start):.4f}, at the end {np.sum(z):.4f}")
    ax.set(xlabel="step", ylabel="share of class 3", title="Descent on the logits, learning rate 1")
    ax.legend()
    show_figure(
        fig,
        alt="The share of class 3 against the step. From equal logits it passes one half at step "
        f"{half_way[0]}; from the sure and wrong start it stays near 0 for long, and passes one half "
        f"at step {half_way[1]}.",
    )

# %% [markdown]
# Both runs arrive. But the one that is most wrong learns slowest: for a long time its curve is flat. The sum of the
# logits never changes, because every gradient sums to zero. The written question asks you why the curve is flat.
#
# ## What you can do now
#
# - Turn logits into probabilities, and say why a shift changes nothing and why the code depends on it.
# - Say what a difference of two logits means (log-odds), and what a temperature does.
# - Derive $\partial p_i / \partial z_j$ in both cases, with the quotient rule.
# - Write down the Jacobian $\operatorname{diag}(p) - p\,p^{\mathsf T}$, and say why it is symmetric and why its rows
#   sum to zero.
# - Send a gradient back through the softmax with $2n$ multiplications instead of $2n^2$, for a sample and a batch.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# A network is sure and wrong: its shares are close to $(1, 0, 0)$, and the right class is class 3.
#
# 1. What do the entries of the Jacobian look like then, and what follows for the gradient $gJ$ when no $g_i$ is large?
# 2. How would $g_3$ have to behave as $p_3$ goes to 0, so that $z_3$ still gets a gradient that does not vanish? Give a
#    loss, a function of $p_3$, with such a slope.
#
# A good answer has a few sentences for each part, names the formula it uses, and says for part 2 what
# $\partial L / \partial z_3$ comes to.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. (1 point) Every entry is $p_i(1 - p_i)$ or $-p_i p_j$. With $p$ close to $(1, 0, 0)$ each of these has a factor
#    close to 0: $1 - p_1$ on the first place of the diagonal, $p_2$ or $p_3$ everywhere else. So all of $J$ is close to
#    zero, and so is $gJ$, unless some $g_i$ is large. The logits hardly move, although the answer is wrong. This is
#    the flat part of the curve: with the squared distance no $|g_i|$ is larger than 1.
# 2. (1 point) $\partial L / \partial z_3 = p_3\,(g_3 - \bar g)$. The factor $p_3$ goes to 0, so $g_3$ must grow like
#    $1/p_3$ in size, with a minus so that $p_3$ rises. The loss $L = -\log p_3$ does that: $g_3 = -1/p_3$, and the
#    other $g_i$ are 0. Then $\bar g = g_3\,p_3 = -1$, and
#    $\partial L / \partial z_3 = p_3\,(-1/p_3 + 1) = p_3 - 1$, which goes to $-1$ and does not vanish. (This loss is
#    the cross-entropy.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You own a softmax that no logit can break, its Jacobian, and the way back through it without the matrix.

# %%
progress("04-softmax")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `04-softmax.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Physicists have used these shares since Ludwig Boltzmann (1868), with a temperature below the
# exponent. John Bridle gave the name softmax in 1990. To read on: Hinton, Vinyals and Dean, *Distilling the Knowledge in
# a Neural Network* (2015), where the temperature does real work.
#
# **In a framework** it is `torch.softmax(z, dim=-1)`. The `dim=-1` is the last axis, and must be said.
#
# The written question asked for a loss that does not let a wrong answer rest. The next lesson is about it.
#
# **Next:** [5. Cross-entropy and the delta that falls out of it](../05-cross-entropy/05-cross-entropy.ipynb)
