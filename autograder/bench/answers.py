"""How well the checks judge: answers of known kind, right and wrong, through the fixed cases and through fresh ones.

    python -m autograder.bench.answers FILE... [--seeds N] [--list lost|passed|unnamed|bare|all]

A file is a JSON list of {"exercise", "kind": "right" | "wrong" | "maybe", "label", "source"}. A right answer that
loses points on any sheet counts as losing; a wrong one that has full points on any sheet counts as passing.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from autograder import bank
from autograder.kit.judge import judge
from autograder.kit.report.report import Report
from autograder.kit.run import run_calls
from autograder.kit.sheet import Sheet

RIGHT, WRONG, MAYBE = "right", "wrong", "maybe"
# What a check says where it has nothing to say.
BARE = "The numbers differ."
FIRST_SEED = 7_000
MOST_MEMORY = 4 << 30


@dataclass(frozen=True)
class GivenAnswer:
    """An answer to one exercise, what is known of it, and its code."""

    exercise: str
    kind: str
    label: str
    source: str


@dataclass
class Judged:
    """What the sheets said of one answer. `told` are the failing sub-checks of the first sheet that took points."""

    answer: GivenAnswer
    lost: int = 0
    passed: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    fault: str = ""

    @property
    def by_slip(self) -> bool:
        """Whether a known slip was named."""
        return any(each["misconception"] for each in self.told)

    @property
    def by_relation(self) -> bool:
        """Whether no slip was named, but a relation to the right answer."""
        return not self.by_slip and any(each.get("relation") for each in self.told)

    @property
    def bare(self) -> bool:
        """Whether nothing was said but that the numbers differ."""
        return bool(self.told) and all(each["message"].startswith(BARE) for each in self.told)


def read(paths: Sequence[Path]) -> list[GivenAnswer]:
    """The answers of all files; a ValueError says which file is of another form."""
    found = []
    for path in paths:
        try:
            found += [
                GivenAnswer(each["exercise"], each["kind"], each["label"], each["source"])
                for each in json.loads(path.read_text(encoding="utf-8"))
            ]
        except (OSError, ValueError, TypeError, KeyError) as fault:
            raise ValueError(f"{path} is no file of answers: {type(fault).__name__}: {fault}") from None
    return found


@lru_cache(maxsize=32)
def sheets(exercise: str, seeds: int) -> tuple[Sheet, ...]:
    """The fixed cases, and as many drawn ones as there are seeds."""
    asked = bank.exercises()[exercise]
    drawn = (asked.sheet(np.random.default_rng(FIRST_SEED + seed)) for seed in range(seeds))
    return (asked.sheet(), *drawn)


def judged(answer: GivenAnswer, seeds: int) -> Judged:
    """The answer through every sheet. Code that cannot be run at all loses every one."""
    found = Judged(answer)
    namespace: dict[str, Any] = {"__name__": "answer"}
    try:
        exec(compile(answer.source, f"<{answer.label}>", "exec"), namespace)
        function = namespace[answer.exercise]
    except Exception as fault:
        found.fault, found.lost = f"{type(fault).__name__}: {fault}", 1
        return found
    for sheet in sheets(answer.exercise, seeds):
        random.seed(0)
        started = time.perf_counter()
        report = judge(sheet, run_calls(function, sheet.calls, sheet.seconds, interruptible=False))
        found.seconds.append(time.perf_counter() - started)
        note(found, report)
        if found.seconds[-1] > sheet.seconds:  # one endless loop is enough
            break
    return found


def note(found: Judged, report: Report) -> None:
    """Adds what one sheet said."""
    if report.passed and report.earned >= report.points:
        found.passed += 1
        return
    found.lost += 1
    if not found.told:
        found.told = [each for each in report.to_json()["sub_checks"] if not each["passed"]]


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _judged_together(answers: list[GivenAnswer], seeds: int) -> list[Judged]:
    return [judged(each, seeds) for each in answers]


def judge_all(answers: Sequence[GivenAnswer], seeds: int, workers: int, console: Console) -> list[Judged]:
    """Every answer judged, an exercise at a time in processes of their own, with a progress bar."""
    by_exercise: dict[str, list[GivenAnswer]] = {}
    for each in answers:
        by_exercise.setdefault(each.exercise, []).append(each)
    found: list[Judged] = []
    with (
        ProcessPoolExecutor(workers, initializer=_limit_memory) as pool,
        Progress(console=console, transient=True) as progress,
    ):
        task = progress.add_task("judging", total=len(answers))
        waiting = [pool.submit(_judged_together, group, seeds) for group in by_exercise.values()]
        for done in as_completed(waiting):
            found += done.result()
            progress.advance(task, len(done.result()))
    place = {id_of(each): number for number, each in enumerate(answers)}
    return sorted(found, key=lambda each: place[id_of(each.answer)])


def id_of(answer: GivenAnswer) -> tuple[str, str, str]:
    """What tells an answer from the others of a file."""
    return answer.exercise, answer.label, answer.source


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"


def table(found: Sequence[Judged]) -> Table:
    """Lesson by lesson: right answers that lose, wrong ones that pass, and what failing ones are told."""
    made = Table(box=box.SIMPLE, pad_edge=False)
    made.add_column("lesson")
    for name in ("right", "lose", "wrong", "pass", "slip", "relation", "neither", "bare"):
        made.add_column(name, justify="right")
    lessons = {name: each.lesson for name, each in bank.exercises().items()}
    rows: dict[str, list[Judged]] = {}
    for each in found:
        rows.setdefault(lessons[each.answer.exercise], []).append(each)
    for lesson in sorted(rows):
        made.add_row(lesson[:2], *_cells(rows[lesson]))
    made.add_section()
    made.add_row("all", *_cells(found))
    return made


def _cells(found: Sequence[Judged]) -> Iterator[str]:
    right = [each for each in found if each.answer.kind == RIGHT]
    wrong = [each for each in found if each.answer.kind == WRONG]
    failing = [each for each in wrong if each.told]
    yield str(len(right))
    yield str(sum(each.lost > 0 for each in right))
    yield str(len(wrong))
    yield _share(sum(each.passed > 0 for each in wrong), len(wrong))
    slip, relation = sum(each.by_slip for each in failing), sum(each.by_relation for each in failing)
    yield _share(slip, len(failing))
    yield _share(relation, len(failing))
    yield _share(len(failing) - slip - relation, len(failing))
    yield _share(sum(each.bare for each in failing), len(failing))


def times(found: Sequence[Judged]) -> Table:
    """How long a check of a right answer takes, exercise by exercise: median and longest, in milliseconds."""
    made = Table("exercise", box=box.SIMPLE, pad_edge=False)
    made.add_column("median ms", justify="right")
    made.add_column("longest ms", justify="right")
    rows: dict[str, list[float]] = {}
    for each in found:
        if each.answer.kind == RIGHT:
            rows.setdefault(each.answer.exercise, []).extend(each.seconds)
    for name, seconds in sorted(rows.items(), key=lambda row: -statistics.median(row[1])):
        made.add_row(name, f"{1000 * statistics.median(seconds):.1f}", f"{1000 * max(seconds):.1f}")
    return made


LISTS = {
    "lost": lambda each: each.answer.kind == RIGHT and each.lost > 0,
    "passed": lambda each: each.answer.kind == WRONG and each.passed > 0,
    "unnamed": lambda each: each.answer.kind == WRONG and bool(each.told) and not (each.by_slip or each.by_relation),
    "bare": lambda each: each.answer.kind == WRONG and each.bare,
    "maybe": lambda each: each.answer.kind == MAYBE,
    "all": lambda each: True,
}  # fmt: skip


def offenders(found: Sequence[Judged], which: str, sources: bool) -> Iterator[str]:
    """The answers of one list, a paragraph each: what they are, how they fared, what was said first."""
    for each in filter(LISTS[which], found):
        answer = each.answer
        yield f"{answer.exercise}: {answer.kind}: {answer.label}   passes {each.passed}, loses {each.lost}"
        if each.fault:
            yield f"    cannot be run: {each.fault}"
        for told in each.told:
            name = told["misconception"] or told.get("relation") or "-"
            yield f"    {told['name']} [{name}]: {told['message']}".replace("\n", "\n      ")
        if sources:
            yield "      | " + answer.source.replace("\n", "\n      | ")


def main(
    files: Annotated[list[Path], typer.Argument(help="Files of answers.")],
    seeds: Annotated[int, typer.Option(min=0, help="Drawn sheets an exercise, beside the fixed one.")] = 4,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    only: Annotated[
        list[str] | None, typer.Option(help="A lesson or an exercise; again for another.")
    ] = None,
    listed: Annotated[list[str] | None, typer.Option("--list", help=f"List: {', '.join(LISTS)}.")] = None,
    sources: Annotated[bool, typer.Option(help="Show the code of what is listed.")] = False,
    show_times: Annotated[bool, typer.Option("--times", help="The time of a check, by exercise.")] = False,
) -> None:
    """Judges the answers and prints, lesson by lesson, what the checks get wrong."""
    console = Console(width=80, highlight=False)
    exercises = bank.exercises()
    try:
        answers = read(files)
        unknown = {each.exercise for each in answers} - set(exercises)
        if unknown:
            raise ValueError(f"there is no exercise {sorted(unknown)[0]!r}: is the file of this course?")
        if strange := set(listed or ()) - set(LISTS):
            raise ValueError(f"there is no list {sorted(strange)[0]!r}; there are: {', '.join(LISTS)}")
    except ValueError as fault:
        raise SystemExit(f"answers: {fault}") from None
    if only:
        answers = [
            each for each in answers if each.exercise in only or exercises[each.exercise].lesson in only
        ]
    found = judge_all(answers, seeds, workers, Console(stderr=True))
    for which in listed or ():
        console.rule(which)
        for line in offenders(found, which, sources):
            console.print(line, markup=False, soft_wrap=True)
    console.print(table(found))
    console.print(
        "pass: full points on any sheet. Of the failing: named by a slip, by a relation, by neither;"
    )
    console.print(f"bare: told nothing but {BARE!r}")
    if show_times:
        console.print(times(found))
    medians = [1000 * second for each in found if each.answer.kind == RIGHT for second in each.seconds]
    if medians:
        console.print(
            f"a check of a right answer: median {statistics.median(medians):.1f} ms, longest {max(medians):.0f} ms"
        )


if __name__ == "__main__":
    typer.run(main)
