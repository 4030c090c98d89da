"""`adam_step`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import (
    IN_PLACE,
    LESSON,
    Array,
    Arrays,
    Generator,
    a_share,
    arrays,
)

Three = tuple[list[Array], list[Array], list[Array]]
Rule = Callable[[Array, Array, Array], Array]


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "Five lines for each parameter: the two means, the two corrected means, the step. Return the means as they are, uncorrected: the next step goes on from them.",
        r"$m \leftarrow \beta_1 m + (1 - \beta_1) g$, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$, $\hat m = \dfrac{m}{1 - \beta_1^t}$, $\hat v = \dfrac{v}{1 - \beta_2^t}$, $\theta \leftarrow \theta - \eta \dfrac{\hat m}{\sqrt{\hat v} + \epsilon}$",
        "In a loop over the four lists: `new_m = beta1 * m_k + (1 - beta1) * g`, `new_v` alike with `g**2`. Then `m_hat = new_m / (1 - beta1**t)`, `v_hat` alike, and `p - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)`. Collect three lists.",
    ),
)
def adam_step(
    parameters: Arrays,
    gradients: Arrays,
    m: Arrays,
    v: Arrays,
    t: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> Three:
    moved, means, squares = [], [], []
    for p, g, m_k, v_k in zip(parameters, gradients, m, v, strict=True):
        mean = beta1 * m_k + (1 - beta1) * g
        square = beta2 * v_k + (1 - beta2) * g**2
        m_hat = mean / (1 - beta1**t)
        v_hat = square / (1 - beta2**t)
        moved.append(p - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon))
        means.append(mean)
        squares.append(square)
    return moved, means, squares


def case(rng: Generator, t: int, *shapes: tuple[int, ...], epsilon: float = 0.0) -> tuple:
    """A step numbered t; the first one has means of 0. Without an epsilon given it is large enough to be seen."""
    first = t == 1
    m = [np.zeros(shape) for shape in shapes] if first else arrays(rng, *shapes)
    v = [np.zeros(shape) for shape in shapes] if first else [each**2 for each in arrays(rng, *shapes)]
    rates = a_share(rng, 5, 70), a_share(rng, 50, 90), a_share(rng, 60, 95)
    return (
        arrays(rng, *shapes), arrays(rng, *shapes), m, v, t, *rates,
        np.float64(epsilon) if epsilon else a_share(rng, 5, 90),
    )  # fmt: skip


def flat(rng: Generator) -> tuple:
    """A first step in which some slopes are exactly 0: epsilon keeps 0 / 0 away."""
    made = list(case(rng, 1, (3,), (2, 2), epsilon=1e-8))
    for g in made[1]:
        g.flat[int(rng.integers(g.size))] = 0.0
    return tuple(made)


@adam_step.asks
def _(rng: Generator) -> Iterator[Ask]:
    yield Ask(
        "the first step",
        1,
        [case(rng, 1, (2, 3), (3,)), case(rng, 1, (4,), epsilon=1e-8), flat(rng)],
    )
    late = [int(each) for each in rng.choice(np.arange(2, 9), 3, replace=False)]
    yield Ask(
        "a later step",
        2.5,
        [
            case(rng, late[0], (2, 3), (3,)),
            case(rng, late[1], (3, 3), (3, 2), (3,), (2,)),
            case(rng, late[2], (1, 1), (1,)),
            case(rng, 2, (3,), epsilon=1e-8),
        ],
    )
    usual = (np.float64(0.001), np.float64(0.9), np.float64(0.999), np.float64(1e-8))
    yield Ask(
        "the usual settings",
        1,
        [
            (*case(rng, t, (2, 2), (2,))[:5], *usual)
            for t in (int(rng.integers(3, 30)), int(rng.integers(900, 3000)))
        ],
    )


def stepped(
    given: tuple,
    mean: Callable[[Array, Array, float], Array] = lambda m, g, b: b * m + (1 - b) * g,
    square: Callable[[Array, Array, float], Array] = lambda v, g, b: b * v + (1 - b) * g**2,
    corrected: Callable[[Array, float, int], Array] = lambda x, b, t: x / (1 - b**t),
    corrected_square: Callable[[Array, float, int], Array] | None = None,
    ratio: Callable[[Array, Array, float], Array] = lambda m, v, e: m / (np.sqrt(v) + e),
) -> Three:
    """For slips: the step with one of its lines another."""
    parameters, gradients, m, v, t, rate, b1, b2, epsilon = given
    means = [mean(a, g, b1) for a, g in zip(m, gradients, strict=True)]
    squares = [square(a, g, b2) for a, g in zip(v, gradients, strict=True)]
    other = corrected_square or corrected
    moved = [
        p - rate * ratio(corrected(a, b1, t), other(b, b2, t), epsilon)
        for p, a, b in zip(parameters, means, squares, strict=True)
    ]
    return moved, means, squares


@adam_step.misconception(
    "The means were not corrected. They start at 0, so the first ones are far too small: divide by 1 - beta**t."
)
def no_correction(*given: tuple) -> Three:
    return stepped(given, corrected=lambda x, b, t: x)


@adam_step.misconception("Only the mean was corrected. The mean of the squares starts at 0 as well.")
def square_not_corrected(*given: tuple) -> Three:
    return stepped(given, corrected_square=lambda x, b, t: x)


@adam_step.misconception("Only the mean of the squares was corrected. The mean starts at 0 as well.")
def mean_not_corrected(*given: tuple) -> Three:
    return stepped(given, corrected=lambda x, b, t: x, corrected_square=lambda x, b, t: x / (1 - b**t))


@adam_step.misconception(
    "The correction is that of the step before: t counts from 1, and the exponent is t itself."
)
def one_step_behind(*given: tuple) -> Three:
    return stepped(given, corrected=lambda x, b, t: x / np.maximum(1 - b ** (t - 1), 1e-300))


@adam_step.misconception(
    "The correction is that of the next step: t counts from 1, and the exponent is t itself, not t + 1."
)
def one_step_ahead(*given: tuple) -> Three:
    return stepped(given, corrected=lambda x, b, t: x / (1 - b ** (t + 1)))


@adam_step.misconception(
    "The correction divides by 1 - beta in every step. The means fill up as the steps go on: it is 1 - beta**t."
)
def always_the_first_correction(*given: tuple) -> Three:
    return stepped(given, corrected=lambda x, b, t: x / (1 - b))


@adam_step.misconception(
    "Epsilon stands under the root. It is added outside: the root of v first, then epsilon."
)
def epsilon_under_the_root(*given: tuple) -> Three:
    return stepped(given, ratio=lambda m, v, e: m / np.sqrt(v + e))


@adam_step.misconception("Epsilon is missing. Where every slope so far was 0 this divides 0 by 0.")
def no_epsilon(*given: tuple) -> Three:
    return stepped(given, ratio=lambda m, v, e: m / np.sqrt(v))


@adam_step.misconception(
    "The root is missing: the step divides by the mean of the squares. Its root has the size of a slope."
)
def no_root(*given: tuple) -> Three:
    return stepped(given, ratio=lambda m, v, e: m / (v + e))


@adam_step.misconception("The gradients were not squared for v.")
def not_squared(*given: tuple) -> Three:
    return stepped(given, square=lambda v, g, b: b * v + (1 - b) * np.abs(g))


@adam_step.misconception(
    "The gradient came into the mean whole, as momentum does it. A mean has weights that sum to 1: (1 - beta1) g."
)
def sum_for_mean(*given: tuple) -> Three:
    return stepped(given, mean=lambda m, g, b: b * m + g)


@adam_step.misconception("The square came in whole. It has the weight 1 - beta2.")
def sum_of_squares(*given: tuple) -> Three:
    return stepped(given, square=lambda v, g, b: b * v + g**2)


@adam_step.misconception(
    "beta and 1 - beta are exchanged: the old mean has the weight beta, the new gradient 1 - beta."
)
def weights_exchanged(*given: tuple) -> Three:
    return stepped(
        given,
        mean=lambda m, g, b: (1 - b) * m + b * g,
        square=lambda v, g, b: (1 - b) * v + b * g**2,
    )


@adam_step.misconception("beta1 and beta2 are exchanged: beta1 is for the mean, beta2 for the squares.")
def betas_exchanged(*given: tuple) -> Three:
    return stepped((*given[:6], given[7], given[6], given[8]))


@adam_step.misconception(
    "The corrected means came back. The next step goes on from the uncorrected ones, or they are corrected twice."
)
def corrected_came_back(*given: tuple) -> Three:
    moved, m, v = stepped(given)
    t, b1, b2 = given[4], given[6], given[7]
    return moved, [each / (1 - b1**t) for each in m], [each / (1 - b2**t) for each in v]


@adam_step.misconception(
    "One number was made of each array's squares. Every weight has a mean of squares of its own: that is the point of Adam."
)
def one_square_for_all(*given: tuple) -> Three:
    return stepped(given, square=lambda v, g, b: b * v + (1 - b) * np.mean(g**2))


@adam_step.misconception(
    "The step was taken with the gradient itself over the root. It moves with the corrected mean."
)
def gradient_for_mean(*given: tuple) -> Three:
    moved, m, v = stepped(given, mean=lambda m, g, b: g, corrected=lambda x, b, t: x,
                          corrected_square=lambda x, b, t: x / (1 - b**t))  # fmt: skip
    return moved, stepped(given)[1], v


@adam_step.misconception("The parameters moved uphill: the step is taken away.")
def adam_uphill(*given: tuple) -> Three:
    return stepped((*given[:5], -given[5], *given[6:]))


@adam_step.misconception("m and v came back in the other order: parameters, m, v.")
def squares_before_means(*given: tuple) -> Three:
    moved, m, v = stepped(given)
    return moved, v, m


@adam_step.misconception(IN_PLACE)
def means_in_place(*given: tuple) -> Three:
    moved, m, v = stepped(given)
    for old, new in zip([*given[2], *given[3]], [*m, *v], strict=True):
        old[...] = new
    return moved, m, v


@adam_step.misconception(
    "beta1 and beta2 are exchanged in the running means: beta1 belongs to the slopes, beta2 to their squares."
)
def betas_exchanged_in_the_means(
    parameters: Arrays,
    gradients: Arrays,
    m: Arrays,
    v: Arrays,
    t: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> Three:
    moved, means, squares = [], [], []
    for p, g, a, b in zip(parameters, gradients, m, v, strict=True):
        means.append(beta2 * a + (1 - beta2) * g)
        squares.append(beta1 * b + (1 - beta1) * g**2)
        root = np.sqrt(squares[-1] / (1 - beta2**t)) + epsilon
        moved.append(p - learning_rate * means[-1] / (1 - beta1**t) / root)
    return moved, means, squares


# Right answers in other words.


def adam_lists(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, gradients, strict=True)]
    v = [beta2 * a + (1 - beta2) * g * g for a, g in zip(v, gradients, strict=True)]
    m_hat = [a / (1 - beta1**t) for a in m]
    v_hat = [a / (1 - beta2**t) for a in v]
    parameters = [
        p - learning_rate * a / (b**0.5 + epsilon) for p, a, b in zip(parameters, m_hat, v_hat, strict=True)
    ]
    return parameters, m, v


def adam_by_differences(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon):
    """The means as steps towards the new value, on copies."""
    parameters, m, v = ([np.array(a) for a in each] for each in (parameters, m, v))
    for p, g, a, b in zip(parameters, gradients, m, v, strict=True):
        a += (1 - beta1) * (g - a)
        b += (1 - beta2) * (np.square(g) - b)
        p -= (
            learning_rate * (a / (1 - np.power(beta1, t))) / (np.sqrt(b / (1 - np.power(beta2, t))) + epsilon)
        )
    return [parameters, m, v]


def adam_with_one_rate(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon):
    """As frameworks do it: both corrections in the rate and in epsilon."""
    moved, means, squares = [], [], []
    fix = np.sqrt(1 - beta2**t)
    rate = learning_rate * fix / (1 - beta1**t)
    for k in range(len(parameters)):
        means.append(beta1 * m[k] + (1 - beta1) * gradients[k])
        squares.append(beta2 * v[k] + (1 - beta2) * gradients[k] ** 2)
        moved.append(parameters[k] - rate * means[k] / (np.sqrt(squares[k]) + epsilon * fix))
    return tuple(moved), tuple(means), tuple(squares)


def adam_entry_by_entry(parameters, gradients, m, v, t, learning_rate, beta1, beta2, epsilon):
    moved, means, squares = [[np.zeros(p.shape) for p in parameters] for _ in range(3)]
    for k, p in enumerate(parameters):
        for index in np.ndindex(p.shape):
            g = gradients[k][index]
            means[k][index] = beta1 * m[k][index] + (1 - beta1) * g
            squares[k][index] = beta2 * v[k][index] + (1 - beta2) * g**2
            up = means[k][index] / (1 - beta1**t)
            down = (squares[k][index] / (1 - beta2**t)) ** 0.5 + epsilon
            moved[k][index] = p[index] - learning_rate * up / down
    return moved, means, squares


adam_step.right_answers(
    adam_lists,
    adam_by_differences,
    adam_with_one_rate,
    adam_entry_by_entry,
)
