"""Lesson 10: initial weights, mini-batches, and the whole algorithm, on real handwritten digits (seeds 000, 001, 003).

Rows are samples. The net ends in a softmax and its loss is the mean cross-entropy. A right answer draws its own
random numbers, so initialise, minibatches and train are judged by properties.
"""

# The exercises in the order in which the lesson asks them; each is a module of its own here.
EXERCISES = (
    "one_hot",
    "initialise",
    "activate",
    "predict_probabilities",
    "accuracy",
    "train_step",
    "minibatches",
    "train",
    "challenge",
)
