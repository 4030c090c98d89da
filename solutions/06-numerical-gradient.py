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
# # 6. Numerical gradients, and how to check one you derived
#
# You derive a gradient by hand. You program it. Is it right?
#
# There is a second way to the same numbers that needs no derivation at all: move a little, and see how much the loss
# moves. It is too slow to train a network with. But it is the judge that tells a right gradient from a wrong one, and
# in this lesson you build that judge. On the way you run a function that was published with two faults in it, and find
# both.
#
# You need from earlier lessons only what a derivative is, and one word of
# [lesson 1](../01-gradient-descent/01-gradient-descent.ipynb). Plan about an hour.
#
# `progress()` in a new cell shows your points in every lesson so far, and what to do next. The letters are the same in all
# lessons: see [the page of notation](../notation.md).

# %%
import numpy as np

from autograder.kit import check, explore, hint, progress, ready

# %% [markdown]
# ## Play first
#
# A slope is what $\dfrac{f(x+h) - f(x)}{h}$ becomes as $h$ goes to 0. So a smaller $h$ should be better. Is it?
#
# The picture compares three ways to get a slope from values of $f$: the forward difference, the central difference and
# the complex step. You will write all three. To the right $h$ is large, to the left it is tiny, down to 1e-20. Downward
# is better: at $-8$ the slope has about eight right digits.
#
# Guess first: at which $h$ is the **central** difference best? Set your guess, then press Reveal. Then move $h$, and
# try the other functions.

# %%
explore.step_size(predict=True)

# %% [markdown]
# ## 1. A slope from two values
#
# Take $f(x) = x^3$ at $x = 2$. Its slope is $3x^2 = 12$. Now suppose we did not know that and could only ask for values.
#
# Go a step $h = 0.1$ to the right: $f(2) = 8$ and $f(2.1) = 9.261$. The rise is 1.261, the run is 0.1, so the slope is
# about $1.261 / 0.1 = 12.61$. That is the **forward difference**. It is too steep, because the curve bends upward on the
# way.
#
# How wrong is it for any $h$? Multiply out:
#
# $$(2 + h)^3 = 8 + 12h + 6h^2 + h^3$$
#
# Take 8 away and divide by $h$:
#
# $$\frac{(2+h)^3 - 8}{h} = 12 + 6h + h^2$$
#
# The error is $6h + h^2$: with a tenth of the step, about a tenth of the error. One more right digit costs a step ten
# times shorter.
#
# For any smooth $f$ the Taylor series says the same:
#
# $$f(x+h) = f(x) + h f'(x) + \tfrac{h^2}{2} f''(x) + \tfrac{h^3}{6} f'''(x) + \dots$$
#
# Take $f(x)$ away, divide by $h$, and what is left beside $f'(x)$ is $\tfrac h2 f''(x)$ and smaller terms. We say: the
# error is of the order $h$.

# %% [markdown]
# ### Exercise 1: `forward_difference(f, x, h)`
#
# Write the slope from the values at $x$ and one step to the right of it. `f` is a function: call it as `f(...)`.
#
# Stuck? `hint("forward_difference")` gives a hint, and the next one when you call it again.

# %% exercise="forward_difference"
def forward_difference(f, x, h):
    """The slope of f at x by the forward difference.

    f: a function that takes a number and returns a number. x: a number, also a whole one.
    h: the step, a number above 0, in the unit of x; it is used as it is, large or small.
    Returns a number, in units of f per unit of x.
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x)) / h
    ### END SOLUTION


# %% [markdown]
# ### Use it: watch the order of the error
#
# Your function on $x^3$ at 2, where the slope is 12. Each row has a tenth of the step above it.

# %%
if ready(forward_difference):
    print("      h    forward difference       error")
    for h in [0.1, 0.01, 0.001, 0.0001]:
        slope = forward_difference(lambda x: x**3, 2.0, h)
        print(f"{h:7g}    {slope:18.10f}  {slope - 12:.8f}")
else:
    print("Write forward_difference first, then run this cell again.")

# %% [markdown]
# ## 2. Step to both sides
#
# The forward difference is too steep on a curve that bends upward. A backward step is too flat, for the same reason.
# So use both: one value to the right, one to the left, and the slope between them. That is the **central difference**.
#
# On $x^3$ at 2 with $h = 0.1$: $f(2.1) = 9.261$ and $f(1.9) = 6.859$. The rise is 2.402. The run is now **two** steps,
# 0.2. The slope is 12.01.
#
# Why so much better? Multiply out both sides:
#
# $$(2 + h)^3 = 8 + 12h + 6h^2 + h^3$$
#
# $$(2 - h)^3 = 8 - 12h + 6h^2 - h^3$$
#
# Subtract the second line from the first. The 8 goes, and so does $6h^2$, the term that spoiled the forward difference.
# What is left is $24h + 2h^3$. Divide by $2h$:
#
# $$\frac{(2+h)^3 - (2-h)^3}{2h} = 12 + h^2$$
#
# The error is $h^2$: with a tenth of the step, a hundredth of the error. At $h = 0.01$ the central difference gives
# 12.0001, and the forward difference 12.0601.
#
# In general all even terms of the two Taylor series cancel, and beside $f'(x)$ there is $\tfrac{h^2}{6} f'''(x)$ left:
# the error is of the order $h^2$. The price is one more value of $f$.

# %% [markdown]
# ## 3. Many numbers at once: the gradient
#
# A loss depends on many numbers. They stand in an array $x$ of any shape: a vector, a matrix of weights. The gradient
# has the shape of $x$. Its entry at $k$ says how the loss answers when **only** $x_k$ moves. So take the entries one by
# one:
#
# 1. raise $x_k$ by $h$, all others as they are, and ask for the loss;
# 2. lower it by $h$ from where it was, and ask again;
# 3. put it back;
# 4. the central difference of the two losses is entry $k$ of the gradient.
#
# Here is a function that does this, as it was published in a tutorial on this very subject (the wording is ours, the
# arithmetic is the published one). Read it, then try it on
#
# $$f(x) = x_1^2 + x_2^2 + x_3^2,$$
#
# whose gradient is $2x$. At $x = (3, 1, 2)$ the answer must be $(6, 2, 4)$.

# %%
def published_gradient(f, x):
    h = 1e-4
    result = np.zeros_like(x)
    for k in np.ndindex(x.shape):      # every index of x, whatever its shape
        before = x[k]
        x[k] = before + h
        f1 = f(x)
        x[k] = before - h
        f2 = f(x)
        result[k] = (f1 + f2) / (2 * h)
        x[k] = before
    return result


def sum_of_squares(x):
    return np.sum(x**2)


print("published:", published_gradient(sum_of_squares, np.array([3.0, 1.0, 2.0])))
print("true     :", np.array([6.0, 2.0, 4.0]))

# %% [markdown]
# That is not $(6, 2, 4)$. Look at the numbers before you look at the code.
#
# - They are huge, and all alike, though the three slopes differ.
# - Here $f(x) = 14$ and $h = 0.0001$. What is $14 / 0.0001$?
#
# Find the place. It is a single character. Mend it in the cell above and run that cell again, until you see
# $(6, 2, 4)$. Then run the next cell: the same point, but somebody typed the numbers without a decimal point.

# %%
whole_numbers = np.array([3, 1, 2])
print("x holds  :", whole_numbers.dtype)
print("result   :", published_gradient(sum_of_squares, whole_numbers))
print("true     :", np.array([6, 2, 4]))

# %% [markdown]
# Wrong again, and no error message. This second fault is quieter. What happens to `before + h` when it is put into an
# array of integers?

# %%
x = np.array([3, 1, 2])
x[0] = 3 + 0.0001
print("3 + 0.0001 is stored as", x[0])
x[0] = 3 - 0.0001
print("3 - 0.0001 is stored as", x[0])
result = np.zeros_like(x)
result[0] = 5.99999
print("and a slope of 5.99999 in np.zeros_like(x) as", result[0])

# %% [markdown]
# An integer array keeps integers: everything behind the point is cut off. The step up vanishes, and the step down
# becomes a whole step. And `np.zeros_like(x)` makes an array of the same kind as `x`, so that the slopes are cut off as
# well.
#
# So there are two faults in the published function.
#
# 1. **It adds the two losses where it must subtract them.** The sum is about $2 f(x)$, so each entry is about
#    $f(x)/h$, whatever the slope.
# 2. **It inherits the kind of numbers from `x`**, for the steps and for the result.
#
# A third point is no fault, but risky: it works *in* the caller's array. If `f` raises an error halfway, `x` stays
# moved. A copy is safer.

# %% [markdown]
# ### Exercise 2: `numerical_gradient(f, x, h)`
#
# Write it without these faults. It must work for an array of any shape, also for one that holds integers, and `x` must
# be afterwards what it was before. Move one entry at a time, and hand `f` an array of the shape of `x`: `f` may mind.
#
# Stuck? `hint("numerical_gradient")`

# %% exercise="numerical_gradient"
def numerical_gradient(f, x, h):
    """The gradient of f at x by central differences.

    f: a function that takes an array of the shape of x and returns a number.
    x: an array with one axis or more, of floats or of integers; it is not changed.
    h: the step, a number above 0, in the unit of x; it is used as it is.
    Returns an array of floats of the shape of x, in units of f per unit of x:
    at each entry the central difference of f along that entry alone.
    """
    ### BEGIN SOLUTION
    point = np.array(x, dtype=float)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        before = point[k]
        point[k] = before + h
        above = f(point)
        point[k] = before - h
        below = f(point)
        point[k] = before
        gradient[k] = (above - below) / (2 * h)
    return gradient
    ### END SOLUTION


# %% [markdown]
# ### Use it: a gradient that nobody derived
#
# Here is a small loss whose gradient you have not derived. Four samples of three numbers are the rows of `X`, shape
# $(4, 3)$. The weights `w` have shape $(3,)$, and the labels `y` are 0 or 1. The loss is the mean cross-entropy behind a
# sigmoid, written with the logits $z = Xw$:
#
# $$L(w) = \frac 14 \sum_{s=1}^{4} \bigl[\log(1 + e^{z_s}) - y_s z_s\bigr]$$
#
# Your function needs no derivation to walk it downhill.

# %%
X = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-1.0, 2.0, 0.75], [0.25, -0.5, 1.0]])
y = np.array([1.0, 0.0, 1.0, 0.0])


def logistic_loss(w):
    z = X @ w
    return np.mean(np.log(1 + np.exp(z)) - y * z)


if ready(numerical_gradient):
    w = np.zeros(3)
    for step in range(51):
        if step % 10 == 0:
            print(f"step {step:2d}: loss {logistic_loss(w):.4f}, w", np.round(w, 3))
        w = w - 0.5 * np.asarray(numerical_gradient(logistic_loss, w, 1e-4))
else:
    print("Write numerical_gradient first, then run this cell again.")

# %% [markdown]
# ## 4. What it costs
#
# If this works without any derivation, why does anybody derive gradients? Count how often the loss is evaluated. (The
# next cell counts with a variable: each call of the loss adds 1.)

# %%
if ready(numerical_gradient):
    calls = 0

    def counting_loss(w):
        global calls
        calls = calls + 1
        return np.sum(w**2)

    for n in [10, 100, 1000]:
        calls = 0
        numerical_gradient(counting_loss, np.ones(n), 1e-4)
        print(f"{n:5d} parameters: the loss was evaluated {calls} times")
else:
    print("Write numerical_gradient first, then run this cell again.")

# %% [markdown]
# Each evaluation is a whole forward pass through the network. And stochastic gradient descent (SGD) takes the samples
# one by one: each sample has a loss of its own, and needs a gradient of its own.

# %% [markdown]
# ### Exercise 3: `loss_evaluations(parameters, samples)`
#
# How often is the loss of a single sample evaluated, when the gradient is taken by central differences once for each
# sample?
#
# Stuck? `hint("loss_evaluations")`

# %% exercise="loss_evaluations"
def loss_evaluations(parameters, samples):
    """How often a one-sample loss is evaluated for central-difference gradients.

    parameters: how many numbers the network has to learn, a whole number.
    samples: how many samples get a gradient of their own, a whole number.
    Returns a whole number, exact however large: evaluations of the loss of one sample.
    """
    ### BEGIN SOLUTION
    return 2 * parameters * samples
    ### END SOLUTION


# %% [markdown]
# ### Use it: a network of ordinary size

# %%
if ready(loss_evaluations):
    one = loss_evaluations(1_000_000, 1)
    all_of_them = loss_evaluations(1_000_000, 60_000)
    hours = all_of_them / 1e6 / 3600
    print(f"a million parameters, one sample    : {one:,} evaluations")
    print(f"a million parameters, 60 000 samples: {all_of_them:,} evaluations")
    print(f"all samples, at a microsecond each  : {hours:.0f} hours")
else:
    print("Write loss_evaluations first, then run this cell again.")

# %% [markdown]
# A million parameters: two million evaluations for every single sample. A microsecond for each is far too kind, since a
# pass through a network of that size takes about a millisecond. This is why backpropagation was worth inventing: it
# gives all the million slopes for about the price of a few forward passes, however many parameters there are.
#
# So numerical gradients do not train. They **check**, on a small network, once, whether the fast gradient is right.

# %% [markdown]
# ## 5. When are two gradients the same?
#
# The two never agree to the last digit. So, how large may the difference be?
#
# | by hand | numerical | distance | relative error |
# |---|---|---|---|
# | 1000 | 1000.1 | 0.1 | 0.0001 |
# | 0.0001 | 0.0002 | 0.0001 | 0.5 |
#
# The first pair is fine, and the second is hopelessly wrong: one is double the other. The distance says the opposite.
# What counts is the distance compared with the size of the numbers:
#
# $$r = \frac{|a - b|}{\max(|a|, |b|)}$$
#
# Taking the **larger** size treats both alike: it does not matter which is called $a$. (Some texts divide by
# $|a| + |b|$ instead. Then every error is at most 1, and half as large in the cases of interest. In this course it is
# the larger size.)
#
# Three cases to know:
#
# - One of them is 0, the other is not: $r = 1$.
# - Opposite signs: $r$ is above 1, and 2 at most.
# - Both are 0: the formula says $0/0$. Nothing differs, so we set $r = 0$. That is common: a dead ReLU has slope 0 in
#   both gradients.

# %% [markdown]
# ### Exercise 4: `relative_error(a, b)`
#
# Write it for two numbers and for two arrays, entry by entry, so that one can see *which* entry is wrong. No `nan` where
# both are 0.
#
# Stuck? `hint("relative_error")`

# %% exercise="relative_error"
def relative_error(a, b):
    """The relative error |a - b| / max(|a|, |b|), entry by entry.

    a, b: two numbers, or two arrays of the same shape, also of whole numbers, in the same unit.
    They may be very small: nothing is added to the size. Neither is changed.
    Returns a number, or an array of that shape, from 0 to 2 (no unit), never nan.
    Where a and b are both 0, the error is 0.
    """
    ### BEGIN SOLUTION
    distance = np.abs(np.subtract(a, b))
    size = np.maximum(np.abs(a), np.abs(b))
    # Where the size is 0 the distance is 0 too, and 0 / 1 is the 0 we want.
    return distance / np.where(size == 0, 1, size)
    ### END SOLUTION


# %% [markdown]
# ## 6. The gradient check
#
# Now the parts come together. Given a loss $f$ and a function that claims to be its gradient:
#
# 1. compute the claimed gradient at $x$, and the numerical one;
# 2. compare them, entry by entry;
# 3. find the **worst** entry: how large its error is, and where it stands;
# 4. pass, if even the worst error is within the tolerance.
#
# Why the worst, and not the mean? A gradient with one wrong entry among a thousand has a tiny mean error, and it is
# wrong. And why *where*? Because that is the clue: the last column, the bias, the first layer.
#
# A word on *where*. NumPy's `argmax` counts positions in reading order, as if the array were one long row. For
# `x` of shape $(2, 3)$ position 4 is the index $(1, 1)$. `np.unravel_index(position, shape)` translates.

# %%
table = np.array([[0.0, 0.1, 0.2], [0.3, 0.9, 0.4]])
print("position:", np.argmax(table))
print("index   :", tuple(int(k) for k in np.unravel_index(np.argmax(table), table.shape)))

# %% [markdown]
# ### Exercise 5: `gradient_check(f, gradient, x, h, tolerance)`
#
# Write the judge, with your `numerical_gradient` and your `relative_error`. It returns three things: passed or not, the
# index of the worst entry, and the error there.
#
# Stuck? `hint("gradient_check")`

# %% exercise="gradient_check"
def gradient_check(f, gradient, x, h, tolerance):
    """Compares a gradient with the central differences of f, entry by entry.

    f: a function that takes an array of the shape of x and returns a number.
    gradient: a function that takes such an array and returns one of its shape.
    x: an array with one axis or more, also of whole numbers; it is not changed.
    h: the step of the central differences, a number above 0, in the unit of x.
    tolerance: the largest relative error that passes (no unit); an error of just that size passes.
    Returns (ok, worst_index, worst_error):
    ok is True if worst_error <= tolerance, else False;
    worst_index is the index of the entry with the largest relative error, a tuple
    with one whole number for each axis of x (also for one axis), so that x[worst_index]
    is the entry;
    worst_error is the relative error there, a number (see relative_error).
    """
    ### BEGIN SOLUTION
    errors = np.asarray(relative_error(gradient(x), numerical_gradient(f, x, h)))
    worst_index = tuple(int(k) for k in np.unravel_index(np.argmax(errors), errors.shape))
    worst_error = float(errors[worst_index])
    return worst_error <= tolerance, worst_index, worst_error
    ### END SOLUTION


# %% [markdown]
# ### Use it: who derived it right?
#
# Three people derived the gradient of `logistic_loss`. Each formula looks plausible. Let the judge speak, at
# $h = 0.00001$ with the tolerance $0.000001$.

# %%
def share(z):
    return 1 / (1 + np.exp(-z))


def from_anna(w):
    return X.T @ (share(X @ w) - y)


def from_ben(w):
    return X.T @ (share(X @ w) - y) / len(y)


def from_chris(w):
    slopes = X.T @ (share(X @ w) - y) / len(y)
    slopes[2] = np.abs(slopes[2])
    return slopes


if ready(gradient_check):
    w = np.array([0.5, -0.25, 0.75])
    for claimed in [from_anna, from_ben, from_chris]:
        ok, index, error = gradient_check(logistic_loss, claimed, w, 1e-5, 1e-6)
        word = "passes" if ok else "FAILS"
        print(f"{claimed.__name__} {word}: worst entry {tuple(index)}, error {error:.2g}")
        print("    claimed  ", claimed(w))
        print("    numerical", np.asarray(numerical_gradient(logistic_loss, w, 1e-5)))
else:
    print("Write gradient_check first, then run this cell again.")

# %% [markdown]
# Read the errors like a detective.
#
# - Anna's are all 0.75. She is too large by the factor 4, everywhere. Four is the number of samples: the $1/m$ of the mean
#   is missing.
# - Chris is wrong in one place only, and the error there is 2: the right size with the wrong sign.
# - Ben's is tiny, but not 0. That rest is not his fault; section 7 shows where it comes from.
#
# What is small? With float64 and $h$ near 0.00001, these are good rules:
#
# | worst relative error | most likely |
# |---|---|
# | below 1e-7 | right |
# | between 1e-7 and 1e-2 | look closer: a kink, a badly chosen $h$, or a small mistake |
# | above 1e-2 | wrong |
#
# ### A false alarm: kinks
#
# The derivation of the central difference needs a smooth curve between $x - h$ and $x + h$. The ReLU, $\max(0, x)$, has a
# kink at 0. At $x = 0.00002$ its slope is 1. With $h = 0.0001$ the two steps land on different sides of the kink:
#
# $$\frac{\max(0,\; 0.00012) - \max(0,\; -0.00008)}{0.0002} = 0.6$$
#
# The relative error is 0.4, and nobody made a mistake. If a check of a ReLU network fails in a few entries only, try a
# smaller $h$ or other numbers before you suspect the formula.

# %% [markdown]
# ## 7. Why the smallest step is not the best
#
# On paper the central difference gets better and better as $h$ shrinks. In the first picture it did so only down to a
# point, and then it got worse again. Here are the numbers, for $x^3$ at 2.

# %%
print("      h    f(2 + h) - f(2 - h)      slope         error")
for k in range(1, 18, 2):
    h = 10.0**-k
    rise = (2 + h) ** 3 - (2 - h) ** 3
    slope = rise / (2 * h)
    print(f"  {h:5.0e}  {rise:21.16e}  {slope:13.10f}  {abs(slope - 12):.1e}")

# %% [markdown]
# Follow the difference of the two values down the table. They have about 16 digits each. But the closer the two come,
# the more of their leading digits are equal, and equal digits cancel. What remains are the last digits, and those are
# rounded. At 1e-17 nothing remains: $2 + h$ is 2 on this machine.
#
# You know the word for it: the difference of two nearly equal numbers is **badly conditioned**. In lesson 1 the condition
# number told how unequally a valley answers to steps. Here it tells how much larger a small relative error becomes on its
# way through a computation. For a difference $a - b$ it is $(|a| + |b|) / |a - b|$: at $h = 10^{-5}$ that is $16 / 0.00024$,
# some 67,000, so five of the 16 digits are lost.
#
# So two errors pull in opposite directions.
#
# **The bend of the curve** (truncation): $\dfrac{h^2}{6} |f'''|$. It falls with $h$.
#
# **Rounding**: a float is right to a relative $u = 1.11 \cdot 10^{-16}$ (half the gap between 1 and the next float). It
# strikes twice.
#
# - Each of the two values may be off by $u |f|$, the difference by $2u|f|$. Divided by $2h$ that is $\dfrac{u |f|}{h}$.
# - The places $x + h$ and $x - h$ are rounded too, each by up to $u|x|$, so $f$ is asked at slightly wrong places. Each
#   value is then off by another $u |x f'|$, which makes $\dfrac{u |x f'|}{h}$.
#
# Both **grow** as $h$ falls. The best $h$ is where the sum is smallest:
#
# $$E(h) = \frac{h^2}{6}|f'''| + \frac{u\,(|f| + |x f'|)}{h}$$
#
# Differentiate and set to 0:
#
# $$E'(h) = \frac{h}{3}|f'''| - \frac{u\,(|f| + |x f'|)}{h^2} = 0 \qquad\Rightarrow\qquad
# h = \sqrt[3]{\frac{3u\,(|f| + |x f'|)}{|f'''|}}$$
#
# For $x^3$ at 2: $f = 8$, $x f' = 24$ and $f''' = 6$. The best step is $h = 1.2 \cdot 10^{-5}$, and the error there is at
# most about $4.4 \cdot 10^{-10}$.
#
# For the forward difference the same steps, with $\tfrac h2 |f''| + \tfrac{u\,(2|f| + |x f'|)}{h}$, give
# $h = 2.7 \cdot 10^{-8}$ and an error of at most $3.3 \cdot 10^{-7}$: some 700 times worse.
#
# The second part of the rounding can be avoided: divide by the distance that the two places really have,
# `(x + h) - (x - h)`, in the place of $2h$. The next cell measures both ways at a hundred places near 2. (The exercises
# ask for $2h$, the plain form.)
#
# %%
def cube(x):
    return x**3


places = np.linspace(1.9, 2.1, 101)
truth = 3 * places.astype(np.longdouble) ** 2  # with more digits, where the machine has them
print("      h    worst error, over 2h   over (x + h) - (x - h)   u (|f| + |x f'|) / h")
for h in np.array([1e-5, 1e-6, 1e-7, 1e-8]):
    above, below = places + h, places - h
    rise = cube(above) - cube(below)
    plain, exact_run = rise / (2 * h), rise / (above - below)
    worst = [float(np.max(np.abs(slope - truth))) for slope in (plain, exact_run)]
    told = 2.0**-53 * (8 + 24) / h
    print(f"  {h:5.0e}   {worst[0]:20.1e}   {worst[1]:22.1e}   {told:20.1e}")

# %% [markdown]
# Three things to take with you:
#
# - **1e-5 is a good step for the central difference**, and the published 1e-4 is not bad either. Below 1e-6 there is
#   nothing to gain.
# - In logarithms the two errors are straight lines, of slope 2 and of slope $-1$: the V in the picture. Its tip is the
#   floor: no $h$ gives more than about ten or eleven right digits. (The line is ragged, and a single deep dip is luck.)
# - The floor rises with $|f|$. If a loss is near 1000 and you look for a small slope, rounding is a thousand times worse.
#   The choice "1000 + sin x" in the picture shows it.
#
# The picture again, now with your functions.

# %%
explore.step_size(forward_difference, numerical_gradient)

# %% [markdown]
# ## 8. Beyond the floor: a step to the side
#
# The floor comes from **subtracting** two nearly equal numbers. The green line in the picture has no floor. What does it
# do differently?
#
# It takes a step in the imaginary direction: $x + ih$. For $x^3$ at 2, multiply out, with $i^2 = -1$ and $i^3 = -i$:
#
# $$(2 + ih)^3 = 8 + 12\,ih + 6\,(ih)^2 + (ih)^3 = (8 - 6h^2) + i\,(12h - h^3)$$
#
# Real and imaginary part have parted by themselves. The value 8 is in the real part. The slope stands alone in the
# imaginary part:
#
# $$\frac{\operatorname{Im}\,(2+ih)^3}{h} = 12 - h^2$$
#
# The error is $h^2$, as for the central difference. But **nothing was subtracted**, so nothing cancels, and $h$ may be as
# small as you like. With $h = 10^{-20}$ the error $h^2 = 10^{-40}$ is far below the last digit of 12. All digits are
# right.
#
# In general, put $ih$ into the Taylor series:
#
# $$f(x + ih) = f(x) + ih f'(x) - \tfrac{h^2}{2} f''(x) - \tfrac{i h^3}{6} f'''(x) + \dots$$
#
# and the imaginary part over $h$ is $f'(x) - \tfrac{h^2}{6} f'''(x)$ and smaller terms.
#
# In Python `1j` is the imaginary unit, `np.imag` gives the imaginary part, and NumPy's `exp`, `log`, `sin`, powers and
# matrix products take complex numbers as they are.

# %%
value = (2 + 1e-20j) ** 3
print("f(2 + ih)       =", value)
print("imaginary / h   =", value.imag / 1e-20)
print("central, same h =", ((2 + 1e-20) ** 3 - (2 - 1e-20) ** 3) / 2e-20)

# %% [markdown]
# ### Exercise 6: `complex_step(f, x, h)`
#
# Write the gradient by complex steps, for an array of any shape. One entry at a time takes an imaginary step; `x` stays
# as it was; the result is real.
#
# Stuck? `hint("complex_step")`

# %% exercise="complex_step"
def complex_step(f, x, h):
    """The gradient of f at x by complex steps.

    f: a function that takes an array of the shape of x, complex numbers too, and
    returns a number. x: an array with one axis or more, also of whole numbers; it is not
    changed. h: the step, a number above 0, in the unit of x; it is used as it is.
    Returns an array of floats of the shape of x, in units of f per unit of x: at each
    entry the imaginary part of f, after that entry alone was moved by i h, over h.
    """
    ### BEGIN SOLUTION
    point = np.array(x, dtype=complex)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        before = point[k]
        point[k] = before + 1j * h
        gradient[k] = np.imag(f(point)) / h
        point[k] = before
    return gradient
    ### END SOLUTION


# %% [markdown]
# ### Use it: clear Ben of the last doubt
#
# Ben's gradient differed a little from the central differences. Whose error was it?

# %%
if ready(complex_step) and ready(numerical_gradient) and ready(relative_error):
    w = np.array([0.5, -0.25, 0.75])
    central = numerical_gradient(logistic_loss, w, 1e-5)
    sideways = complex_step(logistic_loss, w, 1e-20)
    print("Ben against central differences:", np.max(relative_error(from_ben(w), central)))
    print("Ben against complex steps      :", np.max(relative_error(from_ben(w), sideways)))

    def sum_of_sizes(x):
        return np.sum(np.abs(x))

    edges = complex_step(sum_of_sizes, np.array([-2.0, 3.0]), 1e-20)
    print("complex step of |x| at (-2, 3) :", edges)
else:
    print("Write numerical_gradient, relative_error and complex_step first,")
    print("then run this cell again.")

# %% [markdown]
# Ben is right to the last digit or nearly so, and the rest was the floor of the central difference.
#
# The last line shows where the complex step ends. It needs a function that treats complex numbers as the Taylor series
# does. `np.abs` throws the imaginary part away, so the slopes come out as 0, silently: the truth is $(-1, 1)$. The same
# holds for `.real`, for `np.conj`, and for code that turns numbers into plain floats. For such functions the central
# difference is the judge that remains.

# %%
explore.step_size(forward_difference, numerical_gradient, complex_step)

# %% [markdown]
# ## What you can do now
#
# - Get a slope from values alone: forward (error of the order $h$), central ($h^2$), complex ($h^2$, and no floor).
# - Recognise a sum where a difference belongs: entries near $f(x)/h$, all alike.
# - Keep integers from swallowing steps and slopes.
# - Say why nobody trains with it: $2 \cdot \text{parameters} \cdot \text{samples}$ evaluations.
# - Judge any gradient by its worst relative error, and read from it what is wrong.
# - Choose $h$, and explain the V: the bend of the curve on the right, rounding on the left.
# - Say what a badly conditioned computation does to the digits.
#
# Whatever you derive from here on: check it.

# %% [markdown]
# ### Written question
# *2 points, graded by hand.*
#
# A colleague has derived a gradient correctly. She checks it by central differences with $h = 10^{-13}$, "to be as exact
# as possible". The loss at her point is 2.3, and the entry she looks at is 0.05. The check reports a relative error of
# about 0.04, and she starts looking for a mistake in her derivation.
#
# 1. Where does the error come from? Estimate its size from $u = 1.11 \cdot 10^{-16}$. (1 point)
# 2. Name two changes to the check, each of which would have cleared her gradient, and say how small the error becomes with
#    one of them. (1 point)
#
# A good answer gives the estimate as a number, absolute or relative, and needs no more than eight lines.

# %% [markdown] written=2
# <!-- BEGIN SOLUTION -->
# 1. From rounding, not from the derivation. Both losses are near 2.3 and are rounded to a relative $u$, so their
#    difference divided by $2h$ may be off by $u|f|/h = 1.11 \cdot 10^{-16} \cdot 2.3 / 10^{-13} \approx 0.0026$. Compared
#    with the entry 0.05 that is a relative error of about 0.05: of the size she sees. (The rounding of $x \pm h$ adds to it.)
# 2. A larger step, near $10^{-5}$: the rounding is then about $2.6 \cdot 10^{-11}$, relative $5.1 \cdot 10^{-10}$, and the
#    bend of the curve adds about $h^2 |f'''|/6$, which is as small. Or the
#    complex step, which subtracts nothing: with $h = 10^{-20}$ it agrees to about 15 digits, if the loss can take complex
#    numbers. (A check of a loss shifted nearer to 0 would help as well.)
# <!-- END SOLUTION -->

# %% [markdown]
# ## Before you go on
#
# You own a judge for gradients: central differences, complex steps, a relative error, and a check that names the
# worst entry.

# %%
progress("06-numerical-gradient")

# %% [markdown]
# **Handing in.** Save the notebook and press Validate: it runs everything from the top. Then hand in this one file,
# `06-numerical-gradient.ipynb`, in the way your course uses. The written question is read by a person.
#
# **Where it comes from.** James Lyness and Cleve Moler took derivatives through complex numbers in 1967; William Squire
# and George Trapp made it the one line you have written (1998). To read on: Martins, Sturdza and Alonso, *The
# Complex-Step Derivative Approximation* (2003).
#
# **In a framework** the judge is `torch.autograd.gradcheck`. It works in float64, for the reason in section 7.
#
# Now there is something to judge. The next lessons build a whole network.
#
# **Next:** [7. The forward pass of a whole network](../07-forward-pass/07-forward-pass.ipynb)
