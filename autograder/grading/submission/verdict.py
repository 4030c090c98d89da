"""One submission graded: from what was handed in to points, reasons and the notebook to keep.

No student's code runs in this process.
"""

import copy
import functools
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import bank
from autograder.grading.sandbox.process import Sandbox
from autograder.grading.submission import sanitise, session
from autograder.grading.submission.master import Master
from autograder.grading.submission.needs import needed
from autograder.grading.submission.plan import Graded, combine, steps
from autograder.grading.submission.reading import Submission
from autograder.grading.submission.session import Budget
from autograder.kit.judge import judge
from autograder.kit.outcome import Ended, Outcome
from autograder.kit.report.report import Report
from autograder.kit.sheet import Sheet
from autograder.kit.uses import mend_first, used_in

# The cell of the kept notebook that says what there is to say on the submission as a whole.
NOTE_ID = "grader-note"


@dataclass
class Verdict:
    """What one submission came to. `earned` and `reports` are by the check cells' grade ids.

    `waited` says that a clock on the wall ended something that had time left on the processor: a busy machine may have
    done that, most of all where it `worked` meanwhile. `written` says of each of the master's solution cells whether
    the student changed it. `cells` is the notebook to keep, in nbformat's form.
    """

    student: str
    lesson: str
    status: str
    seed: int
    notes: list[str] = field(default_factory=list)
    earned: dict[str, float] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, bool] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    waited: bool = False
    worked: bool = False

    @property
    def points(self) -> float:
        """The points of all checks."""
        return sum(self.earned.values())

    def score(self, grade_id: str) -> float | None:
        """A check's points; of a question for a person 0 if nothing was written, else None: it waits."""
        if grade_id in self.earned:
            return self.earned[grade_id]
        return None if self.written.get(grade_id) else 0.0

    def comment(self, grade_id: str) -> str | None:
        """What is said of an answer that nobody wrote."""
        return None if self.written.get(grade_id) else "No response."


@dataclass
class Given:
    """What the gradebook has for a submission beyond its verdict: scores and comments by the cell's grade id, where
    people may have given them; whether it was late; the points that it loses for that.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late: bool = False
    penalty: float = 0.0


def seed_of(seed: int, student: str, per_student: bool) -> int:
    """The seed of a student's cases: the run's own, or one for each student, the same whenever the run's is."""
    return (seed ^ zlib.crc32(student.encode())) if per_student else seed


@functools.lru_cache(maxsize=256)
def fresh_sheet(exercise: str, seed: int) -> Sheet:
    """An exercise's questions and answers with numbers drawn from the seed."""
    return bank.exercises()[exercise].sheet(np.random.default_rng(seed))


def grade_submission(
    sandbox: Sandbox, master: Master, handed_in: Submission, seed: int, budget: Budget | None = None
) -> Verdict:
    """Grades one submission in the sandbox, with fresh cases from `seed`."""
    started = time.monotonic()
    verdict = Verdict(handed_in.student, handed_in.lesson, session.GRADED, seed, list(handed_in.notes))
    if handed_in.unreadable is not None:
        verdict.status = session.UNREADABLE
        verdict.notes = [sentence(handed_in.unreadable)]
        graded = combine(master, [], [])
        sheets, outcomes = {}, {}
    else:
        graded = combine(master, handed_in.cells, verdict.notes)
        plan = steps(graded, needed(graded, master))
        sheets = {step.exercise: fresh_sheet(step.exercise, seed) for step in plan if step.exercise}
        own = frozenset(place for place, cell in enumerate(graded) if cell.source.strip() in master.texts)
        run = session.run(sandbox, graded, plan, sheets, handed_in.files, budget or Budget(), own)
        verdict.status, outcomes = run.status, run.outcomes
        verdict.waited, verdict.worked = run.waited, run.worked
        verdict.notes += run.notes
    if sheets:
        _report(verdict, graded, sheets, outcomes)
    for cell in graded:
        if cell.master and cell.exercise and not sheets:
            verdict.earned[str(cell.master.grade_id)] = 0.0
            cell.outputs = [session.error_output("NotGraded", f"Not graded. {verdict.notes[0]}")]
        elif cell.master and cell.master.is_solution:
            verdict.written[str(cell.master.grade_id)] = (
                bool(cell.pictures) or cell.source.strip() != cell.master.source.strip()
            )
    verdict.cells = _cells(verdict, graded, master)
    verdict.seconds = time.monotonic() - started
    return verdict


def _cells(verdict: Verdict, graded: list[Graded], master: Master) -> list[dict[str, Any]]:
    """The notebook to keep; what the grader has to say on the submission as a whole stands first."""
    cells = [kept(place, cell, master) for place, cell in enumerate(graded)]
    if verdict.notes or verdict.status != session.GRADED:
        lines = [
            f"**The grader's note: {verdict.status}.**",
            *(f"- {sanitise.markdown(note)}" for note in verdict.notes),
        ]
        note = {"cell_type": "markdown", "id": NOTE_ID, "metadata": {}, "source": "\n".join(lines)}
        cells.insert(0, note)
    return cells


def sentence(text: str) -> str:
    """A text with a capital at its beginning and one full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _report(
    verdict: Verdict,
    graded: list[Graded],
    sheets: dict[str, Sheet],
    outcomes: dict[str, list[Outcome] | None],
) -> None:
    """The reports on all exercises, as their check cells' outputs and as data."""
    checks = [(cell, cell.master, sheets[cell.exercise]) for cell in graded if cell.master and cell.exercise]
    reports = [_judged(verdict, sheet, outcomes.get(sheet.exercise)) for _, _, sheet in checks]
    written = [cell.source for cell in graded if cell.kind == "code" and not cell.exercise]
    uses = used_in(written, [report.exercise for report in reports])
    for (cell, master, sheet), judged in zip(checks, reports, strict=True):
        report = mend_first(judged, reports, uses)
        # The master copy may give a check other points than the bank does.
        earned = round(report.earned * (master.points / sheet.points), 6)
        verdict.earned[str(master.grade_id)] = earned
        data = report.to_json() | {"earned": earned, "points": master.points}
        verdict.reports[str(master.grade_id)] = data
        cell.outputs = [_report_output(report, earned)]


def _judged(verdict: Verdict, sheet: Sheet, outcomes: list[Outcome] | None) -> Report:
    """The report on one exercise."""
    answered = outcomes or [Outcome(ended=Ended.MISSING)] * len(sheet.calls)
    try:
        return judge(sheet, answered, show_numbers=False)
    except Exception as fault:  # one exercise's matter, whatever it is
        verdict.notes.append(
            f"What {sheet.exercise} returned could not be judged, which is a defect of the grader "
            f"({type(fault).__name__}): a person has to look at it."
        )
        return judge(sheet, [Outcome(ended=Ended.NO_NUMBERS)] * len(sheet.calls), show_numbers=False)


def _report_output(report: Report, earned: float) -> dict[str, Any]:
    """nbgrader reads the points from the bare number, people the reasons from the page."""
    data = {"text/html": report.html(), "text/plain": str(float(earned))}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}


def kept(place: int, cell: Graded, master: Master) -> dict[str, Any]:
    """A cell as it is kept, in nbformat's form. What is the student's own text or output is made harmless."""
    metadata = copy.deepcopy(cell.master.metadata) if cell.master else {}
    source = cell.source
    if source.strip() not in master.texts:
        source = sanitise.code(source) if cell.kind == "code" else sanitise.markdown(source)
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{place}",
        "metadata": metadata,
        "source": source,
    }
    if cell.kind == "markdown" and cell.pictures:
        made["attachments"] = cell.pictures
    if cell.kind == "code":
        outputs = cell.outputs if cell.exercise else sanitise.outputs(cell.outputs)
        made |= {"execution_count": None, "outputs": outputs}
    return made
