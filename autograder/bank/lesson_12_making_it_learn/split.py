"""`split`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_12_making_it_learn.common import LESSON, Array, Generator, seed

Parts = tuple[Array, Array, Array]
Shares = tuple[float, float, float]


@exercise(
    LESSON,
    difficulty=1,
    minutes=8,
    hints=(
        "Shuffle the row numbers once, then cut them at two places.",
        r"a permutation $\pi$ of $0 \dots m-1$; with $k_1$ and $k_2$ the numbers of training and validation rows: $\pi_{0} \dots \pi_{k_1 - 1}$, then the next $k_2$, then the rest",
        "`order = rng.permutation(m)` and `first = round(shares[0] * m)`. The second cut lies `round(shares[1] * m)` further on; the three slices of `order` are the answer.",
    ),
)
def split(m: int, shares: Shares, rng: Generator) -> Parts:
    order = rng.permutation(m)
    first = round(shares[0] * m)
    second = first + round(shares[1] * m)
    return order[:first], order[first:second], order[second:]


def cut(order: Array, m: int, shares: Shares) -> Parts:
    """For slips: an order, cut at the right places."""
    first = round(shares[0] * m)
    second = first + round(shares[1] * m)
    return order[:first], order[first:second], order[second:]


def _eighths(rng: Generator) -> tuple[int, Shares]:
    """A number of rows, and three different shares in eighths."""
    shares = rng.permutation([5, 2, 1]) if rng.random() < 0.5 else rng.permutation([4, 3, 1])
    a, b, c = (float(share) / 8 for share in shares)
    return 8 * int(rng.integers(4, 15)), (a, b, c)


def _unlucky(rng: Generator) -> tuple[int, Shares]:
    """Shares in hundredths whose products with m fall a little short of the whole number."""
    while True:
        a, b = (int(each) for each in rng.integers(10, 45, 2))
        m, shares = 100, (a / 100, b / 100, (100 - a - b) / 100)
        if int(shares[0] * m) != round(shares[0] * m) and len({a, b, 100 - a - b}) == 3:
            return m, shares


@split.asks
def _(rng: Generator) -> Iterator[Ask]:
    whole = ("three_parts",)
    yield Ask(
        "every row in exactly one part, and the parts as large as asked",
        1,
        [(*_eighths(rng), seed(rng)) for _ in range(3)],
        properties=whole,
        exact=False,
    )
    yield Ask(
        "shares whose product with m is rounded",
        0.5,
        [(*_unlucky(rng), seed(rng)) for _ in range(2)],
        properties=whole,
        exact=False,
    )
    sizes = 4 * rng.choice(np.arange(6, 36), 24, replace=False)
    yield Ask(
        "chance decides which row goes where",
        1,
        [(int(m), (0.5, 0.25, 0.25), seed(rng)) for m in sizes],
        properties=whole,
        exact=False,
        together=("no_row_keeps_its_part",),
    )
    one, other, (m, shares) = seed(rng), seed(rng), _eighths(rng)
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(m, shares, one), (m, shares, one), (m, shares, other)],
        properties=whole,
        exact=False,
        together=("generator_decides_the_parts",),
    )


@split.misconception(
    "The rows are cut up in the order they had. Rows often come sorted: draw which row goes where."
)
def cuts_in_order(m: int, shares: Shares, rng: Generator) -> Parts:
    return cut(np.arange(m), m, shares)


@split.misconception(
    "Each part was drawn for itself, so some rows are in two parts. Shuffle once, and cut that one order."
)
def draws_each_part(m: int, shares: Shares, rng: Generator) -> Parts:
    a, b, c = (rng.choice(m, round(share * m), replace=False) for share in shares)
    return a, b, c


@split.misconception(
    "Rows were drawn with replacement: some come twice, others never. A permutation has each row exactly once."
)
def draws_with_replacement(m: int, shares: Shares, rng: Generator) -> Parts:
    return cut(rng.integers(0, m, m), m, shares)


@split.misconception(
    "The sizes were cut off, not rounded: 0.29 * 100 is 28.999999999999996 in floats, and int makes 28 of it. Use round."
)
def sizes_cut_off(m: int, shares: Shares, rng: Generator) -> Parts:
    order, first = rng.permutation(m), int(shares[0] * m)
    second = first + int(shares[1] * m)
    return order[:first], order[first:second], order[second:]


@split.misconception("The parts come in another order. Training is first, then validation, then test.")
def parts_backwards(m: int, shares: Shares, rng: Generator) -> Parts:
    a, b, c = split(m, shares, rng)
    return c, b, a


@split.misconception(
    "The validation rows run on to the end, so the test rows are among them. End that slice where the test rows begin."
)
def validation_holds_the_test(m: int, shares: Shares, rng: Generator) -> Parts:
    order, first = rng.permutation(m), round(shares[0] * m)
    return order[:first], order[first:], order[first + round(shares[1] * m) :]


@split.misconception(
    "The second cut lies at shares[1] * m, counted from the start. It lies so far behind the first cut."
)
def second_cut_from_the_start(m: int, shares: Shares, rng: Generator) -> Parts:
    order, first, second = rng.permutation(m), round(shares[0] * m), round(shares[1] * m)
    return order[:first], order[first:second], order[second:]


@split.misconception(
    "A generator with a fixed seed is made inside, so every call gives the same parts. Draw from the rng that is handed in."
)
def same_parts_every_time(m: int, shares: Shares, rng: Generator) -> Parts:
    return split(m, shares, np.random.default_rng(0))


@split.misconception(
    "These are the sizes of the parts. Asked for are the row numbers in each: three index arrays."
)
def sizes_of_the_parts(m: int, shares: Shares, rng: Generator) -> tuple:
    return tuple(round(share * m) for share in shares)


@split.misconception(
    "These are masks, with a True or False for every row. Asked for are the numbers of the rows in each part."
)
def masks_for_numbers(m: int, shares: Shares, rng: Generator) -> tuple:
    return tuple(np.isin(np.arange(m), part) for part in split(m, shares, rng))


@split.misconception("The rows are counted from 1 here. The first row of an array has the number 0.")
def rows_from_one(m: int, shares: Shares, rng: Generator) -> tuple:
    return tuple(part + 1 for part in split(m, shares, rng))


@split.misconception(
    "The test rows are always the last ones. If the rows come sorted, they are unlike all others: draw them too."
)
def last_rows_for_the_test(m: int, shares: Shares, rng: Generator) -> Parts:
    kept = m - round(shares[2] * m)
    return cut(np.concatenate([rng.permutation(kept), np.arange(kept, m)]), m, shares)


@split.misconception(
    "The rows went round in a ring: each part is a stretch of neighbours. Every choice of rows must be equally likely."
)
def turned_in_a_ring(m: int, shares: Shares, rng: Generator) -> Parts:
    return cut(np.roll(np.arange(m), int(rng.integers(1, m))), m, shares)


@split.misconception("Only two parts came back. The test rows are the third.")
def no_test_rows(m: int, shares: Shares, rng: Generator) -> tuple:
    return split(m, shares, rng)[:2]


# Right answers in other words.


def split_by_numpy(m, shares, rng):
    sizes = np.rint(np.array(shares) * m).astype(int)
    return np.split(rng.permutation(m), np.cumsum(sizes)[:2])


def split_shuffled_list(m, shares, rng):
    rows = np.arange(m)
    rng.shuffle(rows)
    test = round(shares[2] * m)
    validation = round(shares[1] * m)
    rows = rows.tolist()
    return rows[test + validation :], rows[test : test + validation], rows[:test]


def split_by_luck(m, shares, rng):
    order = np.argsort(rng.random(m))
    k = round(shares[0] * m)
    rest = order[k:]
    return order[:k], rest[: round(shares[1] * m)], rest[round(shares[1] * m) :]


def split_by_drawing(m, shares, rng):
    """Draws the test rows first, then the validation rows among the others; each part sorted."""
    rows = np.arange(m)
    test = rng.choice(rows, round(shares[2] * m), replace=False)
    rows = np.setdiff1d(rows, test)
    validation = rng.choice(rows, round(shares[1] * m), replace=False)
    return np.setdiff1d(rows, validation), np.sort(validation), np.sort(test)


def split_by_one_column(m, shares, rng):
    label = np.repeat([0, 1, 2], [round(share * m) for share in shares])
    label = rng.permutation(label)
    return tuple(np.flatnonzero(label == part) for part in range(3))


split.right_answers(
    split_by_numpy,
    split_shuffled_list,
    split_by_luck,
    split_by_drawing,
    split_by_one_column,
)
