"""`explore.delta_sizes`: how large delta is in each layer of a deep network, on its way back from the output."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.controls import Choice, Preset, Range, guessing
from autograder.kit.explore.parts.panel import Panel, State, verdict
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.student import Answer, Student
from autograder.kit.explore.parts.svg import BLUE, PURPLE, YOURS, Pen, Svg, number
from autograder.kit.plain import NotPlainError, members, shape_text, to_plain

WIDTH = 16
DEEPEST = 30
# The same network for everyone: layer l has the weights WEIGHTS[l] * s / sqrt(WIDTH), and no biases.
_drawn = np.random.default_rng(0)
INPUT, OUTPUT_ERROR = (row / np.sqrt(np.mean(row**2)) for row in _drawn.normal(size=(2, 1, WIDTH)))
WEIGHTS = _drawn.normal(size=(DEEPEST, WIDTH, WIDTH))

# While there is something to guess the axis must not give it away.
BLIND = (-30, 10)
# Powers of ten closer than this are the same size: single precision loses digits over 30 layers.
SAME = 1e-3
REFERENCE = Pen(BLUE, 5, opacity=0.6)
YOUR_SIZES = Pen(YOURS, 2.4, "1 6")
GUESS = Pen(PURPLE, 3, "2 7")
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
    """What a student's backprop is handed, arrays of its own every time, and the sizes it should find."""

    arguments: tuple[Any, ...]
    sizes: list[float]


def delta_sizes(backprop: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows the size of delta in each layer of a network that is 16 neurons wide, from the first to the last.

    `backprop` is your function; it may be left out. It is asked for one sample, as a batch of one, with the
    mean squared error: the bias gradients are then the deltas. The target is chosen so that delta has the size
    1 in the last layer. `predict=True` starts with the sizes hidden: guess that of layer 1, then reveal.
    """

    def sizes_found(setting: Setting) -> np.ndarray:
        found = backprop(*setting.arguments)  # type: ignore[misc]
        return _sizes_in(to_plain(found), len(setting.sizes))

    sizes_found.__name__ = Student(backprop, "backprop").name
    mine = Student(sizes_found if callable(backprop) else backprop, "backprop")

    def draw(state: State) -> Picture:
        setting = _setting(state)
        answer = mine.ask([(_setting(state),)], (len(setting.sizes),))
        if answer.values is not None:
            answer = Answer(answer.values[0], answer.sentences)
        return Drawing(state, setting.sizes, mine.name, answer).picture()

    return Panel(
        "the size of delta",
        [
            Range("layers", "number of layers", 2, DEEPEST, 1, 8, 0),
            Choice("activation", "activation", ACTIVATIONS, "sigmoid"),
            Range("spread", "s, size of the weights", 0.5, 2, 0.1, 1, 1),
            *guessing(
                Range("guess", "your guess: layer 1, power of ten", *BLIND, 0.25, -2, 2, "predict"), predict
            ),
        ],
        PRESETS,
        draw,
    ).show()


def _setting(state: State) -> Setting:
    """The network of that depth with its deltas' sizes: forward, then back. The last layer has no activation."""
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
    delta, sizes = OUTPUT_ERROR, [1.0]
    for table, a in zip(weights[:0:-1], results[:0:-1], strict=True):
        slope = {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": a > 0, "identity": 1.0}[name]
        delta = delta @ table.T * slope
        sizes.insert(0, float(np.sqrt(np.mean(delta**2))))
    Y = results[-1] @ weights[-1] - OUTPUT_ERROR
    biases, names = [np.zeros(WIDTH) for _ in weights], [name] * (depth - 1) + ["identity"]
    return Setting((INPUT.copy(), Y, weights, biases, names, "mse"), sizes)


def _sizes_in(found: Any, depth: int) -> np.ndarray:
    """The sizes of the bias gradients in what a student's function returned; NotPlainError if they are not there."""
    pair = members(found) if type(found) is tuple or np.ndim(found) else ()
    rows = members(pair[1]) if len(pair) == 2 and (type(pair[1]) is tuple or np.ndim(pair[1])) else ()
    wanted = f"two lists of {depth} arrays were asked for, weight gradients and bias gradients"
    if len(rows) != depth:
        raise NotPlainError(f"it returned {shape_text(found)}; {wanted}"[:135])
    for place, row in enumerate(rows, 1):
        if type(row) is tuple or np.shape(row) != (WIDTH,):
            raise NotPlainError(
                f"the bias gradient of layer {place} has {shape_text(row)}, shape ({WIDTH},) was asked for"
            )
    absolute = np.abs(np.array(rows))
    largest = np.max(absolute, axis=1, keepdims=True)
    with np.errstate(all="ignore"):  # a student's numbers may be anything
        parts = np.where((largest > 0) & np.isfinite(largest), absolute / largest, 1.0)
    return largest[:, 0] * np.sqrt(np.mean(parts**2, axis=1))


def _power(size: float) -> float:
    """The power of ten; for a size of 0 one that lies below every axis."""
    return math.log10(size) if size > 0 else (-math.inf if size == 0 else math.nan)


@dataclass(frozen=True)
class Drawing:
    """One picture: the controls' values, the sizes from layer 1 on, and the sizes the student's function gives."""

    state: State
    sizes: list[float]
    name: str
    answer: Answer

    @property
    def hidden(self) -> bool:
        """Whether the sizes are still to be guessed."""
        return bool(self.state["predict"] and not self.state["revealed"])

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return len(self.sizes)

    @property
    def factor(self) -> float:
        """What one layer back multiplies delta by, on the (geometric) average."""
        return self.sizes[0] ** (1 / (self.depth - 1))

    def picture(self) -> Picture:
        """The drawing with its alt text and table."""
        sentences = self._sentences()
        probe = Svg(720, 100)
        svg = Svg(720, 392 + 19 * len(probe.wrapped(20, sentences)))
        kind = ACTIVATIONS[self.state["activation"]]
        first = "?" if self.hidden else f"{self.sizes[0]:.2e}"
        head = f"{self.depth} layers, activation {kind}, s = {self.state['spread']:.1f}"
        svg.text(20, 28, head, 16, bold=True)
        svg.text(64, 56, f"size of delta in layer 1: {first}", 14, bold=True)
        svg.text(64, 76, "power of ten")
        self._plot(svg)
        svg.text(374, 338, f"layer, from the first to the last ({self.depth})", 13, "middle")
        legend(svg, 64, 366, self._entries(), 3, 215)
        svg.paragraphs(20, 394, sentences)
        sizes = "hidden" if self.hidden else ", ".join(f"{size:.2e}" for size in self.sizes)
        facts = f"{head}. Size of delta from layer 1 to layer {self.depth}: {sizes}."
        return Picture(svg, " ".join([facts, *sentences]), self._table())

    def _plot(self, svg: Svg) -> None:
        powers = [_power(size) for size in self.sizes]
        low, high = BLIND if self.state["predict"] else _limits(powers)
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
            if self.answer.values is not None:
                axes.curve(enumerate(map(_power, self.answer.values), 1), YOUR_SIZES)
        if self.state["predict"]:
            level = self.state["guess"]
            axes.curve([(0.5, level), (self.depth + 0.5, level)], GUESS)
            svg.dot(axes.px(1), axes.py(level), PURPLE, 5)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [] if self.hidden else [("size of delta", REFERENCE)]
        if self.answer.values is not None and not self.hidden:
            entries.append((f"your {self.name}"[:24], YOUR_SIZES))
        if self.state["predict"]:
            entries.append(("your guess", GUESS))
        return entries

    def _sentences(self) -> list[str]:
        if self.hidden:
            return [
                "In the last layer delta has the size 1, which is 10 to the power 0. What power of ten is it in "
                f"layer 1? Your guess is {self.state['guess']:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = []
        first = self.sizes[0]
        if self.state["predict"]:
            words = ("too small", "too large")
            power = max(_power(first), -300.0)
            sentences.append(verdict("the power of ten in layer 1", self.state["guess"], power, 2, words))
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
            sentences.append(self._compared(self.answer.values.tolist()))
        return sentences

    def _compared(self, given: list[float]) -> str:
        for layer, size in enumerate(given, 1):
            if not math.isfinite(size):
                return f"Your {self.name} gives {number(size)} in layer {layer}."
        gaps = [
            abs(max(_power(a), -300.0) - max(_power(b), -300.0))
            for a, b in zip(given, self.sizes, strict=True)
        ]
        if max(gaps) < SAME:
            return f"Your {self.name} agrees with the reference in every layer."
        # The first slip on the way back is the one to look for.
        layer = max(place for place, gap in enumerate(gaps, 1) if gap >= SAME)
        return (
            f"Your {self.name} is off the reference, on the way back first in layer {layer}: "
            f"{given[layer - 1]:.2e} instead of {self.sizes[layer - 1]:.2e}."
        )

    def _table(self) -> list[list[str]]:
        given = None if self.hidden else self.answer.values
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
