"""`initialise`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value, list-item, assignment"
# mypy: no-check-untyped-defs, allow-untyped-defs

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.bank.exercise import Ask, exercise
from autograder.bank.lesson_10_training.common import LESSON, Array, Generator, seed


@exercise(
    LESSON,
    difficulty=2,
    minutes=10,
    hints=(
        "Walk along neighbouring sizes: (sizes[0], sizes[1]), then (sizes[1], sizes[2]), and so on. Each pair makes one W and one b.",
        r"$\operatorname{std}(W) = \sqrt{2/(n_{\text{in}} + n_{\text{out}})}$ for xavier, $\sqrt{2/n_{\text{in}}}$ for he; all biases $0$",
        "`for n_in, n_out in zip(sizes[:-1], sizes[1:]):` find `std` for the scheme (0 for zeros), then draw `rng.normal(0, std, (n_in, n_out))`, and `np.zeros(n_out)` for the biases.",
    ),
)
def initialise(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple[list[Array], list[Array]]:
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        weights.append(rng.normal(0, std_of(n_in, n_out, scheme), (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def std_of(n_in: int, n_out: int, scheme: str) -> float:
    return {"zeros": 0.0, "xavier": math.sqrt(2 / (n_in + n_out)), "he": math.sqrt(2 / n_in)}[scheme]


def drawn_weights(
    sizes: Sequence[int],
    rng: Generator,
    scheme: str,
    std: Callable[[int, int, str], float] = std_of,
    draw: Callable[[Generator, float, tuple[int, int]], Array] = lambda rng, s, shape: rng.normal(
        0, s, shape
    ),
) -> tuple[list[Array], list[Array]]:
    """For slips: weights drawn with another standard deviation or in another way, and biases of 0."""
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    weights = [draw(rng, std(a, b, scheme), (a, b)) for a, b in pairs]
    return weights, [np.zeros(b) for _, b in pairs]


@initialise.asks
def _(rng: Generator) -> Iterator[Ask]:
    a, b = (int(n) for n in rng.choice(np.arange(2, 13), 2, replace=False))
    yield Ask(
        '"zeros", and the shapes',
        0.5,
        [([a, b, 3], seed(rng), "zeros"), ([b, a], seed(rng), "zeros")],
        properties=("zero_layers",),
        exact=False,
    )
    spread = ("spread_of_the_scheme",)
    # Enough weights to measure a spread by, and hardly two sheets the same.
    n_in, more = int(rng.integers(16, 25)), int(rng.integers(0, 5))
    n_out = 800 // n_in + more
    narrow = [int(n) for n in rng.choice(np.arange(13, 18), 2, replace=False)]
    xaviers = [
        ([n_in, n_out], seed(rng), "xavier"),
        ([int(rng.integers(50, 60)), *narrow], seed(rng), "xavier"),
    ]
    yield Ask('"xavier"', 1.5, xaviers, properties=spread, exact=False)
    hes = [([n_in, n_out, 4], seed(rng), "he"), ([12, int(rng.integers(66, 80)), 20], seed(rng), "he")]
    yield Ask('"he"', 1.5, hes, properties=spread, exact=False)
    one, other = seed(rng), seed(rng)
    few = [*[int(rng.integers(5, 8))] * 3, 2]
    yield Ask(
        "draws from the generator it is given",
        0.5,
        [(few, one, "xavier"), (few, one, "xavier"), (few, other, "he")],
        exact=False,
        properties=("layers_of_the_sizes",),
        together=("generator_decides_the_weights",),
    )


@initialise.misconception(
    "Every layer has the spread that belongs to the first. Each has its own n_in and n_out."
)
def spread_of_the_first_layer(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: std_of(sizes[0], sizes[1], s))


@initialise.misconception(
    "The spread was made from the first and the last size of the net. Each layer has its own n_in and n_out."
)
def spread_of_the_whole_net(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: std_of(sizes[0], sizes[-1], s))


@initialise.misconception(
    "Every layer begins with the very same draws, only scaled. Draw on from one and the same generator."
)
def the_same_draws_in_each_layer(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    most = max(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
    drawn = rng.normal(0, 1, most)
    return drawn_weights(
        sizes, rng, scheme, draw=lambda _, s, shape: s * drawn[: shape[0] * shape[1]].reshape(shape)
    )


@initialise.misconception(
    "All weights are 0 whatever the scheme. Then all hidden units are alike for ever: draw the weights at random."
)
def zeros_always(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, "zeros")


@initialise.misconception(
    "The shapes are turned round. W has the shape (n_in, n_out), one row for each input."
)
def shapes_turned_round(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    weights, biases = drawn_weights(sizes, rng, scheme)
    return [W.T for W in weights], biases


@initialise.misconception(
    "The weights are right, and the biases were drawn at random too. Biases start at 0."
)
def random_biases(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    weights, biases = drawn_weights(sizes, rng, scheme)
    return weights, [rng.normal(0, 0.1, b.shape) for b in biases]


@initialise.misconception('With "he" the spread is that of "xavier". "he" has n_in alone below the root.')
def xavier_for_he(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, "xavier" if scheme == "he" else scheme)


@initialise.misconception(
    'With "xavier" the spread is that of "he". "xavier" has n_in + n_out below the root.'
)
def he_for_xavier(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, "he" if scheme == "xavier" else scheme)


@initialise.misconception(
    'The two schemes are swapped: "xavier" has n_in + n_out below the root, "he" has n_in alone.'
)
def schemes_swapped(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, {"xavier": "he", "he": "xavier"}.get(scheme, scheme))


@initialise.misconception(
    "The variance was handed over where the generator wants the standard deviation: the square root is missing."
)
def variance_for_deviation(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: std_of(a, b, s) ** 2)


@initialise.misconception(
    "The weights have standard deviation 1. They must be scaled down, the more the wider the layer is."
)
def not_scaled(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: float(s != "zeros"))


@initialise.misconception(
    "The 2 is missing below the root: for xavier it is sqrt(2 / (n_in + n_out)), for he sqrt(2 / n_in)."
)
def forgets_the_two(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: std_of(a, b, s) / math.sqrt(2))


@initialise.misconception(
    "For he the standard deviation was made from n_out. What is added up in a unit are its n_in inputs."
)
def outputs_for_inputs(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, lambda a, b, s: std_of(b, a, s))


@initialise.misconception(
    "This is 1 / sqrt(n_in), which some books call xavier. Here xavier is sqrt(2 / (n_in + n_out)), as the docstring says."
)
def xavier_of_the_inputs(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(
        sizes, rng, scheme, lambda a, b, s: 1 / math.sqrt(a) if s == "xavier" else std_of(a, b, s)
    )


@initialise.misconception(
    "Uniform numbers between -s and s have the standard deviation s / sqrt(3). For the deviation s draw between -sqrt(3) s and sqrt(3) s."
)
def uniform_too_narrow(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, rng, scheme, draw=lambda rng, s, shape: rng.uniform(-s, s, shape))


@initialise.misconception(
    "A generator with a fixed seed is made inside, so every call gives the same weights. Draw from the rng that is handed in."
)
def own_generator(sizes: Sequence[int], rng: Generator, scheme: str) -> tuple:
    return drawn_weights(sizes, np.random.default_rng(0), scheme)


# Right answers in other words.


def initialise_uniform(sizes, rng, scheme):
    weights, biases = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        reach = {"zeros": 0, "xavier": math.sqrt(6 / (n_in + n_out)), "he": math.sqrt(6 / n_in)}[scheme]
        weights.append(rng.uniform(-reach, reach, (n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def initialise_scaled_afterwards(sizes, rng, scheme):
    weights, biases = [], []
    for k in range(1, len(sizes)):
        W = rng.standard_normal((sizes[k - 1], sizes[k]))
        if scheme == "zeros":
            W *= 0
        elif scheme == "xavier":
            W *= (2 / sum(sizes[k - 1 : k + 1])) ** 0.5
        else:
            W *= (2 / sizes[k - 1]) ** 0.5
        weights.append(W)
        biases.append(np.zeros((sizes[k],)))
    return (weights, biases)


def initialise_number_by_number(sizes, rng, scheme):
    weights, biases = [], []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        variance = {"zeros": 0.0, "xavier": 2 / (n_in + n_out), "he": 2 / n_in}[scheme]
        weights.append([[rng.normal() * math.sqrt(variance) for _ in range(n_out)] for _ in range(n_in)])
        biases.append([0.0] * n_out)
    return [weights, biases]


def initialise_float32(sizes, rng, scheme):
    pairs = [(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)]
    factor = {"zeros": lambda a, b: 0, "xavier": lambda a, b: 2 / (a + b), "he": lambda a, b: 2 / a}[scheme]
    weights = [
        rng.standard_normal(pair, dtype=np.float32) * np.float32(math.sqrt(factor(*pair))) for pair in pairs
    ]
    return tuple(weights), tuple(np.zeros(b, dtype=np.float32) for _, b in pairs)


def initialise_backwards(sizes, rng, scheme):
    """The last layer is drawn first, and its transpose."""
    weights, biases = [], []
    for n_in, n_out in reversed(list(zip(sizes[:-1], sizes[1:], strict=True))):
        n = {"zeros": math.inf, "xavier": (n_in + n_out) / 2, "he": n_in / 2}[scheme]
        weights.insert(0, (rng.normal(size=(n_out, n_in)) / np.sqrt(n)).T)
        biases.insert(0, np.zeros(n_out))
    return weights, biases


initialise.right_answers(
    initialise_uniform,
    initialise_scaled_afterwards,
    initialise_number_by_number,
    initialise_float32,
    initialise_backwards,
)
