"""Lesson 03: the activation functions and their slopes (seed 000, first half; seed 002 for ReLU).

Every function works element by element, on a number or an array of any shape.
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

import math
from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number, signed
from autograder.kit.functions import cosine, double, three_squares

Array = np.ndarray
LESSON = "03-activations"
OVERFLOW = (
    "For large arguments exp() leaves the range of a float: take a form in which only exp(-|x|) appears."
)


def extremes(rng: np.random.Generator) -> Array:
    """Arguments at which a naive exponential overflows, and ordinary ones beside them."""
    far = 700 + 8 * rng.integers(1, 40)
    return np.concatenate([[-1000.0, 1000.0, -far, far], signed(rng, 2)])


def elementwise(rng: np.random.Generator, advice: str = OVERFLOW) -> Iterator[Ask]:
    """The sub-checks that every stable elementwise function gets."""
    yield Ask("one number", 1, [(number(rng, 0.5, 3),), (number(rng, -3, -0.5),)])
    near = [0.125, -0.125]
    yield Ask("arrays, in their own shape", 1, [(np.append(signed(rng, 5), near),), (signed(rng, 2, 3),)])
    yield Ask("huge arguments of both signs", 1.5, [(extremes(rng),)], advice=advice)
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)


# --------------------------------------------------------------------------------------------- sigmoid


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Try your function at x = -1000. Which exponential overflows there, and could it have a negative exponent instead?",
        r"$\sigma(x) = \dfrac{1}{1+e^{-x}} = \dfrac{e^{x}}{1+e^{x}}$. The first form is safe for $x \ge 0$, the second for $x < 0$.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))


@sigmoid.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@sigmoid.misconception(
    "This is sigmoid(-x): the curve falls where it should rise. Look at the sign in the exponent, and at which form belongs to which sign of x."
)
def missing_minus(x: Array) -> Array:
    return 1 / (1 + np.exp(x))


@sigmoid.misconception(
    "Division comes before addition: `1 / 1 + np.exp(-x)` is 1 + exp(-x). Put the denominator in brackets."
)
def missing_brackets(x: Array) -> Array:
    return 1 / 1 + np.exp(-x)


@sigmoid.misconception(
    "This is infinity divided by infinity for large x: exp(x) / (1 + exp(x)) is right on paper, but exp(1000) overflows to inf and the result is nan."
)
def overflows_to_nan(x: Array) -> Array:
    return np.exp(x) / (1 + np.exp(x))


@sigmoid.misconception(
    "1 / (1 + exp(-|x|)) is right for x >= 0 only. On the left the sigmoid is below 1/2, and the numerator is exp(-|x|) instead of 1."
)
def forgets_the_left_side(x: Array) -> Array:
    return 1 / (1 + np.exp(-np.abs(x)))


@sigmoid.misconception(
    "This is the tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1: squeeze and shift it."
)
def tanh_instead(x: Array) -> Array:
    return np.tanh(x)


@sigmoid.misconception("This is the slope of the sigmoid, s (1 - s), not its value.")
def slope_instead(x: Array) -> Array:
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


@sigmoid.misconception(
    "This is the straight-line approximation (the hard sigmoid). It is close near 0 and wrong elsewhere."
)
def hard_sigmoid(x: Array) -> Array:
    return np.clip(np.asarray(x) / 4 + 0.5, 0, 1)


@sigmoid.misconception(
    "math.exp takes one number only. np.exp takes a whole array and works on each of its elements."
)
def one_number_only(x: Array) -> float:
    return 1 / (1 + math.exp(-x))


@sigmoid.misconception(
    "An `if` cannot decide for a whole array at once. np.where chooses element by element."
)
def branches_on_an_array(x: Array) -> Array:
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


@sigmoid.misconception(
    "The numbers are right, but the caller's array was overwritten: `x *= -1` and `out=x` work in place. Compute into a new array."
)
def overwrites_its_argument(x: Array) -> Array:
    if np.ndim(x) == 0:
        return 1 / (1 + np.exp(-x))
    x *= -1
    return 1 / (1 + np.exp(x))


# ----------------------------------------------------------------------------------- sigmoid_derivative


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "You do not need exp() again: the slope of the sigmoid can be written with the sigmoid's own value.",
        r"$\sigma'(x) = \sigma(x)\,\bigl(1-\sigma(x)\bigr)$",
        "`s = sigmoid(x)`",
    ),
)
def sigmoid_derivative(x: Array) -> Array:
    s = sigmoid(x)
    return s * (1 - s)


@sigmoid_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(
        rng, "Where the sigmoid is flat its slope is 0, not nan: build on your stable sigmoid."
    )


@sigmoid_derivative.misconception(
    "Here x itself stands where sigmoid(x) should: x (1 - x) is the slope only if x is already the sigmoid's output."
)
def takes_x_for_the_output(x: Array) -> Array:
    return x * (1 - x)


@sigmoid_derivative.misconception(
    "The second factor holds x itself. Both factors are made of the sigmoid's value: s and 1 - s."
)
def x_in_the_second_factor(x: Array) -> Array:
    return sigmoid(x) * (1 - x)


@sigmoid_derivative.misconception(
    "This is the slope of the outer function 1/u alone. The chain rule multiplies it by the slope of the inner one, u = 1 + exp(-x)."
)
def outer_slope_only(x: Array) -> Array:
    return -(sigmoid(x) ** 2)


@sigmoid_derivative.misconception(
    "This is the sigmoid's value. Its slope has one more factor, 1 - sigmoid(x)."
)
def value_instead(x: Array) -> Array:
    return sigmoid(x)


@sigmoid_derivative.misconception(
    "The sign is wrong. The minus from the inner derivative of -x and the minus from the power -1 cancel, and a rising curve has a positive slope."
)
def wrong_sign(x: Array) -> Array:
    return -sigmoid(x) * (1 - sigmoid(x))


@sigmoid_derivative.misconception("1 - s**2 is the slope of the tanh. For the sigmoid it is s (1 - s).")
def tanh_rule(x: Array) -> Array:
    return 1 - sigmoid(x) ** 2


@sigmoid_derivative.misconception("The factor is 1 - s, not 1 + s: the slope must vanish where s reaches 1.")
def plus_for_minus(x: Array) -> Array:
    return sigmoid(x) * (1 + sigmoid(x))


@sigmoid_derivative.misconception(
    "This is right on paper, but at x = -1000 it divides infinity by infinity and gives nan. Written with the sigmoid's value, s (1 - s), it cannot overflow."
)
def quotient_of_infinities(x: Array) -> Array:
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


# ------------------------------------------------------------------------------------ tanh_from_sigmoid


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "The tanh runs from -1 to 1 and is twice as steep for its height. What must happen to the sigmoid's input, and what to its output?",
        r"$\tanh(x) = 2\,\sigma(2x) - 1$",
        "`s = sigmoid(2 * x)`",
    ),
)
def tanh_from_sigmoid(x: Array) -> Array:
    return 2 * sigmoid(2 * np.asarray(x)) - 1


@tanh_from_sigmoid.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@tanh_from_sigmoid.misconception(
    "The 2 inside is missing: 2 sigmoid(x) - 1 has the right height but is stretched to twice the width."
)
def not_squeezed(x: Array) -> Array:
    return 2 * sigmoid(x) - 1


@tanh_from_sigmoid.misconception(
    "The 2 inside went the wrong way: sigmoid(x / 2) is wider than the sigmoid, and the tanh is narrower."
)
def widened(x: Array) -> Array:
    return 2 * sigmoid(x / 2) - 1


@tanh_from_sigmoid.misconception("The shift is missing: 2 sigmoid(2x) runs from 0 to 2. Take 1 away.")
def not_shifted(x: Array) -> Array:
    return 2 * sigmoid(2 * x)


@tanh_from_sigmoid.misconception(
    "The 2 in front is missing: sigmoid(2x) - 1 runs from -1 to 0, half the height of the tanh."
)
def not_stretched(x: Array) -> Array:
    return sigmoid(2 * x) - 1


@tanh_from_sigmoid.misconception(
    "This is centred but only half as high: sigmoid(2x) - 1/2 runs from -1/2 to 1/2. Multiply by 2."
)
def centred_only(x: Array) -> Array:
    return sigmoid(2 * x) - 0.5


@tanh_from_sigmoid.misconception(
    "The order is off: 2 (sigmoid(2x) - 1) runs from -2 to 0. Double first, then take 1 away."
)
def shifted_before_doubling(x: Array) -> Array:
    return 2 * (sigmoid(2 * x) - 1)


@tanh_from_sigmoid.misconception(
    "This is -tanh(x): the height is right, but the curve falls where it should rise. Look at the signs."
)
def upside_down(x: Array) -> Array:
    return 1 - 2 * sigmoid(2 * x)


@tanh_from_sigmoid.misconception(
    "The quotient (exp(x) - exp(-x)) / (exp(x) + exp(-x)) is infinity by infinity at 1000, so nan. Build on your stable sigmoid instead."
)
def quotient_of_exponentials(x: Array) -> Array:
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


# -------------------------------------------------------------------------------------- tanh_derivative


@exercise(
    LESSON,
    difficulty=1,
    minutes=5,
    hints=(
        "Like the sigmoid's, this slope can be written with the function's own value.",
        r"$\tanh'(x) = 1 - \tanh^2(x)$",
        "`t = np.tanh(x)`",
    ),
)
def tanh_derivative(x: Array) -> Array:
    return 1 - np.tanh(x) ** 2


@tanh_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng, "Where the tanh is flat its slope is 0, not nan: build on np.tanh.")


@tanh_derivative.misconception(
    "Here x itself stands where tanh(x) should: 1 - x**2 is the slope only if x is already the tanh's output."
)
def takes_x_for_the_tanh(x: Array) -> Array:
    return 1 - x**2


@tanh_derivative.misconception(
    "The square is missing: it is 1 - tanh(x)**2. The slope must be the same at x and -x."
)
def forgets_the_square(x: Array) -> Array:
    return 1 - np.tanh(x)


@tanh_derivative.misconception(
    "The square belongs to the result, not to the argument: tanh^2(x) means tanh(x) * tanh(x)."
)
def squares_the_argument(x: Array) -> Array:
    return 1 - np.tanh(x**2)


@tanh_derivative.misconception(
    "The bracket is in the wrong place: (1 - t)**2 squares the whole difference. It is 1 - t**2."
)
def squares_the_difference(x: Array) -> Array:
    return (1 - np.tanh(x)) ** 2


@tanh_derivative.misconception("t (1 - t) is the sigmoid's rule. For the tanh the slope is 1 - t**2.")
def sigmoid_rule(x: Array) -> Array:
    return np.tanh(x) * (1 - np.tanh(x))


@tanh_derivative.misconception("This is the tanh's value, not its slope.")
def tanh_value_instead(x: Array) -> Array:
    return np.tanh(x)


@tanh_derivative.misconception(
    "A factor 2 is missing: tanh(x) = 2 sigmoid(2x) - 1, and the chain rule brings a second 2 from the 2x inside."
)
def forgets_the_inner_factor(x: Array) -> Array:
    return 2 * sigmoid_derivative(2 * x)


@tanh_derivative.misconception(
    "The sign is wrong: it is 1 - t**2. The tanh rises everywhere, so no slope is negative."
)
def tanh_wrong_sign(x: Array) -> Array:
    return np.tanh(x) ** 2 - 1


# --------------------------------------------------------------------------------------------- softplus


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "For large x the 1 in log(1 + exp(x)) hardly matters, so the result should be close to x. What is left when you take x out of the logarithm?",
        r"$\operatorname{softplus}(x) = \log(1 + e^{x}) = \max(x, 0) + \log\bigl(1 + e^{-|x|}\bigr)$",
        "`rest = np.log1p(np.exp(-np.abs(x)))`",
    ),
)
def softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@softplus.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield from elementwise(rng)


@softplus.misconception(
    "log(1 + exp(x)) is infinite as soon as exp(x) overflows, near x = 710. The true value there is x: take max(x, 0) out of the logarithm."
)
def overflows_to_inf(x: Array) -> Array:
    return np.log(1 + np.exp(x))


@softplus.misconception("The sign in the exponent is wrong: log(1 + exp(-x)) falls where the softplus rises.")
def mirrored(x: Array) -> Array:
    return np.maximum(-np.asarray(x), 0) + np.log1p(np.exp(-np.abs(x)))


@softplus.misconception(
    "This is ReLU. The softplus is its smooth version: near 0 it lies above, by log 2 at x = 0."
)
def relu_instead(x: Array) -> Array:
    return np.maximum(x, 0)


@softplus.misconception("This logarithm is to base 10. The course, and NumPy's np.log, use the natural one.")
def base_ten(x: Array) -> Array:
    return softplus(x) / np.log(10)


@softplus.misconception(
    "The 1 is counted twice: np.log1p(y) is log(1 + y) already, so np.log1p(1 + exp(x)) is log(2 + exp(x))."
)
def one_twice(x: Array) -> Array:
    return np.log1p(1 + np.exp(x))


@softplus.misconception(
    "x + log(1 + exp(-x)) only moves the overflow to the other side: at x = -1000 it is -1000 + inf. Take out max(x, 0), and -|x| stays in the exponent."
)
def overflows_on_the_left(x: Array) -> Array:
    return x + np.log1p(np.exp(-x))


@softplus.misconception(
    "log(1 + exp(-|x|)) is only the small rest, at most log 2. What was taken out of the logarithm must come back: add max(x, 0)."
)
def forgets_what_it_took_out(x: Array) -> Array:
    return np.log1p(np.exp(-np.abs(x)))


@softplus.misconception("This is the sigmoid, which is the softplus's slope. Here the value is asked for.")
def derivative_instead(x: Array) -> Array:
    return sigmoid(x)


@softplus.misconception("The 1 is missing: log(exp(x)) is just x.")
def forgets_the_one(x: Array) -> Array:
    return np.log(np.exp(x))


# ------------------------------------------------------------------------------------------------- relu


@exercise(
    LESSON,
    difficulty=1,
    minutes=3,
    hints=(
        "Keep what is positive; put 0 for the rest.",
        r"$\operatorname{relu}(x) = \max(x, 0)$, element by element",
        "`np.maximum(a, b)` takes the larger of two numbers, element by element; `b` may be a single number.",
    ),
)
def relu(x: Array) -> Array:
    return np.maximum(x, 0)


@relu.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one number of each sign", 1, [(number(rng, 1.5, 3),), (number(rng, -3, -1.5),)])
    yield Ask(
        "arrays, in their own shape",
        1.5,
        [(np.append(signed(rng, 3), [0.5, 3.5]),), (np.vstack([signed(rng, 3), [0, 2.5, -4]]),)],
    )
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)


@relu.misconception(
    "The numbers are right, but `x[x < 0] = 0` also changes the caller's array. Make a new array, or copy first."
)
def changes_the_callers_array(x: Array) -> Array:
    if np.ndim(x) == 0:
        return np.maximum(x, 0)
    x[x < 0] = 0
    return x


@relu.misconception(
    "`x[x < 0] = 0` writes into the caller's array, and a single number has no elements to write into. Make a new array that holds the larger of x and 0."
)
def writes_into_its_argument(x: Array) -> Array:
    x[x < 0] = 0
    return x


@relu.misconception(
    "Arrays work, but a single number has no elements to write into: `x[x < 0] = 0` needs an array. np.maximum takes both."
)
def needs_an_array(x: Array) -> Array:
    x = x.copy()
    x[x < 0] = 0
    return x


@relu.misconception(
    "np.max(x, 0) is the largest number along axis 0. np.maximum(x, 0) compares each element with 0."
)
def max_for_maximum(x: Array) -> Array:
    return np.max(x, 0)


@relu.misconception("This is the absolute value: a negative number must become 0, not positive.")
def absolute_value(x: Array) -> Array:
    return np.abs(x)


@relu.misconception("This is ReLU's slope (1 or 0). The value keeps the positive numbers as they are.")
def mask_instead(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@relu.misconception(
    "This is the leaky variant: negative numbers still come through, made small. ReLU cuts them to 0."
)
def leaky(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, x, 0.01 * np.asarray(x))


@relu.misconception(
    "This keeps the negative side. ReLU keeps the positive one: it is the maximum, not the minimum."
)
def wrong_side(x: Array) -> Array:
    return np.minimum(x, 0)


@relu.misconception("This stops at 1. ReLU has no upper limit.")
def capped_at_one(x: Array) -> Array:
    return np.clip(x, 0, 1)


@relu.misconception(
    "`max(x, 0)` and `if x > 0` ask one question of a whole array, which has an answer for each element. np.maximum works element by element."
)
def pythons_max(x: Array) -> Array:
    return max(x, 0)


# -------------------------------------------------------------------------------------- relu_derivative


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "On the right of 0 the curve is the line y = x, on the left it is flat. At 0 there is a kink, and this course fixes the slope there.",
        r"$\operatorname{relu}'(x) = 1$ for $x > 0$, and $0$ for $x \le 0$",
        "`positive = np.asarray(x) > 0`",
    ),
)
def relu_derivative(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@relu_derivative.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    positive, negative = number(rng, 1.5, 3), number(rng, -3, -1.5)
    yield Ask("one number of each sign", 0.5, [(positive,), (negative,)])
    near = [0.125, -0.125]
    yield Ask("arrays, in their own shape", 1, [(np.append(signed(rng, 5), near),), (signed(rng, 2, 3),)])
    yield Ask(
        "slope 0 at the kink",
        1,
        [(np.array([negative, 0.0, positive]),), (np.float64(0.0),)],
        advice="At x = 0 the slope is 0 in this course.",
    )
    yield Ask("leaves its argument as it was", 0.5, [(signed(rng, 4),)], unchanged=True)


@relu_derivative.misconception("At x = 0 the slope is 0 in this course: compare with `>`, not with `>=`.")
def one_at_zero(x: Array) -> Array:
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


@relu_derivative.misconception(
    "At x = 0 this gives 1/2. Both 0 and 1/2 have their friends; this course takes 0."
)
def half_at_zero(x: Array) -> Array:
    return np.heaviside(x, 0.5)


@relu_derivative.misconception(
    "This is ReLU's value. Its slope is 1 where the value grows, and 0 where it is flat."
)
def relu_value_instead(x: Array) -> Array:
    return np.maximum(x, 0)


@relu_derivative.misconception(
    "This is the slope of the leaky variant. ReLU is flat on the left, so its slope there is exactly 0."
)
def leaky_slope(x: Array) -> Array:
    return np.where(np.asarray(x) > 0, 1.0, 0.01)


@relu_derivative.misconception("On the left the curve is flat, so its slope is 0 there, not -1.")
def sign_instead(x: Array) -> Array:
    return np.sign(x)


@relu_derivative.misconception("The sides are swapped: the slope is 1 on the right of 0 and 0 on the left.")
def swapped_sides(x: Array) -> Array:
    return np.where(np.asarray(x) < 0, 1.0, 0.0)


@relu_derivative.misconception(
    "This divides relu(x) by x, which is 0 / 0 = nan at the kink. Compare instead of dividing."
)
def divides_by_x(x: Array) -> Array:
    return np.maximum(x, 0) / x


@relu_derivative.misconception(
    "An `if` cannot decide for a whole array at once. The comparison x > 0 gives an answer for each element: use that."
)
def decides_once_for_all(x: Array) -> Array:
    if x > 0:
        return 1.0
    return 0.0


@relu_derivative.misconception(
    "`x[x > 0] = 1` writes into the caller's array, and a single number has no elements to write into. Make a new array."
)
def writes_the_slopes_into_x(x: Array) -> Array:
    x[x > 0] = 1
    x[x <= 0] = 0
    return x


# --------------------------------------------------------------------------------- elementwise_jacobian


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Output k depends on input k and on no other. Which entries of the matrix can then differ from 0?",
        r"$J_{ij} = \dfrac{\partial f(x_i)}{\partial x_j} = f'(x_i)$ if $i = j$, and $0$ otherwise, so $J = \operatorname{diag}\bigl(f'(x)\bigr)$",
        "`slopes = derivative(x)`",
    ),
)
def elementwise_jacobian(derivative: Callable[[Array], Array], x: Array) -> Array:
    return np.diag(derivative(x))


@elementwise_jacobian.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    place = "Row i, column j holds the slope of output i along input j: 0 unless i = j."
    yield Ask("three inputs", 1.5, [(cosine, signed(rng, 3)), (double, signed(rng, 3))], advice=place)
    yield Ask("more inputs", 1, [(cosine, signed(rng, 5)), (three_squares, signed(rng, 4))], advice=place)
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


# ------------------------------------------------------------------------------- the lesson's own numbers


def steps_to_fit(features: Callable[[Array], Array], rates: Array) -> tuple[int, float]:
    """The fewest steps in which a linear unit fits the lesson's target from these features, and at which rate."""
    first, second = (grid.ravel() for grid in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    target = np.tanh(first) - 0.5 * np.tanh(second)
    inputs = np.column_stack([features(first), features(second), np.ones(first.size)])
    found = []
    for rate in rates:
        weights = np.zeros(3)
        for step in range(121):
            error = inputs @ weights - target
            if np.mean(error**2) / 2 < 1e-6:
                found.append((step, float(rate)))
                break
            weights = weights - rate * inputs.T @ error / error.size
    return min(found)


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    rates = np.arange(1, 21) / 10
    hidden = np.array([2.731, 2.76, 4.004])
    published_values = np.array([0.938, 0.94, 0.98])
    published = published_values * (1 - published_values)
    computed = sigmoid_derivative(hidden)
    return {
        "sigmoid at 0": sigmoid(0.0),
        "sigmoid at 2": sigmoid(2.0),
        "sigmoid at -2": sigmoid(-2.0),
        "the largest float": np.finfo(float).max,
        "where exp overflows": np.log(np.finfo(float).max),
        "largest slope of the sigmoid": sigmoid_derivative(0.0),
        "largest slope of the tanh": tanh_derivative(0.0),
        "the largest sigmoid slope to the power 10": sigmoid_derivative(0.0) ** 10,
        "slope of the sigmoid at 5": sigmoid_derivative(5.0),
        "slope of the tanh at 5": tanh_derivative(5.0),
        "the slope at which a curve counts as flat": 0.01,
        "beyond this x the sigmoid's slope is below 0.01": 2 * np.arctanh(np.sqrt(1 - 4 * 0.01)),
        "beyond this x the tanh's slope is below 0.01": np.arctanh(np.sqrt(1 - 0.01)),
        "true slope of the sigmoid at 40": sigmoid(40.0) * sigmoid(-40.0),
        "rates tried": rates,
        "coefficient of the target": 0.5,
        "loss to reach": 1e-6,
        "steps and rate with tanh": steps_to_fit(np.tanh, rates),
        "steps and rate with tanh plus 1": steps_to_fit(lambda x: np.tanh(x) + 1, rates),
        "steps and rate with sigmoid of 2x": steps_to_fit(lambda x: sigmoid(2 * x), rates),
        "softplus at 0": softplus(0.0),
        "softplus at 5": softplus(5.0),
        "softplus at -40": softplus(-40.0),
        "central difference of ReLU at its kink": 0.5,
        "sums of the worked network's second hidden layer": hidden,
        "its sigmoid values": sigmoid(hidden),
        "its sigmoid values as published": published_values,
        "its slopes": computed,
        "its slopes as published": published,
        "the published slopes' excess in percent": 100 * (published / computed - 1),
        "slope of the sigmoid at -8": sigmoid_derivative(-8.0),
        "slope of the tanh at -8": tanh_derivative(-8.0),
        "slope of the softplus at -8": sigmoid(-8.0),
    }
