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
# # 5. Cross-entropy and the delta that falls out of it
#
# A network has answered with probabilities. Now you know the truth. How wrong was it?
#
# **Cross-entropy** turns that question into one number, the loss. In this lesson you write it for two classes and for
# many. You differentiate it. You find that behind a sigmoid, and behind a softmax, the whole derivative shrinks to
#
# $$\hat y - y,$$
#
# *what was predicted, minus what was true*. You derive this twice in each case, and you make all of it survive logits
# of 1000.
#
# You need from earlier lessons: the sigmoid and its slope ([lesson 3](../03-activations/03-activations.ipynb)), the softmax
# and its Jacobian ([lesson 4](../04-softmax/04-softmax.ipynb)). Plan about two hours, in two sittings if you like: sections
# 1 to 4, then 5 to 8.
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
)

# %% [markdown]
# ## Play first
#
# Call $p$ the probability that the network gave to what really happened. Move the slider and watch the loss.
#
# - Where is the loss 0?
# - Go from 0.8 to 0.4, then from 0.4 to 0.2. By how much does the loss grow each time?
# - How steep is the curve near 1, and how steep near 0?

# %%
explore.cross_entropy()

# %% [markdown]
# ## 1. What the loss measures
#
# The loss of one prediction is **minus the logarithm of the probability given to what happened**:
#
# $$L = -\log p.$$
#
# Here and in the whole course, $\log$ is the natural logarithm, `np.log`.

# %%
print("   p     -log p    slope -1/p")
for p_true in [1.0, 0.9, 0.5, 0.25, 0.1, 0.01]:
    print(f"{p_true:5.2f}  {-np.log(p_true) + 0:8.3f}  {-1 / p_true:10.1f}")

# %% [markdown]
# Three things to see in the table.
#
# 1. **Sure and right costs nothing.** At $p = 1$ the loss is 0, and it is never negative, because $\log p \le 0$.
# 2. **Sure and wrong costs without limit.** At $p = 0.01$ the loss is 4.605, and its slope is $-100$. The squared
#    error $(1-p)^2$ is there 0.9801 and can never exceed 1; its slope is no steeper than $-2$.
# 3. **Halving $p$ always costs the same**, $\log 2 = 0.693$, wherever you start. From 0.5 to 0.25 the loss goes from
#    0.693 to 1.386.
#
# Why a logarithm? Take two independent samples, whose true outcomes got the probabilities 0.5 and 0.1. Both together
# got the probability $0.5 \cdot 0.1 = 0.05$. Probabilities multiply; we would rather add, because a sum can be
# differentiated term by term. The logarithm does just that:
#
# $$-\log(0.5 \cdot 0.1) = -\log 0.5 - \log 0.1 = 0.693 + 2.303 = 2.996.$$
#
# So the smallest total loss belongs to the network that gives the data the largest probability. To compare batches of
# different sizes we take the **mean** over the $m$ samples, not the sum: here $2.996 / 2 = 1.498$.
#
# > **A note on the base.** A calculator's `log` is often the logarithm to base 10. It is the natural one divided by
# > $\log 10 = 2.3026$, so it turns 0.693 into 0.301, and every slope becomes 2.3 times smaller too. Which of two networks is
# > better stays the same. The natural logarithm is the one whose slope is simply $1/p$. Its unit is the *nat*; to base 2 it
# > is the *bit*. When two people's losses differ by a factor of 2.3, ask which logarithm they took. (The slider above can
# > switch.)

# %% [markdown]
# ## 2. Two classes: the label is one number
#
# Let the label be $y = 1$ or $y = 0$, and let $\hat y$ (say "y hat") be the predicted probability of class 1. Class 0
# then has the probability $1 - \hat y$. What did the network give to what happened?
#
# - if $y = 1$: $\hat y$, and the loss is $-\log \hat y$;
# - if $y = 0$: $1 - \hat y$, and the loss is $-\log(1 - \hat y)$.
#
# Two cases are awkward to differentiate. Multiply each by a factor that is 1 where it counts and 0 where it does not.
# Those factors are at hand: $y$ and $1 - y$.
#
# $$L = -\bigl[\, y \log \hat y + (1-y) \log(1 - \hat y) \,\bigr]$$
#
# Put in $y = 1$, then $y = 0$, and see that one term vanishes each time. For a batch, $y$ and $\hat y$ are columns of
# shape $(m, 1)$, and the loss is the mean over the samples $s = 1, \dots, m$:
#
# $$L = -\frac 1m \sum_{s=1}^{m} \bigl[\, y_s \log \hat y_s + (1-y_s) \log(1 - \hat y_s) \,\bigr]$$
#
# A batch of three:
#
# | label $y$ | prediction $\hat y$ | probability of what happened | loss |
# |---|---|---|---|
# | 1 | 0.8 | 0.8 | 0.223 |
# | 0 | 0.3 | 0.7 | 0.357 |
# | 1 | 0.4 | 0.4 | 0.916 |
#
# The mean is 0.499.
#
# ### Zero times infinity
#
# "One term vanishes" is true on paper. In floating point it can go wrong. Suppose a prediction is sure and right:
# $y = 1$, $\hat y = 1$. The second term is then $0 \cdot \log 0$.

# %%
with np.errstate(all="ignore"):
    print("log 0     =", np.log(0.0))
    print("0 * log 0 =", 0.0 * np.log(0.0))
    print()
    for x in [0.1, 0.001, 0.00001, 0.0000001]:
        print(f"x = {x:<7g}  log x = {np.log(x):8.3f}   x log x = {x * np.log(x):.8f}")

# %% [markdown]
# NumPy says `nan`, and one `nan` makes the mean of the whole batch `nan`. But as $x$ falls to 0, $x \log x$ goes to 0:
# the factor wins over the logarithm. So the course, like everybody, sets
#
# $$0 \log 0 = 0.$$
#
# The best prediction there is costs 0, as it should. Your code must see to it that no logarithm of 0 is taken where the
# weight is 0.
#
# What about sure and **wrong**, $y = 0$ and $\hat y = 1$? Then the weight is 1 and the loss is honestly infinite:
# something happened that was said to be impossible. Section 7 shows how a network never gets there.

# %% [markdown]
# ### Exercise 1: `binary_cross_entropy(y, y_hat)`
#
# Write the mean loss, for one prediction or a batch of any size. Labels are exactly 0 or 1. A prediction that is sure and
# right costs 0. One that is sure and wrong costs infinity, `inf`: that is the truth, so do not clip it away. (NumPy may
# warn then; a warning costs nothing.)
#
# Stuck? `hint("binary_cross_entropy")` gives a hint, and the next one when you call it again.

# %% exercise="binary_cross_entropy"
def binary_cross_entropy(y, y_hat):
    """The cross-entropy of two-class predictions, natural logarithm, mean over the batch.

    y: a number or shape (m, 1), labels 0 or 1; m may be 1, or large.
    y_hat: the same shape, the predicted probability of class 1, from 0 to 1, both ends included.
    Both stay as they were. Returns one number, the loss (in nats), at least 0: 0 log 0 counts as 0,
    and the loss is inf if something happened that had the probability 0.
    """
    ### BEGIN SOLUTION
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    # The probability given to what happened. The other term weighs 0 and is not computed at all.
    p_true = np.where(y == 1, y_hat, 1 - y_hat)
    return -np.mean(np.log(p_true))
    ### END SOLUTION


# %% [markdown]
# ### Use it: what does this loss reward?
#
# In a town it rains on 7 days of 10. A forecaster says the same every day: rain with probability $q$. Which $q$ gives
# the smallest mean loss? The next cell asks your function.

# %%
if ready(binary_cross_entropy):
    rain = np.array([1, 1, 1, 1, 1, 1, 1, 0, 0, 0], dtype=float)[:, None]
    grid = np.arange(1, 100) / 100
    losses = np.array([binary_cross_entropy(rain, np.full((10, 1), q)) for q in grid])
    best = np.argmin(losses)
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.plot(grid, losses, color="#0072B2")
    ax.plot(grid[best], losses[best], "o", color="#D55E00")
    ax.annotate(f"q = {grid[best]:.2f}, loss {losses[best]:.3f}", (grid[best], losses[best]),
                xytext=(0, 25), textcoords="offset points", ha="center")
    ax.set(xlabel="forecast q", ylabel="mean loss", ylim=(0, 3.5))
    show_figure(fig, alt="The mean loss of a constant forecast q when it rains on 7 days of 10: "
                f"a valley whose lowest point is at q = {grid[best]:.2f} with loss "
                f"{losses[best]:.3f}; it rises steeply towards q = 1, to {losses[-1]:.3f} at q = 0.99.")
else:
    print("Write binary_cross_entropy first, then run this cell again.")

# %% [markdown]
# The best forecast is the honest one, $q = 0.7$. Boasting with $q = 0.99$ costs 1.389, though it is "right" on seven
# days of ten. Even the honest forecaster pays 0.611: that much the weather is uncertain.
#
# Now the name. Write the weather as two shares, $y = (0.3, 0.7)$, no rain first, and the forecast as
# $\hat y = (1 - q, q)$. The mean loss is
#
# $$H(y, \hat y) = -\sum_i y_i \log \hat y_i ,$$
#
# the shares of one distribution *crossed* with the logarithms of another: their **cross-entropy**. The floor of 0.611 is
# $H(y, y)$, the **entropy** of $y$. What a forecast pays above the floor,
# $H(y, \hat y) - H(y, y) = \sum_i y_i \log (y_i / \hat y_i)$, is never negative, and 0 only for $\hat y = y$. It is called
# the **Kullback-Leibler divergence**, KL for short. For the boaster it is $1.389 - 0.611 = 0.778$. Training cannot change
# the floor, so less cross-entropy and less KL are the same wish.

# %% [markdown]
# ## 3. Many classes: the label is a one-hot row
#
# With $n$ classes the network gives a row of $n$ probabilities $\hat y = (\hat y_1, \dots, \hat y_n)$ that sum to 1. The
# label is a row of the same shape: 1 at the true class, 0 elsewhere. This is called *one-hot*. Again the factors pick
# what happened:
#
# $$L = -\sum_{i=1}^{n} y_i \log \hat y_i$$
#
# The sum has $n$ terms, but only one of them is not zero: the true class's. With $y = (0, 1, 0)$:
#
# | prediction $\hat y$ | probability of the true class | loss |
# |---|---|---|
# | (0.2, 0.7, 0.1) | 0.7 | 0.357 |
# | (0.05, 0.7, 0.25) | 0.7 | 0.357 |
# | (0.7, 0.2, 0.1) | 0.2 | 1.609 |
#
# How the rest is shared among the wrong classes makes no difference. What they get, the true class does not have; that
# is how they count.
#
# For a batch, $y$ and $\hat y$ have shape $(m, n)$: one sample a row. Sum over the classes, then take the mean over the
# $m$ samples, **not** over all $m \cdot n$ entries:
#
# $$L = -\frac 1m \sum_{s=1}^{m} \sum_{i=1}^{n} y_{si} \log \hat y_{si}$$
#
# A single sample has shape $(n,)$, and its $m$ is 1. (Careful: `len(y)` is $n$ there.)
#
# ### The two-class loss is the same formula
#
# Take $n = 2$, and write the scalar label and prediction as rows, class 0 first:
#
# $$(1-y,\; y) \qquad\text{and}\qquad (1 - \hat y,\; \hat y).$$
#
# If $y = 1$, the label row is $(0, 1)$; if $y = 0$, it is $(1, 0)$: one-hot. The sum of two terms is
#
# $$-\bigl[\,(1-y)\log(1-\hat y) + y \log \hat y\,\bigr],$$
#
# the formula of section 2. There is one cross-entropy, not two. The binary form only saves you the first column.
#
# A slip follows from mixing them up: the terms $(1 - y_i)\log(1-\hat y_i)$ do *not* belong in the sum over the classes.
# The other class is in the sum already.

# %% [markdown]
# ### Exercise 2: `cross_entropy(y, y_hat)`
#
# Write the mean loss of one-hot labels, for one sample or a batch of any size. As before, $0 \log 0$ counts as 0, and the
# loss is `inf` if the true class had the probability 0.
#
# Stuck? `hint("cross_entropy")`

# %% exercise="cross_entropy"
def cross_entropy(y, y_hat):
    """The cross-entropy of one-hot labels, natural logarithm, mean over the batch.

    y: shape (n,) or (m, n), one-hot; m may be 1. y_hat: the same shape, probabilities from 0 to 1,
    both ends included; each row sums to 1. Both stay as they were.
    Returns one number, the loss (in nats), at least 0: 0 log 0 counts as 0, and the loss is inf
    if a true class had the probability 0.
    """
    ### BEGIN SOLUTION
    # The true class's probability, one for each sample. No wrong class gets into the logarithm.
    p_true = np.sum(np.asarray(y) * y_hat, axis=-1)
    return -np.mean(np.log(p_true))
    ### END SOLUTION


# %% [markdown]
# ### Use it: your own curve, and a number worth remembering
#
# The slider again, now with your function over the reference. Below it, first both forms on the same data. Then the loss
# of a network that knows nothing: it gives every class $1/n$, and its loss is $-\log(1/n) = \log n$. With the ten digits
# that is 2.303. If a freshly started network shows a very different number, something is wrong before training has begun.

# %%
explore.cross_entropy(cross_entropy)

# %%
if ready(binary_cross_entropy) and ready(cross_entropy):
    labels = np.array([[1.0], [0.0], [1.0]])
    predicted = np.array([[0.8], [0.3], [0.4]])
    label_rows = np.hstack([1 - labels, labels])
    predicted_rows = np.hstack([1 - predicted, predicted])
    print("binary form :", binary_cross_entropy(labels, predicted))
    print("one-hot form:", cross_entropy(label_rows, predicted_rows))
    print()
    for n in [2, 10, 1000]:
        loss = cross_entropy(np.eye(n)[0], np.full(n, 1 / n))
        print(f"{n:5d} classes, all equally likely: loss {loss:.3f}")
else:
    print("Write binary_cross_entropy and cross_entropy first, then run this cell again.")

# %% [markdown]
# ## 4. The gradient with respect to the probabilities
#
# Gradient descent needs slopes. Change one entry $\hat y_{si}$ and hold all others fixed: what happens to the mean loss?
# In the double sum only one term contains it. The derivative of $\log x$ is $1/x$, so
#
# $$\frac{\partial L}{\partial \hat y_{si}}
#   = -\frac 1m \, y_{si} \, \frac{\partial \log \hat y_{si}}{\partial \hat y_{si}}
#   = -\frac 1m \, \frac{y_{si}}{\hat y_{si}}.$$
#
# - Where the label is 0, the entry is 0.
# - At the true class it is negative: more probability, less loss. It is huge where that probability is small.
# - It carries the $1/m$ of the mean.
#
# One thing should make you suspicious. The probabilities of a row sum to 1, so nobody can change one and hold the
# others fixed. That is no contradiction: this gradient is only half of a chain rule. The other half, the softmax's
# Jacobian, knows that the others must move, and puts it right in section 8.

# %% [markdown]
# ### Exercise 3: `cross_entropy_gradient(y, y_hat)`
#
# Write the gradient of the mean loss with respect to every entry of `y_hat`, which are all positive here.
#
# Stuck? `hint("cross_entropy_gradient")`

# %% exercise="cross_entropy_gradient"
def cross_entropy_gradient(y, y_hat):
    """The gradient of cross_entropy(y, y_hat) with respect to y_hat.

    y: shape (n,) or (m, n), one-hot; m may be 1. y_hat: the same shape, positive probabilities,
    however small. Both stay as they were.
    Returns dL/dy_hat (nats per unit of probability), the same shape; with the 1/m of the mean.
    """
    ### BEGIN SOLUTION
    y = np.asarray(y)
    m = y.shape[0] if y.ndim == 2 else 1
    return -y / y_hat / m
    ### END SOLUTION


# %% [markdown]
# ### Use it: believe the loss, not the formula
#
# A gradient is a promise about the loss: push an entry up by a little $h$, and the loss changes by $h$ times the slope.
# Does the loss keep what your gradient promises? (Where the last digits differ, the curve has bent within $h$. The next
# lesson makes a method of this.)

# %%
if ready(cross_entropy) and ready(cross_entropy_gradient):
    labels = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    predicted = np.array([[0.2, 0.7, 0.1], [0.01, 0.5, 0.49]])
    slopes = cross_entropy_gradient(labels, predicted)
    h = 1e-6
    for s, i in [(0, 1), (0, 2), (1, 0)]:
        pushed = predicted.copy()
        pushed[s, i] += h
        change = cross_entropy(labels, pushed) - cross_entropy(labels, predicted)
        print(f"row {s}, column {i}: loss changes by {change / h:9.4f} h, "
              f"the gradient says {slopes[s][i]:9.4f}")
else:
    print("Write cross_entropy and cross_entropy_gradient first, then run this cell again.")

# %% [markdown]
# ## 5. The delta behind a sigmoid
#
# Two classes again. The network's last layer computes a number $z$, the *logit*, and the sigmoid turns it into the
# prediction: $\hat y = \sigma(z)$. To train the layer you need the slope of the loss **with respect to $z$**, the
# *delta* $\delta = \partial L / \partial z$. Here it is derived twice, for one sample. Do it on paper alongside.
#
# ### First way: through the slopes
#
# The chain rule: $\dfrac{\partial L}{\partial z} = \dfrac{\partial L}{\partial \hat y} \cdot \dfrac{\partial \hat y}{\partial z}$.
#
# Differentiate $L = -[\,y \log \hat y + (1-y)\log(1-\hat y)\,]$. In the second term the inner derivative of
# $1 - \hat y$ is $-1$, so the signs meet:
#
# $$\frac{\partial L}{\partial \hat y} = -\frac{y}{\hat y} + \frac{1-y}{1-\hat y}
#   = \frac{-y(1-\hat y) + (1-y)\hat y}{\hat y(1-\hat y)}
#   = \frac{\hat y - y}{\hat y (1-\hat y)}.$$
#
# (Multiply out the middle: $-y + y\hat y + \hat y - y\hat y$.) The slope of the sigmoid you know from lesson 3:
# $\partial\hat y/\partial z = \hat y(1-\hat y)$. It stands in the denominator too. Everything cancels:
#
# $$\delta = \frac{\hat y - y}{\hat y(1-\hat y)} \cdot \hat y(1-\hat y) = \hat y - y.$$
#
# ### Second way: through the logarithm
#
# Put the sigmoid into the loss *before* differentiating. With $\hat y = \dfrac{1}{1+e^{-z}}$ and
# $1 - \hat y = \dfrac{e^{-z}}{1+e^{-z}}$, the logarithm turns the fractions into differences:
#
# $$\log \hat y = -\log(1+e^{-z}), \qquad \log(1-\hat y) = -z - \log(1+e^{-z}).$$
#
# So the loss, written with $z$ alone, is
#
# $$L = y\log(1+e^{-z}) + (1-y)\bigl[z + \log(1+e^{-z})\bigr] = (1-y)\,z + \log(1+e^{-z}).$$
#
# The derivative of $\log(1+e^{-z})$ is $\dfrac{-e^{-z}}{1+e^{-z}} = -(1-\hat y)$. Therefore
#
# $$\delta = (1-y) - (1-\hat y) = \hat y - y.$$
#
# The same, and this time nothing had to cancel.

# %% [markdown]
# ### On a computer the first way breaks
#
# The cancelling happens on paper. If you multiply the two slopes in floating point, this is what you get. The label is
# $y = 0$, so a large positive $z$ is sure and wrong, and the delta should be close to 1.

# %%
with np.errstate(all="ignore"):
    print("   z   slope of the loss   (exactly)      slope of the sigmoid   product")
    for logit in np.array([2.0, 10.0, 30.0, 37.0, 1000.0]):
        s = 1 / (1 + np.exp(-logit))
        of_loss, of_sigmoid = 1 / (1 - s), s * (1 - s)
        print(f"{logit:5.0f}  {of_loss:15.6g}   {1 + np.exp(logit):14.6g}  "
              f"{of_sigmoid:17.6g}  {of_loss * of_sigmoid:14.4f}")

# %% [markdown]
# (The second column is $1/(1-\hat y)$ worked out on paper: $1 + e^z$. At $z = 1000$ that too is beyond the largest float.)
# At $z = 30$ the slope is wrong from the fourth digit on, because $1 - \hat y$ has lost its digits. Near $z = 37$ the
# sigmoid becomes exactly 1: one slope is infinite, the other 0, and their product is `nan`. The formula that was cancelled
# on paper has no such trouble.
#
# For a batch, $z$ and $y$ have shape $(m, 1)$. Each sample's share of the mean loss is $1/m$, so each delta carries it:
#
# $$\delta_s = \frac 1m \,(\hat y_s - y_s)$$

# %% [markdown]
# ### Exercise 4: `sigmoid_cross_entropy_delta(z, y)`
#
# Write the delta, from the **logits** `z`. Put a sigmoid inside that works at $\pm 1000$.
#
# You need not write that sigmoid twice. Type `bring("sigmoid")` into a new cell above your function. It puts your own
# sigmoid of [lesson 3](../03-activations/03-activations.ipynb), if it has passed its check there, into the next cell. Run
# that cell, and call `sigmoid` in your function.
#
# Stuck? `hint("sigmoid_cross_entropy_delta")`

# %% exercise="sigmoid_cross_entropy_delta"
def sigmoid_cross_entropy_delta(z, y):
    """The gradient of the mean binary cross-entropy of sigmoid(z) with respect to the logits z.

    z: shape (1,) or (m, 1), logits (no unit), any size; m may be 1.
    y: the same shape, labels 0 or 1. Both stay as they were.
    Returns dL/dz (nats per unit of logit), the same shape, never nan; with the 1/m of the mean.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z)
    m = z.shape[0] if z.ndim == 2 else 1
    # log(1 + exp(-z)) without overflow is logaddexp(0, -z); minus it is the logarithm of the sigmoid.
    y_hat = np.exp(-np.logaddexp(0, -z))
    return (y_hat - y) / m
    ### END SOLUTION


# %% [markdown]
# ### Use it: what the cancelling is worth
#
# With the squared error $\tfrac12(\hat y - y)^2$ the delta is $(\hat y - y)\,\hat y(1-\hat y)$: the sigmoid's slope has
# nothing to cancel against and stays. Start sure and wrong, at $z = -6$ with the label 1: $\hat y = 0.0025$. The delta of
# cross-entropy is $-0.9975$, a firm push. That of the squared error is $-0.0025$: the worse the mistake, the less it
# learns. The next cell walks downhill 100 steps of rate 1 with each.

# %%
if ready(sigmoid_cross_entropy_delta):
    label = np.array([1.0])
    paths = {"cross-entropy": [-6.0], "squared error": [-6.0]}
    for _ in range(100):
        logit = paths["cross-entropy"][-1]
        paths["cross-entropy"].append(logit - sigmoid_cross_entropy_delta(np.array([logit]), label)[0])
        logit = paths["squared error"][-1]
        s = 1 / (1 + np.exp(-logit))
        paths["squared error"].append(logit - (s - 1) * s * (1 - s))
    entropy_curve, square_curve = (1 / (1 + np.exp(-np.array(path))) for path in paths.values())
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.plot(entropy_curve, "-", color="#0072B2", label=f"cross-entropy: {entropy_curve[-1]:.4f} at the end")
    ax.plot(square_curve, "--", color="#D55E00", label=f"squared error: {square_curve[-1]:.4f} at the end")
    ax.set(xlabel="step", ylabel="predicted probability of class 1", ylim=(-0.05, 1.05))
    ax.legend()
    show_figure(fig, alt="The predicted probability of the true class over 100 steps from "
                f"{entropy_curve[0]:.4f}. With cross-entropy it rises within 20 steps and reaches "
                f"{entropy_curve[-1]:.3f}; with the squared error it stays at the bottom and reaches "
                f"only {square_curve[-1]:.4f}.")
else:
    print("Write sigmoid_cross_entropy_delta first, then run this cell again.")

# %% [markdown]
# ## 6. The logarithm of the softmax
#
# Now $n$ classes: a row of logits $z$, shape $(n,)$, and $p = \operatorname{softmax}(z)$, so
# $p_i = e^{z_i} / \sum_k e^{z_k}$. The loss needs $\log p_i$. The obvious program computes $p$ and then its logarithm.
# Here it is, with the unprotected softmax and with the shifted one from lesson 4:

# %%
def naive_softmax(z):
    e = np.exp(z)
    return e / np.sum(e)


def shifted_softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


with np.errstate(all="ignore"):
    for logits in [np.array([2.0, 1.0, 0.0]), np.array([1000.0, 0.0, -1000.0])]:
        print("z                    =", logits)
        print("log(naive softmax)   =", np.log(naive_softmax(logits)))
        print("log(shifted softmax) =", np.log(shifted_softmax(logits)))
        print()

# %% [markdown]
# The unprotected softmax overflows. The shifted one gives the right probabilities, $(1, 0, 0)$ to all digits that fit,
# and that is still not good enough: the smallest positive float is about $5 \cdot 10^{-324}$, and $e^{-1000}$ is far
# below it. The probability *underflows* to 0, and its logarithm is $-\infty$. Yet the true $\log p_2$ is about $-1000$, a
# perfectly ordinary number. By the time you take the logarithm it is lost.
#
# So take the logarithm on paper, where the fraction becomes a difference:
#
# $$\log p_i = \log \frac{e^{z_i}}{\sum_k e^{z_k}} = z_i - \log \sum_k e^{z_k}.$$
#
# The exponential of $z_i$ is gone. The sum still overflows. Let $c = \max_k z_k$ and draw $e^c$ out of the sum:
#
# $$\log \sum_k e^{z_k} = \log \Bigl( e^{c} \sum_k e^{z_k - c} \Bigr) = c + \log \sum_k e^{z_k - c}.$$
#
# Every exponent is now at most 0, so nothing overflows; one of them is exactly 0, so the sum lies between 1 and $n$, and
# its logarithm is always harmless. Together:
#
# $$\log p_i = (z_i - c) - \log \sum_k e^{z_k - c}.$$
#
# For $z = (1000, 0, -1000)$ the sum is $1 + e^{-1000} + e^{-2000}$, which is 1 in floating point, and the row is
# $(0, -1000, -2000)$.

# %% [markdown]
# ### Exercise 5: `log_softmax(z)`
#
# Write the logarithm of the softmax along the last axis, for a sample or a batch. In a batch each row has its own
# maximum and its own sum.
#
# Stuck? `hint("log_softmax")`

# %% exercise="log_softmax"
def log_softmax(z):
    """The natural logarithm of softmax(z), row by row, exact also where the softmax underflows.

    z: shape (n,) or (m, n), logits (no unit), any size; m may be 1, and one row
    may be far from another. z stays as it was.
    Returns the logarithms (in nats), none above 0, none -inf or nan, the same shape.
    """
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    ### END SOLUTION


# %% [markdown]
# ## 7. Use it: the loss, straight from the logits
#
# The cross-entropy never needed $p$, only $\log p$. Put the one into the other:
#
# $$L = -\frac 1m \sum_{s=1}^{m} \sum_{i=1}^{n} y_{si} \, \log \operatorname{softmax}(z_s)_i$$
#
# Here $z_s$ is row $s$ of the logits, $z$ and $y$ of shape $(m, n)$. Why not keep the two functions apart, and guard the
# logarithm against 0? Many programs do: they *clip* the probability to, say, at least $10^{-12}$. Look at what that
# does. The true class is the second, and the first has the large logit $t$:

# %%
print("   t   loss through the softmax   the same, clipped at 1e-12")
with np.errstate(all="ignore"):
    for t in [1.0, 10.0, 20.0, 30.0, 100.0, 1000.0]:
        p_true = shifted_softmax(np.array([t, 0.0, -1.0]))[1]
        print(f"{t:5.0f}  {-np.log(p_true) + 0:23.4f}  {-np.log(max(p_true, 1e-12)) + 0:27.4f}")

# %% [markdown]
# The first column is right until the probability underflows; at 1000 it is infinite. The second stops at 27.631, which
# is $-\log 10^{-12}$, from $t = 30$ on: the loss no longer depends on $t$. Its slope is 0 there, so the worst mistakes are
# exactly the ones from which nothing is learned. The true loss at $t = 1000$ is 1000, and you can have it.

# %% [markdown]
# ### Exercise 6: `cross_entropy_from_logits(z, y)`
#
# Write the mean loss from logits and one-hot labels, for a sample or a batch, exact at logits of 1000. Call your own
# `log_softmax`.
#
# Stuck? `hint("cross_entropy_from_logits")`

# %% exercise="cross_entropy_from_logits"
def cross_entropy_from_logits(z, y):
    """The cross-entropy of softmax(z) with one-hot labels y, mean over the batch, straight from z.

    z: shape (n,) or (m, n), logits (no unit), any size; m may be 1, and one row may be far from
    another. y: the same shape, one-hot. Both stay as they were.
    Returns one number, the loss (in nats), at least 0, never inf or nan; nothing is clipped.
    """
    ### BEGIN SOLUTION
    # Sum over the classes first: one loss for each sample. Then the mean over the samples.
    return -np.mean(np.sum(y * log_softmax(z), axis=-1))
    ### END SOLUTION


# %% [markdown]
# ### Use it: the third column

# %%
if ready(cross_entropy_from_logits):
    for t in [1.0, 10.0, 20.0, 30.0, 100.0, 1000.0]:
        logits = np.array([t, 0.0, -1.0])
        loss = cross_entropy_from_logits(logits, np.array([0.0, 1.0, 0.0]))
        print(f"t = {t:5.0f}   loss from the logits {loss:10.4f}")
else:
    print("Write cross_entropy_from_logits first, then run this cell again.")

# %% [markdown]
# ### Use it: who pays?
#
# The loss is a mean, and a mean hides who pays. Take the sixty points and the network of
# [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb), and ask your function for the loss of each point by itself.
# The circles are as large as the loss.

# %%
if ready(cross_entropy_from_logits):
    X, point_labels = load_points()
    (W1, W2), (b1, b2) = points_network()
    z, y = np.tanh(X @ W1 + b1) @ W2 + b2, np.eye(2)[point_labels]
    each = np.array([cross_entropy_from_logits(z[k], y[k]) for k in range(60)])

    def probability(places):
        z = np.tanh(places @ W1 + b1) @ W2 + b2
        return 1 / (1 + np.exp(z[:, 0] - z[:, 1]))

    fig, ax = plt.subplots(figsize=(4.8, 4.4), layout="constrained")
    draw_points(ax, probability)
    ax.scatter(X[:, 0], X[:, 1], s=6000 * each, facecolors="none", edgecolors="black", linewidths=0.8)
    six = np.sort(each)[-6:].sum() / each.sum()
    print(f"mean of the sixty losses: {each.mean():.4f}, all at once: {cross_entropy_from_logits(z, y):.4f}")
    print(f"the six dearest points pay {six:.0%} of the whole")
    show_figure(fig, alt="The sixty points with the network's map; a circle round each, as large as its loss. The circles "
                f"are largest beside the border: six points pay {six:.0%} of the whole loss.")
else:
    print("Write cross_entropy_from_logits first, then run this cell again.")

# %% [markdown]
# The loss of all is what you get at once and one by one: a mean of means over parts of the same size. And it lies with few
# points, those beside the border. They are the ones that training will work on.

# %% [markdown]
# ## 8. The delta behind a softmax
#
# The last piece: $\delta_j = \partial L / \partial z_j$ for one sample, $\hat y = p = \operatorname{softmax}(z)$. Again
# twice. As in lesson 4, $[i = j]$ is 1 where $i = j$ and 0 elsewhere.
#
# First guess. Raise the logit of the true class a little: does the loss rise or fall, and how fast? Set your guess
# below and press Reveal; then do the same for "sure and right" and for "sure and wrong".

# %%
explore.delta(predict=True)

# %% [markdown]
# ### First way: through the Jacobian
#
# Every $p_i$ depends on $z_j$, so the chain rule sums over all $i$:
#
# $$\delta_j = \sum_i \frac{\partial L}{\partial p_i} \, \frac{\partial p_i}{\partial z_j}.$$
#
# Section 4 gives the first factor, $-y_i / p_i$. Lesson 4 gives the second, $p_i \, ([i=j] - p_j)$. Multiply: $p_i$
# cancels, term by term.
#
# $$\delta_j = \sum_i -\frac{y_i}{p_i} \, p_i \, ([i=j] - p_j)
#   = -\sum_i y_i \, [i=j] + p_j \sum_i y_i .$$
#
# In the first sum one term is left, $y_j$. The second sum is 1, because the label is one-hot. So
#
# $$\delta_j = p_j - y_j .$$
#
# ### Second way: through the logarithm
#
# Start from the loss as you have just programmed it, $\log p_i = z_i - \log \sum_k e^{z_k}$:
#
# $$L = -\sum_i y_i z_i + \Bigl(\sum_i y_i\Bigr) \log \sum_k e^{z_k} = -\sum_i y_i z_i + \log \sum_k e^{z_k}.$$
#
# Differentiate with respect to $z_j$. The first sum gives $-y_j$. For the second, the derivative of the logarithm is one
# over the sum, times the inner derivative, in which only $e^{z_j}$ survives:
#
# $$\delta_j = -y_j + \frac{e^{z_j}}{\sum_k e^{z_k}} = p_j - y_j .$$
#
# Two lines, no Jacobian, no division by $p_i$. As a row, $\delta = p - y$; for a batch of shape $(m, n)$,
#
# $$\delta = \frac 1m \, (p - y).$$
#
# An example: $z = (2, 1, 0)$ and the true class is the second, $y = (0, 1, 0)$. Then $p = (0.665, 0.245, 0.090)$ and
# $\delta = (0.665, -0.755, 0.090)$. The true class is pulled up; the others are pushed down, each by what it has too much.
# Each row sums to 0, because $p$ and $y$ both sum to 1.

# %% [markdown]
# ### Exercise 7: `softmax_cross_entropy_delta(z, y)`
#
# Write the delta from the logits, for a sample or a batch, right at logits of 1000 too. You own a stable softmax already:
# the way back from the logarithm, $p = e^{\log p}$, is safe, because no exponent is above 0.
#
# Stuck? `hint("softmax_cross_entropy_delta")`

# %% exercise="softmax_cross_entropy_delta"
def softmax_cross_entropy_delta(z, y):
    """The gradient of the mean cross-entropy of softmax(z) with respect to the logits z.

    z: shape (n,) or (m, n), logits (no unit), any size; m may be 1, and one row may be far from
    another. y: the same shape, one-hot. Both stay as they were.
    Returns dL/dz (nats per unit of logit), the same shape, never nan; each row sums to 0, and
    carries the 1/m of the mean.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z)
    m = z.shape[0] if z.ndim == 2 else 1
    return (np.exp(log_softmax(z)) - y) / m
    ### END SOLUTION


# %% [markdown]
# ### Use it: your own deltas
#
# The picture again, with your deltas as dotted marks. Press "p rounds to 0": the last column of the table is the first
# way, computed as it stands. What the wrong classes are pushed down, the true class is pulled up: the deltas add up to 0.

# %%
explore.delta(softmax_cross_entropy_delta)

# %% [markdown]
# ### Use it: let the delta pull
#
# Take the example, $z = (2, 1, 0)$ with the second class true, and walk the logits downhill: 30 steps of rate 0.5. The
# loss comes from your `cross_entropy_from_logits`, the direction from your delta, the probabilities from your
# `log_softmax`.

# %%
if ready(log_softmax) and ready(cross_entropy_from_logits) and ready(softmax_cross_entropy_delta):
    label = np.array([0.0, 1.0, 0.0])
    logits = np.array([2.0, 1.0, 0.0])
    rows, losses = [], []
    for _ in range(31):
        rows.append(np.exp(log_softmax(logits)))
        losses.append(cross_entropy_from_logits(logits, label))
        logits = logits - 0.5 * np.asarray(softmax_cross_entropy_delta(logits, label))
    rows = np.array(rows)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
    for i, (color, style) in enumerate([("#D55E00", "--"), ("#0072B2", "-"), ("#009E73", ":")]):
        left.plot(rows[:, i], style, color=color, label=f"class {i + 1}" + (" (true)" if i == 1 else ""))
    left.set(xlabel="step", ylabel="probability", ylim=(0, 1))
    left.legend()
    right.plot(losses, color="black")
    right.set(xlabel="step", ylabel="loss", ylim=(0, None))
    show_figure(fig, alt="Left, the three probabilities over 30 steps: the true class goes from "
                f"{rows[0, 1]:.3f} to {rows[-1, 1]:.3f}, the others from {rows[0, 0]:.3f} and "
                f"{rows[0, 2]:.3f} to {rows[-1, 0]:.3f} and {rows[-1, 2]:.3f}. "
                f"Right, the loss goes from {losses[0]:.3f} to {losses[-1]:.3f}.")
else:
    print("Write exercises 5, 6 and 7 first, then run this cell again.")

# %% [markdown]
# The push weakens by itself as $p$ comes near $y$. At $p = y$ it would be 0.
#
# ### The sigmoid was a softmax all along
#
# Give class 0 the logit 0 and class 1 the logit $z$. The softmax of the row $(0, z)$ has the second entry
# $\dfrac{e^{z}}{1 + e^{z}} = \sigma(z)$. So section 5 is section 8 with two classes, and the two deltas must agree:

# %%
if ready(sigmoid_cross_entropy_delta) and ready(softmax_cross_entropy_delta):
    column = np.array([[-1.5], [0.25], [1000.0]])
    labels = np.array([[1.0], [0.0], [0.0]])
    one = np.asarray(sigmoid_cross_entropy_delta(column, labels))
    logit_rows, label_rows = np.hstack([0 * column, column]), np.hstack([1 - labels, labels])
    two = np.asarray(softmax_cross_entropy_delta(logit_rows, label_rows))
    print("sigmoid delta          :", one[:, 0])
    print("softmax delta, class 1 :", two[:, 1])
    print("softmax delta, class 0 :", two[:, 0])
else:
    print("Write both delta functions first, then run this cell again.")

# %% [markdown]
# ## What you can do now
#
# - Say what cross-entropy measures: minus the logarithm of the probability given to what happened, as a mean over the
#   batch, in nats.
# - Write it for a scalar label and for one-hot rows, and show that the first is the second with two classes.
# - Say what entropy and KL divergence are, and recognise a base-10 loss.
# - Keep $0 \log 0$ from spoiling a batch.
# - Derive $\delta = \hat y - y$ for sigmoid and for softmax, through the slopes and through the logarithm.
# - Compute the loss from logits of 1000 without overflow, underflow or clipping.
#
# $\delta = (\hat y - y)/m$ is where backpropagation starts: everything further back in a network is made from it.

# %% [markdown]
# ### Written question
# *2 points, graded by hand.*
#
# A colleague computes `p = softmax(z)` with a stable softmax, then `np.clip(p, 1e-12, 1)`, then the cross-entropy, "so
# that the loss can never be infinite". In her training set one sample has the logits $(1000, 0)$, and its true class is
# the second.
#
# 1. Which loss does she see for this sample, and what is the true loss? (1 point)
# 2. What is the gradient of *her* loss with respect to the logits, what is the true delta, and what does the difference
#    mean for training? (1 point)
#
# A good answer gives the numbers, says in one sentence each where they come from, and needs no more than eight lines.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. The probability of the second class, $e^{-1000}/(1 + e^{-1000})$, underflows to 0 and is clipped to $10^{-12}$. She sees
#    $-\log 10^{-12} = 27.63$. The true loss is $-\log p_2 = -(0 - 1000) + \log(1 + e^{-1000}) = 1000$ to all digits that a
#    float has.
# 2. Around this sample her loss is the constant 27.63, whatever the logits do, so its gradient is $(0, 0)$. The true delta
#    is $p - y = (1, 0) - (0, 1) = (1, -1)$. With her loss the network's worst mistake has no pull on the weights and
#    is never corrected (a hand-written $p - y$ would still correct it, but it would not be the gradient of the loss she
#    reports). From `log_softmax` both the loss and the delta are right.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You own the loss of every classifier, exact at any logit, and the delta $\hat y - y$ with which backpropagation
# begins.

# %%
progress("05-cross-entropy")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `05-cross-entropy.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Claude Shannon defined the entropy in 1948; Solomon Kullback and Richard Leibler wrote about
# the excess in 1951. To read on: Christopher Olah, *Visual Information Theory* (2015).
#
# **In a framework** it is `torch.nn.functional.cross_entropy(z, labels)`. It takes logits and not probabilities, and
# you know why: after the softmax the digits are gone. It also takes the label as a whole number (class 2) in place of a
# one-hot row, or a row of probabilities, a *soft* label.
#
# You have derived much by now. The next lesson builds the judge that says whether it is right.
#
# **Next:** [6. Numerical gradients, and how to check one you derived](../06-numerical-gradient/06-numerical-gradient.ipynb)
