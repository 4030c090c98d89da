"""`explore.valley`: descent, momentum and Adam down one long valley, and the loss after each step."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.colours import BLUE, FAINT, GREEN, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.steps import Steps, reference
from autograder.kit.explore.parts.student import Student, WrongFormError
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict
from autograder.kit.plain import Plain, members, shape_text

CURVATURES = np.array([1.0, 100.0])
MOST_STEPS = 80
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
LEVELS = (0.5, 2, 8, 32, 72, 128, 200)
# The loss axis, in powers of ten. What is lower is drawn at the bottom, what is higher leaves the plot.
LOWEST, HIGHEST = -8, 4

CONTOUR = Pen(FAINT, 1.5)
DESCENT = Pen(VERMILION, 2, "6 5")
MOMENTUM = Pen(BLUE, 3, opacity=0.8)
ADAM = Pen(GREEN, 3, "10 6", 0.8)
YOUR_MOMENTUM = Pen(YOURS, 2.4, "1 6")
YOUR_ADAM = Pen(YOURS, 1.6, "5 4")
GUESSED = Pen(PURPLE, 3, "2 7")
WALKS = {"descent": DESCENT, "momentum": MOMENTUM, "Adam": ADAM}
START = {"u": -2.5, "v": 1.0, "steps": 30}
LONG = {**START, "steps": 60, "beta": 0.7}
PRESETS = (
    Preset("near descent's limit", {**LONG, "rate": 0.0195}),
    Preset("more than descent bears", {**LONG, "rate": 0.03}),
    Preset("beta 0: no memory", {**START, "rate": 0.015, "beta": 0.0}),
    Preset("too much memory", {**START, "rate": 0.015, "beta": 0.95}),
    Preset("short steps of Adam", {**START, "adam": 0.05}),
    Preset("long steps of Adam", {**START, "adam": 1.0}),
)


def valley(
    momentum_step: Callable[..., object] | None = None,
    adam_step: Callable[..., object] | None = None,
    *,
    predict: bool = False,
) -> Panel:
    """Shows descent, momentum and Adam from the same start down a valley with the curvatures 1 and 100.

    `momentum_step` and `adam_step` are yours; each may be left out. They are asked for one step after the other, with
    one parameter of shape (2,); Adam with beta1 0.9, beta2 0.999 and epsilon 1e-8. `predict=True` starts with momentum
    and Adam hidden: guess where momentum ends, then reveal.
    """
    students = Student(momentum_step, "momentum_step"), Student(adam_step, "adam_step")
    asked: dict[tuple[float, ...], tuple[Steps, Steps]] = {}

    def drawn(state: State) -> Drawing:
        # The guess and the button change nothing for the student's functions: ask them once for each setting.
        key = tuple(state[name] for name in ("u", "v", "rate", "beta", "adam", "steps"))
        if key not in asked:
            asked[key] = _momentum(state).ask(students[0]), _adam(state).ask(students[1])
        return ValleyWalks(state, (students[0].name, students[1].name), asked[key])

    return Panel(
        "three ways down a valley",
        [
            Range("rate", "rate of descent and momentum", 0.0005, 0.04, 0.0005, 0.015, 4),
            Range("beta", "momentum's beta", 0, 0.95, 0.05, 0.8),
            Range("adam", "Adam's rate", 0.05, 1, 0.05, 0.3),
            Range("steps", "steps", 1, MOST_STEPS, 1, START["steps"], 0),
            Range("u", "start u", -3, 3, 0.05, START["u"]),
            Range("v", "start v", -2, 2, 0.05, START["v"]),
            *guessing("momentum's u at the end", -3, 3, 0.05, 0.0, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def _start(state: State, kept: int) -> np.ndarray:
    """The place in the first row; below it what a step keeps for the next one, 0 at the start."""
    return np.array([[state["u"], state["v"]], *[[0.0, 0.0]] * kept])


def _momentum(state: State, beta: float | None = None) -> Steps:
    """Steps of momentum: the place and the velocity. With beta 0 it is plain descent."""
    rate, beta = np.float64(state["rate"]), np.float64(state["beta"] if beta is None else beta)

    def true(t: int, at: np.ndarray) -> np.ndarray:
        velocity = beta * at[1] + CURVATURES * at[0]
        return np.array([at[0] - rate * velocity, velocity])

    return Steps(
        _start(state, 1),
        int(state["steps"]),
        lambda t, at: ([at[0]], [CURVATURES * at[0]], [at[1]], rate, beta),
        partial(_rows, ("the parameters", "the velocity")),
        true,
    )


def _adam(state: State) -> Steps:
    """Steps of Adam: the place, the mean of the slopes and that of their squares."""
    rate = np.float64(state["adam"])

    def true(t: int, at: np.ndarray) -> np.ndarray:
        slope = CURVATURES * at[0]
        m = at[1] + (1 - BETA1) * (slope - at[1])
        v = at[2] + (1 - BETA2) * (slope * slope - at[2])
        root = np.sqrt(v / (1 - BETA2**t)) + EPSILON
        return np.array([at[0] - rate * m / (1 - BETA1**t) / root, m, v])

    rules = (rate, np.float64(BETA1), np.float64(BETA2), np.float64(EPSILON))
    return Steps(
        _start(state, 2),
        int(state["steps"]),
        lambda t, at: ([at[0]], [CURVATURES * at[0]], [at[1]], [at[2]], t, *rules),
        partial(_rows, ("the parameters", "m", "v")),
        true,
    )


def _rows(names: tuple[str, ...], found: Plain) -> np.ndarray:
    """What a step returned, a list of one array for each name, as rows."""
    lists = members(found) if type(found) is tuple or np.ndim(found) else ()
    if len(lists) != len(names) or any(type(each) is tuple or np.shape(each) != (1, 2) for each in lists):
        wanted = f"it must return {len(names)} lists, each of one array of shape (2,): {', '.join(names)}"
        raise WrongFormError(f"returned {shape_text(found)}"[:60] + f"; {wanted}")
    return np.array([each[0] for each in lists])


def _loss(places: list[np.ndarray]) -> list[float]:
    """(u**2 + 100 v**2) / 2 at each place."""
    with np.errstate(all="ignore"):
        return [float(at[0] ** 2 @ CURVATURES / 2) for at in places]


@dataclass(frozen=True)
class ValleyWalks(Drawing):
    """The three walks, and the steps of the student's two functions."""

    state: State
    names: tuple[str, str]
    yours: tuple[Steps, Steps]

    bottom = 424

    @cached_property
    def _walks(self) -> dict[str, list[np.ndarray]]:
        steps = {
            "descent": _momentum(self.state, 0.0),
            "momentum": _momentum(self.state),
            "Adam": _adam(self.state),
        }
        return {name: reference(each.start, each.count, each.true) for name, each in steps.items()}

    @property
    def _shown(self) -> dict[str, list[np.ndarray]]:
        """The walks that are not to be guessed."""
        return {name: walk for name, walk in self._walks.items() if name == "descent" or not self.hidden}

    @property
    def _own(self) -> list[tuple[str, list[np.ndarray], Pen]]:
        """The student's walks, as far as there are any to be shown."""
        pens = (YOUR_MOMENTUM, YOUR_ADAM)
        return [
            (name, steps.places, pen)
            for name, steps, pen in zip(self.names, self.yours, pens, strict=True)
            if steps.answer.values is not None and not self.hidden
        ]

    def draw(self, svg: Svg) -> None:
        """The three walks on a map on the left, their losses on the right."""
        head = f"{self._count} from (u, v) = ({self.state['u']:.2f}, {self.state['v']:.2f})"
        svg.text(20, 28, head, 16, bold=True)
        svg.text(56, 56, "loss = (u^2 + 100 v^2) / 2", 14, bold=True)
        svg.text(430, 56, "loss, power of ten", 14, bold=True)
        self._map(svg)
        self._losses(svg)
        legend(svg, 56, 372, self._entries(), 3, 215)

    @property
    def _count(self) -> str:
        steps = int(self.state["steps"])
        return f"{steps} step" + "s" * (steps != 1)

    def _map(self, svg: Svg) -> None:
        axes = Axes(svg, "map", Box(56, 70, 300, 240), (-3, 3), (-2.4, 2.4))  # a unit is as high as wide
        axes.frame(range(-3, 4), range(-2, 3), (0, 0))
        svg.text(206, 345, "u (thin lines: equal loss)", 13, "middle")
        svg.text(20, 194, "v", 13)
        for level in LEVELS:
            wide, high = np.sqrt(2 * level / CURVATURES).tolist()
            middle = axes.px(0), axes.py(0)
            svg.ellipse(*middle, axes.px(wide) - middle[0], middle[1] - axes.py(high), CONTOUR, axes.name)
        if self.state[GUESSING]:
            axes.upright(self.state[GUESS], GUESSED)
        for name, walk in self._shown.items():
            self._trail(axes, _points(walk), WALKS[name])
        for _, walk, pen in self._own:
            axes.curve(_near(_points(walk)), pen)
        svg.dot(axes.px(self.state["u"]), axes.py(self.state["v"]), YOURS, 7)
        axes.grip(self.state["u"], self.state["v"], "u", "v")

    def _trail(self, axes: Axes, points: list[tuple[float, float]], pen: Pen) -> None:
        shown = _near(points)
        axes.curve(shown, pen)
        for x, y in shown:
            if axes.x[0] <= x <= axes.x[1] and axes.shows(y):
                axes.svg.dot(axes.px(x), axes.py(y), pen.colour, 3.5)

    def _losses(self, svg: Svg) -> None:
        last = max(int(self.state["steps"]), 4)
        axes = Axes(svg, "losses", Box(430, 70, 266, 240), (0, last), (LOWEST, HIGHEST))
        stride = next(each for each in (1, 2, 5, 10, 20) if last / each <= 6)
        axes.frame(range(0, last + 1, stride), range(LOWEST, HIGHEST + 1, 4), (0, 0))
        svg.text(563, 345, "step", 13, "middle")
        for name, walk in self._shown.items():
            self._trail(axes, _powers(_loss(walk)), WALKS[name])
        for _, walk, pen in self._own:
            axes.curve(_powers(_loss(walk)), pen)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [(name, WALKS[name]) for name in self._shown]
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        return entries + [(owned(name), pen) for name, _, pen in self._own]

    def facts(self) -> str:
        """The setting, and where each walk ends."""
        ends = "; ".join(f"{name} to {place}, loss {loss}" for name, place, loss in self._ends())
        return (
            f"{self._count} from (u, v) = ({self.state['u']:.2f}, {self.state['v']:.2f}), curvatures 1 and 100. "
            f"Rate {self.state['rate']:.4f}, beta {self.state['beta']:.2f}, "
            f"Adam's rate {self.state['adam']:.2f}: {ends}."
        )

    def _ends(self) -> list[tuple[str, str, str]]:
        """Each walk's name, its last place and its loss there."""
        return [
            (name, _place(walk[-1][0]), number(_loss(walk)[-1])) if name in self._shown else (name, "?", "?")
            for name, walk in self._walks.items()
        ]

    def sentences(self) -> list[str]:
        """How far each walk comes, and how near the student's steps are."""
        if self.hidden:
            return [
                f"Descent is drawn. Where does momentum stand in u after {self._count}? Your guess is "
                f"{self.state[GUESS]:.2f}, the dotted line. Then press Reveal."
            ]
        sentences = []
        if self.state[GUESSING]:
            end = float(self._walks["momentum"][-1][0, 0])
            sentences.append(verdict("momentum's u at the end", self.state[GUESS], end, 2))
        sentences += [self._steep(), self._floor(), self._first_step()]
        for name, steps, parts in zip(
            self.names,
            self.yours,
            (("u", "v", "the velocity of u", "the velocity of v"), ("u", "v", *ADAMS_MEANS)),
            strict=True,
        ):
            sentences += steps.answer.sentences
            if steps.answer.values is not None:
                sentences.append(steps.compared(name, parts))
        return sentences

    def _steep(self) -> str:
        """Whether descent and momentum can take the rate across the valley."""
        product, most = self.state["rate"] * 100, 2 * (1 + self.state["beta"])

        def fate(limit: float) -> str:
            if abs(product - limit) < 1e-9:
                return "never comes to rest there"
            return "runs away" if product > limit else "comes to rest"

        return (
            f"Across the valley the rate times the curvature is {product:.2f}. Descent comes to rest below 2: it "
            f"{fate(2)}. Momentum does so below 2 (1 + beta) = {most:.2f}: it {fate(most)}."
        )

    def _floor(self) -> str:
        """How fast momentum gets on a steady slope."""
        beta = self.state["beta"]
        if beta == 0:
            return "With beta 0 nothing of the old velocity stays: momentum is descent, step for step."
        return (
            "Where the slope stays the same, momentum's steps grow to 1 / (1 - beta) = "
            f"{1 / (1 - beta):.2f} times descent's."
        )

    def _first_step(self) -> str:
        """What Adam makes of two slopes of different size."""
        first, second = self._walks["Adam"][:2]
        slopes = [number(float(each), 2) for each in CURVATURES * first[0]]
        moved = [number(float(each), 2) for each in np.abs(second[0] - first[0])]
        return (
            f"Adam's first step: the slopes are {slopes[0]} and {slopes[1]}, "
            f"and it moves by {moved[0]} and {moved[1]}."
        )

    def table(self) -> list[list[str]]:
        """Where each walk ends."""
        rows = [["walk", "(u, v) at the end", "loss at the end"], *(list(row) for row in self._ends())]
        for name, walk, _ in self._own:
            rows.append([f"your {name}", _place(walk[-1][0]), number(_loss(walk)[-1])])
        return rows


ADAMS_MEANS = (
    "the mean of u's slopes",
    "the mean of v's slopes",
    "the mean of u's squared slopes",
    "the mean of v's squared slopes",
)


def _points(walk: list[np.ndarray]) -> list[tuple[float, float]]:
    """The places of a walk, without what is kept for the next step."""
    return [(float(at[0, 0]), float(at[0, 1])) for at in walk]


def _powers(losses: list[float]) -> list[tuple[float, float]]:
    """Steps and powers of ten; a loss below the axis stands at its foot, one that is no number is left out."""
    return [
        (float(at), max(math.log10(max(loss, 1e-300)), LOWEST))
        for at, loss in enumerate(losses)
        if math.isfinite(loss)
    ]


def _near(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points up to the first that lies too far away to be drawn."""
    near: list[tuple[float, float]] = []
    for x, y in points:
        if not max(abs(x), abs(y)) < 1e4:
            break
        near.append((x, y))
    return near


def _place(row: np.ndarray) -> str:
    return f"({number(float(row[0]))}, {number(float(row[1]))})"
