"""`explore.delta`: three logits and a true class; the probabilities, and beside them p - y, the slope of the loss."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.colours import BLUE, CARD, GREEN, INK, PURPLE, TRACK, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import counted, fixed, number, short, verdict

CLASSES = range(3)
ROW_TOP, ROW = 66, 58
BAR_LEFT, BAR_WIDTH = 116, 150
ZERO, HALF = 500, 100
# Nearer than this to 0 or 1, a probability is as good as certain.
SURE = 0.01

PRESETS = (
    Preset("sure and right", {"z1": 6, "z2": 0, "z3": -1, "true": "1", "scale": 1}),
    Preset("sure and wrong", {"z1": 6, "z2": 0, "z3": -1, "true": "3", "scale": 1}),
    Preset("knows nothing", {"z1": 0, "z2": 0, "z3": 0, "true": "2", "scale": 1}),
    Preset("logits of 600 and -100", {"z1": 6, "z2": 0, "z3": -1, "true": "1", "scale": 100}),
    Preset("p rounds to 0", {"z1": 8, "z2": 0, "z3": -2, "true": "2", "scale": 100}),
)


@dataclass(frozen=True)
class DeltaNumbers:
    """The reference for one setting; `through` is the delta as the Jacobian times -y / p gives it, nan and all."""

    logits: list[float]
    true: int
    p: list[float]
    loss: float
    delta: list[float]
    through: list[float]


def delta(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows how the loss of one sample answers to each logit: the delta p - y, beside the probabilities.

    `function` is your softmax_cross_entropy_delta(z, y); it may be left out. `predict=True` starts with the
    deltas hidden: guess the true class's, then reveal.
    """
    mine = Student(function, "softmax_cross_entropy_delta")

    def drawn(state: State) -> Drawing:
        numbers = _reference(state)
        label = np.eye(len(CLASSES))[numbers.true]
        answer = mine.ask([(np.array(numbers.logits), label)], (len(CLASSES),))
        return DeltaBars(state, numbers, mine.name, answer)

    starts = (2.0, 1.0, 0.0)
    return Panel(
        "the delta behind a softmax",
        [
            *(Range(f"z{i + 1}", f"logit z{i + 1}", -10, 10, 0.1, starts[i], 1) for i in CLASSES),
            Choice("true", "true class", {str(i + 1): f"class {i + 1}" for i in CLASSES}, "2"),
            Range("scale", "all logits times", 1, 100, 1, 1, 0),
            *guessing("its delta", -1, 1, 0.01, 0.0, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def _reference(state: State) -> DeltaNumbers:
    """Probabilities, loss and delta, number by number."""
    logits = [state[f"z{i + 1}"] * state["scale"] for i in CLASSES]
    true = int(state["true"]) - 1
    powers = [math.exp(z - max(logits)) for z in logits]
    p = [power / sum(powers) for power in powers]
    loss = max(logits) + math.log(sum(powers)) - logits[true]
    slope = -1 / p[true] if p[true] > 0 else -math.inf
    return DeltaNumbers(
        logits,
        true,
        p,
        loss,
        delta=[p[i] - (i == true) for i in CLASSES],
        through=[p[true] * ((i == true) - p[i]) * slope for i in CLASSES],
    )


@dataclass(frozen=True)
class DeltaBars(Drawing):
    """The reference, and the student's deltas."""

    state: State
    numbers: DeltaNumbers
    name: str
    answer: Answer

    bottom = ROW_TOP + ROW * len(CLASSES) + 44

    def draw(self, svg: Svg) -> None:
        """The probabilities on the left, the deltas on the right."""
        svg.text(20, 28, "p = softmax(z)", 16, bold=True)
        heading = "delta: the slope of the loss" if self.hidden else "delta = p - y"
        svg.text(ZERO, 28, heading, 16, "middle", bold=True)
        svg.text(ZERO - HALF, 54, "-1", 13, "middle")
        svg.text(ZERO, 54, "0", 13, "middle")
        svg.text(ZERO + HALF, 54, "1", 13, "middle")
        for i in CLASSES:
            self._probability(svg, i)
            self._delta(svg, i)
        last = ROW_TOP + ROW * len(CLASSES) + 16
        svg.text(20, last, f"loss = -ln p{self.numbers.true + 1} = {number(self.numbers.loss)}", bold=True)
        total = "?" if self.hidden else fixed(sum(self.numbers.delta), 4)
        svg.text(ZERO, last, f"sum of the deltas = {total}", 13, "middle", bold=True)

    def _probability(self, svg: Svg, i: int) -> None:
        top, p, true = ROW_TOP + ROW * i, self.numbers.p[i], i == self.numbers.true
        svg.text(20, top + 18, f"z{i + 1} = {self.numbers.logits[i]:.1f}")
        svg.rect(BAR_LEFT, top + 4, BAR_WIDTH, 36, TRACK)
        svg.rect(BAR_LEFT, top + 4, BAR_WIDTH * p, 36, BLUE)
        if true:
            svg.text(20, top + 36, "true class", bold=True)
            svg.rect(BAR_LEFT, top + 4, BAR_WIDTH, 36, "none", Pen(GREEN, 2.5, "6 4"))
        svg.text(BAR_LEFT + BAR_WIDTH + 8, top + 18, f"p{i + 1} = {fixed(p, 4)}", bold=True)
        svg.text(BAR_LEFT + BAR_WIDTH + 8, top + 36, f"y{i + 1} = {int(true)}")

    def _delta(self, svg: Svg, i: int) -> None:
        top, value = ROW_TOP + ROW * i, self.numbers.delta[i]
        svg.rect(ZERO - HALF, top + 4, 2 * HALF, 36, TRACK)
        if not self.hidden:
            colour = VERMILION if value > 0 else BLUE
            svg.rect(ZERO + HALF * min(value, 0.0), top + 4, HALF * abs(value), 36, colour)
        svg.line(ZERO, top, ZERO, top + 44, Pen(INK))
        if i == self.numbers.true and self.state[GUESSING]:
            place = ZERO + HALF * self.state[GUESS]
            svg.line(place, top, place, top + 44, Pen(CARD, 8))
            svg.line(place, top, place, top + 44, Pen(PURPLE, 4, "2 7"))
        svg.text(ZERO + HALF + 10, top + 18, "?" if self.hidden else fixed(value, 4), bold=True)
        if self.answer.values is not None and not self.hidden:
            yours = float(self.answer.values[0][i])
            svg.text(ZERO + HALF + 10, top + 36, f"yours {short(yours)}")
            if math.isfinite(yours):
                place = ZERO + HALF * min(max(yours, -1.0), 1.0)
                svg.line(place, top, place, top + 44, Pen(YOURS, 2.4, "1 5"))

    def sentences(self) -> list[str]:
        """How sure the probabilities are, where the Jacobian breaks, how near the student's function is."""
        numbers, state = self.numbers, self.state
        true = numbers.true + 1
        if self.hidden:
            return [
                f"When z{true}, the logit of the true class, grows a little: how fast does the loss change? Your "
                f"guess is {state[GUESS]:.2f}, the dotted mark. Then press Reveal."
            ]
        sentences = []
        if state[GUESSING]:
            truth = numbers.delta[numbers.true]
            sentences.append(verdict("the delta", state[GUESS], truth, 2))
        if numbers.p[numbers.true] < SURE:
            sentences.append("Sure and wrong: the true class is pulled up with nearly full strength.")
        elif numbers.p[numbers.true] > 1 - SURE:
            sentences.append("Sure and right: hardly anything is left to learn from this sample.")
        if any(map(math.isnan, numbers.through)):
            sentences.append(
                f"Through the Jacobian it breaks here: p{true} is 0 on this machine, -1 / p{true} is minus infinity, "
                "and infinity times 0 is no number. p - y divides by nothing."
            )
        sentences += self.answer.sentences
        if self.answer.values is not None:
            places = [f"in delta {i + 1}" for i in CLASSES]
            sentences.append(compared(self.name, self.answer.values[0], np.array(numbers.delta), places))
        return sentences

    def facts(self) -> str:
        """Logits, probabilities, the loss and the deltas."""
        numbers = self.numbers
        logits = ", ".join(f"{z:.1f}" for z in numbers.logits)
        p = counted([f"p{i + 1}" for i in CLASSES], [fixed(value, 4) for value in numbers.p])
        facts = f"Logits {logits}, true class {numbers.true + 1}; probabilities {p}; loss {number(numbers.loss)}; "
        if self.hidden:
            return f"{facts}deltas hidden."
        deltas = counted([f"d{i + 1}" for i in CLASSES], [fixed(value, 4) for value in numbers.delta])
        return f"{facts}deltas {deltas}; their sum {fixed(sum(numbers.delta), 4)}."

    def table(self) -> list[list[str]]:
        """A row for each class."""
        yours = None if self.hidden else self.answer.values
        head = ["class", "z", "p", "y", "delta p - y", *(["your delta"] if yours is not None else [])]
        rows = [[*head, "through the Jacobian"]]
        for i in CLASSES:
            cells = [f"{self.numbers.logits[i]:.1f}", fixed(self.numbers.p[i], 4)]
            cells.append(str(int(i == self.numbers.true)))
            deltas = [fixed(self.numbers.delta[i], 4)]
            deltas += [short(float(yours[0][i]))] if yours is not None else []
            deltas.append(number(self.numbers.through[i]))
            rows.append([str(i + 1), *cells, *(["?"] * len(deltas) if self.hidden else deltas)])
        return rows
