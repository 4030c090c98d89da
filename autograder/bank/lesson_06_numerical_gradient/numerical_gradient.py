"""`numerical_gradient`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, signed
from autograder.bank.lesson_06_numerical_gradient.common import LESSON, Array, Function, whole, wide_step
from autograder.bank.promises import WHOLE, drawn, one_of, reals
from autograder.kit.functions import (
    columns_weighted,
    log_sum_exp,
    root_of_squares,
    sine_chain,
    sum_of_cubes,
    sum_of_sizes,
)


@exercise(
    LESSON,
    difficulty=3,
    minutes=15,
    hints=(
        "Change one entry at a time, on a copy that holds floats, and put it back before the next one. `np.ndindex(x.shape)` gives every index of any shape.",
        r"$\dfrac{\partial f}{\partial x_k} \approx \dfrac{f(x + h\,e_k) - f(x - h\,e_k)}{2h}$, where $e_k$ is 1 at entry $k$ and 0 elsewhere",
        "`point = np.array(x, dtype=float)` and `gradient = np.zeros(point.shape)`. For each `k` in `np.ndindex(point.shape)`: keep `before = point[k]`, ask `f(point)` with `before + h` and with `before - h` there, put `before` back, and divide the difference of the two by `2 * h`.",
    ),
    promises={
        "f": one_of(sine_chain, sum_of_cubes, root_of_squares, columns_weighted),
        "x": reals("...", WHOLE),
        "h": drawn(wide_step),
    },
    without=("number",),
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
    # Far out a number in single precision has no digits left behind the second.
    far = 1000 + distinct(rng, 3)
    yield Ask(
        "a vector",
        1,
        [
            (sine_chain, distinct(rng, 3), 0.5),
            (sum_of_cubes, signed(rng, 4), 0.25),
            (sine_chain, far, 1e-4),
            # Across kinks: only with just this step are the slopes what they are.
            (sum_of_sizes, distinct(rng, 3) * 2.0**-36, 2.0**-34),
        ],
    )
    yield Ask(
        "a matrix, a single row, three axes",
        1.5,
        [
            (root_of_squares, signed(rng, 2, 3), 0.5),
            (columns_weighted, signed(rng, 3, 2), 0.5),
            (log_sum_exp, distinct(rng, 4, -1, 1).reshape(1, 4), 0.5),
            (sine_chain, signed(rng, 2, 3, 2), 0.25),
        ],
    )
    yield Ask(
        "whole numbers in x",
        1.5,
        [(sum_of_cubes, whole(rng, 4), 0.5), (root_of_squares, whole(rng, 2, 2), 0.25)],
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


@numerical_gradient.misconception(
    "The step grows with the entry, h times its size. The function says what h is: use it as it comes."
)
def step_by_the_size(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=float)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        kept, step = point[k], h * np.maximum(1.0, abs(point[k]))
        point[k] = kept + step
        above = f(point)
        point[k] = kept - step
        gradient[k] = (above - f(point)) / (2 * step)
        point[k] = kept
    return gradient


@numerical_gradient.misconception(
    "f was given the entries in one row. It must get an array of the shape of x: what a loss is may depend on it."
)
def hands_over_a_row(f: Function, x: Array, h: float) -> Array:
    row = np.array(x, dtype=float).ravel()
    return numerical_gradient(f, row, h).reshape(np.shape(x))


@numerical_gradient.misconception(
    "The entries were kept in single precision. It has seven digits, and a small step or a large entry leaves none of them."
)
def single_precision_inside(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=np.float32)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        kept = point[k]
        point[k] = kept + h
        above = f(point)
        point[k] = kept - h
        gradient[k] = (above - f(point)) / (2 * h)
        point[k] = kept
    return gradient


@numerical_gradient.misconception(
    "The slopes were divided by the size of their entry as well. The change is divided by 2 h alone."
)
def slopes_relative_to_the_entry(f: Function, x: Array, h: float) -> Array:
    return numerical_gradient(f, x, h) / np.maximum(np.abs(x), 1)


# Right answers in other words.


def gradient_nditer(f, x, h):
    x = x.astype(float)
    slopes = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        k = it.multi_index
        before = x[k]
        x[k] = before + h
        above = f(x)
        x[k] = before - h
        below = f(x)
        slopes[k] = (above - below) / (2 * h)
        x[k] = before
        it.iternext()
    return slopes


def gradient_flat(f, x, h):
    flat = np.asarray(x, dtype=float).ravel().copy()
    slopes = []
    for k in range(flat.size):
        moved = flat.copy()
        moved[k] += h
        above = f(moved.reshape(x.shape))
        moved[k] -= 2 * h
        slopes.append((above - f(moved.reshape(x.shape))) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def gradient_unit_vectors(f, x, h):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) / (2 * h)


def gradient_recursive_lists(f, x, h):
    """Row by row, lists out."""

    def slopes(index):
        if len(index) == x.ndim:
            step = np.zeros(x.shape)
            step[index] = h
            return float((f(x + step) - f(x - step)) / (2 * h))
        return [slopes((*index, k)) for k in range(x.shape[len(index)])]

    return slopes(())


def gradient_in_place_and_back(f, x, h):
    """Floats are moved in the caller's own array and put back; integers in a copy."""
    work = x if x.dtype.kind == "f" else x.astype(float)
    slopes = np.empty(work.shape)
    for k, before in np.ndenumerate(work.copy()):
        work[k] = before + h
        slopes[k] = f(work)
        work[k] = before - h
        slopes[k] -= f(work)
        work[k] = before
    return slopes / (2 * h)


def gradient_mean_of_two_sides(f, x, h):
    x = np.array(x, float)
    here, slopes = f(x), np.zeros(x.shape)
    for k in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = ((f(x + step) - here) / h + (here - f(x - step)) / h) / 2
    return slopes


def gradient_float32(f, x, h):
    return gradient_flat(f, x, h).astype(np.float32)


numerical_gradient.right_answers(
    gradient_nditer,
    gradient_flat,
    gradient_unit_vectors,
    gradient_recursive_lists,
    gradient_in_place_and_back,
    gradient_mean_of_two_sides,
    gradient_float32,
)
