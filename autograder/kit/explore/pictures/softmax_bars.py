"""`explore.softmax`: four logits, the probabilities as bars, the Jacobian as a table of colours with its numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.colours import BLUE, CARD, PURPLE, TRACK, YOURS, tint
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared, off
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import counted, fixed, number, short, verdict

CLASSES = range(4)
BAR_LEFT, BAR_WIDTH, ROW_TOP, ROW = 96, 160, 74, 58
CELL_LEFT, CELL = 384, 62

PRESETS = (
    Preset("one winner", {"z1": 6, "z2": 0, "z3": -1, "z4": -2, "shift": 0}),
    Preset("all tied", {"z1": 1, "z2": 1, "z3": 1, "z4": 1, "shift": 0}),
    Preset("huge logits", {"z1": 2, "z2": 1, "z3": 0, "z4": -1, "shift": 1000}),
    Preset("exp just overflows", {"z1": 3, "z2": 1, "z3": 0, "z4": -1, "shift": 708}),
    Preset("exp all underflow", {"z1": 2, "z2": 1, "z3": 0, "z4": -1, "shift": -1000}),
)


@dataclass(frozen=True)
class SoftmaxNumbers:
    """The reference for one setting of the sliders; `naive` is what exp(z) / sum gives, nan and all."""

    logits: list[float]
    p: list[float]
    jacobian: list[list[float]]
    naive: list[float]


def softmax(
    function: Callable[..., object] | None = None,
    jacobian: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Shows what softmax makes of four logits, and its Jacobian, with your own numbers beside them.

    `function` is your softmax, `jacobian` your softmax_jacobian; both may be left out. `predict=True` starts
    with the bars hidden: guess the first probability, then reveal.
    """
    mine, my_jacobian = Student(function, "softmax"), Student(jacobian, "softmax_jacobian")
    size = len(CLASSES)

    def drawn(state: State) -> Drawing:
        numbers = _reference(state)
        logits = np.array(numbers.logits)
        answers = (
            mine.ask([(logits.copy(),)], (size,)),
            my_jacobian.ask([(logits.copy(),)], (size, size)),
        )
        return SoftmaxBars(state, numbers, (mine.name, my_jacobian.name), answers)

    sliders = [
        Range(f"z{i + 1}", f"logit z{i + 1}", -10, 10, 0.1, start, 1)
        for i, start in enumerate((2.0, 1.0, 0.0, -1.0))
    ]
    return Panel(
        "softmax",
        [
            *sliders,
            Range("shift", "c, added to every logit", -1000, 1000, 1, 0, 0),
            *guessing("p1", 0, 1, 0.01, 0.25, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def _reference(state: State) -> SoftmaxNumbers:
    """Probabilities, Jacobian and the naive formula, number by number."""
    logits = [state[f"z{i + 1}"] + state["shift"] for i in CLASSES]
    powers = [math.exp(z - max(logits)) for z in logits]
    p = [power / sum(powers) for power in powers]
    table = [[p[i] * (float(i == j) - p[j]) for j in CLASSES] for i in CLASSES]
    plain = [math.exp(z) if z < 709.78 else math.inf for z in logits]
    total = sum(plain)
    naive = [math.nan if total == 0 or math.isinf(power) else power / total for power in plain]
    return SoftmaxNumbers(logits, p, table, naive)


@dataclass(frozen=True)
class SoftmaxBars(Drawing):
    """The reference, and what the student's two functions answered."""

    state: State
    numbers: SoftmaxNumbers
    names: tuple[str, str]
    answers: tuple[Answer, Answer]

    bottom = 338

    def draw(self, svg: Svg) -> None:
        """A bar for each class on the left, the Jacobian on the right."""
        svg.text(20, 28, "p = softmax(z + c)", 16, bold=True)
        svg.text(CELL_LEFT, 28, "Jacobian: how p_i answers to z_j", 16, bold=True)
        for i in CLASSES:
            self._bar(svg, i)
        self._heatmap(svg)

    def _bar(self, svg: Svg, i: int) -> None:
        top = ROW_TOP + ROW * i
        p, given = self.numbers.p[i], self.answers[0].values
        svg.text(20, top + 18, f"z{i + 1} + c =")
        svg.text(20, top + 36, f"{self.numbers.logits[i]:.1f}", bold=True)
        svg.rect(BAR_LEFT, top + 4, BAR_WIDTH, 36, TRACK)
        beside = BAR_LEFT + BAR_WIDTH + 8
        if self.hidden:
            svg.text(beside, top + 18, f"p{i + 1} = ?")
        else:
            svg.rect(BAR_LEFT, top + 4, BAR_WIDTH * p, 36, BLUE)
            svg.text(beside, top + 18, f"p{i + 1} = {fixed(p, 4)}", bold=True)
        if i == 0 and self.state[GUESSING]:
            place = BAR_LEFT + BAR_WIDTH * self.state[GUESS]
            svg.line(place, top, place, top + 44, Pen(CARD, 8))
            svg.line(place, top, place, top + 44, Pen(PURPLE, 4, "2 7"))
        if given is not None and not self.hidden:
            yours = float(given[0][i])
            svg.text(beside, top + 36, f"yours {short(yours)}")
            if math.isfinite(yours):
                place = BAR_LEFT + BAR_WIDTH * min(max(yours, 0.0), 1.0)
                svg.line(place, top, place, top + 44, Pen(YOURS, 2.4, "1 5"))

    def _heatmap(self, svg: Svg) -> None:
        given = self.answers[1].values
        for j in CLASSES:
            svg.text(CELL_LEFT + CELL * (j + 0.5), ROW_TOP - 12, f"z{j + 1}", 13, "middle")
        svg.text(CELL_LEFT + CELL * 4 + 36, ROW_TOP - 12, "row sum", 13, "middle")
        for i in CLASSES:
            middle = ROW_TOP + ROW * i + 32
            svg.text(CELL_LEFT - 8, middle, f"p{i + 1}", 13, "end")
            for j in CLASSES:
                yours = None if given is None or self.hidden else given[0][i][j]
                differs = yours is not None and bool(off(yours, self.numbers.jacobian[i][j]))
                self._cell(svg, i, j, yours, differs)
            total = "?" if self.hidden else fixed(sum(self.numbers.jacobian[i]), 4)
            svg.text(CELL_LEFT + CELL * 4 + 36, middle, total, 13, "middle", bold=True)

    def _cell(self, svg: Svg, i: int, j: int, yours: float | None, differs: bool) -> None:
        left, top, value = CELL_LEFT + CELL * j, ROW_TOP + ROW * i, self.numbers.jacobian[i][j]
        middle = left + CELL / 2
        if self.hidden:
            svg.rect(left, top, CELL - 2, ROW - 2, TRACK)
            svg.text(middle - 1, top + 32, "?", 13, "middle")
            return
        fill, depth = tint(value / 0.25)
        svg.rect(left, top, CELL - 2, ROW - 2, fill, opacity=depth)
        svg.text(middle - 1, top + (24 if differs else 32), fixed(value, 4), 13, "middle")
        if differs and yours is not None:
            svg.rect(left + 2, top + 2, CELL - 6, ROW - 6, "none", Pen(YOURS, 2, "4 4"))
            svg.text(middle - 1, top + 42, short(float(yours)), 13, "middle", bold=True)

    def sentences(self) -> list[str]:
        """What the shift does, where the plain formula breaks, how near the student's functions are."""
        numbers, state = self.numbers, self.state
        sentences = []
        if self.hidden:
            sentences.append(
                f"How large is p1? Your guess is {state[GUESS]:.2f}, the dotted mark. Then press Reveal."
            )
            return sentences
        if state[GUESSING]:
            sentences.append(verdict("p1", state[GUESS], numbers.p[0], 2))
        if state["shift"]:
            sentences.append(
                f"Adding c = {state['shift']:.0f} to every logit changed no probability: only differences count."
            )
        if any(math.isnan(value) for value in numbers.naive):
            largest = max(numbers.logits)
            power = "infinity" if largest > 709 else number(math.exp(largest))
            given = ", ".join(number(value) for value in numbers.naive)
            sentences.append(
                f"The formula exp(z) / sum breaks here: the largest exp({largest:.1f}) is {power} on this "
                f"machine, and it gives {given}."
            )
        p, table = self.numbers.p, self.numbers.jacobian
        places = [f"in p{i + 1}" for i in CLASSES]
        cells = [f"in row {i + 1}, column {j + 1}" for i in CLASSES for j in CLASSES]
        for answer, name, truth, where in zip(
            self.answers, self.names, (p, table), (places, cells), strict=True
        ):
            sentences += answer.sentences
            if answer.values is not None:
                sentences.append(compared(name, answer.values[0], np.array(truth), where))
        if self.answers[1].values is not None and "agrees" not in sentences[-1]:
            sentences[-1] += " In a dashed frame, the lower number is yours."
        return sentences

    def facts(self) -> str:
        """Logits, probabilities, the Jacobian's diagonal and row sums."""
        names = [f"p{i + 1}" for i in CLASSES]
        logits = ", ".join(f"{z:.1f}" for z in self.numbers.logits)
        if self.hidden:
            return f"Logits {logits} (c = {self.state['shift']:.0f} included); probabilities hidden."
        p = counted(names, [fixed(value, 4) for value in self.numbers.p])
        diagonal = ", ".join(fixed(self.numbers.jacobian[i][i], 4) for i in CLASSES)
        sums = ", ".join(fixed(sum(row), 4) for row in self.numbers.jacobian)
        return (
            f"Logits {logits} (c = {self.state['shift']:.0f} included); probabilities {p}; "
            f"Jacobian's diagonal {diagonal}; its row sums {sums}."
        )

    def table(self) -> list[list[str]]:
        """A row for each class."""
        given = self.answers[0].values
        yours = given is not None and not self.hidden
        head = ["class", "z + c", "p", *(["your p"] if yours else []), "exp(z) / sum"]
        head += [f"dp/dz{j + 1}" for j in CLASSES] + ["row sum"]
        rows = [head]
        for i in CLASSES:
            row = self.numbers.jacobian[i]
            cells = [fixed(self.numbers.p[i], 4)]
            cells += [short(float(given[0][i]))] if given is not None and yours else []
            cells += [number(self.numbers.naive[i]), *(fixed(value, 4) for value in row), fixed(sum(row), 4)]
            if self.hidden:
                cells = ["?"] * len(cells)
            rows.append([str(i + 1), f"{self.numbers.logits[i]:.1f}", *cells])
        return rows
