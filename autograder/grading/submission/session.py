"""Runs one submission's steps in a sandbox, whatever the submission does to its own process."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.grading.errors import GoneError, TamperedError
from autograder.grading.sandbox.inside.channel import LateError
from autograder.grading.sandbox.inside.walls import Limits
from autograder.grading.sandbox.process import Sandbox, SubmissionProcess
from autograder.grading.submission.plan import Graded, Step
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.run import changed_places
from autograder.kit.sheet import Sheet
from autograder.kit.time_limit import on_the_wall

GRADED, CRASHED, TIMED_OUT, OUT_OF_MEMORY = "graded", "crashed", "timed out", "out of memory"
UNREADABLE, TAMPERED, NOT_SUBMITTED = "unreadable", "tampered with", "not submitted"
# What could not be listed or written: it is tried again by the next run.
NOT_GRADED = "not graded"
STATUSES = (GRADED, CRASHED, TIMED_OUT, OUT_OF_MEMORY, UNREADABLE, TAMPERED, NOT_SUBMITTED)

# How much longer than its own limit a step may take before its process is ended from outside: seconds on the wall, and
# of processor.
GRACE_SECONDS, GRACE_OF_PROCESSOR = 2.0, 0.5
# What the wall's clock ended was at work if it had used this share of its seconds of processor; else it only waited.
AT_WORK = 0.1
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
MOST_OF_CELL, MOST_OF_NOTEBOOK, MOST_OUTPUTS = 600_000, 1_500_000, 200
# The longest right answer of the course has 70 numbers. An exercise's answers together fit the longest message.
MOST_NUMBERS = 20_000


@dataclass(frozen=True)
class Budget:
    """What a submission may use: seconds of processor for a cell and in all, and the sandbox's limits.

    Behind each stands a limit on the wall's clock, for code that waits: see `on_the_wall`. `patience` says how many
    times as long a cell or an exercise may take; the whole notebook gets no longer for that.
    """

    cell_seconds: float = 30.0
    notebook_seconds: float = 180.0
    limits: Limits = field(default_factory=Limits)
    patience: int = 1


@dataclass
class Run:
    """What came of a submission's steps: outcomes by exercise, None where there is no such function.

    `status` is the first thing that went wrong, `notes` say each. `waited` says that a clock on the wall ended
    something that had time left on the processor, `worked` that it was at work then, and did not only wait.
    """

    outcomes: dict[str, list[Outcome] | None] = field(default_factory=dict)
    status: str = GRADED
    notes: list[str] = field(default_factory=list)
    waited: bool = False
    worked: bool = False

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
    own: frozenset[int] = frozenset(),
) -> Run:
    """Runs the steps. Cells' outputs are put into `graded`; `own` are the places of the lesson's own cells.

    A process that crashes, hangs or takes too much is ended; another repeats the cells before, leaves out the step
    that did it, and goes on, as long as the notebook's time lasts.
    """
    return _Session(sandbox, graded, steps, sheets, files, budget, own).run()


class _Session:
    def __init__(
        self,
        sandbox: Sandbox,
        graded: list[Graded],
        steps: Sequence[Step],
        sheets: dict[str, Sheet],
        files: dict[str, bytes],
        budget: Budget,
        own: frozenset[int],
    ) -> None:
        self.own = own
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
        self.hidden: set[Step] = set()
        self.left = MOST_OF_NOTEBOOK
        self.used = 0.0

    def run(self) -> Run:
        self.end = time.monotonic() + on_the_wall(self.budget.notebook_seconds)
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
        elif self.hidden:
            self._show_hidden()
        return self.found

    @contextmanager
    def _process(self) -> Iterator[SubmissionProcess]:
        """A fresh process; what it used of the processor is counted."""
        left = self.budget.notebook_seconds - self.used
        with self.sandbox.submission(replace(self.budget.limits, cpu_seconds=left)) as cell:
            try:
                yield cell
            finally:
                self.used += cell.end()["cpu"]

    def _attempt(self) -> bool:
        """One process: as many steps as it survives. Says whether nothing is left to do."""
        with self._process() as cell:
            self.asked = False
            if self.files:
                self._step(cell, None, {"files": self.files}, 10)
            for step in self.steps:
                if step in self.left_out or (step.exercise and step.exercise in self.found.outcomes):
                    continue
                if self._time_is_up():
                    return True
                done = self._ask(cell, step) if step.exercise else self._run_cell(cell, step)
                if not done:
                    break
            else:
                return True
        return self.found.status == TAMPERED or self._time_is_up()

    def _time_is_up(self) -> bool:
        late = time.monotonic() > self.end
        if late or self.used >= self.budget.notebook_seconds:
            self.found.waited |= late and self.used < self.budget.notebook_seconds
            self.found.mark(
                TIMED_OUT, f"The notebook took more than {self.budget.notebook_seconds:g} seconds in all."
            )
            return True
        return False

    def _run_cell(self, cell: SubmissionProcess, step: Step) -> bool:
        seconds = self.budget.cell_seconds
        answer = self._step(cell, step, {"run": self.graded[step.place].source}, seconds)
        if answer is None:
            return False
        kept = self._outputs(answer)
        if kept is None:
            return False
        if answer.get("ended") == Ended.OUT_OF_TIME:
            self.found.mark(TIMED_OUT, f"Cell {step.place + 1} took more than {seconds:.3g} seconds.")
        elif answer.get("ended") == Ended.OUT_OF_MEMORY:
            self.found.mark(OUT_OF_MEMORY, f"Cell {step.place + 1} asked for more memory than there is.")
        if step in self.shown:
            return True
        if (
            self.asked and kept and step.place in self.own
        ):  # a picture of the lesson's, which nobody waits for
            self._keep(step, [])
        elif self.asked and kept:
            self.hidden.add(step)
        else:
            self._keep(step, kept)
        return True

    def _outputs(self, answer: dict[str, Any]) -> list[dict[str, Any]] | None:
        """A cell's outputs, None where they have no form that the sandbox would send."""
        try:
            return plain_outputs(answer.get("outputs"), min(MOST_OF_CELL, max(self.left, 0)))
        except Exception:  # whatever a forged answer leads to
            self._tampered()
            return None

    def _keep(self, step: Step, outputs: list[dict[str, Any]]) -> None:
        self.shown.add(step)
        self.left -= sum(map(_length, outputs))
        self.graded[step.place].outputs = outputs

    def _show_hidden(self) -> None:
        """What cells showed after a hidden case was asked might tell of it. So they run again, where none is asked."""
        last = max(step.place for step in self.hidden)
        found, self.found, self.shown = self.found, Run(), self.shown - self.hidden
        with self._process() as cell:
            self.asked = False
            if self.files:
                self._step(cell, None, {"files": self.files}, 10)
            for step in self.steps:
                if step.exercise or step in self.left_out or step.place > last:
                    continue
                if self.used >= self.budget.notebook_seconds or not self._run_cell(cell, step):
                    break
        for step in self.hidden - self.shown:
            text = "The grader does not show what this cell showed."
            self.graded[step.place].outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
        self.found = found

    def _ask(self, cell: SubmissionProcess, step: Step) -> bool:
        assert step.exercise is not None
        sheet = self.sheets[step.exercise]
        self.asked = True
        answer = self._step(cell, step, {"ask": step.exercise, "calls": sheet.calls}, sheet.seconds)
        if answer is None:
            return False
        if answer.get("missing") is True:
            self.found.outcomes[step.exercise] = None
            return True
        try:
            outcomes = [_outcome(*each) for each in zip(sheet.calls, answer["outcomes"], strict=True)]
        except Exception:  # whatever a forged answer leads to
            self._tampered()
            return False
        self.found.outcomes[step.exercise] = outcomes
        ends = [outcome.ended for outcome in outcomes]
        if Ended.OUT_OF_TIME in ends:
            done = len(ends) - ends.count(Ended.OUT_OF_TIME)
            self.found.mark(
                TIMED_OUT,
                f"{step.exercise} took more than {sheet.seconds:.3g} seconds: "
                f"{done} of {len(outcomes)} calls were done.",
            )
        if Ended.OUT_OF_MEMORY in ends:
            self.found.mark(OUT_OF_MEMORY, f"{step.exercise} asked for more memory than there is.")
        return True

    def _step(
        self, cell: SubmissionProcess, step: Step | None, message: dict[str, Any], seconds: float
    ) -> dict[str, Any] | None:
        """The answer, or None where there is none: then the step is left out from now on, and why is written down."""
        wall = max(min(self.budget.patience * on_the_wall(seconds), self.end - time.monotonic()), 0.1)
        try:
            cell.allow(seconds + GRACE_OF_PROCESSOR)
            answer = cell.ask(message | {"seconds": seconds, "wall": wall}, wall + GRACE_SECONDS)
            if isinstance(used := answer.get("waited"), float):
                self.found.waited = True
                self.found.worked |= used > AT_WORK * seconds
            return answer
        except TamperedError:
            self._tampered()
        except LateError:
            self.found.waited = True
            self._lost(step, TIMED_OUT, Ended.OUT_OF_TIME, f"did not end within {seconds:.3g} seconds")
        except GoneError:
            how = cell.end()
            if self.used + how["cpu"] < self.budget.notebook_seconds:
                self._lost(step, *_ENDS.get(how["ended"], _CRASHED), seconds=seconds)
        return None

    def _lost(self, step: Step | None, status: str, ended: Ended, what: str, seconds: float = 0) -> None:
        what = what.format(seconds=f"{seconds:.3g}")
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


def _outcome(arguments: list[Any], data: dict[str, Any]) -> Outcome:
    """What came of a call. Whether it changed an argument is seen here, from the arguments that were sent back."""
    after = data.pop("after", None)
    got = Outcome.from_json(data)
    if _size(got.value) > MOST_NUMBERS:
        return Outcome(ended=Ended.NO_NUMBERS, detail="it returned far more numbers than asked for")
    if after is None and got.ended is Ended.OUT_OF_TIME:  # it was not called any more
        return replace(got, changed=())
    return replace(got, changed=changed_places(arguments, after))


def _size(plain: Any) -> int:
    """How much there is of an answer: its numbers; a tuple and an empty array count as one each."""
    return 1 + sum(map(_size, plain)) if type(plain) is tuple else max(1, np.size(plain))


# What is said of a step whose process ended, by how it did.
_ENDS = {
    "memory": (OUT_OF_MEMORY, Ended.OUT_OF_MEMORY, "took more memory than there is"),
    "time": (TIMED_OUT, Ended.OUT_OF_TIME, "did not end within {seconds} seconds"),
}
_CRASHED = (CRASHED, Ended.CRASHED, "ended the whole process")


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
    """A cell's outputs in nbformat's form, `most` characters of them; what goes beyond is dropped, and that said.

    A ValueError or the like where they are not what the sandbox sends.
    """
    kept: list[dict[str, Any]] = []
    if not isinstance(outputs, list) or len(outputs) > MOST_OUTPUTS:
        raise ValueError("no list of outputs")
    for output in outputs:
        fields = _FIELDS[output["output_type"]]
        if not all(right(output[name]) for name, right in fields.items()):
            raise ValueError("no output has this form")
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
