"""`relative_error`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, signed
from autograder.bank.lesson_06_numerical_gradient.common import LESSON, Array
from autograder.bank.promises import WHOLE, ZERO, reals


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "First the distance of each pair. Then the size to compare it with: the larger of the two, without signs. What if that size is 0?",
        r"$r = \dfrac{|a - b|}{\max(|a|, |b|)}$ entry by entry, and $r = 0$ where $a = b = 0$",
        "`size = np.maximum(np.abs(a), np.abs(b))`. Divide the distance `np.abs(np.subtract(a, b))` by it; where the size is 0, divide by 1: `np.where(size == 0, 1, size)`.",
    ),
    promises={"a": reals("...", ZERO, WHOLE), "b": reals("...")},
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
    tiny, alike = _pair(rng, 4), signed(rng, 4)
    small = (tiny[0] * 2.0**-30, tiny[1] * 2.0**-30)
    whole_pair = (np.array([3, -2, 5, 4]), np.array([2, -2, 4, int(rng.integers(5, 9))]))
    calls = [
        _pair(rng, 6),
        _pair(rng, 2, 3),
        _pair(rng, 1, 4),
        small,
        (alike, alike * (1 + 2.0**-11)),
        whole_pair,
    ]
    yield Ask("arrays, entry by entry", 1.5, calls)
    a, b = _pair(rng, 6)
    hole = int(rng.integers(6))
    a[hole] = b[hole] = 0
    c, d = _pair(rng, 2, 3)
    c[0, 1] = d[0, 1] = d[1, 2] = 0
    yield Ask(
        "zeros: 0 against 0 is no error",
        1.5,
        [(a, b), (c, d)],
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


@relative_error.misconception(
    "A smallest size was set for the comparison. Between numbers that are smaller, the error then comes out too small."
)
def smallest_size(a: Array, b: Array) -> Array:
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(np.subtract(a, b)) / np.maximum(size, 1e-3)


@relative_error.misconception(
    "Something was added to the size, to be safe. Between small numbers the error then comes out too small."
)
def safe_size(a: Array, b: Array) -> Array:
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(np.subtract(a, b)) / (size + 1e-8)


@relative_error.misconception("Numbers that are close were taken to be equal. Their error is small, not 0.")
def close_is_equal(a: Array, b: Array) -> Array:
    return np.where(np.isclose(a, b, rtol=1e-3), 0.0, relative_error(a, b))


@relative_error.misconception(
    "All entries were compared with one size, the largest of all. Each pair has its own."
)
def one_size_for_all(a: Array, b: Array) -> Array:
    size = max(np.max(np.abs(a)), np.max(np.abs(b)))
    return np.abs(np.subtract(a, b)) / (size if size else 1)


@relative_error.misconception(
    "The errors were kept as whole numbers, because a has whole numbers. Make the result with floats."
)
def whole_errors(a: Array, b: Array) -> Array:
    return relative_error(a, b).astype(np.asarray(a).dtype)


@relative_error.misconception(
    "The distance is divided by the smaller of the two sizes. Here the larger is asked for."
)
def divides_by_the_smaller(a: Array, b: Array) -> Array:
    size = np.minimum(np.abs(a), np.abs(b))
    return np.abs(np.subtract(a, b)) / np.where(size == 0, 1, size)


# Right answers in other words.


def relative_loops(a, b):
    if np.ndim(a) > 0:
        return np.array([relative_loops(p, q) for p, q in zip(a, b, strict=True)])
    size = max(abs(a), abs(b))
    return 0.0 if size == 0 else abs(a - b) / size


def relative_tiny(a, b):
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300)


def relative_largest_of_three(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return abs(a - b) / np.max([abs(a), abs(b), np.full(a.shape, 1e-12)], axis=0)


def relative_masked(a, b):
    error = np.array(np.abs(np.subtract(a, b)), dtype=float)
    size = np.where(np.abs(a) > np.abs(b), np.abs(a), np.abs(b))
    error[size > 0] /= size[size > 0]
    return error


def relative_divide_where(a, b):
    size = np.fmax(np.abs(a), np.abs(b))
    return np.divide(np.abs(a - b), size, out=np.zeros(np.shape(a)), where=size != 0)


def relative_nan_to_num(a, b):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b)))


def relative_lists(a, b):
    return np.asarray(relative_tiny(np.asarray(a), np.asarray(b))).tolist()


def relative_float32(a, b):
    a, b = np.float32(a), np.float32(b)
    return abs(a - b) / np.maximum(np.maximum(abs(a), abs(b)), np.float32(1e-12))


relative_error.right_answers(
    relative_loops,
    relative_tiny,
    relative_largest_of_three,
    relative_masked,
    relative_divide_where,
    relative_nan_to_num,
    relative_lists,
    relative_float32,
)
