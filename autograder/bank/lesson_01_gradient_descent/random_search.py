"""`random_search`: the reference, what is asked, the known slips, and right answers in other words."""

# Right answers are written as students write them, without types.
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise, number
from autograder.bank.lesson_01_gradient_descent.common import LESSON, Function
from autograder.kit.functions import cosine, shifted_square, two_valleys
from autograder.kit.plain import Rng


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Guess, look at the loss, and remember two things whenever it is lower than the lowest so far.",
        r"$w_{\text{best}} = \arg\min_k L(w_k)$ over guesses $w_k$ drawn evenly between `low` and `high`",
        "`guesses = rng.uniform(low, high, tries)`, the loss of each in a list, and `k = np.argmin(losses)`. Return the guess number `k` and its own loss.",
    ),
)
def random_search(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    guesses = rng.uniform(low, high, tries)
    losses = np.array([loss(w) for w in guesses])
    best = np.argmin(losses)
    return guesses[best], losses[best]


# So many runs of one guess, and of two, tell one guess from two: by chance they do not, once in 1,000 sheets.
FEW_GUESSES = 130


def seeded(rng: np.random.Generator) -> Rng:
    return Rng(int(rng.integers(2**31)))


@random_search.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    def inside(tries: int) -> list[tuple[object, ...]]:
        searches = [
            (shifted_square, number(rng, -6, -3), number(rng, 4, 6), tries, seeded(rng)),
            (two_valleys, number(rng, -3, -2), number(rng, 2, 2.5), tries, seeded(rng)),
            (cosine, number(rng, 1.5, 2.25), number(rng, 4.75, 6), tries, seeded(rng)),
        ]
        return [searches[place] for place in rng.permutation(len(searches))]

    best = ("best_guess",)
    call = inside(40)[0]
    again = [call, call, (*call[:4], seeded(rng))]
    yield Ask("the weight and its own loss", 1, [*inside(40), *inside(25)], properties=best, exact=False)
    yield Ask(
        "guesses from the generator",
        0.5,
        again,
        properties=best,
        exact=False,
        together=("generator_decides_the_guess",),
    )
    yield Ask("the best of many guesses", 1, inside(1000), properties=best, exact=False)
    few = [
        (shifted_square, number(rng, -9, -6), number(rng, -4, -2), tries, seeded(rng))
        for tries in (1, 2)
        for _ in range(FEW_GUESSES)
    ]
    yield Ask("as many guesses as tries", 0.5, few, exact=False, together=("as_many_guesses_as_tries",))
    at_an_end = [
        (cosine, number(rng, -0.25, 0.25), number(rng, 1.75, 2.5), 1000, seeded(rng)),
        (shifted_square, number(rng, 3, 4), number(rng, 5, 7), 1000, seeded(rng)),
    ]
    yield Ask("never outside the range", 1, at_an_end, properties=best, exact=False)


@random_search.misconception("The two results are swapped: the weight comes first, then its loss.")
def swapped_pair(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, low, high, tries, rng)[::-1]


@random_search.misconception(
    "This returns the last guess. Keep the one with the lowest loss so far, whenever it came."
)
def last_guess(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = rng.uniform(low, high, tries)[-1]
    return w, loss(w)


@random_search.misconception(
    "This keeps the guess with the largest loss: the comparison is turned round, or it is argmax for argmin."
)
def worst_guess(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = max(rng.uniform(low, high, tries), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The loss is the best one, but the weight is that of the last guess. Whenever the loss improves, remember both."
)
def best_loss_of_another(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    guesses = rng.uniform(low, high, tries)
    return guesses[-1], min(loss(w) for w in guesses)


@random_search.misconception(
    "The first number is the index of the best guess. Look up the weight at that index."
)
def index_for_the_weight(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    losses = [loss(w) for w in rng.uniform(low, high, tries)]
    return float(np.argmin(losses)), min(losses)


@random_search.misconception(
    "All guesses lie between 0 and 1. Stretch and shift them to the range from low to high: rng.uniform(low, high)."
)
def between_zero_and_one(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, 0.0, 1.0, tries, rng)


@random_search.misconception(
    "The guesses run from 0 to high: the lower end is missing. rng.uniform takes both, low and high."
)
def forgets_the_lower_end(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    return random_search(loss, 0.0, high, tries, rng)


@random_search.misconception(
    "Only whole numbers were guessed. A weight may be any number in the range: rng.uniform, not rng.integers."
)
def whole_guesses(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.integers(int(low), int(high) + 1, tries).astype(float), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The guesses follow a bell curve, and some lie outside the range. Every number from low to high must be equally likely: rng.uniform."
)
def bell_shaped_guesses(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.normal((low + high) / 2, high - low, tries), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The lowest loss so far begins at 0, which a positive loss never beats. Begin with infinity, or with the first guess."
)
def begins_at_zero(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    best_w, best_loss = 0.0, 0.0
    for w in rng.uniform(low, high, tries):
        if loss(w) < best_loss:
            best_w, best_loss = w, loss(w)
    return best_w, best_loss


@random_search.misconception("This returns the smallest guess. The best one has the smallest loss.")
def smallest_weight(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(rng.uniform(low, high, tries))
    return w, loss(w)


@random_search.misconception(
    "These are the points of a regular grid, ends included. Random search draws its guesses from `rng`."
)
def regular_grid(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = min(np.linspace(low, high, tries), key=loss)
    return w, loss(w)


@random_search.misconception(
    "The loss that came back is not the loss of the weight: it is the mean over all guesses. Return the lowest."
)
def mean_of_the_losses(
    loss: Function, low: float, high: float, tries: int, rng: np.random.Generator
) -> tuple[float, float]:
    w = rng.uniform(low, high, tries)
    losses = np.array([loss(each) for each in w])
    return w[np.argmin(losses)], np.mean(losses)


# Right answers in other words.


def search_loop(loss, low, high, tries, rng):
    best_w, best_loss = None, math.inf
    for _ in range(tries):
        w = rng.uniform(low, high)
        if loss(w) < best_loss:
            best_w, best_loss = w, loss(w)
    return best_w, best_loss


def search_stretched(loss, low, high, tries, rng):
    w = low + (high - low) * rng.random(tries)
    losses = loss(w)
    return w[losses.argmin()], losses.min()


def search_sorted(loss, low, high, tries, rng):
    pairs = [(w, loss(w)) for w in rng.uniform(low, high, size=tries).tolist()]
    return sorted(pairs, key=lambda pair: pair[1])[0]


def search_min(loss, low, high, tries, rng):
    w = min((rng.uniform(low, high) for _ in range(tries)), key=loss)
    return [float(w), float(loss(w))]


def search_column(loss, low, high, tries, rng):
    w = rng.uniform(low, high, (tries, 1))
    k = np.argmin(loss(w)[:, 0])
    return w[k], loss(w)[k]


def search_float32(loss, low, high, tries, rng):
    w = np.float32(low) + np.float32(high - low) * rng.random(tries, dtype=np.float32)
    k = np.argmin(loss(w))
    return w[k], np.float32(loss(w)[k])


def search_backwards(loss, low, high, tries, rng):
    """Other numbers from the generator, and an array for an answer."""
    w = high - rng.random((3, tries))[1] * (high - low)
    return np.array(min(zip(loss(w), w, strict=True)))[::-1]


random_search.right_answers(
    search_loop,
    search_stretched,
    search_sorted,
    search_min,
    search_column,
    search_float32,
    search_backwards,
)
