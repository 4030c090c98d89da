"""Lesson 06: slopes from function values alone, and how to check a gradient with them (seed 000).

The published `numerical_gradient` of the seed adds the two losses where it must subtract them, and keeps the
dtype of a whole-number argument; both stand here as misconceptions. The steps of the checks are wide (1/8 to
1/2), so that one-sided and central differences are different numbers.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "forward_difference",
    "numerical_gradient",
    "loss_evaluations",
    "relative_error",
    "gradient_check",
    "complex_step",
)
