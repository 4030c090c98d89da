"""Grades leave the gradebook right for Canvas and for Moodle, in the columns that these have."""

import csv
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder import bank
from autograder.grading.errors import ExportError
from autograder.grading.gradebook.export import (
    Export,
    Form,
    Wishes,
    canvas_name,
    export,
    read_template,
)
from autograder.tests.grading.books import (
    ACTIVATIONS,
    ALL,
    CANVAS,
    SOFTMAX,
    copied,
    hand_in,
    template,
    written,
)

# nbgrader under SQLAlchemy 2 warns on every submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


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
