"""Lesson 01: downhill against the gradient, how long a step may be, and guessing instead (seeds 004 and 001).

A position is a number or a vector (n,); a gradient function takes a position and returns the same shape.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "slope_along",
    "descend",
    "climb",
    "position_after",
    "largest_stable_rate",
    "descend_until",
    "random_search",
)
