"""Lesson 04: the softmax, its Jacobian, and the product with it (seed 000).

The class axis is the last one: a sample is (n,), a batch (m, n).
"""

# The misconceptions are wrong on purpose, some of them in their types too.
# mypy: disable-error-code="arg-type, operator, return-value"

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise, numbers, probabilities

Array = np.ndarray
LESSON = "04-softmax"
OVERFLOW = "exp(1000) overflows. Subtract each row's largest logit first: the probabilities do not change."


def batch(rng: np.random.Generator, m: int, n: int) -> Array:
    """A batch of rows with different maxima, minima and sums; from two rows on, one is all negative."""
    return np.array([distinct(rng, n) for _ in range(m)]) + 4 * (rng.permutation(m) - m // 2)[:, None]


def huge(rng: np.random.Generator, n: int) -> Array:
    """A sample of logits near 1000, close enough together that no probability vanishes."""
    return 1000 + distinct(rng, n, 0, 2)


def far_apart(rng: np.random.Generator) -> Array:
    """Rows spread over both thousands, the largest logit first, in the middle and last, and rows near either end."""
    wide = np.sort(distinct(rng, 3) + [-1000.0, 0.0, 1000.0])
    return np.array(
        [np.roll(wide, place) for place in range(3)] + [huge(rng, 3), distinct(rng, 3), -huge(rng, 3)]
    )


def tied(rng: np.random.Generator) -> Array:
    """Five logits, two of them equal, the largest well above the smallest."""
    low, high = distinct(rng, 2, -2, 0)
    return rng.permutation([low, low, high, 3.0, 7.5])


# ----------------------------------------------------------------------------------------- shift_logits


@exercise(
    LESSON,
    difficulty=1,
    minutes=6,
    hints=(
        "Which number, taken from every logit of a row, makes the largest one 0?",
        r"$z'_{i} = z_{i} - \max_k z_{k}$, with a maximum of its own for every row",
        "`largest = np.max(z, axis=..., keepdims=True)`, with the axis along which the classes lie",
    ),
)
def shift_logits(z: Array) -> Array:
    return z - np.max(z, axis=-1, keepdims=True)


@shift_logits.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(distinct(rng, 3) + 1.0,), (distinct(rng, 5) - 4.0,)])
    yield Ask(
        "a batch: every row its own maximum",
        1.5,
        [
            (batch(rng, 4, 3),),
            (batch(rng, 1, 4),),
            (batch(rng, 3, 3),),
            (far_apart(rng),),
            (batch(rng, 7, 6),),
        ],
    )
    yield Ask("leaves its argument as it was", 0.5, [(batch(rng, 2, 3),)], unchanged=True)


@shift_logits.misconception(
    "One maximum was taken for the whole batch. Each sample is a row and needs its own: axis=-1, keepdims=True."
)
def one_maximum_for_all(z: Array) -> Array:
    return z - np.max(z)


@shift_logits.misconception(
    "The maximum runs down the columns, over the samples. It must run along the classes, the last axis: axis=-1."
)
def maximum_over_the_batch(z: Array) -> Array:
    return z - np.max(z, axis=0)


@shift_logits.misconception(
    "The smallest logit was taken away. Then the others can still be huge: take the largest."
)
def takes_the_minimum(z: Array) -> Array:
    return z - np.min(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The mean was taken away. A large logit can still be far above it: take the largest."
)
def takes_the_mean(z: Array) -> Array:
    return z - np.mean(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The logit that is largest in size, sign aside, was taken away. Logits that are all negative then stay far below 0, and their exponentials can all vanish: take the largest logit itself."
)
def takes_the_largest_size(z: Array) -> Array:
    return z - np.max(np.abs(z), axis=-1, keepdims=True)


@shift_logits.misconception(
    "The subtraction is turned round, maximum minus logit: the order is reversed, and the exponents are positive again. Subtract the maximum from the logits."
)
def subtracts_from_the_maximum(z: Array) -> Array:
    return np.max(z, axis=-1, keepdims=True) - z


@shift_logits.misconception(
    "This is the maximum itself. Subtract it from every logit of its row and return the whole row."
)
def returns_the_maximum(z: Array) -> Array:
    return np.max(z, axis=-1)


@shift_logits.misconception(
    "Dividing by the maximum changes the differences between logits, and so the softmax. Subtract it."
)
def divides_by_the_maximum(z: Array) -> Array:
    return z / np.max(z, axis=-1, keepdims=True)


@shift_logits.misconception(
    "The row maxima have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def forgets_keepdims(z: Array) -> Array:
    return z - np.max(z, axis=-1)


@shift_logits.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def shifts_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    return z


# ---------------------------------------------------------------------------------------------- softmax


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "You have written the first step already: shift the logits, then nothing can overflow.",
        r"$p_i = \dfrac{e^{z_i - \max z}}{\sum_k e^{z_k - \max z}}$",
        "`e = np.exp(shift_logits(z))`",
    ),
)
def softmax(z: Array) -> Array:
    e = np.exp(shift_logits(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    ones = ("rows_sum_to_one",)
    samples = [(distinct(rng, 3) + 0.25,), (distinct(rng, 5),), (tied(rng),)]
    yield Ask("one sample", 1, samples, properties=ones)
    yield Ask(
        "a batch, each row by itself",
        1.5,
        [(batch(rng, 4, 3),), (batch(rng, 1, 4),), (batch(rng, 3, 3),), (batch(rng, 7, 6),)],
        properties=ones,
    )
    yield Ask("huge logits", 1, [(huge(rng, 4),), (-huge(rng, 3),), (far_apart(rng),)], advice=OVERFLOW)
    yield Ask("leaves its argument as it was", 0.5, [(batch(rng, 2, 3),)], unchanged=True)


@softmax.misconception(
    "This divides the logits by their sum. Without the exponential it is no softmax: it can even be negative."
)
def divides_without_exponential(z: Array) -> Array:
    return z / np.sum(z, axis=-1, keepdims=True)


@softmax.misconception(
    "The shifted logits are divided by their sum, without the exponential. The rows do sum to 1, but the order is turned round: the largest logit gets 0."
)
def shifted_without_exponential(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


@softmax.misconception(
    "The denominator is the exponential of the sum. It must be the sum of the exponentials: first np.exp, then np.sum."
)
def exponential_of_the_sum(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(shifted) / np.exp(np.sum(shifted, axis=-1, keepdims=True))


ONE_SUM = "The exponentials are divided by the sum over the whole batch, so all rows together sum to 1. Each row must: axis=-1, keepdims=True."
SUM_DOWN = "The sum runs down the columns, over the samples (axis=0). The class axis is the last one: axis=-1, keepdims=True."


@softmax.misconception(ONE_SUM)
def one_sum_for_all(z: Array) -> Array:
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@softmax.misconception(ONE_SUM)
def one_sum_for_shifted_rows(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e)


@softmax.misconception(SUM_DOWN)
def sums_over_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


@softmax.misconception(SUM_DOWN)
def sums_shifted_rows_over_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=0)


@softmax.misconception(
    "exp(1000) overflows to inf, and inf / inf is nan. Subtract each row's largest logit first: the probabilities do not change."
)
def overflows_to_nan(z: Array) -> Array:
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "One maximum for the whole batch is not enough: a row far below it underflows to 0 / 0. Each row needs its own maximum."
)
def one_maximum_for_the_batch(z: Array) -> Array:
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "The logits are doubled somewhere: this is softmax(2 z), which is too sure of itself. Its rows sum to 1 all the same."
)
def doubles_the_logits(z: Array) -> Array:
    e = np.exp(2 * (z - np.max(z, axis=-1, keepdims=True)))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception("The sign in the exponent is wrong: the smallest logit gets the largest probability.")
def negates_the_logits(z: Array) -> Array:
    e = np.exp(np.min(z, axis=-1, keepdims=True) - z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "This is the sigmoid of each logit by itself. The softmax divides by the sum over all classes, so that they share one whole."
)
def sigmoid_of_each(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


@softmax.misconception(
    "These are the exponentials of the shifted logits. The last step is missing: divide them by their sum, so that each row sums to 1."
)
def forgets_to_divide(z: Array) -> Array:
    return np.exp(z - np.max(z, axis=-1, keepdims=True))


@softmax.misconception(
    "The row sums have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def sum_without_keepdims(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


@softmax.misconception(
    "This is the logarithm of the softmax. Here the probabilities themselves are asked for."
)
def logarithm_instead(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@softmax.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def softmax_in_place(z: Array) -> Array:
    z -= np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax.misconception(
    "This puts all the weight on the largest logit. The softmax leaves a share to every class."
)
def all_or_nothing(z: Array) -> Array:
    return (np.asarray(z) == np.max(z, axis=-1, keepdims=True)).astype(float)


# -------------------------------------------------------------------------------------- softmax_partial


@exercise(
    LESSON,
    difficulty=2,
    minutes=8,
    hints=(
        "Differentiate the quotient twice: once with respect to the logit that stands in the numerator too, once to another one.",
        r"$\dfrac{\partial p_i}{\partial z_j} = \begin{cases} p_i\,(1-p_i) & i = j \\ -p_i\,p_j & i \ne j \end{cases}$",
        "`if i == j:`",
    ),
)
def softmax_partial(p: Array, i: int, j: int) -> float:
    return p[i] * ((i == j) - p[j])


@softmax_partial.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    p, q = probabilities(rng, 3), probabilities(rng, 4)
    i, j = (int(index) for index in rng.choice(4, 2, replace=False))
    share = rng.integers(6, 24) / 64
    even = np.array([share, 1 - 2 * share, share])
    yield Ask("the same index, i = j", 1, [(p, 0, 0), (p, 2, 2), (q, i, i), (even, 0, 0)], unchanged=True)
    pairs = [(p, 0, 1), (p, 2, 0), (q, i, j), (even, 0, 2)]
    yield Ask("two indices, i not equal to j", 1, pairs, unchanged=True)


@softmax_partial.misconception(
    "Both cases are treated like i = j. For another logit, p_i only falls: the derivative is -p_i p_j."
)
def always_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i])


@softmax_partial.misconception(
    "The off-diagonal terms are dropped (0). But raising z_j takes probability from every other class: the derivative is -p_i p_j."
)
def zero_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else 0.0


@softmax_partial.misconception(
    "The sign for i not equal to j is wrong: raising another logit takes probability away, so it is -p_i p_j."
)
def plus_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else p[i] * p[j]


@softmax_partial.misconception(
    "Both cases are treated like i not equal to j. For i = j the numerator depends on z_i too: p_i (1 - p_i)."
)
def always_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return -p[i] * p[j]


@softmax_partial.misconception(
    "For i = j the factor (1 - p_i) is missing: the denominator grows with z_i as well."
)
def forgets_the_denominator(p: Array, i: int, j: int) -> float:
    return p[i] if i == j else -p[i] * p[j]


@softmax_partial.misconception("This gives p_i (1 - p_j) in both cases. The 1 belongs to i = j alone.")
def one_in_both_cases(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[j])


@softmax_partial.misconception(
    "The two cases are swapped: p_i (1 - p_i) belongs to i = j, and -p_i p_j to i not equal to j."
)
def swapped_cases(p: Array, i: int, j: int) -> float:
    return -p[i] * p[j] if i == j else p[i] * (1 - p[i])


@softmax_partial.misconception(
    "For i not equal to j this gives -p_i p_i. The other class has its own probability: -p_i p_j."
)
def square_off_the_diagonal(p: Array, i: int, j: int) -> float:
    return p[i] * (1 - p[i]) if i == j else -p[i] * p[i]


@softmax_partial.misconception(
    "The classes are counted from 1 here. NumPy counts from 0, and so do i and j: class i is p[i], not p[i - 1]."
)
def counts_from_one(p: Array, i: int, j: int) -> float:
    return p[i - 1] * ((i == j) - p[j - 1])


# ------------------------------------------------------------------------------------- softmax_jacobian


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Put the two cases of `softmax_partial` into one matrix: which part stands on the diagonal only, and which everywhere?",
        r"$J = \operatorname{diag}(p) - p\,p^{\mathsf T}$ with $p = \operatorname{softmax}(z)$, so $J_{ij} = p_i(\delta_{ij} - p_j)$",
        "`p = softmax(z)`",
    ),
)
def softmax_jacobian(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    holds = ("rows_sum_to_zero", "symmetric")
    yield Ask("three classes", 1.5, [(distinct(rng, 3),), (distinct(rng, 3) + 1.0,)], properties=holds)
    others = [(distinct(rng, 2, -1, 1),), (distinct(rng, 5),), (tied(rng),)]
    yield Ask("two and five classes", 1, others, properties=holds)
    wide = [(row,) for row in far_apart(rng)[:3]]
    yield Ask("huge logits", 1, [(huge(rng, 3),), *wide], advice=OVERFLOW)
    # Above 0, or subtracting the maximum in place might change nothing.
    yield Ask("leaves its argument as it was", 0.5, [(distinct(rng, 4, 1, 3),)], unchanged=True)


@softmax_jacobian.misconception(
    "Only the diagonal is there. Every output depends on every logit: the entries off the diagonal are -p_i p_j."
)
def diagonal_only(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p * (1 - p))


@softmax_jacobian.misconception(
    "The term - p p^T is missing: diag(p) alone has rows that sum to p, not to 0."
)
def forgets_the_outer_product(z: Array) -> Array:
    return np.diag(softmax(z))


@softmax_jacobian.misconception(
    "The sign is turned round: it is diag(p) - p p^T. Raising z_i must raise p_i."
)
def turned_round(z: Array) -> Array:
    p = softmax(z)
    return np.outer(p, p) - np.diag(p)


@softmax_jacobian.misconception(
    "The two terms are added. Off the diagonal the entries are negative: diag(p) minus p p^T."
)
def adds_the_terms(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) + np.outer(p, p)


@softmax_jacobian.misconception(
    "The formula is filled with the logits z. It needs the probabilities: p = softmax(z) first."
)
def forgets_the_softmax(z: Array) -> Array:
    return np.diag(z) - np.outer(z, z)


@softmax_jacobian.misconception(
    "These are the diagonal entries p_i (1 - p_i) as a vector. The Jacobian is an n by n matrix."
)
def a_vector_of_slopes(z: Array) -> Array:
    p = softmax(z)
    return p * (1 - p)


@softmax_jacobian.misconception(
    "p p^T has become a single number: for an array of shape (n,) `.T` changes nothing, and `p @ p.T` is the dot product. The matrix of all products p_i p_j is np.outer(p, p)."
)
def dot_product_for_outer(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - p @ p.T


@softmax_jacobian.misconception(
    "The identity stands where diag(p) should: on the diagonal it must be p_i - p_i p_i, not 1 - p_i p_i."
)
def identity_for_the_diagonal(z: Array) -> Array:
    p = softmax(z)
    return np.eye(len(p)) - np.outer(p, p)


@softmax_jacobian.misconception(
    "Every row holds the same products p_j p_j off the diagonal, because NumPy multiplied element by element. Row i needs p_i times p_j: np.outer(p, p), or p as a column, p[:, None]."
)
def squares_instead_of_outer(z: Array) -> Array:
    p = softmax(z)
    return np.diag(p) - p * p


@softmax_jacobian.misconception("Every entry is p_i (1 - p_j). The 1 belongs on the diagonal alone.")
def one_everywhere(z: Array) -> Array:
    p = softmax(z)
    return np.outer(p, 1 - p)


@softmax_jacobian.misconception(
    "exp(1000) overflows here, and inf / inf is nan. Use your stable softmax for the probabilities."
)
def jacobian_overflows(z: Array) -> Array:
    e = np.exp(z)
    p = e / np.sum(e)
    return np.diag(p) - np.outer(p, p)


@softmax_jacobian.misconception(
    "The numbers are right, but `z -= ...` also changes the caller's array. Write `z - ...`, which makes a new one."
)
def jacobian_in_place(z: Array) -> Array:
    z -= np.max(z)
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


# ------------------------------------------------------------------------------------- softmax_backward


@exercise(
    LESSON,
    difficulty=3,
    minutes=12,
    hints=(
        "Write one entry of the product upstream times J as a sum, then put diag(p) - p p^T in for J: two sums come out, and one is simple.",
        r"$\dfrac{\partial L}{\partial z_j} = p_j\Bigl(g_j - \sum_i g_i\,p_i\Bigr)$ with the upstream gradient $g = \partial L/\partial p$",
        "`weighted = np.sum(upstream * p, axis=-1, keepdims=True)`",
    ),
)
def softmax_backward(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True))


@softmax_backward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    zero = ("rows_sum_to_zero",)
    yield Ask(
        "one sample",
        1.5,
        [(probabilities(rng, 3), distinct(rng, 3)), (probabilities(rng, 5), distinct(rng, 5))],
        properties=zero,
    )
    yield Ask(
        "a batch, each row by itself",
        2,
        [
            (probabilities(rng, 4, 3), batch(rng, 4, 3)),
            (probabilities(rng, 3, 3), batch(rng, 3, 3)),
            (probabilities(rng, 1, 4), numbers(rng, 1, 4)),
        ],
        properties=zero,
    )
    yield Ask(
        "leaves its arguments as they were",
        0.5,
        [(probabilities(rng, 2, 3), batch(rng, 2, 3))],
        unchanged=True,
    )


@softmax_backward.misconception(
    "Only the Jacobian's diagonal was used. The entries off the diagonal carry the upstream gradient of the other classes over."
)
def diagonal_of_the_jacobian(p: Array, upstream: Array) -> Array:
    return p * (1 - p) * upstream


@softmax_backward.misconception(
    "The second term is missing: p times upstream is the part from diag(p) alone."
)
def forgets_the_second_term(p: Array, upstream: Array) -> Array:
    return p * upstream


@softmax_backward.misconception(
    "The upstream gradient was summed without weights. In the sum every g_i is weighted with its p_i."
)
def unweighted_sum(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "The plain mean was taken away. In the sum every g_i is weighted with its p_i."
)
def plain_mean(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.mean(upstream, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "The weighted sum runs over the whole batch. Each row has a sum of its own: axis=-1, keepdims=True."
)
def sum_over_everything(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p))


@softmax_backward.misconception(
    "The weighted sum runs down the columns (axis=0). The class axis is the last one: axis=-1, keepdims=True."
)
def sum_over_the_samples(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=0))


@softmax_backward.misconception("The sign is turned round: it is upstream minus its weighted sum.")
def backward_wrong_sign(p: Array, upstream: Array) -> Array:
    return p * (np.sum(upstream * p, axis=-1, keepdims=True) - upstream)


@softmax_backward.misconception(
    "The factor p in front is missing: each class passes on its gradient in proportion to its probability."
)
def forgets_the_factor(p: Array, upstream: Array) -> Array:
    return upstream - np.sum(upstream * p, axis=-1, keepdims=True)


@softmax_backward.misconception(
    "The row sums have shape (m,), which does not line up with (m, n). keepdims=True keeps them a column, (m, 1)."
)
def backward_without_keepdims(p: Array, upstream: Array) -> Array:
    return p * (upstream - np.sum(upstream * p, axis=-1))


@softmax_backward.misconception(
    "p is the softmax's output already. Here the softmax was applied to it once more, as softmax_jacobian(p) does."
)
def softmax_applied_twice(p: Array, upstream: Array) -> Array:
    q = softmax(p)
    return q * (upstream - np.sum(upstream * q, axis=-1, keepdims=True))


@softmax_backward.misconception(
    "There is no division by the number of samples here: the 1/m of a mean is in the upstream gradient already."
)
def divides_by_the_samples(p: Array, upstream: Array) -> Array:
    m = len(p) if np.ndim(p) == 2 else 1
    return p * (upstream - np.sum(upstream * p, axis=-1, keepdims=True)) / m


@softmax_backward.misconception(
    "p minus something is the rule for the softmax and the cross-entropy together. Here the softmax stands alone, and the upstream gradient may be anything."
)
def cross_entropy_shortcut(p: Array, upstream: Array) -> Array:
    return p - upstream


@softmax_backward.misconception(
    "The numbers are right, but `upstream *= ...` or `upstream -= ...` changes the caller's array. Compute into a new one."
)
def backward_in_place(p: Array, upstream: Array) -> Array:
    upstream -= np.sum(upstream * p, axis=-1, keepdims=True)
    return p * upstream


def prose_numbers() -> dict[str, object]:
    """Every number that the lesson's text quotes."""
    z = np.array([1.0, 2.0, -1.0])
    p = softmax(z)
    return {
        "the example's logits": z,
        "its logits divided by their sum": z / np.sum(z),
        "its exponentials": np.exp(z),
        "sum of its exponentials": np.sum(np.exp(z)),
        "its shares": p,
        "share of class 2 over share of class 1": p[1] / p[0],
        "slopes of its shares along the second logit": [softmax_partial(p, i, 1) for i in range(3)],
        "step of the prediction": 0.1,
    }
