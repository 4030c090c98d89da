"""`explore.descent` and `explore.descent_map`: a walk downhill on a curve, on a map, and the loss after each step."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, evenly, legend
from autograder.kit.explore.parts.colours import BLUE, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared, off
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict
from autograder.kit.functions import double, two_valleys_slope

MOST_STEPS = 60
# Beyond this size a walk has run away.
FAR = 1e6
LONG_VALLEY = np.array([1.0, 12.0])
LEVELS = (0.25, 1, 2.5, 5, 9, 14, 20)

GROUND = Pen(BLUE, 4, opacity=0.5)
CONTOUR = Pen(BLUE, 1.2, opacity=0.7)
PATH = Pen(VERMILION, 2)
YOUR_PATH = Pen(YOURS, 2.4, "1 6")
GUESSED = Pen(PURPLE, 3, "2 7")


def long_valley_gradient(w: np.ndarray) -> np.ndarray:
    """(u, 12 v), the gradient of (u**2 + 12 v**2) / 2."""
    return LONG_VALLEY * w


def round_bowl_gradient(w: np.ndarray) -> np.ndarray:
    """(u, v), the gradient of (u**2 + v**2) / 2."""
    return np.ones(2) * w


@dataclass(frozen=True)
class Landscape:
    """What is walked on: its formula, its gradient, how much it curves at most (None where that changes from place
    to place), and the losses that its picture shows, from `low` to `high` with a tick every `tick`."""

    formula: str
    gradient: Callable[[np.ndarray], np.ndarray]
    curvature: float | None
    low: float
    high: float
    tick: float
    flat: bool = False


LANDSCAPES = {
    "bowl": Landscape("loss = w^2", double, 2, 0, 9.5, 2),
    "two valleys": Landscape("loss = w^4/4 - w^2 + w/4", two_valleys_slope, None, -3, 6, 1),
    "round bowl": Landscape("loss = (u^2 + v^2) / 2", round_bowl_gradient, 1, 0, 20, 5, True),
    "long valley": Landscape("loss = (u^2 + 12 v^2) / 2", long_valley_gradient, 12, 0, 20, 5, True),
}
CURVES = {"bowl": "bowl", "two valleys": "two valleys"}
MAPS = {"round bowl": "round bowl", "long valley": "long valley"}
CURVE_PRESETS = (
    Preset("too small", {"land": "bowl", "rate": 0.01, "u": -2.5, "steps": 12}),
    Preset("about right", {"land": "bowl", "rate": 0.3, "u": -2.5, "steps": 12}),
    Preset("jumps across", {"land": "bowl", "rate": 0.9, "u": -2.5, "steps": 12}),
    Preset("too large", {"land": "bowl", "rate": 1.05, "u": -2.5, "steps": 12}),
    Preset("the wrong valley", {"land": "two valleys", "rate": 0.1, "u": 0.5, "steps": 30}),
)
MAP_PRESETS = (
    Preset("straight down", {"land": "round bowl", "rate": 0.3, "u": -2.5, "v": 1, "steps": 12}),
    Preset("creeps along the floor", {"land": "long valley", "rate": 0.03, "u": -2.5, "v": 1, "steps": 30}),
    Preset("zigzag", {"land": "long valley", "rate": 0.155, "u": -2.5, "v": 1, "steps": 30}),
    Preset("too large", {"land": "long valley", "rate": 0.175, "u": -2.5, "v": 1, "steps": 12}),
)


def descent(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows a descent with one weight: the path over the curve of the loss, and the loss after each step.

    `function` is your descend(gradient, start, learning_rate, steps); it may be left out. `predict=True` starts
    with the path hidden: guess where the walk ends, then reveal.
    """
    start = [Range("u", "start w", -3, 3, 0.05, -2.5)]
    return _panel("a descent on a curve", CURVES, start, CURVE_PRESETS, function, predict)


def descent_map(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows a descent with two weights: the path over a map with lines of equal loss, and the loss after each step.

    `function` is your descend(gradient, start, learning_rate, steps); it may be left out. `predict=True` starts
    with the path hidden: guess where the walk ends, then reveal.
    """
    start = [Range("u", "start u", -3, 3, 0.05, -2.5), Range("v", "start v", -2, 2, 0.05, 1)]
    return _panel("a descent on a map", MAPS, start, MAP_PRESETS, function, predict)


def _panel(
    title: str,
    lands: dict[str, str],
    start: list[Range],
    presets: tuple[Preset, ...],
    function: Callable[..., object] | None,
    predict: bool,
) -> Panel:
    mine = Student(function, "descend")

    def drawn(state: State) -> Drawing:
        return DescentPath(state, mine)

    weight = "u" if len(start) > 1 else "w"
    return Panel(
        title,
        [
            Choice("land", "landscape", lands, next(iter(lands))),
            Range("rate", "learning rate", 0.005, 1.2, 0.005, 0.1, 3),
            Range("steps", "steps", 0, MOST_STEPS, 1, 12, 0),
            *start,
            *guessing(f"{weight} at the end", -3, 3, 0.05, 0.0, predict),
        ],
        presets,
        drawn,
    ).show()


@dataclass(frozen=True)
class DescentPath(Drawing):
    """A walk, and the student's function, which is asked for the same walk."""

    state: State
    student: Student

    bottom = 404

    @property
    def land(self) -> Landscape:
        """The landscape chosen."""
        return LANDSCAPES[self.state["land"]]

    @property
    def steps(self) -> int:
        """How many steps are walked."""
        return int(self.state["steps"])

    @property
    def _start(self) -> np.ndarray:
        u = self.state["u"]
        return np.array([u, self.state["v"]]) if self.land.flat else np.float64(u)  # type: ignore[return-value]

    @cached_property
    def _path(self) -> np.ndarray:
        """Every position, in rows of one weight or two; one weight is a number, as for the student's function."""
        rows = [self._start]
        with np.errstate(all="ignore"):
            for _ in range(self.steps):
                rows.append(rows[-1] - self.state["rate"] * self.land.gradient(rows[-1]))
        return np.array(rows).reshape(self.steps + 1, -1)

    def _loss(self, rows: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            if self.state["land"] == "two valleys":
                w = rows[:, 0]
                return w**4 / 4 - w**2 + w / 4
            weights = LONG_VALLEY if self.state["land"] == "long valley" else np.ones(2)
            return rows[:, 0] ** 2 if not self.land.flat else rows**2 @ weights / 2

    @cached_property
    def answer(self) -> Answer:
        """The student's walk, if there is one. Where the true one overflows, theirs may do so, too."""
        shape = (self.steps + 1, 2) if self.land.flat else (self.steps + 1,)
        call = (self.land.gradient, self._start, self.state["rate"], self.steps)
        answer = self.student.ask([call], shape)
        return answer if np.all(np.isfinite(self._path)) else answer.without_sentences()

    def draw(self, svg: Svg) -> None:
        """The walk on the left, the loss after each step on the right."""
        svg.text(20, 28, f"from {self._name} = {_place(self._path[0])} to {self._end}", 16, bold=True)
        svg.text(56, 56, self.land.formula, 14, bold=True)
        svg.text(430, 56, f"loss after {_counted(self.steps)}: {self._end_loss}", 14, bold=True)
        if self.land.flat:
            self._map(svg)
        else:
            self._curve(svg)
        self._losses(svg)
        legend(svg, 56, 372, self._entries(), 3, 215)

    def facts(self) -> str:
        """The landscape, where the walk starts and where it ends."""
        return (
            f"Landscape {self.state['land']}, {self.land.formula}. Learning rate {self.state['rate']:.3f}, "
            f"{_counted(self.steps)}: from {self._name} = {_place(self._path[0])} to {self._end}, "
            f"loss {self._end_loss}."
        )

    @property
    def _name(self) -> str:
        return "(u, v)" if self.land.flat else "w"

    @property
    def _end(self) -> str:
        return "?" if self.hidden else _place(self._path[-1])

    @property
    def _end_loss(self) -> str:
        return "?" if self.hidden else number(float(self._loss(self._path[-1:])[0]))

    def _curve(self, svg: Svg) -> None:
        axes = Axes(svg, "ground", Box(56, 70, 300, 240), (-3, 3), (self.land.low, self.land.high))
        axes.frame(range(-3, 4), self._ticks(), (0, 0))
        svg.text(206, 345, "w", 13, "middle")
        grid = np.array(evenly(-3, 3, 121))[:, None]
        axes.curve(list(zip(grid[:, 0].tolist(), self._loss(grid).tolist(), strict=True)), GROUND)
        self._walks(axes, lambda rows: np.column_stack([rows[:, 0], self._loss(rows)]))

    def _map(self, svg: Svg) -> None:
        axes = Axes(svg, "ground", Box(56, 70, 300, 240), (-3, 3), (-2.4, 2.4))  # a unit is as high as wide
        axes.frame(range(-3, 4), range(-2, 3), (0, 0))
        svg.text(206, 345, "u (thin lines: equal loss)", 13, "middle")
        svg.text(20, 194, "v", 13)
        weights = LONG_VALLEY if self.state["land"] == "long valley" else np.ones(2)
        for level in LEVELS:
            wide, high = np.sqrt(2 * level / weights).tolist()
            middle = axes.px(0), axes.py(0)
            svg.ellipse(*middle, axes.px(wide) - middle[0], middle[1] - axes.py(high), CONTOUR, axes.name)
        self._walks(axes, lambda rows: rows)

    def _walks(self, axes: Axes, onto: Callable[[np.ndarray], np.ndarray]) -> None:
        """The path, the student's and the guess, on axes that `onto` brings the positions to."""
        if self.state[GUESSING]:
            axes.upright(self.state[GUESS], GUESSED)
        if not self.hidden:
            self._trail(axes, onto(self._path), PATH, VERMILION)
            yours = self._yours()
            if yours is not None:
                self._trail(axes, onto(yours), YOUR_PATH, "")
        x, y = onto(self._path[:1])[0].tolist()
        axes.svg.dot(axes.px(x), axes.py(y), YOURS, 7)
        axes.grip(x, y, "u", "v" if self.land.flat else "")

    def _trail(self, axes: Axes, points: np.ndarray, pen: Pen, dots: str) -> None:
        shown = _near(points)
        axes.curve(shown, pen)
        for x, y in shown:
            if dots and axes.x[0] <= x <= axes.x[1] and axes.shows(y):
                axes.svg.dot(axes.px(x), axes.py(y), dots, 4)

    def _losses(self, svg: Svg) -> None:
        last = max(self.steps, 4)
        axes = Axes(svg, "losses", Box(430, 70, 266, 240), (0, last), (self.land.low, self.land.high))
        stride = next(each for each in (1, 2, 5, 10, 20) if last / each <= 6)
        axes.frame(range(0, last + 1, stride), self._ticks(), (0, 0))
        svg.text(563, 345, "step", 13, "middle")
        shown = self._path[:1] if self.hidden else self._path
        losses = np.column_stack([np.arange(len(shown)), self._loss(shown)])
        self._trail(axes, losses, PATH, VERMILION)
        yours = None if self.hidden else self._yours()
        if yours is not None:
            self._trail(axes, np.column_stack([np.arange(len(yours)), self._loss(yours)]), YOUR_PATH, "")

    def _ticks(self) -> list[float]:
        count = math.floor((self.land.high - self.land.low) / self.land.tick)
        return [self.land.low + place * self.land.tick for place in range(count + 1)]

    def _yours(self) -> np.ndarray | None:
        """The student's positions in rows, if there are any."""
        if self.answer.values is None:
            return None
        return self.answer.values[0].reshape(self._path.shape)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [] if self.hidden else [("the path", PATH)]
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        if self.answer.values is not None and not self.hidden:
            entries.append((owned(self.student.name), YOUR_PATH))
        return entries

    def sentences(self) -> list[str]:
        """How the walk goes, and how near the student's is."""
        end = float(self._path[-1, 0])
        name = "u" if self.land.flat else "w"
        if self.hidden:
            return [
                f"Where does {name} stand after {_counted(self.steps)}? Your guess is {self.state[GUESS]:.2f}, "
                "the dotted line. Then press Reveal."
            ]
        sentences = []
        if self.state[GUESSING]:
            if math.isfinite(end) and abs(end) < FAR:
                sentences.append(verdict(f"{name} at the end", self.state[GUESS], end, 2))
            else:
                sentences.append(f"You guessed {self.state[GUESS]:.2f}; {name} has run away: {number(end)}.")
        sentences.append(self._manner())
        sentences += self.answer.sentences
        yours = self._yours()
        if yours is not None:
            sentences.append(self._compared(yours))
        return sentences

    def _manner(self) -> str:
        """How the walk goes, in a sentence."""
        if not np.any(self.land.gradient(self._path[0])):
            return "The start is flat: the gradient is 0, and no step moves."
        if self.land.curvature is None:
            return self._valley()
        steepest = (
            self.land.curvature if self._path[0, -1] else 1.0
        )  # at v = 0 it stays on the valley's floor
        product = self.state["rate"] * steepest
        most = "the largest curvature on its way" if self.land.flat else "the curvature"
        said = f"Learning rate times {most}, {steepest:g}, is {product:.2f}: "
        if product > 2 + 1e-9:
            return said + "above 2, so it swings further out at every step and runs away."
        if product > 2 - 1e-9:
            return said + "exactly 2, so it jumps to and fro for ever."
        if product > 1 + 1e-9:
            return said + "between 1 and 2, so each step crosses the bottom and ends nearer to it."
        if product > 1 - 1e-9:
            return said + "exactly 1, so one step reaches the bottom."
        return said + "below 1, so it comes down on one side without crossing."

    def _valley(self) -> str:
        end = float(self._path[-1, 0])
        if not abs(end) < FAR:
            return "The steps are too large: the walk has left the picture for good."
        slope = abs(float(self.land.gradient(self._path[-1])[0]))
        if slope > 0.05:
            return "The walk has not settled: the ground under its end is not flat."
        if end < -1:
            return "It has settled in the deep valley, near w = -1.47."
        if end > 1:
            return "It has settled in the higher valley, near w = 1.35; the deep one near w = -1.47 it never sees."
        return "It stands near the top of the hump between the valleys, where the ground is flat too."

    def _compared(self, yours: np.ndarray) -> str:
        """The whole walk, as far as the true one has numbers."""
        there = np.all(np.isfinite(self._path), axis=1)
        places = [f"after step {k}" for k in np.flatnonzero(there) for _ in range(self._path.shape[1])]
        said = compared(self.student.name, yours[there], self._path[there], places)
        if "agrees" not in said and self._only_rounding(yours[there]):
            said = f"Your {self.student.name} agrees with the reference in every step; rounding piles up on the way."
        if there.all():
            return said
        return f"{said} Compared are {_counted(int(np.sum(there)) - 1)}: then the walk leaves the range of a float."

    def _only_rounding(self, yours: np.ndarray) -> bool:
        """Whether each of the student's steps is the true one from where they stood: a wild walk forgets digits."""
        if not np.all(np.isfinite(yours)):
            return False
        with np.errstate(all="ignore"):
            true = yours[:-1] - self.state["rate"] * self.land.gradient(yours[:-1])
        return not off(yours[:1], self._path[:1]).any() and not off(yours[1:], true).any()

    def table(self) -> list[list[str]]:
        """Some of the steps."""
        names = ["u", "v"] if self.land.flat else ["w"]
        yours = None if self.hidden else self._yours()
        head = ["step", *names, "loss", *([f"your {name}" for name in names] if yours is not None else [])]
        rows = [head]
        losses = self._loss(self._path)
        for k in sorted({0, 1, 2, 3, self.steps // 2, self.steps}):
            if k > self.steps:
                continue
            cells = [*map(float, self._path[k]), float(losses[k])]
            cells += [] if yours is None else map(float, yours[k])
            unknown = self.hidden and k
            rows.append([str(k), *("?" if unknown else number(cell) for cell in cells)])
        return rows


def _near(points: np.ndarray) -> list[tuple[float, float]]:
    """The points up to the first that lies too far away to be drawn."""
    with np.errstate(all="ignore"):
        near = np.all(np.abs(points) < 1e4, axis=1)
    count = len(points) if near.all() else int(np.argmin(near))
    return [(float(x), float(y)) for x, y in points[:count]]


def _place(row: np.ndarray) -> str:
    """A position as it is written: "-2.5000", or "(1.0000, 0.5000)"."""
    said = ", ".join(number(float(value)) for value in row)
    return f"({said})" if len(row) > 1 else said


def _counted(steps: int) -> str:
    return f"{steps} step" + ("" if steps == 1 else "s")
