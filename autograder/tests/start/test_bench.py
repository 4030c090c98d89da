"""The bench's own parts: the classes it makes, what it measures, and that Otter-Grader is asked the same."""

import json
import os
import sys
import types
from pathlib import Path

import nbformat
import numpy as np
import pytest
import typer
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder import bank, course
from autograder.bank.exercise import Exercise
from autograder.bench import bars, curve, generated_class, grading, otter, routes
from autograder.bench.curve import Point
from autograder.bench.measure import BenchError, Cost, measured
from autograder.bench.routes import Timed
from autograder.grading.settings import put_environment_on_path
from autograder.kit.judge import judge
from autograder.kit.run import run_calls

LESSON = "04-softmax"
EXERCISES = bank.exercises()


def texts(notebook: nbformat.NotebookNode) -> tuple[str, ...]:
    return tuple(cell.source for cell in notebook.cells)


def defined(text: str, exercise: Exercise) -> object:
    """What the text defines under the exercise's name, where a notebook has the earlier exercises right."""
    names = [each.name for each in bank.of_lesson(exercise.lesson)]
    earlier = names[: names.index(exercise.name)]
    namespace = {"np": np, **{name: EXERCISES[name].reference for name in earlier}}
    exec(text, namespace)
    return namespace[exercise.name]


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)
def test_the_notebooks_of_a_class_are_valid_and_no_two_are_equal(lesson: course.Lesson) -> None:
    made = [generated_class.submission(number, lesson.name) for number in range(16)]
    for notebook in made:
        nbformat.validate(notebook)
    assert len({texts(notebook) for notebook in made}) == len(made)
    assert texts(made[3]) == texts(generated_class.submission(3, lesson.name))
    solved = [notebook for notebook in made if "NotImplementedError" not in "".join(texts(notebook))]
    assert len(made) > len(solved) > 6


def test_every_kind_is_there_and_an_untouched_one_is_untouched() -> None:
    students = [generated_class.student(number, LESSON) for number in range(len(generated_class.KINDS))]
    assert {each.story for each in students} == set(generated_class.KINDS)
    number = next(n for n, each in enumerate(students) if each.story == "untouched")
    released = texts(generated_class.drafts()[LESSON].student)
    assert texts(generated_class.submission(number, LESSON))[:-1] == released


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_answer_that_may_be_drawn_earns_what_it_should(exercise: Exercise) -> None:
    sheet = exercise.sheet()
    pool = generated_class.pool(exercise)
    for texts_drawn, right in ((pool.right, True), (pool.slips, False)):
        for text in texts_drawn:
            report = judge(sheet, run_calls(defined(text, exercise), sheet.calls, sheet.seconds))
            assert report.passed == right, text
            assert report.written


def test_the_pool_holds_most_of_what_the_bank_knows() -> None:
    there = sum(len(generated_class.pool(each).slips) for each in EXERCISES.values())
    # A family's slips are made of a part, and have no text that could be handed in.
    slips = [function.__code__ for each in EXERCISES.values() for _, function in each.slips.values()]
    assert there > 0.7 * sum(not code.co_freevars and code.co_name != "<lambda>" for code in slips)


def test_a_class_is_handed_in_student_by_student(tmp_path: Path) -> None:
    assert generated_class.hand_in(tmp_path, [LESSON, "05-cross-entropy"], range(3), most=5) == 5
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.ipynb"))
    assert len(found) == 5
    assert found[0] == f"submitted/student-0000/{LESSON}/{LESSON}.ipynb"
    assert not any("student-0002/05" in path for path in found)


# ------------------------------------------------------------------------------------------ Otter


def otter_points(
    text: str, functions: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> tuple[float, float]:
    """The points that a test file gives, and the most there are, as Otter's own classes count them."""

    class Case:
        def __init__(self, name: str, points: float, hidden: bool) -> None:
            self.points = points

        def __call__(self, function: object) -> "Case":
            self.function = function
            return self

        def earned(self) -> float:
            (name,) = self.function.__code__.co_varnames[:1]  # type: ignore[attr-defined]
            try:
                self.function(functions.get(name))
            except Exception:
                return 0
            return self.points

    monkeypatch.setitem(sys.modules, "otter", types.ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", types.SimpleNamespace(test_case=Case))
    environment: dict[str, object] = {}
    exec(text, environment)
    cases = [value for value in environment.values() if isinstance(value, Case)]
    return sum(case.earned() for case in cases), sum(case.points for case in cases)


def stub(*args: object) -> None:
    raise NotImplementedError


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_otters_test_file_gives_the_reference_all_points_and_a_stub_none(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = otter.test_file(exercise.sheet())
    for function, share in ((exercise.reference, 1), (stub, 0), (None, 0)):
        earned, most = otter_points(text, {exercise.name: function}, monkeypatch)
        assert (earned, most) == (share * exercise.points, exercise.points)


def test_otter_gives_a_slip_the_points_that_we_give(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = EXERCISES["softmax"]
    sheet = exercise.sheet()
    for _, slip in exercise.slips.values():
        ours = judge(sheet, run_calls(slip, sheet.calls, sheet.seconds)).earned
        assert otter_points(otter.test_file(sheet), {"softmax": slip}, monkeypatch)[0] == ours


def test_otters_notebook_has_the_same_cells_with_its_own_checks() -> None:
    handed_in = generated_class.submission(0, LESSON)
    made = otter.notebook(handed_in, LESSON)
    nbformat.validate(made)
    assert len(made.cells) == len(handed_in.cells) + 1
    changed = [
        (before.source, after.source)
        for before, after in zip(handed_in.cells, made.cells[1:], strict=True)
        if before.source != after.source
    ]
    names = [each.name for each in bank.of_lesson(LESSON)]
    assert changed == [(f'check("{name}", {name})', f'grader.check("{name}")') for name in names]


def test_otter_itself_gives_a_solved_notebook_all_points_and_an_untouched_one_none(tmp_path: Path) -> None:
    python = os.environ.get("AUTOGRADER_OTTER") or otter.home(otter.cache_folder()) / "bin" / "python"
    if not Path(python).exists():
        pytest.skip(
            "Otter-Grader is not here: the bench installs it, or AUTOGRADER_OTTER names a Python that has it"
        )
    archive = otter.archive(LESSON, str(python), tmp_path / "archive")
    numbers = [
        next(n for n in range(9) if generated_class.student(n, LESSON).story == kind)
        for kind in ("right", "untouched")
    ]
    paths = [tmp_path / f"{number}" / f"{LESSON}.ipynb" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        path.parent.mkdir()
        nbformat.write(otter.notebook(generated_class.submission(number, LESSON), LESSON), path)
    _, scores = otter.grade(paths, archive, str(python), tmp_path)
    assert scores == [sum(each.points for each in bank.of_lesson(LESSON)), 0]


def test_a_python_without_otter_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="cannot import otter"):
        otter.find_python(sys.executable, tmp_path)
    with pytest.raises(BenchError, match="there is no Python"):
        otter.find_python(str(tmp_path / "python"), tmp_path)


# ------------------------------------------------------------------------------------------ measuring

BUSY = """
import subprocess, sys, time
if sys.argv[1:]:
    held = b"x" * 150_000_000
    end = time.process_time() + 1.2
    while time.process_time() < end:
        pass
else:
    subprocess.run([sys.executable, __file__, "child"], check=True)
    print("done")
"""


def test_a_commands_children_count_in_processor_and_memory(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    cost, said = measured([sys.executable, "busy.py"], tmp_path)
    assert said == "done\n"
    assert 1.2 <= cost.cpu <= cost.wall * 1.2
    assert 150e6 < cost.high <= cost.peak < 400e6
    assert cost + Cost(1, 1, 2, 1) == Cost(cost.wall + 1, cost.cpu + 1, cost.peak, cost.high)


def test_a_command_that_fails_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="code 3:\nno luck"):
        measured([sys.executable, "-c", "import sys; print('no luck'); sys.exit(3)"], tmp_path)


def test_a_round_gives_the_slow_routes_some_of_its_own_students() -> None:
    turns = grading.slices(students=11, few=5, rounds=3)
    assert sorted(number for numbers, _ in turns for number in numbers) == list(range(11))
    assert sorted(number for _, few in turns for number in few) == list(range(5))
    assert all(set(few) <= set(numbers) for numbers, few in turns)


def graded(route: str, seconds: float, scores: dict[str, float]) -> Timed:
    return Timed(route, {LESSON: Cost(seconds, seconds)}, {(name, LESSON): s for name, s in scores.items()})


def test_rounds_add_up_and_other_scores_are_told() -> None:
    rounds = [
        graded(routes.STOCK, 60, {"a": 3}),
        graded(routes.OURS, 1, {"a": 3}),
        graded(routes.STOCK, 60, {"b": 2}),
        graded(routes.OURS, 1, {"b": 2.5, "c": 1}),
    ]
    stock, ours = grading.together(rounds)
    assert (stock.cost.wall, len(stock.scores), len(ours.scores)) == (120, 2, 3)
    assert grading.faster(stock, ours) == pytest.approx(90)
    assert grading.agreement(stock.scores, ours.scores) == ([("b", LESSON)], 2)
    (miss,) = grading.misses([stock, ours])
    assert miss == f"b in {LESSON} has 2 from stock nbgrader, 2.5 from ours"


@pytest.mark.parametrize(
    ("size", "must"), [(59, None), (60, 40), (180, 40), (999, 40), (1000, 80), (10_000, 80)]
)
def test_each_size_of_class_has_its_bar(size: int, must: int | None) -> None:
    assert bars.least(size) == must
    assert bars.too_slow(size, must or 0.1) == []
    if must:
        (miss,) = bars.too_slow(size, must - 0.1)
        assert f"{size} submissions are graded {must - 0.1:.1f} times faster" in miss
        assert f"at least {must} times" in miss
        assert miss.endswith("the aim is 100") == (size >= 1000)


def test_too_little_gained_is_told_by_the_comparison_and_by_every_point_of_the_scale() -> None:
    names = {f"student-{number}": 3.0 for number in range(60)}
    stock, quick = graded(routes.STOCK, 3, {"student-0": 3}), graded(routes.OURS, 4.6, names)
    (miss,) = grading.misses([stock, quick])
    assert "60 submissions are graded 39.1 times faster" in miss
    assert grading.misses([stock, graded(routes.OURS, 4.4, names)]) == []
    assert grading.misses([stock, graded(routes.OTTER, 60, names)]) == []
    assert grading.times_faster(stock, Point(1000, Cost(50))) == pytest.approx(60)


def test_a_first_verdict_is_measured_by_stocks_time_for_one_submission() -> None:
    assert "after 0.40 of the time" in grading.Start(first=1.2, ours=1.5, stock=3).sentence
    assert bars.too_late(first=1.2, stock=3) == []
    (miss,) = bars.too_late(first=1.5, stock=3)
    assert "after 0.50 of the time" in miss
    assert "0.4 at most" in miss


def test_a_bar_that_no_class_was_large_enough_for_is_named() -> None:
    assert bars.not_measured([60, 1000, 10_000]) == []
    assert [each.split(":")[1] for each in bars.not_measured([20, 180])] == [
        " add 10000 to --scale",
        " add 1000 to --scale",
    ]


def test_a_curve_that_rises_is_told(tmp_path: Path) -> None:
    flat = [Point(n, Cost(2 + 0.1 * n, 1, 100 + n, 100)) for n in (20, 100, 1000)]
    assert curve.misses(flat) == []
    assert curve.misses(flat[:1]) == []
    (steeper,) = curve.misses([*flat[:2], Point(1000, Cost(2 + 0.1 * 100 + 0.13 * 900, 1, 100, 100))])
    assert "one more submission grows to 1.30 times" in steeper
    (hungrier,) = curve.misses([*flat[:2], Point(1000, Cost(102, 1, 125, 125))])
    assert "memory grows to 1.25 times" in hungrier
    (lost,) = curve.misses([Point(20, Cost(9, 1, 1, 1)), Point(100, Cost(8, 1, 1, 1))])
    assert "one more submission could not be told" in lost
    curve.draw(flat, tmp_path / "curve.svg")
    assert "<svg" in (tmp_path / "curve.svg").read_text(encoding="utf-8")
    with pytest.raises(BenchError, match="is there already"):
        curve.refuse_to_overwrite(tmp_path / "curve.svg")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--lessons", "04"], "there is no lesson '04'"),
        (["--scale", "20,many"], "--scale takes whole numbers"),
        (["--scale", "0"], "--scale takes whole numbers"),
        (["--curve", "curve.pdf"], "curve.pdf is neither"),
    ],
)
def test_bad_options_are_refused_in_a_sentence_before_anything_runs(
    options: list[str], sentence: str
) -> None:
    app = typer.Typer()
    app.command()(grading.main)
    result = CliRunner().invoke(app, ["--no-otter", *options])
    assert result.exit_code == 2
    assert sentence in result.output


def test_the_tables_have_a_heading_for_every_column() -> None:
    points = [Point(n, Cost(2 + 0.1 * n, 1, 100, 90)) for n in (20, 100)]
    done = [graded(routes.STOCK, 31, {"a": 3}), graded(routes.OURS, 1, {"a": 3})]
    for table in (grading.scale_table(points, done[0]), grading.comparison(done), grading.by_lesson(done)):
        assert all(column.header for column in table.columns)


def test_every_submission_of_a_gradebook_is_read(tmp_path: Path) -> None:
    put_environment_on_path()
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment(LESSON)
        book.add_notebook(LESSON, LESSON)
        book.add_grade_cell("softmax_check", LESSON, LESSON, max_score=4, cell_type="code")
        for name in ("a", "b"):
            book.add_student(name)
            book.add_submission(LESSON, name)
        book.find_grade("softmax_check", LESSON, LESSON, "b").auto_score = 2.5
        book.db.commit()
    assert routes.recorded(tmp_path) == {("a", LESSON): 0, ("b", LESSON): 2.5}


def test_the_otter_loop_is_run_by_a_python_that_lacks_this_package() -> None:
    imports = [line for line in otter.LOOP.read_text(encoding="utf-8").splitlines() if "import" in line]
    assert not any("autograder" in line for line in imports)
    assert json.loads(otter._json(EXERCISES["softmax"].sheet()))["misconceptions"] == []
