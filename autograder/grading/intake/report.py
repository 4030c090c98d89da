"""What an intake did, and the tables that say it."""

from dataclasses import dataclass, field

from rich.table import Table
from rich.text import Text

RULES = (
    "Which notebook counts: the one of the assignment's own lesson before one that lay in another's box; one with "
    "answers before an untouched one; the one uploaded last before an earlier one; where no order is known, the one "
    "with more answers, then the one with the lesson's name. What does not count is kept in submitted_before."
)


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

    @property
    def decided(self) -> bool:
        """Whether somewhere one notebook was preferred to another."""
        return any(each.outcome.startswith(("kept aside", "not taken")) or each.notes for each in self.taken)


def tables(report: IntakeReport) -> list[Table]:
    """What was taken in, which names were changed, and what was not understood; only tables that have rows.

    Where a file came from stands in a line of its own: at 80 columns there is no room for it beside the rest.
    """
    taken = Table(title="Taken in", title_justify="left")
    for name, share in (("student", 2), ("lesson", 2), ("what became of it", 4)):
        taken.add_column(name, ratio=share, overflow="fold")
    for each in report.taken:
        notes = [f"{each.outcome}, from {each.source}", *each.notes]
        taken.add_row(*map(_cell, (each.student, each.lesson, "; ".join(notes))))
    renamed = Table("name", "student", title="Names that were changed", title_justify="left")
    for name, made in sorted(report.renamed.items()):
        renamed.add_row(_cell(name), _cell(made))
    problems = Table(title="Not taken in", title_justify="left")
    problems.add_column("file", ratio=2, overflow="fold")
    problems.add_column("why, and what to do", ratio=3, overflow="fold")
    for problem in report.problems:
        problems.add_row(_cell(problem.what or problem.source), _cell(problem.why))
    return [table for table in (taken, renamed, problems) if table.row_count]


def _cell(text: str) -> Text:
    """A cell with everything escaped that a terminal would obey."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return Text(shown.encode("utf-8", "backslashreplace").decode(), overflow="fold")
