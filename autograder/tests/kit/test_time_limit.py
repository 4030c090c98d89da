"""A time limit ends a student's loop, on Linux by an alarm and elsewhere by a thread; both are tried here."""

import contextlib
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from autograder import course
from autograder.kit import time_limit as module
from autograder.kit.outcome import Ended
from autograder.kit.plain import encode
from autograder.kit.run import run_calls
from autograder.kit.time_limit import VARIABLE, TimeLimitError, time_limit, way

BOTH = ["signal", "thread"] if hasattr(signal, "setitimer") else ["thread"]
on_both_ways = pytest.mark.parametrize("by", BOTH)


@pytest.fixture(autouse=True)
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the way that the test's parameter names."""
    if "by" in request.fixturenames:
        monkeypatch.setenv(VARIABLE, request.getfixturevalue("by"))
        assert way() == request.getfixturevalue("by")


def loop_for_ever() -> None:
    while True:
        pass


@on_both_ways
def test_an_endless_loop_ends(by: str) -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):
        loop_for_ever()


@on_both_ways
def test_no_except_exception_catches_it(by: str) -> None:
    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                loop_for_ever()

    with pytest.raises(TimeLimitError), time_limit(0.05):
        stubborn()


@on_both_ways
def test_a_bare_except_only_delays_it(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.05)
    swallowed = []

    def swallows_three() -> None:
        while True:
            try:
                loop_for_ever()
            except:  # noqa: E722 - what a student writes
                swallowed.append(1)
                if len(swallowed) == 3:
                    loop_for_ever()

    with pytest.raises(TimeLimitError), time_limit(0.05):
        swallows_three()
    assert len(swallowed) == 3


@on_both_ways
def test_what_is_done_in_time_is_left_alone_and_nothing_comes_after(by: str) -> None:
    """The short limit ends before, in or after the block's end; the outer `try` is where it must not arrive."""
    for turn in range(300):
        try:
            with time_limit(0.001 if turn % 2 else 60):
                sum(range(40 * turn))
        except TimeLimitError:
            assert turn % 2
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == "time limit"]


@on_both_ways
def test_limits_may_be_nested_and_the_outer_one_goes_on(by: str) -> None:
    def nested() -> None:
        for _ in range(3):
            with time_limit(60):
                sum(range(1000))
        with pytest.raises(TimeLimitError), time_limit(0.02):
            loop_for_ever()
        loop_for_ever()

    with pytest.raises(TimeLimitError), time_limit(0.2):
        nested()


def test_an_outer_limit_that_is_over_first_ends_the_inner_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "thread")
    with pytest.raises(TimeLimitError), time_limit(0.05), time_limit(600):
        loop_for_ever()


@on_both_ways
def test_the_function_of_an_exercise_is_stopped_and_says_so(by: str) -> None:
    def loops(z: np.ndarray) -> np.ndarray:
        while z is not None:
            pass
        return z

    (outcome,) = run_calls(loops, [{"tuple": [{"array": [1.0]}]}], 0.1)
    assert outcome.ended is Ended.OUT_OF_TIME
    assert "0.1 seconds" in outcome.detail


@on_both_ways
def test_a_kernel_that_was_stopped_goes_on(by: str) -> None:
    """In a process of its own, as a kernel is: after a limit, its main thread and its exit are as ever."""
    code = (
        "from autograder.kit.time_limit import time_limit, TimeLimitError\n"
        "try:\n    with time_limit(0.05):\n        while True: pass\n"
        "except TimeLimitError: print('stopped')\n"
        "import time; time.sleep(0.1); print('goes on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course.ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.split("\n"), done.stderr) == (["stopped", "goes on", ""], "")


def test_outside_the_main_thread_the_callers_limits_apply() -> None:
    ended: list[str] = []

    def work() -> None:
        with time_limit(0.001):
            time.sleep(0.01)
            ended.append(way())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == ["none"]


def test_windows_takes_the_thread_and_python_in_a_browser_the_interpreters_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert way() == "thread"
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert way() == "browser"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm")
def test_an_alarm_that_was_set_before_is_restored() -> None:
    handler, left = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        with time_limit(5):
            pass
        assert signal.getsignal(signal.SIGALRM) is handler
        assert 5 < signal.getitimer(signal.ITIMER_REAL)[0] <= 600
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)


@on_both_ways
def test_a_busy_machine_takes_no_time_from_a_function(by: str) -> None:
    """Waiting stands for a machine that is busy with other things: neither uses the processor here."""

    def slow(seconds: float) -> float:
        for _ in range(round(20 * seconds)):
            time.sleep(0.05)
        return seconds

    calls = [[encode(np.float64(0.4))]] * 3
    assert all(each.has_numbers for each in run_calls(slow, calls, seconds=0.3, wall=600))
    began = time.monotonic()
    late = run_calls(slow, [[encode(np.float64(600.0))], *calls], seconds=0.3, wall=0.5)
    assert [each.ended for each in late] == [Ended.OUT_OF_TIME] * 4, (
        "one that waits for ever ends all the same"
    )
    assert "0 of 4 calls were done" in late[-1].detail
    assert time.monotonic() - began < 500
