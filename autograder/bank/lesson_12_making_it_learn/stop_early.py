"""`stop_early`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_12_making_it_learn.common import LESSON, Array, Generator


@exercise(
    LESSON,
    difficulty=2,
    minutes=12,
    hints=(
        "Walk through the epochs as the training would, and keep in mind the best epoch so far. You never see an epoch after the one in which you stop.",
        r"stop in the first epoch $t$ with $t - t_{\text{best}} = $ `patience`, where $t_{\text{best}}$ is the first epoch with the lowest loss up to $t$; otherwise in the last one",
        "Start with `best = 0`. `for epoch in range(len(validation_losses)):` set `best = epoch` where this loss is lower than `validation_losses[best]`; and `if epoch - best == patience: return best, epoch`. After the loop nothing has stopped the training.",
    ),
)
def stop_early(validation_losses: Array, patience: int) -> tuple[int, int]:
    best = 0
    for epoch in range(len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(validation_losses) - 1


def curve(rng: Generator, down: int, up: int, again: int = 0) -> Array:
    """A loss that falls, rises, and falls once more, below everything before; no two alike."""
    sizes = np.sort(distinct(rng, down + up + again, 0.125, 6))
    low = sizes[again : again + down][::-1]
    high = rng.permutation(sizes[again + down :])
    return np.concatenate([low, high, sizes[:again][::-1]])


def jagged(rng: Generator, patience: int) -> Array:
    """Falls in jumps with pauses, each one epoch short of the patience, and then rises for good."""
    heights = np.sort(distinct(rng, 4, 0.5, 3))[::-1]
    pauses = [np.full(patience - 1, h) + 0.125 * rng.integers(1, 3, patience - 1) for h in heights]
    steps = [np.append(h, pause) for h, pause in zip(heights, pauses, strict=True)]
    return np.concatenate([*steps, heights[-1] + distinct(rng, patience + 2, 0.25, 3)])


@stop_early.asks
def _(rng: Generator) -> Iterator[Ask]:
    few = [int(each) for each in rng.choice(np.arange(2, 6), 3, replace=False)]
    yield Ask(
        "falls, then rises",
        1,
        [
            (curve(rng, int(rng.integers(3, 7)), few[0] + 3), few[0]),
            (curve(rng, int(rng.integers(3, 7)), few[1] + 2), few[1]),
            (curve(rng, 4, 3), 1),
            (curve(rng, 1, 5), few[2]),
        ],
    )
    yield Ask(
        "what comes after the stop is never seen, and a new best starts the count again",
        1,
        [
            (curve(rng, int(rng.integers(3, 6)), few[0] + 1, 3), few[0]),
            (curve(rng, 2, few[1], 2), few[1]),
            (jagged(rng, 3), 3),
            (jagged(rng, 4), 4),
        ],
    )
    level = np.repeat(distinct(rng, 3, 0.5, 3), [1, 2, 2])
    yield Ask(
        "never stops, or stays level",
        1,
        [
            (curve(rng, int(rng.integers(4, 8)), 0), 2),
            (curve(rng, int(rng.integers(4, 8)), 2), 3),
            (distinct(rng, 1, 0.5, 3), 1),
            (np.append(np.sort(level)[::-1], np.repeat(level.min(), 4)), 3),
            (np.repeat(distinct(rng, 1, 0.5, 3), 6), int(rng.integers(2, 5))),
        ],
    )


def walk(
    losses: Array,
    patience: int,
    better: Callable[[float, float], bool] = lambda new, best: new < best,
    enough: Callable[[int, int], bool] = lambda waited, patience: waited == patience,
) -> tuple[int, int]:
    """For slips: the walk with another comparison or another end."""
    best = 0
    for epoch in range(1, len(losses)):
        if better(losses[epoch], losses[best]):
            best = epoch
        if enough(epoch - best, patience):
            return best, epoch
    return best, len(losses) - 1


@stop_early.misconception(
    "The best epoch is the lowest of all losses, also of those after the stop. When the training stops nobody knows them."
)
def looks_ahead(validation_losses: Array, patience: int) -> tuple[int, int]:
    return int(np.argmin(validation_losses)), stop_early(validation_losses, patience)[1]


@stop_early.misconception(
    "The whole curve was searched for its lowest loss, and the patience counted from there. The training stops at the first pause that is long enough."
)
def patience_from_the_lowest(validation_losses: Array, patience: int) -> tuple[int, int]:
    best = int(np.argmin(validation_losses))
    return best, min(best + patience, len(validation_losses) - 1)


@stop_early.misconception(
    "An equal loss was taken for a better one. Only a lower loss is a new best; of equal ones the first counts."
)
def equal_is_better(validation_losses: Array, patience: int) -> tuple[int, int]:
    return walk(validation_losses, patience, better=lambda new, best: new <= best)


@stop_early.misconception(
    "This waits one epoch too long: after `patience` epochs without a new best it stops."
)
def one_epoch_too_long(validation_losses: Array, patience: int) -> tuple[int, int]:
    return walk(validation_losses, patience + 1)


@stop_early.misconception("This stops one epoch too early: `patience` epochs without a new best may pass.")
def one_epoch_too_short(validation_losses: Array, patience: int) -> tuple[int, int]:
    return walk(validation_losses, patience, enough=lambda waited, patience: waited >= max(patience - 1, 1))


@stop_early.misconception(
    "Each loss was compared with the one before it. Compare it with the best so far: a curve that falls from a peak is not better yet."
)
def compares_with_the_one_before(validation_losses: Array, patience: int) -> tuple[int, int]:
    waited, best = 0, 0
    for epoch in range(1, len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        waited = 0 if validation_losses[epoch] < validation_losses[epoch - 1] else waited + 1
        if waited == patience:
            return best, epoch
    return best, len(validation_losses) - 1


@stop_early.misconception(
    "Bad epochs were counted in all. A new best starts the count again: the patience is for epochs in a row."
)
def never_starts_again(validation_losses: Array, patience: int) -> tuple[int, int]:
    waited, best = 0, 0
    for epoch in range(1, len(validation_losses)):
        if validation_losses[epoch] < validation_losses[best]:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(validation_losses) - 1


@stop_early.misconception(
    "The last epoch was returned as the best one too. The weights to keep are those of the lowest loss."
)
def keeps_the_last(validation_losses: Array, patience: int) -> tuple[int, int]:
    last = stop_early(validation_losses, patience)[1]
    return last, last


@stop_early.misconception("The two came back in the other order: the best epoch is first, then the last.")
def last_before_best(validation_losses: Array, patience: int) -> tuple[int, int]:
    return stop_early(validation_losses, patience)[::-1]


@stop_early.misconception("The epochs are counted from 1 here. The first loss belongs to epoch 0.")
def epochs_from_one(validation_losses: Array, patience: int) -> tuple[int, int]:
    best, last = stop_early(validation_losses, patience)
    return best + 1, last + 1


@stop_early.misconception(
    "Where nothing stops the training, its last epoch is len - 1: they are counted from 0."
)
def ends_one_beyond(validation_losses: Array, patience: int) -> tuple[int, int]:
    best, last = stop_early(validation_losses, patience)
    stopped = last - best == patience
    return best, last if stopped else len(validation_losses)


@stop_early.misconception("This never stops: the last epoch is always the last of the list.")
def never_stops(validation_losses: Array, patience: int) -> tuple[int, int]:
    best, _ = stop_early(validation_losses, patience)
    return best, len(validation_losses) - 1


@stop_early.misconception("This keeps the epoch with the highest loss. The best is the lowest.")
def keeps_the_worst(validation_losses: Array, patience: int) -> tuple[int, int]:
    return walk(validation_losses, patience, better=lambda new, best: new > best)


@stop_early.misconception(
    "In the first place stands the lowest loss itself. Asked for is its epoch, a whole number."
)
def loss_for_epoch(validation_losses: Array, patience: int) -> tuple[float, int]:
    best, last = stop_early(validation_losses, patience)
    return float(validation_losses[best]), last


# Right answers in other words.


def stop_counting(validation_losses, patience):
    best, lowest, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(validation_losses):
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best, epoch
    return best, epoch


def stop_by_running_minimum(validation_losses, patience):
    lowest = np.minimum.accumulate(validation_losses)
    epochs = np.arange(len(lowest))
    since = np.array([np.argmax(lowest == low) for low in lowest])
    over = np.flatnonzero(epochs - since >= patience)
    last = over[0] if over.size else len(lowest) - 1
    return since[last], last


def stop_while(validation_losses, patience):
    best = epoch = 0
    while epoch + 1 < len(validation_losses) and epoch - best < patience:
        epoch += 1
        best = epoch if validation_losses[epoch] < validation_losses[best] else best
    return [best, epoch]


def stop_by_windows(validation_losses, patience):
    losses = list(validation_losses)
    for last in range(patience, len(losses)):
        if min(losses[: last - patience + 1]) <= min(losses[last - patience + 1 : last + 1]):
            return losses.index(min(losses[: last + 1])), last
    return losses.index(min(losses)), len(losses) - 1


stop_early.right_answers(
    stop_counting,
    stop_by_running_minimum,
    stop_while,
    stop_by_windows,
)
