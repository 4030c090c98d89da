"""Every number that the text of lesson 12 quotes, and what its trainings have recorded."""

import numpy as np

from autograder.bank.lesson_12_making_it_learn import clinic
from autograder.bank.lesson_12_making_it_learn.adam_step import adam_step
from autograder.bank.lesson_12_making_it_learn.momentum_step import momentum_step
from autograder.bank.lesson_12_making_it_learn.overfitting import STRENGTHS, rows, share_right, trained
from autograder.bank.lesson_12_making_it_learn.rate_at import rate_at
from autograder.bank.lesson_12_making_it_learn.runs import SATURATION
from autograder.bank.lesson_12_making_it_learn.stop_early import stop_early
from autograder.bank.lesson_12_making_it_learn.with_weight_decay import with_weight_decay

DIGITS = 5


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    return {
        **overfitting(),
        "points of with_weight_decay and adam_step": [with_weight_decay.points, adam_step.points],
        "a share of a hundred rows, in floats": [0.29, 0.29 * 100],
        "stop early: an example": [0.9, 0.7, 0.6, 0.65, 0.62, 0.5],
        "stop early: its answer": list(stop_early.reference(np.array([0.9, 0.7, 0.6, 0.65, 0.62, 0.5]), 2)),
        "a bias's and a weight's push": [0.5, 0.1, 0.05],
        **momentum(),
        **adam(),
        "rates of a schedule": [rate_at.reference(step, 100, 0.4, 10) for step in (0, 5, 10, 55, 100)],
        "the margins of the clinic": [0.01, 0.1, 0.2, 0.5, 0.8, 0.95, 1.05, 1.2, SATURATION, 0.0001, 0.001],
        "the clinic's runs": clinic.recorded(),
        "the clinic's first and last losses": {
            letter: [float(run["losses"][0]), float(run["losses"][-1])]
            for letter, run in clinic.recorded().items()
        },
    }


def overfitting() -> dict[str, object]:
    """The net that learns thirty wrong labels by heart."""
    drawn, X, Y = rows()
    checked = trained(0.0)[1]
    best = int(checked.argmin())
    ends = {strength: trained(strength) for strength in STRENGTHS}
    stopped = trained(0.0, best)[2]
    return {
        "strengths of the decay": list(STRENGTHS),
        "overfitting: training losses": [_short(ends[strength][0]) for strength in STRENGTHS],
        "overfitting: validation losses": [_short(ends[strength][1]) for strength in STRENGTHS],
        "overfitting: best epoch": best,
        "overfitting: lowest validation loss, and where it ends": _short(checked[[best, -1]]),
        "overfitting: share right at the end, training, validation, test": [
            share_right(*pair, ends[0.0][2])
            for pair in ((drawn.X, drawn.Y), (drawn.validation_X, drawn.validation_Y), (X, Y))
        ],
        "overfitting: share right at the best epoch, validation, test": [
            share_right(*pair, stopped) for pair in ((drawn.validation_X, drawn.validation_Y), (X, Y))
        ],
        "decay: share right at the end, validation": [
            share_right(drawn.validation_X, drawn.validation_Y, ends[strength][2]) for strength in STRENGTHS
        ],
        "decay: share right at the end, test": [
            share_right(X, Y, ends[strength][2]) for strength in STRENGTHS
        ],
    }


def _short(values: np.ndarray) -> np.ndarray:
    """Losses as a log file holds them."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])


def momentum() -> dict[str, object]:
    """A ball with the slope 1 in every step, and what it comes to."""
    place, velocity, speeds = [np.array(0.0)], [np.array(0.0)], []
    for _ in range(3):
        place, velocity = momentum_step.reference(place, [np.array(1.0)], velocity, 0.1, 0.9)
        speeds.append(float(velocity[0]))
    return {
        "momentum: rate and beta": [0.1, 0.9],
        "momentum: velocities": speeds,
        "momentum: place": float(place[0]),
    }


def adam() -> dict[str, object]:
    """The first step of Adam, with two slopes a million times apart, and its usual settings."""
    slopes = [np.array([1000.0, 0.001])]
    zeros = [np.zeros(2)]
    moved, m, v = adam_step.reference(zeros, slopes, zeros, zeros, 1, 0.1, 0.9, 0.999, 1e-8)
    return {
        "adam: usual settings": [0.001, 0.9, 0.999, 1e-8],
        "adam: 1 minus the betas": [0.1, 0.001],
        "adam: first step": [*moved, *m, *v],
        "adam: size of the square's root uncorrected": float(np.sqrt(0.001)),
        "adam: mean uncorrected": 0.1,
        "adam: first step uncorrected, in rates": 0.1 / float(np.sqrt(0.001)),
    }
