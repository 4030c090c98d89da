"""`explore.softmax`: four logits, the probabilities as bars, the Jacobian as a table of colours with its numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.controls import Preset, Range, guessing
from autograder.kit.explore.parts.panel import Panel, State, counted, verdict
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.student import ROUNDING, Answer, Student, compared
from autograder.kit.explore.parts.svg import BLUE, PURPLE, YOURS, Pen, Svg, fixed, number

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
class Numbers:
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

    def draw(state: State) -> Picture:
        numbers = _reference(state)
        logits = np.array(numbers.logits)
        answers = (
            mine.ask([(logits.copy(),)], (size,)),
            my_jacobian.ask([(logits.copy(),)], (size, size)),
        )
        return Drawing(state, numbers, (mine.name, my_jacobian.name), answers).picture()

    sliders = [
        Range(f"z{i + 1}", f"logit z{i + 1}", -10, 10, 0.1, start, 1)
        for i, start in enumerate((2.0, 1.0, 0.0, -1.0))
    ]
    return Panel(
        "softmax",
        [
            *sliders,
            Range("shift", "c, added to every logit", -1000, 1000, 1, 0, 0),
            *guessing(Range("guess", "your guess: p1", 0, 1, 0.01, 0.25, 2, "predict"), predict),
        ],
        PRESETS,
        draw,
    ).show()


def _reference(state: State) -> Numbers:
    """Probabilities, Jacobian and the naive formula, number by number."""
    logits = [state[f"z{i + 1}"] + state["shift"] for i in CLASSES]
    powers = [math.exp(z - max(logits)) for z in logits]
    p = [power / sum(powers) for power in powers]
    table = [[p[i] * (float(i == j) - p[j]) for j in CLASSES] for i in CLASSES]
    plain = [math.exp(z) if z < 709.78 else math.inf for z in logits]
    total = sum(plain)
    naive = [math.nan if total == 0 or math.isinf(power) else power / total for power in plain]
    return Numbers(logits, p, table, naive)


@dataclass(frozen=True)
class Drawing:
    """One picture: the reference, what the student's two functions answered, and the controls' values."""

    state: State
    numbers: Numbers
    names: tuple[str, str]
    answers: tuple[Answer, Answer]

    @property
    def hidden(self) -> bool:
        """Whether the probabilities are still to be guessed."""
        return bool(self.state["predict"] and not self.state["revealed"])

    def picture(self) -> Picture:
        """The drawing with its alt text and table."""
        sentences = self._sentences()
        probe = Svg(720, 100)
        svg = Svg(720, 338 + 19 * len(probe.wrapped(20, sentences)))
        svg.text(20, 28, "p = softmax(z + c)", 16, bold=True)
        svg.text(CELL_LEFT, 28, "Jacobian: how p_i answers to z_j", 16, bold=True)
        for i in CLASSES:
            self._bar(svg, i)
        self._heatmap(svg)
        svg.paragraphs(20, 338, sentences)
        return Picture(svg, " ".join([self._facts(), *sentences]), self._table())

    def _bar(self, svg: Svg, i: int) -> None:
        top = ROW_TOP + ROW * i
        p, given = self.numbers.p[i], self.answers[0].values
        svg.text(20, top + 18, f"z{i + 1} + c =")
        svg.text(20, top + 36, f"{self.numbers.logits[i]:.1f}", bold=True)
        svg.rect(BAR_LEFT, top + 4, BAR_WIDTH, 36, "#F4F4F4")
        beside = BAR_LEFT + BAR_WIDTH + 8
        if self.hidden:
            svg.text(beside, top + 18, f"p{i + 1} = ?")
        else:
            svg.rect(BAR_LEFT, top + 4, BAR_WIDTH * p, 36, BLUE)
            svg.text(beside, top + 18, f"p{i + 1} = {fixed(p, 4)}", bold=True)
        if i == 0 and self.state["predict"]:
            place = BAR_LEFT + BAR_WIDTH * self.state["guess"]
            svg.line(place, top, place, top + 44, Pen("white", 8))
            svg.line(place, top, place, top + 44, Pen(PURPLE, 4, "2 7"))
        if given is not None and not self.hidden:
            yours = float(given[0][i])
            svg.text(beside, top + 36, f"yours {_short(yours)}")
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
                yours = None if given is None or self.hidden else float(given[0][i][j])
                self._cell(svg, i, j, yours)
            total = "?" if self.hidden else fixed(sum(self.numbers.jacobian[i]), 4)
            svg.text(CELL_LEFT + CELL * 4 + 36, middle, total, 13, "middle", bold=True)

    def _cell(self, svg: Svg, i: int, j: int, yours: float | None) -> None:
        left, top, value = CELL_LEFT + CELL * j, ROW_TOP + ROW * i, self.numbers.jacobian[i][j]
        middle = left + CELL / 2
        if self.hidden:
            svg.rect(left, top, CELL - 2, ROW - 2, "#F4F4F4")
            svg.text(middle - 1, top + 32, "?", 13, "middle")
            return
        svg.rect(left, top, CELL - 2, ROW - 2, _tint(value))
        differs = yours is not None and not abs(yours - value) < ROUNDING
        svg.text(middle - 1, top + (24 if differs else 32), _signed(value), 13, "middle")
        if differs and yours is not None:
            svg.rect(left + 2, top + 2, CELL - 6, ROW - 6, "none", Pen(YOURS, 2, "4 4"))
            svg.text(middle - 1, top + 42, _short(yours), 13, "middle", bold=True)

    def _sentences(self) -> list[str]:
        numbers, state = self.numbers, self.state
        sentences = []
        if self.hidden:
            sentences.append(
                f"How large is p1? Your guess is {state['guess']:.2f}, the dotted mark. Then press Reveal."
            )
            return sentences
        if state["predict"]:
            sentences.append(verdict("p1", state["guess"], numbers.p[0], 2, ("too small", "too large")))
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

    def _facts(self) -> str:
        names = [f"p{i + 1}" for i in CLASSES]
        logits = ", ".join(f"{z:.1f}" for z in self.numbers.logits)
        if self.hidden:
            return f"Logits {logits} (c = {self.state['shift']:.0f} included); probabilities hidden."
        p = counted(names, [fixed(value, 4) for value in self.numbers.p])
        diagonal = ", ".join(_signed(self.numbers.jacobian[i][i]) for i in CLASSES)
        sums = ", ".join(fixed(sum(row), 4) for row in self.numbers.jacobian)
        return (
            f"Logits {logits} (c = {self.state['shift']:.0f} included); probabilities {p}; "
            f"Jacobian's diagonal {diagonal}; its row sums {sums}."
        )

    def _table(self) -> list[list[str]]:
        given = self.answers[0].values
        yours = given is not None and not self.hidden
        head = ["class", "z + c", "p", *(["your p"] if yours else []), "exp(z) / sum"]
        head += [f"dp/dz{j + 1}" for j in CLASSES] + ["row sum"]
        rows = [head]
        for i in CLASSES:
            row = self.numbers.jacobian[i]
            cells = [fixed(self.numbers.p[i], 4)]
            cells += [_short(float(given[0][i]))] if given is not None and yours else []
            cells += [number(self.numbers.naive[i]), *map(_signed, row), fixed(sum(row), 4)]
            if self.hidden:
                cells = ["?"] * len(cells)
            rows.append([str(i + 1), f"{self.numbers.logits[i]:.1f}", *cells])
        return rows


def _signed(value: float) -> str:
    """Four decimals, never "-0.0000"."""
    return fixed(value, 4)


def _short(value: float) -> str:
    """A student's number in at most seven characters, whatever it is."""
    if not math.isfinite(value):
        return number(value).replace("infinity", "inf")
    if abs(value) >= 10_000:
        return f"{value:.0e}"
    return fixed(value, 1 if abs(value) >= 10 else 4)


def _tint(value: float) -> str:
    """Blue for positive, orange for negative, paler towards zero; black print stays readable on all of them."""
    part = min(abs(value) / 0.25, 1.0) ** 0.6
    full = (110, 175, 225) if value > 0 else (240, 175, 70)
    red, green, blue = (round(255 + part * (end - 255)) for end in full)
    return f"#{red:02X}{green:02X}{blue:02X}"
