"""The figures of a class are those of hand-made classes, and the page that shows them is offline and accessible."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest

from autograder.desk.before_after import moved
from autograder.desk.report import _png, as_csv, as_page
from autograder.desk.statistics import correlation, figures, tell_nobody_apart, to_say
from autograder.grading.class_folder import ClassFolder
from autograder.grading.gradebook.adjustments import Adjustment, Adjustments, Kind
from autograder.grading.gradebook.ledger import Ledger
from autograder.grading.gradebook.reading import Grades, Person
from autograder.grading.run.files import GradingJournal, Record

SOFTMAX, ACTIVATIONS = "04-softmax", "03-activations"
SLIP = "Without the exponential it is no softmax. <b>&"
MOST = {"shift_logits": 3.0, "softmax": 4.0}


def grades_of(points: dict[str, dict[str, dict[str, float]]], nobody: int = 0) -> Grades:
    """A class's grades: by student, lesson and exercise."""
    from autograder.grading.gradebook import reading

    kind = next(
        value for name, value in vars(reading).items() if "late" in getattr(value, "__annotations__", {})
    )
    names = [*points, *(f"nobody{number}" for number in range(nobody))]
    lessons = sorted({lesson for own in points.values() for lesson in own})
    made = {
        (who, lesson): kind(points=dict(cells))
        for who, own in points.items()
        for lesson, cells in own.items()
    }
    return Grades(
        [Person(name, "", "", "", "") for name in names], {lesson: dict(MOST) for lesson in lessons}, made
    )


def record(who: str, missed: dict[str, list[str]], lesson: str = SOFTMAX) -> Record:
    return Record("run", who, lesson, "", 1, "graded", [], {}, missed)


@pytest.fixture
def ten() -> tuple[Grades, list[Record]]:
    """Ten students: shift_logits 3 for the first five; softmax 4 for the first four, 2 for the fifth and sixth."""
    softmax = [4, 4, 4, 4, 2, 2, 0, 0, 0, 0]
    points = {
        f"s{i}": {SOFTMAX: {"shift_logits": 3.0 if i < 5 else 0.0, "softmax": float(softmax[i])}}
        for i in range(10)
    }
    records = [record(f"s{i}", {}) for i in range(4)]
    records += [record(f"s{i}", {"softmax_check": [f"one row: {SLIP}\nsoftmax([1])"]}) for i in (4, 5)]
    unwritten = {"softmax_check": ["one row: `softmax` is not written yet"]}
    records += [record(f"s{i}", unwritten) for i in range(6, 10)]
    return grades_of(points, nobody=2), records


def test_facility_is_the_mean_share_and_discrimination_the_correlation_with_the_rest(
    ten: tuple[Grades, list[Record]],
) -> None:
    found = figures(*ten)
    shift, softmax = found.exercises
    assert (shift.facility, softmax.facility) == (0.5, 0.5)
    own, rest = [4, 4, 4, 4, 2, 2, 0, 0, 0, 0], [3] * 5 + [0] * 5
    assert softmax.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1])
    assert shift.discrimination == pytest.approx(softmax.discrimination)
    # By hand: means 2 and 1.5; sum of products 24, of squares 32 and 22.5.
    assert softmax.discrimination == pytest.approx(24 / (32 * 22.5) ** 0.5)
    assert (softmax.handed_in, softmax.written) == (10, 6)


@pytest.mark.parametrize("seed", range(20))
def test_the_correlation_is_numpys(seed: int) -> None:
    random = np.random.default_rng(seed)
    a, b = random.normal(size=(2, int(random.integers(5, 60))))
    assert correlation(a.tolist(), b.tolist()) == pytest.approx(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize(("a", "b"), [([1, 2, 3, 4], [1, 2, 3, 4]), ([1] * 9, list(range(9))), ([], [])])
def test_where_there_is_no_correlation_there_is_none(a: list[float], b: list[float]) -> None:
    assert correlation(a, b) is None


def test_slips_count_students_and_not_those_who_wrote_nothing(ten: tuple[Grades, list[Record]]) -> None:
    found = figures(*ten)
    [slip] = found.exercises[1].slips
    assert (slip.sentence, slip.students) == (SLIP, ("s4", "s5"))
    [(each, said)] = to_say(found)
    assert (each.name, len(said.students), each.written) == ("softmax", 2, 6)


def test_who_needs_a_word() -> None:
    full, none = dict(MOST), dict.fromkeys(MOST, 0.0)
    grades = grades_of(
        {
            "on": {ACTIVATIONS: full, SOFTMAX: full},
            "stopped": {ACTIVATIONS: full},
            "stuck": {ACTIVATIONS: none, SOFTMAX: none},
            "up": {ACTIVATIONS: none, SOFTMAX: full},
        },
        nobody=1,
    )
    found = figures(grades, [])
    assert found.never == ["nobody0"]
    assert found.stopped == {"stopped": ACTIVATIONS}
    assert found.stuck == {"stuck": [ACTIVATIONS, SOFTMAX]}


def test_a_part_that_all_or_none_pass_is_named(ten: tuple[Grades, list[Record]]) -> None:
    grades, _ = ten
    found = figures(grades, [record(f"s{i}", {}) for i in range(10)])
    assert {each.name for each, _ in tell_nobody_apart(found)} == set(MOST)
    assert all(part.facility == 1 for _, part in tell_nobody_apart(found))


def test_what_a_person_has_still_to_grade_is_no_zero() -> None:
    grades = grades_of({f"s{i}": {SOFTMAX: {"shift_logits": 3.0, "softmax": 0.0}} for i in range(6)})
    for submission in grades.submissions.values():
        submission.waiting.append("softmax")
    assert [each.name for each in figures(grades, []).exercises] == ["shift_logits"]


def test_the_csv_holds_every_figure(ten: tuple[Grades, list[Record]]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(figures(*ten)))))
    kinds = {row["what"] for row in rows}
    assert kinds == {"exercise", "part", "sentence", "student"}
    softmax = next(row for row in rows if (row["exercise"], row["what"]) == ("softmax", "exercise"))
    assert (softmax["students"], softmax["of"], softmax["facility"]) == ("6", "10", "0.5")
    assert sum(row["what"] == "student" for row in rows) == 20


@pytest.mark.parametrize("extra", [2, 300])
def test_the_page_is_offline_accessible_and_runs_nothing(
    extra: int, ten: tuple[Grades, list[Record]], tmp_path: Path
) -> None:
    grades, records = ten
    grades.people.extend(Person(f"<i>{n}", "", "", "", "") for n in range(extra))
    page = as_page(ClassFolder(tmp_path), figures(grades, records), "report.csv")
    assert not re.search(r"<script|<link|https?://|<i>|<b>&", page)
    assert "2 of 6 in <code>softmax</code> (04-softmax): Without the exponential" in page
    assert '<html lang="en">' in page
    assert all("alt=" in image for image in re.findall(r"<img[^>]*>", page))
    assert all("aria-label=" in picture for picture in re.findall(r"<svg[^>]*>", page))
    assert all("scope=" in cell for cell in re.findall(r"<th[ >][^>]*", page))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_picture_is_a_png_that_others_read() -> None:
    import matplotlib.image

    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    read = matplotlib.image.imread(io.BytesIO(_png(pixels)), format="png")
    assert np.array_equal((read[..., :3] * 255).round().astype(np.uint8), pixels)


def test_before_and_after_a_regrade_and_by_which_adjustment(tmp_path: Path) -> None:
    """A grading again is told from an adjustment, another submission is neither; means are over all it could move."""
    grades = grades_of(
        {who: {SOFTMAX: {"shift_logits": 3.0, "softmax": 4.0}} for who in ("ada", "ben", "cy")}
    )
    grades.submissions["ada", SOFTMAX].adjusted["softmax"] = 2.5
    journal = GradingJournal(tmp_path)
    rows = [("1", "ada", "a", 1.0), ("1", "ben", "b", 3.0), ("1", "cy", "c", 0.0)]
    rows += [("2", "ada", "a", 3.0), ("2", "ben", "b", 3.0), ("2", "cy", "another", 3.0)]
    for run, who, files, points in rows:
        journal.add([Record(run, who, SOFTMAX, files, 1, "graded", [], {"shift_logits_check": points})])
    made = Adjustment(1, Kind.FULL, SOFTMAX, "softmax", "Unclear.", "now")
    adjustments = Adjustments(Ledger(tmp_path / "log"), [made])
    for read in (journal, GradingJournal(tmp_path)):
        again, full = moved(grades, read, adjustments)
        assert (again.cause, again.exercise, again.of) == ("graded again", "shift_logits", 2)
        assert (again.before, again.after, again.students) == (2.0, 3.0, (("ada", 1.0, 3.0),))
        assert full.cause == "1. softmax: full points for everybody who handed in. Unclear."
        assert (full.of, full.students) == (3, (("ada", 1.5, 4.0),))
    found = figures(grades, [])
    page = as_page(ClassFolder(tmp_path), found, "report.csv", [again, full])
    assert "ada: 1.5 to 4" in page
    assert "1 of 3" in page
    lines = [
        row
        for row in csv.DictReader(io.StringIO(as_csv(found, [again, full])))
        if row["what"] in ("before", "after")
    ]
    assert [(row["exercise"], row["what"], row["facility"]) for row in lines] == [
        ("shift_logits", "before", "0.6667"),
        ("shift_logits", "after", "1"),
        ("softmax", "before", "0.7917"),
        ("softmax", "after", "1"),
    ]
