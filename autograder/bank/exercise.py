"""One exercise, one place: the reference, what is asked, the known slips, the hints, other right answers.

@exercise("04-softmax", difficulty=2, minutes=10, hints=("a nudge", "the formula", "how the code begins"))
def softmax(z):
    ...the reference...

@softmax.asks
def _(rng):
    yield Ask("one sample", 1, [(numbers(rng, 3),)])

@softmax.misconception("The sentence a good teaching assistant would say.")
def divides_without_exponential(z):
    ...the real wrong implementation...

softmax.right_answers(softmax_loops, softmax_float32)
"""

import inspect
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder.bank import batteries, selection
from autograder.bank.ask import Ask
from autograder.bank.promises import Promise
from autograder.bank.slip_answers import SlipAnswers
from autograder.kit.plain import decode, encode, structured
from autograder.kit.run import own_error_state
from autograder.kit.sheet import Call, Misconception, Sheet, SubCheck

Function = Callable[..., Any]
# What it is worth to leave the arguments alone, where no sub-check says it.
LEFT_ALONE = 0.5
# How often a sheet is drawn at most, and how many draws tell what a wrong answer is.
MOST_DRAWS, FEW_DRAWS = 20, 4


@dataclass(eq=False)
class Exercise:
    """Everything known about one exercise. Calling it calls the reference."""

    lesson: str
    reference: Function
    difficulty: int
    minutes: int
    hints: tuple[str, str, str]
    seconds: float
    slips: dict[str, tuple[str, Function]] = field(default_factory=dict)
    right: tuple[Function, ...] = ()
    promises: Mapping[str, Promise] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    _asks: Callable[[np.random.Generator], Iterator[Ask]] | None = None

    def __call__(self, *args: Any) -> Any:
        return self.reference(*args)

    @property
    def name(self) -> str:
        """The function's name, which is the exercise's."""
        return self.reference.__name__

    @property
    def signature(self) -> str:
        """The function as it is called: `softmax(z)`."""
        return f"{self.name}{inspect.signature(self.reference)}"

    @cached_property
    def points(self) -> float:
        """What a wholly right answer earns."""
        return sum(ask.points for ask in self.asked(self.fixed_rng()))

    def asks(self, function: Callable[[np.random.Generator], Iterator[Ask]]) -> None:
        """Registers the generator of sub-checks: it takes a random generator and yields `Ask`s."""
        self._asks = function
        self._forget()

    def misconception(self, sentence: str) -> Callable[[Function], Function]:
        """Registers a real wrong implementation; the function's name is the misconception's."""

        def register(function: Function) -> Function:
            if function.__name__ in self.slips:
                raise ValueError(f"{self.name} has two misconceptions named {function.__name__}")
            self.slips[function.__name__] = (sentence, function)
            self._forget()
            return function

        return register

    def _forget(self) -> None:
        """What was worked out of the questions and the slips is no more true."""
        for name in ("points", "told_apart", "_fixed_sheet"):
            self.__dict__.pop(name, None)

    def right_answers(self, *functions: Function) -> None:
        """Registers right answers in other words: the tests want full points for each, the bench hands them in."""
        self.right += functions

    def fixed_rng(self) -> np.random.Generator:
        """The generator behind the fixed cases: the same on every machine, another for every exercise."""
        return np.random.default_rng(zlib.crc32(self.name.encode()))

    def asked(self, rng: np.random.Generator) -> list[Ask]:
        """The sub-checks with numbers drawn from `rng`."""
        if self._asks is None:
            raise ValueError(f"{self.name} asks nothing: give it sub-checks with @{self.name}.asks")
        asked = list(self._asks(rng))
        if self.promises:
            asked = batteries.joined(asked, self.promises, rng, self.without)
        else:
            asked = batteries.once_more(asked, list(self._asks(rng)))
        return _watched(asked)

    def sheet(self, rng: np.random.Generator | None = None) -> Sheet:
        """Questions with their key: the fixed cases, or fresh ones drawn from `rng`.

        A draw that lets a known wrong answer pass is drawn again; of many that do, the one that lets the fewest.
        """
        return self._fixed_sheet if rng is None else self._chosen(rng)

    @cached_property
    def _fixed_sheet(self) -> Sheet:
        return self._chosen(self.fixed_rng())

    def _chosen(self, rng: np.random.Generator) -> Sheet:
        best = self.drawn(rng)
        fewest = self._let_through(best)
        for _ in range(MOST_DRAWS):
            if not fewest:
                break
            other = self.drawn(rng)
            passing = self._let_through(other)
            if passing < fewest:
                best, fewest = other, passing
        return best

    def _let_through(self, sheet: Sheet) -> int:
        """How many known wrong answers would have full points."""
        unchanged = [name for name in selection.DONE if not selection.changes(sheet, name)]
        return len(selection.let_through(sheet)) + sum(name in self.told_apart for name in unchanged)

    def drawn(self, rng: np.random.Generator, slips: bool = True) -> Sheet:
        """A sheet as it is drawn first, whatever it lets pass; without the slips it takes a fraction of the time."""
        with own_error_state():  # whatever a kernel has set
            return self._sheet(self.asked(rng), slips)

    @cached_property
    def told_apart(self) -> frozenset[str]:
        """What may be done to a right answer of this exercise and makes it wrong, in one of a few draws."""
        found: set[str] = set()
        with own_error_state():
            for seed in range(FEW_DRAWS):
                keys = self.drawn(np.random.default_rng(seed), slips=False)
                found |= {name for name in selection.DONE if selection.changes(keys, name)}
        return frozenset(found)

    def _sheet(self, asked: Sequence[Ask], slips: bool = True) -> Sheet:
        checks = tuple(
            SubCheck(
                name=ask.name,
                points=ask.points,
                calls=tuple(self._call(*pair) for pair in _with_told(ask)),
                unchanged=ask.unchanged,
                together=ask.together,
            )
            for ask in asked
        )
        return Sheet(
            exercise=self.name,
            signature=self.signature,
            seconds=self.seconds,
            hints=self.hints,
            sub_checks=checks,
            misconceptions=tuple(
                Misconception(name, sentence, SlipAnswers(wrong, checks, self.seconds))
                for name, (sentence, wrong) in (self.slips.items() if slips else ())
            ),
        )

    def _call(self, args: tuple[Any, ...], ask: Ask, told: int | None = None) -> Call:
        arguments = encode(list(args))
        expected = structured(self.reference(*decode(arguments))) if ask.exact else None
        return Call(arguments, expected, ask.properties, told)


def _with_told(ask: Ask) -> list[tuple[tuple[Any, ...], Ask, int | None]]:
    """Each call's arguments, with what the judge alone learns of it."""
    told: Sequence[int | None] = ask.told or [None] * len(ask.calls)
    return [(args, ask, each) for args, each in zip(ask.calls, told, strict=True)]


def _watched(asked: list[Ask]) -> list[Ask]:
    """The sub-checks with one of their own on arguments that are left alone, if there is none and one could change.

    Its points come from the dearest of the others: what changes an argument loses these, and no more.
    """
    if any(ask.only_unchanged for ask in asked):
        return [ask if ask.only_unchanged else replace(ask, unchanged=False) for ask in asked]
    if not any(
        isinstance(each, (np.ndarray, list, dict)) for ask in asked for call in ask.calls for each in call
    ):
        return asked
    place = max(range(len(asked)), key=lambda place: asked[place].points)
    dearest = asked[place]
    count = sum(isinstance(each, (np.ndarray, list, dict)) for each in dearest.calls[0])
    name = "leaves its arguments as they were" if count > 1 else "leaves its argument as it was"
    again = list(dearest.calls) if len(dearest.calls) < 3 else [dearest.calls[0], dearest.calls[-1]]
    asked[place] = replace(dearest, points=dearest.points - LEFT_ALONE)
    left_alone = replace(dearest, name=name, points=LEFT_ALONE, calls=again, unchanged=True, together=())
    return [*(replace(ask, unchanged=False) for ask in asked), left_alone]


def exercise(
    lesson: str,
    *,
    difficulty: int,
    minutes: int,
    hints: tuple[str, str, str],
    seconds: float = 5.0,
    promises: Mapping[str, Promise] | None = None,
    without: Sequence[str] = (),
) -> Callable[[Function], Exercise]:
    """Makes a reference function into an exercise of `lesson`.

    `difficulty` is 1 to 3, `minutes` what a student needs, `hints` a nudge, the formula, how the code begins;
    `seconds` is the time a student's function may take for all calls of a check together. `promises` says of each
    argument what may come: from that the battery is drawn, but for the tags in `without`.
    """

    def make(reference: Function) -> Exercise:
        if promises and list(promises) != list(inspect.signature(reference).parameters):
            raise ValueError(f"{reference.__name__}: the promises name its arguments, in their order")
        made = Exercise(lesson, reference, difficulty, minutes, hints, seconds)
        made.promises, made.without = dict(promises or {}), tuple(without)
        return made

    return make


def numbers(rng: np.random.Generator, *shape: int, low: float = -3, high: float = 3) -> np.ndarray:
    """Random multiples of 1/8 in [low, high]: short to print, and exact in single precision."""
    return rng.integers(round(low * 8), round(high * 8) + 1, shape) / 8


def number(rng: np.random.Generator, low: float = -3, high: float = 3) -> np.float64:
    """One random multiple of 1/8 in [low, high]."""
    return np.float64(rng.integers(round(low * 8), round(high * 8) + 1) / 8)


def distinct(rng: np.random.Generator, count: int, low: float = -3, high: float = 3) -> np.ndarray:
    """`count` different multiples of 1/8 in [low, high], in random order."""
    return rng.choice(np.arange(round(low * 8), round(high * 8) + 1), count, replace=False) / 8


def probabilities(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Rows of different positive shares that sum to exactly 1: multiples of 1/64, exact in single precision."""
    *batch, classes = shape
    rows = [_shares(rng, classes) for _ in range(int(np.prod(batch)))]
    return np.array(rows).reshape(shape) / 64


def _shares(rng: np.random.Generator, classes: int) -> list[int]:
    while True:
        cuts = np.sort(rng.choice(np.arange(1, 64), classes - 1, replace=False))
        shares = np.diff(np.concatenate([[0], cuts, [64]])).tolist()
        if len(set(shares)) == classes and min(shares) >= 3:
            return shares


def one_hot(rng: np.random.Generator, m: int, classes: int) -> np.ndarray:
    """`m` one-hot rows, shape (m, classes); where m allows it no two neighbours are the same class."""
    order = rng.permutation(classes)
    return np.eye(classes)[order[np.arange(m) % classes]]


def signed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Different multiples of 1/8 between 1/4 and 3 in size, both signs among them, none near zero."""
    size = int(np.prod(shape))
    sizes = rng.choice(np.arange(2, 25), size, replace=False) / 8
    signs = rng.permutation(np.where(np.arange(size) % 2, -1.0, 1.0))
    return (sizes * signs).reshape(shape)
