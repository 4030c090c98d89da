"""Lesson 06: slopes from function values alone, and how to check a gradient with them (seed 000).

The published `numerical_gradient` of the seed adds the two losses where it must subtract them, and keeps the
dtype of a whole-number argument; both stand here as misconceptions. The steps of the checks are wide (1/8 to
1/2), so that one-sided and central differences are different numbers.
"""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, numbers, signed
from autograder.kit.functions import (
    clipped_three_squares,
    cosine,
    double,
    log_sum_exp,
    outward,
    root_of_squares,
    sine_chain,
    sine_chain_one_term,
    sine_chain_slope,
    sum_of_cubes,
    sum_of_squares,
    three_squares,
    three_x_plus_one,
)

Array = np.ndarray
Function = Callable[..., Array]
LESSON = "06-numerical-gradient"
TINY = 1e-20


def whole(rng: np.random.Generator, *shape: int) -> Array:
    """Whole numbers as integers, from -4 to 4, none of them 0, no two neighbours alike."""
    size = int(np.prod(shape))
    return rng.permutation(np.array([-4, -3, -2, -1, 1, 2, 3, 4]))[:size].reshape(shape)


# ----------------------------------------------------------------------------------- forward_difference


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "A slope is a rise over a run. You know the function's value at two places: which are they, and how far apart?",
        r"$f'(x) \approx \dfrac{f(x+h) - f(x)}{h}$",
        "`rise = f(x + h) - f(x)`",
    ),
)
def forward_difference(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x)) / h


@forward_difference.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a wide step, h = 0.5",
        1.5,
        [(cosine, number(rng, 0.5, 2.5), 0.5), (root_of_squares, number(rng, -1.5, -0.5), 0.5)],
    )
    yield Ask(
        "a shorter step, h = 0.125",
        1.5,
        [(three_squares, number(rng, 0.5, 2), 0.125), (cosine, number(rng, -2.5, -0.5), 0.125)],
    )


@forward_difference.misconception(
    "The two values are added. A slope is a rise, so the values are subtracted: f(x + h) minus f(x)."
)
def adds_the_values(f: Function, x: float, h: float) -> Array:
    return (f(x + h) + f(x)) / h


@forward_difference.misconception("This is the rise alone. Divide it by the run h to get a slope.")
def forgets_the_run(f: Function, x: float, h: float) -> Array:
    return f(x + h) - f(x)


@forward_difference.misconception(
    "This steps backward, from x - h to x. The forward difference goes from x to x + h."
)
def steps_backward(f: Function, x: float, h: float) -> Array:
    return (f(x) - f(x - h)) / h


@forward_difference.misconception(
    "This is the central difference, which steps to both sides. It comes next; here the step goes forward only."
)
def steps_both_ways(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x - h)) / (2 * h)


@forward_difference.misconception(
    "Brackets are missing: `f(x + h) - f(x) / h` divides only the second value. The whole rise is divided by h."
)
def divides_one_value(f: Function, x: float, h: float) -> Array:
    return f(x + h) - f(x) / h


@forward_difference.misconception("The rise is divided by 2 h, but the two places are only h apart.")
def runs_too_far(f: Function, x: float, h: float) -> Array:
    return (f(x + h) - f(x)) / (2 * h)


@forward_difference.misconception(
    "The sign is turned round: the value at x + h comes first, minus the value at x."
)
def falls_instead_of_rises(f: Function, x: float, h: float) -> Array:
    return (f(x) - f(x + h)) / h


@forward_difference.misconception(
    "h is added to the value, not to x: f(x) + h - f(x) is h whatever f is, and the slope comes out as 1."
)
def steps_outside(f: Function, x: float, h: float) -> Array:
    return (f(x) + h - f(x)) / h


# ----------------------------------------------------------------------------------- numerical_gradient


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "Change one entry at a time, on a copy that holds floats, and put it back before the next one. `np.ndindex(x.shape)` gives every index of any shape.",
        r"$\dfrac{\partial f}{\partial x_k} \approx \dfrac{f(x + h\,e_k) - f(x - h\,e_k)}{2h}$, where $e_k$ is 1 at entry $k$ and 0 elsewhere",
        "`point = np.array(x, dtype=float)`",
    ),
)
def numerical_gradient(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=float)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        kept = point[k]
        point[k] = kept + h
        above = f(point)
        point[k] = kept - h
        below = f(point)
        point[k] = kept
        gradient[k] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a vector",
        1,
        [(sine_chain, distinct(rng, 3), 0.5), (sum_of_cubes, signed(rng, 4), 0.25)],
        advice="Every entry of x gets its own slope: move that entry alone, to both sides.",
    )
    yield Ask(
        "a matrix, a single row, three axes",
        1.5,
        [
            (root_of_squares, signed(rng, 2, 3), 0.5),
            (log_sum_exp, distinct(rng, 4, -1, 1).reshape(1, 4), 0.5),
            (sine_chain, signed(rng, 2, 3, 2), 0.25),
        ],
        advice="The answer has the shape of x, whatever that is: `np.ndindex(x.shape)` visits every entry.",
    )
    yield Ask(
        "whole numbers in x",
        1.5,
        [(sum_of_cubes, whole(rng, 4), 0.5), (root_of_squares, whole(rng, 2, 2), 0.25)],
        advice="x holds integers here. An integer array cuts off what stands behind the point: work on floats.",
    )
    yield Ask("leaves x as it was", 1, [(sine_chain, signed(rng, 2, 2), 0.25)], unchanged=True)


@numerical_gradient.misconception(
    "This is the function as it was published: it adds the two losses where it must subtract them, and an integer x makes its steps and its slopes integers too."
)
def as_published(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        kept = x[k]
        x[k] = kept + h
        above = f(x)
        x[k] = kept - h
        below = f(x)
        x[k] = kept
        slopes[k] = (above + below) / (2 * h)
    return slopes


@numerical_gradient.misconception(
    "The two losses are added. (f1 + f2) / (2 h) is about f(x) / h, a huge number: a slope is the difference, (f1 - f2) / (2 h)."
)
def adds_the_two_losses(f: Function, x: Array, h: float) -> Array:
    return _slopes(f, x, lambda above, below, centre: (above + below) / (2 * h), h)


@numerical_gradient.misconception(
    "`np.zeros_like(x)` of an integer x holds integers, so every slope loses what stands behind the point. Make the result with `np.zeros(x.shape)`."
)
def integer_slopes(f: Function, x: Array, h: float) -> Array:
    return numerical_gradient(f, x, h).astype(x.dtype)


@numerical_gradient.misconception(
    "A copy of an integer x is an integer array as well: 3 + h is stored as 3, and 3 - h as 2. Copy it as floats: `np.array(x, dtype=float)`."
)
def integer_steps(f: Function, x: Array, h: float) -> Array:
    point = x.copy()
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        point[k] = x[k] + h
        above = f(point)
        point[k] = x[k] - h
        below = f(point)
        point[k] = x[k]
        slopes[k] = (above - below) / (2 * h)
    return slopes


@numerical_gradient.misconception(
    "x + h is stored in an integer copy, and the slopes in an integer array: with whole numbers in x both lose what stands behind the point. Use floats for both."
)
def integers_throughout(f: Function, x: Array, h: float) -> Array:
    return integer_steps(f, x, h).astype(x.dtype)


@numerical_gradient.misconception(
    "This is the forward difference. The central one steps to both sides: x + h and x - h, divided by 2 h."
)
def one_sided(f: Function, x: Array, h: float) -> Array:
    return _slopes(f, x, lambda above, below, centre: (above - centre) / h, h)


@numerical_gradient.misconception("The two places are 2 h apart, so divide by 2 h, not by h.")
def forgets_the_two(f: Function, x: Array, h: float) -> Array:
    return _slopes(f, x, lambda above, below, centre: (above - below) / h, h)


@numerical_gradient.misconception("`/ 2 * h` divides by 2 and then multiplies by h. Brackets: `/ (2 * h)`.")
def multiplies_by_the_step(f: Function, x: Array, h: float) -> Array:
    return _slopes(f, x, lambda above, below, centre: (above - below) / 2 * h, h)


@numerical_gradient.misconception("The sign is turned round: f(x + h) comes first, minus f(x - h).")
def gradient_upside_down(f: Function, x: Array, h: float) -> Array:
    return -numerical_gradient(f, x, h)


@numerical_gradient.misconception(
    "x + h moves all entries at once: one number comes out, the slope along all of them together. Move one entry at a time."
)
def moves_everything(f: Function, x: Array, h: float) -> Array:
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_gradient.misconception(
    "The entry is not put back before the next one moves, so later slopes belong to another point, and x ends up changed."
)
def leaves_x_moved(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        x[k] += h
        above = f(x)
        x[k] -= 2 * h
        slopes[k] = (above - f(x)) / (2 * h)
    return slopes


@numerical_gradient.misconception(
    "This loops over the first axis only, so a matrix moves a whole row at a time. `np.ndindex(x.shape)` visits every entry."
)
def rows_only(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros(len(x))
    for k in range(len(x)):
        point = np.array(x, dtype=float)
        point[k] += h
        above = f(point)
        point[k] -= 2 * h
        slopes[k] = (above - f(point)) / (2 * h)
    return slopes


@numerical_gradient.misconception(
    "The slopes come back as one long row. The gradient has the shape of x: one slope where each entry stands."
)
def flattened(f: Function, x: Array, h: float) -> Array:
    return numerical_gradient(f, x, h).ravel()


@numerical_gradient.misconception("The step is fixed inside the function. Use the h that was handed over.")
def ignores_the_step(f: Function, x: Array, h: float) -> Array:
    return numerical_gradient(f, x, 1e-4)


def _slopes(f: Function, x: Array, slope: Callable[[Array, Array, Array], Array], h: float) -> Array:
    point = np.array(x, dtype=float)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[k] += h
        below[k] -= h
        gradient[k] = slope(f(above), f(below), f(point))
    return gradient


# ------------------------------------------------------------------------------------- loss_evaluations


@exercise(
    LESSON,
    difficulty=1,
    minutes=4,
    hints=(
        "How often does your `numerical_gradient` call f for one entry of x? And if every sample has a loss of its own?",
        r"$2 \cdot n_{\text{parameters}} \cdot n_{\text{samples}}$",
        "`per_sample = 2 * parameters`",
    ),
)
def loss_evaluations(parameters: int, samples: int) -> int:
    return 2 * parameters * samples


@loss_evaluations.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(int(rng.integers(5, 40)), 1), (1000 * int(rng.integers(50, 100)), 1)])
    yield Ask(
        "several samples",
        1,
        [
            (int(rng.integers(5, 20)), int(rng.integers(3, 9))),
            (int(rng.integers(20, 40)), int(rng.integers(30, 60))),
        ],
    )


@loss_evaluations.misconception(
    "This counts one evaluation for each parameter. The central difference needs two: above and below."
)
def one_for_each_parameter(parameters: int, samples: int) -> int:
    return parameters * samples


@loss_evaluations.misconception(
    "This is the count of the forward difference: one for each parameter and one at the point itself. The central difference needs two for each parameter and none at the point."
)
def counts_the_forward_difference(parameters: int, samples: int) -> int:
    return (parameters + 1) * samples


@loss_evaluations.misconception(
    "The samples are not counted. Every sample has a gradient of its own here, and each costs as much as the first."
)
def forgets_the_samples(parameters: int, samples: int) -> int:
    return 2 * parameters


@loss_evaluations.misconception(
    "The samples are added. The whole work is done anew for each of them: multiply."
)
def adds_the_samples(parameters: int, samples: int) -> int:
    return 2 * parameters + samples


@loss_evaluations.misconception(
    "This counts a third value, at the point itself. The central difference never uses it."
)
def counts_the_point_too(parameters: int, samples: int) -> int:
    return (2 * parameters + 1) * samples


@loss_evaluations.misconception(
    "This counts pairs of parameters. Each parameter is moved alone, so the cost grows with their number, not with its square."
)
def every_pair(parameters: int, samples: int) -> int:
    return 2 * parameters**2 * samples


# --------------------------------------------------------------------------------------- relative_error


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "First the distance of each pair. Then the size to compare it with: the larger of the two, without signs. What if that size is 0?",
        r"$r = \dfrac{|a - b|}{\max(|a|, |b|)}$ entry by entry, and $r = 0$ where $a = b = 0$",
        "`size = np.maximum(np.abs(a), np.abs(b))`",
    ),
)
def relative_error(a: Array, b: Array) -> Array:
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(np.subtract(a, b)) / np.where(size == 0, 1, size)


def _pair(rng: np.random.Generator, *shape: int) -> tuple[Array, Array]:
    """Two arrays that differ in every entry, both signs; the larger size stands now in the one, now in the other."""
    a = signed(rng, *shape)
    factors = rng.permutation(np.resize([0.5, 0.75, 1.5, -1.25, 2.0, 1.75], a.size)).reshape(shape)
    return a, a * factors


@relative_error.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    a, b = _pair(rng, 6)
    yield Ask("two numbers", 0.5, [(a[0], b[0]), (a[1], b[1]), (a[2], b[2])])
    yield Ask("arrays, entry by entry", 1.5, [_pair(rng, 6), _pair(rng, 2, 3), _pair(rng, 1, 4)])
    a, b = _pair(rng, 6)
    hole = int(rng.integers(6))
    a[hole] = b[hole] = 0
    c, d = _pair(rng, 2, 3)
    c[0, 1] = d[0, 1] = d[1, 2] = 0
    yield Ask(
        "zeros: 0 against 0 is no error",
        1.5,
        [(a, b), (c, d)],
        advice="Where both are 0, the error is 0; where one of them is 0, it is 1.",
    )
    yield Ask("leaves its arguments as they were", 0.5, [_pair(rng, 2, 2)], unchanged=True)


@relative_error.misconception(
    "This is the distance alone. The same distance is a disaster between small numbers and nothing between large ones: divide by the larger size."
)
def absolute_error(a: Array, b: Array) -> Array:
    return np.abs(np.subtract(a, b))


@relative_error.misconception("0 / 0 is nan. Where both are 0 nothing differs: the error there is 0.")
def nan_at_zero(a: Array, b: Array) -> Array:
    return np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b))


@relative_error.misconception(
    "The distance is divided by the size of the first alone. Then the two do not count the same: take the larger of both sizes."
)
def divides_by_the_first(a: Array, b: Array) -> Array:
    return np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), 1e-12)


@relative_error.misconception(
    "The distance is divided by the size of the second alone. Then the two do not count the same: take the larger of both sizes."
)
def divides_by_the_second(a: Array, b: Array) -> Array:
    return np.abs(np.subtract(a, b)) / np.maximum(np.abs(b), 1e-12)


@relative_error.misconception(
    "The distance is divided by the sum of the sizes. Others do that too, but here the larger of the two is asked for."
)
def divides_by_the_sum(a: Array, b: Array) -> Array:
    return np.abs(np.subtract(a, b)) / np.maximum(np.abs(a) + np.abs(b), 1e-12)


@relative_error.misconception(
    "The sign of the difference is kept. An error counts the same in both directions: take the absolute value."
)
def signed_error(a: Array, b: Array) -> Array:
    return np.subtract(a, b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)


@relative_error.misconception(
    "The larger of a and b was taken with their signs. -3 is larger in size than 1: take the absolute values first."
)
def larger_with_sign(a: Array, b: Array) -> Array:
    size = np.maximum(a, b)
    return np.abs(np.subtract(a, b)) / np.where(size == 0, 1e-12, size)


@relative_error.misconception(
    "One number for all entries. Then nobody can see which entry is wrong: return an error for each."
)
def one_number_for_all(a: Array, b: Array) -> Array:
    return np.max(relative_error(a, b))


@relative_error.misconception(
    "This divides the length of the whole difference by a length. One wrong entry among a thousand drowns in that: return an error for each entry."
)
def error_of_the_norms(a: Array, b: Array) -> object:
    norm = np.linalg.norm
    return norm(np.subtract(a, b)) / max(norm(np.ravel(a)), norm(np.ravel(b)))


# --------------------------------------------------------------------------------------- gradient_check


@exercise(
    LESSON,
    difficulty=3,
    minutes=12,
    hints=(
        "You have every part: `numerical_gradient`, the gradient to be checked at x, `relative_error`. Then find the largest entry, where it stands, and compare it with the tolerance.",
        r"$k^{*} = \arg\max_k \; r_k, \quad r = \operatorname{relative\ error}(\text{gradient}(x),\ \text{numerical gradient})$, and ok means $r_{k^{*}} \le$ tolerance. `np.unravel_index` turns a flat position into an index.",
        "`errors = relative_error(gradient(x), numerical_gradient(f, x, h))`",
    ),
)
def gradient_check(
    f: Function, gradient: Function, x: Array, h: float, tolerance: float
) -> tuple[bool, tuple[int, ...], float]:
    errors = _errors(f, gradient, x, h)
    return _verdict(errors, np.argmax(errors), tolerance)


def _errors(f: Function, gradient: Function, x: Array, h: float) -> Array:
    return relative_error(gradient(x), numerical_gradient(f, x, h))


def _verdict(errors: Array, place: np.integer, tolerance: float) -> tuple[bool, tuple[int, ...], float]:
    index = tuple(int(k) for k in np.unravel_index(place, errors.shape))
    return bool(errors[index] <= tolerance), index, float(errors[index])


def _clear(
    rng: np.random.Generator,
    f: Function,
    gradient: Function,
    shape: tuple[int, ...],
    h: float,
    tolerance: float,
    ok: bool,
) -> tuple[Function, Function, Array, float, float]:
    """A call whose worst entry stands out, and whose worst error is well on one side of the tolerance."""
    while True:
        x = signed(rng, *shape)
        *_, second, worst = np.sort(_errors(f, gradient, x, h), axis=None)
        if worst > 1.04 * second and (worst < tolerance / 1.5 if ok else worst > 2 * tolerance):
            return f, gradient, x, h, tolerance


@gradient_check.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    # All slopes negative; the one to be checked is larger in size in `steep`, smaller in `flat`.
    steep, flat = -distinct(rng, 3, 1.25, 3), -distinct(rng, 3, 0.375, 0.875)
    yield Ask(
        "a right gradient",
        1.5,
        [
            _clear(rng, sum_of_cubes, three_squares, (2, 3), 0.25, 0.5, True),
            _clear(rng, root_of_squares, outward, (3, 2), 0.5, 0.25, True),
        ],
    )
    yield Ask(
        "a gradient with an error in it",
        2,
        [
            _clear(rng, sum_of_cubes, clipped_three_squares, (3, 2), 0.125, 0.125, False),
            _clear(rng, sum_of_cubes, double, (1, 4), 0.25, 0.5, False),
            _clear(rng, sine_chain, sine_chain_one_term, (2, 3), 0.125, 0.0625, False),
            (sum_of_squares, three_x_plus_one, steep, 0.25, 0.03125),
            (sum_of_squares, three_x_plus_one, flat, 0.25, 0.03125),
        ],
    )
    yield Ask(
        "three axes",
        1,
        [
            _clear(rng, sum_of_cubes, three_squares, (2, 2, 2), 0.25, 0.03125, False),
            _clear(rng, sine_chain, sine_chain_slope, (2, 1, 3), 0.25, 0.5, True),
        ],
    )
    yield Ask(
        "leaves x as it was",
        0.5,
        [_clear(rng, sine_chain, sine_chain_one_term, (2, 2), 0.25, 0.0625, False)],
        unchanged=True,
    )


@gradient_check.misconception(
    "The distances are compared, not the relative errors. Then the tolerance means something else for every loss."
)
def compares_distances(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = np.abs(gradient(x) - numerical_gradient(f, x, h))
    return _verdict(errors, np.argmax(errors), tolerance)


@gradient_check.misconception(
    "`np.argmax` gives the position in the flattened array. `np.unravel_index(position, x.shape)` makes it an index, a tuple with a number for each axis."
)
def flat_position(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    ok, _, worst = gradient_check(f, gradient, x, h, tolerance)
    return ok, int(np.argmax(_errors(f, gradient, x, h))), worst


@gradient_check.misconception(
    "`np.where` gives an array for each axis. The index is one whole number for each axis: np.unravel_index(np.argmax(errors), errors.shape)."
)
def index_as_arrays(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    ok, _, worst = gradient_check(f, gradient, x, h, tolerance)
    errors = _errors(f, gradient, x, h)
    return ok, np.where(errors == errors.max()), worst


@gradient_check.misconception(
    "This reports the best entry. One wrong entry is enough to spoil a gradient: look for the largest error."
)
def reports_the_best(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = _errors(f, gradient, x, h)
    return _verdict(errors, np.argmin(errors), tolerance)


@gradient_check.misconception(
    "ok is turned round: the gradient passes when its worst error is at most the tolerance."
)
def ok_turned_round(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    ok, index, worst = gradient_check(f, gradient, x, h, tolerance)
    return not ok, index, worst


@gradient_check.misconception(
    "The mean error is compared and reported. One wrong entry among many right ones disappears in a mean: take the largest."
)
def mean_error(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = _errors(f, gradient, x, h)
    index = _verdict(errors, np.argmax(errors), tolerance)[1]
    return bool(np.mean(errors) <= tolerance), index, float(np.mean(errors))


@gradient_check.misconception(
    "ok is true as soon as one entry is within the tolerance. All entries must be, so the worst decides."
)
def any_entry_will_do(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    _, index, worst = gradient_check(f, gradient, x, h, tolerance)
    return bool(np.any(_errors(f, gradient, x, h) <= tolerance)), index, worst


@gradient_check.misconception(
    "The errors keep their signs, so one that is far too small (below 0) counts as better than none. Take absolute values."
)
def errors_with_signs(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = signed_error(gradient(x), numerical_gradient(f, x, h))
    return _verdict(errors, np.argmax(errors), tolerance)


@gradient_check.misconception(
    "The gradient is compared with forward differences. The central ones are far closer: use your numerical_gradient."
)
def compares_with_forward(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = relative_error(gradient(x), one_sided(f, x, h))
    return _verdict(errors, np.argmax(errors), tolerance)


@gradient_check.misconception(
    "This is the value of x at the worst entry. Asked for is where it stands: its index."
)
def value_for_index(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    ok, index, worst = gradient_check(f, gradient, x, h, tolerance)
    return ok, x[index], worst


# ----------------------------------------------------------------------------------------- complex_step


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The loop is that of `numerical_gradient`. But the step is imaginary, there is only one value per entry, and nothing is subtracted. Which array can hold an imaginary step?",
        r"$\dfrac{\partial f}{\partial x_k} \approx \dfrac{\operatorname{Im} f(x + i\,h\,e_k)}{h}$",
        "`point = np.array(x, dtype=complex)`",
    ),
)
def complex_step(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=complex)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        kept = point[k]
        point[k] = kept + 1j * h
        gradient[k] = np.imag(f(point)) / h
        point[k] = kept
    return gradient


@complex_step.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask(
        "a vector, with a step no difference could use",
        1.5,
        [(sine_chain, distinct(rng, 3), TINY), (sum_of_cubes, signed(rng, 4), TINY)],
        advice="At h = 1e-20, x + h is x itself. Only an imaginary step survives: `1j * h`.",
    )
    yield Ask(
        "a matrix, a single row, three axes",
        1.5,
        [
            (root_of_squares, signed(rng, 2, 3), TINY),
            (log_sum_exp, numbers(rng, 1, 4, low=-1, high=1), TINY),
            (sine_chain, signed(rng, 2, 3, 2), TINY),
        ],
        advice="The answer has the shape of x, and one entry moves at a time.",
    )
    yield Ask("a wide step", 0.5, [(sum_of_cubes, signed(rng, 4), 0.5), (sine_chain, distinct(rng, 3), 0.25)])
    yield Ask("leaves x as it was", 0.5, [(sine_chain, signed(rng, 2, 2), TINY)], unchanged=True)


def _imaginary(f: Function, x: Array, h: float, slope: Callable[[Array], Array]) -> Array:
    point = np.array(x, dtype=complex)
    values = []
    for k in np.ndindex(point.shape):
        moved = point.copy()
        moved[k] += 1j * h
        values.append(slope(f(moved)))
    return np.array(values).reshape(point.shape)


@complex_step.misconception(
    "The real part was taken. It is about f(x); the slope stands in the imaginary part."
)
def takes_the_real_part(f: Function, x: Array, h: float) -> Array:
    return _imaginary(f, x, h, lambda value: value.real / h)


@complex_step.misconception(
    "The absolute value mixes real and imaginary part. The slope is the imaginary part over h."
)
def takes_the_size(f: Function, x: Array, h: float) -> Array:
    return _imaginary(f, x, h, lambda value: np.abs(value) / h)


@complex_step.misconception(
    "f(x) is subtracted and the result is still complex. Nothing needs subtracting: take the imaginary part, which is 0 at x itself."
)
def difference_with_i(f: Function, x: Array, h: float) -> Array:
    return _imaginary(f, x, h, lambda value: (value - f(x)) / h)


@complex_step.misconception("The imaginary part is h times the slope: divide it by h.")
def forgets_to_divide(f: Function, x: Array, h: float) -> Array:
    return _imaginary(f, x, h, lambda value: value.imag)


@complex_step.misconception("There is one step here, not two: divide by h, not by 2 h.")
def divides_by_two_steps(f: Function, x: Array, h: float) -> Array:
    return _imaginary(f, x, h, lambda value: value.imag / (2 * h))


@complex_step.misconception(
    "The step is real. At h = 1e-20, x + h and x - h are both x, and the difference is 0. Step by `1j * h`."
)
def real_step(f: Function, x: Array, h: float) -> Array:
    return numerical_gradient(f, x, h)


@complex_step.misconception(
    "An array of floats cannot hold the imaginary step, so it is cut off and every slope is 0. Copy x as complex: `np.array(x, dtype=complex)`."
)
def imaginary_part_cut_off(f: Function, x: Array, h: float) -> Array:
    return np.zeros(x.shape)


@complex_step.misconception(
    "x + 1j * h moves all entries at once: one number comes out. Move one entry at a time."
)
def moves_everything_sideways(f: Function, x: Array, h: float) -> Array:
    return np.imag(f(x + 1j * h)) / h


@complex_step.misconception(
    "The entry is not put back, so every later slope also holds the slopes before it."
)
def keeps_the_steps(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=complex)
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        point[k] += 1j * h
        slopes[k] = np.imag(f(point)) / h
    return slopes


@complex_step.misconception("The slopes come back as one long row. The gradient has the shape of x.")
def flattened_slopes(f: Function, x: Array, h: float) -> Array:
    return complex_step(f, x, h).ravel()


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes, by what it is."""

    def cube(x: Array) -> Array:
        return np.asarray(x) ** 3

    def central(f: Function, x: float, h: float) -> Array:
        return numerical_gradient(lambda point: np.sum(f(point)), np.array([x]), h)[0]

    u = np.spacing(1.0) / 2
    value, bend, third = 8.0, 12.0, 6.0  # of x**3 at 2, and its second and third derivative there
    best_central = np.cbrt(3 * u * value / third)
    best_forward = 2 * np.sqrt(u * value / bend)
    loss, slope, too_short, good = 2.3, 0.05, 1e-13, 1e-5
    claims = np.array([1000, 0.0001])
    measured = np.array([1000.1, 0.0002])
    return {
        "steps of the text": np.array([0.1, 0.01, 0.001, 0.0001, 1e-5, 1e-6, 1e-17, 1e-20]),
        "places beside 2": np.array([2.1, 1.9]),
        "x**3 at 2.1 and 1.9": cube(np.array([2.1, 1.9])),
        "its rise from 2, and from 1.9": np.array([2.1**3 - 8, 2.1**3 - 1.9**3]),
        "the run from 1.9 to 2.1": 0.2,
        "forward differences at h = 0.1 and 0.01": np.array(
            [forward_difference(cube, 2, h) for h in (0.1, 0.01)]
        ),
        "central differences at h = 0.1 and 0.01": np.array([central(cube, 2, h) for h in (0.1, 0.01)]),
        "gradients by hand": claims,
        "gradients by number": measured,
        "their distances": np.abs(claims - measured),
        "their relative errors": relative_error(claims, measured),
        "error of a gradient 4 times too large": relative_error(4.0, 1.0),
        "bounds of the rule of thumb": np.array([1e-7, 1e-2]),
        "beside the kink": 0.00002,
        "two steps from there": np.array([0.00002 + 0.0001, 0.00002 - 0.0001, 0.0002]),
        "slope across the kink": central(lambda x: np.maximum(x, 0), 0.00002, 0.0001),
        "its relative error": relative_error(1.0, central(lambda x: np.maximum(x, 0), 0.00002, 0.0001)),
        "unit of rounding": u,
        "best central step": best_central,
        "its error": best_central**2 * third / 6 + u * value / best_central,
        "best forward step": best_forward,
        "the forward error": best_forward * bend / 2 + 2 * u * value / best_forward,
        "the colleague's loss and slope": np.array([loss, slope]),
        "what her check reports": 0.04,
        "rounding at her step, absolute and relative": np.array([1, 1 / slope]) * u * loss / too_short,
        "rounding at 1e-5, absolute and relative": np.array([1, 1 / slope]) * u * loss / good,
    }
