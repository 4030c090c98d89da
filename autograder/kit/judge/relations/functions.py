"""Relations in which the answer is a well-known function of the expected numbers, or the other way round."""

from collections.abc import Callable

import numpy as np

from autograder.kit.judge.evidence import Array, Evidence, Leaf, near

# What was done to the expected numbers, in words, and how.
DONE: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "squared": ("is the square of the expected one", np.square),
    "square_root": ("is the square root of the expected one", np.sqrt),
    "reciprocal": ("is 1 divided by the expected one", lambda x: 1 / x),
    "minus_reciprocal": ("is -1 divided by the expected one", lambda x: -1 / x),
    "one_minus": ("is 1 minus the expected one", lambda x: 1 - x),
    "exponential_of_it": ("is the exponential of the expected one", np.exp),
    "logarithm_of_it": ("is the logarithm of the expected one", np.log),
    "tanh_of_it": ("is the tanh of the expected one", np.tanh),
}
# The same, for whole rows: the expected numbers themselves do not say it.
DONE_TO_ROWS: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "running_sum": ("The numbers are the running sums of the expected ones (as `np.cumsum` makes them).",
                    lambda x: np.cumsum(x, axis=-1)),
    "running_sum_of_rows": ("The rows are the running sums of the expected ones.", lambda x: np.cumsum(x, axis=0)),
    "unit_length": ("Each row is the expected one divided by its length (its norm).",
                    lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
    "divided_by_largest": ("Each row is the expected one divided by its largest number.",
                           lambda x: x / np.max(x, axis=-1, keepdims=True)),
    "only_the_largest": ("Only the largest number of each row is left; the others are 0.",
                         lambda x: np.where(x == np.max(x, axis=-1, keepdims=True), x, 0)),
    "ones_and_zeros": ("The largest number of each row has become 1, the others 0.",
                       lambda x: np.where(x == np.max(x, axis=-1, keepdims=True), 1.0, 0.0)),
}  # fmt: skip


def function_of_the_expected(evidence: Evidence) -> tuple[str, str] | None:
    """The name and the sentence of a function that makes the given numbers of the expected ones, or is missing."""
    if not evidence.pairs or _places_alone(evidence):
        return None
    with np.errstate(all="ignore"):
        if squashed := _squashed(evidence):
            return squashed
        for name, (text, function) in DONE.items():
            if _all(evidence, function):
                return name, f"{evidence.each} {text}. Which step is one too many, or missing?"
        for name, (text, function) in DONE.items():
            if name not in ("reciprocal", "minus_reciprocal", "one_minus") and _undone(evidence, function):
                undone = text.removeprefix("is ").replace("the expected one", "yours")
                return (
                    f"not_{name}",
                    f"{evidence.each} that was expected is {undone}. Is the last step missing?",
                )
        for name, (sentence, function) in DONE_TO_ROWS.items():
            if _all(evidence, function, rows=True):
                return name, f"{sentence} Which step is one too many?"
        for name, (sentence, function) in DONE_TO_ROWS.items():
            if name.startswith("running") and _undone(evidence, function, rows=True):
                asked = sentence.replace("The numbers are", "The expected numbers are").replace(
                    "the expected ones", "yours"
                )
                asked = asked.replace("Each row is the expected one", "Each expected row is yours")
                return f"not_{name}", f"{asked} Is that step missing?"
    return None


def _places_alone(evidence: Evidence) -> bool:
    """Whether all that differs is small whole numbers one by one: places and counts are no functions of each other."""
    both = np.concatenate([evidence.expected, evidence.given])
    return evidence.only_numbers and bool(np.all((both == np.round(both)) & (np.abs(both) < 10)))


def _squashed(evidence: Evidence) -> tuple[str, str] | None:
    """Whether a sigmoid or a softmax lies between given and expected; told from what undoes them."""
    pairs = evidence.pairs
    if all(near(_odds(leaf.given), leaf.expected) for leaf in pairs):
        return (
            "sigmoid_of_it",
            f"{evidence.each} is the sigmoid of the expected one. Which step is one too many?",
        )
    if all(near(_odds(leaf.expected), leaf.given) for leaf in pairs):
        return (
            "not_sigmoid_of_it",
            f"{evidence.each} that was expected is the sigmoid of yours. Is the last step missing?",
        )
    if all(_shares_of(leaf.expected, leaf.given) for leaf in pairs):
        return (
            "softmax_of_it",
            "The numbers are the softmax of the expected ones. Which step is one too many?",
        )
    if all(_shares_of(leaf.given, leaf.expected) for leaf in pairs):
        return "not_softmax_of_it", "The expected numbers are the softmax of yours. Is the last step missing?"
    if all(_divided_by_sum(leaf.expected, leaf.given) for leaf in pairs):
        return (
            "normalised_rows",
            "Each row is the expected one divided by its sum. Which step is one too many?",
        )
    if all(_divided_by_sum(leaf.given, leaf.expected) for leaf in pairs):
        return "not_normalised_rows", "Each expected row is yours divided by its sum. Is that step missing?"
    return None


def _divided_by_sum(rows: Array, shares: Array) -> bool:
    if rows.ndim == 0 or rows.shape[-1] < 2 or not np.all(np.any(rows, axis=-1) & np.any(shares, axis=-1)):
        return False  # a row of zeros is any multiple of itself
    return near(shares.real * rows.real.sum(axis=-1, keepdims=True), rows.real)


def _odds(x: Array) -> Array:
    return np.log(x.real) - np.log1p(-x.real)


def _shares_of(logits: Array, shares: Array) -> bool:
    """Whether the rows of the second sum to 1, and their logarithms are the first but for one number a row."""
    if logits.ndim == 0 or logits.shape[-1] < 2 or np.any(shares.real <= 0):
        return False
    gap = np.log(shares.real) - logits.real
    return near(shares.real.sum(axis=-1), np.ones(shares.shape[:-1])) and near(
        gap, np.broadcast_to(gap[..., :1], gap.shape)
    )


def _all(evidence: Evidence, function: Callable[[Array], Array], rows: bool = False) -> bool:
    return all(_made(leaf.expected, leaf.given, function, rows) for leaf in evidence.pairs)


def _undone(evidence: Evidence, function: Callable[[Array], Array], rows: bool = False) -> bool:
    return all(_made(leaf.given, leaf.expected, function, rows) for leaf in evidence.pairs)


def _made(start: Array, end: Array, function: Callable[[Array], Array], rows: bool) -> bool:
    if rows and (start.ndim == 0 or start.shape[-1] < 2):
        return False
    made = function(np.asarray(start.real, dtype=float))
    return bool(np.all(np.isfinite(made))) and near(made, np.asarray(end.real, dtype=float))


def complex_numbers(evidence: Evidence) -> str | None:
    """Numbers with an imaginary part came back where real ones are asked for."""
    pairs = evidence.pairs
    if not pairs or not all(
        leaf.given.dtype.kind == "c" != leaf.expected.dtype.kind and np.any(leaf.given.imag) for leaf in pairs
    ):
        return None
    told = "Complex numbers came back, with a real and an imaginary part; real numbers are asked for."
    for part, take in (("real", np.real), ("imaginary", np.imag)):
        if all(near(take(leaf.given), leaf.expected) for leaf in pairs):
            return f"{told} The {part} part alone is what is expected."
    return f"{told} Which part of them is meant?"


def an_argument(evidence: Evidence) -> tuple[str, str] | None:
    """What came back is an argument of the call, as it is or slightly done to."""
    if all(leaf.given.ndim == 0 and abs(leaf.given) in (0, 1) for leaf in evidence.leaves):
        return None  # a 0 or a 1 alone is the sum of some argument by chance
    found = [_from_arguments(leaf) for leaf in evidence.leaves]
    for name, sentence in found[0].items():
        if all(name in each for each in found):
            return name.partition(" ")[0], sentence
    return None


def _from_arguments(leaf: Leaf) -> dict[str, str]:
    """By name, in which ways what came back is an argument of its call."""
    found = {}
    names = leaf.case.parameters or tuple(f"argument {n}" for n in range(len(leaf.case.arguments)))
    with np.errstate(all="ignore"):
        for name, value in zip(names, leaf.case.arguments, strict=False):
            if not isinstance(value, (np.ndarray, float, np.floating)) or np.size(value) == 0:
                continue
            array = np.asarray(value, dtype=float)
            for way, (text, function) in _WAYS.items():
                made = function(array)
                if made.shape == leaf.given.shape and np.any(leaf.given) and near(made, leaf.given):
                    found[f"{way} {name}"] = f"What came back is {text.format(name=name)}"
    return found


_WAYS: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "argument_returned": ("the argument `{name}` itself. What should have been done to it?", lambda x: x),
    "argument_negated": ("minus the argument `{name}`. What else is asked for?", lambda x: -x),
    "argument_squared": ("the square of the argument `{name}`. Is that what is asked for?", np.square),
    "argument_transposed": ("the argument `{name}` with rows and columns exchanged. What else is asked for?", np.transpose),
    "argument_exponential": ("the exponential of the argument `{name}`. Which step comes after it?", np.exp),
    "argument_tanh": ("the tanh of the argument `{name}`. What else is asked for?", np.tanh),
    "argument_one_minus": ("1 minus the argument `{name}`. What else is asked for?", lambda x: 1 - x),
    "argument_summed": ("the sum of the argument `{name}`. What else is asked for?", lambda x: np.asarray(np.sum(x))),
    "argument_averaged": ("the mean of the argument `{name}`. What else is asked for?", lambda x: np.asarray(np.mean(x))),
}  # fmt: skip
