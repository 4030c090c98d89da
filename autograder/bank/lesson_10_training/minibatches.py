"""`minibatches`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_10_training.common import LESSON, Array, Generator, seed, targets


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Do not shuffle X and Y: shuffle the row numbers once, and pick the rows of both by the same numbers.",
        r"a permutation $\pi$ of $0 \dots m-1$; batch $k$ holds the rows $\pi_{kB} \dots \pi_{(k+1)B-1}$ of X and of Y, as far as there are any",
        "`order = rng.permutation(len(X))`, then `for start in range(0, len(X), batch_size):` take `rows = order[start : start + batch_size]` and append `(X[rows], Y[rows])`. The last slice is shorter by itself.",
    ),
)
def minibatches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list[tuple[Array, Array]]:
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], Y[rows]))
    return batches


def cut_into(X: Array, Y: Array, size: int, order: Array, order_of_Y: Array | None = None) -> list:
    """For slips: the rows in that order, in batches; Y in an order of its own where one is given."""
    other = order if order_of_Y is None else order_of_Y
    return [(X[order[k : k + size]], Y[other[k : k + size]]) for k in range(0, len(order), size)]


def table(rng: Generator, m: int, n: int, classes: int) -> tuple[Array, Array]:
    """Rows that all differ, and targets."""
    return distinct(rng, m * n, -10, 10).reshape(m, n), targets(rng, m, classes)


@minibatches.asks
def _(rng: Generator) -> Iterator[Ask]:
    whole = ("a_full_shuffle",)
    many = [(*table(rng, 20, 2, 3), 5, seed(rng)) for _ in range(7)]
    yield Ask("batches of one size", 1, many, properties=whole, exact=False, together=("rows_move",))
    for name, calls in {
        "a short batch at the end": [(*table(rng, 22, 1, 2), 5, seed(rng))],
        "single rows, and one batch of all": [
            (*table(rng, 18, 1, 2), 1, seed(rng)),
            (*table(rng, 19, 1, 2), 19, seed(rng)),
            (*table(rng, 17, 1, 2), 64, seed(rng)),
        ],
    }.items():
        yield Ask(name, 1, calls, properties=whole, exact=False)
    X, Y = table(rng, 20, 1, 2)
    yield Ask(
        "leaves X and Y as they were",
        0.5,
        [(X, Y, 6, seed(rng))],
        properties=whole,
        exact=False,
        unchanged=True,
    )
    one, other = seed(rng), seed(rng)
    X, Y = table(rng, 20, 1, 2)
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(X, Y, 7, one), (X, Y, 7, one), (X - 20, Y, 7, other)],
        properties=whole,
        exact=False,
        together=("generator_decides_the_order",),
    )


@minibatches.misconception(
    "X and Y were shuffled each in an order of its own, so most rows stand beside the wrong target. Use one order for both."
)
def two_orders(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return cut_into(X, Y, batch_size, rng.permutation(len(X)), rng.permutation(len(X)))


@minibatches.misconception("X was shuffled and Y was not. Pick the rows of both by the same order.")
def leaves_Y_in_order(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return cut_into(X, Y, batch_size, rng.permutation(len(X)), np.arange(len(X)))


@minibatches.misconception(
    "The last, shorter batch is dropped, and its rows are never learned from. Let the last batch be short."
)
def drops_the_short_batch(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    batches = minibatches(X, Y, batch_size, rng)
    return [batch for batch in batches if len(batch[0]) == batch_size]


@minibatches.misconception(
    "The rows went round in a ring: each keeps its neighbours. Every order must be equally likely."
)
def turned_round_in_a_ring(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return cut_into(X, Y, batch_size, np.roll(np.arange(len(X)), int(rng.integers(1, len(X)))))


@minibatches.misconception(
    "Two rows were exchanged, and all others stayed. Every order must be equally likely."
)
def exchanges_two_rows(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    order = np.arange(len(X))
    i, j = rng.choice(len(X), 2, replace=False)
    order[[i, j]] = order[[j, i]]
    return cut_into(X, Y, batch_size, order)


@minibatches.misconception("The rows are cut up in the order they had. Shuffle them first.")
def does_not_shuffle(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return cut_into(X, Y, batch_size, np.arange(len(X)))


@minibatches.misconception(
    "Rows are drawn with replacement: some come twice, others never. A permutation has each row exactly once."
)
def draws_with_replacement(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return cut_into(X, Y, batch_size, rng.integers(0, len(X), len(X)))


@minibatches.misconception(
    "The batches come in a random order, but each holds the same neighbours every time. Shuffle the rows, then cut."
)
def shuffles_the_batches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    batches = cut_into(X, Y, batch_size, np.arange(len(X)))
    return [
        batches[k]
        for k in [*rng.permutation(len(X) // batch_size), *range(len(X) // batch_size, len(batches))]
    ]


@minibatches.misconception(
    "batch_size was taken for the number of batches. It is the number of rows in each."
)
def so_many_batches(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    parts = np.array_split(rng.permutation(len(X)), min(batch_size, len(X)))
    return [(X[part], Y[part]) for part in parts]


@minibatches.misconception(
    "The rows that are left over became a longer last batch. They make a shorter batch of their own."
)
def a_long_last_batch(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    order = rng.permutation(len(X))
    cuts = np.arange(1, len(X) // batch_size) * batch_size
    return [(X[part], Y[part]) for part in np.split(order, cuts)]


@minibatches.misconception("Only the first batch came back: the return stands inside the loop.")
def returns_the_first(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return minibatches(X, Y, batch_size, rng)[:1]


@minibatches.misconception(
    "A generator with a fixed seed is made inside, so every epoch gets the same order. Draw from the rng that is handed in."
)
def same_order_every_time(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    return minibatches(X, Y, batch_size, np.random.default_rng(0))


@minibatches.misconception(
    "The batches are right, but the caller's X and Y have been shuffled with them. Shuffle row numbers instead of the rows."
)
def shuffles_in_place(X: Array, Y: Array, batch_size: int, rng: Generator) -> list:
    order = rng.permutation(len(X))
    X[:], Y[:] = X[order], Y[order]
    return cut_into(X.copy(), Y.copy(), batch_size, np.arange(len(X)))


# Right answers in other words.


def batches_popped(X, Y, batch_size, rng):
    left = list(rng.permutation(len(X)))
    batches = []
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        batches.append((X[rows], Y[rows]))
    return batches


def batches_shuffled_copies(X, Y, batch_size, rng):
    together = np.hstack([X, Y])
    rng.shuffle(together)
    X, Y = together[:, : X.shape[1]], together[:, X.shape[1] :]
    count = -(-len(X) // batch_size)
    return [
        (X[k * batch_size : (k + 1) * batch_size], Y[k * batch_size : (k + 1) * batch_size])
        for k in range(count)
    ]


def batches_sorted_by_luck(X, Y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    parts = np.split(order, range(batch_size, len(X), batch_size))
    return [(np.take(X, part, axis=0), np.take(Y, part, axis=0)) for part in parts]


def batches_of_lists(X, Y, batch_size, rng):
    pairs = [(x.tolist(), y.tolist()) for x, y in zip(X, Y, strict=True)]
    pairs = [pairs[k] for k in rng.choice(len(pairs), len(pairs), replace=False)]
    batches = []
    for start in range(0, len(pairs), batch_size):
        part = pairs[start : start + batch_size]
        batches.append(([x for x, _ in part], [y for _, y in part]))
    return tuple(batches)


def batches_float32(X, Y, batch_size, rng):
    return [(x.astype(np.float32), y.astype(int)) for x, y in batches_popped(X, Y, batch_size, rng)]


def batches_yielded(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], Y[rows]


minibatches.right_answers(
    batches_popped,
    batches_shuffled_copies,
    batches_sorted_by_luck,
    batches_of_lists,
    batches_float32,
    batches_yielded,
)
