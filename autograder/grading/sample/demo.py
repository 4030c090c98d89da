"""A sample class, graded by `grade`, with the table an instructor would want to see."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import bank
from autograder.build.notebook import Draft, checked
from autograder.grading.class_folder import ClassFolder, make_class
from autograder.grading.run.command import run_grade
from autograder.grading.run.grade import Options
from autograder.grading.sample.sample_class import LESSONS, STUDENTS, SampleStudent, submission
from autograder.kit.files import check_file
from autograder.kit.report.report import Report


@dataclass(frozen=True)
class Score:
    """One student's points in one lesson: what `grade` recorded, what our own judge gave, and the most there is.

    `slips` says what cost points; `waiting` is the points that a person has still to give.
    """

    recorded: float
    judged: float
    most: float
    slips: tuple[str, ...]
    waiting: float


def hand_in(directory: Path, drafts: list[Draft]) -> None:
    """Puts every sample student's notebooks into the class folder's `submitted`."""
    for student in STUDENTS:
        for draft in drafts:
            folder = ClassFolder(directory).handed_in(student.name, draft.lesson)
            folder.mkdir(parents=True)
            nbformat.write(submission(student, draft), folder / f"{draft.lesson}.ipynb")


def run_demo(directory: Path, out: Console, err: Console) -> bool:
    """Makes, grades and prints the sample class in a new folder; says whether every score is as it should be."""
    make_class(directory)
    drafts = [checked(lesson) for lesson in LESSONS]
    hand_in(directory, drafts)
    walled = shutil.which("bwrap") is not None
    if not walled:
        err.print(
            "bubblewrap is not installed: this class is our own and harmless, and graded without a sandbox."
        )
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        run_grade(Options(directory, walled=walled), Console(file=nowhere), err)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as progress:
        scores = read_scores(directory, drafts, progress)
    out.print(score_table(scores))
    wrong = [key for key, score in scores.items() if abs(score.recorded - score.judged) > 1e-9]
    for name, lesson in wrong:
        err.print(f"{name} in {lesson}: the gradebook's score is not the one our own judge gives")
    if not wrong:
        out.print("Every score is what the judge, run by itself on the same code, gives.")
    out.print(f"Gradebook, autograded notebooks and feedback pages are in {directory}.")
    return not wrong


def read_scores(directory: Path, drafts: list[Draft], progress: Progress) -> dict[tuple[str, str], Score]:
    """Every student's score in every lesson, from the gradebook and from our own judge."""
    sheets = {name: each.sheet() for name, each in bank.exercises().items()}
    scores = {}
    task = progress.add_task("judging the same code by itself", total=len(drafts) * len(STUDENTS))
    with (
        Gradebook(ClassFolder(directory).url) as gradebook,
        TemporaryDirectory() as spare,
    ):
        for draft in drafts:
            for student in STUDENTS:
                answers = Path(spare, f"{student.name}.ipynb")
                nbformat.write(_answers(submission(student, draft)), answers)
                ours = check_file(answers, {name: sheets[name] for name in draft.exercises})
                graded = gradebook.find_submission(draft.lesson, student.name)
                grades = [grade for notebook in graded.notebooks for grade in notebook.grades]
                scores[student.name, draft.lesson] = Score(
                    recorded=graded.score,
                    judged=sum(report.earned for report in ours.reports),
                    most=graded.max_score,
                    slips=tuple(slip for report in ours.reports for slip in _slips(report))
                    + tuple(ours.problems),
                    waiting=sum(grade.max_score for grade in grades if grade.needs_manual_grade),
                )
                progress.advance(task)
    return scores


def _answers(notebook: NotebookNode) -> NotebookNode:
    """A notebook with its imports and its answers alone: the figures would take most of the time."""
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    notebook.cells = [cell for cell in notebook.cells if cell is first or utils.is_solution(cell)]
    return notebook


def _slips(report: Report) -> list[str]:
    """What cost points in an exercise that was written: the misconceptions, or the first error."""
    missed = [result for result in report.results if not result.passed]
    if not report.written or not missed:
        return []
    named = dict.fromkeys(result.misconception for result in missed if result.misconception)
    return [f"{report.exercise}: {slip}" for slip in named or [missed[0].sentence]]


def score_table(scores: dict[tuple[str, str], Score]) -> Table:
    """The class as a table: a row a student, points a lesson, and what slipped."""
    table = Table(title="The sample class, graded by `grade`", title_justify="left", show_lines=True)
    table.add_column("student")
    table.add_column("what they handed in", max_width=30)
    for lesson in LESSONS:
        most = scores[STUDENTS[0].name, lesson.name].most
        table.add_column(f"{lesson.name}\nof {most:g}", justify="right")
    table.add_column("by hand,\nwaiting", justify="right")
    table.add_column("what slipped", overflow="fold")
    for student in STUDENTS:
        table.add_row(*_row(student, [scores[student.name, lesson.name] for lesson in LESSONS]))
    return table


def _row(student: SampleStudent, scores: list[Score]) -> list[str]:
    slips = [slip for score in scores for slip in score.slips]
    return [
        student.name,
        student.story,
        *(f"{score.recorded:g}" for score in scores),
        f"{sum(score.waiting for score in scores):g}",
        "\n".join(slips),
    ]
