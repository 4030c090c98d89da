"""Every number that the text of lesson 08 quotes."""

import numpy as np

from autograder.bank.lesson_08_backprop_by_hand.backward import backward
from autograder.bank.lesson_08_backprop_by_hand.common import BIASES, EXAMPLE, WEIGHTS, Arrays
from autograder.bank.lesson_08_backprop_by_hand.hidden_delta import hidden_delta
from autograder.bank.lesson_08_backprop_by_hand.update import update


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    computed, printed = EXAMPLE["computed"], EXAMPLE["printed"]
    said = {name: np.array(figures_, dtype=float) for name, figures_ in printed.items()}
    o, later = said["o_out"], said["o_out_later_edition"]
    product = said["dE_do_out"] * said["do_out_do_in"]
    after = {name: step["loss"] for name, step in EXAMPLE["after_the_step"].items()}
    by_printed = update(
        WEIGHTS, [said[f"grad_{name}"] for name in EXAMPLE["weights"]], EXAMPLE["learning_rate"]
    )
    names = (
        "o_out",
        "dE_do_out",
        "dE_dh2_out",
        "dh2_out_dh2_in",
        "h2_out",
        "delta_output",
        "delta_h2",
        "delta_h1",
    )
    shown = (
        "o_out",
        "loss",
        "dE_do_out",
        "do_out_do_in",
        "h2_out",
        "dh2_out_dh2_in",
        "dE_dh2_out",
        "dE_dh1_out",
    )
    return {
        "the input": EXAMPLE["input"],
        "the learning rate": EXAMPLE["learning_rate"],
        "the loss": computed["loss"],
        **{f"computed {name}": computed[name] for name in names},
        **{f"published {name}": said[name] for name in shown},
        "lengths of the hidden deltas": [np.linalg.norm(computed[name]) for name in ("delta_h2", "delta_h1")],
        "weights from unit 1 of layer 2": WEIGHTS[2][0],
        "0.94048 as printed": said["h2_out"][1],
        "0.93883 with three digits": round(float(computed["h2_out"][0]), 3),
        "losses after the step": list(after.values()),
        "the loss by the yes-or-no formula": -np.log10(o[0]) - np.log10(1 - o[1]) - np.log10(1 - o[2]),
        "its slope": -1 / o[0],
        "diagonal by the later edition": later * (1 - later),
        "the third entry": later[2] * (1 - later[1]),
        "the published factors multiplied": product,
        "the sums of the published factors": hidden_delta(product, WEIGHTS[2], np.ones(3)),
        "one of the products, as it is and as printed": [1.4755 * 0.2040 * 0.4, 0.2383],
        "slips of the decimal point, printed and as they should be": [
            [said["new_W_kl"][2, 2], by_printed[2][2, 2]],
            [said["new_W_jk"][2, 2], by_printed[1][2, 2]],
        ],
        "gains": [after["no step"] - loss for loss in after.values()],
        "least loss along the published gradient": _least_loss(
            [said[f"grad_{name}"] for name in EXAMPLE["weights"]]
        ),
    }


def _least_loss(gradients: Arrays) -> float:
    """The least loss that one step along these weight gradients can reach, to the rate's second digit."""
    x, y = EXAMPLE["input"], EXAMPLE["target"]
    outputs = [
        backward(x, y, update(WEIGHTS, gradients, rate / 100), BIASES)[1][2] + y for rate in range(501)
    ]
    return min(float(-np.log(y @ p)) for p in outputs)
