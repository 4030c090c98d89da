"""Properties an answer must have whatever its numbers: named, so that a case stays plain data.

Each takes the call's arguments and the answer in plain form, and returns the sentence that says how the answer
breaks the property, or None where it holds. A property in `TOGETHER` takes the arguments and answers of all calls
of a sub-check.
"""

from collections.abc import Callable, Sequence

import numpy as np

from autograder.kit.judge import draws, splits, training
from autograder.kit.plain import Plain, agree, members, number_text

Property = Callable[[Sequence[object], Plain], str | None]
PropertyOfAll = Callable[[Sequence[Sequence[object]], Sequence[Plain]], str | None]

# Loose enough for single precision, far tighter than any slip.
TOLERANCE = 1e-4
# What is measured of many random draws strays further than so many standard deviations once in 100,000 times.
STRAYS = 4.5


def _row_sums(value: Plain) -> np.ndarray | None:
    return None if type(value) is tuple or np.ndim(value) == 0 else np.asarray(value).sum(axis=-1)


def rows_sum_to_one(_: Sequence[object], value: Plain) -> str | None:
    """Each row is a share of one whole."""
    sums = _row_sums(value)
    if sums is None or np.allclose(sums, 1, atol=TOLERANCE):
        return None
    return f"Each row of probabilities must sum to 1; yours sum to {number_text(sums)}."


def rows_sum_to_zero(_: Sequence[object], value: Plain) -> str | None:
    """Adding one number to all logits changes no probability, so the slopes along a row cancel."""
    sums = _row_sums(value)
    if sums is None or np.allclose(sums, 0, atol=TOLERANCE):
        return None
    return f"Each row must sum to 0: adding one number to all logits changes nothing. Yours sum to {number_text(sums)}."


def symmetric(_: Sequence[object], value: Plain) -> str | None:
    """The matrix equals its transpose."""
    if type(value) is tuple or np.ndim(value) != 2 or np.shape(value)[0] != np.shape(value)[1]:
        return None
    return (
        None if np.allclose(value, np.transpose(value), atol=TOLERANCE) else "The matrix must be symmetric."
    )


def not_negative(_: Sequence[object], value: Plain) -> str | None:
    """No number is below zero."""
    if type(value) is tuple or not np.any(np.asarray(value).real < -TOLERANCE):
        return None
    return "No number in the answer may be negative."


def parents_first(arguments: Sequence[object], value: Plain) -> str | None:
    """The numbers of all nodes of a graph, each once and after every node that it is computed from."""
    (parents,) = arguments
    count = len(parents)  # type: ignore[arg-type]
    if type(value) is tuple or np.ndim(value) != 1:
        return "One list of node numbers must come back."
    order = np.asarray(value).real
    if not np.array_equal(np.sort(order), np.arange(count)):
        return f"Each of the {count} nodes must stand there once, by its number: 0 to {count - 1}."
    place = np.argsort(order)
    for node, row in enumerate(parents):  # type: ignore[arg-type, var-annotated]
        for parent in row:
            if place[parent] > place[node]:
                return f"Node {node} is computed from node {parent}, and stands before it."
    return None


def _one_number(part: Plain) -> bool:
    return type(part) is not tuple and part.size == 1


def ran_away(arguments: Sequence[object], value: Plain) -> str | None:
    """The end of a descent that leaves the finite numbers: soon, far out, and not converged."""
    gradient, start, rate, _, most = arguments
    parts = members(value) if type(value) is tuple or np.ndim(value) else ()
    sizes = [np.size(part) for part in parts if type(part) is not tuple]
    if len(parts) != 3 or sizes != [np.size(start), 1, 1]:  # type: ignore[arg-type]
        return "Three things must come back: the position, the steps taken, and whether it converged."
    place = np.max(np.abs(np.ravel(parts[0])))
    taken, converged = (float(np.ravel(part)[0].real) for part in parts[1:])
    if converged:
        return "This run leaves the finite numbers: it has not converged."
    position, left = start, 0
    with np.errstate(all="ignore"):
        while np.all(np.isfinite(position)) and left < most:  # type: ignore[call-overload, operator]
            position, left = position - rate * gradient(position), left + 1  # type: ignore[operator]
    # A run in single precision, or one that looks at the gradient, may see it a few steps sooner.
    if not left - 4 <= taken <= left:
        return f"The numbers stop being finite after {left} steps, and the run must end there; yours took {taken:g}."
    if place < 1e6:
        return "The position must be where the run ended: it is far out, or no finite number any more."
    return None


def best_guess(arguments: Sequence[object], value: Plain) -> str | None:
    """A weight between low and high with its own loss, as low as the best of so many random guesses."""
    loss, low, high, tries, _ = arguments
    parts = members(value) if type(value) is tuple or np.ndim(value) else ()
    if len(parts) != 2 or not all(map(_one_number, parts)):
        return "Two numbers must come back: the best weight, then its loss."
    weight, its_loss = (float(np.ravel(part)[0].real) for part in parts)
    grid = np.linspace(low, high, 4001)  # type: ignore[call-overload]
    if not low - TOLERANCE <= weight <= high + TOLERANCE:  # type: ignore[operator]
        return f"Every guess lies between low and high; yours, {weight:.6g}, does not."
    if weight in (low, high, (low + high) / 2):  # type: ignore[operator]
        return "A random guess is never exactly at an end of the range or in its middle."
    if not np.isclose(its_loss, loss(weight), rtol=1e-3, atol=TOLERANCE):  # type: ignore[operator]
        return f"The loss at the weight {weight:.6g} is {loss(weight):.6g}; yours says {its_loss:.6g}."  # type: ignore[operator]
    # One run of honest guesses in a thousand million has none among this best part of the range.
    share = 1 - 1e-9 ** (1 / tries)  # type: ignore[operator]
    if its_loss > np.quantile(loss(grid), share) + TOLERANCE:  # type: ignore[operator]
        return f"The best of {tries} random guesses has a lower loss than {its_loss:.6g}."
    return None


def generator_decides_the_guess(calls: Sequence[Sequence[object]], values: Sequence[Plain]) -> str | None:
    """The first two calls have the same generator, the third another."""
    if not agree(values[0], values[1]):
        return draws.OWN_NUMBERS
    return draws.DEAF if agree(values[0], values[2]) else None


def as_many_guesses_as_tries(calls: Sequence[Sequence[object]], values: Sequence[Plain]) -> str | None:
    """Over many runs the best of `tries` guesses is as good as that: neither fewer nor more were judged."""
    sums: dict[int, list[float]] = {}
    for (loss, low, high, tries, _), value in zip(calls, values, strict=True):
        parts = members(value) if type(value) is tuple or np.ndim(value) else ()
        if len(parts) != 2 or not all(map(_one_number, parts)):
            return "Two numbers must come back: the best weight, then its loss."
        everywhere = loss(np.linspace(low, high, 1001))  # type: ignore[operator, call-overload]
        better = np.mean(everywhere < float(np.ravel(parts[1])[0].real))
        # The share of the range that is no better, to the power of `tries`, is even between 0 and 1.
        even = np.log1p(-min(better, 1 - 1e-4))
        sums.setdefault(int(tries), []).append(-int(tries) * even)  # type: ignore[call-overload]
    for tries, each in sums.items():
        n, total = len(each), sum(each)
        least, most = (n * (1 - 1 / (9 * n) + z / (3 * np.sqrt(n))) ** 3 for z in (-STRAYS, STRAYS))
        if not least <= total <= most:
            quality = "better" if total < least else "worse"
            guesses = "1 guess" if tries == 1 else f"the best of {tries} guesses"
            return f"In {n} runs with tries={tries} your loss is {quality} than {guesses} gives. How many are made?"
    return None


PROPERTIES: dict[str, Property] = {
    each.__name__: each
    for each in (
        rows_sum_to_one,
        rows_sum_to_zero,
        symmetric,
        not_negative,
        parents_first,
        ran_away,
        best_guess,
    )
}
PROPERTIES |= training.PROPERTIES | splits.PROPERTIES
TOGETHER: dict[str, PropertyOfAll] = {
    each.__name__: each for each in (generator_decides_the_guess, as_many_guesses_as_tries)
}
TOGETHER |= training.TOGETHER | splits.TOGETHER
