"""`graph_forward`: the reference, what is asked, the known slips, and right answers in other words."""

# The misconceptions are wrong on purpose, some in their types too; right answers have no types, like students'.
# mypy: disable-error-code="arg-type, operator, return-value"
# mypy: no-check-untyped-defs, allow-untyped-defs

from collections.abc import Iterator

import numpy as np

from autograder.bank.exercise import Ask, distinct, exercise
from autograder.bank.lesson_02_chain_rule.common import LESSON, START
from autograder.bank.promises import WHOLE, ZERO
from autograder.bank.promises import number as a_number


@exercise(
    LESSON,
    difficulty=1,
    minutes=3,
    hints=(
        "Follow the arrows from left to right: first the sum, then the product.",
        r"$q = x + y$, then $f = q\,z$",
        "`q = x + y`, then `f` is `q` times `z`. Return both, `q` first.",
    ),
    promises={
        "x": a_number(-3, 3, ZERO, WHOLE),
        "y": a_number(-3, 3, ZERO, WHOLE),
        "z": a_number(-3, 3, ZERO, WHOLE),
    },
)
def graph_forward(x: float, y: float, z: float) -> tuple[float, float]:
    q = x + y
    return q, q * z


def three_numbers(rng: np.random.Generator) -> tuple[np.float64, np.float64, np.float64]:
    """x, y, z of different sizes between 1/2 and 4, both signs among them, with a sum x + y that is not small."""
    while True:
        sizes = distinct(rng, 3, 0.5, 4)
        signs = rng.permutation([1.0, -1.0, rng.choice([-1.0, 1.0])])
        x, y, z = sizes * signs
        if abs(x + y) >= 0.5 and abs(x + y + z) >= 0.5:
            return x, y, z


EXAMPLE = tuple(np.float64(each) for each in START)


@graph_forward.asks
def _(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("the graph of the lesson, and another", 1, [EXAMPLE, three_numbers(rng)])
    yield Ask("more numbers of both signs", 1, [three_numbers(rng), three_numbers(rng)])


@graph_forward.misconception(
    "Here q = z + y. That is what the text behind the example says, and it is a slip of the pen: the node adds x and y."
)
def the_misprint(x: float, y: float, z: float) -> tuple[float, float]:
    return z + y, (z + y) * z


@graph_forward.misconception("The two answers are in the wrong order: first q, then f.")
def f_before_q(x: float, y: float, z: float) -> tuple[float, float]:
    return (x + y) * z, x + y


@graph_forward.misconception("x + y * z multiplies first. The sum comes first: put it in brackets, or use q.")
def brackets_missing(x: float, y: float, z: float) -> tuple[float, float]:
    return x + y, x + y * z


@graph_forward.misconception("The two operations are swapped: the first node adds, the second multiplies.")
def swapped_operations(x: float, y: float, z: float) -> tuple[float, float]:
    return x * y, x * y + z


@graph_forward.misconception("Only f came back. The inner node is wanted too: return q, f.")
def only_f(x: float, y: float, z: float) -> float:
    return (x + y) * z


@graph_forward.misconception("The second node adds z. It multiplies: f = q z.")
def adds_everything(x: float, y: float, z: float) -> tuple[float, float]:
    return x + y, x + y + z


@graph_forward.misconception("q was taken as the product x y. The first node adds.")
def multiplies_twice(x: float, y: float, z: float) -> tuple[float, float]:
    return x * y, x * y * z


@graph_forward.misconception(
    "These are the numbers of the lesson's example, whatever x, y and z are. Compute with the three that come."
)
def the_example_by_heart(x: float, y: float, z: float) -> tuple[float, float]:
    return 3.0, -12.0


# Right answers in other words.


def forward_nodes(x, y, z):
    q = x + y
    f = q * z
    return q, f


def forward_list(x, y, z):
    return [float(x + y), float((x + y) * z)]


def forward_expanded(x, y, z):
    return y + x, x * z + y * z


def forward_array(x, y, z):
    return np.array([1.0, z]) * np.sum([x, y])


def forward_float32(x, y, z):
    q = np.float32(x) + np.float32(y)
    return q, q * np.float32(z)


graph_forward.right_answers(
    forward_nodes,
    forward_list,
    forward_expanded,
    forward_array,
    forward_float32,
)
