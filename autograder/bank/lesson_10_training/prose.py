"""Every number that the text of lesson 10 quotes."""

import math

import numpy as np

from autograder.bank.lesson_10_training.initialise import std_of
from autograder.bank.lesson_10_training.train_step import slope_of_output
from autograder.kit.digits import MOST_INK
from autograder.kit.judge.held_out import INK, TARGET


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    return {
        "standard deviations of the figure": [0.01, 0.1, 1.0],
        "roots of their factors with 100 inputs": [math.sqrt(100) * std for std in (0.01, 0.1, 1.0)],
        "xavier from 64 to 32": std_of(64, 32, "xavier"),
        "he from 64": std_of(64, 32, "he"),
        "reach of the uniform weights": math.sqrt(3) * std_of(64, 32, "xavier"),
        "common value of the equal weights, and an undecided probability": 0.5,
        "loss of a coin toss": math.log(2),
        "two of four corners undecided": math.log(2) / 2,
        "version of the digits' licence": 4.0,
        "loss of ten equal classes": math.log(10),
        "the challenge: its darkest pixel, its target": [MOST_INK * INK, TARGET],
        # Measured on 400 splits, forty times ten: tests/bank/test_challenge.py looks again, on fewer.
        "what the capstone's settings and good ones come to there, how a mean of ten strays, what is safe": [
            0.73,
            0.89,
            0.004,
            0.88,
        ],
        "an output of the tanh, its square, its slope": [
            0.8,
            0.8**2,
            float(slope_of_output(np.array(0.8), "tanh")),
        ],
    }
