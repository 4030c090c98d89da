"""`explore.graph`: f = (x + y) z as a drawn graph, its values forwards, its gradients backwards, steps to a target."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.controls import Preset, Range, guessing
from autograder.kit.explore.parts.panel import Panel, State, counted, verdict
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import BLUE, FAINT, INK, PURPLE, VERMILION, YOURS, Pen, Svg, number

TARGET = -10.0
STEPS = 20
# The loss axis, in powers of ten. What is lower is drawn at the bottom, what is higher leaves the plot.
LOWEST, HIGHEST = -4, 4
ARRIVED = 1e-3
# Seconds a student's own steps may take for one picture.
LONGEST = 1.0

VALUE = Pen(BLUE, 1.5)
GRADIENT = Pen(VERMILION, 1.5, "4 4")
LOSS = Pen(BLUE, 4, opacity=0.6)
YOUR_LOSS = Pen(YOURS, 2.4, "1 6")
GUESS = Pen(PURPLE, 3, "2 7")
EXAMPLE = {"x": -2.0, "y": 5.0, "z": -4.0}
PRESETS = (
    Preset("the example, rate 0.1", {**EXAMPLE, "rate": 0.1}),
    Preset("rate 0.05", {**EXAMPLE, "rate": 0.05}),
    Preset("rate 0.2", {**EXAMPLE, "rate": 0.2}),
    Preset("q is zero", {"x": -2.0, "y": 2.0, "z": -4.0, "rate": 0.05}),
    Preset("nothing moves", {"x": -2.0, "y": 2.0, "z": 0.0, "rate": 0.05}),
)
NODES = {
    "x": (30.0, 84.0, "x"),
    "y": (30.0, 280.0, "y"),
    "z": (164.0, 364.0, "z"),
    "q": (164.0, 182.0, "+"),
    "f": (304.0, 234.0, "*"),
    "end": (412.0, 234.0, "f"),
}
RADIUS = 19.0
# Each edge: the number it carries, the node it ends in, and how far its labels step aside from its slope.
EDGES = (("x", "q", 17.0), ("y", "q", -17.0), ("q", "f", 6.0), ("z", "f", -20.0), ("f", "end", 0.0))
NAMES = ("x", "y", "z", "q", "f")


def graph(
    forward: Callable[..., object] | None = None,
    backward: Callable[..., object] | None = None,
    step: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Shows the graph of f = (x + y) z, and the loss (f - target)^2 / 2 over twenty steps towards the target -10.

    Values stand above the edges, the derivatives of f below. `forward`, `backward` and `step` are your
    graph_forward, graph_backward and graph_step; each may be left out. `predict=True` starts with the steps
    hidden: guess where the first one takes f, then reveal.
    """
    students = (
        Student(forward, "graph_forward"),
        Student(backward, "graph_backward"),
        Student(step, "graph_step"),
    )

    def draw(state: State) -> Picture:
        point = tuple(np.float64(state[name]) for name in "xyz")
        rules = (np.float64(TARGET), np.float64(state["rate"]))
        yours = Yours(
            names=tuple(student.name for student in students),
            forward=students[0].ask([point], (2,)),
            backward=students[1].ask([point], (4,)),
            step=students[2].ask([(*point, *rules)], (3,)),
            losses=_your_losses(students[2], point, rules),
        )
        return Drawing(state, _journey(state), yours).picture()

    return Panel(
        "the graph of f = (x + y) z",
        [
            Range("x", "x", -6, 6, 0.25, EXAMPLE["x"]),
            Range("y", "y", -6, 6, 0.25, EXAMPLE["y"]),
            Range("z", "z", -6, 6, 0.25, EXAMPLE["z"]),
            Range("rate", "learning rate", 0, 0.25, 0.005, 0.1, 3),
            *guessing(
                Range("guess", "your guess: f after one step", -40, 20, 0.1, -11, 2, "predict"), predict
            ),
        ],
        PRESETS,
        draw,
    ).show()


@dataclass(frozen=True)
class Yours:
    """What the student's three functions answered here, and the losses along the steps of their graph_step."""

    names: tuple[str, ...]
    forward: Answer
    backward: Answer
    step: Answer
    losses: list[float]

    def at(self, name: str) -> tuple[float | None, float | None]:
        """Their value and their gradient at the edge of that name, None where they say nothing."""
        value = gradient = None
        if self.forward.values is not None and name in "qf":
            value = float(self.forward.values[0]["qf".index(name)])
        if self.backward.values is not None and name in "xyzq":
            gradient = float(self.backward.values[0]["xyzq".index(name)])
        return value, gradient


def _journey(state: State) -> list[tuple[float, ...]]:
    """x, y, z, f and the loss at the start and after each step, as long as the numbers are finite."""
    x, y, z = (float(state[name]) for name in "xyz")
    places: list[tuple[float, ...]] = []
    for _ in range(STEPS + 1):
        f = (x + y) * z
        error = f - TARGET
        places.append((x, y, z, f, error * error / 2))
        if not math.isfinite(places[-1][-1]):
            break
        pull = state["rate"] * error
        x, y, z = x - pull * z, y - pull * z, z - pull * (x + y)
    return places


def _your_losses(mine: Student, point: tuple[float, ...], rules: tuple[float, ...]) -> list[float]:
    """The loss at the start and after each of the student's steps, as long as they give finite numbers."""
    losses: list[float] = []
    if not mine.given:
        return losses
    end = time.monotonic() + LONGEST
    while len(losses) <= STEPS and all(map(math.isfinite, point)) and time.monotonic() < end:
        x, y, z = map(float, point)
        error = (x + y) * z - TARGET
        losses.append(error * error / 2)
        answer = mine.ask([(*point, *rules)], (3,)).values
        if answer is None or not math.isfinite(losses[-1]):
            break
        point = tuple(np.float64(each) for each in answer[0])
    return losses if len(losses) > 1 else []


@dataclass(frozen=True)
class Drawing:
    """One picture: the controls' values, the reference's steps, and what the student's functions answered."""

    state: State
    journey: list[tuple[float, ...]]
    yours: Yours

    @property
    def hidden(self) -> bool:
        """Whether the first step is still to be guessed."""
        return bool(self.state["predict"] and not self.state["revealed"])

    @property
    def _values(self) -> tuple[float, ...]:
        x, y, z, f, _ = self.journey[0]
        return x, y, z, x + y, f

    @property
    def _gradients(self) -> tuple[float, ...]:
        x, y, z, _, _ = self.journey[0]
        return z, z, x + y, z, 1.0

    def picture(self) -> Picture:
        """The drawing with its alt text and table."""
        sentences = self._sentences()
        probe = Svg(720, 100)
        svg = Svg(720, 428 + 19 * len(probe.wrapped(20, sentences)))
        svg.text(20, 28, f"f = (x + y) z = {number(self._values[4], 2)}", 16, bold=True)
        svg.text(470, 28, f"target {TARGET:g}, loss {number(self.journey[0][4])}", 14, bold=True)
        self._graph(svg)
        self._plot(svg)
        legend(svg, 20, 404, self._entries(), 5, 138)
        svg.paragraphs(20, 432, sentences)
        return Picture(svg, " ".join([*self._facts(), *sentences]), self._table())

    def _graph(self, svg: Svg) -> None:
        for name, end, _ in EDGES:
            _arrow(svg, NODES[name][:2], NODES[end][:2])
        for x, y, label in NODES.values():
            svg.dot(x, y, FAINT, RADIUS)
            svg.text(x, y + 5, label, 16, "middle", bold=True)
        svg.text(NODES["q"][0], NODES["q"][1] - RADIUS - 6, "q", 14, "middle", bold=True)
        for (name, end, aside), value, gradient in zip(
            EDGES, *(_in_edge_order(each) for each in (self._values, self._gradients)), strict=True
        ):
            x = (NODES[name][0] + NODES[end][0]) / 2
            y = (NODES[name][1] + NODES[end][1]) / 2
            your_value, your_gradient = self.yours.at(name)
            _chip(svg, x + aside, y - 20, value, VALUE)
            _chip(svg, x - aside, y + 20, gradient, GRADIENT)
            if your_value is not None:
                svg.text(x + aside, y - 33, f"yours {number(your_value, 2)}", 13, "middle")
            if your_gradient is not None:
                svg.text(x - aside, y + 42, f"yours {number(your_gradient, 2)}", 13, "middle")

    def _plot(self, svg: Svg) -> None:
        axes = Axes(svg, "loss", Box(514, 60, 186, 268), (0, STEPS), (LOWEST, HIGHEST))
        axes.frame([0, 5, 10, 15, 20], [], (0, 0))
        for power in range(LOWEST, HIGHEST + 1, 2):
            svg.line(514, axes.py(power), 700, axes.py(power), Pen(FAINT))
            svg.text(508, axes.py(power) + 4, f"{10.0**power:g}", 13, "end")
        svg.text(607, 364, "step", 13, "middle")
        svg.text(607, 52, "loss, each line a factor 100", 13, "middle")
        losses = [place[-1] for place in self.journey]
        shown = losses[:1] if self.hidden else losses
        axes.curve(_logarithms(shown), LOSS)
        if not self.hidden:
            axes.curve(_logarithms(self.yours.losses), YOUR_LOSS)
        for step, level in _logarithms(shown):
            if axes.shows(level):
                svg.dot(axes.px(step), axes.py(level), BLUE, 4)
        if self.state["predict"]:
            [(_, level)] = _logarithms([(self.state["guess"] - TARGET) ** 2 / 2])
            axes.curve([(0, level), (STEPS, level)], GUESS)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [("value", VALUE), ("derivative of f", GRADIENT), ("loss", LOSS)]
        if self.state["predict"]:
            entries.append(("loss you guess", GUESS))
        if self.yours.losses and not self.hidden:
            entries.append((f"your {self.yours.names[2]}"[:16], YOUR_LOSS))
        return entries

    def _facts(self) -> list[str]:
        values = counted(NAMES, [number(each, 2) for each in self._values])
        gradients = counted([f"df/d{name}" for name in NAMES], [number(each, 2) for each in self._gradients])
        facts = [
            f"The graph of f = (x + y) z. Values above the edges: {values}.",
            f"Derivatives below: {gradients}.",
            f"Target {TARGET:g}, rate {self.state['rate']:.3f}, loss {number(self.journey[0][4])}.",
        ]
        if not self.hidden:
            losses = ", ".join(number(place[-1]) for place in self.journey)
            facts.append(f"The loss at each step from 0 on: {losses}.")
        return facts

    def _sentences(self) -> list[str]:
        sentences = []
        if self.hidden:
            sentences.append(
                f"One step with rate {self.state['rate']:.3f} towards the target {TARGET:g}: where does it take f? "
                f"Your guess is {self.state['guess']:.2f}. Then press Reveal."
            )
        else:
            sentences += self._first_step() + self._later_steps()
        for name, answer, truth, places in self._comparisons():
            sentences += answer.sentences
            if answer.values is not None:
                sentences.append(compared(name, answer.values[0], np.array(truth), places))
        return sentences

    def _comparisons(self) -> list[tuple[str, Answer, tuple[float, ...], list[str]]]:
        names, yours = self.yours.names, self.yours
        rows = [
            (names[0], yours.forward, self._values[3:], ["at q", "at f"]),
            (names[1], yours.backward, self._gradients[:4], [f"at df/d{each}" for each in "xyzq"]),
        ]
        if not self.hidden and len(self.journey) > 1:
            places = [f"in {each}, after one step" for each in "xyz"]
            rows.append((names[2], yours.step, self.journey[1][:3], places))
        return rows

    def _first_step(self) -> list[str]:
        sentences = []
        (*_, f, loss), (*_, new_f, new_loss) = self.journey[:2]
        if self.state["predict"]:
            sentences.append(verdict("f", self.state["guess"], new_f, 1, ("too small", "too large")))
        word = "falls" if new_loss < loss else "grows"
        change = f"The loss {word}, from {number(loss)} to {number(new_loss)}."
        if new_loss == loss:
            change = f"The loss stays at {number(loss)}."
        passed = " The step went past the target." if (f - TARGET) * (new_f - TARGET) < 0 else ""
        sentences.append(
            f"One step with rate {self.state['rate']:.3f}: f goes from {number(f, 2)} to {number(new_f, 2)}. "
            f"{change}{passed}"
        )
        return sentences

    def _later_steps(self) -> list[str]:
        losses = [place[-1] for place in self.journey]
        if len(losses) <= STEPS or not math.isfinite(losses[-1]):
            return [f"At step {len(losses) - 1} the loss leaves the range of a float: this run diverges."]
        if losses[-1] == losses[0]:
            if losses[0] == 0:
                return ["f is the target already: the error is 0, and nothing moves."]
            if any(self._gradients[:3]):
                return ["With the rate 0 nothing moves."]
            return ["All three derivatives are 0: nothing moves, though f is not the target."]
        if max(losses[-3:]) < ARRIVED:
            first = next(k for k in range(len(losses)) if max(losses[k:]) < ARRIVED)
            return [f"From step {first} on the loss stays below {ARRIVED:g}: it converges."]
        # More than a wobble: steps later the loss still rises.
        if losses[-1] > losses[0] or any(b > a for a, b in zip(losses[-6:], losses[-5:], strict=False)):
            return [
                f"After {STEPS} steps the loss is {number(losses[-1])}: it still jumps and has not settled."
            ]
        return [f"After {STEPS} steps the loss is {number(losses[-1])}: it falls, but has not arrived."]

    def _table(self) -> list[list[str]]:
        values, gradients = zip(*(self.yours.at(name) for name in NAMES), strict=True)
        columns: list[tuple[str, Sequence[float | None]]] = [
            ("value", self._values),
            ("derivative of f", self._gradients),
        ]
        if self.yours.forward.values is not None:
            columns.append(("your value", values))
        if self.yours.backward.values is not None:
            columns.append(("your derivative", gradients))
        rows = [["", *(head for head, _ in columns)]]
        for place, name in enumerate(NAMES):
            shown = [column[place] for _, column in columns]
            rows.append([name, *("" if each is None else number(each) for each in shown)])
        after = "?" if self.hidden else number(self.journey[1][3])
        rows.append(["f after one step", after, *[""] * (len(columns) - 1)])
        return rows


def _in_edge_order(numbers: tuple[float, ...]) -> list[float]:
    return [numbers[NAMES.index(name)] for name, _, _ in EDGES]


def _logarithms(losses: list[float]) -> list[tuple[float, float]]:
    """Steps and powers of ten; a loss below the axis stands at its foot, one that is no number is left out."""
    return [
        (float(at), max(math.log10(max(loss, 1e-300)), LOWEST))
        for at, loss in enumerate(losses)
        if math.isfinite(loss)
    ]


def _chip(svg: Svg, x: float, y: float, value: float, pen: Pen) -> None:
    """A number in a small frame whose centre is at (x, y)."""
    text = number(value, 2)
    width = max(46, 8 * len(text) + 10)
    svg.rect(x - width / 2, y - 10, width, 19, "white", pen)
    svg.text(x, y + 4.5, text, 13, "middle", bold=not pen.dash)


def _arrow(svg: Svg, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line with a head, from the rim of one node to the rim of another."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    tail = (start[0] + RADIUS * ux, start[1] + RADIUS * uy)
    tip = (end[0] - (RADIUS + 2) * ux, end[1] - (RADIUS + 2) * uy)
    svg.line(*tail, *tip, Pen(INK, 1.5))
    wings = [(tip[0] - 8 * ux + side * 4 * uy, tip[1] - 8 * uy - side * 4 * ux) for side in (-1, 1)]
    svg.polyline([wings[0], tip, wings[1]], Pen(INK, 1.5))
