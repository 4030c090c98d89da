"""`grade CLASS`: from the folder `submitted` to gradebook, autograded notebooks, feedback pages and the class table."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from autograder.bank.grade import fresh_seed
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import MasterError
from autograder.grading.gradebook.adjustments import read_adjustments
from autograder.grading.gradebook.due import read_due
from autograder.grading.intake.origins import Origins
from autograder.grading.intake.roster import read_roster
from autograder.grading.run import files
from autograder.grading.run.engine import Engine
from autograder.grading.run.files import GradingJournal, HandedIn, Record, RunInfo, missed
from autograder.grading.run.worker import Product, Task, once_more
from autograder.grading.submission.master import Master, read_master
from autograder.grading.submission.reading import read_submission
from autograder.grading.submission.session import Budget
from autograder.grading.submission.verdict import Verdict, seed_of

if TYPE_CHECKING:
    from autograder.grading.gradebook.late import LatePenalties
    from autograder.grading.gradebook.writing import ClassGradebook
    from autograder.grading.run.keep import Done

# What is graded is made last after so many submissions or seconds, whichever comes first.
BATCH, BATCH_SECONDS = 60, 2.0
# So many are kept in memory while the gradebook is opened.
MOST_WAITING = 200


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
    """One run over a class folder. `likely` is what seems to do; as a block `todo` is what will be graded.

    `odd` says of every folder that is no submission why. `failed` says of submissions of which nothing could be read
    or written why; they have no entry in the journal.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        if not options.dry_run:
            files.need_to_write(options.folder)
        self.journal = GradingJournal(options.directory)
        self.run = self._run()
        self.masters: dict[str, Master] = {}
        listing = files.handed_in(options.directory, options.lessons, options.students)
        self.handed_in, self.unseen, self.odd = listing.found, listing.unseen, listing.odd
        self.failed: dict[tuple[str, str], str] = {}
        self.changes: list[Change] = []
        self.roster = read_roster(options.directory)
        self.due, self.origins = read_due(options.directory), Origins(options.directory)
        self.book: ClassGradebook | None = None
        self.late: LatePenalties | None = None
        self.adjustments = read_adjustments(options.directory)
        self.before: dict[tuple[str, str], dict[str, float | None]] = {}
        self.likely = [each for each in self.handed_in if not self._seems_done(each)]
        self.todo: list[HandedIn] = []

    def __enter__(self) -> "Grading":
        """Reads the master copies and begins to open the gradebook. What is certainly to do can be graded meanwhile."""
        known = {
            lesson for lesson in dict.fromkeys(each.lesson for each in self.handed_in) if self._master(lesson)
        }
        self.todo = [each for each in self.likely if each.lesson in known]
        self._opening = ThreadPoolExecutor(1).submit(self._open)
        if not self.todo:
            self._opened()
        return self

    def _open(self) -> "ClassGradebook | None":
        """The gradebook with the lessons in it; None where nothing is written and there is none."""
        import nbformat

        from autograder.grading.gradebook.late import LatePenalties
        from autograder.grading.gradebook.writing import ClassGradebook

        options = self.options
        if options.dry_run and options.db is None and not options.folder.gradebook.exists():
            return None
        config = options.folder.config()
        self.late = LatePenalties(config, options.directory)
        book = ClassGradebook(options.folder.url, config, options.directory)
        if not options.dry_run:
            book.add_people(self.roster or [])
            for lesson, master in self.masters.items():
                source = nbformat.read(options.folder.master(lesson), as_version=4)
                book.add_lesson(lesson, source, master, self.adjustments.dropped(lesson))
            book.set_due(self.due)
        book.leave_thread()
        return book

    def _opened(self) -> None:
        """Waits for the gradebook; what the journal has and it has not is to do, too."""
        if self.book is None:
            self.book = self._opening.result()
            self.before = self.book.scores() if self.book else {}
            doing = {each.key for each in self.todo}
            self.todo += [
                each
                for each in self.handed_in
                if each.lesson in self.masters and each.key not in self.before and each.key not in doing
            ]

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):  # what was raised first is told
            book = self.book or self._opening.result()
            if book:
                book.close()

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
        from autograder.grading.run.keep import Done  # nbgrader: workers start while it is imported

        waiting: list[Done] = []
        since = time.monotonic()
        known = {each.key: each for each in self.handed_in}
        try:
            for task, product in self._graded(engine):
                waiting.append(Done(known[product.verdict.student, product.verdict.lesson], task, product))
                late = len(waiting) >= BATCH or time.monotonic() - since > BATCH_SECONDS
                if late and (self._opening.done() or len(waiting) >= MOST_WAITING):
                    self._keep(waiting)
                    since = time.monotonic()
                yield product.verdict
        finally:
            self._keep(waiting)
        if not self.options.dry_run:
            self.run.finished = not self.failed
            self.journal.begin(self.run)

    def _graded(self, engine: Engine) -> Iterator[tuple[Task, Product]]:
        """What came of all that is to do. What a clock on the wall ended is graded again, alone, before it counts."""
        again: list[tuple[HandedIn, bool]] = []
        known = {each.key: each for each in self.handed_in}
        for task, product in engine.grade(self._task(each) for each in self._all_to_do()):
            if product.verdict.waited:
                again.append((known[product.verdict.student, product.verdict.lesson], product.verdict.worked))
            else:
                yield task, product
        for each, worked in again:
            yield from engine.grade([once_more(self._task(each), worked)])

    def _all_to_do(self) -> Iterator[HandedIn]:
        """What is certainly to do; then, once the gradebook is open, what it turns out not to have."""
        certain = len(self.todo)
        yield from self.todo[:certain]
        self._opened()
        yield from self.todo[certain:]

    def _task(self, each: HandedIn) -> Task:
        seed = seed_of(self.run.seed, each.student, self.run.per_student)
        handed_in = read_submission(each.folder, each.student, each.lesson)
        return Task(self.masters[each.lesson], handed_in, seed, self.options.budget, self.options.walled)

    def _keep(self, waiting: "list[Done]") -> None:
        """Writes what waits, if anything is written at all, and empties the list."""
        from autograder.grading.run.keep import Keeper

        self._opened()
        batch, waiting[:] = list(waiting), []
        for each in batch:
            self._compare(each.product.verdict)
        if batch and not self.options.dry_run:
            assert self.book
            assert self.late
            if self.journal.last != self.run:
                self.journal.begin(self.run)
            with_what = self.run.run, self.due, self.origins, self.late, self.adjustments, self.failed
            Keeper(self.options.folder, self.journal, self.book, *with_what).keep(batch)

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


def _why(verdict: Verdict, have: dict[str, float | None], entry: Record | None) -> tuple[str, ...]:
    """Check by check, what is lost now that was not, and what is no longer lost."""
    told = [f"{verdict.status}: {' '.join(verdict.notes)}"] if verdict.status != "graded" else []
    for name, earned in verdict.earned.items():
        before = have.get(name)
        if not have or (before is not None and abs(before - earned) < 1e-9):
            continue
        lost = missed(verdict.reports[name]) if name in verdict.reports else []
        new = [each for each in lost if not entry or each not in entry.missed.get(name, [])]
        gone = [
            f"no longer: {each}" for each in (entry.missed.get(name, []) if entry else []) if each not in lost
        ]
        told.append(f"{name}: {before or 0:g} -> {earned:g}. {' '.join(dict.fromkeys(new + gone))}".strip())
    return tuple(told)
