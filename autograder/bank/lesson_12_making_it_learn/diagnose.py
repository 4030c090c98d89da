"""`diagnose`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import LESSON, Generator
from autograder.bank.lesson_12_making_it_learn.runs import (
    FROZEN,
    MISSING,
    RATE,
    SATURATED,
    SHUFFLED,
    ZERO,
    Run,
    run_with,
)


@exercise(
    LESSON,
    difficulty=3,
    minutes=20,
    hints=(
        "Look at the causes before the symptoms. What was wrong before the first step? What in every step? Only then at the losses, which several faults spoil alike.",
        r"In this order: $\lVert W \rVert = 0$ at the start; share of saturated outputs at the start above $0.5$; a layer whose steps are all $0$; $\lVert g \rVert$ computed well above $\lVert g \rVert$ measured; the training loss above where it began; and what is left",
        'Begin with `if np.all(run["weight_norms"][0] == 0): return "zero weights"`, then `if run["saturated"][0] > 0.5: return "saturated units"`. A frozen layer has a column of `run["step_norms"]` in which every number is 0; for the gradient compare `run["gradient_norms"][0]` with `2 * run["measured_norms"]`.',
    ),
)
def diagnose(run: Run) -> str:
    if np.all(run["weight_norms"][0] == 0):
        return "zero weights"
    if run["saturated"][0] > 0.5:
        return "saturated units"
    if np.any(np.all(run["step_norms"] == 0, axis=0)):
        return "frozen layer"
    if np.any(run["gradient_norms"][0] > 2 * run["measured_norms"]):
        return "missing 1/m"
    first, *_, last = run["losses"]
    return "rate too large" if last > first else "shuffled labels"


@diagnose.asks
def _(rng: Generator) -> Iterator[Ask]:
    def runs(*faults: str) -> list[tuple[Run]]:
        return [(run_with(fault, rng),) for fault in rng.permutation(faults).tolist()]

    yield Ask("wrong from the start", 1.5, runs(ZERO, SATURATED, SATURATED, ZERO))
    yield Ask("wrong in every step", 2, runs(MISSING, FROZEN, FROZEN, MISSING))
    yield Ask("the steps are right", 1.5, runs(RATE, SHUFFLED, SHUFFLED, RATE))


def instead(run: Run, **names: str) -> str:
    """For slips: the right name, or the one that stands for it."""
    found = diagnose(run)
    return names.get(found.split(" ")[0], found)


@diagnose.misconception(
    "A missing 1/m was taken for a rate too large. The losses look alike: hold the computed gradient against the measured one first."
)
def losses_before_gradients(run: Run) -> str:
    return instead(run, missing=RATE)


@diagnose.misconception(
    "A rate too large was taken for a missing 1/m. There the computed gradient is a multiple of the measured one; here the two agree."
)
def gradients_are_never_measured(run: Run) -> str:
    return instead(run, rate=MISSING)


@diagnose.misconception(
    "The units were looked at in the end. A rate too large saturates them in a few steps: the fault is named by the start, run['saturated'][0]."
)
def saturated_in_the_end(run: Run) -> str:
    saturated = run["saturated"][-1] > 0.5 and run["weight_norms"][0].any()
    return SATURATED if saturated else diagnose(run)


@diagnose.misconception(
    "Zero weights were taken for a frozen layer. No layer moves in either; with zero weights the gradient is 0 too, and the weights are 0 at the start."
)
def zeros_look_frozen(run: Run) -> str:
    return instead(run, zero=FROZEN)


@diagnose.misconception(
    "A frozen layer was looked for in the first column alone. Any layer may be frozen: look at each column of the steps."
)
def first_layer_only(run: Run) -> str:
    found = diagnose(run)
    return SHUFFLED if found == FROZEN and np.any(run["step_norms"][:, 0]) else found


@diagnose.misconception(
    "A frozen layer was taken for zero weights. Its weights are there, and its gradient too: only its step is 0."
)
def frozen_look_zero(run: Run) -> str:
    return instead(run, frozen=ZERO)


@diagnose.misconception(
    "A net whose steps are all right was called frozen. In a frozen layer every step is exactly 0, not only small."
)
def small_steps_look_frozen(run: Run) -> str:
    return instead(run, saturated=FROZEN)


@diagnose.misconception(
    "Shuffled labels were taken for a rate too large. Look at both losses: here the training loss falls, and only the validation loss rises."
)
def validation_alone(run: Run) -> str:
    return instead(run, shuffled=RATE)


@diagnose.misconception(
    "A rate too large was taken for shuffled labels. Here the training loss rises too, so not even its own rows are learned."
)
def rising_looks_shuffled(run: Run) -> str:
    return instead(run, rate=SHUFFLED)


@diagnose.misconception(
    "Saturated units were taken for zero weights. Their slope is nearly 0, not their weights: those are large."
)
def flat_units_look_zero(run: Run) -> str:
    return instead(run, saturated=ZERO)


@diagnose.misconception(
    "A name is spelled otherwise than in the table: the words are asked for as they stand there, in small letters."
)
def capital_letters(run: Run) -> str:
    return diagnose(run).capitalize()


# Right answers in other words.


def diagnose_by_ratios(run):
    """By the measured gradient first; a ratio of two zeros is nan, and nan is no fault."""
    with np.errstate(invalid="ignore"):
        ratio = run["gradient_norms"][0] / run["measured_norms"]
    if np.isnan(ratio).all():
        return "zero weights"
    if ratio.mean() > 3:
        return "missing 1/m"
    moved = run["step_norms"].sum(axis=0)
    if moved.min() == 0:
        return "frozen layer"
    if run["saturated"][0] >= 0.8:
        return "saturated units"
    rises = run["losses"][-1] > 1.1 * run["losses"][0]
    return "rate too large" if rises else "shuffled labels"


def diagnose_by_the_margins(run):
    """Each fault by its own row of the table, in the table's order."""
    losses, validation = run["losses"], run["validation_losses"]
    computed, measured = run["gradient_norms"][0], run["measured_norms"]
    still = (run["step_norms"] == 0).all(axis=0)
    agrees = np.allclose(computed, measured, rtol=0.01)
    signs = {
        "zero weights": not run["weight_norms"][0].any(),
        "rate too large": agrees and losses[-1] > 1.2 * losses[0] and run["saturated"][0] < 0.5,
        "missing 1/m": not agrees,
        "frozen layer": still.sum() == 1,
        "shuffled labels": losses[-1] < losses[0] and validation[-1] > validation[0],
        "saturated units": run["saturated"][0] > 0.5,
    }
    (name,) = [name for name, there in signs.items() if there]
    return name


def diagnose_by_weights(run):
    """Sees a frozen layer by its gradient without a step, and zero weights by the gradient."""
    if run["gradient_norms"].sum() == 0:
        return "zero weights"
    for layer in range(run["step_norms"].shape[1]):
        if run["step_norms"][:, layer].max() == 0 and run["gradient_norms"][:, layer].max() > 0:
            return "frozen layer"
    if (run["gradient_norms"][0] / run["measured_norms"]).round().max() > 1:
        return "missing 1/m"
    if run["saturated"][0] > 0.4:
        return "saturated units"
    if run["validation_losses"][-1] > run["validation_losses"][0] and run["losses"][-1] < run["losses"][0]:
        return "shuffled labels"
    return "rate too large"


def diagnose_by_pattern(run):
    start = run["weight_norms"][0]
    marks = (
        float(start.sum()) == 0,
        run["saturated"][0] > 0.6,
        0 in run["step_norms"].max(axis=0),
        run["gradient_norms"][0][0] > 1.5 * run["measured_norms"][0],
        run["losses"][-1] >= run["losses"][0],
        True,
    )
    names = [
        "zero weights",
        "saturated units",
        "frozen layer",
        "missing 1/m",
        "rate too large",
        "shuffled labels",
    ]
    return np.array(names)[np.argmax(marks)]


diagnose.right_answers(
    diagnose_by_ratios,
    diagnose_by_the_margins,
    diagnose_by_weights,
    diagnose_by_pattern,
)
