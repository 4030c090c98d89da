"""Functions that compute with a student's own `Value` objects: each builds a graph of small gates and returns its end.

They use nothing but + - * / ** @ and unary minus, a plain number on either side, and the methods exp(), log(), tanh(),
max(other) and sum(). So they work with everything that has these, and return what the last of them makes.
"""

from collections.abc import Callable
from typing import Any

# Numbers.


def product_of_sum(x: Any, y: Any, z: Any) -> Any:
    """(x + y) z: the graph of lesson 2."""
    return (x + y) * z


def constants_on_both_sides(x: Any, y: Any) -> Any:
    """Sums and products with a plain number before and behind."""
    return (3 + x) * (y + 2) + 2.5 * x + y * 5


def differences(x: Any, y: Any) -> Any:
    """Differences with a plain number before and behind, and a minus in front."""
    return (1 - x) * (x - y) + (y - 2) * -x


def quotients(x: Any, y: Any) -> Any:
    """Quotients with a plain number above and below."""
    return x / y + 2 / x + y / 4


def powers(x: Any, y: Any) -> Any:
    """Powers with a plain number above."""
    return x**3 + (x * y) ** 2 + y**-1


def powers_of_values(x: Any, y: Any) -> Any:
    """Powers whose exponent is a value too, and a plain number to the power of one."""
    return x**y + 2**x


def curves(x: Any, y: Any) -> Any:
    """exp, log and tanh."""
    return x.exp() * y.tanh() + (x * x + 1).log()


def larger_ones(x: Any, y: Any) -> Any:
    """The larger of a value and a number, and of two values, whichever stands first."""
    return x.max(0) * 3 + x.max(y) * x + (2 * y).max(x)


def cut_off_at_zero(x: Any) -> Any:
    """max(x, 0) + 2 x: at 0 the slope of the maximum counts as 0."""
    return x.max(0) + 2 * x


def square_and_itself(x: Any) -> Any:
    """x x + x: the same value goes into three places."""
    return x * x + x


def doubled_again(x: Any) -> Any:
    """Four stages, each with the stage before in it twice."""
    for _ in range(4):
        x = x + x * 0.25 * x
    return x


def crossing_ways(x: Any, y: Any) -> Any:
    """The product of two goes on by a short and by a long way, and both meet again."""
    product = x * y
    longer = (product + x).tanh()
    return product * longer + longer * y


def long_way_first(x: Any) -> Any:
    """x reaches the end by a long way, a short one, and one between."""
    far = ((x + 1) * 2).tanh()
    return far * x + (far + x) * x


def only_the_first(x: Any, y: Any) -> Any:
    """3 x: y is not used."""
    return x * 3


def itself(x: Any) -> Any:
    """x, the very value."""
    return x


def sigmoid_of_neuron(w: Any, x: Any, b: Any) -> Any:
    """The sigmoid of w x + b, out of five small gates."""
    return 1 / (1 + (-(w * x + b)).exp())


def loss_of_softmax(a: Any, b: Any, c: Any) -> Any:
    """-log of the first of three softmax outputs."""
    powers = [a.exp(), b.exp(), c.exp()]
    return -(powers[0] / (powers[0] + powers[1] + powers[2])).log()


# Arrays.


def sum_of_products(x: Any, y: Any) -> Any:
    """Half the sum of x y, entry by entry."""
    return (x * y).sum() * 0.5


def squares_of_differences(x: Any, y: Any) -> Any:
    """The sum of (2 x - y)**2."""
    return ((2 * x - y) ** 2).sum()


def sums_and_larger_ones(x: Any, y: Any) -> Any:
    """The sum of max(x + y, 0) x, entry by entry."""
    return ((x + y).max(0) * x).sum()


def curves_of_arrays(x: Any, y: Any) -> Any:
    """The sum of tanh(x) / (1 + e**y), entry by entry."""
    return (x.tanh() / (1 + y.exp())).sum()


def sum_twice(x: Any, y: Any) -> Any:
    """The sum of x times the sum of x y: a number and arrays."""
    return (x * (x * y).sum()).sum()


def layer_of_tanh(X: Any, W: Any, b: Any) -> Any:
    """The sum of tanh(X W + b)**2."""
    return ((X @ W + b).tanh() ** 2).sum()


def two_layers(X: Any, W: Any, V: Any) -> Any:
    """The sum of the logarithms of 1 + e**(tanh(X W) V)."""
    return (1 + ((X @ W).tanh() @ V).exp()).log().sum()


OF_NUMBERS = (
    product_of_sum,
    constants_on_both_sides,
    differences,
    quotients,
    powers,
    powers_of_values,
    curves,
    larger_ones,
    cut_off_at_zero,
    square_and_itself,
    doubled_again,
    crossing_ways,
    long_way_first,
    only_the_first,
    itself,
    sigmoid_of_neuron,
    loss_of_softmax,
)
OF_ARRAYS = (
    sum_of_products,
    squares_of_differences,
    sums_and_larger_ones,
    curves_of_arrays,
    sum_twice,
    layer_of_tanh,
    two_layers,
)
GRAPHS: dict[str, Callable[..., Any]] = {each.__name__: each for each in (*OF_NUMBERS, *OF_ARRAYS)}
