"""The cases that a promise deserves, drawn for every exercise alike, each with a tag that says what it is.

Shapes: `sample`, `batch`, `one row`, `one column`, `square`, `number`, `vector`, `one entry`, `matrix`,
`three axes`. Values: the names in `promises.VALUES`, an end of a range (`=0`), an option (`#1`). Memory: `again`, and
`but x`, where only the argument x is new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.bank.ask import Ask
from autograder.bank.promises import (
    APART,
    HUGE,
    LARGE,
    NEGATIVE,
    TINY,
    WHOLE,
    ZERO,
    Promise,
    Rng,
    Shape,
    Sizes,
)

Promises = Mapping[str, Promise]
Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Scene:
    """A case of the battery: what it is there for, and the arguments of the call."""

    tag: str
    arguments: Arguments


def scenes(promises: Promises, rng: Rng, without: Sequence[str] = ()) -> list[Scene]:
    """Every case that the promises deserve, but for the tags in `without`."""
    made = [*_shapes(promises, rng), *_values(promises, rng), *_memory(promises, rng)]
    return [each for each in made if each.tag not in without]


def tags(promises: Promises) -> list[str]:
    """The tags of the battery that these promises ask for."""
    return list(dict.fromkeys(scene.tag for scene in scenes(promises, np.random.default_rng(0))))


def _letters(promises: Promises) -> list[str]:
    every = (axis.rstrip("?") for promise in promises.values() for axis in promise.axes)
    return [letter for letter in dict.fromkeys(every) if letter not in ("...", "m")]


def _has_batch(promises: Promises) -> tuple[bool, bool]:
    """Whether there is an axis m, and whether it may be missing."""
    axes = [axis for promise in promises.values() for axis in promise.axes]
    return "m" in axes or "m?" in axes, "m?" in axes


def _draw(promises: Promises, rng: Rng, sizes: Sizes, free: Shape = ()) -> Arguments:
    return tuple(promise.draw(rng, _shape(promise, sizes, free), sizes) for promise in promises.values())


def _shape(promise: Promise, sizes: Sizes, free: Shape) -> Shape:
    shape: Shape = ()
    for axis in promise.axes:
        if axis == "...":
            shape += free
        elif axis != "m?" or sizes["m"]:
            shape += (sizes[axis.rstrip("?")],)
    return shape


def _sizes(promises: Promises, rng: Rng, m: int | None = None) -> Sizes:
    """A size for each letter, all different, so that no axis is taken for another."""
    letters = _letters(promises)
    drawn = rng.permutation(np.arange(2, 3 + len(letters)))
    sizes = {letter: int(size) for letter, size in zip(letters, drawn, strict=False)}
    return sizes | {"m": int(drawn[-1]) if m is None else m}


def _shapes(promises: Promises, rng: Rng) -> Iterator[Scene]:
    if any("..." in promise.axes for promise in promises.values()):
        yield from _any_shapes(promises, rng)
    batch, sample = _has_batch(promises)
    letters = _letters(promises)
    if sample:
        yield Scene("sample", _draw(promises, rng, _sizes(promises, rng, 0)))
    if batch:
        sizes = _sizes(promises, rng)
        yield Scene("batch", _draw(promises, rng, sizes))
        yield Scene("one row", _draw(promises, rng, _sizes(promises, rng, 1)))
        if letters:
            yield Scene("square", _draw(promises, rng, sizes | {"m": sizes[letters[0]]}))
    for letter in letters:
        sizes = _sizes(promises, rng)
        yield Scene(f"one {letter}", _draw(promises, rng, sizes | {letter: 1}))
        if sample:
            yield Scene(f"one {letter}", _draw(promises, rng, sizes | {letter: 1, "m": 0}))


FREE: dict[str, Shape] = {
    "number": (),
    "vector": (4,),
    "matrix": (2, 3),
    "square": (3, 3),
    "three axes": (2, 3, 2),
    "one entry": (1,),
    "one row": (1, 3),
    "one column": (3, 1),
}


def _any_shapes(promises: Promises, rng: Rng) -> Iterator[Scene]:
    for tag, free in FREE.items():
        yield Scene(tag, _draw(promises, rng, _sizes(promises, rng), free))


def _base(promises: Promises, rng: Rng) -> tuple[Sizes, Shape]:
    """An ordinary case: a batch where there may be one, a matrix where any shape will do."""
    return _sizes(promises, rng), (3, 2)


def _values(promises: Promises, rng: Rng) -> Iterator[Scene]:
    for place, promise in enumerate(promises.values()):
        for value in promise.values:
            sizes, free = _base(promises, rng)
            kinds = [(sizes, free)]
            if _has_batch(promises)[1] and value != APART:
                kinds.append((sizes | {"m": 0}, free))
            if "..." in promise.axes and value != APART:
                kinds.append((sizes, (4,)))
            for sizes, free in kinds:
                # A row near 1000 overflows, a row near -1000 underflows: a single row is asked both ways.
                for sign in (1, -1) if value == HUGE else (1,):
                    arguments = list(_draw(promises, rng, sizes, free))
                    changed = _with(value, arguments[place], rng, promise, sizes, sign)
                    if changed is not None:
                        arguments[place] = changed
                        yield Scene(value, tuple(arguments))


def _with(value: str, argument: Any, rng: Rng, promise: Promise, sizes: Sizes, sign: int = 1) -> Any:
    """The argument with such values in it; None where its shape has no room for them."""
    if value.startswith("="):
        return int(value[1:])
    if value.startswith("#"):
        return _option(promise, int(value[1:]), sizes)
    made = np.array(argument, dtype=float)
    if value == ZERO:
        made.flat[int(rng.integers(made.size))] = 0.0
    elif value == TINY:
        made = made / 4096
    elif value == LARGE:
        made = made * 16
    elif value == HUGE:
        rows = made.reshape(-1, made.shape[-1]) if made.ndim else made.reshape(1, 1)
        rows += np.where(np.arange(len(rows)) % 2, -1000, 1000)[:, None] * float(sign)
    elif value == APART:
        if made.ndim < 2 or len(made) < 2:
            return None
        heights = rng.permutation(np.resize([1000.0, -1000.0, 0.0], len(made)))
        made += heights.reshape(-1, *[1] * (made.ndim - 1))
    elif value == WHOLE:
        whole = np.asarray(rng.integers(1, 6, made.shape) * rng.choice([-1, 1], made.shape))
        return whole if made.ndim else int(whole)
    elif value == NEGATIVE:
        made = -np.abs(made) - 0.125
    return made[()]


def _option(promise: Promise, place: int, sizes: Sizes) -> Any:
    """The option at a place: drawn again and again until it comes, for a promise knows only how to draw."""
    rng = np.random.default_rng(place)
    found: dict[str, Any] = {}
    for _ in range(400):
        each = promise.draw(rng, (), sizes)
        found.setdefault(getattr(each, "__name__", str(each)), each)
    return list(found.values())[place % len(found)]


def _memory(promises: Promises, rng: Rng) -> Iterator[Scene]:
    """The same call with one argument new, for each; then the first once more: nothing may be remembered."""
    sizes, free = _base(promises, rng)
    first = _draw(promises, rng, sizes, free)
    yield Scene("again", first)
    if len(promises) > 1:
        for place, name in enumerate(promises):
            other = list(first)
            other[place] = _draw(promises, rng, sizes, free)[place]
            yield Scene(f"but {name}", tuple(other))
    yield Scene("again", first)


def joined(asked: Sequence[Ask], promises: Promises, rng: Rng, without: Sequence[str] = ()) -> list[Ask]:
    """The sub-checks, each with those cases of the battery that belong to it."""
    added: dict[int, list[Arguments]] = {}
    for scene in scenes(promises, rng, without):
        added.setdefault(home(asked, scene), []).append(scene.arguments)
    return [replace(ask, calls=[*ask.calls, *added.get(place, ())]) for place, ask in enumerate(asked)]


def once_more(asked: list[Ask], others: Sequence[Ask]) -> list[Ask]:
    """The sub-checks, the dearest with a call of other numbers and then twice its own first one: nothing may be kept.

    For an exercise without promises; `others` are its sub-checks drawn once more.
    """
    exact = [
        place for place, ask in enumerate(asked) if ask.exact and not ask.only_unchanged and not ask.together
    ]
    if not exact:
        return asked
    place = max(exact, key=lambda each: asked[each].points)
    first = asked[place].calls[0]
    other = [call for call in others[place].calls[:1] if _as_wide(first, call)]
    other += [(first[0], *call[1:]) for call in other if len(first) > 1]
    asked[place] = replace(asked[place], calls=[*asked[place].calls, *other, first, first])
    return asked


def _as_wide(one: Any, other: Any) -> bool:
    """Whether two calls have arguments of the same shapes."""
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(_as_wide, one, other))
    return np.shape(one) == np.shape(other) if not callable(one) else callable(other)


def home(asked: Sequence[Ask], scene: Scene) -> int:
    """The sub-check that a case belongs to: one that says so, or one whose calls are of the same kind."""
    open_to_all = [place for place, ask in enumerate(asked) if ask.exact and not ask.only_unchanged]
    if not open_to_all:
        raise ValueError(
            "an exercise whose answers are the student's choice has no battery: ask by properties"
        )
    for place, ask in enumerate(asked):
        if scene.tag in ask.battery:
            return place
    alike = [
        place for place in open_to_all if any(_alike(call, scene.arguments) for call in asked[place].calls)
    ]
    far = [place for place in open_to_all if any(map(_is_far, asked[place].calls))]
    if scene.tag in (HUGE, APART, LARGE) and far:
        return next((place for place in far if place in alike), far[0])
    ordinary = [place for place in alike if place not in far] or alike
    if ordinary:
        return ordinary[0]
    return max(open_to_all, key=lambda place: asked[place].points)


def _alike(call: Arguments, arguments: Arguments) -> bool:
    return len(call) == len(arguments) and all(map(_same_kind, call, arguments))


def _same_kind(one: Any, other: Any) -> bool:
    if isinstance(one, str) or callable(one):
        return callable(other) or bool(one == other)
    if isinstance(one, list) and isinstance(other, list):
        return not any(isinstance(each, str) for each in one) or one == other
    return np.ndim(one) == np.ndim(other) if not isinstance(one, list) else False


def _is_far(call: Arguments) -> bool:
    return any(
        isinstance(each, np.ndarray) and each.dtype.kind in "fi" and each.size and np.max(np.abs(each)) > 100
        for each in call
    )
