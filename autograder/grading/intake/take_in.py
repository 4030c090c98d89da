"""From what an LMS, nbgrader's exchange or a folder gives to a class folder's `submitted/STUDENT/LESSON/`."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from rich.table import Table
from rich.text import Text

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import NotUnderstoodError, SourceError
from autograder.grading.intake.filing import TIMESTAMP, Handed, place
from autograder.grading.intake.layouts import Owner, named_lesson, namesakes_apart, of_folders, student_id
from autograder.grading.intake.sources import LIMITS, Piece, arranged, open_source, read
from autograder.grading.submission.recognise import lesson_of

# nbgrader's own, beside a submission in its exchange.
NOT_THEIRS = {TIMESTAMP, "submission_secret.txt"}
# A larger one is not looked into: as JSON it would take many times its size in memory.
LARGEST_NOTEBOOK = 50_000_000


# Shows how far it is with a list: gets the list and what is done with it, and passes it on.
Track = Callable[[list[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Taken:
    """One submission that is in the class folder now: what became of it, and what else there is to say."""

    student: str
    lesson: str
    source: str
    outcome: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something that was not taken in, and why."""

    source: str
    what: str
    why: str


@dataclass
class IntakeReport:
    """What an intake did. `renamed` has the students whose name could not be a folder's, with the one they got."""

    taken: list[Taken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A notebook that may be a student's submission. `sure` is whether the notebook or its name says the lesson."""

    piece: Piece
    owner: Owner
    lesson: str
    sure: bool
    note: str | None

    @property
    def folder(self) -> tuple[str, ...]:
        """The folder it lies in, within what the student handed in."""
        return self.owner.inside[:-1]


def intake(
    directory: Path,
    sources: Iterable[Path],
    lesson: str | None = None,
    dry_run: bool = False,
    track: Track = lambda items, what: items,
) -> IntakeReport:
    """Puts every submission found in `sources` into the class folder `directory`, and says what it did.

    `lesson` is the one all of them are of, where nothing else tells. With `dry_run` nothing is written. A later
    source goes before an earlier one. What a student had handed in before is moved to `submitted_before`, unless
    it is the same or is known to be newer. `track` is given lists and what is done with them, and passes them on,
    for a progress bar. A SourceError says that `directory` is no class folder.
    """
    if not ClassFolder(directory).is_one:
        raise SourceError(
            f"{directory} is no class folder: make one with `python3 -m autograder class {directory}`"
        )
    report = IntakeReport()
    names: dict[str, str] = {}
    for source in sources:
        reader = _Reader(source, lesson, names, report)
        try:
            _take_in(reader, directory, dry_run, track)
        except SourceError as fault:
            reader.problem("", str(fault))
    return report


def _take_in(reader: "_Reader", directory: Path, dry_run: bool, track: Track) -> None:
    source = reader.source
    if ClassFolder(source).is_one:
        raise SourceError("it is a class folder: name what was handed in, or its `submitted`")
    with tempfile.TemporaryDirectory() as work:
        contents = open_source(source, Path(work), lambda pieces: track(pieces, f"opening {source.name}"))
        for what, why in contents.refused:
            reader.problem(what, why)
        students = reader.students(contents.pieces)
        for student in track(sorted(students), f"taking in {source.name}"):
            for handed in reader.of_student(student, students[student]):
                _take(handed, directory, dry_run, reader)


def _take(handed: Handed, directory: Path, dry_run: bool, reader: "_Reader") -> None:
    try:
        outcome = place(handed, directory, dry_run)
    except (OSError, ValueError) as fault:
        reader.problem(handed.notebook, f"it could not be put into the class folder ({_why(fault)})")
    else:
        row = Taken(handed.student, handed.lesson, str(handed.notebook), outcome, handed.notes)
        reader.report.taken.append(row)


def _why(fault: Exception) -> str:
    return fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault)


@dataclass
class _Reader:
    """Makes submissions of one source's files, and notes in `report` what it cannot make any of."""

    source: Path
    told: str | None
    names: dict[str, str]
    report: IntakeReport
    times_count: bool = False

    def problem(self, what: object, why: str) -> None:
        self.report.problems.append(Problem(str(self.source), str(what), why))

    def students(self, pieces: list[Piece]) -> dict[str, list[tuple[Piece, Owner]]]:
        """The files by student."""
        if not pieces:
            self.problem("", "there is nothing in it")
        found: dict[str, list[tuple[Piece, Owner]]] = defaultdict(list)
        for piece, owner in self._owned(pieces):
            name = self._student(owner.student)
            if name is None:
                self.problem(piece, self._bad_name(owner.student))
            else:
                found[name].append((piece, owner))
        return found

    def _owned(self, pieces: list[Piece]) -> list[tuple[Piece, Owner]]:
        layout, pieces = arranged(self.source, pieces)
        # A time that lies about in what an LMS gives was written by the student.
        self.times_count = layout is of_folders
        files, owners = [], []
        for piece in pieces:
            try:
                owner = layout(piece.parts)
                files.append(piece)
                owners.append(owner)
            except NotUnderstoodError as fault:
                self.problem(piece, str(fault))
        return list(zip(files, namesakes_apart(owners), strict=True))

    def _student(self, name: str) -> str | None:
        """The id of a student, the same for the same name and different for different ones; None if that fails."""
        made = student_id(name)
        if made is None or self.names.setdefault(made.casefold(), name) != name:
            return None
        if made != name:
            self.report.renamed[name] = made
        return made

    def _bad_name(self, name: str) -> str:
        made = student_id(name)
        if made is None:
            return "the student's name cannot be a folder's: it is empty or too long"
        other = self.names[made.casefold()]
        return f"{name!r} and {other!r} would both be student {made}: rename one of them"

    def of_student(self, student: str, files: list[tuple[Piece, Owner]]) -> Iterator[Handed]:
        """A student's submissions: for each lesson a notebook, and what lies beside it."""
        candidates: dict[str, list[Candidate]] = defaultdict(list)
        others: list[tuple[Piece, Owner]] = []
        times: dict[tuple[str, ...], Piece] = {}
        for piece, owner in _newest_attempts(files):
            name = owner.inside[-1]
            if name == TIMESTAMP and self.times_count and not piece.packed:
                times[owner.inside[:-1]] = piece
            if name in NOT_THEIRS:
                continue
            if not name.lower().endswith(".ipynb"):
                others.append((piece, owner))
                continue
            try:
                candidate = self._candidate(piece, owner)
            except NotUnderstoodError as fault:
                self.problem(piece, str(fault))
            else:
                candidates[candidate.lesson].append(candidate)
        chosen = [each for lesson in sorted(candidates) if (each := self._best(candidates[lesson]))]
        beside = self._beside(chosen, others)
        for each in chosen:
            time = each.owner.time or _time(times.get(each.folder))
            notes = _notes(each, candidates[each.lesson])
            yield Handed(student, each.lesson, each.piece, beside[each.lesson], time, notes)

    def _candidate(self, piece: Piece, owner: Owner) -> Candidate:
        """The lesson of a notebook: what its cells say, or else its folder or name or the command."""
        cells, unreadable = _cells(piece.path)
        seen = lesson_of(cells)
        by_name = named_lesson(owner.inside[-1])
        folder = owner.lesson or self.told
        if seen and self.told and seen != self.told:
            raise NotUnderstoodError(f"its cells are of {seen}, and you said {self.told}")
        if seen and owner.lesson and seen != owner.lesson:
            raise NotUnderstoodError(f"its cells are of {seen}, and it was handed in as {owner.lesson}")
        if seen:
            return Candidate(piece, owner, seen, True, None)
        if by_name and folder and by_name != folder:
            raise NotUnderstoodError(f"it is called {by_name} and was handed in as {folder}")
        lesson = folder or by_name
        what = f"it cannot be read ({unreadable})" if unreadable else "its cells show no lesson of the course"
        if lesson is None:
            raise NotUnderstoodError(f"{what}, and nothing else says which lesson it is: give --lesson")
        return Candidate(piece, owner, lesson, bool(unreadable) and by_name == lesson, what)

    def _best(self, candidates: list[Candidate]) -> Candidate | None:
        """The one notebook of several of the same lesson: the latest, or the one with the lesson's own name."""
        sure = [each for each in candidates if each.sure] or candidates
        latest = max(each.owner.order for each in sure)
        sure = [each for each in sure if each.owner.order == latest]
        named = [each for each in sure if each.owner.inside[-1] == f"{each.lesson}.ipynb"]
        left = named if len(named) == 1 else sure
        if len(left) == 1 or _all_the_same(left):
            return left[0]
        for each in left:
            self.problem(
                each.piece,
                f"it is one of {len(left)} notebooks of {each.lesson} by this student: leave one",
            )
        return None

    def _beside(
        self, chosen: list[Candidate], others: list[tuple[Piece, Owner]]
    ) -> dict[str, dict[PurePosixPath, Piece]]:
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
            more = f" (and {len(pieces) - 1} more by this student)" if len(pieces) > 1 else ""
            self.problem(f"{pieces[0]}{more}", why)
        return beside


def _notes(chosen: Candidate, candidates: list[Candidate]) -> tuple[str, ...]:
    left = [f"not {each.piece}" for each in candidates if each is not chosen]
    return (*([chosen.note] if chosen.note else []), *(["late"] if chosen.owner.late else []), *left)


def _all_the_same(candidates: list[Candidate]) -> bool:
    try:
        return len({read(each.piece.path) for each in candidates}) == 1
    except (OSError, ValueError):
        return False


def _newest_attempts(files: list[tuple[Piece, Owner]]) -> list[tuple[Piece, Owner]]:
    """Without what the exchange has of a student's earlier attempts at a lesson."""
    newest: dict[str | None, str] = {}
    for _, owner in files:
        if owner.time:
            newest[owner.lesson] = max(newest.get(owner.lesson, ""), owner.time)
    return [each for each in files if not each[1].time or each[1].time == newest[each[1].lesson]]


def _cells(path: Path) -> tuple[object, str | None]:
    """A notebook's cells, or why they cannot be read."""
    try:
        data = read(path, LARGEST_NOTEBOOK)
        if not data.strip():
            return None, "it is empty"
        notebook = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except (json.JSONDecodeError, RecursionError):
        return None, "it is no JSON"
    except (OSError, ValueError) as fault:
        return None, _why(fault)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return None, "it has no cells"
    return notebook["cells"], None


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


def tables(report: IntakeReport) -> list[Table]:
    """What was taken in, which names were changed, and what was not understood; only tables that have rows."""
    taken = Table("student", "lesson", "from", "outcome", "notes", title="Taken in", title_justify="left")
    for each in report.taken:
        taken.add_row(
            *map(_cell, (each.student, each.lesson, each.source, each.outcome, "; ".join(each.notes)))
        )
    renamed = Table("name", "student", title="Names that were changed", title_justify="left")
    for name, made in sorted(report.renamed.items()):
        renamed.add_row(_cell(name), _cell(made))
    problems = Table("source", "file", "why", title="Not understood", title_justify="left")
    for problem in report.problems:
        problems.add_row(_cell(problem.source), _cell(problem.what), _cell(problem.why))
    return [table for table in (taken, renamed, problems) if table.row_count]


def _cell(text: str) -> Text:
    """A cell with everything escaped that a terminal would obey."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return Text(shown.encode("utf-8", "backslashreplace").decode(), overflow="fold")
