"""A person is one person, and better work is never replaced in silence: roster, numbers, namesakes, boxes, copies."""

import json
from pathlib import Path

import pytest

from autograder import course
from autograder.grading.errors import RosterError
from autograder.grading.intake.origins import Origins
from autograder.grading.intake.people import as_known
from autograder.grading.intake.roster import members_of, merged, read_roster, read_table, write_roster
from autograder.grading.intake.take_in import intake
from autograder.tests.grading.handed_in import (
    ACTIVATIONS,
    SOFTMAX,
    archive,
    path_of,
    there,
    tree,
    whys,
)


def solved(lesson: str, answers: int, mark: str = "") -> bytes:
    """A notebook in which so many answers are written."""
    made = json.loads(course.lesson(lesson).notebook.read_text(encoding="utf-8"))
    stubs = [cell for cell in made["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for number, cell in enumerate(stubs[:answers]):
        cell["source"] = f"answer{number} = '{mark}'"
    return json.dumps(made).encode()


BLANK, WORKED, MORE = solved(SOFTMAX, 0), solved(SOFTMAX, 2), solved(SOFTMAX, 4)


def moodle(name: str, number: int, file: str = "x.ipynb") -> str:
    return f"{name}_{number}_assignsubmission_file_/{file}"


def outcomes(report: object) -> dict[tuple[str, str], str]:
    return {(each.student, each.lesson): each.outcome for each in report.taken}  # type: ignore[attr-defined]


class TestOnePerson:
    def test_a_new_name_in_canvas_with_the_same_number(self, tmp_path: Path, group: Path) -> None:
        intake(group, [archive(tmp_path / "a.zip", {"pupilone_1_100_x.ipynb": solved(ACTIVATIONS, 2)})])
        report = intake(group, [archive(tmp_path / "b.zip", {"newnameone_1_200_x.ipynb": WORKED})])
        assert [each.student for each in report.taken] == ["pupilone_1"]

    def test_a_namesake_in_a_later_archive_of_the_same_assignment_is_asked_about(
        self, tmp_path: Path, group: Path
    ) -> None:
        first, late = solved(SOFTMAX, 3, "first"), solved(SOFTMAX, 3, "late")
        intake(
            group, [archive(tmp_path / "a.zip", {moodle("Same Name", 501): first, moodle("Two", 502): MORE})]
        )
        source = archive(tmp_path / "b.zip", {moodle("Same Name", 555): late, moodle("Three", 556): MORE})
        report = intake(group, [source])
        assert there(group)[path_of("Same_Name")] == first
        assert path_of("Three") in there(group)
        [why] = whys(report)
        assert "number 555" in why
        assert "number 501" in why
        assert "--as 'Same Name_555=Same_Name'" in why
        assert not intake(group, [source], who={"Same Name_555": "same.name.2"}).problems
        assert there(group)[path_of("same.name.2")] == late
        assert there(group)[path_of("Same_Name")] == first

    def test_in_another_lesson_moodles_number_is_another_and_the_person_the_same(
        self, tmp_path: Path, group: Path
    ) -> None:
        intake(group, [archive(tmp_path / "a.zip", {moodle("Ada Lee", 1): solved(ACTIVATIONS, 1)})])
        report = intake(group, [archive(tmp_path / "b.zip", {moodle("Ada Lee", 9): WORKED})])
        assert [each.student for each in report.taken] == ["Ada_Lee"]
        assert not report.problems

    def test_a_worksheet_tells_namesakes_apart_by_email_in_every_lesson(
        self, tmp_path: Path, group: Path
    ) -> None:
        for lesson, numbers in ((ACTIVATIONS, (1, 2)), (SOFTMAX, (8, 7))):
            sheet = tmp_path / f"{lesson}.csv"
            rows = [
                f"Participant {number},Ada Lee,{email},,\n"
                for number, email in zip(numbers, ("a@x.edu", "b@x.edu"), strict=True)
            ]
            sheet.write_text("Identifier,Full name,Email address,Grade,Status\n" + "".join(rows))
            files = {moodle("Ada Lee", n): solved(lesson, 2, f"{i}") for i, n in enumerate(numbers)}
            report = intake(group, [archive(tmp_path / f"{lesson}.zip", files), sheet])
            assert whys(report) == []
        for lesson in (ACTIVATIONS, SOFTMAX):
            for mark, student in enumerate(("a@x.edu", "b@x.edu")):
                assert there(group)[path_of(student, lesson)] == solved(lesson, 2, f"{mark}")

    def test_a_roster_knows_them_by_number_email_and_a_name_that_one_has(
        self, tmp_path: Path, group: Path
    ) -> None:
        (group / "roster.csv").write_text(
            "id,name,email,canvas,moodle\nal,Ada Lovelace,al@x.edu,12,\nbb,Bob Baker,bb@x.edu,,\n"
            "c1,Same Name,c1@x.edu,,\nc2,Same Name,c2@x.edu,,\n"
        )
        canvas = {"renamedada_12_1_x.ipynb": WORKED, "bakerbob_13_2_x.ipynb": WORKED}
        report = intake(group, [archive(tmp_path / "c.zip", canvas)])
        assert [each.student for each in report.taken] == ["al", "bb"]
        report = intake(
            group, [tree(tmp_path / "f", {f"al@x.edu/{ACTIVATIONS}/x.ipynb": solved(ACTIVATIONS, 1)})]
        )
        assert [each.student for each in report.taken] == ["al"]
        report = intake(
            group, [archive(tmp_path / "m.zip", {moodle("Same Name", 5): WORKED, moodle("No One", 6): MORE})]
        )
        assert report.taken == []
        assert "fits several people there (c1, c2)" in " ".join(whys(report))
        assert "is nobody in roster.csv" in " ".join(whys(report))


class TestBetterWork:
    def test_a_notebook_in_another_lessons_box_does_not_replace_the_one_from_its_own(
        self, tmp_path: Path, group: Path
    ) -> None:
        good, strayed = solved(ACTIVATIONS, 3, "good"), solved(ACTIVATIONS, 3, "strayed")
        own = {"one_1_100_03-activations.ipynb": good, "two_2_101_03-activations.ipynb": good}
        intake(group, [archive(tmp_path / "3.zip", own)])
        box = {"one_1_200_04-softmax.ipynb": strayed, "two_2_201_04-softmax.ipynb": WORKED}
        report = intake(group, [archive(tmp_path / "4.zip", box)])
        assert there(group)[path_of("one_1", ACTIVATIONS)] == good
        assert list(there(group, "submitted_before").values()) == [strayed]
        outcome = outcomes(report)["one_1", ACTIVATIONS]
        assert outcome.startswith("kept aside")
        assert "another lesson's box" in outcome
        again = intake(group, [tmp_path / "4.zip"])
        assert outcomes(again)["one_1", ACTIVATIONS].startswith("kept aside before")
        assert len(there(group, "submitted_before")) == 1

    def test_in_the_wrong_box_it_is_taken_where_there_is_no_other_and_that_is_said(
        self, tmp_path: Path, group: Path
    ) -> None:
        box = {f"p{n}_{n}_20{n}_04-softmax.ipynb": WORKED for n in range(3)} | {
            "q_9_209_x.ipynb": solved(ACTIVATIONS, 3)
        }
        report = intake(group, [archive(tmp_path / "4.zip", box)])
        [strayed] = [each for each in report.taken if each.lesson == ACTIVATIONS]
        assert strayed.outcome == "new"
        assert "it lay in the box of 04-softmax" in strayed.notes

    @pytest.mark.parametrize("worked_name", ["04-softmax-1.ipynb", "Untitled.ipynb"])
    def test_of_an_untouched_copy_and_a_worked_one_the_worked(
        self, worked_name: str, tmp_path: Path, group: Path
    ) -> None:
        files = {"ada/04-softmax.ipynb": BLANK, f"ada/{worked_name}": WORKED}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert there(group) == {path_of("ada"): WORKED}
        assert "not ada/04-softmax.ipynb" in report.taken[0].notes

    def test_an_untouched_one_uploaded_last_does_not_count(self, tmp_path: Path, group: Path) -> None:
        files = {"ada_1_10_04-softmax.ipynb": WORKED, "ada_1_11_04-softmax-1.ipynb": BLANK}
        intake(group, [archive(tmp_path / "a.zip", files)])
        assert there(group) == {path_of("ada_1"): WORKED}

    def test_an_untouched_one_does_not_replace_what_is_there(self, tmp_path: Path, group: Path) -> None:
        intake(group, [archive(tmp_path / "a.zip", {"ada_1_10_04-softmax.ipynb": WORKED})])
        report = intake(group, [archive(tmp_path / "b.zip", {"ada_1_11_04-softmax.ipynb": BLANK})])
        assert there(group) == {path_of("ada_1"): WORKED}
        assert "untouched" in report.taken[0].outcome
        assert BLANK in there(group, "submitted_before").values()

    def test_an_older_archive_given_later_does_not_replace_a_later_upload(
        self, tmp_path: Path, group: Path
    ) -> None:
        intake(group, [archive(tmp_path / "b.zip", {"ada_1_20_x.ipynb": WORKED})])
        report = intake(group, [archive(tmp_path / "a.zip", {"ada_1_10_x.ipynb": MORE})])
        assert there(group)[path_of("ada_1")] == WORKED
        assert "uploaded later" in report.taken[0].outcome

    def test_fewer_answers_are_said(self, tmp_path: Path, group: Path) -> None:
        intake(group, [archive(tmp_path / "a.zip", {"ada_1_10_x.ipynb": MORE})])
        report = intake(group, [archive(tmp_path / "b.zip", {"ada_1_20_x.ipynb": WORKED})])
        assert there(group)[path_of("ada_1")] == WORKED
        assert report.taken[0].notes == ("with 2 answers, where the one before has 4",)

    def test_a_dry_run_says_the_same_and_writes_nothing(self, tmp_path: Path, group: Path) -> None:
        intake(group, [archive(tmp_path / "a.zip", {"ada_1_10_x.ipynb": WORKED})])
        before = {path: path.stat().st_mtime_ns for path in group.rglob("*")}
        source = archive(tmp_path / "b.zip", {"ada_1_11_x.ipynb": BLANK, "bob_2_12_x.ipynb": WORKED})
        dry = intake(group, [source], dry_run=True)
        assert {path: path.stat().st_mtime_ns for path in group.rglob("*")} == before
        wet = intake(group, [source])
        assert [each.outcome.split(" in ")[0] for each in dry.taken] == [
            each.outcome.split(" in ")[0] for each in wet.taken
        ]


class TestRoster:
    CANVAS = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework (7)\n    Points Possible,,,,,10\n"
        '"Lovelace, Ada",12,S1,ada1,A,\n"Baker, Bob",13,S2,bob2,A,\n"Student, Test",99,,x,A,\n'
    )
    MOODLE = "First name,Surname,Email address\nAda,Lovelace,ada@x.edu\nEve,Stone,eve@x.edu\n"

    def test_it_is_read_from_what_canvas_and_moodle_export(self, tmp_path: Path) -> None:
        (tmp_path / "c.csv").write_text(self.CANVAS)
        (tmp_path / "m.csv").write_text(self.MOODLE)
        people, new, filled = merged([], [each for _, each in members_of(read_table(tmp_path / "c.csv"))])
        assert (new, filled) == (2, 0)
        people, new, filled = merged(people, [each for _, each in members_of(read_table(tmp_path / "m.csv"))])
        assert (new, filled) == (1, 1)
        assert [(each.id, each.email, each.canvas) for each in people] == [
            ("ada1", "ada@x.edu", "12"),
            ("bob2", "", "13"),
            ("eve", "eve@x.edu", ""),
        ]
        assert (people[0].last, people[0].first) == ("Lovelace", "Ada")

    def test_whoever_was_taken_in_before_keeps_their_id(self, tmp_path: Path, group: Path) -> None:
        intake(group, [archive(tmp_path / "a.zip", {"lovelaceada_12_1_x.ipynb": WORKED})])
        (tmp_path / "c.csv").write_text(self.CANVAS)
        listed = [each for _, each in members_of(read_table(tmp_path / "c.csv"))]
        known = as_known(listed, Origins(group))
        assert [each.id for each in known] == ["lovelaceada_12", "bob2"]
        write_roster(group, known)
        report = intake(group, [archive(tmp_path / "b.zip", {"kingada_12_2_x.ipynb": MORE})])
        assert [each.student for each in report.taken] == ["lovelaceada_12"]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "is empty"),
            ("a,b\n1,2\n", "line 1: no column is called"),
            ("id,email\nada,a@x\nbob,A@X\n", "line 3: the email 'A@X' is in line 2 too"),
            ("id,name\nada,Ada\nada,Ida\n", "line 3: the id 'ada' is in line 2 too"),
            ("id,name\n,\nada,\n///,\n", "line 4: nothing in it can be a student's id"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, text: str, says: str, tmp_path: Path) -> None:
        (tmp_path / "roster.csv").write_text(text)
        with pytest.raises(RosterError, match="roster.csv") as raised:
            read_roster(tmp_path)
        assert says in str(raised.value)
