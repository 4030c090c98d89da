"""Grades leave the gradebook right, for the instructor, for Canvas and for Moodle, and no cell is a formula."""

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

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
    Wishes,
    canvas_name,
    export,
    read_template,
    write,
)
from autograder.grading.gradebook.reading import _hours_late, read_grades
from autograder.grading.gradebook.spreadsheet import harmless
from autograder.grading.settings import put_environment_on_path

SOFTMAX, ACTIVATIONS = "04-softmax", "03-activations"
# nbgrader under SQLAlchemy 2 warns on every submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
# nbgrader calls `alembic` when it makes a gradebook.
put_environment_on_path()
DUE = datetime(2024, 1, 31, 12)
# Also what waits for a person.
ALL = Wishes(waiting=True)


def hand_in(book: Gradebook, lesson: str, student: str, points: dict[str, float], hours: float = 0) -> None:
    """A submission with these points in these exercises and nothing in the others; the written question waits."""
    book.add_submission(lesson, student, timestamp=DUE + timedelta(hours=hours))
    for exercise in bank.of_lesson(lesson):
        grade = book.find_grade(f"{exercise.name}_check", lesson, lesson, student)
        grade.auto_score, grade.needs_manual_grade = points.get(exercise.name, 0.0), False
    written = book.find_grade("written_question", lesson, lesson, student)
    if "written_question" in points:
        written.manual_score, written.needs_manual_grade = points["written_question"], False
    book.db.commit()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with nothing in it, to be copied: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


def copied(empty: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copy(empty, folder / 'gradebook.db')}"


@pytest.fixture(scope="module")
def url(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gradebook of two lessons and five students."""
    url = copied(empty, tmp_path_factory.mktemp("book"))
    with Gradebook(url) as book:
        for lesson in (SOFTMAX, ACTIVATIONS):
            book.add_assignment(lesson, duedate=DUE)
            book.add_notebook(lesson, lesson)
            for exercise in bank.of_lesson(lesson):
                book.add_solution_cell(exercise.name, lesson, lesson)
                name = f"{exercise.name}_check"
                book.add_grade_cell(name, lesson, lesson, max_score=exercise.points, cell_type="code")
            book.add_grade_cell("written_question", lesson, lesson, max_score=2, cell_type="markdown")
            book.add_solution_cell("written_question", lesson, lesson)
        book.add_student("lovelaceada_12345", first_name="Ada", last_name="Lovelace", email="ada@example.org")
        book.add_student("Bob_O_Brien", first_name="Bob")
        book.add_student("evil", last_name='=HYPERLINK("http://evil")', first_name="+1", lms_user_id="777")
        book.add_student("idle")
        book.add_student("login9", lms_user_id="999")
        hand_in(
            book, SOFTMAX, "lovelaceada_12345", {"softmax": 4, "shift_logits": 1.25, "written_question": 2}
        )
        hand_in(book, ACTIVATIONS, "lovelaceada_12345", {"sigmoid": 1 / 3}, hours=36)
        hand_in(book, SOFTMAX, "Bob_O_Brien", {"softmax": 3})
        hand_in(book, SOFTMAX, "evil", {})
        hand_in(book, SOFTMAX, "login9", {"softmax": 2.5, "written_question": 1})
        book.find_submission_notebook(SOFTMAX, SOFTMAX, "login9").late_submission_penalty = 1.5
        book.find_submission_notebook(SOFTMAX, SOFTMAX, "Bob_O_Brien").late_submission_penalty = 100
        book.db.commit()
    return url


def dicts(made: Export) -> list[dict[str, str]]:
    return [dict(zip(made.rows[0], row, strict=True)) for row in made.rows[1:]]


def written(made: Export, path: Path) -> list[list[str]]:
    write(made, path)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def template(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


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


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,04 Softmax (4711),Homework 3: 03-activations (4712),Other (1),Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,19.00,100.00,5,(read only)
"Lovelace, Ada",12345,,ada@example.org,S1,,,3,88
"O'Brien, Bob",222,Bob_O_Brien,,S1,5,6,,
"=evil()",777,,,S1,,,,
"Nine, N",999,,login9,S1,9,N/A,,
"Student, Test",5,,,S1,,,,
"""


class TestCanvas:
    def test_without_a_template(self, url: str) -> None:
        made = export(url, Form.CANVAS, wishes=ALL)
        header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ACTIVATIONS, SOFTMAX]
        assert made.rows[0] == header
        assert made.rows[1] == ["    Points Possible", "", "", "", "", "32", "19"]
        assert ["Lovelace, Ada", "", "", "lovelaceada_12345", "", "0.3333", "7.25"] in made.rows
        assert ["idle", "", "", "idle", "", "", ""] in made.rows
        assert ["login9", "999", "", "login9", "", "", "2"] in made.rows

    def test_with_the_gradebook_that_canvas_exported(self, url: str, tmp_path: Path) -> None:
        made = export(url, Form.CANVAS, template=template(tmp_path / "t.csv", CANVAS), wishes=ALL)
        assert made.rows == [
            [
                "Student",
                "ID",
                "SIS User ID",
                "SIS Login ID",
                "Section",
                "Homework 3: 03-activations (4712)",
                "04 Softmax (4711)",
            ],
            ["", "", "", "", "", "", "Manual Posting"],
            ["    Points Possible", "", "", "", "", "100.00", "19.00"],
            ["Lovelace, Ada", "12345", "", "ada@example.org", "S1", "0.3333", "7.25"],
            ["O'Brien, Bob", "222", "Bob_O_Brien", "", "S1", "6", "0"],
            ["=evil()", "777", "", "", "S1", "", "0"],
            ["Nine, N", "999", "", "login9", "S1", "N/A", "2"],
            ["Student, Test", "5", "", "", "S1", "", ""],
        ]
        assert made.missing == [("idle", "not in the template")]
        assert (
            "03-activations has 32 points here and 100 in Canvas: --scale scales the points to it"
            in made.remarks
        )
        assert not any("04-softmax has" in remark for remark in made.remarks)

    def test_semicolons_a_mark_of_utf8_and_first_names_apart(self, url: str, tmp_path: Path) -> None:
        text = "\ufeffLastName;FirstName;ID;SIS Login ID;Section;04-softmax (1)\nLovelace;Ada;12345;x;S;\n"
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))
        assert made.rows[0][0] == "LastName"
        assert made.rows[1] == ["Lovelace", "Ada", "12345", "x", "S", "7.25"]

    def test_a_lesson_without_a_column_gets_one_by_its_name(self, url: str, tmp_path: Path) -> None:
        text = "Student,ID,Section\n    Points Possible,,\nx,999,S\n"
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))
        assert made.rows == [
            ["Student", "ID", "Section", SOFTMAX],
            ["    Points Possible", "", "", "19"],
            ["x", "999", "S", "2"],
        ]
        assert "no column for 04-softmax" in made.remarks[0]

    def test_two_columns_for_a_lesson_are_an_error(self, url: str, tmp_path: Path) -> None:
        text = "Student,ID,Section,04-softmax (1),Again 04 softmax (2)\n"
        with pytest.raises(ExportError, match="several columns for 04-softmax"):
            export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))

    def test_nobody_gets_anothers_grade(self, url: str, tmp_path: Path) -> None:
        text = "Student,ID,SIS Login ID,Section\na,999,x,S\nb,5,login9,S\nc,6,idle,S\nd,7,evil,S\ne,777,,S\n"
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))
        assert [row[-1] for row in made.rows[1:]] == [""] * 5
        assert (
            dict(made.missing)["login9"] == dict(made.missing)["evil"] == "several rows of the template fit"
        )

    def test_two_students_for_one_row_get_nothing(self, url: str, tmp_path: Path) -> None:
        text = "Student,ID,SIS Login ID,Section\na,999,Bob_O_Brien,S\n"
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))
        assert made.rows[1][-1] == ""
        why = dict(made.missing)
        assert why["login9"] == why["Bob_O_Brien"] == "another student fits the same row of the template"

    def test_a_name_as_canvas_puts_it_before_files(self) -> None:
        assert canvas_name("Lovelace, Ada King") == "lovelaceadaking"
        assert canvas_name("O'Brien, Ünal-Çelik") == "obrienünalçelik"


MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 1","Bob O'Brien",b@x,"Submitted for grading",,19.00,Yes,"Monday, 1 January 2024, 1:00 PM",-,
"Participant 2","Ada Lovelace",ada@example.org,"Submitted for grading",3.00,19.00,Yes,-,-,fine
"Participant 3","No One",n@x,"No submission",,19.00,Yes,-,-,
"""


class TestMoodle:
    def test_without_a_template(self, url: str) -> None:
        made = export(url, Form.MOODLE, wishes=ALL)
        assert made.rows[0] == ["ID number", "First name", "Last name", "Email address", ACTIVATIONS, SOFTMAX]
        assert ["lovelaceada_12345", "Ada", "Lovelace", "ada@example.org", "0.3333", "7.25"] in made.rows

    def test_with_a_grading_worksheet(self, url: str, tmp_path: Path) -> None:
        made = export(url, Form.MOODLE, SOFTMAX, template(tmp_path / "t.csv", MOODLE), ALL)
        rows = list(csv.reader(MOODLE.splitlines()))
        assert made.rows[0] == rows[0]
        rows[1][4], rows[2][4] = "0", "7.25"
        assert made.rows == rows
        assert {name for name, _ in made.missing} == {"evil", "idle", "login9"}
        written_rows = written(made, tmp_path / "moodle.csv")
        assert written_rows == rows

    def test_the_numbers_that_an_intake_gives_to_namesakes(self, empty: Path, tmp_path: Path) -> None:
        url = copied(empty, tmp_path)
        with Gradebook(url) as book:
            book.add_assignment(SOFTMAX)
            book.add_notebook(SOFTMAX, SOFTMAX)
            for exercise in bank.of_lesson(SOFTMAX):
                book.add_grade_cell(f"{exercise.name}_check", SOFTMAX, SOFTMAX, max_score=1, cell_type="code")
            book.add_grade_cell("written_question", SOFTMAX, SOFTMAX, max_score=2, cell_type="markdown")
            for number in (1, 2):
                book.add_student(f"Ada_Lee_{number}")
                hand_in(book, SOFTMAX, f"Ada_Lee_{number}", {"softmax": number})
        text = "Identifier,Full name,Grade\nParticipant 1,Ada Lee,\nParticipant 2,Ada Lee,\n"
        made = export(url, Form.MOODLE, template=template(tmp_path / "t.csv", text), wishes=ALL)
        assert [row[2] for row in made.rows[1:]] == ["1", "2"]
        assert made.missing == []

    def test_a_worksheet_is_of_one_lesson(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="--lesson"):
            export(url, Form.MOODLE, template=template(tmp_path / "t.csv", MOODLE))


class TestWhatGoesOut:
    """Only what is final, to the column that is meant, on the scale that was asked for."""

    HEAD = "Student,ID,SIS Login ID,Section"

    def column(self, url: str, folder: Path, titles: str, **wishes: Any) -> Export:
        text = f'{self.HEAD},{titles}\n"Lovelace, Ada",12345,x,S{"," * (titles.count(",") + 1)}\n'
        return export(url, Form.CANVAS, SOFTMAX, template(folder / "t.csv", text), Wishes(**wishes))

    def test_what_waits_for_a_person_is_held_back_and_what_the_lms_has_stays(
        self, url: str, tmp_path: Path
    ) -> None:
        text = f'{self.HEAD},04-softmax (1)\nO\'Brien,222,Bob_O_Brien,S,6\n"Lovelace, Ada",12345,x,S,\n'
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text))
        assert [row[-1] for row in made.rows[1:]] == ["6", "7.25"]
        assert any("held back, --with-waiting" in remark for remark in made.remarks)
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text), ALL)
        assert [row[-1] for row in made.rows[1:]] == ["0", "7.25"]

    @pytest.mark.parametrize("title", ["Homework 4: the softmax (9)", "HW04 (9)", "Assignment 4 (9)"])
    def test_a_column_is_found_by_the_lessons_number_and_that_is_said(
        self, title: str, url: str, tmp_path: Path
    ) -> None:
        made = self.column(url, tmp_path, f"Homework 14 (7),{title}")
        assert made.rows[0][-1] == title
        assert made.rows[1][-1] == "7.25"
        assert any(title in remark and "found by its number" in remark for remark in made.remarks)

    def test_of_two_with_the_number_the_one_that_speaks_of_the_lesson(self, url: str, tmp_path: Path) -> None:
        made = self.column(url, tmp_path, "Quiz 4 (7),Homework 4: Softmax functions (8)")
        assert made.rows[0][-1] == "Homework 4: Softmax functions (8)"

    def test_of_two_that_fit_as_well_it_asks(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match=r"Quiz 4 \(7\) and Homework 4 \(8\); say which, with --map"):
            self.column(url, tmp_path, "Quiz 4 (7),Homework 4 (8)")

    @pytest.mark.parametrize("told", ["Essay (8)", "Essay"])
    def test_what_is_told_counts(self, told: str, url: str, tmp_path: Path) -> None:
        made = self.column(url, tmp_path, "04-softmax (7),Essay (8)", columns={SOFTMAX: told})
        assert made.rows[0][-1] == "Essay (8)"

    def test_a_column_that_is_not_there_is_told_with_those_that_are(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(
            ExportError, match=r"no column called 'Esay' .* are: 04-softmax \(7\), Essay \(8\)"
        ):
            self.column(url, tmp_path, "04-softmax (7),Essay (8)", columns={SOFTMAX: "Esay"})

    def test_a_lesson_that_is_not_there_is_told(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="has no 99-other"):
            self.column(url, tmp_path, "04-softmax (7)", columns={"99-other": "x"})

    def test_points_are_scaled_to_the_lmss_maximum_where_that_is_asked(
        self, url: str, tmp_path: Path
    ) -> None:
        text = f'{self.HEAD},04-softmax (1)\n    Points Possible,,,,100\n"Lovelace, Ada",12345,x,S,\n'
        made = export(url, Form.CANVAS, SOFTMAX, template(tmp_path / "t.csv", text), Wishes(scale=True))
        assert made.rows[2][-1] == "38.1579"
        assert "04-softmax has 19 points here and 100 in Canvas: the points are scaled to it" in made.remarks
        sheet = 'Identifier,Email address,Grade,Maximum grade\nParticipant 1,ada@example.org,,"50,00"\n'
        made = export(url, Form.MOODLE, SOFTMAX, template(tmp_path / "m.csv", sheet), Wishes(scale=True))
        assert made.rows[1][2] == "19.0789"


class TestTemplates:
    @pytest.mark.parametrize("form", [Form.CANVAS, Form.MOODLE])
    @pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe\0", b'"' + b"x" * 200_000])
    def test_what_is_none_is_one_clear_sentence(
        self, form: Form, data: bytes, url: str, tmp_path: Path
    ) -> None:
        (tmp_path / "t.csv").write_bytes(data)
        with pytest.raises(ExportError, match="template|CSV|empty"):
            export(url, form, SOFTMAX, tmp_path / "t.csv")

    def test_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="cannot be read"):
            read_template(tmp_path / "t.csv")

    def test_rows_too_short_or_too_long_are_made_to_fit(self, tmp_path: Path) -> None:
        found = read_template(template(tmp_path / "t.csv", "a,b,c\n1\n\n1,2,3,4\n"))
        assert found.rows == [["1", "", ""], ["1", "2", "3"]]

    def test_the_table_of_exercises_has_none(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="--for"):
            export(url, Form.EXERCISES, template=template(tmp_path / "t.csv", CANVAS))


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
