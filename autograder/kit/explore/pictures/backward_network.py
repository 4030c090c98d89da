"""`explore.backprop`: the layers step by step backwards, and the loss after a step, published gradient against true."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.kit.explore.parts import units
from autograder.kit.explore.parts.axes import Axes, Box, evenly, legend
from autograder.kit.explore.parts.colours import BLUE, GREEN, PURPLE, VERMILION, YOURS
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Choice, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, WrongFormError, compared, off
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.explore.parts.words import fixed, number, owned, short, verdict
from autograder.kit.ledger import worked_example
from autograder.kit.plain import Plain

SIZE = range(3)
RATES = evenly(0, 5, 51)
# What each step backwards finds: its name, the ledger's true numbers, and the published ones.
STAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Forwards: the outputs p", "o_out", ("o_out",)),
    ("Step 1: the output delta, p - y", "delta_output", ("dE_do_out", "do_out_do_in")),
    ("Step 2: the gradient of W_kl, its bias gradient is the delta", "grad_W_kl", ("grad_W_kl",)),
    ("Step 3: the delta of layer 2", "delta_h2", ("dE_dh2_out", "dh2_out_dh2_in")),
    ("Step 4: the gradient of W_jk, its bias gradient is the delta", "grad_W_jk", ("grad_W_jk",)),
    ("Step 5: the delta of layer 1", "delta_h1", ("dE_dh1_out",)),
    ("Step 6: the gradient of W_ij, its bias gradient is the delta", "grad_W_ij", ("grad_W_ij",)),
)
DELTAS = ("delta_h1", "delta_h2", "delta_output")
DIRECTIONS = {
    "both": "true gradient, weights and biases",
    "weights": "true gradient, weights only",
    "printed": "published gradient",
}
PENS = {
    "both": Pen(BLUE, 4, opacity=0.7),
    "weights": Pen(GREEN, 3, "9 6"),
    "printed": Pen(VERMILION, 3, "2 6"),
}
YOUR_LOSS, GUESSED = Pen(YOURS, 2.4, "1 5"), Pen(PURPLE, 3, "2 7")
PRESETS = (
    Preset("the step of the example", {"stage": 6, "rate": 0.01, "direction": "both"}),
    Preset("the published step", {"stage": 6, "rate": 0.01, "direction": "printed"}),
    Preset("only the output layer", {"stage": 2, "rate": 0.1, "direction": "weights"}),
    Preset("a long step, true", {"stage": 6, "rate": 2, "direction": "both"}),
    Preset("a long step, published", {"stage": 6, "rate": 5, "direction": "printed"}),
)


def gradients(found: Plain) -> Plain:
    """The two lists of three arrays, weights and biases, as one row of 36 numbers."""
    if type(found) is not tuple:
        return found
    if [np.shape(part) for part in found if type(part) is not tuple] != [(3, 3, 3), (3, 3)]:
        raise WrongFormError("must return two lists: three gradients of the weights, three of the biases")
    return np.concatenate([np.ravel(part) for part in found])


def backprop(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Steps backwards through the worked example's network, and shows the loss after a step of any rate.

    `function` is your backward(x, y, weights, biases); it may be left out. `predict=True` starts with the loss
    after the step hidden: guess it, then reveal.
    """
    mine = Student(function, "backward")
    example = worked_example()

    def drawn(state: State) -> Drawing:
        call = (
            example["input"].copy(),
            example["target"].copy(),
            *([each.copy() for each in example[part].values()] for part in ("weights", "biases")),
        )
        return BackwardNetwork(state, example, mine.name, mine.ask([call], (36,), gradients))

    return Panel(
        "backpropagation",
        [
            Range("stage", "step backwards", 0, 6, 1, 0, 0),
            Range("rate", "learning rate", 0, 5, 0.01, 0.01, 2),
            Choice("direction", "step along the", DIRECTIONS, "both"),
            *guessing("the loss", 0, 3, 0.01, 1.5, predict),
        ],
        PRESETS,
        drawn,
    ).show()


@dataclass(frozen=True)
class BackwardNetwork(Drawing):
    """The worked example's way back, and what the student's function answered."""

    state: State
    example: Mapping[str, Any]
    name: str
    answer: Answer

    bottom = 724

    @property
    def stage(self) -> int:
        """How many steps backwards have been taken."""
        return int(self.state["stage"])

    def gradients(self, direction: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Of the three weight matrices and the three biases; "yours" are the student's."""
        if direction == "yours" and self.answer.values is not None:
            row = self.answer.values[0]
            return list(row[:27].reshape(3, 3, 3)), list(row[27:].reshape(3, 3))
        computed, printed = self.example["computed"], self.example["printed"]
        names = list(self.example["weights"])
        none = [np.zeros(3)] * 3
        if direction == "printed":
            return [np.array(printed[f"grad_{name}"], float) for name in names], none
        weights = [computed[f"grad_{name}"] for name in names]
        return weights, none if direction == "weights" else [
            computed[f"grad_{name}"] for name in self.example["biases"]
        ]

    def loss(self, direction: str, rate: float) -> float:
        """The loss after one step of that rate; nan where the step left the numbers."""
        return self.losses(direction, [rate])[0]

    def losses(self, direction: str, rates: Sequence[float]) -> list[float]:
        """The loss after one step of each rate, all at once: a slider has no time for one by one."""
        by_weight, by_bias = self.gradients(direction)
        steps = np.array(rates)[:, None, None]
        a = self.example["input"]
        with np.errstate(all="ignore"):
            for layer, (W, b) in enumerate(
                zip(self.example["weights"].values(), self.example["biases"].values(), strict=True)
            ):
                z = a @ (W - steps * by_weight[layer]) + b - steps * by_bias[layer]
                a = np.maximum(z, 0) if layer == 0 else 0.5 + 0.5 * np.tanh(z / 2)
            z = z[:, 0]
            top = np.max(z, axis=1)
            found = top + np.log(np.sum(np.exp(z - top[:, None]), axis=1)) - z[:, 0]
        return [float(each) for each in np.where(np.isfinite(top), found, math.nan)]

    def draw(self, svg: Svg) -> None:
        """The network, the numbers of this step, and the loss against the learning rate."""
        svg.text(20, 30, STAGES[self.stage][0], 16, bold=True)
        self._network(svg)
        self._tables(svg)
        self._plot(svg)

    def _network(self, svg: Svg) -> None:
        computed, deltas = self.example["computed"], self._deltas()
        outs = [self.example["input"], *(computed[name] for name in ("h1_out", "h2_out", "o_out"))]
        weights = list(self.example["weights"].values())
        # Backwards a line carries the delta of the unit it leads to; before that, the input.
        carried = [
            outs[k][:, None] * weights[k] if deltas[k] is None else 3 * weights[k] * np.array(deltas[k])
            for k in SIZE
        ]
        units.edges(svg, carried)
        units.columns(svg, outs)
        for row in SIZE:
            units.write(svg, 0, row, [f"x{row + 1} = {outs[0][row]:.1f}"])
            for layer in SIZE:
                delta = deltas[layer]
                name = f"p{row + 1}" if layer == 2 else f"a{row + 1}"
                second = "delta ?" if delta is None else f"delta {fixed(float(delta[row]), 5)}"
                units.write(
                    svg, layer + 1, row, [f"{name} = {fixed(float(outs[layer + 1][row]), 4)}", second]
                )

    def _deltas(self) -> list[np.ndarray | None]:
        """Of each layer; None where the way back has not come yet."""
        first = (5, 3, 1)
        return [
            self.example["computed"][name] if self.stage >= first[k] else None
            for k, name in enumerate(DELTAS)
        ]

    def _shown(self) -> list[tuple[str, list[list[str]]]]:
        """The numbers of this stage as rows of text: true, published, the student's own."""
        _, name, printed = STAGES[self.stage]
        true = np.atleast_2d(self.example["computed"][name])
        texts = [self.example["printed"][each] for each in printed]
        if len(texts) == 2:
            product = np.prod(np.array(texts, float), axis=0)
            published = [[fixed(float(value), 5) for value in product]]
        else:
            published = texts[0] if isinstance(texts[0][0], list) else [texts[0]]
        shown = [("true", [[fixed(float(v), 5) for v in row] for row in true]), ("published", published)]
        yours = self._yours()
        if yours is not None:
            shown.append((owned(self.name), [[short(float(v), 5) for v in row] for row in yours]))
        return shown

    def _yours(self) -> np.ndarray | None:
        """The student's numbers for this stage; a delta is its layer's bias gradient."""
        if self.answer.values is None or self.stage == 0:
            return None
        by_weight, by_bias = self.gradients("yours")
        layer = (6 - self.stage) // 2
        return np.atleast_2d(by_bias[layer] if self.stage % 2 else by_weight[layer])

    def _tables(self, svg: Svg) -> None:
        for place, (head, rows) in enumerate(self._shown()):
            left = 20 + 236 * place
            svg.text(left, 352, head, 13, bold=True)
            for line, row in enumerate(rows):
                for k, cell in enumerate(row):
                    svg.text(left + 70 + 74 * k, 374 + 20 * line, cell, 13, "end")

    def _plot(self, svg: Svg) -> None:
        rate, chosen = self.state["rate"], self.state["direction"]
        svg.text(20, 454, "The loss after one step, against the learning rate", 14, bold=True)
        axes = Axes(svg, "losses", Box(56, 466, 640, 156), (0, 5), (0, 2))
        axes.frame(range(6), [0, 0.5, 1, 1.5, 2], (0, 1))
        svg.text(376, 658, "learning rate", 13, "middle")
        axes.upright(rate, Pen(YOURS, 1, "2 4"))
        entries = []
        if not self.hidden:
            for direction, pen in PENS.items():
                axes.curve(zip(RATES, self.losses(direction, RATES), strict=True), pen)
                entries.append((DIRECTIONS[direction], pen))
            if self.answer.values is not None:
                axes.curve(zip(RATES, self.losses("yours", RATES), strict=True), YOUR_LOSS)
                entries.append((owned(self.name), YOUR_LOSS))
            here = self.loss(chosen, rate)
            svg.dot(axes.px(rate), axes.py(here), PENS[chosen].colour)
        if self.state[GUESSING]:
            level = self.state[GUESS]
            if axes.shows(level):
                axes.curve([(0, level), (5, level)], GUESSED)
        legend(svg, 20, 682, entries or [("your guess", GUESSED)], 3, 242)

    def sentences(self) -> list[str]:
        """The loss after the step in every direction, and how near the student's gradients are."""
        rate, chosen = self.state["rate"], self.state["direction"]
        before = fixed(float(self.example["computed"]["loss"]), 5)
        if self.hidden:
            return [
                f"The loss is {before}. What is it after one step along the {DIRECTIONS[chosen]}, with the rate "
                f"{rate:.2f}? Your guess is {self.state[GUESS]:.2f}. Then press Reveal."
            ]
        sentences = []
        here = self.loss(chosen, rate)
        if self.state[GUESSING]:
            sentences.append(verdict("the loss", self.state[GUESS], here, 2))
        losses = "; ".join(f"{DIRECTIONS[each]} {number(self.loss(each, rate), 5)}" for each in PENS)
        sentences.append(f"One step of rate {rate:.2f} takes the loss from {before} to: {losses}.")
        if self.stage and len(STAGES[self.stage][2]) == 2:
            sentences.append("The published delta here is the product of two published factors.")
        if self.stage in (2, 4, 6):
            sentences.append("Published, every number of this gradient is negative.")
        sentences += self.answer.sentences
        if self.answer.values is not None:
            sentences.append(self._compared(self.answer.values[0]))
        return sentences

    def _compared(self, given: np.ndarray) -> str:
        by_weight, by_bias = self.gradients("both")
        true = np.concatenate([np.ravel(by_weight), np.ravel(by_bias)])
        names = list(self.example["weights"])
        places = [
            f"in the gradient of {name}, row {i + 1}, column {j + 1}"
            for name in names
            for i in SIZE
            for j in SIZE
        ]
        places += [
            f"in the gradient of {name}, unit {j + 1}" for name in self.example["biases"] for j in SIZE
        ]
        if not off(given[:27], true[:27]).any() and not given[27:].any():
            return f"Your {self.name} agrees for the weights; its bias gradients are all 0."
        return compared(self.name, given, true, places)

    def facts(self) -> str:
        """The numbers of this step, true and published, and the loss after it."""
        true, published = (_spoken(rows) for _, rows in self._shown()[:2])
        loss = "?" if self.hidden else number(self.loss(self.state["direction"], self.state["rate"]), 5)
        return (
            f"{STAGES[self.stage][0]}: true {true}; published {published}. Learning rate {self.state['rate']:.2f}, "
            f"{DIRECTIONS[self.state['direction']]}: loss after the step {loss}."
        )

    def table(self) -> list[list[str]]:
        """The numbers of this step, and the losses."""
        shown = self._shown()
        rows = [["numbers of this step", *(f"column {k + 1}" for k in SIZE)]]
        for head, table in shown:
            rows += [[f"{head}, row {line + 1}", *row] for line, row in enumerate(table)]
        for direction, label in DIRECTIONS.items():
            value = "?" if self.hidden else number(self.loss(direction, self.state["rate"]), 5)
            rows.append([f"loss, {label}", value, "", ""])
        return rows


def _spoken(rows: Sequence[Sequence[str]]) -> str:
    return " / ".join(", ".join(row) for row in rows)
