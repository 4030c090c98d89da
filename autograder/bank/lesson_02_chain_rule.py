"""Lesson 02: the chain rule, in one variable and in several, and the graph f = (x + y) z (seeds 001 and 004).

A Jacobian has a row for each output and a column for each input: J[i, j] = d output_i / d input_j.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.kit.functions import (
    always_three,
    cosine,
    cube,
    double,
    exponential,
    sine,
    square,
    three_squares,
    three_x_plus_one,
)

Array = np.ndarray
Function = Callable[[Array], Array]
LESSON = "02-chain-rule"
START, TARGET = (-2.0, 5.0, -4.0), -10.0


def between(rng: np.random.Generator, low: float = 0.5, high: float = 3) -> np.float64:
    """A multiple of 1/8 between `low` and `high` in size, of either sign."""
    return np.float64(number(rng, low, high) * rng.choice([-1, 1]))


# ---------------------------------------------------------------------------------- compose_derivative


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Two slopes are multiplied. Where does the outer function stand when the inner one is at x?",
        r"$\dfrac{dy}{dx} = f'\bigl(g(x)\bigr)\; g'(x)$",
        "`u = inner(x)`",
    ),
)
def compose_derivative(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) * inner_derivative(x)


@compose_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    sine_of_square = (cosine, square, double)
    cube_of_sine = (three_squares, sine, cosine)
    exponential_of_line = (exponential, three_x_plus_one, always_three)
    yield Ask(
        "a number x",
        2,
        [
            (*sine_of_square, number(rng, 1.625, 1.875)),
            (*cube_of_sine, -number(rng, 0.75, 1.25)),
            (*exponential_of_line, -number(rng, 0.375, 0.75)),
        ],
    )
    yield Ask(
        "an array x, element by element",
        1.5,
        [
            (*sine_of_square, distinct(rng, 4, 0.625, 1.125)),
            (double, cube, three_squares, signed(rng, 2, 3) / 2),
        ],
    )
    yield Ask(
        "leaves its argument as it was", 0.5, [(*cube_of_sine, distinct(rng, 3, 0.5, 1.25))], unchanged=True
    )


@compose_derivative.misconception(
    "The outer derivative was taken at x. The outer function stands at u = g(x), so its slope is wanted there: f'(g(x))."
)
def outer_at_x(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    return outer_derivative(x) * inner_derivative(x)


@compose_derivative.misconception(
    "The inner derivative is missing. When x moves by a little, u moves g'(x) times as much, and only then comes f'."
)
def forgets_the_inner_derivative(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x))


@compose_derivative.misconception(
    "This is f'(g'(x)). The outer derivative is taken at the inner value g(x), and the result is then multiplied by g'(x)."
)
def outer_at_the_inner_slope(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner_derivative(x))


@compose_derivative.misconception(
    "The two slopes were added. One stretch after another multiplies: twice, then three times, is six times."
)
def adds_the_slopes(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) + inner_derivative(x)


@compose_derivative.misconception(
    "Both derivatives were taken at g(x). The inner function stands at x, so its slope is g'(x)."
)
def inner_slope_at_u(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    u = inner(x)
    return outer_derivative(u) * inner_derivative(u)


@compose_derivative.misconception(
    "The outer slope was multiplied by the inner value g(x). The factor is the inner slope g'(x)."
)
def times_the_inner_value(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) * inner(x)


@compose_derivative.misconception(
    "The fraction is upside down: dy/du times du/dx, so the inner slope is a factor and no divisor."
)
def divides_by_the_inner_slope(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return outer_derivative(inner(x)) / inner_derivative(x)


@compose_derivative.misconception(
    "The roles are swapped: this is the inner derivative at the outer derivative's value."
)
def swapped_roles(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    return inner_derivative(outer_derivative(x))


@compose_derivative.misconception(
    "For an array x this sums over its elements (`@` or np.dot). Each element has a derivative of its own: use `*`."
)
def sums_over_the_elements(
    outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array
) -> Array:
    return np.sum(outer_derivative(inner(x)) * inner_derivative(x))


@compose_derivative.misconception(
    "The numbers are right, but the caller's array was overwritten on the way (`x *= ...`, `x[:] = ...`, `out=x`). Compute into a new one."
)
def overwrites_x(outer_derivative: Function, inner: Function, inner_derivative: Function, x: Array) -> Array:
    answer = outer_derivative(inner(x)) * inner_derivative(x)
    if np.ndim(x):
        x[...] = answer
    return answer


# ------------------------------------------------------------------------------------- neuron_gradient


def stable_sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) without overflow."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def sigmoid_slope(z: Array) -> Array:
    """The sigmoid's derivative at z."""
    return stable_sigmoid(z) * stable_sigmoid(-np.asarray(z))


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The three answers have one factor in common: the slope of the sigmoid at z. The other factor is the derivative of w x + b.",
        r"with $z = wx + b$: $\;\dfrac{\partial a}{\partial w} = \sigma'(z)\,x,\quad \dfrac{\partial a}{\partial x} = \sigma'(z)\,w,\quad \dfrac{\partial a}{\partial b} = \sigma'(z)$",
        "`e = np.exp(-np.abs(w * x + b))`; the slope is symmetric, so the sign of z does not matter to it",
    ),
)
def neuron_gradient(w: float, x: float, b: float) -> tuple[float, float, float]:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope


def neuron(rng: np.random.Generator, positive: bool) -> tuple[np.float64, np.float64, np.float64]:
    """w, x, b, of three different sizes, whose z lies between 1/4 and 3 in size, of the sign asked for."""
    while True:
        w, x, b = signed(rng, 3)
        z = w * x + b
        if 0.25 < abs(z) < 3 and (z > 0) == positive:
            return w, x, b


@neuron_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("z below zero", 1.5, [neuron(rng, False), neuron(rng, False)])
    yield Ask("z above zero", 1.5, [neuron(rng, True), neuron(rng, True)])
    far = np.float64(800 + 8 * rng.integers(0, 25))
    yield Ask(
        "z far out, where the sigmoid is flat",
        1,
        [
            (far, np.float64(1.0), np.float64(2.0)),
            (-far, np.float64(1.0), np.float64(2.0)),
            neuron(rng, True),
        ],
        advice="At z = 1000 an exponential overflows, and inf / inf is nan. The slope there is 0: write it with exp(-|z|).",
    )


Triple = tuple[float, float, float]


@neuron_gradient.misconception(
    "The sigmoid's slope is missing: these are the derivatives of z = w x + b alone."
)
def stops_at_z(w: float, x: float, b: float) -> Triple:
    return x, w, 1.0


@neuron_gradient.misconception("The inner derivatives are missing: dz/dw = x and dz/dx = w. Only dz/db is 1.")
def same_slope_three_times(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope, slope, slope


@neuron_gradient.misconception(
    "w and x are swapped: in the product w x, the derivative with respect to w is x, and the one with respect to x is w."
)
def swaps_w_and_x(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * w, slope * x, slope


@neuron_gradient.misconception(
    "The outer factor is the sigmoid's value. The chain rule wants its slope, sigmoid(z) (1 - sigmoid(z))."
)
def value_for_slope(w: float, x: float, b: float) -> Triple:
    a = stable_sigmoid(w * x + b)
    return a * x, a * w, a


@neuron_gradient.misconception(
    "The slope was written as z (1 - z). It is a (1 - a), with a = sigmoid(z), the value that comes out."
)
def slope_from_z(w: float, x: float, b: float) -> Triple:
    z = w * x + b
    slope = z * (1 - z)
    return slope * x, slope * w, slope


@neuron_gradient.misconception("The sigmoid was applied twice: its slope is wanted at z, not at sigmoid(z).")
def slope_at_the_output(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(stable_sigmoid(w * x + b))
    return slope * x, slope * w, slope


@neuron_gradient.misconception("b is left out of z. The slope is taken at z = w x + b.")
def forgets_b_in_z(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x)
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "d/db was set to 1. That is dz/db; the sigmoid still comes after it, so the slope remains as a factor."
)
def one_for_b(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, 1.0


@neuron_gradient.misconception("d/db was multiplied by b. b stands in z by itself, so dz/db = 1.")
def times_b(w: float, x: float, b: float) -> Triple:
    slope = sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope * b


@neuron_gradient.misconception("This is the slope of tanh, 1 - a^2. The sigmoid's is a (1 - a).")
def slope_of_tanh(w: float, x: float, b: float) -> Triple:
    slope = 1 - stable_sigmoid(w * x + b) ** 2
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "The sign is wrong: the sigmoid rises everywhere, its slope is a (1 - a), never negative."
)
def falling_sigmoid(w: float, x: float, b: float) -> Triple:
    slope = -sigmoid_slope(w * x + b)
    return slope * x, slope * w, slope


@neuron_gradient.misconception(
    "Right on paper, but for z far from 0 an exponential overflows to inf, and inf / inf is nan. Use exp(-|z|): the slope is the same for z and -z."
)
def neuron_overflows(w: float, x: float, b: float) -> Triple:
    e = np.exp(w * x + b)
    slope = e / (1 + e) ** 2
    return slope * x, slope * w, slope


# ------------------------------------------------------------------------------------------- two_paths


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "x reaches f along two paths: through u and through v. Multiply along each path, then add the two.",
        r"$\dfrac{\partial f}{\partial x} = \dfrac{\partial f}{\partial u}\dfrac{\partial u}{\partial x} + \dfrac{\partial f}{\partial v}\dfrac{\partial v}{\partial x}$, with $\dfrac{\partial f}{\partial u} = v$ and $\dfrac{\partial f}{\partial v} = u$",
        "`u, v = x + y, x * y`",
    ),
)
def two_paths(x: float, y: float) -> tuple[float, float]:
    u, v = x + y, x * y
    return v + u * y, v + u * x


def two_sizes(rng: np.random.Generator, same_sign: bool) -> tuple[np.float64, np.float64]:
    """Two numbers of different sizes, of the same or of different signs."""
    a, b = distinct(rng, 2, 0.5, 3)
    sign = rng.choice([-1, 1])
    return np.float64(sign * a), np.float64(sign * b if same_sign else -sign * b)


@two_paths.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("x and y of one sign", 1.5, [two_sizes(rng, True), two_sizes(rng, True)])
    yield Ask("x and y of different signs", 1, [two_sizes(rng, False), two_sizes(rng, False)])
    a = between(rng)
    yield Ask(
        "where u or v is zero",
        0.5,
        [(a, -a), (np.float64(0.0), a), (a, np.float64(0.0))],
        advice="At x = -y the node u is 0, and at x = 0 the node v is: nothing may be divided by them.",
    )


@two_paths.misconception(
    "Only the path through u is there. x and y reach f through v = x y as well: add that path."
)
def only_through_u(x: float, y: float) -> tuple[float, float]:
    return x * y, x * y


@two_paths.misconception(
    "Only the path through v is there. It looks as if a second contribution overwrote the first: add them (`+=`, not `=`)."
)
def only_through_v(x: float, y: float) -> tuple[float, float]:
    return (x + y) * y, (x + y) * x


@two_paths.misconception("The two paths were multiplied. Multiply along a path; between paths, add.")
def multiplies_the_paths(x: float, y: float) -> tuple[float, float]:
    return x * y * (x + y) * y, x * y * (x + y) * x


@two_paths.misconception(
    "The mean of the two paths was taken. Both happen in full: their sum is the derivative."
)
def mean_of_the_paths(x: float, y: float) -> tuple[float, float]:
    return (x * y + (x + y) * y) / 2, (x * y + (x + y) * x) / 2


@two_paths.misconception(
    "Through v, the local derivatives are swapped: v = x y, so dv/dx is y and dv/dy is x. (Or the two answers are in the wrong order.)"
)
def swaps_the_local_slopes(x: float, y: float) -> tuple[float, float]:
    return x * y + (x + y) * x, x * y + (x + y) * y


@two_paths.misconception("df/du and df/dv are swapped: in the product f = u v, df/du is v, the other factor.")
def swaps_u_and_v(x: float, y: float) -> tuple[float, float]:
    u, v = x + y, x * y
    return u + v * y, u + v * x


@two_paths.misconception("The second path was subtracted. Paths are added.")
def subtracts_the_paths(x: float, y: float) -> tuple[float, float]:
    return x * y - (x + y) * y, x * y - (x + y) * x


@two_paths.misconception(
    "The derivative of the product was taken as the product of the derivatives, u' v'. The product rule has two terms: u' v + u v'."
)
def product_of_derivatives(x: float, y: float) -> tuple[float, float]:
    return y, x


@two_paths.misconception(
    "The factors df/du = v and df/dv = u are missing: only the local derivatives of u and v were added."
)
def adds_the_local_slopes(x: float, y: float) -> tuple[float, float]:
    return 1 + y, 1 + x


# ----------------------------------------------------------------------------------------------- chain


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Entry (i, j) is a sum over all intermediate variables. Which product of two matrices has such entries?",
        r"$J_{ij} = \sum_k \dfrac{\partial f_i}{\partial u_k}\,\dfrac{\partial u_k}{\partial x_j}$",
        "the shapes: (outputs, intermediates) and (intermediates, inputs) give (outputs, inputs)",
    ),
)
def chain(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.asarray(outer_jacobian) @ np.asarray(inner_jacobian)


def jacobians(rng: np.random.Generator, k: int, m: int, n: int) -> tuple[Array, Array]:
    """Two matrices of entries that are all different within each, (k, m) and (m, n)."""
    return distinct(rng, k * m).reshape(k, m), distinct(rng, m * n).reshape(m, n)


@chain.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("three intermediate variables", 1, [jacobians(rng, 2, 3, 4), jacobians(rng, 4, 3, 2)])
    yield Ask("square ones, where the order shows", 1, [jacobians(rng, 2, 2, 2), jacobians(rng, 3, 3, 3)])
    yield Ask(
        "one output, or one input",
        0.5,
        [jacobians(rng, 1, 4, 3), jacobians(rng, 3, 2, 1), jacobians(rng, 3, 1, 2)],
    )
    yield Ask("leaves its arguments as they were", 0.5, [jacobians(rng, 2, 2, 2)], unchanged=True)


@chain.misconception(
    "The order is turned round: the outer function's Jacobian stands on the left, outer @ inner. Matrices do not commute."
)
def turned_round(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return inner_jacobian @ outer_jacobian


@chain.misconception("`*` multiplies entry by entry. The sum over the paths is the matrix product, `@`.")
def entry_by_entry(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian * inner_jacobian


@chain.misconception("The result is transposed: outputs are the rows and inputs are the columns.")
def transposed_result(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return (outer_jacobian @ inner_jacobian).T


@chain.misconception(
    "The inner Jacobian is transposed, which sums over the wrong index: its rows are the intermediate variables already."
)
def transposes_the_inner(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian @ inner_jacobian.T


@chain.misconception(
    "The outer Jacobian is transposed, which sums over the wrong index: its columns are the intermediate variables already."
)
def transposes_the_outer(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian.T @ inner_jacobian


@chain.misconception(
    "Only the path through the first intermediate variable is counted. Sum over all of them."
)
def first_path_only(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.outer(outer_jacobian[:, 0], inner_jacobian[0])


@chain.misconception(
    "Only the path through the last intermediate variable is left: each one overwrote the one before. Add them up (`+=`)."
)
def last_path_only(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return np.outer(outer_jacobian[:, -1], inner_jacobian[-1])


@chain.misconception("The paths were averaged. Every path counts in full: sum them.")
def mean_over_the_paths(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian @ inner_jacobian / len(inner_jacobian)


@chain.misconception("The Jacobians were added. Along a path the derivatives are multiplied.")
def adds_the_jacobians(outer_jacobian: Array, inner_jacobian: Array) -> Array:
    return outer_jacobian + inner_jacobian


# --------------------------------------------------------------------------------------- graph_forward


@exercise(
    LESSON,
    difficulty=1,
    minutes=3,
    hints=(
        "Follow the arrows from left to right: first the sum, then the product.",
        r"$q = x + y$, then $f = q\,z$",
        "`q = x + y`",
    ),
)
def graph_forward(x: float, y: float, z: float) -> tuple[float, float]:
    q = x + y
    return q, q * z


def three_numbers(rng: np.random.Generator) -> tuple[np.float64, np.float64, np.float64]:
    """x, y, z of different sizes between 1/2 and 4, both signs among them, with a sum x + y that is not small."""
    while True:
        sizes = distinct(rng, 3, 0.5, 4)
        signs = rng.permutation([1.0, -1.0, rng.choice([-1.0, 1.0])])
        x, y, z = sizes * signs
        if abs(x + y) >= 0.5 and abs(x + y + z) >= 0.5:
            return x, y, z


EXAMPLE = tuple(np.float64(each) for each in START)


@graph_forward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("the graph of the lesson, and another", 1, [EXAMPLE, three_numbers(rng)])
    yield Ask("more numbers of both signs", 1, [three_numbers(rng), three_numbers(rng)])


@graph_forward.misconception(
    "Here q = z + y. That is what the text behind the example says, and it is a slip of the pen: the node adds x and y."
)
def the_misprint(x: float, y: float, z: float) -> tuple[float, float]:
    return z + y, (z + y) * z


@graph_forward.misconception("The two answers are in the wrong order: first q, then f.")
def f_before_q(x: float, y: float, z: float) -> tuple[float, float]:
    return (x + y) * z, x + y


@graph_forward.misconception("x + y * z multiplies first. The sum comes first: put it in brackets, or use q.")
def brackets_missing(x: float, y: float, z: float) -> tuple[float, float]:
    return x + y, x + y * z


@graph_forward.misconception("The two operations are swapped: the first node adds, the second multiplies.")
def swapped_operations(x: float, y: float, z: float) -> tuple[float, float]:
    return x * y, x * y + z


@graph_forward.misconception("Only f came back. The inner node is wanted too: return q, f.")
def only_f(x: float, y: float, z: float) -> float:
    return (x + y) * z


@graph_forward.misconception("The second node adds z. It multiplies: f = q z.")
def adds_everything(x: float, y: float, z: float) -> tuple[float, float]:
    return x + y, x + y + z


# -------------------------------------------------------------------------------------- graph_backward


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Start at f with 1 and go from right to left. At each node: what came from the right, times the node's own derivative.",
        r"$\dfrac{\partial f}{\partial q} = z,\quad \dfrac{\partial f}{\partial z} = q,\quad \dfrac{\partial f}{\partial x} = \dfrac{\partial f}{\partial q}\cdot\dfrac{\partial q}{\partial x},\quad \dfrac{\partial f}{\partial y} = \dfrac{\partial f}{\partial q}\cdot\dfrac{\partial q}{\partial y}$",
        "`df_dq = z`",
    ),
)
def graph_backward(x: float, y: float, z: float) -> tuple[float, float, float, float]:
    return z, z, x + y, z


Four = tuple[float, float, float, float]


@graph_backward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("the graph of the lesson, and another", 1.5, [EXAMPLE, three_numbers(rng)])
    yield Ask("more numbers of both signs", 1.5, [three_numbers(rng), three_numbers(rng)])
    a, z = between(rng), between(rng)
    x, y, _ = three_numbers(rng)
    yield Ask(
        "where a factor is zero",
        1,
        [(a, -a, z), (x, y, np.float64(0.0))],
        advice="With q = 0 or z = 0 the product f is 0, but its derivatives are not all: nothing may be divided by q or z.",
    )


@graph_backward.misconception(
    "At the product the derivatives are swapped: df/dz is q, and df/dq is z. Each factor's derivative is the other factor."
)
def swaps_the_factors(x: float, y: float, z: float) -> Four:
    return x + y, x + y, z, x + y


@graph_backward.misconception(
    "df/dx and df/dy are only the local derivatives dq/dx = dq/dy = 1. Multiply them by what comes from the right, df/dq."
)
def local_slopes_only(x: float, y: float, z: float) -> Four:
    return 1.0, 1.0, x + y, z


@graph_backward.misconception(
    "The gradient was split between x and y. A sum node passes it on in full to each: both dq/dx and dq/dy are 1."
)
def splits_at_the_sum(x: float, y: float, z: float) -> Four:
    return z / 2, z / 2, x + y, z


@graph_backward.misconception(
    "The gradient was shared out in proportion to x and y. A sum node does not care how large they are: both dq/dx and dq/dy are 1."
)
def shares_by_size(x: float, y: float, z: float) -> Four:
    return z * x / (x + y), z * y / (x + y), x + y, z


@graph_backward.misconception(
    "dq/dx was taken as x and dq/dy as y. Those are the values on the edges; the derivative of x + y is 1 for each."
)
def values_for_slopes(x: float, y: float, z: float) -> Four:
    return z * x, z * y, x + y, z


@graph_backward.misconception("The answers are in another order: df/dx, df/dy, df/dz, and df/dq last.")
def q_first(x: float, y: float, z: float) -> Four:
    return z, z, z, x + y


@graph_backward.misconception("df/dq is missing: four numbers are wanted, df/dq is the last one.")
def forgets_q(x: float, y: float, z: float) -> tuple[float, float, float]:
    return z, z, x + y


@graph_backward.misconception("The backward pass was started with f. It starts with df/df = 1.")
def starts_with_f(x: float, y: float, z: float) -> Four:
    q = x + y
    f = q * z
    return f * z, f * z, f * q, f * z


@graph_backward.misconception(
    "df/dz was computed as f / z, and df/dq as f / q. That is right until one of them is 0: the derivative of a product is simply the other factor."
)
def divides_by_the_factor(x: float, y: float, z: float) -> Four:
    q = x + y
    f = np.float64(q * z)
    return f / q, f / q, f / z, f / q


@graph_backward.misconception(
    "Here q = z + y was used. That is a slip of the pen in the text behind the example: the node adds x and y."
)
def the_misprint_backwards(x: float, y: float, z: float) -> Four:
    return z, z, z + y, z


@graph_backward.misconception("df/dz was taken as 1, as at a sum. At the product it is the other factor, q.")
def product_like_a_sum(x: float, y: float, z: float) -> Four:
    return z, z, 1.0, z


@graph_backward.misconception(
    "The value of f stands where its derivatives are due. Start at f with 1 and multiply by local derivatives."
)
def values_everywhere(x: float, y: float, z: float) -> Four:
    f = (x + y) * z
    return f, f, f, f


# ------------------------------------------------------------------------------------------ graph_step


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The loss is one more node at the right end of the graph. What is its slope with respect to f? Everything behind it is multiplied by that.",
        r"$\dfrac{\partial L}{\partial x} = (f - t)\,\dfrac{\partial f}{\partial x}$ and so on; then $x \leftarrow x - \eta\,\dfrac{\partial L}{\partial x}$, all three with the old values",
        "`error = (x + y) * z - target`",
    ),
)
def graph_step(x: float, y: float, z: float, target: float, learning_rate: float) -> Triple:
    q = x + y
    scaled = learning_rate * (q * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * q


def with_target(rng: np.random.Generator, above: bool) -> tuple[np.float64, ...]:
    """x, y, z, a target above or below f, and a rate."""
    x, y, z = three_numbers(rng)
    gap = number(rng, 1, 3)
    target = np.float64((x + y) * z + (gap if above else -gap))
    if abs(target) < 0.5:
        return with_target(rng, above)
    return x, y, z, target, np.float64(rng.choice([0.0625, 0.125, 0.25]))


@graph_step.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    example = (*EXAMPLE, np.float64(TARGET), np.float64(0.1))
    yield Ask("a target above f", 2, [example, with_target(rng, True), with_target(rng, True)])
    x, y, z = three_numbers(rng)
    near = (x, y, z, np.float64((x + y) * z + 0.0625), np.float64(0.25))
    yield Ask("a target below f", 2, [with_target(rng, False), with_target(rng, False)])
    yield Ask(
        "at the target nothing moves",
        1,
        [(x, y, z, np.float64((x + y) * z), np.float64(0.125)), with_target(rng, True), near],
        advice="Where f is the target already, the loss is at its lowest and every slope is 0: x, y and z stay.",
    )


Step = tuple[float, float, float]


def stepped(x: float, y: float, z: float, scaled: float) -> Step:
    """x, y, z minus `scaled` times the gradient of f."""
    return x - scaled * z, y - scaled * z, z - scaled * (x + y)


@graph_step.misconception(
    "The step is twice too long: this is the loss (f - target)^2 without the factor 1/2. The 1/2 is there to cancel the 2."
)
def without_the_half(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, 2 * learning_rate * ((x + y) * z - target))


@graph_step.misconception(
    "The factor (f - target) is missing: this is a step down on f itself. The loss is one more link of the chain."
)
def descends_on_f(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate)


@graph_step.misconception(
    "The step goes uphill. It is minus the gradient, and the error is f - target in this order."
)
def uphill(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, -learning_rate * ((x + y) * z - target))


@graph_step.misconception(
    "z was stepped with the new x and y. All three slopes belong to the old point: compute them first, then move everything."
)
def one_after_the_other(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    x, y = x - scaled * z, y - scaled * z
    return x, y, z - scaled * (x + y)


@graph_step.misconception(
    "The whole pass was run again between the three updates. All three slopes belong to the old point: compute them first, then move everything."
)
def three_passes(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    x = x - learning_rate * ((x + y) * z - target) * z
    y = y - learning_rate * ((x + y) * z - target) * z
    return x, y, z - learning_rate * ((x + y) * z - target) * (x + y)


@graph_step.misconception(
    "The slopes of f were multiplied by the loss (f - target)^2 / 2. The chain rule wants the loss's slope, f - target."
)
def loss_for_its_slope(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target) ** 2 / 2)


@graph_step.misconception("Only x was moved. y and z are updated in the same way.")
def moves_x_only(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z - target))[0], y, z


@graph_step.misconception("z was moved with the slope z. df/dz is the other factor of the product, q.")
def same_slope_for_z(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * z


@graph_step.misconception(
    "These are the slopes of the loss. The new x, y and z are wanted: the old ones minus rate times slope."
)
def slopes_not_positions(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    error = (x + y) * z - target
    return error * z, error * z, error * (x + y)


@graph_step.misconception(
    "These are the changes of x, y and z. The new values are wanted: add the changes to the old ones."
)
def changes_not_positions(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    scaled = learning_rate * ((x + y) * z - target)
    return -scaled * z, -scaled * z, -scaled * (x + y)


@graph_step.misconception("The learning rate is missing: the whole gradient was subtracted.")
def forgets_the_rate(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, (x + y) * z - target)


@graph_step.misconception("The error is f - target. Here the two were added.")
def adds_the_target(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    return stepped(x, y, z, learning_rate * ((x + y) * z + target))


@graph_step.misconception(
    "Here q = z + y was used. That is a slip of the pen in the text behind the example: the node adds x and y."
)
def steps_with_the_misprint(x: float, y: float, z: float, target: float, learning_rate: float) -> Step:
    q = z + y
    scaled = learning_rate * (q * z - target)
    return x - scaled * z, y - scaled * z, z - scaled * q


# ------------------------------------------------------------------------------------ the text's numbers


def path_of_losses(learning_rate: float, steps: int, half: bool = True) -> list[tuple[float, float]]:
    """f and the loss along a run from the lesson's start, the start first; the loss with its factor 1/2 or without."""
    x, y, z = EXAMPLE
    target = np.float64(TARGET)
    path = []
    with np.errstate(all="ignore"):
        for _ in range(steps + 1):
            f = graph_forward(x, y, z)[1]
            path.append((float(f), float((f - target) * (f - target) / (2 if half else 1))))
            x, y, z = graph_step(x, y, z, target, learning_rate * (1 if half else 2))
    return path


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    x = np.float64(1.7)
    w, x_in, b = 0.5, 2.0, -0.25
    gentle, hasty, bare = path_of_losses(0.05, 40), path_of_losses(0.1, 1), path_of_losses(0.1, 4, half=False)
    settled = next(k for k in range(40) if max(loss for _, loss in gentle[k:]) < 0.001)
    new = np.array(graph_step(*START, TARGET, 0.1))
    slopes = np.array(graph_backward(*START)[:3])
    size = np.sum(slopes**2)
    gentle_start = graph_step(*START, TARGET, 0.05)
    least = 20 * np.sqrt(2)
    error, new_error = hasty[0][0] - TARGET, hasty[1][0] - TARGET
    return {
        "x of section 1": x,
        "inner slope": double(x),
        "u of section 1": square(x),
        "outer slope": cosine(square(x)),
        "slope of the whole": compose_derivative(cosine, square, double, x),
        "pencil example": compose_derivative(double, three_x_plus_one, always_three, 2),
        "w, x, b of the neuron": np.array([w, x_in, b]),
        "its z": w * x_in + b,
        "its output": stable_sigmoid(w * x_in + b),
        "its slope": sigmoid_slope(w * x_in + b),
        "its gradient": np.array(neuron_gradient(w, x_in, b)),
        "nudge": 0.01,
        "through u and through v": np.array([6 * 0.01, 3 * 0.01, 5 * 0.03]),
        "both": 6 * 0.01 + 5 * 0.03,
        "u and v after the nudge": np.array([5.01, 6.03]),
        "f after the nudge": 5.01 * 6.03,
        "change of f": 5.01 * 6.03 - 30,
        "the product of the two": 0.01 * 0.03,
        "two_paths(2, 3)": np.array(two_paths(2, 3)),
        "rates": np.array([0.1, 0.05, 0.2]),
        "new x, y, z": new,
        "their changes": new - np.array(START),
        "f before and after": np.array([f for f, _ in hasty]),
        "loss before and after": np.array([loss for _, loss in hasty]),
        "errors before and after": np.array([error, new_error]),
        "first step from which rate 0.05 stays below": settled,
        "below": 0.001,
        "S at the start": size,
        "forecast factor": 1 - 0.1 * size,
        "true factor": new_error / error,
        "eta S at 0.05": 0.05 * size,
        "S after a step with 0.05": np.sum(np.square(graph_backward(*gentle_start)[:3])),
        "smallest S on the target": least,
        "largest rate that can settle": 2 / least,
        "f without the half": np.array([f for f, _ in bare]),
    }
