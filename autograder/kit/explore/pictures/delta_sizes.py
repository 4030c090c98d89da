"""`explore.delta_sizes`: how large delta is in each layer of a deep network, on its way back from the output."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.colours import BLUE, PURPLE, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, WrongFormError, off
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict
from autograder.kit.plain import Plain, members, shape_text

WIDTH = 16
DEEPEST = 30
# The same network for everyone: layer l has the weights WEIGHTS[l] * s / sqrt(WIDTH), and no biases.
_drawn = np.random.default_rng(0)
INPUT, OUTPUT_ERROR = (row / np.sqrt(np.mean(row**2)) for row in _drawn.normal(size=(2, 1, WIDTH)))
WEIGHTS = _drawn.normal(size=(DEEPEST, WIDTH, WIDTH))

# While there is something to guess the axis must not give it away.
BLIND = (-30, 10)
# Of each layer the numbers of the weight gradient, and then those of the bias gradient.
NUMBERS = WIDTH * WIDTH + WIDTH
REFERENCE = Pen(BLUE, 5, opacity=0.6)
YOUR_SIZES = Pen(YOURS, 2.4, "1 6")
GUESSED = Pen(PURPLE, 3, "2 7")
ACTIVATIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "identity": "none (identity)"}
PRESETS = (
    Preset("deep and sigmoid", {"layers": 30, "activation": "sigmoid", "spread": 1}),
    Preset("deep and tanh", {"layers": 30, "activation": "tanh", "spread": 1}),
    Preset("ReLU, s = 1", {"layers": 30, "activation": "relu", "spread": 1}),
    Preset("ReLU, s = 1.4", {"layers": 30, "activation": "relu", "spread": 1.4}),
    Preset("too large weights", {"layers": 30, "activation": "identity", "spread": 2}),
)


@dataclass(frozen=True)
class Setting:
    """What a student's backprop is handed, arrays of its own every time, and what it should find.

    `gradients` has a row for each layer: its weight gradient, row by row, and then its bias gradient, which is delta.
    """

    arguments: tuple[Any, ...]
    gradients: np.ndarray


def delta_sizes(backprop: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows the size of delta in each layer of a network that is 16 neurons wide, from the first to the last.

    `backprop` is your function; it may be left out. It is asked for one sample, as a batch of one, with the
    mean squared error: the bias gradients are then the deltas. The target is chosen so that delta has the size
    1 in the last layer. `predict=True` starts with the sizes hidden: guess that of layer 1, then reveal.
    """

    mine = Student(backprop, "backprop")

    def drawn(state: State) -> Drawing:
        setting = _setting(state)
        answer = mine.ask(
            [setting.arguments], setting.gradients.shape, partial(gradients, len(setting.gradients))
        )
        return DeltaSizes(state, setting.gradients, mine.name, answer)

    return Panel(
        "the size of delta",
        [
            Range("layers", "number of layers", 2, DEEPEST, 1, 8, 0),
            Choice("activation", "activation", ACTIVATIONS, "sigmoid"),
            Range("spread", "s, size of the weights", 0.5, 2, 0.1, 1, 1),
            *guessing("layer 1, power of ten", *BLIND, 0.25, -2, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def _setting(state: State) -> Setting:
    """The network of that depth with its gradients: forward, then back. The last layer has no activation."""
    depth, name = int(state["layers"]), state["activation"]
    weights = [table * state["spread"] / math.sqrt(WIDTH) for table in WEIGHTS[:depth]]
    activations: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "identity": lambda z: z,
    }
    results = [INPUT]
    for table in weights[:-1]:
        results.append(activations[name](results[-1] @ table))
    delta, rows = OUTPUT_ERROR, [_row(results[-1], OUTPUT_ERROR)]
    for place in range(depth - 1, 0, -1):
        a = results[place]
        slope = {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": a > 0, "identity": 1.0}[name]
        delta = delta @ weights[place].T * slope
        rows.insert(0, _row(results[place - 1], delta))
    Y = results[-1] @ weights[-1] - OUTPUT_ERROR
    biases, names = [np.zeros(WIDTH) for _ in weights], [name] * (depth - 1) + ["identity"]
    return Setting((INPUT.copy(), Y, weights, biases, names, "mse"), np.array(rows))


def _row(a: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """The gradients of a layer in a row: of its weights, a^T delta, and of its biases, delta."""
    return np.concatenate([np.ravel(a.T @ delta), np.ravel(delta)])


def gradients(depth: int, found: Plain) -> Plain:
    """What a backprop returned, weight gradients and bias gradients, as a row for each layer."""
    pair = members(found) if type(found) is tuple or np.ndim(found) else ()
    lists = [members(each) if type(each) is tuple or np.ndim(each) else () for each in pair]
    if [len(each) for each in lists] != [depth, depth]:
        wanted = f"two lists of {depth} arrays were asked for, weight gradients and bias gradients"
        raise WrongFormError(f"returned {shape_text(found)}"[:80] + f"; {wanted}")
    rows = []
    for layer, parts in enumerate(zip(*lists, strict=True), 1):
        for part, shape, kind in zip(parts, ((WIDTH, WIDTH), (WIDTH,)), ("weight", "bias"), strict=True):
            if type(part) is tuple or np.shape(part) != shape:
                said = "parts of several shapes" if type(part) is tuple else shape_text(part)
                raise WrongFormError(
                    f"gives a {kind} gradient of layer {layer} with {said}; shape {shape} was asked for"
                )
        rows.append(np.concatenate([np.ravel(part) for part in parts]))
    return np.array(rows)


def sizes_of(rows: np.ndarray) -> list[float]:
    """The size of delta in each layer, the root of the mean of its squares, whatever the numbers are."""
    absolute = np.abs(rows[:, -WIDTH:].astype(float))
    largest = np.max(absolute, axis=1, keepdims=True)
    with np.errstate(all="ignore"):  # a student's numbers may be anything
        parts = np.where((largest > 0) & np.isfinite(largest), absolute / largest, 1.0)
        return [float(size) for size in largest[:, 0] * np.sqrt(np.mean(parts**2, axis=1))]


def _power(size: float) -> float:
    """The power of ten; for a size of 0 one that lies below every axis."""
    return math.log10(size) if size > 0 else (-math.inf if size == 0 else math.nan)


@dataclass(frozen=True)
class DeltaSizes(Drawing):
    """The gradients of each layer from layer 1 on, and those that the student's function gives."""

    state: State
    gradients: np.ndarray
    name: str
    answer: Answer

    bottom = 394

    @cached_property
    def sizes(self) -> list[float]:
        """The size of delta in each layer."""
        return sizes_of(self.gradients)

    @cached_property
    def yours(self) -> list[float] | None:
        """The student's sizes of delta, if there are any to be shown."""
        return None if self.hidden or self.answer.values is None else sizes_of(self.answer.values[0])

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return len(self.sizes)

    @property
    def factor(self) -> float:
        """What one layer back multiplies delta by, on the (geometric) average."""
        return self.sizes[0] ** (1 / (self.depth - 1))

    def draw(self, svg: Svg) -> None:
        """The size in each layer, on a logarithmic axis."""
        first = "?" if self.hidden else f"{self.sizes[0]:.2e}"
        svg.text(20, 28, self._head, 16, bold=True)
        svg.text(64, 56, f"size of delta in layer 1: {first}", 14, bold=True)
        svg.text(64, 76, "power of ten")
        self._plot(svg)
        svg.text(374, 338, f"layer, from the first to the last ({self.depth})", 13, "middle")
        legend(svg, 64, 366, self._entries(), 3, 215)

    def facts(self) -> str:
        """The network, and the size in each layer."""
        sizes = "hidden" if self.hidden else ", ".join(f"{size:.2e}" for size in self.sizes)
        return f"{self._head}. Size of delta from layer 1 to layer {self.depth}: {sizes}."

    @property
    def _head(self) -> str:
        kind = ACTIVATIONS[self.state["activation"]]
        return f"{self.depth} layers, activation {kind}, s = {self.state['spread']:.1f}"

    def _plot(self, svg: Svg) -> None:
        powers = [_power(size) for size in self.sizes]
        low, high = BLIND if self.state[GUESSING] else _limits(powers)
        axes = Axes(svg, "sizes", Box(64, 86, 620, 216), (0.5, self.depth + 0.5), (low, high))
        every = 1 if self.depth <= 15 else 3
        step = next(step for step in (1, 2, 5) if (high - low) / step <= 9)
        axes.frame(
            range(1, self.depth + 1, every), range(math.ceil(low / step) * step, high + 1, step), (0, 0)
        )
        if not self.hidden:
            points = list(enumerate(powers, 1))
            axes.curve(points, REFERENCE)
            for layer, power in points:
                svg.dot(axes.px(layer), axes.py(power), BLUE, 5)
            if self.yours is not None:
                axes.curve(enumerate(map(_power, self.yours), 1), YOUR_SIZES)
        if self.state[GUESSING]:
            level = self.state[GUESS]
            axes.curve([(0.5, level), (self.depth + 0.5, level)], GUESSED)
            svg.dot(axes.px(1), axes.py(level), PURPLE, 5)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [] if self.hidden else [("size of delta", REFERENCE)]
        if self.yours is not None:
            entries.append((owned(self.name), YOUR_SIZES))
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        return entries

    def sentences(self) -> list[str]:
        """Whether delta vanishes or explodes, and how near the student's gradients are."""
        if self.hidden:
            return [
                "In the last layer delta has the size 1, which is 10 to the power 0. What power of ten is it in "
                f"layer 1? Your guess is {self.state[GUESS]:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = []
        first = self.sizes[0]
        if self.state[GUESSING]:
            power = max(_power(first), -300.0)
            sentences.append(verdict("the power of ten in layer 1", self.state[GUESS], power, 2))
        said = "neither vanishes nor explodes"
        if first < 1e-3:
            said = "vanishes: the first layers learn next to nothing"
        elif first > 1e3:
            said = "explodes: one step of descent throws the first layers far off"
        back = self.depth - 1
        sentences.append(
            f"One layer back multiplies delta by {number(self.factor)} on the average, "
            f"{back} layer{'s' * (back > 1)} back by {first:.2e}. Delta {said}."
        )
        sentences += self.answer.sentences
        if self.answer.values is not None:
            sentences.append(self._compared(self.answer.values[0]))
        return sentences

    def _compared(self, given: np.ndarray) -> str:
        """Every number of every layer, each layer measured by the largest that it should have.

        The first slip on the way back is the one to look for: the last layer that is off, its biases first.
        """
        bad = ~np.isfinite(given)
        if bad.any():
            layer = int(np.argmax(bad.any(axis=1)))
            return (
                f"Your {self.name} gives {number(float(given[layer][bad[layer]][0]))} in layer {layer + 1}."
            )
        for part, kind in ((slice(-WIDTH, None), "bias"), (slice(None, -WIDTH), "weight")):
            true, found = self.gradients[:, part], given[:, part]
            largest = np.abs(true).max(axis=1, keepdims=True)
            with np.errstate(all="ignore"):
                wrong = off((found / largest).astype(given.dtype), true / largest).any(axis=1)
            if wrong.any():
                single = " In single precision, which may not be enough here." * (given.dtype == np.float32)
                return self._slip(given, int(np.flatnonzero(wrong)[-1]), kind) + single
        return f"Your {self.name} agrees with the reference in every layer, in weight and bias gradients."

    def _slip(self, given: np.ndarray, place: int, kind: str) -> str:
        start = f"Your {self.name} is off the reference, on the way back first in layer {place + 1}: "
        if kind == "weight":
            return start + "the bias gradients are right in every layer, the weight gradient there is not."
        mine, true = (sizes_of(rows[place : place + 1])[0] for rows in (given, self.gradients))
        if f"{mine:.2e}" == f"{true:.2e}":
            return start + f"delta has the right size, {true:.2e}, and other numbers."
        return start + f"{mine:.2e} instead of {true:.2e}."

    def table(self) -> list[list[str]]:
        """The size in each layer."""
        given = self.yours
        rows = [["layer", "size of delta", *([f"your {self.name}"] if given is not None else [])]]
        for place, size in enumerate(self.sizes):
            cells = ["?" if self.hidden else f"{size:.2e}"]
            cells += [f"{given[place]:.2e}"] if given is not None else []
            rows.append([str(place + 1), *cells])
        return rows


def _limits(powers: list[float]) -> tuple[int, int]:
    """The axis: whole powers of ten around the sizes, and always around 1."""
    finite = [power for power in powers if math.isfinite(power)]
    return min(-2, math.floor(min(finite))), max(1, math.ceil(max(finite)))
