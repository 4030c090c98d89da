"""What the grader's speed must reach: ratios to stock nbgrader in the same run, whatever the machine."""

from collections.abc import Iterable

# So many times faster than stock nbgrader a class of that many submissions, or of more, must be graded.
LEAST_FASTER = {60: 40, 1000: 80}
AIM_FASTER = {1000: 100}
# The first verdict comes after at most this part of the time that stock takes for a command that grades one submission.
MOST_OF_STOCK = 0.4
# The curve is flat up to this size: see `curve.misses`.
LARGEST = 10_000


def least(submissions: int) -> int | None:
    """How many times faster than stock a class of this size must be graded; None for one that is too small to say."""
    return max((times for size, times in LEAST_FASTER.items() if size <= submissions), default=None)


def too_slow(submissions: int, faster: float) -> list[str]:
    """What is missed by a class of this size that was graded so many times faster than by stock."""
    must = least(submissions)
    if must is None or faster >= must:
        return []
    aims = [times for size, times in AIM_FASTER.items() if size <= submissions]
    aim = f", and the aim is {max(aims)}" if aims else ""
    return [
        f"{submissions} submissions are graded {faster:.1f} times faster than by stock nbgrader; "
        f"it must be at least {must} times{aim}"
    ]


def too_late(first: float, stock: float) -> list[str]:
    """What is missed by a first verdict after `first` seconds, where stock takes `stock` seconds for one submission."""
    if first <= MOST_OF_STOCK * stock:
        return []
    return [
        f"the first verdict comes after {first / stock:.2f} of the time that stock nbgrader takes for one submission; "
        f"it may be {MOST_OF_STOCK} at most"
    ]


def not_measured(sizes: Iterable[int]) -> list[str]:
    """The bars that no class of these sizes tells of."""
    sizes = list(sizes)
    found = [least(size) for size in sizes]
    flat = [] if LARGEST in sizes else [f"the curve up to {LARGEST} submissions: add {LARGEST} to --scale"]
    return flat + [
        f"at least {times} times faster than stock nbgrader at {size} submissions: add {size} to --scale"
        for size, times in LEAST_FASTER.items()
        if times not in found
    ]
