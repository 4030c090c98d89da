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
# # 2. The chain rule and the computational graph
#
# A neural network is functions inside functions: the output of one layer is the input of the next. To train it you must
# know how the last number changes when one of the first is moved. The **chain rule** answers that. It says: *multiply
# along a path, add over the paths.*
#
# In this lesson you derive it in one variable and in several, and write it for one unit of a network, for matrices, and for a small
# graph. Then you take the step of gradient descent that the whole business is for, and see it go wrong in an instructive
# way.
#
# You need the derivatives of $x^2$, $\sin x$, $e^x$ and $1/x$, and the product of two matrices. Plan about an hour and a
# half. The letters are the same in all lessons: see [the page of notation](../notation.md).
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.kit import check, explore, hint, progress, ready, show_figure

# %% [markdown]
# ## Play first
#
# Below is the function $f = (x + y)\,z$ drawn as a **graph**. Numbers flow along the arrows from left to right. Above each
# arrow stands the value that flows along it, in a solid frame. Below it, in a dashed frame, stands the derivative of $f$
# with respect to that value: how much $f$ changes per unit, if only this value is nudged.
#
# At the start $f$ is $-12$, and we would like it to be $-10$. Gradient descent ([lesson
# 1](../01-gradient-descent/01-gradient-descent.ipynb)) moves $x$, $y$ and $z$ a little, all at once, so that $f$ comes
# nearer to $-10$. You need not compute anything yet. Where do you believe $f$ is after the first step: still short of
# $-10$, about there, or beyond? Set the last slider to your guess and press Reveal. The plot on the right shows the
# **loss**, which is large where $f$ is far from $-10$, over twenty steps. Section 8 explains what you see.
# Then untick "Guess first" and play:
#
# - Press "rate 0.05", then "rate 0.2".
# - Move $x$, then $y$. Which derivatives change? Why not those of $x$ and $y$ themselves?
# - Move $z$. Now which ones change?
# - Press "nothing moves". What is special about this point?

# %%
explore.graph(predict=True)

# %% [markdown]
# ## 1. A function inside a function
#
# Let $u = x^2$ and $y = \sin u$. Then $y$ depends on $x$ by way of $u$:
#
# $$x \;\longrightarrow\; u = g(x) = x^2 \;\longrightarrow\; y = f(u) = \sin u, \qquad y = f(g(x)) = \sin(x^2).$$
#
# This is a **composite function**; $g$ is the inner function, $f$ the outer one. Nudge $x$ by a little, $\Delta x$. Then $u$
# moves by some $\Delta u$, and that moves $y$ by some $\Delta y$. The next cell does so at $x = 1.7$ with smaller and smaller
# nudges.

# %%
x = 1.7
print("     dx     du/dx     dy/du   product     dy/dx")
for dx in [0.1, 0.01, 0.001, 0.0001]:
    du = (x + dx) ** 2 - x**2
    dy = np.sin((x + dx) ** 2) - np.sin(x**2)
    print(f"{dx:7.4f} {du / dx:9.4f} {dy / du:9.4f} {(dy / du) * (du / dx):9.4f} {dy / dx:9.4f}")
print()
print(f"2 x         = {2 * x:.4f}")
print(f"cos(x**2)   = {np.cos(x**2):.4f}")
print(f"product     = {2 * x * np.cos(x**2):.4f}")

# %% [markdown]
# The last two columns are the same in every row, not only for small nudges. No wonder: $\Delta u$, $\Delta x$ and $\Delta y$ are
# ordinary numbers, and
#
# $$\frac{\Delta y}{\Delta x} = \frac{\Delta y}{\Delta u} \cdot \frac{\Delta u}{\Delta x}$$
#
# is ordinary cancelling. Now let $\Delta x$ shrink. The second factor becomes the slope of $g$ at $x$, here $2x = 3.4$. The
# first becomes the slope of $f$ **at $u = g(x)$**, because that is where the outer function stands: here
# $\cos(1.7^2) = \cos 2.89 = -0.9685$. The product is $-3.2930$. In letters:
#
# $$\boxed{\;\frac{dy}{dx} = \frac{dy}{du}\cdot\frac{du}{dx} = f'\bigl(g(x)\bigr)\; g'(x)\;}$$
#
# In words: if $u$ moves 3.4 times as fast as $x$, and $y$ moves $-0.9685$ times as fast as $u$, then $y$ moves $-3.2930$ times as
# fast as $x$. Rates multiply.
#
# (A careful reader objects: $\Delta u$ might be 0, and then nothing may be divided by it. Right. The proof avoids the division:
# it writes $\Delta y = (f'(u) + \varepsilon)\,\Delta u$ with $\varepsilon \to 0$, true also for $\Delta u = 0$, and only then divides by
# $\Delta x$. The result is the same.)
#
# A pencil example: $y = (3x + 1)^2$ at $x = 2$. Inner: $u = 3x + 1 = 7$, slope 3. Outer: $u^2$, slope $2u = 14$. Product: $42$.
# Check by multiplying out: $y = 9x^2 + 6x + 1$, slope $18x + 6 = 42$.

# %% [markdown]
# ### Exercise 1: `compose_derivative(outer_derivative, inner, inner_derivative, x)`
#
# You are given three functions: $f'$, $g$ and $g'$. Return the slope of $f(g(x))$ at $x$. For an array, work element by
# element: each element has a slope of its own.
#
# Stuck? `hint("compose_derivative")` gives a hint, and the next one when you call it again.

# %% exercise="compose_derivative"
def compose_derivative(outer_derivative, inner, inner_derivative, x):
    """The slope of outer(inner(x)), by the chain rule.

    outer_derivative, inner, inner_derivative: the functions f', g and g', each of a number or,
    element by element, of an array.
    x: a number or an array of any shape, also of whole numbers; neither it nor what the three
    functions return is changed. Returns dy/dx, of the same shape as x.
    """
    ### BEGIN SOLUTION
    u = inner(x)  # the outer function stands here, not at x
    return outer_derivative(u) * inner_derivative(x)
    ### END SOLUTION


# %% [markdown]
# ### Use it: a whole curve of slopes
#
# Your function against slopes that were measured with tiny nudges. The inner slope $2x$ makes the waves of $\sin(x^2)$ ever
# steeper.

# %%
if ready(compose_derivative):
    xs = np.linspace(-3, 3, 301)
    slopes = compose_derivative(np.cos, np.square, lambda x: 2 * x, xs)
    measured = (np.sin((xs + 1e-6) ** 2) - np.sin((xs - 1e-6) ** 2)) / 2e-6
    fig, ax = plt.subplots(figsize=(6.5, 3))
    ax.plot(xs, np.sin(xs**2), color="#009E73", ls="--", label="sin(x**2)")
    ax.plot(xs, slopes, color="#0072B2", lw=4, alpha=0.5, label="your slope")
    ax.plot(xs[::6], measured[::6], ".", color="#D55E00", label="measured")
    ax.set(xlabel="x", ylim=(-6.5, 9.5))
    ax.legend(loc="upper center", ncol=3)
    gap = np.max(np.abs(slopes - measured))
    show_figure(
        fig,
        alt="sin(x**2) between x = -3 and 3, a wave between -1 and 1 that gets quicker "
        "outwards, and its slope, a wave that grows to about 6. Your slopes and the "
        f"measured ones differ by at most {gap:.1e}.",
    )
else:
    print("Write compose_derivative first, then run this cell again.")

# %% [markdown]
# ## 2. Reading derivatives like fractions, and where that fails
#
# $$\frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}$$
#
# It looks as if $du$ cancelled. This is the best way to remember the rule. For longer chains it works as well:
# $\frac{dy}{dx} = \frac{dy}{dv}\cdot\frac{dv}{du}\cdot\frac{du}{dx}$. But $dy/dx$ is the *limit* of fractions and not itself one, and the
# picture breaks in three places. Here are the first two; section 4 has the third.
#
# **It does not say where.** The letters $\frac{dy}{du}$ hide at which point the slope is taken. It must be $u = g(x)$. With the
# pencil example, $f'(x)\,g'(x) = 2 \cdot 2 \cdot 3 = 12$ is wrong; $f'(g(x))\,g'(x) = 42$ is right.
#
# **It fails for squares.** Take $y = u^2$ and $u = x^3$, so $y = x^6$. The true second derivative is
# $\frac{d^2y}{dx^2} = 30x^4$. Cancelling would promise
#
# $$\frac{d^2y}{du^2}\left(\frac{du}{dx}\right)^2 = 2 \cdot (3x^2)^2 = 18x^4. \qquad\text{(wrong)}$$
#
# What is missing? Differentiate the chain rule once more. $\frac{dy}{dx} = f'(g(x))\; g'(x)$ is a product, so the product rule gives
# two terms:
#
# $$\frac{d^2y}{dx^2} = f''(g(x))\, g'(x)^2 + f'(g(x))\, g''(x) = 18x^4 + 2x^3 \cdot 6x = 18x^4 + 12x^4 = 30x^4.$$
#
# The second term comes from the inner function's own bending, and the fractions know nothing of it. So: cancel first
# derivatives in one variable, and nothing else.

# %% [markdown]
# ## 3. One unit
#
# A **unit**, also called a **neuron**, is the smallest part of a network. With one input it computes
# $z = wx + b$ and sends it through the **sigmoid**:
#
# $$a = \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad z = wx + b.$$
#
# $x$ is the input, $w$ the weight, $b$ the bias, $a$ the output, between 0 and 1.
#
# **The outer slope.** The sigmoid is itself a composite: $a = 1/s$ with $s = 1 + e^{-z}$. The slopes are
# $\frac{da}{ds} = -\frac{1}{s^2}$ and $\frac{ds}{dz} = -e^{-z}$, so
#
# $$\sigma'(z) = \frac{da}{ds}\cdot\frac{ds}{dz} = \frac{e^{-z}}{(1 + e^{-z})^2}.$$
#
# Now $\frac{1}{1+e^{-z}} = a$ and $\frac{e^{-z}}{1 + e^{-z}} = 1 - a$. Hence $\sigma'(z) = a\,(1-a)$: the slope can be read off the
# output.
#
# **The inner slopes.** $z$ depends on three numbers. A **partial derivative**, written with a round $\partial$, nudges one of them
# and holds the others still:
#
# $$\frac{\partial z}{\partial w} = x, \qquad \frac{\partial z}{\partial x} = w, \qquad \frac{\partial z}{\partial b} = 1.$$
#
# Each of the three reaches $a$ through $z$ alone: one path each, so the rule of section 1 holds, three times.
#
# An example: $w = 0.5$, $x = 2$, $b = -0.25$. Then $z = 0.75$, $a = 0.6792$ and $\sigma'(z) = 0.2179$. Work out the three
# derivatives on paper before you write the function.
#
# **A trap.** On paper the formulas for the slope are all the same. In floating point they are not.

# %%
with np.errstate(all="ignore"):
    print("     z    e / (1 + e)**2 with e = exp(-z)")
    for z in [0.75, 30.0, 800.0, -30.0, -800.0]:
        e = np.exp(-z)
        print(f"{z:6.6g}    {e / (1 + e) ** 2:.4g}")

# %% [markdown]
# At $z = -800$ the exponential is too large for a float, `inf`, and `inf / inf` is `nan`, "not a number". The true slope there
# is not 0, but so small that no float can hold it, and 0 is the nearest one. The way out: the slope is **symmetric**,
# $\sigma'(-z) = \sigma'(z)$. (Swap $z$ for $-z$: then $a$ and $1-a$ change
# places, and their product stays.) So of the two exponents $z$ and $-z$ you may take the one that is not positive.
#
# ### Exercise 2: `neuron_gradient(w, x, b)`
#
# Return the three derivatives of $\sigma(wx + b)$. They must be right for every finite $z$, however large, on both sides of
# 0 and at 0 itself. Where the slope is too small for a float, it is 0.
#
# Stuck? `hint("neuron_gradient")`

# %% exercise="neuron_gradient"
def neuron_gradient(w, x, b):
    """The derivatives of a = sigmoid(w * x + b) with respect to w, x and b.

    w, x, b: numbers, whole ones too; z = w * x + b may be of any size.
    Returns three numbers, none of them nan or inf, in this order: da/dw, da/dx, da/db.
    """
    ### BEGIN SOLUTION
    # exp(-|z|) is never above 1, and the slope is the same for z and -z.
    e = np.exp(-np.abs(w * x + b))
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope
    ### END SOLUTION


# %% [markdown]
# ### Use it: which knob turns the output most?
#
# Nudge each of $w$, $x$ and $b$ by 0.01 and compare what really happens with what your derivatives forecast.

# %%
if ready(neuron_gradient):
    point = {"w": 0.5, "x": 2.0, "b": -0.25}

    def output(w, x, b):
        return 1 / (1 + np.exp(-(w * x + b)))

    print("knob   derivative   forecast of the change   the change")
    slopes = neuron_gradient(**point)
    for (name, value), slope in zip(point.items(), slopes, strict=True):
        change = output(**{**point, name: value + 0.01}) - output(**point)
        print(f"{name:>4}   {slope:10.4f}   {0.01 * slope:22.6f}   {change:10.6f}")
    print()
    for b in [-0.25, 5.0, 10.0]:
        da_dw = neuron_gradient(0.5, 2.0, b)[0]
        print(f"b = {b:5.2f}: the output is {output(0.5, 2.0, b):.6f}, da/dw is {da_dw:.6f}")
else:
    print("Write neuron_gradient first, then run this cell again.")

# %% [markdown]
# The weight turns the output most, because its partner, the input, is the larger factor: $\partial a/\partial w = 0.4358$ against
# $\partial a/\partial x = 0.1089$. The last lines show a weakness. When $z$ is large the output hardly moves any more, and every
# derivative that passes through the unit is multiplied by that small slope.
#
# ## 4. Several variables: the sum over the paths
#
# Now let $x$ reach the end along **two** paths:
#
# $$u = x + y, \qquad v = x\,y, \qquad f = u\,v.$$

# %%
fig, ax = plt.subplots(figsize=(6.2, 2.5))
u, v, f = "u = x + y", "v = x y", "f = u v"
places = {"x": (0, 1), "y": (0, 0), u: (1.5, 1), v: (1.5, 0), f: (3, 0.5)}
bold = {"color": "#0072B2", "lw": 2.2}
thin = {"color": "#999999", "lw": 1.2}
# From, to, the local derivative on the arrow, where it stands, how the arrow is drawn.
arrows = [("x", u, "1", (0.75, 1.1), bold), ("x", v, "y", (0.42, 0.82), bold),
          ("y", u, "1", (0.26, 0.34), thin), ("y", v, "x", (0.75, 0.1), thin),
          (u, f, "v", (2.3, 0.87), bold), (v, f, "u", (2.3, 0.37), bold)]
for start, end, label, where, style in arrows:
    arrow = {"arrowstyle": "->", "shrinkA": 16, "shrinkB": 34, **style}
    ax.annotate("", places[end], places[start], arrowprops=arrow)
    ax.text(*where, label, color="#D55E00", ha="center", size=12)
for name, where in places.items():
    box = {"boxstyle": "round", "fc": "#EEEEEE", "ec": "#999999"}
    ax.text(*where, name, ha="center", va="center", size=12, bbox=box)
ax.set(xlim=(-0.4, 3.5), ylim=(-0.3, 1.35))
ax.axis("off")
show_figure(
    fig,
    alt="A graph. Arrows go from x to u = x + y with the local derivative 1, from x to "
    "v = x y with y, from y to u with 1, from y to v with x, from u to f = u v with v, "
    "and from v to f with u. The two paths from x to f, one through u and one through "
    "v, are drawn bold.",
)

# %% [markdown]
# At $x = 2$, $y = 3$ we have $u = 5$, $v = 6$ and $f = 30$. Nudge $x$ by 0.01. Both $u$ and $v$ move, and both moves reach $f$:
#
# | through | the node moves by | and moves $f$ by |
# |---|---|---|
# | $u$ | $\Delta u = 1 \cdot 0.01 = 0.01$ | $v \cdot \Delta u = 6 \cdot 0.01 = 0.06$ |
# | $v$ | $\Delta v = y \cdot 0.01 = 0.03$ | $u \cdot \Delta v = 5 \cdot 0.03 = 0.15$ |
# | together | | $0.21$ |
#
# In truth $f$ goes to $5.01 \cdot 6.03 = 30.2103$, so it moves by 0.2103. The remaining 0.0003 is $\Delta u \cdot \Delta v$, a product of
# two small numbers: with a nudge ten times smaller it is a hundred times smaller. In the limit only the sum is left. Divided by
# the nudge, it is $\partial f/\partial x = 6 + 15 = 21$. In letters:
#
# $$\boxed{\;\frac{\partial f}{\partial x} = \frac{\partial f}{\partial u}\frac{\partial u}{\partial x} + \frac{\partial f}{\partial v}\frac{\partial v}{\partial x}\;}$$
#
# **Multiply along each path, add over all paths.** No path may be left out.
#
# Here the reading as fractions fails for the third time, and badly:
#
# - Cancel $\partial u$ in the first term and $\partial v$ in the second, and the rule would say
#   $\frac{\partial f}{\partial x} = \frac{\partial f}{\partial x} + \frac{\partial f}{\partial x}$. But the two terms are 6 and 15. Each is one path's share, and
#   the symbol $\partial f$ means something else in each: in $\frac{\partial f}{\partial u}$ only $u$ was moved, in $\frac{\partial f}{\partial v}$ only $v$.
# - A second case to remember. Take $q = x + y$ alone. Solved for each letter: $q = x + y$, $x = q - y$, $y = q - x$. So
#   $\frac{\partial q}{\partial x} = 1$, $\frac{\partial x}{\partial y} = -1$, $\frac{\partial y}{\partial q} = 1$, and
#
# $$\frac{\partial q}{\partial x}\cdot\frac{\partial x}{\partial y}\cdot\frac{\partial y}{\partial q} = -1,$$
#
# where cancelling would give $+1$. In each factor something else is held still.
#
# So read partial derivatives as fractions only along *one* path, where nothing else leads from start to end.
#
# ### Exercise 3: `two_paths(x, y)`
#
# Return $\partial f/\partial x$ and $\partial f/\partial y$ for $f = (x + y)\cdot(x\,y)$, as sums over the paths. At $x = 2$, $y = 3$ the first is 21. Work out the second
# on paper before you run anything.
#
# Stuck? `hint("two_paths")`

# %% exercise="two_paths"
def two_paths(x, y):
    """The derivatives of f = u * v with u = x + y and v = x * y.

    x, y: numbers of any sign, 0 too. Returns two numbers, in this order: df/dx, df/dy.
    """
    ### BEGIN SOLUTION
    u, v = x + y, x * y
    df_du, df_dv = v, u
    df_dx = df_du * 1 + df_dv * y
    df_dy = df_du * 1 + df_dv * x
    return df_dx, df_dy
    ### END SOLUTION


# %% [markdown]
# In a program this sum has a typical slip. A backward pass visits $x$ twice, once from $u$ and once from $v$. Whoever writes
# `df_dx = ...` the second time loses the first contribution; it must be `df_dx += ...`. Libraries that differentiate for you
# add up in just this way.
#
# ## 5. Many at once: Jacobians
#
# With many inputs and outputs we put the partial derivatives in a table. The **Jacobian** $J$ of a function has a row for each
# output and a column for each input:
#
# $$J_{ij} = \frac{\partial\,\text{output}_i}{\partial\,\text{input}_j}, \qquad \text{shape (outputs, inputs)}.$$
#
# Let $x$ have $n$ numbers, let the inner function make $m$ numbers $u$ of them, and the outer one $k$ numbers $f$ of those:
#
# $$x \;(n)\;\longrightarrow\; u \;(m)\;\longrightarrow\; f\;(k).$$
#
# From $x_j$ to $f_i$ there are $m$ paths, one through each $u_l$. Multiply along each, add over all:
#
# $$\frac{\partial f_i}{\partial x_j} = \sum_{l=1}^{m} \frac{\partial f_i}{\partial u_l}\,\frac{\partial u_l}{\partial x_j}.$$
#
# The example of section 4 has two inputs, two intermediate variables, one output. At $x = 2$, $y = 3$:
#
# $$J_{\text{outer}} = \begin{pmatrix} v & u \end{pmatrix} = \begin{pmatrix} 6 & 5 \end{pmatrix}, \qquad
# J_{\text{inner}} = \begin{pmatrix} 1 & 1 \\ y & x \end{pmatrix} = \begin{pmatrix} 1 & 1 \\ 3 & 2 \end{pmatrix}.$$
#
# The first entry of the whole Jacobian is $6 \cdot 1 + 5 \cdot 3 = 21$. You have seen such sums before.
#
# ### Exercise 4: `chain(outer_jacobian, inner_jacobian)`
#
# Return the Jacobian of the whole. Watch the order: with square matrices a wrong one gives no error, only wrong numbers.
#
# Stuck? `hint("chain")`

# %% exercise="chain"
def chain(outer_jacobian, inner_jacobian):
    """The Jacobian of outer(inner(x)).

    outer_jacobian: shape (k, m), its rows the k outputs, its columns the m intermediate variables.
    inner_jacobian: shape (m, n), its rows the m intermediate variables, its columns the n inputs.
    Returns shape (k, n), also where k, m or n is 1: rows the outputs, columns the inputs.
    """
    ### BEGIN SOLUTION
    return outer_jacobian @ inner_jacobian
    ### END SOLUTION


# %% [markdown]
# ### Use it: why networks are differentiated backwards
#
# Three layers of 100 numbers each, and at the end one number, the loss: Jacobians of shapes $(1, 100)$, $(100, 100)$,
# $(100, 100)$. The product is the same from whichever end you start, but the work is not. A product of shapes $(k, m)$ and
# $(m, n)$ takes $k\,m\,n$ multiplications.

# %%
print("from the loss backwards:", 1 * 100 * 100 + 1 * 100 * 100, "multiplications")
print("from the input forwards:", 100 * 100 * 100 + 1 * 100 * 100, "multiplications")

if ready(chain):
    rng = np.random.default_rng(0)
    last = rng.normal(size=(1, 100))
    middle, first = rng.normal(size=(2, 100, 100))
    backwards = chain(chain(last, middle), first)
    forwards = chain(last, chain(middle, first))
    print("same result:", np.allclose(backwards, forwards), "- shape", np.shape(backwards))
    outer, inner = np.array([[6.0, 5.0]]), np.array([[1.0, 1.0], [3.0, 2.0]])
    print("section 4:  ", chain(outer, inner))
else:
    print("Write chain first, then run this cell again.")

# %% [markdown]
# Fifty times less work, because a row times a matrix is a row again. A loss is one number, so its Jacobian has one row, and
# starting from there the large products never come up. That is the whole idea of **backpropagation**: the chain rule, from right
# to left.
#
# ## 6. The graph, forwards
#
# Now the graph of the first picture, by hand. It comes from an article about backpropagation, and many others use it:
#
# $$f(x, y, z) = (x + y)\,z \quad\text{at}\quad x = -2,\; y = 5,\; z = -4.$$
#
# Each operation becomes a **node**, each value an arrow. The sum gets a name of its own, $q$. **Forwards** means: from left to
# right, compute each node from what flows into it.
#
# $$q = x + y = -2 + 5 = 3, \qquad f = q\,z = 3 \cdot (-4) = -12.$$
#
# A word about the article: it says "$q = z + y$" at this place, and right after it "$= 3$". With $z = -4$ and $y = 5$ the sum
# would be 1, so it is a slip of the pen, and $q = x + y$ was meant; all the numbers there are computed with that. It happens to
# everybody who writes formulas. The remedy is the one you just saw: put the numbers in.
#
# ### Exercise 5: `graph_forward(x, y, z)`
#
# Return both nodes, $q$ and $f$.
#
# Stuck? `hint("graph_forward")`

# %% exercise="graph_forward"
def graph_forward(x, y, z):
    """The forward pass through f = (x + y) * z.

    x, y, z: numbers of any sign, 0 too. Returns two numbers, in this order: q = x + y and f.
    """
    ### BEGIN SOLUTION
    q = x + y
    f = q * z
    return q, f
    ### END SOLUTION


# %% [markdown]
# ## 7. The graph, backwards
#
# **Backwards** means: from right to left, compute for each arrow the derivative of $f$ with respect to the value on it. Start at
# the end with $\frac{\partial f}{\partial f} = 1$. At each node, multiply what comes from the right by the node's own, *local* derivative.
#
# **The product node**, $f = q\,z$. Hold $z$ still and nudge $q$: $f$ moves $z$ times as much. And the other way round.
#
# $$\frac{\partial f}{\partial q} = z = -4, \qquad \frac{\partial f}{\partial z} = q = 3.$$
#
# Each factor receives the *other* one. That is why the forward values must be kept: they are needed on the way back.
#
# **The sum node**, $q = x + y$. Nudge $x$, and $q$ moves just as much; the same for $y$. Both local derivatives are 1, whatever the
# values are:
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q}\cdot\frac{\partial q}{\partial x} = -4 \cdot 1 = -4, \qquad
# \frac{\partial f}{\partial y} = \frac{\partial f}{\partial q}\cdot\frac{\partial q}{\partial y} = -4 \cdot 1 = -4.$$
#
# A sum hands on to each of its inputs all that it receives. It does not divide it among them: $x$ and $y$ can each move $f$ with full
# force.
#
# From each of $x$, $y$ and $z$ there is one path to $f$, so here there is nothing to add up.
#
# ### Exercise 6: `graph_backward(x, y, z)`
#
# Return the four derivatives, those of the inputs first, the one of the inner node last. They must be right also where $q$ or $z$ is 0.
#
# Stuck? `hint("graph_backward")`

# %% exercise="graph_backward"
def graph_backward(x, y, z):
    """The backward pass through f = (x + y) * z.

    x, y, z: numbers of any sign, 0 too. Returns four numbers, in this order: df/dx, df/dy, df/dz,
    df/dq, where q = x + y.
    """
    ### BEGIN SOLUTION
    q = x + y
    df_dq, df_dz = z, q  # at the product each factor gets the other one
    df_dx, df_dy = df_dq * 1, df_dq * 1  # the sum hands on what it gets
    return df_dx, df_dy, df_dz, df_dq
    ### END SOLUTION


# %% [markdown]
# ### Use it: your own numbers in the picture
#
# The first picture again, now with your two functions: what they return stands beside the reference, marked "yours". Move the
# sliders, also to places where $q$ or $z$ is 0.

# %%
explore.graph(graph_forward, graph_backward)

# %% [markdown]
# ## 8. One step towards a target
#
# The value is $f = -12$. We would like $t = -10$, the **target**. (From lesson 4 on a target is called $y$; here $y$ is an
# input already.) How wrong we are is measured by the **loss**
#
# $$L = \tfrac12\,(f - t)^2 = \tfrac12\,(-12 + 10)^2 = 2.$$
#
# The loss is one more node at the right end of the graph. Its local derivative is
#
# $$\frac{\partial L}{\partial f} = \tfrac12 \cdot 2\,(f - t) = f - t = -2.$$
#
# The factor $\tfrac12$ is there only to cancel the 2. Remember it; it will matter. Now every derivative of section 7 is multiplied by
# one more factor:
#
# $$\frac{\partial L}{\partial x} = (f-t)\,\frac{\partial f}{\partial x} = -2 \cdot (-4) = 8, \qquad
# \frac{\partial L}{\partial y} = -2 \cdot (-4) = 8, \qquad
# \frac{\partial L}{\partial z} = -2 \cdot 3 = -6.$$
#
# **Gradient descent** moves each number a little against its slope. The **learning rate** $\eta$ ("eta") says how far:
#
# $$x \leftarrow x - \eta\,\frac{\partial L}{\partial x}, \qquad y \leftarrow y - \eta\,\frac{\partial L}{\partial y}, \qquad z \leftarrow z - \eta\,\frac{\partial L}{\partial z}.$$
#
# All three slopes belong to the old point. Compute all of them before you move anything.
#
# ### Exercise 7: `graph_step(x, y, z, target, learning_rate)`
#
# Take one step for the loss $\tfrac12 (f - t)^2$, and return the new $x$, $y$ and $z$.
#
# Stuck? `hint("graph_step")`

# %% exercise="graph_step"
def graph_step(x, y, z, target, learning_rate):
    """One step of gradient descent on the loss (f - target)**2 / 2 with f = (x + y) * z.

    x, y, z, target, learning_rate: numbers, the rate above 0.
    Returns three numbers, in this order: the new x, y and z.
    """
    ### BEGIN SOLUTION
    q = x + y
    f = q * z
    dL_df = f - target
    dL_dq, dL_dz = dL_df * z, dL_df * q
    return x - learning_rate * dL_dq, y - learning_rate * dL_dq, z - learning_rate * dL_dz
    ### END SOLUTION


# %% [markdown]
# ### Use it: does the loss fall?
#
# The article takes the rate $\eta = 0.1$. By hand: $x$ goes to $-2 - 0.1 \cdot 8 = -2.8$, $y$ to $5 - 0.8 = 4.2$, and $z$ to
# $-4 + 0.6 = -3.4$. Before you run the next cell: what will $f$ be, and what the loss?

# %%
if ready(graph_step):
    for rate in [0.1, 0.05]:
        x, y, z = -2.0, 5.0, -4.0
        print(f"rate {rate}")
        print("step         x        y        z          f       loss")
        for step in range(31):
            f = (x + y) * z
            loss = (f + 10) ** 2 / 2
            if step <= 6 or step % 6 == 0:
                print(f"{step:4d}  {x:8.4f} {y:8.4f} {z:8.4f} {f:10.4f} {loss:10.4f}")
            x, y, z = graph_step(x, y, z, -10.0, rate)
        print()
else:
    print("Write graph_step first, then run this cell again.")

# %% [markdown]
# With the rate 0.1 the very first step makes things **worse**. $f$ goes from $-12$ not to $-10$ but past it, to $-4.76$, and the loss
# rises from 2 to 13.73. The derivatives were right, and the direction was right; the step was too long. And it does not
# get better later: the loss jumps up and down for good. With the rate 0.05 it converges. From step 16 on the loss stays
# below 0.001.
#
# Here is the picture once more, with your step in it.

# %%
explore.graph(graph_forward, graph_backward, graph_step)

# %% [markdown]
# ### Why 0.1 is too much
#
# How far does a step move $f$? By the sum over the three paths, to first order,
#
# $$\Delta f \approx \frac{\partial f}{\partial x}\Delta x + \frac{\partial f}{\partial y}\Delta y + \frac{\partial f}{\partial z}\Delta z
# = -\eta\,(f - t)\,\underbrace{(z^2 + z^2 + q^2)}_{S}.$$
#
# The error $f - t$ is thus multiplied by $1 - \eta S$. At our start $S = 16 + 16 + 9 = 41$. With $\eta = 0.1$ that forecasts the factor
# $-3.1$: the error changes its sign and becomes three times as large. (The true factor is $-2.62$, from $-2$ to $5.24$; the step is
# too long for the forecast to be exact.)
#
# By this forecast the error shrinks only if $1 - \eta S$ lies between $-1$ and 1, that is, if $\eta S < 2$. It is the bound
# of lesson 1, $\eta c < 2$, with $S$ in the place of the curvature.
#
# - With $\eta = 0.05$, $\eta S$ is 2.05 at the start. The forecast, a factor of $-1.05$, is a little too dark: in truth the
#   error goes from $-2$ to 1.86, so it shrinks already. The step leads to a point with $S = 32.22$, where $\eta S$ is 1.61,
#   below the bound. Every later error is smaller than the one before, until only rounding is left.
# - With $\eta = 0.1$ the run could come to rest only where $S < 20$. But wherever $f = q\,z = -10$, $S = 2z^2 + q^2$ is
#   at least $20\sqrt2 = 28.28$. (Two numbers whose product is fixed have the smallest sum when they are equal: here $2z^2$ and
#   $q^2$.) So there is **no** place with $f = -10$ near which the errors shrink, and the run never settles there, unless a step happens to
#   hit $-10$ exactly. Any rate above $2 / 28.28 = 0.0707$ has this fate.
#
# ### And without the factor one half?
#
# Some write the loss as $(f - t)^2$. Then the 2 is not cancelled, every slope is twice as large, and the same rate takes a step twice as
# long. The next cell needs none of your functions.

# %%
with np.errstate(all="ignore"):
    x, y, z = np.float64(-2.0), np.float64(5.0), np.float64(-4.0)
    for step in range(11):
        f = (x + y) * z
        loss = (f + 10) * (f + 10)
        print(f"step {step:2d}   f = {f:12.5g}   loss (f + 10)**2 = {loss:12.5g}")
        slope = 2 * (f + 10)
        x, y, z = x - 0.1 * slope * z, y - 0.1 * slope * z, z - 0.1 * slope * (x + y)

# %% [markdown]
# From $-12$ to $0.56$ to $-27.645$, then faster and faster to infinity, and at last `nan`. It is the same run as with the factor
# $\tfrac12$ and the rate 0.2; the preset "rate 0.2" shows it. So a learning rate means nothing by itself. Whoever quotes one must
# also say which loss it belongs to: with $\tfrac12$ or without, summed or averaged.

# %% [markdown]
# ## What you can do now
#
# - Differentiate a function inside a function: outer slope at the inner value, times inner slope.
# - Say when derivatives may be read like fractions (first derivatives, along a single path) and name three places where they may not.
# - Add over all paths, and write that as a product of two Jacobians in the right order.
# - Run a small graph forwards and backwards, and say what a sum node and a product node do to a gradient.
# - Take one step of gradient descent towards a target, and find out why it went too far.
#
# ### Written question
# *2 points, graded by hand.*
#
# A friend says: "A derivative is a fraction. In
# $\frac{\partial f}{\partial x} = \frac{\partial f}{\partial u}\frac{\partial u}{\partial x} + \frac{\partial f}{\partial v}\frac{\partial v}{\partial x}$ I cancel $\partial u$ and $\partial v$ and get
# $2\,\frac{\partial f}{\partial x}$. So your chain rule is wrong."
#
# Answer in a few sentences. A good answer says what each of the two terms measures, why cancelling is not allowed here though it works for
# $\frac{dy}{du}\cdot\frac{du}{dx}$, and gives a small example with numbers of your own.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# Each term measures one path only: the first says how $f$ moves when $x$ moves $u$ and $v$ is held still, the second how it
# moves when $x$ moves $v$ and $u$ is held still. So $\partial f$ does not mean the same change in both, and neither of them is
# the whole change of $f$; cancelling treats each as if it were. In one variable there is a single path: the $\Delta u$ that
# comes out of the first function is the very one that goes into the second, so $\frac{\Delta y}{\Delta u}\cdot\frac{\Delta
# u}{\Delta x}$ cancels as numbers do, and so does the limit.
#
# Example: $f = u v$ with $u = x$ and $v = 3x$, so $f = 3x^2$ and $\frac{df}{dx} = 6x$. At $x = 1$ the path through $u$ gives
# $v \cdot 1 = 3$ and the path through $v$ gives $u \cdot 3 = 3$. Their sum is 6, as it should be; neither term is 6 by itself.
# (Points: 1 for the paths and what is held still, 1 for a correct example.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You have written the chain rule for functions, for a unit, for matrices and for a graph, and a step of learning
# made from it.

# %%
progress("02-chain-rule")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `02-chain-rule.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** Leibniz used the chain rule in 1676. Seppo Linnainmaa ran it backwards through a program in
# 1970. The graph $(x + y)\,z$ with these numbers is known from Stanford's course CS231n. To read on: Christopher Olah,
# *Calculus on Computational Graphs* (2015).
#
# **In a framework** the walk from right to left is `loss.backward()`. It adds into `x.grad`, which is why `x.grad` must
# be set to zero before the next step: the `+=` of section 4.
#
# The graph had sums and products. A network also has curves.
#
# **Next:** [3. Activation functions and their slopes](../03-activations/03-activations.ipynb)
