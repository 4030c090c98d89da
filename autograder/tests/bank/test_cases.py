"""Drawn cases tell every known wrong answer from a right one."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder import bank
from autograder.bank import batteries, families, promises
from autograder.bank.ask import Ask
from autograder.bank.exercise import Exercise, exercise, numbers
from autograder.bank.selection import let_through
from autograder.bench.cases import measured
from autograder.kit.judge import judge
from autograder.kit.run import run_calls
from autograder.tests.bank.sheets import DRAWS

HINTS = ("a nudge", "the formula", "the first line")
Array = np.ndarray
Asks = Callable[[np.random.Generator], Iterator[Ask]]


@pytest.mark.parametrize("name", [name for name in bank.exercises() if name != "train"])
def test_no_known_wrong_answer_is_left(name: str, record_property: Callable[[str, object], None]) -> None:
    found = measured(name, DRAWS)
    record_property("cases", [name, found.known, found.draws, found.at_first.total(), found.left.total()])
    assert not found.left, f"{dict(found.left)} pass, of {found.draws} draws"


# --------------------------------------------------------------------------------------- the choice of a draw


def squares(x: Array) -> Array:
    return np.asarray(x, dtype=float) ** 2


def made(reference: Callable, asks: Asks, **options: object) -> Exercise:
    found = exercise("none", difficulty=1, minutes=2, hints=HINTS, **options)(reference)  # type: ignore[arg-type]
    found.asks(asks)
    return found


def test_a_draw_that_lets_a_slip_pass_is_drawn_again() -> None:
    def often_positive(rng: np.random.Generator) -> Iterator[Ask]:
        sign = -1 if rng.random() < 0.3 else 1
        yield Ask("cubes", 1, [(sign * (1 + rng.integers(1, 9, 3) / 8),)])

    cubes = made(lambda x: x**3, often_positive)
    cubes.misconception("The sign is lost.")(lambda x: np.abs(x) ** 3)
    first = [let_through(cubes.drawn(np.random.default_rng(seed))) for seed in range(20)]
    assert sum(map(bool, first)) > 5
    assert not any(let_through(cubes.sheet(np.random.default_rng(seed))) for seed in range(20))


def test_what_changes_no_answer_of_an_exercise_is_no_wrong_answer() -> None:
    def any_numbers(rng: np.random.Generator) -> Iterator[Ask]:
        yield Ask("numbers", 1, [(numbers(rng, 4),)])

    assert "without its sign" not in made(squares, any_numbers).told_apart
    assert "without its sign" in made(lambda x: x * 1.0, any_numbers).told_apart


# ------------------------------------------------------------------------------------------------ the battery


def row_sums(x: Array) -> Array:
    return np.sum(x, axis=-1)


def some_rows(rng: np.random.Generator) -> Iterator[Ask]:
    yield Ask("one sample", 1, [(numbers(rng, 3),)])
    yield Ask("a batch", 1, [(numbers(rng, 4, 3),)])


SUMS = {"x": promises.reals("m? n", promises.WHOLE, promises.ZERO)}
BLIND = {
    "squeezed": lambda x: np.squeeze(np.sum(x, axis=-1)),
    "a square is transposed": lambda x: np.sum(x.T if x.ndim == 2 and len(set(x.shape)) == 1 else x, axis=-1),
    "one unit is another thing": lambda x: np.sum(x, axis=-1) + (np.shape(x)[-1] == 1),
    "whole numbers end as they are": lambda x: (
        np.sum(x, axis=-1) / (2 if np.asarray(x).dtype.kind == "i" else 1)
    ),
}


@pytest.mark.parametrize("blind", BLIND)
def test_a_promise_is_asked(blind: str) -> None:
    for options, passes in (({}, True), ({"promises": SUMS}, False)):
        sheet = made(row_sums, some_rows, **options).sheet(np.random.default_rng(3))
        report = judge(sheet, run_calls(BLIND[blind], sheet.calls, 5))
        assert report.passed == passes, report.text()
        assert judge(sheet, run_calls(row_sums, sheet.calls, 5)).passed


def test_what_is_remembered_from_call_to_call_is_found_out() -> None:
    seen: dict[tuple, Array] = {}

    def cached(x: Array) -> Array:
        return seen.setdefault(np.shape(x), row_sums(x))

    for options in ({"promises": SUMS}, {}):
        seen.clear()
        sheet = made(row_sums, some_rows, **options).sheet(np.random.default_rng(3))
        assert not judge(sheet, run_calls(cached, sheet.calls, 5)).passed


def test_each_case_goes_where_its_like_is() -> None:
    sheet = made(row_sums, some_rows, promises=SUMS).sheet(np.random.default_rng(3))
    sample, batch, left = sheet.sub_checks
    axes = [{np.ndim(call.arguments[0]["array"]) for call in check.calls} for check in (sample, batch)]
    assert axes == [{1}, {2}]
    assert left.unchanged
    assert (sample.points, batch.points, left.points) == (0.5, 1, 0.5)


def test_an_ask_may_say_which_cases_are_its_own_and_an_exercise_which_it_has_not() -> None:
    def asks(rng: np.random.Generator) -> Iterator[Ask]:
        yield Ask("rows", 1, [(numbers(rng, 4, 3),)])
        yield Ask("narrow", 1, [(numbers(rng, 4, 1),)], battery=("one n",))

    made_so = made(row_sums, asks, promises={"x": promises.reals("m n")}, without=("one row",))
    narrow = made_so.sheet(np.random.default_rng(0)).sub_checks[1]
    assert {len(call.arguments[0]["array"][0]) for call in narrow.calls} == {1}
    tags = {
        scene.tag for scene in batteries.scenes(made_so.promises, np.random.default_rng(0), made_so.without)
    }
    assert tags == {"batch", "square", "one n", "again"}


def test_promises_name_the_arguments_and_what_can_be_promised() -> None:
    with pytest.raises(ValueError, match="name its arguments"):
        exercise("none", difficulty=1, minutes=2, hints=HINTS, promises={"y": promises.reals("n")})(squares)
    with pytest.raises(ValueError, match="nothing that can be promised"):
        promises.reals("n", "enormous")
    with pytest.raises(ValueError, match="kit.functions"):
        promises.one_of(lambda x: x)


# ------------------------------------------------------------------------------------------------- families


def test_every_slip_of_a_family_is_a_slip() -> None:
    """Each gives other numbers than the right part, on a batch of ordinary and of huge rows."""
    z = np.array(
        [
            [1.0, -2.0, 0.5],
            [2.0, 1.5, -7.0],
            [900.0, 901.0, 899.0],
            [-950.0, -951.0, 950.0],
            [-950.0, -951.0, -949.0],
        ]
    )
    p = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    double = lambda w: w * 0.5  # noqa: E731
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    right = {
        "softmax": e / e.sum(axis=-1, keepdims=True),
        "sigmoid": np.exp(-np.logaddexp(0, -z)), "slope": p * (1 - p), "logarithm": np.log(p),
        "mean": np.mean(p[:, 0]), "walk": np.array([4.0, 2.0, 1.0]),
    }  # fmt: skip
    given = {
        "softmax": (z,), "sigmoid": (z,), "slope": (p,), "logarithm": (p,), "mean": (p[:, 0], 3),
        "walk": (double, 4.0, 2),
    }  # fmt: skip
    for family, arguments in given.items():
        for name, _, part in families.ALL[family]:
            with np.errstate(all="ignore"):
                wrong = part(*arguments)
            same = np.shape(wrong) == np.shape(right[family]) and np.allclose(wrong, right[family])
            assert not same, f"{family}: {name}"
    for name, _, count in families.COUNT:
        assert (count(p), count(p[0])) != (2, 1), name
