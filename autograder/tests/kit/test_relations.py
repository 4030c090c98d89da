"""What a teacher sees at once in wrong numbers: each relation is named where it holds, and told truly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some_arrays

from autograder.kit.judge import judge
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import encode, structured, to_plain
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls
from autograder.kit.sheet import Call, Sheet, SubCheck

Array = np.ndarray
BATCHES = [
    np.array([[0.5, -1.25, 2.0], [3.0, 0.25, -0.75], [1.5, -2.5, 0.125], [0.875, 2.25, -3.0]]),
    np.array([[1.75, 0.375, -2.0], [-0.5, 1.25, 2.625]]),
]
POSITIVE = [np.abs(batch) for batch in BATCHES]


def asked(reference: Callable[..., Any], *arguments: Any) -> Sheet:
    """An exercise of one sub-check, with a call for each argument."""
    calls = tuple(Call(encode([each]), structured(reference(each))) for each in arguments)
    return Sheet("f", "f(x)", 5.0, (), (SubCheck("numbers", 2, calls),), ())


def report_on(answer: Callable[..., Any], reference: Callable[..., Any], *arguments: Any) -> Report:
    sheet = asked(reference, *(arguments or BATCHES))
    return judge(sheet, run_calls(answer, sheet.calls, 5))


def third(x: Array) -> Array:
    return x**3 + 0.5


def rows(x: Array) -> tuple[Array, Array]:
    return x.sum(axis=0), x[0] * 2


def shares(x: Array) -> Array:
    return np.abs(x) / np.abs(x).sum(axis=-1, keepdims=True)


SEEN: dict[str, tuple[Callable, Callable, str]] = {
    "twice": (lambda x: 2 * third(x), third, "one_factor"),
    "half": (lambda x: third(x) / 2, third, "one_factor"),
    "another factor": (lambda x: 0.37 * third(x), third, "one_factor"),
    "the rows divided out": (lambda x: third(x) / len(x), third, "factor_of_the_call"),
    "times the columns and rows": (lambda x: third(x) * x.size, third, "factor_of_the_call"),
    "minus": (lambda x: -third(x), third, "minus_everywhere"),
    "no signs": (lambda x: np.abs(third(x)), third, "sign_lost"),
    "off by a constant": (lambda x: third(x) - 0.25, third, "one_offset"),
    "off by each row's maximum": (lambda x: third(x) - x.max(1)[:, None], third, "rows_off_by_one_number_each"),
    "rows scaled": (lambda x: third(x) * np.arange(2, 2 + len(x))[:, None], third, "rows_off_by_one_number_each"),
    "transposed": (lambda x: third(x).T, third, "transposed"),
    "the other first": (lambda x: rows(x)[::-1], rows, "another_order_of_parts"),
    "summed": (lambda x: np.sum(third(x)), third, "summed"),
    "averaged over rows": (lambda x: third(x).mean(axis=0), third, "summed"),
    "not summed": (third, lambda x: np.sum(third(x)), "summed"),
    "the same in every row": (lambda x: np.tile(third(x)[:1], (len(x), 1)), third, "some_rows"),
    "every row the mean": (lambda x: np.tile(third(x).mean(axis=0), (len(x), 1)), third, "same_in_every_row"),
    "all but the last row": (lambda x: np.vstack([third(x)[:-1], np.zeros((1, 3))]), third, "some_rows"),
    "only the first part": (lambda x: (rows(x)[0], rows(x)[1] ** 2 + x[1]), rows, "right_up_to_a_part"),
    "rounded": (lambda x: np.round(third(x), 2), third, "rounded"),
    "few digits": (lambda x: third(x) * (1 + 1e-4 * np.sign(x)), third, "rounded"),
    "no fractions": (lambda x: np.trunc(third(x)), third, "whole_numbers"),
    "reversed": (lambda x: third(x)[::-1], third, "another_order"),
    "sorted": (lambda x: np.sort(third(x), axis=-1), third, "another_order"),
    "squared": (lambda x: third(x) ** 2, third, "squared"),
    "one minus": (lambda x: 1 - third(x), third, "one_minus"),
    "reciprocal": (lambda x: 1 / third(x), third, "reciprocal"),
    "a square too many": (shares, lambda x: np.sqrt(shares(x)), "squared"),
    "base 10": (lambda x: np.log10(shares(x)), lambda x: np.log(shares(x)), "another_logarithm"),
    "the argument": (lambda x: x, third, "argument_returned"),
    "zeros": (lambda x: np.zeros(x.shape), third, "all_zero"),
    "always the same": (lambda x: np.full(x.shape, 0.7), third, "always_the_same"),
    "held below 2": (lambda x: np.minimum(third(x), 2), third, "bounded"),
    "held between -2 and 2": (lambda x: np.clip(third(x), -2, 2), third, "bounded"),
    "an axis lost": (lambda x: third(x).ravel(), third, "read_in_another_order"),
    "the last row missing": (lambda x: third(x)[:-1], third, "rows_missing_or_too_many"),
    "softmaxed": (lambda x: np.exp(third(x)) / np.exp(third(x)).sum(axis=-1, keepdims=True), third, "softmax_of_it"),
    "divided by the row's sum": (shares, np.abs, "normalised_rows"),
    "running sums": (lambda x: np.cumsum(third(x), axis=-1), third, "running_sum"),
    "the diagonal": (lambda x: np.diag(np.diag(x[:2, :2])), lambda x: x[:2, :2] + 1 - np.eye(2), "off_the_diagonal"),
    "negative ones only": (lambda x: np.where(x < 0, 0.3 * x**2, third(x)), third, "where_an_argument_is"),
    "nan": (lambda x: np.where(x > 2, np.nan, third(x)), third, "not_finite"),
    "three for two": (lambda x: (*rows(x), x), rows, "other_parts"),
    "right, in one row": (lambda x: np.concatenate(rows(x)), rows, "right_numbers_in_another_form"),
    "another factor each call": (
        lambda x: tuple(len(x) ** 0.3 * each for each in rows(x)), rows, "factor_of_the_call"),
    "times the argument": (lambda x: third(x) * x, third, "an_argument_as_factor"),
    "the argument missing": (lambda x: third(x) / x, third, "an_argument_as_factor"),
    "its imaginary part": (lambda x: 2 * x + 1j * third(x), third, "complex_numbers"),
    "another verdict": (lambda x: (True, x[0]), lambda x: (bool(x[0, 0] > 1), x[0]), "another_verdict"),
}  # fmt: skip


@pytest.mark.parametrize("case", SEEN)
def test_a_relation_is_named(case: str) -> None:
    answer, reference, name = SEEN[case]
    (result,) = report_on(answer, reference).results
    assert result.relation == name, result.sentence
    assert result.misconception is None


@pytest.mark.parametrize("case", SEEN)
def test_the_right_answer_is_told_nothing(case: str) -> None:
    report = report_on(SEEN[case][1], SEEN[case][1])
    assert report.passed
    assert report.results[0].sentence == ""


def test_a_row_of_zeros_is_not_divided_by_its_sum() -> None:
    (result,) = report_on(lambda x: shares(x) * (np.arange(len(x)) > 0)[:, None], shares).results
    assert "divided by its sum" not in result.sentence


def test_places_are_no_functions_of_each_other() -> None:
    (result,) = report_on(lambda x: (x, 1, 0), lambda x: (x, 0, 1)).results
    assert result.relation == "another_order_of_parts"
    (result,) = report_on(lambda x: (x, 1, 2), lambda x: (x, 0, 2)).results
    assert result.relation != "one_minus"


def test_what_is_wrong_in_some_calls_only_is_not_said_of_all() -> None:
    def answer(x: Array) -> tuple[Array, ...]:
        return (x.sum(), x**2 + x.max(0) * (len(x) > 2), x**3 + x.max(1)[:, None] ** 2 * x)

    (result,) = report_on(answer, lambda x: (x.sum(), x**2, x**3)).results
    assert result.sentence.startswith(
        "`result[0]` agrees in every call of this part. Of `result[1]` and `result[2]` each"
    )


def test_a_true_or_false_is_told_as_such_and_not_as_a_sum_of_an_argument() -> None:
    (result,) = report_on(lambda x: (True, x), lambda x: (False, x), np.array([0.25, 0.75])).results
    assert result.sentence.startswith(
        "`result[0]` should be False and is True, and the rest of the answer agrees."
    )


def test_a_number_that_came_in_as_a_factor_is_found_where_it_is_0_too() -> None:
    numbers = [np.float64(each) for each in (1.5, 0.0, -2.0, 0.75)]
    (result,) = report_on(lambda x: (x + 3) * x, lambda x: x + 3, *numbers).results
    assert result.sentence.startswith("The number is the expected one times the argument `x`.")


@pytest.mark.parametrize(
    ("given", "said"), [(0.0, "is 0, and 1.5 is expected"), (-2.0, "not the right size either")]
)
def test_a_number_that_nothing_explains_is_told_as_it_is(given: float, said: str) -> None:
    turns = iter([given, 1.7])
    (result,) = report_on(lambda x: next(turns), lambda x: x * 1.0, np.float64(1.5), np.float64(2.5)).results
    assert result.relation is None
    assert said in result.sentence


def test_a_relation_that_holds_in_some_failing_calls_only_is_not_named() -> None:
    turns = iter([2.0, 3.0])
    (result,) = report_on(lambda x: third(x) * next(turns) + 0.1 * x, third).results
    assert result.relation not in ("one_factor", "factor_of_the_call")


def test_column_meets_row() -> None:
    def answer(x: Array) -> Array:
        return x[:, :1] - x[:, 0]

    (result,) = report_on(answer, lambda x: x[:, :1] * 0.5).results
    assert result.relation == "broadcast"


def test_what_sets_the_failing_calls_apart_is_said() -> None:
    samples = [np.array([1.0, -2.0, 0.5]), np.array([0.25, 3.0, -1.5])]
    (result,) = report_on(lambda x: third(x) * (2 if x.ndim == 2 else 1), third, *samples, *BATCHES).results
    assert "twice the expected one" in result.sentence
    assert "Only calls in which `x` has two axes fail; the others come out right." in result.sentence


@pytest.mark.parametrize(
    ("answer", "name", "said"),
    [
        (lambda x: None, "returned_nothing", "Is the `return` missing?"),
        (lambda x: print(x), "printed_not_returned", "`return` it"),
        (lambda x: x[7, 7, 7], "raised_an_error", "IndexError"),
        (lambda x: "0.5", "no_numbers", "did not return numbers"),
    ],
)
def test_what_came_in_place_of_numbers_is_said(answer: Callable, name: str, said: str) -> None:
    (result,) = report_on(answer, third).results
    assert result.relation == name
    assert said in result.sentence


def test_an_array_handed_out_twice_is_noticed() -> None:
    kept = np.zeros((2, 3))

    def answer(x: Array) -> Array:
        kept[...] = third(x[:2])
        return kept

    (result,) = report_on(answer, lambda x: third(x[:2])).results
    assert result.relation == "one_array_for_all"


def test_a_changed_argument_is_a_verdict_of_its_own() -> None:
    def in_place(x: Array) -> Array:
        x *= 2
        return third(x / 2)

    calls = tuple(Call(encode([each]), third(each)) for each in BATCHES)
    checks = (
        SubCheck("numbers", 2, calls),
        SubCheck("leaves its argument as it was", 1, calls, unchanged=True),
    )
    sheet = Sheet("f", "f(x)", 5.0, (), checks, ())
    numbers, left = judge(sheet, run_calls(in_place, sheet.calls, 5)).results
    assert numbers.passed
    assert left.relation == "argument_changed"
    assert "4 of 4 calls the argument `x` was not afterwards what it was before" in left.sentence
    _, left = judge(sheet, run_calls(lambda x: x, sheet.calls, 5)).results
    assert left.sentence.startswith("No argument was changed.")


PLAIN = some_arrays.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.complex128]),
    some_arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    elements=None,
)
ANSWER = st.one_of(PLAIN, st.tuples(PLAIN, PLAIN), st.tuples(PLAIN, st.tuples(PLAIN)))
OUTCOME = st.one_of(
    ANSWER.map(lambda value: Outcome(to_plain(value))),
    st.sampled_from(list(Ended)[1:]).map(lambda ended: Outcome(ended=ended, raised="X", detail="y")),
)


@settings(max_examples=300, deadline=None)
@given(ANSWER, ANSWER, OUTCOME, OUTCOME, st.booleans())
def test_whatever_comes_back_there_is_a_report(
    one: Any, other: Any, first: Outcome, second: Outcome, show: bool
) -> None:
    calls = tuple(Call(encode([np.ones((2, 3))]), structured(each)) for each in (one, other))
    sheet = Sheet("f", "f(x)", 5.0, (), (SubCheck("numbers", 2, calls),), ())
    report = judge(sheet, [first, second], show_numbers=show)
    assert report.text()
    assert report.html()
    assert "The numbers differ." not in report.text()


def keeping(kind: str) -> Callable[..., Any]:
    """A function that keeps something from call to call."""
    kept: dict[Any, Any] = {}
    found: list[Any] = []

    def answer(x: Array, more: Array) -> Any:
        right = third(x) * more
        if kind == "by shape":
            return kept.setdefault(x.shape, right)
        if kind == "by the first argument":
            return kept.setdefault(x.tobytes(), right)
        if kind == "counter":
            kept["calls"] = kept.get("calls", 0) + 1
            return right + 0.125 * (kept["calls"] - 1)
        if kind == "sum":
            kept["sum"] = kept.get("sum", 0) + right
            return kept["sum"]
        found.extend(right)
        return list(found)

    return answer


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("by shape", "result_of_earlier"),
        ("by the first argument", "argument_without_effect"),
        ("counter", "remembered"),
        ("sum", "added_to_earlier"),
        ("list", "appended_to_earlier"),
    ],
)
def test_what_is_kept_from_call_to_call_is_named(kind: str, name: str) -> None:
    one, other = BATCHES[0], BATCHES[0][::-1].copy()
    arguments = [(one, other), (one, other + 1), (other, one + 2), (one, other)]
    if kind == "by the first argument":
        arguments = arguments[:2]
    calls = tuple(Call(encode(list(each)), structured(third(each[0]) * each[1])) for each in arguments)
    sheet = Sheet("f", "f(x, more)", 5.0, (), (SubCheck("numbers", 2, calls),), ())
    report = judge(sheet, run_calls(keeping(kind), sheet.calls, 5))
    assert [each.relation for each in report.results] == [name]


def test_a_function_that_leaves_an_argument_out_is_not_told_that_it_keeps_something() -> None:
    one, other = BATCHES[0], BATCHES[0][::-1].copy()
    arguments = [(one, np.ones_like(one)), (one, other), (other, np.ones_like(one))]
    calls = tuple(Call(encode(list(each)), structured(third(each[0]) * each[1])) for each in arguments)
    sheet = Sheet("f", "f(x, more)", 5.0, (), (SubCheck("numbers", 2, calls),), ())
    report = judge(sheet, run_calls(lambda x, more: third(x), sheet.calls, 5))
    assert report.results[0].relation not in ("result_of_earlier", "remembered", "added_to_earlier")
