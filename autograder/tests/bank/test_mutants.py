"""Checks with teeth: a slip in a reference, or in what it calls, that changes an answer never has full points."""

import ast
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder import bank
from autograder.bank.exercise import Ask, exercise, numbers
from autograder.tests.bank import mutation
from autograder.tests.bank.mutator import built, mutants, reached, variants

EXERCISES = bank.exercises()
# What is judged by what it achieves has no one right way: most changes of a way that achieves it achieve it too.
ACHIEVED = {"challenge"}


@pytest.mark.parametrize("name", [name for name in EXERCISES if name not in ACHIEVED])
def test_no_mutant_that_changes_an_answer_has_full_points(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    found = mutation.count(EXERCISES[name])
    row = (EXERCISES[name].lesson, name, found.tried, found.changing, len(found.survivors), found.left_out)
    record_property("mutants", [*row, round(found.seconds, 2)])
    assert found.changing >= 3, "hardly any: does the mutator understand this reference?"
    assert not found.survivors, "these slips pass, so a check is missing:\n" + "\n".join(found.survivors)


# ------------------------------------------------------------------------------- the mutator does its work


SLIPS = {
    "a sign": ("a - b", "a + b"),
    "a minus": ("-a", "a"),
    "a term": ("a + b", "a"),
    "the other term": ("a - b", "-b"),
    "a difference turned round": ("a - b", "b - a"),
    "a factor": ("a * b", "b"),
    "the 1/m": ("a / m", "a"),
    "times for divided by": ("a / b", "a * b"),
    "divided by for times": ("a * b", "a / b"),
    "a square": ("a ** 2", "a"),
    "a transpose dropped": ("a.T", "a"),
    "a transpose added": ("a @ b", "a.T @ b"),
    "the other transpose": ("a @ b", "a @ b.T"),
    "a product turned round": ("a @ b", "b @ a"),
    "element by element": ("a @ b", "a * b"),
    "axis 0": ("np.sum(a, axis=-1)", "np.sum(a, axis=0)"),
    "the last axis": ("np.sum(a, axis=0)", "np.sum(a, axis=-1)"),
    "no axis": ("np.sum(a, axis=-1)", "np.sum(a)"),
    "no keepdims": ("np.sum(a, axis=-1, keepdims=True)", "np.sum(a, axis=-1)"),
    "one too many": ("2", "3"),
    "one too few": ("2", "1"),
    "the next index": ("a[i]", "a[i + 1]"),
    "the wrong column": ("a[:, i]", "a[:, i - 1]"),
    "row for column": ("a[i, j]", "a[j, i]"),
    "a slice too short": ("a[:n]", "a[:n - 1]"),
    "a range too long": ("range(n)", "range(n + 1)"),
    "the smallest": ("np.max(a)", "np.min(a)"),
    "the wrong way": ("np.exp(a)", "np.log(a)"),
    "base 10": ("np.log(a)", "np.log10(a)"),
    "the sum": ("np.mean(a)", "np.sum(a)"),
    "a function dropped": ("np.abs(a)", "a"),
    "swapped arguments": ("f(a, b)", "f(b, a)"),
    "swapped branches": ("np.where(c, a, b)", "np.where(c, b, a)"),
    "one branch": ("np.where(c, a, b)", "b"),
    "the kink": ("a > b", "a >= b"),
    "the wrong side": ("a > b", "a < b"),
    "or for and": ("a and b", "a or b"),
    "the first case always": ("a if c else b", "a"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_every_sort_of_slip_is_made(slip: str) -> None:
    written, wrong = SLIPS[slip]
    made = {ast.unparse(each) for each in variants(ast.parse(written, mode="eval").body)}
    assert wrong in made


def halved(x: np.ndarray) -> np.ndarray:
    return x / 2


def mean_of_halves(x: np.ndarray) -> float:
    """The docstring's 1 + 1 is no code."""
    total = 0.0
    for value in halved(x):
        total += value
    return total / len(x)


def test_statements_and_helpers_have_their_slips_too() -> None:
    what = {mutant.what for mutant in mutants(mean_of_halves)}
    assert "mean_of_halves: total += value -> total -= value" in what
    assert "mean_of_halves: total += value -> pass" in what
    assert "mean_of_halves: total / len(x) -> total" in what
    assert "mean_of_halves: return total / len(x) -> return -(total / len(x))" in what
    assert "halved: x / 2 -> x" in what
    assert not any("1 + 1" in each for each in what)


def test_a_mutant_is_what_it_says_and_the_original_stays_as_it_was() -> None:
    x = np.array([2.0, 6.0])
    by_name = {mutant.what: mutant.function for mutant in mutants(mean_of_halves)}
    assert by_name["mean_of_halves: total / len(x) -> total"](x) == 4
    assert by_name["halved: x / 2 -> x"](x) == 4
    assert by_name["halved: 2 -> 3"](x) == pytest.approx(4 / 3)
    assert mean_of_halves(x) == 2
    assert built(reached(mean_of_halves), mean_of_halves)(x) == 2


@pytest.mark.parametrize("name", EXERCISES)
def test_a_reference_built_anew_is_the_reference(name: str) -> None:
    each = EXERCISES[name]
    again = built(reached(each.reference), each.reference)
    assert again is not each.reference
    assert all(mutation.passes(again, mutation.sheet_calls(each, seed)) for seed in mutation.JUDGED)


# -------------------------------------------------------------------------------- and so does the counting


def exercise_that_asks(asks: Callable[[np.random.Generator], Iterator[Ask]]) -> mutation.Count:
    made = exercise("none", difficulty=1, minutes=2, hints=("", "", ""))(row_means)
    made.asks(asks)
    return mutation.count(made)


def row_means(x: np.ndarray) -> np.ndarray:
    return np.sum(x, axis=1) / x.shape[1]


def test_a_check_without_teeth_is_found_out() -> None:
    def square(rng: np.random.Generator) -> Iterator[Ask]:
        yield Ask("square matrices", 1, [(numbers(rng, 3, 3),)])

    def flat(rng: np.random.Generator) -> Iterator[Ask]:
        shape = (2, 3) if rng.random() < 0.5 else (3, 3)
        yield Ask("sometimes no square", 1, [(numbers(rng, *shape),)])

    def both(rng: np.random.Generator) -> Iterator[Ask]:
        yield Ask("a square and another", 1, [(numbers(rng, 3, 3),), (numbers(rng, 2, 4),)])

    wrong_shape = "row_means: 1 -> 0"
    assert exercise_that_asks(both).survivors == ()
    assert any(line.startswith(wrong_shape) for line in exercise_that_asks(flat).survivors)
    # Where no valid input tells a mutant from the reference it is no mutant: hence `valid_inputs`.
    assert exercise_that_asks(square).survivors == ()
    assert wrong_shape in exercise_that_asks(square).same


def test_inputs_that_no_check_thinks_of_are_tried_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def square(rng: np.random.Generator) -> Iterator[Ask]:
        yield Ask("square matrices", 1, [(numbers(rng, 3, 3),)])

    monkeypatch.setitem(mutation.INPUTS, "row_means", lambda rng: (rng.normal(size=(2, 4)),))
    (survivor,) = exercise_that_asks(square).survivors
    assert survivor.startswith("row_means: 1 -> 0   passes the fixed cases, seed 0, ")


def test_beyond_the_most_an_even_choice_is_tried_and_the_rest_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = mutation.count(EXERCISES["relu_derivative"])
    monkeypatch.setattr(mutation, "MOST", 5)
    capped = mutation.count(EXERCISES["relu_derivative"])
    assert (capped.tried, capped.left_out) == (5, whole.tried - 5)
    assert whole.left_out == 0


def test_valid_inputs_are_for_exercises_that_are_there_and_are_valid() -> None:
    assert mutation.INPUTS.keys() <= EXERCISES.keys()
    for name, draw in mutation.INPUTS.items():
        rng = np.random.default_rng(0)
        for _ in range(20):
            arguments = draw(rng)
            with np.errstate(all="ignore"):
                answer = EXERCISES[name].reference(*arguments)
            parts = answer if isinstance(answer, tuple) else (answer,)
            assert all(np.all(np.isfinite(part)) for part in parts), (name, arguments)
