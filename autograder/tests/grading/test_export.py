"""Grades leave the gradebook right, nothing there is overwritten, and no cell is a formula."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder import bank
from autograder.cli import app
from autograder.grading.errors import ExportError, GradebookError
from autograder.grading.gradebook.export import (
    Export,
    Form,
    export,
    write,
)
from autograder.grading.gradebook.reading import _hours_late, read_grades
from autograder.grading.gradebook.spreadsheet import harmless
from autograder.tests.grading.books import ACTIVATIONS, CANVAS, DUE, SOFTMAX, copied, dicts, template, written

# nbgrader under SQLAlchemy 2 warns on every submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


class TestExercises:
    def test_a_row_a_student_a_column_an_exercise(self, url: str) -> None:
        rows = {row["student"]: row for row in dicts(export(url, Form.EXERCISES))}
        ada = rows["lovelaceada_12345"]
        assert (ada["last name"], ada["first name"], ada["email"]) == ("Lovelace", "Ada", "ada@example.org")
        assert (ada["softmax"], ada["shift_logits"], ada["softmax_jacobian"]) == ("4", "1.25", "0")
        assert (ada["04-softmax"], ada["04-softmax of"], ada["04-softmax state"]) == ("7.25", "19", "graded")
        assert (ada["03-activations"], ada["03-activations state"]) == ("0.3333", "to grade by hand")
        assert (ada["03-activations hours late"], ada["04-softmax hours late"]) == ("36", "0")
        assert (ada["points"], ada["of"]) == ("7.5833", "51")
        assert (ada["04-softmax written_question"], ada["03-activations written_question"]) == ("2", "")

    def test_who_handed_nothing_in(self, url: str) -> None:
        row = next(row for row in dicts(export(url, Form.EXERCISES)) if row["student"] == "idle")
        assert (row["04-softmax"], row["softmax"], row["points"]) == ("", "", "0")
        assert row["04-softmax state"] == row["03-activations state"] == "not handed in"

    def test_a_penalty_is_taken_off_and_never_below_zero(self, url: str) -> None:
        rows = {row["student"]: row for row in dicts(export(url, Form.EXERCISES))}
        assert (rows["login9"]["04-softmax"], rows["login9"]["04-softmax penalty"]) == ("2", "1.5")
        assert (rows["Bob_O_Brien"]["04-softmax"], rows["Bob_O_Brien"]["softmax"]) == ("0", "3")

    def test_exercises_stand_in_the_lessons_order(self, url: str) -> None:
        header = export(url, Form.EXERCISES, SOFTMAX).rows[0]
        names = [exercise.name for exercise in bank.of_lesson(SOFTMAX)]
        assert header[-len(names) - 1 :] == [*names, "written_question"]

    def test_one_lesson_only(self, url: str) -> None:
        [header, *rows] = export(url, Form.EXERCISES, SOFTMAX).rows
        assert not any(ACTIVATIONS in name for name in header)
        assert [row[header.index("of")] for row in rows] == ["19"] * 5

    def test_it_says_what_waits(self, url: str) -> None:
        assert "3 submissions" in export(url, Form.EXERCISES).remarks[0]
        assert "1 submissions" in export(url, Form.EXERCISES, ACTIVATIONS).remarks[0]

    def test_what_nbgrader_itself_computes(self, url: str) -> None:
        rows = {row["student"]: row for row in dicts(export(url, Form.EXERCISES))}
        with Gradebook(url) as book:
            for lesson in (SOFTMAX, ACTIVATIONS):
                for submission in book.assignment_submissions(lesson):
                    row = rows[submission.student.id]
                    score = max(0, submission.score - (submission.late_submission_penalty or 0))
                    assert float(row[lesson]) == pytest.approx(score, abs=1e-4)
                    assert float(row[f"{lesson} of"]) == submission.max_score
                    assert (row[f"{lesson} state"] == "to grade by hand") == submission.needs_manual_grade


class TestFormulas:
    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+1",
            "+1+1",
            "-1%",
            "-1+1",
            "@sum(a1)",
            "  =1",
            "\t=1",
            "\r\n=1",
            "a;=1",
            "a; +b",
            "＝1",
            "\u00a0=1",
        ],
    )
    def test_nothing_a_spreadsheet_would_run(self, text: str) -> None:
        assert harmless(text) != text
        for cell in harmless(text).split(";"):
            assert cell.strip()[0] not in "=+-@＝"

    @pytest.mark.parametrize("text", ["Ann-Marie", "a@b.org", "-", "-1.5", "", "1,5", "12.5%", "a=b", "x; y"])
    def test_what_is_none_stays_as_it_is(self, text: str) -> None:
        assert harmless(text) == text

    @given(st.text(alphabet="=+-@\t\r\n;, '\"a1\u00a0＝", max_size=12))
    def test_no_cell_starts_one_whatever_separates_them(self, text: str) -> None:
        made = harmless(text)
        assert made.isprintable() or "\t" in made
        for cell in (each.strip() for each in made.replace("\t", ";").split(";")):
            assert not cell or cell[0] not in "=+-@＝" or set(cell) <= set("-1,")
        assert harmless(made) == made

    def test_in_every_form(self, url: str, tmp_path: Path) -> None:
        t = template(tmp_path / "t.csv", CANVAS)
        for made in (
            export(url, Form.EXERCISES),
            export(url, Form.CANVAS),
            export(url, Form.CANVAS, None, t),
        ):
            cells = [cell for row in written(made, tmp_path / "out.csv") for cell in row]
            assert any("evil" in cell for cell in cells)
            assert not any(cell.strip().startswith(("=", "+", "@")) for cell in cells)


class TestFiles:
    def test_what_was_there_is_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "grades.csv"
        path.write_text("mine")
        assert write(Export([["a"], ["1"]]), path) == tmp_path / "grades.kept-1.csv"
        assert (tmp_path / "grades.kept-1.csv").read_text() == "mine"
        assert path.read_text() == "a\n1\n"
        assert write(Export([["a"], ["1"]]), path) is None
        assert write(Export([["a"], ["2"]]), path) == tmp_path / "grades.kept-2.csv"
        assert sorted(each.name for each in tmp_path.iterdir()) == [
            *("grades.csv", "grades.kept-1.csv", "grades.kept-2.csv"),
        ]

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="no file"):
            write(Export([["a"]]), tmp_path)


@pytest.mark.parametrize(
    ("handed_in", "extra", "late"), [(1, None, 1), (-1, None, 0), (30, 24, 6), (30, 48, 0)]
)
def test_hours_late_count_from_the_extended_time(handed_in: float, extra: float | None, late: float) -> None:
    extension = None if extra is None else timedelta(hours=extra)
    assert _hours_late(DUE + timedelta(hours=handed_in), extension, DUE) == late
    assert _hours_late(None, extension, DUE) == _hours_late(DUE, extension, None) == 0


class TestGradebooks:
    def test_one_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(GradebookError, match="there is no gradebook"):
            read_grades(f"sqlite:///{tmp_path / 'gradebook.db'}")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("data", [b"", b"hello" * 1000])
    def test_one_that_is_none_stays_as_it_is(self, data: bytes, tmp_path: Path) -> None:
        path = tmp_path / "gradebook.db"
        path.write_bytes(data)
        with pytest.raises(GradebookError, match="cannot be read as a gradebook"):
            read_grades(f"sqlite:///{path}")
        assert path.read_bytes() == data

    def test_no_url(self) -> None:
        with pytest.raises(GradebookError, match="no database URL"):
            read_grades("grades.db")

    def test_a_password_is_not_told(self) -> None:
        with pytest.raises(GradebookError) as caught:
            read_grades("postgresql://me:secret@127.0.0.1:1/db")
        assert "secret" not in str(caught.value)

    def test_a_lesson_it_does_not_have(self, url: str) -> None:
        with pytest.raises(GradebookError, match="it has: 03-activations, 04-softmax"):
            read_grades(url, "05-cross-entropy")

    def test_an_assignment_that_is_none_of_the_courses(self, empty: Path, tmp_path: Path) -> None:
        url = copied(empty, tmp_path)
        with Gradebook(url) as book:
            book.add_assignment("hw")
            for notebook in ("a", "b"):
                book.add_notebook(notebook, "hw")
                book.add_grade_cell("q1", notebook, "hw", max_score=1, cell_type="code")
            book.add_student("ada")
            book.add_submission("hw", "ada")
        [row] = dicts(export(url, Form.EXERCISES))
        assert (row["hw of"], row["a q1"], row["hw state"]) == ("2", "", "to grade by hand")


class TestCommand:
    def run(self, *arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["export", *map(str, arguments)])
        return result.exit_code, result.output

    def test_every_form(self, url: str, tmp_path: Path) -> None:
        for form, name in (("exercises", "grades.csv"), ("canvas", "canvas.csv"), ("moodle", "moodle.csv")):
            code, said = self.run(tmp_path, "--for", form, "--db", url)
            assert code == 0, said
            assert (tmp_path / name).exists()
            assert "a person has still to grade" in said

    def test_the_class_folders_own_gradebook_and_another_file(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "gradebook.db").write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
        code, said = self.run(tmp_path, "--out", tmp_path / "x.csv")
        assert (code, (tmp_path / "x.csv").exists()) == (0, True), said

    def test_students_who_are_not_in_the_template(self, url: str, tmp_path: Path) -> None:
        path = template(tmp_path / "t.csv", CANVAS)
        code, said = self.run(tmp_path, "--for", "canvas", "--db", url, "--template", path)
        assert code == 1
        assert "idle: not in the template" in said
        assert (tmp_path / "canvas.csv").exists()

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (["--for", "blackboard"], "there is no form"),
            ([], "there is no gradebook"),
            (["--for", "canvas", "--template", "nowhere.csv"], "there is no gradebook"),
        ],
    )
    def test_wrong_use_is_one_sentence(self, arguments: list[str], why: str, tmp_path: Path) -> None:
        code, said = self.run(tmp_path, *arguments)
        assert code != 0
        assert why in said
        assert "Traceback" not in said
