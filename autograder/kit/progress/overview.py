"""How far a student is, from what the journal remembers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder import course
from autograder.kit.progress import journal
from autograder.kit.sheets import lesson_points, outlines

if TYPE_CHECKING:
    from rich.table import Table

COMPLETE = 1 - 1e-9


@dataclass(frozen=True)
class Standing:
    """How one exercise stands. `best` and `last` are shares of its points; `last` is None before any check.

    Shares, because a course may give an exercise other points later: what was complete stays complete.
    """

    lesson: str
    exercise: str
    points: float
    best: float = 0.0
    last: float | None = None
    checks: int = 0
    hints: int = 0

    @property
    def earned(self) -> float:
        """The points of the best check."""
        return round(self.best * self.points, 6)

    @property
    def complete(self) -> bool:
        """Whether some check had full points."""
        return self.best > COMPLETE


@dataclass(frozen=True)
class Bar:
    """One line of the overview: a lesson, or an exercise of a lesson."""

    name: str
    title: str
    standings: tuple[Standing, ...]

    @property
    def earned(self) -> float:
        """The points earned in it."""
        return round(sum(each.earned for each in self.standings), 6)

    @property
    def points(self) -> float:
        """The points it has."""
        return sum(each.points for each in self.standings)

    @property
    def complete(self) -> int:
        """How many of its exercises are complete."""
        return sum(each.complete for each in self.standings)


@dataclass(frozen=True)
class Overview:
    """What `progress()` shows: a bar for each lesson, or each exercise of one lesson, and what is next."""

    title: str
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, ...], ...]
    next: Standing | None
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Bar:
        """All bars in one."""
        return Bar("all", self.title, tuple(each for bar in self.bars for each in bar.standings))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The total, what is next, and what there is to say of the record."""
        total = self.total
        counted = f"{total.complete} of {len(total.standings)} exercises complete"
        head = f"{self.title}: {total.earned:g} of {total.points:g} points, {counted}."
        return (head, _next_sentence(self.next), *self.notes)

    @property
    def text(self) -> str:
        """Everything in sentences, for those who do not see the picture."""
        bars = [f"{bar.name} {bar.earned:g} of {bar.points:g}" for bar in self.bars]
        head, *rest = self.sentences
        return " ".join([head, f"Points: {', '.join(bars)}.", *rest])

    def table(self) -> "Table":
        """The rows as a table for a terminal."""
        from rich.table import Table

        head, *rows = self.rows
        table = Table(*head[:1])
        for name in head[1:]:
            table.add_column(name, justify="right")
        for row in rows:
            table.add_row(*row)
        return table


def _next_sentence(following: Standing | None) -> str:
    if following is None:
        return "Everything is complete."
    place = f"Next: {following.exercise} in lesson {following.lesson}"
    if following.last is None:
        return f"{place}, not checked yet."
    return f"{place}, {following.earned:g} of {following.points:g} points so far."


def standings(kept: journal.Journal) -> list[Standing]:
    """Every exercise of the course in its order. What is kept of an exercise that is no more is passed over."""
    checks: dict[str, list[float]] = {}
    hints: dict[str, int] = {}
    for entry in kept.entries:
        if isinstance(entry, journal.Checked):
            checks.setdefault(entry.exercise, []).append(entry.earned / entry.points)
        else:
            hints[entry.exercise] = max(entry.hint, hints.get(entry.exercise, 0))
    return [
        Standing(
            lesson,
            name,
            points,
            best=max(checks.get(name, [0.0])),
            last=checks[name][-1] if name in checks else None,
            checks=len(checks.get(name, [])),
            hints=min(max(hints.get(name, 0), 0), many),
        )
        for lesson, exercises in outlines().items()
        for name, (points, many) in exercises.items()
    ]


def what_is_next(found: Sequence[Standing], kept: journal.Journal) -> Standing | None:
    """The first exercise that is not complete, looked for from the lesson worked on last, and round."""
    lessons = list(dict.fromkeys(each.lesson for each in found))
    home = {each.exercise: lessons.index(each.lesson) for each in found}
    start = next((home[entry.exercise] for entry in reversed(kept.entries) if entry.exercise in home), 0)
    for lesson in lessons[start:] + lessons[:start]:
        for each in found:
            if each.lesson == lesson and not each.complete:
                return each
    return None


def momentum(exercise: str) -> str:
    """One line on an exercise's lesson: how much of it is complete, and what is next; "" where nothing is kept."""
    if journal.switched_off():
        return ""
    try:
        entries = journal.read().entries
    except OSError:
        return ""
    lesson, points = lesson_points(exercise)
    complete = _complete(entries)
    names = list(points)
    after = names[names.index(exercise) :] + names[: names.index(exercise)]
    following = next((name for name in after if name not in complete), None)
    done = sum(name in complete for name in names)
    counted = f"{done} of {len(names)} exercises of lesson {lesson} complete"
    return f"{counted}; next: `{following}`." if following else f"{counted}: the lesson is done."


def last_point(exercise: str) -> str:
    """What is said when a check that has passed, and is not kept yet, completes its lesson; "" at any other time."""
    if journal.switched_off():
        return ""
    try:
        complete = _complete(journal.read().entries)
    except OSError:
        return ""
    lesson, points = lesson_points(exercise)
    if set(points) - complete != {exercise}:
        return ""
    return f"Lesson {lesson} is complete: all {sum(points.values()):g} points of its exercises are yours."


def _complete(entries: Iterable[journal.Checked | journal.Hinted]) -> set[str]:
    """The exercises of which some check had full points."""
    return {
        entry.exercise
        for entry in entries
        if isinstance(entry, journal.Checked) and entry.earned >= COMPLETE * entry.points
    }


def overview(kept: journal.Journal, lesson: str | None = None) -> Overview:
    """The course's lessons, or the exercises of one lesson; a ValueError names the lessons there are."""
    found = standings(kept)
    chosen = course.lesson(lesson) if lesson is not None else None
    titles = {each.name: each.title for each in course.LESSONS}
    notes = (_unreadable(kept.unreadable),) if kept.unreadable else ()
    if chosen is not None:
        mine = [each for each in found if each.lesson == chosen.name]
        bars = tuple(Bar(each.exercise, each.exercise, (each,)) for each in mine)
        title = f"Your progress in lesson {chosen.name}"
        return Overview(title, bars, _exercise_rows(mine), what_is_next(mine, kept), notes)
    bars = tuple(
        Bar(name, titles[name], tuple(each for each in found if each.lesson == name)) for name in outlines()
    )
    return Overview("Your progress", bars, _lesson_rows(bars), what_is_next(found, kept), notes)


def _unreadable(lines: int) -> str:
    what = "1 line" if lines == 1 else f"{lines} lines"
    return f"{what} of the record could not be read and {'was' if lines == 1 else 'were'} left out: {journal.path()}"


def _lesson_rows(bars: Sequence[Bar]) -> tuple[tuple[str, ...], ...]:
    total = Bar("all", "", tuple(each for bar in bars for each in bar.standings))
    rows = [
        (
            bar.name,
            f"{bar.earned:g}",
            f"{bar.points:g}",
            f"{bar.complete} of {len(bar.standings)}",
            str(sum(each.hints for each in bar.standings)),
        )
        for bar in (*bars, total)
    ]
    return (("lesson", "points", "of", "exercises complete", "hints read"), *rows)


def _exercise_rows(found: Sequence[Standing]) -> tuple[tuple[str, ...], ...]:
    rows = [
        (
            each.exercise,
            f"{each.earned:g}",
            "-" if each.last is None else f"{round(each.last * each.points, 6):g}",
            f"{each.points:g}",
            str(each.checks),
            str(each.hints),
        )
        for each in found
    ]
    return (("exercise", "best", "last", "of", "checks", "hints read"), *rows)
