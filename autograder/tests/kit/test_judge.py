"""The judge: what counts as an answer, what a report says, and what no trick earns."""

import json
import linecache
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder import bank
from autograder.kit.judge import judge
from autograder.kit.judge.slips import BEYOND
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.plain import NotPlainError, agree, decode, encode, to_plain
from autograder.kit.report.numbers import chosen, rows
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls

SOFTMAX = bank.exercises()["softmax"]


def report_on(function: object, exercise: str = "softmax", seconds: float = 5.0) -> Report:
    sheet = replace(bank.exercises()[exercise].sheet(), seconds=seconds)
    return judge(sheet, run_calls(function, sheet.calls, seconds))


class EqualsEverything:
    """Says yes to every comparison, and shows NumPy whatever it wants to see."""

    def __eq__(self, other: object) -> bool:
        return True

    def __array__(self, *args: object, **kwargs: object) -> np.ndarray:
        raise AssertionError("the judge asked a stranger for its numbers")

    __hash__ = None
    __float__ = __array__
    shape = ()


def in_an_array(value: object) -> np.ndarray:
    array = np.empty(1, dtype=object)
    array[0] = value
    return array


class LyingArray(np.ndarray):
    """An array whose conversions lie."""


class LyingFloat(float):
    """A float of its own making."""


@pytest.mark.parametrize(
    "value",
    [None, "0.5", EqualsEverything(), [EqualsEverything()], {"a": 1}, {1.0}, object, np.array(["a"]),
     np.array([1.0]).view(LyingArray), LyingFloat(1), in_an_array(EqualsEverything()),
     np.datetime64("2020-01-01"), 10**400, b"1", lambda: 1, (0.5 for _ in iter(int, 1))],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_only_plain_numbers_are_answers(value: object) -> None:
    with pytest.raises(NotPlainError):
        to_plain(value)
    report = report_on(lambda z: value)
    assert report.earned == 0
    assert report.results[0].shown.returned is None
    assert report.results[0].shown.error


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (1, np.array(1.0)), (True, np.array(True)), (0.5, np.array(0.5)), (np.float32(0.5), np.array(0.5)),
        (np.array(2.0), np.array(2.0)), ([1, 2.5], np.array([1, 2.5])), ((1, 2), np.array([1.0, 2.0])),
        ([[1], [2]], np.array([[1.0], [2.0]])), ([np.array([1.0]), [2]], np.array([[1.0], [2.0]])),
        (np.array([1, 2], dtype=object), np.array([1.0, 2.0])), ([], np.array([])),
        ((each / 2 for each in (1, 2)), np.array([0.5, 1.0])), (map(float, "12"), np.array([1.0, 2.0])),
        ((np.full(2, each) for each in (1, 2)), np.array([[1.0, 1.0], [2.0, 2.0]])), (range(3), np.array([0, 1, 2])),
        (iter(np.array([0.5, 1.0])), np.array([0.5, 1.0])),
        (((1, np.ones(each)) for each in (1, 2)), ((np.array(1), np.ones(1)), (np.array(1), np.ones(2)))),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_right_numbers_in_any_plain_form(value: object, plain: np.ndarray) -> None:
    assert agree(plain, to_plain(value))


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
        (np.array(1.0), np.array([1.0])),
        (np.array([1.0]), np.array(1.0)),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])),
        (np.array(1.0), np.array(1.0001)),
        (np.array(1.0, dtype=float), np.array(1.01, dtype=np.float32)),
        (np.array(0.0), np.array(np.nan)),
        (np.array(np.inf), np.array(1e300)),
        (np.array(1.0), np.array(1 + 1e-3j)),
        ((np.array(1.0), np.zeros(2)), (np.array(1.0), np.zeros(3))),
        ((np.array(1.0), np.zeros(2)), np.array(1.0)),
    ],
    ids=lambda value: str(value),
)
def test_other_numbers_or_shapes_do_not_agree(expected: object, given: object) -> None:
    assert not agree(expected, given)


@pytest.mark.parametrize(
    "value",
    [1, 1.5, True, "relu", None, np.inf, np.array([[1.0, np.nan]]), np.zeros((0, 3)), np.array([1, 2]),
     (1.0, np.ones(2)), [1.0, [2.0]], np.array([1 + 2j])],
    ids=repr,
)  # fmt: skip
def test_arguments_survive_encoding(value: object) -> None:
    again = decode(encode(value))
    assert encode(again) == encode(value) or repr(encode(again)) == repr(encode(value))
    if isinstance(value, np.ndarray):
        assert again.dtype == value.dtype
        np.testing.assert_array_equal(again, value)


def test_every_call_gets_arguments_of_its_own() -> None:
    def spoils(z: np.ndarray) -> np.ndarray:
        good = SOFTMAX.reference(z)
        z[...] = -1
        return good

    report = report_on(spoils)
    missed = [result.name for result in report.results if not result.passed]
    assert missed == ["leaves its argument as it was"]
    assert "The numbers are right" in report.text()


def test_what_warns_is_advice_and_costs_nothing() -> None:
    def warns(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    report = report_on(warns, "sigmoid")
    assert report.passed
    assert "overflow" in report.advice[0]


def test_what_is_printed_is_shown_and_does_not_reach_the_terminal(capsys: pytest.CaptureFixture) -> None:
    def prints(z: np.ndarray) -> np.ndarray:
        print("shape", z.shape)
        return SOFTMAX.reference(z)

    report = report_on(prints)
    assert capsys.readouterr().out == ""
    assert "shape (3,)" in report.text()
    assert report.passed


def test_an_endless_loop_ends_in_time_and_says_so() -> None:
    def loops(z: np.ndarray) -> np.ndarray:
        while True:
            pass

    start = time.monotonic()
    report = report_on(loops, seconds=0.3)
    assert time.monotonic() - start < 3
    assert report.earned == 0
    assert "It was not done when its 0.3 seconds were over." in report.text()


@pytest.mark.parametrize(
    "raised", [SystemExit(0), ZeroDivisionError(), RecursionError("deep"), Exception("x<b>")]
)
def test_whatever_is_raised_becomes_a_sentence(raised: BaseException) -> None:
    def raises(z: np.ndarray) -> np.ndarray:
        raise raised

    report = report_on(raises)
    assert report.earned == 0
    assert type(raised).__name__ in report.text()
    assert "x<b>" not in report.html()


def test_interrupting_the_kernel_still_interrupts() -> None:
    def interrupted(z: np.ndarray) -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_on(interrupted)


def test_a_report_tells_call_expected_given_and_shape() -> None:
    report = report_on(lambda z: np.asarray(z)[..., :1])
    text = report.text()
    assert "softmax(np.array([" in text
    assert "expected  [" in text
    assert "returned  [" in text
    assert "expected shape (3,), returned shape (1,)" in text


def test_a_hidden_case_shows_no_numbers() -> None:
    sheet = SOFTMAX.sheet(np.random.default_rng(9))
    report = judge(sheet, run_calls(lambda z: z, sheet.calls, 5), show_numbers=False)
    assert all(result.shown is None for result in report.results)
    assert "np.array" not in report.text() + report.html()


def test_partly_right_earns_part_with_reasons() -> None:
    report = report_on(lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))))
    assert 0 < report.earned < report.points
    assert report.to_json()["earned"] == report.earned
    assert [r["passed"] for r in report.to_json()["sub_checks"]].count(False) >= 1


def test_the_plain_form_of_a_report_is_a_bare_number() -> None:
    bundle = report_on(lambda z: np.zeros(3))._repr_mimebundle_()
    assert bundle["text/plain"] == "0.0"
    assert float(bundle["text/plain"]) == 0
    assert "softmax" in bundle["text/html"]


def test_a_missing_outcome_is_refused() -> None:
    sheet = SOFTMAX.sheet()
    with pytest.raises(ValueError, match="outcomes came back"):
        judge(sheet, [Outcome(value=np.zeros(3))])


def test_half_written_functions_are_not_called_unwritten() -> None:
    def half(z: np.ndarray) -> np.ndarray:
        if np.ndim(z) == 1:
            return z - np.max(z)
        raise NotImplementedError

    report = report_on(half, "shift_logits")
    assert report.written
    assert 0 < report.earned < report.points
    assert "This case is not written yet" in report.text()


def test_long_doubles_are_answers_and_can_be_sent() -> None:
    for value in (np.ones(3, np.longdouble), np.longdouble(1), [np.clongdouble(1j)]):
        plain = to_plain(value)
        assert plain.dtype in (np.float64, np.complex128)
        json.dumps(encode(plain))


class Pair(NamedTuple):
    """What a careful student returns."""

    q: float
    f: float


class LyingList(list):
    """A list that says it is another one."""

    def __iter__(self):
        return iter([1.0, 2.0])

    def __len__(self) -> int:
        return 2


def test_a_namedtuple_is_a_tuple_and_no_sequence_speaks_for_itself() -> None:
    assert agree(np.array([1.0, 2.0]), to_plain(Pair(1, 2)))
    assert agree((np.array(1.0), np.ones(2)), to_plain(Pair(1, np.ones(2))))  # type: ignore[arg-type]
    assert agree(np.array([5.0, 6.0, 7.0]), to_plain(LyingList([5, 6, 7])))


def test_a_hidden_case_repeats_no_words_of_a_warning() -> None:
    def tells(x: np.ndarray) -> np.ndarray:
        warnings.warn(f"secret {x!r}", stacklevel=1)
        warnings.warn("secret", type("Secret", (UserWarning,), {}), stacklevel=1)
        return np.log(np.zeros(1))

    sheet = bank.exercises()["relu"].sheet()
    outcomes = run_calls(tells, sheet.calls, 5)
    hidden = " ".join(judge(sheet, outcomes, show_numbers=False).advice)
    assert "ecret" not in hidden
    assert "divide" not in hidden
    assert "NumPy warned (RuntimeWarning)" in hidden
    shown = judge(sheet, outcomes).advice
    assert [text for text in shown if "secret" in text and "NumPy" in text] == []
    assert any("secret" in text for text in shown)


@pytest.mark.parametrize(
    "form", [lambda x: np.array([[x]]), lambda x: np.array([x]), lambda x: [x], np.matrix]
)
def test_a_single_number_counts_in_every_form_where_only_numbers_are_asked(form: object) -> None:
    reference = bank.exercises()["mean_squared_error"].reference
    assert report_on(lambda y, y_hat: form(reference(y, y_hat)), "mean_squared_error").passed


def test_where_shapes_are_asked_the_form_is_told() -> None:
    reference = bank.exercises()["sigmoid"].reference
    report = report_on(lambda x: np.atleast_1d(reference(x)), "sigmoid")
    assert not report.passed
    assert "asked for (), returned (1,)" in report.text() or "expected a single number" in report.text()


def test_a_matrix_counts_where_two_axes_are_asked() -> None:
    reference = bank.exercises()["elementwise_jacobian"].reference
    assert report_on(lambda *args: np.matrix(reference(*args)), "elementwise_jacobian").passed


def test_tuples_lists_and_arrays_stand_for_each_other() -> None:
    reference = bank.exercises()["two_paths"].reference
    for form in (list, tuple, np.array, iter):
        assert report_on(lambda x, y, form=form: form(reference(x, y)), "two_paths").passed


def test_an_endless_generator_ends_in_time() -> None:
    def answer(x: float, y: float) -> Iterator[float]:
        while True:
            pass
        yield x

    sheet = bank.exercises()["two_paths"].sheet()
    outcomes = run_calls(answer, sheet.calls, 0.2)
    assert {each.ended for each in outcomes} == {Ended.OUT_OF_TIME}


def test_a_slip_is_not_named_where_it_is_right() -> None:
    """Changed in place, with right numbers: no slip that is right in the same calls may be named."""

    def in_place(x: np.ndarray) -> np.ndarray:
        if np.ndim(x) == 0:
            return max(x, 0.0)
        x[x < 0] = 0
        return x

    report = report_on(in_place, "relu")
    (missed,) = (result for result in report.results if not result.passed)
    assert missed.name.startswith("leaves")
    assert missed.sentence.startswith("The numbers are right")


def test_a_slip_that_divides_by_a_rounding_error_is_named_on_every_processor() -> None:
    """What is left of 1 - sigmoid(40) differs in its last digit, and 1 over it in its first."""
    exercise = bank.exercises()["sigmoid_cross_entropy_delta"]

    def another_processors(z: np.ndarray, y: np.ndarray) -> np.ndarray:
        found = np.asarray(exercise.slips["gradient_at_the_output"][1](z, y), dtype=float)
        return np.where(np.abs(found) > BEYOND, found * 1.07, found)

    report = report_on(another_processors, "sigmoid_cross_entropy_delta")
    assert {each.misconception for each in report.results if not each.passed} == {"gradient_at_the_output"}


def test_a_relation_under_a_part_is_true_of_the_call_that_is_shown() -> None:
    def doubled(z: np.ndarray) -> np.ndarray:
        return (
            np.exp(z - np.max(z))
            / np.sum(np.exp(z - np.max(z)), axis=-1, keepdims=True)
            * (1 + (np.ndim(z) == 2))
        )

    report = report_on(doubled)
    batch = report.results[1]
    assert batch.relation == "one_factor"
    assert np.allclose(batch.shown.returned, 2 * batch.shown.expected)


def test_a_report_is_short_and_marks_what_differs_by_more_than_colour() -> None:
    """Eight rows are shown, those that differ before others; the rest is folded."""
    right = np.zeros((30, 3))
    wrong = right.copy()
    wrong[20:] = 1
    first, rest = chosen(rows(right, wrong))
    assert (len(first), len(rest)) == (8, 22)
    assert all(row.differs for row in first)
    html = report_on(lambda z: np.asarray(z) * 0).html()
    assert '<mark title="differs"><b><u>0</u></b></mark>' in html


def test_an_error_names_the_innermost_line_of_the_students_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a recursion without an end one line is read, and not a thousand."""
    text = "def again(x):\n    return again(x) + 1\ndef calls(x):\n    return np.linalg.inv(x)"
    monkeypatch.setitem(linecache.cache, "<answer>", (len(text), None, text.splitlines(True), "<answer>"))
    names: dict[str, Any] = {"np": np}
    exec(compile(text, "<answer>", "exec"), names)
    read: list[int] = []
    getline = linecache.getline
    monkeypatch.setattr(linecache, "getline", lambda *args: read.append(args[1]) or getline(*args))
    (deep,) = run_calls(names["again"], [[1.0]], 5)
    assert deep.raised == "RecursionError"
    assert deep.detail.endswith("in line 2 of the code: `return again(x) + 1`")
    assert read == [2]
    (singular,) = run_calls(names["calls"], [[encode(np.zeros((2, 2)))]], 5)
    assert singular.detail == "LinAlgError: Singular matrix, in line 4 of the code: `return np.linalg.inv(x)`"
