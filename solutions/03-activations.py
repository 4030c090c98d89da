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
# # 3. Activation functions and their slopes
#
# A layer of a network does two things. It multiplies its inputs by weights and adds them up. Then it sends every sum
# through a curve, the **activation function**.
#
# This lesson is about four such curves: the sigmoid, the tanh, the softplus and ReLU. You write each of them so that no
# input can break it, you derive its slope with pencil and paper, and you check that slope by measuring it. At the end
# you put the slopes into a matrix, the Jacobian. Backpropagation, the way a network finds out how to change its weights,
# multiplies by these slopes at every layer.
#
# You need NumPy arrays and the chain rule for one variable
# ([lesson 2](../02-chain-rule/02-chain-rule.ipynb)). There are eight exercises (30 points) and a written
# question (2 points). Plan about 90 minutes. The letters are the same in all lessons: see
# [the page of notation](../notation.md).
#
# How it works: write the function, run its cell, then run the check below it. When you are stuck, call
# `hint("sigmoid")` with the name of the exercise. Each call shows one more hint.
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
# This is the sigmoid. Move $x$ and watch the tangent, the straight line that touches the curve. Its steepness is the
# **slope** of the sigmoid at $x$.
#
# 1. Where is the curve steepest, and how steep is it there?
# 2. How far out must you go until hardly any slope is left?
# 3. Read off the value at $x = 2$ and at $x = -2$. What do you get when you add the two?
#
# Then tick "Guess first, then reveal", and guess a few slopes.

# %%
explore.activation("sigmoid")

# %% [markdown]
# ## Why a network needs a curve
#
# Take two layers without any activation function. The input $x$ has shape $(n,)$. The weights $W_1$ have shape
# $(n, h)$ and $W_2$ has shape $(h, k)$:
#
# $$(x W_1 + b_1)\,W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# On the right stands a single layer, with weights $W_1 W_2$ and bias $b_1 W_2 + b_2$. A hundred such layers are still
# one layer. A curve between the two stops the collapse, because it cannot be multiplied out.
#
# Here are the sixty points of [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb) once more. Without a curve, the
# best that any number of layers can do is to draw a straight border. With a curve, each of three units draws a line of its
# own, dashed, where its sum is 0. The next layer puts these bends together.

# %%
X, labels = load_points()
(W1, W2), (b1, b2) = points_network()
A, straight = np.column_stack([X, np.ones(60)]), np.zeros(3)
for _step in range(2000):  # descent, as in lesson 1, for a network without a curve
    straight -= 0.5 * A.T @ (1 / (1 + np.exp(-A @ straight)) - labels) / 60


def without(places):
    return 1 / (1 + np.exp(-places @ straight[:2] - straight[2]))


def with_bends(places):
    z = np.tanh(places @ W1 + b1) @ W2 + b2
    return 1 / (1 + np.exp(z[:, 0] - z[:, 1]))


fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.9), layout="constrained")
told = []
for axes, probability, title in ((left, without, "without a curve"), (right, with_bends, "with three tanh units")):
    draw_points(axes, probability)
    wrong = int(np.sum((probability(X) > 0.5) != labels))
    axes.set_title(f"{title}: {wrong} of 60 wrong")
    told.append(f"{title} {wrong} of 60 points are on the wrong side")
across = np.array([-3, 3])
for k in range(3):
    right.plot(across, -(W1[0, k] * across + b1[k]) / W1[1, k], "--", color="0.3", linewidth=1)
show_figure(fig, alt=f"The border that a network draws between the two arches of points. {'; '.join(told)}. On the left "
            "it is a straight line, on the right it winds between the arches, guided by three dashed lines.")

# %% [markdown]
# The curve is applied **element by element**: each number of the array goes through it on its own, so the result has
# the shape of the input.
#
# ## 1. The sigmoid
#
# The sigmoid squeezes every real number into the interval from 0 to 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}.$$
#
# Multiply numerator and denominator by $e^{x}$, and the same function looks different:
#
# $$\sigma(x) = \frac{e^{x}}{1 + e^{x}}.$$
#
# On paper there is nothing to choose between the two. Here is what a computer makes of them.

# %%
x = np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0])
with np.errstate(all="ignore"):  # without this line NumPy would warn of an overflow
    first = 1 / (1 + np.exp(-x))
    second = np.exp(x) / (1 + np.exp(x))

print("     x   1 / (1 + exp(-x))   exp(x) / (1 + exp(x))")
for row in np.column_stack([x, first, second]):
    print("{:6.0f}   {:17.8f}   {:21.8f}".format(*row))

# %% [markdown]
# The values at 2 and $-2$ are 0.88079708 and 0.11920292. They add up to 1. It is so for every $x$:
# $\sigma(x) + \sigma(-x) = 1$.
#
# The `nan` at $x = 1000$ is the trouble. The largest float is about 1.8e308, and `np.exp(x)` leaves that range beyond
# $x \approx 709.78$. The result is `inf`, and `inf / inf` is `nan`, not a number. One `nan` in one layer makes
# everything that is computed from it `nan` too.
#
# The first form has the same overflow, at $x = -1000$. It survives because 1 divided by infinity is 0, which happens to
# be right. But NumPy warns, and a function that is only right by luck is a poor thing to build on.
#
# ### Exercise 1: `sigmoid(x)`
#
# Write a sigmoid that is right for every $x$, and try to do it so that no exponential can overflow. (A form that only
# warns, as the first one at $-1000$, has the right numbers and costs no points. One with a `nan` in it does.) An
# exponential with a negative exponent is harmless: it goes to 0 and stays there. For which $x$ does each of the two forms
# have a harmless exponent?
#
# All functions of this lesson but the last take a single number or an array of any shape, also of whole numbers.
#
# One thing about NumPy: `np.where(condition, a, b)` computes *all* of `a` and *all* of `b`, and only then picks. An
# overflow in the part that is not picked still happens. So look for one exponential that is harmless everywhere and
# serves both forms.
#
# Stuck? `hint("sigmoid")`.

# %% exercise="sigmoid"
def sigmoid(x):
    """1 / (1 + exp(-x)), for any float; never nan.

    x: a number or an array of any shape, also of whole numbers; it is not changed.
    Returns values from 0 to 1, same shape.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))
    ### END SOLUTION

# %% [markdown]
# ## 2. The slope of the sigmoid
#
# Write $u = 1 + e^{-x}$, so that $\sigma = 1/u$. The chain rule multiplies the slope of the outer function by the slope
# of the inner one:
#
# $$\frac{d\sigma}{du} = -\frac{1}{u^2}, \qquad \frac{du}{dx} = -e^{-x}, \qquad
# \sigma'(x) = \frac{d\sigma}{du}\cdot\frac{du}{dx} = \frac{e^{-x}}{u^2} = \frac{1}{u}\cdot\frac{e^{-x}}{u}.$$
#
# The two minus signs have cancelled: the sigmoid rises everywhere. The first factor, $1/u$, is $\sigma(x)$ itself. One
# step is left for you. From $u = 1 + e^{-x}$ follows $e^{-x} = u - 1$. Put that into the second factor. What is it, in
# terms of $\sigma(x)$?
#
# ### Exercise 2: `sigmoid_derivative(x)`
#
# Return $\sigma'(x)$ for any float. Far out the slope is 0, not `nan`: $e^{-x}/u^2$ is once more infinity divided by
# infinity at $x = -1000$. Your result from the paper does not have that problem. Stuck? `hint("sigmoid_derivative")`.

# %% exercise="sigmoid_derivative"
def sigmoid_derivative(x):
    """The slope of the sigmoid at x, for any float; far out it may be 0, never nan.

    x: a number or an array of any shape; the sigmoid's input, not its output.
    It is not changed. Returns slopes, same shape.
    """
    ### BEGIN SOLUTION
    s = sigmoid(x)
    return s * (1 - s)
    ### END SOLUTION

# %% [markdown]
# ### Measure it
#
# A derivation can be wrong, so measure. Walk a tiny step $h$ to the right of $x$ and a tiny step to the left. The rise
# between the two points, divided by their distance, is nearly the slope:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}.$$
#
# Lesson 6 asks how good this is. Here it is our ruler: it knows nothing of your derivation.

# %%
def slope(f, x, h=1e-5):
    """The slope of f at x, measured. x: a number or an array; f works element by element."""
    return (f(x + h) - f(x - h)) / (2 * h)


if ready(sigmoid) and ready(sigmoid_derivative):
    x = np.array([-6.0, -2.0, -0.5, 0.0, 0.5, 2.0, 6.0])
    print("     x     measured      derived")
    for row in np.column_stack([x, slope(sigmoid, x), sigmoid_derivative(x)]):
        print("{:6.1f}   {:.8f}   {:.8f}".format(*row))
else:
    print("Write sigmoid and sigmoid_derivative first, then run this cell again.")

# %% [markdown]
# The sigmoid's steepest slope is 0.25, at $x = 0$. Backpropagation multiplies by such a slope at every layer. So the
# slopes of ten layers of sigmoids shrink a gradient by the factor 0.25 ten times *at best*. That leaves less than a
# millionth of it, 9.5e-7, before the weights have had their say. Remember the 0.25 when you meet the next curve.
#
# Here are your own two functions over the reference curves.

# %%
explore.activation("sigmoid", sigmoid, sigmoid_derivative)

# %% [markdown]
# ## 3. The tanh: a sigmoid, stretched and shifted
#
# The hyperbolic tangent is
#
# $$\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}.$$
#
# It has the sigmoid's S-shape, but it runs from $-1$ to 1 and passes through 0. That is no accident. Divide numerator
# and denominator by $e^{x}$, and write $q = e^{-2x}$ for short:
#
# $$\tanh(x) = \frac{1 - e^{-2x}}{1 + e^{-2x}} = \frac{1 - q}{1 + q} = \frac{2 - (1 + q)}{1 + q} = \frac{2}{1 + q} - 1.$$
#
# Look at $1/(1 + q)$ with $q = e^{-2x}$. It is a sigmoid, but of what?
#
# ### Exercise 3: `tanh_from_sigmoid(x)`
#
# Compute the tanh with your `sigmoid`, without `np.tanh` and without another exponential. (The check sees only numbers, so
# it cannot tell `np.tanh` from yours. What you would miss is the relation between the two curves.) Stuck?
# `hint("tanh_from_sigmoid")`.

# %% exercise="tanh_from_sigmoid"
def tanh_from_sigmoid(x):
    """The hyperbolic tangent of x, made from the sigmoid; right to 12 decimals, never nan.

    x: a number or an array of any shape, also of whole numbers; it is not changed.
    Returns values from -1 to 1, same shape.
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * np.asarray(x)) - 1
    ### END SOLUTION

# %% [markdown]
# ### Its slope
#
# Write $S = e^{x} - e^{-x}$ and $C = e^{x} + e^{-x}$. Then $\tanh(x) = S/C$. Differentiate the two: $S' = C$ and
# $C' = S$. The quotient rule gives
#
# $$\tanh'(x) = \frac{S'\,C - S\,C'}{C^2} = \frac{C^2 - S^2}{C^2}.$$
#
# Divide it out. What remains, in terms of $\tanh(x)$ alone?
#
# You can also get there through the sigmoid, with the relation of exercise 3. Then do not forget the slope of the inner
# function, $2x$.
#
# ### Exercise 4: `tanh_derivative(x)`
#
# Return $\tanh'(x)$ for any float. Use `np.tanh` or your own, as you like. Stuck? `hint("tanh_derivative")`.

# %% exercise="tanh_derivative"
def tanh_derivative(x):
    """The slope of the tanh at x, for any float; far out it may be 0, never nan.

    x: a number or an array of any shape; the tanh's input, not its output.
    It is not changed. Returns slopes, same shape.
    """
    ### BEGIN SOLUTION
    return 1 - np.tanh(x) ** 2
    ### END SOLUTION

# %%
explore.activation("tanh", tanh_from_sigmoid, tanh_derivative)

# %% [markdown]
# ### The two side by side
#
# The slopes on the right are measured with `slope`.

# %%
def plain_sigmoid(x):
    return 1 / (1 + np.exp(-x))  # good enough between -6 and 6


BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#007a5a"
x = np.linspace(-6, 6, 241)
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
both = [("tanh", np.tanh, ORANGE, "--"), ("sigmoid", plain_sigmoid, BLUE, "-")]
for name, f, colour, style in both:
    left.plot(x, f(x), style, color=colour, label=name)
    right.plot(x, slope(f, x), style, color=colour, label=name)
left.set_title("value")
right.set_title("slope")
for axes in (left, right):
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.axvline(0, color="0.6", linewidth=0.8)
    axes.set_xlabel("x")
    axes.legend(frameon=False)
show_figure(
    fig,
    alt="Sigmoid and tanh for x from -6 to 6. Left, their values: the sigmoid rises "
    "from 0 to 1 and is 0.5 at x = 0; the tanh rises from -1 to 1, is 0 at x = 0, and "
    "reaches its ends sooner. Right, their slopes: two bells around x = 0, the sigmoid's "
    "0.25 high and wide, the tanh's 1 high and narrow. Beyond x = 2 the tanh's slope is "
    "the smaller.",
)

# %% [markdown]
# There are two differences. At 0 the tanh is four times as steep: 1 against 0.25. And the tanh is **zero-centred**:
# its values lie evenly around 0, while the sigmoid's are all positive, around 1/2.
#
# ### Why zero-centred often learns faster
#
# A unit of the next layer receives activations $a$ of shape $(n,)$ and forms $z = a_1 w_1 + \dots + a_n w_n + b$. Let
# $\delta$ be the slope of the loss with respect to $z$. By the chain rule, the slope with respect to $w_i$ is
# $\delta \cdot a_i$.
#
# There are two reasons.
#
# - **Signs.** If every $a_i$ is positive, all these slopes have the sign of $\delta$. One sample then pushes *all* the
#   weights of the unit up, or all of them down. To raise one weight and lower its neighbour, learning has to take a
#   detour.
# - **Conditioning.** Where every $a_i$ lies around 1/2, raising any weight does nearly the same as raising the bias. So
#   the loss is very steep in the direction "all weights and the bias up", and nearly flat in a direction that raises the
#   weights and lowers the bias. That is the long valley of
#   [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb): its condition number is large.
#
# How large is the second effect? The next cell lets one linear unit learn by gradient descent, from all samples at once,
# so that the signs of single samples play no part. There are 81 samples with two inputs $x_1, x_2$ each, and the target
# is $\tanh(x_1) - 0.5 \tanh(x_2)$. The unit does not see $x_1$ and $x_2$, but what a curve made of them. Three curves
# compete: $\tanh(x)$; the same curve lifted by 1, so that it runs from 0 to 2; and half of that, which is $\sigma(2x)$.
# With each of them the target can be met exactly. Each may use its own best learning rate out of 0.1, 0.2, ..., 2.0. The
# condition number is printed beside: the largest curvature of the loss divided by the smallest.

# %%
line = np.linspace(-2, 2, 9)
x1, x2 = (grid.ravel() for grid in np.meshgrid(line, line))
target = np.tanh(x1) - 0.5 * np.tanh(x2)  # shape (81,)


def losses(curve, rate, steps=120):
    """The loss before each step of gradient descent, for one linear unit behind `curve`."""
    # shape (81, 3); the column of ones is for the bias
    A = np.column_stack([curve(x1), curve(x2), np.ones(x1.size)])
    w, history = np.zeros(3), []
    for _ in range(steps):
        error = A @ w - target
        history.append(np.mean(error**2) / 2)
        w = w - rate * A.T @ error / error.size
    return np.array(history)


def condition_number(curve):
    """The largest curvature of that unit's loss, divided by the smallest."""
    A = np.column_stack([curve(x1), curve(x2), np.ones(x1.size)])
    curvatures = np.linalg.eigvalsh(A.T @ A / x1.size)  # one for each direction
    return curvatures[-1] / curvatures[0]


def steps_until(history, goal=1e-6):
    reached = history < goal
    return int(np.argmax(reached)) if reached.any() else len(history)


curves = {
    "tanh(x)": (np.tanh, ORANGE, "--"),
    "tanh(x) + 1": (lambda x: np.tanh(x) + 1, GREEN, ":"),
    "sigmoid(2x)": (lambda x: plain_sigmoid(2 * x), BLUE, "-"),
}
fig, axes = plt.subplots(figsize=(7, 3.4))
for name, (curve, colour, style) in curves.items():
    with np.errstate(all="ignore"):  # a rate that is too large runs away to infinity
        runs = [(rate, losses(curve, rate)) for rate in np.arange(1, 21) / 10]
    rate, history = min(runs, key=lambda run: steps_until(run[1]))
    count = steps_until(history)
    print(f"{name:12} condition number {condition_number(curve):4.1f}, "
          f"best rate {rate:.1f}: loss below 1e-6 after {count} steps")
    axes.semilogy(history[:70], style, color=colour, label=name)
axes.axhline(1e-6, color="0.6", linewidth=0.8)
axes.set_ylim(1e-8, 1)
axes.set_xlabel("step")
axes.set_ylabel("loss")
axes.legend(frameon=False)
show_figure(
    fig,
    alt="Loss of one linear unit against the step of gradient descent, on a logarithmic "
    "scale, with three curves before the unit, each at its best rate. Behind tanh(x) the "
    "loss falls below 1e-6 after 2 steps, behind tanh(x) + 1 after 60, behind "
    "sigmoid(2x) after 46.",
)

# %% [markdown]
# The first two curves differ in nothing but their centre, and the lifted one needs many more steps. Its condition number
# is 20.4 against 1.8, so the long valley has come back: the steep direction allows a rate of 0.5 only, at which the flat
# direction creeps. The sigmoid, lifted too but half as high, has 17.0 and does little better.
#
# Do not carry the 2 steps home. Behind the tanh both weights happen to have exactly the same curvature here, and both
# start without an error in the bias, so one rate suits them all at once. The condition numbers are what lasts. And the
# experiment is tidier than life: the inputs lie evenly around 0, and only the last layer learns. Hence "often", not
# "always". ReLU, further down, is not zero-centred and still trains deep networks well.
#
# ## 4. Saturation
#
# Where a curve is nearly flat it is **saturated**. Its slope there is nearly 0, and backpropagation multiplies by that
# slope. So a saturated unit passes almost no gradient on, and its weights hardly learn.

# %%
if ready(sigmoid_derivative) and ready(tanh_derivative):
    print("    x    slope of sigmoid   slope of tanh")
    for x in np.array([0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 40.0]):
        print(f"{x:5.0f}    {sigmoid_derivative(x):16.2e}   {tanh_derivative(x):13.2e}")
else:
    print("Write sigmoid_derivative and tanh_derivative first, then run this cell again.")

# %% [markdown]
# Call a curve flat where its slope is below 0.01. The sigmoid is flat beyond $x \approx 4.58$, and the tanh already
# beyond $x \approx 2.99$: the steeper curve also saturates sooner. At $x = 5$ the slopes are 0.0066 and 1.8e-4.
#
# Look at the last row. The sigmoid's true slope at 40 is 4.2e-18, tiny but not 0. If your function multiplies
# $\sigma$ by $1 - \sigma$, it gives exactly 0, because $\sigma(40)$ differs from 1 by less than a float can tell. For
# training it makes no difference: a gradient that small teaches nothing either way.
#
# ## 5. The softplus
#
# The next curve does not saturate on the right:
#
# $$\operatorname{softplus}(x) = \log(1 + e^{x}).$$
#
# For very negative $x$ it is nearly $\log 1 = 0$. For large $x$ the 1 hardly matters, and it is nearly
# $\log e^{x} = x$. In between lies a smooth bend, with the value $\log 2 \approx 0.6931$ at $x = 0$.
#
# As it stands, the formula fails on both sides.

# %%
with np.errstate(all="ignore"):
    huge = np.log(1 + np.exp(np.array(1000.0)))
tiny = np.log(1 + np.exp(-40.0))
print("log(1 + exp(1000)) =", huge, "   the true value is 1000")
print("log(1 + exp(-40))  =", tiny, "   the true value is", np.log1p(np.exp(-40.0)))

# %% [markdown]
# The first line overflows. The second has another defect: a float keeps about 16 digits, so $1 + e^{-40}$ is rounded to
# exactly 1, and the small number is lost. `np.log1p(y)` computes $\log(1 + y)$ without ever forming $1 + y$, and keeps
# it: 4.2e-18.
#
# Against the overflow, take $e^{x}$ out of the bracket:
#
# $$\log(1 + e^{x}) = \log\bigl(e^{x}\,(e^{-x} + 1)\bigr) = x + \log(1 + e^{-x}).$$
#
# ### Exercise 5: `softplus(x)`
#
# The two sides of the equation are the same function. Which side is safe for $x > 0$, and which for $x < 0$? As with the
# sigmoid, both can be written with one harmless exponential. Then ask what stands before the logarithm: $x$ on the one
# side of 0, nothing on the other. With `np.log1p` you keep the small values too. (The check allows a gap of one millionth,
# so it cannot see them; a logarithm taken later would.) Stuck? `hint("softplus")`.

# %% exercise="softplus"
def softplus(x):
    """log(1 + exp(x)), natural logarithm, for any float.

    x: a number or an array of any shape, also of whole numbers; it is not changed.
    Returns values from 0 upwards, same shape; never inf or nan.
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    ### END SOLUTION

# %% [markdown]
# ### Which curve is its slope?
#
# Measure the slope of *your* softplus and put it beside *your* sigmoid.

# %%
if ready(softplus) and ready(sigmoid):
    x = np.array([-1000.0, -4.0, -1.0, 0.0, 1.0, 4.0, 1000.0])
    print("     x   slope of softplus     sigmoid")
    for row in np.column_stack([x, slope(softplus, x), sigmoid(x)]):
        print("{:6.0f}          {:.8f}  {:.8f}".format(*row))
else:
    print("Write softplus and sigmoid first, then run this cell again.")

# %% [markdown]
# At least six decimals agree, everywhere. Now that you have seen it, derive it. With $u = 1 + e^{x}$ the slope of
# $\log u$ is $1/u$, and the slope of $u$ is $e^{x}$. So
#
# $$\operatorname{softplus}'(x) = \frac{e^{x}}{1 + e^{x}} = \sigma(x).$$
#
# The softplus needs no derivative of its own: you have written it already. In the next picture `sigmoid` stands where
# the derivative belongs.

# %%
explore.activation("softplus", softplus, sigmoid)

# %% [markdown]
# ## 6. ReLU and its kink
#
# The **rectified linear unit** keeps what is positive and puts 0 for the rest:
#
# $$\operatorname{relu}(x) = \max(x, 0).$$
#
# It needs no exponential, so nothing can overflow and it is cheap.
#
# ### Exercise 6: `relu(x)`
#
# It must take a single number as well as an array of any shape, and the caller's array must be afterwards what it was
# before. Stuck? `hint("relu")`.

# %% exercise="relu"
def relu(x):
    """The larger of x and 0, element by element. Does not change x.

    x: a number or an array of any shape, also of whole numbers.
    Returns values from 0 upwards, same shape.
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION

# %% [markdown]
# ### What is the slope at 0?
#
# Left of 0 the curve is flat. Right of 0 it is the line $y = x$. At 0 itself there is a kink. Measure there in three
# ways: with a step to the left, with a step to the right, and with both, as `slope` does.

# %%
if ready(relu):
    print("     h   to the left   to the right   both")
    for h in np.array([0.1, 0.001, 0.00001]):
        left = (relu(0 * h) - relu(-h)) / h
        right = (relu(h) - relu(0 * h)) / h
        print(f"{h:6.0e}   {left:11.1f}   {right:12.1f}   {slope(relu, 0 * h, h):4.1f}")
else:
    print("Write relu first, then run this cell again.")

# %% [markdown]
# Three rulers, three answers: 0, 1 and 0.5. Making $h$ smaller changes none of them. At a kink there is no derivative,
# so somebody has to decide. This course takes **slope 0 at $x = 0$**, as PyTorch and TensorFlow do.
#
# You might think that a sum is never exactly 0. But think of the black corner of an image and a bias that starts at 0:
# every product is 0, and so is their sum.
#
# ### Exercise 7: `relu_derivative(x)`
#
# Return the slope of ReLU, with the decision above. Stuck? `hint("relu_derivative")`.

# %% exercise="relu_derivative"
def relu_derivative(x):
    """The slope of ReLU at x; 0 at the kink x = 0. Does not change x.

    x: a number or an array of any shape, also of whole numbers; ReLU's input, not its output.
    Returns slopes, each exactly 0 or 1, same shape.
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(x) > 0, 1.0, 0.0)
    ### END SOLUTION

# %%
explore.activation("relu", relu, relu_derivative)

# %% [markdown]
# The softplus is ReLU without the kink. It lies above ReLU everywhere, most at $x = 0$, by $\log 2 \approx 0.6931$; at
# $x = 5$ it is 5.0067. Their slopes tell the same story: ReLU's jumps from 0 to 1, and the softplus's, the sigmoid,
# goes from 0 to 1 gradually.
#
# Right of 0 ReLU's slope is 1, however far out you go: it does not saturate there, and ten layers of such units pass a
# gradient on undiminished. The price stands on the left, where the slope is exactly 0. The written question comes back
# to it.
#
# ## 7. A layer's slopes as a matrix: the Jacobian
#
# So far: one number in, one number out. A layer turns a whole vector into a vector. Its slopes form a matrix.
#
# Let $f$ take $x$ of shape $(K,)$ to $y$ of shape $(M,)$. The **Jacobian** of $f$ at $x$ is the matrix of shape
# $(M, K)$ with
#
# $$J_{ij} = \frac{\partial y_i}{\partial x_j}.$$
#
# Row $i$ belongs to output $i$, column $j$ to input $j$. The entry says how fast output $i$ moves when input $j$ alone
# is moved.
#
# For example $f(x_1, x_2, x_3) = (x_1 x_2,\; x_2 + x_3^2)$. Differentiate each output with respect to each input:
#
# $$J = \begin{pmatrix} x_2 & x_1 & 0 \\ 0 & 1 & 2 x_3 \end{pmatrix}.$$
#
# The next cell measures it at $x = (2, 3, 4)$, one column at a time. Then it does the same for the sine, applied element
# by element.

# %%
def measured_jacobian(f, x, h=1e-5):
    """Entry (i, j): how fast output i moves with input j.

    x: shape (K,). Returns shape (M, K).
    """
    columns = []
    for j in range(x.size):
        step = np.zeros(x.size)
        step[j] = h  # move input j alone
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.column_stack(columns)


x = np.array([2.0, 3.0, 4.0])
with np.printoptions(precision=4, suppress=True):
    print("Jacobian of (x1 x2, x2 + x3**2):")
    print(measured_jacobian(lambda x: np.array([x[0] * x[1], x[1] + x[2] ** 2]), x))
    print("Jacobian of the sine, element by element:")
    print(measured_jacobian(np.sin, x))
    print("slopes of the sine at 2, 3 and 4:", np.cos(x))

# %% [markdown]
# The first matrix is what the formula says. The second is square, and full of zeros. Why?
#
# An element-wise function makes output $i$ from input $i$ and from nothing else: $y_i = f(x_i)$. Move another input, and
# output $i$ does not notice. Everything off the diagonal is therefore 0. On the diagonal stands the slope you know from
# one variable, $f'(x_i)$.
#
# ### Exercise 8: `elementwise_jacobian(derivative, x)`
#
# Return the Jacobian of an element-wise function. You are not given the function $f$, but its `derivative`, another
# function: `derivative(x)` gives the slopes. It may be `sigmoid_derivative`, or `np.cos`, or any other. Stuck?
# `hint("elementwise_jacobian")`.

# %% exercise="elementwise_jacobian"
def elementwise_jacobian(derivative, x):
    """The Jacobian of an element-wise function at x.

    derivative: the function's derivative; takes an array and returns slopes of the same shape.
    x: shape (K,), the inputs; it is not changed. Returns shape (K, K), also where K is 1.
    """
    ### BEGIN SOLUTION
    return np.diag(derivative(x))
    ### END SOLUTION

# %% [markdown]
# ### Use it: a gradient passes an activation function
#
# Behind the activation function comes the rest of the network, and at its end the loss $L$. Suppose we know
# $g_i = \partial L / \partial y_i$ for each output. We want $\partial L / \partial x_j$. The input $x_j$ could reach the
# loss through each output, so the chain rule adds up:
#
# $$\frac{\partial L}{\partial x_j} = \sum_i g_i\,J_{ij}, \qquad \text{as one product: } g\,J, \quad
# (K,) \cdot (K, K) \to (K,).$$
#
# But $J$ is diagonal, so only one term of the sum is left: $g_j\,f'(x_j)$. That is an element-wise product, and the
# matrix was never needed.
#
# Try it with numbers of the network that lessons 7 and 8 work through by hand. In its second hidden layer the sums are
# 2.731, 2.76 and 4.004, and sigmoids follow. The vector $g$ is made up.

# %%
z = np.array([2.731, 2.76, 4.004])
g = np.array([1.0, -2.0, 0.5])
if ready(sigmoid_derivative) and ready(elementwise_jacobian):
    J = elementwise_jacobian(sigmoid_derivative, z)
    print("J =", J, "", sep="\n")
    print("g @ J           =", g @ J)
    print("g times slopes  =", g * sigmoid_derivative(z))
else:
    print("Write sigmoid_derivative and elementwise_jacobian first, then come back.")

# %% [markdown]
# The two lines agree. For three units it hardly matters which one you compute. For a layer of 1000 units the matrix has
# a million entries, and all but a thousand of them are 0. So networks multiply by the slopes, and the Jacobian stays on
# paper, where it makes the derivation short.
#
# A published walk-through of this network prints 0.058156, 0.0564 and 0.0196 for the three slopes. Compare with your
# diagonal: the third is 11 % too large. The sigmoid's values had been cut to 0.938, 0.94 and 0.98 *before* they went into
# the slope. Near saturation $1 - \sigma$ is small, so cutting the last digits of $\sigma$ takes a large share of it.
# Compute first, round last.
#
# ## What you can do now
#
# | curve | values | steepest slope | zero-centred | saturates |
# |---|---|---|---|---|
# | sigmoid | 0 to 1 | 0.25, at 0 | no | on both sides |
# | tanh | -1 to 1 | 1, at 0 | yes | on both sides, sooner |
# | softplus | 0 upwards | towards 1, on the right | no | on the left |
# | ReLU | 0 upwards | 1, right of 0 | no | on the left, slope exactly 0 |
#
# You can write each of them, and its slope, so that no float breaks it. You can derive these slopes on paper and measure
# whether you were right. You know what the Jacobian is, and why an element-wise function has a diagonal one.
#
# Two relatives of ReLU you will meet elsewhere. The **leaky ReLU** has a small slope on the left, often 0.01, in the
# place of 0, so that no unit can go silent for good. **GELU**, $x\,\Phi(x)$ with the share $\Phi(x)$ of the normal
# distribution that lies left of $x$, is a smooth one; many large language models have it or a close relative. Their
# slopes come from the same two rules you have used here.
#
# The softmax comes next, an activation function that does *not* work element by element. Its Jacobian has something to
# say off the diagonal.

# %% [markdown]
# ### Written question
#
# *2 points, graded by hand.*
#
# A hidden unit has bad luck: for every sample of the training set its sum is $x = -8$.
#
# (a) Which slope does the unit pass back if its activation function is the sigmoid, the tanh, the softplus, ReLU?
# Use your functions. (b) With which of the four can gradient descent still move the unit's own weights, and with which
# not at all? Why? (c) People use ReLU a great deal nevertheless. Give one reason that you have seen in this lesson.
#
# A good answer gives the four slopes as numbers, ties (b) to the product in the chain rule, and is about five sentences
# long.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# (a) The slopes at $-8$ are 3.35e-4 for the sigmoid, 4.5e-7 for the tanh, again 3.35e-4 for the softplus (its slope is
# the sigmoid's value there), and exactly 0 for ReLU.
#
# (b) The gradient with respect to the unit's weights is a product, and this slope is one of its factors. With the first
# three curves the product is small but not 0, so the weights still move, if slowly; with the tanh so slowly that it
# would take very long. With ReLU the factor is exactly 0 for every sample, so the weights and the bias of this unit get no
# gradient at all and stay as they are: the unit is "dead". (Only a change in the layers before it could revive it.)
#
# (c) On the right its slope is 1 at any distance, so it does not saturate there and gradients pass through many layers
# undiminished; it is also cheap and cannot overflow.
#
# One point for the four slopes, one for the argument with the product together with a sound reason in (c).
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You own four activation functions and their slopes, safe for every float, and the Jacobian of any function that works
# element by element.

# %%
progress("03-activations")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `03-activations.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Pierre-Francois Verhulst drew the sigmoid in 1838, for the growth of a population. ReLU came
# into wide use with Nair and Hinton (2010) and with Glorot, Bordes and Bengio (2011). To read on: Hendrycks and Gimpel,
# *Gaussian Error Linear Units* (2016).
#
# **In a framework** they are `torch.sigmoid`, `torch.tanh`, `torch.nn.functional.softplus`, `relu`, `leaky_relu` and
# `gelu`.
#
# All of these look at one number at a time. The next one looks at a whole row.
#
# **Next:** [4. Softmax and its Jacobian](../04-softmax/04-softmax.ipynb)
