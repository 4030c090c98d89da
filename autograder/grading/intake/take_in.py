"""From what an LMS, nbgrader's exchange or a folder gives to a class folder's `submitted/STUDENT/LESSON/`."""

import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import NotUnderstoodError, RosterError, SourceError
from autograder.grading.intake.candidates import Candidate, answers_in, best, box, candidate
from autograder.grading.intake.filing import Handed, keep_aside, place
from autograder.grading.intake.layouts import Owner, of_exchange, of_folders, student_id
from autograder.grading.intake.origins import Origin, Origins
from autograder.grading.intake.people import AskError, People, Who
from autograder.grading.intake.report import IntakeReport, Problem, Taken
from autograder.grading.intake.roster import read_roster
from autograder.grading.intake.sources import LIMITS, Piece, arranged, open_source, read
from autograder.grading.intake.worksheet import Participant, read_worksheet
from autograder.grading.submission.beside import OF_EXCHANGE, SECRET, TIMESTAMP, small

SECRET_TEXT = re.compile(rb"[0-9A-Za-z_-]{16,200}")
# Shows how far it is with a list: gets the list and what is done with it, and passes it on.
Track = Callable[[list[Any], str], Iterable[Any]]


def intake(
    directory: Path,
    sources: Iterable[Path],
    lesson: str | None = None,
    dry_run: bool = False,
    track: Track = lambda items, what: items,
    who: dict[str, str] | None = None,
) -> IntakeReport:
    """Puts every submission found in `sources` into the class folder `directory`, and says what it did.

    `lesson` is the one all of them are of, where nothing else tells; `who` says whose a name in a source is, where
    the intake would ask. A source may be Moodle's grading worksheet, which tells who its numbers are and when they
    handed in. With `dry_run` nothing is written. What counts of several notebooks says `report.RULES`; what does not
    is kept in `submitted_before`. `track` is given lists and what is done with them, and passes them on, for a
    progress bar. A SourceError or RosterError says that `directory` is no class folder, or has a broken roster.
    """
    if not ClassFolder(directory).is_one:
        raise SourceError(
            f"{directory} is no class folder: make one with `python3 -m autograder class {directory}`"
        )
    report = IntakeReport()
    for name, student in (who or {}).items():
        if student_id(student) != student:
            raise SourceError(f"--as {name}={student}: {student!r} cannot be a student's folder")
    people = People(read_roster(directory), Origins(directory), who or {}, renamed=report.renamed)
    sheets, others = _worksheets(sources, report)
    people.worksheet = sheets
    for source in others:
        reader = _Reader(source, directory, lesson, people, report, dry_run)
        try:
            reader.take_in(track)
        except SourceError as fault:
            reader.problem("", str(fault))
    return report


def _worksheets(sources: Iterable[Path], report: IntakeReport) -> tuple[dict[str, Participant], list[Path]]:
    """What Moodle's worksheets among the sources say, by number; and the other sources."""
    sheets: dict[str, Participant] = {}
    others = []
    for source in sources:
        if source.suffix.lower() != ".csv" or not source.is_file():
            others.append(source)
            continue
        try:
            sheets |= read_worksheet(source)
        except RosterError as fault:
            report.problems.append(Problem(str(source), "", str(fault)))
    return sheets, others


File = tuple[Piece, Owner]


@dataclass
class _Student:
    """What one student has in a source: whose it is, the notebooks by lesson, the files beside, the exchange's own."""

    who: Who
    candidates: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    others: list[File] = field(default_factory=list)
    of_exchange: dict[tuple[tuple[str, ...], str], Piece] = field(default_factory=dict)


@dataclass
class _Reader:
    """Makes submissions of one source's files, and notes in `report` what it cannot make any of."""

    source: Path
    directory: Path
    told: str | None
    people: People
    report: IntakeReport
    dry_run: bool
    own_counts: bool = False
    one_box: bool = False

    def problem(self, what: object, why: str) -> None:
        self.report.problems.append(Problem(str(self.source), str(what), why))

    def take_in(self, track: Track) -> None:
        """Takes the source in; a SourceError says that it cannot be read at all."""
        if ClassFolder(self.source).is_one:
            raise SourceError("it is a class folder: name what was handed in, or its `submitted`")
        with tempfile.TemporaryDirectory() as work:
            contents = open_source(
                self.source, Path(work), lambda pieces: track(pieces, f"opening {self.source.name}")
            )
            for what, why in contents.refused:
                self.problem(what, why)
            files = self._files(contents.pieces)
            students = [
                self._read(who, files[who]) for who in track(list(files), f"reading {self.source.name}")
            ]
            lesson = self._box(students)
            for student in track(students, f"taking in {self.source.name}"):
                for handed, chosen in self._handed(student, lesson):
                    self._take(handed, chosen, lesson)

    def _files(self, pieces: list[Piece]) -> dict[Who, list[File]]:
        """The files by student, in the students' order."""
        if not pieces:
            self.problem("", "there is nothing in it")
        files = self._owned(pieces)
        known = self.people.all_of(owner for _, owner in files)
        found: dict[Who, list[File]] = defaultdict(list)
        asked: dict[str, list[Piece]] = defaultdict(list)
        for piece, owner in files:
            who = known[owner.label]
            if isinstance(who, AskError):
                asked[str(who)].append(piece)
            else:
                found[who].append((piece, owner))
        for why, those in asked.items():
            self.problem(_first_of(those), why)
        return dict(sorted(found.items(), key=lambda item: item[0].student))

    def _owned(self, pieces: list[Piece]) -> list[File]:
        layout, pieces = arranged(self.source, pieces)
        # A time or a secret that lies about in what an LMS gives was written by the student.
        self.own_counts = layout in (of_folders, of_exchange)
        self.one_box = not self.own_counts
        files = []
        for piece in pieces:
            try:
                files.append((piece, layout(piece.parts)))
            except NotUnderstoodError as fault:
                self.problem(piece, str(fault))
        return files

    def _read(self, who: Who, files: list[File]) -> _Student:
        """A student's files, the notebooks by lesson."""
        found = _Student(who)
        for piece, owner in _newest_attempts(files):
            name = owner.inside[-1]
            if name in OF_EXCHANGE:
                if self.own_counts and not piece.packed:
                    found.of_exchange[owner.inside[:-1], name] = piece
            elif not name.lower().endswith(".ipynb"):
                found.others.append((piece, owner))
            else:
                try:
                    read_in = candidate(piece, owner, self.told, self.directory)
                except NotUnderstoodError as fault:
                    self.problem(piece, str(fault))
                else:
                    found.candidates[read_in.lesson].append(read_in)
        return found

    def _box(self, students: list[_Student]) -> str | None:
        """The lesson that an LMS's archive is of; None for sources that hold several."""
        if not self.one_box:
            return None
        return box(each for student in students for those in student.candidates.values() for each in those)

    def _handed(self, student: _Student, lesson: str | None) -> Iterator[tuple[Handed, Candidate]]:
        """A student's submissions: for each lesson a notebook, and what lies beside it."""
        chosen = []
        for name in sorted(student.candidates):
            left = best(student.candidates[name])
            if len(left) == 1:
                chosen += left
                continue
            for each in left:
                self.problem(
                    each.piece, f"it is one of {len(left)} notebooks of {name} by this student: leave one"
                )
        beside = self._beside(chosen, student.others)
        for each in chosen:
            entry = (
                self.people.worksheet.get(each.owner.number or "") if each.owner.system == "moodle" else None
            )
            by_sheet = f"{entry.time:%Y-%m-%d %H:%M:%S} UTC" if entry and entry.time else None
            time = each.owner.time or by_sheet or _time(student.of_exchange.get((each.folder, TIMESTAMP)))
            secret = _secret(student.of_exchange.get((each.folder, SECRET)))
            notes = _notes(each, student.candidates[each.lesson])
            if lesson not in (None, each.lesson):
                notes = (f"it lay in the box of {lesson}", *notes)
            yield (
                Handed(
                    student.who.student, each.lesson, each.piece, beside[each.lesson], time, notes, secret
                ),
                each,
            )

    def _take(self, handed: Handed, chosen: Candidate, lesson: str | None) -> None:
        """Puts a submission into the class folder, or aside where what is there counts for more."""
        before = self.people.origins.of.get((handed.student, handed.lesson))
        try:
            self._ask_for_namesake(handed, chosen, before)
            why, notes = self._worse(handed, chosen, before, lesson)
            outcome = keep_aside(handed, self.directory, why, self.dry_run) if why else ""
            outcome = outcome or place(handed, self.directory, self.dry_run)
        except AskError as question:
            self.problem(handed.notebook, str(question))
        except OSError as fault:
            self.problem(
                handed.notebook, f"it could not be put into the class folder ({fault.strerror or fault})"
            )
        except ValueError as fault:
            self.problem(handed.notebook, f"it could not be put into the class folder ({fault})")
        else:
            row = Taken(handed.student, handed.lesson, str(handed.notebook), outcome, (*handed.notes, *notes))
            self.report.taken.append(row)
            if not why and not outcome.startswith("not taken"):
                self.people.origins.add([self._origin(handed, chosen.owner)], self.dry_run)

    def _ask_for_namesake(self, handed: Handed, chosen: Candidate, before: Origin | None) -> None:
        """In one assignment of Moodle's a person has one number: another is another person, or another assignment."""
        owner, sure = chosen.owner, self.people.all_of([chosen.owner])[chosen.owner.label]
        if owner.system != "moodle" or before is None or before.system != "moodle":
            return
        if isinstance(sure, Who) and not sure.sure and before.number != owner.number:
            raise AskError(
                f"is {owner.student} with Moodle's number {owner.number} the one whose {handed.lesson} is there, with "
                f"the number {before.number}? Then say --as '{owner.label}={handed.student}', else give another name, "
                "or the assignment's grading worksheet as a source"
            )

    def _worse(
        self, handed: Handed, chosen: Candidate, before: Origin | None, lesson: str | None
    ) -> tuple[str, tuple[str, ...]]:
        """Why what is there already counts for more, if it does; and what else there is to say."""
        there = ClassFolder(self.directory).handed_in(handed.student, handed.lesson)
        if not there.is_dir():
            return "", ()
        have = answers_in(there, handed.lesson, self.directory)
        if lesson not in (None, handed.lesson):
            return "it lay in another lesson's box", ()
        if not chosen.answers and have:
            return f"it is untouched, and what is there has {have} answers", ()
        both = before is not None and before.system == chosen.owner.system == "canvas"
        if before and both and tuple(before.order) > chosen.owner.order:
            return "what is there was uploaded later", ()
        if chosen.answers < have:
            return "", (f"with {chosen.answers} answers, where the one before has {have}",)
        return "", ()

    def _origin(self, handed: Handed, owner: Owner) -> Origin:
        entry = self.people.worksheet.get(owner.number or "") if owner.system == "moodle" else None
        return Origin(
            handed.student,
            handed.lesson,
            owner.system,
            owner.student,
            owner.number or "",
            entry.email if entry else "",
            owner.outer,
            owner.outer not in ("", handed.notebook.parts[-1]),
            owner.late,
            list(owner.order),
        )

    def _beside(self, chosen: list[Candidate], others: list[File]) -> dict[str, dict[PurePosixPath, Piece]]:
        """The other files by lesson: those in the folder of its notebook, or below. What is left is a problem."""
        beside: dict[str, dict[PurePosixPath, Piece]] = {each.lesson: {} for each in chosen}
        lost: dict[str, list[Piece]] = defaultdict(list)
        for piece, owner in others:
            near = [each for each in chosen if owner.inside[: len(each.folder)] == each.folder]
            deepest = max((len(each.folder) for each in near), default=0)
            near = [each for each in near if len(each.folder) == deepest]
            if not near:
                lost["it lies beside no notebook that was taken in"].append(piece)
            elif len(near) > 1:
                lost["it lies beside notebooks of several lessons"].append(piece)
            elif piece.path.lstat().st_size > LIMITS.file_bytes:
                lost[f"it is larger than {LIMITS.file_bytes / 1e6:g} MB"].append(piece)
            else:
                beside[near[0].lesson][PurePosixPath(*owner.inside[deepest:])] = piece
        for why, pieces in lost.items():
            self.problem(_first_of(pieces), why)
        return beside


def _first_of(pieces: list[Piece]) -> str:
    more = f" (and {len(pieces) - 1} more by this student)" if len(pieces) > 1 else ""
    return f"{pieces[0]}{more}"


def _notes(chosen: Candidate, candidates: list[Candidate]) -> tuple[str, ...]:
    left = [f"not {each.piece}" for each in candidates if each is not chosen]
    return (*([chosen.note] if chosen.note else []), *(["late"] if chosen.owner.late else []), *left)


def _newest_attempts(files: list[File]) -> list[File]:
    """Without what the exchange has of a student's earlier attempts at a lesson."""
    newest: dict[str | None, str] = {}
    for _, owner in files:
        if owner.time:
            newest[owner.lesson] = max(newest.get(owner.lesson, ""), owner.time)
    return [each for each in files if not each[1].time or each[1].time == newest[each[1].lesson]]


def _secret(piece: Piece | None) -> bytes | None:
    """nbgrader's secret of a submission, if the file has one."""
    data = small(piece.path) if piece else None
    return data if data and SECRET_TEXT.fullmatch(data) else None


def _time(piece: Piece | None) -> str | None:
    """nbgrader's time of a submission, if the file has one that nbgrader can read."""
    from nbgrader.utils import parse_utc

    if piece is None:
        return None
    try:
        text = read(piece.path, 1000).decode("ascii").strip()
        return text if parse_utc(text) else None
    except (OSError, ValueError, OverflowError):
        return None
