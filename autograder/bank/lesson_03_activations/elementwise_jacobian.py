"""`elementwise_jacobian`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_03_activations.common import LESSON, Array
from autograder.bank.lesson_03_activations.sigmoid_derivative import sigmoid_derivative
from autograder.bank.promises import NEGATIVE, WHOLE, ZERO, one_of, reals
from autograder.kit.functions import cosine, double, three_squares


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Output k depends on input k and on no other. Which entries of the matrix can then differ from 0?",
        r"$J_{ij} = \dfrac{\partial f(x_i)}{\partial x_j} = f'(x_i)$ if $i = j$, and $0$ otherwise, so $J = \operatorname{diag}\bigl(f'(x)\bigr)$",
        "`slopes = derivative(x)` has shape (K,). `np.diag` puts such a row on the diagonal of a table and fills the rest with 0.",
    ),
    promises={"derivative": one_of(cosine, double, three_squares), "x": reals("k", ZERO, WHOLE, NEGATIVE)},
)
def elementwise_jacobian(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x))


@elementwise_jacobian.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("three inputs", 1.5, [(cosine, signed(rng, 3)), (double, signed(rng, 3))])
    yield Ask("more inputs", 1, [(cosine, signed(rng, 5)), (three_squares, signed(rng, 4))])
    yield Ask(
        "a single input gives a 1 by 1 matrix", 1, [(cosine, signed(rng, 1)), (three_squares, signed(rng, 1))]
    )
    yield Ask("leaves its argument as it was", 0.5, [(cosine, signed(rng, 4))], unchanged=True)


@elementwise_jacobian.misconception(
    "These are the slopes as a vector. The Jacobian is a matrix, with the slopes on its diagonal."
)
def slopes_as_a_vector(derivative: Callable[[Array], Array], x: Array) -> Array:
    return derivative(x)


@elementwise_jacobian.misconception("The diagonal holds x itself. It should hold the slopes, derivative(x).")
def forgets_the_derivative(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(x)


@elementwise_jacobian.misconception(
    "These are the sigmoid's slopes, whichever function was handed in. Call `derivative(x)`."
)
def always_the_sigmoid(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(sigmoid_derivative(x))


@elementwise_jacobian.misconception(
    "The slopes fill every row. Off the diagonal the Jacobian is 0, because output i does not depend on input j."
)
def slopes_in_every_row(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.tile(derivative(x), (len(x), 1))


@elementwise_jacobian.misconception(
    "The derivative was taken of the whole diagonal matrix, so its zeros were changed too. First the slopes, then the matrix."
)
def derivative_of_the_matrix(derivative: Callable[[Array], Array], x: Array) -> Array:
    return derivative(np.diag(x))


@elementwise_jacobian.misconception(
    "This is an outer product: every slope times every other. The Jacobian has each slope once, on the diagonal."
)
def outer_product(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.outer(derivative(x), derivative(x))


@elementwise_jacobian.misconception(
    "The slopes stand on the other diagonal. Row i, column i belongs to output i and input i."
)
def other_diagonal(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.fliplr(np.diag(derivative(x)))


@elementwise_jacobian.misconception(
    "Off the diagonal stand minus the products of the slopes: that is the softmax's Jacobian, whose outputs hang together. Here output i depends on input i alone."
)
def like_the_softmax(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x)) - np.outer(derivative(x), derivative(x))


@elementwise_jacobian.misconception(
    "The derivative was taken of the products of the inputs. Take it of x, and put the slopes on the diagonal."
)
def derivative_of_the_products(derivative: Callable[[Array], Array], x: Array) -> Array:
    return derivative(np.outer(x, x))


@elementwise_jacobian.misconception(
    "The slopes stand in every column. Off the diagonal the Jacobian is 0, because output i does not depend on input j."
)
def slopes_in_every_column(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.tile(derivative(x)[:, None], (1, len(x)))


@elementwise_jacobian.misconception(
    "The slopes came into an array of whole numbers, which cuts off what is behind the point."
)
def jacobian_in_whole_numbers(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x)).astype(np.asarray(x).dtype)


@elementwise_jacobian.misconception("Each slope is multiplied by its x. The Jacobian holds the slopes alone.")
def slopes_times_x(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x) * x)


@elementwise_jacobian.misconception(
    "The slope of the first input stands all along the diagonal. Each input has its own."
)
def first_slope_everywhere(derivative: Callable[[Array], Array], x: Array) -> Array:
    return derivative(x)[0] * np.eye(len(x))


@elementwise_jacobian.misconception("This is the identity matrix: the slopes are missing.")
def identity_matrix(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.eye(len(x))


@elementwise_jacobian.misconception("The slopes are squared on the diagonal. Each stands there once.")
def slopes_squared(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x) ** 2)


@elementwise_jacobian.misconception(
    "Every entry next to the slopes is 1. Off the diagonal the Jacobian is 0."
)
def ones_off_the_diagonal(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.where(np.eye(len(x)) == 1, derivative(x), 1.0)


# Right answers in other words.


# ----------------------------------------------------------------------------------- elementwise_jacobian
def jacobian_loops(derivative, x):
    K = len(x)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            if i == j:
                J[i, j] = derivative(x[i])
    return J


def jacobian_identity(derivative, x):
    return np.eye(len(x)) * derivative(x)


def jacobian_einsum(derivative, x):
    return np.einsum("i,ij->ij", derivative(x), np.eye(np.size(x)))


def jacobian_float32_lists(derivative, x):
    slopes = np.asarray(derivative(np.asarray(x, dtype=np.float32)))
    return [[slope if i == j else 0 for j in range(len(x))] for i, slope in enumerate(slopes.tolist())]


def jacobian_filled(derivative, x):
    slopes = derivative(x.copy())
    J = np.zeros(2 * slopes.shape, dtype=np.float32)
    np.fill_diagonal(J, slopes)
    return J


elementwise_jacobian.right_answers(
    jacobian_loops,
    jacobian_identity,
    jacobian_einsum,
    jacobian_float32_lists,
    jacobian_filled,
)
