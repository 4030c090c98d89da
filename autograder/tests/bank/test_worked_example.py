"""The ledger: committed as built, equal to mpmath and autograd, its errata proved figure by figure."""

import json
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank import worked_example
from autograder.bank.lesson_08_backprop_by_hand.slips import slips
from autograder.build.notebook import same

LEDGER = json.loads(worked_example.PATH.read_text(encoding="utf-8"))
COMPUTED, PRINTED = LEDGER["computed"], LEDGER["printed"]
ERRATA = {erratum["figure"]: erratum for erratum in LEDGER["errata"]}
NAMES = ("W_ij", "W_jk", "W_kl", "b_j", "b_k", "b_l")
DIGITS = mpmath.mpf("1e-9")


def test_the_committed_ledger_is_what_build_makes() -> None:
    assert same(json.loads(worked_example.text()), LEDGER), "run `python3 -m autograder build`"


# An independent computation: mpmath at 50 digits for values, derivatives of the loss itself for gradients.


def parameters() -> dict[str, Any]:
    given = LEDGER["weights"] | LEDGER["biases"]
    return {name: mpmath.matrix([[*map(str, row)] for row in np.atleast_2d(given[name])]) for name in NAMES}


def mp_forward(P: dict[str, Any]) -> dict[str, Any]:
    x = mpmath.matrix([[*map(str, LEDGER["input"])]])
    h1 = x * P["W_ij"] + P["b_j"]
    h1_out = h1.apply(lambda z: z if mpmath.re(z) > 0 else mpmath.mpf(0))
    h2 = h1_out * P["W_jk"] + P["b_k"]
    h2_out = h2.apply(lambda z: 1 / (1 + mpmath.exp(-z)))
    o = h2_out * P["W_kl"] + P["b_l"]
    total = mpmath.fsum([mpmath.exp(z) for z in o])
    p = o.apply(lambda z: mpmath.exp(z) / total)
    values = {"h1_in": h1, "h1_out": h1_out, "h2_in": h2, "h2_out": h2_out, "o_in": o, "o_out": p}
    loss = -mpmath.fsum([t * mpmath.log(share) for t, share in zip(LEDGER["target"], p, strict=True)])
    return values | {"loss": loss}


def close(said: object, true: Any) -> None:
    numbers = np.ravel(said)
    exact = list(true) if hasattr(true, "rows") else [true]
    assert len(numbers) == len(exact)
    for number, value in zip(numbers, exact, strict=True):
        assert abs(mpmath.mpf(float(number)) - value) <= DIGITS * abs(value), (number, value)


@pytest.fixture(scope="module", autouse=True)
def fifty_digits() -> Any:
    with mpmath.workdps(50):
        yield


def test_values_against_mpmath() -> None:
    for name, value in mp_forward(parameters()).items():
        close(COMPUTED[name], value)


def gradient(name: str) -> Any:
    """By the complex step on the loss, one parameter at a time; no unit lies on the ReLU's kink."""
    step = mpmath.mpf("1e-40")
    before = parameters()
    out = before[name].copy()
    for i in range(out.rows):
        for j in range(out.cols):
            stepped = before | {name: before[name].copy()}
            stepped[name][i, j] += mpmath.mpc(0, step)
            out[i, j] = mp_forward(stepped)["loss"].imag / step
    return out


@pytest.mark.parametrize("name", NAMES)
def test_gradients_and_new_parameters_against_the_complex_step(name: str) -> None:
    exact = gradient(name)
    close(COMPUTED[f"grad_{name}"], exact)
    close(COMPUTED[f"new_{name}"], parameters()[name] - mpmath.mpf("0.01") * exact)


def test_gradients_and_deltas_against_autograd() -> None:
    P = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in (LEDGER["weights"] | LEDGER["biases"]).items()
    }
    x, y = (torch.tensor(LEDGER[name], dtype=torch.float64) for name in ("input", "target"))
    h1 = x @ P["W_ij"] + P["b_j"]
    h1_out = torch.relu(h1)
    h2 = h1_out @ P["W_jk"] + P["b_k"]
    h2_out = torch.sigmoid(h2)
    o = h2_out @ P["W_kl"] + P["b_l"]
    p = torch.softmax(o, -1)
    for each in (h1, h1_out, h2, h2_out, o, p):
        each.retain_grad()
    (-(y * torch.log(p)).sum()).backward()
    grads = {f"grad_{name}": P[name].grad for name in NAMES} | {
        "delta_output": o.grad, "delta_h2": h2.grad, "delta_h1": h1.grad,
        "dE_dh2_out": h2_out.grad, "dE_dh1_out": h1_out.grad, "dE_do_out": p.grad,
        "softmax_jacobian": torch.autograd.functional.jacobian(lambda z: torch.softmax(z, -1), o.detach()),
    }  # fmt: skip
    for name, grad in grads.items():
        np.testing.assert_allclose(COMPUTED[name], grad.numpy(), rtol=1e-9, atol=1e-15, err_msg=name)


def test_the_loss_after_each_step_against_mpmath() -> None:
    after = LEDGER["after_the_step"]
    before, rate = parameters(), mpmath.mpf("0.01")
    moved = {name: before[name] - rate * gradient(name) for name in NAMES}
    weights, biases = NAMES[:3], NAMES[3:]
    steps = {
        "no step": before,
        "true gradient, weights only": moved | {name: before[name] for name in biases},
        "true gradient, weights and biases": moved,
        "printed gradient": before
        | {name: before[name] - rate * mpmath.matrix(PRINTED[f"grad_{name}"]) for name in weights},
        "printed new weights": before | {name: mpmath.matrix(PRINTED[f"new_{name}"]) for name in weights},
    }
    assert steps.keys() == after.keys()
    for name, step in steps.items():
        exact = mp_forward(step)
        for part in ("o_in", "o_out", "loss"):
            close(after[name][part], exact[part])


def test_the_losses_that_the_lessons_quote() -> None:
    losses = [f"{each['loss']:.5f}" for each in LEDGER["after_the_step"].values()]
    assert losses == ["1.61723", "1.59024", "1.58041", "1.61371", "1.61622"]


# The errata.


def figures(name: str) -> list[tuple[tuple[int, ...], str]]:
    """Each published figure with its place."""
    texts = np.array(PRINTED[name])
    return [(place, str(texts[place])) for place in np.ndindex(texts.shape)]


def rounded_or_cut(figure: str, value: float) -> bool:
    """Whether the figure is the value with that many digits, rounded or cut off."""
    number, step = Decimal(repr(value)), Decimal(1).scaleb(Decimal(figure).as_tuple().exponent)
    return Decimal(figure) in {number.quantize(step, rounding=how) for how in (ROUND_HALF_UP, ROUND_DOWN)}


@pytest.mark.parametrize("name", [name for name, erratum in ERRATA.items() if erratum["gives"] is not None])
def test_the_formula_gives_the_published_figures(name: str) -> None:
    """All of them, rounded to the digits printed or cut off after them."""
    erratum = ERRATA[name]
    places = None if erratum["places"] is None else {tuple(place) for place in erratum["places"]}
    gives = np.array(erratum["gives"])
    for place, figure in figures(name):
        if places is None or place in places:
            assert rounded_or_cut(figure, float(gives[place])), (name, place, figure, gives[place])


def test_every_published_figure_that_is_wrong_has_its_erratum() -> None:
    true_name = {"o_out_later_edition": "o_out"}
    for name in PRINTED:
        wrong = np.array(slips(PRINTED[name], COMPUTED[true_name.get(name, name)]))
        if not wrong.any():
            continue
        assert name in ERRATA, name
        places = ERRATA[name]["places"]
        if name in ("h2_in", "h2_out"):
            assert np.argwhere(wrong).tolist() == places
        assert ERRATA[name]["printed"] == PRINTED[name]


def test_the_entries_named_in_the_updated_weights_are_those_that_the_printed_gradient_does_not_give() -> None:
    for name in ("W_ij", "W_jk", "W_kl"):
        by_printed = np.array(LEDGER["weights"][name]) - 0.01 * np.array(PRINTED[f"grad_{name}"], float)
        off = [
            list(place)
            for place, figure in figures(f"new_{name}")
            if not rounded_or_cut(figure, round(float(by_printed[place]), 12))
        ]
        assert off == (ERRATA[f"new_{name}"]["places"] or [])


def test_all_printed_gradients_are_negative_and_the_true_ones_are_not() -> None:
    for name in ("grad_W_kl", "grad_W_jk", "grad_W_ij"):
        assert (np.array(PRINTED[name], float) < 0).all()
    assert (np.array(COMPUTED["grad_W_jk"]) > 0).all()
    assert (np.array(COMPUTED["grad_W_ij"]) > 0).all()
    assert np.sign(COMPUTED["delta_output"]).tolist() == [-1, 1, 1]
