"""The bank as a specification: every slip is caught by its own sentence, and nothing trivial earns a point."""

import json

import numpy as np
import pytest

from autograder import bank
from autograder.bank.exercise import Exercise
from autograder.bank.slip_answers import SlipAnswers
from autograder.build.fresh import fresh, stale_parts
from autograder.kit.judge import judge
from autograder.kit.plain import decode, encode, to_answer
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls
from autograder.kit.sheet import Sheet
from autograder.tests.bank.sheets import seeds_of, sheet_of

EXERCISES = bank.exercises()
each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
each_slip = pytest.mark.parametrize(
    ("exercise", "slip"),
    [pytest.param(e, s, id=f"{e.name}-{s}") for e in EXERCISES.values() for s in e.slips],
)


def report_on(function: object, sheet: Sheet) -> Report:
    return judge(sheet, run_calls(function, sheet.calls, sheet.seconds))


@each_slip
def test_a_misconception_loses_points_with_its_own_sentence(exercise: Exercise, slip: str) -> None:
    sentence, wrong = exercise.slips[slip]
    for seed in seeds_of(exercise):
        sheet = sheet_of(exercise, seed)
        outcomes = run_calls(wrong, sheet.calls, sheet.seconds)
        report = judge(sheet, outcomes)
        missed = [result for result in report.results if not result.passed]
        assert report.earned < report.points, f"seed {seed}: full points"
        assert slip in {result.misconception for result in missed}, f"seed {seed}: {report.text()}"
        assert sentence in report.text(), f"seed {seed}"
        assert sentence in judge(sheet, outcomes, show_numbers=False).text()


@each_exercise
def test_the_reference_has_full_points(exercise: Exercise) -> None:
    for seed in seeds_of(exercise):
        report = report_on(exercise.reference, sheet_of(exercise, seed))
        assert report.passed, f"seed {seed}: {report.text()}"
        assert report.earned == exercise.points == sheet_of(exercise, seed).points


TRIVIAL = {
    "nothing": lambda *args: None,
    "zero": lambda *args: 0.0,
    "one": lambda *args: 1.0,
    "half": lambda *args: 0.5,
    "first argument": lambda *args: args[0],
    "last argument": lambda *args: args[-1],
    "minus the last": lambda *args: -np.asarray(args[-1], float),
    "zeros": lambda *args: np.zeros(np.shape(args[-1])),
    "ones": lambda *args: np.ones(np.shape(args[-1])),
    "halves": lambda *args: np.full(np.shape(args[-1]), 0.5),
    "zero matrix": lambda *args: np.zeros(2 * (np.size(args[-1]),)),
    "identity": lambda *args: np.eye(np.size(args[-1])),
    "nan": lambda *args: np.nan,
    "text": lambda *args: "1.0",
}


@pytest.mark.parametrize("trivial", TRIVIAL)
@each_exercise
def test_a_trivial_answer_earns_nothing(exercise: Exercise, trivial: str) -> None:
    for seed in seeds_of(exercise)[:2]:
        report = report_on(TRIVIAL[trivial], sheet_of(exercise, seed))
        assert report.earned == 0, report.text()


@each_exercise
def test_an_unwritten_function_earns_nothing_and_is_told_so(exercise: Exercise) -> None:
    def stub(*args: object) -> None:
        raise NotImplementedError

    report = report_on(stub, sheet_of(exercise, None))
    assert report.earned == 0
    assert not report.written
    assert "not written yet" in report.text()


@each_exercise
def test_every_sub_check_draws_its_numbers_anew(exercise: Exercise) -> None:
    one, other = sheet_of(exercise, 0), sheet_of(exercise, 1)
    assert len(one.sub_checks) >= 2
    for first, second in zip(one.sub_checks, other.sub_checks, strict=True):
        assert (first.name, first.points) == (second.name, second.points)
        drawn = [(a.arguments, b.arguments) for a, b in zip(first.calls, second.calls, strict=True)]
        assert any(json.dumps(a) != json.dumps(b) for a, b in drawn), f"{first.name} could be hard-coded"


@each_exercise
def test_no_part_has_the_same_answers_under_ten_seeds(exercise: Exercise) -> None:
    """The first two are drawn anyway, and nearly always tell."""
    drawn = seeds_of(exercise)
    assert not stale_parts(lambda seed: sheet_of(exercise, seed) if seed in drawn else fresh(exercise, seed))


@each_exercise
def test_the_fixed_cases_written_down_beforehand_do_not_pass_fresh_ones(exercise: Exercise) -> None:
    fixed = exercise.sheet()
    known = {}
    for call in (call for check in fixed.sub_checks for call in check.calls):
        arguments = decode(call.arguments)
        seen = json.dumps(encode(list(arguments)))  # of a generator a function sees no seed
        chosen = to_answer(exercise.reference(*arguments))
        known[seen] = chosen if call.expected is None else call.expected

    def looks_up(*args: object) -> object:
        return known.get(json.dumps(encode(list(args))))

    assert report_on(looks_up, fixed).earned >= exercise.points - 0.5
    assert report_on(looks_up, sheet_of(exercise, 1)).earned == 0


@each_exercise
def test_a_sheet_survives_being_written_down(exercise: Exercise) -> None:
    sheet = exercise.sheet()
    read = Sheet.from_json(exercise.name, json.loads(json.dumps(sheet.to_json())))
    assert read.calls == sheet.calls
    assert read.points == sheet.points
    for slip, (_, wrong) in exercise.slips.items():
        found = report_on(wrong, read)
        assert slip in {result.misconception for result in found.results}
        assert found.earned == report_on(wrong, sheet).earned


@each_exercise
def test_an_exercise_is_complete(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3
    assert all(len(hint) > 10 for hint in exercise.hints)
    assert exercise.difficulty in (1, 2, 3)
    assert 2 <= exercise.minutes <= 40
    # One slip may be there in two forms, a stable and a naive one: they share a sentence.
    sentences = {sentence for sentence, _ in exercise.slips.values()}
    assert len(sentences) >= 4
    assert all(sentence.strip().endswith((".", "!", "?", ")")) for sentence in sentences)


def test_every_lesson_has_five_to_eight_exercises_and_names_are_unique() -> None:
    from autograder import course

    for lesson in course.LESSONS:
        assert 5 <= len(bank.of_lesson(lesson.name)) <= 9, lesson.name
    assert sum(len(bank.of_lesson(lesson.name)) for lesson in course.LESSONS) == len(EXERCISES)


def test_a_slip_is_run_where_somebody_looks() -> None:
    """The parts in which it is told from an answer, and no other; its outcomes are those of a whole run."""
    exercise = EXERCISES["relu"]
    sheet = exercise.sheet(np.random.default_rng(3))
    asked: list[int] = []

    def wrong(x: object) -> float:
        asked.append(len(asked))
        return 7.0

    answers = SlipAnswers(wrong, sheet.sub_checks, 5)
    first, second = (len(check.calls) for check in sheet.sub_checks[:2])
    assert not asked
    assert len(answers[1]) == second == len(asked)
    assert [len(row) for row in answers[0:2]] == [first, second]
    assert len(asked) == first + second
    assert (
        [float(got.value) for row in answers for got in row] == [7.0] * len(sheet.calls) == [7.0] * len(asked)
    )
