"""The worked example's figures as they were published, what is wrong with each, and the slip behind it.

They come from a widely circulated walk-through of backpropagation. As text, so that the digits they were printed with
are kept.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from autograder.bank.exact_step import (
    BIASES,
    INPUT,
    LEARNING_RATE,
    TARGET,
    WEIGHTS,
    Matrix,
    computed,
    decimals,
    outer,
    plus,
    product,
    softmax,
    times,
)

PRINTED: dict[str, Any] = {
    "h2_in": ["2.73", "2.76", "4.001"],
    "h2_out": ["0.938", "0.94", "0.98"],
    "o_in": ["1.8658", "2.2292", "2.8204"],
    "o_out": ["0.2698", "0.3223", "0.4078"],
    "o_out_later_edition": ["0.19858", "0.28559", "0.51583"],
    "loss": "0.965",
    "dE_do_out": ["-3.70644", "-1.4755", "-1.6886"],
    "do_out_do_in": ["0.15911", "0.2040", "0.3685"],
    "grad_W_kl": [
        ["-0.5531", "-0.0576", "-0.5836"],
        ["-0.554347", "-0.0577", "-0.5849"],
        ["-0.577937", "-0.06017", "-0.6098"],
    ],
    "new_W_kl": [
        ["0.105531", "0.400576", "0.805836"],
        ["0.30055", "0.700577", "0.2005849"],
        ["0.5005779", "0.2006017", "0.9006098"],
    ],
    "dh2_out_dh2_in": ["0.058156", "0.0564", "0.0196"],
    "dE_dh2_out": ["-0.8903", "-0.74218", "-1.0810"],
    "grad_W_jk": [
        ["-0.06989", "-0.0565", "-0.0286"],
        ["-0.06575", "-0.05316", "-0.0269"],
        ["-0.0932", "-0.0753", "-0.03813"],
    ],
    "new_W_jk": [
        ["0.2006989", "0.300565", "0.500286"],
        ["0.3006575", "0.5005316", "0.700269"],
        ["0.600932", "0.400753", "0.803813"],
    ],
    "dE_dh1_out": ["-0.01035", "-0.0209", "-0.0169"],
    "grad_W_ij": [
        ["-0.001035", "-0.00209", "-0.00169"],
        ["-0.00207", "-0.00418", "-0.00338"],
        ["-0.007245", "-0.01463", "-0.01183"],
    ],
    "new_W_ij": [
        ["0.10001035", "0.2000209", "0.3000169"],
        ["0.3000207", "0.2000418", "0.7000338"],
        ["0.40007245", "0.3001463", "0.9001183"],
    ],
}


def decimals_of_printed() -> dict[str, Any]:
    """The published figures as numbers."""
    return {name: decimals(figure) for name, figure in PRINTED.items()}


# The slips, each with the formula that gives the published figure where there is one.


def errata() -> list[dict[str, Any]]:
    """What is printed, what is true, and how to see it.

    `gives` are the numbers of the formula that leads to the published figures, or null where none was found;
    they agree with `printed` to within one unit of its last digit, because some figures were cut off, not rounded.
    `places` are the figures meant, where it is not all of them: indices into `printed`.
    """
    right, said = computed(), decimals_of_printed()
    return [
        {
            "figure": name,
            "printed": PRINTED.get(name),
            "true": right.get(TRUE_NAME.get(name, name)),
            "places": places,
            "slip": slip,
            "formula": formula,
            "gives": None if gives is None else gives(right, said),
        }
        for name, places, slip, formula, gives in SLIPS
    ]


TRUE_NAME = {"o_out_later_edition": "o_out"}
Numbers = dict[str, Any]
Slip = tuple[str, list[list[int]] | None, str, str, Callable[[Numbers, Numbers], Any] | None]

SLIPS: list[Slip] = [
    (
        "h2_in",
        [[2]],
        "A sum is off by 0.003: the four terms printed beside it make 4.004.",
        "1.8 * 0.8 + 1.27 * 0.7 + 1.35 * 0.5 + 1 = 4.004",
        None,
    ),
    (
        "h2_out",
        [[0]],
        "The digits after the third were cut off; rounded it is 0.939.",
        "0.93883... cut after three digits",
        lambda right, said: right["h2_out"],
    ),
    (
        "o_in",
        None,
        "Nothing is wrong with the sums, but they start from values rounded to two or three digits.",
        "h2_out as printed, times W_kl, plus b_l",
        lambda right, said: plus(times(said["h2_out"], decimals(WEIGHTS["W_kl"])), decimals(BIASES["b_l"])),
    ),
    (
        "o_out",
        None,
        "The logits are divided by their sum. No exponential was taken, so this is not a softmax.",
        "o_in / sum(o_in), with o_in as printed",
        lambda right, said: [z / sum(said["o_in"]) for z in said["o_in"]],
    ),
    (
        "o_out_later_edition",
        None,
        "A true softmax, of the logits as printed: what is left is their early rounding.",
        "softmax(o_in), with o_in as printed",
        lambda right, said: softmax(said["o_in"]),
    ),
    (
        "loss",
        None,
        "Three slips at once: the base-10 logarithm, the loss of a yes-or-no output summed over three softmax "
        "outputs, and the mistaken o_out.",
        "-(log10 0.2698 + log10(1 - 0.3223) + log10(1 - 0.4078))",
        lambda right, said: (
            -sum((o if t else 1 - o).log10() for o, t in zip(said["o_out"], decimals(TARGET), strict=True))
        ),
    ),
    (
        "dE_do_out",
        None,
        "The slope of the same yes-or-no loss, with a minus where (1 - y) / (1 - o) has a plus. Behind a softmax "
        "the cross-entropy has the slope -y / o, which is 0 for the two wrong classes.",
        "-1 / o_out for the true class, -1 / (1 - o_out) for the others, with o_out as printed",
        lambda right, said: [
            -1 / (o if t else 1 - o) for o, t in zip(said["o_out"], decimals(TARGET), strict=True)
        ],
    ),
    (
        "do_out_do_in",
        [[1], [2]],
        "Only the diagonal of the softmax's Jacobian is there, and its third entry takes the wrong class away: "
        "p3 (1 - p2) in place of p3 (1 - p3). The p are those of the later edition. The first entry, 0.15911, should "
        "then be 0.15915; no formula was found for it.",
        "p1 (1 - p1), p2 (1 - p2), p3 (1 - p2), with o_out as in the later edition",
        lambda right, said: [
            said["o_out_later_edition"][i] * (1 - said["o_out_later_edition"][j])
            for i, j in ((0, 0), (1, 1), (2, 1))
        ],
    ),
    (
        "grad_W_kl",
        None,
        "The off-diagonal terms of the softmax are dropped, so each column has one factor pair of its own. In the "
        "second column the slope 0.2040 was multiplied in twice: -1.4755 * 0.2040 = -0.301, and that again "
        "times 0.2040.",
        "h2_out as printed, times dE_do_out * do_out_do_in as printed (in column 2, do_out_do_in squared)",
        lambda right, said: outer(
            said["h2_out"],
            product(
                said["dE_do_out"], said["do_out_do_in"], [Decimal(1), said["do_out_do_in"][1], Decimal(1)]
            ),
        ),
    ),
    (
        "new_W_kl",
        [[1, 0], [1, 2], [2, 0], [2, 2]],
        "A zero too many after the point: 0.30554, 0.205849, 0.505779 and 0.906098 are what the printed gradient "
        "gives. The other five entries are right by the printed gradient.",
        "W_kl - 0.01 * grad_W_kl as printed, with the change of these four divided by ten",
        lambda right, said: _slipped_digits(
            "W_kl", said, {(1, 0): Decimal(10), (1, 2): Decimal(10), (2, 0): Decimal(10), (2, 2): Decimal(10)}
        ),
    ),
    (
        "dh2_out_dh2_in",
        None,
        "Right by the printed h2_out, but 1 - h is small, so the early rounding of h weighs heavily in it.",
        "h (1 - h), with h2_out as printed",
        lambda right, said: [h * (1 - h) for h in said["h2_out"]],
    ),
    (
        "dE_dh2_out",
        None,
        "The sums over the output units do not follow from the printed factors, which would give -0.6772, -0.5121 "
        "and -0.9151. No formula was found for the printed ones.",
        "",
        None,
    ),
    (
        "grad_W_jk",
        None,
        "Right by the printed factors, and wrong through them.",
        "h1_out, times dE_dh2_out * dh2_out_dh2_in as printed",
        lambda right, said: outer(right["h1_out"], product(said["dE_dh2_out"], said["dh2_out_dh2_in"])),
    ),
    (
        "new_W_jk",
        [[2, 2]],
        "A zero lost after the point: the printed gradient gives 0.8003813.",
        "W_jk - 0.01 * grad_W_jk as printed, with the change of this one times ten",
        lambda right, said: _slipped_digits("W_jk", said, {(2, 2): Decimal("0.1")}),
    ),
    (
        "dE_dh1_out",
        None,
        "Each unit has only the one term with its own number: the sum over all units of the next layer is missing.",
        "(dE_dh2_out * dh2_out_dh2_in as printed) times W_jk[0][0], W_jk[1][1], W_jk[2][2]",
        lambda right, said: product(
            said["dE_dh2_out"],
            said["dh2_out_dh2_in"],
            [decimals(WEIGHTS["W_jk"])[k][k] for k in range(3)],
        ),
    ),
    (
        "grad_W_ij",
        None,
        "Right by the printed factors, and wrong through them.",
        "x, times dE_dh1_out as printed",
        lambda right, said: outer(decimals(INPUT), said["dE_dh1_out"]),
    ),
    (
        "new_W_ij",
        None,
        "Right by the printed gradient, and wrong through it.",
        "W_ij - 0.01 * grad_W_ij as printed",
        lambda right, said: _slipped_digits("W_ij", said, {}),
    ),
    (
        "biases",
        None,
        "Never updated. Their gradients are the deltas, so they cost nothing more to compute.",
        "",
        None,
    ),
    (
        "all gradients",
        None,
        "All 27 are negative, so the step raises every weight, and with them the logits of the wrong classes too.",
        "",
        None,
    ),
]


def _slipped_digits(name: str, said: Numbers, divisors: dict[tuple[int, int], Decimal]) -> Matrix:
    """New weights by the printed gradient, the change of some entries divided by a power of ten."""
    W, gradient, rate = decimals(WEIGHTS[name]), said[f"grad_{name}"], Decimal(LEARNING_RATE)
    return [
        [W[i][j] - rate * gradient[i][j] / divisors.get((i, j), Decimal(1)) for j in range(3)]
        for i in range(3)
    ]
