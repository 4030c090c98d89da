"""`explore.autograd`: small graphs walked node by node, forwards for the values and backwards for the gradients."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.kit.explore.parts.colours import BLUE, CARD, FAINT, INK, VERMILION
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, short, verdict

RADIUS = 22.0
LEFT, ACROSS, TOP, DOWN = 70.0, 143.0, 112.0, 136.0
# The longest graph has seven nodes: seven steps forwards, seven backwards.
MOST = 14
VALUE = Pen(BLUE, 1.5)
GRADIENT = Pen(VERMILION, 1.5, "4 4")
SO_FAR = Pen(VERMILION, 1.5, "1 5")
EXAMPLE = {"x": -2.0, "y": 5.0, "z": -4.0}


@dataclass(frozen=True)
class Shape:
    """A graph whose nodes stand in a topological order, the output last, and where each is drawn: column and row.

    An input is a letter, the name of its slider, or a constant.
    """

    label: str
    ops: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...]
    inputs: tuple[str, ...]
    places: tuple[tuple[float, float], ...]


SHAPES = {
    "product": Shape(
        "(x + y) z",
        ("input", "input", "input", "add", "mul"),
        ((), (), (), (0, 1), (3, 2)),
        ("x", "y", "z"),
        ((0, 0), (0, 2), (2, 2), (2, 0.5), (4, 1)),
    ),
    "twice": Shape(
        "x x + x", ("input", "mul", "add"), ((), (0, 0), (1, 0)), ("x",), ((0, 1), (2, 0), (4, 1))
    ),
    "sigmoid": Shape(
        "the sigmoid of x",
        ("input", "input", "input", "mul", "exp", "add", "pow"),
        ((), (), (), (0, 1), (3,), (4, 2), (5, 1)),
        ("x", "-1", "1"),
        ((0, 0), (0, 2), (2, 2), (1, 1), (2, 0), (3, 1), (4, 2)),
    ),
    "ways": Shape(
        "x y tanh(x y + x)",
        ("input", "input", "mul", "add", "tanh", "mul"),
        ((), (), (0, 1), (2, 0), (3,), (2, 4)),
        ("x", "y"),
        ((0, 0), (0, 2), (1, 1), (2, 0), (3, 1), (4, 2)),
    ),
}
SIGNS = {"add": "+", "mul": "*"}
PRESETS = (
    Preset("the graph of lesson 2", {"graph": "product", **EXAMPLE, "step": MOST}),
    Preset("x goes in three times", {"graph": "twice", "x": 3.0, "step": 5}),
    Preset("a sigmoid", {"graph": "sigmoid", "x": 0.75, "step": 7}),
    Preset("two ways meet", {"graph": "ways", "x": 0.5, "y": 1.0, "step": 8}),
)


def autograd(
    values: Callable[..., object] | None = None,
    gradients: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Walks a small graph node by node: forwards its values, above the nodes; backwards its gradients, below them.

    `values` and `gradients` are your graph_values and graph_gradients; each may be left out. `predict=True` starts
    with the gradients hidden: guess the one of x, then reveal.
    """
    students = Student(values, "graph_values"), Student(gradients, "graph_gradients")

    def drawn(state: State) -> Drawing:
        shape = SHAPES[state["graph"]]
        given = inputs_of(shape, state)
        forward = walked_forwards(shape, given)
        size = (len(shape.ops),)
        return GraphWalk(
            state,
            forward,
            (students[0].name, students[1].name),
            students[0].ask([(*lists(shape), [np.float64(each) for each in given])], size),
            students[1].ask([(*lists(shape), np.array(forward), len(shape.ops) - 1)], size),
        )

    return Panel(
        "a graph, node by node",
        [
            Choice("graph", "graph", {name: shape.label for name, shape in SHAPES.items()}, "product"),
            Range("step", "step", 0, MOST, 1, 0, 0),
            Range("x", "x", -6, 6, 0.25, EXAMPLE["x"]),
            Range("y", "y", -6, 6, 0.25, EXAMPLE["y"]),
            Range("z", "z", -6, 6, 0.25, EXAMPLE["z"]),
            *guessing("the gradient of x", -13, 13, 0.05, 0, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def lists(shape: Shape) -> tuple[list[str], list[list[int]]]:
    """The graph as a student's function takes it, made anew."""
    return list(shape.ops), [list(row) for row in shape.parents]


def inputs_of(shape: Shape, state: State) -> list[float]:
    """The numbers of the input nodes."""
    return [float(state[name]) if name in EXAMPLE else float(name) for name in shape.inputs]


def walked_forwards(shape: Shape, given: list[float]) -> list[float]:
    """Every node's value."""
    found: list[float] = []
    for op, row in zip(shape.ops, shape.parents, strict=True):
        a = [found[j] for j in row]
        if op == "input":
            found.append(given[len(found)])
        elif op == "add":
            found.append(a[0] + a[1])
        elif op == "mul":
            found.append(a[0] * a[1])
        else:
            found.append(math.exp(a[0]) if op == "exp" else math.tanh(a[0]) if op == "tanh" else 1 / a[0])
    return found


def slopes_of(op: str, a: list[float], value: float) -> list[float]:
    """The slopes of one operation; the only exponent in these graphs is -1, and its base is above 0."""
    if op == "mul":
        return [a[1], a[0]]
    if op == "pow":
        return [-value * value, value * math.log(a[0])]
    return {"add": [1.0, 1.0], "exp": [value], "tanh": [1 - value * value]}.get(op, [])


def walked_backwards(shape: Shape, values: list[float], steps: int) -> list[float | None]:
    """What has arrived at each node after so many have handed on, from the output on; None where nothing has."""
    last = len(values) - 1
    found: list[float | None] = [None] * last + [1.0]
    for k in range(last, max(last - steps, -1), -1):
        upstream = found[k] or 0.0
        slopes = slopes_of(shape.ops[k], [values[j] for j in shape.parents[k]], values[k])
        for j, slope in zip(shape.parents[k], slopes, strict=True):
            found[j] = (found[j] or 0.0) + upstream * slope
    return found


@dataclass(frozen=True)
class GraphWalk(Drawing):
    """One moment of the walk, and what the student's functions answered of the whole."""

    state: State
    values: list[float]
    names: tuple[str, str]
    your_values: Answer
    your_gradients: Answer

    bottom = 492

    @property
    def shape(self) -> Shape:
        """The graph that is walked."""
        return SHAPES[self.state["graph"]]

    @property
    def forward(self) -> int:
        """How many nodes have their value."""
        return min(int(self.state["step"]), len(self.values))

    @property
    def backward(self) -> int:
        """How many nodes have been visited on the way back."""
        return min(max(int(self.state["step"]) - len(self.values), 0), len(self.values))

    def _value(self, k: int) -> float | None:
        known = k < self.forward or self.shape.ops[k] == "input"  # what goes in is there from the start
        return self.values[k] if known else None

    def _gradients(self) -> list[float | None]:
        """What has arrived at each node by now; nothing before the way back has begun."""
        if not self.backward:
            return [None] * len(self.values)
        return walked_backwards(self.shape, self.values, self.backward)

    def _complete(self, k: int) -> bool:
        """Whether the node has been visited: everything behind it has handed on."""
        return k >= len(self.values) - self.backward

    def draw(self, svg: Svg) -> None:
        """Arrows, nodes, values above, gradients below."""
        svg.text(20, 28, f"f = {self.shape.label}", 16, bold=True)
        svg.text(700, 28, "above: value, below: gradient", 13, "end")
        places = [(LEFT + ACROSS * x, TOP + DOWN * y) for x, y in self.shape.places]
        for k, row in enumerate(self.shape.parents):
            for nth, j in enumerate(row):
                aside = 7.0 if row.count(j) > 1 and nth else -7.0 if row.count(j) > 1 else 0.0
                _arrow(svg, places[j], places[k], aside)
        gradients, at = self._gradients(), self._at()
        for k, (x, y) in enumerate(places):
            here = BLUE if not self.backward else VERMILION
            svg.dot(x, y, here if k == at else FAINT, RADIUS + (4 if k == at else 0))
            svg.dot(x, y, FAINT, RADIUS)
            svg.text(x, y + 5, self._sign(k), 13, "middle", bold=True)
            value, gradient = self._value(k), gradients[k]
            if value is not None:
                _chip(svg, x, y - 36, number(value, 3), VALUE)
                self._yours(svg, x, y - 52, self.your_values, k)
            if gradient is not None:
                pen = GRADIENT if self._complete(k) else SO_FAR
                _chip(svg, x, y + 36, "?" if self.hidden else number(gradient, 3), pen)
                if self._complete(k) and not self.hidden:
                    self._yours(svg, x, y + 60, self.your_gradients, k)

    def _yours(self, svg: Svg, x: float, y: float, answer: Answer, k: int) -> None:
        if answer.values is not None:
            svg.text(x, y, f"yours {short(float(answer.values[0][k]), 3)}", 13, "middle")

    def _sign(self, k: int) -> str:
        """What stands in a node."""
        op = self.shape.ops[k]
        return self.shape.inputs[k] if op == "input" else SIGNS.get(op, op)

    def _at(self) -> int:
        """The node that was visited last; -1 before the first step."""
        return len(self.values) - self.backward if self.backward else self.forward - 1

    def facts(self) -> str:
        """How far the walk is, and every number that stands there."""
        gradients = self._gradients()
        values = ", ".join(
            f"node {k} {'?' if (v := self._value(k)) is None else number(v)}" for k in range(len(self.values))
        )
        back = ", ".join(f"node {k} {self._said(k, gradient)}" for k, gradient in enumerate(gradients))
        return (
            f"The graph of f = {self.shape.label}, step {int(self.state['step'])}. "
            f"Values: {values}. Gradients: {back}."
        )

    def _said(self, k: int, gradient: float | None) -> str:
        if gradient is None or self.hidden:
            return "?"
        return number(gradient) + ("" if self._complete(k) else " so far")

    def sentences(self) -> list[str]:
        """What this step does, and how near the student's functions are."""
        sentences = []
        truth = walked_backwards(self.shape, self.values, len(self.values))
        if self.hidden:
            sentences.append(
                f"Once the walk is through, what is the gradient of x? Your guess is {self.state[GUESS]:.2f}. "
                "Move the step as you like; then press Reveal."
            )
        elif self.state[GUESSING]:
            sentences.append(verdict("the gradient of x", self.state[GUESS], truth[0] or 0.0, 2))
        sentences += self._step()
        places = [f"at node {k}" for k in range(len(self.values))]
        true_values, true_gradients = np.array(self.values), np.array([each or 0.0 for each in truth])
        for name, answer, true in (
            (self.names[0], self.your_values, true_values),
            (self.names[1], self.your_gradients, true_gradients),
        ):
            if answer is self.your_gradients and self.hidden:
                continue
            sentences += answer.sentences
            if answer.values is not None:
                sentences.append(compared(name, answer.values[0], true, places))
        return sentences

    def _step(self) -> list[str]:
        """What the last step did."""
        at = self._at()
        if at < 0:
            return ["Nothing is computed yet. Move the step: first forwards, then backwards."]
        row = self.shape.parents[at]
        if not self.backward:
            made = f"is computed from {_nodes(row)}" if row else "is an input"
            return [f"Forwards: node {at} ({self._sign(at)}) {made}."]
        if not row:
            rest = "Everything is there." if at == 0 else ""
            return [
                f"Backwards: node {at} ({self._sign(at)}) is an input and hands nothing on. {rest}".strip()
            ]
        start = "It starts with 1. " if at == len(self.values) - 1 else ""
        twice = " The same node twice: both parts are added up." if len(set(row)) < len(row) else ""
        return [
            f"Backwards: node {at} ({self._sign(at)}) is complete, and hands its gradient, times its slope, to "
            f"{_nodes(row)}. {start}What arrives is added to what is there.{twice}"
        ]

    def table(self) -> list[list[str]]:
        """A row for each node."""
        columns = ["node", "what", "from", "value", "gradient"]
        shown = [
            (f"your {what}", answer)
            for what, answer in (("value", self.your_values), ("gradient", self.your_gradients))
            if answer.values is not None and not (self.hidden and what == "gradient")
        ]
        rows = [[*columns, *(head for head, _ in shown)]]
        gradients = self._gradients()
        for k in range(len(self.values)):
            value = self._value(k)
            rows.append([
                str(k),
                self._sign(k),
                _nodes(self.shape.parents[k]) or "given",
                "?" if value is None else number(value),
                self._said(k, gradients[k]),
                *(number(float(answer.values[0][k])) for _, answer in shown if answer.values is not None),
            ])  # fmt: skip
        return rows


def _nodes(row: tuple[int, ...]) -> str:
    return " and ".join(f"node {j}" for j in row)


def _chip(svg: Svg, x: float, y: float, text: str, pen: Pen) -> None:
    """A number in a small frame whose centre is at (x, y)."""
    width = max(46, 8 * len(text) + 10)
    svg.rect(x - width / 2, y - 10, width, 19, CARD, pen)
    svg.text(x, y + 4.5, text, 13, "middle", bold=not pen.dash)


def _arrow(svg: Svg, start: tuple[float, float], end: tuple[float, float], aside: float) -> None:
    """A line with a head, from the rim of one node to the rim of another, `aside` from the middle."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    tail = (start[0] + RADIUS * ux - aside * uy, start[1] + RADIUS * uy + aside * ux)
    tip = (end[0] - (RADIUS + 3) * ux - aside * uy, end[1] - (RADIUS + 3) * uy + aside * ux)
    svg.line(*tail, *tip, Pen(INK, 1.5))
    wings = [(tip[0] - 8 * ux + side * 4 * uy, tip[1] - 8 * uy - side * 4 * ux) for side in (-1, 1)]
    svg.polyline([wings[0], tip, wings[1]], Pen(INK, 1.5))
