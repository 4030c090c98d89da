"""Lesson 12: the references against PyTorch and mpmath; the clinic's runs keep to the margins that the text states."""

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_12_making_it_learn import clinic, runs
from autograder.bank.lesson_12_making_it_learn.adam_step import adam_step
from autograder.bank.lesson_12_making_it_learn.common import arrays
from autograder.bank.lesson_12_making_it_learn.confusion_matrix import confusion_matrix
from autograder.bank.lesson_12_making_it_learn.diagnose import diagnose
from autograder.bank.lesson_12_making_it_learn.momentum_step import momentum_step
from autograder.bank.lesson_12_making_it_learn.rate_at import rate_at
from autograder.bank.lesson_12_making_it_learn.split import split
from autograder.bank.lesson_12_making_it_learn.with_weight_decay import with_weight_decay
from autograder.kit import load_runs
from autograder.kit.judge import judge, splits
from autograder.kit.plain import to_plain
from autograder.kit.run import run_calls

mpmath.mp.dps = 50
SHAPES = ((3, 2), (2, 4), (2,), (4,))


def walk(optimizer, steps=7):
    """The parameters after each step of PyTorch's optimizer, and the gradients that it was given."""
    rng = np.random.default_rng(4)
    start = arrays(rng, *SHAPES)
    parameters = [torch.tensor(p, requires_grad=True) for p in start]
    made, told = optimizer(parameters), []
    for _ in range(steps):
        slopes = arrays(rng, *SHAPES)
        for p, g in zip(parameters, slopes, strict=True):
            p.grad = torch.tensor(g)
        made.step()
        told.append((slopes, [p.detach().numpy().copy() for p in parameters]))
    return start, told


def assert_same(mine, theirs):
    for one, other in zip(mine, theirs, strict=True):
        assert np.allclose(one, other, rtol=1e-12, atol=1e-14)


def test_momentum_against_torch():
    parameters, told = walk(lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.85))
    velocity = [np.zeros(shape) for shape in SHAPES]
    for slopes, theirs in told:
        parameters, velocity = momentum_step(parameters, slopes, velocity, 0.3, 0.85)
        assert_same(parameters, theirs)


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.75)])
@pytest.mark.parametrize("epsilon", [1e-8, 0.3])
def test_adam_against_torch(betas, epsilon):
    parameters, told = walk(lambda p: torch.optim.Adam(p, lr=0.05, betas=betas, eps=epsilon))
    m, v = ([np.zeros(shape) for shape in SHAPES] for _ in range(2))
    for t, (slopes, theirs) in enumerate(told, 1):
        parameters, m, v = adam_step(parameters, slopes, m, v, t, 0.05, *betas, epsilon)
        assert_same(parameters, theirs)


def test_weight_decay_against_autograd_and_against_torchs_own():
    rng = np.random.default_rng(2)
    start, slopes = arrays(rng, *SHAPES), arrays(rng, *SHAPES)
    parameters = [torch.tensor(p, requires_grad=True) for p in start]
    # A loss with these slopes, and half the sum of the squared weights on top.
    loss = sum((p * torch.tensor(g)).sum() for p, g in zip(parameters, slopes, strict=True))
    (loss + 0.15 / 2 * sum((p**2).sum() for p in parameters if p.ndim == 2)).backward()
    assert_same(with_weight_decay(start, slopes, 0.15), [p.grad.numpy() for p in parameters])
    groups = [{"params": parameters[:2], "weight_decay": 0.15}, {"params": parameters[2:]}]
    optimizer = torch.optim.SGD(groups, lr=1.0)
    for p, g in zip(parameters, slopes, strict=True):
        p.grad = torch.tensor(g)
    optimizer.step()
    moved = [p - g for p, g in zip(start, with_weight_decay(start, slopes, 0.15), strict=True)]
    assert_same(moved, [p.detach().numpy() for p in parameters])


@pytest.mark.parametrize("warmup", [0, 10])
def test_the_schedule_against_fifty_digits_and_against_torchs_cosine(warmup):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 90 - warmup)
    for step in range(91):
        given = rate_at(step, 90, 0.4, warmup)
        if step < warmup:
            assert given == pytest.approx(float(mpmath.mpf("0.4") * step / warmup), rel=1e-14)
            continue
        done = mpmath.mpf(step - warmup) / (90 - warmup)
        true = mpmath.mpf("0.4") * (1 + mpmath.cos(mpmath.pi * done)) / 2
        assert given == pytest.approx(float(true), rel=1e-13, abs=1e-16)
        assert given == pytest.approx(cosine.get_last_lr()[0], rel=1e-9, abs=1e-12)
        optimizer.step()
        cosine.step()


def test_the_confusion_matrix_adds_up():
    rng = np.random.default_rng(0)
    labels, said = rng.integers(0, 4, (2, 200))
    C = confusion_matrix(labels, said, 5)
    assert C.sum() == 200
    assert np.trace(C) == np.sum(labels == said)
    assert np.array_equal(C.sum(axis=1), np.bincount(labels, minlength=5))
    assert np.array_equal(C.sum(axis=0), np.bincount(said, minlength=5))


# The clinic.


@pytest.mark.parametrize("fault", runs.FAULTS)
def test_a_drawn_run_shows_its_fault_and_no_other(fault):
    for seed in range(6):
        run = runs.run_with(fault, np.random.default_rng(seed))
        assert [name for name in runs.FAULTS if runs.shows(run, name)] == [fault]
        assert diagnose(run) == fault
        assert set(run) == set(runs.RECORDED)


def test_the_lessons_own_runs_show_theirs():
    shown = load_runs()
    assert list(shown) == list(clinic.LETTERS)
    for letter, fault in clinic.LETTERS.items():
        assert runs.shows(shown[letter], fault)
        if fault != runs.HEALTHY:
            assert diagnose(shown[letter]) == fault
    assert np.array_equal(shown["A"]["losses"], shown["E"]["losses"]), "the text says so"


def test_recorded_gradients_are_those_of_autograd():
    rng = np.random.default_rng(1)
    X, Y = runs.clouds(rng, (5, 4, 3))
    parameters = runs.start((4, 6, 3), runs.HEALTHY, rng)
    known = [torch.tensor(p, requires_grad=True) for p in parameters]
    logits = torch.tanh(torch.tensor(X) @ known[0] + known[2]) @ known[1] + known[3]
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(Y))
    loss.backward()
    assert float(runs.mean_loss(X, Y, parameters)) == pytest.approx(loss.item(), rel=1e-12)
    assert_same(runs.gradients(X, Y, parameters), [p.grad.numpy() for p in known])
    norms = [float(p.grad.norm()) for p in known[:2]]
    assert runs.measured_norms(X, Y, parameters) == pytest.approx(norms, rel=1e-6)


# A text as an answer, and the properties of a split.


def told_of(function):
    sheet = diagnose.sheet()
    return judge(sheet, run_calls(function, sheet.calls, 5))


def test_a_name_is_a_text_however_it_comes_and_numbers_are_none():
    assert told_of(lambda run: np.str_(diagnose(run))).passed
    assert told_of(lambda run: np.array(diagnose(run))).passed
    assert "did not return a text" in told_of(lambda run: 3).text()
    assert "'frozen'" in told_of(lambda run: "frozen").text()
    sheet = rate_at.sheet()
    report = judge(sheet, run_calls(lambda *_: "0.5", sheet.calls, 5))
    assert report.earned == 0
    assert "The call did not return numbers." in report.text()


def test_a_run_that_is_written_into_costs_its_points():
    def writes(run):
        name = diagnose(run)
        run["losses"][0] = 0.0
        return name

    report = told_of(writes)
    assert report.earned == diagnose.points - 0.5


def test_a_split_is_refused_where_a_row_is_missing_or_comes_twice():
    m, shares = 16, (0.5, 0.25, 0.25)
    parts = [part.tolist() for part in split(m, shares, np.random.default_rng(3))]
    judged = lambda *given: splits.three_parts((m, shares, None), to_plain(given))  # noqa: E731
    assert judged(*parts) is None
    assert "exactly one part" in judged([parts[2][0], *parts[0][1:]], *parts[1:])
    assert "7 rows" in judged(parts[0][1:], *parts[1:])
    assert "Three arrays" in judged(*parts[:2])
    assert "whole numbers" in judged([0.5, *parts[0][1:]], *parts[1:])
