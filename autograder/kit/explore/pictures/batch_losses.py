"""`explore.batches`: the loss from step to step, on single rows, on small batches, on all rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.kit.explore.parts.axes import Axes, Box, legend
from autograder.kit.explore.parts.colours import BLUE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, WrongFormError
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import number, owned
from autograder.kit.plain import Plain, members

ROWS, STEPS = 32, 64
SIZES = {"1": "1 row", "4": "4 rows", "16": "16 rows", "32": "all 32 rows"}
HIGHEST = 3.0
# A change smaller than this is rounding.
LEAST_CHANGE = 1e-9

BATCH = Pen(VERMILION, 2)
WHOLE = Pen(BLUE, 4, opacity=0.6)
YOUR_BATCH = Pen(YOURS, 1.6, "1 4")
PRESETS = (
    Preset("single rows", {"size": "1", "rate": 0.3}),
    Preset("batches of 16", {"size": "16", "rate": 0.3}),
    Preset("all rows", {"size": "32", "rate": 0.3}),
    Preset("single rows, small steps", {"size": "1", "rate": 0.05}),
    Preset("single rows, long steps", {"size": "1", "rate": 1.5}),
)


def points() -> tuple[np.ndarray, np.ndarray]:
    """The 32 points of the picture, two clouds that overlap, and their one-hot classes."""
    rng = np.random.default_rng(7)
    classes = np.arange(ROWS) % 2
    centres = np.where(classes[:, None] == 1, 0.6, -0.6) * np.array([1.0, 0.5])
    return (centres + rng.normal(0, 1, (ROWS, 2))).round(2), np.eye(2)[classes]


def batches(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows 64 steps of a training: the loss of each step's batch, and the loss over all rows after it.

    `function` is your train(X, Y, sizes, activations, learning_rate, batch_size, epochs, rng); it may be left out.
    `predict=True` starts with the curves hidden: guess how often the batch's loss goes up, then reveal.
    """
    mine = Student(function, "train")
    asked: dict[tuple[Any, ...], Answer] = {}

    def drawn(state: State) -> Drawing:
        # The guess and the button change nothing for the student's function: ask it once for each training.
        key = (state["size"], state["rate"], state["seed"])
        if key not in asked:
            asked[key] = mine.ask([_arguments(state)], (STEPS,), history)
        return BatchLosses(state, mine.name, asked[key])

    return Panel(
        "batches",
        [
            Choice("size", "rows in a batch", SIZES, "1"),
            Range("rate", "learning rate", 0.05, 1.5, 0.05, 0.3),
            Range("seed", "order of the rows (seed)", 1, 30, 1, 1, 0),
            *guessing("steps that go up", 0, STEPS - 1, 1, 10, predict, 0),
        ],
        PRESETS,
        drawn,
    ).show()


def history(found: Plain) -> Plain:
    """Of what a train returns, the loss history: the picture needs no more."""
    parts = members(found) if type(found) is tuple or np.ndim(found) else ()
    if len(parts) != 3:
        raise WrongFormError("must return three things: weights, biases, loss_history")
    return parts[2]


def _arguments(state: State) -> tuple[Any, ...]:
    """What the student's train is called with: as many epochs as make 64 steps."""
    X, Y = points()
    size = int(state["size"])
    epochs = STEPS * size // ROWS
    return X, Y, [2, 2], ["softmax"], state["rate"], size, epochs, np.random.default_rng(int(state["seed"]))


@dataclass(frozen=True)
class BatchLosses(Drawing):
    """The losses of the steps, and those that the student's function told, if any."""

    state: State
    name: str
    answer: Answer

    bottom = 394

    @cached_property
    def _losses(self) -> tuple[np.ndarray, np.ndarray]:
        """The loss of each step's batch before the step, and the loss over all rows after it.

        With two classes only the difference of the two scores counts, so one neuron is enough: `lead` is by how
        much class 1 leads. It starts with a lead for the wrong class.
        """
        X, Y = points()
        side = Y[:, 1] - Y[:, 0]  # +1 or -1
        inputs = np.column_stack([X, np.ones(ROWS)])
        order = np.random.default_rng(int(self.state["seed"]))
        size, lead = int(self.state["size"]), np.array([-1.5, -1.0, 0.5])
        seen: list[float] = []
        whole: list[float] = []
        while len(seen) < STEPS:
            for rows in np.split(order.permutation(ROWS), range(size, ROWS, size)):
                margin = side * (inputs @ lead)
                seen.append(np.logaddexp(0, -margin)[rows].mean())
                pull = side / (1 + np.exp(margin))
                lead = lead + 2 * self.state["rate"] * (pull[:, None] * inputs)[rows].mean(axis=0)
                whole.append(np.logaddexp(0, -side * (inputs @ lead)).mean())
        return np.array(seen), np.array(whole)

    @property
    def _rises(self) -> int:
        return rises(self._losses[0])

    def draw(self, svg: Svg) -> None:
        """The loss of each step's batch on the left, that of all rows on the right."""
        ups, end = self._texts
        svg.text(20, 28, f"{STEPS} steps, each on {SIZES[self.state['size']]}", 16, bold=True)
        svg.text(56, 56, f"goes up in {ups} of {STEPS - 1} steps", 14, bold=True)
        svg.text(420, 56, f"loss of all rows at the end: {end}", 14, bold=True)
        self._plot(svg, Box(56, 70, 290, 232), "batch", "step (loss of its own batch)")
        self._plot(svg, Box(420, 70, 276, 232), "whole", "step (loss of all 32 rows)")
        legend(svg, 56, 366, self._entries(), 3, 215)

    def facts(self) -> str:
        """The training, how often its loss goes up, and the loss at the end."""
        ups, end = self._texts
        return (
            f"{STEPS} steps, each on {SIZES[self.state['size']]}, learning rate {self.state['rate']:.2f}, "
            f"seed {self.state['seed']:.0f}: the batch's loss goes up in {ups} of {STEPS - 1} steps; "
            f"loss of all rows at the end {end}; {self._cost} rows computed."
        )

    @property
    def _texts(self) -> tuple[str, str]:
        return ("?", "?") if self.hidden else (str(self._rises), number(float(self._losses[1][-1])))

    @property
    def _cost(self) -> int:
        return STEPS * int(self.state["size"])

    def _plot(self, svg: Svg, box: Box, name: str, label: str) -> None:
        axes = Axes(svg, name, box, (0, STEPS), (0, HIGHEST))
        axes.frame(range(0, STEPS + 1, 16), [0, 0.5, 1, 1.5, 2, 2.5, 3], (0, 1))
        svg.text(box.left + box.width / 2, box.bottom + 36, label, 13, "middle")
        if self.hidden:
            return
        seen, whole = self._losses
        shown, pen = (seen, BATCH) if name == "batch" else (whole, WHOLE)
        axes.curve(list(enumerate(shown.tolist(), 0 if name == "batch" else 1)), pen)
        if name == "batch" and self.answer.values is not None:
            axes.curve(list(enumerate(self.answer.values[0].tolist())), YOUR_BATCH)

    def _entries(self) -> list[tuple[str, Pen]]:
        if self.hidden:
            return []
        entries = [("loss of the batch", BATCH), ("loss of all rows", WHOLE)]
        if self.answer.values is not None:
            entries.append((owned(self.name), YOUR_BATCH))
        return entries

    def sentences(self) -> list[str]:
        """How the losses jump, what a step costs, and how the student's training went."""
        if self.hidden:
            return [
                f"In how many of the {STEPS - 1} steps does the batch's loss go up? Your guess is "
                f"{self.state[GUESS]:.0f}. Then press Reveal."
            ]
        sentences = []
        if self.state[GUESSING]:
            sentences.append(self._verdict())
        sentences += [*self._manner(), *self.answer.sentences]
        if self.answer.values is not None:
            sentences.append(self._yours(self.answer.values[0]))
        return sentences

    def _verdict(self) -> str:
        miss = int(self.state[GUESS]) - self._rises
        said = f"You guessed {self.state[GUESS]:.0f} steps; it goes up in {self._rises}"
        if not miss:
            return f"{said}: right."
        return f"{said}: {abs(miss)} too {'many' if miss > 0 else 'few'}."

    def _manner(self) -> list[str]:
        seen, whole = self._losses
        size = int(self.state["size"])
        jump = np.abs(np.diff(seen)).mean()
        if size == ROWS:
            cost = "Every step sees all rows, so the two curves are one and the same."
        else:
            cost = (
                f"Each step costs {size} of {ROWS} rows: the 64 steps together cost as much as "
                f"{STEPS * size // ROWS} on all rows."
            )
        return [
            f"On average the batch's loss jumps by {number(float(jump))} from one step to the next.",
            cost,
        ]

    def _yours(self, losses: np.ndarray) -> str:
        if not np.all(np.isfinite(losses)):
            return f"Your {self.name} tells losses that are no finite numbers."
        return (
            f"Your {self.name} starts from random weights of its own: its losses run from {number(float(losses[0]))} "
            f"to {number(float(losses[-1]))} and go up in {rises(losses)} steps."
        )

    def table(self) -> list[list[str]]:
        """How often the loss goes up, where it ends, what it cost."""
        ups, end = self._texts
        rows = [
            ["quantity", f"batches of {SIZES[self.state['size']]}"],
            ["steps in which the batch's loss goes up", ups],
            ["loss of all rows at the end", end],
            ["rows computed", str(self._cost)],
        ]
        if self.answer.values is not None and not self.hidden:
            rows.append([f"steps in which your {self.name} goes up", str(rises(self.answer.values[0]))])
        return rows


def rises(losses: np.ndarray) -> int:
    """How often a number is larger than the one before it."""
    return int(np.sum(np.diff(losses) > LEAST_CHANGE))
