"""`explore.weight_decay`: a curve fitted to a few points, its two losses, and how large its weights get."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, evenly, legend
from autograder.kit.explore.parts.colours import BLUE, EDGE, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.steps import Steps, reference
from autograder.kit.explore.parts.student import Student, WrongFormError
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned, verdict
from autograder.kit.plain import Plain, members, shape_text

# The fit is a sum of so many cosine waves and a bias. The faster a wave is, the more weight it takes.
WAVES = 9
TRAINING, VALIDATION, NOISE = 14, 40, 0.35
RATE, MOST_STEPS = 0.4, 100
HIGHEST = 0.6

FIT = Pen(BLUE, 4, opacity=0.7)
TRAINED = Pen(VERMILION, 2.4, "8 6")
CHECKED = Pen(BLUE, 3, opacity=0.8)
YOUR_FIT = Pen(YOURS, 2.4, "1 6")
GUESSED = Pen(PURPLE, 3, "2 7")
PRESETS = (
    Preset("no decay", {"strength": 0.0, "steps": 100}),
    Preset("a little", {"strength": 0.03, "steps": 100}),
    Preset("a good deal", {"strength": 0.25, "steps": 100}),
    Preset("too much", {"strength": 1.0, "steps": 100}),
    Preset("no decay, stopped early", {"strength": 0.0, "steps": 5}),
)


def points(seed: int) -> tuple[np.ndarray, ...]:
    """x and y of the training points and of the validation points: a sine, and noise on top."""
    rng = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    for count in (TRAINING, VALIDATION):
        x = np.sort(rng.uniform(-1, 1, count)).round(2)
        found += [x, (np.sin(2.2 * x) + rng.normal(0, NOISE, count)).round(2)]
    return tuple(found)


def weight_decay(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows a curve fitted to 14 points by descent with weight decay, its training and its validation loss.

    `function` is your with_weight_decay(weights, gradients, strength); it may be left out. It is asked in every step,
    for one layer: nine weights of shape (9, 1) and a bias of shape (1,). `predict=True` starts with the fit hidden:
    guess the validation loss at the end, then reveal.
    """
    mine = Student(function, "with_weight_decay")
    asked: dict[tuple[float, ...], Steps] = {}

    def drawn(state: State) -> Drawing:
        # The guess and the button change nothing for the student's function: ask it once for each setting.
        key = tuple(state[name] for name in ("strength", "steps", "seed"))
        if key not in asked:
            asked[key] = _steps(state, state["strength"]).ask(mine)
        return DecayedFit(state, mine.name, asked[key])

    return Panel(
        "weight decay",
        [
            Range("strength", "strength of the decay", 0, 1, 0.01, 0.0),
            Range("steps", "steps", 5, MOST_STEPS, 5, MOST_STEPS, 0),
            Range("seed", "which points (seed)", 1, 8, 1, 2, 0),
            *guessing("validation loss at the end", 0, 1, 0.01, 0.3, predict),
        ],
        PRESETS,
        drawn,
    ).show()


def waves(x: np.ndarray) -> np.ndarray:
    """The inputs of the fit, shape (len(x), 9): cosine waves, each the smaller the faster it is."""
    k = np.arange(1, WAVES + 1)
    return math.sqrt(2) * np.cos(np.pi * k * (x[:, None] + 1) / 2) / k


def _steps(state: State, strength: float) -> Steps:
    """The training. A place is the nine weights and the bias; a step returns their gradients, decay and all."""
    x, y, _, _ = points(int(state["seed"]))
    inputs = np.column_stack([waves(x), np.ones(len(x))])

    # The mean squared error is a valley: its slope changes by `curvature` times the way.
    curvature, first = 2 * inputs.T @ inputs / len(x), 2 * inputs.T @ y / len(x)
    pull = np.array([strength] * WAVES + [0.0])
    return Steps(
        np.zeros(WAVES + 1),
        int(state["steps"]),
        lambda t, at: (_parts(at), _parts(curvature @ at - first), np.float64(strength)),
        _joined,
        lambda t, at: curvature @ at - first + pull * at,
        lambda at, gradients: at - RATE * gradients,
    )


def _parts(row: np.ndarray) -> list[np.ndarray]:
    """Weights of shape (9, 1), and a bias of shape (1,)."""
    return [row[:WAVES].reshape(WAVES, 1).copy(), row[WAVES:].copy()]


def _joined(found: Plain) -> np.ndarray:
    """What a with_weight_decay returned as one row."""
    parts = members(found) if type(found) is tuple or np.ndim(found) else ()
    if [np.shape(part) for part in parts if type(part) is not tuple] != [(WAVES, 1), (1,)]:
        wanted = "it must return a list of two arrays, of the shapes (9, 1) and (1,)"
        raise WrongFormError(f"returned {shape_text(found)}"[:60] + f"; {wanted}")
    return np.concatenate([np.ravel(part) for part in parts])


@dataclass(frozen=True)
class DecayedFit(Drawing):
    """The training with decay, and the student's steps."""

    state: State
    name: str
    yours: Steps

    @property
    def bottom(self) -> float:
        """Below the legend."""
        return 386 + 20 * math.ceil(len(self._entries()) / 3)

    @cached_property
    def _walk(self) -> np.ndarray:
        """The weights and the bias before the first step and after each, in rows."""
        return self._trained(self.state["strength"])

    def _trained(self, strength: float) -> np.ndarray:
        steps = _steps(self.state, strength)
        return np.array(reference(steps.start, steps.count, lambda t, at: steps.lead(at, steps.true(t, at))))

    def _losses(self, walk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mean squared error over the training and over the validation points, before and after each step."""
        x, y, x_val, y_val = points(int(self.state["seed"]))
        with np.errstate(all="ignore"):
            return _error(walk, x, y), _error(walk, x_val, y_val)

    @cached_property
    def _own(self) -> np.ndarray | None:
        """The student's training, if there is one to be shown."""
        return None if self.hidden or self.yours.answer.values is None else np.array(self.yours.places)

    def draw(self, svg: Svg) -> None:
        """The points and the fit on the left, the losses on the right."""
        _, checked, size = self._texts(self._walk)
        svg.text(20, 28, f"strength {self.state['strength']:.2f}, {self._count}", 16, bold=True)
        svg.text(56, 56, f"size of the weights: {size}", 14, bold=True)
        svg.text(430, 56, f"validation loss at the end: {checked}", 14, bold=True)
        self._fit(svg)
        self._curves(svg)
        legend(svg, 56, 366, self._entries(), 3, 215)

    @property
    def _count(self) -> str:
        return f"{int(self.state['steps'])} steps"

    def _texts(self, walk: np.ndarray) -> tuple[str, str, str]:
        """Both losses at the end, and the size of the weights: the root of the sum of their squares."""
        if self.hidden:
            return "?", "?", "?"
        trained, checked = (float(each[-1]) for each in self._losses(walk))
        with np.errstate(all="ignore"):
            size = float(np.sqrt(np.sum(walk[-1][:WAVES] ** 2)))
        return number(trained), number(checked), number(size)

    def _fit(self, svg: Svg) -> None:
        axes = Axes(svg, "fit", Box(56, 70, 300, 232), (-1, 1), (-2, 2))
        axes.frame([-1, -0.5, 0, 0.5, 1], range(-2, 3), (1, 0))
        svg.text(206, 338, "x", 13, "middle")
        x, y, x_val, y_val = points(int(self.state["seed"]))
        for xs, ys, colour, radius in ((x_val, y_val, EDGE, 2.5), (x, y, VERMILION, 5)):
            for at, value in zip(xs.tolist(), ys.tolist(), strict=True):
                svg.dot(axes.px(at), axes.py(value), colour, radius)
        grid = np.array(evenly(-1, 1, 121))
        if not self.hidden:
            axes.curve(_curve(grid, self._walk[-1]), FIT)
        if self._own is not None:
            axes.curve(_curve(grid, self._own[-1]), YOUR_FIT)

    def _curves(self, svg: Svg) -> None:
        last = int(self.state["steps"])
        axes = Axes(svg, "losses", Box(430, 70, 266, 232), (0, last), (0, HIGHEST))
        axes.frame([last * part // 5 for part in range(6)], [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], (0, 1))
        svg.text(563, 338, "step (mean squared errors)", 13, "middle")
        if self.state[GUESSING]:
            axes.curve([(0, self.state[GUESS]), (last, self.state[GUESS])], GUESSED)
        if self.hidden:
            return
        for losses, pen in zip(self._losses(self._walk), (TRAINED, CHECKED), strict=True):
            axes.curve(list(enumerate(losses.tolist())), pen)
        if self._own is not None:
            for losses in self._losses(self._own):
                axes.curve(list(enumerate(losses.tolist())), YOUR_FIT)

    def _entries(self) -> list[tuple[str, Pen]]:
        entries = [("training points", Pen(VERMILION, 10)), ("validation points", Pen(EDGE, 6))]
        if not self.hidden:
            entries += [("the fit", FIT), ("training loss", TRAINED), ("validation loss", CHECKED)]
        if self.state[GUESSING]:
            entries.append(("your guess", GUESSED))
        if self._own is not None:
            entries.append((owned(self.name), YOUR_FIT))
        return entries

    def facts(self) -> str:
        """The setting, both losses at the end, and the size of the weights."""
        trained, checked, size = self._texts(self._walk)
        return (
            f"Strength {self.state['strength']:.2f}, {self._count}, points of seed {int(self.state['seed'])}: training "
            f"loss {trained}, validation loss {checked}, size of the weights {size}."
        )

    def sentences(self) -> list[str]:
        """What the decay does to losses and weights, and how near the student's function is."""
        if self.hidden:
            return [
                "Nine waves are fitted to the large points. How far off is the fit on the small points, which it "
                f"never saw? Your guess is {self.state[GUESS]:.2f}. Then press Reveal."
            ]
        trained, checked = self._losses(self._walk)
        sentences = []
        if self.state[GUESSING]:
            sentences.append(
                verdict("the validation loss at the end", self.state[GUESS], float(checked[-1]), 2)
            )
        best = int(checked.argmin())
        turn = (
            f"It is lowest after step {best}, at {number(float(checked[best]))}."
            if best < len(checked) - 1
            else "It is lowest at the end."
        )
        sentences.append(f"The training loss ends at {number(float(trained[-1]))}. The validation loss ends at "
                         f"{number(float(checked[-1]))}. {turn}")  # fmt: skip
        if self.state["strength"]:
            _, plain, size = self._texts(self._trained(0.0))
            sentences.append(
                f"Without decay the validation loss ends at {plain}, with weights of the size {size}."
            )
        sentences += self.yours.answer.sentences
        if self._own is not None:
            parts = [
                *(f"the gradient of weight {k}" for k in range(1, WAVES + 1)),
                "the gradient of the bias",
            ]
            sentences.append(self.yours.compared(self.name, parts))
        return sentences

    def table(self) -> list[list[str]]:
        """Both losses at the end, the size of the weights, and each of them."""
        rows = [["quantity", "at the end"]]
        walks = [self._walk, *([self._own] if self._own is not None else [])]
        rows[0] += [f"your {self.name}"] if self._own is not None else []
        texts = [self._texts(walk) for walk in walks]
        for place, what in enumerate(("training loss", "validation loss", "size of the weights")):
            rows.append([what, *(text[place] for text in texts)])
        for k in range(WAVES):
            rows.append(
                [f"weight {k + 1}", *("?" if self.hidden else number(float(walk[-1][k])) for walk in walks)]
            )
        return rows


def _curve(grid: np.ndarray, at: np.ndarray) -> list[tuple[float, float]]:
    """The fit with these weights and this bias."""
    with np.errstate(all="ignore"):
        heights = waves(grid) @ at[:WAVES] + at[WAVES]
    return list(zip(grid.tolist(), heights.tolist(), strict=True))


def _error(walk: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The mean squared error at each place of a walk."""
    return np.mean((walk[:, :WAVES] @ waves(x).T + walk[:, WAVES:] - y) ** 2, axis=1)
