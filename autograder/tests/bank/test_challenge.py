"""Lesson 10's challenge: what reaches the target and what does not, and that knowing the file of digits is no help."""

import json

import numpy as np
import pytest

from autograder.bank.lesson_10_training.challenge import challenge, larger_pixels, the_plain_run, trained
from autograder.kit import load_digits
from autograder.kit.judge import judge
from autograder.kit.judge.held_out import (
    MOST_NUMBERS,
    TARGET,
    is_a_network,
    network_fault,
    read_as,
    reads_held_out_pictures,
    split,
)
from autograder.kit.plain import encode, to_plain
from autograder.kit.run import run_calls

THE_TARGET = 1  # the place of the part


@pytest.fixture(scope="module")
def sheet():
    return challenge.sheet(np.random.default_rng(31))


def target_part(sheet, function):
    return judge(sheet, run_calls(function, sheet.calls, sheet.seconds)).results[THE_TARGET]


def held_out(function, numbers):
    found = []
    for number in numbers:
        each = split(number)
        net = to_plain(function(each.X.copy(), each.Y.copy(), np.random.default_rng(number)))
        found.append(np.mean(read_as(net, each.other_rows) == each.other_classes))
    return np.array(found)


def test_the_target_lies_far_from_both_sides():
    """In standard deviations of a mean of ten: luck decides for nobody."""
    numbers = range(500, 520)
    for function, side in ((the_plain_run, -1), (challenge.reference, 1), (larger_pixels, 1)):
        scores = held_out(function, numbers)
        assert side * (scores.mean() - TARGET) > 4 * scores.std() / np.sqrt(10), function.__name__


def test_a_split_shows_a_hundred_pictures_and_asks_about_all_others():
    each, other = split(3), split(4)
    assert each.X.shape == (100, 64)
    assert each.Y.sum(axis=0).tolist() == [10] * 10
    assert each.other_rows.shape == (1697, 64)
    assert each.X.max() == 0.16
    assert (
        len({row.tobytes() for row in each.X.round(2)} & {row.tobytes() for row in each.other_rows.round(2)})
        <= 1
    )
    assert np.any(each.X != other.X)


def test_what_the_students_process_gets_does_not_name_the_split(sheet):
    told = [call.told for check in sheet.sub_checks for call in check.calls]
    assert len(set(told)) == 12
    assert not any(str(number) in json.dumps(sheet.calls) for number in told)


def test_a_network_prepared_on_the_whole_file_does_not_reach_it(sheet):
    pixels, labels = load_digits()
    prepared = trained(
        pixels * 0.16, np.eye(10)[labels], [64, 32, 10], np.random.default_rng(1), "xavier", 0.5, 10, 10
    )
    assert np.mean(read_as(to_plain(prepared), pixels * 0.16) == labels) > 0.95
    assert not target_part(sheet, lambda X, Y, rng: prepared).passed


def test_the_rows_of_a_split_are_not_found_in_the_file():
    pixels, _ = load_digits()
    known = {row.tobytes() for row in (pixels * 0.16).round(2)}
    assert not any(row.tobytes() in known for row in split(8).X.round(2))


def test_a_network_for_one_split_does_not_read_the_others(sheet):
    kept = []

    def first_one(X, Y, rng):
        kept.append(kept[0] if kept else larger_pixels(X, Y, rng))
        return kept[-1]

    assert not target_part(sheet, first_one).passed


def test_neither_labels_nor_the_rows_themselves_are_a_network(sheet):
    for value in (
        lambda X, Y, rng: Y,
        lambda X, Y, rng: Y.argmax(axis=1),
        lambda X, Y, rng: ([X.T], [np.zeros(100)]),
        lambda X, Y, rng: ([X.T, Y], [np.zeros(100)]),
    ):
        assert judge(sheet, run_calls(value, sheet.calls, sheet.seconds)).earned == 0


def test_learning_the_rows_by_heart_is_not_enough(sheet):
    """The nearest of the hundred pictures, as a network: it knows its own rows, and reads too few others."""

    def nearest(X, Y, rng):
        rows = X - X.mean(axis=0)
        return [40 * rows.T, Y], [-40 * rows @ X.mean(axis=0), np.zeros(10)]

    assert not target_part(sheet, nearest).passed


def test_the_largest_network_goes_through_every_channel():
    """What carries an answer cuts off what is longer: numbers with all their digits are about 22 characters each."""
    from autograder.grading.submission.session import MOST_NUMBERS as OF_THE_GRADER
    from autograder.kit.runner import MOST_CHARACTERS

    rng = np.random.default_rng(1)
    W, b = rng.normal(0, 1e-3, (MOST_NUMBERS - 10) // 10 * 10), rng.normal(0, 1, 10)
    assert len(json.dumps(encode([W, b]))) < MOST_CHARACTERS
    assert OF_THE_GRADER > 2 * MOST_NUMBERS


def test_what_is_wrong_with_a_network_is_said():
    good = [np.zeros((64, 3)), np.zeros((3, 10))], [np.zeros(3), np.zeros(10)]
    assert is_a_network((np.zeros((2, 64)),), to_plain(good)) is None
    for weights, biases, words in (
        ([good[0][0].T, good[0][1]], good[1], "do not fit"),
        (good[0], [np.zeros(3)], "as many arrays"),
        (good[0][:1], good[1][:1], "ten outputs"),
        ([np.full((64, 3), np.nan), good[0][1]], good[1], "finite"),
        ([np.zeros(64), good[0][1]], good[1], "table"),
        (
            [np.zeros((64, 200)), np.zeros((200, 10))],
            [np.zeros(200), np.zeros(10)],
            "15010 numbers, and 8000",
        ),
        ([np.zeros((64, 100)), np.zeros((100, 10))], [np.zeros(100), np.zeros(10)], None),
        ([np.zeros((64, 0)), np.zeros((0, 10))], [np.zeros(0), np.zeros(10)], None),
    ):
        fault = network_fault(to_plain((weights, biases)), 64)
        assert fault is None if words is None else words in (fault or "")


def test_a_network_whose_numbers_overflow_reads_nothing():
    huge = to_plain(([np.full((64, 10), 1e308)], [np.full(10, 1e308)]))
    assert network_fault(huge, 64) is None
    assert np.all(read_as(huge, np.ones((3, 64))) == -1)
    each = split(5)
    sentence = reads_held_out_pictures([(each.X, each.Y, None, 5)], [huge])
    assert sentence is not None
    assert "0.0, a mean" in sentence
