"""`explore.digit`: a digit drawn by hand, and what a network reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from autograder.kit.digits import MOST_INK, load_digits
from autograder.kit.explore.parts.colours import BLUE, EDGE, INK, TRACK, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Ink, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import fixed, number, owned
from autograder.kit.plain import NotPlainError, members, to_plain

SIDE, CLASSES = 8, 10
DIGITS = [f"the digit {digit}" for digit in range(CLASSES)]
MEANS = "the network of the mean pictures"
# Rows of the file of digits that the buttons show, and how they are called.
FROM_THE_FILE = ((0, "a 0 of the file"), (13, "a 3 of the file"), (7, "a 7 of the file"))
CELL, LEFT, TOP = 26, 20, 62
BARS, BAR_WIDTH, BAR_STEP = 300, 290, 21


@dataclass(frozen=True)
class Network:
    """Weights, biases and the names of the activations, from 64 pixels to ten digits; and what it is called."""

    weights: Sequence[np.ndarray]
    biases: Sequence[np.ndarray]
    activations: Sequence[str]
    called: str = "your network"

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """What it gives each digit, for one picture of shape (64,)."""
        a = x
        with np.errstate(all="ignore"):
            for W, b, name in zip(self.weights, self.biases, self.activations, strict=True):
                a = _bent(a @ W + b, name)
        return a


def _bent(z: np.ndarray, name: str) -> np.ndarray:
    if name == "softmax":
        powers = np.exp(z - z.max())
        return powers / powers.sum()
    return {"tanh": np.tanh(z), "sigmoid": (1 + np.tanh(z / 2)) / 2, "relu": np.maximum(z, 0)}[name]


@cache
def of_the_means() -> Network:
    """One layer that compares a picture with the mean picture of each digit: the closer, the more probable."""
    pixels, labels = load_digits()
    means = np.array([pixels[labels == digit].mean(axis=0) for digit in range(CLASSES)])
    return Network([2 * means.T], [-np.sum(means**2, axis=1)], ["softmax"], MEANS)


def network_of(own: Any) -> tuple[Network, str]:
    """The student's network, and nothing to say; or the one of the mean pictures, and why."""
    if own is None:
        return of_the_means(), ""
    try:
        weights, biases, activations = own
        names = [str(name) for name in activations]
        W = [np.asarray(each, dtype=float) for each in members(to_plain(weights))]
        b = [np.asarray(each, dtype=float) for each in members(to_plain(biases))]
        found = Network(W, b, names)
        p = found.probabilities(np.zeros(SIDE**2))
        if names[-1] == "softmax" and p.shape == (CLASSES,) and np.all(np.isfinite(p)):
            return found, ""
    except (NotPlainError, TypeError, ValueError, KeyError, IndexError):
        pass
    return of_the_means(), (
        "The weights, biases and activations are no network from 64 pixels to ten digits, with a softmax at its end: "
        f"the picture shows {MEANS}."
    )


def digit(
    function: Callable[..., object] | None = None,
    network: Any = None,
    *,
    predict: bool = False,
) -> Panel:
    """A grid to draw a digit on, with the mouse, a finger or the keyboard; and what a network reads there.

    `function` is your predict_probabilities(X, weights, biases, activations), `network` the three that describe yours.
    Either may be left out: without a network the picture shows one that compares with the mean picture of each digit.
    `predict=True` hides the probabilities: guess which digit is read, then reveal.
    """
    mine = Student(function, "predict_probabilities")
    reader, refused = network_of(network)
    asked: dict[bytes, Answer] = {}

    def drawn(state: State) -> Drawing:
        x = pixels_of(state)
        # The guess and the button change nothing for the student's function: ask it once for each picture.
        if x.tobytes() not in asked:
            given = ([W.copy() for W in reader.weights], [b.copy() for b in reader.biases])
            asked[x.tobytes()] = mine.ask([(x.copy(), *given, list(reader.activations))], (CLASSES,))
        return DrawnDigit(state, reader, refused, mine.name, asked[x.tobytes()])

    return Panel(
        "a drawn digit",
        [
            Ink("ink", "the picture, to draw on", SIDE, MOST_INK, _of_the_file(13)),
            Range("right", "moved to the right by", -2, 2, 1, 0, 0),
            Range("down", "moved down by", -2, 2, 1, 0, 0),
            *guessing("the digit that is read", 0, CLASSES - 1, 1, 5, predict, 0),
        ],
        [
            Preset("empty", {"ink": (0,) * SIDE**2, "right": 0, "down": 0}),
            *(
                Preset(label, {"ink": _of_the_file(row), "right": 0, "down": 0})
                for row, label in FROM_THE_FILE
            ),
        ],
        drawn,
    ).show()


def _of_the_file(row: int) -> tuple[int, ...]:
    return tuple(np.rint(load_digits()[0][row] * MOST_INK).astype(int).tolist())


def pixels_of(state: State) -> np.ndarray:
    """The picture as a network gets it, shape (64,), from 0 to 1; what is moved over the edge is lost."""
    table = np.pad(np.reshape(state["ink"], (SIDE, SIDE)), 2)
    top, left = 2 - int(state["down"]), 2 - int(state["right"])
    return table[top : top + SIDE, left : left + SIDE].ravel() / MOST_INK


@dataclass(frozen=True)
class DrawnDigit(Drawing):
    """The picture that was drawn, the ten probabilities, and those of the student's function, if any."""

    state: State
    network: Network
    refused: str
    name: str
    answer: Answer

    bottom = 314

    @cached_property
    def _p(self) -> np.ndarray:
        return np.nan_to_num(self.network.probabilities(pixels_of(self.state)))  # weights may be huge

    @property
    def _read(self) -> int:
        return int(np.argmax(self._p))

    @property
    def _texts(self) -> list[str]:
        return ["?"] * CLASSES if self.hidden else [fixed(float(p), 4) for p in self._p]

    def draw(self, svg: Svg) -> None:
        """The 64 pixels on the left, ten bars on the right."""
        read = "?" if self.hidden else f"{self._read}, at {self._p[self._read]:.0%}"
        svg.text(LEFT, 28, f"Read as {read}", 16, bold=True)
        svg.text(LEFT, 52, "what the network gets")
        svg.text(BARS, 52, f"what {self.network.called} gives each digit")
        svg.rect(LEFT, TOP, SIDE * CELL, SIDE * CELL, TRACK, Pen(EDGE))
        for place, ink in enumerate(pixels_of(self.state).tolist()):
            if ink:
                line, column = divmod(place, SIDE)
                svg.rect(LEFT + column * CELL, TOP + line * CELL, CELL, CELL, INK, opacity=0.08 + 0.92 * ink)
        yours = None if self.answer.values is None or self.hidden else self.answer.values[0]
        for place, text in enumerate(self._texts):
            y = TOP + BAR_STEP * place
            svg.text(BARS, y + 14, str(place), bold=not self.hidden and place == self._read)
            svg.rect(BARS + 20, y + 2, BAR_WIDTH, 15, TRACK)
            svg.text(BARS + 30 + BAR_WIDTH, y + 14, text)
            if self.hidden:
                continue
            svg.rect(BARS + 20, y + 2, BAR_WIDTH * float(self._p[place]), 15, BLUE)
            if yours is not None and np.isfinite(yours[place]):
                at = BARS + 20 + BAR_WIDTH * float(min(max(yours[place], 0.0), 1.0))
                svg.line(at, y, at, y + 19, Pen(YOURS, 3))
        if yours is not None:
            svg.text(BARS, TOP + BAR_STEP * CLASSES + 16, f"upright black lines: {owned(self.name)}")

    def facts(self) -> str:
        """The 64 numbers line by line, how far they were moved, and the probabilities."""
        ink = np.reshape(self.state["ink"], (SIDE, SIDE))
        lines = " / ".join(" ".join(map(str, line)) for line in ink.tolist())
        p = ", ".join(f"{place}: {text}" for place, text in enumerate(self._texts))
        read = "hidden" if self.hidden else str(self._read)
        return (
            f"Ink line by line: {lines}; moved to the right by {fixed(self.state['right'], 0)}, "
            f"down by {fixed(self.state['down'], 0)}. Probabilities of {self.network.called}: {p}; read as {read}."
        )

    def sentences(self) -> list[str]:
        """What is read and how surely, and whether the student's function says the same."""
        if self.hidden:
            asked = f"Which digit is read? Your guess is {self.state[GUESS]:.0f}. Then press Reveal."
            return [asked, *([self.refused] if self.refused else [])]
        sentences = [self.refused] if self.refused else []
        if self.state[GUESSING]:
            right = int(self.state[GUESS]) == self._read
            said = f"You guessed {self.state[GUESS]:.0f}; it is read as {self._read}"
            sentences.append(f"{said}: right." if right else f"{said}.")
        second = int(np.argsort(self._p)[-2])
        sentences.append(
            f"The most probable digit is {self._read}, at {self._texts[self._read]}; then {second}, at "
            f"{self._texts[second]}. The ten sum to 1 whatever was drawn: it cannot say "
            "that this is no digit."
        )
        sentences += self.answer.sentences
        if self.answer.values is not None:
            places = [f"at {each}" for each in DIGITS]
            sentences.append(compared(self.name, self.answer.values[0], self._p, places))
        return sentences

    def table(self) -> list[list[str]]:
        """A row for each digit."""
        given = self.answer.values is not None and not self.hidden
        rows = [["digit", self.network.called, *([f"your {self.name}"] if given else [])]]
        for place, text in enumerate(self._texts):
            yours = (
                [number(float(self.answer.values[0][place]))]
                if given and self.answer.values is not None
                else []
            )
            rows.append([str(place), text, *yours])
        return rows
