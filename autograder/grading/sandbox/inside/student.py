"""The process that runs one student's cells and functions. It is told questions, never answers.

It answers messages of the grader, one by one, until there are no more:

    {"files": {name: base64}}                                    -> {"done": n}
    {"run": source, "seconds": s}                                -> {"outputs": [...], "failed": name, "ended": how}
    {"ask": exercise, "calls": [...], "seconds": s}              -> {"outcomes": [...]} or {"missing": true}

Each message has an "id" that the answer repeats.
"""

import base64
import os
import socket
from pathlib import Path
from typing import Any

from autograder.grading.sandbox.inside import channel
from autograder.grading.sandbox.inside.shell import Shell
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.run import run_calls

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
    if "run" in message:
        return shell.run(message["run"], message["seconds"])
    function = shell.user_ns.get(message["ask"])
    if not callable(function):
        return {"missing": True}
    outcomes = run_calls(function, message["calls"], message["seconds"], interruptible=False)
    return {"outcomes": [_small(outcome) for outcome in outcomes]}


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
    return sum(map(_numbers, plain)) if type(plain) is tuple else plain.size
