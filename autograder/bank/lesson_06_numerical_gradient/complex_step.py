"""`complex_step`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers, signed
from autograder.bank.lesson_06_numerical_gradient.common import LESSON, TINY, Array, Function
from autograder.bank.lesson_06_numerical_gradient.numerical_gradient import numerical_gradient
from autograder.bank.promises import WHOLE, drawn, one_of, reals
from autograder.kit.functions import columns_weighted, log_sum_exp, root_of_squares, sine_chain, sum_of_cubes


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "The loop is that of `numerical_gradient`. But the step is imaginary, there is only one value per entry, and nothing is subtracted. Which array can hold an imaginary step?",
        r"$\dfrac{\partial f}{\partial x_k} \approx \dfrac{\operatorname{Im} f(x + i\,h\,e_k)}{h}$",
        "`point = np.array(x, dtype=complex)`. For each index `k`: put `before + 1j * h` there, take `np.imag(f(point)) / h`, which is a real number, and put `before` back.",
    ),
    promises={
        "f": one_of(sine_chain, sum_of_cubes, root_of_squares, columns_weighted),
        "x": reals("...", WHOLE),
        "h": drawn(lambda rng, sizes: np.float64(TINY)),
    },
    without=("number",),
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
        [
            (sine_chain, distinct(rng, 3), TINY),
            (sum_of_cubes, signed(rng, 4), TINY),
            (sine_chain, 1000 + distinct(rng, 3) + 0.03, TINY),
        ],
    )
    yield Ask(
        "a matrix, a single row, three axes",
        1.5,
        [
            (root_of_squares, signed(rng, 2, 3), TINY),
            (columns_weighted, signed(rng, 3, 2), TINY),
            (log_sum_exp, numbers(rng, 1, 4, low=-1, high=1), TINY),
            (sine_chain, signed(rng, 2, 3, 2), TINY),
        ],
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


@complex_step.misconception(
    "f was given the entries in one row. It must get an array of the shape of x: what a loss is may depend on it."
)
def hands_over_a_row(f: Function, x: Array, h: float) -> Array:
    return complex_step(f, np.ravel(x), h).reshape(np.shape(x))


@complex_step.misconception(
    "The entries were kept in single precision. It has seven digits, and of a large entry's none stands behind the fourth."
)
def single_precision_inside(f: Function, x: Array, h: float) -> Array:
    return complex_step(f, np.asarray(x, dtype=np.float32).astype(float), h)


@complex_step.misconception(
    "x + 1j * h moves all entries at once, and every entry got that one number. Move one entry at a time."
)
def one_slope_everywhere(f: Function, x: Array, h: float) -> Array:
    x = np.asarray(x)
    return np.full(x.shape, np.imag(f(x + 1j * h)) / h)


@complex_step.misconception(
    "This loops over the first axis only, so a whole row moves at a time. `np.ndindex(x.shape)` visits every entry."
)
def whole_rows(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=complex)
    gradient = np.zeros(point.shape)
    for k in range(len(point)):
        kept = np.copy(point[k])
        point[k] = kept + 1j * h
        gradient[k] = np.imag(f(point)) / h
        point[k] = kept
    return gradient


@complex_step.misconception("The step was h times the entry. Step by 1j * h, whatever the entry is.")
def step_by_the_entry(f: Function, x: Array, h: float) -> Array:
    point = np.array(x, dtype=complex)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        kept = point[k]
        point[k] = kept * (1 + 1j * h)
        gradient[k] = np.imag(f(point)) / h
        point[k] = kept
    return gradient


@complex_step.misconception("A step of its own was taken, whatever h is. Use the h that comes.")
def own_step(f: Function, x: Array, h: float) -> Array:
    return complex_step(f, x, 1e-3)


# Right answers in other words.


def complex_nditer(f, x, h):
    z = x.astype(complex)
    slopes = np.zeros(x.shape)
    for k, before in np.ndenumerate(x):
        z[k] += 1j * h
        slopes[k] = f(z).imag / h
        z[k] = before
    return slopes


def complex_unit_vectors(f, x, h):
    steps = 1j * h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.imag([f(x + step) for step in steps]).reshape(x.shape) / h


def complex_flat_lists(f, x, h):
    flat = [complex(value) for value in x.ravel()]
    slopes = []
    for k in range(len(flat)):
        moved = list(flat)
        moved[k] = complex(flat[k].real, h)
        slopes.append(f(np.array(moved).reshape(x.shape)).imag / h)
    return np.reshape(slopes, x.shape).tolist()


def complex_there_and_back(f, x, h):
    """Half the difference to the step the other way: the same number for a real function."""
    slopes = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = ((f(x + 1j * step) - f(x - 1j * step)) / (2j * h)).real
    return slopes


def complex_float32(f, x, h):
    return np.float32(complex_unit_vectors(f, x, h))


complex_step.right_answers(
    complex_nditer,
    complex_unit_vectors,
    complex_flat_lists,
    complex_there_and_back,
    complex_float32,
)
