"""The process that runs one student's cells and functions. It is told questions, never answers.

It answers messages of the grader, one by one, until there are no more:

    {"files": {name: base64}}                                    -> {"done": n}
    {"run": source, "seconds": s, "wall": w}                     -> {"outputs": [...], "failed": name, "ended": how}
    {"ask": exercise, "calls": [...], "seconds": s, "wall": w}   -> {"outcomes": [...]} or {"missing": true}

An outcome has `after` beside it, the call's arguments as they are then. Each message has an "id" that the answer
repeats. `seconds` are the processor's, `wall` (as many, where it is not there) those of a clock on the wall; an answer
has "waited" where the latter ended it: how many seconds of processor it had used by then.
"""

import base64
import os
import socket
import time
from pathlib import Path
from typing import Any

from autograder.grading.sandbox.inside import channel
from autograder.grading.sandbox.inside.clock import processor_limit
from autograder.grading.sandbox.inside.shell import Shell
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.run import run_calls
from autograder.kit.time_limit import TimeLimitError

WORK = Path("work")


def serve(connection: socket.socket, shell: Shell) -> None:
    """Answers messages until the grader closes the channel."""
    me = os.getpid()
    WORK.mkdir(exist_ok=True)
    os.chdir(WORK)
    shell.user_ns["_dh"][:] = [os.getcwd()]  # where `%cd -` leads back to
    while True:
        try:
            message = channel.receive(connection)
        except channel.ClosedChannelError:
            return
        answer = _answer(message, shell)
        if os.getpid() != me:  # a copy that the student's code made of this process
            os._exit(0)
        channel.send(connection, answer | {"id": message["id"]})


def _answer(message: dict[str, Any], shell: Shell) -> dict[str, Any]:
    if "files" in message:
        return {"done": _write(message["files"])}
    before = time.process_time()
    limit = processor_limit(message["seconds"])
    try:
        with limit:
            answer = _run(message, shell) if "run" in message else _ask(message, shell)
    except TimeLimitError:  # it rang between two lines of ours
        late = {"ended": Ended.OUT_OF_TIME.value}
        many = [late] * len(message.get("calls", ()))
        answer = (
            late | {"outputs": [], "failed": "TimeLimitError"} if "run" in message else {"outcomes": many}
        )
    used = time.process_time() - before
    return answer | ({"waited": used} if _late(answer) and not limit.rang else {})


def _late(answer: dict[str, Any]) -> bool:
    """Whether the time was up before all was done."""
    return Ended.OUT_OF_TIME in [each.get("ended") for each in (answer, *answer.get("outcomes", ()))]


def _run(message: dict[str, Any], shell: Shell) -> dict[str, Any]:
    return shell.run(message["run"], message.get("wall", message["seconds"]))


def _ask(message: dict[str, Any], shell: Shell) -> dict[str, Any]:
    function = shell.user_ns.get(message["ask"])
    if not callable(function):
        return {"missing": True}
    after: list[list[Any]] = []
    wall = message.get("wall", message["seconds"])
    outcomes = run_calls(function, message["calls"], wall, interruptible=False, seen=after.append, wall=wall)
    data = [_small(outcome) for outcome in outcomes]
    for each, arguments in zip(data, after, strict=False):
        each["after"] = arguments
    return {"outcomes": data}


def _write(files: dict[str, str]) -> int:
    """The files handed in beside the notebook. The grader has made sure of their names and sizes."""
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    return len(files)


# The longest right answer of the course has 70 numbers. An exercise's answers together fit the longest message.
MOST_NUMBERS = 20_000


def _small(outcome: Outcome) -> dict[str, Any]:
    if outcome.has_numbers and _numbers(outcome.value) > MOST_NUMBERS:
        detail = "it returned far more numbers than asked for"
        outcome = Outcome(ended=Ended.NO_NUMBERS, detail=detail, changed=outcome.changed)
    return outcome.to_json()


def _numbers(plain: Any) -> int:
    """How much there is of an answer: its numbers, and a tuple and an empty array count as one each."""
    return 1 + sum(map(_numbers, plain)) if type(plain) is tuple else max(1, plain.size)
