"""`gradient_check`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, number, signed
from autograder.bank.lesson_06_numerical_gradient.common import LESSON, Array, Function, wide_step
from autograder.bank.lesson_06_numerical_gradient.numerical_gradient import (
    gradient_flat,
    gradient_in_place_and_back,
    gradient_nditer,
    gradient_unit_vectors,
    numerical_gradient,
    one_sided,
)
from autograder.bank.lesson_06_numerical_gradient.relative_error import (
    relative_divide_where,
    relative_error,
    relative_masked,
    relative_tiny,
    signed_error,
)
from autograder.bank.promises import drawn, one_of, reals
from autograder.kit.functions import (
    clipped_three_squares,
    double,
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


@exercise(
    LESSON,
    difficulty=3,
    minutes=12,
    hints=(
        "You have every part: `numerical_gradient`, the gradient to be checked at x, `relative_error`. Then find the largest entry, where it stands, and compare it with the tolerance.",
        r"$k^{*} = \arg\max_k \; r_k, \quad r = \operatorname{relative\ error}(\text{gradient}(x),\ \text{numerical gradient})$, and ok means $r_{k^{*}} \le$ tolerance. `np.unravel_index` turns a flat position into an index.",
        "`errors = np.asarray(relative_error(gradient(x), numerical_gradient(f, x, h)))`, then `k = np.unravel_index(np.argmax(errors), errors.shape)`. Return `errors[k] <= tolerance`, `k` as a tuple, and `errors[k]`.",
    ),
    promises={
        "f": one_of(sum_of_squares),
        "gradient": one_of(three_squares),
        "x": reals("..."),
        "h": drawn(wide_step),
        "tolerance": drawn(lambda rng, sizes: np.float64(0.25)),
    },
    without=("number",),
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
    # The worst error of these is exactly 1/2, at the entry 1; and of slopes of a thousandth the size does not matter.
    just = rng.permutation([1.0, *(1 + distinct(rng, 3, 0.5, 3))])
    small = signed(rng, 4) / 1024
    # One slope is wrong among four, by 1/2; the mean of the errors is less than 1/6.
    one_of_four = rng.permutation([1.0, -1.0, -1 - number(rng, 0.125, 0.25), -1 + number(rng, 0.125, 0.25)])
    yield Ask(
        "a right gradient",
        1.5,
        [
            _clear(rng, sum_of_cubes, three_squares, (2, 3), 0.25, 0.5, True),
            _clear(rng, root_of_squares, outward, (3, 2), 0.5, 0.25, True),
            (sum_of_squares, three_x_plus_one, just, 0.25, 0.5),
            (sum_of_squares, three_x_plus_one, rng.permutation([1, -2, 3, 4]).reshape(2, 2), 0.25, 0.75),
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
            (sum_of_squares, three_squares, small, 2.0**-12, 0.5),
            (sum_of_squares, three_x_plus_one, one_of_four, 0.25, 0.375),
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


@gradient_check.misconception(
    "An error of exactly the tolerance was not let through. At most includes it: <=."
)
def below_the_tolerance(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    errors = _errors(f, gradient, x, h)
    ok, index, worst = _verdict(errors, np.argmax(errors), tolerance)
    return worst < tolerance, index, worst


@gradient_check.misconception(
    "A smallest size was set for the comparison of the slopes. Where both are smaller, a wrong gradient then looks right."
)
def smallest_slope(f: Function, gradient: Function, x: Array, h: float, tolerance: float) -> object:
    ours, measured = np.asarray(gradient(x)), numerical_gradient(f, x, h)
    errors = np.abs(ours - measured) / np.maximum(np.maximum(np.abs(ours), np.abs(measured)), 1e-2)
    return _verdict(errors, np.argmax(errors), tolerance)


# Right answers in other words.


def check_unravelled(f, gradient, x, h, tolerance):
    errors = relative_tiny(np.asarray(gradient(x)), gradient_flat(f, x, h))
    position = errors.argmax()
    return errors.max() <= tolerance, np.unravel_index(position, errors.shape), errors.max()


def check_loops(f, gradient, x, h, tolerance):
    claimed, measured = gradient(x), gradient_nditer(f, x, h)
    worst, where = -1.0, None
    for k in np.ndindex(x.shape):
        size = max(abs(claimed[k]), abs(measured[k]))
        error = abs(claimed[k] - measured[k]) / size if size else 0.0
        if error > worst:
            worst, where = error, k
    return worst <= tolerance, where, worst


def check_lists(f, gradient, x, h, tolerance):
    errors = relative_masked(gradient(x), gradient_unit_vectors(f, x, h))
    where = np.argwhere(errors == np.max(errors))[0].tolist()
    return [bool(np.all(errors <= tolerance)), where, float(np.max(errors))]


def check_sorted(f, gradient, x, h, tolerance):
    errors = relative_divide_where(np.array(gradient(x)), gradient_in_place_and_back(f, x, h))
    worst, where = max((float(error), k) for k, error in np.ndenumerate(errors))
    return not worst > tolerance, np.array(where), worst


def check_float32(f, gradient, x, h, tolerance):
    ok, where, worst = check_loops(f, gradient, x, h, tolerance)
    return np.bool_(ok), where, np.float32(worst)


gradient_check.right_answers(
    check_unravelled,
    check_loops,
    check_lists,
    check_sorted,
    check_float32,
)
