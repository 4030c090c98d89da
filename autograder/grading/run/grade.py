"""`grade CLASS`: from the folder `submitted` to gradebook, autograded notebooks, feedback pages and the class table."""

import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from autograder.bank.grade import fresh_seed
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import MasterError
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.due import handed_in_at, read_due
from autograder.grading.intake.origins import Origins
from autograder.grading.intake.roster import read_roster
from autograder.grading.run import files
from autograder.grading.run.engine import Engine
from autograder.grading.run.files import GradingJournal, HandedIn, Record, RunInfo
from autograder.grading.run.worker import Task
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.reading import read_submission
from autograder.grading.submission.session import Budget
from autograder.grading.submission.verdict import Verdict, seed_of

if TYPE_CHECKING:
    from nbgrader.api import SubmittedAssignment

    from autograder.grading.gradebook.late import LatePenalties
    from autograder.grading.gradebook.writing import ClassGradebook

# What is graded is made last after so many submissions or seconds, whichever comes first.
BATCH, BATCH_SECONDS = 10, 2.0


@dataclass(frozen=True)
class Options:
    """What `grade` was asked for. An empty list of lessons or students means all."""

    directory: Path
    db: str | None = None
    lessons: list[str] = field(default_factory=list)
    students: list[str] = field(default_factory=list)
    seed: int | None = None
    per_student: bool = False
    regrade: bool = False
    dry_run: bool = False
    walled: bool = True
    scheduler: str | None = None
    workers: int | None = None
    budget: Budget = field(default_factory=Budget)
    packages: list[str] = field(default_factory=list)

    @property
    def folder(self) -> ClassFolder:
        """The class folder, with its gradebook."""
        return ClassFolder(self.directory, self.db)


@dataclass(frozen=True)
class Change:
    """How a submission's points differ from what the gradebook has; `before` is None where it has none."""

    student: str
    lesson: str
    before: float | None
    after: float
    why: tuple[str, ...]


class Grading:
    """One run over a class folder. `todo` is what will be graded, `odd` says of every folder that is none why."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.journal = GradingJournal(options.directory)
        self.run = self._run()
        self.masters: dict[str, Master] = {}
        self.odd: list[str] = []
        self.changes: list[Change] = []
        self.roster = read_roster(options.directory)
        self.due, self.origins = read_due(options.directory), Origins(options.directory)
        self.book: ClassGradebook | None = None
        self.late: LatePenalties | None = None
        self.adjustments = read_adjustments(options.directory)
        self.shares: dict[str, float] = {}
        self.before: dict[tuple[str, str], dict[str, float | None]] = {}
        self.handed_in = list(files.handed_in(options.directory, options.lessons, options.students))
        self.todo = [each for each in self.handed_in if not self._seems_done(each)]

    def __enter__(self) -> "Grading":
        """Opens the gradebook and reads the master copies; only then `todo` is certain."""
        from autograder.grading.gradebook.late import LatePenalties
        from autograder.grading.gradebook.writing import (
            ClassGradebook,  # nbgrader: workers start while it is imported
        )

        options = self.options
        new = options.db is None and not options.folder.gradebook.exists()
        if not (options.dry_run and new):
            config = options.folder.config()
            self.late = LatePenalties(config, options.directory)
            self.book = ClassGradebook(options.folder.url, config, options.directory)
            self.before = self.book.scores()
            if self.roster and not options.dry_run:
                self.book.add_people(self.roster)
        self.todo = [
            each
            for each in self.handed_in
            if self._master(each.lesson) and not (self._seems_done(each) and each.key in self.before)
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.book:
            self.book.close()

    def _run(self) -> RunInfo:
        """The run that was broken off, if it is the one asked for, or a new one."""
        options, last = self.options, self.journal.last
        if last and not last.finished and not options.dry_run:
            same_seed = options.seed is None or options.seed == last.seed
            if same_seed and options.per_student in (False, last.per_student):
                return RunInfo(last.run, last.seed, last.per_student, last.regrade or options.regrade)
        seed = fresh_seed() if options.seed is None else options.seed
        return RunInfo(secrets.token_hex(6), seed, options.per_student, options.regrade)

    def _master(self, lesson: str) -> Master | None:
        if lesson not in self.masters:
            try:
                self.masters[lesson] = read_master(self.options.directory, lesson)
            except MasterError as fault:
                if str(fault) not in self.odd:
                    self.odd.append(str(fault))
                return None
        return self.masters[lesson]

    def _seems_done(self, each: HandedIn) -> bool:
        """Whether these very files were graded already, by this run if it grades all anew, as far as files tell."""
        entry = self.journal.entries.get(each.key)
        if entry is None or entry.digest != each.digest:
            return False
        kept = self.options.folder.graded(each.student, each.lesson)
        return kept.exists() and (not self.run.regrade or entry.run == self.run.run)

    def go(self, engine: Engine) -> Iterator[Verdict]:
        """Grades what is to do; each verdict comes when it is there, and is on disk a moment later."""
        if not self.options.dry_run:
            import nbformat

            assert self.book
            self.journal.begin(self.run)
            for lesson in {each.lesson for each in self.todo}:
                self.book.add_lesson(
                    lesson,
                    nbformat.read(self.options.folder.master(lesson), as_version=4),
                    self.masters[lesson],
                    self.adjustments.dropped(lesson),
                )
        waiting: list[tuple[Task, Verdict]] = []
        since = time.monotonic()
        try:
            for task, verdict in engine.grade(self._tasks()):
                self._compare(verdict)
                waiting.append((task, verdict))
                if len(waiting) >= BATCH or time.monotonic() - since > BATCH_SECONDS:
                    self._keep(waiting)
                    since = time.monotonic()
                yield verdict
        finally:
            self._keep(waiting)
        if not self.options.dry_run:
            self.run.finished = True
            self.journal.begin(self.run)

    def _tasks(self) -> Iterator[Task]:
        for each in self.todo:
            seed = seed_of(self.run.seed, each.student, self.run.per_student)
            handed_in = read_submission(each.folder, each.student, each.lesson)
            yield Task(self.masters[each.lesson], handed_in, seed, self.options.budget, self.options.walled)

    def _keep(self, waiting: list[tuple[Task, Verdict]]) -> None:
        """Writes notebooks, gradebook, feedback and journal, in that order, and empties the list."""
        if self.options.dry_run:
            waiting.clear()
        if not waiting:
            return
        assert self.book
        with uninterrupted():
            known = {each.key: each for each in self.todo}
            places = [known[verdict.student, verdict.lesson] for _, verdict in waiting]
            for (task, verdict), place in zip(waiting, places, strict=True):
                self._record(self.book, task, verdict, place)
            self.book.commit()
            self.adjustments.applied(self.shares)
            self.journal.add(
                [self._entry(verdict, place) for (_, verdict), place in zip(waiting, places, strict=True)]
            )
            waiting.clear()

    def _record(self, book: "ClassGradebook", task: Task, verdict: Verdict, place: HandedIn) -> None:
        from autograder.grading.feedback import folder
        from autograder.grading.feedback import pages as feedback

        directory = self.options.directory
        verdict.kept = files.write_autograded(
            directory, verdict, task.master, task.submission.files, place.folder
        )
        before = self.journal.entries.get(place.key)
        again = before is not None and before.digest == place.digest
        submission = book.record(verdict, self._handed_in_at(place), again)
        assert self.late
        if self.adjustments.all:
            self._adjust(book, submission, task.master)
        book.time(submission, self.due, self.late)
        page = feedback.page(verdict, task.master, book.book, submission, self.adjustments)
        folder.put(directory, verdict.student, verdict.lesson, page)

    def _adjust(self, book: "ClassGradebook", submission: "SubmittedAssignment", master: Master) -> None:
        most = {
            str(cell.grade_id).removesuffix("_check"): cell.points for cell in master.cells if cell.points
        }
        shares = book.adjust(submission.assignment, self.adjustments, most, submission.student.id)
        self.shares |= shares

    def _handed_in_at(self, place: HandedIn) -> datetime | None:
        return handed_in_at(place.folder, self.origins.of.get(place.key), self.due)

    def _entry(self, verdict: Verdict, place: HandedIn) -> Record:
        return Record(
            run=self.run.run,
            student=verdict.student,
            lesson=verdict.lesson,
            digest=place.digest,
            seed=verdict.seed,
            status=verdict.status,
            notes=verdict.notes,
            earned=verdict.earned,
            kept=verdict.kept,
            missed={name: _missed(report) for name, report in verdict.reports.items() if _missed(report)},
        )

    def _compare(self, verdict: Verdict) -> None:
        """Notes a submission whose points are not those in the gradebook, and why."""
        have = self.before.get((verdict.student, verdict.lesson))
        before = None if have is None else sum(have.get(name) or 0.0 for name in verdict.earned)
        if before is not None and abs(before - verdict.points) < 1e-9:
            return
        entry = self.journal.entries.get((verdict.student, verdict.lesson))
        self.changes.append(
            Change(verdict.student, verdict.lesson, before, verdict.points, _why(verdict, have or {}, entry))
        )


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Puts a Ctrl-C off to the end of the block, so that what is written is written whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _missed(report: dict[str, Any]) -> list[str]:
    return [f"{each['name']}: {each['message']}" for each in report["sub_checks"] if not each["passed"]]


def _why(verdict: Verdict, have: dict[str, float | None], entry: Record | None) -> tuple[str, ...]:
    """Check by check, what is lost now that was not, and what is no longer lost."""
    told = [f"{verdict.status}: {' '.join(verdict.notes)}"] if verdict.status != "graded" else []
    for name, earned in verdict.earned.items():
        before = have.get(name)
        if not have or (before is not None and abs(before - earned) < 1e-9):
            continue
        lost = _missed(verdict.reports[name]) if name in verdict.reports else []
        new = [each for each in lost if not entry or each not in entry.missed.get(name, [])]
        gone = [
            f"no longer: {each}" for each in (entry.missed.get(name, []) if entry else []) if each not in lost
        ]
        told.append(f"{name}: {before or 0:g} -> {earned:g}. {' '.join(dict.fromkeys(new + gone))}".strip())
    return tuple(told)
