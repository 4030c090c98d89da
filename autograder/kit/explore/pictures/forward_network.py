"""`explore.forward_pass`: three inputs, and every unit of the worked example's network with its number and colour."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.kit.explore.parts import units
from autograder.kit.explore.parts.controls import GUESS, GUESSING, Preset, Range, guessing
from autograder.kit.explore.parts.drawing import Drawing, State
from autograder.kit.explore.parts.panel import Panel
from autograder.kit.explore.parts.student import Answer, Student, compared, off
from autograder.kit.explore.parts.svg import Svg
from autograder.kit.explore.parts.words import fixed, number, short, verdict
from autograder.kit.ledger import worked_example

LAYERS, UNITS = range(3), range(3)
PRESETS = (
    Preset("the worked example", {"x1": 0.1, "x2": 0.2, "x3": 0.7}),
    Preset("nothing at all", {"x1": 0, "x2": 0, "x3": 0}),
    Preset("all units of layer 1 off", {"x1": -3, "x2": -3, "x3": -3}),
    Preset("one unit of layer 1 on", {"x1": 6, "x2": -6, "x3": 0}),
    Preset("large inputs", {"x1": 10, "x2": 10, "x3": 10}),
)


def forward_pass(function: Callable[..., object] | None = None, *, predict: bool = False) -> Panel:
    """Shows what the worked example's network makes of three inputs, unit by unit.

    `function` is your forward(x, weights, biases); it may be left out. `predict=True` starts with the outputs
    hidden: guess the first probability, then reveal.
    """
    mine = Student(function, "forward")
    example = worked_example()

    def drawn(state: State) -> Drawing:
        x = np.array([state["x1"], state["x2"], state["x3"]])
        weights, biases = (list(example[part].values()) for part in ("weights", "biases"))
        call = (x.copy(), [W.copy() for W in weights], [b.copy() for b in biases])
        answer = mine.ask([call], (len(LAYERS), 2, len(UNITS)))
        return ForwardNetwork(state, example, mine.name, answer)

    starts = {"x1": 0.1, "x2": 0.2, "x3": 0.7}
    return Panel(
        "the forward pass",
        [
            *(
                Range(name, f"input {name[0]}{name[1]}", -10, 10, 0.05, start, 2)
                for name, start in starts.items()
            ),
            *guessing("p1", 0, 1, 0.01, 0.33, predict),
        ],
        PRESETS,
        drawn,
    ).show()


@dataclass(frozen=True)
class ForwardNetwork(Drawing):
    """The worked example's network, and what the student's function answered."""

    state: State
    example: Mapping[str, Any]
    name: str
    answer: Answer

    bottom = 376

    @property
    def inputs(self) -> list[float]:
        """The sliders' values."""
        return [self.state[name] for name in ("x1", "x2", "x3")]

    @cached_property
    def values(self) -> list[tuple[list[float], list[float]]]:
        """z and a of each layer, number by number."""
        a, found = self.inputs, []
        for layer, (W, b) in enumerate(
            zip(self.example["weights"].values(), self.example["biases"].values(), strict=True)
        ):
            z = [math.fsum([*(a[i] * W[i, j] for i in UNITS), b[j]]) for j in UNITS]
            if layer == 0:
                a = [value if value > 0 else 0.0 for value in z]
            elif layer == 1:
                a = [0.5 + 0.5 * math.tanh(value / 2) for value in z]
            else:
                powers = [math.exp(value - max(z)) for value in z]
                a = [power / sum(powers) for power in powers]
            found.append((z, a))
        return found

    def draw(self, svg: Svg) -> None:
        """Units with their numbers, and lines as thick as what they carry."""
        svg.text(20, 30, "From the inputs to the probabilities", 16, bold=True)
        svg.text(700, 30, f"loss = -ln p1 = {self._loss_text}", 14, "end", bold=True)
        outs = [self.inputs, *(a for _, a in self.values)]
        weights = list(self.example["weights"].values())
        units.edges(svg, [np.array(outs[k])[:, None] * weights[k] for k in LAYERS])
        units.columns(svg, [*outs[:3], None if self.hidden else outs[3]])
        for row in UNITS:
            units.write(svg, 0, row, [f"x{row + 1} = {self.inputs[row]:.2f}"])
            for layer in LAYERS:
                units.write(svg, layer + 1, row, self._lines(layer, row))
        svg.text(20, 348, "In each unit: what it gives, and below it z, the sum before the activation.", 13)

    @property
    def _loss_text(self) -> str:
        return "?" if self.hidden else number(-math.log(self.values[2][1][0]))

    def _lines(self, layer: int, row: int) -> list[str]:
        z, a = (part[row] for part in self.values[layer])
        name = f"p{row + 1}" if layer == 2 else f"a{row + 1}"
        out = "?" if self.hidden and layer == 2 else fixed(a, 4)
        lines = [f"{name} = {out}", f"z{row + 1} = {fixed(z, 4)}"]
        if self.answer.values is not None and not (self.hidden and layer == 2):
            yours = self.answer.values[0][layer][1][row]
            if off(yours, a):
                lines.append(f"yours {short(float(yours))}")
        return lines

    def sentences(self) -> list[str]:
        """Which units are off or saturated, what was published, how near the student's function is."""
        values = self.values
        if self.hidden:
            return [
                "How large is p1, the probability of the first class? Your guess is "
                f"{self.state[GUESS]:.2f}. Then press Reveal."
            ]
        sentences = []
        p = values[2][1]
        if self.state[GUESSING]:
            sentences.append(verdict("p1", self.state[GUESS], p[0], 2))
        off = [str(j + 1) for j in UNITS if values[0][0][j] <= 0]
        if off:
            sentences.append(
                f"Off in layer 1, because the sum is not positive: {'unit' if len(off) == 1 else 'units'} "
                f"{', '.join(off)}. The ReLU gives 0, and nothing goes on from there."
            )
        if min(values[1][1]) > 0.99:
            sentences.append(
                "All three sigmoids are above 0.99: larger inputs change next to nothing from here on."
            )
        if [fixed(x, 2) for x in self.inputs] == ["0.10", "0.20", "0.70"]:
            printed = ", ".join(self.example["printed"]["o_out"])
            sentences.append(f"For these inputs the outputs {printed} were published.")
        sentences += self.answer.sentences
        if self.answer.values is not None:
            places = [
                f"in {part} of layer {layer + 1}, unit {j + 1}"
                for layer in LAYERS
                for part in ("z", "a")
                for j in UNITS
            ]
            sentences.append(compared(self.name, self.answer.values[0], np.array(values), places))
        return sentences

    def facts(self) -> str:
        """What each layer gives, and the loss."""
        said = [", ".join(fixed(value, 4) for value in a) for _, a in self.values]
        outputs = "hidden" if self.hidden else said[2]
        return (
            f"Inputs {', '.join(f'{x:.2f}' for x in self.inputs)}; layer 1 gives {said[0]}; "
            f"layer 2 gives {said[1]}; outputs {outputs}; loss {self._loss_text}."
        )

    def table(self) -> list[list[str]]:
        """A row for each unit."""
        yours = self.answer.values
        rows = [["unit", "z", "a", *(["your z", "your a"] if yours is not None else [])]]
        for layer in LAYERS:
            for j in UNITS:
                hide = self.hidden and layer == 2
                z, a = (part[j] for part in self.values[layer])
                row = [f"layer {layer + 1}, unit {j + 1}", fixed(z, 4), "?" if hide else fixed(a, 4)]
                if yours is not None:
                    row += ["?"] * 2 if hide else [short(float(yours[0][layer][part][j])) for part in (0, 1)]
                rows.append(row)
        return rows
