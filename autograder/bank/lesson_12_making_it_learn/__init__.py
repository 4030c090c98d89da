"""Lesson 12: from a net that runs to one that generalises; and the clinic, where six trainings do not learn.

Parameters are lists of arrays, weights (n_in, n_out) and biases (n_out,). A right answer draws its own random numbers,
so split is judged by properties; diagnose answers with a name.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "split",
    "stop_early",
    "with_weight_decay",
    "momentum_step",
    "adam_step",
    "rate_at",
    "confusion_matrix",
    "diagnose",
)
