"""`unbroadcast`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_11_autograd.common import LESSON, Array

Shape = tuple[int, ...]
Part = Callable[..., Array]


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Every entry that broadcasting copied has one gradient for each copy. What does the chain rule do with several ways?",
        r"Two sorts of axes were stretched: those in front that the small array does not have, and those where it has the length 1. Sum over both; the second sort stays as an axis of length 1.",
        "`while np.ndim(gradient) > len(shape): gradient = np.sum(gradient, axis=0)`. Then for each `axis, size` in `enumerate(shape)`: if `size` is 1, `gradient = np.sum(gradient, axis=axis, keepdims=True)`.",
    ),
)
def unbroadcast(gradient: Array, shape: Shape) -> Array:
    while np.ndim(gradient) > len(shape):
        gradient = np.sum(gradient, axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
    return gradient


def drawn(rng: np.random.Generator, *shape: int) -> Array:
    """Different numbers of both signs, a few halves too many: no row sums to 0."""
    return distinct(rng, int(np.prod(shape)), -4, 4).reshape(shape)


@unbroadcast.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    same = drawn(rng, 2, 3)
    yield Ask(
        "axes in front",
        1,
        [
            (drawn(rng, 4, 3), (3,)),
            (drawn(rng, 3, 3), (3,)),
            (drawn(rng, 1, 3), (3,)),
            (drawn(rng, 2, 4, 3), (4, 3)),
            (drawn(rng, 2, 4, 3), (3,)),
            (drawn(rng, 4), ()),
            (drawn(rng, 2, 3), ()),
            (rng.integers(1, 9, (2, 3)), (3,)),
        ],
    )
    yield Ask(
        "axes of length 1",
        1,
        [
            (drawn(rng, 4, 3), (4, 1)),
            (drawn(rng, 4, 3), (1, 3)),
            (drawn(rng, 3, 3), (3, 1)),
            (drawn(rng, 3, 3), (1, 3)),
            (drawn(rng, 2, 3), (1, 1)),
            (drawn(rng, 5), (1,)),
            (drawn(rng, 2, 3, 4), (2, 1, 4)),
        ],
    )
    yield Ask(
        "both, or none",
        1,
        [
            (drawn(rng, 4, 2, 3), (2, 1)),
            (drawn(rng, 4, 2, 3), (1, 3)),
            (drawn(rng, 2, 3), (1,)),
            (same, (2, 3)),
            (drawn(rng, 1, 3), (1, 3)),
            (same[0], (3,)),
            (drawn(rng, 2, 2, 2), (1, 1)),
        ],
    )


def unbroadcast_with(
    front: Part = np.sum, ones: Part = np.sum, squeezed: bool = False, first: bool = True
) -> Callable[[Array, Shape], Array]:
    """The way back of broadcasting with a slip put in."""

    def wrong(gradient: Array, shape: Shape) -> Array:
        while np.ndim(gradient) > len(shape):
            gradient = front(gradient, axis=0 if first else -1)
        for axis, size in enumerate(shape):
            if size == 1:
                gradient = ones(gradient, axis=axis, keepdims=True)
        return np.squeeze(gradient) if squeezed else gradient

    return wrong


def _first(gradient: Array, axis: int, keepdims: bool = False) -> Array:
    return np.take(gradient, [0], axis) if keepdims else np.take(gradient, 0, axis)


def _kept(gradient: Array, axis: int, keepdims: bool = False) -> Array:
    return gradient


SLIPS: tuple[tuple[str, str, Callable[[Array, Shape], Array]], ...] = (
    ("means", "This is the mean over the copies. Each copy is a way of its own to the loss, and the ways are added up.", unbroadcast_with(np.mean, np.mean)),
    ("means_in_front", "Over the axes in front this takes the mean. The copies' gradients are added up.", unbroadcast_with(front=np.mean)),
    ("means_of_ones", "Over the axes of length 1 this takes the mean. The copies' gradients are added up.", unbroadcast_with(ones=np.mean)),
    ("first_copy_only", "Only the first copy's gradient is here. The gradients of all copies are added up.", unbroadcast_with(_first, _first)),
    ("largest_copy_only", "Only the largest gradient of the copies is here. They are added up.", unbroadcast_with(np.max, np.max)),
    ("ones_forgotten", "Only the axes in front were summed. An axis of length 1 was stretched as well: sum over it, and keep it with length 1.", unbroadcast_with(ones=_kept)),
    ("axes_of_one_lost", "An axis of length 1 vanished. The answer has exactly the shape asked for: `keepdims=True`.", unbroadcast_with(squeezed=True)),
    ("last_axes_for_first", "The sum ran over the last axes. Broadcasting adds the axes that are missing in front.", unbroadcast_with(first=False)),
)  # fmt: skip
for _name, _sentence, _wrong in SLIPS:
    _wrong.__name__ = _name
    unbroadcast.misconception(_sentence)(_wrong)


@unbroadcast.misconception(
    "Only the axes of length 1 were summed. The axes in front, which the small array does not have, were stretched as well."
)
def front_forgotten(gradient: Array, shape: Shape) -> Array:
    front = np.ndim(gradient) - len(shape)
    for axis, size in enumerate(shape, front):
        if size == 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
    return gradient


@unbroadcast.misconception("The gradient came back as it was: nothing was summed.")
def as_it_came(gradient: Array, shape: Shape) -> Array:
    return np.array(gradient)


@unbroadcast.misconception(
    "Everything was added up to one number, and that stands in every place. Sum only over the axes that were stretched."
)
def one_sum_everywhere(gradient: Array, shape: Shape) -> Array:
    return np.full(shape, np.sum(gradient))


@unbroadcast.misconception(
    "The gradient was cut to the shape: the first entries of each axis. What lies beyond belongs to the copies, and is added up."
)
def cut_to_size(gradient: Array, shape: Shape) -> Array:
    return np.resize(gradient, shape)


@unbroadcast.misconception(
    "Only one axis in front was summed. There may be several: sum until the number of axes is right."
)
def one_axis_in_front(gradient: Array, shape: Shape) -> Array:
    if np.ndim(gradient) > len(shape):
        gradient = np.sum(gradient, axis=0)
    return unbroadcast(gradient, shape) if np.ndim(gradient) == len(shape) else gradient


@unbroadcast.misconception(
    "Only one axis of length 1 was summed. All of them were stretched: look at each axis of the shape."
)
def one_axis_of_length_one(gradient: Array, shape: Shape) -> Array:
    while np.ndim(gradient) > len(shape):
        gradient = np.sum(gradient, axis=0)
    if 1 in shape:
        gradient = np.sum(gradient, axis=shape.index(1), keepdims=True)
    return gradient


# Right answers in other words.


def unbroadcast_by_axes(gradient, shape):
    """All axes in one sum, the shape put on at the end."""
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    axes = tuple(axis for axis, size in enumerate(padded) if size == 1)
    return gradient.sum(axis=axes).reshape(shape)


def unbroadcast_entries(gradient, shape):
    """Each entry is added where its original stands."""
    total = np.zeros(shape)
    front = gradient.ndim - len(shape)
    for index, value in np.ndenumerate(gradient):
        total[tuple(0 if size == 1 else i for i, size in zip(index[front:], shape, strict=True))] += value
    return total


def unbroadcast_add_at(gradient, shape):
    places = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), gradient.shape)
    return np.bincount(places.ravel(), weights=gradient.ravel(), minlength=int(np.prod(shape))).reshape(shape)


def unbroadcast_reduce(gradient, shape):
    g = np.asarray(gradient)
    if g.ndim > len(shape):
        g = np.add.reduce(g, axis=tuple(range(g.ndim - len(shape))))
    stretched = tuple(k for k in range(len(shape)) if g.shape[k] != shape[k])
    return g.sum(axis=stretched, keepdims=True).tolist() if stretched else g.tolist()


def unbroadcast_float32(gradient, shape):
    return unbroadcast_by_axes(np.float32(gradient), shape)


unbroadcast.right_answers(
    unbroadcast_by_axes,
    unbroadcast_entries,
    unbroadcast_add_at,
    unbroadcast_reduce,
    unbroadcast_float32,
)
