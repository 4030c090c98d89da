"""Writes what came of submissions, many at a time: notebooks and pages, the gradebook, the journal, in that order."""

import functools
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import InterfaceError, OperationalError

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradebookError, GradeFault
from autograder.grading.feedback import pages as feedback
from autograder.grading.feedback.folder import put
from autograder.grading.gradebook.adjustments import Adjustments
from autograder.grading.gradebook.due import DueDates, handed_in_at
from autograder.grading.gradebook.late import LatePenalties
from autograder.grading.gradebook.regrade_requests import Requests, read_requests
from autograder.grading.gradebook.rows import ToRecord
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.intake.origins import Origins
from autograder.grading.run import files
from autograder.grading.run.files import GradingJournal, HandedIn, Record, missed
from autograder.grading.run.worker import Product, Task
from autograder.grading.submission.verdict import Given


@dataclass(frozen=True)
class Done:
    """A submission that was graded: where it lies, what was asked, what came of it."""

    place: HandedIn
    task: Task
    product: Product


@dataclass
class Keeper:
    """What is written of one run. `failed` says of whom nothing could be written, and why."""

    group: ClassFolder
    journal: GradingJournal
    book: ClassGradebook
    run: str
    due: DueDates
    origins: Origins
    late: LatePenalties
    adjustments: Adjustments
    failed: dict[tuple[str, str], str] = field(default_factory=dict)

    @functools.cached_property
    def _requests(self) -> Requests:
        return read_requests(self.group.path)

    def keep(self, batch: list[Done]) -> None:
        """Writes a batch. What cannot be written of one submission is its own matter, and the others are written.

        A GradeFault where nothing can be written any more; the next run then goes on.
        """
        with uninterrupted():
            recorded = self._record([each for each in batch if self._files_written(each)])
            self.journal.add([self._entry(each) for each in recorded])

    def _files_written(self, each: Done) -> bool:
        try:
            files.write_graded(self.group, each.place, each.product, each.task.submission.files)
        except OSError as fault:
            if fault.errno in files.EVERYBODYS:
                raise files.cannot_write(fault) from None
            self._fail(each, fault.strerror or type(fault).__name__)
            return False
        return True

    def _fail(self, each: Done, why: str) -> None:
        self.failed[each.place.key] = (
            f"What came of it could not be written: {why}. The next `grade` tries again."
        )

    def _record(self, batch: list[Done]) -> list[Done]:
        """Those that are in the gradebook now: all at once, and where that fails one by one."""
        if not batch:
            return []
        try:
            given = self.book.record([self._to_record(each) for each in batch])
            self.book.keep_shares(self._adjust(batch, given))
            self.book.commit()
            for each in batch:
                self._page_with(each, given[each.place.key])
        except (OperationalError, InterfaceError) as fault:  # full, read-only, locked, gone
            self.book.forget()
            raise GradebookError(
                f"the gradebook cannot be written ({str(fault.orig).splitlines()[0]}): put that right, then the same "
                "command goes on; nothing that was graded before is lost"
            ) from None
        except OSError as fault:
            raise files.cannot_write(fault) from None
        except GradeFault:  # the class's own plugin
            self.book.forget()
            raise
        except Exception as fault:
            self.book.forget()
            if len(batch) == 1:
                self._fail(batch[0], f"{type(fault).__name__}")
                return []
            return [recorded for each in batch for recorded in self._record([each])]
        return batch

    def _to_record(self, each: Done) -> ToRecord:
        before = self.journal.entries.get(each.place.key)
        again = before is not None and before.digest == each.place.digest
        student, lesson = each.place.key
        moment = handed_in_at(each.place.folder, self.origins.of.get(each.place.key), self.due)
        extension = self.due.extension(lesson, student)
        return ToRecord(each.product.verdict, moment, again, lesson in self.due.lessons, extension)

    def _adjust(self, batch: list[Done], given: dict[tuple[str, str], Given]) -> dict[str, float]:
        """Lets the instructor's adjustments give and the class's plugin for late submissions take their points."""
        shares: dict[str, float] = {}
        for each in batch:
            late = given[each.place.key].late
            if late or self.adjustments.all:
                submission = self.book.book.find_submission(each.place.lesson, each.place.student)
                if self.adjustments.all:
                    cells = [cell for cell in each.task.master.cells if cell.points]
                    most = {str(cell.grade_id).removesuffix("_check"): cell.points for cell in cells}
                    shares |= self.book.adjust(
                        submission.assignment, self.adjustments, most, each.place.student
                    )
                if late:
                    self.book.time(submission, self.due, self.late)
                given[each.place.key] = self.book.given(submission)
        return shares

    def _page_with(self, each: Done, given: Given) -> None:
        """The page anew, where the gradebook has more to say than the verdict."""
        if given.scores or given.comments or given.penalty:
            cells = json.loads(each.product.notebook)["cells"]
            decided = self.adjustments, self._requests
            page = feedback.page(each.product.verdict, each.task.master, cells, given, *decided)
            put(self.group.path, *each.place.key, page)

    def _entry(self, each: Done) -> Record:
        verdict = each.product.verdict
        lost = {name: missed(report) for name, report in verdict.reports.items()}
        return Record(
            run=self.run,
            student=verdict.student,
            lesson=verdict.lesson,
            digest=each.place.digest,
            seed=verdict.seed,
            status=verdict.status,
            notes=verdict.notes,
            earned=verdict.earned,
            kept=files.digest(each.product.notebook),
            missed={name: each for name, each in lost.items() if each},
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
