"""`rate_at`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import LESSON, Generator, a_share


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Two pieces: up to the step `warmup` a straight line from 0 to the peak; from there on a cosine. Which share of the way from `warmup` to `steps` is done?",
        r"$\eta = \eta_{\text{peak}}\, \dfrac{t}{t_w}$ for $t < t_w$, then $\dfrac{\eta_{\text{peak}}}{2} (1 + \cos \pi u)$ with $u = \dfrac{t - t_w}{T - t_w}$",
        "`if step < warmup: return peak * step / warmup`. Behind it `done = (step - warmup) / (steps - warmup)`, and with `np.cos(np.pi * done)` the rate between the peak, where done is 0, and 0, where it is 1.",
    ),
)
def rate_at(step: int, steps: int, peak: float, warmup: int) -> float:
    if step < warmup:
        return peak * step / warmup
    done = (step - warmup) / (steps - warmup)
    return peak * (1 + math.cos(math.pi * done)) / 2


@rate_at.asks
def _(rng: Generator) -> Iterator[Ask]:
    def plan() -> tuple[int, np.float64, int]:
        warmup = int(rng.integers(4, 12))
        return warmup + 2 * int(rng.integers(9, 40)) + 1, a_share(rng, 5, 95), warmup

    (steps, peak, warmup), (more, top, long) = plan(), plan()
    yield Ask(
        "the warm-up",
        1,
        [
            (int(rng.integers(1, warmup)), steps, peak, warmup),
            (int(rng.integers(1, long)), more, top, long),
            (0, more, top, long),
            (long - 1, more, top, long),
        ],
    )
    yield Ask(
        "down along half a cosine",
        1,
        [
            (warmup + int(rng.integers(2, 8)), steps, peak, warmup),
            (int(rng.integers(more - 9, more - 1)), more, top, long),
            (warmup, steps, peak, warmup),
            (steps, steps, peak, warmup),
            (warmup + 1, steps, peak, warmup),
        ],
    )
    bare = int(rng.integers(20, 60))
    yield Ask(
        "without a warm-up",
        1,
        [
            (int(rng.integers(3, 9)), bare, peak, 0),
            (0, bare, top, 0),
            (int(rng.integers(bare - 8, bare - 2)), bare, top, 0),
            (bare, bare, peak, 0),
            (int(rng.integers(3, 9)), bare, int(rng.integers(1, 4)), 0),
        ],
    )


def with_parts(
    given: tuple,
    up: Callable[[float], float] = lambda x: x,
    down: Callable[[float], float] = lambda u: (1 + math.cos(math.pi * u)) / 2,
) -> float:
    """For slips: another way up, from 0 to 1, or another way down."""
    step, steps, peak, warmup = given
    if step < warmup:
        return peak * up(step / warmup)
    return peak * down((step - warmup) / (steps - warmup))


@rate_at.misconception(
    "The cosine runs over all steps, as if it had begun at step 0. It begins where the warm-up ends: at step `warmup` the rate is the peak."
)
def cosine_from_the_start(step: int, steps: int, peak: float, warmup: int) -> float:
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * step / steps)) / 2


@rate_at.misconception(
    "The steps after the warm-up were divided by all steps, so the rate does not come down to 0. Divide by steps - warmup."
)
def divides_by_all_steps(step: int, steps: int, peak: float, warmup: int) -> float:
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / steps)) / 2


@rate_at.misconception(
    "There is no warm-up here. Up to the step `warmup` the rate rises along a straight line."
)
def no_warmup(step: int, steps: int, peak: float, warmup: int) -> float:
    return rate_at(max(step - warmup, 0), steps - warmup, peak, 0)


@rate_at.misconception(
    "A whole cosine: it comes down to 0 halfway and climbs again. Half a cosine goes from 0 to pi."
)
def whole_cosine(*given: tuple) -> float:
    return with_parts(given, down=lambda u: (1 + math.cos(2 * math.pi * u)) / 2)


@rate_at.misconception(
    "The rate is the cosine itself, which goes down to -1. Between 1 and 0 lies (1 + cos) / 2."
)
def bare_cosine(*given: tuple) -> float:
    return with_parts(given, down=lambda u: math.cos(math.pi * u))


@rate_at.misconception("The 1/2 is missing: (1 + cos) starts at 2, twice the peak.")
def twice_the_peak(*given: tuple) -> float:
    return with_parts(given, down=lambda u: 1 + math.cos(math.pi * u))


@rate_at.misconception(
    "A quarter of a cosine was taken, from 0 to pi/2. It falls at once steepest at the end; asked is half of one."
)
def quarter_of_a_cosine(*given: tuple) -> float:
    return with_parts(given, down=lambda u: math.cos(math.pi * u / 2))


@rate_at.misconception("The rate comes down along a straight line. Asked for is half a cosine.")
def straight_down(*given: tuple) -> float:
    return with_parts(given, down=lambda u: 1 - u)


@rate_at.misconception(
    "The cosine is turned round: after the warm-up the rate starts at 0 and climbs. It is (1 + cos), with a plus."
)
def cosine_turned_round(*given: tuple) -> float:
    return with_parts(given, down=lambda u: (1 - math.cos(math.pi * u)) / 2)


@rate_at.misconception("After the warm-up the rate stays at its peak. It comes down to 0.")
def stays_at_the_peak(*given: tuple) -> float:
    return with_parts(given, down=lambda u: 1.0)


@rate_at.misconception("The warm-up falls from the peak. It rises, from 0 at step 0.")
def warmup_falls(*given: tuple) -> float:
    return with_parts(given, up=lambda x: 1 - x)


@rate_at.misconception(
    "During the warm-up the rate is 0, or constant. It rises by the same amount in every step."
)
def zero_while_warming(*given: tuple) -> float:
    return with_parts(given, up=lambda x: 0.0)


@rate_at.misconception(
    "The warm-up is one step ahead, (step + 1) / warmup. Here step 0 has the rate 0, and step `warmup` the peak."
)
def warmup_one_ahead(step: int, steps: int, peak: float, warmup: int) -> float:
    return peak * (step + 1) / warmup if step < warmup else rate_at(step, steps, peak, warmup)


@rate_at.misconception(
    "The warm-up was divided by all steps, so it ends far below the peak. Divide by `warmup`."
)
def warmup_over_all_steps(step: int, steps: int, peak: float, warmup: int) -> float:
    return peak * step / steps if step < warmup else rate_at(step, steps, peak, warmup)


@rate_at.misconception("This is the share of the peak. Multiply with the peak.")
def share_of_the_peak(step: int, steps: int, peak: float, warmup: int) -> float:
    return rate_at(step, steps, 1.0, warmup)


@rate_at.misconception("Without a warm-up this divides by 0. Where `warmup` is 0 the cosine begins at once.")
def divides_by_no_warmup(step: int, steps: int, peak: float, warmup: int) -> float:
    return min(step / int(warmup), 1.0) * with_parts((max(step, warmup), steps, peak, warmup))


@rate_at.misconception(
    "Warm-up and cosine were multiplied, both from step 0 on. They come one after the other: the cosine begins where the warm-up ends."
)
def warmup_times_cosine(step: int, steps: int, peak: float, warmup: int) -> float:
    return peak * min(1, step / warmup if warmup else 1) * (1 + math.cos(math.pi * step / steps)) / 2


@rate_at.misconception("The cosine got its angle in degrees. `np.cos` takes radians: half a turn is np.pi.")
def angle_in_degrees(step: int, steps: int, peak: float, warmup: int) -> float:
    return with_parts((step, steps, peak, warmup), down=lambda u: (1 + math.cos(180 * u)) / 2)


@rate_at.misconception(
    "The rate is down one step too early: it is 0 in step `steps`, so the way down is steps - warmup long."
)
def down_one_step_early(step: int, steps: int, peak: float, warmup: int) -> float:
    if step < warmup:
        return peak * step / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / max(steps - warmup - 1, 1))) / 2


# Right answers in other words.


def rate_numpy(step, steps, peak, warmup):
    if warmup > 0 and step <= warmup:
        return np.float64(peak) * (step / warmup)
    return 0.5 * peak * (1 + np.cos(np.pi * (step - warmup) / (steps - warmup)))


def rate_squared_cosine(step, steps, peak, warmup):
    """(1 + cos x) / 2 is the square of cos(x / 2)."""
    if step < warmup:
        return step * peak / warmup
    return peak * math.cos(0.5 * math.pi * (step - warmup) / (steps - warmup)) ** 2


def rate_table(step, steps, peak, warmup):
    rising = np.linspace(0, peak, warmup, endpoint=False)
    falling = peak * (np.cos(np.linspace(0, np.pi, steps - warmup + 1)) + 1) / 2
    return np.concatenate([rising, falling])[step]


def rate_from_the_end(step, steps, peak, warmup):
    left = (steps - step) / (steps - warmup)
    return peak * step / warmup if step < warmup else peak * (1 - np.cos(np.pi * left)) / 2


def rate_float32(step, steps, peak, warmup):
    return np.float32(rate_numpy(step, steps, peak, warmup))


rate_at.right_answers(
    rate_numpy,
    rate_squared_cosine,
    rate_table,
    rate_from_the_end,
    rate_float32,
)
