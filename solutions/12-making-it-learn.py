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
# # 12. Making it learn: from a net that runs to one that generalises
#
# A training program that runs is not yet one that learns. It may learn its rows by heart and know nothing else. It may
# creep for hours along a valley that a better step crosses in seconds. Or it may run without a complaint, and learn nothing
# at all. In this lesson you write what stands between a program that runs and a net that can be trusted:
#
# - **Three heaps of rows.** Which rows to learn from, which to choose by, and which to look at once, at the end.
# - **Holding back.** Stopping in time, and weights that are kept small.
# - **Better steps.** A ball that gathers speed, and a step that fits each weight by itself.
# - **The clinic.** Six trainings that do not learn. You find out what is wrong with each, from its record alone, and then
#   write the function that does.
#
# You need a training step ([lesson 10](../10-training/10-training.ipynb)); it is given here in a few lines. The eight
# exercises take about 85 minutes, the whole lesson about two hours. Under each exercise stands a check. For help type,
# for example, `hint("adam_step")` into a new cell: each call shows one more of three hints. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import (
    check,
    explore,
    hint,
    load_digits,
    load_runs,
    progress,
    ready,
    show_figure,
)

# %% [markdown]
# ## Play first
#
# A loss with two weights, drawn as a map: lines of equal loss. The valley is steep across and flat along its floor.
# Three walks start at the black dot: plain **descent**; **momentum**, a ball that gathers speed; and **Adam**, which gives
# each weight a step of its own. The last two you will write.
#
# 1. Press "near descent's limit". How do the three get along the floor? Raise the first rate a little. Which walk runs
#    away, and which does not?
# 2. Press "too much memory". The ball is fast. What does it pay for that?
# 3. Press "long steps of Adam". How soon is it across the bottom? Does it come to rest there?

# %%
explore.valley()

# %% [markdown]
# ## 1. Rows to learn from, to choose by, to be judged by
#
# The net here is that of lesson 10: 64 pixels, 32 tanh units, ten classes, softmax and cross-entropy. The next cell
# holds all of it. It is given, for you have written it before. `parameters` is one list: both weight matrices, then both
# biases.

# %%
X_all, labels = load_digits()
Y_all = np.eye(10)[labels]


def probabilities(X, parameters):
    """What the net says: hidden outputs, shape (m, 32), and probabilities, shape (m, 10)."""
    W1, W2, b1, b2 = parameters
    hidden = np.tanh(X @ W1 + b1)
    z = hidden @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return hidden, e / e.sum(axis=1, keepdims=True)


def loss_of(X, Y, parameters):
    """The mean cross-entropy."""
    return -np.mean(np.log(np.maximum(np.sum(Y * probabilities(X, parameters)[1], axis=1), 1e-300)))


def slopes_of(X, Y, parameters):
    """The gradient of the mean loss, one array for each parameter."""
    hidden, P = probabilities(X, parameters)
    delta = (P - Y) / len(X)
    delta_1 = delta @ parameters[1].T * (1 - hidden**2)
    return [X.T @ delta_1, hidden.T @ delta, delta_1.sum(axis=0), delta.sum(axis=0)]


def share_right(X, Y, parameters):
    """The accuracy."""
    return np.mean(probabilities(X, parameters)[1].argmax(axis=1) == Y.argmax(axis=1))


def first_parameters(seed=1):
    """Xavier's weights, and biases of 0."""
    rng = np.random.default_rng(seed)
    W1 = rng.normal(0, np.sqrt(2 / 96), (64, 32))
    W2 = rng.normal(0, np.sqrt(2 / 42), (32, 10))
    return [W1, W2, np.zeros(32), np.zeros(10)]


print(
    f"untrained: loss {loss_of(X_all, Y_all, first_parameters()):.3f}, right {share_right(X_all, Y_all, first_parameters()):.3f}"
)

# %% [markdown]
# You will make choices: how long to train, how strongly to hold back, which step. Each choice is made by trying. If you
# try a hundred settings and keep the one that does best on some rows, then it does best on those rows partly by luck, and
# its score there is too good. So there are three heaps, and each has one use:
#
# | rows | for | how often looked at |
# |---|---|---|
# | **training** | the gradient | in every step |
# | **validation** | choosing: the rate, the strength, the epoch | as often as you like |
# | **test** | the number that you report | once, at the very end |
#
# Which row goes where, chance decides: files come sorted. A share is given as a fraction, and `shares[0] * m` rows are
# for training. That product is a whole number, but for rounding: in floats `0.29 * 100` is a little less than 29, and
# means 29 rows. So round it; `int` would cut it off to 28.

# %% [markdown]
# ### Exercise 1: `split(m, shares, rng)`
#
# Deal the row numbers from 0 to $m - 1$ into three parts, at random. In which order the rows stand within a part does not
# matter. The check looks at the sizes, at whether every row is in exactly one part, and whether `rng` decides.
#
# Stuck? `hint("split")` gives one hint at a time.


# %% exercise="split"
def split(m, shares, rng):
    """Deals m rows into training, validation and test rows.

    m: how many rows there are. shares: three numbers above 0 that sum to 1, for training,
    validation, test; each times m is a whole number, up to rounding.
    rng: the NumPy generator to draw from, and nothing else; every choice of rows is equally likely.
    Returns three arrays of row numbers, counted from 0. Every row is in exactly one of them.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(m)
    first = round(shares[0] * m)
    second = first + round(shares[1] * m)
    return order[:first], order[first:second], order[second:]
    ### END SOLUTION


# %% [markdown]
# ## 2. Learning by heart
#
# **Use it.** Real labels have mistakes in them. So the next cell takes 200 rows for training, and writes a wrong label on
# thirty of them. The 400 validation rows and the test rows stay clean. Then the net is trained for 400 epochs, all 200 rows in
# each step.

# %%
# Run this once split is written.
if ready(split):
    m = len(X_all)
    draws = np.random.default_rng(12)
    training, validation, test = (
        np.array(part) for part in split(m, (200 / m, 400 / m, (m - 600) / m), draws)
    )
    noisy = labels.copy()
    noisy[training[:30]] = (labels[training[:30]] + draws.integers(1, 10, 30)) % 10
    X, Y = X_all[training], np.eye(10)[noisy[training]]
    X_val, Y_val = X_all[validation], Y_all[validation]


def learn(slopes, epochs=400, rate=0.5):
    """Trains on all training rows in each step; `slopes(parameters)` gives the gradients to step against."""
    parameters, losses, checked, kept = first_parameters(), [], [], []
    for _ in range(epochs + 1):
        losses.append(loss_of(X, Y, parameters))
        checked.append(loss_of(X_val, Y_val, parameters))
        kept.append(parameters)
        parameters = [p - rate * g for p, g in zip(parameters, slopes(parameters), strict=True)]
    return np.array(losses), np.array(checked), kept


if ready(split):
    losses, checked, kept = learn(lambda parameters: slopes_of(X, Y, parameters))
    best = checked.argmin()
    fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    ax.plot(losses, "--", color="#D55E00", label="training")
    ax.plot(checked, color="#0072B2", label="validation")
    ax.axvline(best, color="black", linewidth=0.8, linestyle=":")
    ax.set(xlabel="epoch", ylabel="loss", title="The training loss falls on, the validation loss turns")
    ax.legend()
    alt = (
        f"Two losses over 400 epochs. Training falls from {losses[0]:.2f} to {losses[-1]:.2f}. Validation falls to "
        f"{checked[best]:.2f} at epoch {best} and rises to {checked[-1]:.2f}."
    )
    show_figure(fig, alt)
    for name, net in (("at the lowest", kept[best]), ("in the end", kept[-1])):
        print(
            f"{name + ':':14s} {share_right(X, Y, net):.3f} of the training labels right, "
            f"{share_right(X_val, Y_val, net):.3f} of the validation labels"
        )

# %% [markdown]
# This is **overfitting**. At first the net learns what the digits have in common, and both losses fall. Then it begins to
# learn the thirty wrong labels by heart, one after the other. In a run with the same settings, recorded for this text, it
# ends with $0.99$ of its training labels right, wrong ones included, and the price is paid on all other rows: the
# validation loss was $0.603$ at its lowest, and is $0.765$ in the end. (Your split draws other rows if you wrote it in another way;
# the curves will look alike.)
#
# The training loss shows nothing of all this. Without validation rows you would never know.
#
# ### Stopping in time
#
# The simplest cure: stop when the validation loss no longer falls, and go back to the weights of the best epoch. Above, with
# all rows in each step, the curve is smooth. In small batches it is jagged, and one bad epoch is no reason to stop. So one
# waits a few epochs, the **patience**.
#
# An example with a patience of 2: the losses are $0.9,\ 0.7,\ 0.6,\ 0.65,\ 0.62,\ 0.5$. Epoch 2 is the best so far. Epochs
# 3 and 4 bring nothing better; that makes two, so the training stops after epoch 4, and the answer is `(2, 4)`. Nobody ever sees the
# $0.5$: it lies after the stop. A new best starts the count again. A loss that only equals the best is no new best.

# %% [markdown]
# ### Exercise 2: `stop_early(validation_losses, patience)`
#
# The losses are all written down already; your function walks through them as the training would have done. It may not use
# what it would not have seen.
#
# Stuck? `hint("stop_early")`.


# %% exercise="stop_early"
def stop_early(validation_losses, patience):
    """Where a training with this patience stops, and which epoch it keeps.

    validation_losses: shape (epochs,), one finite number after each epoch; there may be one epoch only.
    patience: 1 or more; so many epochs in a row without a lower loss than the best so far end the training.
    Returns (best_epoch, last_epoch), whole numbers counted from 0: the first epoch with the lowest loss seen,
    and the epoch after which the training stops. If nothing stops it, that is the last one.
    """
    ### BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if loss < validation_losses[best]:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(validation_losses) - 1
    ### END SOLUTION


# %%
# Run this once split and stop_early are written.
if ready(split) and ready(stop_early):
    for patience in (1, 5, 20):
        best, last = stop_early(checked, patience)
        print(
            f"patience {patience:2d}: stops after epoch {last}, keeps {best}: "
            f"{share_right(X_val, Y_val, kept[best]):.3f} of the validation labels right"
        )

# %% [markdown]
# ## 3. Weights that are kept small
#
# To bend its answer around one odd row, a net needs large weights. **Weight decay** makes large weights expensive: it adds
# half the sum of their squares to the loss, times a strength $\lambda$ that you choose.
#
# $$\tilde L = L + \frac{\lambda}{2} \sum_l \sum_{i, j} \bigl(W^{(l)}_{ij}\bigr)^2$$
#
# The slope of $\frac{\lambda}{2} w^2$ is $\lambda w$: the 2 of the square and the $\frac{1}{2}$ cancel, which is why the
# $\frac{1}{2}$ is there. So each weight's gradient gets $\lambda$ times the weight itself on top:
#
# $$\frac{\partial \tilde L}{\partial W^{(l)}} = \frac{\partial L}{\partial W^{(l)}} + \lambda W^{(l)}, \qquad
# \frac{\partial \tilde L}{\partial b^{(l)}} = \frac{\partial L}{\partial b^{(l)}}$$
#
# Biases stay as they are. They shift a unit, and do not make it wind. With $\lambda = 0.1$ a weight of $0.5$ is pulled
# towards 0 with a slope of $0.05$, in every step, unless the rows pull against it.

# %% [markdown]
# ### Exercise 3: `with_weight_decay(weights, gradients, strength)`
#
# The lists may hold matrices, which are weights, and arrays with one axis, which are biases, in any order.
#
# Stuck? `hint("with_weight_decay")`.


# %% exercise="with_weight_decay"
def with_weight_decay(weights, gradients, strength):
    """The gradients of the loss with strength / 2 times the sum of the squared weights added.

    weights: list of arrays: weights of shape (n_in, n_out), biases of shape (n_out,); sizes may be 1.
    gradients: list of arrays of the same shapes, the slopes of the loss alone.
    strength: 0 or above, no unit.
    Returns a new list of arrays of the same shapes. The gradients of biases are the same as before.
    No argument is changed.
    """
    ### BEGIN SOLUTION
    return [g + strength * W if W.ndim == 2 else g.copy() for W, g in zip(weights, gradients, strict=True)]
    ### END SOLUTION


# %%
# Run this once split and with_weight_decay are written.
if ready(split) and ready(with_weight_decay):
    print("strength   training loss   validation loss   validation labels right")
    for strength in (0.003, 0.01, 0.02, 0.04):
        losses, checked, kept = learn(
            lambda parameters, strength=strength: with_weight_decay(
                parameters, slopes_of(X, Y, parameters), strength
            )
        )
        right = share_right(X_val, Y_val, kept[-1])
        print(f"{strength:8.3f}   {losses[-1]:13.3f}   {checked[-1]:15.3f}   {right:23.3f}")

# %% [markdown]
# **See it.** The same with one input. Nine waves, slow and fast ones, are fitted to fourteen points, in steps that use your
# function. The small grey points are for validation: the fit never sees them.
#
# 1. Without decay the curve bends to the training points. Raise the strength slowly. Which of the two losses gets worse at
#    once? Which one gets better first?
# 2. Set the strength back to 0, and take steps away. Does stopping in time do the same?
# 3. Take other points. Is the same strength the best one for them?

# %%
explore.weight_decay(with_weight_decay)

# %% [markdown]
# **Back to the digits.** The training loss gets worse with every step down the table above. The validation loss first gets better, and then worse: with
# too much decay the net cannot learn the right labels either. In the recorded run the validation loss ends at $0.765$ without decay, at
# $0.643$ with a strength of $0.01$, and at $1.011$ with $0.04$. The strength is chosen by the validation rows. Only then does the test
# speak, once: recorded, $0.781$ of the test labels are right without decay, $0.830$ with $0.01$, and $0.846$ with the weights
# that were stopped in time.
#
# ## 4. A ball that gathers speed
#
# Plain descent forgets. In the long valley each step goes mostly across, the next one back, and both are forgotten. A ball
# would not forget: across, pushes to the left and to the right cancel, and along the floor all pushes add up.
#
# **Momentum** keeps a velocity $v$ for each parameter, an array of the same shape, 0 at the start. Each step it fades by
# a factor $\beta$ and takes in the new gradient $g$; then the parameter moves with the velocity:
#
# $$v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \eta\, v$$
#
# Let the slope be 1 in every step, and $\beta = 0.9$. The velocities are $1$, then $0.9 + 1 = 1.9$, then $2.71$, and they go
# on to $1 + 0.9 + 0.9^2 + \dots = \frac{1}{1 - 0.9} = 10$: along the floor the ball gets ten times as fast.

# %% [markdown]
# ### Exercise 4: `momentum_step(parameters, gradients, velocity, learning_rate, beta)`
#
# One step for a whole list of parameters. Return new lists: the next step needs the old gradients no more, but whoever called
# may.
#
# Stuck? `hint("momentum_step")`.


# %% exercise="momentum_step"
def momentum_step(parameters, gradients, velocity, learning_rate, beta):
    """One step of gradient descent with momentum.

    parameters, gradients, velocity: lists of arrays; those at one place have one shape. Sizes may be 1.
    learning_rate: how far a step goes. beta: from 0 to below 1, how much of the old velocity stays.
    Returns (parameters, velocity), two new lists: velocity = beta * velocity + gradient,
    and the parameters after the step with this new velocity. No argument is changed.
    """
    ### BEGIN SOLUTION
    velocity = [beta * v + g for v, g in zip(velocity, gradients, strict=True)]
    parameters = [p - learning_rate * v for p, v in zip(parameters, velocity, strict=True)]
    return parameters, velocity
    ### END SOLUTION


# %% [markdown]
# ## 5. A step for each weight
#
# One learning rate for all weights is a compromise: it must be small enough for the steepest direction, and is far too small
# for the flattest. **Adam** gives each weight a step of its own. It keeps two running means for each weight: $m$ of its
# slopes, and $v$ of their squares. (Not the $m$ that counts rows, and no velocity; the letters are Adam's own.)
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# The root of $v$ is about the size of this weight's slopes. Divide by it, and every step is about as long as the learning rate,
# whether the slopes are a thousand or a thousandth. What counts is whether they agree: slopes that change their sign
# in every step have a mean near 0.
#
# **The correction.** Both means start at 0, and at first they are too small. With the usual $\beta_1 = 0.9$ and $\beta_2 =
# 0.999$, a slope of 1 gives $m = 0.1$ and $v = 0.001$ in the first step, and $m / \sqrt{v}$ would be $3.16$, not 1. After $t$ steps the weights in such a
# mean sum to $1 - \beta^t$, not to 1. So both are divided by that, where $t$ counts from 1:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# $\epsilon$, usually $10^{-8}$, stands outside the root. It keeps 0 from being divided by 0 where a slope has always been 0. What is
# kept for the next step are $m$ and $v$, not the corrected ones.

# %% [markdown]
# ### Exercise 5: `adam_step(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon)`
#
# Five short lines for each parameter. Write them in the order of the formulas.
#
# Stuck? `hint("adam_step")`.


# %% exercise="adam_step"
def adam_step(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon):
    """One step of Adam, with its bias correction.

    parameters, gradients, m, v: lists of arrays; those at one place have one shape. Sizes may be 1.
    m, v: the running means of the slopes and of their squares, uncorrected, all 0 before the first step.
    t: the number of this step, counted from 1. learning_rate: how far a step goes, about.
    beta1, beta2: above 0 and below 1, what stays of the old mean. epsilon: above 0, added to the root.
    Returns (parameters, m, v), three new lists; m and v uncorrected. No argument is changed.
    """
    ### BEGIN SOLUTION
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, gradients, strict=True)]
    v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(v, gradients, strict=True)]
    moved = []
    for p, a, b in zip(parameters, m, v, strict=True):
        m_hat = a / (1 - beta1**t)
        v_hat = b / (1 - beta2**t)
        moved.append(p - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon))
    return moved, m, v
    ### END SOLUTION


# %% [markdown]
# **Use both.** A valley with the curvatures 1 and 100, condition number 100, from the same start and for the same number of
# steps.

# %%
# Run this once momentum_step and adam_step are written.
if ready(momentum_step) and ready(adam_step):
    curvatures, start, steps = np.array([1.0, 100.0]), np.array([-2.5, 1.0]), 60
    walks = {"plain, rate 0.0195": [start], "momentum, rate 0.03, beta 0.7": [start], "Adam, rate 0.3": [start]}
    plain, rolling, adam = walks.values()
    velocity, m, v = [np.zeros(2)], [np.zeros(2)], [np.zeros(2)]
    for t in range(1, steps + 1):
        plain.append(plain[-1] - 0.0195 * curvatures * plain[-1])
        (place,), velocity = momentum_step([rolling[-1]], [curvatures * rolling[-1]], velocity, 0.03, 0.7)
        rolling.append(place)
        (place,), m, v = adam_step([adam[-1]], [curvatures * adam[-1]], m, v, t, 0.3, 0.9, 0.999, 1e-8)
        adam.append(place)
    fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    told = []
    for (name, walk), style in zip(walks.items(), (":", "-", "--"), strict=True):
        losses = np.array(walk) ** 2 @ curvatures / 2
        ax.semilogy(losses, style, label=name)
        told.append(f"{name}: from {losses[0]:.2f} to {losses[-1]:.1e}")
    ax.set(xlabel="step", ylabel="loss", title="Three ways down the long valley")
    ax.legend()
    show_figure(fig, alt=f"The loss over {steps} steps, on a logarithmic axis. {'; '.join(told)}.")

# %% [markdown]
# The plain walk has nearly the largest rate that this valley allows, and still creeps along the floor. The ball wins by far, with a rate
# and a $\beta$ that suit the two curvatures. Adam was told nothing of the curvatures: its rate is a length, not a factor. It gets
# along at once, and then goes to and fro about the bottom, because its steps do not get shorter by themselves.
#
# **See it.** Your two functions, drawn over the reference. Find a rate and a $\beta$ that beat the ones above.

# %%
explore.valley(momentum_step, adam_step)

# %% [markdown]
# ## 6. A rate that changes
#
# At the start the weights are random and the first gradients say little; in the end a long step only jumps about the bottom. So
# one begins gently, goes on briskly, and ends in small steps. A usual **schedule** has two pieces. For the first $t_w$ steps,
# the **warm-up**, the rate rises along a straight line from 0 to its peak. Then it comes down along half a cosine, and
# is 0 in step $T$:
#
# $$\eta_t = \eta_{\text{peak}} \cdot \frac{t}{t_w} \quad \text{for } t < t_w, \qquad
# \eta_t = \frac{\eta_{\text{peak}}}{2} \left(1 + \cos \pi\, \frac{t - t_w}{T - t_w}\right) \quad \text{from } t_w \text{ on}$$
#
# With $T = 100$, $t_w = 10$ and a peak of $0.4$: step 5 has $0.2$, step 10 has $0.4$, step 55, halfway down, has $0.2$
# again, and step 100 has 0.

# %% [markdown]
# ### Exercise 6: `rate_at(step, steps, peak, warmup)`
#
# The learning rate of one step. Without a warm-up the cosine begins at once.
#
# Stuck? `hint("rate_at")`.


# %% exercise="rate_at"
def rate_at(step, steps, peak, warmup):
    """The learning rate of a step: a straight warm-up from 0, then half a cosine down to 0.

    step: a whole number from 0 to steps. steps: where the rate is 0 again. peak: the largest rate.
    warmup: 0 or more, and below steps; in step `warmup` the rate is the peak.
    Returns one number from 0 to peak.
    """
    ### BEGIN SOLUTION
    if step < warmup:
        return peak * step / warmup
    done = (step - warmup) / (steps - warmup)
    return peak * (1 + np.cos(np.pi * done)) / 2
    ### END SOLUTION


# %%
# Run this once rate_at is written.
if ready(rate_at):
    rates = [float(rate_at(step, 100, 0.4, 10)) for step in range(101)]
    fig, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
    ax.plot(rates, color="#0072B2")
    ax.set(xlabel="step", ylabel="learning rate", title="Warm-up, then half a cosine")
    show_figure(
        fig,
        alt=f"The rate rises from {rates[0]:.1f} to {rates[10]:.1f} in ten steps, and falls in a smooth curve to "
        f"{rates[-1]:.1f} at step 100.",
    )

# %% [markdown]
# ## 7. Which mistakes?
#
# An accuracy of nine in ten says nothing about which one in ten is wrong. A **confusion matrix** does: one row for each
# true class, one column for each class that the net named. What is right stands on the diagonal; each number beside it
# counts one kind of mistake. For the labels $0, 0, 1, 1$ and the answers $0, 1, 1, 1$:
#
# $$C = \begin{pmatrix} 1 & 1 \\ 0 & 2 \end{pmatrix}$$
#
# One 0 was read as a 1, and no 1 was read as a 0.

# %% [markdown]
# ### Exercise 7: `confusion_matrix(labels, predicted, classes)`
#
# Stuck? `hint("confusion_matrix")`.


# %% exercise="confusion_matrix"
def confusion_matrix(labels, predicted, classes):
    """Counts what was taken for what.

    labels, predicted: shape (m,), whole numbers from 0 to classes - 1; m may be 1.
    classes: how many classes there are, 1 or more, also those that do not occur.
    Returns shape (classes, classes): in row i and column j, how often class i was taken for class j.
    """
    ### BEGIN SOLUTION
    C = np.zeros((classes, classes), dtype=int)
    for i, j in zip(labels, predicted, strict=True):
        C[i, j] += 1
    return C
    ### END SOLUTION


# %% [markdown]
# **All of it together.** The 200 training rows with their true labels, in batches of 20, by Adam, with a schedule and some
# weight decay; then the confusion matrix of the validation rows.

# %%
# Run this once all functions so far are written.
if all(map(ready, (split, with_weight_decay, adam_step, rate_at, confusion_matrix))):
    draws, parameters, t = np.random.default_rng(3), first_parameters(), 0
    m, v = ([np.zeros(p.shape) for p in parameters] for _ in range(2))
    for _ in range(20):
        for rows in np.split(draws.permutation(training), 10):
            t += 1
            slopes = with_weight_decay(parameters, slopes_of(X_all[rows], Y_all[rows], parameters), 0.001)
            parameters, m, v = adam_step(
                parameters, slopes, m, v, t, rate_at(t, 200, 0.02, 20), 0.9, 0.999, 1e-8
            )
    said = probabilities(X_val, parameters)[1].argmax(axis=1)
    C = np.array(confusion_matrix(labels[validation], said, 10)).astype(int)
    print(f"validation labels right: {np.trace(C) / C.sum():.3f}")
    print(C)
    off = C - np.diag(np.diag(C))
    i, j = np.unravel_index(off.argmax(), off.shape)
    print(f"the most frequent mistake: a {i} read as a {j}, {off[i, j]} times")

# %% [markdown]
# ## 8. The clinic
#
# Seven trainings of one small net on digits: 240 rows, 16 tanh units, batches of 24, ten epochs. One is healthy. In each
# of the other six one thing is wrong:
#
# | name | what was done |
# |---|---|
# | `"zero weights"` | all weights were 0 at the start |
# | `"rate too large"` | the learning rate is far too large, and nothing else is wrong |
# | `"missing 1/m"` | the gradient is that of the sum over the batch: the $1/m$ was forgotten |
# | `"frozen layer"` | one layer, any, is never updated |
# | `"shuffled labels"` | the training rows and their labels were shuffled apart |
# | `"saturated units"` | the first weights were so large that the hidden units are saturated from the start |
#
# The programs are lost. What is left is what each has recorded, a dictionary of arrays. Say a training has $E$ epochs and
# the net two layers. `run["losses"]` and the others are:
#
# | entry | shape | what it holds |
# |---|---|---|
# | `"losses"` | $(E + 1,)$ | the loss over the training rows, before the first epoch and after each |
# | `"validation_losses"` | $(E + 1,)$ | the same over the validation rows |
# | `"weight_norms"` | $(E + 1, 2)$ | the norm of each layer's weights, before the first epoch and after each |
# | `"saturated"` | $(E + 1,)$ | the share of hidden outputs beyond $\pm 0.99$, over the training rows |
# | `"gradient_norms"` | $(E, 2)$ | the norm of each layer's weight gradient, as the program computed it on the first batch of each epoch |
# | `"measured_norms"` | $(2,)$ | the norm of the first of these gradients, measured by nudging the weights ([lesson 6](../06-numerical-gradient/06-numerical-gradient.ipynb)) |
# | `"step_norms"` | $(E, 2)$ | how far each layer's weights moved in each epoch |
#
# The norm is the root of the sum of squares. Look at all seven before you write anything.

# %%
runs = load_runs()
fig, axes = plt.subplots(2, 4, figsize=(7, 4), layout="constrained")
told = []
for ax, (letter, run) in zip(axes.flat, runs.items(), strict=False):
    ax.plot(run["losses"], "--", color="#D55E00", label="training")
    ax.plot(run["validation_losses"], color="#0072B2", label="validation")
    ax.set(title=letter, xlabel="epoch", ylim=(0, 1.1 * max(run["losses"].max(), run["validation_losses"].max())))
    told.append(
        f"{letter} from {run['losses'][0]:.2f} to {run['losses'][-1]:.2f} and {run['validation_losses'][-1]:.2f}"
    )
axes[1, 3].axis("off")
axes[1, 3].legend(*axes[0, 0].get_legend_handles_labels(), loc="center")
show_figure(fig, alt=f"Training loss from start to end, and validation loss at the end: {'; '.join(told)}.")

print("run      saturated weights at start  computed slopes  measured slopes       least step")
for letter, run in runs.items():
    columns = [
        run["weight_norms"][0],
        run["gradient_norms"][0],
        run["measured_norms"],
        run["step_norms"].min(axis=0),
    ]
    print(f"{letter:8s}{run['saturated'][0]:10.2f}" + "".join(f"  {a:7.3g} {b:7.3g}" for a, b in columns))

# %% [markdown]
# Which run is which? Write six names down before you read on. Two of them have the very same losses, number by number: look at
# what tells them apart.
#
# What a run shows is a **symptom**, and several faults share one. So ask for causes, from the earliest to the latest: is something
# wrong before the first step? Is the gradient what the loss says? Do the steps follow the gradient? Only if all that is
# right, the losses themselves speak. These margins hold in every run that the check draws:
#
# | fault | what its record shows, and no other's |
# |---|---|
# | zero weights | both weight norms at the start are exactly 0. In every other run both are above $0.1$ |
# | saturated units | at the start the share of saturated outputs is $0.8$ or more. In every other run it is $0.2$ or less there, whatever it is later |
# | frozen layer | one layer's steps are exactly 0 in all epochs, and the other's never; its gradients are not 0. In every other run, but for zero weights, no step is 0 |
# | missing 1/m | at the start each computed norm is more than 4 times the measured one. In every other run they differ by less than one in a hundred, or both are 0 |
# | rate too large | the training loss ends at more than $1.2$ times its first value. So it does with a missing 1/m, and nowhere else |
# | shuffled labels | the training loss ends below $0.95$ of its first value, the validation loss above $1.05$ of its first. In no other run does the one fall and the other rise |

# %% [markdown]
# ### Exercise 8: `diagnose(run)`
#
# Return one of the six names, spelled as in the table. The check draws small trainings with fresh numbers: other rows,
# other sizes of the batch, six epochs.
#
# Stuck? `hint("diagnose")`.


# %% exercise="diagnose"
def diagnose(run):
    """Names the fault of a training that does not learn, from its record.

    run: a dictionary of arrays, as in the table: "losses", "validation_losses", "saturated", each of shape (E + 1,);
    "weight_norms" of shape (E + 1, 2); "gradient_norms" and "step_norms" of shape (E, 2); "measured_norms" of
    shape (2,). It is not changed.
    Returns the name, a text: "zero weights", "rate too large", "missing 1/m", "frozen layer",
    "shuffled labels" or "saturated units".
    """
    ### BEGIN SOLUTION
    if np.all(run["weight_norms"][0] == 0):
        return "zero weights"
    if run["saturated"][0] > 0.5:
        return "saturated units"
    if np.any(np.all(run["step_norms"] == 0, axis=0)):
        return "frozen layer"
    if np.any(run["gradient_norms"][0] > 2 * run["measured_norms"]):
        return "missing 1/m"
    if run["losses"][-1] > run["losses"][0]:
        return "rate too large"
    return "shuffled labels"
    ### END SOLUTION


# %%
# Run this once diagnose is written.
if ready(diagnose):
    for letter, run in runs.items():
        if letter != "healthy":
            print(f"run {letter}: {diagnose(run)}")

# %% [markdown]
# Were your six names the same? Three things to take along:
#
# - **A missing 1/m is a rate too large**, by the factor $m$. The losses cannot tell them apart; a measured gradient can, at once.
# - **A falling loss proves little.** The run with saturated units and the one with the frozen layer learn something: what is left of the
#   net does its best. They end well above the healthy one, and that is easily overlooked if there is no healthy one.
# - **Shuffled labels leave every number in order**, but for one: the validation loss. A net that is large enough learns them
#   by heart.
#
# ## What you can do now
#
# - Deal rows into three heaps, and say what each is for.
# - See overfitting, and hold against it: stop in time, keep weights small, choose by validation.
# - Write momentum and Adam, and say what the correction is for.
# - Make a learning rate rise and fall over a training.
# - Read off a confusion matrix which mistakes are made.
# - Find out from its record why a training does not learn.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# A friend has tried 200 settings. The best one has $0.95$ of the validation rows right, and your friend reports: "accuracy $0.95$". On the test
# rows the same net then has fewer right. "The test rows must be harder," says your friend, tries another 50 settings, and keeps the one
# that does best on the test rows.
#
# Why was the first number too good? What is wrong with the second one? What should your friend do, and report?
#
# A good answer says what each of the three heaps is for, and why the best of many tries looks better than it is.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# The validation rows are a sample, and each setting's score on them is its true accuracy plus some luck. The best of 200 is
# chosen by the sum of both, so it has more luck than most: its score is too high as an estimate, though choosing it was right. The test rows
# were not used for any choice, so the lower number there is the honest one; nothing says that they are harder.
#
# With the 50 new settings the test rows have become a second heap of validation rows. The best of 50 is lucky again, now on the test rows, and no
# clean rows are left. The friend should choose by the validation rows only, look at the test rows once, and report that number, whatever
# it is. As the test rows have been used now, an honest number needs new rows, or the report must say what was done.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written what makes a training learn, and found out why six did not.

# %%
progress("12-making-it-learn")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `12-making-it-learn.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Momentum is Boris Polyak's heavy ball (1964); Adam is by Kingma and Ba (2014); the cosine by
# Loshchilov and Hutter (2016). To read on: Andrej Karpathy, *A Recipe for Training Neural Networks* (2019), which is a clinic of its own.
#
# **In a framework** these are `torch.optim.SGD(momentum=0.9)`, `torch.optim.Adam` and `torch.optim.lr_scheduler`. Their `weight_decay` adds
# $\lambda W$ to the gradient, as you do, to biases too unless told otherwise. In Adam that pull is then divided by $\sqrt{\hat v}$ like any slope, so
# weights with steep slopes hardly decay: `torch.optim.AdamW` differs, it shrinks the weights themselves, by $\eta \lambda W$ in each step.
