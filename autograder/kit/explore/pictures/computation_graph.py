"""`explore.graph`: f = (x + y) z as a drawn graph, its values forwards, its gradients backwards, steps to a target."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.colours import BLUE, CARD, FAINT, INK, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.grips import Grip, Pull
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared, off
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import counted, number, owned, verdict

TARGET = -10.0
STEPS = 20
# The loss axis, in powers of ten. What is lower is drawn at the bottom, what is higher leaves the plot.
LOWEST, HIGHEST = -4, 4
ARRIVED = 1e-3
# Seconds of the processor after which no further step of the student's is asked for in one picture.
LONGEST = 1.0
# Python in a browser has one thread, and no clock of its own for it.
_processor_time = getattr(time, "thread_time", time.process_time)

VALUE = Pen(BLUE, 1.5)
GRADIENT = Pen(VERMILION, 1.5, "4 4")
LOSS = Pen(BLUE, 4, opacity=0.6)
YOUR_LOSS = Pen(YOURS, 2.4, "1 6")
GUESSED = Pen(PURPLE, 3, "2 7")
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

    def drawn(state: State) -> Drawing:
        point = tuple(np.float64(state[name]) for name in "xyz")
        rules = (np.float64(TARGET), np.float64(state["rate"]))
        yours = Yours(
            names=tuple(student.name for student in students),
            forward=students[0].ask([point], (2,)),
            backward=students[1].ask([point], (4,)),
            walk=_your_walk(students[2], point, rules),
        )
        return ComputationGraph(state, _journey(state), yours)

    return Panel(
        "the graph of f = (x + y) z",
        [
            Range("x", "x", -6, 6, 0.25, EXAMPLE["x"]),
            Range("y", "y", -6, 6, 0.25, EXAMPLE["y"]),
            Range("z", "z", -6, 6, 0.25, EXAMPLE["z"]),
            Range("rate", "learning rate", 0, 0.25, 0.005, 0.1, 3),
            *guessing("f after one step", -40, 20, 0.1, -11, predict),
        ],
        PRESETS,
        drawn,
    ).show()


@dataclass(frozen=True)
class Walk:
    """Where the student's steps lead, the start first, and what is to be said of them: of the first, and of the end."""

    points: list[np.ndarray]
    sentences: tuple[str, ...] = ()

    @property
    def losses(self) -> list[float]:
        """The loss at each point; none where there is no step."""
        return [_loss(point) for point in self.points] if len(self.points) > 1 else []


@dataclass(frozen=True)
class Yours:
    """What the student's three functions answered here."""

    names: tuple[str, ...]
    forward: Answer
    backward: Answer
    walk: Walk

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
        x, y, z = _true_step((x, y, z), state["rate"])
    return places


def _loss(point: Iterable[float]) -> float:
    """(f - target)**2 / 2, as large as it may be."""
    x, y, z = map(float, point)
    error = (x + y) * z - TARGET
    return error * error / 2


def _true_step(point: Iterable[float], rate: float) -> tuple[float, ...]:
    """x, y and z after one step from that point."""
    x, y, z = map(float, point)
    pull = rate * ((x + y) * z - TARGET)
    return x - pull * z, y - pull * z, z - pull * (x + y)


def _your_walk(mine: Student, point: tuple[float, ...], rules: tuple[float, ...]) -> Walk:
    """The student's steps, one after the other, until the loss leaves the range of a float or something fails."""
    points = [np.array(point)]
    if not mine.given:
        return Walk(points)
    said: tuple[str, ...] = ()
    began = _processor_time()
    while len(points) <= STEPS and math.isfinite(_loss(points[-1])):
        if len(points) > 1 and _processor_time() - began > LONGEST:
            done = len(points) - 1
            said += (f"Your {mine.name} takes long: only {done} of its {STEPS} steps are drawn here.",)
            break
        answer = mine.ask([(*map(np.float64, points[-1]), *rules)], (3,))
        if answer.values is None:
            where = f"After {len(points) - 1} of {STEPS} steps: " if len(points) > 1 else ""
            return Walk(points, said + tuple(where + each for each in answer.sentences))
        said = answer.sentences if len(points) == 1 else said
        points.append(answer.values[0])
    return Walk(points, said)


@dataclass(frozen=True)
class ComputationGraph(Drawing):
    """The reference's steps, and what the student's functions answered."""

    state: State
    journey: list[tuple[float, ...]]
    yours: Yours

    bottom = 432

    @property
    def _values(self) -> tuple[float, ...]:
        x, y, z, f, _ = self.journey[0]
        return x, y, z, x + y, f

    @property
    def _gradients(self) -> tuple[float, ...]:
        x, y, z, _, _ = self.journey[0]
        return z, z, x + y, z, 1.0

    def draw(self, svg: Svg) -> None:
        """The graph on the left, the loss from step to step on the right."""
        svg.text(20, 28, f"f = (x + y) z = {number(self._values[4], 2)}", 16, bold=True)
        svg.text(470, 28, f"target {TARGET:g}, loss {number(self.journey[0][4])}", 14, bold=True)
        self._graph(svg)
        self._plot(svg)
        legend(svg, 20, 404, self._entries(), 5, 138)

    def _graph(self, svg: Svg) -> None:
        for name, end, _ in EDGES:
            _arrow(svg, NODES[name][:2], NODES[end][:2])
        for name, (x, y, label) in NODES.items():
            svg.dot(x, y, FAINT, RADIUS)
            if name in EXAMPLE:  # upwards the number grows, a step of its slider every four pixels
                svg.grips.append(Grip(x, y, (Pull(name, "y", -0.25 / 4),), RADIUS))
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
            axes.curve(_logarithms(self.yours.walk.losses), YOUR_LOSS)
        for step, level in _logarithms(shown):
            if axes.shows(level):
                svg.dot(axes.px(step), axes.py(level), BLUE, 4)
        if self.state[GUESSING]:
            [(_, level)] = _logarithms([(self.state[GUESS] - TARGET) ** 2 / 2])
            axes.curve([(0, level), (STEPS, level)], GUESSED)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [("value", VALUE), ("derivative of f", GRADIENT), ("loss", LOSS)]
        if self.state[GUESSING]:
            entries.append(("loss you guess", GUESSED))
        if self.yours.walk.losses and not self.hidden:
            entries.append((owned(self.yours.names[2], 16), YOUR_LOSS))
        return entries

    def facts(self) -> str:
        """Values, derivatives, and the loss at each step."""
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
        return " ".join(facts)

    def sentences(self) -> list[str]:
        """What the first step and the others do, and how near the student's functions are."""
        sentences = []
        if self.hidden:
            sentences.append(
                f"One step with rate {self.state['rate']:.3f} towards the target {TARGET:g}: where does it take f? "
                f"Your guess is {self.state[GUESS]:.2f}. Then press Reveal."
            )
        else:
            sentences += self._first_step() + self._later_steps()
        names, yours = self.yours.names, self.yours
        for name, answer, truth, places in (
            (names[0], yours.forward, self._values[3:], ["at q", "at f"]),
            (names[1], yours.backward, self._gradients[:4], [f"at df/d{each}" for each in "xyzq"]),
        ):
            sentences += answer.sentences
            if answer.values is not None:
                sentences.append(compared(name, answer.values[0], np.array(truth), places))
        return sentences if self.hidden else [*sentences, *yours.walk.sentences, *self._compared_walk()]

    def _compared_walk(self) -> list[str]:
        """Each of the student's steps against the true one from the same point: no rounding piles up."""
        points, name = self.yours.walk.points, self.yours.names[2]
        taken = [(_true_step(a, self.state["rate"]), b) for a, b in zip(points, points[1:], strict=False)]
        # Where the true numbers are too large for the student's kind of number, nothing can be said.
        taken = [(a, b) for a, b in taken if max(map(abs, a)) < float(np.finfo(b.dtype).max)]
        for step, (true, given) in enumerate(taken, 1):
            if off(given, true).any():
                after = "one step" if step == 1 else f"{step} steps"
                return [
                    compared(name, given, np.array(true), [f"in {each}, after {after}" for each in "xyz"])
                ]
        if not taken:
            return []
        said = compared(
            name, np.array([b for _, b in taken]), np.array([a for a, _ in taken]), [""] * 3 * len(taken)
        )
        return [said.replace("the reference:", f"the reference in all of its {len(taken)} steps:")]

    def _first_step(self) -> list[str]:
        sentences = []
        (*_, f, loss), (*_, new_f, new_loss) = self.journey[:2]
        if self.state[GUESSING]:
            sentences.append(verdict("f", self.state[GUESS], new_f, 1))
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

    def table(self) -> list[list[str]]:
        """A row for each edge."""
        values, gradients = zip(*(self.yours.at(name) for name in NAMES), strict=True)
        columns: list[tuple[str, Sequence[float | None]]] = [
            ("value", self._values),
            ("derivative of f", self._gradients),
        ]
        if self.yours.forward.values is not None:
            columns.append(("your value", values))
        if self.yours.backward.values is not None:
            columns.append(("your derivative", gradients))
        rows = [["edge", *(head for head, _ in columns)]]
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
    svg.rect(x - width / 2, y - 10, width, 19, CARD, pen)
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
