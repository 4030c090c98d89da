"""The limit on the processor's time: loops end in every thread, waiting and a busy machine are no fault."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from autograder.kit import processor_limit
from autograder.kit.processor_limit import WaitedError, run_within
from autograder.kit.time_limit import TimeLimitError


def in_a_thread(call: Callable[[], Any]) -> Any:
    """What `call()` returns or raises, run beside the main thread, as a slider's move is."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as raised:
            found.append(raised)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def here(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except BaseException as raised:
        return raised


everywhere = pytest.mark.parametrize("where", [here, in_a_thread])


def endless() -> None:
    while True: pass  # noqa: E701  # fmt: skip


def deaf() -> None:
    while True:
        try:
            while True:  # within the `try`, for the error comes where a loop begins again
                sum(range(100))
        except:  # noqa: E722
            if sys.exc_info()[0] is not TimeLimitError:
                raise
            heard.append(1)
            if len(heard) > 2:
                raise


heard: list[int] = []


@everywhere
def test_a_loop_without_end_is_ended(where: Callable[..., Any]) -> None:
    assert type(where(lambda: run_within(endless, 0.1, 600))) is TimeLimitError


@everywhere
def test_one_that_swallows_the_error_hears_it_again(
    where: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor_limit, "AGAIN", 0.05)
    heard.clear()
    for _ in range(20):  # the error may come between the loop and its `try`, where nothing swallows it
        assert type(where(lambda: run_within(deaf, 0.05, 600))) is TimeLimitError
        if heard:
            break
    assert heard


@everywhere
def test_time_that_others_took_does_not_count(where: Callable[..., Any]) -> None:
    """On a busy machine a function waits, too: it is given the processor rarely."""

    def waits() -> str:
        for _ in range(10):
            time.sleep(0.05)
        return "done"

    assert where(lambda: run_within(waits, 0.2, 600)) == "done"


@everywhere
def test_waiting_without_end_is_ended_and_called_waiting(where: Callable[..., Any]) -> None:
    def waits() -> None:
        while True:
            time.sleep(0.01)

    assert type(where(lambda: run_within(waits, 600, 0.2))) is WaitedError


@everywhere
def test_nothing_is_traced_and_nothing_is_left(where: Callable[..., Any]) -> None:
    assert where(lambda: run_within(sys.gettrace, 1, 600)) is sys.gettrace()
    for _ in range(200):
        assert where(lambda: run_within(lambda: 1, 1, 600)) == 1
    assert not [
        thread for thread in threading.enumerate() if thread.name == "processor limit" and in_use(thread)
    ]


def in_use(thread: threading.Thread) -> bool:
    """Whether a watcher is still there after it was given the time to go."""
    thread.join(60)
    return thread.is_alive()


@everywhere
def test_what_the_code_raises_comes_through(where: Callable[..., Any]) -> None:
    assert type(where(lambda: run_within(lambda: 1 / 0, 1, 600))) is ZeroDivisionError


def test_where_the_system_tells_no_threads_time_that_of_all_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows."""
    monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)
    assert type(in_a_thread(lambda: run_within(endless, 0.1, 600))) is TimeLimitError
