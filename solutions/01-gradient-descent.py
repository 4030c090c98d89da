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
# # 1. Gradient descent
#
# A network has weights. For each choice of weights it makes some error, and one number says how large: the **loss**.
# Training means: find weights with a small loss. This lesson is about how to look for them.
#
# You will write
#
# - the slope of the ground in any direction, and see why the step goes **against the gradient**,
# - descent and ascent, for one weight and for many,
# - a rule for how long a step may be,
# - a descent that knows when to stop, and when it is lost,
# - plain guessing, to see what the slope is worth.
#
# You need derivatives of simple functions such as $w^2$, and NumPy arrays. The seven exercises take about an hour, the
# whole lesson about two, in two sittings if you like: sections 1 to 3, then 4 to 7.
#
# In every lesson of this course:
#
# - **An array** is a NumPy array, and it may hold whole numbers. **A number** may be a Python number or one of NumPy's.
# - **What you return** has the shape that the text names; the shape is part of the answer. "One number" is a number, not
#   an array with one entry. Lists and tuples are taken for arrays.
# - **What you are given** stays as it was. A function that changes its arguments loses points.
# - **A warning** costs nothing, as long as the numbers are right. An `inf` or `nan` in the place of an ordinary number
#   does.
#
# The letters are the same in all lessons: see [the page of notation](../notation.md).
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next.

# %%
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
# A ball lies on a curve. The black dot is where it starts; each orange dot is one step. On the right is the loss after
# each step.
#
# 1. Press *too small*, *about right*, *jumps across*, *too large*. What does the learning rate do?
# 2. In the *bowl*, find the largest learning rate at which the ball still comes to rest.
# 3. Press *the wrong valley*. Move the start until the ball ends in the deep valley.
# 4. Tick *Guess first*: then the path is hidden until you have said where it ends.

# %%
explore.descent()

# %% [markdown]
# ## 1. A walker in fog
#
# Someone stands on a mountain and wants to get down to the valley. The fog is thick: nothing can be seen but the ground
# under the feet. What can the walker do? Feel which way the ground falls, take a step that way, feel again, and so on,
# until the ground is flat.
#
# That is the whole method. Put into mathematics:
#
# | on the mountain | in training |
# |---|---|
# | where the walker stands | the weights $w$ |
# | the height there | the loss $L(w)$ |
# | the slope underfoot | the gradient of $L$ at $w$ |
# | how far to walk before feeling again | the learning rate $\eta$ (say "eta") |
# | the valley | weights with a small loss |
#
# Why not look at the whole mountain? For one weight you can: draw the curve and point at its lowest place. But even a
# small network has thousands of weights. Nobody can compute the loss everywhere. The slope *at one place*, however, is
# cheap; that is what the later lessons are about.
#
# ### One weight: the sign tells the way
#
# Take $L(w) = w^2$, whose slope is $L'(w) = 2w$.
#
# - At $w = 2$ the slope is $4$, positive: the ground rises to the right. Down is to the **left**.
# - At $w = -1$ the slope is $-2$, negative: the ground falls to the right. Down is to the **right**.
#
# In both cases: go against the sign of the slope.

# %%
curve = np.linspace(-3, 3, 200)
fig, ax = plt.subplots(figsize=(6, 3.2))
ax.plot(curve, curve**2, color="#0072B2")
for w, words in [(2.0, "slope 4: go left"), (-1.0, "slope -2: go right")]:
    ax.plot([w - 0.7, w + 0.7], [w**2 - 0.7 * 2 * w, w**2 + 0.7 * 2 * w], color="#009E73")
    arrow = {"arrowstyle": "->", "color": "#D55E00", "lw": 2}
    ax.annotate("", (w - 0.8 * np.sign(w), 0.3), (w, 0.3), arrowprops=arrow)
    ax.plot(w, w**2, "o", color="black")
    ax.annotate(words, (w, w**2), xytext=(8, -2) if w > 0 else (-30, -10),
                textcoords="offset points", ha="left" if w > 0 else "right")
ax.set(xlabel="w", ylabel="loss w²", xlim=(-4.4, 4.4))
show_figure(fig, alt="The curve of the loss w squared with two balls and their tangents. "
            "At w = 2 the slope is 4 and the arrow along the axis points left; at w = -1 the slope "
            "is -2 and the arrow points right. Both point to the lowest place, w = 0.")

# %% [markdown]
# ## 2. Many weights: which way is steepest?
#
# With two weights there are not two ways to go but a whole circle of them. Which one is down?
#
# Let $w = (w_1, \dots, w_n)$ be all weights, shape `(n,)`. The **gradient** collects the slope along each axis, what
# the loss does when that weight alone moves:
#
# $$g = \nabla L(w) = \left( \frac{\partial L}{\partial w_1}, \dots, \frac{\partial L}{\partial w_n} \right),
# \qquad \text{shape } (n,).$$
#
# Now move every weight at once, along a direction $u = (u_1, \dots, u_n)$ of length 1, by a small distance $t$. Weight
# $i$ moves by $t\,u_i$ and changes the loss by about $g_i \cdot t\,u_i$. Over a small distance these changes simply add
# up:
#
# $$L(w + t\,u) - L(w) \;\approx\; t \, (g_1 u_1 + \dots + g_n u_n).$$
#
# Divide by $t$: **the slope in the direction $u$ is** $g_1 u_1 + \dots + g_n u_n$, the dot product $g \cdot u$.
#
# The length 1 matters. The arrows $(3, 4)$ and $(6, 8)$ point the same way, so the slope along them is the same; but
# their dot products with $g$ differ by a factor of 2. So shorten an arrow to length 1 first: divide it by its length
# $\lVert u \rVert = \sqrt{u_1^2 + \dots + u_n^2}$.

# %% [markdown]
# ### Exercise 1: `slope_along(gradient, direction)`
#
# Write the slope along any direction. The direction may have any length but 0, also a very small one; the slope must not
# depend on it.
#
# Stuck? `hint("slope_along")` gives a hint, and the next one when you call it again.

# %% exercise="slope_along"
def slope_along(gradient, direction):
    """How steeply the loss rises in a direction.

    gradient: shape (n,), the gradient at a place (loss per unit of weight).
    direction: shape (n,), an arrow of any length but 0, however short or long.
    Returns one number: the change of the loss per unit of length walked that way.
    """
    ### BEGIN SOLUTION
    direction = np.asarray(direction)
    return np.sum(gradient * direction) / np.sqrt(np.sum(direction**2))
    ### END SOLUTION


# %% [markdown]
# ### Use it: turn once round
#
# At some place the gradient is $(3, 4)$; its length is $\sqrt{9 + 16} = 5$. Your function now looks in every direction,
# from 0 to 360 degrees.

# %%
if ready(slope_along):
    g = np.array([3.0, 4.0])
    degrees = np.arange(0, 361)
    circle = np.column_stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    slopes = np.array([slope_along(g, u) for u in circle])
    up, down = degrees[slopes.argmax()], degrees[slopes.argmin()]
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.plot(degrees, slopes, color="#0072B2")
    ax.axhline(0, color="black", linewidth=0.8)
    for angle, words in [(up, "with the gradient"), (down, "against it")]:
        ax.plot(angle, slopes[angle], "o", color="#D55E00")
        ax.annotate(f"{words}: {slopes[angle]:.3f}", (angle, slopes[angle]),
                    xytext=(0, 9 if angle == up else -17), textcoords="offset points",
                    ha="center")
    ax.set(xlabel="direction in degrees", ylabel="slope", xlim=(-20, 380), ylim=(-7, 7))
    show_figure(fig, alt=f"The slope in each direction: a wave, highest at {up} degrees with "
                f"{slopes.max():.3f}, lowest at {down} degrees with {slopes.min():.3f}, "
                "zero halfway between.")
    print(f"along (3, 4) : {slope_along(g, g):.4f}")
    print(f"along (4, -3): {slope_along(g, np.array([4.0, -3.0])):.4f}")
else:
    print("Write slope_along first, then run this cell again.")

# %% [markdown]
# Here is why it is a wave. A dot product is also $g \cdot u = \lVert g \rVert \cos\theta$, for
# a $u$ of length 1 at the angle $\theta$ to $g$. The cosine is at most 1 and at least $-1$. So
#
# - **steepest up** is $\theta = 0$: along the gradient itself, with the slope $\lVert g \rVert$, here 5;
# - **steepest down** is $\theta = 180$ degrees: along $-g$, with the slope $-\lVert g \rVert$;
# - at a right angle to the gradient, such as $(4, -3)$, the slope is 0: you walk along a line of equal height.
#
# That is why the step goes against the gradient: no other direction falls as steeply. And the gradient's length tells
# how steep it is. Where it is 0 the ground is flat, and there is no way down to be seen.

# %% [markdown]
# ## 3. The step, and the walk
#
# Stand at $w_0$. Take the gradient there, turn it round, multiply by a positive number $\eta$, the **learning rate**,
# and go:
#
# $$w_{k+1} = w_k - \eta \, \nabla L(w_k), \qquad k = 0, 1, 2, \dots$$
#
# The minus sign means *against the gradient*. One formula serves a number and a vector; with a vector, every entry
# moves by its own slope at the same time.
#
# By hand, for $L = w^2$ with slope $2w$, from $w_0 = 2$ at the rate 0.1:
#
# | step | $w_k$ | slope $2 w_k$ | move $-0.1 \cdot 2 w_k$ |
# |---|---|---|---|
# | 0 | 2 | 4 | $-0.4$ |
# | 1 | 1.6 | 3.2 | $-0.32$ |
# | 2 | 1.28 | 2.56 | $-0.256$ |
# | 3 | 1.024 | | |
#
# Two things to see. The slope is taken anew at each place; and the moves get shorter by themselves, because near the
# bottom the ground gets flat. The learning rate does not change.

# %% [markdown]
# ### Exercise 2: `descend(gradient, start, learning_rate, steps)`
#
# Write the walk. `gradient` is a function: call it with a position, and you get the gradient there. Return **every**
# position, the start first; 3 steps make 4 positions, and 0 steps make one. The start may be a number or a vector, also of
# whole numbers, and must be afterwards what it was before.
#
# With a vector, call `gradient` once a step, with the whole position: the slope of one weight may depend on the others.
#
# Stuck? `hint("descend")`

# %% exercise="descend"
def descend(gradient, start, learning_rate, steps):
    """The positions of a walk downhill.

    gradient: a function; gradient(w) has the shape of w, and every entry may depend on all of w.
    start: a number or shape (n,), also of whole numbers; it is not changed.
    learning_rate: a positive number. steps: how many steps, 0 or more.
    Returns every position, the start first: shape (steps + 1,) for a number,
    (steps + 1, n) for a vector. All entries of a position move at once.
    """
    ### BEGIN SOLUTION
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        w = positions[-1]
        positions.append(w - learning_rate * gradient(w))
    return np.array(positions)
    ### END SOLUTION


# %% [markdown]
# ### Use it: your own walk
#
# The curve again, now with your function: its path is the dotted black line over the orange one. Below it the same with
# two weights, $u$ and $v$: a landscape seen from above, like a hiker's map. Each thin line joins places of equal loss.
#
# 1. Press *straight down*, then *zigzag*. Does each step leave its line of equal loss at a right angle, as section 2
#    promises?
# 2. In the *long valley*, which learning rate brings you nearest to the middle in 30 steps?

# %%
explore.descent(descend)

# %%
explore.descent_map(descend)

# %% [markdown]
# ### The other way: up
#
# Some quantities should be large: a score, a profit, the probability of the data. A walker who wants to reach the summit
# does the same with one sign changed. This is **gradient ascent**.

# %% [markdown]
# ### Exercise 3: `climb(gradient, start, learning_rate, steps)`
#
# Write the walk uphill. Everything else is as in `descend`, which you may use.
#
# Stuck? `hint("climb")`

# %% exercise="climb"
def climb(gradient, start, learning_rate, steps):
    """The positions of a walk uphill.

    gradient: a function; gradient(w) has the shape of w, and every entry may depend on all of w.
    start: a number or shape (n,), also of whole numbers; it is not changed.
    learning_rate: a positive number. steps: how many steps, 0 or more.
    Returns every position, the start first: shape (steps + 1,) for a number,
    (steps + 1, n) for a vector. All entries of a position move at once.
    """
    ### BEGIN SOLUTION
    positions = [np.array(start, dtype=float)]
    for _ in range(steps):
        w = positions[-1]
        positions.append(w + learning_rate * gradient(w))
    return np.array(positions)
    ### END SOLUTION


# %% [markdown]
# ### Use it: how biased is the coin?
#
# A coin shows heads 7 times in 10. If heads has the probability $q$, such a series has the probability
# $q^7 (1-q)^3$. Its logarithm is $7 \log q + 3 \log(1 - q)$, with the slope $7/q - 3/(1-q)$. Which $q$ makes the series
# most probable? Start from a fair coin, $q = 0.5$, and climb.

# %%
if ready(climb):
    q = climb(lambda q: 7 / q - 3 / (1 - q), 0.5, 0.01, 20)
    for k in [0, 1, 2, 5, 10, 20]:
        print(f"step {k:2d}: q = {q[k]:.6f}")
else:
    print("Write climb first, then run this cell again.")

# %% [markdown]
# It climbs to 0.7: the share of heads. Climbing $L$ and descending $-L$ are the same walk, so one of the two is enough.
# Training always speaks of a loss, and descends.

# %% [markdown]
# ## 4. How long may a step be?
#
# Too small, and the sun has set before you are down. Too large, and you step right over the valley. Where is the border?
# For a bowl you can compute it.
#
# Let $L(w) = \tfrac12 c\, w^2$ with a positive number $c$. The slope is $c\,w$: the larger $c$, the faster the ground gets
# steep. How fast the slope itself changes is called the **curvature**. On any curve it is the slope of the slope,
# $L''(w)$, and differs from place to place. In this bowl it is $c$ everywhere. (The bowl $w^2$ has $c = 2$.) The lowest
# place is $w = 0$. Put the slope into one step:
#
# $$w_{k+1} = w_k - \eta \, c \, w_k = (1 - \eta c)\, w_k .$$
#
# So a step does nothing but **multiply the position by the same factor** $1 - \eta c$. Every step does it again.

# %% [markdown]
# ### Exercise 4: `position_after(curvature, start, learning_rate, steps)`
#
# Where does the ball stand after so many steps in the bowl $\tfrac12 c\,w^2$? Give the answer without walking, as a
# formula. (A loop is right too, but then you have not seen the point.)
#
# Stuck? `hint("position_after")`

# %% exercise="position_after"
def position_after(curvature, start, learning_rate, steps):
    """Where descent in the bowl curvature * w**2 / 2 stands after some steps.

    curvature: a positive number (loss per unit of weight squared).
    start: a number, the first position. learning_rate: a positive number.
    steps: how many steps, 0 or more. Returns one number, the position with its sign.
    """
    ### BEGIN SOLUTION
    return start * (1 - learning_rate * curvature) ** steps
    ### END SOLUTION


# %% [markdown]
# ### Read the factor
#
# | $\eta c$ | factor $1 - \eta c$ | the walk |
# |---|---|---|
# | below 1 | between 0 and 1 | comes down on one side; creeps if $\eta c$ is tiny |
# | exactly 1 | 0 | lands on the bottom in one step |
# | between 1 and 2 | between $-1$ and 0 | crosses the bottom at each step, but lands nearer each time |
# | exactly 2 | $-1$ | jumps to and fro for ever |
# | above 2 | below $-1$ | lands further out each time, and runs away |
#
# In the bowl $w^2$ the rates 0.1 and 0.9 have the factors 0.8 and $-0.8$. From $-2.5$, both stand at $-0.1718$ after 12
# steps. One crept there, the other jumped across twelve times; the distance is the same. Go back to the slider and
# check.
#
# The walk converges if the factor, sign left aside, is smaller than 1:
#
# $$\lvert 1 - \eta c \rvert < 1 .$$
#
# Solve this for $\eta$ on paper: it is two inequalities in one. One of them only says that $\eta$ is positive.

# %% [markdown]
# ### Exercise 5: `largest_stable_rate(curvature)`
#
# Give the bound: below this learning rate descent on $\tfrac12 c\,w^2$ converges, above it it runs away.
#
# Stuck? `hint("largest_stable_rate")`

# %% exercise="largest_stable_rate"
def largest_stable_rate(curvature):
    """The bound on the learning rate below which descent on curvature * w**2 / 2 converges.

    curvature: a positive number, small or large (loss per unit of weight squared). Returns one number.
    """
    ### BEGIN SOLUTION
    return 2 / curvature
    ### END SOLUTION


# %% [markdown]
# ### Use it: just below, just above
#
# Believe the walk, not the formula. Three bowls; in each, 200 steps from $w = 1$, at 99 %, 100 % and 101 % of your bound.

# %%
if ready(descend) and ready(largest_stable_rate):
    print("                       |w| after 200 steps at")
    print("curvature    bound     99 %       100 %       101 %")
    for c in [0.5, 2.0, 12.0]:
        bound = largest_stable_rate(c)
        ends = [abs(descend(lambda w, c=c: c * w, 1.0, part * bound, 200)[-1])
                for part in (0.99, 1.0, 1.01)]
        print(f"{c:9.1f} {bound:8.4f} {ends[0]:8.4f} {ends[1]:11.4f} {ends[2]:11.4f}")
else:
    print("Write descend and largest_stable_rate first, then run this cell again.")

# %% [markdown]
# The rates in the three rows differ widely, the walks not at all: only the product $\eta c$ counts. And the border is
# sharp. One per cent too much, and the walk that should settle runs away.
#
# ### Many weights: the largest curvature decides
#
# The *long valley* of the map is $L(u, v) = \tfrac12 (u^2 + 12 v^2)$. Its gradient is $(u, 12 v)$, so each weight
# walks in a bowl of its own, with the curvatures 1 and 12, and with one and the same learning rate. Across the valley,
# $\eta$ must stay below $2/12 = 0.1667$. Along it, that is a small rate: at 0.155 the factor along the valley is 0.845.
# That is the zigzag: the walk bounces from wall to wall while it creeps along the floor.
#
# What matters is how different the curvatures are. The largest divided by the smallest, here $12 / 1 = 12$, is called the
# **condition number** of the valley. At 1 the valley is round, and one rate suits all directions. The larger it is, the
# longer the valley, and the more steps are wasted; one says that it is **badly conditioned**. In networks this is the
# common case.
# The word comes back in lessons 3 and 6.
#
# On a curve that is no bowl, the bound holds near a place, with the curvature there. You cannot know it beforehand; what
# one does is try rates such as 0.001, 0.01, 0.1, and look at the loss.

# %% [markdown]
# ## 5. When to stop
#
# "Walk 12 steps" is no good rule: it may be far too few or too many. Better: walk until the ground is flat, that is,
# until the gradient's length $\lVert g \rVert$ is at most a small number, the **tolerance**. This length is called the
# *norm*; for a single weight it is the slope without its sign.
#
# Two things can go wrong. The walk may take for ever, so there is a limit of steps. And it may run away. Look at the
# loss $w^4$ with the slope $4w^3$, from $w = 2$ at the rate 0.5:

# %%
w = np.float64(2.0)
with np.errstate(all="ignore"):
    for k in range(8):
        slope = 4 * w**3
        go_on = abs(slope) > 0.001
        print(f"step {k}: w = {w:10.3g}   slope = {slope:10.3g}   |slope| > 0.001 is {go_on}")
        w = w - 0.5 * slope

# %% [markdown]
# After five steps the position is a number with more than a hundred digits; then it leaves the range of a float and is `inf`, infinite.
# Infinity minus infinity is `nan`, "not a number". Now read the last column: **every comparison with `nan` is False**.
# A loop that says "go on while the slope is larger than 0.001" stops at `nan`, as if the ground were flat there, and
# reports a success. So ask in so many words whether the numbers are finite: `np.isfinite(w)`.

# %% [markdown]
# ### Exercise 6: `descend_until(gradient, start, learning_rate, tolerance, max_steps)`
#
# Write the descent that stops by itself. It returns three things: where it stands, how many steps it took, and whether
# the ground there is flat.
#
# - Flat means: the norm is **at most** the tolerance. A start that is flat already takes 0 steps.
# - After `max_steps` steps the walk ends. If the ground happens to be flat just there, it has converged.
# - As soon as any entry of the position is `inf` or `nan`, the run is lost: return that position, the steps that led
#   there, and `False`. A position that is merely large is not lost.
#
# Stuck? `hint("descend_until")`

# %% exercise="descend_until"
def descend_until(gradient, start, learning_rate, tolerance, max_steps):
    """Descent until the gradient's norm is at most `tolerance`.

    gradient: a function; gradient(w) has the shape of w, and every entry may depend on all of w.
    start: a number or shape (n,), also of whole numbers; it is not changed.
    learning_rate, tolerance: positive numbers. max_steps: the most steps to take, 0 or more.
    Returns (position, steps_taken, converged): the last position, the shape of start; how many
    steps led there; True if the norm of the gradient there is at most tolerance, else False.
    The run stops at the first position with an entry that is inf or nan, with converged False.
    """
    ### BEGIN SOLUTION
    position = np.array(start, dtype=float)
    for taken in range(max_steps):
        slope = gradient(position)
        if np.sqrt(np.sum(slope**2)) <= tolerance:
            return position, taken, True
        if not np.all(np.isfinite(position)):
            return position, taken, False
        position = position - learning_rate * slope
    slope = gradient(position)
    return position, max_steps, bool(np.sqrt(np.sum(slope**2)) <= tolerance)
    ### END SOLUTION


# %% [markdown]
# ### Use it: what the rate costs
#
# In the long valley, from $(-2.5, 1)$, until the gradient's norm is at most 0.001: how many steps does it take at each
# rate?

# %%
if ready(descend_until):
    def long_valley_gradient(w):
        return np.array([1.0, 12.0]) * w

    rates = np.arange(4, 34) / 200
    start = np.array([-2.5, 1.0])
    taken = []
    for rate in rates:
        _, count, converged = descend_until(long_valley_gradient, start, rate, 0.001, 2000)
        taken.append(count if converged else np.nan)
    taken = np.array(taken)
    best = np.nanargmin(taken)
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.plot(rates, taken, "o-", color="#0072B2", markersize=4)
    ax.axvline(2 / 12, color="#D55E00", linestyle="--")
    ax.text(2 / 12 - 0.004, np.nanmax(taken) * 0.9, "the bound 2/12", color="#D55E00", ha="right")
    ax.annotate(f"{taken[best]:.0f} steps at {rates[best]:.3f}", (rates[best], taken[best]),
                xytext=(-8, 25), textcoords="offset points", ha="right",
                arrowprops={"arrowstyle": "-"})
    ax.set(xlabel="learning rate", ylabel="steps needed", xlim=(0, 0.19), ylim=(0, None))
    show_figure(fig, alt="Steps needed in the long valley against the learning rate: "
                f"{taken[0]:.0f} steps at rate {rates[0]:.3f}, falling to {taken[best]:.0f} at "
                f"{rates[best]:.3f}, then rising steeply to {taken[-1]:.0f} at {rates[-1]:.3f}, "
                "just below the bound 0.1667.")
else:
    print("Write descend_until first, then run this cell again.")

# %% [markdown]
# Too small, right, too large, in one curve. It falls gently from the left and climbs like a wall on the right. The best
# rate lies close to the bound. Why just there?
#
# At the rate $\eta$ the factor along the valley is $1 - \eta$, and across it $1 - 12\eta$. A walk is as slow as its slower
# direction, the one whose factor is larger in size. Raise $\eta$ from 0: the first factor falls slowly from 1. The second
# falls fast, through 0, and then grows in size on the negative side. The best rate is where both are **equal in size**:
#
# $$1 - \eta = -(1 - 12\,\eta) \quad\Longrightarrow\quad \eta = \frac{2}{1 + 12} = 0.1538 .$$
#
# In general, with the smallest and the largest curvature, $\eta = 2 / (c_{\min} + c_{\max})$. At that rate the factor is
#
# $$\frac{c_{\max} - c_{\min}}{c_{\max} + c_{\min}} = \frac{11}{13} = 0.8462 ,$$
#
# a number that the condition number alone decides: at 12 the distance halves in some four steps. At 100 the factor is
# $99/101 = 0.9802$, and it takes 35.
#
# If in doubt, a rate that is a little too small costs time; one that is too large costs everything.

# %% [markdown]
# ## 6. Why not simply guess?
#
# Here is the smallest network there is: one unit (or *neuron*) with one weight and nothing else. Input $x = 1.5$, output $w\,x$,
# target 2.4. Its loss is
#
# $$L(w) = \tfrac12 (w\,x - 2.4)^2 .$$
#
# Suppose nobody had told you about slopes. You could guess a hundred weights and keep the one whose output comes closest
# to the target. This is called **random search**. It needs no derivative, it works for any loss, and it never runs away.
# How good is it?

# %% [markdown]
# ### Exercise 7: `random_search(loss, low, high, tries, rng)`
#
# Guess `tries` weights, each anywhere between `low` and `high` with equal chance, also a single one. Return the best weight
# **and its own** loss. `rng` is a NumPy random generator, such as `np.random.default_rng(0)`; `rng.uniform` draws from it.
# Draw from `rng` and from nothing else: then the same generator gives the same guesses again.
#
# Stuck? `hint("random_search")`

# %% exercise="random_search"
def random_search(loss, low, high, tries, rng):
    """The best of many random guesses.

    loss: a function of one weight. low, high: numbers, the range of the guesses.
    tries: how many, 1 or more. rng: the NumPy generator to draw from, and nothing else.
    Returns (best_w, best_loss): the guess with the smallest loss, and that loss; two numbers.
    """
    ### BEGIN SOLUTION
    best_w, best_loss = None, np.inf
    for _ in range(tries):
        w = rng.uniform(low, high)
        if loss(w) < best_loss:
            best_w, best_loss = w, loss(w)
    return best_w, best_loss
    ### END SOLUTION


# %% [markdown]
# ### Use it: a hundred guesses against twenty steps
#
# The unit's best weight is $2.4 / 1.5 = 1.6$. By the chain rule (the next lesson) its slope is
# $L'(w) = x\,(w\,x - 2.4)$, so the curvature is $x^2 = 2.25$ and the bound on the rate $2/2.25 = 0.889$. We guess between
# $-10$ and 10, five times with other random numbers; the descent starts at the worst end, $-10$, at the rate 0.2.

# %%
if ready(descend) and ready(random_search):
    def neuron_loss(w):
        return (1.5 * w - 2.4) ** 2 / 2

    for seed in range(5):
        w, its_loss = random_search(neuron_loss, -10, 10, 100, np.random.default_rng(seed))
        print(f"100 guesses: w = {w:8.5f}   off by {abs(w - 1.6):.5f}   loss {its_loss:.1e}")
    for steps in [5, 10, 20]:
        w = descend(lambda w: 1.5 * (1.5 * w - 2.4), -10.0, 0.2, steps)[-1]
        off = abs(w - 1.6)
        print(f"{steps:3d} steps   : w = {w:8.5f}   off by {off:.5f}   loss {neuron_loss(w):.1e}")
else:
    print("Write descend and random_search first, then run this cell again.")

# %% [markdown]
# The best of 100 guesses in a range of length 20 is off by 0.069 in the middle of all cases (half of the time more, half of the
# time less). Twenty steps are off by 0.00007. To guess that well you would need about 93,000 guesses.
#
# The gap has a simple reason.
#
# - A guess learns nothing from the last one. To be twice as close you need **twice as many guesses**.
# - A step multiplies the distance by a factor, here $1 - 0.2 \cdot 2.25 = 0.55$. To be twice as close you need **one or
#   two more steps**.
#
# And this was one weight. Call a guess good if each weight falls into the right hundredth of its range. For one
# weight, one guess in a hundred is good. For two weights, one in $100^2 = 10{,}000$. For a network with a thousand weights, one
# in $100^{1000}$, which no machine will ever finish. The gradient gives the way down in all thousand directions at once.

# %%
if ready(descend) and ready(random_search):
    rng = np.random.default_rng(0)
    tries = [1, 3, 10, 30, 100, 300, 1000]
    guessed = []
    for n in tries:
        gaps = [random_search(lambda w: abs(w - 1.6), -10, 10, n, rng)[1] for _ in range(60)]
        guessed.append(np.median(gaps))
    walked = np.abs(descend(lambda w: 1.5 * (1.5 * w - 2.4), -10.0, 0.2, 30) - 1.6)
    fig, ax = plt.subplots(figsize=(6, 3.2))
    ax.loglog(tries, guessed, "s--", color="#D55E00", label="random search")
    ax.loglog(np.arange(1, 31), walked[1:], "o-", color="#0072B2", markersize=4, label="descent")
    ax.set(xlabel="guesses, or steps", ylabel="distance from the best weight")
    ax.legend(loc="lower right")
    show_figure(fig, alt="Distance from the best weight against the number of guesses or steps, "
                "both axes logarithmic. Random search (the median of 60 runs) falls along a straight "
                f"line from {guessed[0]:.3f} at one guess to {guessed[-1]:.4f} at 1000. Descent falls "
                f"faster and faster, from {walked[1]:.3f} after one step to {walked[-1]:.1e} after 30.")
else:
    print("Write descend and random_search first, then run this cell again.")

# %% [markdown]
# ## 7. What the walker cannot see
#
# Descent has a weakness that guessing has not. The walker in the fog comes to rest in *a* valley; whether there is a
# deeper one behind the next ridge, nobody knows. Here is the curve of the slider's *two valleys*,
# $L(w) = \tfrac14 w^4 - w^2 + \tfrac14 w$ with the slope $w^3 - 2w + \tfrac14$. The slope is 0 in three places:
#
# | $w$ | loss | what it is |
# |---|---|---|
# | $-1.473$ | $-1.361$ | the deep valley, the **global** minimum |
# | $0.126$ | $0.016$ | the top of the hump: flat, but no valley |
# | $1.347$ | $-0.655$ | the higher valley, a **local** minimum |
#
# Which valley you reach depends on which side of the hump you start. A common cure takes the best of both methods: guess
# a few starts, descend from each, keep the lowest end.

# %%
if ready(descend_until) and ready(random_search):
    def two_valleys(w):
        return w**4 / 4 - w**2 + w / 4

    def two_valleys_slope(w):
        return w**3 - 2 * w + 0.25

    for start in [-2.0, -0.5, 0.1, 0.15, 1.0, 2.0]:
        w, count, converged = descend_until(two_valleys_slope, start, 0.1, 0.001, 1000)
        print(f"start {start:5.2f}: ends at {w:7.4f}, loss {two_valleys(w):7.4f}, {count} steps")
    start, _ = random_search(two_valleys, -2, 2, 10, np.random.default_rng(1))
    w, count, converged = descend_until(two_valleys_slope, start, 0.1, 0.001, 1000)
    print(f"the best of 10 guesses, {start:.4f}, leads to {w:.4f}, loss {two_valleys(w):.4f}")
else:
    print("Write descend_until and random_search first, then run this cell again.")

# %% [markdown]
# With many weights there is one more kind of flat place: a **saddle**, where the ground falls in some directions and rises
# in others, as on a pass between two summits. A walk that comes near one gets slow, and then finds the way down.
#
# ### A valley that nobody made up
#
# The curves of this lesson were invented. Here is one that was not. Below on the left are sixty points of two classes, and
# what a small network says of every place in the plane: the deeper the red, the surer it is of the triangles. It has 17
# weights and biases, and has learned them by descent. You will meet these points in most lessons, and in lesson 10 you
# train such a network yourself. For now it is a box with 17 knobs.
#
# Turn one knob, its first weight, and leave the others where they are. On the right is the loss. It is a valley, but no
# bowl: a steep wall on the left, hardly any slope on the right. Let your `descend_until` go down from both sides, at one
# and the same rate. Which side takes longer?

# %%
X, labels = load_points()
weights, biases = points_network()


def probability(places, first=weights[0][0, 0]):
    """The network's probability of class 1 at each place, with another first weight if you like."""
    W = weights[0].copy()
    W[0, 0] = first
    z = np.tanh(places @ W + biases[0]) @ weights[1] + biases[1]
    return 1 / (1 + np.exp(z[:, 0] - z[:, 1]))


def loss_along(w):
    p = probability(X, w)
    return -np.mean(np.log(np.where(labels == 1, p, 1 - p)))


fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
draw_points(left, probability)
knob = np.linspace(-5, 7, 241)
right.plot(knob, [loss_along(w) for w in knob], color="#0072B2")
told = "Write descend_until to see it walk here."
if ready(descend_until):
    told = ""
    for start in [-4.0, 6.0]:
        w, count, _ = descend_until(lambda w: (loss_along(w + 1e-5) - loss_along(w - 1e-5)) / 2e-5,
                                    start, 1.0, 0.001, 2000)
        right.plot([start, w], [loss_along(start), loss_along(w)], "o", color="#D55E00")
        told += f"From {start:.0f} it takes {count} steps to {w:.2f}. "
print(told)
right.set(xlabel="the first weight", ylabel="loss")
show_figure(fig, alt="Left, sixty points along two arches that reach into each other, and the network's map: its border "
            f"winds between them. Right, the loss against the first weight, a steep wall on the left of a valley at "
            f"{knob[np.argmin([loss_along(w) for w in knob])]:.2f}, a gentle slope on the right. {told}")

# %% [markdown]
# ## What you can do now
#
# - Say what the gradient is: the slope along each axis, and together the direction in which the loss rises fastest.
# - Compute the slope in any direction, and explain why the step goes against the gradient.
# - Descend and climb, with one weight or many, and read the path.
# - Tell from the factor $1 - \eta c$ whether a walk creeps, jumps across, or runs away, and give the largest rate.
# - Stop a descent when the ground is flat, and notice `inf` and `nan` instead of calling them success.
# - Say why guessing does not train a network, and what descent cannot see.
# - Say what the condition number of a valley is, and which rate is best for it.
#
# What is missing is the gradient itself: here it was handed to you as a function. In the next lesson you begin to compute
# it, with the chain rule.

# %% [markdown]
# ### Written question
# *2 points, graded by hand.*
#
# A friend trains with one learning rate for two weights. The loss near the minimum is $\tfrac12(100\,a^2 + b^2)$. At the
# rate 0.03 the loss grows without limit; at 0.0001 it hardly moves.
#
# 1. Explain both observations with the factors of the two weights. (1 point)
# 2. Which rates are allowed, and which would you advise? What is the factor of $b$ then, and what does it mean for the
#    training? (1 point)
#
# A good answer gives the factors as numbers, and needs no more than eight lines.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. The weights walk separately, with the curvatures 100 and 1. At 0.03 the factor of $a$ is $1 - 3 = -2$: its distance doubles
#    at each step, and the loss runs away although $b$, with the factor 0.97, does well. At 0.0001 the factors are 0.99 and
#    0.9999: $b$ loses only a ten-thousandth of its distance at each step.
# 2. Allowed is every rate below $2/100 = 0.02$. Something a little below it is good, say 0.015: the factor of $a$ is then
#    $-0.5$, the factor of $b$ 0.985. So $b$ needs about 46 steps to halve its distance. The steepest direction sets
#    the rate, and the flat one waits.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written the walk that trains every network: one step against the gradient, again and again, and when to
# stop. You know what limits the step, and what a long valley costs.

# %%
progress("01-gradient-descent")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `01-gradient-descent.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Augustin-Louis Cauchy described descent along the gradient in 1847, to solve the equations of
# astronomers. To read on: Gabriel Goh, *Why Momentum Really Works* (Distill, 2017), on long valleys.
#
# **In a framework** it is called `torch.optim.SGD(parameters, lr=0.1)`; `lr` is the learning rate.
#
# Where does the gradient come from? The next lesson begins with the chain rule.
#
# **Next:** [2. The chain rule and the computational graph](../02-chain-rule/02-chain-rule.ipynb)
