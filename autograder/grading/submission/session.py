"""Runs one submission's steps in a sandbox, whatever the submission does to its own process."""

import base64
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.errors import GoneError, TamperedError
from autograder.grading.sandbox.inside.channel import LateError
from autograder.grading.sandbox.inside.walls import Limits
from autograder.grading.sandbox.process import Sandbox, SubmissionProcess
from autograder.grading.submission.plan import Graded, Step
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.sheet import Sheet

GRADED, CRASHED, TIMED_OUT, OUT_OF_MEMORY = "graded", "crashed", "timed out", "out of memory"
UNREADABLE, TAMPERED, NOT_SUBMITTED = "unreadable", "tampered with", "not submitted"
STATUSES = (GRADED, CRASHED, TIMED_OUT, OUT_OF_MEMORY, UNREADABLE, TAMPERED, NOT_SUBMITTED)

# How much longer than its own limit a step may take before its process is ended from outside.
GRACE_SECONDS = 2.0
# A process that ended is begun again without the step that ended it, so often.
MOST_STARTS = 12
# What is said of an exercise that was never asked, by whether the time ran out.
NOT_REACHED = {
    True: (Ended.OUT_OF_TIME, "the time for the whole notebook was over before"),
    False: (Ended.CRASHED, "the notebook's process was ended too often before"),
}
# What a cell that the grader ended shows as the name of its error.
NAMES = {Ended.OUT_OF_TIME: "TimeLimitError", Ended.OUT_OF_MEMORY: "MemoryError", Ended.CRASHED: "Crashed"}
# The most characters of outputs that are kept of a cell and of a notebook; inside the sandbox less is allowed, but
# who lives there can lift that.
MOST_OF_CELL, MOST_OF_NOTEBOOK = 600_000, 1_500_000


@dataclass(frozen=True)
class Budget:
    """What a submission may use: seconds for a cell, seconds in all, and the sandbox's limits."""

    cell_seconds: float = 30.0
    notebook_seconds: float = 180.0
    limits: Limits = field(default_factory=Limits)


@dataclass
class Run:
    """What came of a submission's steps: outcomes by exercise, None where there is no such function.

    `status` is the first thing that went wrong, `notes` say each.
    """

    outcomes: dict[str, list[Outcome] | None] = field(default_factory=dict)
    status: str = GRADED
    notes: list[str] = field(default_factory=list)

    def mark(self, status: str, note: str) -> None:
        """Remembers that something went wrong."""
        if self.status == GRADED or status == TAMPERED:
            self.status = status
        if note not in self.notes:
            self.notes.append(note)


def run(
    sandbox: Sandbox,
    graded: list[Graded],
    steps: Sequence[Step],
    sheets: dict[str, Sheet],
    files: dict[str, bytes],
    budget: Budget,
) -> Run:
    """Runs the steps. Cells' outputs are put into `graded`.

    A process that crashes, hangs or takes too much is ended; another repeats the cells before, leaves out the step
    that did it, and goes on, as long as the notebook's time lasts.
    """
    return _Session(sandbox, graded, steps, sheets, files, budget).run()


class _Session:
    def __init__(
        self,
        sandbox: Sandbox,
        graded: list[Graded],
        steps: Sequence[Step],
        sheets: dict[str, Sheet],
        files: dict[str, bytes],
        budget: Budget,
    ) -> None:
        self.sandbox, self.graded, self.steps, self.sheets, self.budget = (
            sandbox,
            graded,
            steps,
            sheets,
            budget,
        )
        self.files = {name: base64.b64encode(data).decode() for name, data in files.items()}
        self.found = Run()
        self.left_out: set[Step] = set()
        self.shown: set[Step] = set()
        self.left = MOST_OF_NOTEBOOK

    def run(self) -> Run:
        self.end = time.monotonic() + self.budget.notebook_seconds
        for _ in range(MOST_STARTS):
            if self._attempt():
                break
        else:
            self.found.mark(
                CRASHED, f"It was begun {MOST_STARTS} times, and each time its process was ended."
            )
        for step in self.steps:
            if step.exercise and step.exercise not in self.found.outcomes:
                self._give_up(step, *NOT_REACHED[self.found.status == TIMED_OUT])
        if self.found.status == TAMPERED:
            self.found.outcomes = {
                step.exercise: self._all(
                    step.exercise, Ended.TAMPERED, "the submission tampered with the grader"
                )
                for step in self.steps
                if step.exercise
            }
        return self.found

    def _attempt(self) -> bool:
        """One process: as many steps as it survives. Says whether nothing is left to do."""
        with self.sandbox.submission(self.budget.limits) as cell:
            if self.files:
                self._step(cell, None, {"files": self.files}, 10)
            for step in self.steps:
                if step in self.left_out or (step.exercise and step.exercise in self.found.outcomes):
                    continue
                left = self.end - time.monotonic()
                if left <= 0:
                    self.found.mark(
                        TIMED_OUT,
                        f"The notebook took more than {self.budget.notebook_seconds:g} seconds in all.",
                    )
                    return True
                done = self._ask(cell, step, left) if step.exercise else self._run_cell(cell, step, left)
                if not done:
                    return self.found.status == TAMPERED
        return True

    def _run_cell(self, cell: SubmissionProcess, step: Step, left: float) -> bool:
        seconds = min(self.budget.cell_seconds, left)
        answer = self._step(cell, step, {"run": self.graded[step.place].source, "seconds": seconds}, seconds)
        if answer is None:
            return False
        if answer.get("ended") == Ended.OUT_OF_TIME:
            self.found.mark(TIMED_OUT, f"Cell {step.place + 1} took more than {seconds:.3g} seconds.")
        elif answer.get("ended") == Ended.OUT_OF_MEMORY:
            self.found.mark(OUT_OF_MEMORY, f"Cell {step.place + 1} asked for more memory than there is.")
        if step not in self.shown:
            self.shown.add(step)
            kept = plain_outputs(answer.get("outputs"), min(MOST_OF_CELL, self.left))
            self.left -= sum(map(_length, kept))
            self.graded[step.place].outputs = kept
        return True

    def _ask(self, cell: SubmissionProcess, step: Step, left: float) -> bool:
        assert step.exercise is not None
        sheet = self.sheets[step.exercise]
        seconds = min(sheet.seconds, left)
        answer = self._step(
            cell, step, {"ask": step.exercise, "calls": sheet.calls, "seconds": seconds}, seconds
        )
        if answer is None:
            return False
        if answer.get("missing") is True:
            self.found.outcomes[step.exercise] = None
            return True
        try:
            outcomes = [Outcome.from_json(each) for each in answer["outcomes"]]
            if len(outcomes) != len(sheet.calls):
                raise ValueError("the number of outcomes")
        except Exception:  # whatever a forged answer leads to
            self._tampered()
            return False
        self.found.outcomes[step.exercise] = outcomes
        ends = {outcome.ended for outcome in outcomes}
        if Ended.OUT_OF_TIME in ends:
            self.found.mark(TIMED_OUT, f"{step.exercise} took more than {seconds:.3g} seconds.")
        if Ended.OUT_OF_MEMORY in ends:
            self.found.mark(OUT_OF_MEMORY, f"{step.exercise} asked for more memory than there is.")
        return True

    def _step(
        self, cell: SubmissionProcess, step: Step | None, message: dict[str, Any], seconds: float
    ) -> dict[str, Any] | None:
        """The answer, or None where there is none: then the step is left out from now on, and why is written down."""
        try:
            return cell.ask(message, seconds + GRACE_SECONDS)
        except TamperedError:
            self._tampered()
        except LateError:
            self._lost(step, TIMED_OUT, Ended.OUT_OF_TIME, f"did not end within {seconds:.3g} seconds")
        except GoneError:
            if cell.end()["ended"] == "memory":
                self._lost(step, OUT_OF_MEMORY, Ended.OUT_OF_MEMORY, "took more memory than there is")
            else:
                self._lost(step, CRASHED, Ended.CRASHED, "ended the whole process")
        return None

    def _lost(self, step: Step | None, status: str, ended: Ended, what: str) -> None:
        who = "The notebook" if step is None else step.exercise or f"Cell {step.place + 1}"
        self.found.mark(status, f"{who} {what}.")
        if step is None:
            self.files = {}
        elif step.exercise:
            self._give_up(step, ended, f"{step.exercise} {what}")
        else:
            self.left_out.add(step)
            text = f"The grader ended this cell: it {what}."
            self.graded[step.place].outputs = [error_output(NAMES[ended], text)]

    def _tampered(self) -> None:
        self.found.mark(
            TAMPERED, "Something in the notebook wrote into the grader's own channel; nothing of it counts."
        )

    def _give_up(self, step: Step, ended: Ended, detail: str) -> None:
        assert step.exercise is not None
        self.found.outcomes[step.exercise] = self._all(step.exercise, ended, detail)

    def _all(self, exercise: str, ended: Ended, detail: str) -> list[Outcome]:
        return [Outcome(ended=ended, detail=detail)] * len(self.sheets[exercise].calls)


def error_output(name: str, text: str) -> dict[str, Any]:
    """An error, as a cell's output."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}


_FIELDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "stream": {"name": lambda each: each in ("stdout", "stderr"), "text": lambda each: isinstance(each, str)},
    "error": {
        "ename": lambda each: isinstance(each, str),
        "evalue": lambda each: isinstance(each, str),
        "traceback": lambda each: isinstance(each, list) and all(isinstance(line, str) for line in each),
    },
    "display_data": {"data": lambda each: _is_data(each)},
    "execute_result": {"data": lambda each: _is_data(each)},
}
MIMES = ("text/plain", "text/html", "image/png", "image/jpeg", "image/svg+xml", "text/latex", "text/markdown")


def _is_data(data: Any) -> bool:
    return isinstance(data, dict) and all(isinstance(value, str) for value in data.values())


def _length(output: dict[str, Any]) -> int:
    return len(json.dumps(output))


def plain_outputs(outputs: Any, most: int) -> list[dict[str, Any]]:
    """The outputs that have nbformat's form, `most` characters of them; what goes beyond is dropped, and that said."""
    kept: list[dict[str, Any]] = []
    for output in outputs if isinstance(outputs, list) else []:
        fields = _FIELDS.get(output.get("output_type", "")) if isinstance(output, dict) else None
        if not fields or not all(name in output and right(output[name]) for name, right in fields.items()):
            continue
        made = {"output_type": output["output_type"]} | {name: output[name] for name in fields}
        if "data" in made:
            made["data"] = {mime: value for mime, value in made["data"].items() if mime in MIMES}
            made["metadata"] = {}
        if made["output_type"] == "execute_result":
            made["execution_count"] = None
        most -= _length(made)
        if most < 0:
            return [
                *kept,
                {"output_type": "stream", "name": "stdout", "text": "\n[The grader cut the rest.]\n"},
            ]
        kept.append(made)
    return kept
